"""Findings on the terminal: a selection of them, and the lines of text that show it."""

from collections.abc import Iterable, Iterator

import pandas as pd

GRADES = "EWI"
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
    kept = findings[findings["severity"].isin(list(GRADES[: GRADES.index(severity or "I") + 1]))]
    rules = list(rules)
    kept = kept[kept["rule"].isin(rules)] if rules else kept
    if project is not None:
        kept = kept[(kept["project_no"] == project).fillna(False).astype(bool)]
    return kept[kept["decision"].isna()] if undecided else kept


def lines(findings: pd.DataFrame, stale: pd.DataFrame) -> Iterator[str]:
    """A summary by severity and rule, the findings, then the decisions that are about nothing any more."""
    if findings.empty:
        yield "没有审计发现。"
    else:
        counts = findings["severity"].value_counts()
        grades = "、".join(f"{grade} {counts[grade]}" for grade in GRADES if grade in counts)
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
