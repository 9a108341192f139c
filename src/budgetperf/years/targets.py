"""Whether a target got harder: by what it lets pass, with units of measure converted."""

import re
from decimal import Decimal, localcontext
from typing import NamedTuple

from budgetperf.field.measures import base_unit
from budgetperf.field.notation import parse_target
from budgetperf.tables.dataset import minimal

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
