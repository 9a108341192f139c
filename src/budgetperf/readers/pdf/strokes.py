"""What a page's lines are: rules that can be seen, lines struck through text, outlines of stamps laid over a table."""

from collections import Counter
from collections.abc import Callable

import numpy as np

from budgetperf.readers.pdf.colours import OTHER_COLOUR, contrast, is_white
from budgetperf.readers.pdf.content import Box, Frame, Glyph, Rule, Shade, lies_over

EDGE = 0.7  # points by which a box has to run past a rule to hide it
FEW_BOXED = 3  # texts of a table with a frame of their own: more are cells with double borders
TOUCH = 2.0  # points by which lines that meet may miss each other
SLOPPY = 6.0  # points by which rules may run past the outline of their own table
STRIKE_BAND = 0.3, 0.72  # of the em box, from its top: a line there goes through the middle of the characters
LARGEST = 1.8  # times the page's usual size of type: larger is no table's text
CROSSED = 0.35  # of the height, off the middle of a character, that a slanting line goes through it
FEWEST_CROSSED = 2  # characters
STRUCK_CELLS = 0.5  # of the cells of a row whose text a line from rule to rule has to go through, to strike it
STRUCK_SHARE = 0.2  # of a line that has to lie upon text, for it to strike through text from rule to rule


def visible_rules(
    rules: dict[bool, list[tuple[Rule, int, bool]]], shades: list[Shade]
) -> tuple[list[Rule], list[Rule], list[str]]:
    """Rules that can be seen, dark ones and white ones: none painted over by a later box, white ones only upon a
    coloured box; and what can't be told.

    `rules`: horizontal ones (True) and vertical ones, each with its place in the order of painting and whether it is
    white.
    """
    lost: set[int] = set()  # boxes below which a stretch of a rule lies from crossing to crossing
    cut: set[int] = set()  # boxes out of which a rule comes between two crossings
    dark, white = (
        [
            rule
            for horizontal in (True, False)
            for rule in _visible(
                [one for one in rules[horizontal] if one[2] == pale],
                shades,
                rules[not horizontal],
                horizontal,
                lost,
                cut,
            )
        ]
        for pale in (False, True)
    )
    return dark, white, ["有色块或图片盖住了一段格线，格子怎样划分无法判断"] if lost & cut else []


def _visible(
    rules: list[tuple[Rule, int, bool]],
    shades: list[Shade],
    across: list[tuple[Rule, int, bool]],
    horizontal: bool,
    lost: set[int],
    cut: set[int],
) -> list[Rule]:
    if not shades:
        return [rule for rule, _, white in rules if not white]
    sides = [sides_along(shade.box, horizontal) for shade in shades]
    coloured = [(side, shade.order) for side, shade in zip(sides, shades, strict=True) if not is_white(shade.colour)]
    parts = [
        (piece, order)
        for rule, order, white in rules
        for piece in (_inside(rule, [side for side, when in coloured if when < order]) if white else [rule])
    ]
    if not parts:
        return []
    at, start, end = np.array([rule[1:] for rule, _ in parts]).T
    order = np.array([order for _, order in parts])
    pieces = [[rule] for rule, _ in parts]
    crossing = np.array([rule[1:] for rule, _, _ in across]).reshape(-1, 3).T
    for (low, high, first, last), shade in zip(sides, shades, strict=True):
        if high - low <= 2 * EDGE:
            continue
        hidden = (order < shade.order) & (at > low + EDGE) & (at < high - EDGE) & (end > first) & (start < last)
        for number in np.flatnonzero(hidden).tolist():
            rule = parts[number][0]
            stretch = _hidden_stretch(rule, first, last, crossing)
            ends = stretch or (last, first)
            if (rule.start < first and ends[0] > first + TOUCH) or (rule.end > last and ends[1] < last - TOUCH):
                cut.add(shade.order)
            if stretch is None:
                continue  # it is seen on both sides of the box and runs on below it
            lost.add(shade.order)
            pieces[number] = [left for piece in pieces[number] for left in _outside(piece, *stretch)]
    return [piece for group in pieces for piece in group]


