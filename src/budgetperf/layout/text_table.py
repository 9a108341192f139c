"""Tab-separated text of a printed table → Printed: heads, sums, project cells and rows by what their cells hold."""

import dataclasses
from collections import Counter, defaultdict
from typing import NamedTuple

import pandas as pd

from budgetperf.field.form_labels import tight
from budgetperf.field.headings import money_unit, unit_doubt, unit_in_title, year_of_lines, year_printed
from budgetperf.field.notation import parse_number
from budgetperf.field.vocabulary import fold, header_field, is_label
from budgetperf.layout.account import apparatus
from budgetperf.layout.form_lines import labelled_parts
from budgetperf.layout.lines_above import bodies_alone, unit_in_caption
from budgetperf.layout.moved import align, amount_of_line, inline_sum, is_total_line, kind_of_cell, summed_body
from budgetperf.layout.printed import (
    PROJECT_FIELDS,
    ROW_FIELDS,
    SUM_COLUMNS,
    Printed,
    is_title,
    kind_of_layout,
    printed_again,
)
from budgetperf.layout.unit_rows import named_unit

# the order of columns where no head is printed: the commonest form
USUAL_FIELDS = (
    "unit", "project", "category", "budget", "objective", "level1", "level2", "name", "comparator", "target",
    "measure_unit", "weight",
)  # fmt: skip
# kinds of cells that tell the column of a project's cell for sure
SURE = {("project_code", "project"), ("category", "category"), ("amount", "budget"), ("long", "objective")}


Roles = dict[int, tuple[str, str | None, int]]  # cell → role, field, line


class Line(NamedTuple):
    page: int
    row: int
    cols: tuple[int, ...]
    texts: tuple[str, ...]
    cells: tuple[int, ...]  # index in the cells frame


def lines_of(cells: pd.DataFrame) -> list[Line]:
    """Printed lines with their non-empty cells."""
    grouped: dict[tuple[int, int], list[tuple[int, str, int]]] = defaultdict(list)
    for index, page, row, col, text in zip(
        cells.index, cells["page"], cells["row"], cells["col"], cells["text"], strict=True
    ):
        if text.strip():
            grouped[page, row].append((col, text, index))
    return [Line(page, row, *zip(*entries, strict=True)) for (page, row), entries in grouped.items()]


def _head_fields(line: Line) -> list[str | None]:
    return [header_field(text) for text in line.texts]


def _is_head(line: Line) -> bool:
    named = [field for field in _head_fields(line) if field]
    return len(named) >= 3 and len(set(named)) >= 3 and len(named) >= 0.6 * len(line.texts)


def _is_head_remark(line: Line) -> bool:
    return len(line.texts) <= 2 and all(is_label(text, "execution") or "其中" in text for text in line.texts)


def _columns(heads: list[Line]) -> tuple[str, ...]:
    """Fields in the order of print; a head that means either unit of the table or of measure is told by its place."""
    fields: list[str] = []
    for field in _head_fields(heads[0]) if heads else []:
        if field == "unit" and {"name", "comparator"} & set(fields):
            field = "measure_unit"
        if field and field not in fields:
            fields.append(field)
    return tuple(fields) if "name" in fields else USUAL_FIELDS


def _places(lines: list[Line], fields: tuple[str, ...]) -> dict[int, dict[int, int]]:
    """For each page: place in the line → the field that most often stands there, from a first reading by content."""
    seen: dict[int, dict[int, Counter]] = defaultdict(lambda: defaultdict(Counter))
    sure: dict[int, Counter] = defaultdict(Counter)
    for line in lines:
        kinds = tuple(map(kind_of_cell, line.texts))
        for col, kind, field in zip(line.cols, kinds, align(kinds, (-1,) * len(kinds), fields), strict=True):
            if field >= 0:
                seen[line.page][field][col] += 1
                if (kind, fields[field]) in SURE:
                    sure[line.page][col - field] += 1
    places = {
        page: {counts.most_common(1)[0][0]: field for field, counts in by_field.items()}
        for page, by_field in seen.items()
    }
    for page, shifts in sure.items():
        # the project's columns stand side by side: those that are sure tell where the others stand
        shift = shifts.most_common(1)[0][0]
        left = {field + shift: field for field, name in enumerate(fields) if name in PROJECT_FIELDS}
        others = {col: f for col, f in places[page].items() if fields[f] not in PROJECT_FIELDS and col not in left}
        places[page] = left | others
    return places


