"""One row of a table with real cells: the sum that it prints, or its indicator beside the project's cells."""

import dataclasses
import re

from budgetperf.field.money_text import is_nothing
from budgetperf.field.vocabulary import both_levels, fold, is_label
from budgetperf.layout.asides import is_empty_line, is_unfilled
from budgetperf.layout.lattice import Cell, Lattice
from budgetperf.layout.open_columns import is_side_text
from budgetperf.layout.printed import ROW_FIELDS
from budgetperf.layout.project_rows import edge_touched, note_project, take_project
from budgetperf.layout.section import Covering, Section
from budgetperf.layout.sums import sum_cells

LEVELS = ("level1", "level2")
REASONS = ("deviation_note", "explanation")  # whose words may go on beside an empty row
ONCE = ("weight", "score")  # a merged cell of points counts once, not for each row it covers
SIDE_TEXT_LENGTH = 20  # characters: a cell beside three rows that holds more is prose, not the caption of a block


def take_sum(section: Section, lattice: Lattice, row: int, own: dict[str, Cell], kind: str) -> None:
    """A row that prints a sum, with what stands beside it."""
    texts = lattice.texts(row)
    found, taken = sum_cells(texts, own, kind)
    section.sums.append((kind, len(section.rows), lattice.page, row, *found.values()))
    of_sum, over = ("sum", None, len(section.sums) - 1), f"{fold(taken[0].text)}/" if taken else ""
    section.roles |= {c.index: of_sum for c in taken}
    section.beside_sums.append((kind, of_sum, own, len(section.anchors)))
    note_project(section, lattice, row, max(len(section.anchors) - 1, 0), over)
    grades = [n for n, c in enumerate(texts) if is_label(c.text.split("等级")[-1].lstrip("：: "), "grade")]
    labels = [n - 1 for n in grades if n and texts[n - 1] not in taken]  # 评价等次 | 优
    graded = [texts[n] for n in (*grades, *labels) if kind == "score_total"]
    beside = [c for c in texts if c.col in section.more and c not in taken]  # what stands under 得分率
    section.roles |= {c.index: ("note", None, -1) for c in (*graded, *beside)}
    section.roles |= {c.index: of_sum for c in texts if c.col in section.points and c.text == found["weight"]}
    section.covering = Covering("sum")


def take_indicator(section: Section, lattice: Lattice, row: int, own: dict[str, Cell], first: bool, last: bool) -> None:
    """A row of an indicator; `first`, `last`: with text on its page."""
    take_project(section, lattice, row, own, first)
    note_project(section, lattice, row, len(section.anchors) - 1)
    starts_here = {f: c for f, c in own.items() if f in ROW_FIELDS and c.row == row and c.text}
    values = _values(own, row, starts_here)
    if "actual" not in values and "target" in starts_here and (actual := own.get("actual")) and actual.text:
        section.doubts.append(f"第 {lattice.page} 页第 {row} 行的实际完成值与上面的行合为一格，没有另外读入")
    if is_empty_line(values):
        _take_empty(section, lattice, row, own, starts_here, any(f in values for f in (*LEVELS, "name")))
        return
    number = len(section.rows)
    values = _with_levels_over(section, values)
    values |= _more(section, lattice, row, number) | _points(section, lattice, row, number)
    section.roles |= {c.index: ("indicator", f, number) for f, c in starts_here.items()}
    for f in LEVELS:
        if (cell := own.get(f)) and cell.text:
            section.roles.setdefault(cell.index, ("indicator", f, number))
    section.rows.append({**_place(section, lattice, row, own, first), "at_foot": last, **values})
    if section.covering is not None:
        section.covering = dataclasses.replace(section.covering, fresh=False)


def _values(own: dict[str, Cell], row: int, starts_here: dict[str, Cell]) -> dict[str, str]:
    """Field → text of a row. A cell merged over several rows gives its text to each where that is sure; else it stands
    under a name of its own (`name_over`, `target_over`, `weight_over`): what it means is the mending's to say."""
    values = {
        f: c.text for f, c in own.items()
        if f in ROW_FIELDS and c.text and (f not in ONCE or c.row == row) and (c.row == row or f in (*LEVELS, *ONCE))
    }  # fmt: skip
    if "name" not in values and "target" in starts_here and own.get("name") and own["name"].rowspan > 1:
        values["name_over"] = own["name"].text
    target = own.get("target")
    if "target" not in values and "name" in starts_here and target and target.text and target.x0 != target.x0:
        values["target_over"] = target.text  # told by the file; on a page a rule may only be missing
    if "measure_unit" not in values and "target" in starts_here and (unit := own.get("measure_unit")) and unit.text:
        values["measure_unit"] = unit.text  # one unit beside several targets
    if "weight" not in values and (weight := own.get("weight")) and weight.text and weight.row < row:
        values["weight_over"] = weight.text  # one cell of points beside several indicators
    return values


