"""What one PDF page shows → records of its cells: tables from the rules (grid), text from the glyphs that stand in them
(text), without what was laid over it (overprint). The sole module that knows camelot.
"""

import math
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from budgetperf.readers.pdf.areas import rules_of_boxes, with_rounded
from budgetperf.readers.pdf.content import Box, Glyph, PageContent, PageTooLong, Rule
from budgetperf.readers.pdf.form_gaps import rules_of_forms
from budgetperf.readers.pdf.gaps import Columns, rules_of_gaps
from budgetperf.readers.pdf.grid import Grid, find_grids
from budgetperf.readers.pdf.hanging import with_hanging_marks
from budgetperf.readers.pdf.notes import with_marks
from budgetperf.readers.pdf.overprint import part_overlays
from budgetperf.readers.pdf.text import (
    BLANKS,
    FAR_APART,
    Line,
    cell_text,
    most_common_turn,
    slanted_line,
    text_lines,
    turned_box,
    turned_glyph,
)

PICTURED_SHARE = 0.1  # of the page: a picture so large may hold the rules of a table
CAMELOT_LAYOUT = {"boxes_flow": None, "detect_vertical": False, "char_margin": 0.3}
CUT_SLACK = 3.0  # points past a table's edge where the rest of a line cut by the page's edge still belongs to it
SLIVER = 3.0  # points: of a character cut so low, what is seen may overlap the rule at the cut
PAST_EDGE = 1.0  # points by which a sliver is looked for away from the cut


class PageRecords(NamedTuple):
    """What one page gives: `records` (see cells.CELL_COLUMNS) of its tables' cells and the lines around them, in reading
    order; how many cells have their rules in a picture; what can't be told; the columns of a
    table without rules, and whether its division is sure."""

    records: list[dict]
    pictured: int
    doubts: list[str]
    columns: Columns | None
    sure: bool


def page_records(number: int, content: PageContent, path: Path, deadline: float, before: Columns | None) -> PageRecords:
    """The records of one page; `before`: the columns of a table without rules on the page before."""
    rules = content.rules
    straight = [glyph for glyph in content.glyphs if glyph.turn >= 0]
    slanted = [glyph for glyph in content.glyphs if glyph.turn < 0]
    turn, stamps = most_common_turn(straight), content.stamps
    if turn:
        stamps = [stamp._replace(box=turned_box(stamp.box, -turn % 4)) for stamp in stamps]
        straight = [turned_glyph(glyph, -turn % 4) for glyph in straight]
        rules = [_turned_rule(rule, -turn % 4) for rule in rules]
    rules = with_rounded([turned_box(box, -turn % 4) for box in content.rounded], rules)
    grids = find_grids(rules, _text_finder(straight))
    boxes = [turned_box(area.box, -turn % 4) for area in content.areas]
    between = rules_of_boxes([box for box in boxes if not any(_meets(grid.box, box) for grid in grids)])
    if between:
        grids = find_grids(rules + between, _text_finder(straight))
    divided, columns, sure, of_forms = rules_of_forms(straight, rules, grids, before)
    if not divided:
        divided, columns = rules_of_gaps(straight, rules, grids, before)
        sure = not divided
    if divided:
        grids = find_grids(divided, _text_finder(straight))
    pictured, failed = 0, ""
    if not grids and not turn and straight and content.image_area >= PICTURED_SHARE:
        seen, failed = _rules_in_picture(path, number)
        grids = find_grids(seen, _text_finder(straight))
        pictured = sum(len(grid.cells) for grid in grids)
    inside, loose = with_hanging_marks(grids, *_sort_into_cells(grids, straight, deadline))
    upright = [turned_glyph(glyph, -turn % 4) for glyph in slanted] if turn else slanted
    inside, loose, overlays, doubts = part_overlays(grids, inside, loose, upright, stamps)
    doubts += [failed] if failed else []
    doubts += of_forms
    gone = {id(glyph) for glyph in overlays}
    for piece in content.crossed:
        if text := "".join(glyph.text for glyph in piece if id(glyph) not in gone):
            doubts.append(f"有线从文字“{text[:20]}”中间穿过，是划去还是格线无法判断")
    blocks: list[tuple[float, float, list[dict], int]] = []
    for table, grid in enumerate(grids, 1):
        records, over = _table_records(table, grid, inside[table - 1])
        doubts += [f"“{text}”一格文字压着文字，读得对不对无法判断" for text in over]
        blocks.append((grid.box[1], grid.box[0], records, len(grid.ys) - 1))
    blocks += _line_blocks(text_lines(loose, FAR_APART))
    blocks.sort(key=lambda block: block[:2])
    blocks += _line_blocks(text_lines(upright) + _laid_over(overlays))
    records, rows = [], 0
    for _, _, block, height in blocks:
        for record in block:
            record["page"] = number
            if turn:
                box = turned_box((record["x0"], record["y0"], record["x1"], record["y1"]), turn)
                record["x0"], record["y0"], record["x1"], record["y1"] = box
            record["row"] += rows
            records.append(record)
        rows += height
        if time.monotonic() > deadline:
            raise PageTooLong
    return PageRecords(records, pictured, doubts, columns, sure)