def _shifted(line: Line, found: tuple[int, ...], places: dict[int, int]) -> str | None:
    """In words, where a row's cells stand away from their columns on this page; None where they do not."""
    usual = {field: col for col, field in places.items()}
    off = [
        f"{text}（第 {col} 格，本页该列在第 {usual[j]} 格）"
        for col, text, j in zip(line.cols, line.texts, found, strict=True)
        if j >= 0 and j in usual and usual[j] != col
    ]
    return "、".join(off) or None


def _sum_label(texts: tuple[str, ...]) -> str | None:
    """The unit that a sub-total names beside its label."""
    named = [
        t for t in texts if parse_number(t) is None and kind_of_cell(t) != "dash"
        and not any(is_label(t, kind) or inline_sum(t, kind) for kind in ("total", "subtotal"))
    ]  # fmt: skip
    return summed_body(named[0]) or named[0] if named else None


def _first_row(lines: list[Line]) -> tuple[str, ...] | None:
    """The texts of the first line that is no head, caption or sum."""
    return next(
        (line.texts for line in lines if not (_is_head(line) or _is_caption(line) or is_total_line(list(line.texts)))),
        None,
    )


def read_text_tables(cells: pd.DataFrame) -> list[Printed]:
    """The printed tables of a text document: another begins where the lines right above further heads, or these, name
    another title, year, unit or unit of money, and where the first row comes again below them."""
    parts: list[list[Line]] = [[]]
    known: dict[str, str | int] = {}
    lines = lines_of(cells)
    for place, line in enumerate(lines):
        if _is_head(line):
            above = next((n for n, over in enumerate(reversed(parts[-1])) if not _is_caption(over)), len(parts[-1]))
            begin = len(parts[-1]) - above
            said = _said([*parts[-1][begin:], line])
            other = any(known.get(what, words) != words for what, words in said.items())
            again = above and _first_row(lines[place:]) == _first_row(parts[-1]) is not None
            if begin and (other or again):
                parts.append(parts[-1][begin:])
                del parts[-2][begin:]
                known = {}
            known |= said
        parts[-1].append(line)
    return [table for lines in parts if (table := _read_text_table(lines))]


def _is_caption(line: Line) -> bool:
    text = line.texts[0]
    named = apparatus(text) in ("title", "caption") or unit_in_caption(text) or year_printed(None, [text])
    return len(line.texts) == 1 and bool(named)


def _are_captions(line: Line) -> bool:
    """Whether a line above the rows is no row itself: one text alone, or what names the unit and its money."""
    return len(line.texts) == 1 or all(apparatus(text) == "caption" or unit_in_caption(text) for text in line.texts)


def _names_unit(line: Line) -> bool:
    """Whether a line is nothing but the name of a unit."""
    return len(line.texts) == 1 and named_unit(line.texts[0]) is not None


def _said(lines: list[Line]) -> dict[str, str | int]:
    """What the captions above heads, and these, say of the whole table."""
    *captions, head = lines
    texts = [line.texts[0] for line in captions]
    title = next(filter(is_title, texts), None)
    units = [unit for texts in (texts, head.texts) for text in texts if (unit := money_unit(text))]
    said = {
        "title": title and fold(title),
        "year": year_printed(title, texts),
        "unit": next(filter(None, map(unit_in_caption, texts)), None),
        "money": units[-1] if units else None,
    }
    return {what: words for what, words in said.items() if words}


@dataclasses.dataclass
class _Above:
    """What the heads and the lines above the rows say of a table, and the lines of its rows."""

    heads: list[Line]
    title: str | None = None
    captions: list[str] = dataclasses.field(default_factory=list)
    head_unit: str | None = None  # the unit of money that a head names
    caption_unit: str | None = None  # and the one that the nearest caption names
    unit_name: str | None = None  # under a label
    unit_alone: str | None = None  # in a line of its own
    names_execution: bool = False
    roles: Roles = dataclasses.field(default_factory=dict)
    body: list[Line] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class _Read:
    """What is gathered of the lines of a table's rows while they go by."""

    fields: tuple[str, ...]
    places: dict[int, dict[int, int]]  # page → place in the line → field
    rows: list[dict] = dataclasses.field(default_factory=list)
    anchors: list[dict] = dataclasses.field(default_factory=list)
    sums: list[tuple] = dataclasses.field(default_factory=list)
    # the first project below a unit's line, the unit
    units: list[tuple[int, str]] = dataclasses.field(default_factory=list)
    bodies: set[str] = dataclasses.field(default_factory=set)  # that lines name which stand over no project
    roles: Roles = dataclasses.field(default_factory=dict)


