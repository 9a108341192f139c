"""Tables that no rules divide into cells: the gaps between their texts are the rules.

Columns stand under their heads, apart from each other all down the table. Rows are those of the figures (comparator,
target, weight), one line each. A cell of the project's or the levels' columns is as tall as its text's place in its
middle, or at its top, tells. Where one of these does not hold, nothing is made up and the page has no table.
"""

from collections.abc import Callable
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from budgetperf.field.vocabulary import header_field, is_label
from budgetperf.readers.pdf.content import Glyph, Rule
from budgetperf.readers.pdf.grid import Grid
from budgetperf.readers.pdf.text import BLANKS, Line, text_lines

GAP = 0.35  # ems that part the texts of two columns
LEAST_HEADS, LEAST_COLUMNS, LEAST_ROWS = 4, 5, 3
HEAD_LINES = 1.5  # ems from the middle of a head to its outer lines
ON_A_LINE = 0.35  # ems by which the middles of texts on one line may differ
WRAPPED = 0.6  # ems between two lines of one text at most
EDGE = 12.0  # points around a table in which drawn rules are its own
MIDDLE = 0.3  # of a row's height by which a text may stand off the middle of its cell
# Fields whose cells stand for several rows; all others have a cell in each
TALL = {"unit", "unit_code", "project", "project_code", "category", "budget", "objective", "level1", "level2"}
SUMS = ("total", "subtotal", "page_sum")


class Columns(NamedTuple):
    """The columns of a table: how far their texts reach, from left to right, and what their heads name."""

    spans: list[tuple[float, float]]
    fields: list[str | None]

    @property
    def xs(self) -> list[float]:
        """Where the columns end: in the middle of the gaps between them."""
        inner = [(a[1] + b[0]) / 2 for a, b in pairwise(self.spans)]
        return [self.spans[0][0] - 1, *inner, self.spans[-1][1] + 1]


class _Span(NamedTuple):
    x0: float
    x1: float
    headed: bool
    lines: list[Line]


class _Row(NamedTuple):
    middle: float
    is_sum: bool


def rules_of_gaps(
    glyphs: list[Glyph], rules: list[Rule], grids: list[Grid], before: Columns | None
) -> tuple[list[Rule], Columns | None]:
    """All rules of a page whose table has too few of them, and its columns; none where it is not told for sure what they
    are, or where the drawn rules (`grids`) do divide its rows.

    `rules`: those that are drawn, to take what they do divide; `before`: the columns of the page before, which a page
    without heads goes on with.
    """
    if any(len(grid.ys) > LEAST_ROWS + 1 for grid in grids):
        return [], None
    lines = [line for line in text_lines(glyphs, GAP) if line.text.strip(BLANKS)]
    if not lines:
        return [], None
    em = median(line.y1 - line.y0 for line in lines)
    top, columns = _columns(lines, em)
    if columns is None and before is not None and (spans := _spans(before.spans, lines)):
        top, columns = -1.0, Columns(spans, before.fields)
    if columns is None:
        return [], None
    placed = _placed([line for line in lines if line.y0 > top], columns)
    rows = _rows(placed, columns, em)
    if len(rows) < (2 if before else LEAST_ROWS) or _are_divided(rows, grids):
        return [], None
    levels = _levels(placed, columns, rows, rules)
    body = [[line for line in column if levels[0] <= _middle(line) <= levels[-1]] for column in placed]
    if not _in_their_rows(body, columns, rows, levels, em):
        return [], None
    xs = columns.xs
    made = [Rule(False, x, levels[0], levels[-1]) for x in xs]
    drawn = [
        [rule.at for rule in rules if rule.horizontal and rule.start < (left + right) / 2 < rule.end]
        for left, right in pairwise(xs)
    ]
    tall = [number for number, field in enumerate(columns.fields) if field in TALL]
    tiled = [
        {n: _ends(body[n], rows, levels, drawn[n], em, how) for n in tall} for how in (_in_the_middle, _at_the_top)
    ]
    ends = next((one for one in tiled if None not in one.values()), None) or {
        n: next((one[n] for one in tiled if one[n] is not None), _ends(body[n], rows, levels, drawn[n], em, _as_tall))
        for n in tall
    }
    for number, (left, right) in enumerate(pairwise(xs)):
        made += [Rule(True, levels[end], left, right) for end in ends.get(number, range(len(levels)))]
    if top >= 0:
        head = min(line.y0 for line in lines if line.y0 <= top and line.y1 >= top - 2 * HEAD_LINES * em) - 1
        made += [Rule(False, x, head, levels[0]) for x in xs]
        made.append(Rule(True, head, xs[0], xs[-1]))
    else:
        head = levels[0]
    around = [rule for rule in rules if not _lies_in(rule, head, levels[-1])]
    return around + made, columns


