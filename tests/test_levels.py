"""Levels and names: taxonomy folded, merged cells filled within borders, cut names marked and never changed."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetperf.clean.levels import fill_merged, fold_level1, fold_level2, level1_by_taxonomy
from budgetperf.clean.names import complete_from_text, complete_names, cut_width, is_cut
from budgetperf.mend.levels import mend_levels
from budgetperf.tables.ledger import Ledger

LEVELS = st.sampled_from(["产出", "效益", "满意度", None])


@given(st.lists(st.tuples(st.integers(1, 4), LEVELS), min_size=1, max_size=30))
def test_merged_cells_never_take_text_from_another_group(rows):
    rows = sorted(rows, key=lambda row: row[0])
    groups, texts = pd.Series([g for g, _ in rows]), pd.Series([t for _, t in rows], dtype=object)
    before = texts.copy()
    filled = fill_merged(texts, groups)
    pd.testing.assert_series_equal(texts, before)
    printed = texts.notna()
    assert (filled[printed] == texts[printed]).all()
    for group, mine in texts.groupby(groups):
        own = set(mine.dropna())
        assert set(filled[groups == group].dropna()) == own
        assert filled[groups == group].notna().all() == bool(own)


def test_a_blank_row_takes_the_text_above_before_the_text_below():
    texts, groups = pd.Series([None, "产出", None, "效益", None]), pd.Series([1, 1, 1, 1, 2])
    assert fill_merged(texts, groups).tolist()[:4] == ["产出", "产出", "产出", "效益"]
    assert pd.isna(fill_merged(texts, groups)[4])


def test_levels_fold_to_the_taxonomy_and_unknown_ones_stay():
    assert fold_level1(pd.Series(["产 出 指标", "满意度", "决策", "别的"])).tolist() == [
        "产出指标",
        "满意度指标",
        "决策指标",
        "别的",
    ]
    assert fold_level2(pd.Series(["社会效益", "产出数量", "服务对象 满意度", "别的"])).tolist() == [
        "社会效益指标", "数量指标", "服务对象满意度指标", "别的",
    ]  # fmt: skip
    level1 = level1_by_taxonomy(pd.Series(["社会效益指标", "成本指标", "别的", None]))
    assert level1.fillna("").tolist() == ["效益指标", "", "", ""]


@given(st.lists(st.sampled_from(["社会效益", "社会效益指标", "时效", "决策", "xx", None]), min_size=1))
def test_folding_twice_changes_nothing(texts):
    once = fold_level2(pd.Series(texts, dtype=object))
    pd.testing.assert_series_equal(fold_level2(once), once)


FORM = [
    "完成社区职能任务，提高服",
    "各项事业持续健康发展，人",
    "夯实社区基层党组织的执政",
    "社区数量",
    "居民满意度",
    "执法规范化、提升执法效率",
]


def test_cut_names_are_as_long_as_the_form_allows_and_stop_in_mid_phrase():
    names = pd.Series([*FORM, None])
    assert cut_width(names) == 12
    assert is_cut(names).tolist() == [True, True, True, False, False, False, False]


def test_a_form_without_a_limit_cuts_nothing():
    names = pd.Series(
        ["社区数量", "居民满意度", "完成社区职能任务，提高服务群众的水平", "发放工资人数", "完成各项工作的及时程度"]
    )
    assert cut_width(names) is None and not is_cut(names).any()


@pytest.mark.parametrize("width", [8, 10, 14, 16])
def test_the_limit_is_found_not_assumed(width):
    long = "推动全镇各村基础设施改善和公共服务能力稳步增强并惠及群众"
    names = pd.Series(
        [long[:width], long[3 : 3 + width], long[6 : 6 + width], long[9 : 9 + width], "社区数量", "合格率"]
    )
    assert cut_width(names) == width


def test_a_name_is_completed_only_where_something_says_so():
    names = pd.Series([*FORM, "夯实社区基层党组织的执政根基", "为社区群众提供各项服务，"])
    cut = pd.Series([True, True, True, False, False, False, False, True])
    objectives = pd.Series(["为民服务，完成社区职能任务，提高服务能力。", "", "", "", "", "", "", None])
    before = names.copy()
    result = complete_names(names, cut, objectives)
    pd.testing.assert_series_equal(names, before)
    assert result["name_completed"].fillna("").tolist() == [
        "完成社区职能任务，提高服务能力", "", "夯实社区基层党组织的执政根基", "", "", "", "", "",
    ]  # fmt: skip
    assert result["evidence"].notna().tolist() == result["name_completed"].notna().tolist()


def test_two_different_continuations_are_no_evidence():
    names = pd.Series(["夯实社区基层党组织", "夯实社区基层党组织的根基", "夯实社区基层党组织的队伍"])
    assert (
        complete_names(names, pd.Series([True, False, False]), pd.Series(["", "", ""]))["name_completed"].isna().all()
    )
    assert complete_from_text("提升基层治理能", "提升基层治理能力，提升基层治理能效。") is None


@given(
    st.text("社区工作经费提升服务水平", min_size=1, max_size=12), st.text("社区工作经费提升服务水平，。", max_size=60)
)
def test_a_completed_name_begins_with_the_printed_one(name, text):
    completed = complete_from_text(name, text)
    assert completed is None or (
        completed.startswith(name) and len(name) < len(completed) <= 2 * len(name) and completed in text
    )


def test_rows_of_no_known_group_are_filled_from_no_other():
    texts, groups = pd.Series(["产出", "", "", "效益"]), pd.Series([None, None, 1, 1], dtype=object)
    assert fill_merged(texts, groups).tolist() == ["产出", None, "效益", "效益"]


def test_a_level_outside_the_taxonomy_is_kept_without_its_points_or_refused():
    texts = pd.Series(["成效（20）", "数量"])
    assert fold_level2(texts).tolist() == ["成效", "数量指标"]
    assert fold_level2(texts, errors="null").tolist() == [None, "数量指标"]
    with pytest.raises(ValueError, match="成效"):
        fold_level2(texts, errors="raise")


def test_a_name_goes_on_from_five_characters_and_to_twice_its_length_at_most():
    assert complete_from_text("社区和谐", "确保社区和谐稳定") is None
    assert complete_from_text("确保社区和", "确保社区和谐稳定") == "确保社区和谐稳定"
    assert complete_from_text("确保社区和", "确保社区和谐稳定发展") == "确保社区和谐稳定发展"
    assert complete_from_text("确保社区和", "确保社区和谐稳定发展了") is None


def test_rows_of_one_blank_level_1_are_of_the_level_1_of_its_first():
    cells = {
        "level1_cell": [1, 2, 2, 3],
        "level1": ["效益指标", None, None, None],
        "level2": ["社会效益指标", "社会效益指标", "满意度", "满意度"],
    }
    rows = pd.DataFrame(cells).assign(project_no=1, page=[1, 2, 2, 2], weight=None, name="受益", measure_unit=None)
    mended = mend_levels(rows, None, False, Ledger())
    assert mended["level1"].tolist() == ["效益指标", "效益指标", "效益指标", "满意度指标"]
