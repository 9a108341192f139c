"""The frames of a comparison of two years: their columns and words, and those of the money."""

from collections import Counter
from decimal import Decimal

import pandas as pd

from budgetperf.profiles import exact_sum, percent

STEPS = [
    "start",
    "unit_gone",
    "ended",
    "decreased",
    "split",
    "merged",
    "regrouped",
    "unknown",
    "increased",
    "new",
    "unit_new",
    "end",
]
STEP_WORDS = {
    "start": "上年合计",
    "unit_gone": "单位本年无文件",
    "ended": "终止",
    "decreased": "减少",
    "split": "拆分",
    "merged": "合并",
    "regrouped": "重组",
    "unknown": "预算数不明",
    "increased": "增加",
    "new": "新增",
    "unit_new": "单位上年无文件",
    "end": "本年合计",
}
STATUS_WORDS = {
    "continued": "延续",
    "split": "拆分",
    "merged": "合并",
    "regrouped": "重组",
    "new": "新增",
    "ended": "终止",
    "unit_new": "单位上年无文件",
    "unit_gone": "单位本年无文件",
    "kept": "保留",
    "changed": "改动",
    "added": "新设",
    "dropped": "取消",
    "persists": "仍在",
    "worsened": "加重",
    "mended": "已改",
    "appeared": "新出现",
}
PROJECTS = [
    "year_from",
    "year_to",
    "group",
    "unit",
    "status",
    "project_from",
    "project_to",
    "projects_from",
    "projects_to",
    "amount_from",
    "amount_to",
    "change",
    "change_percent",
    "change_text",
    "contribution",
    "method",
    "score",
    "runner_up",
    "runner_up_project",
    "doubtful",
    "unknown_budgets",
]
BRIDGE = ["year_from", "year_to", "step", "projects", "doubtful_groups", "amount", "total_before", "total_after"]
INDICATOR_VALUES = ["level1", "level2", "name", "comparator", "target_text", "measure_unit", "weight"]
INDICATORS = [
    "year_from",
    "year_to",
    "group",
    "unit",
    "project_from",
    "project_to",
    "project_status",
    "status",
    "changes",
]
INDICATORS += [
    f"{name}_{side}" for name in ["indicator", *(c for c in INDICATOR_VALUES if c != "name")] for side in ("from", "to")
]
INDICATORS += ["weight_change", "outcome", "remark", "method", "score", "runner_up", "doubtful"]
INDICATORS += [f"{name}_{side}" for side in ("from", "to") for name in ("document_id", "project_no", "indicator_no")]
WEIGHTS = [
    "year_from",
    "year_to",
    "unit",
    "level",
    "name",
    "indicators_from",
    "indicators_to",
    "points_from",
    "points_to",
    "shift",
]
OBJECTIVES = [
    "year_from",
    "year_to",
    "group",
    "unit",
    "status",
    "project_from",
    "project_to",
    "likeness",
    "changed",
    "difference",
]
FINDINGS = [
    "year_from",
    "year_to",
    "rule",
    "severity",
    "state",
    "unit",
    "project_from",
    "project_to",
    "indicator",
    "message_from",
    "message_to",
]


def framed(records: list[dict], columns: list[str]) -> pd.DataFrame:
    """A frame with exactly these columns: exact numbers stay objects (None where empty), whole numbers Int64."""
    frame = pd.DataFrame.from_records(records, columns=columns)
    exact = (
        "amount",
        "change",
        "change_percent",
        "contribution",
        "points",
        "shift",
        "weight",
        "total",
        "target_value",
        "actual",
    )
    for name in columns:
        if (
            name
            in (
                "year_from",
                "year_to",
                "year",
                "group",
                "projects",
                "doubtful_groups",
                "count",
                "projects_from",
                "projects_to",
                "indicators_from",
                "indicators_to",
                "unknown_budgets",
                "line",
            )
            or "_no" in name
        ):
            frame[name] = frame[name].astype("Int64")
        elif name in ("score", "runner_up", "likeness"):
            frame[name] = frame[name].astype("float64")
        elif name in ("doubtful", "changed"):
            frame[name] = frame[name].astype(bool)
        elif name.startswith(exact) and not name.startswith(("change_text", "changes", "target_text", "actual_text")):
            frame[name] = pd.Series(frame[name].astype(object).where(frame[name].notna(), None), dtype=object)
        else:
            frame[name] = frame[name].astype("str")
    return frame


# ---- money -----------------------------------------------------------------------------------------------------------


