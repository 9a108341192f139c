"""Dashed and dotted rules: strokes in line, as long and as far apart as one another, several such rules on a page."""

import numpy as np

GAP = 2.5  # points between two dashes of a rule, at most
LONG = 60.0, 24.0  # points: how long rules are that tell a page's dashes, and the others
LEAST_RULES, LEAST_DASHES = 3, 5
REGULAR = 0.7, 0.6  # share of the dashes of such rules, and of the others, that begin one period after the one before
ALIKE = 0.2  # share of the period by which they may miss it: strokes of print miss it by more
DOT = 0.6  # points: shorter marks between two dashes are dirt
THICKEST = 3.2  # points


def dashes_in(ridge: np.ndarray, scale: float) -> np.ndarray:
    """The mask of a picture's dashed horizontal rules, their gaps closed; empty where it has none (`ridge`: thin strokes).

    >>> ridge = np.zeros((90, 200), np.uint8)
    >>> ridge[[10, 40, 70], :] = np.arange(200) % 9 < 6
    >>> dashes_in(ridge, 2.0)[10].all(), dashes_in(ridge, 2.0)[20].any(), dashes_in(ridge[:60], 2.0).any()
    (np.True_, np.False_, np.False_)
    """
    import cv2

    closed = cv2.morphologyEx(ridge, cv2.MORPH_CLOSE, np.ones((1, int(GAP * scale) | 1), np.uint8))
    spread = cv2.dilate(closed, np.ones((2, 1), np.uint8))  # a slight slope goes down in steps
    runs = cv2.morphologyEx(spread, cv2.MORPH_OPEN, np.ones((1, int(LONG[1] * scale) | 1), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    found: list[tuple[int, float, float]] = []
    rules = []
    for number in range(1, count):
        left, top, width, height, area = stats[number].tolist()
        if area / width > THICKEST * scale:
            continue
        part = np.s_[top : top + height, left : left + width]
        drawn = ((labels[part] == number) & (ridge[part] > 0)).any(axis=0, keepdims=True).astype(np.uint8)
        drawn = cv2.morphologyEx(drawn, cv2.MORPH_OPEN, np.ones((1, max(1, int(DOT * scale))), np.uint8))
        period, regular = _period(drawn[0])
        found.append((number, period, regular))
        if width > LONG[0] * scale and regular > REGULAR[0]:
            rules.append(period)
    if len(rules) < LEAST_RULES:
        return np.zeros(ridge.shape, bool)
    usual = float(np.median(rules))
    kept = [n for n, period, regular in found if abs(period - usual) < ALIKE * usual and regular > REGULAR[1]]
    return np.isin(labels, kept) & (closed > 0)


def _period(drawn: np.ndarray) -> tuple[float, float]:
    """(the usual distance from the beginning of a dash to the next one's, the share of the dashes that keep it); 0, 0
    for few."""
    starts = np.flatnonzero(np.diff(np.concatenate([[0], drawn.astype(np.int8)])) == 1)
    steps = np.diff(starts)
    if len(steps) < LEAST_DASHES:
        return 0.0, 0.0
    usual = float(np.median(steps))
    return usual, float((np.abs(steps - usual) < ALIKE * usual + 0.5).mean())
