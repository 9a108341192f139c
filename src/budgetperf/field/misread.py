"""Cells that print something else where a number is asked for: misread, torn, cut, or undecided."""

import re
import unicodedata

from budgetperf.field.notation import NUMBER, comparator_of, is_unit, parse_number, spelled_comparators, widen
from budgetperf.field.vocabulary import unit_kind, vocabulary

_SHEET_ERROR = re.compile(r"#(?:REF!|N/A|NAME\?|DIV/0!|VALUE!|NUM!|NULL!)|#{3,}", re.IGNORECASE)
_LOOKS_LIKE_DIGITS = re.compile(r"[0-9lIO|oSsBbZzqgD.,%‰\s]+")  # letters that stand for figures where these are misread
_BEFORE_UNIT = re.compile(r"([-0-9lIO|oSsBbZzq.,。·+?\s]+?)\s*([^-0-9lIO|oSsBbZzq.,。·+?\s].*)?")
_UNDECIDED = re.compile(
    r"(?:另行.{2,4}|详见.+|见附.+|待定|未定|暂无|暂定|待补|空|无|[XxＸ×*＊?？]+|…+|\.{2,}|[零〇一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟元整]+)"
)
# what a target beside a sign may be beside a number: a number with its unit, a range, a date or period, a class
_NO_NUMBER = re.compile(
    rf"{NUMBER}\s*[-~～—–至]\s*{NUMBER}\D{{0,4}}|(?:19|20)[0-9]{{2}}([-/.])[0-9]{{1,2}}\1[0-9]{{1,2}}|.*(?:[0-9]\s*[年月日号时]|年底|月底|年末|季度|期限).*|[ⅠⅡⅢⅣⅤIVX一二三四五]+[类级等].*|(?:A+|B+|C+|[A-Z])[+-]?级?"
)
# a number torn by a blank, cut by a comma or point that groups nothing, or in words of accounting
_TORN = re.compile(rf"{NUMBER}(?:\s+[0-9]|,[0-9]{{1,2}}(?![0-9])|[.,](?![0-9])).*|[壹贰叁肆伍陆柒捌玖拾佰仟零]+[%％‰]?")
_MISREAD_YEAR = re.compile("(?=[0-9]*[A-Za-z|])[0-9lIO|oSsBbZzqgDAT]{4}年")
_MEASURING = ("≥", ">", "≤", "<")
_RANGE = re.compile(rf"({NUMBER})\s*([%％]?)\s*[-~～—–至]\s*({NUMBER})(\D*)")
_OF_TIME = re.compile("[月日号时点]")  # 1-12月, 12-3月
WIDEST = 10  # times where it begins that a range ends at (ours)
# 189左右套: the words stand behind the unit, or nothing does
_NEARLY_BEFORE_UNIT = re.compile(rf"{NUMBER}(?:左右|上下)([^\d,，、;；。]+)")
_TWO_BEFORE_UNIT = re.compile(rf"({NUMBER})\s*(?:[、，]|,(?![0-9]{{3}}(?![0-9])))\s*({NUMBER})\s*(\D+)")


def is_sheet_error(text: str | None) -> bool:
    """Whether a text is what a sheet shows where a formula has no result.

    >>> is_sheet_error("#DIV/0!"), is_sheet_error("#1"), is_sheet_error(None)
    (True, False, False)
    """
    return isinstance(text, str) and _SHEET_ERROR.fullmatch(text.strip()) is not None


def _is_measured(text: str) -> bool:
    """Whether a text is a number with its unit, or with what it is counted in: 30个工作日内, 1.2万, 5成."""
    number = re.match(rf"{NUMBER}\s*", text)
    unit = text[number.end() :].strip("()（）") if number else ""
    return unit in ("万", "亿", "千", "百", "成") or (bool(unit) and is_unit(unit.removesuffix("内")))


def _kind(unit: str) -> str | None:
    """The kind of a unit, also of one that is counted in thousands and the like: 万公斤."""
    return unit_kind(unit) or unit_kind(re.sub("^[十百千万亿]", "", unit))


