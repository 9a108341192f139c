"""Doubts about points: weights and scores."""

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetperf.field.notation import plain
from budgetperf.mend.doubts.registry import Subjects, doubt

if TYPE_CHECKING:
    from budgetperf.mend.table import Table

_POINTS_BEHIND = re.compile(r"[（(](?:分值|权重)?[:：]?\d+(?:\.\d+)?\s*[分%％][）)]$")  # 硬化里程（60分）
FEW = 3  # rows too few to say anything of a column


@doubt("weights")
def no_weights(table: "Table") -> Subjects:
    """The heads print a column of weights in which no row has any: the sums prove nothing, borders neither."""
    if "weight" not in table.printed.heads or table.rows["weight"].notna().any():
        return []
    return [(None, f"表头印有“{table.printed.heads['weight']}”，各行都没有分值：项目的起止行无从核对")]


@doubt("weights")
def points_in_names(table: "Table") -> Subjects:
    """All indicators of a project print points behind their names, in a table of targets without a column of weights: they
    stay in the names, and nothing has added them up."""
    if {"weight", "score"} & set(table.printed.heads) or table.rows["weight"].notna().any():
        return []
    names = table.indicators.groupby("project_no")["name"].agg(list)
    whole = [int(n) for n, of in names.items() if len(of) > 1 and all(_POINTS_BEHIND.search(str(name)) for name in of)]
    return [(n, "各指标名称之后都印有分值，没有分值一栏：留在名称里，没有读作分值，也没有核对") for n in whole]


@doubt("values")
def score_above_weight(table: "Table") -> Subjects:
    """More points are scored than there are: one of the two may stand in another row, or have slipped."""
    places = [
        (table.indicators, "name", "score", "weight"),
        (table.projects, None, "execution_score", "execution_weight"),
    ]
    return [
        (n, f"“{name or '预算执行率'}”得分 {plain(score)}，分值只有 {plain(weight)}：其中一个可能读错或印错")
        for frame, *columns in places
        for n, name, score, weight in frame.reindex(columns=["project_no", *columns]).itertuples(index=False)
        if isinstance(score, Decimal) and isinstance(weight, Decimal) and score > weight > 0
    ]


@doubt("values")
def scored_without_actual(table: "Table") -> Subjects:
    """A row is scored without a result, as hardly another is."""
    rows = table.indicators.reindex(columns=["project_no", "name", "score", "actual_text"]).dropna(subset="score")
    blank = rows["actual_text"].isna()
    if not blank.any() or blank.sum() > FEW or (~blank).sum() < FEW * blank.sum():
        return []
    columns = rows.loc[blank, ["project_no", "name"]]
    return [(n, f"“{name}”有得分而没有完成值，别的各行都有") for n, name in columns.itertuples(index=False)]
