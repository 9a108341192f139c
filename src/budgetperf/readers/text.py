"""Text files → Cells: separated by tabs or runs of blanks, pages divided by blank lines; or by commas, semicolons, pipes."""

import csv
import io
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from pathlib import Path

from budgetperf.errors import Unreadable
from budgetperf.field.notation import comparator_of, wide_signs
from budgetperf.field.vocabulary import header_field
from budgetperf.readers.encoding import decode
from budgetperf.readers.flow import cells_of, labels_anything
from budgetperf.readers.latex import is_latex, latex_items
from budgetperf.readers.package import content_of
from budgetperf.readers.page_numbers import lost_page_remarks
from budgetperf.readers.sheet import Sheet, sheet_items
from budgetperf.readers.text_columns import HEADS, are_heads, stand_still
from budgetperf.tables.cells import Reading, Remark, cells_frame, pages_frame

MAX_BYTES = 200 * 1024 * 1024
LEAST_ROWS = 3  # that rules divide, the heads among them
LOOKED_AT = 400  # lines in which column heads are looked for
_BLANKS = re.compile(r" {2,}|\u3000+")
_RULE = re.compile(r"[-:+=─-╿]+")  # a line that only rules off rows of a table of pipes
_ESCAPED = re.compile(r"\\([-+*_#.!()\[\]{}<>=~`])")  # signs that would be Markdown's
_RULE_OF_PIPES = re.compile(r"^ *\|?(?: *:?-+:? *\|)+", re.M)
_PIPES = str.maketrans(dict.fromkeys("│┃║", "|"))  # tables drawn with signs
_MONEY = {"budget", "budget_initial", "executed"}
_GROUP = re.compile(r"\d{1,3}(?:,\d{3})*"), re.compile(r"\d{3}(?:\.\d+)?")  # of thousands, and the one behind it


def read_text(source: Path | bytes) -> Reading:
    """Cells of a text: a line is a row. How cells are divided is told by the line that holds the column heads.

    Runs of blanks that set texts below each other, column by column, like commas, semicolons and pipes: a sheet with a
    cell for each place, as sheet.py reads it; the format is "csv". Cells in quotes may hold separators and line breaks.
    So are tabs where a form or columns that are not those of a list of projects stand still. Other tabs and runs of
    blanks: blank lines divide pages, only cells that hold something are listed, a line of one cell stands outside the
    table (table 0); the format is "text".
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
    text = re.sub("\r{0,2}\n|\r", "\n", text).translate(_PIPES)  # \r\r\n: ended twice by what wrote it
    remarks = [Remark(1, "encoding", True, note)] if note else []
    if is_latex(text):
        return Reading(cells_of(latex_items(text)), pages_frame([{"page": 1}]), "csv", tuple(remarks))
    text = _opened(_requoted(text))
    separator = separator_of(text)
    if not separator and separator_of(wide := text.replace("｜", "|")) == "|":
        text, separator = wide, "|"
    separator = separator or "\t"
    rows = _rows_of(text.replace("\f", "\n\n"), separator)
    if separator in ("\t", ",") and (joined := _join_broken(rows)):
        remarks.append(Remark(1, "exported", True, f"{joined} 格之内的换行没有引号，按一格读"))
    if rows and (separator != "\t" or stand_still(rows)):
        if separator == "," and (joined := _join_thousands(rows)):
            remarks.append(Remark(1, "exported", True, f"{joined} 个金额的千分位逗号没有引号，按一个数读"))
        items = sheet_items(_sheet(rows, separator))
        return Reading(cells_of(items), pages_frame([{"page": 1}]), "csv", tuple(remarks))
    reading = _pages(rows or _rows(text.replace("\f", "\n\n"), separator))
    return reading._replace(remarks=(*remarks, *lost_page_remarks(reading.cells, reading.pages)))


def text_items(text: str) -> list:
    """Lines and tables (items of flow.py) of a text within another document whose heads tell what divides its cells.

    >>> text_items("绩效目标表\\n项目名称\\t一级指标\\t二级指标\\t三级指标")[0], text_items("项目名称\\t一级指标")
    (('绩效目标表',), [])
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_PIPES)
    separator = separator_of(text)
    return sheet_items(_sheet(_rows_of(text, separator), separator)) if separator else []


def _opened(text: str) -> str:
    """The text of a file whose lines were each quoted as a whole: it was opened as one column and saved again.

    >>> _opened('"甲,乙"\\n"丙,5"'), _opened('"甲",5')
    ('甲,乙\\n丙,5', '"甲",5')
    """
    if not text.lstrip().startswith('"'):
        return text
    rows = [row for row in _rows(text, ",") if row]
    return "\n".join(row[0] for row in rows) if rows and all(len(row) == 1 for row in rows) else text


