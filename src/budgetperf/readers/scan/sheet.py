"""One straight picture → records of cells and lines (see tables/cells.py), each with what the recogniser says of it."""

from itertools import pairwise

import numpy as np

from budgetperf.readers.pdf.content import Rule
from budgetperf.readers.pdf.grid import Grid, find_grids
from budgetperf.readers.scan.cut import with_cut_lines
from budgetperf.readers.scan.faint import with_faint_lines
from budgetperf.readers.scan.lines import (
    MARGIN,
    Box,
    Place,
    cut_edge,
    find_lines,
    loose_lines,
    middles_of,
    seen_otherwise,
    usual_height,
    with_margin,
)
from budgetperf.readers.scan.picture import Picture, ink_level, ink_of
from budgetperf.readers.scan.recogniser import Spotted, recognise
from budgetperf.readers.scan.records import Line, records_of, text_of
from budgetperf.readers.scan.rules import rules_in, without_rules
from budgetperf.readers.scan.signs import EQUAL, equals_among, with_per_mille, with_square_metres
from budgetperf.readers.scan.stamps import without_stamps
from budgetperf.readers.scan.through import other_side
from budgetperf.tables.cells import Recognised

INSIDE = 1.2  # points: so far from a cell's edge its text begins
NARROWEST = 100.0  # points: a smaller one is made of the strokes of a heading
LEAST_CELLS = 4  # a table of fewer is a frame


MARGINS = (MARGIN, (0.3, 0.3, 0.7, 0.3))
AGAIN = 0.99  # confidence below which a line is read a second time
OFTEN = 0.9  # and below which, though both readings agree, it is read in other ways
LOST, NO_ROOM = 1.6, 1.4  # pitches between two characters: one was lost between them; no third fits
BESIDE_STAMP = 0.2  # ems between a line and a stamp that may hide something of it
THROUGH = 0.5  # of how dark the page's lines are, below which one may shine through from the other side,
READABLE = 0.7  # unless its characters are read with such a confidence
LOW = 0.5  # ems: no character but a dash or a stop is lower
SAMPLES = 10  # lines read to see which way is up
SURE = 0.8
_HALF = 0.62  # ems from the middle of a character to where the next one's begins, at most


def read_sheet(picture: Picture) -> tuple[list[tuple[dict, Recognised]], list[Grid]]:
    """Records of a straight picture in reading order (rows counted from 1), and its tables' grids.

    A line that the recogniser is not sure of is read again, see `_read_again`.
    """
    gray, scale = picture.gray, picture.scale
    rules, mask, frames = rules_in(gray, scale, picture.marked)
    gray, stamped = without_stamps(gray, frames, scale)
    bare = without_rules(gray, mask & _near_rules(rules, gray.shape, scale))
    grids = find_grids(rules, _ink_finder(ink_of(bare, scale), scale))
    grids = [grid for grid in grids if len(grid.cells) >= LEAST_CELLS and grid.box[2] - grid.box[0] >= NARROWEST]
    if not grids:
        return [], []
    own = [rule for rule in rules if any(_belongs(rule, grid) for grid in grids)]  # the others are strokes of headings
    bare = without_rules(gray, mask & _near_rules(own, gray.shape, scale))
    shining = other_side(bare, scale)
    bare = np.where(shining, 255, bare).astype(np.uint8)
    stamped |= shining  # nobody knows what either hides
    ink = ink_of(bare, scale)
    places, em = _places(grids, ink, scale)
    places, faint = with_faint_lines(_cells(grids, scale, ink.shape), places, bare, em, scale)
    crops = [with_margin(bare, place.box, em, place.within, MARGINS[0]) for place in places]
    first = recognise(crops)
    equal = equals_among(places, first, bare, em)
    through = _shining_through(places, first, bare, em) | _unread(range(len(places) - faint, len(places)), first)
    through -= equal
    first = [[EQUAL] if n in equal else [] if n in through else signs for n, signs in enumerate(first)]
    texts = [text_of(signs) for signs in first]
    again = _read_again(crops, places, texts, first, bare, em)
    first = with_cut_lines(places, first, bare, ink, em)
    first = [_phantoms_doubted(signs, place, em) for signs, place in zip(first, places, strict=True)]
    lines = [
        Line(
            place,
            signs,
            ("",) if n in through else again[n],
            n in through
            or bool(cut_edge(place.box, place.within, em))
            or _is_under(stamped, place.box, em)
            or _ink_left(ink, place, signs, em)
            or _gap_inked(bare, place, signs, em),
        )
        for n, (place, signs) in enumerate(zip(places, first, strict=True))
    ]
    lines = with_square_metres(with_per_mille(lines, ink, em), ink, em)
    lines = [*lines, *_hidden(places, grids, stamped, scale)]
    return records_of(grids, lines, scale), grids


