"""A small grammar of quantities in Chinese prose: how many × how much for each × how long, added up over clauses.

`read_sums(text)` says which stated sums do not follow from the figures before them, and what all figures come to. It
judges only where every figure is used and the units multiply out to money; a bound (不低于), an estimate (约), an open
list (等) or a share that others bear (其余由…承担) is no equality, and it says nothing of those.
"""

import itertools
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from budgetperf.audit.equations import Problem, agree, equations, normal
from budgetperf.audit.figures import PEOPLE, YEAR_OF, Figure, figures_of, fits

_WHOLE = re.compile(
    r"(?:总计|总共|共计|合计|小计|累计|共需|共|计|需|需要|总额|总金额|总投资|总预算|总经费|总资金|总费用|概算|预算|资金|经费|投资)"
    r"[^，。；、]{0,6}$"
)
_GRAND = re.compile(
    r"总|共需|所需|预算|需(?:要)?(?:资金|经费|财政资金|补助资金)?(?:为)?$|项目资金|项目经费|合计|共计|共$|计$|需$"
)
_NOT_OURS = re.compile(r"历年|近几年|收入|产值|增收|损失|[三五3-5]年(?:来|共|总)|同期|上年度?末|利润|销售|结余|欠|贷款")
_LAST_YEAR = re.compile(r"上年|去年|上一年|20\d\d年(?=[^，。；]{0,6}(?:支出|安排|预算|经费|为))")
_GROWTH = re.compile(r"(?:提高|增长|上浮|上调|增加|递增|上涨|增幅|涨|上升)(?:了|幅度|为)?$")
_HEDGE = re.compile(
    r"约|左右|预计|大约|估|不低于|不少于|不超过|不高于|以上|以内|以下|至少|最高|最低|上限|下限|超过|多元|余元|余[人名户]|其余|剩余|不足部分|"
    r"差额|等(?![级于待])|另(?!一)|除|其他|其它|部分(?!项目)|\d元?(?:至|到|-|—|~)\d|控制在|可能|若|如果|原则上|分[两三2-5]年|逐年|整改"
)
_SOURCE = re.compile(
    r"中央|省级?|市级?|州级?|县级?|区级?|本级|上级|财政|自筹|配套|债券|社会资本|群众|企业|预算内|专项资金|补助资金|转移支付|银行"
)
_PARTLY = re.compile(r"其中|另列|另有|另外|其余|此外|除|自筹|承担|配套|社会资本|争取|债券")


class Sums(NamedTuple):
    """What a text's figures come to, in 元.

    total: what it says all costs, the last of them; grand: said as the whole; derived, formula: what the figures come
    to where no total is stated; partly: they are not all of it, or not exact.
    """

    problems: list[Problem]
    total: Decimal | None
    grand: bool
    derived: Decimal | None
    formula: str
    partly: bool


class _Item(NamedTuple):
    value: Decimal  # of one period
    times: Decimal  # periods
    open: bool  # a month's sum, where nothing says how many months
    formula: str
    used: frozenset[int]  # starts of the figures in it

    def whole(self) -> Decimal:
        return self.value * self.times


# ---- items: an amount for one, with what it is multiplied by ------------------------------------------------------------


def _item(money: Figure, figures: list[Figure], taken: set[int]) -> _Item | None:
    """The product of an amount and its counts and periods; None where something it is for is not said."""
    nouns = [one for one in money.per if one not in YEAR_OF]
    periods = [one for one in money.per if one in YEAR_OF]
    if any(one in ("天", "日", "周", "学期", "期") for one in nouns if not any(fits(one, f) for f in figures)):
        return None  # how many days is rarely said
    value, words, used = money.value, [f"{_f(money.value)} 元"], {money.start}
    for noun in nouns:
        count = _count_for(noun, money, figures, taken | used)
        if count is None:
            return None
        value, used = value * count.value, used | {count.start}
        words.insert(0, f"{_f(count.value)} {count.after[:1] if count.after[:1] != '个' else '个'}")
        for often in count.per:  # 每季度检测1次: so often, and at as many places as are left
            many = YEAR_OF.get("季" if often.startswith("季") else often[:1])
            place = _nearest(
                [f for f in figures if f.kind == "count" and f.start not in used | taken and f.end <= count.start],
                money,
            )
            if many is None:
                return None
            value *= many
            words.append(f"{many} 次/年")
            if place:
                value, used = value * place.value, used | {place.start}
                words.insert(0, f"{_f(place.value)} {place.after[:1]}")
    times, open_ = Decimal(1), False
    period = periods[0] if periods else ""
    if period and period != "年":
        told = _nearest([f for f in figures if f.kind == "time"], money)
        times = told.value if told and period == "月" else Decimal(YEAR_OF[period])
        open_ = not told
        used |= {told.start} if told else set()
        words.append(f"{_f(times)} 个月" if period == "月" else f"{_f(times)} 期")
    elif period == "年":
        told = [f for f in figures if f.kind == "time" and f.value == 12]
        used |= {f.start for f in told}
    return _Item(value, times, open_, "×".join(words), frozenset(used))


