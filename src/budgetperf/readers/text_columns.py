"""Whether the cells of a text stand still under the heads of its lists."""

import re

from budgetperf.field.notation import comparator_of, parse_amount, parse_number
from budgetperf.field.vocabulary import header_field, is_label, level1_name, level2_name

HEADS = 4  # so many column heads in one line tell how the text is separated
_TITLE = re.compile(r"附?表\s*[\d一二三四五六七八九十]+(?:[-—]\d+)?|[^：:，。；]{4,40}表")  # 表3, 部门收支总表
# columns of a list of projects whose cells layout/moved.py finds wherever they stand
USUAL = {
    "sequence", "unit_code", "unit", "department", "project_code", "project", "category", "budget", "objective",
    "level1", "level2", "name", "comparator", "target", "measure_unit", "weight", "explanation", "remark",
}  # fmt: skip


def are_heads(texts: list[str]) -> bool:
    """Whether the texts of a line are heads of a list's columns."""
    return len({header_field(text) for text in texts} - {None}) >= HEADS


def stand_still(rows: list[list[str]]) -> bool:
    """Whether no line has more cells than the heads above it, and these are not the usual ones of a list of projects,
    unless all that they tell for sure stands below them: those are found by what they hold where cells have moved.

    >>> heads = ["一级指标", "二级指标", "三级指标", "指标值"]
    >>> stand_still([heads, ["产出"]]), stand_still([heads, ["产出"] * 5]), stand_still([["项目名称", *heads]])
    (True, False, False)
    >>> heads = ["项目名称", "一级指标", "二级指标", "三级指标", "指标性质", "指标值"]
    >>> [stand_still([heads, [*row, "数量指标", "乙", "≥", "5"]]) for row in (["甲", "产出指标"], ["产出指标", ""])]
    [True, False]
    """
    fields: list[str | None] = []
    moving = told = ended = False
    rows = rows[: _end_of_lists(rows)]
    for row in rows:
        if are_heads(row):
            if told:  # of a further table
                return False
            fields = [header_field(cell) for cell in row]
            known = set(fields)
            usual = known <= USUAL and bool({"project", "project_code"} & known)
            moving = usual and not {"level1", "level2", "comparator"} <= known
            told, ended = usual and not moving, False
        elif fields:
            lone = sum(bool(cell.strip()) for cell in row) == 1  # a note below; else the rest of a cell that moved
            if len(row) > len(fields) or moving or (told and not lone and (ended or not _told_by_heads(fields, row))):
                return False
            ended |= lone
    return bool(fields) and not moving


def _end_of_lists(rows: list[list[str]]) -> int:
    """The place behind the last row with a text, or of the blank one below the last list, over the title of another table
    or nothing but lines of text.

    >>> heads = ["项目名称", "一级指标", "二级指标", "三级指标"]
    >>> [_end_of_lists([heads, ["甲"], [""], below, ["单位", "合计"]]) for below in (["表3"], ["乙", "产出指标"])]
    [2, 5]
    """
    filled = [[cell for cell in map(str.strip, row) if cell] for row in rows]
    last = max((place for place, row in enumerate(filled) if row), default=-1)
    heads = max((place for place, row in enumerate(rows) if are_heads(row)), default=last)
    lines = 1 + max((place for place in range(heads + 1, last + 1) if len(filled[place]) > 1), default=heads)
    for place in range(heads + 1, last):
        if filled[place - 1] and not filled[place]:
            first = next(filled[below] for below in range(place + 1, last + 1) if filled[below])
            if len(first) == 1 and (_TITLE.fullmatch(first[0]) or place >= lines):
                return place
    return last + 1


def _told_by_heads(fields: list[str | None], row: list[str]) -> bool:
    """Whether the levels, signs, points and amounts of a row stand under their heads, one cell under each; or it is the
    label and figure of a sum. A blank row ends a page, whose merged cells are cut."""
    filled = [(field, cell.strip()) for field, cell in zip(fields, row, strict=False) if cell.strip()]
    if len(filled) <= 2:
        return any("小计" in text or is_label(text, "total") for _, text in filled)
    tells = {
        "level1": lambda text: level1_name(text) or is_label(text, "execution"),
        "level2": lambda text: level2_name(text) or is_label(text, "execution"),
        "comparator": comparator_of,
        "weight": lambda text: parse_number(text) is not None,
        "budget": lambda text: parse_amount(text) is not None,
        "project": lambda text: not (level1_name(text) or level2_name(text)),
    }
    return (
        len(row) == len(fields)
        and {"name", "comparator"} <= {field for field, _ in filled}
        and all(tells[field](text) if field in tells else not comparator_of(text) for field, text in filled)
    )
