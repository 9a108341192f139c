"""B04: like projects whose money for one unit of output is far apart."""

from collections import defaultdict
from decimal import Decimal

from rapidfuzz import fuzz

from budgetperf.audit.likeness import Pair, indicator_sets, of_one_year, similar_pairs, similar_sets
from budgetperf.audit.registry import found, rule
from budgetperf.audit.subject import any_of, number

ALIKE_SETS, ALIKE_WITH_NAME = 0.6, 0.3  # common indicators of like projects; of those that have like names besides
WAN = Decimal(10_000)


def like_projects(tables, like_names: float) -> list[Pair]:
    """Pairs of positions in tables.projects that do like things: like indicators, or like names and some of them."""
    sets = indicator_sets(tables)
    pairs = {pair[:2]: pair for pair in similar_sets(sets, ALIKE_SETS)}
    for pair in similar_pairs(tables.projects["project_name"].tolist(), like_names, shingle=2):
        a, b = sets[pair.first], sets[pair.second]
        if a and b and len(a & b) / len(a | b) >= ALIKE_WITH_NAME:
            pairs.setdefault(pair[:2], pair)
    return of_one_year(tables.project_rows, sorted(pairs.values()))


@rule("B04", "I", "同类项目单位成本悬殊", "同类项目单位产出所用的钱不应相差悬殊",
      basis="本工具阈值：相差 {ratio} 倍以上（项目名称或指标相近的视为同类）",
      inputs=["projects.budget_wan_yuan", "indicators.target_value", "indicators.measure_unit"],
      summary="document", title_en="unit costs of like projects differ")  # fmt: skip
def unit_costs(tables, thresholds, words):
    """B04: by budget over a quantity that both name, unless another such quantity explains the difference; and by unit
    prices that both name."""
    rows, quantities, prices = tables.indicators, defaultdict(list), defaultdict(list)
    price = rows["text"].str.contains(any_of(words["per_unit"])) & (rows["kind"] == "money")
    counted = (rows["level2"] == "数量指标") & rows["kind"].isin(["people", "things", "measure"]) & (rows["value"] > 0)
    for row in tables.where(counted):
        quantities[row.document_id, int(row.project_no)].append(row)
    for row in tables.where(price & (rows["value"] > 0)):
        prices[row.document_id, int(row.project_no)].append(row)
    projects = tables.project_rows
    for pair in like_projects(tables, thresholds["like_names"]):
        a, b = projects[pair.first], projects[pair.second]
        keys = (a.document_id, int(a.project_no)), (b.document_id, int(b.project_no))
        yield from _by_quantity(a, b, quantities[keys[0]], quantities[keys[1]], thresholds["ratio"])
        yield from _by_price(a, b, prices[keys[0]], prices[keys[1]], thresholds["ratio"])


def _shared(first: list, second: list):
    """Indicators of two projects that name the same thing in the same unit."""
    for one in first:
        for other in second:
            if one.unit == other.unit and (one.text == other.text or fuzz.ratio(one.text, other.text) >= 75):
                yield one, other


def _by_quantity(a, b, first: list, second: list, ratio: float):
    if not (a.budget and b.budget and a.budget > 0 and b.budget > 0):
        return
    costs = []
    for one, other in _shared(first, second):
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
            f"预算 {number(dear.budget)} 万元，“{of_dear.shown}”，每{one.unit} {_yuan(high)} 元；同类的第 {cheap.project_no} 个项目"
            f"“{cheap.project_name}”预算 {number(cheap.budget)} 万元，“{of_cheap.shown}”，每{one.unit} {_yuan(low)} 元，前者为后者的 {times:.1f} 倍"
        )
        en = f"{_yuan(high)} yuan a unit of “{of_dear.shown}”, {_yuan(low)} in project {cheap.project_no} “{cheap.project_name}”"
        evidence = {"other": cheap.project_name, "unit_cost_yuan": [_yuan(high), _yuan(low)], "times": f"{times:.2f}",
                    "quantities": [of_dear.shown, of_cheap.shown], "budgets_wan_yuan": [str(dear.budget), str(cheap.budget)]}  # fmt: skip
        yield found(dear, zh, en, evidence, rests_on=[_key(of_dear), _key(of_cheap)])


def _by_price(a, b, first: list, second: list, ratio: float):
    for one, other in _shared(first, second):
        high, low = max(one.exact, other.exact), min(one.exact, other.exact)
        if high > low * Decimal(str(ratio)):
            dear, cheap, project = (one, other, b) if one.exact > other.exact else (other, one, a)
            zh = f"同类的第 {project.project_no} 个项目“{project.project_name}”为 {number(low)} {cheap.unit}，本项目为其 {high / low:.1f} 倍"
            en = f"{number(low)} {cheap.unit} in project {project.project_no} “{project.project_name}”"
            evidence = {"other": project.project_name, "prices": [str(high), str(low)], "unit": one.unit}
            yield found(dear, zh, en, evidence, rests_on=[_key(cheap)])


def _key(row) -> tuple:
    return row.document_id, int(row.project_no), int(row.indicator_no)


def _yuan(wan: Decimal) -> str:
    return f"{wan * WAN:,.0f}"
