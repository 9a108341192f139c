"""Areas that are no boxes: which points a painted shape, a window or a picture seen through in parts takes up.

An area is a box and, unless all of the box belongs to it, a mask: which of its dots do.
"""

from itertools import pairwise

import numpy as np
from PIL import Image, ImageDraw

from budgetperf.readers.pdf.content import Box

DOTS = 2.0  # a point
MOST_DOTS = 1500  # along a side: larger areas are drawn more coarsely
STEPS = 8  # straight pieces that a curve is drawn with
MOST_PARTS = 200  # of a shape: more are a drawing or text turned into outlines
HIDES = 0.9  # opacity of a picture's dot from which nothing is seen through it

Mask = np.ndarray
Polygon = list[tuple[float, float]]


def polygons(segments, ctm) -> list[Polygon]:
    """The subpaths of a path as seen, curves as straight pieces."""
    a, b, c, d, e, f = ctm
    found: list[Polygon] = []
    for operator, points in segments:
        seen = [(a * x + c * y + e, b * x + d * y + f) for x, y in points]
        if operator == "m":
            found.append(seen)
        elif operator == "l" and found:
            found[-1] += seen
        elif operator != "h" and found:
            here = found[-1][-1]
            first, second = (here if operator == "v" else seen[0]), (seen[-1] if operator == "y" else seen[-2])
            found[-1] += _curve(here, first, second, seen[-1])
    return [polygon for polygon in found if len(polygon) > 2]


def _curve(start, first, second, end) -> Polygon:
    steps = [(n / STEPS, 1 - n / STEPS) for n in range(1, STEPS + 1)]
    return [
        tuple(
            u**3 * p + 3 * u * u * t * q + 3 * u * t * t * r + t**3 * s
            for p, q, r, s in zip(start, first, second, end, strict=True)
        )
        for t, u in steps
    ]


def is_box(polygon: Polygon) -> bool:
    """Whether a polygon's sides all lie or stand.

    >>> is_box([(0, 0), (0, 2), (3, 2), (3, 0)]), is_box([(0, 0), (2, 2), (4, 0)])
    (True, False)
    """
    if not 4 <= len(polygon) <= 5:
        return False
    around = pairwise([*polygon, polygon[0]])
    return all(abs(p[0] - q[0]) < 0.3 or abs(p[1] - q[1]) < 0.3 for p, q in around)


