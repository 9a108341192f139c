"""Tables of a page that stand beside each other, their heads in tables of their own, so that some columns stay in sight."""

from budgetperf.field.vocabulary import header_field
from budgetperf.readers.flow import Cell, Table

LEAST_HEADS = 2  # that are known, of each part


def with_frozen(items: list) -> list:
    """The items of a page (flow.py), two pairs of heads and rows that follow each other made one table where they are its
    left and its right part: as many rows, each head in one row over as many columns, and other columns in each.

    >>> def table(*rows):
    ...     cells = [Cell(r, c, 1, 1, text) for r, row in enumerate(rows, 1) for c, text in enumerate(row, 1)]
    ...     return Table(len(rows), cells)
    >>> left = [table(["项目编码", "项目名称"]), table(["01", "道路"], ["02", "桥梁"])]
    >>> right = [table(["三级指标", "指标值"]), table(["里程", "5"], ["座数", "7"])]
    >>> [[c.text for c in item.cells if c.row == 3] for item in with_frozen(left + right)], len(with_frozen(left + left))
    ([['02', '桥梁', '座数', '7']], 4)
    """
    found, place = [], 0
    while place < len(items):
        parts = items[place : place + 4]
        if len(parts) == 4 and _are_one(*parts):
            found.append(_beside(*parts))
            place += 4
        else:
            found.append(items[place])
            place += 1
    return found


def _are_one(heads: object, rows: object, more_heads: object, more_rows: object) -> bool:
    if not all(isinstance(item, Table) for item in (heads, rows, more_heads, more_rows)):
        return False
    left, right = _fields(heads), _fields(more_heads)
    return (
        heads.rows == more_heads.rows == 1
        and rows.rows == more_rows.rows > 1
        and min(len(left), len(right)) >= LEAST_HEADS
        and not left & right
        and _width(heads) == _width(rows)
        and _width(more_heads) == _width(more_rows)
        and _fields(rows) == _fields(more_rows) == set()
    )


def _fields(table: Table) -> set[str]:
    """What the texts of a table's first row head."""
    return {field for cell in table.cells if cell.row == 1 and (field := header_field(cell.text))}


def _beside(heads: Table, rows: Table, more_heads: Table, more_rows: Table) -> Table:
    """One table of the two parts."""
    right = _width(heads)
    cells = [*heads.cells, *(_moved(cell, 0, right) for cell in more_heads.cells)]
    cells += [_moved(cell, 1, 0) for cell in rows.cells] + [_moved(cell, 1, right) for cell in more_rows.cells]
    return Table(rows.rows + 1, sorted(cells, key=lambda cell: (cell.row, cell.col)))


def _moved(cell: Cell, down: int, over: int) -> Cell:
    return cell._replace(row=cell.row + down, col=cell.col + over)


def _width(table: Table) -> int:
    return max((cell.col + cell.colspan - 1 for cell in table.cells), default=0)
