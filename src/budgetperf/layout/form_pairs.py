"""The labels and values of a form's head paired: by position, and by what each is; every cell ends in a pair or is left."""

import re

from budgetperf.field.form_labels import MONEY, Label, is_listed, is_of_other_years, label_of, period_of, tight
from budgetperf.field.headings import is_year
from budgetperf.field.money_text import is_nothing, is_number
from budgetperf.field.vocabulary import fold, header_field, names_body
from budgetperf.layout.form_blocks import GOALS, block_at, list_at
from budgetperf.layout.form_cells import CHANGED, INLINE, Pair, group_of, inline_pairs, is_sure
from budgetperf.layout.form_columns import RESULTS, SHORT
from budgetperf.layout.joined_cells import reach_down
from budgetperf.layout.lattice import Cell, Lattice

# before a goal of several
_NUMBER_OF_GOAL = re.compile(r"(?:目标|任务|第)?[(]?[\d一二三四五六七八九十]{1,2}[).、:项]?")
_YEARS = re.compile(r"20\d\d年?(\D{1,2}20\d\d)?年?度?")
# goals of a part of the year, or as they were before the budget's
_BEFORE = re.compile("[上下]半年度?|第?[一二三四]季度|申[报请]|原定?")
_APPROVED = re.compile("批[复准]|[审核]定|下达")
SHORT_PERIOD = 6  # characters of a word that is but the name of a period
_NAME_AND_CODE = re.compile(
    "项目(?:名称[及和与、（(/]+(?:项目)?[编代][码号]|[编代][码号][及和与、（(/]+(?:项目)?名称)[)）]?"
)
_CODE = "[0-9A-Za-z]*[0-9]{6}[0-9A-Za-z]*(?:-[0-9A-Za-z]+)*"  # of a project
_CODED_NAME = re.compile(
    rf"[\[【（(]?({_CODE})[\]】）)]?[-—－_\s]*(.*[\u4e00-\u9fff].*)|(.*[\u4e00-\u9fff].*?)[\s\[【（(-]+({_CODE})[\]】）)]?"
)
_IN_BRACKETS = re.compile("(.+)[（(](.+)[）)]")
_NAMES_AMOUNT = re.compile(
    "预算|执行|决算|经费|安排|申报|申请|批复|审[定核]|核定|下达|实际"
)  # words that tell which of several amounts follows


def read_pairs(lattice: Lattice, rows: list[int]) -> list[Pair]:
    """Every label of the head's rows with its value: in its own cell, right of it, or below it where the row holds
    nothing but labels. Blocks of columns (the fund block, lists of tasks) go by their heads."""
    lattice = reach_down(lattice, rows)
    pairs: list[Pair] = []
    taken: set[int] = set()
    of_columns = _label_columns(lattice, rows)
    if rows and (title := _title_of_table(lattice, rows[-1])) is not None:
        pairs.append(Pair("", None, "", None, (title,)))
        taken.add(title.index)
    for row in rows:
        if all(cell.index in taken for cell in lattice.texts(row)):
            continue
        goals = _goal_rows(lattice, rows, row, taken) or _goal_columns(lattice, rows, row, taken)
        block = goals or list_at(lattice, rows, row, taken) or block_at(lattice, rows, row, taken)
        if block is not None:
            found, cells = block
            pairs += found
            taken |= cells
        pairs += _row_pairs(lattice, rows, row, taken, of_columns)
    return pairs


def _title_of_table(lattice: Lattice, row: int) -> Cell | None:
    """A goal's label as wide as the table in the last row of a head, over the heads of indicators: their title."""
    cells = lattice.texts(row)
    label = label_of(cells[0].text) if len(cells) == 1 and cells[0].colspan >= lattice.columns else None
    over = any(header_field(c.text) in ("level1", "level2", "name") for c in lattice.texts(row + 1))
    return cells[0] if label is not None and label.field in GOALS and over and not inline_pairs(cells[0]) else None


