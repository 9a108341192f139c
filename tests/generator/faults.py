"""Known faults planted in clean documents: what the audit must find, and what it must not find in the clean twin.

`clean_dataset(seed)` is a Dataset as a build gives it, with nothing to find but what every document of the family has.
`FAULTS` lists for every rule functions that plant one fault: (frames, random) → the project in which it stands, or None
for the whole document. frames: {"documents": DataFrame, …}, changed in place.
"""

import random
import re
from collections import defaultdict
from decimal import Decimal
from functools import cache

import pandas as pd

from budgetperf.clean import check_codes, checks
from budgetperf.mend import reconciliation
from budgetperf.tables.dataset import Dataset, typed

from .truth import make_truth

FAULTS: dict[str, list] = defaultdict(list)
SHARES = {"产出指标": 50, "效益指标": 30, "满意度指标": 10}
EMPTY = Dataset.empty().tables()
SELF_EVALUATION = "self_evaluation"


def _plants(rule: str):
    def mark(plant):
        FAULTS[rule].append(plant)
        return plant

    return mark


# ---- a clean document --------------------------------------------------------------------------------------------------


@cache
def clean_dataset(seed: int, layout: str = "approval", projects: int = 8) -> Dataset:
    """A document of `projects` projects, as read without doubt; the same for the same seed."""
    options = {"projects": projects, "long_names": 0, "near_duplicates": 0, "min_indicators": 11, "max_indicators": 11}
    truth = make_truth(
        seed, layout="selfeval" if layout == SELF_EVALUATION else "approval", fiscal_year=2024, **options
    )
    return dataset_of(truth, layout)


def dataset_of(truth: dict, layout: str = "approval") -> Dataset:
    """The Dataset of a truth, its few oddities put right (budgets against prose, low satisfaction)."""
    frames = {
        "documents": [_document(truth, layout)],
        "projects": [_project(number, p) for number, p in enumerate(truth["projects"], 1)],
        "indicators": [],
    }
    numbers = {p["project_code"] or p["project_name"]: n for n, p in enumerate(truth["projects"], 1)}
    counted: dict[int, int] = defaultdict(int)
    for row in truth["indicators"]:
        project = numbers[row["project_code"] or row["project_name"]]
        counted[project] += 1
        frames["indicators"].append(_indicator(project, counted[project], row))
    return sealed({name: pd.DataFrame(rows) for name, rows in frames.items()})


def _document(truth: dict, layout: str) -> dict:
    document = truth["document"]
    return {
        "document_id": "d1", "source": "a.txt", "sha256": "0" * 64, "format": "text", "layout": layout, "status": "open",
        "title": document["title"], "fiscal_year": document["fiscal_year"], "amount_unit": "万元", "pages": 1,
        "weight_total": Decimal(90),
    }  # fmt: skip


def _project(number: int, p: dict) -> dict:
    said = [s for s in p["objective"].split("。") if s and "元" not in s and "20" not in s]
    sentences = [re.sub(r"\d+(?:\.\d+)?", "若干", s) + "。" for s in said]  # other numbers than the indicators'
    budget = Decimal(p["budget"]) + 5000  # more than all unit prices come to
    executed = budget if p.get("executed") else None
    return {
        "document_id": "d1", "project_no": number, "fiscal_year": 2024, "unit_code": "318001", "unit_name": p["unit_name"] or "云泽县甲局",
        "project_code": p["project_code"] or None, "project_name": p["project_name"], "category_code": "3",
        "category_name": "特定目标类", "budget_wan_yuan": budget,
        "objective": "".join(sentences) or f"保障{p['project_name']}按期完成。", "page": 1 + number // 3,
        "execution_weight": Decimal(10) if executed else None, "executed_wan_yuan": executed,
        "execution_rate": Decimal(100) if executed else None,
        "execution_score": Decimal(10) if executed else None,
    }  # fmt: skip