def _are_divided(rows: list[_Row], grids: list[Grid]) -> bool:
    """Whether drawn rules divide the rows from each other."""
    cells = {
        (number, cell)
        for number, grid in enumerate(grids)
        for row in rows
        if grid.ys[0] < row.middle < grid.ys[-1] and (cell := grid.cell_at(grid.xs[-1], row.middle)) >= 0
    }
    return len(cells) > 1


def _lies_in(rule: Rule, top: float, bottom: float) -> bool:
    upper, lower = (rule.at, rule.at) if rule.horizontal else (rule.start, rule.end)
    return lower > top - EDGE and upper < bottom + EDGE


def _middle(line: Line) -> float:
    return (line.y0 + line.y1) / 2


def _columns(lines: list[Line], em: float) -> tuple[float, Columns | None]:
    """Where the heads end downwards, and the columns under them."""
    known = [line for line in lines if header_field(line.text.strip(BLANKS))]
    row: list[Line] = max(
        ([other for other in known if abs(_middle(other) - _middle(line)) <= ON_A_LINE * em] for line in known),
        key=len,
        default=[],
    )
    if len(row) < LEAST_HEADS:
        return -1.0, None
    at = median(map(_middle, row))
    heads = [
        line
        for line in lines
        if line in row or (abs(_middle(line) - at) <= HEAD_LINES * em and not any(_share(line, other) for other in row))
    ]
    groups = _side_by_side(heads)
    fields = [header_field("".join(line.text.strip(BLANKS) for line in group)) for group in groups]
    top = max(line.y1 for line in heads)
    spans = _spans([(min(h.x0 for h in g), max(h.x1 for h in g)) for g in groups], [x for x in lines if x.y0 >= top])
    if len(groups) < LEAST_COLUMNS or spans is None or not {"name", "target"} <= set(fields):
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
    return [sorted(group, key=_middle) for group in groups]


def _spans(heads: list[tuple[float, float]], lines: list[Line]) -> list[tuple[float, float]] | None:
    """How far each column reaches with the texts in it, down to the first after them that lies across two columns.

    Texts beside the heads (figures to the right under a head to the left) are of the one column beside them that has no
    text on their lines; None where this does not tell.
    """
    spans, begun = [_Span(x0, x1, True, []) for x0, x1 in heads], False
    for line in sorted(lines, key=_middle):
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


def _placed(lines: list[Line], columns: Columns) -> list[list[Line]]:
    """The lines in each column, from top to bottom, down to the first that lies across two."""
    placed: list[list[Line]] = [[] for _ in columns.fields]
    xs = columns.xs
    for line in sorted(lines, key=_middle):
        number = sum(x <= (line.x0 + line.x1) / 2 for x in xs[1:-1])
        if line.x0 < xs[number] or line.x1 > xs[number + 1]:
            if any(placed):
                break
            continue
        placed[number].append(line)
    return placed


def _rows(placed: list[list[Line]], columns: Columns, em: float) -> list[_Row]:
    """The rows: a line each of the column of figures that has the most (of those whose texts are one line, if any), those
    of others between them, and sums."""
    figures = [
        column for column, field in zip(placed, columns.fields, strict=True) if field and field not in TALL | {"name"}
    ]
    middles: list[float] = []
    for column in sorted(figures, key=lambda column: (_is_wrapped(column, em), -len(column))):
        middles += [at for at in map(_middle, column) if all(abs(at - other) > em for other in middles)]
    labels = {_middle(line) for column in placed for line in column if any(is_label(line.text, kind) for kind in SUMS)}
    sums = [at for at in labels if not any(0 < other - at <= em for other in labels)]
    rows = [_Row(at, False) for at in middles if all(abs(at - s) > em for s in sums)]
    return sorted([*rows, *(_Row(at, True) for at in sums)])


def _is_wrapped(column: list[Line], em: float) -> bool:
    return any(below.y0 - above.y1 <= WRAPPED * em for above, below in pairwise(column))


def _levels(placed: list[list[Line]], columns: Columns, rows: list[_Row], rules: list[Rule]) -> list[float]:
    """Where the rows end: in the gaps between their texts, so that each row's text stands in its middle; where that
    cannot be, at rules drawn between them, else in the middle of the gaps."""
    across = sum(columns.spans[-1]) / 2
    drawn = [rule.at for rule in rules if rule.horizontal and rule.start < across < rule.end]
    texts = [line for column, field in zip(placed, columns.fields, strict=True) for line in column if field not in TALL]
    gaps = [_between(a.middle, b.middle, drawn, texts) for a, b in pairwise(rows)]
    # A level tells all others: each row's middle lies half way between its two. `least` and `most` of the first
    least, most, turned, sign = float("-inf"), float("inf"), 0.0, 1
    for row, (low, high) in zip(rows, gaps, strict=False):
        turned, sign = 2 * row.middle - turned, -sign
        ends = sorted((sign * (low - turned), sign * (high - turned)))
        least, most = max(least, ends[0]), min(most, ends[1])
    if least <= most:
        levels = [(least + most) / 2]
        for row in rows:
            levels.append(2 * row.middle - levels[-1])
        return levels
    levels = [(low + high) / 2 for low, high in gaps]
    first, last = rows[0].middle, rows[-1].middle
    return [2 * first - levels[0], *levels, 2 * last - levels[-1]]


