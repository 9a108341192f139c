"""Further kinds in which these tables are published: levels without a column, points of levels, names in titles, lines left
blank, tables side by side."""

from decimal import Decimal

import openpyxl
import pytest
from openpyxl.styles import Border, Side
from pdf_drawing import HEIGHT, WIDTH, draw_table, new_canvas, write
from test_forms import GOAL, MONEY, NAME, TABLE, UNIT, failed, form, status
from test_layouts import built, targets  # noqa: F401 (a fixture)

from budgetperf.audit.run import audit
from budgetperf.pipeline import build_document

RESULTS = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"]


def evaluation(built, *rows, total=90):  # noqa: F811
    head = [["项目名称", ("公路养护", 1, 6)], ["实施单位", ("县公路段", 1, 6)], ["年度目标", ("养护公路8公里。", 1, 6)],
            ["年度资金总额（万元）", ("65", 1, 6)]]  # fmt: skip
    return built("项目支出绩效自评表（2023年度）", [*head, RESULTS, *rows, [("总分", 1, 5), str(total), str(total)]])


def test_lines_that_break_an_indicator_down_have_no_points(built):  # noqa: F811
    rows = [["产出指标", "数量指标", "养护里程", "8公里", "8公里", "60", "60"], ["", "", "其中：县道", "5公里", "5公里", "", ""],
            ["满意度指标", "服务对象满意度指标", "群众满意度", "≥90%", "95%", "30", "30"]]  # fmt: skip
    dataset = evaluation(built, *rows)
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.indicators["weight"].tolist()[::2] == [60, 30] and dataset.indicators["weight"].isna()[1]
    rows[0][5] = "50"
    assert "weight" in failed(evaluation(built, *rows))


def test_lines_without_target_and_result_are_blank_in_print_where_the_points_add_up(built):  # noqa: F811
    rows = [["产出指标", "质量指标", "工程质量合格", "", "", "60", "60"],
            ["满意度指标", "服务对象满意度指标", "群众满意度", "≥90%", "95%", "30", "30"]]  # fmt: skip
    dataset = evaluation(built, *rows)
    assert status(dataset) == "reconciled", failed(dataset)
    assert "1 条指标没有填写指标值和完成值" in audit(dataset).query("rule == 'D05'")["message"].item()
    assert status(evaluation(built, [*rows[0][:4], "合格", *rows[0][5:]], rows[1])) == "open"  # a result without target
    assert status(evaluation(built, [*rows[0][:5], "50", "60"], rows[1])) == "open"


def test_departments_of_several_ranks_are_no_conflict(built):  # noqa: F811
    ranks = ["中央主管部门", "商务部", "省级财政部门", "省财政厅"], ["主管部门", "县商务局", "主管部门编码", "317"]
    dataset = form(built, NAME, UNIT, *ranks, GOAL, MONEY)
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.projects["department"].item() == "县商务局"


@pytest.mark.parametrize(
    ("name", "target", "unit", "read"),
    [
        ("补助支出金额", "28.8万元", "%", ("28.8", "万元")),
        ("补助支出金额", "28.8万元", "万元", ("28.8", "万元")),
        ("补助面积", "28.8万元", "%", ("28.8万元", "%")),  # which of the two is right, nothing tells
    ],
)
def test_a_unit_printed_with_the_target(built, name, target, unit, read):  # noqa: F811
    heads = ["一级指标", "二级指标", "三级指标", "指标值", "度量单位"]
    dataset = built(
        "项目支出绩效目标表", [NAME, UNIT, GOAL, MONEY, heads, ["产出指标", "数量指标", name, target, unit]]
    )
    assert tuple(dataset.indicators[["target_text", "measure_unit"]].iloc[0]) == read
    assert (status(dataset) == "reconciled") == (read[1] == "万元"), failed(dataset)