def _indicator(project: int, number: int, row: dict) -> dict:
    target, unit = row["target"], row["measure_unit"]
    value = Decimal(target) if target.replace(".", "", 1).isdigit() else None
    if row["level2"] == "时效指标" and unit == "次":  # a fault of the stock itself
        row = row | {"name_full": "供餐及时率", "comparator": "≥"}
        target, unit, value = "98", "%", Decimal(98)
    if value is None and row["level1"] == "效益指标":
        target = row["target"] = "优（90分以上）、良（80分以上）"
    if "满意" in row["name"]:
        value = max(value, Decimal(90))
        target = f"{value:f}"
    one = {
        "document_id": "d1", "project_no": project, "indicator_no": number, "level1": row["level1"], "level2": row["level2"],
        "level1_printed": row["level1"], "level2_printed": row["level2"], "name": row["name_full"], "is_cut": False,
        "comparator": row["comparator"], "target_text": target, "target_value": value, "measure_unit": unit or None,
        "weight": Decimal(row["weight"]) if row["weight"] else None, "weight_basis": "printed", "page": 1 + project // 3, "row": number,
    }  # fmt: skip
    if "actual" in row:
        shortfall = bool(row["deviation_note"])
        actual = row["actual"] if shortfall else target + unit
        number_of = actual.removesuffix(unit)
        one |= {
            "actual_text": actual, "actual_value": Decimal(number_of) if number_of.replace(".", "", 1).isdigit() else None,
            "score": Decimal(0) if shortfall else Decimal(row["score"]), "deviation_note": row["deviation_note"] or None,
        }  # fmt: skip
    return one


def sealed(frames: dict[str, pd.DataFrame]) -> Dataset:
    """The Dataset of changed frames, its reconciliation checks made anew as a build makes them."""
    projects, indicators = frames["projects"], frames["indicators"]
    of_project = lambda frame: frame.assign(execution_points=None)  # noqa: E731
    total = frames.get("printed_total")
    weights = indicators["weight"].map(lambda v: v if isinstance(v, Decimal) else None)
    rows = indicators.assign(weight=pd.Series(list(weights), index=indicators.index, dtype=object))
    documents = frames["documents"]
    checked = pd.concat(
        [
            checks.check_total(projects, total),
            checks.check_weights(of_project(projects), rows, Decimal(90)),
            checks.check_shares(projects, rows, frames.get("shares")),
            check_codes(projects, 2024),
            reconciliation.check_required(
                projects, rows, {"project", "budget", "objective", "comparator", "level1", "level2"}
            ),
        ],
        ignore_index=True,
    )
    made = {
        "documents": documents,
        "projects": projects,
        "indicators": indicators,
        "checks": checked.assign(document_id="d1"),
    }
    made |= {name: frames[name] for name in ("repairs", "cells", "findings") if name in frames}
    return Dataset(**{**EMPTY, **{name: typed(frame, name) for name, frame in made.items()}})


def planted(seed: int, rule: str, variant: int) -> tuple[Dataset, Dataset, int | None]:
    """(clean twin, the same with one fault of `rule`, the project where it stands)."""
    layout = SELF_EVALUATION if rule.startswith("S") else "approval"
    clean = clean_dataset(seed, layout)
    frames = {
        name: frame.copy() for name, frame in clean.tables().items() if name not in ("checks", "findings", "repairs")
    }
    project = FAULTS[rule][variant](frames, random.Random(f"{rule} {variant} {seed}"))
    return clean, sealed(frames), project


# ---- tools of the planters -----------------------------------------------------------------------------------------------


def _pick(frames, rng, level2=None, *, number=False):
    """Index of an indicator, of a level 2 where one is wanted, with a numeric target where wanted."""
    rows = frames["indicators"]
    if level2:
        rows = rows[rows["level2"] == level2]
    if number:
        rows = rows[rows["target_value"].notna()]
    return rng.choice(list(rows.index))


def _put(frames, index, name=None, comparator=None, target=None, unit="keep", **more) -> int:
    """Change an indicator; its project."""
    rows = frames["indicators"]
    more |= {"name": name, "comparator": comparator}
    if target is not None:
        text = str(target)
        more |= {"target_text": text, "target_value": Decimal(text) if text.replace(".", "", 1).isdigit() else None}
    if unit != "keep":
        more["measure_unit"] = unit
    for column, value in more.items():
        if value is not None or column in ("target_value", "measure_unit", "target_text", "score", "deviation_note"):
            rows.at[index, column] = value
    return int(rows.at[index, "project_no"])


