"""The printed table as read: rows, project cells, sums and captions, each text still as it stands on the page."""

import re
from typing import NamedTuple

import pandas as pd

from budgetperf.field.form_labels import PROJECT_FIELDS
from budgetperf.field.vocabulary import fold

ROW_FIELDS = [
    "level1", "level2", "name", "comparator", "target", "measure_unit", "weight", "direction", "actual", "score",
    "deviation_note", "explanation", "remark", "baseline", "more",
]  # fmt: skip
PERIOD_COLUMNS = [
    "anchor",
    "period",
    "level1",
    "level2",
    "name",
    "comparator",
    "target",
    "measure_unit",
    "weight",
    "page",
]
SUM_COLUMNS = ["kind", "at", "page", "row", "unit", "amount", "weight", "score"]
NOTE_COLUMNS = ["anchor", "label", "text", "page", "cell"]
# the field of a text → the column of projects or indicators that it fills
COLUMN_OF = {
    "unit": "unit_name", "project": "project_name", "category": "category_name", "budget": "budget_wan_yuan",
    "executed": "executed_wan_yuan", "budget_initial": "budget_initial_wan_yuan", "target": "target_text",
    "actual": "actual_text",
}  # fmt: skip


class Printed(NamedTuple):
    """One printed table, read into named columns.

    rows: an indicator a row in print order, index 0…; columns page, row, cell (its name's index in the cells frame),
      shifted (in words, which cells stand away from their columns), can_start (a project may begin here), ROW_FIELDS
    anchors: a project's cells a row, in print order; columns at (the indicator row beside which they stand), page,
      row, starts (True: surely a project begins here, False: surely none, missing: open), and PROJECT_FIELDS
    sums: rows of sums; columns kind (total, subtotal, page_sum, score_total), at, page, row, unit, amount, weight, score
    roles: index of the cells frame → role, field, line (index in rows or anchors)
    title, fiscal_year, amount_unit (元, 万元 …), layout (approval, form, self_evaluation), heads (field → head text)
    names_execution: the head names the budget execution rate, which no row carries
    doubts: what the print leaves open, in words · repeated: what stands twice in print and was counted once, in words ·
      told: columns under heads that no list knows, told by what they hold, in words
    notes: labels and texts of form heads that no column takes; columns anchor (its place in anchors), label, text, page
    period_rows: indicators of several years, apart from the year's own; PERIOD_COLUMNS
    said: of a form's head: (place in anchors, check, whether it passes, words)
    moved: the rows' cells stood in shifting columns, merged cells have no spans (text) · typed: nor have they here, and
      project cells stand beside any row of their project
    """

    rows: pd.DataFrame
    anchors: pd.DataFrame
    sums: pd.DataFrame
    roles: pd.DataFrame
    title: str | None
    fiscal_year: int | None
    amount_unit: str | None
    layout: str
    heads: dict[str, str]
    moved: bool
    names_execution: bool = False
    doubts: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    typed: bool = False
    notes: pd.DataFrame = pd.DataFrame(columns=NOTE_COLUMNS)
    said: tuple[tuple[int, str, bool, str], ...] = ()
    period_rows: pd.DataFrame = pd.DataFrame(columns=PERIOD_COLUMNS)


def is_title(text: str) -> bool:
    """Whether a line of text names such a document.

    >>> is_title("2024年部门预算项目支出绩效目标批复表"), is_title("单位：万元"), is_title("二、绩效指标完成情况")
    (True, False, False)
    """
    folded = fold(text)
    if folded.endswith("情况") and re.match("[（(]?[一二三四五六七八九十]{1,2}[）)、.．]", text.strip()):
        return False  # the heading of a part
    return len(folded) < 60 and "绩效" in folded and folded.endswith(("表", "书", "情况"))


def kind_of_layout(title: str | None, fields: set[str], form: bool) -> str:
    """approval (批复表 and other tables of many projects), form (a project each), self_evaluation.

    >>> kind_of_layout("项目支出绩效自评表", {"actual", "score"}, True), kind_of_layout(None, {"target"}, False)
    ('self_evaluation', 'approval')
    """
    if "actual" in fields and ("score" in fields or "自评" in (title or "") or "deviation_note" in fields):
        return "self_evaluation"
    return "form" if form else "approval"


def printed_again(above: dict, cells: dict[str, str]) -> bool:
    """Whether project cells print the project `above` once more, as flat exports do on every indicator's row: a name or
    code among them, all of them read the same, and what is not there is left blank on a row that prints the code again.

    >>> project = {"project": "道路 养护", "budget": "12.50", "page": 1}
    >>> printed_again(project, {"project": "道路养护", "budget": "12.50"}), printed_again(project, {"budget": "12.50"})
    (True, False)
    >>> coded = {"project_code": "5101", "project": "道路养护", "budget": "12.50"}
    >>> printed_again(coded, {"project_code": "5101"}), printed_again(coded, {"project_code": "5101", "budget": "9"})
    (True, False)
    """

    def again(field: str) -> bool:
        here = "".join((cells.get(field) or "").split())
        return here == "".join((above.get(field) or "").split()) or (coded and not here)

    coded = bool(cells.get("project_code"))
    fields = [f for f in PROJECT_FIELDS if above.get(f) or cells.get(f)]
    return bool({"project", "project_code"} & set(fields)) and all(map(again, fields))
