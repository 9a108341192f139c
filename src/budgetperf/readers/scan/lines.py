"""Lines of print in a part of a straight picture: where each stands, as boxes of pixels."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from budgetperf.readers.scan.recogniser import Spotted

Box = tuple[int, int, int, int]  # left, top, right, bottom

APART = 2.2  # ems of blank that divide a line outside tables
LEAST_INK = 2  # dark pixels of a row of pixels that is not empty
ONE_LINE = 1.25  # ems: parts that together are no higher are one line (the strokes of 二, of =)
TWO_LINES = 1.75  # ems: a run of ink that high holds two lines that touch
THICK = 0.5  # of a line's usual ink in a row of pixels: two lines that touch have less between them
SPECK = 0.12  # ems: ink that is smaller both ways is dirt
COLON = (0.25, 0.7)  # ems: the height of a colon, at least and at most, whose dots may be no larger than dirt
CUT = 0.6  # ems: a line of print that ends at an edge and is lower than that is cut by it
MARGIN = (0.5, 0.16, 1.0, 0.16)  # ems of paper left, above, right, below: too little at its end, and a stop is missed


class Place(NamedTuple):
    """A line of print: its box in pixels, the part of the page it must not leave, and the cell it stands in."""

    box: Box
    within: Box
    table: int  # index of its grid, -1: outside
    cell: int


def middles_of(spotted: list[Spotted], place: Place, em: float) -> list[float]:
    """Where the characters of a line stand, in ems from the left of its ink."""
    left, _, right, _ = place.box
    before, _, after, _ = MARGIN
    return [sign.at * ((right - left) / em + before + after) - before for sign in spotted]


def usual_height(parts: list[np.ndarray], scale: float) -> float:
    """The em of a page in pixels: the usual height of a line of its cells (masks of ink)."""
    heights = [
        b - a for part in parts for a, b in _runs(part.sum(axis=1) >= LEAST_INK) if 5 * scale < b - a < 18 * scale
    ]
    return float(np.percentile(heights, 60)) if heights else 9 * scale


def find_lines(ink: np.ndarray, em: float, apart: float = float("inf")) -> list[Box]:
    """The lines of a part of a page, from top to bottom; with `apart`, divided where blank is that many ems wide.

    >>> ink = np.zeros((40, 60), bool)
    >>> ink[5:7, 10:20] = ink[11:13, 10:20] = ink[24:34, 10:40] = True
    >>> find_lines(ink, 10.0)
    [(10, 5, 20, 13), (10, 24, 40, 34)]
    """
    ink = without_specks(ink, em)
    found: list[Box] = []
    for top, bottom in _rows(ink, em):
        columns = np.flatnonzero(ink[top:bottom].any(axis=0))
        if not len(columns):
            continue
        breaks = [0, *(np.flatnonzero(np.diff(columns) > apart * em) + 1).tolist(), len(columns)]
        for a, b in pairwise(breaks):
            found.append((int(columns[a]), top, int(columns[b - 1]) + 1, bottom))
    return found


def without_specks(ink: np.ndarray, em: float) -> np.ndarray:
    """The ink without dirt, which would make lines of its own; two specks one above the other are a colon.

    >>> ink = np.zeros((40, 60), bool)
    >>> ink[12:14, 10:12] = ink[24:26, 10:12] = ink[12:14, 40:42] = True
    >>> np.flatnonzero(without_specks(ink, 30.0).any(axis=0)).tolist()
    [10, 11]
    """
    import cv2

    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    sizes = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    sizes[0] = 0
    large = sizes >= max(2, SPECK * em)
    dots = ((sizes >= 2) & ~large)[labels]
    column = np.ones((int(COLON[1] * em) | 1, 1), np.uint8)
    joined = cv2.morphologyEx(dots.astype(np.uint8), cv2.MORPH_CLOSE, column)
    _, pairs, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    heights = stats[:, cv2.CC_STAT_HEIGHT] / em
    return large[labels] | (dots & ((heights > COLON[0]) & (heights < COLON[1]))[pairs])


def _rows(ink: np.ndarray, em: float) -> list[tuple[int, int]]:
    counts = ink.sum(axis=1)
    joined: list[tuple[int, int]] = []
    for top, bottom in _runs(counts >= LEAST_INK):
        if joined and bottom - joined[-1][0] <= ONE_LINE * em:
            joined[-1] = (joined[-1][0], bottom)
        else:
            joined.append((top, bottom))
    return [piece for run in joined for piece in _divided(*run, counts, em)]


def _divided(top: int, bottom: int, counts: np.ndarray, em: float) -> list[tuple[int, int]]:
    """A run of ink as its lines: cut where it is thinnest near where a line would end; whole where it is as thick there as
    elsewhere, a line that a stroke crosses.

    >>> two, one = np.full(18, 40), np.full(18, 40)
    >>> two[8:10] = one[[0, 1, 16, 17]] = 3
    >>> _divided(0, 18, two, 10.0), _divided(0, 18, one, 10.0)
    ([(0, 8), (8, 18)], [(0, 18)])
    """
    height = bottom - top
    if height < TWO_LINES * em:
        return [(top, bottom)]
    pieces = max(2, round(height / (1.25 * em)))
    cuts = [top]
    for number in range(1, pieces):
        middle, reach = top + number * height / pieces, 0.3 * em
        low, high = int(middle - reach), int(middle + reach) + 1
        cuts.append(low + int(counts[low:high].argmin()))
    if pieces == 2 and counts[cuts[1]] > THICK * np.median(counts[top:bottom]):
        return [(top, bottom)]
    return list(pairwise([*cuts, bottom]))


def _runs(filled: np.ndarray) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], filled.astype(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def with_margin(gray: np.ndarray, box: Box, em: float, within: Box, margin=MARGIN) -> np.ndarray:
    """The picture of a line with a little paper around; a small sign (= 、 。) keeps the size it has beside others."""
    left, top, right, bottom = box
    missing = max(0.0, em - (bottom - top))
    before, above, after, below = (round(share * em) for share in margin)
    cut = cut_edge(box, within, em)
    above += 0 if cut == "foot" else round(missing if cut == "head" else missing / 2)
    below += 0 if cut == "head" else round(missing if cut == "foot" else missing / 2)
    wanted = (left - before, top - above, right + after, bottom + below)
    x0, y0, x1, y1 = (*map(max, wanted[:2], within[:2]), *map(min, wanted[2:], within[2:]))
    pads = ((y0 - wanted[1], wanted[3] - y1), (x0 - wanted[0], wanted[2] - x1))
    return np.pad(gray[y0:y1, x0:x1], pads, constant_values=255)


def cut_edge(box: Box, within: Box, em: float) -> str:
    """The edge of its cell ("foot" or "head") that cuts through a line, as where a page ends within it; "" for none.

    >>> cut_edge((0, 36, 50, 40), (0, 0, 60, 40), 10.0), cut_edge((0, 20, 50, 30), (0, 0, 60, 40), 10.0)
    ('foot', '')
    """
    if box[3] - box[1] > CUT * em or box[2] - box[0] < em:
        return ""
    return "foot" if box[3] >= within[3] - 1 else "head" if box[1] <= within[1] + 1 else ""


def seen_otherwise(line: np.ndarray) -> list[np.ndarray]:
    """The picture of a line smaller, larger, softer, sharper and broader: what is read alike in all of them is no whim."""
    import cv2

    height, width = line.shape
    more, less = int(0.075 * height), int(0.035 * height)
    soft, softer = (cv2.GaussianBlur(line, (0, 0), sigma).astype(float) for sigma in (0.7, 1.2))
    return [
        np.pad(line, ((more, more), (0, 0)), constant_values=255),
        line[less : height - less],
        soft.astype(np.uint8),
        np.clip(line + 0.6 * (line - softer), 0, 255).astype(np.uint8),
        cv2.resize(line, (round(1.12 * width), height), interpolation=cv2.INTER_CUBIC),
    ]


def loose_lines(ink: np.ndarray, em: float) -> list[Box]:
    """Lines outside tables, whatever their size: blocks of ink that touch when spread by half an em across."""
    import cv2

    ink = without_specks(ink, em)
    spread = cv2.dilate(ink.astype(np.uint8), np.ones((max(1, int(0.25 * em)), int(APART * em) | 1), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(spread, connectivity=8)
    boxes = []
    for number in range(1, count):
        left, top, width, height, _ = stats[number].tolist()
        part = ink[top : top + height, left : left + width] & (
            labels[top : top + height, left : left + width] == number
        )
        rows, columns = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
        if len(rows) and len(columns):
            boxes.append(
                (left + int(columns[0]), top + int(rows[0]), left + int(columns[-1]) + 1, top + int(rows[-1]) + 1)
            )
    return [box for box in boxes if box[3] - box[1] >= 0.5 * em]
