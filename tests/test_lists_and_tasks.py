"""Lists as programs export them and whole units publish them: what is printed once, summed beside, or told by a task."""

from decimal import Decimal

import pytest
from test_forms import TABLE, failed, status
from test_layouts import built  # noqa: F401 (a fixture)

import budgetperf

TITLE = "2024年项目支出绩效目标表"
HEADS = ["一级指标", "二级指标", "三级指标", "指标值", "分值"]
ROWS = [["产出指标", "数量指标", "改造数量", "≥8个", "60"], ["效益指标", "社会效益指标", "受益人口", "≥200人", "30"]]


@pytest.mark.parametrize(("again", "projects"), [("", 2), ("9", 3)])
def test_rows_that_print_the_code_again_and_nothing_else_go_on_with_its_project(built, again, projects):  # noqa: F811
    heads = ["项目编码", "项目名称", "预算数（万元）", "绩效目标", *HEADS]
    rows = [
        ["41132325P000000510021", "道路养护", "12", "养护道路。", *ROWS[0]],
        ["41132325P000000510021", "", again, "", *ROWS[1]],
        ["41132325P000000510034", "路灯维修", "8", "维修路灯。", *ROWS[0]],
        ["41132325P000000510034", "", "", "", *ROWS[1]],
    ]
    dataset = built(TITLE, [heads, *rows])
    assert len(dataset.projects) == projects
    assert (status(dataset) == "reconciled") is (projects == 2), failed(dataset)


@pytest.mark.parametrize("spent", ["15", "16"])
def test_points_of_the_execution_and_sums_of_what_was_spent_in_a_list(built, spent):  # noqa: F811
    heads = ["单位名称", "项目名称", "全年预算数（万元）", "全年执行数（万元）", "执行率", "执行分值", "执行得分", "年度目标",
             *HEADS[:-1], "完成值", "分值", "得分", "偏差原因"]  # fmt: skip
    made = [[*row[:-1], row[3].strip("≥"), row[-1], row[-1], ""] for row in ROWS]
    rows = [heads]
    for name, budget, executed, score in (("道路养护", "10", "9", "9"), ("路灯维修", "6", "6", "10")):
        unit = [("县公路局", 4)] if name == "道路养护" else []
        rate = f"{100 * int(executed) // int(budget)}%"
        texts = (name, budget, executed, rate, "10", score, f"完成{name}。")
        rows += [[*unit, *((text, 2) for text in texts), *made[0]], made[1]]
    rows += [[("小计", 1, 2), "16", spent, *[""] * 12], [("总计", 1, 2), "16", spent, *[""] * 12]]
    dataset = built("2024年项目支出绩效自评表", rows)
    assert dataset.projects["execution_weight"].tolist() == [10, 10]
    assert dataset.projects["execution_score"].tolist() == [9, 10]
    assert (status(dataset) == "reconciled") is (spent == "15"), failed(dataset)


def _tabbed(*moved: int) -> str:
    """Two projects with sums of their points; in the rows `moved` the first blank cell is lost."""
    heads = [
        "单位编码",
        "单位名称",
        "项目名称",
        "项目金额（万元）",
        "年度目标",
        *HEADS[:3],
        "指标性质",
        "指标值",
        "度量单位",
        "权重",
    ]
    lines = [[TITLE], heads]
    for name, amount in (("道路养护", "12"), ("路灯维修", "8")):
        lines += [
            [
                "213001",
                "县公路局",
                name,
                amount,
                f"完成{name}。",
                "产出指标",
                "数量指标",
                f"{name}数",
                "≥",
                "8",
                "处",
                "60",
            ],
            [*[""] * 5, "效益指标", "社会效益指标", "受益人口", "≥", "200", "人", "30"],
            [*[""] * 5, *["预算执行率"] * 3, "≥", "95", "%", "10"],
            [*[""] * 5, "权重小计", *[""] * 5, "100"],
        ]
    lines += [["合计", "", "", "20", *[""] * 8]]
    return "\n".join("\t".join(line[1:] if place in moved else line) for place, line in enumerate(lines))


@pytest.mark.parametrize(("moved", "stands"), [((), True), ((3,), False)])
def test_a_text_whose_cells_all_stand_under_their_heads_is_read_by_these(tmp_path, moved, stands):
    path = tmp_path / "list.txt"
    path.write_text(_tabbed(*moved), encoding="utf-8")
    dataset = budgetperf.build([path])
    assert (status(dataset) == "reconciled") is stands, failed(dataset)
    if stands:
        assert dataset.projects["unit_code"].tolist() == ["213001"] * 2
        assert dataset.indicators["name"].tolist() == ["道路养护数", "受益人口", "路灯维修数", "受益人口"]


