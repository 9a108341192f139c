"""Excel workbooks (.xlsx) → Cells, by openpyxl, as a person sees the sheets."""

import io
import re
import warnings
import zipfile
from collections import Counter
from datetime import date, time, timedelta
from itertools import islice
from pathlib import Path
from posixpath import dirname, join, normpath

import pandas as pd
from lxml import etree
from openpyxl import Workbook
from openpyxl.formula.translate import Translator
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904, to_excel

from budgetperf.errors import Unreadable
from budgetperf.readers.conditions import Look, Styled, apply_conditions, looks_of, rules_of
from budgetperf.readers.excel_looks import look, unseen
from budgetperf.readers.excel_package import STYLES, openable_workbook
from budgetperf.readers.exported import PICTURE
from budgetperf.readers.flow import CELL_LIMIT, cells_of
from budgetperf.readers.formula import is_text_formula, joined_texts, work_out
from budgetperf.readers.number_format import as_seen, exact, text_as_seen
from budgetperf.readers.package import check_package, content_of, transitional
from budgetperf.readers.rich_text import marked_strings, marked_text
from budgetperf.readers.sheet import Sheet, sheet_items, sheet_remarks
from budgetperf.readers.sheet_lines import header_lines, text_boxes
from budgetperf.tables.cells import Reading, Remark, cells_frame, pages_frame

