"""Of several columns of money that of the year's budget: by the year and the stage that their heads name."""

import re
from typing import NamedTuple

from budgetperf.field.money_text import is_number
from budgetperf.field.notation import parse_amount
from budgetperf.field.vocabulary import fold, header_field
from budgetperf.layout.contents import MOST
from budgetperf.layout.form_labels import label_of, period_of
from budgetperf.layout.lattice import Lattice


class Chosen(NamedTuple):
    """The budget's column, if any, and in words why it may be another one."""

    col: int | None
    doubt: str | None = None


def choose_budget(lattice: Lattice, last: int, heads: dict[int, str], usual: int | None, year: int | None) -> Chosen:
    """The column of the budget among those of money: of the document's `year`, of a year, as approved, else the `usual` one.

    `heads`: those left of the indicators; `last`: the row of the lowest. A head that only sounds like money is the
    budget's where it is the only one and amounts stand under it.
    """
    kinds = {col: _kind(head) for col, head in heads.items()}
    held = {col: _amounts(lattice, last, col) for col, kind in kinds.items() if kind == "budget"}
    found = [col for col in held if not of_other_year(heads[col], year) and (held[col] or col == usual)]
    if not found:
        return Chosen(None if usual in held else usual)
    strength = {col: _strength(heads[col], year) for col in found}
    first = max(found, key=lambda col: (strength[col], col == usual, _is_sure(heads[col]), -col))
    rivals = [
        col for col in found
        if col != first and strength[col] == strength[first] and held[col] != held[first] and _is_sure(heads[col]) == _is_sure(heads[first])
    ]  # fmt: skip
    if not rivals:
        return Chosen(first)
    return Chosen(first, f"“{fold(heads[first])}”“{fold(heads[rivals[0]])}”两列都可能是预算数，金额不同，取前者")


def of_other_year(head: str, year: int | None) -> bool:
    """Whether a head names another year than the document's.

    >>> of_other_year("2023年预算数", 2024), of_other_year("2024年预算数", 2024), of_other_year("预算数", 2024)
    (True, False, False)
    """
    named = re.findall(r"20\d\d", head)
    return bool(named) and year is not None and str(year) not in named


def _kind(head: str) -> str | None:
    field = header_field(head)
    return field or ((label := label_of(head)) and label.field)


def _is_sure(head: str) -> bool:
    return header_field(head) == "budget" or ((label := label_of(head)) is not None and label.sure)


def _strength(head: str, year: int | None) -> tuple[bool, bool, bool]:
    """How surely a head names the budget that counts: of the document's year, of a year, as approved."""
    planned = re.search("预算|资金|额|投资|经费", head) and not re.search("支出|支付|执行", head)
    of_year = bool(planned) and period_of(head) == "year"
    return bool(year) and str(year) in head, of_year, bool(re.search("批复|审定|核定|下达", head))


def _amounts(lattice: Lattice, last: int, col: int) -> dict[int, object]:
    """Row → amount under a head; empty where other things stand there too."""
    cells = {r: c for r in lattice.rows if r > last and (c := lattice.at.get((r, col))) and c.row == r and c.text}
    read = {
        r: amount for r, c in cells.items() if is_number(c.text) and (amount := parse_amount(c.text, "元")) is not None
    }
    return read if read and len(read) >= MOST * len(cells) else {}
