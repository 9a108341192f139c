"""Signs that the recogniser takes for others or does not know, told by their ink: ‰, ㎡ and =."""

import re
from collections import Counter

import numpy as np

from budgetperf.readers.scan.lines import MARGIN, Place
from budgetperf.readers.scan.recogniser import Spotted
from budgetperf.readers.scan.records import Line

PER_CENT = 0.85  # ems: the usual width of %
PER_MILLE = 1.3  # of the width of % on the page, from which a sign whose rings are not seen is likelier ‰
RINGS_APART = 0.3  # of its height: so far apart stand the two lower rings of ‰
BROADEST = 1.08  # of its height, from its first ring to its end: % is no broader, ‰ is, if by little in some types
RAISED = 0.2  # of its height, by which the end of ㎡ stands above its beginning
EQUALS = (
    (0.3, 1.2),
    (0.15, 0.85),
)  # ems: how wide = is; how high at least, and what share of its width at most (。 is round)
SURE = 0.97  # confidence of a sign that is not looked at again
LIGHT_BETWEEN = 0.9  # of how dark its strokes are, which is darker than what is between them,
ROWS = 10  # of pixels at most, in which a stroke is one or two
OPEN = 0.85  # of how dark the darkest of what is between them is: no stroke down joins them, as in 口
STEADY, ALIKE = 0.55, 0.86  # and how dark each is at least all along, and how much of one width they are (二 is not)
EQUAL = Spotted("=", 0.5, 0.99, ())
UNKNOWN = 0.6  # confidence of a sign that the recogniser does not know


def with_per_mille(lines: list[Line], ink: np.ndarray, em: float) -> list[Line]:
    """The lines whose last % is broader than the page's others, with ‰, for which the recogniser takes it, where its three
    rings are seen, else in doubt; where two are seen and no room for a third, it is %."""
    tails: dict[int, float] = {}
    rings: dict[int, tuple[int, bool]] = {}
    for number, line in enumerate(lines):
        if not line.spotted or line.spotted[-1].text != "%":
            continue
        tail = _tail(line, ink, em)
        tails[number] = tail.shape[1] / em
        rings[number] = _rings(tail)
    measured = len(tails) > 2
    usual = float(np.median(list(tails.values()))) if measured else PER_CENT
    broad = [number for number, tail in tails.items() if tail > max(1.22 * usual, usual + 0.16)]
    changed = list(lines)
    for number in broad:
        (count, room), line = rings[number], lines[number]
        if count == 2 and not room:
            continue
        sure = count >= 3 and room
        at = line.spotted[-1].at
        likelier = ("‰", "%") if measured and tails[number] > PER_MILLE * usual else ("%", "‰")
        sign = Spotted("‰", at, 0.99, ()) if sure else Spotted(likelier[0], at, 0.5, ((likelier[1], 0.5),))
        mille = sign.text == "‰"
        again = tuple(f"{text[:-1]}‰" if mille and text.endswith("%") else text for text in line.again)
        changed[number] = line._replace(spotted=[*line.spotted[:-1], sign], again=again)
    return changed


