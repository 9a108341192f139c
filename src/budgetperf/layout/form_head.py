"""A form's head as read: its fields, what no field takes, what stands open, and the role of each of its cells."""

import re
from decimal import Decimal
from typing import NamedTuple

from budgetperf.field.form_labels import MONEY, STAGES, Label, in_year, is_unknown, label_of, of_other_year, period_of
from budgetperf.field.money_text import (
    amount_text,
    unit_in,
)
from budgetperf.field.notation import parse_target
from budgetperf.field.vocabulary import fold, is_label
from budgetperf.layout.form_amounts import amounts_standing, money_doubts, other_money, short, tight, wan
from budgetperf.layout.form_blocks import GOALS, without_list_totals
from budgetperf.layout.form_cells import POINTS, Pair
from budgetperf.layout.form_columns import RESULTS
from budgetperf.layout.form_pairs import read_pairs
from budgetperf.layout.form_sums import OF_WHOLE_PROJECT, as_spent, told_apart
from budgetperf.layout.lattice import Cell, Lattice
from budgetperf.layout.money_heads import surest

# fields of a head that no column takes: they are kept with the other notes
KEPT_AS_NOTES = ("past", "part", "note", "goal", "duties")
# a score of the whole form, above its blocks
_OF_ALL = re.compile(r"(?:自评|综合|评价|总)(?:总|综合)?(?:得分|分值?|评分)[:：]?")
MOST_OF_EXECUTION = 20  # points of the execution rate, of 100
OF_WEAK_LABEL = 3  # tier from which a label names the whole only where none says so: beside a blank of a surer one it proves nothing
PROSE = 12  # characters from which a text may be a goal
_YEAR = re.compile(r"20\d\d")
_DATED_AMOUNT = re.compile(r"20\d\d年度?(?:预算)?(?:安排|批复)?:?\d")  # 2023年10万元
_OF_YEAR = re.compile(
    r"其中[：:]?(20\d\d年|[当本今]年)度?(?:财政)?(?:经费|资金|预算|安排|投[入资]|支出|金额|额度|计划|拨款|补助|需求|数|年度)*"
)
# lists of all of a project's money
_OF_WHOLE = re.compile(r"(?:项目|资金|预算|经费|支出|费用|20\d\d年度?|本?年度?)*(?:测算|明细)")
# of a form, beside the name of the project that it is part of
_OWN_NAME = re.compile("^(?!.*(?:包含|包括|下设|所含|各)).*(?:子|明细|本级)项目")
_FRAME = re.compile("专项|政策|转移支付|上级|所属")  # what names that beside a form's own 项目名称
_CHANGED = re.compile("(?:调整|变更|修改)后")
_UNCHANGED = re.compile("(?:[无不未]|没有|无需)(?:需|作|做|予)?(?:调整|变更|变化|修改|变)?|同[上左前].{0,6}|[-—/]*")
_SAYS = re.compile("[\u4e00-\u9fff]{4}")


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