def test_points_in_columns_beside_the_levels(built):  # noqa: F811
    heads = ["一级指标", "权重", "二级指标", "分值", "三级指标", "目标值", "分值", "得分"]
    rows = [[("产出指标", 2), ("60", 2), ("数量指标", 2), ("60", 2), "样品数", "≥500份", "40", "40"], ["项目数", "≥12项", "20", "20"],
            ["满意度指标", "40", "服务对象满意度指标", "40", "企业满意度", "≥90%", "40", "38"],
            ["合计", "100", "", "100", "", "", "100", "98"]]  # fmt: skip
    dataset = built("口岸检测项目支出绩效评价表", [heads, *rows])
    assert dataset.projects["project_name"].item() == "口岸检测"  # no other place has it
    assert dataset.indicators["weight"].tolist() == [40, 20, 40] and status(dataset) == "reconciled", failed(dataset)
    rows[0][3] = ("50", 2)
    assert "“数量指标”印有 50 分" in failed(built("口岸检测项目支出绩效评价表", [heads, *rows]))


def test_levels_outside_the_taxonomy_under_a_column_beside_all_rows(built):  # noqa: F811
    rows = [NAME, UNIT, MONEY, [("项目年度绩效目标（定量目标）", 4), "评价内容", "绩效内容", "参考标准", "绩效目标值"],
            ["制度目标", "修缮座数", "年度计划", "3座"], ["产出成本指标", "修缮成本", "预算", "≤60万元"],
            ["质量指标", "合格率", "国家标准", "≥95%"]]  # fmt: skip
    dataset = built("财政支出项目绩效目标申报表", rows)
    assert [row[:3] for row in targets(dataset)] == [
        (None, "制度目标", "修缮座数"),
        ("产出指标", "成本指标", "修缮成本"),
        ("产出指标", "质量指标", "合格率"),
    ]
    assert "参考标准：年度计划" in dataset.indicators["more"].tolist() and "unread" not in failed(dataset)


def test_indicators_without_levels_and_a_caption_of_unit_and_money(built):  # noqa: F811
    heads = [("绩效指标", 3), "指标", "指标权重", "计量单位", "指标性质", "指标值"]
    rows = [["专项资金名称", ("预警系统运维", 1, 5)], ["当年预算", ("46", 1, 5)], ["当年绩效目标", ("站点正常运行。", 1, 5)], heads,
            ["站点数", "60", "个", "≥", "78"], ["站点在线率", "40", "%", "≥", "95"]]  # fmt: skip
    dataset = built("2024年项目绩效目标表", rows, "编制单位：县水文站    单位：万元")
    project = dataset.projects.iloc[0]
    assert (project["unit_name"], project["budget_wan_yuan"]) == ("县水文站", 46)
    assert status(dataset) == "reconciled", failed(dataset)


def test_an_amount_with_its_make_up_in_one_cell(built):  # noqa: F811
    text = "总额106.75万元 一、财政拨款：69.25万元（其中：上级：69.25万元；本级：0万元）二、自有资金：37.50万元"
    dataset = form(built, NAME, UNIT, ["资金总额及构成", (text, 1, 3)], GOAL)
    assert dataset.projects["budget_wan_yuan"].item() == Decimal("106.75") and status(dataset) == "reconciled"
    assert status(form(built, NAME, UNIT, ["资金总额及构成", (text.replace("37", "87"), 1, 3)], GOAL)) == "open"


def test_a_fund_block_whose_first_head_stands_over_the_names_of_its_rows(built):  # noqa: F811
    fund = [[("预算执行情况", 3), "年度预算数（万元）", "年初预算", "全年预算数", "预算执行数", "权重", "得分"],
            ["总额", "80.00", "85.00", "76.50", "10", "9"], ["其中：财政资金", "80.00", "85.00", "76.50", "/", "/"]]  # fmt: skip
    aim = [[("项目基本情况", 2), ("1.年度目标完成情况", 2), ("项目年度目标", 1, 2), ("年度目标完成情况", 1, 3)],
           [("监测水样1200份。", 1, 2), ("完成1250份。", 1, 3)]]  # fmt: skip
    rows = [["产出指标", "数量指标", "水样份数", "≥1200份", "1250份", "60", "60"],
            ["满意度指标", "服务对象满意度指标", "用户满意度", "≥90%", "95%", "30", "30"]]  # fmt: skip
    head = [["项目名称", ("水质监测", 1, 6)], ["实施单位", ("县水质监测站", 1, 6)], *aim, *fund, RESULTS]
    dataset = built("项目支出绩效自评表（2023年度）", [*head, *rows, [("合计", 1, 5), "100", "99"]])
    project = dataset.projects.iloc[0]
    assert [project[f"{f}_wan_yuan"] for f in ("budget", "executed")] == [85, Decimal("76.50")]
    assert (project["objective"], project["execution_score"]) == ("监测水样1200份。", 9)
    assert status(dataset) == "reconciled", failed(dataset)


