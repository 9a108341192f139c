"""What a finding may rest on: each guard of the doubts by the smallest case in which dropping it would change the result."""

import pandas as pd
import pytest

from budgetperf.audit.doubt import DOUBTED, OPEN, Doubts
from budgetperf.audit.registry import Found, Rule
from budgetperf.tables.dataset import Dataset, typed


def doubts_of(repairs=(), checks=(), indicators=()) -> Doubts:
    given = {"repairs": repairs, "checks": checks, "indicators": indicators}
    return Doubts(Dataset.empty().but(**{name: typed(pd.DataFrame(rows), name) for name, rows in given.items()}))


def rests_on(*inputs: str) -> Rule:
    return Rule("U01", "W", "例", "例", "例", inputs, None, "x", print)


def found(project, indicator=None, others=()) -> Found:
    return Found("d", project, indicator, "例", "x", {}, rests_on=others)


def repair(**more) -> dict:
    one = {
        "document_id": "d",
        "project_no": 1,
        "indicator_no": 2,
        "field": "name",
        "kind": "reading",
        "grade": "likely",
    }
    return one | more


def check(name: str, project=1, note="") -> dict:
    return {"document_id": "d", "project_no": project, "check": name, "passed": False, "note": note}


@pytest.mark.parametrize(
    ("kind", "grade", "degree"),
    [("reading", "likely", 1), ("reading", "certain", 0), ("spelling", "guess", 0), ("value", "certain", 1)],
)
def test_what_was_repaired_by_judgement_is_doubted(kind, grade, degree):
    doubts = doubts_of([repair(kind=kind, grade=grade)])
    assert doubts.degree(rests_on("indicators.name"), found(1, 2)) == degree
    assert doubts.degree(rests_on("indicators.weight"), found(1, 2)) == 0


def test_the_worse_of_two_doubts_stays_whatever_comes_later():
    for order in (("cut_digits", "total"), ("total", "cut_digits")):
        doubts = doubts_of(checks=[check(name) for name in order])
        assert doubts.degree(rests_on("projects.budget_wan_yuan"), found(1)) == OPEN


def test_a_finding_on_a_project_rests_on_its_rows_only_where_its_rule_reads_rows():
    doubts = doubts_of([repair(field="target_text")])
    assert doubts.degree(rests_on("indicators.target_text"), found(1)) == DOUBTED
    assert doubts.degree(rests_on("projects.target_text"), found(1)) == 0
    assert doubts.degree(rests_on("indicators.target_text"), found(1, 1)) == 0


def test_a_finding_rests_on_the_other_cells_that_decide_it():
    doubts = doubts_of([repair()])
    assert doubts.degree(rests_on("indicators.name"), found(3, 1)) == 0
    assert doubts.degree(rests_on("indicators.name"), found(3, 1, (("d", 1, 2),))) == DOUBTED


def test_what_is_missing_is_doubted_only_where_it_is_open():
    missing = rests_on("open:projects.budget_wan_yuan")
    assert doubts_of(checks=[check("total")]).degree(missing, found(1)) == 0
    assert doubts_of(checks=[check("cut_digits")]).degree(missing, found(1)) == OPEN


def test_a_check_without_a_meaning_of_its_own_doubts_its_project_and_no_other():
    rule = rests_on("projects.objective")
    assert doubts_of(checks=[check("new", 1)]).degree(rule, found(1)) == DOUBTED
    assert doubts_of(checks=[check("new", 1)]).degree(rule, found(2)) == 0
    assert doubts_of(checks=[check("new", None)]).degree(rule, found(1)) == 0


def test_nothing_rests_on_a_row_whose_cells_look_moved():
    rows = [
        {"document_id": "d", "project_no": 1, "indicator_no": n, "measure_unit": u}
        for n, u in ((1, "个"), (2, "长效机制"))
    ]
    doubts = doubts_of(checks=[check("rows", 1, "“长效机制”不像度量单位")], indicators=rows)
    assert doubts.degree(rests_on("indicators.weight"), found(1, 2)) == OPEN
    assert doubts.degree(rests_on("indicators.weight"), found(1, 1)) == 0


@pytest.mark.parametrize(
    ("field", "column"),
    [
        ("target", "indicators.target_value"),
        ("target_value", "indicators.target_text"),
        ("actual_value", "indicators.actual_text"),
        ("row", "indicators.weight"),
        ("project_no", "rows"),
    ],
)
def test_columns_stand_and_fall_with_one_another(field, column):
    doubts = doubts_of([repair(field=field)])
    assert doubts.degree(rests_on(column), found(1, 2)) == DOUBTED
    assert doubts.degree(rests_on("indicators.name"), found(1, 2)) == (DOUBTED if field == "row" else 0)


def test_a_rule_that_is_itself_the_failed_check_rests_on_repairs_alone():
    doubts = doubts_of([repair(field="target")])
    for one in (found(1), found(1, 2)):
        assert doubts.degree(rests_on("repaired:target_text"), one) == DOUBTED
        assert doubts.degree(rests_on("repaired:name"), one) == 0
    assert doubts.degree(rests_on("repaired:target_text"), found(1, 3)) == 0
    assert doubts_of([repair()]).degree(rests_on("repaired:name"), found(1, 2)) == DOUBTED
    assert doubts_of(checks=[check("weights")]).degree(rests_on("repaired:weight"), found(1)) == 0


def test_a_finding_on_a_project_rests_on_the_project_itself_whatever_its_rows():
    for repairs in ([], [repair()]):
        doubts = doubts_of(repairs, [check("weights")])
        assert doubts.degree(rests_on("indicators.weight"), found(1)) == DOUBTED


def test_which_rows_belong_to_a_project_is_as_good_as_a_column():
    rows = [
        {"document_id": "d", "project_no": p, "indicator_no": n, "measure_unit": u}
        for p, n, u in ((1, 1, "个"), (1, 2, "长效机制"), (2, 1, "长效机制"))
    ]
    doubts = doubts_of(checks=[check("rows", 1, "“长效机制”不像度量单位"), check("borders", 3)], indicators=rows)
    for rule in (rests_on("rows"), rests_on("open:rows")):
        assert doubts.degree(rule, found(1)) == OPEN and doubts.degree(rule, found(1, 1)) == 0
        assert doubts.degree(rule, found(3)) == OPEN and doubts.degree(rule, found(2)) == 0


def test_repairs_of_projects_and_of_indicators_stand_in_one_table():
    doubts = doubts_of([repair(), repair(indicator_no=None, field="objective")])
    assert doubts.degree(rests_on("projects.objective"), found(1)) == DOUBTED
    assert doubts.degree(rests_on("indicators.name"), found(1, 2)) == DOUBTED
