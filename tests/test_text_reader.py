"""Tab-separated text → cells → one printed table: encodings, pages, heads, sums, and rows whose cells moved."""

import codecs
import csv

import docx
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import budgetperf
from budgetperf.errors import Unreadable
from budgetperf.layout.moved import align, is_total_line, kind_of_cell
from budgetperf.layout.text_table import USUAL_FIELDS, read_text_tables
from budgetperf.readers import read
from budgetperf.readers.encoding import decode
from budgetperf.readers.text import _join_broken, read_text, separator_of
from budgetperf.tables.cells import CELL_COLUMNS, PAGE_COLUMNS

CHINESE = st.text(
    alphabet="项目支出绩效目标批复表合计社区工作经费满意度指标，。0123456789\t\n", min_size=8, max_size=200
).filter(lambda text: sum("\u4e00" <= c <= "\u9fff" for c in text) > 4)


@given(CHINESE)
def test_text_comes_back_from_every_known_encoding(text):
    assert decode(text.encode("utf-8"))[0] == text
    assert decode(codecs.BOM_UTF8 + text.encode("utf-8"))[0] == text
    assert decode(text.encode("gb18030"))[0] == text
    assert decode(text.encode("utf-16"))[0] == text
    assert decode(codecs.BOM_UTF16_BE + text.encode("utf-16-be"))[0] == text


def test_another_encoding_is_refused_not_misread():
    """Japanese and Korean codes share their bytes with Chinese ones: such text ends as no table, in the pipeline."""
    text = "国政府予算表の合計と金額の単位は億円です、あいうえお" * 8
    with pytest.raises(Unreadable, match="编码"):
        decode(text.encode("euc-jp")[1:])


TRADITIONAL = "2024年\t項目支出績效目標批復表\n，合計金額單位：萬元，社區工作經費，數量指標"


@pytest.mark.parametrize("encoding", ["big5", "utf-16-le", "utf-16-be"])
def test_encodings_without_a_mark_are_told_by_the_words_of_the_field(encoding):
    assert decode(TRADITIONAL.encode(encoding)) == (TRADITIONAL, "")


@pytest.mark.parametrize(("wrong", "right"), [("latin-1", "utf-8"), ("latin-1", "gb18030"), ("gb18030", "utf-8")])
def test_a_wrong_reading_is_undone_where_every_character_goes_back(wrong, right):
    text = "项目支出绩效目标批复表\t数量指标\t质量指标\n合计"
    misread = text.encode(right).decode(wrong, errors="ignore" if wrong == "gb18030" else "strict")
    found, note = decode(misread.encode("utf-8"))
    whole = misread.encode(wrong) == text.encode(right)
    assert (found == text and wrong in note) if whole else (found == misread and not note)


def test_a_few_zero_bytes_are_no_binary_file(tmp_path):
    (tmp_path / "a.txt").write_bytes(("项目名称\t一级指标\t" * 40).encode() + b"\0\t\x07\n")
    assert read(tmp_path / "a.txt").cells["text"].iat[-1] == "\x07"


HEADS = ["项目名称", "一级指标", "三级指标", "指标值", "权重"]
ROWS = [HEADS, ["甲", "产出", "人数", "1,200", "50"], ["", "", "两行\n名称", "说“好”", "40"]]


