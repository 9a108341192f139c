"""What an evidence sheet says of a finding: the fact, the printed values, and what in its reading is in doubt."""

import json
import re
from functools import cached_property
from pathlib import Path

import pandas as pd

from budgetperf.audit.doubt import Doubts
from budgetperf.audit.registry import Found, Rule
from budgetperf.profiles import exact_sum
from budgetperf.report.model import printed, shortened
from budgetperf.report.words import CHECKS, REPAIRS, say, without_basis
from budgetperf.tables.dataset import Dataset
from budgetperf.tables.declared import TABLES

LISTED = 4  # repairs named on a sheet
MOST_ROWS = 12  # rows of figures
_KEY = ["document_id", "project_no"]


class Sources:
    """The dataset by document and project, and where the original documents are."""

    def __init__(self, dataset: Dataset, source: str | Path | None):
        self.dataset, self.source = dataset, source
        self._parts: dict[str, Dataset] = {}

    @cached_property
    def _documents(self) -> dict:
        return {row["document_id"]: row for _, row in self.dataset.documents.iterrows()}

    @cached_property
    def _projects(self) -> dict:
        return {(row["document_id"], int(row["project_no"])): row for _, row in self.dataset.projects.iterrows()}

    def document(self, row) -> pd.Series:
        """The row of `documents` that a finding is about."""
        return self._documents[row.document_id]

    def project(self, row, number: int | None = None) -> pd.Series | None:
        """The row of `projects` that a finding is about, or of another number in its document; None for a document."""
        number = row.project_no if number is None else number
        return None if pd.isna(number) else self._projects.get((row.document_id, int(number)))

    def units(self, row) -> list:
        """Names of the units in a finding's document."""
        return self.of_document(row.document_id).projects["unit_name"].dropna().unique().tolist()

    def of_document(self, number: str) -> Dataset:
        """The dataset of one document alone: looking up is quick there."""
        if number not in self._parts:
            self._parts = {number: self.dataset.of_document(number)}  # one at a time: cells are many
        return self._parts[number]

    def view(self, document: str, project: int, indicator: int | None):
        """Where an indicator or project is printed; raises InputError where that is not known."""
        from budgetperf.evidence import show_cell

        return show_cell(self.of_document(document), project, indicator, document_id=document, source=self.source)


# ---- the fact --------------------------------------------------------------------------------------------------------


def fact_of(row, project: pd.Series | None, of_project: bool = False) -> str:
    """The finding's sentence without what the form says elsewhere: page, project (unless `of_project`) and basis.

    >>> from types import SimpleNamespace as Row
    >>> row = Row(message="某局“甲”项目（第 2 页）的指标“乙”：数不符。依据：本规。建议更正。", basis="本规", project_no=3)
    >>> fact_of(row, pd.Series({"project_name": "甲"}))
    '指标“乙”：数不符。'
    """
    name = "" if project is None else printed(project["project_name"])
    text = without_basis(str(row.message), str(row.basis))
    if pd.isna(row.project_no) or of_project:
        return text
    for place in (f"“{name}”项目", f"project “{name}”"):
        head, found, rest = text.partition(place)
        if found and "：" not in head and ": " not in head:
            rest = re.sub(r"^（[^（）]*）|^ \([^()]*\)", "", rest)
            return rest.removeprefix("的").removeprefix("：").removeprefix(", ").removeprefix(": ")
    return text


# ---- figures ---------------------------------------------------------------------------------------------------------


def figures_of(sources: Sources, rows: list, lang: str) -> pd.DataFrame:
    """The printed values that findings speak of: of indicators, or of projects, or of a document."""
    places = list(dict.fromkeys(place for row in rows for place in places_of(row)))
    of_indicators = [place for place in places if place[2] is not None]
    of_projects = [place for place in places if place[1] is not None]
    if of_indicators:
        return _in_words(_indicators(sources, of_indicators), lang)
    if of_projects:
        return _in_words(_projects(sources, rows, of_projects), lang)
    return _in_words(_document(sources, rows[0]), lang)


