"""The rows of one table with real cells, from the top: heads, heads of forms, captions, sums and indicators in turn."""

import dataclasses
import itertools

from budgetperf.field.headings import money_unit
from budgetperf.field.vocabulary import fold, header_field, level1_name, level2_name, names_body
from budgetperf.layout.account import apparatus
from budgetperf.layout.asides import as_lines, aside, is_whose, last_data_row, leading, lines_of_pairs
from budgetperf.layout.captions import project_caption, takes_level, takes_objective
from budgetperf.layout.form import take_form
from budgetperf.layout.form_lines import head_of_lines
from budgetperf.layout.form_periods import caption_period, goal_spans, is_of_years_before, pass_over, take_period_rows
from budgetperf.layout.form_place import head_spans, holds_fields, upper_heads
from budgetperf.layout.heads import are_field_names, head_rows
from budgetperf.layout.indicator_row import take_indicator, take_sum
from budgetperf.layout.joined_cells import dittos_joined
from budgetperf.layout.lattice import Cell, Lattice, Line
from budgetperf.layout.lines_above import goes_on_with, lines_since, section_for, unit_in_caption
from budgetperf.layout.open_columns import columns_here
from budgetperf.layout.other_rows import opens_other_rows
from budgetperf.layout.printed import is_title
from budgetperf.layout.project_rows import (
    takes_bare_total,
    takes_group,
    takes_part_of_total,
    typed_in_the_middle,
)
from budgetperf.layout.section import Section
from budgetperf.layout.sums import sum_kind
from budgetperf.layout.table_heads import take_heads
from budgetperf.layout.unit_rows import takes_unit

OVER_OTHERS = (
    takes_unit,
    takes_group,
    takes_bare_total,
    takes_part_of_total,
    takes_level,
)  # rows that are no indicators
OF_HEADS = ("year", "unit", "fields", "heads", "edges", "columns", "extra", "more", "points", "names_execution",
            "seen_lines", "lines_before")  # fmt: skip


@dataclasses.dataclass
class Document:
    """What is gathered of a document while its tables go by."""

    sheets: dict[int, str]  # page → its name, where the pages are worksheets: nothing goes on over their edges
    sections: list[Section] = dataclasses.field(default_factory=list)
    current: Section | None = None
    below: Section | None = None  # that of the table right above
    lines: list[Line] = dataclasses.field(default_factory=list)
    between: list[Line] = dataclasses.field(default_factory=list)  # lines since the last table
    far: int = 0  # how many of the lines stand above another table
    # a form's head whose indicators stand in the next table
    pending: list[tuple[Lattice, list[int]]] = dataclasses.field(default_factory=list)
    # texts of a table → its page and what is said above it
    printed: dict[tuple, list[tuple[int, set[str]]]] = dataclasses.field(default_factory=dict)
    form_heads: list[list[Cell]] = dataclasses.field(default_factory=list)  # the column heads of the table above


@dataclasses.dataclass
class _Walk:
    """Where the reading of a table's rows stands."""

    lattice: Lattice
    spans: dict[int, int]  # of heads of forms: the place where one begins → that of the column heads that close it
    in_head: bool  # within a form's head
    first_data: bool  # the next row of data is the first on its page
    last_data: int  # the last row of data
    last_text: int  # the last row with a text
    position: int = 0
    form_rows: list[int] = dataclasses.field(default_factory=list)  # rows above heads that may be a form's head
    caption: str | None = None  # the period that a row above the heads names
    foot: list[int] = dataclasses.field(default_factory=list)  # rows of a form's head below its indicators
    apart: bool = False  # within rows under heads of another kind (评估内容 | 评估情况 | 评估意见)

    @property
    def rows(self) -> list[int]:
        return self.lattice.rows


