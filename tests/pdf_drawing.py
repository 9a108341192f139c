"""Drawing tables into a PDF in the many ways that programs draw them, and finding them again in what was read."""

import io
from pathlib import Path

import pypdfium2
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from budgetperf.readers.pdf import read_pdf

WIDTH, HEIGHT = 600.0, 400.0
FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))
HEADER = ["单位名称", "项目名称", "指标值"]
BODY = [["甲单位", "道路养护", "≥95%"], ["乙单位", "Windows 10 系统", "1,234.50"]]


def new_canvas(path: Path, size=(WIDTH, HEIGHT), **kwargs) -> Canvas:
    return Canvas(str(path), pagesize=size, **kwargs)


def write(canvas: Canvas, x: float, y: float, text: str, size: float = 9) -> None:
    """Text with its baseline at y points below the page's top."""
    canvas.setFont(FONT, size)
    canvas.drawString(x, HEIGHT - y, text)


def rule(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
    canvas.line(x0, HEIGHT - y0, x1, HEIGHT - y1)


def draw_table(canvas, rows, xs=(50, 150, 300, 400), top=100.0, height=20.0, line=rule) -> None:
    """A plain grid, every rule drawn once from end to end."""
    bottom = top + height * len(rows)
    for number in range(len(rows) + 1):
        line(canvas, xs[0], top + number * height, xs[-1], top + number * height)
    for x in xs:
        line(canvas, x, top, x, bottom)
    for number, texts in enumerate(rows):
        for x, text in zip(xs, texts, strict=False):
            write(canvas, x + 4, top + number * height + 13, text)


def hairline(canvas, x0, y0, x1, y1):
    canvas.setFillGray(0)
    canvas.rect(x0 - 0.25, HEIGHT - y1 - 0.25, x1 - x0 + 0.5, y1 - y0 + 0.5, stroke=0, fill=1)


def gray(canvas, x0, y0, x1, y1):
    canvas.setStrokeGray(0.85)
    rule(canvas, x0, y0, x1, y1)


def dashed(canvas, x0, y0, x1, y1):
    canvas.setDash(2, 2)
    rule(canvas, x0, y0, x1, y1)


def pieces(canvas, x0, y0, x1, y1):
    """A dotted rule as some printers draw it: each dash a line of its own."""
    length = max(x1 - x0, y1 - y0)
    for step in range(0, int(length), 3):
        if x1 > x0:
            rule(canvas, x0 + step, y0, x0 + min(step + 1.5, length), y0)
        else:
            rule(canvas, x0, y0 + step, x0, y0 + min(step + 1.5, length))


def dots(canvas, x0, y0, x1, y1):
    """A dotted rule of square dots."""
    canvas.setFillGray(0)
    for step in range(0, int(max(x1 - x0, y1 - y0)) + 1, 2):
        x, y = (x0 + step, y0) if x1 > x0 else (x0, y0 + step)
        canvas.rect(x - 0.4, HEIGHT - y - 0.4, 0.8, 0.8, stroke=0, fill=1)


def mitred(canvas, x0, y0, x1, y1):
    """A border as browsers print it: a thin polygon with slanted ends."""
    path = canvas.beginPath()
    across = x1 > x0
    corners = [(x0, y0), (x1, y1), (x1 - 1, y1 + 1), (x0 + 1, y0 + 1)]
    for number, (x, y) in enumerate(corners if across else [(x0, y0), (x1, y1), (x1 + 1, y1 - 1), (x0 + 1, y0 + 1)]):
        (path.lineTo if number else path.moveTo)(x, HEIGHT - y)
    path.close()
    canvas.setFillGray(0)
    canvas.drawPath(path, stroke=0, fill=1)


def word(canvas, x0, y0, x1, y1):
    """A border as Word prints it: a filled strip between two little squares at its ends."""
    canvas.setFillGray(0)
    for x, y in ((x0, y0), (x1, y1)):
        canvas.rect(x, HEIGHT - y - 0.48, 0.48, 0.48, stroke=0, fill=1)
    if x1 > x0:
        canvas.rect(x0 + 0.48, HEIGHT - y0 - 0.48, x1 - x0 - 0.48, 0.48, stroke=0, fill=1)
    else:
        canvas.rect(x0, HEIGHT - y1, 0.48, y1 - y0 - 0.48, stroke=0, fill=1)


def twice(canvas, x0, y0, x1, y1):
    for shift in (0, 0.6):
        rule(canvas, x0 + shift, y0 + shift, x1 + shift, y1 + shift)


def double(canvas, x0, y0, x1, y1):
    """A double border: two hairlines 1.5 points from each other."""
    canvas.setLineWidth(0.4)
    across, down = (0, 0.75) if x1 > x0 else (0.75, 0)
    rule(canvas, x0 - across, y0 - down, x1 - across, y1 - down)
    rule(canvas, x0 + across, y0 + down, x1 + across, y1 + down)


def colour(canvas, x0, y0, x1, y1):
    canvas.setStrokeColorCMYK(0.6, 0.1, 0, 0)
    rule(canvas, x0, y0, x1, y1)


def table_of(cells, number=1, page=1) -> list[list[str]]:
    part = cells[(cells["page"] == page) & (cells["table"] == number)]
    return [list(row["text"]) for _, row in part.groupby("row")]


def one(cells, text):
    found = cells[cells["text"] == text]
    assert len(found) == 1, f"{text!r} found {len(found)} times in {list(cells['text'])}"
    return found.iloc[0]


def read(canvas: Canvas, path: Path):
    canvas.save()
    return read_pdf(path)


def reboxed(path: Path, rotation: int = 0, media=None, crop=None) -> Path:
    """The file with its first page's rotation and boxes set, in a file of its own."""
    document = pypdfium2.PdfDocument(path)
    page = document[0]
    page.set_rotation(rotation)
    if media:
        page.set_mediabox(*media)
    if crop:
        page.set_cropbox(*crop)
    document.save(path.with_name("reboxed.pdf"))
    document.close()
    return path.with_name("reboxed.pdf")


def picture() -> ImageReader:
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("L", (60, 40), 128).save(buffer, "PNG")
    buffer.seek(0)
    return ImageReader(buffer)


def plain_pdf(path: Path, pages: int = 1, **kwargs) -> Path:
    canvas = new_canvas(path, **kwargs)
    for _ in range(pages):
        draw_table(canvas, [HEADER, *BODY])
        canvas.showPage()
    canvas.save()
    return path


WAYS_TO_DRAW = [hairline, gray, dashed, pieces, dots, mitred, word, twice, double, colour]
