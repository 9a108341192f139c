"""`to_text`: tab-separated text as a careless extractor makes of a printed table; blank lines divide its pages."""

import itertools
import random
from bisect import bisect

from .halves import KEEPS, STRAY, alike
from .table import PROJECT_FIELDS, Block, blocks

DAMAGE = {
    "rows_a_page": (8, 22),
    "wrap_pages": 0.4,  # chance that a page's cells carry blanks at their wraps
    "wrap_widths": None,  # characters a line as {field: n}; None: drawn for each page
    "header_wrapped": 0.3,
    "unit_column_lost": True,  # the unit column stands only on the pages where a unit's name is printed
    "empty_columns": 0.3,  # chance that a page's rows gained empty cells at their ends
    "shift_left": 0.06,  # chance that a row without project cell moved to the left edge
    "shift_back": 0.0,  # ... moved left by one cell
    "shift_right": 0.0,  # ... moved right by one or more cells
    "split": 0.0,  # ... split over far columns, order of cells kept
    "side_by_side": 0.0,  # chance a page that its later projects stand some columns further right
    "centred": True,  # a merged cell stands on the page with most of its rows; False: on each page's first row
    "repeat_levels": 0.0,  # chance that a level cell is printed again after a page break
    "rise": 0.0,  # chance that the first project and level-1 cells of a page stand beside its first row
    "level1_drift": 0.0,  # chance that a level-1 cell stands one row above its first
    "cut": 0.0,  # chance that a page break inside a project divides its cells: their text runs on
    "read_twice": 0.6,  # chance that the break goes through a line of such a cell, which is then read twice
    "decay": 0.35,  # chance that a digit of such a line decays, in one of its two readings
    "weights_lost": 0,  # weights that fell off their rows, at most one a project
    "total_style": "plain",  # plain: 合计 and blanks · dash: 合计- - -
}
REAL = {
    "wrap_pages": 0.6,
    "header_wrapped": 1.0,
    "empty_columns": 0.5,
    "shift_left": 0.07,
    "shift_back": 0.03,
    "shift_right": 0.05,
    "split": 0.04,
    "side_by_side": 0.3,
    "repeat_levels": 0.5,
    "rise": 0.4,
    "level1_drift": 0.03,
    "cut": 0.5,
    "weights_lost": 1,
    "total_style": "dash",
}
STOPS = "，。；：、（）“”《》-—,.%+"


def to_text(truth: dict, seed: int, real: bool = False, **damage) -> str:
    """Text of the document with the damage of DAMAGE; `real=True` starts from the worse kind of REAL.

    >>> from generator.truth import make_truth
    >>> to_text(make_truth(1), 1).splitlines()[1][-16:]
    '年部门预算项目支出绩效目标批复表'
    """
    unknown = set(damage) - set(DAMAGE)
    if unknown:
        raise ValueError(f"unknown damage: {sorted(unknown)}")
    how = {**DAMAGE, **(REAL if real else {}), **damage}
    rng = random.Random(f"text {seed}")
    pages = []
    for block in blocks(truth):
        plain = any(c.field == "header" and "元" in c.text for c in block.cells)  # the header names the money's unit
        caption = [] if plain else [block.caption]
        heading = "\n".join(["", block.title, *caption, "", *_header_lines(rng, block, how)])
        printed = _pages(rng, block, how)
        pages += [heading + "\n" + printed[0], *printed[1:]]
    return "\n\n".join(pages) + "\n"


def _header_lines(rng: random.Random, block: Block, how: dict) -> list[str]:
    wrapped = rng.random() < how["header_wrapped"]
    lines = []
    for row in range(block.header_rows):
        texts = [""] * len(block.fields)
        for cell in (c for c in block.cells if c.row == row):
            text = cell.text.replace("\n", " ")
            texts[cell.col] = _wrap(text, 4, " ") if wrapped and len(text) > 4 and " " not in text else text
        lines.append("\t".join(texts))
    return lines


def _wrap(text: str, width: int, joint: str) -> str:
    return joint.join(_lines(text, width))


def _lines(text: str, width: int) -> list[str]:
    """The lines of a cell of `width` characters; a blank at a line's edge is lost in print.

    >>> _lines("3-特定目标类", 5)
    ['3-特定目', '标类']
    """
    return [line.strip() for line in (text[k : k + width] for k in range(0, len(text), width)) if line.strip()]


