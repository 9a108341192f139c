"""Print too light to be ink, in cells that otherwise would pass for empty, or for a speck: a = on a blurred page, a figure that the toner left gray."""

import numpy as np

from budgetperf.readers.scan.lines import Box, Place

SOFT = 0.3  # points by which the picture is softened, so that grain is no print
GRAIN = 5.0  # times the usual grain of the softened paper, from which something is printed,
LEAST = 0.1  # and at least that share of the way from paper to ink
NARROW, HIGH = 0.3, 1.4  # ems: what is narrower is dirt, what is higher no line
STROKE = 0.25  # ems: a part of what is printed is at least that long
BLANK = 0.4  # share of a cell, beyond which it is a shadow or what shines through
SCRAP = 0.7, 0.4  # ems: what is narrower and lower may be the darkest part of something larger
LARGER = 1.5  # times as wide or as high as it
EDGE = 1  # pixels at the edges of a cell in which a rule may have left something


def with_faint_lines(
    cells: list[tuple[int, int, Box]], places: list[Place], gray: np.ndarray, em: float, scale: float
) -> tuple[list[Place], int]:
    """The places, in cells (table, index, box in pixels) that hold only a scrap one line for all that is printed there, however
    lightly, and last such lines of cells that hold nothing; and how many these are.

    >>> gray = np.full((60, 100), 250, np.uint8)
    >>> gray[24:26, 30:42] = gray[32:34, 30:42] = 200
    >>> cell = (0, 0, 100, 60)
    >>> with_faint_lines([(0, 0, cell)], [Place((33, 24, 36, 25), cell, 0, 0)], gray, 20.0, 2.0)
    ([Place(box=(29, 23, 43, 35), within=(0, 0, 100, 60), table=0, cell=0)], 0)
    """
    import cv2

    standing: dict[tuple[int, int], list[Place]] = {}
    for place in places:
        standing.setdefault((place.table, place.cell), []).append(place)
    looked_at = [
        (table, cell, box)
        for table, cell, box in cells
        if all(_is_scrap(p, em) for p in standing.get((table, cell), []))
    ]
    if not looked_at:
        return places, 0
    soft = cv2.GaussianBlur(gray, (0, 0), max(0.6, SOFT * scale)).astype(np.float32)
    span = 255 - float(np.percentile(gray, 0.3))
    new, whole = [], {}
    for table, cell, within in looked_at:
        x0, y0, x1, y1 = within
        part = soft[y0 + EDGE : y1 - EDGE, x0 + EDGE : x1 - EDGE]
        if min(part.shape) < 3:
            continue
        paper = float(np.median(part))
        grain = 1.5 * float(np.median(np.abs(part - paper)))
        box = _printed(part < paper - max(GRAIN * grain, LEAST * span), em)
        if box is not None:
            left, top, right, bottom = box
            moved = (left + x0 + EDGE, top + y0 + EDGE, right + x0 + EDGE, bottom + y0 + EDGE)
            place = Place(moved, within, table, cell)
            scraps = standing.get((table, cell), [])
            if not scraps:
                new.append(place)
            elif all(_is_larger(moved, scrap.box) for scrap in scraps):
                whole[table, cell] = place
    kept = [place for place in places if (place.table, place.cell) not in whole]
    return [*kept, *whole.values(), *new], len(new)


def _is_larger(box: Box, scrap: Box) -> bool:
    wide, high = box[2] - box[0], box[3] - box[1]
    return wide > LARGER * (scrap[2] - scrap[0]) or high > LARGER * (scrap[3] - scrap[1])


def _is_scrap(place: Place, em: float) -> bool:
    left, top, right, bottom = place.box
    return right - left < SCRAP[0] * em and bottom - top < SCRAP[1] * em


def _printed(dark: np.ndarray, em: float) -> Box | None:
    """The box of the strokes among dark pixels, where together they are as large as a line of print; none that touch the edge."""
    import cv2

    if not dark.any() or dark.mean() > BLANK:
        return None
    count, _, stats, _ = cv2.connectedComponentsWithStats(dark.astype(np.uint8), connectivity=8)
    height, width = dark.shape
    strokes = [
        (left, top, left + wide, top + tall)
        for left, top, wide, tall, _ in stats[1:count].tolist()
        if max(wide, tall) >= STROKE * em and left and top and left + wide < width and top + tall < height
    ]
    if not strokes:
        return None
    left, top = (min(stroke[side] for stroke in strokes) for side in (0, 1))
    right, bottom = (max(stroke[side] for stroke in strokes) for side in (2, 3))
    fits = right - left >= NARROW * em and bottom - top <= HIGH * em
    return (left, top, right, bottom) if fits else None
