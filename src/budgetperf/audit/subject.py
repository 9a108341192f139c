"""What the rules look at: the tables of a Dataset, with the columns that most rules need worked out once."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from budgetperf.notation import parse_target, plain, widen
from budgetperf.schemas import Dataset
from budgetperf.vocabulary import fold, level1_of, unit_kind

IN_WAN = {
    "元": Decimal("0.0001"), "百元": Decimal("0.01"), "千元": Decimal("0.1"), "万元": Decimal(1), "亿元": Decimal(10_000),
}  # fmt: skip
PERCENT = {"%", "百分比", "百分点", "个百分点", "百分率"}
KEY = ["document_id", "project_no", "indicator_no"]


_NOT_LOOKED_AT = ["level1_printed", "level2_printed", "weight_basis", "x0", "y0", "x1", "y1"]


class Tables(NamedTuple):
    """The Dataset's tables as the rules see them; text columns hold "" where empty, never a missing value.

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


@lru_cache(maxsize=100_000)
def tight(text: str) -> str:
    """Text without blanks and width differences, bracketed remarks gone; Chinese punctuation stays.

    >>> tight("购买执法车 1辆（7座），公务用"), tight("＞＝")
    ('购买执法车1辆，公务用', '>=')
    """
    folded = re.sub(r"\s+", "", widen(text))
    return re.sub(r"\([^()]*\)|（[^（）]*）", "", folded) or folded


_kind = lru_cache(maxsize=10_000)(lambda unit: unit_kind(unit) or "" if unit else "")
_fold = lru_cache(maxsize=10_000)(fold)


def look_at(dataset: Dataset) -> Tables:
    """The tables as the rules see them; the dataset stays as it is."""
    documents = dataset.documents.assign(title=_texts(dataset.documents["title"]))
    by_id = documents.set_index("document_id")
    projects = _projects(dataset.projects, by_id)
    return Tables(documents, projects, _indicators(dataset.indicators, projects), dataset.checks, dataset.cells)


def _texts(values: pd.Series) -> pd.Series:
    return pd.Series([value if isinstance(value, str) else "" for value in values], index=values.index, dtype="str")


def _strings(values: list[str], index: pd.Index) -> pd.Series:
    return pd.Series(values, index=index, dtype="str")


def _exact(values: pd.Series) -> list[Decimal | None]:
    return [value if isinstance(value, Decimal) and value.is_finite() else None for value in values]


def _projects(projects: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    columns = ["unit_code", "unit_name", "project_code", "project_name", "category_code", "category_name", "objective"]
    seen = projects.assign(**{column: _texts(projects[column]) for column in columns})
    year = projects["fiscal_year"].fillna(projects["document_id"].map(documents["fiscal_year"]).astype("Int64"))
    return seen.assign(
        fiscal_year=year,
        layout=_texts(projects["document_id"].map(documents["layout"])),
        text=_strings([re.sub(r"\s+", "", widen(text)) for text in seen["objective"]], projects.index),
        budget=pd.Series(_exact(projects["budget_wan_yuan"]), index=projects.index, dtype=object),
    )


def _indicators(indicators: pd.DataFrame, projects: pd.DataFrame) -> pd.DataFrame:
    columns = ["level1", "level2", "name", "comparator", "target_text", "measure_unit", "actual_text", "deviation_note"]
    seen = indicators.drop(columns=_NOT_LOOKED_AT, errors="ignore")
    seen = seen.assign(**{column: _texts(indicators[column]) for column in columns})
    of_project = projects[
        ["document_id", "project_no", "fiscal_year", "layout", "unit_name", "project_name", "budget", "objective"]
    ]
    seen = seen.merge(of_project, on=["document_id", "project_no"], how="left", validate="m:1")
    columns = ["layout", "unit_name", "project_name", "objective"]
    seen = seen.assign(**{column: _texts(seen[column]) for column in columns})
    completed = _texts(seen["name_completed"])
    targets = [
        _target(*row)
        for row in zip(seen["target_text"], seen["measure_unit"], seen["target_value"], seen["comparator"], strict=True)
    ]
    seen = seen.assign(
        text=_strings([tight(whole or name) for whole, name in zip(completed, seen["name"], strict=True)], seen.index),
        whole=~seen["is_cut"].astype(bool) | (completed != ""),
        unit=_strings([target[0] for target in targets], seen.index),
        value=pd.Series([float(t[1]) if t[1] is not None else float("nan") for t in targets], index=seen.index),
        exact=pd.Series([target[1] for target in targets], index=seen.index, dtype=object),
        comparator=_strings([target[2] for target in targets], seen.index),
    )
    unit = seen["unit"]
    seen = seen.assign(
        kind=_strings([_kind(u) for u in unit], seen.index),
        percent=pd.Series([_fold(u) in PERCENT if u else False for u in unit], index=seen.index, dtype=bool),
    )
    amounts = [
        plain(value * IN_WAN[unit]) if value is not None and unit in IN_WAN else None
        for value, unit in zip(seen["exact"], seen["unit"], strict=True)
    ]
    level1 = [printed if (by_level2 := level1_of(level2)) is None else by_level2
              for printed, level2 in zip(seen["level1"], seen["level2"], strict=True)]  # fmt: skip
    return seen.assign(
        amount=pd.Series(amounts, index=seen.index, dtype=object),
        satisfaction=(pd.Series(level1, index=seen.index, dtype=object) == "满意度指标")
        | seen["text"].str.contains("满意"),
        benefit=pd.Series(level1, index=seen.index, dtype=object) == "效益指标",
        shown=seen["name"] + seen["comparator"].replace("定性", "") + seen["target_text"] + seen["measure_unit"],
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
