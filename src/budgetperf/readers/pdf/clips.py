"""Through what a page's drawing is seen: the clipping path's bounds, and the windows that are no boxes."""

from collections.abc import Callable

from budgetperf.readers.pdf.content import Box, meet
from budgetperf.readers.pdf.shapes import MOST_PARTS, Mask, bounds, is_box, polygons, shape_mask

INK_MARGIN = 0.06  # of the em square, above and below, that holds no ink
LEAST_HEIGHT_SEEN = 0.08  # a line cut by the page's edge is kept while this much of its height can be seen
LEAST_WIDTH_SEEN = 0.5  # a character cut by its cell's edge belongs to print when half of it can be seen
NOWHERE: Box = (0.0, 0.0, 0.0, 0.0)

Windows = tuple[tuple[Box, Mask], ...]


def follow_clips(interpreter, clip: Box, windows: Windows, paint_all: Callable) -> list[tuple[Box, Windows]]:
    """A stack whose last entry tells what can be seen while `interpreter` runs: the clipping path's bounds, and the
    windows that are no boxes. playa itself leaves clips out, and shadings, which `paint_all` draws."""
    from playa.parser import KWD

    clips = [(clip, windows)]
    dispatch = getattr(interpreter, "_dispatch", None)
    if dispatch is None:
        return clips

    def narrow(even_odd: bool):
        if not interpreter.curpath:
            return
        shape = polygons(interpreter.curpath, interpreter.ctm)
        box, windows = clips[-1]
        box = meet(box, bounds(shape)) if shape else NOWHERE
        plain = len(shape) == 1 and is_box(shape[0])
        if not plain and len(shape) <= MOST_PARTS and box[0] < box[2] and box[1] < box[3]:
            windows = (*windows, (box, shape_mask(shape, box, even_odd)))
        clips[-1] = box, windows

    def save():
        interpreter.do_q()
        clips.append(clips[-1])

    def restore():
        interpreter.do_Q()
        if len(clips) > 1:
            clips.pop()

    dispatch[KWD(b"W")] = (lambda: narrow(False), 0)
    dispatch[KWD(b"W*")] = (lambda: narrow(True), 0)
    dispatch[KWD(b"q")] = (save, 0)
    dispatch[KWD(b"Q")] = (restore, 0)
    dispatch[KWD(b"sh")] = (lambda name: paint_all(interpreter, *clips[-1]), 1)
    return clips


def enough_seen(box: Box, clip: Box, turn: int) -> bool:
    """Whether the clip leaves enough of a character for a reader to see it."""
    across, along = _share_seen(box[0], box[2], clip[0], clip[2]), _share_seen(box[1], box[3], clip[1], clip[3])
    if turn in (1, 3):
        across, along = along, across
    return across >= LEAST_WIDTH_SEEN and along >= LEAST_HEIGHT_SEEN


def _share_seen(start: float, end: float, first: float, last: float) -> float:
    margin = INK_MARGIN * (end - start)
    start, end = start + margin, end - margin
    return (min(end, last) - max(start, first)) / (end - start) if end > start else 0.0