@pytest.mark.parametrize("mark", [",", ";", "|"])
def test_a_table_separated_by_marks_has_a_cell_for_each_place(tmp_path, mark):
    with open(tmp_path / "a.csv", "w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=mark).writerows([["标题", "", "", "", ""], *ROWS])
    cells = read(tmp_path / "a.csv").cells
    assert cells["text"].tolist() == ["标题", *(text for row in ROWS for text in row)]
    assert cells["table"].tolist() == [0, *[1] * 15]


def test_a_table_of_pipes_with_an_outer_frame(tmp_path):
    lines = ["|" + "|".join(HEADS) + "|", "|---|:-:|---|---|---|", "| 甲 |产出|人数|9|50|"]
    (tmp_path / "a.md").write_text("\n".join(lines), encoding="utf-8")
    assert read(tmp_path / "a.md").cells["text"].tolist() == [*HEADS, "甲", "产出", "人数", "9", "50"]


DRAWN_HEADS = ["项目名称", "预算数（万元）", "绩效目标", "一级指标", "二级指标", "三级指标", "指标值"]
DRAWN_ROWS = [("产出指标", "数量指标", "养护里程", "≥42公里"), ("产出指标", "时效指标", "完工及时率", "=100%"),
              ("满意度指标", "服务对象满意度指标", "群众满意度", "≥94%")]  # fmt: skip


def drawn_lines(projects):
    """The rows of projects as lines, each of them with its project's cells."""
    return [[name, money, f"完成{name}全年任务", *row] for name, money in projects for row in DRAWN_ROWS]


def test_lines_between_two_rules_of_a_drawn_table_are_one_row(tmp_path):
    lines = ["2024年项目支出绩效目标表"]
    for row in [DRAWN_HEADS, *drawn_lines([("道路养护经费", "36.5"), ("河道清淤经费", "12")])]:
        lines.append("├──┼──┼──┼──┼──┼──┼──┤")
        halves = [(text[:4], text[4:]) if len(text) > 5 else (text, "") for text in row]
        lines += ["│" + "│".join(half) + "│" for half in zip(*halves, strict=True)]
    (tmp_path / "a.txt").write_text("\n".join([*lines, "└──┴──┴──┴──┴──┴──┴──┘"]), encoding="utf-8")
    dataset = budgetperf.build(tmp_path / "a.txt", jobs=0)
    assert dataset.projects["project_name"].tolist() == ["道路养护经费", "河道清淤经费"]
    assert dataset.indicators["level2"].tolist() == [row[1] for row in DRAWN_ROWS] * 2
    assert dataset.documents["status"].item() == "reconciled"


@pytest.mark.parametrize(
    "foot", [["第 1 页 共 2 页", "2024年项目支出绩效目标表", DRAWN_HEADS], ["- 1 -", ""]], ids=["heads", "blank"]
)
def test_the_foot_of_a_page_between_two_rows_divides_no_project(tmp_path, foot):
    rows = drawn_lines([("道路养护经费", "36.5"), ("河道清淤经费", "12")])
    lines = ["2024年项目支出绩效目标表", DRAWN_HEADS, *rows[:2], *foot, *rows[2:]]
    text = "\n".join(" " * 16 + line if isinstance(line, str) else _padded(line) for line in lines)
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    dataset = budgetperf.build(tmp_path / "a.txt", jobs=0)
    assert dataset.projects["project_name"].tolist() == ["道路养护经费", "河道清淤经费"]
    assert len(dataset.indicators) == 6 and dataset.documents["status"].item() == "reconciled"


def _padded(cells):
    """Cells set below each other by blanks, each Chinese sign as wide as two."""
    return "".join(
        text + " " * (26 - len(text) - sum(sign > "\u2e80" or sign in "≥" for sign in text)) for text in cells
    ).rstrip()


def test_quoted_cells_between_tabs_and_quotes_that_quote_nothing(tmp_path):
    (tmp_path / "a.txt").write_text("\t".join(HEADS) + '\n甲\t产出\t"两行\n名称"\t"1,200"\t50\n', encoding="utf-8")
    assert read(tmp_path / "a.txt").cells["text"].tolist()[5:] == ["甲", "产出", "两行\n名称", "1,200", "50"]
    (tmp_path / "b.txt").write_text("\t".join(HEADS) + '\n甲\t产出\t"好"人数\t9\t50\n', encoding="utf-8")
    assert read(tmp_path / "b.txt").cells["text"].tolist()[5:] == ["甲", "产出", '"好"人数', "9", "50"]
    (tmp_path / "c.csv").write_text(",".join(HEADS) + '\n甲,产出,"\\"好\\",人数",9,50\n', encoding="utf-8")
    assert read(tmp_path / "c.csv").cells["text"].tolist()[5:] == ["甲", "产出", '"好",人数', "9", "50"]


@pytest.mark.parametrize("mark", ["\t", ","])
def test_a_line_break_inside_a_cell_without_quotes_is_said(tmp_path, mark):
    lines = [
        mark.join(HEADS),
        mark.join(["甲", "产出", "人"]),
        mark.join(["数", "9", "50"]),
        mark.join(["合计", "", "9"]),
    ]
    (tmp_path / "a.txt").write_text("\n".join(lines), encoding="utf-8")
    reading = read(tmp_path / "a.txt")
    assert [text for text in reading.cells["text"] if text][5:] == ["甲", "产出", "人\n数", "9", "50", "合计", "9"]
    assert [(remark.check, remark.passed) for remark in reading.remarks] == [("exported", True)]


def test_runs_of_blanks_divide_cells_where_the_heads_do(tmp_path):
    (tmp_path / "a.txt").write_text(
        "   ".join(HEADS) + "\n======  ====\n甲 项目  产出   人数  9    50\n", encoding="utf-8"
    )
    assert separator_of("   ".join(HEADS)) == " "
    assert read(tmp_path / "a.txt").cells["text"].tolist()[5:] == ["甲 项目", "产出", "人数", "9", "50"]


def test_texts_below_each_other_are_columns_blank_cells_in_their_places(tmp_path):
    rows = [
        "项目名称   一级指标   三级指标   符号   指标值",
        "道路硬化   产出       里程       ≥         2",
        "           效益       满意率     =         95",
    ]
    (tmp_path / "a.txt").write_text("\n".join(["目标表", "", *rows]), encoding="utf-8")
    cells = read(tmp_path / "a.txt").cells
    assert cells.loc[cells["row"] == cells["row"].max(), ["col", "text"]].values.tolist()[1:] == [
        [2, "效益"],
        [3, "满意率"],
        [4, "="],
        [5, "95"],
    ]


@given(st.binary(min_size=1, max_size=300))
def test_any_bytes_are_text_or_refused(data):
    try:
        assert isinstance(decode(data)[0], str)
    except Unreadable as error:
        assert error.what and error.fix


def test_a_broken_file_says_where():
    with pytest.raises(Unreadable, match="第 8 字节"):
        decode(codecs.BOM_UTF8 + "合".encode() + b"a\xff")


def reading_of(tmp_path, text: str):
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode())
    return read_text(path)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("page_break", ["\n", "\n\n", "\t\t\n", "  \n"])