def bounds(polygons: list[Polygon]) -> Box:
    """The box about polygons."""
    xs, ys = zip(*(point for polygon in polygons for point in polygon), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def shape_mask(polygons: list[Polygon], box: Box, even_odd: bool) -> Mask:
    """The dots of `box` inside polygons, by the rule of even and odd crossings or by the way round they are drawn.

    >>> outer, inner = [(0, 0), (9, 0), (9, 9), (0, 9)], [(3, 3), (6, 3), (6, 6), (3, 6)]
    >>> [bool(holds((0, 0, 9, 9), shape_mask([outer, inner], (0, 0, 9, 9), odd), 4.5, 4.5)) for odd in (True, False)]
    [False, True]
    """
    x0, y0, x1, y1 = box
    wide, tall = (max(1, min(MOST_DOTS, round(DOTS * side))) for side in (x1 - x0, y1 - y0))
    count = np.zeros((tall, wide), dtype=np.int32)
    for polygon in polygons:
        dots = Image.new("1", (wide, tall))
        points = [((x - x0) / (x1 - x0) * wide - 0.5, (y - y0) / (y1 - y0) * tall - 0.5) for x, y in polygon]
        ImageDraw.Draw(dots).polygon(points, fill=1)
        count += np.asarray(dots) * (1 if even_odd or _clockwise(polygon) else -1)
    return count % 2 == 1 if even_odd else count != 0


def in_windows(box: Box, mask: Mask | None, windows) -> Mask | None:
    """The mask of what is seen of an area through windows, each an area itself; None where it is all of the box."""
    if not windows:
        return mask
    x0, y0, x1, y1 = box
    wide, tall = (max(1, min(MOST_DOTS, round(DOTS * side))) for side in (x1 - x0, y1 - y0))
    x = x0 + (np.arange(wide) + 0.5) * (x1 - x0) / wide
    y = y0 + (np.arange(tall) + 0.5) * (y1 - y0) / tall
    x, y = x[None, :], y[:, None]
    seen = holds(box, mask, x, y)
    for window in windows:
        seen = seen & holds(*window, x, y)
    return seen


def _clockwise(polygon: Polygon) -> bool:
    return sum(p[0] * q[1] - q[0] * p[1] for p, q in pairwise([*polygon, polygon[0]])) > 0


def holds(box: Box, mask: Mask | None, x, y):
    """Whether points (numbers or arrays) lie in an area.

    >>> bool(holds((0, 0, 2, 2), None, 1, 1)), bool(holds((0, 0, 2, 2), np.array([[True, False]]), 1.5, 1))
    (True, False)
    """
    x0, y0, x1, y1 = box
    inside = (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)
    if mask is None:
        return inside
    tall, wide = mask.shape
    column = np.clip(((np.asarray(x) - x0) / (x1 - x0) * wide).astype(int), 0, wide - 1)
    row = np.clip(((np.asarray(y) - y0) / (y1 - y0) * tall).astype(int), 0, tall - 1)
    return inside & mask[row, column]


def picture_mask(thing) -> Mask | None:
    """The dots of a picture through which nothing is seen; None where all of it hides what lies below.

    Of a picture whose mask can't be told (packed in a way that isn't read here) no dot hides anything.
    """
    stream = thing.stream
    nothing = np.zeros((1, 1), dtype=bool)
    if thing.imagemask:
        dots = _dots(stream)
        return nothing if dots is None else _painted(stream, dots)
    soft, hard = (_stream(stream.get(key)) for key in ("SMask", "Mask"))
    if soft is not None:
        dots = _dots(soft)
        return nothing if dots is None else dots >= HIDES
    if hard is not None:
        dots = _dots(hard)
        return nothing if dots is None else _painted(hard, dots)
    return nothing if stream.get("Mask") is not None or stream.get("SMaskInData") else None


def laid(mask: Mask, ctm) -> Mask:
    """A picture's mask as the picture lies on the page, by the matrix that places it; of a slanted one nothing hides
    unless all of it does.

    >>> laid(np.array([[True, False]]), (-9, 0, 0, -9, 9, 9)).tolist()
    [[False, True]]
    """
    a, b, c, d = ctm[:4]
    if abs(b) + abs(c) < 0.01 * (abs(a) + abs(d)):
        return mask[:: 1 if d < 0 else -1, :: 1 if a > 0 else -1]
    if abs(a) + abs(d) < 0.01 * (abs(b) + abs(c)):
        return mask.T[:: 1 if b > 0 else -1, :: 1 if c < 0 else -1]
    return np.full((1, 1), mask.all())


def _stream(value):
    from playa.pdftypes import ContentStream, resolve1

    value = resolve1(value)
    return value if isinstance(value, ContentStream) else None


def _painted(stream, dots: np.ndarray) -> Mask:
    """The dots that a stencil paints: those that are 0, unless it is turned round."""
    from playa.pdftypes import resolve1

    turned = list(resolve1(stream.get("Decode")) or [0, 1])[:1] == [1]
    return (dots > 0.5) == turned


def _dots(stream) -> np.ndarray | None:
    """The dots of a picture of one or eight bits a dot, 0 to 1."""
    from playa.pdftypes import resolve1

    wide, tall = (resolve1(stream.get(key)) for key in ("Width", "Height"))
    bits = 1 if resolve1(stream.get("ImageMask")) else resolve1(stream.get("BitsPerComponent"))
    if not (isinstance(wide, int) and isinstance(tall, int) and 0 < wide * tall <= 16_000_000) or bits not in (1, 8):
        return None
    data = np.frombuffer(stream.buffer, dtype=np.uint8)
    line = (wide * bits + 7) // 8
    if len(data) < line * tall:
        return None
    data = data[: line * tall].reshape(tall, line)
    return np.unpackbits(data, axis=1)[:, :wide].astype(float) if bits == 1 else data / 255
