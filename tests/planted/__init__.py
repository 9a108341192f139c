"""Faults and near misses written down as a clerk would word them: small texts → a Dataset and its truth.

targets.txt: targets of eight kinds of department; results.txt: self-evaluations; sums.txt: arithmetic in objectives.
A line of truth says `+Q01` (must be found there) or `-Q01` (must not be); `+B01|B03`: either finds it.
"""

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from budgetperf.field.notation import parse_number, parse_target
from budgetperf.field.vocabulary import level1_of
from budgetperf.tables.dataset import Dataset, typed

FOLDER = Path(__file__).parent
LEVELS2 = {
    "数": "数量指标", "质": "质量指标", "时": "时效指标", "成": "成本指标", "经": "经济效益指标", "社": "社会效益指标",
    "生": "生态效益指标", "可": "可持续影响指标", "满": "服务对象满意度指标",
}  # fmt: skip


class Truth(NamedTuple):
    """What must (or must not) be found: any of the rules, at a project or one of its indicators."""

    wanted: bool
    rules: tuple[str, ...]
    project: int
    indicator: int | None
    shown: str


def _lines(name: str) -> list[list[str]]:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.split("|")] for line in lines if line.strip() and not line.startswith("#")]


def _truths(text: str, project: int, indicator: int | None, shown: str) -> list[Truth]:
    return [Truth(one[0] == "+", tuple(one[1:].split("/")), project, indicator, shown) for one in text.split()]


def _dataset(projects: list[dict], indicators: list[dict], year: int, layout: str, cells=()) -> Dataset:
    document = {
        "document_id": "d1", "source": "a.txt", "sha256": "0" * 64, "format": "text", "layout": layout, "status": "open",
        "title": "某县项目支出绩效表", "fiscal_year": year, "amount_unit": "万元", "pages": 1,
    }  # fmt: skip
    frames = {"documents": [document], "projects": projects, "indicators": indicators, "cells": list(cells)}
    empty = Dataset.empty().tables()
    return Dataset(**empty | {name: typed(pd.DataFrame(rows), name) for name, rows in frames.items()})


def _project(number: int, name: str, budget: str, objective: str, year: int, **more) -> dict:
    return {
        "document_id": "d1", "project_no": number, "fiscal_year": year, "unit_name": "某县甲局", "project_name": name,
        "budget_wan_yuan": parse_number(budget), "objective": objective, "page": 1, **more,
    }  # fmt: skip


def _indicator(project: int, number: int, cells: list[str], **more) -> dict:
    level2, name, comparator, target, unit, weight = cells
    level2 = LEVELS2[level2]
    read = parse_target(target)  # as the reading takes a glued target apart
    if read.value is not None and not unit:
        comparator, target, unit = comparator or read.comparator, read.text, read.unit
    return {
        "document_id": "d1", "project_no": project, "indicator_no": number, "page": 1, "row": number,
        "level1": level1_of(level2) or "产出指标", "level2": level2, "name": name, "is_cut": False, "comparator": comparator or None,
        "target_text": target, "target_value": parse_number(target), "measure_unit": unit or None, "weight": parse_number(weight),
        "weight_basis": "printed", **more,
    }  # fmt: skip


def targets() -> tuple[Dataset, list[Truth]]:
    """targets.txt as a Dataset, with its truth."""
    projects, indicators, truths = [], [], []
    for first, *cells in _lines("targets.txt"):
        if first == "项目":
            name, budget, category, objective, truth = cells
            category_name = {"3": "特定目标类", "22": "其他运转类"}[category]
            number = len(projects) + 1
            more = {"category_code": category, "category_name": category_name}
            projects.append(_project(number, name, budget, objective, 2025, **more))
            truths += _truths(truth.replace("|", "/"), number, None, name)
            rows = 0
        else:
            *printed, truth = [*[first, *cells][:6], "/".join([first, *cells][6:])]
            rows += 1
            indicators.append(_indicator(number, rows, printed))
            truths += _truths(truth, number, rows, f"{name}/{printed[1]}")
    return _dataset(projects, indicators, 2025, "approval"), truths


def results() -> tuple[Dataset, list[Truth]]:
    """results.txt as a Dataset, with its truth; what no table holds (initial budget, achievement) stands in the cells."""
    projects, indicators, truths, cells = [], [], [], []
    for first, *printed in _lines("results.txt"):
        if first == "项目":
            name, budget, initial, executed, rate, points, score, objective, achieved, truth = printed
            number, rows = len(projects) + 1, 0
            more = dict(zip(
                ("executed_wan_yuan", "execution_rate", "execution_weight", "execution_score"),
                map(parse_number, (executed, rate, points, score)), strict=True,
            )) | {"budget_initial_wan_yuan": parse_number(initial), "achievement": achieved}  # fmt: skip
            projects.append(_project(number, name, budget, objective, 2024, **more))
            truths += _truths(truth, number, None, name)
        else:
            level2, indicator, comparator, target, unit, weight, actual, score, note, truth = [first, *printed]
            rows += 1
            more = {
                "actual_text": actual, "actual_value": parse_number(actual), "score": parse_number(score),
                "deviation_note": note or None,
            }  # fmt: skip
            indicators.append(_indicator(number, rows, [level2, indicator, comparator, target, unit, weight], **more))
            cells.append(_cell(number, 10 + rows, "deviation_note", note, "indicator", rows))
            truths += _truths(truth, number, rows, f"{name}/{indicator}")
    return _dataset(projects, indicators, 2024, "self_evaluation", cells), truths


def _cell(project: int, row: int, field: str, text: str, role: str, indicator: int | None = None) -> dict:
    return {
        "document_id": "d1", "page": 1, "table": project, "row": 100 * project + row, "col": 9, "rowspan": 1, "colspan": 1,
        "text": text, "role": role, "field": field, "project_no": project, "indicator_no": indicator,
    }  # fmt: skip


def sums() -> tuple[Dataset, list[Truth]]:
    """sums.txt as a Dataset, with its truth."""
    projects, indicators, truths = [], [], []
    for number, (sign, budget, objective) in enumerate(_lines("sums.txt"), 1):
        projects.append(_project(number, f"事项{number}", budget, objective, 2025))
        indicators.append(_indicator(number, 1, ["满", "群众满意度", "≥", "90", "%", "10"]))
        truths.append(Truth(sign == "+", ("B02",), number, None, objective))
    return _dataset(projects, indicators, 2025, "approval"), truths


def judged(findings: pd.DataFrame, truths: list[Truth]) -> tuple[list[Truth], list[Truth]]:
    """(faults that were not found, near misses that were)."""
    said = set()
    for row in findings.itertuples():
        places = [(row.project_no, row.indicator_no), *_cells_of(row.evidence)]
        said |= {(row.rule, None if pd.isna(p) else int(p), None if pd.isna(i) else int(i)) for p, i in places}
    at = [any((rule, t.project, t.indicator) in said for rule in t.rules) for t in truths]
    return (
        [t for t, found in zip(truths, at, strict=True) if t.wanted and not found],
        [t for t, found in zip(truths, at, strict=True) if not t.wanted and found],
    )


def _cells_of(evidence: str) -> list:
    import json

    return json.loads(evidence).get("cells", [])
