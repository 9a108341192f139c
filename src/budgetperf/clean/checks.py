"""The reconciliation: the document's own sums, shares, codes and required cells, one row a check and subject."""

import itertools
import re
from collections import Counter, defaultdict
from decimal import Decimal

import pandas as pd

from budgetperf.field.notation import code_parts, plain

COLUMNS = ["project_no", "check", "expected", "actual", "passed", "note"]
TOLERANCE = Decimal("0.01")  # 万元: printed amounts are rounded to the cent of a 万元
QUORUM = 0.8  # so many codes must agree before one that does not is a fault


def _frame(rows: list[tuple]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)


def _show(value) -> str | None:
    return None if value is None else format(plain(value), "f") if isinstance(value, Decimal) else str(value)


def _sum(values) -> Decimal:
    return sum((v for v in values if v is not None), Decimal(0))


def check_total(projects: pd.DataFrame, total: Decimal | None, rounding: Decimal = Decimal(0)) -> pd.DataFrame:
    """Σ budgets = printed total; no row where none is printed.

    >>> projects = pd.DataFrame({"budget_wan_yuan": [Decimal("68"), Decimal("11.2")]})
    >>> check_total(projects, Decimal("79.20"))[["expected", "actual", "passed"]].values.tolist()
    [['79.2', '79.2', True]]
    """
    if total is None:
        return _frame([])
    actual = _sum(projects["budget_wan_yuan"])
    missing = int(projects["budget_wan_yuan"].isna().sum())
    passed = abs(actual - total) <= rounding and not missing
    note = (
        "各项目预算数之和与合计相等"
        if passed
        else f"各项目预算数之和 {_show(actual)} 万元，合计印为 {_show(total)} 万元，差 {_show(total - actual)} 万元"
    )
    if missing:
        note += f"；{missing} 个项目没有预算数"
    return _frame([(None, "total", _show(total), _show(actual), passed, note)])


def check_subtotals(projects: pd.DataFrame, subtotals: list[tuple[str, list[int], Decimal]]) -> pd.DataFrame:
    """Σ budgets of a unit's projects = its printed sub-total; subtotals: (label, project numbers, amount).

    >>> projects = pd.DataFrame({"project_no": [1, 2], "budget_wan_yuan": [Decimal(5), Decimal(6)]})
    >>> check_subtotals(projects, [("甲局", [1], Decimal(5)), ("乙局", [2], Decimal(7))])["passed"].tolist()
    [True, False]
    """
    budgets = projects.set_index("project_no")["budget_wan_yuan"]
    rows = []
    for label, numbers, amount in subtotals:
        actual = _sum(budgets.reindex(numbers).dropna())
        passed = actual == amount
        note = f"{label}：所属项目之和与小计" + ("相等" if passed else f"差 {_show(amount - actual)} 万元")
        rows.append((None, "subtotal", _show(amount), _show(actual), passed, note))
    return _frame(rows)


def check_weights(projects: pd.DataFrame, indicators: pd.DataFrame, total: Decimal | None) -> pd.DataFrame:
    """Each project's weights, the execution rate's row included (projects.execution_points, where that column is), sum to
    what they sum to in this document.

    Where weights are printed but no common sum was found, one failed row says so.
    """
    printed = indicators[indicators["weight"].notna()]
    if printed.empty:
        return _frame([])
    if total is None:
        return _frame(
            [(None, "weights", None, None, False, "各项目分值之和不一致，找不到全文共同的合计，无法据此核对")]
        )
    weights = defaultdict(list)
    for number, weight in zip(indicators["project_no"].tolist(), indicators["weight"].tolist(), strict=True):
        weights[number].append(weight)
    rows = []
    execution_points = (
        projects["execution_points"].tolist() if "execution_points" in projects else [None] * len(projects)
    )
    for number, execution in zip(projects["project_no"].tolist(), execution_points, strict=True):
        actual = _sum(weights[number]) + (execution or Decimal(0))
        missing = weights[number].count(None)
        passed = actual == total and not missing
        note = "分值之和相符" if passed else f"分值之和 {_show(actual)}，全文其他项目为 {_show(total)}"
        if missing:
            note += f"；{missing} 条指标没有分值"
        rows.append((number, "weights", _show(total), _show(actual), passed, note))
    return _frame(rows)


def check_shares(projects: pd.DataFrame, indicators: pd.DataFrame, shares: dict[str, Decimal] | None) -> pd.DataFrame:
    """Each project's weights by level 1 match the split that nearly all projects of the document have."""
    if not shares:
        return _frame([])
    expected = " / ".join(f"{k} {_show(v)}" for k, v in shares.items())
    points: dict[int, dict[str, Decimal]] = {int(n): {} for n in projects["project_no"]}
    for number, level, weight in zip(indicators["project_no"], indicators["level1"], indicators["weight"], strict=True):
        if weight is not None:
            points[int(number)][level] = points[int(number)].get(level, Decimal(0)) + weight
    rows = []
    for number, by_level in points.items():
        passed = {k: v for k, v in by_level.items() if v} == shares
        actual = " / ".join(f"{k} {_show(v)}" for k, v in by_level.items())
        note = "一级指标分值结构与全文一致" if passed else f"一级指标分值结构为 {actual}，全文多为 {expected}"
        rows.append((number, "level1_shares", expected, actual, passed, note))
    return _frame(rows)


