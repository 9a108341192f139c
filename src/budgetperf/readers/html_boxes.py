"""Tables that a style sheet makes of other elements by flex boxes, a grid or places on the page → table, tr and td.

Boxes side by side are columns, boxes below each other rows; nothing is guessed of widths: where rows do not all have the
same number of columns, text stands between the boxes, or places overlap, nothing is changed.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

import tinycss2
from lxml import etree

from budgetperf.readers.html_looks import Declarations

Styles = dict[etree._Element, Declarations]
LEAST_ROWS, LEAST_COLUMNS = 3, 2
MOST_TRACKS = 1000  # of a grid, as of a span
MOST_PLACES = 200_000  # of one table
BETWEEN = 0.25  # share of the rows of a table that may be lines across all of it
FILLED = 0.8  # of a table's places that boxes set upon the page must fill
SAME_EDGE = 2.0  # pixels
_FLEX, _GRID = {"flex", "inline-flex"}, {"grid", "inline-grid"}
_PARTS = {"table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "html", "body", "head", "select", "svg"}
_BLOCKS = {"div", "section", "article", "main", "ul", "ol", "dl", "li", "form", "fieldset", "figure"}
_PIXELS = re.compile(r"(-?\d+(?:\.\d+)?)(px|pt|mm|cm|em|rem|%)?")


class _Cell(NamedTuple):
    row: int
    col: int
    height: int
    width: int
    element: etree._Element


class _Box(NamedTuple):
    height: int
    width: int
    cells: list[_Cell]


def lay_out(root: etree._Element, styles: Styles) -> None:
    """Changes the page in place; what is not seen must be out of it.

    >>> import lxml.html
    >>> row = "<p style='display: flex'><b>甲</b><b>乙</b></p>"
    >>> page = lxml.html.fromstring(f"<div>{row * 3}</div>")
    >>> lay_out(page, {row: {"display": "flex"} for row in page.iter("p")})
    >>> [element.tag for element in page.iter()][:4], page.text_content()
    (['table', 'tr', 'td', 'b'], '甲乙甲乙甲乙')
    """
    if not is_laid_out(styles):
        return
    boxes: dict[etree._Element, _Box] = {}
    elements = list(root.iter(etree.Element))
    around = {parent for table in root.iter("table") for parent in table.iterancestors()}
    for element in reversed(elements):  # what is inside comes first
        if element.tag not in _PARTS and element not in around and (box := _box(element, styles, boxes)) is not None:
            boxes[element] = box
    for element in elements:
        box = boxes.get(element)
        if box and box.height >= LEAST_ROWS and LEAST_COLUMNS <= box.width <= MOST_PLACES / box.height:
            for inside in element.iterdescendants(etree.Element):
                boxes.pop(inside, None)
            _make_table(element, box)


def is_laid_out(styles: Styles) -> bool:
    """Whether styles set boxes side by side, into a grid or upon the page."""
    return any(look.get("display") in _FLEX | _GRID or look.get("position") == "absolute" for look in styles.values())


def _make_table(element: etree._Element, box: _Box) -> None:
    tail = element.tail
    element.clear()
    element.tag, element.tail = "table", tail
    rows = [etree.SubElement(element, "tr") for _ in range(box.height)]
    taken = {
        (cell.row + down, cell.col + over)
        for cell in box.cells
        for down in range(cell.height)
        for over in range(cell.width)
    }
    blanks = [
        _Cell(row, col, 1, 1, etree.Element("i"))
        for row in range(box.height)
        for col in range(box.width)
        if (row, col) not in taken
    ]
    for cell in sorted([*box.cells, *blanks], key=lambda cell: cell[:2]):
        made = etree.SubElement(rows[cell.row], "td", rowspan=str(cell.height), colspan=str(cell.width))
        cell.element.tail = None
        made.append(cell.element)


# ---- one box


def _box(element: etree._Element, styles: Styles, boxes: dict[etree._Element, _Box]) -> _Box | None:
    """The rows and columns inside an element; None where it is a text, or none that can be told."""
    children = list(_children(element, styles))
    look = styles.get(element, {})
    if not children or _has_text(element) or any("order" in styles.get(child, {}) for child in children):
        return None
    if look.get("display") in _GRID:
        return _grid(children, look, styles)
    if look.get("display") in _FLEX:
        way = look.get("flex-direction", "row")
        if way == "column":
            return _stacked(children, boxes)
        return _side_by_side(children, boxes) if way == "row" and look.get("flex-wrap", "nowrap") == "nowrap" else None
    if sum(styles.get(child, {}).get("position") == "absolute" for child in children) >= LEAST_ROWS * LEAST_COLUMNS:
        return _placed(children, styles)
    if element.tag in _BLOCKS and any(child in boxes for child in children):
        return _stacked(children, boxes)
    return None


def _children(element: etree._Element, styles: Styles) -> Iterable[etree._Element]:
    """The boxes straight inside an element: those of an element that is none itself in its place."""
    waiting = [element.iterchildren(etree.Element)]
    while waiting:
        child = next(waiting[-1], None)
        if child is None:
            waiting.pop()
        elif styles.get(child, {}).get("display") == "contents":
            waiting.append(child.iterchildren(etree.Element))
        elif "hidden" not in child.attrib and child.tag not in ("script", "style", "template", "br"):
            yield child


def _has_text(element: etree._Element) -> bool:
    return any((text or "").strip() for text in (element.text, *(child.tail for child in element)))


def _side_by_side(children: list[etree._Element], boxes: dict[etree._Element, _Box]) -> _Box | None:
    parts = [boxes[child] if child in boxes and boxes[child].height > 1 else None for child in children]
    height = max((part.height for part in parts if part), default=1)
    if any(part and part.height != height for part in parts):
        return None
    cells, col = [], 0
    for child, part in zip(children, parts, strict=True):
        own = [_Cell(0, 0, height, 1, child)] if part is None else part.cells
        cells += [cell._replace(col=cell.col + col) for cell in own]
        col += 1 if part is None else part.width
    return _Box(height, col, cells) if len(children) > 1 else None


def _stacked(children: list[etree._Element], boxes: dict[etree._Element, _Box]) -> _Box | None:
    parts = [boxes.get(child) for child in children]
    widths = {part.width for part in parts if part}
    across = sum(part is None for part in parts)
    if len(widths) > 1 or (widths and across > BETWEEN * len(parts) and across > 2):
        return None
    width = widths.pop() if widths else 1
    cells, row = [], 0
    for child, part in zip(children, parts, strict=True):
        own = [_Cell(0, 0, 1, width, child)] if part is None else part.cells
        cells += [cell._replace(row=cell.row + row) for cell in own]
        row += 1 if part is None else part.height
    return _Box(row, width, cells)


# ---- a grid


def _grid(children: list[etree._Element], look: Declarations, styles: Styles) -> _Box | None:
    """The places of a grid's children, as CSS Grid places them row by row."""
    columns = tracks(look.get("grid-template-columns", ""))
    if not columns or look.get("grid-auto-flow", "row") != "row":
        return None
    taken: set[tuple[int, int]] = set()
    found: dict[etree._Element, _Cell] = {}
    wanted = {child: _wanted(styles.get(child, {})) for child in children}
    if None in wanted.values() or sum(height * width for _, height, _, width in wanted.values()) > MOST_PLACES:
        return None
    row = col = 0
    # first those whose row is given, then the others in their order
    for child, (at_row, height, at_col, width) in sorted(wanted.items(), key=lambda item: item[1][0] is None):
        if width > columns or (at_col is not None and at_col + width > columns):
            return None
        if at_row is not None:
            places = [(at_row, at_col if at_col is not None else c) for c in range(columns - width + 1)]
        else:
            if at_col is not None and at_col < col:
                row += 1
            row, col = (row, at_col) if at_col is not None else (row, col)
            last = row + len(children) * max(height, 1) + len(taken)
            places = [(r, at_col) for r in range(row, last)] if at_col is not None else (
                (r, c) for r in range(row, last) for c in range(col if r == row else 0, columns - width + 1)
            )  # fmt: skip
        place = next((p for p in places if taken.isdisjoint(_places(*p, height, width))), None)
        if place is None:
            return None
        taken.update(_places(*place, height, width))
        found[child] = _Cell(*place, height, width, child)
        if at_row is None:
            row, col = place
    return _Box(max(r for r, _ in taken) + 1, columns, list(found.values()))


