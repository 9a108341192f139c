"""Tables that print their indicators beside each other, put below each other as other tables print them: levels 1 side by
side over names and targets, a project a row under heads of levels (数量指标 | 质量指标), and indicators as columns beside
their heads (一级指标 | 产出指标 | 效益指标)."""

import itertools
import re
from typing import NamedTuple

from budgetperf.field.form_labels import label_of
from budgetperf.field.vocabulary import header_field, is_label, level1_name, level2_name, unit_kind
from budgetperf.layout.lattice import Cell, Lattice

HEADS = ("一级指标", "二级指标", "三级指标", "指标值")  # once levels, names and values stand below each other
OF_INDICATOR = ("level1", "level2", "name", "comparator", "target", "measure_unit", "weight", "actual", "score",
                "deviation_note", "explanation", "remark")  # fmt: skip
NOT_PRINTED = -1  # index of a head that the table does not print


class Unpivoted(NamedTuple):
    """lattice: indicators below each other · heads: cells that are heads of the print and stand nowhere in it · sums:
    cells of its rows of sums that stand nowhere in it · told: in words, what was told by content."""

    lattice: Lattice
    heads: list[Cell]
    sums: list[Cell]
    told: list[str]


def unpivoted(lattice: Lattice) -> Unpivoted:
    """The table with its indicators below each other; itself where they stand so."""
    return _stacked(lattice) or _of_matrix(lattice) or _turned(lattice) or Unpivoted(lattice, [], [], [])


def laid_out(lattice: Lattice, rows: list[list[Cell]]) -> Lattice:
    """Rows of cells as a table, numbered anew."""
    at: dict[tuple[int, int], Cell] = {}
    starts: dict[int, list[Cell]] = {}
    # a line's own cells come first
    own = {number: cells[0].row for number, cells in enumerate(rows, 1) if cells}
    printed = {number: lattice.printed.get(row, row) for number, row in own.items()}
    for number, cells in enumerate(rows, 1):
        starts[number] = [c._replace(row=number) for c in sorted(cells, key=lambda c: c.col)]
        for c in starts[number]:
            at |= {(r, col): c for r in range(number, number + c.rowspan) for col in range(c.col, c.col + c.colspan)}
    columns = max(c.col for cells in rows for c in cells)  # a head over blocks is wider than what they become
    return lattice._replace(rows=[*starts], columns=columns, at=at, starts=starts, printed=printed)


def _groups(lattice: Lattice, body: list[int], edge: int) -> list[list[int]]:
    """Rows of one project each: those under its cells, and those that leave the project's columns blank."""
    groups: list[list[int]] = []
    for row in body:
        if not groups or any(c.col < edge for c in lattice.texts(row)):
            groups.append([])
        groups[-1].append(row)
    return groups


# ---- levels 1 side by side, each over columns of its own -------------------------------------------------------------


def _stacked(lattice: Lattice) -> Unpivoted | None:
    """Levels 1 side by side over a name and a target each: the blocks below each other, project by project."""
    row = next((row for row in lattice.rows if len(_wide_levels(lattice, row)) > 1), None)
    if row is None:
        return None
    blocks = _wide_levels(lattice, row)
    edge = blocks[0].col
    place = lattice.rows.index(row)
    under = lattice.texts(lattice.rows[place + 1])
    lower = [c for c in under if c.col < edge]  # of divided heads of the project
    height = 2 if lower else 1
    last = place + height  # of the rows of heads
    rows = [
        [c._replace(rowspan=min(c.rowspan, last - number)) for c in lattice.starts.get(above, ())]
        for number, above in enumerate(lattice.rows[:place])
    ]
    own = [c._replace(rowspan=min(c.rowspan, height)) for c in lattice.texts(row) if c.col < edge]
    level = blocks[0]._replace(text=HEADS[0], colspan=1, rowspan=height)
    named = [_moved(c, blocks[0], edge)._replace(rowspan=height) for c in under if _over(blocks, c) is blocks[0]]
    rows += [[*own, level, *named], *([lower] if lower else [])]
    for group in _groups(lattice, lattice.rows[place + 2 :], edge):
        rows += _below_each_other(lattice, group, blocks, edge)
    spare = [*blocks, *(c for c in under if _over(blocks, c) in blocks[1:])]
    return Unpivoted(laid_out(lattice, rows), spare, [], [])


