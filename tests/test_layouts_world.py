"""Layouts of other provinces: divided targets, merged points, captions among the rows, names beside the table."""

import pytest
from test_forms import failed, status
from test_layouts import built, page, targets  # noqa: F401 (built is a fixture)

from budgetperf.pipeline.document import build_document

TITLE = "项目支出绩效目标表（2024年度）"
HEAD = [
    ["项目名称", ("农田建设", 1, 5)],
    ["实施单位", ("闽北县农业农村局", 1, 5)],
    ["预算金额（万元）", ("36", 1, 5)],
    ["绩效目标", ("建设农田。", 1, 5)],
]
LEVELS = [("产出指标", "数量指标", "新增农田"), ("效益指标", "社会效益指标", "受益农户"), ("满意度指标", "服务对象满意度指标", "农户满意度")]  # fmt: skip
FLAT = [("一级指标", 1, 1), ("二级指标", 1, 1), ("三级指标", 1, 1)]


def divided(upper: str, lower: list[str], values: list[list[str]]) -> list:
    heads = [[*((text, 2) for text, *_ in FLAT), (upper, 1, 3)], lower]
    return [*HEAD, *heads, *([*level, *own] for level, own in zip(LEVELS, values, strict=True))]


@pytest.mark.parametrize("places", [["全省", "甲市", "乙县"], ["全年", "上半程", "下半程"], ["甲市", "乙县", "合计"]])
def test_of_targets_divided_by_places_or_times_the_whole_is_the_target(built, places):  # noqa: F811
    values = [[f"≥{9 if place[0] in '全合' else n}个" for n, place in enumerate(places)] for _ in LEVELS]
    dataset = built(TITLE, divided("指标值", places, values))
    assert status(dataset) == "reconciled", failed(dataset)
    assert set(dataset.indicators["target_text"]) == {"9"}


def test_of_places_alone_none_is_surely_the_target(built):  # noqa: F811
    assert status(built(TITLE, divided("指标值", ["甲市", "乙县", "丙县"], [["≥1个", "≥2个", "≥3个"]] * 3))) == "open"


@pytest.mark.parametrize("year", ["2024", ""])
def test_a_result_of_the_year_before_is_no_result_of_this_one(built, year):  # noqa: F811
    rows = [*HEAD, ["一级指标", "二级指标", "三级指标", "2023年完成值", ("2024年目标值", 1, 2)]]
    rows += [[*level, "7个", ("≥8个", 1, 2)] for level in LEVELS]
    dataset = built(f"{year}项目支出绩效目标表", rows)
    assert status(dataset) == "reconciled", failed(dataset)
    assert set(dataset.indicators["target_text"]) == {"8"} and dataset.indicators["actual_text"].isna().all()


@pytest.mark.parametrize(("points", "expected"), [(["50", "40"], "reconciled"), (["50", "30"], "open")])
def test_one_cell_of_points_beside_two_indicators_counts_once(built, points, expected):  # noqa: F811
    rows = [*HEAD, ["一级指标", "二级指标", "三级指标", "指标值", ("分值", 1, 2)]]
    cells = [((points[0], 2, 2),), (), ((points[1], 1, 2),)]
    rows += [[*level, "≥8个", *own] for level, own in zip(LEVELS, cells, strict=True)]
    dataset = built(TITLE, [*rows, [("合计", 1, 4), ("90", 1, 2)]])
    assert status(dataset) == expected, failed(dataset)
    assert dataset.indicators["weight"].isna().tolist() == [False, True, False]