def _meets(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _turned_rule(rule: Rule, turn: int) -> Rule:
    box = (rule.start, rule.at, rule.end, rule.at) if rule.horizontal else (rule.at, rule.start, rule.at, rule.end)
    x0, y0, x1, y1 = turned_box(box, turn)
    return Rule(True, y0, x0, x1) if (turn % 2 == 0) == rule.horizontal else Rule(False, x0, y0, y1)


def _text_finder(glyphs: list[Glyph]) -> Callable[[Box], bool]:
    def has_text(box: Box) -> bool:
        return any(box[0] < g.cx < box[2] and box[1] < _seen_at(g) < box[3] and g.text.strip(BLANKS) for g in glyphs)

    return has_text


def _cut(glyph: Glyph) -> float:
    """Below 0: the lower part of a character is hidden, above 0: its upper part, 0: neither."""
    cut = glyph.cy - (glyph.y0 + glyph.y1) / 2
    return cut if abs(cut) > 0.01 else 0.0


def _seen_at(glyph: Glyph) -> float:
    """How far down a character stands: the middle of what is seen of it, of a mere sliver away from the cut."""
    cut = _cut(glyph)
    seen = 2 * (glyph.y1 - glyph.cy if cut > 0 else glyph.cy - glyph.y0)
    return glyph.cy + math.copysign(min(seen / 2, PAST_EDGE), cut) if cut and seen < SLIVER else glyph.cy


def _sort_into_cells(
    grids: list[Grid], glyphs: list[Glyph], deadline: float
) -> tuple[list[dict[int, list[Glyph]]], list[Glyph]]:
    """Glyphs by table and cell, each where the middle of its visible part lies, and those outside every table."""
    smallest_first = sorted(range(len(grids)), key=lambda i: _area(grids[i].box))
    boxes = [(i, grids[i], *grids[i].box) for i in smallest_first]
    inside: list[dict[int, list[Glyph]]] = [{} for _ in grids]
    loose = []
    for number, glyph in enumerate(glyphs):
        if number % 5000 == 4999 and time.monotonic() > deadline:
            raise PageTooLong
        at, slack = (_seen_at(glyph), CUT_SLACK) if _cut(glyph) else (glyph.cy, 0.0)
        for index, grid, x0, y0, x1, y1 in boxes:
            if x0 <= glyph.cx <= x1 and y0 - slack <= at <= y1 + slack:
                cell = grid.cell_at(glyph.cx, at)
                if cell >= 0:
                    inside[index].setdefault(cell, []).append(glyph)
                    break
        else:
            loose.append(glyph)
    return inside, loose


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _table_records(table: int, grid: Grid, inside: dict[int, list[Glyph]]) -> tuple[list[dict], list[str]]:
    """Records of a table's cells, and the texts of those in which text lies upon text."""
    records, over = [], []
    for index, cell in enumerate(grid.cells):
        glyphs = inside.get(index)
        text, unclear = cell_text(with_marks(glyphs)) if glyphs else ("", False)
        if unclear:
            over.append(text.replace("\n", "")[:20])
        record = {
            "table": table,
            "row": cell.row + 1,
            "col": cell.col + 1,
            "rowspan": cell.rowspan,
            "colspan": cell.colspan,
            "text": text,
            "x0": cell.x0,
            "y0": cell.y0,
            "x1": cell.x1,
            "y1": cell.y1,
            "open_top": cell.open_top,
            "open_bottom": cell.open_bottom,
        }
        records.append(record)
    return records, over


def _laid_over(glyphs: list[Glyph]) -> list[Line]:
    """What lies over the tables, a line for each type it is set in."""
    kinds: dict[tuple, list[Glyph]] = {}
    for glyph in glyphs:
        kinds.setdefault((glyph.ink.colour, glyph.ink.font, round(glyph.y1 - glyph.y0)), []).append(glyph)
    return [slanted_line(group) for group in kinds.values()]


def _line_blocks(lines: list[Line]) -> list[tuple[float, float, list[dict], int]]:
    """One block a row of print: the pieces of a line side by side are its columns."""
    blocks: list[tuple[float, float, list[dict], int]] = []
    bottom = float("-inf")
    for line in lines:
        text = line.text.strip(BLANKS)
        if not text:
            continue
        record = {
            "table": 0,
            "row": 1,
            "col": 1,
            "text": text,
            **dict(zip(("x0", "y0", "x1", "y1"), line[1:5], strict=True)),
        }
        beside = blocks and blocks[-1][2][-1]["x1"] <= line.x0 and (line.y0 + line.y1) / 2 < bottom
        if beside:
            record["col"] = len(blocks[-1][2]) + 1
            blocks[-1][2].append(record)
        else:
            blocks.append((line.y0, line.x0, [record], 1))
        bottom = line.y1
    return blocks


def _rules_in_picture(path: Path, number: int) -> tuple[list[Rule], str]:
    """Rules that stand in a picture under the text, as camelot's `combined` engine sees them; where it fails, in words."""
    import camelot
    import cv2

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "no tables found": a picture is seldom one of rules
        try:
            tables = camelot.read_pdf(
                str(path), pages=str(number), flavor="lattice", engine="combined", layout_kwargs=CAMELOT_LAYOUT
            )
        except (OSError, RuntimeError, ValueError, cv2.error) as error:  # drawing the page, finding lines in it
            return [], f"图片里的表格线没有读出（{type(error).__name__}），各列的归属无法判断"
    rules = []
    for table in tables:
        height = table.pdf_size[1]
        for cell in [cell for line in table.cells for cell in line]:
            top, bottom = height - cell.y2, height - cell.y1
            rules += [
                Rule(True, at, cell.x1, cell.x2) for at, drawn in ((top, cell.top), (bottom, cell.bottom)) if drawn
            ]
            sides = ((cell.x1, cell.left), (cell.x2, cell.right))
            rules += [Rule(False, at, top, bottom) for at, drawn in sides if drawn]
    return rules, ""