def read_head(lattice: Lattice, rows: list[int], year: int | None = None, evaluated: bool = False) -> Head:
    """The head of a form, or as much of it as stands in one lattice; `year`: the document's own; `evaluated`: results
    stand below it."""
    read = read_pairs(lattice, rows)
    total = _total_of_detail(read, year)
    meant = [pair if pair is total else pair._replace(label=_meant(pair, year)) for pair in read]
    meant = without_list_totals(meant)
    pairs = told_apart(as_spent(meant, year) if evaluated else meant, evaluated)
    candidates = _candidates(pairs)
    of_whole = [p for p in pairs if not _is_detail(p)]
    heads = [c.text for p in of_whole for c in p.heads]
    texts = dict.fromkeys([*heads, *(p.text for p in of_whole)])
    of_rows = [text for text in texts if (label := label_of(text)) and label.field in MONEY]
    unit_words = [*(p.words for p in pairs if p.label and p.label.field in MONEY), *heads, *of_rows]
    unit = next((u for w in unit_words if (u := unit_in(w))), None)
    chosen, doubts = _chosen(candidates, pairs, unit, year)
    values = {field: pair.text for field, pair in chosen.items()}
    if "execution_score" in chosen and "execution_weight" not in values:
        values |= _points_of_rate(lattice, chosen["execution_score"])
    doubts += _nothing_under(lattice, chosen)
    budget_unit = (unit_in(chosen["budget"].words) if "budget" in chosen else None) or unit
    if "budget" in chosen:
        doubts += money_doubts(chosen, candidates, pairs, unit, budget_unit)
    notes = [
        (pair.words, pair.text, pair.cell)
        for pair in pairs
        if pair.text and pair.cell is not None and not any(pair is c for c in chosen.values())
        and not _same(pair, chosen.get(RESULTS.get(pair.label.field, pair.label.field) if pair.label else None))
    ]  # fmt: skip
    doubts += other_money(chosen, notes, unit, evaluated)
    if not values.get("budget") or amount_text(values["budget"]) is None:
        doubts += amounts_standing(notes)
    doubts += [
        ("amount_unit", f"“{short(text)}”与其他金额的单位“{budget_unit}”不同")
        for text in of_rows
        if unit_in(text) not in (None, budget_unit)
    ]
    doubts += [
        ("unread", f"“{short(text)}”没有标签，属于哪一项不能由印刷确定")
        for words, text, _ in notes
        if not words.strip("/") and _SAYS.search(text)
    ]
    below = [n for n in notes if "/" in n[0] and (label := label_of(n[0].split("/")[0])) and label.field in GOALS]
    if not values.get("objective") and len(below) > 1:
        said = f"“{short(below[0][0].split('/')[0])}”之下的“{short(below[0][1])}”等 {len(below)} 处没有读作绩效目标"
        doubts.append(("objective", said))
    printed = {f for f in candidates if f not in KEPT_AS_NOTES} | ({"objective"} if "goal" in candidates else set())
    cells = {f: p.cell for f, p in chosen.items() if p.cell}
    return Head(values, cells, notes, _roles(pairs, chosen), budget_unit, doubts, printed)


def _candidates(pairs: list[Pair]) -> dict[str, list[Pair]]:
    """Field → what may be its value."""
    candidates: dict[str, list[Pair]] = {}
    for pair in pairs:
        if pair.label is not None:
            field = RESULTS.get(pair.label.field, pair.label.field)
            field = "note" if field == "execution_score" and _OF_ALL.fullmatch("".join(pair.words.split())) else field
            candidates.setdefault(field, []).append(pair)
    if len(named := candidates.get("project", [])) > 1 and not any(p.label.sure for p in named):
        candidates.setdefault("note", []).extend(candidates.pop("project"))  # 项目一, 项目二 in one form: its tasks
    named = [p for p in candidates.get("project", []) if p.text]
    own = [p for p in named if _OWN_NAME.search(p.words)] or [p for p in named if not _FRAME.search(p.words)]
    if len(own) < len(named) and any("项目名称" in p.words for p in own):  # 专项名称 | 项目名称, 项目名称 | 子项目名称
        candidates |= {"project": own, "note": [*candidates.get("note", []), *(p for p in named if p not in own)]}
    _settle_goals(candidates)
    return candidates


def _chosen(
    candidates: dict[str, list[Pair]], pairs: list[Pair], unit: str | None, year: int | None
) -> tuple[dict[str, Pair], list[tuple[str, str]]]:
    """Field → the value that is its own; and the doubts of that choice."""
    chosen: dict[str, Pair] = {}
    doubts: list[tuple[str, str]] = []
    for field, found in candidates.items():
        if field in KEPT_AS_NOTES:
            continue
        best, words = _best_amount(found, unit) if field in MONEY else _best(found, field)
        doubts += [(field, words)] if words else []
        if best is not None:
            chosen[field] = best
    if _is_of_other_unit(chosen, candidates):
        del chosen["unit_code"]
    if "budget" not in chosen and (found := _other_amount(candidates, _dated_own(candidates, year, pairs))):
        chosen["budget"] = found
    parts = [wan(p, unit) for p in candidates.get("part", []) if amount_text(p.text)]
    alone = not {"budget", "budget_initial"} & (candidates.keys() | chosen.keys())
    if alone and "period_budget" in chosen and (not parts or sum(parts) == wan(chosen["period_budget"], unit)):
        chosen["budget"] = chosen["period_budget"]
        words = f"只印有“{short(chosen['budget'].words)}”，没有印出当年的预算数，取前者"
        doubts.append(("budget", words))
    if "budget" in chosen and "period_budget" not in chosen:
        own, words = _years_own(chosen["budget"], candidates, year, pairs)
        doubts += [("budget", words)] if words else []
        chosen |= own
    if "budget" in chosen and "period_budget" not in chosen:
        longer = _of_more_years(chosen["budget"], candidates, unit)
        chosen |= {"period_budget": longer} if longer else {}
    if {"budget", "execution_rate"} <= set(chosen) and "executed" not in chosen:
        paid, words = _by_rate(chosen, pairs, unit)
        doubts += [("executed", words)] if words else []
        if paid:
            chosen["executed"] = paid
            others = [p for p in candidates["budget"] if p is not paid]
            if _best_amount(others, unit) == (chosen["budget"], None):  # it alone differed
                doubts = [doubt for doubt in doubts if doubt[0] != "budget"]
    return chosen, doubts


