"""Form heads: labels by meaning, values by place, money and goals of the year, blocks of periods, forms that do not leak."""

from decimal import Decimal

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_layouts import built, page  # noqa: F401 (a fixture)

from budgetperf.field.form_labels import label_of
from budgetperf.pipeline import build_document

NAME = ["项目名称", ("村道硬化工程", 1, 3)]
UNIT = ["实施单位", ("云岭乡人民政府", 1, 3)]
GOAL = ["年度目标", ("硬化村道2公里，方便群众出行。", 1, 3)]
MONEY = ["年度资金总额（万元）", ("65", 1, 3)]
TABLE = [
    ["一级指标", "二级指标", "三级指标", "指标值"],
    ["产出指标", "数量指标", "硬化里程", "≥2公里"],
    ["效益指标", "社会效益指标", "受益人口", "≥200人"],
    ["满意度指标", "服务对象满意度指标", "群众满意度", "≥95%"],
]
TITLE = "项目支出绩效目标申报表（2024年度）"


def failed(dataset) -> str:
    checks = dataset.checks[~dataset.checks["passed"]]
    return "；".join(f"{c}:{n}" for c, n in checks[["check", "note"]].itertuples(index=False))


def status(dataset) -> str:
    return dataset.documents["status"].item()


def form(built, *rows, title=TITLE):  # noqa: F811
    return built(title, [*rows, *TABLE])


AMOUNT_LABELS = [
    "年度资金总额",
    "资金总额",
    "本年度项目金额",
    "年度资金申请总额",
    "资金需求",
    "年度金额",
    "当年资金总额",
    "本年预算",
    "预算数",
    "预算金额",
    "申请金额",
    "年度预算安排",
    "2024年预算数",
    "2024年金额",
    "项目预算金额",
    "本年度申请金额",
    "年度预算申请",
    "项目资金",
    "核定预算",
    "批复金额",
    "资金规模",
    "所需资金",
    "项目经费",
    "拟安排资金",
    "全年预算数",
    "年度投入资金",
    "预算安排金额",
    "项目总金额",
    "经费预算",
    "财政资金",
]


@pytest.mark.parametrize("label", AMOUNT_LABELS)
def test_any_label_of_an_amount_is_the_budget(built, label):  # noqa: F811
    dataset = form(built, NAME, UNIT, [f"{label}（万元）", ("65", 1, 3)], GOAL)
    assert dataset.projects["budget_wan_yuan"].item() == 65, failed(dataset)
    assert status(dataset) == "reconciled"


@pytest.mark.parametrize(
    "longer", ["项目总金额（中期规划，万元）", "实施期资金总额（万元）", "项目资金总额（万元）", "中期资金总额（万元）"]
)
@pytest.mark.parametrize("turned", [False, True])
def test_the_years_money_is_not_that_of_several_years(built, longer, turned):  # noqa: F811
    pairs = [(longer, "300"), ("本年度资金总额（万元）", "65")]
    dataset = form(built, NAME, UNIT, [text for pair in (pairs[::-1] if turned else pairs) for text in pair], GOAL)
    project = dataset.projects.iloc[0]
    assert (project["budget_wan_yuan"], project["period_budget_wan_yuan"]) == (65, 300)
    assert status(dataset) == "reconciled"


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("854万（农田400万元，示范295万元，工程159万元）", "854"),
        ("申请财政资金65万元，用于硬化村道。", "65"),
        ("650,000元", "65"),
        ("共计65万元，其中：县级40万元", "65"),
    ],
)
def test_an_amount_among_words(built, text, amount):  # noqa: F811
    dataset = form(built, NAME, UNIT, ["资金总额（万元）", (text, 1, 3)], GOAL)
    assert dataset.projects["budget_wan_yuan"].item() == Decimal(amount)
    assert status(dataset) == "reconciled"


def test_an_amount_in_one_cell_with_its_label_and_its_parts(built):  # noqa: F811
    dataset = form(built, NAME, UNIT, ["资金情况", ("年度资金总额：65万元<br>其中：财政拨款65万元", 1, 3)], GOAL)
    assert dataset.projects["budget_wan_yuan"].item() == 65


@pytest.mark.parametrize("text", ["约31.2", "30-40", "甲村10万元、乙村20万元", "见附件"])
def test_what_is_no_amount_is_said(built, text):  # noqa: F811
    dataset = form(built, NAME, UNIT, ["年度资金总额（万元）", (text, 1, 3)], GOAL)
    assert dataset.projects["budget_wan_yuan"].isna().all() and status(dataset) == "open"
    assert "年度资金总额" in failed(dataset)


