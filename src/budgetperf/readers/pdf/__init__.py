"""PDF → cells, page by page: whether a page can be read, and what it says (page: what it shows; records: its cells)."""

import itertools
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from budgetperf.errors import Unreadable
from budgetperf.readers.page_numbers import lost_page_remarks
from budgetperf.readers.pdf.content import PageContent, PageTooLong
from budgetperf.readers.pdf.file import DamageWatch, content_elsewhere, is_cut_off, lost_pages, open_pdf
from budgetperf.readers.pdf.fonts import UNMAPPED
from budgetperf.readers.pdf.form_gaps import UNDIVIDED
from budgetperf.readers.pdf.gaps import Columns
from budgetperf.readers.pdf.grid import TooManyRules
from budgetperf.readers.pdf.layers import layer_watch
from budgetperf.readers.pdf.notes import OPEN, marks_of_notes, settled
from budgetperf.readers.pdf.page import read_page_content
from budgetperf.readers.pdf.records import page_records
from budgetperf.readers.pdf.text import BLANKS
from budgetperf.tables.cells import Reading, Recognised, Remark, cells_frame, pages_frame
from budgetperf.works.collecting import uncollected

RANGE = 20  # pages that may be read apart from the others, and are held in one frame
SECONDS_A_PAGE = 25.0
SCAN_IMAGE_SHARE = 0.3  # of the page: pictures from this size on, and hardly any text, are a scan
SCAN_MOST_TEXT = 30  # characters: a page number, a stamp's text, a header line
FEW_RULES = 8  # drawn rules from which a page with a picture has a table of its own
UNMAPPED_SHARE = 0.5  # of a page's characters without Unicode mapping from which the page counts as unreadable
OUTLINE_CURVES = 200  # curved paths on a page without text: the text was turned into outlines

UNRULED = "本页的表没有分格的线，行和列按文字的间隔划分"
PICTURED = "本页的表格是图片，格子里没有可读取的文字，请先做文字识别（OCR）或索取电子版"


def read_pdf(path: Path, progress: Callable[[int, int], None] | None = None) -> Reading:
    """Cells and lines of text of a PDF in reading order, page by page; `progress(done, total)` after each page.

    Raises Unreadable where the whole file cannot be read (no PDF, broken, needs a password, no pages). A page that
    cannot be read is reported in `pages` (state failed or scan, with a note) and does not stop the others. A character
    that its font does not tell is "\\ufffd" in the text.

    >>> read_pdf(Path("没有这个文件.pdf"))
    Traceback (most recent call last):
    budgetperf.errors.Unreadable: 没有这个文件.pdf 打不开...
    """
    return joined_pages([read_pages(path, progress=progress)])


class Pages(NamedTuple):
    """Some pages as read, in order: their cells, states and remarks, what a recogniser says, by place of the cell, and
    the columns of the last table without rules, which pages behind them may go on with."""

    cells: pd.DataFrame
    states: list[dict]
    remarks: list[Remark]
    recognised: dict[int, Recognised]
    columns: Columns | None


def page_count(path: Path) -> int:
    """How many pages a PDF has; raises Unreadable as `read_pdf` does."""
    with DamageWatch(), open_pdf(path) as document:
        return len(document.pages)


