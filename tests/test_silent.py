"""Several tables in one document, and what is read too readily: what could be read wrongly without a word is right or said."""

from decimal import Decimal
from functools import cache

import pytest

from budgetperf.field.form_labels import label_of
from budgetperf.layout import printed_tables
from budgetperf.layout.account import account
from budgetperf.mend.table import mend
from budgetperf.mend.twice import once
from budgetperf.readers.html import read_html
from budgetperf.readers.text import read_text

TITLE = "2024年项目支出绩效目标表"
HEADS = ["项目名称", "预算数（万元）", "绩效目标", "一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "分值"]  # fmt: skip


def project(name: str = "道路养护", budget: str = "60") -> list[list[str]]:
    rows = [
        ["产出指标", "数量指标", f"{name}里程", "≥", "20", "公里", "60"],
        ["效益指标", "社会效益指标", f"{name}事故下降率", "≥", "5", "%", "20"],
        ["满意度指标", "服务对象满意度指标", f"{name}满意度", "≥", "90", "%", "10"],
    ]
    return [[name, budget, "完成全年养护任务，保障畅通", *rows[0]], *([""] * 3 + row for row in rows[1:])]


def table(*rows: list[str], heads: list[str] = HEADS) -> str:
    cells = [[f"<td>{text}</td>" for text in row] for row in (heads, *rows)]
    return f"<table>{''.join(f'<tr>{chr(10).join(row)}</tr>' for row in cells)}</table>"


def lines(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


@cache
def html(*parts: str) -> list:
    return [mend(printed) for printed in printed_tables(read_html("".join(parts).encode()))]


@cache
def text(*parts: str) -> list:
    return [mend(printed) for printed in printed_tables(read_text("\n".join(parts).encode()))]


def tabbed(*rows: list[str], heads: list[str] = HEADS) -> str:
    return "\n".join("\t".join(row) for row in (heads, *rows))


def column(tables: list, name: str) -> list:
    return [value for table in tables for value in table.projects[name]]


def failed(tables: list, check: str) -> list[str]:
    checks = [table.checks[~table.checks["passed"].astype(bool)] for table in tables]
    return [note for frame in checks for note in frame.loc[frame["check"] == check, "note"]]


@pytest.mark.parametrize("build", [html, text])
def test_the_lines_above_each_table_are_its_own(build):
    body = table if build is html else tabbed
    said = lines if build is html else lambda *texts: "\n".join(texts)
    parts = [
        (said(TITLE, f"填报单位：{unit}", f"（{year}年度）", "单位：万元"), body(*project(name)))
        for unit, year, name in (("县公路局", 2023, "道路养护"), ("县水利局", 2024, "水库除险"))
    ]
    parts = [(above.replace("2024年项目", "项目"), rows) for above, rows in parts]
    tables = build(*(part for pair in parts for part in pair))
    assert column(tables, "unit_name") == ["县公路局", "县水利局"]
    assert column(tables, "fiscal_year") == [2023, 2024]


def test_a_unit_named_once_is_that_of_all():
    tables = html(lines(TITLE, "填报单位：县公路局"), table(*project()), lines(TITLE), table(*project("桥梁维修")))
    assert column(tables, "unit_name") == ["县公路局"] * 2


def test_a_second_unit_of_money_is_the_second_tables():
    bare = [head.replace("（万元）", "") for head in HEADS]
    tables = text(
        TITLE, "单位：万元", tabbed(*project(), heads=bare),
        TITLE, "单位：元", tabbed(*project("桥梁维修", "8000"), heads=bare),
    )  # fmt: skip
    assert column(tables, "budget_wan_yuan") == [Decimal(60), Decimal("0.8")]


@pytest.mark.parametrize("other", [f"<table><tr><td>收入</td><td>8</td></tr></table>{lines(TITLE)}", lines(TITLE)])
def test_a_unit_of_money_above_another_table_is_said(other):
    bare = [head.replace("（万元）", "") for head in HEADS]
    tables = html(lines("收支总表", "单位：万元"), other, table(*project(), heads=bare))
    assert column(tables, "budget_wan_yuan") == [Decimal(60)] and any(
        "另一张表" in words for words in failed(tables, "columns")
    )
    assert not failed(html(lines("收支总表", "单位：元"), other, table(*project())), "columns")


def test_a_sentence_for_all_tables_below_says_unit_and_unit_of_money():
    bare = [head.replace("（万元）", "") for head in HEADS]
    said = "以下各表金额单位均为元，由207101-县公路局填报。"
    spending = lines("收支总表", "单位：万元") + "<table><tr><td>收入</td><td>8</td></tr></table>"
    for above in (lines(said) + spending, spending + lines(said)):
        tables = html(above, lines(TITLE), table(*project(budget="8000"), heads=bare))
        assert column(tables, "budget_wan_yuan") == [Decimal("0.8")] and not failed(tables, "columns")
        assert column(tables, "unit_code") == ["207101"] and column(tables, "unit_name") == ["县公路局"]


@pytest.mark.parametrize(
    "said",
    [
        "附表1 收支总表 单位：元",
        "以下收支表金额单位均为元。",
        "以下各表金额单位均为元，项目支出绩效目标表为万元。",
        "各预算单位收支总表 单位：元",
    ],
)
def test_a_unit_of_money_said_of_some_tables_is_not_that_of_all(said):
    bare = [head.replace("（万元）", "") for head in HEADS]
    spending = lines(said) + "<table><tr><td>收入</td><td>8</td></tr></table>"
    assert failed(html(spending, lines(TITLE), table(*project(budget="8000"), heads=bare)), "columns")


@pytest.mark.parametrize("said", ["本表由县财政局统一编制。", "由县财政局制定样表。"])
def test_who_drew_up_the_tables_is_not_whose_they_are(said):
    tables = html(lines(said, "填报单位：县公路局", TITLE, "单位：万元"), table(*project()))
    assert column(tables, "unit_name") == ["县公路局"]


def test_a_unit_of_money_in_the_head_of_a_cost_is_not_the_budgets():
    heads = [*(head.replace("（万元）", "") for head in HEADS), "成本控制标准（万元）"]
    tables = html(lines(TITLE), table(*([*row, "3"] for row in project()), heads=heads))
    assert column(tables, "budget_wan_yuan") == [None] and failed(tables, "amount_unit")


def test_a_form_does_not_take_its_unit_of_money_from_the_form_before():
    def form(name: str, label: str, amount: str = "120") -> str:
        rows = [["产出指标", "数量指标", f"{name}里程", "≥20公里", "90"], ["满意度指标", "服务对象满意度指标", f"{name}满意度", "≥90%", "10"]]  # fmt: skip
        head = [["项目名称", name], [label, amount], ["年度总体目标", "完成全年养护任务，保障畅通"]]
        wide = "".join(f"<tr><td>{a}</td><td colspan=4>{b}</td></tr>" for a, b in head)
        return f"<table>{wide}{table(*rows, heads=['一级指标', '二级指标', '三级指标', '指标值', '分值'])[7:]}"

    first = lines(TITLE) + form("道路养护", "年度资金总额（万元）")
    assert not failed(html(first, lines(TITLE), form("桥梁维修", "年度资金总额（元）", "350000")), "amount_unit")
    assert failed(html(first, lines(TITLE), form("桥梁维修", "年度资金总额")), "amount_unit")


def test_the_same_table_again_counts_once_unless_another_unit_stands_above():
    same = [lines(TITLE, "单位：万元"), table(*project())]
    assert column(once(html(*same, *same)).kept, "project_name") == ["道路养护"]
    printed = [TITLE, "单位：万元", tabbed(*project())]
    assert column(once(text(*printed, *printed)).kept, "project_name") == ["道路养护"]
    units = [(lines(TITLE, f"填报单位：{unit}"), table(*project("公用经费"))) for unit in ("县第一中学", "县第二中学")]
    tables = once(html(*(part for pair in units for part in pair))).kept
    assert column(tables, "unit_name") == ["县第一中学", "县第二中学"]
    titled = [(lines(f"青山县{unit}{TITLE}"), table(*project("公用经费"))) for unit in ("第一中学", "第二中学")]
    found = once(html(*(part for pair in titled for part in pair)))
    assert len(found.kept) == 2 or not found.checks["passed"].astype(bool).all()


def money_heads(*heads: str) -> list[str]:
    return [HEADS[0], *heads, *HEADS[2:]]


def with_money(*amounts: str) -> list[list[str]]:
    first, *rows = project()
    return [[first[0], *amounts, *first[2:]], *([row[0], *[""] * len(amounts), *row[2:]] for row in rows)]


@pytest.mark.parametrize(
    "heads",
    [
        ("2023年预算数", "2024年预算数"),
        ("资金总额", "年度资金总额"),
        ("项目总额", "当年预算"),
        ("申请金额", "批复金额"),
        ("2023年预算", "2024年预算"),
    ],
)
def test_of_two_amounts_the_years_is_the_budget(heads):
    tables = html(lines(TITLE, "单位：万元"), table(*with_money("300", "60"), heads=money_heads(*heads)))
    assert column(tables, "budget_wan_yuan") == [Decimal(60)] and not failed(tables, "columns")
    turned = html(lines(TITLE, "单位：万元"), table(*with_money("60", "300"), heads=money_heads(*reversed(heads))))
    assert column(turned, "budget_wan_yuan") == [Decimal(60)]


def test_of_two_amounts_that_no_word_tells_apart_it_is_said():
    for amounts, doubtful in ((("300", "60"), True), (("60", "60"), False)):
        tables = html(lines(TITLE, "单位：万元"), table(*with_money(*amounts), heads=money_heads("预算数", "预算金额")))
        assert bool(failed(tables, "columns")) is doubtful


@pytest.mark.parametrize("head", ["2024年预算", "支出预算", "经费", "下达资金", "概算"])
def test_the_only_amount_of_a_project_is_its_budget(head):
    tables = html(lines(TITLE, "单位：万元"), table(*with_money("60"), heads=money_heads(head)))
    assert column(tables, "budget_wan_yuan") == [Decimal(60)] or any(
        head in words for words in failed(tables, "columns")
    )


@pytest.mark.parametrize("head", ["扣分", "复核得分", "实现程度"])
def test_bare_numbers_beside_a_score_are_no_results(head):
    heads = [*HEADS, "得分", head]
    tables = html(lines(TITLE), table(*([*row, row[-1], "1"] for row in project()), heads=heads))
    assert tables[0].indicators["actual_text"].isna().all()


def test_a_project_with_two_amounts_says_so():
    first, second, third = project()
    name, goal = (f"<td rowspan=3>{text}</td>" for text in (first[0], first[2]))
    rows = [f"<tr>{name}<td>50</td>{goal}{cells(first[3:])}</tr>", f"<tr><td>30</td>{cells(second[3:])}</tr>", f"<tr><td></td>{cells(third[3:])}</tr>"]  # fmt: skip
    tables = html(lines(TITLE), f"<table><tr>{cells(HEADS)}</tr>{''.join(rows)}</table>")
    assert column(tables, "budget_wan_yuan") == [Decimal(50)] and failed(tables, "budget")


def cells(texts: list[str]) -> str:
    return "".join(f"<td>{text}</td>" for text in texts)


def test_what_an_execution_row_says_is_kept_or_said():
    rows = [*project(), ["", "", "", "预算执行率", "预算执行率", "预算执行率", "≥", "95", "%", "10"]]
    heads = [*HEADS, "实际完成值", "得分"]
    results = [["20", "60"], ["6", "20"], ["95", "10"]]

    def built(*of_execution: str) -> list:
        return html(lines("2024年项目支出绩效自评表"), table(*(r + s for r, s in zip(rows, [*results, [*of_execution]], strict=True)), heads=heads))  # fmt: skip

    tables = built("96", "10")
    assert column(tables, "execution_note") == ["≥95%"] and not tables[0].unread
    assert "约85" in {unread.printed for unread in built("约85", "10")[0].unread}


def form_of(*rows: list[str], name: str = "道路养护", budget: str = "60") -> str:
    head = [["项目名称", name], *rows, ["年度资金总额（万元）", budget], ["年度总体目标", "完成全年养护任务"]]
    wide = "".join(f"<tr><td>{a}</td><td colspan=4>{b}</td></tr>" for a, b in head)
    body = [
        ["产出指标", "数量指标", "养护里程", "≥20公里", "90"],
        ["满意度指标", "服务对象满意度指标", "群众满意度", "≥90%", "10"],
    ]
    return f"<table>{wide}{table(*body, heads=['一级指标', '二级指标', '三级指标', '指标值', '分值'])[7:]}"


@pytest.mark.parametrize(
    "row",
    [
        ["主管部门<br>实施单位", "县交通局<br>县公路站"],
        ["主管部门 实施单位", "县交通局 县公路站"],
        ["主管部门：县交通局  实施单位：县公路站", ""],
    ],
)
def test_labels_that_share_a_cell_have_each_its_own_value(row):
    tables = html(lines(TITLE), form_of(row))
    assert column(tables, "department") == ["县交通局"] and column(tables, "unit_name") == ["县公路站"]


def test_a_project_of_two_forms_of_a_year_that_differ_is_said():
    forms = [form_of(["实施单位", "县公路站"], budget=budget) for budget in ("60", "45")]
    assert failed([once(html(*(part for form in forms for part in (lines(TITLE), form))))], "twice")
    years = [lines(TITLE), forms[0], lines(TITLE.replace("2024", "2025")), forms[1]]
    assert not failed([once(html(*years))], "twice")


def test_a_total_in_a_line_below_a_table_is_compared_and_above_it_is_said():
    whole = [lines(TITLE), table(*project(), *project("桥梁维修", "40"))]
    for amount, wrong in (("100", False), ("101", True)):
        assert bool(failed(html(*whole, lines(f"合计：{amount}万元")), "total")) == wrong
    other = "<table><tr><td>收入</td><td>支出</td></tr><tr><td>101</td><td>101</td></tr></table>"
    assert not failed(html(*whole, lines("收支总表"), other, lines("合计：101万元")), "total")
    reading = read_html("".join([lines("合计：101万元"), *whole]).encode())
    assert "unread" in account(reading.cells, printed_tables(reading)).tolist()


@pytest.mark.parametrize(("score", "agrees"), [("29.6", True), ("28.6", False)])
def test_a_score_of_the_whole_is_compared_wherever_it_stands(score, agrees):
    heads = ["一级指标", "二级指标", "三级指标", "指标值", "实际完成值", "分值", "得分"]
    body = [
        ["产出指标", "数量指标", "养护里程", "≥20公里", "20公里", "20", "20"],
        ["满意度指标", "服务对象满意度指标", "群众满意度", "≥90%", "89%", "10", "9.6"],
    ]

    def form(above: list[list[str]], below: list[str]) -> str:
        head = [*above, ["项目名称", "道路养护"], ["年度资金总额（万元）", "60"]]
        wide = "".join(f"<tr><td>{a}</td><td colspan=6>{b}</td></tr>" for a, b in head)
        foot = "".join(f"<tr><td colspan=7>{text}</td></tr>" for text in below)
        return f"<table>{wide}{table(*body, heads=heads)[7:-8]}{foot}</table>"

    for above, below in (([["自评得分", score]], []), ([], [f"自评得分：{score}"]), ([], [f"总分：{score}分"])):
        tables = html(lines(TITLE), form(above, below))
        checks = tables[0].checks.set_index("check")
        assert bool(checks.loc["score_sum", "passed"]) is agrees


def test_a_unit_right_of_the_names_is_of_measure():
    heads = ["项目名称", "预算数（万元）", "一级指标", "二级指标", "三级指标", "指标值", "单位", "分值"]
    rows = [["道路养护", "60", *row[3:6], f"{row[6]}{row[7]}", *row[8:]] for row in project()]
    rows = [[*rows[0][:2], *row[2:]] for row in rows]
    (one,) = text(TITLE, tabbed(*rows, heads=heads))
    assert one.indicators["measure_unit"].tolist() == ["公里", "%", "%"]


def test_a_unit_of_money_in_one_label_of_a_form_against_the_others_is_said():
    def form(label: str) -> str:
        money = [["项目资金（万元）", "", "年初预算数", "全年预算数"], ["", label, "125000", "125000"]]
        cells = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in money)
        return form_of(["实施单位", "县公路站"]).replace(
            "<tr><td>年度资金总额（万元）</td><td colspan=4>60</td></tr>", cells
        )

    assert failed(html(lines(TITLE), form("年度资金总额（元）")), "amount_unit")
    assert not failed(html(lines(TITLE), form("年度资金总额")), "amount_unit")
    alone = html(lines(TITLE), form("年度资金总额（元）").replace("项目资金（万元）", "项目资金"))
    assert column(alone, "budget_wan_yuan") == [Decimal("12.5")] and not failed(alone, "amount_unit")


def test_what_was_spent_is_not_the_budget():
    assert [label_of(head).field for head in ("全年支出", "累计支出", "支出预算")] == ["executed", "executed", "budget"]


MONITORED = [
    ["项目资金（万元）", "", "年初预算数", "1-7月执行数", "1-7月执行率", "全年预计执行数"],
    ["", "年度资金总额", "60", "30", "50%", "60"],
    ["", "其中：财政拨款", "60", "30", "50%", "60"],
]
SPENT = [
    ["项目资金（万元）", "年初预算数", "调整后预算", "实际支出", "结余", "执行率"],
    ["年度资金总额", "50", "60", "57", "3", "95%"],
]


@pytest.mark.parametrize(("block", "executed"), [(MONITORED, 30), (MONITORED[:2], 30), (SPENT, 57)])
def test_a_block_of_money_without_merged_cells(block, executed):
    rows = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in block)
    whole = form_of().replace("<tr><td>年度资金总额（万元）</td><td colspan=4>60</td></tr>", rows)
    tables = html(lines("2024年项目支出绩效运行监控表"), whole)
    assert column(tables, "budget_wan_yuan") == [60] and column(tables, "executed_wan_yuan") == [executed]
    assert not failed(tables, "budget") and not failed(tables, "values")


