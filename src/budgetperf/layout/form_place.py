"""Where a form's head stands: in its own table, sheet and page, under its own title."""

import re

from budgetperf.field.form_labels import label_of, tight
from budgetperf.field.vocabulary import fold, header_field, level1_name, level2_name, names_body
from budgetperf.layout.form_cells import inline_pairs
from budgetperf.layout.form_head import read_head
from budgetperf.layout.form_lines import Part
from budgetperf.layout.heads import head_rows
from budgetperf.layout.lattice import Cell, Lattice, Line
from budgetperf.layout.open_columns import is_side_text
from budgetperf.layout.printed import is_title
from budgetperf.layout.section import Section

LONGEST_HEAD = 10  # characters
OPENERS = ("project", "project_code", "unit", "unit_code", "department")  # labels with which a head may begin


def opens_form(lattice: Lattice, row: int) -> bool:
    """Whether a form's head may begin in this row: its first text labels a project or unit, whose place is beside it,
    and no merged cell of a running table stands over the row."""
    cells = lattice.texts(row)
    if not cells:
        return False
    first = cells[0]
    over = [c for col in range(1, first.col) if (c := lattice.at.get((row, col))) and c.text]
    if over:
        return False
    if any(p.label.field in OPENERS and p.label.tier < 2 for p in inline_pairs(first)):
        return True
    label = label_of(first.text)
    if label is None or label.field not in OPENERS or (label.field == "project" and label.tier > 1):
        return label is not None and len(cells) > 1 and _names_project(lattice, cells[1:])
    if _over_values(lattice, cells):
        return True
    return _has_place(lattice, first) and (label.sure or _over_labels(lattice, row))


def _over_values(lattice: Lattice, cells: list[Cell]) -> bool:
    """Whether labels fill a row, a project's among them, and as many values the next, each below its own."""
    labels = [label_of(cell.text) for cell in cells]
    below = lattice.texts(cells[0].row + 1)
    known = len(cells) > 1 and all(label is not None and label.sure for label in labels)
    named = known and "project" in {label.field for label in labels}
    apart = [(c.col, c.colspan) for c in cells] == [(c.col, c.colspan) for c in below]
    values = not any((label := label_of(c.text)) and label.sure for c in below)
    after = [(c.col, c.colspan) for c in lattice.texts(cells[0].row + 2)]
    one = after != [(c.col, c.colspan) for c in below]  # more rows of values make a list
    return named and apart and values and one and not head_rows(lattice, cells[0].row)


def _over_labels(lattice: Lattice, row: int) -> bool:
    """Whether the row below begins with a label, so that 项目一 heads a form and is no project's name in a list."""
    below = lattice.texts(row + 1)
    return bool(below) and (label := label_of(below[0].text)) is not None and label.sure


def _names_project(lattice: Lattice, cells: list[Cell]) -> bool:
    """Whether a project's name is labelled further right in the row (项目基本情况 | 项目名称 | …)."""
    named = [c for c in cells if (label := label_of(c.text)) and label.field == "project" and label.tier == 0]
    return len(named) == 1 and _has_place(lattice, named[0])


def _has_place(lattice: Lattice, label: Cell) -> bool:
    """Whether beside a label there is a value, or an empty place for one, and no other label."""
    beside = lattice.at.get((label.row, label.col + label.colspan))
    if beside is None:
        return False
    found = label_of(beside.text) if beside.text else None
    return found is None or not found.sure


def head_spans(lattice: Lattice) -> dict[int, int]:
    """Position of a row in which a form's head begins → position of the column heads (or the end) that close it."""
    rows = lattice.rows
    heads = [i for i, row in enumerate(rows) if head_rows(lattice, row)]
    spans: dict[int, int] = {}
    start = 0
    for stop in [*heads, len(rows)]:
        opening = [i for i in range(start, stop) if opens_form(lattice, rows[i])]
        # of the openers after a running table's rows the first counts, unless rows of the table follow it
        opening = [i for i in opening if not any(_is_level_row(lattice, rows[j]) for j in range(i, stop))]
        if opening:
            spans[opening[0]] = stop
        start = stop + 1
    return {_begins(lattice, rows, place, min(spans)): stop for place, stop in spans.items()}


def _begins(lattice: Lattice, rows: list[int], place: int, first: int) -> int:
    """Where a form's head begins whose opener stands at a place: below as many rows of the same labels as over that of the
    table's first form (预算金额 | 80 over 项目名称 | …)."""
    over = [_labels(lattice, row) for row in rows[:first]]
    above = [_labels(lattice, row) for row in rows[max(place - first, 0) : place]]
    return place - first if place > first and all(over) and over == above else place


