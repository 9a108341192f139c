"""S: self-evaluations: scores against weights, results and reasons; sums and rates."""

from decimal import Decimal

import numpy as np
import pandas as pd

from budgetperf.audit.registry import found, rule
from budgetperf.audit.subject import number, tight
from budgetperf.field.notation import parse_number, parse_target
from budgetperf.field.vocabulary import is_label

RESULT = [
    "indicators.actual_text",
    "indicators.target_value",
    "indicators.comparator",
    "indicators.score",
    "indicators.weight",
]


def _evaluated(tables) -> list:
    """Rows of indicators that carry a result or a score, with `actual` (float), `points` and `got` (Decimal or None)."""
    if not any(row.actual_text or row.score is not None for row in tables.indicator_rows):
        return []
    rows = tables.indicators
    rows = rows[(rows["actual_text"] != "") | rows["score"].notna()]
    as_decimal = lambda values: pd.Series(  # noqa: E731
        [v if isinstance(v, Decimal) and v.is_finite() else None for v in values], index=rows.index, dtype=object
    )
    actual = [_actual(*row) for row in zip(rows["actual_text"], rows["actual_value"], rows["unit"], strict=True)]
    evaluated = rows.assign(
        actual=pd.Series(actual, index=rows.index, dtype="float64"),
        points=as_decimal(rows["weight"]),
        got=as_decimal(rows["score"]),
    )
    return list(evaluated.astype(object).itertuples())


def _actual(text: str, value, unit: str) -> float:
    """The result as a number in the target's unit; NaN where it is none, or in another unit."""
    if isinstance(value, Decimal) and value.is_finite():
        return float(value)
    target = parse_target(text) if text else None
    if target is None or target.value is None or (target.unit and unit and tight(target.unit) != unit):
        return float("nan")
    return float(target.value)


def _met(row, tolerance: float) -> bool | None:
    """Whether the result meets the target; None where that cannot be said."""
    if row.actual != row.actual or row.value != row.value:
        return None
    slack = abs(row.value) * tolerance
    if row.comparator in ("≥", ">"):
        return row.actual >= row.value - slack
    if row.comparator in ("≤", "<"):
        return row.actual <= row.value + slack
    if row.comparator == "=":
        return abs(row.actual - row.value) <= slack
    return None


@rule("S01", "E", "得分超过分值", "得分不得超过分值", basis="自评得分以分值为限", inputs=["indicators.score", "indicators.weight"],
      title_en="score above weight")  # fmt: skip
def score_above_weight(tables, thresholds, words):
    """S01: indicators, and the execution rate of a project."""
    for row in _evaluated(tables):
        if row.got is not None and row.points is not None and row.got > row.points:
            zh = f"得分 {number(row.got)} 超过分值 {number(row.points)}"
            yield found(
                row,
                zh,
                f"score {number(row.got)}, weight {number(row.points)}",
                {"score": str(row.got), "weight": str(row.points)},
            )
    for project in tables.project_rows:
        score, weight = project.execution_score, project.execution_weight
        if isinstance(score, Decimal) and isinstance(weight, Decimal) and score > weight:
            zh = f"预算执行率得分 {number(score)} 超过分值 {number(weight)}"
            yield found(
                project,
                zh,
                f"execution score {number(score)}, weight {number(weight)}",
                {"score": str(score), "weight": str(weight)},
            )


@rule("S02", "W", "得分与完成情况不符", "未达目标不应得满分，已达目标而扣分应说明",
      basis="得分应由指标值和实际完成值得出，容差 {tolerance:.1%}", inputs=RESULT, title_en="score does not follow from the result")  # fmt: skip
def score_follows(tables, thresholds, words):
    """S02."""
    for row in _evaluated(tables):
        if row.got is None or row.points is None or row.points <= 0 or row.got > row.points:
            continue
        met = _met(row, thresholds["tolerance"])
        evidence = {"target": f"{row.comparator}{row.target_text}{row.unit}", "actual": row.actual_text,
                    "weight": str(row.points), "score": str(row.got)}  # fmt: skip
        if met is False and row.got == row.points:
            zh = f"实际完成 {row.actual_text}，未达目标 {evidence['target']}，却得满分 {number(row.got)} 分"
            yield found(row, zh, f"full score although {row.actual_text} misses the target", evidence)
        elif met and row.got < row.points and _no_reason(row, words):
            zh = f"实际完成 {row.actual_text}，已达目标 {evidence['target']}，却只得 {number(row.got)} 分（分值 {number(row.points)}），没有说明"
            yield found(
                row, zh, f"{number(row.got)} of {number(row.points)} points although the target is met", evidence
            )


def _no_reason(row, words) -> bool:
    note = tight(row.deviation_note) if row.deviation_note else ""
    return not note or note in words["no_reason"]