def test_money_of_another_year_is_not_the_years():
    tables = html(lines(TITLE), form_of(budget="2023年60万元"))
    assert column(tables, "budget_wan_yuan") == [None] and failed(tables, "budget")
    assert column(html(lines(TITLE), form_of(budget="2024年60万元")), "budget_wan_yuan") == [60]


def test_labels_in_lines_above_a_form():
    rest = form_of().replace("<tr><td>项目名称</td><td colspan=4>道路养护</td></tr>", "")
    tables = html(lines(TITLE, "项目名称：道路养护", "主管部门：县交通局    实施单位：县公路站"), rest)
    assert [column(tables, f) for f in ("project_name", "department", "unit_name")] == [
        ["道路养护"],
        ["县交通局"],
        ["县公路站"],
    ]


@pytest.mark.parametrize(
    ("lower", "target", "result"),
    [
        (("计划", "实际"), 0, 1),
        (("年初", "调整后"), 1, None),
        (("2024年", "2025年"), 0, None),
        (("2023年", "2024年"), 1, None),
    ],
)
def test_heads_under_a_divided_target(lower, target, result):
    values = [("≥20公里", "≥21公里"), ("≥5%", "≥6%"), ("≥90%", "≥91%")]
    levels = [row[3:6] if len(row) > 8 else row[-7:-4] for row in project()]
    heads = f"<tr>{''.join(f'<td rowspan=2>{h}</td>' for h in HEADS[3:6])}<td colspan=2>目标值</td></tr><tr><td>{lower[0]}</td><td>{lower[1]}</td></tr>"
    rows = "".join(
        f"<tr>{''.join(f'<td>{t}</td>' for t in (*level, *pair))}</tr>"
        for level, pair in zip(levels, values, strict=True)
    )
    head = "<tr><td>项目名称</td><td colspan=4>道路养护</td></tr><tr><td>年度资金总额（万元）</td><td colspan=4>60</td></tr>"
    (one,) = html(lines(TITLE), f"<table>{head}{heads}{rows}</table>")
    numbers = [[20, 5, 90], [21, 6, 91]]
    assert one.indicators["target_value"].tolist() == numbers[target] and not failed([one], "columns")
    assert (one.indicators["actual_value"].tolist() == numbers[result]) if result else True


