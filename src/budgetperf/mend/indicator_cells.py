"""Indicator rows mended: wraps, merged levels, comparators, targets and weights; each change through the ledger."""

import re
from decimal import Decimal

import pandas as pd

from budgetperf.clean.checks import without_own_points
from budgetperf.clean.names import complete_names, is_cut
from budgetperf.clean.targets import parse_targets
from budgetperf.clean.text import undo_wraps
from budgetperf.field.misread import is_sheet_error, misread_number, unlikely_range, unlikely_result
from budgetperf.field.notation import comparator_of, half_width, is_day, is_unit, parse_number, plain
from budgetperf.field.printing import is_nil
from budgetperf.field.vocabulary import fold, unit_kind
from budgetperf.field.wraps import unwrap
from budgetperf.mend.points import points_of, shares_hold
from budgetperf.tables.ledger import Ledger

TEXTS = ["level1", "level2", "name", "comparator", "target", "measure_unit", "weight", "direction", "actual", "score",
         "deviation_note", "explanation", "remark", "baseline", "more"]  # fmt: skip
NUMBERS = ("target", "weight", "score", "actual")
_FIGURES = re.compile(r"[\d\s.,%+-]+")
_NO_UNIT = re.compile(r"[0-9#?？]|^[A-Za-z]{2,}|^[零一二三四五六七八九十百千万两壹贰叁肆伍陆柒捌玖拾佰仟]+$")
_MONTH = re.compile("(?:0?[1-9]|1[0-2])月份?")
_MONTH_AND_DAY = re.compile("(?:0?[1-9]|1[0-2])[./-][0-3]?[0-9]")
_NEVER_UNIT = re.compile(  # of Chinese ones only a number, a mark or another unit that ran into it stands beside
    r"[\u4e00-\u9fff%]\d+$|[①-⓿]|[*※†]$|\[\d+\]$|[\u4e00-\u9fff]%$|^%[\u4e00-\u9fff]"
)
# figures, also in words, and words of a bound: such a target says more than 定性; a class is a quality (不低于III类)
_BOUND = re.compile(
    "\\d|(?:不[低高少多大小]于|不超|至少|最多)(?!\\s*[ⅠⅡⅢⅣⅤIVX一二三四五]+[类级等])|[一二三四五六七八九两]成|百分之|过半|半数"
)
_CLASS = re.compile("[A-Za-z\u2160-\u2188]+")  # beside 类 or 级, where no number is asked for: Ⅲ | 类
_SIGNS = ("≥", ">", "=", "≤", "<")
_WRAP = "印刷换行留下的空格或断行"
_COLUMN = {"target": "target_text", "actual": "actual_text"}


