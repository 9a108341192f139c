"""What is there and what is missing: kinds of indicator a project lacks, empty cells, cut names, yardsticks."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cache

import numpy as np
import pandas as pd

from budgetperf.audit.wording import is_filler
from budgetperf.field.vocabulary import level1_of
from budgetperf.profiles.base import (
    columns_of,
    exact_sum,
    frame_of,
    grouped,
    level_place,
    percent,
    project_rows,
    rounded,
)
from budgetperf.profiles.chosen import of_one_scope
from budgetperf.profiles.in_sql import rows_of
from budgetperf.tables.dataset import Dataset
from budgetperf.tables.declared import TABLES

KEY = ["document_id", "project_no"]
COST = "成本指标"  # cost counts wherever it is filed: as a level 2 of output, or as a level 1 with kinds of its own
EXPECTED = ["数量指标", "质量指标", "时效指标", COST, "经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"]
EXPECTED += ["服务对象满意度指标"]
REQUIRED = {
    "projects": ["unit_name", "project_code", "project_name", "category_name", "budget_wan_yuan", "objective"],
    "indicators": ["level1", "level2", "name", "comparator", "target_text", "measure_unit", "weight"],
}


def _aspects(rows: pd.DataFrame) -> pd.Series:
    """Level 2 with every kind of cost as one."""
    is_cost = (rows["level1"] == COST) | (rows["level2"].map(cache(level1_of)) == COST)
    return rows["level2"].mask(is_cost, COST)


@of_one_scope
def coverage(dataset: Dataset, of: str | Iterable[str] = "project") -> pd.DataFrame:
    """Which projects have an indicator of each kind: one row a group of `of` (() for the whole) and level 2.

    Columns: those of `of`, `level2` (EXPECTED and whatever else occurs; costs together), `projects`, `covered`
    (projects with such an indicator), `share` (%), `budget_wan_yuan`, `covered_wan_yuan`, `covered_budget_share` (%).

    >>> list(coverage(Dataset.empty(), of=()))[:3]
    ['level2', 'projects', 'covered']
    """
    names = columns_of(of)
    projects = project_rows(dataset)[list(dict.fromkeys([*KEY, *names, "budget_wan_yuan"]))]
    having = _having(rows_of(dataset, *KEY, "level1", "level2", "is_placeholder"), projects)
    levels = sorted(having, key=level_place)
    budgets = projects["budget_wan_yuan"].to_numpy()
    records = []
    for values, part in grouped(projects[names], names):
        if len(part) == 0:
            continue
        places = part.index.to_numpy()
        budget = exact_sum(budgets[places])
        for level2 in levels:
            owners = places[having[level2][places]]
            covered = exact_sum(budgets[owners]) or (Decimal(0) if budget is not None else None)
            record = {"level2": level2, "projects": len(places), "covered": len(owners)}
            record |= {"share": percent(len(owners), len(places)), "budget_wan_yuan": budget}
            record |= {"covered_wan_yuan": covered, "covered_budget_share": percent(covered, budget)}
            records.append({**dict(zip(names, values, strict=True)), **record})
    measures = ["projects", "covered", "share", "budget_wan_yuan", "covered_wan_yuan", "covered_budget_share"]
    return frame_of(records, [*names, "level2", *measures])


def _having(rows: pd.DataFrame, projects: pd.DataFrame) -> dict[str, np.ndarray]:
    """Level 2, EXPECTED or in use → which of the projects have such an indicator."""
    rows = rows[~rows["is_placeholder"]]
    owners = pd.MultiIndex.from_frame(projects[KEY]).get_indexer(pd.MultiIndex.from_frame(rows[KEY]))
    having = {level2: np.zeros(len(projects), dtype=bool) for level2 in EXPECTED}
    for level2, own in pd.Series(owners).groupby(_aspects(rows).to_numpy()):
        having.setdefault(level2, np.zeros(len(projects), dtype=bool))[own] = True
    return having


@of_one_scope
def completeness(dataset: Dataset, by: Iterable[str] = ()) -> pd.DataFrame:
    """Filled cells among those that every row should have (REQUIRED).

    Columns: those of `by` (document, year, unit, category), `table`, `column`, `title` (Chinese), `rows`, `filled`,
    `missing`, `share` (% filled). A placeholder (/, 不适用) fills nothing. The unit of measure is required only where the
    target is a number.

    >>> completeness(Dataset.empty())["rows"].tolist()[:2]
    [0, 0]
    """
    outer = columns_of(by)
    # the printed state: grouping fills gaps with 未注明, so it may only lend its grouping columns
    projects = _without_fillers(dataset.columns("projects", *KEY, *REQUIRED["projects"]), ["project_name", "objective"])
    projects = _with_groups(projects, project_rows(dataset), outer, KEY)
    grouping = rows_of(dataset, *KEY, "indicator_no", "is_placeholder", *outer)
    indicators = _without_fillers(
        dataset.columns("indicators", *KEY, "indicator_no", "target_value", *REQUIRED["indicators"]), ["name"]
    )
    indicators["target_text"] = indicators["target_text"].mask(grouping["is_placeholder"].to_numpy())
    indicators = _with_groups(indicators, grouping, outer, [*KEY, "indicator_no"])
    records = []
    for table, rows in (("projects", projects), ("indicators", indicators)):
        for values, part in grouped(rows, [f"by_{name}" for name in outer]):
            for column in REQUIRED[table]:
                needed = part[part["target_value"].notna()] if column == "measure_unit" else part
                filled = int(needed[column].notna().sum())
                record = {"table": table, "column": column, "title": TABLES[table].columns[column].title}
                record |= {"rows": len(needed), "filled": filled, "missing": len(needed) - filled}
                record["share"] = percent(filled, len(needed))
                records.append({**dict(zip(outer, values, strict=True)), **record})
    return frame_of(records, [*outer, "table", "column", "title", "rows", "filled", "missing", "share"])


def _without_fillers(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    fills = cache(lambda text: isinstance(text, str) and is_filler(text, ""))
    blank = {name: frame[name].map(fills) for name in columns}
    return frame.assign(**{name: frame[name].mask(blank[name].astype(bool)) for name in columns})


def _with_groups(frame: pd.DataFrame, rows: pd.DataFrame, outer: list[str], key: list[str]) -> pd.DataFrame:
    lent = rows[key].assign(**{f"by_{name}": rows[name] for name in outer})
    return frame.merge(lent, on=key, how="left", validate="1:1")


def cut_names(dataset: Dataset) -> pd.DataFrame:
    """Indicators whose name the form cut: one row each, in order of print.

    Columns: those of project, `indicator_no`, `level2`, `name`, `name_completed` (empty where no evidence tells),
    `page`.

    >>> len(cut_names(Dataset.empty()))
    0
    """
    names = [*columns_of("project"), "indicator_no", "level2", "name", "name_completed", "page"]
    rows = rows_of(dataset, *names, "is_cut")
    return rows.loc[rows["is_cut"], names].reset_index(drop=True)


@of_one_scope
def yardsticks(dataset: Dataset, by: Iterable[str] = ()) -> pd.DataFrame:
    """International yardsticks beside the dataset's own figure. They orient; none of them is a rule here.

    Columns: those of `by`, `yardstick`, `value` (exact, rounded to two places), `measure` (% or 个), `reference` (what
    others ask for), `reading` (one sentence), `basis`.

    >>> len(yardsticks(Dataset.empty()))
    0
    """
    outer = columns_of(by)
    records = []
    projects, indicators = project_rows(dataset), rows_of(dataset, *KEY, "level1", *outer)
    by_group = dict(grouped(indicators, outer))
    for values, part in grouped(projects, outer):
        if len(part) == 0:
            continue
        found = by_group.get(values, indicators[:0])
        for record in _yardsticks(part, found):
            records.append({**dict(zip(outer, values, strict=True)), **record})
    return frame_of(records, [*outer, "yardstick", "value", "measure", "reference", "reading", "basis"])


_PEFA = (
    "PEFA 框架（2016 年）PI-8.1“公共服务绩效计划”；原尺度按部委计、只看对公众公布的计划，这里按项目资金计："
    "只供定位，不是 PEFA 评分"
)


def _yardsticks(projects: pd.DataFrame, indicators: pd.DataFrame) -> list[dict]:
    records = []
    budget = exact_sum(projects["budget_wan_yuan"])
    for level1, word in (("产出指标", "产出"), ("效益指标", "效益（成果）")):
        owners = indicators.loc[indicators["level1"] == level1, KEY].drop_duplicates()
        covered = exact_sum(projects.merge(owners, on=KEY)["budget_wan_yuan"]) or Decimal(0)
        share = percent(covered, budget)
        reached = (
            "金额不详" if share is None else next((f"达到 {step} %" for step in (75, 50) if share >= step), "不足 50 %")
        )
        records.append(
            {
                "yardstick": f"有{word}指标的项目所占资金",
                "value": share,
                "measure": "%",
                "reference": "多数 ≥ 75 %，过半 ≥ 50 %",
                "reading": f"{rounded(covered)} 万元的项目有{word}指标，{reached}",
                "basis": _PEFA,
            }
        )
    mean = Decimal(len(indicators)) / len(projects)
    records.append(
        {
            "yardstick": "每个项目（目标）的指标数",
            "value": mean,
            "measure": "个",
            "reference": "每个目标约 2 个；OECD 主张少而相关",
            "reading": f"{len(indicators)} 个指标分属 {len(projects)} 个项目",
            "basis": "法国预算组织法的做法；OECD",
        }
    )
    outcomes = int(indicators["level1"].isin(["效益指标", "满意度指标"]).sum())
    records.append(
        {
            "yardstick": "效益和满意度指标占全部指标",
            "value": percent(outcomes, len(indicators)),
            "measure": "%",
            "reference": "约三分之二的目标针对成果",
            "reading": f"{len(indicators)} 个指标中 {outcomes} 个针对成果",
            "basis": "英国的做法",
        }
    )
    for record in records:
        value = record["value"]
        record["value"] = None if value is None else Decimal(rounded(value).replace(",", ""))
    return records
