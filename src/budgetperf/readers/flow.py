"""Lines of text and tables in reading order → records of one page's cells: what Excel, Word and HTML have in common."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from budgetperf.errors import Unreadable
from budgetperf.field.vocabulary import header_field
from budgetperf.tables.cells import Remark, cells_frame

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
_RAISED = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")


def raised(base: str, text: str) -> str:
    """How text raised above the line behind `base` is read: as a power's sign, as nothing where it is the mark of a
    note, else as it is. It never becomes one of the digits before it.

    >>> raised("95", "1"), raised("满意度", "①"), raised("面积10m", "2"), raised("≥10", "2"), raised("第3", "届")
    ('', '', '²', '²', '届')
    """
    mark = text.strip()
    if mark.isascii() and mark.lstrip("+-").isdecimal() and _MEASURE.search(base):
        return mark.translate(_RAISED)
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


def divided(table: Table, inside: Mapping[int, list]) -> list:
    """A table with what stands inside its cells behind the rows it stands in (row → items); behind the whole table
    where a merged cell runs on through them.

    >>> table = Table(2, [Cell(1, 1, 1, 1, "指标"), Cell(2, 1, 1, 1, "备注")])
    >>> [item if isinstance(item, str) else item.rows for item in divided(table, {1: ["内表"]})]
    [1, '内表', 1]
    """
    items, start, waiting = [], 1, []
    for row in sorted(inside):
        waiting += inside[row]
        if row < table.rows and not any(c.row <= row < c.row + c.rowspan - 1 for c in table.cells if c.row >= start):
            items += [_rows_of(table, start, row), *waiting]
            start, waiting = row + 1, []
    return [*items, _rows_of(table, start, table.rows), *waiting]


def _rows_of(table: Table, first: int, last: int) -> Table:
    cells = [cell._replace(row=cell.row - first + 1) for cell in table.cells if first <= cell.row <= last]
    return Table(last - first + 1, cells)
