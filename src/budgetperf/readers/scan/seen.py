"""How much of a rule is seen between two places, in a mask of ridges (see `picture.ridges`)."""

import numpy as np

STEP = 20.0  # points of a rule looked at together, which may be a little aslope
SEEN = 0.7  # of a rule that is lighter than print: the share of what is darker than the paper above and below it
MOST_HIDDEN = 0.5  # of it that a seal may hide
ENDS, REACHING = 3.0, 0.4  # points at either end of what is between two rules, and the share of them that a rule draws


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


def is_drawn_under(
    ridge: np.ndarray, marked: np.ndarray | None, at: float, start: float, end: float, scale: float
) -> bool:
    """Whether a rule of which a mark hides less than half is seen in most of the rest.

    >>> ridge, marked = np.zeros((20, 100), np.uint8), np.zeros((20, 100), np.uint8)
    >>> ridge[10, :70] = marked[:, 66:] = 1
    >>> is_drawn_under(ridge, marked, 5, 0, 50, 2.0), is_drawn_under(ridge, marked, 5, 20, 50, 2.0)
    (True, False)
    """
    if marked is None:
        return False
    share = share_of(marked, at, start, end, scale)
    if not 0 < share < MOST_HIDDEN or not is_drawn(ridge | marked, at, start, end, scale):
        return False
    return share_of(ridge | marked, at, start, end, scale) - share > SEEN * (1 - share)
