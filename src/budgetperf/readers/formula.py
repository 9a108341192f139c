"""Formulas whose result a file does not store: those that only add up plain cells are worked out."""

import re
from decimal import Decimal

from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from budgetperf.readers.sheet import Sheet

DEPTH_LIMIT, RANGE_LIMIT = 50, 200_000  # sums of sums of sums …; cells of one range
_REFERENCE = r"\$?[A-Z]{1,3}\$?\d{1,7}"
_TERM = re.compile(
    rf"([+-]?)(?:SUM\(((?:{_REFERENCE}(?::{_REFERENCE})?[,;]?)+)\)|({_REFERENCE})|(\d+(?:\.\d+)?))", re.IGNORECASE
)


def work_out(sheet: Sheet) -> dict[tuple[int, int], Decimal]:
    """Place → result of the sheet's formulas without a stored one that are sums and differences of cells that hold
    numbers or nothing, of such sums, and of numbers; the others are left out.

    >>> sheet = Sheet(numbers={(1, 1): Decimal("0.1"), (2, 1): Decimal("0.2")}, texts={(1, 1): "0.1", (2, 1): "0.2"})
    >>> sheet.formulas = {(3, 1): "SUM(A1:A2)", (4, 1): "A3-$A$1", (5, 1): "A1*2", (6, 1): "A5+1"}
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
    total, at = Decimal(0), 0
    while at < len(formula):
        term = _TERM.match(formula, at)
        if term is None or (at > 0 and not term[1]):
            return None
        sign, ranges, single, number = term.groups()
        places = [_place(single)] if single else _places(ranges or "")
        if len(places) > RANGE_LIMIT:
            return None
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