def _goal_rows(lattice: Lattice, rows: list[int], row: int, taken: set[int]) -> tuple[list[Pair], set[int]] | None:
    """A goal whose label stands beside several rows of it (目标1 | … over 目标2 | …), as one text; None where none is."""
    group = next((c for c in lattice.texts(row) if c.index not in taken), None)
    label = label_of(group.text) if group is not None and group.rowspan > 1 else None
    if label is None or label.field not in GOALS or not set(range(row, row + group.rowspan)) <= set(rows):
        return None
    each = [[c for c in lattice.texts(r) if c is not group] for r in range(row, row + group.rowspan)]
    beside = [c for cells in each for c in cells]
    whose = [_whose(c[0].text) if len(c) == 2 and label_of(c[1].text) is None else None for c in each]
    if (
        None not in whose
        and len({one.field for one in whose} - {"note"}) == sum(one.field != "note" for one in whose) > 0
    ):
        words = "".join(group.text.split()).rstrip("：:")  # 中期 | … over 年度 | …
        return [
            Pair(f"{words}/{head.text}", one, value.text, value, (group, head))
            for one, (head, value) in zip(whose, each, strict=True)
        ], {c.index for c in (group, *beside)}
    if any(len(cells) > 1 and not _NUMBER_OF_GOAL.fullmatch(fold(cells[0].text)) for cells in each):
        return None
    if len(beside) < 2 or any(label_of(c.text) or inline_pairs(c) or CHANGED.fullmatch(fold(c.text)) for c in beside):
        return None
    words, text = "".join(group.text.split()).rstrip("：:"), "\n".join(c.text for c in beside)
    first, *others = [Pair(words, label, text, c, (group,)) for c in beside]
    return [first, *(p._replace(label=None, text="") for p in others)], {c.index for c in (group, *beside)}


def _whose(text: str) -> Label | None:
    """Whose goal stands beside a word that names but a period (中期, 2024年, 2024-2026年, 上半年) or a stage (申报, 批复).

    >>> [label and label.field for label in map(_whose, ("中期", "2024年", "2024-2026年", "上半年", "批复", "硬化村道"))]
    ['period_objective', 'objective', 'period_objective', 'note', 'objective', None]
    """
    words = fold(text)
    years = _YEARS.fullmatch(words)
    period = ("several" if years[1] else "year") if years else period_of(text)
    if len(text) > SHORT_PERIOD and not years:
        return None
    if _BEFORE.fullmatch(words) or is_of_other_years(text):
        return Label("note")
    if period is None and not _APPROVED.fullmatch(words):
        return None
    return Label("period_objective" if period == "several" else "objective")


def _goal_columns(lattice: Lattice, rows: list[int], row: int, taken: set[int]) -> tuple[list[Pair], set[int]] | None:
    """Goals beside a label over several rows (总体目标), each below its own label (中期目标 | 年度目标) in more rows than
    one, as one text; None where none are."""
    cells = [c for c in lattice.texts(row) if c.index not in taken]
    group, heads = (cells[0], cells[1:]) if cells else (None, [])
    labels = [label_of(c.text) for c in (group, *heads) if c is not None]
    if not heads or group.rowspan < 3 or any(label is None or label.field not in GOALS for label in labels):
        return None
    below = range(row + 1, row + group.rowspan)
    found = [
        [c for r in below for c in lattice.texts(r) if head.col <= c.col < head.col + head.colspan] for head in heads
    ]
    texts = [c for cells in found for c in cells]
    whole = {c.index for r in below for c in lattice.texts(r)} == {c.index for c in texts}
    if not set(below) <= set(rows) or not whole or max(map(len, found)) < 2 or any(label_of(c.text) for c in texts):
        return None
    pairs = []
    for head, label, own in zip(heads, labels[1:], found, strict=True):
        words = "".join(head.text.split()).rstrip("：:")
        pairs += [Pair(words, label, "\n".join(c.text for c in own), c, (group, head)) for c in own[:1]]
        pairs += [Pair(words, None, "", c, (group, head)) for c in own[1:]]
    return pairs, {c.index for c in (group, *heads, *texts)}


