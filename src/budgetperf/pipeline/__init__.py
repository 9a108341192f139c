"""document → cells → printed rows → tables → findings: the only place that strings the rooms together."""

import importlib
import itertools
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow as pa

from budgetperf.audit.config import load_config
from budgetperf.audit.issues import issues_of
from budgetperf.audit.part import Part, part_unfinished
from budgetperf.audit.part import from_bytes as part_opened
from budgetperf.audit.part import to_bytes as part_to_bytes
from budgetperf.audit.run import audit, chosen_rules, part_of
from budgetperf.clean.names import complete_names
from budgetperf.errors import InputError, Unreadable
from budgetperf.field import vocabulary
from budgetperf.pipeline.document import NOTHING_SAID, build_document, guarded, identity, unreadable
from budgetperf.pipeline.keys import audit_key, reading_key
from budgetperf.readers.archive import unpacked
from budgetperf.readers.frame import read_dataframe
from budgetperf.readers.source import PAGES, documents_below, file_bytes, shown_name
from budgetperf.settings import Settings, find_settings
from budgetperf.tables.arrow import joined, to_frame, with_column
from budgetperf.tables.dataset import Dataset, typed, validate_dataset
from budgetperf.tables.declared import TABLES
from budgetperf.tables.store import opened, to_bytes, together, with_csv
from budgetperf.tables.validity import validate
from budgetperf.works import pool, results, timings
from budgetperf.works.cluster import cluster
from budgetperf.works.collecting import uncollected
from budgetperf.works.parallel import cores, each
from budgetperf.works.texts import of_python

__all__ = ["build", "build_document", "read_frame"]


def build(
    paths: str | Path | Iterable[str | Path],
    *,
    repair: bool = True,
    settings: Settings | None = None,
    jobs: int | None = None,
    scheduler: str | None = None,
    kept: str | Path | None = None,
    progress: Callable[[int, int, Path | str], None] | None = None,
    final: Callable | None = None,
) -> Dataset:
    """Read documents (a path, or several; of a folder all below it) into one Dataset: validated tables, every repair on record, reconciled against printed sums.

    A document that cannot be read becomes a row of `documents` with status `unreadable` and a finding with the reason;
    the others are built all the same. The audit's findings are part of every build. A second file of the same content is not counted again, and said so.
    `repair=False` gives the print as read. `settings`: default those found from the documents upward.

    Documents are read in `jobs` processes (default: one a core), each within the bounds that the settings set;
    `jobs=0` reads them in this process, without bounds; `scheduler` is the address of a Dask cluster that reads them. `kept` is a folder in which each document's result is kept:
    what the same program has read before is not read again. Neither changes what comes out.
    `progress(done, total, what)` is called with a document's path once it is done, and in words at each of its pages;
    `final(dataset, *tables, parts=…)` once these tables will not change any more, while the audit still runs, with the
    documents' tables that were put together.
    Raises InputError for a path where there is nothing and for settings that cannot be used.
    """
    if jobs is not None and jobs < 0:
        raise InputError(f"jobs={jobs} 须为 0 或大于 0 的整数。没有读取任何文件。")
    files = _documents(paths)
    settings, progress = settings or find_settings(files), progress or (lambda *_: None)
    chosen_rules(load_config(settings))  # what is wrong in them is said before anything is read
    store = results.Kept(kept and Path(kept))
    with (
        unpacked(files) as files,
        vocabulary.use(settings.vocabulary),
        _workers(scheduler, jobs, settings) as (call, width),
    ):
        known = partial(_key_known, repair=repair, settings=settings, store=store)
        read = partial(_read, repair=repair, settings=settings, store=store, call=call, width=width)
        found = _each_kept_or_made(files, known, _document, read, store, width, partial(_said, progress))
        documents, twins = _distinct(files, found)
        with timings.stage("合并"), uncollected():
            tables, completed = _complete_across([document.tables for document in documents])
            dataset = together(tables).but(settings=settings)
            dataset = dataset.but(findings=typed(pd.concat([dataset.findings, twins]), "findings"))
        if final:
            final(dataset, *(name for name in TABLES if name not in ("findings", "issues")), parts=tables)
        known = partial(_key_of_part, completed=completed, settings=settings)
        judge = partial(_judge, completed=completed, settings=settings, store=store, call=call)
        said = lambda done, of, _: progress(len(files), len(files), f"审计 {done}/{of}")  # noqa: E731
        parts = _each_kept_or_made(documents, known, lambda part, _: part_opened(part), judge, store, width, said)
        store.forget_others()
        with timings.stage("审计"), uncollected():
            dataset = _with_findings(dataset, audit(dataset, parts=parts))
    with timings.stage("检查约定"):  # the documents' own tables were looked at one by one
        for name in ("documents", "findings", "issues"):
            validate(getattr(dataset, name), name)
    return dataset