def test_an_amount_under_an_unknown_label_is_said(built):  # noqa: F811
    dataset = form(built, NAME, UNIT, ["额定数目", ("31.2", 1, 3)], GOAL)
    assert status(dataset) == "open" and "31.2" in failed(dataset)


def test_a_form_that_prints_no_amount_says_so(built):  # noqa: F811
    dataset = form(built, NAME, UNIT, GOAL)
    assert "表头没有印出预算数" in dataset.checks["note"].tolist() and status(dataset) == "reconciled"


@pytest.mark.parametrize("parts", [("60", "10"), ("50", "10")])
def test_parts_that_do_not_make_up_the_whole(built, parts):  # noqa: F811
    money = [
        [("项目资金（万元）", 3), "年度资金总额", ("65", 1, 2)],
        ["其中：财政拨款", (parts[0], 1, 2)],
        ["其他资金", (parts[1], 1, 2)],
    ]
    dataset = form(built, NAME, UNIT, *money, GOAL)
    assert dataset.projects["budget_wan_yuan"].item() == 65 and "parts:" in failed(dataset)


def test_two_different_values_of_one_field_are_a_conflict(built):  # noqa: F811
    dataset = form(built, NAME, ["实施单位", "甲乡人民政府", "项目单位", "乙乡人民政府"], MONEY, GOAL)
    assert dataset.projects["unit_name"].item() == "甲乡人民政府" and "乙乡人民政府" in failed(dataset)


def test_the_exact_label_goes_before_an_alias_and_the_other_is_kept(built):  # noqa: F811
    dataset = form(built, NAME, ["项目性质", "阶段性项目", "项目类别", "特定目标类"], UNIT, MONEY, GOAL)
    assert dataset.projects["category_name"].item() == "特定目标类" and status(dataset) == "reconciled"
    assert ("项目性质", "阶段性项目") in dataset.notes[["label", "text"]].itertuples(index=False, name=None)


@pytest.mark.parametrize("neighbour", ["项目周期", "基建属性", "是否新增"])
def test_an_empty_value_stays_empty(built, neighbour):  # noqa: F811
    rows = [["项目名称", "村道硬化工程", "", "实施单位", "云岭乡人民政府"], ["项目属性", "", "", neighbour, "1年"],
            ["年度资金总额（万元）", "65", "", "主管部门", "县交通局"], ["年度目标", ("硬化村道2公里。", 1, 4)]]  # fmt: skip
    dataset = built(TITLE, [*rows, *[[*row, ""] for row in TABLE]])
    assert dataset.projects["category_name"].isna().all()
    assert dataset.projects["project_name"].item() == "村道硬化工程"


@pytest.mark.parametrize("name", ["社区运转经费", "省级专项资金", "学生资助补助", "公用经费", "教育支出"])
def test_a_name_that_sounds_like_money_is_no_label(built, name):  # noqa: F811
    dataset = form(built, ["项目名称", name, "项目类型", "其他经费"], UNIT, MONEY, GOAL)
    project = dataset.projects.iloc[0]
    assert (project["project_name"], project["category_name"]) == (name, "其他经费")


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("转移支付（项目）名称", "project"), ("政策任务", "project"), ("项目支出名称", "project"), ("*部门（单位）名称", "unit"),
        ("申报单位：", "unit"), ("单位（专项）名称", "unit"), ("省级业务主管部门", "department"), ("一级预算单位", "department"),
        ("年初设定目标", "objective"), ("年度总体目标", "objective"), ("项目支出年度绩效目标", "objective"), ("总体目标", "goal"),
        ("中长期绩效目标", "period_objective"), ("实施期目标", "period_objective"), ("年度总体目标完成情况综述", "achievement"),
        ("上年度预算安排", "past"), ("年初预算数", "budget_initial"), ("1-7月执行数", "executed"), ("执行率分值（10）", "execution_weight"),
        ("其中：县级补助", "part"), ("资金管理情况", "note"), ("项目概况（450字内）", "note"),
    ],
)  # fmt: skip
def test_labels_by_meaning(label, field):
    assert label_of(label).field == field


