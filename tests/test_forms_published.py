"""Forms as units publish them: levels under one head, goals with numbers and points, labels of two fields, sums without
a label, columns to be filled later, the whole above its parts."""

from decimal import Decimal

import pytest
from test_forms import GOAL, MONEY, NAME, TABLE, TITLE, UNIT, failed, status
from test_layouts import built, page  # noqa: F401 (a fixture)

from budgetperf.field.form_labels import label_of
from budgetperf.field.vocabulary import fold
from budgetperf.pipeline import build_document


def levels(dataset) -> list[list[str]]:
    return dataset.indicators[["level1", "level2", "name"]].values.tolist()


@pytest.mark.parametrize("heads", [[("指标类别", 1, 2)], ["指标类别", ""]])
def test_one_head_over_both_levels(built, heads):  # noqa: F811
    rows = [[*heads, "指标名称", "目标值"], [("产出", 2, 1), "数量", "硬化里程", "≥2公里"],
            ["质量", "合格率", "≥95%"], ["效益", "社会效益", "受益人口", "≥200人"]]  # fmt: skip
    dataset = built(TITLE, [NAME, UNIT, MONEY, GOAL, *rows])
    assert levels(dataset) == [["产出指标", "数量指标", "硬化里程"], ["产出指标", "质量指标", "合格率"],
                               ["效益指标", "社会效益指标", "受益人口"]]  # fmt: skip
    assert status(dataset) == "reconciled", failed(dataset)


def test_a_goal_with_a_number_and_points(built):  # noqa: F811
    dataset = built(TITLE, [NAME, UNIT, MONEY, ["年度绩效目标1（80分）", ("硬化村道2公里。", 1, 3)], *TABLE])
    assert dataset.projects["objective"].tolist() == ["硬化村道2公里。"]
    assert status(dataset) == "reconciled", failed(dataset)
    assert label_of("道路目标2") is None


def test_a_label_of_two_fields(built):  # noqa: F811
    label = "单位名称/项目名称"
    dataset = built(TITLE, [[label, ("县农业局/农产品检测", 1, 3)], MONEY, GOAL, *TABLE])
    assert dataset.projects[["unit_name", "project_name"]].values.tolist() == [["县农业局", "农产品检测"]]
    assert status(dataset) == "reconciled", failed(dataset)
    dataset = built(TITLE, [[label, ("县农业局农产品检测", 1, 3)], MONEY, GOAL, *TABLE])
    assert dataset.projects["project_name"].isna().all()
    assert status(dataset) == "open"


HEADS = ["项目名称", "资金总额（万元）", "绩效目标", "一级指标", "二级指标", "三级指标", "指标值"]
PROJECTS = [[("道路养护", 2, 1), ("15.6", 2, 1), ("养护道路。", 2, 1), ("产出指标", 2, 1), "数量指标", "养护里程", "≥2公里"], ["质量指标", "合格率", "≥95%"],
            [("桥梁维修", 2, 1), ("57.6", 2, 1), ("维修桥梁。", 2, 1), ("产出指标", 2, 1), "数量指标", "维修座数", "≥3座"], ["质量指标", "合格率", "≥96%"]]  # fmt: skip


@pytest.mark.parametrize("above", [True, False])
def test_an_amount_alone_above_or_below_the_projects_is_the_total(built, above):  # noqa: F811
    def around(amount: str) -> list:
        row = [["", amount, "", "", "", "", ""]]
        return [HEADS, *(row if above else []), *PROJECTS, *([] if above else row)]

    dataset = built("2024年项目支出绩效目标表", around("73.2"))
    assert dataset.projects["budget_wan_yuan"].tolist() == [Decimal("15.6"), Decimal("57.6")]
    assert dataset.documents["printed_total_wan_yuan"].tolist() == [Decimal("73.2")]
    dataset = built("2024年项目支出绩效目标表", around("73.8"))
    assert "73.8" in str(dataset.checks.loc[~dataset.checks["passed"], "expected"].tolist())


