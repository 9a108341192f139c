"""The document's own sums, shares and codes as checks, one row a check and subject."""

import itertools
import re
from collections import Counter, defaultdict
from decimal import Decimal

import pandas as pd

from budgetperf.clean.names import without_own_points
from budgetperf.field.codes import code_parts
from budgetperf.field.notation import parse_number, plain
from budgetperf.field.printing import as_printed, is_blank, values_of

COLUMNS = ["project_no", "check", "expected", "actual", "passed", "note"]
QUORUM = 0.8  # so many codes must agree before one that does not is a fault
KINDS_OF_PROJECT = {"R", "Y", "T"}  # letters of codes: 人员类, 运转类, 特定目标类 may stand in one table


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
    budgets = _numbers(projects["budget_wan_yuan"])
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
    budgets = dict(zip(projects["project_no"].tolist(), _numbers(projects["budget_wan_yuan"]), strict=True))
    rows = []
    for label, numbers, amount in subtotals:
        actual, amount = _sum(budgets.get(number) for number in numbers), _number(amount)
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
    for number, execution in zip(projects["project_no"].tolist(), execution_points, strict=True):
        actual = _sum(weights[number]) + (execution or Decimal(0))
        missing = weights[number].count(None)
        passed = actual == total and not missing
        note = "分值之和相符" if passed else f"分值之和 {_show(actual)}，{beside} {_show(total)}"
        if missing:
            note += f"；{missing} 条指标没有分值"
        rows.append((number, "weights", _show(total), _show(actual), passed, note))
    return check_rows(rows)


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
    points: dict[int, dict[str, Decimal]] = {int(n): {} for n in projects["project_no"]}
    weights = _numbers(indicators["weight"])
    for number, level, weight in zip(indicators["project_no"], indicators["level1"], weights, strict=True):
        if weight is not None:
            points[int(number)][level] = points[int(number)].get(level, Decimal(0)) + weight
    rows = []
    for number, by_level in points.items():
        passed = {k: v for k, v in by_level.items() if v} == shares or _with_costs(by_level) == _with_costs(shares)
        actual = " / ".join(f"{k} {_show(v)}" for k, v in by_level.items())
        note = "一级指标分值结构与全文一致" if passed else f"一级指标分值结构为 {actual}，全文多为 {expected}"
        rows.append((number, "level1_shares", expected, actual, passed, note))
    return check_rows(rows)


def _with_costs(shares: dict[str, Decimal]) -> dict[str, Decimal]:
    """Shares by level 1 with the costs under output, where many forms have them."""
    joined = {k: v for k, v in shares.items() if v and k != "成本指标"}
    return joined | {"产出指标": sum((shares.get(k) or Decimal(0) for k in ("产出指标", "成本指标")), Decimal(0))}


_NATIONAL = "9" * 11 + "A" + "9" * 9


def _shape(code: str) -> str:
    """Where a code has digits and where letters; an X at its end is a check digit.

    >>> _shape("13052424P00418410021X") == _shape("13052424P004184100336")
    True
    """
    return re.sub(r"[A-Z]", "A", re.sub(r"\d|X$", "9", code))


def check_codes(projects: pd.DataFrame, fiscal_year: int | None, ordered: bool = True) -> pd.DataFrame:
    """Project codes: form and parts like the others', unique, in order where the others are (`ordered`), of no later year.

    >>> codes = ["51072200024T000000550", "51072200024T000000555", "51072200024T00000561"]
    >>> checked = check_codes(pd.DataFrame({"project_no": [1, 2, 3], "project_code": codes}), 2024)
    >>> checked[["project_no", "passed"]].values.tolist()
    [[3, False]]
    """
    projects = projects.reset_index(drop=True)
    codes = projects["project_code"].map(as_printed).loc[lambda printed: printed != ""].astype(object)
    if codes.empty:
        return check_rows([])
    numbers = projects.loc[codes.index, "project_no"]
    faults: dict[int, list[str]] = {}  # by row

    def fault(index: int, words: str) -> None:
        faults.setdefault(index, []).append(words)

    lengths = Counter(codes.map(len)).most_common(1)[0][0]
    parts = {i: code_parts(c) for i, c in codes.items()}
    shapes = {i: _shape(c) for i, c in codes.items()}
    counted = Counter(shape for i, shape in shapes.items() if len(codes[i]) == lengths)
    usual_shape = max(counted, key=lambda shape: (counted[shape], shape == _NATIONAL))  # theirs that most codes share
    for index, code in codes.items():
        if len(code) != lengths:
            fault(index, f"长度 {len(code)} 位，其他编码为 {lengths} 位")
        elif shapes[index] != usual_shape:
            national = lengths == 21 and usual_shape == _NATIONAL
            fault(index, "不是“9 位区划 + 2 位年度 + 字母 + 9 位流水号”的形式" if national else "与其他编码的形式不同")
    letters = {p.letter for p in parts.values() if p} <= KINDS_OF_PROJECT
    for part, words in (
        ("region", "区划"),
        *(() if letters else (("letter", "字母"),)),
        *(() if fiscal_year else (("year", "年度"),)),
    ):
        values = {i: getattr(p, part) for i, p in parts.items() if p}
        if values:
            usual, count = Counter(values.values()).most_common(1)[0]
            if len(values) - count <= max(1, (1 - QUORUM) * len(values)):
                for index, value in values.items():
                    if value != usual:
                        fault(index, f"{words}部分 {value} 与其他编码的 {usual} 不同")
    for index, part in parts.items() if fiscal_year else ():
        if part and 2000 + int(part.year) > fiscal_year:  # an older one is a continuing project
            fault(index, f"年度部分 {part.year} 晚于预算年度 {fiscal_year}")
    for index in codes.index[codes.duplicated(keep=False)]:
        fault(index, "与另一项目重复")
    kinds = {i: parts[i] and parts[i].letter for i in codes.index}  # each kind of project has an order of its own
    late = [
        i for (h, a), (i, b) in itertools.pairwise(codes.items()) if b < a and (kinds[h] == kinds[i] or not letters)
    ]
    if ordered and late and len(late) <= max(1, (1 - QUORUM) * len(codes)):
        for index in late:
            fault(index, "未按顺序（其他编码由小到大）")
    bad = [
        (int(numbers[i]), "codes", None, codes[i], False, f"项目编码{'；'.join(words)}") for i, words in faults.items()
    ]
    return check_rows(
        bad
        or [
            (
                None,
                "codes",
                str(len(codes)),
                str(len(codes)),
                True,
                f"项目编码形式、唯一性{'和顺序' if ordered else ''}均无异常",
            )
        ]
    )
