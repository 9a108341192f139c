"""PDF → cells. The sole module that knows camelot.

Rules and glyphs come from the page's own drawing (page), tables from the rules (grid), text from the glyphs that stand in
them (text), without what was laid over it (overprint). Where a page has text upon a picture of rules, camelot's `combined` engine finds the
rules in the picture.
"""

import gc
import math
import time
import warnings
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from budgetperf.errors import Unreadable
from budgetperf.readers.pdf.areas import rules_of_boxes
from budgetperf.readers.pdf.content import Box, Glyph, PageContent, PageTooLong, Rule
from budgetperf.readers.pdf.file import DamageWatch, is_cut_off, lost_pages, open_pdf
from budgetperf.readers.pdf.fonts import UNMAPPED
from budgetperf.readers.pdf.grid import Grid, TooManyRules, find_grids
from budgetperf.readers.pdf.layers import layer_watch
from budgetperf.readers.pdf.notes import OPEN, marks_of_notes, settled, with_marks
from budgetperf.readers.pdf.numbers import lost_page_remarks
from budgetperf.readers.pdf.overprint import part_overlays
from budgetperf.readers.pdf.page import read_page_content
from budgetperf.readers.pdf.text import (
    BLANKS,
    FAR_APART,
    Line,
    cell_text,
    most_common_turn,
    slanted_line,
    text_lines,
    turned_box,
    turned_glyph,
)
from budgetperf.tables.cells import Reading, Recognised, Remark, cells_frame, pages_frame

PAGES_A_FRAME = 20
SECONDS_A_PAGE = 25.0
CAMELOT_LAYOUT = {"boxes_flow": None, "detect_vertical": False, "char_margin": 0.3}
SCAN_IMAGE_SHARE = 0.3  # of the page: pictures from this size on, and hardly any text, are a scan
SCAN_MOST_TEXT = 30  # characters: a page number, a stamp's text, a header line
FEW_RULES = 8  # drawn rules from which a page with a picture has a table of its own
UNMAPPED_SHARE = 0.5  # of a page's characters without Unicode mapping from which the page counts as unreadable
OUTLINE_CURVES = 200  # curved paths on a page without text: the text was turned into outlines
CUT_SLACK = 3.0  # points past a table's edge where the rest of a line cut by the page's edge still belongs to it
SLIVER = 3.0  # points: of a character cut so low, what is seen may overlap the rule at the cut
PAST_EDGE = 1.0  # points by which a sliver is looked for away from the cut

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
    frames: list[pd.DataFrame] = []
    records: list[dict] = []
    pages: list[dict] = []
    remarks: list[Remark] = []
    recognised: dict[int, Recognised] = {}
    count = 0
    path = Path(path)
    with DamageWatch() as watch, open_pdf(path) as document:
        total = len(document.pages)
        if total == 0:
            raise Unreadable(f"{path.name} 里没有任何页面", "请确认文件下载完整，或向发布单位索取原件")
        layer_hidden = layer_watch(document)
        for number in range(1, total + 1):
            with _uncollected():
                found, state, said = _read_page(document, number, path, watch, layer_hidden)
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
            if number % PAGES_A_FRAME == 0 or number == total:  # a frame holds a cell in a fifth of a record's memory
                frames.append(cells_frame(records))
                records = []
            if progress is not None:
                progress(number, total)
        lost = lost_pages(path, document)
        if lost:
            pages.append(_failed(total + 1, lost))
    filled = [frame for frame in frames if len(frame)] or frames[:1]
    cells, marked = _with_settled_marks(pd.concat(filled, ignore_index=True))
    states = pages_frame(pages)
    remarks += [*marked, *lost_page_remarks(cells, states)]
    return Reading(cells, states, "pdf", tuple(sorted(remarks, key=lambda remark: remark.page)), recognised)


