"""The document's own sums and shares as checks, one row a check and subject."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

import pandas as pd

from budgetperf.clean.series import columns_of
from budgetperf.field.notation import parse_number, plain
from budgetperf.field.printing import as_printed, is_blank, values_of

COLUMNS = ["project_no", "check", "expected", "actual", "passed", "note"]
MOST_SHOWN = 5  # projects that a note names


def check_rows(found: list[tuple]) -> pd.DataFrame:
    """The frame of checks (COLUMNS), one row a check and subject."""
    return pd.DataFrame(found, columns=COLUMNS)


def _show(value) -> str | None:
    return None if value is None else format(plain(value), "f") if isinstance(value, Decimal) else str(value)


def _number(value) -> Decimal | None:
    """A number as anyone's frame may hold it, exactly; None where it is blank or none."""
    return value if isinstance(value, Decimal) and not is_blank(value) else parse_number(as_printed(value))


def _numbers(column: pd.Series) -> list[Decimal | None]:
    return [_number(value) for value in values_of(column)]


def _sum(values) -> Decimal:
    return sum((v for v in values if v is not None), Decimal(0))


def check_total(projects: pd.DataFrame, total: Decimal | None, rounding: Decimal = Decimal(0)) -> pd.DataFrame:
    """Σ budgets = printed total; no row where none is printed.

    >>> projects = pd.DataFrame({"budget_wan_yuan": [Decimal("68"), Decimal("11.2")]})
    >>> check_total(projects, Decimal("79.20"))[["expected", "actual", "passed"]].values.tolist()
    [['79.2', '79.2', True]]
    """
    total = _number(total)
    if total is None:
        return check_rows([])
    budgets = _numbers(*columns_of(projects, "projects", "budget_wan_yuan"))
    actual, missing = _sum(budgets), budgets.count(None)
    passed = abs(actual - total) <= rounding and not missing
    note = (
        "各项目预算数之和与合计相等"
        if passed
        else f"各项目预算数之和 {_show(actual)} 万元，合计印为 {_show(total)} 万元，差 {_show(total - actual)} 万元"
    )
    if missing:
        note += f"；{missing} 个项目没有预算数"
    return check_rows([(None, "total", _show(total), _show(actual), passed, note)])


def check_subtotals(projects: pd.DataFrame, subtotals: list[tuple[str, list[int], Decimal]]) -> pd.DataFrame:
    """Σ budgets of a unit's projects = its printed sub-total; subtotals: (label, project numbers, amount).

    >>> projects = pd.DataFrame({"project_no": [1, 2], "budget_wan_yuan": [Decimal(5), Decimal(6)]})
    >>> check_subtotals(projects, [("甲局", [1], Decimal(5)), ("乙局", [2], Decimal(7))])["passed"].tolist()
    [True, False]
    """
    numbers, amounts = columns_of(projects, "projects", "project_no", "budget_wan_yuan")
    budgets = dict(zip(numbers.tolist(), _numbers(amounts), strict=True))
    rows = []
    for label, members, amount in subtotals:
        actual, amount = _sum(budgets.get(number) for number in members), _number(amount)
        passed = actual == amount
        note = f"{label}：所属项目之和与小计" + ("相等" if passed else f"差 {_show(amount - actual)} 万元")
        rows.append((None, "subtotal", _show(amount), _show(actual), passed, note))
    return check_rows(rows)


