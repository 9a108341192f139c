"""What lies over a table's print and is none of it: watermarks, seals, stamps; and what can't be told apart from it.

Print of a table stands inside its cells, in the table's own type. What runs over rules or over other text, in a type of
its own (colour, size, how faint), or belongs to the outline or the circle of a stamp, was laid over the table.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from budgetperf.readers.pdf.colours import OTHER_COLOUR, contrast
from budgetperf.readers.pdf.content import SEE_THROUGH, Box, Frame, Glyph
from budgetperf.readers.pdf.grid import Grid

OUTSIDE = 0.2  # of its own width or height by which a character stands out of its cell, for a rule to run through it
LARGER = 1.25  # times the table's own type: another size
TWICE = 2.0
SHARE = 0.25  # of a type's characters in the table that lie across rules or text, for all of it to be laid over
AROUND = 3  # text operations after a stamp's outline or circle that may still be its own
APART = 6  # operations between two texts of a cell from which they were not drawn together
CLOSE = 0.1  # ems between two characters of a word
OUT = -1  # where a cell's number stands: no cell, outside the table
OVERLAP = 0.35  # of the smaller character's sides that lies upon another character

Cells = list[dict[int, list[Glyph]]]
Look = tuple[int, object, bool, float, int]  # size in half points, colour, faint, alpha, font


def part_overlays(
    grids: list[Grid], inside: Cells, loose: list[Glyph], slanted: list[Glyph], stamps: Iterable[Frame]
) -> tuple[Cells, list[Glyph], list[Glyph], list[str]]:
    """Glyphs by table and cell without what is laid over them; the loose ones alike; what was laid over, in order of
    painting; what can't be told."""
    looks = _count_looks(inside)
    if not looks:
        return inside, loose, [], []
    across = list(_across(grids, inside))
    over = _stamped(inside, slanted, stamps, looks)
    strange = _strange(looks)
    doubts: list[str] = []
    if strange:
        left = [{n: [g for g in glyphs if id(g) not in over] for n, glyphs in table.items()} for table in inside]
        found, doubts = _laid_over(left if over else inside, loose, across, strange, looks)
        over |= found
    overlays = [glyph for glyph in [*_all(inside), *loose] if id(glyph) in over] if over else []
    if overlays:
        inside = [
            {cell: kept for cell, glyphs in table.items() if (kept := [g for g in glyphs if id(g) not in over])}
            for table in inside
        ]
        loose = [glyph for glyph in loose if id(glyph) not in over]
    inside, pale, more = _mixed(inside, strange)
    doubts += more + _run_over(grids, inside, across, loose)
    return inside, loose, sorted([*overlays, *pale], key=lambda glyph: glyph.ink.order), doubts


def _strange(looks: Counter[Look]) -> dict[Look, bool]:
    """Types that are not the tables' own → whether that is plain: another colour, hardly to be seen, twice the size."""
    size, colour = _own(looks)
    strange = {}
    for look in looks:
        weak = look[2] or look[3] < SEE_THROUGH
        other = look[1] != colour and contrast(look[1], colour) > OTHER_COLOUR
        if weak or other or look[0] >= LARGER * size:
            strange[look] = weak or other or look[0] >= TWICE * size
    return strange


def _own(looks: Counter[Look]) -> tuple[int, object]:
    """The size and the colour that most of the tables' characters have."""
    sizes, colours = Counter(), Counter()
    for look, count in looks.items():
        sizes[look[0]] += count
        colours[look[1]] += count
    return sizes.most_common(1)[0][0], colours.most_common(1)[0][0]


def _laid_over(
    inside: Cells, loose: list[Glyph], across: list[Glyph], strange: dict[Look, bool], looks: Counter[Look]
) -> tuple[set[int], list[str]]:
    """Characters of strange types that were laid over the tables, and what is not sure of it.

    Where some characters of a type lie across rules or upon other text, so does the text operation that they belong to;
    where many do, or the type is faint, all of the type.
    """
    crossing, upon = defaultdict(set), defaultdict(set)
    for found, glyphs in ((crossing, across), (upon, _upon_others(inside, strange))):
        for glyph in glyphs:
            if _look(glyph) in strange:
                found[_look(glyph)].add(id(glyph))
    evidence = {look: crossing[look] | upon[look] for look in {*crossing, *upon}}
    weak = {look for look in evidence if look[2] or look[3] < SEE_THROUGH}
    whole = weak | {look for look, found in evidence.items() if len(found) >= SHARE * looks[look]}
    orders = {glyph.ink.order for glyph in _all(inside) if id(glyph) in evidence.get(_look(glyph), ())}
    over = [g for g in _all(inside) if (k := _look(g)) in whole or (k in strange and g.ink.order in orders)]
    unsure = [
        glyph for glyph in over if not (strange[_look(glyph)] and (_look(glyph) in weak or crossing[_look(glyph)]))
    ]
    doubts = [f"“{_text(unsure)}”压在表格文字上，未读入，是否有效无法判断"] if unsure else []
    return {id(glyph) for glyph in [*over, *(g for g in loose if _look(g) in weak)]}, doubts


