"""Units of measure: what they measure, and how many of its base unit they are."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from budgetperf.field.notation import comparator_of
from budgetperf.field.vocabulary import fold, unit_kind

# what is measured → unit → how many of the base unit; other units count things and are compared by number alone
CONVERSIONS = {
    "money": {"元": "1", "百元": "100", "千元": "1000", "万元": "10000", "亿元": "100000000"},
    "length": {
        "毫米": "0.001", "厘米": "0.01", "米": "1", "m": "1", "延米": "1", "里": "500", "公里": "1000", "千米": "1000",
        "km": "1000", "万米": "10000",
    },
    "area": {
        "平方米": "1", "平方": "1", "平米": "1", "㎡": "1", "m2": "1", "公顷": "10000", "万平方米": "10000", "平方公里": "1000000",
        "km2": "1000000", "hm2": "10000",
    },
    "mu": {"亩": "1", "万亩": "10000"},
    "volume": {"升": "0.001", "立方米": "1", "立方": "1", "m3": "1", "万立方米": "10000", "亿立方米": "100000000"},
    "mass": {"克": "0.001", "千克": "1", "公斤": "1", "kg": "1", "斤": "0.5", "吨": "1000", "t": "1000", "万吨": "10000000"},
    "rate": {"%": "1", "百分比": "1", "百分点": "1", "个百分点": "1", "‰": "0.1", "千分比": "0.1"},
    "hours": {"秒": "1", "分钟": "60", "小时": "3600", "个小时": "3600"},
    "workdays": {"工作日": "1", "个工作日": "1"},
    "days": {"天": "1", "日": "1", "个自然日": "1", "周": "7"},
    "months": {"月": "1", "个月": "1", "月份": "1", "季度": "3", "个季度": "3", "年": "12", "年度": "12"},
}  # fmt: skip
SCALES = {"万": Decimal(10_000), "千": Decimal(1000), "百": Decimal(100), "亿": Decimal(100_000_000)}
COUNTED = {"people", "things", ""}


@lru_cache(maxsize=50_000)
def base_unit(unit: str) -> tuple[str, Decimal]:
    """What a unit measures and how many base units it is; units that count things measure "things" or "people".

    >>> base_unit("万元"), base_unit("百分比"), base_unit("万人次"), base_unit("座")
    (('money', Decimal('10000')), ('rate', Decimal('1')), ('people', Decimal('10000')), ('things', Decimal('1')))
    >>> base_unit("万元/公里"), base_unit("万株")
    (('money/公里', Decimal('10000')), ('things', Decimal('10000')))
    """
    folded = re.sub(r"(?<=.)[·每]", "/", fold(unit)) if unit else ""
    for measured, units in CONVERSIONS.items():
        if folded in units:
            return measured, Decimal(units[folded])
    head, slash, rest = folded.partition("/")
    if slash and head in CONVERSIONS["money"]:
        return f"money/{rest}", Decimal(CONVERSIONS["money"][head])
    kind = unit_kind(folded) if folded else None
    bare = folded.lstrip("百千万亿")
    if kind is None and bare and bare != folded:
        kind = unit_kind(bare)
    if kind in ("people", "things"):
        scale = SCALES.get(folded[0], Decimal(1)) if len(folded) > 1 else Decimal(1)
        return kind, scale
    return folded, Decimal(1)


def same_measure(one: str, other: str) -> bool:
    """Whether two things measured can be compared by number: the same, or both counted.

    >>> same_measure("people", "things"), same_measure("rate", "people"), same_measure("money/人", "money")
    (True, False, True)
    """
    if one == other or {one, other} <= COUNTED:
        return True
    return one.partition("/")[0] == other.partition("/")[0] == "money" and "money" in (one, other)


_IN_BRACKETS = re.compile(r"[（(]([^（）()]+)[）)]")
_VALUE_AND_UNIT = re.compile("[/／].*单位")
_SIGNS = ("≥", ">", "≤", "<", "=")


class OfValues(NamedTuple):
    """What a head says of the values below it: the one unit or sign that all have; whether a unit stands behind a stroke."""

    unit: str | None
    comparator: str | None
    slashed: bool


def said_of_values(head: str) -> OfValues:
    """What a head of targets says in brackets of every value below it; of several units or signs none is every value's.

    >>> said_of_values("指标值（≥，%）"), said_of_values("指标值（个、%）")[:2], said_of_values("指标值/单位").slashed
    (OfValues(unit='%', comparator='≥', slashed=False), (None, None), True)
    >>> said_of_values("指标值（年度）")[:2], said_of_values("指标值（定性、定量）")[:2]
    ((None, None), (None, None))
    """
    words = [word for said in _IN_BRACKETS.findall(head) for word in re.split("[,，、]", said)]
    # 指标值（年度） says whose targets they are
    units = {word for word in words if unit_kind(word) not in (None, "time")}
    signs = {word for word in words if comparator_of(word) in _SIGNS}
    unit, sign = (min(said) if len(said) == 1 else None for said in (units, signs))
    return OfValues(unit, sign, _VALUE_AND_UNIT.search(head) is not None)