def _places(row: int, col: int, height: int, width: int) -> set[tuple[int, int]]:
    return {(row + down, col + over) for down in range(height) for over in range(width)}


def tracks(template: str) -> int:
    """How many columns a grid's template has; 0 where it does not say.

    >>> tracks("repeat(2, 1fr 80px) auto [end]"), tracks("1fr minmax(10px, 2fr)"), tracks("repeat(auto-fill, 9px)")
    (5, 2, 0)
    """
    count = 0
    for token in tinycss2.parse_component_value_list(template, skip_comments=True):
        if token.type == "function" and token.lower_name == "repeat":
            times, _, inside = tinycss2.serialize(token.arguments).partition(",")
            if not times.strip().isdecimal():
                return 0
            count += int(times) * tracks(inside)
        elif token.type in ("dimension", "percentage", "function", "number") or (
            token.type == "ident" and token.lower_value in ("auto", "min-content", "max-content")
        ):
            count += 1
        elif token.type not in ("whitespace", "[] block"):
            return 0
    return count if count <= MOST_TRACKS else 0


def _wanted(look: Declarations) -> tuple[int | None, int, int | None, int] | None:
    """(row, height, column, width) as the styles of a grid's child give them; None for what is not told by numbers."""
    area = [part.strip() for part in look.get("grid-area", "").split("/")] + ["auto"] * 4
    sides = []
    for at, name in ((0, "row"), (1, "column")):
        both = [part.strip() for part in look.get(f"grid-{name}", "").split("/")] + ["auto"]
        start = look.get(f"grid-{name}-start") or both[0] or area[at] or "auto"
        end = look.get(f"grid-{name}-end") or (both[1] if both[0] else area[at + 2]) or "auto"
        numbers = [re.fullmatch(r"(?:(span)\s+)?(\d{1,4})", word) for word in (start, end)]
        if any(found is None and word != "auto" for found, word in zip(numbers, (start, end), strict=True)):
            return None
        first = int(numbers[0][2]) - 1 if numbers[0] and not numbers[0][1] else None
        spans = [int(found[2]) for found in numbers if found and found[1]]
        span = spans[0] if spans else 1
        if numbers[1] and not numbers[1][1]:
            last = int(numbers[1][2]) - 1
            first, span = (first, last - first) if first is not None else (last - span, span)
        if span < 1 or (first is not None and first < 0):
            return None
        sides += [first, span]
    return tuple(sides)


