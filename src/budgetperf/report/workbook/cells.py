"""Cells and sheets of the workbook: values as they are, text that stays text, formulas with our value beside them."""

import math
import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from budgetperf.field.notation import wide_signs
from budgetperf.report.model import clean, is_number
from budgetperf.report.workbook.words import word

MAX_ROWS = 1_048_576  # of a sheet, the head included
MAX_TEXT = 32_767  # UTF-16 units of a cell
MAX_LINKS = 65_530  # of a sheet
MAX_DIGITS = 15  # significant digits of a number
MAX_NOTES = 2_000  # comments of a workbook: each is a drawing of its own
LINES, LINE_HEIGHT = 5, 14  # lines of a long text that are shown, points a line
# What a program that opens the cell for editing would take for a formula or a number.
_WOULD_CHANGE = re.compile(r"\s*[=+\-@＝＋－＠'0-9０-９.$¥￥%(（]")

FILLS = {"certain": "#E2EFDA", "likely": "#FFE699", "guess": "#F8A58B", "cut": "#D9D2E9"}
SEVERITY = {"E": "#F4B6B6", "W": "#FFE3A3", "I": "#DDEBF7"}
HEAD, TOTAL, LIVE = "#D6DCE4", "#F2F2F2", "#1F4E9E"


class Column(NamedTuple):
    """One column of a sheet. kind: text, long (wrapped), whole, amount, number, share, box or flag."""

    name: str
    title: str
    kind: str = "text"
    hidden: bool = False


class Formula(NamedTuple):
    """text: without "=" · value: what it gives, as we know it."""

    text: str
    value: Decimal | int | str | None


class Link(NamedTuple):
    """words that lead to a cell of another sheet."""

    words: str
    sheet: str
    cell: str


class Layout(NamedTuple):
    """Where a sheet's columns stand: its name, the names of its columns, how many rows follow the head.

    table: the table of the dataset that it holds.
    """

    sheet: str
    names: list[str]
    rows: int
    table: str = ""


@dataclass
class Book:
    """The workbook as it grows. remarks: what the reader must be told, counted."""

    workbook: Workbook
    lang: str
    formats: dict[tuple, Format] = field(default_factory=dict)
    ranges: dict[tuple[str, str], str] = field(default_factory=dict)
    remarks: Counter = field(default_factory=Counter)
    notes_left: int = MAX_NOTES

    def say(self, key: str, **values) -> str:
        return word(key, self.lang, **values)


# ---- places ----------------------------------------------------------------------------------------------------------


def letter(layout: Layout, name: str) -> str:
    """The column of a sheet in letters.

    >>> letter(Layout("项目", ["doc_no", "project_no"], 2), "project_no")
    'B'
    """
    return xl_col_to_name(layout.names.index(name))


def cell(layout: Layout, name: str, row: int) -> str:
    """The cell of a column in the row of that index (0 is the first below the head), for formulas of the same sheet.

    >>> cell(Layout("项目", ["doc_no", "project_no"], 2), "project_no", 0)
    '$B2'
    """
    return f"${letter(layout, name)}{row + 2}"


def column_range(layout: Layout, name: str) -> str:
    """All rows of a column below the head, absolute; one empty row where there is none.

    >>> column_range(Layout("项目", ["doc_no", "project_no"], 2), "project_no")
    "'项目'!$B$2:$B$3"
    """
    column = letter(layout, name)
    return f"'{layout.sheet}'!${column}$2:${column}${max(layout.rows, 1) + 1}"


def ranged(book: Book, layout: Layout, name: str, title: str) -> str:
    """A defined name for all rows of a column: sheet_title, such as 项目_预算数."""
    key = (layout.sheet, name)
    if key not in book.ranges:
        short = "_".join(re.findall(r"\w+", re.sub(r"[（(].*?[)）]", "", title)))
        label = f"{layout.sheet}_{short}"
        label = label if label not in book.ranges.values() else f"{label}_{name}"
        book.workbook.define_name(label, "=" + column_range(layout, name))
        book.ranges[key] = label
    return book.ranges[key]


# ---- values ----------------------------------------------------------------------------------------------------------


def look(book: Book, **properties) -> Format:
    """The cell format of these properties, made once."""
    key = tuple(sorted(properties.items()))
    if key not in book.formats:
        book.formats[key] = book.workbook.add_format({"valign": "top", **properties})
    return book.formats[key]


