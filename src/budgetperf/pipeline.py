"""document → cells → printed rows → tables → findings: the only place that strings the rooms together."""

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from functools import cache, partial
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pandas as pd

from budgetperf.audit.issues import issues_of
from budgetperf.audit.run import audit
from budgetperf.clean.names import complete_names
from budgetperf.errors import InputError, Unreadable
from budgetperf.field import vocabulary
from budgetperf.layout import printed_tables
from budgetperf.mend import reconciliation
from budgetperf.mend.characters import character_repairs, with_plain_characters
from budgetperf.mend.document import join_tables, placed_cells
from budgetperf.mend.recognised import Settled, check_recognised, recognised_repairs, settle_recognised
from budgetperf.mend.recognised_sums import settle_by_sums
from budgetperf.mend.table import Table, mend
from budgetperf.mend.twice import once
from budgetperf.readers import read
from budgetperf.readers.archive import unpacked
from budgetperf.readers.frame import read_dataframe
from budgetperf.readers.source import file_bytes, safe_name, shown_name
from budgetperf.settings import Settings, find_settings
from budgetperf.tables.cells import Reading
from budgetperf.tables.dataset import Dataset, TableFault, concat, typed, validate_dataset
from budgetperf.tables.declared import TABLES
from budgetperf.tables.store import from_bytes, to_bytes
from budgetperf.works import pool, results, timings
from budgetperf.works.cluster import cluster
from budgetperf.works.parallel import each

_OUR_FAULT = "读取时出错（{}）。其他文件不受影响，请反馈此文件以便修复。"
# what the result of one document hangs on, beside its content and the user's vocabulary
_READING_ROOMS = ("errors.py", "field", "tables", "readers", "layout", "clean", "mend", "pipeline.py")
_READ_WITH = (
    "camelot-py", "charset-normalizer", "cssselect2", "lxml", "openpyxl", "pandas", "playa-pdf", "pyarrow", "pypdfium2",
    "python-docx", "tinycss2", "xlrd",
)  # fmt: skip
_RECOGNISE_WITH = ("onnxruntime", "opencv-python-headless", "rapidocr")  # where the extra is installed
NO_TABLE = Unreadable(
    "没有找到项目支出绩效目标表（没有可识别的表头和指标行）", "请确认文件是批复表、申报表或自评表；扫描件请先做文字识别"
)


def build(
    paths: str | Path | Iterable[str | Path],
    *,
    repair: bool = True,
    settings: Settings | None = None,
    jobs: int | None = None,
    scheduler: str | None = None,
    kept: str | Path | None = None,
    progress: Callable[[int, int, Path | str], None] | None = None,
) -> Dataset:
    """Read documents (a path, or several) into one Dataset: validated tables, every repair on record, reconciled against printed sums.

    A document that cannot be read becomes a row of `documents` with status `unreadable` and a finding with the reason;
    the others are built all the same. The audit's findings are part of every build. A second file of the same content is not counted again, and said so.
    `repair=False` gives the print as read. `settings`: default those found from the documents upward.

    Documents are read in `jobs` processes (default: one a core), each within the bounds that the settings set;
    `jobs=0` reads them in this process, without bounds; `scheduler` is the address of a Dask cluster that reads them. `kept` is a folder in which each document's result is kept:
    what the same program has read before is not read again. Neither changes what comes out.
    `progress(done, total, what)` is called with a document's path once it is done, and in words at each of its pages.
    Raises InputError for a path where there is nothing and for settings that cannot be used.
    """
    files = [Path(path) for path in ([paths] if isinstance(paths, (str, Path)) else paths)]
    missing = [str(path) for path in files if not os.path.lexists(path)]
    if missing:
        raise InputError(f"找不到输入：{'、'.join(missing)}。没有读取任何文件。请检查路径。")
    settings = settings or find_settings(files)
    with unpacked(files) as files, vocabulary.use(settings.vocabulary):
        one = partial(_bounded, repair=repair, settings=settings, kept=kept and Path(kept))
        progress = progress or (lambda *_: None)
        if scheduler:
            with cluster(scheduler) as (call, width):
                built = _each(files, partial(one, call=call), jobs or width, progress)
        elif jobs == 0:
            built = _in_turn(files, repair, progress)
        else:
            built = _each(files, one, jobs, progress)
        if kept and jobs != 0:
            results.forget_others(Path(kept), {key for _, key in built})
        datasets, seen = [], {}
        for path, (dataset, _) in zip(files, built, strict=True):
            number, content = dataset.documents["document_id"].iat[0], _content(dataset)
            if number in seen:
                datasets[seen[number]] = _with_twin(datasets[seen[number]], path, "文件校验和相同")
            elif content in seen:
                datasets[seen[content]] = _with_twin(
                    datasets[seen[content]], path, "全部项目和指标逐格相同，文件格式或字节不同"
                )
            else:
                seen |= dict.fromkeys(filter(None, (number, content)), len(datasets))
                datasets.append(replace(dataset, settings=settings))
        try:
            return _audited(datasets)
        except TableFault:  # of one document, most likely: it must not cost the others theirs
            return _audited([_valid_or_unreadable(dataset) for dataset in datasets])


