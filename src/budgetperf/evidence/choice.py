"""Which cells of a document hold a value: the indicator's or project's own, on every page they stand on."""

from typing import NamedTuple

import pandas as pd

from budgetperf.errors import InputError

# a column of the tables → the column whose cell it was read from, where it has none of its own
HOLDERS = {
    "project_code": "project_name",
    "unit_code": "unit_name",
    "category_code": "category_name",
    "name_completed": "name",
    "is_cut": "name",
    "comparator": "target_text",
    "measure_unit": "target_text",
    "target_value": "target_text",
    "actual_value": "actual_text",
    "weight_basis": "weight",
    "level1_printed": "level1",
    "level2_printed": "level2",
}


class Choice(NamedTuple):
    """own: the cells asked for · others: further cells of the same row or project · both rows of `dataset.cells`;
    subject: in words · note: a sentence where the cell itself was not found, else ""."""

    own: pd.DataFrame
    others: pd.DataFrame
    subject: str
    note: str

    @property
    def pages(self) -> list[int]:
        return sorted({int(page) for page in self.own["page"]})


def one_document(dataset, document_id: str | None, project_no: int | None = None) -> pd.Series:
    """The row of `documents` that is meant. Raises InputError where none or several fit."""
    documents = dataset.documents
    if documents.empty:
        raise InputError("数据中没有文件。请先用 budgetperf.build 读入文件。")
    if document_id is not None:
        found = documents[documents["document_id"] == document_id]
        if found.empty:
            raise InputError(f"数据中没有编号为 {document_id} 的文件。{_choices(documents)}")
        return found.iloc[0]
    if project_no is not None and len(documents) > 1:
        having = dataset.projects.loc[dataset.projects["project_no"] == project_no, "document_id"]
        documents = documents[documents["document_id"].isin(having)]
        if documents.empty:
            raise InputError(f"没有文件含有第 {project_no} 个项目。请核对 dataset.projects 的 project_no 列。")
    if len(documents) > 1:
        raise InputError(f"有 {len(documents)} 份文件都可能是所指，不能替您选择。{_choices(documents)}")
    return documents.iloc[0]


def _choices(documents: pd.DataFrame) -> str:
    shown = [f"{row.document_id}（{row.source}）" for row in documents.head(8).itertuples()]
    return f"请用 document_id= 指明：{'、'.join(shown)}{' 等' if len(documents) > 8 else ''}。"


def choose(
    dataset, document_id: str, project_no: int, indicator_no: int | None, field: str | None, lang: str = "zh"
) -> Choice:
    """The cells of one value; `lang`: of the words about it. Raises InputError where there is no such project, indicator or field."""
    of_document = dataset.of_document(document_id).tables()
    project = of_document["projects"][of_document["projects"]["project_no"] == project_no]
    if project.empty:
        raise InputError(
            f"这份文件没有第 {project_no} 个项目（共 {len(of_document['projects'])} 个）。请核对 project_no。"
        )
    rows = of_document["indicators"][of_document["indicators"]["project_no"] == project_no]
    zh = lang == "zh"
    subject = f"{'项目' if zh else 'project'} {project_no} {_or_blank(project['project_name'].iat[0], zh)}"
    if indicator_no is not None:
        row = rows[rows["indicator_no"] == indicator_no]
        if row.empty:
            raise InputError(
                f"第 {project_no} 个项目没有第 {indicator_no} 条指标（共 {len(rows)} 条）。请核对 indicator_no。"
            )
        subject += f" · {'指标' if zh else 'indicator'} {indicator_no} {_or_blank(row['name'].iat[0], zh)}"
    cells = of_document["cells"]
    mine = cells[(cells["project_no"] == project_no) & cells["role"].isin(["project", "indicator"])]
    wanted = field or ("project_name" if indicator_no is None else "name")
    names = [wanted, HOLDERS.get(wanted, wanted)]
    row_cells = mine[mine["indicator_no"] == indicator_no] if indicator_no is not None else mine.iloc[:0]
    head = mine[mine["indicator_no"].isna()]
    beside = row_cells if indicator_no is not None else mine[mine["indicator_no"].notna()]
    own = _named(row_cells if indicator_no is not None else head, names)
    if own.empty and indicator_no is not None:  # a merged cell printed once for several rows
        own = _covering(_named(mine, names), row_cells)
        own = own if len(own) else _named(head, names)
    if own.empty and indicator_no is None:
        own = _named(head, [])
    note = ""
    if own.empty and field is not None:
        known = "、".join(sorted(set((row_cells if indicator_no is not None else head)["field"].dropna())))
        raise InputError(f"没有印着 {field} 的单元格。可选的字段：{known or '无'}。")
    if own.empty:  # the project's cell was lost in print
        own = mine.iloc[:1]
        note = "页面上没有找到它自己的单元格，下面是同一项目的第一格。"
        note = note if zh else "Its own cell was not found on the page; the first cell of the project is shown."
    if own.empty:
        raise InputError(
            f"dataset.cells 中没有第 {project_no} 个项目的单元格，无法指出位置。请用 budgetperf.build 重新读入。"
        )
    own = _with_parts_on_other_pages(own, beside, cells)
    others = (row_cells if indicator_no is not None else head).drop(index=own.index, errors="ignore")
    if field is not None:
        subject += f" · {field}"
    return Choice(own, others, subject, note)


def _or_blank(value, zh: bool) -> str:
    return value if isinstance(value, str) else "（未印名称）" if zh else "(no name printed)"


def _named(cells: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Cells of the first of the fields that has any; of any field where none is named."""
    if not names:
        return cells[cells["field"].notna()].iloc[:1]
    return next((found for name in names if len(found := cells[cells["field"] == name])), cells.iloc[:0])


def _covering(cells: pd.DataFrame, row_cells: pd.DataFrame) -> pd.DataFrame:
    """Those of the cells whose rows cover a row of `row_cells`."""
    places = set(zip(row_cells["page"], row_cells["table"], row_cells["row"], strict=True))
    covers = [
        any((page, table) == (c.page, c.table) and c.row <= row < c.row + c.rowspan for page, table, row in places)
        for c in cells.itertuples()
    ]
    return cells[covers]


def _with_parts_on_other_pages(own: pd.DataFrame, beside: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """`own` and the blank parts of its merged cell on the other pages on which its rows stand."""
    parts = [own]
    first = own.iloc[0]
    if pd.isna(first["x0"]):
        return own
    for page in sorted(set(beside["page"]) - set(own["page"])):
        rows = set(beside.loc[beside["page"] == page, "row"])
        middle = (first["x0"] + first["x1"]) / 2
        there = cells[(cells["page"] == page) & (cells["table"] > 0) & cells["text"].isna()]
        there = there[(there["x0"] < middle) & (there["x1"] > middle)]
        covers = [any(c.row <= row < c.row + c.rowspan for row in rows) for c in there.itertuples()]
        parts.append(there[covers])
    return pd.concat(parts)
