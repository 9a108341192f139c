"""Every rule: planted faults are found where they stand, clean documents and near misses are left alone."""

from decimal import Decimal

import generator.more_faults  # noqa: F401
import pandas as pd
import pytest
from generator.faults import FAULTS, SELF_EVALUATION, clean_dataset, planted, sealed

from budgetperf.audit.config import load_config
from budgetperf.audit.load import own_rules
from budgetperf.audit.quantities import read_sums
from budgetperf.audit.run import audit

CONFIG = load_config(None)
PLANTS = [(rule, variant) for rule, plants in FAULTS.items() for variant in range(len(plants))]


def changed(indicator: dict | None = None, project: dict | None = None, level2: str | None = None):
    """A clean document with one indicator (of a level 2) and one project changed; frames and the project's number."""
    frames = {name: clean_dataset(1).tables()[name].copy() for name in ("documents", "projects", "indicators")}
    rows = frames["indicators"]
    index = rows.index[rows["level2"] == (level2 or "数量指标")][0]
    for column, value in (indicator or {}).items():
        rows.at[index, column] = value
    place = frames["projects"].index[frames["projects"]["project_no"] == rows.at[index, "project_no"]][0]
    for column, value in (project or {}).items():
        frames["projects"].at[place, column] = value
    return sealed(frames), int(rows.at[index, "project_no"])


def target(name: str, comparator: str, text: str, unit: str | None) -> dict:
    value = Decimal(text) if text.replace(".", "", 1).isdigit() else None
    return {"name": name, "comparator": comparator, "target_text": text, "target_value": value, "measure_unit": unit}


def rules_found(dataset, *only: str) -> set[str]:
    return set(audit(dataset, CONFIG, only=only)["rule"])


@pytest.mark.parametrize(("rule", "variant"), PLANTS, ids=[f"{rule}-{variant}" for rule, variant in PLANTS])
def test_a_planted_fault_is_found_where_it_stands(rule, variant):
    _, faulty, project = planted(variant % 3, rule, variant)
    findings = audit(faulty, CONFIG, only=[rule])
    assert set(findings["rule"]) == {rule}
    assert project is None or project in set(findings["project_no"].dropna())


@pytest.mark.parametrize("layout", ["approval", SELF_EVALUATION])
@pytest.mark.parametrize("seed", range(2))
def test_nothing_is_found_in_clean_documents(seed, layout):
    assert audit(clean_dataset(seed, layout), CONFIG)["message"].tolist() == []


def test_every_rule_has_planted_faults():
    assert {rule.id for rule in own_rules()} - set(FAULTS) == {
        "R02",
        "R04",
    }  # what the reading leaves open: test_audit_run


NEAR_MISSES = [  # rule, level 2, an indicator that looks like its fault and is none
    ("Q01", "社会效益指标", target("提高农民人均收入", "≥", "500", "元")),
    ("Q01", "质量指标", target("提升工程验收合格率", "≥", "95", "%")),
    ("Q01", "社会效益指标", target("增强型护栏安装", "≥", "200", "米")),
    ("Q02", "社会效益指标", target("居民收入增长幅度", "≥", "8", "%")),
    ("Q02", "社会效益指标", target("带动农户增收", "≥", "10", "%")),
    ("Q02", "社会效益指标", target("政策知晓率提升", "≥", "90", "%")),
    ("Q03", "服务对象满意度指标", target("社区居民满意度", "≥", "95", "%")),
    ("Q03", "时效指标", target("2024年12月底前完工率", "=", "100", "%")),
    ("Q04", "数量指标", target("购买XXL号工装", "≥", "30", "套")),
    ("Q04", "数量指标", target("零事故", "=", "0", "起")),
    ("Q05", "社会效益指标", target("和谐社区创建个数", "≥", "3", "个")),
    ("Q05", "服务对象满意度指标", target("驾驶人和行人满意度", "≥", "90", "%")),
    ("Q05", "数量指标", target("水费、电费等支出", "≤", "3", "万元")),
    ("T01", "数量指标", target("村民参保率", "≥", "95", "%")),
    ("T01", "数量指标", target("设备完好率", "≥", "95", "%")),
    ("T02", "时效指标", target("故障响应时间", "≤", "30", "分")),
    ("T02", "时效指标", target("巡查频次", "≥", "2", "次/月")),
    ("T03", "数量指标", target("新增税收收入", "≥", "260", "万元")),
    ("T03", "数量指标", target("人均补助标准", "=", "500", "元")),
    ("T04", "成本指标", target("成本节约额", "≥", "3", "万元")),
    ("T04", "数量指标", target("经费到位率", "≥", "95", "%")),
    ("T05", "质量指标", target("财政收入增长率", "≥", "120", "%")),
    ("T05", "质量指标", target("设备运行效率", "≥", "30", "件/小时")),
    ("T05", "服务对象满意度指标", target("群众满意度", "≥", "90", "分")),
    ("T05", "质量指标", target("巡检频率", "≥", "3", "次")),
    ("T06", "经济效益指标", target("带动社会资金投入", "≥", "30", "万元")),
    ("L01", "服务对象满意度指标", target("不满意投诉件数", "≤", "3", "件")),
    ("L01", "服务对象满意度指标", target("居民满意度", "≥", "0.95", None)),
    ("L03", "质量指标", target("设备故障率", "≤", "3", "%")),
    ("L03", "生态效益指标", target("单位能耗下降率", "≥", "4.5", "%")),
    ("L05", "质量指标", target("产值增长率", "≥", "100", "%")),
    ("D08", "时效指标", target("建档时间跨度", "≥", "30", "年")),
    ("D08", "数量指标", target("数字化扫描页数", "≥", "45500", "页")),
    ("B01", "成本指标", target("培训费用", "≤", "1", "万元")),
    ("B01", "成本指标", target("项目总投资", "≤", "99999", "万元")),
    ("B03", "经济效益指标", target("带动投资金额", "≥", "99999", "万元")),
    ("B05", "数量指标", target("停车位采购服务", "=", "30", "个")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "level2", "indicator"), NEAR_MISSES, ids=[f"{n[0]}-{n[2]['name']}" for n in NEAR_MISSES]
)
def test_a_near_miss_is_left_alone(rule, level2, indicator):
    dataset, _ = changed(indicator, level2=level2)
    assert rules_found(dataset, rule) == set()


