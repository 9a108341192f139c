"""Ruled lines in a straight picture, in points, and the picture without them."""

from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import numpy as np

from budgetperf.readers.pdf.content import Rule
from budgetperf.readers.scan.dashes import dashes_in
from budgetperf.readers.scan.picture import ink_level, ridges
from budgetperf.readers.scan.seen import SEEN, drawn_beside, is_drawn, share_of, with_bridges
from budgetperf.readers.scan.stamps import IN_LINE, MOST, Frame, frames_in, without_frames

LONGEST_DASH = 20.0  # points: no stroke across of common print, nor two that touch, is that long
LONGEST_STROKE = 12.0  # points: nor any stroke down
GAP = 0.6  # points that a faint or dotted rule may break off, less than what is between two characters
BROKEN = 1.5  # points: a long rule that meets two others may break off less than that
DRAWN = 0.88  # share of a rule that is drawn: strokes side by side leave more open
BESIDE, FREE = (
    (0.8, 3.2),
    0.1,
)  # points beside a rule where a row of pixels has hardly any ink, and the share it may have
ASLOPE = (-1.5, -0.75, 0.0, 0.75, 1.5)  # points by which a stretch of a rule may lie off its middle
ALIKE = 0.45  # of how dark a rule is where it is darkest: what is less is no part of it
SOLID = 0.6  # of what the page's rules are darker than paper nearly all along: a rule that touches print
LEAST_PIECE = 6.0  # points between two rules, of which what is missing is closed
OUTER = 4  # rules that end alike: where a table without outer rules ends
SAME_END = 5.0  # points: dashes, and the last pixels of a faint rule, end up to that far from where the others do
THICKEST = 3.6  # points
ALONE = 60.0  # points from which a rule counts that nothing crosses
TOUCH = 2.0  # points by which two rules that meet may miss each other
LIGHTER = 50  # gray values by which an edge of a seal's star is lighter than the page's rules
LEAST_GRID = 3  # rules that another meets in a grid; the side of a stamp's frame meets two
LESSER = 0.5  # of what a table's rules reach over: a stamp reaches over less
THROUGH = 0.3  # of what the page's rules are darker than paper: what is less dark shines through from the other side
FAINT = 0.28  # of the way from paper to ink: a faint rule is at least that dark


