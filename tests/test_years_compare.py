"""Comparison of years: the money closes to the cent, mirrors, and a year against itself shows no change at all."""

from decimal import Decimal

import pandas as pd
import pytest
from datasets import dataset_of
from generator.years import make_series
from hypothesis import given, settings
from hypothesis import strategies as st
from test_years_matching import SAME, small

from budgetperf import years
from budgetperf.audit import audit
from budgetperf.audit.config import load_config
from budgetperf.cli import main
from budgetperf.errors import InputError
from budgetperf.settings import Settings
from budgetperf.tables.dataset import Dataset, concat
from budgetperf.tables.store import save
from budgetperf.years.comparison import compare
from budgetperf.years.frames import FRAMES, framed
from budgetperf.years.targets import compare_targets, target_of
from budgetperf.years.text import difference

EDITS = {"rename": 0.4, "split": 0.15, "merge": 0.12, "sister": 0.2, "cost_level1": True}


def series_dataset(seed: int, count: int = 2, projects: int = 7) -> Dataset:
    return concat([dataset_of(truth) for truth in make_series(seed, count, edits=EDITS, projects=projects).truths])


# ---- money -----------------------------------------------------------------------------------------------------------

amounts = st.one_of(st.none(), st.decimals(min_value="-50", max_value="99999", places=6, allow_nan=False))


@settings(max_examples=8)
@given(seed=st.integers(0, 500), budgets=st.lists(amounts, min_size=40, max_size=40))
def test_the_bridge_closes_to_the_cent_whatever_the_budgets(seed, budgets):
    dataset = series_dataset(seed, 3, 5)
    values = pd.Series((budgets * 3)[: len(dataset.projects)], dtype=object)
    dataset = Dataset(**{**dataset.tables(), "projects": dataset.projects.assign(budget_wan_yuan=values)})
    comparison = compare(dataset, mapping=None)
    for (year, other), bridge in comparison.bridge.groupby(["year_from", "year_to"]):
        totals = [
            sum(
                (b for y, b in zip(dataset.projects["fiscal_year"], values, strict=True) if y == of and b is not None),
                Decimal(0),
            )
            for of in (year, other)
        ]
        assert (bridge["amount"].iloc[0], bridge["amount"].iloc[-1]) == tuple(totals)
        assert sum(bridge["amount"].iloc[1:-1], totals[0]) == totals[1]
        projects = comparison.projects[
            (comparison.projects["year_from"] == year) & (comparison.projects["year_to"] == other)
        ]
        assert sum(projects["change"], totals[0]) == totals[1]


@settings(max_examples=5)
@given(seed=st.integers(0, 5000))
def test_years_exchanged_mirror_each_other(seed):
    dataset = series_dataset(seed)
    there, back = compare(dataset, [2022, 2023], mapping=None), compare(dataset, [2023, 2022], mapping=None)
    mirrored = {"split": "merged", "merged": "split", "new": "ended", "ended": "new"}
    rows = sorted((str(r.project_from), str(r.project_to), r.status, r.change) for r in there.projects.itertuples())
    assert rows == sorted(
        (str(r.project_to), str(r.project_from), mirrored.get(r.status, r.status), -r.change)
        for r in back.projects.itertuples()
    )
    turned = {"harder": "easier", "easier": "harder", "added": "dropped", "dropped": "added"}
    key = ["indicator_from", "indicator_to", "target_text_from", "target_text_to", "status", "outcome"]
    rows = sorted(map(str, there.indicators[key].fillna("").values.tolist()))
    other = back.indicators[
        ["indicator_to", "indicator_from", "target_text_to", "target_text_from", "status", "outcome"]
    ].fillna("")
    other = other.replace({"status": turned, "outcome": turned})
    assert rows == sorted(map(str, other.values.tolist()))
    shifts = [
        dict(zip(f["level"] + f["name"], f["shift"], strict=True))
        for f in (c.weights[c.weights["unit"] == "全部"] for c in (there, back))
    ]
    assert shifts[0] == {name: -shift for name, shift in shifts[1].items()}


