"""How numbers, amounts, comparators, targets and codes are written: one printed text in, its value out; decimals throughout."""

import re
import unicodedata
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from budgetperf.field.capitals import yuan_in_capitals
from budgetperf.field.printing import is_nil
from budgetperf.field.vocabulary import comparator_spellings, fold, per_vocabulary, simplified, unit_kind, vocabulary

WAN = Decimal(10_000)
_YUAN = {
    "元": 1 / WAN, "百元": 1 / Decimal(100), "千元": 1 / Decimal(10), "万元": Decimal(1), "万": Decimal(1),
    "百万元": Decimal(100), "亿元": WAN, "亿": WAN,
}  # fmt: skip
NUMBER = r"[-+]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_GROUPED = r"[-+]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?"
_WIDE = re.compile("(?![，；：！？（）])[\ufe50-\ufe6f\uff00-\uffef]")


def plain(number: Decimal) -> Decimal:
    """The same number without needless zeros or exponent.

    >>> plain(Decimal("10.00")), plain(Decimal("1E+3")), plain(Decimal("0.00"))
    (Decimal('10'), Decimal('1000'), Decimal('0'))
    """
    if not number:
        return Decimal(0)
    digits = format(number, "f")  # not normalize(): that rounds to the context's precision
    return Decimal(digits.rstrip("0").rstrip(".") if "." in digits else digits)


def wide_signs(text: str, ambiguous: bool = False) -> int:
    """How many signs of a text are as wide as a Chinese character; `ambiguous`: in Chinese type also those that are
    narrow in Western type (“ — ①).

    >>> wide_signs("社区8个"), wide_signs("①", ambiguous=True)
    (3, 1)
    """
    return (
        0
        if text.isascii()
        else sum(unicodedata.east_asian_width(sign) in ("WFA" if ambiguous else "WF") for sign in text)
    )


def ems(text: str) -> float:
    """Width of a line in type sizes: 1 for Chinese characters, 0.56 for the others.

    >>> ems("预算"), ems("12")
    (2.0, 1.12)
    """
    wide = wide_signs(text, ambiguous=True)
    return wide + 0.56 * (len(text) - wide)


def half_width(text: str) -> str:
    """Digits of every script and full-width letters and signs as plain ones, sign by sign. A superscript or a figure in
    a circle is no digit and stays: it must never become one of a number's digits.

    >>> half_width("１２．５"), half_width("\u0669\u0660"), half_width("10²①"), half_width("−5")
    ('12.5', '90', '10²①', '-5')
    """
    if text.isascii():
        return text
    return "".join(c if c.isascii() else _half_width(c) for c in text)


@cache
def _half_width(sign: str) -> str:
    if unicodedata.category(sign) == "Nd":
        return str(unicodedata.decimal(sign))
    if sign in "−﹣":
        return "-"
    folded = unicodedata.normalize("NFKC", sign)
    return folded if _WIDE.match(sign) and len(folded) == 1 else sign


def widen(text: str) -> str:
    """Full-width letters, digits and signs as half-width ones, outer blanks gone; Chinese punctuation stays.

    >>> widen("２，３４５．６７ "), widen("＞＝"), widen("维修，新建")
    ('2,345.67', '>=', '维修，新建')
    """
    return half_width(re.sub(r"(?<=\d)，(?=\d{3})", ",", text)).strip()


def parse_number(text: str | None) -> Decimal | None:
    """A cell that holds one plain number, else None: nothing is guessed out of mixed text.

    A line break is a wrap; a blank between two digits divides two numbers, unless the grouping proves that it does not.

    >>> parse_number("2,345.67"), parse_number(" 10.00"), parse_number("10分"), parse_number("-")
    (Decimal('2345.67'), Decimal('10.00'), None, None)
    >>> parse_number("95 98"), parse_number("2,345 .67"), parse_number("41,021,50 0.00"), parse_number("10²")
    (None, Decimal('2345.67'), Decimal('41021500.00'), None)
    """
    if not isinstance(text, str):
        return None
    line = re.sub(r"\s*[\n\r]\s*", "", re.sub(r"(?<=\d)\s*，", ",", text).strip())
    line = re.sub(r"(?<=[-+.,])\s+|\s+(?=[.,])", "", half_width(line))
    tight = re.sub(r"\s+", "", line)
    form = NUMBER if tight == line else _GROUPED
    return Decimal(tight.replace(",", "")) if re.fullmatch(form, tight) else None


