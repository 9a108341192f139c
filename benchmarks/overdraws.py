"""What becomes of a page over which one thing was drawn at a random place: as shown, flagged, or read otherwise in silence.

`uv run python benchmarks/overdraws.py [--tries 10] [--first 0] [--kind KIND ...]` draws a page of a generated document,
one thing of each kind over it, reads both, and prints a table. Right is what the page shows: the text of the table, less
what was hidden, with what was written into it. Cells that differ on a page with a failed remark are flagged; any other
is silent and printed, so that it can be repeated.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from generator.overdraws import OVERDRAWS
from overdrawn import OUTCOMES, trial


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tries", type=int, default=10, help="pages a kind")
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--kind", nargs="*", default=list(OVERDRAWS), choices=list(OVERDRAWS))
    parser.add_argument("--show", type=int, default=2, help="silent examples a kind")
    parser.add_argument("--keep", type=Path, help="folder for the pages read otherwise in silence")
    arguments = parser.parse_args()
    began, total = time.monotonic(), Counter()
    print(f"{'kind':28}" + "".join(f"{name:>10}" for name in OUTCOMES))
    with tempfile.TemporaryDirectory() as folder:
        for kind in arguments.kind:
            counts, shown = Counter(), 0
            for seed in range(arguments.first, arguments.first + arguments.tries):
                result = trial(kind, seed, Path(folder) / f"{kind}-{seed}.pdf")
                counts[result.outcome] += 1
                if result.outcome == "silent" and shown < arguments.show:
                    shown += 1
                    print(f"    seed {seed}: {result.what}")
                if result.outcome == "silent" and arguments.keep:
                    arguments.keep.mkdir(parents=True, exist_ok=True)
                    (Path(folder) / f"{kind}-{seed}.pdf").rename(arguments.keep / f"{kind}-{seed}.pdf")
            print(f"{kind:28}" + "".join(f"{counts[name] or '':>10}" for name in OUTCOMES), flush=True)
            total += counts
    print(f"{'all':28}" + "".join(f"{total[name]:>10}" for name in OUTCOMES), f"  {time.monotonic() - began:.0f} s")
    return 1 if total["silent"] else 0


if __name__ == "__main__":
    sys.exit(main())
