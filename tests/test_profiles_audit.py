"""Profiles that agree with the audit, and of self-evaluations: figures of the real document, and of drawn results."""

import json
from decimal import Decimal

import pytest
from datasets import real_document
from planted import results

from budgetperf import profiles
from budgetperf.tables.dataset import Dataset


@pytest.fixture(scope="module")
def real() -> Dataset:
    return real_document()


@pytest.fixture(scope="module")
def evaluated() -> Dataset:
    return results()[0]


def test_effective_quantification_leaves_bare_percentages_out(real):
    rows = profiles.quantified_rows(real)
    vague = set(rows.loc[rows["effective"] == "形式量化", "name"])
    assert "提升城乡治理效能" in vague and "村干部人数" not in vague
    shares = profiles.quantification(real).set_index("effective")
    assert sum(shares["indicators"]) == len(real.indicators)
    assert sum(shares["weight"].dropna()) == sum(real.indicators["weight"])
    assert abs(sum(shares["money_wan_yuan"].dropna()) - Decimal("1536.74")) < Decimal("0.05")
    formal = (rows["quantified"] == "定量").sum()
    assert shares.at["有效量化", "indicators"] + shares.at["形式量化", "indicators"] == formal
    found = real.findings
    bare = {
        (cell[0], cell[1])
        for evidence in found.loc[found["rule"].isin(["Q01", "Q02"]), "evidence"]
        for cell in json.loads(evidence).get("cells", [])
    }
    marked = {(int(r.project_no), int(r.indicator_no)) for r in rows[rows["effective"] == "形式量化"].itertuples()}
    assert bare <= marked


def test_targets_of_benefits_pile_up_at_70(real):
    heaps = profiles.heaping(real)
    first = heaps[heaps["level1"] == "效益指标"].iloc[0]
    assert (first["target_value"], first["indicators"], first["of"]) == (Decimal(70), 29, 53)


def test_names_used_again_and_peers(real):
    names = profiles.reused_names(real)
    assert names["projects"].is_monotonic_decreasing and names["projects"].min() >= 2
    assert "村民满意度" in set(names["name"])
    (unit,) = profiles.peers(real).itertuples()
    assert (unit.projects, unit.indicators, unit.budget_wan_yuan) == (21, 153, Decimal("1536.74"))
    assert len(profiles.peers(real, of="project")) == 21


def test_results_of_a_year(evaluated):
    projects = profiles.evaluated_projects(evaluated).set_index("project_name")
    assert projects.at["校舍维修", "quadrant"] == "低执行高得分" and projects.at["校舍维修", "execution_rate"] == 50
    assert projects.at["灌区节水改造", "grade"] == "优" and projects.at["灌区节水改造", "quadrant"] == "高执行高得分"
    grades = profiles.grades(evaluated)
    assert grades["grade"].tolist() == ["优", "良", "中", "差"] and grades["projects"].sum() == len(projects)
    rates = profiles.score_rates(evaluated).set_index("level1")
    assert rates[["met", "exceeded", "short", "unclear"]].to_numpy().sum() == len(evaluated.indicators)
    far = profiles.far_off(evaluated)
    assert "监测样本数" in set(far["name"]) and far.set_index("name").at["监测样本数", "completion"] == 160


def test_every_column_has_a_title(real, evaluated):
    for frame in (
        profiles.quantification(real), profiles.heaping(real), profiles.reused_names(real), profiles.peers(real),
        profiles.evaluated_projects(evaluated), profiles.grades(evaluated), profiles.score_rates(evaluated), profiles.far_off(evaluated),
    ):  # fmt: skip
        assert not [name for name in profiles.titled(frame).columns if name.isascii()]