def parse_points(text: str | None) -> Decimal | None:
    """A weight or score: a plain number, 分 or % behind it or not.

    >>> parse_points("10分"), parse_points("20 %"), parse_points("l0.00")
    (Decimal('10'), Decimal('20'), None)
    """
    return parse_number(re.sub(r"\s*[分%％]\s*$", "", text)) if isinstance(text, str) else None


def parse_amount(text: str | None, unit: str = "万元") -> Decimal | None:
    """An amount of money in 万元, exactly; `unit` is what the table's head or caption prints (元, 千元, 万元, 亿元).

    A unit in the cell itself wins. Brackets mean a negative amount, a dash or nothing means none (None); so does text
    that is no amount: nothing is guessed.

    >>> parse_amount("2,345.67"), parse_amount("41,021,500.00", "元"), parse_amount("68.00万元", "元")
    (Decimal('2345.67'), Decimal('4102.15'), Decimal('68'))
    >>> parse_amount("95.84万", "元"), parse_amount("1.2亿"), parse_amount("壹拾贰万伍仟元整")
    (Decimal('95.84'), Decimal('12000'), Decimal('12.5'))
    >>> parse_amount("(12.5)"), parse_amount("-"), parse_amount("约 12"), parse_amount("152.64¹")
    (Decimal('-12.5'), None, None, None)
    """
    if not isinstance(text, str) or is_nil(text):
        return None
    bare = re.sub(r"^(?:人民币)?[¥￥]?\s*", "", simplified(text.strip()))
    bare = re.sub(r"(?<=\d)\s*[(（]([百千万亿]*元)[)）]$", r"\1", bare)  # 65.00（万元）
    if (in_capitals := yuan_in_capitals(bare)) is not None:
        return plain(in_capitals * _YUAN["元"])
    own = re.search(r"(百万|万|千|百|亿)?\s*元\s*$|[万亿]\s*$", bare)
    if own:
        bare, unit = bare[: own.start()], "".join(own[0].split())
    negative = re.fullmatch(r"[(（](.+)[)）]", bare.strip())
    number = parse_number(negative[1] if negative else bare)
    if number is None:
        return None
    return plain((-number if negative else number) * _YUAN[unit])


_AMOUNT_IN_TEXT = re.compile(rf"({NUMBER})\s*(百万元|万元|亿元|千元|元|万|亿)(?![/每人次户吨公里平])")


def amounts_in(text: str) -> set[Decimal]:
    """The amounts of money that a text names with their unit, in 万元.

    >>> sorted(amounts_in("全年共需89.54万元，其中伙食费1,200元，每人300元/月"))
    [Decimal('0.12'), Decimal('89.54')]
    """
    tight = re.sub(r"\s+", "", half_width(text))
    return {parse_amount(number + unit) for number, unit in _AMOUNT_IN_TEXT.findall(tight)}


def comparator_of(text: str | None) -> str | None:
    """Canonical comparator of a cell that holds nothing else, the ticked one of several; or None.

    >>> comparator_of("＞＝"), comparator_of("≧"), comparator_of("定性"), comparator_of("不低于"), comparator_of("10")
    ('≥', '≥', '定性', '≥', None)
    >>> comparator_of("□≥ ☑= □≤ □定性")
    '='
    """
    return comparator_spellings().get(fold(ticked(text) or text)) if isinstance(text, str) and len(text) <= 30 else None


