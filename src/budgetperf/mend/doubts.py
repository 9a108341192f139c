"""What a mended table leaves in doubt: small functions, each a failed check with its subjects and its words.

A doubt is laid down with `@doubt(check)`: it looks at a Table and returns (project number or None, note) for every
subject it doubts; None puts the document as a whole in doubt. `tests/test_doubts.py` holds for each the smallest
document that has it, and a neighbour that has not.
"""

import itertools
import re
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd

from budgetperf.field.notation import WAN, amounts_in, parse_amount, parse_target, split_code
from budgetperf.field.printing import is_nil
from budgetperf.field.vocabulary import fold, is_undivided, level1_name, level2_name, names_body, unit_kind
from budgetperf.mend import reconciliation
from budgetperf.mend.indicator_cells import unknown_units
from budgetperf.mend.structure import ambiguous, shaken

if TYPE_CHECKING:
    from budgetperf.mend.table import Table

MOSTLY = 0.7  # of the levels
LEAST_USUAL, MOST_USUAL = Decimal("0.5"), Decimal(200_000)  # 万元: the middle one of a table's budgets (ours)
_CODE_INSIDE = re.compile("[0-9A-Z]{12,}")
# 稳定性, 确定性 … are words of their own; any other name that ends so has swallowed the comparator
_LEVEL2 = "(?:数量|质量|时效|成本|经济效益|社会效益|生态效益|可持续影响)指标"
_SIGN_BEHIND = re.compile(f"(?:[≥≤=<>＝≧≦]|(?<![稳确固特法一否肯规既限恒])定性)$|^{_LEVEL2}$")
_LEVEL_BEFORE = re.compile(f"(?:{_LEVEL2}|(?:经济|社会|生态)效益|可持续影响)(?=[\u4e00-\u9fff]{{3}})")
PIECES = {"unit": "单位名称", "project": "项目名称", "category": "项目类别", "objective": "绩效目标"}
STOPS = ("。", "；", "！", "）")
SHORT_PIECE = 15  # characters
SHORT_UNIT = 3  # characters
MUCH = Decimal("1.3")  # times the total, from which weights are those of more than one project

Subjects = list[tuple[int | None, str]]
DOUBTS: list[tuple[str, Callable[["Table"], Subjects]]] = []


def doubt(check: str):
    """Lay down a doubt under the name of the check that it fails; they are asked in the order of this file."""

    def lay_down(function):
        DOUBTS.append((check, function))
        return function

    return lay_down


def doubts(table: "Table") -> pd.DataFrame:
    """The failed checks of everything that is in doubt in a table."""
    return reconciliation.doubts([(check, function(table)) for check, function in DOUBTS])


@doubt("borders")
def two_divisions(table: "Table") -> Subjects:
    """The rows can be divided among the projects in two ways that are equally good."""
    return [(n, "项目的起止行有两种同样可能的划分") for n in ambiguous(table.structure)]


@doubt("borders")
def neighbour_fails(table: "Table") -> Subjects:
    """The project's border was found from weights of a neighbour that do not add up."""
    failed = table.checks[~table.checks["passed"].astype(bool)]
    failing = set(failed.loc[failed["check"].isin(["weights", "level1_shares"]), "project_no"].dropna().astype(int))
    return [(n, "相邻项目的分值不符，本项目的起止行随之存疑") for n in shaken(table.structure, failing)]


@doubt("borders")
def off_in_page(table: "Table") -> Subjects:
    """A project begins on another row than its cell, in the midst of a page, where print does not move cells."""
    if table.printed.typed:  # beside any row of their project
        return []
    moved = sorted({m for n in table.structure.off_in_page for m in (n - 1, n) if m})
    return [(n, "项目单元格不在页首，起始行却不在其旁：分值或行可能有误") for n in moved]


