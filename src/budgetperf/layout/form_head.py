"""A form's head as read: its fields, what no field takes, what stands open, and the role of each of its cells."""

import re
from decimal import Decimal
from typing import NamedTuple

from budgetperf.field.form_labels import MONEY, Label, is_unknown, label_of, period_of
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
from budgetperf.field.notation import parse_amount, parse_target, plain
from budgetperf.layout.form_cells import POINTS, Pair
from budgetperf.layout.form_pairs import read_pairs
from budgetperf.layout.lattice import Cell, Lattice
from budgetperf.layout.money_heads import in_year, surest

# fields of a head that no column takes: they are kept with the other notes
KEPT_AS_NOTES = ("past", "part", "note", "goal", "duties")
# a score of the whole form, above its blocks
_OF_ALL = re.compile(r"(?:自评|综合|评价|总)(?:总|综合)?(?:得分|分值?|评分)[:：]?")
RESULTS = {"weight": "execution_weight", "score": "execution_score"}  # of a fund block: those of the execution rate
# sources and uses between which money is shared out, so that both make up the whole
SHARED_OUT = (("中央", "地方"), ("上级", "本级"), ("基本支出", "项目支出"), ("财政拨款", "自筹"), ("当年", "结转"))
PROSE = 12  # characters from which a text may be a goal
MOST_PARTS = 12  # of a sum in its row, all choices of which are tried
LONGEST_AMOUNT = 15  # characters, with a point or commas: 999,999,999.99
_YEAR = re.compile(r"20\d\d")
_DATED_AMOUNT = re.compile(r"20\d\d年度?(?:预算)?(?:安排|批复)?:?\d")  # 2023年10万元
_SAYS = re.compile("[\u4e00-\u9fff]{4}")
LONGEST_WHOLE = 8  # digits alone: longer ones are codes and telephone numbers


class Head(NamedTuple):
    """values: field → text · notes: (label, text, cell) that no field takes · roles: cell index → (role, field) ·
    unit: of the budget's amount as its labels print it · doubts: (check, words) · printed: fields whose label is there."""

    values: dict[str, str]
    cells: dict[str, Cell]
    notes: list[tuple[str, str, Cell]]
    roles: dict[int, tuple[str, str | None]]
    unit: str | None
    doubts: list[tuple[str, str]]
    printed: set[str]


