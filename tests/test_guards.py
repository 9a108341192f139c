"""Guards of mending and cleaning, each by the smallest case in which dropping it would change the result."""

from decimal import Decimal
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from budgetperf import clean
from budgetperf.clean import check_codes, check_shares
from budgetperf.field.wraps import unwrap
from budgetperf.mend.borders import Rows, split_unnamed, weight_profile
from budgetperf.mend.breaks import Joined, _like_code_line, same_line, settle_by_sum, share_over_breaks, usual_code
from budgetperf.mend.columns import lone_levels_moved, units_in_remarks
from budgetperf.mend.execution import check_execution, check_rates
from budgetperf.mend.halves import evidence
from budgetperf.mend.indicator_cells import TEXTS, mend_wraps, read_results, read_targets, read_weights
from budgetperf.mend.levels import _fill_level2
from budgetperf.mend.points import shares_hold
from budgetperf.mend.project_cells import _codes_and_names, _note_text, _whole_category, infer_budget, read_amounts
from budgetperf.mend.reconciliation import check_identity, check_repeats, check_required
from budgetperf.mend.sums import covered_projects, printed_sums, units_by_sum
from budgetperf.mend.twice import once
from budgetperf.mend.units import _told_by_neighbours, assign_units, printed_units, share_unit_cells
from budgetperf.tables.ledger import Ledger


def rows_of(weights, level2) -> Rows:
    level2 = np.array(level2)
    return Rows(np.array(weights), level2, level2, np.full(len(weights), True), np.full(len(weights), False))


# ---- borders ---------------------------------------------------------------------------------------------------------


def test_only_printed_weights_and_levels_that_begin_anew_show_a_lost_project_cell():
    assert split_unnamed(np.array([0, 4]), rows_of([60, 30, 50, 40], [0, 9, 0, 9]), 90) == [2]
    assert split_unnamed(np.array([0, 4]), rows_of([60, 30, -1, 91], [0, 9, 0, 9]), 90) == []
    assert split_unnamed(np.array([0, 4]), rows_of([60, 30, 50, 40], [0, 3, 4, 9]), 90) == []


def test_projects_that_lack_a_weight_do_not_set_the_profile():
    rows = rows_of([60, 30, 50, -1, 40, 10, -1], [0] * 7)
    assert weight_profile(rows, np.array([0, 2, 4]))[0] == 90


# ---- page breaks -----------------------------------------------------------------------------------------------------


def test_two_different_figures_are_no_halves_of_one():
    assert not same_line("12,345.67", "98,031.20") and same_line("12,345.67", "12,305.60")


def test_lines_of_a_code_may_differ_in_decayed_digits_only():
    assert _like_code_line("63012345", "63012305") and not _like_code_line("63012345", "63012395")
    assert not _like_code_line("63012345", "6301-345")


def test_an_amount_counts_once_however_often_it_may_be_read():
    same = Decimal(1)
    assert settle_by_sum([[same, same], [Decimal(2)]], Decimal(3)) == [(same, Decimal(2))]


def test_a_code_begins_as_usual_only_where_most_begin_so():
    codes = [f"{region}00024T{n:09d}" for n, region in enumerate(["510722", "510722", "630123", "420381", "130524"])]
    assert usual_code(codes) is None and usual_code(codes[:3])[1] == "51072200024T"


def test_a_text_that_a_break_divides_belongs_to_both_sides():
    texts = share_over_breaks(
        ["数量", "指标", None], [1, 2, 2], ["foot", "head", None], [1], lambda above, below: above + below
    )
    assert texts == ["数量指标"] * 3


def test_two_whole_figures_are_no_halves_and_a_decayed_one_may_be():
    assert evidence("5", "0") > 0 > evidence("5", "7")
    assert evidence("0", "1") < 0, "of two weak digits neither decays into the other"


def test_characters_that_follow_an_equal_one_count_less():
    assert evidence("项目", "项目") < 2 * evidence("项", "项")


# ---- sums and units --------------------------------------------------------------------------------------------------


def projects_of(*budgets) -> pd.DataFrame:
    amounts = pd.Series([None if b is None else Decimal(b) for b in budgets], dtype=object)
    return pd.DataFrame({"project_no": range(1, len(budgets) + 1), "page": 1, "budget_wan_yuan": amounts})