@contextmanager
def _uncollected():
    """Without the garbage collector, which walks through a page's thousands of characters for nothing: no circles."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


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
    document, number: int, path: Path, watch: DamageWatch, layer_hidden: Callable[[object], bool]
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
        records, pictured, doubts = page_records(number, content, path, deadline)
        if pictured and sum(1 for record in records if record["table"] and record["text"]) < 0.3 * pictured:
            return [], {**size, "state": "scan", "note": PICTURED}, []
        if state == "blank" and records:
            state, note = "text", ""
        remarks = [Remark(number, "hidden", True, said) for said in unseen_sentences(content.unseen)]
        if content.by_code:
            said = f"字体给出的 {content.by_code} 的编码不可用，按字体其余字符的编码（ASCII）读取"
            remarks.append(Remark(number, "fonts", True, said))
        remarks += [Remark(number, "fonts", False, said) for said in _untold(records)]
        remarks += [Remark(number, "overprint", False, said) for said in dict.fromkeys([*content.doubts, *doubts])]
        return records, {**size, "state": state, "note": note}, remarks
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


def page_records(number: int, content: PageContent, path: Path, deadline: float) -> tuple[list[dict], int, list[str]]:
    """Records (see cells.CELL_COLUMNS) of one page: its tables' cells and the lines around them, in reading order.

    Also the number of cells whose rules stand in a picture, 0 where the rules are drawn; and what can't be told.
    """
    rules = content.rules
    straight = [glyph for glyph in content.glyphs if glyph.turn >= 0]
    slanted = [glyph for glyph in content.glyphs if glyph.turn < 0]
    turn, stamps = most_common_turn(straight), content.stamps
    if turn:
        stamps = [stamp._replace(box=turned_box(stamp.box, -turn % 4)) for stamp in stamps]
        straight = [turned_glyph(glyph, -turn % 4) for glyph in straight]
        rules = [_turned_rule(rule, -turn % 4) for rule in rules]
    grids = find_grids(rules, _text_finder(straight))
    boxes = [turned_box(area.box, -turn % 4) for area in content.areas]
    between = rules_of_boxes([box for box in boxes if not any(_meets(grid.box, box) for grid in grids)])
    if between:
        grids = find_grids(rules + between, _text_finder(straight))
    pictured = 0
    if not grids and not turn and straight and content.image_area >= SCAN_IMAGE_SHARE / 3:
        grids = find_grids(_rules_in_picture(path, number), _text_finder(straight))
        pictured = sum(len(grid.cells) for grid in grids)
    inside, loose = _sort_into_cells(grids, straight, deadline)
    upright = [turned_glyph(glyph, -turn % 4) for glyph in slanted] if turn else slanted
    inside, loose, overlays, doubts = part_overlays(grids, inside, loose, upright, stamps)
    gone = {id(glyph) for glyph in overlays}
    for piece in content.crossed:
        if text := "".join(glyph.text for glyph in piece if id(glyph) not in gone):
            doubts.append(f"有线从文字“{text[:20]}”中间穿过，是划去还是格线无法判断")
    blocks: list[tuple[float, float, list[dict], int]] = []
    for table, grid in enumerate(grids, 1):
        records, over = _table_records(table, grid, inside[table - 1])
        doubts += [f"“{text}”一格文字压着文字，读得对不对无法判断" for text in over]
        blocks.append((grid.box[1], grid.box[0], records, len(grid.ys) - 1))
    blocks += _line_blocks(text_lines(loose, FAR_APART))
    blocks.sort(key=lambda block: block[:2])
    blocks += _line_blocks(text_lines(upright) + _laid_over(overlays))
    records, rows = [], 0
    for _, _, block, height in blocks:
        for record in block:
            record["page"] = number
            if turn:
                box = turned_box((record["x0"], record["y0"], record["x1"], record["y1"]), turn)
                record["x0"], record["y0"], record["x1"], record["y1"] = box
            record["row"] += rows
            records.append(record)
        rows += height
        if time.monotonic() > deadline:
            raise PageTooLong
    return records, pictured, doubts


def _meets(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _turned_rule(rule: Rule, turn: int) -> Rule:
    box = (rule.start, rule.at, rule.end, rule.at) if rule.horizontal else (rule.at, rule.start, rule.at, rule.end)
    x0, y0, x1, y1 = turned_box(box, turn)
    return Rule(True, y0, x0, x1) if (turn % 2 == 0) == rule.horizontal else Rule(False, x0, y0, y1)


def _text_finder(glyphs: list[Glyph]) -> Callable[[Box], bool]:
    def has_text(box: Box) -> bool:
        return any(box[0] < g.cx < box[2] and box[1] < _seen_at(g) < box[3] and g.text.strip(BLANKS) for g in glyphs)

    return has_text


def _cut(glyph: Glyph) -> float:
    """Below 0: the lower part of a character is hidden, above 0: its upper part, 0: neither."""
    cut = glyph.cy - (glyph.y0 + glyph.y1) / 2
    return cut if abs(cut) > 0.01 else 0.0


def _seen_at(glyph: Glyph) -> float:
    """How far down a character stands: the middle of what is seen of it, of a mere sliver away from the cut."""
    cut = _cut(glyph)
    seen = 2 * (glyph.y1 - glyph.cy if cut > 0 else glyph.cy - glyph.y0)
    return glyph.cy + math.copysign(min(seen / 2, PAST_EDGE), cut) if cut and seen < SLIVER else glyph.cy


def _sort_into_cells(
    grids: list[Grid], glyphs: list[Glyph], deadline: float
) -> tuple[list[dict[int, list[Glyph]]], list[Glyph]]:
    """Glyphs by table and cell, each where the middle of its visible part lies, and those outside every table."""
    smallest_first = sorted(range(len(grids)), key=lambda i: _area(grids[i].box))
    boxes = [(i, grids[i], *grids[i].box) for i in smallest_first]
    inside: list[dict[int, list[Glyph]]] = [{} for _ in grids]
    loose = []
    for number, glyph in enumerate(glyphs):
        if number % 5000 == 4999 and time.monotonic() > deadline:
            raise PageTooLong
        at, slack = (_seen_at(glyph), CUT_SLACK) if _cut(glyph) else (glyph.cy, 0.0)
        for index, grid, x0, y0, x1, y1 in boxes:
            if x0 <= glyph.cx <= x1 and y0 - slack <= at <= y1 + slack:
                cell = grid.cell_at(glyph.cx, at)
                if cell >= 0:
                    inside[index].setdefault(cell, []).append(glyph)
                    break
        else:
            loose.append(glyph)
    return inside, loose


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _table_records(table: int, grid: Grid, inside: dict[int, list[Glyph]]) -> tuple[list[dict], list[str]]:
    """Records of a table's cells, and the texts of those in which text lies upon text."""
    records, over = [], []
    for index, cell in enumerate(grid.cells):
        glyphs = inside.get(index)
        text, unclear = cell_text(with_marks(glyphs)) if glyphs else ("", False)
        if unclear:
            over.append(text.replace("\n", "")[:20])
        record = {
            "table": table,
            "row": cell.row + 1,
            "col": cell.col + 1,
            "rowspan": cell.rowspan,
            "colspan": cell.colspan,
            "text": text,
            "x0": cell.x0,
            "y0": cell.y0,
            "x1": cell.x1,
            "y1": cell.y1,
            "open_top": cell.open_top,
            "open_bottom": cell.open_bottom,
        }
        records.append(record)
    return records, over


