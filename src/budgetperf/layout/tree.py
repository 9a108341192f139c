"""Trees of indicators, a level on a row of its own above what belongs to it, laid out with columns of levels."""

import re

from budgetperf.field.notation import parse_points
from budgetperf.field.vocabulary import fold, header_field, level1_name, level2_name
from budgetperf.layout.heads import head_rows
from budgetperf.layout.lattice import Cell, Lattice
from budgetperf.layout.unpivot import HEADS, NOT_PRINTED, Unpivoted, laid_out

LEVELS = ("level1", "level2")


def tree_in_columns(lattice: Lattice) -> Unpivoted | None:
    """A table without columns of levels, the names of both on rows of their own under the head of names: these levels beside
    each row below them; None where it is no such table."""
    rows: list[list[Cell]] = []
    over: dict[str, Cell] = {}
    beside: list[Cell] = []
    found: set[str] = set()
    columns: dict[str | None, int] = {}
    numbered: dict[str, str] = {}  # how the rows of levels are numbered → which level
    for row in lattice.rows:
        cells = lattice.starts.get(row, [])
        named = {header_field(c.text): c.col for c in lattice.texts(row)}
        if {"name", "target"} <= named.keys() and head_rows(lattice, row) == [row]:
            if set(LEVELS) & named.keys():
                return None
            columns, over = named, {}
            heads = {f: cells[0]._replace(text=text, index=NOT_PRINTED) for f, text in zip(LEVELS, HEADS, strict=False)}
            rows.append([*cells, *_behind(lattice, heads)])
        elif columns and (level := _level_of(lattice, row, columns, over)):
            field, cell = level
            numbering = _numbering(lattice.texts(row))
            field = numbered.get(numbering, field) if field == "either" else field
            numbered |= {numbering: field} if numbering and field != "either" else {}
            if field == "either" or not _stands_over(lattice, row, columns, field):
                return None
            over = {f: c for f, c in over.items() if f == "level1" and field == "level2"} | {field: cell}
            found.add(field)
            beside += lattice.texts(row)
        else:
            is_row = columns and (c := lattice.at.get((row, columns["target"]))) and c.text and c.row == row
            over = over if is_row else {}
            rows.append([*cells, *_behind(lattice, over)])
    return Unpivoted(laid_out(lattice, rows), beside, [], []) if found == set(LEVELS) else None


def _stands_over(lattice: Lattice, row: int, columns: dict[str | None, int], field: str) -> bool:
    """Whether below a level's row an indicator follows, below a level 1 also a level 2."""
    below = row + 1
    name, target = (lattice.at.get((below, columns[of])) for of in ("name", "target"))
    if name is None or not name.text:
        return False
    of_level2 = level2_name(name.text) is not None
    return bool(target and target is not name and target.text) or (field == "level1" and of_level2)


def _numbering(cells: list[Cell]) -> str:
    """The number before a level in the manner that all such rows share: 一, （一）, 1."""
    found = re.match(r"[（(]?(?:[一二三四五六七八九十]+|\d{1,2})[）)、.．]?", cells[0].text.strip())
    return re.sub(r"[一二三四五六七八九十]+", "一", re.sub(r"\d+", "1", fold(found[0]))) if found else ""


def _behind(lattice: Lattice, cells: dict[str, Cell]) -> list[Cell]:
    """The cells of levels in columns of their own behind the others."""
    place = {field: lattice.columns + n for n, field in enumerate(LEVELS, 1)}
    return [cell._replace(col=place[field], colspan=1, rowspan=1) for field, cell in cells.items()]


def _level_of(
    lattice: Lattice, row: int, columns: dict[str | None, int], over: dict[str, Cell]
) -> tuple[str, Cell] | None:
    """The level that a row names under the head of names, with its points, where it has no target."""
    name, target, weight = (lattice.at.get((row, columns.get(field, 0))) for field in ("name", "target", "weight"))
    if name is None or name.row != row or (target is not None and target is not name and target.text):
        return None
    first, second = level1_name(name.text), level2_name(name.text)
    if first and second:  # 满意度指标, 成本指标
        below = lattice.at.get((row + 1, columns["name"]))
        of_level2 = below is not None and level2_name(below.text) is not None
        numbers = {c.text for c in lattice.texts(row)} & {"1", "2"}  # 级次
        if numbers or of_level2 or second != "成本指标" or "level1" not in over:
            first, second = (None, second) if numbers == {"2"} else (first, None)
    points = weight.text if weight is not None and weight is not name and parse_points(weight.text) is not None else ""
    level = name._replace(text=f"{name.text}（{points}分）" if points else name.text)
    if first and second:
        return "either", level
    return ("level1", level) if first else ("level2", level) if second else None
