"""Layouts in which what belongs together stands apart: levels side by side, units over their projects, labelled lines."""

from decimal import Decimal

import pytest
from test_forms import failed, status
from test_layouts import built  # noqa: F401 (a fixture)

TITLE = "项目支出绩效目标表（2024年度）"
GOAL = "保障机关正常运转。"
LEVELS = {"成本指标": [("物业成本", "≤36万元")], "产出指标": [("服务面积", "≥860平方米"), ("达标率", "≥98%")]}


def side_by_side(*projects) -> list:
    """Levels 1 side by side over names and targets, and the unit in a row over its projects."""
    heads = [("单位编码（项目编码）", 2), ("单位（项目名称）", 2), ("项目金额（万元）", 2), ("绩效目标", 2)]
    rows = [[*heads, *((level, 1, 2) for level in LEVELS)], ["三级指标", "指标值"] * len(LEVELS)]
    rows.append(["036001", "豫中县机关事务中心", "88", "", *[""] * 4])
    for name, amount in projects:
        own = [(f"41012324000000000{len(rows)}A", 2), (name, 2), (amount, 2), (GOAL, 2)]
        cells = [[t for v in LEVELS.values() for t in (v[k] if k < len(v) else ("", ""))] for k in range(2)]
        rows += [[*own, *cells[0]], cells[1]]
    return rows


def test_levels_side_by_side_are_read_below_each_other(built):  # noqa: F811
    dataset = built(TITLE, side_by_side(("物业服务", "36"), ("系统运维", "52")))
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.projects["budget_wan_yuan"].tolist() == [Decimal(36), Decimal(52)]
    assert set(zip(dataset.projects["unit_code"], dataset.projects["unit_name"], strict=True)) == {
        ("036001", "豫中县机关事务中心")
    }
    first = dataset.indicators[dataset.indicators["project_no"] == 1]
    assert first[["level1", "name", "target_text"]].values.tolist() == [
        ["成本指标", "物业成本", "36"],
        ["产出指标", "服务面积", "860"],
        ["产出指标", "达标率", "98"],
    ]
    assert first["level2"].isna().all()
    printed = dataset.cells[dataset.cells["text"].isin(first["name"])].drop_duplicates("text").set_index("text")["row"]
    assert first["row"].tolist() == printed[first["name"]].tolist(), "the row of the print, not of the stack"


def test_a_unit_row_whose_amount_its_projects_do_not_make_up_is_said(built):  # noqa: F811
    assert "subtotal" in failed(built(TITLE, side_by_side(("物业服务", "36"), ("系统运维", "51"))))


FLAT = [["项目名称", "预算数（万元）", "绩效目标", "指标类别", "指标名称", "目标值"]]


@pytest.mark.parametrize("sign", ["-", "/", "—"])
def test_both_levels_in_one_cell(built, sign):  # noqa: F811
    levels = [f"产出指标{sign}数量指标", f"效益指标{sign}社会效益指标", f"满意度指标{sign}服务对象满意度指标"]
    rows = [["村道硬化", "65", GOAL, level, f"名称{n}", f"≥{n}个"] for n, level in enumerate(levels, 1)]
    dataset = built(TITLE, FLAT + rows)
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.indicators["level1"].tolist() == ["产出指标", "效益指标", "满意度指标"]
    assert dataset.indicators["level2"].tolist()[:2] == ["数量指标", "社会效益指标"]


def test_signs_under_a_head_that_is_known_for_something_else(built):  # noqa: F811
    heads = ["项目名称", "预算数（万元）", "绩效目标", "一级指标", "二级指标", "三级指标", "指标属性", "指标值"]
    rows = [
        ["村道硬化", "65", GOAL, "产出指标", "数量指标", "里程", "≥", "2"],
        ["村道硬化", "65", GOAL, "产出指标", "质量指标", "合格率", "=", "100"],
        ["村道硬化", "65", GOAL, "效益指标", "社会效益指标", "受益人口", "≥", "200"],
    ]
    assert built(TITLE, [heads, *rows]).indicators["comparator"].tolist() == ["≥", "=", "≥"]
    kinds = [[*row[:6], kind, f"≥{row[7]}"] for row, kind in zip(rows, ("定量", "定性", "定性"), strict=True)]
    assert built(TITLE, [heads, *kinds]).indicators["comparator"].tolist() == ["≥", "≥", "≥"]


