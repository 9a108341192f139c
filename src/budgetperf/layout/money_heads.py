"""Which of several heads of money is the year's: one reading of labels for the columns of tables and for heads of forms."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from budgetperf.field.form_labels import STAGES, Label, label_of
from budgetperf.field.money_text import is_number
from budgetperf.field.notation import parse_amount
from budgetperf.field.vocabulary import fold, header_field
from budgetperf.layout.contents import MOST
from budgetperf.layout.lattice import Lattice
from budgetperf.layout.printed import PROJECT_FIELDS

T = TypeVar("T")


class Columns(NamedTuple):
    """fields: field → its column · doubt: in words, why the budget's may be another one."""

    fields: dict[str, int]
    doubt: str | None = None


def in_year(label: Label | None, words: str, year: int | None) -> Label | None:
    """What a label means in a document of `year`: money of another year that it names is of the past, or to come.

    >>> in_year(label_of("2023年预算数"), "2023年预算数", 2024).field, in_year(label_of("2023年预算数"), "2023年预算数", None).field
    ('past', 'budget')
    """
    other = label is not None and label.field in STAGES and of_other_year(words, year)
    return Label("past") if other else label


def of_other_year(words: str, year: int | None) -> bool:
    """Whether a head names another year than the document's.

    >>> of_other_year("2023年预算数", 2024), of_other_year("2024年预算数", 2024), of_other_year("预算数", 2024)
    (True, False, False)
    """
    named = re.findall(r"20\d\d", words)
    return bool(named) and year is not None and str(year) not in named


def surest(found: Sequence[T], rank: Callable, value: Callable) -> tuple[T, list[T]]:
    """The first of those whose label is the surest, and those as sure that have another value.

    >>> surest(["b2", "a1", "a1", "a3"], rank=lambda t: t[0], value=lambda t: t[1])
    ('a1', ['a3'])
    """
    least = min(map(rank, found))
    first, *others = [item for item in found if rank(item) == least]
    own = value(first)
    return first, [item for item in others if value(item) != own]


def columns_of_money(lattice: Lattice, last: int, heads: dict[int, str], year: int | None) -> Columns:
    """The columns of a table's money by what their heads are labels of; `last`: the row of the lowest head.

    Of several for one field that with the surest label that holds amounts. Where none is the budget's, the year's first
    one is, or the only amount of a source.
    """
    labels = {col: label for col, head in heads.items() if (label := in_year(label_of(head), head, year))}
    held = {col: _amounts(lattice, last, col) for col in labels}

    def rank(col: int) -> tuple[int, bool]:
        return labels[col].tier, not _is_sure(labels[col], heads[col])

    fields: dict[str, int] = {}
    doubt = None
    for field in (*STAGES, "part"):
        named = [col for col, label in labels.items() if label.field == field]
        certain = [col for col in named if _is_sure(labels[col], heads[col])]
        found = [col for col in (named if field == "budget" else certain) if held[col]] or certain
        if not found:
            continue
        first, others = surest(found, rank, lambda col: held[col])
        if field == "budget" and others:
            doubt = f"“{fold(heads[first])}”“{fold(heads[others[0]])}”两列都可能是预算数，金额不同，取前者"
        if field in PROJECT_FIELDS or len(named) == 1:
            fields[field] = first
    instead = next((field for field in ("budget_initial", "part") if field in fields), None)
    if "budget" not in fields and instead:
        fields["budget"] = fields.pop(instead)
    fields.pop("part", None)
    return Columns(fields, doubt)


def _is_sure(label: Label, head: str) -> bool:
    return label.sure or header_field(head) == label.field


def _amounts(lattice: Lattice, last: int, col: int) -> dict[int, object]:
    """Row → amount under a head; empty where other things stand there too."""
    cells = {r: c for r in lattice.rows if r > last and (c := lattice.at.get((r, col))) and c.row == r and c.text}
    read = {
        r: amount for r, c in cells.items() if is_number(c.text) and (amount := parse_amount(c.text, "元")) is not None
    }
    return read if read and len(read) >= MOST * len(cells) else {}
