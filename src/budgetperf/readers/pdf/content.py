"""What is drawn on one PDF page: glyphs and ruled lines that a person can see, in points from the page's top left.

The page is interpreted by playa, the parser under camelot 2.0's vector engine. Taken straight from its content stream,
a page costs half of what camelot's own layout analysis costs, and three things are known that the layout no longer
tells: what the clipping path hides, in which order things were painted, and which glyphs have no Unicode mapping.
"""

import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from budgetperf.readers.pdf.fonts import UNMAPPED, boxes_of

Box = tuple[float, float, float, float]

INK_MARGIN = 0.06  # of the em square, above and below, that holds no ink
LEAST_HEIGHT_SEEN = 0.08  # a line cut by the page's edge is kept while this much of its height can be seen
LEAST_WIDTH_SEEN = 0.5  # a character cut by its cell's edge belongs to print when half of it can be seen
HAIRLINE = 3.0  # points: a filled box thinner than this, and three times as long, is a rule
DOT = 1.6  # points: the largest dot of a dotted rule
NEARLY_WHITE = 0.985
DEEPEST_FORM = 12
MAX_SHADES = 4000
EDGE = 0.7  # points by which a box has to run past a rule to hide it


class PageTooLong(Exception):
    """The page took longer than the time allowed."""


