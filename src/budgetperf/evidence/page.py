"""Pages of a PDF as pictures, with cells framed: boxes are in points, origin top left of the page as seen."""

from functools import lru_cache
from importlib import resources
from pathlib import Path

import pandas as pd
from PIL import Image, ImageDraw, ImageFont

from budgetperf.errors import Unreadable
from budgetperf.readers import format_of
from budgetperf.readers.scan.image import picture_page

SHARP, PLAIN = 3.0, 2.0  # pixels a point: crops (small print must be legible) and whole pages
MOST_PIXELS = 9_000_000  # of one page: larger paper is drawn coarser
CONTEXT_ROWS = 3
MARGIN = 6.0  # points around a table in a crop
FULL_CROP = 0.7  # a framed cell that takes more of the page is shown on the whole page


class PageFault(Exception):
    """The page cannot be drawn; the message has its three parts."""


def crop(
    path: Path, sha256: str, page: int, cells: pd.DataFrame, frames: list[tuple[pd.DataFrame, str]]
) -> Image.Image:
    """Part of the page around the framed cells: the table's whole width, some rows above and below.

    cells: all cells of the page; frames: (cells, colour), thin ones first, the last of them thick and decisive.
    """
    image, scale = page_image(path, sha256, page, SHARP)
    own = frames[-1][0]
    tables = cells[cells["table"].isin(set(own["table"])) & cells["x0"].notna()]
    single = tables[tables["rowspan"] == 1]
    step = float((single["y1"] - single["y0"]).median()) if len(single) else 20.0
    high, low = own["y0"].min() - CONTEXT_ROWS * step, own["y1"].max() + CONTEXT_ROWS * step
    if (low - high) * scale > FULL_CROP * image.height:
        high, low = 0.0, image.height / scale
    left, right = tables["x0"].min() - MARGIN, tables["x1"].max() + MARGIN
    area = _within(image, left * scale, high * scale, right * scale, low * scale)
    picture = image.crop(area)
    draw = ImageDraw.Draw(picture)
    for k, (framed, colour) in enumerate(frames):
        for box in _pixel_boxes(framed, scale):
            moved = (box[0] - area[0], box[1] - area[1], box[2] - area[0], box[3] - area[1])
            draw.rectangle(moved, outline=colour, width=5 if k == len(frames) - 1 else 2)
    return picture


def overlay(path: Path, sha256: str, page: int, cells: pd.DataFrame, legend: dict[str, str]) -> Image.Image:
    """The whole page with each cell's box in its colour (column `colour`, None: not drawn), and a legend above."""
    image, scale = page_image(path, sha256, page, PLAIN)
    picture = image.convert("RGBA")
    glass = Image.new("RGBA", picture.size, (255, 255, 255, 0))
    draw = ImageDraw.Draw(glass)
    drawn = cells[cells["colour"].notna() & cells["x0"].notna()]
    for colour, box in zip(drawn["colour"], _pixel_boxes(drawn, scale), strict=True):
        red, green, blue = Image.new("RGB", (1, 1), colour).getpixel((0, 0))
        draw.rectangle(box, fill=(red, green, blue, 45), outline=(red, green, blue, 255), width=2)
    picture = Image.alpha_composite(picture, glass).convert("RGB")
    return stack([legend_strip(legend, picture.width), picture], gap=0)


def legend_strip(legend: dict[str, str], width: int) -> Image.Image:
    """A line of coloured squares with their words; over several lines where one is too narrow."""
    font = _font(24)
    places, x, y = [], 12, 8
    for word, colour in legend.items():
        needed = 34 + font.getlength(word) + 26
        if x + needed > width and x > 12:
            x, y = 12, y + 38
        places.append((x, y, word, colour))
        x += needed
    strip = Image.new("RGB", (width, y + 38), "white")
    draw = ImageDraw.Draw(strip)
    for x, y, word, colour in places:
        draw.rectangle((x, y + 2, x + 24, y + 26), fill=colour)
        draw.text((x + 34, y), word, font=font, fill="black")
    return strip


def stack(images: list[Image.Image], gap: int = 16) -> Image.Image:
    """The pictures below one another on white."""
    width, height = max(i.width for i in images), sum(i.height for i in images) + gap * (len(images) - 1)
    whole, y = Image.new("RGB", (width, height), "white"), 0
    for image in images:
        whole.paste(image, (0, y))
        y += image.height + gap
    return whole


def page_image(path: Path, sha256: str, page: int, scale: float) -> tuple[Image.Image, float]:
    """(the page as seen, pixels a point). Raises PageFault where the page cannot be drawn."""
    image, scale = _rendered(str(path), sha256, int(page), scale)
    return image.copy(), scale


@lru_cache(maxsize=4)
def _rendered(path: str, sha256: str, page: int, scale: float) -> tuple[Image.Image, float]:
    # sha256 belongs to the key: a file replaced by another is drawn anew
    import pypdfium2

    name = Path(path).name
    data = Path(path).read_bytes()
    if format_of(data) == "image":
        return _of_picture(data, name, page, scale)
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise _fault(name, page, error) from error
    try:
        if not 1 <= page <= len(document):
            raise _fault(name, page, f"只有 {len(document)} 页")
        sheet = document[page - 1]
        width, height = sheet.get_size()
        scale = min(scale, (MOST_PIXELS / max(width * height, 1.0)) ** 0.5)
        return sheet.render(scale=scale).to_pil().convert("RGB"), scale
    except pypdfium2.PdfiumError as error:
        raise _fault(name, page, error) from error
    finally:
        document.close()


def _of_picture(data: bytes, name: str, page: int, scale: float) -> tuple[Image.Image, float]:
    """A page of a picture file, as many pixels a point as it has, but no more than `scale`."""
    try:
        pixels, own = picture_page(data, page)
    except Unreadable as error:
        raise _fault(name, page, error) from error
    image = Image.fromarray(pixels)
    if own > scale:
        image = image.resize((round(image.width * scale / own), round(image.height * scale / own)))
    return image, min(own, scale)


def _fault(name: str, page: int, reason) -> PageFault:
    return PageFault(f"{name} 第 {page} 页画不出来（{reason}）。下面改为显示读出的单元格。请用阅读器打开原文件核对。")


@lru_cache(maxsize=4)
def _font(size: int) -> ImageFont.FreeTypeFont:
    file = resources.files("budgetperf").joinpath("fonts", "BudgetperfSansSC-Regular.ttf")
    with resources.as_file(file) as path:
        return ImageFont.truetype(str(path), size)


def _pixel_boxes(cells: pd.DataFrame, scale: float) -> list[tuple[float, float, float, float]]:
    boxed = cells[cells["x0"].notna()]
    return [tuple(float(v) * scale for v in box) for box in boxed[["x0", "y0", "x1", "y1"]].itertuples(index=False)]


def _within(image: Image.Image, left: float, top: float, right: float, bottom: float) -> tuple[int, int, int, int]:
    """The area cut to the picture; at least a pixel each way."""
    x0, y0 = max(0, min(int(left), image.width - 1)), max(0, min(int(top), image.height - 1))
    return x0, y0, max(x0 + 1, min(int(right) + 1, image.width)), max(y0 + 1, min(int(bottom) + 1, image.height))