def read_pages(
    path: Path, first: int = 1, last: int | None = None, progress: Callable[[int, int], None] | None = None
) -> Pages:
    """The pages from `first` to `last`, by default all that are left; raises Unreadable as `read_pdf` does."""
    frames: list[pd.DataFrame] = []
    records: list[dict] = []
    pages: list[dict] = []
    remarks: list[Remark] = []
    recognised: dict[int, Recognised] = {}
    count = 0
    columns = None
    path = Path(path)
    with DamageWatch() as watch, open_pdf(path) as document:
        total = len(document.pages)
        if total == 0:
            raise Unreadable(f"{path.name} 里没有任何页面", "请确认文件下载完整，或向发布单位索取原件")
        last = min(last or total, total)
        layer_hidden = layer_watch(document)
        for number in range(first, last + 1):
            with uncollected():  # a page has thousands of characters
                found, state, said = _read_page(document, number, path, watch, layer_hidden, columns)
            columns = state.pop("columns", None) or columns
            if state["state"] in ("scan", "outlines", "unmapped"):
                from budgetperf.readers.scan import read_as_picture  # late: it finds its tables with our grid

                found, state, said = read_as_picture(path, state)
            recognised |= {
                count + place: record.pop("recognised") for place, record in enumerate(found) if "recognised" in record
            }
            count += len(found)
            records += found
            pages.append(state)
            remarks += said
            if number % RANGE == 0 or number == last:  # a frame holds a cell in a fifth of a record's memory
                frames.append(cells_frame(records))
                records = []
            if progress is not None:
                progress(number, total)
        lost = lost_pages(path, document) if last == total else ""
        if lost:
            pages.append(_failed(total + 1, lost))
        if first == 1:
            pages[0]["note"] = pages[0].get("note") or content_elsewhere(document)
    return Pages(_together(frames), pages, remarks, recognised, columns)


def joined_pages(parts: list[Pages]) -> Reading:
    """The document whose pages were read in these parts."""
    cells, marked = _with_settled_marks(_together([part.cells for part in parts]))
    states = pages_frame([state for part in parts for state in part.states])
    remarks = [*(remark for part in parts for remark in part.remarks), *marked, *lost_page_remarks(cells, states)]
    starts = itertools.accumulate((len(part.cells) for part in parts[:-1]), initial=0)
    recognised = {
        start + place: said
        for start, part in zip(starts, parts, strict=True)
        for place, said in part.recognised.items()
    }
    return Reading(cells, states, "pdf", tuple(sorted(remarks, key=lambda remark: remark.page)), recognised)


def _together(frames: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)


def _with_settled_marks(cells: pd.DataFrame) -> tuple[pd.DataFrame, list[Remark]]:
    """The cells with the raised marks in their texts settled by the notes of the document."""
    marked = [number for number, text in enumerate(cells["text"].tolist()) if OPEN in text]
    if not marked:
        return cells, []
    texts = cells["text"].tolist()
    known = marks_of_notes([text for text, table in zip(texts, cells["table"].tolist(), strict=True) if table == 0])
    remarks = []
    for number in marked:
        texts[number], marks, unclear = settled(texts[number], known)
        page = int(cells["page"].iat[number])
        if marks:
            remarks.append(
                Remark(page, "hidden", True, f"“{texts[number]}”旁的注号 {'、'.join(marks)} 不属于格中文字，没有读取")
            )
        if unclear:
            remarks.append(Remark(page, "overprint", False, f"“{texts[number]}”的上标是注号还是数字无法判断"))
    return cells.assign(text=pd.Series(texts, dtype="object")), remarks


