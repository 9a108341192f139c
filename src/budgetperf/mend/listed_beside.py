"""What a table says of the projects that it lists, in the same rows: their units, goals and the like."""

import re
from typing import NamedTuple

import pandas as pd

from budgetperf.clean.checks import check_rows
from budgetperf.field.categories import category_parts
from budgetperf.field.codes import split_code
from budgetperf.field.form_labels import label_of, period_of
from budgetperf.field.headings import money_unit
from budgetperf.field.vocabulary import fold, header_field, unit_kind
from budgetperf.field.wraps import unwrap
from budgetperf.mend.reconciliation import failed
from budgetperf.tables.ledger import Ledger

# what a list that gives names or budgets says of the projects as well: field of its head → column
_BESIDE = {
    "unit": "unit_name", "unit_code": "unit_code", "department": "department", "category": "category_name", "goal": "objective",
    "objective": "objective", "period_objective": "period_objective", "project_code": "project_code",
}  # fmt: skip


class Listed(NamedTuple):
    """projects: with the budgets that a list gives · cells: where these stand · repairs, checks: what is on record of it."""

    projects: pd.DataFrame
    cells: pd.DataFrame
    repairs: pd.DataFrame
    checks: pd.DataFrame


def said_in_lists(cells: pd.DataFrame, projects: pd.DataFrame, repair: bool = True) -> Listed:
    """What no project has of unit, goals and the like, where another table that names each of the projects once prints it
    in the same rows. `cells`: with their roles.

    >>> projects = pd.DataFrame({"project_no": [1], "project_name": ["村道硬化"], "unit_name": None, "unit_code": None, "page": 2,
    ...                          "fiscal_year": 2024, "objective": ["硬化。"], "project_code": None})
    >>> cells = pd.DataFrame({"page": 1, "table": 1, "row": [1, 1, 2, 2], "col": [1, 2] * 2, "rowspan": 1, "role": "other_table",
    ...                       "text": ["项目名称", "实施单位", "村道硬化", "县公路局"], "field": None, "project_no": pd.array([None] * 4, dtype="Int64")})
    >>> said_in_lists(cells, projects).projects["unit_name"].tolist()
    ['县公路局']
    """
    names = projects["project_name"].map(lambda name: fold(name) if isinstance(name, str) else None)
    listed = Listed(projects, cells, Ledger().entries(), check_rows([]))
    if not repair or names.isna().any() or not names.is_unique:
        return listed
    entry = {"rule": "listed_name", "grade": "likely", "kind": "reading"}
    for table in other_tables(cells):
        named = table.assign(project=table["text"].map(fold))
        named = named[named["project"].isin(names)]
        if sorted(named["project"]) == sorted(names) and is_of_year(lines_above(table, cells), projects):
            more = with_beside(listed, table, named[["page", "row", "project"]], names, entry)
            listed = more._replace(checks=pd.concat([listed.checks, more.checks], ignore_index=True))
    return listed


def with_beside(listed: Listed, table: pd.DataFrame, rows: pd.DataFrame, keys: pd.Series, entry: dict) -> Listed:
    """`listed` with what else stands in `rows` of a table (page, row, project: its key among `keys`) under heads of fields
    that no project has yet; a column of which only some projects have a text, or several, is a failed check."""
    filled, placed, ledger, unsure = listed.projects, listed.cells, Ledger(), []
    page = rows["page"].iloc[0]
    evidence = f"取自第 {page} 页另一张表的同一行"
    for field, (head, lines) in _columns_beside(table, rows, listed.projects).items():
        texts = lines.groupby("project")["text"].agg(lambda own: own.iloc[0] if own.nunique() == 1 else None)
        texts = keys.map(texts)
        if texts.isna().any():
            unsure.append((None, f"第 {page} 页另一张表的“{fold(head)}”一列没有给每个项目印出一个值，没有取用"))
            continue
        parts = {field: texts}
        if field == "unit_name" and filled["unit_code"].isna().all():
            cut = [split_code(text) for text in texts]
            parts = {"unit_code": [code for code, _ in cut], "unit_name": [name for _, name in cut]}
        if field == "category_name":
            cut = [category_parts(text) or (None, text) for text in texts]
            parts = {"category_code": [code for code, _ in cut], "category_name": [name for _, name in cut]}
        for column, values in parts.items():
            values = pd.Series(list(values), index=filled.index, dtype=object)
            filled = ledger.change(filled, column, values, **entry | {"evidence": evidence})
        placed = placed_lines(placed, {field: lines}, keys, filled)
    repairs = pd.concat([listed.repairs, ledger.entries()], ignore_index=True)
    return Listed(filled, placed, repairs, failed("required", unsure))


