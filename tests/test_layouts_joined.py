"""Cells that print or export divided or joined: blocks of money without merges, nested tables, marks of repetition."""

import pytest
from openpyxl import Workbook
from test_forms import failed, status
from test_layouts import built  # noqa: F401 (a fixture)
from test_layouts_world import FLAT, HEAD, LEVELS, TITLE

from budgetperf.pipeline.document import build_document

NAMED = [["项目名称", ("农田建设", 1, 5)], ["实施单位", ("闽北县农业农村局", 1, 5)]]
GOAL = ["绩效目标", ("建设农田。", 1, 5)]
HEADS = ["一级指标", "二级指标", "三级指标", ("指标值", 1, 3)]
ROWS = [[*level, ("≥8个", 1, 3)] for level in LEVELS]


def budget_of(dataset):
    return [str(amount) for amount in dataset.projects["budget_wan_yuan"]]


@pytest.mark.parametrize(
    ("block", "budget"),
    [
        ([["资金（万元）", "合计", "中央", "省级", "市级", "县级"], ["", "36", "20", "10", "4", "2"]], "36"),
        ([["资金（万元）", "年度", "", "2024年", "2025年", "2026年"], ["", "资金总额", "", "36", "37", "38"]], "36"),
        ([["三年资金总额（万元）", "90", "", "其中：2024年", ("36", 1, 2)], ["", "", "", "2025年", ("54", 1, 2)]], "36"),
        ([["年度", "预算数（万元）", "执行数（万元）"], ["2023年", "8", "7"], ["2024年", "36", ""]], "36"),
        ([["总投资（万元）", "90", "", "累计已安排（万元）", ("20", 1, 2)], ["本年度安排（万元）", "36", "", "以后年度安排（万元）", ("34", 1, 2)]], "36"),
    ],
)  # fmt: skip
def test_blocks_of_money_without_merged_cells(built, block, budget):  # noqa: F811
    dataset = built(TITLE, [*NAMED, *block, GOAL, HEADS, *ROWS])
    assert budget_of(dataset) == [budget] and status(dataset) == "reconciled", failed(dataset)


@pytest.mark.parametrize(("county", "expected"), [("2", "reconciled"), ("20", "open")])
def test_a_sum_is_that_of_the_parts_in_its_row(built, county, expected):  # noqa: F811
    block = [["资金（万元）", "中央", "省级", "市级", "县级", "合计"], ["", "20", "10", "4", county, "36"]]
    assert status(built(TITLE, [*NAMED, *block, GOAL, HEADS, *ROWS])) == expected


@pytest.mark.parametrize("money", [[], [["资金（万元）", "", "", "36", "20", "16"]]])
def test_targets_of_places_beside_the_whole(built, money):  # noqa: F811
    rows = [[*level, "≥9个", "≥4个", "≥5个"] for level in LEVELS]
    dataset = built(TITLE, [*HEAD, ["一级指标", "二级指标", "三级指标", "全省", "甲市", "乙市"], *money, *rows])
    assert status(dataset) == "reconciled", failed(dataset)
    assert set(dataset.indicators["target_text"]) == {"9"}


@pytest.mark.parametrize("lower", [["2022年", "2023年", "当年目标值"], ["监控期目标值", "1-7月执行情况", "当年目标值"]])
def test_columns_of_other_times_only_say_more(built, lower):  # noqa: F811
    upper = [*((text, 2) for text, *_ in FLAT), ("近两年指标值" if "2022" in lower[0] else "目标值", 1, 3)]
    rows = [[*level, "6", "7", "≥8个"] for level in LEVELS]
    dataset = built("项目支出绩效目标表", [["年度", ("2024年度", 1, 5)], *HEAD, upper, lower, *rows])
    assert status(dataset) == "reconciled", failed(dataset)
    assert set(dataset.indicators["target_text"]) == {"8"} and dataset.indicators["more"].notna().all()


LIST = ["序号", "单位名称", "项目名称", "预算数（万元）", "绩效目标", "一级指标", "二级指标", "三级指标", "指标值"]


