"""Text beside a table: the outermost column of a page that has no rule of its own there."""

from budgetperf.field.vocabulary import header_field, is_label
from budgetperf.layout.heads import head_rows
from budgetperf.layout.lattice import Cell, Lattice, Line
from budgetperf.layout.printed import PROJECT_FIELDS
from budgetperf.layout.section import Section

MOST_OPEN = 3  # columns before the first that has rules
OPEN = range(1 - MOST_OPEN, 1)  # their numbers


def lines_beside(lattice: Lattice, lines: list[Line]) -> list[Line]:
    """Those of a page's lines that stand left or right of a table, between its upper and its lower end; none where the
    table lies on its side and they stand over or under it."""
    if not lines or _on_its_side(lattice):
        return []
    x0, y0, x1, y1 = _box_of(lattice)
    return [line for line in lines if y0 < (line.y0 + line.y1) / 2 < y1 and not x0 < (line.x0 + line.x1) / 2 < x1]


def with_open_columns(lattice: Lattice, section: Section, beside: list[Line]) -> Lattice:
    """The lattice of a page without heads with the section's first columns, where no rule of them stands on this page
    (or, of the first, in a table of its own beyond a merged cell that is open above and below)."""
    if section.form or not section.edges or any(head_rows(lattice, row) for row in lattice.rows):
        return lattice
    left = _box_of(lattice)[0]
    missing = [col for col, (x0, x1) in sorted(section.edges.items()) if (x0 + x1) / 2 < left]  # none without places
    if missing != list(range(1, len(missing) + 1)) or lattice.columns != section.columns - len(missing):
        return lattice
    if len(missing) > MOST_OPEN or any(section.fields[col] not in PROJECT_FIELDS for col in missing):
        return lattice
    for place, col in enumerate(reversed(missing)):
        lattice = _widened(lattice, -place, section.edges[col], beside)
    return lattice


def columns_here(section: Section, lattice: Lattice) -> dict[int, str]:
    """Column → field in a lattice without heads of its own: the same columns, or by place where their number differs."""
    if lattice.columns == section.columns:
        return section.fields
    found: dict[int, str] = {}
    opened = [col for col in OPEN if lattice.rows and (lattice.rows[0], col) in lattice.at]
    for col in [*opened, *range(1, lattice.columns + 1)]:
        cell = next((c for row in lattice.rows if (c := lattice.at.get((row, col))) and c.colspan == 1), None)
        if cell is None or cell.x0 != cell.x0:
            continue
        middle = (cell.x0 + cell.x1) / 2
        for head, (x0, x1) in section.edges.items():
            if x0 <= middle <= x1 and section.fields[head] not in found.values():
                found[col] = section.fields[head]
    return found


def note_beside(section: Section, lattice: Lattice, beside: list[Line]) -> None:
    """Text beside a table is a part of its open column, or nobody knows what: never a mere caption."""
    opened = [cell for col in OPEN if (cell := lattice.at.get((lattice.rows[0], col))) and cell.text]
    for line in beside:
        cell = next((c for c in opened if c.x0 <= (line.x0 + line.x1) / 2 <= c.x1), None)
        role = section.roles.get(cell.index) if cell else None
        other = ("heading", header_field(line.text), -1) if is_side_text(line.text) else ("unread", None, -1)
        section.roles.setdefault(line.index, role or other)


def is_side_text(text: str) -> bool:
    """Whether a text is such as stands upright beside the rows of a table and names them all.

    >>> is_side_text("绩\\n效\\n指\\n标"), is_side_text("数量指标")
    (True, False)
    """
    return is_label(text, "side")


def _widened(lattice: Lattice, col: int, edges: tuple[float, float], lines: list[Line]) -> Lattice:
    """The table with one more column `col` before its first: a merged cell that is open above, below and to the outside has no
    rule of its own on the page, and its text stands beside the table."""
    _, y0, _, y1 = _box_of(lattice)
    mine = [line for line in lines if edges[0] <= (line.x0 + line.x1) / 2 <= edges[1]]
    text = "\n".join(line.text for line in mine)
    index = mine[0].index if mine else -1
    rows = lattice.rows
    cell = Cell(index, rows[0], col, rows[-1] - rows[0] + 1, 1, text, *edges, y0, y1 - y0, True, True)
    at = {(row, col): cell for row in rows} | lattice.at
    starts = {**lattice.starts, rows[0]: [cell, *lattice.starts.get(rows[0], [])]}
    return lattice._replace(at=at, starts=starts)


def _on_its_side(lattice: Lattice) -> bool:
    """Whether the cells of a row stand one under another on the page."""
    row = max(lattice.starts.values(), key=len)
    return len(row) > 1 and max(c.x0 for c in row) - min(c.x0 for c in row) < min(c.x1 - c.x0 for c in row) / 2


def _box_of(lattice: Lattice) -> tuple[float, float, float, float]:
    """x0, y0, x1, y1 of a table; NaN where its cells have no place on a page."""
    cells = [cell for row in lattice.starts.values() for cell in row]
    return (
        min(c.x0 for c in cells),
        min(c.y0 for c in cells),
        max(c.x1 for c in cells),
        max(c.y0 + c.height for c in cells),
    )
