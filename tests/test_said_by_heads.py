"""What only heads say: the unit or sign of all values, codes beside names, groups of columns, a column
that prints others again; and columns of a table that stand on the next page."""

import pytest
from pdf_drawing import draw_table, new_canvas
from test_forms import GOAL, MONEY, NAME, TABLE, TITLE, UNIT, failed, status
from test_layouts import built, page  # noqa: F401 (a fixture)

from budgetperf.pipeline import build_document

LEVELS = [["产出指标", "数量指标"], ["产出指标", "质量指标"], ["效益指标", "社会效益指标"]]


def form(built, heads: list[str], *rows: list[str], above: tuple = (NAME, UNIT, MONEY, GOAL), title: str = TITLE):  # noqa: F811
    own = [[*levels, *cells] for levels, cells in zip(LEVELS, rows, strict=True)]
    return built(title, [*above, ["一级指标", "二级指标", *heads], *own])


def read(dataset, *fields: str) -> list[list]:
    rows = dataset.indicators[list(fields)].astype(object).values.tolist()
    return [[None if value is None or value != value else str(value) for value in row] for row in rows]


def rules(dataset) -> set[str]:
    return set(dataset.repairs["rule"])


def test_unit_and_sign_of_all_values_in_their_head(built):  # noqa: F811
    dataset = form(built, ["三级指标", "指标值（≥，%）"], ["完成率", "100"], ["验收合格率", "98"], ["满意率", "提高"])
    assert read(dataset, "comparator", "target_text", "measure_unit") == [
        ["≥", "100", "%"],
        ["≥", "98", "%"],
        ["定性", "提高", None],
    ]
    assert "said_by_head" in rules(dataset)


@pytest.mark.parametrize("head", ["指标值（个、%）", "指标值（≥、≤、=）", "指标值（定性、定量）"])
def test_several_units_or_signs_in_a_head_are_no_ones(built, head):  # noqa: F811
    dataset = form(built, ["三级指标", head], ["完成率", "100"], ["验收合格率", "98"], ["满意率", "90"])
    assert read(dataset, "comparator", "measure_unit") == [[None, None]] * 3


def test_a_target_may_have_one_of_what_its_head_says(built):  # noqa: F811
    dataset = form(built, ["三级指标", "指标值（≥，%）"], ["完成率", "100%"], ["验收合格率", "=98"], ["满意率", "90"])
    assert read(dataset, "comparator", "measure_unit") == [["≥", "%"], ["=", "%"], ["≥", "%"]]


def test_heads_that_say_different_things_of_their_values_are_in_doubt(tmp_path):
    rows = [["产出指标", "数量指标", "硬化里程", "20"], ["效益指标", "社会效益指标", "受益率", "90"]]

    def of(*heads: str) -> str:
        path, parts = tmp_path / "document.html", []
        for number, head in enumerate(heads):
            own = [
                ["项目名称", (f"{number}号工程", 1, 3)],
                UNIT,
                MONEY,
                GOAL,
                ["一级指标", "二级指标", "三级指标", head],
                *rows,
            ]
            parts.append(page(TITLE, own).removeprefix("<html><meta charset=utf-8>").removesuffix("</html>"))
        path.write_text("<html><meta charset=utf-8>" + "".join(parts), encoding="utf-8")
        return failed(build_document(path))

    assert "表头印得不同" in of("指标值（%）", "指标值") and "表头印得不同" not in of("指标值（%）", "指标值（%）")


def test_points_under_a_head_that_may_be_of_scores_are_weights_where_no_others_are(built):  # noqa: F811
    rows = [["硬化里程", "≥2公里", "60"], ["合格率", "≥98%", "20"], ["受益人口", "≥200人", "20"]]
    dataset = form(built, ["三级指标", "指标值", "评价分值"], *rows)
    assert read(dataset, "weight") == [["60"], ["20"], ["20"]]


def test_one_head_over_levels_and_names(built):  # noqa: F811
    names = ["硬化里程", "合格率", "受益人口"]
    own = [
        [*levels, name, "≥20", points] for levels, name, points in zip(LEVELS, names, ("50", "20", "30"), strict=True)
    ]
    dataset = built(TITLE, [NAME, UNIT, MONEY, GOAL, [("绩效指标", 1, 3), "指标值", "分值"], *own])
    assert read(dataset, "level2", "name") == [
        ["数量指标", "硬化里程"],
        ["质量指标", "合格率"],
        ["社会效益指标", "受益人口"],
    ]