def test_a_goal_in_rows_merged_over_the_whole_sheet(tmp_path):
    book = openpyxl.Workbook()
    rows = [["项目支出绩效目标表（2024年度）"], ["项目名称", "渔港疏浚"], ["实施单位", "县渔政站"], ["年度资金总额（万元）", "56.3"],
            ["年度绩效目标"], ["疏浚渔港2座，保障渔船停泊。"], *TABLE]  # fmt: skip
    for row in rows:
        book.active.append(row)
    for row in (2, 3, 4):
        book.active.merge_cells(f"B{row}:D{row}")
    for row in (5, 6):
        book.active.merge_cells(f"A{row}:D{row}")
    book.save(tmp_path / "book.xlsx")
    dataset = build_document(tmp_path / "book.xlsx")
    assert dataset.projects["objective"].item() == "疏浚渔港2座，保障渔船停泊。" and status(dataset) == "reconciled"


def test_tables_side_by_side_and_what_a_hidden_sheet_leaves_out(tmp_path):
    book = openpyxl.Workbook()
    for year in (2023, 2024):
        column = 1 if year == 2023 else 7
        rows = [[f"{year}年项目支出绩效目标表"], ["项目名称", "预算数（万元）", "三级指标", "二级指标", "指标值"],
                [f"{year}年养护", "65", "里程", "数量指标", f"≥{year}公里"]]  # fmt: skip
        for number, row in enumerate(rows, 1):
            for place, text in enumerate(row):
                book.active.cell(number, column + place, text)
    book.create_sheet("旧表").sheet_state = "hidden"
    book.save(tmp_path / "book.xlsx")
    dataset = build_document(tmp_path / "book.xlsx")
    assert list(dataset.projects[["fiscal_year", "project_name"]].itertuples(index=False, name=None)) == [
        (2023, "2023年养护"), (2024, "2024年养护"),
    ]  # fmt: skip
    assert any("工作表是隐藏的" in note for note in dataset.checks["note"])


def groups(*units):
    heads = [[("单位编码（项目编码）", 3), ("项目单位（项目名称）", 3), ("项目金额（万元）", 1, 2), ("绩效目标", 1, 4)],
             [("资金总额", 2), ("财政拨款", 2), ("产出指标", 1, 2), ("满意度指标", 1, 2)],
             ["三级指标", "指标值", "三级指标", "指标值"]]  # fmt: skip
    return [*heads, *units]


FOREST = [["301001", "县林业局", "30.00", "30.00", "", "", "", ""],
          [("410000210000000011111", 2), ("古树保护", 2), ("18.00", 2), ("18.00", 2), "挂牌古树数", "≥60株", "群众满意度", "≥90%"],
          ["复壮古树数", "≥8株", "", ""],
          ["410000210000000022222", "苗圃管护", "12.00", "12.00", "管护面积", "≥300亩", "职工满意度", "≥92%"]]  # fmt: skip