def test_projects_as_rows_over_their_indicators(built):  # noqa: F811
    rows = [["一级指标", "二级指标", "三级指标", "指标值"]]
    for name, amount in (("农田建设", "36"), ("水渠维修", "12.5")):
        rows += [[(f"项目名称：{name}    预算金额：{amount}万元", 1, 4)], [("绩效目标：改善条件。", 1, 4)]]
        rows += [[*level, "≥8个"] for level in LEVELS]
    dataset = built(TITLE, rows)
    assert dataset.projects["project_name"].tolist() == ["农田建设", "水渠维修"], failed(dataset)
    assert list(map(str, dataset.projects["budget_wan_yuan"])) == ["36", "12.5"]
    assert dataset.indicators["project_no"].tolist() == [1, 1, 1, 2, 2, 2]


@pytest.mark.parametrize("points", ["50", "60"])
def test_levels_as_numbered_rows_over_their_indicators(built, points):  # noqa: F811
    rows = [*HEAD, ["序号", "二级指标", "三级指标", "指标值", ("分值", 1, 2)]]
    for n, (level1, level2, name) in enumerate(LEVELS):
        rows += [["一二三"[n], level1, "", "", ((points if not n else "20"), 1, 2)]]
        rows += [[f"{n + 1}.1", level2, name, "≥8个", (("50" if not n else "20"), 1, 2)]]
    dataset = built(TITLE, [*rows, [("合计", 1, 4), ("90", 1, 2)]])
    assert [row[:3] for row in targets(dataset)] == LEVELS
    assert (status(dataset) == "reconciled") == (points == "50"), failed(dataset)


def test_a_units_row_with_its_sum_stands_over_its_projects(built):  # noqa: F811
    rows = [["项目名称", "预算数（万元）", "绩效目标", "一级指标", "二级指标", "三级指标", "指标值"]]
    for unit, amount in (("801001-闽北县文化馆", "36"), ("801002-闽北县博物馆", "12")):
        rows += [[unit, amount, *[""] * 5]]
        rows += [[*((t, 3) for t in (f"{unit[7:]}修缮", amount, "改善条件。")), *LEVELS[0], "≥8个"]]
        rows += [[*level, "≥8个"] for level in LEVELS[1:]]
    projects = built(TITLE, rows).projects
    assert projects["unit_name"].tolist() == ["闽北县文化馆", "闽北县博物馆"]
    assert projects["unit_code"].tolist() == ["801001", "801002"]


def test_a_form_that_names_no_project_takes_the_line_over_its_title_or_is_open(tmp_path):
    rows = [
        *HEAD[1:],
        [*(text for text, *_ in FLAT), ("指标值", 1, 3)],
        *([*level, ("≥8个", 1, 3)] for level in LEVELS),
    ]
    for line, name in (("农田建设", "农田建设"), ("闽北县农业农村局", None)):
        path = tmp_path / "document.html"
        path.write_text(page(TITLE, rows, "").replace("<h1>", f"<h2>{line}</h2><h1>"), encoding="utf-8")
        dataset = build_document(path)
        assert (status(dataset) == "reconciled") == (name is not None), failed(dataset)
        assert dataset.projects["project_name"].dropna().tolist() == [n for n in [name] if n]


def test_points_of_a_fund_block_stand_in_its_label(built):  # noqa: F811
    rows = [
        [("项目名称", 1, 1), ("水土监测", 1, 5)],
        [("预算执行情况（万元）（20分）", 2), "", "预算数", "执行数", "执行率", "得分（20分*执行率）"],
        ["年度资金总额", "10", "10", "100%", "20"],
        ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "得分"],
        *([*level, "≥8个", "9个", "20"] for level in LEVELS),
    ]
    project = built("项目支出绩效自评表（2024年度）", rows).projects.iloc[0]
    assert (str(project["execution_weight"]), str(project["execution_score"])) == ("20", "20")


@pytest.mark.parametrize(("label", "budget"), [("本年度债券资金（万元）", "12"), ("债券资金（万元）", None)])
def test_the_years_part_of_a_longer_budget(built, label, budget):  # noqa: F811
    head = [["项目名称", ("供水工程", 1, 3)], ["项目总投资（万元）", "98", label, "12"], ["年度目标", ("供水。", 1, 3)]]
    dataset = built(
        TITLE, [*head, ["一级指标", "二级指标", "三级指标", "指标值"], *([*level, "≥8个"] for level in LEVELS)]
    )
    assert dataset.projects["budget_wan_yuan"].dropna().map(str).tolist() == [b for b in [budget] if b]
    assert (status(dataset) == "reconciled") == (budget is not None), failed(dataset)


