"""Self-evaluations of one year: grades, score rates, completion, and execution against scores."""

from collections.abc import Iterable
from decimal import Decimal

import pandas as pd

from budgetperf.field.outcomes import Result, judge
from budgetperf.profiles.base import columns_of, exact_sum, frame_of, grouped, indicator_rows, percent, project_rows
from budgetperf.profiles.chosen import of_one_scope
from budgetperf.tables.dataset import Dataset

GRADES = [("优", 90), ("良", 80), ("中", 60), ("差", 0)]  # bands of the total score, in % of all points
HIGH_EXECUTION, HIGH_SCORE = 90, 90  # ours: where the four quadrants meet
FAR_ABOVE, FAR_BELOW = Decimal("1.2"), Decimal("0.8")  # ours: completion worth a look
QUADRANTS = {
    (True, True): "高执行高得分",
    (True, False): "高执行低得分",
    (False, True): "低执行高得分",
    (False, False): "低执行低得分",
}
KEY = ["document_id", "project_no"]
MEASURES = [
    "budget_wan_yuan",
    "executed_wan_yuan",
    "execution_rate",
    "points",
    "score",
    "score_rate",
    "grade",
    "quadrant",
]


@of_one_scope(kind="self_evaluation")
def evaluated_results(dataset: Dataset) -> pd.DataFrame:
    """Indicators with a result or a score, as `indicator_rows`, with `result` (met, exceeded, short, unclear), `completion`
    (result over target, exact) and `unclear_why`.

    >>> len(evaluated_results(Dataset.empty()))
    0
    """
    rows = indicator_rows(dataset)
    rows = rows[rows["actual_text"].notna() | rows["score"].notna()].reset_index(drop=True)
    outcomes = []
    for row in rows.astype(object).where(rows.notna(), None).itertuples():
        comparator = row.comparator if row.comparator != "未注明" else ""
        unit = row.measure_unit if row.measure_unit != "无单位" else ""
        year = None if row.fiscal_year is None else int(row.fiscal_year)
        texts = (comparator, row.target_text or "", unit, row.actual_text or "", row.name or "", row.level2 or "")
        outcomes.append(judge(Result(*texts, year)))
    return rows.assign(
        result=pd.Series([one.verdict for one in outcomes], index=rows.index, dtype="str"),
        completion=pd.Series([one.ratio for one in outcomes], index=rows.index, dtype=object),
        unclear_why=pd.Series([one.why for one in outcomes], index=rows.index, dtype="str"),
    )


@of_one_scope(kind="self_evaluation")
def evaluated_projects(dataset: Dataset) -> pd.DataFrame:
    """One row a project that was evaluated, in order of print.

    Columns: those of project, `budget_wan_yuan`, `executed_wan_yuan`, `execution_rate` (%), `points`, `score`,
    `score_rate` (%), `grade` (GRADES) and `quadrant` (QUADRANTS); empty where a figure is missing.

    >>> len(evaluated_projects(Dataset.empty()))
    0
    """
    names = columns_of("project")
    rows = evaluated_results(dataset)
    by_project = dict(iter(rows.groupby(KEY)))
    records = []
    for row in project_rows(dataset).to_dict("records"):
        own = by_project.get((row["document_id"], row["project_no"]))
        if own is None:
            continue
        executed, budget = row["executed_wan_yuan"], row["budget_wan_yuan"]
        rate = percent(executed, budget) if isinstance(executed, Decimal) and budget else row["execution_rate"]
        complete = own["score"].notna().all() and own["weight"].notna().all()
        points = exact_sum([*own["weight"], row["execution_weight"]]) if complete else None
        score = exact_sum([*own["score"], row["execution_score"]]) if complete else None
        share = percent(score, points)
        grade = None if share is None else next(name for name, least in GRADES if share >= least)
        known = rate is not None and share is not None
        records.append(
            {
                **{name: row[name] for name in names}, "budget_wan_yuan": budget, "executed_wan_yuan": executed,
                "execution_rate": rate, "points": points, "score": score, "score_rate": share, "grade": grade,
                "quadrant": QUADRANTS[rate >= HIGH_EXECUTION, share >= HIGH_SCORE] if known else None,
            }
        )  # fmt: skip
    return frame_of(records, [*names, *MEASURES])


@of_one_scope(kind="self_evaluation")
def grades(dataset: Dataset) -> pd.DataFrame:
    """How many projects are 优, 良, 中, 差: `grade`, `projects`, `share` (%), `budget_wan_yuan`; every grade once.

    >>> grades(Dataset.empty())["projects"].tolist()
    [0, 0, 0, 0]
    """
    rows = evaluated_projects(dataset)
    known = rows[rows["grade"].notna()]
    records = []
    for name, _ in GRADES:
        own = known[known["grade"] == name]
        record = {"grade": name, "projects": len(own), "share": percent(len(own), len(known))}
        records.append(record | {"budget_wan_yuan": exact_sum(own["budget_wan_yuan"])})
    return frame_of(records, ["grade", "projects", "share", "budget_wan_yuan"])


@of_one_scope(kind="self_evaluation")
def score_rates(dataset: Dataset, of: str | Iterable[str] = "level1", by: Iterable[str] = ()) -> pd.DataFrame:
    """Scores over points by level 1 (or `of`): `indicators`, `points`, `score`, `score_rate` (%), and the results met,
    exceeded, short and unclear.

    >>> len(score_rates(Dataset.empty()))
    0
    """
    outer, inner = columns_of(by), columns_of(of)
    rows = evaluated_results(dataset)
    records = []
    for values, part in grouped(rows, [*outer, *inner]):
        scored = part[part["score"].notna() & part["weight"].notna()]
        points, score = exact_sum(scored["weight"]), exact_sum(scored["score"])
        counts = part["result"].value_counts()
        record = {"indicators": len(part), "points": points, "score": score, "score_rate": percent(score, points)}
        record |= {name: int(counts.get(name, 0)) for name in ("met", "exceeded", "short", "unclear")}
        records.append(dict(zip([*outer, *inner], values, strict=True)) | record)
    measures = ["indicators", "points", "score", "score_rate", "met", "exceeded", "short", "unclear"]
    return frame_of(records, [*outer, *inner, *measures])


@of_one_scope(kind="self_evaluation")
def far_off(dataset: Dataset) -> pd.DataFrame:
    """Indicators completed above 120 % or below 80 %: one row each, the furthest first.

    Columns: those of project, `indicator_no`, `level1`, `name`, `target_text`, `measure_unit`, `actual_text`, `completion`
    (%), `weight`, `score`, `deviation_note`.

    >>> len(far_off(Dataset.empty()))
    0
    """
    rows = evaluated_results(dataset)
    names = [*columns_of("project"), "indicator_no", "level1", "name", "target_text", "measure_unit", "actual_text"]
    apart = [value is not None and (value > FAR_ABOVE or value < FAR_BELOW) for value in rows["completion"]]
    rows = rows[pd.Series(apart, index=rows.index, dtype=bool)]
    order = sorted(rows.index, key=lambda place: -abs(rows.at[place, "completion"] - 1))
    rows = rows.loc[order].reset_index(drop=True)
    shown = [(100 * value).quantize(Decimal("0.01")) for value in rows["completion"]]
    rows["completion"] = pd.Series(shown, index=rows.index, dtype=object)
    return rows[[*names, "completion", "weight", "score", "deviation_note"]]