def _requoted(text: str) -> str:
    """The text of a file whose cells are each quoted by single marks, by double ones; other text as it is.

    >>> heads = "'项目名称','一级指标','二级指标','三级指标'"
    >>> _requoted(heads + "\\n'甲,乙','产出','数量','5''6'"), _requoted("'甲")
    ('项目名称,一级指标,二级指标,三级指标\\n"甲,乙",产出,数量,5\\'6\\n', "'甲")
    """
    line = next((line for line in text.split("\n")[:LOOKED_AT] if line.count("'") >= 2 * HEADS), "").strip()
    for separator in ("\t", ",", ";", "|"):
        quoted = line.split(f"'{separator}'")
        if line[:1] == line[-1:] == "'" and are_heads([cell.strip("'") for cell in quoted]):
            try:
                rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, quotechar="'", strict=True))
            except csv.Error:
                return text
            written = io.StringIO()
            csv.writer(written, delimiter=separator, lineterminator="\n").writerows(rows)
            return written.getvalue()
    return text


def _join_thousands(rows: list[list[str]]) -> int:
    """Puts amounts together that their own commas divided, where that gives a row as many cells as there are heads; how
    many. Nothing is done with a row for which it does not.

    >>> rows = [["项目名称", "预算数", "一级指标", "二级指标", "三级指标"], ["甲", "1", "206.45", "产出指标", "数量指标", "人数"]]
    >>> _join_thousands(rows), rows[1][:3]
    (1, ['甲', '1,206.45', '产出指标'])
    """
    joined, heads = 0, []
    for row in rows:
        if are_heads(row):
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


def _join_broken(rows: list[list[str]]) -> int:
    """Puts rows together that a line break inside a cell without quotes divides, where only together they have as many
    cells as there are heads; how many.

    >>> rows = [["项目名称", "绩效目标", "一级指标", "二级指标", "三级指标"], ["甲", "道路"], ["畅通", "产出", "数量", "里程"]]
    >>> _join_broken(rows), rows[1:]
    (1, [['甲', '道路\\n畅通', '产出', '数量', '里程']])
    """
    joined, place, heads = 0, 0, []
    while place + 1 < len(rows):
        row, below = rows[place], rows[place + 1]
        heads = row if are_heads(row) else heads
        width = len(heads)
        if (
            1 < len(row) < width == len(row) + len(below) - 1
            and len(below) > 1
            and re.search(r"[^-\d.,，%\s]", row[-1])  # a total and its amount stand whole
            and (below[0].strip() or _compares(heads, [*row, *below[1:]]))
        ):
            rows[place : place + 2] = [[*row[:-1], f"{row[-1]}\n{below[0]}".rstrip("\n"), *below[1:]]]
            joined += 1
        place += 1
    return joined


def _compares(heads: list[str], row: list[str]) -> bool:
    """Whether a row has a sign of comparison under the head of these: nothing has moved in it."""
    fields = [header_field(head) for head in heads]
    return "comparator" in fields and comparator_of(row[fields.index("comparator")].strip()) is not None


def separator_of(text: str) -> str:
    """What divides the cells of a text: "\\t", ",", ";", "|", "^", "~", "\\x01" or " " (runs of blanks); "" where no heads
    tell.

    >>> heads = ["项目名称", "一级指标", "二级指标", "三级指标"]
    >>> [separator_of(mark.join(heads)) for mark in ("\\t", ",", ";", "|", "^", "   ")], separator_of("无, 表")
    (['\\t', ',', ';', '|', '^', ' '], '')
    """
    beginning = "\n".join(text.split("\n", LOOKED_AT)[:LOOKED_AT])
    for separator in ("\t", ",", ";", "|", "^", "~", "\x01", " "):
        if any(map(are_heads, _rows(beginning, separator))):
            return separator
    return ""


def _rows_of(text: str, separator: str) -> list[list[str]]:
    """The rows of a text with its blank cells in their places; none where runs of blanks do not tell these."""
    if separator == "|" and _RULE_OF_PIPES.search(text):
        text = _ESCAPED.sub(r"\1", text)
    return _in_columns(text.split("\n")) if separator == " " else list(_rows(text, separator))


