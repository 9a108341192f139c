"""Which amounts of a form's head are no budget, as what stands beside them tells."""

import re

from budgetperf.field.form_labels import Label, is_of_budget, period_of
from budgetperf.field.money_text import amount_text
from budgetperf.field.vocabulary import fold_head
from budgetperf.layout.form_amounts import wan
from budgetperf.layout.form_cells import Pair

_APPROVED = re.compile("批复|核定|审定|下达|安排|预算[数金]")
_APPLIED = re.compile("申请|申报")


def told_apart(pairs: list[Pair]) -> list[Pair]:
    """The pairs of a head, their labels corrected: beside the label of a budget one that only names a sum (担保金额) is
    none, nor is what was applied for beside what was approved; 2024年支出 is what was spent; and a sum of the year's
    money and of the parts beside it (上年结转, 追加预算) is the whole."""
    money = [p for p in pairs if p.label is not None and p.label.field == "budget" and amount_text(p.text)]
    plain = [p for p in money if not p.label.tier or is_of_budget(_words(p))]
    if not plain:
        return pairs
    spent = [p for p in plain if len(plain) > 1 and _is_spent(_words(p))]
    applied = [p for p in plain if _APPLIED.search(_words(p)) and p.label.tier]
    approved = any(_APPROVED.search(_words(p)) for p in plain if p not in applied)
    others = [p for p in money if p not in plain] + (applied if approved else [])
    labels = {id(p): Label("note") for p in others}
    if len(spent) == 1 and not any(p.label is not None and p.label.field == "executed" for p in pairs):
        labels[id(spent[0])] = Label("executed")
    labels |= {id(p): Label("part") for p in _years_of_a_sum(pairs, [p for p in plain if id(p) not in labels])}
    return [p._replace(label=labels.get(id(p), p.label)) for p in pairs]


def _is_spent(words: str) -> bool:
    head = fold_head(words)
    return bool(re.search("使用(?:资金|金额|数)$", head)) or (head.endswith("支出") and period_of(words) == "year")


def _years_of_a_sum(pairs: list[Pair], budgets: list[Pair]) -> list[Pair]:
    """Of two budgets the year's, where the other is the sum of it and of the parts that are printed."""
    parts = [wan(p, None) for p in pairs if p.label is not None and p.label.field == "part" and amount_text(p.text)]
    if not parts or len(budgets) != 2 or None in parts:
        return []
    year, whole = sorted(budgets, key=lambda p: wan(p, None) or 0)
    of_all = re.search("总|合计", _words(whole)) and period_of(_words(year)) == "year"
    return [year] if of_all and sum(parts) and wan(whole, None) == (wan(year, None) or 0) + sum(parts) else []


def _words(pair: Pair) -> str:
    return pair.words.split("/")[-1]
