"""Rows, columns and labels that name kinds of projects, parts of them and bodies beside the unit; and what stands behind a form."""

from decimal import Decimal

import pytest
from test_forms import GOAL, MONEY, NAME, TABLE, TITLE, UNIT, failed, status
from test_layouts import built, page  # noqa: F401 (a fixture)
from test_titles_and_other_tables import EVALUATED, HEADS, LIST, ROWS, form, listed, tables  # noqa: F401 (a fixture)

from budgetperf.pipeline import build_document

OF_ROWS = ["一级指标", "二级指标", "三级指标", "指标值", "分值"]
UNDER = [["产出指标", "数量指标", "改造数量", "≥8个", "60"], ["效益指标", "社会效益指标", "受益人口", "≥200人", "30"]]


def over_rows(*names: str) -> list[list]:
    return [OF_ROWS, *(row for name in names for row in ([(name, 1, 5)], *UNDER))]


@pytest.mark.parametrize(
    ("texts", "names", "budgets"),
    [
        (("1.村道硬化 65万元", "2.危桥养护 80万元"), ["村道硬化", "危桥养护"], [65, 80]),
        (("村道硬化：预算65万元", "危桥养护：预算80万元"), ["村道硬化", "危桥养护"], [65, 80]),
        (("村道硬化（中央资金65万元）", "危桥养护（80万元）"), ["村道硬化", "危桥养护"], [65, 80]),
        (("村道硬化", "危桥养护"), ["村道硬化", "危桥养护"], None),
    ],
)
def test_a_row_of_its_own_names_the_project_and_its_budget(built, texts, names, budgets):  # noqa: F811
    dataset = built(LIST, over_rows(*texts), "单位：万元")
    assert dataset.projects["project_name"].tolist() == names and status(dataset) == "reconciled", failed(dataset)
    read = dataset.projects["budget_wan_yuan"]
    assert read.isna().all() if budgets is None else read.tolist() == list(map(Decimal, budgets))


@pytest.mark.parametrize(
    "texts",
    [
        ("任务一 道路养护", "任务二 桥梁养护"),
        ("一季度", "二季度"),
        ("重点项目", "一般项目"),
        ("（一）一般公共预算项目", "（二）政府性基金项目"),
        ("人员类", "特定目标类"),
        ("县本级", "乡镇级"),
        ("道路养护科", "路政科"),
        ("城关片区", "日月片区"),
    ],
)
def test_rows_of_kinds_and_parts_name_no_projects(built, texts):  # noqa: F811
    dataset = built(LIST, over_rows(*texts))
    assert set(dataset.projects["project_name"].dropna()).isdisjoint(texts) and status(dataset) == "open"


def test_the_tasks_of_a_unit_are_no_projects(built):  # noqa: F811
    dataset = built("云溪县公路局2024年部门绩效目标表", over_rows("村道硬化", "危桥养护"))
    assert len(dataset.projects) == 1 and status(dataset) == "open"


@pytest.mark.parametrize("amount", ["上年结转5万元", "总投资165万元", "已支付5万元"])
def test_an_amount_behind_a_name_that_is_not_the_years_is_no_budget(built, amount):  # noqa: F811
    dataset = built(LIST, over_rows(f"村道硬化（{amount}）", f"危桥养护（{amount}）"))
    assert dataset.projects["budget_wan_yuan"].isna().all() and status(dataset) == "open"


def test_subprojects_of_a_project_that_has_the_goal_are_its_parts(built):  # noqa: F811
    heads = ["项目名称", "子项目名称", "预算数（万元）", "绩效目标", *HEADS]
    rows = [heads, [("村道硬化", 2), "太平段", "30", ("硬化。", 2), *ROWS[0]], ["大华段", "35", *ROWS[1]]]
    dataset = built(LIST, rows)
    assert dataset.projects["project_name"].tolist() == ["村道硬化"]
    assert "印有两个金额：30、35" in failed(dataset)


