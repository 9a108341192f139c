"""Forms of projects that no rules divide into cells, or only rules that run one way: what is not drawn is told by the
places of their texts.

A form is its column heads, the labels with their values above them, and the rows of indicators below. Drawn rules that
divide its rows, or its columns, are taken; where none do, a label stands in the middle of its lines, or at their top,
and the gaps between texts above each other are where columns end. Where that does not tell, the page has no form.
"""

from itertools import pairwise
from statistics import median
from typing import NamedTuple

from budgetperf.field.form_labels import label_of
from budgetperf.field.vocabulary import fold, header_field
from budgetperf.readers.pdf.content import Glyph, Rule
from budgetperf.readers.pdf.form_cells import EDGE, Cell, is_form_label, rules_around, tiled
from budgetperf.readers.pdf.gap_rows import (
    ON_A_LINE,
    WRAPPED,
    Columns,
    ends_of,
    in_columns,
    in_their_rows,
    is_level,
    levels_of,
    middle_of,
    rows_of,
)
from budgetperf.readers.pdf.gaps import GAP, HEAD_LINES, columns_of, spans_of
from budgetperf.readers.pdf.grid import Grid
from budgetperf.readers.pdf.text import BLANKS, Line, text_lines

LEAST_HEADS = 3  # column heads that a list knows
OPENERS = ("project", "project_code", "unit", "unit_code", "department")  # labels with which a form begins
LARGE = 1.08  # of the usual size of type: a title
SAME = 2.0  # points between two levels that are one
APART = 3.0  # ems below a table's last line from which a text is none of it
MOST_LEVELS = 4  # of a table whose rows are not divided
OUTSIDE = 12.0  # points around a form in which drawn rules are its own

UNDIVIDED = "有指标的表头，表却没有分格的线，行和列也无法按文字的间隔划分，没有读取"
TWO_WAYS = "表头各栏之间没有线，按文字的位置有不止一种分行的读法，取了其中一种"


class _Form(NamedTuple):
    """The lines of one form: above its column heads, the heads themselves, and all below."""

    above: list[Line]
    heads: list[Line]
    below: list[Line]


class Division(NamedTuple):
    """All rules of a page (none: nothing was divided), the columns of its last table, whether nothing was left to choose,
    and in words, what can't be told of its forms."""

    rules: list[Rule]
    columns: Columns | None = None
    sure: bool = True
    doubts: tuple[str, ...] = ()


def rules_of_forms(glyphs: list[Glyph], rules: list[Rule], grids: list[Grid], before: Columns | None) -> Division:
    """The division of a page whose forms have too few rules.

    `rules`, `grids`: what is drawn; `before`: the columns of the page before, with which what stands above the first form
    goes on.
    """
    lines = [line for line in text_lines(glyphs, GAP) if line.text.strip(BLANKS)]
    forms = [form for form in _forms(lines) if not _is_divided(form, grids)]
    going_on = before is not None and before.of_form and all(len(grid.ys) <= MOST_LEVELS for grid in grids)
    if not lines or not (forms or going_on):
        return Division([])
    em = median(line.y1 - line.y0 for line in lines)
    parts = [_cells(form, rules, em) for form in forms]
    first = min((line.y0 for form in forms for line in form.above), default=float("inf"))
    rest = _table_lines([line for line in lines if line.y1 < first], em) if going_on else []
    if any(is_level(x.text) for x in rest):
        spans = spans_of(before.spans, rest)
        columns = before._replace(spans=spans or before.spans)
        parts.insert(0, spans and _rows_of_indicators(rest, columns, float("-inf"), rules, em))
    around = [rules_around(part.cells) if part else [] for part in parts]
    if not all(around):
        return Division([], doubts=(UNDIVIDED,))
    made = [rule for rules_of_part in around for rule in rules_of_part]
    if not made:
        return Division([])
    top, bottom = min(r.start for r in made if not r.horizontal), max(r.end for r in made if not r.horizontal)
    others = [rule for rule in rules if not _within(rule, top, bottom)]
    doubts = () if all(part.sure_head for part in parts) else (TWO_WAYS,)
    return Division(others + made, parts[-1].columns, all(part.sure for part in parts), doubts)


