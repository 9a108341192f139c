"""Projects and indicators over years: what is the same is found, what only looks alike is not, the user has the last word."""

from decimal import Decimal

import pandas as pd
import pytest
from datasets import dataset_of
from generator.years import key_of, make_series
from hypothesis import given, settings
from hypothesis import strategies as st

from budgetperf.errors import InputError
from budgetperf.tables.dataset import Dataset, concat, typed
from budgetperf.years import match_indicators, match_projects, read_mapping, rows_of_year, write_review
from budgetperf.years.assignment import assign
from budgetperf.years.names import core_name, tells_apart

KEY = ["document_id", "project_no"]


def small(year: int, projects: list[dict], unit: str | None = "甲局", layout: str = "approval") -> Dataset:
    """A dataset of one document from a few words: projects with name, budget, code, objective, indicators."""
    document = f"{layout[:4]}{year}{unit}"
    rows, indicators = [], []
    for number, project in enumerate(projects, 1):
        rows.append(
            {
                "document_id": document,
                "project_no": number,
                "fiscal_year": year,
                "unit_name": project.get("unit", unit),
                "project_name": project["name"],
                "project_code": project.get("code"),
                "objective": project.get("objective"),
                "budget_wan_yuan": None if project.get("budget") is None else Decimal(project["budget"]),
            }
        )
        for place, indicator in enumerate(project.get("indicators", []), 1):
            level2, name, comparator, target, measure, weight, *more = indicator
            number_ = Decimal(target) if target and target.replace(".", "").isdigit() else None
            actual = more[0] if more else None
            indicators.append(
                {
                    "document_id": document,
                    "project_no": number,
                    "indicator_no": place,
                    "level1": "产出指标",
                    "level2": level2,
                    "name": name,
                    "comparator": comparator,
                    "target_text": target,
                    "target_value": number_,
                    "measure_unit": measure,
                    "weight": None if weight is None else Decimal(weight),
                    "is_cut": False,
                    "actual_text": actual,
                    "actual_value": Decimal(actual) if actual else None,
                }
            )
    documents = [
        {
            "document_id": document,
            "source": f"{document}.pdf",
            "layout": layout,
            "title": f"{year}年表",
            "fiscal_year": year,
            "status": "reconciled",
        }
    ]
    tables = {"documents": documents, "projects": rows, "indicators": indicators}
    return Dataset(**{name: typed(pd.DataFrame(tables.get(name, [])), name) for name in Dataset.empty().tables()})


def matched(old: Dataset, new: Dataset, **more) -> pd.DataFrame:
    dataset = concat([old, new])
    years = sorted({int(y) for y in dataset.projects["fiscal_year"]})
    return match_projects(rows_of_year(dataset, years[0]), rows_of_year(dataset, years[-1]), **more)


def pairs(links: pd.DataFrame) -> set:
    both = links[links["project_from"].notna() & links["project_to"].notna()]
    return set(zip(both["project_from"], both["project_to"], strict=True))


SAME = [("数量指标", "维修路灯数量", "≥", "80", "盏", "30"), ("质量指标", "验收合格率", "=", "100", "%", "30")]


def test_sisters_at_other_places_are_never_taken_for_each_other():
    old = small(
        2023,
        [
            {
                "name": "东关路综合服务中心经费",
                "budget": "32",
                "objective": "保障中心日常运转，服务居民。" * 3,
                "indicators": SAME,
            }
        ],
    )
    new = small(
        2024,
        [
            {
                "name": "西关路综合服务中心经费",
                "budget": "32",
                "objective": "保障中心日常运转，服务居民。" * 3,
                "indicators": SAME,
            }
        ],
    )
    links = matched(old, new)
    assert pairs(links) == set() and sorted(links["status"]) == ["ended", "new"]
    assert tells_apart(core_name("二中路综合服务中心村级运转经费"), core_name("北大路综合服务中心村级运转经费"))


def test_a_code_given_to_another_project_does_not_win_over_its_name():
    old = small(
        2023, [{"name": "路灯维护", "code": "A1", "budget": "5"}, {"name": "文物修缮保护", "code": "A2", "budget": "9"}]
    )
    new = small(
        2024, [{"name": "文物修缮保护", "code": "A1", "budget": "9"}, {"name": "路灯维护", "code": "A2", "budget": "5"}]
    )
    assert pairs(matched(old, new)) == {("路灯维护", "路灯维护"), ("文物修缮保护", "文物修缮保护")}


def test_the_assignment_is_the_best_of_all_and_not_greedy():
    gains = {(0, 0): 0.9, (0, 1): 0.8, (1, 0): 0.8, (1, 1): 0.1}
    assert assign(gains, (2, 2)) == [(0, 1), (1, 0)]


