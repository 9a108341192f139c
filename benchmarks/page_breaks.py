"""How often does a page break between two lines of prose lose text, and how often is a line that the break cut found?

`uv run python benchmarks/page_breaks.py [--breaks 20000] [--first 0]` draws objectives of generated projects, wraps
them to a column, breaks them between two lines or through one, and joins the pieces as a build does. A line cut through
its glyphs is read rightly from its upper half; of its lower half a share of the characters is read as others that look
like it from below (in the real document 8 of 11), digits decay into 0 and 1.
"""

import argparse
import random
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from generator.halves import broken
from generator.truth import make_truth

from budgetperf.mend.breaks import join_pieces


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--breaks", type=int, default=20_000, help="breaks of either kind")
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--show", type=int, default=5, help="examples of each fault")
    arguments = parser.parse_args()
    counts, shown = Counter(), []
    for through in (False, True):
        rng, seed, done = random.Random(f"page breaks {arguments.first} {through}"), arguments.first, 0
        texts: list[str] = []
        while done < arguments.breaks:
            if not texts:
                texts = [str(p["objective"]) for p in make_truth(seed)["projects"]]
                seed += 1
            drawn = broken(rng, rng.choice(texts), through)
            if rng.random() < 0.05:
                texts = []
            if drawn is None:
                continue
            upper, lower, right = drawn
            joined = join_pieces(upper, lower)
            good = "".join(joined.text.split()) == "".join(right.split())
            kind = "right" if good and not joined.in_doubt else "in doubt" if joined.in_doubt else "wrong"
            done += 1
            counts[through, kind] += 1
            if kind == "wrong" and len(shown) < 2 * arguments.show:
                shown.append((through, upper, lower, joined.text))
    for through, words in ((False, "break between two lines"), (True, "break through a line")):
        total = sum(n for (kind, _), n in counts.items() if kind == through)
        shares = ", ".join(f"{kind} {counts[through, kind]} ({counts[through, kind] / total:.3%})" for kind in ("right", "in doubt", "wrong"))  # fmt: skip
        print(f"{words}: {total}: {shares}")
    for example in shown:
        print("   ", *example, sep=" | ")
    return 0


if __name__ == "__main__":
    sys.exit(main())
