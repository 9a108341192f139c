"""Blocks of columns with heads of their own in a form's head (the fund block, lists of tasks), as labels and values."""

import itertools
import re
from decimal import Decimal

from budgetperf.field.form_labels import MONEY, STAGES, Label, label_of
from budgetperf.field.headings import is_year
from budgetperf.field.money_text import is_nothing, is_number
from budgetperf.field.notation import parse_amount
from budgetperf.field.vocabulary import fold, is_label
from budgetperf.layout.form_cells import CHANGED, Pair, group_of, inline_pairs
from budgetperf.layout.form_columns import (
    FUND,
    SHORT,
    column_labels,
    crossed,
    money_columns,
    staged_under,
    under,
    year_heads,
)
from budgetperf.layout.lattice import Cell, Lattice

OF_ROW = (*STAGES[1:], "execution_rate")  # what a row of a fund block may hold of the whole
OF_LIST = 9  # tier of the total of a list of a unit's work: its whole money only where nothing else says it
LEAST_OF_MONEY = 4  # known heads of a fund block, by which others beside them are heads too
WHOSE = ("project", "project_code", "unit", "unit_code", "department")
_OF_WORK = re.compile("任务|职能|职责|重点工作|主要工作|工作内容|对应项目")  # what a unit's money is for, in heads
_OF_YEAR = re.compile(r"20\d\d年?度?(?:财政|项目)?(?:预算|安排|资金|金额|经费|投资|计划|申请)*[数额]?")  # 2024年预算
_OF_MONEY = re.compile("资金|经费|预算|金额|拨款")
GOALS = ("goal", "objective", "period_objective", "achievement")


def block_at(lattice: Lattice, rows: list[int], row: int, taken: set[int]) -> tuple[list[Pair], set[int]] | None:
    """The block of columns whose heads stand in this row, as pairs, and the cells it takes; None where there is none."""
    cells = [c for c in lattice.texts(row) if c.index not in taken]
    group = cells[0] if cells and cells[0].rowspan > 1 and len(cells) > 1 else None
    if len(cells) > 3 and group and cells[1].rowspan > 1 and all(c.rowspan == 1 for c in cells[2:]):
        group, cells = cells[1], cells[1:]  # one part of what the first names
    outer = group or (group_of(lattice, cells[0], rows) if cells else None)
    heads = cells[1:] if group else cells
    of_years = bool(heads) and (first := lattice.at.get((row + 1, heads[0].col))) is not None and is_year(first.text)
    of_years = of_years and len(heads) > 2  # 2000 under one of two heads is an amount
    if len(heads) < 2 or not _are_heads(heads[1:] if of_years else heads, outer is not None):
        return None
    under, last_head = _lower_heads(lattice, rows, row, heads)
    place = range(heads[0].col, heads[1].col)
    first = next((c for col in place if (c := lattice.at.get((last_head + 1, col))) and c.text), None)
    of_money = first is not None and (label := label_of(first.text)) is not None and label.field in MONEY
    named = of_money or (group and first is not None and first.rowspan > 1)
    if named and not is_number(first.text) and heads[0].col in under:
        del under[heads[0].col]  # it stands over the names of the rows
    body = _body(lattice, rows, last_head, under, outer)
    if not body:
        return None
    rest = [c for r in body for c in lattice.texts(r) if c.index not in taken and c is not group]
    used = {c.index for c in [*heads, *under.values(), *rest, *([group] if group else [])]}
    return _block_pairs(lattice, body, under, outer, heads), used


