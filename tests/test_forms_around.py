"""What stands beside, below or around a form's indicators: goals, units, money, sums, signatures, parts of another period."""

import openpyxl
import pytest
from test_forms import GOAL, MONEY, NAME, TABLE, TITLE, UNIT, failed, status
from test_layouts import built, page, targets  # noqa: F401 (a fixture)

from budgetperf.pipeline import build_document

HEADS, *ROWS = TABLE


def project(dataset) -> dict:
    assert status(dataset) == "reconciled", failed(dataset)
    return dataset.projects.iloc[0].to_dict()


@pytest.mark.parametrize("name", ["老年大学办学经费", "农村道路养护资金", "困难群众生活补助"])
def test_a_name_that_ends_like_money_beside_its_label(built, name):  # noqa: F811
    money = ["预算金额", "33", "资金来源", "财政拨款"]
    dataset = built(TITLE, [["项目名称", (name, 1, 3)], money, GOAL, *TABLE], "填报单位：云溪县老年大学 单位：万元")
    assert (project(dataset)["project_name"], project(dataset)["budget_wan_yuan"]) == (name, 33)


def test_a_goal_and_an_amount_in_one_cell_over_the_rows_beside(built):  # noqa: F811
    heads = ["年度绩效目标", "预算数（万元）", *HEADS]
    first = [("硬化村道2公里。", 3), ("65", 3), *ROWS[0]]
    dataset = built(
        TITLE, [["项目名称", ("村道硬化工程", 1, 5)], ["实施单位", ("县公路局", 1, 5)], heads, first, *ROWS[1:]]
    )
    assert (project(dataset)["objective"], project(dataset)["budget_wan_yuan"]) == ("硬化村道2公里。", 65)
    assert len(dataset.indicators) == 3


@pytest.mark.parametrize("title", ["", TITLE])
def test_goal_money_and_unit_below_the_indicators(built, title):  # noqa: F811
    def form(name: str) -> list:
        money = ["项目经费", "46.8万元", "其中：区级财政", "30万元"]
        unit = ["实施单位", (f"{name}服务中心", 1, 3)]
        return [["项目名称", (name, 1, 3)], *TABLE, GOAL, money, unit]

    again = [[(title, 1, 4)]] if title else []
    dataset = built(TITLE, [*form("村道硬化"), *again, *form("危桥养护")])
    assert status(dataset) == "reconciled", failed(dataset)
    columns = ["project_name", "unit_name", "objective"]
    assert dataset.projects[columns].values.tolist() == [
        [name, f"{name}服务中心", GOAL[1][0]] for name in ("村道硬化", "危桥养护")
    ]
    assert dataset.projects["budget_wan_yuan"].astype(float).tolist() == [46.8, 46.8]


def test_several_labels_on_a_line_of_a_cell(built):  # noqa: F811
    texts = "项目名称：村道硬化<br>实施单位：县公路局 预算金额：66万元<br>绩效目标：硬化村道2公里。"
    found = project(built(TITLE, [[(texts, 1, 4)], *TABLE]))
    assert [found[f] for f in ("project_name", "unit_name", "objective")] == ["村道硬化", "县公路局", "硬化村道2公里。"]
    assert found["budget_wan_yuan"] == 66


@pytest.mark.parametrize("label", ["责任单位", "实施主体", "项目业主", "责任部门"])
def test_who_is_responsible_is_the_unit_where_no_other_is_named(built, label):  # noqa: F811
    own = [label, ("县公路局", 1, 3)]
    assert project(built(TITLE, [NAME, own, MONEY, GOAL, *TABLE]))["unit_name"] == "县公路局"
    assert project(built(TITLE, [NAME, UNIT, own, MONEY, GOAL, *TABLE]))["unit_name"] == UNIT[1][0]


@pytest.mark.parametrize("label", ["支出项目", "经费名称", "支出事项"])
def test_other_labels_of_a_project(built, label):  # noqa: F811
    assert project(built(TITLE, [[label, ("村道硬化", 1, 3)], UNIT, MONEY, GOAL, *TABLE]))["project_name"] == "村道硬化"


@pytest.mark.parametrize("label, doubted", [("补助事项", True), ("项目内容", True), ("建设性质", False)])
def test_a_code_without_a_name_beside_what_may_be_one(built, label, doubted):  # noqa: F811
    rows = [["项目编码", ("6301230001", 1, 3)], [label, ("村道硬化", 1, 3)], UNIT, MONEY, GOAL, *TABLE]
    dataset = built(TITLE, rows)
    assert ("没有读到项目名称" in failed(dataset)) == doubted, failed(dataset)


