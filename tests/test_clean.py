"""The cleaning library's one manner: any index, any kind of blank, any number, the input untouched."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetperf import clean

BLANKS = [None, float("nan"), pd.NA, pd.NaT, "", "  ", "\n"]
OF_A_SERIES = [
    clean.parse_amounts, clean.parse_numbers, clean.parse_targets, clean.comparators, clean.fold_level1, clean.fold_level2,
    clean.level1_by_taxonomy, clean.undo_wraps, clean.is_cut, clean.split_codes, clean.parts_of_codes, clean.fiscal_years,
]  # fmt: skip
OF_A_FRAME = [
    clean.parse_amounts, clean.parse_numbers, clean.comparators, clean.fold_level1, clean.fold_level2, clean.level1_by_taxonomy,
    clean.undo_wraps, clean.plain_texts, lambda texts: clean.fill_merged(texts, by=pd.Series(1, index=texts.index)),
    lambda texts: clean.to_float(clean.parse_numbers(texts)), clean.is_cut, clean.fiscal_years,
]  # fmt: skip
OF_ONE_COLUMN = [
    clean.parse_targets, clean.split_codes, clean.parts_of_codes, clean.cut_width, clean.line_width,
    lambda names: clean.complete_names(names, names, names),
]  # fmt: skip
PROJECTS = pd.DataFrame({"project_no": ["甲", "乙"], "project_code": ["51072200024T000000550", "51072200024T000000551"],
                         "budget_wan_yuan": ["5", "6"]}, index=[7, 7])  # fmt: skip
INDICATORS = pd.DataFrame(
    {"project_no": ["甲", "乙"], "level1": ["产出指标"] * 2, "weight": ["90", "90"]}, index=[3, 1]
)
CHECKS = {
    "check_total": lambda projects, indicators: clean.check_total(projects, Decimal(11)),
    "check_subtotals": lambda projects, indicators: clean.check_subtotals(
        projects, [("局", ["甲", "乙"], Decimal(11))]
    ),
    "check_weights": lambda projects, indicators: clean.check_weights(projects, indicators, Decimal(90)),
    "check_shares": lambda projects, indicators: clean.check_shares(projects, indicators, {"产出指标": Decimal(90)}),
    "check_codes": lambda projects, indicators: clean.check_codes(projects, 2024),
}
NEEDED = [
    ("check_total", "projects", "budget_wan_yuan"), ("check_subtotals", "projects", "project_no"),
    ("check_subtotals", "projects", "budget_wan_yuan"), ("check_weights", "projects", "project_no"),
    ("check_weights", "indicators", "project_no"), ("check_weights", "indicators", "weight"),
    ("check_shares", "projects", "project_no"), ("check_shares", "indicators", "project_no"),
    ("check_shares", "indicators", "level1"), ("check_shares", "indicators", "weight"),
    ("check_codes", "projects", "project_no"), ("check_codes", "projects", "project_code"),
]  # fmt: skip
cell = st.one_of(
    st.sampled_from(BLANKS), st.text(max_size=8), st.integers(-(10**9), 10**9), st.decimals(-1000, 1000, places=3),
    st.floats(allow_nan=False, allow_infinity=False, width=32), st.sampled_from(["≥50个", "1,234.56", "-", "约12", "产 出"]),
)  # fmt: skip


@pytest.mark.parametrize("function", OF_A_SERIES, ids=lambda function: function.__name__)
@given(values=st.lists(cell, max_size=6), start=st.integers(-5, 5))
def test_the_same_index_out_and_the_input_untouched(function, values, start):
    given_ = pd.Series(values, index=range(start, start + 2 * len(values), 2), dtype=object, name="x")
    before = given_.copy()
    result = function(given_)
    assert result.index.equals(before.index)
    pd.testing.assert_series_equal(given_, before)


@pytest.mark.parametrize("function", OF_A_FRAME)
@pytest.mark.parametrize("rows", [["产 出", "≥", None], ["3", "", "4"], []])
def test_a_frame_is_taken_column_by_column(function, rows):
    column = pd.Series(rows, dtype=object, index=range(3, 3 + len(rows)))
    frame = pd.concat([column, column[::-1].set_axis(column.index)], axis=1, keys=["名称", "名称"])  # one head twice
    each = [function(frame.iloc[:, place]) for place in range(2)]
    pd.testing.assert_frame_equal(function(frame), pd.concat(each, axis=1), check_dtype=bool(rows))


@pytest.mark.parametrize("read", [clean.parse_amounts, clean.parse_numbers, clean.fold_level1, clean.comparators])
def test_every_kind_of_blank_is_nothing_in_every_mode(read):
    for errors in ("raise", "null", "keep"):
        assert read(pd.Series(BLANKS, dtype=object), errors=errors).tolist() == [None] * len(BLANKS)
    with pytest.raises(ValueError, match="errors 只能是 raise、null、keep"):
        read(pd.Series(["1"]), errors="ignore")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**20), max_value=10**20))
def test_numbers_pass_through_exactly(number):
    assert clean.parse_numbers(pd.Series([number], dtype=object)).tolist() == [number]
    assert clean.parse_amounts(pd.Series([number], dtype=object)).tolist() == [number]


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_floats_count_by_their_printed_form(number):
    assert clean.parse_numbers(pd.Series([number])).tolist() == [Decimal(repr(number))]


def test_frames_of_numbers_are_read():
    assert clean.parse_amounts(pd.Series([12.5, 3.0])).tolist() == [Decimal("12.5"), Decimal(3)]
    assert clean.parse_numbers(pd.Series([10, 5], dtype="Int64")).tolist() == [Decimal(10), Decimal(5)]
    assert clean.parse_numbers(pd.Series(np.array([1, 2]))).tolist() == [Decimal(1), Decimal(2)]


def test_nothing_there_and_not_readable_are_told_apart():
    texts = pd.Series(["—", "/", "约12", "9S"], index=["a", "b", "c", "d"])
    assert clean.parse_amounts(texts, errors="keep").tolist() == [None, None, "约12", "9S"]
    assert clean.parse_amounts(texts).tolist() == [None] * 4
    with pytest.raises(ValueError, match="2 个单元格不是金额：行 c “约12”、行 d “9S”"):
        clean.parse_amounts(texts, errors="raise")


def test_an_unknown_unit_lists_the_known():
    with pytest.raises(ValueError, match=r"没有金额单位“美元”。可用的有：.*元.*万元"):
        clean.parse_amounts(pd.Series(["1"]), unit="美元")


@given(st.lists(st.tuples(st.sampled_from(["甲", "乙", "", None]), st.integers(0, 2)), min_size=1, max_size=10))
def test_merged_cells_are_filled_whatever_the_index(rows):
    """The same by position on an index that repeats and runs backwards; no text crosses a border."""
    texts, groups = (pd.Series(list(column), dtype=object) for column in zip(*rows, strict=True))
    plain = clean.fill_merged(texts, by=groups)
    index = [7, 7, 3][: len(rows)] + list(range(len(rows) - 3))[::-1]
    other = clean.fill_merged(texts.set_axis(index), by=groups.set_axis(index))
    assert other.tolist() == plain.tolist() and list(other.index) == index
    for group in set(groups):
        own = {text for text in texts[groups == group] if text}
        assert set(plain[groups == group]) <= (own or {None})


def test_an_index_that_does_not_match_is_an_error():
    with pytest.raises(ValueError, match="by 的索引与 texts 不同"):
        clean.fill_merged(pd.Series(["甲", ""]), by=pd.Series([1, 1], index=[5, 6]))
    with pytest.raises(ValueError, match="cut 的索引与 texts 不同"):
        clean.complete_names(pd.Series(["甲"]), pd.Series([True], index=[1]), pd.Series([""]))


def test_to_float_is_for_drawing():
    drawn = clean.to_float(pd.Series([Decimal("0.1"), None, Decimal(3)], dtype=object))
    assert drawn.dtype == "float64" and drawn.tolist()[::2] == [0.1, 3.0] and np.isnan(drawn[1])


def test_a_word_of_letters_at_the_width_less_one_keeps_its_blank():
    """One half-width short is a full line only where a full-width character follows, which no longer fits."""
    texts = pd.Series(["保障348名 周岁以上老 年人按", "全面落实优 抚政策，按 月", "Windows10 11 版"])
    assert clean.line_width(texts) == (1, 10)
    assert clean.undo_wraps(texts).tolist()[2] == "Windows10 11版"


@pytest.mark.parametrize(
    ("read", "what"),
    [(clean.parse_amounts, "金额"), (clean.parse_numbers, "数"), (clean.comparators, "计算符号")],
)
def test_an_error_says_what_was_wanted_and_where(read, what):
    with pytest.raises(ValueError, match=f"1 个单元格不是{what}：行 7 “约许”"):
        read(pd.Series(["约许"], index=[7]), errors="raise")


def test_frames_name_their_columns_also_without_rows():
    for texts in (["201001-某局"], []):
        assert list(clean.split_codes(pd.Series(texts, dtype=object))) == ["code", "name"]
        assert list(clean.parts_of_codes(pd.Series(texts, dtype=object))) == ["region", "year", "letter", "serial"]
    assert clean.fiscal_years(pd.Series(["2024年"], name="titles")).name == "titles"
    assert clean.to_float(pd.Series([None], dtype=object)).dtype == "float64"


def test_a_short_float_is_the_number_that_it_prints():
    for dtype in ("float32", "Float32", "float[pyarrow]"):
        column = pd.Series([0.1, None], dtype="float64").astype("float32").astype(dtype)
        assert clean.parse_amounts(column).tolist() == [Decimal("0.1"), None]


def test_a_float_that_lost_digits_is_no_code():
    assert clean.split_codes(pd.Series([123456789012345678.0]))["code"].tolist() == [None]


def test_rows_of_no_group_are_not_filled():
    filled = clean.fill_merged(pd.Series(["产出", None, "效益", None]), by=pd.Series([1, None, None, 2]))
    assert filled.tolist() == ["产出", None, "效益", None]


def test_a_mask_of_objects_and_a_missing_name_are_no_error():
    names = pd.Series(["夯实基层党组织的执政根基", "夯实基层党组织的执政", None])
    found = clean.complete_names(names, pd.Series([False, True, True], dtype=object), pd.Series([""] * 3))
    assert found["name_completed"].dropna().tolist() == ["夯实基层党组织的执政根基"]


@pytest.mark.parametrize("function", OF_ONE_COLUMN)
@pytest.mark.parametrize("rows", [["≥50个"], []])
def test_what_gives_a_frame_for_a_column_says_so(function, rows):
    frame = pd.DataFrame({"指标值": rows, "其他": rows}, dtype=object)
    with pytest.raises(ValueError, match=r'一次读一列（Series），不是 DataFrame。请选出一列，如 \w+\(df\["指标值"\]\)'):
        function(frame)
    with pytest.raises(ValueError, match=r"不是 DataFrame"):
        function(pd.DataFrame())
    with pytest.raises(ValueError, match=r"不是 list。请先写成 pd.Series"):
        function(rows)


@pytest.mark.parametrize("function", OF_A_FRAME[:8])
def test_what_is_neither_column_nor_frame_is_an_error(function):
    with pytest.raises(ValueError, match=r"应为一列（Series）或一张表（DataFrame），不是 list"):
        function(["1"])


@pytest.mark.parametrize("name", CHECKS)
def test_checks_take_the_numbers_that_a_frame_has(name):
    before = PROJECTS.copy(), INDICATORS.copy()
    found = CHECKS[name](PROJECTS, INDICATORS)
    assert found["passed"].all() and len(found)
    pd.testing.assert_frame_equal(PROJECTS, before[0])
    pd.testing.assert_frame_equal(INDICATORS, before[1])


@pytest.mark.parametrize(("name", "frame", "column"), NEEDED)
def test_a_column_that_a_check_misses_is_named(name, frame, column):
    frames = {"projects": PROJECTS, "indicators": INDICATORS}
    with pytest.raises(ValueError, match=f"{frame} 没有“{column}”一列，只有：.*{frame}.rename"):
        CHECKS[name](**frames | {frame: frames[frame].drop(columns=column)})
    twice = pd.concat([frames[frame], frames[frame][[column]]], axis=1)
    with pytest.raises(ValueError, match=f"{frame} 有 2 列“{column}”"):
        CHECKS[name](**frames | {frame: twice})
    with pytest.raises(ValueError, match=f"{frame} 应为一张表（DataFrame），不是 Series"):
        CHECKS[name](**frames | {frame: frames[frame][column]})


@pytest.mark.parametrize(("check", "name"), [("weights", "check_weights"), ("level1_shares", "check_shares")])
def test_points_of_projects_that_the_frame_lacks_are_no_silence(check, name):
    lost = pd.DataFrame({"project_no": ["丙", "丙"], "level1": ["产出指标"] * 2, "weight": ["1", "2"]})
    found = CHECKS[name](PROJECTS, pd.concat([INDICATORS, lost]))
    assert found["passed"].tolist() == [True, True, False] and found["check"].tolist() == [check] * 3
    assert found["note"].tolist()[2] == "有 1 个项目只在指标表中：丙"


def test_every_blank_of_an_amount_is_drawn_as_none():
    drawn = clean.to_float(pd.Series([*BLANKS, Decimal(2)], dtype=object))
    assert drawn.isna().tolist() == [True] * len(BLANKS) + [False]


def test_a_name_is_as_long_as_it_prints():
    names = pd.Series(
        [" 完成社区职能任务，提高服\n", "各项事业持续健康发展，人 ", "夯实社区基层党组织的执政", "社区数量"]
    )
    assert clean.is_cut(names).tolist() == clean.is_cut(names.str.strip()).tolist() == [True, True, True, False]


def test_a_cut_name_with_two_whole_ones_stays_cut():
    names = pd.Series(["夯实党组织执政", "夯实党组织执政", "夯实党组织执政根基", "夯实党组织执政能力"])
    cut = pd.Series([True, False, False, False])
    assert clean.complete_names(names, cut, pd.Series([""] * 4))["name_completed"].isna().all()
    assert clean.complete_names(names[:3], cut[:3], pd.Series([""] * 3))["name_completed"][0] == "夯实党组织执政根基"


def test_the_width_of_a_column_is_that_of_most_lines_of_three_at_least():
    lines = ["保障老人按月 甲", "落实各项政策 乙", "养护全部道路 丙"]
    assert clean.line_width(pd.Series([*lines, "保障高龄老人按月发放 丁"])) == (0, 6)
    assert clean.line_width(pd.Series(lines[:2])) is None


def test_names_of_one_length_are_cut_only_where_they_break_off():
    whole = ["道路路面优良率", "办公设备完好率", "服务对象满意度"]
    open_ended = ["保障居民", "养护道路"]
    assert clean.cut_width(pd.Series([*whole, *open_ended])) is None
    cut = ["完成社区职能任务，提高服", "各项事业持续健康发展，人", "夯实社区基层党组织的执政"]
    shorter = ["加强村级组织运转保障水平", "推进农村人居环境整治工作"]
    assert clean.cut_width(pd.Series([*cut, *(name[:11] for name in shorter)])) == 12


def test_the_codes_of_a_fifth_of_the_projects_may_be_at_fault():
    codes = [f"{'510722000' if place < 9 else '510733000'}24T{place:09}" for place in range(11)]
    projects = pd.DataFrame({"project_no": range(11), "project_code": codes})
    assert clean.check_codes(projects, 2024)["project_no"].tolist() == [9, 10]
    assert clean.check_codes(projects[3:], 2024)["passed"].tolist() == [True]  # two of eight are no exception
    for ordered in (True, False):
        (note,) = clean.check_codes(projects[:9], 2024, ordered=ordered)["note"]
        assert ("和顺序" in note) == ordered


def test_functions_keep_their_names():
    for name in clean.__all__:
        assert getattr(clean, name).__name__ == name
