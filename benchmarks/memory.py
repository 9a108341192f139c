"""Does a worker's memory stay flat? Small documents, one worker: what it and the parent hold after each of them.

Run by hand: `uv run python benchmarks/memory.py [--documents 1000] [--first 100]`. Memory after the last documents, as a
multiple of that after the first ones (each the median of fifty); the worker's must be at most 1.1, the parent's grows
with its rows.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from silence import document

from budgetperf import build

SAMPLES = 50


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--first", type=int, default=100)
    options = parser.parse_args()
    process = psutil.Process()
    held = {"worker": [], "parent": []}

    def progress(done: int, total: int, what) -> None:
        if isinstance(what, Path):
            held["worker"].append(sum(child.memory_info().rss for child in process.children()) / 2**20)
            held["parent"].append(process.memory_info().rss / 2**20)

    with tempfile.TemporaryDirectory() as name:
        for seed in range(options.documents):
            (Path(name) / f"{seed:05}.txt").write_text(document(seed)[1], "utf-8")
        build(name, jobs=1, progress=progress)
    ratios = {}
    for who, samples in held.items():
        first, last = samples[options.first - SAMPLES : options.first], samples[-SAMPLES:]
        early, late = statistics.median(first), statistics.median(last)
        ratios[who] = late / early
        print(
            f"{who}: {early:.0f} MB after {options.first} documents, {late:.0f} MB after {len(samples)}, "
            f"{max(samples):.0f} MB at most: {late / early:.2f} ×"
        )
    return 0 if ratios["worker"] <= 1.1 else 1


if __name__ == "__main__":
    sys.exit(main())
