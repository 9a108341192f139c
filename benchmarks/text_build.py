"""Time and memory of building a generated text of 1,000 and of 10,000 projects: linear is wanted (ratio ≤ 12, < 2 GB).

Run by hand: `uv run python benchmarks/text_build.py [--projects 1000 10000] [--profile N]`. Each document is built in a
process of its own; writing the text and importing the package are not counted in the time, imports are in the memory.
`--profile N` prints instead the N hottest functions of building the smallest document.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MOST_RATIO, MOST_MEGABYTES = 12, 2048


def write_document(path: Path, projects: int, worse: bool) -> None:
    """A text of so many projects of one unit, pages wrapped, cells moved; `worse`: also lines cut by page breaks."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from generator.text import to_text
    from generator.truth import make_truth

    truth = make_truth(1, projects=projects, name_cut=12, near_duplicates=0.0)
    path.write_text(to_text(truth, 1, real=worse), encoding="utf-8")


def imported(folder: Path):
    """`build`, once it has built a document of one project and so imported what it needs."""
    from budgetperf.pipeline import build

    write_document(folder / "one.txt", 1, worse=False)
    build([folder / "one.txt"], jobs=0)
    return build


def measure(path: Path) -> dict:
    """One build in this process: seconds, peak megabytes, rows."""
    build = imported(path.parent)
    began = time.perf_counter()
    dataset = build([path], jobs=0)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    failed = int((~dataset.checks["passed"]).sum())
    status = dataset.documents["status"].item()
    return {
        "seconds": seconds, "megabytes": peak, "projects": len(dataset.projects), "indicators": len(dataset.indicators),
        "cells": len(dataset.cells), "repairs": len(dataset.repairs), "failed": failed, "status": status,
    }  # fmt: skip


def profile(path: Path, most: int) -> None:
    import cProfile
    import pstats

    build = imported(path.parent)
    profiler = cProfile.Profile()
    profiler.runcall(build, [path], jobs=0)
    pstats.Stats(profiler).sort_stats("cumulative").print_stats("budgetperf", most)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(most)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--projects", type=int, nargs="+", default=[1000, 10000])
    parser.add_argument("--worse", action="store_true", help="documents of the worse kind of print")
    parser.add_argument("--profile", type=int, metavar="N")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measure(arguments.measure)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        results = []
        for projects in sorted(arguments.projects):
            path = Path(folder) / f"{projects}.txt"
            write_document(path, projects, arguments.worse)
            if arguments.profile:
                profile(path, arguments.profile)
                return 0
            command = [sys.executable, __file__, "--measure", str(path)]
            run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
            results.append(json.loads(run.stdout.splitlines()[-1]))
            if len(results) == 1:
                print(
                    f"{'projects':>9}{'indicators':>12}{'cells':>10}{'repairs':>9}"
                    f"{'seconds':>9}{'MB':>7}{'failed':>8}  status"
                )
            r = results[-1]
            print(
                f"{r['projects']:9,}{r['indicators']:12,}{r['cells']:10,}{r['repairs']:9,}{r['seconds']:9.1f}{r['megabytes']:7.0f}"
                f"{r['failed']:8}  {r['status']}",
                flush=True,
            )
    first, last = results[0], results[-1]
    growth, ratio = last["projects"] / first["projects"], last["seconds"] / first["seconds"]
    wanted = MOST_RATIO * growth / 10
    print(
        f"{growth:.0f} times the projects in {ratio:.1f} times the time (wanted ≤ {wanted:.0f}), "
        f"{last['megabytes']:.0f} MB (wanted < {MOST_MEGABYTES})"
    )
    return 0 if ratio <= wanted and last["megabytes"] < MOST_MEGABYTES else 1


if __name__ == "__main__":
    sys.exit(main())
