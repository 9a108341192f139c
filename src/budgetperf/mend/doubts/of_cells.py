"""Doubts about what cells say: columns, units of measure, characters, points, sums and units of money."""

import re
from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd

from budgetperf.field.going_on import GOES_ON_IN_BRACKETS
from budgetperf.field.money_text import figures_of
from budgetperf.field.notation import WAN, amounts_in, parse_amount, parse_number, parse_target, plain
from budgetperf.field.printing import is_nil
from budgetperf.field.vocabulary import fold, unit_kind
from budgetperf.mend.doubts.registry import Subjects, doubt
from budgetperf.mend.indicator_cells import unknown_units
from budgetperf.tables.words import field_title

if TYPE_CHECKING:
    from budgetperf.mend.table import Table

FAR = 10  # times the largest of the other budgets (ours)
FARTHEST = 1_000  # times the next largest budget (ours)
FEW = 3  # rows too few to say anything of a column
DITTO_IN = ("project_name", "category_name", "objective", "unit_name", "name", "measure_unit", "target_text")
_DITTO = re.compile("同[上前左]|[〃″”]")
LEAST_OF_ONE = Decimal("0.01")  # 万元 that the budget of a project is at least
LEAST_USUAL, MOST_USUAL = Decimal("0.5"), Decimal(200_000)  # 万元: the middle one of a table's budgets (ours)
_OWN_UNIT = re.compile(r"(?<=\d)\s*[百千万亿]*元?\s*$(?<!\d)")
LEAST_WHOLE = Decimal("0.5")  # of one
_WHOLE_RATE = re.compile(
    "(?:满意|完成|合格|及时|达标|覆盖|准确|到位|完好|发放|执行|参与|使用|知晓|公开|兑付|验收|达到|保障|入学|就业)[度率]"
)
_EACH = re.compile("[每各]|人均|平均")
_CUT_NUMBER = re.compile(r"0\d+(?:\.\d+)?")
_TWO_LINES = re.compile(r"[-+.,\d\s]*\d\s*\n\s*\d[-+.,\d\s]*\D{0,4}")
_MEASURED = {"budget_wan_yuan", "executed_wan_yuan", "target_text", "actual_text"}


@doubt("columns")
def unread_columns(table: "Table") -> Subjects:
    """What the layout could not read: columns under a head that no field takes, and the like."""
    return [(None, words) for words in table.printed.doubts]


@doubt("rows")
def odd_measures(table: "Table") -> Subjects:
    """A unit of measure that looks like none: a cell may stand in the wrong column."""
    columns = table.indicators.reindex(columns=["target_text", "measure_unit", "weight_basis"])
    beside = [  # a target in words has no unit, or a known one; so has a row whose weight was not found in its column
        isinstance(unit, str)
        and not unit_kind(unit)
        and not is_nil(unit)
        and ((isinstance(text, str) and not re.search(r"\d", text) and len(unit) > 1) or basis == "inferred")
        for text, unit, basis in columns.itertuples(index=False)
    ]
    odd = table.indicators[unknown_units(table.indicators) | pd.Series(beside, table.indicators.index, dtype=bool)]
    return [
        (n, f"度量单位“{unit}”不像单位，单元格可能错位")
        for n, unit in zip(odd["project_no"], odd["measure_unit"], strict=True)
    ]


@doubt("rows")
def two_measures(table: "Table") -> Subjects:
    """A target carries a unit of its own, and the column of units prints another."""
    columns = table.indicators[["project_no", "target_text", "measure_unit"]]
    return [
        (n, f"指标值“{text}”自带的单位与度量单位“{unit}”不同")
        for n, text, unit in columns.itertuples(index=False)
        if isinstance(text, str)
        and isinstance(unit, str)
        and (own := parse_target(text).unit)
        and unit_kind(own)
        and fold(own) != fold(unit)
    ]


@doubt("values")
def cut_targets(table: "Table") -> Subjects:
    """A target that only the end of a number looks like (00)."""
    targets = table.indicators[["project_no", "target_text"]].dropna()
    return [
        (n, f"指标值印为“{text}”：不像完整的数")
        for n, text in targets.itertuples(index=False)
        if _CUT_NUMBER.fullmatch(text)
    ]


@doubt("values")
def fractions_in_percent(table: "Table") -> Subjects:
    """A rate of nearly one whole beside the unit %: in a workbook its cell may have lost the format of a percentage."""
    columns = table.indicators[["project_no", "name", "comparator", "target_value", "measure_unit"]].dropna()
    return [
        (n, f"“{name}”的指标值印为 {plain(value)}，度量单位是 %：可能是小数写的百分数")
        for n, name, sign, value, unit in columns.itertuples(index=False)
        if unit in ("%", "％", "百分比")
        and sign in ("≥", "=", ">")
        and LEAST_WHOLE <= value <= 1
        and _WHOLE_RATE.search(name)
    ]


