"""Text files → Cells: separated by tabs or runs of blanks, pages divided by blank lines; or by commas, semicolons, pipes."""

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path

from budgetperf.errors import Unreadable
from budgetperf.field.vocabulary import header_field
from budgetperf.readers.encoding import decode
from budgetperf.readers.flow import cells_of
from budgetperf.readers.package import content_of
from budgetperf.readers.sheet import Sheet, sheet_items
from budgetperf.tables.cells import Reading, Remark, cells_frame, pages_frame

MAX_BYTES = 200 * 1024 * 1024
HEADS = 4  # so many column heads in one line tell how the text is separated
LOOKED_AT = 400  # lines in which column heads are looked for
_BLANKS = re.compile(r" {2,}|\u3000+")
_RULE = re.compile(r"[-:+=─-╿]+")  # a line that only rules off rows of a table of pipes
_PIPES = str.maketrans(dict.fromkeys("│┃║", "|"))  # tables drawn with signs
_AS_TEXT = re.compile(r'="([^"]*)"')  # how exports keep Excel from making numbers of codes


def read_text(source: Path | bytes) -> Reading:
    """Cells of a text: a line is a row. How cells are divided is told by the line that holds the column heads.

    Tabs, or runs of blanks: blank lines divide pages, only cells that hold something are listed, a line of one cell
    stands outside the table (table 0); the format is "text". Commas, semicolons and pipes: a sheet with a cell for each
    place, as sheet.py reads it; the format is "csv". Cells in quotes may hold separators and line breaks.
    Raises Unreadable for empty or binary files and unknown encodings.
    """
    data = content_of(source)
    if not data:
        raise Unreadable("文件是空的（0 字节）", "请重新下载或向发布单位索取原件")
    if len(data) > MAX_BYTES:
        raise Unreadable(
            f"文件过大（{len(data) / 2**20:.0f} MB，上限 {MAX_BYTES // 2**20} MB）", "请按单位或年度拆分后重试"
        )
    text, note = decode(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_PIPES)
    remarks = [Remark(1, "encoding", True, note)] if note else []
    separator = separator_of(text)
    if separator in (",", ";", "|"):
        return _sheet(_rows(text, separator), separator, remarks)
    reading = _pages(_rows(text.replace("\f", "\n\n"), separator))
    return reading._replace(remarks=tuple(remarks))


def separator_of(text: str) -> str:
    """What divides the cells of a text: "\\t", ",", ";", "|" or " " (runs of blanks); "\\t" where no heads tell.

    >>> heads = ["项目名称", "一级指标", "二级指标", "三级指标"]
    >>> [separator_of(mark.join(heads)) for mark in ("\\t", ",", ";", "|", "   ")], separator_of("无, 表")
    (['\\t', ',', ';', '|', ' '], '\\t')
    """
    beginning = "\n".join(text.split("\n", LOOKED_AT)[:LOOKED_AT])
    for separator in ("\t", ",", ";", "|", " "):
        if any(len({header_field(cell) for cell in row} - {None}) >= HEADS for row in _rows(beginning, separator)):
            return separator
    return "\t"


def _rows(text: str, separator: str) -> Iterable[list[str]]:
    """The rows of a text; none has cells where the line is blank."""
    if separator == " ":
        lines = (line.strip() for line in text.split("\n") if not _RULE.fullmatch("".join(line.split())))
        return ([cell for cell in _BLANKS.split(line) if cell] for line in lines)
    if '"' in text:
        how = {"escapechar": "\\", "doublequote": False} if '\\"' in text and '""' not in text else {}
        try:
            return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True, **how))
        except csv.Error:
            pass  # quotes that quote nothing: a text is taken as it stands
    return (line.split(separator) for line in text.split("\n"))


def _pages(rows: Iterable[list[str]]) -> Reading:
    records: list[dict] = []
    page, row, in_table, fresh = 1, 0, False, True
    for parts in rows:
        if not any(part.strip() for part in parts):
            # blank lines before the first table row only set off the title
            fresh = fresh or in_table
            if fresh and in_table:
                page, row, in_table = page + 1, 0, False
            continue
        row, fresh = row + 1, False
        in_table = in_table or len(parts) > 1
        records += [
            {
                "page": page,
                "table": int(len(parts) > 1),
                "row": row,
                "col": col,
                "text": _AS_TEXT.sub(r"\1", part.strip()),
            }
            for col, part in enumerate(parts, 1)
            if part.strip()
        ]
    if not records:
        raise Unreadable("文件里没有文字", "请重新下载或向发布单位索取原件")
    last = max(record["page"] for record in records)
    return Reading(cells_frame(records), pages_frame([{"page": p} for p in range(1, last + 1)]), "text")


def _sheet(rows: Iterable[list[str]], separator: str, remarks: list[Remark]) -> Reading:
    sheet = Sheet()
    if separator == "|":
        rows = filter(None, map(_without_frame, rows))
    for row, cells in enumerate(rows, start=1):
        sheet.texts |= {
            (row, col): _AS_TEXT.sub(r"\1", text.strip()) for col, text in enumerate(cells, start=1) if text.strip()
        }
    return Reading(cells_of(sheet_items(sheet)), pages_frame([{"page": 1}]), "csv", tuple(remarks))


def _without_frame(cells: list[str]) -> list[str]:
    """A line of a table of pipes without the outer ones, and without the rule under the heads.

    >>> _without_frame(["", " 甲 ", " 乙 ", ""]), _without_frame(["", "---", ":-:", ""]), _without_frame(["甲", "乙"])
    ([' 甲 ', ' 乙 '], [], ['甲', '乙'])
    """
    if len(cells) > 2 and not cells[0].strip() and not cells[-1].strip():
        cells = cells[1:-1]
    return [] if all(_RULE.fullmatch(cell.strip()) for cell in cells) else cells
