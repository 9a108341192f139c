"""The stock of invented projects: themes with objectives and indicators, read from stock.txt."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

LEVELS = {
    "数": ("产出指标", "数量指标"),
    "质": ("产出指标", "质量指标"),
    "时": ("产出指标", "时效指标"),
    "成": ("产出指标", "成本指标"),
    "经": ("效益指标", "经济效益指标"),
    "社": ("效益指标", "社会效益指标"),
    "态": ("效益指标", "生态效益指标"),
    "续": ("效益指标", "可持续影响指标"),
    "满": ("满意度指标", "服务对象满意度指标"),
}
PLACES = [
    "东关路",
    "西关路",
    "南门街",
    "北门街",
    "柳林沟",
    "杨林沟",
    "上河湾",
    "下河湾",
    "前山坪",
    "后山坪",
    "青石沟",
    "白石沟",
]
UNITS = [
    ("318001", "云泽县交通运输局（本级）"),
    ("226004", "南河湾镇人民政府"),
    ("409001", "昌宁县民政局（本级）"),
    ("511002", "昌宁县农业技术推广中心"),
    ("130001", "白石县委社会工作部"),
    ("607003", "东坪街道办事处"),
    ("742016", "西坪街道办事处"),
    ("803001", "白石县住房和城乡建设局（本级）"),
]
CATEGORIES = ["3-特定目标类", "3-特定目标类", "3-特定目标类", "2-运转类", "1-人员类", "22-其他运转类"]
TAILS = [
    "以及后续配套服务能力建设情况",
    "，推动基层治理水平不断提升",
    "，确保各项任务按时保质完成",
    "和群众生产生活条件改善程度",
    "（含乡镇街道及下属事业单位）",
]
SENTENCES = [
    "通过项目实施，完善基础条件，补齐公共服务短板，增强人民群众获得感。",
    "严格执行政府采购和国库集中支付制度，做到专款专用、账目清晰。",
    "资金由县财政统筹，分两批次下达，{Y}年12月底前全部支付完毕。",
    "项目建成后移交属地管理，落实管护责任人1名，建立台账并按月更新。",
    "依据《{Y}年重点工作任务清单》第{a}条组织实施，纳入年度考核。",
    "其中：聘用人员{a}人，人均月补助{b}元，另列设备购置费、差旅费（含租车）和培训费等支出。",
    "使用统一的Web 管理平台登记，数据与省级ERP 系统对接，支持Excel 2016 格式导出。",
]
REASONS = [
    "受雨季影响工期顺延，已调整下年计划",
    "采购流程较长，将提前启动招标",
    "申报对象减少，据实核定",
    "机构改革后人员未到位，正在招录",
]


class Theme(NamedTuple):
    """One kind of project: `indicators` are (level key, name, comparator, target, unit of measure)."""

    name: str
    sentences: list[str]
    indicators: list[tuple[str, str, str, str, str]]


@cache
def themes() -> tuple[Theme, ...]:
    """All themes of stock.txt; a name with {p} takes a place, so that near-duplicates can be made of it."""
    found: list[Theme] = []
    for line in (Path(__file__).parent / "stock.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            found.append(Theme(line[2:], [], []))
        elif line.startswith("> "):
            found[-1].sentences.append(line[2:])
        elif line.strip():
            key, name, comparator, target, unit = line.split("|")
            found[-1].indicators.append((key, name, comparator, target, unit))
    return tuple(found)
