"""`to_pdf`: the tables drawn rule by rule and line by line, with the page breaks that office programs make."""

import random
from pathlib import Path

from reportlab.pdfgen import canvas

from .fonts import CID_FONT, registered
from .pages import PAD, lay_out, make_room, rules, texts, windows
from .pages import Sheet as _Sheet
from .table import Block, blocks

STYLE = {
    "page": "A4 landscape",  # A4, A3 landscape, letter landscape ...
    "margin": 30.0,
    "font": CID_FONT,  # or a font file, embedded
    "size": 7.0,
    "page_break": "row",  # row: between rows · cut: at any height · redraw: merged cells closed on each page
    "redraw_text": "one",  # with redraw: a merged cell's text on "one" of its pages or on "each" with room
    "edges": "closed",  # with row and cut: a rule along the page's edge, or the cells "open" there
    "header": "first",  # column headers on the "first" page or on "every" page
    "rules": "lines",  # lines · boxes (thin filled rectangles) · gray · dashed · double · none
    "rule_width": 0.6,
    "outer": True,  # rules around the table
    "narrow": 1.0,  # share of the page's width that the table takes
    "air": 2.0,  # room in a row beyond its text
    "keep_words": False,  # numbers and Latin words are not broken
    "rotation": 0,  # /Rotate of the pages; as seen they stand upright
    "page_numbers": True,
    "overflow": False,  # no margin above and below, and the next page's rows are drawn beyond the page's edge
    "flow": False,  # the next table follows on the same page where there is room
    "breaks": None,  # rows of the (one) table, headers included, before which a new page begins
}
SIZES = {"A4": (595.28, 841.89), "A3": (841.89, 1190.55), "letter": (612.0, 792.0), "strip": (200.0, 595.28)}


def random_style(seed: int) -> dict:
    """A style drawn at random from what is seen in print.

    >>> random_style(1)["page_break"] in ("row", "cut", "redraw")
    True
    """
    rng = random.Random(f"style {seed}")
    page, narrow = rng.choice(["A4 landscape", "A4 landscape", "A3 landscape", "letter landscape", "A4"]), 1.0
    if rng.random() < 0.4:
        narrow = rng.choice([0.85, 0.7])
    name, _, turned = page.partition(" ")
    widest = (SIZES[name][1 if turned else 0] - 60) * narrow / 80  # 80 characters a line keep the columns legible
    return {
        "page": page,
        "size": min(rng.choice([5.0, 6.0, 6.5, 7.0, 7.0, 8.0, 9.0, 10.0]), max(5.0, int(2 * widest) / 2)),
        "narrow": narrow,
        "page_break": rng.choice(["row", "cut", "redraw"]),
        "redraw_text": rng.choice(["one", "each"]),
        "edges": rng.choice(["closed", "open"]),
        "header": rng.choice(["first", "every"]),
        "rules": rng.choice(["lines", "lines", "boxes", "gray", "dashed", "double"]),
        "rule_width": rng.choice([0.25, 0.5, 0.75, 1.0]),
        "outer": rng.random() < 0.85,
        "air": rng.choice([0.0, 2.0, 6.0]),
        "keep_words": rng.random() < 0.4,
        "rotation": rng.choice([0, 0, 0, 90, 180, 270]),
        "page_numbers": rng.random() < 0.7,
        "overflow": rng.random() < 0.15,
        "flow": rng.random() < 0.3,
    }


def to_pdf(truths: dict | list[dict], seed: int, path: str | Path, **style) -> int:
    """Write the PDF of one or several truths in a style of STYLE; the number of pages. The same input, the same bytes.

    `seed` draws what the style leaves to chance: where a page of a `cut` ends.
    """
    truths = truths if isinstance(truths, list) else [truths]
    return draw_blocks([block for truth in truths for block in blocks(truth)], seed, path, **style)[0]


def draw_blocks(
    tables: list[Block], seed: int, path: str | Path, **style
) -> tuple[int, list[tuple[_Sheet, list[tuple[float, float]]]]]:
    """Write the PDF of printed tables: the number of pages, and each table as it was laid out with the part of it (top,
    bottom) that each of its pages shows. See `to_pdf`."""
    unknown = set(style) - set(STYLE)
    if unknown:
        raise ValueError(f"unknown style: {sorted(unknown)}")
    how = {**STYLE, **style}
    rng = random.Random(f"pdf {seed}")
    name, _, turned = how["page"].partition(" ")
    width, height = SIZES[name] if not turned else SIZES[name][::-1]
    printed = "".join(c.text for b in tables for c in b.cells) + "".join(b.title + b.caption for b in tables)
    font = registered(how["font"], printed + "第页0123456789")
    paper, laid_out = _Paper(path, width, height, font, how), []
    for block in tables:
        sheet = lay_out(
            block, (width - 2 * how["margin"]) * how["narrow"], font, how["size"], how["keep_words"], how["air"]
        )
        laid_out.append(_draw_table(paper, sheet, how, rng))
    return paper.close(), laid_out