def list_at(lattice: Lattice, rows: list[int], row: int, taken: set[int]) -> tuple[list[Pair], set[int]] | None:
    """A list of what a form's money is for, its heads in this row (年度主要任务 | 对应项目 | 预算金额), as notes; the rows below
    it are divided as its heads are, with amounts under the heads of money only, and its total."""
    cells = [c for c in lattice.texts(row) if c.index not in taken]
    group = cells[0] if len(cells) > 3 and cells[0].rowspan > 2 and _OF_WORK.search(fold(cells[0].text)) else None
    upper = cells[1:] if group else cells
    columns, last_head = _lower_heads(lattice, rows, row, upper)
    heads = [columns[col] for col in sorted(columns)]
    labels = [label_of(c.text) for c in heads]
    money = {c.col for c, label in zip(heads, labels, strict=True) if label and label.sure and label.field in MONEY}
    plain = all(_short(c) and not re.search(r"\d", c.text) and not inline_pairs(c) for c in heads)
    of_work = any(_OF_WORK.search(fold(c.text)) for c in (*upper, *([group] if group else [])))
    fields = {label.field for c, label in zip(heads, labels, strict=True) if label and c.col not in money}
    labelled = fields - ({"project", "note"} if of_work else set())
    known = of_work or len(money) == 1
    if len(upper) < 3 or not (money and known and plain) or heads[0].col in money or labelled:
        return None

    def is_of_list(r: int) -> bool:
        here = [c for c in lattice.texts(r) if c is not group]
        return (
            {c.col for c in here} <= set(columns)
            and len(here) > 1
            and all((is_number(c.text) or is_nothing(c.text)) if c.col in money else _names(c) for c in here)
        )

    below = [r for r in rows if r > last_head and (group is None or r < group.row + group.rowspan)]
    body = list(itertools.takewhile(is_of_list, below))
    if len(body) < (1 if group else 2):
        return None
    behind = [r for r in rows if r > body[-1]][:1]  # the label of the list may not reach down to its total
    total = next((r for r in behind if _totals(lattice, r, group, money)), None)
    name = "".join((group or heads[0]).text.split())
    pairs = []
    for r in [*body, *([total] if total else [])]:
        first, *others = [c for c in lattice.texts(r) if c is not group]
        named = [(first, "")] if r != total else []
        for c, of_row in (*named, *((c, first.text) for c in others)):
            head = _head_over(columns, c)
            words = "/".join("".join(part.split()) for part in (name, of_row, head.text) if part)
            label = label_of(head.text) if r == total and _adds_up(lattice, body, c) else None
            label = label._replace(tier=OF_LIST) if label else Label("note")
            pairs.append(Pair(words, label, c.text, c, (head,)))
    above = lattice.texts(row - 1) if row - 1 in rows else []
    titled = len(above) == 1 and above[0].colspan == lattice.columns and above[0].index not in taken
    used = [
        c
        for r in (*([row - 1] if titled else []), row, last_head, *body, *([total] if total else []))
        for c in lattice.texts(r)
    ]
    heading = tuple(c for c in used if c.index not in {p.cell.index for p in pairs})
    return [*pairs, Pair("", None, "", None, heading)], {c.index for c in used}


def _names(cell: Cell) -> bool:
    return (
        not is_number(cell.text)
        and not is_label(cell.text, "total")
        and not ((label := label_of(cell.text)) and label.sure)
    )


def without_list_totals(pairs: list[Pair]) -> list[Pair]:
    """The pairs of a head, the total of a list of work a note beside another amount that is the unit's money."""
    money = [p for p in pairs if p.label is not None and p.label.field in STAGES and p.text]
    if all(p.label.tier == OF_LIST for p in money):
        return pairs
    listed = {id(p) for p in pairs if p.label is not None and p.label.tier == OF_LIST}
    return [p._replace(label=Label("note")) if id(p) in listed else p for p in pairs]


def _adds_up(lattice: Lattice, body: list[int], total: Cell) -> bool:
    parts = [parse_amount(c.text) or Decimal(0) for r in body if (c := lattice.at.get((r, total.col)))]
    return sum(parts, Decimal(0)) == parse_amount(total.text)


def _totals(lattice: Lattice, row: int, group: Cell | None, money: set[int]) -> bool:
    """Whether a row below a list is its total."""
    cells = [c for c in lattice.texts(row) if c is not group]
    return (
        bool(cells)
        and is_label(cells[0].text, "total")
        and all(c.col in money and is_number(c.text) for c in cells[1:])
    )


def _are_heads(heads: list[Cell], grouped: bool) -> bool:
    if any(is_number(c.text) or len(c.text) > 2 * SHORT or inline_pairs(c) for c in heads):
        return False
    if CHANGED.fullmatch(fold(heads[0].text)) and not CHANGED.fullmatch(fold(heads[1].text)):
        return False  # with its value beside it
    if any(_whose_name(left, right) for left, right in itertools.pairwise(heads)):
        return False
    years = year_heads(heads) if any(_OF_MONEY.search(c.text) for c in heads) else []
    sure = [c for c in heads if c in years or label_of(c.text)]
    of_money = [c for c in sure if c in years or label_of(c.text).field in FUND]
    if len(sure) == len(heads) or (len(of_money) >= LEAST_OF_MONEY and all(_short(c) for c in heads)):
        return True
    beside = [c for c, right in itertools.pairwise(heads) if c in sure and right not in sure]
    if any(c not in years and label_of(c.text).field in WHOSE for c in beside):
        return False  # labels with their values beside them
    return grouped and (len(sure) >= 1 or all(_short(c) for c in heads))


