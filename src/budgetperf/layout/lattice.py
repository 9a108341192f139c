"""One printed table as a lattice: which cell covers which row and column, and where its column heads stand."""

from typing import NamedTuple

import pandas as pd


class Cell(NamedTuple):
    index: int  # in the cells frame
    row: int
    col: int
    rowspan: int
    colspan: int
    text: str
    x0: float
    x1: float
    y0: float
    height: float
    open_top: bool
    open_bottom: bool


class Lattice(NamedTuple):
    """page, table · rows: row numbers in order · columns: how many · at: (row, column) → the Cell that covers it ·
    starts: row → the cells that begin in it, left to right · printed: row → the row of the print that it was, where
    rows were put elsewhere."""

    page: int
    table: int
    rows: list[int]
    columns: int
    at: dict[tuple[int, int], Cell]
    starts: dict[int, list[Cell]]
    printed: dict[int, int]

    def texts(self, row: int) -> list[Cell]:
        """Cells with text that begin in this row."""
        return [cell for cell in self.starts.get(row, ()) if cell.text]


class Line(NamedTuple):
    """A line of text outside every table, and its box."""

    page: int
    row: int
    index: int
    text: str
    x0: float
    y0: float
    x1: float
    y1: float


def lattices(cells: pd.DataFrame) -> list[Lattice | Line]:
    """Tables and lines of text of a document in reading order."""
    found: list[Lattice | Line] = []
    fields = [
        "page",
        "table",
        "row",
        "col",
        "rowspan",
        "colspan",
        "text",
        "x0",
        "x1",
        "y0",
        "y1",
        "open_top",
        "open_bottom",
    ]
    current: Lattice | None = None
    for index, page, table, row, col, rowspan, colspan, text, x0, x1, y0, y1, top, bottom in cells[fields].itertuples():
        if table == 0:
            current = None
            if text.strip():
                found.append(Line(page, row, index, text.strip(), x0, y0, x1, y1))
            continue
        if current is None or (current.page, current.table) != (page, table):
            current = next(
                (t for t in found[-50:] if isinstance(t, Lattice) and (t.page, t.table) == (page, table)), None
            ) or Lattice(page, table, [], 0, {}, {}, {})
            if not any(t is current for t in found[-50:]):
                found.append(current)
        cell = Cell(index, row, col, rowspan, colspan, text.strip(), x0, x1, y0, y1 - y0, top, bottom)
        if not current.rows or current.rows[-1] < row:
            current.rows.append(row)
        if col + colspan - 1 > current.columns:
            grown = current._replace(columns=col + colspan - 1)
            found[next(i for i in range(len(found) - 1, -1, -1) if found[i] is current)] = grown
            current = grown
        if (row, col) not in current.at:
            current.starts.setdefault(row, []).append(cell)
        for r in range(row, row + min(rowspan, 5000)):
            for c in range(col, col + min(colspan, 500)):
                current.at.setdefault((r, c), cell)
    return found


def texts_of(lattice: Lattice) -> tuple[tuple[int, int, str], ...]:
    """What a table prints, by which the same table is known again on another page: row, column and text of each cell."""
    return tuple((place, c.col, c.text) for place, row in enumerate(lattice.rows) for c in lattice.texts(row))


def part_of(lattice: Lattice, first: int, last: int) -> Lattice:
    """The columns `first` to `last` of a table as a table of their own."""
    shift = first - 1
    moved = {
        cell.index: cell._replace(col=cell.col - shift)
        for cells in lattice.starts.values()
        for cell in cells
        if first <= cell.col <= last
    }
    at = {(r, c - shift): moved[cell.index] for (r, c), cell in lattice.at.items() if cell.index in moved}
    starts = {row: [moved[c.index] for c in cells if c.index in moved] for row, cells in lattice.starts.items()}
    rows = [row for row in lattice.rows if any(cell.text for cell in starts.get(row, ()))]
    return lattice._replace(rows=rows, columns=last - shift, at=at, starts=starts)