def _wide_levels(lattice: Lattice, row: int) -> list[Cell]:
    """The cells of a row that name levels 1 and stand over a name and a target each, right of other heads."""
    wide = [c for c in lattice.texts(row) if level1_name(c.text) and c.colspan > 1 and c.rowspan == 1 and c.col > 1]
    under = [
        {header_field(b.text) for col in range(c.col, c.col + c.colspan) if (b := lattice.at.get((row + 1, col)))}
        for c in wide
    ]
    ends = wide[-1].col + wide[-1].colspan - 1 if wide else 0
    return wide if ends == lattice.columns and all({"name", "target"} <= fields for fields in under) else []


def _over(blocks: list[Cell], cell: Cell) -> Cell | None:
    return next((b for b in blocks if b.col <= cell.col < b.col + b.colspan), None)


def _moved(cell: Cell, block: Cell, edge: int) -> Cell:
    return cell._replace(col=cell.col - block.col + edge + 1, rowspan=1)


def _below_each_other(lattice: Lattice, group: list[int], blocks: list[Cell], edge: int) -> list[list[Cell]]:
    """The rows of one project, block after block; its own cells stand beside all of them."""
    lines = [
        (block, [_moved(c, block, edge) for c in cells])
        for block in blocks
        for row in group
        if (cells := [c for c in lattice.texts(row) if _over(blocks, c) is block])
    ]
    rows = [list(cells) for _, cells in lines] or [[]]
    for block in blocks:
        of_block = [number for number, (other, _) in enumerate(lines) if other is block]
        if of_block:
            rows[of_block[0]].append(block._replace(colspan=1, col=edge, rowspan=len(of_block)))
    rows[0] += [c._replace(rowspan=len(rows)) for c in lattice.starts.get(group[0], ()) if c.col < edge]
    return rows


# ---- a project a row, its indicators under heads of levels -----------------------------------------------------------


def _of_matrix(lattice: Lattice) -> Unpivoted | None:
    """A project a row, its targets (or names with their targets) under heads of levels, and of names where these are
    printed: a row an indicator, its project's cells beside all of its rows; columns behind them stay behind."""
    top, levels = next(((row, levels) for row in lattice.rows if (levels := _levels_of(lattice, row))), (0, []))
    if not levels:
        return None
    edge, end = levels[0].col, levels[-1].col + levels[-1].colspan
    beside = {c.index: c for col in range(1, edge) if (c := lattice.at.get((top, col))) and c.text}
    first = min(c.row for c in beside.values())
    last = max([top, *(c.row + c.rowspan - 1 for c in beside.values())])
    if last == top:  # no head reaches down: as far as the project's columns are blank
        below = (row for row in lattice.rows if row > top and any(c.col < edge for c in lattice.texts(row)))
        last = next(below, top + 1) - 1
    heads, body = [r for r in lattice.rows if first <= r <= last], [r for r in lattice.rows if r > last]
    columns = {col: _column_heads(lattice, [r for r in heads if r >= top], col) for col in range(edge, end)}
    paired = _paired(columns)
    groups = _groups(lattice, body, edge)
    names = [heads["name"].text for heads in columns.values() if "name" in heads]
    if not groups or not (names or _hold_targets(lattice, body, edge, end)):
        return None
    if not paired and any(header_field(name) in OF_INDICATOR for name in names):
        return None  # heads of what stands below them, and no names of indicators

    def others(row: int) -> list[Cell]:
        """The cells of a row that are not under the levels, those behind them behind the columns that come of these."""
        cells = (
            c if c.col < edge else c._replace(col=c.col - end + edge + len(HEADS))
            for c in lattice.starts.get(row, ())
            if not edge <= c.col < end
        )
        return list(cells)

    kept = [cells for row in heads if (cells := others(row))]
    kept = [[c._replace(rowspan=min(c.rowspan, len(kept) - n)) for c in cells] for n, cells in enumerate(kept)]
    blank = kept[0][0]._replace(index=NOT_PRINTED, colspan=1, rowspan=len(kept))
    kept[0] += [blank._replace(text=text, col=edge + n) for n, text in enumerate(HEADS)]
    rows = [list(lattice.starts.get(row, ())) for row in lattice.rows if row < first] + kept
    sums: list[Cell] = []
    for group in groups:
        own = others(group[0])
        right = [c for row in group for c in lattice.texts(row) if edge <= c.col < end]
        if any(is_label(c.text, kind) for c in own[:3] for kind in ("total", "subtotal")):
            rows.append([c._replace(rowspan=1) for c in own])
            sums += right
            continue
        right = sorted(right, key=lambda c: (c.col, c.row))
        lines = (
            [_paired_line(c, lattice, columns, edge) for c in right if c.col in paired]
            if paired
            else [line for c in right for line in _lines(c, columns[c.col], edge)]
        )
        beside_all = [c._replace(rowspan=max(len(lines), 1)) for c in own]
        rows += [[*lines[0], *beside_all], *lines[1:]] if lines else [beside_all]
    printed = [c for row in heads for c in lattice.texts(row) if edge <= c.col < end]
    told = [] if names else ["各级别之下每格印有指标名称和指标值，按比较符分开"]
    return Unpivoted(laid_out(lattice, rows), printed, sums, told)


