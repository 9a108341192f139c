"""Columns of comparators and targets, glued or apart."""

import pandas as pd

from budgetperf.clean.series import of_columns, of_one_column, read_each
from budgetperf.field.notation import Target, comparator_of, parse_target
from budgetperf.field.printing import as_printed


@of_columns
def comparators(texts: pd.Series, errors: str = "keep") -> pd.Series:
    """Canonical comparators (≥ > = < ≤ 定性) of a column; None where blank.

    errors: what becomes of text that is no comparator: "keep" it stays, "null" None, "raise" a ValueError.

    >>> comparators(pd.Series([">=", "＝", "正向", None])).tolist()
    ['≥', '=', '正向', None]
    """
    return read_each(texts, _comparator, errors, "计算符号")


def _comparator(text: str) -> str:
    found = comparator_of(text)
    if found is None:
        raise ValueError(text)
    return found


@of_one_column
def parse_targets(texts: pd.Series, unit_apart: bool = False) -> pd.DataFrame:
    """Targets taken apart: columns comparator, text, value, unit; a blank cell gives a blank row.

    text: the target without comparator and unit; value: its number, None where it is none, exactly. unit_apart: the table
    prints units in a column of their own, nothing is cut off. Nothing is lost: what is not understood stays in text.

    >>> parse_targets(pd.Series(["≥50个", "稳步提升", 95.0, None]))[["comparator", "text", "unit"]].values.tolist()
    [['≥', '50', '个'], [None, '稳步提升', None], [None, '95', None], [None, None, None]]
    """
    blank = Target(None, None, None, None)
    parts = [parse_target(text, unit_apart) if (text := as_printed(value)) else blank for value in texts.tolist()]
    return pd.DataFrame(parts, columns=list(Target._fields), index=texts.index, dtype=object)