def read_rows(document: Document, lattice: Lattice, apart: bool = False) -> None:
    """One table's rows into the section to which they belong: `document.current` afterwards; `apart`: the first of them
    are of another kind."""
    walk = _begin(document, lattice)
    walk.apart = apart
    while walk.position < len(walk.rows):
        heads = head_rows(walk.lattice, walk.rows[walk.position], by_place=not _below_heads(document, walk))
        if heads and _of_years_before(document.current, walk, heads):
            _pass_over(document.current, walk, heads)
        elif heads:
            _take_heads(document, walk, heads)
        else:
            walk.position += _take_row(document, walk)
    if walk.form_rows and walk.in_head:
        document.pending.append((walk.lattice, walk.form_rows))


def _begin(document: Document, lattice: Lattice) -> _Walk:
    """Rows before the heads are a form's head: of this table, or going on from the one before; and where a title stands
    above the table, all before its first label."""
    current, rows = document.current, lattice.rows
    spans = head_spans(lattice)
    head_at = next((i for i, row in enumerate(rows) if head_rows(lattice, row)), len(rows))
    titled = any(is_title(line.text) for line in lines_since(document.lines, current))
    titled = titled and min(spans, default=head_at) < head_at
    over = rows[:head_at] if _says_whose_list(lattice, rows, head_at) else []
    if over:
        document.lines += lines_of_pairs(lattice, over)
        lattice = lattice._replace(rows=rows[head_at:])
        spans, head_at, titled = head_spans(lattice), 0, False
        rows = lattice.rows
    over = list(itertools.takewhile(lambda row: _names_whose(lattice, row), rows[: min(spans, default=0)]))
    if over and len(over) in spans:  # a form's unit and unit of money, inside its frame
        document.lines += as_lines(lattice, over)
        lattice = lattice._replace(rows=rows[len(over) :])
        spans, head_at = head_spans(lattice), head_at - len(over)
    return _Walk(
        lattice,
        spans,
        in_head=0 in spans or (bool(document.pending) and head_at > 0) or titled,
        first_data=not document.sheets or _goes_on_bare(document, lattice, head_at == len(rows)),
        last_data=last_data_row(lattice, current.fields) if current is not None else 0,
        last_text=max((r for r in lattice.rows if lattice.texts(r)), default=0),
    )


def _goes_on_bare(document: Document, lattice: Lattice, headless: bool) -> bool:
    """Whether a worksheet holds nothing but rows without heads, as wide as the table on the sheet before: programs that
    make workbooks of pages put each on a sheet of its own."""
    current = document.current
    return (
        headless
        and current is not None
        and bool(current.rows)
        and current.rows[-1]["page"] + 1 == lattice.page
        and lattice.columns == max(current.fields, default=0)
        and not lines_since(document.lines, current)
    )


def _below_heads(document: Document, walk: _Walk) -> bool:
    return not walk.in_head and not walk.form_rows and document.current is not None and bool(document.current.fields)


def _of_years_before(current: Section | None, walk: _Walk, heads: list[int]) -> bool:
    return current is not None and bool(current.rows) and is_of_years_before(walk.lattice, heads, current.year)


def _pass_over(current: Section, walk: _Walk, heads: list[int]) -> None:
    """Rows of a year before, up to the next heads, are noted and not read."""
    rows, begun = walk.rows, walk.position
    ends = (i for i in range(begun + len(heads), len(rows)) if i in walk.spans or head_rows(walk.lattice, rows[i]))
    walk.position = next(ends, len(rows))
    pass_over(current, walk.lattice, rows[begun : walk.position])


