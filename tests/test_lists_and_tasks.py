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
        ("总投资 以前年度已安排 2024年安排", "165 100 65", (65, 165, None)),
        ("总投资 已下达资金 本次安排", "165 100 65", (65, None, None)),
        ("2024年安排 2024年支出", "65 60", (65, None, 60)),
        ("年初预算 调整后预算 支出数", "70 65 60", (65, None, 60)),
        ("申报数 批复数", "70 65", (65, None, None)),
        ("申请资金 安排资金", "70 65", (65, None, None)),
        ("2023年 2024年", "60 65", (65, None, None)),
        ("项目总投资 2024年预算数", "165 65", (65, 165, None)),
        ("申报数 审核数", "70 65", (65, None, None)),
        ("三年总额 2024年 2025年 2026年", "210 65 70 75", (65, 210, None)),
        ("项目总额 其中：当年", "165 65", (65, 165, None)),
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


def test_a_table_of_goals_over_the_years_and_of_the_year_with_the_years_goal_between(built):  # noqa: F811
    heads = ["一级指标", "二级指标", "三级指标", "指标值", "绩效标准"]
    rows = [["项目名称", ("泵站改造", 1, 4)], ["当年预算（万元）", ("48", 1, 4)], ["项目长期绩效目标", ("五年改造12座。", 1, 4)],
            [("长期绩效目标表", 1, 5)], heads, ["产出指标", "数量指标", "改造泵站", "≥12座", "行业标准"],
            ["项目年度绩效目标", ("改造4座。", 1, 4)], [("年度绩效目标表", 1, 5)], heads,
            ["产出指标", "数量指标", "改造泵站", "≥4座", "计划标准"], ["效益指标", "社会效益指标", "受益人口", "≥9人", "计划标准"]]  # fmt: skip
    dataset = built("2023年部门预算项目申报表（含绩效目标）", rows)
    project = dataset.projects.iloc[0]
    assert (project["objective"], project["period_objective"]) == ("改造4座。", "五年改造12座。")
    assert dataset.indicators["target_text"].tolist() == ["4", "9"] and status(dataset) == "reconciled", failed(dataset)
    assert "行业标准" in dataset.notes["text"].tolist()


@pytest.mark.parametrize(("later", "state"), [("", "reconciled"), ("提高。", "reconciled")])
def test_a_goals_label_as_wide_as_the_table_over_its_heads_is_a_title(built, later, state):  # noqa: F811
    rows = [["项目名称", ("农家书屋", 1, 4)], ["资金总额（万元）", ("15", 1, 4)], ["项目总体绩效目标", ("提升服务。", 1, 4)],
            [("项目年度绩效目标（定量目标）", 1, 5)], HEADS, *ROWS]  # fmt: skip
    if later:
        rows[3:4] = [["项目年度绩效目标", (later, 1, 4)]]
    dataset = built("财政支出项目绩效目标申报表（2022年度）", rows)
    assert dataset.projects["objective"].item() == (later or "提升服务。")
    assert status(dataset) == state, failed(dataset)


@pytest.mark.parametrize(("adjusted", "targets"), [(["", ""], ["8", "200"]), (["9", "300"], ["9", "300"])])
def test_targets_of_the_beginning_where_none_was_adjusted(built, adjusted, targets):  # noqa: F811
    heads = ["一级指标", "二级指标", "三级指标", "指标性质", "年初指标值", "调整指标值", "完成值", "分值", "得分"]
    rows = [["产出指标", "数量指标", "改造数量", "≥", "8", adjusted[0], "9", "60", "60"],
            ["效益指标", "社会效益指标", "受益人口", "≥", "200", adjusted[1], "300", "30", "30"],
            ["说明", ("无", 1, 8)]]  # fmt: skip
    head = [["项目名称", ("农家书屋", 1, 8)], ["资金总额（万元）", ("15", 1, 8)], ["年度目标", ("提升服务。", 1, 8)]]
    dataset = built("2022年项目支出绩效自评表", [*head, heads, *rows])
    assert dataset.indicators["target_text"].tolist() == targets


def test_sources_that_are_numbered_behind_what_they_are_are_labels(built):  # noqa: F811
    money = [[("预算情况", 3), ("部门预算总额（万元）", 1, 2), "1523.86"], [("1、资金来源：（1）政府预算资金", 1, 2), "1473.86"],
             [("（2）单位资金", 1, 2), "50"]]  # fmt: skip
    rows = [["部门（单位）名称", ("县民政局", 1, 3)], ["年度履职目标", ("做好各项工作。", 1, 3)], *money, *TABLE]
    dataset = built("部门（单位）整体绩效目标表（2022年度）", rows)
    assert dataset.projects["budget_wan_yuan"].item() == Decimal("1523.86") and status(dataset) == "reconciled", failed(
        dataset
    )


def test_a_list_of_work_with_what_was_spent_and_its_points_gives_its_total(built):  # noqa: F811
    heads = [("年度主要任务", 4), "任务名称", "全年预算数（万元）", "全年执行数（万元）", "分值", "执行率", "得分"]
    rows = [["部门名称", ("县公路局", 1, 6)], heads, ["道路养护", "1000", "950", "—", "95%", "—"],
            ["路灯维修", "300", "285", "—", "95%", "—"], ["金额合计", "1300", "1235", "10", "95%", "9.5"],
            ["年度总体目标", ("做好各项工作。", 1, 6)]]  # fmt: skip
    indicators = [[*row[:3], (row[3], 1, 4)] for row in TABLE]
    dataset = built("部门整体支出绩效自评表（2024年度）", [*rows, *indicators])
    project = dataset.projects.iloc[0]
    assert (project["budget_wan_yuan"], project["executed_wan_yuan"], project["execution_score"]) == (
        1300,
        1235,
        Decimal("9.5"),
    )
