"""Menus over the findings: filter, read, see the page beside, decide, export."""

from pathlib import Path

import numpy as np
import pandas as pd
from IPython.display import Markdown, display

import budgetperf
from budgetperf.audit import decisions, overview
from budgetperf.audit.run import audit
from budgetperf.errors import InputError
from budgetperf.notebooks.show import evidence_of
from budgetperf.tables.dataset import Dataset

EVERY = "全部"


def finding_picker(findings: pd.DataFrame, dataset: Dataset, decisions_file: str | Path):
    """Menus for severity, rule, project and finding; below, the message, its place on the page, and a form to decide.

    Returns the widget; in a notebook it shows itself. A sentence where there is nothing to pick.
    """
    if findings.empty:
        return Markdown("没有审计发现。")
    import ipywidgets as widgets

    wide = {"layout": widgets.Layout(width="98%"), "style": {"description_width": "4em"}}

    def menu(title: str, values) -> widgets.Dropdown:
        return widgets.Dropdown(options=[EVERY, *values], description=title, **wide)

    numbers = sorted({int(number) for number in findings["project_no"].dropna()})
    severity = menu("级别", [grade for grade in "EWI" if (findings["severity"] == grade).any()])
    rule, project = menu("规则", sorted(findings["rule"].unique())), menu("项目", numbers)
    one = widgets.Dropdown(options=[], description="发现", **wide)
    message, page, answer = widgets.HTML(), widgets.Output(), widgets.HTML()
    reason, by = widgets.Text(description="理由", **wide), widgets.Text(description="姓名", **wide)
    buttons = [widgets.Button(description=word) for word in ("确认", "驳回", "已说明")]

    def chosen() -> pd.DataFrame:
        rows = findings
        for box, column in ((severity, "severity"), (rule, "rule"), (project, "project_no")):
            rows = rows if box.value == EVERY else rows[(rows[column] == box.value).fillna(False).astype(bool)]
        return rows

    def list_findings(_change=None) -> None:
        rows = chosen()
        texts = zip(rows["rule"], rows["severity"], rows["message"], rows["finding_id"], strict=True)
        one.options = [(f"{name} {grade} {text[:60]}", number) for name, grade, text, number in texts]
        show()

    def show(_change=None) -> None:
        page.clear_output(wait=True)
        answer.value = ""
        row = findings[findings["finding_id"] == one.value]
        message.value = "没有符合的发现。" if row.empty else f"<p>{_escaped(row['message'].iat[0])}</p>"
        if len(row) and pd.notna(row["project_no"].iat[0]):
            number = row["indicator_no"].iat[0]
            with page:
                place = (
                    row["document_id"].iat[0],
                    int(row["project_no"].iat[0]),
                    None if pd.isna(number) else int(number),
                )
                display(evidence_of(dataset, *place))

    def decide(button) -> None:
        row = findings[findings["finding_id"] == one.value]
        decisions.decide(decisions_file, row, button.description, reason.value, by.value)
        answer.value = f"已记下：{button.description}（{_escaped(str(decisions_file))}），重新运行后生效。"

    for box in (severity, rule, project):
        box.observe(list_findings, "value")
    one.observe(show, "value")
    for button in buttons:
        button.on_click(decide)
    list_findings()
    return widgets.VBox([severity, rule, project, one, message, page, reason, by, widgets.HBox(buttons), answer])


def export(findings: pd.DataFrame, path: str | Path) -> Markdown:
    """Write a selection of findings as CSV (UTF-8 with BOM); a sentence about it."""
    from budgetperf.tables.store import csv_blocks

    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(csv_blocks(findings, "findings")))
    return Markdown(f"已写出 {len(findings)} 条：`{path}`")


def all_findings(data_folder: str | Path, decisions_file: str | Path) -> pd.DataFrame:
    """The findings of the whole build in `data_folder`, decisions applied; empty where nothing was built."""
    try:
        dataset = budgetperf.load(data_folder)
    except InputError:
        dataset = Dataset.empty()
    return audit(dataset, decisions=decisions_file)


def found_in(findings: pd.DataFrame, part: Dataset) -> pd.DataFrame:
    """The findings about a part of the build: its documents as a whole, and its projects."""
    keys = zip(findings["document_id"], findings["project_no"], strict=True)
    own = set(zip(part.projects["document_id"], part.projects["project_no"], strict=True))
    documents = set(part.documents["document_id"])
    return findings[np.array([d in documents and (pd.isna(p) or (d, p) in own) for d, p in keys], dtype=bool)]


def open_only(findings: pd.DataFrame, severity: str | None = None, rule: str | None = None) -> pd.DataFrame:
    """Undecided findings, of a severity and a rule where given."""
    rows = overview.open_findings(findings)
    rows = rows if severity is None else rows[rows["severity"] == severity]
    return rows if rule is None else rows[rows["rule"] == rule]


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
