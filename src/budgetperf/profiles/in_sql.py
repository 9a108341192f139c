"""Indicators of builds on the disk counted where they lie, by DuckDB, as `base.indicator_rows` would tell them apart."""

import unicodedata
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from budgetperf.audit.wording import is_filler
from budgetperf.profiles.base import (
    IN_WORDS,
    NO_UNIT_OF_MEASURE,
    NOT_STATED,
    PLACEHOLDER,
    QUANTIFIED,
    indicator_rows,
)
from budgetperf.profiles.kinds import spending_kind
from budgetperf.tables.arrow import to_frame
from budgetperf.tables.dataset import Dataset
from budgetperf.tables.stored import is_stored, queried

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection  # loaded where builds are asked: it takes a while

# `base.project_rows`, with the names of units and codes that other projects of the same unit print.
_PROJECTS = f"""
CREATE TEMP VIEW named AS
WITH of_code AS (
  SELECT unit_code, arg_max(unit_name, place) AS unit_name FROM own.projects
  WHERE unit_code IS NOT NULL AND unit_name IS NOT NULL GROUP BY unit_code),
filled AS (
  SELECT p.*, coalesce(p.unit_name, of_code.unit_name, p.unit_code, '{NOT_STATED}') AS unit
  FROM own.projects p LEFT JOIN of_code USING (unit_code)),
of_name AS (
  SELECT unit, arg_min(unit_code, place) AS unit_code FROM filled WHERE unit_code IS NOT NULL GROUP BY unit)
SELECT p.document_id, p.project_no, p.fiscal_year, p.place, p.unit AS unit_name,
  coalesce(p.unit_code, of_name.unit_code, '') AS unit_code,
  coalesce(p.category_name, '{NOT_STATED}') AS category_name, coalesce(p.category_code, '') AS category_code,
  coalesce(p.project_name, nullif(p.project_code, ''), '项目 ' || p.project_no) AS project_name,
  coalesce(p.project_code, '') AS project_code, d.source
FROM filled p LEFT JOIN of_name USING (unit) LEFT JOIN own.documents d USING (document_id)
"""
_INDICATORS = f"""
CREATE TEMP VIEW counted AS
WITH told AS (
  SELECT *, coalesce(name IN (FROM fillers), false)
    OR coalesce((coalesce(name, ''), target_text) IN (FROM filled_targets), false) AS is_placeholder
  FROM own.indicators)
SELECT i.* REPLACE (coalesce(level1, '{NOT_STATED}') AS level1, coalesce(level2, '{NOT_STATED}') AS level2,
    coalesce(comparator, '{NOT_STATED}') AS comparator, coalesce(measure_unit, '{NO_UNIT_OF_MEASURE}') AS measure_unit),
  CASE WHEN is_placeholder THEN '{PLACEHOLDER}'
    WHEN target_value IS NOT NULL AND i.comparator IS DISTINCT FROM '{IN_WORDS}' THEN '{QUANTIFIED}' ELSE '{IN_WORDS}' END AS quantified
FROM told i
"""


def counted(dataset: Dataset, names: list[str]) -> pd.DataFrame:
    """Of each group of the columns `names`, in order of print: `projects`, `indicators`, `weight`, `without_weight`,
    `placeholders`."""
    with _counting(dataset) as connection:
        told = {name: _in_words(connection, name) for name in names}
        of_projects = [name for name in names if name not in _OF_INDICATORS]
        of_indicators = _listed(told[name] for name in names if name in _OF_INDICATORS)
        # The projects' columns as one number: texts are compared for each project, not for each of its indicators.
        connection.execute(
            f"""CREATE TEMP TABLE numbered AS
            SELECT *, (row_number() OVER ())::UINTEGER AS project,
              (dense_rank() OVER (ORDER BY {", ".join(of_projects) or "NULL"}))::UINTEGER AS number
            FROM (SELECT {_listed(dict.fromkeys(["document_id", "project_no", *map(told.get, of_projects)]))} FROM named)"""
        )
        return _asked(
            connection,
            f"""WITH groups AS (SELECT DISTINCT number, {_listed(of_projects)} FROM numbered),
            counts AS (
              SELECT {"number, " * bool(of_projects)}{of_indicators} count(DISTINCT project) AS projects, count(*) AS indicators,
                sum(weight) AS weight, count(*) - count(weight) AS without_weight,
                count(*) FILTER (is_placeholder) AS placeholders, min(place) AS place
              FROM counted LEFT JOIN numbered USING (document_id, project_no) GROUP BY ALL)
            SELECT {_listed(names)} projects, indicators, weight, without_weight, placeholders
            FROM counts {"LEFT JOIN groups USING (number)" * bool(of_projects)} ORDER BY place""",
        )