def test_a_unit_that_only_its_sums_name_is_that_of_its_projects():
    heads = ["单位名称", *HEADS]
    sums = [["县交通局", "", "60"], ["县水利局", "", "40"]]
    whole = [[unit, *row] for unit, row in zip(["合计", "", ""], [["", "100"]], strict=False)]
    rows = [
        *whole,
        sums[0],
        *(["", *row] for row in project()),
        sums[1],
        *(["", *row] for row in project("渠道清淤", "40")),
    ]
    filled = [[*row, *[""] * (len(heads) - len(row))] for row in rows]
    assert column(html(lines(TITLE), table(*filled, heads=heads)), "unit_name") == ["县交通局", "县水利局"]
    filled[1][2] = "61"
    assert set(column(html(lines(TITLE), table(*filled, heads=heads)), "unit_name")) == {None}


def test_words_of_a_bound_are_not_qualitative():
    def signs(target: str) -> list:
        return html(lines(TITLE), form_of().replace("≥90%", target))[0].indicators["comparator"].tolist()[-1:]

    assert [signs(t) for t in ("九成以上", "不低于上年", "持续改善")] == [[None], [None], ["定性"]]
    assert [signs(t) for t in ("不低于III类", "不低于三成")] == [["定性"], [None]], "a class is a quality"


