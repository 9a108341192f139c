"""Lines over a table that divide none of its cells: strokes of a pen, underlines, lines drawn through text."""

from collections import defaultdict

import numpy as np

from budgetperf.readers.pdf.colours import OTHER_COLOUR, RGB, contrast
from budgetperf.readers.pdf.content import Glyph, Rule
from budgetperf.readers.pdf.strokes import FEWEST_CROSSED, SLOPPY, TOUCH, sides_along

NEXT = 12.0  # points within which rules on one line are pieces of one
RIM = 0.1  # of a character's height or width: a rule along there only touches it
MOST_LONE = 1000  # rules in line with no other, or on one line: more are a drawing


def of_own_colour(rules: dict[bool, list[tuple[Rule, int, bool]]], hues: dict[int, RGB | None]) -> set[Rule]:
    """The rules of a page in a colour that no other rule has; `hues`: colours by the order of painting.

    >>> black, blue = (0.0, 0.0, 0.0), (0.0, 0.0, 1.0)
    >>> drawn = [(Rule(True, y, 0, 90), y, False) for y in (1, 2, 3)]
    >>> of_own_colour({True: drawn, False: []}, {1: black, 2: blue, 3: black})
    {Rule(horizontal=True, at=2, start=0, end=90)}
    """
    of_colour: dict[RGB | None, set[Rule]] = defaultdict(set)
    for drawn in rules.values():
        for rule, order, _ in drawn:
            of_colour[hues.get(order)].add(rule)
    return {
        rule
        for colour, alone in of_colour.items()
        if colour and len(alone) == 1 and len(of_colour) > 1
        for rule in alone
        if min(contrast(colour, other) for other in of_colour if other != colour) >= OTHER_COLOUR
    }


def part_strays(rules: list[Rule], glyphs: list[Glyph], coloured: set[Rule]) -> tuple[list[Rule], list[list[Glyph]]]:
    """The rules without those that divide no cells, and pieces of text of which it can't be told whether a rule divides
    or strikes them.

    None of the table's is a line in line with no other that ends in the middle of cells; that ends near rules, where no
    other rule ends so sloppily, and goes through text; or, in a colour of its own (`coloured`), does not reach from side
    to side of the table as the line below a head does. In doubt is one that goes through text from rule to rule.
    """
    lone = _in_line_with_none(rules)
    if len(lone) > MOST_LONE:
        return rules, []
    places = {
        lying: np.array([rule[1:] for rule in rules if rule.horizontal != lying]).reshape(-1, 3).T
        for lying in (True, False)
    }
    crossing = {rule: _crossing(rule, places[rule.horizontal]) for rule in [*lone, *coloured]}
    inner = {rule: _missed(rule, crossing[rule]) for rule in lone if not _reaches(rule, crossing[rule])}
    sloppy = sum(near > TOUCH and far <= SLOPPY for near, far in inner.values())
    stray = {rule for rule in coloured if _reaches(rule, crossing[rule]) < 2}
    in_doubt = []
    for rule, (near, far) in inner.items():
        text = _text_on(rule, glyphs) if far <= SLOPPY else []
        if near > TOUCH and (far > SLOPPY or (text and sloppy == 1)):
            stray.add(rule)
        elif text and rule not in stray:
            in_doubt.append(text)
    return [rule for rule in rules if rule not in stray], in_doubt


def _in_line_with_none(rules: list[Rule]) -> list[Rule]:
    """The rules that no other one goes on from or is drawn again.

    >>> [rule.at for rule in _in_line_with_none([Rule(True, at, x, x + 50) for at, x in ((10, 0), (11, 55), (40, 0), (40, 90))])]
    [40, 40]
    """
    bands = defaultdict(list)
    for rule in dict.fromkeys(rules):
        bands[rule.horizontal, int(rule.at // TOUCH)].append(rule)
    found = []
    for (lying, band), here in bands.items():
        near = [rule for other in (band - 1, band, band + 1) for rule in bands.get((lying, other), ())]
        if len(near) <= MOST_LONE:
            found += [rule for rule in here if not any(_goes_on(rule, other) for other in near)]
    return found


def _goes_on(rule: Rule, other: Rule) -> bool:
    """Whether another rule is this one drawn again, or its next piece: not one along which it lies for a part."""
    if rule is other or abs(rule.at - other.at) > TOUCH:
        return False
    again = abs(rule.start - other.start) <= TOUCH and abs(rule.end - other.end) <= TOUCH
    return again or abs(max(rule.start, other.start) - min(rule.end, other.end)) <= NEXT


def _crossing(rule: Rule, others: np.ndarray) -> np.ndarray:
    """Where rules of the other direction cross a rule or end at it."""
    at, start, end = others
    return at[(start - TOUCH <= rule.at) & (rule.at <= end + TOUCH)]


def _reaches(rule: Rule, crossing: np.ndarray) -> int:
    """How many of the table's two sides a rule reaches; both where nothing crosses it."""
    if len(crossing) < 2:
        return 2
    return int(rule.start <= crossing.min() + SLOPPY) + int(rule.end >= crossing.max() - SLOPPY)


def _missed(rule: Rule, crossing: np.ndarray) -> list[float]:
    """By how much the ends of a rule miss the rules that cross it, the nearer end first."""
    return sorted(float(abs(crossing - end).min()) for end in (rule.start, rule.end))


def _text_on(rule: Rule, glyphs: list[Glyph]) -> list[Glyph]:
    """The characters that a rule goes through, not just along their edge as the border of a cell does; none where they
    are few."""
    through = []
    for glyph in glyphs:
        low, high, first, last = sides_along((glyph.x0, glyph.y0, glyph.x1, glyph.y1), rule.horizontal)
        rim = RIM * (high - low)
        if low + rim < rule.at < high - rim and first > rule.start and last < rule.end and glyph.text.strip():
            through.append(glyph)
    return through if len(through) >= FEWEST_CROSSED else []
