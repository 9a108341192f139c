"""A raw DataFrame, as camelot or pandas' own readers give it → cells."""

import pandas as pd

from budgetperf.errors import Unreadable
from budgetperf.field.printing import as_printed, values_of
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
    columns = [[as_printed(value) for value in values_of(column)] for _, column in frame.items()]
    rows = [list(row) for row in zip(*columns, strict=True)]
    names = [as_printed(name) for name in frame.columns]
    if any(not name.isdigit() for name in names):
        rows.insert(0, ["" if name.startswith("Unnamed: ") else name for name in names])
    if not any(text for row in rows for text in row):
        raise Unreadable("这张表是空的", "请检查读入它的那一步")
    cells = [Cell(row, col, 1, 1, text) for row, texts in enumerate(rows, 1) for col, text in enumerate(texts, 1)]
    return Reading(cells_of([Table(len(rows), cells)]), pages_frame([{"page": 1}]), "frame")
