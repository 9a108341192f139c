"""document → cells → printed rows → tables: the way of one document."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from traceback import extract_tb
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from budgetperf.errors import Unreadable
from budgetperf.field import vocabulary
from budgetperf.field.vocabulary import header_field
from budgetperf.layout import printed_tables
from budgetperf.mend import reconciliation
from budgetperf.mend.behind import check_behind
from budgetperf.mend.characters import character_repairs, with_plain_characters
from budgetperf.mend.document import join_tables, placed_cells
from budgetperf.mend.listed import budgets_listed, names_listed
from budgetperf.mend.listed_beside import said_in_lists
from budgetperf.mend.recognised import settle_recognised
from budgetperf.mend.recognised_doubt import Settled
from budgetperf.mend.recognised_record import check_recognised, recognised_repairs
from budgetperf.mend.recognised_sums import settle_by_sums
from budgetperf.mend.table import Table, mend
from budgetperf.mend.twice import DERIVED, PLACES, once
from budgetperf.mend.units import codes_elsewhere
from budgetperf.mend.witnesses import check_capitals, check_counts, check_listed, check_sums, check_years
from budgetperf.readers import format_of, read
from budgetperf.readers.source import file_bytes, safe_name, shown_name
from budgetperf.tables.cells import Reading
from budgetperf.tables.dataset import Dataset, typed, validate_dataset
from budgetperf.tables.declared import TABLES
from budgetperf.tables.ledger import Ledger
from budgetperf.tables.store import to_bytes
from budgetperf.tables.validity import TableFault
from budgetperf.tables.words import field_title
from budgetperf.works import timings
from budgetperf.works.texts import of_python

if TYPE_CHECKING:
    from budgetperf.readers.pdf import Pages  # loaded where a PDF is read: it takes a while

_OUR_FAULT = "读取时出错（{}）。其他文件不受影响，请反馈此文件以便修复。"
NO_TABLE = Unreadable(
    "没有找到项目支出绩效目标表（没有可识别的表头和指标行）", "请确认文件是批复表、申报表或自评表；扫描件请先做文字识别"
)


@of_python
def build_document(path: Path, *, repair: bool = True) -> Dataset:
    """The Dataset of one document before the audit, read in this process; never raises for what the document holds."""
    name = shown_name(path)
    try:
        return read_document(name, file_bytes(path), repair)
    except Unreadable as error:
        return unreadable(identity(name, b"", path), str(error))


LONG = 60  # a PDF of more than so many pages is read in ranges, by all workers


@of_python
def document_bytes(
    name: str, data: bytes, repair: bool, additions: Mapping, pages: "list[Pages] | None", step: Callable
) -> tuple[bytes | list[tuple[int, int]], dict[str, float]]:
    """What a worker makes of a document: `said` and its valid Dataset as bytes; and the seconds it took by stage.

    Of a long PDF, where `pages` is None, the first and last pages of the ranges in which `pages_read` is to read it;
    given those, the rest of the way is done; without any, it is read in one go.
    """
    ranges = _page_ranges(name, data) if pages is None else []
    if ranges:
        return ranges, {}
    with vocabulary.use(additions):
        dataset = read_document(name, data, repair, step, pages or [])
    with timings.stage("成表"):
        dataset = valid_or_unreadable(dataset)
        content = said(dataset).encode() + to_bytes(dataset, csv=True)
    return content, timings.taken()


def _page_ranges(name: str, data: bytes) -> list[tuple[int, int]]:
    try:
        if format_of(data) != "pdf":
            return []
        from budgetperf.readers.pdf import RANGE, page_count

        with _copied(name, data) as copy:
            total = page_count(copy)
    except Exception:  # reading it says what is wrong
        return []
    return [(first, min(first + RANGE - 1, total)) for first in range(1, total + 1, RANGE)] if total > LONG else []


def pages_read(
    name: str, data: bytes, first: int, last: int, step: Callable[[int, int], None]
) -> tuple["Pages | None", dict[str, float]]:
    """A range of the pages of a PDF, and the seconds it took; None where it cannot be read by itself: a damaged page may
    spoil others, a table without rules may go on behind the range."""
    from budgetperf.readers.pdf import read_pages

    with timings.stage("读取"), _copied(name, data) as copy:
        pages = read_pages(copy, first, last, step)
    whole = pages.columns is None and all(state["state"] != "failed" for state in pages.states)
    return (pages if whole else None), timings.taken()


NOTHING_SAID = " " * 64


def said(dataset: Dataset) -> str:
    """What tells that two documents say the same whatever their format: a digest of all that stands in them but
    places, and what follows from it.

    >>> said(Dataset.empty()) == NOTHING_SAID
    True
    """
    if dataset.indicators.empty:
        return NOTHING_SAID
    digest = hashlib.sha256()
    for frame in (dataset.projects, dataset.indicators, dataset.period_indicators, dataset.notes):
        for column in frame.columns.difference(PLACES | (DERIVED - {"project_no"})):
            values = ["" if pd.isna(value) else "".join(str(value).split()) for value in frame[column]]
            digest.update("\x1f".join([column, *values]).encode())
    return digest.hexdigest()


def read_document(
    name: str,
    data: bytes,
    repair: bool,
    step: Callable[[int, int], None] | None = None,
    pages: "list[Pages] | None" = None,
) -> Dataset:
    def read_it() -> Reading:
        if pages:
            from budgetperf.readers.pdf import joined_pages

            return joined_pages(pages)
        with _copied(name, data) as copy:
            return read(copy, step, data)

    return guarded(name, data, read_it, repair)


@contextmanager
def _copied(name: str, data: bytes) -> Iterator[Path]:
    """A file of this content: some libraries read only what has a path."""
    with TemporaryDirectory(prefix="budgetperf-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / safe_name(name)
        copy.write_bytes(data)
        yield copy


def guarded(name: str, data: bytes, read_it: Callable[[], Reading], repair: bool) -> Dataset:
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
            return _dataset(name, data, Versions(reading, certain, read_as, settled), mended, repair)
    except Unreadable as error:
        return unreadable(identity(name, data), str(error))
    except Exception as error:  # one broken document must never stop the others
        where = [
            f"{'/'.join(Path(at.filename).parts[-2:])}:{at.lineno} {at.name}" for at in extract_tb(error.__traceback__)
        ]
        return unreadable(identity(name, data), _OUR_FAULT.format(f"{type(error).__name__}: {error}"), where)


def _settled_by_sums(
    certain: Reading, settled: dict[int, Settled], read_as: Reading, mended: list[Table]
) -> dict[int, Settled]:
    placed, checks = placed_cells(read_as, mended, []), join_tables(mended)["checks"]
    return settle_by_sums(certain, settled, placed, checks, mended[0].printed.amount_unit)


def _no_table(reading: Reading) -> Unreadable:
    pages = reading.pages
    told = pages["state"].ne("blank") | pages["state"].eq("blank").all()  # a blank page among others explains nothing
    notes = [note for note in pages.loc[told, "note"] if note]
    return Unreadable("；".join(notes[:5]) or f"{NO_TABLE.what}{_nearest_heads(reading.cells)}", NO_TABLE.fix)


def _nearest_heads(cells: pd.DataFrame) -> str:
    """Where the column heads stand that come nearest to ours, and what they lack; blank where fewer than two are known."""
    heads = cells.assign(field=cells["text"].map(header_field)).dropna(subset=["field"])
    known = heads.groupby(["page", "row"])["field"].nunique()
    if known.empty or known.max() < 2:
        return ""
    page, row = known.idxmax()
    here = heads[heads["page"].eq(page) & heads["row"].eq(row)]
    lacking = "、".join(field_title(f) for f in ("level1", "name", "target") if f not in set(here["field"]))
    seen = "".join(f"“{text}”" for text in here["text"])
    return f"；最接近的一行在第 {page} 页第 {row} 行，认出{seen}" + (f"，没有认出{lacking}" if lacking else "")


class Versions(NamedTuple):
    """A document's reading as printed or recognised, with what was recognised settled (by index of its cells), and
    with the usual characters in place of odd ones."""

    printed: Reading
    certain: Reading
    plain: Reading
    settled: dict[int, Settled]


def _placed(indicators: pd.DataFrame, reading: Reading) -> pd.DataFrame:
    """The indicators with the boxes of their cells; of those whose columns stand on another page than the project's, page
    and row are the cell's too."""
    own = indicators[["cell"]].join(reading.cells[["page", "row"]], on="cell")
    elsewhere = own["page"].notna() & own["page"].ne(indicators["page"])
    places = {place: indicators[place].mask(elsewhere, own[place]).astype(int) for place in ("page", "row")}
    return indicators.assign(**places).join(reading.boxes(), on="cell")


