"""Doubts about the levels of indicators."""

import itertools
import re
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from budgetperf.field.categories import is_known_category
from budgetperf.field.taxonomy import is_filed_apart, is_undivided
from budgetperf.field.vocabulary import level1_name, level1_of, level2_name, unit_kind, vocabulary
from budgetperf.mend.doubts.of_projects import LEVEL2
from budgetperf.mend.doubts.registry import Subjects, doubt

if TYPE_CHECKING:
    from budgetperf.mend.table import Table

MOSTLY = 0.7  # of the levels
LEVELS = {"level1": "一级指标", "level2": "二级指标"}
COSTS = ("成本指标",)  # a level 1 or a level 2
FEW = 3  # rows too few to say anything of a column
_LEVEL_BEFORE = re.compile(
    f"(?:{LEVEL2}|(?:经济|社会|生态)效益|可持续影响|服务对象满意度(?:指标)?)(?=[\u4e00-\u9fff]{{3}})"
)
_LEVEL_BEHIND = re.compile(r"[。；！]\s*((?:产出|效益|满意度|成本)指标)\s*$")


@doubt("levels")
def swallowed_level(table: "Table") -> Subjects:
    """A name that begins with a level 2 other than the one it was given for want of its own: the two cells ran together."""
    filled = table.repairs[table.repairs["field"].eq("level2") & table.repairs["rule"].eq("fill_merged")]
    only = filled["evidence"].str.contains("只有这一种", regex=False)  # the level 2 of its level 1: it may be its own
    without = dict(zip(zip(filled["project_no"], filled["indicator_no"], strict=True), only, strict=True))
    rows = table.indicators[["project_no", "indicator_no", "level2", "name"]].dropna()
    return [
        (n, f"名称“{name}”以二级指标“{found[0]}”开头，本行却归在“{level2}”：两格可能连在一起")
        for n, number, level2, name in rows.itertuples(index=False)
        if (n, number) in without
        and (found := _LEVEL_BEFORE.match(name))
        and (level2_name(found[0]) != level2 or without[n, number])
    ]


@doubt("levels")
def level_behind_objective(table: "Table") -> Subjects:
    """A goal with the name of a level 1 behind its last sentence: the two cells ran together."""
    goals = table.projects[["project_no", "objective"]].dropna()
    return [
        (n, f"绩效目标以“{found[1]}”结尾，前面的句子已经完整：一级指标可能连在后面")
        for n, text in goals.itertuples(index=False)
        if (found := _LEVEL_BEHIND.search(text))
    ]


@doubt("levels")
def level_for_category(table: "Table") -> Subjects:
    """A project's category is the name of a level, or a printed level that of a category: the cells may have changed
    places, of which the sums know nothing."""
    projects = table.projects[["project_no", "category_name"]].dropna()
    found = [
        (n, f"项目类别印为“{text}”，是指标层级的名称：两格可能互换")
        for n, text in projects.itertuples(index=False)
        if level1_name(text) or level2_name(text)
    ]
    for field, words in LEVELS.items():
        printed = table.indicators[["project_no", f"{field}_printed"]].dropna().drop_duplicates()
        found += [
            (n, f"{words}印为“{text}”，是项目类别的名称：两格可能互换")
            for n, text in printed.itertuples(index=False)
            if is_known_category(text)
        ]
    return found


@doubt("levels")
def filled_against_name(table: "Table") -> Subjects:
    """A satisfaction that took its blank levels from a row above that is of another: its own cells may have been lost."""
    filled = table.repairs[table.repairs["field"].eq("level1") & table.repairs["rule"].eq("fill_merged")]
    without = set(zip(filled["project_no"], filled["indicator_no"], strict=True))
    rows = table.indicators[["project_no", "indicator_no", "level1", "level2", "name"]].dropna()
    return [
        (n, f"“{name}”没有印出层级，沿用上一行的“{level1}/{level2}”，名称却像满意度指标")
        for n, number, level1, level2, name in rows.itertuples(index=False)
        if (n, number) in without and level1_name(level1) != "满意度指标" and re.search("满意(?:度|率)$", name)
    ]


