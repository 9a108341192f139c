"""Tables with real cells and spans (PDF, Excel, Word, HTML) → Printed: columns by their heads, projects by their spans."""

import re

import pandas as pd

from budgetperf.field.headings import is_year, money_unit
from budgetperf.field.vocabulary import fold
from budgetperf.layout.cards import cards_in_rows, cards_joined
from budgetperf.layout.columns_beyond import joined
from budgetperf.layout.form_place import is_apart, still_pending
from budgetperf.layout.heads import head_rows, side_by_side
from budgetperf.layout.joined_cells import heads_joined
from budgetperf.layout.lattice import Lattice, Line, lattices, texts_of
from budgetperf.layout.lines_above import go_on_under, says_whose
from budgetperf.layout.moved import inline_sum
from budgetperf.layout.open_columns import lines_beside, note_beside, with_open_columns
from budgetperf.layout.other_rows import begins_other_rows
from budgetperf.layout.printed import Printed, is_title
from budgetperf.layout.project_rows import names_project
from budgetperf.layout.relaid import relaid
from budgetperf.layout.section import Section, printed_of, take_lines
from budgetperf.layout.table_rows import Document, read_rows
from budgetperf.layout.tree import tree_in_columns
from budgetperf.layout.unpivot import unpivoted

_SAYS_UNIT = re.compile("(?:金额|货币|资金)(?:的|计量)?单位|^(?:注[:：])?单位|元为单位")


def read_grid_tables(cells: pd.DataFrame, sheets: dict[int, str] | None = None) -> list[Printed]:
    """Every performance-target table of a document with real cells, in print order; `sheets`: the names of its pages
    where they are worksheets, over whose edges nothing goes on."""
    found = [part for item in lattices(cells) for part in (side_by_side(item) if isinstance(item, Lattice) else [item])]
    found, repeated, told, doubts = joined(cards_joined(found))
    of_page: dict[int, list[Line]] = {}
    for item in found:
        if isinstance(item, Line) and item.x0 == item.x0:
            of_page.setdefault(item.page, []).append(item)
    document = Document(sheets or {})
    for item in found:
        if isinstance(item, Line):
            _take_line(document, item)
        elif not _is_repeated(document, item):
            beside = lines_beside(item, of_page.get(item.page, []))
            lattice = _take_table(document, item, beside)
            if lattice is not None and (current := document.current) is not None:
                current.roles |= repeated
                current.told += told.get((item.page, item.table), ())
                current.doubts += doubts.get((item.page, item.table), ())
                note_beside(current, lattice, beside)
    if document.current is not None:
        document.current.roles |= {
            c.index: ("unread", None, -1) for lattice, rows in document.pending for r in rows for c in lattice.texts(r)
        }
    if document.below is not None:
        _take_unit_below(document.below, document.between)
    for section in document.sections:
        take_lines(section)
    return [printed_of(section) for section in document.sections if section.rows]


def _take_line(document: Document, line: Line) -> None:
    if document.below is None or not _take_sum_below(document.below, line):
        document.lines.append(line)
        document.between.append(line)


def _is_repeated(document: Document, lattice: Lattice) -> bool:
    """Whether a table with projects stands in the document already, under the same words: it is counted once."""
    said = {fold(line.text) for line in document.between if is_title(line.text) or says_whose(line.text)}
    said |= {name} if (name := fold(document.sheets.get(lattice.page, ""))) and is_year(name) else set()
    alike = document.printed.setdefault(texts_of(lattice), [])
    page = next((page for page, over in alike if said <= over), None)
    alike.append((lattice.page, said))
    current = document.current
    if page is None or current is None or not names_project(current, lattice):
        return False
    current.repeated.append(f"第 {lattice.page} 页的表与第 {page} 页的另一张完全相同，只计一次")
    current.roles |= {c.index: ("other_table", None, -1) for row in lattice.rows for c in lattice.texts(row)}
    return True


def _take_table(document: Document, item: Lattice, beside: list[Line]) -> Lattice | None:
    """A table as it is laid out to be read; None where it is one apart, of which nothing is read."""
    current = document.current
    form_above = current is not None and current.form
    item, document.form_heads, words = relaid(item, document.form_heads if form_above else [])
    item = heads_joined(item)
    turned = cards_in_rows(item) or tree_in_columns(item) or unpivoted(item)
    lattice = turned.lattice if current is None else with_open_columns(turned.lattice, current, beside)
    pending, between, of_sheets = document.pending, document.between, bool(document.sheets)
    if current is not None and not pending and is_apart(current, lattice, between, of_sheets):
        document.far, document.below = len(document.lines), None
        return None
    lines_before = document.lines[: len(document.lines) - len(between)]
    above = next((line.text for line in reversed(lines_before) if is_title(line.text)), None)
    pending[:] = still_pending(pending, lattice, above, between, of_sheets)
    document.between = []
    if current is not None and not any(head_rows(lattice, row) for row in lattice.rows):
        go_on_under(current, between)
    apart = current is not None and current.form and begins_other_rows(current, lattice, between)
    read_rows(document, lattice, apart)
    document.below = current = document.current
    if current is None:
        document.far = document.far if pending else len(document.lines)
        return lattice
    current.roles |= {c.index: ("heading", None, -1) for c in turned.heads}
    current.roles |= {c.index: ("sum", None, -1) for c in turned.sums}
    current.told += [*words, *turned.told]
    return lattice


def _take_unit_below(section: Section, lines: list[Line]) -> None:
    """The unit of money that the notes of a table, or the `lines` below the last, print where nothing else does."""
    notes = [f"{label}：{text}" for _, label, text, *_ in section.notes]
    texts = [text for text in (*notes, *(line.text for line in lines)) if _SAYS_UNIT.search(fold(text))]
    said = {unit: text for text in texts if (unit := money_unit(text))}
    if len(said) == 1 and section.unit is None and not any(a.get("amount_unit") for a in section.anchors):
        [(section.unit, text)] = said.items()
        section.told.append(f"金额单位取自“{fold(text)[:40]}”")


def _take_sum_below(section: Section, line: Line) -> bool:
    """Whether a line below a table prints its total, which is taken."""
    of_many = not section.form or (len(section.anchors) > 1 and "元" in line.text)
    amount = inline_sum(line.text, "total") if section.rows and of_many else None
    if amount is not None:
        section.roles[line.index] = ("sum", None, len(section.sums))
        section.sums.append(("total", len(section.rows), line.page, line.row, None, amount, None, None))
    return amount is not None