class Glyph(NamedTuple):
    """One printed character. `x0…y1` its em box, `cx, cy` the middle of what can be seen of it."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    cx: float
    cy: float
    turn: int  # quarter turns clockwise of its reading direction: 0 to 3; -1 = slanted (a watermark)


class Rule(NamedTuple):
    """A ruled line: at `at` (y of a horizontal, x of a vertical one) from `start` to `end`."""

    horizontal: bool
    at: float
    start: float
    end: float


class PageContent(NamedTuple):
    """Glyphs and rules of a page as seen, with what is needed to judge its state."""

    width: float
    height: float
    glyphs: list[Glyph]
    rules: list[Rule]
    image_area: float  # share of the page
    curves: int  # curved paths: text turned into outlines
    unmapped: int  # glyphs without a Unicode mapping
    hidden: int  # glyphs drawn invisibly: the text layer of a scan


def read_page_content(page, deadline: float) -> PageContent:
    """All that can be seen on a playa page (opened with space="screen"), cropped to its crop box.

    Raises PageTooLong when time.monotonic() passes `deadline`.
    """
    crop = _crop_box(page)
    pen = _Pen(crop, deadline)
    pen.draw(page.interp(), crop, 0)
    x0, y0, x1, y1 = crop
    area = max((x1 - x0) * (y1 - y0), 1.0)
    return PageContent(
        width=x1 - x0,
        height=y1 - y0,
        glyphs=pen.glyphs,
        rules=pen.visible_rules(),
        image_area=min(1.0, pen.image_area / area),
        curves=pen.curves,
        unmapped=pen.unmapped,
        hidden=pen.hidden,
    )


def _crop_box(page) -> Box:
    from playa.utils import transform_bbox

    media = transform_bbox(page.ctm, page.mediabox)
    crop = transform_bbox(page.ctm, page.cropbox)
    both = _meet(media, crop)
    return both if both[2] - both[0] > 1 and both[3] - both[1] > 1 else media


def _meet(a: Box, b: Box) -> Box:
    return max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])


class _Pen:
    """Follows the page's drawing: a class because glyphs, rules, shades and clips are met in one pass."""

    def __init__(self, crop: Box, deadline: float):
        self.left, self.top = crop[0], crop[1]
        self.deadline = deadline
        self.glyphs: list[Glyph] = []
        self.image_area = 0.0
        self.curves = self.unmapped = self.hidden = 0
        # rules (horizontal or not) and opaque boxes, each with when it was painted and whether it is white
        self._rules: dict[bool, list[tuple[Rule, int, bool]]] = {True: [], False: []}
        self._shades: list[tuple[Box, int, bool]] = []
        self._order = 0
        self._boxes: dict[int, Callable] = {}  # of each font

    def draw(self, interpreter, clip: Box, depth: int) -> None:
        from playa.content import ImageObject, PathObject, TextObject, XObjectObject

        clips = _follow_clips(interpreter, clip)
        for thing in interpreter:
            if time.monotonic() > self.deadline:
                raise PageTooLong
            clip = clips[-1]
            kind = type(thing)  # isinstance asks their abstract base class each time
            if clip[0] >= clip[2] or clip[1] >= clip[3]:
                if kind is TextObject:
                    thing._get_next_glyph_offset()
            elif kind is TextObject:
                self._text(thing, clip)
            elif kind is PathObject:
                self._path(thing, clip)
            elif kind is ImageObject:
                self._image(_meet(thing.bbox, clip))
            elif kind is XObjectObject and depth < DEEPEST_FORM:
                self.draw(thing.interp(), _meet(thing.bbox, clip), depth + 1)

    # -- text

    def _text(self, thing, clip: Box) -> None:
        state = thing.gstate
        font = state.font
        if font is None:
            return
        unseen = state.render_mode == 3 or (state.nalpha == 0 and state.render_mode in (0, 4))
        boxes = self._boxes.get(id(font))
        if boxes is None:
            boxes = self._boxes[id(font)] = boxes_of(font)
        left, top = self.left, self.top
        first, upper, last, lower = clip
        for text, direction, x0, y0, x1, y1 in boxes(thing):
            if x1 <= first or x0 >= last or y1 <= upper or y0 >= lower or not (x0 < x1 and y0 < y1):
                continue
            turn = 0 if direction[1] == 0 and direction[0] > 0 else _turn(*direction)
            cx, cy = (x0 + x1) / 2, (y0 + y1) / 2
            if x0 < first or x1 > last or y0 < upper or y1 > lower:
                if not _enough_seen((x0, y0, x1, y1), clip, turn):
                    continue
                cx, cy = (max(x0, first) + min(x1, last)) / 2, (max(y0, upper) + min(y1, lower)) / 2
            if unseen:
                self.hidden += bool(text.strip())
                continue
            if text == UNMAPPED:
                self.unmapped += 1
            elif not text:
                continue
            self.glyphs.append(Glyph(text, x0 - left, y0 - top, x1 - left, y1 - top, cx - left, cy - top, turn))
        if time.monotonic() > self.deadline:
            raise PageTooLong

    # -- rules

    def _path(self, thing, clip: Box) -> None:
        self._order += 1
        state = thing.gstate
        stroke = thing.stroke and state.salpha > 0
        fill = thing.fill and state.nalpha > 0
        white_stroke = stroke and _is_white(state.scolor, state.scs)
        white_fill = fill and _is_white(state.ncolor, state.ncs)
        for points, straight, curved in _subpaths(thing.raw_segments, thing.ctm):
            self.curves += curved
            if stroke:
                for p, q in straight:
                    self._line(p, q, clip, white_stroke)
            if fill and not curved and 3 < len(points) < 7:
                self._box(points, clip, white_fill, state.nalpha >= 1)

    def _line(self, p, q, clip: Box, white: bool) -> None:
        (x0, y0), (x1, y1) = p, q
        dx, dy = abs(x0 - x1), abs(y0 - y1)
        if dx > dy and dy <= max(0.3, dx * 0.01):
            self._rule(True, (y0 + y1) / 2, min(x0, x1), max(x0, x1), clip, white)
        elif dy > dx and dx <= max(0.3, dy * 0.01):
            self._rule(False, (x0 + x1) / 2, min(y0, y1), max(y0, y1), clip, white)

    def _box(self, points, clip: Box, white: bool, opaque: bool) -> None:
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        x0, y0, x1, y1 = min(xs), min(ys), max(xs), max(ys)
        width, height = x1 - x0, y1 - y0
        if max(width, height) <= DOT:  # a dot of a dotted rule, lying or standing
            self._rule(True, (y0 + y1) / 2, x0, x1, clip, white)
            self._rule(False, (x0 + x1) / 2, y0, y1, clip, white)
        elif height <= HAIRLINE and width >= 3 * height:  # its corners may be mitred: browsers print borders so
            self._rule(True, (y0 + y1) / 2, x0, x1, clip, white)
        elif width <= HAIRLINE and height >= 3 * width:
            self._rule(False, (x0 + x1) / 2, y0, y1, clip, white)
        elif opaque and len(self._shades) < MAX_SHADES and _is_rectangle(points, x0, y0, x1, y1):
            x0, y0, x1, y1 = _meet((x0, y0, x1, y1), clip)
            if x1 > x0 and y1 > y0:
                box = (x0 - self.left, y0 - self.top, x1 - self.left, y1 - self.top)
                self._shades.append((box, self._order, white))

    def _image(self, box: Box) -> None:
        width, height = box[2] - box[0], box[3] - box[1]
        if width <= 0 or height <= 0:
            return
        if min(width, height) <= HAIRLINE and max(width, height) > 10:
            self._order += 1
            if width > height:
                self._rule(True, (box[1] + box[3]) / 2, box[0], box[2], box, False)
            else:
                self._rule(False, (box[0] + box[2]) / 2, box[1], box[3], box, False)
        self.image_area += width * height

    def _rule(self, horizontal: bool, at: float, start: float, end: float, clip: Box, white: bool) -> None:
        if horizontal:
            first, low, last, high = clip
            along, across = self.left, self.top
        else:
            low, first, high, last = clip
            across, along = self.left, self.top
        start, end = max(start, first), min(end, last)
        if end > start and low - 0.5 <= at <= high + 0.5:
            rule = Rule(horizontal, at - across, start - along, end - along)
            self._rules[horizontal].append((rule, self._order, white))

    def visible_rules(self) -> list[Rule]:
        """Rules that can be seen: none painted over by a later box, white ones only upon a coloured box."""
        return [*self._seen(True), *self._seen(False)]

    def _seen(self, horizontal: bool) -> list[Rule]:
        if not self._shades:
            return [rule for rule, _, white in self._rules[horizontal] if not white]
        shades = [(_sides(box, horizontal), when, white) for box, when, white in self._shades]
        coloured = [(sides, when) for sides, when, white in shades if not white]
        rules = [
            (piece, order)
            for rule, order, white in self._rules[horizontal]
            for piece in (_inside(rule, [sides for sides, when in coloured if when < order]) if white else [rule])
        ]
        if not rules:
            return []
        at, start, end = np.array([rule[1:] for rule, _ in rules]).T
        order = np.array([order for _, order in rules])
        pieces = [[rule] for rule, _ in rules]
        for sides, when, _ in shades:
            low, high, first, last = sides
            if high - low <= 2 * EDGE:
                continue
            hidden = (order < when) & (at > low + EDGE) & (at < high - EDGE) & (end > first) & (start < last)
            for number in np.flatnonzero(hidden).tolist():
                pieces[number] = [left for piece in pieces[number] for left in _outside(piece, first, last)]
        return [piece for group in pieces for piece in group]