def _is_divided(form: _Form, grids: list[Grid]) -> bool:
    """Whether drawn rules divide most of a form's column heads from what stands below them; a head of two lines has its
    own second line there."""
    pairs = [
        (head, min(below, key=middle_of))
        for head in form.heads
        if (below := [x for x in form.below if x.y0 > head.y1 and x.x0 < head.x1 and head.x0 < x.x1])
    ]
    for grid in grids:
        x0, y0, x1, y1 = grid.box
        held = [
            [grid.cell_at((x.x0 + x.x1) / 2, middle_of(x)) for x in pair]
            for pair in pairs
            if all(x0 < x.x0 < x1 and y0 < middle_of(x) < y1 for x in pair)
        ]
        own = [grid.cell_at((x.x0 + x.x1) / 2, middle_of(x)) for x in form.heads if y0 < middle_of(x) < y1]
        apart = sum(head != below for head, below in held)
        if 2 * apart > len(held) or (not held and len(set(own)) > 1):
            return True
    return False


def _within(rule: Rule, top: float, bottom: float) -> bool:
    upper, lower = (rule.at, rule.at) if rule.horizontal else (rule.start, rule.end)
    return lower > top - OUTSIDE and upper < bottom + OUTSIDE


# ---- which lines are whose ---------------------------------------------------------------------------------------------


def _forms(lines: list[Line]) -> list[_Form]:
    """The forms of a page from top to bottom, those beside each other from left to right."""
    rows = _head_rows(lines)
    levels = [middle_of(row[0]) for row in rows]
    found: list[_Form] = []
    for row, level in zip(rows, levels, strict=True):
        upper = max((at for at in levels if at < level - SAME), default=0.0)
        lower = min((at for at in levels if at > level + SAME), default=float("inf"))
        opened = [line.y0 for line in lines if upper < line.y0 < row[0].y0 and _opens(line)]
        closed = [line.y0 for line in lines if row[0].y1 < line.y0 < lower < float("inf") and _opens(line)]
        if not opened:
            return []
        within = [line for line in lines if min(opened) - 1 < line.y0 < min(closed, default=float("inf")) - 1]
        beside = [other for other, at in zip(rows, levels, strict=True) if abs(at - level) <= SAME]
        place = beside.index(row)
        left = _gap_between(within, beside[place - 1], row) if place else float("-inf")
        right = _gap_between(within, row, beside[place + 1]) if place + 1 < len(beside) else float("inf")
        mine = [line for line in within if left <= (line.x0 + line.x1) / 2 < right]
        found.append(_Form([x for x in mine if x.y1 <= row[0].y0 + 1 or x.y1 < level], row, mine))
    return found


def _opens(line: Line) -> bool:
    label = label_of(line.text.strip(BLANKS))
    return label is not None and label.sure and label.field in OPENERS


def _head_rows(lines: list[Line]) -> list[list[Line]]:
    """Column heads of indicators, each group on one line of print from left to right; a head that comes again on the
    line begins a form beside."""
    known = [(line, field) for line in lines if (field := header_field(line.text.strip(BLANKS)))]
    rows: list[list[Line]] = []
    seen: set[int] = set()
    for line, field in known:
        if field != "target" or id(line) in seen:
            continue
        row = sorted(
            (pair for pair in known if abs(middle_of(pair[0]) - middle_of(line)) <= ON_A_LINE * (line.y1 - line.y0)),
            key=lambda pair: pair[0].x0,
        )
        groups: list[list[tuple[Line, str]]] = [[]]
        for one, of in row:
            if of in [f for _, f in groups[-1]] and of in ("level1", "name"):
                groups.append([])
            groups[-1].append((one, of))
            seen.add(id(one))
        for group in groups:
            fields = {f for _, f in group}
            if {"name", "target"} <= fields and len(fields) >= LEAST_HEADS:
                rows.append([one for one, _ in group])
    return sorted(rows, key=lambda row: (middle_of(row[0]), row[0].x0))


def _gap_between(lines: list[Line], left: list[Line], right: list[Line]) -> float:
    """The middle of the widest gap that no line reaches into, between the last head of one form and the first of the
    next."""
    from_, to = left[-1].x0, right[0].x1
    reach, best = from_, (0.0, (from_ + to) / 2)
    for x0, x1 in [*sorted((x.x0, x.x1) for x in lines if x.x1 > from_ and x.x0 < to), (to, to)]:
        best = max(best, (x0 - reach, (x0 + reach) / 2))
        reach = max(reach, x1)
    return best[1]


def _table_lines(lines: list[Line], em: float) -> list[Line]:
    """Those of the lines that are rows of indicators: up to a title, or to where a wide gap stands, and without those that
    stand alone, apart from all others, above and below."""
    kept: list[Line] = []
    for line in sorted(lines, key=middle_of):
        title = _is_title(line, em)
        if title or (kept and line.y0 - max(x.y1 for x in kept) > APART * em):
            if any(is_level(x.text) for x in kept):
                break
            kept = []
        kept += [] if title else [line]
    while len(kept) > 1 and kept[1].y0 - kept[0].y1 > WRAPPED * em:
        kept = kept[1:]
    while len(kept) > 1 and kept[-1].y0 - max(x.y1 for x in kept[:-1]) > WRAPPED * em:
        kept = kept[:-1]
    return kept