def test_one_part_of_each_project_is_no_project_of_its_own(built):  # noqa: F811
    heads = ["项目名称", "具体项目", "预算数（万元）", "绩效目标", *HEADS]
    rows = [heads]
    for name, part in (("村道硬化工程", "硬化路面"), ("危桥养护", "加固桥墩")):
        rows += [[(name, 2), (part, 2), ("65", 2), ("完成。", 2), *ROWS[0]], ROWS[1]]
    dataset = built(LIST, rows)
    assert dataset.projects["project_name"].tolist() == ["村道硬化工程", "危桥养护"]
    assert dataset.notes["text"].tolist() == ["硬化路面", "加固桥墩"] and status(dataset) == "reconciled", failed(
        dataset
    )


@pytest.mark.parametrize(
    "heads", [("部门名称", "单位名称"), ("预算部门", "采购单位"), ("部门", "资金使用单位"), ("预算部门", "预算单位")]
)
def test_the_unit_stands_within_its_department(built, heads):  # noqa: F811
    rows = [[*heads, "项目名称", "预算数（万元）", "绩效目标", *HEADS]]
    rows += [[("县交通局", 2), ("县公路局", 2), ("村道硬化", 2), ("65", 2), ("硬化。", 2), *ROWS[0]], ROWS[1]]
    dataset = built(LIST, rows)
    assert dataset.projects[["department", "unit_name"]].to_numpy().tolist() == [["县交通局", "县公路局"]]
    assert status(dataset) == "reconciled", failed(dataset)


def test_a_body_that_only_helps_is_in_doubt_as_the_unit(built):  # noqa: F811
    rows = [["牵头部门", "配合单位", "项目名称", "预算数（万元）", "绩效目标", *HEADS]]
    rows += [[("县公路局", 2), ("县财政局", 2), ("村道硬化", 2), ("65", 2), ("硬化。", 2), *ROWS[0]], ROWS[1]]
    assert "“配合单位”一列按内容读作“单位名称”" in failed(built(LIST, rows))


BEHIND = [
    (
        [["全年预算数（万元）", "全年执行数（万元）", "执行率"], ["65", "60", "92.31%"]],
        [NAME, UNIT, GOAL],
        "印有“全年预算数”",
    ),
    ([["年度目标", "硬化2公里"], ["完成情况", "已完成"]], [NAME, UNIT, MONEY], "印有“年度目标”"),
    ([["指标", "目标", "分值"], ["合格率", "≥95%", "5"]], [NAME, UNIT, MONEY, GOAL], "更多指标"),
]


@pytest.mark.parametrize(("behind", "head", "words"), BEHIND)
def test_a_table_right_behind_a_form_that_has_what_it_lacks_is_in_doubt(tmp_path, behind, head, words):
    path = tmp_path / "behind.html"
    path.write_text(page(EVALUATED, [*head, *TABLE], "") + page("", behind, ""), encoding="utf-8")
    assert words in failed(build_document(path))


@pytest.mark.parametrize(
    "rows", [[["类别", "等级", "得分"], ["产出", "优", "30"]], [["联系人", "张三"], ["电话", "2432100"]]]
)
def test_a_table_behind_a_form_that_says_nothing_of_it_is_another(tmp_path, rows):
    path = tmp_path / "behind.html"
    path.write_text(page(TITLE, [NAME, UNIT, MONEY, GOAL, *TABLE], "") + page("", rows, ""), encoding="utf-8")
    assert status(build_document(path)) == "reconciled"


def test_the_goal_that_was_approved_goes_before_that_applied_for(built):  # noqa: F811
    for applied, approved in (("部门申报目标", "财政审核目标"), ("申报绩效目标", "批复绩效目标")):
        rows = [[applied, ("硬化3公里", 1, 3)], [approved, ("硬化2公里", 1, 3)]]
        assert built(TITLE, [NAME, UNIT, MONEY, *rows, *TABLE]).projects["objective"].tolist() == ["硬化2公里"]


def test_the_rate_in_the_row_of_the_budgets_year(built):  # noqa: F811
    rows = [[("项目资金（万元）", 3), "年度", "预算数", "执行数", "执行率"], ["2023年", "50", "40", "80%"]]
    dataset = built(EVALUATED, [NAME, UNIT, *rows, ["2024年", "65", "60", "92.31%"], GOAL, *TABLE])
    assert dataset.projects["execution_rate"].tolist() == [Decimal("92.31")], failed(dataset)


