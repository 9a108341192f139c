"""Allocation: who gets how much of the money, and how much of it stands on a few shoulders."""

from collections.abc import Iterable
from decimal import Decimal, localcontext

import pandas as pd

from budgetperf.profiles.base import columns_of, exact_sum, frame_of, grouped, percent, project_rows
from budgetperf.profiles.chosen import of_one_scope
from budgetperf.tables.dataset import Dataset


@of_one_scope
def allocation(dataset: Dataset, of: str = "project", by: Iterable[str] = ()) -> pd.DataFrame:
    """Budget by project, category, unit, spending_kind, document or year, largest first.

    Columns: those of `by` and `of` (base.GROUPS), `projects`, `without_budget` (projects whose budget is not known),
    `budget_wan_yuan` (exact sum), `share` and `cumulative_share` (% of the `by` group), `rank` (1… within it).

    >>> list(allocation(Dataset.empty(), of="category"))[2:]
    ['projects', 'without_budget', 'budget_wan_yuan', 'share', 'cumulative_share', 'rank']
    """
    outer, inner = columns_of(by), columns_of(of)
    names = list(dict.fromkeys([*outer, *inner]))
    measures = ["projects", "without_budget", "budget_wan_yuan", "share", "cumulative_share", "rank"]
    records = []
    for _, rows in grouped(project_rows(dataset), outer):
        parts = []
        for values, part in grouped(rows, names):
            budgets = part["budget_wan_yuan"]
            counts = {"projects": len(part), "without_budget": int(budgets.isna().sum())}
            parts.append({**dict(zip(names, values, strict=True)), **counts, "budget_wan_yuan": exact_sum(budgets)})
        records += _ranked(parts)
    return frame_of(records, names + measures)


def _ranked(parts: list[dict]) -> list[dict]:
    """The parts of one whole, largest first (ties in order of print), with shares; unknown amounts last."""
    total = exact_sum(part["budget_wan_yuan"] for part in parts)
    ordered = sorted(parts, key=lambda part: (part["budget_wan_yuan"] is None, -(part["budget_wan_yuan"] or 0)))
    running = Decimal(0)
    for rank, part in enumerate(ordered, start=1):
        amount = part["budget_wan_yuan"]
        running = exact_sum([running, amount])
        part |= {"share": percent(amount, total), "rank": rank}
        part["cumulative_share"] = None if amount is None else percent(running, total)
    return ordered


@of_one_scope
def concentration(dataset: Dataset, of: str = "project", by: Iterable[str] = ()) -> pd.DataFrame:
    """How concentrated the money is: one row a `by` group.

    Columns: those of `by`, `items` (projects, units … with a known budget), `budget_wan_yuan`, `largest` (its name),
    `top1_share`, `top3_share`, `top5_share` (%), `hhi` (Herfindahl-Hirschman index, 0-10,000),
    `equivalent_items` (10,000 / HHI: as many equal items would be as concentrated).

    >>> len(concentration(Dataset.empty()))
    0
    """
    outer = columns_of(by)
    names = ["items", "budget_wan_yuan", "largest", "top1_share", "top3_share", "top5_share", "hhi", "equivalent_items"]
    ranked = allocation(dataset, of, by)
    records = []
    for values, rows in grouped(ranked, outer):
        amounts = [amount for amount in rows["budget_wan_yuan"] if amount is not None]
        total = exact_sum(amounts)
        if not total:
            continue
        with localcontext(prec=120):
            hhi = sum((amount * 100 / total) ** 2 for amount in amounts)
            record = {"items": len(amounts), "budget_wan_yuan": total, "largest": rows[columns_of(of)[-1]].iloc[0]}
            record |= {f"top{n}_share": percent(exact_sum(amounts[:n]), total) for n in (1, 3, 5)}
            record |= {"hhi": round(hhi, 2), "equivalent_items": round(10_000 / hhi, 2)}
        records.append({**dict(zip(outer, values, strict=True)), **record})
    return frame_of(records, outer + names)
