"""What is gathered of one table with real cells while its rows go by, and the Printed that comes of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from budgetperf.field.codes import split_code
from budgetperf.field.form_labels import STAGES
from budgetperf.field.headings import is_project_caption, project_in_title
from budgetperf.field.notation import comparator_of
from budgetperf.field.printing import is_nil
from budgetperf.field.vocabulary import fold, is_label, level1_name, level2_name
from budgetperf.layout.cut_rows import join_cut_rows
from budgetperf.layout.lattice import Cell, Line
from budgetperf.layout.moved import inline_sum
from budgetperf.layout.printed import (
    NOTE_COLUMNS,
    PERIOD_COLUMNS,
    PROJECT_FIELDS,
    ROW_FIELDS,
    SUM_COLUMNS,
    Printed,
    is_title,
    kind_of_layout,
)
from budgetperf.layout.sums import proven_beside
from budgetperf.layout.titled_units import units_by_titles

# where a row and its cells stand; ROW_FIELDS say what they print
PLACE_COLUMNS = (
    "page", "row", "cell", "can_start", "level1_edge", "level2_edge", "level1_cell", "level2_cell", "height", "at_head",
    "at_foot", "name_over", "target_over", "weight_over", "level1_points", "level2_points",
)  # fmt: skip
# where a project's cells stand; PROJECT_FIELDS say what they print
ANCHOR_COLUMNS = (
    "at", "page", "row", "starts", "unit_cell", "unit_edge", "unit_open", "scope", "amount_unit",
)  # fmt: skip


@dataclass(frozen=True)
class Covering:
    """What stands over the rows that come next."""

    by: Literal["project", "form", "sum"]
    cell: tuple[int, int, int] | None = None  # of a project with cells of its own: page, table and index of the cell
    fresh: bool = False  # no row below it yet: the next may be its first


@dataclass
class Section:
    """What is gathered of one table while its rows go by."""

    title: str | None
    year: int | None = None
    unit: str | None = None  # of money
    # what stands above the table and what it says of the whole
    # (first anchor below, unit) of lines that name one; "" where it is not known
    unit_lines: list[tuple[int, str]] = field(default_factory=list)
    units_in_titles: list[tuple[int, str, str]] = field(default_factory=list)  # first anchor below, unit, the line
    unit_manners: set[str] = field(default_factory=set)  # how rows that name a unit are numbered
    unit_above: str | None = None  # of money, as the lines above the latest heads print it
    unit_of_labels: bool = False  # the unit of money is that of a form's labels
    unit_source: str | None = None  # in words, where the unit of money was taken from another table
    sheet: str = ""  # the name of the sheet
    seen_lines: list[Line] = field(default_factory=list)
    lines_before: set[int] = field(default_factory=set)  # indices of those that sections before it have seen
    fresh_lines: list[Line] = field(default_factory=list)  # lines of text above the latest heads
    names_execution: bool = False
    form: bool = False
    # the latest heads
    heads: dict[str, str] = field(default_factory=dict)
    fields: dict[int, str] = field(default_factory=dict)
    # texts of the rows over the column heads that belong to them
    upper_heads: list[list[str]] = field(default_factory=list)
    edges: dict[int, tuple[float, float]] = field(default_factory=dict)  # x range of each headed column
    columns: int = 0
    rows_at_heads: int = -1  # how many rows there were when the latest heads were read
    extra: dict[int, str] = field(default_factory=dict)  # column → head that no field takes
    more: frozenset[int] = frozenset()  # those of them that only say more of the row
    points: dict[int, str] = field(default_factory=dict)  # column → the level whose points it holds
    # level columns with merged cells: a blank cell there is no blank row to fill
    merged: set[str] = field(default_factory=set)
    head_cells: dict[str, int] = field(default_factory=dict)  # level cells at the head of the page
    # of several years: name, column → field
    period_blocks: list[tuple[str, dict[int, str]]] = field(default_factory=list)
    # what is printed
    rows: list[dict] = field(default_factory=list)
    anchors: list[dict] = field(default_factory=list)
    merged_anchors: int = 0  # those of them whose cells cover several rows
    sums: list[tuple] = field(default_factory=list)
    notes: list[tuple[int, str, str, int, int]] = field(default_factory=list)  # of form heads: NOTE_COLUMNS
    period_rows: list[dict] = field(default_factory=list)
    roles: dict[int, tuple[str, str | None, int]] = field(default_factory=dict)
    # what the rows so far say of the next one
    levels: dict[int, str] = field(default_factory=dict)  # cell → text of levels on rows without an indicator
    levels_alone: dict[str, str] = field(default_factory=dict)  # of the latest such row
    # levels of the rows below the latest captions that name them
    levels_over: dict[str, str] = field(default_factory=dict)
    # unit and its code, of the latest row of a unit over its projects
    unit_over: dict[str, str] = field(default_factory=dict)
    parts_below: list[tuple[int, str, str]] = field(default_factory=list)  # of totals: place of the sum, label, amount
    group_over: dict[str, str] = field(default_factory=dict)  # the category that a row over the projects names
    row_period: str | None = None  # that the latest caption among the rows names
    side_period: tuple[int, int, str] | None = None  # page and column of the last cell beside rows that names a period
    covering: Covering | None = None
    # kind, role and cells of each row of a sum, and how many projects stand above it
    beside_sums: list[tuple[str, tuple, dict[str, Cell], int]] = field(default_factory=list)
    # the rows of the latest lattice and those of them that name projects over their levels
    banners: tuple[list[int] | None, set[int]] = (None, set())
    # (page, table) → its running numbers count rows, not projects
    running: dict[tuple[int, int], bool] = field(default_factory=dict)
    # how projects stand beside their rows
    typed: bool = False  # project cells stand in the middle row of their block, without merged cells
    repeated_rows: int = 0  # rows that print the project above them once more
    # (anchor, row) of those that begin the levels anew
    begun_again: list[tuple[int, int]] = field(default_factory=list)
    unprinted: list[tuple[int, int]] = field(default_factory=list)  # (anchor above, row) of rows that print none
    settled: int = 0  # how many of them are known to stand between two rows of one project, or between two projects
    between: list[tuple[int, int]] = field(default_factory=list)  # those between two projects
    # in words, for the checks
    doubts: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)  # columns that their content told
    repeated: list[str] = field(default_factory=list)  # what stands twice and was counted once
    said: list[tuple[int, str, bool, str]] = field(default_factory=list)  # of form heads: anchor, check, passed, words


def take_lines(section: Section) -> None:
    """The lines above the table that its title, year, unit or amount unit came from; a total there is not read."""
    for line in [line for line in section.seen_lines if not inline_sum(line.text, "total")]:
        section.roles.setdefault(line.index, ("title" if line.text == section.title else "caption", None, -1))


def title_over(section: Section) -> str:
    """The title nearest above the latest heads, or that of the whole table."""
    titles = [line.text for line in section.fresh_lines if is_title(line.text)]
    return titles[-1] if titles else section.title or ""


def name_by_title(section: Section, anchor: dict) -> None:
    """The project's name as the title, the line over it or the sheet has it, said so, where the table names none."""
    title, lines = title_over(section), [line.text for line in section.fresh_lines]
    over = lines[: lines.index(title)][-1:] if title in lines else []
    captions = [*((text, "标题上方的") for text in over), (section.sheet, "工作表名称")]
    found = [
        (project_in_title(title), f"标题“{title}”"),
        *((text, f"{where}“{text}”") for text, where in captions if is_project_caption(text)),
    ]
    name, where = next(((name, where) for name, where in found if name), (None, None))
    if name:
        anchor["project"] = name
        section.said.append((len(section.anchors), "project_name", True, f"表内没有项目名称，取自{where}"))


