"""Tables with real cells and spans (PDF, Excel, Word, HTML) → Printed: columns by their heads, projects by their spans."""

import itertools
import re

import pandas as pd

from budgetperf.field.headings import is_year, money_unit
from budgetperf.field.money_text import is_nothing
from budgetperf.field.vocabulary import both_levels, fold, header_field, is_label, names_body
from budgetperf.layout.asides import as_lines, aside, is_empty_line, is_unfilled, last_data_row, leading
from budgetperf.layout.captions import project_caption, takes_level, takes_objective
from budgetperf.layout.columns_beyond import joined
from budgetperf.layout.form import (
    head_spans,
    holds_fields,
    is_apart,
    still_pending,
    take_form,
    upper_heads,
)
from budgetperf.layout.form_lines import head_of_lines
from budgetperf.layout.form_periods import (
    caption_period,
    goal_spans,
    is_of_years_before,
    pass_over,
    take_period_rows,
)
from budgetperf.layout.heads import are_field_names, head_rows, side_by_side
from budgetperf.layout.joined_cells import dittos_joined, heads_joined
from budgetperf.layout.lattice import Cell, Lattice, Line, lattices, texts_of
from budgetperf.layout.lines_above import lines_since, says_whose, section_for, unit_in_caption
from budgetperf.layout.moved import inline_sum
from budgetperf.layout.open_columns import columns_here, is_side_text, lines_beside, note_beside, with_open_columns
from budgetperf.layout.printed import ROW_FIELDS, Printed, is_title
from budgetperf.layout.project_rows import (
    edge_touched,
    names_project,
    note_project,
    take_project,
    takes_group,
    takes_part_of_total,
    takes_unit,
    typed_in_the_middle,
)
from budgetperf.layout.relaid import relaid
from budgetperf.layout.section import Section, printed_of, take_lines
from budgetperf.layout.sums import sum_cells, sum_kind
from budgetperf.layout.table_heads import take_heads
from budgetperf.layout.unpivot import unpivoted

LEVELS = ("level1", "level2")
OVER_OTHERS = (takes_unit, takes_group, takes_part_of_total, takes_level)  # rows that are no indicators
OF_HEADS = ("year", "unit", "fields", "heads", "edges", "columns", "extra", "more", "points", "names_execution",
            "seen_lines")  # fmt: skip
REASONS = ("deviation_note", "explanation")  # whose words may go on beside an empty row
ONCE = ("weight", "score")  # a merged cell of points counts once, not for each row it covers


def read_grid_tables(cells: pd.DataFrame, sheets: dict[int, str] | None = None) -> list[Printed]:
    """Every performance-target table of a document with real cells, in print order; `sheets`: the names of its pages
    where they are worksheets, over whose edges nothing goes on."""
    sections: list[Section] = []
    lines: list[Line] = []
    between: list[Line] = []  # lines since the last lattice
    pending: list[tuple[Lattice, list[int]]] = []  # a form's head whose indicators stand in the next lattice
    current: Section | None = None
    below: Section | None = None  # that of the table right above
    found = [part for item in lattices(cells) for part in (side_by_side(item) if isinstance(item, Lattice) else [item])]
    found, repeated, told = joined(found)
    printed: dict[tuple, list[tuple[int, set[str]]]] = {}  # texts of a table → its page and what is said above it
    form_heads: list[list[Cell]] = []  # the column heads of the table above
    far = 0  # how many of the lines stand above another table
    of_page: dict[int, list[Line]] = {}
    for item in found:
        if isinstance(item, Line) and item.x0 == item.x0:
            of_page.setdefault(item.page, []).append(item)
    for item in found:
        if isinstance(item, Line):
            if below is None or not _take_sum_below(below, item):
                lines.append(item)
                between.append(item)
            continue
        said = {fold(line.text) for line in between if is_title(line.text) or says_whose(line.text)}
        said |= {name} if (name := fold((sheets or {}).get(item.page, ""))) and is_year(name) else set()
        alike = printed.setdefault(texts_of(item), [])
        page = next((page for page, over in alike if said <= over), None)
        alike.append((item.page, said))
        if page is not None and current is not None and names_project(current, item):
            current.repeated.append(f"第 {item.page} 页的表与第 {page} 页的另一张完全相同，只计一次")
            current.roles |= {c.index: ("other_table", None, -1) for row in item.rows for c in item.texts(row)}
            continue
        beside = lines_beside(item, of_page.get(item.page, []))
        item, form_heads, words = relaid(item, form_heads if current is not None and current.form else [])
        turned = unpivoted(heads_joined(item))
        lattice = turned.lattice
        if current is not None:
            lattice = with_open_columns(lattice, current, beside)
        if current is not None and not pending and is_apart(current, lattice, between, bool(sheets)):
            far, below = len(lines), None
            continue
        above = next((line.text for line in reversed(lines[: len(lines) - len(between)]) if is_title(line.text)), None)
        pending[:] = still_pending(pending, lattice, above, between, bool(sheets))
        between = []
        current = _read_lattice(lattice, lines, far, sections, current, pending, sheets or {})
        far = far if current is not None or pending else len(lines)
        below = current
        if current is not None:
            current.roles |= {c.index: ("heading", None, -1) for c in turned.heads}
            current.roles |= {c.index: ("sum", None, -1) for c in turned.sums}
            current.roles |= repeated
            current.told += [*words, *turned.told, *told.get((item.page, item.table), ())]
        if current is not None and beside:
            note_beside(current, lattice, beside)
    if current is not None:
        current.roles |= {
            c.index: ("unread", None, -1) for lattice, rows in pending for r in rows for c in lattice.texts(r)
        }
    for section in sections:
        take_lines(section)
    return [printed_of(section) for section in sections if section.rows]