@pytest.mark.parametrize(
    "text", ["≥95%", "2024年12月底前", "云岭乡人民政府", "产出指标", "完成道路建设，改善出行条件。", "65"]
)
def test_what_is_no_label(text):
    assert label_of(text) is None


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("中期目标", "年度目标"),
        ("长期目标", "年度绩效目标"),
        ("项目总目标", "年度总体目标"),
        ("实施期目标", "当年目标"),
    ],
)
def test_the_years_goal_is_not_that_of_several_years(built, left, right):  # noqa: F811
    goals = [[("总体目标", 2), (left, 1, 1), (right, 1, 2)], [("三年硬化村道6公里。", 1, 1), ("硬化村道2公里。", 1, 2)]]
    project = form(built, NAME, UNIT, MONEY, *goals).projects.iloc[0]
    assert (project["objective"], project["period_objective"]) == ("硬化村道2公里。", "三年硬化村道6公里。")


SELF_HEADS = ["一级指标", "二级指标", "三级指标"]


@pytest.mark.parametrize(
    ("longer", "years"),
    [("实施周期目标值", "年度目标值"), ("中期指标值", "年度指标值"), ("项目指标值", "年度指标值"), ("2026年指标值", "2024年指标值"), ("指标值（长期）", "指标值（年度）")],
)  # fmt: skip
@pytest.mark.parametrize("turned", [False, True])
def test_two_columns_of_targets(built, longer, years, turned):  # noqa: F811
    def row(*cells):
        return [*cells[:3], *(cells[:2:-1] if turned else cells[3:])]

    rows = [
        ["项目名称", ("村道硬化工程", 1, 4)], ["实施单位", ("云岭乡人民政府", 1, 4)], ["年度资金总额（万元）", ("65", 1, 4)],
        ["年度目标", ("硬化村道2公里。", 1, 4)], row(*SELF_HEADS, longer, years),
        row("产出指标", "数量指标", "硬化里程", "≥6公里", "≥2公里"),
        row("效益指标", "社会效益指标", "受益人口", "≥600人", "≥200人"),
    ]  # fmt: skip
    dataset = built(TITLE, rows)
    assert dataset.indicators["target_text"].tolist() == ["2", "200"]
    assert dataset.period_indicators["target"].tolist() == ["≥6公里", "≥600人"]
    assert dataset.period_indicators["name"].tolist() == dataset.indicators["name"].tolist()
    assert status(dataset) == "reconciled", failed(dataset)


def blocks(top: list | None) -> list:
    rows = [["项目名称", ("村道硬化工程", 1, 6)], ["实施单位", ("云岭乡人民政府", 1, 6)], ["年度资金总额（万元）", ("65", 1, 6)],
            ["年度目标", ("硬化村道2公里。", 1, 6)], *([top] if top else []),
            ["一级指标", *["二级指标", "三级指标", "指标值"] * 2],
            ["产出指标", "数量指标", "硬化里程", "≥6公里", "数量指标", "硬化村道", "≥2公里"],
            ["效益指标", "社会效益指标", "受益人口", "≥600人", "社会效益指标", "受益人口", "≥200人"]]  # fmt: skip
    return rows


def test_two_blocks_of_columns_under_their_periods(built):  # noqa: F811
    dataset = built(TITLE, blocks(["绩效指标", ("中期指标", 1, 3), ("年度指标", 1, 3)]))
    assert dataset.indicators["name"].tolist() == ["硬化村道", "受益人口"]
    assert dataset.indicators["target_text"].tolist() == ["2", "200"]
    assert dataset.period_indicators[["period", "name", "target"]].values.tolist() == [
        ["中期", "硬化里程", "≥6公里"], ["中期", "受益人口", "≥600人"]]  # fmt: skip


def test_two_blocks_that_nothing_tells_apart_are_said(built):  # noqa: F811
    dataset = built(TITLE, blocks(None))
    assert dataset.indicators["target_text"].tolist() == ["2", "200"] and "两组指标列" in failed(dataset)


def test_blocks_of_rows_over_each_other(built):  # noqa: F811
    rows = [["项目名称", ("村道硬化工程", 1, 4)], ["实施单位", ("云岭乡人民政府", 1, 4)], ["年度资金总额（万元）", ("65", 1, 4)],
            ["年度目标", ("硬化村道2公里。", 1, 4)], ["", *SELF_HEADS, "指标值"],
            [("中期绩效指标", 2), "产出指标", "数量指标", "硬化里程", "≥6公里"], ["效益指标", "社会效益指标", "受益人口", "≥600人"],
            [("年度绩效指标", 2), "产出指标", "数量指标", "硬化里程", "≥2公里"], ["效益指标", "社会效益指标", "受益人口", "≥200人"]]  # fmt: skip
    dataset = built(TITLE, rows)
    assert dataset.indicators["target_text"].tolist() == ["2", "200"]
    assert dataset.period_indicators["target"].tolist() == ["≥6公里", "≥600人"]


