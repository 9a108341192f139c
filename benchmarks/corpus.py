"""Building a corpus: pages a second on 1 and 2 workers, memory of a worker, and a second build with one changed document.

Run by hand: `uv run python benchmarks/corpus.py [--documents 100] [--pages 10] [--folder DIR]`. Generated PDF documents,
built through the command line in processes of their own; ratios within the run. `--folder` keeps the corpus, so that
another run need not draw it. Wall clock tells what two workers gain, on a quiet
machine only; the processor's seconds, of all processes, tell what a second build saves on any.
"""

import argparse
import contextlib
import hashlib
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import psutil
from extract import draw_document  # beside this file


def draw_corpus(folder: Path, documents: int, pages: int) -> None:
    """Documents of different units and projects: none is a twin of another. Those drawn before are left as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(documents):
        if not (folder / f"{number}.pdf").exists():
            draw_one(folder, number, pages)


def draw_one(folder: Path, number: int, pages: int) -> None:
    unit = f"{744001 + number}-某某县第{number + 1}局"
    draw_document(folder / f"{number}.pdf", pages, first=8 * pages * number, unit=unit)


class Cost(NamedTuple):
    """Of one build: seconds by the clock and of the processors, the most megabytes of one worker and of the parent."""

    wall: float
    processor: float
    worker: float
    parent: float


def build(corpus: Path, out: Path, *more: str) -> Cost:
    began, before, worker, parent = time.perf_counter(), _processor(), 0, 0
    command = [sys.executable, "-m", "budgetperf.cli", "build", str(corpus), "--out", str(out), *more]
    compiled = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}  # as for its users: Python's code is compiled once
    process = psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=compiled)
    ended = None
    while ended is None:
        with contextlib.suppress(psutil.Error):
            parent = max(parent, process.memory_info().rss)
            worker = max([worker, *(child.memory_info().rss for child in process.children())])
        with contextlib.suppress(psutil.TimeoutExpired, subprocess.TimeoutExpired):
            ended = process.wait(1)  # looking goes through all processes: oftener, it would take a good part of a core
    wall, error = time.perf_counter() - began, process.stderr.read()
    if ended not in (0, 1):
        raise SystemExit(error)
    return Cost(wall, _processor() - before, worker / 2**20, parent / 2**20)


def _processor() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if path.is_file()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--pages", type=int, default=10)
    parser.add_argument("--folder", type=Path, help="where the corpus is kept; default: nowhere")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, pages = Path(name), options.documents * options.pages
        drawn = (options.folder or folder) / f"{options.documents} of {options.pages}"
        draw_corpus(drawn, options.documents, options.pages)
        (folder / "corpus").mkdir()
        for path in drawn.iterdir():
            shutil.copy2(path, folder / "corpus")
        draw_corpus(folder / "small", max(2, options.documents // 10), options.pages)
        few = build(folder / "small", folder / "few", "--jobs", "1")
        one = build(folder / "corpus", folder / "one", "--jobs", "1")
        two = build(folder / "corpus", folder / "two", "--jobs", "2")
        same = hashes(folder / "one") == hashes(folder / "two")
        draw_document(folder / "corpus/0.pdf", options.pages, first=8 * options.pages * options.documents)
        again = build(folder / "corpus", folder / "two", "--jobs", "2")
        print(f"{options.documents} documents of {options.pages} pages, and a tenth of them")
        print("             wall s  processor s  pages/s  worker MB  parent MB")
        for name, cost in {"a tenth": few, "1 worker": one, "2 workers": two, "one changed": again}.items():
            rate = (pages if name != "a tenth" else pages // 10) / cost.wall
            print(f"{name:12}{cost.wall:7.1f}{cost.processor:13.1f}{rate:9.1f}{cost.worker:11.0f}{cost.parent:11.0f}")
        print(
            f"2 workers {one.wall / two.wall:.2f} × faster, same bytes: {same}; a worker's memory {one.worker / few.worker:.2f} × a tenth's"
        )
        print(
            f"one changed: {two.wall / again.wall:.0f} × faster, {two.processor / again.processor:.0f} × less of the processor"
        )
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
