"""Budgets that stand only in a list of projects on another sheet: taken where the list proves them, else in doubt."""

from decimal import Decimal

import openpyxl
import pytest

from budgetperf.pipeline import build_document

HEADS = ["项目分类", "项目名称", "科目名称", "合计", "一般公共预算"]
LINES = [["特定目标类", "河道清淤", "工程建设", 350000, 350000], ["特定目标类", "河道清淤", "维护费", 120000, 120000],
         ["特定目标类", "水库监测", "委托业务费", 84500.5, 84500.5]]  # fmt: skip
TOTAL = ["合计", None, None, 554500.5, 554500.5]
TARGETS = [["单位名称、项目名称", "项目年度绩效目标", "一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位"],
           ["县水务中心"],
           ["河道清淤", "完成清淤。", "产出指标", "数量指标", "清淤长度", "≥", "12", "公里"],
           [None, None, "产出指标", "质量指标", "验收合格率", "=", "100", "%"],
           ["水库监测", "完成监测。", "产出指标", "数量指标", "监测水库", "=", "7", "座"],
           [None, None, "满意度指标", "服务对象满意度指标", "群众满意度", "≥", "90", "%"]]  # fmt: skip


@pytest.fixture
def built(tmp_path):
    def build(rows, caption="单位：元", merged=(), title="2024年部门项目支出预算表"):
        book = openpyxl.Workbook()
        first, second = book.active, book.create_sheet("绩效目标表")
        for row in [[title], [caption], *rows]:
            first.append(row)
        for place in merged:
            first.merge_cells(place)
        for row in [["2024年项目支出绩效目标表"], *TARGETS]:
            second.append(row)
        second.merge_cells("A4:A5")
        second.merge_cells("A6:A7")
        book.save(tmp_path / "budget.xlsx")
        return build_document(tmp_path / "budget.xlsx")

    return build


def unnamed(line: list) -> list:
    return [None, None, *line[2:]]


@pytest.mark.parametrize(
    ("rows", "merged"),
    [
        ([HEADS, *LINES, TOTAL], ()),
        ([HEADS, list("12345"), *LINES, TOTAL], ()),
        ([HEADS, TOTAL, *LINES], ()),
        ([HEADS, ["县水务中心", *TOTAL[1:]], *LINES], ()),  # the sum stands in the unit's row
        ([HEADS, LINES[0], unnamed(LINES[1]), LINES[2], TOTAL], ()),  # a blank name goes on with the one above
        ([HEADS, LINES[0], unnamed(LINES[1]), LINES[2], TOTAL], ("B4:B5",)),
        ([HEADS, ["特定目标类", "河道清淤", None, 470000, 470000], *map(unnamed, LINES[:2]), LINES[2], TOTAL], ()),
        (
            [HEADS, ["人员类", "在职人员工资", "基本工资", 900000, 900000], *LINES, ["合计", None, None, 1454500.5, 1]],
            (),
        ),
    ],
)
def test_a_list_that_proves_its_sums_gives_the_budgets(built, rows, merged):
    dataset = built(rows, merged=merged)
    assert dataset.projects["budget_wan_yuan"].tolist() == [Decimal(47), Decimal("8.45005")]
    assert dataset.documents["status"].tolist() == ["reconciled"], dataset.checks
    taken = dataset.repairs[dataset.repairs["rule"].eq("listed_budget")]
    assert taken.loc[taken["field"].eq("budget_wan_yuan"), "grade"].tolist() == ["certain"] * 2
    cells = dataset.cells[dataset.cells["field"].eq("budget_wan_yuan")]
    assert sum(Decimal(text) for text in cells["text"]) == Decimal("554500.5")  # traced to where they are printed


def test_a_head_that_says_budget_is_enough_where_no_sum_is_printed(built):
    dataset = built([[*HEADS[:3], "预算金额", HEADS[4]], *LINES])
    assert dataset.projects["budget_wan_yuan"].tolist() == [Decimal(47), Decimal("8.45005")]
    assert set(dataset.repairs.loc[dataset.repairs["rule"].eq("listed_budget"), "grade"]) == {"likely"}


@pytest.mark.parametrize(
    "rows",
    [
        [HEADS, *LINES, ["合计", None, None, 600000, 600000]],
        [HEADS, *LINES[:2], ["特定目标类", "水库检测", "委托业务费", 84500.5, 84500.5], TOTAL],  # another name
        [HEADS, *LINES],
    ],
)
def test_a_list_that_proves_nothing_is_in_doubt(built, rows):
    dataset = built(rows)
    assert dataset.projects["budget_wan_yuan"].isna().all()
    [note] = dataset.checks.loc[~dataset.checks["passed"], "note"]
    assert "第 1 页另一张表列有这些项目" in note