def _points_of_rate(lattice: Lattice, score: Pair) -> dict[str, str]:
    """The points of the execution rate as the labels of its score print them: 预算执行情况（10分）/…/执行率得分（10分）."""
    row = score.cell.row if score.cell else 0
    over = [texts for r in range(row - 3, row) if len(texts := lattice.texts(r)) == 1][-1:]
    firsts = [texts[0].text for texts in (lattice.texts(row)[:1], *over) if texts]  # 资金情况（10分） | … | 得分：9.65
    words = [*score.words.split("/"), *(first for first in firsts if re.search("资金|预算|执行", first))]
    points = next((found for word in words if (found := POINTS.search(word))), None)
    return {"execution_weight": points[1]} if points else {}


def _meant(pair: Pair, year: int | None) -> Label | None:
    """What a label means with its value: money of another year than the document's is of the past, or of years to come;
    many units together (各县民政局) are not the project's."""
    label = pair.label
    if label is not None and label.field in MONEY and _is_detail(pair):
        return Label("note")
    if label is not None and label.field in ("objective", "goal") and of_other_year(pair.words, year):
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


def _total_of_detail(pairs: list[Pair], year: int | None) -> Pair | None:
    """The total of a list of what the money is for, where the list adds up to it and nothing else names the whole."""
    amounts = [p for p in pairs if p.label is not None and p.label.field in STAGES and p.text]
    totals = [p for p in amounts if _is_detail(p) and is_label(p.words.split("/")[1], "total")]
    if len(totals) != 1 or any(not _is_detail(p) for p in amounts):
        return None
    total, of = totals[0], totals[0].words.split("/")[0]
    if not _OF_WHOLE.match(tight(of)) or of_other_year(of, year):
        return None
    column = [p for p in pairs if _is_detail(p) and p is not total and p.cell and p.cell.col == total.cell.col]
    parts = [wan(p, None) for p in column]
    return total if parts and None not in parts and sum(parts) == wan(total, None) else None


def _is_of_other_unit(chosen: dict[str, Pair], candidates: dict[str, list[Pair]]) -> bool:
    """Whether the unit's code stands beside another unit than that which the form is of."""
    code, unit = chosen.get("unit_code"), chosen.get("unit")
    if code is None or unit is None or None in (code.cell, unit.cell) or code.cell.row == unit.cell.row:
        return False
    return any(
        p.cell is not None and p.cell.row == code.cell.row and tight(p.text) != tight(unit.text)
        for p in candidates["unit"]
    )


