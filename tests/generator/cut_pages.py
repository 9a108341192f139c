"""Prose in the cells of a PDF whose pages end at any height, and the pieces of it that two pages show."""

import random
from collections.abc import Iterator
from pathlib import Path

from budgetperf.readers.pdf import read_pdf

from .pages import PAD, Sheet
from .pdf import draw_blocks
from .table import Block, Cell

FIELDS, WIDTHS, HEADS = ["sequence", "objective", "note"], [4, 40, 10], ["序号", "年度绩效目标", "备注"]
PROSE = 1  # its column
INK = 0.1  # of a line's height, above and below, that holds none


def breaks_on_paper(texts: list[str], seed: int, path: Path) -> Iterator[tuple[bool, str, str, str]]:
    """Draws a table with a row a text and reads it; of each text that two pages share: does the page's edge cut a line
    of it, its piece on either page, the whole text. Style and order are drawn from `seed`."""
    rng = random.Random(f"paper {seed}")
    texts = rng.sample(texts, len(texts)) * 3
    cells = [Cell(0, col, 1, 1, text, field) for col, (text, field) in enumerate(zip(HEADS, FIELDS, strict=True))]
    for row, text in enumerate(texts, 1):
        cells += [Cell(row, 0, 1, 1, str(row), "sequence"), Cell(row, PROSE, 1, 1, text, "objective")]
        cells.append(Cell(row, 2, 1, 1, "", "note"))
    block = Block(
        "年度绩效目标表", "单位：万元", FIELDS, [w * rng.uniform(0.8, 1.2) for w in WIDTHS], 1, len(texts) + 1, cells
    )
    style = {
        "page": "strip landscape", "page_break": "cut", "size": rng.choice([6.0, 7.0, 8.0, 9.0]),
        "edges": rng.choice(["closed", "open"]), "overflow": rng.random() < 0.3, "narrow": rng.choice([1.0, 0.7, 0.5]),
        "rules": rng.choice(["lines", "boxes", "gray", "double"]), "keep_words": rng.random() < 0.4,
    }  # fmt: skip
    _, [(sheet, pages)] = draw_blocks([block], seed, path, **style)
    read = read_pdf(path).cells
    prose = read[(read["table"] > 0) & (read["col"] == PROSE + 1)]
    on_page = {page: cells["text"].tolist() for page, cells in prose.groupby("page")}
    for cell in sheet.lines:
        if cell.field == "objective" and cell.row and (found := _cut(sheet, cell, pages)):
            page, through = found
            if page == 1 and style["overflow"]:
                continue  # its part is drawn shorter than the paper, which shows rows of the next page as well
            # where one page shows all of it, the other has a sliver too thin to read, or nothing at all
            upper, lower = on_page.get(page, [""])[-1], on_page.get(page + 1, [""])[0]
            if _tight(cell.text) not in (_tight(upper), _tight(lower)):
                yield through, upper, lower, cell.text


def _tight(text: str) -> str:
    return "".join(text.split())


def _cut(sheet: Sheet, cell: Cell, pages: list[tuple[float, float]]) -> tuple[int, bool] | None:
    """The page (from 1) whose end divides the text of a cell, and whether it cuts a line; None where none or several do."""
    high, low, leading = sheet.ys[cell.row], sheet.ys[cell.row + 1], sheet.leading
    count = len(sheet.lines[cell])
    start = (high + low - count * leading) / 2
    ends = [(page, end) for page, (_, end) in enumerate(pages[:-1], 1) if high + PAD < end < low - PAD]
    if len(ends) != 1:
        return None
    page, end = ends[0]
    tops = [start + k * leading for k in range(count)]
    above = [top for top in tops if top + INK * leading < end - 0.3]
    below = [top for top in tops if top + (1 - INK) * leading > end + 0.3]
    return (page, bool(set(above) & set(below))) if above and below else None