def test_where_the_money_comes_from_is_said_by_a_word_of_money(built):  # noqa: F811
    rows = [
        ["预算金额（万元）", "36", "资金来源", "财政拨款"],
        ["购买方式", "公开招标", "服务期限", "1年"],
        ["购买主体", ("某县民政局", 1, 3)],
    ]
    dataset = built(TITLE, [["项目名称", ("养老服务", 1, 3)], *rows, ["绩效目标", ("服务老人。", 1, 3)], ["一级指标", "二级指标", "三级指标", "指标值"], *([*level, "≥8个"] for level in LEVELS)])  # fmt: skip
    assert status(dataset) == "reconciled", failed(dataset)
    assert {("资金来源", "财政拨款"), ("服务期限", "1年")} <= set(
        map(tuple, dataset.notes[["label", "text"]].values.tolist())
    )


def test_a_name_that_ends_like_a_label_of_money_heads_no_block(built):  # noqa: F811
    head = [["项目名称", ("人才补助", 1, 5)], ["项目资金（万元）", "预算数", "10", "执行数", "0", "执行率0%"]]
    rows = [
        ["一级指标", "二级指标", "三级指标", "目标值", "实际完成值", "得分"],
        *([*level, "≥8个", "9个", "20"] for level in LEVELS),
    ]
    project = built("项目绩效目标完成情况表（2024年度）", [*head, *rows]).projects.iloc[0]
    assert (project["project_name"], str(project["budget_wan_yuan"])) == ("人才补助", "10")


@pytest.mark.parametrize("head", ["1-8月完成值", "1-8月执行情况"])
def test_what_a_part_of_the_year_brought_is_not_the_years_result(built, head):  # noqa: F811
    rows = [*HEAD, [*FLAT, "年度指标值", head, "偏差原因分析"], *([*level, "≥8个", "5个", ""] for level in LEVELS)]
    indicators = built("项目支出绩效运行监控表（2024年1-8月）", rows).indicators
    assert indicators["actual_text"].isna().all() and set(indicators["more"]) == {f"{head}：5个"}


@pytest.mark.parametrize(("first", "names"), [("项目一", ["农田建设", "水渠维修"]), ("序号一", [])])
def test_numbered_projects_have_a_form_each(built, first, names):  # noqa: F811
    rows = []
    for number, name in (("一", "农田建设"), ("二", "水渠维修")):
        rows += [[f"{first[:2]}{number}", name, "预算（万元）", "36"], ["绩效目标", ("改善条件。", 1, 3)]]
        rows += [["一级指标", "二级指标", "指标名称", "目标值"], *([*level, "≥8个"] for level in LEVELS)]
    dataset = built("部门预算项目绩效目标公开表（2024年度）", rows)
    assert dataset.projects["project_name"].dropna().tolist() == names, failed(dataset)
    assert (status(dataset) == "reconciled") == bool(names)


def test_numbered_projects_within_a_units_form_are_its_tasks(built):  # noqa: F811
    head = [["部门名称", ("闽北县农业农村局", 1, 3)], ["年度预算总额（万元）", ("36", 1, 3)]]
    tasks = [["项目一", ("农田建设", 1, 3)], ["项目二", ("水渠维修", 1, 3)], ["年度绩效目标", ("改善条件。", 1, 3)]]
    rows = [["一级指标", "二级指标", "三级指标", "指标值"], *([*level, "≥8个"] for level in LEVELS)]
    dataset = built("部门整体支出绩效目标表（2024年度）", [*head, *tasks, *rows])
    assert (status(dataset), dataset.projects["scope"].tolist()) == ("reconciled", ["unit"]), failed(dataset)


