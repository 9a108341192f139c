"""What annotations print upon a page: filled-in form fields, typed text, stamps, white boxes, strikes."""

import re

from budgetperf.readers.pdf.content import Box, Glyph, Ink

UNSEEN = 0x02 | 0x20  # flags: hidden, not to be viewed
NOT_PRINT = {"Link", "Popup", "Text", "Sound", "Movie", "Screen", "FileAttachment", "PrinterMark", "TrapNet"}
FIELDS = {"Widget", "FreeText"}
PASSWORD = 0x2000
FIELD_SIZE = 10.0  # points, where a field leaves the size to the viewer
DEEPEST_FIELD = 16


def draw_annotations(page, pen, crop: Box) -> None:
    """Draws the page's annotations after its own content, each by its appearance; a filled-in field that has none by
    its value. The text of hidden ones goes on record as not seen."""
    for annotation in page.annotations:
        if annotation.type in NOT_PRINT:
            continue
        pen.source = "field" if annotation.type in FIELDS else "stamp"
        hidden = bool(_flags(annotation.props.get("F")) & UNSEEN) or pen.layer_hidden(annotation.props.get("OC"))
        form = _appearance(annotation, page)
        if form is not None:
            pen.draw_form(form, crop, "annotation" if hidden else "")
        elif annotation.type in FIELDS:
            _type(annotation, pen, hidden)
        if annotation.type == "StrikeOut" and not hidden:
            pen.strikes += [_moved(box, pen) for box in _struck(annotation, page)]
    pen.source = "page"


def _flags(value) -> int:
    from playa.pdftypes import resolve1

    value = resolve1(value)
    return value if isinstance(value, int) else 0


def _appearance(annotation, page):
    """The annotation's appearance as a form in its place on the page; None where it has none that can be drawn."""
    from playa.content import GraphicState, XObjectObject
    from playa.pdftypes import ContentStream, matrix_value, rect_value, resolve1
    from playa.utils import mult_matrix, transform_bbox

    stream = resolve1((resolve1(annotation.props.get("AP")) or {}).get("N"))
    if isinstance(stream, dict):  # one for each state
        stream = resolve1(stream.get(getattr(resolve1(annotation.props.get("AS")), "name", "")))
    if not isinstance(stream, ContentStream) or "BBox" not in stream:
        return None
    matrix = matrix_value(stream["Matrix"]) if "Matrix" in stream else (1, 0, 0, 1, 0, 0)
    x0, y0, x1, y1 = transform_bbox(matrix, rect_value(stream["BBox"]))
    left, low, right, high = annotation.rect
    left, right, low, high = min(left, right), max(left, right), min(low, high), max(low, high)
    if x1 <= x0 or y1 <= y0:
        return None
    wide, tall = (right - left) / (x1 - x0), (high - low) / (y1 - y0)
    place = (wide, 0, 0, tall, left - x0 * wide, low - y0 * tall)
    return XObjectObject.from_stream(
        stream=stream, page=page, xobjid="", ctm=mult_matrix(place, page.ctm), gstate=GraphicState(), mcstack=()
    )


def _struck(annotation, page) -> list[Box]:
    """A line through the middle of each stretch of text that a strike-out annotation marks."""
    from playa.pdftypes import list_value, num_value
    from playa.utils import transform_bbox

    points = [num_value(x) for x in list_value(annotation.props.get("QuadPoints", []))]
    lines = []
    for at in range(0, len(points) - 7, 8):
        xs, ys = points[at : at + 8 : 2], points[at + 1 : at + 8 : 2]
        x0, y0, x1, y1 = transform_bbox(page.ctm, (min(xs), min(ys), max(xs), max(ys)))
        lines.append((x0, (y0 + y1) / 2, x1, (y0 + y1) / 2))
    return lines


def _moved(box: Box, pen) -> Box:
    return box[0] - pen.left, box[1] - pen.top, box[2] - pen.left, box[3] - pen.top


def _type(annotation, pen, hidden: bool) -> None:
    """The value of a text field, or the text of a typed note, as a viewer would set it into its box."""
    text, size, flags = _value(annotation)
    x0, y0, x1, y1 = _moved(annotation.bbox, pen)
    lines = [line for line in re.split(r"\r\n|\r|\n", text) if line.strip()]
    if not lines or flags & PASSWORD:
        return
    size = min(size or FIELD_SIZE, (y1 - y0) / len(lines))
    ink = Ink(pen.next_order(), 0, (0.0, 0.0, 0.0), 1.0, pen.source)
    pen.inks.append(ink)
    top = (y0 + y1 - size * len(lines)) / 2
    for number, line in enumerate(lines):
        widths = [size if character >= "\u2e80" else size / 2 for character in line]
        squeeze = min(1.0, (x1 - x0) / sum(widths))
        x, y = x0, top + number * size
        for character, width in zip(line, widths, strict=True):
            end = x + width * squeeze
            if hidden:
                pen.tell("annotation", ink, character)
            else:
                pen.glyphs.append(Glyph(character, x, y, end, y + size, (x + end) / 2, y + size / 2, 0, ink))
            x = end


def _value(annotation) -> tuple[str, float, int]:
    """Text, size of type (0: left to the viewer) and flags; a field may have them from the field it belongs to."""
    from playa.pdftypes import resolve1
    from playa.utils import decode_text

    found: dict = {}
    node, depth = annotation.props, 0
    while isinstance(node, dict) and depth < DEEPEST_FIELD:
        for key in ("V", "DA", "FT", "Ff"):
            if key in node:
                found.setdefault(key, resolve1(node[key]))
        node, depth = resolve1(node.get("Parent")), depth + 1
    text = annotation.contents if annotation.type == "FreeText" else found.get("V")
    kind = getattr(found.get("FT"), "name", "Tx")
    if isinstance(text, bytes):
        text = decode_text(text)
    if not isinstance(text, str) or kind not in ("Tx", "Ch"):
        text = ""
    size = re.search(rb"([\d.]+)\s+Tf", found["DA"]) if isinstance(found.get("DA"), bytes) else None
    return text, float(size[1]) if size else 0.0, _flags(found.get("Ff"))