def rules_in(
    gray: np.ndarray, scale: float, marked: np.ndarray | None = None
) -> tuple[list[Rule], np.ndarray, list[Frame]]:
    """The rules of a picture, the mask of their pixels, and the frames of stamps, whose sides are no rules; `marked`: where a
    seal was taken off, with what it hid of them.

    >>> gray = np.full((100, 300), 255, np.uint8)
    >>> gray[50:52, 20:280] = 0
    >>> rules, mask, _ = rules_in(gray, 2.0)
    >>> [(rule.horizontal, rule.at, rule.start, rule.end) for rule in rules], bool(mask[50, 100])
    ([(True, 25.5, 10.0, 140.0)], True)
    """

    dark = (gray < int(255 - FAINT * 2 * (255 - ink_level(gray)) / 1.1)).astype(np.uint8)
    seen = ridges(gray, scale), ridges(np.ascontiguousarray(gray.T), scale)
    dashed = dashes_in(seen[0], scale), dashes_in(seen[1], scale)
    dark |= dashed[0] | dashed[1].T
    seen = seen[0] | dashed[0], seen[1] | dashed[1]
    hidden = None if marked is None else (marked.astype(np.uint8), np.ascontiguousarray(marked.T.astype(np.uint8)))
    if hidden is not None:
        seen = with_bridges(seen[0], hidden[0], scale), with_bridges(seen[1], hidden[1], scale)
    across, mask_across = _runs(dark, scale, LONGEST_DASH, int(GAP * scale) | 1)
    turned = np.ascontiguousarray(dark.T)
    down, mask_down = _runs(turned, scale, LONGEST_STROKE, int(GAP * scale) | 1)
    mask = mask_across | mask_down.T
    pictures = dark, turned
    whole = [Rule(True, *place) for place in across] + [Rule(False, *place) for place in down]
    broken = []
    for horizontal, picture, ridge in zip((True, False), (dark, turned), seen, strict=True):
        found, pixels = _runs(picture | ridge, scale, ALONE, int(BROKEN * scale) | 1, 0.0)
        broken += [Rule(horizontal, *place) for place in found if share_of(ridge, *place, scale) > SEEN]
        mask |= pixels if horizontal else pixels.T
    solid = 255 - _usual({rule: 255 - _tone(rule, gray, scale, 90) for rule in whole})
    lines = [*whole, *broken]
    print_like = {
        rule
        for rule in lines
        if len(_met(rule, lines)) <= 2  # a line of print is in one cell
        and not _is_apart(pictures[not rule.horizontal], *rule[1:], scale)
        and 255 - _tone(rule, gray, scale, 90) <= SOLID * (255 - solid)
    }
    whole, broken = ([rule for rule in found if rule not in print_like] for found in (whole, broken))
    lines = [*whole, *broken]
    met = {rule: drawn for rule in broken if (drawn := _where_met(rule, lines, seen[not rule.horizontal], scale))}
    pieces = [piece for drawn in met.values() for piece in drawn]
    strokes = {rule for rule in whole if any(_within(rule, other) for other in met) and not _met(rule, lines)}
    whole = [rule for rule in whole if rule not in strokes and not any(_within(rule, piece) for piece in pieces)]
    whole += pieces
    whole = [_trimmed(rule, whole) for rule in whole]
    long = [rule for rule in whole if rule.end - rule.start > ALONE]
    usual = 255 - _usual({rule: 255 - _tone(rule, gray, scale) for rule in long})
    short = [rule for rule in whole if rule.end - rule.start <= ALONE and _crossed(rule, whole)]
    solid = _usual(*({rule: _darkness(rule, gray, scale) for rule in found} for found in (long, short)))
    own = lambda rule: _darkness(rule, gray, scale) > THROUGH * solid  # noqa: E731
    printed = lambda rule: 255 - _tone(rule, gray, scale) > THROUGH * (255 - usual)  # noqa: E731
    parted = [(rule, _parts(rule, [*long, *short], gray, scale)) for rule in long]
    rules = [
        *(part for rule, parts in parted for part, dark in parts if printed(rule) or dark > SOLID * solid),
        *(rule for rule in short if _tone(rule, gray, scale) < usual + LIGHTER),
    ]
    rules = [rule for rule in rules if own(rule)]  # the tone of a dashed rule is that of its gaps
    rules = [rule for rule in rules if rule not in short or not _ends_in_cell(rule, rules)]
    is_rule = lambda rule: printed(rule) and own(rule)  # noqa: E731
    rules = _closed(rules, seen, scale, is_rule, hidden)
    if frames := frames_in(rules, dark, scale):
        rules = _closed(without_frames(rules, frames), seen, scale, is_rule, hidden)
    return _ending_alike(rules), mask, frames


def _usual(dark: dict[Rule, float], short: dict[Rule, float] | None = None) -> float:
    """How dark rules usually are: where the darkest of them, with short ones that others touch, make a grid larger than a
    stamp, those alone, however many lighter ones shine through. The sides and letters of a stamp tell nothing of the table.

    >>> printed = {Rule(way, at, 0, 90): 200.0 for way in (True, False) for at in (10, 50, 90)}
    >>> through = {Rule(True, at, 0, 90): 60.0 for at in range(9)}
    >>> _usual(printed | through), _usual(through, printed), _usual(through | {Rule(True, 1, 0, 9): 200.0})
    (200.0, 200.0, 60.0)
    >>> table = {Rule(way, at, 0, 500): 60.0 for way in (True, False) for at in (0, 200, 500)}
    >>> _usual(table, {Rule(way, at, 0, 70): 250.0 for way in (True, False) for at in (0, 20, 70)})
    60.0
    """
    every = {**(short or {}), **dark}
    if not every:
        return 0.0
    most = sorted(every.values())[-min(LEAST_GRID, len(every))]
    darkest = [rule for rule, value in every.items() if value > SOLID * most]
    grid = any(len(_met(rule, darkest)) >= LEAST_GRID for rule in darkest)
    if grid and len(darkest) < len(every) and _is_of_a_stamp(darkest, list(every)):
        return _usual(*({r: v for r, v in found.items() if r not in darkest} for found in (dark, short or {})))
    return float(np.median([every[rule] for rule in (darkest if grid else dark or every)]))


