"""What every reader gives: the printed cells of a document in reading order, and the state of each page."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

CELL_COLUMNS = {
    "page": "int32",  # 1-based: page of a PDF or text, sheet of a workbook, 1 in Word and HTML
    "table": "int32",  # 1-based table on its page; 0 = a line of text outside every table
    "row": "int32",  # 1-based row on its page, counted through tables and lines of text
    "col": "int32",  # 1-based column in its table
    "rowspan": "int32",
    "colspan": "int32",
    "text": "object",  # as printed; lines inside a cell divided by "\n"
    "x0": "float64",  # the cell's box in PDF points, origin top left of the page as seen; NaN where there is no page
    "y0": "float64",
    "x1": "float64",
    "y1": "float64",
    "open_top": "bool",  # no rule closes the cell there: it may go on over the edge of the page
    "open_bottom": "bool",
    "confidence": "float64",  # of a recognised cell's least sure character; NaN where the text was not recognised
}
_DEFAULTS = {
    "rowspan": 1,
    "colspan": 1,
    "x0": float("nan"),
    "y0": float("nan"),
    "x1": float("nan"),
    "y1": float("nan"),
    "open_top": False,
    "open_bottom": False,
    "confidence": float("nan"),
}

PAGE_COLUMNS = {
    "page": "int32",
    "width": "float64",  # points, as seen (rotation applied); NaN where there is no page
    "height": "float64",
    "state": "object",  # text · recognised (read from a picture) · scan (a picture, not read) · blank · failed
    "note": "object",  # one Chinese sentence where the state is not text, else ""
    "name": "object",  # of a sheet, as its tab shows it; else ""
}


class Remark(NamedTuple):
    """What a reader has to say of a page: a check (its name, whether it passes) with a Chinese sentence."""

    page: int
    check: str
    passed: bool
    note: str


class Sign(NamedTuple):
    """A recognised character: how sure, and (character, probability) of what else it may be ("" for nothing)."""

    text: str
    confidence: float
    others: tuple[tuple[str, float], ...]


class Recognised(NamedTuple):
    """What a recogniser read in one cell: its characters one by one, the cell's box on the page as seen (the cells
    frame has it straightened), other readings of the whole cell, and whether ink was left that no character covers."""

    signs: tuple[Sign, ...]
    box: tuple[float, float, float, float]
    again: tuple[str, ...] = ()
    unread_ink: bool = False


class Reading(NamedTuple):
    """A document as read: `cells` (CELL_COLUMNS), `pages` (PAGE_COLUMNS), `format` (pdf, xlsx, docx, html, text, image),
    `remarks` on what was left out because no one sees it, or cannot be read for sure, and `recognised`: index in cells →
    what a recogniser says of it, for cells read from a picture."""

    cells: pd.DataFrame
    pages: pd.DataFrame
    format: str
    remarks: tuple[Remark, ...] = ()
    recognised: Mapping[int, Recognised] = MappingProxyType({})

    def boxes(self) -> pd.DataFrame:
        """x0, y0, x1, y1 of every cell on its page as seen."""
        boxes = self.cells[["x0", "y0", "x1", "y1"]].copy()
        for index, cell in self.recognised.items():
            boxes.loc[index] = cell.box
        return boxes


def cells_frame(records: list[dict]) -> pd.DataFrame:
    """Frame of CELL_COLUMNS from records that may leave out spans, boxes and open edges.

    >>> cells_frame([{"page": 1, "table": 1, "row": 1, "col": 2, "text": "合计"}])[["col", "colspan", "text"]].values.tolist()
    [[2, 1, '合计']]
    """
    return pd.DataFrame(
        {
            column: pd.Series([record.get(column, _DEFAULTS.get(column)) for record in records], dtype=dtype)
            for column, dtype in CELL_COLUMNS.items()
        }
    )


def pages_frame(records: list[dict]) -> pd.DataFrame:
    """Frame of PAGE_COLUMNS; size, state and note may be left out (no size, "text", ""), and so may the name.

    >>> pages_frame([{"page": 1}])["state"].item()
    'text'
    """
    defaults = {"width": float("nan"), "height": float("nan"), "state": "text", "note": "", "name": ""}
    return pd.DataFrame(
        {
            column: pd.Series([record.get(column, defaults.get(column)) for record in records], dtype=dtype)
            for column, dtype in PAGE_COLUMNS.items()
        }
    )
