"""The audit: every rule over the tables, doubt told apart, many findings summed up, one frame of findings."""

import difflib
import inspect
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from budgetperf.audit.columns import not_read, split, unread_columns
from budgetperf.audit.config import Config, load_config
from budgetperf.audit.decisions import apply_decisions, identity, read_decisions, told_apart
from budgetperf.audit.doubt import DOUBTED, OPEN, Doubts
from budgetperf.audit.evaluated import evaluated
from budgetperf.audit.kinds import kind_of
from budgetperf.audit.load import all_rules, rule_titles
from budgetperf.audit.message import basis_of, message
from budgetperf.audit.part import NOT_READ, Part, rows_found
from budgetperf.audit.registry import FAMILIES, Found, Rule
from budgetperf.audit.subject import KEY, Tables, look_at
from budgetperf.errors import InputError
from budgetperf.tables.arrow import joined, to_frame
from budgetperf.tables.dataset import Dataset, typed

READING = "R"  # rules of the reading itself: made by the build, kept as they are
LISTED = 6  # so many of those summed up are named in the message; evidence names all


class _Judged(NamedTuple):
    rule: Rule
    found: Found
    uncertain: bool


def audit(
    dataset: Dataset,
    config: Config | None = None,
    extra_rules: Iterable[str | Path] = (),
    *,
    only: Iterable[str] = (),
    decisions: str | Path | None = None,
    parts: Iterable[Part] | None = None,
) -> pd.DataFrame:
    """All findings of a Dataset: the contract's table `findings`, in the order of documents, projects and indicators.

    Findings of the reading (R…) that the dataset has already are kept; all others are made anew, so that auditing
    twice gives the same. `extra_rules`: Python files with rules of the user's own. `config`: thresholds and language
    (default: those of the dataset's own settings). `only`: ids of rules to run, none means all. `decisions`: the file of
    auditors' decisions (default: as configured). `parts`: what `part_of` gave for its documents, in their order. The
    dataset stays as it is. Raises InputError for a rules file, configuration or decisions file that cannot be used.

    >>> audit(Dataset.empty(), load_config(None))["rule"].tolist()
    []
    """
    config = config or load_config(dataset.settings)
    rules = chosen_rules(config, extra_rules, set(only))
    parts = [_part(dataset, config, rules)] if parts is None else list(parts)
    silenced = {tuple(one) for part in parts for one in part.silenced}
    unread = {document: set(columns) for part in parts for document, columns in part.unread.items()}
    judged, whole, doubts = [], cache(lambda: look_at(dataset)), Doubts(dataset)
    projects = dataset.columns("projects", *KEY[:2], "project_name")
    names = {
        (document, int(number)): name
        for document, number, name in zip(
            *(projects[column].tolist() for column in ("document_id", "project_no", "project_name")), strict=True
        )
    }
    sizes = [Counter(dataset.columns(name, KEY[0])[KEY[0]].tolist()) for name in ("projects", "indicators")]
    for rule in rules:
        if not rule.across or (rule.when and not rule.when(dataset)):
            continue
        given = [row for part in parts for row in part.gathered.get(rule.id, ())] if rule.gather else whole()
        found, kept_silent = split(rule, _run(rule, given, config), unread)
        silenced |= {(*one, rule.id) for one in kept_silent}
        judged += _summed(_certain(rule, found, doubts), *sizes, names, config.values["summary"])
    judged += [_Judged(rule, one, False) for rule in rules if rule.id == NOT_READ for one in not_read(silenced)]
    across = _rows(judged, _looked_at({one.found[:3] for one in judged}, dataset), config) if judged else []
    findings = to_frame(joined([*(part.findings for part in parts), rows_found(across)]))
    kept = dataset.findings[dataset.findings["rule"].str.startswith(READING, na=False)]
    findings = findings[~np.array(_said_already(findings, kept), dtype=bool)]
    kept = kept.assign(finding_id=[_id_of_reading(row) for row in kept.itertuples()])
    findings = _ordered(pd.concat([kept, findings]), dataset.documents)
    findings = findings.assign(finding_id=told_apart(findings["finding_id"].tolist()))
    findings["finding_no"] = pd.array(range(1, len(findings) + 1), dtype="Int64")
    decided = read_decisions(decisions or config.decisions)
    return typed(apply_decisions(findings, decided), "findings")


