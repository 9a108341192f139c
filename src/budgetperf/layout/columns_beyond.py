"""Tables too wide for a page or sheet, whose last columns stand in a table of their own on another: joined row by row."""

from typing import NamedTuple

from budgetperf.field.vocabulary import header_field, is_label
from budgetperf.layout.heads import head_rows
from budgetperf.layout.lattice import Cell, Lattice, Line
from budgetperf.layout.printed import ROW_FIELDS

KEYS = ("sequence", "name", "project_code")  # what such a part may print again of each row, the surest first
LEAST_ROWS = 3  # that must agree in number where the parts have no key in common
SAME_EDGE = 1.5  # points between the edges of one row on two pages
NOWHERE = float("nan")  # a cell's place on another page is none on this one


class Joined(NamedTuple):
    """items: the tables, with all of their columns, and the lines · roles: cell → what it is that only repeats the rows it
    stands beside · told: (page, table) → in words, what was joined to it · doubts: those that lack such columns, in words."""

    items: list[Lattice | Line]
    roles: dict[int, tuple[str, None, int]]
    told: dict[tuple[int, int], list[str]]
    doubts: dict[tuple[int, int], list[str]]


def joined(found: list[Lattice | Line]) -> Joined:
    """Tables whose heads only say more of the rows of a table before them (指标值 | 度量单位 | 分值), as columns of that."""
    items: list[Lattice | Line] = []
    roles: dict[int, tuple[str, None, int]] = {}
    told: dict[tuple[int, int], list[str]] = {}
    narrow: set[frozenset[str]] = set()  # the fields of tables before others' columns were joined to them
    for item in found:
        heads = _heads(item) if isinstance(item, Lattice) else []
        tables = [n for n, whole in enumerate(items) if heads and isinstance(whole, Lattice)]
        place, top = next(((n, top) for n in tables if (top := _lacking(items[n], heads))), (-1, []))
        aligned = _aligned(items[place], item, top[0]) if top else None
        place, pairs = next(((n, pairs) for n in tables if (pairs := _pairs(items[n], item, heads))), (place, {}))
        if aligned is None and not pairs:
            items.append(item)
            continue
        whole, key = items[place], _of_key(heads) if pairs else set()
        narrow.add(_head_fields(whole))
        items[place] = _with_columns(whole, item, pairs, key) if pairs else aligned
        roles |= {c.index: ("number", None, -1) for row in pairs.values() for c in item.texts(row) if c.col in key}
        same = f"“{heads[0].text}”逐行相同" if key else f"都是 {len(pairs) - 1} 行" if pairs else "行线逐行对齐"
        words = f"第 {item.page} 页的表只有“{heads[-1].text}”等列，接在第 {whole.page} 页的表右侧：{same}"
        told.setdefault((whole.page, whole.table), []).append(words)
    left = [t for t in items if isinstance(t, Lattice) and _head_fields(t) in narrow]
    words = "同样的表右侧各列印在别的页上，这张表的没有找到：接在别的表右侧的可能是它的"
    return Joined(items, roles, told, {(t.page, t.table): [f"第 {t.page} 页：{words}"] for t in left})


def _head_fields(lattice: Lattice) -> frozenset[str]:
    top = next((rows for row in lattice.rows if (rows := head_rows(lattice, row))), [])
    return frozenset(field for row in top for c in lattice.texts(row) if (field := header_field(c.text)))


def _heads(lattice: Lattice) -> list[Cell]:
    """The heads of a table that names neither levels nor projects, and two things more of indicators at least."""
    cells = lattice.texts(lattice.rows[0])
    fields = [header_field(c.text) for c in cells]
    beyond = [f for f in fields if f in ROW_FIELDS and f not in ("level1", "level2", "name")]
    known = None not in fields and set(fields) <= {*KEYS, *ROW_FIELDS} - {"level1", "level2"}
    return cells if known and len(set(beyond)) > 1 else []


def _lacking(whole: Lattice, heads: list[Cell]) -> list[int]:
    """The rows of a table's column heads, where it lacks all that these heads name besides keys; the names too where they
    stand with so much that they are no key."""
    top = next((rows for row in whole.rows if (rows := head_rows(whole, row))), [])
    above = {field for row in top for c in whole.texts(row) if (field := header_field(c.text))}
    fields = {header_field(c.text) for c in heads}
    return top if top and not above & (fields - set(KEYS)) else []


def _aligned(whole: Lattice, part: Lattice, top: int) -> Lattice | None:
    """A table with the columns of another whose rows stand at the same heights of its page, heads beside heads: each row of
    either is one or more whole rows of the other. None where their edges differ, or no page tells them."""
    above = [row for row in whole.rows if row < top]
    edges = [_edges(lattice, first) for lattice, first in ((whole, top), (part, part.rows[0]))]
    fine = max(edges, key=len)
    if len(fine) <= LEAST_ROWS or not all(_stands_in(edge, fine) for own in edges for edge in own):
        return None
    if any(abs(edges[0][end] - edges[1][end]) > SAME_EDGE for end in (0, -1)):
        return None
    at: dict[tuple[int, int], Cell] = {}
    starts: dict[int, list[Cell]] = {}
    printed: dict[int, int] = {}
    for lattice, first, shift in ((whole, top, 0), (part, part.rows[0], whole.columns)):
        for cell in [c for row in lattice.rows for c in lattice.starts.get(row, ())]:
            if cell.row < first:
                row, height = above.index(cell.row) + 1, cell.rowspan
            else:
                begins = [n for n, edge in enumerate(fine) if edge < cell.y0 + SAME_EDGE]
                ends = [n for n, edge in enumerate(fine) if edge < cell.y0 + cell.height + SAME_EDGE]
                row, height = len(above) + len(begins), len(ends) - len(begins)
            places = {"x0": NOWHERE, "x1": NOWHERE, "height": NOWHERE} if shift else {}
            moved = cell._replace(row=row, col=cell.col + shift, rowspan=height, **places)
            starts.setdefault(row, []).append(moved)
            if not shift:
                printed[row] = cell.row
            at |= {(r, c): moved for r in range(row, row + height) for c in range(moved.col, moved.col + cell.colspan)}
    rows = list(range(1, len(above) + len(fine)))
    for row in rows[1:]:
        printed.setdefault(row, printed[row - 1])  # rows that only the other page divides
    return whole._replace(rows=rows, columns=whole.columns + part.columns, at=at, starts=starts, printed=printed)


def _edges(lattice: Lattice, first: int) -> list[float]:
    """The heights at which the rows of a table from `first` on begin, and that at which the last ends."""
    cells = [c for row in lattice.rows if row >= first for c in lattice.starts.get(row, ())]
    heights = sorted({c.y0 for c in cells} | {c.y0 + c.height for c in cells})
    return [y for n, y in enumerate(heights) if n == 0 or y - heights[n - 1] > SAME_EDGE]


def _stands_in(edge: float, edges: list[float]) -> bool:
    return any(abs(edge - other) <= SAME_EDGE for other in edges)


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
    if not keys and head_rows(part, part.rows[0]):
        return {}  # a table of its own, for all that tells
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
