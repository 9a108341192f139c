"""Whose the tables are and of which year, where several lines and labels speak of bodies and years; and amounts under words
that no list has."""

import pytest
from test_forms import GOAL, MONEY, NAME, TABLE, TITLE, UNIT, failed, status
from test_layouts import built, page  # noqa: F401 (a fixture)
from test_titles_and_other_tables import EVALUATED, LIST, form, listed, tables  # noqa: F401 (a fixture)

from budgetperf.pipeline import build_document

TITLED = "云溪县公路局2024年项目支出绩效目标表"


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("填报单位  云溪县公路局    审核单位  云溪县财政局", "云溪县公路局"),
        ("预算单位名称（盖章） 云溪县公路局", "云溪县公路局"),
        ("填报单位：云溪县公路局（盖章）", "云溪县公路局"),
        ("云溪县公路局 联系电话2432100", "云溪县公路局"),
        ("附件 云溪县公路局", "云溪县公路局"),
        ("主管部门  云溪县交通运输局", None),
        ("根据云溪县财政局要求填报", None),
        ("云溪县财政局2024年预算公开格式", None),
        ("云溪县人民代表大会2024年批准的预算", None),
    ],
)
def test_a_line_names_the_unit_only_by_a_label_of_it_or_alone(built, line, unit):  # noqa: F811
    found = built(LIST, listed("村道硬化"), line).projects["unit_name"]
    assert [name if isinstance(name, str) else None for name in found] == [unit]


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("一、云溪县公路局2024年项目支出绩效目标表", "云溪县公路局"),
        ("公开10表 云溪县公路局2024年项目支出绩效目标表", "云溪县公路局"),
        ("2024年大华镇项目支出绩效目标表", "大华镇"),
        ("云溪县本级2024年项目支出绩效目标表", None),
        ("乡镇卫生院2024年能力提升项目绩效目标表", None),
        ("养老服务中心2024年建设项目绩效目标表", None),
    ],
)
def test_a_title_names_a_body_and_not_a_kind_of_bodies(built, title, unit):  # noqa: F811
    found = built(title, listed("村道硬化")).projects["unit_name"]
    assert [name if isinstance(name, str) else None for name in found] == [unit]


@pytest.mark.parametrize("title", ["云溪县第二水厂2024年项目支出绩效目标表", "云溪县融媒体2024年项目支出绩效目标表"])
def test_a_title_of_its_own_ends_what_the_one_above_says_or_is_in_doubt(tables, title):  # noqa: F811
    dataset = tables((TITLED, form("村道硬化")), (title, form("供水改造")))
    assert dataset.projects["unit_name"].tolist()[0] == "云溪县公路局"
    assert dataset.projects["unit_name"].tolist()[1] in title or status(dataset) == "open"


def test_a_plain_title_goes_on_with_the_unit_of_the_one_above(tables):  # noqa: F811
    dataset = tables((TITLED, form("村道硬化")), (LIST, form("危桥养护")))
    assert dataset.projects["unit_name"].tolist() == ["云溪县公路局"] * 2 and status(dataset) == "reconciled"


def test_the_foot_of_a_table_is_not_the_next_one_s_head(tables):  # noqa: F811
    first, second = listed("村道硬化"), listed("危桥养护")
    foot = [("填报单位：云溪县公路局    负责人：张三", 1, len(first[0]))]
    dataset = tables((LIST, [*first, foot]), ("云溪县桥梁所2024年项目支出绩效目标表", second))
    assert dataset.projects["unit_name"].tolist()[1] == "云溪县桥梁所"


def test_bodies_over_each_table_of_a_text(tmp_path):
    heads = "项目名称\t预算数\t绩效目标\t一级指标\t二级指标\t三级指标\t指标值\t权重"
    row = (
        "{}\t65\t完成{}。\t产出指标\t数量指标\t硬化里程\t≥2公里\t60\n\t\t\t效益指标\t社会效益指标\t受益人口\t≥200人\t30"
    )
    units, names = ["云溪县公路局", "云溪县桥梁所", "云溪县养护站"], ["村道硬化", "危桥养护", "日常养护"]
    above = [
        lambda unit: [unit, LIST, "单位：万元"],
        lambda unit: [LIST, f"{unit}        单位：万元"],
    ]
    for lines in above:
        text = [line for u, n in zip(units, names, strict=True) for line in (*lines(u), heads, row.format(n, n))]
        (tmp_path / "list.txt").write_text("\n".join(text) + "\n", encoding="utf-8")
        assert build_document(tmp_path / "list.txt").projects["unit_name"].tolist() == units


@pytest.mark.parametrize(
    ("title", "cells", "line", "year", "said"),
    [
        (EVALUATED, ["评价年度", ("2023", 1, 3)], "", 2024, True),
        (EVALUATED, [], "（2023年1月1日—2023年12月31日）", 2024, True),
        (EVALUATED, [], "（2024年度）", 2024, False),
        ("项目支出绩效目标申报表", ["编制年度", ("2023", 1, 3)], "", None, True),
        ("项目支出绩效目标申报表", ["填报年度", "2023", "预算年度", "2024"], "", 2024, False),
    ],
)
def test_years_that_differ_are_in_doubt_and_that_of_writing_is_none(built, title, cells, line, year, said):  # noqa: F811
    results = [[*TABLE[0], "实际完成值"], *([*row, "2公里"] for row in TABLE[1:])] if title == EVALUATED else TABLE
    rows = [NAME, UNIT, *([cells] if cells else []), MONEY, GOAL, *results]
    dataset = built(title, rows, line)
    assert dataset.documents["fiscal_year"].dropna().tolist() == ([year] if year else [])
    assert ("年度印得不同" in failed(dataset) or "没有印出预算年度" in failed(dataset)) == said, failed(dataset)


@pytest.mark.parametrize("approved", ["批准金额", "核准金额", "控制数", "财政建议数", "终审数"])
def test_what_was_approved_goes_before_what_was_applied_for(built, approved):  # noqa: F811
    money = ["申报金额（万元）", "70", f"{approved}（万元）", "65"]
    dataset = built(TITLE, [NAME, UNIT, money, GOAL, *TABLE])
    assert dataset.projects["budget_wan_yuan"].astype(str).tolist() == ["65"], failed(dataset)


@pytest.mark.parametrize("label", ["付款金额", "报销金额", "核销金额", "已用资金", "项目实际成本"])
def test_an_amount_that_may_have_been_spent_is_in_doubt_whatever_its_word(built, label):  # noqa: F811
    results = [[*TABLE[0], "实际完成值"], *([*row, "2公里"] for row in TABLE[1:])]
    of_form = built(EVALUATED, [NAME, UNIT, ["预算金额（万元）", "65", f"{label}（万元）", "60"], GOAL, *results])
    assert of_form.projects["executed_wan_yuan"].notna().all() or "执行数" in failed(of_form)
    heads = ["项目名称", "预算金额（万元）", f"{label}（万元）", "绩效目标", *results[0]]
    of_list = built(EVALUATED, [heads, *(["村道硬化", "65", "60", "硬化村道2公里。", *row] for row in results[1:])])
    assert of_list.projects["executed_wan_yuan"].notna().all() or "执行数" in failed(of_list)