def _codes_above(section: Section, units: pd.Series) -> pd.Series:
    """The codes that lines above a table print before the names that its column of units prints alone."""
    printed = [split_code("".join(text.split())) for _, text in section.unit_lines]
    codes = {coded.name: coded.code for coded in printed if coded.code}
    return units.map(lambda text: codes.get("".join(text.split())) if isinstance(text, str) else None).astype(object)


def drop_blank_form(section: Section) -> None:
    """The latest form is none where nothing was filled in: no value but the points that the form itself prints, no
    indicator."""
    if not section.form or not section.anchors or section.anchors[-1]["at"] < len(section.rows):
        return
    number, anchor = len(section.anchors) - 1, section.anchors[-1]
    filled = [field for field in PROJECT_FIELDS if field != "execution_weight" and anchor.get(field)]
    if filled or any(at == number and not is_nil(text) for at, _, text, *_ in section.notes):
        return
    section.anchors.pop()
    section.merged_anchors -= anchor.get("span", 1) > 1
    section.notes = [note for note in section.notes if note[0] != number]
    section.said = [said for said in section.said if said[0] != number]
    of_form = {cell for cell, (role, _, at) in section.roles.items() if role == "project" and at == number}
    section.roles |= dict.fromkeys(of_form, ("note", None, -1))
    section.told.append(f"第 {anchor['page']} 页有一份空白的表，没有填写，不计入项目")