def project_changes(links: pd.DataFrame) -> pd.DataFrame:
    """A row a group of linked projects (a split has several of the new year): amounts, change, contribution; PROJECTS.

    change = amount_to − amount_from, an empty side counting as nothing; change_percent is empty where there is no base,
    and change_text says why (新增, 终止, 无上年数). contribution: change in % of the old year's total.
    """
    rows_of: dict[int, list[dict]] = {}
    for row in links.astype(object).where(links.notna(), None).to_dict("records"):
        rows_of.setdefault(row["group"], []).append(row)
    parts_of = {group: {side: _once(rows, side) for side in ("from", "to")} for group, rows in rows_of.items()}
    total = exact_sum(budget for parts in parts_of.values() for _, budget in parts["from"])
    records = []
    for group, rows in rows_of.items():
        parts, first = parts_of[group], rows[0]
        amounts = {side: exact_sum(budget for _, budget in parts[side]) for side in parts}
        unknown = sum(budget is None for side in parts for _, budget in parts[side])
        change = exact_sum([amounts["to"] or Decimal(0), -(amounts["from"] or Decimal(0))])
        relative = percent(change, amounts["from"]) if amounts["from"] and parts["to"] else None
        weakest = min(rows, key=lambda row: (row["score"] is None, row["score"] or 0.0))
        records.append(
            {
                "year_from": first["year_from"],
                "year_to": first["year_to"],
                "group": group,
                "unit": first["unit_to"] or first["unit_from"],
                "status": first["status"],
                "project_from": "；".join(name for name, _ in parts["from"]) or None,
                "projects_from": len(parts["from"]),
                "project_to": "；".join(name for name, _ in parts["to"]) or None,
                "projects_to": len(parts["to"]),
                "amount_from": amounts["from"],
                "amount_to": amounts["to"],
                "change": change,
                "change_percent": relative,
                "change_text": _change_text(first["status"], amounts, relative, unknown),
                "contribution": percent(change, total),
                "method": "、".join(dict.fromkeys(row["method"] for row in rows)),
                "score": weakest["score"],
                "runner_up": weakest["runner_up"],
                "runner_up_project": weakest["runner_up_project"],
                "doubtful": any(row["doubtful"] for row in rows),
                "unknown_budgets": unknown,
            }
        )
    return framed(records, PROJECTS)


def _once(rows: list[dict], side: str) -> list[tuple[str, Decimal | None]]:
    """(name, budget) of a side's projects, each once."""
    own = {}
    for row in rows:
        if row[f"project_no_{side}"] is not None:
            own[row[f"document_id_{side}"], row[f"project_no_{side}"]] = row[f"project_{side}"], row[f"budget_{side}"]
    return list(own.values())


def _change_text(status: str, amounts: dict, relative: Decimal | None, unknown: int) -> str:
    if status in ("new", "ended", "unit_new", "unit_gone"):
        return STATUS_WORDS[status]
    if unknown:
        return "预算数不明"
    if relative is None:
        return "无上年数" if amounts["to"] else "无变化"
    return f"{relative:+.1f}%" if relative else "无变化"


def bridge_of(projects: pd.DataFrame, years: tuple[int, int]) -> pd.DataFrame:
    """The way from the old year's total to the new one's, a row a step; columns BRIDGE.

    The amounts of all steps but the first and last sum to exactly the difference of the two. doubtful_groups: groups among
    them whose match a person has to decide.
    """
    sums: dict[str, list] = {}
    unsure: Counter[str] = Counter()
    for row in projects.itertuples(index=False):
        step = row.status
        if step == "continued":
            step = "decreased" if row.change < 0 else "increased" if row.change > 0 else None
        if row.unknown_budgets:
            step = "unknown"
        if step:
            sums.setdefault(step, []).append(row.change)
            unsure[step] += bool(row.doubtful)
    start = exact_sum(projects["amount_from"]) or Decimal(0)
    end = exact_sum(projects["amount_to"]) or Decimal(0)
    records = [
        {
            "step": "start",
            "projects": int(projects["projects_from"].sum()),
            "doubtful_groups": 0,
            "amount": start,
            "total_before": Decimal(0),
            "total_after": start,
        }
    ]
    running = start
    for step in STEPS[1:-1]:
        if step in sums:
            amount = exact_sum(sums[step])
            after = exact_sum([running, amount])
            records.append(
                {
                    "step": step,
                    "projects": len(sums[step]),
                    "doubtful_groups": unsure[step],
                    "amount": amount,
                    "total_before": running,
                    "total_after": after,
                }
            )
            running = after
    if running != end:
        raise AssertionError(
            f"the bridge does not close: {running} and {end}"
        )  # a fault of the program, never of the data
    records.append(
        {
            "step": "end",
            "projects": int(projects["projects_to"].sum()),
            "doubtful_groups": 0,
            "amount": end,
            "total_before": Decimal(0),
            "total_after": end,
        }
    )
    return framed([{"year_from": years[0], "year_to": years[1], **record} for record in records], BRIDGE)