def _is_title(line: Line, em: float) -> bool:
    text = fold(line.text)
    return line.y1 - line.y0 > LARGE * em or (len(text) > 6 and text.endswith("表"))


# ---- the cells of a form -----------------------------------------------------------------------------------------------


class _Part(NamedTuple):
    """The cells of a form, or of its rows that go on from another page; its columns, and whether its rows, and
    the values above them, can be divided in one way only."""

    cells: list[Cell]
    columns: Columns
    sure: bool
    sure_head: bool = True


def _cells(form: _Form, rules: list[Rule], em: float) -> _Part | None:
    level = max(x.y1 for x in form.heads)
    near = [x for x in form.below if x.y0 < level + HEAD_LINES * em]
    top, columns = columns_of(
        [*near, *_table_lines([x for x in form.below if x.y0 >= level], em)], em, LEAST_HEADS, LEAST_HEADS
    )
    if columns is None:
        return None
    columns = columns._replace(of_form=True)
    below = _table_lines([x for x in form.below if x.y0 > top], em)
    above = form.above
    heads = [x for x in form.below if x.y1 <= top + 1 and x not in above]
    over = min(x.y0 for x in heads)
    if drawn := _drawn([*above, *heads, *below], columns, over, rules):
        return _Part(drawn, columns, True)
    body = _rows_of_indicators(below, columns, top, rules, em)
    if body is None or not above:
        return None
    level = (max(x.y1 for x in above) + over) / 2
    values = tiled(above, min(x.y0 for x in above) - EDGE, level, em)
    if values is None:
        return None
    start = min(cell.top for cell in body.cells)
    row = [Cell(x0, x1, level, start, False) for x0, x1 in columns.spans]
    return _Part([*values.cells, *row, *body.cells], columns, body.sure, values.sure)


def _drawn(lines: list[Line], columns: Columns, over: float, rules: list[Rule]) -> list[Cell]:
    """The cells of a form whose rows are all divided by drawn rules; none where they are not.

    `over`: where its column heads begin, below which texts stand in `columns`."""
    across = [rule for rule in rules if rule.horizontal]
    held: dict[tuple[float, float], list[list[Line]]] = {}
    for line in sorted(lines, key=middle_of):
        at = (line.x0 + line.x1) / 2
        own = [rule.at for rule in across if rule.start <= at <= rule.end]
        upper, lower = [y for y in own if y < middle_of(line)], [y for y in own if y > middle_of(line)]
        if not upper or not lower:
            return []
        cells = held.setdefault((round(max(upper), 1), round(min(lower), 1)), [])
        mine = next((cell for cell in cells if any(x.x0 < line.x1 and line.x0 < x.x1 for x in cell)), None)
        if mine is None:
            cells.append([line])
        elif _names(mine[-1]) and _names(line):
            return []
        else:
            mine.append(line)
    found = []
    for (upper, lower), cells in held.items():
        for cell in cells:
            x0, x1 = min(x.x0 for x in cell), max(x.x1 for x in cell)
            span = [s for s in columns.spans if s[0] <= x0 and x1 <= s[1]]
            if upper > over - SAME and span:
                x0, x1 = span[0]
            found.append(Cell(x0, x1, upper, lower, upper < over and is_form_label(cell)))
    return found


def _names(line: Line) -> bool:
    """Whether a line alone names a label, a level or a head."""
    return bool(is_form_label([line]) or is_level(line.text) or header_field(line.text.strip(BLANKS)))


def _rows_of_indicators(lines: list[Line], columns: Columns, over: float, rules: list[Rule], em: float) -> _Part | None:
    """The rows of indicators below `over`."""
    placed = in_columns(lines, columns)
    rows = rows_of(placed, columns, em)
    texts = [line for column in placed for line in column]
    if not rows or any(is_level(line.text) and line not in texts for line in lines):
        return None
    levels = levels_of(placed, columns, rows, rules)
    levels[0] = max(levels[0], (over + min(x.y0 for x in texts)) / 2)
    levels[-1] = max(levels[-1], max(x.y1 for x in texts) + EDGE)
    if min(map(middle_of, texts)) < levels[0] or not in_their_rows(placed, columns, rows, levels, em):
        return None
    ends, sure = ends_of(placed, columns, rows, levels, rules, em, over < 0)
    cells = [
        Cell(*span, levels[a], levels[b], False)
        for number, span in enumerate(columns.spans)
        for a, b in pairwise(ends.get(number, range(len(levels))))
    ]
    return _Part(cells, columns, sure)
