"""Rows of a table that are no data: titles, column numbers, notes and signatures, empty lines of the form."""

import re

from budgetperf.field.form_labels import label_of
from budgetperf.field.notation import comparator_of, parse_number
from budgetperf.field.vocabulary import fold, header_field, is_label, level1_name, level2_name
from budgetperf.layout.account import apparatus
from budgetperf.layout.lattice import Cell, Lattice, Line
from budgetperf.layout.printed import ROW_FIELDS

_NUMBERED_NAME = re.compile(r"^(?:三级)?指标\s*\d*\s*[:：、.]?\s*")
_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}、[^：:，。；]{2,16}")  # 四、自评结论
_NOTHING = re.compile(r"[\s…．.·/\\—–\-－_*×xX()（）:：、]*|无")
FILLED = ("name", "target", "comparator", "weight", "actual", "score")


def is_placeholder(text: str | None) -> bool:
    """Whether a cell holds nothing but what the form left to be filled in: 指标2：, ……, /.

    >>> [is_placeholder(t) for t in ["指标2：", "……", "指标1：/", "无", "指标1：工程质量合格", "不适用", None]]
    [True, True, True, True, False, False, True]
    """
    return text is None or _NOTHING.fullmatch(_NUMBERED_NAME.sub("", text.strip())) is not None


def is_unfilled(text: str | None) -> bool:
    """Whether a cell of a row without an indicator is a placeholder or says that it does not apply."""
    return is_placeholder(text) or fold(text or "") == "不适用"


def is_empty_line(values: dict[str, str]) -> bool:
    """Whether a row names no indicator: its name is a placeholder, and so is all that should be filled in beside it.

    >>> is_empty_line({"level2": "质量指标", "name": "指标2："}), is_empty_line({"name": "指标1", "target": "≥90%"})
    (True, False)
    >>> is_empty_line({"name": "不适用", "target": "不适用"}), is_empty_line({"name": "信访件数", "target": "不适用"})
    (True, False)
    """
    return all(is_unfilled(values.get(field)) for field in FILLED)


def column_numbers(texts: list[Cell]) -> bool:
    """Whether a row only numbers the columns: 1 2 3 …, also A B C …, 栏次 or 甲 乙 … before them."""
    words = [fold(c.text) for c in texts]
    words = words[1:] if words and words[0] in ("栏次", "行次", "列次") else words
    words = words[sum(word == stem for word, stem in zip(words, "甲乙丙丁戊", strict=False)) :]
    if len(words) < 3:
        return False
    numbers = [str(n) for n in range(1, len(words) + 1)]
    return words == numbers or words == [chr(ord("A") + n) for n in range(len(words))]


def aside(lattice: Lattice, row: int, own: dict[str, Cell], last_data: int) -> str | None:
    """The role of a row that stands aside of the indicators (title, caption, number, note, signature, unread), or None.

    `last_data`: the last row that surely holds an indicator. A row whose first cell is a label and whose next covers
    the columns of name and target is a note where nothing follows it that is an indicator, else it is unread.
    """
    texts = lattice.texts(row)
    if not texts:
        return None
    if column_numbers(texts):
        return "number"
    if closing := _closing(lattice, row, last_data):
        return closing
    first = texts[0]
    wide = own.get("name") is not None and own.get("name") is own.get("target")
    role = apparatus(first.text)
    cells = [own.get(field) for field in ("name", "target")]
    filled = not wide and all(c is not None and c.text and c.row == row for c in cells)
    role = None if (role == "title" and len(texts) > 1) or (role == "caption" and filled) else role
    if (
        role
        and (role != "title" or len(texts) == 1)
        and (len(texts) == 1 or wide or first.col <= min((c.col for c in own.values()), default=1))
        and not (level1_name(first.text) or level2_name(first.text))
    ):
        amount = role == "caption" and any(parse_number(c.text) is not None for c in texts[1:])
        return "unread" if amount and row > last_data else role
    if len(texts) == 1 and first.colspan == lattice.columns > 2 and _HEADING.fullmatch(fold(first.text)):
        return "heading"
    if not wide or any(level1_name(c.text) or level2_name(c.text) for c in texts) or not own["name"].text:
        return None
    if comparator_of(own["name"].text) or parse_number(own["name"].text) is not None:
        return None
    goal = label_of(first.text)
    another = goal is not None and goal.field in ("objective", "goal")  # the form's own stands elsewhere
    return "note" if row > last_data and not another else "unread"