def check_execution(projects: pd.DataFrame) -> pd.DataFrame:
    """Every project has the row of the budget execution rate where nearly all have it; no rows where few do."""
    has = projects["execution_points"].notna()
    if has.mean() < 0.5 or has.all():
        return _frame([])
    return failed("execution", [(int(n), "缺少预算执行率一行，其他项目都有") for n in projects.loc[~has, "project_no"]])


def check_repeats(indicators: pd.DataFrame) -> pd.DataFrame:
    """Neighbouring rows of a project that are alike in name, target and weight: read twice, or printed twice."""
    columns = ["project_no", "name", "comparator", "target_text", "weight", "page", "row"]
    rows = zip(*(indicators[column].tolist() for column in columns), strict=True)
    repeated = []
    for above, (*key, page, row) in itertools.pairwise(rows):
        if list(map(str, key)) == list(map(str, above[:5])) and not any(map(pd.isna, key)):
            repeated.append((int(key[0]), f"第 {page} 页第 {row} 行与上一行的指标完全相同：{key[1]}"))
    return failed("repeats", repeated)


_NATIONAL = "9" * 11 + "A" + "9" * 9


def _shape(code: str) -> str:
    """Where a code has digits and where letters; an X at its end is a check digit.

    >>> _shape("13052424P00418410021X") == _shape("13052424P004184100336")
    True
    """
    return re.sub(r"[A-Z]", "A", re.sub(r"\d|X$", "9", code))


def check_codes(projects: pd.DataFrame, fiscal_year: int | None) -> pd.DataFrame:
    """Project codes: form and parts like the others', unique, in order where the others are, of no later year.

    >>> codes = ["51072200024T000000550", "51072200024T000000555", "51072200024T00000561"]
    >>> checked = check_codes(pd.DataFrame({"project_no": [1, 2, 3], "project_code": codes}), 2024)
    >>> checked[["project_no", "passed"]].values.tolist()
    [[3, False]]
    """
    codes = projects["project_code"].dropna()
    if codes.empty:
        return _frame([])
    numbers = projects.loc[codes.index, "project_no"]
    faults: dict[int, list[str]] = {}

    def fault(index, words: str) -> None:
        faults.setdefault(int(numbers[index]), []).append(words)

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
    for part, words in (("region", "区划"), ("letter", "字母"), *(() if fiscal_year else (("year", "年度"),))):
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
    late = [i for i, (a, b) in zip(codes.index[1:], itertools.pairwise(codes), strict=True) if b < a]
    if late and len(late) <= max(1, (1 - QUORUM) * len(codes)):
        for index in late:
            fault(index, "未按顺序（其他编码由小到大）")
    bad = [
        (n, "codes", None, projects.set_index("project_no")["project_code"][n], False, f"项目编码{'；'.join(w)}")
        for n, w in faults.items()
    ]
    return _frame(
        bad or [(None, "codes", str(len(codes)), str(len(codes)), True, "项目编码形式、唯一性和顺序均无异常")]
    )


def check_required(projects: pd.DataFrame, indicators: pd.DataFrame, fields: set[str]) -> pd.DataFrame:
    """Cells that must not be empty are there; `fields`: the columns that this document prints.

    Project: name, budget, objective, category, unit. Indicator: level 1 and 2, name, target, and a comparator beside a
    number where the table has that column.
    """
    names = {"project": ("project_name", "项目名称"), "budget": ("budget_wan_yuan", "预算数"), "objective": ("objective", "绩效目标"),
             "category": ("category_name", "项目类别"), "unit": ("unit_name", "单位")}  # fmt: skip
    missing: dict[int, list[str]] = {int(n): [] for n in projects["project_no"]}
    for field, (column, words) in names.items():
        if field in fields:
            for number, value in zip(projects["project_no"], projects[column].tolist(), strict=True):
                if _blank(value):
                    missing[int(number)].append(words)
    for number in set(missing) - set(indicators["project_no"]):
        missing[number].append("全部指标")
    columns = ("level1", "level2", "name", "target_text", "comparator")
    blank = {column: list(map(_blank, indicators[column].tolist())) for column in columns}
    lacking = [(blank["name"], "三级指标"), (blank["target_text"], "指标值")]
    lacking += [(blank[c], words) for c, words in (("level1", "一级指标"), ("level2", "二级指标")) if c in fields]
    if "comparator" in fields:
        unsigned = [a and not b for a, b in zip(blank["comparator"], blank["target_text"], strict=True)]
        lacking.append((unsigned, "指标性质"))
    for rows_lacking, words in lacking:
        for number, count in Counter(itertools.compress(indicators["project_no"], rows_lacking)).items():
            missing[int(number)].append(f"{words}（{count} 条）")
    rows = [(n, "required", None, None, False, f"缺少：{'、'.join(words)}") for n, words in missing.items() if words]
    return _frame(rows or [(None, "required", None, None, True, "应填的单元格都有内容")])


