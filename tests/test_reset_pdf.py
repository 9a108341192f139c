"""The real document set again as a PDF from its tables, pages broken after the same rows: the same tables again."""

import pandas as pd
import pytest
from datasets import real_document
from generator.pdf import to_pdf
from generator.table import blocks
from generator.truth import OPTIONS

import budgetperf

# Not of the content: the document and where on it a cell stands; how often a weight was inferred (the PDF prints it);
# level 1 as printed, which drifts beside other rows in the text and can't in a table with rules.
NOT_COMPARED = ["document_id", "page", "row", "x0", "y0", "x1", "y1", "weight_basis", "level1_printed"]
HEADER_ROWS, TOTAL_ROWS = 2, 1
PLAIN = {"page": "A3 landscape", "size": 7.0}
STYLES = {
    "plain": {},
    "open edges, header on every page": {"edges": "open", "header": "every"},
    "turned, rules as boxes": {"rotation": 90, "rules": "boxes", "rule_width": 0.5},
    "merged cells closed on each page, text on one": {"page_break": "redraw", "redraw_text": "one"},
    "merged cells closed on each page, text on each": {"page_break": "redraw", "redraw_text": "each"},
}


@pytest.fixture(scope="module")
def real():
    dataset = real_document()
    assert dataset.documents["status"].item() == "reconciled"
    return dataset


def plain_number(value) -> str:
    return f"{value:f}"


def truth_of(dataset) -> dict:
    """The tables of one document in the generator's form."""
    document = dataset.documents.iloc[0]
    projects = [
        {
            "unit_code": p.unit_code,
            "unit_name": p.unit_name,
            "project_code": p.project_code,
            "project_name": p.project_name,
            "category": f"{p.category_code}-{p.category_name}",
            "budget": plain_number(p.budget_wan_yuan),
            "objective": p.objective,
        }
        for p in dataset.projects.itertuples()
    ]
    codes = dataset.projects.set_index("project_no")["project_code"]
    indicators = [
        {
            "project_code": codes[i.project_no],
            "level1": i.level1,
            "level2_printed": i.level2_printed,
            "name": i.name,
            "comparator": i.comparator,
            "comparator_printed": i.comparator,
            "target": i.target_text,
            "measure_unit": i.measure_unit,
            "weight_printed": plain_number(i.weight),
        }
        for i in dataset.indicators.itertuples()
    ]
    printed = {**OPTIONS, "execution": "header", "amount_unit": document["amount_unit"]}
    head = {"title": document["title"], "fiscal_year": document["fiscal_year"], "print": printed}
    head |= {"printed_total": plain_number(document["printed_total_wan_yuan"])}
    return {"document": head, "projects": projects, "indicators": indicators}


def page_breaks(dataset) -> list[int]:
    """Rows of the PDF's table before which a page of the text began."""
    pages = dataset.indicators["page"].tolist()
    first = HEADER_ROWS + TOTAL_ROWS
    return [first + k for k in range(1, len(pages)) if pages[k] != pages[k - 1]]


def test_the_truth_is_the_whole_document(real):
    truth = truth_of(real)
    block = blocks(truth)[0]
    assert (len(truth["projects"]), len(truth["indicators"])) == (21, 153)
    assert block.rows == HEADER_ROWS + TOTAL_ROWS + 153
    assert len(page_breaks(real)) == real.documents["pages"].item() - 1


@pytest.mark.parametrize("style", STYLES)
def test_text_and_pdf_give_the_same_tables(real, style, tmp_path):
    path = tmp_path / "reset.pdf"
    pages = to_pdf(truth_of(real), 1, path, **PLAIN, **STYLES[style], breaks=page_breaks(real))
    dataset = budgetperf.build([path])
    assert pages == dataset.documents["pages"].item() == real.documents["pages"].item()
    failed = dataset.checks[~dataset.checks["passed"].astype(bool)]
    assert dataset.documents["status"].item() == "reconciled", failed[["project_no", "check", "note"]].values.tolist()
    for table in ("projects", "indicators"):
        want, got = (getattr(d, table).drop(columns=NOT_COMPARED, errors="ignore") for d in (real, dataset))
        pd.testing.assert_frame_equal(got, want)


def test_a_difference_is_seen(real, tmp_path):
    truth = truth_of(real)
    truth["indicators"][70]["target"] = "12345"
    path = tmp_path / "reset.pdf"
    to_pdf(truth, 1, path, **PLAIN, breaks=page_breaks(real))
    got = budgetperf.build([path]).indicators
    with pytest.raises(AssertionError):
        pd.testing.assert_frame_equal(got[["target_text"]], real.indicators[["target_text"]])
