"""Which glyphs of a page stand out from the ground they were painted upon, and are not painted over."""

from collections.abc import Callable

import numpy as np

from budgetperf.readers.pdf.colours import RGB, contrast
from budgetperf.readers.pdf.content import Glyph, Ink, Shade
from budgetperf.readers.pdf.shapes import holds

LEAST_CONTRAST = 0.06  # of ink to ground, times alpha: below it no one sees the text
FAINT = 0.3  # below it text is a watermark rather than print, where it meets other print
LEAST_SIZE = 0.2  # of the page's usual size of type: smaller is not meant to be seen
PAPER: RGB = (1.0, 1.0, 1.0)


def seen_glyphs(
    glyphs: list[Glyph],
    inks: list[Ink],
    shades: list[Shade],
    tell: Callable[[str, Ink, str], None],
    doubts: list[str],
) -> list[Glyph]:
    """The glyphs that are seen (`inks`: all that they were drawn with), those hardly to be seen marked as faint;
    `tell(why, ink, text)` of each that is not; in `doubts` those of which a part is.

    The ground of a glyph is the last area painted before it at its place, else the paper; a later one hides it.
    """
    glyphs = _large_enough(glyphs, tell)
    if not shades:
        known = {colour: _standing(*colour, PAPER) for colour in {(ink.colour, ink.alpha) for ink in inks}}
        weak = {id(ink): state for ink in inks if (state := known[ink.colour, ink.alpha]) != "seen"}
        return _kept(glyphs, [weak.get(id(glyph.ink), "seen") for glyph in glyphs], tell) if weak else glyphs
    grounds, over, half = _grounds(glyphs, shades)
    if half:
        text = "".join(glyphs[number].text for number in half)
        doubts.append(f"文字“{text[:20]}”被色块或图片盖住一半，是不是印的内容无法判断")
    states = []
    standing: dict[tuple[int, int], str] = {}
    for glyph, ground, covered in zip(glyphs, grounds, over, strict=True):
        if covered >= 0:
            states.append("covered" if shades[covered].colour is not None else "picture")
            continue
        key = (id(glyph.ink), ground)
        state = standing.get(key)
        if state is None:
            state = standing[key] = _standing(
                glyph.ink.colour, glyph.ink.alpha, PAPER if ground < 0 else shades[ground].colour
            )
        states.append(state)
    return _kept(glyphs, states, tell)


def _large_enough(glyphs: list[Glyph], tell: Callable[[str, Ink, str], None]) -> list[Glyph]:
    heights = np.array([glyph.y1 - glyph.y0 for glyph in glyphs])
    if not len(glyphs) or heights.min() >= (least := LEAST_SIZE * float(np.median(heights))):
        return glyphs
    return _kept(glyphs, ["tiny" if height < least else "seen" for height in heights.tolist()], tell)


def _standing(colour: RGB | None, alpha: float, ground: RGB | None) -> str:
    strength = contrast(colour, ground) * alpha
    return "ground" if strength < LEAST_CONTRAST else "faint" if strength < FAINT else "seen"


def _kept(glyphs: list[Glyph], states: list[str], tell: Callable[[str, Ink, str], None]) -> list[Glyph]:
    kept = []
    for glyph, state in zip(glyphs, states, strict=True):
        if state == "seen":
            kept.append(glyph)
        elif state == "faint":
            kept.append(glyph._replace(ink=glyph.ink._replace(faint=True)))
        else:
            tell(state, glyph.ink, glyph.text)
    return kept


def _grounds(glyphs: list[Glyph], shades: list[Shade]) -> tuple[list[int], list[int], list[int]]:
    """For each glyph the number of the shade that it stands upon, and of the one painted over it; -1 for none. And the
    numbers of the glyphs that one is painted over in part."""
    places = np.array([(g.x0, g.y0, g.x1, g.y1, g.cx, g.cy, g.ink.order) for g in glyphs]).reshape(-1, 7)
    by_height = np.argsort(places[:, 5], kind="stable")
    x0, y0, x1, y1, cx, cy, order = places[by_height].T
    quarter_x, quarter_y = (x1 - x0) / 4, (y1 - y0) / 4
    left, right, upper, lower = x0 + quarter_x, x1 - quarter_x, y0 + quarter_y, y1 - quarter_y
    ground = np.full(len(glyphs), -1)
    over = np.full(len(glyphs), -1)
    half = np.zeros(len(glyphs), dtype=bool)
    for number, (box, when, _, mask) in enumerate(shades):
        first, last = np.searchsorted(cy, (box[1], box[3]))
        if first == last:
            continue
        part = slice(first, last)
        inside = (cx[part] > box[0]) & (cx[part] < box[2])
        before = order[part] < when
        whole = (left[part] >= box[0]) & (right[part] <= box[2]) & (upper[part] >= box[1]) & (lower[part] <= box[3])
        if mask is not None:
            inside = holds(box, mask, cx[part], cy[part])
            for x in (left, right):
                for y in (upper, lower):
                    whole &= holds(box, mask, x[part], y[part])
        ground[part][inside & ~before] = number
        over[part][inside & before & whole] = number
        half[part] |= inside & before & ~whole
    back = np.empty(len(glyphs), dtype=int)
    back[by_height] = np.arange(len(glyphs))
    half = (half & (over < 0))[back]
    printed = [number for number in np.flatnonzero(half).tolist() if glyphs[number].text.strip()]
    return ground[back].tolist(), over[back].tolist(), printed