def _take_heads(document: Document, walk: _Walk, heads: list[int]) -> None:
    """Column heads with the rows over them: a form's head, lines that stand inside the frame, or upper heads."""
    upper, heads = _rows_over(document, walk, heads)
    pending, rows = document.pending, walk.rows
    document.current = current = section_for(
        document.lines,
        document.far,
        document.sections,
        document.current,
        bool(pending),
        document.sheets.get(walk.lattice.page, ""),
    )
    current.upper_heads = [_folded(walk.lattice, over) for over in upper]
    take_heads(current, walk.lattice, [*upper, *heads], [span for part in pending for span in goal_spans(*part)])
    if pending:
        current.row_period = None
        walk.foot = take_form(current, pending, (walk.lattice, rows[rows.index(heads[-1]) + 1 :]))
        pending.clear()
        walk.first_data = False  # the form's own rows begin here: none is the rest of one on the page before
    current.row_period = walk.caption or current.row_period
    walk.lattice, marks = dittos_joined(walk.lattice, current.fields, heads[-1])
    if marks:
        current.roles |= {c.index: ("heading", None, -1) for c in marks}
        current.told.append(f"第 {walk.lattice.page} 页有 {len(marks)} 格印“{marks[0].text}”一类，沿用其上一格")
    walk.form_rows, walk.in_head, walk.caption = [], False, None
    walk.last_data = _last_data(walk, current, heads[-1])
    current.typed |= typed_in_the_middle(current, walk.lattice, heads[-1])
    walk.position = walk.rows.index(heads[-1]) + 1


def _last_data(walk: _Walk, current: Section, heads: int) -> int:
    """The last row of data below heads, up to the next form's head."""
    place = walk.rows.index(heads)
    end = min((begins for begins in walk.spans if begins > place), default=len(walk.rows))
    return last_data_row(walk.lattice._replace(rows=walk.rows[:end]), current.fields)


def _rows_over(document: Document, walk: _Walk, heads: list[int]) -> tuple[list[int], list[int]]:
    """The upper heads and the heads; what else stands over them goes to the lines or to the pending head of a form."""
    if walk.form_rows and are_field_names(walk.lattice.texts(walk.form_rows[-1])):
        heads = [walk.form_rows.pop(), *heads]
    of_projects = _of_projects(walk.lattice, heads)
    over = leading(walk.lattice, walk.form_rows, of_projects)
    document.lines += as_lines(walk.lattice, over)
    upper, form_rows = upper_heads(walk.lattice, walk.form_rows[len(over) :], heads[0])
    if form_rows and (walk.in_head or document.pending or holds_fields(walk.lattice, form_rows)):
        document.pending.append((walk.lattice, form_rows))
    fresh, current = lines_since(document.lines, document.current), document.current
    again = bool(document.pending) or (current is not None and goes_on_with(current, fresh))
    of_lines = None if again else head_of_lines(fresh)
    if of_lines and not of_projects:
        document.pending.append(of_lines)
    return upper, heads


def _take_row(document: Document, walk: _Walk) -> int:
    """A row that is no head; how many rows were taken."""
    current, lattice, row = document.current, walk.lattice, walk.rows[walk.position]
    heads_again = _below_heads(document, walk) and _folded(lattice, row) in current.upper_heads
    if row in walk.foot and walk.position in walk.spans:  # it is the last of one form, the next begins below
        walk.spans[walk.position + 1] = walk.spans.pop(walk.position)
    walk.in_head = walk.in_head or walk.position in walk.spans or heads_again
    period = caption_period(lattice, row)
    if row in walk.foot:
        pass
    elif walk.in_head or current is None or not current.fields:
        walk.form_rows.append(row)
        walk.caption = period or walk.caption
    elif period:
        current.row_period = period
        current.roles |= {c.index: ("heading", None, -1) for c in lattice.texts(row)}
    elif take_period_rows(current, lattice, row) or takes_objective(current, lattice, row):
        walk.first_data = False
    elif captioned := project_caption(current, lattice, row):
        take_form(current, [captioned[1]])
        return len(captioned[0])
    else:
        _take_data(document, walk, row)
    return 1


