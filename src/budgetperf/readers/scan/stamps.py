"""Frames of black stamps: boxes whose rules end at one another and at no other rule, while rules of a table run through them;
beside the tables, boxes of thick rules that no other comes near but the outer rule of a table on one side."""

from typing import NamedTuple

import numpy as np

from budgetperf.readers.pdf.content import Rule
from budgetperf.readers.scan.picture import ink_level

CORNER = 4.0  # points by which the sides of a frame may miss its corners, where a stroke of print lengthens them
STROKE = 12.0  # points by which strokes of print in line with it may lengthen a side
LEAST, MOST = (40.0, 12.0), (240.0, 120.0)  # points: how wide and how high stamps are
DARK = 0.8  # share of a side that is dark
IN_LINE = 0.7  # points by which two pieces of one rule may be out of line
THICK = 0.9  # points: strokes of common print are thinner
SIDE = 2.0  # points from the middle of a frame's side to its edge, at most
BEYOND = 3.0  # points from which a rule counts as running on, or as running through a frame


class Frame(NamedTuple):
    x0: float
    y0: float
    x1: float
    y1: float


def frames_in(rules: list[Rule], dark: np.ndarray, scale: float) -> list[Frame]:
    """The frames of stamps among the rules of a picture (`dark`: its ink).

    >>> rules = [Rule(True, 10, 20, 90), Rule(True, 40, 20, 90), Rule(False, 20, 10, 40), Rule(False, 90, 10, 40)]
    >>> dark = np.zeros((100, 120), np.uint8)
    >>> dark[[10, 40], 20:91] = dark[10:41, [20, 90]] = 1
    >>> frames_in([*rules, Rule(False, 50, 0, 100)], dark, 1.0), frames_in(rules, dark, 1.0)
    ([Frame(x0=20, y0=10, x1=90, y1=41.0)], [])
    """
    pictures = dark, np.ascontiguousarray(dark.T)
    thick = _thick(dark, scale)
    found: list[Frame] = []
    for rule in rules:
        if any(_goes_on(rule, other) for other in rules):
            continue
        for height in _heights(rule, pictures[not rule.horizontal], scale):
            low, high = sorted((rule.at, rule.at + height))
            box = (rule.start, low, rule.end, high) if rule.horizontal else (low, rule.start, high, rule.end)
            fits = LEAST[0] < box[2] - box[0] < MOST[0] and LEAST[1] < box[3] - box[1] < MOST[1]
            if not fits or any(_same(box, other) for other in found):
                continue
            if _is_laid_over(Frame(*box), rules) or _stands_alone(Frame(*box), rules, thick, scale):
                found.append(Frame(*box))
    return found


def without_frames(rules: list[Rule], frames: list[Frame]) -> list[Rule]:
    """The rules without the sides of frames, and without strokes inside them that continue no rule outside."""
    for frame in frames:
        inside = [rule for rule in rules if _lies_in(rule, frame)]
        others = [rule for rule in rules if not _lies_in(rule, frame)]
        rules = others + [rule for rule in inside if not _is_side(rule, frame) and _in_line(rule, others)]
    return rules


def without_stamps(gray: np.ndarray, frames: list[Frame], scale: float) -> tuple[np.ndarray, np.ndarray]:
    """The picture without frames and without what is printed inside them in strokes thicker than common print, and the
    mask of what was taken off: nobody knows what it hides."""
    import cv2

    taken = np.zeros(gray.shape, np.uint8)
    if not frames:
        return gray, taken.astype(bool)
    thick = _thick((gray < ink_level(gray)).astype(np.uint8), scale)
    for frame in frames:
        x0, y0, x1, y1 = (round(v * scale) for v in frame)
        edge = round(SIDE * scale)
        box = np.zeros_like(taken)
        box[max(0, y0 - edge) : y1 + edge + 1, max(0, x0 - edge) : x1 + edge + 1] = 1
        taken |= box & thick
    taken = cv2.dilate(taken, _square(scale))
    return np.where(taken > 0, 255, gray).astype(np.uint8), taken.astype(bool)