def _documents(paths: str | Path | Iterable[str | Path]) -> list[Path]:
    """The documents that a caller names, those below a folder sorted; an error where there is none."""
    named = [paths] if isinstance(paths, (str, Path)) else list(paths) if isinstance(paths, Iterable) else None
    if named is None or not all(isinstance(path, (str, Path)) for path in named):
        raise TypeError(f"build 要一个路径或若干路径，不是 {paths!r}")
    missing = [str(path) for path in named if not os.path.lexists(path)]
    if missing:
        raise InputError(f"找不到输入：{'、'.join(missing)}。没有读取任何文件。请检查路径。")
    found = [file for path in map(Path, named) for file in (sorted(documents_below(path)) if path.is_dir() else [path])]
    if not found:
        raise InputError(f"{'、'.join(map(str, named)) or '给出的路径'}里没有可读的文件。请检查路径。")
    return found


def _with_findings(dataset: Dataset, findings: pd.DataFrame) -> Dataset:
    dataset = dataset.but(findings=findings)
    return dataset.but(issues=issues_of(dataset))


def read_frame(
    frame: pd.DataFrame, *, name: str = "DataFrame", repair: bool = True, settings: Settings | None = None
) -> Dataset:
    """The Dataset of a raw frame, such as `camelot.read_pdf(...)[0].df` or `pd.read_excel(path)`: heads, project cells and
    indicator rows as printed, blank where cells are merged. The same repairs, checks and audit as for a document.

    name: stands as its source. settings: default the program's own. Heads in two rows (`header=[0, 1]`) are read as such.

    >>> heads = "项目名称 预算数(万元) 绩效目标 一级指标 二级指标 三级指标 绩效指标性质 绩效指标值 度量单位 分值权重".split()
    >>> row = ["甲", 5.0, "保障运转", "产出指标", "数量指标", "保障人数", "≥", 8, "人", 90]
    >>> read_frame(pd.DataFrame([row], columns=heads)).projects[["project_name", "budget_wan_yuan"]].values.tolist()
    [['甲', Decimal('5')]]
    """
    if not isinstance(frame, pd.DataFrame):
        raise TypeError(f"read_frame 要一个 DataFrame，不是 {type(frame).__name__}；文件请用 build")
    settings, name = settings or Settings(), name or "DataFrame"
    data = frame.to_csv(index=False).encode(errors="replace")
    with vocabulary.use(settings.vocabulary):
        dataset = guarded(name, data, lambda: read_dataframe(frame), repair)
        dataset = dataset.but(settings=settings)
        return validate_dataset(_with_findings(dataset, audit(dataset)))


# ---- many documents, each in a worker within bounds ------------------------------------------------------------------


class _Document(NamedTuple):
    """A document read: its id, what it says, its tables, as bytes too, the key under which they are kept ("": not kept)."""

    number: str
    said: str
    content: bytes
    tables: Mapping[str, pa.Table]
    key: str


def _document(content: bytes, key: str) -> _Document:
    """What `document_bytes` made of a document."""
    said, content = content[:64].decode(), content[64:]
    tables = opened(content)
    return _Document(tables["documents"]["document_id"][0].as_py(), said, content, tables, key)


