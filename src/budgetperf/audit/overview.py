"""The findings seen from above: how many of which rule, which projects, how much money."""

from decimal import Decimal

import pandas as pd

from budgetperf.audit.load import all_rules
from budgetperf.tables.dataset import Dataset

GRADES = ["E", "W", "I"]
SETTLED = ["dismissed", "explained"]


def open_findings(findings: pd.DataFrame) -> pd.DataFrame:
    """Findings that no auditor has dismissed or accepted an explanation for.

    >>> open_findings(pd.DataFrame({"decision": ["dismissed", None, "confirmed"]})).index.tolist()
    [1, 2]
    """
    return findings[~findings["decision"].isin(SETTLED)]


def by_rule(findings: pd.DataFrame) -> pd.DataFrame:
    """One row a rule: 规则, 名称, E, W, I, 不确定, 项目数; most grave first."""
    titles = {one.id: one.title for one in all_rules()}
    if findings.empty:
        return pd.DataFrame(columns=["规则", "名称", *GRADES, "不确定", "项目数"])
    grouped = findings.groupby("rule")
    counts = pd.crosstab(findings["rule"], findings["severity"]).reindex(columns=GRADES, fill_value=0)
    frame = counts.assign(
        不确定=grouped["uncertain"].sum(),
        项目数=grouped.apply(lambda rows: rows[["document_id", "project_no"]].dropna().drop_duplicates().shape[0]),
    ).reset_index(names="规则")
    frame.insert(1, "名称", frame["规则"].map(titles).fillna("识读"))
    frame.columns.name = None
    return frame.sort_values([*GRADES, "规则"], ascending=[False, False, False, True], ignore_index=True)


def by_project(findings: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """One row a project: 单位, 序号, 项目名称, 预算数（万元）, E, W, I; those with most money under the gravest first."""
    projects = dataset.projects[["document_id", "project_no", "unit_name", "project_name", "budget_wan_yuan"]]
    keys = [findings["document_id"], findings["project_no"]]
    counts = pd.crosstab(keys, findings["severity"]).reindex(columns=GRADES, fill_value=0) if len(findings) else None
    joined = projects.copy()
    for grade in GRADES:
        joined[grade] = 0 if counts is None else [
            int(counts[grade].get((d, p), 0)) for d, p in zip(projects["document_id"], projects["project_no"], strict=True)
        ]  # fmt: skip
    money = joined["budget_wan_yuan"].map(lambda value: value if isinstance(value, Decimal) else Decimal(0))
    order = joined.assign(grave=joined["E"] > 0, money=money)
    order = order.sort_values(["grave", "money"], ascending=False, kind="stable")
    titles = {
        "unit_name": "单位",
        "project_no": "序号",
        "project_name": "项目名称",
        "budget_wan_yuan": "预算数（万元）",
    }
    return order.drop(columns=["document_id", "grave", "money"]).rename(columns=titles).reset_index(drop=True)


def matrix(findings: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """Projects × rules: how many findings, blank where none; the whole document's own as a first row 全文."""
    if findings.empty:
        return pd.DataFrame(columns=["项目"])
    names = dataset.projects.set_index(["document_id", "project_no"])["project_name"]
    label = [
        "全文" if pd.isna(number) else f"{int(number)} {names.get((document, number), '')}"
        for document, number in zip(findings["document_id"], findings["project_no"], strict=True)
    ]
    place = pd.Series(label, index=findings.index, name="项目")
    order = list(dict.fromkeys(label))
    counts = pd.crosstab(place, findings["rule"]).reindex(order)
    counts.columns.name = None
    return counts.astype(object).where(counts > 0, "").reset_index()


def listed(findings: pd.DataFrame) -> pd.DataFrame:
    """The findings as one reads them: 编号, 规则, 级别, 不确定, 项目, 指标, 内容, 决定."""
    columns = {
        "finding_id": "编号", "rule": "规则", "severity": "级别", "uncertain": "不确定", "project_no": "项目",
        "indicator_no": "指标", "message": "内容", "decision": "决定",
    }  # fmt: skip
    shown = findings[list(columns)].rename(columns=columns)
    return shown.assign(不确定=shown["不确定"].map({True: "？", False: ""}))
