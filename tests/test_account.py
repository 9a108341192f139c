"""Every printed cell is accounted for: what is no data is told as such, what is not read fails a check."""

from decimal import Decimal

import openpyxl
import pytest
from cell_change import changed, lost_in_silence
from generator.html import to_html
from generator.text import to_text
from generator.truth import make_truth, random_options

from budgetperf.pipeline import build_document

HEAD = ["项目名称", "预算数（万元）", "绩效目标", "一级指标", "二级指标", "三级指标", "指标值", "分值"]
ROWS = [
    [("道路养护", 3), ("12", 3), ("保障畅通。", 3), ("产出指标", 2), "数量指标", "养护里程", "≥86公里", "50"],
    ["质量指标", "完好率", "≥95%", "30"],
    ["满意度指标", "服务对象满意度指标", "群众满意度", "≥90%", "20"],
]


def page(rows: list, title: str = "2024年项目支出绩效目标批复表") -> str:
    def cell(value) -> str:
        text, rowspan, colspan = (*value, 1)[:3] if isinstance(value, tuple) else (value, 1, 1)
        return f"<td rowspan={rowspan} colspan={colspan}>{text}</td>"

    body = "".join("<tr>" + "".join(map(cell, row)) + "</tr>" for row in rows)
    return f"<html><meta charset=utf-8><h1>{title}</h1><table>{body}</table></html>"


@pytest.fixture
def built(tmp_path):
    def build(rows: list, title: str = "2024年项目支出绩效目标批复表", repair: bool = True, after: str = ""):
        path = tmp_path / "document.html"
        path.write_text(page(rows, title).replace("</html>", after), encoding="utf-8")
        return build_document(path, repair=repair)

    return build


def roles(dataset) -> dict[str, str]:
    return dict(zip(dataset.cells["text"], dataset.cells["role"], strict=True))


def failed(dataset) -> dict[str, str]:
    checks = dataset.checks[~dataset.checks["passed"].astype(bool)]
    return dict(zip(checks["check"], checks["note"], strict=True))


def status(dataset) -> tuple[str, int, int]:
    return dataset.documents["status"].item(), len(dataset.projects), len(dataset.indicators)


def test_title_caption_column_numbers_notes_and_signatures_are_apparatus(built):
    numbers = [str(n) for n in range(1, 9)]
    dataset = built(
        [
            [("2024年项目支出绩效目标表", 1, 8)],
            [("单位：万元", 1, 8)],
            HEAD,
            numbers,
            *ROWS,
            ["备注", ("本表一式三份。", 1, 7)],
            ["注：1.目标应可衡量。"],
            ["填表人：", ("张某", 1, 7)],
        ]
    )
    assert status(dataset) == ("reconciled", 1, 3)
    told = roles(dataset)
    assert (told["单位：万元"], told["4"], told["本表一式三份。"], told["张某"]) == (
        "caption",
        "number",
        "note",
        "signature",
    )
    assert dataset.projects["budget_wan_yuan"].item() == Decimal(12)


def test_a_cell_of_an_unknown_column_is_unread_with_its_place_and_head(built):
    rows = [[*HEAD, "系数"], [*ROWS[0], "1.2"], [*ROWS[1], ""], [*ROWS[2], ""]]
    dataset = built(rows)
    assert roles(dataset)["1.2"] == "unread" and status(dataset)[0] == "open"
    assert "“1.2”（“系数”列）" in failed(dataset)["unread"]
    assert "unread" not in failed(built([[*HEAD, "系数"], [*ROWS[0], ""], [*ROWS[1], ""], [*ROWS[2], ""]]))


def test_a_labelled_row_under_the_indicators_is_a_note_and_between_them_unread(built):
    aside = [("保障措施", 1, 3), ("加强考核。", 1, 5)]
    assert roles(built([HEAD, *ROWS, aside]))["加强考核。"] == "note"
    more = [["桥梁检测", "8", "保障安全。", "产出指标", "数量指标", "检测座数", "≥3座", "100"]]
    between = built([HEAD, *ROWS, aside, *more])
    assert roles(between)["加强考核。"] == "unread" and len(between.indicators) == 4


