"""Where the column heads of a table stand: their rows, tables side by side, heads of units and projects at once."""

import itertools
import re
import unicodedata
from bisect import bisect_right

from budgetperf.field.form_labels import MONEY, label_of
from budgetperf.field.headings import money_unit
from budgetperf.field.money_text import is_nothing
from budgetperf.field.notation import comparator_of, parse_target
from budgetperf.field.vocabulary import (
    fold,
    header_field,
    is_label,
    level1_name,
    level2_name,
    unit_kind,
)
from budgetperf.layout.contents import BODY, FIGURES, MOST
from budgetperf.layout.form_periods import field_of_head
from budgetperf.layout.lattice import Cell, Lattice, part_of
from budgetperf.layout.moved import kind_of_cell
from budgetperf.layout.printed import PROJECT_FIELDS

MOST_OF_HEAD = 24  # characters of a head over others
LONGEST_HEAD = 16  # characters of a head that only its place tells
VALUES = {"level1", "target", "actual", "weight", "comparator"}  # what stands beside an indicator's name
SURE = {"level1", "level2", "name", "target"}  # heads with these are heads whatever stands beside

_JOINT_TARGET = re.compile(".*指标.*[及和与、](?:指标|目标)值")  # a name and its target in one cell
_JOINT = re.compile(r"(?:项目|预算)?(?:单位|部门)(?:名称|编码|代码)?[(、/及和](?:项目|专项).*")


def is_joint(head: str) -> bool:
    """Whether a column's head names units and projects: rows of units stand over those of their projects.

    >>> [is_joint(head) for head in ("单位（专项）名称", "单位名称、项目名称", "项目单位（项目名称）", "项目单位")]
    [True, True, True, False]
    """
    return _JOINT.fullmatch(unicodedata.normalize("NFKC", "".join(head.split()))) is not None


def head_rows(lattice: Lattice, row: int, by_place: bool = True) -> list[int]:
    """The rows of the column heads that begin at `row` (one to three); empty where none do.

    A head names at least three different columns, the indicator and a level or a target among them, and little else;
    words that no list knows may stand beside them where the four sure heads do, or where levels stand below. Heads that
    only their place tells (`by_place`) are none below other heads: there they are a row of the table.
    """
    cells = lattice.texts(row)
    fields = {named_field(cell.text) or ("level1" if over_both_levels(lattice, cell) else None) for cell in cells}
    fields |= {"target" for cell in cells if _JOINT_TARGET.fullmatch(fold(cell.text))}
    fields -= {None}
    covered = {
        header_field(c.text)
        for col in range(1, lattice.columns + 1)
        if (c := lattice.at.get((row, col))) and c.text and c.row < row
    } - {None}
    named = len([c for c in cells if named_field(c.text) or over_both_levels(lattice, c)])
    if not _known_heads(fields, covered, named, len(cells)) and not (
        len(cells) >= 4 and _over_levels(lattice, row, cells, fields, named, by_place)
    ):
        return _with_upper_row(lattice, row, cells)
    rows = [row]
    place = bisect_right(lattice.rows, row)
    for following in lattice.rows[place : place + 2]:
        if not _is_lower_row(lattice, rows, following):
            break
        rows.append(following)
    return rows


def over_both_levels(lattice: Lattice, head: Cell) -> bool:
    """Whether one head, or it and the blank beside it, stands over a level 1 and its level 2 (指标类别 over 产出 | 数量), and
    over their names too, where it is as wide."""
    below = [lattice.at.get((head.row + head.rowspan, head.col + right)) for right in (0, 1)]
    beside = lattice.at.get((head.row, head.col + 1))
    over = head.colspan in (2, 3) or (head.colspan == 1 and beside is not None and not beside.text)
    if not over or None in below or below[0] is below[1]:
        return False
    return bool(level1_name(below[0].text) and level2_name(below[1].text))


def named_field(head: str) -> str | None:
    """The field of a head, also of a target or a result of a year that it names (2025年目标值)."""
    dated = field_of_head(head) if re.search(r"20\d\d", head) and len(head) < 16 else None
    return header_field(head) or (dated if dated in ("target", "actual") else None)


def _with_upper_row(lattice: Lattice, row: int, cells: list[Cell]) -> list[int]:
    """The heads that begin at a row whose own cells are no full set of them: project's heads that reach down beside the
    heads of the next row, or stand over blanks there, and one that is divided over them; or groups over all of them
    (单位信息 | 项目信息 | 绩效指标)."""
    place = bisect_right(lattice.rows, row)
    below = lattice.rows[place] if place < len(lattice.rows) else row
    grouping = all(c.colspan > 1 and c.rowspan == 1 and not re.search("[:：]", c.text) for c in cells)
    if len(cells) > 1 and grouping and below != row:
        of_projects = {header_field(c.text) for c in lattice.texts(below)} & set(PROJECT_FIELDS)
        return [row, *lower] if len(of_projects) > 1 and (lower := head_rows(lattice, below)) else []
    over = [c for c in cells if c.rowspan > 1 or not ((b := lattice.at.get((below, c.col))) and b.text)]
    divided = [c for c in cells if c not in over]
    wide = any(c.colspan > 2 or (c is cells[-1] and c.col + 2 < lattice.columns) for c in divided)
    of_projects = [*over, *lattice.texts(below)] if any(c.rowspan > 1 for c in over) else over
    named = {header_field(c.text) for c in of_projects} & set(PROJECT_FIELDS)
    several = len(divided) > 1 and of_projects is over
    if not wide or several or below == row or len(named) < 2 or any(len(c.text) > MOST_OF_HEAD for c in cells):
        return []
    lower = head_rows(lattice, below)
    return [row, *lower] if lower else []


