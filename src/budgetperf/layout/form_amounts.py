"""Whether the amounts of a form's head agree: the parts with their whole, and none that is as likely the budget."""

import re
from decimal import Decimal

from budgetperf.field.form_labels import MONEY, is_unknown, label_of, period_of
from budgetperf.field.money_text import (
    ROUNDING,
    amount_text,
    amounts_in,
    divisions_of,
    figures_of,
    is_number,
    parts_disagree,
    stated_parts,
    unit_in,
)
from budgetperf.field.notation import parse_amount, plain
from budgetperf.field.vocabulary import fold_head
from budgetperf.layout.form_cells import Pair
from budgetperf.layout.lattice import Cell

# sources and uses between which money is shared out, so that both make up the whole
SHARED_OUT = (("中央", "地方"), ("上级", "本级"), ("基本支出", "项目支出"), ("财政拨款", "自筹"), ("当年", "结转"))
MOST_PARTS = 12  # of a sum in its row, all choices of which are tried
LONGEST_AMOUNT = 15  # characters, with a point or commas: 999,999,999.99
LONGEST_WHOLE = 8  # digits alone: longer ones are codes and telephone numbers
_YEAR = re.compile(r"20\d\d")
# neither what was spent nor what was approved
_OF_OTHER_MONEY = re.compile(
    "计划|拟|预计|标准|方向|范围|规定|合规|率|基本支出|项目支出|其中|结[转余]|合同|中标|担保|贷款|单价|年初|上年|追加|[增审核]减|带动|产值"
)
_MAY_BE_SPENT = re.compile(".*(?:拨[付款]|实际|支出|支付|使用|发放|兑付|列支|实付|决算)(?:资金|金额|数|额|情况)?$")
_NAMES_MONEY = re.compile(".*(?:金额|资金|款|额|成本|合计|已.{1,3}|(?:批|审|核|定|准|算|付)数?)$")
_APPLIED = re.compile("申请|申报|上报|需求|估算")
SHORT = 24  # characters of a text that a doubt quotes
MOST_SHOWN = 5  # amounts that a doubt quotes


def money_doubts(
    chosen: dict[str, Pair], candidates: dict[str, list[Pair]], pairs: list[Pair], unit: str | None, own: str | None
) -> list[tuple[str, str]]:
    """Where the parts of an amount or other amounts do not agree with it; `own`: the unit of the budget's amount."""
    parts = candidates.get("part", [])
    doubts = [*_parts(chosen["budget"], parts, own), *_parts_beside(chosen["budget"], parts, own)]
    doubts += _carried_beside(chosen["budget"], candidates, unit)
    for field in [f for f in ("budget_initial", "executed") if f in chosen]:
        doubts += _parts(chosen[field], _parts_of_column(chosen[field], pairs), own)
    return [*doubts, *_others(chosen, pairs, unit)]


def _parts_of_column(whole: Pair, pairs: list[Pair]) -> list[Pair]:
    """What stands in the column of an amount in the rows of its parts."""
    return [
        p for p in pairs
        if p.cell is not None and whole.cell is not None and p.cell.col == whole.cell.col and p.cell.row > whole.cell.row
        and any((label := label_of(words)) and label.field == "part" for words in p.words.split("/")[-2:-1])
    ]  # fmt: skip


def _parts(whole: Pair, parts: list[Pair], unit: str | None) -> list[tuple[str, str]]:
    """Parts of the budget (其中：财政拨款 …), below it or in a column that begins beside it, that cannot be its parts."""
    total = parse_amount(amount_text(whole.text), unit or "元")
    if total is None:
        return []
    found = []
    if parts_disagree(total, stated_parts(whole.text, unit or "元"), exhaustive=False):
        found.append(("parts", f"“{short(whole.text)}”中各部分之和大于总额"))
    column = _column_of_parts(whole, parts)
    below = [p for p in parts if p.cell is not None and (p.cell.col == column or p.inside) and amount_text(p.text)]
    read = [(p.words, a) for p in below if (a := wan(p, unit)) is not None]
    amounts = [amount for _, amount in read]
    divisions: dict[str, Decimal] = {}  # each is one of the whole: 收入构成/财政拨款, 支出构成/基本支出
    for words, amount in read:
        group = words.partition("/")[0] if "/" in words else ""
        divisions[group] = divisions.get(group, Decimal(0)) + amount
    if len(divisions) > 1 and "" not in divisions and set(divisions.values()) == {total}:
        return found
    if len(sums := divisions_of(total, amounts)) > 1 and set(sums) == {total}:
        return found
    of_column = [p.words for p in parts if p.cell is None or p.cell.col == column]
    others = any("其他" in words for words in of_column) or any(
        any(one in words for words in of_column) and any(other in words for words in of_column)
        for one, other in SHARED_OUT
    )
    nested = len([p for p in below if "其中" in p.words]) > 1  # two divisions of the same whole
    if not nested and parts_disagree(total, amounts, exhaustive=others and len(amounts) > 1):
        shown = " + ".join(short(p.text) for p in below)
        found.append(("parts", f"总额印为 {short(whole.text)}，各部分为 {shown}，不相符"))
    elif shifted := next((a for a in (*amounts, sum(amounts, Decimal(0))) if _is_shifted(total, a)), None):
        words = f"总额印为 {short(whole.text)}，部分为 {plain(shifted)}，数字相同而位数不同：小数点或金额单位可疑"
        found.append(("parts", words))
    return found