def _laid_over(glyphs: list[Glyph]) -> list[Line]:
    """What lies over the tables, a line for each type it is set in."""
    kinds: dict[tuple, list[Glyph]] = {}
    for glyph in glyphs:
        kinds.setdefault((glyph.ink.colour, glyph.ink.font, round(glyph.y1 - glyph.y0)), []).append(glyph)
    return [slanted_line(group) for group in kinds.values()]


def _line_blocks(lines: list[Line]) -> list[tuple[float, float, list[dict], int]]:
    """One block a row of print: the pieces of a line side by side are its columns."""
    blocks: list[tuple[float, float, list[dict], int]] = []
    bottom = float("-inf")
    for line in lines:
        text = line.text.strip(BLANKS)
        if not text:
            continue
        record = {
            "table": 0,
            "row": 1,
            "col": 1,
            "text": text,
            **dict(zip(("x0", "y0", "x1", "y1"), line[1:5], strict=True)),
        }
        beside = blocks and blocks[-1][2][-1]["x1"] <= line.x0 and (line.y0 + line.y1) / 2 < bottom
        if beside:
            record["col"] = len(blocks[-1][2]) + 1
            blocks[-1][2].append(record)
        else:
            blocks.append((line.y0, line.x0, [record], 1))
        bottom = line.y1
    return blocks


def _rules_in_picture(path: Path, number: int) -> list[Rule]:
    """Rules that stand in a picture under the text, as camelot's `combined` engine sees them; none where it fails."""
    import camelot

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "no tables found": a picture is seldom one of rules
        try:
            tables = camelot.read_pdf(
                str(path), pages=str(number), flavor="lattice", engine="combined", layout_kwargs=CAMELOT_LAYOUT
            )
        except Exception:
            return []
    rules = []
    for table in tables:
        height = table.pdf_size[1]
        for cell in [cell for line in table.cells for cell in line]:
            top, bottom = height - cell.y2, height - cell.y1
            rules += [
                Rule(True, at, cell.x1, cell.x2) for at, drawn in ((top, cell.top), (bottom, cell.bottom)) if drawn
            ]
            sides = ((cell.x1, cell.left), (cell.x2, cell.right))
            rules += [Rule(False, at, top, bottom) for at, drawn in sides if drawn]
    return rules
