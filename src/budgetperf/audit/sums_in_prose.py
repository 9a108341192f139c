"""Arithmetic in Chinese prose: persons × amount × months, growth by a percentage, stated totals, written-out equations.

`read_sums(text)` takes a text apart and says which stated sums do not follow from the figures before them, and what
the figures come to as a whole.
"""

import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

MONTHS = Decimal(12)
_SCALE = {"": Decimal(1), "百": Decimal(100), "千": Decimal(1000), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_CHINESE = re.compile(
    r"[一二两三四五六七八九十][零〇一二两三四五六七八九十百千]*(?:万(?!元)[零〇一二两三四五六七八九十百千]*)?(?=(?:万|亿)?元|人|名|位|户|个月|个村|个社区|个行政村)"
)
_N = r"\d+(?:,\d{3})*(?:\.\d+)?"
_TERM = rf"\(?{_N}(?:[百千万亿]?[\u4e00-\u9fff/%·]{{0,8}})?(?:\)[\u4e00-\u9fff/]{{0,4}})?"
_EXPRESSION = re.compile(rf"{_TERM}(?:[×*xX✕✖╳+\-−÷]{_TERM})+")
_RESULT = re.compile(rf"(?:=|等于|[，,]?(?:共计|合计|总计|共需|共|计))({_N})([百千万亿]?)(元)?")
_MONEY = re.compile(
    rf"({_N})([百千万亿]?)元((?:[/每·](?:人次|人|月|年|天|日|次|场|村|户|个村|台|亩|公里|平方米|[\u4e00-\u9fff]))*)"
)
_COUNT = re.compile(
    rf"({_N})(万)?(人次|人|名|位|户|村|社区|个(?:行政村|自然村|村|社区|[\u4e00-\u9fff]{{1,2}})|台|辆|套|场次|场|次|公里|平方米|亩|所|家|处|支|件|批|盏|期)"
)
_MONTHS = re.compile(r"(\d{1,2})个月")
_PERCENT = re.compile(rf"(?:提高|增长|上浮|上调|增加|递增|上涨|增幅|涨)(?:了|幅度|为|约)?({_N})%")
_STOP = re.compile(r"[，。；、,;：:（()）\n]")
_GRAND = re.compile(
    r"总计|总预算|共需|总额|总金额|项目资金|项目经费|所需资金|所需经费|预算资金|预算金额|总经费|总资金|资金总|经费总|总共|预算(?:为|数)?$|需(?:要)?(?:资金|经费|财政资金)"
)
_SUM = re.compile(r"合计|共计|小计|累计|总计|共$|计$")
_NOT_OURS = re.compile(r"总投资|[三五3-5]年|近几年|历年|累计|以上|不低于|不少于|超过|收入|产值|年均增收")
_PARTLY = re.compile(r"其中|另列|另有|另外|其余|此外|除|包括|含|不足部分|自筹")
_OPEN_LIST = re.compile(r"等(?![级于待])|其他|其它|以及|另")


class Problem(NamedTuple):
    """A stated sum that does not follow: as printed, the sum that gives `right`, both in 元."""

    stated: Decimal
    right: Decimal
    formula: str


class Sums(NamedTuple):
    """What a text's figures come to, in 元.

    total: what it says all costs, the last of them; grand: said as the whole; derived, formula: what the figures come
    to where no total is stated; partly: they are not all of it; monthly: the part of derived that is 12 months only
    because the text does not say how many.
    """

    problems: list[Problem]
    total: Decimal | None
    grand: bool
    derived: Decimal | None
    formula: str
    partly: bool
    monthly: Decimal | None


class _Money(NamedTuple):
    value: Decimal
    per: frozenset
    noun: str
    before: str
    start: int
    end: int


class _Item(NamedTuple):
    value: Decimal  # a period's
    monthly: bool
    months: Decimal | None
    formula: str
    partly: bool

    def whole(self) -> Decimal:
        return self.value * (self.months or MONTHS) if self.monthly else self.value

    def words(self) -> str:
        return f"{self.formula}×{self.months or MONTHS:f} 个月" if self.monthly else self.formula


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


def _decimal(digits: str, scale: str = "") -> Decimal:
    return Decimal(digits.replace(",", "")) * _SCALE[scale or ""]


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
        rf"({_N})([百千万亿]?)((?:个?[\u4e00-\u9fff/%·]){{0,9}}?)(?=[×*xX✕✖╳+\-−÷()]|$)|([×*xX✕✖╳])|([+])|([-−])|(÷)|([()])([\u4e00-\u9fff/]{{0,4}})"
    )
    while at < len(expression):
        match = pattern.match(expression, at)
        if not match or match.end() == at:
            return None
        if match[1]:
            value = _decimal(match[1], match[2])
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


