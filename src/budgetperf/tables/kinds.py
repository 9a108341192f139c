"""The kinds of columns that tables are declared of: text, whole numbers, exact numbers, places on a page, flags.

Each takes the Chinese title and what the column holds, in Chinese and English.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

import pandas as pd

DTYPES = {"text": "str", "whole": "Int64", "exact": "object", "box": "float64", "flag": "bool"}
MAX_DIGITS = 38  # on either side of the point: what a decimal column of a Parquet file holds (decimal256)


def fits(value: Decimal) -> bool:
    """Whether the number is finite and has at most MAX_DIGITS digits before and after the point."""
    return value.is_finite() and value.adjusted() < MAX_DIGITS and -value.as_tuple().exponent <= MAX_DIGITS


class Column(NamedTuple):
    """A column as declared: kind, title, what it holds in Chinese and English, whether it may be empty, the least of
    its whole numbers, the only words that may stand in it."""

    kind: str
    title: str
    zh: str
    en: str
    nullable: bool = True
    least: int = 0
    among: Sequence[str] = ()

    @property
    def description(self) -> str:
        return f"{self.zh} / {self.en}"


class Table(NamedTuple):
    """A table as declared. `links`: (columns, table they point to by its key of the same names); rows with an empty column
    point nowhere. `checks`: (what holds of each row of the frame, the sentence that says so)."""

    title: str
    zh: str
    en: str
    columns: Mapping[str, Column]
    key: Sequence[str] = ()
    links: Sequence[tuple[list[str], str]] = ()
    checks: Sequence[tuple[Callable[[pd.DataFrame], pd.Series], str]] = ()

    @property
    def description(self) -> str:
        return f"{self.zh} / {self.en}"


def text(*words: str, required: bool = False, among: Sequence[str] = ()) -> Column:
    return Column("text", *words, nullable=not required, among=among)


def whole(*words: str, required: bool = False, least: int = 0) -> Column:
    return Column("whole", *words, nullable=not required, least=least)


def exact(*words: str) -> Column:
    return Column("exact", *words)


def box(*words: str) -> Column:
    return Column("box", *words)


def flag(*words: str) -> Column:
    return Column("flag", *words, nullable=False)
