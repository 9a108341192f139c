"""Rows of a table that no rules divide: those of its figures, one line each; cells that stand for several rows are as
tall as the place of their text, in their middle or at their top, tells."""

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

from budgetperf.field.vocabulary import is_label, level1_name, level2_name
from budgetperf.readers.pdf.content import Rule
from budgetperf.readers.pdf.text import Line

ON_A_LINE = 0.35  # ems by which the middles of texts on one line may differ
WRAPPED = 0.6  # ems between two lines of one text at most
MIDDLE = 0.3  # of a row's height by which a text may stand off the middle of its cell
# Fields whose cells stand for several rows; all others have a cell in each
TALL = {"unit", "unit_code", "project", "project_code", "category", "budget", "objective", "level1", "level2"}
SUMS = ("total", "subtotal", "page_sum")


class Columns(NamedTuple):
    """The columns of a table: how far their texts reach, from left to right, and what their heads name."""

    spans: list[tuple[float, float]]
    fields: list[str | None]
    of_form: bool = False

    @property
    def xs(self) -> list[float]:
        """Where the columns end: in the middle of the gaps between them."""
        inner = [(a[1] + b[0]) / 2 for a, b in pairwise(self.spans)]
        return [self.spans[0][0] - 1, *inner, self.spans[-1][1] + 1]


class Row(NamedTuple):
    middle: float
    is_sum: bool


def middle_of(line: Line) -> float:
    return (line.y0 + line.y1) / 2


def in_columns(lines: list[Line], columns: Columns) -> list[list[Line]]:
    """The lines in each column, from top to bottom, down to the first that lies across two."""
    placed: list[list[Line]] = [[] for _ in columns.fields]
    xs = columns.xs
    for line in sorted(lines, key=middle_of):
        number = sum(x <= (line.x0 + line.x1) / 2 for x in xs[1:-1])
        if line.x0 < xs[number] or line.x1 > xs[number + 1]:
            if any(placed):
                break
            continue
        placed[number].append(line)
    return placed


def rows_of(placed: list[list[Line]], columns: Columns, em: float) -> list[Row]:
    """The rows: a line each of the column of figures that has the most (of those whose texts are one line, if any), those
    of others between them, and sums."""
    figures = [
        column for column, field in zip(placed, columns.fields, strict=True) if field and field not in TALL | {"name"}
    ]
    middles: list[float] = []
    for column in sorted(figures, key=lambda column: (_is_wrapped(column, em), -len(column))):
        middles += [at for at in map(middle_of, column) if all(abs(at - other) > em for other in middles)]
    labels = {
        middle_of(line) for column in placed for line in column if any(is_label(line.text, kind) for kind in SUMS)
    }
    sums = [at for at in labels if not any(0 < other - at <= em for other in labels)]
    rows = [Row(at, False) for at in middles if all(abs(at - s) > em for s in sums)]
    return sorted([*rows, *(Row(at, True) for at in sums)])


def _is_wrapped(column: list[Line], em: float) -> bool:
    return any(below.y0 - above.y1 <= WRAPPED * em for above, below in pairwise(column))


def levels_of(placed: list[list[Line]], columns: Columns, rows: list[Row], rules: list[Rule]) -> list[float]:
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


def in_their_rows(body: list[list[Line]], columns: Columns, rows: list[Row], levels: list[float], em: float) -> bool:
    """Whether the texts that have a cell in each row stand in its middle, or all of them at its top."""
    off_middle, off_top = [], []
    for column, field in zip(body, columns.fields, strict=True):
        for row, (upper, lower) in zip(rows, pairwise(levels), strict=True):
            here = [line for line in column if upper <= middle_of(line) < lower] if field not in TALL else []
            if here:
                off_middle.append(abs((here[0].y0 + here[-1].y1) / 2 - row.middle))
                off_top.append(abs(middle_of(here[0]) - row.middle))
    return min(max(off_middle, default=0), max(off_top, default=0)) <= ON_A_LINE * em


def ends_of(
    body: list[list[Line]],
    columns: Columns,
    rows: list[Row],
    levels: list[float],
    rules: list[Rule],
    em: float,
    goes_on: bool,
) -> tuple[dict[int, list[int]], bool]:
    """Column whose cells stand for several rows → the levels at which they end, and whether there is only one way.

    `goes_on`: the first rows may go on with a cell of the page before."""
    tall = [number for number, field in enumerate(columns.fields) if field in TALL]
    drawn = {
        n: [r.at for r in rules if r.horizontal and r.start < (columns.xs[n] + columns.xs[n + 1]) / 2 < r.end]
        for n in tall
    }
    tiled = [
        {n: _ends(body[n], rows, levels, drawn[n], em, how, goes_on) for n in tall}
        for how in (_in_the_middle, _at_the_top)
    ]
    whole = [one for one in tiled if None not in one.values()]
    ends = whole[0] if whole else {
        n: next((one[n] for one in tiled if one[n] is not None), _ends(body[n], rows, levels, drawn[n], em, _as_tall, goes_on))
        for n in tall
    }  # fmt: skip
    return ends, bool(whole) and all(one == ends for one in whole)


def _ends(
    lines: list[Line],
    rows: list[Row],
    levels: list[float],
    drawn: list[float],
    em: float,
    tiled: Callable,
    goes_on: bool,
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
        texts = _texts([line for line in lines if levels[first] <= middle_of(line) < levels[last]], rows, em)
        opened = goes_on and first == 0
        found = tiled(texts, first, last, rows, levels, em, opened) if texts else []
        if found is None:
            return None
        ends |= set(found)
    return sorted(ends)


def _texts(lines: list[Line], rows: list[Row], em: float) -> list[tuple[float, float, float]]:
    """(top, middle of the first line, bottom) of each text: lines close under each other are one, unless each of them
    stands on a row of its own, or one of them names a level by itself."""
    apart = all(any(abs(middle_of(line) - row.middle) <= ON_A_LINE * em for row in rows) for line in lines)
    texts: list[list[Line]] = []
    for line in lines:
        above = "".join(x.text for x in texts[-1]) if texts else ""
        level = is_level(above) or is_level(line.text)
        close = texts and not apart and line.y0 - texts[-1][-1].y1 <= WRAPPED * em
        if close and (not level or is_level(above + line.text)):
            texts[-1].append(line)
        else:
            texts.append([line])
    return [(text[0].y0, middle_of(text[0]), text[-1].y1) for text in texts]


def is_level(text: str) -> bool:
    return bool(level1_name(text) or level2_name(text))


def _in_the_middle(texts: list, first: int, last: int, rows: list[Row], levels: list[float], em: float, opened: bool):
    """The levels at which cells end that follow each other, each with a text in its middle; the first rows of a page
    may go on with a cell of the page before."""
    for start in range(first, last if opened else first + 1):
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


def _at_the_top(texts: list, first: int, last: int, rows: list[Row], levels: list[float], em: float, opened: bool):
    """The levels at which cells end that each begin with the row on which their text does."""
    starts = [
        next((n for n in range(first, last) if abs(rows[n].middle - middle) <= ON_A_LINE * em), None)
        for _, middle, _ in texts
    ]
    return starts if None not in starts and (opened or starts[0] == first) else None


def _as_tall(
    texts: list, first: int, last: int, rows: list[Row], levels: list[float], em: float, opened: bool
) -> list[int]:
    """The levels at which cells end that are no taller than their texts."""
    touched = []
    for top, _, bottom in texts:
        held = [n for n in range(first, last) if levels[n] < bottom - em / 4 and levels[n + 1] > top + em / 4]
        touched += [held[0], held[-1] + 1] if held else []
    return touched
