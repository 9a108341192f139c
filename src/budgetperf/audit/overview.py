"""The findings seen from above: how many of which rule, which projects, how much money."""

import json
from decimal import Decimal

import pandas as pd

from budgetperf.audit.config import SEVERITIES
from budgetperf.audit.load import rule_titles
from budgetperf.tables.dataset import Dataset

SETTLED = ["dismissed", "explained"]


def open_findings(findings: pd.DataFrame) -> pd.DataFrame:
    """Findings that no auditor has dismissed or accepted an explanation for.

    >>> open_findings(pd.DataFrame({"decision": ["dismissed", None, "confirmed"]})).index.tolist()
    [1, 2]
    """
    return findings[~findings["decision"].isin(SETTLED)]


def cells_of(row) -> list[tuple]:
    """(document, project or None, indicator or None) that a finding speaks of."""
    names_some = isinstance(row.evidence, str) and '"cells"' in row.evidence  # most do not, and need not be parsed
    cells = json.loads(row.evidence).get("cells", []) if names_some else []
    listed = [(row.document_id, project, indicator) for project, indicator in cells]
    own = (row.document_id, *(None if pd.isna(one) else int(one) for one in (row.project_no, row.indicator_no)))
    return list(dict.fromkeys([*listed, *([own] if own[1] is not None else [])])) or [own]


def projects_named(findings: pd.DataFrame, dataset: Dataset) -> pd.Series:
    """The projects, as a set of (document, number), that each finding speaks of: its own, those its evidence names, else
    all of its document."""
    of_document: dict[str, set] = {}
    for document, number in zip(dataset.projects["document_id"], dataset.projects["project_no"], strict=True):
        of_document.setdefault(document, set()).add((document, int(number)))
    named = [
        {(document, number) for document, number, _ in cells_of(row) if number is not None}
        or of_document.get(row.document_id, set())
        for row in findings.itertuples()
    ]
    return pd.Series(named, index=findings.index, dtype=object)


def by_rule(findings: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """One row a rule: 规则, 名称, E, W, I, 不确定, 项目数 (of the projects that its findings name); most grave first."""
    titles = rule_titles()
    if findings.empty:
        return pd.DataFrame(columns=["规则", "名称", *SEVERITIES, "不确定", "项目数"])
    grouped = findings.groupby("rule")
    counts = pd.crosstab(findings["rule"], findings["severity"]).reindex(columns=list(SEVERITIES), fill_value=0)
    frame = counts.assign(
        不确定=grouped["uncertain"].sum(),
        项目数=projects_named(findings, dataset).groupby(findings["rule"]).agg(lambda sets: len(set().union(*sets))),
    ).reset_index(names="规则")
    frame.insert(1, "名称", frame["规则"].map(titles).fillna("识读"))
    frame.columns.name = None
    return frame.sort_values([*SEVERITIES, "规则"], ascending=[False, False, False, True], ignore_index=True)


def by_project(findings: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """One row a project: 单位, 序号, 项目名称, 预算数（万元）, E, W, I; those with most money under the gravest first."""
    projects = dataset.projects[["document_id", "project_no", "unit_name", "project_name", "budget_wan_yuan"]]
    keys = [findings["document_id"], findings["project_no"]]
    counts = (
        pd.crosstab(keys, findings["severity"]).reindex(columns=list(SEVERITIES), fill_value=0)
        if len(findings)
        else None
    )
    joined = projects.copy()
    for grade in SEVERITIES:
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
    """Projects × rules: how many findings name the project, blank where none; a document's own in a row 全文. Columns 文件 and
    单位 stand where there are several."""
    if findings.empty:
        return pd.DataFrame(columns=["项目"])
    rows, columns = labels(dataset), sorted(findings["rule"].unique())
    counts: dict[tuple, dict[str, int]] = {}
    for row in findings.itertuples():
        places = {(document, number) for document, number, _ in cells_of(row)}
        for place in places:
            of_place = counts.setdefault(place, {})
            of_place[row.rule] = of_place.get(row.rule, 0) + 1
    records = [
        {**rows[place], **{rule: counts[place].get(rule, "") for rule in columns}} for place in rows if place in counts
    ]
    frame = pd.DataFrame(records, columns=["文件", "单位", "项目", *columns], dtype=object)
    return frame.drop(columns=[name for name in ("文件", "单位") if len(set(frame[name]) - {""}) < 2])


def labels(dataset: Dataset) -> dict[tuple, dict[str, str]]:
    """(document, project number or None for the whole document) → its names: 文件, 单位, 项目; in order of print."""
    found: dict[tuple, dict[str, str]] = {}
    sources = dict(zip(dataset.documents["document_id"], dataset.documents["source"], strict=True))
    for document, source in sources.items():
        found[document, None] = {"文件": source, "单位": "", "项目": "全文"}
    for row in dataset.projects.astype(object).itertuples():
        words = {
            "单位": row.unit_name,
            "项目": f"{int(row.project_no)} {row.project_name if isinstance(row.project_name, str) else ''}",
        }
        found[row.document_id, int(row.project_no)] = {
            "文件": sources.get(row.document_id, ""),
            **{name: text if isinstance(text, str) else "" for name, text in words.items()},
        }
    return dict(
        sorted(
            found.items(),
            key=lambda item: (
                list(sources).index(item[0][0]) if item[0][0] in sources else len(sources),
                item[0][1] or 0,
            ),
        )
    )


def listed(findings: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """The findings as one reads them: 编号, 级别, 规则, 名称, 不确定, 单位, 项目, 指标, 金额（万元）, 内容, 决定; gravest first,
    among them those with most money."""
    titles = rule_titles()
    names, budgets = (
        labels(dataset),
        dataset.projects.set_index(["document_id", "project_no"])["budget_wan_yuan"].to_dict(),
    )
    places = [
        (d, None if pd.isna(p) else int(p))
        for d, p in zip(findings["document_id"], findings["project_no"], strict=True)
    ]
    shown = pd.DataFrame(
        {
            "编号": findings["finding_id"],
            "级别": findings["severity"],
            "规则": findings["rule"],
            "名称": findings["rule"].map(titles).fillna("识读"),
            "不确定": findings["uncertain"].map({True: "？", False: ""}),
            "单位": [names.get(place, {}).get("单位", "") for place in places],
            "项目": [names.get(place, {}).get("项目", "") for place in places],
            "指标": findings["indicator_no"],
            "金额（万元）": pd.Series([budgets.get(place) for place in places], index=findings.index, dtype=object),
            "内容": findings["message"],
            "决定": findings["decision"],
        }
    )
    money = shown["金额（万元）"].map(lambda value: value if isinstance(value, Decimal) else Decimal(-1))
    order = shown.assign(grade=shown["级别"].map(SEVERITIES.index), money=money)
    order = order.sort_values(["grade", "money"], ascending=[True, False], kind="stable")
    return order.drop(columns=["grade", "money"]).reset_index(drop=True)