def test_pages_rows_and_columns(tmp_path, newline, page_break):
    text = f"\n标题\n\n表头\t甲\n\t乙 丙\t 丁 \n{page_break}戊\t己\n"
    reading = reading_of(tmp_path, text.replace("\n", newline))
    cells = reading.cells
    assert list(cells.columns) == list(CELL_COLUMNS) and list(reading.pages.columns) == list(PAGE_COLUMNS)
    assert cells[["page", "table", "row", "col", "text"]].values.tolist() == [
        [1, 0, 1, 1, "标题"], [1, 1, 2, 1, "表头"], [1, 1, 2, 2, "甲"],
        [1, 1, 3, 2, "乙 丙"], [1, 1, 3, 3, "丁"], [2, 1, 1, 1, "戊"], [2, 1, 1, 2, "己"],
    ]  # fmt: skip
    assert reading.pages["page"].tolist() == [1, 2] and reading.format == "text"


def test_a_form_feed_is_a_page_break(tmp_path):
    assert reading_of(tmp_path, "a\tb\n\fc\td\n").cells["page"].tolist() == [1, 1, 2, 2]


@pytest.mark.parametrize(
    ("first", "second", "lost"), [("第1页", "第3页", True), ("第1页", "第2页", False), ("-1-", "-3-", False)]
)
def test_printed_page_numbers_that_jump_are_said(tmp_path, first, second, lost):
    rows = "项目名称\t一级指标\n养护\t产出指标\n"
    said = [remark.passed for remark in reading_of(tmp_path, f"{rows}{first}\n\n{rows}{second}\n").remarks]
    assert said == [False] * lost


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "0 字节"), (b"\n \t\n", "没有文字"), (b"abc\0\1\2" * 50, "二进制")]
)
def test_files_that_hold_no_text_are_refused_with_a_way_out(tmp_path, content, said):
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=said) as refused:
        read_text(path)
    assert refused.value.fix


# ---- cells → table ---------------------------------------------------------------------------------------------------

