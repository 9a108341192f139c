"""Prints that could be read in two ways: read in neither without a word. Each beside a neighbour that leaves no doubt."""

from decimal import Decimal

import pandas as pd
import pytest

import budgetperf as bp
from budgetperf.layout import printed_tables
from budgetperf.mend.table import mend
from budgetperf.readers.html import read_html

HEADS = [
    "项目名称",
    "预算数（万元）",
    "绩效目标",
    "一级指标",
    "二级指标",
    "三级指标",
    "指标值",
    "实际完成值",
    "分值",
    "偏差原因分析",
]
LINES = [
    ["产出指标", "数量指标", "养护里程", "≥20公里", "21公里", "50", ""],
    ["效益指标", "社会效益指标", "事故下降率", "≥5%", "6%", "40", ""],
]
RATE = ["预算执行率", "", "预算执行率", "100%", "92%", "10", ""]


def frame(project: str = "道路养护", budget: str = "50", lines: list | None = None) -> pd.DataFrame:
    """A table of two projects without a printed total."""
    rows = [["2024年度项目支出绩效自评表"] + [""] * 9, HEADS]
    for name, amount in ((project, budget), ("桥梁维修", "40")):
        for number, line in enumerate(lines or LINES):
            own = [name, amount, f"完成{name}任务，保障畅通"] if not number else [""] * 3
            rows.append([*own, *line])
    return pd.DataFrame(rows)


def failed(dataset) -> str:
    return "\n".join(dataset.checks.loc[~dataset.checks["passed"].astype(bool), "note"].dropna())


def test_the_plain_table_leaves_no_doubt():
    assert failed(bp.read_frame(frame())) == ""


@pytest.mark.parametrize("text", ["50\n30", "1\n200", "12\n.5\n30"])
def test_a_number_on_two_lines_may_be_two(text):
    assert "可能是两个数" in failed(bp.read_frame(frame(budget=text)))


@pytest.mark.parametrize("text", ["1,\n567.00", "12.\n50", "1,2\n34.50"])
def test_a_number_whose_grouping_proves_the_wrap_is_one(text):
    dataset = bp.read_frame(frame(budget=text))
    assert failed(dataset) == ""
    assert dataset.projects["budget_wan_yuan"].iat[0] == Decimal(text.replace("\n", "").replace(",", ""))


def test_a_sum_proves_that_two_lines_are_one_number():
    printed = frame(budget="50\n30")
    total = pd.DataFrame([["合计", "5070"] + [""] * 8])
    assert failed(bp.read_frame(pd.concat([printed, total]))) == ""


def test_two_targets_on_two_lines_are_no_one_target():
    lines = [[*LINES[0][:3], "20\n300", *LINES[0][4:]], LINES[1]]
    assert "20｜300" in failed(bp.read_frame(frame(lines=lines)))


@pytest.mark.parametrize("text", ["10余个", "30左右", "20多人", "5成"])
def test_a_vague_number_has_no_value(text):
    lines = [[*LINES[0][:3], text, *LINES[0][4:]], LINES[1]]
    first = bp.read_frame(frame(lines=lines)).indicators.iloc[0]
    assert first["target_text"] == text and pd.isna(first["target_value"])


def test_a_year_before_a_name_is_no_code():
    projects = bp.read_frame(frame(project="2024-道路养护")).projects
    assert projects["project_name"].iat[0] == "2024-道路养护" and projects["project_code"].isna().all()


def test_the_row_of_the_rate_loses_nothing():
    lines = [*LINES[:1], [*LINES[1][:5], "30", ""], RATE]
    projects = bp.read_frame(frame(lines=lines)).projects
    assert set(projects["execution_rate"]) == {Decimal(92)}
    words = failed(bp.read_frame(frame(lines=[*lines[:2], [*RATE[:4], "约85%", *RATE[5:]]])))
    assert "约85%" in words
    second = ["预算执行率", "", "资金执行率", "95%", "92%", "", ""]
    notes = bp.read_frame(frame(lines=[*lines, second])).projects["execution_note"]
    assert notes.str.contains("100%").all() and notes.str.contains("95%").all()


def test_a_reason_that_goes_on_beside_an_empty_row_is_not_lost():
    lines = [[*LINES[0][:6], "雨季较长，"], ["", "", "", "", "", "", "下年提前安排"], LINES[1]]
    dataset = bp.read_frame(frame(lines=lines))
    kept = "".join(dataset.indicators["deviation_note"].dropna()) + failed(dataset)
    assert kept.count("下年提前安排") == 2