def _inside(rule: Rule, boxes: list[Box]) -> list[Rule]:
    """The pieces of a rule that lie upon one of the boxes (sides as seen along the rule)."""
    pieces = []
    for low, high, first, last in boxes:
        if low <= rule.at <= high and rule.start < last and rule.end > first:
            pieces.append(rule._replace(start=max(rule.start, first), end=min(rule.end, last)))
    return pieces


def _hidden_stretch(rule: Rule, first: float, last: float, crossing: np.ndarray) -> tuple[float, float] | None:
    """The part of a rule, between rules that cross it, that lies below a box from `first` to `last`: a rule seen on
    both sides of a box that stands within one cell has not ended.

    >>> crossing = np.array([[50, 0, 40], [150, 0, 40], [300, 0, 40]]).T
    >>> [_hidden_stretch(Rule(True, 20, 50, 300), *box, crossing) for box in ((60, 90), (40, 160), (20, 400))]
    [None, (50.0, 150.0), (50.0, 300.0)]
    """
    at, start, end = crossing
    stops = at[(start - TOUCH <= rule.at) & (end + TOUCH >= rule.at)]
    stops = np.append(stops[(stops >= rule.start - TOUCH) & (stops <= rule.end + TOUCH)], [rule.start, rule.end])
    stops = stops[(stops >= first - TOUCH) & (stops <= last + TOUCH)]
    return (float(stops.min()), float(stops.max())) if len(stops) and np.ptp(stops) > TOUCH else None


def _outside(rule: Rule, first: float, last: float) -> list[Rule]:
    """The pieces of a rule before and after a stretch that is painted over."""
    if rule.end <= first or rule.start >= last:
        return [rule]
    pieces = [rule._replace(end=first)] if rule.start < first else []
    return pieces + ([rule._replace(start=last)] if rule.end > last else [])


def sides_along(box: Box, horizontal: bool) -> Box:
    """A box as seen along a rule: its two sides beside the rule, its two ends."""
    return (box[1], box[3], box[0], box[2]) if horizontal else (box[0], box[2], box[1], box[3])


# ---- lines that are no rules ------------------------------------------------------------------------------------------


def part_strokes(
    rules: list[Rule], glyphs: list[Glyph], frames: list[Frame], strikes: list[Box]
) -> tuple[list[Rule], set[int], list[list[Glyph]], list[Frame]]:
    """The rules without the outlines of stamps and the lines struck through text; the numbers of the glyphs that are
    struck through; pieces of text of which it can't be told whether they are; the stamps' outlines.

    `strikes`: lines of annotations, none of them a rule.
    """
    loose = _loose_frames(frames, rules)
    if loose:
        rules = [rule for rule in rules if not any(_is_side(rule, frame.box) for frame in loose)]
    struck, gone, crossed = _struck(rules, glyphs)
    for box in strikes:
        struck |= _hit(glyphs, box[1], box[0], box[2])
    stamps = [*loose, *(frame for frame in frames if frame.round)]
    kept = [rule for number, rule in enumerate(rules) if number not in gone]
    return kept, struck, crossed, stamps


def crossed_out(glyphs: list[Glyph], slants: list[Box]) -> list[list[Glyph]]:
    """Pieces of text that slanting lines (their two ends) go through the middle of: cells or rows that may be crossed out.

    >>> word = [Glyph(c, x, 0, x + 9, 9, x + 4.5, 4.5, turn=0) for c, x in (("旧", 0), ("表", 9), ("头", 18), ("外", 60))]
    >>> ["".join(glyph.text for glyph in piece) for piece in crossed_out(word, [(0, 3, 30, 7), (0, 60, 90, 0)])]
    ['旧表头']
    """
    found = []
    for x0, y0, x1, y1 in slants:
        through = [
            glyph
            for glyph in glyphs
            if min(x0, x1) < glyph.cx < max(x0, x1)
            and abs(y0 + (glyph.cx - x0) * (y1 - y0) / (x1 - x0) - glyph.cy) < CROSSED * (glyph.y1 - glyph.y0)
        ]
        if sum(bool(glyph.text.strip()) for glyph in through) >= FEWEST_CROSSED:
            found.append(through)
    return found