def _known_heads(fields: set[str], covered: set[str], named: int, count: int) -> bool:
    if len(fields) < 3 or not ({"name", "level2"} & (fields | covered)) or not VALUES & fields:
        return False
    return named >= MOST * count or fields >= SURE


def _over_levels(lattice: Lattice, row: int, cells: list[Cell], fields: set[str], named: int, by_place: bool) -> bool:
    """Whether the row stands over a column of levels and holds words only: it names a level and a value, or the levels
    begin right below it."""
    if any(kind_of_cell(c.text) in FIGURES - {"quality"} or comparator_of(c.text) for c in cells):
        return False
    if by_place and _levels_begin_below(lattice, row, cells):
        return True
    if named < 2 or not {"level1", "level2"} & fields or not (VALUES - {"level1"}) & fields:
        return False
    place = bisect_right(lattice.rows, row)
    below = lattice.rows[place : place + BODY]
    columns = [c.col for c in cells if header_field(c.text) in ("level1", "level2")]
    under = [c.text for r in below for col in columns if (c := lattice.at.get((r, col))) and c.row == r and c.text]
    return bool(under) and (sum(map(_is_level, under)) >= 2 or all(fold(t).endswith(("指标", "目标")) for t in under))


def _levels_begin_below(lattice: Lattice, row: int, cells: list[Cell]) -> bool:
    """Whether the first row below that is no sum holds a level under a cell of this row, and a figure right of it, with a
    word beside; the texts of this row are short and no two are alike."""
    texts = {fold(c.text) for c in cells}
    if len(texts) < len(cells) or any(len(text) > LONGEST_HEAD or _is_level(text) for text in texts):
        return False
    below = [r for r in lattice.rows if r > row and not _is_of_money(lattice.texts(r))]
    under = [c for r in below[:2] for c in lattice.texts(r) if _is_level(c.text)]
    over = [(c, lattice.at.get((row, c.col))) for c in under]
    begun = [c for c, h in over if h and h.text and h.row == row and c.row in (row + h.rowspan, below[0])]
    beside = [v.text for c in begun[:1] for v in lattice.texts(c.row) if v.col > c.col]
    figures = [text for text in beside if kind_of_cell(text) in FIGURES or parse_target(text).value is not None]
    return any(kind_of_cell(text) in FIGURES for text in figures) and len(figures) < len(beside)


def _is_of_money(cells: list[Cell]) -> bool:
    """Whether a row is a total, or the amounts of a label of money (资金（万元） | 162.5 | 60)."""
    label = label_of(cells[0].text) if cells else None
    return any(is_label(c.text, "total") for c in cells[:3]) or (label is not None and label.field in MONEY)


def are_field_names(cells: list[Cell]) -> bool:
    """Whether a row prints the names that a system has for its columns (guid | yjzb | meterunit), above or below their heads."""
    return len(cells) > 2 and all(re.fullmatch(r"[A-Za-z][A-Za-z_]*\d?", c.text) for c in cells)


def _are_units(cells: list[Cell]) -> bool:
    """Whether a row below heads prints in what each column counts, dashes beside it: — | （万元） | （分）."""
    words = [cell.text.strip("（()） ") for cell in cells if not is_nothing(cell.text)]
    of_money = [money_unit(f"（{word}）") for word in words]
    return any(of_money) and all(unit or unit_kind(word) for unit, word in zip(of_money, words, strict=True))


def _is_level(text: str) -> bool:
    return bool(level1_name(text) or level2_name(text))


def _is_lower_row(lattice: Lattice, rows: list[int], following: int) -> bool:
    """Whether a row goes on with the heads above it: known heads only and no full set of them, or all of its cells
    under divided heads while others reach down beside it."""
    below = lattice.texts(following)
    heads = [c for c in below if header_field(c.text) or is_label(c.text, "execution") or c.text.startswith("其中")]
    whole = {"level1", "name", "project"} & {header_field(c.text) for c in below}
    if not below:
        return False
    if are_field_names(below) or _are_units(below):
        return True
    if len(heads) == len(below) and not whole:
        return True
    if any(_is_level(c.text) for c in below) and any(kind_of_cell(c.text) in FIGURES - {"quality"} for c in below):
        return False  # the first indicator, of which the page cuts off the others
    over = {col: c for col in range(1, lattice.columns + 1) if (c := lattice.at.get((rows[0], col))) and c.text}
    under = [c for b in below if (c := over.get(b.col)) and c.row + c.rowspan <= following]
    others = [c for c in over.values() if c not in under]
    if len(under) == len(below) and others and all(c.row + c.rowspan == following + 1 for c in others):
        return True  # all other heads reach down beside it (目标值 over 某县)
    reaching = any(c.row + c.rowspan > following for c in over.values())
    divided = all((c := over.get(b.col)) and c.colspan > b.colspan and c.row + c.rowspan <= following for b in below)
    return reaching and divided


def side_by_side(lattice: Lattice) -> list[Lattice]:
    """The tables that stand side by side in one frame of cells, divided by columns without any text from the heads on,
    each with heads of its own; the table itself where it is one.
    """
    twice = (r for r in lattice.rows if [header_field(c.text) for c in lattice.texts(r)].count("name") > 1)
    top = next(twice, 0)
    rows = [row for row in lattice.rows if row >= top]
    blank = [
        col
        for col in range(2, lattice.columns)
        if not any((c := lattice.at.get((row, col))) and c.text for row in rows)
    ]
    edges = [0, *blank, lattice.columns + 1]
    parts = [part_of(lattice, a + 1, b - 1) for a, b in itertools.pairwise(edges) if b - a > 1]
    if len(parts) < 2 or not all(any(head_rows(part, row) for row in part.rows) for part in parts):
        return [lattice]
    return parts
