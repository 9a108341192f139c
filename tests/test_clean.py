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
    lambda texts: clean.to_float(clean.parse_numbers(texts)),
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