def _equations(text: str, tolerance: float) -> tuple[list[Problem], list[_Item], str]:
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
            stated = _decimal(result[1], result[2])
            if not money and result[2] and agree(stated / _SCALE[result[2]], value, tolerance):
                value = stated  # all in 万元
            money = money or bool(result[3])
            if not agree(stated, value, tolerance) and (money or not result[2]):
                problems.append(Problem(stated, value, expression))
            if result[0].startswith(("=", "等于")):
                written.add((match.end(), result.end()))
        if money:
            items.append(_Item(value, False, None, expression, False))
        return "\0" * len(expression)

    left = _EXPRESSION.sub(take, text)
    for start, end in written:
        left = left[:start] + "\0" * (end - start) + left[end:]
    return problems, items, left


# ---- prose -----------------------------------------------------------------------------------------------------------


def _moneys(text: str) -> list[_Money]:
    found = []
    for match in _MONEY.finditer(text):
        before = _STOP.split(text[max(0, match.start() - 16) : match.start()])[-1]
        before = re.sub(r".*(?:\d|\0)(?=\D*$)", "", before) if re.search(r"[\d\0]", before) else before
        near = before[-12:] + "|" + match[3]
        per = set()
        if re.search(r"每人|每名|每位|人均|/人|每·人|元每人", near) or re.search(r"/人|每人", match[3]):
            per.add("person")
        if re.search(r"每个?月|月均|月人均|人月|/月|按月", near):
            per.add("month")
        if re.search(r"每年|年均|全年|/年|年度|一年|年人均|每人年", near):
            per.add("year")
        if re.search(r"每[天日]|日均|/[天日]", near):
            per.add("day")
        thing = re.search(
            r"每(?!人|名|位|月|年|天|日|个月|个?季度)个?([\u4e00-\u9fff]{1,3}?)(?:补助|补贴|安排|拨付|约|按|标准|奖励|经费|给予|需|支付|支出|\||$)",
            near,
        )
        thing = thing or re.search(r"[/每](次|场|村|户|个村|台|亩|公里|平方米)", match[3])
        noun = thing[1].removeprefix("个") if thing else ""
        if noun:
            per.add("thing")
        elif before.endswith("每"):
            per.add("unsaid")
        found.append(_Money(_decimal(match[1], match[2]), frozenset(per), noun, before, match.start(), match.end()))
    return found


def read_sums(text: str, tolerance: float = 0.005) -> Sums:
    """What a text's figures of money come to, and which stated sums do not follow from them.

    >>> read_sums("110人小组长，每人每月500元，每月55000元，每年660000元。总预算66万元").problems
    []
    >>> [(p.stated, p.right, p.formula) for p in read_sums("聘用20人，每人每月1500元，合计40万元").problems]
    [(Decimal('400000'), Decimal('360000'), '20 人×1500 元×12 个月')]
    >>> read_sums("按8个村、每个村4万元安排").derived
    Decimal('320000')
    """
    tight = normal(text)
    problems, items, left = _equations(tight, tolerance)
    moneys = _moneys(left)
    money_at = {m.start for m in moneys}
    counts = [(m.start(), _decimal(m[1], m[2]), m[3]) for m in _COUNT.finditer(left) if m.start() not in money_at]
    counts = [one for one in counts if not re.search(r"每$|第$", left[: one[0]][-1:])]
    growths = [(m.end(), _decimal(m[1]) / 100) for m in _PERCENT.finditer(left)]
    used: set[int] = set()
    parts: list[tuple[Decimal, str]] = []
    increase: tuple[Decimal, str] | None = None
    total, grand, subtotals = None, False, []
    for money in moneys:
        clause = left[max(0, money.start - 40) : money.start]
        sentence = re.split(r"[。；;]", clause)[-1]
        partly = bool(_PARTLY.search(sentence))
        growth = next((rate for end, rate in growths if 0 <= money.start - end <= 4), None)
        is_total = (_GRAND.search(money.before) or _SUM.search(money.before)) and not _NOT_OURS.search(money.before)
        if growth is not None and items and not is_total:
            base = items[-1].whole()
            options = [x for b in {base, items[-1].value} for x in (b * growth, b * (1 + growth))]
            if not any(agree(money.value, option, tolerance) for option in options):
                problems.append(Problem(money.value, base * growth, f"{_f(base)}×{_f(growth * 100)}%"))
            grown = agree(money.value, base * (1 + growth), tolerance)
            increase = (base * growth if grown else money.value, f"{_f(base * growth if grown else money.value)}")
        elif money.per & {"person", "thing"}:
            item = _item(money, counts, used, left, partly)
            if item:
                items.append(item)
        elif is_total:
            whole, formula = _whole(items, parts, increase, growths)
            options = _options(items, parts, increase, growths, subtotals)
            partly = partly or any(item.partly for item in items)
            follows = any(agree(money.value, option, tolerance) for option in options) or _some_months(
                items, money.value, tolerance
            )
            more_unsaid = money.value > whole and (_OPEN_LIST.search(left) or partly) if whole else True
            if whole and not follows and not more_unsaid and not (partly and money.value > whole):
                problems.append(Problem(money.value, whole, formula))
            total, grand = money.value, bool(_GRAND.search(money.before))
            subtotals.append(money.value)
            if not grand:
                items, parts, increase = [], [], None
        elif "month" in money.per:
            items, wrong = _stated(money, items, tolerance, monthly=True)
            problems += wrong
        elif money.per & {"year", "unsaid"}:
            items, wrong = _stated(money, items, tolerance, monthly=False)
            problems += [] if "unsaid" in money.per else wrong
        elif not money.per and not _NOT_OURS.search(money.before):
            parts.append((money.value, f"{_f(money.value)}"))
    whole, formula = _whole(items, [], increase, growths)
    monthly = sum((item.value for item in items if item.monthly and item.months is None), Decimal(0))
    derived = whole if items and total is None else None
    partly = any(item.partly for item in items) or bool(parts) or bool(_PARTLY.search(left))
    return Sums(problems, total, grand, derived or None, formula, partly, monthly or None)


