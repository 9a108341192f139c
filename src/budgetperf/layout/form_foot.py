"""What of a form's head stands below its indicators: goals, money, the points of the execution rate."""

import itertools
import re

from budgetperf.field.form_labels import MONEY, is_of_budget, label_of, of_other_year
from budgetperf.field.money_text import is_number
from budgetperf.field.vocabulary import header_field
from budgetperf.layout.form_blocks import block_at
from budgetperf.layout.form_head import MOST_OF_EXECUTION
from budgetperf.layout.form_pairs import read_pairs
from budgetperf.layout.form_place import opens_form
from budgetperf.layout.heads import head_rows
from budgetperf.layout.lattice import Cell, Lattice
from budgetperf.layout.printed import is_title

_LIST_NUMBER = re.compile(r"(?<!\d)\d{1,2}[.、．](?!\d)")
WHOLE = 100  # points of a form, those of the execution rate among them
_RATE_APART = re.compile(r"预算执行率?(?:指标)?(?:另[计占加]|单[列计]|占)\s*(\d{1,2}(?:\.\d+)?)\s*分")


def head_below(lattice: Lattice, rows: list[int], labelled: set[str], year: int | None) -> list[int]:
    """The rows of goals, units and money below a form's indicators, where its head has not `labelled` any; up to the next
    form."""
    own = _own_rows(lattice, rows)
    after = rows[len(own) : len(own) + 2]
    units = after[:1] if "unit" not in labelled and _ends_with_unit(lattice, after, labelled) else []
    goals = [r for r in own if _is_goal_row(lattice, r, year)] if "objective" not in labelled else []
    return sorted({*goals, *units, *(_money_below(lattice, own) if "budget" not in labelled else [])})


def _own_rows(lattice: Lattice, rows: list[int]) -> list[int]:
    return list(itertools.takewhile(lambda r: not (opens_form(lattice, r) or head_rows(lattice, r)), rows))


def points_told(lattice: Lattice, rows: list[int]) -> tuple[str, str] | None:
    """The points of the execution rate that a sentence below a form's indicators names (预算执行率另计10分), and the sentence."""
    texts = [c.text for r in _own_rows(lattice, rows) for c in lattice.texts(r)]
    told = {found[1]: text for text in texts for found in _RATE_APART.finditer(text)}
    numbers = [float(n) for text in told.values() for n in re.findall(r"\d+(?:\.\d+)?", _LIST_NUMBER.sub("", text))]
    alone = len(told) == 1 and (len(numbers) == 1 or (len(numbers) == 2 and sum(numbers) == WHOLE))
    sure = alone and 0 < float(*told) <= MOST_OF_EXECUTION
    return next(iter(told.items())) if sure else None


def _is_goal_row(lattice: Lattice, row: int, year: int | None) -> bool:
    """Whether a row is the label of a goal of the year with the goal, which reaches to the table's end."""
    return _one_value(lattice, row) and is_goal(cell := lattice.texts(row)[0]) and not of_other_year(cell.text, year)


def _ends_with_unit(lattice: Lattice, rows: list[int], labelled: set[str]) -> bool:
    """Whether the first row is the label of a unit with its name, which reaches to the table's end, and heads no form: the
    table ends with it, or another form begins right below, with its title or the project's name as this one did."""
    label = label_of(lattice.texts(rows[0])[0].text) if rows and _one_value(lattice, rows[0]) else None
    own = label is not None and label.sure and label.field == "unit"
    below = [lattice.texts(r)[0].text for r in rows[1:] if lattice.texts(r)]
    named = "project" in labelled
    return own and all(is_title(t) or (named and (of := label_of(t)) and of.field == "project") for t in below)


def _one_value(lattice: Lattice, row: int) -> bool:
    """Whether a row is a label with one value, which reaches to the table's end."""
    cells = lattice.texts(row)
    wide = len(cells) == 2 and cells[1].col + cells[1].colspan > lattice.columns and cells[1].colspan > 1
    return wide and label_of(cells[1].text) is None


def _money_below(lattice: Lattice, rows: list[int]) -> list[int]:
    """The rows of a block of money, with the caption over it, or of labels of money with their amounts."""
    for place, row in enumerate(rows):
        found, cells = block_at(lattice, rows, row, set()) or ([], set())
        if any(p.label and p.label.field == "budget" and is_number(p.text) for p in found):
            caption = rows[place - 1 : place] if len(lattice.texts(rows[place - 1])) == 1 else []
            return caption + [r for r in rows if {c.index for c in lattice.texts(r)} & cells]
        group = next((c for c in lattice.texts(row)[:1] if c.rowspan > 1), None)
        if group is not None and label_of(group.text) and label_of(group.text).field in MONEY:
            block = [r for r in rows if group.row <= r < group.row + group.rowspan]
            if any(p.label and p.label.field == "budget" and is_number(p.text) for p in read_pairs(lattice, block)):
                return block
        if "budget" in _money_of_row(lattice, row):
            return [row, *itertools.takewhile(lambda r: _money_of_row(lattice, r), rows[place + 1 :])]
    return []


def _money_of_row(lattice: Lattice, row: int) -> set[str]:
    """What the amounts of a row of labels of money are; none where anything else stands in it."""
    pairs = [p for p in read_pairs(lattice, [row]) if p.text]
    if any(p.cell is not None and "元" not in p.text and _under_points(lattice, p.cell) for p in pairs):
        return set()
    sure = [p for p in pairs if p.label and (p.label.sure or "元" in p.text) and is_number(p.text)]
    fields = {p.label.field for p in sure if p.label.field != "budget" or is_of_budget(p.words)} & set(MONEY)
    whole = len(lattice.texts(row)) == len({c.index for p in pairs for c in (*p.heads, p.cell) if c})
    return fields if whole and len(fields) and all(is_number(p.text) for p in pairs) else set()


def _under_points(lattice: Lattice, cell: Cell) -> bool:
    """Whether a cell stands in a column of weights or scores: what it sums up is no money."""
    over = (lattice.at.get((row, cell.col)) for row in reversed(lattice.rows) if row < cell.row)
    return any(header_field(c.text) in ("weight", "score") for c in over if c and c.text)


def is_goal(cell: Cell) -> bool:
    label = label_of(cell.text)
    return label is not None and label.field in ("goal", "objective", "period_objective")