@pytest.mark.parametrize("head", ["商品和服务支出", "一般公共预算", "调出金额", "上年预算数"])
def test_a_list_of_parts_or_other_money_is_in_doubt(built, head):
    dataset = built([[*HEADS[:3], head, "资本性支出"], *LINES, TOTAL])
    assert dataset.projects["budget_wan_yuan"].isna().all()
    assert dataset.documents["status"].tolist() == ["open"]


def test_a_list_without_a_unit_of_money_is_in_doubt(built):
    dataset = built([HEADS, *LINES, TOTAL], caption="水务中心")
    assert dataset.projects["budget_wan_yuan"].isna().all()
    assert dataset.documents["amount_unit"].isna().all()
    assert "没有印出金额单位" in dataset.checks.loc[~dataset.checks["passed"], "note"].item()


@pytest.mark.parametrize(
    "title",
    ["2024年政府采购预算表", "2023年项目支出预算表", "2024年“三公”经费预算表", "上年结转项目支出表", "县教育局项目支出预算表",
     "一般公共预算项目支出表", "项目支出预算调剂表", "2024-2026年项目支出规划表"],
)  # fmt: skip
def test_a_list_of_something_else_gives_nothing(built, title):
    dataset = built([HEADS, *LINES, TOTAL], title=title)
    assert dataset.projects["budget_wan_yuan"].isna().all()


def test_a_printed_budget_that_is_no_amount_is_never_replaced_by_a_list(tmp_path):
    book = openpyxl.Workbook()
    first, second = book.active, book.create_sheet("绩效目标表")
    for row in [["2024年部门项目支出预算表"], ["单位：元"], HEADS, *LINES, TOTAL]:
        first.append(row)
    for row in [
        ["2024年项目支出绩效目标表"],
        ["单位：万元"],
        ["项目名称", "预算数", *TARGETS[0][1:]],
        ["河道清淤", "约47", *TARGETS[2][1:]],
    ]:
        second.append(row)
    book.save(tmp_path / "budget.xlsx")
    dataset = build_document(tmp_path / "budget.xlsx")
    assert dataset.projects["budget_wan_yuan"].isna().all()
    assert "约47" in "".join(dataset.checks.loc[~dataset.checks["passed"], "note"].fillna(""))


def test_a_units_code_stands_in_another_table_beside_its_very_name(tmp_path):
    heads = ["项目名称", "预算数（万元）", "绩效目标", "一级指标", "二级指标", "三级指标", "指标值"]
    row = ["12", "做好工作。", "产出指标", "数量指标", "户数", "≥7户"]

    def table(unit: str, name: str) -> str:
        rows = "".join(f"<tr>{''.join(f'<td>{text}</td>' for text in texts)}</tr>" for texts in (heads, [name, *row]))
        return f"<p>2024年{name[:2]}项目支出绩效目标表</p><p>单位名称：{unit}</p><table>{rows}</table>"

    path = tmp_path / "two.html"
    path.write_text(
        table("505001-县民政局", "养老服务") + table("县民政局", "儿童福利") + table("县水利局", "河道治理"),
        encoding="utf-8",
    )
    dataset = build_document(path)
    assert dataset.projects["unit_code"].fillna("").tolist() == ["505001", "505001", ""]
    assert dataset.repairs["rule"].eq("unit_code_elsewhere").sum() == 1


TITLE, OF_TARGETS = (
    "<p>2024年项目支出预算表</p><p>单位：万元</p>",
    ["项目编码", "一级指标", "二级指标", "三级指标", "指标值"],
)
BY_CODE = [["001", "产出指标", "数量指标", "硬化里程", "≥2公里"], ["001", "效益指标", "社会效益指标", "受益人口", "≥200人"],
           ["002", "产出指标", "数量指标", "养护桥梁", "≥3座"]]  # fmt: skip


@pytest.fixture
def joined(tmp_path):
    """A list of the projects above their targets, where codes alone are printed."""

    def row(cells: list) -> str:
        spans = [(cell if isinstance(cell, tuple) else (cell, 1)) for cell in cells]
        return "<tr>" + "".join(f"<td rowspan={down}>{text}</td>" for text, down in spans) + "</tr>"

    def build(above: str, targets=(OF_TARGETS, *BY_CODE)):
        path = tmp_path / "joined.html"
        below = f"<p>2024年项目支出绩效目标表</p><table>{''.join(map(row, targets))}</table>"
        path.write_text(above + below, encoding="utf-8")
        return build_document(path)

    build.table = lambda title, *rows: f"{title}<table>{''.join(map(row, rows))}</table>"
    return build