def _loose_frames(frames: list[Frame], rules: list[Rule]) -> list[Frame]:
    """Outlines laid over a table: rules run on through their sides, and at most two of their corners happen to stand where
    rules end or cross; at none of one with which a rule runs almost in line."""
    if not frames or not rules:
        return []
    across, down = (
        np.array(list({rule[1:] for rule in rules if rule.horizontal == lying})).reshape(-1, 3)
        for lying in (True, False)
    )
    x0, y0, x1, y1 = np.array([frame.box for frame in frames]).T[:, :, None]
    crossed, grazed = np.zeros((2, len(frames)), dtype=bool)
    for lines, low, high, sides in ((down, x0, x1, (y0, y1)), (across, y0, y1, (x0, x1))):
        at, start, end = lines.T
        start, end = start + SLOPPY, end - SLOPPY
        through = np.zeros((len(frames), len(lines)), dtype=bool)
        for side in sides:
            through |= (start < side) & (end > side)
        crossed |= (through & (at > low + TOUCH) & (at < high - TOUCH)).any(axis=1)
        beside = np.minimum(abs(at - low), abs(at - high))
        grazed |= (through & (beside > EDGE) & (beside <= TOUCH)).any(axis=1)
    loose = [
        frames[n]
        for n in np.flatnonzero(crossed | grazed).tolist()
        if _corners(frames[n].box, rules) <= (2 if crossed[n] else 0)
    ]
    boxed = np.flatnonzero(~crossed & _stand_in_cells((x0, y0, x1, y1), across, down)).tolist()
    return loose + [frames[n] for n in boxed if not frames[n].round] if len(boxed) <= FEW_BOXED else loose


def _stand_in_cells(sides: tuple[np.ndarray, ...], across: np.ndarray, down: np.ndarray) -> np.ndarray:
    """Which outlines stand within a cell of a table: rules all around them, none in or at them but their own sides."""
    x0, y0, x1, y1 = sides
    stand = np.ones(len(x0), dtype=bool)
    for lines, low, high, first, last in ((across, y0, y1, x0, x1), (down, x0, x1, y0, y1)):
        at, start, end = lines.T
        beside = np.minimum(abs(at - low), abs(at - high)) <= EDGE
        others = ~(beside & (start >= first - EDGE) & (end <= last + EDGE))
        within = (at >= low - EDGE) & (at <= high + EDGE) & (start <= last + EDGE) & (end >= first - EDGE)
        along = others & (start <= first) & (end >= last)
        stand &= ~(others & within).any(axis=1) & (along & (at < low)).any(axis=1) & (along & (at > high)).any(axis=1)
    return stand


def _corners(box: Box, rules: list[Rule]) -> int:
    """At how many corners of an outline rules end or cross that are none of its sides: by a cell's corners rules do not
    just pass."""
    x0, y0, x1, y1 = box
    others = [rule for rule in rules if not _is_side(rule, box)]
    return sum(_is_corner(others, x, y) for x in (x0, x1) for y in (y0, y1))


def _is_corner(rules: list[Rule], x: float, y: float) -> bool:
    """Whether a rule ends at a point, or two cross there."""
    near = [rule for rule in rules if _touches(rule, x, y)]
    if len({rule.horizontal for rule in near}) == 2:
        return True
    return any(abs(end - (x if rule.horizontal else y)) <= TOUCH for rule in near for end in (rule.start, rule.end))


def _touches(rule: Rule, x: float, y: float) -> bool:
    along, across = (x, y) if rule.horizontal else (y, x)
    return abs(rule.at - across) <= TOUCH and rule.start - TOUCH <= along <= rule.end + TOUCH


def _is_side(rule: Rule, box: Box) -> bool:
    low, high, first, last = sides_along(box, rule.horizontal)
    beside = min(abs(rule.at - low), abs(rule.at - high)) <= EDGE
    before, behind = rule.start - first, last - rule.end  # alike where the corners are round; else the rule of a cell
    return beside and min(before, behind) >= -EDGE and abs(before - behind) <= EDGE