def part_of(dataset: Dataset, config: Config) -> Part:
    """What the audit finds in a dataset whatever stands in other documents; see Part.

    >>> part_of(Dataset.empty(), load_config(None)).findings.num_rows
    0
    """
    return _part(dataset, config, chosen_rules(config))


def chosen_rules(config: Config, extra_rules: Iterable[str | Path] = (), wanted: Iterable[str] = ()) -> list[Rule]:
    """The rules that are run: the wanted ones, else all but those off.

    Raises InputError for an id that no rule has; of other families than ours it may be one of a file not given here.
    """
    rules = all_rules(extra_rules)
    ids = [*rule_titles(), *(one.id for one in rules)]
    named = {*config.values["off"], *config.values["on"], *config.values["severity"]}
    if strange := sorted(one for one in named - set(ids) if one[:1] in FAMILIES):
        near = difflib.get_close_matches(strange[0], [one for one in ids if one[0] == strange[0][0]], n=1)
        raise InputError(
            f"设置的 [audit] 里写了规则 {'、'.join(strange)}，没有这个编号"
            + (f"，是不是 {near[0]}？" if near else "。")
        )
    wanted = set(wanted)
    if unknown := wanted - {one.id for one in rules}:
        raise InputError(f"没有规则 {'、'.join(sorted(unknown))}。可用 budgetperf rules 查看。")
    return [one for one in rules if (one.id in wanted if wanted else one.id not in config.off)]


def _part(dataset: Dataset, config: Config, rules: list[Rule]) -> Part:
    tables = look_at(dataset)
    tables = tables._replace(evaluated=evaluated(tables))
    doubts = Doubts(dataset)
    sizes = [Counter(row.document_id for row in rows) for rows in (tables.project_rows, tables.indicator_rows)]
    names = {(row.document_id, int(row.project_no)): row.project_name for row in tables.project_rows}
    unread, silenced, judged = unread_columns(dataset), set(), []
    for rule in (one for one in rules if not one.across):
        found, kept_silent = split(rule, _run(rule, tables, config), unread)
        silenced |= {(*one, rule.id) for one in kept_silent}
        judged += _summed(_certain(rule, found, doubts), *sizes, names, config.values["summary"])
    gathered = {
        rule.id: rule.gather(tables, config.of(rule.id), config.words) for rule in rules if rule.across and rule.gather
    }
    kept_unread = {document: sorted(columns) for document, columns in sorted(unread.items())}
    return Part(rows_found(_rows(judged, tables, config)), sorted(map(list, silenced)), kept_unread, gathered)


def _looked_at(places: set[tuple], dataset: Dataset) -> Tables:
    """The rows of these places alone, as the rules see them."""
    documents = {place[0] for place in places}
    projects = _among(dataset.rows("projects", documents), {place[:2] for place in places}, KEY[:2])
    indicators = _among(dataset.rows("indicators", documents), places, KEY)
    alone = Dataset.empty().but(documents=dataset.documents, projects=projects, indicators=indicators)
    return look_at(alone)


def _among(frame: pd.DataFrame, places: set[tuple], key: list[str]) -> pd.DataFrame:
    keys = zip(*(frame[column].tolist() for column in key), strict=True)
    return frame[np.fromiter((one in places for one in keys), dtype=bool, count=len(frame))]


def _run(rule: Rule, given: Tables | list, config: Config) -> list[Found]:
    """What a rule finds; InputError where a rule of the user's own fails."""
    try:
        return list(rule.run(given, config.of(rule.id), config.words))
    except (Exception, SystemExit) as error:
        if rule.run.__module__.startswith("budgetperf."):
            raise
        file = inspect.getsourcefile(rule.run)
        said = f"{type(error).__name__}: {error}"
        raise InputError(
            f"规则 {rule.id}（{file}）运行出错（{said}）。没有写出任何文件。请改正规则文件，或不用它。"
        ) from error