def fits_number(value: Decimal | int) -> bool:
    """Whether a number has at most the 15 significant digits that Excel keeps.

    >>> fits_number(Decimal("1204.5")), fits_number(Decimal("12345678901234.56")), fits_number(10**20)
    (True, False, True)
    """
    digits = "".join(map(str, Decimal(value).as_tuple().digits))
    return len(digits.strip("0")) <= MAX_DIGITS if Decimal(value).is_finite() else False


def number_format(value: Decimal | int, kind: str) -> str:
    """All decimals of the value; amounts with thousands commas and at least two.

    >>> number_format(Decimal("68"), "amount"), number_format(Decimal("2.5"), "number"), number_format(3, "whole")
    ('#,##0.00', '0.0', '0')
    """
    places = min(30, max(0, -value.as_tuple().exponent)) if isinstance(value, Decimal) else 0
    if kind == "share":
        return "0.00"
    if kind == "amount":
        return "#,##0." + "0" * max(2, places)
    return "0" + ("." + "0" * places if places else "")


def cell_text(book: Book, text: str) -> str:
    """Text that a cell can hold; what is too long ends in a remark."""
    text = clean(text)
    if len(text) > MAX_TEXT // 2 and len(text.encode("utf-16-le")) // 2 > MAX_TEXT:
        book.remarks["text"] += 1
        end = book.say("…")
        units = text.encode("utf-16-le")[: 2 * (MAX_TEXT - len(end))]
        text = units.decode("utf-16-le", errors="ignore") + end
    return text


def put(book: Book, sheet: Worksheet, row: int, col: int, value, kind: str = "text", **properties) -> None:
    """Write one value: numbers as numbers, formulas with their value, everything else as text that stays text."""
    if isinstance(value, Formula):
        _put_formula(book, sheet, row, col, value, kind, properties)
    elif isinstance(value, Link):
        properties |= {"font_color": LIVE, "underline": 1}
        if sheet.hlink_count < MAX_LINKS:
            target = f"internal:'{value.sheet}'!{value.cell}"
            sheet.write_url(row, col, target, look(book, **properties), value.words)
        else:
            book.remarks["links"] += 1
            sheet.write_string(
                row, col, value.words, look(book, **properties | {"font_color": "black", "underline": 0})
            )
    elif value is None or value != value:  # NaN
        if properties:
            sheet.write_blank(row, col, None, look(book, **properties))
    elif isinstance(value, bool):
        sheet.write_string(row, col, book.say("yes" if value else "no"), look(book, align="center", **properties))
    elif isinstance(value, float):
        sheet.write_number(row, col, value, look(book, num_format="0.0" if kind == "box" else "General", **properties))
    elif is_number(value) and fits_number(value):
        shown = look(book, num_format=number_format(value, kind), **properties)
        sheet.write_number(row, col, float(value) if isinstance(value, Decimal) else value, shown)
    elif is_number(value):
        book.remarks["digits"] += 1
        sheet.write_string(row, col, format(value, "f"), look(book, align="right", quote_prefix=True, **properties))
        put_note(book, sheet, row, col, book.say("digits"))
    else:
        put_text(book, sheet, row, col, str(value), kind, **properties)


def put_text(book: Book, sheet: Worksheet, row: int, col: int, text: str, kind: str = "text", **properties) -> None:
    """Write text, with a quote prefix where editing the cell would make it run or turn it into a number.

    kind: "" for a heading that may run over the next cells, else wrapped.
    """
    text = cell_text(book, text)
    if _WOULD_CHANGE.match(text):
        properties["quote_prefix"] = True
    if kind:
        properties |= {"text_wrap": True, "align": "left", "indent": 1}
    shown = look(book, **properties)
    if text.startswith("<r>") and text.endswith("</r>"):  # XlsxWriter takes such text for marked up runs
        sheet.write_rich_string(row, col, text[0], look(book), text[1:], shown)
    else:
        sheet.write_string(row, col, text, shown)