def _column_of_parts(whole: Pair, parts: list[Pair]) -> int | None:
    """The column of the whole, if a part stands in it, else of the first part right of it."""
    if whole.cell is None:
        return None
    apart = [p.cell for p in parts if p.cell is not None and not p.inside and amount_text(p.text)]
    right = [c.col for c in apart if c.row == whole.cell.row and c.col > whole.cell.col]
    return whole.cell.col if any(c.col == whole.cell.col for c in apart) or not right else min(right)


def _parts_beside(whole: Pair, parts: list[Pair], unit: str | None) -> list[tuple[str, str]]:
    """A sum (合计 | 中央 | 省级 | 县级) which no choice of the amounts in its row makes up."""
    total = wan(whole, unit)
    beside = [
        p for p in parts
        if p.cell is not None and whole.cell is not None and p.cell.row == whole.cell.row and not p.inside and amount_text(p.text)
    ]  # fmt: skip
    summed = re.search(r"合计|小计|总计|总额", whole.words.rsplit("/", 1)[-1])
    if not summed or total is None or len(beside) < 2 or any("其中" in p.words for p in beside):
        return []
    sums = {Decimal(0)}
    for part in beside[:MOST_PARTS]:
        sums |= {amount + wan(part, unit) for amount in sums}
    if any(abs(amount - total) <= ROUNDING for amount in sums):
        return []
    shown = "、".join(short(p.text) for p in beside)
    return [("parts", f"合计印为 {short(whole.text)}，其右各部分为 {shown}，不相符")]


def _is_shifted(whole: Decimal, part: Decimal) -> bool:
    """Whether two amounts are of the same figures with the point elsewhere, of more figures than happen to be alike.

    >>> _is_shifted(Decimal(125000), Decimal("12.5")), _is_shifted(Decimal(100), Decimal(10)), _is_shifted(Decimal(9), Decimal(9))
    (True, False, False)
    """
    if not part or not whole or abs(part) >= abs(whole):
        return False
    figures = figures_of(whole)
    return figures == figures_of(part) and len(figures) > (2 if whole == 10 * part else 1)


def _others(chosen: dict[str, Pair], pairs: list[Pair], unit: str | None) -> list[tuple[str, str]]:
    """Amounts that may as well be the budget: another value under a label of it, or one that says it is the year's
    beside a budget that does not say so. Beside one that does, what is part of the money of all years is none."""
    budget, own = chosen["budget"], wan(chosen["budget"], unit)
    said = period_of(budget.words) == "year"
    longer = wan(chosen["period_budget"], unit) if "period_budget" in chosen else None

    def of_all_years(pair: Pair) -> bool:
        return said and longer is not None and pair.label.tier > budget.label.tier and own < wan(pair, unit) < longer

    taken = {wan(p, unit) for f, p in chosen.items() if f in MONEY and amount_text(p.text)}
    found = [
        p for p in pairs
        if p.cell is not None and amount_text(p.text) and not _YEAR.fullmatch(p.text.strip()) and wan(p, unit) not in taken
        and ((p.label is not None and p.label.field == "budget" and not of_all_years(p)) or (not said and is_unknown(words := p.words.rsplit("/", 1)[-1])
             and period_of(words) == "year" and p.cell.row == budget.cell.row))
    ]  # fmt: skip
    if own is None or not found:
        return []
    words = "、".join(f"“{short(p.text)}”（{p.words}）" for p in found[:MOST_SHOWN])
    return [("budget", f"预算数取“{short(budget.text)}”（{budget.words}），另印有可能是预算数的 {words}")]


def amounts_standing(notes: list[tuple[str, str, Cell]]) -> list[tuple[str, str]]:
    """Amounts of a head whose budget was not read: they must not be lost in silence."""
    standing = [
        f"“{short(words)}”之下的“{short(text)}”"
        for words, text, cell in notes
        if (is_number(text) and len(tight(text)) <= (LONGEST_WHOLE if text.strip().isdigit() else LONGEST_AMOUNT))
        or amounts_in(text, "元")
    ]  # fmt: skip
    if standing:
        return [("budget", f"没有读到预算数，表头却印有金额：{'、'.join(standing[:MOST_SHOWN])}")]
    return []