def read_head(lattice: Lattice, rows: list[int], year: int | None = None) -> Head:
    """The head of a form, or as much of it as stands in one lattice; `year`: the document's own."""
    pairs = [pair._replace(label=_meant(pair, year)) for pair in read_pairs(lattice, rows)]
    candidates: dict[str, list[Pair]] = {}
    for pair in pairs:
        if pair.label is not None:
            field = RESULTS.get(pair.label.field, pair.label.field)
            field = "note" if field == "execution_score" and _OF_ALL.fullmatch("".join(pair.words.split())) else field
            candidates.setdefault(field, []).append(pair)
    if len(named := candidates.get("project", [])) > 1 and not any(p.label.sure for p in named):
        candidates.setdefault("note", []).extend(candidates.pop("project"))  # 项目一, 项目二 in one form: its tasks
    _settle_goals(candidates)
    of_whole = [p for p in pairs if not _is_detail(p)]
    heads = [c.text for p in of_whole for c in p.heads]
    texts = dict.fromkeys([*heads, *(p.text for p in of_whole)])
    of_rows = [text for text in texts if (label := label_of(text)) and label.field in MONEY]
    unit_words = [*(p.words for p in pairs if p.label and p.label.field in MONEY), *heads, *of_rows]
    unit = next((u for w in unit_words if (u := unit_in(w))), None)
    values: dict[str, str] = {}
    chosen: dict[str, Pair] = {}
    doubts: list[tuple[str, str]] = []
    for field, found in candidates.items():
        if field in KEPT_AS_NOTES:
            continue
        best, words = _best_amount(found, unit) if field in MONEY else _best(found, field)
        if words:
            doubts.append((field, words))
        if best is not None:
            chosen[field], values[field] = best, best.text
    if _is_of_other_unit(chosen, candidates):
        del chosen["unit_code"], values["unit_code"]
    if "budget" not in chosen and (found := _other_amount(candidates)):
        chosen["budget"], values["budget"] = found, found.text
    if (
        "budget" in chosen
        and "period_budget" not in chosen
        and (longer := _of_more_years(chosen["budget"], candidates, unit))
    ):
        chosen["period_budget"], values["period_budget"] = longer, longer.text
    if {"budget", "execution_rate"} <= set(chosen) and "executed" not in chosen:
        paid, words = _by_rate(chosen, pairs, unit)
        doubts += [("executed", words)] if words else []
        if paid:
            chosen["executed"], values["executed"] = paid, paid.text
    if "execution_score" in chosen and "execution_weight" not in values:
        pair = chosen["execution_score"]
        first = lattice.texts(pair.cell.row)[0].text if pair.cell else ""  # 资金情况（10分） | … | 得分：9.65
        of_money = [first] if re.search("资金|预算|执行", first) else []
        words = [*pair.words.split("/"), *of_money]  # 预算执行情况（10分）/…/执行率得分（10分）
        points = next((found for word in words if (found := POINTS.search(word))), None)
        values |= {"execution_weight": points[1]} if points else {}
    budget_unit = unit
    if "budget" in chosen:
        budget_unit = unit_in(chosen["budget"].words) or unit
        doubts += _parts(chosen["budget"], candidates.get("part", []), budget_unit)
        doubts += _parts_beside(chosen["budget"], candidates.get("part", []), budget_unit)
        for field in {"budget_initial", "executed"} & set(chosen):
            doubts += _parts(chosen[field], _parts_of_column(chosen[field], pairs), budget_unit)
        doubts += _others(chosen, pairs, unit)
    notes = [
        (pair.words, pair.text, pair.cell)
        for pair in pairs
        if pair.text and pair.cell is not None and not any(pair is c for c in chosen.values())
        and not _same(pair, chosen.get(RESULTS.get(pair.label.field, pair.label.field) if pair.label else None))
    ]  # fmt: skip
    if not values.get("budget") or amount_text(values["budget"]) is None:
        doubts += _amounts_standing(notes)
    doubts += [
        ("amount_unit", f"“{_short(text)}”与其他金额的单位“{budget_unit}”不同")
        for text in of_rows
        if unit_in(text) not in (None, budget_unit)
    ]
    doubts += [
        ("unread", f"“{_short(text)}”没有标签，属于哪一项不能由印刷确定")
        for words, text, _ in notes
        if not words.strip("/") and _SAYS.search(text)
    ]
    roles = _roles(pairs, chosen)
    printed = {f for f in candidates if f not in KEPT_AS_NOTES} | ({"objective"} if "goal" in candidates else set())
    return Head(values, {f: p.cell for f, p in chosen.items() if p.cell}, notes, roles, budget_unit, doubts, printed)


def _meant(pair: Pair, year: int | None) -> Label | None:
    """What a label means with its value: money of another year than the document's is of the past, or of years to come;
    many units together (各县民政局) are not the project's."""
    label = pair.label
    if label is not None and label.field in MONEY and _is_detail(pair):
        return Label("note")
    if label is not None and label.field == "unit" and pair.text.startswith(("各", "有关", "相关")):
        return Label("note")
    if label is not None and label.field in MONEY and (dated := _DATED_AMOUNT.match("".join(pair.text.split()))):
        return in_year(label, dated[0], year)
    return in_year(label, next((w for w in reversed(pair.words.split("/")) if _YEAR.search(w)), ""), year)


def _is_detail(pair: Pair) -> bool:
    """Whether a value stands in a list of what the money is for, or when it is spent (支出预算明细, 分季度用款计划)."""
    group, *inner = pair.words.split("/")
    return bool(inner) and re.search("明细|测算|用款计划|支出计划|经济分类", group) is not None