@doubt("levels")
def filled_under_costs(table: "Table") -> Subjects:
    """A row of a text that took its blank levels from a cost above it, and asks for no less than a number of people or
    things: it may belong to the level below, the rows having changed places."""
    if not table.printed.moved:
        return []
    filled = table.repairs[table.repairs["field"].eq("level2") & table.repairs["rule"].eq("fill_merged")]
    without = set(zip(filled["project_no"], filled["indicator_no"], strict=True))
    rows = table.indicators[["project_no", "indicator_no", "level2", "comparator", "measure_unit", "name"]].dropna()
    return [
        (n, f"“{name}”没有印出层级，沿用上一行的“{level2}”，却是{sign}若干{unit}：可能错行")
        for n, number, level2, sign, unit, name in rows.itertuples(index=False)
        if (n, number) in without
        and "成本" in level2
        and sign in ("≥", ">")
        and unit_kind(unit) in ("people", "things")
    ]


@doubt("levels")
def filled_apart(table: "Table") -> Subjects:
    """A row of a text that took its blank levels from the row above it stands under another level 1 than its name in every
    other project: the rows may have changed places."""
    if not table.printed.moved:
        return []
    filled = table.repairs[table.repairs["field"].eq("level2") & table.repairs["rule"].eq("fill_merged")]
    without = set(zip(filled["project_no"], filled["indicator_no"], strict=True))
    rows = table.indicators[["project_no", "indicator_no", "level1", "name"]].dropna()
    places: dict[str, dict[str, set]] = {}  # name → level 1 → projects that have it there
    for n, _, level1, name in rows.itertuples(index=False):
        places.setdefault(name, {}).setdefault(level1, set()).add(n)
    found = []
    for n, number, level1, name in rows.itertuples(index=False):
        if (n, number) not in without:
            continue
        elsewhere = (level for level, projects in places[name].items() if len(projects) > (n in projects))
        others = list(itertools.islice(elsewhere, 2))
        if len(others) == 1 and level1 not in others:
            found.append((n, f"“{name}”没有印出层级，沿用上一行而归在“{level1}”，别的项目都在“{others[0]}”：可能错行"))
    return found


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
        outside = list(texts[~known].itertuples(index=False, name=None))
        found |= dict.fromkeys(odd for odd in outside if _are_two(odd[1], canonical))
        if len(known) and known.mean() > MOSTLY:
            found |= dict.fromkeys(outside)
        elif field == "level1" and texts.loc[known, field].nunique() > texts.loc[~known, field].nunique():
            inside = (
                rows["level2"].map(level2_name, na_action="ignore").notna()
            )  # it covers most rows: what is under it
            odd = inside[texts[~known].index].groupby([rows["project_no"], rows["level1"]]).all()
            found |= dict.fromkeys(odd.index[odd])
    return [(n, f"“{text}”不在指标体系之内，本表其他指标都在：可能读错或印错") for n, text in found]


@doubt("levels")
def levels_of_another_table(table: "Table") -> Subjects:
    """Levels outside the taxonomy whose rows have no level 2, in a project whose other rows have both: another table may go
    on below it."""
    rows = table.indicators
    outside = rows["level1"].notna() & rows["level1"].map(level1_name, na_action="ignore").isna()
    none = rows["level2"].isna() | rows["level2"].eq(rows["name"])  # one cell over both columns
    other = outside & none
    plain = (~outside & ~none).groupby(rows["project_no"]).any()
    own = other.groupby(rows["project_no"]).sum()[plain]
    words = "条指标的一级指标不在指标体系之内，也没有二级指标，别的行都有：可能是另一张表的"
    return [(int(n), f"{count} {words}") for n, count in own.items() if count]