def _carried_beside(budget: Pair, candidates: dict[str, list[Pair]], unit: str | None) -> list[tuple[str, str]]:
    """A part taken for the budget where no sum is printed, beside money of the year before (本年财政拨款 60 | 上年结转 5)."""
    parts = candidates.get("part", []) if {*candidates} & {*MONEY} == {"part"} else []
    carried = [p for p in parts if p is not budget and "结转" in p.words and amount_text(p.text) and wan(p, unit)]
    words = f"没有印出总额：预算数取“{short(budget.words)}”，不含"
    return [("budget", f"{words}“{short(p.words)}”的 {short(p.text)}") for p in carried[:1]]


def wan(pair: Pair, unit: str | None) -> Decimal | None:
    return parse_amount(amount_text(pair.text), unit_in(pair.words) or unit or "元")


def tight(text: str) -> str:
    return "".join(text.split())


def short(text: str) -> str:
    return tight(text)[:SHORT]


def other_money(
    chosen: dict[str, Pair], notes: list[tuple[str, str, Cell]], unit: str | None, evaluated: bool
) -> list[tuple[str, str]]:
    """The doubts of a form's money that what stands under labels of no field may be what was approved or spent."""
    budget = chosen.get("budget")
    doubts = _perhaps_approved(budget, notes, unit) if budget else []
    if evaluated and not (chosen["executed"].text if "executed" in chosen else ""):
        doubts += _perhaps_spent(notes, wan(budget, unit) if budget else None, unit)
        if budget and says_spent(budget.words):
            doubts.append(("budget", f"预算数取“{short(budget.words)}”，可能是支出的金额，没有读到别的预算数"))
    return doubts


def says_spent(label: str) -> bool:
    """Whether the label of an amount says that it was spent, and none of its words that it was planned.

    >>> says_spent("项目资金使用情况"), says_spent("支出预算"), says_spent("资金总额")
    (True, False, False)
    """
    return may_be_spent(label) and not re.search("拨|预算|计划|安排|拟|批复|下达|申请", label)


def _perhaps_spent(
    notes: list[tuple[str, str, Cell]], budget: Decimal | None, unit: str | None
) -> list[tuple[str, str]]:
    """The doubts of a form with results that prints no amount spent: under whose labels it may stand."""
    labels = {fold_head(words.split("/")[-1]) for words, *_ in notes}
    alone = {"项目支出"} & labels if "基本支出" not in labels else set()  # else they are parts of the budget
    return [
        ("executed", f"没有读到执行数，“{short(words)}”之下的“{short(text)}”可能就是")
        for words, text, _ in notes
        if re.search(r"\d", text)
        and (
            any(map(may_be_spent, words.split("/")[-2:]))
            or fold_head(words.split("/")[-1]) in alone
            or (_is_amount(text) and names_money(words.split("/")[-1]) and _up_to(budget, text, words, unit))
        )
    ]


def _perhaps_approved(budget: Pair, notes: list[tuple[str, str, Cell]], unit: str | None) -> list[tuple[str, str]]:
    """The doubt of a form whose budget is what was applied for: under whose labels what was approved may stand."""
    if not is_applied(budget.words):
        return []
    return [
        ("budget", f"预算数取申报的“{short(budget.text)}”，“{short(words)}”之下的“{short(text)}”可能是批准的")
        for words, text, _ in notes
        if _is_amount(text)
        and names_money(label := words.split("/")[-1])
        and not is_applied(label)
        and words.rpartition("/")[0] == budget.words.rpartition("/")[0]
        and _up_to(wan(budget, unit), text, words, unit)
    ]


def _is_amount(text: str) -> bool:
    return is_number(text) and not _YEAR.fullmatch(text.strip())


def _up_to(budget: Decimal | None, text: str, words: str, unit: str | None) -> bool:
    amount = parse_amount(amount_text(text), unit_in(words) or unit or "元")
    return None in (budget, amount) or amount <= budget


def may_be_spent(label: str) -> bool:
    """Whether what stands under a label of which nothing else is known may be what was spent.

    >>> [may_be_spent(label) for label in ("拨付金额", "实际金额", "预计支出", "基本支出", "合同金额")]
    [True, True, False, False, False]
    """
    return _MAY_BE_SPENT.search(fold_head(label)) is not None and not _OF_OTHER_MONEY.search(fold_head(label))


def names_money(label: str) -> bool:
    """Whether a label names a sum of money that need not be a budget's nor part of one.

    >>> [names_money(label) for label in ("付款金额", "已用资金", "专家评审", "合同金额", "其中：财政拨款", "项目负责人")]
    [True, True, True, False, False, False]
    """
    known = label_of(label)
    of_other = _OF_OTHER_MONEY.search(fold_head(label)) or (
        known is not None and known.field in ("part", "past", "period_budget", "budget_initial")
    )
    return not of_other and _NAMES_MONEY.fullmatch(fold_head(label)) is not None


def is_applied(label: str) -> bool:
    """Whether an amount's label says that it was applied for."""
    return _APPLIED.search(label) is not None
