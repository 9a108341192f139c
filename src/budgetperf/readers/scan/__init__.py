"""Pictures of pages → cells, where the extra `budgetperf[ocr]` is there: a scan is then read like any other page.

A page's picture is cleaned of coloured marks, turned upright and straightened (picture), its rules give the tables
(rules), the ink inside their cells the lines (lines), and the recogniser their characters, each with its doubt.
"""

from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np

from budgetperf.readers.scan.aslant import from_above
from budgetperf.readers.scan.picture import (
    Picture,
    Skewed,
    box_on_page,
    cleaned,
    halves,
    ink_level,
    marks_on,
    straight,
    tilt,
)  # fmt: skip
from budgetperf.readers.scan.recogniser import INSTALL, is_installed
from budgetperf.readers.scan.sheet import read_sheet, upright_turn
from budgetperf.tables.cells import Recognised, Remark

__all__ = ["INSTALL", "is_installed", "read_as_picture", "read_picture", "read_scanned_page"]

LEAST_DPI, MOST_DPI = 150, 300
POINTS = 72.0
SURE_PAGE = 0.6  # usual confidence of a page's characters, below which it is not read at all: handwriting, too coarse
LAYER = "看不见的识别文字"  # in the note on a scan that has a text layer
HOW = f"可安装文字识别后直接读取：{INSTALL}"
TOO_DOUBTFUL = "本页图像识别不可靠（手写、过于模糊或分辨率太低），未采用，请重新扫描（300 dpi）或索取电子版"
SKEWED = "本页像是斜着拍的照片，表格线不成直角，未采用，请平放扫描或索取电子版"
NO_TABLE = "本页图像里没有找到画线的表格，未采用识别文字，请索取电子版"


class PageRead(NamedTuple):
    """Records of a page's cells with their Recognised, its size in points, its state and a note where it is not read."""

    records: list[tuple[dict, Recognised]]
    width: float
    height: float
    state: str
    note: str


def read_scanned_page(path: Path, number: int) -> PageRead:
    """A page of a PDF read from its picture, whatever is on it."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        page = document[number - 1]
        width, height = page.get_size()
        scale = _dpi(page, width) / POINTS
        colour = np.asarray(page.render(scale=scale).to_pil().convert("RGB"))
    finally:
        document.close()
    return read_picture(colour, colour.shape[1] / width)._replace(width=width, height=height)


def read_as_picture(path: Path, state: dict) -> tuple[list[dict], dict, list[Remark]]:
    """A PDF's page without readable text, read from its picture where the recogniser is there, else with how to get it.

    `state` is the page's record, in which scan, outlines or unmapped says why; the cells' records carry `recognised`.
    """
    number, state = state["page"], {**state, "state": "scan" if state["state"] == "scan" else "failed"}
    if not is_installed():
        return [], {**state, "note": f"{state['note']}；{HOW}"}, []
    try:
        read = read_scanned_page(path, number)
    except Exception as error:  # one page that cannot be drawn or read must not stop the others
        note = f"第 {number} 页的图像识别失败（{type(error).__name__}），已跳过"
        return [], {**state, "state": "failed", "note": note}, []
    found = [{**record, "page": number, "recognised": cell} for record, cell in read.records]
    size = {"width": read.width, "height": read.height}
    if read.state == "blank" and state["state"] == "scan" and LAYER not in state["note"]:
        return [], {**state, **size, "state": "blank", "note": read.note}, []
    if read.state != "recognised":
        return [], {**state, **size, "note": f"{state['note']}；{read.note}"}, []
    remarks = []
    if LAYER in state["note"]:
        share = _share_alike(_hidden_text(path, number), "".join(record["text"] for record, _ in read.records))
        remarks = [
            Remark(
                number,
                "hidden",
                True,
                f"扫描图片附有看不见的识别文字，{share:.0%} 的字与本次识别相同，未采用，以本次识别为准",
            )
        ]
    return found, {**state, **size, "state": "recognised", "note": ""}, remarks


def _hidden_text(path: Path, number: int) -> str:
    """All text of a page of a PDF, seen or not."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        return document[number - 1].get_textpage().get_text_bounded()
    finally:
        document.close()


def _share_alike(layer: str, read: str) -> float:
    """The share of a text layer's characters that were read as well, wherever they stand.

    >>> _share_alike("数量 指标", "数童指标")
    0.75
    """
    said, seen = (Counter("".join(text.split())) for text in (layer, read))
    return (said & seen).total() / max(1, said.total())


def _dpi(page, width: float) -> float:
    """Dots an inch of the largest picture on a page, so that it is drawn as it was scanned."""
    import pypdfium2

    dpi = 200.0
    widest = 0.0
    for thing in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        left, _, right, _ = thing.get_bounds()
        if right - left > widest:
            widest = right - left
            dpi = thing.get_px_size()[0] / max(widest, 1.0) * POINTS if widest > width / 3 else 200.0
    return min(max(dpi, LEAST_DPI), MOST_DPI)


def read_picture(colour: np.ndarray, scale: float) -> PageRead:
    """A page from its picture (height × width × 3), `scale` pixels a point; two pages side by side one after the other."""
    height, width = colour.shape[:2]
    size = {"width": width / scale, "height": height / scale}
    gray, marked = cleaned(colour, scale)
    if (gray < ink_level(gray)).mean() < 0.0002:
        return PageRead([], **size, state="blank", note="本页是空白页")
    try:
        turn = upright_turn(gray, scale)
        records: list[tuple[dict, Recognised]] = []
        tables = rows = 0
        for sheet in _sheets(gray, scale, turn):
            found, grids = read_sheet(sheet._replace(marked=marks_on(sheet, marked)) if marked.any() else sheet)
            for record, recognised in found:
                record["row"] += rows
                record["table"] += tables if record["table"] else 0
                box = box_on_page(recognised.box, sheet.to_page)
                records.append((record, recognised._replace(box=box)))
            rows = max((record["row"] for record, _ in records), default=rows)
            tables += len(grids)
    except Skewed:
        return PageRead([], **size, state="scan", note=SKEWED)
    if not tables:
        return PageRead([], **size, state="scan", note=NO_TABLE)
    sure = [sign.confidence for _, cell in records for sign in cell.signs if sign.text.strip()]
    if not sure or float(np.mean(sure)) < SURE_PAGE:
        return PageRead([], **size, state="scan", note=TOO_DOUBTFUL)
    return PageRead(records, **size, state="recognised", note="")


def _sheets(gray: np.ndarray, scale: float, turn: int) -> list[Picture]:
    """The picture as one straight sheet, or as the two that lie side by side on it."""
    whole = straight(gray, scale, turn)
    pictures = []
    for left, right in halves(whole.gray, scale):
        part, way = from_above(np.ascontiguousarray(whole.gray[:, left:right]), scale)
        sheet = straight(part, scale, 0, tilt(part, scale))
        moved = np.array([[1, 0, left / scale], [0, 1, 0], [0, 0, 1]])
        points = np.diag([1 / scale, 1 / scale, 1])
        to_page = whole.to_page @ moved @ points @ way @ np.linalg.inv(points) @ sheet.to_page
        pictures.append(sheet._replace(to_page=to_page))
    return pictures
