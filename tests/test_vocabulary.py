"""The field's closed lists: consistent in themselves, open to a user's own spellings."""

import pytest

from budgetperf.errors import InputError
from budgetperf.field import vocabulary as words
from budgetperf.field.categories import category_parts
from budgetperf.field.vocabulary import (
    header_field,
    is_label,
    level1_name,
    level1_of,
    level2_name,
    level2_order,
    meanings,
    unit_kind,
    vocabulary,
)

HEADS = [(field, head) for field, heads in vocabulary()["headers"].items() for head in heads]


def test_no_spelling_means_two_things():
    """In any list; only labels that are passed over alike may stand in two."""
    double = {tuple(sorted(keys)) for keys in meanings(vocabulary()).values() if len(keys) > 1}
    assert double == {("ignored", "signature"), ("ignored", "other_level"), ("more", "score_total")}


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ({"comparators": {"=": ["≥"]}}, "“≥”既是 ≥ 又是 ="),
        ({"headers": {"actual": ["指标 值"]}}, "“指标值”既是 target 又是 actual"),
        ({"headers": {"name": ["甲"], "target": ["甲"]}}, "“甲”既是 name 又是 target"),
        ({"labels": {"subtotal": ["合计"]}}, "“合计”既是 total 又是 subtotal"),
        ({"form": {"start_date": [["项目名称"]]}}, "“项目名称”既是 project 又是 start_date"),
        ({"levels": {"管理指标": {"variants": ["产出指标"]}}}, "“产出”既是 产出指标 又是 管理指标"),
        ({"levels": {"产出指标": {"level2": {"数量指标": ["产出质量"]}}}}, "“产出质量”既是 数量指标 又是 质量指标"),
        ({"units_of_measure": {"things": ["公里"]}}, "“公里”既是 things 又是 measure"),
        ({"categories": {"9": "运转类"}}, "“运转类”既是 2 又是 9"),
    ],
)
def test_a_user_gives_no_spelling_a_second_meaning(added, said):
    with pytest.raises(InputError, match=said), words.use(added):
        pass
    with words.use({"headers": {"target": ["指标值"]}}):  # said again, it means what it did
        assert header_field("指标值") == "target"


@pytest.mark.parametrize(("field", "head"), HEADS)
def test_column_heads_are_known_however_they_are_wrapped(field, head):
    assert header_field(head) == field
    assert header_field(" ".join(head)) == field
    assert header_field(f"{head[:2]}\n{head[2:]} (万元)") == field


def test_taxonomy():
    for level1, entry in vocabulary()["levels"].items():
        assert level1_name(level1) == level1 == level1_name(level1.removesuffix("指标"))
        for level2, variants in entry.get("level2", {}).items():
            assert level1_of(level2) == (None if level2 == "成本指标" else level1)
            for spelling in [level2, *variants, level2.removesuffix("指标")]:
                assert level2_name(spelling) == level2, spelling
    assert list(level2_order().values()) == list(range(len(level2_order())))
    assert level2_name("村民满意度情况") is None and level1_name("数量指标") is None


def test_labels_units_and_categories():
    assert is_label("合 计-", "total") and is_label("小计", "subtotal") and not is_label("合计金额占比情况", "total")
    assert is_label("其中：预算执行率", "execution")
    assert [unit_kind(u) for u in ("％", "元/人/月", "人次", "个月", "平方米", "满意")] == [
        "rate", "money", "people", "time", "measure", None,
    ]  # fmt: skip
    assert category_parts("3-特定目 标类") == ("3", "特定目标类") and category_parts("２2－其他运转类") == (
        "22",
        "其他运转类",
    )
    assert category_parts("社区数量") is None and category_parts("68.00") is None


def test_a_user_adds_spellings_without_touching_code():
    added = {"headers": {"name": ["考核要点"]}, "levels": {"产出指标": {"level2": {"数量指标": ["工作量"]}}}}
    with words.use(added):
        assert header_field("考核 要点") == "name" and header_field("三级指标") == "name"
        assert level2_name("工作量指标") == "数量指标" and level2_name("产出数量") == "数量指标"
    assert header_field("考核要点") is None and level2_name("工作量指标") is None


def test_what_is_kept_at_hand_has_a_bound(monkeypatch):
    monkeypatch.setattr(words, "LOOKED_UP", 3)
    asked = []
    twice = words.per_vocabulary(lambda number: asked.append(number) or 2 * number)
    assert [twice(number) for number in (1, 1, 2, 3, 4, 1)] == [2, 2, 4, 6, 8, 2]
    assert asked == [1, 2, 3, 4, 1]
