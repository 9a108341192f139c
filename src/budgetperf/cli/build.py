"""budgetperf build."""

import argparse
import hashlib
import json
import os
import sys
import time
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from budgetperf.cli.common import (
    ALL_RECONCILED,
    CLEAN,
    RAW,
    SOME_OPEN,
    add_command,
    one_line,
    say,
)
from budgetperf.errors import InputError
from budgetperf.field.words import chinese

if TYPE_CHECKING:
    import pandas as pd

    from budgetperf.settings import Settings
    from budgetperf.tables.dataset import Dataset

REASONS_SHOWN = 20
PASSED_OVER_SHOWN = 10


def add_build(commands) -> None:
    parameters = add_command(
        commands,
        "build",
        _build,
        help="读取文件，修复、校验并写出数据表 (read, repair, check and store documents)",
        description="读取绩效目标表，修复印刷造成的错乱，用原件自身的合计校验，写出数据表（CSV 和 Parquet）。\n"
        "Reads documents, repairs what print did to them, checks them by their own sums, writes the tables.",
        epilog="退出码：0 全部勾稽一致；1 已写出，但有文件待核或无法读取；2 命令或输入有误，没有写出任何文件。",
    )
    parameters.add_argument(
        "inputs", nargs="*", type=_place, metavar="INPUT", help="文件、文件夹或 s3://… 之类的地址；不写则为 data/raw/"
    )
    parameters.add_argument(
        "--out", type=_place, default=CLEAN, metavar="DIR", help="写到哪里（文件夹或地址）；默认 data/clean/"
    )
    parameters.add_argument("--jobs", type=_jobs, metavar="N", help="同时读几个文件；默认按处理器核数 (all cores)")
    parameters.add_argument(
        "--scheduler", metavar="ADDRESS", help="交给这个 Dask 集群读，如 tcp://10.0.0.1:8786 (a Dask cluster)"
    )
    parameters.add_argument(
        "--csv", action="store_true", help="电子表格打不开的大表也写 CSV (CSV of tables too large for one)"
    )
    parameters.add_argument("--timings", action="store_true", help="列出各步用时 (seconds by stage)")
    parameters.add_argument("--no-repair", action="store_true", help="不修复，照读出的原样写出 (the print as read)")