@pytest.mark.parametrize(("places", "covers"), [([0, 2], [[1, 2], [3]]), ([2, 3], [[1, 2], [3]])])
def test_sub_totals_above_or_below_their_projects(places, covers):
    structure = SimpleNamespace(project=pd.Series([1, 2, 3]))
    subtotals = pd.DataFrame({"at": places, "unit": ["甲局", "小计"], "amount": [Decimal(11), Decimal(7)]})
    found = covered_projects(subtotals, structure, projects_of(5, 6, 7))
    assert [one.projects for one in found] == covers and [one.unit for one in found] == ["甲局", None]


@pytest.mark.parametrize(
    ("places", "units"), [([0, 0, 2], ["某系统", "甲局", "乙局"]), ([2, 3, 3], ["甲局", "乙局", "某系统"])]
)
def test_a_sub_total_over_sub_totals_covers_what_makes_up_its_amount(places, units):
    structure = SimpleNamespace(project=pd.Series([1, 2, 3]))
    amounts = {"某系统": Decimal(18), "甲局": Decimal(11), "乙局": Decimal(7)}
    subtotals = pd.DataFrame({"at": places, "unit": units, "amount": [amounts[unit] for unit in units]})
    found = covered_projects(subtotals, structure, projects_of(5, 6, 7))
    assert {one.unit: one.projects for one in found} == {"某系统": [1, 2, 3], "甲局": [1, 2], "乙局": [3]}
    assert set(units_by_sum(found, projects_of(5, 6, 7)).values()) == {(None, "甲局"), (None, "乙局")}
    wrong = subtotals.assign(amount=subtotals["amount"].replace(Decimal(18), Decimal(19)))
    assert (
        next(c for c in covered_projects(wrong, structure, projects_of(5, 6, 7)) if c.unit == "某系统").projects == []
    )


def test_the_first_total_is_the_grand_one_and_later_ones_stay_sums():
    sums = pd.DataFrame({"kind": ["subtotal", "total", "total", "weights"], "amount": ["5", "12", "7", "90"]})
    total, others = printed_sums(SimpleNamespace(amount_unit="万元", sums=sums))
    assert total == 12 and others["amount"].tolist() == [5, 7]


def test_a_sub_total_that_says_too_much_or_leaves_a_project_out_settles_no_unit():
    projects = projects_of(5, 6)
    assert units_by_sum([("101-甲局", [1, 2], Decimal(11))], projects)
    assert units_by_sum([("101-甲局", [1, 2], Decimal(12))], projects) == {}
    assert units_by_sum([("101-甲局", [1], Decimal(5))], projects) == {}


def prints_of(*units: tuple[int, int, str]) -> pd.DataFrame:
    """(project, page, text) a printed unit."""
    frame = pd.DataFrame(units, columns=["project_no", "page", "unit"])
    return frame.assign(unit_code=pd.Series([None] * len(frame), dtype=object))


def test_a_project_between_two_units_of_one_sub_total_stays_open():
    of_sum = dict.fromkeys((1, 2, 3), ("1", "部门"))
    prints = printed_units(prints_of((1, 1, "101-甲局"), (3, 1, "102-乙局")))
    result, still_open = assign_units(projects_of(5, 6, 7), prints, of_sum, None, Ledger())
    assert still_open == [2] and result["unit_code"].tolist() == ["101", "101", "102"]


def test_a_piece_two_pages_on_is_another_unit():
    assert len(printed_units(prints_of((1, 1, "101-甲局"), (2, 2, "办公室")))) == 1
    assert len(printed_units(prints_of((1, 1, "101-甲局"), (2, 3, "办公室")))) == 2


def test_two_units_beside_one_project_stay_open():
    prints = printed_units(prints_of((1, 1, "101-甲局"), (1, 1, "102-乙局")))
    assert assign_units(projects_of(5), prints, {}, None, Ledger())[1] == [1]
    for one, again in (("101-白石县教育局", "教育局"), ("教育局", "101-白石县教育局")):  # a part of it is it once more
        prints = printed_units(prints_of((1, 1, one), (1, 1, again)))
        assert len(prints) == 2 and assign_units(projects_of(5), prints, {}, None, Ledger())[1] == []