def put_note(book: Book, sheet: Worksheet, row: int, col: int, text: str) -> None:
    """A comment on a cell, as long as there may be more of them."""
    if book.notes_left > 0:
        book.notes_left -= 1
        lines = sum(1 + width(line) // 44 for line in text.split("\n"))
        size = {"width": 280, "height": min(300, 22 + 18 * lines)}
        sheet.write_comment(row, col, clean(text)[:1000], {"author": "budgetperf", "font_size": 9, **size})


def _put_formula(book: Book, sheet: Worksheet, row: int, col: int, formula: Formula, kind: str, properties) -> None:
    value = formula.value
    if kind in ("amount", "number", "share", "whole") and is_number(value):
        properties = {"num_format": number_format(value, kind), **properties}
    elif isinstance(value, str):
        properties = {"text_wrap": True, "align": "left", "indent": 1, **properties}
    properties = {"font_color": LIVE, **properties}
    known = float(value) if isinstance(value, Decimal) else "" if value is None else value
    sheet.write_formula(row, col, "=" + formula.text, look(book, **properties), known)


# ---- sheets ----------------------------------------------------------------------------------------------------------


def width(text: str) -> int:
    """How wide a text is, in letters; a Chinese sign is two.

    >>> width("预算abc")
    7
    """
    return len(text) + wide_signs(text, ambiguous=True)


def write_sheet(
    book: Book,
    sheet: Worksheet,
    columns: list[Column],
    rows: list[list],
    *,
    freeze: int = 0,
    fills: dict[tuple[int, str], str] | None = None,
    totals: tuple[int, ...] = (),
    lined: bool = True,
) -> None:
    """A sheet of data: head, rows, frozen head and first columns, filter, widths, print setup.

    fills: (index of the row, column) → colour · totals: indices of rows that are sums ·
    lined: the grid is printed. Nothing is merged.
    """
    fills = fills or {}
    shown = min(len(rows), MAX_ROWS - 1)
    shown -= shown < len(rows)  # the last line says that there are more
    widths = [_width(column, [row[at] for row in rows[:500]]) for at, column in enumerate(columns)]
    for at, column in enumerate(columns):
        sheet.set_column(at, at, widths[at], None, {"hidden": column.hidden})
        sheet.write_string(0, at, column.title, look(book, bold=True, bg_color=HEAD, text_wrap=True, bottom=1))
    sheet.set_row(0, LINE_HEIGHT * max([1, *(lines_of(c.title, w) for c, w in zip(columns, widths, strict=True))]) + 4)
    for index, row in enumerate(rows[:shown]):
        bold = {"bold": True, "bg_color": TOTAL, "top": 1} if index in totals else {}
        lines = 1
        for at, (column, value) in enumerate(zip(columns, row, strict=True)):
            fill = fills.get((index, column.name))
            put(book, sheet, index + 1, at, value, column.kind, **({"bg_color": fill} if fill else bold))
            text = value.value if isinstance(value, Formula) else value
            if isinstance(text, str) and not column.hidden and len(text) * 2 > widths[at] - 2:
                lines = max(lines, lines_of(text[:1000], widths[at] - 2))
        sheet.set_row(index + 1, LINE_HEIGHT * min(lines, LINES) + 2)
    if shown < len(rows):
        book.remarks["rows"] += 1
        sheet.write_string(shown + 1, 0, book.say("more rows", all=len(rows), shown=shown))
    elif not rows:
        sheet.write_string(1, 0, book.say("empty"))
    sheet.freeze_panes(1, freeze)
    sheet.autofilter(0, 0, max(shown, 1), len(columns) - 1)
    last = xl_col_to_name(len(columns) - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:{last}{shown + 2}"})
    set_print(book, sheet, 0, lined)


def set_print(book: Book, sheet: Worksheet, head: int | None = None, lined: bool = True) -> None:
    """A4 landscape, as wide as the page, the head repeated, sheet and page number below."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(0 if lined else 1)  # shown, and printed with `lined`
    sheet.set_footer("&L&A&R" + book.say("page"))
    if head is not None:
        sheet.repeat_rows(head)


def lines_of(text: str, room: float) -> int:
    """How many lines a text takes in a column of that width.

    >>> lines_of("保障全年运行\\n二", 6)
    3
    """
    return sum(max(1, math.ceil(width(line) / room)) for line in text.split("\n"))


def _width(column: Column, values: list) -> float:
    if column.kind == "long":
        return 46
    longest = max((_shown_width(value, column.kind) for value in values), default=0)
    head = min(width(column.title), 14) if column.kind != "text" else min(width(column.title), 18)
    return max(head + 3, min(longest + 3, 30))


def _shown_width(value, kind: str) -> int:
    if isinstance(value, Link):
        return width(value.words)
    value = value.value if isinstance(value, Formula) else value
    if value is None or value != value or isinstance(value, bool):
        return 3
    if is_number(value):
        whole = len(f"{value:,.0f}")
        return (
            whole
            + 1
            + max(2 if kind in ("amount", "share") else 0, -Decimal(value).as_tuple().exponent * (kind != "share"))
        )
    return 6 if isinstance(value, float) else max(width(line) for line in str(value)[:300].split("\n"))