def _label_columns(lattice: Lattice, rows: list[int]) -> set[int]:
    """Columns in which labels stand in at least two of the rows; those of a block of money or goals are its own."""
    counts: dict[int, int] = {}
    for row in rows:
        for cell in lattice.texts(row):
            group = group_of(lattice, cell, rows)
            owner = label_of(group.text) if group is not None and group is not cell else None
            if is_sure(cell.text) and not (owner is not None and owner.field in (*MONEY, *GOALS)):
                counts[cell.col] = counts.get(cell.col, 0) + 1
    return {col for col, count in counts.items() if count > 1}


# ---- one row ---------------------------------------------------------------------------------------------------------


def _row_pairs(lattice: Lattice, rows: list[int], row: int, taken: set[int], of_columns: set[int]) -> list[Pair]:
    pairs = _named_apart(lattice, rows, [c for c in lattice.texts(row) if c.index not in taken])
    taken |= {c.index for p in pairs for c in (p.cell, *p.heads)}
    cells = [c for c in lattice.texts(row) if c.index not in taken]
    current: Cell | None = None
    for cell, following in zip(cells, [*cells[1:], None], strict=False):
        own = _own_pairs(cell, current, of_columns)
        sure = is_sure(cell.text) and not (current is not None and _is_asked_for(lattice, current, cell, following))
        dated = following is not None and is_year(cell.text) and is_number(following.text)
        weak = dated or (following is not None and _may_be_label(cell) and not is_sure(following.text))
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


def _named_apart(lattice: Lattice, rows: list[int], cells: list[Cell]) -> list[Pair]:
    """The values of a label that words behind it tell apart (预算金额 | 调整前 | 60 | 调整后 | 50): an amount's label has no
    words for its value where an amount follows them, nor a goal's over several rows a label (部门职责)."""
    pairs: list[Pair] = []
    over = group_of(lattice, cells[0], rows) if cells else None
    place = 0
    while place < len(cells) - 1:
        words, value = cells[place : place + 2]
        owner = label_of(over.text) if over else None
        both = [label_of(part) for part in re.split("[/／]", words.text)]
        if len(both) == 2 and all(one and one.field in RESULTS for one in both) and place + 3 == len(cells):
            values = cells[place + 1 :]  # 分值/得分 | 10 | 9.5
            pairs += [Pair(words.text, one, c.text, c, (words,)) for one, c in zip(both, values, strict=True)]
            break
        money = owner is not None and owner.field in MONEY
        changed = CHANGED.fullmatch(fold(words.text)) and owner is not None and (money or owner.field in GOALS)
        plain = money and not is_sure(words.text) and not inline_pairs(words) and _NAMES_AMOUNT.search(words.text)
        plain = plain and is_number(value.text) and not is_year(words.text)
        goals = owner is not None and owner.field in GOALS and over.rowspan > words.rowspan
        if changed or plain or (goals and (own := label_of(words.text)) is not None and not own.sure):
            label = (
                label_of(words.text + tight(over.text))
                if changed
                else label_of(words.text) or label_of(f"{words.text}数") or label_of(f"{words.text}（万元）")
            )
            path = f"{''.join(over.text.split())}/{''.join(words.text.split())}"
            pairs.append(Pair(path, label or Label("note"), value.text, value, (words, over)))
            place += 2
        else:
            over = words
            place += 1
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
    return cell.col in of_columns and bool(INLINE.match(cell.text)) and len(cell.text) < 2 * SHORT


