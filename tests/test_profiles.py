"""Profiles: the figures of the real document by hand, exact sums, parts of a dataset, missing data."""

from dataclasses import replace
from decimal import Decimal
from functools import cache

import pandas as pd
import pytest
from datasets import county, dataset_of, real_document
from generator.truth import make_truth

from budgetperf import profiles
from budgetperf.profiles import percent, select
from budgetperf.tables.dataset import Dataset, concat
from budgetperf.tables.declared import TABLES

ALL = [
    profiles.allocation,
    lambda d: profiles.allocation(d, "category", ["unit", "year"]),
    profiles.concentration,
    profiles.indicators,
    lambda d: profiles.indicators(d, ["level1", "level2"], ["document"]),
    profiles.indicators_per_project,
    profiles.indicator_distribution,
    profiles.weight_profile,
    profiles.level1_weights,
    profiles.project_weights,
    profiles.weight_values,
    profiles.coverage,
    lambda d: profiles.coverage(d, ()),
    profiles.completeness,
    profiles.cut_names,
    profiles.yardsticks,
]


@pytest.fixture(scope="module")
def real():
    return real_document()


@pytest.fixture(scope="module")
def three_units():
    return county(3, 8)


def cut(number: Decimal, places: int = 2) -> str:
    return profiles.rounded(number, places)


# ---- the real document, against figures reckoned by hand from its print ---------------------------------------------


def test_allocation_of_the_real_document(real):
    rows = profiles.allocation(real)
    assert rows["budget_wan_yuan"].head(5).tolist() == [Decimal(n) for n in ("598.91", "344", "130", "105", "68")]
    assert profiles.exact_sum(rows["budget_wan_yuan"]) == Decimal("1536.74")
    assert cut(rows["share"].iloc[0]) == "38.97"  # 598.91 / 1536.74
    assert cut(rows["cumulative_share"].iloc[4]) == "81.07"  # 1245.91 / 1536.74
    assert rows["cumulative_share"].iloc[-1] == 100 and rows["rank"].tolist() == list(range(1, 22))
    whole = profiles.concentration(real).iloc[0]
    assert whole["largest"] == "社区工作人员工资" and whole["items"] == 21
    assert [cut(whole[f"top{n}_share"]) for n in (1, 3, 5)] == ["38.97", "69.82", "81.07"]
    squares = sum((budget * 100 / Decimal("1536.74")) ** 2 for budget in real.projects["budget_wan_yuan"])
    assert abs(whole["hhi"] - squares) < Decimal("0.01") and cut(whole["equivalent_items"]) == "4.55"


def test_categories_and_kinds_of_the_real_document(real):
    category = profiles.allocation(real, "category").iloc[0]
    assert category["category_name"] == "特定目标类" and category["budget_wan_yuan"] == Decimal("1536.74")
    kinds = profiles.allocation(real, "spending_kind").set_index("spending_kind")["budget_wan_yuan"]
    assert kinds["人员报酬"] == Decimal("598.91") + 344 + 18 + 66  # 工资, 报酬, 离岗人员工资, 小组长工资


def test_indicators_of_the_real_document(real):
    level1 = profiles.indicators(real).set_index("level1")
    assert level1["indicators"].to_dict() == {"产出指标": 78, "效益指标": 54, "满意度指标": 21}
    assert level1["weight"].to_dict() == {"产出指标": 1050, "效益指标": 630, "满意度指标": 210}  # 21 × 50, 30, 10
    quantity = profiles.indicators(real, "level2").set_index("level2").loc["数量指标"]
    assert quantity["indicators"] == 45 and quantity["weight"] == 670 and cut(quantity["weight_share"], 1) == "35.4"
    assert profiles.indicators(real, "comparator").set_index("comparator")["indicators"].to_dict() == {
        "≥": 115,
        "=": 38,
    }
    assert profiles.indicators(real, "measure_unit").set_index("measure_unit")["indicators"]["%"] == 107
    spread = profiles.indicator_distribution(real).iloc[0]
    assert (spread["indicators"], cut(spread["mean"]), spread["least"], spread["most"]) == (153, "7.29", 4, 11)
    assert spread["median"] == 7 and spread["few"] == 1 and spread["many"] == 0