def listed(number: str, unit: str, name: str, amount: str, goal: str, marks: str) -> list:
    first = [number, unit, name, amount, goal, *LEVELS[0], "≥8个"]
    return [first, *(["", marks, marks, "", marks, *level, "≥8个"] for level in LEVELS[1:])]


def test_marks_of_repetition_are_the_cell_above(built):  # noqa: F811
    rows = listed("1", "闽北县水利局", "水渠维修", "12.5", "修水渠。", "〃") + listed(
        "2", "同上", "农田建设", "36", "建农田。", "〃"
    )
    rows[-1][5] = "同上"
    dataset = built(TITLE, [LIST, *rows, ["", "合计", "", "48.5", "", "", "", "", ""]])
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.projects["unit_name"].tolist() == ["闽北县水利局"] * 2
    assert dataset.indicators["level1"].tolist()[-1] == "效益指标" and len(dataset.projects) == 2


@pytest.mark.parametrize(("again", "projects"), [(["2", "", "农田建设（续）", "", "（接上页）"], 2), (["3", "", "农田建设（续）", "9", "（接上页）"], 3)])  # fmt: skip
def test_a_project_named_again_goes_on(built, again, projects):  # noqa: F811
    rows = listed("1", "闽北县水利局", "水渠维修", "12.5", "修水渠。", "") + listed(
        "2", "", "农田建设", "36", "建农田。", ""
    )
    dataset = built(TITLE, [LIST, *rows, [*again, "效益指标", "经济效益指标", "增收户数", "≥8个"]])
    assert len(dataset.projects) == projects, failed(dataset)


def test_a_table_under_its_own_unit_of_money(tmp_path):
    def table(unit: str, name: str, amount: str) -> str:
        rows = [LIST, *listed("1", "闽北县水利局", name, amount, "改善条件。", "")]
        body = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in rows)
        return f"<p>2024年项目支出绩效目标表</p><p>单位：{unit}</p><table>{body}</table>"

    path = tmp_path / "a.html"
    heads = [text.replace("（万元）", "") for text in LIST]
    path.write_text((table("万元", "水渠维修", "12.5") + table("元", "农田建设", "360000")).replace(LIST[3], heads[3]))
    dataset = build_document(path)
    assert budget_of(dataset) == ["12.5", "36"] and status(dataset) == "reconciled", failed(dataset)


@pytest.mark.parametrize("heads", ["<tr><td>一级指标<td>二级指标<td>三级指标<td>指标值</tr>"])
def test_indicators_in_tables_within_cells(tmp_path, heads):
    inner = "".join("<tr>" + "".join(f"<td>{text}" for text in (*level, "≥8个")) for level in LEVELS)
    body = "".join(
        f"<tr><td>闽北县水利局<td>{name}<td>{amount}<td>改善条件。<td><table>{heads}{inner}</table>"
        for name, amount in (("水渠维修", "12.5"), ("农田建设", "36"))
    )
    path = tmp_path / "a.html"
    path.write_text(
        f"<p>{TITLE}<table><tr><td>单位名称<td>项目名称<td>预算数（万元）<td>绩效目标<td>绩效指标{body}"
        "<tr><td colspan=2>合计<td>48.5<td><td></table>"
    )
    dataset = build_document(path)
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.indicators.groupby("project_no")["name"].count().tolist() == [3, 3]


def test_a_block_of_money_in_a_table_within_a_cell(built):  # noqa: F811
    inner = "<table><tr><td>资金总额<td>36<tr><td>其中：财政拨款<td>30</table>"
    dataset = built(TITLE, [*NAMED, ["项目资金（万元）", (inner, 1, 5)], GOAL, HEADS, *ROWS])
    assert budget_of(dataset) == ["36"] and status(dataset) == "reconciled", failed(dataset)