def printed_of(section: Section) -> Printed:
    """What was gathered as tables; rows that a page break cut are one, and places count the rows that remain."""
    drop_blank_form(section)
    _one_project(section)
    _doubt_rows(section)
    rows = _rows(section)
    rows, moved = join_cut_rows(rows)
    rows, heads = _settled(rows, section.heads)
    last = max(moved)
    anchors = _anchors(section, heads, lambda at: moved[min(at, last)])
    sums = [(kind, moved[min(at, last)], *rest) for kind, at, *rest in section.sums]
    money = bool(sums) or anchors.reindex(columns=list(STAGES)).notna().any(axis=None)
    if section.unit and section.unit_source and money:
        section.doubts.append(section.unit_source)
    return Printed(
        rows=rows,
        anchors=anchors,
        sums=pd.DataFrame(sums, columns=SUM_COLUMNS),
        roles=_roles(section, moved),
        title=section.title,
        fiscal_year=section.year,
        amount_unit=section.unit,
        layout=kind_of_layout(section.title, set(heads), section.form),
        heads=heads,
        moved=section.typed,
        typed=section.typed,
        names_execution=section.names_execution,
        doubts=tuple(dict.fromkeys(section.doubts)),
        repeated=tuple(section.repeated),
        told=tuple(dict.fromkeys(section.told)),
        notes=pd.DataFrame(section.notes, columns=NOTE_COLUMNS),
        said=tuple(section.said),
        period_rows=pd.DataFrame(section.period_rows).reindex(columns=PERIOD_COLUMNS),
    )


def _one_project(section: Section) -> None:
    """The project of a table that prints none: the whole is one project's, where what stands above names it."""
    if section.anchors or not section.rows:
        return
    first = {"at": 0, "page": section.rows[0]["page"], "row": section.rows[0]["row"], "starts": True}
    name_by_title(section, first)
    if section.unit_lines and "整体" in (section.title or ""):
        first |= {"unit": section.unit_lines[0][1], "scope": "unit"}
    section.anchors += [first] if {"project", "unit"} & set(first) else []


def _doubt_rows(section: Section) -> None:
    """Rows of which the print does not say whose they are, and levels that begin anew within one project."""
    if section.repeated_rows > len(section.unprinted):  # every row is to print its project
        words = "第 {} 行没有印出项目，上下两行的项目不同，属于哪一个不能由印刷确定"
        section.said += [(number, "projects", False, words.format(row)) for number, row in section.between]
    if "weight" not in section.heads and not any(kind == "total" for kind, *_ in section.sums):
        words = "指标层级在第 {} 行重新开始，没有分值和合计可核对：可能是两个印得相同的项目"
        section.said += [(number, "projects", False, words.format(row)) for number, row in section.begun_again]


def _rows(section: Section) -> pd.DataFrame:
    rows = pd.DataFrame(section.rows).reindex(columns=[*PLACE_COLUMNS, *ROW_FIELDS]).assign(shifted=None)
    return rows.assign(**{f"{level}_edge": None for level in ("level1", "level2") if level not in section.merged})


def _anchors(section: Section, heads: dict[str, str], place: Callable[[int], int]) -> pd.DataFrame:
    """The project's cells, with the unit and its code that stand above the table where it has no column of them."""
    if "unit" not in heads:
        last = min((at for at, _ in section.unit_lines), default=len(section.anchors))
        named, said = units_by_titles(section.units_in_titles, section.anchors, last, section.form)
        section.anchors[:] = named
        section.said += said
    anchors = pd.DataFrame(section.anchors).reindex(columns=[*ANCHOR_COLUMNS, *PROJECT_FIELDS])
    anchors["at"] = [place(at) for at in anchors["at"]]
    if any(anchor.get("unit") for anchor in section.anchors):
        blank = [n for n, anchor in enumerate(section.anchors) if anchor.get("unit_blank") and not anchor.get("unit")]
        section.said += [(n, "unit", False, "本表的单位一栏空着，别的表印有单位：是否同一单位没有印出") for n in blank]
    whole = "整体" in (section.title or "")
    if not section.form and whole and "unit" in heads and "project" not in heads:
        anchors["scope"] = "unit"  # a table of whole units: the unit stands in the project's place
    if section.unit_lines and "unit" not in heads and len(anchors):
        anchors["unit"] = anchors["unit"].where(anchors["unit"].notna(), _units_above(section, len(anchors)))
    if "unit" in heads and "unit_code" not in heads:
        above = _codes_above(section, anchors["unit"])
        section.told += [f"单位编码 {code} 取自表上方" for code in above.dropna().unique()]
        anchors["unit_code"] = anchors["unit_code"].where(anchors["unit_code"].notna(), above)
    return anchors