def test_a_total_of_weights_in_percent(built):  # noqa: F811
    weights = ["权重", "40%", "30%", "30%"]
    rows = [[*row, weight] for row, weight in zip(TABLE, weights, strict=True)]
    dataset = built(TITLE, [NAME, UNIT, MONEY, GOAL, *rows, [("合计", 1, 4), "100%"]])
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.indicators["weight"].astype(float).tolist() == [40, 30, 30]
    wrong = built(TITLE, [NAME, UNIT, MONEY, GOAL, *rows, [("合计", 1, 4), "90%"]])
    assert status(wrong) == "open"


@pytest.mark.parametrize("label", ["标准分", "满分", "赋分"])
def test_points_of_the_rate_under_other_heads(built, label):  # noqa: F811
    fund = [
        [("项目资金（万元）", 2), "", "预算安排", "支出资金", label, "支出率", "自评分"],
        ["资金总额", "65", "52", "10", "80%", "8"],
    ]
    name, unit = ["项目名称", ("村道硬化", 1, 6)], ["实施单位", ("县公路局", 1, 6)]
    heads = ["一级指标", "二级指标", "三级指标", "指标值", "完成值", label, "自评分"]
    rows = [["产出指标", "数量指标", "硬化里程", "≥2公里", "2公里", "90", "90"]]
    found = project(
        built("2024年项目支出绩效自评表", [name, unit, *fund, ["年度目标", ("硬化。", 1, 6)], heads, *rows])
    )
    fields = ("budget_wan_yuan", "executed_wan_yuan", "execution_weight", "execution_rate", "execution_score")
    assert [float(found[field]) for field in fields] == [65, 52, 10, 80, 8]


def test_signatures_beside_a_blank_column(tmp_path):
    book = openpyxl.Workbook()
    foot = ["填报人", "施雨", "审核人", "填报日期"]
    for row in [[TITLE], ["项目名称", "村道硬化"], ["实施单位", "县公路局"], ["预算数（万元）", "65"], *TABLE, foot]:
        book.active.append([None, *row])
    for row in (2, 3, 4):
        book.active.merge_cells(start_row=row, end_row=row, start_column=3, end_column=5)
    book.save(tmp_path / "form.xlsx")
    dataset = build_document(tmp_path / "form.xlsx")
    assert status(dataset) == "reconciled" and len(dataset.indicators) == 3, failed(dataset)


def test_a_source_that_is_asked_for_before_an_amount(built):  # noqa: F811
    money = ["资金来源", "财政拨款", "项目资金", "65.4"]
    found = project(built(TITLE, [NAME, UNIT, money, GOAL, *TABLE], "单位：万元"))
    assert float(found["budget_wan_yuan"]) == 65.4


def test_labels_over_their_values(tmp_path):
    def form(code: str, name: str) -> list:
        labels = ["项目代码", "项目名称", "预算单位", "预算数（万元）"]
        return [labels, [code, name, "县公路局", "65"], [("年度绩效目标", 1, 4)], [("硬化村道。", 1, 4)], *TABLE]

    path = tmp_path / "forms.html"
    path.write_text(page(TITLE, form("6301230001", "村道硬化")) + page(TITLE, form("6301230002", "危桥养护")), "utf-8")
    dataset = build_document(path)
    assert status(dataset) == "reconciled", failed(dataset)
    columns = ["project_code", "project_name", "unit_name", "objective"]
    assert dataset.projects[columns].values.tolist() == [
        ["6301230001", "村道硬化", "县公路局", "硬化村道。"],
        ["6301230002", "危桥养护", "县公路局", "硬化村道。"],
    ]


def test_a_head_under_a_heading_and_the_indicators_under_the_next(tmp_path):
    heads = [*HEADS, "完成值", "得分", "分值"]
    rows = [[*row, "已完成", points, points] for row, points in zip(ROWS, ("40", "30", "30"), strict=True)]
    head = [["项目名称", ("村道硬化", 1, 3)], ["实施单位", ("县公路局", 1, 3)], MONEY, GOAL]
    tables = [
        page("2024年项目支出绩效自评表", head, "一、项目基本情况"),
        page("", [heads, *rows], "二、绩效指标完成情况"),
    ]
    path = tmp_path / "parts.html"
    path.write_text("".join(tables).replace("<h1></h1>", ""), encoding="utf-8")
    found = project(build_document(path))
    assert [found[f] for f in ("project_name", "unit_name")] == ["村道硬化", "县公路局"]


