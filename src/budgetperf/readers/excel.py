"""Excel workbooks → Cells: .xlsx by openpyxl, .xls by xlrd, both as a person sees the sheets."""

import io
import re
import warnings
import zipfile
from datetime import date, time, timedelta
from itertools import islice
from pathlib import Path
from posixpath import dirname, join, normpath

import pandas as pd
import xlrd
from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904, to_excel

from budgetperf.errors import Unreadable
from budgetperf.readers.flow import CELL_LIMIT, cells_of
from budgetperf.readers.number_format import CHINESE_BUILTIN, as_seen, text_as_seen
from budgetperf.readers.package import check_package, content_of, encrypted, transitional
from budgetperf.readers.sheet import Sheet, sheet_items
from budgetperf.tables.cells import Reading, cells_frame, pages_frame

SLOT_LIMIT = 10_000_000  # places that openpyxl makes up between a sheet's cells; real sheets stay far below
LAST_ROW, LAST_COL = 1_048_576, 16_384
_RESAVE = "请用 Excel 或 WPS 打开该文件，另存为 .xlsx 后再读"
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def read_xlsx(source: Path | bytes) -> Reading:
    """Cells of an .xlsx workbook; a page a sheet, numbered as its tab stands.

    Numbers, percentages and dates come in their number format, formulas by their stored result (empty where there is
    none). Hidden sheets, rows and columns are left out. The page's note tells of both. What is a table and what a
    line outside tables: see sheet.py. Raises Unreadable for a broken, encrypted or oversized file.

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
    if "xl/workbook.bin" in names:
        raise Unreadable("这是二进制工作簿（.xlsb），不在可读范围", _RESAVE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of parts that hold no text: drawings, extensions
            sheets = _xlsx_sheets(data)
    except (Unreadable, MemoryError):
        raise
    except Exception as error:
        raise Unreadable(f"工作簿内容有误，读不出来（{type(error).__name__}：{error}）", _RESAVE) from error
    return _reading(sheets, pictures=any(name.startswith("xl/media/") for name in names))


def read_xls(source: Path | bytes) -> Reading:
    """Cells of an old .xls workbook, as `read_xlsx`; the format is "xlsx" too (one name for a workbook).

    A formula's stored result cannot be told from a missing one there. Raises Unreadable as `read_xlsx` does.
    """
    try:
        book = xlrd.open_workbook(
            file_contents=content_of(source), formatting_info=True, ragged_rows=True, logfile=io.StringIO()
        )
        sheets = [
            None if sheet.visibility else _xls_sheet(book, sheet)
            for sheet in (book.sheet_by_index(k) for k in range(book.nsheets))
        ]
    except (Unreadable, MemoryError):
        raise
    except Exception as error:  # on a damaged file xlrd lets struct.error, IndexError and others through
        if "encrypted" in str(error).lower():
            raise encrypted() from error
        raise Unreadable(f"旧版工作簿（.xls）已损坏，读不出来（{type(error).__name__}：{error}）", _RESAVE) from error
    return _reading(sheets, pictures=False)


def _reading(sheets: list[Sheet | None], pictures: bool) -> Reading:
    """All sheets as one Reading; None stands for a hidden one."""
    frames, pages = [], []
    for number, sheet in enumerate(sheets, start=1):
        if sheet is None:
            pages.append({"page": number, "state": "blank", "note": "工作表是隐藏的，没有读取"})
            continue
        items, note = sheet_items(sheet)
        state = "text" if items else "scan" if pictures else "blank"
        if not items:
            note = "；".join(filter(None, ["工作表只有图片，没有文字" if pictures else "工作表没有内容", note]))
        pages.append({"page": number, "state": state, "note": note})
        frames.append(cells_of(items, number))
        if sum(map(len, frames)) > CELL_LIMIT:
            raise Unreadable(
                f"工作簿的单元格超过 {CELL_LIMIT:,} 个，超出可读范围", "请删去与绩效目标表无关的工作表后再读"
            )
    frames = [frame for frame in frames if len(frame)]
    return Reading(pd.concat(frames, ignore_index=True) if frames else cells_frame([]), pages_frame(pages), "xlsx")


# ---- .xlsx


def _xlsx_sheets(data: bytes) -> list[Sheet | None]:
    """Every sheet in the order of its tabs; None for a hidden one, an empty Sheet for a sheet of charts."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        listed = _listed_sheets(archive)
        outlines = {part: _outline(archive, part) for _, part, hidden in listed if not hidden}
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    tables = {sheet.title: sheet for sheet in book.worksheets}
    sheets = []
    for name, part, hidden in listed:
        sheet, last_row = (None, 0) if hidden else outlines[part]
        if last_row and name in tables:
            _fill(sheet, last_row, tables[name], book.epoch)
        sheets.append(sheet)
    return sheets


