"""One sheet of a workbook → lines and tables of what is visible on it.

A sheet has no frames around its tables, so these rules say what a table is:
- Rows without any text end a table, unless they are ruled or a vertically merged cell runs through them.
- A row that a vertically merged cell runs through is always a row of a table.
- At the top of a block of rows, rows with a single text (merged over columns or not) are lines: title, year, unit; so is
  one that says the unit of the amounts beside whose the table is.
- Where most rows of the block are ruled, its rows without rules are lines if they have one text, or texts with their
  labels.
- Where they are not, a line is also a row whose single text is merged over the block's full width, but for one that
  stands over further rows of a table of indicators, and at the foot one whose single text stands in the block's first
  column.
Lines end a table. Everything else is a row of a table: forms have rows with two texts, or one beside empty cells.
Tables that stand side by side are one table here; what divides them is the layout's to see.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from openpyxl.utils.cell import get_column_letter

from budgetperf.errors import Unreadable
from budgetperf.field.form_labels import label_of
from budgetperf.field.headings import money_unit
from budgetperf.field.vocabulary import fold, header_field, is_label
from budgetperf.readers.flow import CELL_LIMIT, Cell, Table, left_out
from budgetperf.tables.cells import Remark

_SAID = re.compile("[:：]|^\\d{4}年")
ABSURD = 1000  # a merged range that runs further past the content than this is cut back to the content
WIDE = 500_000  # a table with more places than this is read without its wholly empty columns


@dataclass
class Sheet:
    """A sheet before hidden parts are taken out; rows and columns are 1-based as in the file."""

    name: str = ""  # as its tab shows it
    texts: dict[tuple[int, int], str] = field(default_factory=dict)  # cells that show something
    ruled: set[tuple[int, int]] = field(default_factory=set)  # cells with a rule at their left or right
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)  # first row, last row, first col, last col
    hidden_rows: set[int] = field(default_factory=set)
    hidden_cols: set[int] = field(default_factory=set)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)  # those without a stored result
    shared: dict = field(default_factory=dict)  # number of a formula that cells share → what translates it
    numbers: dict[tuple[int, int], Decimal] = field(default_factory=dict)  # kept where a formula may need them
    codes: dict[tuple[int, int], str] = field(default_factory=dict)  # number formats of cells with such a formula
    perhaps_hidden: int = 0  # rows whose height is set and not given
    computed: int = 0  # formulas without a stored result that are plain sums
    text_formulas: int = 0  # texts stored as formulas
    seen: dict[tuple[int, int], str] = field(default_factory=dict)  # texts without their parts that are struck out
    unseen: Counter = field(default_factory=Counter)  # what no one sees, in words
    above: list[str] = field(default_factory=list)  # lines outside the cells: the page's head, text boxes
    below: list[str] = field(default_factory=list)
    conditions: list = field(default_factory=list)  # rules of conditional formats that change what is seen
    undecided: list[str] = field(default_factory=list)  # a cell's range in which such a rule can't be decided
    lost_looks: int = 0  # marks of cells' looks in the workbook that can't be read
    short: list[str] = field(default_factory=list)  # numbers with more digits than Excel keeps


def sheet_items(sheet: Sheet) -> list:
    """The visible lines and tables (items of flow.py).

    >>> texts = {(1, 1): "绩效目标表", (2, 1): "指标", (2, 2): "值", (2, 3): "权重", (3, 1): "人数", (3, 3): "10"}
    >>> items = sheet_items(Sheet(texts=texts, hidden_rows={9}))
    >>> items[0], items[1].rows, [cell.text for cell in items[1].cells]
    (('绩效目标表',), 2, ['指标', '值', '权重', '人数', '', '10'])
    """
    merges = _bounded(sheet)
    rows = _visible_rows(sheet, merges)
    cols = _visible_cols(sheet, merges)
    cells = _placed(sheet, merges, rows, cols)
    items = _items(sheet, rows, cols, cells)
    return [*((line,) for line in sheet.above), *items, *((line,) for line in sheet.below)] if items else []


def _items(sheet: Sheet, rows: list[int], cols: list[int], cells: dict) -> list:
    """Lines and tables of cells that belong together."""
    tied = {row + k for (row, _), (height, _, _) in cells.items() if height > 1 for k in range(height)}
    by_row: list[list[int]] = [[] for _ in rows]  # columns of the cells that start in each row
    for row, col in sorted(cells):
        by_row[row].append(col)
    texts = [[col for col in by_row[row] if cells[row, col][2]] for row in range(len(rows))]
    ruled = [
        any((number, cols[col]) in sheet.ruled for col in texts[row] or by_row[row])
        or (not texts[row] and row not in tied)
        for row, number in enumerate(rows)
    ]
    items = []
    for start, stop in _blocks(sheet, rows):
        loose = _loose_rows(range(start, stop), texts, ruled, tied, cells)
        row = start
        while row < stop:
            if row in loose:
                items.append(tuple(cells[row, col][2].strip() for col in texts[row]))
                row += 1
                continue
            first = row
            while row < stop and row not in loose:
                row += 1
            if table := _table(first, row, by_row, cells):
                items.append(table)
    return [item for item in items if item]


def sheet_remarks(sheet: Sheet, page: int) -> list[Remark]:
    """What is to be said of a sheet: what is hidden on it and was not read, what is not stored as it was typed.

    >>> [remark.note for remark in sheet_remarks(Sheet(texts={(2, 1): "甲"}, hidden_rows={2}), 1)]
    ['1 行是隐藏的，没有读取']
    """
    hidden = [(len({row for row, _ in sheet.texts} & sheet.hidden_rows), "行")]
    hidden.append((len({col for _, col in sheet.texts} & sheet.hidden_cols), "列"))
    said = []
    if any(count for count, _ in hidden):
        words = "、".join(f"{count} {what}" for count, what in hidden if count)
        said.append(Remark(page, "hidden", True, f"{words}是隐藏的，没有读取"))
    said += left_out(page, +sheet.unseen)
    if sheet.undecided:
        places = "、".join(dict.fromkeys(sheet.undecided[:50]))
        words = f"条件格式（{places}）会使 {len(sheet.undecided)} 格的文字划去、隐去或变样，条件成立与否无法判断，请对照原件"
        said.append(Remark(page, "hidden", False, words))
    if sheet.lost_looks:
        words = f"工作簿的样式里有 {sheet.lost_looks} 处读不懂，划去、变色的文字和数的格式可能看错，请对照原件"
        said.append(Remark(page, "hidden", False, words))
    if sheet.perhaps_hidden:
        words = f"{sheet.perhaps_hidden} 行的行高设定过而没有写出，按行高 0 未读，请对照原件"
        said.append(Remark(page, "hidden", False, words))
    if sheet.computed:
        said.append(Remark(page, "formulas", True, f"{sheet.computed} 个公式没有保存计算结果，按公式算出"))
    if sheet.formulas:
        places = "、".join(f"{get_column_letter(col)}{row}" for row, col in list(sheet.formulas)[:5])
        words = f"{len(sheet.formulas)} 个公式没有保存计算结果（{places}），按空白读，请用 Excel 或 WPS 打开保存后再读"
        said.append(Remark(page, "formulas", False, words))
    if sheet.text_formulas:
        said.append(Remark(page, "formulas", True, f"{sheet.text_formulas} 个以“=”开头的文字被存成了公式，按原文读"))
    if sheet.short:
        words = f"{len(sheet.short)} 个编码被 Excel 存成了数字（{sheet.short[0]}），只保留前 15 位，其余数字已丢失，须对照原件"
        said.append(Remark(page, "digits", False, words))
    return said


def _bounded(sheet: Sheet) -> list[tuple[int, int, int, int]]:
    """Merged ranges that matter, those of absurd size cut back to the sheet's content."""
    last_row = max((row for row, _ in sheet.texts), default=0)
    last_col = max((col for _, col in sheet.texts), default=0)
    merges = []
    for top, bottom, left, right in sheet.merges:
        if top > last_row or left > last_col + ABSURD:
            continue
        bottom = bottom if bottom <= last_row + ABSURD else last_row
        right = right if right <= last_col + ABSURD else max(last_col, left)
        merges.append((top, bottom, left, right))
    return merges