def _roles(section: Section, moved: dict[int, int]) -> pd.DataFrame:
    """What became of each cell; levels under which no indicator stands are labels of the form, or unread."""
    roles = {
        cell: (role, field, moved[line] if role == "indicator" else line)
        for cell, (role, field, line) in section.roles.items()
    }
    roles |= _proven_sums(section)
    used = {c for row in section.rows for c in (row["level1_cell"], row["level2_cell"])}
    for cell, text in section.levels.items():
        if cell not in used and roles[cell][0] == "indicator":
            roles[cell] = (level_role(text), None, -1)
    return pd.DataFrame.from_dict(roles, orient="index", columns=["role", "field", "line"]).sort_index()


def _proven_sums(section: Section) -> dict[int, tuple]:
    """The roles of cells beside a total, or a sub-total below or above its projects, that these prove to be sums too."""
    found: dict[int, tuple] = {}
    edges = {0, len(section.anchors), *(above for kind, *_, above in section.beside_sums if kind == "subtotal")}
    for kind, role, beside, above in section.beside_sums:
        before = max((edge for edge in edges if edge < above), default=0)
        after = min((edge for edge in edges if edge > above), default=above)
        parts = [section.anchors[before:above], section.anchors[above:after]]
        groups = [section.anchors] if kind == "total" else parts if kind == "subtotal" else []
        found |= {c.index: role for anchors in groups if anchors for c in proven_beside(anchors, beside)}
    return found


def _units_above(section: Section, count: int) -> list[str | None]:
    """The unit that the nearest line above names for each anchor; one alone is that of the whole table."""
    lines = section.unit_lines
    if len({unit for _, unit in lines}) == 1:
        return [lines[0][1]] * count
    return [next((unit for first, unit in reversed(lines) if first <= number), "") or None for number in range(count)]


def level_role(text: str) -> str:
    """What the text of a level's cell is under which no indicator stands: a label of the form, if it names a level.

    >>> level_role("生态效益指标"), level_role("……"), level_role("生态效某指标"), level_role("其他")
    ('heading', 'note', 'unread', 'heading')
    """
    if level1_name(text) or level2_name(text) or is_label(text, "other_level"):
        return "heading"
    return "note" if not text.strip("….· ") else "unread"


def _settled(rows: pd.DataFrame, heads: dict[str, str]) -> tuple[pd.DataFrame, dict[str, str]]:
    """Columns whose head means two things, decided by what they hold: 指标性质 is the comparator or the direction."""
    result, named = rows, dict(heads)
    signs, other = result["comparator"].dropna(), result["direction"].dropna()
    of_signs = len(other) > 0 and other.map(lambda v: comparator_of(v) is not None).mean() > 0.5
    if of_signs and not len(signs):  # 指标方向 over signs
        named["comparator"] = named.pop("direction", "")
        return result.assign(comparator=result["direction"], direction=None), named
    if len(signs) and signs.map(lambda v: comparator_of(v) is not None).mean() < 0.5:
        if signs.map(lambda v: bool(re.fullmatch(r"[正反逆]向(指标)?", fold(v)))).mean() > 0.5:
            # beside a column headed 指标方向 that holds the signs, the two change places
            if of_signs or not len(other):
                result = result.assign(direction=result["comparator"], comparator=result["direction"])
                named["direction"], sign_head = named.pop("comparator", ""), named.get("direction")
                named |= {"comparator": sign_head} if of_signs and sign_head else {}
        elif signs.map(lambda v: fold(v).removesuffix("指标") in ("定量", "定性")).all():
            head = fold(named.pop("comparator", ""))
            said = [
                "；".join(
                    [
                        *([f"{head}：{kind}"] if isinstance(kind, str) else []),
                        *([more] if isinstance(more, str) else []),
                    ]
                )
                for kind, more in zip(result["comparator"], result["more"], strict=True)
            ]
            result = result.assign(more=[text or None for text in said], comparator=None)
    return result, named