def _certain(rule: Rule, found: list[Found], doubts: Doubts) -> list[_Judged]:
    """What a rule found, without what rests on cells that were not read for sure."""
    degrees = [(one, doubts.degree(rule, one)) for one in found]
    return [_Judged(rule, one, degree == DOUBTED) for one, degree in degrees if degree < OPEN]


# ---- summing up ------------------------------------------------------------------------------------------------------


def _summed(judged: list[_Judged], projects: Counter, rows: Counter, names: Mapping, limits: Mapping) -> list[_Judged]:
    """The findings of one rule, those of a document in which it speaks of many summed up as the rule says.

    projects, rows: how many each document has; names: of the projects.
    """
    if not judged or not judged[0].rule.summary:
        return judged
    rule = judged[0].rule
    by_document = defaultdict(list)
    for one in judged:
        by_document[one.found.document_id].append(one)
    result = []
    for document, found in by_document.items():
        of_projects = {one.found.project_no for one in found} - {None}
        many_rows = len(found) > max(limits["rows"], limits["share_of_rows"] * rows[document])
        most = len(of_projects) >= max(limits["projects"], limits["share_of_projects"] * projects[document])
        if rule.summary == "project" and many_rows:
            by_project = defaultdict(list)
            for one in found:
                by_project[one.found.project_no].append(one)
            for number, group in by_project.items():
                result += group if len(group) == 1 or number is None else [_of_project(group)]
        elif rule.summary == "document" and most and len(found) > 1:
            result.append(_of_document(found, projects[document], names))
        else:
            result += found
    return result


def _cells(group: list[_Judged]) -> list[list[int | None]]:
    return [[one.found.project_no, one.found.indicator_no] for one in group]


def _together(group: list[_Judged], zh: str, en: str, project_no: int | None) -> _Judged:
    first = group[0]
    severity = min((one.found.severity or first.rule.severity for one in group), key="EWI".index)
    items = sorted(json.dumps(_content(one.found), ensure_ascii=False, sort_keys=True, default=str) for one in group)
    evidence = {"count": len(group), "items": [json.loads(item) for item in items], "cells": _cells(group)}
    merged = Found(first.found.document_id, project_no, None, zh, en, evidence, severity)
    return _Judged(first.rule, merged, any(one.uncertain for one in group))


def _content(one: Found) -> dict:
    return ({"indicator": one.item} if one.item else {}) | {k: v for k, v in one.evidence.items() if k != "cells"}


def _of_project(group: list[_Judged]) -> _Judged:
    rule, items = group[0].rule, [f"“{one.found.item}”" for one in group]
    more = "等" if len(items) > LISTED else ""
    zh = f"{len(group)} 条指标{rule.title}：{'、'.join(items[:LISTED])}{more}"
    en = f"{len(group)} indicators: {rule.title_en}: {', '.join(items[:LISTED])}{', …' if more else ''}"
    return _together(group, zh, en, group[0].found.project_no)


def _of_document(group: list[_Judged], of: int, names: Mapping) -> _Judged:
    numbers = sorted({one.found.project_no for one in group})
    rule, document = group[0].rule, group[0].found.document_id
    listed = "、".join(f"“{names[document, number]}”" for number in numbers[:LISTED]) + (
        "等" if len(numbers) > LISTED else ""
    )
    rows = "" if len(numbers) == len(group) else f"，共 {len(group)} 条"
    all_of = "全部" if len(numbers) == of else f"{of} 个项目中有"
    zh = f"{all_of} {len(numbers)} 个项目{rule.title}{rows}" + ("" if len(numbers) == of else f"（{listed}）")
    en = f"{len(numbers)} of {of} projects: {rule.title_en}"
    return _together(group, zh, en, None)


# ---- the frame -------------------------------------------------------------------------------------------------------