def _thick(dark: np.ndarray, scale: float) -> np.ndarray:
    """The ink of strokes thicker than common print."""
    import cv2

    return cv2.morphologyEx(dark, cv2.MORPH_OPEN, _square(scale))


def _square(scale: float) -> np.ndarray:
    return np.ones((max(3, round(THICK * scale)),) * 2, np.uint8)


def _lies_in(rule: Rule, frame: Frame) -> bool:
    (low, high), (start, end) = _spans(frame, rule.horizontal)
    near = CORNER / 2
    return low - near < rule.at < high + near and start - STROKE < rule.start and rule.end < end + STROKE


def _is_side(rule: Rule, frame: Frame) -> bool:
    return min(abs(rule.at - side) for side in _spans(frame, rule.horizontal)[0]) < CORNER / 2


def _heights(rule: Rule, dark: np.ndarray, scale: float) -> set[float]:
    """How far from a rule, to one side of it, the other side of a frame may run: as far as from both of its ends sides do
    that end at the rule, and where most is dark."""
    near, far = (_sides(dark, rule.at, end, scale) for end in (rule.start, rule.end))
    alike = {round((a + b) / 2) for a in near for b in far if abs(a - b) < CORNER / 2}
    start, end = int(rule.start * scale), int(rule.end * scale)
    found = set()
    for height in alike:
        row, reach = int((rule.at + height) * scale), int(CORNER / 2 * scale)
        strip = dark[max(0, row - reach) : row + reach, start:end]
        if strip.size and strip.mean(axis=1).max() > DARK:
            found.add(float(height))
    return found


def _sides(dark: np.ndarray, at: float, end: float, scale: float) -> list[float]:
    """How far each dark column near the end of a rule reaches: above it (less than 0) or below it, but not both."""
    column, row, most = int(end * scale), int(at * scale), int(2 * MOST[0] * scale)
    band = dark[
        max(0, row - most) : row + most, max(0, column - int(CORNER * scale)) : column + int(CORNER * scale) + 1
    ]
    row = min(row, most)
    found = []
    for line in band.T > 0:
        up, down = (
            float(part.argmin() if not part.all() else len(part)) / scale for part in (line[row::-1], line[row:])
        )
        if min(up, down) < BEYOND and max(up, down) > LEAST[1]:
            found.append(down if down > up else -up)
    return found


def _same(box, other) -> bool:
    return all(abs(a - b) < 2 * CORNER for a, b in zip(box, other, strict=True))


def _is_laid_over(frame: Frame, rules: list[Rule]) -> bool:
    """Whether a box lies over a table: rules run into it from outside and none from side to side alone, as those of a
    table do, nor one through it to end at the other side; or others run along all four sides.

    >>> frame, sides = Frame(20, 10, 90, 60), [Rule(False, 20, 10, 60), Rule(False, 90, 10, 60)]
    >>> [_is_laid_over(frame, [*sides, *(Rule(True, at, start, 200) for at in (20, 40))]) for start in (0, 20)]
    [True, False]
    """
    around, running, whole, ending = set(), [], [], 0
    for rule in rules:
        (low, high), (start, end) = _spans(frame, rule.horizontal)
        beyond = rule.start < start - BEYOND, end + BEYOND < rule.end
        if low + BEYOND < rule.at < high - BEYOND:
            if any(beyond) and rule.start < end - BEYOND and start + BEYOND < rule.end:
                running.append(rule)
                ending += _ends_at(rule, start, end, rules)
            elif abs(rule.start - start) < BEYOND and abs(rule.end - end) < BEYOND:
                whole.append(rule)
        elif all(beyond):
            around.add((rule.horizontal, rule.at > high))
    if ending:
        return False
    return not any(not _in_line(rule, running) for rule in whole) and (bool(running) or len(around) == 4)


