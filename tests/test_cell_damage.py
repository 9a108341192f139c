"""A cell damaged in any layout: read as it was, repaired, or the document is open; never wrong in one called reconciled."""

import random

import pytest
from generator.cell_damage import KINDS, SAME, damaged
from generator.html import to_html
from generator.truth import make_truth, random_options
from scoring import wrong_cells

from budgetperf.pipeline import build_document

# every kind that once was silent, and what it must not break
TRIED = [
    ("selfeval", "executed_about"), ("selfeval", "executed_letter"), ("selfeval", "executed_wide"), ("selfeval", "amount_sheet_error"),
    ("selfeval", "amount_words"), ("form", "target_torn"), ("form", "target_comma"), ("form", "target_point"), ("form", "target_words"),
    ("approval", "target_letters"), ("approval", "amount_zero_width"), ("onevalue", "target_raised"), ("sichuan", "amount_raised"),
    ("selfeval", "actual_two"), ("selfeval", "actual_nearly"), ("selfeval", "actual_span"),
]  # fmt: skip


@pytest.mark.parametrize(("layout", "kind"), TRIED)
def test_a_damaged_cell_is_read_or_noticed(layout, kind, tmp_path):
    truth = make_truth(5501, **random_options(5501, layout) | {"projects": 3, "units": 1})
    spoilt, what = damaged(truth, kind, random.Random(kind))
    assert what
    path = tmp_path / "a.html"
    path.write_text(to_html(spoilt), encoding="utf-8")
    dataset = build_document(path)
    wrong = wrong_cells(truth, dataset)
    assert [cell for cell in wrong if not cell["flagged"]] == [], what
    assert not (kind.endswith(SAME) and wrong), what
    assert kind.endswith(SAME) or dataset.documents["status"].item() == "open", what


def test_every_kind_spoils_something():
    rng, spoilt = random.Random(1), set()
    for layout in ("approval", "selfeval"):
        truth = make_truth(3, layout=layout, projects=2)
        spoilt |= {kind for kind in KINDS if damaged(truth, kind, rng)[1]}
    assert not {kind for kind in set(KINDS) - spoilt if kind != "name_radicals"}
