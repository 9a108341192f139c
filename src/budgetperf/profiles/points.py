"""Weights: how a project's points are divided, how far that is from the document's own rule, who carries most."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal, localcontext

import pandas as pd

from budgetperf.profiles.base import (
    columns_of,
    exact_sum,
    frame_of,
    grouped,
    indicator_rows,
    level_place,
    percent,
)
from budgetperf.profiles.chosen import of_one_scope
from budgetperf.tables.dataset import Dataset

HEAVY_POINTS, HEAVY_SHARE = 30, Decimal(100) / 3  # ours: one indicator with 30 points or a third of all (rule W01)
EQUAL_FROM = 6  # ours: so many indicators, all of one weight (rule W02)
KEY = ["document_id", "project_no"]


def _weighed(dataset: Dataset) -> pd.DataFrame:
    rows = indicator_rows(dataset)
    return rows[rows["weight"].notna()]


def _splits(rows: pd.DataFrame) -> dict[tuple, dict[str, Decimal]]:
    """(document, project) → points a level 1."""
    weights: dict[tuple, dict[str, list[Decimal]]] = {}
    for document, project, level1, weight in rows[[*KEY, "level1", "weight"]].itertuples(index=False):
        weights.setdefault((document, int(project)), {}).setdefault(level1, []).append(weight)
    return {key: {level1: exact_sum(given) for level1, given in split.items()} for key, split in weights.items()}


@of_one_scope
def weight_profile(dataset: Dataset) -> pd.DataFrame:
    """Each document's own rule: the points a level 1 that most of its projects give.

    Columns: `document_id`, `source`, `level1`, `points`, `basis` (most_common: the split that more than half of
    the projects share; mean: no such split, points are the mean), `projects` (with weights), `following` (whose split it
    is exactly).

    >>> list(weight_profile(Dataset.empty()))
    ['document_id', 'source', 'level1', 'points', 'basis', 'projects', 'following']
    """
    records = []
    for (document, source), rows in grouped(_weighed(dataset), ["document_id", "source"]):
        splits = list(_splits(rows).values())
        levels = sorted({level1 for split in splits for level1 in split}, key=level_place)
        counted = Counter(tuple(split.get(level1) for level1 in levels) for split in splits)
        common, following = counted.most_common(1)[0]
        shared = following * 2 > len(splits)
        for place, level1 in enumerate(levels):
            points = common[place] if shared else _mean([split.get(level1, Decimal(0)) for split in splits])
            if points is None:
                continue
            record = {"document_id": document, "source": source, "level1": level1, "points": points}
            record |= {"basis": "most_common" if shared else "mean", "projects": len(splits)}
            records.append(record | {"following": following if shared else 0})
    return frame_of(records, ["document_id", "source", "level1", "points", "basis", "projects", "following"])


def _mean(values: list[Decimal]) -> Decimal:
    with localcontext(prec=120):
        return round(sum(values, Decimal(0)) / len(values), 2)


@of_one_scope
def level1_weights(dataset: Dataset) -> pd.DataFrame:
    """Points a level 1 of every project beside its document's rule: one row a project and level 1 in either.

    Columns: those of project (base.GROUPS), `level1`, `points`, `share` (% of the project's points),
    `profile_points`, `difference` (points − profile_points).

    >>> list(level1_weights(Dataset.empty()))[5:]
    ['level1', 'points', 'share', 'profile_points', 'difference']
    """
    names = columns_of("project")
    rows = _weighed(dataset)
    splits = _splits(rows)
    rules: dict[str, dict[str, Decimal]] = {}
    for rule in weight_profile(dataset).itertuples(index=False):
        rules.setdefault(rule.document_id, {})[rule.level1] = rule.points
    records = []
    for project in rows[names].drop_duplicates().to_dict("records"):
        split, rule = splits[project["document_id"], int(project["project_no"])], rules[project["document_id"]]
        total = exact_sum(split.values())
        for level1 in sorted({*split, *rule}, key=level_place):
            points, profile = split.get(level1, Decimal(0)), rule.get(level1, Decimal(0))
            record = {"level1": level1, "points": points, "share": percent(points, total), "profile_points": profile}
            records.append({**project, **record, "difference": exact_sum([points, -profile])})
    return frame_of(records, [*names, "level1", "points", "share", "profile_points", "difference"])


@of_one_scope
def project_weights(dataset: Dataset) -> pd.DataFrame:
    """How each project's points lie: one row a project that has weights.

    Columns: those of project, `indicators`, `weight` (sum), `weight_total` (what it should be in this document),
    `distance` (points that would have to move to another level 1 to follow the document's rule), `heaviest_name`
    (N 个并列 where several weigh the same), `heaviest_weight`, `heaviest_share` (%), `is_heavy` (HEAVY_POINTS or HEAVY_SHARE reached), `is_equal` (EQUAL_FROM
    or more indicators, all of one weight).

    >>> len(project_weights(Dataset.empty()))
    0
    """
    names = columns_of("project")
    differences: dict[tuple, list[Decimal]] = {}
    for document, number, difference in level1_weights(dataset)[[*KEY, "difference"]].itertuples(index=False):
        differences.setdefault((document, int(number)), []).append(abs(difference))
    rows = _weighed(dataset)
    carried: dict[tuple, list[tuple[Decimal, str]]] = {}
    for document, number, weight, name in rows[[*KEY, "weight", "name"]].itertuples(index=False):
        carried.setdefault((document, int(number)), []).append((weight, name))
    records = []
    for project in rows[[*names, "weight_total"]].drop_duplicates(KEY).to_dict("records"):
        given = carried[project["document_id"], int(project["project_no"])]
        largest = max(weight for weight, _ in given)
        names_of_largest = [name for weight, name in given if weight == largest]
        heaviest = names_of_largest[0] if len(names_of_largest) == 1 else f"{len(names_of_largest)} 个并列"
        total = exact_sum(weight for weight, _ in given)
        share = percent(largest, total)
        record = {"indicators": len(given), "weight": total, "weight_total": project.pop("weight_total")}
        record["distance"] = exact_sum(differences[project["document_id"], int(project["project_no"])]) / 2
        record |= {"heaviest_name": heaviest, "heaviest_weight": largest, "heaviest_share": share}
        record["is_heavy"] = largest >= HEAVY_POINTS or (share is not None and share > HEAVY_SHARE)
        record["is_equal"] = len(given) >= EQUAL_FROM and len({weight for weight, _ in given}) == 1
        records.append({**project, **record})
    measures = ["indicators", "weight", "weight_total", "distance", "heaviest_name", "heaviest_weight"]
    return frame_of(records, [*names, *measures, "heaviest_share", "is_heavy", "is_equal"])


@of_one_scope
def weight_values(dataset: Dataset, by: Iterable[str] = ()) -> pd.DataFrame:
    """Which weights occur how often.

    Columns: those of `by`, `weight` (points of one indicator), `indicators`, `indicator_share` (% of the group's
    indicators with a weight), `weight_sum` (their points together), `weight_share` (%); lightest first.

    >>> list(weight_values(Dataset.empty()))
    ['weight', 'indicators', 'indicator_share', 'weight_sum', 'weight_share']
    """
    outer = columns_of(by)
    records = []
    for values, rows in grouped(_weighed(dataset), outer):
        total = exact_sum(rows["weight"])
        for weight, count in sorted(Counter(rows["weight"]).items()):
            points = weight * count
            record = {"weight": weight, "indicators": count, "indicator_share": percent(count, len(rows))}
            record |= {"weight_sum": points, "weight_share": percent(points, total)}
            records.append({**dict(zip(outer, values, strict=True)), **record})
    return frame_of(records, [*outer, "weight", "indicators", "indicator_share", "weight_sum", "weight_share"])