def _take_data(document: Document, walk: _Walk, row: int) -> None:
    """A row below the heads: a sum, what stands over other rows, apparatus, the title of another table, an indicator."""
    current, lattice = document.current, walk.lattice
    own = _cells_here(current, lattice, row)
    if not any(cell.text for cell in (*own.values(), *lattice.texts(row))):
        return
    kind = sum_kind(lattice.texts(row), own)
    if not kind and any(takes(current, lattice, own, row) for takes in OVER_OTHERS):
        walk.first_data = False
        return
    role = None if kind else aside(lattice, row, own, walk.last_data)
    walk.apart = _goes_apart(walk, current, row)
    role = "other_table" if walk.apart and role in (None, "unread") and not kind else role
    if role == "title":  # the next table begins within the frame of this one
        walk.form_rows, walk.in_head = [row], True
    elif role:
        current.roles |= {c.index: (role, None, -1) for c in lattice.texts(row)}
    else:
        document.current = current = _with_own_total(current, kind, document.sections)
        if kind:
            take_sum(current, lattice, row, own, kind)
        else:
            take_indicator(current, lattice, row, own, walk.first_data, row >= walk.last_text)
        walk.first_data = False


def _goes_apart(walk: _Walk, current: Section, row: int) -> bool:
    """Whether a row stands under heads of another kind: they follow rows of known levels, and neither levels nor figures
    follow them."""
    lattice = walk.lattice
    if any(level1_name(c.text) or level2_name(c.text) for c in lattice.texts(row)):
        return False
    of_levels = any(level1_name(r.get("level1") or "") for r in current.rows[current.rows_at_heads :])
    return walk.apart or (of_levels and opens_other_rows(current, lattice, row))


def _folded(lattice: Lattice, row: int) -> list[str]:
    return [fold(cell.text) for cell in lattice.texts(row)]


def _cells_here(section: Section, lattice: Lattice, row: int) -> dict[str, Cell]:
    """Field → the cell that covers it in this row."""
    columns = columns_here(section, lattice)
    own = {field: cell for col, field in columns.items() if (cell := lattice.at.get((row, col)))}
    target = own.get("target")  # words of it may stand over the columns of its sign and unit too
    wide = target is not None and target.text and own.get("name") is not target
    return {f: c for f, c in own.items() if not (wide and c is target and f in ("comparator", "measure_unit"))}


def _with_own_total(current: Section, kind: str | None, sections: list) -> Section:
    """A new section where a second total stands before its projects, as the first did."""
    if kind != "total" or not current.rows:
        return current
    totals = [at for kind, at, *_ in current.sums if kind == "total"]
    if not totals or totals[0] > 0:
        return current
    section = Section(current.title)
    for name in OF_HEADS:
        setattr(section, name, getattr(current, name))
    section.unit_lines = [(0, unit) for _, unit in current.unit_lines[-1:]]
    sections.append(section)
    return section


def _names_whose(lattice: Lattice, row: int) -> bool:
    """Whether a row says only whose a table is, and in what unit its money: 207101县人民法院 | 单位：万元."""
    texts = [cell.text for cell in lattice.texts(row)]
    return any(map(money_unit, texts)) and all(money_unit(t) or unit_in_caption(t) or names_body(t) for t in texts)


def _says_whose_list(lattice: Lattice, rows: list[int], head_at: int) -> bool:
    """Whether the rows over the heads of a list of projects say only whose it is, of which year and in what unit its money,
    labels with their values beside them (单位名称： | 县公路局, 单位 | 万元): they are no form's head."""
    over = rows[:head_at]
    heads = head_rows(lattice, rows[head_at]) if over and head_at < len(rows) else []
    if not heads or not _of_projects(lattice, heads):
        return False
    lines = lines_of_pairs(lattice, over)
    known = [
        is_whose(line.text) or is_title(line.text) or money_unit(line.text) or unit_in_caption(line.text)
        or apparatus(line.text) in ("title", "caption")
        for line in lines
    ]  # fmt: skip
    return all(known) and any(is_whose(line.text) for line in lines)


def _of_projects(lattice: Lattice, heads: list[int]) -> bool:
    """Whether a table's heads name a column of projects."""
    return any(header_field(c.text) in ("project", "project_code") for row in heads for c in lattice.texts(row))
