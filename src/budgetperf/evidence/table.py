"""Cells as read, as a small table: HTML for Jupyter, a picture for files. The text is the printed text, whole."""

import unicodedata
from html import escape
from typing import NamedTuple

import numpy as np
import pandas as pd

CONTEXT_ROWS = 3
MOST_ROWS = 400  # of a page shown as a table
LONGEST = 2_000  # characters of one cell that are shown
OWN, OTHER = "#d00000", "#e69f00"
# sizes of the picture, in points
FONT, LINE, PAD, WIDEST, NARROWEST = 8.0, 11.0, 3.0, 168.0, 24.0
DPI, MOST_PIXELS = 150, 20_000_000


class Box(NamedTuple):
    """One cell of the table; rows and columns count from 0; mark: colour of its frame; tint: of its ground."""

    row: int
    col: int
    rowspan: int
    colspan: int
    text: str
    mark: str | None
    tint: str | None


class CellTable(NamedTuple):
    """boxes of `rows` rows and `columns` columns; `left_out` rows of the page are not shown."""

    boxes: list[Box]
    rows: int
    columns: int
    left_out: int


def rows_around(cells: pd.DataFrame, own: pd.DataFrame, others: pd.DataFrame, page: int) -> CellTable:
    """The rows of `own` on the page with some rows around them and the table's head; `own` and `others` marked."""
    here, mine = cells[cells["page"] == page], own[own["page"] == page]
    first, last = mine["row"].min() - CONTEXT_ROWS, (mine["row"] + mine["rowspan"] - 1).max() + CONTEXT_ROWS
    heads = here[(here["role"] == "heading") & here["table"].isin(set(mine["table"])) & (here["row"] < first)]
    keep = set(range(int(first), int(last) + 1)) | set(heads["row"])
    marks = dict.fromkeys(others.index, OTHER) | dict.fromkeys(mine.index, OWN)
    return _table(here, sorted(keep), marks, {})


def whole_rows(cells: pd.DataFrame) -> CellTable:
    """All rows of one page; the column `colour` tints each cell."""
    tints = {index: colour for index, colour in cells["colour"].items() if isinstance(colour, str)}
    return _table(cells, sorted(set(cells["row"])), {}, tints)


def _table(cells: pd.DataFrame, rows: list[int], marks: dict, tints: dict) -> CellTable:
    covered = {row for c in cells.itertuples() for row in range(c.row, min(c.row + c.rowspan, c.row + MOST_ROWS))}
    shown = [row for row in rows if row in covered]
    left_out = max(0, len(shown) - MOST_ROWS)
    at = {row: k for k, row in enumerate(shown[:MOST_ROWS])}
    columns = int((cells["col"] + cells["colspan"] - 1).max()) if len(cells) else 1
    boxes, taken = [], set()
    for c in cells.sort_values(["row", "col"]).itertuples():
        inside = [at[row] for row in range(c.row, min(c.row + c.rowspan, c.row + 10_000)) if row in at]
        if not inside:
            continue
        top, col = inside[0], int(c.col) - 1
        deep = next((k for k, row in enumerate(inside) if row != top + k), len(inside))
        wide = columns if c.table == 0 else int(c.colspan)
        places = {(top + r, col + k) for r in range(deep) for k in range(wide)}
        if places & taken:
            places, deep, wide = {(top, col)}, 1, 1
            if places & taken:
                continue
        taken |= places
        boxes.append(Box(top, col, deep, wide, _shortened(c.text), marks.get(c.Index), tints.get(c.Index)))
    return CellTable(boxes, len(at), columns, left_out)


def _shortened(text) -> str:
    text = text if isinstance(text, str) else ""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}……（共 {len(text)} 字）"


def _left_out(table: CellTable) -> str:
    return f"其余 {table.left_out} 行未显示。" if table.left_out else ""


def table_html(table: CellTable) -> str:
    """The table as HTML; every text escaped."""
    lines = ['<table style="border-collapse:collapse">']
    starts = {(box.row, box.col): box for box in table.boxes}
    taken = {(b.row + r, b.col + k) for b in table.boxes for r in range(b.rowspan) for k in range(b.colspan)}
    for row in range(table.rows):
        places = [(row, col) for col in range(table.columns) if (row, col) in starts or (row, col) not in taken]
        lines.append("<tr>" + "".join(_html_cell(starts.get(place)) for place in places) + "</tr>")
    return "\n".join([*lines, "</table>"]) + (f"<p>{_left_out(table)}</p>" if table.left_out else "")


