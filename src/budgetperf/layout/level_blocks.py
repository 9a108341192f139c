"""Tables that print levels 1 side by side, each over columns of its own (产出指标 | 效益指标, under each 三级指标 and
指标值): the blocks put below each other, as other tables print them."""

from budgetperf.field.vocabulary import header_field, level1_name
from budgetperf.layout.lattice import Cell, Lattice

HEAD = "一级指标"  # of the levels, once they stand below each other


def stacked(lattice: Lattice) -> tuple[Lattice, list[Cell]]:
    """The table with its blocks below each other, project by project, and the heads that are left over; the table
    itself where it has no such blocks."""
    row = next((row for row in lattice.rows if len(_levels(lattice, row)) > 1), None)
    if row is None:
        return lattice, []
    blocks = _levels(lattice, row)
    edge = blocks[0].col
    place = lattice.rows.index(row)
    under = lattice.texts(lattice.rows[place + 1])
    lower = [c for c in under if c.col < edge]  # of divided heads of the project
    height = 2 if lower else 1
    last = place + height  # of the rows of heads
    rows = [
        [c._replace(rowspan=min(c.rowspan, last - number)) for c in lattice.starts.get(above, ())]
        for number, above in enumerate(lattice.rows[:place])
    ]
    own = [c._replace(rowspan=min(c.rowspan, height)) for c in lattice.texts(row) if c.col < edge]
    level = blocks[0]._replace(text=HEAD, colspan=1, rowspan=height)
    named = [_moved(c, blocks[0], edge)._replace(rowspan=height) for c in under if _over(blocks, c) is blocks[0]]
    rows += [[*own, level, *named], *([lower] if lower else [])]
    for group in _groups(lattice, lattice.rows[place + 2 :], edge):
        rows += _stacked(lattice, group, blocks, edge)
    spare = [*blocks, *(c for c in under if _over(blocks, c) in blocks[1:])]
    printed = {number: cells[0].row for number, cells in enumerate(rows, 1) if cells}  # a line's own cells come first
    at: dict[tuple[int, int], Cell] = {}
    starts: dict[int, list[Cell]] = {}
    for number, cells in enumerate(rows, 1):
        starts[number] = [c._replace(row=number) for c in sorted(cells, key=lambda c: c.col)]
        for c in starts[number]:
            at |= {(r, col): c for r in range(number, number + c.rowspan) for col in range(c.col, c.col + c.colspan)}
    columns = edge + max(b.colspan for b in blocks)
    return lattice._replace(rows=[*starts], columns=columns, at=at, starts=starts, printed=printed), spare


def _levels(lattice: Lattice, row: int) -> list[Cell]:
    """The cells of a row that name levels 1 and stand over a name and a target each, right of other heads."""
    wide = [c for c in lattice.texts(row) if level1_name(c.text) and c.colspan > 1 and c.rowspan == 1 and c.col > 1]
    under = [
        {header_field(b.text) for col in range(c.col, c.col + c.colspan) if (b := lattice.at.get((row + 1, col)))}
        for c in wide
    ]
    ends = wide[-1].col + wide[-1].colspan - 1 if wide else 0
    return wide if ends == lattice.columns and all({"name", "target"} <= fields for fields in under) else []


def _over(blocks: list[Cell], cell: Cell) -> Cell | None:
    return next((b for b in blocks if b.col <= cell.col < b.col + b.colspan), None)


def _moved(cell: Cell, block: Cell, edge: int) -> Cell:
    return cell._replace(col=cell.col - block.col + edge + 1, rowspan=1)


def _groups(lattice: Lattice, body: list[int], edge: int) -> list[list[int]]:
    """Rows of one project each: those under its cells, and those that leave the project's columns blank."""
    groups: list[list[int]] = []
    for row in body:
        if not groups or any(c.col < edge for c in lattice.texts(row)):
            groups.append([])
        groups[-1].append(row)
    return groups


def _stacked(lattice: Lattice, group: list[int], blocks: list[Cell], edge: int) -> list[list[Cell]]:
    """The rows of one project, block after block; its own cells stand beside all of them."""
    lines = [
        (block, [_moved(c, block, edge) for c in cells])
        for block in blocks
        for row in group
        if (cells := [c for c in lattice.texts(row) if _over(blocks, c) is block])
    ]
    rows = [list(cells) for _, cells in lines] or [[]]
    for block in blocks:
        of_block = [number for number, (other, _) in enumerate(lines) if other is block]
        if of_block:
            rows[of_block[0]].append(block._replace(colspan=1, col=edge, rowspan=len(of_block)))
    rows[0] += [c._replace(rowspan=len(rows)) for c in lattice.starts.get(group[0], ()) if c.col < edge]
    return rows