@settings(max_examples=5)
@given(seed=st.integers(0, 5000), near=st.sampled_from([0.2, 1.0]))
def test_a_year_with_itself_shows_no_change_at_all(seed, near):
    truth = make_series(seed, 2, edits=EDITS, projects=8, near_duplicates=near).truths[1]
    same = compare(dataset_of(truth), [2023, 2023], mapping=None)
    assert set(same.projects["status"]) == {"continued"} and not any(same.projects["change"])
    assert (same.projects["project_from"] == same.projects["project_to"]).all()
    assert set(same.indicators["status"]) == {"kept"} and set(same.indicators["outcome"]) <= {"unchanged", "unknown"}
    assert same.bridge["step"].tolist() == ["start", "end"]
    assert not any(same.weights["shift"]) and not same.objectives["changed"].any()
    assert set(same.findings["state"]) <= {"persists"}


def test_no_division_by_zero():
    old = small(2023, [{"name": "路灯维护", "budget": "0"}, {"name": "文物修缮", "budget": "5"}])
    new = small(2024, [{"name": "路灯维护", "budget": "8"}, {"name": "环卫保洁项目甲乙", "budget": "3"}])
    rows = compare(concat([old, new]), mapping=None).projects.set_index("status")
    assert rows["change_text"].to_dict() == {"continued": "无上年数", "ended": "终止", "new": "新增"}
    assert rows["change_percent"].tolist() == [None, None, None]


def test_what_cannot_be_compared_is_said_and_the_rest_compared():
    bare = [(*row[:5], None) for row in SAME]
    dataset = concat(
        [
            small(2022, [{"name": "路灯维护", "budget": "5", "indicators": SAME}]),
            small(2022, [{"name": "林木抚育", "budget": "2"}], "林业局"),
            small(2024, [{"name": "路灯维护", "budget": "6", "indicators": bare}]),
        ]
    )
    comparison = compare(dataset, [2022, 2023, 2024], mapping=None)
    text = "\n".join(comparison.notes)
    assert "没有 2023 年的文件" in text and "林业局只有 2022 年的文件" in text and "2024 年甲局没有印权重" in text
    assert comparison.bridge["step"].tolist() == ["start", "unit_gone", "increased", "end"]
    assert comparison.indicators["outcome"].tolist() == ["unchanged", "unchanged"] and comparison.weights.empty
    with pytest.raises(InputError, match="只有其中的 2024 年"):
        compare(dataset, [2024, 2025], mapping=None)
    with pytest.raises(InputError, match="没有单位"):
        compare(dataset, unit="乙局", mapping=None)


def test_ten_years_are_followed_as_one_line():
    dataset = concat(
        [small(2015 + n, [{"name": f"{2015 + n}年路灯维护经费", "budget": str(10 + n)}]) for n in range(10)]
    )
    comparison = compare(dataset, mapping=None)
    assert comparison.lines["line"].nunique() == 1 and comparison.lines["amount"].tolist() == [
        Decimal(10 + n) for n in range(10)
    ]
    assert len(comparison.bridge[comparison.bridge["step"] == "increased"]) == 9


# ---- targets and texts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "old, new, outcome",
    [
        (("≥", "90", "%"), ("≥", "95", "%"), "harder"),
        (("≤", "5", "天"), ("≤", "7", "天"), "easier"),
        (("≥", "95", "%"), ("=", "100", "%"), "harder"),
        (("=", "100", "%"), ("≥", "100", "百分比"), "unchanged"),
        (("=", "8", "个"), ("=", "10", "个"), "different"),
        (("=", "8", "个"), ("≥", "8", "个"), "easier"),
        (("≥", "8", "个"), ("≤", "8", "个"), "different"),
        (("≤", "2", "万元"), ("≤", "20000", "元"), "unchanged"),
        (("≤", "2", "万元"), ("≤", "15000", "元"), "harder"),
        (("≥", "3", "公里"), ("≥", "2500", "米"), "easier"),
        (("≥", "8", "个"), ("≥", "8", "座"), "unchanged"),
        (("≥", "8", "个"), ("≥", "8", "%"), "different"),
        (("≤", "2023年10月31日", None), ("≤", "2024年10月31日", None), "unchanged"),
        (("≤", "2023年10月31日", None), ("≤", "2024年9月30日", None), "harder"),
        (("定性", "有效", None), ("定性", "显著", None), "different"),
        (("≥", "90", "%"), ("定性", "提升", None), "different"),
    ],
)
def test_harder_or_easier(old, new, outcome):
    one, other = (
        target_of(c, t, Decimal(t) if t.isdigit() else None, u, year) for (c, t, u), year in ((old, 2023), (new, 2024))
    )
    mirror = {"harder": "easier", "easier": "harder"}
    assert compare_targets(one, other)[0] == outcome
    assert compare_targets(other, one)[0] == mirror.get(outcome, outcome)


