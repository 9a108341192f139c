"""Whether a target got harder: by what it lets pass, with units of measure converted."""

import re
from decimal import Decimal, localcontext
from functools import lru_cache
from typing import NamedTuple

from budgetperf.field.notation import parse_target
from budgetperf.field.vocabulary import fold, unit_kind
from budgetperf.tables.dataset import minimal

OUTCOMES = ["unchanged", "harder", "easier", "different", "unknown"]
OUTCOME_WORDS = {
    "unchanged": "未变",
    "harder": "更难",
    "easier": "更易",
    "different": "不可比较的改动",
    "unknown": "无从判断",
}
# unit → (what it measures, how many of the base unit); others count things and are compared by number alone
_CONVERSIONS = {
    "money": {"元": "1", "百元": "100", "千元": "1000", "万元": "10000", "亿元": "100000000"},
    "length": {
        "毫米": "0.001",
        "厘米": "0.01",
        "米": "1",
        "m": "1",
        "延米": "1",
        "里": "500",
        "公里": "1000",
        "千米": "1000",
        "km": "1000",
    },
    "area": {
        "平方米": "1",
        "平方": "1",
        "平米": "1",
        "㎡": "1",
        "m2": "1",
        "公顷": "10000",
        "万平方米": "10000",
        "平方公里": "1000000",
    },
    "mu": {"亩": "1", "万亩": "10000"},
    "volume": {"升": "0.001", "立方米": "1", "立方": "1", "m3": "1", "万立方米": "10000"},
    "mass": {
        "克": "0.001",
        "千克": "1",
        "公斤": "1",
        "kg": "1",
        "斤": "0.5",
        "吨": "1000",
        "t": "1000",
        "万吨": "10000000",
    },
    "rate": {"%": "1", "百分比": "1", "百分点": "1", "个百分点": "1", "‰": "0.1", "千分比": "0.1"},
    "hours": {"秒": "1", "分钟": "60", "小时": "3600"},
    "days": {"天": "1", "日": "1", "周": "7"},
    "months": {"月": "1", "个月": "1", "月份": "1", "季度": "3", "年": "12", "年度": "12"},
}
_SCALES = {"万": Decimal(10_000), "千": Decimal(1000), "百": Decimal(100), "亿": Decimal(100_000_000)}
_DATE = re.compile(r"(?:(20\d\d)[年./-])?(\d{1,2})(?:月|[./-](?=\d))(?:(\d{1,2})日?|底|末)?")
_MAY_PASS_100 = re.compile("增长|增幅|增速|提高|提升|增加|同比|倍|超额|增值|收益|回报")


class Target(NamedTuple):
    """A target as it is compared: comparator, number in base units (or None), what is measured, text, printed unit."""

    comparator: str
    value: Decimal | None
    measures: str
    text: str
    unit: str
    factor: Decimal = Decimal(1)


@lru_cache(maxsize=50_000)
def base_unit(unit: str) -> tuple[str, Decimal]:
    """What a unit measures and how many base units it is; units that count things measure "things" or "people".

    >>> base_unit("万元"), base_unit("百分比"), base_unit("万人次"), base_unit("座")
    (('money', Decimal('10000')), ('rate', Decimal('1')), ('people', Decimal('10000')), ('things', Decimal('1')))
    """
    folded = fold(unit) if unit else ""
    for measured, units in _CONVERSIONS.items():
        if folded in units:
            return measured, Decimal(units[folded])
    head, slash, rest = folded.partition("/")
    if slash and head in _CONVERSIONS["money"]:
        return f"money/{rest}", Decimal(_CONVERSIONS["money"][head])
    kind = unit_kind(folded) if folded else None
    if kind in ("people", "things"):
        scale = _SCALES.get(folded[0], Decimal(1)) if len(folded) > 1 else Decimal(1)
        return kind, scale
    return folded, Decimal(1)


def target_of(
    comparator: str | None, text: str | None, value: Decimal | None, unit: str | None, year: int | None
) -> Target:
    """A target as it is compared; a date is counted in days from the start of the fiscal year.

    >>> target_of("≥", "2", Decimal(2), "万元", 2024).value, target_of("≤", "2024年10月31日", None, None, 2024).value
    (Decimal('20000'), Decimal('310'))
    """
    tight = re.sub(r"\s+", "", text or "")
    if value is None and tight and not unit:
        glued = parse_target(tight)
        if glued.value is not None:
            comparator, value, unit = comparator or glued.comparator, glued.value, glued.unit
    if comparator == "定性":
        return Target("定性", None, "text", tight, unit or "")
    if value is None:
        date = _DATE.search(tight) if comparator in ("≤", "<", "=", None) or "前" in tight else None
        # one date and nothing else, or it is a sentence
        if date and len(_DATE.findall(tight)) == 1 and len(tight) - len(date[0]) <= 4 and int(date[2]) <= 12:
            years = int(date[1]) - year if date[1] and year else 0
            days = int(date[3]) if date[3] else 31
            return Target(comparator or "≤", Decimal(years * 372 + (int(date[2]) - 1) * 31 + days), "date", tight, "")
        return Target(comparator or "", None, "text", tight, unit or "")
    measured, factor = base_unit(unit or "")
    with localcontext(prec=60):
        return Target(comparator or "", minimal(value * factor), measured, tight, unit or "", factor)


