"""Which amounts of a form's head are no budget, as what stands beside them tells."""

import re

from budgetperf.field.form_labels import Label, is_of_budget, of_other_year, period_of
from budgetperf.field.money_text import amount_text
from budgetperf.field.vocabulary import fold_head, is_label
from budgetperf.layout.form_amounts import is_applied, wan
from budgetperf.layout.form_cells import Pair

OF_WHOLE_PROJECT = re.compile("总|合计|概算|项目")
APPROVED = re.compile("批[复准]|[审核]批|核[定准]|核减后|审[定核]|[评初复终]审|下达|安排|预算[数金]|控制|建议|通过")
_SURELY_APPROVED = re.compile(
    "(?:[审核]批|批[复准]|核[定准]|核减后|审[定核]|[评初复终]审|控制|建议|通过)(?:后|的)?(?:预算|资金|总)?(?:数|额|金额|资金|预算)$"
)
_FINAL = re.compile("终审|最终|复审")  # of several reviews
_SPENT = re.compile(
    "(?:已|累计|实际?|本?年度?|[当全]年|20\\d\\d年度?|资金|国库|财政)*"
    "(?:支出|使用|支付|执行|报账|决算|实支|实付|开支|花费|结算|发放|兑付|列支|完成投资|(?<=实际)(?:发生|投入))"
    "(?:资金|总?金额|总?额|数)?|项目决算"
)  # 拨付 may be what was paid out to the unit
_OF_THE_YEAR = re.compile("[本当全]年度?支出")
_TO_COME = re.compile("计划|拟|预计|预期")


def told_apart(pairs: list[Pair], evaluated: bool = False) -> list[Pair]:
    """The pairs of a head, their labels corrected: beside the label of a budget one that only names a sum (担保金额) is
    none, nor is what was applied for beside what was approved; 2024年支出 is what was spent; and a sum of the year's
    money and of the parts beside it (上年结转, 追加预算) is the whole."""
    money = [p for p in pairs if p.label is not None and p.label.field == "budget" and amount_text(p.text)]
    plain = [p for p in money if not p.label.tier or is_of_budget(_words(p))]
    if not plain:
        return pairs
    dated = evaluated or any(
        period_of(_words(p)) == "year" and not fold_head(_words(p)).endswith("支出") for p in plain
    )
    spent = [p for p in money if len(money) > 1 and (_is_paid(_words(p)) or (dated and _of_the_year(_words(p))))]
    sure = any(_SURELY_APPROVED.search(fold_head(_words(p))) and not is_applied(_words(p)) for p in plain)
    applied = [p for p in plain if is_applied(_words(p)) and (p.label.tier or sure)]
    approved = any(APPROVED.search(_words(p)) for p in plain if p not in applied)
    final = [p for p in plain if p not in applied and _FINAL.search(_words(p))]
    reviews = [p for p in plain if final and p not in final and "初审" in _words(p)]
    others = [p for p in money if p not in plain] + (applied if approved else []) + reviews
    labels = {id(p): Label("note") for p in others}
    if len(spent) == 1 and not any(p.label is not None and p.label.field == "executed" for p in pairs):
        labels[id(spent[0])] = Label("executed")
    labels |= {id(p): Label("part") for p in _parts_of_a_total(pairs, plain)}
    labels |= {id(p): Label("part") for p in _years_of_a_sum(pairs, [p for p in plain if id(p) not in labels])}
    return [p._replace(label=labels.get(id(p), p.label)) for p in pairs]


def as_spent(pairs: list[Pair], year: int | None = None) -> list[Pair]:
    """The pairs of a form with results; the one amount in it whose words say that it was spent (支付金额, 2024年支出), beside
    one that is no less, is so where no label is better known. What was spent till now (累计支出) is not the year's where
    its budget is part of a whole."""
    money = [p for p in pairs if p.label is not None and amount_text(p.text) and wan(p, None) is not None]
    spent = [
        p
        for p in money
        if "/" not in p.words and _SPENT.fullmatch(fold_head(p.words)) and not of_other_year(p.words, year)
    ]
    budgets = [p for p in money if p.label.field in ("budget", "period_budget")]
    of_year = [wan(p, None) for p in budgets if period_of(_words(p)) == "year"]
    whole = [p for p in budgets if of_year and wan(p, None) > max(of_year)]
    if whole and (of_years := [p for p in money if "累计" in _words(p) and p.label.field == "executed"]):
        return [p._replace(label=Label("past")) if any(p is one for one in of_years) else p for p in pairs]
    known = [p for p in money if p.label.field == "executed"]
    of_the_year = [p for p in money if p.label.field == "budget" and _OF_THE_YEAR.fullmatch(fold_head(_words(p)))]
    if len(of_the_year) == 1 and not known:
        return [p._replace(label=Label("executed")) if p is of_the_year[0] else p for p in pairs]
    named = [p for p in money if p.label.field == "budget"]
    if named and not known and all(_SPENT.fullmatch(fold_head(_words(p).split("/")[-1])) for p in named):
        return [p._replace(label=Label("executed")) if any(p is one for one in named) else p for p in pairs]
    others = [p for p in money if p.label.field in ("budget", "period_budget", "part") and p not in spent]
    if len(spent) != 1 or known or not any(wan(p, None) >= wan(spent[0], None) for p in others):
        return pairs
    return [p._replace(label=Label("executed")) if p is spent[0] else p for p in pairs]


def _is_paid(words: str) -> bool:
    return bool(re.search("(?:使用|支付)(?:资金|金额|数)$", fold_head(words))) and not _TO_COME.search(words)


def _of_the_year(words: str) -> bool:
    """Whether words name what the year spends (2024年支出): in a plan alone that is what it is to spend of a whole."""
    return fold_head(words).endswith("支出") and period_of(words) == "year" and not _TO_COME.search(words)


def _years_of_a_sum(pairs: list[Pair], budgets: list[Pair]) -> list[Pair]:
    """Of two budgets the year's, where the other is the sum of it and of the parts that are printed."""
    parts = [wan(p, None) for p in pairs if p.label is not None and p.label.field == "part" and amount_text(p.text)]
    if not parts or len(budgets) != 2 or None in parts:
        return []
    year, whole = sorted(budgets, key=lambda p: wan(p, None) or 0)
    of_all = re.search("(?<!项目)总|合计", _words(whole)) and period_of(_words(year)) == "year"
    return [year] if of_all and sum(parts) and wan(whole, None) == (wan(year, None) or 0) + sum(parts) else []


def _parts_of_a_total(pairs: list[Pair], budgets: list[Pair]) -> list[Pair]:
    """Of several budgets under one label those that, with the parts there, make up the one called 合计."""
    totals = [p for p in budgets if is_label(_words(p), "total") and "/" in p.words]
    if len(totals) != 1:
        return []
    group = totals[0].words.split("/")[0]
    money = [p for p in pairs if p.label is not None and p.label.field in ("budget", "part") and amount_text(p.text)]
    others = [p for p in money if p is not totals[0] and p.words.split("/")[0] == group]
    amounts = [wan(p, None) for p in others]
    summed = len(others) > 1 and None not in amounts and sum(amounts) == wan(totals[0], None)
    return [p for p in others if any(p is one for one in budgets)] if summed else []


def _words(pair: Pair) -> str:
    return pair.words.split("/")[-1]
