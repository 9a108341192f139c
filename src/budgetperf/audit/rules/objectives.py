"""X09, X10, B06: the objective's numbers against the indicators', unit cost × quantity against the budget."""

import re
from collections import defaultdict
from decimal import Decimal

from budgetperf.audit.equations import normal
from budgetperf.audit.figures import figures_of
from budgetperf.audit.registry import found, rule
from budgetperf.audit.subject import IN_WAN, any_of, number
from budgetperf.audit.wording import is_filler
from budgetperf.field.measures import base_unit

_UNIT = re.compile(r"(?:万?平方米|万?立方米|万?亩|公里|千米|万?人次|个|[\u4e00-\u9fff])")
_HEDGED = re.compile("不少于|不低于|以上|约|左右|力争|不超过|余|多")
_GIVEN = re.compile(
    "^(?:为|对|向|在|给|全县|全市|全区|全镇|现有|共有|辖区|针对|面向|每|平均|按|依托|涉及|其中)|各|每|其中|按照|标准|较|比"
)


def _bigrams(text: str) -> set[str]:
    bare = re.sub(r"[^\u4e00-\u9fff]", "", text)
    return {bare[at : at + 2] for at in range(len(bare) - 1)}


def _counts(text: str) -> list[tuple]:
    """(value in base units, its unit, what is measured, words beside it, words before it, whether it goes on with a list)
    of the counts of an objective."""
    tight = normal(text)
    found_ = []
    for figure in figures_of(tight):
        if figure.kind != "count" or figure.background or figure.per:
            continue
        unit = _UNIT.match(figure.after)
        if not unit:
            continue
        measured, factor = base_unit(unit[0])
        clause = re.split("[，。；、：:]", figure.after)[0]
        listed = tight[max(figure.start - len(figure.before) - 1, 0)] in "、和及" and len(figure.before) >= 2
        found_.append(
            (figure.value * factor, unit[0], measured, figure.before + clause[len(unit[0]) :], figure.before, listed)
        )
    return found_


def _quantities(tables) -> dict[tuple, list]:
    quantities = defaultdict(list)
    for row in tables.indicator_rows:
        if row.exact is not None and row.kind in ("people", "things", "measure"):
            quantities[row.document_id, int(row.project_no)].append(row)
    return quantities


@rule("X09", "W", "绩效目标与指标的数量矛盾", "绩效目标中的数量应与指标值一致", basis="绩效目标与指标勾稽",
      inputs=["projects.objective", "indicators.target_value", "indicators.measure_unit", "indicators.name"],
      title_en="the objective's number contradicts an indicator's", across=False)  # fmt: skip
def numbers_contradict(tables, thresholds, words):
    """X09: the only number in the objective of that unit and thing is another than the indicator's."""
    quantities = _quantities(tables)
    for project in tables.project_rows:
        rows = quantities.get((project.document_id, int(project.project_no)), [])
        counts = _counts(project.text) if rows and project.text else []
        for row in rows:
            measured, factor = base_unit(row.unit)
            goal = row.exact * factor
            same = [
                one
                for one in counts
                if one[2] == measured
                and (one[1].lstrip("万") == row.unit.lstrip("万") or measured not in ("things", "people"))
            ]
            if len(same) != 1 or any(one[0] == goal for one in counts) or row.comparator in ("≤", "<"):
                continue
            value, unit, _, beside, before, _ = same[0]
            shared = _bigrams(beside) & _bigrams(row.text)
            if not shared or _HEDGED.search(before) or (_GIVEN.search(before) and row.comparator != "="):
                continue
            if (
                sum(
                    base_unit(other.unit)[0] == measured and bool(_bigrams(beside) & _bigrams(other.text))
                    for other in rows
                )
                > 1
            ):
                continue  # several indicators may share the objective's number out
            zh = f"绩效目标写的是 {number(value / base_unit(unit)[1])} {unit}，指标值为 {row.comparator}{row.target_text}{row.unit}"
            en = f"the objective says {number(value / base_unit(unit)[1])} {unit}, the target is {row.comparator}{row.target_text}{row.unit}"
            yield found(row, zh, en, {"objective": str(value), "target": row.target_text, "unit": row.unit})


@rule("X10", "W", "绩效目标中的任务没有对应指标", "绩效目标承诺的建设、购置、活动等数量应有对应的指标", basis="绩效目标与指标勾稽",
      inputs=["projects.objective", "indicators.name", "rows"], title_en="a promise that no indicator takes up", across=False)  # fmt: skip
