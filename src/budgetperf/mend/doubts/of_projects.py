"""Doubts about which rows, cells, codes, amounts and units are whose."""

import itertools
import re
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetperf.field.codes import split_code
from budgetperf.field.form_labels import label_of, of_other_year
from budgetperf.field.headings import is_year
from budgetperf.field.notation import parse_number
from budgetperf.field.vocabulary import names_body, unit_kind
from budgetperf.layout.printed import PROJECT_FIELDS
from budgetperf.mend.doubts.registry import Subjects, doubt
from budgetperf.mend.fiscal_years import years_of_rows
from budgetperf.mend.structure import ambiguous, shaken
from budgetperf.tables.words import field_title

if TYPE_CHECKING:
    from budgetperf.mend.table import Table

LEVEL2 = "(?:数量|质量|时效|成本|经济效益|社会效益|生态效益|可持续影响)指标"
_NO_NAME = re.compile(
    "[0-9A-Z]{12,}|^(?:主要|任务|项目|实施|绩效)?(?:名称|内容|情况|金额|单位|目标|依据|说明)$"
)  # codes, heads
# 稳定性, 确定性 … are words of their own; any other name that ends so has swallowed the comparator
_SIGN_BEHIND = re.compile(
    f"(?:[≥≤=<>＝≧≦][)）]?|不[少低高大小]于|不超过?|(?<![稳确固特法一否肯规既限恒])定性)$|^{LEVEL2}$"
)
_SATISFIES = re.compile("满意|认可|投诉|信访|好评|差评|评价|反映|反馈|支持")  # in names of satisfactions
PIECES = {"unit": "单位名称", "project": "项目名称", "category": "项目类别", "objective": "绩效目标"}
STOPS = ("。", "；", "！", "）")
SHORT_PIECE = 15  # characters
SHORT_UNIT = 3  # characters
MOSTLY = 0.5  # of the names
FILLED = 0.9  # of the rows
MUCH = Decimal("1.3")  # times the total, from which weights are those of more than one project


_MORE_THAN_A_UNIT = re.compile(
    r"^(?:\d{1,2}|[一二三四五六七八九十]{1,3})[.．、](?=[\u4e00-\u9fff])|[（(][^（）()]{0,6}\d[\d,.]*(?:[百千万亿]*元|[个项])(?:项目)?[）)]$"
)  # 1.县公路局, 县公路局（145万元）, 县公路局（2个）
_LABEL_INSIDE = re.compile(r"([\u4e00-\u9fff]{2,12})[：:]\S")


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


@doubt("borders")
def rows_at_foot(table: "Table") -> Subjects:
    """Rows of a text at a page's foot that print no levels, before a page that begins with another project's cells: they
    may be its first rows, whose merged cells stand on that page. Weights would tell; else a satisfaction by its name."""
    printed = table.printed
    if table.structure.total is not None or not printed.moved or printed.typed:
        return []
    rows = table.rows[~table.structure.dropped & table.rows["name"].notna()]
    numbers, pages, names = (rows[column].tolist() for column in ("project_no", "page", "name"))
    blank = rows[["level1", "level2"]].isna().all(axis=1).tolist()
    level1 = table.indicators["level1"].reindex(rows.index).tolist()
    first = {int(table.structure.group[i]): page for i, page in printed.anchors["page"].items()}
    found: dict[tuple[int, int, str], None] = {}
    for i in range(1, len(rows)):
        if pages[i] == pages[i - 1] or numbers[i] == numbers[i - 1] or first.get(numbers[i]) != pages[i]:
            continue
        for k in range(i - 1, -1, -1):
            if not blank[k] or pages[k] != pages[i - 1] or numbers[k] != numbers[i - 1]:
                break
            if level1[k] != "满意度指标" or not _SATISFIES.search(names[k]):
                found[numbers[k], numbers[i], names[k]] = None
    words = "页末的“{}”没有印出层级，下一页以另一个项目开头：可能是那个项目的首行"
    return [(n, words.format(name)) for *both, name in found for n in both]