def _is_of_a_stamp(rules: list[Rule], every: list[Rule]) -> bool:
    """Whether rules reach over no more than a stamp does, and over the lesser part of what all rules do, as no table does that
    others shine through."""
    reach, whole = (
        [
            np.ptp([end for r in some if r.horizontal == way for end in (r.start, r.end)] or [0.0])
            for way in (True, False)
        ]
        for some in (rules, every)
    )
    return all(own < min(most, LESSER * all_) for own, most, all_ in zip(reach, MOST, whole, strict=True))


def _where_met(rule: Rule, rules: list[Rule], ridge: np.ndarray, scale: float) -> list[Rule]:
    """What is drawn of a rule that meets two of the other direction, as a line of print does not: its stretches from one
    that it meets to the next, and its ends beyond; what else is in line with it are strokes."""
    if not (met := _met(rule, rules)):
        return []
    drawn: list[Rule] = []
    for start, end in pairwise(sorted({rule.start, *(at for at in met if rule.start < at < rule.end), rule.end})):
        if end - start < TOUCH or is_drawn(ridge, rule.at, start, end, scale):
            if drawn and drawn[-1].end == start:
                drawn[-1] = drawn[-1]._replace(end=end)
            else:
                drawn.append(rule._replace(start=start, end=end))
    return [piece for piece in drawn if piece.end - piece.start >= LEAST_PIECE]


def _trimmed(rule: Rule, rules: list[Rule]) -> Rule:
    """The rule without what goes on beyond the last that it meets, where no other ends alike and strokes are that long: a
    stroke in line with it. (A longer one divides an outer row without outer rules.)"""
    if not (met := _met(rule, rules)):
        return rule
    longest = LONGEST_DASH if rule.horizontal else LONGEST_STROKE
    ends = [end for r in rules if r.horizontal == rule.horizontal and r.at != rule.at for end in (r.start, r.end)]
    alone = lambda at: not any(abs(at - end) < TOUCH for end in ends)  # noqa: E731
    start = met[0] if TOUCH < met[0] - rule.start <= longest and alone(rule.start) else rule.start
    end = met[-1] if TOUCH < rule.end - met[-1] <= longest and alone(rule.end) else rule.end
    return rule._replace(start=start, end=end)


def _parts(rule: Rule, rules: list[Rule], gray: np.ndarray, scale: float) -> list[tuple[Rule, float]]:
    """The stretches of a rule, from one that it meets to the next, that are as dark as its darkest, and how dark they are all
    along: in line with it, rules of the other side may shine through."""
    met = sorted({at for at in _met(rule, rules) if rule.start + TOUCH < at < rule.end - TOUCH})
    stretches = [rule._replace(start=start, end=end) for start, end in pairwise([rule.start, *met, rule.end])]
    dark = [_darkness(part, gray, scale) for part in stretches]
    least = ALIKE * max(d for d, part in zip(dark, stretches, strict=True) if part.end - part.start > TOUCH)
    parts: list[tuple[Rule, float]] = []
    for part, d in zip(stretches, dark, strict=True):
        if part.end - part.start > TOUCH and d < least:
            continue
        if parts and parts[-1][0].end == part.start:
            before, dark_before = parts[-1]
            length, more = before.end - before.start, part.end - part.start
            parts[-1] = before._replace(end=part.end), (dark_before * length + d * more) / (length + more)
        else:
            parts.append((part, d))
    return [(part, d) for part, d in parts if part.end - part.start > TOUCH]


def _is_apart(dark: np.ndarray, at: float, start: float, end: float, scale: float) -> bool:
    """Whether there is paper on either side of a rule: where the characters of a line end alike, they are on one.

    >>> picture = np.zeros((40, 100), np.uint8)
    >>> picture[10] = picture[20] = picture[20:30, ::4] = 1
    >>> _is_apart(picture, 5, 0, 50, 2.0), _is_apart(picture, 10, 0, 50, 2.0)
    (True, False)
    """
    row, left, right = int(at * scale), int((start + 1) * scale), int((end - 1) * scale)
    near, far = (round(reach * scale) for reach in BESIDE)
    sides = dark[max(0, row - far) : max(0, row - near), left:right], dark[row + near + 1 : row + far + 1, left:right]
    return all(not side.size or side.mean(axis=1).min() < FREE for side in sides)