def _whose_name(label: Cell, beside: Cell) -> bool:
    """Whether a label of a project or unit has its name beside it, which only ends like a label of money (办学经费)."""
    whose, name = label_of(label.text), label_of(beside.text)
    named = whose is not None and whose.field in WHOSE and not whose.tier  # 项目 alone may head a column
    return named and name is not None and name.field in MONEY and not name.sure


def _short(cell: Cell) -> bool:
    return len(cell.text) <= SHORT


def _lower_heads(lattice: Lattice, rows: list[int], row: int, heads: list[Cell]) -> tuple[dict[int, Cell], int]:
    """Column → its head, of two rows where the lower one divides the wide heads of the upper; and the last head row."""
    columns = {c.col: c for c in heads}
    wide = [c for c in heads if c.colspan > 1 and c.rowspan == 1]
    below = lattice.texts(row + 1) if row + 1 in rows else []
    lower = [c for c in below if any(w.col <= c.col < w.col + w.colspan for w in wide)]
    words = all(_short(c) and not is_number(c.text) for c in lower)
    money = any(is_year(c.text) or ((label := label_of(c.text)) and label.field in FUND) for c in lower)
    money = money or any(staged_under(w, c) for c in lower for w in wide if w.col <= c.col < w.col + w.colspan)
    if len(lower) > 1 and len(lower) == len(below) and words and money:
        divided = {w.col for w in wide if any(w.col <= c.col < w.col + w.colspan for c in lower)}
        return {k: c for k, c in columns.items() if k not in divided} | {c.col: c for c in lower}, row + 1
    return columns, row


def _body(lattice: Lattice, rows: list[int], last_head: int, heads: dict[int, Cell], group: Cell | None) -> list[int]:
    """The rows under the heads: as far as the block's own label reaches, or as rows go on that only fill its columns."""
    end = group.row + group.rowspan - 1 if group else None
    body: list[int] = []
    money = money_columns(heads, group)
    for r in [r for r in rows if r > last_head]:
        cells = lattice.texts(r)
        here = [c for c in cells if c.col in heads]
        over = end is not None and r > end
        if not cells and not over:
            continue
        first = label_of(cells[0].text) if cells else None
        of_money = first is not None and first.field in MONEY
        amounts = [c.text for c in here if c.col in money and not is_nothing(c.text)]
        readable = any(is_number(text) or _percent(text) for text in amounts)
        misread = of_money and any(re.search(r"\d", text) for text in amounts)
        words = amounts and not readable and not misread
        odd = words or any(
            (label := label_of(c.text)) and label.sure and not (label.field == "note" and group)
            and (label.field not in MONEY or (c.col not in money and c is not cells[0]))
            for c in here
        )  # fmt: skip
        filled = all(
            c.col in money or (c.col in heads and (is_number(c.text) or (readable and not label_of(c.text))))
            for c in cells[1:]
        )
        total = (of_money or body) and len(cells) > 1 and money and filled
        if odd or (over and not total) or (end is None and body and not (money and total)):
            break
        if not body and not here and not money:
            break
        if end is None and not here:
            break
        body.append(r)
    return body


def _percent(text: str) -> bool:
    return bool(re.fullmatch(r"\s*-?[\d.,]+\s*[%％]\s*", text))


