"""A long PDF read in ranges of its pages: the same bytes as in one go, by workers as in this process."""

import os
import threading

import pytest
from formats import write
from pdf_drawing import plain_pdf

from budgetperf import pipeline
from budgetperf.cli import main
from budgetperf.pipeline import build, document
from budgetperf.readers import pdf
from budgetperf.readers.pdf import page_count
from budgetperf.tables.store import to_bytes
from budgetperf.works import pool


@pytest.fixture
def ranges(monkeypatch):
    """The ranges read, where every PDF of more than one page is long."""
    monkeypatch.setattr(document, "LONG", 1)
    monkeypatch.setattr(pdf, "RANGE", 2)
    read, pages_read = [], document.pages_read

    def noted(name, data, first, last, step):
        read.append((first, last))
        return pages_read(name, data, first, last, step)

    monkeypatch.setattr(document, "pages_read", noted)
    return read


def in_one_go(path, monkeypatch) -> bytes:
    with monkeypatch.context() as patch:
        patch.setattr(document, "LONG", 10_000)
        return to_bytes(build(path, jobs=0))


def test_ranges_give_what_one_go_gives(ranges, tmp_path, monkeypatch):
    path, *_ = write("pdf", "approval", 3, tmp_path, projects=8)
    total = page_count(path)
    assert total > 2
    assert to_bytes(build(path, jobs=0)) == in_one_go(path, monkeypatch)
    assert ranges == [(first, min(first + 1, total)) for first in range(1, total + 1, 2)]


def test_where_a_page_is_damaged_all_are_read_in_one_go(ranges, tmp_path, monkeypatch):
    path, *_ = write("pdf", "approval", 3, tmp_path, projects=8)
    real = pdf.read_page_content
    monkeypatch.setattr(
        pdf, "read_page_content", lambda page, *more: 1 / 0 if page.page_idx == 1 else real(page, *more)
    )
    built = build(path, jobs=0)
    assert ranges == [(1, 2)] and "第 2 页已损坏" in " ".join(built.checks["note"].dropna())
    assert to_bytes(built) == in_one_go(path, monkeypatch)


def test_workers_read_the_ranges_of_a_long_document_beside_a_short_one(tmp_path, monkeypatch):
    paths = [plain_pdf(tmp_path / "long.pdf", pages=document.LONG + 1), plain_pdf(tmp_path / "short.pdf")]
    steps = []
    there = to_bytes(build(paths, jobs=2, progress=lambda done, total, what: steps.append(str(what))))
    assert [step for step in steps if step.startswith("long.pdf")] == [f"long.pdf {n}/61 页" for n in range(1, 62)]
    assert there == in_one_go(paths, monkeypatch)


def test_ranges_are_read_at_once():
    both = threading.Barrier(2)

    def call(function, name, data, first, last, step):
        both.wait(timeout=60)
        step(first, last)
        return f"{first}-{last}", {}

    steps = []
    pages = pipeline._pages("a.pdf", b"", [(1, 2), (3, 4)], lambda *step: steps.append(step), call, 2)
    assert (pages, steps) == (["1-2", "3-4"], [(1, 4), (2, 4)])


def test_once_ended_no_more_is_begun():
    call = pool.call_of(1)
    pool.stop_all()
    with pytest.raises(pool.Stopped, match="已中断"):
        call("budgetperf.works.pool:_example", 1)


def test_the_command_starts_the_workers_that_the_build_calls(tmp_path, monkeypatch):
    started, make = [], pool._Worker.__init__
    monkeypatch.setattr(
        pool._Worker, "__init__", lambda worker, *made_for: started.append(worker) or make(worker, *made_for)
    )
    os.utime(plain_pdf(tmp_path / "a.pdf"), (0, 0))  # a file just written is looked into again
    command = ["build", str(tmp_path / "a.pdf"), "--out", str(tmp_path / "out"), "--jobs", "2"]
    pool.stop_all()
    for count in (1, 1):  # what is kept needs none
        assert main(command) in (0, 1)
        assert len(started) == count