FUND = [
    ["项目资金（万元）", "", "年初预算数", "全年预算数", "全年执行数"],
    ["", "年度资金总额", "60", "60", "57"],
    ["", "其中：财政拨款", "60", "60", "57"],
    ["", "其他资金", "0", "0", "0"],
]


@pytest.mark.parametrize(
    ("row", "col", "text"),
    [(1, 4, "5.7"), (1, 4, "58"), (2, 4, "570"), (1, 2, "600"), (2, 2, "6"), (1, 3, "600000.00")],
)
def test_parts_of_any_column_of_money_that_do_not_make_up_its_whole(row, col, text):
    def form(block: list[list[str]]) -> list:
        rows = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in block)
        money = "<tr><td>年度资金总额（万元）</td><td colspan=4>60</td></tr>"
        return html(lines("2024年项目支出绩效自评表"), form_of().replace(money, rows))

    assert not failed(form(FUND), "parts")
    changed = [[text if (i, k) == (row, col) else cell for k, cell in enumerate(of)] for i, of in enumerate(FUND)]
    assert failed(form(changed), "parts")


@pytest.mark.parametrize(("whole", "said"), [("162.5", False), ("1625", True), ("161.5", True)])
def test_two_sources_between_which_money_is_shared_out(whole, said):
    rows = [["其中：中央补助", "150"], ["地方资金", "12.5"]]
    tables = html(lines(TITLE), form_of(*rows, budget=whole))
    assert bool(failed(tables, "parts")) is said