def _levels_of(lattice: Lattice, row: int) -> list[Cell]:
    """The texts of a row, one beside the other, that name levels, right of heads of a project; else none."""
    cells = lattice.texts(row)
    levels = [c for c in cells if level1_name(c.text) or level2_name(c.text)]
    least = 2 if all(level1_name(c.text) for c in levels) else 3
    apart = any(b.col != a.col + a.colspan for a, b in itertools.pairwise(levels))
    behind = [c for c in cells if levels and c.col > levels[-1].col]
    if len(levels) < least or apart or any(c.rowspan == 1 for c in behind):
        return []
    over = [c for col in range(1, levels[0].col) if (c := lattice.at.get((row, col))) and c.text]
    labels = [label_of(c.text) for c in over]
    fields = {header_field(c.text) for c in over} | {label.field for label in labels if label}
    return levels if {"project", "project_code"} & fields else []


def _column_heads(lattice: Lattice, heads: list[int], col: int) -> dict[str, Cell]:
    """The level 1, level 2 and name that stand over a column."""
    found: dict[str, Cell] = {}
    for cell in dict.fromkeys(c for row in heads if (c := lattice.at.get((row, col))) and c.text):
        level2 = level2_name(cell.text) and (found or not level1_name(cell.text))
        field = (
            "level2"
            if level2 and "level2" not in found
            else "level1"
            if not found and level1_name(cell.text)
            else "name"
        )
        found[field] = cell
    return found


