"""The key/value head of a form: project, unit, money and objective of one project, above its indicators."""

import re

from budgetperf.field.notation import parse_amount
from budgetperf.field.vocabulary import fold, header_field, is_label
from budgetperf.layout.lattice import Cell, Lattice

# heads whose value stands below them in the fund block of a self-evaluation, and the project's field they fill
FUND_HEADS = {
    "budget_initial": "budget_initial",
    "budget": "budget",
    "executed": "executed",
    "weight": "execution_weight",
    "execution_rate": "execution_rate",
    "score": "execution_score",
}
FORM_LABELS = {
    "project",
    "project_code",
    "department",
    "unit",
    "category",
    "budget",
    "objective",
    "start_date",
    "end_date",
}
PROSE = 12  # characters from which a cell is no mere label or amount
SAME_EDGE = 3.0  # points between the sides of one cell on two pages
_INLINE = re.compile(r"^([^：:]{2,14})[：:]\s*(\S.*)$", re.DOTALL)


def begins_form(lattice: Lattice, row: int) -> bool:
    """Whether a form's head begins in this row: it labels a project's name, whose value stands beside it."""
    cells = lattice.texts(row)
    labels = [cell for cell in cells if header_field(cell.text) == "project"]
    inline = [cell for cell in cells if (m := _INLINE.match(cell.text)) and header_field(m[1]) == "project"]
    return bool(inline) or (len(labels) == 1 and _beside(lattice, labels[0]) is not None)


def goes_on_form(lattice: Lattice, row: int) -> bool:
    """Whether a row is part of a form's head: its first text is a label with its value beside it."""
    cells = lattice.texts(row)
    return bool(cells) and header_field(cells[0].text) in FORM_LABELS and _beside(lattice, cells[0]) is not None


def _beside(lattice: Lattice, label: Cell) -> Cell | None:
    """The value right of a label: the next cell with text, if it is no label itself."""
    for col in range(label.col + label.colspan, lattice.columns + 1):
        cell = lattice.at.get((label.row, col))
        if cell and cell.text:
            return cell if not header_field(cell.text) and cell.row <= label.row else None
    return None


def _below(lattice: Lattice, label: Cell, rows: list[int]) -> Cell | None:
    """The value under a label, if it stands in the form's head as well."""
    cell = lattice.at.get((label.row + label.rowspan, label.col))
    return cell if cell and cell.text and cell.row in rows and not header_field(cell.text) else None


def read_head(lattice: Lattice, rows: list[int]) -> tuple[dict[str, Cell | str], list[Cell]]:
    """Values of a form's head: field → the cell that holds it (or its text, where label and value share a cell); and
    the cells that are labels.

    A label's value stands right of it, else below it. In the fund block (年初预算数 · 全年执行数 · 执行率 …) the
    heads' values stand in the first row below them.
    """
    values: dict[str, Cell | str] = {}
    labels: list[Cell] = []
    fund = _fund_row(lattice, rows)
    if fund is not None:
        heads = [c for c in lattice.texts(fund) if header_field(c.text) in FUND_HEADS]
        labels += heads
        for head in heads:
            below = _below(lattice, head, rows)
            if below:
                values.setdefault(FUND_HEADS[header_field(head.text)], below)
    for row in rows:
        for cell in lattice.texts(row):
            field = header_field(cell.text)
            inline = _INLINE.match(cell.text)
            if field is None and inline and header_field(inline[1]):
                values.setdefault(header_field(inline[1]), inline[2].strip())
                labels.append(cell)
                continue
            if field is None or row == fund:
                continue
            labels.append(cell)
            in_fund_block = fund is not None and row > fund and field in FUND_HEADS
            value = None if in_fund_block else _beside(lattice, cell)
            if value is None and field in ("objective", "achievement"):
                value = _below(lattice, cell, rows)
            if value is not None:
                values.setdefault(field, value)
    return values, labels


def unclaimed(
    lattice: Lattice, rows: list[int], values: dict[str, Cell | str], labels: list[Cell]
) -> list[tuple[str, Cell]]:
    """Prose of a form's head that no known label claims, with the label beside it: it must not be lost in silence."""
    claimed = {c.index for c in labels} | {v.index for v in values.values() if isinstance(v, Cell)}
    found = []
    for row in rows:
        for cell in lattice.texts(row):
            if cell.index in claimed or len(fold(cell.text)) < PROSE or parse_amount(cell.text, "元") is not None:
                continue
            left = lattice.at.get((cell.row, cell.col - 1))
            label = left.text if left and left.text else cell.text[:10]
            if not is_label(label, "ignored") and header_field(label) is None:
                found.append((fold(label), cell))
    return found


def going_on(above: Lattice, rows: list[int], values: dict[str, Cell | str], below: Lattice) -> dict[str, Cell]:
    """Field → the cell at the head of the table `below` that goes on with a value of the form's head `above` it, its
    label being left on the page before; `values` are those of `above`."""
    fields = {value.index: field for field, value in values.items() if isinstance(value, Cell)}
    found: dict[str, Cell] = {}
    for cell in below.texts(below.rows[0]):
        over = [c for row in rows for c in above.starts.get(row, ()) if _same_column(c, cell)]
        # the value that the break divides, or its label if the whole value stands overleaf
        last = next((c for c in reversed(over) if c.text), None)
        field = None if last is None else fields.get(last.index) or header_field(last.text)
        if (
            field in ("objective", "achievement")
            and last.row + last.rowspan >= rows[-1]
            and not header_field(cell.text)
        ):
            found.setdefault(field, cell)
    return found


def _same_column(a: Cell, b: Cell) -> bool:
    return abs(a.x0 - b.x0) < SAME_EDGE and abs(a.x1 - b.x1) < SAME_EDGE


def _fund_row(lattice: Lattice, rows: list[int]) -> int | None:
    """The row of the fund block's heads: three or more of them side by side."""
    for row in rows:
        named = {header_field(c.text) for c in lattice.texts(row)} & set(FUND_HEADS)
        if len(named) >= 3 and "executed" in named:
            return row
    return None


def money_label(lattice: Lattice, rows: list[int]) -> str | None:
    """The head's text that names the unit of its money (项目资金（万元）), or None."""
    for row in rows:
        for cell in lattice.texts(row):
            if fold(cell.text).startswith(("项目资金", "资金", "预算", "年度资金", "项目预算")) and "元" in cell.text:
                return cell.text
    return None
