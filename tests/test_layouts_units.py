"""Wide rows among the rows of a list: units over their projects, projects over their indicators, in every format alike."""

from decimal import Decimal

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from test_forms import failed, status
from test_layouts import built  # noqa: F401 (a fixture)

from budgetperf.pipeline import build_document

TITLE = "2024年项目支出绩效目标表"
HEADS = ["项目名称", "预算数（万元）", "绩效目标", "一级指标", "二级指标", "三级指标", "指标值", "分值"]
MADE = [["产出指标", "数量指标", "改造数量", "≥8个", "60"], ["效益指标", "社会效益指标", "受益人口", "≥200人", "30"]]


def project(name: str, amount: str, goal: str = "改善条件。") -> list:
    return [[(name, 2), (amount, 2), (goal, 2), *MADE[0]], MADE[1]]


def under(unit: str, width: int = 8) -> list:
    return [[(unit, 1, width)]]


@pytest.fixture
def in_sheet(tmp_path):
    """The same rows (texts, or text with rows and columns that it covers) on a worksheet without rules."""

    def build(rows):
        sheet = (book := openpyxl.Workbook()).active
        width = max(sum(c[2] if isinstance(c, tuple) and len(c) > 2 else 1 for c in row) for row in rows)
        taken = set()
        sheet.append([TITLE])
        sheet.merge_cells(f"A1:{get_column_letter(width)}1")
        for number, row in enumerate(rows, 2):
            col = 1
            for cell in row:
                text, down, over = (*cell, 1)[:3] if isinstance(cell, tuple) else (cell, 1, 1)
                while (number, col) in taken:
                    col += 1
                sheet.cell(number, col, text or None)
                taken |= {(number + d, col + o) for d in range(down) for o in range(over)}
                if down * over > 1:
                    sheet.merge_cells(None, number, col, number + down - 1, col + over - 1)
                col += over
        book.save(tmp_path / "list.xlsx")
        return build_document(tmp_path / "list.xlsx")

    return build


@pytest.fixture(params=["html", "xlsx"])
def read(request, built, in_sheet):  # noqa: F811
    return (lambda rows: built(TITLE, rows)) if request.param == "html" else in_sheet


@pytest.mark.parametrize("unit", ["{}", "一、{}", "（一）{}", "单位：{}", "{}（52万元）", "301001-{}"])
def test_a_wide_row_names_the_unit_of_the_projects_below_it(read, unit):
    first, second = (unit.format(name) for name in ("闽北县交通运输局", "闽北县文化馆"))
    rows = [*project("村道硬化", "36"), *project("桥梁维修", "16"), *under(second), *project("馆舍修缮", "52")]
    dataset = read([HEADS, *under(first), *rows])
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.projects["unit_name"].tolist() == ["闽北县交通运输局"] * 2 + ["闽北县文化馆"]
    assert dataset.projects["project_name"].tolist() == ["村道硬化", "桥梁维修", "馆舍修缮"]


def test_a_units_sum_in_its_wide_row_is_checked(read):
    rows = [*under("闽北县交通运输局（50万元）"), *project("村道硬化", "36"), *project("桥梁维修", "16")]
    assert "subtotal" in failed(read([HEADS, *rows]))


@pytest.mark.parametrize("amount, state", [("52", "reconciled"), ("50", "open")])
def test_a_units_sum_over_its_projects(read, amount, state):
    rows = [*under(f"闽北县交通运输局小计：{amount}万元"), *project("村道硬化", "36"), *project("桥梁维修", "16")]
    dataset = read([HEADS, *rows])
    assert dataset.projects["unit_name"].tolist() == ["闽北县交通运输局"] * 2
    assert status(dataset) == state, failed(dataset)


def test_a_departments_wide_row_over_projects_leaves_them_read(read):
    rows = [
        *under("主管部门：县交通局"),
        *project("村道硬化", "36"),
        *under("主管部门：县水利局"),
        *project("桥梁维修", "16"),
    ]
    dataset = read([HEADS, *rows])
    assert dataset.projects["project_name"].tolist() == ["村道硬化", "桥梁维修"]
    assert len(dataset.indicators) == 4 and status(dataset) == "open"


def test_a_unit_first_named_below_projects_leaves_theirs_in_doubt(read):
    rows = [*project("村道硬化", "36"), *under("闽北县文化馆"), *project("馆舍修缮", "52")]
    assert status(read([HEADS, *rows])) == "open"


