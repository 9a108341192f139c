"""How well and how fast are scans read?

`uv run --extra ocr python benchmarks/scans.py [--first 0] [--tries 60] [--style worse|office]` prints that many generated documents,
scans them with scanners drawn at random, builds them, and counts the cells that are right, wrong and flagged, wrong and
silent. `... --cost FILE.pdf` reads the pages of a scan, then runs rapidocr bare on the same pictures: seconds a page
and the most memory of each, with as many cores as the process may use (`taskset -c 0` for one).
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from generator.pdf import random_style as print_style
from generator.pdf import to_pdf
from generator.scan import office_style, random_style, to_scan, worse_style
from generator.truth import make_truth, random_options
from scoring import score

import budgetperf

STYLES = {"random": random_style, "worse": worse_style, "office": office_style}
LAYOUTS = ["approval", "sichuan", "onevalue", "form", "selfeval"]
BARE = """
import sys, numpy, pypdfium2, rapidocr
engine = rapidocr.RapidOCR()
for page in pypdfium2.PdfDocument(sys.argv[1]):
    engine(numpy.asarray(page.render(scale=200 / 72).to_pil().convert("RGB")))
"""
OURS = "import sys, pathlib; from budgetperf.readers import read; read(pathlib.Path(sys.argv[1]))"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--tries", type=int, default=60, help="documents")
    parser.add_argument(
        "--style", choices=STYLES, default="random", help="scanners: as they come, worse, an office's old one"
    )
    parser.add_argument("--cost", type=Path, help="a scan whose reading is timed")
    arguments = parser.parse_args()
    return cost(arguments.cost) if arguments.cost else quality(arguments.first, arguments.tries, arguments.style)


def quality(first: int, tries: int, style_name: str) -> int:
    """A line a document and a sum; 1 where a cell is silently wrong."""
    cells = wrong = silent = reconciled = unread = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, first + tries):
            layout, path = LAYOUTS[seed % len(LAYOUTS)], Path(folder) / f"scan{seed}.pdf"
            options = {**random_options(seed, layout), "projects": random.Random(seed).randint(1, 3)}
            truth = make_truth(seed, **options)
            to_pdf(truth, seed, Path(folder) / "print.pdf", **print_style(seed))
            style = STYLES[style_name](seed)
            pages, began = to_scan(Path(folder) / "print.pdf", seed, path, **style), time.monotonic()
            dataset = budgetperf.build([path], jobs=0)
            status, seconds = dataset.documents["status"].iat[0], (time.monotonic() - began) / pages
            faults = ", ".join(f"{k} {v:.2g}" if isinstance(v, float) else f"{k} {v}" for k, v in style.items())
            if status == "unreadable":
                unread += 1
                print(f"{seed} {layout}: unreadable ({dataset.findings['message'].iat[0]}) · {faults}", flush=True)
                continue
            total, bad, unsaid = score(truth, dataset)
            cells, wrong, silent = cells + total, wrong + bad, silent + unsaid
            reconciled += status == "reconciled"
            became = f"{total - bad}/{total}, silent {unsaid}, {status}, {seconds:.0f} s a page"
            print(f"{seed} {layout}: {became} · {faults}", flush=True)
    print(
        f"right {cells - wrong}/{cells} ({100 * (cells - wrong) / max(cells, 1):.2f} %), silent {silent}, "
        f"reconciled {reconciled}, unreadable {unread}"
    )
    return int(silent > 0)


def cost(path: Path) -> int:
    import pypdfium2

    pages, spent = len(pypdfium2.PdfDocument(path)), []
    for name, code in (("budgetperf", OURS), ("rapidocr", BARE)):
        began = time.monotonic()
        child = subprocess.Popen([sys.executable, "-c", code, str(path)], stderr=subprocess.DEVNULL)
        _, failed, used = os.wait4(child.pid, 0)
        took, cpu = (time.monotonic() - began) / pages, (used.ru_utime + used.ru_stime) / pages
        print(
            f"{name}: {took:.1f} s a page, {cpu:.1f} s of CPU, {used.ru_maxrss // 1024} MB{' FAILED' if failed else ''}"
        )
        spent.append(cpu)
    print(f"ratio of CPU: {spent[0] / spent[1]:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
