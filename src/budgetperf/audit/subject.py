"""What the rules look at: the tables of a Dataset, with the columns that most rules need worked out once."""

import itertools
import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from budgetperf.field.notation import parse_target, plain, widen
from budgetperf.field.vocabulary import fold, level1_of, per_vocabulary, unit_kind
from budgetperf.tables.dataset import Dataset

IN_WAN = {
    "元": Decimal("0.0001"), "百元": Decimal("0.01"), "千元": Decimal("0.1"), "万元": Decimal(1), "亿元": Decimal(10_000),
}  # fmt: skip
COST_LEVELS2 = {"成本指标", "经济成本指标", "社会成本指标", "生态环境成本指标"}
PERCENT = {"%", "百分比", "百分点", "个百分点", "百分率"}
KEY = ["document_id", "project_no", "indicator_no"]


_NOT_LOOKED_AT = ["level1_printed", "level2_printed", "weight_basis", "x0", "y0", "x1", "y1"]


class Tables(NamedTuple):
    """The Dataset's tables as the rules see them; text columns hold "" where empty, never a missing value.

    project_rows and indicator_rows: projects and indicators row by row, as itertuples gives them; failed_rows: the
      failed ones of checks, None where empty; evaluated: results judged (budgetperf.audit.evaluated). mapping: the user's file of what is the same over the years.

    documents: as in the contract.
    projects: also layout, text (the objective without blanks), budget (Decimal 万元 or None).
    indicators: also fiscal_year, layout, unit_name, project_name, budget, objective of the project; text (the name,
      completed where it could be, without blanks and brackets), whole (the name is not cut), kind (of the unit: rate,
      money, time, people, things, measure or ""), unit, percent, value (float or NaN), amount (Decimal 万元 where the
      target is a sum of money), satisfaction, benefit, shown (name, comparator, target and unit as one text).
    """

    documents: pd.DataFrame
    projects: pd.DataFrame
    indicators: pd.DataFrame
    checks: pd.DataFrame
    cells: pd.DataFrame
    project_rows: list
    indicator_rows: list
    failed_rows: list
    evaluated: list
    mapping: Path | None = None

    def where(self, chosen: Iterable[bool]) -> list:
        """The rows of `indicators` for which a column of True and False holds."""
        return list(itertools.compress(self.indicator_rows, chosen))


@lru_cache(maxsize=20_000)
def tight(text: str) -> str:
    """Text without blanks and width differences, bracketed remarks gone; Chinese punctuation stays.

    >>> tight("购买执法车 1辆（7座），公务用"), tight("＞＝")
    ('购买执法车1辆，公务用', '>=')
    """
    folded = re.sub(r"\s+", "", widen(text))
    return re.sub(r"\([^()]*\)|（[^（）]*）", "", folded) or folded


_kind = per_vocabulary(lambda unit: unit_kind(unit) or "" if unit else "")


def look_at(dataset: Dataset) -> Tables:
    """The tables as the rules see them; the dataset stays as it is."""
    documents = dataset.documents.assign(title=_texts(dataset.documents["title"]))
    projects = _projects(dataset.projects, documents.set_index("document_id"))
    project_rows = _rows(projects)
    indicators = _indicators(dataset.indicators, project_rows)
    failed = dataset.checks[~dataset.checks["passed"].astype(bool)].astype(object)
    rows = project_rows, _rows(indicators), _rows(failed.where(failed.notna(), None))
    return Tables(documents, projects, indicators, dataset.checks, dataset.cells, *rows, dataset.settings.mapping)


def _rows(frame: pd.DataFrame) -> list:
    return list(frame.astype(object).itertuples())  # far quicker than from columns of texts


def _texts(values: pd.Series) -> pd.Series:
    if values.dtype == "str":
        return values.fillna("")
    return _strings([value if isinstance(value, str) else "" for value in values], values.index)


def _strings(values: list[str], index: pd.Index) -> pd.Series:
    return pd.Series(values, index=index, dtype="str")


def _flags(values: Iterable[bool]) -> np.ndarray:
    return np.array(list(values), dtype=bool)


def _exact(values: pd.Series) -> list[Decimal | None]:
    return [value if isinstance(value, Decimal) and value.is_finite() else None for value in values]