def test_levels_as_groups_of_columns_under_units_and_projects_that_share_theirs(built):  # noqa: F811
    dataset = built("预算项目绩效目标汇总表", groups(*FOREST))
    assert [row[:1] + row[2:5] for row in targets(dataset)] == [
        ("产出指标", "挂牌古树数", "≥", "60"), ("产出指标", "复壮古树数", "≥", "8"), ("满意度指标", "群众满意度", "≥", "90"),
        ("产出指标", "管护面积", "≥", "300"), ("满意度指标", "职工满意度", "≥", "92"),
    ]  # fmt: skip
    columns = ["unit_code", "unit_name", "project_name", "budget_wan_yuan"]
    assert dataset.projects[columns].values.tolist() == [
        ["301001", "县林业局", "古树保护", 18],
        ["301001", "县林业局", "苗圃管护", 12],
    ]
    assert status(dataset) == "reconciled", failed(dataset)


@pytest.mark.parametrize(
    ("row", "col", "text", "said"),
    [(0, 2, "31.00", "subtotal"), (1, 3, ("19.00", 2), "parts"), (2, 3, "附", "三级指标")],
)
def test_what_disagrees_in_groups_of_columns_is_said(built, row, col, text, said):  # noqa: F811
    rows = [list(cells) for cells in FOREST]
    rows[row][col] = text
    assert said in failed(built("预算项目绩效目标汇总表", groups(*rows)))


FLAT = [["产出", "数量", "饭堂数量", "1处"], ["满意度", "服务对象满意度", "人员满意度", "≥95%"]]


def test_flat_exports_under_labels_of_forms_note_what_repeats_once(built):  # noqa: F811
    heads = [
        "项目编码",
        "项目名称",
        "申请单位",
        "项目总金额",
        "本年金额",
        "政策依据",
        "一级指标",
        "二级指标",
        "三级指标",
        "指标值",
    ]
    own = ["440306231391500000101", "社区工作站", "某街道办事处", "93", "31", "工作站管理办法。"]
    dataset = built("项目绩效目标表", [heads, *([*own, *row] for row in FLAT)], "单位：万元")
    project = dataset.projects.iloc[0]
    assert (project["unit_name"], project["budget_wan_yuan"]) == ("某街道办事处", 31)
    assert project["period_budget_wan_yuan"] == 93
    assert dataset.notes["text"].tolist() == ["工作站管理办法。"]
    assert status(dataset) == "reconciled", failed(dataset)


def test_codes_alone_tell_projects_apart(built):  # noqa: F811
    heads = ["项目编码", "一级指标", "二级指标", "三级指标", "指标值"]
    rows = [["44030623139150000010" + code, *row] for code in "12" for row in FLAT]
    dataset = built("项目绩效目标表", [heads, *rows])
    assert dataset.indicators["project_no"].tolist() == [1, 1, 2, 2] and status(dataset) == "reconciled", failed(
        dataset
    )


def test_a_document_without_our_table_says_which_heads_came_nearest(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["2024年收支总表"])
    sheet = book.create_sheet()
    for row in (["项目支出明细表"], ["序号", "项目名称", "一级指标", "经办人"], ["1", "公路养护", "产出指标", "张三"]):
        sheet.append(row)
    book.save(tmp_path / "其他表.xlsx")
    dataset = build_document(tmp_path / "其他表.xlsx")
    assert dataset.documents["status"].item() == "unreadable"
    message = dataset.findings["message"].item()
    assert "第 2 页第 2 行，认出“序号”“项目名称”“一级指标”，没有认出指标名称、指标值" in message


def test_the_title_of_a_table_that_lies_on_its_side_is_not_beside_it(tmp_path):
    canvas = new_canvas(tmp_path / "a.pdf", (HEIGHT, WIDTH))
    canvas.translate(HEIGHT, 0)
    canvas.rotate(90)
    write(canvas, 200, 40, "2024年项目支出绩效目标表")
    write(canvas, 420, 60, "单位：万元")
    rows = [["项目名称", "预算数", "绩效目标", "一级指标", "二级指标", "三级指标", "指标值", "分值"],
            ["道路养护", "12.50", "养护公路", "产出指标", "数量指标", "养护里程", "≥8公里", "60"],
            ["", "", "", "满意度指标", "服务对象满意度", "群众满意度", "≥90%", "30"]]  # fmt: skip
    draw_table(canvas, rows, xs=(40, 100, 150, 210, 270, 340, 410, 460, 500))
    canvas.save()
    dataset = build_document(tmp_path / "a.pdf")
    assert dataset.cells["role"].tolist()[:2] == ["title", "caption"]
    assert dataset.indicators["weight"].tolist() == [60, 30]


