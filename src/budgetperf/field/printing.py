"""How a value of a raw table would stand in print: what pandas, camelot and workbooks give instead of text."""

import re
from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd


def as_printed(value) -> str:
    """The text of a cell, without outer blanks; "" for every kind of blank. A float stands by its shortest digits.

    >>> [as_printed(value) for value in (3.0, 0.1, Decimal("2.50"), pd.Timestamp("2024-12-31"), None, pd.NA, " a ")]
    ['3', '0.1', '2.50', '2024-12-31', '', '', 'a']
    """
    if isinstance(value, str):
        return value.strip()
    if is_blank(value):
        return ""
    if isinstance(value, (float, np.floating)):
        return format(Decimal(str(value)).normalize(), "f")
    if isinstance(value, datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def is_blank(value) -> bool:
    """Whether a cell holds nothing: NaN, None, NA, "" or only spaces.

    >>> [is_blank(value) for value in (float("nan"), None, pd.NaT, " \\n", 0, "-")]
    [True, True, True, True, False, False]
    """
    if isinstance(value, str):
        return not value.strip()
    return (
        value is None
        or value is pd.NA
        or value is pd.NaT
        or (isinstance(value, (float, np.floating, Decimal)) and value != value)
    )


def values_of(column: pd.Series) -> list:
    """A column's values as Python's own; a short float (float32) is the number that it prints, not its longer double.

    >>> values_of(pd.Series([5.1, 68], dtype="float32"))
    [5.1, 68.0]
    """
    if pd.api.types.is_float_dtype(column.dtype) and column.dtype.itemsize < 8:
        short = column.to_numpy(f"f{column.dtype.itemsize}", na_value=np.nan)
        return [float(str(value)) for value in short]
    return column.tolist()


def is_nil(text: str | None) -> bool:
    """Whether a cell says that there is nothing: it is blank, or holds only dashes or strokes.

    >>> is_nil(" — "), is_nil("/"), is_nil("0"), is_nil(None)
    (True, True, False, True)
    """
    return not isinstance(text, str) or bool(re.fullmatch(r"[-—–_/\\\s]*", text))
