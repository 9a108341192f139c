"""How much of a rule is seen between two places, in a mask of ridges (see `picture.ridges`)."""

import numpy as np

STEP = 20.0  # points of a rule looked at together, which may be a little aslope
SEEN = 0.7  # of a rule that is lighter than print: the share of what is darker than the paper above and below it
LONG, OVER = 14.0, 32.0  # points of a rule on both sides of a mark, no stroke of print is that long; and between them
MOST_HIDDEN = 0.5  # of it that a seal may hide
ENDS, REACHING = 3.0, 0.4  # points at either end of what is between two rules, and the share of them that a rule draws


def with_bridges(ridge: np.ndarray, marked: np.ndarray, scale: float) -> np.ndarray:
    """The ridges across, with what a mark hides of one that is long on both sides of it.

    >>> ridge, marked = np.zeros((9, 90), np.uint8), np.zeros((9, 90), np.uint8)
    >>> ridge[4, :40] = ridge[4, 50:] = ridge[8, 30:40] = ridge[8, 50:60] = marked[:, 40:50] = 1
    >>> with_bridges(ridge, marked, 2.0)[[4, 8], 45].tolist()
    [1, 0]
    """
    import cv2

    long = cv2.morphologyEx(ridge, cv2.MORPH_OPEN, np.ones((1, int(LONG * scale)), np.uint8))
    high = cv2.dilate(long, np.ones((3, 1), np.uint8))  # it may be a little aslope
    return ridge | (cv2.morphologyEx(high, cv2.MORPH_CLOSE, np.ones((1, int(OVER * scale) | 1), np.uint8)) & marked)


def share_of(ridge: np.ndarray, at: float, start: float, end: float, scale: float) -> float:
    """The share of a rule's length that is a ridge, piece by piece in the best row of pixels, as it may be a little aslope:
    of a line of print not half is."""
    row, step = int(at * scale), int(STEP * scale)
    places = range(int(start * scale), int(end * scale), step)
    pieces = [ridge[max(0, row - 2) : row + 3, x : min(x + step, int(end * scale))] for x in places]
    drawn = sum(int(piece.sum(axis=1).max()) for piece in pieces if piece.size)
    return drawn / max(1, sum(piece.shape[1] for piece in pieces))


def is_drawn(ridge: np.ndarray, at: float, start: float, end: float, scale: float) -> bool:
    """Whether a rule is seen from one place to another, and reaches both: a stroke of a character between them does not."""
    ends = (start, start + ENDS), (end - ENDS, end)
    reaches = all(share_of(ridge, at, *place, scale) > REACHING for place in ends)
    return reaches and share_of(ridge, at, start, end, scale) > SEEN


def drawn_beside(
    ridge: np.ndarray, marked: np.ndarray, at: float, start: float, end: float, scale: float
) -> tuple[float, float] | None:
    """From where to where a rule is longest seen that a mark hides in part: less than half of it, most of the rest is seen, and
    it reaches both ends or what hides them; else None.

    >>> ridge, marked = np.zeros((20, 100), np.uint8), np.zeros((20, 100), np.uint8)
    >>> ridge[10, :70] = marked[:, 66:] = 1
    >>> drawn_beside(ridge, marked, 5, 0, 50, 2.0), drawn_beside(ridge, marked, 5, 20, 50, 2.0)
    ((0.0, 33.0), None)
    """
    row, left, right = int(at * scale), int(start * scale), int(end * scale)
    hidden = marked[max(0, row - 1) : row + 2, left:right].any(axis=0)
    if not hidden.any() or hidden.mean() >= MOST_HIDDEN:
        return None
    open_to_view = ridge[max(0, row - 2) : row + 3, left:right] * ~hidden
    runs = np.flatnonzero(np.diff(np.concatenate([[1], hidden.astype(np.int8), [1]])))
    pieces = list(zip(runs[::2].tolist(), runs[1::2].tolist(), strict=True))
    seen = sum(int(open_to_view[:, a:b].sum(axis=1).max()) for a, b in pieces)
    zone = max(1, int(ENDS * scale))
    reaches = all(
        hidden[part].mean() > REACHING or open_to_view[:, part].sum(axis=1).max() > REACHING * zone
        for part in (slice(0, zone), slice(-zone, None))
    )
    if not reaches or seen <= SEEN * int((~hidden).sum()):
        return None
    a, b = max(pieces, key=lambda piece: piece[1] - piece[0])
    return (left + a) / scale, (left + b) / scale