SLOT_LIMIT = 10_000_000  # places that openpyxl makes up between a sheet's cells; real sheets stay far below
LAST_ROW, LAST_COL = 1_048_576, 16_384
NO_HEIGHT, NO_WIDTH = 1.5, 0.2  # points and characters: what is lower or narrower shows nothing
KEPT_DIGITS = 15  # of a number; Excel makes zeros of the rest
RESAVE = "请用 Excel 或 WPS 打开该文件，另存为 .xlsx 后再读"
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def read_xlsx(source: Path | bytes) -> Reading:
    """Cells of an .xlsx workbook; a page a sheet, numbered as its tab stands.

    Numbers, percentages and dates come in their number format, formulas by their stored result (where there is none, sums
    are worked out). Hidden sheets, rows and columns and text struck out or white on white are left out, as remarks tell.
    Tables and lines: see sheet.py. Raises Unreadable for a broken, encrypted or oversized file.

    >>> import tempfile
    >>> from openpyxl import Workbook
    >>> book = Workbook()
    >>> book.active.append(["数量指标", "合格率", 0.95])
    >>> book.active["C1"].number_format = "0%"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     book.save(Path(folder) / "a.xlsx")
    ...     read_xlsx(Path(folder) / "a.xlsx").cells["text"].tolist()
    ['数量指标', '合格率', '95%']
    """
    data = content_of(source)
    names = check_package(data)
    data = transitional(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of parts that hold no text: drawings, extensions
            sheets = _xlsx_sheets(data)
    except (Unreadable, MemoryError):
        raise
    except Exception as error:
        raise Unreadable(f"工作簿内容有误，读不出来（{type(error).__name__}：{error}）", RESAVE) from error
    return reading_of(sheets, pictures=any(name.startswith("xl/media/") for name in names))


def reading_of(sheets: list[Sheet | None], pictures: bool) -> Reading:
    """All sheets as one Reading; None stands for a hidden one."""
    frames, pages, remarks = [], [], []
    for number, sheet in enumerate(sheets, start=1):
        if sheet is None:
            pages.append({"page": number, "state": "blank", "note": "工作表是隐藏的，没有读取"})
            remarks.append(Remark(number, "hidden", True, "工作表是隐藏的，没有读取"))
            continue
        items, said = sheet_items(sheet), sheet_remarks(sheet, number)
        state = "text" if items else "scan" if pictures else "blank"
        empty = [] if items else ["工作表只有图片，没有文字" if pictures else "工作表没有内容"]
        note = "；".join([*empty, *(r.note for r in said)])
        pages.append({"page": number, "state": state, "note": note, "name": sheet.name})
        remarks += said
        frames.append(cells_of(items, number))
        if sum(map(len, frames)) > CELL_LIMIT:
            raise Unreadable(
                f"工作簿的单元格超过 {CELL_LIMIT:,} 个，超出可读范围", "请删去与绩效目标表无关的工作表后再读"
            )
    frames = [frame for frame in frames if len(frame)]
    cells = pd.concat(frames, ignore_index=True) if frames else cells_frame([])
    return Reading(cells, pages_frame(pages), "xlsx", tuple(remarks))


# ---- .xlsx


def opened_sheet(data: bytes) -> Sheet:
    """The sheet that a (checked) workbook opens with, as far as it is shown where it lies in another document."""
    data = transitional(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        workbook = _parse(archive, _workbook(archive))
    view, shown = workbook.find("{*}bookViews/{*}workbookView"), workbook.find("{*}oleSize")
    sheets = _xlsx_sheets(data)
    sheet = sheets[min(0 if view is None else int(view.get("activeTab", 0)), len(sheets) - 1)] or Sheet()
    if shown is not None:
        left, top, right, bottom = range_boundaries(shown.get("ref"))
        sheet.texts = {
            (row, col): text
            for (row, col), text in sheet.texts.items()
            if top <= row <= bottom and left <= col <= right
        }
    return sheet


def _xlsx_sheets(data: bytes) -> list[Sheet | None]:
    """Every sheet in the order of its tabs; None for a hidden one, an empty Sheet for a sheet of charts."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        listed = _listed_sheets(archive)
        marked = marked_strings(archive)
        styles = looks_of(_parse(archive, STYLES) if STYLES in archive.namelist() else None)
        outlines = {part: _outline(archive, part, marked, styles) for _, part, hidden in listed if not hidden}
        boxes = {part: _boxes(archive, part) for part in outlines}
    book, lost = _opened(data)
    tables = {sheet.title: sheet for sheet in book.worksheets}
    sheets = []
    for name, part, hidden in listed:
        sheet, last_row = (None, 0) if hidden else outlines[part]
        if sheet is not None:
            sheet.name = name
        if last_row and name in tables:
            _fill(sheet, last_row, tables[name], book.epoch)
            sheet.lost_looks = lost
            first = min((row for row, _ in sheet.texts), default=0)
            for row, line in boxes[part]:
                (sheet.above if row <= first else sheet.below).append(line)
        sheets.append(sheet)
    return sheets


def _opened(data: bytes) -> tuple[Workbook, int]:
    """The workbook; and in how many places marks of cells' looks were left out, without which alone openpyxl opens it."""
    try:
        return _Cells(data).book(), 0
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        mended, lost = openable_workbook(data)
        return _Cells(mended).book(), lost


class _Cells(ExcelReader):
    """openpyxl's reader of workbooks, without what holds no cells and makes it fail in some: sheets of charts, and what
    the file says of itself."""

    def __init__(self, data: bytes):
        super().__init__(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)

    def book(self) -> Workbook:
        """The workbook as openpyxl reads it."""
        self.read()
        return self.wb

    def read_chartsheet(self, sheet, rel):
        """Passed over."""

    def read_properties(self):
        """Passed over."""

    def read_custom(self):
        """Passed over."""


def _listed_sheets(archive: zipfile.ZipFile) -> list[tuple[str, str, bool]]:
    """(name, part, hidden) of each sheet in the order of the tabs."""
    workbook = _workbook(archive)
    targets = _relations(
        archive, join(dirname(workbook), "_rels", workbook.rpartition("/")[2] + ".rels"), dirname(workbook)
    )
    sheets = _parse(archive, workbook).iterfind("{*}sheets/{*}sheet")
    return [
        (sheet.get("name"), targets[sheet.get(_RELATION)][1], sheet.get("state", "visible") != "visible")
        for sheet in sheets
    ]


def _workbook(archive: zipfile.ZipFile) -> str:
    top = _relations(archive, "_rels/.rels", "")
    return next(target for kind, target in top.values() if kind.endswith("/officeDocument"))


def _relations(archive: zipfile.ZipFile, part: str, folder: str) -> dict[str, tuple[str, str]]:
    """Relation id → (kind, target part)."""
    return {
        relation.get("Id"): (
            relation.get("Type", ""),
            normpath(join("/" + folder, relation.get("Target", ""))).lstrip("/"),
        )
        for relation in _parse(archive, part).iterfind("{*}Relationship")
    }


def _boxes(archive: zipfile.ZipFile, part: str) -> list[tuple[int, str]]:
    """What the text boxes of a sheet say, and where."""
    folder, _, name = part.rpartition("/")
    relations = join(folder, "_rels", name + ".rels")
    if relations not in archive.namelist():
        return []
    drawings = [target for kind, target in _relations(archive, relations, folder).values() if kind.endswith("/drawing")]
    return [
        box for drawing in drawings if drawing in archive.namelist() for box in text_boxes(_parse(archive, drawing))
    ]


def _parse(archive: zipfile.ZipFile, part: str) -> etree._Element:
    with archive.open(part) as stream:
        return etree.parse(stream, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)).getroot()


def _outline(
    archive: zipfile.ZipFile, part: str, marked: dict[str, tuple[str, Counter]], looks: list[Look]
) -> tuple[Sheet, int]:
    """A sheet without its texts, and its last row.

    Holds what openpyxl does not give while streaming: merged ranges, hidden rows and columns, formulas without result,
    texts of which a part is struck out or raised (`marked`: those of them that cells share).
    Also bounds what openpyxl will do: rows and cells must be in order and within the sheet's limits, since it would
    otherwise drop some in silence or make up blanks without end.
    """
    sheet, row, slots = Sheet(), 0, 0
    with archive.open(part) as stream:
        events = etree.iterparse(
            stream,
            tag=["{*}row", "{*}mergeCell", "{*}col", "{*}oddHeader", "{*}conditionalFormatting"],
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
        )
        for _, element in events:
            kind = etree.QName(element).localname
            if kind == "row":
                before, row = row, int(float(element.get("r", row + 1)))
                last_col = _check_row(element, row, sheet, marked)
                slots += last_col
                if not before < row <= LAST_ROW or last_col > LAST_COL:
                    raise Unreadable(f"工作表的行列编号有误（第 {row} 行附近），读不准", RESAVE)
                if slots > SLOT_LIMIT:
                    raise Unreadable("工作表用到的区域过大，超出可读范围", "请删去表格以外的空行、空列后另存再读")
                if _true(element.get("hidden")) or float(element.get("ht", 15)) < NO_HEIGHT:
                    sheet.hidden_rows.add(row)
                elif _true(element.get("customHeight")) and element.get("ht") is None:
                    sheet.hidden_rows.add(row)  # a height was set and none is given: programs write 0 so
                    sheet.perhaps_hidden += last_col > 0
            elif kind == "col":
                if _true(element.get("hidden")) or float(element.get("width", 8)) < NO_WIDTH:
                    hidden = range(int(element.get("min")), min(int(element.get("max")), LAST_COL) + 1)
                    slots += len(hidden)
                    sheet.hidden_cols.update(hidden)
            elif kind == "conditionalFormatting":
                sheet.conditions += rules_of(element, looks)
            elif kind == "oddHeader":
                sheet.above += header_lines(element.text or "")
            elif element.get("ref"):
                first_col, first_row, last_col, last_row = range_boundaries(element.get("ref"))
                sheet.merges.append((first_row or 1, last_row or LAST_ROW, first_col or 1, last_col or LAST_COL))
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    return sheet, row


def _check_row(element: etree._Element, row: int, sheet: Sheet, marked: dict[str, tuple[str, Counter]]) -> int:
    """The row's last column; notes in the sheet the formulas that have no stored result and the marked texts."""
    col = 0
    for cell in element:
        place = cell.get("r")
        before, col = col, coordinate_to_tuple(place)[1] if place else col + 1
        if col <= before:
            raise Unreadable(f"工作表的单元格编号有误（{place} 附近），读不准", RESAVE)
        element = cell.find("{*}f")
        formula = None if element is None else _formula(element, row, col, sheet)
        if formula is not None and cell.get("t") != "str" and not cell.findtext("{*}v") and not PICTURE.match(formula):
            if is_text_formula(formula):
                sheet.texts[row, col] = "=" + formula
                sheet.text_formulas += 1
            else:
                sheet.formulas[row, col] = formula
        kind = cell.get("t")
        found = marked.get(cell.findtext("{*}v", "")) if kind == "s" and marked else None
        if kind == "inlineStr" and (rich := cell.find("{*}is")) is not None:
            found = marked_text(rich)
        if found is not None:
            sheet.seen[row, col] = found[0]
            sheet.unseen += found[1]
    return col


def _formula(element: etree._Element, row: int, col: int, sheet: Sheet) -> str:
    """The formula of a cell; one that several cells share is written in the first of them only."""
    place, text, number = f"{get_column_letter(col)}{row}", element.text or "", element.get("si")
    if element.get("t") != "shared" or number is None:
        return text
    if text:
        sheet.shared[number] = Translator("=" + text, place)
    first = sheet.shared.get(number)
    return "" if first is None else first.translate_formula(place).removeprefix("=")


def _true(word: str | None) -> bool:
    return word in ("1", "true", "on")


def _fill(sheet: Sheet, last_row: int, source, epoch) -> None:
    """Texts and rules of one sheet, streamed by openpyxl; what follows the last row could only make it fail."""
    source.reset_dimensions()  # what a sheet says of its own size is often wrong
    styles: dict[tuple, tuple[bool, str, tuple, str]] = {}
    emptied: set[int] = set()
    held: dict[tuple[int, int], Styled] = {}
    for row in islice(source.iter_rows(), last_row):
        for cell in row:
            value = cell.value
            if value is None and not getattr(cell, "has_style", False):
                continue
            place, key = (cell.row, cell.column), cell.style_array
            key = (key.borderId, key.numFmtId, key.fontId, key.fillId)
            if key not in styles:
                *looks, own = look(cell)
                styles[key] = (*looks, own, unseen(*own))
            ruled, code, own, reason = styles[key]
            if ruled:
                sheet.ruled.add(place)
            if place in sheet.formulas:
                sheet.codes[place] = code
            if value is None:
                continue
            is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
            if is_number and sheet.formulas:
                sheet.numbers[place] = exact(value)
            text = sheet.seen[place] if place in sheet.seen else _shown(value, cell.data_type, code, epoch)
            if sheet.conditions:
                held[place] = Styled(value, cell.data_type, text, own)
            if not text.strip():
                continue
            if reason:
                sheet.unseen[reason] += 1
                emptied.add(cell.row)
                continue
            if is_number and abs(value) >= 10**KEPT_DIGITS:
                sheet.short.append(text)
            sheet.texts[place] = text
    apply_conditions(sheet, held, lambda cell, code: _shown(cell.seen_value, cell.kind, code, epoch))
    emptied.update(row for (row, _), cell in held.items() if cell.text.strip())
    sheet.hidden_rows |= emptied - {row for row, _ in sheet.texts}
    results = {place: as_seen(n, sheet.codes.get(place, "General")) for place, n in work_out(sheet).items()}
    results |= joined_texts(sheet)
    sheet.computed = len(results)
    sheet.texts |= {place: text for place, text in results.items() if text}
    sheet.formulas = {place: formula for place, formula in sheet.formulas.items() if place not in results}


def _shown(value, kind: str, code: str, epoch) -> str:
    """One value as the cell shows it."""
    date1904 = epoch == CALENDAR_MAC_1904
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (date, time, timedelta)):
        return as_seen(to_excel(value, epoch), code, date1904)
    if isinstance(value, (int, float)):
        return as_seen(value, code, date1904)
    text = unescape(str(value))
    return text if kind == "e" else text_as_seen(text, code)


def unescape(text: str) -> str:
    """A text without the escapes that Excel writes for control characters, its lines divided by "\\n".

    >>> unescape("数量_x000D_\\n指标")
    '数量\\n指标'
    """
    if "_x" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in text if char >= " " or char in "\n\t")
