"""Builds on the disk as one dataset: the same figures as in memory, of builds that were never joined there."""

import inspect
import tempfile
from decimal import Decimal
from pathlib import Path
from unittest.mock import Mock

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import budgetperf as bp
from budgetperf import profiles
from budgetperf.audit.issues import issues_of
from budgetperf.errors import InputError
from budgetperf.notebooks import open_data
from budgetperf.tables import query
from budgetperf.tables.dataset import Dataset, concat, typed
from budgetperf.tables.declared import TABLES
from budgetperf.tables.stored import holds_builds, open_builds

VIEWS = [profiles.indicators_per_project, profiles.coverage, profiles.completeness, profiles.yardsticks, profiles.allocation,
         profiles.weight_values]  # fmt: skip
GROUPS = [name for name in profiles.GROUPS if name != "document"]

projects = st.fixed_dictionaries(
    {
        "fiscal_year": st.sampled_from([None, 2023, 2024, 2024]),
        "unit_code": st.sampled_from([None, "1", "2"]),
        "unit_name": st.sampled_from([None, "甲局", "乙局"]),
        "project_code": st.sampled_from([None, "p"]),
        "project_name": st.sampled_from([None, "培训", "修缮"]),
        "category_name": st.sampled_from([None, "特定目标类"]),
        "budget_wan_yuan": st.sampled_from([None, Decimal("0.1"), Decimal("12345678901.23")]),
    }
)
indicators = st.fixed_dictionaries(
    {
        "level1": st.sampled_from([None, "产出指标", "满意度指标"]),
        "level2": st.sampled_from([None, "数量指标", "成本指标", "另定的"]),
        "name": st.sampled_from([None, "次数", "不 适用", "事故起数", "/"]),
        "target_text": st.sampled_from([None, "无", "8", "**", " / "]),
        "target_value": st.sampled_from([None, Decimal(8)]),
        "comparator": st.sampled_from([None, "≥", "定性"]),
        "measure_unit": st.sampled_from([None, "％", "%", "人"]),
        "weight": st.sampled_from([None, Decimal("0.10"), Decimal(10)]),
    }
)
documents = st.lists(st.tuples(projects, st.lists(indicators, max_size=4)), min_size=1, max_size=4)


def dataset(number: int, content: list[tuple[dict, list[dict]]]) -> Dataset:
    key = {"document_id": f"d{number}"}
    rows = {name: [] for name in TABLES}
    rows["documents"] = [{**key, "source": f"{number}.pdf", "sha256": "0", "format": "pdf", "layout": "approval", "status": "open"}]  # fmt: skip
    for project_no, (project, own) in enumerate(content, 1):
        rows["projects"].append({**key, "project_no": project_no, **project})
        numbered = enumerate(own, 1)
        rows["indicators"] += [{**key, "project_no": project_no, "indicator_no": no, **row} for no, row in numbered]
    rows["findings"] = [
        {
            **key,
            "project_no": no,
            "finding_no": no,
            "rule": "C04",
            "severity": "W",
            "message": "没有成本指标",
            "uncertain": False,
        }
        for no, (_, own) in enumerate(content, 1)
        if not own
    ]
    return Dataset(**{name: typed(pd.DataFrame(of_table), name) for name, of_table in rows.items()})


def written(folder: Path, parts: list[Dataset]) -> Path:
    for number, part in enumerate(parts):
        bp.save(part, folder / f"region={number}")
    return folder