def test_a_project_called_by_its_number_in_a_list_heads_no_form(built):  # noqa: F811
    rows = [["项目名称", "预算数（万元）", "绩效目标", *(text for text, *_ in FLAT), "指标值"]]
    rows += [[f"项目{n}", "36", "改善条件。", *level, "≥8个"] for n in "一二" for level in LEVELS]
    dataset = built(TITLE, rows)
    assert dataset.projects["project_name"].tolist() == ["项目一", "项目二"], failed(dataset)
    assert status(dataset) == "reconciled"


@pytest.mark.parametrize(("points", "own"), [(["10", "9.7"], True), (["100", "98"], False), (["10", "10.2"], False)])
def test_points_beside_the_execution_rate_are_the_rates_own(built, points, own):  # noqa: F811
    money = ["全年预算数", "全年执行数", "执行率", "分值", "得分"]
    rows = [["项目名称", *money, *(text for text, *_ in FLAT), "年度指标值", "实际完成值", "分值", "得分"]]
    for name, spent, rate, scores in (("农田建设", "97", "97%", points), ("水渠维修", "100", "100%", [points[0]] * 2)):
        head = [(text, 3) for text in (name, "100", spent, rate, *scores)]
        rows += [[*(head if not n else []), *level, "≥8个", "9个", "30", "30"] for n, level in enumerate(LEVELS)]
    dataset = built("项目支出绩效自评情况表（2024年度）", rows, "单位：万元")
    assert (status(dataset) == "reconciled") == own, failed(dataset)
    projects = dataset.projects[["execution_weight", "execution_score"]]
    assert projects.iloc[0].dropna().map(str).tolist() == (points if own else [])
    assert set(dataset.indicators["weight"].map(str)) == set(dataset.indicators["score"].map(str)) == {"30"}


@pytest.mark.parametrize(("share", "expected"), [("112", "reconciled"), ("121", "open")])
def test_two_divisions_of_one_whole_beside_heads_of_two_rows(built, share, expected):  # noqa: F811
    rows = [["部门名称", ("闽北县农业农村局", 1, 5)]]
    rows += [
        [("总体资金情况", 2, 2), ("当年金额（万元）", 2), ("占比", 2), ("近两年收支金额（万元）", 1, 2)],
        ["2022年", "2023年"],
    ]
    rows += [[("收入构成", 3), "财政拨款", "620", "98%", "600", "610"], ["其他资金", "12", "2%", "10", "11"]]
    rows += [["合计", "632", "100%", "610", "621"], [("支出构成", 3), "基本支出", "520", "82%", "500", "510"]]
    rows += [["项目支出", share, "18%", "110", "111"], ["合计", "632", "100%", "610", "621"]]
    rows += [["整体绩效目标", ("改善条件。", 1, 5)], ["一级指标", "二级指标", "三级指标", ("指标值", 1, 3)]]
    dataset = built("部门整体支出绩效目标表（2024年度）", [*rows, *([*level, ("≥8个", 1, 3)] for level in LEVELS)])
    assert status(dataset) == expected, failed(dataset)
    assert dataset.projects["budget_wan_yuan"].map(str).tolist() == ["632"]


@pytest.mark.parametrize(("blank", "expected"), [([], True), ([1], True), ([3], False), ([1, 2, 4, 5], True)])
def test_a_row_without_its_project_between_two_projects_of_a_flat_export_is_open(built, blank, expected):  # noqa: F811
    rows = [["项目编码", *(text for text, *_ in FLAT), "指标值"]]
    rows += [["" if n in blank else f"63012324T00000000{n // 3}", *LEVELS[n % 3], "≥8个"] for n in range(6)]
    dataset = built(TITLE, rows)
    assert (status(dataset) == "reconciled") == expected, failed(dataset)
    assert dataset.indicators["project_no"].tolist() == [1, 1, 1, 2, 2, 2] or not expected


