"""Tables that print what others do in other places, laid out as these are: bodies whose columns begin beside their heads',
forms under the column heads of the form before, paragraphs that stand for rows."""

import re

from budgetperf.field.vocabulary import header_field, level1_name, level2_name
from budgetperf.layout.contents import FIGURES
from budgetperf.layout.form_place import opens_form
from budgetperf.layout.heads import head_rows
from budgetperf.layout.lattice import Cell, Lattice
from budgetperf.layout.moved import kind_of_cell
from budgetperf.layout.unpivot import NOT_PRINTED, laid_out

MOST = 0.6  # of the rows, that tell how a table is printed
_NUMBERED = re.compile(r"\s*(?:指标)?\s*(\d)\s*[：:、.．]")  # 指标1：…
IN_LINES = ("level2", "name", "target")  # whose paragraphs tell that they stand for rows


def relaid(lattice: Lattice, above: list[list[Cell]]) -> tuple[Lattice, list[list[Cell]], list[str]]:
    """A table laid out as others are, the rows of its column heads, and what was done, in words; `above`: the column heads
    of the form above it, where one is."""
    rows = next((heads for row in lattice.rows if (heads := head_rows(lattice, row))), [])
    told = []
    if rows and (fitted := _fitted(lattice, rows[-1])):
        lattice = fitted
        told.append("表体各格的起止与列标题不齐，按重叠最多的列标题读")
    heads = [
        [c._replace(rowspan=min(c.rowspan, rows[-1] - row + 1)) for c in lattice.starts.get(row, ())] for row in rows
    ]
    if rows and (divided := _in_rows(lattice, rows)):
        lattice = divided
        told.append("一格内逐段印有几条指标，各列段数相同，按段分成几行")
    if (headed := _with_heads(lattice, heads or above, not rows)) is not None:
        lattice = headed
        told.append("这些表没有印出列标题，沿用上一张表的列标题")
    return lattice, heads or above, told


def _fitted(lattice: Lattice, last: int) -> Lattice | None:
    """A table below whose heads, that end in row `last`, most rows hold cells that stand under two of them: each cell
    under the heads of which it covers more than half, else most."""
    bands = sorted(
        {(c.col, c.col + c.colspan) for col in range(1, lattice.columns + 1) if (c := lattice.at.get((last, col)))}
    )
    begins, ends = ({band[side] for band in bands} for side in (0, 1))

    def shares(cell: Cell) -> list[float]:
        right = cell.col + cell.colspan
        return [max(0, min(right, end) - max(cell.col, begin)) / (end - begin) for begin, end in bands]

    def is_shifted(cell: Cell) -> bool:
        aligned = cell.col in begins and cell.col + cell.colspan in ends
        return not aligned and sum(share > 0 for share in shares(cell)) > 1

    body = [row for row in lattice.rows if row > last]
    if sum(any(map(is_shifted, lattice.texts(row))) for row in body) < max(2, MOST * len(body)):
        return None
    at: dict[tuple[int, int], Cell] = {}
    starts: dict[int, list[Cell]] = {}
    for row in lattice.rows:
        for cell in sorted(lattice.starts.get(row, ()), key=lambda c: not c.text):
            share = shares(cell)
            under = [n for n, part in enumerate(share, 1) if part > 0.5] or [share.index(max(share)) + 1]
            fitted = cell._replace(col=under[0], colspan=len(under))
            places = [(r, col) for r in range(row, row + cell.rowspan) for col in under]
            if any(place in at for place in places):
                if cell.text:
                    return None
                continue
            at |= dict.fromkeys(places, fitted)
            starts.setdefault(row, []).append(fitted)
        starts[row] = sorted(starts.get(row, ()), key=lambda c: c.col)
    return lattice._replace(columns=len(bands), at=at, starts=starts)


def _in_rows(lattice: Lattice, heads: list[int]) -> Lattice | None:
    """A table in whose rows levels 2, names and targets are paragraphs, as many of each: a row each of these."""
    columns = {header_field(c.text): c.col for row in heads for c in lattice.texts(row)}
    if not all(field in columns for field in IN_LINES):
        return None
    count = {row: _paragraphs(lattice, row, columns) if row > heads[-1] else 1 for row in lattice.rows}
    if max(count.values()) == 1:
        return None
    rows: list[list[Cell]] = []
    for row in lattice.rows:
        divided: list[list[Cell]] = [[] for _ in range(count[row])]
        for cell in lattice.starts.get(row, ()):
            lines = cell.text.split("\n")
            if count[row] > 1 and cell.col >= columns["level2"] and len(lines) == count[row]:
                for line, cells in zip(lines, divided, strict=True):
                    cells.append(cell._replace(text=line.strip()))
            else:
                height = sum(count.get(r, 1) for r in range(row, row + cell.rowspan))
                divided[0].append(cell._replace(rowspan=height))
        rows += divided
    return laid_out(lattice, rows)


def _paragraphs(lattice: Lattice, row: int, columns: dict[str | None, int]) -> int:
    """How many rows the paragraphs of a row's cells stand for."""
    cells = [lattice.at.get((row, columns[field])) for field in IN_LINES]
    if not all(cell and cell.row == row for cell in cells[1:]) or any(c.rowspan > 1 for c in cells[1:]):
        return 1
    levels, names, values = [_lines(cell) for cell in cells]
    if len(names) != len(values) or not names:
        return 1
    of_levels = len(levels) == len(names) and all(map(level2_name, levels)) and cells[0].rowspan == 1
    numbered = [found[1] if (found := _NUMBERED.match(line)) else "" for line in names]
    if not of_levels and numbered != [str(n) for n in range(1, len(names) + 1)]:
        return 1
    # what stands beside a numbered name must be divided with it, or be of numbers only, so that no sentence is cut
    beside = [c for c in lattice.texts(row) if c.col > columns["name"] and c not in cells]
    lines = [_lines(c) for c in beside]
    apart = all(len(of) == len(names) and all(kind_of_cell(line) in FIGURES for line in of) for of in lines)
    return len(names) if of_levels or apart else 1


def _lines(cell: Cell | None) -> list[str]:
    return [line for line in cell.text.split("\n") if line.strip()] if cell else []


def _with_heads(lattice: Lattice, heads: list[list[Cell]], of_form: bool) -> Lattice | None:
    """A table with forms that print their indicators right below their own head: the column heads put between them;
    `of_form`: whether the heads are known to be a form's."""
    if not heads or max(c.col + c.colspan - 1 for cells in heads for c in cells) != lattice.columns:
        return None
    rows: list[list[Cell]] = []
    opened = headed = False
    for row in lattice.rows:
        if _is_indicator(lattice, row):
            if opened and of_form:
                rows += [[c._replace(index=NOT_PRINTED) for c in cells] for cells in heads]
                headed = True
            opened = False
        elif head_rows(lattice, row):
            of_form |= opened
            opened = False
        else:
            opened |= opens_form(lattice, row)
        rows.append(lattice.starts.get(row, []))
    return laid_out(lattice, rows) if headed else None


def _is_indicator(lattice: Lattice, row: int) -> bool:
    texts = [c.text for c in lattice.texts(row)]
    return len(texts) > 2 and level1_name(texts[0]) is not None and level2_name(texts[1]) is not None
