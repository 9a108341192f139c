"""Tables too wide for a page or sheet, whose last columns stand in a table of their own on another: joined row by row."""

from typing import NamedTuple

from budgetperf.field.vocabulary import header_field, is_label
from budgetperf.layout.heads import head_rows
from budgetperf.layout.lattice import Cell, Lattice, Line
from budgetperf.layout.printed import ROW_FIELDS

KEYS = ("sequence", "name", "project_code")  # what such a part may print again of each row, the surest first
LEAST_ROWS = 3  # that must agree in number where the parts have no key in common
NOWHERE = float("nan")  # a cell's place on another page is none on this one


class Joined(NamedTuple):
    """items: the tables, with all of their columns, and the lines · roles: cell → what it is that only repeats the rows it
    stands beside · told: (page, table) → in words, what was joined to it."""

    items: list[Lattice | Line]
    roles: dict[int, tuple[str, None, int]]
    told: dict[tuple[int, int], list[str]]


def joined(found: list[Lattice | Line]) -> Joined:
    """Tables whose heads only say more of the rows of a table before them (指标值 | 度量单位 | 分值), as columns of that."""
    items: list[Lattice | Line] = []
    roles: dict[int, tuple[str, None, int]] = {}
    told: dict[tuple[int, int], list[str]] = {}
    for item in found:
        heads = _heads(item) if isinstance(item, Lattice) else []
        tables = [n for n, whole in enumerate(items) if heads and isinstance(whole, Lattice)]
        place, pairs = next(((n, pairs) for n in tables if (pairs := _pairs(items[n], item, heads))), (-1, {}))
        if not pairs:
            items.append(item)
            continue
        whole, key = items[place], _of_key(heads)
        items[place] = _with_columns(whole, item, pairs, key)
        roles |= {c.index: ("number", None, -1) for row in pairs.values() for c in item.texts(row) if c.col in key}
        same = f"“{heads[0].text}”逐行相同" if key else f"都是 {len(pairs) - 1} 行"
        words = f"第 {item.page} 页的表只有“{heads[-1].text}”等列，接在第 {whole.page} 页的表右侧：{same}"
        told.setdefault((whole.page, whole.table), []).append(words)
    return Joined(items, roles, told)


def _heads(lattice: Lattice) -> list[Cell]:
    """The heads of a table that names neither levels nor projects, and two things more of indicators at least."""
    cells = lattice.texts(lattice.rows[0])
    fields = [header_field(c.text) for c in cells]
    beyond = [f for f in fields if f in ROW_FIELDS and f not in ("level1", "level2", "name")]
    known = None not in fields and set(fields) <= {*KEYS, *ROW_FIELDS} - {"level1", "level2"}
    return cells if known and len(set(beyond)) > 1 and not head_rows(lattice, lattice.rows[0]) else []


def _of_key(heads: list[Cell]) -> set[int]:
    """The column, if any, that prints again what the rows beside these are known by."""
    keys = [c.col for field in KEYS for c in heads if header_field(c.text) == field]
    return set(keys[:1])


def _pairs(whole: Lattice, part: Lattice, heads: list[Cell]) -> dict[int, int]:
    """Row of a table → the row of its last columns' table that goes on with it, heads with heads; empty where the two do
    not agree, row by row where a key says so, else in the number of their rows."""
    top = next((rows for row in whole.rows if (rows := head_rows(whole, row))), None)
    if top is None:
        return {}
    above = {field: c.col for row in top for c in whole.texts(row) if (field := header_field(c.text))}
    keys = [field for field in KEYS if field in above and field in {header_field(c.text) for c in heads}]
    if any(field in above for c in heads if (field := header_field(c.text)) not in KEYS):
        return {}
    body = [row for row in whole.rows if row > top[-1] and whole.texts(row)]
    rows = [row for row in part.rows[1:] if part.texts(row)]
    if keys:
        own = next(c.col for c in heads if header_field(c.text) == keys[0])
        texts = [
            (c.text, row) for row in body if (c := whole.at.get((row, above[keys[0]]))) and c.text and c.row == row
        ]
        same = [text for text, _ in texts] == [c.text for row in rows if (c := part.at.get((row, own)))]
        body = [row for _, row in texts] if same else []
    else:
        summed = [row for row in body if any(is_label(c.text, "total") for c in whole.texts(row)[:3])]
        body = body if len(body) == len(rows) else [row for row in body if row not in summed]
    agree = len(body) == len(rows) and (keys or len(rows) >= LEAST_ROWS)
    return {top[0]: part.rows[0]} | dict(zip(body, rows, strict=True)) if agree else {}


def _with_columns(whole: Lattice, part: Lattice, pairs: dict[int, int], key: set[int]) -> Lattice:
    """A table with the columns of another on its right; the heads of these reach down to its first row."""
    at, starts = dict(whole.at), dict(whole.starts)
    columns = [col for col in range(1, part.columns + 1) if col not in key]
    to = {col: whole.columns + n for n, col in enumerate(columns, 1)}
    rows = {own: row for row, own in pairs.items()}
    top, first = sorted(pairs)[:2]
    of_heads = sum(top <= row < first for row in whole.rows)
    for row, own in pairs.items():
        for cell in (c for c in part.starts.get(own, ()) if c.col in to):
            height = of_heads if row == top else sum(r in rows for r in range(own, own + cell.rowspan))
            moved = cell._replace(row=row, col=to[cell.col], rowspan=height, x0=NOWHERE, x1=NOWHERE, height=NOWHERE)
            starts[row] = [*starts.get(row, []), moved]
            at |= {(r, c): moved for r in range(row, row + height) for c in range(moved.col, moved.col + cell.colspan)}
    return whole._replace(columns=whole.columns + len(to), at=at, starts=starts)