def _audited(datasets: list[Dataset]) -> Dataset:
    """One valid dataset of all documents, with the audit's findings and issues."""
    with timings.stage("合并"):
        dataset = _complete_across(datasets[0] if len(datasets) == 1 else concat(datasets))
    with timings.stage("审计"):
        dataset = replace(dataset, findings=audit(dataset))
        dataset = replace(dataset, issues=issues_of(dataset))
    with timings.stage("检查约定"):
        return validate_dataset(dataset)


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
        dataset = _guarded(name, data, lambda: read_dataframe(frame), repair)
        return _audited([replace(dataset, settings=settings)])


def build_document(path: Path, *, repair: bool = True) -> Dataset:
    """The Dataset of one document before the audit, read in this process; never raises for what the document holds."""
    name = shown_name(path)
    try:
        return _document(name, file_bytes(path), repair)
    except Unreadable as error:
        return _unreadable(_identity(name, b"", path), str(error))


# ---- many documents, each in a worker within bounds ------------------------------------------------------------------


def _in_turn(files: list[Path], repair: bool, progress: Callable) -> list[tuple[Dataset, str]]:
    """The Dataset of each file, read in this process; nothing is kept."""
    built = []
    for done, path in enumerate(files, 1):
        built.append((build_document(path, repair=repair), ""))
        progress(done, len(files), path)
    return built


def _each(files: list[Path], one: Callable, jobs: int | None, progress: Callable) -> list[tuple[Dataset, str]]:
    """What `one` gives for each file, in their order."""

    def said(done: int, total: int, what: Path | tuple) -> None:
        progress(done, total, what if isinstance(what, Path) else f"{shown_name(what[0])} {what[1]}/{what[2]} 页")

    return each(one, files, jobs, said)


def _bounded(
    path: Path, step: Callable, *, repair: bool, settings: Settings, kept: Path | None, call: Callable = pool.call
) -> tuple[Dataset, str]:
    """The Dataset of one file, made in a worker or kept from an earlier build, and the key under which it is kept."""
    name, data = shown_name(path), b""
    limits = pool.Limits(settings.build["seconds"], settings.build["memory_mb"])
    try:
        data = file_bytes(path)
        key = _key(name, data, repair, settings)
        content = results.kept(kept, key) if kept else None
        if content:
            with suppress(Exception):  # damaged: it is made anew
                return from_bytes(content), key
        task = ("budgetperf.pipeline:document_bytes", name, data, repair, settings.vocabulary)
        content, spent = call(*task, limits=limits, modules=("budgetperf.pipeline",), step=step)
        timings.add(spent)
        if kept:
            results.keep(kept, key, content)
        return from_bytes(content), key
    except Unreadable as error:
        return _unreadable(_identity(name, data, path), str(error)), ""
    except pool.Stopped as error:
        reason = f"{error}。其他文件不受影响。请拆成较小的文件，或另存一份后重试。"
        return _unreadable(_identity(name, data, path), reason), ""


