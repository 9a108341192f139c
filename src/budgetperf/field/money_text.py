"""Amounts among words: what a cell beside a money label states, and whether parts agree with their whole."""

import re
from decimal import Decimal

from budgetperf.field.capitals import yuan_in_capitals
from budgetperf.field.headings import money_unit
from budgetperf.field.notation import parse_amount, parse_number, widen

_AMOUNT = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_UNIT = r"(?:万元|千元|百元|亿元|万|元)"
_AFTER = r"[(,，。;:、](?!\d)|其中|用于|$"
_LEADING = re.compile(  # a bare number ends where its digits do: 67,305.81、79 is none, nor is 65,。
    rf"(?:共计?|合计|总计|总额|人民币|[¥￥])?:?({_AMOUNT}(?:{_UNIT}(?=[一1]、|{_AFTER})|(?![\d.,。])(?=一、|{_AFTER})))"
)
_WITH_UNIT = re.compile(rf"(?<![\d.])({_AMOUNT}{_UNIT})(?!/)")
_TOTAL = re.compile(rf"(?:共计?|合计|总计|总额|总预算|预算数?|资金)[为是:安排申请需]*({_AMOUNT}{_UNIT})")
_OF_A_YEAR = re.compile(rf"(?:20\d\d年度?|[本当今]年)[^,，。;、]{{0,6}}{_AMOUNT}{_UNIT}")
_UNSURE = re.compile(r"约|左右|上下|不超|以内|以上|至少|大概|预计|\d[-~～—至]\d|暂估|\d[+→]\d")
_CHANGED = re.compile("调整|调[增减]|核[定减增]|追[加减]|每年|→")
_YEAR = re.compile(r"20\d\d年")
_NUMBER = re.compile(rf"[(]?[¥￥]?{_AMOUNT}(?:{_UNIT}?[)]?|[(]{_UNIT}[)])")
_CAPITALS = re.compile(r"(?:人民币)?(?:大写:?)?([\u4e00-\u9fff]+?)(?:[(]?(?:小写:?)?[¥￥]([\d,.]+)元?[)]?)?")
# a blank at which no line may end, between thousands
THOUSANDS_BLANK = re.compile(r"(?<!\d{4})(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))")
_MARKS = str.maketrans("（）：；", "():;")
ROUNDING = Decimal("0.01")  # 万元


def _tight(text: str) -> str:
    return re.sub(r"\s+", "", widen(text)).translate(_MARKS)


def is_number(text: str) -> bool:
    """Whether a cell holds a bare amount, with its unit or without.

    >>> is_number("3,985,000.00"), is_number("4，126．80"), is_number("10000万元"), is_number("100%"), is_number("3年")
    (True, True, True, False, False)
    """
    return bool(_NUMBER.fullmatch(_tight(text)))


def is_nothing(text: str) -> bool:
    """Whether a cell holds a dash or the like, which stands for no value.

    >>> is_nothing("—"), is_nothing("0")
    (True, False)
    """
    return bool(re.fullmatch(r"[-—–―_/\\\s]*", text))


def amount_text(text: str) -> str | None:
    """The amount that a cell states, with its own unit where it has one; None where that is not sure.

    An amount that opens the text, or the only one in it, or the one called the total; never one that is called rough, nor
    one of which a year has a part.

    >>> amount_text("854万（农田建设400万元，示范建设295万元，畅通工程159万元）"), amount_text("申请财政资金65万元，其中市级40万元。")
    ('854万', '65万元')
    >>> amount_text("1,286.5"), amount_text("约31.2"), amount_text("甲10万元、乙20万元"), amount_text("3年")
    ('1,286.5', None, None, None)
    >>> [amount_text(t) for t in ("3,969.0?", "307,07", "50 30万元", "3,735,密118.44", "89.54,", "1。", "65万元,其中市级40万元")]
    [None, None, None, None, None, None, '65万元']
    >>> amount_text("360\\xa0000元"), amount_text("360 000元")
    ('360,000元', None)
    >>> amount_text("37.5万元，其中：2024年安排12.5万元"), amount_text("2024年预算12.5万元，其中市级7万元")
    (None, '12.5万元')
    >>> [amount_text(t) for t in ("15万元，核定为12.5万元", "100000+25000元", "12.5（调整为10）", "三年共37.5万元，每年12.5万元")]
    [None, None, None, None]
    >>> [amount_text(t) for t in ("人民币捌拾陆万元整（￥860,000.00）", "捌拾陆万元整", "捌拾陆万元整（￥890,000.00）")]
    ['860000.00元', '860000.00元', None]
    >>> amount_text("67,305.81、79"), amount_text("1.51、79"), amount_text("854万1、农田400万元")
    (None, None, '854万')
    >>> amount_text("核定12.5万元"), amount_text("12.5万元（2024年调整）")
    ('12.5万元', '12.5万元')
    """
    text = THOUSANDS_BLANK.sub(",", text)
    tight = _tight(text)
    if is_number(tight):
        bare = re.sub(r"^[(（]?\s*[¥￥]|[(（]?[亿万千百]*元?\s*[)）]?$", "", text.strip())
        several = parse_number(bare) is None and parse_number(_tight(bare)) is not None  # 50 30万元
        return None if several else tight
    if (words := _CAPITALS.fullmatch(tight)) and (yuan := yuan_in_capitals(words[1])) is not None:
        same = not words[2] or parse_number(words[2]) == yuan
        return f"{yuan}元" if same else None
    if _UNSURE.search(tight.split("(")[0][:24]):
        return None
    with_units = _WITH_UNIT.findall(tight)
    stated = _LEADING.match(tight) or (_WITH_UNIT if len(with_units) == 1 else _TOTAL).search(tight)
    changed = len(re.findall(_AMOUNT, _YEAR.sub("", tight))) > 1 and _CHANGED.search(tight)
    return stated[1] if stated and not changed and not _OF_A_YEAR.search(tight, stated.end()) else None


