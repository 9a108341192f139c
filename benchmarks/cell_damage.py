"""What becomes of a damaged cell in every layout and format: right, repaired or open, or wrong in silence.

`uv run python benchmarks/cell_damage.py [--tries 2] [--first 0] [--kind KIND ...] [--format html ...] [--layout form ...]`
prints a line a format and layout, and each silent one, so that it can be repeated. Documents that are not right and
reconciled without damage are left out; so are kinds that could have been printed just so.
"""

import argparse
import itertools
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from formats import FORMATS, LAYOUTS
from generator.cell_damage import KINDS, UNNOTICEABLE, damaged
from generator.docx import to_docx
from generator.html import to_html
from generator.pdf import to_pdf
from generator.truth import make_truth, random_options
from generator.xlsx import to_xlsx
from scoring import wrong_cells

from budgetperf.pipeline import build_document

OUTCOMES = ["right", "open", "refused", "silent"]


def outcome(truth: dict, printed: dict, path: Path, seed: int) -> tuple[str, list[dict]]:
    """What becomes of a document printed as `printed`, and its silent cells."""
    if path.suffix == ".pdf":
        to_pdf(printed, seed, path)
    elif path.suffix == ".html":
        path.write_text(to_html(printed, seed), encoding="utf-8")
    else:
        {".xlsx": to_xlsx, ".docx": to_docx}[path.suffix](printed, path)
    dataset = build_document(path)
    wrong = wrong_cells(truth, dataset)
    silent = [cell for cell in wrong if not cell["flagged"]]
    status = dataset.documents["status"].item()
    return (
        "refused"
        if status == "unreadable"
        else "silent"
        if silent
        else "right"
        if not wrong and status == "reconciled"
        else "open",
        silent,
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tries", type=int, default=2, help="documents a format and layout")
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--kind", nargs="*", default=sorted(set(KINDS) - UNNOTICEABLE), choices=KINDS)
    parser.add_argument("--format", nargs="*", default=FORMATS, choices=FORMATS)
    parser.add_argument("--layout", nargs="*", default=LAYOUTS, choices=LAYOUTS)
    parser.add_argument("--projects", type=int, default=4, help="projects a document")
    parser.add_argument("--minutes", type=float, default=600, help="stop after so long")
    arguments = parser.parse_args()
    ends, total = time.monotonic() + 60 * arguments.minutes, Counter()
    for format, layout in itertools.product(arguments.format, arguments.layout):
        counts = Counter()
        for seed in range(arguments.first, arguments.first + arguments.tries):
            truth = make_truth(seed, **random_options(seed, layout) | {"projects": arguments.projects, "units": 1})
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / f"a.{format}"
                if outcome(truth, truth, path, seed)[0] != "right":
                    continue
                for kind in arguments.kind:
                    printed, what = damaged(truth, kind, random.Random(f"{kind} {seed}"))
                    if not what or time.monotonic() > ends:
                        continue
                    found, silent = outcome(truth, printed, path, seed)
                    counts[found] += 1
                    if silent:
                        print(f"{format} {layout} {kind} seed {seed}: {what}\n    {silent[0]}", flush=True)
        print(f"{format:6}{layout:10}" + "".join(f"{name} {counts[name]:<6}" for name in OUTCOMES), flush=True)
        total += counts
    print(f"{'all':16}" + "".join(f"{name} {total[name]:<6}" for name in OUTCOMES))
    return 1 if total["silent"] else 0


if __name__ == "__main__":
    sys.exit(main())