def test_a_column_of_targets_that_is_empty_is_none(built):  # noqa: F811
    rows = [["一级指标", "二级指标", "三级指标", "目标值（标准）", "指标值"], ["产出指标", "数量指标", "硬化里程", "≥2公里", ""],
            ["效益指标", "社会效益指标", "受益人口", "≥200人", ""]]  # fmt: skip
    dataset = built(TITLE, [NAME, UNIT, MONEY, GOAL, *rows])
    assert dataset.indicators["target_text"].tolist() == ["2", "200"]
    assert status(dataset) == "reconciled", failed(dataset)


def test_the_first_row_of_money_is_the_whole_of_those_below_it(built):  # noqa: F811
    heads = ["年初预算数", "全年预算数", "全年执行数", "执行率"]
    rows = [[("部门预算执行情况（万元）", 4, 1), "", *heads], ["全年支出", "80", "100", "95", "95%"],
            ["其中：基本支出", "40", "60", "57", "95%"], ["项目支出", "40", "40", "38", "95%"]]  # fmt: skip
    dataset = built(TITLE, [NAME, UNIT, *rows, GOAL, *TABLE])
    columns = ["budget_initial_wan_yuan", "budget_wan_yuan", "executed_wan_yuan", "execution_rate"]
    assert dataset.projects[columns].values.tolist() == [[80, 100, 95, 95]]
    assert status(dataset) == "reconciled", failed(dataset)


def test_money_of_all_years_beside_the_year_s(built):  # noqa: F811
    rows = [
        ["项目总投资（万元）", "15000", "专项债券总额度（万元）", "12000"],
        ["年度资金总额（万元）", ("6000", 1, 3)],
    ]
    dataset = built(TITLE, [NAME, UNIT, *rows, GOAL, *TABLE])
    assert dataset.projects[["budget_wan_yuan", "period_budget_wan_yuan"]].values.tolist() == [[6000, 15000]]
    assert status(dataset) == "reconciled", failed(dataset)


def test_a_target_in_words_keeps_its_unit(built):  # noqa: F811
    heads = ["一级指标", "二级指标", "三级指标", "指标性质", "指标值", "计量单位"]
    rows = [["产出指标", "数量指标", "硬化里程", "≥", "2", "公里"], ["产出指标", "时效指标", "完工时间", "定性", "11月", ""],
            ["产出指标", "时效指标", "养护时间", "≤", "11月", ""]]  # fmt: skip
    dataset = built(TITLE, [NAME, UNIT, MONEY, GOAL, heads, *rows])
    frame = dataset.indicators[["comparator", "target_text", "measure_unit"]].fillna("")
    assert frame.values.tolist() == [["≥", "2", "公里"], ["定性", "11月", ""], ["≤", "11", "月"]]


def test_level_2_under_a_level_1_of_the_unit_s_own_is_its_own(built):  # noqa: F811
    rows = [TABLE[0], ["部门绩效情况", "满意度", "公众评价", "≥90%"], ["满意度指标", "满意度", "群众评价", "≥95%"]]
    dataset = built(TITLE, [NAME, UNIT, MONEY, GOAL, *rows])
    assert levels(dataset) == [["部门绩效情况", "满意度", "公众评价"], ["满意度指标", "服务对象满意度指标", "群众评价"]]


def test_names_that_hold_their_targets(built):  # noqa: F811
    heads, level = ["一级指标", "二级指标", ("指标内容及指标值", 1, 2)], ["产出指标", "数量指标"]
    rows = [[*level, ("养护里程≥20公里", 1, 2)], [*level, ("合格率：95%", 1, 2)], [*level, ("路面：≥30平方米", 1, 2)]]
    dataset = built(TITLE, [NAME, UNIT, MONEY, GOAL, heads, *rows])
    frame = dataset.indicators[["name", "comparator", "target_text", "measure_unit"]].fillna("")
    assert frame.values.tolist() == [
        ["养护里程", "≥", "20", "公里"],
        ["合格率", "", "95", "%"],
        ["路面", "≥", "30", "平方米"],
    ]
    assert status(dataset) == "reconciled", failed(dataset)
    several = [*rows, [*level, ("1.制度：健全；2.机制：建立", 1, 2)]]
    assert "指标值（1 条）" in failed(built(TITLE, [NAME, UNIT, MONEY, GOAL, heads, *several]))


