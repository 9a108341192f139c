"""Tables without rules whose cells are coloured or rounded boxes: the gaps between the boxes are their rules."""

from collections import defaultdict
from itertools import pairwise

import numpy as np

from budgetperf.readers.pdf.content import Box, Rule

WIDEST_GAP = 4.5  # points between two cells
SMALLEST = 6.0  # points: smaller boxes are marks
TALLEST_BLANK = 60.0  # points: rows left white between coloured ones are no taller
LEAST_CELLS = 4
SAME = 0.6  # points by which a box and its side may differ
LEAST_SIDE = 0.3  # of a box's side that is straight between round corners


def rules_of_boxes(boxes: list[Box]) -> list[Rule]:
    """The rules that stand between coloured boxes laid out as a table, and around them; none where they are not.

    >>> boxes = [(x, y, x + 49, y + 19) for x in (0, 50) for y in (0, 20)]
    >>> sorted(rule.at for rule in set(rules_of_boxes(boxes)) if rule.horizontal)
    [0.0, 0.0, 19.5, 19.5, 39.0, 39.0]
    >>> rules_of_boxes(boxes[:2])
    []
    """
    boxes = _cells(boxes)
    if len(boxes) < LEAST_CELLS:
        return []
    rules = []
    for group in _groups(boxes):
        cells = [*group, *_blank_rows(group)]
        wide = any(_beside(a, b) for a in cells for b in cells)
        tall = any(_beside(_turned(a), _turned(b)) for a in cells for b in cells)
        if len(group) >= LEAST_CELLS and wide and tall:
            rules += _rules(cells)
    return rules


def with_rounded(boxes: list[Box], rules: list[Rule]) -> list[Rule]:
    """The rules of a page; where boxes with round corners are the cells of a table, what stands between them in place of
    their sides.

    >>> sides = lambda x, y: [Rule(True, y, x + 3, x + 45), Rule(True, y + 18, x + 3, x + 45), Rule(False, x, y + 3, y + 15), Rule(False, x + 48, y + 3, y + 15)]
    >>> boxes = [(x, y, x + 48, y + 18) for x in (0, 50) for y in (0, 20)]
    >>> rules = [side for box in boxes for side in sides(*box[:2])]
    >>> sorted({rule.at for rule in with_rounded(boxes, rules) if rule.horizontal}), with_rounded(boxes[:1], rules[:4]) == rules[:4]
    ([0.0, 19.0, 38.0], True)
    """
    known = [] if len(boxes) < LEAST_CELLS else [(box, _sides_of(box, rules)) for box in dict.fromkeys(boxes)]
    known = [(box, sides) for box, sides in known if sides]
    between = rules_of_boxes([box for box, _ in known])
    gone = {number for _, sides in known for number in sides} if between else set()
    return [rule for number, rule in enumerate(rules) if number not in gone] + between


def _sides_of(box: Box, rules: list[Rule]) -> set[int]:
    """The numbers of the rules that are the sides of a box between its corners; none where one of the four is missing."""
    x0, y0, x1, y1 = box
    found, met = set(), set()
    for number, (across, at, start, end) in enumerate(rules):
        first, last = (x0, x1) if across else (y0, y1)
        ends = (y0, y1) if across else (x0, x1)
        side = next((n for n, place in enumerate(ends) if abs(at - place) < SAME), None)
        if (
            side is not None
            and first - SAME < start
            and end < last + SAME
            and end - start > LEAST_SIDE * (last - first)
        ):
            found.add(number)
            met.add((across, side))
    return found if len(met) == 4 else set()


def _cells(boxes: list[Box]) -> list[Box]:
    """The boxes that can be cells: each once, none that others lie upon."""
    known = {
        tuple(round(side) for side in box): box for box in boxes if min(box[2] - box[0], box[3] - box[1]) >= SMALLEST
    }
    if not known:
        return []
    x0, y0, x1, y1 = np.array(list(known.values())).T
    middle_x, middle_y = (x0 + x1) / 2, (y0 + y1) / 2
    holds = (middle_x > x0[:, None]) & (middle_x < x1[:, None]) & (middle_y > y0[:, None]) & (middle_y < y1[:, None])
    return [box for box, held in zip(known.values(), holds.sum(axis=1).tolist(), strict=True) if held == 1]


def _groups(boxes: list[Box]) -> list[list[Box]]:
    """Boxes that lie side by side or one upon the other, directly or through others."""
    x0, y0, x1, y1 = np.array(boxes).T
    near = (x0 <= x1[:, None] + WIDEST_GAP) & (x1 >= x0[:, None] - WIDEST_GAP)
    near &= (y0 <= y1[:, None] + TALLEST_BLANK) & (y1 >= y0[:, None] - TALLEST_BLANK)
    left, groups = set(range(len(boxes))), []
    while left:
        todo, group = [left.pop()], []
        while todo:
            one = todo.pop()
            group.append(boxes[one])
            more = [int(other) for other in np.flatnonzero(near[one]) if other in left]
            left.difference_update(more)
            todo += more
        groups.append(group)
    return groups


def _beside(a: Box, b: Box) -> bool:
    return 0 <= b[0] - a[2] + 0.5 <= WIDEST_GAP and min(a[3], b[3]) - max(a[1], b[1]) > 0.8 * min(
        a[3] - a[1], b[3] - b[1]
    )


def _turned(box: Box) -> Box:
    return box[1], box[0], box[3], box[2]


def _blank_rows(boxes: list[Box]) -> list[Box]:
    """Boxes for the cells of rows left white between two coloured rows."""
    columns = defaultdict(list)
    for box in boxes:
        columns[round(box[0]), round(box[2])].append(box)
    return [
        (above[0], above[3], above[2], below[1])
        for column in columns.values()
        for above, below in pairwise(sorted(column, key=lambda box: box[1]))
        if WIDEST_GAP < below[1] - above[3] <= TALLEST_BLANK
    ]


def _rules(boxes: list[Box]) -> list[Rule]:
    across = _snapped([side for box in boxes for side in (box[1], box[3])])
    down = _snapped([side for box in boxes for side in (box[0], box[2])])
    rules = []
    for box in boxes:
        x0, y0, x1, y1 = down[box[0]], across[box[1]], down[box[2]], across[box[3]]
        rules += [Rule(True, y0, x0, x1), Rule(True, y1, x0, x1), Rule(False, x0, y0, y1), Rule(False, x1, y0, y1)]
    return rules


def _snapped(sides: list[float]) -> dict[float, float]:
    """The sides of boxes → the middle of the gap that they bound."""
    snapped: dict[float, float] = {}
    group: list[float] = []
    for side in [*sorted(set(sides)), float("inf")]:
        if group and side - group[0] > WIDEST_GAP:
            snapped.update(dict.fromkeys(group, (group[0] + group[-1]) / 2))
            group = []
        group.append(side)
    return snapped