def places_of(row) -> list[tuple]:
    """(document_id, project_no or None, indicator_no or None) of a finding and of what else decides it."""
    own = (row.document_id, _whole(row.project_no), _whole(row.indicator_no))
    try:
        cells = json.loads(row.evidence)["cells"]
        more = [(row.document_id, _whole(project), _whole(indicator)) for project, indicator in cells]
    except (AttributeError, KeyError, TypeError, ValueError):
        more = []
    return [*dict.fromkeys([own, *more])] if own[1] is not None or not more else [*dict.fromkeys(more)]


def place_in_print(row) -> tuple:
    """The place that is shown as evidence: the finding's own indicator, else the first one that it speaks of."""
    places = places_of(row)
    return next((place for place in places if place[2] is not None), places[0])


def _whole(value) -> int | None:
    return None if value is None or pd.isna(value) else int(value)


def _indicators(sources: Sources, places: list[tuple]) -> pd.DataFrame:
    found = []
    for number in dict.fromkeys(place[0] for place in places):
        frame = sources.of_document(number).indicators
        wanted = {place[1:] for place in places if place[0] == number}
        keys = zip(frame["project_no"], frame["indicator_no"], strict=True)
        found.append(frame[[(int(project), int(one)) in wanted for project, one in keys]])
    frame = pd.concat(found) if found else pd.DataFrame()
    columns = ["level1", "level2", "name", "comparator", "target_text", "measure_unit", "weight"]
    columns += [name for name in ("actual_text", "score") if name in frame and frame[name].notna().any()]
    if len({place[:2] for place in places}) > 1:
        columns = ["project_no", *columns]
    return frame[columns]


def _projects(sources: Sources, rows: list, places: list[tuple]) -> pd.DataFrame:
    found = []
    for document, number, _ in places:
        row = next(one for one in rows if one.document_id == document)
        project = sources.project(row, number)
        if project is None:
            continue
        mine = sources.of_document(document).indicators
        mine = mine[mine["project_no"] == number]
        category = " ".join(printed(project[name]) for name in ("category_code", "category_name")).strip()
        found.append(
            {
                "project_no": number, "project_name": project["project_name"], "category_name": category,
                "budget_wan_yuan": project["budget_wan_yuan"], "indicators": len(mine),
                "weight_total": exact_sum(mine["weight"]), "execution_weight": project["execution_weight"],
                "executed_wan_yuan": project["executed_wan_yuan"], "execution_rate": project["execution_rate"],
            }
        )  # fmt: skip
    frame = pd.DataFrame(found, dtype=object)
    optional = ("category_name", "weight_total", "execution_weight", "executed_wan_yuan", "execution_rate")
    empty = [name for name in optional if name in frame and not any(printed(value) for value in frame[name])]
    return frame.drop(columns=empty)


def _document(sources: Sources, row) -> pd.DataFrame:
    document, part = sources.document(row), sources.of_document(row.document_id)
    return pd.DataFrame(
        [
            {
                "printed_total_wan_yuan": document["printed_total_wan_yuan"],
                "budget_wan_yuan": exact_sum(part.projects["budget_wan_yuan"]),
                "projects": len(part.projects),
                "indicators": len(part.indicators),
            }
        ],
        dtype=object,
    )


_TITLES = {
    "project_no": ("序号", "No."), "project_name": ("项目名称", "Project"), "category_name": ("项目类别", "Category"),
    "budget_wan_yuan": ("预算数（万元）", "Budget"), "indicators": ("指标数", "Indicators"),
    "weight_total": ("分值合计", "Sum of weights"), "execution_weight": ("执行率权重", "Execution weight"),
    "executed_wan_yuan": ("执行数（万元）", "Executed"), "execution_rate": ("执行率（%）", "Execution rate (%)"),
    "printed_total_wan_yuan": ("印刷合计（万元）", "Printed total"), "projects": ("项目数", "Projects"),
    "level1": ("一级指标", "Level 1"), "level2": ("二级指标", "Level 2"), "name": ("三级指标", "Indicator"),
    "comparator": ("指标性质", "Comparator"), "target_text": ("指标值", "Target"), "measure_unit": ("度量单位", "Unit"),
    "weight": ("分值权重", "Weight"), "actual_text": ("实际完成值", "Actual"), "score": ("得分", "Score"),
}  # fmt: skip