def _struck(rules: list[Rule], glyphs: list[Glyph]) -> tuple[set[int], set[int], list[list[Glyph]]]:
    """Glyphs struck through, the rules that strike them, and pieces of text of which it can't be told.

    A line through the middle of characters strikes them where it ends free of other rules, where it is drawn in one
    cell only, or where it goes through text in several cells of a row. Else it is a rule that text ran into.
    """
    lines: dict[float, list[int]] = {}
    for number, rule in enumerate(rules):
        if rule.horizontal:
            lines.setdefault(round(rule.at, 1), []).append(number)
    down = [rule for rule in rules if not rule.horizontal]
    hits_on = _hit_finder(glyphs)
    struck: set[int] = set()
    gone: set[int] = set()
    crossed = []
    for at, numbers in lines.items():
        if not hits_on(at, float("-inf"), float("inf")):
            continue
        for run in _runs(numbers, rules):
            start, end = min(rules[n].start for n in run), max(rules[n].end for n in run)
            hits = hits_on(at, start, end)
            if not hits:
                continue
            if _strikes(at, start, end, hits, glyphs, down):
                struck |= hits
                gone |= set(run)
            else:
                crossed.append([glyphs[number] for number in sorted(hits)])
    return struck, gone, crossed


def _runs(numbers: list[int], rules: list[Rule]) -> list[list[int]]:
    """Rules on one line in runs that join end to end."""
    runs: list[list[int]] = []
    reach = float("-inf")
    for number in sorted(numbers, key=lambda n: rules[n].start):
        if rules[number].start > reach + TOUCH:
            runs.append([])
        runs[-1].append(number)
        reach = max(reach, rules[number].end)
    return runs


def _strikes(at: float, start: float, end: float, hits: set[int], glyphs: list[Glyph], down: list[Rule]) -> bool:
    crossing = sorted(rule.at for rule in down if rule.start - TOUCH <= at <= rule.end + TOUCH)
    ends = [any(abs(x - place) <= TOUCH for x in crossing) for place in (start, end)]
    if not any(ends) or not crossing:
        return True
    own = Counter(glyph.ink.colour for glyph in glyphs).most_common(1)[0][0]
    hits = {number for number in hits if contrast(glyphs[number].ink.colour, own) < OTHER_COLOUR}
    inner = [x for x in crossing if start + TOUCH < x < end - TOUCH]
    places = [sum(x < glyphs[number].cx for x in inner) for number in hits]
    if not all(ends):
        return bool(hits)
    upon = sum(glyphs[number].x1 - glyphs[number].x0 for number in hits)
    if not inner:
        return upon >= STRUCK_SHARE * (end - start)
    return len(set(places)) > max(1, len(inner) * STRUCK_CELLS)


def _hit(glyphs: list[Glyph], at: float, start: float, end: float) -> set[int]:
    return _hit_finder(glyphs)(at, start, end)


def _hit_finder(glyphs: list[Glyph]) -> Callable[[float, float, float], set[int]]:
    """The function that gives the numbers of upright, uncut glyphs whose middle a horizontal line goes through.

    Large and faint text is left out: a watermark, which rules go through.
    """
    upright = [number for number, g in enumerate(glyphs) if g.turn == 0 and not lies_over(g)]
    y0, y1, x, y = (np.array([getattr(glyphs[n], name) for n in upright]) for name in ("y0", "y1", "cx", "cy"))
    tall = y1 - y0
    whole = np.abs(2 * y - y0 - y1) < 0.02
    if len(upright):
        whole &= tall <= LARGEST * np.median(tall)
    number = np.array(upright, dtype=int)[whole]
    upper, lower = ((y0 + share * tall)[whole] for share in STRIKE_BAND)
    order = np.argsort(upper, kind="stable")
    number, middle, upper, lower = number[order], x[whole][order], upper[order], lower[order]
    tallest = float((lower - upper).max()) if len(number) else 0.0

    def hits(at: float, start: float, end: float) -> set[int]:
        first, last = np.searchsorted(upper, (at - tallest, at))
        if first == last:
            return set()
        part = slice(first, last)
        found = (lower[part] >= at) & (middle[part] >= start) & (middle[part] <= end)
        return {one for one in number[part][found].tolist() if glyphs[one].text.strip()}

    return hits