def _shining_through(places: list[Place], first: list[list[Spotted]], gray: np.ndarray, em: float) -> set[int]:
    """The lines in cells that are far lighter than the page's print and say nothing for sure, or are lower than characters: print
    of the other side, or its rules."""
    if not places:
        return set()
    parts = [gray[top:bottom, left:right] for left, top, right, bottom in (place.box for place in places)]
    dark = np.array([255 - np.percentile(part, 5) if part.size else 0.0 for part in parts])
    light = np.flatnonzero(dark < THROUGH * np.median(dark))
    doubted = lambda signs: not signs or np.mean([sign.confidence for sign in signs]) < READABLE  # noqa: E731
    low = lambda box: box[3] - box[1] < LOW * em  # noqa: E731
    return {int(n) for n in light if places[n].table >= 0 and (doubted(first[n]) or low(places[n].box))}


def _unread(numbers: range, first: list[list[Spotted]]) -> set[int]:
    """Those of the lines too light to be ink that say nothing for sure: what stands there, if anything, is not known."""
    return {n for n in numbers if not first[n] or np.mean([sign.confidence for sign in first[n]]) < READABLE}


def _read_again(crops, places, texts, first, gray, em) -> list[tuple[str, ...]]:
    """Other readings of each line: one with other paper around it where the recogniser is not sure, and where that
    agrees but doubt remains, those of the line seen in other ways."""
    least = [min((sign.confidence for sign in signs), default=0.0) for signs in first]
    again = [(text,) for text in texts]
    unsure = [n for n, chance in enumerate(least) if chance < AGAIN]
    second = recognise([with_margin(gray, places[n].box, em, places[n].within, MARGINS[1]) for n in unsure])
    for n, signs in zip(unsure, second, strict=True):
        again[n] = (text_of(signs),)
    open_still = [n for n in unsure if texts[n] and again[n] == (texts[n],) and least[n] < OFTEN]
    ways = [seen_otherwise(crops[n]) for n in open_still]
    others = iter(recognise([crop for way in ways for crop in way]))
    for n, way in zip(open_still, ways, strict=True):
        again[n] += tuple(text_of(next(others)) for _ in way)
    return again


