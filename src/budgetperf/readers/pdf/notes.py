"""Raised marks beside a text: they point to a note and are none of its characters."""

import re

from budgetperf.readers.pdf.content import Glyph

SMALLER = 0.8  # of the size of the text beside which a raised mark is set at most
RAISED = 0.18  # of that size by which it stands higher
BESIDE = 0.6  # ems between a mark and its text
OPEN, SHUT = "\ue0f0", "\ue0f1"  # stand around a mark in a cell's text until it is told what it is
MARK = re.compile(f"{OPEN}([^{SHUT}]*){SHUT}")
_RAISED = str.maketrans("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")
_MEASURES = re.compile(r"(?:[mｍMcdk]?[mｍM]|米|里)$")
_NOTE = re.compile(r"^\s*[(（\[【]?\s*(?:(?:附)?注(?:释)?|备注|说明)\s*[)）\]】]?\s*[:：]?")
_NUMBERS = re.compile(
    r"(?:^|[。；;，\s])[(（\[【]?(\d{1,2}|[①-⑳]|\*+|※|[a-z])(?=[)）\]】.．、\s:：]|[^\d.,，%％a-zA-Z])"
)


def with_marks(glyphs: list[Glyph]) -> list[Glyph]:
    """The glyphs of a cell with its raised marks set between OPEN and SHUT; exponents of measures as such (m²)."""
    heights = [glyph.y1 - glyph.y0 for glyph in glyphs]
    if min(heights) > SMALLER * max(heights):
        return glyphs
    marked: dict[int, Glyph] = {}
    last = None  # the mark before: a mark may have several characters
    for number, glyph in sorted(enumerate(glyphs), key=lambda pair: pair[1].x0):
        base = _base(glyph, glyphs) if glyph.turn == 0 and glyph.text.strip() else None
        if base is None and last is not None and _goes_on(glyph, last):
            base = _nearest(glyph, glyphs, last[1])
        if base is not None:
            last = glyph, base
            measure = glyph.text in "23" and _MEASURES.search(_before(base, glyphs))
            text = glyph.text.translate(_RAISED) if measure else OPEN + glyph.text + SHUT
            marked[number] = glyph._replace(text=text, y0=base.y0, y1=base.y1)
    return [marked.get(number, glyph) for number, glyph in enumerate(glyphs)] if marked else glyphs


def _goes_on(glyph: Glyph, last: tuple[Glyph, Glyph]) -> bool:
    before, _ = last
    size = before.y1 - before.y0
    alike = abs(glyph.y1 - before.y1) < 0.1 * size and abs(glyph.y1 - glyph.y0 - size) < 0.1 * size
    return alike and -0.3 * size <= glyph.x0 - before.x1 <= BESIDE * size


def _base(glyph: Glyph, glyphs: list[Glyph]) -> Glyph | None:
    """The larger character that a small one is raised beside."""
    size = glyph.y1 - glyph.y0
    for other in glyphs:
        height = other.y1 - other.y0
        if size > SMALLER * height or other.turn != 0 or not other.text.strip():
            continue
        raised = (other.y1 - 0.12 * height) - (glyph.y1 - 0.12 * size)
        gap = max(glyph.x0 - other.x1, other.x0 - glyph.x1)
        if RAISED * height <= raised < height and -0.3 * height <= gap <= BESIDE * height:
            return _nearest(glyph, glyphs, other)
    return None


def _nearest(glyph: Glyph, glyphs: list[Glyph], like: Glyph) -> Glyph:
    """Of the characters on the line of `like` the one nearest to the left, else to the right."""
    line = [
        g
        for g in glyphs
        if abs(g.y1 - like.y1) < 1 and g.y1 - g.y0 > (glyph.y1 - glyph.y0) / SMALLER - 0.01 and g.text.strip()
    ]
    left = [g for g in line if g.x0 < glyph.x0]
    return max(left, key=lambda g: g.x0) if left else min(line, key=lambda g: g.x0, default=like)


def _before(base: Glyph, glyphs: list[Glyph]) -> str:
    line = sorted((g for g in glyphs if abs(g.y1 - base.y1) < 1 and g.x0 <= base.x0), key=lambda g: g.x0)
    return "".join(glyph.text for glyph in line[-3:])


def marks_of_notes(lines: list[str]) -> set[str]:
    """Marks that notes of a document begin with.

    >>> sorted(marks_of_notes(["注：1 指标值按上年数核定；2 含结转。", "① 见附件", "2024年预算"]))
    ['1', '2', '①']
    """
    found = set()
    for line in lines:
        line = MARK.sub(r"\\1 ", line)
        head = _NOTE.match(line)
        if head:
            found.update(_NUMBERS.findall(line[head.end() :]))
        else:
            begin = _NUMBERS.match(line.strip())
            found.update([begin[1]] if begin else [])
    return found


def settled(text: str, known: set[str]) -> tuple[str, list[str], bool]:
    """A cell's text with its marks settled: those of notes left out (and listed), others as raised characters; whether
    one is left that may be part of a figure.

    >>> settled(f"95{OPEN}1{SHUT}", {"1"}), settled(f"10{OPEN}2{SHUT}", set())
    (('95', ['1'], False), ('10²', [], True))
    """
    marks = []
    unclear = False

    def settle(found: re.Match) -> str:
        nonlocal unclear
        mark = found[1].strip("()（）[]［］【】 ")
        if mark != found[1] or not (mark.isascii() and mark.isdigit()) or mark in known:  # brackets: a mark for sure
            marks.append(found[1])
            return ""
        unclear = True
        return found[1].translate(_RAISED)

    text = MARK.sub(settle, text.replace(SHUT + OPEN, ""))
    return text, marks, unclear