# ---- one lattice -----------------------------------------------------------------------------------------------------


def _read_lattice(
    lattice: Lattice, lines: list[Line], far: int, sections: list, current: Section | None, pending: list,
    sheets: dict[int, str],
) -> Section | None:  # fmt: skip
    position, rows = 0, lattice.rows
    spans = head_spans(lattice)
    head_at = next((i for i, row in enumerate(rows) if head_rows(lattice, row)), len(rows))
    # rows before the heads are a form's head: of this lattice, or going on from the one before
    # and where a title stands above the table, all before its first label
    titled = any(is_title(line.text) for line in lines_since(lines, current)) and min(spans, default=head_at) < head_at
    over = list(itertools.takewhile(lambda row: _names_whose(lattice, row), rows[: min(spans, default=0)]))
    if over and len(over) in spans:  # a form's unit and unit of money, inside its frame
        lines += as_lines(lattice, over)
        lattice, rows = lattice._replace(rows=rows[len(over) :]), rows[len(over) :]
        spans, head_at = head_spans(lattice), head_at - len(over)
    in_head = 0 in spans or (bool(pending) and head_at > 0) or titled
    form_rows: list[int] = []
    caption = None  # the period that a row above the heads names
    foot: list[int] = []  # rows of a form's head that stand below its indicators
    first_data = not sheets
    last_data = last_data_row(lattice, current.fields) if current is not None else 0
    last_text = max((r for r in rows if lattice.texts(r)), default=0)
    while position < len(rows):
        row = rows[position]
        below_heads = not in_head and not form_rows and current is not None and bool(current.fields)
        heads = head_rows(lattice, row, by_place=not below_heads)
        if heads and current is not None and current.rows and is_of_years_before(lattice, heads, current.year):
            ends = (i for i in range(position + len(heads), len(rows)) if i in spans or head_rows(lattice, rows[i]))
            begun, position = position, next(ends, len(rows))
            pass_over(current, lattice, rows[begun:position])
            continue
        if heads:
            if form_rows and are_field_names(lattice.texts(form_rows[-1])):
                heads = [form_rows.pop(), *heads]
            over = leading(lattice, form_rows, _of_projects(lattice, heads))
            lines += as_lines(lattice, over)
            upper, form_rows = upper_heads(lattice, form_rows[len(over) :], heads[0])
            if form_rows and (in_head or pending or holds_fields(lattice, form_rows)):
                pending.append((lattice, form_rows))
            if (
                not pending
                and (part := head_of_lines(lines_since(lines, current)))
                and not _of_projects(lattice, heads)
            ):
                pending.append(part)
            current = section_for(lines, far, sections, current, bool(pending), sheets.get(lattice.page, ""))
            current.upper_heads = [_folded(lattice, over) for over in upper]
            take_heads(current, lattice, [*upper, *heads], [span for part in pending for span in goal_spans(*part)])
            if pending:
                current.row_period = None
                foot = take_form(current, pending, (lattice, rows[rows.index(heads[-1]) + 1 :]))
                pending.clear()
                first_data = False  # the form's own rows begin here: none is the rest of one on the page before
            current.row_period = caption or current.row_period
            lattice, marks = dittos_joined(lattice, current.fields, heads[-1])
            current.roles |= {c.index: ("heading", None, -1) for c in marks}
            current.told += (
                [f"第 {lattice.page} 页有 {len(marks)} 格印“{marks[0].text}”一类，沿用其上一格"] if marks else []
            )
            form_rows, in_head, caption = [], False, None
            last_data = last_data_row(lattice, current.fields)
            current.typed |= typed_in_the_middle(current, lattice, heads[-1])
            position = rows.index(heads[-1]) + 1
            continue
        in_head = in_head or position in spans or (below_heads and _folded(lattice, row) in current.upper_heads)
        period = caption_period(lattice, row)
        if row in foot:
            pass
        elif in_head or current is None or not current.fields:
            form_rows.append(row)
            caption = period or caption
        elif period:
            current.row_period = period
            current.roles |= {c.index: ("heading", None, -1) for c in lattice.texts(row)}
        elif take_period_rows(current, lattice, row) or takes_objective(current, lattice, row):
            first_data = False
        elif captioned := project_caption(current, lattice, row):
            take_form(current, [captioned[1]])
            position += len(captioned[0])
            continue
        else:
            own = _cells_here(current, lattice, row)
            kind = sum_kind(lattice.texts(row), own)
            over = not kind and any(takes(current, lattice, own, row) for takes in OVER_OTHERS)
            role = None if kind or over else aside(lattice, row, own, last_data)
            if over:
                first_data = False
            elif role == "title":  # the next table begins within the frame of this one
                form_rows, in_head = [row], True
            elif role:
                current.roles |= {c.index: (role, None, -1) for c in lattice.texts(row)}
            else:
                current = _with_own_total(current, kind, sections)
                _take_row(current, lattice, row, own, kind, first_data, row >= last_text)
                first_data = False
        position += 1
    if form_rows and in_head:
        pending.append((lattice, form_rows))
    return current


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


