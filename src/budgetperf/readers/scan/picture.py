"""A page's picture made ready: coloured marks off, shadows lifted, upright and straight."""

import math
from typing import NamedTuple

import numpy as np

from budgetperf.readers.scan.dashes import GAP
from budgetperf.readers.scan.seals import SMALL, sizes_of, widened, without_gray_seals

INK = 0.55  # of the way from paper to the darkest ink: darker is ink
LONG = 40.0  # points: a straight line that long is a rule or its part, not a stroke of a character
STEEPEST = 8.0  # degrees by which a page may be tilted
GUTTER = 14.0  # points: two pages on one sheet are at least that far apart
NEARLY_BLANK = 0.004  # share of ink in a column of pixels: the shadow of a fold is lifted, a little dirt remains
PARALLEL = 0.3  # degrees: rules of one direction that differ by more are those of a photo
SQUARE = 0.8  # degrees by which rules across and down may miss a right angle
STRONG = 0.32  # of the way from the darkest ink to paper: print has pixels that dark, a gray seal has not
LARGE = 26.0  # points: no character is larger, a seal is
VIVID = 40  # values by which the channels of a coloured mark differ
PALE = 0.85  # of paper's light: no print is so pale
LIGHTER = 40  # gray values by which what a gray seal was taken off is lighter
CORE, FULL = 0.8, 0.4  # of a coloured mark's colour: pixels of the mark itself, pixels of which it takes as much light
SPECK = 1.2  # points: smaller marks are dirt
BESIDE = 1.6  # points above and below a rule where there is paper
LIGHTEST = 12  # gray values by which a rule is at least darker than that
PAPER = 200  # gray values of no ink
GRID, APART = 3, 6.0  # heights at which a table has rules across, and points between two; the frame of a stamp has two
COARSE = 1.5  # pixels a point on which the tilt is measured


class Picture(NamedTuple):
    """A straight page: gray pixels (0 ink, 255 paper), pixels a point, and the way from its points to the page as seen:
    (x, y, 1) → a multiple of that point's (x, y, 1)."""

    gray: np.ndarray
    scale: float
    to_page: np.ndarray  # 3 × 3
    width: float  # of the straight picture, in points
    height: float
    marked: np.ndarray | None = None  # the pixels off which a seal or another mark was taken


class Skewed(Exception):
    """The rules of the page meet at no right angles: a photo taken aslant."""


def clean_gray(colour: np.ndarray, scale: float) -> np.ndarray:
    """Gray picture of the page, see `cleaned`."""
    return cleaned(colour, scale)[0]