NEAR_PROJECTS = [  # rule, objective and other cells that look like a fault and are none
    ("B05", {"objective": "购置办公设备，保障日常工作。"}, target("更换电脑", "≥", "10", "台")),
    ("X04", {"objective": "根据2023年印发的通知精神，完成年度各项工作。"}, None),
    ("X04", {"objective": "较2023年有明显改善，各项工作按期完成。"}, None),
    ("X04", {"objective": "深入学习党的十九大、二十大精神，做好各项工作。"}, None),
    ("X05", {"project_name": "社区工作经费", "objective": "推进社区各项工作，服务居民和村民，加强社区建设。"}, None),
    ("X06", {"objective": "提升服务能力，保障正常运转；提升服务水平，保障安全生产。"}, None),
    ("X07", {"project_name": "高龄老人生活补贴"}, None),
    ("X07", {"project_name": "城市公交运营亏损补贴"}, None),
    ("X07", {"project_name": "社区工作人员工资", "category_code": "1", "category_name": "人员类"}, None),
    ("B02", {"objective": "申请8个村，每个村4万元的运转经费。", "budget_wan_yuan": Decimal(32)}, None),
    ("B02", {"objective": "其中：聘用20人，人均月补助960元，另列设备费等支出。"}, None),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "project", "indicator"), NEAR_PROJECTS)
def test_a_near_miss_of_a_project_is_left_alone(rule, project, indicator):
    dataset, _ = changed(indicator, project)
    assert rules_found(dataset, rule) == set()


@pytest.mark.parametrize(
    "text",
    [
        "2024年110人小组长工资，每人每月500元，每月55000元，每年660000元。总预算66万元",
        "按每人每月1,200元、55人、12个月测算，全年共需792000元",
        "按110人×500元/人/月×12个月=66万元安排",
        "五十名护林员，每人每年一万元，共计五十万元",
        "14人，每月13000元，全年156000元，每年提高10%，15600元，总计17.16万元",
        "A岗10人每人每月500元，B岗20人每人每月300元，合计13.2万元",
        "聘用20人，每人每月1500元，共9个月，合计27万元",
        "设备购置5万元，培训费3万元等，合计10万元",
        "公里数2024-2025年由3-5公里增加，3×3米",
        "",
    ],
)
def test_sums_that_hold(text):
    assert read_sums(text).problems == []


def test_a_wrong_sum_is_told_with_its_figures():
    (problem,) = read_sums("离岗人员14人，每月13392.5元，每年160710元，每年提高10%，16071元。总计18万元").problems
    assert (problem.stated, problem.right) == (Decimal(180000), Decimal("176781"))
    (problem,) = read_sums("(15+5)人×1,200元×12个月=30万元").problems
    assert problem.right == Decimal(288000)


def test_what_all_projects_lack_is_said_once():
    frames = {name: clean_dataset(0).tables()[name].copy() for name in ("documents", "projects", "indicators")}
    rows = frames["indicators"]
    frames["indicators"] = rows[rows["level2"] != "成本指标"].reset_index(drop=True)
    findings = audit(sealed(frames), CONFIG, only=["C04"])
    assert findings["project_no"].isna().all() and len(findings) == 1
    assert "全部 8 个项目" in findings["message"].iat[0]


def test_many_slogans_are_summed_up_once_a_project():
    frames = {name: clean_dataset(0).tables()[name].copy() for name in ("documents", "projects", "indicators")}
    benefits = frames["indicators"]["level1"] == "效益指标"
    frames["indicators"].loc[benefits, ["name", "measure_unit"]] = ["进一步提升服务水平", "%"]
    findings = audit(sealed(frames), CONFIG, only=["Q01"])
    assert findings["project_no"].is_unique and pd.Series(findings["message"]).str.contains("条指标").any()
