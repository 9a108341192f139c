"""A raw DataFrame, as camelot or pandas' own readers give it → cells."""

import pandas as pd

from budgetperf.errors import Unreadable
from budgetperf.field.printing import as_printed, values_of
from budgetperf.readers.flow import Cell, Table, cells_of
from budgetperf.tables.cells import Reading, pages_frame


def read_dataframe(frame: pd.DataFrame) -> Reading:
    """The cells of a frame, one a place, in its own order of rows; the index does not count.

    Columns named by words are the first row, as `pd.read_excel(path)` takes them from the sheet; numbered ones (camelot,
    `header=None`) are no row; of columns in levels (`header=[0, 1]`) each level is one. Missing values and blanks are blank
    cells; a float stands as it is printed.
    Raises Unreadable for an empty frame.

    >>> read_dataframe(pd.DataFrame({"项目名称": ["甲", None], "预算数": [12.5, 3.0]})).cells["text"].tolist()
    ['项目名称', '预算数', '甲', '12.5', '', '3']
    """
    columns = [[as_printed(value) for value in values_of(column)] for _, column in frame.items()]
    rows = [list(row) for row in zip(*columns, strict=True)]
    levels = [[as_printed(name) for name in frame.columns.get_level_values(n)] for n in range(frame.columns.nlevels)]
    named = any(not name.isdigit() for names in levels for name in names)
    heads = [["" if name.startswith("Unnamed: ") else name for name in names] for names in levels] if named else []
    if not any(text for row in heads + rows for text in row):
        raise Unreadable("这张表是空的", "请检查读入它的那一步")
    below = enumerate(rows, len(heads) + 1)
    cells = [Cell(row, col, 1, 1, text) for row, texts in below for col, text in enumerate(texts, 1)]
    table = Table(len(heads) + len(rows), _merged(heads) + cells)
    return Reading(cells_of([table]), pages_frame([{"page": 1}]), "frame")


def _merged(heads: list[list[str]]) -> list[Cell]:
    """The cells of head rows: a name over blanks reaches down to the last row, one name over several columns is one cell."""
    cells, columns = [], list(zip(*heads, strict=True))
    for level in range(len(heads)):
        left = None  # the branch that the cell at the left stands for
        for col, names in enumerate(columns, 1):
            branch, goes_on = names[: level + 1], any(names[level + 1 :])
            if goes_on and branch == left:
                cells[-1] = cells[-1]._replace(colspan=cells[-1].colspan + 1)
            elif names[level] or not any(branch):
                cells.append(Cell(level + 1, col, 1 if goes_on else len(heads) - level, 1, names[level]))
            left = branch if goes_on and names[level] else None
    return cells