def _count_looks(inside: Cells) -> Counter[Look]:
    """How many characters of the tables are of each type."""
    by_ink: dict[int, list] = {}
    for table in inside:
        for glyphs in table.values():
            for glyph in glyphs:
                found = by_ink.get(id(glyph.ink))
                if found is None:
                    by_ink[id(glyph.ink)] = [glyph, 1]
                else:
                    found[1] += 1
    looks: Counter[Look] = Counter()
    for glyph, count in by_ink.values():
        looks[_look(glyph)] += count
    return looks


def _all(inside: Cells) -> Iterator[Glyph]:
    return (glyph for table in inside for glyphs in table.values() for glyph in glyphs)


def _look(glyph: Glyph) -> Look:
    ink = glyph.ink
    size = glyph.y1 - glyph.y0 if glyph.turn % 2 == 0 else glyph.x1 - glyph.x0
    return round(2 * size), ink.colour, ink.faint, ink.alpha, ink.font


def _across(grids: list[Grid], inside: Cells) -> Iterator[Glyph]:
    """Characters that a rule of their cell runs through."""
    for grid, table in zip(grids, inside, strict=True):
        for number, glyphs in table.items():
            cell = grid.cells[number]
            for glyph in glyphs:
                wide, tall = OUTSIDE * (glyph.x1 - glyph.x0), OUTSIDE * (glyph.y1 - glyph.y0)
                if (
                    glyph.x0 < cell.x0 - wide
                    or glyph.x1 > cell.x1 + wide
                    or (glyph.y0 < cell.y0 - tall and not cell.open_top)
                    or (glyph.y1 > cell.y1 + tall and not cell.open_bottom)
                ) and not _is_cut(glyph):
                    yield glyph


def _is_cut(glyph: Glyph) -> bool:
    return abs(glyph.cx - (glyph.x0 + glyph.x1) / 2) > 0.01 or abs(glyph.cy - (glyph.y0 + glyph.y1) / 2) > 0.01


def _upon_others(inside: Cells, strange: set[Look]) -> Iterator[Glyph]:
    """Characters of a strange type that lie upon others of their cell."""
    for table in inside:
        for glyphs in table.values():
            odd = [glyph for glyph in glyphs if _look(glyph) in strange]
            if odd and len(odd) < len(glyphs):
                others = [glyph for glyph in glyphs if _look(glyph) not in strange]
                yield from (
                    glyph for glyph in odd if glyph.text.strip() and any(_upon(glyph, other) for other in others)
                )


def _upon(a: Glyph, b: Glyph) -> bool:
    wide = min(a.x1, b.x1) - max(a.x0, b.x0)
    tall = min(a.y1, b.y1) - max(a.y0, b.y0)
    least = OVERLAP * min(a.x1 - a.x0, b.x1 - b.x0), OVERLAP * min(a.y1 - a.y0, b.y1 - b.y0)
    return wide > least[0] and tall > least[1] and bool(b.text.strip()) and a.text != b.text


def _stamped(inside: Cells, slanted: list[Glyph], stamps: Iterable[Frame], looks: Counter[Look]) -> set[int]:
    """Upright characters that belong to a stamp: inside its outline or among its slanted characters, in its colour; in
    the table's own colour only those drawn along with it in a size of their own."""
    size, colour = _own(looks)
    regions: list[tuple[Box, object, int, int]] = [(s.box, s.colour, s.order, s.order) for s in stamps]
    by_colour = defaultdict(list)
    for glyph in slanted:
        by_colour[glyph.ink.colour].append(glyph)
    for ink, group in by_colour.items():
        em = max(glyph.y1 - glyph.y0 for glyph in group)
        box = (
            min(g.x0 for g in group) - em,
            min(g.y0 for g in group) - em,
            max(g.x1 for g in group) + em,
            max(g.y1 for g in group) + em,
        )
        orders = [glyph.ink.order for glyph in group]
        regions.append((box, ink, min(orders), max(orders)))
    found = {id(glyph) for glyph in _all(inside) if glyph.ink.source == "stamp"}
    for glyph in _all(inside) if regions else ():
        for (x0, y0, x1, y1), ink, first, last in regions:
            if not (x0 < glyph.cx < x1 and y0 < glyph.cy < y1) or contrast(glyph.ink.colour, ink) > OTHER_COLOUR:
                continue
            own = contrast(ink, colour) > OTHER_COLOUR
            along = first <= glyph.ink.order <= last + AROUND and _look(glyph)[0] != size
            if own or along:
                found.add(id(glyph))
    return found


