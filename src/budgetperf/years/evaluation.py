"""Self-evaluations: target against actual, score and execution, and next year's target against this year's actual."""

from decimal import Decimal

import pandas as pd

from budgetperf.field.outcomes import Result, judge
from budgetperf.field.words import words
from budgetperf.profiles import exact_sum, percent
from budgetperf.tables.dataset import Dataset
from budgetperf.years.frames import FRAMES, framed
from budgetperf.years.indicators import match_indicators
from budgetperf.years.mapping import Mapping
from budgetperf.years.projects import match_projects
from budgetperf.years.selection import KEY, SELF_EVALUATION, Year, rows_of_year
from budgetperf.years.targets import compare_targets, target_of

LOW = 80  # ours: % of the points, and of the money executed, below which more money wants a reason


def evaluated(
    dataset: Dataset, years: list[int], unit: str | None, mapping: Mapping, notes: list[str]
) -> dict[str, pd.DataFrame]:
    """The frames evaluated_projects and evaluated_indicators: a row a project and indicator of each self-evaluation.

    result: the actual against the target (met, short, unclear). plan_outcome: the self-evaluation's target against the
    approved one of the same year. next_against_actual: whether this year's actual meets next year's target already.
    """
    projects, indicators = [], []
    for place, year in enumerate(years):
        own = rows_of_year(dataset, year, unit, evaluations=True)
        if own.projects.empty:
            continue
        plan = _plans_only(rows_of_year(dataset, year, unit))
        following = rows_of_year(dataset, years[place + 1], unit) if place + 1 < len(years) else None
        before = _matched(plan, own, mapping, own_side=1)
        after = _matched(own, following, mapping, own_side=0) if following is not None else ({}, {}, following)
        projects += _project_records(own, before, after)
        indicators += _indicator_records(own, before, after)
        if plan.projects.empty:
            notes.append(f"{year} 年只有自评表，没有当年的批复表：自评表的目标未与批复核对。")
    return {
        "evaluated_projects": framed(projects, FRAMES["evaluated_projects"]),
        "evaluated_indicators": framed(indicators, FRAMES["evaluated_indicators"]),
    }


def _plans_only(year: Year) -> Year:
    projects = year.projects[year.projects["layout"] != SELF_EVALUATION].reset_index(drop=True)
    keys = pd.MultiIndex.from_frame(projects[KEY])
    return year._replace(
        projects=projects, indicators=year.indicators[pd.MultiIndex.from_frame(year.indicators[KEY]).isin(keys)]
    )


def _matched(old: Year, new: Year, mapping: Mapping, own_side: int) -> tuple[dict, dict, Year]:
    """({project key: link}, {indicator key: other's key}, the other year): what an evaluation's rows are in another table."""
    links = match_projects(old, new, mapping)
    pairs = match_indicators(links, old, new, mapping)
    own, other = ("from", "to")[own_side], ("to", "from")[own_side]
    by_project = {
        (link[f"document_id_{own}"], int(link[f"project_no_{own}"])): (
            link[f"project_{other}"],
            link[f"budget_{other}"],
        )
        for link in links[links["project_no_from"].notna() & links["project_no_to"].notna()].to_dict("records")
    }
    by_indicator = {_indicator_key(row, own): _indicator_key(row, other) for row in pairs.to_dict("records")}
    return by_project, by_indicator, old if own_side else new


def _indicator_key(row: dict, side: str) -> tuple[str, int, int]:
    return row[f"document_id_{side}"], int(row[f"project_no_{side}"]), int(row[f"indicator_no_{side}"])


def _rows(frame: pd.DataFrame) -> list[dict]:
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


def _project_records(own: Year, before: tuple, after: tuple) -> list[dict]:
    scores: dict[tuple, list] = {}
    weights: dict[tuple, list] = {}
    for row in _rows(own.indicators[[*KEY, "score", "weight"]]):
        scores.setdefault((row["document_id"], int(row["project_no"])), []).append(row["score"])
        weights.setdefault((row["document_id"], int(row["project_no"])), []).append(row["weight"])
    records = []
    for row in _rows(own.projects):
        key = row["document_id"], int(row["project_no"])
        of_indicators = exact_sum(scores.get(key, ()))
        total = exact_sum([of_indicators, row["execution_score"]]) if of_indicators is not None else None
        complete = None not in [*scores.get(key, [None]), *weights.get(key, [None])]
        possible = exact_sum([*weights[key], row["execution_weight"]]) if complete else None
        plan, following = before[0].get(key, (None, None)), after[0].get(key, (None, None))
        records.append(
            {
                "year": own.year,
                "unit": row["unit"],
                "project": row["project_name"],
                "amount": row["budget_wan_yuan"],
                "amount_executed": row["executed_wan_yuan"],
                "points_executed": row["execution_rate"],
                "points_score": of_indicators,
                "points_total": total,
                "points_possible": possible,
                "points_rate": percent(total, possible),
                "plan_project": plan[0],
                "amount_plan": plan[1],
                "next_year": after[2].year if after[2] is not None else None,
                "next_project": following[0],
                "amount_next": following[1],
            }
        )
    return records


