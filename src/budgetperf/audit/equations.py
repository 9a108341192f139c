"""Chinese figures read as numbers, and written-out equations (110人×500元×12个月=66万元) checked."""

import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

SCALE = {"": Decimal(1), "百": Decimal(100), "千": Decimal(1000), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_CHINESE = re.compile(
    r"[一二两三四五六七八九十][零〇一二两三四五六七八九十百千]*(?:万(?!元)[零〇一二两三四五六七八九十百千]*)?"
    r"(?=(?:万|亿)?元|人|名|位|户|个|座|所|台|辆|次|场|期|年(?!度|级))"
)
_TERM = rf"\(?{NUMBER}(?:[百千万亿]?[\u4e00-\u9fff/%·]{{0,8}})?(?:\)[\u4e00-\u9fff/]{{0,4}})?"
_EXPRESSION = re.compile(rf"{_TERM}(?:[×*xX✕✖╳+\-−÷]{_TERM})+")
_RESULT = re.compile(rf"(?:=|等于|[，,]?(?:共计|合计|总计|共需|共|计))({NUMBER})([百千万亿]?)(元)?")


class Problem(NamedTuple):
    """A stated sum that does not follow: as printed, the sum that gives `right`, both in 元."""

    stated: Decimal
    right: Decimal
    formula: str


def normal(text: str) -> str:
    """Text with plain digits: no blanks, thousands commas or full-width signs, Chinese numbers before units as digits.

    >>> normal("一百一十人，每人每月 1，200 元"), normal("四万元")
    ('110人，每人每月1200元', '4万元')
    """
    tight = re.sub(r"\s+", "", text)
    tight = re.sub(
        r"(?<=\d)[,，](?=\d{3}(?!\d))",
        "",
        re.sub(r"[０-９．％＝＋－＊／（）]", lambda m: unicodedata.normalize("NFKC", m[0]), tight),
    )
    tight = tight.replace("（", "(").replace("）", ")").replace("乘以", "×").replace("乘", "×")
    return _CHINESE.sub(lambda m: str(_chinese(m[0])), tight)


def _chinese(text: str) -> int:
    """The number that Chinese digits write.

    >>> _chinese("一百一十"), _chinese("十二"), _chinese("三千零五"), _chinese("一万二千")
    (110, 12, 3005, 12000)
    """
    total, section, digit = 0, 0, 0
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c == "万":
            total, section, digit = (section + digit) * 10_000, 0, 0
        else:
            section += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[c]
            digit = 0
    return total + section + digit


def decimal_of(digits: str, scale: str = "") -> Decimal:
    """The number of plain digits and a scale.

    >>> decimal_of("1,200", "万")
    Decimal('12000000')
    """
    return Decimal(digits.replace(",", "")) * SCALE[scale or ""]


def agree(a: Decimal, b: Decimal, tolerance: float) -> bool:
    """Whether two sums in 元 agree: to `tolerance`, or to the 50 元 that an amount in 万元 with two decimals hides."""
    return abs(a - b) <= max(abs(b) * Decimal(str(tolerance)), Decimal(50))


# ---- written-out equations -------------------------------------------------------------------------------------------


def _evaluate(expression: str) -> tuple[Decimal, bool] | None:
    """Value of an expression, amounts in 元; and whether it holds money.

    >>> _evaluate("110人×500元/人/月×12个月"), _evaluate("(3+2)人×0.5万元"), _evaluate("1000元×10%")
    ((Decimal('660000'), True), (Decimal('25000.0'), True), (Decimal('100.0'), True))
    """
    tokens, money, at = [], False, 0
    pattern = re.compile(
        rf"({NUMBER})([百千万亿]?)((?:个?[\u4e00-\u9fff/%·]){{0,9}}?)(?=[×*xX✕✖╳+\-−÷()]|$)|([×*xX✕✖╳])|([+])|([-−])|(÷)|([()])([\u4e00-\u9fff/]{{0,4}})"
    )
    while at < len(expression):
        match = pattern.match(expression, at)
        if not match or match.end() == at:
            return None
        if match[1]:
            value = decimal_of(match[1], match[2])
            money = money or "元" in (match[3] or "")
            tokens.append(value / 100 if (match[3] or "").startswith("%") else value)
        else:
            tokens.append("*" if match[4] else "+" if match[5] else "-" if match[6] else "/" if match[7] else match[8])
        at = match.end()
    value = _arithmetic(tokens)
    return None if value is None else (value, money)


def _arithmetic(tokens: list) -> Decimal | None:
    """+ - * / and brackets over Decimals; None where it is no expression."""

    def factor(at: int):
        if at < len(tokens) and tokens[at] == "(":
            value, at = sums(at + 1)
            return (value, at + 1) if at < len(tokens) and tokens[at] == ")" else (None, at)
        return (tokens[at], at + 1) if at < len(tokens) and isinstance(tokens[at], Decimal) else (None, at)

    def product(at: int):
        value, at = factor(at)
        while value is not None and at < len(tokens) and tokens[at] in ("*", "/"):
            sign = tokens[at]
            other, at = factor(at + 1)
            if other is None or (sign == "/" and not other):
                return None, at
            value = value * other if sign == "*" else value / other
        return value, at

    def sums(at: int):
        value, at = product(at)
        while value is not None and at < len(tokens) and tokens[at] in ("+", "-"):
            sign = tokens[at]
            other, at = product(at + 1)
            if other is None:
                return None, at
            value = value + other if sign == "+" else value - other
        return value, at

    value, at = sums(0)
    return value if value is not None and at == len(tokens) else None


def equations(text: str, tolerance: float) -> tuple[list[Problem], list[tuple[Decimal, str]], str]:
    """Written-out products and sums: those whose result is wrong, all of them as items, the text without them."""
    problems, items = [], []
    written = set()  # where results of equations stand

    def take(match: re.Match) -> str:
        expression = match[0]
        if not re.search(r"[×*xX✕✖╳]|\+", expression):
            return expression  # 2024-2025, 3-5
        done = _evaluate(expression)
        if done is None:
            return expression
        value, money = done
        result = _RESULT.match(text, match.end())
        if result:
            stated = decimal_of(result[1], result[2])
            if not money and result[2] and agree(stated / SCALE[result[2]], value, tolerance):
                value = stated  # all in 万元
            money = money or bool(result[3])
            if not agree(stated, value, tolerance) and (money or not result[2]):
                problems.append(Problem(stated, value, expression))
            if result[0].startswith(("=", "等于")):
                written.add((match.end(), result.end()))
        if money:
            items.append((value, expression))
        return "\0" * len(expression)

    left = _EXPRESSION.sub(take, text)
    for start, end in written:
        left = left[:start] + "\0" * (end - start) + left[end:]
    return problems, items, left