def _rows(text: str, separator: str) -> Iterable[list[str]]:
    """The rows of a text; none has cells where the line is blank."""
    if separator == " ":
        lines = (line.strip() for line in text.split("\n") if not _RULE.fullmatch("".join(line.split())))
        return ([cell for cell in _BLANKS.split(line) if cell] for line in lines)
    if '"' in text:
        how = {"escapechar": "\\", "doublequote": False} if '\\"' in text and '""' not in text else {}
        if how:  # a database's word for nothing is no escape of a letter
            text = re.sub(rf"(?<=[{re.escape(separator)}\n])\\N(?=[{re.escape(separator)}\n]|$)", "", text)
        try:
            return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True, **how))
        except csv.Error:
            pass  # quotes that quote nothing: a text is taken as it stands
    return (line.split(separator) for line in text.split("\n"))


def _in_columns(lines: list[str]) -> list[list[str]]:
    """The rows of tables whose columns, as many as there are heads, stand apart in every line, blank cells in their
    places; those of a form's labels have their cells in order. None where the columns do not stand apart."""
    for ambiguous in (True, False):  # signs such as ≥ are as wide as a Chinese one, or not
        placed = [_places(line, ambiguous) for line in lines if not _RULE.fullmatch("".join(line.split()))]
        rows, table = [], []
        for paragraph in _paragraphs(placed):
            texts = [[text for *_, text in row] for row in paragraph]
            heads = are_heads(texts[0])
            table = paragraph if heads else table
            if found := _columns_of([*table, *paragraph] if table else [], len(table and table[0])):
                rows += found[-len(paragraph) :]
            elif heads or (table and any(len(row) > 1 for row in paragraph) and not labels_anything(texts)):
                break
            else:
                rows += texts
        else:
            return rows if table else []
    return []


def _paragraphs(placed: list[list]) -> Iterator[list[list]]:
    """Lines that no blank one divides; heads begin another."""
    begun: list[list] = []
    for row in placed:
        if begun and (not row or not begun[-1] or are_heads([text for *_, text in row])):
            yield begun
            begun = []
        begun.append(row)
    if begun:
        yield begun


def _columns_of(placed: list[list[tuple[int, int, str]]], columns: int) -> list[list[str]]:
    """The lines' cells each in one of so many columns; none where these do not stand apart."""
    taken = {place for row in placed if len(row) > 1 for start, end, _ in row for place in range(start, end)}
    begins = sorted(place for place in taken if place - 1 not in taken)
    cells = [{max(bisect_right(begins, start), 1): text for start, _, text in row} for row in placed]
    apart = len(begins) == columns and all(len(row) == len(texts) for row, texts in zip(cells, placed, strict=True))
    return [[row.get(col, "") for col in range(1, columns + 1)] for row in cells] if apart else []


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
        rows = _between_rules(map(_without_frame, rows))
    for row, cells in enumerate(rows, start=1):
        sheet.texts |= {(row, col): text.strip() for col, text in enumerate(cells, start=1) if text.strip()}
    return sheet


def _between_rules(lines: Iterable[list[str]]) -> list[list[str]]:
    """The rows of a table of pipes: its lines, or those between two of its rules together where these divide all rows,
    which a column tells whose texts never go on in a second line.

    >>> _between_rules([["项目", "值"], [], ["道路", "5"], ["养护", ""], [], ["桥梁", "7"]])
    [['项目', '值'], ['道路\\n养护', '5'], ['桥梁', '7']]
    >>> _between_rules([["项目", "值"], [], ["道路", "5"], ["桥梁", "7"]])
    [['项目', '值'], ['道路', '5'], ['桥梁', '7']]
    """
    groups: list[list[list[str]]] = [[]]
    for line in lines:
        if line:
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    tables = [group for group in groups if group and {*map(len, group)} != {1}]
    columns = max((len(line) for group in tables for line in group), default=0)
    held = [
        [sum(bool(line[col : col + 1] and line[col].strip()) for line in group) for group in tables]
        for col in range(columns)
    ]
    whole = any(max(of) == 1 and sum(of) > len(of) / 2 for of in held if of)
    if len(tables) < LEAST_ROWS or not whole:
        return [line for group in groups for line in group]
    return [
        row
        for group in groups
        for row in (
            group
            if group not in tables
            else [["\n".join(filter(None, map(str.strip, texts))) for texts in zip_longest(*group, fillvalue="")]]
        )
    ]


def _without_frame(cells: list[str]) -> list[str]:
    """A line of a table of pipes without the outer ones, and without the rule under the heads.

    >>> _without_frame(["", " 甲 ", " 乙 ", ""]), _without_frame(["", "---", ":-:", ""]), _without_frame(["甲", "乙"])
    ([' 甲 ', ' 乙 '], [], ['甲', '乙'])
    """
    if len(cells) > 2 and not cells[0].strip() and not cells[-1].strip():
        cells = cells[1:-1]
    return [] if all(_RULE.fullmatch(cell.strip()) for cell in cells) else cells