def test_the_head_of_a_project_in_lines_over_its_table():
    heads, rows = HEADS[3:], [row[3:] for row in project()[:1]] + [row[3:] for row in project()[1:]]
    above = lines(
        "“道路养护”项目绩效目标表",
        "（2024年度）",
        "项目单位：县公路站",
        "项目预算：60万元",
        "绩效目标：完成全年养护任务。",
    )
    (one,) = html(above, table(*rows, heads=heads))
    fields = ["project_name", "unit_name", "budget_wan_yuan", "objective"]
    assert one.projects[fields].values.tolist() == [["道路养护", "县公路站", 60, "完成全年养护任务。"]]


def test_by_how_much_a_budget_changed_is_not_the_budget():
    assert [label_of(t).field for t in ("预算调整数", "调整后预算数", "调整预算数")] == ["part", "budget", "budget"]


@pytest.mark.parametrize(
    ("line", "read"),
    [
        *((f"{label}：60万元", True) for label in ("项目资金", "项目预算", "预算安排", "年度预算", "申请资金")),
        ("年度资金总额（万元）：60", True),
        ("本年度预算安排60万元", False),
    ],
)
def test_money_in_a_line_above_a_table_is_read_or_said(line, read):
    above = lines(TITLE, "项目名称：道路养护", "实施单位：县公路站", line, "绩效总目标 完成全年养护任务")
    tables = html(above, table(*(row[3:] for row in project()), heads=HEADS[3:]))
    assert column(tables, "project_name") == ["道路养护"] and column(tables, "objective") == ["完成全年养护任务"]
    assert column(tables, "budget_wan_yuan") == ([60] if read else [None])
    assert bool(failed(tables, "budget")) is not read


