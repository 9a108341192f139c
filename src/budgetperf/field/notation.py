"""How numbers, amounts, comparators, targets and codes are written: one printed text in, its value out; decimals throughout."""

import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

from budgetperf.field.vocabulary import comparator_spellings, fold, per_vocabulary, simplified, unit_kind, vocabulary

WAN = Decimal(10_000)
_YUAN = {"元": 1 / WAN, "千元": 1 / Decimal(10), "百元": 1 / Decimal(100), "万元": Decimal(1), "亿元": WAN}
_NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_WIDE = re.compile("(?![，；：！？（）])[\ufe50-\ufe6f\uff00-\uffef]")
_NONE = re.compile(r"[-—–_/\\\s]*")


def plain(number: Decimal) -> Decimal:
    """The same number without needless zeros or exponent.

    >>> plain(Decimal("10.00")), plain(Decimal("1E+3")), plain(Decimal("0.00"))
    (Decimal('10'), Decimal('1000'), Decimal('0'))
    """
    if not number:
        return Decimal(0)
    digits = format(number, "f")  # no arithmetic, which would round to the context's precision
    return Decimal(digits.rstrip("0").rstrip(".") if "." in digits else digits)


def widen(text: str) -> str:
    """Full-width letters, digits and signs as half-width ones, outer blanks gone; Chinese punctuation stays.

    >>> widen("２，３４５．６７ "), widen("＞＝"), widen("维修，新建")
    ('2,345.67', '>=', '维修，新建')
    """
    digits = re.sub(r"(?<=[0-9０-９])，(?=[0-9０-９]{3})", ",", text)
    return _WIDE.sub(lambda wide: unicodedata.normalize("NFKC", wide[0]), digits).strip()


def parse_number(text: str | None) -> Decimal | None:
    """A cell that holds one plain number, else None: nothing is guessed out of mixed text.

    >>> parse_number("2,345.67"), parse_number(" 10.00"), parse_number("10分"), parse_number("-")
    (Decimal('2345.67'), Decimal('10.00'), None, None)
    """
    if not isinstance(text, str):
        return None
    tight = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return Decimal(tight.replace(",", "")) if re.fullmatch(_NUMBER, tight) else None


def parse_amount(text: str | None, unit: str = "万元") -> Decimal | None:
    """An amount of money in 万元, exactly; `unit` is what the table's head or caption prints (元, 千元, 万元, 亿元).

    A unit in the cell itself wins. Brackets mean a negative amount, a dash or nothing means none (None); so does text
    that is no amount: nothing is guessed.

    >>> parse_amount("2,345.67"), parse_amount("41,021,500.00", "元"), parse_amount("68.00万元", "元")
    (Decimal('2345.67'), Decimal('4102.15'), Decimal('68'))
    >>> parse_amount("(12.5)"), parse_amount("-"), parse_amount("约 12")
    (Decimal('-12.5'), None, None)
    """
    if not isinstance(text, str) or _NONE.fullmatch(text):
        return None
    tight = simplified(re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))).lstrip("¥￥")
    own = re.search(r"(万元|千元|百元|亿元|元)$", tight)
    if own:
        tight, unit = tight[: own.start()], own[1]
    negative = re.fullmatch(r"\((.+)\)", tight)
    number = parse_number(negative[1] if negative else tight)
    if number is None:
        return None
    return plain((-number if negative else number) * _YUAN[unit])


def comparator_of(text: str | None) -> str | None:
    """Canonical comparator of a cell that holds nothing else, or None.

    >>> comparator_of("＞＝"), comparator_of("≧"), comparator_of("定性"), comparator_of("不低于"), comparator_of("10")
    ('≥', '≥', '定性', '≥', None)
    """
    return comparator_spellings().get(fold(text)) if isinstance(text, str) and len(text) < 12 else None


def is_unit(text: str) -> bool:
    """Whether a text behind a number can only be its unit of measure: a known one, also with 万 before or in a compound
    (元/餐, /10万), or a short word that is no part of a date or period.

    >>> [is_unit(t) for t in ["万株", "元/生/年", "/10万", "个工作日", "垛", "月底前", "年内", "级以上标准"]]
    [True, True, True, True, True, False, False, False]
    """
    if unit_kind(text):
        return True
    bare = re.sub(r"^[十百千万亿]+", "", text)
    first = re.split(r"[/每]", bare)[0]
    if unit_kind(bare) or ("/" in text and (not first or unit_kind(first)) and len(text) <= 10):
        return True
    return bool(re.fullmatch(r"[\u4e00-\u9fff]{1,2}", bare)) and not re.search(r"[前后内末底初年月日号间上下]", bare)


