"""The frames of a comparison of two years: their columns and words, and those of the money."""

from collections import Counter
from decimal import Decimal
from typing import NamedTuple

import pandas as pd

from budgetperf.field.words import say, words
from budgetperf.profiles import exact_sum, percent
from budgetperf.settings import own
from budgetperf.tables.words import kinds

INDICATOR_VALUES = ["level1", "level2", "name", "comparator", "target_text", "measure_unit", "weight"]
DTYPES = {"whole": "Int64", "number": "float64", "flag": "bool", "text": "str"}  # exact numbers stay objects


class Column(NamedTuple):
    """What a column of a comparison holds. kind: text, whole, exact, number or flag."""

    kind: str
    title: str
    meaning: str


_DECLARED = own("years/tables.toml")
FRAMES: dict[str, list[str]] = {name: columns.split() for name, columns in _DECLARED["frames"].items()}
COLUMNS = {name: Column(*of) for name, of in _DECLARED["columns"].items()}


def framed(records: list[dict], columns: list[str]) -> pd.DataFrame:
    """A frame with exactly these columns, each of its kind: exact numbers as objects, None where empty."""
    frame = pd.DataFrame.from_records(records, columns=columns)
    for name in columns:
        kind = _kind(name)
        if kind == "exact":
            frame[name] = pd.Series(frame[name].astype(object).where(frame[name].notna(), None), dtype=object)
        else:
            frame[name] = frame[name].astype(DTYPES[kind])
    return frame


def is_money(name: str) -> bool:
    """Whether a column of a comparison, a profile or a build holds amounts in 万元."""
    return name.endswith("_wan_yuan") or name.startswith(("amount", "budget")) or name == "change"


def _kind(name: str) -> str:
    """As declared here; of a column of a build's tables, with or without a year's side behind it, as declared there."""
    own_name = name.removesuffix("_from").removesuffix("_to")
    known = COLUMNS.get(name) or COLUMNS.get(own_name)
    return known.kind if known else kinds()[own_name]


# ---- money -----------------------------------------------------------------------------------------------------------


def project_changes(links: pd.DataFrame) -> pd.DataFrame:
    """A row a group of linked projects (a split has several of the new year): amounts, change, contribution.

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
    return framed(records, FRAMES["projects"])


def _once(rows: list[dict], side: str) -> list[tuple[str, Decimal | None]]:
    """(name, budget) of a side's projects, each once."""
    own = {}
    for row in rows:
        if row[f"project_no_{side}"] is not None:
            own[row[f"document_id_{side}"], row[f"project_no_{side}"]] = row[f"project_{side}"], row[f"budget_{side}"]
    return list(own.values())


def _change_text(status: str, amounts: dict, relative: Decimal | None, unknown: int) -> str:
    if status in ("new", "ended", "unit_new", "unit_gone"):
        return say("change", status)
    if unknown:
        return "预算数不明"
    if relative is None:
        return "无上年数" if amounts["to"] else "无变化"
    return f"{relative:+.1f}%" if relative else "无变化"


def bridge_of(projects: pd.DataFrame, years: tuple[int, int]) -> pd.DataFrame:
    """The way from the old year's total to the new one's, a row a step; columns FRAMES["bridge"].

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
    for step in list(words("step"))[1:-1]:
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
    return framed([{"year_from": years[0], "year_to": years[1], **record} for record in records], FRAMES["bridge"])