def _listed_sheets(archive: zipfile.ZipFile) -> list[tuple[str, str, bool]]:
    """(name, part, hidden) of each sheet in the order of the tabs."""
    top = _relations(archive, "_rels/.rels", "")
    workbook = next(target for kind, target in top.values() if kind.endswith("/officeDocument"))
    targets = _relations(
        archive, join(dirname(workbook), "_rels", workbook.rpartition("/")[2] + ".rels"), dirname(workbook)
    )
    sheets = _parse(archive, workbook).iterfind("{*}sheets/{*}sheet")
    return [
        (sheet.get("name"), targets[sheet.get(_RELATION)][1], sheet.get("state", "visible") != "visible")
        for sheet in sheets
    ]


def _relations(archive: zipfile.ZipFile, part: str, folder: str) -> dict[str, tuple[str, str]]:
    """Relation id → (kind, target part)."""
    return {
        relation.get("Id"): (
            relation.get("Type", ""),
            normpath(join("/" + folder, relation.get("Target", ""))).lstrip("/"),
        )
        for relation in _parse(archive, part).iterfind("{*}Relationship")
    }


def _parse(archive: zipfile.ZipFile, part: str) -> etree._Element:
    with archive.open(part) as stream:
        return etree.parse(stream, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)).getroot()


def _outline(archive: zipfile.ZipFile, part: str) -> tuple[Sheet, int]:
    """A sheet without its texts, and its last row.

    Holds what openpyxl does not give while streaming: merged ranges, hidden rows and columns, formulas without result.
    Also bounds what openpyxl will do: rows and cells must be in order and within the sheet's limits, since it would
    otherwise drop some in silence or make up blanks without end.
    """
    sheet, row, slots = Sheet(), 0, 0
    with archive.open(part) as stream:
        events = etree.iterparse(
            stream, tag=["{*}row", "{*}mergeCell", "{*}col"], resolve_entities=False, no_network=True, load_dtd=False
        )
        for _, element in events:
            kind = etree.QName(element).localname
            if kind == "row":
                before, row = row, int(float(element.get("r", row + 1)))
                last_col = _check_row(element, row, sheet)
                slots += last_col
                if not before < row <= LAST_ROW or last_col > LAST_COL:
                    raise Unreadable(f"工作表的行列编号有误（第 {row} 行附近），读不准", _RESAVE)
                if slots > SLOT_LIMIT:
                    raise Unreadable("工作表用到的区域过大，超出可读范围", "请删去表格以外的空行、空列后另存再读")
                if _true(element.get("hidden")) or element.get("ht") in ("0", "0.0"):
                    sheet.hidden_rows.add(row)
            elif kind == "col":
                if _true(element.get("hidden")) or element.get("width") in ("0", "0.0"):
                    hidden = range(int(element.get("min")), min(int(element.get("max")), LAST_COL) + 1)
                    slots += len(hidden)
                    sheet.hidden_cols.update(hidden)
            elif element.get("ref"):
                first_col, first_row, last_col, last_row = range_boundaries(element.get("ref"))
                sheet.merges.append((first_row or 1, last_row or LAST_ROW, first_col or 1, last_col or LAST_COL))
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    return sheet, row


def _check_row(element: etree._Element, row: int, sheet: Sheet) -> int:
    """The row's last column; notes the formulas that have no stored result in the sheet."""
    col = 0
    for cell in element:
        place = cell.get("r")
        before, col = col, coordinate_to_tuple(place)[1] if place else col + 1
        if col <= before:
            raise Unreadable(f"工作表的单元格编号有误（{place} 附近），读不准", _RESAVE)
        formula = cell.find("{*}f")
        if formula is not None and cell.get("t") != "str" and not cell.findtext("{*}v"):
            if is_text_formula(formula.text or ""):
                sheet.texts[row, col] = "=" + formula.text
                sheet.text_formulas += 1
            else:
                sheet.uncached += 1
    return col