def _say(frames, rng, text: str, budget=None, name=None, project=None) -> int:
    """Give a project an objective, a budget, a name; its number."""
    rows = frames["projects"]
    index = rng.choice(list(rows.index)) if project is None else rows.index[project]
    if text is not None:
        rows.at[index, "objective"] = text
    if budget is not None:
        rows.at[index, "budget_wan_yuan"] = Decimal(str(budget))
    if name is not None:
        rows.at[index, "project_name"] = name
    return int(rows.at[index, "project_no"])


def _drop(frames, rng, keep) -> int:
    """Drop the rows of one project that `keep` does not want; the others' weights grow so that the sum holds."""
    rows = frames["indicators"]
    project = rng.choice([int(n) for n in frames["projects"]["project_no"]])
    own = rows["project_no"] == project
    kept = own & rows.apply(keep, axis=1)
    lost = sum(rows.loc[own & ~kept, "weight"], Decimal(0))
    first = rows.index[kept][0]
    rows.at[first, "weight"] = rows.at[first, "weight"] + lost
    frames["indicators"] = rows[~own | kept].reset_index(drop=True)
    return project


def _simple(rule: str, level2: str, cases: list[tuple]) -> None:
    """Planters that put (name, comparator, target, unit) in place of an indicator of `level2`."""
    for case in cases:
        FAULTS[rule].append(lambda frames, rng, case=case: _put(frames, _pick(frames, rng, level2), *case))


def _objectives(rule: str, cases: list[tuple]) -> None:
    for text, budget in cases:
        FAULTS[rule].append(lambda frames, rng, t=text, b=budget: _say(frames, rng, t, b))


# ---- D, C --------------------------------------------------------------------------------------------------------------


@_plants("D01")
def _total(frames, rng):
    frames["printed_total"] = sum(frames["projects"]["budget_wan_yuan"], Decimal(0)) + Decimal("0.1")


@_plants("D02")
def _weight(frames, rng):
    index = _pick(frames, rng)
    return _put(frames, index, weight=frames["indicators"].at[index, "weight"] + 5)


