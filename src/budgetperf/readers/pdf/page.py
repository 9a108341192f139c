"""One PDF page → what a person sees on it: glyphs and ruled lines, and on record what she does not see.

The page is interpreted by playa, the parser under camelot 2.0's vector engine. Taken straight from its content stream,
a page costs half of what camelot's own layout analysis costs, and what decides whether a person sees a thing is known:
the clipping path, the order of painting, colours by family, layers, annotations, which glyphs have no Unicode mapping.
"""

import math
from collections.abc import Callable

from budgetperf.readers.pdf.annotations import draw_annotations
from budgetperf.readers.pdf.content import Box, PageContent, meet
from budgetperf.readers.pdf.pen import Pen
from budgetperf.readers.pdf.seen import seen_glyphs
from budgetperf.readers.pdf.strays import of_own_colour, part_strays
from budgetperf.readers.pdf.strokes import crossed_out, part_strokes, visible_rules
from budgetperf.readers.pdf.text import closed_up


def read_page_content(
    page, deadline: float, layer_hidden: Callable[[object], bool | None] = lambda entry: False
) -> PageContent:
    """All that can be seen on a playa page (opened with space="screen"), cropped to its crop box.

    `layer_hidden` says of an optional-content entry whether its layer is switched off (see layer_watch). Raises
    PageTooLong when time.monotonic() passes `deadline`.
    """
    crop = _crop_box(page)
    pen = Pen(crop, deadline, layer_hidden)
    pen.draw(page.interp(), crop, 0)
    if tilt := pen.tilt():  # laid on the glass askew: read as if it lay straight
        page.ctm = _turned(page.ctm, -tilt, crop)
        pen = Pen(crop, deadline, layer_hidden)
        pen.draw(page.interp(), crop, 0)
    draw_annotations(page, pen, crop)
    glyphs = seen_glyphs(pen.glyphs, pen.inks, pen.shades, pen.tell, pen.doubts)
    boxes = [shade for shade in pen.shades if shade.mask is None]
    dark, white, doubts = visible_rules(pen.rules, boxes)
    rules, struck, crossed, stamps = part_strokes(dark, glyphs, pen.frames, pen.strikes)
    rules, in_doubt = part_strays(rules, glyphs, of_own_colour(pen.rules, pen.hues))
    if struck:
        for number in sorted(struck, key=lambda n: (glyphs[n].ink.order, n)):
            pen.tell("struck", glyphs[number].ink, glyphs[number].text)
        glyphs = [glyph for number, glyph in enumerate(glyphs) if number not in struck]
    x0, y0, x1, y1 = crop
    area = max((x1 - x0) * (y1 - y0), 1.0)
    unseen = pen.told()
    return PageContent(
        width=x1 - x0,
        height=y1 - y0,
        glyphs=closed_up(glyphs),
        rules=rules + white,
        image_area=min(1.0, pen.image_area / area),
        curves=pen.curves,
        unmapped=pen.unmapped,
        hidden=sum(map(len, [*unseen.get("invisible", []), *unseen.get("picture", [])])),
        unseen=unseen,
        by_code=pen.by_code,
        doubts=(*pen.doubts, *doubts),
        crossed=(*crossed, *in_doubt, *crossed_out(glyphs, pen.slants)),
        stamps=tuple(stamps),
        rounded=tuple(frame.box for frame in pen.frames if frame.round),
        areas=tuple(shade for shade in boxes if shade.colour is not None),
    )


def _turned(ctm, angle: float, box: Box):
    """A matrix with the page turned about the middle of a box, clockwise by an angle in radians."""
    from playa.utils import mult_matrix

    x, y, cos, sin = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, math.cos(angle), math.sin(angle)
    return mult_matrix(ctm, (cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y))


def _crop_box(page) -> Box:
    from playa.utils import transform_bbox

    media = transform_bbox(page.ctm, page.mediabox)
    crop = transform_bbox(page.ctm, page.cropbox)
    both = meet(media, crop)
    return both if both[2] - both[0] > 1 and both[3] - both[1] > 1 else media