def _visible_rows(sheet: Sheet, merges: list[tuple[int, int, int, int]]) -> list[int]:
    """Visible rows that show something, are ruled between such rows, or hold part of a merged cell that does."""
    shown = {row for row, _ in sheet.texts}
    used = set(shown)
    height = 0
    for top, bottom, left, _ in merges:
        if bottom > top and (top, left) in sheet.texts:
            height += bottom - top
            if height > 20 * CELL_LIMIT:
                raise _too_large()
            used.update(range(top, bottom + 1))
    if shown:
        first, last = min(shown), max(shown)
        counts: dict[int, int] = {}
        for row, _ in sheet.ruled:
            counts[row] = counts.get(row, 0) + 1
        used.update(row for row, count in counts.items() if count > 1 and first < row < last)
    return sorted(used - sheet.hidden_rows)


def _visible_cols(sheet: Sheet, merges: list[tuple[int, int, int, int]]) -> list[int]:
    used = [col for _, col in sheet.texts] + [right for *_, right in merges] + [left for *_, left, _ in merges]
    return [col for col in range(min(used), max(used) + 1) if col not in sheet.hidden_cols] if used else []


def _too_large() -> Unreadable:
    return Unreadable("工作表用到的区域过大，超出可读范围", "请删去表格以外的内容、取消那里的合并单元格，另存后再读")


