"""Numbers, amounts, comparators, targets and codes: what is written comes back exactly, what is none stays None."""

import re
import unicodedata
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetperf.clean import comparators, parse_amounts, parse_numbers, parse_targets
from budgetperf.field.codes import CodeParts, code_parts, split_code
from budgetperf.field.notation import comparator_of, parse_amount, parse_number, parse_target, plain, widen
from budgetperf.field.vocabulary import comparator_spellings, units_of_measure, vocabulary

CENTS = st.integers(0, 10**12).map(lambda n: Decimal(n) / 100)
SIGNS = [s for spellings in vocabulary()["comparators"].values() for s in spellings]
BEFORE = sorted(s for s in SIGNS if s not in ("定性", "以上", "以下", "以内", "及以上", "及以下"))
UNITS = sorted(u for units in vocabulary()["units_of_measure"].values() for u in units)
FULL_WIDTH = str.maketrans("0123456789.,", "０１２３４５６７８９．，")


@given(CENTS)
def test_an_amount_comes_back_in_both_units(amount):
    assert parse_amount(f"{amount:,.2f}") == amount
    assert parse_amount(f"{amount:.2f}") == amount
    assert parse_amount(f"{amount * 10000:,.2f}", "元") == amount
    assert parse_amount(f"{amount:,.2f}万元", "元") == amount
    assert parse_amount(f"({amount:,.2f})") == -amount


@given(CENTS, st.integers(0, 5))
def test_width_and_blanks_of_an_amount_mean_nothing_unless_they_divide_two_numbers(amount, at):
    printed = f"{amount:,.2f}"
    between_digits = printed[at - 1 : at].isdigit() and printed[at : at + 1].isdigit()
    cut = f" {printed[:at]} {printed[at:]} ".translate(FULL_WIDTH)
    assert parse_amount(cut) == (None if between_digits and "," not in printed else amount)


@pytest.mark.parametrize("script", ["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "０１２３４５６７８９"])
def test_digits_of_every_script_are_digits_and_marks_beside_them_are_none(script):
    written = "1,234.56".translate(str.maketrans("0123456789", script))
    assert parse_number(written) == Decimal("1234.56")
    assert [parse_number(written + mark) for mark in "¹²③⑷㊿"] == [None] * 5
    assert parse_target(f"≥{script[5]}个").value == 5


@given(CENTS)
def test_amounts_are_decimals_without_needless_zeros(amount):
    read = parse_amount(f"{amount:.2f}")
    assert isinstance(read, Decimal) and str(read) == str(plain(read))
    assert "E" not in str(read) and not re.search(r"\.\d*0$", str(read))


@pytest.mark.parametrize(
    "text", ["", "-", "—", "/", " ", None, float("nan"), "约12", "12人", "1,23.00", "1.2.3", "十二", "12-13"]
)
def test_what_is_no_amount_is_none(text):
    assert parse_amount(text) is None


@pytest.mark.parametrize("text", ["10分", "≥10", "10%", "第3", "1,0000", "", None, "2024年"])
def test_a_number_is_never_guessed_out_of_mixed_text(text):
    assert parse_number(text) is None


@pytest.mark.parametrize("spelling", SIGNS)
def test_every_spelling_of_a_comparator_is_known_in_both_widths(spelling):
    canonical = comparator_of(spelling)
    assert canonical in ("≥", "≤", ">", "<", "=", "定性")
    assert comparator_of(f" {spelling} ") == canonical
    assert comparator_of(unicodedata.normalize("NFKC", spelling)) == canonical


@given(st.sampled_from(BEFORE), CENTS, st.sampled_from(UNITS))
def test_a_glued_target_is_taken_apart(spelling, number, unit):
    written = format(plain(number), "f")
    target = parse_target(f"{spelling}{written}{unit}")
    assert target == (comparator_of(spelling), written, plain(number), widen(unit))


@given(st.sampled_from(BEFORE), CENTS, st.sampled_from(UNITS))
def test_a_unit_in_a_column_of_its_own_is_not_looked_for_in_the_target(spelling, number, unit):
    target = parse_target(f"{spelling}{number:.2f}", unit_apart=True)
    assert target == (comparator_of(spelling), f"{number:.2f}", number, None)


@pytest.mark.parametrize(
    ("text", "comparator", "rest", "unit"),
    [
        ("95%以上", "≥", "95", "%"),
        ("30天以内", "≤", "30", "天"),
        ("不低于 98%", "≥", "98", "%"),
        ("≥100百分比", "≥", "100", "百分比"),
        ("=100.00(%)", "=", "100.00", "%"),
        ("＞＝12个月", "≥", "12", "个月"),
        ("2024年12月31日前", None, "2024年12月31日前", None),
        ("稳步提升", None, "稳步提升", None),
        ("3-5天", None, "3-5", "天"),
        ("44561", None, "44561", None),
        ("≧ %", "≥", "", "%"),
    ],
)
def test_targets_of_the_wild(text, comparator, rest, unit):
    target = parse_target(text)
    assert (target.comparator, target.text, target.unit) == (comparator, rest, unit)


@given(st.text(max_size=30))
def test_no_text_breaks_a_parser(text):
    parse_amount(text)
    parse_number(text)
    comparator_of(text)
    split_code(text)
    target = parse_target(text)
    assert target.value is None or target.value == parse_number(target.text)


CODES = st.from_regex(r"[0-9]{9}[0-9]{2}[A-Z][0-9]{9}", fullmatch=True).filter(str.isascii)


@given(CODES, st.sampled_from(["社区工作经费", "（二期）工程", "食堂运转"]), st.sampled_from(["-", "—", "－", "", " "]))
def test_code_and_name_come_apart(code, name, joint):
    assert split_code(f"{code}{joint}{name}") == (code, name)


@given(CODES)
def test_parts_of_a_code_make_it_up(code):
    assert "".join(code_parts(code)) == code
    assert code_parts(code[:-1]) is None and code_parts(code.replace(code[11], "9", 1)) is None
    assert isinstance(code_parts(code), CodeParts)


def test_a_year_before_a_name_is_no_code():
    assert split_code("2024年运转经费") == (None, "2024年运转经费")
    assert split_code("12-能力提升") == (None, "12-能力提升")


def test_columns_keep_index_and_input():
    texts = pd.Series(["≥50个", "1,536.74", None, "-"], index=[7, 3, 9, 1])
    before = texts.copy()
    for frame in (parse_amounts(texts), parse_numbers(texts), comparators(texts), parse_targets(texts)):
        assert frame.index.tolist() == [7, 3, 9, 1]
    pd.testing.assert_series_equal(texts, before)
    assert parse_amounts(texts).tolist() == [None, Decimal("1536.74"), None, None]
    assert parse_targets(texts).loc[7].tolist() == ["≥", "50", Decimal(50), "个"]


def test_the_lists_that_these_tests_draw_from_are_not_empty():
    assert len(BEFORE) > 15 and len(UNITS) > 100 and len(units_of_measure()) > 100 and len(comparator_spellings()) > 20
