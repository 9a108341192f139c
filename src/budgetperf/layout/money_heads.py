"""Which of several heads of money is the year's: one reading of labels for the columns of tables and for heads of forms."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple, TypeVar

from budgetperf.field.form_labels import STAGES, Label, in_year, is_of_budget, label_of, period_of
from budgetperf.field.headings import is_year
from budgetperf.field.money_text import is_number
from budgetperf.field.notation import parse_amount
from budgetperf.field.vocabulary import fold, header_field, is_label
from budgetperf.layout.contents import MOST
from budgetperf.layout.form_amounts import is_applied, may_be_spent, names_money, says_spent
from budgetperf.layout.form_cells import Pair
from budgetperf.layout.form_sums import APPROVED, OF_WHOLE_PROJECT, as_spent, told_apart
from budgetperf.layout.lattice import Lattice
from budgetperf.layout.printed import PROJECT_FIELDS

T = TypeVar("T")


class Columns(NamedTuple):
    """fields: field → its column · doubt: in words, why the budget's may be another one · more: columns of amounts that no
    field takes."""

    fields: dict[str, int]
    doubt: str | None = None
    more: frozenset[int] = frozenset()


def surest(found: Sequence[T], rank: Callable, value: Callable) -> tuple[T, list[T]]:
    """The first of those whose label is the surest, and those as sure that have another value.

    >>> surest(["b2", "a1", "a1", "a3"], rank=lambda t: t[0], value=lambda t: t[1])
    ('a1', ['a3'])
    """
    least = min(map(rank, found))
    first, *others = [item for item in found if rank(item) == least]
    own = value(first)
    return first, [item for item in others if value(item) != own]


def columns_of_money(
    lattice: Lattice, last: int, heads: dict[int, str], year: int | None, evaluated: bool = False
) -> Columns:
    """The columns of a table's money by what their heads are labels of; `last`: the row of the lowest head; `evaluated`:
    results stand beside them.

    Of several for one field that with the surest label that holds amounts. Where none is the budget's, the year's first
    one is, or the only amount of a source.
    """
    held = {col: _amounts(lattice, last, col) for col in heads}
    labels = {col: label for col, head in heads.items() if (label := _label(head, bool(held[col]), year))}
    full = next((row for row in lattice.rows if all(row in held[col] for col in labels if held[col])), None)
    pairs = [
        Pair(heads[col], label, lattice.at[full, col].text, lattice.at[full, col])
        for col, label in labels.items()
        if full in held[col]
    ]
    pairs = told_apart(as_spent(pairs, year) if evaluated else pairs, evaluated)
    labels |= {pair.cell.col: pair.label for pair in pairs}

    def rank(col: int) -> tuple[int, bool]:
        return labels[col].tier, not _is_sure(labels[col], heads[col])

    fields: dict[str, int] = {}
    doubt = None
    for field in (*STAGES, "part"):
        named = [col for col, label in labels.items() if label.field == field]
        certain = [col for col in named if _is_sure(labels[col], heads[col])]
        alone = field == "part" and [col for col in labels if held[col]] == named  # the only column of money
        alone = alone and not any(re.search("结[转余]|单价", heads[col]) for col in named)
        found = [col for col in (named if field == "budget" or alone else certain) if held[col]] or certain
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
    if "budget" in fields and "period_budget" not in fields:
        whole = [col for col in labels if _is_whole(heads, labels, held, col, fields["budget"])]
        fields |= {"period_budget": whole[0]} if len(whole) == 1 else {}
    others = [
        f"“{fold(heads[col])}”"
        for col, label in labels.items()
        if held[col] and (label.field == "part" or (label.field == "note" and label.sure))
    ]
    if "budget" in fields and not doubt:
        doubt = _carried_beside(lattice, last, held, fields["budget"])
    if "budget" not in fields and others:
        doubt = f"没有读到预算数：只有{'、'.join(others)}一类的金额，没有总额一栏"
    left = [col for col in heads if held[col] and col not in fields.values()]
    own = held.get(fields.get("budget"), {})
    # beside 基本支出 it is a part of the budget
    alone = {"项目支出"} if not any("基本支出" in head for head in heads.values()) else set()
    spent = [
        heads[col]
        for col in left
        if may_be_spent(heads[col])
        or fold(heads[col]) in alone
        or (names_money(heads[col]) and all(amount <= own[row] for row, amount in held[col].items() if row in own))
    ]
    if evaluated and own and "executed" not in fields and spent:
        doubt = doubt or f"没有读到执行数，“{fold(spent[0])}”一列可能就是"
    if evaluated and own and "executed" not in fields and says_spent(heads[fields["budget"]]):
        doubt = doubt or f"预算数取“{fold(heads[fields['budget']])}”一列，可能是支出的金额"
    approved = [h for h in map(heads.get, left) if (names_money(h) or APPROVED.search(h)) and not is_applied(h)]
    if own and is_applied(heads[fields["budget"]]) and approved:
        doubt = doubt or f"预算数取申报的一列，“{fold(approved[0])}”一列可能是批准的"
    more = {col for col in labels if held[col] and col not in fields.values() and header_field(heads[col]) is None}
    return Columns(fields, doubt, frozenset(more))


def _carried_beside(lattice: Lattice, last: int, held: dict[int, dict[int, Decimal]], own: int) -> str | None:
    """Words where one head of a budget stands over its column and over that of what is carried from the year before."""
    over = lattice.at.get((last - 1, own))
    if over is None or over.colspan < 2 or (label := label_of(over.text)) is None or label.field != "budget":
        return None
    below = {col: fold(lattice.at[last, col].text) for col in held if lattice.at.get((last - 1, col)) is over}
    if any(is_label(head, "total") for head in below.values()):
        return None
    carried = [head for col, head in below.items() if col != own and "结转" in head and any(held[col].values())]
    words = f"“{fold(over.text)}”之下没有合计一列：预算数取“{below.get(own, '')}”，不含"
    return f"{words}“{carried[0]}”" if carried else None


def _is_whole(
    heads: dict[int, str], labels: dict[int, Label], held: dict[int, dict[int, Decimal]], col: int, own: int
) -> bool:
    """Whether a column holds the whole of more years, its head a project's, beside the budgets of the year in `own`."""
    beside = col != own and period_of(heads[own]) == "year" != period_of(heads[col])
    label = labels[col].field
    named = label == "period_budget" or (label == "budget" and OF_WHOLE_PROJECT.search(fold(heads[col])))
    return (
        beside
        and bool(named)
        and held[col].keys() == held[own].keys()
        and all(held[col][r] >= a for r, a in held[own].items())
    )


def _label(head: str, holds_amounts: bool, year: int | None) -> Label | None:
    """What a head is the label of; where amounts stand under it, with the unit that these have (批复数, 2024年安排)."""
    label, of_amounts = label_of(head), label_of(f"{head}（万元）")
    other = of_amounts is not None and of_amounts.sure and of_amounts.field not in ("budget", "budget_initial")
    told = of_amounts is not None and (other or is_of_budget(head))
    if holds_amounts and is_year(head):
        label = Label("budget", 1)
    elif holds_amounts and told and (label is None or label.field == of_amounts.field == "executed"):
        label = of_amounts
    return in_year(label, head, year)


def _is_sure(label: Label, head: str) -> bool:
    return label.sure or header_field(head) == label.field


def _amounts(lattice: Lattice, last: int, col: int) -> dict[int, Decimal]:
    """Row → amount under a head; empty where other things stand there too."""
    cells = {r: c for r in lattice.rows if r > last and (c := lattice.at.get((r, col))) and c.row == r and c.text}
    read = {
        r: amount for r, c in cells.items() if is_number(c.text) and (amount := parse_amount(c.text, "元")) is not None
    }
    return read if read and len(read) >= MOST * len(cells) else {}
