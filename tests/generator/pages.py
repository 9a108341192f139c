"""Truth on paper: row heights, lines of text and page windows of a table, before anything is drawn."""

import itertools
from typing import NamedTuple

from reportlab.pdfbase.pdfmetrics import stringWidth

from .table import Block, Cell

PAD = 2.0  # between rule and text


class Sheet(NamedTuple):
    """A table laid out on endless paper: `xs`, `ys` its rules from the top left, `lines` the wrapped text a cell."""

    block: Block
    xs: list[float]
    ys: list[float]
    lines: dict[Cell, list[str]]
    leading: float


def wrap(text: str, width: float, font: str, size: float, keep_words: bool = False) -> list[str]:
    """Lines of at most `width` points, broken at any character or, with keep_words, not inside numbers and words."""
    lines = []
    for part in text.split("\n"):
        line = ""
        for piece in _pieces(part) if keep_words else part:
            pieces = [piece] if stringWidth(piece, font, size) <= width else list(piece)
            for item in pieces:
                if line and stringWidth(line + item, font, size) > width:
                    lines.append(line)
                    line = ""
                line += item
        lines.append(line)
    return lines


def _pieces(text: str) -> list[str]:
    """Runs of Latin letters and digits, and single other characters.

    >>> _pieces("共12.5万")
    ['共', '12.5', '万']
    """
    pieces: list[str] = []
    for char in text:
        latin = char.isascii() and (char.isalnum() or char in ".,%/")
        if latin and pieces and pieces[-1][-1].isascii() and pieces[-1][-1] != " ":
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def lay_out(block: Block, width: float, font: str, size: float, keep_words: bool, air: float) -> Sheet:
    """Row heights so that every text fits its cell; what a merged cell lacks is shared by its rows."""
    share = width / sum(block.widths)
    xs = [0.0]
    for part in block.widths:
        xs.append(xs[-1] + part * share)
    leading = size * 1.25
    heights = [leading + 2 * PAD + air] * block.rows
    lines = {}
    for cell in sorted(block.cells, key=lambda c: c.rowspan):
        room = xs[cell.col + cell.colspan] - xs[cell.col] - 2 * PAD
        lines[cell] = wrap(cell.text, room, font, size, keep_words)
        rows = range(cell.row, cell.row + cell.rowspan)
        lack = len(lines[cell]) * leading + 2 * PAD - sum(heights[r] for r in rows)
        if lack > 0:
            for r in rows:
                heights[r] += lack / cell.rowspan
    return Sheet(block, xs, _sums(heights), lines, leading)


def _sums(heights: list[float]) -> list[float]:
    ys = [0.0]
    for height in heights:
        ys.append(ys[-1] + height)
    return ys


def windows(sheet: Sheet, first: float, rest: float, mode: str, breaks: list[int] | None) -> list[tuple[float, float]]:
    """(top, bottom) of the paper that each page shows; `first` and `rest` are the heights free on the pages."""
    ys, found, top = sheet.ys, [], 0.0
    if breaks is not None:
        edges = [0, *breaks, sheet.block.rows]
        return [(ys[a], ys[b]) for a, b in itertools.pairwise(edges)]
    while top < ys[-1] - 0.1:
        room = first if not found else rest
        bottom = min(top + room, ys[-1])
        if mode != "cut" and bottom < ys[-1]:
            fitting = [y for y in ys if top < y <= top + room + 0.01]
            bottom = fitting[-1] if fitting else bottom
        found.append((top, bottom))
        top = bottom
    return found


def make_room(sheet: Sheet, first: float, rest: float, mode: str, breaks: list[int] | None) -> Sheet:
    """Redrawn cells: grow rows until the largest part of every merged cell holds its whole text."""
    for _ in range(12):
        pages = windows(sheet, first, rest, mode, breaks)
        heights = [b - a for a, b in zip(sheet.ys, sheet.ys[1:], strict=False)]
        grown = False
        for cell, lines in sheet.lines.items():
            top, bottom = sheet.ys[cell.row], sheet.ys[cell.row + cell.rowspan]
            parts = [(max(a, top), min(b, bottom)) for a, b in pages if max(a, top) < min(b, bottom) - 0.1]
            largest = max(parts, key=lambda part: part[1] - part[0])
            lack = len(lines) * sheet.leading + 2 * PAD - (largest[1] - largest[0])
            if lack > 0.5:
                rows = [
                    r
                    for r in range(cell.row, cell.row + cell.rowspan)
                    if largest[0] - 0.1 <= sheet.ys[r] < largest[1] - 0.1
                ]
                for r in rows:
                    heights[r] += lack / len(rows)
                grown = True
        if not grown:
            return sheet
        sheet = sheet._replace(ys=_sums(heights))
    return sheet


