"""Indicator rows mended: wraps, merged levels, comparators, targets and weights; each change through the ledger."""

import re
from collections import Counter
from decimal import Decimal

import pandas as pd

from budgetperf.clean.levels import fold_level1, fold_level2, level1_by_taxonomy
from budgetperf.clean.names import complete_names, is_cut, without_own_points
from budgetperf.clean.targets import parse_targets
from budgetperf.clean.text import undo_wraps, unwrap
from budgetperf.field.notation import comparator_of, is_sheet_error, is_unit, misread_number, parse_points, plain
from budgetperf.field.printing import is_nil
from budgetperf.field.vocabulary import (
    fold,
    is_label,
    is_plain_level,
    level1_name,
    level1_of,
    level2_name,
    unit_kind,
    whole_level1,
    whole_level2,
)
from budgetperf.mend.breaks import join_pieces, share_over_breaks
from budgetperf.tables.ledger import Ledger

TEXTS = ["level1", "level2", "name", "comparator", "target", "measure_unit", "weight", "direction", "actual", "score",
         "deviation_note", "explanation", "remark", "baseline", "more"]  # fmt: skip
# odds of the level 2 above against the one on the next page: text mostly stands at the head of its cell, so that only
# rows that clearly look like the next page's are counted to it
BELOW, DOUBTFUL = 0.33, 0.7
NUMBERS = ("target", "weight", "score", "actual")
_FIGURES = re.compile(r"[\d\s.,%+-]+")
_NO_UNIT = re.compile(r"[0-9#?？]|^[A-Za-z]{2,}|^[零一二三四五六七八九十百千万两壹贰叁肆伍陆柒捌玖拾佰仟]+$")
_NEVER_UNIT = re.compile(r"[\u4e00-\u9fff%]\d+$|[①-⓿]")  # of Chinese ones only a number that ran into it stands behind
_WRAP = "印刷换行留下的空格或断行"
_COLUMN = {"target": "target_text", "actual": "actual_text"}


def is_execution(rows: pd.DataFrame) -> pd.Series:
    """Rows that carry the budget execution rate, not an indicator: a level or the name says so. A level 2 of that name
    under a known level 1 (过程) has indicators of its own.

    >>> levels = {"level1": ["预算执行率", "产出", "过程", "过程"], "level2": [None, "质量", "预算执行", "预算执行"]}
    >>> is_execution(pd.DataFrame(levels | {"name": ["", "执行情况", "预算执行率", "预算完成率"]})).tolist()
    [True, False, True, False]
    """
    columns = [rows[field].map(lambda t: t if isinstance(t, str) else "") for field in ("level1", "level2", "name")]
    found = []
    for level1, level2, name in zip(*columns, strict=True):
        by_level2 = is_label(level2, "execution") and not (level1_name(level1) and name and "执行" not in name)
        found.append(by_level2 or is_label(level1, "execution") or is_label(name, "execution"))
    return pd.Series(found, index=rows.index, dtype=bool)


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


