"""Chinese titles and words for the frames of a comparison, for people."""

import pandas as pd

from budgetperf.audit.load import all_rules
from budgetperf.profiles.columns import titles_of_tables
from budgetperf.years.evaluation import NEXT_WORDS, RESULT_WORDS
from budgetperf.years.frames import STATUS_WORDS, STEP_WORDS
from budgetperf.years.targets import OUTCOME_WORDS

METHOD_WORDS = {
    "code": "编码",
    "name": "名称",
    "fuzzy": "近似",
    "content": "内容",
    "part": "拆分合并",
    "mapping": "人工",
    "none": "",
    "exact": "相同",
    "prefix": "截断",
    "taxonomy": "换了层级",
}
TITLES: dict[str, tuple[str, str]] = {
    "year": ("年度", "fiscal year"),
    "year_from": ("上年", "earlier year of the step"),
    "year_to": ("本年", "later year of the step"),
    "group": ("组", "projects that belong together, numbered within a step"),
    "unit": ("单位", "budget unit, in the later year where it stands there"),
    "status": (
        "状态",
        "continued, split, merged, regrouped, new, ended, unit_new, unit_gone; of indicators kept, changed, added, dropped",
    ),
    "project_status": ("项目状态", "status of the indicator's project"),
    "project": ("项目", "project's name"),
    "project_from": ("上年项目", "names of the earlier year"),
    "project_to": ("本年项目", "names of the later year"),
    "projects": ("项目数", "number of projects (of start and end), of groups (of the steps between)"),
    "projects_from": ("上年项目数", "projects of the earlier year in the group"),
    "projects_to": ("本年项目数", "projects of the later year in the group"),
    "amount": ("预算数（万元）", "10,000 yuan, exact; of a bridge's step signed"),
    "amount_from": ("上年预算数（万元）", "10,000 yuan, exact"),
    "amount_to": ("本年预算数（万元）", "10,000 yuan, exact"),
    "change": ("增减（万元）", "amount_to − amount_from, an empty side counting as nothing"),
    "change_percent": ("增减（%）", "change in % of amount_from; empty where there is no base"),
    "change_text": ("变动", "change in words: %, 新增, 终止, 无上年数, 预算数不明"),
    "contribution": ("对增长的贡献（%）", "change in % of the earlier year's total"),
    "unknown_budgets": ("预算数不明", "projects of the group whose budget is not known"),
    "step": (
        "步骤",
        "start, unit_gone, ended, decreased, split, merged, regrouped, unknown, increased, new, unit_new, end",
    ),
    "total_before": ("之前合计", "running total before the step"),
    "total_after": ("之后合计", "running total after the step"),
    "method": (
        "依据",
        "code, name, fuzzy, content, part, mapping; of indicators exact, prefix, fuzzy, taxonomy, mapping",
    ),
    "score": ("得分", "likeness 0 to 1"),
    "runner_up": ("次优得分", "score of the next best candidate of either side"),
    "runner_up_project": ("次优项目", "name of that candidate"),
    "doubtful": ("拿不准", "for a person to decide: budgetperf match --review"),
    "doubtful_groups": ("拿不准的组", "groups of the step whose match is doubtful"),
    "changes": ("改动", "what changed: 名称, 层级, 目标, 写法, 分值"),
    "indicator": ("指标", "indicator's name"),
    "indicator_from": ("上年指标", "name as printed"),
    "indicator_to": ("本年指标", "name as printed"),
    "level1_from": ("上年一级", "level 1"),
    "level1_to": ("本年一级", "level 1"),
    "level2_from": ("上年二级", "level 2"),
    "level2_to": ("本年二级", "level 2"),
    "comparator_from": ("上年性质", "comparator"),
    "comparator_to": ("本年性质", "comparator"),
    "target_text_from": ("上年指标值", "target as printed"),
    "target_text_to": ("本年指标值", "target as printed"),
    "measure_unit_from": ("上年度量单位", "unit of measure"),
    "measure_unit_to": ("本年度量单位", "unit of measure"),
    "weight_from": ("上年分值", "points"),
    "weight_to": ("本年分值", "points"),
    "weight_change": ("分值增减", "points"),
    "outcome": ("目标", "unchanged, harder, easier, different, unknown: by what the target lets pass"),
    "remark": ("说明", "comparator or unit that changed"),
    "level": ("层级", "level1 or level2"),
    "name": ("指标类别", "name of the level"),
    "indicators_from": ("上年指标数", "number"),
    "indicators_to": ("本年指标数", "number"),
    "points_from": ("上年分（每 100）", "share of all weights × 100"),
    "points_to": ("本年分（每 100）", "share of all weights × 100"),
    "shift": ("变化（分）", "points_to − points_from"),
    "likeness": ("文字相似度", "0 to 1"),
    "changed": ("有改动", "whether the objective differs"),
    "difference": ("文字改动", "[-gone-]{+came+}"),
    "state": ("发现", "appeared, worsened (graver now), persists, mended"),
    "message_from": ("上年发现", "finding's message"),
    "message_to": ("本年发现", "finding's message"),
    "count": ("条数", "findings of this rule"),
    "line": ("序号", "a work followed over all years"),
    "matched": ("对应", "indicators in both years"),
    "kept": ("保留", ""),
    "added": ("新设", ""),
    "dropped": ("取消", ""),
    "unchanged": ("未变", "targets"),
    "harder": ("更难", "targets"),
    "easier": ("更易", "targets"),
    "different": ("不可比较的改动", "targets"),
    "unknown": ("无从判断", "targets"),
    "unchanged_share": ("目标未变（%）", "of matched"),
    "continued": ("延续", "groups"),
    "ended": ("终止", "groups"),
    "new": ("新增", "groups"),
    "split": ("拆分", "groups"),
    "merged": ("合并", "groups"),
    "amount_executed": ("执行数（万元）", "executed"),
    "points_executed": ("执行率（%）", "as printed"),
    "points_score": ("得分", "points"),
    "points_total": ("总分", "indicators and execution"),
    "points_possible": ("满分", "points of all indicators and of execution"),
    "points_rate": ("得分率（%）", "points_total in % of points_possible"),
    "points_weight": ("分值", "points"),
    "plan_project": ("批复的项目", "of the same year"),
    "amount_plan": ("批复数（万元）", "of the same year"),
    "next_year": ("下一年", ""),
    "next_project": ("下一年项目", ""),
    "amount_next": ("下一年预算数（万元）", ""),
    "plan_target": ("批复的目标", ""),
    "plan_outcome": ("自评目标比批复", "outcome of the self-evaluation's target against it"),
    "next_indicator": ("下一年指标", ""),
    "next_target": ("下一年目标", ""),
    "next_against_actual": (
        "下一年目标与本年实际",
        "met: this year's actual meets it already; short: it asks for more",
    ),
    "actual_text": ("实际完成值", "as printed"),
    "result": ("完成情况", "met, short, unclear"),
    "met": ("完成", ""),
    "short": ("未完成", ""),
    "unclear": ("无从判断", ""),
    "rate": ("执行率（%）", ""),
    "synthetic": ("合成数据", "the row rests on an invented document's year"),
    "next_already_met": ("下一年目标本年已达到", ""),
    "next_above": ("下一年目标高于本年实际", ""),
}
_SHORT = {"unit": "单位", "code": "项目编码", "budget": "预算数（万元）"}
_VALUES = {
    "status": STATUS_WORDS,
    "project_status": STATUS_WORDS,
    "state": STATUS_WORDS,
    "step": STEP_WORDS,
    "outcome": OUTCOME_WORDS,
    "plan_outcome": OUTCOME_WORDS,
    "result": RESULT_WORDS,
    "next_against_actual": NEXT_WORDS,
    "level": {"level1": "一级", "level2": "二级"},
}


