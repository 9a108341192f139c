"""Rows below a form's indicators that are of another kind: plans of payments, lists of what was judged."""

import itertools
import re

from budgetperf.field.money_text import is_number
from budgetperf.field.vocabulary import fold, level1_name, level2_name
from budgetperf.layout.contents import FIGURES
from budgetperf.layout.form_place import opens_form
from budgetperf.layout.lattice import Cell, Lattice, Line
from budgetperf.layout.moved import kind_of_cell
from budgetperf.layout.open_columns import columns_here
from budgetperf.layout.section import Section

_OTHER_TITLE = re.compile(
    r"\D{0,8}(?:用款|采购|测算|资金支出|实施进度|资金使用)\D{0,6}(?:计划|明细|安排|进度|情况|方案)表?"
)
_OF_TARGET = re.compile("^[≥≤＞＜>＝=]|[%％‰]")
_OTHER_HEAD = re.compile(r"\D{2,6}(?:内容|情况|意见|结论|说明|标准|要点|结果|措施|建议|事项|分析|问题|评价|依据)")
_OF_SHARE = re.compile(r"\D{0,6}(?:占比|比例|比重|进度)[%％]?")


def opens_other_rows(section: Section, lattice: Lattice, row: int) -> bool:
    """Whether a row is the heads or the title of such rows, below those of a section."""
    cells, below = lattice.texts(row), _to_next_form(lattice, row)
    if not cells or _are_rated(section, lattice, below):
        return False
    first = cells[0]
    if first.row == row and first.rowspan > 1:  # a title left of its rows
        below = [*cells[1:], *(c for c in below if c.row < row + first.rowspan)]
    elif len(cells) > 1 or first.col > 1 or lattice.columns <= 2 or not _begin_at_left(below):
        return _are_heads(lattice, row, below)
    return _is_title(first.text, below)


def begins_other_rows(section: Section, lattice: Lattice, above: list[Line]) -> bool:
    """Whether the rows at the top of a table are such rows, under a title right above it."""
    below = _to_next_form(lattice, 0)
    rated = _are_rated(section, lattice, below)
    return bool(above) and _begin_at_left(below) and not rated and _is_title(above[-1].text, below)


def _to_next_form(lattice: Lattice, row: int) -> list[Cell]:
    """The cells of the rows below one, up to the next form's head."""
    rows = itertools.takewhile(lambda r: not opens_form(lattice, r), (r for r in lattice.rows if r > row))
    return [cell for r in rows for cell in lattice.texts(r)]


def _begin_at_left(below: list[Cell]) -> bool:
    """Whether there are rows and none whose level stands above it."""
    return {c.row for c in below} == {c.row for c in below if c.col == 1} != set()


def _are_rated(section: Section, lattice: Lattice, below: list[Cell]) -> bool:
    """Whether a row among the cells has words in the section's column of names and points in that of weights."""
    columns = {field: col for col, field in columns_here(section, lattice).items()}
    named = {c.row for c in below if c.col == columns.get("name") and not is_number(c.text)}
    return any(c.row in named and c.col == columns.get("weight") and is_number(c.text) for c in below)


def _are_heads(lattice: Lattice, row: int, below: list[Cell]) -> bool:
    """Whether a row prints heads of what is no indicator, over cells that are otherwise divided than those above (评估内容 |
    评估情况 | 评估意见), and neither levels nor figures as targets are follow it."""
    cells = lattice.texts(row)
    above = lattice.starts.get(row - 1, ())
    divided = {c.col for c in cells} != {c.col for c in above} and any(c.colspan > 1 for c in cells)
    heads = len(cells) > 2 and divided and all(_OTHER_HEAD.fullmatch(fold(c.text)) for c in cells)
    return heads and not any(_is_level(c.text) or kind_of_cell(c.text) in FIGURES - {"quality"} for c in below)


def _is_title(text: str, below: list[Cell]) -> bool:
    """Whether a text heads rows about money or time (分季度用款计划), no level and no target with a sign or a rate among those
    below it; the shares of amounts have a column of their own."""
    if not _OTHER_TITLE.fullmatch(fold(text)):
        return False
    shares = {c.col for c in below if _OF_SHARE.fullmatch(fold(c.text))}
    below = [c for c in below if fold(c.text) != "数量"]  # 单价 | 数量 | 金额
    return not any(_is_level(c.text) or (_OF_TARGET.search(c.text) and c.col not in shares) for c in below)


def _is_level(text: str) -> bool:
    return bool(level1_name(text) or level2_name(text))