def test_a_blank_piece_between_two_open_edges_stays_blank():
    def piece(page, text, opened):
        return {"page": page, "text": text, "head": True, "foot": True, "open": opened}

    between = _told_by_neighbours([piece(1, "甲局", "foot"), piece(2, None, None), piece(3, "乙局", "head")])
    above = _told_by_neighbours([piece(1, "甲局", "foot"), piece(2, None, None), piece(3, "乙局", None)])
    assert between == ["甲局", None, "乙局"] and above == ["甲局", "甲局", "乙局"]


@pytest.mark.parametrize(("above", "joined"), [("409001-昌宁县民政局", True), ("昌宁县民政局", False)])
def test_what_stands_overleaf_goes_on_with_a_whole_name_only_where_its_code_tells_where_names_begin(above, joined):
    pieces = {"page": [1, 2], "unit": [above, "（本级）"], "unit_cell": [1, 2], "unit_edge": ["foot", "head"]}
    shared = share_unit_cells(pd.DataFrame(pieces).assign(unit_open=None))["unit"].tolist()
    assert shared == ([f"{above}（本级）"] * 2 if joined else [above, "（本级）"])


# ---- indicator cells -------------------------------------------------------------------------------------------------


def indicators_of(weights, **more) -> pd.DataFrame:
    count = len(weights)
    columns = {
        "weight": weights,
        "name": ["指标"] * count,
        "level1": [None] * count,
        "measure_unit": [None] * count,
    } | more
    frame = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
    return frame.assign(project_no=1, page=1, indicator_no=range(1, count + 1))


def test_wraps_go_from_every_text_and_a_blank_between_two_figures_stays():
    rows = indicators_of(["40"], name=["农户\n满意度"], target=["95 98"], actual=["按期 完成"])
    rows = rows.reindex(columns=[*dict.fromkeys([*rows, *TEXTS])]).astype(object)
    mended = mend_wraps(rows, Ledger()).loc[0]
    assert mended[["name", "target", "actual"]].tolist() == ["农户满意度", "95 98", "按期完成"]


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        (["60", None], [60, 30]),
        (["60", None, None], [60, None, None]),  # which of two has how much, no sum tells
        (["60", "3O分"], [60, None]),  # something is printed there
        (["90", None], [90, None]),  # no room for one
        (["95", None], [95, None]),
    ],
)
def test_a_weight_is_inferred_only_where_one_is_blank_and_has_room(printed, read):
    weights = read_weights(indicators_of(printed), Decimal(90), None, Ledger())["weight"]
    assert [None if w is None else int(w) for w in weights] == read


@pytest.mark.parametrize(
    ("unit", "name", "level", "grade"),
    [
        ("%", "合格率", "质量指标", "likely"),
        ("个", "养护数", "数量指标", "likely"),
        ("天", "检查面", "数量指标", "guess"),
    ],
)
def test_a_blank_level_at_the_foot_of_a_page_goes_by_what_rows_look_like(unit, name, level, grade):
    above, below = (1, "数量指标", "个", "养护数"), (2, "质量指标", "%", "优良率")
    rows = pd.DataFrame(
        [*[above] * 7, (1, None, unit, name), *[below] * 3],
        columns=["page", "level2", "measure_unit", "name"],
        dtype=object,
    ).assign(project_no=1, level1="产出指标")
    filled, _, grades = _fill_level2(rows, moved=True)
    assert (filled[7], grades[7]) == (level, grade)


def test_shares_hold_only_where_no_other_level_has_points():
    shares = {"产出指标": Decimal(60), "效益指标": Decimal(30)}
    for others, grade in ((["效益指标"], "certain"), (["其他"], "likely")):
        rows = indicators_of(["60", None], level1=["产出指标", *others])
        ledger = Ledger()
        read_weights(rows, Decimal(90), shares, ledger)
        assert ledger.entries()["grade"].tolist() == [grade]
    drifted = pd.Series(["产出指标", "效益指标", "其他"])
    points = pd.Series([Decimal(60), Decimal(30), Decimal(5)])
    assert not shares_hold(drifted, points, pd.Series([1, 1, 1]), shares).any()


def test_an_actual_value_that_looks_misread_is_on_record():
    ledger = Ledger()
    rows = indicators_of(["50"] * 2, target=["≥90", "≥90"], actual=["9S%", "95%"], score=["10", "10"])
    read_results(rows, ledger)
    assert [one.printed for one in ledger.unread] == ["9S%"]