def in_words(frame: pd.DataFrame, columns: list[str] | None = None) -> pd.DataFrame:
    """A frame of a comparison with Chinese titles and words, for people; `columns`: those to show, in this order.

    A last column 合成数据 stands wherever invented documents are among those compared.

    >>> in_words(pd.DataFrame({"status": ["split"], "amount_to": [3]})).values.tolist()
    [['拆分', 3]]
    """
    marked = "synthetic" in frame and bool(frame["synthetic"].any())
    chosen = [name for name in columns or frame.columns if name != "synthetic"] + (["synthetic"] if marked else [])
    shown = frame[chosen]
    shown = shown.assign(**{name: shown[name].replace(words) for name, words in _VALUES.items() if name in shown})
    if "rule" in shown:
        titles = {one.id: one.title for one in all_rules()}
        shown = shown.assign(rule=[f"{rule} {titles[rule]}" if rule in titles else rule for rule in shown["rule"]])
    if "method" in shown:
        parts = (
            shown["method"]
            .fillna("")
            .map(lambda text: "、".join(METHOD_WORDS.get(part, part) for part in text.split("、")))
        )
        shown = shown.assign(method=parts)
    return shown.rename(columns={name: _title(name) for name in shown})


def _title(name: str) -> str:
    """The column's title; one of a build's tables with the year in front: budget_from → 上年预算数（万元）."""
    if name in TITLES:
        return TITLES[name][0]
    column, _, side = name.rpartition("_")
    year = {"from": "上年", "to": "本年"}.get(side)
    of_tables = titles_of_tables() | _SHORT
    return year + of_tables[column] if year and column in of_tables else name
