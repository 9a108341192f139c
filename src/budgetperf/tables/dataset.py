"""The declared tables at work: casting a frame to its types, validating it, and the Dataset of all of them."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from functools import cache
from html import escape

import numpy as np
import pandas as pd
import pyarrow
import pyarrow.compute
from pandas.api.extensions import ExtensionArray

from budgetperf.settings import Settings
from budgetperf.tables.arrow import Deferred, OnDemand, kinds_of_table, to_arrow, to_frame
from budgetperf.tables.declared import COUNTED, TABLES
from budgetperf.tables.exact import minimal
from budgetperf.tables.kinds import DTYPES
from budgetperf.tables.overview import summary
from budgetperf.tables.validity import is_missing, raise_fault, validate

# ---- types -----------------------------------------------------------------------------------------------------------


def _as_exact(value) -> Decimal | None:
    if is_missing(value) or value == "":
        return None
    if isinstance(value, (bool, np.bool_, float, np.floating)):
        raise TypeError("须为 Decimal、整数或数字文本，不接受二进制浮点数")
    return minimal(value if isinstance(value, Decimal) else Decimal(str(value)))


def _as_whole(value) -> int | None:
    if is_missing(value) or value == "":
        return None
    number = int(value)
    if (not isinstance(value, str) and number != value) or abs(number) >= 2**63:
        raise ValueError
    return number


_HALF_PAIR = re.compile("[\ud800-\udfff]")


def _as_text(value) -> str | None:
    if isinstance(value, str):
        return _HALF_PAIR.sub("\ufffd", value) or None  # half a surrogate pair fits in no file
    if is_missing(value):
        return None
    if isinstance(value, Decimal):
        return format(minimal(value), "f")
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        return str(value)
    raise TypeError("须为文本")


def _as_flag(value) -> bool:
    if is_missing(value):
        return False
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError("须为 True 或 False")
    return bool(value)


CASTS: dict[str, Callable] = {
    "text": _as_text,
    "whole": _as_whole,
    "exact": _as_exact,
    "box": lambda value: float("nan") if is_missing(value) else float(value),
    "flag": _as_flag,
}


def kinds_of(frame: pd.DataFrame | pyarrow.Table, table: str) -> dict[str, str]:
    """Column → text, whole, exact, box (a float) or flag: as declared in their order, then by content for extra ones.

    >>> kinds_of(pd.DataFrame({"extra": [Decimal("1.5")]}), "documents")["extra"]
    'exact'
    """
    if isinstance(frame, pyarrow.Table):
        return kinds_of_table(frame)
    declared = {name: column.kind for name, column in TABLES[table].columns.items()}
    return declared | {name: _kind_of(frame[name]) for name in frame if name not in declared}


def _kind_of(values: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(values):
        return "flag"
    if pd.api.types.is_integer_dtype(values):
        return "whole"
    if pd.api.types.is_float_dtype(values):
        return "box"
    return "exact" if any(isinstance(value, Decimal) for value in values) else "text"


def as_arrow(rows: pd.DataFrame | pyarrow.Table | Deferred, table: str) -> pyarrow.Table:
    """The rows as a table of Arrow's."""
    rows = rows.read((), None) if isinstance(rows, Deferred) else rows
    return rows if isinstance(rows, pyarrow.Table) else to_arrow(rows, kinds_of(rows, table))