# ---- what whole tables and forms say of themselves -------------------------------------------------------------------


def listed(subtotal: str, code: str = "150824000{}000003101") -> list:
    """Two units with a project each and the sum of each, the letter of their codes not the same."""
    rows = [["单位名称", "项目编码", "项目名称", "预算数（万元）", "绩效目标", *(text for text, *_ in FLAT), "指标值"]]
    for n, (unit, letter, amount) in enumerate((("甲县农牧局", "24T", "18.6"), ("甲县防疫站", "24Y", "9.4")), 1):
        own = [(unit, 3), (f"{code.format(letter)}{n:02}"[:21], 3), (f"补助{n}", 3), (amount, 3), (f"补助{n}户。", 3)]
        rows += [[*own, *LEVELS[0], "≥8个"], *([*level, "≥8个"] for level in LEVELS[1:])]
        rows.append([(subtotal.format(unit), 1, 3), amount, *[""] * 5])
    return [*rows, [("合计", 1, 3), "28", *[""] * 5]]


def test_a_sum_that_names_its_unit_is_no_project(built):  # noqa: F811
    dataset = built(TITLE, listed("{}小计"))
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.projects["unit_name"].tolist() == ["甲县农牧局", "甲县防疫站"]
    wrong = [[cell if cell != "9.4" else "9.5" for cell in row] for row in listed("{}小计")]
    assert {"total", "subtotal"} & set(failed(built(TITLE, wrong)).replace("；", ":").split(":"))


@pytest.mark.parametrize(("label", "unit"), [("某县残联", "某县残联"), ("各县（区）残联", None)])
def test_who_uses_the_money_is_the_unit_unless_it_is_many(built, label, unit):  # noqa: F811
    head = [
        ["项目名称", ("补助资金", 1, 3)],
        ["资金使用单位", label, "资金总额（万元）", "36"],
        ["总体目标", ("扶助。", 1, 3)],
    ]
    rows = [[*(text for text, *_ in FLAT), "指标值"], *([*level, "≥8个"] for level in LEVELS)]
    found = built("转移支付区域绩效目标表（2024年度）", [*head, *rows]).projects["unit_name"].item()
    assert (found if isinstance(found, str) else None) == unit


@pytest.mark.parametrize(("source", "passes"), [("200", True), ("201", False)])
def test_two_divisions_of_one_amount_below_each_other(built, source, passes):  # noqa: F811
    head = [
        ["部门名称", ("某县交通局", 1, 3)],
        [("预算情况", 5), ("部门预算总额（万元）", 1, 2), "500"],
        [("1、资金来源：（1）财政性资金", 1, 2), "300"],
        [("（2）其他资金", 1, 2), source],
        [("2、资金结构：（1）基本支出", 1, 2), "120"],
        [("（2）项目支出", 1, 2), "380"],
        ["年度绩效目标", ("保畅通。", 1, 3)],
    ]
    rows = [[*(text for text, *_ in FLAT), "指标值"], *([*level, "≥8个"] for level in LEVELS)]
    assert (status(built("部门整体支出绩效目标表（2024年度）", [*head, *rows])) == "reconciled") == passes


def test_completion_is_output_and_seals_are_no_indicator(built):  # noqa: F811
    heads = [[*((text, 2) for text, *_ in FLAT), ("指标值", 1, 2)], ["2023年实际实现值", "预期2024年实现值"]]
    levels = [("项目完成指标", *LEVELS[0][1:]), *LEVELS[1:]]
    head = [[row[0], (row[1][0], 1, 4)] for row in HEAD]
    seals = [[("财政科（盖章）\n年 月 日", 1, 3), ("绩效科（盖章）\n年 月 日", 1, 2)]]
    dataset = built(TITLE, [*head, *heads, *([*level, "7个", "≥8个"] for level in levels), *seals])
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.indicators["level1"].iat[0] == "产出指标" and set(dataset.indicators["target_text"]) == {"8"}