def test_figures_of_a_month_or_day_are_a_number_beside_a_unit_that_is_none_of_time():
    figures = ["2015.06", "2015.06", "20151231", "2015.06"]
    rows = indicators_of(["25"] * 4, target=figures, actual=figures, measure_unit=["公里", "年", "元", None])
    rows = read_targets(rows.assign(comparator=None, score=None), Ledger())
    expected = [Decimal("2015.06"), None, Decimal(20151231), None]
    assert rows["target_value"].tolist() == expected and rows["target_text"].tolist() == figures
    assert read_results(rows, Ledger())["actual_value"].tolist() == expected


def test_a_second_sign_in_front_of_the_target_must_be_the_same():
    rows = indicators_of(["50"] * 2, comparator=["≥", "≥"], target=["≥95", "≤95"])
    ledger = Ledger()
    result = read_targets(rows, ledger)
    assert result["target_text"].tolist() == ["95", "≤95"] and result["target_value"].tolist() == [Decimal(95), None]
    assert [(one.field, one.printed) for one in ledger.unread] == [("target_text", "≤95")]


def test_a_unit_name_that_goes_on_over_a_page_is_doubted_and_on_one_page_is_not():
    covering = pd.DataFrame({"project_no": [1, 2], "unit_code": "803", "unit_name": ["白石", "白石县住建局"]})
    prints = printed_units(prints_of((1, 1, "803-白石"), (2, 2, "803-白石县住建局")))
    projects = projects_of(5, 6)
    assert assign_units(projects.assign(page=[1, 2]), prints, {}, covering, Ledger())[1] == [1]
    assert assign_units(projects, prints, {}, covering, Ledger())[1] == []


def test_words_with_a_figure_are_not_qualitative():
    rows = indicators_of(["50"] * 2, comparator=[None, None], target=["稳步提升", "12月底前后完成"])
    assert read_targets(rows, Ledger())["comparator"].tolist() == ["定性", None]


# ---- project cells ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("budgets", "printed", "total", "read"),
    [
        ([5, None], [["5"], []], 11, 6),
        ([5, None], [["5"], ["约6"]], 11, None),  # something is printed there
        ([5, None], [["5"], []], 5, None),  # nothing is left for it
    ],
)
def test_a_budget_is_inferred_only_where_one_is_blank_and_something_is_left(budgets, printed, total, read):
    projects = projects_of(*budgets).assign(budget=printed)
    budget = infer_budget(projects, Decimal(total), Ledger())["budget_wan_yuan"].iat[1]
    assert (None if budget is None or pd.isna(budget) else int(budget)) == read


@pytest.mark.parametrize(("total", "settled", "still_open"), [("16.88", "11.88", []), ("17.00", "11.88", [1])])
def test_digits_that_a_break_cut_are_settled_by_the_total_alone(total, settled, still_open):
    projects = projects_of(None, None).drop(columns="budget_wan_yuan").assign(budget=[["11.88", "11.00"], ["5"]])
    for field in ("budget_initial", "executed", "period_budget"):
        projects[field] = [[], []]
    result, found = read_amounts(projects.assign(amount_unit=None), "万元", Decimal(total), Ledger())
    assert str(result["budget_wan_yuan"].iat[0]) == settled and found == still_open


def test_two_readings_that_fit_the_total_settle_nothing():
    projects = projects_of(None, None).drop(columns="budget_wan_yuan").assign(amount_unit=None)
    for field in ("budget_initial", "executed", "period_budget"):
        projects[field] = [[], []]
    projects["budget"] = [["18.00", "10.00"], ["18.50", "10.50"]]
    result, found = read_amounts(projects, "万元", Decimal("28.50"), Ledger())
    assert found == [1, 2] and result["budget_wan_yuan"].map(str).tolist() == ["18", "18.5"]


def test_a_short_number_that_one_project_has_is_a_part_of_its_name():
    assert _codes_and_names(pd.Series(["120-急救中心"])) == [(None, "120-急救中心")]


def test_a_category_is_the_longest_known_text_of_its_pieces():
    pieces = ["运转类", "22-其他运转类"]
    assert _whole_category(pieces, Joined("运转类22-其他运转类", 0, ("",))).text == "22-其他运转类"