def _is_asked_for(lattice: Lattice, label: Cell, cell: Cell, following: Cell | None) -> bool:
    """Whether a word of money right beside a label ends the row, or stands before the label of an amount where its source
    is asked for, no amount under it: what the label asks for (资金来源 | 财政拨款)."""
    ends = cell.col + cell.colspan > lattice.columns
    amount = following is not None and (found := label_of(following.text)) is not None and found.field in MONEY
    asked = ends or (amount and re.search("来源|性质|渠道", label.text))
    last = asked and cell.col == label.col + label.colspan
    below = lattice.at.get((cell.row + cell.rowspan, cell.col))
    money = label_of(cell.text).field in MONEY and (label_of(label.text) or Label("note")).field == "note"
    return bool(last) and money and not (below is not None and is_number(below.text))


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
    of_money = group is not None and (named := label_of(group.text)) is not None and named.field in MONEY
    found = Label("budget", 1) if of_money and is_year(label.text) and is_number(value.text) else label_of(label.text)
    return Pair(words, found, text, value, tuple(c for c in (label, group) if c))


def _by_line(label: Cell, value: Cell) -> list[Pair]:
    """A label of several words, each of them one (主管部门 over 实施单位, 单位名称/项目名称), with as many beside it; else
    none. A label that is only spaced (项目 单位) is one; where it is not known which part of the value is whose: a note."""
    if _NAME_AND_CODE.fullmatch(tight(label.text)) and (found := _CODED_NAME.fullmatch(value.text.strip())):
        name, code = found[2] or found[3], found[1] or found[4]
        each = (("project", name), ("project_code", code))
        return [Pair(label.text, Label(field), text.strip(), value, (label,)) for field, text in each]
    bracketed = [_IN_BRACKETS.fullmatch("".join(cell.text.split())) for cell in (label, value)]
    if all(bracketed) and all(map(is_sure, bracketed[0].groups())) and all(map(names_body, bracketed[1].groups())):
        each = zip(
            bracketed[0].groups(), bracketed[1].groups(), strict=True
        )  # 主管部门（实施单位） | 县交通局（县公路局）
        return [Pair(words, label_of(words), text, value, (label,)) for words, text in each]
    for divider in (None, "/", "／", "、"):
        labels, texts = label.text.split(divider), value.text.split(divider)
        if len(labels) < 2 or not all(map(is_sure, labels)) or (not divider and is_listed("".join(labels))):
            continue
        fields = [label_of(words).field for words in labels]
        units = [text for field, text in zip(fields, texts, strict=False) if field == "unit"]
        apt = divider != "、" or all(map(names_body, units))
        if len(labels) == len(texts) and apt:
            each = zip(labels, texts, strict=True)
            return [Pair(words.strip(), label_of(words), text.strip(), value, (label,)) for words, text in each]
        if divider and len({"project", "unit", "project_code"} & set(fields)) > 1:
            return [Pair(label.text, Label("note"), value.text, value, (label,))]
    return []


def _empty(lattice: Lattice, rows: list[int], label: Cell, taken: set[int]) -> Pair:
    """A label without a value beside it; the value may stand below where nothing but labels, or nothing, is beside it."""
    found = label_of(label.text)
    beside = lattice.at.get((label.row, label.col + label.colspan))
    open_place = beside is not None and not beside.text  # an empty place of its own
    below = lattice.at.get((label.row + label.rowspan, label.col))
    fits = (
        below is not None and below.text and below.row in rows and below.index not in taken and not is_sure(below.text)
    )
    fits = fits and below.colspan <= max(label.colspan, lattice.columns - 1)  # not a line across the table
    fits = fits and below.col == label.col and below.row == label.row + label.rowspan and not inline_pairs(below)
    left = lattice.at.get((below.row, below.col - 1)) if fits else None
    fits = fits and (left is None or left.row < below.row or not is_sure(left.text))  # the value of the label beside it
    apt = found is None or found.field not in MONEY or (below is not None and is_number(below.text))
    if fits and apt and not open_place and label.rowspan == 1:
        taken.add(below.index)
        return _pair(lattice, rows, label, below)
    return Pair(_path(lattice, rows, label, label.text), found, "", None, (label,))


def _path(lattice: Lattice, rows: list[int], cell: Cell, words: str) -> str:
    group = group_of(lattice, cell, rows)
    bare = "".join(words.split()).rstrip("：:")
    return f"{''.join(group.text.split())}/{bare}" if group is not None and group.index != cell.index else bare