@contextmanager
def _workers(scheduler: str | None, jobs: int | None, settings: Settings):
    """(what calls a function in a worker, how many to call at once): of a cluster, this machine, or this process alone."""
    bounds = {"limits": pool.Limits(**settings.build), "modules": ("budgetperf.pipeline",)}
    if scheduler:
        with cluster(scheduler) as (call, width):
            yield partial(call, **bounds), jobs or width
    elif jobs == 0:
        yield _here, 0
    else:
        jobs = jobs or cores()
        yield partial(pool.call_of(jobs), **bounds), 2 * jobs  # one at work and one that is fetched or put away


def _here(function: str, *arguments, step: Callable):
    module, name = function.split(":")
    return getattr(importlib.import_module(module), name)(*arguments, step=step)


def _said(progress: Callable, done: int, total: int, what: Path | tuple) -> None:
    progress(done, total, what if isinstance(what, Path) else f"{shown_name(what[0])} {what[1]}/{what[2]} 页")


def _each_kept_or_made(
    things: list, key_of: Callable, kept: Callable, make: Callable, store: results.Kept, width: int, progress: Callable
) -> list:
    """Of each thing what is `kept(content, key)` of it, else what is made, many at once; what is kept is opened while they
    are at work."""
    keys, found = list(map(key_of, things)), {}

    def open_kept() -> None:
        with uncollected():
            for place, key in enumerate(keys):
                if place not in new and (content := store.get(key)):
                    found[place] = kept(content, key)

    def made(places: list[int], meanwhile: Callable) -> None:
        done = len(things) - len(places)
        said = lambda now, _, what: progress(done + now, len(things), what)  # noqa: E731
        found.update(zip(places, each(make, [things[p] for p in places], width, said, meanwhile), strict=True))

    new = {place: None for place, key in enumerate(keys) if not (key and store.has(key))}
    made(list(new), open_kept)
    made([place for place in range(len(things)) if place not in found], lambda: None)  # kept, but not whole
    return [found[place] for place in range(len(things))]


def _key_known(path: Path, *, repair: bool, settings: Settings, store: results.Kept) -> str | None:
    """The key of a document's result, where its file has not changed since it was last seen."""
    digest = None if path.suffix.lower() in PAGES else store.digest(path)  # a page is what lies beside it, too
    return digest and reading_key(shown_name(path), digest, repair, settings)


def _read(
    path: Path, step: Callable, *, repair: bool, settings: Settings, store: results.Kept, call: Callable, width: int
) -> _Document:
    """One document, read in a worker or kept from an earlier build under whatever time of change."""
    name, data = shown_name(path), b""
    try:
        data = file_bytes(path)
        digest = store.note(path, data)
        key = reading_key(name, digest, repair, settings)
        content = store.get(key)
        if content is None:
            task = ("budgetperf.pipeline.document:document_bytes", name, data, repair, settings.vocabulary)
            content, spent = call(*task, None, step=step)
            if isinstance(content, list):  # of a long PDF: its ranges
                content, spent = call(*task, _pages(name, data, content, step, call, width), step=step)
            timings.add(spent)
            store.keep(key, content)
        return _document(content, key)
    except Unreadable as error:
        failed = unreadable(identity(name, data, path), str(error))
    except pool.Stopped as error:
        reason = f"{error}。其他文件不受影响。请拆成较小的文件，或另存一份后重试。"
        failed = unreadable(identity(name, data, path), reason)
    return _document(NOTHING_SAID.encode() + to_bytes(failed, csv=True), "")


def _pages(name: str, data: bytes, ranges: list[tuple[int, int]], step: Callable, call: Callable, width: int) -> list:
    """The pages of a long PDF, a range a worker; none where some cannot be read: it is then read in one go, which says so."""
    failed, read, total = threading.Event(), itertools.count(1), ranges[-1][-1]

    def of_range(task: tuple[int, int], step: Callable):
        pages = None
        with suppress(pool.Stopped):
            if not failed.is_set():
                pages, spent = call("budgetperf.pipeline.document:pages_read", name, data, *task, step=step)
                timings.add(spent)
        if pages is None:
            failed.set()
        return pages

    parts = each(
        of_range, ranges, width, lambda _done, _of, what: isinstance(what[0], tuple) and step(next(read), total)
    )
    return [] if failed.is_set() else parts