def _mixed(inside: Cells, strange: Mapping[Look, bool]) -> tuple[Cells, list[Glyph], list[str]]:
    """The cells without faint text that stands beside print; that text; what can't be told: faint text alone in a cell,
    text typed upon the page beside print that stands there."""
    pale: list[Glyph] = []
    doubts = []
    cells: Cells = []
    for table in inside:
        kept = {}
        for number, glyphs in table.items():
            faint = [glyph for glyph in glyphs if glyph.ink.faint and glyph.text.strip()]
            if faint:
                doubts.append(f"格中有很浅的文字“{_text(faint)}”，是不是印的内容无法判断")
                if len(faint) < sum(1 for glyph in glyphs if glyph.text.strip()):
                    pale += faint
                    glyphs = [glyph for glyph in glyphs if not glyph.ink.faint]
            odd = _drawn_apart(glyphs, strange) if strange else []
            if odd:
                doubts.append(f"格中有另外画上的文字“{_text(odd)}”，未读入，是否有效无法判断")
                pale += odd
                gone = {id(glyph) for glyph in odd}
                glyphs = [glyph for glyph in glyphs if id(glyph) not in gone]
            typed = [glyph for glyph in glyphs if glyph.ink.source == "field" and glyph.text.strip()]
            if typed and len(typed) < sum(1 for glyph in glyphs if glyph.text.strip()):
                doubts.append(f"格中已有文字，又填写或批注了“{_text(typed)}”，以哪个为准无法判断")
            kept[number] = glyphs
        cells.append(kept)
    return cells, pale, doubts


def _drawn_apart(glyphs: list[Glyph], strange: Mapping[Look, bool]) -> list[Glyph]:
    """Text of a cell in a type of its own that was not drawn along with the cell's other text, or stands turned beside it."""
    odd = [glyph for glyph in glyphs if glyph.text.strip() and glyph.ink.source == "page" and _look(glyph) in strange]
    if not odd:
        return []
    strangers = {id(glyph) for glyph in odd}
    own = [glyph for glyph in glyphs if id(glyph) not in strangers and glyph.text.strip()]
    turns, orders = {glyph.turn for glyph in own}, {glyph.ink.order for glyph in own}
    return [
        glyph
        for glyph in odd
        if own and (glyph.turn not in turns or min(abs(glyph.ink.order - order) for order in orders) > APART)
    ]


def _run_over(grids: list[Grid], inside: Cells, across: list[Glyph], loose: list[Glyph]) -> list[str]:
    """Text of one operation that runs over a rule into a cell beside it, or out of the table: through a character, or
    right on from one character to the next."""
    left = {id(glyph) for glyph in _all(inside)} if across else set()
    through = {glyph.ink.order for glyph in across if id(glyph) in left}
    outside: dict[int, list[Glyph]] = defaultdict(list)
    for glyph in loose:
        outside[glyph.ink.order].append(glyph)
    doubts = []
    for grid, table in zip(grids, inside, strict=True):
        places: dict[int, set[int]] = defaultdict(set)
        for number, glyphs in table.items():
            for order in {glyph.ink.order for glyph in glyphs}:
                places[order].add(number)
        for order, numbers in places.items():
            columns = {number: grid.cells[number].col for number in numbers}
            several = len(set(columns.values())) > 1
            if not several and order not in outside:
                continue
            drawn = [(g, n) for n in numbers for g in table[n] if g.ink.order == order and g.text.strip()]
            drawn += [(glyph, OUT) for glyph in outside.get(order, ()) if glyph.text.strip()]
            drawn.sort(key=lambda pair: pair[0].x0)
            met = {columns.get(n, OUT) for _, n in drawn}
            if len(met) > 1 and ((several and order in through) or _runs_on(drawn)):
                doubts.append(f"文字“{_text([glyph for glyph, _ in drawn])}”越过格线，属于哪一格无法判断")
    return doubts


def _runs_on(drawn: list[tuple[Glyph, int]]) -> bool:
    """Whether the last character in one cell and the first in the next stand as close as within a word."""
    return any(
        n != m and a.turn == b.turn == 0 and abs(b.x0 - a.x1) < CLOSE * (b.y1 - b.y0) and abs(a.y0 - b.y0) < 0.5
        for (a, n), (b, m) in pairwise(drawn)
    )


def _text(glyphs: list[Glyph]) -> str:
    text = "".join(glyph.text for glyph in sorted(glyphs, key=lambda g: (g.ink.order, g.x0)))
    return text if len(text) <= 20 else text[:20] + "…"
