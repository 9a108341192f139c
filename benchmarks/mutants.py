"""Deliberate breaks of the code, one at a time: which of them do the tests notice?

`uv run --with cosmic-ray --with coverage python benchmarks/mutants.py FILE... --tests FILE... [--sample 120] [--seed 0]
[--folder mutants] [--minutes 8]` draws a sample of cosmic-ray's mutants that lie within functions of the FILEs. Each takes
its file's place in a copy of the checkout, on disk, as a build's worker processes read it there too; then the tests,
and the FILEs' own examples, that run its line are asked, the quickest first, until one fails. Which of them run which
lines is measured once. The same command goes on where the last one stopped; what survived is shown as differences. A
survivor may mean the same as the code: that is for people to judge.
"""

import argparse
import ast
import difflib
import json
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import coverage
import hypothesis  # noqa: F401  what every process needs is loaded once
import lxml.html  # noqa: F401
import pandas  # noqa: F401
import pyarrow.parquet  # noqa: F401
import pytest
import rapidfuzz  # noqa: F401
import scipy.sparse.csgraph  # noqa: F401
from cosmic_ray import plugins
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code

ROOT = Path(__file__).parents[1]
LIMIT = 120  # seconds of one mutant, beyond which it counts as killed
OPTIONS = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist"]


class Lines:
    """While tests run: which lines each runs, and how long it takes."""

    def __init__(self, sources: Path):
        self.coverage = coverage.Coverage(data_file=None, include=[f"{sources}/*"], config_file=False)
        self.seconds: dict[str, float] = {}
        self.coverage.start()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item):
        self.coverage.switch_context(item.nodeid)
        start = time.process_time()
        yield
        self.seconds[item.nodeid] = time.process_time() - start
        self.coverage.switch_context("")

    def found(self, checkout: Path) -> dict[str, list[tuple[float, str]]]:
        """file:line → the tests that run it, each with its seconds."""
        self.coverage.stop()
        data, found = self.coverage.get_data(), {}
        for file in data.measured_files():
            for line, tests in data.contexts_by_lineno(file).items():
                known = [(self.seconds[test], test) for test in tests if test in self.seconds]
                found[f"{Path(file).relative_to(checkout)}:{line}"] = known
        return found


def in_a_process(work, seconds: float = 3600) -> int | None:
    """The number that `work` returns in a process of its own, with all that it started; None where it takes too long."""
    child = os.fork()
    if child == 0:
        os.setsid()
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        os._exit(work())
    until = time.monotonic() + seconds
    while (ended := os.waitpid(child, os.WNOHANG)) == (0, 0) and time.monotonic() < until:
        time.sleep(0.02)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    if ended == (0, 0):
        os.waitpid(child, 0)
        return None
    return os.waitstatus_to_exitcode(ended[1])


def measured(checkout: Path, tests: list[str], kept: Path, until: float) -> dict[str, list[tuple[float, str]]]:
    """file:line → the tests that run it with their seconds, the quickest first; measured a file of tests at a time."""
    found: dict[str, list] = {}
    for number, test in enumerate(tests):
        file = kept / f"lines.{test.replace('/', '.')}.json"
        if not file.exists():
            if time.monotonic() > until:
                sys.exit(f"{number} of {len(tests)} files of tests measured: run the same command again")

            def measure(test=test, file=file) -> int:
                lines = Lines(checkout / "src")
                code = pytest.main([*OPTIONS, test], plugins=[lines])
                file.write_text(json.dumps(lines.found(checkout)), "utf-8")
                return code

            if in_a_process(measure) not in (0, 5):  # 5: a file of the code without an example
                file.unlink(missing_ok=True)
                sys.exit(f"{test} fails without any break: mend it first")
        for line, known in json.loads(file.read_text("utf-8")).items():
            found.setdefault(line, []).extend(known)
    return {line: sorted(known) for line, known in found.items()}


