"""T and L: the target against its name, unit and comparator; the level it asks for."""

import re
from collections import defaultdict

import pandas as pd

from budgetperf.audit.message import project_named
from budgetperf.audit.registry import found, rule
from budgetperf.audit.subject import COST_LEVELS2, any_of, ends_with
from budgetperf.audit.wording import measures, two_things
from budgetperf.field.measures import CONVERSIONS, base_unit

KNOWN_MEASURES = {*CONVERSIONS}
SUITABLE = "参考财预〔2015〕88号“适当性”审查"
OF_LEVEL = ["indicators.level2"]
NAME_UNIT = ["indicators.name", "indicators.measure_unit"]
NAME_TARGET = [*NAME_UNIT, "indicators.target_value", "indicators.comparator"]


@rule("T01", "W", "人或物以百分比计数", "数量指标中的人和物应以人、个、台等计数，不应以百分比", basis=f"数量指标应可计数（{SUITABLE}）",
      inputs=[*NAME_UNIT, *OF_LEVEL], title_en="people or things counted in %", across=False)  # fmt: skip
def counted_in_percent(tables, thresholds, words):
    """T01."""
    rows = tables.indicators
    rate = rows["text"].str.contains(any_of(words["rate_like"]))
    wrong = rows["percent"] & (rows["level2"] == "数量指标") & ~rate & rows["whole"] & rows["value"].notna()
    for row in tables.where(wrong & (rows["text"] != "")):
        if measures(row.text) and not re.search(ends_with(words["count_end"]), row.text):
            continue
        zh = f"数量指标以“{row.unit}”计，没有写明多少人、多少个"
        yield found(row, zh, "people or things counted in per cent", {"name": row.name, "unit": row.unit})


@rule("T02", "W", "时效指标的单位不是时间或比率", "时效指标应以时间或比率衡量", basis=f"时效指标衡量完成的时间或及时程度（{SUITABLE}）",
      inputs=[*NAME_UNIT, *OF_LEVEL], title_en="timeliness in neither time nor rate", across=False)  # fmt: skip
def timeliness_unit(tables, thresholds, words):
    """T02: 分 beside a duration is minutes; a frequency (次/月) has time in it."""
    rows = tables.indicators
    wrong = (rows["level2"] == "时效指标") & rows["kind"].isin(["people", "things", "measure", "money"])
    minutes = (rows["unit"] == "分") & rows["text"].str.contains("时|响应|到达|延迟")
    for row in tables.where(wrong & ~minutes & ~rows["unit"].str.contains("[/每]")):
        zh = f"列为时效指标，单位为“{row.unit}”，衡量的既不是时间也不是及时率"
        yield found(row, zh, f"a timeliness indicator in {row.unit}", {"name": row.name, "unit": row.unit})


def _spends(rows: pd.DataFrame, words) -> pd.Series:
    """Rows whose target is a sum of money spent, not earned, not a price or standard."""
    money = rows["amount"].notna()
    if not money.any():
        return money
    spends = rows["text"].str.contains(any_of(words["spending"])) & ~rows["text"].str.contains(any_of(words["income"]))
    return money & spends & ~rows["text"].str.contains(any_of(words["per_unit"]))


@rule("T03", "W", "将支出列为产出数量", "投入的资金不是产出的数量", basis=f"投入数量不能作为绩效目标（{SUITABLE}）",
      inputs=[*NAME_UNIT, *OF_LEVEL], title_en="spending listed as output", across=False)  # fmt: skip
def spending_as_output(tables, thresholds, words):
    """T03."""
    rows = tables.indicators
    for row in tables.where((rows["level2"] == "数量指标") & _spends(rows, words)):
        zh = f"将支出 {row.target_text}{row.unit} 列为数量指标，支出是投入，不是产出"
        yield found(
            row, zh, "spending is input, not output", {"name": row.name, "target": row.target_text, "unit": row.unit}
        )


@rule("T04", "W", "支出或成本用“≥”", "支出和成本用“≥”等于支出越多越好", basis=f"支出、成本指标应设上限（{SUITABLE}）",
      inputs=NAME_TARGET, title_en="the comparator rewards spending more", across=False)  # fmt: skip