def test_weights_of_the_real_document(real):
    rule = profiles.weight_profile(real)
    assert rule["points"].tolist() == [50, 30, 10] and rule["following"].tolist() == [21] * 3
    assert (profiles.level1_weights(real)["difference"] == 0).all()
    weights = profiles.project_weights(real)
    assert (weights["weight"] == 90).all() and (weights["distance"] == 0).all()
    values = profiles.weight_values(real).set_index("weight")["indicators"]
    assert values.sum() == 153 and values[Decimal(10)] == 100 and values[Decimal(30)] == 4


def test_coverage_of_the_real_document(real):
    whole = profiles.coverage(real, ()).set_index("level2")
    assert whole["covered"][["数量指标", "时效指标", "成本指标", "服务对象满意度指标"]].tolist() == [21, 10, 0, 21]
    assert whole["covered_wan_yuan"]["成本指标"] == 0
    assert len(profiles.cut_names(real)) >= 30
    filled = profiles.completeness(real).set_index("column")
    assert filled["missing"].sum() == 0 and filled["rows"]["weight"] == 153
    money = profiles.yardsticks(real).set_index("yardstick")
    assert money["value"]["有产出指标的项目所占资金"] == 100 and cut(money["value"].iloc[2]) == "7.29"


# ---- sums, parts and groups ------------------------------------------------------------------------------------------


def test_sums_are_exact_and_groups_add_up(three_units):
    total = profiles.exact_sum(three_units.projects["budget_wan_yuan"])
    for of in ("project", "category", "unit", "spending_kind", "document", "year"):
        rows = profiles.allocation(three_units, of)
        assert profiles.exact_sum(rows["budget_wan_yuan"]) == total and rows["projects"].sum() == 24
    by_unit = profiles.allocation(three_units, "category", by=["unit"])
    assert profiles.exact_sum(by_unit["budget_wan_yuan"]) == total
    for _, part in by_unit.groupby("unit_name"):
        assert part["cumulative_share"].iloc[-1] == 100 and part["rank"].tolist() == list(range(1, len(part) + 1))
    assert profiles.indicators(three_units, by=["unit"])["indicators"].sum() == len(three_units.indicators)


def test_one_third_is_not_a_binary_float():
    assert percent(Decimal(1), Decimal(3)) == Decimal("33.333333")
    assert profiles.exact_sum([Decimal("0.1")] * 3) == Decimal("0.3")
    assert profiles.exact_sum([Decimal(10) ** 37, Decimal("1E-37")]) == Decimal("1" + "0" * 37 + "." + "0" * 36 + "1")


def test_select_a_unit_a_year_a_category(three_units):
    code, name = three_units.projects[["unit_code", "unit_name"]].iloc[-1]
    for unit in (code, name):
        part = select(three_units, unit=unit)
        assert len(part.documents) == 1 and len(part.projects) == 8
        assert set(part.indicators["document_id"]) == set(part.documents["document_id"])
    assert len(select(three_units, year=2025).projects) == 24 and len(select(three_units, year=1999).projects) == 0
    category = three_units.projects["category_name"].iloc[0]
    part = select(three_units, category=category)
    assert set(part.projects["category_name"]) == {category} and 0 < len(part.projects) < 24
    assert select(three_units) is three_units


def test_a_unit_of_a_whole_is_as_the_unit_alone(three_units):
    name = three_units.projects["unit_name"].iloc[0]
    alone = profiles.indicators(select(three_units, unit=name), "level2", by=["unit"])
    among = profiles.indicators(three_units, "level2", by=["unit"])
    among = among[among["unit_name"] == name].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, among)


def test_distance_from_the_profile():
    truth = make_truth(3, projects=5, shares={"产出指标": 50, "效益指标": 30, "满意度指标": 10})
    dataset = dataset_of(truth)
    moved = dataset.indicators.copy()
    row = moved.index[(moved["project_no"] == 2) & (moved["level1"] == "产出指标")][0]
    other = moved.index[(moved["project_no"] == 2) & (moved["level1"] == "效益指标")][0]
    moved.at[row, "weight"] -= Decimal("2.5")
    moved.at[other, "weight"] += Decimal("2.5")
    dataset = Dataset(**{**dataset.tables(), "indicators": moved})
    distances = profiles.project_weights(dataset).set_index("project_no")["distance"]
    assert distances.to_dict() == {1: 0, 2: Decimal("2.5"), 3: 0, 4: 0, 5: 0}
    assert profiles.weight_profile(dataset)["following"].tolist() == [4, 4, 4]