def test_totals_of_other_columns_of_money_are_proven_or_not_read():
    heads = ["项目名称", "全年预算数（万元）", "全年执行数（万元）", "执行率", "绩效目标", *HEADS[3:]]

    def built(executed: str, rate: str = "95.56%"):
        rows = [
            [*row[:2], amount, "", *row[2:]]
            for row, amount in zip(frame().to_numpy()[2:].tolist(), ("50", "", "36", ""), strict=True)
        ]
        total = ["合计", "90", executed, rate] + [""] * 8
        return bp.read_frame(pd.DataFrame([["2024年度项目支出绩效自评表"] + [""] * 11, heads, *rows, total]))

    assert failed(built("86")) == ""
    assert "99" in failed(built("99")) and "90%" in failed(built("86", "90%"))


def test_of_four_levels_the_last_is_the_name():
    printed = frame()
    printed.insert(6, "over", ["", "四级指标", *["里程"] * 4])
    printed.columns = range(len(printed.columns))
    dataset = bp.read_frame(printed.replace({"三级指标": "四级指标", "四级指标": "三级指标"}))
    assert dataset.indicators["name"].tolist()[:2] == ["养护里程", "事故下降率"] and failed(dataset) == ""


def test_a_row_that_does_not_apply_is_no_indicator():
    lines = [*LINES, ["成本指标", "不适用", "不适用", "不适用", "", "—", ""]]
    dataset = bp.read_frame(frame(lines=lines))
    assert len(dataset.indicators) == 4 and failed(dataset) == ""
    applies = bp.read_frame(frame(lines=[*LINES, ["成本指标", "经济成本指标", "养护成本", "不适用", "", "", ""]]))
    assert len(applies.indicators) == 6


def test_points_that_a_head_of_the_rate_names():
    printed = frame()
    printed.insert(2, "score", ["", "执行率得分（10分）", "9.5", "", "9", ""])
    assert set(bp.read_frame(printed).projects["execution_weight"]) == {Decimal(10)}


def html(*rows: str):
    """The table of a web page of rows, mended."""
    page = f"<p>2024年项目支出绩效目标表</p><table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
    (table,) = [mend(printed) for printed in printed_tables(read_html(page.encode()))]
    return table


def cells(*texts: str, span: int = 1) -> str:
    return "".join(f"<td colspan={span}>{text}</td>" for text in texts)


def test_a_banner_as_wide_as_the_table_is_the_level_of_the_rows_below():
    form = [cells("项目名称", "道路养护", "预算数（万元）", "50", "")]
    heads = cells("二级指标", "三级指标", "指标值", "分值", "评分标准")
    first, second = ("数量指标", "养护里程", "≥20公里", "50", ""), ("社会效益指标", "事故下降率", "≥5%", "40", "")
    rows = [cells("一、产出指标（50分）", span=5), cells(*first), cells("二、效益指标（40分）", span=5), cells(*second)]
    table = html(*form, heads, *rows)
    assert table.indicators["level1"].tolist() == ["产出指标", "效益指标"]
    assert table.indicators["name"].tolist() == ["养护里程", "事故下降率"]


def test_the_unit_of_money_over_a_divided_head_is_the_budgets():
    upper = "<td rowspan=2>项目名称</td><td colspan=2>资金来源（万元）</td><td rowspan=2>绩效目标</td>" + cells(
        "绩效指标", span=5
    )
    lower = cells("资金总额", "财政专户", "一级指标", "二级指标", "三级指标", "指标值", "权重（分）")
    row = cells("道路养护", "50", "50", "完成养护", "产出指标", "数量指标", "养护里程", "≥20公里", "90")
    assert html(upper, lower, row).projects["budget_wan_yuan"].tolist() == [Decimal(50)]


def test_signs_under_a_head_of_directions_are_comparators():
    heads = [*HEADS[:6], "指标方向", "指标值", "计量单位", "分值"]
    row = ["道路养护", "50", "完成养护", "产出指标", "数量指标", "养护里程", "≥", "20", "公里", "90"]
    assert html(cells(*heads), cells(*row)).indicators["comparator"].tolist() == ["≥"]
    words = html(cells(*heads), cells(*row[:6], "正向", *row[7:])).indicators
    assert words["direction"].tolist() == ["正向"] and words["comparator"].isna().all()
