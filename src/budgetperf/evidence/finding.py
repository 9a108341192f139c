"""The print that a finding speaks of: a view for each stretch of a page, framed on the cells that decide it."""

from collections.abc import Iterable
from contextlib import suppress
from functools import cache

import pandas as pd

from budgetperf.audit.load import all_rules
from budgetperf.audit.overview import cells_of
from budgetperf.errors import InputError
from budgetperf.evidence import view_of
from budgetperf.evidence.choice import HOLDERS, Choice, choose
from budgetperf.evidence.view import View

MOST = 4  # stretches shown of one finding: two sides of a comparison, or the first of many
APART = 8  # rows of print between two cells that are shown in pictures of their own


def show_finding(
    dataset, finding, fields: Iterable[str] = (), *, source=None, most: int = MOST, lang: str = "zh"
) -> list[View]:
    """Views of what a finding (a row of `findings`) rests on, in order of print; at least one where cells were kept.

    fields: the columns that its rule looks at, as "indicators.weight"; their cells are framed, the others of the same
    row or project thinly. source: as of `show_cell` · lang: zh or en, of captions and notes. Both sides of a comparison are shown, of many places the first.
    Raises InputError where nothing of the document was kept.
    """
    part = dataset.of_document(finding.document_id)
    own, others, subjects, zh = [], [], [], lang == "zh"
    for _, project, indicator in _places(finding)[: 3 * most]:
        if project is None:
            continue
        with suppress(InputError):
            choice = choose(part, finding.document_id, project, indicator, None, lang)
            framed = _framed(part, finding.document_id, project, indicator, fields)
            own.append(framed if len(framed) else choice.own)
            others += [choice.own, choice.others]
            subjects.append((set(own[-1].index), choice.subject))
    if not own:
        own, subjects = [_of_document(part.cells)], []
    framed = _joined(own)
    if framed.empty:
        raise InputError("没有保存这份文件的单元格，无法示出原件。请用 budgetperf.build 重新读入。")
    thin = _joined([*others, framed.iloc[:0]])
    views = []
    for stretch in _stretches(framed)[:most]:
        said = ("；" if zh else "; ").join(words for index, words in subjects if index & set(stretch.index))
        said = said or ("整份文件" if zh else "the whole document")
        page, rows = stretch["page"].iat[0], set(stretch["row"])
        beside = thin[(thin["page"] == page) & thin["row"].isin(rows)].drop(index=stretch.index, errors="ignore")
        views.append(view_of(part, Choice(stretch, beside, said, ""), source, lang))
    return views


@cache
def fields_of(rule: str) -> tuple[str, ...]:
    """The columns that a rule looks at, without what is said of rows as a whole.

    >>> fields_of("L01")
    ('indicators.target_value',)
    """
    inputs: Iterable[str] = next((one.inputs for one in all_rules() if one.id == rule), ())
    return tuple(name for name in inputs if name.startswith(("projects.", "indicators.")))


def _places(finding) -> list[tuple]:
    """What the finding speaks of; a project by itself only where none of its indicators is named."""
    places = cells_of(finding)
    named = {place[:2] for place in places if place[2] is not None}
    return [place for place in places if place[2] is not None or place[:2] not in named]


def _framed(part, document_id: str, project: int, indicator: int | None, fields: Iterable[str]) -> pd.DataFrame:
    """The cells of the fields at a place; of a project's indicators all of them where none is meant alone."""
    found = []
    for name in fields:
        table, _, field = name.rpartition(".")
        if table == "projects" or (table == "indicators" and indicator is not None):
            with suppress(InputError):
                found.append(
                    choose(part, document_id, project, indicator if table == "indicators" else None, field).own
                )
        elif table == "indicators":
            cells = part.cells[(part.cells["project_no"] == project) & (part.cells["role"] == "indicator")]
            found.append(cells[cells["field"].isin([field, HOLDERS.get(field, field)])])
    return _joined(found) if found else part.cells.iloc[:0]


def _of_document(cells: pd.DataFrame) -> pd.DataFrame:
    """What a finding on a document as a whole rests on: its printed sums, else its heads, else its first cell."""
    for role in ("sum", "heading"):
        if (cells["role"] == role).any():
            return cells[cells["role"] == role]
    return cells.iloc[:1]


def _joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    whole = pd.concat(parts)
    return whole[~whole.index.duplicated()].sort_values(["page", "row", "col"])


def _stretches(cells: pd.DataFrame) -> list[pd.DataFrame]:
    """The cells divided where the page changes or many rows lie between them."""
    number, before, found = 0, None, []
    for page, row, deep in zip(cells["page"], cells["row"], cells["rowspan"], strict=True):
        if before and (page != before[0] or row - before[1] > APART):
            number += 1
        before = (page, max(row + deep - 1, before[1] if before and before[0] == page else 0))
        found.append(number)
    return [part for _, part in cells.groupby(found)]
