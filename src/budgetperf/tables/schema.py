"""The declared tables as pandera schemas, which say of a table that is not as declared what is wrong where."""

from decimal import Decimal
from functools import cache

import pandas as pd
import pandera.pandas as pa

from budgetperf.tables.declared import TABLES
from budgetperf.tables.kinds import DTYPES, MAX_DIGITS, Column, fits


@cache
def schema(table: str) -> pa.DataFrameSchema:
    """The pandera schema of a declared table: types, what may be empty, keys and checks.

    Raises KeyError for a table that no build gives.

    >>> sorted(name for name, column in schema("projects").columns.items() if not column.nullable)
    ['document_id', 'project_no']
    """
    declared = TABLES[table]
    return pa.DataFrameSchema(
        {name: _column(column) for name, column in declared.columns.items()},
        checks=[pa.Check(holds, error=said) for holds, said in declared.checks],
        unique=list(declared.key) or None,
        title=declared.title,
        description=declared.description,
    )


def _column(column: Column) -> pa.Column:
    return pa.Column(
        DTYPES[column.kind],
        list(_checks(column)),
        nullable=column.nullable,
        title=column.title,
        description=column.description,
    )


def _checks(column: Column):
    if column.kind == "whole":
        yield pa.Check.ge(column.least, error=f"须为不小于 {column.least} 的整数")
    elif column.kind == "exact":
        error = f"须为 decimal.Decimal 或 None，小数点前后各不超过 {MAX_DIGITS} 位"
        yield pa.Check(_are_exact, ignore_na=False, error=error)
    elif column.among:
        yield pa.Check.isin(column.among, error="只能取 " + " ".join(column.among))


def _are_exact(values: pd.Series) -> pd.Series:
    return values.map(lambda value: value is None or (isinstance(value, Decimal) and fits(value))).astype(bool)