def document_bytes(
    name: str, data: bytes, repair: bool, additions: Mapping, step: Callable[[int, int], None]
) -> tuple[bytes, dict[str, float]]:
    """The valid Dataset of one document as bytes, and the seconds it took by stage: what a worker does."""
    with vocabulary.use(additions):
        dataset = _document(name, data, repair, step)
    with timings.stage("成表"):
        content = to_bytes(_valid_or_unreadable(dataset))
    return content, timings.taken()


def _key(name: str, data: bytes, repair: bool, settings: Settings) -> str:
    """What a document's result hangs on: content, name, program and vocabulary."""
    rests_on = json.dumps([name, repair, _program(), settings.vocabulary], sort_keys=True, default=str)
    return hashlib.sha256(hashlib.sha256(data).digest() + rests_on.encode()).hexdigest()


@cache
def _program() -> str:
    """A hash of the code that reads and mends, and of the versions of what it reads with."""
    digest, folder = hashlib.sha256(sys.version.encode()), Path(__file__).parent
    for room in _READING_ROOMS:
        for file in sorted([folder / room] if (folder / room).is_file() else (folder / room).rglob("*.*")):
            if file.suffix in (".py", ".toml"):
                digest.update(file.read_bytes())
    for package in _READ_WITH:
        digest.update(f"{package} {metadata.version(package)}\n".encode())
    for package in _RECOGNISE_WITH:
        with suppress(metadata.PackageNotFoundError):
            digest.update(f"{package} {metadata.version(package)}\n".encode())
    return digest.hexdigest()


# ---- one document ----------------------------------------------------------------------------------------------------


def _document(name: str, data: bytes, repair: bool, step: Callable[[int, int], None] | None = None) -> Dataset:
    def read_it() -> Reading:
        with TemporaryDirectory(prefix="budgetperf-", ignore_cleanup_errors=True) as folder:
            copy = Path(folder) / safe_name(name)  # some libraries read only what has a path
            copy.write_bytes(data)
            return read(copy, step, data)

    return _guarded(name, data, read_it, repair)


def _guarded(name: str, data: bytes, read_it: Callable[[], Reading], repair: bool) -> Dataset:
    try:
        with timings.stage("读取"):
            reading = read_it()
        with timings.stage("版面"):
            certain, settled = settle_recognised(reading, repair)
            read_as = with_plain_characters(certain) if repair else certain
            tables = printed_tables(read_as)
        if not tables:
            raise _no_table(reading)
        with timings.stage("修复与校验"):
            mended = [mend(printed, repair) for printed in tables]
        if repair and any(cell.doubt for cell in settled.values()):
            by_sums = _settled_by_sums(certain, settled, read_as, mended)
            if by_sums:
                settled |= by_sums
                texts = certain.cells["text"].copy()
                texts.update(pd.Series({index: cell.text for index, cell in by_sums.items()}))
                certain = certain._replace(cells=certain.cells.assign(text=texts))
                read_as = with_plain_characters(certain)
                mended = [mend(printed, repair) for printed in printed_tables(read_as)]
        with timings.stage("成表"):
            return _dataset(name, data, Versions(reading, certain, read_as, settled), mended)
    except Unreadable as error:
        return _unreadable(_identity(name, data), str(error))
    except Exception as error:  # one broken document must never stop the others
        return _unreadable(_identity(name, data), _OUR_FAULT.format(f"{type(error).__name__}: {error}"))


def _settled_by_sums(
    certain: Reading, settled: dict[int, Settled], read_as: Reading, mended: list[Table]
) -> dict[int, Settled]:
    placed, checks = placed_cells(read_as, mended, []), join_tables(mended)["checks"]
    return settle_by_sums(certain, settled, placed, checks, mended[0].printed.amount_unit)


def _no_table(reading: Reading) -> Unreadable:
    pages = reading.pages
    told = pages["state"].ne("blank") | pages["state"].eq("blank").all()  # a blank page among others explains nothing
    notes = [note for note in pages.loc[told, "note"] if note]
    return Unreadable("；".join(notes[:5]), NO_TABLE.fix) if notes else NO_TABLE


