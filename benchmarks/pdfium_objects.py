"""Rules and glyphs from pypdfium2's page objects against those of our own pen: the same cells, and how fast?

uv run python benchmarks/pdfium_objects.py FILE.pdf ...

Each document is read both ways into the same tables (grids and text are ours in both); cells are compared with white
space left out, time is the processor's for glyphs and rules alone, the best of three runs. What pdfium's page objects
tell is used as far as it goes: form objects, colours turned into RGB, alpha, the mode of text, clips by their boxes. They
do not tell which layer a thing belongs to, the order of painting among characters, or that a font told nothing.
"""

import argparse
import ctypes
import re
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pypdfium2.raw as raw

from budgetperf.readers.pdf.content import Glyph, Ink, PageContent, Rule
from budgetperf.readers.pdf.file import open_pdf
from budgetperf.readers.pdf.layers import layer_watch
from budgetperf.readers.pdf.page import read_page_content
from budgetperf.readers.pdf.records import page_records

EM_ABOVE, EM_BELOW, HAIRLINE = 0.88, 0.12, 3.0


def pdfium_content(page) -> PageContent:
    """Glyphs and rules of a page as pdfium's objects tell them."""
    width, height = page.get_size()
    left, bottom, _, top = page.get_cropbox()
    flip = 1, -left, -1, top if height else bottom
    rules: list[Rule] = []
    _paths(raw.FPDFPage_CountObjects(page), lambda n: raw.FPDFPage_GetObject(page, n), (1, 0, 0, 1, 0, 0), flip, rules)
    return PageContent(width, height, _glyphs(page, flip), rules, 0.0, 0, 0, 0)


def _glyphs(page, flip) -> list[Glyph]:
    text = page.get_textpage()
    handle, x, y = text.raw, ctypes.c_double(), ctypes.c_double()
    box, at_x, at_y = raw.FS_RECTF(), ctypes.byref(x), ctypes.byref(y)
    at_box, glyphs, inks = ctypes.byref(box), [], {}
    for number in range(raw.FPDFText_CountChars(handle)):
        code = raw.FPDFText_GetUnicode(handle, number)
        if code < 33 or raw.FPDFText_IsGenerated(handle, number):
            continue
        thing = raw.FPDFText_GetTextObject(handle, number)
        key = ctypes.addressof(thing.contents) if thing else 0
        ink = inks.get(key)
        if ink is None:
            ink = inks[key] = _ink(thing, len(inks))
        if not raw.FPDFText_GetCharOrigin(handle, number, at_x, at_y) or ink[0] is None:
            continue
        raw.FPDFText_GetLooseCharBox(handle, number, at_box)
        size = raw.FPDFText_GetFontSize(handle, number)
        x0, base, x1 = x.value + flip[1], flip[3] - y.value, box.right + flip[1]
        y0, y1 = base - EM_ABOVE * size, base + EM_BELOW * size
        glyphs.append(Glyph(chr(code), x0, y0, x1, y1, (x0 + x1) / 2, (y0 + y1) / 2, 0, ink[0]))
    return glyphs


def _ink(thing, order: int) -> tuple[Ink | None]:
    if not thing or raw.FPDFTextObj_GetTextRenderMode(thing) in (3, 7):
        return (None,)
    colour, alpha = _colour(raw.FPDFPageObj_GetFillColor, thing)
    return (None,) if min(colour) > 0.94 or alpha < 0.02 else (Ink(order, 0, colour, alpha),)


def _colour(getter, thing) -> tuple[tuple[float, float, float], float]:
    parts = [ctypes.c_uint() for _ in range(4)]
    getter(thing, *parts)
    red, green, blue, alpha = (part.value / 255 for part in parts)
    return (red, green, blue), alpha


def _paths(count: int, get, outer, flip, rules: list[Rule], depth: int = 0) -> None:
    matrix, stroked, filled = raw.FS_MATRIX(), ctypes.c_int(), ctypes.c_int()
    for number in range(count):
        thing = get(number)
        kind = raw.FPDFPageObj_GetType(thing)
        if kind not in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_FORM):
            continue
        raw.FPDFPageObj_GetMatrix(thing, matrix)
        own = _product((matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f), outer)
        if kind == raw.FPDF_PAGEOBJ_FORM:
            if depth < 12:
                inner = raw.FPDFFormObj_CountObjects(thing)
                _paths(inner, lambda n, form=thing: raw.FPDFFormObj_GetObject(form, n), own, flip, rules, depth + 1)
            continue
        raw.FPDFPath_GetDrawMode(thing, filled, stroked)
        colour, alpha = _colour(
            raw.FPDFPageObj_GetStrokeColor if stroked.value else raw.FPDFPageObj_GetFillColor, thing
        )
        if min(colour) < 0.985 and alpha > 0:
            _lines(_points(thing, own, flip), bool(stroked.value), rules)