def _block_pairs(
    lattice: Lattice, body: list[int], heads: dict[int, Cell], group: Cell | None, upper: list[Cell]
) -> list[Pair]:
    money, labels = money_columns(heads, group), column_labels(heads, group)
    name = "".join(group.text.split()) if group else ""
    whole = _whole_row(lattice, body, money) if money else body[0] if len(body) == 1 else None
    owner = label_of(group.text) if group else None
    plain = owner is not None and owner.field not in GOALS and owner.field not in MONEY
    ours = len(body) == 1 and (group is None or (not plain and owner is not None))
    pairs = []
    for row in body:
        row_label = _row_label(lattice, row, money)
        named_row = row_label is not None and (label := label_of(row_label.text)) is not None and label.field in MONEY
        alone = group is None and len(body) == 1 and not named_row  # each value of the one row is that of its head
        row_label = None if alone else row_label
        named = {} if alone else _labels_beside(lattice, row, money)
        labelling = {c.index for c in (row_label, *named.values()) if c}
        for cell in lattice.starts.get(row, ()):
            label_cell = named.get(cell.col, row_label)
            head = _head_over(heads, cell)
            found = under(upper, head, labels[head.col]) if head else None
            if not cell.text and not (row == whole and found and found.field == "budget"):
                continue  # but a budget left blank is none that another column has
            if cell.index in labelling or head is None:
                if cell.index not in labelling and cell is not group:
                    pairs.append(Pair(f"{name}/", Label("note"), cell.text, cell))
                continue
            path = ("".join(c.text.split()) for c in (label_cell, head) if c)
            words = "/".join(filter(None, (name, *path)))
            used = tuple(c for c in (head, label_cell, group) if c)
            own = label_of(label_cell.text) if label_cell else None
            text = "" if is_nothing(cell.text) else cell.text
            of_year = label_cell is not None and _OF_YEAR.fullmatch(fold(label_cell.text)) is not None
            if of_year and found and found.field == "part" and not is_year(label_cell.text):
                label = Label("note")  # whichever year the budget is of
            elif money and found and found.field in FUND and whole in range(row, row + cell.rowspan):
                label = crossed(found, own)
            elif found and found.field in (*MONEY, "execution_rate") and of_year:
                label = found  # of the year that the row is of
            elif money and own and own.field in OF_ROW and found and found.field == "budget" and row != whole:
                label = own  # 全年执行数 of all the sources that the heads name
            elif money and own and own.field == "part" and found and found.field == "budget":
                label = Label("part", found.tier)
            else:
                label = found if ours and found else Label("note")
            pairs.append(Pair(words, label, text, cell, used))
    labelled = {c.index for p in pairs for c in p.heads}
    extra = [h for h in [*heads.values(), *upper] if h.index not in labelled]
    if group is not None or extra:
        pairs.append(Pair("", None, "", None, tuple(c for c in (*extra, group) if c)))
    return pairs


def _head_over(heads: dict[int, Cell], cell: Cell) -> Cell | None:
    return next((h for h in heads.values() if h.col <= cell.col < h.col + h.colspan), None)


def _row_label(lattice: Lattice, row: int, money: set[int]) -> Cell | None:
    """The text that names a row of a block: its first, where that is no value of a money column; behind the name of a
    division (收入构成 over 财政拨款 | 其他资金) the next."""
    cells = list(itertools.takewhile(lambda c: c.col not in money, lattice.texts(row)[:2]))
    if not money or not cells or is_number(cells[0].text) or is_nothing(cells[0].text):
        return None
    return cells[-1] if cells[0].rowspan > cells[-1].rowspan else cells[0]


def _labels_beside(lattice: Lattice, row: int, money: set[int]) -> dict[int, Cell]:
    """Money column of a block's row → the cell that names its amount: the row's label, or words that stand nearer to it,
    behind another amount (财政拨款 | 860 | 人员经费 | 426)."""
    label = _row_label(lattice, row, money)
    found: dict[int, Cell] = {}
    for cell in lattice.texts(row) if label else ():
        if cell.col in money:
            found[cell.col] = label
        elif found and not is_number(cell.text) and not _percent(cell.text):
            label = cell
    return found


def _whole_row(lattice: Lattice, body: list[int], money: set[int]) -> int | None:
    """The row of a fund block that holds the whole: the one called so, the first of two where the other is part of it
    (全年支出 over 其中：基本支出), or the only one."""
    named = []
    for row in body:
        cell = _row_label(lattice, row, money)
        if cell and (label := label_of(cell.text)) and label.field == "budget":
            named.append((label.tier, row))
    if named:
        return min(named, key=lambda item: item[0])[1]
    filled = [r for r in body if any(c.col in money for c in lattice.texts(r))]
    summed = [r for r in filled if (cell := _row_label(lattice, r, money)) and is_label(cell.text, "subtotal")]
    if len(summed) == 1:
        return summed[0]
    names = [cell.text if (cell := _row_label(lattice, row, money)) else "" for row in filled[:2]]
    divided = [bool(name) and fold(name).startswith("其中") for name in names] == [False, True] and bool(names[0])
    return filled[0] if len(filled) == 1 or divided else None
