"""document → cells → printed rows → tables → findings: the only place that strings the rooms together."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pandas as pd

from budgetperf.audit.issues import issues_of
from budgetperf.audit.run import audit
from budgetperf.clean import checks as reconciliation
from budgetperf.clean.names import complete_names
from budgetperf.errors import InputError, Unreadable
from budgetperf.field import vocabulary
from budgetperf.layout import printed_tables
from budgetperf.mend.characters import character_repairs, with_plain_characters
from budgetperf.mend.document import join_tables, placed_cells
from budgetperf.mend.table import Table, mend
from budgetperf.readers import read
from budgetperf.readers.frame import read_dataframe
from budgetperf.settings import Settings, find_settings
from budgetperf.tables.cells import Reading
from budgetperf.tables.dataset import Dataset, TableFault, concat, typed, validate_dataset
from budgetperf.tables.declared import TABLES

_OUR_FAULT = "读取时出错（{}）。其他文件不受影响，请反馈此文件以便修复。"
NO_TABLE = Unreadable(
    "没有找到项目支出绩效目标表（没有可识别的表头和指标行）", "请确认文件是批复表、申报表或自评表；扫描件请先做文字识别"
)


def build(
    paths: str | Path | Iterable[str | Path],
    *,
    repair: bool = True,
    settings: Settings | None = None,
    progress: Callable[[int, int, Path], None] | None = None,
) -> Dataset:
    """Read documents (a path, or several) into one Dataset: validated tables, every repair on record, reconciled against printed sums.

    A document that cannot be read becomes a row of `documents` with status `unreadable` and a finding with the reason;
    the others are built all the same. The audit's findings are part of every build. A second file of the same content is not counted again, and said so.
    `repair=False` gives the print as read. `settings`: default those found from the documents upward.
    `progress(done, total, path)` is called after each document. Raises InputError for a path where there is nothing and
    for settings that cannot be used.
    """
    files = [Path(path) for path in ([paths] if isinstance(paths, (str, Path)) else paths)]
    missing = [str(path) for path in files if not path.exists()]
    if missing:
        raise InputError(f"找不到输入：{'、'.join(missing)}。没有读取任何文件。请检查路径。")
    settings = settings or find_settings(files)
    with vocabulary.use(settings.vocabulary):
        return _built(files, repair, settings, progress)


def _built(files: list[Path], repair: bool, settings: Settings, progress: Callable | None) -> Dataset:
    datasets, seen = [], {}
    for done, path in enumerate(files, 1):
        dataset = replace(build_document(path, repair=repair), settings=settings)
        number = dataset.documents["document_id"].iat[0]
        if number in seen:
            datasets[seen[number]] = _with_twin(datasets[seen[number]], path)
        else:
            seen[number] = len(datasets)
            datasets.append(dataset)
        if progress:
            progress(done, len(files), path)
    try:
        return _audited(datasets)
    except TableFault:  # of one document, most likely: it must not cost the others theirs
        return _audited([_valid_or_unreadable(dataset) for dataset in datasets])


def _audited(datasets: list[Dataset]) -> Dataset:
    """One valid dataset of all documents, with the audit's findings and issues."""
    dataset = _complete_across(datasets[0] if len(datasets) == 1 else concat(datasets))
    dataset = replace(dataset, findings=audit(dataset))
    return validate_dataset(replace(dataset, issues=issues_of(dataset)))


def read_frame(
    frame: pd.DataFrame, *, name: str = "DataFrame", repair: bool = True, settings: Settings | None = None
) -> Dataset:
    """The Dataset of a raw frame, such as `camelot.read_pdf(...)[0].df` or `pd.read_excel(path)`: heads, project cells and
    indicator rows as printed, blank where cells are merged. The same repairs, checks and audit as for a document.

    name: stands as its source. settings: default the program's own.

    >>> heads = "项目名称 预算数(万元) 绩效目标 一级指标 二级指标 三级指标 绩效指标性质 绩效指标值 度量单位 分值权重".split()
    >>> row = ["甲", 5.0, "保障运转", "产出指标", "数量指标", "保障人数", "≥", 8, "人", 90]
    >>> read_frame(pd.DataFrame([row], columns=heads)).projects[["project_name", "budget_wan_yuan"]].values.tolist()
    [['甲', Decimal('5')]]
    """
    settings = settings or Settings()
    data = frame.to_csv(index=False).encode()
    with vocabulary.use(settings.vocabulary):
        dataset = _guarded(Path(name), data, lambda: read_dataframe(frame), repair)
        return _audited([replace(dataset, settings=settings)])


def build_document(path: Path, *, repair: bool = True) -> Dataset:
    """The Dataset of one document before the audit; never raises for what the document holds."""
    try:
        data = path.read_bytes()
    except OSError as error:
        return _unreadable(_identity(path, b""), f"文件打不开：{error.strerror or error}。请检查路径和权限。")
    return _guarded(path, data, lambda: read(path, data=data), repair)


def _guarded(path: Path, data: bytes, read_it: Callable[[], Reading], repair: bool) -> Dataset:
    try:
        reading = read_it()
        read_as = with_plain_characters(reading) if repair else reading
        tables = printed_tables(read_as)
        if not tables:
            raise _no_table(reading)
        return _dataset(path, data, reading, read_as, [mend(printed, repair) for printed in tables])
    except Unreadable as error:
        return _unreadable(_identity(path, data), str(error))
    except Exception as error:  # one broken document must never stop the others
        return _unreadable(_identity(path, data), _OUR_FAULT.format(f"{type(error).__name__}: {error}"))


