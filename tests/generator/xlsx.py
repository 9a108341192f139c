"""`to_xlsx`: the tables as a workbook with merged cells."""

import re
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from .table import Block, blocks

NUMERIC = {"budget", "target", "weight", "score", "total", "head"}


def to_xlsx(
    truths: dict | list[dict],
    path: str | Path,
    numbers: bool = False,
    sheet_each: bool = False,
    merged: bool = True,
    first_row: int = 1,
    first_column: int = 1,
    hidden: bool = False,
) -> None:
    """Write a workbook of one or several truths.

    numbers: amounts, weights, scores and numeric targets as numbers with a number format, not as text;
    sheet_each: a sheet a table, else all below one another; merged: False leaves the cells below blank;
    first_row, first_column: where the table starts; hidden: a hidden row and a hidden column hold the maker's notes.
    """
    book = Workbook()
    book.remove(book.active)
    sheet, row = None, first_row
    for truth in truths if isinstance(truths, list) else [truths]:
        for block in blocks(truth):
            if sheet is None or sheet_each:
                sheet, row = book.create_sheet(f"表{len(book.worksheets) + 1}"), first_row
            row = _write(sheet, block, row, first_column, numbers, merged) + 2
    if hidden:
        width = sheet.max_column
        sheet.cell(row, first_column, "填表说明：本行供系统校验使用")
        sheet.row_dimensions[row].hidden = True
        sheet.cell(first_row, width + 1, "校验码")
        sheet.column_dimensions[get_column_letter(width + 1)].hidden = True
    book.save(path)


def _write(sheet, block: Block, top: int, left: int, numbers: bool, merged: bool) -> int:
    """Title, caption and table from row `top`; the row after the table."""
    width = len(block.fields)
    line = Side(style="thin")
    frame = Border(left=line, right=line, top=line, bottom=line)
    for k, text in enumerate([block.title, block.caption]):
        sheet.cell(top + k, left, text).alignment = Alignment(horizontal="center" if k == 0 else "right")
        sheet.merge_cells(start_row=top + k, end_row=top + k, start_column=left, end_column=left + width - 1)
    sheet.cell(top, left).font = Font(size=16, bold=True)
    top += 2
    for cell in block.cells:
        row, col = top + cell.row, left + cell.col
        target = sheet.cell(row, col)
        _fill(target, cell.text, cell.field, numbers and cell.field in NUMERIC)
        target.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        for r in range(row, row + cell.rowspan):
            for c in range(col, col + cell.colspan):
                sheet.cell(r, c).border = frame
        if merged and (cell.rowspan > 1 or cell.colspan > 1):
            sheet.merge_cells(
                start_row=row, end_row=row + cell.rowspan - 1, start_column=col, end_column=col + cell.colspan - 1
            )
    for k, share in enumerate(block.widths):
        sheet.column_dimensions[get_column_letter(left + k)].width = 1.6 * share
    return top + block.rows


def _fill(target, text: str, field: str, as_number: bool) -> None:
    """Put the text, or the number that looks the same in its format."""
    plain = text.replace(",", "")
    if not as_number or not re.fullmatch(r"\d+(\.\d+)?%?", plain):
        target.value = text or None
        return
    decimals = len(plain.rstrip("%").partition(".")[2])
    percent = plain.endswith("%")
    digits = f".{'0' * decimals}" if decimals else ""
    target.value = float(plain.rstrip("%")) / (100 if percent else 1) if decimals or percent else int(plain)
    small_amount = field == "budget" and len(plain) < 7  # below 1,000 the format with commas looks the same
    target.number_format = ("#,##0" if "," in text or small_amount else "0") + digits + ("%" if percent else "")
