"""W: the points of the indicators."""

from decimal import Decimal

import pandas as pd

from budgetperf.audit.registry import found, rule
from budgetperf.audit.subject import number

NOT_CHECKED_BELOW = 0.8  # share of rows with weights below which a document is taken to print none


def _weighted(tables) -> pd.DataFrame:
    """Indicators with `points` (Decimal or None), of documents that print weights."""
    rows = tables.indicators.assign(
        points=pd.Series(
            [value if isinstance(value, Decimal) and value.is_finite() else None for value in tables.indicators["weight"]],
            index=tables.indicators.index, dtype=object,
        )
    )  # fmt: skip
    printed = rows["points"].notna().groupby(rows["document_id"]).transform("mean")
    return rows[printed >= NOT_CHECKED_BELOW] if len(rows) else rows


@rule("W01", "I", "单项指标分值过重", "一条指标不宜占过多分值",
      basis="本工具阈值：一条指标 {points} 分以上，或占项目分值三分之一以上", inputs=["indicators.weight"],
      summary="document", title_en="one indicator weighs too much")  # fmt: skip
def heavy_indicators(tables, thresholds, words):
    """W01."""
    rows = _weighted(tables)
    of_project = [rows["document_id"], rows["project_no"]]
    total = rows["points"].map(lambda value: value or Decimal(0)).groupby(of_project).transform("sum")
    for row, whole in zip(rows.itertuples(), total, strict=True):
        points = row.points or Decimal(0)
        if points > 0 and (points >= thresholds["points"] or points > whole * Decimal(str(thresholds["share"]))):
            zh = f"占 {number(row.points)} 分，为本项目指标分值 {number(whole)} 分的 {100 * points / whole:.1f}%"
            en = f"{number(row.points)} of {number(whole)} points"
            yield found(row, zh, en, {"weight": str(row.points), "of": number(whole)})


@rule("W02", "I", "各指标分值完全相同", "分值应分轻重，不宜一律相同",
      basis="本工具阈值：{fewest} 条以上指标分值一律相同", inputs=["rows", "indicators.weight"], summary="document",
      title_en="all indicators weigh the same")  # fmt: skip
def equal_weights(tables, thresholds, words):
    """W02."""
    projects = {(row.document_id, row.project_no): row for row in tables.projects.itertuples()}
    for key, group in _weighted(tables).groupby(["document_id", "project_no"], sort=False):
        points = set(group["points"])
        if len(group) >= thresholds["fewest"] and len(points) == 1 and None not in points:
            value = number(points.pop())
            zh = f"{len(group)} 条指标一律 {value} 分，没有区分轻重"
            yield found(
                projects[key],
                zh,
                f"{len(group)} indicators of {value} points each",
                {"count": len(group), "weight": value},
            )


@rule("W03", "E", "分值无效", "分值应为大于 0 的数", basis="分值应为大于 0 的数", inputs=["indicators.weight"],
      title_en="the weight is no number above zero")  # fmt: skip
def invalid_weights(tables, thresholds, words):
    """W03."""
    for row in _weighted(tables).itertuples():
        if row.points is None:
            yield found(row, "没有分值，或分值不是数", "no weight, or no number", {"weight": None})
        elif row.points <= 0:
            zh = f"分值为 {number(row.points)}"
            yield found(row, zh, f"weight {number(row.points)}", {"weight": str(row.points)})