@doubt("borders")
def begins_again(table: "Table") -> Subjects:
    """The last project's levels alone begin anew, and no total says that none is missing: the text may break off."""
    if not table.printed.moved or table.total is not None:
        return []
    levels = table.indicators.groupby("project_no")["level1"].agg(list)
    anew = {n for n, names in levels.items() if ("满意度指标", "产出指标") in itertools.pairwise(names)}
    words = "指标层级在末尾重新开始，文字可能断在下一个项目之中"
    return [(n, words) for n in anew if anew == {levels.index.max()}]


@doubt("projects")
def two_in_one(table: "Table") -> Subjects:
    """A project's weights by far exceed the total: it holds rows of another, whose cells were lost."""
    total = table.structure.total
    if total is None:
        return []
    checks = table.checks[table.checks["check"] == "weights"]
    pages = table.projects.set_index("project_no")["page"]
    return [
        (None, f"第 {pages[n]} 页有一个项目的分值之和远超 {total}，可能混有另一个项目的行，其项目单元格没有读到")
        for n, actual in zip(checks["project_no"], checks["actual"], strict=True)
        if actual and Decimal(actual) >= total * MUCH
    ]


@doubt("weights")
def total_unsure(table: "Table") -> Subjects:
    """Too few projects share a sum of weights for it to be the document's."""
    printed = table.checks[table.checks["check"] == "weight_sum"]
    summed = len(printed) >= len(table.projects) and printed["passed"].all()  # 合计 under each project says the same
    if table.structure.total_is_sure or summed:
        return []
    return [(None, f"只有很少项目的分值之和为 {table.structure.total}，不足以断定它是全文的共同合计")]


@doubt("project_cell")
def unnamed_rows(table: "Table") -> Subjects:
    """Rows of a project whose own cells were not found."""
    return [(n, "这些指标行上没有找到项目名称和金额的单元格") for n in table.structure.unnamed]


@doubt("cut_digits")
def open_code(table: "Table") -> Subjects:
    """A project code cut by a page break can be read in several ways."""
    return [(n, "分页切断的编码有多种读法，不能确定") for n in table.open_codes]


@doubt("cut_digits")
def open_amount(table: "Table") -> Subjects:
    """An amount cut by a page break can be read in several ways."""
    return [(n, "分页切断的金额有多种读法，勾稽不能确定") for n in table.open_amounts]


@doubt("unit")
def open_unit(table: "Table") -> Subjects:
    """Of several units, the print does not tell to which the project belongs."""
    return [(n, "印有几个单位，本项目属于哪一个不能由版面或小计确定") for n in table.open_units]


@doubt("unit")
def short_unit(table: "Table") -> Subjects:
    """A unit's name so short, and so unlike a body's, that only a part of it can have been read; or, where cells moved,
    a text without a code that no body is named like: a stray cell."""
    units = table.projects[["project_no", "unit_name", "unit_code"]].itertuples(index=False)
    return [
        (number, f"单位名称“{name}”可能不全或不是单位")
        for number, name, code in units
        if isinstance(name, str)
        and (len(name) <= SHORT_UNIT or not names_body(name))
        and ((len(name) <= SHORT_UNIT and not names_body(name)) or (table.printed.moved and not isinstance(code, str)))
    ]


@doubt("projects")
def odd_names(table: "Table") -> Subjects:
    """A project's name that holds a code, an indicator's that ends in a sign, or is a level's or a unit of measure: cells
    ran together or moved."""
    found: Subjects = []
    for frame, column, odd in (
        (table.projects, "project_name", _CODE_INSIDE),
        (table.indicators, "name", _SIGN_BEHIND),
    ):
        for number, name in zip(frame["project_no"], frame[column].tolist(), strict=True):
            if isinstance(name, str) and (odd.search("".join(name.split())) or unit_kind(name)):
                found.append((number, f"名称“{name}”可能是单元格连在一起或错位"))
    return found


