"""SQL over the tables of builds, as they lie on the disk: also over more of them than memory holds."""

import itertools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pandas as pd

from budgetperf.errors import InputError
from budgetperf.tables import swap
from budgetperf.tables.declared import TABLES
from budgetperf.tables.edited import refuse_edited
from budgetperf.tables.elsewhere import is_elsewhere, reached, said
from budgetperf.tables.store import FILES, PACKAGE, to_frame

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection  # loaded where builds are asked: it takes a while

MEMORY = "1500MB"  # what a query may take before it goes on on the disk


def query(sql: str, data: str | Path) -> pd.DataFrame:
    """The result of a SQL query over the tables of a build, by their names: documents, projects, indicators …

    data: a build's folder, or one that holds such folders at any depth, which are then queried as one; on this machine or
    at an address that fsspec knows (`s3://…`), where only what the query needs is fetched. A folder named
    like `year=2024` adds a column of that name; `build` is the folder that a row is of. Numbers are exact decimals, as in
    the tables. It only reads, and only these tables: one SELECT (or WITH, FROM). Raises InputError where no build is or a
    CSV of one was edited, for any other statement or file, and where the query cannot be run.

    >>> import tempfile
    >>> from budgetperf.tables.store import save
    >>> from budgetperf.tables.dataset import Dataset
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(Dataset.empty(), folder)
    ...     query("SELECT count(*) AS n FROM indicators", data=folder)["n"].tolist()
    [0]
    """
    import duckdb

    with opened(data) as connection, _said():
        if [one.type for one in connection.extract_statements(sql)] != [duckdb.StatementType.SELECT]:
            raise InputError("查询只能是一条 SELECT 语句（或以 WITH、FROM 开头）。没有执行，没有写出任何文件。")
        return to_frame(connection.sql(sql).to_arrow_table())


@contextmanager
def opened(
    data: str | Path, more: str = "", tables: Iterable[str] = TABLES, builds: list | None = None
) -> Iterator["DuckDBPyConnection"]:
    """A connection on which `tables` of the builds are views; `more`: further columns of them, in SQL; `builds`: some of
    those that `find_builds` found."""
    import duckdb

    builds = find_builds(data) if builds is None else builds
    with duckdb.connect(config={"memory_limit": MEMORY}) as connection:
        if is_elsewhere(data):
            connection.register_filesystem(reached(str(data))[0])
            file_of = "{}/{}".format
        else:
            for build in builds:
                swap.finish(build, FILES, PACKAGE)
            file_of = lambda build, name: swap.place(build, name).as_posix()  # noqa: E731
        paths = {name: [file_of(build, f"{name}.parquet") for build in builds] for name in tables}
        several = len(builds) > 1
        with _said():
            for name in tables:
                files = connection.read_parquet(
                    paths[name], union_by_name=several, hive_partitioning=several, filename=several
                )
                shown = "* EXCLUDE (filename), parse_dirpath(filename) AS build" if several else "*"
                files.project(f"{shown}{more}").create_view(name)
            connection.execute("SET allowed_paths = $paths", {"paths": [*itertools.chain(*paths.values())]})
            connection.execute("SET enable_external_access = false")
        yield connection


@contextmanager
def _said() -> Iterator[None]:
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        raise InputError(
            f"查询不能执行（{error}）。可用的表：{'、'.join(TABLES)}，列见 docs/data-dictionary.md。"
        ) from error


def find_builds(data: str | Path) -> list:
    """The builds in a folder, as paths, or at an address, as addresses; InputError where there are none, and where a CSV
    of one was edited, which a query does not see."""
    builds = _builds_there(str(data)) if is_elsewhere(data) else builds_in(Path(data))
    for build in builds:
        refuse_edited(build)
    return builds


def _builds_there(data: str) -> list[str]:
    store, root = reached(data)
    with said(data):
        files = [PurePosixPath(path) for path in sorted(store.find(root))]
    builds = [file.parent for file in files if file.name == PACKAGE and swap.HIDDEN not in file.parts]
    if not builds:
        raise _nothing_built(data)
    if PurePosixPath(root) in builds:
        builds = [PurePosixPath(root)]
    return [store.unstrip_protocol(str(build)) for build in builds]


def _nothing_built(data: str | Path) -> InputError:
    return InputError(f"{data} 里没有构建结果。请运行：budgetperf build 输入文件 --out {data}。")


def builds_in(folder: Path) -> list[Path]:
    """The folder where it is a build, else those below it, in order; InputError where there are none."""
    swap.finish(folder, FILES, PACKAGE)
    if (folder / PACKAGE).exists():
        return [folder]
    below = sorted(path.parent for path in folder.rglob(PACKAGE) if swap.HIDDEN not in path.parts)
    if not below:
        raise _nothing_built(folder)
    return below