@doubt("rows")
def names_in_one_cell(table: "Table") -> Subjects:
    """A merged cell of names with a line for each of its rows, in a column whose other names are wider: the lines are
    names of several indicators."""
    rows = table.rows
    if "name_over" not in rows or rows["name_over"].isna().all():
        return []
    covered = rows.dropna(subset="name_over").value_counts(["project_no", "name_over"])
    others = rows.loc[~rows["name"].isin(rows["name_over"]), "name"].dropna()
    widest = max((len(line) for name in others for line in name.split("\n")), default=0)
    return [
        (int(n), f"合并单元格里印有“{name.replace(chr(10), '｜')}”，行数与所盖的行数相同：可能是几条指标的名称")
        for (n, name), count in covered.items()
        if len(lines := name.split("\n")) == count + 1 and max(map(len, lines[:-1])) < widest
    ]


@doubt("characters")
def unread_characters(table: "Table") -> Subjects:
    """Characters that the document's font does not map; one in a project's own cells may be its name or code, and puts
    the document in doubt."""
    words = "有字符无法识别（字体没有对应的文字，显示为 �），请对照原件"
    of_projects, of_rows = _with_unread(table.projects), _with_unread(table.indicators)
    whole = [(None, f"{len(of_projects)} 个项目{words}")] if of_projects else []
    return [*whole, *((n, words) for n in [*of_projects, *of_rows])]


def _with_unread(frame: pd.DataFrame) -> list[int]:
    columns = [frame[name].tolist() for name in frame.select_dtypes(["object", "str"])]
    texts = zip(frame["project_no"], *columns, strict=True)
    return sorted({int(n) for n, *row in texts if any(isinstance(text, str) and "\ufffd" in text for text in row)})


@doubt("values")
def not_read(table: "Table") -> Subjects:
    """Something is printed in a column of numbers or signs that is none: it stays as printed, without a value."""
    return [
        (
            u.project_no,
            f"第 {u.page} 页"
            + (f"第 {u.indicator_no} 条指标" if u.indicator_no else "")
            + f"“{field_title(u.field)}”印为“{u.printed}”：{u.why}",
        )
        for u in table.unread
    ]


@doubt("values")
def number_on_two_lines(table: "Table") -> Subjects:
    """A number read over a line break: without a grouping or a printed sum that proves it, the lines may hold two numbers."""
    if table.printed.moved:  # lines of a text are broken anywhere
        return []
    sums = table.checks[table.checks["check"].eq("total")]
    proven = {"budget_wan_yuan"} if table.total is not None and sums["passed"].all() else set()
    joined = table.repairs[table.repairs["field"].isin(_MEASURED - proven)]
    return [
        (n, f"第 {page} 页“{field_title(field)}”分两行印为“{'｜'.join(printed.split())}”，读作一个数：可能是两个数")
        for n, page, field, printed in joined[["project_no", "page", "field", "printed"]].itertuples(index=False)
        if isinstance(printed, str)
        and _TWO_LINES.fullmatch(printed)
        and parse_number(printed.replace("\n", " ")) is None
    ]


@doubt("projects")
def swallowed_amount(table: "Table") -> Subjects:
    """The amount that the total leaves for a project stands at an end of one of its texts: the two cells ran together."""
    filled = table.repairs.loc[table.repairs["rule"].eq("amount_by_total"), "project_no"]
    rows = table.projects[table.projects["project_no"].isin(filled)]
    columns = ["project_no", "budget_wan_yuan", "project_name", "category_name", "objective"]
    return [
        (n, f"“{text}”里有按合计推得的预算数：两格可能连在一起")
        for n, budget, *texts in rows[columns].itertuples(index=False)
        for text in texts
        if isinstance(text, str) and budget in _amounts_at_ends(text, table.printed.amount_unit)
    ]


def _amounts_at_ends(text: str, unit: str) -> set[Decimal | None]:
    """Every amount as which the figures may be read that a text begins or ends with (those of 12.502024年 in three ways).

    >>> Decimal("12.5") in _amounts_at_ends("12.502024年养护", "万元"), _amounts_at_ends("特定目标类7", "万元")
    (True, {Decimal('7')})
    """
    first, last = re.match(r"[\d,.]*", text)[0], re.search(r"[\d,.]*$", text)[0]
    options = [first[:k] for k in range(1, len(first) + 1)] + [last[k:] for k in range(len(last))]
    return {parse_amount(option, unit) for option in options} - {None}


