"""A stored number and its Excel number format → the text a person sees in the cell."""

import math
import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

# Formats that exist by number only; Excel shows these in the reader's language, here the Chinese one.
CHINESE_BUILTIN = {
    14: "yyyy/m/d",
    22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"',
    28: 'm"月"d"日"',
    29: 'm"月"d"日"',
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    34: '上午/下午h"时"mm"分"',
    35: '上午/下午h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"',
    50: 'yyyy"年"m"月"',
    51: 'm"月"d"日"',
    52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"',
    54: 'm"月"d"日"',
    55: '上午/下午h"时"mm"分"',
    56: '上午/下午h"时"mm"分"ss"秒"',
    57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August"]
_MONTHS += ["September", "October", "November", "December"]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
# Numerals of dates: a figure at a time in years, as they are spoken in months and days
_NUMERALS = {"1": ("〇一二三四五六七八九", "十", "十"), "2": ("零壹贰叁肆伍陆柒捌玖", "拾", "壹拾")}
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?'
    r"|[\\!](?P<escaped>.)"
    r"|_(?P<space>.)"
    r"|\*(?P<fill>.)"
    r"|\[\$(?P<currency>[^\]\-]*)(?:-[^\]]*)?\]"
    r"|\[(?P<elapsed>h+|m+|s+)\]"
    r"|\[(?P<condition>[<>=]+-?[\d.]+)\]"
    r"|\[(?P<numerals>DBNum[12])\]"
    r"|\[[^\]]*\]"
    r"|(?P<general>General|G/通用格式)"
    r"|(?P<ampm>AM/PM|A/P|上午/下午)"
    r"|(?P<exponent>E[+-])"
    r"|(?P<date>y+|m+|d+|h+|s+|a{3,4}(?!\w)|e+)"
    r"|(?P<digit>[0#?])"
    r"|(?P<mark>[.,%/@])"
    r"|(?P<literal>.)",
    re.IGNORECASE | re.DOTALL,
)


def exact(value: float | int | Decimal) -> Decimal:
    """The decimal number that was meant: Excel keeps 15 digits, so that what follows them is noise of the binary form.

    >>> exact(0.1 + 0.2), exact(2345.67), exact(15)
    (Decimal('0.3'), Decimal('2345.67'), Decimal('15'))
    """
    if isinstance(value, Decimal):
        return value
    return Decimal(value) if isinstance(value, int) and abs(value) < 10**15 else Decimal(format(value, ".15g"))


def plain(value: Decimal) -> str:
    """A number in the General format: all its digits; with an exponent where there would be more than Excel keeps.

    >>> plain(Decimal("5.0")), plain(Decimal("1E+3")), plain(Decimal("0.00")), plain(Decimal("44030623139150E+7"))
    ('5', '1000', '0', '4.403062313915E+20')
    """
    if value == 0:
        return "0"
    value = value.normalize(_EXACT)
    return format(value, "f") if -15 < value.adjusted() < 15 else f"{value:E}"


@lru_cache(maxsize=65536)
def as_seen(value: float | int | Decimal, code: str, date1904: bool = False) -> str:
    """The number as the cell shows it; in figures also where the format asks for Chinese numerals, but for dates.

    Thousands, decimals, percentages, signs, sections, conditions, literals and dates are followed; fractions and
    formats that cannot be read give the plain number. Blanks that only align are dropped.

    >>> as_seen(0.95, "0%"), as_seen(1234.5, "#,##0.00"), as_seen(-3, "0.0;(0.0)"), as_seen(0.1 + 0.2, "General")
    ('95%', '1,234.50', '(3.0)', '0.3')
    >>> as_seen(44561, "General"), as_seen(44561, 'yyyy"年"m"月"d"日"'), as_seen(44561, "[DBNum1]yyyy年m月d日")
    ('44561', '2021年12月31日', '二〇二一年十二月三十一日')
    """
    if not math.isfinite(value):
        return "#NUM!"
    number = exact(value)
    tokens, own_sign = _section(code, number)
    kinds = {kind for kind, _ in tokens}
    if "general" in kinds:
        number_text = plain(abs(number))
        text = "".join(number_text if kind == "general" else _literal(kind, word) for kind, word in tokens)
        return (text if own_sign or number >= 0 else "-" + text).strip()
    if kinds & {"date", "elapsed", "ampm"}:
        shown = _date_text(float(number), tokens, date1904)
        return plain(number) if shown is None else shown.strip()
    if "digit" not in kinds:
        if any(kind == "mark" and word == "@" for kind, word in tokens):
            return plain(number)
        return "".join(_literal(kind, word) for kind, word in tokens).strip()
    if any(kind == "mark" and word == "/" for kind, word in tokens):
        return plain(number)
    text = _number_text(abs(number), tokens)
    return (text if own_sign or number >= 0 else "-" + text.lstrip()).strip()