def test_a_standard_beside_a_name_under_goals_of_two_periods(built):  # noqa: F811
    goals = [
        [("总体目标", 2), ("实施期目标", 1, 3), ("年度目标", 1, 2)],
        [("三年完成。", 1, 3), ("硬化村道2公里。", 1, 2)],
    ]
    heads = ["一级指标", "二级指标", ("三级指标", 1, 2), ("绩效标准", 1, 2)]
    rows = [[a, b, (c, 1, 2), (d, 1, 2)] for a, b, c, d in ROWS]
    top = [["项目名称", ("村道硬化", 1, 5)], ["实施单位", ("县公路局", 1, 5)], ["预算数（万元）", ("65", 1, 5)]]
    dataset = built(TITLE, [*top, *goals, heads, *rows])
    assert status(dataset) == "reconciled", failed(dataset)
    assert [target[2:] for target in targets(dataset)][:2] == [
        ("硬化里程", "≥", "2", "公里"),
        ("受益人口", "≥", "200", "人"),
    ]


@pytest.mark.parametrize("numbers", [("一", "（一）", "1"), ("1", "1.1", "1.1.1")])
def test_cost_is_the_level_that_its_number_says(built, numbers):  # noqa: F811
    first, second, third = numbers
    rows = [
        ["序号", "指标", "指标值", "权重"],
        [first, "产出指标", "", "50"],
        [second, "数量指标", "", "30"],
        [third, "硬化里程", "≥2公里", "30"],
        [second, "成本指标", "", "20"],
        [third, "每公里造价", "≤30万元", "20"],
        [first, "效益指标", "", "50"],
        [second, "社会效益指标", "", "50"],
        [third, "受益人口", "≥200人", "50"],
    ]
    dataset = built(TITLE, [NAME, UNIT, MONEY, GOAL, *rows])
    assert status(dataset) == "reconciled", failed(dataset)
    assert [target[:2] for target in targets(dataset)] == [
        ("产出指标", "数量指标"), ("产出指标", "成本指标"), ("效益指标", "社会效益指标"),
    ]  # fmt: skip


@pytest.mark.parametrize("points, expected", [("（10分）", 10), ("", None)])
def test_points_of_the_rate_in_the_heading_over_its_block(built, points, expected):  # noqa: F811
    fund = [["预算安排情况（万元）", "资金执行情况（万元）", "预算执行进度", "得分"], ["65", "52", "80%", "8"]]
    heads = ["一级指标", "二级指标", "三级指标", "分值", "指标值", "完成值", "得分"]
    rows = [["产出指标", "数量指标", "硬化里程", "90", "≥2公里", "2公里", "90"]]

    def wide(row: list) -> list:
        return [*row[:-1], (row[-1], 1, 4)]

    bands = [[(f"二、预算执行情况{points}", 1, 7)], *map(wide, fund), [("三、绩效指标完成情况", 1, 7)]]
    top = [["项目名称", ("村道硬化", 1, 6)], ["实施单位", ("县公路局", 1, 6)]]
    found = project(built("2024年项目支出绩效自评表", [*top, *bands, ["年度目标", ("硬化。", 1, 6)], heads, *rows]))
    weight = found["execution_weight"]
    assert (None if weight is None or weight != weight else int(weight)) == expected


def test_a_list_of_allotments_is_no_head_of_the_form_under_the_next_title(tmp_path):
    allotted = [["序号", "项目名称", "建设地点", "金额（万元）"], ["1", "村道硬化", "石坪村", "65"], ["2", "机井维修", "城关镇", "20"],
                [("合计", 1, 3), "85"]]  # fmt: skip
    form = [[("附表2", 1, 4)], [(TITLE, 1, 4)], ["项目名称", ("村道硬化", 1, 3)], UNIT, MONEY, GOAL, *TABLE]
    path = tmp_path / "notice.html"
    path.write_text(page("关于下达资金的通知", allotted, "资金分配表") + page("", form), encoding="utf-8")
    found = project(build_document(path))
    assert (found["project_name"], found["budget_wan_yuan"]) == ("村道硬化", 65)


@pytest.mark.parametrize("title, wanted", [(TITLE, 73.6), ("项目支出绩效目标申报表", None)])
def test_rows_of_two_years_budgets(built, title, wanted):  # noqa: F811
    fund = [
        [("项目预算（万元）", 3), "年度", "合计", "一般公共预算"],
        ["2023年预算", "70", "70"],
        ["2024年预算", "73.6", "73.6"],
    ]
    dataset = built(title, [NAME, UNIT, *fund, GOAL, *TABLE])
    if wanted:
        assert float(project(dataset)["budget_wan_yuan"]) == wanted
    else:
        assert status(dataset) == "open" and "2024年预算" in failed(dataset)