def test_three_rows_of_heads_without_merged_cells(tmp_path):
    lines = [
        "2024年项目支出绩效目标表,,,,,,,,,,,,",
        "序号,实施单位,项目名称,资金安排（万元）,,,年度绩效目标,绩效指标,,,,,",
        ",,,小计,其中,,,一级指标,二级指标,三级指标,指标值,,",
        ",,,,本级财政,上级资金,,,,,符号,数值,单位",
        "1,县水利局,水渠维修,12.5,10,2.5,修水渠。,产出指标,数量指标,维修水渠,≥,8,公里",
        ",,,,,,,满意度指标,服务对象满意度指标,农户满意度,≥,90,%",
        "2,县水利局,农田建设,36,30,6,建农田。,产出指标,数量指标,新增农田,≥,8,亩",
        ",,,,,,,满意度指标,服务对象满意度指标,农户满意度,≥,90,%",
        "合计,,,48.5,40,8.5,,,,,,,",
    ]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines))
    dataset = build_document(path)
    assert budget_of(dataset) == ["12.5", "36"] and status(dataset) == "reconciled", failed(dataset)
    assert dataset.indicators["target_text"].tolist() == ["8", "90"] * 2


@pytest.mark.parametrize("money", ["项目资金：36万元", "年度预算：36万元", "申请资金：36万元"])
def test_labels_on_one_line_above_a_form(tmp_path, money):
    rows = [["一级指标", "二级指标", "三级指标", "指标值"], *([*level, "≥8个"] for level in LEVELS)]
    body = "".join("<tr>" + "".join(f"<td>{text}" for text in row) for row in rows)
    path = tmp_path / "a.html"
    path.write_text(
        f"<p>{TITLE}<p>项目名称：农田建设（35012324T000000101）    实施单位：县农业农村局    {money}<p>总体目标：建设农田。<table>{body}</table>"
    )
    dataset = build_document(path)
    project = dataset.projects.iloc[0]
    assert status(dataset) == "reconciled", failed(dataset)
    assert (project["project_name"], project["unit_name"]) == ("农田建设", "县农业农村局")
    assert str(project["budget_wan_yuan"]) == "36"


def test_a_target_merged_over_two_indicators_is_that_of_both(built):  # noqa: F811
    rows = [[*LEVELS[0], ("≥90%", 2, 3)], [*LEVELS[1]], [*LEVELS[2], ("≥85%", 1, 3)]]
    dataset = built(TITLE, [*HEAD, HEADS, *rows])
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.indicators["target_text"].tolist() == ["90", "90", "85"]
    assert (dataset.repairs["rule"] == "fill_merged").any()


@pytest.mark.parametrize(("points", "expected"), [("70", "reconciled"), ("60", "open")])
def test_points_of_a_level_printed_again_on_each_row(built, points, expected):  # noqa: F811
    heads = ["一级指标", "分值", "二级指标", "三级指标", "指标值", "分值"]
    of = [(("产出指标", points), "数量指标", "新增农田"), (("产出指标", ""), "质量指标", "验收合格率"), (("效益指标", "30"), "社会效益指标", "受益农户")]  # fmt: skip
    rows = [[*level1, level2, name, "≥8%", weight] for (level1, level2, name), weight in zip(of, ("40", "30", "30"), strict=True)]  # fmt: skip
    assert status(built(TITLE, [*HEAD, heads, *rows])) == expected


@pytest.mark.parametrize(
    ("amount", "own", "expected"), [("48.5", "18.5", "reconciled"), ("49.5", "18.5", "open"), ("48.5", "28.5", "open")]
)
def test_rows_of_groups_and_the_parts_of_a_total_are_no_projects(built, amount, own, expected):  # noqa: F811
    heads = ["项目名称", "预算数（万元）", "绩效目标", "一级指标", "二级指标", "三级指标", "指标值"]
    rows = [["水渠维修", "12.5", "修水渠。", *LEVELS[0], "≥8个"], ["农田建设", "36", "建农田。", *LEVELS[1], "≥8个"]]
    blank = [""] * 5
    sums = [["合计", "48.5", *blank], ["其中：上级资金", "30", *blank], ["本级资金", own, *blank]]
    dataset = built("县水利局" + TITLE, [heads, ["一、特定目标类", amount, *blank], *rows, *sums])
    assert status(dataset) == expected, failed(dataset)
    assert dataset.projects["category_name"].tolist() == ["特定目标类"] * 2


