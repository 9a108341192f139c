"""Lines of text and tables in reading order → records of one page's cells: what Excel, Word and HTML have in common."""

import re
from typing import NamedTuple

import pandas as pd

from budgetperf.errors import Unreadable
from budgetperf.tables.cells import cells_frame

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
