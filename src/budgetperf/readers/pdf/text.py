"""Glyphs → lines of text as printed."""

from collections import Counter
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from budgetperf.readers.pdf.content import Box, Glyph

SAME_LINE = 0.5  # glyphs whose heights overlap by half of the smaller one stand on one line
WORD_GAP = 0.18  # ems between Latin letters from which a blank is seen although none is drawn
WIDE_GAP = 1.5  # ems between Chinese characters from which a blank is seen although none is drawn
SAME_SPREAD = 0.05  # ems by which the spaces of type set wide differ
FAR_APART = 2.2  # ems from which two pieces of a line outside tables are pieces of their own
UPON = 0.4  # of the narrower of two characters that lies upon the other
LEAST_WIDTH = 0.2  # ems: no character is narrower
CLOSING, OPENING = "，。、；：！？）》」】”’", "（《「【“‘"
LINES_APART = 0.4  # of the lower line's height that reaches into the line above
BLANKS = " \u00a0\u3000\t"


class Line(NamedTuple):
    """A line of text and the box it takes up."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    over: bool = False  # characters of it lie upon each other


def cell_text(glyphs: list[Glyph]) -> tuple[str, bool]:
    """Text of one cell, its lines divided by line breaks, and whether text lies upon text in it; blanks at its two ends
    are left out.

    A blank at the end of an inner line is kept: it tells a wrapped English text from a wrapped code.
    """
    lines = text_lines(glyphs)
    if len(lines) == 1:
        return lines[0].text.strip(BLANKS), lines[0].over
    texts = [line.text.lstrip(BLANKS) for line in lines]
    over = any(line.over for line in lines) or any(_lies_upon(a, b) for a, b in pairwise(lines))
    return "\n".join(text for text in texts if text.strip(BLANKS)).rstrip(BLANKS), over


def _lies_upon(a: Line, b: Line) -> bool:
    """Whether the lower of two lines reaches far up into the upper one."""
    tall = min(a.y1, b.y1) - max(a.y0, b.y0)
    wide = min(a.x1, b.x1) - max(a.x0, b.x0)
    return tall > LINES_APART * min(a.y1 - a.y0, b.y1 - b.y0) and wide > 1 and bool(a.text.strip() and b.text.strip())


def text_lines(glyphs: list[Glyph], apart: float = float("inf")) -> list[Line]:
    """Lines from top to bottom; with `apart`, a line is divided where its pieces are that many ems from each other.

    >>> row = [Glyph(c, x, 0, x + 9, 9, x + 4, 4, turn=0) for c, x in (("元", 209), ("合", 0), ("计", 9))]
    >>> [line.text for line in text_lines(row, apart=2)]
    ['合计', '元']
    """
    if not glyphs:
        return []
    turns = {glyph.turn for glyph in glyphs}
    if turns == {0}:
        return _upright_lines(glyphs, apart)
    lines = []
    for turn in sorted(turns):
        if turn == -1:
            lines.append(slanted_line([glyph for glyph in glyphs if glyph.turn == -1]))
            continue
        turned = [turned_glyph(glyph, -turn % 4) for glyph in glyphs if glyph.turn == turn]
        lines += [_as_printed(line, turn) for line in _upright_lines(turned, apart)]
    return lines


def _upright_lines(glyphs: list[Glyph], apart: float) -> list[Line]:
    rows: list[list[Glyph]] = []
    top = bottom = 0.0
    for glyph in sorted(glyphs, key=lambda g: g.y0 + g.y1):
        if rows and glyph.y0 == top and glyph.y1 == bottom:
            rows[-1].append(glyph)
            continue
        height = glyph.y1 - glyph.y0
        if rows and min(bottom, glyph.y1) - max(top, glyph.y0) > SAME_LINE * min(height, bottom - top):
            rows[-1].append(glyph)
            if height > bottom - top:
                top, bottom = glyph.y0, glyph.y1
        else:
            rows.append([glyph])
            top, bottom = glyph.y0, glyph.y1
    return [line for row in rows for line in _line(sorted(row, key=attrgetter("x0")), apart)]


def _line(row: list[Glyph], apart: float) -> list[Line]:
    row = [row[0], *[b for a, b in pairwise(row) if a.text != b.text or not _drawn_twice(a, b)]]
    em = max([glyph.y1 - glyph.y0 for glyph in row])
    gaps = [glyph.x0 - before.x1 for before, glyph in pairwise(row)]
    if not gaps or max(gaps) <= min(apart, WORD_GAP) * em:  # one word, as nearly every line of Chinese print
        pieces, texts = [row], ["".join([glyph.text for glyph in row])]
    else:
        pieces, texts = _pieces(row, gaps, em, apart)
    over = bool(gaps) and min(gaps) < -UPON * LEAST_WIDTH * em and any(_upon(a, b) for a, b in pairwise(row))
    return [
        Line(
            text, piece[0].x0, min([g.y0 for g in piece]), max([g.x1 for g in piece]), max([g.y1 for g in piece]), over
        )
        for piece, text in zip(pieces, texts, strict=True)
    ]


def _upon(a: Glyph, b: Glyph) -> bool:
    """Whether two characters lie upon each other, neither of them a blank. Punctuation marks fill half of their box:
    they are often set half upon the next character."""
    end, start = a.x1, b.x0
    if a.text in CLOSING:
        end -= (a.x1 - a.x0) / 2
    if b.text in OPENING:
        start += (b.x1 - b.x0) / 2
    if min(end, b.x1) - start <= UPON * min(a.x1 - a.x0, b.x1 - b.x0):
        return False
    return bool(a.text.strip(BLANKS) and b.text.strip(BLANKS))


def _pieces(row: list[Glyph], gaps: list[float], em: float, apart: float) -> tuple[list[list[Glyph]], list[str]]:
    """The glyphs of each piece of a line and its text, with the blanks that are seen between its words."""
    spread = _letter_spacing(row)
    pieces, texts = [[row[0]]], [row[0].text]
    for (before, glyph), gap in zip(pairwise(row), gaps, strict=True):
        if before.ink is glyph.ink:  # what an operation sets all its characters apart by is no blank
            gap -= before.ink.spacing if before.ink else 0
        if gap > apart * em:
            pieces.append([])
            texts.append("")
        elif gap > WORD_GAP * em and _blank_seen(before.text, glyph.text, gap / em, spread / em):
            texts[-1] += " "
        pieces[-1].append(glyph)
        texts[-1] += glyph.text
    return pieces, texts


def _letter_spacing(row: list[Glyph]) -> float:
    """The usual gap between the line's Latin letters and digits: type set wide shows no blanks."""
    gaps = sorted(b.x0 - a.x1 for a, b in pairwise(row) if _is_latin(a.text[-1:]) and _is_latin(b.text[:1]))
    return gaps[len(gaps) // 2] if len(gaps) > 2 else 0.0


def closed_up(glyphs: list[Glyph]) -> list[Glyph]:
    """The glyphs of a page with the space that its type is set with taken for part of them, where most Chinese
    characters are set so far apart that blanks would be seen between digits.

    >>> row = [Glyph(c, 12 * n, 0, 12 * n + 9, 9, 0, 4, turn=0) for n, c in enumerate("新增托位共")]
    >>> row += [Glyph(c, 60 + 7.5 * n, 0, 64.5 + 7.5 * n, 9, 0, 4, turn=0) for n, c in enumerate("420")]
    >>> text_lines(row)[0].text, text_lines(closed_up(row))[0].text
    ('新增托位共4 2 0', '新增托位共420')
    """
    pairs = [
        (n, b.x0 - a.x1, a.y1 - a.y0) for n, (a, b) in enumerate(pairwise(glyphs)) if a.y0 == b.y0 and a.y1 == b.y1
    ]
    chinese = sorted(gap / em for n, gap, em in pairs if glyphs[n].text > "\u2e80" and glyphs[n + 1].text > "\u2e80")
    spread = chinese[len(chinese) // 2] if len(chinese) > 3 else 0.0
    if not WORD_GAP < spread < WIDE_GAP / 2:
        return glyphs
    near = {n for n, gap, em in pairs if abs(gap - spread * em) < SAME_SPREAD * em}
    return [g._replace(x1=glyphs[n + 1].x0) if n in near else g for n, g in enumerate(glyphs)]


def _drawn_twice(a: Glyph, b: Glyph) -> bool:
    """Whether two equal characters stand a hair apart: bold type is often faked by printing each one twice."""
    return b.x0 - a.x0 < 0.3 * (a.x1 - a.x0) and abs(b.y0 - a.y0) < 0.3 * (a.y1 - a.y0)


def _blank_seen(left: str, right: str, gap: float, spread: float) -> bool:
    if left[-1:] in BLANKS or right[:1] in BLANKS:
        return False
    return gap > WIDE_GAP or (gap > WORD_GAP + 1.2 * spread and _is_latin(left[-1:]) and _is_latin(right[:1]))


def _is_latin(character: str) -> bool:
    return character < "\u2e80" and (character.isalnum() or character in ".,;:!?()[]%&/-+'\"")


def most_common_turn(glyphs: list[Glyph]) -> int:
    """Quarter turns clockwise of the page's print: not 0 where a wide table was printed sideways on an upright page."""
    if {glyph.turn for glyph in glyphs} <= {0}:
        return 0
    counts = Counter(glyph.turn for glyph in glyphs if glyph.text.strip(BLANKS))
    return counts.most_common(1)[0][0] if counts else 0


def turned_glyph(glyph: Glyph, turn: int) -> Glyph:
    """The glyph after `turn` quarter turns clockwise about the origin."""
    x0, y0, x1, y1 = turned_box((glyph.x0, glyph.y0, glyph.x1, glyph.y1), turn)
    cx, cy, _, _ = turned_box((glyph.cx, glyph.cy, glyph.cx, glyph.cy), turn)
    return Glyph(glyph.text, x0, y0, x1, y1, cx, cy, (glyph.turn + turn) % 4 if glyph.turn >= 0 else -1, glyph.ink)


def turned_box(box: Box, turn: int) -> Box:
    """The box after `turn` quarter turns clockwise about the origin, y downwards.

    >>> turned_box((1, 0, 3, 1), 1)
    (-1, 1, 0, 3)
    """
    x0, y0, x1, y1 = box
    for _ in range(turn):
        x0, y0, x1, y1 = -y1, x0, -y0, x1
    return x0, y0, x1, y1


def _as_printed(line: Line, turn: int) -> Line:
    return Line(line.text, *turned_box(line[1:5], turn), line.over)


def slanted_line(glyphs: list[Glyph]) -> Line:
    """Text laid over a page: its characters in the order of drawing, one line."""
    return Line(
        "".join(glyph.text for glyph in glyphs),
        min(g.x0 for g in glyphs),
        min(g.y0 for g in glyphs),
        max(g.x1 for g in glyphs),
        max(g.y1 for g in glyphs),
    )
