"""Builds on the disk as one Dataset, of which is read what is asked for: for more of them than memory holds."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute

from budgetperf.errors import InputError
from budgetperf.settings import find_settings
from budgetperf.tables.arrow import Deferred
from budgetperf.tables.dataset import Dataset
from budgetperf.tables.declared import COUNTED, TABLES
from budgetperf.tables.elsewhere import is_elsewhere
from budgetperf.tables.query import builds_in, find_builds, opened

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection  # loaded where builds are asked: it takes a while


def holds_builds(data: str | Path) -> bool:
    """Whether a folder is no build itself but holds some."""
    with suppress(InputError):
        return not is_elsewhere(data) and builds_in(Path(data)) != [Path(data)]
    return False


def open_builds(data: str | Path) -> Dataset:
    """The dataset of all builds in a folder or at an address, as `query` finds them; each table is read where it is asked
    for. A document that several of them hold counts in the first, and `left_out` says so; issues, which join the
    documents of one build, are left out.

    >>> import tempfile
    >>> from budgetperf.tables.store import save
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(Dataset.empty(), Path(folder) / "2024")
    ...     len(open_builds(folder).columns("indicators", "level2"))
    0
    """
    builds = find_builds(data)
    with opened(data, ", file_index", ["documents"], builds) as connection:
        first = "SELECT document_id, min(file_index) AS file_index, count(*) AS builds FROM documents GROUP BY ALL"
        found = connection.sql(first).to_arrow_table()
    twice = sum(count > 1 for count in found["builds"].to_pylist())
    said = (f"{twice} 份文件在几次构建里都有，只计一次", f"{twice} documents stand in several builds, counted once")
    part = _Part(data, builds, found.drop_columns("builds"), twice > 0)
    settings = Dataset.empty().settings if is_elsewhere(data) else find_settings(data)
    dataset = Dataset.empty().but(**_deferred(part), settings=settings, left_out=(said,) if twice else ())
    return dataset.but(documents=dataset.documents)


def is_stored(dataset: Dataset) -> bool:
    """Whether the tables of a dataset lie on the disk.

    >>> is_stored(Dataset.empty())
    False
    """
    return isinstance(vars(dataset)["indicators"], Deferred)


class _Part(NamedTuple):
    """Of the builds in `data` the rows of `kept` documents, where they are not all; and where given, of `projects` alone.

    `builds`: those that hold one of them; `kept`: document_id, and file_index, in which of these builds it counts.
    """

    data: str | Path
    builds: list
    kept: pa.Table
    not_all: bool
    projects: pa.Table | None = None


def only_projects(dataset: Dataset, documents: pd.DataFrame, projects: pd.DataFrame) -> Dataset:
    """The part of such a dataset with these documents, and of them these projects (document_id, project_no) alone."""
    chosen = pa.Table.from_pandas(projects[["document_id", "project_no"]], preserve_index=False)
    _, builds, kept, *_ = whole = _part_of(dataset)
    kept = kept.filter(pa.compute.is_in(kept["document_id"], pa.array(documents["document_id"], pa.string())))
    used = pa.array(sorted(set(kept["file_index"].to_pylist())) or [0], kept["file_index"].type)
    places = pa.compute.index_in(kept["file_index"], used).cast(used.type)
    kept = pa.table({"document_id": kept["document_id"], "file_index": places})
    part = _Part(whole.data, [builds[place] for place in used.to_pylist()], kept, True, chosen)
    return dataset.but(**_deferred(part)).but(documents=documents)


def _deferred(part: _Part) -> dict[str, Deferred]:
    return {name: Deferred(partial(_read, part, name)) for name in TABLES if name != "issues"}


def _part_of(dataset: Dataset) -> _Part:
    return vars(dataset)["indicators"].read.args[0]


@contextmanager
def queried(dataset: Dataset) -> Iterator["DuckDBPyConnection"]:
    """A connection on which documents, projects and indicators of such a dataset are views, each row with its place in
    print."""
    with _views(_part_of(dataset), ["documents", "projects", "indicators"]) as connection:
        yield connection


def _read(part: _Part, name: str, columns: Sequence[str], documents: Iterable[str] | None) -> pa.Table:
    """What is asked for of a table, in the order of print."""
    shown = ", ".join(f'"{column}"' for column in columns or TABLES[name].columns)
    with _views(part, [name]) as connection:
        asked = ""
        if documents is not None:
            connection.register("asked", pa.table({"document_id": pa.array(documents, pa.string())}))
            asked = "WHERE document_id IN (FROM asked)"
        return connection.sql(f"SELECT {shown} FROM own.{name} {asked} ORDER BY place").to_arrow_table()


@contextmanager
def _views(part: _Part, tables: list[str]) -> Iterator["DuckDBPyConnection"]:
    """Views of the rows of a part; with their `place`."""
    more = ", file_index, file_index * (1::BIGINT << 40) + file_row_number AS place"
    with opened(part.data, more, tables, part.builds) as connection:
        connection.execute("CREATE SCHEMA own")
        wanted = ["true"]
        if part.not_all:
            connection.register("kept", part.kept)
            wanted.append("(document_id, file_index) IN (FROM kept)")
        if part.projects is not None:
            connection.register("chosen", part.projects)
        for name in tables:
            of_project = "(project_no IS NULL OR (document_id, project_no) IN (FROM chosen))"
            narrow = [of_project] if part.projects is not None and "project_no" in TABLES[name].columns else []
            where = " AND ".join([*wanted, *narrow])
            shown = f"* REPLACE (row_number() OVER (ORDER BY place) AS {COUNTED[name]})" if name in COUNTED else "*"
            connection.execute(f"CREATE VIEW own.{name} AS SELECT {shown} FROM main.{name} WHERE {where}")
        yield connection
