"""What a dataset holds, counted, in words: of the whole or of each document."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd

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
    counts = {name: _counted(dataset, name, "document_id") for name in _COUNTED}
    passed = _counted(dataset, "checks", "document_id", "passed")
    grades, budgets = defaultdict(dict), defaultdict(list)
    for (document, grade), count in _counted(dataset, "repairs", "document_id", "grade").items():
        grades[document][grade] = count
    for document, budget in dataset.columns("projects", "document_id", "budget_wan_yuan").itertuples(index=False):
        budgets[document].append(budget)
    return {
        one: _in_words({name: of[one,] for name, of in counts.items()}, budgets[one], passed[one, True], grades[one])
        for one in dataset.documents["document_id"].tolist()
    }


def _counted(dataset: "Dataset", name: str, *columns: str) -> Counter[tuple]:
    """How many rows of a table have which values."""
    *values, counts = dataset.arrow(name).group_by([*columns]).aggregate([([], "count_all")])
    return Counter(
        dict(zip(zip(*(value.to_pylist() for value in values), strict=True), counts.to_pylist(), strict=True))
    )


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
