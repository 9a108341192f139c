"""Lines of text and tables in reading order → records of one page's cells: what Excel, Word and HTML have in common."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from budgetperf.errors import Unreadable
from budgetperf.field.vocabulary import header_field
from budgetperf.tables.cells import Remark, cells_frame

OF_INDICATORS = ("level1", "level2", "name")  # heads by which a table is one of its own
CELL_LIMIT = 1_000_000  # printed cells of one document; beyond it memory would pass 2 GB on the way to the tables


class Cell(NamedTuple):
    """One cell of one table; row and col are 1-based within the table."""

    row: int
    col: int
    rowspan: int
    colspan: int
    text: str


class Table(NamedTuple):
    """A table of `rows` rows; cells in reading order, covered places of a span left out."""

    rows: int
    cells: list[Cell]


def cells_of(items: list, page: int = 1) -> pd.DataFrame:
    """Frame of CELL_COLUMNS from one page's items in reading order.

    An item is a Table, or a tuple of the texts that stand side by side on one line outside tables (table 0).
    Rows count on through lines and tables, tables from 1.

    >>> items = [("标题",), Table(2, [Cell(1, 1, 2, 1, "甲"), Cell(1, 2, 1, 1, "乙"), Cell(2, 2, 1, 1, "")]), ("注",)]
    >>> cells_of(items)[["table", "row", "col", "rowspan", "text"]].values.tolist()
    [[0, 1, 1, 1, '标题'], [1, 2, 1, 2, '甲'], [1, 2, 2, 1, '乙'], [1, 3, 2, 1, ''], [0, 4, 1, 1, '注']]
    """
    records: list[dict] = []
    table = row = 0
    for item in items:
        if isinstance(item, Table):
            table += 1
            number, cells, height = table, item.cells, item.rows
        else:
            number, height = 0, 1
            cells = [Cell(1, col, 1, 1, text) for col, text in enumerate(item, start=1)]
        if len(records) + len(cells) > CELL_LIMIT:
            raise Unreadable(
                f"第 {page} 页（表）的单元格超过 {CELL_LIMIT:,} 个，超出可读范围", "请删去与绩效目标表无关的内容后再读"
            )
        records += [{"page": page, "table": number, **cell._asdict(), "row": row + cell.row} for cell in cells]
        row += height
    return cells_frame(records)


def lines_of(text: str) -> list[tuple[str]]:
    """The non-empty lines of a text, each an item for `cells_of`.

    >>> lines_of(" 标题 \\n\\n单位：万元")
    [('标题',), ('单位：万元',)]
    """
    return [(line.strip(),) for line in text.split("\n") if line.strip()]


_MARK = re.compile(r"[\[(（［〔]?(?:注?\d{1,2}|[①-⑳㉑-㉟*＊†‡※#a-z]|\*{2,3})[\])）］〕]?", re.IGNORECASE)
_MEASURE = re.compile(
    r"(?:[a-zA-Z]|米|(?<!\d)10|[×*]\s*10)$"
)  # what a raised figure makes an area, a volume or a power
RAISED = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
LOWERED = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")


def raised(base: str, text: str) -> str:
    """How text raised above the line behind `base` is read: as a power's sign, as nothing where it is the mark of a
    note, else as it is. It never becomes one of the digits before it.

    >>> raised("95", "1"), raised("满意度", "①"), raised("面积10m", "2"), raised("≥10", "2"), raised("第3", "届")
    ('', '', '²', '²', '届')
    """
    mark = text.strip()
    if mark.isascii() and mark.lstrip("+-").isdecimal() and _MEASURE.search(base):
        return mark.translate(RAISED)
    return "" if _MARK.fullmatch(mark) else text


def left_out(page: int, counts: Mapping[str, int]) -> tuple[Remark, ...]:
    """The remark on what is on a page but not seen, and therefore not read: kind in words → how often.

    >>> left_out(1, {"划去的文字": 2})[0].note, left_out(1, {})
    ('2 处划去的文字，没有读取', ())
    """
    words = "、".join(f"{count} 处{what}" for what, count in counts.items() if count)
    return (Remark(page, "hidden", True, f"{words}，没有读取"),) if words else ()


def labels_anything(rows: Iterable[list[str]]) -> bool:
    """Whether a row of texts is one of a form: a label with something beside it.

    >>> labels_anything([["导航", "首页"]]), labels_anything([["项目名称", "道路养护"]])
    (False, True)
    """
    return any(sum(map(bool, row)) > 1 and any(header_field(text) for text in row if text) for row in rows)


def laid_out(table: Table, inside: Mapping[int, list], arranges: bool) -> list:
    """A table and what stands inside its cells apart from text (place of the cell → items), in reading order.

    Tables that fill cells beside others become rows and columns of the whole; heads that they have in common stand once.
    Other things stand behind the rows that hold them (where the table mostly `arranges` them and no merged cell runs on
    through them), else behind the whole table.

    >>> table = Table(1, [Cell(1, 1, 1, 1, "资金"), Cell(1, 2, 1, 1, "")])
    >>> inner = Table(2, [Cell(1, 1, 1, 1, "总额"), Cell(1, 2, 1, 1, "9"), Cell(2, 1, 1, 1, "财政"), Cell(2, 2, 1, 1, "9")])
    >>> [cell[:5] for cell in laid_out(table, {1: [inner]}, False)[0].cells]
    [(1, 1, 2, 1, '资金'), (1, 2, 1, 1, '总额'), (1, 3, 1, 1, '9'), (2, 2, 1, 1, '财政'), (2, 3, 1, 1, '9')]
    >>> table = Table(2, [Cell(1, 1, 1, 1, "指标"), Cell(2, 1, 1, 1, "备注")])
    >>> [item if isinstance(item, str) else item.rows for item in laid_out(table, {0: ["内表"]}, True)]
    [1, '内表', 1]
    """
    table, inside = _with_lines(table, inside)
    filling = _filling(table, inside)
    if filling:
        return [
            _inlaid(table, filling),
            *(item for place, items in inside.items() if place not in filling for item in items),
        ]
    if not arranges:
        return [table, *(item for items in inside.values() for item in items)]
    items, start, waiting = [], 1, []
    for place, found in sorted(inside.items()):
        waiting, row = [*waiting, *found], table.cells[place].row
        if row < table.rows and not any(c.row <= row < c.row + c.rowspan - 1 for c in table.cells if c.row >= start):
            items += [*([_rows_of(table, start, row)] if row >= start else []), *waiting]
            start, waiting = row + 1, []
    return [*items, _rows_of(table, start, table.rows), *waiting]


def _with_lines(table: Table, inside: Mapping[int, list]) -> tuple[Table, Mapping[int, list]]:
    """A table and what stands inside its cells; a table of one column that alone in its row sets a cell's text in lines
    (a code over a name) is that text.

    >>> table = Table(1, [Cell(1, 1, 2, 1, ""), Cell(1, 2, 1, 1, "产出指标")])
    >>> inner = Table(2, [Cell(1, 1, 1, 1, "0120-"), Cell(2, 1, 1, 1, "道路养护")])
    >>> _with_lines(table, {0: [inner]})[0].cells[0].text, _with_lines(table, {0: [inner], 1: [inner]})[0].cells[0].text
    ('0120-\\n道路养护', '')
    """
    rows = [table.cells[place].row for place in inside]
    lines = {
        place: [cell.text for cell in items[0].cells]
        for place, items in inside.items()
        if len(items) == 1 and isinstance(items[0], Table) and items[0].cells and _columns(items[0]) == 1
        and not table.cells[place].text and rows.count(table.cells[place].row) == 1
    }  # fmt: skip
    lines = {
        place: texts
        for place, texts in lines.items()
        if not any(header_field(t) or re.search("[:：]", t) for t in texts)
    }
    cells = [
        cell._replace(text="\n".join(lines[place])) if place in lines else cell
        for place, cell in enumerate(table.cells)
    ]
    return table._replace(cells=cells), {place: items for place, items in inside.items() if place not in lines}


def _rows_of(table: Table, first: int, last: int) -> Table:
    cells = [cell._replace(row=cell.row - first + 1) for cell in table.cells if first <= cell.row <= last]
    return Table(last - first + 1, cells)


def _filling(table: Table, inside: Mapping[int, list]) -> dict[int, Table]:
    """Place of a cell → the table that is all it holds, beside other texts of its row; the heads that such tables under a
    head have in common stand below that, once. A single table with heads of its own is none of the whole's."""
    beside = {cell.row for cell in table.cells if cell.text}
    found = {
        place: items[0] for place, items in inside.items()
        if len(items) == 1 and isinstance(items[0], Table) and items[0].cells and not table.cells[place].text
        and table.cells[place].row in beside
    }  # fmt: skip
    tops = [[c.text for c in inner.cells if c.row == 1] for inner in found.values()]
    if not any(header_field(text) in OF_INDICATORS for top in tops for text in top):
        return found
    places = [table.cells[place] for place in found]
    head = next(
        (
            n
            for n, c in enumerate(table.cells)
            if places and c.col == places[0].col and c.text and c.row < places[0].row
        ),
        None,
    )
    if len(tops) < 2 or head is None or any(top != tops[0] for top in tops) or len({c.col for c in places}) > 1:
        return {}
    own, width = table.cells[head], _columns(found[min(found)])
    heads = [c._replace(row=2) for c in found[min(found)].cells if c.row == 1]
    bodies = {place: _rows_of(inner, 2, inner.rows) for place, inner in found.items()}
    return {head: Table(2, [Cell(1, 1, 1, width, own.text), *heads]), **bodies}


