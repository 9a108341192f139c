"""Writing and reading the tables of a build: CSV for people, Parquet with types, datapackage.json with their hashes."""

import hashlib
import itertools
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from budgetperf.errors import InputError
from budgetperf.settings import find_settings
from budgetperf.tables import swap
from budgetperf.tables.arrow import from_stream, joined, numbered, to_frame, to_stream
from budgetperf.tables.dataset import Dataset, as_arrow, kinds_of, typed, validate_dataset
from budgetperf.tables.declared import COUNTED, TABLES
from budgetperf.tables.dictionary import datapackage
from budgetperf.tables.edited import edited_files, refuse_edited, said_of, said_of_table
from budgetperf.tables.elsewhere import brought_here, is_elsewhere
from budgetperf.tables.exact import digits
from budgetperf.tables.swap import PACKAGE

FILES = [f"{name}.{suffix}" for name in TABLES for suffix in ("csv", "parquet")] + [PACKAGE]
BLOCK = 100_000  # rows of CSV held in memory at a time
SHEET = 1_048_576  # rows that a spreadsheet opens, its head included
# What Excel, WPS or LibreOffice take for a formula when a CSV is opened; a lone sign or a signed number is none.
# A text that already starts with ' and then a formula is marked once more, so that taking one ' off is always right.
_FORMULA = re.compile(r"'*[\t\r\n]*[=+\-@＝＋－＠]")
_CSV, _COUNT = b"csv", 0xFF  # where a schema keeps printed rows; what stands in them for a number: in no UTF-8
_DIVIDING = re.compile('[,"\r\n]')
_SPECIAL = f"{_DIVIDING.pattern}|^{_FORMULA.pattern}"  # of a text that does not stand in a CSV as it is
_HARMLESS = re.compile(r"[=+\-@＝＋－＠]+|[+\-＋－][0-9][0-9,]*(\.[0-9]+)?%?")


def save(dataset: Dataset, directory: str | Path) -> None:
    """Write every table as CSV and Parquet, and datapackage.json, into `directory`, replacing an earlier build whole.

    See `saving`. The same dataset gives the same bytes. Raises TableFault where a table breaks the contract.
    """
    tables = {name: typed(frame, name) for name, frame in dataset.tables().items()}
    dataset = validate_dataset(replace(dataset, **tables))
    with saving(directory) as put:
        put(dataset)


@contextmanager
def saving(directory: str | Path, *, csv: bool = False, timed: Callable = lambda write: write) -> Iterator[Callable]:
    """`put(dataset, *tables)`, which begins to write these tables of a dataset (none named: all not put yet) while the
    caller goes on; when the block ends, they take the place of an earlier build in `directory`, all at once.

    `parts`: the tables that they were put together of, with their rows printed. A table of more rows than a spreadsheet
    opens has no CSV, unless `csv` asks for it; `timed` may wrap what writes a file. Everything is written to a folder
    inside `directory/.budgetperf` first and put in place at the end, see `swap`; whatever fails leaves the earlier build
    as it was. Raises InputError where `directory` cannot be written.
    """
    directory, callers = Path(directory), False
    unwritable = f"无法写入文件夹 {directory}"
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{unwritable}（{error.strerror}）。没有写出任何文件。请换一个 --out 文件夹。") from error
    threads, written, latest = ThreadPoolExecutor(2), {}, []
    try:
        with swap.new_build(directory, FILES, PACKAGE) as building:

            def put(dataset: Dataset, *names: str, parts: Sequence[Mapping[str, pa.Table]] = ()) -> None:
                latest[:] = [dataset]
                tables = {name: dataset.arrow(name) for name in names or TABLES if name not in written}
                for name in sorted(tables, key=lambda name: -len(tables[name])):  # longest first
                    printed = [part[name] for part in parts if name in part]
                    written[name] = [
                        threads.submit(timed(_write_parquet), tables[name], name, building),
                        threads.submit(timed(_write_csv), tables[name], name, building, csv, printed),
                    ]

            callers = True
            yield put
            callers = False
            files = {name: facts for both in written.values() for one in both for name, facts in one.result().items()}
            package = json.dumps(datapackage(*latest, files), ensure_ascii=False, indent=1) + "\n"
            (building / PACKAGE).write_bytes(package.encode())
            _sync(building / PACKAGE)
    except OSError as error:
        if callers:  # none of ours
            raise
        reason = f"{unwritable}（{error.strerror or error}）"
        raise InputError(f"{reason}。原有文件未改动。请关闭正打开这些文件的程序，检查磁盘空间后重试。") from error
    finally:
        threads.shutdown(cancel_futures=True)


def _write_parquet(table: pa.Table, name: str, folder: Path) -> dict[str, tuple[int, str]]:
    path = folder / f"{name}.parquet"
    pq.write_table(table, path, compression="zstd", store_schema=False)
    return _sync(path)


