"""Text over a page break: run on or read twice; digits that two halves read differently, and how sums settle them."""

import itertools
import random
from decimal import Decimal

import pandas as pd
import pytest
from generator.cut_pages import breaks_on_paper
from generator.halves import broken
from generator.truth import make_truth
from hypothesis import assume, given
from hypothesis import strategies as st

from budgetperf.mend.breaks import in_order, join_pieces, same_line, settle_by_sum
from budgetperf.mend.halves import printed_characters

CHINESE = st.text(alphabet="社区工作经费满足职员用餐保证品及服务质量", min_size=1, max_size=30)
WEAK = {"8": "0", "9": "0", "5": "0", "6": "0", "3": "0", "4": "1", "7": "1", "0": "0", "1": "1", "2": "1"}
AMOUNT = st.integers(100, 99999).map(lambda n: f"{Decimal(n) / 100:.2f}")


@given(st.text("0123456789.社区，-", max_size=12), st.text("0123456789.社区，-", max_size=12))
def test_being_one_line_is_mutual(upper, lower):
    assert same_line(upper, lower) == same_line(lower, upper)
    assert not same_line(upper, lower) or len(upper) == len(lower)


@given(CHINESE, CHINESE)
def test_text_that_runs_on_loses_nothing(upper, lower):
    joined = join_pieces(upper, lower)
    if not joined.twice:
        assert joined.text == upper + lower and joined.readings == (joined.text,)
    else:
        assert len(joined.text) == len(upper) + len(lower) - joined.twice
        assert joined.text.startswith(upper[: -joined.twice] or upper[:0])


@given(AMOUNT, st.lists(st.sampled_from(["upper", "lower", "neither"]), min_size=8, max_size=8))
def test_the_printed_amount_is_among_the_readings_of_its_two_halves(amount, decays):
    """Each digit decays in one half at the most, as a line cut through its glyphs does."""
    halves = {"upper": "", "lower": ""}
    for digit, decay in itertools.zip_longest(amount, decays[: len(amount)]):
        for half in halves:
            halves[half] += WEAK.get(digit, digit) if decay == half else digit
    assume(same_line(halves["upper"], halves["lower"]) and len(amount) > 3)
    joined = join_pieces(halves["upper"], halves["lower"])
    assert amount in joined.readings and joined.twice == len(amount)
    assert all(len(reading) == len(amount) for reading in joined.readings)
    assert len(set(joined.readings)) == len(joined.readings)


@pytest.mark.parametrize("name", ["食堂运转经费", "人大代表工作经费", "村民小组及监委会运转活动经费"])
@pytest.mark.parametrize("width", [8, 10])
def test_a_code_cut_through_its_last_line(name, width):
    text = f"63012300024T000000589-{name}"
    lines = [text[k : k + width] for k in range(0, len(text), width)]
    cut = next(k for k, line in enumerate(lines) if "-" in line)
    lower = lines[cut].replace("5", "0")
    joined = join_pieces(" ".join(lines[: cut + 1]), " ".join([lower, *lines[cut + 1 :]]))
    assert text in joined.readings


def test_the_same_cell_on_each_page_stands_once():
    assert join_pieces("能 力提升", "能力 提升").text == "能力提升"
    assert join_pieces("3-特定目标类", "3-特定目标类").readings == ("3-特定目标类",)


def _breaks(through: bool, count: int):
    """Generated breaks of objectives and what becomes of them: see benchmarks/page_breaks.py for thousands."""
    rng, seed = random.Random(f"breaks {through}"), 0
    while count:
        seed += 1
        texts = [str(project["objective"]) for project in make_truth(seed)["projects"]]
        for text in texts:
            drawn = broken(rng, text, through)
            if drawn and count:
                count -= 1
                upper, lower, right = drawn
                printed = printed_characters([upper, lower, *(other for other in texts if other != text)])
                joined = join_pieces(upper, lower, printed=printed)
                yield joined, "".join(joined.text.split()) == "".join(right.split())


def test_a_break_between_two_lines_loses_nothing():
    found = list(_breaks(False, 400))
    assert all(right and not joined.twice for joined, right in found)
    assert sum(joined.in_doubt for joined, _ in found) <= 2


def test_a_line_that_a_break_cuts_is_found_or_told():
    found = list(_breaks(True, 400))
    assert sum(right for _, right in found) > 0.98 * len(found)
    assert sum(not right and not joined.in_doubt for joined, right in found) < 0.005 * len(found)