def _pages(rng: random.Random, block: Block, how: dict) -> list[str]:
    """The pages of one table, each as lines of tab-separated cells."""
    breaks = [block.header_rows]
    while breaks[-1] < block.rows:
        breaks.append(min(block.rows, breaks[-1] + rng.randint(*how["rows_a_page"])))
    spans = list(itertools.pairwise(breaks))
    wraps = [_page_widths(rng, how) if rng.random() < how["wrap_pages"] else None for _ in spans]
    if "project" not in block.fields:  # forms: printed as they are
        how = {**how, **dict.fromkeys(["shift_left", "shift_back", "shift_right", "split", "side_by_side"], 0)}
        how = {**how, "weights_lost": 0, "rise": 0, "level1_drift": 0}
    grid = _place(rng, block, spans, wraps, how)
    _lose_weights(random.Random(rng.random()), block, grid, how)
    pages = []
    for (top, bottom), widths in zip(spans, wraps, strict=True):
        rows = [grid[r] for r in range(top, bottom)]
        if how["level1_drift"] or how["rise"]:
            _drift(rng, block, rows, how)
        pages.append(_page(rng, block, rows, widths, how))
    return pages


def _page_widths(rng: random.Random, how: dict) -> dict[str, int]:
    drawn = {"unit": rng.randint(6, 9), "project": rng.randint(6, 10), "category": rng.choice([4, 5, 5, 6])}
    drawn |= {"objective": rng.randint(8, 16), "name": rng.randint(6, 8), "level2": 6, "note": 6}
    return {**drawn, **(how["wrap_widths"] or {})}


def _place(rng: random.Random, block: Block, spans: list, wraps: list, how: dict) -> dict[int, dict[str, str]]:
    """{row: {field or column: text}}: each cell on the row where print and extractor put it."""
    grid: dict[int, dict] = {row: {} for row in range(block.rows)}
    tops = [top for top, _ in spans]
    cuts = {top: rng.random() < how["cut"] for top, _ in spans}
    for cell in block.cells:
        if cell.row < block.header_rows:
            continue
        end = cell.row + cell.rowspan
        first, last = bisect(tops, cell.row) - 1, bisect(tops, end - 1)
        parts = [(max(cell.row, spans[k][0]), min(end, spans[k][1]), wraps[k]) for k in range(first, last)]
        texts = [cell.text] + [""] * (len(parts) - 1)
        project_cell = cell.field in PROJECT_FIELDS
        if len(parts) == 2 and project_cell and cuts[parts[1][0]]:
            texts = _divide(rng, cell, parts, how)
        elif len(parts) > 1 and how["centred"]:
            largest = max(range(len(parts)), key=lambda k: parts[k][1] - parts[k][0])
            texts = ["" if k != largest else cell.text for k in range(len(parts))]
            if cell.field in ("level1", "level2") and rng.random() < how["repeat_levels"]:
                texts = [cell.text] * len(parts)
        elif len(parts) > 1:
            texts = [cell.text] * len(parts)
        for (row, _, widths), text in zip(parts, texts, strict=True):
            if widths and cell.field in widths and not (cell.field == "level2" and len(text) < 7):
                text = _wrap(text, widths[cell.field], " ")
            grid[row][cell.col] = text.replace("\n", " ")
    return grid


def _divide(rng: random.Random, cell, parts: list, how: dict) -> list[str]:
    """The two parts of a project's cell that a page break cuts, between two lines or through one."""
    width = {"project": 8, "category": 5, "objective": 13, "budget": 12, "sequence": 4}[cell.field]
    width = (parts[0][2] or {}).get(cell.field, width)
    lines = [cell.text[k : k + width] for k in range(0, len(cell.text), width)] or [""]
    share = (parts[0][1] - parts[0][0]) / (parts[1][1] - parts[0][0])
    at = min(len(lines) - 1, int(len(lines) * share))
    if rng.random() < how["read_twice"]:
        upper, lower = _readings(rng, lines[at], cell.field, how["decay"])
        return ["".join([*lines[:at], upper]), "".join([lower, *lines[at + 1 :]])]
    at = max(at, 1) if share > 0.5 else at
    return ["".join(lines[:at]), "".join(lines[at:])]


def _readings(rng: random.Random, line: str, field: str, decay: float) -> tuple[str, str]:
    """A line as its upper and as its lower half reads: digits decay in one of them, characters in the lower one."""
    upper, lower = list(line), list(line)
    spoiled = field == "objective" or rng.random() < 0.3
    for k, char in enumerate(line):
        if char in KEEPS and rng.random() < decay:
            rng.choice([upper, lower])[k] = KEEPS[char]
        elif spoiled and field != "category" and char not in STOPS and not char.isascii() and rng.random() < 0.75:
            others = alike(char)
            lower[k] = others[int(len(others) * rng.random() ** (1 / STRAY))]
    return "".join(upper), "".join(lower)