def _is_of_other_unit(chosen: dict[str, Pair], candidates: dict[str, list[Pair]]) -> bool:
    """Whether the unit's code stands beside another unit than that which the form is of."""
    code, unit = chosen.get("unit_code"), chosen.get("unit")
    if code is None or unit is None or None in (code.cell, unit.cell) or code.cell.row == unit.cell.row:
        return False
    return any(
        p.cell is not None and p.cell.row == code.cell.row and _tight(p.text) != _tight(unit.text)
        for p in candidates["unit"]
    )


def _settle_goals(candidates: dict[str, list[Pair]]) -> None:
    """Goals whose labels do not say whose they are: the year's, unless one that says so is there; those of a unit's
    duties (年度履职目标) where it has no others."""
    neutral = [p for p in candidates.get("goal") or candidates.get("duties", []) if p.text]
    weak = [p for p in candidates.get("period_objective", []) if p.label.tier == 1]
    if not any(p.text for p in candidates.get("objective", [])):
        if neutral:
            candidates["objective"] = [*candidates.get("objective", []), *neutral]
        elif weak and "objective" not in candidates:
            candidates["objective"] = weak
            candidates["period_objective"] = [p for p in candidates["period_objective"] if p.label.tier == 0]


def _best(found: list[Pair], field: str) -> tuple[Pair | None, str | None]:
    """The value under the surest label; words where two of them differ."""
    filled = [p for p in found if p.text]
    if not filled:
        return None, None
    first, differing = surest(filled, _tier, lambda p: _tight(p.text))
    if differing and field == "project" and _tight(first.text) in _tight(differing[0].text):
        return first, None
    words = "、".join(f"“{_short(p.text)}”（{p.words}）" for p in (first, *differing))
    return first, f"同一栏印有不同的值：{words}，取前者" if differing else None


def _best_amount(found: list[Pair], unit: str | None) -> tuple[Pair | None, str | None]:
    filled = [p for p in found if p.text]
    if not filled:
        return None, None
    readable = [p for p in filled if amount_text(p.text) is not None]
    if not readable:
        first = min(filled, key=_tier)
        return first, f"“{_short(first.words)}”之下的“{_short(first.text)}”不是一个金额"
    first, differing = surest(readable, _tier, lambda p: _wan(p, unit))
    tier = first.label.tier
    unread = [p for p in filled if p.label.tier < tier]
    blank = [p for p in found if not p.text and p.label.tier == 0]
    if (unread or blank) and tier >= 3:
        words = (unread or blank)[0].words
        return None, f"“{_short(words)}”没有可读的金额"
    words = "、".join(f"“{_short(p.text)}”（{p.words}）" for p in (first, *differing))
    problem = f"印有不同的金额：{words}，取前者" if differing else None
    if unread and not problem:
        problem = f"“{_short(unread[0].words)}”之下的“{_short(unread[0].text)}”不是一个金额"
    return first, problem


def _tier(pair: Pair) -> int:
    return pair.label.tier


def _wan(pair: Pair, unit: str | None) -> Decimal | None:
    return parse_amount(amount_text(pair.text), unit_in(pair.words) or unit or "元")


def _other_amount(candidates: dict[str, list[Pair]]) -> Pair | None:
    """Where no label of the whole is printed: the year's first budget, or the only amount of a source of money."""
    initial = [p for p in candidates.get("budget_initial", []) if amount_text(p.text)]
    if initial:
        return None if "budget" in candidates else initial[0]
    sources = [p for p in candidates.get("part", []) if amount_text(p.text)]
    sources = sources if len(sources) == 1 else [p for p in sources if period_of(p.words) == "year"]
    alone = len(sources) == 1 and "其中" not in sources[0].words and "/" not in sources[0].words
    if not alone or "budget" in candidates:
        return None
    return sources[0] if "period_budget" not in candidates or period_of(sources[0].words) == "year" else None


