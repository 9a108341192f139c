"""Marks that a typesetter let hang out of a cell at the end of a line: they belong to the line that they end."""

from budgetperf.readers.pdf.content import Glyph
from budgetperf.readers.pdf.grid import Grid

MARKS = frozenset("，。；：、！？）》”’」』】")
TOUCHES = 0.2  # ems between a mark and the character before it

Cells = list[dict[int, list[Glyph]]]


def with_hanging_marks(grids: list[Grid], inside: Cells, loose: list[Glyph]) -> tuple[Cells, list[Glyph]]:
    """Glyphs by table and cell, a mark right behind the last character of a line in the cell to its left, with nothing
    right behind it, moved to that line; the loose ones without those moved."""
    moved: set[int] = set()
    tables = []
    for grid, table in zip(grids, inside, strict=True):
        home: dict[int, list[Glyph]] = {}
        strays = [(number, g) for number, glyphs in table.items() for g in glyphs if g.text in MARKS and g.turn == 0]
        strays += [(-1, g) for g in loose if g.text in MARKS and g.turn == 0]
        for number, mark in strays:
            em = mark.y1 - mark.y0
            left = grid.cell_at(mark.x0 - em / 2, (mark.y0 + mark.y1) / 2)
            if left < 0 or left == number or not any(_follows(g, mark) for g in table.get(left, ())):
                continue
            if not any(_follows(mark, g) for g in (table.get(number, ()) if number >= 0 else loose)):
                home.setdefault(left, []).append(mark)
                moved.add(id(mark))
        tables.append(home)
    if not moved:
        return inside, loose
    joined = [
        {n: [*(g for g in glyphs if id(g) not in moved), *home.get(n, ())] for n, glyphs in table.items()}
        for table, home in zip(inside, tables, strict=True)
    ]
    left = [{n: glyphs for n, glyphs in table.items() if glyphs} for table in joined]
    return left, [g for g in loose if id(g) not in moved]


def _follows(first: Glyph, second: Glyph) -> bool:
    """Whether a character stands on the same line right behind another."""
    em = first.y1 - first.y0
    return (
        first.turn == second.turn == 0
        and abs(first.y0 - second.y0) < 0.2 * em
        and abs(second.x0 - first.x1) < TOUCHES * em
        and first.text.strip() != ""
        and second.text.strip() != ""
    )
