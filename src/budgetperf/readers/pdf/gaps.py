"""Tables that no rules divide into cells: the gaps between their texts are the rules.

Columns stand under their heads, apart from each other all down the table. Rows are those of the figures (comparator,
target, weight), one line each. A cell of the project's or the levels' columns is as tall as its text's place in its
middle, or at its top, tells. Where one of these does not hold, nothing is made up and the page has no table.
"""

from itertools import pairwise
from statistics import median
from typing import NamedTuple

from budgetperf.field.vocabulary import header_field
from budgetperf.readers.pdf.content import Glyph, Rule
from budgetperf.readers.pdf.gap_rows import (
    ON_A_LINE,
    Columns,
    Row,
    ends_of,
    in_columns,
    in_their_rows,
    levels_of,
    middle_of,
    rows_of,
)
from budgetperf.readers.pdf.grid import Grid
from budgetperf.readers.pdf.text import BLANKS, Line, text_lines

GAP = 0.35  # ems that part the texts of two columns
LEAST_HEADS, LEAST_COLUMNS, LEAST_ROWS = 4, 5, 3
HEAD_LINES = 1.5  # ems from the middle of a head to its outer lines
FIGURES = ("comparator", "target", "measure_unit", "weight", "actual", "score")
WIDE = 0.9  # of a table, a rule that goes all across
EDGE = 12.0  # points around a table in which drawn rules are its own


class _Span(NamedTuple):
    x0: float
    x1: float
    headed: bool
    lines: list[Line]


def rules_of_gaps(
    glyphs: list[Glyph], rules: list[Rule], grids: list[Grid], before: Columns | None
) -> tuple[list[Rule], Columns | None]:
    """All rules of a page whose table has too few of them, and its columns; none where it is not told for sure what they
    are, or where the drawn rules (`grids`) do divide its rows.

    `rules`: those that are drawn, to take what they do divide; `before`: the columns of the page before, which a page
    without heads goes on with.
    """
    many = [grid for grid in grids if len(grid.ys) > LEAST_ROWS + 1]
    if any(not _holds_rows(grid, glyphs) for grid in many):
        return [], None
    lines = [line for line in text_lines(glyphs, GAP) if line.text.strip(BLANKS)]
    if not lines:
        return [], None
    em = median(line.y1 - line.y0 for line in lines)
    top, columns = columns_of(lines, em)
    if columns is None and before is not None and (spans := spans_of(before.spans, lines)):
        top, columns = -1.0, Columns(spans, before.fields)
    if columns is None:
        return [], None
    placed = in_columns([line for line in lines if line.y0 > top], columns)
    rows = rows_of(placed, columns, em)
    if len(rows) < (2 if before else LEAST_ROWS) or (
        not _only_grouped(rows, grids, placed, columns, em) if many else _are_divided(rows, grids)
    ):
        return [], None
    levels = levels_of(placed, columns, rows, rules)
    body = [[line for line in column if levels[0] <= middle_of(line) <= levels[-1]] for column in placed]
    if not in_their_rows(body, columns, rows, levels, em):
        return [], None
    xs = columns.xs
    made = [Rule(False, x, levels[0], levels[-1]) for x in xs]
    ends, _ = ends_of(body, columns, rows, levels, rules, em, top < 0)
    for number, (left, right) in enumerate(pairwise(xs)):
        made += [Rule(True, levels[end], left, right) for end in ends.get(number, range(len(levels)))]
    if top >= 0:
        above = max(_ruled_above(rules, xs, top), top - 2 * HEAD_LINES * em)
        head = min(line.y0 for line in lines if line.y0 <= top and line.y1 >= above) - 1
        made += [Rule(False, x, head, levels[0]) for x in xs]
        made.append(Rule(True, head, xs[0], xs[-1]))
    else:
        head = levels[0]
    around = [rule for rule in rules if not _lies_in(rule, head, levels[-1])]
    return around + made, columns


def _holds_rows(grid: Grid, glyphs: list[Glyph]) -> bool:
    """Whether most lines of text in a grid's last column stand with others in a cell: what most tables have not, and is
    told without a look at all of the page."""
    places: dict[int, set[int]] = {}
    for glyph in glyphs:
        if grid.xs[-2] < glyph.cx < grid.xs[-1] and grid.ys[0] < glyph.cy < grid.ys[-1] and glyph.text.strip(BLANKS):
            places.setdefault(grid.cell_at(glyph.cx, glyph.cy), set()).add(round(glyph.cy))
    counts = [len(lines) for lines in places.values()]
    return 2 * sum(count for count in counts if count > 1) > sum(counts)


def _are_divided(rows: list[Row], grids: list[Grid]) -> bool:
    """Whether drawn rules divide the rows from each other."""
    return len(_cells_of(rows, grids)) > 1


def _cells_of(rows: list[Row], grids: list[Grid]) -> dict[tuple[int, int], list[Row]]:
    """The cells that drawn rules make at the right end of the rows (number of the grid, of the cell) → the rows in each."""
    cells: dict[tuple[int, int], list[Row]] = {}
    for number, grid in enumerate(grids):
        for row in rows:
            if grid.ys[0] < row.middle < grid.ys[-1] and (cell := grid.cell_at(grid.xs[-1], row.middle)) >= 0:
                cells.setdefault((number, cell), []).append(row)
    return cells