def typed(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """`frame` with the contract's columns in its order and types, missing ones added empty, extra ones kept after them.

    Text is `str` (empty text becomes NA), whole numbers `Int64`, exact numbers objects of Decimal in minimal form or
    None, boxes float64, flags bool (an empty flag is False: never a pass by default). The index is renumbered.
    Raises TableFault where a value cannot be cast without loss.

    >>> typed(pd.DataFrame({"extra": ["x"], "weight": [Decimal("10.00")]}), "indicators")[["weight", "extra"]]
      weight extra
    0     10     x
    """
    if not len(frame) and set(frame) <= set(TABLES[table].columns):
        return _without_rows(table).copy()
    return _typed(frame, table)


@cache
def _without_rows(table: str) -> pd.DataFrame:
    return _typed(pd.DataFrame(), table)


def _typed(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    empty = pd.Series([None] * len(frame), dtype="object")
    cast = {name: _cast(frame.get(name, empty), kind, table) for name, kind in kinds_of(frame, table).items()}
    return pd.DataFrame(cast, index=pd.RangeIndex(len(frame)))


def _is_ready(values: pd.Series, kind: str) -> bool:
    """Whether the column can be cast as a whole, not value by value: cells have a million rows."""
    dtype = values.dtype
    if kind == "text":
        return isinstance(dtype, pd.StringDtype)
    if kind == "whole":
        return dtype.kind == "i"
    return isinstance(dtype, np.dtype) and dtype.kind in {"box": "if", "flag": "b"}.get(kind, "")


def _cast(values: pd.Series, kind: str, table: str) -> ExtensionArray:
    convert, dtype = CASTS[kind], DTYPES[kind]
    if _is_ready(values, kind):
        array = values.astype(dtype).array
        return array if kind != "text" or (array != "").all() else values.mask(values == "").array
    try:
        converted = [convert(value) for value in values.tolist()]
    except _NO_CAST:
        raise_fault(table, _not_cast(values, kind, table), pd.DataFrame())
    return pd.array(converted, dtype=dtype)


_NO_CAST = (TypeError, ValueError, OverflowError, InvalidOperation)


def _not_cast(values: pd.Series, kind: str, table: str) -> list[tuple]:
    """(table, column, reason, row, value) of every value that cannot be cast."""
    convert, failures = CASTS[kind], []
    for row, value in enumerate(values):
        try:
            convert(value)
        except _NO_CAST as error:
            reason = str(error) if isinstance(error, TypeError) else {"whole": "须为整数"}.get(kind, "须为数")
            failures.append((table, values.name, reason, row, value))
    return failures


# ---- validation ------------------------------------------------------------------------------------------------------


# ---- the dataset -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """What a build gives: its tables as plain frames (columns: TABLES; docs/data-dictionary.md), the settings that hold
    for them, and of a part of a build what was left out of it, a phrase each in both languages.

    A table may be given as one of Arrow's, or Deferred, and stays so until its frame is asked for: most of a build is never
    looked at.
    """

    documents: pd.DataFrame
    projects: pd.DataFrame
    indicators: pd.DataFrame
    period_indicators: pd.DataFrame
    notes: pd.DataFrame
    repairs: pd.DataFrame
    checks: pd.DataFrame
    findings: pd.DataFrame
    issues: pd.DataFrame
    cells: pd.DataFrame
    settings: Settings = field(default_factory=Settings)
    left_out: tuple[tuple[str, str], ...] = ()

    @classmethod
    def empty(cls) -> "Dataset":
        """A dataset of no documents.

        >>> Dataset.empty()
        <Dataset: 文件 0 · 项目 0 · 指标 0 · 预算合计 0 万元 · 校验通过 0/0 · 修复 0>
        """
        return cls(**{name: typed(pd.DataFrame(), name) for name in TABLES})

    def tables(self) -> dict[str, pd.DataFrame]:
        """The frames by name, in the contract's order."""
        return {name: getattr(self, name) for name in TABLES}

    def but(self, **changes) -> "Dataset":
        """The dataset with these tables in place of its own; unlike `dataclasses.replace`, frames are not made of others."""
        return Dataset(**vars(self) | changes)

    def arrow(self, name: str) -> pyarrow.Table:
        """A table as one of Arrow's.

        >>> Dataset.empty().arrow("documents").num_rows
        0
        """
        return as_arrow(vars(self)[name], name)

    def columns(self, name: str, *columns: str) -> pd.DataFrame:
        """Some columns of a table, without a frame of all of it."""
        table = vars(self)[name]
        table = table.read(columns, None) if isinstance(table, Deferred) else table
        return to_frame(table.select(columns)) if isinstance(table, pyarrow.Table) else table[[*columns]]

    def rows(self, name: str, documents: Iterable[str]) -> pd.DataFrame:
        """The rows of some documents in a table, without a frame of all of it."""
        table, documents = vars(self)[name], list(documents)
        if isinstance(table, Deferred):
            return to_frame(table.read((), documents))
        if isinstance(table, pyarrow.Table):
            own = pyarrow.compute.is_in(table["document_id"], pyarrow.array(documents, pyarrow.string()))
            return to_frame(table.filter(own))
        return table[table["document_id"].isin(documents)]

    def where(self, name: str, holds: pyarrow.compute.Expression, *columns: str) -> pd.DataFrame:
        """Some columns of the rows of a table for which an expression over these columns holds.

        >>> len(Dataset.empty().where("checks", ~pyarrow.compute.field("passed"), "check", "passed"))
        0
        """
        table = vars(self)[name]
        if isinstance(table, pd.DataFrame):
            kinds = kinds_of(table, name)
            table = to_arrow(table, {column: kinds[column] for column in columns})
        table = table.read(columns, None) if isinstance(table, Deferred) else table
        return to_frame(table.select(columns).filter(holds))

    def of_document(self, document_id: str) -> "Dataset":
        """The rows of one document alone; issues, which join documents, are left out.

        >>> len(Dataset.empty().of_document("a").projects)
        0
        """
        own = {name: self.rows(name, [document_id]) for name in TABLES if name != "issues"}
        return self.but(**own, issues=self.issues[:0])

    def __repr__(self) -> str:
        return f"<Dataset: {' · '.join(f'{title} {value}' for title, value in summary(self.tables()).items())}>"

    def _repr_html_(self) -> str:
        cells = "".join(
            f"<tr><th>{escape(title)}</th><td>{escape(value)}</td></tr>"
            for title, value in summary(self.tables()).items()
        )
        return f"<table>{cells}</table>"


for _name in TABLES:
    setattr(Dataset, _name, OnDemand(_name))


def concat(datasets: Iterable[Dataset]) -> Dataset:
    """One dataset of several, in order; repair_no and finding_no are counted anew from 1.

    Issues are left out: they name findings by number and join them over all documents, so the audit makes them anew.

    >>> len(concat([Dataset.empty(), Dataset.empty()]).documents)
    0
    """
    datasets = list(datasets)
    parts = [dataset.tables() for dataset in datasets]
    joined = {}
    for table in TABLES:
        frames = [part[table] for part in parts if len(part[table]) and table != "issues"]
        joined[table] = typed(pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(), table)
    for table, number in COUNTED.items():
        joined[table][number] = pd.array(range(1, len(joined[table]) + 1), dtype="Int64")
    return replace(datasets[0], **joined) if datasets else Dataset(**joined)


def _keys(frame: pd.DataFrame, columns: list[str]) -> Iterable[tuple]:
    return zip(*(frame[column].tolist() for column in columns), strict=True)


def validate_dataset(dataset: Dataset) -> Dataset:
    """`dataset` itself if every table is valid and every key points to a row that exists; else TableFault."""
    tables = dataset.tables()
    for name, frame in tables.items():
        validate(frame, name)
    for name, frame in tables.items():
        for columns, target in TABLES[name].links:
            known = set(_keys(tables[target], columns))
            failures = [
                (name, "、".join(columns), f"在 {target} 中不存在", row, " ".join(map(str, key)))
                for row, key in zip(frame.index, _keys(frame, columns), strict=True)
                if key not in known and not any(map(is_missing, key))
            ]
            if failures:
                raise_fault(name, failures, frame)
    return dataset