@doubt("levels")
def name_over_level2(table: "Table") -> Subjects:
    """A name whose cell covers the column of level 2 as well: whether a level 2 is printed is not sure."""
    if "level2_cell" not in table.rows:
        return []
    rows = table.rows[(table.rows["level2_cell"] == table.rows["cell"]) & ~table.rows["execution"]]
    return [
        (n, f"“{name}”一格横跨二级、三级指标两列：二级指标没有另外印出")
        for n, name in rows.loc[rows["level2"].map(level2_name).isna(), ["project_no", "name"]].itertuples(index=False)
    ]


def _are_two(text: str, canonical: Callable) -> bool:
    """Whether a text is two names of levels run together.

    >>> _are_two("时效指标社会效益指标", level2_name), _are_two("投入管理指标", level1_name)
    (True, False)
    """
    first, word, second = text.partition("指标")
    return bool(second and canonical(first + word) and canonical(second))


@doubt("levels")
def level2_lost(table: "Table") -> Subjects:
    """A blank level 2 that took the one above, where rows of one level 2 all print it or share a cell: its own may be lost."""
    if table.printed.moved:
        return []
    filled = table.repairs[table.repairs["field"].eq("level2") & table.repairs["rule"].eq("fill_merged")]
    filled = filled[~filled["evidence"].str.startswith("合并单元格跨页")]  # cut by the page, not lost
    rows = table.rows[["project_no", "level2"]]
    again = (rows.eq(rows.shift()) & rows.notna()).all(axis=1).sum()
    if not len(filled) or again < FEW * len(filled):
        return []
    words = "没有印二级指标，沿用上一行的；别的行各印各的或同在一格：可能漏了"
    return [(n, f"第 {i:.0f} 条指标{words}") for n, i in filled[["project_no", "indicator_no"]].itertuples(index=False)]


@doubt("levels")
def level2_blank(table: "Table") -> Subjects:
    """A row that prints the level 1 above it once more, as such rows do throughout, but no level 2: nothing is merged
    here that could cover it."""
    if "level1_cell" not in table.rows or table.printed.moved:
        return []
    rows = table.rows[["project_no", "level1", "level1_cell", "level2"]]
    above = rows.shift()
    again = rows["level1"].notna() & (rows["level1_cell"] != above["level1_cell"])
    again &= (rows["level1"] == above["level1"]) & (rows["project_no"] == above["project_no"])
    blank = again & rows["level2"].isna() & table.rows["name"].notna() & ~table.rows["execution"]
    if again.sum() < 2 * blank.sum():  # no more rows print both than lack one
        return []
    words = "有一行印了一级指标而没有印二级指标，沿用上一行的；别的行都各印各的：可能漏了"
    return [(int(n), words) for n in rows.loc[blank, "project_no"].unique()]


@doubt("levels")
def levels_exchanged(table: "Table") -> Subjects:
    """Most of what stands as level 1 are names of a level 2, and the other way round: the two heads may be exchanged."""
    rows = table.rows[["level1", "level2"]].dropna()
    wrong = [level1_name(a) is None and level2_name(a) and level1_name(b) for a, b in rows.itertuples(index=False)]
    return (
        [(None, "一级指标列多为二级指标的名称，二级指标列则相反：两列的表头可能印反")]
        if 2 * sum(map(bool, wrong)) > len(wrong)
        else []
    )


@doubt("levels")
def level1_returns(table: "Table") -> Subjects:
    """A level 1 that follows from its level 2 alone, and that no shares prove, divides the rows of another: the level 2
    may stand beside the wrong row."""
    mended = table.repairs[table.repairs["rule"].eq("level_by_taxonomy") & table.repairs["grade"].ne("certain")]
    rows = table.indicators[table.indicators["project_no"].isin(mended["project_no"])].dropna(subset="level1")
    runs = {n: [level for level, _ in itertools.groupby(of["level1"])] for n, of in rows.groupby("project_no")}
    words = "按二级指标定的一级指标隔开了同一个一级指标的各行：二级指标可能错行"
    return [(n, words) for n, levels in runs.items() if len(levels) > len(set(levels))]


