"""The kinds of columns that tables are declared of: text, whole numbers, exact numbers, places on a page, flags.

Each takes the Chinese title and what the column holds, in Chinese and English.
"""

from decimal import Decimal

import pandas as pd
import pandera.pandas as pa
from pandera.engines.pandas_engine import NpString

MAX_DIGITS = 38  # on either side of the point: what a decimal column of a Parquet file holds (decimal256)


def _is_exact(values: pd.Series) -> pd.Series:
    return values.map(lambda value: value is None or (isinstance(value, Decimal) and fits(value))).astype(bool)


def fits(value: Decimal) -> bool:
    """Whether the number is finite and has at most MAX_DIGITS digits before and after the point."""
    return value.is_finite() and value.adjusted() < MAX_DIGITS and -value.as_tuple().exponent <= MAX_DIGITS


def _column(dtype, kind: str, words: tuple[str, str, str], required: bool, checks: list, **more) -> pa.Column:
    title, zh, en = words
    metadata = {"kind": kind, "zh": zh, "en": en, **more}
    return pa.Column(dtype, checks, nullable=not required, title=title, description=f"{zh} / {en}", metadata=metadata)


class _Text(NpString):
    """Text; a column that pandas itself types as text is not looked at value by value."""

    def check(self, pandera_dtype, data_container=None):
        return getattr(data_container, "dtype", None) == "str" or super().check(pandera_dtype, data_container)


def text(*words: str, required: bool = False, among: list[str] | None = None) -> pa.Column:
    checks = [pa.Check.isin(among, error="只能取 " + " ".join(among))] if among else []
    return _column(_Text(), "text", words, required, checks, enum=among)


def whole(*words: str, required: bool = False, least: int = 0) -> pa.Column:
    checks = [pa.Check.ge(least, error=f"须为不小于 {least} 的整数")]
    return _column("Int64", "whole", words, required, checks, least=least)


def exact(*words: str) -> pa.Column:
    error = f"须为 decimal.Decimal 或 None，小数点前后各不超过 {MAX_DIGITS} 位"
    check = pa.Check(_is_exact, ignore_na=False, name="exact", error=error)
    return _column(object, "exact", words, False, [check])


def box(*words: str) -> pa.Column:
    return _column("float64", "box", words, False, [])


def flag(*words: str) -> pa.Column:
    return _column("bool", "flag", words, True, [])


def table(title, zh, en, columns, key=(), links=(), checks=()) -> pa.DataFrameSchema:
    """`links`: (columns, table they point to by its key of the same names); rows with an empty column point nowhere.
    `checks`: (what holds of each row of the frame, its name, the sentence that says so)."""
    metadata = {"zh": zh, "en": en, "key": list(key), "links": [(list(names), to) for names, to in links]}
    metadata["holds"] = [holds for holds, *_ in checks]
    own = [pa.Check(holds, name=name, error=error) for holds, name, error in checks]
    return pa.DataFrameSchema(columns, checks=own, unique=list(key) or None, title=title, metadata=metadata)
