"""Documents with bytes changed at random: a reading or a reason, in bounded time and memory, never a fault of our own."""

import pytest
from fuzzing import KINDS, document, fault, mutated

# seeds that once were answered by a fault of our own
FOUND = [("html", 3001)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_few_of_each_kind(kind):
    assert not fault(document(kind), kind), "the document itself is right"
    assert [said for seed in range(2) if (said := fault(mutated(kind, seed), kind))] == []


@pytest.mark.parametrize(("kind", "seed"), FOUND)
def test_what_once_was_a_fault_is_none(kind, seed):
    assert fault(mutated(kind, seed), kind) == ""


def test_the_same_seed_makes_the_same_bytes_and_another_others():
    assert mutated("pdf", 1) == mutated("pdf", 1) != mutated("pdf", 2)


def test_a_fault_is_told(monkeypatch):
    monkeypatch.setattr("budgetperf.pipeline.document.printed_tables", lambda reading: 1 / 0)
    assert "ZeroDivisionError" in fault(document("text"), "text")
