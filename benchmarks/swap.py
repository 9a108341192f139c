"""Kills aimed into the exchange of one build for another, and races of writers and readers: no build is ever mixed.

Run by hand: `uv run python benchmarks/swap.py [--kills 100] [--races 100]`. Every table of a build carries the build's
number, so that a mixture shows. A kill ends the writer (no handler runs) at the n-th call that changes the folder, each
n in turn, then at random moments; afterwards the folder is loaded, and its CSV files are compared with datapackage.json.
A race lets two writers and two readers at one folder. Prints what was found; exit code 1 if a build was mixed.
"""

import argparse
import csv
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pandas as pd

from budgetperf.errors import InputError
from budgetperf.tables import swap
from budgetperf.tables.dataset import Dataset, typed
from budgetperf.tables.declared import TABLES
from budgetperf.tables.store import load, save

KILLED = 77


def numbered(number: int) -> Dataset:
    """A build whose every table says its number."""
    key, text = f"d{number}", str(number)
    rows = {
        "documents": {"document_id": [key], "source": [text], "status": ["open"]},
        "projects": {"document_id": [key], "project_no": [1], "project_name": [text]},
        "indicators": {"document_id": [key], "project_no": [1], "indicator_no": [1], "name": [text]},
        "checks": {"document_id": [key], "check": ["total"], "passed": [True], "note": [text]},
    }
    return Dataset(**{name: typed(pd.DataFrame(rows.get(name, {})), name) for name in TABLES})


def number_of(dataset: Dataset) -> int:
    """The number of a loaded build; AssertionError where its tables are of two."""
    found = {*dataset.documents["source"], *dataset.projects["project_name"], *dataset.indicators["name"]}
    found |= {*dataset.checks["note"]}
    assert len(found) == 1, f"mixed: {found}"
    return int(found.pop())


def numbers_in_csv(folder: Path) -> set[str]:
    columns = {"documents": "source", "projects": "project_name", "indicators": "name", "checks": "note"}
    found = set()
    for table, column in columns.items():
        with (folder / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
            found |= {row[column] for row in csv.DictReader(file)}
    return found


def apart(function, *arguments) -> int:
    """The function in a forked process, whose number this is."""
    child = os.fork()
    if child:
        return child
    try:
        function(*arguments)
        os._exit(0)
    except BaseException as fault:
        print(f"writer: {fault!r}", file=sys.stderr)
        os._exit(1)


def exit_code(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def save_until(folder: Path, number: int, step: int) -> None:
    """Save, and end as if killed at the `step`-th change that `swap` makes to the folder."""
    left = [step]

    def counted(change):
        def run(*arguments, **options):
            left[0] -= 1
            if left[0] == 0:
                os._exit(KILLED)
            return change(*arguments, **options)

        return run

    for name in ("rename", "replace", "link"):
        setattr(swap.os, name, counted(getattr(os, name)))
    swap.shutil.rmtree, swap.Path.unlink = counted(swap.shutil.rmtree), counted(swap.Path.unlink)
    save(numbered(number), folder)


def kill(folder: Path, number: int, step: int) -> str:
    """One kill and what it left: "old" or "new", whole for `load` and for a reader of CSV once `load` was there."""
    before = number_of(load(folder))
    code = exit_code(apart(save_until, folder, number, step))
    marked = (folder / "datapackage.json").exists()
    as_left = numbers_in_csv(folder)
    assert not marked or len(as_left) == 1, "datapackage.json beside files of two builds"
    after = number_of(load(folder))
    assert after in (before, number) and numbers_in_csv(folder) == {str(after)}, "mixed after load"
    assert (folder / "datapackage.json").exists()
    if code == 0:
        return "not killed"
    return ("new" if after == number else "old") + ("" if len(as_left) == 1 else ", finished by load")


def random_kill(folder: Path, number: int) -> str:
    """A SIGKILL at a random moment of a writer that saves over and over."""
    before = number_of(load(folder))
    writer = apart(write, folder, number, 60)
    time.sleep(0.1 + random.random() * 0.2)
    os.kill(writer, signal.SIGKILL)
    exit_code(writer)
    after = number_of(load(folder))
    assert after in (before, number) or number <= after < number + 10_000
    assert numbers_in_csv(folder) == {str(after)}
    return "killed at random"


def write(folder: Path, first: int, seconds: float) -> None:
    """Save builds one after another, for so long."""
    end, number = time.monotonic() + seconds, first
    while time.monotonic() < end:
        save(numbered(number), folder)
        number += 1


def race(folder: Path, seconds: float) -> Counter:
    """Two writers, and a reader here: every load is of one build; CSV that datapackage.json vouches for is, too."""
    writers = [apart(write, folder, first, seconds) for first in (1_000_000, 2_000_000)]
    end = time.monotonic() + seconds
    seen: Counter = Counter()
    while time.monotonic() < end:
        number_of(load(folder))
        seen["loads"] += 1
        try:
            before = (folder / "datapackage.json").read_text()
            found = numbers_in_csv(folder)
            vouched = json.loads(before) and before == (folder / "datapackage.json").read_text()
        except FileNotFoundError:
            vouched = False
        if vouched:
            assert len(found) == 1, f"mixed CSV: {found}"
        seen["csv vouched for" if vouched else "csv in exchange"] += 1
    assert not any(list(map(exit_code, writers)))
    assert numbers_in_csv(folder) == {str(number_of(load(folder)))}
    return seen


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--races", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=0.3, help="of each race")
    options = parser.parse_args()
    outcomes: Counter = Counter()
    faults = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "out"
        save(numbered(1), folder)
        step = 1
        for number in range(2, options.kills + 2):
            try:
                found = kill(folder, number, step)
                if found == "not killed":  # past the last change: one at random, then from the first again
                    found, step = random_kill(folder, 10_000 * number), 0
                step += 1
                outcomes[found] += 1
            except (AssertionError, InputError) as fault:
                faults.append(f"kill {number}, step {step}: {fault}")
                step += 1
        seen: Counter = Counter()
        for number in range(options.races):
            try:
                seen += race(folder, options.seconds)
            except (AssertionError, InputError) as fault:
                faults.append(f"race {number}: {fault}")
        left = [path.name for path in folder.glob(".*")]
    print(f"{options.kills} kills: {dict(outcomes)}")
    print(f"{options.races} races: {dict(seen)}")
    print(f"mixed or lost: {len(faults)}; left over: {left}", *faults, sep="\n  ")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
