"""A raw DataFrame, as camelot or pandas' own readers give it → cells."""

from decimal import Decimal

import pandas as pd

from budgetperf.errors import Unreadable
from budgetperf.readers.flow import Cell, Table, cells_of
from budgetperf.tables.cells import Reading, pages_frame


def read_dataframe(frame: pd.DataFrame) -> Reading:
    """The cells of a frame, one a place, in its own order of rows; the index does not count.

    Columns named by words are the first row, as `pd.read_excel(path)` takes them from the sheet; numbered ones (camelot,
    `header=None`) are no row. Missing values and blanks are blank cells; a float stands as it is printed.
    Raises Unreadable for an empty frame.

    >>> read_dataframe(pd.DataFrame({"项目名称": ["甲", None], "预算数": [12.5, 3.0]})).cells["text"].tolist()
    ['项目名称', '预算数', '甲', '12.5', '', '3']
    """
    rows = [[shown(value) for value in row] for row in frame.astype(object).itertuples(index=False, name=None)]
    names = [shown(name) for name in frame.columns]
    if any(not name.isdigit() for name in names):
        rows.insert(0, ["" if name.startswith("Unnamed: ") else name for name in names])
    if not any(text for row in rows for text in row):
        raise Unreadable("这张表是空的", "请检查读入它的那一步")
    cells = [Cell(row, col, 1, 1, text) for row, texts in enumerate(rows, 1) for col, text in enumerate(texts, 1)]
    return Reading(cells_of([Table(len(rows), cells)]), pages_frame([{"page": 1}]), "frame")


def shown(value) -> str:
    """A value as it would stand in a cell.

    >>> shown(3.0), shown(0.1), shown(Decimal("2.50")), shown(pd.Timestamp("2024-12-31")), shown(None), shown(" a ")
    ('3', '0.1', '2.50', '2024-12-31', '', 'a')
    """
    if isinstance(value, str):
        return value.strip()
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return ""
    if isinstance(value, float):
        return format(Decimal(repr(float(value))).normalize(), "f")
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat() if value == value.normalize() else value.isoformat(" ")
    return str(value)