class Versions(NamedTuple):
    """A document's reading as printed or recognised, with what was recognised settled (by index of its cells), and
    with the usual characters in place of odd ones."""

    printed: Reading
    certain: Reading
    plain: Reading
    settled: dict[int, Settled]


def _dataset(name: str, data: bytes, read: Versions, tables: list[Table]) -> Dataset:
    """The tables of one document."""
    reading = read.printed
    counted = once(tables)
    tables = counted.kept
    joined = join_tables(tables)
    projects = joined["projects"]
    indicators = joined["indicators"].join(reading.boxes(), on="cell")
    cells = placed_cells(read.plain, tables, counted.repeated)
    repairs = [
        joined["repairs"],
        character_repairs(read.certain.cells["text"], cells),
        recognised_repairs(reading.cells["text"], read.settled, cells),
    ]
    repairs = pd.concat(repairs, ignore_index=True)
    checks = [
        joined["checks"],
        counted.checks,
        reconciliation.check_unread(cells),
        check_recognised(read.settled, cells, joined["checks"]),
        _page_checks(reading, tables),
    ]
    checked = pd.concat(checks, ignore_index=True)
    totals = [table.total for table in tables if table.total is not None]
    weight_totals = {table.structure.total for table in tables if table.structure.total is not None}
    document = {
        **_identity(name, data),
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
        "cells": cells.assign(text=reading.cells["text"], **reading.boxes()),
        "notes": joined["notes"],
        "period_indicators": joined["period_indicators"],
    }
    typed_frames = {
        name: typed(frame.assign(document_id=number).reindex(columns=list(TABLES[name].columns)), name)
        for name, frame in frames.items()
    }
    return Dataset(**typed_frames, findings=typed(pd.DataFrame(), "findings"), issues=typed(pd.DataFrame(), "issues"))


def _identity(name: str, data: bytes, path: Path | None = None) -> dict:
    """Id, name and hash of a document; one without content is known by where it stands."""
    digest = hashlib.sha256(data or os.fsencode(path or name)).hexdigest()
    return {"document_id": digest[:12], "source": name, "sha256": digest}


def _page_checks(reading: Reading, tables: list[Table]) -> pd.DataFrame:
    """A failed row for each page that could not be read; what the reader remarks on the pages of the tables, and what it
    left out of others because no one sees it."""
    bad = reading.pages[reading.pages["state"].isin(["scan", "failed"])]
    failed = reconciliation.failed(
        "pages", [(None, f"第 {page} 页：{note}") for page, note in zip(bad["page"], bad["note"], strict=True)]
    )
    used = {page for table in tables for page in table.rows["page"]}
    said = [r for r in reading.remarks if r.page in used or (r.check == "hidden" and r.passed)]
    return pd.concat([failed, reconciliation.remarked(said)])


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


def _content(dataset: Dataset) -> str | None:
    """What tells that two documents say the same whatever their format: a digest of every project and indicator; None
    where there is none."""
    if dataset.indicators.empty:
        return None
    projects = ["fiscal_year", "unit_name", "project_code", "project_name", "budget_wan_yuan", "objective"]
    indicators = [
        "project_no",
        "level1",
        "level2",
        "name",
        "comparator",
        "target_text",
        "measure_unit",
        "weight",
        "actual_text",
    ]
    digest = hashlib.sha256()
    for frame, columns in ((dataset.projects, projects), (dataset.indicators, indicators)):
        for column in columns:
            values = ["" if pd.isna(value) else "".join(str(value).split()) for value in frame[column]]
            digest.update("\x1f".join([column, *values]).encode())
    return digest.hexdigest()


def _with_twin(dataset: Dataset, path: Path, basis: str) -> Dataset:
    tables = dataset.tables()
    finding = {
        "document_id": tables["documents"]["document_id"].iat[0], "finding_no": len(tables["findings"]) + 1, "rule": "R03",
        "severity": "I", "message": f"另有内容完全相同的文件 {shown_name(path)}，未重复计入", "basis": basis, "uncertain": False,
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
