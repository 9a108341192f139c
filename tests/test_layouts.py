"""The layouts in which these tables are published: written as plain HTML, built, every field compared."""

from decimal import Decimal

import openpyxl
import pytest

from budgetperf.pipeline import build_document

FUND = [
    [("项目名称", 1), ("农村公路养护", 1, 8)],
    ["主管部门", ("县交通局", 1, 3), "实施单位", ("县公路段", 1, 4)],
    [("项目资金（万元）", 2), "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分", ""],
    ["年度资金总额", "100.00", "110.00", "99.00", "10", "90%", "9", ""],
]
ROAD = [
    ("产出指标", "数量指标", "养护里程"),
    ("效益指标", "社会效益指标", "通行能力"),
    ("满意度指标", "服务对象满意度指标", "群众满意度"),
]


def page(title: str, rows: list, caption: str = "") -> str:
    def cell(value) -> str:
        text, rowspan, colspan = (*value, 1)[:3] if isinstance(value, tuple) else (value, 1, 1)
        return f"<td rowspan={rowspan} colspan={colspan}>{text}</td>"

    body = "".join("<tr>" + "".join(map(cell, row)) + "</tr>" for row in rows)
    return f"<html><meta charset=utf-8><h1>{title}</h1><p>{caption}</p><table>{body}</table></html>"


@pytest.fixture
def built(tmp_path):
    def build(title: str, rows: list, caption: str = ""):
        path = tmp_path / "document.html"
        path.write_text(page(title, rows, caption), encoding="utf-8")
        return build_document(path)

    return build


def targets(dataset) -> list[tuple]:
    frame = dataset.indicators[["level1", "level2", "name", "comparator", "target_text", "measure_unit"]]
    return [tuple(None if value != value else value for value in row) for row in frame.itertuples(index=False)]


def test_shanghai_form_with_dates_and_money_in_yuan(built):
    dataset = built(
        "项目支出绩效目标申报表（2024年度）",
        [
            ["项目名称", ("老旧小区改造", 1, 3)],
            ["项目类别", "其他一次性项目", "主管部门", "市住建委"],
            ["实施单位", "区房管局", "计划开始日期", "2024-01-01"],
            ["计划完成日期", "2024-12-31", "项目资金(元)", "1,200,000.00"],
            ["项目总目标", ("完成改造12个小区。", 1, 3)],
            ["年度总体目标", ("改造5个小区。", 1, 3)],
            ["一级指标", "二级指标", "三级指标", "年度指标值"],
            [("产出", 2), "数量", "改造小区数", "=5个"],
            ["质量", "验收合格率", "=100%"],
            ["效益", "社会效益", "居民投诉", "有所下降"],
        ],
    )
    project = dataset.projects.iloc[0]
    assert (project["unit_name"], project["budget_wan_yuan"]) == ("区房管局", Decimal(120))
    assert (project["objective"], project["period_objective"]) == ("改造5个小区。", "完成改造12个小区。")
    assert (dataset.documents["layout"].item(), dataset.documents["fiscal_year"].item()) == ("form", 2024)
    assert targets(dataset) == [
        ("产出指标", "数量指标", "改造小区数", "=", "5", "个"),
        ("产出指标", "质量指标", "验收合格率", "=", "100", "%"),
        ("效益指标", "社会效益指标", "居民投诉", "定性", "有所下降", None),
    ]


def test_national_form_with_levels_named_otherwise(built):
    dataset = built(
        "项目支出绩效目标申报表",
        [
            ["项目名称", ("食堂运转", 1, 4)],
            [("项目资金（万元）", 2), "年度资金总额：", ("20.00", 1, 3)],
            ["其中：财政拨款", ("20.00", 1, 3)],
            ["总体目标", ("保障职工就餐。", 1, 4)],
            [("绩效指标", 4), "一级指标", "二级指标", "指标内容", "指标值", "备注"],
            ["产出值", "数量值", "就餐人数", "≥98人", ""],
            ["效益指标", "社会效益值", "提高效率", "效果明显", "按季考核"],
            ["满意度指标", "服务对象满意度指标", "职工满意度", "95%以上", ""],
        ],
    )
    assert dataset.projects["budget_wan_yuan"].item() == Decimal(20)
    assert targets(dataset) == [
        ("产出指标", "数量指标", "就餐人数", "≥", "98", "人"),
        ("效益指标", "社会效益指标", "提高效率", "定性", "效果明显", None),
        ("满意度指标", "服务对象满意度指标", "职工满意度", "≥", "95", "%"),
    ]


