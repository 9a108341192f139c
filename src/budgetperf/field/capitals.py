"""Amounts in the capital numerals of accounting: 壹拾贰万伍仟元整."""

import re
from decimal import Decimal

_DIGITS = {sign: number for number, sign in enumerate("零壹贰叁肆伍陆柒捌玖")}
_TENS = {"拾": 10, "佰": 100, "仟": 1_000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}
_ONE = "[壹贰叁肆伍陆柒捌玖]"
_AMOUNT = re.compile(
    rf"(?=[^万亿])((?:零?{_ONE}?[拾佰仟]|零?{_ONE}|[万亿])+)[元圆](?:零?({_ONE})角)?(?:零?({_ONE})分)?[整正]?"
)


def yuan_in_capitals(text: str) -> Decimal | None:
    """The amount in 元 of a text that is nothing else.

    >>> yuan_in_capitals("壹佰叁拾叁万零肆佰元整"), yuan_in_capitals("贰亿零伍元叁角贰分"), yuan_in_capitals("拾贰万元")
    (Decimal('1330400.00'), Decimal('200000005.32'), Decimal('120000.00'))
    >>> [yuan_in_capitals(text) for text in ("玖拾伍", "壹贰元", "两万元整", "万元", "元")]
    [None, None, None, None, None]
    """
    found = _AMOUNT.fullmatch("".join(text.split()))
    if not found or re.search(_ONE * 2, found[1]):
        return None
    whole = part = digit = 0
    for sign in found[1]:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif sign in _TENS:
            part, digit = part + (digit or 1) * _TENS[sign], 0
        else:
            part, digit = part + digit, 0
            whole = whole + part * _MYRIADS[sign] if part else whole * _MYRIADS[sign]
            part = 0
    tenth, hundredth = (_DIGITS[sign] if sign else 0 for sign in found.groups()[1:])
    return whole + part + digit + Decimal(10 * tenth + hundredth).scaleb(-2)