def _met(rule: Rule, rules: list[Rule]) -> list[float]:
    """Where a rule meets those of the other direction; empty where it meets fewer than two."""
    met = sorted({other.at for other in rules if _meet(rule, other)})
    return met if met and met[-1] - met[0] >= TOUCH else []


def _meet(rule: Rule, other: Rule) -> bool:
    return (
        other.horizontal != rule.horizontal
        and other.start - TOUCH <= rule.at <= other.end + TOUCH
        and rule.start - TOUCH <= other.at <= rule.end + TOUCH
    )


def _closed(
    rules: list[Rule],
    seen: tuple[np.ndarray, np.ndarray],
    scale: float,
    is_rule: Callable,
    hidden: tuple[np.ndarray, np.ndarray] | None = None,
) -> list[Rule]:
    """The rules, with what is missing of one between two others that it should meet, where most of it is seen and
    it `is_rule`; where a mark hides less than half of it, most of the rest."""
    for horizontal in (True, False, True):
        along = sorted((r for r in rules if r.horizontal == horizontal), key=lambda r: r.at)
        ends = Counter(round(end / TOUCH) for r in along for end in (r.start, r.end))
        outer = [end * TOUCH for end, count in ends.items() if count >= OUTER]  # of a table without outer rules
        edges = {min(outer), max(outer)} if outer else set()
        lines: list[list[Rule]] = []
        for rule in along:
            if lines and rule.at - lines[-1][-1].at < IN_LINE:
                lines[-1].append(rule)
            else:
                lines.append([rule])
        for line in lines:
            at = float(np.median([rule.at for rule in line]))
            met = {r.at for r in rules if r.horizontal != horizontal and r.start - TOUCH <= at <= r.end + TOUCH}
            for start, end in pairwise(sorted(met | edges)):
                if end - start < LEAST_PIECE or any(_covers(r, at, start, end) for r in along):
                    continue
                missing = Rule(horizontal, at, start, end)
                ridge, under = seen[not horizontal], None if hidden is None else hidden[not horizontal]
                if is_drawn(ridge, at, start, end, scale):
                    part = start, end
                else:
                    part = None if under is None else drawn_beside(ridge, under, at, start, end, scale)
                if part and is_rule(missing._replace(start=part[0], end=part[1])):
                    rules = [*rules, missing]
    return rules


def _ending_alike(rules: list[Rule]) -> list[Rule]:
    """The rules, of which those that run on beyond the last of the other direction end at one place: an outer row or column
    without an outer rule is divided all through by a rule whose last dash is not seen, and a stroke of print in line with one
    goes on from there.

    >>> ends = ((0, 49), (30, 52), (60, 50), (90, 52), (120, 41), (150, 60))
    >>> down = [Rule(False, at, 0, end) for at, end in ends]
    >>> [r.end for r in _ending_alike([Rule(True, 20, 0, 150), Rule(True, 38, 0, 150), *down]) if not r.horizontal]
    [52.0, 52.0, 52.0, 52.0, 41, 52.0]
    """
    for horizontal in (True, False):
        across = [rule.at for rule in rules if rule.horizontal != horizontal]
        if not across:
            continue
        first, last = min(across) - LEAST_PIECE, max(across) + LEAST_PIECE
        along = [rule for rule in rules if rule.horizontal == horizontal]
        start = _common([rule.start for rule in along if rule.start < first])
        end = _common([rule.end for rule in along if rule.end > last])
        longest = LONGEST_DASH if horizontal else LONGEST_STROKE
        rules = [
            rule
            if rule.horizontal != horizontal
            else rule._replace(
                start=start if rule.start < first and -longest <= rule.start - start <= SAME_END else rule.start,
                end=end if rule.end > last and -SAME_END <= rule.end - end <= longest else rule.end,
            )
            for rule in rules
        ]
    return rules


def _common(ends: list[float]) -> float:
    """Where the ends of rules usually are; nowhere where too few end beyond the others."""
    return float(np.median(ends)) if len(ends) >= OUTER else float("inf")