def mend_wraps(indicators: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Blanks and line breaks of narrow columns undone in every text of the rows."""
    result = indicators
    for field in TEXTS:
        if result[field].notna().any():
            mended = undo_wraps(result[field])
            if field in NUMBERS:  # a blank between two figures is no wrap there: 95 98 are two numbers
                bare = result[field].map(lambda text: isinstance(text, str) and bool(_FIGURES.fullmatch(text)))
                mended = mended.mask(bare.astype(bool), result[field].map(unwrap, na_action="ignore"))
            named = result.rename(columns=_COLUMN) if field in _COLUMN else result
            changed = ledger.change(named, _COLUMN.get(field, field), mended, rule="undo_wrap", evidence=_WRAP)
            result = result.assign(**{field: changed[_COLUMN.get(field, field)]})
    return result


def read_targets(indicators: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """comparator, target_text, target_value, measure_unit out of cells of their own or glued to one another.

    A comparator column that holds other words (正向 …) is none; a target in words without a comparator is 定性. A sign
    that is no comparator, a second sign that contradicts the first, and a target that must be a number and is none are
    left as printed and put on record.
    """
    unit_apart = indicators["measure_unit"].notna().any()
    nil = indicators["measure_unit"].notna() & indicators["measure_unit"].map(is_nil)
    indicators = indicators.assign(measure_unit=indicators["measure_unit"].mask(nil, None))  # 健全 | /
    parts = parse_targets(indicators["target"], unit_apart=bool(unit_apart))
    if unit_apart:  # where its cell is blank the target may carry the unit, unless it is said to be words (定性 | 11月)
        in_words = indicators["comparator"].map(lambda t: isinstance(t, str) and comparator_of(t) == "定性")
        glued = parse_targets(indicators["target"][indicators["measure_unit"].isna() & ~in_words])
        parts.update(glued[glued["unit"].map(lambda unit: isinstance(unit, str) and unit_kind(unit) is not None)])
    no_sign = indicators["comparator"].map(is_nil) & ~indicators["target"].map(is_nil)
    own = indicators["comparator"].mask(no_sign, None)  # / | 建成
    canonical = pd.Series([comparator_of(t) for t in own], index=own.index, dtype=object)
    kinds = own.map(lambda t: fold(t) if isinstance(t, str) else None)
    if (kinds == "定量").any() and set(kinds.dropna()) <= {"定量", "定性"}:
        own = own.mask(kinds == "定量", None)  # the column says of what kind a target is, it holds no signs
    for index in own.index[own.notna() & canonical.isna() & ~own.map(is_nil)]:
        _leave(indicators, index, "comparator", own[index], "不是可识别的比较符", ledger)
    spelled = own.astype(object).where(own.isna() | canonical.isna(), canonical)
    ledger.change(indicators, "comparator", spelled, rule="comparator_spelling", evidence="比较符写法统一")
    glued = parts["comparator"]
    doubled = canonical.notna() & glued.notna()
    again = doubled & (glued == canonical)  # the same sign once more, in front of the number
    for index in own.index[doubled & ~again]:
        _leave(
            indicators,
            index,
            "target_text",
            indicators.at[index, "target"],
            f"比较符“{own[index]}”之外又印了一个",
            ledger,
        )
    # a printed comparator with another one in the target: the target stays whole
    text = parts["text"].mask(doubled & ~again, indicators["target"]).astype(object)
    comparator = canonical.where(canonical.notna() | own.notna(), glued)
    unit = indicators["measure_unit"].astype(object).where(indicators["measure_unit"].notna(), parts["unit"])
    days = [isinstance(t, str) and is_day(t, u) for t, u in zip(text, unit, strict=True)]
    result = indicators.assign(
        comparator=comparator.where(comparator.notna(), None),
        target_text=text.where(text.notna() & (text != ""), None),
        target_value=parts["value"].mask(doubled & ~again, None).mask(days, None),
        measure_unit=unit,
    )
    for index, sign, words, value, unit in result[
        ["comparator", "target_text", "target_value", "measure_unit"]
    ].itertuples():
        if not isinstance(words, str) or value is not None or (doubled & ~again)[index]:
            continue
        graded = isinstance(unit, str) and unit.startswith(("类", "级", "等")) and _CLASS.fullmatch(words.strip())
        if misread_number(f"{words}{unit}" if graded else words, sign):
            _leave(result, index, "target_text", words, "像是读错的数", ledger)
        elif sign in _SIGNS and unlikely_range(words, unit):
            _leave(result, index, "target_text", words, "不像一个范围，可能是两个数", ledger)
    result["target_text"] = [None if is_sheet_error(text) else text for text in result["target_text"]]
    in_words = comparator.isna() & own.isna() & result["target_text"].notna() & result["target_value"].isna()
    in_words &= ~result["target_text"].fillna("").str.contains(_BOUND)
    marked = comparator.mask(in_words, "定性").astype(object)
    return ledger.change(
        result, "comparator", marked.where(marked.notna(), None), rule="qualitative_target",
        evidence="目标值是文字、未印比较符，即定性指标", kind="reading",
    )  # fmt: skip


def read_weights(indicators: pd.DataFrame, total: Decimal | None, shares: dict | None, ledger: Ledger) -> pd.DataFrame:
    """weight as exact points and weight_basis; the one weight a project lacks is what its total leaves.

    `total`: what the weights of these rows sum to in every project of the document (execution rate excluded).
    """
    printed = points_of(indicators["weight"])
    _note_numbers(indicators, "weight", printed, ledger)
    leave_unread(indicators, "weight", printed, ledger)
    result = indicators.assign(weight=printed, weight_basis=printed.map(lambda w: "printed" if w is not None else None))
    if total is None or not ledger.repair:
        return result
    sums = printed.map(lambda w: w or Decimal(0)).groupby(result["project_no"], sort=False).transform("sum")
    unread = indicators["weight"].notna() & printed.isna()  # something is printed there: only blanks are filled
    lacks = printed.isna() & ~without_own_points(indicators)
    lacking = lacks.groupby(result["project_no"], sort=False).transform("sum")
    inferable = lacks & ~unread & (lacking == 1) & (sums < total)
    if not inferable.any():
        return result
    inferred = pd.Series(
        [total - s if ok else w for s, ok, w in zip(sums, inferable, printed, strict=True)],
        index=result.index,
        dtype=object,
    )
    proven = shares_hold(result["level1"], inferred, result["project_no"], shares)
    evidence = pd.Series([f"本项目其余分值合计 {s}，{total} − {s} = {total - s}" for s in sums], index=result.index)
    evidence = evidence.mask(proven, evidence + "；一级指标分值随之与全文一致")
    grade = pd.Series("likely", index=result.index).mask(proven, "certain")
    result = ledger.change(
        result, "weight", inferred, rule="weight_by_total", evidence=evidence, grade=grade, kind="value"
    )
    return result.assign(weight_basis=result["weight_basis"].mask(inferable, "inferred"))


def _note_numbers(rows: pd.DataFrame, field: str, numbers: pd.Series, ledger: Ledger) -> None:
    """Entries for numbers that the table spells otherwise than the print (10.00 → 10)."""
    places = zip(*(rows[column].tolist() for column in ("project_no", "indicator_no", "page", field)), strict=True)
    for (project, indicator, page, text), number in zip(places, numbers, strict=True):
        if number is not None and text != (spelled := format(plain(number), "f")):
            ledger.note(
                project_no=project, indicator_no=indicator, field=field, printed=text, repaired=spelled,
                rule="number_spelling", evidence="数字写法", grade="certain", kind="spelling", page=page,
            )  # fmt: skip


def leave_unread(rows: pd.DataFrame, field: str, values: pd.Series, ledger: Ledger) -> None:
    """Put on record the cells of a column of numbers that print something that is none."""
    for index, text, value in zip(rows.index, rows[field], values, strict=True):
        if value is None and not is_nil(text):
            _leave(rows, index, field, text, "不是可读的数", ledger)


def _leave(rows: pd.DataFrame, index, field: str, text: str, why: str, ledger: Ledger) -> None:
    row = rows.loc[index]
    ledger.leave(field, text, why, project_no=row["project_no"], indicator_no=row.get("indicator_no"), page=row["page"])


def read_results(indicators: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """actual_text, actual_value and score of self-evaluations; a month or a day, where it is asked when, is no number."""
    value, score = parse_targets(indicators["actual"])["value"], points_of(indicators["score"])
    beside = zip(indicators["actual"], indicators["measure_unit"], strict=True)
    counted = [isinstance(a, str) and is_day(a) and not is_day(a, u) for a, u in beside]  # 2024.12 | 公里
    value = value.mask(counted, indicators["actual"].map(parse_number, na_action="ignore"))
    both = zip(indicators["actual"], indicators["target"], strict=True)
    value = value.where([not (isinstance(a, str) and _is_day(a, t)) for a, t in both], None)
    shares = [isinstance(s, str) and "%" in half_width(s) for s in indicators["score"]]
    score = score.where([not share or "%" in half_width(str(w)) for share, w in zip(shares, indicators["weight"], strict=True)], None)  # fmt: skip
    _note_numbers(indicators, "score", score, ledger)
    leave_unread(indicators, "score", score, ledger)
    actual = indicators["actual"]
    numeric = parse_targets(indicators["target"])["value"].notna()
    odd = [isinstance(a, str) and (misread_number(a) or (n and (_without_number(a) or unlikely_result(a)))) for a, n in zip(actual, numeric, strict=True)]  # fmt: skip
    for index in actual.index[odd]:
        _leave(indicators, index, "actual_text", actual[index], "像是读错的数", ledger)
    return indicators.assign(actual_text=indicators["actual"], actual_value=value, score=score)


def _without_number(actual: str) -> bool:
    """Whether a result is a unit alone, or letters before one: the number that a numeric target asks for is lost.

    >>> [_without_number(text) for text in ("%", "A辆", "USD93%", "ST.b件", "93%", "4辆", "已完成", "全年")]
    [True, True, True, True, False, False, False, False]
    """
    letters, digits, unit = re.fullmatch(
        r"((?:[A-Za-z]+[.,]?)*)([0-9,.]*)(.*)", half_width(actual).strip(), re.DOTALL
    ).groups()
    return is_unit(unit) and (bool(letters) or not digits)


def _is_day(actual: str, target: str | None) -> bool:
    """Whether a result is a month of the year, or month and day beside a target that is a date.

    >>> _is_day("12月", "12月底前"), _is_day("11.30", "12月31日前"), _is_day("11.30", "≥10公里"), _is_day("12个月", None)
    (True, True, False, False)
    """
    dated = isinstance(target, str) and re.search("[0-9]月|[月年]底|月末", target)
    return bool(_MONTH.fullmatch(actual.strip()) or (dated and _MONTH_AND_DAY.fullmatch(actual.strip())))


def mark_cut(indicators: pd.DataFrame, projects: pd.DataFrame) -> pd.DataFrame:
    """is_cut and name_completed; the printed name stays."""
    cut = is_cut(indicators["name"])
    objectives = indicators["project_no"].map(projects.set_index("project_no")["objective"])
    completed = complete_names(indicators["name"], cut, objectives)
    return indicators.assign(is_cut=cut, name_completed=completed["name_completed"])


def unknown_units(indicators: pd.DataFrame) -> pd.Series:
    """Rows whose unit of measure no list knows and that looks like none: a cell may stand in the wrong column.

    >>> unknown_units(pd.DataFrame({"measure_unit": ["人", "建立健全长效机制", None, "12", "②", "元/餐10", "m2", "所%"]})).tolist()
    [False, True, False, True, True, True, False, True]
    """
    return (
        indicators["measure_unit"]
        .map(
            lambda u: (
                isinstance(u, str)
                and (_NEVER_UNIT.search(u) or not unit_kind(u))
                and (
                    len(u) > 6
                    or bool(_NEVER_UNIT.search(u))
                    or comparator_of(u) is not None
                    or (bool(_NO_UNIT.search(u)) and not is_unit(u))
                )
            )
        )
        .astype(bool)
    )
