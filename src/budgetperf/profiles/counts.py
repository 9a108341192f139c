"""Indicators: how many of which kind, with how many points, how many a project."""

import functools
from collections.abc import Iterable
from decimal import Decimal

import numpy as np
import pandas as pd

from budgetperf.profiles.base import (
    PLACEHOLDER,
    QUANTIFIED,
    columns_of,
    exact_sum,
    frame_of,
    grouped,
    indicator_rows,
    level_place,
    percent,
    project_rows,
)
from budgetperf.profiles.chosen import of_one_scope
from budgetperf.profiles.in_sql import counted, counted_by_project
from budgetperf.tables.dataset import Dataset
from budgetperf.tables.stored import is_stored

COUNTS = ["projects", "indicators", "without_weight", "placeholders"]
MEASURES = ["projects", "indicators", "indicator_share", "weight", "weight_share", "without_weight", "placeholders"]
FEW, MANY = 5, 15  # ours: fewer or more indicators a project are worth a look (rule C05)


@of_one_scope
def indicators(dataset: Dataset, of: str | Iterable[str] = "level1", by: Iterable[str] = ()) -> pd.DataFrame:
    """Indicators and their points by level1, level2, comparator, measure_unit, quantified, category, unit, project …

    `of` may name several groups (["level1", "level2"]). Columns: those of `by` and `of`, `projects` (that have such an
    indicator), `indicators`, `indicator_share`, `weight` (exact points), `weight_share` (both % of the `by` group),
    `without_weight` (indicators without a weight), `placeholders` (rows among them that only fill the form). Levels in
    the taxonomy's order, the rest by number.

    >>> list(indicators(Dataset.empty(), of="comparator"))[:3]
    ['comparator', 'projects', 'indicators']
    """
    outer, inner = columns_of(by), columns_of(of)
    names = list(dict.fromkeys([*outer, *inner]))
    found = counted(dataset, names) if is_stored(dataset) else _counted(indicator_rows(dataset), names)
    group = found.groupby(outer, dropna=False, sort=False).ngroup() if outer else pd.Series(0, index=found.index)
    whole = {"indicators": found["indicators"].groupby(group).sum().to_dict()}
    whole["weight"] = {g: exact_sum(part) for g, part in found["weight"].groupby(group)}
    share = functools.cache(percent)
    for name, of_all in whole.items():
        shares = [share(value, of_all[g]) for value, g in zip(found[name], group, strict=True)]
        found[f"{name.removesuffix('s')}_share"] = pd.Series(shares, index=found.index, dtype=object)
    levels = [found[name].map(_ranks(found[name].unique())) for name in inner if name in ("level1", "level2")]
    order = np.lexsort([-found["indicators"].astype(int), *reversed(levels), group])
    return found.iloc[order].reset_index(drop=True)[names + MEASURES]


def _ranks(levels: Iterable[str]) -> dict[str, int]:
    return {level: rank for rank, level in enumerate(sorted(levels, key=level_place))}


def _counted(rows: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Of each group of the columns `names`, in order of print: what of the measures needs no other group."""
    records = [
        {
            **dict(zip(names, values, strict=True)),
            "projects": part.groupby(["document_id", "project_no"]).ngroups,
            "indicators": len(part),
            "weight": exact_sum(part["weight"]),
            "without_weight": int(part["weight"].isna().sum()),
            "placeholders": int(part["is_placeholder"].sum()),
        }
        for values, part in grouped(rows, names)
    ]
    frame = frame_of(records, [*names, *COUNTS, "weight"])
    kinds = {name: rows[name].dtype for name in names} | dict.fromkeys(COUNTS, "Int64")
    return frame.astype(kinds)  # also where none of them has a value


@of_one_scope
def indicators_per_project(dataset: Dataset) -> pd.DataFrame:
    """One row a project, in order of print, projects without an indicator included.

    Columns: those of project (base.GROUPS), `fiscal_year`, `category_name`, `budget_wan_yuan`, `indicators` (without
    placeholders, as rule C05 counts), `placeholders`, `quantified_indicators`, `weight` (points, as printed),
    `level1_count`, `level2_count` (different levels in use).

    >>> len(indicators_per_project(Dataset.empty()))
    0
    """
    key = ["document_id", "project_no"]
    names = [*columns_of("project"), "fiscal_year", "category_name", "budget_wan_yuan"]
    measures = ["indicators", "placeholders", "quantified_indicators", "weight", "level1_count", "level2_count"]
    found = (
        counted_by_project(dataset)
        if is_stored(dataset)
        else _counted_by_project(indicator_rows(dataset), key + measures)
    )
    merged = project_rows(dataset)[names].merge(found, on=key, how="left", validate="1:1")
    merged["weight"] = merged["weight"].astype(object).where(merged["weight"].notna(), None)
    for name in measures:
        if name != "weight":
            merged[name] = merged[name].fillna(0).astype("Int64")
    return merged


def _counted_by_project(given: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    rows: dict[tuple, list[tuple]] = {}
    given = given[["document_id", "project_no", "quantified", "weight", "level1", "level2"]]
    for document, number, *row in given.itertuples(index=False):
        rows.setdefault((document, number), []).append(tuple(row))
    counts = []
    for (document, number), part in rows.items():
        quantified, weights, level1, level2 = zip(*part, strict=True)
        placeholders = quantified.count(PLACEHOLDER)
        counts.append(
            {
                "document_id": document,
                "project_no": number,
                "indicators": len(part) - placeholders,
                "placeholders": placeholders,
                "quantified_indicators": quantified.count(QUANTIFIED),
                "weight": exact_sum(weights),
                "level1_count": len(set(level1)),
                "level2_count": len(set(level2)),
            }
        )
    return frame_of(counts, names).astype({"project_no": "Int64"})


@of_one_scope
def indicator_distribution(dataset: Dataset, by: Iterable[str] = ()) -> pd.DataFrame:
    """How many indicators a project has: one row a `by` group (document, year, unit or category).

    Columns: those of `by`, `projects`, `indicators`, `placeholders` (rows not counted among them), `mean`, `median`,
    `least`, `most`, `few` (projects with fewer than FEW) and `many` (more than MANY).

    >>> len(indicator_distribution(Dataset.empty()))
    0
    """
    outer = columns_of(by)
    key = ["document_id", "project_no"]
    per_project = indicators_per_project(dataset)[[*key, "indicators", "placeholders"]]
    groups = project_rows(dataset)[list(dict.fromkeys([*key, *outer]))]
    rows = groups.merge(per_project, on=key, validate="1:1")
    records = []
    for values, part in grouped(rows, outer):
        if len(part) == 0:
            continue
        counts = sorted(int(count) for count in part["indicators"])
        middle = Decimal(counts[(len(counts) - 1) // 2] + counts[len(counts) // 2]) / 2
        records.append(
            {
                **dict(zip(outer, values, strict=True)),
                "projects": len(counts),
                "indicators": sum(counts),
                "placeholders": int(part["placeholders"].sum()),
                "mean": (Decimal(sum(counts)) / len(counts)).quantize(Decimal("0.01")),
                "median": middle,
                "least": counts[0],
                "most": counts[-1],
                "few": sum(count < FEW for count in counts),
                "many": sum(count > MANY for count in counts),
            }
        )
    measures = ["projects", "indicators", "placeholders", "mean", "median", "least", "most", "few", "many"]
    return frame_of(records, outer + measures)