@pytest.mark.parametrize("below", [0, 1])
def test_names_of_a_systems_columns_beside_their_heads(built, below):  # noqa: F811
    heads = [["yjzb", "ejzb", "name", "indexval"], [*(text for text, *_ in FLAT), "指标值"]]
    head = [[row[0], (row[1][0], 1, 3)] for row in HEAD]
    rows = [*head, *(heads[::-1] if below else heads), *([*level, "≥8个"] for level in LEVELS)]
    assert status(built(TITLE, rows)) == "reconciled"


@pytest.mark.parametrize("second", ["（一）数量指标", "（一）成本指标"])
def test_levels_in_rows_over_their_indicators(built, second):  # noqa: F811
    head = [[row[0], (row[1][0], 1, 2)] for row in HEAD]
    rows = [["指标名称", "指标值", "权重"], [("一、产出指标", 1, 3)], [(second, 1, 3)], ["新增农田", "≥8亩", "60"]]
    rows += [[("二、满意度指标", 1, 3)], [("（一）服务对象满意度指标", 1, 3)], ["农户满意度", "≥90%", "30"]]
    dataset = built(TITLE, [*head, *rows])
    if "成本" in second:  # as well a level 1 as a level 2
        assert status(dataset) == "open"
        return
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.indicators[["level1", "level2"]].values.tolist() == [list(LEVELS[0][:2]), list(LEVELS[2][:2])]


def test_heads_of_levels_over_columns_that_hold_the_level_below(built):  # noqa: F811
    head = [[row[0], (row[1][0], 1, 4)] for row in HEAD]
    dataset = built(
        TITLE, [*head, ["绩效指标", "指标名称", "", "目标值", "说明"], *([*level, "≥8个", ""] for level in LEVELS)]
    )
    assert status(dataset) == "reconciled", failed(dataset)
    assert [row[:3] for row in targets(dataset)] == LEVELS


def test_heads_in_two_rows_without_merged_cells(built):  # noqa: F811
    heads = [
        ["项目名称", "金额（万元）", "绩效目标", "绩效指标", "", "", ""],
        ["", "", "", "一级", "二级", "三级", "指标值"],
    ]
    own = [["农田建设", "36", "建设农田。"], ["", "", ""], ["", "", ""]]
    dataset = built(TITLE, [*heads, *([*cells, *level, "≥8个"] for cells, level in zip(own, LEVELS, strict=True))])
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.projects["objective"].tolist() == ["建设农田。"]


def test_results_of_several_years_before_say_more(built):  # noqa: F811
    head = [[row[0], (row[1][0], 1, 5)] for row in HEAD]
    heads = [*(text for text, *_ in FLAT), "2022年实际值", "2023年实际值", "2024年目标值"]
    dataset = built(TITLE, [*head, heads, *([*level, "6个", "7个", "≥8个"] for level in LEVELS)])
    assert status(dataset) == "reconciled", failed(dataset)
    assert set(dataset.indicators["target_text"]) == {"8"} and dataset.indicators["actual_text"].isna().all()


@pytest.mark.parametrize(
    "title", ["南山镇人民政府2024年项目支出绩效目标表", "2024年南山镇人民政府部门预算项目支出绩效目标表"]
)
def test_the_title_names_the_unit_where_the_table_does_not(built, title):  # noqa: F811
    head = [["项目名称", ("农田建设", 1, 3)], ["预算金额（万元）", ("36", 1, 3)], ["绩效目标", ("建设农田。", 1, 3)]]
    dataset = built(title, [*head, ["一级指标", "二级指标", "三级指标", "指标值"], *([*lv, "≥8个"] for lv in LEVELS)])
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.projects["unit_name"].tolist() == ["南山镇人民政府"]


