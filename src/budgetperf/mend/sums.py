"""The printed sums of a table: its grand total, and the projects that each sub-total covers."""

from decimal import Decimal
from typing import NamedTuple

import pandas as pd

from budgetperf.field.notation import parse_amount
from budgetperf.field.vocabulary import is_label
from budgetperf.layout.printed import Printed
from budgetperf.mend.structure import Structure


class Covered(NamedTuple):
    """A printed sub-total: the unit it names, if any, the projects it covers, its amount in 万元."""

    unit: str | None
    projects: list[int]
    amount: Decimal


def printed_sums(printed: Printed) -> tuple[Decimal | None, pd.DataFrame]:
    """The grand total in 万元, and all other printed sums with their amounts."""
    sums = printed.sums.assign(
        amount=[
            parse_amount(text, printed.amount_unit) if printed.amount_unit else None for text in printed.sums["amount"]
        ]
    )
    sums = sums[sums["amount"].notna() & sums["kind"].isin(["total", "subtotal"])]
    totals = sums[sums["kind"] == "total"]
    total = totals["amount"].iat[0] if len(totals) else None
    return total, sums.drop(totals.index[:1])


def covered_projects(subtotals: pd.DataFrame, structure: Structure, projects: pd.DataFrame) -> list[Covered]:
    """Each sub-total with the projects it covers. It stands above or below its projects, alike in the whole table: the
    way that agrees with more sums is the printed one."""
    if subtotals.empty:
        return []
    first_rows = structure.project.drop_duplicates()
    begins = dict(zip(first_rows, first_rows.index, strict=True))
    budgets = projects.set_index("project_no")["budget_wan_yuan"]
    bounds, end = subtotals["at"].tolist(), len(structure.project)
    ways = []
    for starts, stops in ((bounds, [*bounds[1:], end]), ([0, *bounds[:-1]], bounds)):
        covered = [[n for n, row in begins.items() if a <= row < b] for a, b in zip(starts, stops, strict=True)]
        hits = sum(
            sum(budgets.reindex(c).dropna(), Decimal(0)) == a for c, a in zip(covered, subtotals["amount"], strict=True)
        )
        ways.append((hits, covered))
    covered = max(ways, key=lambda way: way[0])[1]
    named = [u if isinstance(u, str) and not is_label(u, "subtotal") else None for u in subtotals["unit"]]
    return [Covered(*each) for each in zip(named, covered, subtotals["amount"], strict=True)]
