"""Formulas whose result a file does not store: those that only add up plain cells are worked out.

Of SUBTOTAL, sums (9 and 109) are known: other sub-totals in the range do not count, and what a filter hides is not told.
"""

import re
from decimal import Decimal

from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from budgetperf.readers.sheet import Sheet

DEPTH_LIMIT, RANGE_LIMIT = 50, 200_000  # sums of sums of sums …; cells of one range
_SUBTOTAL = re.compile(r"SUBTOTAL\((?:10)?9,", re.IGNORECASE)
_REFERENCE = r"\$?[A-Z]{1,3}\$?\d{1,7}"
_PART = re.compile(rf'"([^"]*)"|({_REFERENCE})', re.IGNORECASE)
_JOINED = re.compile(rf'(?:"[^"]*"|{_REFERENCE})(?:\s*&\s*(?:"[^"]*"|{_REFERENCE}))*', re.IGNORECASE)
_TERM = re.compile(
    rf"([+-]?)(?:SUM\(((?:{_REFERENCE}(?::{_REFERENCE})?[,;]?)+)\)|({_REFERENCE})|(\d+(?:\.\d+)?))", re.IGNORECASE
)


def is_text_formula(formula: str) -> bool:
    """Whether a formula without a result is a text like "=62人" that a program stored as one: it calculates nothing.

    >>> [is_text_formula(formula) for formula in ("62人", "100%", "56元/人/天", "100.00(%)", "达标", "\\n95\\n%")]
    [True, True, True, True, True, True]
    >>> [is_text_formula(formula) for formula in ("10+20", "A1", "SUM(A1:A3)", "表1!A1", "单价*数量", "")]
    [False, False, False, False, False, False]
    """
    formula = re.sub(r"\s*\n\s*", "", formula)  # lines that a person broke
    if re.search(r"[A-Za-z]\$?\d|[A-Za-z_]\(|[!\"$]", formula):
        return False
    if re.fullmatch(r"[\d.,]+ *(?:[%％]|[(（][%％][)）])?", formula):
        return True
    chinese = re.search("[\u3400-\u9fff]", formula) is not None
    return chinese and (formula[0].isdigit() or not re.search(r"[-+*/^&<>=(]", formula))


def work_out(sheet: Sheet) -> dict[tuple[int, int], Decimal]:
    """Place → result of the sheet's formulas without a stored one that are sums and differences of cells that hold
    numbers or nothing, of such sums, and of numbers; the others are left out.

    >>> sheet = Sheet(numbers={(1, 1): Decimal("0.1"), (2, 1): Decimal("0.2")}, texts={(1, 1): "0.1", (2, 1): "0.2"})
    >>> sheet.formulas = {(3, 1): "SUBTOTAL(9,A1:A2)", (4, 1): "SUBTOTAL(9,A1:A3)-$A$1", (5, 1): "A1*2", (6, 1): "A5+1"}
    >>> work_out(sheet)
    {(3, 1): Decimal('0.3'), (4, 1): Decimal('0.2')}
    """
    known: dict[tuple[int, int], Decimal | None] = {}
    for place in sheet.formulas:
        _result(sheet, place, known, 0)
    return {place: value for place in sheet.formulas if (value := known.get(place)) is not None}


def _result(sheet: Sheet, place: tuple[int, int], known: dict, depth: int) -> Decimal | None:
    """The number at a place: as it stands, worked out, 0 where the cell is empty; None where it is none."""
    if place not in sheet.formulas:
        return sheet.numbers.get(place, None if place in sheet.texts else Decimal(0))
    if place not in known:
        known[place] = None  # what refers to itself has no result
        if depth < DEPTH_LIMIT:
            known[place] = _sum(sheet, sheet.formulas[place], known, depth)
    return known[place]


def _sum(sheet: Sheet, formula: str, known: dict, depth: int) -> Decimal | None:
    formula = formula.strip().lstrip("=").replace(" ", "").removeprefix("+")
    formula, subtotals = _SUBTOTAL.subn("SUM(", formula)
    total, at = Decimal(0), 0
    while at < len(formula):
        term = _TERM.match(formula, at)
        if term is None or (at > 0 and not term[1]):
            return None
        sign, ranges, single, number = term.groups()
        places = [_place(single)] if single else _places(ranges or "")
        if len(places) > RANGE_LIMIT:
            return None
        if subtotals:
            if any(row in sheet.hidden_rows for row, _ in places):
                return None
            places = [place for place in places if not _SUBTOTAL.search(sheet.formulas.get(place, ""))]
        values = [_result(sheet, place, known, depth + 1) for place in places] if number is None else [Decimal(number)]
        if ranges:  # as the program does: words in a range of a sum count nothing
            values = [
                Decimal(0) if value is None and place not in sheet.formulas else value
                for place, value in zip(places, values, strict=True)
            ]
        if any(value is None for value in values):
            return None
        total += -sum(values) if sign == "-" else sum(values)
        at = term.end()
    return total if formula else None


def joined_texts(sheet: Sheet) -> dict[tuple[int, int], str]:
    """Place → result of the sheet's formulas without a stored one that join cells that hold text or nothing, and texts.

    >>> sheet = Sheet(texts={(1, 1): "养护", (1, 2): "里程"}, formulas={(2, 1): 'A1&B1&"(公里)"', (2, 2): "C1&D1", (2, 3): "A2&A1"})
    >>> joined_texts(sheet)
    {(2, 1): '养护里程(公里)', (2, 2): ''}
    """
    found = {}
    for place, formula in sheet.formulas.items():
        if "&" not in formula or not _JOINED.fullmatch(formula.strip()):
            continue
        parts = [(word, _place(cell) if cell else None) for word, cell in _PART.findall(formula)]
        if not any(cell in sheet.formulas or cell in sheet.numbers for _, cell in parts):
            found[place] = "".join(sheet.texts.get(cell, "") if cell else word for word, cell in parts)
    return found


def _place(reference: str) -> tuple[int, int]:
    return coordinate_to_tuple(reference.replace("$", "").upper())


def _places(ranges: str) -> list[tuple[int, int]]:
    """The places of a sum's ranges; just more than allowed where there are too many."""
    places: list[tuple[int, int]] = []
    for reference in filter(None, re.split("[,;]", ranges.replace("$", "").upper())):
        left, top, right, bottom = range_boundaries(reference)
        if len(places) + (right - left + 1) * (bottom - top + 1) > RANGE_LIMIT:
            return [(0, 0)] * (RANGE_LIMIT + 1)
        places += [(row, col) for row in range(top, bottom + 1) for col in range(left, right + 1)]
    return places