def _read_text_table(lines: list[Line]) -> Printed | None:
    """The printed table of lines of text, or None where they are no such table."""
    above = _read_above(lines)
    read = _Read(fields := _columns(above.heads), _places(above.body, fields))
    below: list[Line | None] = [None]  # of each line the next one but captions, from the last line on
    for line in reversed(above.body):
        below.append(below[-1] if _are_captions(line) else line)
    for line, next_row in zip(above.body, reversed(below[:-1]), strict=True):
        if not (_take_sum(read, line) or _take_unit(read, line, next_row) or _take_aside(read, line)):
            _take_cells(read, line)
    if not read.rows or not (above.heads or any("comparator" in row or "level2" in row for row in read.rows)):
        return None
    return _printed(above, read)


def _read_above(lines: list[Line]) -> _Above:
    above = _Above([line for line in lines if _is_head(line)])
    head_ends: set[tuple[int, int]] = set()
    for line in lines:
        after_head = (line.page, line.row - 1) in head_ends
        if _is_head(line) or (after_head and _is_head_remark(line)):
            head_ends.add((line.page, line.row))
            for cell, text in zip(line.cells, line.texts, strict=True):
                above.roles[cell] = ("heading", header_field(text), -1)
                above.head_unit = above.head_unit or money_unit(text)
                above.names_execution |= "预算执行率" in tight(text)
        elif (
            not above.body
            and not (is_total_line(list(line.texts)) or (head_ends and _names_unit(line)))
            and _are_captions(line)
        ):
            for cell, text in zip(line.cells, line.texts, strict=True):
                if above.title is None and is_title(text):
                    above.title = text
                above.captions.append(text)
                above.caption_unit = money_unit(text) or above.caption_unit  # the nearest to the table
                named = [unit for part in labelled_parts(text) if (unit := unit_in_caption(part))]
                above.unit_name = named[-1] if named else above.unit_name
                alone = bodies_alone(text) if len(line.texts) == 1 else []
                above.unit_alone = above.unit_alone or (alone[0] if len(alone) == 1 else None)
                above.roles[cell] = ("title" if above.title == text else "caption", None, -1)
        else:
            above.body.append(line)
    return above


def _take_sum(read: _Read, line: Line) -> bool:
    """Whether a line prints a sum under its label, which is taken."""
    kind = is_total_line(list(line.texts))
    if kind:
        _add_sum(read, line, kind, _sum_label(line.texts), amount_of_line(list(line.texts), kind))
    return bool(kind)


def _add_sum(read: _Read, line: Line, kind: str, unit: str | None, amount: str | None) -> None:
    read.sums.append((kind, len(read.rows), line.page, line.row, unit, amount, None, None))
    read.roles |= {cell: ("sum", None, len(read.sums) - 1) for cell in line.cells}


def _take_unit(read: _Read, line: Line, below: Line | None) -> bool:
    """Whether a line names nothing but the unit of the projects below it, with its code or right over a project, in a table
    without a column of units."""
    alone = len(line.texts) == 1 and "unit" not in read.fields
    first, *others = labelled_parts(line.texts[0]) if alone else [""]
    unit = named_unit(first) if alone and all(map(money_unit, others)) else None
    if unit is None:
        return False
    if not unit.coded and not (below and {"project", "project_code"} & {*_placed(read, below)[1]}):
        read.bodies.add(unit.text)
        return False
    read.units.append((len(read.anchors), unit.text))
    read.roles[line.cells[0]] = ("heading", None, -1)
    if unit.amount:
        _add_sum(read, line, "subtotal", unit.text, unit.amount)
    return True


