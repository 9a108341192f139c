"""B01, B03, B05: indicators of money against the budget, purchases against the objective."""

import re
from decimal import Decimal

import numpy as np
import pandas as pd

from budgetperf.audit.registry import found, rule
from budgetperf.audit.subject import COST_LEVELS2, any_of, ends_with, number

MONEY = ["projects.budget_wan_yuan", "indicators.target_value", "indicators.measure_unit", "indicators.name"]
ROUNDING = Decimal("0.01")  # 万元
_TOTAL = r"(?:项目|资金|经费|预算|支出|投入|使用|补助)*总(?:成本|支出|投入|费用|预算|经费|金额|额)(?:控制(?:数|额|金额|总额)?|支出)?"
_MACHINES = {"台", "辆", "架", "艘", "台套"}
_GENERIC = re.compile(r"项目$|^20\d\d年(?:度)?")


def _amounts(tables, words) -> pd.DataFrame:
    """Indicators of a sum of money to be spent in a project with a budget: no price, no standard, no income."""
    rows = tables.indicators
    rows = rows[rows["amount"].notna() & rows["budget"].notna()]
    if rows.empty:
        return rows
    rows = rows[np.array([budget > 0 for budget in rows["budget"]], dtype=bool)]
    other = rows["text"].str.contains(any_of(words["per_unit"])) | rows["text"].str.contains(any_of(words["income"]))
    return rows[~other]


def _is_total(rows: pd.DataFrame, words) -> pd.Series:
    """Whether the name says the project's whole money: a word for it, or the project's own name."""
    exact = rows["text"].str.fullmatch(
        f"(?:20\\d\\d年度?|年度|本年|全年|完成|使用|投入|安排|当年)?(?:{any_of(words['total_amount'])})"
    )
    exact |= rows["text"].str.fullmatch(_TOTAL)
    own = [_names_project(text, name) for text, name in zip(rows["text"], rows["project_name"], strict=True)]
    return exact | pd.Series(own, index=rows.index, dtype=bool)


def _names_project(text: str, project: str) -> bool:
    """Whether an indicator's name is its project's name, with or without a word for the whole.

    >>> _names_project("社区工作经费", "社区工作经费"), _names_project("社区工作经费总额", "2024年社区工作经费项目")
    (True, True)
    >>> _names_project("办公经费", "社区工作经费")
    False
    """
    name = _GENERIC.sub("", _GENERIC.sub("", re.sub(r"\s+", "", project)))
    bare = re.sub(r"(?:总额|总金额|金额|总数|数额|支出|合计)$", "", _GENERIC.sub("", text))
    return len(name) >= 4 and bare == name


@rule("B01", "E", "资金总额与预算不符", "表示项目总金额的指标应等于预算数",
      basis="预算数与指标勾稽，容差 {tolerance:.1%}", inputs=MONEY, title_en="the total disagrees with the budget", across=False)  # fmt: skip
def total_against_budget(tables, thresholds, words):
    """B01."""
    rows = _amounts(tables, words)
    if rows.empty:
        return
    for row in rows[_is_total(rows, words)].itertuples():
        difference = row.amount - row.budget
        if abs(difference) <= max(ROUNDING, row.budget * Decimal(str(thresholds["tolerance"]))):
            continue
        zh = (
            f"指标为 {number(row.amount)} 万元，预算数为 {number(row.budget)} 万元，相差 {number(abs(difference))} 万元"
        )
        if row.amount in (row.budget * 10_000, row.budget / 10_000):
            zh += "，恰为一万倍，疑为元与万元混用"
        en = f"{number(row.amount)} against a budget of {number(row.budget)} (10,000 yuan)"
        evidence = {
            "amount_wan_yuan": str(row.amount),
            "budget_wan_yuan": str(row.budget),
            "difference": str(difference),
        }
        yield found(row, zh, en, evidence)


@rule("B03", "E", "金额指标超过预算", "支出类金额指标（单项或同类合计）不应超过预算数",
      basis="预算数与指标勾稽，容差 {tolerance:.1%}", inputs=MONEY, title_en="money indicators exceed the budget", across=False)  # fmt: skip