def _count_for(noun: str, money: Figure, figures: list[Figure], taken: set[int]) -> Figure | None:
    fitting = [f for f in figures if f.kind == "count" and fits(noun, f) and not f.background]
    fitting = fitting or [f for f in figures if f.kind == "count" and fits(noun, f)]
    # 先进村每个5万元: the count that stands beside the same word
    named = re.search(r"([\u4e00-\u9fff]{2,4})每$", money.before.split("每")[0] + "每")
    if (named and noun.startswith(("个", "名", "处", "座"))) or (named and not noun):
        beside = [f for f in fitting if f.before.endswith(named[1]) or named[1] in f.after]
        fitting = beside or fitting
    free = [f for f in fitting if f.start not in taken] or fitting
    return _nearest(free, money)


def _nearest(figures: list[Figure], money: Figure) -> Figure | None:
    before = [f for f in figures if f.start < money.start]
    return before[-1] if before else figures[0] if figures else None


# ---- the whole text ----------------------------------------------------------------------------------------------------


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
    problems, written, left = equations(tight, tolerance)
    figures = figures_of(left)
    reading = _Reading(
        left, figures, tolerance, [_Item(v, Decimal(1), False, words, frozenset()) for v, words in written]
    )
    moneys = [figure for figure in figures if figure.kind == "money"]
    for place, money in enumerate(moneys):
        if money.start not in reading.done:
            reading.take(money, moneys[place + 1 :])
    whole, formula = reading.canonical()
    hedged = bool(_HEDGE.search(left))
    derived = whole if reading.items and reading.total is None and not reading.lost and not reading.parts else None
    unused = {f.start for f in figures if not f.background} - reading.used()
    partly = hedged or bool(unused) or bool(reading.parts) or bool(_PARTLY.search(left))
    return Sums([*problems, *reading.problems], reading.total, reading.grand, derived or None, formula, partly)