def _product(a, b) -> tuple:
    return (
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    )


def _points(thing, matrix, flip) -> list[list[tuple[float, float]]]:
    x, y, runs = ctypes.c_float(), ctypes.c_float(), []
    at_x, at_y = ctypes.byref(x), ctypes.byref(y)
    a, b, c, d, e, f = matrix
    for number in range(raw.FPDFPath_CountSegments(thing)):
        segment = raw.FPDFPath_GetPathSegment(thing, number)
        raw.FPDFPathSegment_GetPoint(segment, at_x, at_y)
        point = a * x.value + c * y.value + e + flip[1], flip[3] - (b * x.value + d * y.value + f)
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO:
            runs.append([])
        runs[-1].append(point)
        if raw.FPDFPathSegment_GetClose(segment):
            runs[-1].append(runs[-1][0])
    return runs


def _lines(runs, stroked: bool, rules: list[Rule]) -> None:
    for points in runs:
        if not stroked:
            xs, ys = [p[0] for p in points], [p[1] for p in points]
            x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
            if y1 - y0 <= HAIRLINE and x1 - x0 >= 3 * (y1 - y0):
                rules.append(Rule(True, (y0 + y1) / 2, x0, x1))
            elif x1 - x0 <= HAIRLINE and y1 - y0 >= 3 * (x1 - x0):
                rules.append(Rule(False, (x0 + x1) / 2, y0, y1))
            continue
        for (x0, y0), (x1, y1) in pairwise(points):
            if abs(y0 - y1) < 0.3 and x0 != x1:
                rules.append(Rule(True, (y0 + y1) / 2, min(x0, x1), max(x0, x1)))
            elif abs(x0 - x1) < 0.3 and y0 != y1:
                rules.append(Rule(False, (x0 + x1) / 2, min(y0, y1), max(y0, y1)))


def cells_of(content: PageContent, path: Path) -> Counter:
    records = page_records(1, content, path, time.monotonic() + 60)[0]
    return Counter(
        re.sub(r"\s+", "", record["text"]) for record in records if record["table"] and record["text"].strip()
    )


def compare(path: Path) -> Counter:
    """Cells of ours, cells that pdfium gives alike, pages, seconds of either way."""
    found: Counter = Counter()
    theirs = pypdfium2.PdfDocument(path)
    with open_pdf(path) as document:
        hidden = layer_watch(document)
        for number, page in enumerate(document.pages):
            ours = read_page_content(page, time.monotonic() + 60, hidden)
            a, b = cells_of(ours, path), cells_of(pdfium_content(theirs[number]), path)
            found.update(pages=1, cells=a.total(), alike=(a & b).total(), more=(b - a).total())
            for way, run in (
                ("ours", lambda page=page: read_page_content(page, time.monotonic() + 60, hidden)),
                ("pdfium", lambda number=number: pdfium_content(theirs[number])),
            ):
                times = []
                for _ in range(3):
                    started = time.process_time()
                    run()
                    times.append(time.process_time() - started)
                found[way] += min(times)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    total: Counter = Counter()
    for path in parser.parse_args().files:
        try:
            found = compare(path)
        except Exception as error:
            print(f"{path.name}: {type(error).__name__} {error}")
            continue
        total += found
        if found["alike"] < found["cells"] or found["more"]:
            print(f"{path.name}: {found['alike']} of {found['cells']} cells alike, {found['more']} others")
    pages = total["pages"]
    print(f"{pages} pages, {total['cells']} cells, {total['alike']} alike, {total['more']} others")
    print(
        f"glyphs and rules: ours {1000 * total['ours'] / pages:.1f} ms a page, pdfium {1000 * total['pdfium'] / pages:.1f}"
    )


if __name__ == "__main__":
    main()
