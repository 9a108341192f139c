"""A damaged document is read right or flagged, never silently wrong; see silence.py for what no reader could notice.

A sample of `benchmarks/never_silent.py`, which tries thousands and prints what became of them.
"""

import pytest
from generator.damage import KINDS
from generator.more_damage import ALL_KINDS
from silence import trial

from budgetperf.pipeline import build_document

SEEDS = range(1000, 1004)


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    path = tmp_path_factory.mktemp("damaged") / "damaged.txt"

    def build_text(text: str):
        path.write_text(text, encoding="utf-8")
        return build_document(path)

    return build_text


@pytest.mark.parametrize("kind", ["", *KINDS], ids=lambda kind: kind or "untouched")
def test_right_or_flagged(kind, build):
    results = [result for seed in SEEDS if (result := trial(kind, seed, build, projects=5))]
    assert results, "nothing could be spoilt: the kind of damage does not fit these documents"
    silent = [f"seed {r.seed}: {r.what}: {r.cells[0]}" for r in results if r.outcome == "silent"]
    assert not silent, "\n".join(silent)


NUMBERS = ("amount", "target", "weight", "total")


def once_a_sign(kinds: list[str]) -> list[str]:
    """Of the kinds that spoil numbers in one way (amount_wide, target_wide …) one each, of the others all."""
    fields: dict[str, list[str]] = {}
    for kind in kinds:
        field, _, way = kind.partition("_")
        fields.setdefault(way if field in NUMBERS else kind, []).append(kind)
    return [same[place % len(same)] for place, same in enumerate(fields.values())]


@pytest.mark.parametrize("kind", once_a_sign([kind for kind in ALL_KINDS if kind not in KINDS]))
def test_more_kinds(kind, build):
    """One damage of each of the other kinds; `benchmarks/limits.py` tries thousands, of every number."""
    result = trial(kind, 1000, build, projects=3)
    assert result is None or result.outcome != "silent", f"{result.what}: {result.cells[0]}"


def test_the_property_can_fail(build):
    """A build that says nothing is caught: the same damage with checks, findings and repairs wiped out is silent."""

    def mute(text: str):
        dataset = build(text)
        tables = {name: frame if name in ("documents", "projects", "indicators", "cells") else frame[:0]
                  for name, frame in dataset.tables().items()}  # fmt: skip
        return type(dataset)(**tables)

    outcomes = [trial("change_weight", seed, mute, projects=5).outcome for seed in SEEDS]
    assert "silent" in outcomes
