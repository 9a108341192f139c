"""Our own comparison of a Dataset with a truth: every wrong cell, and whether something in the Dataset flags it."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

import pandas as pd
from rapidfuzz import fuzz

PROJECT_FIELDS = {
    "unit_code": "unit_code",
    "unit_name": "unit_name",
    "project_code": "project_code",
    "project_name": "project_name",
    "category": None,  # category_code and category_name, joined as printed
    "budget": "budget_wan_yuan",
    "objective": "objective",
    "executed": "executed_wan_yuan",
    "execution_rate": "execution_rate",
    "execution_weight": "execution_weight",
    "execution_score": "execution_score",
}
INDICATOR_FIELDS = {
    "level1": "level1",
    "level2": "level2",
    "name": "name",
    "comparator": "comparator",
    "target": "target_text",
    "measure_unit": "measure_unit",
    "weight": "weight",
    "actual": "actual_text",
    "score": "score",
    "deviation_note": "deviation_note",
}
NOT_IN_SELF_EVALUATIONS = ("unit_code", "category")  # the layout does not print them
NEARLY = 70  # likeness (0 to 100) of a project's code or name to the one that was read with a character wrong
NOT_A_DOUBT = "D07"  # a cut name is no doubt of the reading


def normal(value) -> str:
    """Text without blanks, widths folded; nothing for None and NaN.

    >>> normal("Ａ 类 "), normal(float("nan"))
    ('A类', '')
    """
    if value is None or value is pd.NA or value != value:
        return ""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(value)))


def number(value) -> Decimal | None:
    """The value as an exact number, or None where it is no number.

    >>> number("1,536.740")
    Decimal('1536.740')
    """
    try:
        return Decimal(normal(value).replace(",", ""))
    except InvalidOperation:
        return None


def same(want, got) -> bool:
    """Equal as numbers or, where one is no number, as text.

    >>> same("10.00", 10), same("8个", "8"), same("", None)
    (True, False, True)
    """
    a, b = number(want), number(got)
    return a == b if a is not None and b is not None else normal(want) == normal(got)


def wrong_cells(truth: dict, dataset) -> list[dict]:
    """Wrong cells of a Dataset (.projects .indicators .repairs .checks .findings of one document).

    Each is {"project", "indicator", "field", "want", "got", "flagged"}. In a document called reconciled no cell is
    flagged: that is what a reader swears by. In any other a cell is flagged (not silent) when a failed check names its
    project or the document, a D finding other than D07 its project, or a repair not certain its project and column.
    """
    return _compare(truth, dataset)[1]


def score(truth: dict, dataset) -> tuple[int, int, int]:
    """(cells compared, wrong, silently wrong)."""
    total, wrong = _compare(truth, dataset)
    return total, len(wrong), sum(not cell["flagged"] for cell in wrong)


def _compare(truth: dict, dataset) -> tuple[int, list[dict]]:
    project_fields, indicator_fields = _fields(truth)
    flagged = _flags(dataset)
    wrong: list[dict] = []
    total = 0

    def judge(no, project: str, indicator: str, field: str, column, want, got, missing: bool = False) -> None:
        nonlocal total
        total += 1
        if missing or not same(want, got):
            cell = {"project": project, "indicator": indicator, "field": field, "want": want, "got": got}
            wrong.append({**cell, "flagged": flagged(no, column)})

    read = dataset.projects.to_dict("records")
    rows = dict(list(dataset.indicators.groupby("project_no"))) if len(dataset.indicators) else {}
    matched = _matched(truth["projects"], read)
    for project, found in zip(truth["projects"], matched, strict=True):
        no = found["project_no"] if found else None
        label = project["project_name"]
        for field, column in project_fields.items():
            judge(no, label, "", field, column, project[field], _project_value(found, column), found is None)
        key = project["project_code"] or project["project_name"]
        wanted = [row for row in truth["indicators"] if row["project_code"] == key]
        given = rows[no].sort_values("indicator_no").to_dict("records") if no in rows else []
        pairs, extra = _align(wanted, given)
        for row, got in pairs:
            for field, column in indicator_fields.items():
                value = (got or {}).get(column)
                judge(no, label, row["name"], field, column, row[field], value, got is None)
        for row in extra:
            for field, column in indicator_fields.items():
                judge(no, label, row["name"], field, column, None, row.get(column), missing=True)
    return total, wrong + _extra_projects(matched, read, flagged)


def _extra_projects(matched: list[dict | None], read: list[dict], flagged) -> list[dict]:
    """Projects of the Dataset that the truth does not have: one wrong cell each."""
    known_nos = {p["project_no"] for p in matched if p}
    return [
        {"project": p["project_name"], "indicator": "", "field": "project_no", "want": None, "got": p["project_no"]}
        | {"flagged": flagged(p["project_no"], None)}
        for p in read
        if p["project_no"] not in known_nos
    ]


def _fields(truth: dict) -> tuple[dict, dict]:
    """The fields this truth carries."""
    first = truth["projects"][0]
    self_evaluation = "executed" in first
    projects = {
        field: column
        for field, column in PROJECT_FIELDS.items()
        if field in first and not (self_evaluation and field in NOT_IN_SELF_EVALUATIONS)
    }
    return projects, {f: c for f, c in INDICATOR_FIELDS.items() if f in truth["indicators"][0]}


def _flags(dataset):
    """flagged(project_no, column) by the Dataset's checks, findings and repairs."""
    checks, findings, repairs = dataset.checks, dataset.findings, dataset.repairs
    failed = {_key(no) for no in checks["project_no"][~checks["passed"].astype(bool)]} if len(checks) else set()
    doubted: set[str] = set()
    if len(findings):
        rules = findings["rule"].astype(str)
        doubted = {_key(no) for no in findings["project_no"][rules.str.startswith("D") & (rules != NOT_A_DOUBT)]}
    repaired: set[tuple[str, str]] = set()
    if len(repairs):
        repaired = {(_key(r.project_no), str(r.field)) for r in repairs.itertuples() if r.grade != "certain"}
    doubted.discard("")
    sworn = dataset.documents["status"].eq("reconciled").all() and len(dataset.projects) > 0

    def flagged(no, column) -> bool:
        key = _key(no)
        if sworn:
            return False
        if "" in failed:
            return True
        return bool(key) and (key in failed or key in doubted or (key, column) in repaired)

    return flagged