def test_an_error_of_the_sheet_is_no_target(built):  # noqa: F811
    head = ["项目名称", "预算数(万元)", "一级指标", "二级指标", "三级指标", "指标值", "分值"]
    rows = [["公路养护", "65", "产出指标", "数量指标", "养护里程", "#DIV/0!", "60"],
            ["", "", "满意度指标", "服务对象满意度指标", "群众满意度", "≥90%", "30"]]  # fmt: skip
    dataset = built("2024年项目支出绩效目标表", [head, *rows])
    assert dataset.indicators["target_text"].isna().tolist() == [True, False]
    assert "#DIV/0!" in dataset.repairs.query("rule == 'not_read'")["printed"].tolist()
    assert status(dataset) == "open"


def test_a_target_carries_its_unit_where_the_cell_of_the_unit_is_blank(built):  # noqa: F811
    head = ["项目名称", "预算数(万元)", "绩效目标", "一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "分值"]  # fmt: skip
    rows = [["公路养护", "65", "养护公路", "产出指标", "数量指标", "养护里程", "≥", "8", "公里", "60"],
            ["", "", "", "满意度指标", "服务对象满意度指标", "群众满意度", "≥", "90%", "", "30"]]  # fmt: skip
    dataset = built("2024年项目支出绩效目标表", [head, *rows])
    assert dataset.indicators[["target_text", "measure_unit"]].values.tolist() == [["8", "公里"], ["90", "%"]]


def test_the_ticked_option_is_the_category(built):  # noqa: F811
    head = ["项目名称", "项目类别", "预算数(万元)", "一级指标", "二级指标", "三级指标", "指标值", "分值"]
    rows = [["公路养护", "☑3-特定目标类 ☐22-其他运转类", "65", "产出指标", "数量指标", "养护里程", "8公里", "60"],
            ["", "", "", "满意度指标", "服务对象满意度指标", "群众满意度", "≥90%", "30"]]  # fmt: skip
    dataset = built("2024年项目支出绩效目标表", [head, *rows])
    assert dataset.projects[["category_code", "category_name"]].values.tolist() == [["3", "特定目标类"]]
    assert "ticked_option" in set(dataset.repairs["rule"])


def test_units_written_once_above_their_projects_in_a_sheet_without_merged_cells(tmp_path):
    book = openpyxl.Workbook()
    heads = ["单位名称", "项目名称", "预算数(万元)", "一级指标", "二级指标", "三级指标", "指标值", "分值权重"]
    rows = [("产出指标", "数量指标", "养护里程", "≥42公里", 50), ("效益指标", "社会效益指标", "出行改善率", "≥87%", 30),
            ("满意度指标", "服务对象满意度指标", "群众满意度", "≥94%", 10)]  # fmt: skip
    book.active.append(["2024年项目支出绩效目标批复表"])
    book.active.append(heads)
    for number in range(4):
        unit = f"70000{number // 2 + 1}-第{number // 2 + 1}镇人民政府" if number % 2 == 0 else None
        for place, row in enumerate(rows):
            first = [unit, f"{number + 1}号路养护", number + 5] if place == 0 else [None] * 3
            book.active.append([*first, *row])
    for row in range(15, 2000):  # below: ruled rows that nothing was written into
        book.active.cell(row, 1).border = Border(left=Side(style="thin"))
    book.save(tmp_path / "book.xlsx")
    dataset = build_document(tmp_path / "book.xlsx")
    assert dataset.projects["unit_code"].tolist() == ["700001"] * 2 + ["700002"] * 2
    filled = dataset.repairs[dataset.repairs["field"].eq("unit_name")]
    assert filled["project_no"].tolist() == [2, 4] and filled["grade"].eq("likely").all()
    assert dataset.checks.query("not passed").empty
