"""The cells of a form without rules: which lines of text are one cell, how far down it reaches, where columns end."""

from itertools import pairwise
from typing import NamedTuple

from budgetperf.field.form_labels import label_of
from budgetperf.readers.pdf.content import Rule
from budgetperf.readers.pdf.gap_rows import ON_A_LINE, WRAPPED, middle_of
from budgetperf.readers.pdf.text import BLANKS, Line

EDGE = 2.0  # points between a text and the edge of its table


class Cell(NamedTuple):
    """Where a cell's text reaches from left to right, where the cell ends above and below, and whether it is a label."""

    x0: float
    x1: float
    top: float
    bottom: float
    label: bool


class _Tiles(NamedTuple):
    """Cells, whether they are told for sure, in how many columns labels and other texts are mixed, and the smallest gap
    between texts in which cells end."""

    cells: list[Cell]
    sure: bool
    mixed: int
    gap: float


def tiled(lines: list[Line], top: float, bottom: float, em: float) -> _Tiles | None:
    """The cells of lines between two levels: those furthest to the left divide the others among them, each standing in
    the middle of its own, or each at their top; where both can be, not as labels would stand among values, nor as lines
    closer to each other would part."""
    if not lines:
        return _Tiles([], True, 0, float("inf"))
    first = min(lines, key=lambda line: line.x0)
    column = [
        line for line in sorted(lines, key=middle_of)
        if line.x0 < first.x1 and not any(x.x0 < line.x0 and _on_one_line(x, line, em) for x in lines)
    ]  # fmt: skip
    rest = sorted((line for line in lines if line not in column), key=middle_of)
    blocks = _blocks(column, em)
    labels = sum(map(is_form_label, blocks))
    blocks = blocks if labels else [column]
    rows: list[list[Line]] = []
    for line in rest:
        if rows and _on_one_line(rows[-1][0], line, em):
            rows[-1].append(line)
        else:
            rows.append([line])
    ways = []
    for starts in dict.fromkeys((_centred(blocks, rows, em), _topped(blocks, rows, em))):
        if starts is None:
            continue
        lead = [([], rows[: starts[0]])] if starts[0] else []
        groups = [*lead, *((b, rows[i:j]) for b, (i, j) in zip(blocks, pairwise([*starts, len(rows)]), strict=True))]
        held = [[*block, *(x for row in group for x in row)] for block, group in groups]
        ends = [(max(x.y1 for x in a), min(x.y0 for x in b)) for a, b in pairwise(held)]
        levels = [top, *((a + b) / 2 for a, b in ends), bottom]
        inner = [
            tiled([x for row in group for x in row], *between, em)
            for (_, group), between in zip(groups, pairwise(levels), strict=True)
        ]
        if all(inner):
            own = [
                Cell(min(x.x0 for x in block), max(x.x1 for x in block), *between, is_form_label(block))
                for (block, _), between in zip(groups, pairwise(levels), strict=True)
                if block
            ]
            cells = own + [cell for tiles in inner for cell in tiles.cells]
            mixed = (0 < labels < len(blocks)) + sum(tiles.mixed for tiles in inner)
            gap = min([b - a for a, b in ends] + [tiles.gap for tiles in inner])
            ways.append(_Tiles(cells, all(tiles.sure for tiles in inner), mixed, gap))
    if not ways:
        return None
    best, *others = sorted(ways, key=lambda way: (way.mixed, -way.gap))
    told = all(way.cells == best.cells or way.mixed > best.mixed or way.gap < best.gap - em / 10 for way in others)
    return best._replace(sure=best.sure and told)


def _on_one_line(a: Line, b: Line, em: float) -> bool:
    return abs(middle_of(a) - middle_of(b)) <= ON_A_LINE * em


def is_form_label(block: list[Line]) -> bool:
    label = label_of("".join(line.text.strip(BLANKS) for line in block))
    return label is not None and label.sure


def _blocks(column: list[Line], em: float) -> list[list[Line]]:
    """The lines of one column in texts: one close below another goes on with it, unless each is a label."""
    blocks: list[list[Line]] = []
    for line in column:
        above = blocks[-1] if blocks else None
        close = above is not None and line.y0 - above[-1].y1 <= WRAPPED * em
        if close and not (is_form_label(above) and is_form_label([line])):
            above.append(line)
        else:
            blocks.append([line])
    return blocks


