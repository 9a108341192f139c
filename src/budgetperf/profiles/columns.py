"""What every column of a profile holds, in Chinese and English; columns of the tables keep their own titles."""

from decimal import Decimal

import numpy as np
import pandas as pd

from budgetperf.field.words import chinese
from budgetperf.tables.store import marked  # the one rule by which a text is kept from running as a formula
from budgetperf.tables.words import titles

COLUMNS: dict[str, tuple[str, str]] = {
    "spending_kind": ("支出种类", "kind of spending as the project's name tells it"),
    "effective": (
        "量化程度",
        "有效量化: a number of something countable; 形式量化: a number without a base; 定性: words",
    ),
    "money_wan_yuan": ("所涉资金（万元）", "the project's budget by the share of points, 10,000 yuan"),
    "money_share": ("资金占比（%）", "share of all money in %"),
    "of": ("同类指标数", "indicators among which it is counted"),
    "targets": ("指标值", "targets as printed, each once"),
    "indicators_a_project": ("每个项目的指标数", "indicators divided by projects"),
    "effective_share": ("有效量化占比（%）", "indicators that are really quantified, in %"),
    "satisfaction": ("满意度目标均值（%）", "mean satisfaction target in %"),
    "lower": ("下四分位", "a quarter cost no more"),
    "upper": ("上四分位", "a quarter cost no less"),
    "result": ("完成情况", "met, exceeded, short or unclear"),
    "completion": ("完成比例（%）", "result over target in %"),
    "unclear_why": ("无从判断的原因", "what hinders a judgement"),
    "score_rate": ("得分率（%）", "score over points in %"),
    "grade": ("等级", "优 from 90, 良 from 80, 中 from 60, else 差"),
    "quadrant": ("象限", "execution and score, each high from 90 %"),
    "met": ("完成", "results that meet their target"),
    "exceeded": ("超额完成", "results better than their target"),
    "short": ("未完成", "results that miss their target"),
    "unclear": ("无从判断", "results that cannot be judged"),
    "quantified": ("定量/定性", "定量: the target is a number; 定性: it is not; 占位: the row only fills the form"),
    "projects": ("项目数", "number of projects"),
    "without_budget": ("无预算数的项目", "projects whose budget is not known"),
    "budget_wan_yuan": ("预算数（万元）", "exact sum of the known budgets, 10,000 yuan"),
    "share": ("占比（%）", "share of the group's total in %"),
    "cumulative_share": ("累计占比（%）", "share of this row and all above it in %"),
    "rank": ("位次", "1 = largest"),
    "items": ("个数", "items with a known budget"),
    "largest": ("最大者", "name of the largest item"),
    "top1_share": ("前 1 名占比（%）", "share of the largest"),
    "top3_share": ("前 3 名占比（%）", "share of the three largest"),
    "top5_share": ("前 5 名占比（%）", "share of the five largest"),
    "hhi": ("赫芬达尔指数", "Herfindahl-Hirschman index, 0-10,000"),
    "equivalent_items": ("等效个数", "10,000 / HHI"),
    "indicators": ("指标数", "number of indicators"),
    "indicator_share": ("指标占比（%）", "share of the group's indicators in %"),
    "weight": ("权重（分）", "points"),
    "weight_share": ("权重占比（%）", "share of the group's points in %"),
    "without_weight": ("无权重的指标", "indicators without a weight"),
    "placeholders": ("占位的行", "rows that only fill the form: 不适用, / and the like"),
    "quantified_indicators": ("定量指标数", "indicators whose target is a number"),
    "level1_count": ("一级指标种数", "different level 1 in use"),
    "level2_count": ("二级指标种数", "different level 2 in use"),
    "mean": ("平均", "arithmetic mean, two places"),
    "median": ("中位数", "median"),
    "least": ("最少", "minimum"),
    "most": ("最多", "maximum"),
    "few": ("指标过少的项目", "projects with fewer indicators than profiles.FEW"),
    "many": ("指标过多的项目", "projects with more indicators than profiles.MANY"),
    "points": ("分值", "points of the project at this level 1"),
    "basis": ("依据", "what the figure rests on"),
    "following": ("照此分配的项目", "projects whose split is exactly this"),
    "profile_points": ("通行分值", "points at this level 1 in the document's own rule"),
    "difference": ("差（分）", "points − profile_points"),
    "distance": ("偏离（分）", "points that would have to move to follow the document's rule"),
    "weight_total": ("应有总分", "what a project's weights sum to in this document"),
    "heaviest_name": ("最重指标", "name of the heaviest indicator"),
    "heaviest_weight": ("最重分值", "its points"),
    "heaviest_share": ("最重占比（%）", "its share of the project's points in %"),
    "is_heavy": ("独占", "HEAVY_POINTS or HEAVY_SHARE reached by one indicator"),
    "is_equal": ("平均分配", "EQUAL_FROM or more indicators, all of one weight"),
    "weight_sum": ("合计分值", "points of all indicators with this weight"),
    "covered": ("已设项目", "projects that have such an indicator"),
    "covered_wan_yuan": ("已设项目预算（万元）", "their budget"),
    "covered_budget_share": ("已设项目资金占比（%）", "their share of the money in %"),
    "table": ("表", "table"),
    "column": ("列", "column"),
    "title": ("内容", "the column's Chinese title"),
    "rows": ("应填", "cells that should be filled"),
    "filled": ("已填", "cells that are"),
    "missing": ("缺", "cells that are not"),
    "yardstick": ("标尺", "what is measured"),
    "value": ("本数据", "this dataset's figure"),
    "measure": ("单位", "its unit"),
    "reference": ("参照", "what others ask for"),
    "reading": ("读法", "one sentence"),
}


CLOSED = ("basis", "table", "documents")  # columns with words of their own list


def titled(frame: pd.DataFrame, lang: str = "zh") -> pd.DataFrame:
    """The frame with column titles for people, in Chinese (closed words too) or English.

    >>> list(titled(pd.DataFrame(columns=["project_name", "share", "own"])))
    ['项目名称', '占比（%）', 'own']
    >>> list(titled(pd.DataFrame(columns=["budget_wan_yuan", "weight_share"]), "en"))
    ['Budget (10,000 yuan)', 'Weight share (%)']
    """
    if lang == "en":
        return frame.rename(columns={name: _english(name) for name in frame})
    frame = frame.assign(**{name: frame[name].replace(chinese(name)) for name in CLOSED if name in frame})
    return frame.rename(columns=titles() | {name: zh for name, (zh, _) in COLUMNS.items()})


def _english(name: str) -> str:
    words = name.removesuffix("_wan_yuan").replace("_", " ").replace("level1", "level 1").replace("level2", "level 2")
    unit = " (10,000 yuan)" if name.endswith("_wan_yuan") else " (%)" if name.endswith("share") else ""
    return words[:1].upper() + words[1:] + unit


def frame_csv(frame: pd.DataFrame) -> bytes:
    """A frame as CSV for spreadsheets: Chinese titles, UTF-8 with BOM, plain digits, no text that runs as a formula.

    >>> frame_csv(pd.DataFrame({"project_name": ["=1+1"], "share": [Decimal("1.50")]})).decode("utf-8-sig").split()
    ['项目名称,占比（%）', "'=1+1,1.50"]
    """
    printed = titled(frame).map(_cell)
    return ("\ufeff" + printed.to_csv(index=False, lineterminator="\n")).encode()


def _cell(value) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, (bool, np.bool_)):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return format(value, "f")
    return marked(value) if isinstance(value, str) else str(value)