HEAD = "单位名称\t项目名称\t项目类别\t预算数 (万元)\t绩效目标\t一级指标\t二级指标\t三级指标\t"
HEAD += "绩效指 标性质\t绩效指标 值\t度量单位\t分值权重"
ROW = "\t\t\t\t\t产出指标\t数量指标\t社区数量\t=\t8\t个\t10"
FIRST = "744001-城关镇\t63012300024T000000550-社区工作经费\t3-特定目标类\t68.00\t保障社区正常运转" + ROW[4:]
LABELS = ["level1", "level2", "name", "comparator", "target", "measure_unit", "weight"]


def table_of(tmp_path, *lines: str):
    return next(iter(read_text_tables(reading_of(tmp_path, "\n".join(lines) + "\n").cells)), None)


def texts(row) -> list:
    return row[LABELS].astype(object).where(row[LABELS].notna(), None).tolist()


def test_title_head_total_project_and_rows(tmp_path):
    lines = [
        "2024年部门预算项目支出绩效目标批复表",
        "",
        HEAD,
        "\t" * 11 + "其中：预 算执行率",
        "合计-\t-\t-\t1,536.74",
        FIRST,
        ROW,
    ]
    before = reading_of(tmp_path, "\n".join(lines)).cells
    cells = before.copy()
    printed = read_text_tables(cells)[0]
    pd.testing.assert_frame_equal(cells, before)
    assert (printed.title, printed.fiscal_year, printed.amount_unit, printed.layout) == (
        lines[0],
        2024,
        "万元",
        "approval",
    )
    assert printed.names_execution and printed.moved
    assert printed.sums[["kind", "amount"]].values.tolist() == [["total", "1,536.74"]]
    assert len(printed.rows) == 2 and texts(printed.rows.iloc[1]) == [
        "产出指标",
        "数量指标",
        "社区数量",
        "=",
        "8",
        "个",
        "10",
    ]
    anchor = printed.anchors.iloc[0]
    assert anchor["at"] == 0 and anchor["budget"] == "68.00" and anchor["unit"] == "744001-城关镇"
    assert printed.roles["role"].value_counts().to_dict() == {
        "indicator": 14,
        "heading": 13,
        "project": 5,
        "sum": 4,
        "title": 1,
    }


@pytest.mark.parametrize("by", [1, 2, 5])
@pytest.mark.parametrize("direction", ["left", "right"])
def test_moved_cells_are_read_by_what_they_hold(tmp_path, by, direction):
    cells = ROW.split("\t")
    moved = cells[by:] + [""] * by if direction == "left" else [""] * by + cells
    printed = table_of(tmp_path, HEAD, FIRST, ROW, ROW.replace("社区数量", "干部人数"), "\t".join(moved))
    assert texts(printed.rows.iloc[3]) == texts(printed.rows.iloc[1])
    assert printed.rows["shifted"].notna().tolist() == [False, False, False, True]


def test_cells_split_over_far_columns_and_a_missing_level(tmp_path):
    split = "\t".join(["社会效益", "", "居民满意情况", "", "", "≥", "", "98", "", "", "%", "", "10.00"])
    weightless = "\t\t\t\t\t\t\t参与对象满意 度\t≥\t90\t%"
    printed = table_of(tmp_path, HEAD, FIRST, ROW, split, weightless)
    assert texts(printed.rows.iloc[2]) == [None, "社会效益", "居民满意情况", "≥", "98", "%", "10.00"]
    assert texts(printed.rows.iloc[3]) == [None, None, "参与对象满意 度", "≥", "90", "%", None]


def test_heads_in_other_words_order_and_again_on_the_next_page(tmp_path):
    head = "序号\t项目名称\t项目金额（元）\t年度总体目标\t一级绩效指标\t二级绩效指标\t指标名称"
    head += "\t计算符号\t目标值\t计量单位\t权重"
    row = "1\t道路养护\t680,000.00\t保障道路畅通\t产出\t数量\t养护里程\t≧\t12.5\t公里\t20"
    printed = table_of(
        tmp_path, head, row, "", head, row.replace("道路养护", "桥梁检测").replace("养护里程", "检测桥梁")
    )
    assert printed.amount_unit == "元" and len(printed.rows) == 2 and printed.rows["page"].tolist() == [1, 2]
    assert printed.anchors["project"].tolist() == ["道路养护", "桥梁检测"]
    assert (printed.roles["role"] == "heading").sum() == 22
    assert texts(printed.rows.iloc[0]) == ["产出", "数量", "养护里程", "≧", "12.5", "公里", "20"]