def _write_csv(
    table: pa.Table, name: str, folder: Path, csv: bool, printed: list[pa.Table]
) -> dict[str, tuple[int, str]]:
    path = folder / f"{name}.csv"
    if len(table) >= SHEET and not csv:
        swap.leave_out(folder, path.name)
        return {}
    with path.open("wb") as file:
        file.writelines([_head(table), *_joined_csv(printed, name)] if printed else csv_blocks(table, name))
    return _sync(path)


def load(directory: str | Path) -> Dataset:
    """The dataset that a build wrote into `directory`, equal to what was saved.

    Raises InputError where nothing was built yet, where the files do not come from one build, where a table lacks a
    column, and where a CSV was edited, which is not what is loaded (a missing one is no fault). While another process puts
    a new build in place, it is the old or the new one, whole. `directory` may be an address that fsspec knows (`s3://…`):
    its tables are copied here first.
    """
    if is_elsewhere(directory):
        refuse_edited(str(directory))
        with brought_here([directory], [PACKAGE, *(f"{name}.parquet" for name in TABLES)]) as [here]:
            return load(here)
    directory = Path(directory)
    swap.finish(directory, FILES, PACKAGE)
    return swap.steady(directory, PACKAGE, lambda: _load(directory))


def _load(directory: Path) -> Dataset:
    build = f"请运行：budgetperf build 输入文件 --out {directory}"
    try:
        package = json.loads(swap.read(directory, PACKAGE).decode("utf-8"))
        typed_files = [resource["parquet"] for resource in package["resources"]]
        hashes = {file["path"]: file["hash"] for file in typed_files}
        files = {name: swap.read(directory, f"{name}.parquet") for name in TABLES}
    except (FileNotFoundError, NotADirectoryError) as error:
        missing = Path(error.filename).name
        raise InputError(f"{directory} 里还没有构建结果（缺少 {missing}）。{build}。") from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{directory} 里的构建结果读不出来（{PACKAGE} 不是构建写的样子）。{build}。") from error
    except OSError as error:
        raise InputError(f"{directory} 里的构建结果读不出来（{error}）。{build}。") from error
    for name, content in files.items():
        if hashes.get(f"{name}.parquet") != f"sha256:{hashlib.sha256(content).hexdigest()}":
            raise InputError(said_of_table(directory, f"{name}.parquet"))
    with ThreadPoolExecutor(1) as beside:  # hashing leaves Python to others
        edited = beside.submit(edited_files, directory, package["resources"])
        tables = {name: _checked(files[name], name, directory / f"{name}.parquet", build) for name in files}
    if names := edited.result():
        raise InputError(said_of(directory, names))
    return Dataset(**tables, settings=find_settings(directory))


def _checked(content: bytes, name: str, path: Path, build: str) -> pd.DataFrame:
    try:
        frame = to_frame(pq.read_table(pa.BufferReader(content)))
    except pa.ArrowException as error:
        raise InputError(f"{path} 已损坏，读不出来（{error}）。{build}。") from error
    missing = [column for column in TABLES[name].columns if column not in frame]
    if missing:
        raise InputError(f"{path} 缺少列 {'、'.join(missing)}：不是这个版本的程序写的。{build}。")
    return typed(frame, name)


def csv_blocks(rows: pd.DataFrame | pa.Table, table: str) -> Iterator[bytes]:
    r"""The table as CSV, block by block: UTF-8 with BOM, "\n" after each row, quotes only where needed, empty for NA.

    Numbers are plain digits without exponents, flags true or false. Text that a spreadsheet would run as a formula
    gets a leading `'`; everything else stands as it is.

    >>> checks = pd.DataFrame({"document_id": ["a", "b"], "expected": ["=1+1", "="], "actual": ["1,5", None]})
    >>> b"".join(csv_blocks(typed(checks, "checks"), "checks")).decode("utf-8-sig").splitlines()[1:]
    ['a,,,\'=1+1,"1,5",false,', 'b,,,=,,false,']
    """
    rows = as_arrow(rows, table)
    yield _head(rows)
    yield from _rows(rows, kinds_of(rows, table))


def _head(table: pa.Table) -> bytes:
    return ("\ufeff" + ",".join(map(_quoted, table.column_names)) + "\n").encode()


def _rows(rows: pa.Table, kinds: Mapping[str, str]) -> Iterator[bytes]:
    for start in range(0, len(rows), BLOCK):
        block = rows.slice(start, BLOCK)
        columns = [_printed(block[name], kind) for name, kind in kinds.items()]
        nothing, end, comma = (pa.scalar(sign, pa.large_string()) for sign in ("", "\n", ","))
        columns[-1] = pc.binary_join_element_wise(columns[-1], nothing, end)
        yield _bytes_of(pc.binary_join_element_wise(*columns, comma))


def _bytes_of(texts: pa.Array) -> bytes:
    """What an array of large texts, not a slice of one, holds, one after the other."""
    _, offsets, content = texts.buffers()
    return content[: np.frombuffer(offsets, "int64")[len(texts)]].to_pybytes()