def test_a_list_joined_by_code_gives_all_that_it_says_of_the_projects(joined):
    heads = ["单位编码", "单位名称", "主管部门", "项目编码", "项目名称", "项目类别", "预算数", "中期目标", "年度目标"]
    lines = [["207001", ("县公路局", 2), ("县交通局", 2), "001", "村道硬化", "3-特定目标类", "65", "三年6公里", "2公里"],
             ["207001", "002", "危桥养护", "3-特定目标类", "80", "三年9座", "3座"]]  # fmt: skip
    dataset = joined(joined.table(TITLE, heads, *lines))
    read = dataset.projects[["unit_code", "unit_name", "department", "category_code", "category_name"]]
    assert read.to_numpy().tolist() == [["207001", "县公路局", "县交通局", "3", "特定目标类"]] * 2
    goals = dataset.projects[["period_objective", "objective", "budget_wan_yuan"]].to_numpy().tolist()
    assert goals == [["三年6公里", "2公里", Decimal(65)], ["三年9座", "3座", Decimal(80)]]
    assert dataset.documents["status"].tolist() == ["reconciled"]
    traced = dataset.cells.loc[dataset.cells["text"].eq("县交通局"), ["role", "field"]].to_numpy().tolist()
    assert traced == [["project", "department"]]


def test_a_column_that_a_list_does_not_print_for_each_project_is_in_doubt(joined):
    heads = ["项目编码", "项目名称", "主管部门", "预算数", "绩效目标"]
    lines = [["001", "村道硬化", "县交通局", "65", "2公里"], ["002", "危桥养护", "", "80", "3座"]]
    dataset = joined(joined.table(TITLE, heads, *lines))
    assert dataset.projects["department"].isna().all()
    [note] = dataset.checks.loc[~dataset.checks["passed"], "note"]
    assert "“主管部门”一列没有给每个项目印出一个值" in note


@pytest.mark.parametrize("turned", [False, True])
def test_a_list_of_another_year_names_no_project(joined, turned):
    heads = ["项目编码", "项目名称", "预算数"]
    past = joined.table("<p>2023年项目支出预算表</p>", heads, ["001", "办公楼维修", "30"], ["002", "车辆购置", "40"])
    own = joined.table(TITLE, heads, ["001", "村道硬化", "65"], ["002", "危桥养护", "80"])
    dataset = joined(own + past if turned else past + own)
    assert dataset.projects["project_name"].tolist() == ["村道硬化", "危桥养护"]
    assert dataset.projects["budget_wan_yuan"].tolist() == [Decimal(65), Decimal(80)]
    assert joined(past).projects["project_name"].isna().all()
    assert joined(past).documents["status"].tolist() == ["open"]


def test_two_lists_that_name_one_code_differently_name_none(joined):
    heads = ["项目编码", "项目名称", "预算数"]
    lists = [
        joined.table(TITLE, heads, ["001", name, "65"], ["002", "危桥养护", "80"])
        for name in ("村道硬化", "办公楼维修")
    ]
    dataset = joined("".join(lists))
    assert dataset.projects["project_name"].isna().all()
    assert dataset.documents["status"].tolist() == ["open"]


def test_a_list_without_names_is_joined_by_the_codes_beside_both(joined):
    lines = [["001", "县公路局", "65", "硬化2公里"], ["002", "县桥梁所", "80", "养护3座"]]
    above = joined.table(TITLE, ["项目编码", "单位名称", "预算数", "绩效目标"], *lines)
    names = {"001": "村道硬化", "002": "危桥养护"}
    targets = [[OF_TARGETS[0], "项目名称", *OF_TARGETS[1:]], *([code, names[code], *rest] for code, *rest in BY_CODE)]
    dataset = joined(above, targets)
    read = dataset.projects[["project_name", "unit_name", "budget_wan_yuan", "objective"]].to_numpy().tolist()
    assert read == [
        ["村道硬化", "县公路局", Decimal(65), "硬化2公里"],
        ["危桥养护", "县桥梁所", Decimal(80), "养护3座"],
    ]
    assert dataset.documents["status"].tolist() == ["reconciled"]