def compare_targets(old: Target, new: Target, name: str = "") -> tuple[str, str]:
    """(outcome, remark in Chinese): what the new target lets pass against what the old one let pass.

    harder: less passes than before (≥ 90 → ≥ 95, ≥ 95 → = 100); easier: more; different: neither holds the other
    (= 8 → = 10, ≥ → ≤, another measure, other words); unchanged: the same, whatever the spelling and the unit.
    Exchanging the two exchanges harder and easier.

    >>> sign = lambda comparator, number, unit="%": Target(comparator, Decimal(number), base_unit(unit)[0], number, unit)
    >>> compare_targets(sign("≥", "90"), sign("≥", "95")), compare_targets(sign("=", "8", "个"), sign("≥", "8", "个"))
    (('harder', ''), ('easier', '性质由 = 改为 ≥'))
    >>> compare_targets(sign("≤", "5", "天"), sign("≤", "3", "天"))[0], compare_targets(sign("=", "8", "个"), sign("=", "10", "个"))[0]
    ('harder', 'different')
    """
    if old.value is None or new.value is None:
        return _compare_words(old, new)
    remarks = []
    if old.comparator != new.comparator:
        remarks.append(f"性质由 {old.comparator or '无'} 改为 {new.comparator or '无'}")
    if old.measures != new.measures and {old.measures, new.measures} - {"people", "things", ""}:
        return "different", "；".join([*remarks, f"度量由 {old.unit or '无'} 改为 {new.unit or '无'}"])
    if old.unit != new.unit:
        remarks.append(
            f"单位由 {old.unit or '无'} 改为 {new.unit or '无'}" + ("，已折算" if old.factor != new.factor else "")
        )
    if not old.comparator or not new.comparator:
        same = old.value == new.value
        return ("unchanged" if same and old.comparator == new.comparator else "unknown"), "；".join(remarks)
    one, other = _passes(old, name), _passes(new, name)
    if one == other:
        outcome = "unchanged"
    else:
        outcome = "harder" if _within(other, one) else "easier" if _within(one, other) else "different"
    return outcome, "；".join(remarks)


def _compare_words(old: Target, new: Target) -> tuple[str, str]:
    if old.value is None and new.value is None:
        same = (old.comparator, old.text) == (new.comparator, new.text)
        if not old.text and not new.text:
            return ("unchanged" if same else "unknown"), "两年都没有指标值"
        return ("unchanged", "") if same else ("different", "文字不同")
    return "different", "由定量改为文字" if new.value is None else "由文字改为定量"


def _passes(target: Target, name: str) -> tuple[Decimal, bool, Decimal, bool]:
    """The interval of actuals that meet the target: (low, closed, high, closed)."""
    least, most, value = Decimal("-Infinity"), Decimal("Infinity"), target.value
    if target.measures == "rate" and not _MAY_PASS_100.search(name):
        most = Decimal(100)  # a share passes 100 % never: ≥ 100 asks for what = 100 asks for
    if (
        target.measures in ("rate", "money", "people", "things", "length", "area", "days", "hours", "months")
        and value >= 0
    ):
        least = Decimal(0)
    return {
        "≥": (value, True, max(most, value), True),
        ">": (value, False, max(most, value), True),
        "≤": (min(least, value), True, value, True),
        "<": (min(least, value), True, value, False),
        "=": (value, True, value, True),
    }[target.comparator]


def _within(inner: tuple, outer: tuple) -> bool:
    low = inner[0] > outer[0] or (inner[0] == outer[0] and (outer[1] or not inner[1]))
    high = inner[2] < outer[2] or (inner[2] == outer[2] and (outer[3] or not inner[3]))
    return low and high


def meets(target: Target, actual: Target, name: str = "") -> str:
    """Whether an actual meets a target: met, short or unclear (words, dates that are not told, another measure).

    >>> sign = lambda comparator, number: Target(comparator, Decimal(number), "rate", number, "%")
    >>> meets(sign("≥", "90"), sign("=", "93")), meets(sign("≥", "95"), sign("=", "93"))
    ('met', 'short')
    """
    if target.value is None or actual.value is None or not target.comparator:
        same = bool(target.text) and target.text == actual.text
        return "met" if same else "unclear"
    if target.measures != actual.measures and {target.measures, actual.measures} - {"people", "things", ""}:
        return "unclear"
    low, low_closed, high, high_closed = _passes(target, name)
    if target.comparator in ("≥", ">"):
        high = Decimal("Infinity")
    value = actual.value
    above = value > low or (low_closed and value == low)
    below = value < high or (high_closed and value == high)
    return "met" if above and below else "short"
