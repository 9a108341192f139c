"""The reconciliation: each check passes on sound tables and names the project where one figure is off."""

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetperf.clean import check_codes, check_shares, check_subtotals, check_total, check_weights
from budgetperf.clean.checks import COLUMNS
from budgetperf.mend.reconciliation import check_identity, check_required

SHARES = {"产出指标": Decimal(50), "效益指标": Decimal(30), "满意度指标": Decimal(10)}
AMOUNTS = st.lists(st.integers(1, 10**8).map(lambda n: Decimal(n) / 100), min_size=1, max_size=12)


def projects_of(count: int = 3) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "project_no": range(1, count + 1),
            "project_code": [f"63012300024T{550 + 3 * n:09d}" for n in range(count)],
            "project_name": "社区工作经费",
            "category_name": "特定目标类",
            "unit_name": "城关镇",
            "objective": "保障运转",
            "budget_wan_yuan": [Decimal(5 + n) for n in range(count)],
            "execution_points": pd.Series([None] * count, dtype=object),
        }
    )


def indicators_of(count: int = 3) -> pd.DataFrame:
    rows = [(n, level, points) for n in range(1, count + 1) for level, points in SHARES.items()]
    frame = pd.DataFrame(rows, columns=["project_no", "level1", "weight"])
    return frame.assign(
        indicator_no=frame.groupby("project_no").cumcount() + 1,
        level2="数量指标",
        name="社区数量",
        target_text="8",
        comparator="=",
        page=1,
    )


@given(AMOUNTS, st.integers(-5, 5))
def test_total_is_exact_to_the_cent(amounts, off):
    projects = pd.DataFrame({"budget_wan_yuan": amounts})
    checked = check_total(projects, sum(amounts) + Decimal(off) / 100)
    assert list(checked.columns) == COLUMNS and checked["passed"].tolist() == [off == 0]
    assert checked["project_no"].isna().all()


def test_a_missing_budget_fails_the_total_and_no_total_is_no_check():
    projects = projects_of().assign(budget_wan_yuan=[Decimal(5), None, Decimal(7)])
    assert check_total(projects, Decimal(12))["passed"].tolist() == [False]
    assert check_total(projects, None).empty


@given(AMOUNTS, AMOUNTS, st.integers(0, 3))
def test_sub_totals(first, second, off):
    projects = pd.DataFrame({"project_no": range(1, len(first) + len(second) + 1), "budget_wan_yuan": first + second})
    cut = len(first)
    sums = [
        ("甲局", list(range(1, cut + 1)), sum(first)),
        ("乙局", list(range(cut + 1, len(projects) + 1)), sum(second) + off),
    ]
    assert check_subtotals(projects, sums)["passed"].tolist() == [True, off == 0]


def test_weights_name_the_project_that_is_off():
    indicators = indicators_of()
    assert check_weights(projects_of(), indicators, Decimal(90))["passed"].all()
    indicators.loc[4, "weight"] = Decimal(25)
    checked = check_weights(projects_of(), indicators, Decimal(90))
    assert checked.loc[~checked["passed"], ["project_no", "expected", "actual"]].values.tolist() == [[2, "90", "85"]]


def test_a_row_without_weight_fails_even_where_the_sum_fits():
    indicators = indicators_of()
    extra = indicators.iloc[[0]].assign(weight=None)
    checked = check_weights(projects_of(), pd.concat([indicators, extra], ignore_index=True), Decimal(90))
    assert checked["passed"].tolist() == [False, True, True] and "1 条指标没有分值" in checked["note"].iloc[0]


def test_the_execution_row_counts_and_no_common_sum_fails_once():
    projects = projects_of().assign(execution_points=[Decimal(10)] * 3)
    assert check_weights(projects, indicators_of(), Decimal(100))["passed"].all()
    unknown = check_weights(projects_of(), indicators_of(), None)
    assert unknown["passed"].tolist() == [False] and unknown["project_no"].isna().all()
    assert check_weights(projects_of(), indicators_of().assign(weight=None), None).empty


def test_shares_of_level_1():
    assert check_shares(projects_of(), indicators_of(), SHARES)["passed"].all()
    moved = indicators_of()
    moved.loc[3, "level1"] = "效益指标"
    checked = check_shares(projects_of(), moved, SHARES)
    assert checked["passed"].tolist() == [True, False, True]
    assert checked["expected"].iloc[1] == "产出指标 50 / 效益指标 30 / 满意度指标 10"
    assert check_shares(projects_of(), indicators_of(), None).empty


def test_sound_codes_pass_in_one_row():
    checked = check_codes(projects_of(8), 2024)
    assert checked["passed"].tolist() == [True]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("63012300024T00000559", "长度 20 位"),
        ("63012300024T000000550", "重复"),
        ("63012399924T000000559", "区划"),
        ("63012300025T000000559", "年度"),
        ("63012300024K000000559", "字母"),
        ("63012300024T000000001", "未按顺序"),
        ("63012300O24T000000559", "形式"),
    ],
)
def test_a_code_unlike_the_others_is_named(code, said):
    projects = projects_of(10)
    projects.loc[3, "project_code"] = code
    checked = check_codes(projects, 2024)
    bad = checked[~checked["passed"]].set_index("project_no")["note"]
    assert 4 in bad.index and said in bad[4]