def _take_empty(
    section: Section, lattice: Lattice, row: int, own: dict[str, Cell], starts_here: dict[str, Cell], named: bool
) -> None:
    """A row without an indicator: its levels are noted; where it names no level (`named`), a text that may go on or be
    what a row lost stays unread."""
    _note_levels(section, own, row)
    empty = [c for f, c in starts_here.items() if is_nothing(c.text) or (named and f not in REASONS)]
    empty += [c for col in section.more if (c := lattice.at.get((row, col))) and c.row == row]
    section.roles = {c.index: ("note", None, -1) for c in empty} | section.roles


def _with_levels_over(section: Section, values: dict[str, str]) -> dict[str, str]:
    """A row's texts with the levels of a row or caption above that holds nothing else, and both of a cell that names two."""
    alone, section.levels_alone = section.levels_alone, {}
    if "level2" not in values and values.get("level1", alone.get("level1")) == alone.get("level1"):
        values = values | alone
    values = section.levels_over | values
    if "level1" not in values and (both := both_levels(values.get("level2", ""))):
        values |= dict(zip(LEVELS, both, strict=True))
    return values


def _points(section: Section, lattice: Lattice, row: int, number: int) -> dict[str, str]:
    """The points of its levels that columns beside them print."""
    values = {}
    for col, level in section.points.items():
        if (cell := lattice.at.get((row, col))) and cell.text:
            values[f"{level}_points"] = cell.text
            section.roles.setdefault(cell.index, ("indicator", level, number))
    return values


def _place(section: Section, lattice: Lattice, row: int, own: dict[str, Cell], first: bool) -> dict:
    """Where a row and its cells stand: what tells the mending which rows go together."""
    if first:
        section.head_cells = {f: own[f].index for f in LEVELS if f in own}
    # level cells that go on from the page's first row
    going_on = {f for f in LEVELS if f in own and section.head_cells.get(f) == own[f].index}
    section.merged |= {f for f in LEVELS if f in own and own[f].rowspan > 1}
    name, texts = own.get("name"), lattice.texts(row)
    return {
        "page": lattice.page,
        "row": lattice.printed.get(row, row),
        "cell": name.index if name else (texts[0].index if texts else -1),
        "can_start": section.typed or (section.covering is not None and section.covering.fresh),
        **{f"{f}_edge": edge_touched(own.get(f), lattice, first or f in going_on) for f in LEVELS},
        **{f"{f}_cell": own[f].index if f in own else -1 for f in LEVELS},
        "height": name.height if name and name.rowspan == 1 else float("nan"),
        "at_head": first,
    }


def _more(section: Section, lattice: Lattice, row: int, number: int) -> dict[str, str]:
    """What the columns beside the known ones say of a row, each text with its head; marks of upright texts."""
    said = []
    for col, head in section.extra.items():
        cell = lattice.at.get((row, col))
        if cell is None or not cell.text or cell.row != row:
            continue
        if is_side_text(cell.text) or (
            cell.rowspan > 2 and len(cell.text) < SIDE_TEXT_LENGTH and re.search("指标|目标", cell.text)
        ):
            section.roles[cell.index] = ("heading", None, -1)
        elif col in section.more:
            section.roles[cell.index] = ("indicator", "more", number)
            said.append(f"{fold(head)}：{cell.text}")
    return {"more": "；".join(said)} if said else {}


def _note_levels(section: Section, own: dict[str, Cell], row: int) -> None:
    """A row without an indicator (the sliver of a cut one): only its levels are read; they are those of a next row
    that prints none."""
    section.levels_alone = {}
    for field in LEVELS:
        if (cell := own.get(field)) and cell.text and cell.row == row and not is_unfilled(cell.text):
            section.roles.setdefault(cell.index, ("indicator", field, len(section.rows)))
            section.levels[cell.index] = cell.text
            section.levels_alone[field] = cell.text