def is_unit(text: str) -> bool:
    """Whether a text behind a number can only be its unit of measure: a known one, also with 万 before or in a compound
    (元/餐, /10万), or a short word that is no part of a date or period and makes the number no vague one (10余个, 5成).

    >>> is_unit("台（套）"), is_unit("万头（只）"), is_unit("%（含）"), is_unit("元/人/月8"), is_unit("例/10萬")
    (True, True, False, False, True)
    >>> [is_unit(t) for t in ["万株", "元/生/年", "/10万", "个工作日", "垛", "月底前", "年内", "级以上标准", "/50", "余个"]]
    [True, True, True, True, True, False, False, False, False, False]
    """
    text = simplified(text)
    if both := re.fullmatch(r"([^()（）]+)[(（]([^()（）]+)[)）]", text):  # 台（套）
        return bool(unit_kind(re.sub(r"^[十百千万亿]+", "", both[1])) and unit_kind(both[2]))
    if unit_kind(text):
        return True
    if re.search(r"[^/]/\d+(?![万千百\d])|[^/\d.]\d+$", text):  # 人次/200人次, 元/月8: two numbers
        return False
    bare = re.sub(r"^[十百千万亿]+", "", text)
    first = re.split(r"[/每]", bare)[0]
    if unit_kind(bare) or (
        "/" in text and not text[1:].isdigit() and (not first or unit_kind(first)) and len(text) <= 10
    ):
        return True
    return bool(re.fullmatch(r"[\u4e00-\u9fff]{1,2}", bare)) and not re.search(
        r"[前后内末底初年月日号间上下余多几约许来成]|左右", bare
    )


class Target(NamedTuple):
    """A target taken apart; `value` only where `text` is one number (a percentage counts in points)."""

    comparator: str | None
    text: str
    value: Decimal | None
    unit: str | None


_DATE = re.compile("(?:19|20)[0-9]{2}(?:年度?|([-/.])[0-9]{1,2}(?:\\1[0-9]{1,2})?)")
_DAY = re.compile(r"20[0-9]{2}(?:\.(?:0[1-9]|1[0-2])|(?:0[1-9]|1[0-2])[0-3][0-9])")  # 2024.12, 20241231
_SIGNS = "≥≧⩾>≤≦⩽<=‹"  # 不低于 and the like are a comparator before a number only: 不低于III类 is a quality


@per_vocabulary
def spelled_comparators(position: str) -> re.Pattern:
    """Every spelling of a comparator that stands `before` or `after` a number."""
    signs, before, after = [], [], []
    for spellings in vocabulary()["comparators"].values():
        for s in spellings:
            tight = re.sub(r"\s+", "", unicodedata.normalize("NFKC", s))
            if tight in ("以上", "以下", "以内", "及以上", "及以下"):
                after.append(tight)
            elif tight != "定性":
                (before if re.match(r"[\u4e00-\u9fff]", tight) else signs).append(tight)
    words = after if position == "after" else [*signs, *before]
    return re.compile("(" + "|".join(re.escape(w) for w in sorted(set(words), key=len, reverse=True)) + ")")