def _f(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _item(money: _Money, counts: list, used: set[int], text: str, partly: bool) -> _Item | None:
    """A rate with the number of people or things that it is multiplied by; None where no number is given."""
    begin = max((m.end() for m in re.finditer(r"[。；;]", text[: money.start])), default=0)
    close = re.search(r"[。；;]", text[money.end :])
    end = money.end + close.start() if close else len(text)
    if "thing" in money.per:
        fitting = [one for one in counts if one[2].endswith(money.noun) and one[0] not in used]
        fitting = [one for one in fitting if one[0] < money.start] or fitting
    else:
        people = ("人", "名", "位", "户")
        fitting = [one for one in counts if one[2] in people and begin <= one[0] < end and one[0] not in used]
    before = [one for one in fitting if one[0] < money.start]
    chosen = before[-1] if before else fitting[0] if fitting else None
    if chosen is None:
        return None
    used.add(chosen[0])
    formula = f"{_f(chosen[1])} {chosen[2]}×{_f(money.value)} 元"
    if "day" in money.per:
        return None  # how many days is rarely said
    monthly = "month" in money.per
    told = [m for m in _MONTHS.finditer(text) if begin <= m.start() < end] if monthly else []
    near = min(told, key=lambda m: abs(m.start() - money.end), default=None)
    return _Item(chosen[1] * money.value, monthly, Decimal(near[1]) if near else None, formula, partly)


def _stated(money: _Money, items: list[_Item], tolerance: float, *, monthly: bool) -> tuple[list[_Item], list[Problem]]:
    """Items once a sum a month or a year has been stated that they should come to."""
    base = [item for item in items if item.monthly] if monthly else items
    months = items[-1].months if items else None
    stated = _Item(money.value, monthly, months, f"{_f(money.value)} 元", False)
    if not base:
        return ([*items, stated] if monthly or not items else items), []
    sums = {sum((i.value for i in base), Decimal(0)), base[-1].value} if monthly else {
        sum((i.whole() for i in base), Decimal(0)), base[-1].whole(), sum((i.value for i in base), Decimal(0)),
    }  # fmt: skip
    if any(agree(money.value, right, tolerance) for right in sums):
        return items, []
    if not monthly and _some_months(base, money.value, tolerance):
        return items, []
    right = base[-1].value if monthly else base[-1].whole()
    words = base[-1].formula if monthly else base[-1].words()
    return items, [Problem(money.value, right, words)]


def _whole(items, parts, increase, growths) -> tuple[Decimal, str]:
    """What all figures come to, and how."""
    terms = [(item.whole(), item.words()) for item in items] + list(parts if not items or parts else [])
    if increase:
        terms.append(increase)
    elif growths and items:
        rate = growths[-1][1]
        base = sum((value for value, _ in terms), Decimal(0))
        return base * (1 + rate), "+".join(words for _, words in terms) + f"，再加 {_f(rate * 100)}%"
    return sum((value for value, _ in terms), Decimal(0)), "+".join(words for _, words in terms)


def _options(items, parts, increase, growths, subtotals) -> list[Decimal]:
    """Every sum that a stated total may well mean."""
    of_items = sum((item.whole() for item in items), Decimal(0))
    of_parts = sum((value for value, _ in parts), Decimal(0))
    options = [of_items, of_parts, of_items + of_parts, sum((item.value for item in items), Decimal(0)), *subtotals]
    options += [item.whole() for item in items] + [value for value, _ in parts[-1:]]
    options += [sum(subtotals, Decimal(0)), sum(subtotals, Decimal(0)) + of_items + of_parts]
    if increase:
        options += [of_items + increase[0] + of_parts]
        options = [option for option in options if option != of_items]
    options += [of_items * (1 + rate) for _, rate in growths]
    return [option for option in options if option > 0]


def _some_months(items: list[_Item], stated: Decimal, tolerance: float) -> bool:
    """Whether the stated sum is one of a whole number of months, where the text does not say how many."""
    monthly = sum((item.value for item in items if item.monthly and item.months is None), Decimal(0))
    rest = sum((item.whole() for item in items if not item.monthly or item.months is not None), Decimal(0))
    return monthly > 0 and any(agree(stated, monthly * k + rest, tolerance) for k in range(1, 12))
