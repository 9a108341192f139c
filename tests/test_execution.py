"""The budget execution rate: its row and the fund block, its spelling, and what the amounts say of it."""

from decimal import Decimal

import pandas as pd
import pytest

import budgetperf as bp

ROWS = [
    ["产出指标", "数量指标", "培训人次", "≥200人次", "180人次", "50", "45"],
    ["效益指标", "社会效益指标", "知晓率", "≥90%", "92%", "40", "40"],
]
UNDER_A_LEVEL = ["产出指标", "时效指标", "预算执行率", "≥95%", "96%", "10", "10"]
OF_RATE = ["预算执行率", "", "预算执行率", "100%", "96%"]
HEADS = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"]


def built(*rows: list[str], block=("12.5", "12.5", "12", "10", "96%", "9.6"), adjusted: str = "全年预算数", parts=()):
    """A self-evaluation of one project: its fund block, then rows of indicators."""
    lines = [
        ["2024年度项目支出绩效自评表"],
        ["项目名称", "教师培训经费", "", "实施单位", "北原县教育局"],
        ["项目资金（万元）", "", "年初预算数", adjusted, "全年执行数", "分值", "执行率", "得分"],
        ["", "年度资金总额", *block],
        *parts,
        ["年度总体目标", "完成教师培训200人次"],
        HEADS,
        *rows,
    ]
    return bp.read_frame(pd.DataFrame([[*line, *[""] * (8 - len(line))] for line in lines]))


def failed(dataset) -> list[str]:
    return dataset.checks.loc[~dataset.checks["passed"].astype(bool), "check"].tolist()


def test_a_row_under_a_level_of_the_taxonomy_is_an_indicator_of_its_own():
    first, second = ROWS
    dataset = built([*first[:5], "40", "35"], UNDER_A_LEVEL, second)
    assert failed(dataset) == [] and dataset.indicators["name"].tolist() == ["培训人次", "预算执行率", "知晓率"]
    assert dataset.indicators["weight"].sum() == 90 and dataset.projects["execution_weight"].item() == 10
    rate = dataset.cells[dataset.cells["text"] == "≥95%"].iloc[0]
    assert (rate["role"], rate["indicator_no"]) == ("indicator", 2)


def test_a_block_whose_label_stands_in_the_row_of_its_heads():
    """Nothing is merged: the rows of the block are named in its second column."""
    source = ["", "其中：财政拨款", "12.5", "12.5", "12", "—", "96%", "—"]
    dataset = built(*ROWS, parts=(source, ["", "其他资金", "0", "0", "0", "", "", ""]))
    money = dataset.projects[["budget_initial_wan_yuan", "budget_wan_yuan", "executed_wan_yuan", "execution_weight"]]
    assert failed(dataset) == [] and money.values.tolist() == [[Decimal("12.5"), Decimal("12.5"), 12, 10]]


def test_a_row_that_says_the_blocks_points_again_is_none():
    dataset = built(*ROWS, [*OF_RATE, "10", "9.6"])
    assert failed(dataset) == [] and len(dataset.indicators) == 2
    assert dataset.projects["execution_weight"].item() == 10


def test_a_row_with_other_points_than_the_block_is_told():
    assert "values" in failed(built(*ROWS, [*OF_RATE, "5", "4.8"]))


@pytest.mark.parametrize(
    ("block", "rate"),
    [
        (("12.5", "12.5", "12", "10", "0.96", "9.6"), "96"),
        (("12.5", "12.5", "12.5", "10", "1", "10"), "100"),
        (("12.5", "12.5", "0.12", "10", "0.96", "0.1"), "0.96"),  # per cent, indeed
        (("12.5", "12.5", "6", "10", "0.96", "9.6"), "0.96"),  # what no amounts say stays as printed
        (("12.5", "12.5", "12", "10", "0.96%", "9.6"), "0.96"),
    ],
)
def test_a_rate_printed_as_a_fraction(block, rate):
    dataset = built(*ROWS, block=block)
    assert dataset.projects["execution_rate"].item() == Decimal(rate)
    assert ("rate_as_fraction" in set(dataset.repairs["rule"])) is (Decimal(rate) > 1)


@pytest.mark.parametrize(("budget", "expected"), [("2.5", ["budget"]), ("12.5", [])])
def test_what_was_added_to_a_budget_is_not_the_years(budget, expected):
    assert failed(built(*ROWS, block=("10", budget, "12", "10", "96%", "9.6"), adjusted="年中调整预算数")) == expected