def mutants(path: Path) -> list[tuple[str, int, int, str]]:
    """(operator, its n-th place, line, function) of the mutants within a file's functions, one of a family a place; none
    of `strict=True`, which is a check of its own."""
    source = path.read_text("utf-8")
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    within = {line: f.name for f in functions for line in range(f.body[0].lineno, f.end_lineno + 1)}
    within = {line: name for line, name in within.items() if "strict=" not in source.splitlines()[line - 1]}
    nodes, families = list(ast_nodes(get_ast(source))), {}
    for name in sorted(plugins.operator_names()):
        try:
            operator = plugins.get_operator(name)()
        except TypeError:  # it wants arguments
            continue
        places = [start[0] for node in nodes for start, _ in operator.mutation_positions(node)]
        for number, line in enumerate(places):
            if line in within:
                families.setdefault((*name.split("_")[:2], number, line), []).append((name, number, line, within[line]))
    rng = random.Random(path.name)
    return [rng.choice(family) for family in families.values()]


def chosen_tests(known: list[tuple[float, str]], function: str, most: float) -> list[str]:
    """Of the tests that run a line those for which there is time: first what names the function, then the quickest."""
    asked, spent = [], 0.0
    for seconds, test in sorted(known, key=lambda one: (function.strip("_") not in one[1], one)):
        if asked and spent + seconds > most:
            break
        asked, spent = [*asked, test], spent + seconds
    return asked


def verdict(checkout: Path, path: str, source: str, tests: list[str]) -> str:
    """survived, killed, or unasked where no test runs the line."""
    if not tests:
        return "unasked"
    place = checkout / path
    shutil.copy2(place, place.with_suffix(".right"))
    try:
        place.write_text(source, "utf-8")
        code = in_a_process(lambda: int(pytest.main([*OPTIONS, "-x", *tests])), LIMIT)
    finally:
        os.replace(place.with_suffix(".right"), place)  # with its date: compiled code is found by that
    return "survived" if code == 0 else "killed"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", help="files of the checkout that are broken")
    parser.add_argument("--tests", nargs="+", required=True, help="files of tests that are asked")
    parser.add_argument("--sample", type=int, default=120)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, default=Path("mutants"), help="where the copy and what was found stay")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seconds", type=float, default=8, help="of tests asked a mutant")
    given = parser.parse_args()
    until, folder = time.monotonic() + 60 * given.minutes, given.folder.resolve()
    checkout, known = folder / "checkout", folder / "verdicts.json"
    if not checkout.exists():
        own = [str(folder)] if folder.is_relative_to(ROOT) else []  # not a room of the code that is called the same
        hidden = shutil.ignore_patterns(".*", "__pycache__")
        shutil.copytree(
            ROOT, checkout, ignore=lambda at, names: {*hidden(at, names), *(n for n in names if f"{at}/{n}" in own)}
        )
    sys.path[:0] = [str(checkout / "src"), str(checkout / "tests")]
    os.chdir(checkout)
    lines = measured(checkout, [*given.files, *given.tests], folder, until)
    sys.dont_write_bytecode, os.environ["PYTHONDONTWRITEBYTECODE"] = True, "1"
    verdicts = json.loads(known.read_text("utf-8")) if known.exists() else {}
    every = []
    for file in sorted(given.files):
        places = folder / f"{file.replace('/', '.')}.json"
        if not places.exists():  # looking for them takes longer than many a mutant
            places.write_text(json.dumps(mutants(checkout / file)), "utf-8")
        every += [(file, *mutant) for mutant in json.loads(places.read_text("utf-8"))]
    chosen = random.Random(given.seed).sample(every, min(given.sample, len(every)))
    shown: Counter[str] = Counter()
    for file, operator, number, line, function in chosen:
        key = f"{file} {operator} {number}"
        right = (checkout / file).read_text("utf-8")
        source = mutate_code(right, plugins.get_operator(operator)(), number)
        if key not in verdicts and time.monotonic() < until:
            asked = chosen_tests(lines.get(f"{file}:{line}", []), function, given.seconds)
            verdicts[key] = verdict(checkout, file, source, asked)
            known.write_text(json.dumps(verdicts, indent=0), "utf-8")
        word = verdicts.get(key, "not tried")
        shown[word] += 1
        if word in ("survived", "unasked"):
            print(f"{word}: {key}, line {line}")
            changed = difflib.unified_diff(right.splitlines(), source.splitlines(), lineterm="", n=0)
            print("\n".join(f"    {one}" for one in list(changed)[3:]))
    print(f"{len(chosen)} of {len(every)} mutants: " + ", ".join(f"{n} {word}" for word, n in shown.most_common()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