def _follow_clips(interpreter, clip: Box) -> list[Box]:
    """A stack whose last box is the clipping path's bounds while `interpreter` runs: playa itself leaves clips out."""
    from playa.parser import KWD
    from playa.utils import apply_matrix_pt

    clips = [clip]
    dispatch = getattr(interpreter, "_dispatch", None)
    if dispatch is None:
        return clips

    def narrow():
        points = [apply_matrix_pt(interpreter.ctm, point) for seg in interpreter.curpath for point in seg.points]
        if points:
            xs, ys = [p[0] for p in points], [p[1] for p in points]
            clips[-1] = _meet(clips[-1], (min(xs), min(ys), max(xs), max(ys)))

    def save():
        interpreter.do_q()
        clips.append(clips[-1])

    def restore():
        interpreter.do_Q()
        if len(clips) > 1:
            clips.pop()

    dispatch[KWD(b"W")] = dispatch[KWD(b"W*")] = (narrow, 0)
    dispatch[KWD(b"q")] = (save, 0)
    dispatch[KWD(b"Q")] = (restore, 0)
    return clips


def _enough_seen(box: Box, clip: Box, turn: int) -> bool:
    """Whether the clip leaves enough of a character for a reader to see it."""
    across, along = _share_seen(box[0], box[2], clip[0], clip[2]), _share_seen(box[1], box[3], clip[1], clip[3])
    if turn in (1, 3):
        across, along = along, across
    return across >= LEAST_WIDTH_SEEN and along >= LEAST_HEIGHT_SEEN


