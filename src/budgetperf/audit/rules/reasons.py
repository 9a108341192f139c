"""S03, S08, S09: what deviates and says no word of why."""

import re
from collections import defaultdict
from decimal import Decimal

from budgetperf.audit.evaluated import execution_rate, no_reason
from budgetperf.audit.registry import found, rule
from budgetperf.audit.rules.scores import EXECUTION, RESULT
from budgetperf.audit.subject import number

_ABOUT_MONEY = re.compile(
    "资金|预算|执行|支付|支出|结转|结余|节约|调减|追加|压减|压缩|收回|核减|财政|拨付|下达|付款|尾款|决算|结算"
)


@rule("S03", "W", "未完成而未说明原因", "未达目标或扣了分的，应说明偏差原因和改进措施",
      basis="未完成的应说明偏差原因及改进措施（自评表栏目）", inputs=[*RESULT, "indicators.deviation_note"], summary="project",
      title_en="a shortfall without a reason", across=False)  # fmt: skip
def reasons_given(tables, thresholds, words):
    """S03."""
    for one in tables.evaluated:
        if not no_reason(one.row, words):
            continue
        missed, unclear = one.outcome.verdict == "short", one.outcome.verdict == "unclear"
        if missed or (one.lost and unclear):
            lost = f"，扣 {number(one.points - one.got)} 分" if one.lost else ""
            zh = f"目标 {one.target}，实际完成 {one.result.actual or '未填'}{lost}，未说明偏差原因"
            evidence = {"target": one.row.target_text, "actual": one.result.actual, "note": one.row.deviation_note}
            yield found(one.row, zh, f"{one.result.actual} against {one.target}, no reason given", evidence)


@rule("S08", "W", "大幅超额完成而未说明", "超额过多的，目标可能定得过低，应说明", basis="本工具阈值：超过目标 {percent}% 以上",
      inputs=[*RESULT, "indicators.deviation_note"], summary="project", title_en="far exceeded without a word", across=False)  # fmt: skip
def exceeded_without_reason(tables, thresholds, words):
    """S08: where more is better; costs and limits that were kept well below say nothing of the target."""
    limit = 1 + Decimal(str(thresholds["percent"])) / 100
    for one in tables.evaluated:
        ratio = one.outcome.ratio
        if one.outcome.verdict == "exceeded" and one.at_least and ratio and ratio > limit and no_reason(one.row, words):
            zh = f"目标 {one.target}，实际完成 {one.result.actual}，为目标的 {ratio:.2f} 倍，未说明原因，目标可能定得过低"
            evidence = {"target": one.target, "actual": one.result.actual, "ratio": f"{ratio:.2f}"}
            yield found(
                one.row, zh, f"{one.result.actual} is {ratio:.2f} times {one.target}, no reason given", evidence
            )


@rule("S09", "I", "执行率低或预算调整而未说明", "预算执行率低或预算有调整的，应说明原因", basis="本工具阈值：执行率低于 {rate}%，或年初预算与全年预算相差 {moved}% 以上",
      inputs=[*EXECUTION, "indicators.deviation_note"], title_en="low execution or an adjusted budget without a reason", across=False)  # fmt: skip
def execution_explained(tables, thresholds, words):
    """S09: a reason may stand in any note of the project, or in what it says of its results."""
    told = defaultdict(str)
    for row in tables.indicator_rows:
        told[row.document_id, row.project_no] += row.deviation_note
    for project in tables.project_rows:
        said = told[project.document_id, project.project_no] + project.achievement + project.execution_note
        rate = execution_rate(project)
        if rate is None or _ABOUT_MONEY.search(said):
            continue
        if rate < thresholds["rate"]:
            zh = f"预算执行率 {rate:.2f}%，低于 {thresholds['rate']}%，表内未说明原因"
            yield found(project, zh, f"execution of {rate:.2f} %, no reason given", {"rate": f"{rate:.2f}"})
            continue
        initial = project.budget_initial_wan_yuan
        if (
            initial
            and project.budget
            and abs(project.budget - initial) > initial * Decimal(str(thresholds["moved"])) / 100
        ):
            zh = f"年初预算 {number(initial)} 万元，全年预算 {number(project.budget)} 万元，表内未说明调整原因"
            en = f"budget of {number(initial)} at the year's start, {number(project.budget)} later, no reason given"
            yield found(project, zh, en, {"initial": str(initial), "budget": str(project.budget)})