def _take_aside(read: _Read, line: Line) -> bool:
    """Whether a line below the table is a note or a page's number: no part of a project's cells."""
    aside = apparatus(line.texts[0]) if len(line.texts) == 1 else None
    if aside:
        read.roles[line.cells[0]] = (aside, None, -1)
    return bool(aside)


def _placed(read: _Read, line: Line) -> tuple[tuple[int, ...], dict[str, int]]:
    """The field of each cell of a line, by what they hold and where they stand, and field → its cell."""
    places = read.places.get(line.page, {})
    kinds = tuple(map(kind_of_cell, line.texts))
    found = align(kinds, tuple(places.get(col, -1) for col in line.cols), read.fields)
    return found, {read.fields[j]: i for i, j in enumerate(found) if j >= 0}


def _take_cells(read: _Read, line: Line) -> None:
    """The cells of a project and of an indicator that a line holds, or the sum of a unit that it names alone."""
    fields, places = read.fields, read.places.get(line.page, {})
    found, by_field = _placed(read, line)
    texts = {name: line.texts[i] for name, i in by_field.items()}
    is_row = "name" in texts and ("comparator" in texts or "target" in texts or "weight" in texts)
    project_cells = {f: t for f, t in texts.items() if f in PROJECT_FIELDS}
    if not is_row and set(project_cells) == {"unit", "budget"}:
        _add_sum(read, line, "subtotal", texts["unit"], texts["budget"])
        return
    above = read.anchors[-1] if read.anchors else None
    again = above is not None and above["page"] == line.page and printed_again(above, project_cells)
    for j, cell in zip(found, line.cells, strict=True):
        name = fields[j] if j >= 0 else None
        if name in PROJECT_FIELDS:
            read.roles[cell] = ("project", name, len(read.anchors) - again)
        elif name and is_row:
            read.roles[cell] = ("indicator", name, len(read.rows))
    if project_cells and not again:
        read.anchors.append({"at": len(read.rows), "page": line.page, "row": line.row, **project_cells})
    if is_row:
        row = {"page": line.page, "row": line.row, "cell": line.cells[by_field["name"]]}
        row |= {"shifted": _shifted(line, found, places)}
        read.rows.append(row | {f: t for f, t in texts.items() if f in ROW_FIELDS})


def _printed(above: _Above, read: _Read) -> Printed:
    rows = pd.DataFrame(read.rows).reindex(columns=["page", "row", "cell", "shifted", *ROW_FIELDS])
    anchors = pd.DataFrame(read.anchors).reindex(columns=["at", "page", "row", "starts", *PROJECT_FIELDS])
    titled = next(((unit, text) for text in reversed(above.captions) if (unit := unit_in_title(text))), None)
    titled = None if above.unit_name or read.units or anchors["unit"].notna().any() else titled
    if anchors["unit"].isna().all():
        printed = above.unit_name or (titled[0] if titled else above.unit_alone)
        units = pd.Series(printed, index=anchors.index, dtype=object)
        for first, unit in read.units:
            units.iloc[first:] = unit
        anchors["unit"] = units
    roles = above.roles | read.roles
    two_units = above.head_unit and above.caption_unit not in (None, above.head_unit)
    doubts = [unit_doubt(above.caption_unit, above.head_unit)] if two_units else []
    if len(read.bodies) > 1 and anchors["unit"].isna().all():
        doubts.append(f"表中单独成行的{'、'.join(sorted(read.bodies))}是否为项目的单位，不能由版面确定")
    heads = zip(_head_fields(above.heads[0]), above.heads[0].texts, strict=True) if above.heads else ()
    return Printed(
        rows=rows.assign(can_start=True),
        anchors=anchors,
        sums=pd.DataFrame(read.sums, columns=SUM_COLUMNS),
        roles=pd.DataFrame.from_dict(roles, orient="index", columns=["role", "field", "line"]).sort_index(),
        title=above.title,
        fiscal_year=year_of_lines(above.title, above.captions),
        amount_unit=above.head_unit or above.caption_unit,
        doubts=tuple(doubts),
        layout=kind_of_layout(above.title, set(read.fields), False),
        heads={name: text for name, text in heads if name},
        moved=True,
        names_execution=above.names_execution,
        said=((0, "unit", True, f"表内没有单位名称，取自标题“{titled[1]}”"),) if titled else (),
    )