def promises_without_indicator(tables, thresholds, words):
    """X10: a number of things that the objective undertakes to make, and no indicator of that thing or number."""
    rows_of = defaultdict(list)
    for row in tables.indicator_rows:
        rows_of[row.document_id, int(row.project_no)].append(row)
    acts = re.compile(any_of(words["undertakings"]))
    for project in tables.project_rows:
        rows = rows_of.get((project.document_id, int(project.project_no)), [])
        if not rows or not project.text:
            continue
        taken = set().union(*(_bigrams(row.text) for row in rows))
        values = {row.exact * base_unit(row.unit)[1] for row in rows if row.exact is not None}
        missing = []
        for value, unit, _, beside, before, listed in _counts(project.text):
            if re.search("[宽长高厚深径容重占]$", before):
                continue  # a dimension of what is made
            acting = bool(acts.search(before)) or listed
            thing = acts.sub("", beside)
            if not acting or _GIVEN.search(before) or len(thing) < 2 or value in values:
                continue
            if not _bigrams(thing) & taken:
                missing.append(f"{before}{number(value / base_unit(unit)[1])}{unit}{beside[len(before) :]}")
        if missing:
            zh = f"绩效目标承诺“{'、'.join(missing[:4])}”，没有对应的指标"
            yield found(project, zh, f"no indicator of {', '.join(missing[:4])}", {"promises": missing})


@rule("B06", "W", "单价乘数量与预算不符", "单位成本乘以数量应与预算数相当", basis="本工具阈值：单价×数量超过预算数的 {ratio} 倍",
      inputs=["projects.budget_wan_yuan", "indicators.target_value", "indicators.measure_unit", "indicators.name"],
      title_en="unit cost × quantity exceeds the budget", across=False)  # fmt: skip
def cost_by_quantity(tables, thresholds, words):
    """B06: where exactly one quantity is counted in the unit that the price is for."""
    quantities = _quantities(tables)
    for row in tables.indicator_rows:
        priced = _price(row)
        if priced is None or row.budget is None or row.budget <= 0 or is_filler(row.name, row.target_text):
            continue
        price, unit, times = priced
        rows = [one for one in quantities.get((row.document_id, int(row.project_no)), []) if _counted_in(one, unit)]
        if len(rows) != 1 or rows[0].comparator in ("≤", "<"):
            continue
        count = rows[0].exact * base_unit(rows[0].unit)[1] / base_unit(unit)[1]
        total = price * count * times
        if total > row.budget * Decimal(str(thresholds["ratio"])):
            zh = f"单价 {row.target_text}{row.unit}，数量“{rows[0].shown}”，相乘为 {number(total.quantize(Decimal('0.01')))} 万元，预算数为 {number(row.budget)} 万元"
            en = f"{row.target_text}{row.unit} × {rows[0].shown} is {number(total)}, the budget is {number(row.budget)} (10,000 yuan)"
            evidence = {
                "price": row.target_text + row.unit,
                "quantity": rows[0].shown,
                "product_wan_yuan": str(total),
                "budget_wan_yuan": str(row.budget),
            }
            yield found(
                row, zh, en, evidence, rests_on=[(row.document_id, int(row.project_no), int(rows[0].indicator_no))]
            )


def _price(row) -> tuple[Decimal, str, int] | None:
    """(万元, unit it is for, how often a year) of a unit cost; None where a row is none."""
    if row.exact is None or row.comparator in ("≥", ">") or re.search("上限|限额|最高|封顶", row.text):
        return None  # a bound from below, or a ceiling for one, prices nothing
    money, *parts = re.split("[/·每]", row.unit)
    if money not in IN_WAN:
        return None
    per = re.search(r"(?:每|单)(?:个)?([\u4e00-\u9fff])|([户亩床村场人生])均", row.text)
    parts = [part for part in parts if part]
    times = 12 if "月" in parts or re.search("月(?:均|标准|工资|补助|人均)|每月", row.text) else 1
    units = [part for part in parts if part not in ("年", "月", "次")] or ([per[1] or per[2]] if per else [])
    if len(units) != 1 or ("年" not in parts and times == 12 and re.search("季|日", row.unit)):
        return None
    return row.exact * IN_WAN[money], units[0], times


def _counted_in(row, unit: str) -> bool:
    """Whether a quantity is counted in the unit that a price is for."""
    own, people = row.unit.lstrip("万千百"), {"人", "名", "位"}
    if own in people or unit in people:
        return own in people and unit in people
    measured = base_unit(unit)[0]
    same = base_unit(own)[0] == measured and measured not in ("things", "people", unit)
    return own == unit or same or (own.startswith(unit) and len(own) <= 2)
