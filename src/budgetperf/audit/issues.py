"""Issues: findings of one root cause joined over rules and projects, with the money under them; the table `issues`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from itertools import chain
from typing import NamedTuple

import pandas as pd

from budgetperf.audit.config import SEVERITIES, Config, load_config
from budgetperf.audit.kinds import Kind, kind_of, kinds
from budgetperf.audit.message import claim
from budgetperf.audit.overview import cells_of, open_findings
from budgetperf.audit.subject import KEY
from budgetperf.tables.dataset import Dataset, typed

SELF_EVALUATION = "self_evaluation"
_COLUMNS = [*KEY, "finding_no", "rule", "severity", "message", "evidence", "basis", "uncertain"]


def issues_of(dataset: Dataset, findings: pd.DataFrame | None = None, config: Config | None = None) -> pd.DataFrame:
    """The table `issues`: one row a kind of issue, fiscal year and kind of document (targets, results), gravest first.

    `findings`: default the dataset's own; those that an auditor has dismissed or accepted an explanation for make no
    issue. A finding on a whole document counts for all projects that it names, else for all of the document's.

    >>> len(issues_of(Dataset.empty()))
    0
    """
    config = config or load_config(dataset.settings)
    findings = open_findings(dataset.findings if findings is None else findings)
    projects = _projects(dataset)
    of_document, of_project = defaultdict(list), defaultdict(Decimal)
    for (document, number), project in projects.items():
        of_document[document, project.group].append((document, number, None))
    joined = _joined(findings, projects)
    placed = {key: [_places(row, of_document, key[0]) for row in rows] for key, rows in joined.items()}
    points = _points(
        dataset, {place[:2] for of in placed.values() for own in of for place in own if place[2] is not None}
    )
    for (*key, _), weight in points.items():
        of_project[tuple(key)] += weight
    money = {group: _sum(p.budget for p in projects.values() if p.group == group) for group in _groups(projects)}
    rows = []
    for (group, kind), places in placed.items():
        weighed = _weighed(places, projects, points, of_project)
        rows.append(_issue(kind, group, joined[group, kind], places, projects, points, weighed, money[group], config))
    order = sorted(
        rows,
        key=lambda row: (
            SEVERITIES.index(row["severity"]),
            -(row["money_wan_yuan"] or 0),
            -row["projects"],
            row["issue"],
        ),
    )
    numbered = [{"issue_no": number, **row} for number, row in enumerate(order, 1)]
    return typed(pd.DataFrame(numbered), "issues")


class _Project(NamedTuple):
    group: tuple  # fiscal year, targets or results
    unit: str | None
    budget: Decimal | None


def _projects(dataset: Dataset) -> dict[tuple, _Project]:
    documents = {row.document_id: row for row in dataset.documents.itertuples()}
    columns = ["document_id", "project_no", "fiscal_year", "unit_name", "budget_wan_yuan"]

    @cache
    def group_of(number: str, own_year) -> tuple:
        document = documents[number]
        year = document.fiscal_year if pd.isna(own_year) else own_year
        return None if pd.isna(year) else int(year), "results" if document.layout == SELF_EVALUATION else "targets"

    found = {}
    projects = dataset.columns("projects", *columns)
    for number, project_no, own_year, unit, budget in zip(*(projects[c].tolist() for c in columns), strict=True):
        money = budget if isinstance(budget, Decimal) else None
        whose = unit if isinstance(unit, str) else None
        found[number, int(project_no)] = _Project(group_of(number, own_year), whose, money)
    return found


def _points(dataset: Dataset, projects: set[tuple]) -> dict[tuple, Decimal]:
    """The weights of the indicators of these projects."""
    if not projects:
        return {}
    columns = ["document_id", "project_no", "indicator_no", "weight"]
    indicators = dataset.columns("indicators", *columns)
    keys = zip(*(indicators[column].tolist() for column in columns), strict=True)
    return {(d, p, i): weight for d, p, i, weight in keys if (d, p) in projects and isinstance(weight, Decimal)}


def _groups(projects: Mapping) -> list[tuple]:
    return list(dict.fromkeys(project.group for project in projects.values()))


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    given = [value for value in values if value is not None]
    return sum(given, Decimal(0)) if given else None


def _joined(findings: pd.DataFrame, projects: Mapping) -> dict[tuple, list]:
    """(group, kind) → its findings. A finding on a document belongs to the groups of the document's projects."""
    groups: dict[str, list] = {}
    for (document, _), project in projects.items():
        groups.setdefault(document, []).append(project.group)
    rows = list(findings[_COLUMNS].astype(object).itertuples())
    spoken = {}  # kinds that join others → the indicators that their own rules speak of
    joiners = defaultdict(list)  # rule → the kinds that may join its findings
    for kind in kinds().values():
        if kind.joins:
            for rule in kind.joins:
                joiners[rule].append(kind)
            spoken[kind.name] = {cell for row in rows if row.rule in kind.rules for cell in cells_of(row) if cell[2]}
    joined: dict[tuple, list] = {}
    for row in rows:
        joining = (k for k in joiners.get(row.rule, ()) if spoken[k.name] & set(cells_of(row)))
        kind = next(joining, kind_of(row.rule))
        if kind is None or row.document_id not in groups:
            continue
        own = projects.get((row.document_id, None if pd.isna(row.project_no) else int(row.project_no)))
        for group in [own.group] if own else dict.fromkeys(groups[row.document_id]):
            joined.setdefault((group, kind), []).append(row)
    return joined