def _columns_beside(
    table: pd.DataFrame, rows: pd.DataFrame, projects: pd.DataFrame
) -> dict[str, tuple[str, pd.DataFrame]]:
    """Of the fields that no project has, those for which a list has a column: its head, and its cells in the `rows`, or
    merged beside them, with each row's project and the text."""
    first = rows[["page", "row"]].min()
    heads = table[table["page"].eq(first["page"]) & table["row"].lt(first["row"])]
    heads = heads.assign(field=[_field_beside(text) for text in heads["text"]]).dropna(subset=["field"])
    goals = heads[heads["field"].eq("objective")]
    years = goals["text"].map(period_of).eq("year")
    if len(goals) == 2 and years.sum() == 1:  # 总体目标 | 年度目标
        heads.loc[goals.index[~years], "field"] = "period_objective"
    if "unit_name" not in set(heads["field"]):
        heads.loc[heads["text"].map(fold).eq("部门"), "field"] = "unit_name"
    found = {}
    for col, head, field in heads.drop_duplicates("field", keep=False)[["col", "text", "field"]].itertuples(
        index=False
    ):
        own = table[table["col"].eq(col) & table["text"].str.strip().ne("")].drop(columns="project_no")
        spans = [
            own.assign(row=own["row"] + down)[own["rowspan"].gt(down)] for down in range(max(own["rowspan"], default=1))
        ]
        lines = pd.concat(spans).reset_index().merge(rows[["page", "row", "project"]], on=["page", "row"])
        # 单位 of a quantity, of an amount
        measures = any(unit_kind(text) or money_unit(f"（{text}）") for text in lines["text"])
        texts = lines.groupby("project")["text"].first()
        if _may_take(field, projects, texts) and len(lines) and not measures:
            found[field] = head, lines.set_index("index").assign(text=lines["text"].map(unwrap).to_numpy())
    return found


def _may_take(field: str, projects: pd.DataFrame, texts: pd.Series) -> bool:
    """Whether what a list prints of a field is more than was read: nothing was, or of all units only the place that the
    listed units' names begin with (柳河镇)."""
    own = projects[field].dropna().unique()
    place = len(own) == 1 and field == "unit_name" and len(texts) == len(projects)
    return len(own) == 0 or (place and all(text != own[0] and text.startswith(own[0]) for text in texts))


def _field_beside(head: str) -> str | None:
    """The column of projects that a list's head names, of those that hold texts.

    >>> _field_beside("项目类别"), _field_beside("中期目标"), _field_beside("年度目标"), _field_beside("预算数")
    ('category_name', 'period_objective', 'objective', None)
    """
    label, field = label_of(head), header_field(head)
    if label and label.sure and label.field in ("goal", "objective", "period_objective"):
        field = label.field
    return _BESIDE.get(field or (label.field if label and label.sure else ""))


def placed_lines(
    cells: pd.DataFrame, taken: dict[str, pd.DataFrame], keys: pd.Series, projects: pd.DataFrame
) -> pd.DataFrame:
    """The cells with those of `taken` (field → lines by cell, `project` their key) as the projects' own."""
    placed, numbers = cells.copy(), dict(zip(keys, projects["project_no"], strict=True))
    for field, lines in taken.items():
        first = lines[~lines.index.duplicated()]
        placed.loc[first.index, ["role", "field"]] = "project", field
        placed.loc[first.index, "project_no"] = first["project"].map(numbers)
    return placed


def other_tables(cells: pd.DataFrame) -> list[pd.DataFrame]:
    """The tables of which nothing was read; one that goes on over the page with as many columns is one."""
    parts: list[pd.DataFrame] = []
    for (page, _), part in cells[cells["role"].eq("other_table")].groupby(["page", "table"]):
        if parts and page == parts[-1]["page"].max() + 1 and part["col"].max() == parts[-1]["col"].max():
            part = pd.concat([parts.pop(), part])
        parts.append(part)
    return parts


def lines_above(table: pd.DataFrame, cells: pd.DataFrame) -> list[str]:
    """The lines of text between a table and the one above it on its page."""
    page, row = table[["page", "row"]].iloc[0]
    above = cells[cells["page"].eq(page) & cells["row"].lt(row)]
    last = above.loc[above["table"].gt(0), "row"].max()
    return above.loc[above["table"].eq(0) & ~above["row"].le(last), "text"].tolist()


def is_of_year(lines: list[str], projects: pd.DataFrame) -> bool:
    """Whether the lines above a table name no other year than the projects'."""
    own = set(projects["fiscal_year"].dropna())
    return not own or {int(year) for line in lines for year in re.findall(r"20\d\d", line)} <= own
