"""Which rows stand for a unit in a year: plans and self-evaluations apart, a project that is printed twice once."""

from typing import NamedTuple

import pandas as pd

from budgetperf.errors import InputError
from budgetperf.tables.dataset import Dataset
from budgetperf.years.names import core_unit, plain_name

SELF_EVALUATION = "self_evaluation"
# Of a project that stands in several documents of a year the one nearest to the approved budget counts.
PREFERRED = {"approval": 0, "targets": 1, "application": 2, "form": 2}
KEY = ["document_id", "project_no"]


class Year(NamedTuple):
    """One year's rows: projects (with `unit`, the name that stands for the unit), their indicators, what to say."""

    year: int
    projects: pd.DataFrame
    indicators: pd.DataFrame
    notes: list[str]


def years_of(dataset: Dataset) -> list[int]:
    """The fiscal years of a dataset's projects, in order.

    >>> years_of(Dataset.empty())
    []
    """
    return sorted({int(year) for year in dataset.projects["fiscal_year"].dropna()})


def chosen_years(dataset: Dataset, years: list[int] | None) -> list[int]:
    """The years to compare: those asked for, in the order given, or all of the dataset.

    Raises InputError where fewer than two are left to compare.
    """
    known = years_of(dataset)
    wanted = [int(year) for year in years] if years else known
    if len(wanted) < 2:
        have = "、".join(map(str, known)) or "没有任何年度"
        raise InputError(f"要比较至少两个年度，数据里只有 {have}。没有写出任何文件。请把其他年度的文件一起 build。")
    present = [year for year in wanted if year in known]
    if not present:
        asked, have = "、".join(map(str, wanted)), "、".join(map(str, known)) or "没有任何年度"
        raise InputError(
            f"数据里没有 {asked} 年，只有 {have}。没有写出任何文件。请检查年度，或先 build 这些年度的文件。"
        )
    return wanted


def unit_of(code: pd.Series, name: pd.Series) -> pd.Series:
    """The name that stands for a unit: as printed, else its code, else one for all that print none."""
    return name.where(name.notna(), code).fillna("未注明单位").astype(object)


def rows_of_year(dataset: Dataset, year: int, unit: str | None = None, *, evaluations: bool = False) -> Year:
    """A year's projects and indicators, of the plans (approval, application) or of the self-evaluations.

    Where a unit published only a self-evaluation, its targets and budgets stand for the plan, and a note says so.
    """
    projects = dataset.projects[(dataset.projects["fiscal_year"] == year).fillna(False).astype(bool)].reset_index(
        drop=True
    )
    layouts = dataset.documents.set_index("document_id")["layout"]
    projects = projects.assign(
        unit=unit_of(projects["unit_code"], projects["unit_name"]),
        layout=projects["document_id"].map(layouts).astype(object).fillna(""),
    )
    if unit:
        same = (
            (projects["unit_code"] == unit)
            | (projects["unit_name"] == unit)
            | (projects["unit"].map(core_unit) == core_unit(unit))
        )
        projects = projects[same.fillna(False).astype(bool)]
    is_evaluation = projects["layout"] == SELF_EVALUATION
    notes: list[str] = []
    if evaluations:
        projects = projects[is_evaluation]
    else:
        planned = set(projects.loc[~is_evaluation, "unit"].map(core_unit))
        alone = is_evaluation & ~projects["unit"].map(core_unit).isin(planned)
        for name in dict.fromkeys(projects.loc[alone, "unit"]):
            notes.append(f"{name} {year} 年只有自评表，没有批复表或申报表：以自评表的年初目标和预算数代替。")
        projects = projects[~is_evaluation | alone]
    projects, twice = _each_once(projects)
    if twice:
        notes.append(f"{year} 年有 {twice} 个项目在几份文件中重复出现，只取一份（批复表优先）。")
    keys = pd.MultiIndex.from_frame(projects[KEY])
    indicators = dataset.indicators[pd.MultiIndex.from_frame(dataset.indicators[KEY]).isin(keys)]
    return Year(year, projects.reset_index(drop=True), indicators.reset_index(drop=True), notes)


def _each_once(projects: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Projects of one unit and year that stand in several documents by the same code and name, once each."""
    if projects["document_id"].nunique() < 2:
        return projects, 0
    identity = pd.DataFrame(
        {
            "unit": projects["unit"].map(core_unit),
            "code": projects["project_code"].fillna(""),
            "name": projects["project_name"].map(plain_name, na_action="ignore").fillna(""),
        }
    )
    first = projects["layout"].map(lambda layout: PREFERRED.get(layout, 3))
    order = pd.DataFrame({"preference": first, "place": range(len(projects))}, index=projects.index)
    order = order.sort_values(["preference", "place"]).index
    # the same document may print the same project twice: only copies in other documents go
    leader = identity.loc[order].assign(document=projects.loc[order, "document_id"])
    named = (leader["code"] != "") | (leader["name"] != "")
    owner = leader.groupby(["unit", "code", "name"], sort=False)["document"].transform("first")
    kept = leader[~named | (owner == leader["document"])].index
    return projects.loc[sorted(kept)], len(projects) - len(kept)
