"""How often does a page break between two lines of prose lose text, and how often is a line that the break cut found?

`uv run python benchmarks/page_breaks.py [--breaks 20000] [--first 0]` draws objectives of generated projects, wraps
them to a column, breaks them between two lines or through one, and joins the pieces as a build does. A line cut through
its glyphs is read rightly from its upper half; of its lower half a share of the characters is read as others that look
like it from below (in the real document 8 of 11), digits decay into 0 and 1. A misread line of which hardly a character
is kept cannot be told from prose by its looks; the characters of the document then say whether it is strange to it.

`--paper` draws the same objectives in the cells of PDFs whose pages end at any height, as a browser or an office program
prints a table that it does not divide, and reads them: lines are cut at the page's edge, both halves by glyphs that are
whole in the file.
"""

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from generator.cut_pages import breaks_on_paper
from generator.halves import broken
from generator.truth import make_truth

from budgetperf.mend.breaks import join_pieces
from budgetperf.mend.halves import printed_characters

KINDS = {False: "break between two lines", True: "break through a line"}
OUTCOMES = ("right", "guessed", "in doubt", "wrong")  # wrong: and nothing says so
Break = tuple[bool, str, str, str, list[str]]  # through a line? · upper and lower piece · what is right · the document


def drawn_breaks(breaks: int, first: int) -> Iterator[Break]:
    """Pieces of objectives as text, of either kind as many."""
    for through in KINDS:
        rng, seed, done = random.Random(f"page breaks {first} {through}"), first, 0
        texts: list[str] = []
        while done < breaks:
            if not texts:
                texts = [str(p["objective"]) for p in make_truth(seed)["projects"]]
                seed += 1
            text = rng.choice(texts)
            drawn = broken(rng, text, through)
            if drawn is not None:
                done += 1
                yield through, *drawn, [other for other in texts if other != text]
            if rng.random() < 0.05:
                texts = []


def printed_breaks(breaks: int, first: int) -> Iterator[Break]:
    """Pieces of objectives as a PDF shows them on two pages."""
    done, seed = 0, first
    with tempfile.TemporaryDirectory() as folder:
        while done < breaks:
            texts = [str(p["objective"]) for p in make_truth(seed)["projects"]]
            for through, upper, lower, right in breaks_on_paper(texts, seed, Path(folder) / "paper.pdf"):
                done += 1
                yield through, upper, lower, right, [text for text in texts if text != right]
            seed += 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--breaks", type=int, default=20_000, help="breaks of either kind; on paper, of both together")
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--show", type=int, default=5, help="examples of each fault")
    parser.add_argument("--paper", action="store_true", help="read them from PDFs")
    arguments = parser.parse_args()
    counts, shown = Counter(), []
    drawn = (printed_breaks if arguments.paper else drawn_breaks)(arguments.breaks, arguments.first)
    for through, upper, lower, right, document in drawn:
        joined = join_pieces(upper, lower, printed=printed_characters([*document, upper, lower]))
        good = "".join(joined.text.split()) == "".join(right.split())
        doubted = joined.in_doubt or joined.guessed
        kind = (
            ("guessed" if doubted else "right") if good and not joined.in_doubt else "in doubt" if doubted else "wrong"
        )
        counts[through, kind] += 1
        if kind == "wrong" and len(shown) < 2 * arguments.show:
            shown.append((through, upper, lower, joined.text))
    for through, words in KINDS.items():
        total = sum(n for (kind, _), n in counts.items() if kind == through)
        shares = ", ".join(f"{kind} {counts[through, kind]} ({counts[through, kind] / max(total, 1):.3%})" for kind in OUTCOMES)  # fmt: skip
        print(f"{words}: {total}: {shares}")
    for example in shown:
        print("   ", *example, sep=" | ")
    return 0


if __name__ == "__main__":
    sys.exit(main())