def _no_table(reading: Reading) -> Unreadable:
    notes = [note for note in reading.pages["note"] if note]
    return Unreadable("；".join(notes[:5]), NO_TABLE.fix) if notes else NO_TABLE


# ---- one document ----------------------------------------------------------------------------------------------------


def _dataset(path: Path, data: bytes, reading: Reading, read_as: Reading, tables: list[Table]) -> Dataset:
    """The tables of one document; `read_as` is its reading with the usual characters in place of odd ones."""
    joined = join_tables(tables)
    projects = joined["projects"]
    indicators = joined["indicators"].join(reading.cells[["x0", "y0", "x1", "y1"]], on="cell")
    cells = placed_cells(read_as, tables)
    repairs = pd.concat([joined["repairs"], character_repairs(reading.cells["text"], cells)], ignore_index=True)
    checks = [joined["checks"], reconciliation.check_unread(cells), _page_checks(reading, tables)]
    checked = pd.concat(checks, ignore_index=True)
    totals = [table.total for table in tables if table.total is not None]
    weight_totals = {table.structure.total for table in tables if table.structure.total is not None}
    document = {
        **_identity(path, data),
        "format": reading.format,
        "layout": tables[0].printed.layout,
        "title": tables[0].printed.title,
        "fiscal_year": tables[0].fiscal_year,
        "amount_unit": tables[0].printed.amount_unit,
        "printed_total_wan_yuan": sum(totals, Decimal(0)) if totals else None,
        "weight_total": weight_totals.pop() if len(weight_totals) == 1 else None,
        "pages": len(reading.pages),
        "projects": len(projects),
        "indicators": len(indicators),
        "status": "reconciled" if checked["passed"].all() else "open",
    }
    number = document["document_id"]
    frames = {
        "documents": pd.DataFrame([document]),
        "projects": projects,
        "indicators": indicators,
        "repairs": repairs.assign(repair_no=range(1, len(repairs) + 1)),
        "checks": checked,
        "cells": cells.assign(text=reading.cells["text"]),
    }
    typed_frames = {
        name: typed(frame.assign(document_id=number).reindex(columns=list(TABLES[name].columns)), name)
        for name, frame in frames.items()
    }
    return Dataset(**typed_frames, findings=typed(pd.DataFrame(), "findings"), issues=typed(pd.DataFrame(), "issues"))


def _identity(path: Path, data: bytes) -> dict:
    digest = hashlib.sha256(data or str(path).encode()).hexdigest()
    return {"document_id": digest[:12], "source": path.name, "sha256": digest}


def _page_checks(reading: Reading, tables: list[Table]) -> pd.DataFrame:
    """A failed row for each page that could not be read; what the reader remarks on the pages of the tables."""
    bad = reading.pages[reading.pages["state"].isin(["scan", "failed"])]
    failed = reconciliation.failed(
        "pages", [(None, f"第 {page} 页：{note}") for page, note in zip(bad["page"], bad["note"], strict=True)]
    )
    used = {page for table in tables for page in table.rows["page"]}
    return pd.concat([failed, reconciliation.remarked([r for r in reading.remarks if r.page in used])])


# ---- documents that fail, and the set as a whole ---------------------------------------------------------------------


def _valid_or_unreadable(dataset: Dataset) -> Dataset:
    try:
        return validate_dataset(dataset)
    except TableFault as fault:
        identity = dataset.documents[["document_id", "source", "sha256"]].iloc[0].to_dict()
        return replace(_unreadable(identity, _OUR_FAULT.format(fault)), settings=dataset.settings)


def _unreadable(identity: dict, reason: str) -> Dataset:
    document = {**identity, "format": None, "pages": 0, "projects": 0, "indicators": 0, "status": "unreadable"}
    finding = {
        "document_id": identity["document_id"], "finding_no": 1, "rule": "R01", "severity": "E", "message": f"{identity['source']}：{reason}",
        "basis": "文件可读性", "uncertain": False,
    }  # fmt: skip
    empty = Dataset.empty().tables()
    frames = {
        **empty,
        "documents": typed(pd.DataFrame([document]), "documents"),
        "findings": typed(pd.DataFrame([finding]), "findings"),
    }
    return Dataset(**frames)


def _with_twin(dataset: Dataset, path: Path) -> Dataset:
    tables = dataset.tables()
    finding = {
        "document_id": tables["documents"]["document_id"].iat[0], "finding_no": len(tables["findings"]) + 1, "rule": "R03",
        "severity": "I", "message": f"另有内容完全相同的文件 {path.name}，未重复计入", "basis": "文件校验和相同", "uncertain": False,
    }  # fmt: skip
    more = pd.concat([tables["findings"], typed(pd.DataFrame([finding]), "findings")], ignore_index=True)
    return replace(dataset, findings=typed(more, "findings"))


def _complete_across(dataset: Dataset) -> Dataset:
    """Cut names completed by whole names of the other documents of the same build."""
    tables = dataset.tables()
    indicators = tables["indicators"]
    if tables["documents"].shape[0] < 2 or indicators.empty:
        return dataset
    completed = complete_names(
        indicators["name"], indicators["is_cut"].astype(bool), pd.Series("", index=indicators.index)
    )
    names = indicators["name_completed"].fillna(completed["name_completed"])
    return replace(dataset, indicators=indicators.assign(name_completed=names))
