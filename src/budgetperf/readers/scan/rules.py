"""Ruled lines in a straight picture, in points, and the picture without them."""

import numpy as np

from budgetperf.readers.pdf.content import Rule
from budgetperf.readers.scan.picture import ink_level

LONGEST_DASH = 20.0  # points: no stroke across of common print, nor two that touch, is that long
LONGEST_STROKE = 12.0  # points: nor any stroke down
GAP = 0.6  # points that a faint or dotted rule may break off, less than what is between two characters
BROKEN = 3  # pixels: a long rule may miss fewer in a row
DRAWN = 0.88  # share of a rule that is drawn: strokes side by side leave more open
THICKEST = 3.2  # points
ALONE = 60.0  # points from which a rule counts that nothing crosses
TOUCH = 2.0  # points by which two rules that meet may miss each other
IN_LINE = 0.7  # points by which two pieces of one rule may be out of line
LIGHTER = 50  # gray values by which an edge of a seal's star is lighter than the page's rules
FAINT = 0.28  # of the way from paper to ink: a faint rule is at least that dark


def rules_in(gray: np.ndarray, scale: float) -> tuple[list[Rule], np.ndarray]:
    """The rules of a picture and the mask of their pixels.

    >>> gray = np.full((100, 300), 255, np.uint8)
    >>> gray[50:52, 20:280] = 0
    >>> rules, mask = rules_in(gray, 2.0)
    >>> [(rule.horizontal, rule.at, rule.start, rule.end) for rule in rules], bool(mask[50, 100])
    ([(True, 25.5, 10.0, 140.0)], True)
    """

    dark = (gray < int(255 - FAINT * 2 * (255 - ink_level(gray)) / 1.1)).astype(np.uint8)
    across, mask_across = _runs(dark, scale, LONGEST_DASH, int(GAP * scale) | 1)
    turned = np.ascontiguousarray(dark.T)
    down, mask_down = _runs(turned, scale, LONGEST_STROKE, int(GAP * scale) | 1)
    mask = mask_across | mask_down.T
    whole = [Rule(True, *place) for place in across] + [Rule(False, *place) for place in down]
    broken = []
    for horizontal, picture in ((True, dark), (False, turned)):
        found, pixels = _runs(picture, scale, ALONE, max(BROKEN, int(GAP * scale) | 1))
        broken += [Rule(horizontal, *place) for place in found]
        mask |= pixels if horizontal else pixels.T
    broken = [rule for rule in broken if _joins(rule, [*whole, *broken])]
    whole = [rule for rule in whole if not any(_within(rule, other) for other in broken)] + broken
    long = [rule for rule in whole if rule.end - rule.start > ALONE]
    usual = np.median([_tone(rule, gray, scale) for rule in long]) if long else 255
    short = [rule for rule in whole if rule.end - rule.start <= ALONE and _crossed(rule, whole)]
    return [*long, *(rule for rule in short if _tone(rule, gray, scale) < usual + LIGHTER)], mask


def _joins(rule: Rule, rules: list[Rule]) -> bool:
    """Whether a rule goes from one of the other direction to another, as a line of print does not."""
    ends = [o.at for o in rules if o.horizontal != rule.horizontal and o.start - TOUCH <= rule.at <= o.end + TOUCH]
    return all(any(abs(at - end) <= TOUCH / 2 for at in ends) for end in (rule.start, rule.end))


def _within(rule: Rule, other: Rule) -> bool:
    same = rule.horizontal == other.horizontal and abs(rule.at - other.at) < IN_LINE
    return same and other.start <= rule.start and rule.end <= other.end


def _tone(rule: Rule, gray: np.ndarray, scale: float) -> float:
    """Gray along a rule, which a few characters across it do not darken: of the darkest pixels across it."""
    at, start, end = (int(v * scale) for v in (rule.at, rule.start, rule.end))
    low, high = max(0, at - int(scale / 2)), at + int(scale / 2) + 1
    strip = gray[low:high, start:end].min(axis=0) if rule.horizontal else gray[start:end, low:high].min(axis=1)
    return float(np.percentile(strip, 70)) if strip.size else 255.0


def _crossed(rule: Rule, rules: list[Rule]) -> bool:
    """Whether a rule of the other direction touches this one: else it may be a stroke of a heading in large print."""
    return any(
        other.horizontal != rule.horizontal
        and other.start - TOUCH <= rule.at <= other.end + TOUCH
        and rule.start - TOUCH <= other.at <= rule.end + TOUCH
        for other in rules
    )


def _runs(dark: np.ndarray, scale: float, shortest: float, gap: int):
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
        if area / width > THICKEST * scale or drawn < DRAWN:
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
