"""Seconds a page and peak memory of reading ruled tables: ours against camelot, pdfplumber and bare pypdfium2.

Run by hand: `uv run --group bench python benchmarks/extract.py [--pages 10 100] [--skip NAME ...]`. Each way runs in a
process of its own on the same generated document (twelve columns, merged cells, wrapped Chinese prose), after one run
on a single page, so that imports are not counted in the time; they are in the memory. Time is the processor's, workers'
included, the best of nine runs (of two, from 50 pages on). Ratios are to our reader and to camelot's vector engine with our settings.
"""

import argparse
import importlib.util
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil

LAYOUT = {"boxes_flow": None, "detect_vertical": False, "char_margin": 0.3}
WIDTHS = (60, 66, 44, 52, 150, 50, 56, 92, 40, 46, 44, 42)
HEADER = ["单位名称", "项目名称", "项目类别", "预算数(万元)", "绩效目标"]
HEADER += ["一级指标", "二级指标", "三级指标", "性质", "指标值", "度量单位", "分值权重"]
OBJECTIVE = "保障平台252路视频监控和网格化系统全年稳定运行，提高城市精细化管理和应急处置能力。"
LEVELS = [("产出指标", "数量指标"), ("产出指标", "质量指标"), ("产出指标", "时效指标"), ("效益指标", "社会效益指标")]


def draw_document(path: Path, pages: int, first: int = 0, unit: str = "744001-某某县人民政府") -> None:
    """A document of the family: eight projects a page, four indicators each, project cells merged over four rows;
    projects are numbered from `first`."""
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(path), pagesize=landscape(A4))
    lefts = [40 + sum(WIDTHS[:number]) for number in range(len(WIDTHS))]

    def cell(column: int, top: float, height: float, text: str) -> None:
        canvas.rect(lefts[column], 595 - top - height, WIDTHS[column], height)
        letters = len(text) if text.isascii() else max(1, int((WIDTHS[column] - 4) / 7))  # no printer breaks a number
        for line in range(0, len(text), letters):
            canvas.drawString(lefts[column] + 2, 595 - top - 10 - 9 * (line // letters), text[line : line + letters])

    for page in range(pages):
        canvas.setFont("STSong-Light", 7)
        canvas.setLineWidth(0.5)
        for column, text in enumerate(HEADER):
            cell(column, 30, 20, text)
        for place in range(8):
            top, number = 50 + 64 * place, first + page * 8 + place
            merged = [
                unit,
                f"63012300024T{number:09d}-道路养护",
                "3-特定目标类",
                f"{number}.50",
                OBJECTIVE,
            ]
            for column, text in enumerate(merged):
                cell(column, top, 64, text)
            for row, (level1, level2) in enumerate(LEVELS):
                texts = [level1, level2, f"第{row + 1}项指标完成率", "≥", f"{90 + row}", "%", "10.00"]
                for column, text in enumerate(texts, 5):
                    cell(column, top + 16 * row, 16, text)
        canvas.showPage()
    canvas.save()


def ours(path: Path):
    from budgetperf.readers.pdf import read_pdf

    return lambda: len(read_pdf(path).cells)


def our_build(path: Path):
    from budgetperf import build

    return lambda: len(build([path]).indicators)


def camelot_default(path: Path):
    import camelot

    return lambda: len(camelot.read_pdf(str(path), pages="all"))


def camelot_vector(path: Path):
    import camelot

    return lambda: len(
        camelot.read_pdf(str(path), pages="all", flavor="lattice", engine="vector", layout_kwargs=LAYOUT)
    )


def pdfplumber_tables(path: Path):
    import pdfplumber

    def run():
        with pdfplumber.open(path) as document:
            return sum(len(page.extract_tables()) for page in document.pages)

    return run


def pypdfium2_bare(path: Path):
    import pypdfium2

    def run():
        document = pypdfium2.PdfDocument(path)
        seen = 0
        for page in document:
            text = page.get_textpage()
            seen += sum(len(text.get_charbox(number)) for number in range(text.count_chars()))
            seen += sum(1 for thing in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH]) if thing.get_bounds())
        return seen

    return run


WAYS = {
    "read_pdf": ours,
    "build": our_build,
    "camelot default": camelot_default,
    "camelot vector": camelot_vector,
    "pdfplumber": pdfplumber_tables,
    "pypdfium2 bare": pypdfium2_bare,
}


def measure(way: str, path: Path, pages: int) -> dict:
    """Seconds and peak megabytes of one way, in a process of its own."""
    call = [sys.executable, __file__, "--one", way, str(path), "2" if pages >= 50 else "9"]
    done = subprocess.run(call, capture_output=True, text=True)
    if done.returncode:
        return {"error": (done.stderr.strip().splitlines() or ["?"])[-1]}
    return json.loads(done.stdout.strip().splitlines()[-1])


def run_one(way: str, path: Path, times: int) -> None:
    WAYS[way](path.with_name("1.pdf"))()
    run = WAYS[way](path)
    best = float("inf")
    for _ in range(times):
        started = processor()
        run()
        best = min(best, processor() - started)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    print(json.dumps({"seconds": best, "megabytes": peak}))


def processor() -> float:
    """Seconds of the processor of this process and its workers, those that have ended included."""
    me = psutil.Process()
    return sum(sum(one.cpu_times()[:4]) for one in [me, *me.children(recursive=True)])


def available(way: str) -> bool:
    if way == "pdfplumber":
        return importlib.util.find_spec("pdfplumber") is not None
    if way == "build":
        import budgetperf

        return hasattr(budgetperf, "build")
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs="+", default=[10, 100])
    parser.add_argument("--skip", nargs="*", default=[], help="ways to leave out: " + ", ".join(WAYS))
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        run_one(options.one[0], Path(options.one[1]), int(options.one[2]))
        return
    ways = [way for way in WAYS if way not in options.skip]
    for way in [way for way in ways if not available(way)]:
        print(f"{way}: not available here, left out")
        ways.remove(way)
    with tempfile.TemporaryDirectory() as folder:
        draw_document(Path(folder) / "1.pdf", 1)
        for pages in options.pages:
            path = Path(folder) / f"{pages}.pdf"
            draw_document(path, pages)
            print(f"\n{pages} pages{'':12} ms/page   × read_pdf   × camelot vector   peak MB")
            found = {way: measure(way, path, pages) for way in ways}
            bases = [found.get(way, {}).get("seconds") for way in ("read_pdf", "camelot vector")]
            for way, result in found.items():
                if "error" in result:
                    print(f"{way:20} failed: {result['error']}")
                    continue
                ratios = [f"{result['seconds'] / base:.2f}" if base else "-" for base in bases]
                line = f"{way:20} {1000 * result['seconds'] / pages:7.1f} {ratios[0]:>12} {ratios[1]:>18}"
                print(f"{line} {result['megabytes']:9.0f}")


if __name__ == "__main__":
    main()