@doubt("levels")
def level1_gone(table: "Table") -> Subjects:
    """A level 1 that follows from its level 2 alone, and that no shares prove, leaves its project without a level 1 that is
    printed there, or puts its level 2 before one that stands before it everywhere else: the level 2 may be misread."""
    mended = table.repairs[table.repairs["rule"].eq("level_by_taxonomy") & table.repairs["grade"].ne("certain")]
    mended = set(mended[["project_no", "indicator_no"]].dropna().itertuples(index=False, name=None))
    columns = ["project_no", "indicator_no", "level1", "level2", "level1_printed"]
    projects = {int(n): of for n, of in table.indicators[columns].groupby("project_no")}
    seen = {(n, *pair) for n, of in projects.items() for pair in itertools.pairwise(of["level2"])}
    often = Counter((above, below) for _, above, below in seen)
    order = [name for of in vocabulary()["levels"].values() for name in of.get("level2", ())]
    found = []
    for n in sorted({int(n) for n, _ in mended}):
        rows = projects[n]
        gone = {level1_name(text) for text in rows["level1_printed"].dropna()} - {None, *COSTS} - set(rows["level1"])
        if gone:
            words = f"本项目印有“{'、'.join(sorted(gone))}”，按二级指标归类后一行也没有：二级指标可能读错或错行"
            found.append((n, words))
        for (i, one), (k, other) in itertools.pairwise(rows[["indicator_no", "level2"]].itertuples(index=False)):
            known = {(n, i), (n, k)} & mended and {one, other} <= set(order)
            if known and order.index(one) > order.index(other) and often[one, other] == 1:
                words = f"“{one}”排在“{other}”之前，别的项目没有这样的，一级指标又由它推定：可能读错或错行"
                found.append((n, words))
    return found


@doubt("levels")
def under_another(table: "Table") -> Subjects:
    """A level 2 stands under the level 1 of others, as no level 2 of the table always does: it, or the merged cell of the
    level 1, may have slipped. Satisfaction is filed under the benefits, costs anywhere."""
    rows = table.indicators[["project_no", "level1", "level2"]].dropna()
    own = rows["level2"].map(lambda text: level1_of(level2_name(text) or ""))
    above = rows["level1"].map(level1_name)
    pairs = zip(rows["level2"], above, strict=True)
    apart = pd.Series([is_filed_apart(level2_name(two), one) for two, one in pairs], index=rows.index, dtype=bool)
    wrong = apart & above.notna() & ~(own.eq("满意度指标") & above.eq("效益指标"))
    always = wrong.groupby(rows["level2"]).transform("all") & rows.groupby("level2")["project_no"].transform(
        "nunique"
    ).gt(1)
    found = dict.fromkeys(rows[wrong & ~always].itertuples(index=False, name=None))
    return [(n, f"“{two}”列在“{one}”之下：其中一格可能错行，或合并单元格多盖了一行") for n, one, two in found]


@doubt("levels")
def lone_costs(table: "Table") -> Subjects:
    """Costs are a level 1 of their own beside a project, under the output elsewhere: its level 1 was not taken as printed."""
    odd = table.repairs["rule"].eq("level_by_taxonomy") & table.repairs["grade"].ne("certain")
    of_costs = table.repairs["field"].eq("level1") & table.repairs["printed"].map(level1_name, na_action="ignore").eq(
        "成本指标"
    )
    numbers = table.repairs.loc[odd & of_costs, "project_no"].dropna().unique()
    return [(int(n), "本项目的成本指标自成一级，其他项目的归在产出指标：可能读错或印错") for n in numbers]


@doubt("levels")
def only_upper_levels(table: "Table") -> Subjects:
    """All that stands as level 2 are names of a level 1 as well: the column of level 2 may have been lost."""
    printed = set(table.printed.rows["level2"].dropna()) if table.printed.moved else set()
    lost = printed and all(level1_name(text) for text in printed) and len(table.indicators) > 2 * len(table.projects)
    return [(None, "二级指标只印有一级指标的名称，可能整列没有读到")] if lost else []