def workbook(tmp_path, *sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"表{number}")
        for row in rows:
            sheet.append([cell[0] if isinstance(cell, tuple) else cell for cell in row])
    path = tmp_path / "book.xlsx"
    book.save(path)
    return build_document(path)


def test_what_stands_on_other_sheets_is_not_the_forms(tmp_path):
    info = [["项目单位", "[105210]某大学"], ["项目名称", "村道硬化工程"], ["项目类别", "其他项目"]]
    money = [["收入", "预算数"], ["一般公共预算", "1530"]]
    dataset = workbook(tmp_path, info, money, [[TITLE], [*NAME[:1], "村道硬化工程"], UNIT, MONEY, GOAL, *TABLE], money)
    project = dataset.projects.iloc[0]
    assert (project["unit_name"], project["budget_wan_yuan"], len(dataset.projects)) == ("云岭乡人民政府", 65, 1)
    assert dataset.projects["category_name"].isna().all() and status(dataset) == "reconciled", failed(dataset)


@pytest.mark.parametrize("blank", [0, 1, 2])
def test_indicators_never_leave_their_form(tmp_path, blank):
    """Of three forms, a sheet each, one is blank: the others keep theirs."""
    sheets = []
    for number in range(3):
        table = [
            TABLE[0],
            *([*row[:2], *(("", "") if number == blank else (f"{row[2]}{number}", row[3]))] for row in TABLE[1:]),
        ]
        sheets.append([[TITLE], ["项目名称", f"工程{number}"], UNIT, MONEY, GOAL, *table])
    dataset = workbook(tmp_path, *sheets)
    counts = dataset.indicators.groupby("project_no")["name"].apply(list).to_dict()
    assert counts == {n + 1: [f"{row[2]}{n}" for row in TABLE[1:]] for n in range(3) if n != blank}
    assert "缺少：全部指标" in failed(dataset)


def test_forms_stacked_in_one_table(built):  # noqa: F811
    one = [NAME, UNIT, MONEY, GOAL, *TABLE]
    two = [[(TITLE, 1, 4)], ["项目名称", ("桥梁加固工程", 1, 3)], ["填报单位", ("青石乡人民政府", 1, 3)], *one[2:]]
    dataset = built(TITLE, [*one, *two])
    assert dataset.projects["project_name"].tolist() == ["村道硬化工程", "桥梁加固工程"]
    assert dataset.projects["unit_name"].tolist() == ["云岭乡人民政府", "青石乡人民政府"]
    assert dataset.indicators["project_no"].tolist() == [1, 1, 1, 2, 2, 2] and status(dataset) == "reconciled"


@pytest.mark.parametrize("word", ["项目", "项目名称", "单位", "预算"])
def test_a_head_word_inside_the_table_begins_no_form(built, word):  # noqa: F811
    table = [TABLE[0], ["产出指标", "数量指标", word, "55个"], *TABLE[2:]]
    dataset = built(TITLE, [NAME, UNIT, MONEY, GOAL, *table])
    assert dataset.indicators["name"].iat[0] == word and len(dataset.projects) == 1


def test_a_whole_unit_stands_in_the_projects_place(built):  # noqa: F811
    rows = [["部门（单位）名称", ("云岭乡人民政府", 1, 3)], [("年度预算（万元）", 3), "资金总额", ("171.41", 1, 2)],
            ["项目支出", ("60.8", 1, 2)], ["基本支出", ("110.61", 1, 2)], ["年度总体目标", ("做好全乡各项工作。", 1, 3)]]  # fmt: skip
    dataset = built("部门整体支出绩效目标表（2024年度）", [*rows, *TABLE])
    project = dataset.projects.iloc[0]
    assert (project["scope"], project["unit_name"], project["budget_wan_yuan"]) == (
        "unit",
        "云岭乡人民政府",
        Decimal("171.41"),
    )
    assert status(dataset) == "reconciled", failed(dataset)


