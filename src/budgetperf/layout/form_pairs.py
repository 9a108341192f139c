"""The labels and values of a form's head paired: by position, and by what each is; every cell ends in a pair or is left."""

import itertools
import re
from typing import NamedTuple

from budgetperf.field.money_text import is_nothing, is_number
from budgetperf.layout.form_columns import FUND, SHORT, column_labels, crossed, is_year, money_columns, under
from budgetperf.layout.form_labels import Label, label_of
from budgetperf.layout.lattice import Cell, Lattice
from budgetperf.layout.money_heads import MONEY

GOALS = ("goal", "objective", "period_objective", "achievement")
_INLINE = re.compile(r"^([^：:\n]{2,24})[：:]\s*(\S.*)$", re.DOTALL)
_RATE = re.compile(r"^((?:预算|资金)?执行率)\s*([\d.]+\s*[%％])$")
POINTS = re.compile(r"(?:[（(]\s*|[：:]\s*|分值|权重)(\d{1,3}(?:\.\d+)?)\s*(?:分|%)?\s*[）)]?\s*$")


class Pair(NamedTuple):
    """`words`: the label as printed, with the labels over it · label: what it means · text, cell: the value ("" and
    None where its place is empty) · inside: the value shares the label's cell · heads: cells that are labels here."""

    words: str
    label: Label | None
    text: str
    cell: Cell | None
    heads: tuple[Cell, ...] = ()
    inside: bool = False


def is_sure(text: str) -> bool:
    found = label_of(text)
    return found is not None and found.sure


def inline_pairs(cell: Cell) -> list[Pair]:
    """Label and value that share a cell (`资金总额：1286.5`), each line of it for itself where each has its label."""
    rate = _RATE.match(cell.text)
    if rate:
        return [Pair(rate[1], Label("execution_rate"), rate[2], cell, inside=True)]
    label = label_of(cell.text)
    points = POINTS.search(cell.text)
    if label and label.field == "execution_weight" and points:
        return [Pair(cell.text, label, points[1], cell, inside=True)]
    whole = _INLINE.match(cell.text)
    if not whole or not is_sure(whole[1]) or (label and label.sure):
        return []  # a label, also where it names its division too (资金来源：（1）财政性资金)
    lines = cell.text.split("\n")
    each = [_INLINE.match(line) or re.match(r"^([^：:]{2,24})[：:]()$", line.strip()) for line in lines]
    if len(lines) > 1 and all(m and is_sure(m[1]) for m in each):
        return [Pair(m[1], label_of(m[1]), m[2].strip(), cell, inside=True) for m in each]
    if len(parts := _labelled_parts(cell.text)) > 1:
        return [Pair(words, label_of(words), text, cell, inside=True) for words, text in parts]
    inner = (
        re.match(r"^(其中)?[：:]?\s*([^：:\n]{2,20})[：:]\s*(\S.*)$", whole[2]) if whole[1].startswith("其中") else None
    )
    words, text = (whole[1] + inner[2], inner[3]) if inner else (whole[1], whole[2])
    return [Pair(words, label_of(words), text.strip(), cell, inside=True)]


def _labelled_parts(text: str) -> list[tuple[str, str]]:
    """Labels and values that follow each other in a cell, blanks between them (主管部门：县教育局  实施单位：县一中)."""
    found = [m for m in re.finditer(r"(?:^|\s)([^：:\s]{2,20})[：:]", text) if is_sure(m[1])]
    ends = [*(m.start() for m in found[1:]), len(text)]
    return [(m[1], text[m.end() : end].strip()) for m, end in zip(found, ends, strict=True)]


def read_pairs(lattice: Lattice, rows: list[int]) -> list[Pair]:
    """Every label of the head's rows with its value: in its own cell, right of it, or below it where the row holds
    nothing but labels. Blocks of columns (the fund block, lists of tasks) go by their heads."""
    pairs: list[Pair] = []
    taken: set[int] = set()
    of_columns = _label_columns(lattice, rows)
    for row in rows:
        if all(cell.index in taken for cell in lattice.texts(row)):
            continue
        block = _goal_rows(lattice, rows, row, taken) or block_at(lattice, rows, row, taken)
        if block is not None:
            found, cells = block
            pairs += found
            taken |= cells
        pairs += _row_pairs(lattice, rows, row, taken, of_columns)
    return pairs


