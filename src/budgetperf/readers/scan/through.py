"""Print of the other side that shines through the paper: far lighter than the page's own, and not to be read."""

import numpy as np

from budgetperf.readers.scan.lines import loose_lines, with_margin
from budgetperf.readers.scan.recogniser import recognise

LEAST = 2.5  # points: the size of what may be a part of a character or of a rule, and is no stop
LIGHT = 0.12  # of the way from paper to ink: what is less dark is paper
FAINT = 0.45  # of how dark the page's print usually is at its darkest: what is less dark is not printed on this side,
MANY = 40  # where there are so many such parts
SAMPLES = 10  # of their lines that are read
READABLE = 0.85  # usual confidence from which they are print in gray
EM = 8.0  # points


def other_side(gray: np.ndarray, scale: float) -> np.ndarray:
    """The mask of what shines through on a straight page without rules; empty where what is light is print that can be read.

    >>> bool(other_side(np.full((300, 300), 255, np.uint8), 2.0).any())
    False
    """
    import cv2

    nothing = np.zeros(gray.shape, bool)
    paper = gray[gray > 200]
    span = 255 - float(np.percentile(gray, 0.3))
    grain = float(paper.std()) if paper.size else 0.0
    light = gray < 255 - max(LIGHT * span, 3 * grain)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(light.astype(np.uint8), connectivity=8)
    darkest = np.full(count, 255, np.uint8)
    np.minimum.at(darkest, labels[light], gray[light])
    sizes = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    parts = sizes >= LEAST * scale
    parts[0] = False
    dark = 255.0 - darkest
    printed = parts & (dark > span / 2)
    if not printed.any():
        return nothing
    faint = parts & (dark < FAINT * np.median(dark[printed]))
    if faint.sum() < MANY:
        return nothing
    mask = faint[labels]
    near = np.ones((2 * max(1, round(0.4 * scale)) + 1,) * 2, np.uint8)
    mask = cv2.dilate(mask.astype(np.uint8), near).astype(bool) & ~printed[labels]
    return nothing if _is_readable(np.where(mask, gray, 255).astype(np.uint8), mask, EM * scale) else mask


def _is_readable(gray: np.ndarray, mask: np.ndarray, em: float) -> bool:
    boxes = [box for box in loose_lines(mask, em) if box[3] - box[1] < 2 * em and box[2] - box[0] > em]
    step = max(1, len(boxes) // SAMPLES)
    whole = (0, 0, gray.shape[1], gray.shape[0])
    read = recognise([with_margin(gray, box, em, whole) for box in boxes[::step]])
    sure = [sign.confidence for line in read for sign in line]
    return bool(sure) and float(np.mean(sure)) > READABLE