def with_csv(table: pa.Table, name: str) -> pa.Table:
    """The table with its rows, as they stand in a CSV, packed beside its schema: joined with others', they need not be
    printed again. In place of a number that counts the rows of all stands a byte that is in no text."""
    kinds = kinds_of(table, name)
    if name in COUNTED:
        kinds[COUNTED[name]] = "counted"
    packed = pa.compress(b"".join(_rows(table, kinds)), codec="zstd", asbytes=True)
    return table.replace_schema_metadata({_CSV: packed})


def _joined_csv(parts: Sequence[pa.Table], name: str) -> Iterator[bytes]:
    """The rows that `with_csv` printed of these tables, one after the other, counted from 1."""
    before = 0
    for part in parts:
        text = pa.input_stream(pa.py_buffer(part.schema.metadata[_CSV]), compression="zstd").read()
        if name in COUNTED:
            text, before = _counted_on(text, before), before + len(part)
        yield text


def _counted_on(text: bytes, before: int) -> bytes:
    """Printed rows with their numbers, which go on from `before`, in place of _COUNT."""
    starts = np.flatnonzero(np.frombuffer(text, "uint8") == _COUNT)
    places = np.arange(len(starts))
    text = text.replace(bytes([_COUNT]), b"")
    offsets = pa.py_buffer(np.append(starts - places, len(text)).astype("int64"))
    rows = pa.Array.from_buffers(pa.large_binary(), len(starts), [None, offsets, pa.py_buffer(text)])
    numbers = pa.array(places + before + 1).cast(pa.large_string()).view(pa.large_binary())
    # joined by Arrow, which meanwhile leaves Python to others
    return _bytes_of(pc.binary_join_element_wise(numbers, rows, pa.scalar(b"", pa.large_binary())))


def _printed(values: pa.ChunkedArray, kind: str) -> pa.Array:
    """A column as it stands in a CSV; each different value is written once, texts that stand as they are not even that."""
    values = values.combine_chunks()
    if kind == "counted":
        return pa.array([bytes([_COUNT])] * len(values), pa.large_binary()).view(pa.large_string())
    if kind == "flag":
        return pc.if_else(values, *(pa.scalar(word, pa.large_string()) for word in ("true", "false")))
    if kind == "whole":
        return values.cast(pa.large_string()).fill_null("")
    write = {"exact": digits, "text": lambda value: _quoted(marked(value)), "box": str}[kind]
    different = values.dictionary_encode()
    if kind == "text" and not pc.any(pc.match_substring_regex(different.dictionary, _SPECIAL)).as_py():
        return values.cast(pa.large_string()).fill_null("")
    printed = pa.array(map(write, different.dictionary.to_pylist()), pa.large_string())
    return printed.take(different.indices).fill_null("")


def marked(text: str) -> str:
    """The text as it may stand in a CSV: one that a spreadsheet would run as a formula with a `'` before it.

    >>> marked("=1+1"), marked("-12.5"), marked("经费")
    ("'=1+1", '-12.5', '经费')
    """
    return f"'{text}" if _FORMULA.match(text) and not _HARMLESS.fullmatch(text) else text


def unmarked(text: str) -> str:
    """The text that `marked` made this of.

    >>> unmarked("'=1+1"), unmarked("'甲"), unmarked("=")
    ('=1+1', "'甲", '=')
    """
    return text[1:] if text.startswith("'") and marked(text[1:]) == text else text


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _DIVIDING.search(text) else text


def to_bytes(dataset: Dataset, *, csv: bool = False) -> bytes:
    """A dataset as bytes, for another process or for keeping: which tables have rows, then an Arrow stream of each of
    those, packed; `csv`: with their rows as they stand in a CSV, see `with_csv`."""
    tables = [dataset.arrow(name) for name in TABLES]
    filled = [len(table) > 0 for table in tables]
    given = itertools.compress(zip(TABLES, tables, strict=True), filled)
    return bytes(filled) + b"".join(to_stream(with_csv(table, name) if csv else table) for name, table in given)


def opened(content: bytes) -> dict[str, pa.Table]:
    """The tables with rows of a dataset that `to_bytes` made into bytes."""
    source = pa.BufferReader(content)
    filled = itertools.compress(TABLES, source.read(len(TABLES)))
    return {name: from_stream(source) for name in filled}


def together(datasets: Sequence[Mapping[str, pa.Table]]) -> Dataset:
    """The dataset of several that `opened` gave, in order; repair_no and finding_no are counted from 1, and issues, which
    join documents, are left out where there are several.

    >>> len(together([opened(to_bytes(Dataset.empty()))]).documents)
    0
    """
    tables = {}
    for name in TABLES:
        parts = [dataset[name] for dataset in datasets if name in dataset]
        left_out = name == "issues" and len(datasets) > 1
        tables[name] = joined(parts) if parts and not left_out else typed(pd.DataFrame(), name)
    for name, number in COUNTED.items():
        tables[name] = numbered(as_arrow(tables[name], name), number)
    return Dataset(**tables)


def _sync(path: Path) -> dict[str, tuple[int, str]]:
    """File name → (bytes, sha256), once the file is on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {path.name: (path.stat().st_size, digest)}