@pytest.mark.parametrize(
    "title", ["县水利局2024年项目支出预算及绩效目标", "县水利局关于2024年省级专项资金绩效目标的公示"]
)
def test_a_unit_that_only_the_title_names(tmp_path, title):
    rows = [
        ["项目名称", "水渠维修"],
        ["预算数（万元）", "12.5"],
        ["绩效目标", "修水渠。"],
        ["一级指标", "二级指标", "三级指标", "指标值"],
    ]
    body = "".join(
        "<tr>" + "".join(f"<td>{t}" for t in row) for row in [*rows, *([*level, "≥8个"] for level in LEVELS)]
    )
    path = tmp_path / "a.html"
    path.write_text(f"<p>{title}<table>{body}</table>")
    assert build_document(path).projects["unit_name"].tolist() == ["县水利局"]


def test_a_code_that_only_the_caption_prints(built):  # noqa: F811
    rows = [["单位名称", "项目名称", "预算数（万元）", "绩效目标", "一级指标", "二级指标", "三级指标", "指标值"]]
    rows += [["县水利局", "水渠维修", "12.5", "修水渠。", *LEVELS[0], "≥8个"]]
    dataset = built(TITLE, rows, "预算单位：210001 县水利局")
    assert dataset.projects[["unit_code", "unit_name"]].values.tolist() == [["210001", "县水利局"]]
    assert dataset.checks["note"].str.contains("210001").any()


@pytest.mark.parametrize(("title", "year"), [("表6 2024年项目支出绩效目标表", 2024), ("附件2　2023年度项目支出绩效目标表", 2023)])  # fmt: skip
def test_a_number_before_the_year_is_none_of_its_digits(built, title, year):  # noqa: F811
    assert built(title, [*HEAD, HEADS, *ROWS]).projects["fiscal_year"].tolist() == [year]


@pytest.mark.parametrize("between", ["，", "；", "、", "　　", "/"])
def test_labels_and_values_divided_by_any_mark(tmp_path, between):
    rows = [["一级指标", "二级指标", "三级指标", "指标值"], *([*level, "≥8个"] for level in LEVELS)]
    body = "".join("<tr>" + "".join(f"<td>{text}" for text in row) for row in rows)
    head = between.join(["项目名称：农田建设", "实施单位：县农业农村局", "项目资金：36万元"])
    path = tmp_path / "a.html"
    path.write_text(f"<p>{TITLE}<p>{head}<p>总体目标：建设农田。<table>{body}</table>")
    dataset = build_document(path)
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.projects[["project_name", "unit_name"]].values.tolist() == [["农田建设", "县农业农村局"]]
    assert budget_of(dataset) == ["36"]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("人民币叁拾陆万元整（￥360,000.00）", "reconciled"),
        ("人民币叁拾陆万元整（￥390,000.00）", "open"),
        ("360 000元", "open"),
    ],
)
def test_amounts_in_capitals_and_divided_by_blanks(built, printed, expected):  # noqa: F811
    dataset = built(TITLE, [*NAMED, ["预算金额", (printed, 1, 5)], GOAL, HEADS, *ROWS])
    assert status(dataset) == expected, failed(dataset)
    assert expected == "open" or budget_of(dataset) == ["36"]


@pytest.mark.parametrize(
    "block",
    [
        [["支出预算明细", "用途", "单价（元）", ("金额（万元）", 1, 3)], ["", "修渠", "9800", ("30", 1, 3)], ["", "监理", "600", ("6", 1, 3)]],
        [["分季度用款计划（万元）", "一季度", "二季度", ("三季度", 1, 3)], ["", "10", "20", ("6", 1, 3)]],
        [["政府采购预算（万元）", ("3", 1, 5)]],
        [["年度主要工作", "任务", "主要内容", ("所需资金（万元）", 1, 3)], ["", "任务1", "修渠", ("30", 1, 3)], ["", "任务2", "监理", ("6", 1, 3)]],
    ],
)  # fmt: skip
def test_what_the_money_is_for_is_not_the_budget(built, block):  # noqa: F811
    dataset = built(TITLE, [*HEAD[:3], *block, HEAD[3], HEADS, *ROWS])
    assert budget_of(dataset) == ["36"] and status(dataset) == "reconciled", failed(dataset)


