"""Cells of ruled PDFs as camelot's vector engine gives them against ours: why the reader draws tables itself.

uv run python benchmarks/camelot_cells.py FILE.pdf ...      these documents
uv run python benchmarks/camelot_cells.py --tries 4         so many generated ones a layout

Each of our cells with text is compared with the camelot cell at its middle (joined where camelot reports no edge
between two), white space left out. What a generated document prints is known, so of cells that differ it is told whose
text the document's truth holds.
"""

import argparse
import re
import sys
import tempfile
import warnings
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import camelot
from formats import LAYOUTS, write

from budgetperf.readers.pdf import read_pdf
from budgetperf.readers.pdf.records import CAMELOT_LAYOUT

Cell = tuple[float, float, float, float, str]


def plain(text: str | None) -> str:
    return re.sub(r"\s+", "", text or "")


def camelot_cells(path: Path) -> dict[int, list[Cell]]:
    """Page → (x0, y0, x1, y1, text), origin top left."""
    found = defaultdict(list)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tables = camelot.read_pdf(
            str(path), pages="all", flavor="lattice", engine="vector", layout_kwargs=CAMELOT_LAYOUT
        )
    for table in tables:
        height = table.pdf_size[1]
        for group in joined(table.cells):
            box = min(c.x1 for c in group), height - max(c.y2 for c in group)
            box += max(c.x2 for c in group), height - min(c.y1 for c in group)
            found[table.page].append((*box, plain("".join(c.text for c in group))))
    return found


def joined(grid: list[list]) -> list[list]:
    """The grid's cells in groups between which edges stand."""
    left, groups = {(r, c) for r in range(len(grid)) for c in range(len(grid[0]))}, []
    while left:
        group, edge = [], [min(left)]
        while edge:
            row, column = place = edge.pop()
            if place not in left:
                continue
            left.remove(place)
            group.append(place)
            cell = grid[row][column]
            steps = (cell.top, -1, 0), (cell.bottom, 1, 0), (cell.left, 0, -1), (cell.right, 0, 1)
            edge += [(row + down, column + right) for closed, down, right in steps if not closed]
        groups.append([grid[row][column] for row, column in sorted(group)])
    return groups


def differing(path: Path) -> tuple[int, list[tuple[int, str, str | None]]]:
    """How many cells have text, and (page, our text, camelot's) of those that differ."""
    ours, theirs = read_pdf(path).cells, camelot_cells(path)
    ours = ours[(ours["table"] > 0) & (ours["text"].map(plain) != "")]
    differ = []
    for cell in ours.itertuples():
        x, y = (cell.x0 + cell.x1) / 2, (cell.y0 + cell.y1) / 2
        around = [c for c in theirs[cell.page] if c[0] - 1 <= x <= c[2] + 1 and c[1] - 1 <= y <= c[3] + 1]
        other = min(around, key=lambda c: (c[2] - c[0]) * (c[3] - c[1]), default=None)
        if other is None or other[4] != plain(cell.text):
            differ.append((cell.page, plain(cell.text), other and other[4]))
    return len(ours), differ


def told(name: str, cells: int, differ: list, truth: set[str] | None) -> Counter:
    """Prints a line a document, with the first two cells that differ; the counts."""
    counts = Counter(documents=1, cells=cells, differ=len(differ), concerned=bool(differ))
    if truth is not None:
        counts["ours is right"] = sum(ours in truth for _, ours, _ in differ)
        counts["camelot's is right"] = sum(bool(theirs) and theirs in truth for _, _, theirs in differ)
    if differ:
        print(f"{name}: {len(differ)} of {cells} cells", *(f"\n  {one}" for one in differ[:2]))
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--tries", type=int, default=0, help="generated documents a layout")
    parser.add_argument("--first", type=int, default=700, help="first seed")
    arguments = parser.parse_args()
    total: Counter = Counter()
    for path in arguments.files:
        total += told(path.name, *differing(path), None)
    with tempfile.TemporaryDirectory() as folder:
        for layout in LAYOUTS:
            for seed in range(arguments.first, arguments.first + arguments.tries):
                path, truth, _ = write("pdf", layout, seed, Path(folder))
                texts = {
                    plain(str(v)) for table in ("projects", "indicators") for row in truth[table] for v in row.values()
                }
                total += told(path.name, *differing(path), texts)
    print(dict(total))


if __name__ == "__main__":
    main()