def _goal_rows(lattice: Lattice, rows: list[int], row: int, taken: set[int]) -> tuple[list[Pair], set[int]] | None:
    """A goal whose label stands beside several rows of it (目标1 | … over 目标2 | …), as one text; None where none is."""
    group = next((c for c in lattice.texts(row) if c.index not in taken), None)
    label = label_of(group.text) if group is not None and group.rowspan > 1 else None
    if label is None or label.field not in GOALS or not set(range(row, row + group.rowspan)) <= set(rows):
        return None
    beside = [c for r in range(row, row + group.rowspan) for c in lattice.texts(r) if c is not group]
    if len(beside) < 2 or any(label_of(c.text) or inline_pairs(c) for c in beside):
        return None
    words, text = "".join(group.text.split()).rstrip("：:"), "\n".join(c.text for c in beside)
    first, *others = [Pair(words, label, text, c, (group,)) for c in beside]
    return [first, *(p._replace(label=None, text="") for p in others)], {c.index for c in (group, *beside)}


def _label_columns(lattice: Lattice, rows: list[int]) -> set[int]:
    """Columns in which labels stand in at least two of the rows."""
    counts: dict[int, int] = {}
    for row in rows:
        for cell in lattice.texts(row):
            if is_sure(cell.text):
                counts[cell.col] = counts.get(cell.col, 0) + 1
    return {col for col, count in counts.items() if count > 1}


def group_of(lattice: Lattice, cell: Cell, rows: list[int]) -> Cell | None:
    """The merged cell left of a row's cells that names them together (项目资金（万元） over its lines)."""
    for col in range(cell.col - 1, 0, -1):
        left = lattice.at.get((cell.row, col))
        if left and left.text and left.rowspan > 1 and left.row in rows and left.row + left.rowspan > cell.row:
            return left
    return None


# ---- one row ---------------------------------------------------------------------------------------------------------


def _row_pairs(lattice: Lattice, rows: list[int], row: int, taken: set[int], of_columns: set[int]) -> list[Pair]:
    pairs: list[Pair] = []
    cells = [c for c in lattice.texts(row) if c.index not in taken]
    current: Cell | None = None
    for cell, following in zip(cells, [*cells[1:], None], strict=False):
        own = _own_pairs(cell, current, of_columns)
        sure = is_sure(cell.text) and not (current is not None and _is_last_value(lattice, current, cell))
        weak = following is not None and _may_be_label(cell) and not is_sure(following.text)
        if own:
            if current is not None:
                pairs.append(_empty(lattice, rows, current, taken))
            pairs += [p._replace(words=_path(lattice, rows, cell, p.words)) for p in own]
            taken.add(cell.index)
            current = None
        elif not sure and current is not None and not _is_label_here(lattice, current, cell, following, of_columns):
            pairs += _by_line(current, cell) or [_pair(lattice, rows, current, cell)]
            taken.add(cell.index)
            current = None
        elif sure or current is not None or label_of(cell.text) or weak:
            if current is not None:
                pairs.append(_empty(lattice, rows, current, taken))
            current = cell
            taken.add(cell.index)
        else:
            group = group_of(lattice, cell, rows)
            if group is not None:
                pairs.append(_pair(lattice, rows, group, cell))
                taken |= {cell.index, group.index}
            elif is_number(cell.text) and pairs and _was_label(pairs[-1], cell):
                label = pairs[-1].cell  # what seemed a value is the label of the number beside it
                pairs[-1] = pairs[-1]._replace(text="", cell=None)
                pairs.append(Pair("".join(label.text.split()), Label("note"), cell.text, cell, (label,)))
                taken.add(cell.index)
    if current is not None:
        pairs.append(_empty(lattice, rows, current, taken))
    return pairs