@pytest.mark.parametrize(
    ("text", "value", "unit"), [("2024年", None, None), ("20年", 20, "年"), ("2100年", 2100, "年")]
)
def test_a_calendar_year_is_when_and_not_how_long(text, value, unit):
    row = built([*ROWS[0][:3], text, *ROWS[0][4:]], ROWS[1]).indicators.iloc[0]
    assert (row["target_value"] if value else None) == value
    assert row["target_text"] == (text if value is None else str(value))
    assert (row["measure_unit"] if value else None) == unit


def test_amounts_a_hundred_times_off_the_rate_are_of_another_unit():
    assert "budget" in failed(built(*ROWS, block=("12.5", "12.5", "120000", "10", "96%", "9.6")))


@pytest.mark.parametrize(
    ("initial", "budget", "executed", "rate", "said"),
    [("12.5", "12.5", "11", "96%", True), ("12.5", "12.5", "1.2", "96%", True), ("12.5", "125", "12", "96%", True),
     ("12.5", "12.5", "0", "96%", True), ("12.5", "12.5", "12", "0%", True), ("12.5", "12.5", "300", "100%", True),
     ("12.5", "15", "12", "96%", False), ("12.5", "12.5", "13", "100%", False), ("3", "3", "2.87", "95.7%", False)],
)  # fmt: skip
def test_a_rate_is_that_of_the_amounts_beside_it(initial, budget, executed, rate, said):
    """Of the year's budget or its first one, as rounded, 100 where a little more was spent."""
    assert ("budget" in failed(built(*ROWS, block=(initial, budget, executed, "10", rate, "9.6")))) is said


def test_a_rate_beside_a_blank_amount_spent_is_in_doubt():
    assert "executed" in failed(built(*ROWS, block=("12.5", "12.5", "", "10", "96%", "9.6")))
    for nothing in ("", "0%"):
        assert "executed" not in failed(built(*ROWS, block=("12.5", "12.5", "", "10", nothing, "9.6")))


@pytest.mark.parametrize(
    ("target", "actual", "value"),
    [("12月底前", "11.30", None), ("12月底前", "12月", None), ("≥10公里", "11.30", Decimal("11.3")),
     ("2024年", "2024/11/30", None), ("≥200人次", "210人次/200人次", None), ("≥200人次", "210人次", 210)],
)  # fmt: skip
def test_results_that_say_when_or_of_how_many_are_no_numbers(target, actual, value):
    row = built([*ROWS[0][:3], target, actual, *ROWS[0][5:]], ROWS[1]).indicators.iloc[0]
    assert row["actual_text"] == actual and (None if pd.isna(row["actual_value"]) else row["actual_value"]) == value


def test_a_share_is_no_score():
    dataset = built([*ROWS[0][:6], "100%"], ROWS[1])
    assert "values" in failed(dataset) and pd.isna(dataset.indicators["score"].iat[0])


def test_each_column_of_money_has_the_unit_of_its_own_head():
    heads = ["项目名称", "预算数（元）", "执行数（万元）", "执行率", "绩效目标", *HEADS]
    rows = [["教师培训", "125000", "12", "96%", "完成教师培训200人次", *ROWS[0]], [*[""] * 5, *ROWS[1]]]
    dataset = bp.read_frame(pd.DataFrame([["2024年度项目支出绩效自评表", *[""] * 11], heads, *rows]))
    assert dataset.projects[["budget_wan_yuan", "executed_wan_yuan"]].values.tolist() == [[Decimal("12.5"), 12]]
    assert failed(dataset) == []


@pytest.mark.parametrize(
    "block", [("12.5", "12.5", "12", "10", "96万%", "9.6"), ("12.5", "12.5", "1。", "10", "96%", "-9.6")]
)
def test_figures_of_another_unit_below_zero_or_broken_off_are_told(block):
    assert "values" in failed(built(*ROWS, block=block)) and "values" not in failed(built(*ROWS))


@pytest.mark.parametrize(("label", "points"), [("执行率分值（10）", Decimal(10)), ("执行率分值（1 0）", None)])
def test_points_of_the_rate_in_its_label_are_a_number_or_told(label, points):
    """What stands in the label's brackets and is no number is told."""
    lines = [
        ["项目支出绩效目标表（2024年度）"],
        ["项目名称", "村道养护", "主管部门", "县交通局"],
        ["项目资金（万元）", "年度资金总额", "12.5", label],
        ["年度目标", "养护村道20公里。"],
        ["一级指标", "二级指标", "三级指标", "指标值", "分值"],
        ["产出指标", "数量指标", "养护里程", "≥20公里", "60"],
        ["效益指标", "社会效益指标", "事故下降率", "≥5%", "30"],
    ]
    dataset = bp.read_frame(pd.DataFrame([[*line, *[""] * (5 - len(line))] for line in lines]))
    assert dataset.projects["execution_weight"].item() == points
    assert ("values" in failed(dataset)) is (points is None)