def _target(row: dict, year: int):
    return target_of(row["comparator"], row["target_text"], row["target_value"], row["measure_unit"], year)


def outcome_of(row: dict, actual: str | None, year: int) -> str:
    """met, short or unclear: a result against the target of a row of `indicators` (as a dictionary); better is met."""
    given = Result(
        *(row[column] or "" for column in ("comparator", "target_text", "measure_unit")),
        actual or "",
        row["name"] or "",
        row["level2"] or "",
        year,
    )
    verdict = judge(given).verdict
    return "met" if verdict == "exceeded" else verdict


def _with_unit(row: dict) -> str:
    """A result with the unit of its own target, for another year's target may be in another one."""
    bare = row["actual_text"] or ""
    return bare + (row["measure_unit"] or "") if bare.replace(".", "", 1).isdigit() else bare


def _written(row: dict | None) -> str | None:
    if row is None:
        return None
    parts = [row["comparator"] if row["comparator"] != "定性" else None, row["target_text"], row["measure_unit"]]
    return "".join(filter(None, parts)) or None


def _indicator_records(own: Year, before: tuple, after: tuple) -> list[dict]:
    names = {(row["document_id"], int(row["project_no"])): row for row in _rows(own.projects)}
    plans, nexts = _keyed(before[2]), _keyed(after[2])
    records = []
    for row in _rows(own.indicators):
        key = row["document_id"], int(row["project_no"]), int(row["indicator_no"])
        target, name = _target(row, own.year), row["name"] or ""
        plan, following = plans.get(before[1].get(key)), nexts.get(after[1].get(key))
        records.append(
            {
                "year": own.year,
                "unit": names[key[:2]]["unit"],
                "project": names[key[:2]]["project_name"],
                "level1": row["level1"],
                "level2": row["level2"],
                "indicator": row["name"],
                "comparator": row["comparator"],
                "target_text": row["target_text"],
                "measure_unit": row["measure_unit"],
                "actual_text": row["actual_text"],
                "result": outcome_of(row, row["actual_text"], own.year),
                "points_weight": row["weight"],
                "points_score": row["score"],
                "plan_target": _written(plan),
                "plan_outcome": compare_targets(_target(plan, own.year), target, name)[0] if plan else None,
                "next_year": after[2].year if after[2] is not None else None,
                "next_indicator": following["name"] if following else None,
                "next_target": _written(following),
                "next_against_actual": outcome_of(following, _with_unit(row), own.year) if following else None,
            }
        )
    return records


def _keyed(year: Year | None) -> dict[tuple | None, dict]:
    if year is None:
        return {}
    return {
        (row["document_id"], int(row["project_no"]), int(row["indicator_no"])): row for row in _rows(year.indicators)
    }


def more_money_despite_results(projects: pd.DataFrame) -> pd.DataFrame:
    """Projects of `evaluated_projects` that got more money the year after although they scored or spent below LOW %.

    Columns: `year`, `unit`, `project`, `points_rate`, `points_executed` (both %), `amount`, `next_year`, `next_project`,
    `amount_next`, `change`, `synthetic`; the largest rise first.

    >>> len(more_money_despite_results(pd.DataFrame(columns=[*FRAMES["evaluated_projects"], "synthetic"])))
    0
    """
    records = []
    for row in _rows(projects):
        known = isinstance(row["amount"], Decimal) and isinstance(row["amount_next"], Decimal)
        low = any(value is not None and value < LOW for value in (row["points_rate"], row["points_executed"]))
        if known and low and row["amount_next"] > row["amount"]:
            records.append({**row, "change": row["amount_next"] - row["amount"]})
    records.sort(key=lambda row: -row["change"])
    columns = ["year", "unit", "project", "points_rate", "points_executed", "amount", "next_year", "next_project"]
    return pd.DataFrame(records, columns=[*columns, "amount_next", "change", "synthetic"])


def evaluation_summary(projects: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """A row a year of self-evaluations: projects, money, executed, rate, indicators met, short and unclear, next year's targets."""
    records = []
    for year, rows in projects.groupby("year", sort=True):
        of = indicators[indicators["year"] == year]
        known = rows[rows["amount_executed"].map(lambda value: isinstance(value, Decimal)).astype(bool)]
        results, nexts = of["result"].value_counts(), of["next_against_actual"].value_counts()
        executed = exact_sum(known["amount_executed"])
        records.append(
            {
                "year": int(year),
                "projects": len(rows),
                "amount": exact_sum(rows["amount"]),
                "amount_executed": executed,
                "rate": percent(executed, exact_sum(known["amount"])),
                "indicators": len(of),
                **{name: int(results.get(name, 0)) for name in words("result")},
                "next_already_met": int(nexts.get("met", 0)),
                "next_above": int(nexts.get("short", 0)),
                "synthetic": bool(rows.get("synthetic", pd.Series([False])).any()),
            }
        )
    columns = [
        "year",
        "projects",
        "amount",
        "amount_executed",
        "rate",
        "indicators",
        *words("result"),
        "next_already_met",
        "next_above",
        "synthetic",
    ]
    return pd.DataFrame(records, columns=columns)