@doubt("values")
def negative_amounts(table: "Table") -> Subjects:
    """A budget below zero: a sign may be a stroke of print."""
    budgets = zip(table.projects["project_no"], table.projects["budget_wan_yuan"], strict=True)
    return [
        (number, f"预算数为负（{budget:f} 万元）") for number, budget in budgets if budget is not None and budget < 0
    ]


@doubt("levels")
def only_upper_levels(table: "Table") -> Subjects:
    """All that stands as level 2 are names of a level 1 as well: the column of level 2 may have been lost."""
    printed = set(table.printed.rows["level2"].dropna()) if table.printed.moved else set()
    lost = printed and all(level1_name(text) for text in printed) and len(table.indicators) > 2 * len(table.projects)
    return [(None, "二级指标只印有一级指标的名称，可能整列没有读到")] if lost else []


@doubt("project_cell")
def piece_in_a_page(table: "Table") -> Subjects:
    """A text in the midst of a page was taken for a further piece of a project's cell, which no page break divides
    there: where rows have lost their columns, a stray cell may look like one."""
    if not table.printed.moved:
        return []
    anchors = table.printed.anchors.reindex(columns=["page", "row", *PIECES]).assign(project_no=table.structure.group)
    opens = anchors["row"].eq(anchors.groupby("page")["row"].transform("min"))
    units = set(table.projects["unit_name"].dropna())
    found = []
    for field, words in PIECES.items():
        printed = anchors.loc[anchors[field].map(lambda text: isinstance(text, str)), [field, "project_no"]]
        if field == "unit":  # one unit covers many projects: a code of its own or a whole name begins another
            begins = printed[field].map(lambda text: _has_code(text) or "".join(text.split()) in units)
            again = ~begins.astype(bool) & (printed.index > printed.index.min())
        else:
            again = printed.duplicated("project_no")
        odd = printed[again & ~opens[printed.index]]
        found += [
            (None if field == "unit" else n, f"“{text}”不在页首，却读作{words}的后一段：单元格可能错位")
            for text, n in odd.itertuples(index=False)
        ]
    return found


@doubt("project_cell")
def piece_too_many(table: "Table") -> Subjects:
    """A text that follows over a page break upon a unit's name or a sentence that was whole before it."""
    if not table.printed.moved:
        return []
    anchors = table.printed.anchors.reindex(columns=list(PIECES)).assign(project_no=table.structure.group)
    found = []
    for n, texts in anchors.groupby("project_no")["objective"]:
        pieces = ["".join(text.split()) for text in texts if isinstance(text, str)]
        found += [
            (n, f"绩效目标已有句号，后面又接“{lower}”：单元格可能错位")
            for upper, lower in itertools.pairwise(pieces)
            if upper.endswith(STOPS) and not lower.endswith(STOPS) and len(lower) < SHORT_PIECE
        ]
    units = [(n, text) for n, text in zip(anchors["project_no"], anchors["unit"], strict=True) if isinstance(text, str)]
    coded = any(_has_code(text) for _, text in units)
    return found + [
        (None, f"单位名称已经完整，后面又接“{text}”：单元格可能错位")
        for (_, above), (_, text) in itertools.pairwise(units)
        if coded and names_body(above) and not names_body(text) and not _has_code(text)
    ]


def _has_code(text: str) -> bool:
    return bool(split_code("".join(text.split())).code)


@doubt("columns")
def unread_columns(table: "Table") -> Subjects:
    """What the layout could not read: columns under a head that no field takes, and the like."""
    return [(None, words) for words in table.printed.doubts]


@doubt("rows")
def odd_measures(table: "Table") -> Subjects:
    """A unit of measure that looks like none: a cell may stand in the wrong column."""
    columns = table.indicators.reindex(columns=["target_text", "measure_unit"])
    beside_words = [  # a target in words has no unit, or a known one
        isinstance(text, str)
        and isinstance(unit, str)
        and not re.search(r"\d", text)
        and len(unit) >= SHORT_UNIT
        and not unit_kind(unit)
        and not is_nil(unit)
        for text, unit in columns.itertuples(index=False)
    ]
    odd = table.indicators[
        unknown_units(table.indicators) | pd.Series(beside_words, table.indicators.index, dtype=bool)
    ]
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
            + f" {u.field} 印为“{u.printed}”：{u.why}",
        )
        for u in table.unread
    ]