TABLE = [
    ["一级指标", "二级指标", "三级指标", "指标值"],
    ["产出指标", "数量指标", "演出场次", "≥48场"],
    ["满意度指标", "服务对象满意度指标", "观众满意度", "≥90%"],
]
LINES = "项目名称：惠民演出</p><p>主管部门：海州县文旅局 实施单位：海州县文化馆</p><p>年度资金总额：38.4万元 其中：财政拨款38.4万元</p>"


def test_a_forms_head_of_labelled_lines(built):  # noqa: F811
    dataset = built(TITLE, TABLE, f"{LINES}<p>年度总体目标：全年演出48场，丰富群众生活。")
    assert status(dataset) == "reconciled", failed(dataset)
    project = dataset.projects.iloc[0]
    assert (project["project_name"], project["unit_name"]) == ("惠民演出", "海州县文化馆")
    assert project["budget_wan_yuan"] == Decimal("38.4")
    assert project["objective"] == "全年演出48场，丰富群众生活。"


HEAD = [
    ["项目名称", ("学校扩建", 1, 5)],
    ["实施单位", ("建设中心", 1, 5)],
    ["年度资金总额（万元）", ("86", 1, 5)],
    ["年度目标", (GOAL, 1, 5)],
]


def test_targets_of_other_years_under_one_head_are_kept_apart(built):  # noqa: F811
    heads = [[("一级指标", 2), ("二级指标", 2), ("三级指标", 2), ("指标值", 1, 3)], ["2023年", "2024年", "2025年"]]
    dataset = built(TITLE, [*HEAD, *heads, ["产出指标", "数量指标", "新增学位", "≥100个", "≥180个", "≥240个"]])
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.indicators["target_text"].tolist() == ["180"]
    assert dataset.period_indicators["target"].tolist() == ["≥100个", "≥240个"]


def test_sign_value_and_unit_under_one_head_with_words_for_a_value(built):  # noqa: F811
    target = ("年度指标值", 1, 3)
    heads = [[("一级指标", 2), ("二级指标", 2), ("三级指标", 2), target], ["符号", "值", "单位（文字描述）"]]
    rows = [
        ["产出指标", "数量指标", "新增学位", "≥", "180", "个"],
        ["效益指标", "社会效益指标", "入学便利", "", "", "明显改善"],
    ]
    dataset = built(TITLE, [*HEAD, *heads, *rows])
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.indicators[["target_text", "measure_unit"]].fillna("").values.tolist() == [
        ["180", "个"],
        ["明显改善", ""],
    ]
    assert set(dataset.repairs["rule"]) >= {"target_by_content"}


def test_a_goal_in_rows_beside_its_label(built):  # noqa: F811
    goal = [[("年度总体目标", 3), "目标1", "修缮6处；"], ["目标2", "建立巡查机制；"], ["目标3", "提升水平。"]]
    head = [["项目名称", ("文物修缮", 1, 2)], ["实施单位", ("文物所", 1, 2)], ["年度资金总额（万元）", ("26.5", 1, 2)]]
    dataset = built(TITLE, [*head, *goal, *TABLE])
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.projects["objective"].item() == "目标1修缮6处；目标2建立巡查机制；目标3提升水平。"


def test_heads_of_project_columns_by_their_meaning(built):  # noqa: F811
    heads = [
        "项目名称",
        "全年预算数（万元）",
        "1-9月执行数",
        "整体绩效目标",
        "一级指标",
        "二级指标",
        "三级指标",
        "年度指标值",
    ]
    rows = [["农产品检测", "45", "30.6", GOAL, "产出指标", "数量指标", "抽检批次", "≥600批次"]]
    dataset = built(TITLE, [heads, *rows])
    assert status(dataset) == "reconciled", failed(dataset)
    project = dataset.projects.iloc[0]
    assert (project["executed_wan_yuan"], project["objective"]) == (Decimal("30.6"), GOAL)


