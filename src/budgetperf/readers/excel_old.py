"""Old Excel workbooks (.xls) → Cells, by xlrd, as a person sees the sheets."""

import io
from collections import Counter
from pathlib import Path

import xlrd

from budgetperf.errors import Unreadable
from budgetperf.readers.excel import KEPT_DIGITS, RESAVE, reading_of, unescape
from budgetperf.readers.flow import raised
from budgetperf.readers.number_format import CHINESE_BUILTIN, as_seen, text_as_seen
from budgetperf.readers.package import content_of, encrypted
from budgetperf.readers.sheet import Sheet
from budgetperf.tables.cells import Reading

_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_WHITES, _NO_PATTERN = (1, 9), 0  # places of white in the palette


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
        raise Unreadable(f"旧版工作簿（.xls）已损坏，读不出来（{type(error).__name__}：{error}）", RESAVE) from error
    return reading_of(sheets, pictures=False)


def _xls_sheet(book: xlrd.Book, source: xlrd.sheet.Sheet) -> Sheet:
    """One sheet of an .xls workbook."""
    sheet = Sheet(name=source.name)
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
            if not text.strip():
                continue
            if style and (unseen := _unseen(book, style)):
                sheet.unseen[unseen] += 1
                continue
            if cell.ctype == xlrd.XL_CELL_TEXT and (runs := source.rich_text_runlist_map.get((row, col))):
                text, unseen_parts = _without_marked(book, style, text, cell.value, runs)
                sheet.unseen += unseen_parts
            if cell.ctype == xlrd.XL_CELL_NUMBER and abs(cell.value) >= 10**KEPT_DIGITS:
                sheet.short.append(text)
            if text.strip():
                sheet.texts[row + 1, col + 1] = text
    return sheet


def _unseen(book: xlrd.Book, style) -> str:
    """In words, why the text of a cell of that style is not seen; "" where it is."""
    font = book.font_list[style.font_index]
    if font.struck_out:
        return "划去的文字"
    ground = style.background
    plain = ground.fill_pattern == _NO_PATTERN or ground.pattern_colour_index in _WHITES
    return "白色的文字" if font.colour_index in _WHITES and plain else ""


def _without_marked(book: xlrd.Book, style, text: str, value: str, runs: list[tuple[int, int]]) -> tuple[str, Counter]:
    """A text without its runs that are struck out and without raised marks of notes; what was left out, in words."""
    starts = [(0, style.font_index if style else 0), *runs]
    unseen, seen, marked = Counter(), "", False
    for (start, number), (end, _) in zip(starts, [*runs, (len(value), 0)], strict=True):
        font, part = book.font_list[number], value[start:end]
        if part.strip() and font.struck_out:
            unseen["划去的文字"] += 1
            marked, part = True, ""
        elif part.strip() and font.escapement == 1:
            part = raised(seen, part)
            unseen["注码"] += not part
            marked = True
        seen += part
    return (unescape(seen), +unseen) if marked else (text, +unseen)


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
    return text_as_seen(text, code)
