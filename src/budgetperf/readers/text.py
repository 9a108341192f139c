"""Text files → Cells: separated by tabs or runs of blanks, pages divided by blank lines; or by commas, semicolons, pipes."""

import csv
import io
import re
from bisect import bisect_right
from collections.abc import Iterable
from pathlib import Path

from budgetperf.errors import Unreadable
from budgetperf.field.notation import wide_signs
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
_MONEY = {"budget", "budget_initial", "executed"}
_GROUP = re.compile(r"\d{1,3}(?:,\d{3})*"), re.compile(r"\d{3}(?:\.\d+)?")  # of thousands, and the one behind it


def read_text(source: Path | bytes) -> Reading:
    """Cells of a text: a line is a row. How cells are divided is told by the line that holds the column heads.

    Runs of blanks that set texts below each other, column by column, like commas, semicolons and pipes: a sheet with a
    cell for each place, as sheet.py reads it; the format is "csv". Cells in quotes may hold separators and line breaks.
    Tabs, or other runs of blanks: blank lines divide pages, only cells that hold something are listed, a line of one cell
    stands outside the table (table 0); the format is "text".
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
    text = _opened(text)
    separator = separator_of(text) or "\t"
    rows = list(_rows(text, separator)) if separator in (",", ";", "|") else []
    rows = _in_columns(text.split("\n")) if separator == " " else rows
    if rows:
        if separator == "," and (joined := _join_thousands(rows)):
            remarks.append(Remark(1, "exported", True, f"{joined} 个金额的千分位逗号没有引号，按一个数读"))
        items = sheet_items(_sheet(rows, separator))
        return Reading(cells_of(items), pages_frame([{"page": 1}]), "csv", tuple(remarks))
    reading = _pages(_rows(text.replace("\f", "\n\n"), separator))
    return reading._replace(remarks=tuple(remarks))


def text_items(text: str) -> list:
    """Lines and tables (items of flow.py) of a text within another document whose heads tell what divides its cells.

    >>> text_items("绩效目标表\\n项目名称\\t一级指标\\t二级指标\\t三级指标")[0], text_items("项目名称\\t一级指标")
    (('绩效目标表',), [])
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_PIPES)
    separator = separator_of(text)
    return sheet_items(_sheet(_rows(text, separator), separator)) if separator.strip(" ") else []


def _opened(text: str) -> str:
    """The text of a file whose lines were each quoted as a whole: it was opened as one column and saved again.

    >>> _opened('"甲,乙"\\n"丙,5"'), _opened('"甲",5')
    ('甲,乙\\n丙,5', '"甲",5')
    """
    if not text.lstrip().startswith('"'):
        return text
    rows = [row for row in _rows(text, ",") if row]
    return "\n".join(row[0] for row in rows) if rows and all(len(row) == 1 for row in rows) else text


def _join_thousands(rows: list[list[str]]) -> int:
    """Puts amounts together that their own commas divided, where that gives a row as many cells as there are heads; how
    many. Nothing is done with a row for which it does not.

    >>> rows = [["项目名称", "预算数", "一级指标", "二级指标", "三级指标"], ["甲", "1", "206.45", "产出指标", "数量指标", "人数"]]
    >>> _join_thousands(rows), rows[1][:3]
    (1, ['甲', '1,206.45', '产出指标'])
    """
    joined, heads = 0, []
    for row in rows:
        if len({header_field(cell) for cell in row} - {None}) >= HEADS:
            heads = row
        elif len(row) > len(heads) > 0:
            at = [
                col
                for col, (head, cell, after) in enumerate(zip(heads, row, row[1:], strict=False))
                if header_field(head) in _MONEY
                and _GROUP[0].fullmatch(cell.strip())
                and _GROUP[1].fullmatch(after.strip())
            ]
            if len(at) == len(row) - len(heads) == 1:
                row[at[0] : at[0] + 2] = [f"{row[at[0]].strip()},{row[at[0] + 1].strip()}"]
                joined += 1
    return joined


def separator_of(text: str) -> str:
    """What divides the cells of a text: "\\t", ",", ";", "|" or " " (runs of blanks); "" where no heads tell.

    >>> heads = ["项目名称", "一级指标", "二级指标", "三级指标"]
    >>> [separator_of(mark.join(heads)) for mark in ("\\t", ",", ";", "|", "   ")], separator_of("无, 表")
    (['\\t', ',', ';', '|', ' '], '')
    """
    beginning = "\n".join(text.split("\n", LOOKED_AT)[:LOOKED_AT])
    for separator in ("\t", ",", ";", "|", " "):
        if any(len({header_field(cell) for cell in row} - {None}) >= HEADS for row in _rows(beginning, separator)):
            return separator
    return ""


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


def _in_columns(lines: list[str]) -> list[list[str]]:
    """The rows of a table whose columns stand apart in every line of it, blank cells in their places; none where they
    do not, as many as there are heads."""
    for ambiguous in (True, False):  # signs such as ≥ are as wide as a Chinese one, or not
        placed = [_places(line, ambiguous) for line in lines if not _RULE.fullmatch("".join(line.split()))]
        named = (n for n, row in enumerate(placed) if len({header_field(text) for *_, text in row} - {None}) >= HEADS)
        table = [row for row in placed[next(named, len(placed)) :] if len(row) > 1]
        taken = {place for row in table for start, end, _ in row for place in range(start, end)}
        begins = sorted(place for place in taken if place - 1 not in taken)
        cells = [{max(bisect_right(begins, start), 1): text for start, _, text in row} for row in placed]
        apart = all(len(row) == len(texts) for row, texts in zip(cells, placed, strict=True))
        if len(table) > 1 and len(begins) == len(table[0]) and apart:
            return [[row.get(col, "") for col in range(1, len(begins) + 1)] for row in cells]
    return []


def _places(line: str, ambiguous: bool) -> list[tuple[int, int, str]]:
    """(first place, the place behind the last, text) of each cell of a line, in signs of half the width of a Chinese one."""
    found = []
    for cell in re.finditer(rf"(?:(?!{_BLANKS.pattern})[^\n])+", line):
        before, text = line[: cell.end() - len(cell[0].lstrip())], cell[0].strip()
        start = len(before) + wide_signs(before, ambiguous)
        found += [(start, start + len(text) + wide_signs(text, ambiguous), text)] if text else []
    return found


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
                "text": part.strip(),
            }
            for col, part in enumerate(parts, 1)
            if part.strip()
        ]
    if not records:
        raise Unreadable("文件里没有文字", "请重新下载或向发布单位索取原件")
    last = max(record["page"] for record in records)
    return Reading(cells_frame(records), pages_frame([{"page": p} for p in range(1, last + 1)]), "text")


def _sheet(rows: Iterable[list[str]], separator: str) -> Sheet:
    sheet = Sheet()
    if separator == "|":
        rows = filter(None, map(_without_frame, rows))
    for row, cells in enumerate(rows, start=1):
        sheet.texts |= {(row, col): text.strip() for col, text in enumerate(cells, start=1) if text.strip()}
    return sheet


def _without_frame(cells: list[str]) -> list[str]:
    """A line of a table of pipes without the outer ones, and without the rule under the heads.

    >>> _without_frame(["", " 甲 ", " 乙 ", ""]), _without_frame(["", "---", ":-:", ""]), _without_frame(["甲", "乙"])
    ([' 甲 ', ' 乙 '], [], ['甲', '乙'])
    """
    if len(cells) > 2 and not cells[0].strip() and not cells[-1].strip():
        cells = cells[1:-1]
    return [] if all(_RULE.fullmatch(cell.strip()) for cell in cells) else cells