class _Reading:
    """The state of reading one text, figure by figure."""

    def __init__(self, text: str, figures: list[Figure], tolerance: float, items: list[_Item]):
        self.text, self.figures, self.tolerance, self.items = text, figures, tolerance, items
        self.parts: list[Figure] = []  # plain amounts
        self.growth: list[Figure] = []
        self.subtotals: list[Decimal] = []
        self.problems: list[Problem] = []
        self.done: set[int] = set()  # figures that are accounted for
        self.total: Decimal | None = None
        self.grand = self.lost = False  # lost: an amount whose counts are not said

    def used(self) -> set[int]:
        inside = {start for item in self.items for start in item.used}
        return self.done | inside | {f.start for f in (*self.parts, *self.growth)}

    def canonical(self) -> tuple[Decimal, str]:
        """What all figures up to here come to, and how."""
        terms = [(item.whole(), item.formula) for item in self.items] + [(p.value, _f(p.value)) for p in self.parts]
        value, words = sum((v for v, _ in terms), Decimal(0)), "+".join(w for _, w in terms)
        for share in self.growth:
            value, words = value * (1 + share.value), f"{words}×(1+{_f(share.value * 100)}%)"
        return value, words

    def take(self, money: Figure, later: list[Figure]) -> None:
        if _NOT_OURS.search(money.before):
            self.done.add(money.start)
            self.lost = True
            return
        if money.before.endswith("每"):  # 每160710元: of what is not said; a sum known already, or nothing to rest on
            known = [value for item in self.items for value in (item.value, item.whole())]
            self.done.add(money.start)
            self.lost = self.lost or not self._follows(money.value, known)
            return
        self._take_growth(money)
        sources = self._sources(money, later)
        if sources:
            self._compose(money, sources)
        elif [one for one in money.per if one not in YEAR_OF]:
            self._take_rate(money)
        elif _WHOLE.search(money.before) and not _LAST_YEAR.search(money.before):
            self._state(money, grand=bool(_GRAND.search(money.before)))
        elif money.per:  # so much a month or a year, of all
            self._take_period(money)
        elif not self._is_increase(money):
            self.parts.append(money)

    def _take_rate(self, money: Figure) -> None:
        item = _item(money, self.figures, {start for one in self.items for start in one.used})
        if item is None:
            self.lost = True
        else:
            self.items.append(item)

    def _take_growth(self, money: Figure) -> None:
        """Shares by which what stands before grows: only where there is something that can grow."""
        for figure in self.figures:
            known = figure.kind == "share" and figure.start < money.start and figure.start not in self.used()
            if known and _GROWTH.search(figure.before) and (self.items or self.parts):
                self.growth.append(figure)

    def _is_increase(self, money: Figure) -> bool:
        """Whether a plain amount behind a growth is what it comes to; told where it is not."""
        if not self.growth or money.start - self.growth[-1].end > 4:
            return False
        share = self.growth[-1].value
        base = sum((item.whole() for item in self.items), Decimal(0)) + sum((p.value for p in self.parts), Decimal(0))
        if agree(money.value, base * share, self.tolerance):  # 每年提高10%，16071元: an amount of its own
            self.done.add(self.growth.pop().start)
            self.parts.append(money)
            return True
        if agree(money.value, base * (1 + share), self.tolerance):
            self.done.add(money.start)
            return True
        self.problems.append(Problem(money.value, base * share, f"{_f(base)}×{_f(share * 100)}%"))
        return True

    def _take_period(self, money: Figure) -> None:
        """So much a month or a year: what items come to, else an item of its own."""
        period = next(one for one in money.per if one in YEAR_OF)
        same = [item for item in self.items if item.value and (period == "年" or item.times != 1)]
        people = [
            f for f in self.figures if f.kind == "count" and f.after.startswith(PEOPLE) and f.start not in self.used()
        ]
        if not same and period == "月" and people and re.search("工资|报酬|薪|补贴|补助|津贴", money.before):
            count = _nearest(people, money)  # 保洁员21人，月工资1500元
            told = _nearest([f for f in self.figures if f.kind == "time"], money)
            times = told.value if told else Decimal(12)
            words = f"{_f(count.value)} {count.after[:1]}×{_f(money.value)} 元×{_f(times)} 个月"
            used = {money.start, count.start, *({told.start} if told else ())}
            self.items.append(_Item(money.value * count.value, times, not told, words, frozenset(used)))
        elif same:
            value = sum((i.value if period == "月" else i.whole() for i in same), Decimal(0))
            self.done.add(money.start)
            if not self._follows(money.value, [value, same[-1].value if period == "月" else same[-1].whole()]):
                self._accuse(money, value, "+".join(item.formula for item in same))
        elif self.parts:
            self._state(money, grand=False)
        else:
            told = _nearest([f for f in self.figures if f.kind == "time"], money) if period == "月" else None
            times = told.value if told else Decimal(YEAR_OF[period])
            context = _nearest(
                [f for f in people if f.start < money.start], money
            )  # 14人，每月13392.5元: of all of them
            used = {money.start, *(one.start for one in (told, context) if one)}
            words = f"{_f(money.value)} 元×{_f(times)} 个月" if period == "月" else f"{_f(money.value)} 元"
            self.items.append(_Item(money.value, times, period == "月" and not told, words, frozenset(used)))

    def _sources(self, money: Figure, later: list[Figure]) -> list[Figure]:
        """The amounts that a stated whole is said to be made of: 总投资300万元，其中中央180万元、省级120万元."""
        close = re.search("[。；;]", self.text[money.end :])
        end = money.end + close.start() if close else len(self.text)
        inside = [one for one in later if one.start < end and not one.per]
        if len(inside) < 2 or not re.match("[，,:：(]?(?:其中|由|包括|来源)", self.text[money.end : money.end + 4]):
            return []
        first = self.text[money.end : inside[0].start]
        return inside if not re.search("每|均", first) and not self.items and not self.parts else []

    def _compose(self, money: Figure, sources: list[Figure]) -> None:
        """A whole and its sources: they may never be more, and where all are sources of funds they must be as much."""
        self.done |= {money.start, *(one.start for one in sources)}
        value = sum((one.value for one in sources), Decimal(0))
        self.total, self.grand = money.value, True
        sentence = self.text[money.start : sources[-1].end + 20]
        complete = all(_SOURCE.search(one.before) for one in sources) and not _HEDGE.search(sentence)
        more = value > money.value and not agree(value, money.value, self.tolerance) and not _HEDGE.search(sentence)
        if more or (complete and not agree(value, money.value, self.tolerance)):
            self.problems.append(Problem(money.value, value, "+".join(_f(one.value) for one in sources)))

    def _state(self, money: Figure, *, grand: bool) -> None:
        """A stated sum: of all before it."""
        value, formula = self.canonical()
        self.done.add(money.start)
        options = [
            value,
            sum((i.whole() for i in self.items), Decimal(0)),
            sum((p.value for p in self.parts), Decimal(0)),
        ]
        options += [*self.subtotals, sum(self.subtotals, Decimal(0)), sum(self.subtotals, value)]
        if self.items and re.search("(?:^|[，、；])(?:共|计)$", money.before):
            options.append(self.items[-1].whole())  # 共…: of its own clause, or of all
        options += [money.value] if not value else []
        if not self.growth:
            options += self._months(options[1] - sum((i.whole() for i in self.items if i.open), Decimal(0)))
        if not self._follows(money.value, options):
            self._accuse(money, value, formula)
        self.total, self.grand = money.value, grand
        self.done |= self.used()
        self.subtotals.append(money.value)
        self.items, self.parts, self.growth = [], [], []

    def _months(self, rest: Decimal) -> list[Decimal]:
        """What open months may come to, where the text does not speak of a whole year."""
        monthly = sum((item.value for item in self.items if item.open), Decimal(0))
        if not monthly or re.search("全年|年度|每年|一年|年工资", self.text):
            return []
        return [rest + monthly * k for k in range(1, 12)]

    def _follows(self, stated: Decimal, options: Iterable[Decimal]) -> bool:
        return any(option > 0 and agree(stated, option, self.tolerance) for option in options)

    def _accuse(self, money: Figure, right: Decimal, formula: str) -> None:
        """A problem, if every figure before is used, none is a bound, and no other way of multiplying gives the sum."""
        begin = min((start for item in self.items for start in item.used), default=money.start)
        begin = min([begin, *(p.start for p in self.parts)])
        span = self.text[begin : money.end]
        sentence = self.text[max(self.text.rfind("。", 0, begin), 0) : money.end + 14]
        background = {f.start for f in self.figures if f.background}
        loose = {f.start for f in self.figures if f.start < money.start} - self.used() - background - {money.start}
        if self.lost or loose or _HEDGE.search(sentence) or not formula or "\0" in span.replace("\0\0", ""):
            return
        if not self._otherwise(money):
            self.problems.append(Problem(money.value, right, formula))

    def _otherwise(self, money: Figure) -> bool:
        """Whether some other way of multiplying the figures gives the stated sum."""
        counts = [f.value for f in self.figures if f.kind == "count" and f.start < money.start]
        times = [f.value for f in self.figures if f.kind == "time"] + [Decimal(1), Decimal(12)]
        rates = [f for f in self.figures if f.kind == "money" and f.start < money.start and f.per][:4]
        if len(counts) > 6 or not rates:
            return False
        products = {_product_of(some) for size in range(4) for some in itertools.combinations(counts, size)}
        each = [{rate.value * product * time for product in products for time in times} for rate in rates]
        sums = {Decimal(0)}
        for options in each:
            sums = {a + b for a in sums for b in options} if len(sums) * len(options) < 20_000 else sums
        return any(agree(money.value, one, self.tolerance) for one in sums if one) and len(counts) > len(rates)


def _product_of(values: Iterable[Decimal]) -> Decimal:
    product = Decimal(1)
    for value in values:
        product *= value
    return product


def _f(value: Decimal) -> str:
    return f"{value.normalize():f}"