def _settle_goals(candidates: dict[str, list[Pair]]) -> None:
    """Goals whose labels do not say whose they are: the year's, unless one that says so is there; those of a unit's
    duties (年度履职目标) where it has no others."""
    changed = [p for p in candidates.get("goal", []) if p.text and _CHANGED.search(p.words.split("/")[-1])]
    if changed and all(_UNCHANGED.fullmatch(fold(p.text)) for p in changed):
        candidates["goal"] = [p for p in candidates["goal"] if p not in changed]
        changed = []
    if changed:  # 年初目标 over 调整后目标
        candidates.setdefault("note", []).extend(candidates.get("objective", []))
        candidates |= {"objective": changed, "goal": [p for p in candidates["goal"] if p not in changed]}
        return
    neutral = [p for p in candidates.get("goal") or candidates.get("duties", []) if p.text]
    weak = [p for p in candidates.get("period_objective", []) if p.label.tier == 1]
    whole = [p for p in candidates.get("goal", []) if p.text and "总" in tight(p.words.split("/")[-1])]
    if whole and any(p.text for p in candidates.get("objective", [])) and "period_objective" not in candidates:
        candidates["period_objective"] = whole
        candidates["goal"] = [p for p in candidates["goal"] if all(p is not one for one in whole)]
    elif not any(p.text for p in candidates.get("objective", [])):
        if neutral:
            candidates["objective"] = [*candidates.get("objective", []), *neutral]
        elif weak and "objective" not in candidates:
            candidates["objective"] = weak
            candidates["period_objective"] = [p for p in candidates["period_objective"] if p.label.tier == 0]
        elif "period_objective" in candidates and not {"objective", "goal", "duties"} & candidates.keys():
            candidates["objective"] = candidates.pop("period_objective")  # the only goal that the form prints


def _best(found: list[Pair], field: str) -> tuple[Pair | None, str | None]:
    """The value under the surest label; words where two of them differ."""
    filled = [p for p in found if p.text]
    if not filled:
        return None, None
    first, differing = surest(filled, _tier, lambda p: tight(p.text))
    if differing and field == "project" and tight(first.text) in tight(differing[0].text):
        return first, None
    words = "、".join(f"“{short(p.text)}”（{p.words}）" for p in (first, *differing))
    return first, f"同一栏印有不同的值：{words}，取前者" if differing else None


def _best_amount(found: list[Pair], unit: str | None) -> tuple[Pair | None, str | None]:
    filled = [p for p in found if p.text]
    if not filled:
        return None, None
    readable = [p for p in filled if amount_text(p.text) is not None]
    if not readable:
        first = min(filled, key=_tier)
        return first, f"“{short(first.words)}”之下的“{short(first.text)}”不是一个金额"
    first, differing = surest(readable, _tier, lambda p: wan(p, unit))
    tier = first.label.tier
    unread = [p for p in filled if p.label.tier < tier]
    blank = [p for p in found if not p.text and p.label.tier == 0]
    if (unread or blank) and tier >= OF_WEAK_LABEL:
        words = (unread or blank)[0].words
        return None, f"“{short(words)}”没有可读的金额"
    words = "、".join(f"“{short(p.text)}”（{p.words}）" for p in (first, *differing))
    problem = f"印有不同的金额：{words}，取前者" if differing else None
    if unread and not problem:
        problem = f"“{short(unread[0].words)}”之下的“{short(unread[0].text)}”不是一个金额"
    return first, problem


def _tier(pair: Pair) -> int:
    return pair.label.tier


def _other_amount(candidates: dict[str, list[Pair]], dated: Pair | None) -> Pair | None:
    """Where no label of the whole is printed: the year's first budget, the part of a larger whole that is the year's, or
    the only amount of a source of money."""
    initial = [p for p in candidates.get("budget_initial", []) if amount_text(p.text)]
    if initial:
        return None if "budget" in candidates else initial[0]
    if dated is not None and "budget" not in candidates:
        return dated
    parts = [p for p in candidates.get("part", []) if amount_text(p.text)]
    sources = [p for p in parts if not re.search("结[转余]", p.words)]  # left from a year before
    sources = sources if len(sources) == 1 else [p for p in sources if period_of(p.words) == "year"]
    of_year = "period_budget" in candidates and any(period_of(p.words.split("/")[-1]) == "year" for p in sources)
    alone = len(sources) == 1 and "其中" not in sources[0].words and (of_year or "/" not in sources[0].words)
    if not alone or "budget" in candidates:
        return None
    return sources[0] if "period_budget" not in candidates or period_of(sources[0].words) == "year" else None


