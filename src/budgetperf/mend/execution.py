"""The budget execution rate: its row among the indicators, its line of a form's fund block, its head; checked against
the amounts."""

import re
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from budgetperf.clean.checks import check_rows
from budgetperf.field.notation import parse_target, plain
from budgetperf.field.printing import is_nil
from budgetperf.field.vocabulary import fold, is_label, level2_name
from budgetperf.layout.printed import Printed
from budgetperf.mend.points import points_of
from budgetperf.mend.reconciliation import failed
from budgetperf.tables.ledger import Ledger

FULL_MARKS = Decimal(100)  # what indicators and execution rate make up together
RESULTS = ["execution_rate", "execution_weight", "execution_score"]
# what the execution rate's row says besides its points and results
OF_ROW = ["comparator", "target", "measure_unit", "direction", "deviation_note", "explanation", "remark", "more"]
MOSTLY = 0.5  # of the projects
CENT = Decimal("0.005")  # 万元 by which an amount is rounded
FEW = 5  # times that a first budget may become by changes of it
MUCH = 50  # times off: no slip of the unit's own sums, but of a unit of money
_EXECUTION = re.compile(
    r"(?:(?:项目|部门|整体|年度|全年|财政|专项|支出|预算|资金|经费)*执行(?:率|情况|进度)?(?:得分)?)?"
)


def is_execution(rows: pd.DataFrame, moved: bool) -> pd.Series:
    """Rows that carry the budget execution rate, not an indicator: the name says so, or a level over no other name. Under
    levels so called (过程 | 预算执行) stand indicators as well; under a level 2 of the taxonomy, unless cells moved, only
    indicators; and in a table without points a target below two levels is an indicator's too.

    >>> levels = {"level1": ["预算执行率", "产出", "过程", "产出"], "level2": [None, "质量", "预算执行", "时效"]}
    >>> rows = pd.DataFrame(levels | {"name": ["", "执行情况", "预算执行率", "预算执行率"]})
    >>> is_execution(rows, moved=False).tolist(), is_execution(rows, moved=True).tolist()
    ([True, False, True, False], [True, False, True, True])
    >>> is_execution(rows.assign(target="≥95%"), moved=False).tolist()
    [True, False, False, False]
    """
    cells = rows.reindex(columns=["level1", "level2", "name", "target", "weight", "score"])
    columns = [
        cells[field].map(lambda t: t if isinstance(t, str) else "") for field in ("level1", "level2", "name", "target")
    ]
    without_points = cells[["weight", "score"]].isna().all(axis=None)
    found = []
    for level1, level2, name, target in zip(*columns, strict=True):
        if without_points and level1 and level2 and name and not is_nil(target):
            found.append(False)
            continue
        by_level = is_label(level1, "execution") or is_label(level2, "execution")
        named = is_label(name, "execution") or (by_level and bool(_EXECUTION.fullmatch(fold(name))))
        found.append(named and (moved or level2_name(level2) is None))
    return pd.Series(found, index=rows.index, dtype=bool)