def _goes_on(rule: Rule, other: Rule) -> bool:
    """Whether a rule is a piece of one that another goes on with: a side of a frame ends at its corners.

    >>> [_goes_on(Rule(True, 10, 20, 90), Rule(True, at, start, 200)) for at, start in ((10.2, 0), (10.2, 90), (10.2, 120), (30, 0))]
    [True, True, False, False]
    """
    if not _in_line(rule, [other]) or other.start > rule.end + BEYOND or other.end < rule.start - BEYOND:
        return False
    return other.start < rule.start - BEYOND or other.end > rule.end + BEYOND


def _ends_at(rule: Rule, start: float, end: float, rules: list[Rule]) -> bool:
    """Whether a rule ends at a side of a box (`start` or `end` along it), and none in line with it goes on beyond."""
    beyond = [r for r in rules if r != rule and r.horizontal == rule.horizontal and _in_line(r, [rule])]
    at_start = abs(rule.start - start) < BEYOND and not any(r.start < start - BEYOND for r in beyond)
    return at_start or (abs(rule.end - end) < BEYOND and not any(r.end > end + BEYOND for r in beyond))


def _stands_alone(frame: Frame, rules: list[Rule], thick: np.ndarray, scale: float) -> bool:
    """Whether a box of four thick sides has no rule but its own near it or inside, as a table has. One side may lie along a
    table's outer rule, which runs on beyond both of its ends and where no rule of the table goes on in line with the others."""
    others = [rule for rule in rules if not (_lies_in(rule, frame) and _is_side(rule, frame))]
    along = {side for rule in others if (side := _runs_along(rule, frame)) is not None}
    if len(along) > 1 or any(
        _is_side(rule, frame) and rule.horizontal != across for rule in others for across, _ in along
    ):
        return False
    reach = [frame.x0 - STROKE, frame.y0 - STROKE, frame.x1 + STROKE, frame.y1 + STROKE]
    for across, far in along:
        reach[across + 2 * far] = frame[across + 2 * far] + (-BEYOND if far else BEYOND)
    for rule in others:
        (low, high), (start, end) = _spans(Frame(*reach), rule.horizontal)
        if low < rule.at < high and rule.start < end and start < rule.end:
            return False
    x0, y0, x1, y1 = (int(v * scale) for v in frame)
    edge = round(SIDE * scale)
    rows = [thick[max(0, y - edge) : y + edge + 1, x0:x1].any(axis=0) for y in (y0, y1)]
    columns = [thick[y0:y1, max(0, x - edge) : x + edge + 1].any(axis=1) for x in (x0, x1)]
    return all(side.size and side.mean() > DARK for side in (*rows, *columns))


def _runs_along(rule: Rule, frame: Frame) -> tuple[bool, bool] | None:
    """The side of a frame (whether it runs across, whether it is the right or lower one) close to which a rule runs on
    beyond both of its ends.

    >>> frame = Frame(20, 50, 90, 80)
    >>> [_runs_along(Rule(True, at, 0, 200), frame) for at in (45, 65, 81)], _runs_along(Rule(True, 49, 20, 90), frame)
    ([(True, False), None, (True, True)], None)
    """
    (low, high), (start, end) = _spans(frame, rule.horizontal)
    if rule.start > start - BEYOND or rule.end < end + BEYOND:
        return None
    if low - STROKE < rule.at < low + BEYOND:
        return rule.horizontal, False
    return (rule.horizontal, True) if high - BEYOND < rule.at < high + STROKE else None


def _spans(frame: Frame, horizontal: bool) -> tuple[tuple[float, float], tuple[float, float]]:
    """From where to where a frame reaches across rules of a direction, and along them."""
    across, along = frame[horizontal::2], frame[1 - horizontal :: 2]
    return across, along


def _in_line(rule: Rule, others: list[Rule]) -> bool:
    return any(rule.horizontal == other.horizontal and abs(rule.at - other.at) < IN_LINE for other in others)