def test_numbered_headings_name_projects_and_their_money():
    parts = []
    for number, name, money in (("一", "“道路养护”项目", "预算安排60.00万元"), ("二", "桥梁维修", "40万元")):
        parts += [lines(f"{number}、{name}（{money}）", "绩效目标：完成全年任务。")]
        parts += [table(*(row[3:] for row in project(name)), heads=HEADS[3:])]
    tables = html(lines("县公路站2024年重点项目绩效目标"), *parts)
    assert column(tables, "project_name") == ["道路养护", "桥梁维修"] and column(tables, "budget_wan_yuan") == [60, 40]


def test_whose_a_form_is_stands_in_the_first_row_of_its_frame():
    row = "<tr><td colspan=3>207101县公路管理局</td><td colspan=2>单位：万元</td></tr>"
    form = form_of(budget="60").replace("<table>", f"<table>{row}").replace("（万元）", "")
    tables = html(lines(TITLE), form, form.replace("道路养护", "桥梁维修"))
    fields = ["unit_code", "unit_name", "project_name", "budget_wan_yuan"]
    assert [t.projects[fields].values.tolist() for t in tables] == [
        [["207101", "县公路管理局", name, 60] for name in ("道路养护", "桥梁维修")]
    ]


def test_an_indicator_among_the_rows_of_a_forms_head_is_said():
    assert failed(html(lines(TITLE), form_of(["效益指标", "社会效益指标</td><td>事故下降率"])), "unread")


