"""Merged cells of heads and forms that an export divided: a text, and blanks where the cell went on."""

import re
from collections.abc import Iterable

from budgetperf.field.form_labels import MONEY, label_of
from budgetperf.field.money_text import is_number
from budgetperf.field.vocabulary import header_field, level1_name, level2_name
from budgetperf.layout.form_blocks import WHOSE
from budgetperf.layout.form_columns import SHORT
from budgetperf.layout.lattice import Cell, Lattice
from budgetperf.layout.printed import PROJECT_FIELDS

DITTO = re.compile(r"[（(]?同[上前][）)]?|[〃″]")
REPEATED = (*PROJECT_FIELDS, "level1", "level2")  # columns whose cells a mark of repetition makes one with that above
VALUES = (*WHOSE, "category", "start_date", "end_date")  # labels with their values beside them
MOST_HEADS = 3  # rows of heads
LEAST_HEADS = 3  # texts of the uppermost of them


def heads_joined(lattice: Lattice) -> Lattice:
    """A table without any merged cell, the cells of its heads of two or three rows joined again: to the right over the
    blanks that lower heads divide, and down over the blanks below."""
    if any(cell.rowspan > 1 or cell.colspan > 1 for cells in lattice.starts.values() for cell in cells):
        return lattice
    first = next((i for i, row in enumerate(lattice.rows) if _holds_levels(lattice, row)), 0)
    rows = lattice.rows[max(0, first - MOST_HEADS) : first]
    rows = rows[next((i for i, row in enumerate(rows) if len(lattice.texts(row)) >= LEAST_HEADS), len(rows)) :]
    texts = [cell.text for row in rows for cell in lattice.texts(row)]
    if len(rows) < 2 or any(map(is_number, texts)) or len([t for t in texts if header_field(t)]) * 2 < len(texts):
        return lattice
    wider: list[Cell] = []
    for place, row in enumerate(rows[:-1]):
        for cell in lattice.texts(row):
            columns = range(cell.col, _right_end(lattice, rows, place, cell) + 1)
            open_ = all(_blank(lattice, below, col) for below in rows[place + 1 :] for col in columns)
            height = rows[-1] - row + 1 if open_ else 1
            wider.append(cell._replace(colspan=len(columns), rowspan=height))
    return with_cells(lattice, wider if any(cell.colspan > 1 for cell in wider) else [])


def _holds_levels(lattice: Lattice, row: int) -> bool:
    return sum(bool(level1_name(c.text) or level2_name(c.text)) for c in lattice.texts(row)) > 1


def _right_end(lattice: Lattice, rows: list[int], place: int, cell: Cell) -> int:
    """The last column over which a head goes on: blank beside it, and divided below."""
    col = cell.col
    while (
        _blank(lattice, rows[place], col + 1)
        and any(not _blank(lattice, below, col + 1) for below in rows[place + 1 :])
        and all(_blank(lattice, above, col + 1) for above in rows[:place])
    ):
        col += 1
    return col


def _blank(lattice: Lattice, row: int, col: int) -> bool:
    cell = lattice.at.get((row, col))
    return cell is not None and not cell.text


def reach_down(lattice: Lattice, rows: list[int]) -> Lattice:
    """The table with each label of a block (of money, goals, tasks) reaching over the blanks below it, where its merged
    cell was divided."""
    longer: dict[int, Cell] = {}
    for place, row in enumerate(rows):
        group, *heads = lattice.texts(row) or [None]
        if group is None or group.rowspan > 1 or len(heads) < 2 or any(is_number(c.text) for c in heads):
            continue
        label = label_of(group.text)
        if len(group.text) > SHORT or (label is not None and label.field in VALUES):
            continue
        for below in rows[place + 1 :]:
            cells = lattice.texts(below)
            blank = lattice.at.get((below, group.col))
            if not cells or blank is None or blank.text or blank.row != below or cells[0].col <= group.col:
                break
            named = label_of(cells[0].text)  # an amount's, left of the heads of the amounts
            if cells[0].col < heads[0].col and (named is None or named.field not in MONEY):
                break
            longer[group.index] = group = group._replace(rowspan=below - row + 1)
    return with_cells(lattice, longer.values())


def dittos_joined(lattice: Lattice, fields: dict[int, str], last: int) -> tuple[Lattice, list[Cell]]:
    """A table whose project and level cells print marks of repetition (〃, 同上) below row `last`, each joined to the cell
    above that it stands for; and the marks."""
    over: dict[int, Cell] = {}
    marks: list[Cell] = []
    for col, field in fields.items():
        whole: Cell | None = None
        for row in [row for row in lattice.rows if row > last] if field in REPEATED else []:
            cell = lattice.at.get((row, col))
            if cell is None or cell.row < row:
                continue
            if whole is not None and DITTO.fullmatch(cell.text) and cell.col == whole.col:
                marks.append(cell)
                over[whole.index] = whole = whole._replace(rowspan=row + cell.rowspan - whole.row)
            else:
                whole = cell if cell.text and cell.col == col and not DITTO.fullmatch(cell.text) else None
    return with_cells(lattice, over.values()), marks


def with_cells(lattice: Lattice, larger: Iterable[Cell]) -> Lattice:
    """The table with some of its cells larger, over the blanks beside and below them."""
    of = {cell.index: cell for cell in larger}
    if not of:
        return lattice
    covered = {
        (r, c): cell
        for cell in of.values()
        for r in range(cell.row, cell.row + cell.rowspan)
        for c in range(cell.col, cell.col + cell.colspan)
    }
    starts = {
        row: [of.get(c.index, c) for c in cells if c.index in of or (c.row, c.col) not in covered]
        for row, cells in lattice.starts.items()
    }
    return lattice._replace(at=lattice.at | covered, starts=starts)