def test_a_blank_row_before_a_total_begins_no_project(built):  # noqa: F811
    heads = ["项目名称", "预算数（万元）", "绩效目标", *HEADS]
    rows = [[("村道硬化", 3), ("65", 3), ("硬化。", 3), *ROWS[0]], *ROWS[1:]]
    blank, total = [("", 1, 1)] * 7, ["合计", "65", *[""] * 5]
    dataset = built("2024年项目支出绩效目标表", [heads, *rows, blank, total])
    assert status(dataset) == "reconciled" and len(dataset.projects) == 1, failed(dataset)


EVALUATED = "2024年项目支出绩效自评表"
RESULTS = [
    ["一级指标", "二级指标", "三级指标", "指标值", "完成值", "分值", "得分"],
    ["产出指标", "数量指标", "硬化里程", "≥2公里", "2公里", "90", "90"],
]


@pytest.mark.parametrize(
    "arrived, spent, read",
    [
        ("资金到位（万元）", "资金使用（万元）", "executed_wan_yuan"),
        ("项目资金到位情况（万元）", "项目资金使用情况（万元）", None),
        ("预算安排（万元）", "资金使用（万元）", "executed_wan_yuan"),
    ],
)
def test_what_was_spent_is_no_budget(built, arrived, spent, read):  # noqa: F811
    money = [arrived, ("65", 1, 2), spent, ("60", 1, 3)]
    top = [["项目名称", ("村道硬化", 1, 6)], ["实施单位", ("县公路局", 1, 6)], money, ["年度目标", ("硬化。", 1, 6)]]
    dataset = built(EVALUATED, [*top, *RESULTS])
    if read:
        assert float(dataset.projects[read].item()) == 60
    if "预算" in arrived:
        assert project(dataset)["budget_wan_yuan"] == 65
    else:
        assert status(dataset) == "open", "60 is spent, and no budget is printed"


@pytest.mark.parametrize("label", ["实施单位及负责人", "实施单位（盖章）及负责人"])
def test_a_unit_under_a_label_of_several_things_is_in_doubt(built, label):  # noqa: F811
    dataset = built(TITLE, [NAME, [label, ("县公路局　张三", 1, 3)], MONEY, GOAL, *TABLE])
    assert dataset.projects["unit_name"].isna().all() and "没有读到单位" in failed(dataset)


@pytest.mark.parametrize(
    "label, text",
    [
        ("项目名称及编码", "村道硬化（63010001）"),
        ("项目编码及名称", "63010001-村道硬化"),
        ("项目名称（编码）", "村道硬化 63010001"),
        ("项目名称及编码", "2024年村道硬化（63010001）"),
    ],
)
def test_name_and_code_under_one_label(built, label, text):  # noqa: F811
    found = project(built(TITLE, [[label, (text, 1, 3)], UNIT, MONEY, GOAL, *TABLE]))
    assert (found["project_name"], found["project_code"]) == ("2024年" * ("2024年" in text) + "村道硬化", "63010001")


def test_a_label_in_brackets_has_its_value_in_brackets(built):  # noqa: F811
    both = ["主管部门（实施单位）", ("县交通局（县公路局）", 1, 3)]
    assert project(built(TITLE, [NAME, both, MONEY, GOAL, *TABLE]))["unit_name"] == "县公路局"


@pytest.mark.parametrize(
    "wanted, granted", [("部门需求（万元）", "财政安排（万元）"), ("上报数（万元）", "核定数（万元）")]
)
def test_wanted_and_granted_in_a_list(built, wanted, granted):  # noqa: F811
    heads = ["项目名称", wanted, granted, "绩效目标", *HEADS]
    rows = [[("村道硬化", 3), ("70", 3), ("65", 3), ("硬化。", 3), *ROWS[0]], *ROWS[1:]]
    assert project(built("2024年项目支出绩效目标表", [heads, *rows]))["budget_wan_yuan"] == 65


@pytest.mark.parametrize("outside, state", [("填报单位：云溪县老年大学", "open"), ("", "reconciled")])
def test_foreign_bytes_around_the_tables_of_a_page(tmp_path, outside, state):
    text = (
        page(TITLE, [NAME, UNIT, MONEY, GOAL, *TABLE])
        .encode()
        .replace(b"<table>", outside.encode("gb18030") + b"<table>")
    )
    (tmp_path / "form.html").write_bytes(text)
    dataset = build_document(tmp_path / "form.html")
    assert status(dataset) == state and len(dataset.indicators) == 3, failed(dataset)
