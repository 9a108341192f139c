"""Menus over the findings: filter, read, see the page beside, decide, export."""

from pathlib import Path

import numpy as np
import pandas as pd
from IPython.display import Markdown, display

import budgetperf
from budgetperf import profiles
from budgetperf.audit import decisions, overview
from budgetperf.audit.config import load_config
from budgetperf.audit.load import all_rules
from budgetperf.audit.run import audit
from budgetperf.errors import InputError
from budgetperf.notebooks.show import evidence_of
from budgetperf.tables.dataset import Dataset
from budgetperf.tables.whole import written_whole

EVERY = "全部"


def finding_picker(findings: pd.DataFrame, dataset: Dataset, decisions_file: str | Path | None = None):
    """Menus for severity, rule, project and finding; below, the message, its place on the page, and a form to decide.

    Opens on all findings, the first of them shown. decisions_file: default the one of the dataset's settings. Returns the
    widget; in a notebook it shows itself. A sentence where there is nothing to pick.
    """
    if findings.empty:
        return Markdown("没有审计发现。")
    import ipywidgets as widgets

    decisions_file = decisions_file or dataset.settings.decisions
    wide = {"layout": widgets.Layout(width="98%"), "style": {"description_width": "4em"}}
    shown = overview.listed(findings, dataset)
    keys = dict(
        zip(findings["finding_id"], zip(findings["document_id"], findings["project_no"], strict=True), strict=True)
    )
    names = overview.labels(dataset)
    places = {number: (d, None if pd.isna(p) else int(p)) for number, (d, p) in keys.items()}
    several = dataset.documents["source"].nunique() > 1

    def menu(title: str, options: list[tuple]) -> widgets.Dropdown:
        # a value of None would select nothing and show a blank menu
        return widgets.Dropdown(options=[(EVERY, EVERY), *options], value=EVERY, description=title, **wide)

    def named(place: tuple) -> str:
        words = names.get(place, {})
        return " · ".join(filter(None, [words.get("文件", "") if several else "", words.get("项目", "全文")]))

    titles = dict(zip(shown["规则"], shown["名称"], strict=True))
    severity = menu("级别", [(grade, grade) for grade in "EWI" if (shown["级别"] == grade).any()])
    rule = menu("规则", [(f"{one} {titles[one]}", one) for one in sorted(titles)])
    project = menu("项目", [(named(place), place) for place in names if place in set(places.values())])
    one = widgets.Dropdown(options=[], description="发现", **wide)
    message, page, answer = widgets.HTML(), widgets.Output(), widgets.HTML()
    typed = {
        "continuous_update": False,
        **wide,
    }  # whole on leaving the box: letter by letter, a click may come before the last
    reason, by = widgets.Text(description="理由", **typed), widgets.Text(description="姓名", **typed)
    buttons = [widgets.Button(description=word) for word in ("确认", "驳回", "已说明")]

    def list_findings(_change=None) -> None:
        rows = shown
        for box, column in ((severity, "级别"), (rule, "规则")):
            rows = rows if box.value == EVERY else rows[rows[column] == box.value]
        rows = rows if project.value == EVERY else rows[[places[number] == project.value for number in rows["编号"]]]
        texts = zip(rows["规则"], rows["级别"], rows["内容"], rows["编号"], strict=True)
        one.options = [(f"{name} {grade} {text[:60]}", number) for name, grade, text, number in texts]
        one.value = (
            one.options[0][1] if one.options else None
        )  # a menu whose options are set later shows none by itself
        show()

    def show(_change=None) -> None:
        page.clear_output(wait=True)
        answer.value = ""
        row = findings[findings["finding_id"] == one.value]
        message.value = "没有符合的发现。" if row.empty else f"<p>{_escaped(row['message'].iat[0])}</p>"
        if len(row) and (place := _place(row.iloc[0])) is not None:
            with page:
                display(evidence_of(dataset, *place))

    def decide(button) -> None:
        row = findings[findings["finding_id"] == one.value]
        if row.empty:
            answer.value = "没有选中发现，没有写下决定。"
            return
        try:
            decisions.decide(decisions_file, row, button.description, reason.value, by.value)
        except InputError as fault:
            answer.value = f"<b>{_escaped(str(fault))}</b>"
        else:
            answer.value = f"已记下：{button.description}（{_escaped(str(decisions_file))}），重新运行后生效。"

    for box in (severity, rule, project):
        box.observe(list_findings, "value")
    one.observe(show, "value")
    for button in buttons:
        button.on_click(decide)
    list_findings()
    return widgets.VBox([severity, rule, project, one, message, page, reason, by, widgets.HBox(buttons), answer])


def _place(finding) -> tuple | None:
    """(document, project, indicator) to show of a finding: its own, else the first that its evidence names."""
    named = [cell for cell in overview.cells_of(finding) if cell[1] is not None]
    own = (finding.document_id, finding.project_no, finding.indicator_no)
    if pd.notna(own[1]):
        return own[0], int(own[1]), None if pd.isna(own[2]) else int(own[2])
    return named[0] if named else None


def export(findings: pd.DataFrame, dataset: Dataset, path: str | Path) -> Markdown:
    """Write a selection of findings as CSV for people (Chinese heads, UTF-8 with BOM); a sentence about it.

    To fill in decisions that are read back: `budgetperf audit --out`.
    """
    path = Path(path)
    with written_whole(path) as building:
        building.write_bytes(profiles.frame_csv(overview.listed(findings, dataset)))
    return Markdown(f"已写出 {len(findings)} 条：`{path}`")


def issue_list(issues: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
    """The issues as one reads them: 级别, 事项, 单位, 项目, 指标, 金额（万元）, 占比（%）, 最重的一例, 建议, 依据, 规则
    (with their names) and how many findings there are of it."""
    columns = {
        "severity": "级别", "title": "事项", "units": "单位", "projects": "项目", "indicators": "指标",
        "money_wan_yuan": "金额（万元）", "share_of_money": "占比（%）", "gravest": "最重的一例",
        "recommendation": "建议", "basis": "依据", "rules": "规则", "count": "发现",
    }  # fmt: skip
    rule_of = dict(zip(findings["finding_no"].astype(str), findings["rule"], strict=True))
    numbers = [text.split(",") for text in issues["findings"]]
    rules = ["、".join(_with_title(sorted({rule_of[number] for number in own}))) for own in numbers]
    shown = issues.assign(rules=rules, count=[len(own) for own in numbers])
    return shown[list(columns)].rename(columns=columns)


def _with_title(rules: list[str]) -> list[str]:
    titles = {one.id: one.title for one in all_rules()}
    return [f"{rule} {titles[rule]}" if rule in titles else rule for rule in rules]


def limits_in_force(dataset: Dataset) -> pd.DataFrame:
    """The thresholds that decide findings: 规则 (with its name), 阈值, 值, 来自 (本工具, or the user's own file)."""
    config, given = load_config(dataset.settings), dataset.settings.audit
    rows = [
        (
            *_with_title([rule]),
            name,
            str(value),
            str(dataset.settings.file) if name in given.get(rule, {}) else "本工具",
        )
        for rule, limits in config.values.items()
        if isinstance(limits, dict) and rule not in ("words", "severity")
        for name, value in limits.items()
        if not isinstance(value, (dict, list))
    ]
    return pd.DataFrame(rows, columns=["规则", "阈值", "值", "来自"])


def all_findings(data_folder: str | Path, decisions_file: str | Path | None = None) -> pd.DataFrame:
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