@pytest.mark.parametrize(("part", "expected"), [("12", "reconciled"), ("13", "open")])
def test_money_below_the_indicators_is_the_forms_own(built, part, expected):  # noqa: F811
    rows = [[row[0], (row[1][0], 1, 4)] for row in HEAD if "预算" not in row[0]]
    rows += [["一级指标", "二级指标", "三级指标", "指标值", "完成值"], *([*level, "≥8个", "9个"] for level in LEVELS)]
    rows += [[("二、预算执行情况（万元）", 1, 5)], ["资金来源", "全年预算数", ("全年执行数", 1, 2), "执行率"]]
    rows += [["年度资金总额", "36", ("18", 1, 2), "50%"], ["其中：财政资金", "24", ("12", 1, 2), "50%"]]
    dataset = built(TITLE, [*rows, ["其他资金", part, ("6", 1, 2), "50%"]])
    assert status(dataset) == expected, failed(dataset)
    projects = dataset.projects[["budget_wan_yuan", "executed_wan_yuan"]].astype(float)
    assert projects.to_numpy().tolist() == [[36, 18]] and len(dataset.indicators) == len(LEVELS)


@pytest.mark.parametrize(
    ("sources", "amounts", "budget"),
    [
        (["资金总额", "一般公共预算", "财政专户"], ["36", "30", "6"], 36),
        (["2023年预算数", "申请金额", "2024年批复金额"], ["20", "40", "36"], 36),
        (["年初预算", "全年预算", "全年执行"], ["40", "36", "18"], 36),
    ],
)
def test_of_several_columns_of_money_the_years_is_the_budget(built, sources, amounts, budget):  # noqa: F811
    top = [("项目名称", 2), ("资金情况（万元）", 1, 3), ("绩效目标", 2), ("绩效指标", 1, 4)]
    rows = [top, [*sources, *(text for text, *_ in FLAT), "指标值"]]
    first = [("农田建设", 3), *((text, 3) for text in amounts), ("建设农田。", 3)]
    rows += [[*(first if n == 0 else []), *level, "≥8个"] for n, level in enumerate(LEVELS)]
    dataset = built("南山镇人民政府2024年项目支出绩效目标表", rows)
    assert status(dataset) == "reconciled", failed(dataset)
    assert [float(amount) for amount in dataset.projects["budget_wan_yuan"]] == [budget]


def test_the_best_of_grades_is_the_target(built):  # noqa: F811
    head = [[row[0], (row[1][0], 1, 6)] for row in HEAD]
    upper = [*((text, 2) for text, *_ in FLAT), ("评价标准", 1, 4)]
    rows = [[*level, "≥9个", "≥8个", "≥7个", "＜7个"] for level in LEVELS]
    dataset = built(TITLE, [*head, upper, ["优", "良", "中", "差"], *rows])
    assert status(dataset) == "reconciled", failed(dataset)
    assert set(dataset.indicators["target_text"]) == {"9"}


def test_a_goal_inside_a_goals_place_is_without_its_label(built):  # noqa: F811
    head = [*HEAD[:3], [("年度目标", 2), ("预期目标：建设农田。", 1, 5)], [("实际完成情况：建成。", 1, 5)]]
    rows = [["一级指标", "二级指标", "三级指标", ("指标值", 1, 3)], *([*level, ("≥8个", 1, 3)] for level in LEVELS)]
    dataset = built(TITLE, [*head, *rows])
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.projects["objective"].tolist() == ["建设农田。"]


def test_a_second_head_of_names_over_figures_is_the_targets(built):  # noqa: F811
    head = [[row[0], (row[1][0], 1, 3)] for row in HEAD]
    dataset = built(TITLE, [*head, ["一级指标", "二级指标", "三级指标", "绩效标准"], *([*lv, "≥8个"] for lv in LEVELS)])
    assert status(dataset) == "reconciled", failed(dataset)
    assert set(dataset.indicators["target_text"]) == {"8"}
