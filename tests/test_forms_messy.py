"""Forms as they are filled in: goals in rows, two indicators in a cell, blank forms, another unit of money in each form, sums of
points below, money by sources and years, projects and their indicators in two tables."""

from decimal import Decimal

import pytest
from test_forms import GOAL, MONEY, NAME, TABLE, TITLE, UNIT, failed, status
from test_layouts import built, page  # noqa: F401 (a fixture)
from test_said_by_heads import read

from budgetperf.pipeline import build_document

POINTED = [
    ["一级指标", "二级指标", "三级指标", "指标值", "分值"], ["产出指标", "数量指标", "硬化里程", "≥2公里", "50"],
    ["效益指标", "社会效益指标", "受益人口", "≥200人", "30"], ["满意度指标", "服务对象满意度指标", "群众满意度", "≥95%", "10"],
]  # fmt: skip


def pages(tmp_path, *forms: tuple):
    """Forms one below the other on a page: title, rows and the caption between them."""
    path = tmp_path / "document.html"
    parts = [
        page(title, rows, caption).removeprefix("<html><meta charset=utf-8>").removesuffix("</html>")
        for title, rows, caption in forms
    ]
    path.write_text("<html><meta charset=utf-8>" + "".join(parts) + "</html>", encoding="utf-8")
    return build_document(path)


@pytest.mark.parametrize("columns", [["年度目标"], ["实施期目标", "年度目标"]])
def test_goals_in_rows_below_their_label(built, columns):  # noqa: F811
    width = 3 // len(columns)
    rows = [[(f"{head}{n}：硬化村道{n}公里。", 1, width) for head in columns] for n in (1, 2, 3)]
    goals = [[("总体目标", 4, 1), *((head, 1, width) for head in columns)], *rows]
    dataset = built(TITLE, [NAME, UNIT, MONEY, *goals, *TABLE])
    objective = dataset.projects["objective"].item()
    assert objective == "".join(f"年度目标{n}：硬化村道{n}公里。" for n in (1, 2, 3))
    if len(columns) > 1:
        assert dataset.projects["period_objective"].item().count("实施期目标") == 3
    assert status(dataset) == "reconciled", failed(dataset)


def test_numbered_indicators_in_one_cell_are_a_row_each(built):  # noqa: F811
    own = [TABLE[0], ["产出指标", "数量指标", "指标1：硬化里程<br>指标2：新建桥梁", "≥2公里<br>=3座"], *TABLE[2:]]
    dataset = built(TITLE, [NAME, UNIT, MONEY, GOAL, *own])
    assert read(dataset, "level2", "name", "comparator", "target_text", "measure_unit")[:2] == [
        ["数量指标", "指标1：硬化里程", "≥", "2", "公里"], ["数量指标", "指标2：新建桥梁", "=", "3", "座"],
    ]  # fmt: skip
    assert status(dataset) == "reconciled", failed(dataset)
    own[1] = ["产出指标", "数量指标", "硬化里程<br>新建桥梁", "≥2公里<br>=3座"]  # nothing says that these are two
    assert status(built(TITLE, [NAME, UNIT, MONEY, GOAL, *own])) == "open"


def test_sentences_beside_numbered_indicators_are_not_cut(built):  # noqa: F811
    heads = [*TABLE[0], "备注"]
    own = ["产出指标", "数量指标", "指标1：硬化里程<br>指标2：新建桥梁", "≥2公里<br>=3座", "按合同约定<br>执行"]
    wide = [[label, (text, 1, 4)] for label, (text, *_) in (NAME, UNIT, MONEY, GOAL)]
    assert status(built(TITLE, [*wide, heads, own, *([*row, ""] for row in TABLE[2:])])) == "open"


def test_a_goal_alone_in_its_row_is_no_caption_of_years(built):  # noqa: F811
    goals = [[("总体目标", 4, 1), ("中期目标", 1, 2), "年度目标"], [("目标1：三年建成", 1, 2), "目标1：本年建成"],
             [("目标2：三年维护", 1, 2), "目标2：本年维护"], [("目标3：三年满意", 1, 2), ""]]  # fmt: skip
    dataset = built(TITLE, [NAME, UNIT, MONEY, *goals, *TABLE])
    assert dataset.projects["objective"].tolist() == ["目标1：本年建成目标2：本年维护"] and len(dataset.indicators) == 3