def last_data_row(lattice: Lattice, fields: dict[int, str]) -> int:
    """The last row of a table in which an indicator's name and something beside it stand in cells of their own, above
    what closes the table (六、审核意见 and what follows it without naming a level)."""
    name = next((col for col, field in fields.items() if field == "name"), None)
    beside = [col for col, field in fields.items() if field in ROW_FIELDS and field not in ("name", "level1", "level2")]
    end = lattice.rows[-1] + 1
    for row in [row for row in reversed(lattice.rows) if _heads_closing(lattice, row)]:
        if any(level1_name(c.text) or level2_name(c.text) for r in range(row, end) for c in lattice.texts(r)):
            break
        end = row
    for row in reversed([row for row in lattice.rows if row < end]):
        cell = lattice.at.get((row, name)) if name else None
        others = [c for col in beside if (c := lattice.at.get((row, col))) and c is not cell and c.text]
        if cell and cell.text and others and not apparatus(lattice.texts(row)[0].text if lattice.texts(row) else ""):
            return row
    return 0


def _heads_closing(lattice: Lattice, row: int) -> str | None:
    """The role of what a text as wide as the table begins: signatures, notes, or what a numbered heading names."""
    texts = lattice.texts(row)
    if len(texts) != 1 or texts[0].colspan != lattice.columns or lattice.columns <= 2:
        return None
    role = apparatus(texts[0].text)
    return role if role in ("note", "signature") else "note" if _HEADING.fullmatch(fold(texts[0].text)) else None


def _closing(lattice: Lattice, row: int, last_data: int) -> str | None:
    """The role of a row below the data under a heading that closes the table (五、保障措施), if any."""
    above = [r for r in lattice.rows if last_data < r < row] if row > last_data > 0 else []
    return next((role for r in reversed(above) if (role := _heads_closing(lattice, r))), None)


def as_lines(lattice: Lattice, rows: list[int]) -> list[Line]:
    """The texts of rows that stand over a table's heads inside its frame, as lines of text."""
    return [
        Line(lattice.page, row, c.index, c.text, c.x0, c.y0, c.x1, c.y0 + c.height)
        for row in rows
        for c in lattice.texts(row)
    ]


def is_whose(text: str) -> bool:
    """Whether a text is a label of the unit or department whose a table is, or of its money's unit (单位)."""
    label = label_of(text)
    return label is not None and label.sure and label.field in ("unit", "department")


def lines_of_pairs(lattice: Lattice, rows: list[int]) -> list[Line]:
    """The texts of rows as lines of text, a label and the value beside it (单位名称： | 某局) as one line of both."""
    found: list[Line] = []
    for row in rows:
        label: Line | None = None
        for line in as_lines(lattice, [row]):
            if label is not None:
                found[-1:] = [label, line._replace(text=f"{label.text.rstrip('：:')}：{line.text}")]
                label = None
            else:
                label = line if is_whose(line.text) else None
                found.append(line)
    return found


def leading(lattice: Lattice, rows: list[int], of_projects: bool = False) -> list[int]:
    """Those of the first rows that hold only a title, a caption or one text, none of it a label of a form; over a table
    with columns `of_projects` also labels with their values (编制单位：某局 | 金额单位：万元), as they stand over its frame."""
    found = []
    for row in rows:
        texts = lattice.texts(row)
        labels = [c for c in texts if header_field(c.text) or is_label(c.text, "ignored")]
        captions = all(apparatus(c.text) or (of_projects and re.match(r"[^：:]{2,8}[：:].", c.text)) for c in texts)
        if labels or not (captions or (len(texts) == 1 and not _labelled(texts[0].text))):
            break
        found.append(row)
    return found


def _labelled(text: str) -> bool:
    label, colon, value = text.replace("：", ":").partition(":")
    return bool(colon and value.strip()) and header_field(label) is not None