def _share_seen(start: float, end: float, first: float, last: float) -> float:
    margin = INK_MARGIN * (end - start)
    start, end = start + margin, end - margin
    return (min(end, last) - max(start, first)) / (end - start) if end > start else 0.0


def _turn(a: float, b: float) -> int:
    if abs(b) <= 0.05 * abs(a):
        return 0 if a > 0 else 2
    if abs(a) <= 0.05 * abs(b):
        return 1 if b > 0 else 3
    return -1


def _is_white(color, space) -> bool:
    values = color.values
    if color.pattern is not None or not values:
        return False
    if space is not None and space.name in ("Separation", "DeviceN"):
        return all(v <= 1 - NEARLY_WHITE for v in values)
    if space is not None and space.name in ("Indexed", "Lab"):
        return False
    return all(v <= 1 - NEARLY_WHITE for v in values) if len(values) == 4 else all(v >= NEARLY_WHITE for v in values)


def _subpaths(segments, ctm):
    """Of each subpath: its points as seen, its straight sides (pairs of points), and whether it has curves."""
    a, b, c, d, e, f = ctm
    points: list = []
    straight: list = []
    curved = False
    for segment in segments:
        operator = segment.operator
        if operator == "h":
            if len(points) > 2 and points[-1] != points[0]:
                straight.append((points[-1], points[0]))
            continue
        x, y = segment.points[-1]
        point = (a * x + c * y + e, b * x + d * y + f)
        if operator == "m":
            if len(points) > 1:
                yield points, straight, curved
            points, straight, curved = [point], [], False
            continue
        if operator == "l" and points:
            straight.append((points[-1], point))
        else:
            curved = True
        points.append(point)
    if len(points) > 1:
        yield points, straight, curved


def _is_rectangle(points, x0: float, y0: float, x1: float, y1: float) -> bool:
    return all(min(abs(x - x0), abs(x - x1)) < 0.3 and min(abs(y - y0), abs(y - y1)) < 0.3 for x, y in points)


def _inside(rule: Rule, boxes: list[Box]) -> list[Rule]:
    """The pieces of a rule that lie upon one of the boxes (sides as seen along the rule)."""
    pieces = []
    for low, high, first, last in boxes:
        if low <= rule.at <= high and rule.start < last and rule.end > first:
            pieces.append(rule._replace(start=max(rule.start, first), end=min(rule.end, last)))
    return pieces


def _outside(rule: Rule, first: float, last: float) -> list[Rule]:
    """The pieces of a rule before and after a stretch that is painted over."""
    if rule.end <= first or rule.start >= last:
        return [rule]
    pieces = [rule._replace(end=first)] if rule.start < first else []
    return pieces + ([rule._replace(start=last)] if rule.end > last else [])


def _sides(box: Box, horizontal: bool) -> Box:
    """A box as seen along a rule: its two sides beside the rule, its two ends."""
    return (box[1], box[3], box[0], box[2]) if horizontal else (box[0], box[2], box[1], box[3])