def text_as_seen(text: str, code: str) -> str:
    """A text as the cell shows it: a format may add words around it (@), or show nothing.

    >>> text_as_seen("85", '@"分"'), text_as_seen("85", "0.00"), text_as_seen("85", ";;;")
    ('85分', '85', '')
    """
    if "@" not in code and code.count(";") < 3:
        return text
    sections = _sections(code)
    section = sections[3] if len(sections) > 3 else sections[0]
    if not any(kind == "mark" and word == "@" for kind, word in section):
        return "" if len(sections) > 3 and not section else text
    return "".join(text if (kind, word) == ("mark", "@") else _literal(kind, word) for kind, word in section).strip(" ")


@lru_cache(maxsize=4096)
def _sections(code: str) -> list[list[tuple[str, str]]]:
    """The format's sections as lists of (kind, word)."""
    sections, current = [], []
    for match in _TOKEN.finditer(code):
        kind = match.lastgroup
        if kind == "literal" and match[kind] == ";":
            sections.append(current)
            current = []
        elif kind:
            current.append((kind, match[kind]))
    return [*sections, current]


def _section(code: str, number: Decimal) -> tuple[list[tuple[str, str]], bool]:
    """The section that applies and whether it shows the sign by its own words."""
    sections = _sections(code or "General")
    if len(sections) == 1 and all(kind == "numerals" for kind, _ in sections[0]):
        return [("general", "")], False
    conditions = [next((word for kind, word in section if kind == "condition"), None) for section in sections]
    if any(conditions):
        for section, condition in zip(sections, conditions, strict=True):
            if condition is None or _holds(number, condition):
                return section, False
        return [("general", "")], False
    if number < 0 and len(sections) > 1:
        return sections[1], True
    if number == 0 and len(sections) > 2:
        return sections[2], True
    return sections[0], False


def _holds(number: Decimal, condition: str) -> bool:
    sign, bound = re.fullmatch(r"([<>=]+)(-?[\d.]+)", condition).groups()
    bound = Decimal(bound)
    return {
        ">": number > bound,
        "<": number < bound,
        "=": number == bound,
        ">=": number >= bound,
        "<=": number <= bound,
        "<>": number != bound,
    }.get(sign, False)


def _literal(kind: str, word: str) -> str:
    if kind in ("quoted", "escaped", "currency", "literal"):
        return word
    if kind == "mark" and word != "@":
        return word
    return " " if kind == "space" else ""


def _number_text(number: Decimal, tokens: list[tuple[str, str]]) -> str:
    """The digits of a number that is not negative, set into the places of the format."""
    marks = [(index, word) for index, (kind, word) in enumerate(tokens) if kind == "mark"]
    digits = [index for index, (kind, _) in enumerate(tokens) if kind == "digit"]
    exponent = next((index for index, (kind, _) in enumerate(tokens) if kind == "exponent"), None)
    point = next((index for index, word in marks if word == "."), None)
    mantissa = [index for index in digits if exponent is None or index < exponent]
    whole = [index for index in mantissa if point is None or index < point]
    part = [index for index in mantissa if point is not None and index > point]
    last = max(mantissa) if not whole else max(whole)
    commas = [index for index, word in marks if word == ","]
    grouped = bool(whole) and any(whole[0] < index < last for index in commas)
    scale = _commas_after(tokens, last) + (_commas_after(tokens, part[-1]) if part else 0)
    percents = sum(1 for _, word in marks if word == "%")
    number = number.scaleb(2 * percents - 3 * scale, _EXACT)
    power = 0
    if exponent is not None:
        power = number.adjusted() if number else 0
        number = number.scaleb(-power, _EXACT)
    rounded = number.quantize(Decimal(1).scaleb(-len(part)), ROUND_HALF_UP, _EXACT)
    before, _, after = format(rounded, "f").partition(".")
    put = _fill_whole(before, whole, tokens, grouped) | _fill_part(after, part, tokens)
    if exponent is not None:
        places = [index for index in digits if index > exponent]
        put |= dict.fromkeys(places, "")
        put[exponent] = ("E-" if power < 0 else "E+" if tokens[exponent][1][1] == "+" else "E") + str(abs(power)).zfill(
            len(places)
        )
    words = []
    for index, (kind, word) in enumerate(tokens):
        if index in put:
            words.append(put[index])
        elif not (kind == "mark" and word == ","):
            words.append(_literal(kind, word))
    return "".join(words)


def _commas_after(tokens: list[tuple[str, str]], index: int) -> int:
    """Commas straight after a digit place: each divides by 1,000."""
    count = 0
    while index + count + 1 < len(tokens) and tokens[index + count + 1] == ("mark", ","):
        count += 1
    return count