def test_two_weak_or_two_whole_digits_or_little_likeness_of_a_cut_line_make_its_reading_a_guess():
    for joined, grade in (
        (Joined("x", 4, ("x", "y"), 0, 1), "guess"),
        (Joined("x", 4, ("x",), 3, guessed=True), "guess"),
        (Joined("x", 4, ("x", "y")), "likely"),
    ):
        ledger = Ledger()
        _note_text(ledger, 1, 1, "objective", ["甲", "乙"], joined)
        assert ledger.entries()["grade"].tolist() == [grade]


# ---- columns ---------------------------------------------------------------------------------------------------------


def test_remarks_that_are_mostly_words_stay_remarks():
    rows = indicators_of(["50"] * 3, remark=["公里", "按月统计的里程", "另行通知"])
    assert units_in_remarks(rows, Ledger())["measure_unit"].isna().all()


def test_a_lone_cost_level_stays_where_the_table_prints_names_under_it():
    rows = pd.DataFrame({"level1": ["成本指标", "成本指标"], "level2": ["经济成本指标", None]})
    assert lone_levels_moved(rows)["level1"].tolist() == ["成本指标"] * 2


# ---- the same table twice --------------------------------------------------------------------------------------------


def table_of(page=1, year=2024, budget=5, names=("里程", "优良率"), weight=50, comparator="≥", score=50, unit="甲局"):
    projects = pd.DataFrame(
        {"project_no": [1], "project_code": [None], "project_name": ["道路养护"], "unit_name": unit}
    )
    rows = pd.DataFrame({"name": names, "target_text": "8", "comparator": comparator, "measure_unit": None})
    return SimpleNamespace(
        fiscal_year=year,
        projects=projects.assign(budget_wan_yuan=Decimal(budget), objective="畅通"),
        indicators=rows.assign(project_no=1, weight=Decimal(weight), score=score),
        printed=SimpleNamespace(repeated=[], layout="approval", title=None, rows=pd.DataFrame({"page": [page]})),
    )


@pytest.mark.parametrize(
    ("again", "kept", "said"),
    [
        ({}, 1, None),
        ({"year": 2025}, 2, None),
        ({"names": ("桥梁", "涵洞")}, 2, "两次都计入"),
        ({"budget": 6}, 1, "预算数（万元） 5 / 6"),
        ({"weight": 45}, 1, "分值权重 50 / 45"),
        ({"comparator": "="}, 1, "指标性质 ≥ / ="),
        ({"score": 45}, 1, "得分 50 / 45"),
        ({"score": None}, 1, "得分 50 / 空"),
        ({"unit": "乙局"}, 2, None),
    ],
)
def test_a_table_counts_once_only_where_year_and_indicators_are_the_same(again, kept, said):
    found = once([table_of(), table_of(page=3, **again)])
    assert len(found.kept) == kept and len(found.repeated) == 2 - kept
    failing = found.checks.loc[~found.checks["passed"].astype(bool), "note"].tolist()
    assert bool(failing) == bool(said) and all(said in note for note in failing)


# ---- cleaning --------------------------------------------------------------------------------------------------------


def test_a_width_needs_three_lines():
    assert clean.line_width(pd.Series(["保障老人按月 发放", "落实各项政策 发放"])) is None


def test_a_line_is_one_half_short_only_before_a_full_width_character():
    assert unwrap("Windows10 版本", (1, 10)) == "Windows10版本"
    assert unwrap("Window10 版本", (1, 10)) == "Window10 版本"
    assert unwrap("Windows10 b 版", (1, 10)) == "Windows10 b 版"


def test_a_form_that_prints_longer_names_cuts_none():
    cut = ["完成社区职能任务，提高服", "各项事业持续健康发展，人", "夯实社区基层党组织的执政"]
    assert (
        clean.cut_width(pd.Series(cut)) == 12
        and clean.cut_width(pd.Series([*cut, "全面提升基层党组织的凝聚力和战斗力"])) is None
    )


def test_one_long_name_in_mid_phrase_is_no_cutting_form():
    names = ["完成社区职能任务，提高服", "农村公路列养管护的覆盖率", "公共服务对象群众的满意度"]
    assert clean.cut_width(pd.Series(names)) is None