def join_level_cells(indicators: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Level cells that a page break divided, where cells have true spans: the text of one side belongs to both.

    Columns level1_cell and level2_cell tell rows of one cell, level1_edge and level2_edge the blank cells that touch
    their page's edge ("foot", "head").
    """
    result = indicators
    pages, project = result["page"].tolist(), result["project_no"].tolist()
    breaks = [i for i in range(1, len(result)) if pages[i] == pages[i - 1] + 1 and project[i] == project[i - 1]]
    for field, canonical in (("level1", level1_name), ("level2", level2_name)):

        def join(above: str, below: str, canonical=canonical) -> str | None:
            if (canonical(above) and above.endswith(below)) or (canonical(below) and below.startswith(above)):
                return above if canonical(above) else below  # one side is a part of the whole that the other shows
            whole = join_pieces(above, below).text
            return whole if canonical(whole) and not (canonical(above) and canonical(below)) else None

        texts = [t if isinstance(t, str) else None for t in result[field]]
        shared = share_over_breaks(
            texts, result[f"{field}_cell"].tolist(), result[f"{field}_edge"].tolist(), breaks, join
        )
        evidence = "合并单元格跨页：文字印在页的一侧，属于整个单元格"
        shared = pd.Series(shared, index=result.index, dtype=object)
        result = ledger.change(result, field, shared, rule="fill_merged", evidence=evidence, kind="reading")
    return result


def spell_levels(indicators: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Levels without numbering and stray glyphs; a name that a page break cut whole again, its rest overleaf blank."""
    result = indicators
    for field, canonical, whole in (("level1", level1_name, whole_level1), ("level2", level2_name, whole_level2)):
        texts, numbered, cut = result[field].tolist(), {}, {}
        for i, text in enumerate(texts):
            if not isinstance(text, str):
                continue
            if (name := canonical(text)) and not is_plain_level(text):
                numbered[i] = name
            elif i not in cut and (name := whole(text)):
                cut[i] = name
                if (
                    i + 1 < len(texts)
                    and isinstance(texts[i + 1], str)
                    and name.removeprefix(fold(text)) == texts[i + 1]
                ):
                    cut[i + 1] = None
        for changes, evidence, grade in (
            (numbered, "只多了编号或杂字，其余与指标体系的名称相同", "certain"),
            (cut, "只印出名称的前一部分，指标体系中只有一个名称如此开头", "likely"),
        ):
            spelled = pd.Series(
                [changes.get(i, t) for i, t in enumerate(result[field])], index=result.index, dtype=object
            )
            result = ledger.change(result, field, spelled, rule="level_spelling", evidence=evidence, grade=grade)
    return result


def mend_levels(
    indicators: pd.DataFrame, shares: dict[str, Decimal] | None, total: Decimal | None, moved: bool, ledger: Ledger
) -> pd.DataFrame:
    """Columns level1, level2 (canonical), level1_printed, level2_printed (as the covering cell prints them).

    Blank cells take the merged cell's text. Where cells moved, a level 1 that contradicts its level 2 is put right by
    the taxonomy; where cells stand fast it is the unit's own and stays.
    """
    result = indicators.assign(level1_printed=indicators["level1"], level2_printed=indicators["level2"])
    if not ledger.repair:
        return result.assign(level1=fold_level1(result["level1"]), level2=fold_level2(result["level2"]))
    project, _page = result["project_no"], result["page"]
    filled, evidence, grade = _fill_level2(result, moved)
    result = ledger.change(result, "level2", filled, rule="fill_merged", evidence=evidence, grade=grade, kind="reading")
    result["level2_printed"] = result["level2"]
    folded2 = fold_level2(result["level2"])
    printed1 = result["level1"]
    filled1 = printed1.groupby(project, sort=False).ffill().groupby(project, sort=False).bfill()
    folded1, expected = fold_level1(filled1), level1_by_taxonomy(folded2)
    agrees = expected.isna() | (folded1 == expected)
    level1 = folded1.where(agrees | (not moved and printed1.notna()), expected)
    if (moved or printed1.isna().all()) and (folded2 == "成本指标").any():
        own = "成本指标" if (fold_level1(printed1.where(folded2 == "成本指标")) == "成本指标").any() else "产出指标"
        level1 = level1.mask(folded2 == "成本指标", own)
    weight = points(result["weight"])
    proven = _shares_hold(level1, weight, project, shares)
    sums = " / ".join(f"{k.removesuffix('指标')} {v}" for k, v in (shares or {}).items())
    drifted = printed1.notna() & (fold_level1(printed1) != level1)
    grade = pd.Series("likely", index=result.index).mask(proven, "certain").mask(~drifted & agrees, "certain")
    evidence = pd.Series("合并单元格：沿用本项目的一级指标", index=result.index)
    taxonomy = "二级指标“" + folded2.fillna("") + "”属于“" + level1.fillna("") + "”"
    evidence = evidence.mask(
        ~agrees | drifted,
        taxonomy + pd.Series("", index=result.index).mask(proven, f"；改后一级分值为 {sums}，与全文一致"),
    )
    result["level1"] = printed1.where(printed1.notna(), None)
    respelled = result["level1"].notna() & (fold_level1(printed1) == level1)
    result["level1"] = result["level1"].mask(respelled, level1)  # the canonical spelling is the column's, not a repair
    result = ledger.change(
        result, "level1", level1.astype(object).where(level1.notna(), None),
        rule=pd.Series("fill_merged", index=result.index).mask(~agrees | drifted, "level_by_taxonomy"), evidence=evidence, grade=grade, kind="reading",
    )  # fmt: skip
    return result.assign(level1_printed=printed1.where(printed1.notna(), filled1), level2=folded2)


def _fill_level2(rows: pd.DataFrame, moved: bool) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Level 2 of blank rows from the merged cell above or, at the head of its cell, below; with evidence and grade.

    A level 1 printed on the blank row itself must agree: where the cell above belongs to another level 1, the text was
    lost, and only a level 2 below of that level 1, or its only level 2, can stand for it. At the foot of a page a blank
    may also belong to a cell whose text stands on the next page: what rows of either level 2 look like in this document
    decides; where that tells nothing it is a guess.
    """
    printed1, folded2 = fold_level1(rows["level1"]), fold_level2(rows["level2"])
    below = rows["level2"].groupby(rows["project_no"], sort=False).bfill()
    below_page = rows["page"].where(rows["level2"].notna()).groupby(rows["project_no"], sort=False).bfill()
    likeness = _likeness(rows, folded2) if moved else None
    only = {"满意度指标": "服务对象满意度指标"} if rows["level2"].notna().any() else {}
    filled, evidence, grade = [], [], []
    above = source = project = None
    for index, number, page, text, first, under, under_page in zip(
        rows.index, rows["project_no"], rows["page"], rows["level2"], printed1, below, below_page, strict=True
    ):
        if number != project:
            project, above, source = number, None, None
        words, sure, value = None, "certain", text
        if isinstance(text, str):
            above, source = text, page
        else:
            level = first if isinstance(first, str) else None
            options = [t for t in (above, under) if isinstance(t, str)]
            fitting = [t for t in options if not level or _may_stand_under(t, level)]
            value = fitting[0] if fitting else only.get(level) if level else None
            from_above = bool(fitting) and value is above
            if from_above and likeness and len(set(fitting)) == 2 and under_page == page + 1 and source == page:
                odds = likeness(index, above, under)
                if odds < BELOW:
                    value, from_above, words = (
                        under,
                        False,
                        f"合并单元格跨页，文字印在下一页：此行的单位和名称像“{under}”而不像“{above}”",
                    )
                sure = "guess" if BELOW <= odds < DOUBTFUL else "likely"
                words = words or (
                    f"合并单元格：沿用上一行；下一页首行为“{under}”" + ("，两者皆有可能" if sure == "guess" else "")
                )
            elif from_above:
                words = "合并单元格跨页：沿用上一页的二级指标" if source != page else "合并单元格：沿用上一行的二级指标"
                sure = "likely" if source != page else "certain"
            elif value:
                words, sure = (
                    ("合并单元格：文字印在下方一行" if fitting else f"“{level}”之下只有这一种二级指标"),
                    "likely",
                )
            if value and not from_above:
                above, source = value, page
        filled.append(value if isinstance(value, str) else None)
        evidence.append(words)
        grade.append(sure)
    index = rows.index
    return pd.Series(filled, index=index, dtype=object), pd.Series(evidence, index=index), pd.Series(grade, index=index)


def _may_stand_under(level2: str, level1: str) -> bool:
    name = level2_name(level2)
    return level1 in ("产出指标", "成本指标") if name == "成本指标" else level1_of(name) in (None, level1)


def _likeness(rows: pd.DataFrame, folded2: pd.Series):
    """odds(row, one, other): how much likelier the row is of level 2 `one` than `other`, by the unit of measure and the
    last character of the name in this document's rows that print their level 2 (naive Bayes)."""
    traits = [
        (unit_kind(unit) if isinstance(unit, str) else None, name[-1:] if isinstance(name, str) else None)
        for unit, name in zip(rows["measure_unit"], rows["name"], strict=True)
    ]
    seen: dict[str, list[Counter]] = {}
    for level, pair in zip(folded2, traits, strict=True):
        if isinstance(level, str):
            counters = seen.setdefault(level, [Counter(), Counter()])
            for counter, trait in zip(counters, pair, strict=True):
                counter[trait] += 1
    of_row = dict(zip(rows.index, traits, strict=True))

    def odds(row, one: str, other: str) -> float:
        ratio = 1.0
        for place, trait in enumerate(of_row[row]):
            share = []
            for name in (one, other):
                counter = seen.get(level2_name(name) or name, [Counter(), Counter()])[place]
                share.append((counter[trait] + 0.5) / (counter.total() + 3))
            ratio *= share[0] / share[1]
        return ratio

    return odds


def _shares_hold(
    level1: pd.Series, weight: pd.Series, project: pd.Series, shares: dict[str, Decimal] | None
) -> pd.Series:
    if not shares:
        return pd.Series(False, index=level1.index)
    points: dict[int, dict[str, Decimal]] = {}
    for number, level, points_here in zip(project.tolist(), level1.tolist(), weight.tolist(), strict=True):
        by_level = points.setdefault(number, {})
        if isinstance(level, str):
            by_level[level] = by_level.get(level, Decimal(0)) + (points_here or 0)
    holds = {
        number: set(by_level) <= set(shares) and all(by_level.get(k, 0) == v for k, v in shares.items())
        for number, by_level in points.items()
    }
    return project.map(holds).astype(bool)


def read_targets(indicators: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """comparator, target_text, target_value, measure_unit out of cells of their own or glued to one another.

    A comparator column that holds other words (正向 …) is none; a target in words without a comparator is 定性. A sign
    that is no comparator, a second sign that contradicts the first, and a target that must be a number and is none are
    left as printed and put on record.
    """
    unit_apart = indicators["measure_unit"].notna().any()
    parts = parse_targets(indicators["target"], unit_apart=bool(unit_apart))
    if unit_apart:  # where its cell is blank the target may carry the unit
        glued = parse_targets(indicators["target"][indicators["measure_unit"].isna()])
        parts.update(glued[glued["unit"].map(lambda unit: isinstance(unit, str) and unit_kind(unit) is not None)])
    own = indicators["comparator"]
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
    result = indicators.assign(
        comparator=comparator.where(comparator.notna(), None),
        target_text=text.where(text.notna() & (text != ""), None),
        target_value=parts["value"].mask(doubled & ~again, None),
        measure_unit=unit,
    )
    for index, sign, words, value in result[["comparator", "target_text", "target_value"]].itertuples():
        if isinstance(words, str) and value is None and misread_number(words, sign) and not (doubled & ~again)[index]:
            _leave(result, index, "target_text", words, "像是读错的数", ledger)
    result["target_text"] = [None if is_sheet_error(text) else text for text in result["target_text"]]
    in_words = (
        comparator.isna()
        & indicators["comparator"].isna()
        & result["target_text"].notna()
        & result["target_value"].isna()
    )
    in_words &= ~result["target_text"].fillna("").str.contains(r"\d")
    marked = comparator.mask(in_words, "定性").astype(object)
    return ledger.change(
        result, "comparator", marked.where(marked.notna(), None), rule="qualitative_target",
        evidence="目标值是文字、未印比较符，即定性指标", kind="reading",
    )  # fmt: skip


def read_weights(indicators: pd.DataFrame, total: Decimal | None, shares: dict | None, ledger: Ledger) -> pd.DataFrame:
    """weight as exact points and weight_basis; the one weight a project lacks is what its total leaves.

    `total`: what the weights of these rows sum to in every project of the document (execution rate excluded).
    """
    printed = points(indicators["weight"])
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
    proven = _shares_hold(result["level1"], inferred, result["project_no"], shares)
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


def points(texts: pd.Series) -> pd.Series:
    """Weights or scores of a column as exact decimals; None where a cell has no readable one."""
    return pd.Series([parse_points(text) for text in texts], index=texts.index, dtype=object)


def leave_unread(rows: pd.DataFrame, field: str, values: pd.Series, ledger: Ledger) -> None:
    """Put on record the cells of a column of numbers that print something that is none."""
    for index, text, value in zip(rows.index, rows[field], values, strict=True):
        if value is None and not is_nil(text):
            _leave(rows, index, field, text, "不是可读的数", ledger)


def _leave(rows: pd.DataFrame, index, field: str, text: str, why: str, ledger: Ledger) -> None:
    row = rows.loc[index]
    ledger.leave(field, text, why, project_no=row["project_no"], indicator_no=row.get("indicator_no"), page=row["page"])


def read_results(indicators: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """actual_text, actual_value and score of self-evaluations."""
    value, score = parse_targets(indicators["actual"])["value"], points(indicators["score"])
    _note_numbers(indicators, "score", score, ledger)
    leave_unread(indicators, "score", score, ledger)
    actual = indicators["actual"]
    for index in actual.index[actual.map(lambda t: isinstance(t, str) and misread_number(t)).astype(bool)]:
        _leave(indicators, index, "actual_text", actual[index], "像是读错的数", ledger)
    return indicators.assign(actual_text=indicators["actual"], actual_value=value, score=score)


def mark_cut(indicators: pd.DataFrame, projects: pd.DataFrame) -> pd.DataFrame:
    """is_cut and name_completed; the printed name stays."""
    cut = is_cut(indicators["name"])
    objectives = indicators["project_no"].map(projects.set_index("project_no")["objective"])
    completed = complete_names(indicators["name"], cut, objectives)
    return indicators.assign(is_cut=cut, name_completed=completed["name_completed"])


def unknown_units(indicators: pd.DataFrame) -> pd.Series:
    """Rows whose unit of measure no list knows and that looks like none: a cell may stand in the wrong column.

    >>> unknown_units(pd.DataFrame({"measure_unit": ["人", "建立健全长效机制", None, "12", "②", "元/餐10", "m2"]})).tolist()
    [False, True, False, True, True, True, False]
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