def _is_no_number_before_unit(text: str) -> bool:
    """Whether what stands before a unit looks like figures and is no number: 5 8.74万元, 12..5个, lOO%.

    >>> [_is_no_number_before_unit(t) for t in ["0,5", "420.人次", "1+3万亩", "lOO%", "B座", "1,2号楼", "3-5天", "12 万元"]]
    [True, True, True, True, False, False, False, False]
    """
    parts = _BEFORE_UNIT.fullmatch(text)
    figures, unit = parts.groups() if parts else ("", None)
    kind = _kind(unit) if unit else "rate"
    said = re.search("[0-9]", figures) or (unit and kind in ("rate", "money") and len(figures) > 1)
    usual = parse_number(figures) is not None or re.fullmatch(r"[0-9]+(?:\.[0-9]+){2}", figures)  # 1.0.1
    return bool(kind and said) and not usual and not _NO_NUMBER.fullmatch(figures)


# 200人次≥10期, 100%92%, 64?卷, 2024+85年, 11左右月; a day or month without its number: 月20日, 12月日, 2024年月底
_RUN_TOGETHER_OR_CUT = re.compile(
    r"[0-9][^，,；;、。和及且()（）\s]*[≥≤=][0-9]|[0-9][%‰][0-9]|[0-9][?？]|(?:19|20)[0-9]{2}\+[0-9]+年"
    r"|^月[0-9]{1,2}[日号]|[0-9](?:左右|上下)[年月日号%‰]|[0-9]月[日号]|[0-9]年月[0-9底末初]"
)
_TWO_NUMBERS = re.compile(rf"{NUMBER}\s*[、,，]\s*{NUMBER}\s*(?:年|个月|小时|个?工作日)")  # 3、10年, but 3、10月
# before a unit: 暂无个, ?人
_UNDECIDED_NUMBER = re.compile("(?:待定|未定|暂无|暂定|待补|另行[\u4e00-\u9fff]{2}|[?？]+)(?=.)")
_BLANKED_NUMBER = re.compile("[XxＸ×*＊]+(?=.)")  # before a unit and behind a sign: =**个


def misread_number(text: str, comparator: str | None = None) -> bool:
    """Whether a target without a value seems to be a number that was misread, is torn, or is none where one must be.

    A number with its unit, a date, a period, a range and a class are none of these; words are where no number must be.

    >>> [misread_number(t) for t in ["l0O", "9S%", "#REF!", "10²", "95 98", "①", "2O26年", "III类", "2024年12月31日前", "3-5天"]]
    [True, True, True, True, True, True, True, False, False, False]
    >>> [misread_number(t) for t in ["0,5", "89,54个", "玖拾伍%", "1,200个", "待定"]]
    [True, True, True, False, False]
    >>> [misread_number(t) for t in ["200人次≥10期", "2公里=3座", "100%92%", "月20日", "12月日", "暂无个", "?人", "每月20日", "2024年12月", "11左右月15日前"]]
    [True, True, True, True, True, True, True, False, False, True]
    >>> [misread_number(t) for t in ["42.3+1万公斤", "另行通知万元", "暂无万亩", "另行通知", "42.3万公斤"]]
    [True, True, True, False, False]
    >>> [misread_number(t, "=") for t in ["64?卷", "2024+85年9月底", "3、10年", "3、10月", "3年、10年"]]
    [True, True, True, False, False]
    >>> [misread_number(t, "=") for t in ["Ⅻ", "XII", "Ⅲ类", "III类", "III人", "O起", "B座"]]
    [True, True, False, False, True, True, False]
    >>> misread_number("**个", "="), misread_number("**个"), misread_number("X光机", "=")
    (True, False, False)
    >>> misread_number("待定", "≥"), misread_number("约113", "≥"), misread_number("≤95", "≥")
    (True, True, True)
    >>> [misread_number(t, "≤") for t in ["9 42月", "9,5月", "4.小时", "玖拾伍%", "lZB人", "llA", "AAA", "1,200元", "95.5%"]]
    [True, True, True, True, True, True, False, False, False]
    >>> [misread_number(t, "=") for t in ["15+6", "850?", "12左右", "XX", "T", "个", "提升", "全部完成", "95%", "12月底前"]]
    [True, True, True, True, True, True, False, False, False, False]
    >>> [misread_number(t, "≥") for t in ["2024-12-31", "30个工作日内", "1.2万", "200人次；≥10期", "200人次；≥l0期"]]
    [False, False, False, False, True]
    """
    tight = widen(text)
    if parse_number(tight) is not None or not tight:
        return False
    if (
        _SHEET_ERROR.search(tight)
        or _MISREAD_YEAR.match(tight)
        or _RUN_TOGETHER_OR_CUT.search(tight)
        or any(unicodedata.category(c) in ("No", "Co") for c in tight)
    ):
        return True
    signed = comparator in _MEASURING or comparator == "="
    undecided = _UNDECIDED_NUMBER.match(tight) or (signed and _BLANKED_NUMBER.match(tight))
    if undecided and _kind(tight[undecided.end() :]):
        return True
    if re.search(r"[0-9]\s+[0-9]", tight) and not re.search(r"[\u4e00-\u9fff]", tight):
        return True
    letters = re.sub(r"[^A-Za-z|]", "", tight)
    if _LOOKS_LIKE_DIGITS.fullmatch(tight) and letters and (re.search("[0-9]", tight) or signed):
        return True
    in_letters = re.match(r"(?:[lIO|oSsBbZzqgD]{2,}|[lIO|o])(?=[\u4e00-\u9fff])", tight)  # lZB人, O起
    in_letters = in_letters and not _NO_NUMBER.fullmatch(tight) and _kind(tight[in_letters.end() :])
    if signed and (_TORN.fullmatch(tight) or in_letters):
        return True
    if _is_no_number_before_unit(tight) or (tight[-1] in "%‰" and len(tight) > 1 and not re.search("[0-9]", tight)):
        return True
    if comparator_of(tight) not in (None, "定性") or (tight.startswith("定性") and len(tight) > 2):
        return True
    if (
        signed
        and re.fullmatch("[A-Za-z\u2160-\u2188]+", tight)
        and (len(tight) == 1 or not _NO_NUMBER.fullmatch(tight))
    ):
        return True
    if signed and (_UNDECIDED.fullmatch(tight) or re.fullmatch(rf"{NUMBER}(?:左右|上下|余|多|几)", tight)):
        return True
    if signed and _TWO_NUMBERS.fullmatch(tight):
        return True
    if not signed or _NO_NUMBER.fullmatch(tight):
        return False
    pieces = re.split(f"[;；、]?{spelled_comparators('before').pattern}|[;；、]", tight)
    if all(map(_is_measured, pieces[::2])):
        return False
    quality = any(word in tight for word in vocabulary()["words"]["qualitative"])  # "=" 提升 is printed so
    return comparator in _MEASURING or bool(re.search("[0-9]", tight) or (is_unit(tight) and not quality))