def test_the_price_of_one_is_no_budget(built):  # noqa: F811
    dataset = built(LIST, listed("村道硬化", heads=("项目名称", "单价（元）", "绩效目标")), "单位：万元")
    assert dataset.projects["budget_wan_yuan"].isna().all() and "只有“单价”" in failed(dataset)


@pytest.mark.parametrize(("label", "executed"), [("累计付款（万元）", 60), ("决算支出（万元）", 60)])
def test_words_of_what_was_spent(built, label, executed):  # noqa: F811
    dataset = built(EVALUATED, [NAME, UNIT, ["预算金额（万元）", "65", label, "60"], GOAL, *TABLE])
    read = dataset.projects[["budget_wan_yuan", "executed_wan_yuan", "period_budget_wan_yuan"]]
    assert read.astype(object).where(read.notna(), None).to_numpy().tolist() == [[65, executed, None]]


@pytest.mark.parametrize(
    ("line", "unit"),
    [("报送 云溪县财政局", None), ("县级公立医院", None)],
)
def test_lines_that_name_bodies_of_others_and_work(built, line, unit):  # noqa: F811
    found = built(LIST, listed("村道硬化"), line).projects["unit_name"]
    assert [name if isinstance(name, str) else None for name in found] == [unit]


@pytest.mark.parametrize("line", ["云溪县公路局文件", "一、养老服务中心", "云溪县审计局2024年预算执行审计项目"])
def test_a_line_that_may_or_may_not_name_the_unit_is_in_doubt(built, line):  # noqa: F811
    assert status(built(LIST, listed("村道硬化"), line)) == "open"


def test_a_number_before_a_place_is_in_doubt(built):  # noqa: F811
    dataset = built("附件三江县公路局2024年项目支出绩效目标表", listed("村道硬化"))
    assert dataset.projects["unit_name"].tolist() == ["三江县公路局"] and "编号与地名连写" in failed(dataset)


def test_a_title_names_the_unit_before_the_project(tables):  # noqa: F811
    dataset = tables(("云溪县公路局村道硬化项目2024年绩效目标表", form("村道硬化")))
    assert dataset.projects["unit_name"].tolist() == ["云溪县公路局"] and status(dataset) == "reconciled", failed(
        dataset
    )


def test_what_stands_above_the_first_title_with_a_unit_is_in_doubt(tables):  # noqa: F811
    dataset = tables((LIST, form("村道硬化")), ("云溪县公路局2024年项目支出绩效目标表", form("危桥养护")))
    assert dataset.projects["unit_name"].tolist()[1] == "云溪县公路局" and "之上的项目属于哪个单位" in failed(dataset)


@pytest.mark.parametrize("department", ["云溪县交通局", "云州市交通局"])
def test_a_titles_unit_of_a_higher_place_than_the_department_is_in_doubt(tables, department):  # noqa: F811
    rows = [["主管部门", (department, 1, 3)], *form("村道硬化")[1:]]
    dataset = tables(("市公路局2024年项目支出绩效目标表", [form("村道硬化")[0], *rows]))
    assert ("主管部门却印为" in failed(dataset)) is (department == "云溪县交通局")


def test_the_line_below_a_list_names_its_unit(tables):  # noqa: F811
    foot = "<p>填报单位：云溪县公路局    负责人：张三</p>"
    dataset = tables((LIST, listed("村道硬化")), (f"{foot}云溪县桥梁所2024年项目支出绩效目标表", listed("危桥养护")))
    assert dataset.projects["unit_name"].tolist() == ["云溪县公路局", "云溪县桥梁所"]


def test_the_labels_of_two_bodies_in_a_line_of_a_text(tmp_path):
    heads = "项目名称\t预算数\t绩效目标\t一级指标\t二级指标\t三级指标\t指标值\t权重"
    row = "村道硬化\t65\t硬化2公里\t产出指标\t数量指标\t里程\t≥2公里\t90"
    path = tmp_path / "lines.txt"
    path.write_text(
        f"{LIST}\n填报单位  云溪县公路局    审核单位  云溪县财政局\n单位：万元\n{heads}\n{row}\n", encoding="utf-8"
    )
    assert build_document(path).projects["unit_name"].tolist() == ["云溪县公路局"]
