"""Several tables in one document, and what is read too readily: what could be read wrongly without a word is right or said."""

from decimal import Decimal

import pytest

from budgetperf.layout import printed_tables
from budgetperf.layout.account import account
from budgetperf.layout.form_labels import label_of
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


def html(*parts: str) -> list:
    return [mend(printed) for printed in printed_tables(read_html("".join(parts).encode()))]


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


def test_a_unit_of_money_in_the_head_of_a_cost_is_not_the_budgets():
    heads = [*(head.replace("（万元）", "") for head in HEADS), "成本控制标准（万元）"]
    tables = html(lines(TITLE), table(*([*row, "3"] for row in project()), heads=heads))
    assert column(tables, "budget_wan_yuan") == [None] and failed(tables, "amount_unit")


def test_a_form_does_not_take_its_unit_of_money_from_the_form_before():
    def form(name: str, label: str) -> str:
        rows = [["产出指标", "数量指标", f"{name}里程", "≥20公里", "90"], ["满意度指标", "服务对象满意度指标", f"{name}满意度", "≥90%", "10"]]  # fmt: skip
        head = [["项目名称", name], [label, "120"], ["年度总体目标", "完成全年养护任务，保障畅通"]]
        wide = "".join(f"<tr><td>{a}</td><td colspan=4>{b}</td></tr>" for a, b in head)
        return f"<table>{wide}{table(*rows, heads=['一级指标', '二级指标', '三级指标', '指标值', '分值'])[7:]}"

    first = lines(TITLE) + form("道路养护", "年度资金总额（万元）")
    assert not failed(html(first, lines(TITLE), form("桥梁维修", "年度资金总额（元）")), "amount_unit")
    assert failed(html(first, lines(TITLE), form("桥梁维修", "年度资金总额")), "amount_unit")


def test_the_same_table_again_counts_once_unless_another_unit_stands_above():
    same = [lines(TITLE, "单位：万元"), table(*project())]
    assert column(once(html(*same, *same)).kept, "project_name") == ["道路养护"]
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