def test_points_of_execution_in_the_head(built):  # noqa: F811
    dataset = form(built, NAME, UNIT, ["年度资金总额（万元）", "65", ("执行率分值（10）", 1, 2)], GOAL)
    assert dataset.projects["execution_weight"].item() == 10


def test_a_list_of_tasks_in_the_head_gives_only_its_total(built):  # noqa: F811
    rows = [["部门名称", ("云岭乡人民政府", 1, 3)], [("年度主要任务", 3), "任务名称", "主要内容", "预算金额（万元）"],
            ["高标准农田", "新建2万亩", "1500"], ["机关运转", "保障人员", "700"], ["金额合计", "", "", "2200"],
            ["年度总体目标", ("做好全乡各项工作。", 1, 3)]]  # fmt: skip
    dataset = built("部门整体支出绩效目标表（2024年度）", [*rows, *TABLE])
    assert dataset.projects["budget_wan_yuan"].item() == 2200 and dataset.projects["project_name"].isna().all()
    assert "高标准农田" in "".join(dataset.notes["label"])


def test_values_under_a_row_of_labels(built):  # noqa: F811
    rows = [["项目名称", "实施单位", "项目类别", "年度资金总额（万元）"], ["村道硬化工程", "云岭乡人民政府", "特定目标类", "65"],
            [("年度绩效目标", 1, 4)], [("硬化村道2公里，改善出行。", 1, 4)]]  # fmt: skip
    dataset = built(TITLE, [*rows, *TABLE])
    project = dataset.projects.iloc[0]
    assert (project["project_name"], project["unit_name"], project["category_name"]) == (
        "村道硬化工程",
        "云岭乡人民政府",
        "特定目标类",
    )
    assert (project["budget_wan_yuan"], project["objective"], status(dataset)) == (
        65,
        "硬化村道2公里，改善出行。",
        "reconciled",
    )


@pytest.mark.parametrize("first", [False, True])
def test_other_tables_before_or_after_a_form(tmp_path, first):
    head = "<html><meta charset=utf-8>"
    own = page(TITLE, [NAME, UNIT, MONEY, GOAL, *TABLE]).removeprefix(head).removesuffix("</html>")
    other = page("部门收支总表", [["项目", "预算数", "项目", "预算数"], ["拨款收入", "1,530.00", "教育支出", "830.00"]])
    other = other.removeprefix(head).removesuffix("</html>")
    path = tmp_path / "two.html"
    path.write_text(head + (other + own if first else own + other), encoding="utf-8")
    dataset = build_document(path)
    assert dataset.projects["budget_wan_yuan"].tolist() == [65] and len(dataset.indicators) == 3
    assert status(dataset) == "reconciled", failed(dataset)


HEAD = [["项目名称", "村道硬化工程", "主管部门", "县交通局"], ["实施单位", "云岭乡人民政府", "项目负责人", "王某"],
        ["项目类别", "特定目标类", "项目周期", "1年"], [("项目资金（万元）", 2), "年度资金总额", ("65", 1, 2)],
        ["其中：财政拨款", ("65", 1, 2)], ["立项依据", ("县政府会议纪要第12号", 1, 3)], GOAL]  # fmt: skip
PLACES = [(r, c) for r, row in enumerate(HEAD) for c, cell in enumerate(row) if c or r == 4]


def told(dataset) -> tuple:
    frames = (dataset.projects, dataset.notes, dataset.indicators, dataset.checks)
    return tuple(frame.drop(columns="document_id").astype(str).to_csv(index=False) for frame in frames)


def told_by(folder, head: list) -> tuple:
    path = folder / "form.html"
    path.write_text(page(TITLE, [*head, *TABLE]), encoding="utf-8")
    return told(build_document(path))


@pytest.fixture(scope="module")
def told_whole(tmp_path_factory):
    return told_by(tmp_path_factory.mktemp("whole"), HEAD)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    place=st.sampled_from(PLACES),
    text=st.sampled_from(["77", "改动", "乙乡人民政府", "改动后的一整句话，说明许多内容。"]),
)
def test_no_cell_of_a_head_is_lost_in_silence(tmp_path, told_whole, place, text):
    """Change one cell: a table changes, or a check."""
    rows = [list(row) for row in HEAD]
    cell = rows[place[0]][place[1]]
    rows[place[0]][place[1]] = (text, *cell[1:]) if isinstance(cell, tuple) else text
    assert told_by(tmp_path, rows) != told_whole