def _only_grouped(rows: list[Row], grids: list[Grid], placed: list[list[Line]], columns: Columns, em: float) -> bool:
    """Whether drawn rules only part groups of rows, projects from each other: most rows share their cell with others, and
    each of these has figures in two columns on its own line, so that none is a line of a text that goes on."""
    shared = [row for group in _cells_of(rows, grids).values() if len(group) > 1 for row in group]
    figures = [column for column, field in zip(placed, columns.fields, strict=True) if field in FIGURES]

    def is_row(row: Row) -> bool:
        here = [any(abs(middle_of(line) - row.middle) <= ON_A_LINE * em for line in column) for column in figures]
        return sum(here) > 1

    return 2 * len(shared) > len([row for row in rows if not row.is_sum]) and all(map(is_row, shared))


def _ruled_above(rules: list[Rule], xs: list[float], top: float) -> float:
    """Where the last drawn rule over the heads lies that is as wide as the table; what stands above it is none of them."""
    lengths: dict[int, float] = {}
    for rule in rules:
        if rule.horizontal and rule.at < top - 1:
            inside = min(rule.end, xs[-1]) - max(rule.start, xs[0])
            lengths[round(rule.at)] = lengths.get(round(rule.at), 0.0) + max(inside, 0.0)
    return max((at for at, length in lengths.items() if length >= WIDE * (xs[-1] - xs[0])), default=0.0)


def _lies_in(rule: Rule, top: float, bottom: float) -> bool:
    upper, lower = (rule.at, rule.at) if rule.horizontal else (rule.start, rule.end)
    return lower > top - EDGE and upper < bottom + EDGE


def columns_of(
    lines: list[Line], em: float, least_heads: int = LEAST_HEADS, least_columns: int = LEAST_COLUMNS
) -> tuple[float, Columns | None]:
    """Where the heads end downwards, and the columns under them."""
    known = [line for line in lines if header_field(line.text.strip(BLANKS))]
    row: list[Line] = max(
        ([other for other in known if abs(middle_of(other) - middle_of(line)) <= ON_A_LINE * em] for line in known),
        key=len,
        default=[],
    )
    if len(row) < least_heads:
        return -1.0, None
    at = median(map(middle_of, row))
    heads = [
        line
        for line in lines
        if line in row
        or (abs(middle_of(line) - at) <= HEAD_LINES * em and not any(_share(line, other) for other in row))
    ]
    groups = _side_by_side(heads)
    fields = [header_field("".join(line.text.strip(BLANKS) for line in group)) for group in groups]
    top = max(line.y1 for line in heads)
    spans = spans_of([(min(h.x0 for h in g), max(h.x1 for h in g)) for g in groups], [x for x in lines if x.y0 >= top])
    if len(groups) < least_columns or spans is None or not {"name", "target"} <= set(fields):
        return -1.0, None
    return top, Columns(spans, fields)


def _share(a: Line, b: Line) -> bool:
    return a.x0 < b.x1 and b.x0 < a.x1


def _side_by_side(lines: list[Line]) -> list[list[Line]]:
    """Lines in groups that have no breadth in common, from left to right, each from top to bottom."""
    groups: list[list[Line]] = []
    reach = float("-inf")
    for line in sorted(lines, key=lambda line: line.x0):
        if line.x0 >= reach:
            groups.append([])
        groups[-1].append(line)
        reach = max(reach, line.x1)
    return [sorted(group, key=middle_of) for group in groups]


def spans_of(heads: list[tuple[float, float]], lines: list[Line]) -> list[tuple[float, float]] | None:
    """How far each column reaches with the texts in it, down to the first after them that lies across two columns.

    Texts beside the heads (figures to the right under a head to the left) are of the one column beside them that has no
    text on their lines; None where this does not tell.
    """
    spans, begun = [_Span(x0, x1, True, []) for x0, x1 in heads], False
    for line in sorted(lines, key=middle_of):
        met = [span for span in spans if span.x0 < line.x1 and line.x0 < span.x1]
        if sum(span.headed for span in met) > 1:
            if begun:
                break
            continue
        begun = True
        spans = [span for span in spans if span not in met] + [_joined([*met, _Span(line.x0, line.x1, False, [line])])]
    spans.sort()
    for lone in [span for span in spans if not span.headed]:
        at = spans.index(lone)
        beside = [spans[n] for n in (at - 1, at + 1) if 0 <= n < len(spans)]
        free = [span for span in beside if not any(_on_a_line(a, b) for a in span.lines for b in lone.lines)]
        if len(free) != 1:
            return None
        spans = sorted([*(span for span in spans if span not in (lone, free[0])), _joined([lone, free[0]])])
    return [span[:2] for span in spans]


def _joined(spans: list[_Span]) -> _Span:
    lines = [line for span in spans for line in span.lines]
    return _Span(min(s.x0 for s in spans), max(s.x1 for s in spans), any(s.headed for s in spans), lines)


def _on_a_line(a: Line, b: Line) -> bool:
    return a.y0 < b.y1 and b.y0 < a.y1