def _in_words(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    frame = frame.astype(object).where(frame.notna(), None)
    return frame.rename(columns={name: words[lang == "en"] for name, words in _TITLES.items()})


# ---- doubt -----------------------------------------------------------------------------------------------------------


def doubts_of(sources: Sources, rules: dict[str, Rule], rows: list, lang: str) -> list[str]:
    """Sentences on what uncertain findings rest on: the repairs and failed checks that put them in doubt; [] for none."""
    unsure = [row for row in rows if row.uncertain is True or row.uncertain == True]  # noqa: E712
    if not unsure:
        return []
    said = [
        "依据了修复过的单元格，须先核对原件。" if lang == "zh" else "Rests on repaired cells: check the print first.",
    ]
    found = list(dict.fromkeys(text for row in unsure for text in _reasons(sources, rules.get(row.rule), row, lang)))
    said += found[:LISTED]
    if len(found) > LISTED:
        more = len(found) - LISTED
        said.append(
            f"另有 {more} 处见 Excel 底稿。" if lang == "zh" else f"{more} more are in the Excel working paper."
        )
    return said


def _reasons(sources: Sources, rule: Rule | None, row, lang: str) -> list[str]:
    """The repairs, and failed checks, each of which by itself puts the finding in doubt."""
    if rule is None:
        return []
    part = sources.of_document(row.document_id)
    places = places_of(row)
    found = Found(*places[0], "", "", {}, rests_on=tuple(places[1:]))
    numbers = {place[1] for place in places}

    def concerned(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["project_no"].isna() | frame["project_no"].isin([one for one in numbers if one is not None])]

    repairs, checks = concerned(part.repairs), concerned(part.checks[~part.checks["passed"].astype(bool)])
    repairs = repairs[repairs["kind"].isin(["value", "reading"])]
    none = part.repairs.iloc[:0], part.checks.iloc[:0]
    said = []
    for k, repair in enumerate(repairs.itertuples()):
        if Doubts(repairs.iloc[k : k + 1], none[1], part.indicators).degree(rule, found):
            said.append(_repair_words(repair, lang))
    for k, check in enumerate(checks.itertuples()):
        if Doubts(none[0], checks.iloc[k : k + 1], part.indicators).degree(rule, found):
            said.append(_check_words(check, lang))
    return said


def _repair_words(repair, lang: str) -> str:
    old, new = (shortened(printed(value).replace("\n", " "), 40) or "—" for value in (repair.printed, repair.repaired))
    why = shortened(printed(repair.evidence).replace("\n", " "), 60)
    where = "" if pd.isna(repair.project_no) else str(int(repair.project_no))
    where += "" if pd.isna(repair.indicator_no) else f".{int(repair.indicator_no)}"
    what, field = say(REPAIRS, repair.rule, lang), repair.field
    if lang == "en":
        return f"Repair {repair.repair_no} ({what}, {where} {field}): “{old}” → “{new}”; {why}"
    columns = [TABLES[name].columns for name in ("indicators", "projects")]
    field = next((known[field].title for known in columns if field in known), field)
    return f"修复 {repair.repair_no}（{what}，{where} {field}）：“{old}”→“{new}”；{why}"


def _check_words(check, lang: str) -> str:
    what, note = say(CHECKS, check.check, lang), shortened(printed(check.note).replace("\n", " "), 80)
    expected, actual = (shortened(printed(value), 40) or "—" for value in (check.expected, check.actual))
    if lang == "en":
        return f"Failed check ({what}): expected {expected}, actual {actual}; {note}".rstrip("; ")
    return f"校验未通过（{what}）：应为 {expected}，实为 {actual}；{note}".rstrip("；")