def _paired(columns: dict[int, dict[str, Cell]]) -> list[int]:
    """The columns of names, where under the levels heads of names and targets take turns (指标内容 | 指标值); else none."""
    fields = [header_field(heads["name"].text) if "name" in heads else None for _, heads in sorted(columns.items())]
    return sorted(columns)[::2] if fields == ["name", "target"] * (len(columns) // 2) else []


def _paired_line(name: Cell, lattice: Lattice, columns: dict[int, dict[str, Cell]], edge: int) -> list[Cell]:
    """The row of a name and the target right of it; its own cell comes first."""
    target = lattice.at.get((name.row, name.col + 1))
    line = {2: name} | ({3: target} if target is not None and target.text else {})
    line |= {n: heads for n, level in enumerate(("level1", "level2")) if (heads := columns[name.col].get(level))}
    return [c._replace(col=edge + n, colspan=1, rowspan=1) for n, c in line.items()]


def _hold_targets(lattice: Lattice, body: list[int], edge: int, end: int) -> bool:
    """Whether most cells under the levels hold names with their targets."""
    texts = [c.text for row in body for c in lattice.texts(row) if edge <= c.col < end]
    return 2 * sum(all(target for _, target in named_targets(text)) for text in texts) > len(texts)


def _lines(cell: Cell, heads: dict[str, Cell], edge: int) -> list[list[Cell]]:
    """The rows that one cell under heads of levels stands for; its own cell comes first."""
    parts = [(None, cell.text)] if "name" in heads else named_targets(cell.text)
    lines = []
    for name, target in parts:
        level, name = _level_before(name) if name else (None, name)
        line = {3: cell._replace(text=target)} if target else {}
        line |= {1: cell._replace(text=level)} if level else {}
        line |= {2: cell._replace(text=name)} if name else {2: heads["name"]} if "name" in heads else {}
        line |= {n: heads[level] for n, level in enumerate(("level1", "level2")) if level in heads}
        lines.append([c._replace(col=edge + n, colspan=1, rowspan=1) for n, c in line.items()])
    return lines


def _level_before(text: str) -> tuple[str | None, str]:
    """The level 2 printed before a name, and the name.

    >>> _level_before("数量：改造设施蔬菜基地"), _level_before("其中：蔬菜基地")
    (('数量', '改造设施蔬菜基地'), (None, '其中：蔬菜基地'))
    """
    level, colon, name = text.replace(":", "：").partition("：")
    return (level.strip(), name.strip()) if colon and name.strip() and level2_name(level) else (None, text)


_TARGET = re.compile(r"(.*?[^\d\s])\s*[：:]?\s*([≥≧⩾＞>≤≦⩽＜<＝=].*)", re.DOTALL)
_WHEN = re.compile(r"(.+?)\s*[(（]([^()（）]*\d\s*[年月日][^()（）]*)[)）]", re.DOTALL)  # beside others with signs
_NUMBERED = re.compile(r"^\s*(?:指标)?[\d①-⑳]{1,2}[.、．：:)）]\s*(?!\d)")


def named_targets(text: str) -> list[tuple[str, str | None]]:
    """The names with their targets that one cell prints, a line or a clause each; a target is None where none is told.
    Beside others a date in brackets is one.

    >>> named_targets("硬化产业道\\n路≥2.3公里\\n修建涵洞=4个"), named_targets("1.合格率＝100%；2.改善环境")
    ([('硬化产业道路', '≥2.3公里'), ('修建涵洞', '=4个')], [('合格率', '＝100%'), ('改善环境', None)])
    >>> named_targets("道路≥2公里\\n验收（2024年6月底前）"), named_targets("验收（2024年6月底前）")
    ([('道路', '≥2公里'), ('验收', '2024年6月底前')], [('验收（2024年6月底前）', None)])
    """
    pieces: list[str] = []
    for clause in re.split("[；;]", text):
        open_piece = ""  # a line without a target is the beginning of a name, or the rest of the piece above it
        for line in filter(None, map(str.strip, clause.split("\n"))):
            if pieces and not open_piece and unit_kind(line):
                pieces[-1] += line
            elif _TARGET.fullmatch(open_piece + line):
                pieces.append(open_piece + line)
                open_piece = ""
            else:
                open_piece += line
        pieces += [open_piece] if open_piece else []
    pieces = [_NUMBERED.sub("", piece) for piece in pieces]
    told = {piece: _TARGET.fullmatch(piece) for piece in pieces}
    dated = {piece: _WHEN.fullmatch(piece) for piece in pieces if any(told.values())}
    found = [told[piece] or dated.get(piece) or ("", piece, None) for piece in pieces]
    return [(match[1], match[2]) for match in found]


# ---- indicators as columns beside their heads ------------------------------------------------------------------------


def _turned(lattice: Lattice) -> Unpivoted | None:
    """Heads of indicators as the first cells of rows that follow one another, an indicator a column: these rows on their
    side, in each place where they stand."""
    rows: list[list[Cell]] = []
    beside: list[Cell] = []
    found = False
    left = list(lattice.rows)
    while left:
        run = _run(lattice, left)
        if not run:
            rows.append(lattice.starts.get(left.pop(0), []))
            continue
        found, left = True, left[len(run) :]
        beside += [c for row in run for c in lattice.texts(row) if c.rowspan > 1]
        rows += _on_its_side(lattice, run)
    return Unpivoted(laid_out(lattice, rows), beside, [], []) if found else None


def _run(lattice: Lattice, rows: list[int]) -> list[int]:
    """The first of the rows that print a head and then one value an indicator, levels over names and targets; or none."""
    fields: list[str] = []
    for row in rows:
        cells = _own(lattice, row)
        field = header_field(cells[0].text) if cells else None
        if field not in OF_INDICATOR or field in fields or (len(cells) > 1 and header_field(cells[1].text)):
            break
        fields.append(field)
    run = rows[: len(fields)]
    levels = {"level1": level1_name, "level2": level2_name}
    told = [
        all(levels[field](c.text) for c in _own(lattice, row)[1:])
        for row, field in zip(run, fields, strict=True)
        if field in levels
    ]
    return run if told and all(told) and {"name", "target"} <= set(fields) and len(_own(lattice, run[0])) > 2 else []


def _own(lattice: Lattice, row: int) -> list[Cell]:
    """The texts of a row without one that stands upright beside this and other rows."""
    return [c for c in lattice.texts(row) if c.rowspan == 1]


def _on_its_side(lattice: Lattice, run: list[int]) -> list[list[Cell]]:
    cells = [c for row in run for c in _own(lattice, row)]
    columns = sorted({c.col for c in cells})
    turned: dict[int, list[Cell]] = {col: [] for col in columns}
    for c in cells:
        height = sum(c.col <= col < c.col + c.colspan for col in columns)
        place = {"col": run.index(c.row) + 1, "colspan": 1, "rowspan": height}
        turned[c.col].append(c._replace(**place, height=float("nan")))  # a column of the page has no height of a row
    return [*turned.values()]