@rule("S03", "W", "未完成而未说明原因", "未达目标或扣了分的，应说明偏差原因和改进措施",
      basis="未完成的应说明偏差原因及改进措施（自评表栏目）", inputs=[*RESULT, "indicators.deviation_note"], summary="project",
      title_en="a shortfall without a reason")  # fmt: skip
def reasons_given(tables, thresholds, words):
    """S03."""
    for row in _evaluated(tables):
        if not _no_reason(row, words):
            continue
        missed = _met(row, 0.001) is False
        short = row.got is not None and row.points is not None and row.got < row.points
        if missed or (short and _met(row, 0.001) is None):
            lost = f"，扣 {number(row.points - row.got)} 分" if short else ""
            zh = f"目标 {row.comparator}{row.target_text}{row.unit}，实际完成 {row.actual_text or '未填'}{lost}，没有说明偏差原因"
            evidence = {"target": row.target_text, "actual": row.actual_text, "note": row.deviation_note}
            yield found(row, zh, f"{row.actual_text} against {row.target_text}, no reason given", evidence)


@rule("S04", "E", "自评合计或执行率算错", "总分应等于各项得分之和，执行率应等于执行数除以预算数",
      basis="表内勾稽：得分容差 {points} 分，执行率容差 {rate} 个百分点",
      inputs=["projects.budget_wan_yuan", "projects.executed_wan_yuan", "projects.execution_rate", "indicators.score", "rows"],
      title_en="total score or execution rate is wrong")  # fmt: skip
def sums_of_evaluation(tables, thresholds, words):
    """S04."""
    for project in tables.project_rows:
        executed, rate, budget = project.executed_wan_yuan, project.execution_rate, project.budget
        if not (isinstance(executed, Decimal) and isinstance(rate, Decimal) and budget):
            continue
        right = 100 * executed / budget
        if abs(right - rate) > Decimal(str(thresholds["rate"])):
            zh = f"执行数 {number(executed)} ÷ 预算数 {number(budget)} = {right:.2f}%，表中执行率为 {number(rate)}%"
            evidence = {"executed": str(executed), "budget": str(budget), "rate": str(rate), "right": f"{right:.2f}"}
            yield found(
                project,
                zh,
                f"{number(executed)} / {number(budget)} = {right:.2f} %, printed {number(rate)} %",
                evidence,
            )
    yield from _total_scores(tables, thresholds)


def _total_scores(tables, thresholds):
    """The printed total score of each project against the sum of its scores, found among the cells."""
    rows = tables.indicators
    scored = rows[rows["score"].notna()]
    if scored.empty:
        return
    projects = {(row.document_id, int(row.project_no)): row for row in tables.project_rows}
    sums = scored.groupby(["document_id", "project_no"])["score"].agg(lambda values: sum(values, Decimal(0)))
    complete = rows["score"].notna().groupby([rows["document_id"], rows["project_no"]]).all()
    for key, printed in _printed_totals(tables, set(scored["document_id"])).items():
        project = projects.get(key)
        if project is None or key not in sums.index or not complete[key]:
            continue
        execution = project.execution_score
        right = sums[key] + (execution if isinstance(execution, Decimal) else 0)
        if abs(right - printed) > Decimal(str(thresholds["points"])):
            zh = f"各项得分之和为 {number(right)}，总分印为 {number(printed)}"
            yield found(
                project,
                zh,
                f"scores sum to {number(right)}, printed {number(printed)}",
                {"sum": str(right), "printed": str(printed)},
            )


def _printed_totals(tables, documents: set) -> dict[tuple, Decimal]:
    """(document, project) → the total score printed on the row that a label (总分) names, last number of it."""
    cells = tables.cells[tables.cells["document_id"].isin(documents)]
    texts = cells["text"].astype(object).where(cells["text"].notna(), "")
    named = [len(t) < 30 and is_label(t, "score_total") for t in texts]
    labels = cells[np.array(named, dtype=bool)]
    totals = {}
    places = ["document_id", "page", "table", "row"]
    if labels.empty:
        return totals
    indicators = tables.indicators.sort_values(["document_id", "page", "row"], kind="stable")
    of_row = dict(iter(cells.merge(labels[places].drop_duplicates(), on=places).groupby(places)))
    for label in labels.itertuples():
        line = of_row[tuple(getattr(label, place) for place in places)].sort_values("col")
        numbers = [
            n for n in (parse_number(t) for t in line["text"].astype(object) if isinstance(t, str)) if n is not None
        ]
        above = indicators[(indicators["document_id"] == label.document_id)]
        above = above[(above["page"] < label.page) | ((above["page"] == label.page) & (above["row"] < label.row))]
        # one number alone is as likely the sum of the weights
        if len(numbers) >= 2 and len(above):
            totals[label.document_id, int(above["project_no"].iat[-1])] = numbers[-1]
    return totals
