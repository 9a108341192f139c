"""Word documents (.docx) → Cells, by python-docx, as a person sees them with all changes accepted.

Read: paragraphs and tables of the body in order, nested tables, text boxes (as lines after the paragraph they hang
on), equations, content controls, the first page's header, workbooks laid in as objects. Left out: deleted and hidden text, footers, notes, comments,
and the numbers that Word itself puts before list items.
"""

import io
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
from lxml import etree

from budgetperf.errors import Unreadable
from budgetperf.readers.flow import (
    CELL_LIMIT,
    LOWERED,
    RAISED,
    Cell,
    Table,
    cells_of,
    labels_anything,
    laid_out,
    left_out,
    lines_of,
)
from budgetperf.readers.package import check_package, content_of, transitional
from budgetperf.readers.sheet import sheet_items, sheet_remarks
from budgetperf.readers.text import text_items
from budgetperf.readers.word_fields import drop_instructions
from budgetperf.readers.word_looks import drop_unseen
from budgetperf.readers.word_package import openable_document
from budgetperf.tables.cells import Reading, Remark, pages_frame

SPAN_LIMIT = 1000  # Word itself allows 63 columns
NARROW = 100  # twips; no column is, the margins of its cells alone are wider
_RESAVE = "请用 Word 或 WPS 打开该文件，另存为 .docx 后再读"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_EXPONENTS = {_M + "sup": RAISED, _M + "sub": LOWERED}
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_OLE = "{urn:schemas-microsoft-com:office:office}OLEObject"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_P, _TBL, _TR, _TC = _W + "p", _W + "tbl", _W + "tr", _W + "tc"
# What only holds blocks, and what a person never sees: properties, deleted or moved text, ruby above the characters
_WRAPPERS = {_W + name for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")}
_UNSEEN = {_W + name for name in ("del", "moveFrom", "rPr", "pPr", "sdtPr", "sdtEndPr", "rt")}
_MARKS = {_W + "tab": "\t", _W + "ptab": "\t", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "-"}
# Places of sign fonts that these tables use; such text is stored as the font's number, not as the sign
_SYMBOL = {0x3C: "<", 0x3D: "=", 0x3E: ">", 0xA3: "≤", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB9: "≠", 0xBB: "≈"}
_WINGDINGS = {0x6F: "□", 0xA8: "□", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑"}
_WINGDINGS_2 = {0x50: "✓", 0x52: "☑", 0x54: "☒", 0xA3: "□"}
_SIGN_FONTS = {"Symbol": _SYMBOL, "Wingdings": _WINGDINGS, "Wingdings 2": _WINGDINGS_2}


def read_docx(source: Path | bytes) -> Reading:
    """Cells of a .docx document; one page, since Word's pages depend on the printer.

    A table inside a table comes as a table of its own behind the row it stands in; where the outer one only arranges
    (it has no more cells than the inner ones together, and no label of a form), its text comes as lines. Raises Unreadable for a broken, encrypted or
    oversized file.

    >>> import tempfile
    >>> document = docx.Document()
    >>> _ = document.add_paragraph("绩效目标表")
    >>> table = document.add_table(rows=1, cols=2)
    >>> table.cell(0, 0).text, table.cell(0, 1).text = "项目名称", "道路养护"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     document.save(Path(folder) / "a.docx")
    ...     read_docx(Path(folder) / "a.docx").cells["text"].tolist()
    ['绩效目标表', '项目名称', '道路养护']
    """
    data = content_of(source)
    names = check_package(data)
    try:
        dropped: Counter = Counter()
        remarks: list[Remark] = []
        items, foreign = _body(data, dropped, remarks)
    except (Unreadable, MemoryError):
        raise
    except Exception as error:
        deep = isinstance(error, RecursionError) or "Excessive depth" in str(error)
        reason = "嵌套过深" if deep else f"{type(error).__name__}：{error}"
        raise Unreadable(f"Word 文档内容有误，读不出来（{reason}）", _RESAVE) from error
    pictures = sum(name.startswith("word/media/") for name in names)
    state, notes = "text", []
    if not items:
        state = "scan" if pictures else "blank"
        notes.append("文档只有图片，没有文字" if pictures else "文档没有内容")
    if foreign:
        notes.append("文档里嵌入的其他文件没有读取")
    pages = pages_frame([{"page": 1, "state": state, "note": "；".join(notes)}])
    return Reading(cells_of(items), pages, "docx", (*left_out(1, dropped), *remarks))


def _body(data: bytes, dropped: Counter, remarks: list[Remark]) -> tuple[list, int]:
    """All items of a document, those of files laid into it in their place, and how many of these were not read; what no
    one sees is counted in `dropped`, what is to be said of workbooks goes to `remarks`."""
    document = docx.Document(io.BytesIO(openable_document(transitional(data))))
    shown = [document.element.body, *(own._element for own in _header(document))]
    for part in shown:
        dropped["域代码中的文字"] += drop_instructions(part)
        dropped.update(drop_unseen(part, document.styles.element))
    items, blocks, foreign = [line for own in shown[1:] for item in _items(own) for line in _as_lines(item)], [], 0
    for child in document.element.body:
        laid_in = [child] if child.tag == _W + "altChunk" else []
        if not laid_in:
            blocks.append(child)
            laid_in = [o for o in child.iter(_OLE) if o.get("ProgID", "").startswith("Excel.")]
        for place in laid_in:
            inside, unread = _chunk(document.part.related_parts.get(place.get(_RELATION)), dropped, remarks)
            items += _items(blocks) + inside
            blocks, foreign = [], foreign + unread
    return items + _items(blocks), foreign


def _as_lines(item: Table | tuple) -> list[tuple]:
    """A line, or the rows of a table that only places texts on the page, each as a line."""
    if not isinstance(item, Table):
        return [item]
    rows = [tuple(c.text for c in item.cells if c.row == row and c.text) for row in range(1, item.rows + 1)]
    return [row for row in rows if row]


def _chunk(part, dropped: Counter, remarks: list[Remark]) -> tuple[list, int]:
    """The items of a document, workbook or web page inside the document, and how many files in it were not read."""
    if part is not None and part.blob.startswith(b"PK"):
        if not any(name.startswith("xl/") for name in check_package(part.blob)):
            return _body(part.blob, dropped, remarks)
        from budgetperf.readers.excel import opened_sheet  # loads openpyxl

        sheet = opened_sheet(part.blob)
        remarks += sheet_remarks(sheet, 1)
        return sheet_items(sheet), 0
    if part is not None and ("html" in part.content_type or "rfc822" in part.content_type):
        from budgetperf.readers.html import html_items  # loads the readers of style sheets

        items, unseen = html_items(part.blob)
        dropped.update(unseen)
        return items, 0
    return [], 1


def _header(document) -> list:
    """The header of the first page, where it has one of its own."""
    for section in itertools.islice(document.sections, 1):
        own = section.first_page_header if section.different_first_page_header_footer else section.header
        return [] if own.is_linked_to_previous else [own]
    return []


# python-docx's parser refuses XML nested deeper than 256, so recursion is bounded


def _items(container: etree._Element) -> list:
    """Lines and tables of a body, cell or text box in reading order."""
    items: list = []
    begun = ""  # the text since the last table or text box
    for block in _blocks(container, (_P, _TBL)):
        if block.tag == _TBL:
            items += _text(begun) + _table_items(block)
            begun = ""
            continue
        text, boxes, runs_on = _paragraph(block)
        begun += text if runs_on else text + "\n"
        if boxes and not runs_on:
            items += _text(begun)
            begun = ""
        for box in boxes:
            items += _items(box)
    return items + _text(begun)


def _text(text: str) -> list:
    """The lines of a text, and the tables that tabs make of them."""
    return ("\t" in text and text_items(text)) or lines_of(text)


def _blocks(container: etree._Element, wanted: tuple[str, ...]) -> Iterator[etree._Element]:
    """Paragraphs, tables, rows or cells in a container, through content controls and tracked insertions."""
    for child in container:
        if child.tag in wanted:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _blocks(child, wanted)
        elif child.tag == _MC + "AlternateContent":
            yield from _blocks(_chosen(child), wanted)


def _chosen(alternatives: etree._Element) -> etree._Element:
    """The version a present Word shows; the others repeat it for older ones."""
    choice = alternatives.find(_MC + "Choice")
    fallback = alternatives.find(_MC + "Fallback")
    return choice if choice is not None else fallback if fallback is not None else alternatives


def _table_items(element: etree._Element) -> list:
    """A table, then what stood inside its cells apart from text; or only its contents where it merely arranges them."""
    own = [cell for row in _rows(element) for cell in _blocks(row, (_TC,))]
    nested = sum(1 for _ in element.iter(_TC)) - len(own)
    mostly_inner = nested > 0 and nested >= len(own)
    if mostly_inner and not labels_anything(map(_row_texts, _rows(element))):
        return [item for cell in own for item in _items(cell)]
    cells: list[Cell] = []
    inner: dict[int, list] = {}  # place in `cells` → what stands inside apart from text
    open_above: dict[int, int] = {}  # first column → place in `cells` of the merged cell that may go on downward
    unbegun: set[int] = set()  # those that no cell begins: shown undivided, a cell with text of its own is one
    rows = _rows(element)
    edges = _edges(element, rows)
    for row_number, row in enumerate(rows, start=1):
        place = _number(row.find(f"{_W}trPr/{_W}gridBefore"), 0)
        still_open: dict[int, int] = {}
        sideways = None  # the cell that an old-style horizontal merge goes on from
        for element_cell in _blocks(row, (_TC,)):
            col, place = edges(place) + 1, place + _span(element_cell)
            span = edges(place) + 1 - col
            down = _merge(element_cell, "vMerge")
            if _merge(element_cell, "hMerge") == "continue" and sideways is not None:
                cells[sideways] = cells[sideways]._replace(colspan=cells[sideways].colspan + span)
            elif (
                down == "continue"
                and col in open_above
                and not (open_above[col] in unbegun and _cell_content(element_cell)[0].strip())
            ):
                over = sideways = still_open[col] = open_above[col]
                cells[over] = cells[over]._replace(rowspan=row_number - cells[over].row + 1)
            else:
                text, found = _cell_content(element_cell)
                sideways = len(cells)
                if found:
                    inner[sideways] = found
                if down:
                    still_open[col] = sideways
                    unbegun |= {sideways} if down == "continue" else set()
                cells.append(Cell(row_number, col, 1, span, text))
        open_above = still_open
    if len(cells) > CELL_LIMIT:
        raise Unreadable("表格的单元格过多，超出可读范围", "请删去与绩效目标表无关的内容后再读")
    return laid_out(Table(len(rows), cells), inner, mostly_inner)


def _edges(table: etree._Element, rows: list[etree._Element]) -> Callable[[int], int]:
    """Place of an edge of the table's grid among those that stand apart: edges that were dragged a little are one, unless
    a cell stands between them."""
    widths = [_number(column, 0, "w") for column in table.iterfind(f"{_W}tblGrid/{_W}gridCol")]
    standing = [0, *itertools.accumulate(width >= NARROW for width in widths)]

    def placed(edge: int) -> int:
        return standing[edge] if edge < len(standing) else standing[-1] + edge - len(widths)

    for row in rows:
        place = _number(row.find(f"{_W}trPr/{_W}gridBefore"), 0)
        for cell in _blocks(row, (_TC,)):
            begin, place = place, place + _span(cell)
            if placed(begin) == placed(place):
                return int
    return placed


def _span(cell: etree._Element) -> int:
    return max(1, _number(cell.find(f"{_W}tcPr/{_W}gridSpan"), 1))


def _row_texts(row: etree._Element) -> list[str]:
    """Texts of a row's cells that hold no table."""
    cells = [cell for cell in _blocks(row, (_TC,)) if cell.find(f".//{_TBL}") is None]
    return ["".join(text.text or "" for text in cell.iter(_W + "t")).strip() for cell in cells]


def _rows(table: etree._Element) -> list[etree._Element]:
    """The rows a person sees: none that a tracked change deleted, none hidden."""
    return [
        row
        for row in _blocks(table, (_TR,))
        if row.find(f"{_W}trPr/{_W}del") is None and not _on(row.find(f"{_W}trPr/{_W}hidden"))
    ]


def _cell_content(cell: etree._Element) -> tuple[str, list]:
    """The cell's own text, paragraphs divided by "\n", and the items of nested tables and text boxes."""
    text, inner = "", []
    for block in _blocks(cell, (_P, _TBL)):
        if block.tag == _TBL:
            inner += _table_items(block)
            continue
        words, boxes, runs_on = _paragraph(block)
        text += words if runs_on else words + "\n"
        for box in boxes:
            inner += _items(box)
    if not text.strip() and inner and not any(isinstance(item, Table) for item in inner):
        return "\n".join("".join(line) for line in inner), []  # the cell's text stands in a box laid into it
    return text.strip("\n"), inner


def _paragraph(element: etree._Element) -> tuple[str, list[etree._Element], bool]:
    """Text of a paragraph, its text boxes, and whether it runs on into the next (its end was deleted)."""
    words: list[str] = []
    boxes: list[etree._Element] = []
    _collect(element, "", words, boxes)
    return "".join(words), boxes, element.find(f"{_W}pPr/{_W}rPr/{_W}del") is not None


def _collect(element: etree._Element, font: str, words: list[str], boxes: list[etree._Element]) -> None:
    """Appends what is visible in an element to `words` and text boxes to `boxes`."""
    for child in element:
        tag = child.tag
        if tag == _W + "r":
            if not _on(child.find(f"{_W}rPr/{_W}vanish")):
                fonts = child.find(f"{_W}rPr/{_W}rFonts")
                _collect(child, "" if fonts is None else fonts.get(_W + "ascii", ""), words, boxes)
        elif tag in (_W + "t", _M + "t"):
            words.append(_signs(child.text or "", font))
        elif tag in _MARKS:
            words.append(_MARKS[tag])
        elif tag == _W + "sym":
            words.append(_signs(chr(int(child.get(_W + "char", "25A1"), 16)), child.get(_W + "font", "")))
        elif tag == _M + "f":  # a fraction of an equation
            for part, sign in (("num", "/"), ("den", "")):
                if (side := child.find(_M + part)) is not None:
                    _collect(side, font, words, boxes)
                    words.append(sign)
        elif tag in _EXPONENTS:
            words.append(_exponent(child, font, _EXPONENTS[tag]))
        elif tag == _M + "rad":
            words.append("√")
            _collect(child, font, words, boxes)
        elif tag == _W + "txbxContent":
            boxes.append(child)
        elif tag in (_W + "ddList", _W + "checkBox"):
            words.append(_of_field(child))
        elif tag == _W + "sdt" and _on(child.find(f"{_W}sdtPr/{_W}showingPlcHdr")):
            continue  # what Word asks to be filled in
        elif tag == _MC + "AlternateContent":
            _collect(_chosen(child), font, words, boxes)
        elif isinstance(tag, str) and tag not in _UNSEEN:
            _collect(child, font, words, boxes)


def _of_field(field: etree._Element) -> str:
    """What a form's field shows: the entry that is chosen of a list, whether a box is ticked."""
    if field.tag == _W + "checkBox":
        mark = field.find(_W + "checked")
        return "☑" if _on(field.find(_W + "default") if mark is None else mark) else "□"
    mark = field.find(_W + "result")
    place = _number(field.find(_W + "default") if mark is None else mark, 0)
    entries = [entry.get(_W + "val", "") for entry in field.iter(_W + "listEntry")]
    return entries[place] if place < len(entries) else ""


def _exponent(element: etree._Element, font: str, digits: dict[int, int]) -> str:
    """What stands above or below the line in an equation: never one of the digits before it."""
    words: list[str] = []
    _collect(element, font, words, [])
    text = "".join(words)
    return (
        text.translate(digits) if re.fullmatch(r"[0-9+-]+", text) else f"^{text}" if text.isascii() and text else text
    )


def _signs(text: str, font: str) -> str:
    """Text of a sign font as the signs it shows; other text as it is.

    >>> _signs("\uf0b395%", "Symbol"), _signs("95%", "宋体")
    ('≥95%', '95%')
    """
    signs = _SIGN_FONTS.get(font)
    if not signs:
        return text
    place = [ord(char) - 0xF000 if 0xF000 <= ord(char) <= 0xF0FF else ord(char) for char in text]
    return "".join(signs.get(number, char) for number, char in zip(place, text, strict=True))


def _merge(cell: etree._Element, kind: str) -> str:
    """ "restart", "continue" or "" for vMerge and hMerge."""
    mark = cell.find(f"{_W}tcPr/{_W}{kind}")
    return "" if mark is None else mark.get(_W + "val", "continue")


def _number(element: etree._Element | None, default: int, name: str = "val") -> int:
    """A count as Word writes it, within what a table can have."""
    word = "" if element is None else element.get(_W + name, "")
    return min(int(word[:9]), SPAN_LIMIT) if word.isdecimal() else default


def _on(element: etree._Element | None) -> bool:
    return element is not None and element.get(_W + "val", "true") not in ("0", "false", "off")
