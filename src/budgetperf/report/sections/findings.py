"""The section on issues: each with its money, gravest instance, measure, suggestion and print; the annex of all findings."""

import pandas as pd

from budgetperf.audit import overview
from budgetperf.audit.config import SEVERITIES
from budgetperf.audit.message import claim
from budgetperf.evidence.finding import fields_of, show_finding
from budgetperf.field.words import say, words
from budgetperf.report.model import Block, Evidence, Heading, Text
from budgetperf.report.sections.conclusion import MOST
from budgetperf.report.sections.subject import Subject, table, text

PICTURED = 2  # issues whose gravest instance is shown in print


def issues(subject: Subject) -> list[Block]:
    """The issues, gravest first; what auditors have settled makes none."""
    blocks: list[Block] = [Heading(1, subject.say("审计问题", "Issues"))]
    found = subject.findings
    if found.empty:
        return [*blocks, text(subject, "没有审计发现。", "There are no findings.")]
    left = overview.open_findings(found)
    blocks += [_counted(subject, found, left), *_by_project(subject, left)]
    if len(subject.issues):
        blocks.append(Text(subject.issues["basis"].iloc[0].rpartition("；")[2], "note"))
    pictured = 0
    for issue in subject.issues.head(MOST).to_dict("records"):
        blocks += _said(subject, issue)
        row = _gravest(left, issue) if pictured < PICTURED else None
        if row is not None:
            blocks.append(_printed(subject, row))
            pictured += 1
    return blocks


def listing(subject: Subject) -> list[Block]:
    """The annex of findings, gravest first, bounded on paper."""
    found = subject.findings
    if found.empty:
        return []
    blocks: list[Block] = [Heading(1, subject.say("附件一 审计发现清单", "Annex 1 Findings"), is_annex=True)]
    stop = subject.say("。", ".")
    listed = found.assign(
        uncertain=found["uncertain"].map({True: "？", False: None}),
        message=[claim(message).rstrip(stop) + stop for message in found["message"]],
    ).sort_values("severity", key=lambda grades: grades.map(SEVERITIES.index), kind="stable")
    return blocks + table(subject, "findings", listed)


def _said(subject: Subject, issue: dict) -> list[Block]:
    money, share = issue["money_wan_yuan"], issue["share_of_money"]
    grade = say("severity", issue["severity"], subject.lang)
    spent = ("", "") if money is None else (f"，预算 {money:,f} 万元", f", {money:,f} (10,000 yuan)")
    if share is not None:
        spent = spent[0] + f"，占 {share:,f}%", spent[1] + f", {share:,f} %"
    rows = (
        (f"、{issue['indicators']:,} 条指标", f" and {issue['indicators']:,} indicators")
        if issue["indicators"]
        else ("", "")
    )
    own = subject.findings[subject.findings["finding_no"].isin(map(int, issue["findings"].split(",")))]
    # without the materiality of issues, which is said once
    measures = subject.say("；", "; ").join(own["basis"].dropna().unique())
    return [
        Heading(2, issue["title"]),
        text(
            subject,
            f"{grade}。涉及 {issue['projects']:,} 个项目{rows[0]}{spent[0]}。{issue['gravest']}。{issue['recommendation'].rstrip('。')}。",
            f"To {grade}. {issue['projects']:,} projects{rows[1]}{spent[1]}. {issue['gravest']}. "
            f"{issue['recommendation'].rstrip('.')}.",
        ),
        Text(subject.say(f"依据：{measures}", f"Basis: {measures}"), "note"),
    ]


def _gravest(left: pd.DataFrame, issue: dict):
    """The finding that the issue's gravest instance tells of, where it stands in one place of print."""
    numbers = set(map(int, issue["findings"].split(",")))
    own = left[left["finding_no"].isin(numbers) & left["project_no"].notna()]
    return next((row for row in own.itertuples() if claim(row.message) == issue["gravest"]), None)


def _counted(subject: Subject, found: pd.DataFrame, left: pd.DataFrame) -> Text:
    counts = {grade: int((left["severity"] == grade).sum()) for grade in words("severity")}
    zh = "、".join(f"{grade}（{say('severity', grade)}）{n:,} 条" for grade, n in counts.items())
    en = ", ".join(f"{n:,} {grade} ({say('severity', grade, 'en')})" for grade, n in counts.items())
    settled, doubted = len(found) - len(left), int(left["uncertain"].sum())
    return text(
        subject,
        f"共 {len(left):,} 条发现：{zh}。其中 {doubted:,} 条依据了没有十足把握的读数，标“？”，须先核对原件。"
        + (f"另有 {settled:,} 条已由审计人员判为不成立或已说明。" if settled else ""),
        f"{len(left):,} findings: {en}. {doubted:,} rest on uncertain readings and are marked ？: check the print first."
        + (f" {settled:,} more were dismissed or explained." if settled else ""),
    )


def _by_project(subject: Subject, left: pd.DataFrame) -> list[Block]:
    frame = overview.by_project(left, subject.dataset)
    frame = frame[(frame[["E", "W", "I"]] > 0).any(axis=1)]
    names = {"单位": "unit_name", "序号": "project_no", "项目名称": "project_name", "预算数（万元）": "budget_wan_yuan"}
    frame = frame.drop(columns="单位") if subject.scope["units"] < 2 else frame
    return table(subject, "first_projects", frame.rename(columns=names))


def _printed(subject: Subject, row) -> Evidence:
    def view():
        where = {"source": subject.source, "lang": subject.lang}
        return show_finding(subject.dataset, row, fields_of(row.rule), most=1, **where)[0]

    return Evidence(subject.say(f"发现 {row.finding_no} 的原件", f"Finding {row.finding_no} in print"), view)