def is_text_formula(formula: str) -> bool:
    """Whether a formula without a result is a text like "=62人" that a program stored as one: it calculates nothing.

    >>> [is_text_formula(formula) for formula in ("62人", "100%", "56元/人/天", "100.00(%)", "达标")]
    [True, True, True, True, True]
    >>> [is_text_formula(formula) for formula in ("10+20", "A1", "SUM(A1:A3)", "表1!A1", "单价*数量", "")]
    [False, False, False, False, False, False]
    """
    if re.search(r"[A-Za-z]\$?\d|[A-Za-z_]\(|[!\"$]", formula):
        return False
    if re.fullmatch(r"[\d.,]+ *(?:[%％]|[(（][%％][)）])?", formula):
        return True
    chinese = re.search("[\u3400-\u9fff]", formula) is not None
    return chinese and (formula[0].isdigit() or not re.search(r"[-+*/^&<>=(]", formula))


def _true(word: str | None) -> bool:
    return word in ("1", "true", "on")


def _fill(sheet: Sheet, last_row: int, source, epoch) -> None:
    """Texts and rules of one sheet, streamed by openpyxl; what follows the last row could only make it fail."""
    source.reset_dimensions()  # what a sheet says of its own size is often wrong
    ruled_styles: dict[int, bool] = {}
    codes: dict[int, str] = {}
    for row in islice(source.iter_rows(), last_row):
        for cell in row:
            value = cell.value
            if value is None and not getattr(cell, "has_style", False):
                continue
            style = cell.style_array
            border, number = style.borderId, style.numFmtId
            if border not in ruled_styles:
                ruled_styles[border] = _has_side_rule(cell.border)
            if number not in codes:
                codes[number] = CHINESE_BUILTIN.get(number) or cell.number_format
            if ruled_styles[border]:
                sheet.ruled.add((cell.row, cell.column))
            text = "" if value is None else _shown(value, cell.data_type, codes[number], epoch)
            if text.strip():
                sheet.texts[cell.row, cell.column] = text


def _has_side_rule(border) -> bool:
    return any(side is not None and side.style not in (None, "none") for side in (border.left, border.right))


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
    return text if kind == "e" or "@" not in code else text_as_seen(text, code)


def unescape(text: str) -> str:
    """A text without the escapes that Excel writes for control characters, its lines divided by "\\n".

    >>> unescape("数量_x000D_\\n指标")
    '数量\\n指标'
    """
    if "_x" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in text if char >= " " or char in "\n\t")


# ---- .xls


def _xls_sheet(book: xlrd.Book, source: xlrd.sheet.Sheet) -> Sheet:
    """One sheet of an .xls workbook."""
    sheet = Sheet()
    sheet.merges = [(top + 1, bottom, left + 1, right) for top, bottom, left, right in source.merged_cells]
    sheet.hidden_rows = {row + 1 for row, info in source.rowinfo_map.items() if info.hidden or info.height == 0}
    sheet.hidden_cols = {col + 1 for col, info in source.colinfo_map.items() if info.hidden or info.width == 0}
    for row in range(source.nrows):
        for col, kind in enumerate(source.row_types(row)):
            if kind == xlrd.XL_CELL_EMPTY:
                continue
            cell = source.cell(row, col)
            known = cell.xf_index is not None and cell.xf_index < len(book.xf_list)
            style = book.xf_list[cell.xf_index] if known else None
            if style and (style.border.left_line_style or style.border.right_line_style):
                sheet.ruled.add((row + 1, col + 1))
            text = _xls_shown(book, cell, style)
            if text.strip():
                sheet.texts[row + 1, col + 1] = text
    return sheet


def _xls_shown(book: xlrd.Book, cell: xlrd.sheet.Cell, style) -> str:
    key = style.format_key if style else 0
    code = CHINESE_BUILTIN.get(key) or (book.format_map[key].format_str if key in book.format_map else "General")
    if cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return as_seen(cell.value, code, bool(book.datemode))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return _ERRORS.get(cell.value, "#VALUE!")
    if cell.ctype != xlrd.XL_CELL_TEXT:
        return ""
    text = unescape(cell.value)
    return text_as_seen(text, code) if "@" in code else text
