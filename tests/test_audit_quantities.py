"""Sums in prose: what a true budget says is never doubted, one changed figure always is; no equality is made of bounds."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import judged, sums

from budgetperf.audit.config import load_config
from budgetperf.audit.quantities import read_sums
from budgetperf.audit.run import audit

THINGS = [("人", "网格员", "人"), ("名", "护林员", "人"), ("座", "水库", "座"), ("村", "", "村"), ("户", "", "户"), ("平方米", "", "平方米"),
          ("场", "演出", "场"), ("期", "培训", "期"), ("台", "", "台"), ("公里", "", "公里"), ("所", "小学", "所"), ("处", "", "处")]  # fmt: skip
PERIODS = {"": 1, "每月": 12, "每年": 1}


def amount(yuan: Decimal) -> str:
    return f"{(yuan / 10_000).normalize():f}万元" if yuan >= 10_000 else f"{yuan:f}元"


@st.composite
def budgets(draw):
    """(figures, sentence of figures): items of count × rate (× 12), in several orders, then their total."""
    items, texts = [], []
    for thing in draw(st.lists(st.sampled_from(THINGS), min_size=1, max_size=3, unique_by=lambda one: one[2])):
        unit, noun, each = thing
        count, period = draw(st.integers(2, 900)), draw(st.sampled_from(list(PERIODS)))
        rate = draw(st.integers(1, 400)) * (100 if period != "每月" else 10)
        order = draw(st.integers(0, 2))
        items.append((count, rate, PERIODS[period]))
        texts.append((order, unit, noun, each, period))
    total = draw(st.sampled_from(["共需", "合计", "共计", "总计", "需资金", "所需经费共"]))

    def sentence(items, stated: Decimal) -> str:
        clauses = []
        for (count, rate, _), (order, unit, noun, each, period) in zip(items, texts, strict=True):
            money = amount(Decimal(rate))
            clauses.append([
                f"安排{count}{unit}{noun}，每{each}{period}{money}",
                f"按照每{each}{period}{money}的标准，对{count}{unit}{noun}给予补助",
                f"{period}每{each}{money}，安排{count}{unit}{noun}",
            ][order])  # fmt: skip
        year = "全年" if any(period == "每月" for *_, period in texts) else ""  # else half a year is as true
        return f"{'；'.join(clauses)}，{year}{total}{amount(stated)}。"

    return items, sentence


def whole(items) -> Decimal:
    return sum((Decimal(count) * rate * times for count, rate, times in items), Decimal(0))


@settings(max_examples=150)
@given(budgets())
def test_a_true_budget_is_never_doubted(budget):
    items, sentence = budget
    sums = read_sums(sentence(items, whole(items)))
    assert sums.problems == [] and sums.total == whole(items)


@settings(max_examples=150)
@given(budgets(), st.sampled_from([Decimal("0.9"), Decimal("1.07"), Decimal("1.3"), Decimal("0.5")]))
def test_a_wrong_total_is_always_told(budget, factor):
    items, sentence = budget
    wrong = (whole(items) * factor).quantize(Decimal(1))
    if abs(wrong - whole(items)) <= 100:
        return
    (problem,) = read_sums(sentence(items, wrong)).problems
    assert (problem.stated, problem.right) == (wrong, whole(items))


@pytest.mark.parametrize("shares", [["中央", "省级", "县级"], ["上级补助", "本级财政", "自筹"]])
def test_sources_of_funds_are_as_much_as_the_whole(shares):
    text = (
        "项目总投资{}万元，其中："
        + "、".join(f"{share}资金{100 + 50 * n}万元" for n, share in enumerate(shares))
        + "。"
    )
    assert read_sums(text.format(450)).problems == []
    assert [p.right for p in read_sums(text.format(500)).problems] == [Decimal(4_500_000)]
    assert read_sums(text.format(500).replace("。", "，其余由企业承担。")).problems == []


@pytest.mark.parametrize(
    "text",
    [
        "预计救助600户，户均约2500元，共需160万元。",
        "举办运动会不少于3期，每期不超过12万元，共30万元。",
        "为30名学生购买图书，每册20元，共5万元。",  # how many books is not said
        "培训3天，每天30人，共12万元。",
        "改造管网12公里，惠及3000人，财政补助200万元，其余由企业自筹。",
        "巡查2处省级、14处县级文物保护单位，较2024年增加3处。",
        "聘用20人，每人每月1500元，等费用合计40万元。",
    ],
)
def test_what_is_no_equality_is_not_judged(text):
    assert read_sums(text).problems == []


def test_sentences_of_a_clerk():
    dataset, truths = sums()
    missed, alarms = judged(audit(dataset, load_config(None), only=["B02"]), truths)
    assert (missed, alarms) == ([], [])


def test_a_growth_whose_amount_is_stated():
    text = "14人，每月13392.5元，每160710元，每年提高10%，16071元。总计{}万元"
    assert [(p.stated, p.right) for p in read_sums(text.format("18")).problems] == [
        (Decimal(180_000), Decimal(176_781))
    ]
    assert read_sums(text.format("17.6781")).problems == []