@settings(max_examples=60)
@given(old=st.text("维修路灯保障3 5年A，。", max_size=30), new=st.text("维修路灯保障3 5年A，。", max_size=30))
def test_the_difference_of_texts_holds_both_texts(old, new):
    pieces = difference(old, new)
    assert "".join(p.text for p in pieces if p.kind != "came") == old
    assert "".join(p.text for p in pieces if p.kind != "gone") == new


# ---- self-evaluations, findings, files -------------------------------------------------------------------------------


def test_self_evaluations_target_against_actual_and_next_year():
    of = [
        ("数量指标", "维修路灯数量", "≥", "80", "盏", "30", "95"),
        ("质量指标", "验收合格率", "=", "100", "%", "30", "90"),
    ]
    own = small(2023, [{"name": "路灯维护", "budget": "5", "indicators": of}], layout="self_evaluation")
    plan = small(
        2023,
        [
            {
                "name": "路灯维护",
                "budget": "5",
                "indicators": [("数量指标", "维修路灯数量", "≥", "100", "盏", "30"), *SAME[1:]],
            }
        ],
    )
    following = small(
        2024,
        [
            {
                "name": "路灯维护",
                "budget": "6",
                "indicators": [("数量指标", "维修路灯数量", "≥", "90", "盏", "30"), *SAME[1:]],
            }
        ],
    )
    comparison = compare(concat([plan, own, following]), mapping=None)
    rows = comparison.evaluated_indicators
    assert rows["result"].tolist() == ["met", "short"] and rows["plan_outcome"].tolist() == ["easier", "unchanged"]
    assert rows["next_against_actual"].tolist() == ["met", "short"]
    assert comparison.projects["amount_from"].tolist() == [Decimal(5)]  # the plan, not the self-evaluation, is compared


def of_years(dataset: Dataset) -> pd.DataFrame:
    return audit(dataset, only=[f"Y0{number}" for number in range(1, 6)])


def test_rules_over_years():
    def year(number: int, budget: str, target: str, more: list, objective: str) -> Dataset:
        rows = [
            ("数量指标", "维修路灯数量", "≥", "80", "盏", "30"),
            ("时效指标", "故障修复时间", "≤", target, "天", "20"),
            *more,
        ]
        return small(number, [{"name": "路灯维护", "budget": budget, "indicators": rows, "objective": objective}])

    text = "按照2022年工作要点维修全镇路灯，保障群众夜间出行安全，落实管护责任。"
    hard, soft = ("质量指标", "路灯亮灯率", "≥", "98", "%", "20"), ("质量指标", "照明质量", "定性", "良好", None, "20")
    dataset = concat(
        [year(2022, "10", "2", [hard], text), year(2023, "10", "2", [hard], text), year(2024, "15", "5", [soft], text)]
    )
    found = of_years(dataset)
    assert set(found["rule"]) == {"Y01", "Y02", "Y03", "Y04", "Y05"}
    messages = dict(zip(found["rule"], found["message"], strict=True))
    assert "10.00 万元变为 15.00 万元" in messages["Y01"] and "≤2天" in messages["Y02"] and "亮灯率" in messages["Y03"]
    assert "2022–2024 年连续 3 年都是 80" in messages["Y05"]
    config = load_config(Settings(audit={"Y01": {"moved": 50}, "Y05": {"years": 4}}))
    assert {"Y01", "Y05"}.isdisjoint(audit(dataset, config)["rule"])
    assert of_years(concat([year(2022, "10", "2", [hard], text)])).empty