def test_hunan_table_with_target_type_and_contents(built):
    head = [
        "项目名称",
        "金额",
        "绩效目标",
        "一级指标",
        "二级指标",
        "三级指标",
        "指标值类型",
        "目标值",
        "度量单位",
        "指标值内容",
        "备注",
    ]
    dataset = built(
        "2024年部门项目支出绩效目标表",
        [
            head,
            [
                ("扶贫车间补助", 2),
                ("120", 2),
                ("带动就业200人。", 2),
                "产出指标",
                "数量指标",
                "车间个数",
                "≥",
                "6",
                "个",
                "",
                "",
            ],
            ["满意度指标", "服务对象满意度", "群众满意度", "≥", "90", "%", "", ""],
        ],
        "单位：万元",
    )
    assert dataset.projects["budget_wan_yuan"].item() == Decimal(120)
    assert targets(dataset)[0] == ("产出指标", "数量指标", "车间个数", "≥", "6", "个")


SELF_EVALUATIONS = {
    "four provinces in one: comparator and unit apart": (
        ["一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "完成值", "权重", "得分", "未完成原因分析"],
        [["≥", "100", "公里", "98", "50", "49", "雨季影响"], ["定性", "提升", "", "提升", "30", "30", ""], ["≥", "90", "%", "92", "10", "10", ""]],
    ),
    "weight before target": (
        ["一级指标", "二级指标", "三级指标", "分值", "年度指标值", "全年实际值", "得分", "原因"],
        [["50", "≥100公里", "98", "49", "雨季影响"], ["30", "提升", "提升", "30", ""], ["10", "≥90%", "92", "10", ""]],
    ),
    "national form": (
        ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"],
        [["≥100公里", "98", "50", "49", "雨季影响"], ["提升", "提升", "30", "30", ""], ["≥90%", "92", "10", "10", ""]],
    ),
}  # fmt: skip


@pytest.mark.parametrize("layout", SELF_EVALUATIONS)
def test_self_evaluations(built, layout):
    head, cells = SELF_EVALUATIONS[layout]
    rows = [[*levels, *rest] for levels, rest in zip(ROAD, cells, strict=True)]
    dataset = built("2023年项目支出绩效自评表", [*FUND, head, *rows])
    project = dataset.projects.iloc[0]
    results = ["budget_wan_yuan", "executed_wan_yuan", "execution_rate", "execution_weight", "execution_score"]
    assert [project[field] for field in results] == [Decimal(n) for n in (110, 99, 90, 10, 9)]
    assert project["unit_name"] == "县公路段"
    assert targets(dataset) == [
        ("产出指标", "数量指标", "养护里程", "≥", "100", "公里"),
        ("效益指标", "社会效益指标", "通行能力", "定性", "提升", None),
        ("满意度指标", "服务对象满意度指标", "群众满意度", "≥", "90", "%"),
    ]
    assert dataset.indicators["weight"].tolist() == [Decimal(50), Decimal(30), Decimal(10)]
    assert dataset.indicators["score"].tolist() == [Decimal(49), Decimal(30), Decimal(10)]
    assert dataset.indicators["actual_text"].tolist() == ["98", "提升", "92"]
    assert dataset.indicators["deviation_note"].iloc[0] == "雨季影响"
    assert dataset.documents["layout"].item() == "self_evaluation"
    assert dataset.documents["status"].item() == "reconciled"


def test_self_evaluation_without_scores(built):
    head = ["一级指标", "二级指标", "三级指标", "年度指标值", "全年完成值", "原因"]
    rows = [
        [*levels, *rest]
        for levels, rest in zip(
            ROAD, [["≥100公里", "98公里", "雨季"], ["提升", "提升", ""], ["≥90%", "92%", ""]], strict=True
        )
    ]
    dataset = built("2023年项目绩效自评表", [["项目名称", ("公路养护", 1, 5)], head, *rows])
    assert dataset.indicators["actual_text"].tolist() == ["98公里", "提升", "92%"]
    assert dataset.indicators["weight"].tolist() == [None] * 3


def test_chongqing_levels_that_print_their_range_of_points(built):
    dataset = built(
        "2024年项目支出绩效目标审批表",
        [
            ["项目名称", ("河道整治", 1, 5)],
            ["预算金额", ("350万元", 1, 5)],
            ["绩效目标", ("整治河道3公里。", 1, 5)],
            ["一级指标", "二级指标", "三级指标", "指标值", "分值", "指标解释"],
            ["成本(0-20)", "经济成本指标", "总投资", "≤350万元", "20", "控制投资"],
            [("产出(40-50)", 2), "数量指标", "整治长度", "≥3公里", "30", ""],
            ["质量指标", "合格率", "=100%", "20", ""],
            ["效益(20-30)", "生态效益指标", "水质", "III类", "20", ""],
            ["满意度(10)", "服务对象满意度指标", "满意度", "≥90%", "10", ""],
        ],
    )
    assert dataset.projects["budget_wan_yuan"].item() == Decimal(350)
    assert dataset.indicators["level1"].tolist() == ["成本指标", "产出指标", "产出指标", "效益指标", "满意度指标"]
    assert sum(dataset.indicators["weight"]) == 100


def test_the_execution_rate_as_a_row_is_no_indicator(built):
    dataset = built(
        "2023年项目绩效自评表",
        [
            ["项目名称", ("培训项目", 1, 6)],
            ["一级指标", "二级指标", "三级指标", "分值", "指标值(A)", "实际值(B)", "得分"],
            ["决策", "项目立项", "立项依据充分性", "5", "充分", "充分", "5"],
            ["管理", "资金管理", "预算执行率", "10", "100%", "95%", "9.5"],
            ["产出", "数量", "培训人次", "85", "≥100人次", "120人次", "85"],
        ],
    )
    project = dataset.projects.iloc[0]
    assert [project[f] for f in ("execution_weight", "execution_rate", "execution_score")] == [
        Decimal(10),
        Decimal(95),
        Decimal("9.5"),
    ]
    assert dataset.indicators["name"].tolist() == ["立项依据充分性", "培训人次"]
    assert dataset.indicators["level1"].tolist() == ["决策指标", "产出指标"]


def test_a_name_merged_over_two_rows_holds_for_both(built):
    dataset = built(
        "2024年项目支出绩效目标批复表",
        [
            ["项目名称", "预算数", "绩效目标", "一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位"],
            [("道路养护", 3), ("10", 3), ("保障道路。", 3), "产出指标", "数量指标", ("养护里程", 2), "≥", "90", "公里"],
            ["产出指标", "质量指标", "≥", "95", "%"],
            ["满意度指标", "服务对象满意度指标", "群众满意度", "≥", "91", "%"],
        ],
        "单位：万元",
    )
    assert [row[2:5] for row in targets(dataset)[:2]] == [("养护里程", "≥", "90"), ("养护里程", "≥", "95")]
    merged = dataset.cells[dataset.cells["text"] == "养护里程"]
    assert merged["role"].tolist() == ["indicator"] and merged["rowspan"].tolist() == [2]


def test_columns_that_no_field_takes_are_said_not_lost(built):
    head = ["项目名称", "一级指标", "二级指标", "三级指标", "指标值", "省级标准值", "分值"]
    dataset = built(
        "2024年项目绩效目标表", [head, ["河道整治", "产出指标", "数量指标", "整治长度", "≥3公里", "≥5公里", "100"]]
    )
    failed = dataset.checks[~dataset.checks["passed"]]
    assert dataset.documents["status"].item() == "open"
    assert any("省级标准值" in note for note in failed["note"])


def test_prose_beside_an_unknown_label_of_a_form_is_said_not_lost(built):
    rows = [["项目名称", ("公路养护", 1, 3)], ["立项背景", ("县道年久失修、亟需养护以保障群众出行。", 1, 3)],
            ["一级指标", "二级指标", "三级指标", "指标值"], ["产出指标", "数量指标", "里程", "≥3公里"]]  # fmt: skip
    dataset = built("2024年项目支出绩效目标申报表", rows)
    assert any("立项背景" in str(note) for note in dataset.checks.loc[~dataset.checks["passed"], "note"])


def test_a_page_without_such_a_table_is_unreadable_with_a_reason(built):
    dataset = built("通知公告", [["序号", "标题"], ["1", "关于放假的通知"]])
    assert dataset.documents["status"].item() == "unreadable"
    assert "没有找到项目支出绩效目标表" in dataset.findings["message"].item()


FLAT = ["单位名称", "项目编码", "项目名称", "预算数(万元)", "绩效目标", "一级指标", "二级指标", "三级指标", "绩效指标性质",
        "绩效指标值", "度量单位", "分值权重"]  # fmt: skip


@pytest.mark.parametrize("left_out", [(), ("项目编码",), ("单位名称", "项目编码")])
@pytest.mark.parametrize("suffix", ["xlsx", "txt"])
def test_flat_exports_print_the_project_on_every_row(tmp_path, suffix, left_out):
    """Two neighbours of one amount are still two; a project printed three times is one, each cell traced to it."""
    rows = []
    for number, (name, budget) in enumerate([("道路养护", "12.50"), ("公厕管护", "8.00"), ("路灯电费", "8.00")], 1):
        project = ["甲县交通局", f"63012300024T{number:09d}", name, budget, f"保障{name}全年正常运转"]
        rows += [
            [*project, "产出指标", "数量指标", f"{name}数量", "≥", "8", "公里", "50"],
            [*project, "效益指标", "社会效益指标", f"{name}投诉率", "≤", "5", "%", "30"],
            [*project, "满意度指标", "服务对象满意度指标", "群众满意度", "≥", "90", "%", "10"],
        ]
    kept = [place for place, head in enumerate(FLAT) if head not in left_out]
    lines = [["2024年项目支出绩效目标表"], ["单位：万元"], *([row[k] for k in kept] for row in [FLAT, *rows])]
    path = tmp_path / f"flat.{suffix}"
    if suffix == "txt":
        path.write_text("\n".join("\t".join(line) for line in lines), encoding="utf-8")
    else:
        book = openpyxl.Workbook()
        for line in lines:
            book.active.append(line)
        book.save(path)
    dataset = build_document(path)
    assert dataset.documents["status"].item() == "reconciled"
    assert dataset.projects["project_name"].tolist() == ["道路养护", "公厕管护", "路灯电费"]
    assert dataset.projects["budget_wan_yuan"].tolist() == [Decimal("12.5"), Decimal(8), Decimal(8)]
    assert dataset.indicators.groupby("project_no").size().tolist() == [3, 3, 3]
    cells = dataset.cells[(dataset.cells["role"] == "project") & (dataset.cells["field"] == "project_name")]
    assert cells["project_no"].tolist() == [1, 1, 1, 2, 2, 2, 3, 3, 3]


HEAD = [["项目名称", ("运河水草清理", 1, 4)], ["实施单位", ("市河道管理处", 1, 4)], ["项目资金（万元）", ("90", 1, 4)]]


def test_the_whole_aim_beside_this_years_is_of_several_years(built):
    def block(side: str, target: str) -> list:
        return [
            [(side, 3), "一级指标", "二级指标", "指标内容", "指标值"],
            ["产出指标", "数量指标", "清理河道长度", target],
            ["满意度指标", "服务对象满意度指标", "居民满意度", "≥90%"],
        ]

    goals = [["总目标", ("三年清理450公里。", 1, 4)], ["本年度目标", ("清理150公里。", 1, 4)]]
    blocks = block("总目标绩效指标", "450公里") + block("本年度绩效指标", "150公里")
    dataset = built("项目支出绩效目标申报表（2024年度）", HEAD + goals + blocks)
    assert [row[4] for row in targets(dataset)] == ["150", "90"]
    assert dataset.projects["objective"].item() == "清理150公里。"
    alone = built("项目支出绩效目标申报表（2024年度）", HEAD + goals[:1] + block("总目标绩效指标", "450公里"))
    assert [row[4] for row in targets(alone)] == ["450", "90"], "alone it is all there is"


def test_half_a_years_target_is_not_the_years(built):
    heads = ["一级指标", "二级指标", "三级指标", "半年（程）目标值", "全年（程）目标值"]
    rows = [
        ["产出指标", "数量指标", "清理河道长度", "≥70公里", "≥150公里"],
        ["满意度指标", "服务对象满意度指标", "居民满意度", "≥85%", "≥90%"],
    ]
    dataset = built("项目支出绩效目标申报表（2024年度）", [*HEAD, ["年度目标", ("清理水草。", 1, 4)], heads, *rows])
    assert [row[4] for row in targets(dataset)] == ["150", "90"]


def test_a_years_goal_as_head_of_the_targets(built):
    heads = ["一级指标", "二级指标", "三级指标", ("年度目标", 1, 2)]
    rows = [
        ["产出指标", "数量指标", "清理河道长度", ("≥150公里", 1, 2)],
        ["效益指标", "生态效益指标", "水质", ("改善", 1, 2)],
    ]
    dataset = built("项目支出绩效目标申报表（2024年度）", [*HEAD, ["总体目标", ("清理水草。", 1, 4)], heads, *rows])
    assert [row[4:] for row in targets(dataset)] == [("150", "公里"), ("改善", None)]
    assert dataset.projects["objective"].item() == "清理水草。"


def test_levels_under_a_head_that_elsewhere_says_more(built):
    heads = ["序号", "预算单位", "项目名称", "预算金额", "年度绩效目标", "指标类型", "指标名称", "指标值", "权重"]
    rows = [
        [
            ("1", 2),
            ("县图书馆", 2),
            ("流动书车", 2),
            ("15", 2),
            ("服务60次。", 2),
            "数量指标",
            "服务次数",
            "≥60次",
            "60",
        ],
        ["服务对象满意度指标", "读者满意度", "≥95%", "40"],
    ]
    dataset = built("2024年项目支出绩效目标表", [heads, *rows], "单位：万元")
    assert [row[:2] for row in targets(dataset)] == [
        ("产出指标", "数量指标"),
        ("满意度指标", "服务对象满意度指标"),
    ]


def test_amounts_under_years_are_each_years_own(built):
    head = [
        [("项目名称", 1, 2), ("粮库升级", 1, 3)],
        [("实施单位", 1, 2), ("县粮食储备中心", 1, 3)],
        [("项目资金（万元）", 3), "资金来源", "2023年", "2024年", "2025年"],
        ["合计", "40", "65", "70"],
        ["财政拨款", "40", "65", "70"],
        [("年度绩效目标", 1, 2), ("升级仓房6座。", 1, 3)],
    ]
    rows = [
        ["一级指标", "二级指标", "三级指标", ("指标值", 1, 2)],
        ["产出指标", "数量指标", "升级仓房数", ("6座", 1, 2)],
        ["满意度指标", "服务对象满意度指标", "职工满意度", ("≥90%", 1, 2)],
    ]
    dataset = built("项目支出绩效目标申报表（2024年度）", head + rows)
    assert dataset.projects["budget_wan_yuan"].item() == Decimal(65)
    assert dataset.documents["status"].item() == "reconciled"
    undated = built("项目支出绩效目标申报表", head + rows)
    assert undated.documents["status"].item() == "open", "no year says which amount is meant"
