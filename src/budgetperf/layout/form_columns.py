"""What the heads of a form's block of columns (资金总额 | 财政拨款 | 其他资金) are labels of."""

import re
from collections.abc import Iterable

from budgetperf.field.form_labels import MONEY, STAGES, Label, is_of_other_years, label_of, period_of, tight
from budgetperf.field.headings import is_year
from budgetperf.field.vocabulary import fold
from budgetperf.layout.form_cells import CHANGED
from budgetperf.layout.lattice import Cell

FUND = (*MONEY, "execution_rate", "weight", "score")
RESULTS = {"weight": "execution_weight", "score": "execution_score"}  # of a fund block: those of the execution rate
YEARS = ("年度", "年份")  # over a column of years
_CARRIED = re.compile("结转|结余")
_OF_BUDGET = re.compile(f"年初|全年|{CHANGED.pattern}")  # of the budget whose head stands over them
_OF_ALL = re.compile("总额|总金额|总计|合计")
_STAGE = re.compile("(申报|申请|批复|审定|审核|核定|下达)(?:数|额|金额)?")
_YEAR_HEAD = re.compile(r"(20\d\d)年度?(?:[(][^()]+[)])?")
_OWN_YEAR = re.compile("[本当今]年|申请|申报")
SHORT = 14  # characters up to which an unknown text may be a label


def money_columns(heads: dict[int, Cell], group: Cell | None) -> set[int]:
    return {col for col, label in column_labels(heads, group).items() if label and label.field in FUND}


def column_labels(heads: dict[int, Cell], group: Cell | None) -> dict[int, Label | None]:
    """What a block's heads are labels of. Under a label of money a year alone (2023年 | 2024年) heads that year's, and
    beside columns of the year and of others (以前年度到位 | 本年度安排) the whole is that of all years; stages alone (申报数 |
    批复数) are those of the budget."""
    labels = {col: label_of(head.text) for col, head in heads.items()}
    owner = label_of(group.text) if group is not None else None
    if owner is not None and all(CHANGED.fullmatch(fold(head.text)) for head in heads.values()):
        return {
            col: label_of(head.text + tight(group.text)) for col, head in heads.items()
        }  # 绩效目标 over 调整前 | 调整后
    if owner is None or owner.field not in MONEY:
        return labels | (_of_year_heads(heads) if group is None else {})
    open_ = {col for col, head in heads.items() if len(head.text) <= SHORT and fold(head.text) not in YEARS}
    staged = {col: _STAGE.fullmatch(fold(heads[col].text)) for col in open_ if labels[col] is None}
    if all(staged.values()):
        labels |= {col: label_of(f"{stage[1]}数（万元）") for col, stage in staged.items()}
    for col, head in heads.items():
        if is_year(head.text):
            labels[col] = Label("budget")
        elif labels[col] is None and col in open_:
            labels[col] = _of_years(head.text)
    if any(label and label.field == "budget" for label in labels.values()):  # the whole, of which the others are parts
        labels |= {col: Label("part") for col in open_ if labels[col] is None}
    whole = {c for c, label in labels.items() if label and label.field == "budget" and _OF_ALL.search(heads[c].text)}
    carried = {col for col, head in heads.items() if _CARRIED.search(head.text)}
    if whole and carried:  # what was carried over and the year's money are its parts
        of_year = {c for c, label in labels.items() if label and label.field in STAGES} - whole
        return labels | dict.fromkeys(of_year, Label("part"))
    years = {label.field for col, label in labels.items() if label and period_of(heads[col].text)}
    if {"past", "budget"} <= years:
        labels |= {
            col: Label("period_budget")
            for col, label in labels.items()
            if label and label.field == "budget" and not period_of(heads[col].text)
        }
    return labels


def year_heads(heads: Iterable[Cell]) -> list[Cell]:
    """The heads that are but years (2024年（已安排） | 2025年（本年申请）); none where all are of one year."""
    years = {head: found[1] for head in heads if (found := _YEAR_HEAD.fullmatch(fold(head.text)))}
    return list(years) if len(set(years.values())) > 1 else []


def _of_year_heads(heads: dict[int, Cell]) -> dict[int, Label]:
    """What heads of years mean: the budget of each, or of the one that calls itself the year's; their sum is of all years."""
    years = {head.col for head in year_heads(heads.values())}
    own = {col for col in years if _OWN_YEAR.search(heads[col].text)}
    sums = {col for col, head in heads.items() if years and _OF_ALL.search(head.text)}
    return {
        **dict.fromkeys(years, Label("past" if len(own) == 1 else "budget")),
        **dict.fromkeys(own, Label("budget")),
        **dict.fromkeys(sums, Label("period_budget")),
    }


def _of_years(text: str) -> Label | None:
    if _CARRIED.search(text):
        return Label("part")
    if is_of_other_years(text):
        return Label("past")
    return Label("budget") if period_of(text) == "year" else None


def under(upper: list[Cell], head: Cell, label: Label | None) -> Label | None:
    """What a lower head means that only says 总额, or a stage (年初 | 调整后): that of the divided head over it."""
    over = next((c for c in upper if c is not head and c.col <= head.col < c.col + c.colspan), None)
    if over and (staged := staged_under(over, head)):
        return staged
    whole = label_of(over.text) if over and label and label.field == "budget" else None
    return whole if whole and whole.field in MONEY else label


def staged_under(over: Cell, head: Cell) -> Label | None:
    """The budget, as it was or became, whose stage stands under its head (预算 over 年初 | 调整后)."""
    label = label_of(head.text + tight(over.text)) if _OF_BUDGET.fullmatch(fold(head.text)) else None
    return label if label and label.field in STAGES else None


def crossed(head: Label, row: Label | None) -> Label:
    """What stands where a money head's column crosses the row of the whole."""
    return row if head.field == "budget" and row is not None and row.field == "period_budget" else head
