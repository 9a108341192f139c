"""A stock is never summed over periods, kinds of document or versions: every public view on a mixed build."""

from dataclasses import replace
from decimal import Decimal

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from datasets import dataset_of
from generator.truth import make_truth

import budgetperf
from budgetperf import charts, cli, profiles, years
from budgetperf.charts.export import PICTURES
from budgetperf.errors import InputError
from budgetperf.report import report_on
from budgetperf.tables.dataset import Dataset, concat


def with_source(dataset: Dataset, source: str, title: str | None = None, layout: str = "approval") -> Dataset:
    documents = dataset.documents.assign(source=source, document_id=source, layout=layout)
    if title:
        documents["title"] = title
    frames = {
        name: frame.assign(document_id=source) if len(frame) else frame for name, frame in dataset.tables().items()
    }
    return replace(dataset, **{**frames, "documents": documents})


def evaluated(dataset: Dataset) -> Dataset:
    """The dataset with every target met and every point scored."""
    rows = dataset.indicators
    return replace(dataset, indicators=rows.assign(actual_text=rows["target_text"], score=rows["weight"]))


@pytest.fixture(scope="module")
def parts() -> dict[str, Dataset]:
    """One unit: targets of two years, of the later year two versions, and its self-evaluation."""
    now = make_truth(31, projects=3, fiscal_year=2025)
    return {
        "now": with_source(dataset_of(now), "2025-批复.txt"),
        "draft": with_source(dataset_of(now), "2025-申报.txt", "2025年项目支出绩效目标申报表"),
        "past": with_source(dataset_of(make_truth(32, projects=4, fiscal_year=2024)), "2024.txt"),
        "result": with_source(
            evaluated(dataset_of(make_truth(33, projects=2, layout="selfeval", fiscal_year=2025))),
            "2025-自评.txt",
            layout="self_evaluation",
        ),
    }


@pytest.fixture(scope="module")
def mixed(parts) -> Dataset:
    return concat([parts["draft"], parts["past"], parts["result"], parts["now"]])


def total(dataset: Dataset) -> Decimal:
    return sum(dataset.projects["budget_wan_yuan"].dropna(), Decimal(0))


def test_the_newest_year_of_the_fullest_kind_and_the_later_version_is_taken(mixed, parts):
    chosen = profiles.choose(mixed)
    assert chosen.documents["source"].tolist() == ["2025-批复.txt"] and total(chosen) == total(parts["now"])
    said = "；".join(zh for zh, _ in chosen.left_out)
    assert said == (
        "2024 年绩效目标（1 份文件，4 个项目）；2025 年自评（1 份文件，2 个项目）；"
        "2025-申报.txt（与 2025-批复.txt 是同一张表的两版，以后者为准）"
    )
    assert profiles.choose(chosen).left_out == chosen.left_out, "choosing twice leaves out nothing more"


@pytest.mark.parametrize(
    ("asked", "source"),
    [
        ({"year": 2024}, "2024.txt"),
        ({"kind": "self_evaluation"}, "2025-自评.txt"),
        ({"kind": "targets"}, "2025-批复.txt"),
    ],
)
def test_year_and_kind_choose(mixed, asked, source):
    assert profiles.choose(mixed, **asked).documents["source"].tolist() == [source]


def test_an_unknown_kind_is_an_error(mixed):
    with pytest.raises(InputError, match="没有“自评”这一种"):
        profiles.choose(mixed, kind="自评")


def views() -> list:
    made = [getattr(profiles, name) for name in profiles.__all__]
    return [one for one in made if hasattr(one, "__wrapped__")]


@pytest.mark.parametrize("profile", views(), ids=lambda profile: profile.__name__)
def test_every_profile_speaks_of_what_was_chosen(mixed, parts, profile):
    of_results = profile.__module__.endswith("evaluation")
    pd.testing.assert_frame_equal(profile(mixed), profile(parts["result" if of_results else "now"]))


def test_profiles_of_results_find_them_beside_targets(mixed):
    assert len(profiles.evaluated_projects(mixed)) == 2 and profiles.grades(mixed)["projects"].sum() == 2


def test_there_are_no_profiles_without_the_rule():
    assert len(views()) >= 22


def test_the_money_of_a_mixed_build_is_that_of_one_year(mixed, parts):
    assert profiles.scope(mixed)["budget_wan_yuan"] == total(parts["now"])
    assert profiles.allocation(mixed)["budget_wan_yuan"].sum() == total(parts["now"])
    by_year = profiles.allocation(mixed, by=["year"])
    assert set(by_year["fiscal_year"]) == {2024, 2025}, "made by year, each year stands for itself"


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.file)
def test_every_chart_says_what_it_is_of_and_what_was_left_out(mixed, picture):
    ax = picture.draw(picture.frame(mixed), scope=profiles.scope(mixed), lang="zh")
    said = "".join(text.get_text().replace("\n", "") for text in ax.texts)
    plt.close(ax.figure)
    drawn = len(ax.texts) > 1
    assert not drawn or ("2025 年" in said and "未计入：2024 年绩效目标" in said)


def test_a_report_is_of_one_year_and_names_the_rest(mixed, parts):
    report = report_on(mixed)
    assert dict(report.facts)["预算合计（万元）"] == f"{total(parts['now']):,f}"
    of_results = report_on(mixed, kind="self_evaluation")
    assert dict(of_results.facts)["项目"] == "2"


def test_commands_say_what_they_left_out(mixed, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("budgetperf.charts.export.PICTURES", PICTURES[:2])
    monkeypatch.setattr("budgetperf.charts.export.PICTURES_OF_YEARS", [])
    budgetperf.save(mixed, tmp_path / "data")
    for command in (["charts"], ["report"]):
        out = tmp_path / ("图" if command == ["charts"] else "报告.xlsx")
        assert cli.main([*command, "--data", str(tmp_path / "data"), "--out", str(out)]) == 0
        assert "数字只算2025 年绩效目标；未计入：2024 年绩效目标" in capsys.readouterr().out


def test_invented_documents_are_marked_in_every_title(parts):
    invented = with_source(parts["now"], "合成.txt")
    scope = profiles.scope(invented)
    assert scope["synthetic"] and not profiles.scope(parts["now"])["synthetic"]
    ax = charts.allocation_bars(profiles.allocation(invented), scope=scope)
    said = [text.get_text() for text in ax.texts]
    plt.close(ax.figure)
    assert any(text.startswith("【合成数据】") for text in said) and any(
        "含合成数据，非真实文件" in text for text in said
    )
    assert report_on(invented).title.startswith("【含合成数据，非真实文件】")


def test_one_unit_once_with_and_once_without_code_is_one(parts):
    projects = parts["now"].projects.copy()
    projects.loc[projects.index[0], "unit_code"] = None
    part = replace(parts["now"], projects=projects)
    assert len(profiles.allocation(part, "unit")) == 1 and profiles.scope(part)["units"] == 1


def test_years_are_compared_whole(mixed):
    assert years.compare(mixed, [2024, 2025]).years == [2024, 2025]