def test_columns_that_say_more_of_an_indicator_are_kept(built):
    heads = [*HEAD, "评分标准", "1-7月执行情况"]
    dataset = built([heads, [*ROWS[0], "少1公里扣1分", "80公里"], [*ROWS[1], "", ""], [*ROWS[2], "", ""]])
    assert dataset.indicators["explanation"].iat[0] == "少1公里扣1分"
    assert dataset.indicators["more"].iat[0] == "1-7月执行情况：80公里"
    assert status(dataset)[0] == "reconciled"


def test_unknown_heads_are_told_by_what_stands_below_them(built):
    heads = ["项目名称", "预算数（万元）", "绩效目标", "一级指标", "评价维度", "绩效内容要点", "绩效目标值", "分值"]
    dataset = built([heads, *ROWS])
    assert dataset.indicators["level2"].tolist() == ["数量指标", "质量指标", "服务对象满意度指标"]
    assert dataset.indicators["name"].tolist() == ["养护里程", "完好率", "群众满意度"]


def test_heads_divided_under_a_known_one(built):
    upper = [(h, 2) for h in HEAD] + [("偏差原因分析", 1, 2)]
    dataset = built(
        [upper, ["人员保障", "原因说明"], [*ROWS[0], "√", "人员不足"], [*ROWS[1], "", ""], [*ROWS[2], "", ""]]
    )
    first = dataset.indicators.iloc[0]
    assert (first["deviation_note"], first["more"], len(dataset.indicators)) == ("人员不足", "人员保障：√", 3)


def test_lines_left_empty_are_no_indicators(built):
    empty = [["生态效益指标", "指标1：/", "/", "/"], ["可持续影响指标", "……", "", ""]]
    rows = [HEAD, [("道路养护", 5), ("12", 5), ("保障畅通。", 5), ("产出指标", 5), *ROWS[0][4:]], ROWS[1], *empty]
    dataset = built([*rows, ["时效指标", "指标1：及时率", "≥98%", "20"]])
    assert dataset.indicators["name"].tolist() == ["养护里程", "完好率", "指标1：及时率"]
    assert "unread" not in failed(dataset)


def test_points_beside_a_level_are_its_printed_share(built):
    def with_points(points: str):
        return built([HEAD, [*ROWS[0][:3], (f"产出指标\n({points})分", 2), *ROWS[0][4:]], *ROWS[1:]])

    right, wrong = with_points("70-80"), with_points("50")
    assert right.indicators["level1"].iat[0] == "产出指标" and "level_points" not in failed(right)
    assert "之和为 80" in failed(wrong)["level_points"]


@pytest.mark.parametrize(
    ("output", "people", "over_rate", "passes"),
    [
        (70, 20, "预算执行率", True),
        (80, 20, "预算执行率", False),  # the rate's row stands under a level of its own
        (70, 30, "", True),  # a blank cell goes on with the level above it
        (70, 30, "满意度指标（30分）", True),
        (80, 20, "满意度指标（20分）", False),
    ],
)
def test_points_of_the_execution_rate_are_of_the_level_over_its_row(built, output, people, over_rate, passes):
    rows = [
        [(text, 4) for text, _ in ROWS[0][:3]]
        + [(f"产出指标（{output}分）", 2), "数量指标", "养护里程", "≥86公里", "40"],
        ["质量指标", "完好率", "≥95%", "30"],
        [(f"满意度指标（{people}分）", 1), "服务对象满意度指标", "群众满意度", "≥90%", "20"],
        [over_rate, "", "预算执行率", "≥95%", "10"],
    ]
    if over_rate.startswith("满意"):
        rows[2][0], rows[3] = (rows[2][0][0], 2), rows[3][1:]
    dataset = built([HEAD, *rows])
    assert dataset.projects["execution_weight"].item() == 10
    assert ("level_points" not in failed(dataset)) is passes


@pytest.mark.parametrize(("second_output", "passes"), [(70, True), (80, False)])
def test_points_of_the_execution_rate_are_of_no_level_that_holds_without_them_elsewhere(built, second_output, passes):
    def project(name: str, output: int) -> list:
        first = [(name, 4), ("12", 4), ("保障畅通。", 4), (f"产出指标（{output}分）", 2)]
        rows = [[*first, "数量指标", "里程", "≥86公里", "40"], ["质量指标", "完好率", "≥95%", "30"]]
        return [*rows, ["满意度指标（20分）", *ROWS[2][1:]], ["", "", "预算执行率", "≥95%", "10"]]

    dataset = built([HEAD, *project("道路养护", 70), *project("桥梁维护", second_output), *project("河道清淤", 70)])
    assert dataset.projects["execution_weight"].tolist() == [10, 10, 10]
    assert ("level_points" not in failed(dataset)) is passes