def _of_projects(lattice: Lattice, heads: list[int]) -> bool:
    """Whether a table's heads name a column of projects."""
    return any(header_field(c.text) in ("project", "project_code") for row in heads for c in lattice.texts(row))


def _take_sum_below(section: Section, line: Line) -> bool:
    """Whether a line below a table prints its total, which is taken."""
    of_many = not section.form or (len(section.anchors) > 1 and "元" in line.text)
    amount = inline_sum(line.text, "total") if section.rows and of_many else None
    if amount is not None:
        section.roles[line.index] = ("sum", None, len(section.sums))
        section.sums.append(("total", len(section.rows), line.page, line.row, None, amount, None, None))
    return amount is not None


def _take_row(
    section: Section, lattice: Lattice, row: int, own: dict[str, Cell], kind: str | None, first: bool, last: bool
) -> None:
    texts = lattice.texts(row)
    if kind:
        found, taken = sum_cells(texts, own, kind)
        section.sums.append((kind, len(section.rows), lattice.page, row, *found.values()))
        of_sum, over = ("sum", None, len(section.sums) - 1), f"{fold(taken[0].text)}/" if taken else ""
        section.roles |= {c.index: of_sum for c in taken}
        section.beside_total = (of_sum, own) if kind == "total" else section.beside_total
        note_project(section, lattice, row, max(len(section.anchors) - 1, 0), over)
        grades = [n for n, c in enumerate(texts) if is_label(c.text.split("等级")[-1].lstrip("：: "), "grade")]
        labels = [n - 1 for n in grades if n and texts[n - 1] not in taken]  # 评价等次 | 优
        graded = [texts[n] for n in (*grades, *labels) if kind == "score_total"]
        beside = [c for c in texts if c.col in section.more and c not in taken]  # what stands under 得分率
        section.roles |= {c.index: ("note", None, -1) for c in (*graded, *beside)}
        section.roles |= {c.index: of_sum for c in texts if c.col in section.points and c.text == found["weight"]}
        section.covering = ("sum", lattice.page, row)
        return
    take_project(section, lattice, row, own, first)
    note_project(section, lattice, row, len(section.anchors) - 1)
    starts_here = {f: c for f, c in own.items() if f in ROW_FIELDS and c.row == row and c.text}
    values = {
        f: c.text for f, c in own.items()
        if f in ROW_FIELDS and c.text and (f not in ONCE or c.row == row) and (c.row == row or f in (*LEVELS, *ONCE))
    }  # fmt: skip
    # a name merged over several rows holds for each of them; that it does is the mending's to say
    if "name" not in values and "target" in starts_here and own.get("name") and own["name"].rowspan > 1:
        values["name_over"] = own["name"].text
    target = own.get("target")
    if "target" not in values and "name" in starts_here and target and target.text and target.x0 != target.x0:
        values["target_over"] = target.text  # told by the file; on a page a rule may only be missing
    if "measure_unit" not in values and "target" in starts_here and (unit := own.get("measure_unit")) and unit.text:
        values["measure_unit"] = unit.text  # one unit beside several targets
    if "weight" not in values and (weight := own.get("weight")) and weight.text and weight.row < row:
        values["weight_over"] = weight.text  # one cell of points beside several indicators
    if "actual" not in values and "target" in starts_here and (actual := own.get("actual")) and actual.text:
        section.doubts.append(f"第 {lattice.page} 页第 {row} 行的实际完成值与上面的行合为一格，没有另外读入")
    if is_empty_line(values):
        _note_levels(section, own, row)
        named = any(f in values for f in (*LEVELS, "name"))  # else a text is what a row lost, and unread
        empty = [c for f, c in starts_here.items() if is_nothing(c.text) or (named and f not in REASONS)]
        empty += [c for col in section.more if (c := lattice.at.get((row, col))) and c.row == row]
        section.roles = {c.index: ("note", None, -1) for c in empty} | section.roles
        return
    number = len(section.rows)
    alone, section.levels_alone = section.levels_alone, {}
    if "level2" not in values and values.get("level1", alone.get("level1")) == alone.get("level1"):
        values |= alone
    values = section.levels_over | values
    if "level1" not in values and (both := both_levels(values.get("level2", ""))):
        values["level1"], values["level2"] = both
    values |= _more(section, lattice, row, number)
    for col, level in section.points.items():
        if (cell := lattice.at.get((row, col))) and cell.text:
            values[f"{level}_points"] = cell.text
            section.roles.setdefault(cell.index, ("indicator", level, number))
    for f, c in starts_here.items():
        section.roles[c.index] = ("indicator", f, number)
    for f in LEVELS:
        if (cell := own.get(f)) and cell.text:
            section.roles.setdefault(cell.index, ("indicator", f, number))
    if first:
        section.head_cells = {f: own[f].index for f in LEVELS if f in own}
    going_on = {
        f for f in LEVELS if f in own and section.head_cells.get(f) == own[f].index
    }  # from the page's first row
    section.merged |= {f for f in LEVELS if f in own and own[f].rowspan > 1}
    name = own.get("name")
    section.rows.append(
        {
            "page": lattice.page,
            "row": lattice.printed.get(row, row),
            "cell": name.index if name else (texts[0].index if texts else -1),
            "can_start": section.typed or (section.covering is not None and section.covering[-1] is True),
            **{f"{f}_edge": edge_touched(own.get(f), lattice, first or f in going_on) for f in LEVELS},
            **{f"{f}_cell": own[f].index if f in own else -1 for f in LEVELS},
            "height": name.height if name and name.rowspan == 1 else float("nan"),
            "at_head": first,
            "at_foot": last,
            **values,
        }
    )
    if section.covering is not None:
        section.covering = (*section.covering[:-1], False) if section.covering[-1] is True else section.covering


def _more(section: Section, lattice: Lattice, row: int, number: int) -> dict[str, str]:
    """What the columns beside the known ones say of a row, each text with its head; marks of upright texts."""
    said = []
    for col, head in section.extra.items():
        cell = lattice.at.get((row, col))
        if cell is None or not cell.text or cell.row != row:
            continue
        if is_side_text(cell.text) or (cell.rowspan > 2 and len(cell.text) < 20 and re.search("指标|目标", cell.text)):
            section.roles[cell.index] = ("heading", None, -1)
        elif col in section.more:
            section.roles[cell.index] = ("indicator", "more", number)
            said.append(f"{fold(head)}：{cell.text}")
    return {"more": "；".join(said)} if said else {}


def _note_levels(section: Section, own: dict[str, Cell], row: int) -> None:
    """A row without an indicator (the sliver of a cut one): only its levels are read; they are those of a next row
    that prints none."""
    section.levels_alone = {}
    for field in LEVELS:
        if (cell := own.get(field)) and cell.text and cell.row == row and not is_unfilled(cell.text):
            section.roles.setdefault(cell.index, ("indicator", field, len(section.rows)))
            section.levels[cell.index] = cell.text
            section.levels_alone[field] = cell.text
