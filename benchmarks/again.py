"""How many times faster a second build with one changed document is than the first, of a corpus built in pieces.

Run by hand, on a quiet machine: `uv run python benchmarks/again.py --folder DIR [--documents 1000] [--pages 10] [--sample 40]`.
DIR keeps the corpus and its build: an interrupted run goes on where it stopped. The first build's rate is that of `--sample`
documents of the corpus, built anew on one worker and on two in the same run as the second builds, and of one alone, so that what
a build costs whatever it reads counts once; so are all ratios.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from corpus import build, draw_corpus, hashes  # beside this file
from extract import draw_document

TIMES = 3  # second builds, each with another content of the one document; the middle one counts
STILL = 3  # seconds: a file younger than two is read again to be known


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--pages", type=int, default=10)
    parser.add_argument("--sample", type=int, default=40)
    parser.add_argument("--folder", type=Path, required=True, help="where the corpus and its build are kept")
    options = parser.parse_args()
    corpus, out = options.folder / f"{options.documents} of {options.pages}", options.folder / "built"
    draw_corpus(corpus, options.documents, options.pages)
    build(corpus, out, "--jobs", "2")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sample").mkdir()
        for number in range(options.sample):
            shutil.copy2(corpus / f"{number}.pdf", folder / "sample")
        alone = build(folder / "sample/0.pdf", folder / "alone", "--jobs", "2")
        one = build(folder / "sample", folder / "one", "--jobs", "1")
        two = build(folder / "sample", folder / "two", "--jobs", "2")
        same = hashes(folder / "one") == hashes(folder / "two")
    again = []
    for _ in range(TIMES):
        first = 8 * options.pages * (options.documents + int(time.time()) % 100_000)
        draw_document(corpus / f"{options.documents // 2}.pdf", options.pages, first=first)
        time.sleep(STILL)
        again.append(build(corpus, out, "--jobs", "2"))
    nothing = build(corpus, out, "--jobs", "2")
    second = statistics.median_low(again)
    more = (options.documents - 1) / (options.sample - 1)
    wall, processor = (a + more * (b - a) for a, b in zip(alone[:2], two[:2], strict=True))
    print(
        f"{options.sample} of {options.documents} documents of {options.pages} pages; then all, one changed, {TIMES} times"
    )
    print("               wall s  processor s  worker MB  parent MB")
    rows = {"one document": alone, "1 worker": one, "2 workers": two} | {
        f"one changed {n}": cost for n, cost in enumerate(again, 1)
    }
    for name, cost in (rows | {"none changed": nothing}).items():
        print(f"{name:14}{cost.wall:7.1f}{cost.processor:13.1f}{cost.worker:11.0f}{cost.parent:11.0f}")
    pages = options.sample * options.pages
    print(
        f"pages a second: {pages / one.wall:.1f} and {pages / two.wall:.1f}, 2 workers {one.wall / two.wall:.2f} × faster; same bytes: {same}"
    )
    print(f"first build of all, at the sample's rate on 2 workers: {wall:.0f} s, {processor:.0f} s of processors")
    print(
        f"one changed: {wall / second.wall:.0f} × faster, {processor / second.processor:.0f} × less of the processors;"
        f" none changed: {wall / nothing.wall:.0f} ×"
    )
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
