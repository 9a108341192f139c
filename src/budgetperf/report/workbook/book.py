"""The report as an Excel working paper: sheets of data, and sums and checks as live formulas beside our figures."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.exceptions import XlsxFileError

from budgetperf.report.model import Report, clean
from budgetperf.report.workbook.cells import (
    FILLS,
    HEAD,
    LIVE,
    MAX_NOTES,
    SEVERITY,
    Book,
    Link,
    lines_of,
    put,
    put_text,
    set_print,
)
from budgetperf.report.workbook.checks import write_checks
from budgetperf.report.workbook.sheets import (
    Places,
    layouts,
    write_dictionary,
    write_documents,
    write_findings,
    write_indicators,
    write_issues,
    write_projects,
    write_repairs,
)
from budgetperf.report.workbook.sums import scope_of, write_levels, write_money, write_summary
from budgetperf.report.workbook.tables import report_tables, write_tables
from budgetperf.tables.whole import written_whole

UNDATED = datetime(2000, 1, 1)  # the same dataset gives the same file
REMARKS = ["part", "text", "digits", "rows", "links"]


def write_workbook(
    report: Report,
    path: str | Path,
    *,
    progress: Callable[[int, int, str], None] | None = None,
    created: datetime | None = None,
) -> Path:
    """Write the working paper of a report as .xlsx; the path written.

    progress(done, total, words) is called for every sheet. created: the file's date (default: a fixed one, so that the
    same report gives the same bytes). Raises InputError where the file cannot be written.
    """
    path = Path(path)
    path = path if path.suffix.lower() == ".xlsx" else path.with_name(path.name + ".xlsx")
    with written_whole(path) as building:
        try:
            _write(report, str(building), progress or (lambda done, total, words: None), created)
        except XlsxFileError as error:
            raise OSError(str(error)) from error
    return path


def _write(report: Report, path: str, progress: Callable[[int, int, str], None], created: datetime | None) -> None:
    font = "宋体" if report.lang == "zh" else "Calibri"
    options = {
        "strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False,
        "default_format_properties": {"font_name": font, "font_size": 10},
    }  # fmt: skip
    workbook = Workbook(path, options)
    book = Book(workbook, "en" if report.lang == "en" else "zh")
    dataset = report.dataset
    places = Places(dataset, layouts(book, dataset))
    scope = scope_of(dataset, places)
    book.remarks["part"] += len(scope.parts)
    on_years, others = report_tables(report)
    writers: dict[str, Callable] = {
        "issues": lambda sheet: write_issues(book, sheet, dataset, places),
        "checks": lambda sheet: write_checks(book, sheet, scope),
        "summary": lambda sheet: write_summary(book, sheet, scope),
        "money": lambda sheet: write_money(book, sheet, scope),
        "levels": lambda sheet: write_levels(book, sheet, scope),
        "projects": lambda sheet: write_projects(book, sheet, dataset, places),
        "indicators": lambda sheet: write_indicators(book, sheet, dataset, places),
        "findings": lambda sheet: write_findings(book, sheet, dataset, places),
        "repairs": lambda sheet: write_repairs(book, sheet, dataset, places),
        "documents": lambda sheet: write_documents(book, sheet, dataset, places),
        "years": lambda sheet: write_tables(book, sheet, on_years),
        "tables": lambda sheet: write_tables(book, sheet, others),
        "dictionary": lambda sheet: write_dictionary(book, sheet),
    }
    empty = {"years": not on_years, "tables": not others}
    kept = [key for key in writers if not empty.get(key)]
    about = workbook.add_worksheet(book.say("about"))
    sheets = {key: workbook.add_worksheet(book.say(key)) for key in kept}  # in their order, before links point to them
    total = len(kept) + 2
    for done, key in enumerate(kept):
        progress(done, total, book.say(key))
        writers[key](sheets[key])
    progress(len(kept), total, book.say("about"))
    _write_about(book, about, report, kept, created)
    about.activate()
    workbook.set_properties({"title": clean(report.title), "author": "budgetperf", "created": created or UNDATED})
    workbook.close()
    progress(total, total, "")


def _write_about(book: Book, sheet, report: Report, kept: list[str], created: datetime | None) -> None:
    """The first sheet: what this is, facts, sheets with links, colours, how to read it, what to be aware of."""
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 92)
    put_text(book, sheet, 0, 0, f"{report.title} · {book.say('working paper')}", "", bold=True, font_size=16)
    put_text(book, sheet, 1, 0, report.subtitle, "", font_size=12, font_color="#595959")
    sheet.set_row(0, 26)
    sheet.set_row(1, 18)
    row = 3

    def line(left, right, **properties) -> None:
        nonlocal row
        put(book, sheet, row, 0, left, "long", **properties)
        put(book, sheet, row, 1, right, "long")
        sheet.set_row(row, 15 * lines_of(str(right), 92) + 2)
        row += 1

    def heading(key: str) -> None:
        nonlocal row
        for col, text in enumerate((book.say(key), None)):
            put(book, sheet, row + 1, col, text, "", bold=True, bg_color=HEAD)
        row += 2

    for label, value in report.facts:
        line(label, value)
    if created is not None:
        line(book.say("made on"), created.date().isoformat())
    heading("sheets")
    for key in kept:
        line(Link(book.say(key), book.say(key), "A1"), book.say(f"about {key}"))
    heading("colours")
    for key, colour in FILLS.items():
        put(book, sheet, row, 0, None, bg_color=colour)
        line(None, book.say(key), bg_color=colour)
    line("1,234.50", book.say("live"), font_color=LIVE)
    for key, colour in SEVERITY.items():
        line(key, book.say(key), bg_color=colour)
    heading("reading")
    for number, key in enumerate(("live", "keys", "links", "repaired", "hidden", "amounts"), start=1):
        line(str(number), book.say(f"read {key}", **({"notes": f"{MAX_NOTES:,}"} if key == "repaired" else {})))
    told = [key for key in REMARKS if book.remarks[key]]
    if told:
        heading("remarks")
        for number, key in enumerate(told, start=1):
            line(str(number), book.say(f"remark {key}", count=f"{book.remarks[key]:,}"))
    set_print(book, sheet)
    sheet.hide_gridlines(2)
