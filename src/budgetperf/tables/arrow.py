"""Tables as Arrow's: their types, several joined, and a frame made of one only where it is asked for."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from budgetperf.tables.exact import digits
from budgetperf.tables.kinds import MAX_DIGITS

TYPES = {"text": pa.string(), "whole": pa.int64(), "box": pa.float64(), "flag": pa.bool_()}
SCALE = 12  # digits after the point, more where a column holds more
_WIDEST = pa.decimal256(2 * MAX_DIGITS, MAX_DIGITS)


class Deferred(NamedTuple):
    """A table that lies elsewhere, of which is read what is asked for.

    `read(columns, documents)`: a table of Arrow's of these columns (none named: all), of these documents (None: all).
    """

    read: Callable[[Sequence[str], Iterable[str] | None], pa.Table]


class OnDemand:
    """A frame of an object that was given one, or what becomes a frame once it is first asked for: a table of Arrow's or
    one Deferred."""

    def __init__(self, name: str):
        self._name = name

    def __get__(self, one, owner: type) -> pd.DataFrame:
        if one is None:
            return self
        table = vars(one)[self._name]
        if not isinstance(table, pd.DataFrame):
            vars(one)[self._name] = to_frame(table.read((), None) if isinstance(table, Deferred) else table)
        return vars(one)[self._name]

    def __set__(self, one, value: pd.DataFrame | pa.Table | Deferred):
        vars(one)[self._name] = value


def to_arrow(frame: pd.DataFrame, kinds: dict[str, str]) -> pa.Table:
    """A frame in Arrow's types, without pandas' own metadata (it names versions)."""
    types = {name: decimal_type(set(frame[name])) if kind == "exact" else TYPES[kind] for name, kind in kinds.items()}
    return pa.table({name: pa.array(frame[name], type=arrow_type) for name, arrow_type in types.items()})


def kinds_of_table(table: pa.Table) -> dict[str, str]:
    """Column → its kind, as `to_arrow` took it."""
    known = {arrow_type: kind for kind, arrow_type in TYPES.items()}
    return {field.name: known.get(field.type, "exact") for field in table.schema}


def decimal_type(values: Iterable[Decimal | None]) -> pa.DataType:
    """decimal128 where the column's digits fit, else decimal256.

    >>> decimal_type([Decimal("1.5"), None]), decimal_type([Decimal(10) ** 30])
    (Decimal128Type(decimal128(38, 12)), Decimal256Type(decimal256(76, 38)))
    """
    given = [value for value in values if value]
    scale = max([SCALE, *(-value.as_tuple().exponent for value in given)])
    before = max([0, *(value.adjusted() + 1 for value in given)])
    return pa.decimal128(38, scale) if before + scale <= 38 else _WIDEST


def to_frame(table: pa.Table) -> pd.DataFrame:
    """A table of Arrow's as a frame in the types of `typed`.

    >>> to_frame(pa.table({"weight": pa.array([Decimal("10.00"), None])}))["weight"].tolist()
    [Decimal('10'), None]
    """
    exact = {
        place: name for place, name in enumerate(table.column_names) if pa.types.is_decimal(table.field(place).type)
    }
    frame = table.drop_columns(list(exact.values())).to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
    for place, name in exact.items():
        different = table[name].combine_chunks().dictionary_encode()
        values = np.array([*map(Decimal, _in_digits(different.dictionary)), None], dtype=object)
        frame.insert(place, name, values[different.indices.fill_null(len(values) - 1).to_numpy()])
    return frame


def _in_digits(numbers: pa.Array) -> list[str]:
    """Each number in plain digits, as `digits` writes it; Arrow itself writes some that are far from 1 with an exponent."""
    texts = numbers.cast(pa.string())
    point, exponent = (pc.match_substring(texts, sign) for sign in ".E")
    plain = pc.if_else(point, pc.utf8_rtrim(pc.utf8_rtrim(texts, "0"), "."), texts).to_pylist()
    for place in np.flatnonzero(exponent):
        plain[place] = digits(numbers[int(place)].as_py())
    return plain


def joined(parts: list[pa.Table]) -> pa.Table:
    """One table of several, in the types that `to_arrow` would choose for all of it; what their schemas say besides is of
    each alone, and left out.

    >>> parts = [pa.table({"weight": to_arrow(pd.DataFrame({"weight": [Decimal(text)]}), {"weight": "exact"})["weight"]})
    ...          for text in ("0.1234567890123", "7")]
    >>> joined(parts).schema.types
    [Decimal128Type(decimal128(38, 13))]
    """
    types = zip(*(part.schema.types for part in parts), strict=True)
    fields = [(name, _common(name, set(own), parts)) for name, own in zip(parts[0].column_names, types, strict=True)]
    schema = pa.schema(fields)
    one = pa.concat_tables(part if part.schema == schema else part.cast(schema) for part in parts)
    return one.replace_schema_metadata()


def _common(name: str, types: set[pa.DataType], parts: list[pa.Table]) -> pa.DataType:
    """The narrowest of Arrow's types that holds a column of all parts."""
    if len(types) == 1:
        return types.pop()
    widest = max(types, key=lambda one: (one.precision, one.scale))
    try:
        for part in parts:
            part[name].cast(widest)
    except pa.ArrowInvalid:  # more digits before the point than another's digits after it leave room for
        return _WIDEST
    return widest


def to_stream(table: pa.Table) -> bytes:
    """A table as an Arrow stream, packed.

    >>> from_stream(pa.BufferReader(to_stream(pa.table({"page": [8]})))).to_pydict()
    {'page': [8]}
    """
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def from_stream(source: pa.BufferReader) -> pa.Table:
    """The table of the stream at which a source stands."""
    one_by_one = pa.ipc.IpcReadOptions(use_threads=False)  # they are many and small
    return pa.ipc.open_stream(source, options=one_by_one, memory_pool=pa.system_memory_pool()).read_all()


def with_column(table: pa.Table, name: str, values) -> pa.Table:
    """The table with other values in a column of its own."""
    field = table.schema.field(name)
    return table.set_column(table.column_names.index(name), field, pa.array(values, field.type))


def numbered(table: pa.Table, name: str) -> pa.Table:
    """The table with its rows counted from 1.

    >>> numbered(pa.table({"repair_no": pa.array([7, 7])}), "repair_no")["repair_no"].to_pylist()
    [1, 2]
    """
    return with_column(table, name, np.arange(1, len(table) + 1))
