"""Lines that a page's edge cuts through, read by the characters that the page itself prints whole elsewhere.

The recogniser knows no half characters. What is left of a line is laid beside the same part of every character that was
read for sure on the page: the same type, the same size, the same scanner. The row of them that is most like it is what
the line says; what is lost (which of 2 and 3 it was, a dash of which nothing is left) it does not prove.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from budgetperf.readers.scan.lines import MARGIN, Box, Place, cut_edge, middles_of
from budgetperf.readers.scan.recogniser import Spotted

CERTAIN = 0.97  # confidence of a character that is a model
EXAMPLES = 10  # of one character
WHOLE = (0.8, 1.3)  # ems: the height of lines that hold Chinese characters, of one line each
WIDE = (0.25, 1.4)  # ems: characters are no narrower and no wider
SLACK = 0.18  # ems by which the upper edge of a line lies higher or lower, as what is in it is
REACH = 0.2  # ems from where the gap between two characters is expected
LIKE = 0.55  # likeness that speaks neither for a character nor against it
BLANK = 0.65  # likeness of what leaves no ink in this part of a line to a place without ink
INKED = 60  # gray values by which a part that has ink differs within itself
READ = 0.75  # mean likeness from which a line is read so
MOST_SURE = 0.8  # confidence of a character of which a part is lost
RIVAL, MOST_OTHERS = 0.15, 4  # how much less like another character may be that is named, and how many


class Model(NamedTuple):
    """A character as the page prints it: how dark it is, from SLACK above its line to SLACK below."""

    text: str
    picture: np.ndarray


class Seen(NamedTuple):
    """A character of a cut line: its middle in pixels of the page, how like it is, and the likeness of others."""

    text: str
    middle: float
    like: float
    others: tuple[tuple[str, float], ...]


def with_cut_lines(
    places: list[Place], spotted: list[list[Spotted]], gray: np.ndarray, ink: np.ndarray, em: float
) -> list[list[Spotted]]:
    """The characters of a page's lines, those of lines that an edge cuts as the page's other lines tell them."""
    edges = [cut_edge(place.box, place.within, em) if place.table >= 0 else "" for place in places]
    if not any(edges):
        return spotted
    whole = [
        (place.box, signs, [place.box[0] + at * em for at in middles_of(signs, place, em)])
        for place, signs, edge in zip(places, spotted, edges, strict=True)
        if signs and not edge and place.table >= 0
    ]
    models = models_of(whole, gray, ink, em)
    return [
        (edge and _spotted(read_cut_line(place.box, edge, models, gray, em), place.box, em)) or signs
        for place, signs, edge in zip(places, spotted, edges, strict=True)
    ]


def _spotted(signs: list[Seen], box: Box, em: float) -> list[Spotted]:
    before, _, after, _ = MARGIN
    start, width = box[0] - before * em, box[2] - box[0] + (before + after) * em
    return [Spotted(s.text, (s.middle - start) / width, min(MOST_SURE, s.like), s.others) for s in signs]


def models_of(
    lines: list[tuple[Box, list[Spotted], list[float]]], gray: np.ndarray, ink: np.ndarray, em: float
) -> list[Model]:
    """The characters of whole lines (box, characters, about where the middle of each is in pixels of the page)."""
    found: dict[str, list[Model]] = {}
    slack = round(SLACK * em)
    for (left, top, right, bottom), signs, middles in lines:
        if (
            not WHOLE[0] * em < bottom - top < WHOLE[1] * em or top < slack
        ):  # figures alone are lower, and stand otherwise
            continue
        columns = ink[top:bottom, left:right].sum(axis=0)
        edges = [0, *(_gap(columns, (a + b) / 2 - left, REACH * em) for a, b in pairwise(middles)), right - left]
        for sign, (start, end) in zip(signs, pairwise(edges), strict=True):
            examples = found.setdefault(sign.text, [])
            if sign.confidence >= CERTAIN and len(examples) < EXAMPLES and WIDE[0] * em < end - start < WIDE[1] * em:
                rows = gray[top - slack : bottom + slack, left + start : left + end]
                examples.append(Model(sign.text, 255 - rows.astype(np.float32)))
    return [model for examples in found.values() for model in examples]


def _gap(columns: np.ndarray, at: float, reach: float) -> int:
    """The column with the least ink near `at`."""
    low, high = max(0, int(at - reach)), min(len(columns), int(at + reach) + 1)
    near = columns[low:high] + 0.01 * np.abs(np.arange(low, high) - at)
    return low + int(near.argmin()) if len(near) else min(max(0, int(at)), len(columns))


def read_cut_line(box: Box, edge: str, models: list[Model], gray: np.ndarray, em: float) -> list[Seen]:
    """What is left of a line that is cut at its "foot" or its "head" by the models most like it; empty where none are.

    >>> gray = np.full((100, 100), 255, np.uint8)
    >>> gray[10:30, 10:12] = gray[10:12, 10:28] = gray[60:70, 10:12] = gray[60:62, 10:28] = 0
    >>> line = ((10, 10, 30, 30), [Spotted("厂", 0.5, 1.0, ())], [20.0])
    >>> [sign.text for sign in read_cut_line((10, 60, 30, 70), "foot", models_of([line], gray, gray < 128, 20.0), gray, 20.0)]
    ['厂']
    """
    left, top, right, bottom = box
    left = max(0, left - max(1, round(0.1 * em)))
    strip = 255 - gray[top:bottom, left : right + round(0.1 * em)].astype(np.float32)
    inked = np.flatnonzero(strip.max(axis=1) > INKED)
    if not len(inked):
        return []
    strip = strip[inked[0] : inked[-1] + 1]
    rows = [
        _best_row(strip, [(model.text, _part(model.picture, edge, off, len(strip))) for model in models])
        for off in range(2 * round(SLACK * em) + 1)
    ]
    _, signs = max(rows, key=lambda row: row[0])
    if not signs or np.mean([sign.like for sign in signs]) < READ:
        return []
    return [sign._replace(middle=sign.middle + left) for sign in signs]


def _part(picture: np.ndarray, edge: str, off: int, height: int) -> np.ndarray:
    return picture[off:][:height] if edge == "foot" else picture[: len(picture) - off][-height:]


def _best_row(strip: np.ndarray, models: list[tuple[str, np.ndarray]]) -> tuple[float, list[Seen]]:
    """The models side by side that are most like a strip of print, and what that is worth."""
    import cv2

    height, width = strip.shape
    free = np.concatenate([[0], (strip.max(axis=0) > INKED).cumsum()])  # how many columns with ink there are so far
    alike: dict[int, list[tuple[str, np.ndarray]]] = {}  # by width: how like the strip a model is, column by column
    for text, piece in models:
        wide = piece.shape[1]
        if len(piece) < height or wide > width:
            continue
        if np.ptp(piece) > INKED:
            like = cv2.matchTemplate(strip, np.ascontiguousarray(piece), cv2.TM_CCOEFF_NORMED)[0]
        else:
            like = np.where(free[wide:] == free[:-wide], BLANK, -1.0)
        alike.setdefault(wide, []).append((text, like))
    tables = {wide: np.array([like for _, like in group]) for wide, group in alike.items()}
    firsts = {wide: (table.max(axis=0).tolist(), table.argmax(axis=0).tolist()) for wide, table in tables.items()}
    worth, way = [0.0], [0]  # of the columns so far; the width of the character that ends there, 0: none
    for end in range(1, width + 1):
        options = [(worth[-1] - LIKE * float(free[end] > free[end - 1]), 0)]
        options += [(worth[end - w] + w * (most[end - w] - LIKE), w) for w, (most, _) in firsts.items() if w <= end]
        best, wide = max(options)
        worth.append(best)
        way.append(wide)
    signs, end = [], width
    while end > 0:
        if wide := way[end]:
            start = end - wide
            text = alike[wide][firsts[wide][1][start]][0]
            like = firsts[wide][0][start]
            signs.append(Seen(text, (start + end) / 2, like, _others(alike, start, wide, text, like)))
        end -= wide or 1
    return worth[-1], signs[::-1]


def _others(alike: dict, start: int, wide: int, text: str, like: float) -> tuple[tuple[str, float], ...]:
    """Other characters of about that width that are nearly as like."""
    rivals: dict[str, float] = {}
    for other, group in alike.items():
        if abs(other - wide) <= 0.15 * wide + 1:
            for name, likes in group:
                near = float(likes[max(0, start - 1) : start + 2].max(initial=-1.0))
                if name != text and near > like - RIVAL:
                    rivals[name] = max(near, rivals.get(name, 0.0))
    return tuple(sorted(rivals.items(), key=lambda rival: -rival[1])[:MOST_OTHERS])