def _own_pairs(cell: Cell, label: Cell | None, of_columns: set[int]) -> list[Pair]:
    """Labels and values inside a cell beside `label`: in a goal's place only another goal (预期目标：…) has its own."""
    found = inline_pairs(cell)
    if label is None or _opens_money(label) or _adjacent_label(cell, of_columns):
        return found
    goal = (label_of(label.text) or Label("note")).field in GOALS
    return found if goal and len(found) == 1 and found[0].label.field in GOALS else []


def _was_label(pair: Pair, cell: Cell) -> bool:
    """Whether the value of a label that only its ending tells stands right before a number, as that number's label."""
    weak = pair.label is None or not pair.label.sure
    return weak and pair.cell is not None and pair.cell.col + pair.cell.colspan == cell.col and _may_be_label(pair.cell)


def _opens_money(label: Cell) -> bool:
    found = label_of(label.text)
    return found is not None and (found.field in MONEY or found.field == "goal")


def _adjacent_label(cell: Cell, of_columns: set[int]) -> bool:
    return cell.col in of_columns and bool(_INLINE.match(cell.text)) and len(cell.text) < 2 * SHORT


def _is_last_value(lattice: Lattice, label: Cell, cell: Cell) -> bool:
    """Whether a word of money ends the row right beside a label, no amount under it: what the label asks for (资金来源 |
    财政拨款)."""
    last = cell.col == label.col + label.colspan and cell.col + cell.colspan > lattice.columns
    below = lattice.at.get((cell.row + cell.rowspan, cell.col))
    money = label_of(cell.text).field in MONEY and (label_of(label.text) or Label("note")).field == "note"
    return last and money and not (below is not None and is_number(below.text))


def _may_be_label(cell: Cell) -> bool:
    return len(cell.text) <= SHORT and not is_number(cell.text) and not re.search(r"\d", cell.text)


def _is_label_here(lattice: Lattice, label: Cell, cell: Cell, following: Cell | None, of_columns: set[int]) -> bool:
    """Whether a cell that no word tells for a label is one all the same, so that the value of `label` is empty: it
    stands in a column of labels, or its own value follows it while the place beside `label` is empty."""
    if not _may_be_label(cell):
        return False
    under = lattice.at.get((label.row + label.rowspan, label.col))
    if _opens_money(label) and 1 < label.rowspan == cell.rowspan and under is not None and is_number(under.text):
        return True  # heads of columns, the label's over amounts
    gap = cell.col > label.col + label.colspan
    follows = following is not None and not is_sure(following.text) and following.col == cell.col + cell.colspan
    weak = label_of(cell.text) is not None
    return (gap and (cell.col in of_columns or follows or weak)) or (weak and follows and cell.col in of_columns)


def _pair(lattice: Lattice, rows: list[int], label: Cell, value: Cell) -> Pair:
    words = _path(lattice, rows, label, label.text)
    group = group_of(lattice, label, rows)
    text = "" if is_nothing(value.text) and not _opens_money(label) else value.text
    return Pair(words, label_of(label.text), text, value, tuple(c for c in (label, group) if c))


def _by_line(label: Cell, value: Cell) -> list[Pair]:
    """A label of several words, each of them one (主管部门 over 实施单位), with as many beside it; else none."""
    labels, texts = label.text.split(), value.text.split()
    if len(labels) < 2 or len(labels) != len(texts) or not all(map(is_sure, labels)):
        return []
    return [Pair(words, label_of(words), text, value, (label,)) for words, text in zip(labels, texts, strict=True)]


def _empty(lattice: Lattice, rows: list[int], label: Cell, taken: set[int]) -> Pair:
    """A label without a value beside it; the value may stand below where nothing but labels, or nothing, is beside it."""
    found = label_of(label.text)
    beside = lattice.at.get((label.row, label.col + label.colspan))
    open_place = beside is not None and not beside.text  # an empty place of its own
    below = lattice.at.get((label.row + label.rowspan, label.col))
    fits = (
        below is not None and below.text and below.row in rows and below.index not in taken and not is_sure(below.text)
    )
    fits = fits and below.col == label.col and below.row == label.row + label.rowspan and not inline_pairs(below)
    apt = found is None or found.field not in MONEY or (below is not None and is_number(below.text))
    if fits and apt and not open_place and label.rowspan == 1:
        taken.add(below.index)
        return _pair(lattice, rows, label, below)
    return Pair(_path(lattice, rows, label, label.text), found, "", None, (label,))