def unlikely_range(text: str, unit: str | None = None) -> bool:
    """Whether a range looks like two numbers that ran together: it falls, passes 100 %, or ends far from where it begins.

    >>> [unlikely_range(t) for t in ["3459-219元", "8-104年", "38.5-104%", "3-5天", "0-5起", "12-3月", "2024-2025学年", "95%-100%"]]
    [True, True, True, False, False, False, False, False]
    >>> [unlikely_range(*t) for t in [("8-104", "个"), ("8-60", "个"), ("38.5-104", "%"), ("105-110", "%"), ("2024-12", None)]]
    [True, False, True, False, False]
    """
    found = _RANGE.fullmatch(widen(text))
    if not found or _OF_TIME.search(found[4]):
        return False
    first, last, measure = parse_number(found[1]), parse_number(found[3]), found[4] or found[2] or unit or ""
    if first is None or last is None or (first == first.to_integral_value() and 1900 <= first < 2100 and last < 100):
        return False
    passes = _kind(measure) == "rate" and "‰" not in measure and first < 100 < last
    return last < first or passes or last > WIDEST * first > 0


def unlikely_result(text: str) -> bool:
    """Whether a result, where the target is one number, is one that a number was put into: 189左右套, or two of them that
    are no neighbours: 189、11套 (2、3次 says about so many). Ranges as above.

    >>> [unlikely_result(t) for t in ["189左右套", "189套左右", "189左右", "189、11套", "2、3次", "3、10月", "1,200套", "3459-219元"]]
    [True, False, False, True, False, False, False, True]
    """
    tight = widen(text)
    nearly, two = _NEARLY_BEFORE_UNIT.fullmatch(tight), _TWO_BEFORE_UNIT.fullmatch(tight)
    if nearly and is_unit(nearly[1]):
        return True
    if two and parse_number(two[2]) != parse_number(two[1]) + 1 and is_unit(two[3]) and not _OF_TIME.search(two[3]):
        return True
    return unlikely_range(text)