def _by_rate(chosen: dict[str, Pair], pairs: list[Pair], unit: str | None) -> tuple[Pair | None, str | None]:
    """What was spent, whatever its label: the only amount beside the budget of which the printed rate is the share.
    Words where none is, though amounts stand there under labels that nobody knows."""
    rate, budget = parse_target(chosen["execution_rate"].text).value, _wan(chosen["budget"], unit)
    row = chosen["budget"].cell.row
    beside = [
        p for p in pairs
        if p.cell is not None and p.cell.row == row and all(p is not c for c in chosen.values()) and amount_text(p.text)
    ]  # fmt: skip
    if not rate or not budget or not beside:
        return None, None
    one = Decimal(1).scaleb(rate.as_tuple().exponent)  # in the last printed place
    found = [p for p in beside if abs(_wan(p, unit) / budget * 100 - rate) <= one]
    if len(found) == 1:
        return found[0], None
    unknown = [f"“{_short(p.text)}”（{p.words}）" for p in beside if is_unknown(p.words.rsplit("/", 1)[-1])]
    return None, f"印有执行率，没有读到执行数，可能是{'、'.join(unknown)}" if unknown else None


def _others(chosen: dict[str, Pair], pairs: list[Pair], unit: str | None) -> list[tuple[str, str]]:
    """Amounts that may as well be the budget: another value under a label of it, or one that says it is the year's
    beside a budget that does not say so."""
    budget, own = chosen["budget"], _wan(chosen["budget"], unit)
    said = period_of(budget.words) == "year"
    taken = {_wan(p, unit) for f, p in chosen.items() if f in MONEY and amount_text(p.text)}
    found = [
        p for p in pairs
        if p.cell is not None and amount_text(p.text) and not _YEAR.fullmatch(p.text.strip()) and _wan(p, unit) not in taken
        and ((p.label is not None and p.label.field == "budget") or (not said and is_unknown(words := p.words.rsplit("/", 1)[-1])
             and period_of(words) == "year" and p.cell.row == budget.cell.row))
    ]  # fmt: skip
    if own is None or not found:
        return []
    words = "、".join(f"“{_short(p.text)}”（{p.words}）" for p in found[:5])
    return [("budget", f"预算数取“{_short(budget.text)}”（{budget.words}），另印有可能是预算数的 {words}")]


def _of_more_years(budget: Pair, candidates: dict[str, list[Pair]], unit: str | None) -> Pair | None:
    """A project's whole amount beside the year's, where only the year's label says which year it is."""
    if budget.label.field != "budget" or (budget.label.tier and period_of(budget.words) != "year"):
        return None
    own = _wan(budget, unit)
    if own is None:
        return None
    tier = budget.label.tier
    larger = [p for p in candidates["budget"] if p.label.tier > tier and (_wan(p, unit) or own) > own]
    return max(larger, key=lambda p: p.label.tier, default=None)


def _parts_of_column(whole: Pair, pairs: list[Pair]) -> list[Pair]:
    """What stands in the column of an amount in the rows of its parts."""
    return [
        p for p in pairs
        if p.cell is not None and whole.cell is not None and p.cell.col == whole.cell.col and p.cell.row > whole.cell.row
        and any((label := label_of(words)) and label.field == "part" for words in p.words.split("/")[-2:-1])
    ]  # fmt: skip