def _blank(value) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float) and value != value) or value == ""


def check_identity(projects: pd.DataFrame, code_faults: int) -> pd.DataFrame:
    """Every project can be told from the others: it has a name, a code where the others have one, and a well-formed one.

    A project that cannot be told puts the whole document in doubt, so this is a check of the document.

    >>> projects = pd.DataFrame({"project_name": ["甲", None], "project_code": [None, None]})
    >>> check_identity(projects, 0)[["project_no", "passed"]].values.tolist()
    [[None, False]]
    """
    named = [a if scope == "unit" else b for a, b, scope in _names(projects)]
    unnamed = sum(map(_blank, named))
    uncoded = projects["project_code"].map(_blank)
    lost = int(uncoded.sum()) if uncoded.mean() < 0.5 else 0
    words = [f"{n} 个项目{w}" for n, w in ((unnamed, "没有名称"), (lost, "没有编码"), (code_faults, "编码异常")) if n]
    count = str(len(projects))
    note = "、".join(words) + "，可能读错" if words else "各项目均有名称和正常的编码"
    return _frame([(None, "projects", count, str(len(projects) - max(unnamed, lost, code_faults)), not words, note)])


def check_unread(cells: pd.DataFrame) -> pd.DataFrame:
    """Every printed cell is accounted for: a failed row a project, or for the document, with the text and place of
    each cell that is not, and the head of its column.

    >>> cells = pd.DataFrame({"page": 1, "table": 1, "row": [3, 4], "col": [2, 2], "text": ["系数", "1.2"],
    ...                       "role": ["heading", "unread"], "project_no": None})
    >>> check_unread(cells)[["passed", "note"]].values.tolist()
    [[False, '1 个单元格没有读入：第 1 页第 4 行第 2 格“1.2”（“系数”列）']]
    """
    unread = cells[cells["role"] == "unread"]
    if unread.empty:
        return _frame([(None, "unread", None, None, True, "每个印出的单元格都有归属")])
    heads: dict[tuple, list[tuple]] = {}
    named = cells[(cells["role"] == "heading") & cells["col"].isin(unread["col"])]
    for page, table, row, col, text in named[["page", "table", "row", "col", "text"]].itertuples(index=False):
        heads.setdefault((page, table, col), []).append((row, text))
    columns = ["page", "table", "row", "col", "text", "project_no"]
    found: dict[int | None, list[str]] = {}
    for page, table, row, col, text, number in unread[columns].itertuples(index=False):
        words = f"第 {page} 页第 {row} 行第 {col} 格“{''.join(text.split())}”"
        if head := next((t for r, t in reversed(heads.get((page, table, col), [])) if r < row), None):
            words += f"（“{''.join(head.split())}”列）"
        found.setdefault(None if pd.isna(number) else int(number), []).append(words)
    return failed("unread", [(n, f"{len(words)} 个单元格没有读入：{'、'.join(words)}") for n, words in found.items()])


def stated(found: list[tuple[int, str, bool, str]]) -> pd.DataFrame:
    """Rows of what form heads say of themselves: (project number, check, whether it passes, note).

    >>> stated([(1, "budget", True, "表头没有印出预算数")])[["project_no", "check", "passed"]].values.tolist()
    [[1, 'budget', True]]
    """
    return _frame([(int(number), check, None, None, passed, note) for number, check, passed, note in found])


def _names(projects: pd.DataFrame) -> zip:
    """(unit, project, scope) of each project: where a table is of a whole unit, the unit stands in the project's place."""
    columns = projects.reindex(columns=["unit_name", "project_name", "scope"])
    return zip(*(columns[name].tolist() for name in columns), strict=True)


def doubts(found: list[tuple[str, list]]) -> pd.DataFrame:
    """Failed rows of several checks, in order: (check, its subjects as in `failed`).

    >>> doubts([("borders", [(3, "分界不定")]), ("rows", [(None, "有行未读")])])["check"].tolist()
    ['borders', 'rows']
    """
    return _frame([(number, check, None, None, False, note) for check, subjects in found for number, note in subjects])


def failed(check: str, subjects: list[tuple[int | None, str]]) -> pd.DataFrame:
    """Failed rows of `check`, one a (project number or None, note).

    >>> failed("borders", [(3, "分界不定")])[["project_no", "check", "passed"]].values.tolist()
    [[3, 'borders', False]]
    """
    return doubts([(check, subjects)])


def passed(check: str, note: str) -> pd.DataFrame:
    """A passed row of `check` about the document."""
    return _frame([(None, check, None, None, True, note)])


def remarked(remarks: list) -> pd.DataFrame:
    """Rows of what a reader remarks on a page: its check, whether it passes, its words.

    >>> from budgetperf.tables.cells import Remark
    >>> remarked([Remark(2, "hidden", True, "3 行是隐藏的，没有读取")])[["check", "passed", "note"]].values.tolist()
    [['hidden', True, '第 2 页（表）：3 行是隐藏的，没有读取']]
    """
    return _frame([(None, r.check, None, None, r.passed, f"第 {r.page} 页（表）：{r.note}") for r in remarks])
