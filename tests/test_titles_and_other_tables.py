"""What stands over the tables or in another one: units and years of titles and labels, names by code, money under heads."""

from decimal import Decimal

import pytest
from test_forms import GOAL, MONEY, NAME, TABLE, TITLE, UNIT, failed, status
from test_forms_kinds import money
from test_layouts import built, page  # noqa: F401 (a fixture)

from budgetperf.pipeline import build_document

LIST = "2024年项目支出绩效目标表"
HEADS = ["一级指标", "二级指标", "三级指标", "指标值", "分值"]
ROWS = [["产出指标", "数量指标", "改造数量", "≥8个", "60"], ["效益指标", "社会效益指标", "受益人口", "≥200人", "30"]]
EVALUATED = "2024年项目支出绩效自评表"


@pytest.fixture
def tables(tmp_path):
    """A document of several titles, each over its table."""

    def build(*parts: tuple[str, list]):
        text = "".join(page(title, rows, caption) for title, rows, *more in parts for caption in (more or [""]))
        (tmp_path / "tables.html").write_text(text, encoding="utf-8")
        return build_document(tmp_path / "tables.html")

    return build


def form(name: str, *more: list) -> list:
    return [["项目名称", (name, 1, 3)], *more, MONEY, GOAL, *TABLE]


def listed(*names: str, heads: tuple = ("项目名称", "预算数（万元）", "绩效目标"), amount: str = "12") -> list:
    rows = [[*heads, *HEADS]]
    for name in names:
        rows += [[(name, 2), *([(amount, 2)] * (len(heads) - 2)), (f"完成{name}。", 2), *ROWS[0]], ROWS[1]]
    return rows


TITLES = [
    "{}2024年项目支出绩效目标表",
    "2024年{}项目支出绩效目标表",
    "附件3：{}2024年项目支出绩效目标表",
    "{}项目支出绩效目标表（2024年）",
    "附件3 2024年{}部门预算项目支出绩效目标表",
    "{}（2024年）项目支出绩效目标表",
    "2024年项目支出绩效目标表（{}）",
    "{}二〇二四年项目支出绩效目标表",
]


@pytest.mark.parametrize(
    ("title", "table"), [*((title, form) for title in TITLES), *((title, listed) for title in TITLES[:2])]
)
def test_each_title_names_the_unit_of_the_tables_below_it(tables, title, table):
    units = ["云溪县公路局", "云溪县桥梁所", "云溪县城关镇"]
    names = ["村道硬化", "危桥养护", "日常巡查"]
    dataset = tables(*((title.format(unit), table(name)) for unit, name in zip(units, names, strict=True)))
    assert dataset.projects["unit_name"].tolist() == units, failed(dataset)
    assert status(dataset) == "reconciled", failed(dataset)


def test_a_title_over_a_form_goes_before_the_unit_of_another_form(tables):
    dataset = tables((LIST, form("村道硬化", UNIT)), ("云溪县桥梁所2024年项目支出绩效目标表", form("危桥养护")))
    assert dataset.projects["unit_name"].tolist() == [UNIT[1][0], "云溪县桥梁所"], failed(dataset)


def test_an_unknown_label_with_another_body_leaves_a_filled_unit_in_doubt(tables):
    other = form("危桥养护", ["受益机构", ("县桥梁所", 1, 3)])
    dataset = tables((LIST, form("村道硬化", UNIT)), (LIST, other))
    assert "县桥梁所" in failed(dataset) and status(dataset) == "open"


@pytest.mark.parametrize(
    "line",
    [
        "云溪县公路局",
        "一、云溪县公路局",
        "云溪县公路局 金额单位：万元",
        "云溪县公路局（盖章）",
        "2024年度 云溪县公路局",
        "云溪县公路局部门预算公开表",
    ],
)
def test_a_line_of_nothing_but_a_body_beside_the_title_names_the_unit(built, line):  # noqa: F811
    dataset = built(LIST, listed("村道硬化"), line)
    assert dataset.projects["unit_name"].tolist() == ["云溪县公路局"] and status(dataset) == "reconciled", failed(
        dataset
    )


def test_the_sender_of_a_letter_is_not_the_unit(built):  # noqa: F811
    dataset = built("省财政厅关于下达2025年水利资金绩效目标的通知", listed("村道硬化"), "云溪县财政局")
    assert dataset.projects["unit_name"].isna().all()


