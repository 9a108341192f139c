"""The section on audit findings: how many of which rule, the gravest with their evidence, all in a list."""

from decimal import Decimal

import pandas as pd

from budgetperf.audit import overview
from budgetperf.audit.load import all_rules
from budgetperf.evidence import show_cell
from budgetperf.report.model import Block, Evidence, Heading, Text
from budgetperf.report.sections.subject import Subject, named, table, text
from budgetperf.report.words import SEVERITIES, say, view_in, without_basis

SHOWN, OF_A_RULE = 20, 3  # findings with evidence on paper, in all and of one rule
PROJECTS, LISTED = 30, 200


def findings(subject: Subject) -> list[Block]:
    """Findings by severity, those an auditor settled apart."""
    blocks: list[Block] = [Heading(1, subject.say("审计发现", "Findings"))]
    found = subject.findings
    if found.empty:
        return [*blocks, text(subject, "没有审计发现。", "There are no findings.")]
    left = overview.open_findings(found)
    blocks += [_counted(subject, found, left), *_by_rule(subject, left), *_by_project(subject, left)]
    chosen = gravest(left, subject.dataset.projects, SHOWN)
    if len(chosen):
        blocks.append(Heading(2, subject.say("先看这些", "First to look at")))
        blocks += [block for row in chosen.itertuples() for block in _shown(subject, row)]
    blocks.append(Heading(2, subject.say("逐条", "All findings")))
    facts = [without_basis(message, basis) for message, basis in zip(found["message"], found["basis"], strict=True)]
    listed = found.assign(uncertain=found["uncertain"].map({True: "？", False: ""}), message=facts)
    listed, whose = named(subject, listed)
    columns = [
        "finding_no",
        "severity",
        "rule",
        *whose,
        "project_no",
        "indicator_no",
        "message",
        "uncertain",
        "decision",
    ]
    columns = [name for name in columns if name != "decision" or found["decision"].notna().any()]
    return blocks + table(subject, "全部审计发现", "All findings", listed, columns, LISTED)


def gravest(found: pd.DataFrame, projects: pd.DataFrame, most: int) -> pd.DataFrame:
    """At most `most` findings with a place in print, OF_A_RULE of a rule: by severity, of every rule one before a second,
    those with most money first.

    >>> empty = pd.DataFrame(columns=["document_id", "project_no", "severity", "rule"])
    >>> len(gravest(empty, empty.assign(unit_name=None, budget_wan_yuan=None), 3))
    0
    """
    key = ["document_id", "project_no"]
    placed = found[found["project_no"].notna()].merge(
        projects[[*key, "unit_name", "budget_wan_yuan"]], on=key, how="left"
    )
    money = placed["budget_wan_yuan"].map(lambda amount: Decimal(0) if amount is None else amount)
    placed = placed.assign(grade=placed["severity"].map("EWI".index), money=money)
    placed = placed.sort_values("money", ascending=False, kind="stable")
    placed = placed.assign(turn=placed.groupby("rule").cumcount())
    placed = placed[placed["turn"] < OF_A_RULE].sort_values(["grade", "turn"], kind="stable")
    return placed.head(most).drop(columns=["grade", "turn", "money"])


def _counted(subject: Subject, found: pd.DataFrame, left: pd.DataFrame) -> Text:
    counts = {grade: int((left["severity"] == grade).sum()) for grade in SEVERITIES}
    zh = "、".join(f"{grade}（{say(SEVERITIES, grade, 'zh')}）{n:,} 条" for grade, n in counts.items())
    en = ", ".join(f"{n:,} {grade} ({say(SEVERITIES, grade, 'en')})" for grade, n in counts.items())
    settled, doubted = len(found) - len(left), int(left["uncertain"].sum())
    return text(
        subject,
        f"共 {len(left):,} 条：{zh}。其中 {doubted:,} 条依据了修复过的单元格，标“？”，须先核对原件。"
        + (f"另有 {settled:,} 条已由审计人员判为不成立或已说明。" if settled else ""),
        f"{len(left):,} in all: {en}. {doubted:,} rest on repaired cells and are marked ？: check the print first."
        + (f" {settled:,} more were dismissed or explained." if settled else ""),
    )


def _by_rule(subject: Subject, left: pd.DataFrame) -> list[Block]:
    frame = overview.by_rule(left, subject.dataset)
    frame["依据"] = frame["规则"].map(left.groupby("rule")["basis"].first())
    if subject.lang == "en":
        titles = {rule.id: rule.title_en for rule in all_rules()}
        frame["名称"] = frame["规则"].map(titles).fillna("Reading")
        names = ["规则", "名称", "不确定", "项目数", "依据"]
        frame = frame.rename(columns=dict(zip(names, ["Rule", "Title", "Uncertain", "Projects", "Basis"], strict=True)))
    return table(subject, "各规则的发现", "Findings by rule", frame, list(frame), 60)


def _by_project(subject: Subject, left: pd.DataFrame) -> list[Block]:
    frame = overview.by_project(left, subject.dataset)
    frame = frame[(frame[["E", "W", "I"]] > 0).any(axis=1)]
    names = {"单位": "unit_name", "序号": "project_no", "项目名称": "project_name", "预算数（万元）": "budget_wan_yuan"}
    frame = frame.rename(columns=names)
    columns = [name for name in frame if name != "unit_name" or subject.scope["units"] > 1]
    return table(subject, "先看哪些项目", "Projects to look at first", frame, columns, PROJECTS)


def _shown(subject: Subject, row) -> list[Block]:
    title = next(
        (rule.title if subject.lang == "zh" else rule.title_en for rule in all_rules() if rule.id == row.rule), ""
    )
    mark = "？" if row.uncertain else ""
    place = (row.document_id, int(row.project_no), None if pd.isna(row.indicator_no) else int(row.indicator_no))

    def view():
        document, project, indicator = place
        found = show_cell(subject.dataset, project, indicator, document_id=document, source=subject.source)
        return view_in(found, subject.lang)

    caption = subject.say(f"发现 {row.finding_no} 的原件", f"Finding {row.finding_no} in print")
    owner = f"{row.unit_name}　" if subject.scope["units"] > 1 and isinstance(row.unit_name, str) else ""
    heading = Heading(3, f"{row.severity}{mark} {row.rule} {title}".rstrip())
    fact = owner + without_basis(row.message, row.basis)
    basis = Text(subject.say(f"依据：{row.basis}", f"Basis: {row.basis}"), "note")
    return [heading, Text(fact), basis, Evidence(caption, view)]