def _placed(
    sheet: Sheet, merges: list, rows: list[int], cols: list[int]
) -> dict[tuple[int, int], tuple[int, int, str]]:
    """Cells that show something or are merged: 0-based (visible row, visible column) → (rows, columns, text)."""
    cells: dict[tuple[int, int], tuple[int, int, str]] = {}
    taken: set[tuple[int, int]] = set()
    looked_at = 0
    for top, bottom, left, right in sorted(merges):
        first_row, end_row = bisect_left(rows, top), bisect_right(rows, bottom)
        first_col, end_col = bisect_left(cols, left), bisect_right(cols, right)
        looked_at += (end_row - first_row) * (end_col - first_col)
        if looked_at > 2 * CELL_LIMIT:
            raise _too_large()
        places = [(row, col) for row in range(first_row, end_row) for col in range(first_col, end_col)]
        if not places or not taken.isdisjoint(places):
            continue  # all hidden, or a damaged file: ranges must not overlap
        taken.update(places)
        cells[places[0]] = (end_row - first_row, end_col - first_col, sheet.texts.get((top, left), ""))
    row_of = {row: index for index, row in enumerate(rows)}
    col_of = {col: index for index, col in enumerate(cols)}
    for (row, col), text in sheet.texts.items():
        place = (row_of.get(row), col_of.get(col))
        if None not in place and place not in taken:
            cells[place] = (1, 1, text)
    return cells


def _blocks(sheet: Sheet, rows: list[int]) -> list[tuple[int, int]]:
    """Runs of rows with no visible blank row between them: (first, end) as positions in `rows`."""
    hidden = sorted(sheet.hidden_rows)
    starts = [
        k
        for k in range(len(rows))
        if k == 0 or rows[k] - rows[k - 1] - 1 > bisect_left(hidden, rows[k]) - bisect_right(hidden, rows[k - 1])
    ]
    return list(zip(starts, [*starts[1:], len(rows)][: len(starts)], strict=True))


def is_caption(texts: list[str]) -> bool:
    """Whether a row stands over a table: the unit of its amounts beside whose it is and of which year.

    >>> is_caption(["编制单位：县教育局", "2024年", "金额单位：万元"]), is_caption(["项目资金（万元）", "资金来源：财政"])
    (True, False)
    """
    units = [money_unit(text) and not header_field(text) for text in texts]
    return any(units) and all(unit or _SAID.search(text) for unit, text in zip(units, texts, strict=True))


def _are_lines(texts: list[str]) -> bool:
    """Whether the texts of a row without rules are no cells of the table beside it: one alone, or words with their labels,
    and no sum."""
    if any(is_label(text, kind) for text in texts[:1] for kind in ("total", "subtotal")):
        return False
    return len(texts) == 1 or is_caption(texts) or any(re.search("[：:]|（[盖签]章）", text) for text in texts)


