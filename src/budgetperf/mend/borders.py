"""Find each project's rows: one search over the whole document, no greedy walk.

The printed project cells (anchors) stand near their rows but not always on the first of them; print order, level
order, the sum of weights and the shares of level 1 tell where a project really begins. The cheapest division of all
rows is found by dynamic programming over the borders; the distance to the second cheapest tells how sure it is.
"""

import itertools
from typing import NamedTuple

import numpy as np
import pandas as pd

REACH = 20  # rows that an anchor may stand away from the first row of its project

# Costs, in units of "a project cell that stands a row off": only their order of size matters.
WRONG_SUM = 30.0  # weights that do not sum to the profile
ONE_UNKNOWN = 3.0  # one weight not printed, and room for it
MORE_UNKNOWN = 12.0
NO_ROWS = 40.0
TWO_PROJECTS = 6.0  # weights of two (three …) projects: the cells of one were lost
ORPHAN_ROWS = 30.0  # rows before the first project cell that belong to none
REVISIT = 4.0  # a level 2 that was left and comes again within a project
DESCENT = 1.5  # level 2 against the usual order within a project
ASCENT = 1.0  # level order that goes on over a border
WRONG_SHARES = 6.0
REREAD = 1.5  # a row dropped because it was read twice
OFF_AT_PAGE_HEAD = 1.0  # anchor off its first row, at the head of a page / elsewhere
OFF = 4.0
PER_ROW = 0.05
FORBIDDEN = 1e9  # finite, so that a division that must break a rule is still the cheapest that breaks one
AMBIGUOUS_BELOW = 1.0


class Rows(NamedTuple):
    """What the search looks at, one entry a printed indicator row in print order.

    weight: points × `scale` as integers, unknown = -1 · level2: place in the usual order, unknown = -1 ·
    level1: 0… or -1 · can_start: a project may begin here · reread: the row may be a second reading of the one above.
    """

    weight: np.ndarray
    level2: np.ndarray
    level1: np.ndarray
    can_start: np.ndarray
    reread: np.ndarray


class Borders(NamedTuple):
    """starts: first row of each project (then the number of rows) · margin: how much dearer the second best place of
    that border is · orphans: rows before the first project · cost."""

    starts: np.ndarray
    margin: np.ndarray
    cost: float


def _prefix(values: np.ndarray) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(values)])


def _revisited(level2: np.ndarray) -> np.ndarray:
    """For a row that begins a run of one level 2: the last row of an earlier run of the same, else -1."""
    last: dict[int, int] = {}
    result = np.full(len(level2), -1)
    current = -1
    for row, level in enumerate(level2):
        if level >= 0:
            if level != current:
                result[row] = last.get(level, -1)
                current = level
            last[level] = row
        elif current >= 0:
            last[current] = row
    return result


def _filled(level2: np.ndarray) -> np.ndarray:
    filled = level2.copy()
    for row in range(1, len(filled)):
        if filled[row] < 0:
            filled[row] = filled[row - 1]
    return filled