def test_heavy_and_equal_projects():
    dataset = dataset_of(make_truth(3, projects=2, min_indicators=7))
    weights = dataset.indicators["weight"].where(dataset.indicators["project_no"] == 2, Decimal(10))
    heavy = dataset.indicators.index[dataset.indicators["project_no"] == 2][0]
    weights[heavy] = Decimal(60)
    rows = profiles.project_weights(
        Dataset(**{**dataset.tables(), "indicators": dataset.indicators.assign(weight=weights)})
    )
    assert rows["is_equal"].tolist() == [True, False] and rows["is_heavy"].tolist() == [False, True]
    assert rows["heaviest_name"].iloc[1] == dataset.indicators["name"][heavy]


# ---- missing data and documentation ----------------------------------------------------------------------------------


@cache
def stripped() -> Dataset:
    """Two documents, of one everything is lost that may be."""
    bare = dataset_of(make_truth(8, projects=2, fiscal_year=2024))
    projects = bare.projects.assign(
        unit_code=None, unit_name=None, category_code=None, category_name=None, project_name=None, fiscal_year=pd.NA
    )
    projects["budget_wan_yuan"] = None
    indicators = bare.indicators.assign(level1=None, level2=None, comparator=None, measure_unit=None)
    indicators["weight"] = indicators["target_value"] = None
    lost = Dataset(**{**bare.tables(), "projects": projects, "indicators": indicators})
    return concat([lost, dataset_of(make_truth(9, projects=1, fiscal_year=2024))])


@cache
def unweighed() -> Dataset:
    return dataset_of(make_truth(4, projects=1, weights=False, layout="onevalue"))


@pytest.mark.parametrize("profile", ALL)
def test_missing_data_is_counted_not_lost(profile):
    for dataset in (Dataset.empty(), unweighed(), stripped()):
        frame = profile(dataset)
        assert isinstance(frame, pd.DataFrame)


def test_projects_without_a_budget_and_indicators_without_a_level_are_counted():
    rows = profiles.allocation(stripped())
    assert rows["without_budget"].tolist() == [0, 1, 1] and rows["budget_wan_yuan"].iloc[1] is None
    assert rows["share"].iloc[0] == 100
    assert (profiles.indicators(stripped())["level1"] == "未注明").any()


@pytest.mark.parametrize("profile", ALL)
def test_every_column_is_documented_and_has_a_chinese_title(profile, three_units):
    known = {name for table in TABLES.values() for name in table.columns} | set(profiles.COLUMNS)
    frame = profile(three_units)
    assert set(frame) <= known
    assert list(profile(Dataset.empty())) == list(frame)  # an empty dataset gives the same columns
    assert all(any("一" <= sign <= "鿿" for sign in title) for title in profiles.titled(frame))


def test_an_unknown_group_is_named():
    with pytest.raises(ValueError, match="没有“village”这种分组。可用：document"):
        profiles.allocation(Dataset.empty(), of="village")


def test_placeholders_fill_nothing_and_are_counted_apart(real):
    rows = real.indicators.copy()
    rows.loc[0, ["name", "target_text"]], rows.loc[1, "target_text"] = ["不适用", "/"], "/"
    data = replace(real, indicators=rows)
    assert profiles.indicators(data)["placeholders"].sum() == 2 and profiles.indicators(real)["placeholders"].sum() == 0
    first = profiles.indicators_per_project(data).iloc[0]
    assert (
        first["indicators"] + 2 == profiles.indicators_per_project(real)["indicators"].iloc[0]
        and first["placeholders"] == 2
    )
    assert profiles.indicators(data, of="quantified").set_index("quantified").at["占位", "indicators"] == 2
    missing = profiles.completeness(data).set_index("column")["missing"]
    assert (missing["name"], missing["target_text"], missing["measure_unit"]) == (1, 2, 0)
    covered = [
        profiles.coverage(one, of="project").query("level2 == '数量指标'")["covered"].iloc[0] for one in (real, data)
    ]
    own = real.indicators[(real.indicators["project_no"] == 1) & (real.indicators["level2"] == "数量指标")]
    assert covered == [1, 0 if len(own) <= 2 else 1]
