"""The first two pages: what was read and how certain it is, whether it reconciles, the gravest issues with their money."""

import pandas as pd

from budgetperf.audit.overview import open_findings
from budgetperf.field.words import say, words
from budgetperf.profiles import exact_sum
from budgetperf.report.model import Block, Heading, Text
from budgetperf.report.sections.subject import Subject, table, text

MOST = 15  # issues that a reader is shown


def conclusion(subject: Subject) -> list[Block]:
    """What the head of an audit team has to know, before anything else."""
    blocks: list[Block] = [Heading(1, subject.say("结论", "Conclusion"))]
    if subject.dataset.documents.empty:
        return [*blocks, text(subject, "没有读入文件。", "No documents were read.")]
    blocks += [_read(subject), _certain(subject), *_left_out(subject), *_issues_counted(subject)]
    return blocks + table(subject, "gravest_issues", subject.issues)


def _read(subject: Subject) -> Text:
    data, scope = subject.dataset, subject.scope
    states, budget = data.documents["status"].value_counts(), scope["budget_wan_yuan"]
    fine, unsure, unread = (int(states.get(state, 0)) for state in ("reconciled", "open", "unreadable"))
    zh = f"读入 {len(data.documents):,} 份文件，{scope['projects']:,} 个项目，{scope['indicators']:,} 条指标"
    en = f"{len(data.documents):,} documents, {scope['projects']:,} projects and {scope['indicators']:,} indicators were read"
    if budget is not None:
        zh, en = zh + f"，预算合计 {budget:,f} 万元", en + f"; the budget is {budget:,f} (10,000 yuan)"
        printed = exact_sum(data.documents["printed_total_wan_yuan"])
        if printed is not None and data.documents["printed_total_wan_yuan"].notna().all() and not subject.is_part:
            same = printed == budget
            zh += f"，与印刷合计 {printed:,f} 万元{'一致' if same else '不一致，须核对原件'}"
            en += f", {'the' if same else 'NOT the'} printed total of {printed:,f}"
    passed, of = int(data.checks["passed"].sum()), len(data.checks)
    return text(
        subject,
        f"{zh}。{of:,} 项校验中 {passed:,} 项通过；{fine:,} 份文件勾稽一致"
        + (f"，{unsure:,} 份待核" if unsure else "")
        + (f"，{unread:,} 份未能读出" if unread else "")
        + "。",
        f"{en}. {passed:,} of {of:,} checks passed; {fine:,} documents reconcile, {unsure:,} are open, "
        f"{unread:,} could not be read.",
        "" if passed == of and fine == len(data.documents) else "warning",
    )


def _certain(subject: Subject) -> Text:
    """How much of the reading is certain, and no more than the sums prove."""
    data = subject.dataset
    grades = data.repairs["grade"].value_counts()
    zh = "、".join(f"{say('grade', grade)} {int(grades.get(grade, 0)):,}" for grade in words("grade"))
    en = ", ".join(f"{int(grades.get(grade, 0)):,} {say('grade', grade, 'en')}" for grade in words("grade"))
    doubted = int(open_findings(subject.findings)["uncertain"].astype(bool).sum())
    return text(
        subject,
        f"修复 {len(data.repairs):,} 处（{zh}），其余照印刷；{doubted:,} 条审计发现依据了没有十足把握的读数，已标“？”。"
        "合计、分值之和证明金额和分值；指标值、计算符号和度量单位以该行印刷为据，引用前请对照原件。",
        f"{len(data.repairs):,} cells were repaired ({en}), all others are as printed; {doubted:,} findings rest on readings "
        "that are not certain and are marked ？. Sums prove amounts and points; targets, comparators and units rest on the "
        "print of their row alone: compare them with the document before quoting.",
    )


def _left_out(subject: Subject) -> list[Text]:
    phrases = subject.scope["left_out"]
    if not phrases:
        return []
    zh, en = ("；".join(zh for zh, _ in phrases), "; ".join(en for _, en in phrases))
    return [text(subject, f"未计入：{zh}。", f"Not counted: {en}.", "note")]


def _issues_counted(subject: Subject) -> list[Text]:
    issues = subject.issues
    if issues.empty:
        return [text(subject, "没有审计问题。", "There are no issues.")]
    counts = issues["severity"].value_counts()
    zh = "、".join(f"{say('severity', grade)} {int(counts.get(grade, 0)):,}" for grade in words("severity"))
    en = ", ".join(f"{int(counts.get(grade, 0)):,} to {say('severity', grade, 'en')}" for grade in words("severity"))
    first = _first(issues.iloc[0])
    return [
        text(
            subject,
            f"审计发现归为 {len(issues):,} 个问题：{zh}。最重的是“{first[0]}”，涉及 {first[1]:,} 个项目{first[2]}。"
            "各问题的资金可能重叠，不能相加。",
            f"The findings make {len(issues):,} issues: {en}. The gravest is “{first[0]}” ({first[1]:,} projects{first[3]}). "
            "The money of issues overlaps and cannot be added up.",
        )
    ]


def _first(issue: pd.Series) -> tuple[str, int, str, str]:
    money = issue["money_wan_yuan"]
    words = ("", "") if money is None else (f"、预算 {money:,f} 万元", f", {money:,f} (10,000 yuan)")
    return issue["title"], int(issue["projects"]), *words