def _path(lattice: Lattice, rows: list[int], cell: Cell, words: str) -> str:
    group = group_of(lattice, cell, rows)
    bare = "".join(words.split()).rstrip("：:")
    return f"{''.join(group.text.split())}/{bare}" if group is not None and group.index != cell.index else bare


# ---- blocks with heads of their own ----------------------------------------------------------------------------------


def block_at(lattice: Lattice, rows: list[int], row: int, taken: set[int]) -> tuple[list[Pair], set[int]] | None:
    """The block of columns whose heads stand in this row, as pairs, and the cells it takes; None where there is none."""
    cells = [c for c in lattice.texts(row) if c.index not in taken]
    group = cells[0] if cells and cells[0].rowspan > 1 and len(cells) > 1 else None
    if len(cells) > 3 and group and cells[1].rowspan > 1 and all(c.rowspan == 1 for c in cells[2:]):
        group, cells = cells[1], cells[1:]  # one part of what the first names
    outer = group or (group_of(lattice, cells[0], rows) if cells else None)
    heads = cells[1:] if group else cells
    if len(heads) < 2 or not _are_heads(heads, outer is not None):
        return None
    under, last_head = _lower_heads(lattice, rows, row, heads)
    first = lattice.at.get((last_head + 1, heads[0].col))
    named = first is not None and (((label := label_of(first.text)) and label.field in MONEY) or first.rowspan > 1)
    if group and named and not is_number(first.text) and heads[0].col in under:
        del under[heads[0].col]  # it stands over the names of the rows
    body = _body(lattice, rows, last_head, under, outer)
    if not body:
        return None
    rest = [c for r in body for c in lattice.texts(r) if c.index not in taken and c is not group]
    used = {c.index for c in [*heads, *under.values(), *rest, *([group] if group else [])]}
    return _block_pairs(lattice, body, under, outer, heads), used


def _are_heads(heads: list[Cell], grouped: bool) -> bool:
    if any(is_number(c.text) or len(c.text) > 2 * SHORT or inline_pairs(c) for c in heads):
        return False
    sure = [c for c in heads if label_of(c.text)]
    return len(sure) == len(heads) or (grouped and (len(sure) >= 1 or all(_short(c) for c in heads)))


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
            (label := label_of(c.text)) and label.sure and label.field not in MONEY and not (label.field == "note" and group)
            for c in here
        )  # fmt: skip
        total = (of_money or body) and len(cells) > 1 and money and all(c.col in money for c in cells[1:])
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
        alone = group is None and len(body) == 1  # heads over one row of values: each is the value of its own head
        label_cell = None if alone else _row_label(lattice, row, money)
        for cell in lattice.starts.get(row, ()):
            head = _head_over(heads, cell)
            found = under(upper, head, labels[head.col]) if head else None
            if not cell.text and not (row == whole and found and found.field == "budget"):
                continue  # but a budget left blank is none that another column has
            if cell is label_cell or head is None:
                if cell is not label_cell and cell is not group:
                    pairs.append(Pair(f"{name}/", Label("note"), cell.text, cell))
                continue
            named = ("".join(c.text.split()) for c in (label_cell, head) if c)
            words = "/".join(filter(None, (name, *named)))
            used = tuple(c for c in (head, label_cell, group) if c)
            own = label_of(label_cell.text) if label_cell else None
            text = "" if is_nothing(cell.text) else cell.text
            if money and found and found.field in FUND and row == whole:
                label = crossed(found, own)
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


def _whole_row(lattice: Lattice, body: list[int], money: set[int]) -> int | None:
    """The row of a fund block that holds the whole: the one called so, or the only one."""
    named = []
    for row in body:
        cell = _row_label(lattice, row, money)
        if cell and (label := label_of(cell.text)) and label.field == "budget":
            named.append((label.tier, row))
    if named:
        return min(named, key=lambda item: item[0])[1]
    filled = [r for r in body if any(c.col in money for c in lattice.texts(r))]
    return filled[0] if len(filled) == 1 else None
