"""Ruled lines of a page → tables: grid lines, cells with spans, open edges. Pure geometry."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from budgetperf.readers.pdf.content import Box, Rule

SAME_RULE = 2.0  # points: rules closer than this are one rule drawn twice
DASH_GAP = 4.0  # points between two dashes of one rule
TOUCH = 2.0  # points by which two rules that meet may miss each other
SLOPPY_END = 5.0  # points by which rules may run past the last crossing and mean nothing, where no text stands
COVERED = 0.85  # share of a cell's side that a rule has to cover to close it
SHORTEST = 3.0  # points: shorter rules are dots and ticks
SAME_END = 5.0  # points within which vertical rules that nothing crosses end with the others of their table
MOST_CROSSINGS = 4_000_000
MOST_FIELDS = 400_000


class TooManyRules(Exception):
    """More rules than any table has: a drawing."""


class Cell(NamedTuple):
    """A cell: first row and column (0-based), spans, box, and whether no rule closes it at the table's edge."""

    row: int
    col: int
    rowspan: int
    colspan: int
    x0: float
    y0: float
    x1: float
    y1: float
    open_top: bool
    open_bottom: bool


class Grid(NamedTuple):
    """A table: grid lines `xs`, `ys`, its cells in reading order, and for each field of the grid its cell or -1."""

    xs: list[float]
    ys: list[float]
    cells: list[Cell]
    owner: list[list[int]]

    @property
    def box(self) -> Box:
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def cell_at(self, x: float, y: float) -> int:
        """Index of the cell at a point inside the table's box, -1 where there is none."""
        row = bisect_right(self.ys, y, 1, len(self.ys) - 1) - 1
        return self.owner[row][bisect_right(self.xs, x, 1, len(self.xs) - 1) - 1]


def find_grids(rules: list[Rule], has_text: Callable[[Box], bool]) -> list[Grid]:
    """Tables of a page from its rules, top ones first. `has_text(box)` says whether text stands in a box.

    Raises TooManyRules where the rules are more than a table can have.

    >>> across = [Rule(True, y, 0, 100) for y in (0, 20)]
    >>> down = [Rule(False, x, 0, 40) for x in (0, 60, 100)]
    >>> [(c.row, c.col, c.x1, c.y1, c.open_bottom) for c in find_grids(across + down, lambda box: False)[0].cells]
    [(0, 0, 60.0, 20.0, False), (0, 1, 100.0, 20.0, False), (1, 0, 60.0, 40, True), (1, 1, 100.0, 40, True)]
    """
    horizontal = _joined([(r.at, r.start, r.end) for r in rules if r.horizontal])
    vertical = _joined([(r.at, r.start, r.end) for r in rules if not r.horizontal])
    grids = []
    for hs, vs in _with_lone_rules(list(_connected(horizontal, vertical)), vertical):
        grid = _grid(hs, vs, has_text)
        if grid is not None:
            grids.append(grid)
    grids = [grid for grid in grids if not _is_frame(grid, grids) and not _is_mark(grid, grids)]
    return sorted(grids, key=lambda g: (g.box[1], g.box[0]))