def amounts_exceed_budget(tables, thresholds, words):
    """B03: what B01 does not judge; quantities and costs are summed apart, since they may name the same money."""
    rows = _amounts(tables, words)
    if rows.empty:
        return
    spends = rows["text"].str.contains(any_of(words["spending"])) & ~rows["benefit"]
    multi_year = rows["text"].str.contains("总投资|概算|累计")
    rows = rows[spends & ~_is_total(rows, words) & ~multi_year & ~rows["comparator"].isin(["<"])]
    rows = rows.assign(cost=rows["level2"].isin(COST_LEVELS2))
    limit = 1 + Decimal(str(thresholds["tolerance"]))
    projects = {(row.document_id, row.project_no): row for row in tables.project_rows}
    for (document, project, _), group in rows.groupby(["document_id", "project_no", "cost"], sort=False):
        budget, total = group["budget"].iat[0], sum(group["amount"], Decimal(0))
        if total <= budget * limit + ROUNDING:
            continue
        single = [row for row in group.itertuples() if row.amount > budget * limit + ROUNDING]
        for row in single:
            zh = f"金额 {number(row.amount)} 万元，超过项目预算数 {number(row.budget)} 万元"
            en = f"{number(row.amount)} exceeds the budget of {number(row.budget)} (10,000 yuan)"
            yield found(row, zh, en, {"amount_wan_yuan": str(row.amount), "budget_wan_yuan": str(budget)})
        if not single:
            items = [f"{row.name} {number(row.amount)}" for row in group.itertuples()]
            zh = f"{len(items)} 条支出指标（{'、'.join(items)} 万元）合计 {number(total)} 万元，超过预算数 {number(budget)} 万元"
            en = f"{len(items)} amounts sum to {number(total)}, the budget is {number(budget)} (10,000 yuan)"
            cells = [(document, int(project), int(row.indicator_no)) for row in group.itertuples()]
            yield found(projects[document, project], zh, en, {"amounts": items, "total": str(total), "budget_wan_yuan": str(budget)},
                        rests_on=cells)  # fmt: skip


@rule("B05", "W", "绩效目标未提及所购车辆、设备", "指标要购置车辆、设备的，绩效目标或项目名称应当提及",
      basis="指标应与绩效目标相关（参考财预〔2015〕88号“相关性”审查）",
      inputs=["indicators.name", "projects.objective", "projects.project_name"], title_en="a purchase that the objective never names", across=False)  # fmt: skip
def unnamed_purchases(tables, thresholds, words):
    """B05."""
    rows = tables.indicators
    buys = rows["text"].str.contains(any_of(words["purchase"])) & rows["kind"].isin(["things", "money", ""])
    rate = rows["text"].str.contains(ends_with(["率", "时间", "时限", "及时性"]))
    assets = re.compile(any_of(words["vehicles"] + words["equipment"]))
    for row in tables.where(buys & ~rate & (rows["level2"] != "时效指标") & (rows["objective"] != "")):
        bare = re.sub(any_of(words["not_vehicles"]), "", row.text)
        asset, machine = assets.search(bare), row.unit in _MACHINES
        thing = asset[0] if asset else re.split(any_of(words["purchase"]), bare)[-1] if machine else ""
        thing = re.sub("(?:数量|台数|套数|辆数|数)$", "", thing)
        if not thing:
            continue
        vehicle = thing in words["vehicles"] or (row.unit in ("辆", "台") and thing.endswith("车"))
        told = re.sub(any_of(words["not_vehicles"]), "", row.objective + row.project_name)
        # named by its head, or by a word that covers equipment of every kind
        named = thing, thing[-2:], *(("购车", "用车", "车辆") if vehicle else words["equipment_covers"])
        if not any(word in told for word in named):
            kind = "车辆" if vehicle else f"设备（{thing}）" if thing != "设备" else "设备"
            zh = f"拟购置{kind}，绩效目标没有提及，看不出用途和依据"
            yield found(row, zh, "the objective never names this purchase", {"name": row.name, "asset": thing})
