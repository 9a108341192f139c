"""The figures of a Chinese sentence: amounts of money, counts, times and shares, and what each is for one of."""

import re
from decimal import Decimal
from typing import NamedTuple

from budgetperf.audit.equations import NUMBER, decimal_of

YEAR_OF = {"月": 12, "季": 4, "半年": 2, "年": 1}  # how often a period comes in a year
_FIGURE = re.compile(
    rf"(?<![\d.〔\[（(第])({NUMBER})([百千万亿]?)(元|%|个月|个季度|年(?!代|级)|月|[\u4e00-\u9fff㎡/]+|m2)"
)
_AFTER = r"(?:[/·每](?:人次|平方米|[\u4e00-\u9fff]{1,2}?)(?=[/·每]|[^\u4e00-\u9fff]|$|的|计|标准|安排|给予|补|发|测))*"
_PER = re.compile(r"每(?:个)?([^每，。；、：:\d\0]{1,10})")
_EACH = re.compile(
    r"([户亩床村场生项校县乡镇台株批站公里月年日])均|人均|平均每?|单([\u4e00-\u9fff])|(各)(?:安排|补助|补贴|奖补|奖励|给予|拨付|发放|资助)?"
)
_PERIOD = re.compile(r"^(?:个)?(半年|月|季度?|年度?|学期|天|日|周|期(?!刊))(?!度?[\u4e00-\u9fff]?会)")
_MONTHLY = re.compile(
    r"(?:每个?|按|人均?|均|^|[，；。、]|为|其)月(?!底|初|末|份)|月(?:工资|报酬|补贴|补助|租金|租|薪|均|人均|津贴|标准|支出|费用)"
)
_YEARLY = re.compile(
    r"(?:每|全|按|一|本|当)年|年(?:工资|报酬|补贴|补助|租金|租|薪|均|人均|度|支出|费用|需|共|计|津贴)|^年$"
)
_MONTH_RANGE = re.compile(r"(\d{1,2})月份?(?:至|到|-|—|~)(?:次年)?(\d{1,2})月")
_BACKGROUND = re.compile(r"(?:其中|惠及|受益|服务|覆盖|涉及|带动|较上年|比上年|同比|新增|减少)[^，。；、\d]{0,8}$")
PEOPLE = ("人", "名", "位", "员", "生", "学生", "教师", "职工", "村医", "干部", "队员", "网格员")


class Figure(NamedTuple):
    """A number of a text with what stands round it."""

    kind: str  # money, count, time, share
    value: Decimal
    start: int
    end: int
    before: str  # its clause up to it, since the figure before
    after: str  # for a count: the noun; for money: units behind a stroke
    per: tuple[str, ...] = ()  # money: of what one; count: in which period
    background: bool = False  # may be left out of a sum


def figures_of(text: str) -> list[Figure]:
    """The figures of a text (as `normal` writes it): money, counts, times and shares, in order.

    >>> [(one.kind, one.value, one.after) for one in figures_of("对31座水库，每座6万元")]
    [('count', Decimal('31'), '座水库'), ('money', Decimal('60000'), '')]
    """
    found, last = [], 0
    spans = [(m.start(), m.end(), Decimal(int(m[2]) - int(m[1]) + 1)) for m in _MONTH_RANGE.finditer(text)]
    found += [Figure("time", months, start, end, "", "月") for start, end, months in spans if 0 < months <= 12]
    for match in _FIGURE.finditer(text):
        if any(start <= match.start() < end for start, end, _ in spans):
            continue
        clause = re.split(r"[，。；、：:\n]", text[last : match.start()])[-1]
        before, value, unit = clause[-20:], decimal_of(match[1], match[2]), match[3]
        last = match.end(2)
        if unit == "元":
            tail = re.match(_AFTER, text[match.end() :])[0]
            last = match.end() + len(tail)
            found.append(Figure("money", value, match.start(), last, before, tail, _per_of(before, tail)))
        elif unit == "%":
            found.append(Figure("share", value / 100, match.start(), match.end(), before, ""))
            last = match.end()
        elif unit in ("个月", "个季度") or (unit == "年" and value < 10):
            months = {"个月": 1, "个季度": 3, "年": 12}[unit] * value
            found.append(Figure("time", months, match.start(), match.end(), before, "月"))
        elif unit in ("年", "月") or unit.startswith(
            ("年", "月", "号", "日", "周岁", "岁", "级", "类", "条第", "款", "届", "点", "时")
        ):
            continue  # a date, an age, a rank
        else:
            per = tuple(m[1] for m in map(_PERIOD.match, _PER.findall(before)) if m)
            background = bool(_BACKGROUND.search(before))
            found.append(Figure("count", value, match.start(), match.end(2), before, unit[:8], per, background))
    return sorted(found, key=lambda figure: figure.start)


def _per_of(before: str, tail: str) -> tuple[str, ...]:
    """What an amount is for one of: nouns and periods.

    >>> _per_of("每名网格员每月补贴", ""), _per_of("", "/人·月"), _per_of("户均", ""), _per_of("共需", "")
    (('名网格员', '月'), ('人', '月'), ('户',), ())
    """
    per = []
    for noun in _PER.findall(before):
        period = _PERIOD.match(noun)
        per.append(period[1] if period else noun)
    for match in _EACH.finditer(before):
        if match[0].startswith("人均"):
            per.append("人")
        elif match[1]:
            per.append(match[1])
        elif match[2] and match[2] != "位":
            per.append("" if match[2] == "价" else match[2])
        elif match[3] or (match[0] == "平均" and not _PER.search(before)):
            per.append("")
    per += [one for one in re.split(r"[/·每]", tail) if one]
    if not set(per) & set(YEAR_OF):
        per += ["月"] if _MONTHLY.search(before) else ["年"] if _YEARLY.search(before) else []
    return tuple(dict.fromkeys("季" if one == "季度" else "年" if one == "年度" else one for one in per))


def fits(noun: str, count: Figure) -> bool:
    """Whether a count counts what an amount is for one of."""
    noun, tail = noun.removeprefix("个"), count.after.removeprefix("个")
    if not noun:
        return True
    if noun.startswith(PEOPLE) and count.after.startswith(PEOPLE):
        return True
    if noun[0] == tail[:1] or {noun[0], tail[:1]} in ({"㎡", "平"}, {"次", "场"}):
        return True
    return any(len(noun) >= size and noun[:size] in tail for size in (3, 2, 1))