class _Paper:
    """The canvas, the page that is being filled and how far it is filled (`y`, from the top)."""

    def __init__(self, path, width: float, height: float, font: str, how: dict):
        self.width, self.height, self.font, self.how = width, height, font, how
        self.canvas = canvas.Canvas(str(path), pagesize=(width, height), invariant=1)
        self.page, self.y = 0, 0.0

    def new_page(self) -> None:
        if self.page:
            self._finish()
        self.page += 1
        self.y = 0.0 if self.how["overflow"] and self.page > 1 else self.how["margin"]
        turn, w, h = self.how["rotation"], self.width, self.height
        self.canvas.setPageSize((w, h))  # reportlab itself swaps the sides of a page turned by 90 or 270
        self.canvas.setPageRotation(turn)
        matrix = {90: (0, 1, -1, 0, h, 0), 180: (-1, 0, 0, -1, w, h), 270: (0, -1, 1, 0, 0, w)}.get(turn)
        if matrix:
            self.canvas.transform(*matrix)

    def _finish(self) -> None:
        if self.how["page_numbers"] and not self.how["overflow"]:
            self.text(f"第{self.page}页", self.width / 2, self.height - self.how["margin"] / 2, 8, "centre")
        self.canvas.showPage()

    def bottom(self) -> float:
        """How far down a table may reach."""
        return self.height if self.how["overflow"] else self.height - self.how["margin"]

    def text(self, text: str, x: float, baseline: float, size: float, align: str) -> None:
        self.canvas.setFillGray(0)
        self.canvas.setFont(self.font, size)
        draw = {"left": self.canvas.drawString, "centre": self.canvas.drawCentredString}
        draw.get(align, self.canvas.drawRightString)(x, self.height - baseline, text)

    def close(self) -> int:
        self._finish()
        self.canvas.save()
        return self.page


def _draw_table(
    paper: _Paper, sheet: _Sheet, how: dict, rng: random.Random
) -> tuple[_Sheet, list[tuple[float, float]]]:
    """Title, caption and the table on as many pages as it takes; the sheet and what of it each page shows."""
    block, size = sheet.block, how["size"]
    follows = paper.page and how["flow"] and paper.bottom() - paper.y > 12 * sheet.leading + 60 and not how["overflow"]
    if follows:
        paper.y += 24
    else:
        paper.new_page()
    left = (paper.width - sheet.xs[-1]) / 2
    paper.text(block.title, paper.width / 2, paper.y + 1.8 * size, 1.8 * size, "centre")
    paper.text(block.caption, left + sheet.xs[-1], paper.y + 3.4 * size, size, "right")
    paper.y += 4 * size
    top = 0.0 if how["overflow"] else how["margin"]
    head = sheet.ys[block.header_rows] if how["header"] == "every" else 0.0
    first = paper.bottom() - paper.y
    rest = paper.bottom() - top - head
    if how["page_break"] == "cut":
        first = min(first, max(head + 20, first - rng.uniform(0, 2 * sheet.leading)))
    if how["page_break"] == "redraw":
        sheet = make_room(sheet, first, rest, "redraw", how["breaks"])
    pages = windows(sheet, first, rest, how["page_break"], how["breaks"])
    for k, (high, low) in enumerate(pages):
        if k:
            paper.new_page()
            if head:
                _draw_window(paper, sheet, [(0.0, head)], 0, left, how)
                paper.y += head
        _draw_window(paper, sheet, pages, k, left, how)
        paper.y += low - high
    return sheet, pages


def _draw_window(paper: _Paper, sheet: _Sheet, pages: list, page: int, left: float, how: dict) -> None:
    """The part of the table that a page shows, from paper.y down."""
    top, bottom = pages[page]
    redraw = how["redraw_text"] if how["page_break"] == "redraw" else None
    closed = how["edges"] == "closed" or redraw is not None
    down = paper.y - top
    c = paper.canvas
    c.saveState()
    shown = pages
    if how["overflow"] and not redraw and page < len(pages) - 1:
        bottom += 5 * sheet.leading  # runs on beyond the paper's edge
        shown = [*pages[:page], (top, bottom), *pages[page + 1 :]]
    elif how["page_break"] != "redraw":
        box = c.beginPath()
        box.rect(left - 2, paper.height - (bottom + down) - 0.8, sheet.xs[-1] + 4, bottom - top + 1.6)
        c.clipPath(box, stroke=0)
    for x0, y0, x1, y1 in rules(sheet, top, bottom, closed, how["outer"]):
        _rule(paper, left + x0, y0 + down, left + x1, y1 + down, how)
    for cell, line, y in texts(sheet, shown, page, redraw):
        x0, x1 = left + sheet.xs[cell.col], left + sheet.xs[cell.col + cell.colspan]
        middle = len(sheet.lines[cell]) == 1
        baseline = y + down + 0.8 * sheet.leading
        paper.text(line, (x0 + x1) / 2 if middle else x0 + PAD, baseline, how["size"], "centre" if middle else "left")
    c.restoreState()


def _rule(paper: _Paper, x0: float, y0: float, x1: float, y1: float, how: dict) -> None:
    c, width, high = paper.canvas, how["rule_width"], paper.height
    if how["rules"] == "none":
        return
    if how["rules"] == "boxes":
        c.setFillGray(0)
        c.rect(x0 - width / 2, high - y1 - width / 2, x1 - x0 + width, y1 - y0 + width, stroke=0, fill=1)
        return
    c.setLineWidth(width)
    c.setStrokeGray(0.6 if how["rules"] == "gray" else 0)
    c.setDash([3, 1.5] if how["rules"] == "dashed" else [])
    offsets = [-0.7, 0.7] if how["rules"] == "double" else [0.0]
    for d in offsets:
        if x0 == x1:
            c.line(x0 + d, high - y0, x1 + d, high - y1)
        else:
            c.line(x0, high - y0 + d, x1, high - y1 + d)