@doubt("levels")
def swallowed_level(table: "Table") -> Subjects:
    """A name that begins with a level 2 other than the one it was given for want of its own: the two cells ran together."""
    filled = table.repairs[table.repairs["field"].eq("level2") & table.repairs["rule"].eq("fill_merged")]
    without = set(zip(filled["project_no"], filled["indicator_no"], strict=True))
    rows = table.indicators[["project_no", "indicator_no", "level2", "name"]].dropna()
    return [
        (n, f"名称“{name}”以二级指标“{found[0]}”开头，本行却归在“{level2}”：两格可能连在一起")
        for n, number, level2, name in rows.itertuples(index=False)
        if (n, number) in without and (found := _LEVEL_BEFORE.match(name)) and level2_name(found[0]) != level2
    ]


@doubt("levels")
def odd_levels(table: "Table") -> Subjects:
    """A level outside the taxonomy in a document whose levels are else all of it."""
    found: dict[tuple[int, str], None] = {}
    for field, canonical in (("level1", level1_name), ("level2", level2_name)):
        rows = table.indicators
        if field == "level2":  # under a level 1 that the taxonomy does not divide (决策, 过程) there are no known names
            rows = rows[~rows["level1"].map(is_undivided, na_action="ignore").eq(True)]
        texts = rows[["project_no", field]].dropna()
        known = texts[field].map(lambda text, canonical=canonical: canonical(text) is not None).astype(bool)
        if len(known) and known.mean() > MOSTLY:
            found |= dict.fromkeys(texts[~known].itertuples(index=False, name=None))
    return [(n, f"“{text}”不在指标体系之内，本表其他指标都在：可能读错或印错") for n, text in found]


@doubt("weights")
def no_weights(table: "Table") -> Subjects:
    """The heads print a column of weights in which no row has any: the sums prove nothing, borders neither."""
    if "weight" not in table.printed.heads or table.rows["weight"].notna().any():
        return []
    return [(None, f"表头印有“{table.printed.heads['weight']}”，各行都没有分值：项目的起止行无从核对")]


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
        other = [a for a in named if a in (budget * WAN, budget / WAN)]
        if other and budget not in named:
            found.append(
                (
                    number,
                    f"绩效目标中写有 {other[0]:f} 万元，预算数按“{table.printed.amount_unit}”读为 {budget:f} 万元：金额单位可疑",
                )
            )
    median = sorted(budgets["budget_wan_yuan"])[len(budgets) // 2]
    if not LEAST_USUAL <= median <= MOST_USUAL:
        found.append((None, f"按“{table.printed.amount_unit}”读，各项目预算数的中位数为 {median:f} 万元：金额单位可疑"))
    return found


@doubt("guess")
def guesses(table: "Table") -> Subjects:
    """A guess never stands without a failed check."""
    guessed = table.repairs[table.repairs["grade"] == "guess"].dropna(subset="project_no")
    columns = guessed[["project_no", "indicator_no", "page", "field", "evidence"]]
    return [
        (n, f"第 {page} 页" + (f"第 {int(i)} 条指标" if pd.notna(i) else "") + f" {field} 的读法是推测：{words}")
        for n, i, page, field, words in columns.itertuples(index=False)
    ]


@doubt("amount_unit")
def no_amount_unit(table: "Table") -> Subjects:
    """Amounts are printed, but not whether they are 元 or 万元."""
    printed = table.printed.anchors["budget"].notna().any()
    if table.printed.amount_unit is None and printed and table.projects["budget_wan_yuan"].isna().any():
        return [(None, "没有印出金额单位（元或万元），金额未换算、留空")]
    return []