def test_every_line_that_the_edge_of_a_page_cuts_is_found(tmp_path):
    texts = [str(project["objective"]) for project in make_truth(88)["projects"]]
    breaks = [b for seed in range(880, 890) for b in breaks_on_paper(texts, seed, tmp_path / "paper.pdf")]
    assert sum(through for through, *_ in breaks) > 15 and not all(through for through, *_ in breaks)
    for through, upper, lower, right in breaks:
        joined = join_pieces(upper, lower)
        assert "".join(joined.text.split()) == "".join(right.split())
        assert (through or not joined.twice) and not joined.in_doubt


def test_a_line_hardly_like_its_lower_half_but_strange_to_the_document_is_a_guess():
    upper, lower = "加计扣除\n额超过181万元的规模", "则研征101辅优记规模\n以上企业给予补助"
    whole = "加计扣除额超过181万元的规模以上企业给予补助"
    elsewhere = ("企业给予补助，规模以上超过万元的额加计扣除",) * 9
    joined = join_pieces(upper, lower, printed=printed_characters([upper, lower, *elsewhere]))
    assert joined.guessed and joined.text == whole and joined.twice == 11
    known = join_pieces(upper, lower, printed=printed_characters([upper, lower, lower, *elsewhere]))
    assert known.in_doubt and not known.twice, "characters that the document prints elsewhere too are not strange to it"


def test_lines_alike_by_accident_are_kept():
    upper, lower = "为全县农村公路开展日常养护，保持路况良", "好，保障群众出行安全便捷，助力乡村振兴。"
    assert join_pieces(upper, lower).text == upper + lower


def test_a_cut_cell_beside_it_makes_a_cut_line_likelier():
    upper, lower = "另列设备购置费，按季拨付保管", "，推委找付仍官，落实管护责任"
    alone, beside = join_pieces(upper, lower), join_pieces(upper, lower, cut_beside=True)
    assert (alone.twice, alone.in_doubt, alone.text) == (0, True, upper + lower)
    assert beside.twice == 7 and beside.text == upper + lower[7:]


@pytest.mark.parametrize(
    ("lower", "doubted"), [("达济因200赴练赴，解决出行难", True), ("达济因152赴练赴，解决出行难", False)]
)
def test_figures_that_stand_below_as_halves_of_figures_leave_it_in_doubt(lower, doubted):
    joined = join_pieces("完成2000年\n以前的283个小区", lower.replace("，", "\n，"))
    assert not joined.twice and joined.in_doubt is doubted


@pytest.mark.parametrize(
    ("upper", "lower", "doubted"),
    [
        ("财政统筹，按\n2016 格式导出", "2010 征衔役衔\n。通过项目实施，", True),
        ("财政统筹，按\n216 式导出", "210 衔役衔\n。通过项目实施", False),
    ],
)
def test_long_lines_with_their_marks_in_the_same_places_are_in_doubt_sooner(upper, lower, doubted):
    joined = join_pieces(upper, lower)
    assert not joined.twice and joined.in_doubt is doubted


def test_a_sentence_typed_twice_stays_twice():
    once = "为了提高职工工作效率，全年正常供餐"
    joined = join_pieces(once + "为了提", "高职工工作效率，全年正常供餐")
    assert joined.text == once + once and joined.twice == 0


@given(
    st.lists(st.lists(st.integers(1, 60), min_size=1, max_size=4, unique=True), min_size=1, max_size=5),
    st.integers(1, 200),
)
def test_settling_by_the_sum_finds_every_choice(numbers, wanted):
    options = [[Decimal(n) / 4 for n in row] for row in numbers]
    total = Decimal(wanted) / 4
    brute = [choice for choice in itertools.product(*options) if sum(choice) == total]
    assert sorted(settle_by_sum(options, total)) == sorted(brute)


def test_too_many_readings_settle_nothing():
    many = [[Decimal(2) ** k, Decimal(0)] for k in range(40)]
    assert settle_by_sum(many, Decimal(3)) == []


def test_codes_must_be_unique_and_keep_an_order_that_the_others_have():
    codes = pd.Series(["00561", None, "00580", "00679"])
    assert in_order(codes, 2, "00589") and not in_order(codes, 2, "00561") and not in_order(codes, 2, "00700")
    assert in_order(codes, 0, "00001") and not in_order(codes, 3, "00500")
    unordered = pd.Series(["9", "1", "5"])
    assert in_order(unordered, 2, "3") and not in_order(unordered, 2, "9")
