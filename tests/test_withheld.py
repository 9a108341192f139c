"""What a document prints of a required field under words that nobody knows: read where it is proven, else in doubt."""

import pytest
from test_forms import MONEY, NAME, TABLE, TITLE, failed, status
from test_layouts import built  # noqa: F401 (a fixture)

from budgetperf.pipeline import build_document

GOAL = ["年度目标", ("硬化村道2公里，方便群众出行。", 1, 3)]
UNIT = ["政策实施单位", ("云岭乡人民政府", 1, 3)]


@pytest.mark.parametrize(("label", "expected"), [("政策实施单位", "reconciled"), ("经办机构", "reconciled"), ("受益机构", "open")])  # fmt: skip
def test_a_body_under_a_label_that_nobody_knows_may_be_the_unit(built, label, expected):  # noqa: F811
    dataset = built(TITLE, [NAME, [label, ("云岭乡人民政府", 1, 3)], MONEY, GOAL, *TABLE])
    assert status(dataset) == expected, failed(dataset)
    assert ("可能就是" in failed(dataset)) == (expected == "open")


@pytest.mark.parametrize("caption", ["单位名称：301005-县植保站", "本表所属机构：县植保站"])
def test_the_unit_in_a_line_over_a_text_table(tmp_path, caption):
    heads = ["项目名称", "预算数（万元）", "绩效目标", "一级指标", "二级指标", "三级指标", "指标值", "度量单位", "权重"]
    rows = [["村道养护", "126.50", "养护村道2公里，方便群众。", "产出指标", "数量指标", "养护里程", "≥2", "公里", "50"],
            ["", "", "", "效益指标", "社会效益指标", "受益人口", "≥200", "人", "40"]]  # fmt: skip
    path = tmp_path / "table.txt"
    path.write_text("\n".join([TITLE, caption, *map("\t".join, [heads, *rows])]), encoding="utf-8")
    dataset = build_document(path)
    if caption.startswith("单位"):
        assert dataset.projects[["unit_code", "unit_name"]].values.tolist() == [["301005", "县植保站"]]
    else:
        assert "可能就是" in failed(dataset)


def test_of_money_by_years_the_year_s_is_the_budget(built):  # noqa: F811
    rows = [[("资金筹措（万元）", 2, 1), "总额", "以前年度到位", "本年度安排"], ["100", "70", "30"]]
    dataset = built(TITLE, [NAME, UNIT, *rows, GOAL, *TABLE])
    assert dataset.projects[["budget_wan_yuan", "period_budget_wan_yuan"]].values.tolist() == [[30, 100]]
    assert status(dataset) == "reconciled", failed(dataset)


@pytest.mark.parametrize(("rate", "executed"), [("95%", 95), ("40%", None)])
def test_the_rate_proves_what_was_spent(built, rate, executed):  # noqa: F811
    rows = [[("预算资金（万元）", 2, 1), "全年预算合计", "实付", "执行率"], ["100", "95", rate]]
    dataset = built(TITLE, [NAME, UNIT, *rows, GOAL, *TABLE])
    assert dataset.projects["executed_wan_yuan"].tolist() == [executed]
    assert status(dataset) == ("reconciled" if executed else "open"), failed(dataset)


def test_two_amounts_that_may_be_the_budget(built):  # noqa: F811
    dataset = built(TITLE, [NAME, UNIT, MONEY, ["项目预算资金", ("60", 1, 3)], GOAL, *TABLE])
    assert "另印有可能是预算数的" in failed(dataset)


def test_a_year_is_no_amount(built):  # noqa: F811
    dataset = built(TITLE, [NAME, UNIT, ["预算金额（万元）", "65", "预算年度", "2024"], GOAL, *TABLE])
    assert status(dataset) == "reconciled", failed(dataset)


def test_a_rate_of_execution_that_is_not_the_budget_s_is_an_indicator(built):  # noqa: F811
    rows = [["过程", "预算执行", "政府采购执行率", "≥95%", "10"], ["过程", "预算执行", "预算执行率", "≥95%", "10"]]
    head, *others = TABLE
    pointed = [[*head, "分值"], *([*row, points] for row, points in zip(others, ("50", "20", "10"), strict=True))]
    wide = [[label, (text, 1, 4)] for label, (text, *_) in (NAME, UNIT, MONEY, GOAL)]
    dataset = built(TITLE, [*wide, *pointed, *rows])
    assert dataset.indicators["name"].tolist()[3:] == ["政府采购执行率"]