def _rings(sign: np.ndarray) -> tuple[int, bool]:
    """How many rings the ink of % or ‰ has, and whether there is room for three: from the first to its end, or two stand
    below another side by side."""
    import cv2

    found, tree = cv2.findContours(sign.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    parents = tree[0][:, 3] if len(found) else ()
    boxes = [cv2.boundingRect(ring) for ring, parent in zip(found, parents, strict=True) if parent >= 0]
    if not boxes:
        return 0, False
    rows = np.flatnonzero(sign.any(axis=1))
    height, middle = int(rows[-1] - rows[0]) + 1, (rows[0] + rows[-1]) / 2
    low = [x + width / 2 for x, y, width, tall in boxes if y + tall / 2 > middle]
    side_by_side = 1 < len(low) < len(boxes) and max(low) - min(low) > RINGS_APART * height
    return len(boxes), side_by_side or sign.shape[1] - min(box[0] for box in boxes) > BROADEST * height


def with_square_metres(lines: list[Line], ink: np.ndarray, em: float) -> list[Line]:
    """The lines that end in m behind a figure or a slash, with ㎡ where its end is raised, and always in doubt: the recogniser
    knows neither ㎡ nor ㎥ and reads m."""
    changed = list(lines)
    for number, line in enumerate(lines):
        if not re.search("[0-9/]m$", "".join(sign.text for sign in line.spotted)):
            continue
        tail = _tail(line, ink, em)
        half = tail.shape[1] // 2
        tops = [
            rows[0] if len(rows := np.flatnonzero(part.any(axis=1))) else 0 for part in (tail[:, :half], tail[:, half:])
        ]
        is_raised = tops[0] - tops[1] > RAISED * len(tail)
        text, other = ("㎡", "m") if is_raised else ("m", "㎡")
        sign = Spotted(text, line.spotted[-1].at, UNKNOWN, ((other, 1 - UNKNOWN),))
        again = tuple(f"{read[:-1]}{text}" if read.endswith("m") else read for read in line.again)
        changed[number] = line._replace(spotted=[*line.spotted[:-1], sign], again=again)
    return changed


def equals_among(places: list[Place], first: list[list[Spotted]], gray: np.ndarray, em: float) -> set[int]:
    """The lines alone in their cells that the recogniser is not sure of, and that are nothing but two strokes of one width one above
    the other: =, which it takes for anything where it is small."""
    lines_of = Counter((place.table, place.cell) for place in places)
    (narrow, wide), (low, high) = EQUALS
    found = set()
    for number, (place, signs) in enumerate(zip(places, first, strict=True)):
        left, top, right, bottom = place.box
        width, height = right - left, bottom - top
        fits = narrow * em <= width <= wide * em and low * em <= height <= high * width
        alone = place.table >= 0 and lines_of[place.table, place.cell] == 1
        unsure = min((sign.confidence for sign in signs), default=0.0) < SURE
        if fits and alone and unsure and is_equals(gray[max(0, top - 1) : bottom + 1, left:right]):
            found.add(number)
    return found


def is_equals(picture: np.ndarray) -> bool:
    """Whether a picture (0 ink, 255 paper) shows two strokes across of one width and nothing else.

    >>> picture = np.full((9, 12), 250, np.uint8)
    >>> picture[[1, 6], 1:11] = 120
    >>> one = picture.copy(); one[6] = 250
    >>> is_equals(picture), is_equals(one)
    (True, False)
    """
    import cv2

    if min(picture.shape) < 4:
        return False
    less = min(1.0, ROWS / len(picture))
    dark = 255.0 - cv2.resize(picture, None, fx=less, fy=less, interpolation=cv2.INTER_AREA)
    edge = max(1, dark.shape[1] // 5)
    rows = dark[:, edge:-edge].mean(axis=1)
    peaks = [
        y
        for y in range(len(rows))
        if rows[y] >= max(rows[max(0, y - 1) : y + 2])
        and rows[y] > 0.5 * rows.max()
        and (y == 0 or rows[y] > rows[y - 1])
    ]
    if len(peaks) != 2:
        return False
    between = peaks[0] + int(rows[peaks[0] : peaks[1]].argmin())
    if max(rows[between], float(np.percentile(dark[between], 90)) * OPEN) > LIGHT_BETWEEN * min(rows[peaks]):
        return False
    strokes = [np.convolve(dark[max(0, y - 1) : y + 2].max(axis=0), np.ones(3) / 3, "same") for y in peaks]
    spans = [np.flatnonzero(stroke > 0.5 * np.median(stroke[edge:-edge])) for stroke in strokes]
    widths = [span[-1] - span[0] + 1 for span in spans]
    steady = all(stroke[edge:-edge].min() > STEADY * stroke.max() for stroke in strokes)
    return bool(steady and min(widths) >= ALIKE * max(max(widths), dark.shape[1] - 1))


def _tail(line: Line, ink: np.ndarray, em: float) -> np.ndarray:
    """The ink of a line's last sign."""
    before, _, after, _ = MARGIN
    left, top, right, bottom = line.place.box
    width = right - left + (before + after) * em
    begins = left - before * em + line.spotted[-2].at * width + 0.28 * em if len(line.spotted) > 1 else left
    return ink[top:bottom, min(max(left, int(begins)), right - 1) : right]
