"""What one PDF page shows: glyphs, ruled lines, areas and outlines, in points from the page's top left."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from budgetperf.readers.pdf.colours import RGB

Box = tuple[float, float, float, float]

SEE_THROUGH = 0.6  # alpha below which text is laid over rather than print


class PageTooLong(Exception):
    """The page took longer than the time allowed."""


class Ink(NamedTuple):
    """How a piece of text was drawn: one for each text operation."""

    order: int  # of painting on the page
    font: int
    colour: RGB | None  # None: a pattern, or not known
    alpha: float = 1.0
    source: str = "page"  # page · field (an annotation that is filled in or typed upon the page) · stamp
    faint: bool = False  # hardly darker than the ground it stands upon
    spacing: float = 0.0  # points that it is set wide with, between any two of its characters


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
    ink: Ink | None = None


class Rule(NamedTuple):
    """A ruled line: at `at` (y of a horizontal, x of a vertical one) from `start` to `end`."""

    horizontal: bool
    at: float
    start: float
    end: float


class Shade(NamedTuple):
    """An opaque area: a filled box, or a picture (colour None); of other shapes the dots that are theirs (see shapes)."""

    box: Box
    order: int
    colour: RGB | None
    mask: np.ndarray | None = None


class Frame(NamedTuple):
    """An outline drawn as one path: a box or (round) a ring."""

    box: Box
    order: int
    colour: RGB | None
    round: bool


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
    unseen: Mapping[str, list[str]] = MappingProxyType({})  # why text on the page is not seen → the texts
    by_code: str = ""  # characters that fonts tell falsely, read by their codes
    doubts: tuple[str, ...] = ()  # what can't be told about this page's print
    crossed: tuple[list[Glyph], ...] = ()  # pieces of text that a line goes through which may be a rule
    stamps: tuple[Frame, ...] = ()  # outlines of seals and stamps laid over the page
    areas: tuple[Shade, ...] = ()  # coloured boxes
    rounded: tuple[Box, ...] = ()  # around outlines with curves


def meet(a: Box, b: Box) -> Box:
    """What two boxes have in common; empty where its ends have changed places.

    >>> meet((0, 0, 4, 4), (2, 1, 9, 3))
    (2, 1, 4, 3)
    """
    return max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])


def lies_over(glyph: Glyph) -> bool:
    """Whether a character is so faint or so transparent that it was laid over the page rather than printed on it."""
    return glyph.ink is not None and (glyph.ink.faint or glyph.ink.alpha < SEE_THROUGH)
