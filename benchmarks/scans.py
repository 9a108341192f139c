"""How well and how fast are scans read?

`uv run --extra ocr python benchmarks/scans.py [--first 0] [--tries 60] [--style worse|office] [--file tif|png|jpg]` prints that many
generated documents, scans them with scanners drawn at random, builds them, and counts the cells that are right, wrong and
flagged, wrong and silent. `... --real FILE` prints a document that is read without a scan as a PDF, scans it, and compares
what is read with it. `... --refused` scans pages that are not read or not trusted: written by hand, photographed
aslant, without rules. `... --cost FILE.pdf` reads the pages of a scan, then runs rapidocr bare on the same pictures: seconds
a page and the most memory of each, with as many cores as the process may use (`taskset -c 0` for one).
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from generator.pdf import random_style as print_style
from generator.pdf import to_pdf
from generator.scan import by_hand, office_style, random_style, to_pictures, to_scan, worse_style
from generator.truth import OPTIONS, make_truth, random_options
from scoring import INDICATOR_FIELDS, normal, score

import budgetperf

STYLES = {"random": random_style, "worse": worse_style, "office": office_style}
LAYOUTS = ["approval", "sichuan", "onevalue", "form", "selfeval"]
REAL = [
    {"dpi": 200, "tilt": 0.8, "noise": 4.0, "seal": 1, "jpeg": 60},
    {"dpi": 150, "tilt": -1.2, "gray": True, "noise": 5.0, "seal": 1, "fold": 0.3, "jpeg": 45},
]
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
    parser.add_argument("--file", choices=["pdf", "tif", "png", "jpg"], default="pdf", help="what the scan is kept in")
    parser.add_argument("--real", type=Path, help="a document to be printed, scanned and compared")
    parser.add_argument("--refused", action="store_true", help="pages that are not to be trusted")
    parser.add_argument("--cost", type=Path, help="a scan whose reading is timed")
    arguments = parser.parse_args()
    if arguments.cost:
        return cost(arguments.cost)
    count = Tally()
    with tempfile.TemporaryDirectory() as folder:
        if arguments.real:
            for number, style in enumerate(REAL):
                count.judge(f"real {number}", *real_scan(arguments.real, style, Path(folder)), style)
        for seed in range(arguments.first, arguments.first + arguments.tries) if not arguments.real else ():
            if arguments.refused:
                for kind in ("hand", "photo", "borderless"):
                    count.judge(f"{seed} {kind}", *untrusted(seed, kind, Path(folder)), {})
            else:
                style = STYLES[arguments.style](seed)
                truth, path = generated(seed, style, arguments.file, Path(folder))
                count.judge(f"{seed} {LAYOUTS[seed % len(LAYOUTS)]}", truth, path, style)
    print(count)
    return int(count["silent"] > 0)


class Tally(Counter):
    """Cells and documents of a run."""

    def judge(self, name: str, truth: dict, path: Path, style: dict) -> None:
        """Build a document and count; a line of what became of it."""
        began = time.monotonic()
        dataset = budgetperf.build([path], jobs=0)
        seconds = (time.monotonic() - began) / max(1, int(dataset.documents["pages"].fillna(1).iat[0]))
        status = dataset.documents["status"].iat[0]
        faults = ", ".join(f"{k} {v:.2g}" if isinstance(v, float) else f"{k} {v}" for k, v in style.items())
        self[status] += 1
        if status == "unreadable":
            print(f"{name}: unreadable ({dataset.findings['message'].iat[0]}) · {faults}", flush=True)
            return
        total, bad, unsaid = score(truth, dataset)
        self.update({"cells": total, "wrong": bad, "silent": unsaid, "sworn": bad * (status == "reconciled")})
        became = f"{total - bad}/{total}, silent {unsaid}, {status}, {seconds:.0f} s a page"
        print(f"{name}: {became} · {faults}", flush=True)

    def __str__(self) -> str:
        right, cells = self["cells"] - self["wrong"], self["cells"]
        return (
            f"right {right}/{cells} ({100 * right / max(cells, 1):.2f} %), silent {self['silent']}, "
            f"reconciled {self['reconciled']} (wrong cells in them {self['sworn']}), unreadable {self['unreadable']}"
        )


def generated(seed: int, style: dict, suffix: str, folder: Path) -> tuple[dict, Path]:
    """The truth of a generated document and its scan."""
    layout, path = LAYOUTS[seed % len(LAYOUTS)], folder / f"scan{seed}.{suffix}"
    one_page = suffix in ("png", "jpg")
    options = {**random_options(seed, layout), "projects": 1 if one_page else random.Random(seed).randint(1, 3)}
    truth = make_truth(seed, **options)
    pages = to_pdf(truth, seed, folder / "print.pdf", **print_style(seed))
    if one_page and pages > 1:  # these files have no second one
        pages = to_pdf(truth, seed, folder / "print.pdf", page="A3 landscape", size=6.0)
    (to_scan if suffix == "pdf" else to_pictures)(folder / "print.pdf", seed, path, **style)
    return truth, path


def untrusted(seed: int, kind: str, folder: Path) -> tuple[dict, Path]:
    """The truth of a generated document, and pages of it that no one should trust unseen."""
    layout, path = LAYOUTS[seed % len(LAYOUTS)], folder / f"{kind}{seed}.pdf"
    truth = make_truth(seed, **{**random_options(seed, layout), "projects": 1})
    printed, bare = folder / "print.pdf", folder / "bare.pdf"
    style = {**print_style(seed), "rules": "lines", "rotation": 0}
    to_pdf(truth, seed, printed, **style)
    to_pdf(truth, seed, bare, **{**style, "rules": "none"})
    if kind == "hand":
        by_hand(printed, bare, seed, path)
    elif kind == "photo":
        to_scan(printed, seed, path, perspective=random.Random(seed).uniform(0.03, 0.1), shade=0.3, jpeg=75)
    else:
        to_scan(bare, seed, path, tilt=0.5, noise=3.0, jpeg=75)
    return truth, path


def real_scan(source: Path, style: dict, folder: Path) -> tuple[dict, Path]:
    """What a document says as it is read without a scan, and a scan of it printed as such a table."""
    read = budgetperf.build([source], jobs=0)
    document, path = read.documents.iloc[0], folder / "real.pdf"
    names = read.projects.set_index("project_no")
    text = lambda value: "" if normal(value) == "" else str(value)  # noqa: E731
    projects = [
        {
            "unit_code": text(p.unit_code), "unit_name": text(p.unit_name), "project_code": text(p.project_code),
            "project_name": p.project_name, "category": f"{p.category_code}-{p.category_name}",
            "budget": f"{p.budget_wan_yuan:f}", "objective": text(p.objective),
        }
        for p in read.projects.itertuples()
    ]  # fmt: skip
    wanted = {field: column for field, column in INDICATOR_FIELDS.items() if column in read.indicators}
    indicators = [
        {
            **{field: text(row[column]) for field, column in wanted.items() if field not in ("actual", "score", "deviation_note")},
            "level2_printed": text(row["level2"]), "comparator_printed": text(row["comparator"]),
            "weight_printed": text(row["weight"]), "project_code": names.at[row["project_no"], "project_code"],
        }
        for row in read.indicators.to_dict("records")
    ]  # fmt: skip
    truth = {
        "document": {
            "title": document.title, "fiscal_year": document.fiscal_year, "unit": text(names["unit_name"].iat[0]),
            "printed_total": f"{document.printed_total_wan_yuan:f}", "execution_printed": {},
            "print": {**OPTIONS, "layout": "approval", "unit_column": True},
        },
        "projects": projects, "indicators": indicators,
    }  # fmt: skip
    to_pdf(truth, 1, folder / "print.pdf", page_break="cut", header="every")
    to_scan(folder / "print.pdf", 1, path, **style)
    return truth, path


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
