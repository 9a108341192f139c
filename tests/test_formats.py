"""Generated documents in every format and layout come back cell by cell; what is not right is never silent.

A sample of `benchmarks/never_silent_formats.py`, which tries hundreds in styles of all kinds.
"""

from collections import Counter

import pytest
from formats import FORMATS, LAYOUTS, Trial, trial, truths_of, write
from generator.truth import joined
from scoring import wrong_cells

from budgetperf.pipeline import build_document

SEEDS = (301, 302)
RIGHT = 0.995  # of the cells of undamaged documents


def told(results: list[Trial]) -> str:
    """The wrong cells in words, silent ones first."""
    lines = []
    for result in results:
        for cell in sorted(result.wrong, key=lambda cell: cell["flagged"])[:3]:
            lines.append(f"{result.format} {result.layout} seed {result.seed} ({result.status}; {result.made}): {cell}")
    return "\n".join(lines[:20])


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("format", FORMATS)
def test_every_cell_is_right_or_flagged(format, layout, tmp_path):
    results = [trial(format, layout, seed, tmp_path, projects=3) for seed in SEEDS]
    cells, wrong = sum(r.cells for r in results), sum(len(r.wrong) for r in results)
    assert not any(result.silent for result in results), told(results)
    assert cells > 100 and wrong <= (1 - RIGHT) * cells, told(results)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("parts", ["tables", "documents"])
def test_several_tables_in_a_file(format, parts, tmp_path):
    """A table a unit, each with its own total; two documents of one kind, one below or behind the other."""
    truths = truths_of(311, "approval", parts, projects=4)
    assert len(truths) == 2
    path, truth, _ = write(format, "approval", 311, tmp_path, projects=4, parts=parts)
    dataset = build_document(path)
    assert len(dataset.projects) == len(joined(truths)["projects"])
    assert wrong_cells(truth, dataset) == []
    failed = dataset.checks[~dataset.checks["passed"].astype(bool)]
    assert dataset.documents["status"].item() == "reconciled", failed["note"].tolist()


@pytest.mark.parametrize("change", [{"rotation": 90}, {"rotation": 270}, {"page_break": "cut"}, {"outer": False},
                                    {"header": "every"}, {"rules": "boxes"}, {"edges": "open"}], ids=str)  # fmt: skip
def test_one_style_at_a_time(change, tmp_path):
    """A plain PDF changed in one thing only is as good as the plain one."""
    plain = {"rotation": 0, "page_break": "row", "outer": True, "header": "first", "rules": "lines", "edges": "closed"}
    plain |= {"overflow": False, "page": "A4 landscape", "parts": "one"}
    result = trial("pdf", "approval", 321, tmp_path, projects=5, **(plain | change))
    assert result.wrong == [], told([result])


def test_a_wrong_cell_without_a_flag_is_told_apart(tmp_path):
    """The property can fail: the same document with its checks, findings and repairs wiped out is silent."""
    path, truth, _ = write("html", "approval", 301, tmp_path, projects=3)
    dataset = build_document(path)
    dataset.indicators.loc[0, "name"] = "别的"
    tables = {
        name: frame[:0] if name in ("checks", "findings", "repairs") else frame
        for name, frame in dataset.tables().items()
    }
    wrong = wrong_cells(truth, type(dataset)(**tables))
    assert Counter((cell["field"], cell["flagged"]) for cell in wrong) == {("name", False): 1}