@doubt("budget")
def more_spent_than_inferred(table: "Table") -> Subjects:
    """A budget that follows from the total is less than what was spent of it: the amount, or the total, may stand in the
    other column."""
    inferred = table.repairs.loc[table.repairs["rule"] == "amount_by_total", "project_no"]
    projects = table.projects[table.projects["project_no"].isin(inferred)]
    both = projects[["project_no", "budget_wan_yuan", "executed_wan_yuan"]].dropna()
    return [
        (int(n), f"预算数按合计推得 {budget} 万元，少于印出的执行数 {spent} 万元：金额可能错列")
        for n, budget, spent in both.itertuples(index=False)
        if spent > budget
    ]


@doubt("budget")
def executed_of_nothing(table: "Table") -> Subjects:
    """A project for which an amount spent or a rate of it is printed, but no budget: that may have been lost."""
    projects = table.projects
    spent = projects[["executed_wan_yuan", "execution_rate"]].notna().any(axis=1)
    return [
        (int(n), "印有执行数或执行率，没有读到预算数：可能漏读")
        for n in projects.loc[spent & projects["budget_wan_yuan"].isna(), "project_no"]
    ]


@doubt("values")
def dittos(table: "Table") -> Subjects:
    """A cell that only says "the same as above"."""
    return [
        (n, f"有单元格只印“{text}”，没有代入")
        for frame in (table.projects, table.indicators)
        for column in DITTO_IN
        if column in frame
        for n, text in zip(frame["project_no"], frame[column], strict=True)
        if isinstance(text, str) and _DITTO.fullmatch(text)
    ]


@doubt("values")
def marks_of_going_on(table: "Table") -> Subjects:
    """A name with a mark that it goes on from above (卫健局（续）), where above it is not the same: a part of it may be."""
    return [
        (n, f"“{text}”印有接续的标记，上文没有同样的名称")
        for frame, column in (
            (table.projects, "unit_name"),
            (table.projects, "project_name"),
            (table.indicators, "name"),
        )
        for n, text in zip(frame["project_no"], frame[column], strict=True)
        if isinstance(text, str)
        and GOES_ON_IN_BRACKETS.search(text)
        and (column != "project_name" or re.search("[页表]", text))  # the second stage of a project is called 续 too
    ]


@doubt("columns")
def no_measures(table: "Table") -> Subjects:
    """The heads print a column of units of measure in which no target that is a number has any."""
    numbers = table.indicators[table.indicators["target_value"].notna()]
    if "measure_unit" not in table.printed.heads or numbers["measure_unit"].notna().any() or len(numbers) < FEW:
        return []
    return [(None, f"表头印有“{table.printed.heads['measure_unit']}”，是数的指标值都没有：可能整列没有读到")]


@doubt("total")
def unread_total(table: "Table") -> Subjects:
    """A sum is printed whose amount cannot be read: nothing can be checked by it."""
    sums = table.printed.sums
    texts = sums.loc[sums["kind"].isin(["total", "subtotal"]), "amount"]
    return [
        (None, f"合计或小计印为“{text}”，不是可读的金额，不能据此核对")
        for text in texts
        if not is_nil(text) and parse_amount(text, table.printed.amount_unit or "元") is None
    ]


