"""Generated workbooks, Word documents and pages: every printed cell comes back with its text, place and spans."""

import pytest
from generator.docx import to_docx
from generator.html import to_html
from generator.table import blocks
from generator.truth import make_truth, random_options
from generator.xlsx import to_xlsx

from budgetperf.readers import read

LAYOUTS = ["approval", "sichuan", "onevalue", "form", "selfeval"]


def printed(truth):
    """Per table its cells as (row, col, rowspan, colspan, text), in reading order; white space at the ends unseen."""
    return [
        [(c.row + 1, c.col + 1, c.rowspan, c.colspan, c.text.strip()) for c in sorted(block.cells, key=lambda c: c[:2])]
        for block in blocks(truth)
    ]


def as_read(reading):
    tables = []
    for (_, table), cells in reading.cells.groupby(["page", "table"]):
        if table:
            above = cells["row"].min() - 1
            tables.append([(c.row - above, c.col, c.rowspan, c.colspan, c.text.strip()) for c in cells.itertuples()])
    return tables


def lines_printed(truth):
    return sorted(line for block in blocks(truth) for text in block[:2] for line in text.split("\n") if line.strip())


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("kind", ["xlsx", "docx", "html"])
def test_every_cell_of_a_generated_document(tmp_path, kind, layout):
    for seed in (51, 52):
        truth = make_truth(seed, **random_options(seed, layout))
        path = tmp_path / f"{seed}.{kind}"
        odd = seed % 2 == 1
        if kind == "xlsx":
            to_xlsx(
                truth, path, numbers=odd, sheet_each=not odd, first_row=1 + 2 * odd, first_column=1 + odd, hidden=odd
            )
        elif kind == "docx":
            to_docx(truth, path, lines_as="paragraph" if odd else "break")
        else:
            path.write_text(to_html(truth, seed=seed, heads=odd, frame=False), encoding="utf-8")
        reading = read(path)
        assert reading.format == kind
        assert as_read(reading) == printed(truth)
        assert sorted(reading.cells.loc[reading.cells["table"] == 0, "text"]) == lines_printed(truth)