def spending_with_at_least(tables, thresholds, words):
    """T04: savings may well have a lower bound."""
    rows = tables.indicators
    cost = rows["level2"].isin(COST_LEVELS2) & (rows["kind"] == "money")
    saves = rows["text"].str.contains(any_of(words["saving"])) | rows["text"].str.contains(any_of(words["income"]))
    wrong = rows["comparator"].isin(["≥", ">"]) & ((_spends(rows, words) & ~rows["benefit"]) | (cost & ~saves))
    for row in tables.where(wrong & rows["value"].notna()):
        if _standard_of_help(row):
            continue
        what = "成本" if row.level2 in COST_LEVELS2 else "支出"
        zh = f"{what}以“{row.comparator}”设定，支出越多越达标，应设上限"
        evidence = {"name": row.name, "comparator": row.comparator, "target": row.target_text, "unit": row.unit}
        yield found(row, zh, f"cost with {row.comparator}: the more is spent, the better", evidence)


def _standard_of_help(row) -> bool:
    """Whether an amount is what each of those helped or employed gets: more of it is better (低保标准, 最低工资)."""
    each = re.search(r"标准|[人户生月年]均|每[人名户生月]", row.text) or re.search(r"/[^/]*[人名户生月]", row.unit)
    return bool(each) and not re.search("成本|造价|费用|单价|采购|购置|工程", row.text)


# name's ending → what its unit must measure; a unit that measures something else is a fault
_MEASURED = {
    "面积": {"area", "mu"}, "里程": {"length"}, "长度": {"length"}, "宽度": {"length"}, "高度": {"length"}, "库容": {"volume"},
    "容积": {"volume"}, "重量": {"mass"}, "吨数": {"mass"},
}  # fmt: skip
# name's ending → kinds of unit that it cannot have
_COUNTS_PEOPLE = {"rate", "money", "measure", "time"}
_NOT_OF = [
    ("人数", _COUNTS_PEOPLE), ("户数", _COUNTS_PEOPLE), ("人次", _COUNTS_PEOPLE), ("次数", {"rate", "money", "measure"}),
    ("个数", _COUNTS_PEOPLE), ("数量", {"rate", "time"}), ("台数", _COUNTS_PEOPLE), ("套数", _COUNTS_PEOPLE),
    ("件数", _COUNTS_PEOPLE), ("场次", _COUNTS_PEOPLE), ("面积", {"rate", "money", "time", "people"}),
    ("里程", {"rate", "money", "time", "people"}), ("长度", {"rate", "money", "time", "people"}),
    ("天数", {"rate", "money", "people", "measure"}), ("时长", {"rate", "money", "people", "measure"}),
    ("总额", {"rate", "time", "people", "things", "measure"}), ("金额", {"rate", "time", "people", "things", "measure"}),
    ("满意度", {"people", "things", "money", "measure", "time"}), ("满意率", {"people", "things", "money", "measure", "time"}),
]  # fmt: skip
_PLACES = {"处", "块", "片"}  # 绿地面积 3 处 is loosely said, no contradiction of dimensions
_POINTS = {"分", "级", "等级", "星", "档"}
_THINGS_NOT_PEOPLE = {"台", "辆", "套", "次", "场", "件", "场次", "批"}


@rule("T05", "E", "指标值与名称矛盾", "指标值的单位应与名称相符；百分比不应超过 100",
      basis="单位应与名称相符，份额不超过 {most_percent}%（增长、超额完成等除外）", inputs=NAME_TARGET,
      title_en="the unit contradicts the name", across=False)  # fmt: skip
def unit_contradicts_name(tables, thresholds, words):
    """T05."""
    for row in tables.indicator_rows:
        text = row.text
        if row.unit and row.whole and text and not two_things(text, row.percent):
            reason = _contradiction(row, words)
            if reason:
                evidence = {"name": row.name, "target": row.target_text, "unit": row.unit}
                yield found(row, reason[0], reason[1], evidence)
                continue
        if row.percent and (row.value > 100 or (row.value == 100 and row.comparator == ">")):
            grows = re.search(any_of(words["may_exceed"]), text) or row.comparator in ("≤", "<")
            if not grows and not (re.search("完成率$", text) and re.search("税|任务|收入|产值|投资", text)):
                zh = f"{row.comparator}{row.target_text}{row.unit} 超过 100%，不可能达到"
                yield found(
                    row,
                    zh,
                    f"{row.comparator}{row.target_text} % is above 100 %",
                    {"name": row.name, "target": row.target_text},
                )