def test_a_project_cell_that_labels_all_of_it():
    cell = "项目名称：{}<br>项目单位：县公路站<br>预算金额：{}万元<br>绩效目标：完成全年养护任务。<br>负责人：张某"
    rows = [
        [cell.format(name, money) if not i else "", *row[3:]]
        for name, money in (("道路养护", "60"), ("桥梁维修", "40"))
        for i, row in enumerate(project(name))
    ]
    (one,) = html(lines(TITLE), table(*rows, heads=["项目基本情况", *HEADS[3:]]))
    fields = ["project_name", "unit_name", "budget_wan_yuan", "objective"]
    assert one.projects[fields].values.tolist() == [
        [name, "县公路站", money, "完成全年养护任务。"] for name, money in (("道路养护", 60), ("桥梁维修", 40))
    ]
    assert one.printed.notes["text"].tolist() == ["张某", "张某"]


def test_money_divided_by_its_sources_under_two_rows_of_heads():
    top = "<tr><td rowspan=3>项目名称</td><td colspan=3>资金安排（万元）</td>{}</tr>"
    lower = "<tr><td rowspan=2>小计</td><td colspan=2>其中</td></tr><tr><td>本级财政</td><td>上级资金</td></tr>"
    heads = top.format("".join(f"<td rowspan=3>{head}</td>" for head in HEADS[3:])) + lower
    rows = [
        [*([name, whole, own, more] if not i else [""] * 4), *row[3:]]
        for name, whole, own, more in (("道路养护", "60", "20", "40"), ("桥梁维修", "40", "40", "0"))
        for i, row in enumerate(project(name))
    ]
    rows.append(["合计", "100", "60", "40", *[""] * (len(HEADS) - 3)])
    body = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in rows)
    tables = html(lines(TITLE), f"<table>{heads}{body}</table>")
    assert column(tables, "budget_wan_yuan") == [60, 40] and not failed(tables, "total")
    of_projects = tables[0].printed.notes.query("not label.str.contains('合计')")
    assert of_projects["text"].tolist() == ["20", "40", "40", "0"]


