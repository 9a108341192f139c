"""What the reading of a document leaves in doubt: a finding that rests on it says so, or is not made.

A fault of reading is never reported as the unit's. Two degrees: `open`, the cell failed a check of the reading, so that
no finding rests on it; `doubted`, it was repaired by judgement, or a sum that it enters does not agree.
"""

from collections import defaultdict

import pandas as pd
import pyarrow.compute as pc

from budgetperf.audit.registry import Found, Rule
from budgetperf.audit.subject import KEY
from budgetperf.tables.dataset import Dataset

ROWS = "rows"  # which rows belong to a project: as good as a column
ANY = "*"
OPEN_ONLY = "open:"  # a column whose repairs cast no doubt, for the rules that rest on what is missing
REPAIRED = "repaired:"  # a column's repairs alone, for the rules that are themselves the failed check
OPEN, DOUBTED = 2, 1
_OF_PROJECT = ("project_code", "project_name", "budget_wan_yuan", "objective")
# check → (degree, columns) for the project or document that it names
FAILED = {
    "borders": (OPEN, (ROWS,)),
    "project_cell": (OPEN, _OF_PROJECT),
    "cut_digits": (OPEN, ("budget_wan_yuan", "project_code")),
    "amount_unit": (OPEN, ("budget_wan_yuan",)),
    "unit": (OPEN, ("unit_name", "unit_code")),
    "levels": (DOUBTED, ("level1", "level2")),
    "rows": (DOUBTED, (ROWS,)),
    "pages": (DOUBTED, (ROWS,)),
    "weights": (DOUBTED, (ROWS, "weight")),
    "level1_shares": (DOUBTED, ("level1", "level2")),
    "required": (DOUBTED, ("target_text", "objective", "name")),
    "total": (DOUBTED, ("budget_wan_yuan",)),
    "subtotal": (DOUBTED, ("budget_wan_yuan",)),
}
# columns that stand and fall with another one
_TOGETHER = {
    "target": "target_text",
    "target_value": "target_text",
    "actual_value": "actual_text",
    "project_no": ROWS,
    "row": ANY,
}


class Doubts:
    """Degrees of doubt by (document_id, project_no, indicator_no) and column."""

    def __init__(self, dataset: Dataset):
        self._of = defaultdict(dict)
        self._rows = defaultdict(set)  # (document, project) → indicators with doubts of their own
        self._from_repairs(dataset)
        self._from_checks(dataset)
        self._documents = {document for document, _, _ in self._of}

    def _add(self, document, project, indicator, column: str, degree: int) -> None:
        key = (document, _whole(project), _whole(indicator))
        column = _TOGETHER.get(column, column)
        self._of[key][column] = max(degree, self._of[key].get(column, 0))
        if key[2] is not None:
            self._rows[key[:2]].add(key)

    def _from_repairs(self, dataset: Dataset) -> None:
        kind, grade = pc.field("kind"), pc.field("grade")
        settled = (kind == "value") | ((kind == "reading") & (grade != "certain"))
        repairs = dataset.where("repairs", settled, *KEY, "field", "kind", "grade")
        for document, project, indicator, field in repairs[[*KEY, "field"]].itertuples(index=False):
            self._add(document, project, indicator, field, DOUBTED)
            self._add(document, project, indicator, f"{REPAIRED}{_TOGETHER.get(field, field)}", DOUBTED)

    def _from_checks(self, dataset: Dataset) -> None:
        failed = dataset.where("checks", ~pc.field("passed"), *KEY[:2], "check", "note", "passed")
        for check in failed.astype(object).itertuples(index=False):
            of_project = pd.notna(check.project_no)
            if check.check == "rows" and of_project:
                self._odd_rows(check, dataset)
                continue
            degree, columns = FAILED.get(check.check, (DOUBTED, (ANY,) if of_project else ()))
            for column in columns:
                self._add(check.document_id, check.project_no, None, column, degree)

    def _odd_rows(self, check, dataset: Dataset) -> None:
        """A row whose cells look moved: the check quotes the cell, nothing rests on that row."""
        indicators = dataset.rows("indicators", [check.document_id])
        for row in indicators[indicators["project_no"] == check.project_no].itertuples():
            if pd.notna(row.measure_unit) and f"“{row.measure_unit}”" in str(check.note):
                self._add(check.document_id, check.project_no, row.indicator_no, ANY, OPEN)

    def degree(self, rule: Rule, one: Found) -> int:
        """How doubtful what a finding rests on is: 0, DOUBTED or OPEN."""
        absent = any(name.startswith(OPEN_ONLY) for name in rule.inputs)
        columns = {name.removeprefix(OPEN_ONLY).rpartition(".")[2] for name in rule.inputs} | {ANY}
        columns = {_TOGETHER.get(column, column) for column in columns}
        whole_rows = any(
            name.startswith(("indicators.", REPAIRED)) or name.removeprefix(OPEN_ONLY) == ROWS for name in rule.inputs
        )
        worst = 0
        for document, project, indicator in [one[:3], *one.rests_on]:
            if document not in self._documents:
                continue
            keys = {(document, None, None), (document, project, None), (document, project, indicator)}
            if indicator is None and whole_rows and project is not None:
                keys |= self._rows.get((document, project), set())
            for key in keys:
                of_key = self._of.get(key)
                if of_key:
                    worst = max([worst, *(degree for column, degree in of_key.items() if column in columns)])
        return worst if worst == OPEN or not absent else 0


def _whole(value) -> int | None:
    return None if pd.isna(value) else int(value)