@pytest.mark.parametrize(
    ("budget", "target", "expected"),
    [
        ("768.9", "≤768.9万元", "768.9"),
        ("7689000", "≤768.9万元", "768.9"),
        ("768.9", "≤768.8万元", None),
        ("20", "≤20万元", None),
    ],
)
def test_a_unit_of_money_told_by_an_amount_elsewhere(built, budget, target, expected):  # noqa: F811
    cost = ["产出指标", "成本指标", "支出总额", target]
    dataset = built(TITLE, [NAME, UNIT, ["资金总额", (budget, 1, 3)], GOAL, *TABLE, cost])
    assert dataset.projects["budget_wan_yuan"].tolist() == [expected and Decimal(expected)]
    assert status(dataset) == ("reconciled" if expected else "open"), failed(dataset)
    told = dataset.repairs.loc[dataset.repairs["rule"].eq("unit_by_content"), "grade"].tolist()
    assert told == (["likely"] if expected else [])


@pytest.mark.parametrize(
    "rows",
    [[["项目资金（万元）", "65", "", ""]], [["项目资金（万元）", "65", "其中：财政拨款", "60"]],
     [["年度资金总额（万元）", "65", "", ""], ["其中：财政拨款", "60", "", ""], ["其他资金", "5", "", ""]]],
)  # fmt: skip
def test_labels_of_money_below_the_indicators(built, rows):  # noqa: F811
    foot = [["填报人：王某", "审核人：李某", "", ""]]
    dataset = built(TITLE, [NAME, UNIT, GOAL, *TABLE, *rows, *foot])
    assert dataset.projects["budget_wan_yuan"].tolist() == [65]
    assert status(dataset) == "reconciled", failed(dataset)
    dataset = built(TITLE, [NAME, UNIT, MONEY, GOAL, *TABLE, ["项目资金（万元）", "66", "", ""], *foot])
    assert "66" in failed(dataset)  # an amount beside a caption is never apparatus


@pytest.mark.parametrize(
    "rows",
    [[["其他说明事项", ("无", 1, 3)], ["单位审核意见", "情况属实。", "主管部门审核意见", "同意。"]],
     [[("五、保障措施", 1, 4)], [("成立专班，按季督查。", 1, 4)], [("六、审核意见", 1, 4)], [("镇财政所：同意。", 1, 3), "镇长："]]],
)  # fmt: skip
def test_what_closes_a_form_is_no_indicator(built, rows):  # noqa: F811
    dataset = built(TITLE, [NAME, UNIT, MONEY, GOAL, *TABLE, *rows])
    assert len(dataset.indicators) == len(TABLE) - 1
    assert status(dataset) == "reconciled", failed(dataset)
    dataset = built(TITLE, [NAME, UNIT, MONEY, GOAL, *TABLE, *rows, ["产出指标", "数量指标", "修补里程", "≥3公里"]])
    assert "修补里程" in dataset.indicators["name"].tolist()  # indicators that follow are not passed over


def test_targets_of_the_year_beside_those_of_all_years(built):  # noqa: F811
    heads = ["一级指标", "二级指标", "指标内容", "实施期指标值", "本年度指标值"]
    rows = [
        ["产出指标", "数量指标", "硬化里程", "≥6公里", "≥2公里"],
        ["效益指标", "社会效益指标", "受益人口", "≥600人", "≥200人"],
    ]
    dataset = built(TITLE, [NAME, UNIT, MONEY, GOAL, heads, *rows])
    assert dataset.indicators["target_text"].tolist() == ["2", "200"]
    assert dataset.period_indicators["target"].tolist() == ["≥6公里", "≥600人"]
    assert status(dataset) == "reconciled", failed(dataset)


