"""Whether a table is what the contract says, and where it is not."""

from decimal import Decimal

import pandas as pd

from budgetperf.tables.declared import TABLES
from budgetperf.tables.kinds import DTYPES, Column, Table, fits


class TableFault(ValueError):
    """A table is not what the contract says: a fault of the program. `failures`: table, column, check, row, value."""

    def __init__(self, message: str, failures: pd.DataFrame):
        super().__init__(message)
        self.failures = failures


def validate(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """`frame` itself if it is what the contract says of `table`; else TableFault with the failing rows by check."""
    expected = list(TABLES[table].columns)
    if list(frame.columns[: len(expected)]) != expected:
        given = [name for name in expected if name not in frame]
        reason = f"缺少列 {'、'.join(given)}" if given else f"列的顺序须为 {'、'.join(expected)}"
        raise_fault(table, [(table, None, reason, None, None)], frame)
    if not _holds(frame, TABLES[table]) and (failures := _failures(frame, table)):
        raise_fault(table, failures, frame)
    return frame


def _holds(frame: pd.DataFrame, declared: Table) -> bool:
    """Whether the table is valid beyond doubt: far faster than pandera, which says of another what is wrong."""
    return (
        all(_column_holds(frame[name], column) for name, column in declared.columns.items())
        and not (declared.key and frame.duplicated(list(declared.key)).any())
        and all(holds(frame).all() for holds, _ in declared.checks)
    )


def _column_holds(values: pd.Series, column: Column) -> bool:
    if values.dtype != DTYPES[column.kind] or (not column.nullable and values.isna().any()):
        return False
    if column.kind == "whole":
        return not (values < column.least).any()
    if column.kind == "exact":
        return all(value is None or (isinstance(value, Decimal) and fits(value)) for value in values.tolist())
    return not column.among or set(values.dropna()) <= set(column.among)


def _failures(frame: pd.DataFrame, table: str) -> list[tuple]:
    """(table, column, check in Chinese, row, value) of what does not hold."""
    from pandera.errors import SchemaErrors  # half a second that only a fault of the program costs

    from budgetperf.tables.schema import schema

    texts = {name: "str" for name, dtype in frame.dtypes.items() if dtype == "str"}
    try:
        with pd.option_context("mode.string_storage", "auto"):  # the schema's own, however the frame holds its texts
            schema(table).validate(frame.astype(texts), lazy=True)
    except SchemaErrors as error:
        return [(table, *_failure(case)) for case in error.failure_cases.itertuples(index=False)]
    return []


def _failure(case) -> tuple:
    """(column, check in Chinese, row, value) of one of pandera's failure cases."""
    check, column = str(case.check), case.column
    row = None if is_missing(case.index) else int(case.index)
    if check == "not_nullable":
        return column, "不得为空", row, None
    if check == "multiple_fields_uniqueness":
        return None, "键重复", row, None  # pandera gives one case a key column: the columns of a row are one failure
    if check.startswith("dtype("):
        return column, "列的类型须为 " + check[6:-1].strip("'"), row, case.failure_case
    if case.schema_context == "DataFrameSchema":
        return None, check, row, None  # one case a column again
    return column, check, row, case.failure_case


def raise_fault(table: str, failures: list[tuple], frame: pd.DataFrame):
    found = pd.DataFrame(failures, columns=["table", "column", "check", "row", "value"]).astype(object)
    found = found.drop_duplicates(["column", "check", "row"], ignore_index=True)
    key = list(TABLES[table].key)
    lines = []
    for (column, check), rows in found.groupby(["column", "check"], dropna=False, sort=False):
        shown = [
            _place(row, frame, key, value) for row, value in rows[["row", "value"]].head(5).itertuples(index=False)
        ]
        more = f"；……共 {len(rows)} 行" if len(rows) > len(shown) else ""
        where = "" if is_missing(column) else f"{column}："
        lines.append(f"- {where}{check}" + (f"：{'；'.join(filter(None, shown))}{more}" if any(shown) else ""))
    message = f"表 {table} 不合数据约定，这是程序的错误：\n" + "\n".join(lines)
    raise TableFault(message, found)


def _place(row, frame: pd.DataFrame, key: list[str], value) -> str:
    if is_missing(row):
        return "" if is_missing(value) else f"{value}"
    keys = ", ".join(f"{name}={frame[name].iloc[row]}" for name in key if name in frame)
    return f"第 {row + 1} 行" + (f"（{keys}）" if keys else "") + ("" if is_missing(value) else f" {str(value)[:60]!r}")


def is_missing(value) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value)