def _covers(rule: Rule, at: float, start: float, end: float) -> bool:
    return abs(rule.at - at) < TOUCH and rule.start <= start + TOUCH and end - TOUCH <= rule.end


def _within(rule: Rule, other: Rule) -> bool:
    same = rule.horizontal == other.horizontal and abs(rule.at - other.at) < IN_LINE
    return same and other.start - TOUCH <= rule.start and rule.end <= other.end + TOUCH


def _tone(rule: Rule, gray: np.ndarray, scale: float, share: float = 70) -> float:
    """Gray along a rule, which a few characters across it do not darken: of the darkest pixels across it, of which `share`
    percent are darker."""
    along = _along(rule, gray, scale)
    return float(np.percentile(along, share)) if along.size else 255.0


def _darkness(rule: Rule, gray: np.ndarray, scale: float) -> float:
    """How much darker than paper a rule is, which may be a little aslope, dashes and what is between them together."""
    rows = [_along(rule._replace(at=rule.at + off), gray, scale) for off in ASLOPE]
    return max((float(255 - along.mean()) for along in rows if along.size), default=0.0)


def _along(rule: Rule, gray: np.ndarray, scale: float) -> np.ndarray:
    """The darkest of the pixels across a rule, one after the other."""
    at, start, end = (int(v * scale) for v in (rule.at, rule.start, rule.end))
    low, high = max(0, at - int(scale / 2)), at + int(scale / 2) + 1
    return gray[low:high, start:end].min(axis=0) if rule.horizontal else gray[start:end, low:high].min(axis=1)


def _ends_in_cell(rule: Rule, rules: list[Rule]) -> bool:
    """Whether a rule that others touch ends between two of them, with none in line beyond: a stroke of print at an edge of its cell.

    >>> down = [Rule(False, at, 0, 90) for at in (0, 80)]
    >>> [_ends_in_cell(Rule(True, 40, start, end), down) for start, end in ((0, 40), (0, 80), (0, 110))]
    [True, False, False]
    """
    across = [r.at for r in rules if r.horizontal != rule.horizontal and r.start - TOUCH <= rule.at <= r.end + TOUCH]
    inner = [
        end
        for end in (rule.start, rule.end)
        if any(at < end - TOUCH for at in across) and any(at > end + TOUCH for at in across)
    ]
    goes_on = [r for r in rules if r != rule and r.horizontal == rule.horizontal and abs(r.at - rule.at) < IN_LINE]
    return any(not any(abs(at - end) < TOUCH for at in across) for end in inner) and not goes_on


def _crossed(rule: Rule, rules: list[Rule]) -> bool:
    """Whether a rule of the other direction touches this one: else it may be a stroke of a heading in large print."""
    return any(_meet(rule, other) for other in rules)


def _runs(dark: np.ndarray, scale: float, shortest: float, gap: int, least: float = DRAWN):
    """Horizontal rules (at, start, end) in points, and the mask of their pixels: long dark runs, thin, joined over gaps of less than `gap` pixels, a slight slope allowed."""
    import cv2

    spread = cv2.dilate(dark, np.ones((max(2, int(0.5 * scale)), 1), np.uint8))  # a slope goes down in steps
    closed = cv2.morphologyEx(spread, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    runs = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((1, int(shortest * scale) | 1), np.uint8))
    count, labels, stats, centres = cv2.connectedComponentsWithStats(runs, connectivity=8)
    found, kept = [], np.zeros(count, dtype=bool)
    shift = (max(2, int(0.5 * scale)) - 1) / 2 % 1  # of the even kernel
    for number in range(1, count):
        left, top, width, height, area = stats[number].tolist()
        part = labels[top : top + height, left : left + width] == number
        drawn = (part & (spread[top : top + height, left : left + width] > 0)).any(axis=0).mean()
        if area / width > THICKEST * scale or drawn < least:
            continue
        kept[number] = True
        found.append(((float(centres[number][1]) + 0.5 - shift) / scale, left / scale, (left + width) / scale))
    mask = kept[labels] & (cv2.dilate(dark, np.ones((3, 1), np.uint8)) > 0)
    return found, mask


def without_rules(gray: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The picture with its rules as white as paper."""
    import cv2

    wide = cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    return np.where(wide, 255, gray).astype(np.uint8)
