"""Wraps undone: only blanks go, once and for all, and those with a meaning stay."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetperf.clean.text import line_width, undo_wraps
from budgetperf.field.wraps import _full, display_width, unwrap

CHINESE = "社区工作经费满意度，。“”（）"
TEXTS = st.text(alphabet=CHINESE + "AbZ019.%-" + "  \n", max_size=40)
PROSE = st.text(alphabet=CHINESE, min_size=1, max_size=120)


def tight(text: str) -> str:
    return "".join(text.split())


@given(TEXTS)
def test_nothing_but_blanks_is_lost(text):
    assert tight(unwrap(text)) == tight(text)
    assert tight(undo_wraps(pd.Series([text, text[::-1]])).iat[0]) == tight(text)


@given(TEXTS)
def test_once_is_enough(text):
    once = unwrap(text)
    assert unwrap(once) == once


@given(PROSE, st.integers(2, 20), st.sampled_from([" ", "\n", "  ", " \n "]))
def test_prose_wrapped_at_any_width_comes_back(text, width, joint):
    wrapped = joint.join(text[k : k + width] for k in range(0, len(text), width))
    assert unwrap(wrapped) == text


@given(st.lists(PROSE, min_size=1, max_size=6))
def test_text_without_blanks_is_untouched(texts):
    column = pd.Series(texts)
    pd.testing.assert_series_equal(undo_wraps(column), column, check_dtype=False)


@given(st.integers(0, 10**9 - 1), st.integers(4, 12))
def test_a_wrapped_project_code_is_whole_again(serial, width):
    text = f"63012300024T{serial:09d}-社区工作经费"
    assert unwrap(" ".join(text[k : k + width] for k in range(0, len(text), width))) == text


@pytest.mark.parametrize(
    "text",
    ["Windows 10 系统", "Excel 2016 格式", "A 类", "AA 级", "12 34", "Office 365", "ERP 系统", "Visual Studio Code"],
)
def test_blanks_with_a_meaning_stay(text):
    assert unwrap(text) == text


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("能 力提升补 助经费", "能力提升补助经费"),
        ("63012300 024T0000 00561-能 力提升补 助经费", "63012300024T000000561-能力提升补助经费"),
        ("完成24年各项 工作", "完成24年各项工作"),
        ("着力提升“七种能力 ”，提高", "着力提升“七种能力”，提高"),
        ("共需3312\n00元", "共需331200元"),
        ("Excel 表", "Excel 表"),
        ("Excel表3 人", "Excel表3人"),
        ("装 Windows 10 系统", "装 Windows 10 系统"),
        ("人员 10 系统", "人员10系统"),
        ("A4 10 张", "A4 10张"),
        ("8 km长", "8 km长"),
        ("编号2 .5", "编号2 .5"),
        ("Windows\nserver", "Windows server"),
        ("共3\nkm", "共3km"),
        ("  社区  ", "社区"),
        ("", ""),
        ("\n", ""),
    ],
)
def test_wraps_of_the_wild(text, mended):
    assert unwrap(text) == mended


def test_the_columns_own_width_tells_a_wrapped_number_from_two_numbers():
    column = pd.Series(
        ["保障全镇优抚对象共计2 3人，按月足额发放定期 补助", "依据文件精神落实各项政 策措施，全面完成年度目 标任务"]
    )
    assert line_width(column) == (0, 11)
    assert undo_wraps(column).iat[0] == "保障全镇优抚对象共计23人，按月足额发放定期补助"
    assert undo_wraps(pd.Series(["编号2 3"])).iat[0] == "编号2 3"


def test_width_of_print_counts_full_width_twice():
    assert [display_width(t) for t in ("社区", "ab", "８个", "")] == [4, 2, 4, 0]


def test_missing_stays_missing_and_the_input_is_untouched():
    column = pd.Series(["能 力", None, "Windows 10 系统"], index=[4, 2, 8])
    before = column.copy()
    mended = undo_wraps(column)
    pd.testing.assert_series_equal(column, before)
    assert mended.index.tolist() == [4, 2, 8] and mended.isna().tolist() == [False, True, False]
    assert mended[4] == "能力"


def test_only_a_full_width_character_that_no_longer_fits_leaves_a_line_half_short():
    assert _full("保障运转a", "社会", (1, 10))
    assert not _full("保障运转a", "a", (1, 10)) and not _full("保障运转a", "社会", (0, 6))
