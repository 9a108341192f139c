"""Columns of amounts and numbers, as exact decimals."""

from decimal import Decimal

import pandas as pd

from budgetperf.clean.series import of_columns, read_each
from budgetperf.field.notation import AMOUNT_UNITS, parse_amount, parse_number
from budgetperf.field.printing import is_blank, is_nil


@of_columns
def parse_amounts(texts: pd.Series, unit: str = "万元", errors: str = "null") -> pd.Series:
    """Amounts of a column in 万元 as exact decimals; None where nothing is printed, blank or a nil such as `-`.

    unit: in which the column is printed; a unit in the cell itself wins. Numbers are amounts too, floats by their printed
    form. errors: what becomes of text that is no amount (约12): "null" None, "keep" the text, "raise" a ValueError that
    names the cells. Raises ValueError for an unknown unit.

    >>> parse_amounts(pd.Series(["2,345.67", 12.5, "-", "约12", None]), errors="keep").tolist()
    [Decimal('2345.67'), Decimal('12.5'), None, '约12', None]
    >>> parse_amounts(pd.Series(["41,021,500.00", "68.00万元"]), unit="元").tolist()
    [Decimal('4102.15'), Decimal('68')]
    """
    if unit not in AMOUNT_UNITS:
        raise ValueError(f"没有金额单位“{unit}”。可用的有：{'、'.join(AMOUNT_UNITS)}。")
    return read_each(texts, lambda text: _amount(text, unit), errors, "金额")


def _amount(text: str, unit: str) -> Decimal | None:
    if is_nil(text):
        return None
    amount = parse_amount(text, unit)
    if amount is None:
        raise ValueError(text)
    return amount


@of_columns
def parse_numbers(texts: pd.Series, errors: str = "null") -> pd.Series:
    """Plain numbers of a column (weights, scores) as exact decimals; None where nothing is printed, blank or nil.

    errors: as of `parse_amounts`. Nothing is guessed out of mixed text: `10分` is unreadable.

    >>> parse_numbers(pd.Series(["10.00", 22.5, "1,000", "十", "—", None]), errors="keep").tolist()
    [Decimal('10.00'), Decimal('22.5'), Decimal('1000'), '十', None, None]
    """
    return read_each(texts, _number, errors, "数")


def _number(text: str) -> Decimal | None:
    if is_nil(text):
        return None
    number = parse_number(text)
    if number is None:
        raise ValueError(text)
    return number


@of_columns
def to_float(amounts: pd.Series) -> pd.Series:
    """Exact decimals as floats, for drawing only: sums and comparisons are made before, exactly. Blank becomes NaN.

    >>> to_float(pd.Series([Decimal("12.5"), None])).tolist()
    [12.5, nan]
    """
    return amounts.map(lambda amount: float("nan") if is_blank(amount) else float(amount)).astype("float64")
