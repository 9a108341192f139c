"""Seconds and peak memory of writing reports: the real document, and a county of 100 units with 2,000 projects.

uv run python benchmarks/report.py [--county]

Each format is written in a process of its own from a saved build, as `budgetperf report` does; time is wall time with
start-up, and the processor's.
"""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from datasets import county

import budgetperf
from budgetperf.audit.run import audit
from budgetperf.tables.store import save

ROOT = Path(__file__).parents[1]


def measured(command: list[str]) -> tuple[float, float, float]:
    """(wall seconds, CPU seconds, peak MB) of a command that must succeed."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "budgetperf.cli", *command], stdout=subprocess.DEVNULL, cwd=ROOT)
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0, command
    return time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        if "--county" in sys.argv:
            dataset = county(100, 20)
            dataset = replace(dataset, findings=audit(dataset))
        else:
            dataset = budgetperf.build(ROOT / "data/raw/huangyuan-chengguan-2024-approval.txt")
        print(f"{dataset!r} · 发现 {len(dataset.findings)}")
        save(dataset, Path(folder) / "data")
        for kind in ("docx", "xlsx", "html"):
            out = Path(folder) / f"report.{kind}"
            wall, cpu, memory = measured(["report", "--data", f"{folder}/data", "--out", str(out)])
            print(f"{kind}: {wall:.1f} s ({cpu:.1f} s CPU), {memory:.0f} MB, file {out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