def test_targets_under_the_name_of_the_place_with_strokes_for_no_sign(built):  # noqa: F811
    heads = ["一级指标", "二级指标", "三级指标", "指标方向", "东石镇"]
    rows = [["产出指标", "数量指标", "修复处数", "≥", "2"], ["产出指标", "质量指标", "完工率", "≥", "100%"],
            ["效益指标", "社会效益指标", "是否影响防洪", "/", "否"], ["满意度指标", "服务对象满意度指标", "满意度", "≥", "90%"]]  # fmt: skip
    head = [["项目名称", ("水毁修复", 1, 4)], ["主管部门（单位）名称", ("县水利局", 1, 4)],
            ["资金总额（万元）", ("45", 1, 4)], ["总体目标", ("修复护岸。", 1, 4)]]  # fmt: skip
    dataset = built(TITLE, [*head, heads, *rows])
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.indicators["target_text"].tolist() == ["2", "100", "否", "90"]
    assert dataset.indicators["comparator"].tolist() == ["≥", "≥", "定性", "≥"]
    assert dataset.projects["unit_name"].item() == "县水利局"


@pytest.mark.parametrize("grouped", [True, False])
@pytest.mark.parametrize(("total", "expected"), [("1300", Decimal(1300)), ("1301", None)])
def test_a_list_of_a_units_work_with_its_projects_gives_its_total(built, grouped, total, expected):  # noqa: F811
    heads = ["任务名称", "对应项目", "预算金额（万元）"]
    works = [["道路养护", "养护经费", "1000"], ["路灯维修", "维修经费", "300"], [("合计", 1, 2), total]]
    if grouped:
        rows = [[("年度主要任务", 4), *heads], *works]
    else:
        wide = [("一、年度重点工作任务", 1, 4)]
        rows = [wide, [heads[0], (heads[1], 1, 2), heads[2]]]
        rows += [[work[0], (work[1], 1, 2), work[2]] for work in works[:2]] + [[("合计", 1, 3), total]]
    goal = [["年度总体目标", ("做好各项工作。", 1, 3)]]
    dataset = built("部门整体支出绩效目标表（2024年度）", [["部门名称", ("县公路局", 1, 3)], *goal, *rows, *TABLE])
    budget = dataset.projects["budget_wan_yuan"].item()
    assert dataset.projects["project_name"].isna().all()
    assert dataset.projects["objective"].item() == "做好各项工作。"
    assert (budget == expected and status(dataset) == "reconciled") if expected else status(dataset) == "open"


def test_a_part_of_the_money_with_its_amount_in_one_cell(built):  # noqa: F811
    money = [["年度预算收入（万元）", "收入总额", "4108.52", "其他收入248.52"]]
    rows = [["部门名称", ("县检测中心", 1, 3)], *money, ["年度总体目标", ("做好检测。", 1, 3)], *TABLE]
    dataset = built("部门整体支出绩效目标表（2024年度）", rows)
    assert dataset.projects["budget_wan_yuan"].item() == Decimal("4108.52")
    assert dataset.notes["text"].tolist() == ["248.52"] and status(dataset) == "reconciled", failed(dataset)


@pytest.mark.parametrize(
    ("heads", "amounts", "read"),
    [
        ("总投资 以前年度已安排 2024年安排", "165 100 65", (65, None, None)),
        ("总投资 已下达资金 本次安排", "165 100 65", (65, None, None)),
        ("2024年安排 2024年支出", "65 60", (65, None, 60)),
        ("年初预算 调整后预算 支出数", "70 65 60", (65, None, 60)),
        ("申报数 批复数", "70 65", (65, None, None)),
        ("申请资金 安排资金", "70 65", (65, None, None)),
        ("2023年 2024年", "60 65", (65, None, None)),
        ("三年总额 2024年 2025年 2026年", "210 65 70 75", (65, 210, None)),
        ("项目总额 其中：当年", "165 65", (65, None, None)),
        ("安排金额 到位金额 使用金额", "65 65 60", (65, None, 60)),
        ("预算金额 支付金额", "65 60", (65, None, 60)),
    ],
)
def test_a_lists_columns_of_money_by_the_words_beside_each_other(built, heads, amounts, read):  # noqa: F811
    first = [("道路养护", 2), *((text, 2) for text in amounts.split()), ("养护道路。", 2)]
    other = [("路灯维修", 2), *((f"{int(text) + 1}", 2) for text in amounts.split()), ("维修路灯。", 2)]
    rows = [["项目名称", *heads.split(), "绩效目标", *HEADS], [*first, *ROWS[0]], ROWS[1], [*other, *ROWS[0]], ROWS[1]]
    dataset = built(TITLE, rows, "单位：万元")
    for column, amount in zip(("budget_wan_yuan", "period_budget_wan_yuan", "executed_wan_yuan"), read, strict=True):
        values = dataset.projects[column].tolist()
        assert values == [amount, amount + 1] if amount else dataset.projects[column].isna().all(), (column, values)
    assert status(dataset) == "reconciled", failed(dataset)
