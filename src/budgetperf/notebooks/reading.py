"""What notebook 00 shows: how much is proven and by what, the sums, the repairs in words, what is open."""

from collections import Counter
from functools import partial

import pandas as pd

from budgetperf.field.words import chinese, say, words
from budgetperf.profiles.base import frame_of, percent
from budgetperf.tables.dataset import Dataset
from budgetperf.tables.words import field_title

OF_PROJECTS = [
    "unit_code",
    "unit_name",
    "project_code",
    "project_name",
    "category_name",
    "budget_wan_yuan",
    "objective",
]
OF_PROJECTS += ["execution_weight", "executed_wan_yuan", "execution_rate", "execution_score", "achievement"]
OF_INDICATORS = [
    "level1",
    "level2",
    "name",
    "comparator",
    "target_text",
    "measure_unit",
    "weight",
    "actual_text",
    "score",
]
OF_INDICATORS += ["deviation_note", "explanation"]
# what a passed check proves: the values that it adds up or compares, no others
PROVES = {"budget_wan_yuan": ("total", "subtotal"), "weight": ("weights",)}
BY_SUM = "合计（印出的总额，或各项目共同的分值之和）"
SETTLED = "判定或推得，有唯一依据"
BY_FORM = "只凭印刷的行列位置"
LIKELY, OPEN = "可能", "待核"
PROOFS = [BY_SUM, SETTLED, BY_FORM, LIKELY, OPEN]


def proofs(dataset: Dataset) -> pd.DataFrame:
    """How many printed cells rest on what: one row a proof, its cells, their share (%) and fields.

    A sum proves the values that it adds up: a value settled with its help is not proven by it again. Targets,
    comparators, units and names take part in no sum: they rest on where they are printed. 待核: guessed, or in a project
    or document with a failed check that no sum stands against.

    >>> proofs(Dataset.empty())["单元格"].tolist()
    [0, 0, 0, 0, 0]
    """
    cells = Counter(_cells(dataset))
    of_proof = {proof: sum(n for (by, _), n in cells.items() if by == proof) for proof in PROOFS}
    every = sum(of_proof.values())
    records = [
        {
            "凭什么": proof, "单元格": of_proof[proof], "占比（%）": percent(of_proof[proof], every),
            "哪些内容": "、".join(f"{field_title(field)} {n:,}" for (by, field), n in cells.most_common() if by == proof),
        }
        for proof in PROOFS
    ]  # fmt: skip
    return frame_of(records, ["凭什么", "单元格", "占比（%）", "哪些内容"])


def _cells(dataset: Dataset):
    """(proof, field) of every cell with a content."""
    passed, failed = _verdicts(dataset)
    repaired = _repaired(dataset)
    for frame, fields in ((dataset.projects, OF_PROJECTS), (dataset.indicators, OF_INDICATORS)):
        numbers = frame["indicator_no"] if "indicator_no" in frame else [None] * len(frame)
        keys = list(zip(frame["document_id"], frame["project_no"], numbers, strict=True))
        for field in fields:
            for key, is_there in zip(keys, frame[field].notna(), strict=True):
                if is_there:
                    yield _proof(key, field, passed, failed, repaired), field


def _proof(key: tuple, field: str, passed: set, failed: set, repaired: dict) -> str:
    document, project, _ = key
    marks = repaired.get((*key, field), set()) | repaired.get((*key, "row"), set())
    checks = PROVES.get(field, ())
    of_project, of_document = (document, project), (document, None)
    if "guess" in marks or any((*place, check) in failed for place in (of_project, of_document) for check in checks):
        return OPEN
    if "likely" in marks:
        return LIKELY
    if "settled" in marks:
        return SETTLED
    if any((*place, check) in passed for place in (of_project, of_document) for check in checks):
        return BY_SUM
    return OPEN if {(document, project), (document, None)} & {place[:2] for place in failed} else BY_FORM


def _verdicts(dataset: Dataset) -> tuple[set, set]:
    """(document, project or None, check) of what passed throughout, and of what failed."""
    passed, failed = set(), set()
    for row in dataset.checks.itertuples():
        place = (row.document_id, None if pd.isna(row.project_no) else int(row.project_no), row.check)
        (passed if row.passed and pd.notna(row.expected) else failed if not row.passed else set()).add(place)
    return passed - failed, failed


def _repaired(dataset: Dataset) -> dict[tuple, set[str]]:
    """Marks of repaired cells: likely, guess, and settled where a certain repair says what the value is."""
    marks: dict[tuple, set[str]] = {}
    for row in dataset.repairs.itertuples():
        number = None if pd.isna(row.indicator_no) else int(row.indicator_no)
        mark = row.grade if row.grade != "certain" else "settled" if row.kind == "value" else None
        if mark and pd.notna(row.project_no):
            field = "row" if row.field in ("row", "project_no") else row.field
            marks.setdefault((row.document_id, int(row.project_no), number, field), set()).add(mark)
    return marks


def documents_read(dataset: Dataset) -> pd.DataFrame:
    """One row a document: 文件, 标题, 年度, 页, 项目, 指标, 印刷合计（万元）, 状态.

    >>> len(documents_read(Dataset.empty()))
    0
    """
    columns = {
        "source": "文件",
        "title": "标题",
        "fiscal_year": "年度",
        "pages": "页",
        "projects": "项目",
        "indicators": "指标",
    }
    columns |= {"printed_total_wan_yuan": "印刷合计（万元）", "status": "状态"}
    return _named(dataset.documents.assign(status=dataset.documents["status"].map(chinese("status"))), dataset, columns)


