"""The tables of one document joined: their projects numbered on, every printed cell with what it became."""

import itertools

import pandas as pd

from budgetperf.layout.account import account
from budgetperf.layout.printed import COLUMN_OF
from budgetperf.mend.table import Table
from budgetperf.tables.cells import Reading


def offsets(tables: list[Table]) -> list[int]:
    """How many projects stand before each table's own."""
    return list(itertools.accumulate((len(table.projects) for table in tables[:-1]), initial=0))


def join_tables(tables: list[Table]) -> dict[str, pd.DataFrame]:
    """projects, indicators, repairs, checks, notes and period_indicators of all tables, the projects numbered through the document."""
    return {
        name: pd.concat(
            [_numbered_on(getattr(table, name), offset) for table, offset in zip(tables, offsets(tables), strict=True)],
            ignore_index=True,
        )
        for name in ("projects", "indicators", "repairs", "checks", "notes", "period_indicators")
    }


def _numbered_on(frame: pd.DataFrame, offset: int) -> pd.DataFrame:
    if not offset:
        return frame
    numbers = [None if pd.isna(number) else number + offset for number in frame["project_no"]]
    return frame.assign(project_no=pd.Series(numbers, index=frame.index, dtype=frame["project_no"].dtype))


def placed_cells(reading: Reading, tables: list[Table], repeated: list[Table]) -> pd.DataFrame:
    """Every printed cell with what it became: role, column, project and indicator; `repeated` tables are not counted."""
    count = len(reading.cells)
    role = account(reading.cells, [t.printed for t in tables], [t.printed for t in repeated]).tolist()
    field, project_no, indicator_no = [None] * count, [None] * count, [None] * count
    for table, offset in zip(tables, offsets(tables), strict=True):
        rows, roles = table.rows, table.printed.roles
        numbers, named = (rows["project_no"] + offset).to_dict(), rows["cell"].to_dict()
        counted = dict(zip(table.indicators["cell"], table.indicators["indicator_no"], strict=True))
        of_anchor = (table.structure.group + offset).to_dict()
        executed = set(rows.index[rows["execution"]])
        places = zip(roles.index, *(roles[name].tolist() for name in ("role", "field", "line")), strict=True)
        for cell, its_role, its_field, line in places:
            of_row, of_project = its_role == "indicator", its_role == "project"
            of_levels = its_field in ("level1", "level2", "name")
            role[cell] = ("heading" if of_levels else "execution") if of_row and line in executed else role[cell]
            field[cell] = COLUMN_OF.get(its_field, its_field) if of_row or of_project else None
            project_no[cell] = numbers.get(line) if of_row else of_anchor.get(line) if of_project else None
            indicator_no[cell] = counted.get(named.get(line)) if of_row else None
    numbers = {"project_no": pd.array(project_no, dtype="Int64"), "indicator_no": pd.array(indicator_no, dtype="Int64")}
    return reading.cells.assign(role=role, field=field, **numbers)
