"""Rows that print a sum: a total, a unit's sub-total, a page's; of money, of weights, of scores."""

import re
from decimal import Decimal

from budgetperf.field.notation import parse_amount, parse_number, parse_points
from budgetperf.field.vocabulary import fold, is_label
from budgetperf.layout.lattice import Cell
from budgetperf.layout.moved import inline_sum, summed_body

KINDS = ("total", "subtotal", "page_sum", "score_total")
POINTS = ("weight", "score")
OTHER_MONEY = ("budget_initial", "executed", "period_budget")


def sum_kind(texts: list[Cell], own: dict[str, Cell]) -> str | None:
    """Which sum a row of cells is (one of KINDS), or None."""
    alone = [c for c in texts if c.rowspan == 1]
    for kind in KINDS:
        inline = any(inline_sum(c.text, kind) for c in texts[:3])
        labelled = any(is_label(c.text, kind) or (kind == "subtotal" and summed_body(c.text)) for c in texts[:3])
        labelled |= kind == "subtotal" and len(alone) == 2 and fold(alone[0].text).endswith("小计")  # 农业科 小计
        labelled |= kind == "subtotal" and own.get("name") not in alone[:1] and _of_pivot(alone)
        points = [c for c in texts if c in (own.get("weight"), own.get("score")) and parse_points(c.text) is not None]
        if inline or (labelled and (points or any(parse_amount(c.text, "元") is not None for c in texts))):
            return kind
        if labelled and kind == "total" and not {f for f, c in own.items() if c.text} & {"name", "target", "level2"}:
            return kind  # its amount can't be read
    if any(is_label(c.text, "score_total") for c in texts[:2]):
        return "score_total"
    here = {f for f, c in own.items() if c.text}
    if (
        here - {"unit_code"} == {"unit", "budget"}
        and own["budget"].rowspan == 1
        and not any(own.get(f) and own[f].text for f in ("name", "target"))
    ):
        return "subtotal"
    return None


def _of_pivot(texts: list[Cell]) -> bool:
    """Whether a row is a sum as tables that a program groups print it: what is summed with 汇总 behind, and figures only."""
    named = len(texts) > 1 and re.fullmatch(".+[ 　]?汇总", texts[0].text.strip(), re.DOTALL)
    return bool(named) and all(parse_number(cell.text) is not None for cell in texts[1:])


def sum_cells(texts: list[Cell], own: dict[str, Cell], kind: str) -> tuple[dict[str, str | None], list[Cell]]:
    """What a sum row prints (unit, amount, weight, score as texts) and the cells that it takes.

    A number in a column of points is a sum of points, never of money; one in the column of money, or in none that is
    known, is money.
    """
    found: dict[str, str | None] = {"unit": None, "amount": None, "weight": None, "score": None}
    bodies = [c for c in texts if summed_body(c.text)]
    taken = [c for c in texts if c in bodies or any(is_label(c.text, k) or inline_sum(c.text, k) for k in KINDS)]
    taken += [c for c in texts if kind == "subtotal" and c not in taken and fold(c.text).endswith(("小计", "汇总"))]
    for field, name in (("budget", "amount"), ("weight", "weight"), ("score", "score")):
        cell = own.get(field)
        wider = [own.get("score"), own.get("name") if kind == "score_total" else None]
        if name == "weight" and cell is not None and cell in wider:
            continue  # one cell beside 自评总分, wider than the column
        if cell in texts and cell not in taken and (name == "amount" or parse_points(cell.text) is not None):
            found[name] = cell.text
            taken.append(cell)
    inline = next((amount for c in texts if (amount := inline_sum(c.text, kind))), None)
    of_inline = "score" if kind == "score_total" else "amount"
    found[of_inline] = found[of_inline] or inline
    unit = own.get("unit")
    if unit is not None and unit.text:
        found["unit"] = summed_body(unit.text) or unit.text
        taken += [unit] if unit in texts else []
    if bodies:
        found["unit"] = summed_body(bodies[0].text)
    if not any(found[name] for name in ("amount", *POINTS)):
        cell = next((c for c in texts if c not in taken and parse_amount(c.text, "元") is not None), None)
        if cell is not None:
            found["amount" if kind != "score_total" else "score"] = cell.text
            taken.append(cell)
    named = [own.get(f) for f in ("project", "sequence", "unit_code", "category", "project_code")]
    taken += [
        c for c in texts if c not in taken and (not fold(c.text).strip("-—–/") or (c in named and kind == "subtotal"))
    ]
    return found, taken


def proven_beside(anchors: list[dict[str, str]], beside: dict[str, Cell]) -> list[Cell]:
    """Of the cells beside a total those that the projects' own prove: sums of other columns of money, and the rate that
    executed makes of the budget."""
    sums = {field: _sum_of(anchors, field) for field in (*OTHER_MONEY, "budget") if field in beside}
    proven = [
        beside[field] for field in OTHER_MONEY if field in sums and sums[field] == parse_amount(beside[field].text)
    ]
    rate = parse_points(beside["execution_rate"].text) if "execution_rate" in beside else None
    if rate is not None and sums.get("executed") and sums.get("budget"):
        places = Decimal(1).scaleb(rate.as_tuple().exponent)
        proven += [beside["execution_rate"]] if abs(100 * sums["executed"] / sums["budget"] - rate) <= places else []
    return proven


def _sum_of(anchors: list[dict[str, str]], field: str) -> Decimal | None:
    amounts = [parse_amount(text) for anchor in anchors if (text := anchor.get(field))]
    return None if None in amounts else sum(amounts, Decimal(0))
