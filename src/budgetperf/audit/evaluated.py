"""Self-evaluations as the rules see them: each indicator's result judged once, and what the forms print beside the tables."""

import re
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import pandas as pd

from budgetperf.audit.subject import number, tight
from budgetperf.field.notation import parse_number
from budgetperf.field.outcomes import Outcome, Result, direction, falls_short_in_words, judge, no_result
from budgetperf.field.vocabulary import fold, is_label


class Evaluated(NamedTuple):
    """An indicator with a result or a score: its row, its points and score (None where none), the outcome."""

    row: tuple
    points: Decimal | None
    got: Decimal | None
    outcome: Outcome
    result: Result

    @property
    def full(self) -> bool:
        """Whether it has full marks."""
        return self.got is not None and self.points is not None and self.got == self.points > 0

    @property
    def lost(self) -> bool:
        """Whether it lost points."""
        return self.got is not None and self.points is not None and self.got < self.points

    @property
    def short(self) -> bool:
        """Whether it missed its target, by number, date or in words."""
        return self.outcome.verdict == "short" or falls_short_in_words(self.result.actual)

    @property
    def unmeasured(self) -> bool:
        """Whether there is no result at all."""
        return self.outcome.verdict == "unclear" and no_result(self.result.actual)

    @property
    def at_least(self) -> bool:
        """Whether more is better."""
        return direction(self.result) == "≥"

    @property
    def target(self) -> str:
        """The target as one text."""
        return f"{'' if self.result.comparator == '定性' else self.result.comparator}{self.result.target}{self.result.unit}"


def evaluated(tables) -> list[Evaluated]:
    """The indicators of a Tables that carry a result or a score."""
    chosen = [row for row in tables.indicator_rows if row.actual_text or row.score is not None]
    found = []
    for row in chosen:
        year = None if pd.isna(row.fiscal_year) else int(row.fiscal_year)
        result = Result(row.comparator, row.target_text, row.measure_unit, row.actual_text, row.text, row.level2, year)
        found.append(Evaluated(row, _exact(row.weight), _exact(row.score), judge(result), result))
    return found


def _exact(value) -> Decimal | None:
    return value if isinstance(value, Decimal) and value.is_finite() else None


def no_reason(row, words) -> bool:
    """Whether a row's note on the deviation says nothing."""
    note = tight(row.deviation_note) if row.deviation_note else ""
    return not note or note in words["no_reason"]


def execution_rate(project) -> Decimal | None:
    """The execution rate in %: from the amounts, else as printed."""
    executed, budget = _exact(project.executed_wan_yuan), project.budget
    if executed is not None and budget:
        return 100 * executed / budget
    return _exact(project.execution_rate)


class Total(NamedTuple):
    """A printed line of the total: the points (None where only one number stands there) and the score."""

    points: Decimal | None
    score: Decimal
    grade: str


_GRADE_LABEL = re.compile("^(?:自评|评价|评定|绩效)*(?:等级|级别|结论|等次)$")
_GRADES = {"优": "优", "优秀": "优", "良": "良", "良好": "良", "中": "中", "差": "差"}


def printed_totals(tables, documents: set) -> dict[tuple, Total]:
    """(document, project) → the total printed on the row that a label (总分) names."""
    cells = tables.cells[tables.cells["document_id"].isin(documents)]
    texts = cells["text"].astype(object).where(cells["text"].notna(), "")
    labels = cells[np.array([len(t) < 30 and is_label(t, "score_total") for t in texts], dtype=bool)]
    totals: dict[tuple, Total] = {}
    places = ["document_id", "page", "table", "row"]
    if labels.empty:
        return totals
    indicators = tables.indicators.sort_values(["document_id", "page", "row"], kind="stable")
    of_row = dict(iter(cells.merge(labels[places].drop_duplicates(), on=places).groupby(places)))
    grades = _grades(cells, texts)
    for label in labels.itertuples():
        line = of_row[tuple(getattr(label, place) for place in places)].sort_values("col")
        numbers = [parse_number(text) for text in line["text"].astype(object) if isinstance(text, str)]
        numbers = [value for value in numbers if value is not None]
        above = indicators[(indicators["document_id"] == label.document_id)]
        above = above[(above["page"] < label.page) | ((above["page"] == label.page) & (above["row"] < label.row))]
        # one number alone is as likely the sum of the weights
        if len(numbers) >= 2 and len(above):
            key = label.document_id, int(above["project_no"].iat[-1])
            totals[key] = Total(numbers[0], numbers[-1], grades.get((label.document_id, label.page, label.table), ""))
    return totals


def _grades(cells: pd.DataFrame, texts: pd.Series) -> dict[tuple, str]:
    """(document, page, table) → the grade printed beside a label for it; none where a table prints several."""
    named = cells[np.array([len(t) < 12 and bool(_GRADE_LABEL.match(fold(t))) for t in texts], dtype=bool)]
    found: dict[tuple, set] = {}
    for label in named.itertuples():
        line = cells[
            (cells["document_id"] == label.document_id) & (cells["page"] == label.page) & (cells["row"] == label.row)
        ]
        beside = line[line["col"] > label.col].sort_values("col")["text"].astype(object)
        grade = next((_GRADES[fold(text)] for text in beside if isinstance(text, str) and fold(text) in _GRADES), None)
        if grade:
            found.setdefault((label.document_id, label.page, label.table), set()).add(grade)
    return {key: grades.pop() for key, grades in found.items() if len(grades) == 1}


def shown_points(value: Decimal) -> str:
    """Points as they are written.

    >>> shown_points(Decimal("9.500"))
    '9.5'
    """
    return number(value.quantize(Decimal("0.01")))