def read_execution(projects: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """execution_rate (%), execution_weight and execution_score of a fund block as exact numbers; None where none is printed."""
    result = projects.copy()
    for field in RESULTS:
        numbers = []
        columns = projects["project_no"], projects["page"], projects[field], _shares(projects)
        for number, page, text, share in zip(*columns, strict=True):
            value = _figure(text) if isinstance(text, str) else None
            numbers.append(_percent(field, text, value, share, number, page, ledger))
            if value is None and not is_nil(text):
                ledger.leave(field, text, "不是可读的数", project_no=number, page=page)
            if value is not None and value == numbers[-1] and text != format(plain(value), "f"):
                ledger.note(
                    project_no=number, field=field, printed=text, repaired=format(plain(value), "f"), rule="number_spelling",
                    evidence="数字写法", grade="certain", kind="spelling", page=page,
                )  # fmt: skip
        result[field] = pd.Series(numbers, index=projects.index, dtype=object)
    return result


def _figure(text: str) -> Decimal | None:
    """A rate, weight or score; one below zero or of another unit is none.

    >>> [_figure(text) for text in ("96%", "9.6分", "0.96", "96万%", "9.6元", "-9.6")]
    [Decimal('96'), Decimal('9.6'), Decimal('0.96'), None, None, None]
    """
    target = parse_target(text)
    fits = target.unit is None or fold(target.unit) in ("%", "分", "百分比", "百分点")
    return target.value if fits and target.value is not None and target.value >= 0 else None


def _shares(projects: pd.DataFrame) -> list[Decimal | None]:
    """What the executed amount is of the budget; None where either is not printed."""
    amounts = zip(projects["executed_wan_yuan"], projects["budget_wan_yuan"], strict=True)
    return [None if None in pair or not pair[1] else pair[0] / pair[1] for pair in amounts]


def _percent(
    field: str, text: str | None, value: Decimal | None, share: Decimal | None, number: int, page: int, ledger: Ledger
) -> Decimal | None:
    """The value; of a rate printed as the fraction that the amounts make (0.96) its per cent, on record."""
    fraction = (
        ledger.repair
        and field == "execution_rate"
        and share is not None
        and value is not None
        and not re.search("[%％]", text)
    )
    if not fraction or not 0 < value <= 1 or _as_rounded(value, 100 * share) or value != _to_places(share, value):
        return value
    percent = plain(100 * value)
    ledger.note(
        project_no=number, field=field, printed=text, repaired=format(percent, "f"), rule="rate_as_fraction",
        evidence=f"执行数 ÷ 预算数 = {_to_places(share, value)}：印的是小数，不是百分数", grade="certain", kind="value", page=page,
    )  # fmt: skip
    return percent


def _to_places(value: Decimal, like: Decimal) -> Decimal:
    """A value rounded to the places of another one.

    >>> _to_places(Decimal("0.9583"), Decimal("0.96")), _to_places(Decimal("0.96"), Decimal(1))
    (Decimal('0.96'), Decimal('0.96'))
    """
    places = Decimal(1).scaleb(like.as_tuple().exponent)
    return value.quantize(places, ROUND_HALF_UP) if places < 1 else value


def with_execution(
    projects: pd.DataFrame, rows: pd.DataFrame, printed: Printed, total: Decimal | None, ledger: Ledger
) -> pd.DataFrame:
    """execution_points (a row's, counted with the weights) and execution_weight (as well where only the head names it)."""
    points: dict[int, Decimal] = {}
    for number, value in zip(rows["project_no"], points_of(rows["weight"]), strict=True):
        if value is not None:
            points.setdefault(number, value)
    of_head = projects["execution_weight"]
    of_row = [points.get(n) for n in projects["project_no"]]
    projects = _results_of_rows(projects, rows, ledger)
    said: dict[int, list[str]] = {}
    for number, *texts in rows[["project_no", *OF_ROW]].itertuples(index=False):
        sign, target, unit, *others = (text if isinstance(text, str) else "" for text in texts)
        said.setdefault(number, []).extend(filter(None, [sign + target + unit, *others]))
    projects = projects.assign(execution_note=["；".join(said.get(n, ())) or None for n in projects["project_no"]])
    for number, own, head in zip(projects["project_no"], of_row, of_head, strict=True):
        if own is not None and head is not None and own != head:
            page = projects.loc[projects["project_no"].eq(number), "page"].iat[0]
            ledger.leave(
                "execution_weight", str(plain(own)), f"资金一栏印有 {plain(head)} 分", project_no=number, page=page
            )
    either = [own if own is not None else head for own, head in zip(of_row, of_head, strict=True)]
    result = projects.assign(
        execution_points=pd.Series(of_row, index=projects.index, dtype=object),
        execution_weight=pd.Series(either, index=projects.index, dtype=object),
    )
    if printed.names_execution and not points and of_head.isna().all() and total is not None and total < FULL_MARKS:
        named = pd.Series(FULL_MARKS - total, index=result.index, dtype=object)
        evidence = f"表头列明“其中：预算执行率”而无此行：{FULL_MARKS} − {total} = {FULL_MARKS - total}"
        result = ledger.change(
            result, "execution_weight", named, rule="execution_by_head", evidence=evidence, grade="likely", kind="value"
        )
    return result


def _results_of_rows(projects: pd.DataFrame, rows: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """execution_rate and execution_score, from the row of the rate where no block of money prints them; what differs from
    the block, or is no number, is left on record."""
    result, shares = projects.copy(), dict(zip(projects["project_no"], _shares(projects), strict=True))
    for field, column in (("actual", "execution_rate"), ("score", "execution_score")):
        values = dict(zip(projects["project_no"], projects[column], strict=True))
        for number, text, page in rows[["project_no", field, "page"]].itertuples(index=False):
            if not isinstance(text, str) or is_nil(text):
                continue
            value, known = _figure(text), values.get(number)
            if value is None or (pd.notna(known) and not _as_rounded(value, known)):
                why = "不是可读的数" if value is None else f"本项目另印有 {known}"
                ledger.leave(column, text, why, project_no=number, page=page)
            elif pd.isna(known):
                values[number] = _percent(column, text, value, shares[number], number, page, ledger)
        result[column] = pd.Series(
            [values[n] if pd.notna(values[n]) else None for n in projects["project_no"]], result.index, dtype=object
        )
    return result


def _as_rounded(one: Decimal, other: Decimal) -> bool:
    """Whether two figures are one, rounded differently: 92 and 91.96."""
    rough, fine = sorted((one, other), key=lambda value: -value.as_tuple().exponent)
    return abs(rough - fine) <= Decimal(1).scaleb(min(rough.as_tuple().exponent, 0)) / 2


def check_execution(projects: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Every project has the row of the budget execution rate where nearly all have it, or indicators that make up the full
    marks without; no rows where few do."""
    points = indicators.groupby("project_no")["weight"].agg(
        lambda w: sum((p for p in w if isinstance(p, Decimal)), Decimal(0))
    )
    has = projects["execution_points"].notna() | projects["project_no"].map(points).eq(FULL_MARKS)
    if has.mean() < MOSTLY or has.all():
        return check_rows([])
    return failed("execution", [(int(n), "缺少预算执行率一行，其他项目都有") for n in projects.loc[~has, "project_no"]])


def check_rates(projects: pd.DataFrame) -> pd.DataFrame:
    """Every project's printed rate is what its executed amount is of its budget, or of its first budget: the one printed
    checksum of the three. One of both budgets together, or a hundred times off, says which of them is in doubt. A rate
    without an executed amount, where other projects have both, is in doubt as well.

    >>> columns = {"project_no": [1, 2, 3], "budget_wan_yuan": [Decimal("12.5")] * 3, "execution_rate": [Decimal(96)] * 3}
    >>> check_rates(pd.DataFrame(columns | {"executed_wan_yuan": [Decimal(n) for n in (12, 11, 120000)]}))["project_no"].tolist()
    [2, 3]
    >>> check_rates(pd.DataFrame(columns | {"executed_wan_yuan": [Decimal(12), None, Decimal(12)]}))["project_no"].tolist()
    [2]
    >>> len(check_rates(pd.DataFrame(columns | {"executed_wan_yuan": [None] * 3})))
    0
    """
    found = []
    columns = ["project_no", "budget_initial_wan_yuan", "budget_wan_yuan", "executed_wan_yuan", "execution_rate"]
    printed = projects.reindex(columns=columns)["executed_wan_yuan"].notna()
    for number, *amounts in projects.reindex(columns=columns).itertuples(index=False):
        initial, budget, executed, rate = (None if pd.isna(amount) else amount for amount in amounts)
        if rate and executed is None and printed.mean() >= MOSTLY:
            found.append((int(number), f"印有执行率 {plain(rate)}% 而没有执行数，别的项目都有：可能漏了"))
        if not budget or executed is None or rate is None:
            continue
        first = initial if initial and budget < FEW * initial and initial < FEW * budget else None
        if any(_is_rate(rate, executed, whole) for whole in (budget, first) if whole):
            continue
        said = f"执行率 {plain(rate)}%"
        if initial and initial + budget and _is_rate(rate, executed, initial + budget):
            words = f"是对 {plain(initial)} + {plain(budget)} 而言：预算数可能是调整数"
        elif executed and rate and not Decimal(1) / MUCH < 100 * executed / budget / rate < MUCH:
            words = f"与执行数 {plain(executed)}、预算数 {plain(budget)} 万元相差百倍：金额单位可疑"
        else:
            words = f"不是执行数 {plain(executed)} 万元对预算数 {plain(budget)} 万元的比率：三者之中有一个读错或印错"
        found.append((int(number), f"{said} {words}"))
    return failed("budget", found)


def _is_rate(rate: Decimal, executed: Decimal, budget: Decimal) -> bool:
    """Whether a rate is what one amount is of the other, all as rounded in print; 100 where a little more was spent.

    >>> _is_rate(Decimal("91.9"), Decimal("11.5"), Decimal("12.5")), _is_rate(Decimal(100), Decimal(13), Decimal(12))
    (True, True)
    """
    exact = 100 * executed / budget
    slack = Decimal(1).scaleb(min(rate.as_tuple().exponent, 0)) + 100 * CENT / abs(budget) * (1 + abs(exact) / 100)
    return abs(rate - exact) <= slack or rate == 100 < exact < 2 * rate