def _lose_weights(rng: random.Random, block: Block, grid: dict, how: dict) -> None:
    if not how["weights_lost"] or not {"weight", "project"} <= set(block.fields):
        return
    weight, at, project = block.fields.index("weight"), block.fields.index("project"), 0
    owners: dict[int, list[int]] = {}
    tops = {c.row for c in block.cells if c.col == at}
    for row in range(block.header_rows, block.rows):
        project += row in tops
        if grid[row].get(weight):
            owners.setdefault(project, []).append(row)
    for owner in rng.sample(sorted(owners), min(how["weights_lost"], len(owners))):
        grid[rng.choice(owners[owner])][weight] = ""


def _drift(rng: random.Random, block: Block, rows: list[dict], how: dict) -> None:
    """Let cells of a page stand above their first row: at the page's head (rise) or one row up (level-1 drift)."""
    if _is_indicator(block, rows[0]) and rng.random() < how["rise"]:
        for fields in (PROJECT_FIELDS, ["level1"]):
            columns = [k for k, f in enumerate(block.fields) if f in fields]
            if any(rows[0].get(k) for k in columns):
                continue
            first = next((r for r in rows if any(r.get(k) for k in columns)), None)
            if first is not None and rows.index(first) < 4 and _is_indicator(block, first):
                for k in columns:
                    rows[0][k] = first.pop(k, "")
    at = block.fields.index("level1") if "level1" in block.fields else None
    for above, row in itertools.pairwise(rows):
        if row.get(at) and not above.get(at) and _is_indicator(block, above) and rng.random() < how["level1_drift"]:
            above[at] = row.pop(at)


def _is_indicator(block: Block, row: dict) -> bool:
    return bool(row.get(block.fields.index("name")))


def _page(rng: random.Random, block: Block, rows: list[dict], widths: dict | None, how: dict) -> str:
    """The lines of one page, moved as the extractor moved them."""
    columns = list(range(len(block.fields)))
    dropped = 0
    if how["unit_column_lost"] and "unit" in block.fields and "name" in block.fields:
        unit = block.fields.index("unit")
        if not any(row.get(unit) for row in rows):
            columns.remove(unit)
            dropped = 1
    spare = rng.randint(1, 3) if rng.random() < how["empty_columns"] else 0
    spare = max(spare, dropped if widths else 0)
    name = block.fields.index("name")
    projects = [k for k, f in enumerate(block.fields) if f in [*PROJECT_FIELDS, "unit"]]
    starts = [k for k, row in enumerate(rows) if any(row.get(c) for c in projects) and row.get(name)]
    further, aside = len(rows), 0
    if starts[1:] and rng.random() < how["side_by_side"]:
        further, aside = rng.choice(starts[1:]), rng.randint(2, 5)
    lines = []
    for k, row in enumerate(rows):
        texts = [row.get(c, "") for c in columns]
        if not row.get(name) or "project" not in block.fields:  # total and sub-total rows; forms
            lines.append("\t".join(_total_line(texts, how)))
            continue
        before, after = (aside, 0) if k >= further else (0, aside)
        if any(row.get(c) for c in projects):
            lines.append("\t".join([""] * before + texts + [""] * (after + spare)))
        else:
            lines.append("\t".join(_moved(rng, [""] * before + texts + [""] * (after + spare), how)))
    return "\n".join(lines)


def _total_line(texts: list[str], how: dict) -> list[str]:
    while texts and not texts[-1]:
        texts = texts[:-1]
    if how["total_style"] == "dash" and texts and "合计" in texts:
        first = texts.index("合计")
        return ["合计-", *["-" for _ in texts[first + 1 : -1]], "-", texts[-1]]
    return texts


def _moved(rng: random.Random, texts: list[str], how: dict) -> list[str]:
    """A row without project cell, as the extractor placed it; the order of its cells is kept."""
    filled = [k for k, text in enumerate(texts) if text]
    first, last = filled[0], filled[-1]
    chance = rng.random()
    for kind in ("shift_left", "shift_back", "shift_right", "split"):
        if chance < how[kind]:
            break
        chance -= how[kind]
    else:
        return texts
    if kind == "shift_left":
        return texts[first:] + [""] * first
    if kind == "shift_back" and first:
        return [*texts[1:], ""]
    if kind == "shift_right":
        far = rng.choice([1, 1, 2, 4])
        return [""] * far + (texts[: -min(far, len(texts) - 1 - last)] if last < len(texts) - 1 else texts)
    at = rng.randint(first + 1, last) if last > first else first
    gap = [""] * (first if rng.random() < 0.7 and first else rng.randint(2, 6))
    return texts[first:at] + gap + texts[at:]