def test_a_period_in_the_head_is_no_unit(built):  # noqa: F811
    dataset = form(built, ["三级指标", "指标值（年度）"], ["硬化里程", "2"], ["验收合格率", "98%"], ["受益人口", "200"])
    assert read(dataset, "target_text", "measure_unit") == [["2", None], ["98", "%"], ["200", None]]


def test_unit_behind_a_slash(built):  # noqa: F811
    dataset = form(
        built, ["三级指标", "指标值/单位"], ["硬化里程", "≥2/公里"], ["验收合格率", "98/%"], ["村容", "改善"]
    )
    assert read(dataset, "comparator", "target_text", "measure_unit") == [
        ["≥", "2", "公里"],
        [None, "98", "%"],
        ["定性", "改善", None],
    ]
    assert status(dataset) == "reconciled", failed(dataset)


@pytest.mark.parametrize("label", ["项目名称/编码", "项目编码和项目名称", "项目代码、名称"])
@pytest.mark.parametrize("text", ["村道硬化/51072200024T000000561", "51072200024T000000561-村道硬化"])
def test_code_beside_a_name(built, label, text):  # noqa: F811
    dataset = built(TITLE, [[label, (text, 1, 3)], UNIT, MONEY, GOAL, *TABLE])
    assert dataset.projects[["project_code", "project_name"]].values.tolist() == [["51072200024T000000561", "村道硬化"]]


def test_execution_rate_with_a_target_and_no_points_is_an_indicator(built):  # noqa: F811
    rows = [["预算执行率", "≥95%"], ["验收合格率", "≥98%"], ["受益人口", "≥200人"]]
    dataset = form(built, ["三级指标", "指标值"], *rows)
    assert read(dataset, "name")[0] == ["预算执行率"]
    pointed = [[*row, points] for row, points in zip(rows, ("10", "60", "30"), strict=True)]
    dataset = built(TITLE, [NAME, UNIT, MONEY, GOAL, ["一级指标", "二级指标", "三级指标", "指标值", "分值"],
                            ["过程", "预算执行", *pointed[0]], *([*LEVELS[n], *pointed[n]] for n in (1, 2))])  # fmt: skip
    assert len(dataset.indicators) == 2 and dataset.projects["execution_weight"].astype(str).tolist() == ["10"]