def _parts(whole: Pair, parts: list[Pair], unit: str | None) -> list[tuple[str, str]]:
    """Parts of the budget (其中：财政拨款 …) that cannot be its parts."""
    total = parse_amount(amount_text(whole.text), unit or "元")
    if total is None:
        return []
    found = []
    if parts_disagree(total, stated_parts(whole.text, unit or "元"), exhaustive=False):
        found.append(("parts", f"“{_short(whole.text)}”中各部分之和大于总额"))
    column = whole.cell.col if whole.cell else None
    below = [p for p in parts if p.cell is not None and (p.cell.col == column or p.inside) and amount_text(p.text)]
    read = [(p.words, a) for p in below if (a := _wan(p, unit)) is not None]
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
        shown = " + ".join(_short(p.text) for p in below)
        found.append(("parts", f"总额印为 {_short(whole.text)}，各部分为 {shown}，不相符"))
    elif shifted := next((a for a in (*amounts, sum(amounts, Decimal(0))) if _is_shifted(total, a)), None):
        words = f"总额印为 {_short(whole.text)}，部分为 {plain(shifted)}，数字相同而位数不同：小数点或金额单位可疑"
        found.append(("parts", words))
    return found


def _parts_beside(whole: Pair, parts: list[Pair], unit: str | None) -> list[tuple[str, str]]:
    """A sum (合计 | 中央 | 省级 | 县级) which no choice of the amounts in its row makes up."""
    total = _wan(whole, unit)
    beside = [
        p for p in parts
        if p.cell is not None and whole.cell is not None and p.cell.row == whole.cell.row and not p.inside and amount_text(p.text)
    ]  # fmt: skip
    summed = re.search(r"合计|小计|总计|总额", whole.words.rsplit("/", 1)[-1])
    if not summed or total is None or len(beside) < 2 or any("其中" in p.words for p in beside):
        return []
    sums = {Decimal(0)}
    for part in beside[:MOST_PARTS]:
        sums |= {amount + _wan(part, unit) for amount in sums}
    if any(abs(amount - total) <= ROUNDING for amount in sums):
        return []
    shown = "、".join(_short(p.text) for p in beside)
    return [("parts", f"合计印为 {_short(whole.text)}，其右各部分为 {shown}，不相符")]


def _is_shifted(whole: Decimal, part: Decimal) -> bool:
    """Whether two amounts are of the same figures with the point elsewhere, of more figures than happen to be alike.

    >>> _is_shifted(Decimal(125000), Decimal("12.5")), _is_shifted(Decimal(100), Decimal(10)), _is_shifted(Decimal(9), Decimal(9))
    (True, False, False)
    """
    if not part or not whole or abs(part) >= abs(whole):
        return False
    figures = figures_of(whole)
    return figures == figures_of(part) and len(figures) > (2 if whole == 10 * part else 1)


def _amounts_standing(notes: list[tuple[str, str, Cell]]) -> list[tuple[str, str]]:
    """Amounts of a head whose budget was not read: they must not be lost in silence."""
    standing = [
        f"“{_short(words)}”之下的“{_short(text)}”"
        for words, text, cell in notes
        if (is_number(text) and len(_tight(text)) <= (LONGEST_WHOLE if text.strip().isdigit() else LONGEST_AMOUNT))
        or amounts_in(text, "元")
    ]  # fmt: skip
    if standing:
        return [("budget", f"没有读到预算数，表头却印有金额：{'、'.join(standing[:5])}")]
    return []


def _same(pair: Pair, chosen: Pair | None) -> bool:
    return chosen is not None and (
        (pair.cell is chosen.cell and not pair.inside) or _tight(pair.text) == _tight(chosen.text)
    )


def _roles(pairs: list[Pair], chosen: dict[str, Pair]) -> dict[int, tuple[str, str | None]]:
    roles: dict[int, tuple[str, str | None]] = {}
    for pair in pairs:
        for cell in pair.heads:
            roles.setdefault(cell.index, ("heading", pair.label.field if pair.label else None))
    for pair in pairs:
        if pair.cell is not None:
            field = next((f for f, p in chosen.items() if p is pair), None)
            if field or pair.cell.index not in roles or roles[pair.cell.index][0] == "heading":
                roles[pair.cell.index] = ("project", field or "note")
    return roles


def _tight(text: str) -> str:
    return "".join(text.split())


def _short(text: str) -> str:
    return _tight(text)[:24]