def second(*project) -> list:
    """ROWS once more as another project, which begins with the cells of `project`."""
    return [[("桥梁维护", 3), *project, *ROWS[0][3:]], *ROWS[1:]]


def test_a_cell_over_two_projects_is_of_neither_for_sure(built):
    own = ("8", 3), ("保障安全。", 3)
    assert not failed(built([HEAD, *ROWS, *second(*own)]))
    shared = [[ROWS[0][0], ("12", 6), *ROWS[0][2:]], *ROWS[1:], *second(own[1])]
    assert "“12”盖住两个项目" in failed(built([HEAD, *shared]))["columns"]
    named = [*ROWS[:2], [*ROWS[2][:2], ("群众满意度", 2), *ROWS[2][3:]], second(*own)[0], *second(*own)[1:]]
    named[3] = [cell for cell in named[3] if cell != "养护里程"]
    assert "“群众满意度”盖住两个项目" in failed(built([HEAD, *named]))["columns"]


def test_one_unit_of_measure_beside_several_targets_is_that_of_each(built):
    head = [*HEAD[:6], "指标值", "度量单位", "分值"]
    rows = [
        [*ROWS[0][:6], "86", "公里", "50"],
        [*ROWS[1][:2], "95", ("%", 2), "30"],
        [*ROWS[2][:3], "90", "20"],
    ]
    assert built([head, *rows]).indicators["measure_unit"].tolist() == ["公里", "%", "%"]


@pytest.mark.parametrize(("printed", "told"), [(5, False), (4, True), (1, False)])
def test_a_blank_level_where_rows_print_each_its_own_is_told(built, printed, told):
    level2 = [("数量指标" if k < printed else "") for k in range(5)]
    rows = [["产出指标", level2[k], f"养护里程{k}", "≥86公里", "10"] for k in range(5)]
    project = [("道路养护", 7), ("12", 7), ("保障畅通。", 7)]
    whole = [[*project, *rows[0]], *rows[1:], ["产出指标", *ROWS[1]], ROWS[2]]
    assert ("levels" in failed(built([HEAD, *whole]))) is told


def test_heads_of_the_levels_the_wrong_way_round_are_told(built):
    head = [*HEAD[:3], HEAD[4], HEAD[3], *HEAD[5:]]
    assert "表头可能印反" in failed(built([head, *ROWS]))["levels"]
    assert "levels" not in failed(built([HEAD, *ROWS]))


def test_a_sum_of_weights_is_no_money(built):
    def with_sum(points: str):
        return built([HEAD, *ROWS, [("合计", 1, 7), points]])

    assert status(with_sum("100")) == ("reconciled", 1, 3)
    assert with_sum("100").documents["printed_total_wan_yuan"].item() is None
    assert failed(with_sum("90")) == {"weight_sum": "分值合计印为 90，各行之和为 100"}


def test_running_numbers_that_count_rows_divide_no_project(built):
    def flat(numbers: str):
        project = ["道路养护", "12", "保障畅通。"]
        rows = [["产出指标", *r[-4:]] for r in (ROWS[0], ROWS[1])] + [ROWS[2]]
        return built([["序号", *HEAD], *([n, *project, *row] for n, row in zip(numbers, rows, strict=True))])

    assert status(flat("123")) == ("reconciled", 1, 3)


def test_tables_side_by_side_are_two(built):
    gap = [""]
    flat = [
        [*(t[0] if isinstance(t, tuple) else t for t in ROWS[0])],
        ["", "", "", "", *ROWS[1]],
        ["", "", "", *ROWS[2]],
    ]
    other = [["桥梁检测", *row[1:]] if row[0] else row for row in flat]
    dataset = built([[*a, *gap, *b] for a, b in zip([HEAD, *flat], [HEAD, *other], strict=True)])
    assert dataset.projects["project_name"].tolist() == ["道路养护", "桥梁检测"] and len(dataset.indicators) == 6