# ---- places on the page


def _placed(children: list[etree._Element], styles: Styles) -> _Box | None:
    """Boxes that stand where their styles say, edge to edge."""
    frames = []
    for child in children:
        look = styles.get(child, {})
        sides = [_PIXELS.fullmatch(look.get(name, "")) for name in ("left", "top", "width", "height")]
        if (
            look.get("position") != "absolute"
            or None in sides
            or len({side[2] for side in sides if side[1] != "0"}) > 1
        ):
            return None
        left, top, width, height = (float(side[1]) for side in sides)
        frames.append((child, left, top, left + width, top + height))
    xs = _edges([x for _, x0, _, x1, _ in frames for x in (x0, x1)])
    ys = _edges([y for _, _, y0, _, y1 in frames for y in (y0, y1)])
    if (len(xs) - 1) * (len(ys) - 1) > MOST_PLACES:
        return None
    cells, taken = [], set()
    for child, x0, y0, x1, y1 in frames:
        col, after, row, below = (bisect_right(edges, at) - 1 for at, edges in ((x0, xs), (x1, xs), (y0, ys), (y1, ys)))
        places = _places(row, col, below - row, after - col)
        if not places or not taken.isdisjoint(places):
            return None
        taken |= places
        cells.append(_Cell(row, col, below - row, after - col, child))
    height, width = len(ys) - 1, len(xs) - 1
    return _Box(height, width, cells) if len(taken) >= FILLED * height * width else None


def _edges(numbers: list[float]) -> list[float]:
    """The different ones of some edges."""
    ordered = sorted(numbers)
    return [ordered[0], *(b for a, b in pairwise(ordered) if b - a > SAME_EDGE)]
