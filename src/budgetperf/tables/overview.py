"""What a dataset holds, counted, in words: of the whole or of each document."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from budgetperf.field.words import say, words
from budgetperf.tables.exact import minimal

if TYPE_CHECKING:
    from budgetperf.tables.dataset import Dataset

_COUNTED = ("documents", "projects", "indicators", "checks", "repairs")


def summary(tables: dict[str, pd.DataFrame]) -> dict[str, str]:
    """Title → value in words, of the tables documents, projects, indicators, checks and repairs (whole or a part).

    >>> from budgetperf.tables.dataset import Dataset
    >>> summary(Dataset.empty().tables())["校验通过"]
    '0/0'
    """
    counts = {name: len(tables[name]) for name in _COUNTED}
    passed, grades = int(tables["checks"]["passed"].sum()), tables["repairs"]["grade"].value_counts().to_dict()
    return _in_words(counts, tables["projects"]["budget_wan_yuan"].tolist(), passed, grades)


def summaries(dataset: "Dataset") -> dict[str, dict[str, str]]:
    """The `summary` of each document.

    >>> from budgetperf.tables.dataset import Dataset
    >>> summaries(Dataset.empty())
    {}
    """
    counts = {name: _by_document(dataset.arrow(name)) for name in _COUNTED}
    checks, repairs = dataset.arrow("checks"), dataset.arrow("repairs")
    passed = _by_document(checks, checks["passed"])
    graded = {grade: _by_document(repairs, pc.equal(repairs["grade"], grade)) for grade in words("grade")}
    budgets, projects = defaultdict(list), dataset.columns("projects", "document_id", "budget_wan_yuan")
    for document, budget in zip(projects["document_id"].tolist(), projects["budget_wan_yuan"].tolist(), strict=True):
        budgets[document].append(budget)
    return {
        one: _in_words(
            {name: of[one] for name, of in counts.items()},
            budgets[one],
            passed[one],
            {grade: of[one] for grade, of in graded.items() if of[one]},
        )
        for one in dataset.documents["document_id"].tolist()
    }


def _by_document(table: pa.Table, among: pa.ChunkedArray | None = None) -> Counter[str]:
    """How many rows of a table each document has; of those alone for which `among` is true."""
    of = table["document_id"] if among is None else table["document_id"].filter(among)
    return Counter({count["values"]: count["counts"] for count in of.value_counts().to_pylist()})


def _in_words(counts: Mapping, budgets: list[Decimal | None], passed: int, grades: Mapping) -> dict[str, str]:
    by_grade = "、".join(f"{say('grade', grade)} {grades[grade]}" for grade in words("grade") if grade in grades)
    total = sum((budget for budget in budgets if budget is not None), Decimal(0))
    return {
        "文件": str(counts["documents"]),
        "项目": str(counts["projects"]),
        "指标": str(counts["indicators"]),
        "预算合计": f"{minimal(total):,f} 万元",
        "校验通过": f"{passed}/{counts['checks']}",
        "修复": f"{counts['repairs']}" + (f"（{by_grade}）" if by_grade else ""),
    }
