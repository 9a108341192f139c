"""Datasets that many tests share: of the real document, built once, and of invented truths, without reading any."""

import hashlib
from decimal import Decimal
from functools import cache
from pathlib import Path

import pandas as pd
from generator.truth import make_truth

import budgetperf
from budgetperf.field.categories import category_parts
from budgetperf.field.notation import parse_target
from budgetperf.report.model import places_of, printed
from budgetperf.tables.dataset import Dataset, concat, typed

DATA = Path(__file__).parents[1] / "data"
REAL = DATA / "raw/huangyuan-chengguan-2024-approval.txt"
LATER = DATA / "synthetic/huangyuan-chengguan-2025-synthetic.txt"


@cache
def real_document() -> Dataset:
    return budgetperf.build([REAL])


@cache
def real_and_later() -> Dataset:
    """The real document and the invented one of the year after."""
    return budgetperf.build([REAL, LATER])


def dataset_of(truth: dict) -> Dataset:
    """The dataset that a faultless build of this truth would give (without repairs, checks, findings and cells)."""
    document, year = truth["document"], truth["document"]["fiscal_year"]
    digest = hashlib.sha256(repr(truth).encode()).hexdigest()
    key = {"document_id": digest[:12]}
    numbers, projects, indicators = {}, [], []
    for number, project in enumerate(truth["projects"], start=1):
        numbers[project["project_code"] or project["project_name"]] = number
        code, category = category_parts(project["category"]) or (None, None)
        own = {name: project[name] or None for name in ("unit_code", "unit_name", "project_code", "project_name")}
        more = {"category_code": code, "category_name": category, "objective": project["objective"]}
        projects.append(
            {**key, "project_no": number, "fiscal_year": year, "budget_wan_yuan": Decimal(project["budget"])}
            | own
            | more
        )
    counted: dict[int, int] = {}
    for row in truth["indicators"]:
        number = numbers[row["project_code"]]
        counted[number] = counted.get(number, 0) + 1
        names = ("level1", "level2", "name", "comparator", "measure_unit")
        indicators.append(
            {
                **key,
                "project_no": number,
                "indicator_no": counted[number],
                **{name: row[name] or None for name in names},
                "is_cut": row["name"] != row["name_full"],
                "target_text": row["target"] or None,
                "target_value": parse_target(row["target"]).value if row["target"] else None,
                "weight": None if row["weight"] is None else Decimal(row["weight"]),
            }
        )
    documents = [
        {
            **key,
            "source": f"{digest[:6]}.pdf",
            "title": document["title"],
            "fiscal_year": year,
            "weight_total": Decimal(90) if document["print"]["weights"] else None,
            "projects": len(projects),
            "indicators": len(indicators),
            "status": "reconciled",
        }
    ]
    tables = {"documents": documents, "projects": projects, "indicators": indicators}
    frames = {name: pd.DataFrame(tables.get(name, [])) for name in Dataset.empty().tables()}
    return Dataset(**{name: typed(frame, name) for name, frame in frames.items()})


KINDS_OF_UNIT = ["民政局", "教育局", "农业农村局", "交通运输局", "住房和城乡建设局", "卫生健康局", "人民政府办公室"]
KINDS_OF_UNIT += ["退役军人事务局", "市场监督管理局", "文化体育旅游和广播电视局"]


def as_printed(frame: pd.DataFrame, lang: str = "zh") -> list[list[str]]:
    """The rows of a report's table as a report prints them: a column's amounts with decimals of one length."""
    columns = [[printed(value, lang, places_of(frame[name])) for value in frame[name]] for name in frame]
    return [list(row) for row in zip(*columns, strict=True)]


def county(units: int = 100, projects: int = 20, **options) -> Dataset:
    """A dataset of so many units, one document each, with so many projects each."""
    parts = []
    for seed in range(units):
        shares = {"产出指标": 50, "效益指标": 30, "满意度指标": 10} if seed % 3 else None
        settings = {"fiscal_year": 2025, "layout": "approval", "shares": shares, "projects": projects} | options
        truth = make_truth(seed, **settings)
        place, rank = "东西南北中"[seed // 10 % 5], "（本级）" if seed < 50 else "所属事业单位"
        name = f"昌宁县{place}区{KINDS_OF_UNIT[seed % 10]}{rank}"
        for project in truth["projects"]:
            project |= {"unit_code": f"{100 + seed:03d}001", "unit_name": name}
        parts.append(dataset_of(truth))
    return concat(parts)
