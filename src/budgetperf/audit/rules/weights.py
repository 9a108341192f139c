"""W: the points of the indicators."""

from collections import Counter, defaultdict
from decimal import Decimal

from budgetperf.audit.registry import found, rule
from budgetperf.audit.subject import number

NOT_CHECKED_BELOW = 0.8  # share of rows with weights below which a document is taken to print none


def _weighted(tables) -> list[tuple]:
    """(row, points: Decimal or None) of the indicators of documents that print weights."""
    weighted = [
        (row, row.weight if isinstance(row.weight, Decimal) and row.weight.is_finite() else None)
        for row in tables.indicator_rows
    ]
    rows = Counter(row.document_id for row, _ in weighted)
    printed = Counter(row.document_id for row, points in weighted if points is not None)
    shown = {document for document, count in rows.items() if printed[document] / count >= NOT_CHECKED_BELOW}
    return [(row, points) for row, points in weighted if row.document_id in shown]


def _by_project(weighted: list[tuple]) -> dict[tuple, list[Decimal | None]]:
    """(document, project) → the points of its indicators."""
    points_of = defaultdict(list)
    for row, points in weighted:
        points_of[row.document_id, row.project_no].append(points)
    return points_of


@rule("W01", "I", "单项指标分值过重", "一条指标不宜占过多分值",
      basis="本工具阈值：一条指标 {points} 分以上，或占项目分值三分之一以上", inputs=["indicators.weight"],
      summary="document", title_en="one indicator weighs too much", across=False)  # fmt: skip
def heavy_indicators(tables, thresholds, words):
    """W01."""
    weighted = _weighted(tables)
    total = {key: sum(filter(None, points), Decimal(0)) for key, points in _by_project(weighted).items()}
    for row, printed in weighted:
        points, whole = printed or Decimal(0), total[row.document_id, row.project_no]
        if points > 0 and (points >= thresholds["points"] or points > whole * Decimal(str(thresholds["share"]))):
            zh = f"占 {number(points)} 分，为本项目指标分值 {number(whole)} 分的 {100 * points / whole:.1f}%"
            en = f"{number(points)} of {number(whole)} points"
            yield found(row, zh, en, {"weight": str(points), "of": number(whole)})


@rule("W02", "I", "各指标分值完全相同", "分值应分轻重，不宜一律相同",
      basis="本工具阈值：{fewest} 条以上指标分值一律相同", inputs=["rows", "indicators.weight"], summary="document",
      title_en="all indicators weigh the same", across=False)  # fmt: skip
def equal_weights(tables, thresholds, words):
    """W02."""
    projects = {(row.document_id, row.project_no): row for row in tables.project_rows}
    for key, of_project in _by_project(_weighted(tables)).items():
        count, points = len(of_project), set(of_project)
        if count >= thresholds["fewest"] and len(points) == 1 and None not in points:
            value = number(points.pop())
            zh = f"{count} 条指标一律 {value} 分，没有区分轻重"
            en = f"{count} indicators of {value} points each"
            yield found(projects[key], zh, en, {"count": count, "weight": value})


@rule("W03", "E", "分值无效", "分值应为大于 0 的数", basis="分值应为大于 0 的数", inputs=["indicators.weight"],
      title_en="the weight is no number above zero", across=False)  # fmt: skip
def invalid_weights(tables, thresholds, words):
    """W03."""
    for row, points in _weighted(tables):
        if points is None:
            yield found(row, "没有分值，或分值不是数", "no weight, or no number", {"weight": None})
        elif points <= 0:
            zh = f"分值为 {number(points)}"
            yield found(row, zh, f"weight {number(points)}", {"weight": str(points)})