def _contradiction(row, words) -> tuple[str, str] | None:
    text, unit = row.text, row.unit
    if row.kind and "/" not in unit and unit not in _POINTS:
        ends_rate = text.endswith(tuple(words["rate_end"])) and not text.endswith(tuple(words["rate_in_units"]))
        if ends_rate and row.kind != "rate":
            return f"名称为比率，单位为“{unit}”", f"the name is a rate, the unit is {unit}"
        for ending, kinds in _NOT_OF:
            if text.endswith(ending) and (row.kind in kinds and not (row.kind == "rate" and not row.percent)):
                return f"名称为“{ending}”，单位为“{unit}”", f"the name counts ({ending}), the unit is {unit}"
        fitting = next((measured for ending, measured in _MEASURED.items() if text.endswith(ending)), None)
        own = base_unit(unit)[0]
        if (
            fitting
            and own not in fitting
            and (own in KNOWN_MEASURES or row.kind in ("things", "people"))
            and unit not in _PLACES
        ):
            return f"名称为“{text[-2:]}”，单位为“{unit}”", f"the name measures {text[-2:]}, the unit is {unit}"
        if text.endswith("人数") and unit in _THINGS_NOT_PEOPLE:
            return f"名称为“人数”，单位为“{unit}”", f"the name counts people, the unit is {unit}"
    return None


@rule("T06", "W", "将支出列为经济效益", "支出经费不是经济效益", basis=f"效益是支出带来的结果，不是支出本身（{SUITABLE}）",
      inputs=[*NAME_UNIT, *OF_LEVEL], title_en="spending listed as an economic benefit", across=False)  # fmt: skip
def spending_as_benefit(tables, thresholds, words):
    """T06."""
    rows = tables.indicators
    uses = rows["text"].str.contains(
        r"(?:资金|经费|预算|专款).{0,4}(?:支出|支付|执行|使用|完成|到位|拨付|下达)|执行率$|(?:支付|支出|拨付)(?:率|进度)$|完成经费|经费总额|资金总额"
    )
    earns = rows["text"].str.contains(any_of(words["income"]))
    wrong = (
        (rows["level2"] == "经济效益指标")
        & ((_spends(rows, words)) | (uses & rows["kind"].isin(["money", "rate"])))
        & ~earns
    )
    for row in tables.where(wrong):
        zh = "列为经济效益指标，衡量的是资金支出"
        yield found(
            row,
            zh,
            "an economic benefit that is spending",
            {"name": row.name, "target": row.target_text, "unit": row.unit},
        )


# ---- L: levels -------------------------------------------------------------------------------------------------------


def _satisfaction(tables):
    """(row, percentage) of satisfaction rows: a target in %, in points of a hundred, or as a share of one."""
    rows = tables.indicators
    asked = rows["satisfaction"] & rows["value"].notna() & (rows["percent"] | rows["unit"].isin(["", "分"]))
    for row in tables.where(asked):
        if not re.search("不满意|投诉", row.text) and row.comparator not in ("≤", "<"):
            yield row, row.value if row.unit or row.value > 1 else row.value * 100


@rule("L01", "W", "满意度目标偏低", "满意度目标不宜过低",
      basis="本工具阈值：低于 {warn_below}% 须复核，低于 {note_below}% 供参考", inputs=["indicators.target_value"],
      title_en="satisfaction target is low", across=False)  # fmt: skip
def low_satisfaction(tables, thresholds, words):
    """L01."""
    for row, percentage in _satisfaction(tables):
        if percentage < thresholds["note_below"]:
            severity = "W" if percentage < thresholds["warn_below"] else "I"
            limit = thresholds["warn_below"] if severity == "W" else thresholds["note_below"]
            zh = f"满意度目标 {percentage:g}%，低于 {limit:g}%"
            yield found(
                row,
                zh,
                f"satisfaction target {percentage:g} %, below {limit:g} %",
                {"target": row.target_text},
                severity=severity,
            )


@rule("L02", "I", "满意度目标为 100%", "满意度 100% 难以做到，也难以核实", basis="目标应切合实际（参考财预〔2015〕88号“可行性”审查）",
      inputs=["indicators.target_value"], title_en="satisfaction of 100 %", across=False)  # fmt: skip
def full_satisfaction(tables, thresholds, words):
    """L02."""
    for row, percentage in _satisfaction(tables):
        if percentage == 100:
            zh = "满意度目标定为 100%，一人不满意即不达标"
            yield found(row, zh, "satisfaction target of 100 %", {"target": row.target_text})


@rule("L03", "W", "百分比目标偏低", "数量指标之外的百分比目标不宜过低",
      basis="本工具阈值：低于 {below}%（增幅、降幅、占比、事故率等本来就低的除外）",
      inputs=["indicators.target_value", "indicators.measure_unit", *OF_LEVEL], title_en="percentage target is low", across=False)  # fmt: skip
