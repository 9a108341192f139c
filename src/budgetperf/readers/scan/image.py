"""Picture files (PNG, JPEG, TIFF of several pages, BMP) → Reading, page by page."""

import io
import re
from collections.abc import Callable

import numpy as np

from budgetperf.errors import Unreadable
from budgetperf.readers import scan
from budgetperf.tables.cells import Reading, Recognised, cells_frame, pages_frame

PLAUSIBLE_DPI = (90, 1300)
LONG_SIDE = 842.0  # points of A4: the size of a picture that does not tell its own
MOST_PIXELS = 120_000_000
MOST_PAGES = 500


def read_image(data: bytes, progress: Callable[[int, int], None] | None = None) -> Reading:
    """The cells of a picture file; `progress(done, total)` after each page.

    Raises Unreadable where the recogniser is not installed or the picture cannot be opened.

    >>> read_image(b"GIF89a")
    Traceback (most recent call last):
    budgetperf.errors.Unreadable: ...
    """
    if not scan.is_installed():
        raise Unreadable("这是图片，没有可读的文字", f"{scan.HOW}；或向发布单位索取 PDF、Excel 原件")
    records: list[dict] = []
    recognised: dict[int, Recognised] = {}
    pages: list[dict] = []
    for number, total, colour, scale in _pictures(data):
        read = scan.read_picture(colour, scale)
        for record, cell in read.records:
            recognised[len(records)] = cell
            records.append({**record, "page": number})
        size = {"width": read.width, "height": read.height}
        pages.append({"page": number, **size, "state": read.state, "note": read.note})
        if progress is not None:
            progress(number, total)
    return Reading(cells_frame(records), pages_frame(pages), "image", recognised=recognised)


def picture_page(data: bytes, page: int):
    """(a page of a picture file as read, its pixels a point). Raises Unreadable where there is none."""
    for number, _, colour, scale in _pictures(data):
        if number == page:
            return colour, scale
    raise Unreadable(f"没有第 {page} 页", "请核对页码")


def _pictures(data: bytes):
    """(number, how many, pixels, pixels a point) of each page."""
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(data)) as image:
            total = getattr(image, "n_frames", 1)
            if total > MOST_PAGES or image.width * image.height > MOST_PIXELS:
                raise Unreadable("图片过大或页数过多，超出可读范围", "请按 300 dpi 重新扫描，或拆成几个文件")
            for number in range(total):
                image.seek(number)
                page = ImageOps.exif_transpose(image.convert("RGB"))
                page, scale = _with_scale(page, image.info.get("dpi"))
                yield number + 1, total, np.asarray(page), scale
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Unreadable("图片打不开，文件不完整或已损坏", "请重新扫描，或向发布单位索取原件") from error


def _with_scale(page, dpi):
    """The page, coarser where it has more pixels than the recogniser needs, and its pixels a point."""
    told = float(dpi[0]) if dpi and re.fullmatch(r"[\d.]+", str(float(dpi[0]))) else 0.0
    plausible = PLAUSIBLE_DPI[0] <= told <= PLAUSIBLE_DPI[1] and max(page.size) / told < 40
    scale = told / scan.POINTS if plausible else max(page.size) / LONG_SIDE
    wanted = min(max(scale, scan.LEAST_DPI / scan.POINTS), scan.MOST_DPI / scan.POINTS)
    if wanted != scale:
        page = page.resize((round(page.width * wanted / scale), round(page.height * wanted / scale)))
    return page, wanted