@pytest.mark.parametrize(("target", "differs"), [("≥86公里", False), ("≥68公里", True)])
def test_a_table_on_two_sheets_counts_once(tmp_path, target, differs):
    book = openpyxl.Workbook()
    for sheet, value in ((book.active, "≥86公里"), (book.create_sheet("草稿"), target)):
        flat = ["道路养护", 12, "保障畅通。", "产出指标", "数量指标", "养护里程", value, 50]
        total = ["合计", 12, *[""] * 6]
        for row in (["2024年项目支出绩效目标表"], HEAD, total, flat, ["", "", "", *ROWS[2][:3], "≥90%", 50]):
            sheet.append(row)
    path = tmp_path / "book.xlsx"
    book.save(path)
    dataset = build_document(path)
    assert (len(dataset.projects), len(dataset.indicators)) == (1, 2)
    if differs:
        assert "≥86" not in failed(dataset)["twice"] and "指标值 86 / 68" in failed(dataset)["twice"]
    else:
        assert "twice" not in failed(dataset) and (dataset.checks["check"] == "twice").any()


def test_what_stands_in_another_column_is_moved_on_record_only(built):
    heads = [*HEAD[:-1], "分值", "备注"]
    rows = [
        [*ROWS[0][:5], ("养护里程", 2), "≥86", "50", "公里"],
        ["质量指标", "≥95", "30", "%"],
        [*ROWS[2][:3], "≥90", "20", "%"],
    ]
    mended, printed = built([heads, *rows]), built([heads, *rows], repair=False)
    assert mended.indicators["measure_unit"].tolist() == ["公里", "%", "%"]
    assert mended.indicators["name"].tolist()[:2] == ["养护里程"] * 2
    assert {"unit_by_content", "fill_merged"} <= set(mended.repairs["rule"])
    assert printed.indicators["remark"].tolist() == ["公里", "%", "%"]
    assert printed.indicators["name"].isna().tolist() == [False, True, False]


# ---- change one cell -------------------------------------------------------------------------------------------------


def test_a_change_is_small_and_is_one():
    assert [changed(t) for t in ("≥95%", "9", "局")] == ["≥96%", "0", "某"]


@pytest.mark.parametrize("layout", ["approval", "form", "selfeval"])
@pytest.mark.parametrize("seed", [8])
def test_no_cell_is_lost_in_silence(layout, seed, tmp_path):
    truth = make_truth(seed, **(random_options(seed, layout) | {"projects": 2, "units": 1}))
    path = tmp_path / "generated.html"
    path.write_text(to_html(truth, seed), encoding="utf-8")
    tried, losses = lost_in_silence(path, most=6, seed=seed)
    assert tried == 6 and not losses


def test_no_cell_of_a_text_is_lost_in_silence(tmp_path):
    truth = make_truth(5, **(random_options(5, "approval") | {"projects": 2, "units": 1}))
    path = tmp_path / "generated.txt"
    path.write_text(to_text(truth, 5), encoding="utf-8")
    tried, losses = lost_in_silence(path, most=6)
    assert tried == 6 and not losses


OF_OTHERS = ["采购项目名称", "采购品目", "采购方式", "数量", "采购预算"]


@pytest.mark.parametrize(
    ("title", "rows", "role"),
    [
        ("政府采购支出表", [OF_OTHERS, ["设备购置", "计算机", "电子卖场", "6", "3.60"]], "other_table"),
        ("桥梁维修目标表", [["绩效指标", "指标值"], ["维修桥梁", "3座"]], "unread"),
    ],
)
def test_a_table_under_its_own_title_is_another_one_unless_it_has_targets(built, title, rows, role):
    more = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in rows)
    dataset = built([HEAD, *ROWS], after=f"<h2>{title}</h2><table>{more}</table>")
    assert roles(dataset)[rows[-1][-1]] == role and status(dataset)[1:] == (1, 3)
    assert ("unread" in failed(dataset)) == (role == "unread")


def test_a_total_at_the_foot_of_each_table_is_of_that_table(built):
    second = page([HEAD, *[[(c[0].replace("道路", "桥梁"), *c[1:]) if isinstance(c, tuple) else c for c in r] for r in ROWS],
                   ["合计", "12", *[""] * 6]]).split("<table>")[1]  # fmt: skip
    dataset = built([HEAD, *ROWS, ["合计", "12", *[""] * 6]], after=f"<table>{second}")
    assert failed(dataset) == {} and dataset.projects["project_name"].tolist() == ["道路养护", "桥梁养护"]
    assert dataset.documents["printed_total_wan_yuan"].item() == 24