def test_running_numbers_count_rows_between_sub_totals(built):  # noqa: F811
    heads = [
        "序号",
        "单位编码",
        "单位名称",
        "项目名称",
        "预算数（万元）",
        "绩效目标",
        "一级指标",
        "二级指标",
        "三级指标",
        "指标值",
    ]
    levels, names = (
        [["产出指标", "数量指标"], ["产出指标", "质量指标"], ["产出指标", "时效指标"]],
        ["里程", "合格率", "完成时间"],
    )
    rows = [heads, *[[str(n + 1), "101", "县路局", "道路养护", "6", "养护道路。", *levels[n], names[n], "≥2"] for n in range(3)],
            ["", "101", "县路局", "", "6", *[""] * 5],
            *[[str(n + 4), "102", "县桥所", "桥梁维修", "4", "维修桥梁。", *levels[n], names[n], "≥3"] for n in range(3)],
            ["", "102", "县桥所", "", "4", *[""] * 5]]  # fmt: skip
    dataset = built("2024年项目支出绩效目标表", rows)
    assert dataset.projects["project_name"].tolist() == ["道路养护", "桥梁维修"]
    assert dataset.checks.loc[dataset.checks["check"].eq("subtotal"), "passed"].tolist() == [True, True]


@pytest.mark.parametrize(("name", "projects"), [("村道硬化工程", 1), ("桥梁维修", 2)])
def test_a_form_that_goes_on_under_its_own_name(tmp_path, name, projects):
    again = [TABLE[0], ["产出指标", "时效指标", "完工时间", "≤11月"]]
    parts = page(TITLE, [NAME, UNIT, MONEY, GOAL, *TABLE]), page(f"{TITLE}（续）", again, f"项目名称：{name}")
    path = tmp_path / "form.html"
    path.write_text("".join(parts), encoding="utf-8")
    dataset = build_document(path)
    assert len(dataset.projects) == projects
    assert dataset.indicators["project_no"].tolist() == [1, 1, 1, projects]


@pytest.mark.parametrize("head", ["上年得分", "专家评分", "参考值", "调整后分值", "所需资金（万元）"])
def test_numbers_beside_weights_that_are_no_scores(built, head):  # noqa: F811
    rows = [
        [*TABLE[0], "分值", head],
        *([*row, weight, number] for row, weight, number in zip(TABLE[1:], "532", "431", strict=True)),
    ]
    dataset = built(TITLE, [NAME, UNIT, MONEY, GOAL, *rows])
    assert "score" not in dataset.indicators or dataset.indicators["score"].isna().all()
    assert fold(head) in failed(dataset)


def test_two_amounts_in_a_cell_are_no_page_number(built):  # noqa: F811
    rows = [
        ["项目名称", "年初预算/调整预算", *HEADS[2:]],
        [("道路养护", 2, 1), ("12/11", 2, 1), *PROJECTS[0][2:]],
        PROJECTS[1],
    ]
    assert "12/11" in failed(built("2024年项目支出绩效目标表", rows, "单位：万元"))
    rows[0][1], rows[1][1] = "本年预算（上年）", ("12（11）", 2, 1)
    assert status(built("2024年项目支出绩效目标表", rows, "单位：万元")) == "open"


@pytest.mark.parametrize(("amount", "expected"), [("壹拾贰万伍仟元整", "reconciled"), ("壹拾叁万伍仟元整", "open")])
def test_an_amount_in_capitals_in_the_cell_of_the_figures(built, amount, expected):  # noqa: F811
    dataset = built(TITLE, [NAME, UNIT, ["预算金额", (f"12.5万元（{amount}）", 1, 3)], GOAL, *TABLE])
    assert status(dataset) == expected, failed(dataset)


@pytest.mark.parametrize(
    ("total", "expected"), [("65万元", "reconciled"), ("650000元", "reconciled"), ("66万元", "open")]
)
def test_a_sum_in_a_line_above(built, total, expected):  # noqa: F811
    dataset = built(TITLE, [NAME, UNIT, MONEY, GOAL, *TABLE], f"以上1个项目，预算合计{total}。")
    assert status(dataset) == expected, failed(dataset)


@pytest.mark.parametrize(
    ("amounts", "expected"), [(("100", "20"), "reconciled"), (("100", "10"), "open"), (("120", "30"), "open")]
)
def test_parts_in_a_column_that_begins_beside_their_whole(built, amounts, expected):  # noqa: F811
    rows = [["资金总额（万元）", "120", "其中：财政拨款", amounts[0]], ["", "", "其他资金", amounts[1]]]
    dataset = built(TITLE, [NAME, UNIT, *rows, GOAL, *TABLE])
    assert dataset.projects["budget_wan_yuan"].tolist() == [120]
    assert status(dataset) == expected, failed(dataset)