@_plants("D03")
def _shares(frames, rng):
    rows = frames["indicators"]
    for project in frames["projects"]["project_no"]:
        own = rows["project_no"] == project
        for level, points in SHARES.items():
            of_level = rows.index[own & (rows["level1"] == level)]
            rows.loc[of_level, "weight"] = pd.Series([Decimal(0)] * len(of_level), index=of_level, dtype=object)
            for index in of_level:
                rows.at[index, "weight"] = Decimal(points // len(of_level))
            rows.at[of_level[-1], "weight"] += points % len(of_level)
    frames["shares"] = {level: Decimal(points) for level, points in SHARES.items()}
    project = rng.choice([int(n) for n in frames["projects"]["project_no"]])
    own = rows["project_no"] == project
    one, other = (rows.index[own & (rows["level1"] == level)][0] for level in ("产出指标", "效益指标"))
    rows.at[one, "weight"] += 2
    rows.at[other, "weight"] -= 2
    return project


@_plants("D04")
def _level(frames, rng):
    return _put(frames, _pick(frames, rng, "社会效益指标"), level1="产出指标")


@_plants("D05")
def _no_objective(frames, rng):
    return _say(frames, rng, "")


@_plants("D05")
def _no_target(frames, rng):
    index = _pick(frames, rng)
    frames["indicators"].at[index, "target_text"] = None
    frames["indicators"].at[index, "target_value"] = None
    return int(frames["indicators"].at[index, "project_no"])


@_plants("D06")
def _short_code(frames, rng):
    index = rng.choice(list(frames["projects"].index))
    frames["projects"].at[index, "project_code"] = frames["projects"].at[index, "project_code"][:-1]
    return int(frames["projects"].at[index, "project_no"])


@_plants("D07")
def _cut(frames, rng):
    return _put(frames, _pick(frames, rng), name="完成各项任务，提高服", is_cut=True)


_simple(
    "D08",
    "时效指标",
    [("完成时间", "≤", 45657, None), ("主体工程完工日期", "=", 45500, None), ("竣工时限", "≤", 45291, "日")],
)
for _level1 in ("效益指标", "满意度指标", "产出指标"):
    FAULTS["C01"].append(lambda f, rng, one=_level1: _drop(f, rng, lambda row: row["level1"] != one))
for _level2 in ("数量指标", "质量指标"):
    FAULTS["C02"].append(lambda f, rng, two=_level2: _drop(f, rng, lambda row: row["level2"] != two))
FAULTS["C03"].append(lambda f, rng: _drop(f, rng, lambda row: row["level2"] != "时效指标"))
FAULTS["C04"].append(lambda f, rng: _drop(f, rng, lambda row: row["level2"] != "成本指标"))
FAULTS["C05"].append(lambda f, rng: _drop(f, rng, lambda row: row["level2"] in ("数量指标", "服务对象满意度指标")))


@_plants("C05")
def _too_many(frames, rng):
    rows, project = frames["indicators"], rng.choice([int(n) for n in frames["projects"]["project_no"]])
    own = rows[rows["project_no"] == project]
    more = own.assign(name=own["name"] + "（二）", indicator_no=own["indicator_no"] + 50, weight=own["weight"] / 2)
    frames["indicators"] = pd.concat([rows, more], ignore_index=True)
    return project


# ---- Q, T, L, W ----------------------------------------------------------------------------------------------------------

_simple("Q01", "社会效益指标", [
    ("进一步提高干部素质", "≥", 85, "%"), ("不断增强凝聚力和战斗力", "定性", "明显", None),
    ("夯实基层基础", "定性", "有效", None), ("全面推进各项事业发展", "≥", 90, "%"), ("有效促进社会和谐", "定性", "显著提升", None),
])  # fmt: skip
_simple("Q01", "质量指标", [("提升工作水平", "≥", 90, "%"), ("切实加强内部管理", "定性", "良好", None)])
_simple("Q02", "社会效益指标", [
    ("提升社会治理水平", "≥", 70, "%"), ("改善居民生活环境", "≥", 85, "%"), ("带动当地经济发展", ">", 90, "%"),
    ("居民文明意识增强", "≥", 95, "%"), ("维护社会和谐稳定", "≥", 80, "百分比"),
])  # fmt: skip
_simple("Q02", "可持续影响指标", [("长效管护能力提升", "≥", 90, "%")])
_simple(
    "Q03",
    "服务对象满意度指标",
    [("满意度指标", "≥", 95, "%"), ("服务对象满意度", "≥", 95, "%"), ("受益对象满意度", "≥", 95, "%")],
)
_simple("Q03", "时效指标", [("2024全年", "=", 12, "个月"), ("2024年度", "=", 100, "%"), ("全年", "≤", 12, "个月")])
_simple("Q03", "数量指标", [("数量指标", "≥", 3, "个")])
_simple("Q04", "数量指标", [
    ("指标2：", "≥", 3, "个"), ("新建XX村道路", "≥", 3, "公里"), ("改造泵站座数", "≥", "**", "个"), ("改造泵站座数", "≥", "/", "个"),
    ("改造泵站座数", "≥", "XX", "个"), ("……", "≥", 3, "个"), ("改造泵站座数", "≥", "待定", "个"),
])  # fmt: skip
_objectives("Q04", [("完成XX村道路建设，方便群众出行。", None), ("目标1：保障机构正常运转；目标2：……", None)])
_simple("Q05", "社会效益指标", [
    ("提升服务水平，改善人居环境", "定性", "明显", None), ("保障安全生产、促进群众增收", "定性", "有效", None),
    ("加强队伍建设；提高办案质量", "≥", 90, "%"),
])  # fmt: skip
_simple("Q05", "质量指标", [("设备及耗材合格率", "≥", 98, "%"), ("道路和桥梁完好率", "≥", 95, "%")])
_simple("Q05", "数量指标", [("业务培训及调研活动", "≥", 5, "次")])
_simple("T01", "数量指标", [
    ("发放工资人数", "≥", 95, "%"), ("购置设备数量", "=", 100, "%"), ("参训学员", "≥", 95, "%"), ("维修路灯", "≥", 90, "%"),
    ("召开会议", "≥", 90, "百分比"), ("慰问老党员", "=", 100, "%"),
])  # fmt: skip
_simple("T02", "时效指标", [
    ("每日供餐次数", "=", 2, "次"), ("按时完成培训", "≥", 50, "人"), ("及时发放补贴", "=", 3, "批"), ("年内建成站点", "=", 4, "个"),
    ("按时完成铺设", "=", 4, "公里"),
])  # fmt: skip
_simple("T03", "数量指标", [
    ("办公经费支出", "≥", 3, "万元"), ("购买办公用品", "=", 5000, "元"), ("培训费", "≤", 20000, "元"), ("项目资金投入", "=", 4, "万元"),
    ("发放补助金额", "=", 4, "万元"),
])  # fmt: skip
_simple("T04", "成本指标", [
    ("项目建设成本", "≥", 30, "万元"), ("人均培训成本", "≥", 500, "元/人"), ("单次检测费用", ">", 75, "元"),
])  # fmt: skip
_simple("T04", "数量指标", [("车辆运行费支出", "≥", 2, "万元"), ("设备采购经费", "≥", 30000, "元")])
_simple("T05", "数量指标", [
    ("发放工资人数", "≥", 95, "%"), ("改造道路长度", "≥", 95, "%"), ("受益户数", "=", 100, "%"), ("慰问人数", "≥", 30, "台"),
    ("培训次数", "≥", 90, "%"), ("绿化面积", "≥", 3, "人"),
])  # fmt: skip
_simple(
    "T05",
    "质量指标",
    [
        ("验收合格率", "≥", 95, "个"),
        ("检测合格率", "≥", 120, "%"),
        ("设备完好率", "=", 98, "台"),
        ("优良率", ">", 100, "%"),
    ],
)
_simple("T05", "服务对象满意度指标", [("居民满意度", "≥", 95, "人"), ("居民满意度", "≥", 110, "%")])
_simple("T06", "经济效益指标", [
    ("完成经费总额", "=", 41, "万元"), ("资金支付率", "≥", 95, "%"), ("项目资金投入", "≥", 30, "万元"), ("预算执行率", "=", 100, "%"),
])  # fmt: skip
_simple("L01", "服务对象满意度指标", [
    ("居民满意度", "≥", 70, "%"), ("居民满意度", "≥", 85, "%"), ("家长满意率", ">", 60, "%"), ("村民满意度", "≥", 75, "分"),
])  # fmt: skip
_simple(
    "L02",
    "服务对象满意度指标",
    [("居民满意度", "=", 100, "%"), ("家长满意率", "≥", 100, "%"), ("群众满意度", "=", 100, "百分比")],
)
_simple(
    "L03",
    "质量指标",
    [("设备验收合格率", "≥", 50, "%"), ("任务按期办结率", "≥", 45, "%"), ("公文处理规范率", "=", 30, "%")],
)
_simple("L03", "社会效益指标", [("政策知晓率", "≥", 40, "%"), ("干部能力提升", "≥", 30, "%")])


@_plants("L04")
def _differing(frames, rng):
    rows = frames["indicators"]
    first, second = rng.sample(
        [next(iter(g.index)) for _, g in rows[rows["level2"] == "质量指标"].groupby("project_no")], 2
    )
    _put(frames, first, "群众来访办结率", "≥", 98, "%")
    _put(frames, second, "群众来访办结率", "≥", 80, "%")


_simple("L05", "质量指标", [("设备验收合格率", "≥", 100, "%"), ("任务完成率", "≥", 100, "百分比")])


def _weights(frames, rng, share) -> int:
    rows = frames["indicators"]
    project = rng.choice([int(n) for n in frames["projects"]["project_no"]])
    own = rows.index[rows["project_no"] == project]
    for index, weight in zip(own, share(len(own)), strict=True):
        rows.at[index, "weight"] = weight
    return project


FAULTS["W01"].append(lambda f, rng: _weights(f, rng, lambda n: [Decimal(90) - 5 * (n - 1), *[Decimal(5)] * (n - 1)]))
FAULTS["W02"].append(lambda f, rng: _weights(f, rng, lambda n: [Decimal(90) / n] * n))
FAULTS["W03"] += [
    lambda f, rng: _put(f, _pick(f, rng), weight=Decimal(0)),
    lambda f, rng: _put(f, _pick(f, rng), weight=Decimal(-5)),
]

# ---- B -------------------------------------------------------------------------------------------------------------------


def _amount_of_budget(name: str, comparator: str, factor: str, unit: str, level2: str):
    """An indicator of an amount that is the project's budget times `factor`, in `unit`."""

    def plant(frames, rng) -> int:
        index = _pick(frames, rng, level2)
        project = int(frames["indicators"].at[index, "project_no"])
        row = frames["projects"].set_index("project_no").loc[project]
        amount = (row["budget_wan_yuan"] * Decimal(factor)).quantize(Decimal("0.01")) * (10_000 if unit == "元" else 1)
        words = name.format(name=row["project_name"])
        return _put(frames, index, words, comparator, f"{amount.normalize():f}", unit)

    return plant


for _name, _sign, _factor, _unit in [
    ("完成经费总额", "=", "0.9", "万元"), ("项目总成本", "≤", "1.2", "万元"), ("{name}", "=", "0.5", "万元"), ("资金总额", "=", "1.1", "元"),
    ("成本控制数", "≤", "0.8", "元"), ("预算金额", "=", "10000", "万元"),
]:  # fmt: skip
    FAULTS["B01"].append(_amount_of_budget(_name, _sign, _factor, _unit, "成本指标"))
for _name, _sign, _factor, _unit in [
    ("设备购置费用", "≤", "1.5", "万元"), ("办公经费支出", "=", "2", "元"), ("工程建设费", "≤", "1.1", "万元"),
]:  # fmt: skip
    FAULTS["B03"].append(_amount_of_budget(_name, _sign, _factor, _unit, "成本指标"))


@_plants("B03")
def _sum_above(frames, rng):
    rows = frames["indicators"]
    numbers = rows[rows["level2"] == "数量指标"].groupby("project_no").filter(lambda group: len(group) > 1)
    project = rng.choice(sorted(set(numbers["project_no"])))
    budget = frames["projects"].set_index("project_no").at[project, "budget_wan_yuan"]
    for index, name in zip(
        numbers.index[numbers["project_no"] == project][:2], ("会议费支出", "差旅费支出"), strict=True
    ):
        _put(frames, index, name, "≤", f"{(budget * Decimal('0.6')).quantize(Decimal('0.01')):f}", "万元")
    return int(project)


_objectives("B02", [
    ("为110名小组长发放补贴，每人每月500元，每月50000元，每年660000元。总预算66万元", 66),
    ("为110名小组长发放补贴，每人每月500元，每年600000元。总预算66万元", 66),
    ("按110人×500元×12个月=60万元安排。", 60), ("为20人发放补助，每人每月1500元，合计40万元。", 40),
    ("聘用二十人，每人每月一千五百元，全年共需四十万元。", 40), ("离岗人员14人，每月13392.5元，每年160710元，每年提高10%，16071元。总计18万元", 18),
    ("上年每月13000元，全年156000元，每年提高10%，总计20万元", 20), ("A岗10人每人每月500元，B岗20人每人每月300元，合计14.2万元。", 14.2),
    ("申请8个村，每个村4万元的运转经费。", 36), ("办公费2万元、差旅费1.5万元、会议费0.8万元，共计4.5万元。", 4.5),
    ("全年共需经费66万元，用于发放小组长补贴。", 60), ("开展培训6期，每期2万元，共需资金15万元。", 15),
    ("小组长110人*500元*12月=660000元；监督员24人*400元*12月=125200元，合计78.52万元", 78.52),
    ("村医62名，每名每年补助6000元，共计38万元。", 38), ("(15+5)人×1,200元×12个月=30万元。", 30),
])  # fmt: skip


@_plants("B04")
def _dear_twin(frames, rng):
    projects, rows = frames["projects"], frames["indicators"]
    one, other = rng.sample(list(projects.index), 2)
    project, twin = int(projects.at[one, "project_no"]), int(projects.at[other, "project_no"])
    own = rows[rows["project_no"] == project]
    frames["indicators"] = pd.concat([rows[rows["project_no"] != twin], own.assign(project_no=twin)]).sort_values(
        ["project_no", "indicator_no"], ignore_index=True
    )
    projects.at[other, "budget_wan_yuan"] = projects.at[one, "budget_wan_yuan"] * 3
    return twin


def _purchase(name: str, unit: str, text: str):
    def plant(frames, rng) -> int:
        project = _put(frames, _pick(frames, rng, "数量指标"), name, "=", 1 if unit != "元" else 90000, unit)
        return _say(frames, rng, text, project=project - 1, name="城市管理业务经费")

    return plant


FAULTS["B05"] += [
    _purchase("购买执法车1辆（7座）", "辆", "强化城管执法力量深入基层，宣传引导商户积极配合。"),
    _purchase("购置无人机", "架", "对背街小巷流动摊贩规范治理，提升队员专业执法能力。"), _purchase("采购办公电脑", "台", "保障机关日常工作顺利开展，按时完成各项任务。"),
    _purchase("购买配套设备", "元", "加强基层建设，做好民兵训练，维护社会安全秩序。"),
]  # fmt: skip

# ---- X, S ----------------------------------------------------------------------------------------------------------------

_LONG = "为确保{}村级组织各项工作正常开展，进一步提升村级组织运转保障水平，推动农村基层党建全面进步，巩固党在农村的执政根基，为乡村振兴提供组织保障。"


def _pair(frames, rng) -> tuple[int, int]:
    return tuple(sorted(rng.sample(range(len(frames["projects"])), 2)))


@_plants("X01")
def _same_objective(frames, rng):
    for place, project in zip(("东沟", "西沟"), _pair(frames, rng), strict=True):
        last = _say(frames, rng, _LONG.format(place), project=project)
    return last


@_plants("X01")
def _near_objective(frames, rng):
    one, other = _pair(frames, rng)
    _say(frames, rng, _LONG.format("东沟"), project=one)
    return _say(
        frames, rng, "2024年，" + _LONG.format("全镇各个").replace("进一步提升", "全面加强和提升"), project=other
    )


@_plants("X02")
def _same_indicators(frames, rng):
    rows, (one, other) = frames["indicators"], _pair(frames, rng)
    own = rows[rows["project_no"] == one + 1].assign(project_no=other + 1)
    own.loc[own.index[:2], "name"] = ["入户走访户数", "走访记录完整率"]
    frames["indicators"] = pd.concat([rows[rows["project_no"] != other + 1], own]).sort_values(
        ["project_no", "indicator_no"], ignore_index=True
    )
    return other + 1


def _quantities(name: str, other_name: str, unit: str):
    def plant(frames, rng) -> int:
        rows, (one, other) = frames["indicators"], _pair(frames, rng)
        quantity = rows[rows["level2"] == "数量指标"]
        for project, words, target in ((one, name, 8), (other, other_name, 9)):
            last = _put(frames, quantity.index[quantity["project_no"] == project + 1][0], words, "=", target, unit)
        return last

    return plant


FAULTS["X03"] += [
    _quantities("社区数量", "涉及社区数", "个"),
    _quantities("村干部人数", "村干部数", "人"),
    _quantities("行政村个数", "行政村", "个"),
]
_objectives("X04", [
    ("贯彻落实党的十九大精神，做好基层治理各项工作。", None), ("完成2023年度重点工作任务，保障机构正常运转。", None),
    ("落实“十三五”规划要求，推进设施建设。", None),
])  # fmt: skip
FAULTS["X04"].append(lambda f, rng: _put(f, _pick(f, rng, "时效指标"), "2023年任务按期完成率", "=", 100, "%"))
FAULTS["X05"] += [
    lambda f, rng: _say(f, rng, "积极协助村两委完成教育、就业等工作，监督各村财务收支，服务村民。", name="社区监督委员会工作经费"),
    lambda f, rng: _say(f, rng, "主要解决村民最关心的问题，包括村级公益事业，改善农村人居环境。", name="社区服务群众专项经费"),
    lambda f, rng: _say(f, rng, "为居民提供就近服务，维护社区居委会日常支出，开展社区活动。", name="村级组织运转经费"),
]  # fmt: skip
_objectives("X06", [
    ("为了提高工作效率，全年正常供餐，保证质量，满足所有职工用餐为了提高工作效率，全年正常供餐，保证质量，满足所有职工用餐", None),
    ("确保设施设备全年稳定运行。做好日常巡查和维护。确保设施设备全年稳定运行。", None),
])  # fmt: skip
FAULTS["X07"] += [
    lambda f, rng, name=name: _say(f, rng, None, name=name)
    for name in ("社区工作人员工资", "村干部报酬", "离岗人员生活补贴", "编外人员薪酬", "护林员补助")
]


def _scored(frames, rng, *, full: bool):
    """Index of an indicator with a number for a result, that met its target (full) or any."""
    rows = frames["indicators"]
    good = rows["actual_value"].notna() & (rows["score"] == rows["weight"]) & rows["comparator"].isin(["≥", "="])
    return rng.choice(
        list(rows.index[good & (rows["target_value"] > 0)] if full else rows.index[rows["actual_value"].notna()])
    )


@_plants("S01")
def _above(frames, rng):
    index = _scored(frames, rng, full=False)
    return _put(frames, index, score=frames["indicators"].at[index, "weight"] + 1, deviation_note="见说明")


@_plants("S02")
def _full_though_short(frames, rng):
    index = _scored(frames, rng, full=True)
    value = frames["indicators"].at[index, "target_value"] * Decimal("0.7")
    score = frames["indicators"].at[index, "score"]
    return _put(frames, index, actual_text=f"{value:f}", actual_value=value, score=score, deviation_note="受雨季影响")


@_plants("S02")
def _short_though_full(frames, rng):
    index = _scored(frames, rng, full=True)
    return _put(frames, index, score=frames["indicators"].at[index, "weight"] - 1, deviation_note=None)


@_plants("S03")
def _no_reason(frames, rng):
    index = _scored(frames, rng, full=True)
    value = frames["indicators"].at[index, "target_value"] * Decimal("0.7")
    score = frames["indicators"].at[index, "weight"] / 2
    return _put(
        frames,
        index,
        actual_text=f"{value:f}",
        actual_value=value,
        score=score,
        deviation_note=rng.choice([None, "无"]),
    )


@_plants("S04")
def _rate(frames, rng):
    projects = frames["projects"]
    index = rng.choice(list(projects.index))
    projects.at[index, "execution_rate"] = projects.at[index, "execution_rate"] - Decimal("1.5")
    return int(projects.at[index, "project_no"])


@_plants("S04")
def _total_score(frames, rng):
    """A printed total row whose score is two points too high."""
    project = int(frames["projects"]["project_no"].iat[-1])
    own = frames["indicators"][frames["indicators"]["project_no"] == project]
    execution = frames["projects"]["execution_score"].iat[-1]
    total = sum(own["score"], Decimal(0)) + execution + 2
    page, row = int(own["page"].iat[-1]), int(own["row"].iat[-1]) + 1
    texts = enumerate(["总分", "100", f"{total:f}"])
    cells = [
        {
            "document_id": "d1",
            "page": page,
            "table": 1,
            "row": row,
            "col": col,
            "rowspan": 1,
            "colspan": 1,
            "text": text,
            "role": "blank",
        }
        for col, text in texts
    ]
    frames["cells"] = pd.DataFrame(cells)
    return project