def cleaned(colour: np.ndarray, scale: float) -> tuple[np.ndarray, np.ndarray]:
    """Gray picture of the page (height × width × 3) in which seals and coloured marks are as light as paper, stretched
    so that paper is white everywhere, shadows included; and the mask of these marks."""
    import cv2

    smooth = cv2.GaussianBlur(colour, (0, 0), 1.0)
    tint = smooth.max(axis=2) - smooth.min(axis=2)
    vivid = widened(tint > VIVID, scale)
    own = cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY)
    gray = np.where(vivid, colour.max(axis=2), own).astype(np.uint8)
    small = cv2.resize(gray, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((7, 7), np.uint8)), 31)
    paper = cv2.resize(paper, (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_LINEAR)
    paper = np.maximum(paper, 60)
    level = gray.astype(np.float32) / paper
    if vivid.any():
        level[vivid] = _lightened(level, own / paper, tint, vivid)
    gray = np.clip(level * 255, 0, 255).astype(np.uint8)
    without = without_gray_seals(gray, scale)
    return without, vivid | (without > gray.astype(np.int16) + LIGHTER)


def marks_on(sheet: Picture, marked: np.ndarray) -> np.ndarray:
    """The mask of a page's marks as they lie on one of its straight sheets.

    >>> marked = np.zeros((100, 200), bool)
    >>> marked[10:20, 30:50] = True
    >>> sheet = straight(np.full((100, 200), 255, np.uint8), 2.0, turn=1)
    >>> np.argwhere(marks_on(sheet, marked)).min(axis=0).tolist(), marks_on(sheet, marked).shape
    ([30, 80], (200, 100))
    """
    import cv2

    to_points = np.diag([1 / sheet.scale, 1 / sheet.scale, 1]) @ np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    way = np.linalg.inv(to_points) @ sheet.to_page @ to_points
    size = sheet.gray.shape[::-1]
    how = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    return cv2.warpPerspective(marked.astype(np.uint8), way, size, flags=how).astype(bool)


def _lightened(level: np.ndarray, own: np.ndarray, tint: np.ndarray, vivid: np.ndarray) -> np.ndarray:
    """How light the vivid pixels are without the coloured marks on them (0 ink, 1 paper): JPEG leaves the edges of a mark half as
    gray as it is itself (`own`: its gray), and where there is much of its colour such a gray is made as light as no print is. A
    pale scan's marks are pale as well, and its print keeps its ink.

    >>> level, vivid = np.array([[0.2, 0.2, 0.7, 0.9]] * 3, np.float32), np.array([[False, True, True, True]] * 3)
    >>> _lightened(level, level * 0.5, np.full(level.shape, 200, np.uint8), vivid)[:3].round(2).tolist()
    [0.20000000298023224, 1.2000000476837158, 1.600000023841858]
    """
    import cv2

    most = max(VIVID, float(np.percentile(tint[vivid], 90)))
    core = vivid & (tint >= CORE * most)
    edge = (float(np.median(level[core])) + float(np.median(own[core]))) / 2
    ink = min(float(np.percentile(level[::2, ::2], 0.3)), edge / 2)
    paper = min(1.0, ink + (edge - ink) * (1 - ink) / (PALE - ink))
    near = cv2.dilate(tint, np.ones((3, 3), np.uint8)).astype(np.float32)
    white = 1 - np.clip(near[vivid] / (FULL * most), 0, 1) * (1 - paper)
    return ink + (level[vivid] - ink) * (1 - ink) / (white - ink)


def ink_level(gray: np.ndarray) -> int:
    """The gray value below which a pixel is ink, from the page's own darkest and lightest."""
    dark = float(np.percentile(gray, 0.3))
    return int(255 - INK * (255 - dark))


def ink_of(gray: np.ndarray, scale: float) -> np.ndarray:
    """The pixels of characters: what hangs together with pixels as dark as print, and small lighter marks as well, since
    a stop is a thin ring. A seal scanned in gray is neither, and is left out where it crosses print."""
    import cv2

    dark = float(np.percentile(gray, 0.3))
    span = 255 - dark
    grain = float(np.std(gray[gray > 200])) if (gray > 200).any() else 0.0
    ink = gray < ink_level(gray)
    strong = gray < dark + STRONG * span
    light = gray < max(ink_level(gray), min(255 - 0.3 * span, 250 - 6 * grain))
    light_labels, light_sizes = sizes_of(light)
    small = (light_sizes >= SPECK * scale) & (light_sizes < SMALL * scale)
    labels, sizes = sizes_of(ink)
    held = np.bincount(labels.ravel(), weights=strong.ravel(), minlength=len(sizes)) > 0
    core = cv2.dilate(strong.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    return (ink & held[labels] & (core | (sizes <= LARGE * scale)[labels])) | small[light_labels]


def ridges(gray: np.ndarray, scale: float) -> np.ndarray:
    """What is darker than the paper above and below it, however light it is: rules in gray, or of few pixels."""
    beside = max(2, round(BESIDE * scale))
    gray = gray.astype(np.int16)
    above, below = (np.roll(gray, way * beside, axis=0) for way in (1, -1))
    grain = float(np.median(np.abs(above - gray)[gray > PAPER])) if (gray > PAPER).any() else 0.0
    return (gray + max(LIGHTEST, 4 * grain) < np.minimum(above, below)).astype(np.uint8)


def tilt(gray: np.ndarray, scale: float) -> float:
    """Degrees by which the page's rules run down to the right; 0 where it has none. Raises Skewed for a photo."""
    across, down = rule_lines(gray, scale)
    if not across:
        return 0.0
    angle = _weighted_median(across)
    if _spread(across, angle) > PARALLEL:
        raise Skewed
    if len(down) > 2 and abs(_weighted_median(down) - angle) > SQUARE:
        raise Skewed
    return angle


def rule_lines(gray: np.ndarray, scale: float, shortest: float = 3 * LONG) -> tuple[list, list]:
    """(angle, length, x and y of the middle) of the page's rules across and down, in degrees and pixels; `shortest`: points."""
    import cv2

    coarse = min(1.0, COARSE / scale)  # a rule of 500 points tells its angle well enough
    gray, scale = cv2.resize(gray, None, fx=coarse, fy=coarse, interpolation=cv2.INTER_AREA), scale * coarse
    dark = (gray < (255 + ink_level(gray)) // 2).astype(np.uint8)
    across, down = _long_lines(_runs(dark * 255, max(3, int(LONG * scale / 8))), scale, shortest)
    if _places(across, scale) < GRID:  # rules lighter than print, which the frame of a stamp over them is not
        light_across, light_down = (ridges(np.ascontiguousarray(picture), scale) for picture in (gray, gray.T))
        lighter = _fitted_lines(light_across, scale, shortest)
        if len(across) < 2 or _places(lighter, scale) >= GRID:
            turned = _fitted_lines(light_down, scale, shortest)
            across, down = lighter, [(-angle, length, x, y) for angle, length, y, x in turned]
    if len(across) < 2:  # dashed rules: where all lines run one way, else they are those of print
        light, gap = light_across | light_down.T, int(GAP * scale) | 1
        across, down = (
            _long_lines(_runs(cv2.morphologyEx(light, cv2.MORPH_CLOSE, np.ones(size, np.uint8)) * 255, int(LONG * scale / 4)),
                        scale, shortest)[way]
            for way, size in enumerate(((1, gap), (gap, 1)))
        )  # fmt: skip
        across, down = (
            [] if lines and _spread(lines, _weighted_median(lines)) > PARALLEL else lines for lines in (across, down)
        )
    return tuple([(angle, *(part / coarse for part in more)) for angle, *more in lines] for lines in (across, down))


def _places(across: list, scale: float) -> int:
    """At how many heights lines across lie, pieces of one rule together.

    >>> _places([(0.0, 90, 50, 10), (0.5, 90, 150, 10.5), (0.0, 90, 50, 40)], 1.0)
    2
    """
    if not across:
        return 0
    angle, _, x, y = np.array(across, dtype=float).T
    heights = np.sort(y - np.tan(np.deg2rad(angle)) * (x - x.mean()))
    return 1 + int((np.diff(heights) > APART * scale).sum())


def _long_lines(dark: np.ndarray, scale: float, shortest: float) -> tuple[list, list]:
    """(angle, length, x and y of the middle) of straight lines near the horizontal and the vertical, both as the page's turn."""
    import cv2

    lines = cv2.HoughLinesP(
        dark, 1, math.pi / 3600, threshold=int(LONG * scale), minLineLength=shortest * scale, maxLineGap=2 * scale
    )
    across, down = [], []
    for x0, y0, x1, y1 in np.reshape(lines if lines is not None else [], (-1, 4)).tolist():
        dx, dy = x1 - x0, y1 - y0
        length = math.hypot(dx, dy)
        flat, steep = math.degrees(math.atan2(dy, dx)), math.degrees(math.atan2(-dx, dy))
        flat, steep = (flat + 90) % 180 - 90, (steep + 90) % 180 - 90
        if abs(flat) <= STEEPEST:
            across.append((flat, length, (x0 + x1) / 2, (y0 + y1) / 2))
        elif abs(steep) <= STEEPEST:
            down.append((steep, length, (x0 + x1) / 2, (y0 + y1) / 2))
    return across, down


def _fitted_lines(ridge: np.ndarray, scale: float, shortest: float) -> list:
    """(angle, length, x and y of the middle) of light rules across, each through the middle of its pixels: of a rule one pixel
    thick the steps by which it leans would pass for rules that do not.

    >>> ridge = np.zeros((60, 400), np.uint8)
    >>> for step in range(4):
    ...     ridge[20 + step, 50 + 75 * step : 125 + 75 * step] = 1
    >>> [(angle, length) for angle, length, _, _ in _fitted_lines(ridge, 1.5, 70.0)]
    [(0.72, 299.0)]
    """
    import cv2

    runs = cv2.morphologyEx(ridge, cv2.MORPH_OPEN, np.ones((1, int(LONG * scale / 4)), np.uint8))
    joined = cv2.dilate(runs, np.ones((3, int(2 * scale) | 1), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    y, x = np.nonzero(runs)
    part = labels[y, x]
    order = np.argsort(part, kind="stable")
    pieces = np.split(order, np.searchsorted(part[order], np.arange(1, count)))
    lines = []
    for number in range(1, count):
        along, down = x[pieces[number]].astype(float), y[pieces[number]].astype(float)
        length = float(np.ptp(along))
        if length < shortest * scale or stats[number][3] > length * np.tan(np.deg2rad(STEEPEST)):
            continue
        slope, middle = np.polyfit(along - along.mean(), down, 1)
        if np.median(np.abs(down - middle - slope * (along - along.mean()))) < 1.0:
            lines.append((round(math.degrees(math.atan(slope)), 2), length, float(along.mean()), float(middle)))
    return lines


def _runs(dark: np.ndarray, length: int) -> np.ndarray:
    """The dark pixels that lie in runs of such a length, across or down: rules, slightly tilted ones in steps."""
    import cv2

    across = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    return across | cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))


def _weighted_median(angles: list) -> float:
    angles = sorted(angles)
    half, run = sum(length for _, length, *_ in angles) / 2, 0.0
    for angle, length, *_ in angles:
        run += length
        if run >= half:
            return angle
    return 0.0


def _spread(angles: list, middle: float) -> float:
    """The mean distance of the angles from their middle, long lines counting more."""
    whole = sum(length for _, length, *_ in angles)
    return sum(abs(angle - middle) * length for angle, length, *_ in angles) / whole


def straight(gray: np.ndarray, scale: float, turn: int = 0, angle: float = 0.0) -> Picture:
    """The picture turned upright: `turn` quarter turns clockwise, then straightened by `angle` degrees.

    >>> picture = straight(np.full((100, 200), 255, np.uint8), 2.0, turn=1)
    >>> picture.gray.shape, picture.width, box_on_page((0, 0, 10, 20), picture.to_page)
    ((200, 100), 50.0, (0.0, 40.0, 20.0, 50.0))
    """
    import cv2

    height, width = gray.shape
    there = np.eye(3)
    for _ in range(turn % 4):  # clockwise: (x, y) → (height − y, x)
        there = np.array([[0, -1, height], [1, 0, 0], [0, 0, 1]]) @ there
        height, width = width, height
    centre = (width / 2, height / 2)
    there = np.vstack([cv2.getRotationMatrix2D(centre, angle, 1.0), [0, 0, 1]]) @ there
    if turn % 4 or angle:
        gray = np.rot90(gray, -turn % 4)
        if angle:
            way = cv2.getRotationMatrix2D(centre, angle, 1.0)
            gray = cv2.warpAffine(
                np.ascontiguousarray(gray), way, (width, height), flags=cv2.INTER_CUBIC, borderValue=255
            )
    points = np.diag([1 / scale, 1 / scale, 1])
    to_page = points @ np.linalg.inv(there) @ np.linalg.inv(points)
    return Picture(np.ascontiguousarray(gray), scale, to_page, width / scale, height / scale)


def box_on_page(box: tuple[float, float, float, float], to_page: np.ndarray) -> tuple[float, float, float, float]:
    """The box around a straight picture's box on the page as seen, in points."""
    x0, y0, x1, y1 = box
    *corners, far = to_page @ np.array([[x0, x1, x1, x0], [y0, y0, y1, y1], [1, 1, 1, 1]], dtype=float)
    corners = np.array(corners) / far
    (left, top), (right, bottom) = corners.min(axis=1), corners.max(axis=1)
    return float(left), float(top), float(right), float(bottom)


def halves(gray: np.ndarray, scale: float) -> list[tuple[int, int]]:
    """The pixel columns of the sheets on a picture: two where a wide one has a blank strip down its middle between
    long rules on either side, else one.

    >>> gray = np.full((600, 1000), 255, np.uint8)
    >>> gray[100:102, 50:450] = gray[100:102, 550:950] = gray[400:402, 50:450] = gray[400:402, 550:950] = 0
    >>> halves(gray, 1.0), halves(gray[:, :500], 1.0)
    ([(0, 499), (499, 1000)], [(0, 500)])
    """
    height, width = gray.shape
    if width < 1.2 * height:
        return [(0, width)]
    dark = (gray < ink_level(gray)).astype(np.uint8)
    columns = _runs(dark * 255, int(2 * LONG * scale)).astype(bool)
    crossing = columns.any(axis=0)
    low, high = int(0.4 * width), int(0.6 * width)
    free = np.flatnonzero(dark[:, low:high].mean(axis=0) < NEARLY_BLANK)
    runs = np.split(free, np.flatnonzero(np.diff(free) > 1) + 1) if len(free) else []
    widest = max(runs, key=len, default=free)
    if len(widest) < GUTTER * scale or not crossing[:low].any() or not crossing[high:].any():
        return [(0, width)]
    middle = low + int(widest[len(widest) // 2]) - (len(widest) % 2 == 0)
    return [(0, middle), (middle, width)]
