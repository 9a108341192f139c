"""Change one cell after another of real documents: is any change lost in silence?

`uv run python benchmarks/cell_change.py FILE_OR_FOLDER... [--most 200] [--seed 0] [--show 5]` tries every cell of each
document (a sample of `--most`, drawn from `--seed`, where it has more): either a table changes, or a check fails, or the
cell stands as the document's apparatus (title, note, signature, another table). Prints a line a document with losses, and
the sums.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from cell_change import lost_in_silence

SUFFIXES = {".pdf", ".xlsx", ".xls", ".docx", ".html", ".htm", ".txt", ".csv"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--most", type=int, default=200, help="cells tried a document")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    parser.add_argument("--show", type=int, default=5, help="losses shown a document")
    arguments = parser.parse_args()
    files = [f for p in arguments.paths for f in (sorted(p.rglob("*")) if p.is_dir() else [p]) if f.suffix in SUFFIXES]
    documents = cells = lost = failed = 0
    for path in files:
        try:
            tried, losses = lost_in_silence(path, arguments.most, arguments.seed)
        except Exception as error:
            failed += 1
            print(f"{path.name}: {type(error).__name__}: {str(error)[:150]}", flush=True)
            continue
        documents, cells, lost = documents + (tried > 0), cells + tried, lost + len(losses)
        if losses:
            print(f"{path.name}: {len(losses)} of {tried} lost in silence", flush=True)
        for loss in losses[: arguments.show]:
            print(f"    page {loss.page} row {loss.row} col {loss.col} {loss.role}: {loss.text!r} → {loss.changed!r}")
    print(
        f"{documents} documents read of {len(files)} ({failed} with errors): {cells} cells tried, {lost} lost in silence"
    )
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