def _key(no) -> str:
    """A project number as text, whatever type its column has."""
    exact = number(no)
    return normal(no) if exact is None else str(int(exact))


def _matched(projects: list[dict], read: list[dict]) -> list[dict | None]:
    """The Dataset's project of each of the truth's: of this code, else of this name; where one of both has a character
    wrong, or all the others are found, the one in its position that no other claims."""
    found = [_match(project, position, read) for position, project in enumerate(projects)]
    taken = {p["project_no"] for p in found if p}
    left = len(read) == len(projects) and found.count(None) == 1
    free = lambda k: k < len(read) and read[k]["project_no"] not in taken  # noqa: E731
    return [
        hit or (read[k] if free(k) and (left or _nearly(project, read[k])) else None)
        for k, (project, hit) in enumerate(zip(projects, found, strict=True))
    ]


def _match(project: dict, position: int, read: list[dict]) -> dict | None:
    field = "project_code" if project["project_code"] else "project_name"
    hits = [p for p in read if normal(p.get(field)) == normal(project[field])]
    if hits:
        return hits[-1]
    at = read[position] if position < len(read) else None
    return at if at and normal(at.get("project_name")) == normal(project["project_name"]) else None


def _nearly(project: dict, read: dict) -> bool:
    fields = ("project_code", "project_name")
    return any(fuzz.ratio(normal(project[f]), normal(read.get(f))) >= NEARLY for f in fields if project[f])


def _project_value(found: dict | None, column: str | None):
    if found is None:
        return None
    if column is None:
        return "-".join(v for v in (normal(found.get("category_code")), normal(found.get("category_name"))) if v)
    return found.get(column)


def _align(wanted: list[dict], given: list[dict]) -> tuple[list[tuple], list[dict]]:
    """Pairs (truth row, read row or None) in order where counts agree, else by name; and the rows left over."""
    if len(wanted) == len(given):
        return list(zip(wanted, given, strict=True)), []
    pool, pairs = list(given), []
    for row in wanted:
        hit = next((r for r in pool if same(row["name"], r.get("name"))), None)
        if hit is not None:
            pool.remove(hit)
        pairs.append((row, hit))
    return pairs, pool