def test_a_split_and_a_merge_with_their_links():
    one = [("数量指标", f"甲项内容{n}数量", "≥", "8", "个", "10") for n in "一二三四"]
    two = [("质量指标", f"乙类事项{n}合格率", "≥", "95", "%", "10") for n in "子丑寅卯"]
    old = small(
        2023,
        [
            {"name": "道路养护", "budget": "100", "indicators": one + two},
            {"name": "环卫保洁", "budget": "20", "indicators": SAME},
        ],
    )
    new = small(
        2024,
        [
            {"name": "道路养护（一期）", "budget": "60", "indicators": one},
            {"name": "道路养护（二期）", "budget": "45", "indicators": two},
            {"name": "环卫保洁", "budget": "22", "indicators": SAME},
        ],
    )
    links = matched(old, new)
    assert set(links[links["status"] == "split"]["project_to"]) == {"道路养护（一期）", "道路养护（二期）"}
    assert set(links[links["project_from"] == "环卫保洁"]["status"]) == {"continued"}
    back = match_projects(*(rows_of_year(concat([old, new]), year) for year in (2024, 2023)))
    assert set(back[back["status"] == "merged"]["project_from"]) == {"道路养护（一期）", "道路养护（二期）"}


def test_units_renamed_are_followed_and_missing_ones_named():
    names = ["低保家庭救助", "高龄老人补贴", "殡葬服务保障"]
    old = concat(
        [
            small(2023, [{"name": n, "budget": "5"} for n in names], "昌宁县民政局"),
            small(2023, [{"name": "林木抚育", "budget": "1"}], "林业局"),
        ]
    )
    new = small(2024, [{"name": n, "budget": "6"} for n in names], "昌宁县民政和社会事务局")
    links = matched(old, new)
    assert len(pairs(links)) == 3
    assert links.set_index("project_from")["status"]["林木抚育"] == "unit_gone"


def test_the_users_mapping_always_wins(tmp_path):
    old = small(2023, [{"name": "路灯维护", "budget": "5"}, {"name": "文物修缮", "budget": "9"}])
    new = small(2024, [{"name": "路灯维护", "budget": "5"}, {"name": "古建保护工程", "budget": "9"}])
    path = tmp_path / "mapping.csv"
    row = {"year_from": 2023, "year_to": 2024, "unit_from": "甲局", "unit_to": "甲局"}
    write_review(
        path,
        [
            row | {"project_from": "文物修缮", "project_to": "古建保护工程"},
            row | {"project_from": "路灯维护", "project_to": "路灯维护"},
        ],
    )
    assert read_mapping(path).decisions == []  # nothing decided yet
    text = path.read_text(encoding="utf-8-sig")
    lines = text.splitlines()
    place = lines[0].split(",").index("decision")
    cells = [line.split(",") for line in lines]
    cells[1][place], cells[2][place] = "same", "不同"
    path.write_text("\n".join(",".join(line) for line in cells), encoding="utf-8")
    links = matched(old, new, mapping=read_mapping(path))
    assert pairs(links) == {("文物修缮", "古建保护工程")}
    assert links.set_index("project_from")["method"]["文物修缮"] == "mapping"
    back = match_projects(*(rows_of_year(concat([old, new]), y) for y in (2024, 2023)), mapping=read_mapping(path))
    assert pairs(back) == {("古建保护工程", "文物修缮")}
    assert write_review(path, []) == 0 and len(read_mapping(path).decisions) == 2  # decided rows stay


@pytest.mark.parametrize("decision, project, words", [("也许", "文物修缮", "不认识"), ("same", "没有的项目", "找不到")])
def test_a_mapping_that_means_nothing_is_never_passed_over(tmp_path, decision, project, words):
    path = tmp_path / "mapping.csv"
    write_review(
        path,
        [{"year_from": 2023, "year_to": 2024, "project_from": project, "project_to": "文物修缮", "decision": decision}],
    )
    year = small(2023, [{"name": "文物修缮"}]), small(2024, [{"name": "文物修缮"}])
    with pytest.raises(InputError, match=words):
        matched(*year, mapping=read_mapping(path))


def test_a_name_that_a_spreadsheet_would_run_is_marked_in_the_mapping_and_read_back(tmp_path):
    path, name = tmp_path / "mapping.csv", '=HYPERLINK("x","文物修缮")'
    write_review(
        path,
        [{"year_from": 2023, "year_to": 2024, "project_from": name, "project_to": "-1+1", "decision": "same"}],
    )
    assert "\"'=HYPERLINK(" in path.read_text(encoding="utf-8") and ",'-1+1," in path.read_text(encoding="utf-8")
    write_review(path, [])  # and not once more at each writing
    (decision,) = read_mapping(path).decisions
    assert (decision.one[2], decision.other[2]) == (name, "-1+1")


