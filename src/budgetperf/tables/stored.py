"""Builds on the disk as one Dataset, of which is read what is asked for: for more of them than memory holds."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.compute

from budgetperf.errors import InputError
from budgetperf.settings import find_settings
from budgetperf.tables.arrow import Deferred
from budgetperf.tables.dataset import Dataset
from budgetperf.tables.declared import COUNTED, TABLES
from budgetperf.tables.elsewhere import is_elsewhere
from budgetperf.tables.query import builds_in, opened

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
    with opened(data, ", file_index", ["documents"]) as connection:
        first = (
            "SELECT document_id, min(file_index) AS file_index, count(*) AS builds FROM documents GROUP BY document_id"
        )
        kept = connection.sql(first).to_arrow_table()
    twice = sum(builds > 1 for builds in kept["builds"].to_pylist())
    said = (f"{twice} 份文件在几次构建里都有，只计一次", f"{twice} documents stand in several builds, counted once")
    kept = kept.drop_columns("builds") if twice else None
    settings = Dataset.empty().settings if is_elsewhere(data) else find_settings(data)
    dataset = Dataset.empty().but(**_deferred(data, kept, None), settings=settings, left_out=(said,) if twice else ())
    return dataset.but(documents=dataset.documents)


def is_stored(dataset: Dataset) -> bool:
    """Whether the tables of a dataset lie on the disk.

    >>> is_stored(Dataset.empty())
    False
    """
    return isinstance(vars(dataset)["indicators"], Deferred)


def only_projects(dataset: Dataset, documents: pd.DataFrame, projects: pd.DataFrame) -> Dataset:
    """The part of such a dataset with these documents, and of them these projects (document_id, project_no) alone."""
    chosen = pa.Table.from_pandas(projects[["document_id", "project_no"]], preserve_index=False)
    data, _, kept, _ = vars(dataset)["indicators"].read.args
    own = pa.array(documents["document_id"], pa.string())
    kept = pa.table({"document_id": own}) if kept is None else kept.filter(pa.compute.is_in(kept["document_id"], own))
    return dataset.but(**_deferred(data, kept, chosen)).but(documents=documents)


def _deferred(data: str | Path, kept: pa.Table | None, projects: pa.Table | None) -> dict[str, Deferred]:
    return {name: Deferred(partial(_read, data, name, kept, projects)) for name in TABLES if name != "issues"}


@contextmanager
def queried(dataset: Dataset) -> Iterator["DuckDBPyConnection"]:
    """A connection on which documents, projects and indicators of such a dataset are views, each row with its place in
    print."""
    data, _, kept, projects = vars(dataset)["indicators"].read.args
    with _views(data, kept, projects, ["documents", "projects", "indicators"]) as connection:
        yield connection


def _read(
    data: str | Path,
    name: str,
    kept: pa.Table | None,
    projects: pa.Table | None,
    columns: Sequence[str],
    documents: Iterable[str] | None,
) -> pa.Table:
    """What is asked for of a table, in the order of print."""
    shown = ", ".join(f'"{column}"' for column in columns or TABLES[name].columns)
    with _views(data, kept, projects, [name]) as connection:
        asked = ""
        if documents is not None:
            connection.register("asked", pa.table({"document_id": pa.array(documents, pa.string())}))
            asked = "WHERE document_id IN (FROM asked)"
        return connection.sql(f"SELECT {shown} FROM own.{name} {asked} ORDER BY place").to_arrow_table()


@contextmanager
def _views(
    data: str | Path, kept: pa.Table | None, projects: pa.Table | None, tables: list[str]
) -> Iterator["DuckDBPyConnection"]:
    """Views of the rows of `kept` documents (of these builds) and, where given, of `projects` alone; with their `place`."""
    with opened(data, ", file_index, file_index * (1::BIGINT << 40) + file_row_number AS place", tables) as connection:
        connection.execute("CREATE SCHEMA own")
        wanted = ["true"]
        if kept is not None:
            connection.register("kept", kept)
            wanted.append(f"({', '.join(kept.column_names)}) IN (FROM kept)")
        if projects is not None:
            connection.register("chosen", projects)
        for name in tables:
            of_project = "(project_no IS NULL OR (document_id, project_no) IN (FROM chosen))"
            narrow = [of_project] if projects is not None and "project_no" in TABLES[name].columns else []
            where = " AND ".join([*wanted, *narrow])
            shown = f"* REPLACE (row_number() OVER (ORDER BY place) AS {COUNTED[name]})" if name in COUNTED else "*"
            connection.execute(f"CREATE VIEW own.{name} AS SELECT {shown} FROM main.{name} WHERE {where}")
        yield connection
