"""Whether a result meets its target, from both as printed: one judgement for the audit, the comparison and the profiles.

Units are converted and the unit printed in the result wins; a target without a comparator means at least (a count, a
rate), at most (a cost, a time limit, what should be low) or by then (a date). Whatever cannot be decided from the print
alone is `unclear`, with the reason; nothing is guessed.
"""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from budgetperf.field.measures import base_unit, same_measure
from budgetperf.field.notation import NUMBER, parse_number, widen
from budgetperf.field.vocabulary import unit_kind, vocabulary

Verdict = Literal["met", "exceeded", "short", "unclear"]
NOTHING, WORDS, UNITS, RANGE, NO_TARGET = "没有结果", "结果只有文字", "单位不同", "结果不是一个数", "目标无法比较"


class Outcome(NamedTuple):
    """ratio: result over target, 1 where exactly met, more where better (None where there is
    none); why: what hinders a judgement, "" where it was made."""

    verdict: Verdict
    ratio: Decimal | None = None
    why: str = ""


class Result(NamedTuple):
    """A result as it is printed in a self-evaluation, and what of its indicator decides how to read it."""

    comparator: str
    target: str
    unit: str
    actual: str
    name: str = ""
    level2: str = ""
    year: int | None = None


_NOTHING = re.compile(
    r"[-—–_/\\.。、?？*]*|(?:无|暂无|未测评|未评价|未开展(?:测评|调查)?|未统计|待统计|待定|不适用|不涉及|空|未填(?:写|报)?)"
)
_UNFINISHED = re.compile(r"^(?:尚?未(?:完成|达成|达到|开展|实施|启动|实现)|没有完成|无法完成|未)")
_PARTLY = re.compile(r"^(?:部分|基本|大部分?|大致|较为|有所|正在|推进中|逐步|进行中|尚需)")
_DONE = re.compile(
    r"^(?:全部|已|均|按时|按期|及时|如期|圆满|超额|全面)*(?:完成|达成|达到|达标|实现|落实|是|完工|建成)(?:预期|目标|指标|任务|任务目标|年度目标|情况|良好)*[。]?$"
)
GRADES = {
    "优": 4,
    "优秀": 4,
    "良": 3,
    "良好": 3,
    "较好": 3,
    "好": 3,
    "中": 2,
    "一般": 2,
    "合格": 2,
    "达标": 2,
    "差": 1,
    "较差": 1,
    "不合格": 1,
}
_DATE = re.compile(
    r"(?:(20\d\d)[年./-])?(\d{1,2})(?:月(?!份?至)份?|[./-](?=\d{1,2}(?!\d)))(?:(\d{1,2})[日号]?|(底|末|上旬|中旬|下旬|初))?"
)
_QUARTER = re.compile(r"(?:(20\d\d)年)?第?([一二三四1-4])季度|(?:(20\d\d)年)?(上半年|下半年|年底|年末|年内|全年)")
_DATED = re.compile(r"\d月|\d[./-]\d{1,2}[./-]|季度|半年|年底|年末|年内|20\d\d年")
_QUANTITY = re.compile(rf"({NUMBER})\s*([^\d\s,，。；;、()（）~～—至-]*)")
_LOWER = re.compile(r"以上|不低于|不少于|超过|达到|≥|>|多")
_UPPER = re.compile(r"以内|以下|不超过|不高于|≤|<|内$")
_ABOVE_100 = re.compile("增长|增幅|增速|提高|提升|增加|同比|倍|超额|增值|收益|回报")


def judge(result: Result) -> Outcome:
    """The outcome of a result against its target.

    >>> [judge(Result("≥", "1.2", "万人", "11800人")).verdict, judge(Result("", "12", "次", "10次", "巡河次数")).verdict]
    ['short', 'short']
    >>> judge(Result("≤", "0.5", "万元/场", "4800元/场", "场均成本", "成本指标")).ratio
    Decimal('1.0417')
    >>> [judge(Result("≤", "10月底前", "", text, "完工时间", "时效指标", 2024)).verdict for text in ("9月", "2024年11月", "按时完成")]
    ['met', 'short', 'unclear']
    >>> judge(Result("≥", "90", "%", "未测评", "满意度")).why
    '没有结果'
    """
    target, actual = _tight(result.target), _tight(result.actual)
    if not target and not result.unit:
        return Outcome("unclear", why=NO_TARGET)
    wanted = _number_of(target, result.unit)
    if _NOTHING.fullmatch(actual) or not actual:
        none_happened = wanted is not None and wanted[0] == 0 and bool(re.fullmatch("无|零", actual))
        return Outcome("met") if none_happened else Outcome("unclear", why=NOTHING)
    deadline = _dates(target, result.year) if wanted is None or _DATED.search(target) else None
    if deadline:
        return _by_then(deadline, actual, result.year)
    if wanted is None:
        return _in_words(target, actual)
    return _by_number(result, wanted, actual)