def _key_of_part(document: _Document, *, completed: Mapping, settings: Settings) -> str:
    """The key of what the audit finds in one document, if its tables are kept."""
    return document.key and audit_key(document.key, completed.get(document.number), settings)


def _judge(
    document: _Document, step: Callable, *, completed: Mapping, settings: Settings, store: results.Kept, call: Callable
) -> Part:
    """What the audit finds in one document, in a worker."""
    key, names = _key_of_part(document, completed=completed, settings=settings), completed.get(document.number)
    task = ("budgetperf.pipeline:part_bytes", document.content, names, settings.vocabulary, settings.audit)
    try:
        part, spent = call(*task, step=step)
    except pool.Raised:  # a rule of the user's own fails: here it says so
        part, spent = _here(*task, step=step)
    except pool.Stopped as error:  # it costs this document's findings alone
        return part_unfinished(document.number, str(error))
    timings.add(spent)
    if key:
        store.keep(key, part)
    return part_opened(part)


@of_python
def part_bytes(
    content: bytes, names: list | None, additions: Mapping, thresholds: Mapping, step: Callable
) -> tuple[bytes, dict[str, float]]:
    """What the audit finds in a document whatever stands in others, as bytes, and the seconds it took; `names`: its
    completed names where other documents completed some."""
    with timings.stage("审计"), vocabulary.use(additions):
        dataset = together([opened(content)])
        if names is not None:
            dataset = dataset.but(indicators=with_column(dataset.arrow("indicators"), "name_completed", names))
        found = part_to_bytes(part_of(dataset, load_config(Settings(audit=thresholds))))
    return found, timings.taken()


# ---- documents together ----------------------------------------------------------------------------------------------


def _distinct(files: list[Path], found: list[_Document]) -> tuple[list[_Document], pd.DataFrame]:
    """The documents without those that say what an earlier one says, and the findings that say so."""
    documents, seen, twins = [], {}, []
    for path, document in zip(files, found, strict=True):
        twin, basis = seen.get(document.number), "文件校验和相同"
        if twin is None and document.said != NOTHING_SAID:
            twin, basis = seen.get(document.said), "全部项目和指标逐格相同，文件格式或字节不同"
        if twin is None:
            seen |= {document.number: document.number, document.said: document.number}
            documents.append(document)
            continue
        message = f"另有内容完全相同的文件 {shown_name(path)}，未重复计入"
        twins.append({"document_id": twin, "rule": "R03", "severity": "I", "message": message, "basis": basis, "uncertain": False})  # fmt: skip
    return documents, typed(pd.DataFrame(twins), "findings")


def _complete_across(parts: list[Mapping[str, pa.Table]]) -> tuple[list[Mapping[str, pa.Table]], dict[str, list]]:
    """The documents' tables with cut names completed by whole names of the other documents; and of each document in which
    some were, all its completed names."""
    columns = ["document_id", "name", "is_cut", "name_completed"]
    found = [part["indicators"].select(columns) for part in parts if "indicators" in part]
    if len(parts) < 2 or not found:
        return parts, {}
    rows = to_frame(joined(found))
    names = rows[["name", "is_cut"]].drop_duplicates()
    whole_names = complete_names(names["name"], names["is_cut"], pd.Series("", index=names.index))["name_completed"]
    by_name = {name: whole for name, whole in zip(names["name"], whole_names, strict=True) if isinstance(whole, str)}
    whole = rows["name"].map(by_name).astype("str").where(rows["is_cut"] & rows["name_completed"].isna())
    changed = rows["document_id"].isin(set(rows.loc[whole.notna(), "document_id"]))
    completed = rows["name_completed"].fillna(whole)[changed].astype(object)
    by_document = completed.where(completed.notna(), None).groupby(rows["document_id"]).agg(list)
    return [_with_names(part, by_document) for part in parts], by_document.to_dict()


def _with_names(part: Mapping[str, pa.Table], completed: Mapping[str, list]) -> Mapping[str, pa.Table]:
    """A document's tables with its completed names, where there are any."""
    number = part["documents"]["document_id"][0].as_py()
    if number not in completed:
        return part
    table = with_column(part["indicators"], "name_completed", completed[number])
    return {**part, "indicators": with_csv(table, "indicators")}