def _dataset(name: str, data: bytes, read: Versions, tables: list[Table], repair: bool) -> Dataset:
    """The tables of one document."""
    reading = read.printed
    counted = once(tables)
    tables = counted.kept
    joined = join_tables(tables)
    indicators = _placed(joined["indicators"], reading)
    cells = placed_cells(read.plain, tables, counted.repeated)
    named = names_listed(cells, joined["projects"], repair)
    listed = budgets_listed(cells, named.projects, repair)
    said = said_in_lists(listed.cells, listed.projects, repair)
    projects = codes_elsewhere(said.projects, ledger := Ledger(repair))
    cells = said.cells if named.cells is cells else said.cells.where(named.cells["role"].eq(cells["role"]), named.cells)
    repairs = [
        joined["repairs"],
        named.repairs,
        listed.repairs,
        said.repairs,
        ledger.entries(),
        character_repairs(read.certain.cells["text"], cells),
        recognised_repairs(reading.cells["text"], read.settled, cells),
    ]
    repairs = pd.concat(repairs, ignore_index=True)
    totals = [table.total for table in tables if table.total is not None]
    checks = [
        joined["checks"],
        counted.checks,
        pd.concat([named.checks, listed.checks, said.checks]).drop_duplicates(),  # both may doubt one column
        reconciliation.check_unread(cells),
        reconciliation.check_withheld(
            projects,
            joined["notes"],
            cells.loc[cells["role"].isin(["caption", "title"]), "text"].tolist(),
            joined["repairs"],
        ),
        reconciliation.check_named(projects, joined["notes"]),
        check_counts(cells, projects, [len(table.projects) for table in tables]),
        check_years(cells, tables[0].fiscal_year),
        check_capitals(cells, projects, totals),
        check_sums(cells, projects, totals, tables[0].printed.amount_unit),
        check_behind(cells, projects, bool(indicators[["actual_text", "score"]].notna().any(axis=None))),
        check_listed(cells, projects, tables[0].printed.amount_unit),
        check_recognised(read.settled, cells, joined["checks"]),
        _page_checks(reading, tables, joined["checks"]),
    ]
    checked = pd.concat(checks, ignore_index=True)
    weight_totals = {table.structure.total for table in tables if table.structure.total is not None}
    document = {
        **identity(name, data),
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


def identity(name: str, data: bytes, path: Path | None = None) -> dict:
    """Id, name and hash of a document; one without content is known by where it stands."""
    digest = hashlib.sha256(data or os.fsencode(path or name)).hexdigest()
    return {"document_id": digest[:12], "source": name, "sha256": digest}


def _page_checks(reading: Reading, tables: list[Table], checks: pd.DataFrame) -> pd.DataFrame:
    """A failed row for each page that could not be read; what the reader remarks on the pages of the tables, and what it
    left out of others because no one sees it. A division that no rules show is proven by the sums of the weights."""
    bad = reading.pages[reading.pages["state"].isin(["scan", "failed"])]
    failed = reconciliation.failed(
        "pages", [(None, f"第 {page} 页：{note}") for page, note in zip(bad["page"], bad["note"], strict=True)]
    )
    used = {page for table in tables for page in table.rows["page"]}
    said = [r for r in reading.remarks if r.page in used or r.check == "pages" or (r.check == "hidden" and r.passed)]
    weights = checks.loc[checks["check"].eq("weights") & checks["expected"].notna(), "passed"]
    proven = len(weights) > 0 and bool(weights.all())
    said = [r._replace(passed=proven) if r.check == "gaps" else r for r in said]
    return pd.concat([failed, reconciliation.remarked(said)])


# ---- documents that fail ---------------------------------------------------------------------------------------------


def valid_or_unreadable(dataset: Dataset) -> Dataset:
    try:
        return validate_dataset(dataset)
    except TableFault as fault:
        identity = dataset.documents[["document_id", "source", "sha256"]].iloc[0].to_dict()
        return replace(unreadable(identity, _OUR_FAULT.format(fault)), settings=dataset.settings)


def unreadable(identity: dict, reason: str, where: list[str] | None = None) -> Dataset:
    """A document of which nothing is read, and the finding that says why; `where`: the calls that led to a fault of ours."""
    document = {**identity, "format": None, "pages": 0, "projects": 0, "indicators": 0, "status": "unreadable"}
    finding = {
        "document_id": identity["document_id"], "finding_no": 1, "rule": "R01", "severity": "E", "message": f"{identity['source']}：{reason}",
        "basis": "文件可读性", "uncertain": False,
        "evidence": json.dumps({"traceback": where}, ensure_ascii=False) if where else None,
    }  # fmt: skip
    empty = Dataset.empty().tables()
    frames = {
        **empty,
        "documents": typed(pd.DataFrame([document]), "documents"),
        "findings": typed(pd.DataFrame([finding]), "findings"),
    }
    return Dataset(**frames)