@pytest.mark.parametrize(("label", "unit"), [("采购人", "闽北县教育局"), ("项目负责部门", "闽北县教育局")])
def test_who_buys_or_answers_for_a_project_is_its_unit(built, label, unit):  # noqa: F811
    dataset = built(TITLE, [HEAD[0], [label, (unit, 1, 5)], *HEAD[2:], HEADS, *ROWS])
    assert dataset.projects["unit_name"].tolist() == [unit]


def test_of_heads_a_page_prints_only_the_lower_row_again(tmp_path):
    upper = "".join(f"<td rowspan=2>{text}" for text in LIST[:5])
    lower = "<tr>" + "".join(f"<td>{text}" for text in LIST[5:])
    rows = [
        "".join(f"<td>{text}" for text in row) for row in listed("1", "县水利局", "水渠维修", "12.5", "修水渠。", "")
    ]
    more = ["".join(f"<td>{text}" for text in row) for row in listed("2", "县水利局", "农田建设", "36", "建农田。", "")]
    first = f"<table><tr>{upper}<td colspan=4>绩效指标</tr>{lower}<tr>{'<tr>'.join(rows)}</table>"
    again = f"<table>{lower.replace('<tr>', '<tr><td><td><td><td><td>')}<tr>{'<tr>'.join(more)}</table>"
    path = tmp_path / "a.html"
    path.write_text(f"<p>{TITLE}{first}{again}")
    dataset = build_document(path)
    assert dataset.projects["project_name"].tolist() == ["水渠维修", "农田建设"], failed(dataset)
    assert dataset.indicators["project_no"].tolist() == [1, 1, 1, 2, 2, 2]


@pytest.mark.parametrize(("total", "expected"), [("36", "reconciled"), ("46", "open")])
def test_a_dash_is_nothing_where_the_total_is_that_of_the_others(built, total, expected):  # noqa: F811
    rows = listed("1", "县水利局", "水渠维修", "-", "修水渠。", "") + listed(
        "2", "县农业局", "农田建设", "36", "建农田。", ""
    )
    dataset = built(TITLE, [LIST, ["—", "—", "—", "（万元）", *["—"] * 5], *rows, ["合计", "", "", total, *[""] * 5]])
    assert status(dataset) == expected, failed(dataset)
    assert budget_of(dataset)[0] == ("0" if expected == "reconciled" else "None")


def test_a_list_of_duties_with_projects_and_their_money_is_a_block(built):  # noqa: F811
    duties = [
        [("履职目标", 3, 1), "部门职能", "年度任务", "支出项目名称", ("预算金额（万元）", 1, 2)],
        ["编纂志书，组织调研", "保障编纂", "志书出版经费", ("24", 1, 2)],
        ["日常运行，人员保障", "按时发放", "人员经费", ("12", 1, 2)],
    ]
    dataset = built("部门整体支出绩效目标表（2024年度）", [HEAD[1], HEAD[2], *duties, HEAD[3], HEADS, *ROWS])
    assert budget_of(dataset) == ["36"] and dataset.projects["project_name"].isna().all(), failed(dataset)


GOING_ON = ["闽北县水利局（续）", "闽北县水利局(续表)", "闽北县水利局（上接第1页）", "（续）闽北县水利局"]


@pytest.mark.parametrize(
    ("again", "unit", "expected"),
    [*((mark, "闽北县水利局", "reconciled") for mark in GOING_ON), ("闽北县林业局", "闽北县林业局", "reconciled"), ("闽北县林业局（续）", "闽北县林业局（续）", "open")],
)  # fmt: skip
def test_a_unit_named_again_goes_on(built, again, unit, expected):  # noqa: F811
    rows = listed("1", "闽北县水利局", "水渠维修", "12.5", "修水渠。", "") + listed(
        "2", again, "农田建设", "36", "建农田。", ""
    )
    dataset = built(TITLE, [LIST, *rows, ["", "合计", "", "48.5", "", "", "", "", ""]])
    assert dataset.projects["unit_name"].tolist() == ["闽北县水利局", unit] and status(dataset) == expected, failed(
        dataset
    )


