"""The sheets of the report's tables: those on years, and the others."""

from decimal import Decimal

from budgetperf.report.model import MOST_PLACES, Heading, Report, Table, clean
from budgetperf.report.workbook import cells as workbook_cells
from budgetperf.report.workbook.cells import (
    HEAD,
    LINE_HEIGHT,
    LINES,
    TOTAL,
    Book,
    lines_of,
    put,
    put_text,
    set_print,
    width,
)
from budgetperf.report.workbook.sheets import _objects


def report_tables(report: Report) -> tuple[list[Table], list[Table]]:
    """(tables on years, other tables) of the report; those of its annexes are sheets of their own."""
    on_years, others, in_annex = [], [], False
    for block in report.blocks:
        if isinstance(block, Heading) and block.level == 1:
            in_annex = block.is_annex
        elif isinstance(block, Table) and not in_annex:
            (on_years if block.name.startswith("changed_") else others).append(block)
    return on_years, others


def write_tables(book: Book, sheet, tables: list[Table]) -> None:
    """Tables of the report below each other, each with its own filter; all rows."""
    widths: dict[int, float] = {}
    row = 0
    for number, table in enumerate(tables):
        frame = table.frame
        if row + len(frame) + 3 > workbook_cells.MAX_ROWS:
            book.remarks["rows"] += 1
            break
        put_text(book, sheet, row, 0, f"{table.label} {table.caption}".strip(), "", bold=True)
        titles = _told_apart([str(name) for name in frame.columns])
        values = [_objects(frame.iloc[:, at]) for at in range(frame.shape[1])]
        rows = list(zip(*values, strict=True))
        for at, title in enumerate(titles):
            shown = [min(width(str(value)), 36) + 2 for value in values[at][:300] if value is not None]
            widths[at] = max([widths.get(at, 8), min(width(title), 14) + 3, *shown])
        for index, one in enumerate(rows):
            bold = {"bold": True, "bg_color": TOTAL} if table.total and index == len(rows) - 1 else {}
            for at, value in enumerate(one):
                put(book, sheet, row + 2 + index, at, value, _kind(value, frame.columns[at] in table.money), **bold)
            texts = [lines_of(value[:500], widths[at]) for at, value in enumerate(one) if isinstance(value, str)]
            sheet.set_row(row + 2 + index, LINE_HEIGHT * min(max(texts, default=1), LINES) + 2)
        if table.rows and titles and not any(title.startswith("<r>") for title in titles):  # see put_text
            head = {
                "columns": [{"header": title} for title in titles],
                "style": None,
                "name": f"T{number}_{sheet.index}",
            }
            sheet.add_table(row + 1, 0, row + 1 + table.rows, len(titles) - 1, head)
            for at, title in enumerate(titles):
                put_text(book, sheet, row + 1, at, title, "long", bold=True, bg_color=HEAD)
        row += len(rows) + 3
    for at, room in widths.items():
        sheet.set_column(at, at, room)
    set_print(book, sheet)


def _kind(value, is_money: bool) -> str:
    if isinstance(value, Decimal) and -value.as_tuple().exponent > MOST_PLACES:
        return "share"
    return "long" if isinstance(value, str) else "amount" if is_money else "number"


def _told_apart(titles: list[str]) -> list[str]:
    """Titles of a table's columns as Excel's tables need them: one line, none empty, none twice.

    >>> _told_apart(["年", "年", "年 2", ""])
    ['年', '年 2', '年 2 2', '—']
    """
    result: list[str] = []
    for title in titles:
        short = " ".join(clean(title).split())[:200] or "—"
        unique, count = short, 1
        while unique.casefold() in map(str.casefold, result):
            count += 1
            unique = f"{short} {count}"
        result.append(unique)
    return result
