"""The damages of single cells (`more_damage`) in every layout and format: done to what is printed, before it is written."""

import random
import re
from collections.abc import Callable, Iterator

from .more_damage import COMPARATORS, LEVELS, NUMBERS, RADICALS, SIGNS
from .table import Block, Cell, blocks

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SUMS = ("合计", "小计")
# the fund block of forms and self-evaluations: layout → what → (row, column)
_HEADS = {
    "form": {"amount": (2, 3)},
    "selfeval": {"amount": (3, 4), "executed": (3, 5), "rate": (3, 7), "execution_score": (3, 8)},
}
SAME = ("wide", "arabic", "bold", "zero_width")  # the same number in other signs
# could have been printed just so: a range; results in words, about so much, several of them
UNNOTICEABLE = {"target_span", *(f"actual_{kind}" for kind in ("span", "about", "nearly", "two", "words"))}
Change = Callable[[str, random.Random], str]


def _of_number(change: Change) -> Change:
    """A cell's number changed, what is glued to it left."""
    return lambda text, rng: _NUMBER.sub(lambda found: change(found[0], rng), text, count=1)


KINDS: dict[str, tuple[str, Change]] = {
    **{
        f"{what}_{kind}": (what, _of_number(change))
        for what in ("amount", "total", "executed", "rate", "execution_score", "weight", "target", "actual", "score")
        for kind, change in NUMBERS.items()
    },
    **{f"comparator_{kind}": ("comparator", lambda t, r, new=new: new) for kind, new in COMPARATORS.items()},
    **{f"level{n}_{kind}": (f"level{n}", lambda t, r, f=f: f(t)) for n in (1, 2) for kind, f in LEVELS.items()},
    **{
        f"{what}_{kind}": (what, lambda t, r, sign=sign: t[:2] + sign + t[2:])
        for what in ("name", "objective")
        for kind, sign in {**SIGNS, "box": "\ufffd"}.items()
    },
    "name_radicals": ("name", lambda t, r: t.translate(RADICALS)),
    **{f"{what}_minus": (what, lambda t, r: "-" + t) for what in ("amount", "executed")},
}


def _is(what: str, layout: str, cell: Cell, row: list[Cell]) -> bool:
    if what in ("amount", "total") and cell.field == "budget":
        of_sum = any(c.text.strip() in _SUMS or c.text.endswith("部门") for c in row)
        return bool(_NUMBER.fullmatch(cell.text)) and of_sum == (what == "total")
    if what in ("amount", "executed", "rate", "execution_score"):
        return (cell.row, cell.col) == _HEADS.get(layout, {}).get(what)
    if what == "target":
        return cell.field in ("target", "value") and bool(_NUMBER.search(cell.text))
    if what in ("weight", "score", "actual"):
        return cell.field == what and bool(_NUMBER.search(cell.text))
    return cell.field == what and (len(cell.text) > 3 or what == "comparator")


def _places(truth: dict, what: str) -> Iterator[tuple[int, Cell]]:
    layout = truth["document"]["print"]["layout"]
    for number, block in enumerate(blocks(truth)):
        rows = _rows(block)
        yield from ((number, cell) for cell in block.cells if _is(what, layout, cell, rows[cell.row]))


def _rows(block: Block) -> dict[int, list[Cell]]:
    rows: dict[int, list[Cell]] = {}
    for cell in block.cells:
        rows.setdefault(cell.row, []).append(cell)
    return rows


def damaged(truth: dict, kind: str, rng: random.Random) -> tuple[dict, str]:
    """The truth whose print has one damaged cell, and what was done; "" where nothing can be spoilt."""
    what, change = KINDS[kind]
    found = list(_places(truth, what))
    if not found:
        return truth, ""
    number, cell = rng.choice(found)
    new = change(cell.text, rng)
    said = f"{what} of table {number + 1}, row {cell.row + 1}: {cell.text!r} → {new!r}" if new != cell.text else ""
    return {**truth, "changes": {(number, cell.row, cell.col): new}}, said
