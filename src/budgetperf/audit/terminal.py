"""Findings on the terminal: a selection of them, and the lines of text that show it."""

from collections.abc import Iterable, Iterator

import pandas as pd

from budgetperf.audit.config import SEVERITIES
from budgetperf.field.words import say


def chosen(
    findings: pd.DataFrame,
    severity: str | None = None,
    rules: Iterable[str] = (),
    project: int | None = None,
    undecided: bool = False,
) -> pd.DataFrame:
    """Findings at or above a severity, of some rules, of a project, undecided; what is not given does not restrict.

    >>> chosen(pd.DataFrame({"severity": ["E", "I"], "rule": ["B01", "Q05"], "decision": [None, None]}), "W")["rule"].tolist()
    ['B01']
    """
    kept = findings[findings["severity"].isin(SEVERITIES[: SEVERITIES.index(severity or "I") + 1])]
    rules = list(rules)
    kept = kept[kept["rule"].isin(rules)] if rules else kept
    if project is not None:
        kept = kept[(kept["project_no"] == project).fillna(False).astype(bool)]
    return kept[kept["decision"].isna()] if undecided else kept


def issue_lines(issues: pd.DataFrame, lang: str = "zh") -> Iterator[str]:
    """The issues as a chief auditor reads them: severity, title, how much of what, the gravest instance, what to do."""
    if issues.empty:
        return
    yield f"{len(issues)} issues" if lang == "en" else f"{len(issues)} 个问题"
    for row in issues.astype(object).where(issues.notna(), None).itertuples():
        money = "" if row.money_wan_yuan is None else f"{row.money_wan_yuan:,f}"
        points = "" if row.points is None else f"{row.points:f}"
        if lang == "en":
            counts = [f"{row.projects} projects", f"{row.indicators} indicators" if row.indicators else ""]
            counts += [
                f"{points} points" if points else "",
                f"{money} (10,000 yuan), {row.share_of_money} %" if money else "",
            ]
        else:
            counts = [f"{row.projects} 个项目", f"{row.indicators} 条指标" if row.indicators else ""]
            counts += [f"{points} 分" if points else "", f"{money} 万元，占 {row.share_of_money}%" if money else ""]
        year = f"{row.fiscal_year} " if row.fiscal_year and issues["fiscal_year"].nunique() > 1 else ""
        comma, stop = (", ", ". ") if lang == "en" else ("，", "。")
        left, right = (" (", ")") if lang == "en" else ("（", "）")
        yield f"{row.issue_no}. {row.severity} {year}{row.title}{left}{comma.join(filter(None, counts))}{right}"
        yield f"   {row.gravest}{stop}{row.recommendation}{'' if lang == 'en' else stop}"


def lines(findings: pd.DataFrame, stale: pd.DataFrame, lang: str = "zh") -> Iterator[str]:
    """A summary by severity and rule, the findings, then the decisions that are about nothing any more."""
    en = lang == "en"
    if findings.empty:
        yield "No findings." if en else "没有审计发现。"
    else:
        counts = findings["severity"].value_counts()
        grades = (", " if en else "、").join(f"{grade} {counts[grade]}" for grade in SEVERITIES if grade in counts)
        doubtful, decided = int(findings["uncertain"].sum()), int(findings["decision"].notna().sum())
        if en:
            yield f"{len(findings)} findings ({grades}; uncertain {doubtful}, decided {decided})"
        else:
            yield f"{len(findings)} 条审计发现（{grades}；不确定 {doubtful}，已处理 {decided}）"
        yield "  " + "  ".join(f"{rule} {count}" for rule, count in findings.groupby("rule").size().items())
        for row in findings.astype(object).where(findings.notna(), None).itertuples():
            doubt = ("(uncertain) " if en else "（不确定）") if row.uncertain else ""
            answer = " ".join(filter(None, (row.decision_reason, row.decided_by)))
            word = say("decision", row.decision, lang)
            said = (f" [{word}: {answer}]" if en else f"【{word}：{answer}】") if word else ""
            yield f"{row.finding_id} {row.rule} {row.severity} {doubt}{row.message}{said}"
    if len(stale):
        what = "decisions are about nothing any more:" if en else "条处理决定已失效（所针对的发现已不存在或内容已变）："
        yield f"{len(stale)} {what}"
        for row in stale.itertuples():
            word = say("decision", row.decision, lang)
            yield f"  - {row.finding_id} {row.rule} {word}{': ' if en else '：'}{row.message}"