@pytest.mark.parametrize("text", ["注：各单位据实填报，报闽北县财政局", "填表人：闽北县财政局", "其他农村公路养护"])
def test_a_wide_row_of_other_words_names_no_unit(read, text):
    rows = [*project("村道硬化", "36"), *under(text), *project("桥梁维修", "16")]
    assert read([HEADS, *rows]).projects["unit_name"].isna().all()


def test_a_wide_body_over_nothing_is_no_unit(read):
    dataset = read([HEADS, *project("村道硬化", "36"), *under("闽北县财政局")])
    assert dataset.projects["unit_name"].isna().all()


def test_a_row_numbered_with_the_projects_is_one_of_them(read):
    heads = ["序号", "项目名称", "预算数（万元）", "绩效目标", "指标名称", "指标值"]
    blank = ["1", "镇文化活动中心", "65", "", "", ""]
    dataset = read([heads, blank, ["2", "镇卫生院", "65", "改造3处。", "改造数量", "≥3处"]])
    assert dataset.projects["project_name"].tolist() == ["镇文化活动中心", "镇卫生院"]
    assert dataset.projects["unit_name"].isna().all()
    assert status(dataset) == "open"


@pytest.mark.parametrize("head", ["单位名称/项目名称", "项目名称"])
def test_units_over_rows_that_each_print_their_project(read, head):
    rows = [[head, *HEADS[1:7]]]
    for unit, name, amount in (("闽北县文化馆", "馆舍修缮", "36"), ("闽北县博物馆", "展柜更新", "12")):
        rows += [[unit, amount, *[""] * 5], *([name, amount, "改善条件。", *made[:4]] for made in MADE)]
    dataset = read(rows)
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.projects["project_name"].tolist() == ["馆舍修缮", "展柜更新"]
    assert dataset.projects["unit_name"].tolist() == ["闽北县文化馆", "闽北县博物馆"]


OF_TARGETS = HEADS[3:]


@pytest.mark.parametrize("goal", [[], [["绩效目标", ("改善条件。", 1, 4)]]])
def test_a_projects_wide_row_of_labels_stands_inside_the_table(read, goal):
    rows = [OF_TARGETS]
    for name, amount in (("村道硬化", "36"), ("桥梁维修", "16")):
        rows += [*under(f"项目名称：{name} 预算金额：{amount}万元", 5), *goal, *MADE]
    dataset = read(rows)
    assert dataset.projects["project_name"].tolist() == ["村道硬化", "桥梁维修"]
    assert dataset.projects["budget_wan_yuan"].tolist() == [Decimal(36), Decimal(16)]
    assert dataset.indicators["project_no"].tolist() == [1, 1, 2, 2]
    assert dataset.projects["objective"].notna().all() == bool(goal)


@pytest.mark.parametrize(
    "named", ["{}（{}万元）", "（{n}）{}（预算{}万元）", "{n}.{}", "{}", "项目{n}：{}", "51072224T00000010{n}-{}"]
)
@pytest.mark.parametrize("amount", [False, True])
def test_a_projects_name_in_a_wide_row_over_its_levels(read, named, amount):
    rows = [OF_TARGETS]
    for n, (name, wan) in enumerate((("村道硬化", "36"), ("桥梁维修", "16")), 1):
        rows += [*under(named.format(name, wan, n=n), 5), *(under(f"预算金额：{wan}万元", 5) if amount else []), *MADE]
    dataset = read(rows)
    assert dataset.projects["project_name"].tolist() == ["村道硬化", "桥梁维修"], failed(dataset)
    assert dataset.projects["budget_wan_yuan"].notna().all() == (amount or "万元" in named)
    assert dataset.indicators["project_no"].tolist() == [1, 1, 2, 2]


@pytest.mark.parametrize(
    "over", [["村道硬化"], ["村道硬化", ""], ["村道硬化", "桥梁维修：2座"], ["村道硬化", "县公路局"]]
)
def test_a_wide_row_that_may_be_no_name_is_none(read, over):
    rows = [OF_TARGETS]
    for text in over:
        rows += [*(under(text, 5) if text else []), *MADE]
    dataset = read(rows)
    assert dataset.projects["project_name"].isna().all() and status(dataset) == "open"


def test_wide_rows_under_a_forms_head_name_its_tasks(built):  # noqa: F811
    head = [["项目名称", ("乡村道路", 1, 4)], ["项目单位", ("县公路局", 1, 4)], ["预算数（万元）", ("52", 1, 4)]]
    dataset = built(TITLE, [*head, OF_TARGETS, *under("村道硬化", 5), *MADE, *under("桥梁维修", 5), *MADE])
    assert dataset.projects["project_name"].tolist() == ["乡村道路"]


