"""What an evidence sheet says: whose it is, the matter, the facts in order, where they are printed."""

import re
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from budgetperf.audit.config import SEVERITIES, load_config
from budgetperf.audit.issues import issues_of
from budgetperf.audit.kinds import kind_of
from budgetperf.audit.load import rule_titles
from budgetperf.audit.message import claim
from budgetperf.audit.overview import projects_named
from budgetperf.errors import InputError
from budgetperf.profiles import exact_sum
from budgetperf.tables.dataset import Dataset

NEEDED = (
    "finding_no",
    "document_id",
    "project_no",
    "indicator_no",
    "rule",
    "severity",
    "message",
    "basis",
    "evidence",
    "page",
)
MOST_UNITS = 3  # named on a sheet on a whole document of many units


class Sheet(NamedTuple):
    """The unit it is for, the matter, its findings (the gravest first), what is recommended."""

    unit: str
    matter: str
    rows: list
    recommendation: str = ""


class Sources:
    """A dataset and where its documents are; one document of it at a time, as looking up is quick there."""

    def __init__(self, dataset: Dataset, source: str | Path | None):
        self.dataset, self.source, self._part = dataset, source, ("", Dataset.empty())

    def of_document(self, number: str) -> Dataset:
        if self._part[0] != number:
            self._part = number, self.dataset.of_document(number)
        return self._part[1]


def sheets_of(dataset: Dataset, findings: pd.DataFrame, by: str, lang: str = "zh") -> list[Sheet]:
    """The findings as sheets: the gravest issue first, within it a sheet a unit.

    Raises InputError where there are none, where columns are missing, and for findings of other data or on the reading.
    """
    missing = [name for name in NEEDED if name not in findings]
    if missing:
        raise InputError(
            f"所给的审计发现缺少列 {'、'.join(missing)}。没有写出任何文件。请从 dataset.findings 中选取整行。"
        )
    if findings.empty:
        raise InputError(
            "没有选中任何审计发现。没有写出任何文件。请放宽选择条件，或先用 budgetperf audit 查看有哪些发现。"
        )
    if strange := set(findings["document_id"]) - set(dataset.documents["document_id"]):
        raise InputError(
            f"有审计发现不属于这些数据（文件 {min(strange)}）。没有写出任何文件。请用同一次构建的数据和发现。"
        )
    if len(notes := findings[findings["rule"].map(kind_of).isna()]):
        numbers = "、".join(str(number) for number in notes["finding_no"].head(5))
        raise InputError(
            f"发现 {numbers} 说的是识读或版式，不是被审计单位的事实，不能写入取证单。没有写出任何文件。请先核对原件，只选其他发现。"
        )
    issues = issues_of(dataset, findings.assign(decision=None), load_config(dataset.settings, language=lang))
    titles = rule_titles(lang)
    rows = {int(row.finding_no): row for row in findings.itertuples()}
    unit_of = _units(dataset, lang)
    found: dict[tuple, Sheet] = {}
    for issue in issues.itertuples():
        own = [rows[number] for number in map(int, issue.findings.split(","))]
        for row in sorted(own, key=lambda row: SEVERITIES.index(row.severity)):
            unit = unit_of(row)
            matter = titles.get(row.rule, row.rule) if by == "finding" else issue.title
            key = {"issue": (issue.issue_no, unit), "finding": row.finding_no, "unit": unit}[by]
            sheet = found.setdefault(key, Sheet(unit, matter, [], issue.recommendation))
            sheet.rows.append(row)
            if matter not in sheet.matter.split("；"):
                found[key] = sheet._replace(matter=f"{sheet.matter}；{matter}", recommendation="")
    return list(found.values())


def _units(dataset: Dataset, lang: str):
    """A function from a finding to its unit's name; of a whole document to its units'."""
    names = dataset.projects.set_index(["document_id", "project_no"])["unit_name"].to_dict()
    of_documents = {
        number: list(part.dropna().unique()) for number, part in dataset.projects.groupby("document_id")["unit_name"]
    }

    def unit_of(row) -> str:
        if pd.notna(row.project_no):
            name = names.get((row.document_id, int(row.project_no)))
            return name if isinstance(name, str) else ""
        several = of_documents.get(row.document_id, [])
        more = f" 等 {len(several)} 个单位" if lang == "zh" else f" and others ({len(several)} units)"
        return "、".join(several[:MOST_UNITS]) + (more if len(several) > MOST_UNITS else "")

    return unit_of


def fact_of(row, unit: str) -> str:
    """The place and the fact of a finding, without the unit that the form names.

    >>> from types import SimpleNamespace as Row
    >>> fact_of(Row(message="某局“甲”项目（第 2 页）的指标“乙”：数不符。依据：本规。建议更正。"), "某局")
    '“甲”项目（第 2 页）的指标“乙”：数不符。'
    """
    text = claim(str(row.message))
    for whose in (unit, f"“{unit}”, "):
        text = text.removeprefix(whose) if unit else text
    return text + ("。" if re.search("[㐀-鿿]：", text) or not text.isascii() else ".")


def summary_of(sources: Sources, sheet: Sheet, lang: str) -> str:
    """A sentence on all findings of a sheet: how many projects, and the money under them."""
    frame = pd.DataFrame(sheet.rows)
    named = set().union(*projects_named(frame, sources.dataset))
    projects = sources.dataset.projects
    keys = zip(projects["document_id"], projects["project_no"], strict=True)
    own = projects[[(document, int(number)) in named for document, number in keys]]
    money = exact_sum(own["budget_wan_yuan"])
    years = "、".join(str(int(year)) for year in sorted(own["fiscal_year"].dropna().unique()))
    if lang == "en":
        spent = "" if money is None else f" with a budget of {money:,f} (10,000 yuan)"
        return f"{len(own):,} projects{f' of {years}' if years else ''}{spent} are concerned, as follows:"
    spent = "" if money is None else f"，预算合计 {money:,f} 万元"
    return f"经查，{f'{years} 年度' if years else ''}{len(own):,} 个项目{spent}，存在下列情况："


def print_of(sources: Sources, sheet: Sheet, lang: str) -> str:
    """The documents and pages that the facts stand on."""
    said = []
    for number in dict.fromkeys(row.document_id for row in sheet.rows):
        document = sources.of_document(number).documents.iloc[0]
        pages = sorted({int(row.page) for row in sheet.rows if row.document_id == number and pd.notna(row.page)})
        words = f"《{document['title']}》" if isinstance(document["title"], str) else ""
        if pages and document["format"] in ("pdf", "text", "xlsx"):
            numbers = "、".join(map(str, pages)) if lang == "zh" else ", ".join(map(str, pages))
            kind = {"xlsx": ("第 {0} 张工作表", "sheet {0}")}.get(document["format"], ("第 {0} 页", "p. {0}"))
            words += kind[lang == "en"].format(numbers) if lang == "zh" else " " + kind[1].format(numbers)
        said.append(f"{words}（{document['source']}）" if lang == "zh" else f"{words} ({document['source']})".strip())
    return "；".join(said) if lang == "zh" else "; ".join(said)
