"""Seals scanned in gray lifted off the print below them."""

from itertools import product

import numpy as np

STROKE = 2.0  # points: no stroke of print is thicker, the ring of a seal is
SEAL = (60.0, 240.0)  # points: how wide seals are
LIGHTEST = (0.12, 0.35)  # of the way from paper to ink: a seal is darker, also than print that shines through around it
DARKEST = (0.3, 0.01)  # percent of a page's pixels as dark as print under a seal, which may be as dark as most of it
CROSSED = 7  # points that a rule across it takes out of a seal's ring
AROUND, RING = 3, 3.0  # points from a ring to the edges of its box, and how thick it is at most
MOST_SEALS = 3  # that overlap
MIDDLE = 0.9  # of the way from its edge to its middle: what lies as deep in a mark is the middle of a seal
DRAWN_ROUND = 0.6  # share of a seal's ring that is seen
LIGHT = 0.85  # of the way from ink to a seal: lighter is paper
COVERED = 0.4  # of the way from a seal to paper: darker is the seal, lighter its edge or print beside it
BLURRED = 0.3  # points over which its edge fades
EDGE = 0.8  # points that the blurred edge of a seal reaches beyond it
STAR = 0.3  # of a seal's radius: how large its star is
PIECE = 4.0  # points of a piece of it that a rule parts from the others
SMALL = 9.0  # points: a mark that is smaller belongs to print, however light


def without_gray_seals(gray: np.ndarray, scale: float) -> np.ndarray:
    """The picture with seals scanned in gray as light as paper: what lies under thin strokes there, lighter than ink and
    a ring as large as a seal or inside one, is taken for the paper of the strokes upon it."""
    import cv2

    size = max(5, int(STROKE * scale) | 1)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    under = cv2.morphologyEx(cv2.medianBlur(gray, 3), cv2.MORPH_CLOSE, disc)
    for lightest, darkest in product(LIGHTEST, DARKEST):
        dark = float(np.percentile(gray, darkest))
        span = 255 - dark
        between = ((under > dark + 0.2 * span) & (under < 255 - lightest * span)).astype(np.uint8)
        between = cv2.morphologyEx(between, cv2.MORPH_OPEN, disc)
        if rings := _rings(between, scale):
            break
    else:
        return gray
    inside, (around, star) = _inside(rings, gray.shape), _round(rings, gray.shape, scale)
    seal = float(np.median(under[inside & around & (between > 0)]))
    # what is left between the strokes of small print on a coarse page is lighter than the seal, and no part of it
    labels, sizes = sizes_of(inside & (between > 0) & (under < seal + COVERED * (255 - seal)))
    of_star = np.bincount(labels[star & (labels > 0)], minlength=len(sizes)) > 0
    marks = ((sizes >= np.where(of_star, PIECE, SMALL) * scale) & np.isfinite(sizes))[labels]
    covered = cv2.dilate((marks & (under < seal + COVERED * (255 - seal))).astype(np.float32), np.ones((3, 3)))
    covered = cv2.GaussianBlur(covered, (0, 0), BLURRED * scale)
    paper = np.maximum(np.maximum(under, seal), 255 - covered * (255 - seal)) - dark
    cleaned = dark + (gray - dark) * span / (LIGHT * paper)
    return np.where(widened(marks, scale), np.clip(cleaned, 0, 255), gray).astype(np.uint8)


def widened(marks: np.ndarray, scale: float) -> np.ndarray:
    """The pixels of marks and their blurred edges."""
    import cv2

    edge = 2 * round(EDGE * scale) + 1
    return cv2.dilate(marks.astype(np.uint8), np.ones((edge, edge), np.uint8)).astype(bool)


def _rings(marks: np.ndarray, scale: float) -> list[tuple[int, int, int, int]]:
    """The boxes of rings as large as seals among the marks, in pixels, also of those that touch or overlap.

    >>> import cv2
    >>> picture = np.zeros((300, 400), np.uint8)
    >>> for x in (150, 250):
    ...     _ = cv2.circle(picture, (x, 150), 55, 1, 3)
    >>> len(_rings(picture, 1.0)), len(_rings(cv2.rectangle(picture * 0, (50, 50), (160, 160), 1, -1), 1.0))
    (2, 0)
    """
    import cv2

    coarse = min(1.0, 1 / scale)  # a pixel a point tells how round they are
    small = cv2.resize(marks * 255, None, fx=coarse, fy=coarse, interpolation=cv2.INTER_AREA)
    small = cv2.morphologyEx((small > 40).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((CROSSED,) * 2, np.uint8))
    found = []
    for outline in cv2.findContours(small, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]:
        if not SEAL[0] <= max(cv2.boundingRect(outline)[2:]) <= MOST_SEALS * SEAL[1]:
            continue
        filled = cv2.drawContours(np.zeros_like(small), [outline], -1, 1, cv2.FILLED)
        filled = cv2.copyMakeBorder(filled, 1, 1, 1, 1, cv2.BORDER_CONSTANT)
        deep = cv2.distanceTransform(filled, cv2.DIST_L2, 5)[1:-1, 1:-1]
        count, labels = cv2.connectedComponents((deep > MIDDLE * deep.max()).astype(np.uint8))
        for n in range(1, count):
            y, x = np.unravel_index(np.where(labels == n, deep, 0).argmax(), deep.shape)
            radius = float(deep[y, x])
            if not SEAL[0] <= 2 * radius <= SEAL[1]:
                continue
            seen = max(_share_around(small, x, y, radius - inwards) for inwards in (1, 2, 3))
            if seen > DRAWN_ROUND and _share_around(small, x, y, radius + 5) < 1 - DRAWN_ROUND:
                box = (x - radius - AROUND, y - radius - AROUND, x + radius + AROUND, y + radius + AROUND)
                found.append(tuple(round(float(v) / coarse) for v in box))
    return found


def _share_around(marks: np.ndarray, x: float, y: float, radius: float) -> float:
    """The share of a circle on which there are marks."""
    turns = np.deg2rad(np.arange(0, 360, 3))
    across, down = (np.rint(at).astype(int) for at in (x + radius * np.cos(turns), y + radius * np.sin(turns)))
    there = (across >= 0) & (across < marks.shape[1]) & (down >= 0) & (down < marks.shape[0])
    return float((marks[down[there], across[there]] > 0).sum()) / len(turns)


def _round(
    boxes: list[tuple[int, int, int, int]], shape: tuple[int, int], scale: float
) -> tuple[np.ndarray, np.ndarray]:
    """The pixels of the rings in boxes as `_rings` gives them, and those in the middle of each, where a seal has its star."""
    import cv2

    around, star = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)
    for x0, y0, x1, y1 in boxes:
        middle, radius = ((x0 + x1) // 2, (y0 + y1) // 2), (x1 - x0) / 2 - AROUND * scale
        cv2.circle(around, middle, round(radius - RING / 2 * scale), 1, max(1, round(RING * scale)))
        cv2.circle(star, middle, round(STAR * radius), 1, cv2.FILLED)
    return around.astype(bool), star.astype(bool)


def _inside(boxes: list[tuple[int, int, int, int]], shape: tuple[int, int]) -> np.ndarray:
    """The pixels in one of the boxes."""
    inside = np.zeros(shape, dtype=bool)
    for x0, y0, x1, y1 in boxes:
        inside[max(0, y0) : y1, max(0, x0) : x1] = True
    return inside


def sizes_of(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The connected parts of a mask: their numbers pixel by pixel, and the larger side of each; of the rest without end."""
    import cv2

    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    sizes = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1).astype(float)
    sizes[0] = np.inf
    return labels, sizes