def _centred(blocks: list[list[Line]], rows: list[list[Line]], em: float) -> tuple[int, ...] | None:
    """The row with which each block's begin, each block in the middle of its own; rows above the first may be no one's."""
    for start in range(len(rows) + 1):
        if start and rows[start - 1][0].y1 > blocks[0][0].y0 + em / 4:
            return None
        starts, at = [], start
        for block in blocks:
            middle = (block[0].y0 + block[-1].y1) / 2
            off = {n: abs((middle_of(rows[at][0]) + middle_of(rows[n][0])) / 2 - middle) for n in range(at, len(rows))}
            end = min(off, key=off.__getitem__, default=None)
            starts.append(at)
            if end is not None and off[end] <= ON_A_LINE * em:
                at = end + 1
            elif any(abs(middle_of(row[0]) - middle) <= em for row in rows):
                break  # its own row is another's
        else:
            if at == len(rows):
                return tuple(starts)
    return None


def _topped(blocks: list[list[Line]], rows: list[list[Line]], em: float) -> tuple[int, ...] | None:
    """The row with which each block's begin, each block beside the first of its own."""
    starts = []
    for block in blocks:
        at = next(
            (n for n, row in enumerate(rows) if abs(middle_of(row[0]) - middle_of(block[0])) <= ON_A_LINE * em), None
        )
        if at is None:
            return None
        starts.append(at)
    return tuple(starts)


def rules_around(cells: list[Cell]) -> list[Rule]:
    """The rules around all cells of a form, its empty ones among them; none where cells lie upon each other."""
    top, bottom = min(c.top for c in cells), max(c.bottom for c in cells)
    left, right = min(c.x0 for c in cells) - EDGE, max(c.x1 for c in cells) + EDGE
    levels = sorted({round(y, 2) for c in cells for y in (c.top, c.bottom)})
    bands = [
        (a, b, sorted(c for c in cells if c.top < (a + b) / 2 < c.bottom)) for a, b in pairwise(levels) if b - a > 0.01
    ]
    gaps = [(a.x1, b.x0) for _, _, row in bands for a, b in pairwise(row)]
    if any(x0 > x1 for x0, x1 in gaps) or not all(row for *_, row in bands):
        return []
    stops = [left, *_stabbing(gaps), right]
    made = []
    for upper, lower, row in bands:
        at = _sides(row, stops)
        made += [Rule(False, x, upper, lower) for x in at]
        reach = [(max(x for x in at if x <= cell.x0), min(x for x in at if x >= cell.x1)) for cell in row]
        for cell, sides in zip(row, reach, strict=True):
            ends = [y for y, own in ((upper, cell.top), (lower, cell.bottom)) if abs(y - own) < 0.01]
            made += [Rule(True, y, *sides) for y in ends]
        empty = [gap for gap in pairwise(at) if not any(x0 <= gap[0] and gap[1] <= x1 for x0, x1 in reach)]
        made += [Rule(True, y, *gap) for gap in empty for y in (upper, lower)]
    made += [Rule(True, top, left, right), Rule(True, bottom, left, right)]
    return made


def _stabbing(gaps: list[tuple[float, float]]) -> list[float]:
    """The fewest places of which each gap has one, each in the middle of what its gaps have in common."""
    found: list[tuple[float, float]] = []
    for x0, x1 in sorted(gaps, key=lambda gap: gap[1]):
        if found and x0 <= found[-1][1]:
            found[-1] = (max(found[-1][0], x0), found[-1][1])
        else:
            found.append((x0, x1))
    return [(a + b) / 2 for a, b in found]


def _sides(row: list[Cell], stops: list[float]) -> list[float]:
    """Where the cells of a row end: between a label and its value once, between others wherever a column ends."""
    at = [stops[0]]
    for a, b in pairwise(row):
        between = [x for x in stops if a.x1 <= x <= b.x0]
        at += between[:1] if a.label and not b.label else between[-1:] if b.label and not a.label else between
    last = [x for x in stops if x >= row[-1].x1]
    return [*at, *(last if row[-1].label else last[-1:])]