def test_no_head_at_all_means_the_usual_columns(tmp_path):
    printed = table_of(tmp_path, FIRST, ROW)
    assert printed.heads == {} and len(printed.rows) == 2 and printed.anchors["budget"].tolist() == ["68.00"]
    assert printed.amount_unit is None


@pytest.mark.parametrize(
    "lines", [["会议纪要", "第一条\t参加人员", "第二条\t议题"], ["只有一行字"], ["姓名\t年龄", "张三\t30", "李四\t41"]]
)
def test_what_is_no_such_table_is_none(tmp_path, lines):
    assert table_of(tmp_path, *lines) is None


def test_sub_totals_and_totals(tmp_path):
    printed = table_of(tmp_path, HEAD, "合计\t\t\t68.00", "744001-城关镇\t\t\t68.00", FIRST, ROW, "小计\t\t\t68.00")
    sums = printed.sums[["kind", "unit", "amount"]].astype(object).fillna("").values.tolist()
    assert sums == [["total", "", "68.00"], ["subtotal", "744001-城关镇", "68.00"], ["subtotal", "", "68.00"]]
    assert is_total_line(["合计", "1.00"]) == "total" and is_total_line(["合计金额增长率", "=", "8"]) is None


FULL_ROW = (
    "unit_code",
    "project_code",
    "category",
    "amount",
    "long",
    "level1",
    "level2",
    "text",
    "comparator",
    "points",
    "measure_unit",
    "points",
)


@given(st.sets(st.integers(0, len(FULL_ROW) - 1)), st.booleans())
def test_any_cells_of_a_row_keep_their_order(keep, placed):
    kinds = tuple(kind for k, kind in enumerate(FULL_ROW) if k in keep)
    places = tuple(sorted(keep)) if placed else (-1,) * len(kinds)
    found = [field for field in align(kinds, places, USUAL_FIELDS) if field >= 0]
    assert found == sorted(set(found))
    if {7, 8, 9} <= keep and placed:
        assert [USUAL_FIELDS[field] for field in align(kinds, places, USUAL_FIELDS)] == [
            USUAL_FIELDS[k] for k in sorted(keep)
        ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("＞＝", "comparator"),
        ("成本指标", "both_levels"),
        ("数量指标", "level2"),
        ("1,536.74", "amount"),
        ("10.00", "points"),
        ("744001-城关镇", "unit_code"),
        ("6301230 0024T0000 00550-社 区", "project_code"),
        ("≥50个", "glued"),
        ("—", "dash"),
        ("预算执行率", "execution"),
        ("正向指标", "direction"),
        ("平方米", "measure_unit"),
        ("社区数量", "text"),
    ],
)
def test_kinds_of_cells(text, kind):
    assert kind_of_cell(text) == kind


@pytest.mark.parametrize("rule", ["+---+---+---+---+", "├───┼───┼───┼───┤"])
def test_a_table_drawn_with_signs(tmp_path, rule):
    mark = rule[0].replace("+", "|").replace("├", "│")
    lines = [
        mark.join(["", *row, ""]) for row in (["项目名称", "一级指标", "二级指标", "三级指标"], ["甲", "", "乙", "丙"])
    ]
    path = tmp_path / "a.txt"
    path.write_text("\n".join([rule, lines[0], rule, lines[1], rule]), encoding="utf-8")
    cells = read_text(path).cells
    assert cells[cells["text"] != ""][["row", "col", "text"]].values.tolist()[-3:] == [
        [2, 1, "甲"],
        [2, 3, "乙"],
        [2, 4, "丙"],
    ]