def test_commands_and_files(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    save(series_dataset(7, 2, 9), tmp_path / "data")
    code = main(["compare", "2022", "2023", "--data", "data", "--out", "out"])
    text = capsys.readouterr().out
    assert code in (0, 1) and "2022 → 2023" in text and "合计桥" in text and "已写入 out" in text
    frame = pd.read_parquet(tmp_path / "out/projects.parquet")
    assert {"change", "contribution", "synthetic"} <= set(frame) and isinstance(frame["change"].iloc[0], Decimal)
    assert (tmp_path / "out/bridge.csv").read_bytes().startswith("\ufeff".encode())
    assert main(["compare", "2023", "2030", "--data", "data"]) == 2 and "2030" in capsys.readouterr().err
    assert main(["match", "--data", "data", "--review"]) in (0, 1)
    assert (tmp_path / "data/mapping.csv").is_file() and "→" in capsys.readouterr().out


def test_synthetic_data_are_marked_everywhere():
    dataset = series_dataset(3)
    titles = dataset.documents["title"].where(
        dataset.documents["fiscal_year"] == 2022, "2023年批复表（合成数据，非真实文件）"
    )
    comparison = compare(
        Dataset(**{**dataset.tables(), "documents": dataset.documents.assign(title=titles)}), mapping=None
    )
    assert comparison.scope["synthetic"] == [2023]
    assert all(
        frame["synthetic"].all() for name, frame in comparison.tables().items() if name != "lines" and len(frame)
    )
    assert next(iter(years.printed(comparison))) == "【含合成数据，非真实文件】"
    assert "合成数据" in years.in_words(years.totals(comparison)) and "合成数据" not in years.in_words(
        years.totals(compare(dataset, mapping=None))
    )


def test_years_at_hand_between_two_asked_for_are_gone_through():
    dataset = concat(
        [small(year, [{"name": "路灯维护", "budget": "5", "indicators": SAME}]) for year in (2022, 2023, 2024)]
    )
    comparison = compare(dataset, [2022, 2024], mapping=None)
    assert comparison.years == [2022, 2023, 2024] and any("经过" in note for note in comparison.notes)
    assert compare(dataset, [2024, 2022], mapping=None).years == [2024, 2023, 2022]
    assert compare(dataset, [2022, 2023], mapping=None).notes == []


def test_findings_over_years_begin_with_what_is_new_and_join_what_persists():
    head = dict.fromkeys(FRAMES["findings"]) | {"year_from": 2022, "year_to": 2023, "severity": "W", "project_to": "甲"}
    states = ["appeared", "worsened", "persists", "persists", "mended"]
    summary = years.finding_summary(
        framed([head | {"rule": "C01", "state": state} for state in states], FRAMES["findings"])
    )
    assert summary["state"].tolist() == ["appeared", "worsened", "persists", "mended"]
    assert summary["count"].tolist() == [1, 1, 2, 1]


def test_more_money_despite_low_results_is_listed_the_largest_rise_first():
    base = {"year": 2024, "unit": "甲局", "next_year": 2025, "synthetic": False}
    figures = [
        ("低分", 70, 100, 5, 6),
        ("好", 95, 100, 5, 9),
        ("少花", 95, 60, 5, 9),
        ("减少", 70, 60, 5, 4),
        ("不明", 70, 60, 5, None),
    ]
    rows = [
        base | {"project": name, "points_rate": Decimal(rate), "points_executed": Decimal(spent), "amount": Decimal(amount),
                "next_project": name, "amount_next": None if later is None else Decimal(later)}
        for name, rate, spent, amount, later in figures
    ]  # fmt: skip
    found = years.more_money_despite_results(pd.DataFrame(rows).astype({"amount_next": object}))
    assert list(zip(found["project"], found["change"], strict=True)) == [("少花", 4), ("低分", 1)]
