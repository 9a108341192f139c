"""Findings on the terminal: a selection of them, and the lines of text that show it."""

from collections.abc import Iterable, Iterator

import pandas as pd

from budgetperf.audit.config import SEVERITIES

DECIDED = {"confirmed": "属实", "dismissed": "不成立", "explained": "已说明"}


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
        yield f"{row.issue_no}. {row.severity} {year}{row.title}（{comma.join(filter(None, counts))}）"
        yield f"   {row.gravest}{stop}{row.recommendation}{'' if lang == 'en' else stop}"


def lines(findings: pd.DataFrame, stale: pd.DataFrame) -> Iterator[str]:
    """A summary by severity and rule, the findings, then the decisions that are about nothing any more."""
    if findings.empty:
        yield "没有审计发现。"
    else:
        counts = findings["severity"].value_counts()
        grades = "、".join(f"{grade} {counts[grade]}" for grade in SEVERITIES if grade in counts)
        doubtful, decided = int(findings["uncertain"].sum()), int(findings["decision"].notna().sum())
        yield f"{len(findings)} 条审计发现（{grades}；不确定 {doubtful}，已处理 {decided}）"
        yield "  " + "  ".join(f"{rule} {count}" for rule, count in findings.groupby("rule").size().items())
        for row in findings.astype(object).where(findings.notna(), None).itertuples():
            doubt = "（不确定）" if row.uncertain else ""
            answer = (row.decision_reason, row.decided_by)
            said = f"【{DECIDED[row.decision]}：{' '.join(filter(None, answer))}】" if row.decision else ""
            yield f"{row.finding_id} {row.rule} {row.severity} {doubt}{row.message}{said}"
    if len(stale):
        yield f"{len(stale)} 条处理决定已失效（所针对的发现已不存在或内容已变）："
        yield from (
            f"  - {row.finding_id} {row.rule} {DECIDED[row.decision]}：{row.message}" for row in stale.itertuples()
        )