def test_a_sum_of_points_below_is_no_budget(built):  # noqa: F811
    dataset = built(TITLE, [NAME, UNIT, GOAL, *POINTED, [("合计", 1, 4), "90"]])
    assert dataset.projects["budget_wan_yuan"].isna().all()


def test_each_form_has_the_unit_of_money_above_it(tmp_path):
    def form(name: str, amount: str, unit: str) -> tuple:
        return (
            "项目支出绩效目标表",
            [["项目名称", (name, 1, 3)], UNIT, ["资金总额", (amount, 1, 3)], GOAL, *TABLE],
            f"金额单位：{unit}",
        )

    dataset = pages(tmp_path, form("课后服务", "846000", "元"), form("跑道改造", "120", "万元"))
    assert dataset.projects["budget_wan_yuan"].tolist() == [Decimal("84.6"), Decimal(120)]
    assert status(dataset) == "reconciled", failed(dataset)
    bare = "项目支出绩效目标表", form("校园绿化", "5000", "")[1], ""
    dataset = pages(tmp_path, form("课后服务", "846000", "元"), form("跑道改造", "120", "万元"), bare)
    assert "前面各表的单位不同" in failed(dataset)


def test_the_unit_of_money_over_a_form_within_the_same_table(built):  # noqa: F811
    def form(name: str, amount: str) -> list:
        return [["项目名称", (name, 1, 3)], UNIT, ["资金总额", (amount, 1, 3)], GOAL, *TABLE]

    between = [[("金额单位：万元", 1, 4)], [("项目支出绩效目标表", 1, 4)]]
    dataset = built(
        "项目支出绩效目标表", [*form("课后服务", "846000"), *between, *form("跑道改造", "120")], "金额单位：元"
    )
    assert dataset.projects["budget_wan_yuan"].tolist() == [Decimal("84.6"), Decimal(120)]


def test_the_code_of_a_school(built):  # noqa: F811
    unit = ["实施单位", "云岭乡小学", "学校代码", "3142000156"]
    dataset = built(TITLE, [NAME, unit, MONEY, GOAL, *TABLE])
    assert dataset.projects[["unit_code", "unit_name"]].values.tolist() == [["3142000156", "云岭乡小学"]]


FLAT = ["业务科室", "项目名称", "预算数（万元）", "绩效目标", "一级指标", "二级指标", "三级指标", "指标值"]


@pytest.mark.parametrize(("sum_of_first", "wanted"), [("36", "reconciled"), ("37", "open")])
def test_sums_of_offices_between_the_rows(built, sum_of_first, wanted):  # noqa: F811
    rows = [["农业科", "道路养护", "36", "养护道路。", "产出指标", "数量指标", "养护里程", "≥2公里"], ["农业科 小计", "", sum_of_first, *[""] * 5],
            ["经建科", "桥梁维修", "12", "维修桥梁。", "产出指标", "数量指标", "维修座数", "≥3座"], ["经建科 小计", "", "12", *[""] * 5],
            ["总计", "", "48", *[""] * 5]]  # fmt: skip
    dataset = built("2024年项目支出绩效目标表", [FLAT, *rows])
    assert dataset.projects["project_name"].tolist() == ["道路养护", "桥梁维修"]
    assert status(dataset) == wanted, failed(dataset)


def test_points_of_the_execution_rate_above_a_line_of_scores(built):  # noqa: F811
    heads = [
        [
            "项目名称",
            "全年预算数（万元）",
            "全年执行数（万元）",
            "执行率",
            "分值",
            "得分",
            "一级指标",
            "二级指标",
            "三级指标",
            "指标值",
            "实际完成值",
            "分值",
            "得分",
        ]
    ]
    rows = []
    for name, rate, score in (("档案数字化", "98%", "9.8"), ("库房维护", "100%", "10")):
        paid = "49" if rate == "98%" else "50"
        own = [(text, 2, 1) for text in (name, "50", paid, rate, "10", score)]
        rows += [[*own, "产出指标", "数量指标", "数量", "≥3件", "3件", "60", "60"], ["效益指标", "社会效益指标", "利用率", "≥90%", "95%", "30", "30"],
                 [("项目自评得分", 1, 11), "100", str(Decimal(90) + Decimal(score))]]  # fmt: skip
    dataset = built("2024年度项目支出绩效自评表", heads + rows)
    assert dataset.projects["execution_weight"].astype(str).tolist() == ["10", "10"]
    assert dataset.projects["execution_score"].astype(str).tolist() == ["9.8", "10"]
    assert status(dataset) == "reconciled", failed(dataset)


