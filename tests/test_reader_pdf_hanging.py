"""Marks that hang out of their cell at the end of a line."""

import pytest

from budgetperf.readers.pdf.content import Glyph, Rule
from budgetperf.readers.pdf.grid import find_grids
from budgetperf.readers.pdf.hanging import with_hanging_marks


def glyph(text: str, x: float, y: float = 12.0) -> Glyph:
    return Glyph(text, x, y, x + 10, y + 10, x + 5, y + 5, 0)


@pytest.fixture
def grid():
    rules = [Rule(True, y, 0, 100) for y in (10, 30)] + [Rule(False, x, 10, 30) for x in (0, 50, 100)]
    [found] = find_grids(rules, lambda box: True)
    return found


@pytest.mark.parametrize(
    ("mark", "behind", "moves"),
    [
        (glyph("，", 50), [], True),
        (glyph("，", 50), [glyph("产", 60)], False),
        (glyph("，", 58), [], False),
        (glyph("，", 50, 18), [], False),
        (glyph("产", 50), [], False),
    ],
)
def test_a_mark_right_behind_a_line_belongs_to_it(grid, mark, behind, moves):
    line = [glyph("万", 30), glyph("亩", 40)]
    inside = [{0: line, 1: [mark, *behind]}]
    found, loose = with_hanging_marks([grid], inside, [])
    assert found == ([{0: [*line, mark]}] if moves else inside) and loose == []


def test_a_mark_that_hangs_out_of_the_table(grid):
    line, mark = [glyph("亩", 90)], glyph("。", 100)
    assert with_hanging_marks([grid], [{1: line}], [mark]) == ([{1: [*line, mark]}], [])
    far = glyph("。", 112)
    assert with_hanging_marks([grid], [{1: line}], [far]) == ([{1: line}], [far])
