"""A page photographed a little aslant: seen from above again, by the rules that run together."""

import numpy as np

from budgetperf.readers.scan.picture import rule_lines

LEAST = 0.003  # slope by which rules at the page's edges lean, below which they are parallel
MOST = 0.04  # and beyond which too much of the page is lost
SHORTEST = 70.0  # points: a shorter rule does not tell how it leans
LINES, REACH = 4, 0.3  # so many rules each way, over such a share of the page, tell how they run together
APART = 0.15  # of the page, over which the rules of a table lie
TRIES = 4


def from_above(gray: np.ndarray, scale: float) -> tuple[np.ndarray, np.ndarray]:
    """The picture with its rules parallel, and the way (3 × 3, in pixels) from its places to those of the picture as it was;
    the picture itself where they are, or lean too much.

    >>> from_above(np.full((200, 300), 255, np.uint8), 1.0)[1].tolist()
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    import cv2

    seen, way = gray, np.eye(3)
    for _ in range(TRIES):
        bend = _bend(seen, scale)
        if bend is None:
            break
        way = way @ bend
        how = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
        seen = cv2.warpPerspective(gray, way, gray.shape[::-1], flags=how, borderValue=255)
    return seen, way


def _bend(gray: np.ndarray, scale: float) -> np.ndarray | None:
    """The way from a page whose rules are parallel and meet at right angles to this one; None where they do already.

    A point (x, y) from the middle is seen at (x, y) / (1 + g·x + h·y): a rule across at y then has the slope −g·y, one down
    at x the slope −h·x.
    """
    height, width = gray.shape
    across, down = rule_lines(gray, scale, SHORTEST)
    leaning = [
        _leaning([(line[0], line[1], line[place] - size / 2) for line in lines], size)
        for lines, place, size in ((across, 3, height), (down, 2, width))
    ]
    if None in leaning:
        return None
    (slope, g), (steep, h) = leaning  # an angle down leans left where it is positive
    shear = slope - steep
    most = max(abs(g) * height / 2, abs(h) * width / 2, abs(shear))
    if not LEAST < most < MOST:
        return None
    to_middle = np.array([[1, 0, -width / 2], [0, 1, -height / 2], [0, 0, 1]])
    return np.linalg.inv(to_middle) @ np.array([[1, shear, 0], [0, 1, 0], [-g, h, 1]]) @ to_middle


def _leaning(lines: list[tuple[float, float, float]], size: float) -> tuple[float, float] | None:
    """Of lines (angle in degrees, length, place) the slope in the middle, and by how much it grows a pixel: 0 where they are
    too near each other to tell; None where they are too few or all in one place."""
    if len(lines) < LINES:
        return None
    angle, length, place = np.array(lines).T
    if np.ptp(place) < APART * size:  # the shadow of a fold
        return None
    slope, kept, degree = np.tan(np.deg2rad(angle)), np.ones(len(lines), dtype=bool), int(np.ptp(place) > REACH * size)
    for _ in range(3):  # a line that runs otherwise is no rule
        grows, middle = [0.0, *np.polyfit(place[kept], slope[kept], degree, w=length[kept])][-2:]
        off = np.abs(slope - middle - grows * place)
        kept = off <= max(3 * np.median(off), 1e-4)
    return float(middle), float(grows)