def _tight(text: str | None) -> str:
    return re.sub(r"\s+", "", widen(text)) if text else ""


# ---- numbers ---------------------------------------------------------------------------------------------------------


def _number_of(target: str, unit: str) -> tuple[Decimal, str, str] | None:
    """(number, unit, comparator) of a target, its unit glued to it or apart."""
    number = parse_number(target)
    if number is not None:
        return number, unit or "", ""
    glued = re.fullmatch(rf"([≥≤><=]|不低于|不少于|不超过|不高于|不小于)?({NUMBER})[(（]?([^\d()（）]*)[)）]?", target)
    if not glued or _DATED.search(target):
        return None
    printed = glued[3]
    before = {"不低于": "≥", "不少于": "≥", "不小于": "≥", "不超过": "≤", "不高于": "≤"}.get(
        glued[1] or "", glued[1] or ""
    )
    after = "≥" if printed.endswith("以上") else "≤" if printed.endswith(("以内", "以下")) else ""
    return parse_number(glued[2]), re.sub("(?:及)?以[上下内]$", "", printed) or unit or "", before or after


def direction(result: Result) -> str:
    """≥, ≤ or =: which results a target asks for; what is printed, else what its measure means.

    >>> direction(Result("", "12", "次", "", "开展巡河次数")), direction(Result("", "4", "万元", "", "保洁成本", "成本指标"))
    ('≥', '≤')
    >>> direction(Result("", "4.5", "%", "", "城镇登记失业率")), direction(Result("=", "0", "起", "", "安全事故"))
    ('≤', '≤')
    """
    sign = {">": "≥", "<": "≤", "定性": ""}.get(result.comparator, result.comparator)
    return sign if sign in ("≥", "≤") else _meant(result.name, result.level2, result.unit, _tight(result.target))


@lru_cache(maxsize=50_000)
def _meant(name: str, level2: str, unit: str, target: str) -> str:
    measure = base_unit(unit)[0]
    low = any(word in name for word in vocabulary()["words"]["lower_is_better"])
    saved = re.search("节约|节省|下降|降低|减少|压减", name)
    cost = "成本" in level2 or re.search("成本|造价|费用|单价", name)
    limit = measure in ("days", "workdays", "hours", "months") and re.search(
        "时限|时间|时长|周期|工期|天数|响应|期限", name
    )
    none = re.fullmatch(r"0+(?:\.0+)?[^\d]*", target)
    return "≤" if none or ((low or cost or limit) and not saved) else "≥"


def _by_number(result: Result, wanted: tuple, actual: str) -> Outcome:
    number, unit, glued = wanted
    asked = result._replace(unit=unit, comparator=result.comparator or glued)
    found = _quantity(actual, number, unit)
    if isinstance(found, str):
        return Outcome("unclear", why=found)
    value, bound = found
    goal = number * base_unit(unit)[1]
    sign = direction(asked)
    if sign == "≥":
        short, better = value < goal, value > goal
        hidden = (bound == "≤" and not short) or (bound == "≥" and short)
        full = base_unit(unit)[0] == "rate" and goal <= 100 < value and not _ABOVE_100.search(result.name)
        ratio = value / goal if goal else None
        if full:
            return Outcome("unclear", why="结果超过 100%")
    else:
        short, better = value > goal, value < goal
        hidden = (bound == "≥" and not short) or (bound == "≤" and short)
        ratio = goal / value if value and goal else None
    if hidden:
        return Outcome("unclear", why=RANGE)
    if result.comparator in (">", "<") and value == goal and not bound:
        short = True
    ratio = ratio.quantize(Decimal("0.0001")) if ratio is not None else None
    return Outcome("short" if short else "exceeded" if better else "met", ratio)


