"""Issues: findings of one cause joined, the money under them, severities by materiality; the table in every build."""

from decimal import Decimal

import pandas as pd
import pytest
from generator.faults import clean_dataset, planted, sealed

from budgetperf import profiles
from budgetperf.audit.config import Config, load_config
from budgetperf.audit.issues import issues_of, kind_of, kinds
from budgetperf.audit.load import all_rules
from budgetperf.audit.run import audit
from budgetperf.tables import store
from budgetperf.tables.dataset import Dataset, concat, typed, validate_dataset

CONFIG = load_config(None)


def with_issues(frames: dict, config: Config = CONFIG) -> Dataset:
    dataset = sealed(frames)
    dataset = Dataset(**{**dataset.tables(), "findings": audit(dataset, config)})
    return Dataset(**{**dataset.tables(), "issues": issues_of(dataset, config=config)})


def frames_of(seed: int = 1) -> dict:
    return {name: clean_dataset(seed).tables()[name].copy() for name in ("documents", "projects", "indicators")}


@pytest.fixture(scope="module")
def vague() -> Dataset:
    """Slogans as benefits of projects 2 and 3, one of them with a low percentage."""
    frames = frames_of()
    rows = frames["indicators"]
    for project, target in ((2, "90"), (3, "20")):
        place = rows.index[(rows["project_no"] == project) & (rows["level2"] == "社会效益指标")][0]
        rows.loc[place, ["name", "comparator", "target_text", "target_value", "measure_unit"]] = [
            "进一步提升服务水平", "≥", target, Decimal(target), "%"
        ]  # fmt: skip
    return with_issues(frames)


def test_every_rule_has_its_kind_once():
    named = [rule for kind in kinds().values() for rule in kind.rules]
    assert len(named) == len(set(named))
    assert {one.id for one in all_rules()} - set(named) == {"R02", "R04", "D07"}  # notes on the reading
    assert kind_of("R02") is None and kind_of("Z9").title == "Z9"


def test_findings_of_one_cause_are_one_issue_with_its_money(vague):
    (issue,) = vague.issues[vague.issues["issue"] == "vague"].itertuples()
    budgets = vague.projects.set_index("project_no")["budget_wan_yuan"]
    assert (issue.projects, issue.indicators, issue.units) == (2, 2, 1)
    assert issue.money_wan_yuan == budgets[2] + budgets[3]
    whole = sum(vague.projects["budget_wan_yuan"])
    assert issue.share_of_money == (100 * issue.money_wan_yuan / whole).quantize(Decimal("0.01"))
    rules = vague.findings.set_index("finding_no")["rule"]
    assert {rules[int(number)] for number in issue.findings.split(",")} == {"Q01", "Q02", "L03"}
    assert "依据" not in issue.gravest and issue.recommendation.startswith("建议")
    validate_dataset(vague)


def test_settled_findings_make_no_issue(vague):
    settled = vague.findings.assign(decision="explained")
    assert issues_of(vague, settled, CONFIG).empty


def test_a_document_wide_finding_counts_for_the_projects_it_covers():
    frames = frames_of()
    rows = frames["indicators"]
    frames["indicators"] = rows[(rows["level2"] != "成本指标") | (rows["project_no"] == 1)].reset_index(drop=True)
    dataset = with_issues(frames)
    (issue,) = dataset.issues[dataset.issues["issue"] == "cost"].itertuples()
    assert (issue.severity, issue.projects) == ("E", 7)  # a review point under most of the money


def test_severity_follows_the_money_under_it(vague):
    values = dict(CONFIG.values) | {"issues": {"material_share": 1, "major_share": 1}}
    of = issues_of(vague, config=Config(values)).set_index("issue")
    assert of.at["vague", "severity"] == "E" and "达到 1%" in of.at["vague", "basis"]
    assert vague.issues.set_index("issue").at["vague", "severity"] == "W"
    _, faulty, _ = planted(0, "B01", 0)
    found = audit(faulty, CONFIG, only=["B01"])
    values["issues"] = {"material_share": 100, "major_share": 100}
    assert issues_of(faulty, found, Config(values))["severity"].tolist() == ["W"]


def test_a_sum_beside_spending_is_told_with_it():
    frames = frames_of()
    rows = frames["indicators"]
    place = rows.index[rows["level2"] == "数量指标"][0]
    rows.loc[place, ["name", "comparator", "target_text", "target_value", "measure_unit"]] = [
        "项目经费总额", "≥", "1", Decimal(1), "万元"
    ]  # fmt: skip
    dataset = with_issues(frames)
    assert {"B01", "T03"} <= set(dataset.findings["rule"])
    assert "amounts" not in set(dataset.issues["issue"]) and "spending" in set(dataset.issues["issue"])


def test_issues_are_stored_and_joined_anew_for_a_part(vague, tmp_path):
    store.save(vague, tmp_path)
    loaded = store.load(tmp_path)
    pd.testing.assert_frame_equal(loaded.issues, vague.issues)
    other = Dataset(
        **{
            n: typed(f.assign(document_id="d2") if "document_id" in f else f, n)
            for n, f in clean_dataset(4).tables().items()
        }
    )
    other.projects["unit_name"] = "另一单位"
    both = concat([vague, other])
    assert both.issues.empty
    part = profiles.part(Dataset(**{**both.tables(), "issues": issues_of(both, config=CONFIG)}), unit="另一单位")
    assert part.issues.empty and len(profiles.select(both, year=2024).projects) == len(both.projects)


def test_issues_in_english(vague):
    english = issues_of(vague, audit(vague, load_config(None, language="en")), load_config(None, language="en"))
    assert english["recommendation"].str.contains("[\u4e00-\u9fff]").sum() == 0