def _jobs(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("须为大于 0 的整数")
    return int(text)


def _place(text: str) -> Path | str:
    return text if "://" in text else Path(text)  # a path would lose a slash of an address


def _build(arguments: argparse.Namespace) -> int:
    from budgetperf.tables import swap
    from budgetperf.tables.elsewhere import brought_here, sent_there
    from budgetperf.works.collecting import uncollected

    with (
        uncollected(),  # documents are read in workers; here their tables are put together and written, then all is done
        brought_here(arguments.inputs or [RAW]) as inputs,
        sent_there(arguments.out, swap.PACKAGE, swap.HIDDEN) as out,
    ):
        lines, code = _build_here(arguments, inputs, out)
    say(lines)
    return code


def _build_here(arguments: argparse.Namespace, inputs: list[Path], out: Path) -> tuple[list[str], int]:
    """What is to be said once all is in its place, and the exit code."""
    paths = collect_inputs(inputs, out)
    if out.exists() and not out.is_dir():
        raise InputError(f"--out {out} 不是文件夹。没有写出任何文件。请换一个文件夹。")

    from budgetperf.settings import find_settings
    from budgetperf.tables import swap

    settings = find_settings(paths)
    with swap.only_build(out):
        kept = out / swap.HIDDEN / "results"
        if not arguments.scheduler:
            _start_workers(paths, kept, settings, arguments.jobs)

        from budgetperf.works import timings
        from budgetperf.works.results import Kept

        began, _ = time.perf_counter(), timings.taken()
        key = _build_key(paths, out, kept, settings, arguments)
        said = key and Kept(kept).get(key)
        if said:  # nothing has changed since: all is in its place
            code, lines = json.loads(said)
        else:
            dataset, lines = _built(arguments, paths, out, kept, settings)
            code = ALL_RECONCILED if (dataset.documents["status"] == "reconciled").all() else SOME_OPEN
            key = None if _is_worth_another_try(dataset) else _build_key(paths, out, kept, settings, arguments)
            if key:
                Kept(kept).keep(key, json.dumps([code, lines]).encode())
    lines += [*passed_over(inputs, paths, out), f"已写入 {arguments.out}"]
    if arguments.timings:
        spent = timings.taken()
        words = "、".join(f"{name} {seconds:.2f}" for name, seconds in [*spent.items(), ("合计", sum(spent.values()))])
        lines.append(f"用时 {time.perf_counter() - began:.1f} 秒；处理器秒：{words}（不含启动）")
    return lines, code


def _built(
    arguments: argparse.Namespace, paths: list[Path], out: Path, kept: Path, settings: "Settings"
) -> tuple["Dataset", list[str]]:
    """The dataset, once all of it is in its place, and what is to be said of it."""
    from budgetperf import pipeline
    from budgetperf.tables import store
    from budgetperf.works import timings

    with progress_bar() as progress, store.saving(out, csv=arguments.csv, timed=timings.stage("写出")) as put:
        dataset = pipeline.build(
            paths,
            repair=not arguments.no_repair,
            settings=settings,
            jobs=arguments.jobs,
            scheduler=arguments.scheduler,
            kept=kept,
            progress=progress,
            final=put,
        )
        put(dataset)
        lines = list(report_lines(dataset))
    return dataset, lines


def _build_key(
    paths: list[Path], out: Path, kept: Path, settings: "Settings", arguments: argparse.Namespace
) -> str | None:
    """Of the build that stands in a folder: what it rests on, and its files as they are; None where there is none, or
    only reading tells what its documents hold."""
    from budgetperf.pipeline.keys import build_key
    from budgetperf.readers.source import PAGES, shown_name
    from budgetperf.tables import store, swap
    from budgetperf.works.results import Kept, stamp

    swap.finish(out, store.FILES, store.PACKAGE)
    seen = Kept(kept)
    digests = [path.suffix.lower() not in PAGES and seen.digest(path) for path in paths]
    if not all(digests) or not (out / store.PACKAGE).exists():
        return None
    documents = zip(map(shown_name, paths), digests, strict=True)
    rests_on = build_key(documents, not arguments.no_repair, settings)
    files = [stamp(swap.place(out, name)) for name in store.FILES]
    return hashlib.sha256(json.dumps([rests_on, arguments.csv, files]).encode()).hexdigest()


def _is_worth_another_try(dataset: "Dataset") -> bool:
    """Whether a document was not read, or its audit not done: its bounds may suffice another time."""
    from budgetperf.audit.part import UNFINISHED

    return (dataset.documents["status"] == "unreadable").any() or (dataset.findings["basis"] == UNFINISHED).any()


def _start_workers(paths: list[Path], kept: Path, settings: "Settings", jobs: int | None) -> None:
    """Let workers load the program while this process does: as many as there are files to be read, and no more than run
    at once."""
    from budgetperf.works import pool
    from budgetperf.works.parallel import cores
    from budgetperf.works.results import Kept

    seen = Kept(kept)
    new = sum(seen.digest(path) is None for path in paths)
    pool.start(min(new, jobs or cores()), ("budgetperf.pipeline",), pool.Limits(**settings.build))


def collect_inputs(inputs: list[Path], out: Path | None = None) -> list[Path]:
    """The documents that `inputs` name, each once, sorted: files as given, folders as every document below them.

    Below a folder hidden files, lock files (~$x.xlsx) and the build's own folder `out` are passed over. What cannot be
    read (a folder without permission, a named pipe, a link to nowhere) is listed, so that the build can say so.
    Raises InputError where an input does not exist or there is nothing to read.
    """
    missing = [str(path) for path in inputs if not path.exists()]
    if missing:
        raise InputError(f"找不到输入：{'、'.join(missing)}。没有写出任何文件。请检查路径，或先把文件放进该文件夹。")
    from budgetperf.readers.source import SUFFIXES, documents_below

    found = {}
    for path in inputs:
        for document in documents_below(path, out) if path.is_dir() else [path]:
            found.setdefault(os.path.realpath(document), document)
    if not found:
        kinds = " ".join(sorted(SUFFIXES))
        raise InputError(
            f"{'、'.join(map(str, inputs))} 里没有可读的文件。没有写出任何文件。请放入这些格式的文件：{kinds}。"
        )
    return [found[resolved] for resolved in sorted(found)]


def passed_over(inputs: list[Path], taken: list[Path], out: Path | None = None) -> list[str]:
    """One sentence that names the files below folders that no document was taken for, and why; none where all were."""
    from budgetperf.readers.source import files_below, is_part_of_page, shown_name
    from budgetperf.settings import FILE

    as_named = set(taken)
    others = [
        path
        for folder in inputs
        if folder.is_dir()
        for path in files_below(folder, out, [])
        if path not in as_named and path.name != FILE and not is_part_of_page(path)
    ]
    known = {os.path.realpath(path) for path in taken} if others else set()
    named = {path.name: None for path in others if os.path.realpath(path) not in known}
    if not named:
        return []
    shown = "、".join(one_line(shown_name(Path(name))) for name in list(named)[:PASSED_OVER_SHOWN])
    more = f" 等 {len(named)} 个" if len(named) > PASSED_OVER_SHOWN else ""
    return [f"跳过的文件（不是文档的格式）：{shown}{more}"]


@contextmanager
def progress_bar(unit: str = "份"):
    """Yields a progress(done, total, what), a bar that counts in `unit` where stderr is a terminal, else None."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    with tqdm(unit=unit, leave=False, file=sys.stderr) as bar:

        def progress(done: int, total: int, what) -> None:
            bar.total, bar.n = total, done
            bar.set_postfix_str(one_line(what.name if isinstance(what, Path) else what)[:40])  # draws the bar

        yield progress


def report_lines(dataset: "Dataset"):
    """One line a document, then for each that is not reconciled the reasons."""
    import pyarrow.compute as pc

    from budgetperf.tables.overview import summaries

    words = summaries(dataset)
    for document in _rows(dataset.documents):
        yield _document_line(document, words[document.document_id])
    named = ["document_id", "project_no", "check", "expected", "actual", "note"]
    failed = _by_document(dataset.where("checks", ~pc.field("passed"), *named, "passed"))
    findings = _by_document(dataset.columns("findings", "document_id", "rule", "severity", "message"))
    for document in _rows(dataset.documents[dataset.documents["status"] != "reconciled"]):
        yield f"{one_line(document.source)}（{chinese('status')[document.status]}）："
        number = document.document_id
        reasons = _reasons(failed.get(number, []), findings.get(number, []))
        yield from (f"  - {one_line(reason)}" for reason in reasons[:REASONS_SHOWN])
        if len(reasons) > REASONS_SHOWN:
            yield f"  - ……另有 {len(reasons) - REASONS_SHOWN} 条，见 checks.csv 与 findings.csv"


def _document_line(document, words: dict[str, str]) -> str:
    head = f"[{chinese('status')[document.status]}] {one_line(document.source)}"
    if document.status == "unreadable":
        return head
    printed = document.printed_total_wan_yuan
    words["预算合计"] += f"（印刷合计 {'无' if printed is None else f'{printed:,f} 万元'}）"
    return f"{head}：" + "，".join(f"{title} {value}" for title, value in words.items() if title != "文件")


def _reasons(failed: list, findings: list) -> list[str]:
    """Failed checks, then the reasons why a document or page could not be read; where neither, the gravest findings."""
    unread = [one.message for one in findings if one.rule.startswith("R")]
    gravest = sorted(findings, key=lambda one: "EWI".index(one.severity))
    return [*map(_failed_check, failed), *unread] or [one.message for one in gravest]


def _failed_check(check) -> str:
    whose = "" if check.project_no is None else f"项目 {check.project_no}："
    figures = [("应为", check.expected), ("实为", check.actual)]
    sums = "".join(f"，{word} {value}" for word, value in figures if value is not None)
    return f"{whose}{check.check} 未通过{sums}" + (f"（{check.note}）" if check.note else "")


def _by_document(rows: "pd.DataFrame") -> dict[str, list]:
    found = defaultdict(list)
    for row in _rows(rows):
        found[row.document_id].append(row)
    return found


def _rows(frame: "pd.DataFrame"):
    """The rows as named tuples with None where empty."""
    return frame.astype(object).where(frame.notna(), None).itertuples(index=False)