def amounts_in(text: str, unit: str) -> list[Decimal]:
    """Every amount with a unit in a text, in 万元.

    >>> amounts_in("854万（建设400万元，示范454万元）", "万元")
    [Decimal('854'), Decimal('400'), Decimal('454')]
    """
    found = (parse_amount(match, unit) for match in _WITH_UNIT.findall(_tight(text)))
    return [amount for amount in found if amount is not None]


def stated_parts(text: str, unit: str) -> list[Decimal]:
    """The parts into which a text divides the amount that opens it; what stands in brackets divides a part again, unless
    it is all there is.

    >>> stated_parts("总额9万元 一、拨款：7万元（上级：7万元）二、自有：2万元", "元"), stated_parts("8万（甲5万元，乙3万元）", "元")
    ([Decimal('7'), Decimal('2')], [Decimal('5'), Decimal('3')])
    """
    outer = amounts_in(re.sub(r"[(（][^()（）]*[)）]", "", text), unit)
    return (outer if len(outer) > 1 else amounts_in(text, unit))[1:]


def unit_in(text: str) -> str | None:
    """元, 万元 … as a label prints it in brackets, also behind other words; of labels over each other the last.

    >>> unit_in("项目总金额（中期规划，万元）"), unit_in("项目资金\\n（万元）"), unit_in("资金总额"), unit_in("预算安排万元")
    ('万元', '万元', None, '万元')
    >>> unit_in("项目资金（万元）/年度资金总额（元）")
    '元'
    """
    tight = _tight(text)
    found = re.findall(r"[(（][^()（）]*?(万元|千元|亿元|百元|(?<![\u4e00-\u9fff])元)[^()（）]{0,4}[)）]", tight)
    last = re.search(r"(万元|千元|亿元)$", tight)
    return (found and found[-1]) or money_unit(text) or (last and last[1]) or None


def figures_of(amount: Decimal) -> str:
    """The figures of an amount, wherever its point stands.

    >>> figures_of(Decimal("12.50")), figures_of(Decimal(125000))
    ('125', '125')
    """
    return "".join(map(str, amount.as_tuple().digits)).strip("0")


def divisions_of(whole: Decimal | None, parts: list[Decimal]) -> list[Decimal]:
    """The sums of parts in order; once they make up the whole, another division of it begins (by source, by purpose).

    >>> divisions_of(Decimal(10), [Decimal(7), Decimal(3), Decimal(4), Decimal(6)]), divisions_of(None, [Decimal(7)])
    ([Decimal('10'), Decimal('10')], [Decimal('7')])
    """
    sums = [Decimal(0)]
    for amount in parts:
        sums.append(amount) if sums[-1] == whole else sums.append(sums.pop() + amount)
    return sums


def parts_disagree(whole: Decimal, parts: list[Decimal], exhaustive: bool) -> bool:
    """Whether parts cannot be those of a whole: more than it together, or less though none is missing.

    >>> parts_disagree(Decimal(10), [Decimal(8)], False), parts_disagree(Decimal(10), [Decimal(8), Decimal(3)], False)
    (False, True)
    """
    total = sum(parts, Decimal(0))
    return bool(parts) and (total - whole > ROUNDING or (exhaustive and whole - total > ROUNDING))