class _Costs:
    """Prefix sums from which the cost of any division is read off in one step."""

    def __init__(self, rows: Rows, total: int | None, shares: tuple[int, ...] | None):
        self.rows, self.total, self.shares = rows, total, shares
        known = rows.weight >= 0
        weight = np.where(known, rows.weight, 0)
        self.weight, self.unknown = _prefix(weight), _prefix(~known)
        self.reread = _prefix(np.where(rows.reread, weight, 0))
        self.level1 = [_prefix(np.where(rows.level1 == k, weight, 0)) for k in range(len(shares or ()))]
        self.level1_open = _prefix(rows.level1 < 0)
        self.revisited = _revisited(rows.level2)
        filled = _filled(rows.level2)
        step = np.diff(filled, prepend=filled[:1])
        known_step = (filled >= 0) & (np.roll(filled, 1) >= 0)
        self.descents = _prefix((step < 0) & known_step)
        self.ascent = (step > 0) & known_step

    def segment(self, starts: np.ndarray, stops: np.ndarray) -> np.ndarray:
        """Cost of a project over rows start…stop-1, for every pair (len(starts) × len(stops))."""
        s, e = starts[:, None], stops[None, :]
        length = e - s
        cost = np.zeros(length.shape)
        if self.total is not None:
            gap = self.total - (self.weight[e] - self.weight[s])
            unknown = self.unknown[e] - self.unknown[s]
            twice = self.reread[e] - self.reread[s]
            exact = (gap == 0) & (unknown == 0)
            mended = ~exact & (unknown == 0) & (twice > 0) & (gap + twice == 0)
            off = WRONG_SUM + 5 * np.minimum(np.abs(gap) / max(self.total, 1), 1)
            several = (gap < 0) & (gap % max(self.total, 1) == 0) & (unknown == 0)
            off = np.where(several, TWO_PROJECTS * (-gap // max(self.total, 1)), off)
            cost = np.where(exact, 0, np.where(mended, REREAD, off))
            cost = np.where((unknown == 1) & (gap > 0), ONE_UNKNOWN, cost)
            cost = np.where((unknown > 1) & (gap >= unknown), MORE_UNKNOWN, cost)
            if self.shares:
                differs = np.zeros(length.shape, dtype=bool)
                for share, level in zip(self.shares, self.level1, strict=True):
                    differs |= (level[e] - level[s]) != share
                settled = exact & ((self.level1_open[e] - self.level1_open[s]) == 0)
                cost = cost + np.where(settled & differs, WRONG_SHARES, 0)
        first, last = starts[0], stops[-1]
        again = self.revisited[first:last][None, :] >= s
        revisits = np.concatenate([np.zeros((len(starts), 1)), np.cumsum(again, axis=1)], axis=1)
        cost = cost + REVISIT * np.take_along_axis(
            revisits, np.clip(e - first, 0, last - first).repeat(len(starts), 0), 1
        )
        inner = np.minimum(s + 1, len(self.rows.weight))
        cost = cost + DESCENT * np.maximum(self.descents[e] - self.descents[inner], 0)
        return np.where(length < 0, FORBIDDEN, np.where(length == 0, NO_ROWS, cost))

    def border(self, starts: np.ndarray, anchor: int, page_head: bool) -> np.ndarray:
        """Cost of a project beginning at each of `starts` while its cell is printed beside row `anchor`."""
        distance = np.abs(starts - anchor)
        off = OFF_AT_PAGE_HEAD if page_head else OFF
        cost = np.where(distance == 0, 0, off + PER_ROW * distance)
        inside = np.minimum(starts, len(self.ascent) - 1)
        cost = cost + np.where((starts > 0) & (starts < len(self.ascent)) & self.ascent[inside], ASCENT, 0)
        allowed = np.append(self.rows.can_start, True)[starts] | (starts == 0)
        return np.where(allowed, cost, FORBIDDEN)


def find_borders(
    rows: Rows,
    anchors: np.ndarray,
    page_head: np.ndarray,
    total: int | None,
    shares: tuple[int, ...] | None = None,
    fixed: bool = False,
) -> Borders:
    """The cheapest division of `rows` into one run a project cell.

    anchors: row beside which each project's cell is printed, in print order · page_head: that row is the first of its
    page · total: what a project's weights sum to (scaled), None where there are no weights · shares: of level 1 · fixed: each project
    begins at its anchor, as cells with true spans tell.

    >>> weights = np.array([60, 30, 50, 40, 90])
    >>> free = np.full(5, -1)
    >>> rows = Rows(weights, free, free, np.full(5, True), np.full(5, False))
    >>> find_borders(rows, np.array([0, 3, 4]), np.array([True, True, False]), 90).starts.tolist()
    [0, 2, 4, 5]
    """
    count, projects = len(rows.weight), len(anchors)
    costs = _Costs(rows, total, shares)
    places = []
    for k, anchor in enumerate(anchors):
        low = max(anchor - REACH, anchors[k - 1] - 3 if k else 0, 0)
        high = min(anchor + REACH, anchors[k + 1] + 3 if k + 1 < projects else count - 1, count)
        places.append(np.array([anchor]) if fixed else np.arange(min(low, anchor), max(high, anchor) + 1))
    places.append(np.array([count]))
    edges = [
        costs.border(places[k], anchors[k], bool(page_head[k]))[:, None] + costs.segment(places[k], places[k + 1])
        for k in range(projects)
    ]
    forward = [np.where(places[0] == 0, 0.0, ORPHAN_ROWS + places[0])]
    for edge in edges:
        forward.append((forward[-1][:, None] + edge).min(axis=0))
    backward = [np.zeros(1)]
    for edge in reversed(edges):
        backward.insert(0, (edge + backward[0][None, :]).min(axis=1))
    # walk back along the best path, so that borders fit together even where two are equally cheap
    chosen = [0]
    for k in range(projects - 1, -1, -1):
        chosen.insert(0, int((forward[k] + edges[k][:, chosen[0]]).argmin()))
    starts = np.array([places[k][i] for k, i in enumerate(chosen)])
    margin = []
    for k in range(projects):
        through = forward[k] + backward[k]
        others = np.delete(through, chosen[k])
        margin.append(others.min() - through[chosen[k]] if len(others) else np.inf)
    return Borders(starts, np.array(margin), float(forward[-1][0]))


def split_unnamed(starts: np.ndarray, rows: Rows, total: int | None) -> list[int]:
    """Rows at which a project begins whose cell was lost: inside a run of weights that holds the total twice or more,
    where the total is full and a level begins anew.

    >>> weights, level2 = np.array([60, 30, 50, 40]), np.array([0, 9, 0, 9])
    >>> rows = Rows(weights, level2, level2, np.full(4, True), np.full(4, False))
    >>> split_unnamed(np.array([0, 4]), rows, 90)
    [2]
    """
    if not total:
        return []
    found = []
    revisited = _revisited(rows.level2)
    for start, stop in itertools.pairwise(starts):
        weights = rows.weight[start:stop]
        if not len(weights) or (weights < 0).any() or weights.sum() == total or weights.sum() % total:
            continue
        sums = np.cumsum(weights)
        at = [int(start + i) + 1 for i in np.flatnonzero((sums % total == 0) & (sums < sums[-1]))]
        if len(at) == sums[-1] // total - 1 and all(rows.can_start[i] and revisited[i] >= start for i in at):
            found += at
    return found


def weight_profile(rows: Rows, anchors: np.ndarray, usual: tuple[int, ...] = ()) -> list[int]:
    """Totals to which a project's weights may sum (scaled), likeliest first, read off the document's own projects;
    `usual` ones are tried last.

    >>> free = np.full(4, -1)
    >>> rows = Rows(np.array([60, 30, 50, 40]), free, free, np.full(4, True), np.full(4, False))
    >>> weight_profile(rows, np.array([0, 2]))
    [90]
    """
    known = np.where(rows.weight >= 0, rows.weight, 0)
    prefix = _prefix(known)
    stops = np.append(anchors[1:], len(known))
    sums = pd.Series(prefix[stops] - prefix[np.minimum(anchors, stops)])
    whole = _prefix(rows.weight < 0)
    complete = sums[(whole[stops] - whole[np.minimum(anchors, stops)] == 0) & (sums > 0)]
    counts = complete.value_counts()
    # borders that stand off spoil single sums, never their mean
    mean = round(known.sum() / max(len(anchors), 1))
    ranked = sorted(counts.items(), key=lambda item: (-item[1], abs(item[0] - mean)))
    likely = [int(value) for value, _ in ranked[:3]]
    return list(dict.fromkeys([*likely, *([mean] if mean else []), *usual]))