def _projects(projects: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    columns = ["unit_code", "unit_name", "project_code", "project_name", "category_code", "category_name", "objective"]
    columns += ["achievement", "execution_note", "start_date", "end_date"]
    texts = {column: _texts(projects[column]) for column in columns}
    year = projects["fiscal_year"].fillna(projects["document_id"].map(documents["fiscal_year"]).astype("Int64"))
    return projects.assign(
        **texts,
        fiscal_year=year,
        layout=_texts(projects["document_id"].map(documents["layout"])),
        text=_strings([re.sub(r"\s+", "", widen(text)) for text in texts["objective"].tolist()], projects.index),
        budget=pd.Series(_exact(projects["budget_wan_yuan"]), index=projects.index, dtype=object),
    )


def _indicators(indicators: pd.DataFrame, project_rows: list) -> pd.DataFrame:
    seen = indicators.drop(columns=_NOT_LOOKED_AT, errors="ignore").reset_index(drop=True)
    columns = ["level1", "level2", "name", "comparator", "target_text", "measure_unit", "actual_text", "deviation_note"]
    columns += ["direction", "explanation"]
    texts = {column: _texts(seen[column]) for column in columns}
    names, target_texts, measure_units = (texts[c].tolist() for c in ("name", "target_text", "measure_unit"))
    level1, level2 = texts["level1"].tolist(), texts["level2"].tolist()
    by_key = {(project.document_id, project.project_no): project for project in project_rows}
    projects = [by_key.get(key) for key in zip(seen["document_id"].tolist(), seen["project_no"].tolist(), strict=True)]
    of_project = {
        column: _strings([getattr(project, column, "") for project in projects], seen.index)
        for column in ("layout", "unit_name", "project_name", "objective")
    }
    years = [getattr(project, "fiscal_year", pd.NA) for project in projects]
    completed = _texts(seen["name_completed"]).tolist()
    texts_tight = [tight(whole or name) for whole, name in zip(completed, names, strict=True)]
    values = seen["target_value"].tolist()
    targets = list(map(_target, target_texts, measure_units, values, texts["comparator"].tolist()))
    units, numbers, comparators = ([target[place] for target in targets] for place in range(3))
    amounts = [
        plain(value * IN_WAN[unit]) if value is not None and unit in IN_WAN else None
        for value, unit in zip(numbers, units, strict=True)
    ]
    levels = [printed if (by_level2 := level1_of(two)) is None else by_level2
              for printed, two in zip(level1, level2, strict=True)]  # fmt: skip
    shown = [
        f"{name}{'' if comparator == '定性' else comparator}{text}{unit}"
        for name, comparator, text, unit in zip(names, comparators, target_texts, measure_units, strict=True)
    ]
    return seen.assign(
        **texts | of_project | {"comparator": _strings(comparators, seen.index)},
        fiscal_year=pd.array(years, dtype="Int64"),
        budget=pd.Series([getattr(project, "budget", None) for project in projects], index=seen.index, dtype=object),
        text=_strings(texts_tight, seen.index),
        whole=_flags(bool(name) or not cut for name, cut in zip(completed, seen["is_cut"], strict=True)),
        unit=_strings(units, seen.index),
        value=np.array([float("nan") if value is None else float(value) for value in numbers], dtype=float),
        exact=pd.Series(numbers, index=seen.index, dtype=object),
        kind=_strings([_kind(unit) for unit in units], seen.index),
        percent=_flags(bool(unit) and fold(unit) in PERCENT for unit in units),
        amount=pd.Series(amounts, index=seen.index, dtype=object),
        satisfaction=_flags(
            level == "满意度指标" or "满意" in text for level, text in zip(levels, texts_tight, strict=True)
        ),
        benefit=_flags(level == "效益指标" for level in levels),
        shown=_strings(shown, seen.index),
    )


def _target(text: str, unit: str, value, comparator: str) -> tuple[str, Decimal | None, str]:
    """Unit, number and comparator of a target; taken apart where the table printed them in one cell."""
    number = value if isinstance(value, Decimal) and value.is_finite() else None
    if number is None and not unit and text:
        target = parse_target(text)
        return target.unit or "", target.value, comparator or target.comparator or ""
    return tight(unit) if unit else "", number, comparator


def number(value) -> str:
    """A number as an auditor writes it.

    >>> number(Decimal("2345.670")), number(70.0), number(0.5)
    ('2,345.67', '70', '0.5')
    """
    if isinstance(value, Decimal):
        return f"{plain(value):,f}"
    return f"{value:,.10g}"


def any_of(words: list[str]) -> str:
    """A regular expression that finds any of the words."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or r"(?!)"


def ends_with(words: list[str]) -> str:
    """A regular expression that finds any of the words at the end."""
    return f"(?:{any_of(words)})$"
