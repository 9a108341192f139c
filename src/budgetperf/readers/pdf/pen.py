"""Follows a page's drawing and keeps what it leaves on the paper."""

import math
import statistics
import time
from collections.abc import Callable

from budgetperf.readers.pdf.clips import Windows, enough_seen, follow_clips
from budgetperf.readers.pdf.colours import is_black, is_white, seen_colour
from budgetperf.readers.pdf.content import Box, Frame, Glyph, Ink, PageTooLong, Rule, Shade, meet
from budgetperf.readers.pdf.fonts import UNMAPPED, boxes_of, read_by_code, spacing_of
from budgetperf.readers.pdf.shapes import (
    MOST_PARTS,
    Mask,
    Polygon,
    bounds,
    holds,
    in_windows,
    laid,
    picture_mask,
    polygons,
    shape_mask,
)

HAIRLINE = 3.0  # points: a filled box thinner than this, and three times as long, is a rule
DOT = 1.6  # points: the largest dot of a dotted rule
DEEPEST_FORM = 12
MAX_SHADES = 4000
SMALLEST_SHAPE = 4.0  # points: smaller ones hide no text
SMALLEST_FRAME = 5.0  # points
MOST_SLANTS = 40  # slanting lines of a page: more are a drawing
OPAQUE = 0.9  # alpha from which what lies below can't be read
NO_ALPHA = 0.02  # alpha up to which nothing is seen
LIGHTEN = {"Screen", "Lighten", "ColorDodge"}  # white hides all below it
DARKEN = {"Multiply", "Darken", "ColorBurn"}  # black does
LEAST_TILT, ALIKE = 0.0008, 0.0008  # radians by which the lines of a page are tilted, and by which they may differ
MOST_TOLD = 500  # texts of a kind that are kept on record word by word