def _joined(segments: list[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """Segments (at, start, end) with those on one line, overlapping or a dash's gap apart, made one."""
    rules = []
    for cluster in _clustered(sorted(segments), SAME_RULE):
        cluster.sort(key=lambda s: s[1])
        run = [cluster[0]]
        end = cluster[0][2]
        for segment in cluster[1:]:
            if segment[1] <= end + DASH_GAP:
                run.append(segment)
                end = max(end, segment[2])
            else:
                rules.append(_one(run, end))
                run, end = [segment], segment[2]
        rules.append(_one(run, end))
    return [rule for rule in rules if rule[2] - rule[1] > SHORTEST]


def _clustered(ordered: list[tuple], spread: float) -> list[list]:
    clusters: list[list] = []
    for item in ordered:
        if clusters and item[0] - clusters[-1][0][0] <= spread:
            clusters[-1].append(item)
        else:
            clusters.append([item])
    return clusters


def _one(run: list[tuple[float, float, float]], end: float) -> tuple[float, float, float]:
    weight = sum(e - s for _, s, e in run)
    at = sum(a * (e - s) for a, s, e in run) / weight if weight else run[0][0]
    return at, run[0][1], end


def _connected(horizontal, vertical):
    """Groups of rules that touch: one group a table."""
    if len(horizontal) < 1 or len(vertical) < 1:
        return
    if len(horizontal) * len(vertical) > MOST_CROSSINGS:
        raise TooManyRules
    h, v = np.array(horizontal), np.array(vertical)
    meet = (v[None, :, 0] >= h[:, None, 1] - TOUCH) & (v[None, :, 0] <= h[:, None, 2] + TOUCH)
    meet &= (h[:, None, 0] >= v[None, :, 1] - TOUCH) & (h[:, None, 0] <= v[None, :, 2] + TOUCH)
    unseen = set(range(len(horizontal)))
    for first in range(len(horizontal)):
        if first not in unseen:
            continue
        unseen.discard(first)
        hs, vs, todo = {first}, set(), [first]
        while todo:
            for column in np.flatnonzero(meet[todo.pop()]).tolist():
                if column not in vs:
                    vs.add(column)
                    for row in np.flatnonzero(meet[:, column]).tolist():
                        if row not in hs:
                            hs.add(row)
                            unseen.discard(row)
                            todo.append(row)
        if vs:
            yield [horizontal[i] for i in sorted(hs)], [vertical[i] for i in sorted(vs)]


def _with_lone_rules(groups, vertical):
    """The groups with the vertical rules that nothing crosses: the outer rule of a column that is one cell all down the
    page, or all rules of a page that lies inside one row."""
    grouped = {rule for _, vs in groups for rule in vs}
    for rule in [rule for rule in vertical if rule not in grouped]:
        near = [group for group in groups if _same_ends(rule, _reach(group[1]))]
        if near:
            min(near, key=lambda group: min(abs(v[0] - rule[0]) for v in group[1]))[1].append(rule)
        else:
            groups.append(([], [rule]))
    return [(hs, vs) for hs, vs in groups if hs or len(vs) > 2]


def _same_ends(rule, ends: tuple[float, float]) -> bool:
    return abs(rule[1] - ends[0]) <= SAME_END and abs(rule[2] - ends[1]) <= SAME_END


def _grid(hs, vs, has_text) -> Grid | None:
    if len(hs) + len(vs) < 3:
        return None
    xs, ys = _levels(vs), _levels(hs)
    left, right = _reach(hs) if hs else (xs[0], xs[-1])
    top, bottom = _reach(vs)
    if not hs:
        ys = [top, bottom]
    box = (min(left, xs[0]), min(top, ys[0]), max(right, xs[-1]), max(bottom, ys[-1]))

    def beside(a: float, b: float) -> bool:
        return has_text((a, box[1], b, box[3]))

    def above_or_below(a: float, b: float) -> bool:
        return has_text((box[0], a, box[2], b))

    left, right = _with_lone_ends(hs, left, right, xs, beside)
    top, bottom = _with_lone_ends(vs, top, bottom, ys, above_or_below)
    xs, ys = _with_open_ends(xs, left, right, beside), _with_open_ends(ys, top, bottom, above_or_below)
    if len(xs) < 2 or len(ys) < 2:
        return None
    if len(xs) * len(ys) > MOST_FIELDS:
        raise TooManyRules
    across = _sides(hs, ys, xs)  # across[i][j]: a rule runs along ys[i] above column j
    down = _sides(vs, xs, ys)  # down[j][i]: a rule runs along xs[j] left of row i
    keep_y = [i for i in range(len(ys)) if i in (0, len(ys) - 1) or any(across[i])]
    keep_x = [j for j in range(len(xs)) if j in (0, len(xs) - 1) or any(down[j])]
    if len(keep_y) < len(ys) or len(keep_x) < len(xs):
        xs, ys = [xs[j] for j in keep_x], [ys[i] for i in keep_y]
        across, down = _sides(hs, ys, xs), _sides(vs, xs, ys)
    cells, owner = _cells(xs, ys, across, down)
    return Grid(xs, ys, cells, owner) if cells else None


def _levels(rules) -> list[float]:
    """Positions of the grid's lines: rules of nearly one position are one line."""
    return [
        sum(at * (end - start) for at, start, end in cluster) / sum(end - start for _, start, end in cluster)
        for cluster in _clustered(sorted(rules), SAME_RULE)
    ]


def _reach(rules) -> tuple[float, float]:
    """How far the rules reach; a single one that runs out alone does not count where there are others."""
    starts, ends = sorted(r[1] for r in rules), sorted(r[2] for r in rules)
    return (starts[1], ends[-2]) if len(rules) > 2 else (starts[0], ends[-1])


def _with_lone_ends(rules, first: float, last: float, levels: list[float], has_text) -> tuple[float, float]:
    """The reach of the rules with the end of one that runs out alone, where text stands beside it: the outermost
    column of a table without outer rules is crossed by its head's rule only where one merged cell fills it."""
    if not rules:
        return first, last
    lone_first, lone_last = min(r[1] for r in rules), max(r[2] for r in rules)
    if first - lone_first > SAME_RULE and levels[0] - lone_first > SLOPPY_END and has_text(lone_first, levels[0]):
        first = lone_first
    if lone_last - last > SAME_RULE and lone_last - levels[-1] > SLOPPY_END and has_text(levels[-1], lone_last):
        last = lone_last
    return first, last


def _with_open_ends(levels: list[float], first: float, last: float, has_text) -> list[float]:
    """Grid lines with the open edge added where the crossing rules run on past the outermost one."""
    if levels[0] - first > SLOPPY_END or (levels[0] - first > SAME_RULE and has_text(first, levels[0])):
        levels = [first, *levels]
    if last - levels[-1] > SLOPPY_END or (last - levels[-1] > SAME_RULE and has_text(levels[-1], last)):
        levels = [*levels, last]
    return levels


def _sides(rules, levels: list[float], stops: list[float]) -> list[list[bool]]:
    """For each grid line and each gap between the crossing grid lines, whether a rule runs there."""
    sides = [[False] * (len(stops) - 1) for _ in levels]
    for at, start, end in rules:
        above = bisect_left(levels, at)
        line = min((i for i in (above - 1, above) if 0 <= i < len(levels)), key=lambda i: abs(levels[i] - at))
        if abs(levels[line] - at) > SAME_RULE:
            continue
        for gap in range(max(bisect_right(stops, start) - 1, 0), min(bisect_left(stops, end), len(stops) - 1)):
            covered = min(end, stops[gap + 1]) - max(start, stops[gap])
            if covered >= COVERED * (stops[gap + 1] - stops[gap]):
                sides[line][gap] = True
    return sides


def _cells(xs, ys, across, down) -> tuple[list[Cell], list[list[int]]]:
    rows, cols = len(ys) - 1, len(xs) - 1
    implied = (
        not any(across[0]),
        not any(across[-1]),
        not any(down[0]),
        not any(down[-1]),
    )  # an outer side where no rule runs at all: the table is open there, not its single cells
    owner = [[-1] * cols for _ in range(rows)]
    taken = [[False] * cols for _ in range(rows)]
    cells: list[Cell] = []
    for row in range(rows):
        for col in range(cols):
            if taken[row][col]:
                continue
            for r0, c0, r1, c1 in _rectangles(_field(row, col, rows, cols, across, down, taken)):
                cell = _cell(r0, c0, r1, c1, xs, ys, across, down, implied)
                if cell is not None:
                    for r in range(r0, r1):
                        owner[r][c0:c1] = [len(cells)] * (c1 - c0)
                    cells.append(cell)
    order = sorted(range(len(cells)), key=lambda i: (cells[i].row, cells[i].col))
    rank = {old: new for new, old in enumerate(order)}
    rank[-1] = -1
    return [cells[i] for i in order], [[rank[i] for i in line] for line in owner]


def _field(row, col, rows, cols, across, down, taken) -> dict[int, list[int]]:
    """Fields joined to this one with no rule between them: row → its columns."""
    field: dict[int, list[int]] = {}
    todo = [(row, col)]
    taken[row][col] = True
    while todo:
        r, c = todo.pop()
        field.setdefault(r, []).append(c)
        for nr, nc, closed in (
            (r - 1, c, across[r][c]),
            (r + 1, c, across[r + 1][c]),
            (r, c - 1, down[c][r]),
            (r, c + 1, down[c + 1][r]),
        ):
            if not closed and 0 <= nr < rows and 0 <= nc < cols and not taken[nr][nc]:
                taken[nr][nc] = True
                todo.append((nr, nc))
    return field


def _rectangles(field: dict[int, list[int]]):
    """A field of any shape as rectangles (row, col, row after, col after), the rows of one width together."""
    runs: dict[tuple[int, int], tuple[int, int]] = {}
    for row in sorted(field):
        columns = sorted(field[row])
        pieces, start = [], columns[0]
        for a, b in zip(columns, [*columns[1:], None], strict=True):
            if b != a + 1:
                pieces.append((start, a + 1))
                start = b
        for piece in [key for key in runs if key not in pieces]:
            yield runs[piece][0], piece[0], runs[piece][1], piece[1]
            del runs[piece]
        for piece in pieces:
            runs[piece] = (runs[piece][0] if piece in runs else row, row + 1)
    for piece, (first, after) in runs.items():
        yield first, piece[0], after, piece[1]


def _cell(r0, c0, r1, c1, xs, ys, across, down, implied) -> Cell | None:
    """The cell of a rectangle of fields; None where too few rules bound it for it to be one."""
    rows, cols = len(ys) - 1, len(xs) - 1
    top = any(across[r0][c0:c1])
    bottom = any(across[r1][c0:c1])
    left = any(down[c0][r0:r1])
    right = any(down[c1][r0:r1])
    shut_top, shut_bottom = top or (r0 == 0 and implied[0]), bottom or (r1 == rows and implied[1])
    shut_left, shut_right = left or (c0 == 0 and implied[2]), right or (c1 == cols and implied[3])
    closed = shut_top + shut_bottom + shut_left + shut_right
    if closed < 3 and not (shut_top and shut_bottom) and not (shut_left and shut_right):
        return None
    return Cell(
        r0,
        c0,
        r1 - r0,
        c1 - c0,
        xs[c0],
        ys[r0],
        xs[c1],
        ys[r1],
        open_top=r0 == 0 and not top,
        open_bottom=r1 == rows and not bottom,
    )


def _is_frame(grid: Grid, grids: list[Grid]) -> bool:
    """A box of few cells around a table that has more: the frame of the page, with a head or foot."""
    few = len(grid.cells)
    return few <= 3 and any(
        _holds(grid.box, other.box) and len(other.cells) > few for other in grids if other is not grid
    )


def _is_mark(grid: Grid, grids: list[Grid]) -> bool:
    """A single box inside a cell of another table: a box to tick."""
    return len(grid.cells) == 1 and any(_holds(other.box, grid.box) for other in grids if other is not grid)


def _holds(outer: Box, inner: Box) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and outer[2] >= inner[2] and outer[3] >= inner[3]
