"""Columns of amounts, numbers, comparators and targets; the single values are read by `budgetperf.field.notation`."""

import pandas as pd

from budgetperf.field.notation import Target, comparator_of, parse_amount, parse_number, parse_target


def parse_amounts(texts: pd.Series, unit: str = "万元") -> pd.Series:
    """Amounts of a column in 万元 as exact decimals; None where the cell holds no amount.

    >>> parse_amounts(pd.Series(["2,345.67", "-", None])).tolist()
    [Decimal('2345.67'), None, None]
    """
    return pd.Series([parse_amount(text, unit) for text in texts], index=texts.index, dtype=object)


def comparators(texts: pd.Series) -> pd.Series:
    """Canonical comparators of a column; text that is none stays as it is.

    >>> comparators(pd.Series([">=", "＝", "其他", None])).tolist()
    ['≥', '=', '其他', nan]
    """
    return texts.map(lambda text: comparator_of(text) or text if isinstance(text, str) else text)


def parse_numbers(texts: pd.Series) -> pd.Series:
    """Plain numbers of a column (weights, scores) as exact decimals; None where a cell is none.

    >>> parse_numbers(pd.Series(["10.00", "1,000", "十", None])).tolist()
    [Decimal('10.00'), Decimal('1000'), None, None]
    """
    return pd.Series([parse_number(text) for text in texts], index=texts.index, dtype=object)


def parse_targets(texts: pd.Series, unit_apart: bool = False) -> pd.DataFrame:
    """Targets taken apart: columns comparator, text, value, unit; blank cells give a blank row.

    >>> parse_targets(pd.Series(["≥50个", "稳步提升", None]))[["comparator", "text", "unit"]].values.tolist()
    [['≥', '50', '个'], [None, '稳步提升', None], [None, None, None]]
    """
    blank = Target(None, None, None, None)
    parts = [parse_target(text, unit_apart) if isinstance(text, str) else blank for text in texts]
    return pd.DataFrame(parts, columns=list(Target._fields), index=texts.index, dtype=object)