def test_the_sum_of_sources_across_is_the_budget(built):  # noqa: F811
    heads = [
        [("项目资金来源", 2, 1), "中央（万元）", "省、地（万元）", "本级（万元）", "合计（万元）"],
        ["", "189", "120", "309"],
    ]
    wide = [[label, (text, 1, 4)] for label, (text, *_) in (NAME, UNIT, GOAL)]
    own = [[a, b, (c, 1, 2), d] for a, b, c, d in TABLE]
    assert built(TITLE, [*wide, *heads, *own]).projects["budget_wan_yuan"].tolist() == [Decimal(309)]
    heads = [[("年度部门预算（万元）", 3, 1), "支出性质", "合计", "一般公共预算", "其他资金"], ["人员类", "1342.5", "1342.5", ""],
             ["合计", "2268.7", "2188.7", "80"]]  # fmt: skip
    assert built(TITLE, [*wide, *heads, *own]).projects["budget_wan_yuan"].tolist() == [Decimal("2268.7")]


def test_the_year_of_a_sum_over_several(built):  # noqa: F811
    money = [
        [("中期财政规划（万元）", 4, 1), "年度", "2024年", "2025年"],
        ["财政拨款", "173.5", "182"],
        ["其他资金", "10", "0"],
        ["小计", "183.5", "182"],
    ]
    dataset = built(TITLE, [NAME, UNIT, *money, GOAL, *TABLE])
    assert dataset.projects["budget_wan_yuan"].tolist() == [Decimal("183.5")]


BLANK = [["项目名称", ("", 1, 3)], ["主管部门", "", "实施单位", ""], ["年度资金总额（万元）", ("", 1, 3)], ["年度目标", ("", 1, 3)],
         *([*row[:2], "", ""] if n else row for n, row in enumerate(TABLE))]  # fmt: skip


def test_a_blank_form_is_no_project(tmp_path):
    filled = [NAME, UNIT, MONEY, GOAL, *TABLE]
    dataset = pages(tmp_path, (TITLE, filled, ""), (TITLE, BLANK, ""))
    assert dataset.projects["project_name"].tolist() == ["村道硬化工程"]
    assert status(dataset) == "reconciled", failed(dataset)
    assert any("空白的表" in note for note in dataset.checks["note"])
    money = [*BLANK[:2], ["年度资金总额（万元）", ("65", 1, 3)], *BLANK[3:]]
    dataset = pages(tmp_path, (TITLE, filled, ""), (TITLE, money, ""))
    assert len(dataset.projects) == 2 and status(dataset) == "open"


def test_no_execution_row_where_the_indicators_make_up_the_full_marks(tmp_path):
    def form(name: str, rows: list) -> tuple:
        return (
            TITLE,
            [["项目名称", (name, 1, 4)], *([label, (text, 1, 4)] for label, (text, *_) in (UNIT, MONEY, GOAL)), *rows],
            "",
        )

    row = ["预算执行率", "", "预算执行率", "100%", "10"]
    full = [*POINTED[:3], [*POINTED[3][:4], "20"]]
    dataset = pages(tmp_path, form("甲项目", [*POINTED, row]), form("乙项目", [*POINTED, row]), form("丙项目", full))
    assert "缺少预算执行率" not in failed(dataset)
    dataset = pages(tmp_path, form("甲项目", [*POINTED, row]), form("乙项目", [*POINTED, row]), form("丙项目", POINTED))
    assert "缺少预算执行率" in failed(dataset)


def test_projects_in_one_table_and_their_indicators_in_another(tmp_path):
    heads = ["项目名称", "项目单位", "预算数（万元）", "年度绩效目标"]
    money = [
        heads,
        ["道路养护", "县交通局", "36", "养护道路。"],
        ["桥梁维修", "县交通局", "12", "维修桥梁。"],
        ["合计", "", "48", ""],
    ]
    rows = [["项目名称", *TABLE[0]], ["道路养护", *TABLE[1]], ["桥梁维修", *TABLE[1]]]
    tables = ("附表1  2024年项目支出预算及绩效目标表", money, ""), ("附表2  2024年项目支出绩效指标表", rows, "")
    dataset = pages(tmp_path, *tables)
    assert dataset.projects[["unit_name", "objective"]].values.tolist() == [
        ["县交通局", "养护道路。"],
        ["县交通局", "维修桥梁。"],
    ]
    assert dataset.projects["budget_wan_yuan"].tolist() == [Decimal(36), Decimal(12)]
    assert status(dataset) == "reconciled", failed(dataset)
    assert set(dataset.cells.loc[dataset.cells["text"].eq("养护道路。"), "field"]) == {"objective"}
    counted = [
        ["项目名称", "单位", "数量", "预算数（万元）"],
        ["道路养护", "公里", "20", "36"],
        ["桥梁维修", "座", "3", "12"],
        ["合计", "", "", "48"],
    ]
    dataset = pages(tmp_path, (tables[0][0], counted, ""), tables[1])
    assert dataset.projects["unit_name"].isna().all()


