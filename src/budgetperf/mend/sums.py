"""The printed sums of a table: its grand total, and the projects that each sub-total covers."""

from decimal import Decimal
from typing import NamedTuple

import pandas as pd

from budgetperf.field.codes import split_code
from budgetperf.field.notation import parse_amount
from budgetperf.field.vocabulary import is_label
from budgetperf.field.wraps import unwrap
from budgetperf.layout.printed import Printed
from budgetperf.mend.structure import Structure

Units = dict[int, tuple[str | None, str]]  # project_no → code and name


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
    way that agrees with more sums is the printed one. One with no project between it and another is the sum of as many
    of its neighbours' as make up its amount (a system's over its units')."""
    if subtotals.empty:
        return []
    first_rows = structure.project.drop_duplicates()
    begins = dict(zip(first_rows, first_rows.index, strict=True))
    budgets = dict(zip(projects["project_no"], projects["budget_wan_yuan"].fillna(Decimal(0)), strict=True))
    bounds, amounts = subtotals["at"].tolist(), subtotals["amount"].tolist()
    below, above = [*bounds[1:], len(structure.project)], [0, *bounds[:-1]]

    def covered(place: int, ends: list[int]) -> list[int]:
        found: list[int] = []
        for end in ends:
            a, b = sorted((bounds[place], end))
            found = [n for n, row in begins.items() if a <= row < b]
            if end == ends[0] != bounds[place] or sum(budgets.get(n, 0) for n in found) == amounts[place]:
                return found
        return []

    ways = [
        [covered(place, below[place:]) for place in range(len(bounds))],
        [covered(place, above[place::-1]) for place in range(len(bounds))],
    ]
    best = max(
        ways, key=lambda way: sum(sum(budgets.get(n, 0) for n in c) == a for c, a in zip(way, amounts, strict=True))
    )
    named = [u if isinstance(u, str) and not is_label(u, "subtotal") else None for u in subtotals["unit"]]
    return [Covered(*each) for each in zip(named, best, amounts, strict=True)]


def units_by_sum(subtotals: list[Covered], projects: pd.DataFrame) -> Units:
    """project_no → (code, name) of the unit whose printed sub-total its projects sum to, the narrowest; empty unless all
    agree.

    >>> projects = pd.DataFrame({"project_no": [1, 2], "budget_wan_yuan": [Decimal(5), Decimal(6)]})
    >>> units_by_sum([Covered("101-甲局", [1], Decimal(5)), Covered("102-乙局", [2], Decimal(6))], projects)
    {1: ('101', '甲局'), 2: ('102', '乙局')}
    """
    budgets = projects.set_index("project_no")["budget_wan_yuan"]
    found: Units = {}
    for unit, numbers, amount in sorted(subtotals, key=lambda covered: -len(covered[1])):
        if unit is None or sum(budgets.reindex(numbers).dropna(), Decimal(0)) != amount:
            return {}
        found |= dict.fromkeys(numbers, tuple(split_code(unwrap(unit))))
    return found if len(found) == len(projects) else {}