@pytest.mark.parametrize(
    ("lines", "expected"),
    [(["JX-07-", "水渠维修"], "reconciled"), (["项目名称：水渠维修", "主管部门：闽北县水利局"], "open")],
)
def test_a_table_that_sets_a_cell_in_lines_divides_no_row(tmp_path, lines, expected):
    name = "<table>" + "".join(f"<tr><td>{line}" for line in lines) + "</table>"
    rows = "".join("<tr>" + "".join(f"<td>{text}" for text in (*level, "≥8个")) for level in LEVELS[1:])
    first = "".join(f"<td>{text}" for text in (*LEVELS[0], "≥8个"))
    heads = "".join(f"<td>{text}" for text in LIST[1:])
    path = tmp_path / "a.html"
    path.write_text(
        f"<p>{TITLE}<table><tr>{heads}<tr><td rowspan=3>闽北县水利局<td rowspan=3>{name}<td rowspan=3>12.5"
        f"<td rowspan=3>修水渠。{first}{rows}</table>"
    )
    dataset = build_document(path)
    assert status(dataset) == expected, failed(dataset)
    if expected == "reconciled":
        assert len(dataset.projects) == 1 and dataset.projects["project_name"].str.endswith("水渠维修").all()


def sheets(tmp_path, *pages, merged=()):
    """A workbook with the rows of each page on a sheet of its own; `merged`: ranges of the last."""
    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(pages, start=1):
        sheet = book.create_sheet(f"Table {number}")
        for row in rows:
            sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    book.save(tmp_path / "a.xlsx")
    return build_document(tmp_path / "a.xlsx")


def test_a_sheet_of_bare_rows_goes_on_with_the_table_of_the_sheet_before(tmp_path):
    """As programs leave it that put each page of a document on a sheet of its own."""
    heads = ["项目名称", "预算数（万元）", "绩效目标", "一级指标", "二级指标", "三级指标", "指标值", "分值"]
    levels = [[*level, "≥8个", weight] for level, weight in zip(LEVELS, [50, 30, 10], strict=True)]
    names = ("农田建设", "道路养护", "校舍修缮")
    rows = [
        row
        for name in names
        for row in ([name, 8, f"做好{name}。", *levels[0]], *([None] * 3 + level for level in levels[1:]))
    ]
    dataset = sheets(
        tmp_path, [["2024年项目支出绩效目标表"], heads, *rows[:4]], rows[4:], merged=["A1:A2", "B1:B2", "C1:C2"]
    )
    assert dataset.indicators.groupby("project_no").size().tolist() == [3, 3, 3]
    assert status(dataset) == "reconciled", failed(dataset)


@pytest.mark.parametrize(("printed", "expected"), [(8, "reconciled"), (9, "open")])
def test_sums_as_a_program_that_groups_rows_prints_them(tmp_path, printed, expected):
    heads = ["项目名称", "预算数（万元）", "绩效目标", "一级指标", "二级指标", "三级指标", "指标值", "分值"]
    rows = []
    for name in ("农田建设", "道路养护"):
        levels = [[*level, "≥8个", weight] for level, weight in zip(LEVELS, [50, 30, 10], strict=True)]
        rows += [[name, 8, f"做好{name}。", *levels[0]], *([None] * 3 + level for level in levels[1:])]
        rows.append([f"{name} 汇总", printed, *[None] * 5, 90])
    dataset = sheets(tmp_path, [["2024年项目支出绩效目标表"], heads, *rows, ["总计", 16, *[None] * 5, 180]])
    assert dataset.projects["project_name"].tolist() == ["农田建设", "道路养护"]
    assert status(dataset) == expected, failed(dataset)


def test_an_indicator_that_is_called_a_summary_is_no_sum(built):  # noqa: F811
    heads = ["项目名称", "预算数（万元）", "绩效目标", "一级指标", "二级指标", "三级指标", "指标值", "分值"]
    project = [(text, 2) for text in ("农田建设", "8", "做好。", "产出指标", "数量指标")]
    rows = [[*project, "系统", "3套", "70"], ["数据汇总", "12", "30"]]
    dataset = built("2024年项目支出绩效目标表", [heads, *rows])
    assert dataset.indicators["name"].tolist() == ["系统", "数据汇总"]