def _inlaid(table: Table, filling: Mapping[int, Table]) -> Table:
    """A table whose cells in `filling` are divided as the tables in them."""
    rows: dict[int, int] = {}  # row or column → how many more the tables that end in it need
    columns: dict[int, int] = {}
    for place, inner in filling.items():
        cell = table.cells[place]
        last, right = cell.row + cell.rowspan - 1, cell.col + cell.colspan - 1
        rows[last] = max(rows.get(last, 0), inner.rows - cell.rowspan)
        columns[right] = max(columns.get(right, 0), _columns(inner) - cell.colspan)

    def moved(place: int, more: Mapping[int, int]) -> int:
        return place + sum(count for at, count in more.items() if at < place)

    cells = []
    for place, cell in enumerate(table.cells):
        row, col = moved(cell.row, rows), moved(cell.col, columns)
        height, width = moved(cell.row + cell.rowspan, rows) - row, moved(cell.col + cell.colspan, columns) - col
        inner = filling.get(place)
        if inner is None:
            cells.append(Cell(row, col, height, width, cell.text))
            continue
        bottom, right = inner.rows, _columns(inner)
        for c in inner.cells:
            down = height - bottom if c.row + c.rowspan - 1 == bottom else 0
            wide = width - right if c.col + c.colspan - 1 == right else 0
            cells.append(Cell(row + c.row - 1, col + c.col - 1, c.rowspan + down, c.colspan + wide, c.text))
    return Table(moved(table.rows + 1, rows) - 1, sorted(cells, key=lambda c: (c.row, c.col)))


def _columns(table: Table) -> int:
    return max(cell.col + cell.colspan - 1 for cell in table.cells)
