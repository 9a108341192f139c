"""S04, S11: totals, rates and grades of self-evaluations."""

from decimal import Decimal

from budgetperf.audit.evaluated import printed_totals
from budgetperf.audit.registry import found, rule
from budgetperf.audit.subject import number

BANDS = [("优", 90), ("良", 80), ("中", 60), ("差", 0)]


@rule("S04", "E", "自评合计或执行率算错", "总分应等于各项得分之和，执行率应等于执行数除以预算数",
      basis="表内勾稽：得分容差 {points} 分，执行率容差 {rate} 个百分点",
      inputs=["projects.budget_wan_yuan", "projects.executed_wan_yuan", "projects.execution_rate", "indicators.score", "rows"],
      title_en="total score or execution rate is wrong", across=False)  # fmt: skip
def sums_of_evaluation(tables, thresholds, words):
    """S04."""
    for project in tables.project_rows:
        executed, rate, budget = project.executed_wan_yuan, project.execution_rate, project.budget
        if not (isinstance(executed, Decimal) and isinstance(rate, Decimal) and budget):
            continue
        right = 100 * executed / budget
        if abs(right - rate) > Decimal(str(thresholds["rate"])):
            zh = f"执行数 {number(executed)} ÷ 预算数 {number(budget)} = {right:.2f}%，表中执行率为 {number(rate)}%"
            en = f"{number(executed)} / {number(budget)} = {right:.2f} %, printed {number(rate)} %"
            evidence = {"executed": str(executed), "budget": str(budget), "rate": str(rate), "right": f"{right:.2f}"}
            yield found(project, zh, en, evidence)
    for project, total, _, scores in _totals(tables):
        if scores is not None and abs(scores - total.score) > Decimal(str(thresholds["points"])):
            zh = f"各项得分之和为 {number(scores)} 分，表中总分为 {number(total.score)} 分"
            en = f"scores sum to {number(scores)}, printed {number(total.score)}"
            yield found(project, zh, en, {"sum": str(scores), "printed": str(total.score)})


@rule("S11", "E", "总分或等级有误", "总分不应超过满分，各项分值之和应等于印刷的满分，等级应与总分相符",
      basis="表内勾稽：满分、总分、等级（优 90、良 80、中 60）", inputs=["indicators.score", "indicators.weight", "rows"],
      title_en="total points, total score or grade is wrong", across=False)  # fmt: skip
def totals_and_grades(tables, thresholds, words):
    """S11."""
    for project, total, points, _ in _totals(tables):
        full = total.points if total.points is not None else Decimal(100)
        if total.score > full:
            zh = f"总分 {number(total.score)} 分，超过满分 {number(full)} 分"
            yield found(
                project, zh, f"total score {number(total.score)} of {number(full)}", {"total": str(total.score)}
            )
        if points is not None and abs(points - full) > Decimal("0.05"):
            zh = f"各项分值与预算执行率分值之和为 {number(points)} 分，表中满分为 {number(full)} 分"
            yield found(project, zh, f"points sum to {number(points)}, printed {number(full)}", {"points": str(points)})
        band = next(name for name, least in BANDS if 100 * total.score / full >= least) if full > 0 else ""
        if total.grade and band and total.grade != band:
            zh = f"总分 {number(total.score)} 分属“{band}”，表中等级为“{total.grade}”"
            yield found(project, zh, f"{number(total.score)} is {band}, printed {total.grade}", {"grade": total.grade})


def _totals(tables):
    """(project, printed Total, Σ points, Σ scores) of projects whose total is printed; sums None where a row has none."""
    if not tables.evaluated:
        return
    documents = {one.row.document_id for one in tables.evaluated}
    rows: dict[tuple, list] = {}
    for row in tables.indicator_rows:
        rows.setdefault((row.document_id, row.project_no), []).append(row)
    projects = {(row.document_id, int(row.project_no)): row for row in tables.project_rows}
    for key, total in printed_totals(tables, documents).items():
        project, own = projects.get(key), rows.get(key, [])
        if project is None or not own:
            continue
        sums = []
        for column, more in (("weight", project.execution_weight), ("score", project.execution_score)):
            values = [getattr(row, column) for row in own]
            known = all(isinstance(value, Decimal) for value in values)
            sums.append(sum(values, Decimal(0)) + (more if isinstance(more, Decimal) else 0) if known else None)
        yield project, total, *sums