@doubt("amount_unit")
def implausible_unit(table: "Table") -> Subjects:
    """The unit of money as printed does not fit the amounts: a text names a project's amount in another unit, or most
    amounts are smaller or larger than budgets of projects are."""
    budgets = table.projects[["project_no", "budget_wan_yuan", "objective"]].dropna(subset="budget_wan_yuan")
    budgets = budgets[budgets["budget_wan_yuan"].map(bool)]
    if table.printed.amount_unit is None or budgets.empty:
        return []
    found: Subjects = []
    for number, budget, text in budgets.itertuples(index=False):
        named = amounts_in(text) if isinstance(text, str) else set()
        each = isinstance(text, str) and _EACH.search(text)  # 每所12.5万元 of ten
        other = [a for a in named if a in (budget * WAN, budget / WAN) or (not each and _same_figures(a, budget, 3))]
        if other and budget not in named:
            found.append(
                (
                    number,
                    f"绩效目标中写有 {other[0]:f} 万元，预算数按“{table.printed.amount_unit}”读为 {budget:f} 万元：金额单位可疑",
                )
            )
    tiny = budgets[budgets["budget_wan_yuan"].abs() < LEAST_OF_ONE]
    found += [
        (n, f"按“{table.printed.amount_unit}”读，预算数只有 {b * WAN:f} 元：金额单位可疑")
        for n, b in tiny[["project_no", "budget_wan_yuan"]].itertuples(index=False)
    ]
    median = sorted(budgets["budget_wan_yuan"])[len(budgets) // 2]
    if not LEAST_USUAL <= median <= MOST_USUAL:
        found.append((None, f"按“{table.printed.amount_unit}”读，各项目预算数的中位数为 {median:f} 万元：金额单位可疑"))
    return found


@doubt("amount_unit")
def far_budgets(table: "Table") -> Subjects:
    """A project's budget is of another order than what else is printed of money, and no sum proves it: a thousand times
    all others, or in the same figures a smaller amount than its own costs."""
    sums = table.checks.loc[table.checks["check"].isin(["total", "subtotal"]), "passed"]
    budgets = {int(n): b for n, b in table.projects[["project_no", "budget_wan_yuan"]].dropna().itertuples(index=False)}
    summed = budgets.keys() if table.total is not None else {n for covered in table.subtotals for n in covered.projects}
    if len(sums) and sums.all() and summed >= budgets.keys():
        return []
    largest = sorted(budgets.values(), reverse=True)[:2]
    far = len(largest) > 1 and largest[0] > FARTHEST * largest[1] > 0
    words = f"预算数 {{:f}} 万元，超过其他各项的 {FARTHEST} 倍：金额单位可疑"
    found = [(n, words.format(b)) for n, b in budgets.items() if far and b == largest[0]]
    columns = table.indicators[["project_no", "name", "target_value", "measure_unit"]].dropna()
    for number, name, value, unit in columns[columns["measure_unit"].isin(["元", "万元"])].itertuples(index=False):
        cost, budget = value if unit == "万元" else value / WAN, budgets.get(number)
        if budget and cost > budget and _same_figures(cost, budget, 2):
            found.append((number, f"“{name}”为 {plain(cost):f} 万元，预算数只有 {budget:f} 万元，数字相同而位数不同"))
    return found


def _same_figures(one: Decimal, other: Decimal, least: int) -> bool:
    """Whether two amounts differ only in where the point stands, by no fewer figures than `least`.

    >>> _same_figures(Decimal("12.5"), Decimal(125), 3), _same_figures(Decimal(30), Decimal(3), 2)
    (True, False)
    """
    return one != other and figures_of(one) == figures_of(other) and len(figures_of(one)) >= least


@doubt("amount_unit")
def unit_of_one_cell(table: "Table") -> Subjects:
    """A cell prints a unit of its own, as others do not, and no total proves it: a smaller one than the column's (12.5元
    under 万元), or a larger one by which it is far above the others, or before which it is no smaller than they: it may be a slip."""
    printed = table.printed
    totals = table.checks.loc[table.checks["check"].eq("total"), "passed"]
    if printed.amount_unit is None or (len(totals) and totals.all()):
        return []
    texts = printed.anchors["budget"].dropna()
    own = texts.map(lambda text: bool(_OWN_UNIT.search(text))).astype(bool)
    others = [a for text in texts[~own] if (a := parse_amount(text, printed.amount_unit))]
    words = f"别的各项没有单位，按“{printed.amount_unit}”读：单位可疑"
    return [
        (int(table.structure.group[i]), f"预算数印为“{text}”，{words}")
        for i, text in texts[own].items()
        if others
        and (there := parse_amount(_OWN_UNIT.sub("", text), printed.amount_unit))
        and (here := parse_amount(text)) != there
        and (here < there or there >= min(others) or here > FAR * max(others))
    ]


@doubt("guess")
def guesses(table: "Table") -> Subjects:
    """A guess never stands without a failed check."""
    guessed = table.repairs[table.repairs["grade"] == "guess"].dropna(subset="project_no")
    columns = guessed[["project_no", "indicator_no", "page", "field", "evidence"]]
    return [
        (
            n,
            f"第 {page} 页"
            + (f"第 {int(i)} 条指标" if pd.notna(i) else "")
            + f"“{field_title(field)}”的读法是推测：{words}",
        )
        for n, i, page, field, words in columns.itertuples(index=False)
    ]


@doubt("values")
def results_with_signs(table: "Table") -> Subjects:
    """A result that prints the comparator which its target lacks: the two columns may be exchanged."""
    rows = table.indicators.reindex(columns=["project_no", "comparator", "target_value", "actual_text", "page", "row"])
    return [
        (n, f"第 {page} 页第 {row} 行的完成值“{actual}”印有比较符，指标值没有：两栏可能颠倒")
        for n, sign, value, actual, page, row in rows.itertuples(index=False)
        if isinstance(actual, str) and actual[:1] in "≥≤＞＜><" and not isinstance(sign, str) and pd.notna(value)
    ]


@doubt("amount_unit")
def no_amount_unit(table: "Table") -> Subjects:
    """Amounts are printed, but not whether they are 元 or 万元."""
    printed = table.printed.anchors["budget"].notna().any()
    if table.printed.amount_unit is None and printed and table.projects["budget_wan_yuan"].isna().any():
        return [(None, "没有印出金额单位（元或万元），金额未换算、留空")]
    return []