def test_captions_beside_each_other_over_tabbed_rows():
    (one,) = text(
        TITLE,
        "填报单位：县公路站\t\t\t单位：元",
        tabbed(*project("道路养护", "600000"), heads=[h.replace("（万元）", "") for h in HEADS]),
    )
    assert one.projects[["unit_name", "budget_wan_yuan"]].values.tolist() == [["县公路站", 60]]


@pytest.mark.parametrize(("target", "said"), [("≥200人次<br>≥10期", True), ("≥200人次", False)])
def test_two_targets_run_together_are_no_value(target, said):
    assert bool(failed(html(lines(TITLE), form_of().replace("≥90%", target)), "values")) is said


def test_an_indicator_twice_is_said_without_weights_too():
    def repeated(*rows: list[str]) -> bool:
        body = [["道路养护", "60", "完成养护", *row] if not i else ["", "", "", *row] for i, row in enumerate(rows)]
        return bool(failed(html(lines(TITLE), table(*body, heads=[*HEADS[:6], "指标值"])), "repeats"))

    one, other = (
        ["产出指标", "数量指标", "养护里程", "≥20公里"],
        ["满意度指标", "服务对象满意度指标", "群众满意度", "≥90%"],
    )
    assert repeated(one, one, other) and not repeated(one, other)
    assert not repeated(["效益指标", "社会效益指标", *other[2:]], other)


def test_sums_carried_from_page_to_page_are_compared():
    def sums(carried: str) -> list[str]:
        row = ["过次页", carried, *[""] * (len(HEADS) - 2)]
        return failed(
            html(lines(TITLE), table(*project(), *project("桥梁维修", "40"), row, *project("排水", "5"), heads=HEADS)),
            "page_sum",
        )

    assert not sums("100") and sums("90")


def test_parts_of_an_indicator_are_no_weights_where_there_are_none():
    body = [["产出指标", "数量指标", name, "≥20公里"] for name in ("养护里程", "其中：国道里程", "其中：省道里程")]
    (one,) = html(
        lines(TITLE),
        table(
            *([*(["道路养护", "60", "完成养护"] if not i else [""] * 3), *row] for i, row in enumerate(body)),
            heads=[*HEADS[:6], "指标值"],
        ),
    )
    assert one.structure.total is None and not failed([one], "weights")


@pytest.mark.parametrize(("part", "agrees"), [("60", True), ("50", False)])
def test_sums_between_the_rows_are_of_the_rows_above_them(part, agrees):
    body = [
        ["产出指标", "数量指标", "养护里程", "≥20公里", "20公里", "40", "40"],
        ["产出指标", "质量指标", "养护合格率", "≥95%", "96%", "20", "20"],
        ["小计", "", "", "", "", part, part],
        ["满意度指标", "服务对象满意度指标", "群众满意度", "≥90%", "91%", "40", "40"],
        ["小计", "", "", "", "", "40", "40"],
        ["总分", "", "", "", "", "100", "100"],
        ["自评等级", "优", "", "", "", "", ""],
    ]
    heads = ["一级指标", "二级指标", "三级指标", "指标值", "实际完成值", "分值", "得分"]
    head = "".join(
        f"<tr><td>{a}</td><td colspan=6>{b}</td></tr>"
        for a, b in (("项目名称", "道路养护"), ("年度资金总额（万元）", "60"))
    )
    tables = html(lines("2024年项目支出绩效自评表"), f"<table>{head}{table(*body, heads=heads)[7:-8]}</table>")
    assert [bool(failed(tables, check)) for check in ("weight_sum", "score_sum")] == [not agrees] * 2


def test_sources_of_money_with_their_amounts_in_one_cell():
    money = "<tr><td>年度预算（万元）</td><td>资金总额：162.5</td><td colspan=3>其中：一般公共预算：162.5</td></tr><tr><td></td><td>政府性基金拨款：0</td><td colspan=3>项目支出：62.5</td></tr>"
    form = form_of().replace("<tr><td>年度资金总额（万元）</td><td colspan=4>60</td></tr>", money)
    reading = read_html((lines(TITLE) + form).encode())
    tables = printed_tables(reading)
    assert "unread" not in account(reading.cells, tables).tolist() and column(
        [mend(t) for t in tables], "budget_wan_yuan"
    ) == [Decimal("162.5")]