def test_tables_one_below_the_other_on_a_sheet_stay_apart(in_sheet):
    other = [
        *under("2024年政府采购预算表", 5),
        ["采购品目", "数量", "单价", "金额", "备注"],
        ["电脑", "6", "0.6", "3.6", ""],
    ]
    rows = [*under("项目名称：村道硬化 预算金额：36万元", 5), OF_TARGETS, *MADE]
    dataset = in_sheet([*rows, *other])
    assert len(dataset.indicators) == 2
    assert dataset.cells.loc[dataset.cells["text"] == "电脑", "role"].tolist() == ["other_table"]
    more = [*under("项目名称：桥梁维修 预算金额：16万元", 5), OF_TARGETS, *MADE]
    dataset = in_sheet([*rows, *more])
    assert dataset.projects["project_name"].tolist() == ["村道硬化", "桥梁维修"]
    assert dataset.indicators["project_no"].tolist() == [1, 1, 2, 2]


LINES = [
    "项目名称\t预算数\t绩效目标\t一级指标\t二级指标\t三级指标\t指标性质\t指标值\t度量单位\t分值",
    "51072224T000000101-村道硬化\t36\t硬化村道，改善出行条件。\t产出指标\t数量指标\t硬化里程\t≥\t2\t公里\t60",
    "效益指标\t社会效益指标\t受益人口\t≥\t200\t人\t30",
    "51072224T000000102-馆舍修缮\t52\t修缮馆舍，改善条件。\t产出指标\t数量指标\t修缮面积\t≥\t800\t平方米\t60",
    "效益指标\t社会效益指标\t受益人口\t≥\t900\t人\t30",
]


def in_text(tmp_path, over: tuple[str, str], below: str = ""):
    lines = [TITLE, "单位：万元", LINES[0], over[0], *LINES[1:3], over[1], LINES[3], below, LINES[4], "合计\t88"]
    (tmp_path / "list.txt").write_text("\n".join(filter(None, lines)) + "\n", encoding="utf-8")
    return build_document(tmp_path / "list.txt")


def test_a_line_of_text_names_the_unit_of_the_projects_below_it(tmp_path):
    dataset = in_text(tmp_path, ("闽北县交通运输局", "闽北县文化馆"))
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.projects["unit_name"].tolist() == ["闽北县交通运输局", "闽北县文化馆"]


def test_lines_of_bodies_over_no_project_are_in_doubt(tmp_path):
    dataset = in_text(tmp_path, ("", ""), "闽北县交通运输局\n闽北县文化馆")
    assert status(dataset) == "open"
    assert dataset.projects["unit_name"].isna().all()


@pytest.mark.parametrize("inline", [False, True])
def test_a_row_of_labels_stands_over_each_projects_indicators(read, inline):
    def over(name: str, amount: str) -> list:
        cells = [(f"项目名称：{name}", 1, 3), (f"预算：{amount}万元", 1, 2)]
        return cells if inline else ["项目名称", (name, 1, 2), "预算数（万元）", amount]

    rows = [HEADS[3:], over("道路养护", "65"), *MADE, over("路灯维修", "80"), *MADE]
    dataset = read(rows)
    assert dataset.projects["project_name"].tolist() == ["道路养护", "路灯维修"]
    assert dataset.projects["budget_wan_yuan"].tolist() == [65, 80]
    assert dataset.indicators["project_no"].tolist() == [1, 1, 2, 2] and status(dataset) == "reconciled", failed(
        dataset
    )


@pytest.mark.parametrize(
    ("rows", "units", "told"),
    [
        (("一、县公路局", "二、太平乡"), ["县公路局", "太平乡"], None),
        (("一、县公路局", "二、老城社区"), ["县公路局", "老城社区"], True),
        (("一、县公路局", "二、基础设施类项目"), None, False),
        (("一、县公路局", "二、县直单位"), None, False),
        (("县公路局（1个项目）", "县文化馆（共1项）"), ["县公路局", "县文化馆"], True),
    ],
)
def test_a_row_numbered_like_units_ends_the_unit_above(read, rows, units, told):
    first, second = rows
    dataset = read([HEADS, *under(first), *project("道路养护", "65"), *under(second), *project("路灯维修", "80")])
    assert units is None or dataset.projects["unit_name"].tolist() == units
    assert told is None or (status(dataset) == "reconciled") is told, failed(dataset)


def test_a_row_over_rows_that_name_units_is_none(read):
    rows = [*under("一、县级部门"), *under("（一）县公路局"), *project("道路养护", "65")]
    dataset = read([HEADS, *rows, *under("（二）县文化馆"), *project("路灯维修", "80")])
    assert dataset.projects["unit_name"].tolist() == ["县公路局", "县文化馆"]