def _quantity(actual: str, number: Decimal, unit: str) -> tuple[Decimal, str] | str:
    """(a result in the base unit of the target's, "" or ≥ or ≤), or why there is none."""
    if (
        re.fullmatch("(?:0|零|无|未发生|没有发生|未出现).{0,8}", actual)
        and number == 0
        and not re.search(r"[1-9]", actual)
    ):
        return Decimal(0), ""
    if _UNFINISHED.match(actual) and not re.search(r"\d", actual):
        return WORDS
    bare = re.sub(r"\([^()]*\)|（[^（）]*）", "", actual) or actual
    if re.search(r"\d[^\d，。；、]{0,3}(?:-|~|～|—|至)\d", bare):
        return RANGE
    measure, _ = base_unit(unit)
    values = []
    for digits, after in _QUANTITY.findall(bare):
        amount, printed = parse_number(digits), _unit_in(after)
        own, factor = base_unit(printed) if printed else ("", Decimal(1))
        if printed and not same_measure(own, measure):
            values.append(None)
            continue
        values.append(amount * factor if printed else amount * base_unit(unit)[1])
        if (
            not printed
            and measure == "rate"
            and number > 1
            and amount <= 1
            and base_unit(unit)[1] == 1
            and (amount < 1 or digits != "0")
        ):
            values[-1] = amount * 100 if amount != 0 else amount  # 0.88 for 88 %
    known = [value for value in dict.fromkeys(values) if value is not None]
    if not known:
        return UNITS if values else WORDS
    if len(known) > 1:
        return RANGE
    bound = "≥" if _LOWER.search(bare) and not bare.endswith(("。",)) else "≤" if _UPPER.search(bare) else ""
    return known[0], bound


@lru_cache(maxsize=50_000)
def _unit_in(after: str) -> str:
    """The unit at the start of what stands behind a number: the longest that is known; "" where it is no unit."""
    for size in range(min(len(after), 8), 0, -1):
        part = re.sub("(?:及)?以[上下内]$", "", after[:size])
        if part and (unit_kind(part) or base_unit(part)[0] != part.replace("·", "/")):
            return part
    return ""


# ---- dates -----------------------------------------------------------------------------------------------------------


def _dates(text: str, year: int | None) -> tuple[int, int] | None:
    """First and last day that a date or period means, counted from the year's start in months of 31 days."""
    quarter = _QUARTER.search(text)
    spans = []
    if quarter:
        given = quarter[1] or quarter[3]
        shift = 372 * (int(given) - year) if given and year else 0
        if quarter[2]:
            number = "一二三四".find(quarter[2]) + 1 or int(quarter[2])
            spans.append((shift + 93 * (number - 1) + 1, shift + 93 * number))
        else:
            first, last = {"上半年": (1, 186), "下半年": (187, 372), "年底": (342, 372), "年末": (342, 372)}.get(
                quarter[4], (1, 372)
            )
            spans.append((shift + first, shift + last))
    for match in _DATE.finditer(text):
        month = int(match[2])
        if not 1 <= month <= 12:
            return None
        shift = 372 * (int(match[1]) - year) if match[1] and year else 0
        begin = shift + 31 * (month - 1)
        day = int(match[3]) if match[3] else None
        first, last = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "初": (1, 10)}.get(
            match[4], (day or 1, day or 31)
        )
        spans.append((begin + first, begin + last))
    return spans[-1] if len(spans) == 1 else None


def _by_then(deadline: tuple[int, int], actual: str, year: int | None) -> Outcome:
    done = _dates(actual, year)
    if done is None:
        return Outcome("unclear", why=WORDS)
    if done[1] <= deadline[1]:
        return Outcome("met")
    return Outcome("short") if done[0] > deadline[1] else Outcome("unclear", why=RANGE)


# ---- words -----------------------------------------------------------------------------------------------------------


def _in_words(target: str, actual: str) -> Outcome:
    """Words against words: the same, a grade as good, "done"; less where the result says so."""
    if actual == target or _DONE.fullmatch(actual):
        return Outcome("met")
    wanted, got = GRADES.get(target), GRADES.get(actual)
    if wanted and got:
        return Outcome("met" if got == wanted else "exceeded" if got > wanted else "short")
    if _UNFINISHED.match(actual):
        return Outcome("short")
    return Outcome("unclear", why=WORDS)


def falls_short_in_words(actual: str) -> bool:
    """Whether a result says in words alone that its target was not, or only partly, met.

    >>> falls_short_in_words("部分达成"), falls_short_in_words("基本完成"), falls_short_in_words("完成"), falls_short_in_words("完成 90%")
    (True, True, False, False)
    """
    tight = _tight(actual)
    return bool(_UNFINISHED.match(tight) or _PARTLY.match(tight)) and not re.search(r"\d", tight)


def no_result(actual: str) -> bool:
    """Whether a cell for a result holds none: blank, 无, 未测评, 不适用 …

    >>> no_result("未测评"), no_result("/"), no_result("0")
    (True, True, False)
    """
    tight = _tight(actual)
    return not tight or bool(_NOTHING.fullmatch(tight))
