"""Documents with bytes changed at random, read one after the other: is any answered by a fault of our own, or without bound?

`uv run python benchmarks/fuzz.py [--minutes 5] [--kind pdf ...] [--first 0] [--keep DIR]` goes through the kinds in turn,
a seed each, until the minutes are over; prints what it tried and every fault with its kind and seed (`tests/fuzzing.py`
makes the same bytes of them again), and keeps the documents. Exit code 1 where a fault was found.

`uv run --with atheris python benchmarks/fuzz.py --guided html` goes on from what reached new code (atheris, libFuzzer)
instead of from the right document, for one kind; it stops at the first fault.
"""

import argparse
import itertools
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

if "--guided" in sys.argv:
    import atheris

    with atheris.instrument_imports(include=["budgetperf"]):
        from budgetperf.readers import excel, html, pdf, word  # noqa: F401  what is else imported when it is needed

from fuzzing import KINDS, changed, document, fault, mutated


def guided(kind: str, minutes: float, keep: Path) -> None:
    """Ends the process when the minutes are over, or at the first fault, which it keeps."""

    def one(data: bytes) -> None:
        if said := fault(data, kind):
            (keep / f"guided.{kind}").write_bytes(data)
            raise RuntimeError(said)

    corpus = keep / f"corpus-{kind}"
    corpus.mkdir(parents=True, exist_ok=True)
    (corpus / "right").write_bytes(document(kind))
    options = [f"-max_total_time={round(60 * minutes)}", "-max_len=200000", f"-artifact_prefix={keep}/", str(corpus)]
    atheris.Setup(
        [sys.argv[0], *options], one, custom_mutator=lambda data, size, seed: changed(bytes(data), kind, seed)[:size]
    )
    atheris.Fuzz()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--kind", nargs="*", default=list(KINDS), choices=KINDS)
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--keep", type=Path, help="folder for the documents that are answered by a fault")
    parser.add_argument("--guided", choices=KINDS, help="a kind to be gone through with atheris")
    arguments = parser.parse_args()
    if arguments.guided:
        guided(arguments.guided, arguments.minutes, arguments.keep or Path(tempfile.mkdtemp()))
    tried, faults, seconds = Counter(), Counter(), Counter()
    ends = time.monotonic() + 60 * arguments.minutes
    for seed in itertools.count(arguments.first):
        for kind in arguments.kind:
            if time.monotonic() > ends:
                for name in arguments.kind:
                    print(f"{name:6}{tried[name]:7} tried, {faults[name]} faults, {seconds[name]:.0f} s")
                return 1 if faults else 0
            data, began = mutated(kind, seed), time.process_time()
            said = fault(data, kind)
            tried[kind] += 1
            seconds[kind] += time.process_time() - began
            if said:
                faults[kind] += 1
                print(f"{kind} seed {seed}: {said[:300]}", flush=True)
                if arguments.keep:
                    arguments.keep.mkdir(parents=True, exist_ok=True)
                    (arguments.keep / f"{seed}.{kind}").write_bytes(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