@doubt("borders")
def told_by_cells_alone(table: "Table") -> Subjects:
    """Rows that all print their project, whose weights prove no border: a project that comes again, or whose levels all
    come again, may be one in pieces, or two."""
    printed, projects = table.printed, table.projects
    cells = printed.roles.loc[printed.roles["role"].eq("project"), "field"]
    filled = cells.value_counts().get("project", 0) >= max(FILLED * len(printed.rows), 2)
    if table.structure.total is not None or not filled:
        return []
    again = projects.duplicated(["unit_code", "unit_name", "project_code", "project_name"])
    found: Subjects = [
        (int(n), "同一项目此前已有各行：行序或单元格可能有误") for n in projects.loc[again, "project_no"]
    ]
    for number, levels in table.indicators.groupby("project_no")["level1"]:
        runs = [level for level, _ in itertools.groupby(levels)]
        cycle = list(dict.fromkeys(runs))
        if len(runs) > len(cycle) > 1 and runs == cycle * (len(runs) // len(cycle)):
            found.append((int(number), "各级指标从头再来，名称相同的几个项目可能并为一个"))
    return found


@doubt("borders")
def levels_return(table: "Table") -> Subjects:
    """A project's level 1 comes again though those of most projects do not, and neither a merged cell nor weights prove
    which rows are its own."""
    if table.structure.total is not None:
        return []
    spans = table.printed.anchors.get("span", [])
    merged = {int(n) for n, span in zip(table.structure.group, spans, strict=False) if span > 1}
    levels = table.indicators.dropna(subset="level1").groupby("project_no")["level1"]
    runs = {int(n): [level for level, _ in itertools.groupby(of)] for n, of in levels if int(n) not in merged}
    again = [n for n, of in runs.items() if len(of) > len(set(of))]
    few = len(again) <= MOSTLY * len(runs) and len(runs) > 1
    return [(n, "一级指标从头再来，别的项目不是这样：可能混有另一个项目的行") for n in again if few]


@doubt("borders")
def numbers_jump(table: "Table") -> Subjects:
    """The running numbers of projects leave one out, and neither weights nor a total say that none is missing."""
    numbers = table.printed.anchors["sequence"].dropna().map(parse_number).dropna().tolist()
    sums = table.checks[table.checks["check"].eq("total")]
    proven = table.structure.total is not None or (len(sums) and sums["passed"].all())
    if proven or any(n != int(n) for n in numbers):
        return []
    jumps = [(a, b) for a, b in itertools.pairwise(numbers) if b not in (a, a + 1, 1)]
    return [(None, f"序号从 {a} 跳到 {b}：中间可能漏了项目") for a, b in jumps]


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
    """The print does not tell to which of its units the project belongs."""
    return [(n, "印出的单位之中，本项目属于哪一个不能由版面或小计确定") for n in table.open_units]


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


@doubt("unit")
def labels_within(table: "Table") -> Subjects:
    """A unit's or project's name that holds another label with its value: two parts of a line ran together."""
    names = table.projects[["project_no", "unit_name", "project_name"]].itertuples(index=False)
    return [
        (number, f"{words}“{name}”里另有一栏的标签和内容")
        for number, unit, project in names
        for words, name, of_any in (("单位名称", unit, True), ("项目名称", project, False))
        if isinstance(name, str) and (inner := _LABEL_INSIDE.search(name)) and (of_any or _ends_in_label(inner[1]))
    ]


@doubt("unit")
def more_than_a_unit(table: "Table") -> Subjects:
    """A unit's name with its number in a list, or with an amount or a count behind it, which nothing has added up."""
    units = table.projects[["project_no", "unit_name"]].itertuples(index=False)
    return [
        (n, f"单位名称“{name}”里还印有序号、金额或个数，没有分开，也没有核对")
        for n, name in units
        if isinstance(name, str) and _MORE_THAN_A_UNIT.search("".join(name.split()))
    ]


def _ends_in_label(text: str) -> bool:
    labels = (label_of(text[start:]) for start in range(len(text) - 1))
    return any(label is not None and label.sure and label.field in PROJECT_FIELDS for label in labels)


@doubt("unit")
def units_exchanged(table: "Table") -> Subjects:
    """Most names of projects are those of bodies, and no unit's is: the two heads may be exchanged."""
    names, units = (table.projects[column].dropna().map(names_body) for column in ("project_name", "unit_name"))
    wrong = len(names) and len(units) and names.mean() > MOSTLY and not units.any()
    return [(None, "项目名称多为单位的名称，单位名称则都不是：两列的表头可能印反")] if wrong else []


@doubt("projects")
def odd_names(table: "Table") -> Subjects:
    """A project's name that holds a code or is a head, an indicator's that ends in a sign, or is a level's, a unit of measure or a number:
    cells ran together or moved."""
    found: Subjects = []
    for frame, column, odd in (
        (table.projects, "project_name", _NO_NAME),
        (table.indicators, "name", _SIGN_BEHIND),
    ):
        for number, name in zip(frame["project_no"], frame[column].tolist(), strict=True):
            if isinstance(name, str) and (
                odd.search("".join(name.split())) or unit_kind(name) or parse_number(name) is not None
            ):
                found.append((number, f"名称“{name}”可能是单元格连在一起或错位"))
    return found


@doubt("values")
def negative_amounts(table: "Table") -> Subjects:
    """A budget, weight or score below zero: a sign may be a stroke of print."""
    places = [(table.projects, "budget_wan_yuan"), (table.indicators, "weight"), (table.indicators, "score")]
    return [
        (number, f"{field_title(field)}为负（{value:f}）")
        for frame, field in places
        for number, value in frame[["project_no", field]].itertuples(index=False)
        if isinstance(value, Decimal) and value < 0
    ]


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
        odd = printed[again & ~opens[printed.index]] if again.any() else printed[:0]
        found += [
            (None if field == "unit" else n, f"“{text}”不在页首，却读作{words}的后一段：单元格可能错位")
            for text, n in odd.itertuples(index=False)
        ]
    return found


@doubt("project_cell")
def piece_in_moved_row(table: "Table") -> Subjects:
    """A text that opens a page was taken for a further piece of a project's cell, in a row whose cells moved together and
    that prints no level 2: it may be that row's own."""
    rows, anchors = table.rows, table.printed.anchors.reindex(columns=["page", "row", *PIECES])
    lost = rows[rows["shifted"].notna() & rows["level2"].isna() & rows["name"].notna()]
    places = set(lost[["page", "row"]].itertuples(index=False, name=None))
    anchors = anchors.assign(project_no=table.structure.group)
    found = []
    for field in ("project", "category"):
        printed = anchors.loc[
            anchors[field].map(lambda text: isinstance(text, str)), ["page", "row", field, "project_no"]
        ]
        found += [
            (n, f"“{text}”读作{PIECES[field]}的后一段，所在一行却整行错位、没有二级指标：可能是二级指标")
            for page, row, text, n in printed[printed.duplicated("project_no")].itertuples(index=False)
            if (page, row) in places and not _has_code(text)
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
def another_year(table: "Table") -> Subjects:
    """A column prints another year of the project than the document's title, or the head of the targets does."""
    year, own = table.printed.fiscal_year, years_of_rows(table.rows)
    head = "".join(table.printed.heads.get("target", "").split())
    words = f"标题是 {year} 年度，指标值一列的表头却是“{head}”：年度可疑"
    of_head = [(None, words)] if of_other_year(head, year) else []
    rows = [(int(n), f"标题是 {year} 年度，本项目一行印为 {y}：年度可疑") for n, y in own.items() if year and y != year]
    return of_head + rows


@doubt("project_cell")
def only_a_year(table: "Table") -> Subjects:
    """A goal that is a year heads the goal of that year; which stands elsewhere."""
    goals = table.projects.set_index("project_no")["objective"].dropna()
    return [(int(n), "绩效目标只读到年份，目标本身印在别处") for n, text in goals.items() if is_year(text)]


@doubt("project_cell")
def goal_beside_name(table: "Table") -> Subjects:
    """A project's goal is no sentence, and the name of one of its indicators is: the two cells may have changed places."""
    goals = table.projects.set_index("project_no")["objective"].dropna()
    names = table.indicators[["project_no", "name"]].dropna()
    return [
        (n, f"绩效目标只有“{goals[n]}”，指标名称“{name}”却是一句话：两格可能互换")
        for n, name in names.itertuples(index=False)
        if n in goals
        and name.endswith(STOPS[:3])
        and len(name) > 2 * SHORT_PIECE > 2 * len(goals[n])
        and not goals[n].endswith(STOPS)
    ]