def _loose_rows(block: range, texts: list, ruled: list[bool], tied: set[int], cells: dict) -> set[int]:
    """Rows of a block that are lines outside tables, by the rules at the head of this file."""
    free = [row for row in block if row not in tied]
    single = {row for row in free if len(texts[row]) == 1}
    loose = set()
    for row in block:
        if row not in single and not (row in free and is_caption([cells[row, col][2] for col in texts[row]])):
            break
        loose.add(row)
    rest = [row for row in block if row not in loose]
    really_ruled = sum(1 for row in rest if ruled[row])
    if not rest:
        return loose
    if 2 * really_ruled >= len(rest):
        for row in rest:
            if row in free and not ruled[row] and _are_lines([cells[row, col][2] for col in texts[row]]):
                loose.add(row)
        return loose
    left = min(col for row in rest for col in texts[row])
    right = max(col + cells[row, col][1] for row in rest for col in texts[row])
    wide = [row for row in rest if row in single and cells[row, texts[row][0]][1] == right - left > 1]
    if wide:
        loose |= _dividing(wide, {row: [cells[row, col][2] for col in texts[row]] for row in rest if texts[row]})
    for row in reversed(rest):
        if row not in loose and not (row in single and texts[row][0] == left):
            break
        loose.add(row)
    return loose


def _dividing(wide: list[int], said: dict[int, list[str]]) -> set[int]:
    """Of the rows with one text as wide as the table those that are lines: all but such as stand inside a table of
    indicators, over rows that go on under its heads (a unit, a project, a level). A line is a title, a unit of money, or
    stands over heads, or over labels unless it names a project itself."""
    first = next((row for row in sorted(said) if _are_heads(said[row])), None)
    lines, next_one, next_other = set(), "end", "end"  # what the next row is, and the next that is no row of a label
    for row in sorted(said, reverse=True):
        if row not in wide:
            heads, label = _are_heads(said[row]), header_field(said[row][0]) or label_of(said[row][0])
            next_one = "heads" if heads else "label" if label else "data"
            next_other = next_other if next_one == "label" else next_one
            continue
        words = said[row][0]
        label, _, value = words.replace("：", ":").partition(":")
        of_project = bool(value.strip()) and header_field(label) in ("project", "project_code")
        apart = first is None or row < first or fold(words).endswith("表") or money_unit(words)
        if apart or "data" not in (next_one, next_other if of_project else next_one):
            lines.add(row)
    return lines


def _are_heads(texts: list[str]) -> bool:
    """Whether the texts of a row are the heads of columns of indicators."""
    named = [field for text in texts if (field := header_field(text))]
    return len(named) > 2 and 2 * len(named) > len(texts) and bool({"level1", "level2", "name", "target"} & {*named})


def _table(first: int, end: int, by_row: list[list[int]], cells: dict) -> Table | None:
    """Rows `first` to `end` as a table with its empty cells."""
    own = {(row, col): cells[row, col] for row in range(first, end) for col in by_row[row]}
    if not any(text for _, _, text in own.values()):
        return None
    left, right = min(col for _, col in own), max(col + width for (_, col), (_, width, _) in own.items())
    cols = range(left, right)
    if (end - first) * len(cols) > WIDE:
        kept = {col + k for (_, col), (_, width, text) in own.items() if text for k in range(width)}
        cols = sorted(kept)
    if (end - first) * len(cols) > CELL_LIMIT:
        raise _too_large()
    position = {col: k for k, col in enumerate(cols, start=1)}
    covered = {
        (row + down, col + over)
        for (row, col), (height, width, _) in own.items()
        if height * width > 1
        for down in range(height)
        for over in range(width)
    }
    found = []
    for row in range(first, end):
        for col in cols:
            if (row, col) in own:
                height, width, text = own[row, col]
                width = sum(1 for over in range(width) if col + over in position)
                found.append(Cell(row - first + 1, position[col], height, width, text))
            elif (row, col) not in covered:
                found.append(Cell(row - first + 1, position[col], 1, 1, ""))
    return Table(end - first, found)
