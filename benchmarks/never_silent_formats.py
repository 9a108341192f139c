"""How many cells of generated documents come back right, in each format and layout, and is a wrong one ever silent?

`uv run python benchmarks/never_silent_formats.py [--tries 20] [--format pdf ...] [--layout form ...] [--first 0]`
writes that many documents a format and layout, each in a style of its own (page breaks, rules, fonts, rotation, merged
cells, spellings), builds and compares them cell by cell with their truth, and prints a table and the wrong ones,
smallest first, with what is needed to repeat them: format, layout, seed. `--keep DIR` keeps the documents read wrong.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from formats import FORMATS, LAYOUTS, Trial, trial

COLUMNS = ["tried", "perfect", "cells", "right %", "flagged", "silent"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tries", type=int, default=20, help="documents a format and layout")
    parser.add_argument("--format", nargs="*", default=FORMATS, choices=FORMATS)
    parser.add_argument("--layout", nargs="*", default=LAYOUTS, choices=LAYOUTS)
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--projects", type=int, help="projects a document (without: 2-14)")
    parser.add_argument("--font", type=Path, help="font file to embed in the PDFs (without: a font of the viewer's)")
    parser.add_argument("--show", type=int, default=3, help="wrong documents shown a format and layout")
    parser.add_argument("--keep", type=Path, help="folder for the documents read wrong")
    arguments = parser.parse_args()
    began, results = time.monotonic(), []
    embedded = {"font": str(arguments.font)} if arguments.font else {}
    with tempfile.TemporaryDirectory() as folder:
        for format in arguments.format:
            for layout in arguments.layout:
                for seed in range(arguments.first, arguments.first + arguments.tries):
                    style = embedded if format == "pdf" else {}
                    result = trial(format, layout, seed, Path(folder), projects=arguments.projects, **style)
                    results.append(result)
                    path = Path(folder) / f"{layout}-{seed}.{format}"
                    if result.wrong and arguments.keep:
                        arguments.keep.mkdir(parents=True, exist_ok=True)
                        shutil.copy(path, arguments.keep)
                    path.unlink()
    print(f"{'format':8}{'layout':12}" + "".join(f"{name:>10}" for name in COLUMNS))
    for format in arguments.format:
        for layout in arguments.layout:
            print(_line(format, layout, [r for r in results if (r.format, r.layout) == (format, layout)]))
    print(_line("all", "", results), f"  {time.monotonic() - began:.0f} s")
    for format in arguments.format:
        for layout in arguments.layout:
            bad = [r for r in results if (r.format, r.layout) == (format, layout) and r.wrong]
            for result in sorted(bad, key=lambda r: (not r.silent, r.cells))[: arguments.show]:
                _show(result)
    return 1 if any(result.silent for result in results) else 0


def _line(format: str, layout: str, results: list[Trial]) -> str:
    cells, wrong = sum(r.cells for r in results), sum(len(r.wrong) for r in results)
    silent = sum(len(r.silent) for r in results)
    right = 100 * (cells - wrong) / cells if cells else 0
    numbers = [len(results), sum(not r.wrong for r in results), cells, f"{right:.2f}", wrong - silent, silent]
    return f"{format:8}{layout:12}" + "".join(f"{number:>10}" for number in numbers)


def _show(result: Trial) -> None:
    wrong = f"{len(result.wrong)} of {result.cells} cells wrong, {len(result.silent)} silent"
    print(f"{result.format} {result.layout} seed {result.seed} ({result.status}): {wrong}; {result.made}")
    print(f"    fields {dict(Counter(cell['field'] for cell in result.wrong))}")
    for cell in (result.silent or result.wrong)[:3]:
        print(f"    {cell}")


if __name__ == "__main__":
    sys.exit(main())