def upright_turn(gray: np.ndarray, scale: float) -> int:
    """Quarter turns clockwise after which the picture's print stands upright: the way in which a few lines read best."""
    best, turn = 0.0, 0
    for quarter in (0, 3, 1, 2):
        turned = np.ascontiguousarray(np.rot90(gray, -quarter))
        _, mask, _ = rules_in(turned, scale)
        bare = without_rules(turned, mask)
        em = 9 * scale
        boxes = [
            b
            for b in loose_lines(bare < ink_level(bare), em)
            if b[3] - b[1] < 2.5 * em and b[2] - b[0] > 2.5 * (b[3] - b[1])
        ]
        step = max(1, len(boxes) // SAMPLES)
        lines = recognise(
            [with_margin(bare, box, em, (0, 0, turned.shape[1], turned.shape[0])) for box in boxes[::step]]
        )
        sure = _upright([sign for line in lines for sign in line])
        if sure > best:
            best, turn = sure, quarter
        if best > SURE:
            break
    return turn


def _upright(signs: list[Spotted]) -> float:
    """How sure the recogniser is of a page's Chinese characters, if there are enough; a column of figures reads sideways too, and
    says nothing of which way is up.

    >>> figure, character = Spotted("8", 0.5, 0.99, ()), Spotted("费", 0.5, 0.99, ())
    >>> _upright([figure] * 90 + [character] * 10), _upright([figure] * 10)
    (0.99, 0.0)
    """
    sure = [sign.confidence for sign in signs if _is_wide(sign)]
    return float(np.mean(sure)) * min(1.0, len(sure) / SAMPLES) if sure else 0.0


def _belongs(rule: Rule, grid: Grid) -> bool:
    x0, y0, x1, y1 = grid.box
    box = (rule.start, rule.at, rule.end, rule.at) if rule.horizontal else (rule.at, rule.start, rule.at, rule.end)
    return box[0] < x1 + 3 and box[2] > x0 - 3 and box[1] < y1 + 3 and box[3] > y0 - 3


def _near_rules(rules, shape: tuple[int, int], scale: float) -> np.ndarray:
    """Pixels at the rules that count: a stroke that only looks like a rule keeps its ink."""
    near = np.zeros(shape, dtype=bool)
    for rule in rules:
        at, start, end = int(rule.at * scale), int((rule.start - 1) * scale), int((rule.end + 1) * scale) + 1
        low, high = max(0, at - int(1.5 * scale)), at + int(1.5 * scale) + 1
        if rule.horizontal:
            near[low:high, max(0, start) : end] = True
        else:
            near[max(0, start) : end, low:high] = True
    return near


def _ink_finder(ink: np.ndarray, scale: float):
    def has_text(box) -> bool:
        x0, y0, x1, y1 = (int(v * scale) for v in box)
        part = ink[max(0, y0) : y1, max(0, x0) : x1]
        return bool(part.size) and int(part.sum()) > 4 * scale * scale

    return has_text


def _places(grids: list[Grid], ink: np.ndarray, scale: float) -> tuple[list[Place], float]:
    parts = [[_pixels(cell, scale, ink.shape) for cell in grid.cells] for grid in grids]
    em = usual_height([ink[y0:y1, x0:x1] for boxes in parts for x0, y0, x1, y1 in boxes], scale)
    places = []
    outside = ink.copy()
    for table, (grid, boxes) in enumerate(zip(grids, parts, strict=True)):
        for cell, (x0, y0, x1, y1) in enumerate(boxes):
            for left, top, right, bottom in find_lines(ink[y0:y1, x0:x1], em):
                box = (left + x0, top + y0, right + x0, bottom + y0)
                edge, more = cut_edge(box, (x0, y0, x1, y1), em), int(INSIDE * scale)
                up, down = (
                    more * (edge == "head"),
                    more * (edge == "foot"),
                )  # what is left of a cut line reaches the rule
                box = (box[0], box[1] - up, box[2], box[3] + down)
                places.append(Place(box, (x0, y0 - up, x1, y1 + down), table, cell))
        x0, y0, x1, y1 = (int(v * scale) for v in grid.box)
        outside[
            max(0, y0 - int(2 * scale)) : y1 + int(2 * scale), max(0, x0 - int(2 * scale)) : x1 + int(2 * scale)
        ] = False
    whole = (0, 0, ink.shape[1], ink.shape[0])
    places += [Place(box, whole, -1, -1) for box in loose_lines(outside, em)]
    return places, em


def _is_under(stamped: np.ndarray, box: Box, em: float) -> bool:
    """Whether something of a stamp was taken off a line or close to it."""
    left, top, right, bottom = box
    near = int(BESIDE_STAMP * em)
    return bool(stamped[max(0, top - near) : bottom + near, max(0, left - near) : right + near].any())


def _hidden(places: list[Place], grids: list[Grid], stamped: np.ndarray, scale: float) -> list["Line"]:
    """A line without characters for every cell that only a stamp stands in: what it hides, if anything, is not known."""
    read = {(place.table, place.cell) for place in places}
    boxes = {
        (table, cell): _pixels(grid.cells[cell], scale, stamped.shape)
        for table, grid in enumerate(grids)
        for cell in range(len(grid.cells))
        if (table, cell) not in read
    }
    return [
        Line(Place(box, box, *where), [], ("",), True) for where, box in boxes.items() if _is_under(stamped, box, 0.0)
    ]


def _cells(grids: list[Grid], scale: float, shape: tuple[int, int]) -> list[tuple[int, int, Box]]:
    """(table, index, box in pixels) of every cell."""
    return [
        (table, number, _pixels(cell, scale, shape))
        for table, grid in enumerate(grids)
        for number, cell in enumerate(grid.cells)
    ]


def _pixels(cell, scale: float, shape: tuple[int, int]) -> Box:
    x0, y0 = int((cell.x0 + INSIDE) * scale), int((cell.y0 + INSIDE) * scale)
    x1, y1 = int((cell.x1 - INSIDE) * scale), int((cell.y1 - INSIDE) * scale)
    return max(0, x0), max(0, y0), max(x0 + 1, min(x1, shape[1])), max(y0 + 1, min(y1, shape[0]))


def _pitch(spotted: list[Spotted], middles: list[float]) -> float:
    """The usual distance of two Chinese characters side by side, in ems."""
    steps = [b - a for (a, x), (b, y) in pairwise(zip(middles, spotted, strict=True)) if _is_wide(x) and _is_wide(y)]
    return float(np.median(steps)) if len(steps) > 2 else 1.05


def _is_wide(sign: Spotted) -> bool:
    return sign.text >= "\u2e80" and sign.text not in "（）“”‘’"


def _phantoms_doubted(spotted: list[Spotted], place: Place, em: float) -> list[Spotted]:
    """The characters, with stops in doubt for which there is no room between the ones beside them."""
    middles = middles_of(spotted, place, em)
    pitch = _pitch(spotted, middles)
    result = list(spotted)
    for n in range(1, len(spotted) - 1):
        beside = _is_wide(spotted[n - 1]) and _is_wide(spotted[n + 1])
        if spotted[n].text in "，。、；：,." and beside and middles[n + 1] - middles[n - 1] < NO_ROOM * pitch:
            others = (("", 0.6), *spotted[n].others)
            result[n] = spotted[n]._replace(confidence=min(spotted[n].confidence, 0.4), others=others)
    return result


def _gap_inked(gray: np.ndarray, place: Place, spotted: list[Spotted], em: float) -> bool:
    """Whether two Chinese characters stand a character apart, and something however faint is printed between them."""
    middles = middles_of(spotted, place, em)
    pitch = _pitch(spotted, middles)
    left, top, _, bottom = place.box
    for (a, x), (b, y) in pairwise(zip(middles, spotted, strict=True)):
        if _is_wide(x) and _is_wide(y) and b - a > LOST * pitch:
            part = gray[top:bottom, left + int((a + 0.55) * em) : left + int((b - 0.5) * em) + 1].astype(float)
            paper = float(np.percentile(gray[top:bottom, left:], 90))
            if part.size and np.percentile(part, 3) < paper - 0.2 * (paper - float(gray[top:bottom, left:].min())):
                return True
    return False


def _ink_left(ink: np.ndarray, place: Place, spotted: list[Spotted], em: float) -> bool:
    """Whether the line has ink that stands beside all of its characters: one was passed over."""
    left, top, right, bottom = place.box
    columns = np.flatnonzero(ink[top:bottom, left:right].sum(axis=0) >= 1)
    if not len(columns) or bottom - top > 2 * em:
        return not spotted
    middles = [at for at, sign in zip(middles_of(spotted, place, em), spotted, strict=True) if sign.text.strip()]
    size = max(1.0, (bottom - top) / em)
    blobs = [
        (run[0] + run[-1] + 1, len(run)) for run in np.split(columns, np.flatnonzero(np.diff(columns) > 0.12 * em) + 1)
    ]
    return any(
        not any(abs(ends / 2 / em - at) < _HALF * size + (width / 2 / em if width > em / 2 else 0) for at in middles)
        for ends, width in blobs
    )