def test_units_in_lines_of_text_over_heads_that_come_again(tmp_path):
    heads = "项目名称\t预算数（万元）\t绩效目标\t一级指标\t二级指标\t三级指标\t指标性质\t指标值\t度量单位\t分值"
    lines = [LIST, "云溪县公路局", heads, "村道硬化\t12\t硬化村道。\t产出指标\t数量指标\t硬化里程\t≥\t2\t公里\t60"]
    lines += ["", "云溪县桥梁所", heads, "危桥养护\t8\t养护危桥。\t产出指标\t数量指标\t养护桥梁\t≥\t3\t座\t60"]
    (tmp_path / "list.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    dataset = build_document(tmp_path / "list.txt")
    assert dataset.projects["unit_name"].tolist() == ["云溪县公路局", "云溪县桥梁所"]


@pytest.mark.parametrize("label, year", [("预算年度", "2024"), ("年度", "2024年"), ("自评年度", "2024年度")])
def test_the_year_beside_its_own_label(built, label, year):  # noqa: F811
    dataset = built(
        "项目支出绩效目标申报表", [NAME, UNIT, [label, (year, 1, 3)], MONEY, GOAL, *TABLE], "填报日期：2023年11月5日"
    )
    assert dataset.documents["fiscal_year"].tolist() == [2024]


def test_the_year_in_a_column_of_its_own(built):  # noqa: F811
    rows = listed("村道硬化", "危桥养护", heads=("项目名称", "年度", "绩效目标"), amount="2024")
    assert built("项目支出绩效目标表", rows).documents["fiscal_year"].tolist() == [2024]


OF_PROJECTS = [
    ["项目编码", "项目名称", "单位", "预算数", "绩效目标"],
    ["001", "村道硬化工程", "县公路局", "65", "硬化村道2公里"],
    ["002", "危桥养护", "县公路局", "80", "养护危桥3座"],
]
OF_TARGETS = [
    ["项目编码", *HEADS[:4]],
    ["001", *ROWS[0][:4]],
    ["001", *ROWS[1][:4]],
    ["002", *ROWS[0][:4]],
    ["002", *ROWS[1][:4]],
]


def test_a_table_of_projects_gives_what_the_table_of_targets_has_by_code_alone(tables):
    dataset = tables((LIST, OF_PROJECTS, "单位：万元"), ("绩效指标", OF_TARGETS))
    assert dataset.projects["project_name"].tolist() == ["村道硬化工程", "危桥养护"], failed(dataset)
    assert dataset.projects["budget_wan_yuan"].tolist() == [Decimal(65), Decimal(80)]
    assert dataset.projects["objective"].tolist() == ["硬化村道2公里", "养护危桥3座"]
    assert dataset.projects["unit_name"].tolist() == ["县公路局"] * 2 and status(dataset) == "reconciled"
    names = dataset.cells[dataset.cells["field"].eq("project_name")]
    assert names["text"].tolist() == ["村道硬化工程", "危桥养护"]  # traced to where they are printed


def test_names_that_no_repair_may_fill_are_in_doubt(tables, tmp_path):
    tables((LIST, OF_PROJECTS, "单位：万元"), ("绩效指标", OF_TARGETS))
    dataset = build_document(tmp_path / "tables.html", repair=False)
    assert dataset.projects["project_name"].isna().all() and "名称没有取用" in failed(dataset)


def test_codes_that_another_table_does_not_settle_are_in_doubt(tables):
    twice = [OF_PROJECTS[0], OF_PROJECTS[1], ["001", "危桥养护", "县公路局", "80", "养护危桥3座"]]
    dataset = tables((LIST, twice, "单位：万元"), ("绩效指标", OF_TARGETS))
    assert dataset.projects["project_name"].isna().all()
    assert "名称没有取用" in failed(dataset) and status(dataset) == "open"


def test_a_project_without_rows_keeps_its_unit_from_the_next(built):  # noqa: F811
    heads = ["单位名称", "项目名称", "预算数（万元）", "绩效目标", *HEADS]
    rows = [heads, [("县公路局", 2), ("村道硬化", 2), ("65", 2), ("硬化。", 2), *ROWS[0]], ROWS[1]]
    rows += [["县公路局", "危桥养护", "80", "养护。", *[""] * 5]]
    rows += [[("县桥梁所", 2), ("日常巡查", 2), ("12", 2), ("巡查。", 2), *ROWS[0]], ROWS[1]]
    dataset = built(LIST, rows)
    assert dataset.projects["unit_name"].tolist() == ["县公路局", "县公路局", "县桥梁所"]


@pytest.mark.parametrize(
    "heads", [("一般公共预算", "政府性基金预算"), ("财政拨款", "其他资金"), ("本级", "上级"), ("合同金额",)]
)
def test_columns_of_sources_without_their_sum_are_in_doubt(built, heads):  # noqa: F811
    dataset = built(LIST, listed("村道硬化", heads=("项目名称", *heads, "绩效目标")), "单位：万元")
    assert dataset.projects["budget_wan_yuan"].isna().all() and "没有读到预算数" in failed(dataset)


def test_the_only_column_of_money_is_the_budget_though_it_names_its_source(built):  # noqa: F811
    dataset = built(LIST, listed("村道硬化", heads=("项目名称", "县级资金", "绩效目标")), "单位：万元")
    assert dataset.projects["budget_wan_yuan"].tolist() == [12] and status(dataset) == "reconciled", failed(dataset)


def test_the_subproject_that_has_the_budget_is_the_project(built):  # noqa: F811
    heads = ["项目名称", "子项目名称", "预算数（万元）", "绩效目标", *HEADS]
    rows = [heads, [("公路专项", 4), ("村道硬化", 2), ("65", 2), ("硬化。", 2), *ROWS[0]], ROWS[1]]
    rows += [[("危桥养护", 2), ("80", 2), ("养护。", 2), *ROWS[0]], ROWS[1]]
    assert built(LIST, rows).projects["project_name"].tolist() == ["村道硬化", "危桥养护"]


def test_sources_divided_by_stages_in_a_list_of_results(built):  # noqa: F811
    upper = [
        ("项目名称", 2),
        ("预算数", 1, 3),
        ("执行数", 1, 3),
        *((head, 2) for head in ("绩效目标", *HEADS[:4], "完成值", "分值", "得分")),
    ]
    lower = ["小计", "财政拨款", "其他"] * 2
    made = [[*row[:4], row[3].strip("≥"), row[4], row[4]] for row in ROWS]
    first = [(text, 2) for text in ("村道硬化", "65", "60", "5", "60", "55", "5", "硬化。")]
    dataset = built(EVALUATED, [upper, lower, [*first, *made[0]], made[1]], "单位：万元")
    assert money(dataset, "budget", "executed") == [[65, 60]] and status(dataset) == "reconciled", failed(dataset)


def test_stages_in_the_rows_of_a_block_with_sources_in_its_columns(built):  # noqa: F811
    rows = [
        [("项目资金（万元）", 3), "资金来源", "合计", "财政拨款"],
        ["全年预算数", "65", "60"],
        ["全年执行数", "60", "55"],
    ]
    table = [["一级指标", "二级指标", "三级指标", "指标值"], *TABLE[1:]]
    dataset = built(EVALUATED, [NAME, UNIT, *rows, GOAL, *table])
    assert money(dataset, "budget", "executed") == [[65, 60]]


@pytest.mark.parametrize(
    "approved", ["财政审核数", "主管部门审核数", "评审金额", "财政初审数", "审批资金", "审定数", "核减后金额"]
)
def test_what_was_approved_goes_before_what_was_applied_for(built, approved):  # noqa: F811
    rows = [["年度预算申请数（万元）", "70", f"{approved}（万元）", "65"]]
    dataset = built(TITLE, [NAME, UNIT, *rows, GOAL, *TABLE])
    taken = dataset.projects["budget_wan_yuan"].item()
    assert taken == 65 or (taken == 70 and "65" in failed(dataset)), failed(dataset)


@pytest.mark.parametrize("words", ["实际金额", "发放金额", "列支金额", "项目支出", "资金使用情况"])
def test_an_amount_that_may_be_what_was_spent(built, words):  # noqa: F811
    text = "实际支出60万元，结余5万元" if words.endswith("情况") else "60"
    dataset = built(EVALUATED, [NAME, UNIT, ["预算金额（万元）", "65", words, text], GOAL, *TABLE])
    executed = dataset.projects["executed_wan_yuan"].item()
    assert executed == 60 or "没有读到执行数" in failed(dataset), failed(dataset)


def test_what_the_year_spent_is_no_budget_where_results_follow(built):  # noqa: F811
    rows = [["年初结转（万元）", "5", "本年支出（万元）", "60"]]
    dataset = built(EVALUATED, [NAME, UNIT, *rows, GOAL, *TABLE])
    assert money(dataset, "executed") == [[60]] and dataset.projects["budget_wan_yuan"].isna().all()


def test_the_columns_that_were_approved_and_the_signs_beside_their_kinds(built):  # noqa: F811
    heads = [
        "项目名称",
        "预算数（万元）",
        "绩效目标",
        "一级指标",
        "二级指标",
        "三级指标",
        "指标性质",
        "计算符号",
        "申报指标值",
        "批复指标值",
        "分值",
    ]
    rows = [heads, [("村道硬化", 2), ("65", 2), ("硬化。", 2), "产出指标", "数量指标", "里程", "定量", "≥", "3", "2", "60"],
            ["效益指标", "社会效益指标", "受益人口", "定量", "≥", "300", "200", "30"]]  # fmt: skip
    dataset = built(LIST, rows)
    assert dataset.indicators["comparator"].tolist() == ["≥", "≥"]
    assert dataset.indicators["target_text"].tolist() == ["2", "200"] and status(dataset) == "reconciled", failed(
        dataset
    )


@pytest.mark.parametrize("head", ["部门（单位）", "部门"])
def test_the_only_column_of_bodies_is_that_of_the_units(built, head):  # noqa: F811
    rows = [[head, "项目名称", "预算数（万元）", "绩效目标", *HEADS]]
    rows += [[("县公路局", 2), ("村道硬化", 2), ("65", 2), ("硬化。", 2), *ROWS[0]], ROWS[1]]
    dataset = built(LIST, rows)
    assert dataset.projects["unit_name"].tolist() == ["县公路局"] and status(dataset) == "reconciled", failed(dataset)


def test_units_stand_beside_their_departments(built):  # noqa: F811
    rows = [["预算部门", "预算单位", "项目名称", "预算数（万元）", "绩效目标", *HEADS]]
    rows += [[("县交通局", 2), ("县公路局", 2), ("村道硬化", 2), ("65", 2), ("硬化。", 2), *ROWS[0]], ROWS[1]]
    dataset = built(LIST, rows)
    assert dataset.projects[["department", "unit_name"]].values.tolist() == [["县交通局", "县公路局"]]


def test_the_rate_that_a_heads_remark_counts_in(built):  # noqa: F811
    heads = ["项目名称", "预算数（万元）", "绩效目标", *HEADS[:4], "分值权重(其中：预算执行率10)"]
    rows = [heads]
    for name in ("村道硬化", "危桥养护", "日常巡查"):
        rows += [[(name, 2), ("12", 2), (f"完成{name}。", 2), *ROWS[0]], ROWS[1]]
    assert built(LIST, rows).projects["execution_weight"].tolist() == [10, 10, 10]


def test_a_table_of_other_heads_behind_a_form_is_another_table(tables):
    staff = [["序号", "单位", "职务"], ["1", "县公路局", "科长"], ["2", "县审计局", "科员"]]
    marks = [["类别", "分值", "得分"], ["决策", "20", "19"], ["产出", "30", "27"]]
    dataset = tables((LIST, form("村道硬化", UNIT)), ("访谈名单", staff), ("评价结论", marks))
    assert len(dataset.indicators) == 3 and status(dataset) == "reconciled", failed(dataset)


def test_lists_of_a_text_end_where_tables_of_other_heads_begin(tmp_path):
    lines = ["表1", "部门收支总表", "项目\t预算数", "本年收入\t88", "", "表3", LIST,
             "预算单位\t项目名称\t金额（万元）\t绩效目标\t一级指标\t二级指标\t三级指标\t符号\t指标值\t单位\t分值",
             "县公路局\t村道硬化\t36\t硬化。\t产出指标\t数量指标\t硬化里程\t≥\t2\t公里\t60",
             "\t\t\t\t效益指标\t社会效益指标\t受益人口\t≥\t200\t人\t30", "合计\t\t36", "", "表4", "三公经费支出表",
             "单位名称\t合计\t公务接待费", "县公路局\t4.80\t1.09", "", "一、财政拨款收入：指本级财政当年拨付的资金。"]  # fmt: skip
    (tmp_path / "book.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    dataset = build_document(tmp_path / "book.txt")
    assert dataset.projects["project_name"].tolist() == ["村道硬化"] and len(dataset.indicators) == 2
    assert status(dataset) == "reconciled", failed(dataset)


WHOSE = [
    [["单位名称：", "{}", ("", 1, 6)], [("单位：万元", 1, 8)]],
    [["部门名称", ("{}", 1, 5), "单位", "万元"]],
]


@pytest.mark.parametrize("over", WHOSE)
def test_labels_over_a_lists_heads_with_their_values_beside_them_are_no_form(tables, over):
    units, names = ["云溪县公路局", "云溪县桥梁所"], ["村道硬化", "危桥养护"]
    parts = []
    for unit, name in zip(units, names, strict=True):
        filled = [
            [(c[0].format(unit), *c[1:]) if isinstance(c, tuple) else c.format(unit) for c in row] for row in over
        ]
        parts.append((LIST, filled + listed(name, heads=("项目名称", "预算数", "绩效目标"))))
    projects = tables(*parts).projects
    assert projects["project_name"].tolist() == names and projects["unit_name"].tolist() == units
    assert projects["budget_wan_yuan"].tolist() == [12, 12]


def test_what_says_more_than_whose_a_table_is_stays_a_forms_head(built):  # noqa: F811
    rows = [["单位名称", ("云溪县公路局", 1, 3), "项目负责人", ("张三", 1, 3)], *listed("村道硬化")]
    assert "张三" not in built(LIST, rows).cells.query("role == 'caption'")["text"].tolist()


def carried(upper: str, lower: tuple[str, str], more: str) -> list:
    heads = [("项目名称", 2), (upper, 1, 2), ("绩效目标", 2), *((head, 2) for head in HEADS)]
    return [heads, [*lower], [("村道硬化", 2), ("60", 2), (more, 2), ("硬化村道2公里。", 2), *ROWS[0]], ROWS[1]]


@pytest.mark.parametrize(
    ("upper", "lower", "more", "doubted"),
    [
        ("2024年预算数", ("当年安排", "上年结转"), "5", True),
        ("2024年预算数", ("当年安排", "上年结转"), "0", False),
        ("2024年预算数", ("合计", "上年结转"), "5", False),
    ],
)
def test_money_carried_from_the_year_before_under_one_head_with_the_years(built, upper, lower, more, doubted):  # noqa: F811
    dataset = built(LIST, carried(upper, lower, more), "单位：万元")
    assert dataset.projects["budget_wan_yuan"].tolist() == [60] and ("不含" in failed(dataset)) is doubted


@pytest.mark.parametrize(("more", "doubted"), [("5", True), ("0", False)])
def test_a_source_taken_for_the_budget_beside_money_carried_on(built, more, doubted):  # noqa: F811
    row = ["本年财政拨款（万元）", "60", "上年结转（万元）", more]
    dataset = built(TITLE, [NAME, UNIT, row, GOAL, *TABLE])
    assert dataset.projects["budget_wan_yuan"].tolist() == [60] and ("不含" in failed(dataset)) is doubted


@pytest.mark.parametrize(("label", "doubted"), [("实施单位", True), ("项目负责人", False)])
def test_a_forms_own_blank_is_not_filled_from_another_form_without_a_doubt(tables, label, doubted):
    dataset = tables((LIST, form("村道硬化", UNIT)), (LIST, form("危桥养护", [label, ("", 1, 3)])))
    assert ("单位一栏空着" in failed(dataset)) is doubted, failed(dataset)


def test_what_was_spent_may_stand_under_the_spending_of_projects(built):  # noqa: F811
    head, *rows = listed("村道硬化", heads=("项目名称", "项目预算", "项目支出", "绩效目标"))
    rows = [[*head, "实际完成值"], [*rows[0], "9个"], [*rows[1], "210人"]]
    assert "“项目支出”一列可能就是" in failed(built(EVALUATED, rows, "单位：万元"))