def _fill_whole(before: str, places: list[int], tokens: list[tuple[str, str]], grouped: bool) -> dict[int, str]:
    """Digits before the point: from the right, the first place takes all that is left."""
    least = sum(1 for _ in places[next((k for k, i in enumerate(places) if tokens[i][1] == "0"), len(places)) :])
    digits = before.lstrip("0").zfill(least)
    put = dict.fromkeys(places, "")
    if not places:
        return put
    if grouped:
        put[places[0]] = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", digits)
        return put
    for index in reversed(places[1:]):
        put[index], digits = digits[-1:], digits[:-1]
    put[places[0]] = digits
    return put


def _fill_part(after: str, places: list[int], tokens: list[tuple[str, str]]) -> dict[int, str]:
    """Digits after the point; places that show no zero stay empty at the end."""
    put = dict(zip(places, after, strict=False))
    for index in reversed(places):
        if put.get(index) != "0" or tokens[index][1] == "0":
            break
        put[index] = ""
    return put


def _date_text(serial: float, tokens: list[tuple[str, str]], date1904: bool) -> str | None:
    """A serial as date or time; None where Excel could show none."""
    if not 0 <= serial < 2_958_466:  # after 9999-12-31
        return None
    seconds_shown = any(kind in ("date", "elapsed") and word[0] in "sS" for kind, word in tokens)
    days, rest = divmod(serial, 1)
    millis = round(rest * 86_400_000) if seconds_shown else round(rest * 86_400) * 1000
    start = datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 30) if serial >= 60 else datetime(1899, 12, 31)
    moment = start + timedelta(days=days, milliseconds=millis)
    elapsed = days * 86400 + millis // 1000
    half_day = any(kind == "ampm" for kind, _ in tokens)
    numerals = next((word[-1] for kind, word in tokens if kind == "numerals"), "")
    clock = [(k, word[0].lower()) for k, (kind, word) in enumerate(tokens) if kind in ("date", "elapsed")]
    words = []
    for index, (kind, word) in enumerate(tokens):
        if kind == "date":
            letter = word[0].lower()
            before = next((c for k, c in reversed(clock) if k < index), "")
            behind = next((c for k, c in clock if k > index), "")
            minute = letter == "m" and len(word) < 3 and (before == "h" or behind == "s")
            part = _date_part(moment, letter, len(word), minute, half_day)
            words.append(_in_numerals(part, letter, numerals) if numerals and part.isdecimal() else part)
        elif kind == "elapsed":
            unit = {"h": 3600, "m": 60, "s": 1}[word[0].lower()]
            words.append(str(int(elapsed // unit)).zfill(len(word)))
        elif kind == "ampm":
            morning, evening = word.split("/")
            words.append(morning if moment.hour < 12 else evening)
        elif kind == "digit":  # 0 after ss. are parts of a second
            words.append(f"{moment.microsecond // 1000:03d}"[_digits_before(tokens, index) :][:1])
        else:
            words.append(_literal(kind, word))
    return "".join(words)


def _in_numerals(number: str, letter: str, numerals: str) -> str:
    """A part of a date in Chinese numerals.

    >>> [_in_numerals(number, letter, "1") for number, letter in (("2021", "y"), ("9", "m"), ("10", "m"), ("31", "d"))]
    ['二〇二一', '九', '十', '三十一']
    """
    digits, ten, one_ten = _NUMERALS[numerals]
    tens, ones = divmod(int(number), 10)
    if letter in "ye" or tens == 0:
        return "".join(digits[int(digit)] for digit in number)
    return (one_ten if tens == 1 else digits[tens] + ten) + (digits[ones] if ones else "")


def _digits_before(tokens: list[tuple[str, str]], index: int) -> int:
    count = 0
    while index > 0 and tokens[index - 1][0] == "digit":
        index, count = index - 1, count + 1
    return count


def _date_part(moment: date, letter: str, length: int, minute: bool, half_day: bool) -> str:
    if letter in "ye":
        return f"{moment.year % 100:02d}" if letter == "y" and length < 3 else f"{moment.year:04d}"
    if letter == "a":
        return ("星期" if length > 3 else "") + "一二三四五六日"[moment.weekday()]
    if letter == "m" and length > 2:
        name = _MONTHS[moment.month - 1]
        return name[:1] if length == 5 else name if length == 4 else name[:3]
    if letter == "d" and length > 2:
        name = _DAYS[moment.weekday()]
        return name if length > 3 else name[:3]
    hour = (moment.hour - 1) % 12 + 1 if half_day else moment.hour
    value = {"m": moment.minute if minute else moment.month, "d": moment.day, "h": hour, "s": moment.second}[letter]
    return str(value).zfill(min(length, 2))