def rows_of(dataset: Dataset, *names: str) -> pd.DataFrame:
    """Columns of `base.indicator_rows`; of builds on the disk no others are read.

    >>> rows_of(Dataset.empty(), "level1", "is_placeholder").columns.tolist()
    ['level1', 'is_placeholder']
    """
    if not is_stored(dataset):
        return indicator_rows(dataset)[[*names]]
    with _counting(dataset) as connection:
        own = {row[0] for row in connection.sql("DESCRIBE counted").fetchall()}
        lent = "LEFT JOIN named USING (document_id, project_no)" if set(names) - own else ""
        shown = ", ".join(f"i.{name}" if name in own else _in_words(connection, name) for name in names)
        return _asked(connection, f"SELECT {shown} FROM counted i {lent} ORDER BY i.place")


def _listed(columns: Iterable[str]) -> str:
    return "".join(f"{column}, " for column in columns)


def counted_by_project(dataset: Dataset) -> pd.DataFrame:
    """Of each project that has indicators what `counts.indicators_per_project` counts."""
    with _counting(dataset) as connection:
        return _asked(
            connection,
            f"""SELECT document_id, project_no, count(*) FILTER (NOT is_placeholder) AS indicators,
              count(*) FILTER (is_placeholder) AS placeholders,
              count(*) FILTER (quantified = '{QUANTIFIED}') AS quantified_indicators, sum(weight) AS weight,
              count(DISTINCT level1) AS level1_count, count(DISTINCT level2) AS level2_count
            FROM counted GROUP BY document_id, project_no ORDER BY min(place)""",
        )


@contextmanager
def _counting(dataset: Dataset) -> Iterator["DuckDBPyConnection"]:
    with queried(dataset) as connection:
        if dataset not in _FILLERS:
            _FILLERS[dataset] = _fillers(connection)
        for name, table in _FILLERS[dataset].items():
            connection.register(name, table)
        for view in (_PROJECTS, _INDICATORS):
            connection.execute(view)
        yield connection


def _asked(connection: "DuckDBPyConnection", sql: str) -> pd.DataFrame:
    return to_frame(connection.sql(sql).to_arrow_table())


_FILLERS = weakref.WeakKeyDictionary()  # of a dataset on the disk: what `_fillers` found in it


def _fillers(connection: "DuckDBPyConnection") -> dict[str, pa.Table]:
    """Tables of the names, and of the names and targets, that only fill a form."""
    names = [name for name in _values(connection, "SELECT DISTINCT name FROM own.indicators") if is_filler(name, "")]
    targets = _values(connection, "SELECT DISTINCT target_text FROM own.indicators")
    filling = pa.table({"target_text": pa.array([text for text in targets if is_filler("", text)], pa.string())})
    connection.register("filling", filling)
    found = "SELECT DISTINCT coalesce(name, ''), target_text FROM own.indicators WHERE target_text IN (FROM filling)"
    pairs = [pair for pair in connection.sql(found).fetchall() if is_filler(*pair)] if len(filling) else []
    columns = {
        name: pa.array([pair[place] for pair in pairs], pa.string()) for place, name in enumerate(("name", "target"))
    }
    return {"fillers": pa.table({"name": pa.array(names, pa.string())}), "filled_targets": pa.table(columns)}


def _values(connection: "DuckDBPyConnection", sql: str) -> list[str]:
    return [value for (value,) in connection.sql(sql).fetchall() if value]


_OF_INDICATORS = ("level1", "level2", "comparator", "measure_unit", "quantified")
# Columns that Python works out of another one, each different value once.
_WORKED_OUT: dict[str, tuple[str, Callable[[str], str]]] = {
    "spending_kind": ("project_name", spending_kind),
    "measure_unit": ("measure_unit", lambda unit: unicodedata.normalize("NFKC", unit)),
}


def _in_words(connection: "DuckDBPyConnection", name: str) -> str:
    """What gives a column in SQL."""
    if name not in _WORKED_OUT:
        return name
    source, work = _WORKED_OUT[name]
    view = "counted" if name in _OF_INDICATORS else "named"
    worked = {value: work(value) for value in _values(connection, f"SELECT DISTINCT {source} FROM {view}")}
    connection.register(
        f"{name}_of", pa.table({"value": pa.array(worked, pa.string()), "is": pa.array(worked.values(), pa.string())})
    )
    return f'(SELECT o."is" FROM {name}_of o WHERE o.value = {view}.{source}) AS {name}'