def test_a_name_is_completed_only_from_one_sister_and_by_no_sentence():
    names = pd.Series(["夯实基层党组织", "夯实基层党组织的根基", "夯实基层党组织的队伍"])
    completed = clean.complete_names(names, pd.Series([True, False, False]), pd.Series([""] * 3))
    assert completed["name_completed"].isna().all()
    sentence = clean.complete_names(
        names[:1], pd.Series([True]), pd.Series(["夯实基层党组织的执政根基和各社区服务群众的能力水平"])
    )
    assert sentence["name_completed"].isna().all()


def test_filling_from_below_stays_in_its_group():
    assert clean.fill_merged(pd.Series([None, "效益"]), by=pd.Series([1, 2])).tolist() == [None, "效益"]


# ---- checks ----------------------------------------------------------------------------------------------------------


def test_a_level_without_points_is_no_other_split():
    rows = indicators_of([Decimal(60), Decimal(0)], level1=["产出指标", "其他"])
    assert check_shares(pd.DataFrame({"project_no": [1]}), rows, {"产出指标": Decimal(60)})["passed"].item()


def test_a_row_of_the_execution_rate_that_half_have_is_expected_of_all():
    def failing(*points, whole=Decimal(90)):
        frame = pd.DataFrame(
            {"project_no": range(1, len(points) + 1), "execution_points": pd.Series(points, dtype=object)}
        )
        return check_execution(frame, indicators_of([whole]).assign(project_no=3))["project_no"].tolist()

    ten = Decimal(10)
    assert failing(ten, ten, None) == [3] and failing(ten, None) == [2]
    assert failing(ten, ten, None, whole=Decimal(100)) == []  # its indicators make up the full marks
    assert failing(ten, None, None) == [] and failing(ten, ten) == []


def test_a_project_that_prints_no_rate_ends_no_check_of_those_below():
    rates = {"executed_wan_yuan": [None, Decimal(11)], "execution_rate": [None, Decimal(96)]}
    frame = pd.DataFrame({"project_no": [1, 2], "budget_wan_yuan": [Decimal("12.5")] * 2} | rates)
    assert check_rates(frame)["project_no"].tolist() == [2]


def test_rows_alike_in_what_is_not_printed_are_no_repeats():
    row = {"project_no": 1, "name": "里程", "comparator": "=", "target_text": "8", "weight": None, "page": 1, "row": 1}
    assert check_repeats(pd.DataFrame([row, row])).empty
    assert len(check_repeats(pd.DataFrame([row | {"weight": Decimal(5)}] * 2))) == 1


@pytest.mark.parametrize(("year", "named"), [(2024, []), (2023, [1, 2])])
def test_a_code_of_the_next_year_is_a_fault(year, named):
    codes = ["51072200024T000000550", "51072200024T000000555"]
    checked = check_codes(pd.DataFrame({"project_no": [1, 2], "project_code": codes}), year)
    assert checked.loc[~checked["passed"].astype(bool), "project_no"].tolist() == named


def test_every_code_out_of_order_is_named_where_most_are_in_it():
    serials = [1, 2, 3, 0, 4, 5, 6, 3, 7, 8, 9, 10]
    codes = [f"51072200024T{100 * n + k:09d}" for k, n in enumerate(serials)]
    checked = check_codes(pd.DataFrame({"project_no": range(1, 13), "project_code": codes}), 2024)
    assert checked.loc[~checked["passed"].astype(bool), "project_no"].tolist() == [4, 8]


def test_a_code_is_missed_where_most_have_one():
    def passes(*codes):
        return check_identity(pd.DataFrame({"project_name": "甲", "project_code": list(codes)}), 0)["passed"].item()

    assert not passes("1", "2", None) and passes("1", None) and passes(None, None)


def test_a_comparator_is_required_beside_a_target_only():
    def lacking(comparator, target):
        row = {"project_no": 1, "level1": "产出", "level2": "数量", "name": "里程", "comparator": comparator}
        projects = pd.DataFrame({"project_no": [1]})
        return check_required(projects, pd.DataFrame([row | {"target_text": target}]), {"comparator"})["note"].item()

    assert (
        "指标性质" in lacking(None, "8") and "缺少" not in lacking("≥", "8") and "指标性质" not in lacking(None, None)
    )
