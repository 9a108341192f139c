"""B04: like projects whose money for one unit of output is far apart."""

from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from rapidfuzz import fuzz

from budgetperf.audit.likeness import (
    Pair,
    Project,
    indicator_sets,
    of_one_year,
    project_of,
    signature,
    similar_pairs,
    similar_sets,
)
from budgetperf.audit.message import project_named
from budgetperf.audit.registry import found, rule
from budgetperf.audit.subject import any_of, number

ALIKE_SETS, ALIKE_WITH_NAME = 0.6, 0.3  # common indicators of like projects; of those that have like names besides
WAN = Decimal(10_000)


class _Row(NamedTuple):
    """A quantity or a price; numbers as text where gathered, as Decimal where compared."""

    document_id: str
    project_no: int
    indicator_no: int
    text: str
    unit: str
    exact: str | Decimal
    shown: str


class _Costs(NamedTuple):
    """What a project that counts or prices something does: its budget, its indicators' names, quantities and prices; of
    those of a document whose own names are the same, the first alone has a signature."""

    project: Project
    budget: str | Decimal | None
    names: list[str]
    signature: str
    quantities: list[_Row]
    prices: list[_Row]

    @property
    def project_name(self) -> str:
        return self.project.project_name


def _costs(tables, thresholds, words) -> list[_Costs]:
    rows, quantities, prices = tables.indicators, defaultdict(list), defaultdict(list)
    price = rows["text"].str.contains(any_of(words["per_unit"])) & (rows["kind"] == "money")
    counted = (rows["level2"] == "数量指标") & rows["kind"].isin(["people", "things", "measure"]) & (rows["value"] > 0)
    for where, of_projects in ((counted, quantities), (price & (rows["value"] > 0), prices)):
        for row in tables.where(where):
            key = row.document_id, int(row.project_no)
            taken = _Row(*key, int(row.indicator_no), row.text, row.unit, str(row.exact), row.shown)
            of_projects[key].append(taken)
    costs, known = [], set()
    for row, names in zip(tables.project_rows, indicator_sets(tables), strict=True):
        key, named = (row.document_id, int(row.project_no)), (row.document_id, row.project_name)
        if key in quantities or key in prices:
            budget = None if row.budget is None else str(row.budget)
            signed = "" if named in known else signature(row.project_name, 2)
            known.add(named)
            counted = quantities.get(key, []), prices.get(key, [])
            costs.append(_Costs(project_of(row), budget, sorted(names), signed, *counted))
    return costs


def like_projects(costs: list[_Costs], like_names: float) -> list[Pair]:
    """Pairs of positions whose projects do like things: like indicators, or like names and some of them."""
    sets = [frozenset(one.names) for one in costs]
    pairs = {pair[:2]: pair for pair in similar_sets(sets, ALIKE_SETS)}
    names = [one.project_name for one in costs]
    for pair in similar_pairs(names, [one.signature for one in costs], like_names):
        a, b = sets[pair.first], sets[pair.second]
        if a and b and len(a & b) / len(a | b) >= ALIKE_WITH_NAME:
            pairs.setdefault(pair[:2], pair)
    return of_one_year([one.project for one in costs], sorted(pairs.values()))


@rule("B04", "I", "同类项目单位成本悬殊", "同类项目单位产出所用的钱不应相差悬殊",
      basis="本工具阈值：相差 {ratio} 倍以上（项目名称或指标相近的视为同类）",
      inputs=["projects.budget_wan_yuan", "indicators.target_value", "indicators.measure_unit"],
      summary="document", title_en="unit costs of like projects differ", gather=_costs)  # fmt: skip
def unit_costs(gathered, thresholds, words):
    """B04: by budget over a quantity that both name, unless another such quantity explains the difference; and by unit
    prices that both name."""
    costs = [
        one._replace(
            project=Project(*one.project),
            budget=None if one.budget is None else Decimal(one.budget),
            quantities=_numbers(one.quantities),
            prices=_numbers(one.prices),
        )
        for one in map(_Costs._make, gathered)
    ]
    for pair in like_projects(costs, thresholds["like_names"]):
        a, b = costs[pair.first], costs[pair.second]
        yield from _by_quantity(a, b, thresholds["ratio"])
        yield from _by_price(a, b, thresholds["ratio"])


def _numbers(rows: list) -> list[_Row]:
    return [row._replace(exact=Decimal(row.exact)) for row in map(_Row._make, rows)]


def _shared(first: list, second: list):
    """Indicators of two projects that name the same thing in the same unit."""
    for one in first:
        for other in second:
            if one.unit == other.unit and (one.text == other.text or fuzz.ratio(one.text, other.text) >= 75):
                yield one, other


def _by_quantity(a: _Costs, b: _Costs, ratio: float):
    if not (a.budget and b.budget and a.budget > 0 and b.budget > 0):
        return
    costs = []
    for one, other in _shared(a.quantities, b.quantities):
        cost_a, cost_b = a.budget / one.exact, b.budget / other.exact
        high, low = max(cost_a, cost_b), min(cost_a, cost_b)
        costs.append((high / low, cost_a, cost_b, one, other))
    if not costs:
        return
    times, cost_a, cost_b, one, other = min(costs, key=lambda cost: cost[0])
    if times > Decimal(str(ratio)):
        dear, cheap, of_dear, of_cheap = (a, b, one, other) if cost_a > cost_b else (b, a, other, one)
        high, low = max(cost_a, cost_b), min(cost_a, cost_b)
        zh = (
            f"预算 {number(dear.budget)} 万元，“{of_dear.shown}”，每{one.unit} {_yuan(high)} 元；同类的{project_named(cheap.project, dear.project)}"
            f"预算 {number(cheap.budget)} 万元，“{of_cheap.shown}”，每{one.unit} {_yuan(low)} 元，前者为后者的 {times:.1f} 倍"
        )
        en = f"{_yuan(high)} yuan a unit of “{of_dear.shown}”, {_yuan(low)} in project {cheap.project.project_no} “{cheap.project_name}”"
        evidence = {"other": cheap.project_name, "unit_cost_yuan": [_yuan(high), _yuan(low)], "times": f"{times:.2f}",
                    "quantities": [of_dear.shown, of_cheap.shown], "budgets_wan_yuan": [str(dear.budget), str(cheap.budget)]}  # fmt: skip
        yield found(dear.project, zh, en, evidence, rests_on=[of_dear[:3], of_cheap[:3]])


def _by_price(a: _Costs, b: _Costs, ratio: float):
    for one, other in _shared(a.prices, b.prices):
        high, low = max(one.exact, other.exact), min(one.exact, other.exact)
        if high > low * Decimal(str(ratio)):
            dear, cheap, project = (one, other, b) if one.exact > other.exact else (other, one, a)
            zh = f"同类的{project_named(project.project, (b if project is a else a).project)}为 {number(low)} {cheap.unit}，本项目为其 {high / low:.1f} 倍"
            en = f"{number(low)} {cheap.unit} in project {project.project.project_no} “{project.project_name}”"
            evidence = {"other": project.project_name, "prices": [str(high), str(low)], "unit": one.unit}
            yield found(dear, zh, en, evidence, rests_on=[cheap[:3]])


def _yuan(wan: Decimal) -> str:
    return f"{wan * WAN:,.0f}"