def _between(above: float, below: float, drawn: list[float], texts: list[Line]) -> tuple[float, float]:
    """The widest gap between two rows' texts, of one height the nearest to their middle; a rule drawn there is one."""
    middle = (above + below) / 2
    if between := [at for at in drawn if above < at < below]:
        rule = min(between, key=lambda at: abs(at - middle))
        return rule, rule
    taken = sorted((line.y0, line.y1) for line in texts if line.y1 > above and line.y0 < below)
    gaps, reach = [(0.0, 0.0, middle, middle)], above
    for y0, y1 in [*taken, (below, below)]:
        if y0 > reach:
            gaps.append((y0 - reach, -abs((reach + y0) / 2 - middle), reach, y0))
        reach = max(reach, y1)
    return max(gaps)[2:]


def _in_their_rows(body: list[list[Line]], columns: Columns, rows: list[_Row], levels: list[float], em: float) -> bool:
    """Whether the texts that have a cell in each row stand in its middle, or all of them at its top."""
    off_middle, off_top = [], []
    for column, field in zip(body, columns.fields, strict=True):
        for row, (upper, lower) in zip(rows, pairwise(levels), strict=True):
            here = [line for line in column if upper <= _middle(line) < lower] if field not in TALL else []
            if here:
                off_middle.append(abs((here[0].y0 + here[-1].y1) / 2 - row.middle))
                off_top.append(abs(_middle(here[0]) - row.middle))
    return min(max(off_middle, default=0), max(off_top, default=0)) <= ON_A_LINE * em


def _ends(
    lines: list[Line], rows: list[_Row], levels: list[float], drawn: list[float], em: float, tiled: Callable
) -> list[int] | None:
    """The levels at which the cells of a column end whose cells stand for several rows, `tiled` as their texts tell;
    None where they do not."""
    shut = {0, len(rows)}.union(*({n, n + 1} for n, row in enumerate(rows) if row.is_sum))
    for at in drawn:
        nearest = min(range(len(levels)), key=lambda n: abs(levels[n] - at))
        if abs(levels[nearest] - at) < em / 2:
            shut.add(nearest)
    ends = set(shut)
    for first, last in pairwise(sorted(shut)):
        texts = _texts([line for line in lines if levels[first] <= _middle(line) < levels[last]], rows, em)
        found = tiled(texts, first, last, rows, levels, em) if texts else []
        if found is None:
            return None
        ends |= set(found)
    return sorted(ends)


def _texts(lines: list[Line], rows: list[_Row], em: float) -> list[tuple[float, float, float]]:
    """(top, middle of the first line, bottom) of each text: lines close under each other are one, unless each of them
    stands on a row of its own."""
    if all(any(abs(_middle(line) - row.middle) <= ON_A_LINE * em for row in rows) for line in lines):
        return [(line.y0, _middle(line), line.y1) for line in lines]
    texts: list[tuple[float, float, float]] = []
    for line in lines:
        if texts and line.y0 - texts[-1][2] <= WRAPPED * em:
            texts[-1] = (*texts[-1][:2], line.y1)
        else:
            texts.append((line.y0, _middle(line), line.y1))
    return texts


def _in_the_middle(texts: list, first: int, last: int, rows: list[_Row], levels: list[float], em: float):
    """The levels at which cells end that follow each other, each with a text in its middle; the first rows of a page
    may go on with a cell of the page before."""
    for start in range(first, last if first == 0 else first + 1):
        ends = [start]
        for top, _, bottom in texts:
            off = {n: abs((levels[ends[-1]] + levels[n]) - (top + bottom)) / 2 for n in range(ends[-1] + 1, last + 1)}
            end = min(off, key=off.__getitem__, default=last)
            if not off or off[end] > MIDDLE * (levels[end] - levels[end - 1]):
                break
            ends.append(end)
        else:
            if ends[-1] == last:
                return ends
    return None


def _at_the_top(texts: list, first: int, last: int, rows: list[_Row], levels: list[float], em: float):
    """The levels at which cells end that each begin with the row on which their text does."""
    starts = [
        next((n for n in range(first, last) if abs(rows[n].middle - middle) <= ON_A_LINE * em), None)
        for _, middle, _ in texts
    ]
    return starts if None not in starts and (first == 0 or starts[0] == first) else None


def _as_tall(texts: list, first: int, last: int, rows: list[_Row], levels: list[float], em: float) -> list[int]:
    """The levels at which cells end that are no taller than their texts."""
    touched = []
    for top, _, bottom in texts:
        held = [n for n in range(first, last) if levels[n] < bottom - em / 4 and levels[n + 1] > top + em / 4]
        touched += [held[0], held[-1] + 1] if held else []
    return touched