def test_one_head_over_levels_and_their_slots(built):  # noqa: F811
    rows = [[("评价内容", 1, 3), "绩效内容", "绩效目标值"],
            [("产出", 2, 1), ("数量目标", 2, 1), "目标1", "硬化里程", "≥2公里"], ["目标2", "新建桥梁", "=3座"],
            [("效益", 2, 1), ("社会效益目标", 2, 1), "目标1", "受益人口", "≥200人"], ["目标2", "", ""]]  # fmt: skip
    wide = [[label, (text, 1, 4)] for label, (text, *_) in (NAME, UNIT, MONEY, GOAL)]
    dataset = built(TITLE, [*wide, *rows])
    assert read(dataset, "level1_printed", "level2_printed", "name") == [
        ["产出", "数量目标", "硬化里程"], ["产出", "数量目标", "新建桥梁"], ["效益", "社会效益目标", "受益人口"],
    ]  # fmt: skip
    assert status(dataset) == "reconciled", failed(dataset)


def test_a_form_without_merged_cells(built):  # noqa: F811
    def row(*cells: str) -> list[str]:
        return [*cells, *[""] * (9 - len(cells))]

    head = [row("项目名称", "", "政务外网运维"), row("主管部门", "", "东坪街道办事处", "", "实施单位", "云岭乡人民政府"),
            row("项目资金（万元）", "", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"),
            row("", "", "年度资金总额", "50", "50", "49", "10", "98%", "9.8"), row("", "", "其中：财政拨款", "50", "50", "49", "—", "98%", "—"),
            row("年度总体目标", "", "预期目标", "", "", "", "实际完成情况"), row("", "", "保障政务外网运行。", "", "", "", "已完成。")]  # fmt: skip
    rows = [["绩效指标", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因"],
            row("", "产出指标", "数量指标", "运维专线", "≥8条", "8条", "60", "60"), row("", "效益指标", "社会效益指标", "可用率", "≥99%", "99%", "30", "30")]  # fmt: skip
    dataset = built("项目支出绩效自评表（2024年度）", [*head, *rows])
    fields = ["project_name", "unit_name", "department", "objective", "achievement"]
    assert dataset.projects[fields].values.tolist() == [
        ["政务外网运维", "云岭乡人民政府", "东坪街道办事处", "保障政务外网运行。", "已完成。"]
    ]
    assert status(dataset) == "reconciled", failed(dataset)


@pytest.mark.parametrize("label, left", [("其他", ""), ("其他指标", ""), ("其他需支持", "unread")])
def test_the_last_line_of_a_form_left_empty_is_a_label(built, label, left):  # noqa: F811
    dataset = built(TITLE, [NAME, UNIT, MONEY, GOAL, *TABLE, [(label, 1, 2), "", ""]])
    assert failed(dataset).partition(":")[0] == left


def test_sums_of_a_category_within_the_cell_of_their_unit(built):  # noqa: F811
    rows = [[("县公路局", 4, 1), "运转类小计", "36", "", "", "", "", ""], ["道路养护", "36", "养护道路。", "产出指标", "数量指标", "养护里程", "≥2公里"],
            ["特定类小计", "12", "", "", "", "", ""], ["桥梁维修", "12", "维修桥梁。", "产出指标", "数量指标", "维修座数", "≥3座"]]  # fmt: skip
    heads = ["单位名称", "项目名称", "预算数（万元）", "绩效目标", "一级指标", "二级指标", "三级指标", "指标值"]
    dataset = built("2024年项目支出绩效目标表", [heads, ["合计", "", "48", "", "", "", "", ""], *rows])
    assert dataset.projects["project_name"].tolist() == ["道路养护", "桥梁维修"]
    assert status(dataset) == "reconciled", failed(dataset)
