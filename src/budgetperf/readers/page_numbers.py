"""Printed page numbers that jump: a page was lost on the way."""

import re
from itertools import pairwise

import pandas as pd

from budgetperf.tables.cells import Remark

MARGIN = 0.15  # of the page's height, at its head and foot, in which page numbers stand
FEWEST = 3  # pages with a bare number from which the numbers are believed to count pages
LONGEST_GAP = 50  # pages: more were not lost, another count began
_TOLD = re.compile(r"[-—–－·\s]*第\s*(\d{1,4})\s*页[\s,，、/／(（]*(?:共\s*(\d{1,4})\s*页)?[-—–－)）·\s]*")
_BARE = re.compile(r"[-—–－·\s]*(\d{1,4})\s*(?:[/／]\s*(\d{1,4}))?[-—–－·\s]*")


def lost_page_remarks(cells: pd.DataFrame, pages: pd.DataFrame) -> list[Remark]:
    """A failed remark for each page before which a printed page number is left out, and for a last page that says that
    there are more; `cells` in the order of the pages."""
    heights = dict(zip(pages["page"].tolist(), pages["height"].tolist(), strict=True))
    loose = cells[cells["table"] == 0]
    if loose["y0"].isna().all():  # without places: a page's first and last line
        ends = cells.groupby("page")["row"].agg(["min", "max"])
        at = loose["page"].map(ends["min"]), loose["page"].map(ends["max"])
        loose = loose[(loose["row"] == at[0]) | (loose["row"] == at[1])]
    found: dict[int, tuple[int, int | None]] = {}
    told = 0
    for page, text, y0, y1 in zip(*(loose[column].tolist() for column in ("page", "text", "y0", "y1")), strict=True):
        height = heights[page]
        if MARGIN * height <= y1 and y0 <= (1 - MARGIN) * height:
            continue
        match = _TOLD.fullmatch(text) or _BARE.fullmatch(text)
        if match:
            told += match.re is _TOLD or match[2] is not None
            found[page] = int(match[1]), int(match[2]) if match[2] else None
    return remarks_on(found, told > 1) if told > 1 or len(found) >= FEWEST else []


def remarks_on(numbers: dict[int, tuple[int, int | None]], told: bool = False) -> list[Remark]:
    """The same from the printed numbers: page → its number, and how many pages there are where that is printed; `told`:
    they are said to be those of pages, others are where two of them follow each other.

    >>> [(r.page, r.note) for r in remarks_on({1: (1, None), 2: (2, None), 3: (4, None), 4: (5, None)})]
    [(3, '印刷页码从 2 跳到 4，中间缺 1 页')]
    >>> remarks_on({1: (7, None), 2: (8, None), 3: (1, None), 4: (2, None)})
    []
    """
    remarks = []
    runs = [(page, number, number - page) for page, (number, _) in sorted(numbers.items())]
    believed = told or any(a[2] == b[2] for a, b in pairwise(runs))
    for (_, before, shift), (page, number, other) in pairwise(runs):
        lost = other - shift
        if believed and 0 < lost <= LONGEST_GAP and number > before:
            remarks.append(Remark(page, "pages", False, f"印刷页码从 {before} 跳到 {number}，中间缺 {lost} 页"))
    last = max(numbers)
    number, of = numbers[last]
    if of is not None and number < of <= number + LONGEST_GAP and (not remarks or remarks[-1].page != last):
        remarks.append(Remark(last, "pages", False, f"页码印着共 {of} 页，最后一页是第 {number} 页，后面缺页"))
    return remarks
