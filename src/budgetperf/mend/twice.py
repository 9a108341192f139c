"""A table that stands twice in a document (draft and final sheet, body and annex): counted once, the other named."""

from dataclasses import dataclass

import pandas as pd

from budgetperf.field.vocabulary import fold
from budgetperf.mend import reconciliation
from budgetperf.mend.table import Table
from budgetperf.tables.declared import TABLES

MOST = 0.8  # share of projects, and of a project's indicators, by which two tables are one
SHOWN = 8  # differences listed
# what tells the places of a row, and what follows from its other columns: no part of what a table says
PLACES = {"document_id", "page", "row", "x0", "y0", "x1", "y1"}
DERIVED = {"project_no", "indicator_no", "level1_printed", "level2_printed", "name_completed", "is_cut", "target_value",
            "actual_value", "weight_basis"}  # fmt: skip


@dataclass(frozen=True)
class Once:
    """kept: the tables that count · repeated: those that are one of them once more · checks: a row each repeated table."""

    kept: list[Table]
    repeated: list[Table]
    checks: pd.DataFrame


def once(tables: list[Table]) -> Once:
    """Tables of the same projects with the same indicators, in one fiscal year, counted once: the first stands; where
    another differs from it, a failed check lists the differences."""
    kept: list[Table] = []
    repeated: list[Table] = []
    checks = [reconciliation.passed("twice", words) for table in tables for words in table.printed.repeated]
    for table in tables:
        first = next((other for other in kept if _same_projects(other, table)), None)
        if first is None:
            kept.append(table)
            continue
        repeated.append(table)
        found = [*_unlike_titles(first, table), *_differences(first, table)]
        words = f"第 {_page(table)} 页起的表与第 {_page(first)} 页起的表是同一批项目，只计前者"
        if found:
            shown = "；".join(found[:SHOWN]) + (f"；……共 {len(found)} 处" if len(found) > SHOWN else "")
            checks.append(reconciliation.failed("twice", [(None, f"{words}；两表不同：{shown}")]))
        else:
            checks.append(reconciliation.passed("twice", words))
    checks.append(reconciliation.failed("twice", [(None, words) for words in _in_two_tables(kept)]))
    return Once(kept, repeated, pd.concat(checks, ignore_index=True))


def _in_two_tables(tables: list[Table]) -> list[str]:
    """In words, the projects of one unit, code and name that two tables or forms of a year print and that are not one:
    before and after a change, asked for and approved, in a list and in a form of its own."""
    first: dict[tuple, tuple[Table, int, int]] = {}
    found = []
    for table in tables:
        projects = table.projects.reindex(
            columns=["unit_name", "project_code", "project_name", "project_no", "page", "scope"]
        )
        columns = projects[projects["project_name"].notna() & projects["scope"].ne("unit")].drop(columns="scope")
        for *key, name, number, page in columns.itertuples(index=False):
            known = tuple("" if pd.isna(value) else fold(value) for value in (*key, name))
            other, before, above = first.setdefault((table.fiscal_year, *known), (table, number, page))
            if other is not table or (number != before and table.printed.layout != "approval"):
                where = f"第 {above} 页和第 {page} 页各印一次" if page != above else f"第 {page} 页印了两次"
                found.append(f"“{name}”在{where}，没有并为一次，两次都计入：请确定以哪一次为准")
    return found


def _page(table: Table) -> int:
    return int(table.printed.rows["page"].iat[0])


def _keys(table: Table) -> dict[tuple, int]:
    """Code (where there is one) and name of each project → its number; nameless ones are like no other."""
    columns = table.projects[["project_no", "project_code", "project_name"]]
    return {
        (code if isinstance(code, str) else None, fold(name)): int(number)
        for number, code, name in columns.itertuples(index=False)
        if isinstance(name, str)
    }


def _names(table: Table, number: int) -> list[str]:
    rows = table.indicators[table.indicators["project_no"] == number]
    return [fold(name) for name in rows["name"] if isinstance(name, str)]


def _same_projects(one: Table, other: Table) -> bool:
    if one.fiscal_year != other.fiscal_year or one.printed.layout != other.printed.layout:
        return False
    mine, theirs = _keys(one), _keys(other)
    shared = mine.keys() & theirs.keys()
    units = [set(table.projects["unit_name"].dropna()) for table in (one, other)]
    if all(units) and not set.intersection(*units):
        return False
    if not shared or len(shared) < MOST * max(len(one.projects), len(other.projects)):
        return False
    alike = 0
    for key in shared:
        a, b = _names(one, mine[key]), _names(other, theirs[key])
        alike += len(set(a) & set(b)) >= MOST * max(len(set(a)), len(set(b)), 1)
    return alike >= MOST * len(shared)


def _unlike_titles(first: Table, again: Table) -> list[str]:
    """That two titles name different bodies: neither holds all that the other says."""
    one, other = (fold(table.printed.title or "") for table in (first, again))
    return [] if one in other or other in one else [f"标题 {one} / {other}"]


def _differences(first: Table, again: Table) -> list[str]:
    mine, theirs = _keys(first), _keys(again)
    found = [f"“{key[1]}”只印在一处" for key in [*mine, *theirs] if key not in mine or key not in theirs]
    for key in [key for key in mine if key in theirs]:
        a, b = (_project(table, numbers[key]) for table, numbers in ((first, mine), (again, theirs)))
        found += [f"“{key[1]}”{words}" for words in _unlike("projects", a, b)]
        rows, others = (_rows(table, numbers[key]) for table, numbers in ((first, mine), (again, theirs)))
        if [fold(str(r["name"])) for r in rows] != [fold(str(r["name"])) for r in others]:
            found.append(f"“{key[1]}”的指标不同")
            continue
        found += [
            f"“{key[1]}”的“{r['name']}”{words}"
            for r, o in zip(rows, others, strict=True)
            for words in _unlike("indicators", r, o)
        ]
    return found


def _project(table: Table, number: int) -> dict:
    return table.projects[table.projects["project_no"] == number].iloc[0].to_dict()


def _rows(table: Table, number: int) -> list[dict]:
    return table.indicators[table.indicators["project_no"] == number].to_dict("records")


def _unlike(table: str, one: dict, other: dict) -> list[str]:
    """In which columns two rows of a table differ, wherever they stand: "分值 50 / 45"."""
    names = [name for name in TABLES[table].columns if name in one and name not in PLACES | DERIVED]
    values = [(TABLES[table].columns[name].title, *(_plain(row[name]) for row in (one, other))) for name in names]
    return [f"{title} {a} / {b}" for title, a, b in values if a != b]


def _plain(value):
    return "空" if pd.isna(value) else "".join(value.split()) if isinstance(value, str) else value