def check_weights(projects: pd.DataFrame, indicators: pd.DataFrame, total: Decimal | None) -> pd.DataFrame:
    """Each project's weights, the execution rate's row included (projects.execution_points, where that column is), sum to
    what they sum to in this document.

    Where weights are printed but no common sum was found, one failed row says so.

    >>> rows = pd.DataFrame({"project_no": [1, 1, 2], "weight": [Decimal(50), Decimal(40), Decimal(80)]})
    >>> check_weights(pd.DataFrame({"project_no": [1, 2]}), rows, Decimal(90))[["project_no", "passed"]].values.tolist()
    [[1, True], [2, False]]
    """
    columns_of(indicators, "indicators", "project_no", "weight")
    (projects_no,) = columns_of(projects, "projects", "project_no")
    if "name" in indicators:
        indicators = indicators[~without_own_points(indicators)]
    points = _numbers(indicators["weight"])
    if not any(value is not None for value in points):
        return check_rows([])
    if total is None:
        return check_rows(
            [(None, "weights", None, None, False, "各项目分值之和不一致，找不到全文共同的合计，无法据此核对")]
        )
    total, weights = _number(total), defaultdict(list)
    for number, weight in zip(indicators["project_no"].tolist(), points, strict=True):
        weights[number].append(weight)
    rows, beside = [], "全文其他项目为" if len(projects) > 1 else "应为"
    execution_points = (
        _numbers(projects["execution_points"]) if "execution_points" in projects else [None] * len(projects)
    )
    for number, execution in zip(projects_no.tolist(), execution_points, strict=True):
        actual = _sum(weights[number]) + (execution or Decimal(0))
        missing = weights[number].count(None)
        passed = actual == total and not missing
        note = "分值之和相符" if passed else f"分值之和 {_show(actual)}，{beside} {_show(total)}"
        if missing:
            note += f"；{missing} 条指标没有分值"
        rows.append((number, "weights", _show(total), _show(actual), passed, note))
    return check_rows([*rows, *_of_no_project("weights", weights, projects_no)])


def check_shares(projects: pd.DataFrame, indicators: pd.DataFrame, shares: dict[str, Decimal] | None) -> pd.DataFrame:
    """Each project's weights by level 1 match the split that nearly all projects of the document have.

    >>> rows = pd.DataFrame({"project_no": [1, 1], "level1": ["产出指标", "效益指标"], "weight": [Decimal(50), Decimal(40)]})
    >>> check_shares(rows[["project_no"]][:1], rows, {"产出指标": 50, "效益指标": 40})["passed"].tolist()
    [True]
    """
    if not shares:
        return check_rows([])
    shares = {level: _number(points) for level, points in shares.items()}
    expected = " / ".join(f"{k} {_show(v)}" for k, v in shares.items())
    (projects_no,) = columns_of(projects, "projects", "project_no")
    numbers, levels, weights = columns_of(indicators, "indicators", "project_no", "level1", "weight")
    points: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for number, level, weight in zip(numbers.tolist(), levels.tolist(), _numbers(weights), strict=True):
        if weight is not None:
            points[number][level] += weight
    rows = []
    for number in dict.fromkeys(projects_no.tolist()):
        by_level = points[number]
        passed = {k: v for k, v in by_level.items() if v} == shares or _with_costs(by_level) == _with_costs(shares)
        actual = " / ".join(f"{k} {_show(v)}" for k, v in by_level.items())
        note = "一级指标分值结构与全文一致" if passed else f"一级指标分值结构为 {actual}，全文多为 {expected}"
        rows.append((number, "level1_shares", expected, actual, passed, note))
    return check_rows([*rows, *_of_no_project("level1_shares", points, projects_no)])


def _of_no_project(check: str, numbers: Iterable, projects_no: pd.Series) -> list[tuple]:
    """A failed row for indicators of projects that the frame of projects does not hold: no sum counts their points."""
    held = set(projects_no.tolist())
    lost = [number for number in dict.fromkeys(numbers) if number not in held]
    note = f"有 {len(lost)} 个项目只在指标表中：{'、'.join(map(str, lost[:MOST_SHOWN]))}"
    return [(None, check, None, None, False, note)] if lost else []


def without_own_points(indicators: pd.DataFrame) -> pd.Series:
    """Rows without a weight whose points are those of the row above: they only break its indicator down (其中：…), or
    (column `weight_over`, where it is) one merged cell of points stands beside both.

    >>> without_own_points(pd.DataFrame({"name": ["种植面积", "其中：桃树", "其中李树"], "weight": ["20", None, "5"]})).tolist()
    [False, True, False]
    """
    parts = indicators["name"].map(lambda name: isinstance(name, str) and name.startswith("其中")).astype(bool)
    merged = indicators["weight_over"].notna() if "weight_over" in indicators else False
    return (parts | merged) & indicators["weight"].isna()


def _with_costs(shares: dict[str, Decimal]) -> dict[str, Decimal]:
    """Shares by level 1 with the costs under output, where many forms have them."""
    joined = {k: v for k, v in shares.items() if v and k != "成本指标"}
    return joined | {"产出指标": sum((shares.get(k) or Decimal(0) for k in ("产出指标", "成本指标")), Decimal(0))}