def _labels(lattice: Lattice, row: int) -> list[str]:
    return [tight(c.text) for c in lattice.texts(row) if (label := label_of(c.text)) is not None and label.sure]


def _is_level_row(lattice: Lattice, row: int) -> bool:
    cells = lattice.texts(row)
    known = any((level1_name(c.text) or level2_name(c.text)) and len(c.text) < 16 for c in cells[:3])
    return known or any(level1_name(c.text) and fold(c.text).endswith("指标") for c in cells[3:])


def holds_fields(lattice: Lattice, rows: list[int]) -> bool:
    """Whether rows above column heads are a form's head: something in them is labelled that a form has."""
    return bool({"project", "unit", "objective", "budget", "executed"} & read_head(lattice, rows).printed)


def upper_heads(lattice: Lattice, rows: list[int], heads: int) -> tuple[list[int], list[int]]:
    """Of the rows above the column heads those that belong to them, since they reach down beside them; and the others."""
    upper: list[int] = []
    for row in reversed(rows):
        cells = lattice.texts(row)
        wide = [c for c in cells if c.row + c.rowspan <= heads]
        if not cells or len(wide) == len(cells) or any(len(c.text) > 60 for c in wide):
            break
        if any(c.colspan == 1 and label_of(c.text) is None for c in wide):  # a value
            break
        if any(label_of(c.text) is None and not is_side_text(c.text) for c in cells if c not in wide):
            break
        upper.insert(0, row)
    if upper and not all(c.row + c.rowspan - 1 <= heads + 2 for row in upper for c in lattice.texts(row)):
        return [], rows  # a label beside the whole table: not one of its heads
    return upper, rows[: len(rows) - len(upper)]


def still_pending(
    pending: list[Part], lattice: Lattice, title: str | None, between: list[Line], sheets: bool
) -> list[Part]:
    """The parts of a head that may belong to the table that comes now: none where it stands on another sheet, has a
    head of its own, or a title other than theirs stands between."""
    if not pending:
        return []
    last = pending[-1][0]
    first_heads = next((i for i, row in enumerate(lattice.rows) if head_rows(lattice, row)), len(lattice.rows))
    opener = next((i for i, row in enumerate(lattice.rows[:first_heads]) if opens_form(lattice, row)), None)
    own = opener is not None
    over = [texts[0].text for r in lattice.rows[:opener] if len(texts := lattice.texts(r)) == 1]  # inside its frame
    texts = [*(line.text for line in between), *over]
    titled = any(is_title(text) and fold(text) != fold(title or "") for text in texts)
    apart = lattice.page != last.page if sheets else lattice.page > last.page + 1
    complete = own and any(read_head(part, rows).values.get("project") for part, rows in pending)
    return [] if apart or (own and (complete or titled)) or (titled and lattice.page == last.page) else pending


def is_apart(section: Section, lattice: Lattice, between: list[Line], sheets: bool) -> bool:
    """Whether a table without our column heads that comes after one of ours is another one: under a title of its own, which
    after a list of projects does not speak of targets either, after a form on another sheet, or under heads of its own
    (类别 | 分值 | 得分)."""
    if not section.rows or any(head_rows(lattice, row) for row in lattice.rows):
        return False
    titles = [fold(line.text) for line in between if len(line.text) < 40 and fold(line.text).endswith("表")]
    other = [
        t for t in titles if "续" not in t and t != fold(section.title or "") and (section.form or "绩效" not in t)
    ]
    elsewhere = section.form and sheets and lattice.page != section.rows[-1]["page"]
    return bool(other) or elsewhere or _has_other_heads(section, lattice)


def _has_other_heads(section: Section, lattice: Lattice) -> bool:
    """Whether the first row of a table of another number of columns is one of heads that stand over none of ours, with
    other rows below it."""
    first, *below = [cells for row in lattice.rows if (cells := lattice.texts(row))] or [[]]
    known = {c.col: field for c in first if (field := header_field(c.text))}
    heads = len(first) == lattice.columns > 2 and all(
        c.colspan == 1 and len(c.text) <= LONGEST_HEAD and not re.search(r"\d|[，。；]", c.text) for c in first
    )
    named = any(level1_name(c.text) or level2_name(c.text) or names_body(c.text) for c in first)
    other = all(section.fields.get(col) != field for col, field in known.items())
    return bool(below and heads and known and other) and not named and lattice.columns != section.columns
