"""How often is a damaged document read wrongly without a word? Wanted: never.

`uv run python benchmarks/never_silent.py [--tries 200] [--kind KIND ...] [--first 0] [--show 5]` puts one random
fault of each kind into that many generated documents, builds them, and prints a table of what became of them, with
the silent ones named so that they can be repeated. What no reader could notice is counted apart (`beyond`, see
tests/silence.py).
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from generator.damage import KINDS
from silence import OUTCOMES, trial

from budgetperf.pipeline import build_document


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tries", type=int, default=200, help="documents a kind")
    parser.add_argument("--kind", nargs="*", default=KINDS, choices=KINDS)
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--show", type=int, default=5, help="silent examples a kind")
    parser.add_argument("--keep", type=Path, help="folder for the silent documents")
    arguments = parser.parse_args()
    began, counts, silent = time.monotonic(), {kind: Counter() for kind in arguments.kind}, []
    with tempfile.TemporaryDirectory() as folder:

        def build(text: str):
            path = Path(folder) / "damaged.txt"
            path.write_text(text, encoding="utf-8")
            return build_document(path)

        untouched = Counter()
        for seed in range(arguments.first, arguments.first + arguments.tries):
            before = trial("", seed, build)
            untouched[before.outcome] += 1
            if before.outcome == "silent":  # the fault is not the damage's: count it once
                silent.append(before)
                continue
            for kind in arguments.kind:
                result = trial(kind, seed, build)
                if result:
                    counts[kind][result.outcome] += 1
                    if result.outcome == "silent":
                        silent.append(result)
    print(f"{'kind':20}{'tried':>8}" + "".join(f"{name:>10}" for name in OUTCOMES))
    print(_line("(untouched)", untouched))
    for kind in arguments.kind:
        print(_line(kind, counts[kind]))
    print(_line("all damages", sum(counts.values(), Counter())), f"  {time.monotonic() - began:.0f} s")
    for kind in ["", *arguments.kind]:
        for result in [r for r in silent if r.kind == kind][: arguments.show]:
            print(f"{kind or '(untouched)'} seed {result.seed}: {result.what}")
            print(f"    {len(result.cells)} silent cells, the first: {result.cells[0]}")
    for result in silent if arguments.keep else []:
        arguments.keep.mkdir(parents=True, exist_ok=True)
        (arguments.keep / f"{result.kind or 'untouched'}-{result.seed}.txt").write_text(result.text, encoding="utf-8")
    return 1 if silent else 0


def _line(kind: str, counts: Counter) -> str:
    return f"{kind:20}{counts.total():8}" + "".join(f"{counts[name]:10}" for name in OUTCOMES)


if __name__ == "__main__":
    sys.exit(main())