def _by_rate(chosen: dict[str, Pair], pairs: list[Pair], unit: str | None) -> tuple[Pair | None, str | None]:
    """What was spent, whatever its label: the only amount beside the budget of which the printed rate is the share.
    Words where none is, though amounts stand there under labels that nobody knows."""
    rate, budget = parse_target(chosen["execution_rate"].text).value, wan(chosen["budget"], unit)
    row = chosen["budget"].cell.row
    beside = [
        p for p in pairs
        if p.cell is not None and p.cell.row == row and all(p is not c for c in chosen.values()) and amount_text(p.text)
    ]  # fmt: skip
    if not rate or not budget or not beside:
        return None, None
    one = Decimal(1).scaleb(rate.as_tuple().exponent)  # in the last printed place
    found = [p for p in beside if abs(wan(p, unit) / budget * 100 - rate) <= one]
    if len(found) == 1:
        return found[0], None
    unknown = [f"“{short(p.text)}”（{p.words}）" for p in beside if is_unknown(p.words.rsplit("/", 1)[-1])]
    return None, f"印有执行率，没有读到执行数，可能是{'、'.join(unknown)}" if unknown else None


def _nothing_under(lattice: Lattice, chosen: dict[str, Pair]) -> list[tuple[str, str]]:
    """A printed rate whose row holds nothing under the head of the amount spent."""
    rate = chosen.get("execution_rate")
    if rate is None or "executed" in chosen or not parse_target(rate.text).value:
        return []
    beside = {cell.text: label_of(cell.text) for head in rate.heads for cell in lattice.texts(head.row)}
    spent = [text for text, label in beside.items() if label and label.field == "executed"]
    return [("executed", f"印有执行率 {rate.text}，“{short(spent[0])}”一格空着：可能漏了")] if spent else []


def _years_own(
    whole: Pair, candidates: dict[str, list[Pair]], year: int | None, pairs: list[Pair]
) -> tuple[dict[str, Pair], str | None]:
    """The year's amount where a project's whole names no parts but years' (总经费 | 其中：2024年度财政经费). Words where none
    tells which year it is."""
    parts = [p for p in candidates.get("part", []) if amount_text(p.text)]
    words = tight(whole.words.split("/")[-1])
    of_all = re.match("(?:项目)?(?:总|资金总)", words) and period_of(words) is None
    if not (of_all and parts and all(_year_of_part(p) for p in parts)):
        return {}, None
    own = _dated_own(candidates, year, pairs)
    if own is not None:
        return {"budget": own, "period_budget": whole}, None
    said = f"“{short(whole.words)}”之下是各年的金额，哪一年是本表的年度没有印出" if year is None else None
    return {}, said


def _year_of_part(pair: Pair) -> str | None:
    found = _OF_YEAR.fullmatch(fold(pair.words.split("/")[-1]))
    return found[1] if found else None


def _dated_own(candidates: dict[str, list[Pair]], year: int | None, pairs: list[Pair]) -> Pair | None:
    """The only part of a whole that is the year's: the document's, or one that other labels of the form name too."""
    dated = {id(p): told for p in candidates.get("part", []) if amount_text(p.text) and (told := _year_of_part(p))}
    others = [p.words for p in pairs if id(p) not in dated]
    own = [
        p for p in candidates.get("part", [])
        if (told := dated.get(id(p))) and (
            told in ("当年", "本年", f"{year}年") or (year is None and any(told in text for text in others))
        )
    ]  # fmt: skip
    return own[0] if len(own) == 1 else None


def _of_more_years(budget: Pair, candidates: dict[str, list[Pair]], unit: str | None) -> Pair | None:
    """A project's whole amount beside the year's, where only the year's label says which year it is."""
    own, tier = wan(budget, unit), budget.label.tier
    if own is None or budget.label.field != "budget" or (tier and period_of(budget.words) != "year"):
        return None
    larger = [
        p for p in candidates["budget"]
        if p.label.tier > tier and (wan(p, unit) or own) > own and period_of(p.words) != "year"
        and OF_WHOLE_PROJECT.search(tight(p.words))
    ]  # fmt: skip
    return max(larger, key=lambda p: p.label.tier, default=None)


def _same(pair: Pair, chosen: Pair | None) -> bool:
    return chosen is not None and (
        (pair.cell is chosen.cell and not pair.inside) or tight(pair.text) == tight(chosen.text)
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