def _rows(judged: list[_Judged], tables: Tables, config: Config) -> list[dict]:
    """The rows of the table, without what hangs on the others."""
    documents = {row.document_id: row for row in tables.documents.itertuples()}
    projects = {(row.document_id, row.project_no): row for row in tables.project_rows}
    indicators = {(row.document_id, row.project_no, row.indicator_no): row for row in tables.indicator_rows}
    rows = []
    for rule, one, uncertain in judged:
        project = projects.get((one.document_id, one.project_no))
        indicator = indicators.get(one[:3])
        evidence = one.evidence | _threshold(config.of(rule.id))
        basis = basis_of(rule, config.of(rule.id), config.language)
        rows.append(
            {
                "document_id": one.document_id, "project_no": one.project_no, "indicator_no": one.indicator_no,
                "rule": rule.id, "severity": config.values["severity"].get(rule.id) or one.severity or rule.severity,
                "message": message(
                    one, rule, basis, _advice(rule, config.language), documents.get(one.document_id), project, indicator, config.language
                ),
                "evidence": json.dumps(evidence, ensure_ascii=False, default=str),
                "basis": basis, "uncertain": uncertain, "page": _page(project, indicator),
                "finding_id": identity(rule.id, _subject(documents.get(one.document_id), project, indicator), one.evidence),
            }
        )  # fmt: skip
    return rows


def _threshold(thresholds: Mapping) -> dict:
    return {"threshold": dict(thresholds)} if thresholds else {}


def _page(project, indicator):
    for row in (indicator, project):
        if row is not None and pd.notna(row.page):
            return int(row.page)
    return None


@cache
def _advice(rule: Rule, language: str) -> str:
    """What is suggested: as for the kind of issue that the rule belongs to."""
    kind = kind_of(rule.id)
    if kind is None:
        return "建议对照原件核对" if language == "zh" else "Compare with the original."
    return kind.recommendation if language == "zh" else kind.recommendation_en


def _subject(document, project, indicator) -> tuple:
    """What a finding speaks of, by names: the same in every build, file and order of rows."""
    if project is None:
        year = getattr(document, "fiscal_year", None)
        return (getattr(document, "title", ""), None if pd.isna(year) else int(year))
    year = None if pd.isna(project.fiscal_year) else int(project.fiscal_year)
    whose = (project.unit_name, year, project.project_code or project.project_name)
    return whose if indicator is None else (*whose, indicator.level2, indicator.name)


def _said_already(findings: pd.DataFrame, kept: pd.DataFrame) -> list[bool]:
    """Which findings of the reading the build, or an earlier audit, has made."""
    columns = ["document_id", "rule", "evidence"]
    said = {(document, rule, _note(evidence)) for document, rule, evidence in kept[columns].itertuples(index=False)}
    if not said:
        return [False] * len(findings)
    known = {place[:2] for place in said}
    return [
        (document, rule) in known and (document, rule, _note(evidence)) in said
        for document, rule, evidence in findings[columns].itertuples(index=False)
    ]


def _note(evidence) -> str | None:
    return json.loads(evidence).get("note") if isinstance(evidence, str) else None


def _id_of_reading(row) -> str:
    if isinstance(row.finding_id, str) and row.finding_id:
        return row.finding_id
    project = None if pd.isna(row.project_no) else int(row.project_no)
    return identity(row.rule, (row.document_id, project), {"message": row.message})


def _ordered(findings: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    order = {number: place for place, number in enumerate(documents["document_id"])}
    keys = pd.DataFrame(
        {
            "document": findings["document_id"].map(order),
            "project": pd.to_numeric(findings.get("project_no"), errors="coerce").fillna(0).to_numpy(),
            "indicator": pd.to_numeric(findings.get("indicator_no"), errors="coerce").fillna(0).to_numpy(),
            "rule": findings["rule"].to_numpy(),
            "id": findings["finding_id"].to_numpy(),
        }
    ).reset_index(drop=True)
    order_of_rows = keys.sort_values(list(keys), kind="stable").index
    return findings.iloc[order_of_rows].reset_index(drop=True)