class Pen:
    """Follows the page's drawing: a class because glyphs, rules, shades and clips are met in one pass."""

    def __init__(self, crop: Box, deadline: float, layer_hidden: Callable[[object], bool | None]):
        self.left, self.top = crop[0], crop[1]
        self.crop = crop
        self.deadline = deadline
        self._layer_hidden = layer_hidden
        self.glyphs: list[Glyph] = []
        self.inks: list[Ink] = []
        self.rules: dict[bool, list[tuple[Rule, int, bool]]] = {True: [], False: []}  # order of painting, whether white
        self.hues: dict[int, object] = {}  # order of painting → a path's colour
        self.shades: list[Shade] = []
        self.frames: list[Frame] = []
        self.strikes: list[Box] = []  # text under these is struck through by an annotation
        self.doubts: list[str] = []
        self.image_area = 0.0
        self.curves = self.unmapped = 0
        self.by_code = ""  # characters that fonts tell falsely, read by their codes
        self.tilts: list[float] = []  # of lines of text that run nearly level, in radians
        self.slants: list[tuple] = []  # ends of straight lines that neither lie nor stand
        self.source = "page"
        self._order = 0
        self._unseen: dict[str, dict[int, str]] = {}  # why text is not seen → by text operation
        self._hidden = ""  # why what is being drawn is not seen
        self._windows: Windows = ()  # through which what is being drawn is seen, beyond its clipping box
        self._fade = 1.0  # alpha of the groups that are being drawn
        self._boxes: dict[int, Callable] = {}  # of each font
        self._colours: dict[tuple, tuple] = {}
        self._layers: dict[int, tuple] = {}

    def draw(self, interpreter, clip: Box, depth: int) -> None:
        from playa.content import ImageObject, PathObject, TextObject, XObjectObject

        clips = follow_clips(interpreter, clip, self._windows, self._shading)
        outside, around = self._hidden, self._windows
        for thing in interpreter:
            if time.monotonic() > self.deadline:
                raise PageTooLong
            clip, self._windows = clips[-1]
            kind = type(thing)  # isinstance asks their abstract base class each time
            self._order += 1
            self._hidden = outside or (thing.mcstack and self._off(thing.mcstack)) or ""
            if clip[0] >= clip[2] or clip[1] >= clip[3]:
                if kind is TextObject:
                    thing._get_next_glyph_offset()
            elif kind is TextObject:
                self._text(thing, clip)
            elif kind is XObjectObject:
                if depth < DEEPEST_FORM:
                    self._form(thing, clip, depth, interpreter)
            elif not self._hidden:
                if kind is PathObject:
                    self._path(thing, clip)
                elif kind is ImageObject and not self.layer_hidden(thing.stream.get("OC")):
                    self._image(thing, meet(thing.bbox, clip))
        self._hidden, self._windows = outside, around

    def layer_hidden(self, entry) -> bool:
        """Whether the layer of an optional-content entry is switched off; a doubt where that cannot be told."""
        hidden = self._layer_hidden(entry)
        if hidden is None:
            self.doubts.append("图层的说明已损坏，本页有的内容看不看得见无法判断")
        return bool(hidden)

    def draw_form(self, form, clip: Box, hidden: str) -> None:
        """Draws a form by itself, as an annotation's appearance is; `hidden` says why it is not seen, else ""."""
        self._hidden = hidden
        self.draw(form.interp(), meet(form.bbox, clip), 1)
        self._hidden = ""

    def next_order(self) -> int:
        """The place in the order of painting of what comes now."""
        self._order += 1
        return self._order

    def _form(self, thing, clip: Box, depth: int, caller) -> None:
        hidden, fade = self._hidden, self._fade
        if self.layer_hidden(thing.stream.get("OC")):
            self._hidden = "layer"
        if thing.gstate is not caller.graphicstate:  # a group: it fades as a whole, inside playa starts anew
            self._fade *= caller.graphicstate.nalpha
        self.draw(thing.interp(), meet(thing.bbox, clip), depth + 1)
        self._hidden, self._fade = hidden, fade

    def _off(self, sections) -> str:
        """Whether one of the marked sections that enclose a thing belongs to a hidden layer."""
        known = self._layers.get(id(sections))
        if known is None:
            off = any(section.tag == "OC" and self.layer_hidden(section.props) for section in sections)
            known = self._layers[id(sections)] = ("layer" if off else "", sections)
        return known[0]

    def _colour(self, color, space):
        key = (color, id(space))
        known = self._colours.get(key)
        if known is None:
            known = self._colours[key] = (
                seen_colour(color, space),
                space,
            )  # the space kept, so that its id stays its own
        return known[0]

    # -- text

    def tilt(self) -> float:
        """The slight angle, clockwise in radians, by which nearly all lines of text are off the level; else 0."""
        if not self.tilts:
            return 0.0
        middle = statistics.median(self.tilts)
        alike = sum(abs(tilt - middle) < ALIKE for tilt in self.tilts)
        return middle if abs(middle) > LEAST_TILT and alike > 0.9 * len(self.tilts) else 0.0

    def _text(self, thing, clip: Box) -> None:
        from playa.utils import mult_matrix

        state = thing.gstate
        font = state.font
        if font is None:
            return
        mode = state.render_mode
        stroked = mode in (1, 5)
        alpha = (state.salpha if stroked else state.nalpha) * self._fade
        hidden = self._hidden or ("invisible" if mode in (3, 7) or alpha <= NO_ALPHA else "")
        boxes = self._boxes.get(id(font))
        if boxes is None:
            boxes = self._boxes[id(font)] = boxes_of(font)
            self.by_code += read_by_code(font)
        colour = self._colour(state.scolor, state.scs) if stroked else self._colour(state.ncolor, state.ncs)
        if mode in (2, 6) and is_white(colour):
            colour = self._colour(state.scolor, state.scs)
        ink = Ink(self._order, id(font), colour, alpha, self.source, spacing=spacing_of(thing))
        self.inks.append(ink)
        left, top = self.left, self.top
        first, upper, last, lower = clip
        drawn_before = len(self.glyphs)
        for text, turn, x0, y0, x1, y1 in boxes(thing):
            if first <= x0 < x1 <= last and upper <= y0 < y1 <= lower:
                cx, cy = (x0 + x1) / 2, (y0 + y1) / 2
            elif enough_seen((x0, y0, x1, y1), clip, turn):
                cx, cy = (max(x0, first) + min(x1, last)) / 2, (max(y0, upper) + min(y1, lower)) / 2
            else:
                if self._on_page(x0, y0, x1, y1):
                    self.tell("clipped", ink, text)
                continue
            if hidden:
                self.tell(hidden, ink, text)
                continue
            if text == UNMAPPED:
                self.unmapped += 1
            elif not text:
                continue
            self.glyphs.append(Glyph(text, x0 - left, y0 - top, x1 - left, y1 - top, cx - left, cy - top, turn, ink))
        if len(self.glyphs) > drawn_before and self.glyphs[-1].turn == 0:
            a, b = mult_matrix(thing.line_matrix, thing.ctm)[:2]
            self.tilts.append(math.atan2(b, a))
        if self._windows:
            self._look_through(drawn_before, ink)
        if state.smask is not None and not hidden:
            self.doubts.append("本页有文字带有遮罩，看不看得见无法判断")
        if time.monotonic() > self.deadline:
            raise PageTooLong

    def _look_through(self, first: int, ink: Ink) -> None:
        """Keeps of the glyphs from number `first` on those that the windows show."""
        drawn, self.glyphs[first:] = self.glyphs[first:], []
        for glyph in drawn:
            if all(holds(*window, glyph.cx + self.left, glyph.cy + self.top) for window in self._windows):
                self.glyphs.append(glyph)
            else:
                self.tell("clipped", ink, glyph.text)

    def _on_page(self, x0: float, y0: float, x1: float, y1: float) -> bool:
        first, upper, last, lower = self.crop
        return first < (x0 + x1) / 2 < last and upper < (y0 + y1) / 2 < lower

    def tell(self, why: str, ink: Ink, text: str) -> None:
        """Puts on record that a piece of text is not seen, and why."""
        if text.strip():
            told = self._unseen.setdefault(why, {})
            if ink.order in told or len(told) < MOST_TOLD:
                told[ink.order] = told.get(ink.order, "") + text

    def told(self) -> dict[str, list[str]]:
        """Why text is not seen → the texts, in order of painting."""
        return {why: list(told.values()) for why, told in self._unseen.items()}

    # -- rules and areas

    def _path(self, thing, clip: Box) -> None:
        state = thing.gstate
        stroke = thing.stroke and state.salpha * self._fade > NO_ALPHA
        fill = thing.fill and state.nalpha * self._fade > NO_ALPHA
        stroke_colour = self._colour(state.scolor, state.scs) if stroke else None
        fill_colour = self._colour(state.ncolor, state.ncs) if fill else None
        self.hues[self._order] = stroke_colour or fill_colour
        white_stroke, white_fill = is_white(stroke_colour), is_white(fill_colour)
        opaque = fill and state.nalpha * self._fade >= OPAQUE and _covers(state, fill_colour)
        before, odd = len(self.shades), False
        for points, straight, curved in _subpaths(thing.raw_segments, thing.ctm):
            self.curves += curved
            xs, ys = zip(*points, strict=True)
            box = min(xs), min(ys), max(xs), max(ys)
            if stroke:
                if len(points) > 3:
                    self._frame(box, stroke_colour, curved)
                if self.source == "page" or (not curved and len(points) < 4):  # an annotation's outline strikes nothing
                    for p, q in straight:
                        self._line(p, q, clip, white_stroke)
            plain = fill and not curved and 3 < len(points) < 7
            if not (plain and self._box(points, box, clip, fill_colour, white_fill, opaque)):
                odd = True
        if opaque and (odd or _nested(self.shades[before:])):
            del self.shades[before:]
            self._shape(polygons(thing.raw_segments, thing.ctm), thing.evenodd, clip, fill_colour)

    def _frame(self, box: Box, colour, curved: bool) -> None:
        x0, y0, x1, y1 = box
        if x1 - x0 >= SMALLEST_FRAME <= y1 - y0:
            box = x0 - self.left, y0 - self.top, x1 - self.left, y1 - self.top
            self.frames.append(Frame(box, self._order, colour, curved))

    def _line(self, p, q, clip: Box, white: bool) -> None:
        (x0, y0), (x1, y1) = p, q
        dx, dy = abs(x0 - x1), abs(y0 - y1)
        if dx > dy and dy <= max(0.3, dx * 0.01):
            self._rule(True, (y0 + y1) / 2, min(x0, x1), max(x0, x1), clip, white)
        elif dy > dx and dx <= max(0.3, dy * 0.01):
            self._rule(False, (x0 + x1) / 2, min(y0, y1), max(y0, y1), clip, white)
        elif min(dx, dy) > SMALLEST_FRAME and not white and len(self.slants) <= MOST_SLANTS:
            self.slants.append((x0 - self.left, y0 - self.top, x1 - self.left, y1 - self.top))

    def _box(self, points, box: Box, clip: Box, colour, white: bool, opaque: bool) -> bool:
        """Draws a filled box; whether it is one: a rule, a dot, or a rectangle."""
        x0, y0, x1, y1 = box
        width, height = x1 - x0, y1 - y0
        if max(width, height) <= DOT:  # a dot of a dotted rule, lying or standing
            self._rule(True, (y0 + y1) / 2, x0, x1, clip, white)
            self._rule(False, (x0 + x1) / 2, y0, y1, clip, white)
        elif height <= HAIRLINE and width >= 3 * height:  # its corners may be mitred: browsers print borders so
            self._rule(True, (y0 + y1) / 2, x0, x1, clip, white)
        elif width <= HAIRLINE and height >= 3 * width:
            self._rule(False, (x0 + x1) / 2, y0, y1, clip, white)
        elif opaque and _is_rectangle(points, x0, y0, x1, y1):
            self._shade(meet((x0, y0, x1, y1), clip), colour)
        else:
            return False
        return True

    def _shape(self, shape: list[Polygon], even_odd: bool, clip: Box, colour) -> None:
        """Paints what is no box, or boxes that leave holes."""
        if 0 < len(shape) <= MOST_PARTS:
            box = meet(bounds(shape), clip)
            if min(box[2] - box[0], box[3] - box[1]) >= SMALLEST_SHAPE:
                self._shade(box, colour, shape_mask(shape, box, even_odd))

    def _shading(self, interpreter, clip: Box, windows: Windows) -> None:
        """Paints all of the clipping path with a shading."""
        self._order += 1
        state = interpreter.graphicstate
        if not self._hidden and state.nalpha * self._fade >= OPAQUE and _covers(state, None):
            self._windows = windows
            self._shade(clip, None)

    def _shade(self, box: Box, colour, mask: Mask | None = None) -> None:
        x0, y0, x1, y1 = box
        if x1 > x0 and y1 > y0 and len(self.shades) < MAX_SHADES:
            mask = in_windows(box, mask, self._windows)
            box = (x0 - self.left, y0 - self.top, x1 - self.left, y1 - self.top)
            self.shades.append(Shade(box, self._order, colour, mask))

    def _image(self, thing, box: Box) -> None:
        width, height = box[2] - box[0], box[3] - box[1]
        if width <= 0 or height <= 0:
            return
        if min(width, height) <= HAIRLINE and max(width, height) > 10:
            if width > height:
                self._rule(True, (box[1] + box[3]) / 2, box[0], box[2], box, False)
            else:
                self._rule(False, (box[0] + box[2]) / 2, box[1], box[3], box, False)
        else:
            state = thing.gstate
            colour = self._colour(state.ncolor, state.ncs) if thing.imagemask else None
            if state.nalpha * self._fade >= OPAQUE and _covers(state, colour):
                self._picture(thing, box, colour)
        self.image_area += width * height

    def _picture(self, thing, seen: Box, colour) -> None:
        """Paints a picture, but where it is seen through."""
        mask = picture_mask(thing)
        if mask is None:
            self._shade(seen, colour)
        elif mask.any():
            self._shade(seen, colour, in_windows(seen, None, ((thing.bbox, laid(mask, thing.ctm)),)))

    def _rule(self, horizontal: bool, at: float, start: float, end: float, clip: Box, white: bool) -> None:
        if horizontal:
            first, low, last, high = clip
            along, across = self.left, self.top
        else:
            low, first, high, last = clip
            across, along = self.left, self.top
        start, end = max(start, first), min(end, last)
        if end > start and low - 0.5 <= at <= high + 0.5:
            if self.source != "page":  # no line of an annotation is a table's: it underlines, strikes or frames
                if horizontal and not white:
                    self.strikes.append((start - self.left, at - self.top, end - self.left, at - self.top))
                return
            rule = Rule(horizontal, at - across, start - along, end - along)
            self.rules[horizontal].append((rule, self._order, white))


def _covers(state, colour) -> bool:
    """Whether what is painted hides what lies below: no blending that lets it through, no soft mask."""
    blend = getattr(state.blend_mode, "name", "")
    plain = blend in ("Normal", "Compatible")
    plain = plain or (blend in LIGHTEN and is_white(colour)) or (blend in DARKEN and is_black(colour))
    return state.smask is None and plain


def _nested(shades: list[Shade]) -> bool:
    """Whether a box of one path lies in another: it may be a hole."""
    boxes = [shade.box for shade in shades[:MOST_PARTS]]
    return len(boxes) > 1 and any(
        a is not b and a[0] <= b[0] and a[1] <= b[1] and a[2] >= b[2] and a[3] >= b[3] for a in boxes for b in boxes
    )


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
