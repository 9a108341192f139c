"""B02: the arithmetic inside an objective."""

from decimal import Decimal

from budgetperf.audit.equations import agree
from budgetperf.audit.quantities import Sums, read_sums
from budgetperf.audit.registry import found, rule
from budgetperf.audit.subject import number

WAN = Decimal(10_000)


@rule("B02", "W", "绩效目标中的算式不成立", "绩效目标中的数量×标准×期限、增幅、资金来源和合计应算得通，总数应与预算数一致",
      basis="绩效目标文内验算并与预算数勾稽，容差 {tolerance:.1%}", inputs=["projects.objective", "projects.budget_wan_yuan"],
      title_en="arithmetic in the objective does not hold", across=False)  # fmt: skip
def arithmetic_holds(tables, thresholds, words):
    """B02: one finding for each sum that is wrong, then one where the whole differs from the budget."""
    tolerance = thresholds["tolerance"]
    for project in tables.project_rows:
        if "元" not in project.text:
            continue
        sums = read_sums(project.text, tolerance)
        for problem in sums.problems:
            gap = problem.right - problem.stated
            zh = f"绩效目标中 {problem.formula} = {number(problem.right)} 元，文中写作 {_amount(problem.stated)}，相差 {_amount(abs(gap))}"
            en = f"{problem.formula} = {number(problem.right)} yuan, the text says {number(problem.stated)}"
            evidence = {
                "formula": problem.formula,
                "right_yuan": str(problem.right),
                "stated_yuan": str(problem.stated),
            }
            yield found(project, zh, en, evidence)
        if project.budget is not None and project.budget > 0 and not sums.problems:
            difference = _against_budget(sums, project.budget * WAN, tolerance)
            if difference:
                amount, how, how_en = difference
                gap = abs(amount - project.budget * WAN)
                zh = f"绩效目标{how} {_amount(amount)}，预算数为 {number(project.budget)} 万元，相差 {_amount(gap)}"
                en = f"the objective {how_en} {number(amount)} yuan, the budget is {number(project.budget * WAN)}"
                yield found(project, zh, en, {"objective_yuan": str(amount), "budget_wan_yuan": str(project.budget)})


def _amount(yuan: Decimal) -> str:
    """A sum as it is usually written.

    >>> _amount(Decimal(180000)), _amount(Decimal("3219"))
    ('18 万元', '3,219 元')
    """
    return f"{number((yuan / WAN).quantize(Decimal('0.0001')))} 万元" if yuan >= WAN else f"{number(yuan)} 元"


def _against_budget(sums: Sums, budget: Decimal, tolerance: float) -> tuple[Decimal, str, str] | None:
    """(amount, in words, in English) of the objective's whole where it is not the budget.

    Only an exact whole is compared: a total that others bear in part, a bound or an estimate may well differ.
    """
    if sums.partly:
        return None
    if sums.total is not None:
        apart = sums.grand and not agree(sums.total, budget, tolerance)
        return (sums.total, "写明共需", "asks for") if apart else None
    if sums.derived is not None and not agree(sums.derived, budget, tolerance):
        return sums.derived, f"按 {sums.formula} 计算需", f"comes by {sums.formula} to"
    return None