@settings(max_examples=3, deadline=None, phases=[Phase.generate])
@given(
    st.lists(documents, min_size=2, max_size=3), st.lists(st.sampled_from(GROUPS), max_size=3, unique=True), st.data()
)
def test_profiles_of_builds_on_the_disk_are_those_in_memory(contents, of, data):
    by = data.draw(st.lists(st.sampled_from(["year", "unit", "document"]), max_size=2, unique=True))
    parts = [dataset(number, content) for number, content in enumerate(contents)]
    with tempfile.TemporaryDirectory() as name:
        folder, whole = written(Path(name), parts), concat(parts)
        pd.testing.assert_frame_equal(profiles.indicators(folder, of, by), profiles.indicators(whole, of, by))
        view = data.draw(st.sampled_from(VIEWS))
        pd.testing.assert_frame_equal(view(folder), view(whole))
        there, here = profiles.choose(folder), profiles.choose(whole)
        assert there.left_out == here.left_out and profiles.scope(there) == profiles.scope(here)
        joined = [frame.drop(columns="findings") for frame in (there.issues, issues_of(here))]  # each counts its own
        pd.testing.assert_frame_equal(*joined)
        assert there.findings["finding_no"].tolist() == [*range(1, len(there.findings) + 1)]


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    row = {"level1": "产出指标", "level2": "数量指标", "name": "次数", "weight": Decimal(10)}
    years = [({"fiscal_year": year, "unit_name": "甲局", "project_name": f"{year}"}, [row]) for year in (2023, 2024)]
    other = [({"fiscal_year": 2024, "unit_name": "乙局", "project_name": "另"}, [row, row])]
    return written(tmp_path_factory.mktemp("three"), [dataset(1, years), dataset(2, other), dataset(1, years)])


def test_a_document_of_several_builds_counts_once_and_is_said(three):
    whole = open_builds(three)
    assert whole.documents["document_id"].tolist() == ["d1", "d2"] and "1 份文件" in whole.left_out[0][0]
    assert profiles.indicators(three, by=["year"])["indicators"].tolist() == [1, 3]


def test_what_is_asked_for_is_read_in_the_order_of_print(three):
    chosen = profiles.choose(three, year=2024)
    assert chosen.columns("projects", "project_name")["project_name"].tolist() == ["2024", "另"]
    assert chosen.rows("indicators", ["d2"])["indicator_no"].tolist() == [1, 2]
    assert chosen.indicators["document_id"].tolist() == ["d1", "d2", "d2"]
    assert profiles.select(three and open_builds(three), unit="乙局").indicators["document_id"].tolist() == ["d2", "d2"]


def test_only_the_builds_that_hold_what_was_chosen_are_opened(three, monkeypatch):
    of_unit = profiles.choose(three, unit="乙局")
    monkeypatch.setattr(query, "find_builds", None)
    monkeypatch.setattr(query, "swap", Mock(wraps=query.swap))
    assert of_unit.columns("indicators", "document_id", "indicator_no").values.tolist() == [["d2", 1], ["d2", 2]]
    assert profiles.indicators(of_unit, of="level1")["indicators"].tolist() == [2]
    assert {call.args[0].name for call in query.swap.place.mock_calls} == {"region=1"}


def test_a_notebook_opens_the_builds_below_a_folder(three):
    assert holds_builds(three) and not holds_builds(three / "region=0") and not holds_builds(three / "nowhere")
    data = open_data(three)
    assert len(data.indicators) == 3 and profiles.scope(data)["period"] == "2024"


def test_no_builds_is_an_error_in_a_sentence(tmp_path):
    with pytest.raises(InputError, match="没有构建结果"):
        profiles.indicators(tmp_path)


def test_every_profile_takes_a_folder(three):
    for name in profiles.__all__:
        view = getattr(profiles, name)
        if (
            inspect.isfunction(view)
            and "dataset: Dataset" in str(inspect.signature(inspect.unwrap(view)))
            and view not in (profiles.select, profiles.part, profiles.scope, profiles.quantified_rows)
        ):
            assert isinstance(view(three), (pd.DataFrame, Dataset)), name


def test_builds_without_indicators_are_counted_as_in_memory(tmp_path):
    project = {"project_name": "培训", "unit_name": "乙局", "budget_wan_yuan": Decimal("1.50")}
    parts = [dataset(number, [(project, [])]) for number in (1, 2)]
    folder, whole = written(tmp_path, parts), concat(parts)
    for of in ("level1", ["unit", "level2"], []):
        pd.testing.assert_frame_equal(profiles.indicators(folder, of), profiles.indicators(whole, of))
    for view in VIEWS:
        pd.testing.assert_frame_equal(view(folder), view(whole))