@pytest.mark.parametrize("order", [[1, 3, 2, 5, 4], [2, 1, 4, 3, 5]])
def test_codes_in_no_order_of_their_own_are_not_out_of_it(order):
    projects = projects_of(5)
    projects["project_code"] = [f"63012300024T00000000{n}" for n in order]
    assert check_codes(projects, 2024)["passed"].all()


@given(st.integers(0, 9), st.integers(0, 20), st.integers(0, 9))
def test_a_changed_digit_is_named_or_leaves_codes_that_could_be_printed(place, at, digit):
    projects = projects_of(10)
    code = projects.loc[place, "project_code"]
    if at == 11 or code[at] == str(digit):
        return
    changed = code[:at] + str(digit) + code[at + 1 :]
    projects.loc[place, "project_code"] = changed
    codes = projects["project_code"].tolist()
    years = [int(c[9:11]) for c in codes]  # an older year is a continuing project's
    sound = codes == sorted(set(codes)) and len({c[:9] + c[11] for c in codes}) == 1 and max(years) <= 24
    checked = check_codes(projects, 2024)
    assert checked["passed"].all() == sound


@pytest.mark.parametrize("count", [2, 3, 4])
@pytest.mark.parametrize(("at", "digits"), [(6, "999"), (9, "25")], ids=["region", "year"])
def test_few_codes_that_disagree_are_not_passed_over(count, at, digits):
    """Which of two is wrong may be open; that something is wrong is not."""
    projects = projects_of(count)
    code = projects.loc[0, "project_code"]
    projects.loc[0, "project_code"] = code[:at] + digits + code[at + len(digits) :]
    assert not check_codes(projects, 2024)["passed"].all()


def test_required_cells_name_what_is_missing():
    fields = {"project", "budget", "objective", "category", "unit", "level1", "level2", "comparator"}
    assert check_required(projects_of(), indicators_of(), fields)["passed"].tolist() == [True]
    projects, indicators = projects_of(4), indicators_of()
    projects.loc[1, "objective"] = None
    indicators.loc[0, "comparator"] = None
    indicators.loc[8, "target_text"] = ""
    notes = check_required(projects, indicators, fields).set_index("project_no")["note"]
    assert notes[1] == "缺少：指标性质（1 条）" and notes[2] == "缺少：绩效目标" and notes[3] == "缺少：指标值（1 条）"
    assert notes[4] == "缺少：全部指标"
    assert check_required(projects, indicators, {"project"}).set_index("project_no")["note"].get(2) is None


def test_a_row_that_breaks_its_indicator_down_has_no_points_of_its_own():
    rows = pd.DataFrame({"project_no": 1, "name": ["种植面积", "其中：桃树"], "weight": [Decimal(90), None]})
    projects = projects_of(1)
    assert check_weights(projects, rows, Decimal(90))["passed"].tolist() == [True]
    assert check_weights(projects, rows.drop(columns="name"), Decimal(90))["passed"].tolist() == [False]


def test_projects_are_told_by_names_or_where_no_name_is_printed_by_codes():
    projects = projects_of()
    nameless = projects.assign(project_name=None)
    assert check_identity(nameless, 0)["passed"].item()
    uncoded = projects["project_code"].mask(projects["project_no"] == 2, None)
    for frame in (nameless.assign(project_code=uncoded), projects.assign(project_code=uncoded)):
        assert not check_identity(frame, 0)["passed"].item()


@pytest.mark.parametrize("blank", [None, float("nan"), pd.NA, ""])
@pytest.mark.parametrize("kind", [Decimal, float, str])
def test_the_checks_take_numbers_and_blanks_as_any_frame_holds_them(kind, blank):
    projects = pd.DataFrame({"project_no": [1, 2], "budget_wan_yuan": pd.Series([kind(68), blank], dtype=object)})
    weights = pd.Series([*map(kind, (50, 30, 10, 50, 40)), blank], dtype=object)
    rows = indicators_of(2).assign(weight=weights)
    assert check_total(projects, Decimal(68))[["actual", "passed"]].values.tolist() == [["68", False]]
    assert check_subtotals(projects, [("甲局", [1, 2], Decimal(68))])["passed"].tolist() == [True]
    checked = check_weights(projects, rows, Decimal(90))
    assert checked["actual"].tolist() == ["90", "90"] and checked["passed"].tolist() == [True, False]
    assert check_shares(projects, rows, SHARES)["passed"].tolist() == [True, False]


def test_codes_are_checked_under_any_index_and_as_numbers():
    same = pd.DataFrame({"project_no": [1, 2], "project_code": [63012300024] * 2}, index=[0, 0])
    assert check_codes(same, 2024)["project_no"].tolist() == [1, 2]