def rules(
    sheet: Sheet, top: float, bottom: float, closed: bool, outer: bool
) -> list[tuple[float, float, float, float]]:
    """Segments (x0, y0, x1, y1) of the rules seen between top and bottom; closed: a rule along the page's edges too."""
    block, xs, ys = sheet.block, sheet.xs, sheet.ys
    owner = {}
    for cell in block.cells:
        for r in range(cell.row, cell.row + cell.rowspan):
            for c in range(cell.col, cell.col + cell.colspan):
                owner[r, c] = cell
    seen = [r for r in range(block.rows) if ys[r] < bottom - 0.01 and ys[r + 1] > top + 0.01]
    segments = []
    width = len(block.fields)
    for k in range(width + 1):
        if k in (0, width) and not outer:
            continue
        marks = [owner.get((r, k - 1)) != owner.get((r, k)) for r in seen]
        for a, b in _true_runs(marks):
            segments.append((xs[k], max(ys[seen[a]], top), xs[k], min(ys[seen[b - 1] + 1], bottom)))
    for r in range(block.rows + 1):
        edge = closed and r not in (0, block.rows) and (abs(ys[r] - top) < 0.01 or abs(ys[r] - bottom) < 0.01)
        if not top - 0.01 <= ys[r] <= bottom + 0.01 or (r in (0, block.rows) and not outer):
            continue
        marks = [edge or owner.get((r - 1, c)) != owner.get((r, c)) for c in range(width)]
        segments += [(xs[a], ys[r], xs[b], ys[r]) for a, b in _true_runs(marks)]
    if closed:
        on_rules = [y for y in (top, bottom) if not any(abs(y - edge) < 0.01 for edge in ys)]
        segments += [(xs[0], y, xs[-1], y) for y in on_rules]
    return segments


def _true_runs(marks: list[bool]) -> list[tuple[int, int]]:
    """(start, end) of each run of True.

    >>> _true_runs([True, True, False, True])
    [(0, 2), (3, 4)]
    """
    runs: list[tuple[int, int]] = []
    for k, mark in enumerate(marks):
        if mark and runs and runs[-1][1] == k:
            runs[-1] = (runs[-1][0], k + 1)
        elif mark:
            runs.append((k, k + 1))
    return runs


def texts(
    sheet: Sheet, pages: list[tuple[float, float]], page: int, redraw: str | None
) -> list[tuple[Cell, str, float]]:
    """(cell, line, top of the line) of the lines that a page shows.

    Without redraw a line stands in the middle of its whole cell, and where a page's edge cuts it, on both pages.
    redraw "one": the text stands in the middle of the cell's largest part; "each": in each part that has room.
    """
    top, bottom = pages[page]
    shown = []
    for cell, lines in sheet.lines.items():
        high, low = sheet.ys[cell.row], sheet.ys[cell.row + cell.rowspan]
        if not cell.text or low <= top + 0.01 or high >= bottom - 0.01:
            continue
        tall = len(lines) * sheet.leading
        if redraw:
            parts = {
                k: (max(a, high), min(b, low)) for k, (a, b) in enumerate(pages) if max(a, high) < min(b, low) - 0.1
            }
            largest = max(parts, key=lambda k: parts[k][1] - parts[k][0])
            high, low = parts[page]
            if page != largest and (redraw == "one" or tall > low - high):
                continue
        start = (high + low - tall) / 2
        for k, line in enumerate(lines):
            y = start + k * sheet.leading
            if redraw or (y + 0.9 * sheet.leading > top + 0.3 and y + 0.1 * sheet.leading < bottom - 0.3):
                shown.append((cell, line, y))
    return shown