def _html_cell(box: Box | None) -> str:
    if box is None:
        return '<td style="border:1px solid #ccc"></td>'
    width = {OWN: "3px", OTHER: "2px"}.get(box.mark, "1px")
    style = f"border:{width} solid {box.mark or '#ccc'};text-align:left;min-width:3em" + (
        f";background:{box.tint}33" if box.tint else ""
    )
    spans = f' rowspan="{box.rowspan}"' * (box.rowspan > 1) + f' colspan="{box.colspan}"' * (box.colspan > 1)
    tag = f"<mark>{_lines(box.text)}</mark>" if box.mark == OWN else _lines(box.text)
    return f'<td{spans} style="{style}">{tag}</td>'


def _lines(text: str) -> str:
    return "<br>".join(escape(line) for line in text.split("\n"))


# ---- the picture -----------------------------------------------------------------------------------------------------


def table_image(table: CellTable, heading: list[str]):
    """The table drawn by matplotlib, as a PIL image: headings above it, marked cells framed."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from PIL import Image

    heights, widths, wrapped = _sizes(table)
    total = max(sum(widths), 240.0)
    head = [line for text in [*heading, _left_out(table)] if text for line in _wrap(text, total)]
    top = LINE * len(head) + 2 * PAD
    width, height = total + 4 * PAD, sum(heights) + top + 4 * PAD
    dpi = min(DPI, (MOST_PIXELS / (width * height)) ** 0.5 * 72)
    figure = Figure(figsize=(width / 72, height / 72), dpi=dpi)
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(-2 * PAD, width - 2 * PAD)
    axes.set_ylim(height - top - 2 * PAD, -top - 2 * PAD)
    axes.axis("off")
    for k, line in enumerate(head):
        _write(axes, 0, -top + LINE * (k + 0.8), line)
    xs, ys = _sums(widths), _sums(heights)
    for box in sorted(table.boxes, key=lambda b: (b.mark is not None, b.mark == OWN)):
        _draw(axes, box, xs, ys, wrapped[box.row, box.col])
    canvas.draw()
    return Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")


def _draw(axes, box: Box, xs: list[float], ys: list[float], lines: list[str]) -> None:
    from matplotlib.patches import Rectangle

    x, y = xs[box.col], ys[box.row]
    size = xs[box.col + box.colspan] - x, ys[box.row + box.rowspan] - y
    if box.tint:
        axes.add_patch(Rectangle((x, y), *size, facecolor=box.tint, alpha=0.2, linewidth=0))
    line = {OWN: 2.2, OTHER: 1.2}.get(box.mark, 0.5)
    axes.add_patch(Rectangle((x, y), *size, fill=False, edgecolor=box.mark or "#999999", linewidth=line))
    for k, text in enumerate(lines):
        _write(axes, x + PAD, y + PAD + LINE * (k + 0.8), text)


def _write(axes, x: float, baseline: float, text: str) -> None:
    from budgetperf.charts.fonts import families, printable

    axes.text(x, baseline, printable(text), fontsize=FONT, family=list(families()), va="baseline", parse_math=False)


def _sizes(table: CellTable) -> tuple[list[float], list[float], dict[tuple[int, int], list[str]]]:
    """Heights of the rows, widths of the columns, and each cell's text in lines that fit."""
    widths = [NARROWEST] * table.columns
    for box in table.boxes:
        if box.colspan == 1:
            needed = max(_width(line) for line in box.text.split("\n")) + 2 * PAD + 1
            widths[box.col] = max(widths[box.col], min(needed, WIDEST))
    wrapped = {
        (b.row, b.col): [
            p for line in b.text.split("\n") for p in _wrap(line, sum(widths[b.col : b.col + b.colspan]) - 2 * PAD)
        ]
        for b in table.boxes
    }
    heights = [LINE + 2 * PAD] * table.rows
    for box in sorted(table.boxes, key=lambda b: b.rowspan):
        needed = LINE * len(wrapped[box.row, box.col]) + 2 * PAD
        lack = needed - sum(heights[box.row : box.row + box.rowspan])
        for row in range(box.row, box.row + box.rowspan) if lack > 0 else []:
            heights[row] += lack / box.rowspan
    return heights, widths, wrapped


def _wrap(text: str, room: float) -> list[str]:
    """The text in lines no wider than `room` points.

    >>> _wrap("保障人数ab", 24)
    ['保障人', '数ab']
    """
    lines, line, used = [], "", 0.0
    for sign in text:
        width = _width(sign)
        if line and used + width > room:
            lines.append(line)
            line, used = "", 0.0
        line, used = line + sign, used + width
    return [*lines, line]


def _width(text: str) -> float:
    return sum(FONT if unicodedata.east_asian_width(sign) in "WFA" else 0.62 * FONT for sign in text)


def _sums(sizes: list[float]) -> list[float]:
    sums = [0.0]
    for size in sizes:
        sums.append(sums[-1] + size)
    return sums
