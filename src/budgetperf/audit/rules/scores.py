"""S01, S02, S05 to S07, S10: scores against points, results and execution."""

from collections import defaultdict
from decimal import Decimal

from budgetperf.audit.evaluated import execution_rate, no_reason, shown_points
from budgetperf.audit.registry import found, rule
from budgetperf.audit.subject import number

RESULT = [
    "indicators.actual_text", "indicators.target_value", "indicators.comparator", "indicators.score", "indicators.weight",
]  # fmt: skip
EXECUTION = ["projects.budget_wan_yuan", "projects.executed_wan_yuan", "projects.execution_rate"]


def _evidence(one) -> dict:
    return {"target": one.target, "actual": one.result.actual, "weight": str(one.points), "score": str(one.got)}


@rule("S01", "E", "得分超过分值", "得分不得超过分值", basis="自评得分以分值为限", inputs=["indicators.score", "indicators.weight"],
      title_en="score above weight", across=False)  # fmt: skip
def score_above_weight(tables, thresholds, words):
    """S01: indicators, and the execution rate of a project."""
    for one in tables.evaluated:
        if one.got is not None and one.points is not None and one.got > one.points:
            zh = f"得分 {number(one.got)} 分，超过分值 {number(one.points)} 分"
            en = f"score {number(one.got)}, weight {number(one.points)}"
            yield found(one.row, zh, en, {"score": str(one.got), "weight": str(one.points)})
    for project in tables.project_rows:
        score, weight = project.execution_score, project.execution_weight
        if isinstance(score, Decimal) and isinstance(weight, Decimal) and score > weight:
            zh = f"预算执行率得分 {number(score)} 分，超过分值 {number(weight)} 分"
            en = f"execution score {number(score)}, weight {number(weight)}"
            yield found(project, zh, en, {"score": str(score), "weight": str(weight)})


@rule("S02", "W", "得分与完成情况不符", "未达目标不应得满分，已达目标而扣分应说明",
      basis="得分应由指标值和实际完成值得出", inputs=RESULT, title_en="score does not follow from the result", across=False)  # fmt: skip
def score_follows(tables, thresholds, words):
    """S02."""
    for one in tables.evaluated:
        if one.outcome.verdict == "short" and one.full:
            zh = f"实际完成 {one.result.actual}，未达目标 {one.target}，得满分 {number(one.got)} 分"
            yield found(one.row, zh, f"full score although {one.result.actual} misses the target", _evidence(one))
        elif one.outcome.verdict in ("met", "exceeded") and one.lost and no_reason(one.row, words):
            zh = f"实际完成 {one.result.actual}，已达目标 {one.target}，得 {number(one.got)} 分（分值 {number(one.points)} 分），未说明扣分原因"
            en = f"{number(one.got)} of {number(one.points)} points although the target is met"
            yield found(one.row, zh, en, _evidence(one))


@rule("S05", "W", "执行率得分与执行率不符", "预算执行率得分应等于执行率乘以分值", basis="执行率得分＝执行率×分值（自评表栏目），容差 {points} 分",
      inputs=[*EXECUTION, "projects.execution_score", "projects.execution_weight"], title_en="execution score is not rate × points", across=False)  # fmt: skip
def execution_scored(tables, thresholds, words):
    """S05."""
    for project in tables.project_rows:
        rate, weight, score = execution_rate(project), project.execution_weight, project.execution_score
        if rate is None or not isinstance(weight, Decimal) or not isinstance(score, Decimal) or score > weight:
            continue
        right = min(rate, Decimal(100)) * weight / 100
        if abs(score - right) > Decimal(str(thresholds["points"])):
            zh = f"预算执行率 {rate:.2f}%，按分值 {number(weight)} 分应得 {right:.2f} 分，自评得 {number(score)} 分"
            en = f"execution of {rate:.2f} % is worth {right:.2f} of {number(weight)} points, scored {number(score)}"
            yield found(project, zh, en, {"rate": f"{rate:.2f}", "weight": str(weight), "score": str(score)})


@rule("S06", "W", "未完成部分少扣分", "未达目标的得分不应高于完成比例乘以分值", basis="得分＝实际完成值÷指标值×分值（本工具口径），容差 {points} 分",
      inputs=RESULT, title_en="score above result / target × points", across=False)  # fmt: skip
def score_in_proportion(tables, thresholds, words):
    """S06: what lost points, but fewer than the share that is missing; full marks are S02's."""
    for one in tables.evaluated:
        ratio = one.outcome.ratio
        if one.outcome.verdict != "short" or ratio is None or not one.lost:
            continue
        right = ratio * one.points
        if one.got - right > Decimal(str(thresholds["points"])):
            zh = f"目标 {one.target}，实际完成 {one.result.actual}，按完成比例应得 {shown_points(right)} 分，自评得 {number(one.got)} 分"
            en = f"{one.result.actual} of {one.target} is worth {shown_points(right)} points, scored {number(one.got)}"
            yield found(one.row, zh, en, _evidence(one))


@rule("S07", "W", "低执行高得分", "得分率不应远高于预算执行率",
      basis="本工具阈值：得分率高于预算执行率 {gap} 个百分点以上", inputs=[*EXECUTION, "indicators.score", "indicators.weight", "rows"],
      title_en="high score at low execution", across=False)  # fmt: skip
def low_execution_high_score(tables, thresholds, words):
    """S07."""
    scores = defaultdict(list)
    for one in tables.evaluated:
        scores[one.row.document_id, one.row.project_no].append((one.got, one.points))
    for project in tables.project_rows:
        rate, given = execution_rate(project), scores.get((project.document_id, project.project_no), [])
        if rate is None or not given or any(None in pair for pair in given):
            continue
        got, points = (sum((pair[place] for pair in given), Decimal(0)) for place in (0, 1))
        if points > 0 and 100 * got / points - rate > Decimal(str(thresholds["gap"])):
            share = 100 * got / points
            zh = f"预算执行率 {rate:.2f}%，各项指标得分率 {share:.2f}%，高出 {share - rate:.2f} 个百分点"
            en = f"indicators score {share:.2f} % at an execution of {rate:.2f} %"
            yield found(project, zh, en, {"rate": f"{rate:.2f}", "score_rate": f"{share:.2f}"})


@rule("S10", "W", "没有完成结果而得满分", "没有结果，或结果只是部分、基本完成的，不应得满分", basis="得分应有实际完成值支持（自评表栏目）",
      inputs=["indicators.actual_text", "indicators.score", "indicators.weight"], title_en="full score without a result", across=False)  # fmt: skip
def scored_without_result(tables, thresholds, words):
    """S10."""
    for one in tables.evaluated:
        if one.full and one.unmeasured:
            zh = f"实际完成值{'空白' if not one.result.actual else f'为“{one.result.actual}”'}，没有完成结果，得满分 {number(one.got)} 分"
            yield found(one.row, zh, f"no result, {number(one.got)} points of as many", _evidence(one))
        elif one.full and one.short and one.outcome.verdict == "unclear":
            zh = f"实际完成值为“{one.result.actual}”，没有全部完成，得满分 {number(one.got)} 分"
            yield found(one.row, zh, f"{one.result.actual}: not done in full, full score", _evidence(one))
