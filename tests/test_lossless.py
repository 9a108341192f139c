"""Nothing is lost: from the tables and the record of repairs one gets back the text of every printed cell.

The cells table says only where a cell stood and what it became; its text is what we compare with, never what we use.
Titles, heads, sums and execution-rate rows are no cells of projects or indicators, and some cells of projects
(sequence number, department, dates) fill no column of the contract: they stand unchanged in the cells table and are
not asked for here.
"""

import pandas as pd
import pytest
from datasets import REAL, real_document
from generator.text import to_text
from generator.truth import make_truth, random_options

from budgetperf.pipeline import build_document
from budgetperf.tables.dataset import Dataset, minimal
from budgetperf.tables.declared import TABLES

BREAK = "┊"
CODED = {"project_name": "project_code", "category_name": "category_code", "unit_name": "unit_code"}
AS_PRINTED = {"level1": "level1_printed", "level2": "level2_printed"}


def printed_texts(dataset: Dataset) -> pd.Series:
    """Text of each cell of projects and indicators (index of the cells table), from the other tables alone."""
    places = dataset.cells.drop(columns="text")
    known = {*TABLES["projects"].columns, *TABLES["indicators"].columns}
    places = places[places["role"].isin(["project", "indicator"]) & places["field"].isin(known)].astype(
        {"field": object}
    )
    repairs = dataset.repairs.astype(object).where(dataset.repairs.notna(), None)
    entries = {}
    for entry in repairs.sort_values("repair_no", ascending=False).itertuples():
        entries.setdefault((entry.project_no, entry.indicator_no), []).append(entry)
    projects = dataset.projects.set_index("project_no")
    indicators = dataset.indicators.set_index(["project_no", "indicator_no"])
    texts = {}
    for (number, field), cells in places[places["role"] == "project"].groupby(["project_no", "field"], sort=False):
        project = projects.loc[number]
        bare, value = _text(project[field]), _coded(project, field)
        value = _printed_value(value, field, entries.get((number, None), []), bare)
        pieces = (value or "").split(BREAK)
        if len(pieces) == 1:
            pieces = pieces * len(cells)  # the same text on every page
        texts |= dict(zip(cells.index, pieces, strict=True))
    for cell in places[places["role"] == "indicator"].itertuples():
        key = (cell.project_no, cell.indicator_no)
        value = _text(indicators.loc[key, AS_PRINTED.get(cell.field, cell.field)]) if key in indicators.index else None
        texts[cell.Index] = _printed_value(value, cell.field, entries.get(key, []))
    return pd.Series(texts).reindex(places.index)


def _text(value) -> str | None:
    return None if pd.isna(value) else value if isinstance(value, str) else format(minimal(value), "f")


def _coded(project: pd.Series, field: str) -> str | None:
    """A cell that prints code and name: `code-name`."""
    code, value = _text(project[CODED[field]]) if field in CODED else None, _text(project[field])
    return f"{code}-{value}" if code and value else value


def _printed_value(value: str | None, field: str, newest_first: list, bare: str | None = None) -> str | None:
    """The repairs of one cell undone, the last first: an entry is undone where what it gave is what we hold."""
    for entry in newest_first:
        if entry.field in (field, CODED.get(field)) and entry.repaired in (value, bare) and entry.printed is not None:
            value = bare = entry.printed
    return value


def lost_cells(dataset: Dataset) -> pd.DataFrame:
    """Cells whose text does not come back, with what came instead."""
    back = printed_texts(dataset)
    cells = dataset.cells.loc[back.index, ["page", "row", "col", "field", "project_no", "indicator_no", "text"]]
    return cells.assign(back=back)[cells["text"] != back]


def test_the_real_document_comes_back():
    dataset = real_document()
    back = printed_texts(dataset)
    assert len(back) == 93 + 949  # every cell that holds something of a project or an indicator
    lost = lost_cells(dataset)
    assert lost.empty, lost.head(10).to_string()


def test_every_cell_of_the_real_document_is_accounted_for():
    cells = real_document().cells
    raw = [c.strip() for line in REAL.read_text(encoding="utf-8").splitlines() for c in line.split("\t") if c.strip()]
    assert cells["text"].tolist() == raw
    assert cells["role"].value_counts().to_dict() == {
        "indicator": 949,
        "project": 93,
        "heading": 13,
        "sum": 4,
        "title": 1,
    }
    indicators = cells[cells["role"] == "indicator"]
    assert indicators["indicator_no"].notna().all() and indicators["project_no"].notna().all()


@pytest.mark.parametrize("real", [False, True], ids=["plain", "worse"])
@pytest.mark.parametrize("seed", range(1, 11))
def test_generated_documents_come_back(seed, real, tmp_path):
    truth = make_truth(seed, **random_options(seed, "approval"))
    path = tmp_path / "generated.txt"
    path.write_text(to_text(truth, seed, real=real), encoding="utf-8")
    lost = lost_cells(build_document(path))
    assert lost.empty, lost.head(10).to_string()