class Target(NamedTuple):
    """A target taken apart; `value` only where `text` is one number (a percentage counts in points)."""

    comparator: str | None
    text: str
    value: Decimal | None
    unit: str | None


_SIGNS = "≥≧⩾>≤≦⩽<=‹"  # 不低于 and the like are a comparator before a number only: 不低于III类 is a quality


@per_vocabulary
def _spelled(position: str) -> re.Pattern:
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
    their own, nothing is cut off. Text that is no number with a known unit stays whole.

    >>> parse_target("≥50个"), parse_target("=100.00(%)").unit, parse_target("95%以上").comparator
    (Target(comparator='≥', text='50', value=Decimal('50'), unit='个'), '%', '≥')
    >>> parse_target("≤2.39元/平方米/月").unit, parse_target("稳步提升"), parse_target("≧ %").text
    ('元/平方米/月', Target(comparator=None, text='稳步提升', value=None, unit=None), '')
    >>> parse_target("2024年12月31日前").text, parse_target("≥100百分比").unit, parse_target("3-5天").value
    ('2024年12月31日前', '百分比', None)
    """
    tight = widen(text)
    comparator, rest, unit = None, tight, None
    prefix = _spelled("before").match(re.sub(r"^[<>]\s+=", lambda m: m[0][0] + "=", tight))
    if prefix and (prefix[1][0] in _SIGNS or re.match(_NUMBER, tight[prefix.end() :].strip())):
        comparator, rest = comparator_of(prefix[1]), tight[prefix.end() :].strip()
    suffix = _spelled("after").search(rest)
    if comparator is None and suffix and suffix.end() == len(rest) and re.match(_NUMBER, rest):
        comparator, rest = comparator_of(suffix[1]), rest[: suffix.start()].strip()
    if not unit_apart:
        glued = re.fullmatch(
            rf"({_NUMBER}(?:\s*[-~～—至]\s*{_NUMBER})?)?\s*[(（]?((?:/\d+万?|[^0-9()（）])[^()（）]*?)[)）]?", rest
        )
        if glued and is_unit(glued[2]) and (glued[1] or unit_kind(glued[2]) == "rate"):
            rest, unit = (glued[1] or "").strip(), glued[2]
    value = parse_number(rest) if rest else None
    return Target(comparator, rest, value, unit)


_PROJECT_CODE = re.compile(r"([0-9]{9})([0-9]{2})([A-Z])([0-9]{9})")
_LENIENT_CODE = re.compile(r"[0-9A-Z]{12,28}")


class ProjectCell(NamedTuple):
    code: str | None
    name: str


def split_code(text: str) -> ProjectCell:
    """Code and name of a cell that prints both (`code-name`), wraps undone; no code where none is printed.

    >>> split_code("51072200024T000000561-能力提升补助经费")
    ProjectCell(code='51072200024T000000561', name='能力提升补助经费')
    >>> split_code("744009-县城关镇人民政府").code, split_code("2024年运转经费").code
    ('744009', None)
    """
    match = re.match(r"([0-9A-Z]{12,28})\s*[-—–_－‐‑―:：\s]?\s*(?=\D|$)|([0-9]{3,11})\s*[-—–_－‐‑―]\s*(?=\D)", text)
    if not match:
        return ProjectCell(None, text)
    return ProjectCell(match[1] or match[2], text[match.end() :].strip())


class CodeParts(NamedTuple):
    region: str
    year: str
    letter: str
    serial: str


def code_parts(code: str) -> CodeParts | None:
    """The parts of a 21-character project code, or None where it has another form.

    >>> code_parts("51072200024T000000561")
    CodeParts(region='510722000', year='24', letter='T', serial='000000561')
    """
    match = _PROJECT_CODE.fullmatch(code)
    return CodeParts(*match.groups()) if match else None


def shared_lines(above: str, below: str) -> int:
    """How many lines at the end of the upper of two pieces stand at the beginning of the lower one too.

    >>> shared_lines("甲\\n乙\\n丙", "乙\\n丙\\n丁"), shared_lines("甲", "乙")
    (2, 0)
    """
    upper, lower = above.split("\n"), below.split("\n")
    longest = min(len(upper), len(lower))
    return next((count for count in range(longest, 0, -1) if upper[-count:] == lower[:count]), 0)


AMOUNT_UNITS = tuple(_YUAN)