def indicators_of(one: list, other: list) -> list[tuple]:
    dataset = concat(
        [
            small(2023, [{"name": "路灯维护", "indicators": one}]),
            small(2024, [{"name": "路灯维护", "indicators": other}]),
        ]
    )
    old, new = rows_of_year(dataset, 2023), rows_of_year(dataset, 2024)
    frame = match_indicators(match_projects(old, new), old, new)
    return list(zip(frame["indicator_no_from"], frame["indicator_no_to"], frame["method"], strict=True))


def test_indicators_exact_cut_fuzzy_and_over_the_taxonomy():
    one = [
        ("数量指标", "维修路灯数量", "≥", "80", "盏", "30"),
        ("社会效益指标", "夯实社区基层党组织的执政", "≥", "85", "%", "20"),
        ("质量指标", "验收合格率", "=", "100", "%", "20"),
        ("成本指标", "单盏路灯维修成本", "≤", "300", "元", "20"),
    ]
    other = [
        ("经济成本指标", "单盏路灯维修成本", "≤", "300", "元", "20"),
        ("质量指标", "工程验收合格率", "=", "100", "%", "20"),
        ("社会效益指标", "夯实社区基层党组织的执政基础和服务能力", "≥", "85", "%", "20"),
        ("数量指标", "维修路灯数量", "≥", "90", "盏", "30"),
    ]
    assert sorted(indicators_of(one, other)) == [(1, 4, "exact"), (2, 3, "prefix"), (3, 2, "fuzzy"), (4, 1, "taxonomy")]


def test_indicators_of_sister_places_stay_apart():
    one, other = (
        [("数量指标", "东关路整治面积", "≥", "80", "亩", "30")],
        [("数量指标", "西关路整治面积", "≥", "80", "亩", "30")],
    )
    assert indicators_of(one, other) == []


def test_one_project_in_an_application_and_an_approval_counts_once():
    both = concat(
        [
            small(2023, [{"name": "路灯维护", "budget": "6"}], layout="form"),
            small(2023, [{"name": "路灯维护", "budget": "5"}]),
        ]
    )
    year = rows_of_year(both, 2023)
    assert year.projects["budget_wan_yuan"].tolist() == [Decimal(5)] and "重复" in year.notes[0]


ALL = {
    "rename": 0.4,
    "split": 0.08,
    "merge": 0.06,
    "name_cut": 12,
    "cost_level1": True,
    "sister": 0.2,
    "unit_name": "昌宁县综合事务服务局",
}


def counted(seeds) -> dict[str, tuple[int, int, int]]:
    sums = {"projects": [0, 0, 0], "indicators": [0, 0, 0]}
    for seed in seeds:
        series = make_series(seed, edits=ALL, projects=6 + seed % 7)
        old, new = (
            rows_of_year(concat([dataset_of(t) for t in series.truths]), t["document"]["fiscal_year"])
            for t in series.truths
        )
        keys = [{n: key_of(p) for n, p in enumerate(truth["projects"], 1)} for truth in series.truths]
        links = match_projects(old, new)
        both = links[links["project_no_from"].notna() & links["project_no_to"].notna()]
        found = {(keys[0][int(r.project_no_from)], keys[1][int(r.project_no_to)]) for r in both.itertuples()}
        rows = {
            (
                (keys[0][int(r.project_no_from)], int(r.indicator_no_from)),
                (keys[1][int(r.project_no_to)], int(r.indicator_no_to)),
            )
            for r in match_indicators(links, old, new).itertuples()
        }
        for name, these, true in (("projects", found, series.projects[0]), ("indicators", rows, series.indicators[0])):
            for place, number in enumerate((len(these & true), len(these), len(true))):
                sums[name][place] += number
    return sums


def test_matching_holds_against_known_truth():
    """benchmarks/years.py measures more documents by kind of edit."""
    for name, (right, found, true) in counted(range(5000, 5012)).items():
        assert right / found >= 0.98 and right / true >= 0.97, name


@settings(max_examples=6)
@given(seed=st.integers(0, 10_000))
def test_exchanging_the_years_of_the_data_exchanges_the_links(seed):
    series = make_series(seed, edits=ALL, projects=7)
    dataset = concat([dataset_of(truth) for truth in series.truths])
    swapped = dataset.projects["fiscal_year"].map({2022: 2023, 2023: 2022}).astype("Int64")
    other = Dataset(**{**dataset.tables(), "projects": dataset.projects.assign(fiscal_year=swapped)})
    links = match_projects(rows_of_year(dataset, 2022), rows_of_year(dataset, 2023))
    back = match_projects(rows_of_year(other, 2022), rows_of_year(other, 2023))
    columns = ["project_from", "code_from", "project_to", "code_to", "method", "score", "runner_up", "doubtful"]
    turned = back.rename(
        columns={name: name.replace("_from", "_TO").replace("_to", "_from").replace("_TO", "_to") for name in columns}
    )
    rows = [sorted(map(str, frame[columns].values.tolist())) for frame in (links, turned)]
    assert rows[0] == rows[1]