def test_codes_written_as_formulas_are_text(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('项目名称,一级指标,二级指标,三级指标\n"=""0012-甲""",乙,丙,丁\n', encoding="utf-8")
    assert "0012-甲" in read(path).cells["text"].tolist()


def form(name: str, target: str, sep: str) -> list[str]:
    """A project's form whose cells are divided by `sep`; by blanks, below each other."""
    widths = [14, 22, 20, 12, 0]
    rows = [
        ["一级指标", "二级指标", "三级指标", "指标值", "分值"],
        ["产出指标", "数量指标", f"{name}里程", target, "60"],
        ["", "质量指标", f"{name}合格率", "≥95%", "20"],
        ["满意度指标", "服务对象满意度指标", "群众满意度", "基本满意", "10"],
    ]
    padded = [
        sep.join(t + (w - len(t.encode("gb18030"))) * " " if sep == " " else t for t, w in zip(r, widths, strict=True))
        for r in rows
    ]
    gap = sep * 4 if sep == " " else sep
    goal = f"年度绩效目标{gap}完成{name}任务，保障群众出行安全，提高道路通行能力和服务水平。"
    return [
        "项目支出绩效目标表（2024年度）",
        "",
        f"项目名称{gap}{name}",
        f"预算金额（万元）{gap}28.60",
        goal,
        "",
        *padded,
        "",
    ]


@pytest.mark.parametrize(("sep", "suffix"), [(" ", "txt"), ("\t", "txt"), ("\t", "docx")])
def test_forms_whose_cells_are_divided_by_blanks_or_tabs(tmp_path, sep, suffix):
    lines = [*form("道路养护", "=42公里", sep), "- 1 -", "", *form("桥梁维修", "=7座", sep)]
    path = tmp_path / f"a.{suffix}"
    if suffix == "docx":
        document = docx.Document()
        for line in lines:
            document.add_paragraph(line)
        document.save(path)
    else:
        path.write_text("\n".join(lines), encoding="utf-8")
    data = budgetperf.build([path])
    assert data.documents["status"].tolist() == ["reconciled"]
    assert data.projects["project_name"].tolist() == ["道路养护", "桥梁维修"]
    assert data.indicators["weight"].map(int).tolist() == [60, 20, 10] * 2
    assert data.indicators["target_text"].tolist()[::3] == ["42", "7"]


def test_a_self_evaluation_divided_by_tabs(tmp_path):
    heads = ["项目名称", "预算数（万元）", "一级指标", "二级指标", "三级指标", "指标值", "实际完成值", "分值", "得分"]
    rows = [
        ["道路养护", "60", "产出指标", "数量指标", "养护里程", "20", "21", "60", "58"],
        ["", "", "满意度指标", "服务对象满意度指标", "群众满意度", "90", "88", "30", "29"],
    ]
    path = tmp_path / "a.txt"
    path.write_text("\n".join(["2024年项目支出绩效自评表", *map("\t".join, [heads, *rows])]), encoding="utf-8")
    data = budgetperf.build([path])
    assert data.documents[["status", "layout"]].values.tolist() == [["reconciled", "self_evaluation"]]
    values = data.indicators[["target_text", "actual_text", "weight", "score"]].astype(str)
    assert values.values.tolist() == [["20", "21", "60", "58"], ["90", "88", "30", "29"]]


def test_a_total_above_a_row_that_lacks_a_cell_stands_whole():
    heads = ["单位名称", "项目名称", "预算数", "一级指标", "二级指标", "三级指标"]
    rows = [heads, ["合计", "4,819.37"], ["养护", "292.62", "产出指标", "数量指标", "里程"]]
    assert _join_broken(rows) == 0 and rows[1] == ["合计", "4,819.37"]


ROWS_OF_LIST = [
    ["项目名称", "预算数(万元)", "一级指标", "二级指标", "三级指标", "指标值"],
    ["村道硬化", "12.50", "产出指标", "数量指标", "硬化里程", ">=8公里"],
]


@pytest.mark.parametrize(
    "written",
    [
        lambda rows: "\r\r\n".join(map(",".join, rows)).encode(),
        lambda rows: "\n".join(map("\x01".join, rows)).encode(),
        lambda rows: "\r\n".join(map(",".join, rows)).encode("gb18030") + bytes(512),
        lambda rows: "\n".join(
            f"| {' | '.join(row)} |" for row in (rows[0], ["---"] * 6, [cell.replace(">", "\\>") for cell in rows[1]])
        ).encode(),
    ],
    ids=["line ends twice", "control signs between cells", "filled up with zeros", "escaped in Markdown"],
)
def test_what_programs_write_around_cells_is_no_part_of_them(written, tmp_path):
    path = tmp_path / "list.txt"
    path.write_bytes(written(ROWS_OF_LIST))
    cells = read(path).cells
    assert [cell for cell in cells["text"] if set(cell) - set("-")] == [cell for row in ROWS_OF_LIST for cell in row]
