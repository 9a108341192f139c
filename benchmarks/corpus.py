"""Building a corpus: pages a second on 1 and 2 workers, memory of a worker, and a second build with one changed document.

Run by hand: `uv run python benchmarks/corpus.py [--documents 100] [--pages 10]`. Generated PDF documents, built through
the command line in processes of their own; ratios within the run. The times are wall clock: use a quiet machine.
"""

import argparse
import contextlib
import hashlib
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
from extract import draw_document  # beside this file


def draw_corpus(folder: Path, documents: int, pages: int) -> None:
    """Documents of different units and projects: none is a twin of another."""
    folder.mkdir(parents=True)
    for number in range(documents):
        draw_one(folder, number, pages)


def draw_one(folder: Path, number: int, pages: int) -> None:
    unit = f"{744001 + number}-某某县第{number + 1}局"
    draw_document(folder / f"{number}.pdf", pages, first=8 * pages * number, unit=unit)


def build(corpus: Path, out: Path, *more: str) -> tuple[float, float]:
    """Seconds of one build, and the most megabytes that one of its workers held."""
    began, most = time.perf_counter(), 0
    command = [sys.executable, "-m", "budgetperf.cli", "build", str(corpus), "--out", str(out), *more]
    process = psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    while process.poll() is None:
        with contextlib.suppress(psutil.Error):
            most = max([most, *(child.memory_info().rss for child in process.children())])
        time.sleep(0.2)
    error = process.stderr.read()
    if process.returncode not in (0, 1):
        raise SystemExit(error)
    return time.perf_counter() - began, most / 2**20


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if path.is_file()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--pages", type=int, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        draw_corpus(folder / "small", max(2, options.documents // 10), options.pages)
        draw_corpus(folder / "corpus", options.documents, options.pages)
        pages = options.documents * options.pages
        few, memory_few = build(folder / "small", folder / "few", "--jobs", "1")
        one, memory = build(folder / "corpus", folder / "one", "--jobs", "1")
        two, _ = build(folder / "corpus", folder / "two", "--jobs", "2")
        same = hashes(folder / "one") == hashes(folder / "two")
        draw_document(
            folder / "corpus/0.pdf", options.pages, first=8 * options.pages * options.documents
        )  # another unit
        again, _ = build(folder / "corpus", folder / "two", "--jobs", "2")
        print(f"{options.documents} documents of {options.pages} pages; a tenth of them: {few:.1f} s")
        print(
            f"1 worker  {one:7.1f} s {pages / one:7.1f} pages/s, worker {memory:.0f} MB ({memory / memory_few:.2f} × that of a tenth)"
        )
        print(f"2 workers {two:7.1f} s {pages / two:7.1f} pages/s, {one / two:.2f} ×; same bytes: {same}")
        print(f"again, one document changed {again:.1f} s, {two / again:.1f} × faster")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