def test_points_and_score_of_execution_in_one_label(built):  # noqa: F811
    label = [["执行率得分（10分）", ("9.8", 1, 5)]]
    heads = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "得分"]
    rows = [["产出指标", "数量指标", "服务人次", "≥12万人次", "12.4万人次", "25"]]
    project = built("项目支出绩效自评表（2024年度）", [*HEAD, *label, heads, *rows]).projects.iloc[0]
    assert (project["execution_weight"], project["execution_score"]) == (Decimal(10), Decimal("9.8"))


def test_points_of_an_execution_row_in_the_levels_column_are_of_no_level(built):  # noqa: F811
    heads = ["项目名称", "预算数（万元）", "绩效目标", "一级指标", "二级指标", "三级指标", "指标值", "分值"]
    rows = [heads]
    for number in range(1, 5):
        own = [(f"项目{number}", 4), (f"{number}0", 4), (f"完成项目{number}。", 4)]
        rows += [
            [*own, "产出指标", "数量指标", f"数量{number}", "≥5个", "50"],
            ["效益指标", "社会效益指标", f"受益{number}", "≥5人", "30"],
            ["满意度指标", "服务对象满意度指标", f"满意{number}", "≥90%", "10"],
            [("预算执行率", 1, 3), "100%", "10"],
        ]
    dataset = built(TITLE, rows)
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.projects["execution_weight"].tolist() == [Decimal(10)] * 4


def test_two_divisions_of_one_amount_in_columns(built):  # noqa: F811
    own = ["项目名称", "资金总额（万元）", "一般公共预算", "其他资金", "基本支出", "项目支出", "绩效目标"]
    heads = [*own, "一级指标", "二级指标", "三级指标", "指标值"]
    row = ["村道硬化", "65", "60", "5", "15", "50", GOAL, "产出指标", "数量指标", "里程", "≥2公里"]
    assert status(built(TITLE, [heads, row])) == "reconciled"
    assert "parts" in failed(built(TITLE, [heads, [*row[:2], "66", *row[3:]]]))


@pytest.mark.parametrize(
    ("groups", "levels"),
    [
        (["定量指标", "定性指标"], [None] * 3),  # of what kind targets are is no level
        (["核心指标", "一般指标"], [None] * 3),
        (["产出", "效益"], ["产出指标", "产出指标", "效益指标"]),
        (["路网建设", "道路养护"], ["路网建设", "路网建设", "道路养护"]),
    ],
)
def test_groups_of_names_are_a_level_unless_they_are_kinds_of_targets(built, groups, levels):  # noqa: F811
    heads = ["项目名称", "预算数（万元）", "绩效目标", "指标类型", "指标名称", "指标值"]
    own = [(text, 3) for text in ("村道硬化", "65", GOAL)]
    rows = [[*own, (groups[0], 2), "硬化里程", "≥2公里"], ["验收合格率", "≥95%"], [groups[1], "受益人口", "≥200人"]]
    dataset = built(TITLE, [heads, *rows])
    assert [None if level != level else level for level in dataset.indicators["level1"]] == levels


def test_a_column_of_kinds_that_holds_levels_on_each_row_is_no_category(built):  # noqa: F811
    heads = ["项目名称", "预算数（万元）", "绩效目标", "类别", "指标名称", "指标值"]
    rows = []
    for name in ("村道硬化", "桥梁维修"):
        rows += [[(name, 2), ("65", 2), (GOAL, 2), "产出", "完成数量", "≥2处"], ["效益", "受益人口", "≥200人"]]
    dataset = built(TITLE, [heads, *rows])
    assert dataset.indicators["level1"].tolist() == ["产出指标", "效益指标"] * 2
    assert dataset.projects["category_name"].isna().all()