def test_groups_over_the_heads_of_projects_and_indicators(built):  # noqa: F811
    heads = [
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
    groups = [("单位信息", 1, 2), ("项目信息", 1, 3), ("绩效指标", 1, 4)]
    own = [(text, 3, 1) for text in ("205001", "县教育局", "校舍维修", "36", "维修校舍。")]
    rows = [
        ["产出指标", "数量指标", "维修校舍", "≥3所"],
        ["产出指标", "质量指标", "合格率", "≥95%"],
        ["效益指标", "社会效益指标", "受益学生", "≥900人"],
    ]
    dataset = built("2024年项目支出绩效目标表", [groups, heads, [*own, *rows[0]], *rows[1:]])
    assert dataset.projects[["unit_code", "unit_name", "project_name"]].values.tolist() == [
        ["205001", "县教育局", "校舍维修"]
    ]
    assert status(dataset) == "reconciled", failed(dataset)


@pytest.mark.parametrize(("last", "wanted"), [("≥200人", "reconciled"), ("≥300人", "open")])
def test_a_column_that_prints_others_again(built, last, wanted):  # noqa: F811
    heads = ["三级指标", "计算符号", "指标值", "度量单位", "指标值内容"]
    rows = [
        ["硬化里程", "≥", "2", "公里", "≥2公里"],
        ["合格率", "≥", "98", "%", "≥98%"],
        ["受益人口", "≥", "200", "人", last],
    ]
    assert status(form(built, heads, *rows)) == wanted


def test_values_of_the_whole_beside_those_of_the_year(built):  # noqa: F811
    rows = [["硬化里程", "≥6公里", "≥2公里"], ["合格率", "≥98%", "≥95%"], ["受益人口", "≥600人", "≥200人"]]
    dataset = form(built, ["三级指标", "总体数值", "年度数值"], *rows)
    assert read(dataset, "target_text") == [["2"], ["95"], ["200"]]
    assert dataset.period_indicators["target"].tolist() == ["≥6公里", "≥98%", "≥600人"]
    assert status(dataset) == "reconciled", failed(dataset)


RESULTS = ["三级指标", "指标值", "分值", "全年完成情况", "自评分值", "未达标说明及佐证材料"]


def test_results_under_other_heads_and_the_sum_of_scores(built):  # noqa: F811
    rows = [
        ["硬化里程", "≥2公里", "50", "2.1公里", "50", ""],
        ["合格率", "≥98%", "20", "96%", "18", "一处返工"],
        ["受益人口", "≥200人", "30", "220人", "30", ""],
    ]
    own = [[*levels, *cells] for levels, cells in zip(LEVELS, rows, strict=True)]

    def with_sum(points: str):
        foot = [("得分合计", 1, 4), "100", "", points, ""]
        return built(
            "项目支出绩效自评表（2024年度）", [NAME, UNIT, MONEY, GOAL, ["一级指标", "二级指标", *RESULTS], *own, foot]
        )

    dataset = with_sum("98")
    assert read(dataset, "actual_text", "score", "deviation_note")[1] == ["96%", "18", "一处返工"]
    assert status(dataset) == "reconciled", failed(dataset)
    assert status(with_sum("97")) == "open"


def test_progress_of_some_months_is_no_result_of_the_year(built):  # noqa: F811
    rows = [["硬化里程", "≥2公里", "1公里"], ["合格率", "≥98%", "96%"], ["受益人口", "≥200人", "90人"]]
    dataset = form(built, ["三级指标", "指标值", "1-7月执行情况"], *rows)
    assert read(dataset, "actual_text") == [[None]] * 3


LEFT = ["项目名称", "预算数（万元）", "绩效目标", "一级指标", "二级指标"]
RIGHT = ["三级指标", "指标值", "分值"]


def two_pages(path, lower: float, again: bool = False):
    """A table whose last columns stand on a page of their own, there with rows that the first page does not divide."""
    canvas = new_canvas(path)
    projects = [
        ["道路养护", "36", "养护道路。", "产出指标", "数量指标"],
        ["", "", "", "效益指标", "社会效益指标"],
        ["桥梁维修", "12", "维修桥梁。", "产出指标", "数量指标"],
    ]
    draw_table(canvas, [LEFT, *projects], xs=(40, 120, 220, 340, 430, 540), top=100, height=30)
    canvas.showPage()
    rows = [["养护里程", "≥20公里", "50"], ["通行能力", "提高", "40"], ["维修座数", "≥3座", "90"]]
    draw_table(canvas, [RIGHT, *rows], xs=(40, 200, 300, 360), top=lower, height=30)
    if again:
        canvas.showPage()
        draw_table(canvas, [LEFT, *projects], xs=(40, 120, 220, 340, 430, 540), top=100, height=30)
    canvas.save()
    return build_document(path)


def test_columns_on_the_next_page_stand_beside_the_rows_at_their_height(tmp_path):
    dataset = two_pages(tmp_path / "a.pdf", 100)
    assert read(dataset, "level1", "name", "weight", "page") == [
        ["产出指标", "养护里程", "50", "2"], ["效益指标", "通行能力", "40", "2"], ["产出指标", "维修座数", "90", "2"],
    ]  # fmt: skip
    assert dataset.projects["project_name"].tolist() == ["道路养护", "桥梁维修"]
    assert any("行线逐行对齐" in note for note in dataset.checks["note"])
    assert (
        status(two_pages(tmp_path / "c.pdf", 100, again=True)) == "open"
    )  # another such table, whose columns are lost
    assert status(two_pages(tmp_path / "b.pdf", 115)) == "open"


def test_code_and_name_of_the_unit_in_a_caption(built):  # noqa: F811
    heads = ["项目名称", "预算数（万元）", "绩效目标", "一级指标", "二级指标", "三级指标", "指标值"]
    rows = [heads, ["校舍维修", "36", "维修校舍。", "产出指标", "数量指标", "维修校舍", "≥3所"]]
    dataset = built("2024年项目支出绩效目标表", rows, "单位编码：554008　单位名称：县文化馆　金额单位：万元")
    assert dataset.projects[["unit_code", "unit_name"]].values.tolist() == [["554008", "县文化馆"]]


def test_years_over_a_form_s_money_are_its_columns(built):  # noqa: F811
    heads = ["资金来源", "2023年（已安排）", "2024年（本年申请）", "2025年（预计）", "合计"]
    money = [heads, ["财政拨款", "30", "42.8", "45", "117.8"], ["合计", "30", "42.8", "45", "117.8"]]
    dataset = built(TITLE, [NAME, UNIT, ["资金预算（单位：万元）"], *money, GOAL, *TABLE])
    assert [str(v) for v in dataset.projects[["budget_wan_yuan", "period_budget_wan_yuan"]].iloc[0]] == [
        "42.8",
        "117.8",
    ]
    assert status(dataset) == "reconciled", failed(dataset)


def test_of_years_over_a_form_s_money_none_is_chosen_where_nothing_says_which(built):  # noqa: F811
    money = [["资金来源", "2021年", "2022年", "2023年"], ["合计", "30", "42.8", "45"]]
    dataset = built(TITLE.replace("2024年", ""), [NAME, UNIT, ["资金预算（单位：万元）"], *money, GOAL, *TABLE])
    assert status(dataset) == "open" and "budget" in set(dataset.checks.loc[~dataset.checks["passed"], "check"])


@pytest.mark.parametrize(
    ("results", "explains"), [(["1-6月完成情况", "预计全年完成情况"], False), (["实际完成值", "得分"], True)]
)
def test_what_explains_progress_is_no_reason_of_a_result(built, results, explains):  # noqa: F811
    heads = ["三级指标", "指标值", *results, "偏差原因及纠偏措施", "是否预警"]
    values = ["8公里", "5"] if explains else ["8公里", "预计可完成"]
    rows = [[name, "≥8公里", *values, "招标延后", "否"] for name in ("硬化里程", "管护里程", "受益里程")]
    dataset = form(built, heads, *rows)
    assert dataset.indicators["deviation_note"].notna().all() == explains
    assert explains or all("招标延后" in more for more in dataset.indicators["more"])


@pytest.mark.parametrize(
    ("cell", "unit"),
    [
        ("云溪县公路局（301001）", ["301001", "云溪县公路局"]),
        ("云溪县公路局-301001", ["301001", "云溪县公路局"]),
        ("云溪县公路局（2024）", [None, "云溪县公路局（2024）"]),
    ],
)
def test_a_code_behind_a_body_s_name_is_its_own(built, cell, unit):  # noqa: F811
    dataset = built(TITLE, [NAME, ["实施单位", (cell, 1, 3)], MONEY, GOAL, *TABLE])
    assert dataset.projects[["unit_code", "unit_name"]].astype(object).where(
        lambda f: f.notna(), None
    ).values.tolist() == [unit]


def test_the_rate_of_a_fund_block_whose_rows_are_stages(built):  # noqa: F811
    heads = [["资金情况（万元）", "合计", "财政拨款"], ["全年预算数", "176", "166"], ["全年执行数", "172.48", "162.8"]]
    above = (NAME, UNIT, *heads, ["执行率", "98.00%", "98.07%"], GOAL)
    dataset = form(
        built,
        ["三级指标", "指标值", "实际完成值"],
        *[["硬化里程", "8公里", "8公里"]] * 3,
        above=above,
        title="2024年项目支出绩效自评表",
    )
    assert [str(v) for v in dataset.projects[["executed_wan_yuan", "execution_rate"]].iloc[0]] == ["172.48", "98"]


def test_stages_under_the_head_of_a_budget_or_beside_its_label(built):  # noqa: F811
    results = [[*TABLE[0], "实际完成值"], *([*row, "2公里"] for row in TABLE[1:])]
    fund = [
        [("资金情况（万元）", 3), ("预算", 1, 2), ("支出数", 2), ("支出率", 2)],
        ["年初", "调整后"],
        ["2000", "1925.6", "1868.9", "97.06%"],
    ]
    below = built("2024年项目支出绩效自评表", [NAME, UNIT, *fund, GOAL, *results])
    amounts = [f"{stage}_wan_yuan" for stage in ("budget_initial", "budget", "executed")]
    assert below.projects[amounts].astype(str).values.tolist() == [["2000", "1925.6", "1868.9"]], failed(below)
    changed = [[("预算金额（万元）", 2), "调整前", ("调整后", 1, 2)], ["310", ("396", 1, 2)]]
    goals = [[("绩效目标", 2), "调整前", ("调整后", 1, 2)], ["建设3个基地。", ("建设4个基地。", 1, 2)]]
    beside = built("2024年项目支出绩效目标调整表", [NAME, UNIT, *changed, *goals, *TABLE])
    assert beside.projects[["budget_wan_yuan", "objective"]].astype(str).values.tolist() == [["396", "建设4个基地。"]]


def test_a_standard_that_holds_nothing_but_figures_is_the_target(built):  # noqa: F811
    heads = ["三级指标", "考核标准", "分值"]
    dataset = form(
        built, heads, *[["硬化里程", "≥8公里", "30"], ["完成率", "=100%", "30"], ["受益人口", "≥200人", "30"]]
    )
    assert read(dataset, "comparator", "target_text", "measure_unit") == [
        ["≥", "8", "公里"],
        ["=", "100", "%"],
        ["≥", "200", "人"],
    ]