def sums(dataset: Dataset) -> pd.DataFrame:
    """One row a kind of check: 校验, 项数, 通过, 未通过; the failed first.

    >>> len(sums(Dataset.empty()))
    0
    """
    rows = dataset.checks.groupby("check", sort=False)["passed"].agg(["size", "sum"]).reset_index()
    rows = rows.assign(check=rows["check"].map(partial(say, "check")), failed=rows["size"] - rows["sum"])
    titles = {"check": "校验", "size": "项数", "sum": "通过", "failed": "未通过"}
    return rows.sort_values("failed", ascending=False, kind="stable")[list(titles)].rename(columns=titles)


def printed_sums(dataset: Dataset, passed: bool | None = None) -> pd.DataFrame:
    """The checks one by one, of a verdict where given: 文件, 项目, 校验, 应为, 实为, 通过, 说明.

    >>> len(printed_sums(Dataset.empty(), passed=False))
    0
    """
    rows = dataset.checks if passed is None else dataset.checks[dataset.checks["passed"].astype(bool) == passed]
    columns = {"source": "文件", "project_no": "项目", "check": "校验", "expected": "应为", "actual": "实为"}
    return _named(
        rows.assign(check=rows["check"].map(partial(say, "check"))),
        dataset,
        columns | {"passed": "通过", "note": "说明"},
    )


def repair_counts(dataset: Dataset) -> pd.DataFrame:
    """How often each rule was used on each field: 种类, 修复, 字段, 把握, 处; the kinds that settle values first.

    >>> len(repair_counts(Dataset.empty()))
    0
    """
    key = {"kind": "种类", "rule": "修复", "field": "字段", "grade": "把握"}
    rows = dataset.repairs.groupby(list(key)).size().rename("处").reset_index()
    order = list(words("kind"))[::-1]
    rows = rows.sort_values("kind", key=lambda kinds: kinds.map(order.index), kind="stable")
    return _in_words(rows).rename(columns=key)


def repairs_made(dataset: Dataset) -> pd.DataFrame:
    """Every repair in words, those of least certainty and those that settle values first.

    Columns: 文件, 页, 项目, 指标, 字段, 原印, 改后, 修复, 依据, 把握, 种类.

    >>> len(repairs_made(Dataset.empty()))
    0
    """
    orders = {"grade": list(words("grade"))[::-1], "kind": list(words("kind"))[::-1]}
    rows = dataset.repairs.sort_values(
        list(orders), key=lambda column: column.map(orders[column.name].index), kind="stable"
    )
    columns = {"source": "文件", "page": "页", "project_no": "项目", "indicator_no": "指标", "field": "字段"}
    columns |= {
        "printed": "原印",
        "repaired": "改后",
        "rule": "修复",
        "evidence": "依据",
        "grade": "把握",
        "kind": "种类",
    }
    return _named(_in_words(rows), dataset, columns)


def not_read(dataset: Dataset) -> pd.DataFrame:
    """Files and pages that could not be read: 文件, 说明.

    >>> len(not_read(Dataset.empty()))
    0
    """
    rows = dataset.findings[dataset.findings["rule"].str.startswith("R")]
    return _named(rows, dataset, {"source": "文件", "message": "说明"})


def conclusion(dataset: Dataset) -> str:
    """The reading in one sentence: documents, checks, repairs by certainty.

    >>> conclusion(Dataset.empty())
    '**结论**：没有符合所选年度、单位的文件。'
    """
    if dataset.documents.empty:
        return "**结论**：没有符合所选年度、单位的文件。"
    passed = int(dataset.checks["passed"].sum())
    grades = dataset.repairs["grade"].value_counts()
    said = "、".join(f"{zh} {int(grades.get(name, 0)):,} 处" for name, zh in chinese("grade").items())
    states = dataset.documents["status"].map(chinese("status")).value_counts()
    return (
        f"**结论**：{len(dataset.documents)} 份文件，{len(dataset.projects):,} 个项目，{len(dataset.indicators):,} 条指标；"
        f"{'、'.join(f'{state} {n} 份' for state, n in states.items())}。{len(dataset.checks):,} 项校验通过 {passed:,} 项，"
        f"未通过 {len(dataset.checks) - passed:,} 项。改动：{said}。"
    )


def _named(rows: pd.DataFrame, dataset: Dataset, columns: dict[str, str]) -> pd.DataFrame:
    """The columns under their titles, the document's file name among them; it is left out where there is one file."""
    if "source" not in rows:
        rows = rows.assign(source=rows["document_id"].map(dataset.documents.set_index("document_id")["source"]))
    several = len(dataset.documents) > 1
    kept = {name: title for name, title in columns.items() if several or name != "source" or "title" in columns}
    return rows[list(kept)].rename(columns=kept).reset_index(drop=True)


def _in_words(rows: pd.DataFrame) -> pd.DataFrame:
    closed = {"rule": "repair", "grade": "grade", "kind": "kind"}
    said = {name: rows[name].map(partial(say, of)) for name, of in closed.items()}
    return rows.assign(field=rows["field"].map(field_title), **said)