def test_a_unit_of_money_above_the_next_table_is_that_tables(built):
    heads, title = [HEAD[0], "预算数", *HEAD[2:]], "2024年项目支出绩效目标批复表</h1><p>单位：{}</p><h1>"
    rows = [heads, *ROWS, ["合计", "12", *[""] * 6]]
    second = page(rows, title.format("元")).replace("道路", "桥梁").replace(">12<", ">120000<").split("8>")[1]
    dataset = built(rows, title.format("万元"), after=second)
    assert failed(dataset) == {} and dataset.projects["budget_wan_yuan"].tolist() == [12, 12]


def test_a_year_in_the_first_column_makes_no_caption_of_a_row(built):
    rows = [["2024年", *ROWS[0]], ["2024年", *ROWS[1]], ["2024年", *ROWS[2]]]
    dataset = built([["年度", *HEAD], *rows])
    assert failed(dataset) == {} and status(dataset)[1:] == (1, 3)


def test_a_category_merged_over_two_projects_begins_none(built):
    flat = [
        [c[0] if isinstance(c, tuple) else c for c in ROWS[0]],
        *[["", "", "", "产出指标", *ROWS[1]], ["", "", "", *ROWS[2]]],
    ]
    other = [["桥梁维修", "9", "保障桥梁。", *flat[0][3:]], *flat[1:]]
    dataset = built([["项目类别", *HEAD], [("特定目标类", 6), *flat[0]], *flat[1:], *other])
    assert dataset.projects["project_name"].tolist() == ["道路养护", "桥梁维修"]
    assert dataset.projects["category_name"].nunique() == 1


def test_two_like_projects_of_a_flat_export_without_weights_are_told(built):
    head, rows = HEAD[:-1], [[c[0] if isinstance(c, tuple) else c for c in row][:-1] for row in ROWS]
    rows = [rows[0], [*rows[0][:4], *rows[1]], [*rows[0][:3], *rows[2]]]
    assert failed(built([head, *rows])) == {}
    assert "印得相同的项目" in failed(built([head, *rows, *rows]))["projects"]


def test_a_row_cut_in_two_keeps_its_levels_and_loses_no_cell(built):
    """The levels of a row, then the rest of it: they are its own, not those above; a unit that fell out of its row is said."""
    heads = [*HEAD[:7], "度量单位", "分值"]
    whole = [
        [*ROWS[0][:6], "≥86", "公里", "50"],
        ["质量指标", "完好率", "≥95", "%", "30"],
        [*ROWS[2][:3], "≥90", "%", "20"],
    ]
    torn = [heads, whole[0], ["产出指标", "质量指标", *[""] * 4], ["", "", *whole[1][1:]], whole[2]]
    torn[1:3] = [
        [(cell[0], 4) if n < 3 else "产出指标" if n == 3 else cell for n, cell in enumerate(whole[0])],
        torn[2],
    ]
    dataset = built(torn)
    assert dataset.indicators["level2"].tolist() == ["数量指标", "质量指标", "服务对象满意度指标"]
    assert dataset.documents["status"].item() == "reconciled"
    fallen = [heads, [*torn[1][:7], "", "50"], [*[""] * 4, "公里", ""], ["产出指标", *whole[1]], whole[2]]
    dataset = built(fallen)
    assert dataset.cells.loc[dataset.cells["text"] == "公里", "role"].tolist() == ["unread"]
    assert dataset.documents["status"].item() == "open"


@pytest.mark.parametrize(
    ("line", "said"), [("共2个项目", "projects"), ("共1个项目", None), ("根据2023年第5次会议", None)]
)
def test_a_line_that_counts_the_projects_is_compared_and_a_meeting_names_no_year(built, line, said):
    dataset = built([HEAD, *ROWS], title=f"项目支出绩效目标批复表</h1><p>{line}</p><h1>")
    failed = dataset.checks.loc[~dataset.checks["passed"].astype(bool), "check"].tolist()
    assert failed == ([said] if said else [])
    assert dataset.documents["fiscal_year"].isna().item()