def parse_target(text: str, unit_apart: bool = False) -> Target:
    """A target cell, glued or apart: comparator, target without comparator and unit, its number, its unit.

    Units are known words (vocabulary) or bracketed; where `unit_apart` says that the table prints them in a column of
    their own, nothing is cut off, and the unit beside it says whether 2024.12 is a month or a number. Text that is no
    number with a known unit stays whole.

    >>> parse_target("≥50个"), parse_target("=100.00(%)").unit, parse_target("95%以上").comparator
    (Target(comparator='≥', text='50', value=Decimal('50'), unit='个'), '%', '≥')
    >>> parse_target("≤2.39元/平方米/月").unit, parse_target("稳步提升"), parse_target("≧ %").text
    ('元/平方米/月', Target(comparator=None, text='稳步提升', value=None, unit=None), '')
    >>> parse_target("2024年12月31日前").text, parse_target("≥100百分比").unit, parse_target("3-5天").value
    ('2024年12月31日前', '百分比', None)
    >>> parse_target("2024年"), parse_target("≥20年").unit
    (Target(comparator=None, text='2024年', value=None, unit=None), '年')
    >>> [parse_target(text).value for text in ("2024.12", "20241231", "≥2024.5")]
    [None, None, Decimal('2024.5')]
    >>> parse_target("2024.12", unit_apart=True).value
    Decimal('2024.12')
    >>> parse_target("2024/11/30").value, parse_target("210人次/200人次").value, parse_target("5元/10万人").unit
    (None, None, '元/10万人')
    """
    tight = widen(text)
    comparator, rest, unit = None, tight, None
    prefix = spelled_comparators("before").match(re.sub(r"^[<>]\s+=", lambda m: m[0][0] + "=", tight))
    if prefix and (prefix[1][0] in _SIGNS or re.match(NUMBER, tight[prefix.end() :].strip())):
        comparator, rest = comparator_of(prefix[1]), tight[prefix.end() :].strip()
    suffix = spelled_comparators("after").search(rest)
    if comparator is None and suffix and suffix.end() == len(rest) and re.match(NUMBER, rest):
        comparator, rest = comparator_of(suffix[1]), rest[: suffix.start()].strip()
    if not unit_apart:
        glued = re.fullmatch(
            rf"({NUMBER}(?:\s*[-~～—至]\s*{NUMBER})?)?\s*[(（]?((?:/\d+万?|[^0-9()（）.,])[^()（）]*?(?:[(（][^0-9()（）]{{1,3}}[)）])?)[)）]?",
            rest,
        )
        dated = _DATE.fullmatch(rest)  # when, not how long
        if glued and not dated and is_unit(glued[2]) and (glued[1] or unit_kind(glued[2]) == "rate"):
            rest, unit = (glued[1] or "").strip(), glued[2]
    value = None if not rest or (unit is None and not unit_apart and is_day(rest)) else parse_number(rest)
    return Target(comparator, rest, value, unit)


def is_day(text: str, unit: str | None = None) -> bool:
    """Whether figures that are a number as well say a month or a day: no unit, or one of time, is printed beside them.

    >>> is_day("2024.12"), is_day("20241231"), is_day("2024.13"), is_day("2024.12", "公里"), is_day("2024.12", "年")
    (True, True, False, False, True)
    """
    counted = isinstance(unit, str) and is_unit(unit) and unit_kind(unit) != "time"
    return _DAY.fullmatch(text) is not None and not counted


_BOX_EMPTY = re.compile(r"[☐□]|[(（]\s*[)）]")
_BOX = re.compile(r"([☑☒✓✔√■]|[(（]\s*[√✓✔]\s*[)）]|[☐□]|[(（]\s*[)）])")


def ticked(text: str) -> str | None:
    """The ticked one of the options that a cell prints with a box each, before or behind it; None where no box is.

    >>> ticked("☑特定目标类 □其他运转类"), ticked("特定目标类（ ） 其他运转类（√）"), ticked("特定目标类")
    ('特定目标类', '其他运转类', None)
    """
    first, *rest = (part.strip(" \u3000、，,;；") for part in _BOX.split(text))
    boxes, behind = rest[::2], rest[1::2]
    if len(boxes) < 2:
        return None
    options = [first, *behind[:-1]] if first else behind
    marked = [option for box, option in zip(boxes, options, strict=True) if not _BOX_EMPTY.fullmatch(box)]
    return marked[0] if len(marked) == 1 else None


def shared_lines(above: str, below: str) -> int:
    """How many lines at the end of the upper of two pieces stand at the beginning of the lower one too.

    >>> shared_lines("甲\\n乙\\n丙", "乙\\n丙\\n丁"), shared_lines("甲", "乙")
    (2, 0)
    """
    upper, lower = above.split("\n"), below.split("\n")
    longest = min(len(upper), len(lower))
    return next((count for count in range(longest, 0, -1) if upper[-count:] == lower[:count]), 0)


AMOUNT_UNITS = tuple(_YUAN)