def _read_page(
    document,
    number: int,
    path: Path,
    watch: DamageWatch,
    layer_hidden: Callable[[object], bool | None],
    before: Columns | None,
) -> tuple[list[dict], dict, list[Remark]]:
    deadline = time.monotonic() + SECONDS_A_PAGE
    try:
        page = document.pages[number - 1]
        if is_cut_off(page):
            return [], _failed(number, f"第 {number} 页的内容不完整（文件被截断或损坏），已跳过，请重新下载"), []
        content = read_page_content(page, deadline, layer_hidden)
        if watch.of_page({stream.objid for stream in page.streams}):
            return [], _failed(number, f"第 {number} 页的数据已损坏，已跳过，请重新下载或索取原件"), []
        size = {"page": number, "width": content.width, "height": content.height}
        state, note = page_state(content)
        if state in ("unmapped", "outlines", "scan"):
            return [], {**size, "state": state, "note": note}, []
        records, pictured, doubts, columns, sure = page_records(number, content, path, deadline, before)
        if pictured and sum(1 for record in records if record["table"] and record["text"]) < 0.3 * pictured:
            return [], {**size, "state": "scan", "note": PICTURED}, []
        if state == "blank" and records:
            state, note = "text", ""
        remarks = [Remark(number, "hidden", True, said) for said in unseen_sentences(content.unseen)]
        if content.by_code:
            said = f"字体给出的 {content.by_code} 的编码不可用，按字体其余字符的编码（ASCII）读取"
            remarks.append(Remark(number, "fonts", True, said))
        if not sure:
            remarks.append(Remark(number, "gaps", False, UNRULED))
        remarks += [Remark(number, "fonts", False, said) for said in _untold(records)]
        remarks += [
            Remark(number, "pages" if said == UNDIVIDED else "overprint", False, said)
            for said in dict.fromkeys([*content.doubts, *doubts])
        ]
        return records, {**size, "state": state, "note": note, "columns": columns}, remarks
    except PageTooLong:
        return [], _failed(number, f"第 {number} 页内容过于复杂，{SECONDS_A_PAGE:.0f} 秒内没有读完，已跳过"), []
    except TooManyRules:
        return [], _failed(number, f"第 {number} 页的线条多得不像表格（图纸或图案），已跳过"), []
    except (MemoryError, RecursionError):
        return [], _failed(number, f"第 {number} 页超出可用内存或嵌套过深，已跳过"), []
    except Exception as error:
        return [], _failed(number, f"第 {number} 页已损坏，无法读取（{type(error).__name__}），已跳过"), []


def _untold(records: list[dict]) -> list[str]:
    """A sentence where cells have characters that their font does not tell."""
    texts = [record["text"].replace("\n", "") for record in records if record["table"] and UNMAPPED in record["text"]]
    examples = "、".join(text[:12] for text in texts[:5])
    return [f"{len(texts)} 格里有字体没有给出编码的字符（{UNMAPPED}）：{examples}"] if texts else []


UNSEEN = {
    "invisible": "隐形的文字",
    "tiny": "小到看不见的文字",
    "ground": "与底色分不出的文字",
    "layer": "关闭的图层里的文字",
    "covered": "被色块盖住的文字",
    "picture": "被图片盖住的文字",
    "struck": "划去的文字",
    "clipped": "被裁去的文字",
    "annotation": "隐藏的批注或域",
}


def unseen_sentences(unseen: dict[str, list[str]]) -> list[str]:
    """A sentence for each reason why text of a page is not seen, with its first texts.

    >>> unseen_sentences({"struck": ["90", "80"]})
    ['2 处划去的文字没有读取：90、80']
    """
    return [
        f"{len(texts)} 处{UNSEEN[why]}没有读取：{'、'.join(text[:12] for text in texts[:5])}{'等' if len(texts) > 5 else ''}"
        for why, texts in unseen.items()
    ]


def _failed(number: int, note: str) -> dict:
    return {"page": number, "state": "failed", "note": note}


def page_state(content: PageContent) -> tuple[str, str]:
    """State of a page (text, scan, unmapped, outlines, blank) and a sentence that says why it is not text.

    >>> page_state(PageContent(595, 842, [], [], image_area=0.9, curves=0, unmapped=0, hidden=0))[0]
    'scan'
    """
    printed = sum(1 for glyph in content.glyphs if glyph.text.strip(BLANKS))
    if content.unmapped and content.unmapped >= UNMAPPED_SHARE * printed:
        return "unmapped", "本页文字没有可用的编码（字体缺少 Unicode 对照），复制出来是乱码，需要文字识别或换一份文件"
    if printed < SCAN_MOST_TEXT and content.image_area >= SCAN_IMAGE_SHARE and len(content.rules) < FEW_RULES:
        layer = "（附有看不见的识别文字，未采用）" if content.hidden else ""
        return "scan", f"本页是扫描图片，没有可读取的文字{layer}，请先做文字识别（OCR）或索取电子版"
    if not printed and content.curves >= OUTLINE_CURVES:
        return "outlines", "本页文字已转成图形轮廓，没有可读取的文字，请索取电子版"
    if not printed and content.image_area > 0:
        return "scan", "本页只有图片，没有可读取的文字"
    if not printed:
        return "blank", "本页是空白页"
    return "text", ""
