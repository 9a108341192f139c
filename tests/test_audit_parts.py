"""What is found in a document alone is what is found there among others: so that it can be kept with the document."""

import json
from random import Random

import generator.more_faults  # noqa: F401
import pandas as pd
import pytest
from generator.faults import FAULTS, planted
from planted import results, targets

from budgetperf.audit.config import load_config
from budgetperf.audit.likeness import Pair, clusters
from budgetperf.audit.load import all_rules
from budgetperf.audit.part import Part, from_bytes, to_bytes
from budgetperf.audit.run import audit, part_of
from budgetperf.tables.dataset import Dataset, concat
from budgetperf.tables.linked import linked

CONFIG = load_config(None)
RULES = {one.id: one for one in all_rules()}


def renamed(dataset: Dataset, name: str, **more) -> Dataset:
    """A document under an id of its own; `more`: columns of documents and projects."""
    tables = {table: frame.assign(document_id=name) for table, frame in dataset.tables().items() if table != "issues"}
    changed = {table: tables[table].assign(**more) for table in ("documents", "projects")}
    return Dataset(**tables | changed, issues=dataset.issues)


@pytest.fixture(scope="module")
def drawn() -> dict[str, Dataset]:
    """Documents with faults of many kinds, and two that clerks worded."""
    rules = [rule for place, rule in enumerate(sorted(FAULTS)) if place % 3 == 0 or RULES[rule].across]
    faulty = {rule: planted(7, rule, 0)[1] for rule in rules} | {"targets": targets()[0], "results": results()[0]}
    return {
        f"{name} {number}": renamed(dataset.of_document(number), f"{name} {number}")
        for name, dataset in faulty.items()
        for number in dataset.documents["document_id"]
    }


def kept(document: Dataset) -> Part:
    """A part as it comes back from the disk."""
    return from_bytes(to_bytes(part_of(document, CONFIG)))


def test_what_is_found_alone_is_what_is_found_among_others(drawn):
    """Also where they copy, contradict and follow each other."""
    few = [drawn[name] for name in ("B04 d1", "X01 d1", "X02 d1", "X03 d1", "S13 d1", "S13 d2", "targets d1")]
    few.append(renamed(drawn["X03 d1"], "the year before", fiscal_year=2023))
    findings = audit(concat(few), CONFIG)
    assert {"B04", "X01", "X02", "X03"} < set(findings["rule"]) and any(findings["rule"].str.startswith("Y"))
    pd.testing.assert_frame_equal(audit(concat(few), CONFIG, parts=map(kept, few)), findings)


def test_every_rule_says_whether_it_compares_documents(drawn):
    """One that says it does not finds the same in a document whatever stands in others; one that gathers, all it needs."""
    whole, alone = part_of(concat(drawn.values()), CONFIG), list(map(kept, drawn.values()))
    assert len(set(whole.findings["rule"].to_pylist())) > 40, "the test looks at most rules"
    for rule in RULES.values():
        if rule.across:
            joined = [row for part in alone for row in part.gathered.get(rule.id, ())]
            assert json.loads(json.dumps(whole.gathered.get(rule.id, []))) == joined, rule.id
        else:
            place = lambda row: (row["document_id"], row["finding_id"], str(row))  # noqa: E731
            found = [row for part in alone for row in part.findings.to_pylist() if row["rule"] == rule.id]
            together = [row for row in whole.findings.to_pylist() if row["rule"] == rule.id]
            assert sorted(together, key=place) == sorted(found, key=place), rule.id


def test_a_project_that_another_document_says_again_counts_once(drawn):
    once, again = drawn["X03 d1"], renamed(drawn["X03 d1"], "its self-evaluation")
    said = [audit(dataset, CONFIG).query("rule == 'X03'") for dataset in (once, concat([once, again]))]
    assert len(said[0]) and said[0]["message"].tolist() == said[1]["message"].tolist()


def test_a_rule_that_does_not_say_is_shown_all_documents():
    foreign = [one.id for one in RULES.values() if one.across]
    assert sorted(foreign) == ["B04", "S13", "X01", "X02", "X03", "Y01", "Y02", "Y03", "Y04", "Y05"]


@pytest.mark.parametrize("seed", range(40))
def test_pairs_hang_together_as_told_one_by_one(seed):
    random = Random(seed)
    places = range(random.randint(1, 30))
    pairs = [Pair(*sorted(random.choices(places, k=2)), 1.0) for _ in range(random.randint(0, 25))]
    least = linked(pairs)
    expected = {}
    for pair in pairs:
        expected.setdefault(least(pair.first), []).append(pair)
    found = clusters(pairs)
    assert {members[0]: group for members, group in found} == expected
    assert all(members == sorted({place for pair in group for place in pair[:2]}) for members, group in found)