def low_percentages(tables, thresholds, words):
    """L03."""
    rows = tables.indicators
    low = rows["percent"] & (rows["value"] < thresholds["below"]) & rows["comparator"].isin(["≥", ">", "=", ""])
    low &= ~rows["level2"].isin(["", "数量指标", *COST_LEVELS2]) & ~rows["satisfaction"] & (rows["text"] != "")
    natural = re.compile(any_of(words["naturally_low"]))
    passing = re.compile(f"(?:{any_of(words['pass_rates'])})(?:率|性|度)?(?:达到)?$")
    changing = re.compile("提高|提升|增加|上升|增长|带动|下降|降低|减少")
    for row in tables.where(low):
        if natural.search(row.text) or (row.value == 0 and row.comparator != "≥"):
            continue
        change = re.search(any_of(words["quantity"]), row.text) and changing.search(row.text)
        vague = (
            not measures(row.text)
            and not change
            and row.whole | bool(re.search(any_of(words["slogan"] + words["prose"]), row.text))
        )
        if not (passing.search(row.text) or vague):
            continue  # any other share may well be low: 覆盖面, 入住率, 机械化率
        zh = f"目标 {row.value:g}% 低于 {thresholds['below']}%，达到这样的目标不足以说明成效"
        yield found(row, zh, f"target {row.value:g} %, below {thresholds['below']} %", {"target": row.target_text})


@rule("L04", "I", "同名指标目标不一", "同一文件里同名指标的百分比目标不一，应说明理由",
      basis="本工具阈值：最高与最低相差 {least_spread} 个百分点以上", inputs=["indicators.target_value", "indicators.name"],
      title_en="the same indicator with different targets", across=False)  # fmt: skip
def differing_targets(tables, thresholds, words):
    """L04: once a document and name."""
    rows = tables.indicators
    counts = rows["text"].str.contains(ends_with(words["count_end"]))  # in % at all: T05
    named = defaultdict(list)
    for row in tables.where(rows["percent"] & rows["value"].notna() & (rows["text"] != "") & rows["whole"] & ~counts):
        named[row.document_id, row.text].append(row)
    for (document, name), group in named.items():
        least, most = min(row.value for row in group), max(row.value for row in group)
        if len({row.project_no for row in group}) < 2 or most - least < thresholds["least_spread"]:
            continue
        shown = "、".join(f"{project_named(row)} {row.value:g}%" for row in group)
        cells = [[row.project_no, row.indicator_no] for row in group]
        targets = sorted((row.project_name, row.target_text) for row in group)
        whole = pd.Series({"document_id": document})
        yield found(whole, f"{len(group)} 个项目都有“{name}”，目标不一：{shown}", f"{name}: targets from {least:g} % to {most:g} %",
                    {"name": name, "targets": targets, "cells": cells}, rests_on=[(document, *cell) for cell in cells])  # fmt: skip


@rule("L05", "I", "目标为≥100%", "≥100% 只能恰好达到，没有超额的余地，也没有容错的余地", basis="目标应切合实际（参考财预〔2015〕88号“可行性”审查）",
      inputs=NAME_TARGET, summary="project", title_en="a target of ≥ 100 %", across=False)  # fmt: skip
def at_least_all(tables, thresholds, words):
    """L05."""
    rows = tables.indicators
    all_of_it = rows["percent"] & (rows["value"] == 100) & (rows["comparator"] == "≥")
    for row in tables.where(all_of_it & ~rows["text"].str.contains(any_of(words["may_exceed"]))):
        yield found(
            row,
            "“≥100%”只能恰好达到，应写“=100%”或留有余地",
            "a target of ≥ 100 % can only be met exactly",
            {"target": row.target_text},
        )


@rule("T07", "W", "二级指标与名称含义不符", "满意度应列在满意度指标之下，完成时间应列在时效指标之下", basis="绩效指标分类体系（参考财预〔2021〕101号）",
      inputs=["indicators.name", *OF_LEVEL], title_en="level 2 contradicts the name", across=False)  # fmt: skip
def level_contradicts_name(tables, thresholds, words):
    """T07."""
    for row in tables.indicator_rows:
        asked = re.search("满意(?:度|率|程度)$", row.text)
        if asked and row.level2 and "满意" not in row.level2 and "满意" not in row.level1:
            zh = f"名称为满意度，列在“{row.level2}”之下"
            yield found(row, zh, f"satisfaction under {row.level2}", {"name": row.name, "level2": row.level2})
        elif row.level2 in ("数量指标", "质量指标") and re.search(
            "(?:完成|办结|完工|竣工|交付|发放)(?:时间|时限|日期)$", row.text
        ):
            zh = f"名称为完成时间，列在“{row.level2}”之下"
            yield found(row, zh, f"a time limit under {row.level2}", {"name": row.name, "level2": row.level2})