def _places(row, of_document: Mapping, group: tuple) -> list[tuple]:
    """The places of a finding, a document's own spread over its projects of the group."""
    spread = []
    for cell in cells_of(row):
        spread += [cell] if cell[1] is not None else of_document[cell[0], group]
    return spread


def _issue(
    kind: Kind,
    group: tuple,
    joined: list,
    places: list,
    projects: Mapping,
    points: Mapping,
    weighed: Decimal,
    all_money,
    config,
) -> dict:
    of_projects = list(dict.fromkeys(place[:2] for own in places for place in own))
    of_indicators = list(dict.fromkeys(place for own in places for place in own if place[2] is not None))
    money = _sum(projects[key].budget for key in of_projects if key in projects)
    share = (100 * money / all_money).quantize(Decimal("0.01")) if money is not None and all_money else None
    weights = [points[place] for place in of_indicators if place in points]
    grave = min(zip(joined, places, strict=True), key=lambda pair: _gravity(*pair, projects))[0]
    weighed_share = 100 * weighed / all_money if all_money else None
    severity, why = _severity(min((row.severity for row in joined), key=SEVERITIES.index), share, weighed_share, config)
    bases = list(dict.fromkeys(row.basis for row in joined if isinstance(row.basis, str)))
    chinese = config.language == "zh"
    return {
        "issue": kind.name,
        "title": kind.title if chinese else kind.title_en,
        "severity": severity,
        "fiscal_year": group[0],
        "documents": group[1],
        "units": len({projects[key].unit for key in of_projects if key in projects} - {None}),
        "projects": len(of_projects),
        "indicators": len(of_indicators),
        "points": _sum(weights),
        "money_wan_yuan": money,
        "share_of_money": share,
        "gravest": claim(str(grave.message)),
        "basis": "；".join([*bases, why] if chinese else [", ".join(dict.fromkeys(row.rule for row in joined)), why]),
        "recommendation": kind.recommendation if chinese else kind.recommendation_en,
        "findings": ",".join(str(int(row.finding_no)) for row in joined),
    }  # fmt: skip


def _gravity(row, places: list, projects: Mapping) -> tuple:
    """Sorts the gravest finding first: by severity, certain before doubtful, then by the money under it."""
    budgets = [projects[key].budget or Decimal(0) for key in {place[:2] for place in places} if key in projects]
    return SEVERITIES.index(row.severity), bool(row.uncertain), -sum(budgets, Decimal(0)), int(row.finding_no)


def _weighed(places: list, projects: Mapping, points: Mapping, of_project: Mapping) -> Decimal:
    """The money under an issue, an indicator counted with its share of its project's points."""
    concerned: dict[tuple, list] = {}
    for cell in dict.fromkeys(chain.from_iterable(places)):
        concerned.setdefault(cell[:2], []).append(cell)
    weighed = Decimal(0)
    for key, cells in concerned.items():
        budget = projects[key].budget if key in projects else None
        if budget is None:
            continue
        if cells[0][2] is None or not of_project.get(key) or any(cell[2] is None for cell in cells):
            weighed += budget
        else:
            weighed += budget * sum((points.get(cell, Decimal(0)) for cell in cells), Decimal(0)) / of_project[key]
    return weighed


def _severity(worst: str, share: Decimal | None, weighed: Decimal | None, config: Config) -> tuple[str, str]:
    """An issue's severity from its gravest finding and the money under it, and the materiality in words."""
    small, major = (Decimal(str(config.values["issues"][limit])) for limit in ("material_share", "major_share"))
    if config.language == "zh":
        words = f"重要性水平（本工具阈值）：须说明的事项所涉资金不足 {small}% 的降为复核，复核事项按分值折算的资金达到 {major}% 的升为须说明"
    else:
        words = f"materiality (ours): E with less than {small} % of the money becomes W; W with {major} % of it, by points, becomes E"
    if share is not None and worst == "E" and share < small:
        return "W", words
    if weighed is not None and worst == "W" and weighed >= major:
        return "E", words
    return worst, words
