"""The charts of years: findings in titles, marks of synthetic data, every character printable, sentences where nothing is."""

import warnings
from decimal import Decimal
from itertools import pairwise

import matplotlib.pyplot as plt
import pytest
from matplotlib.axes import Axes
from test_years_compare import series_dataset

from budgetperf.charts import years as charts
from budgetperf.charts.export import export
from budgetperf.years import compare, nothing
from budgetperf.years.frames import bridge_of

DRAWN = {
    "bridge": charts.year_bridge,
    "projects": charts.slopes,
    "links": charts.split_flows,
    "weights": charts.weight_shift_heatmap,
    "indicators": charts.target_bars,
    "lines": charts.small_multiples,
}


@pytest.fixture(scope="module")
def comparison():
    return compare(series_dataset(7, 3, 12), mapping=None)


def words(ax: Axes) -> list[str]:
    return [text.get_text().replace("\n", "") for text in ax.texts]


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_draws_into_axes_and_touches_nothing_else(name, lang, comparison):
    before = dict(plt.rcParams)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a missing glyph is a warning
        own = DRAWN[name](getattr(comparison, name), scope=comparison.scope, lang=lang)
        own.figure.canvas.draw()
        _, ax = plt.subplots()
        assert DRAWN[name](getattr(comparison, name), ax=ax, scope=comparison.scope, lang=lang) is ax
    assert dict(plt.rcParams) == before
    assert any("南河湾镇人民政府" in text for text in words(own)) and not any("合成" in text for text in words(own))
    plt.close("all")


@pytest.mark.parametrize("name", DRAWN)
def test_synthetic_data_stand_in_title_and_foot(name, comparison):
    ax = DRAWN[name](getattr(comparison, name), scope={**comparison.scope, "synthetic": [2023]})
    assert sum("合成数据" in text for text in words(ax)) >= 2
    plt.close("all")


@pytest.mark.parametrize("name", DRAWN)
def test_nothing_to_compare_is_a_sentence(name):
    ax = DRAWN[name](getattr(nothing("只有一个年度"), name))
    assert len(words(ax)) == 1 and words(ax)[0].endswith("。")
    plt.close("all")


def test_the_bridge_prints_exact_amounts(comparison):
    ax = charts.year_bridge(comparison.bridge, years=(2022, 2023), scope=comparison.scope)
    rows = comparison.bridge[comparison.bridge["year_from"] == 2022]
    assert f"{rows['amount'].iloc[0]:,.2f}" in words(ax) and f"{rows['amount'].iloc[-1]:,.2f}" in words(ax)
    plt.close("all")


def test_a_chart_of_one_step_of_several_says_so(comparison):
    for name in ("bridge", "projects", "indicators"):
        ax = DRAWN[name](getattr(comparison, name), scope=comparison.scope)
        assert any("共 2 步中的一步" in text.replace("\n", "") for text in words(ax)), name
    plt.close("all")


def test_doubtful_matches_are_marked_in_bridge_and_slopes(comparison):
    doubtful = comparison.projects.assign(doubtful=True)
    bridge = bridge_of(doubtful[doubtful["year_from"] == 2022], (2022, 2023))
    assert bridge["doubtful_groups"].iloc[1:-1].tolist() == bridge["projects"].iloc[1:-1].tolist()
    sure, unsure = (
        charts.year_bridge(bridge_of(rows[rows["year_from"] == 2022], (2022, 2023)))
        for rows in (doubtful.assign(doubtful=False), doubtful)
    )
    assert any("拿不准" in text for text in words(unsure)) and not any("拿不准" in text for text in words(sure))
    targets = charts.target_bars(comparison.indicators.assign(doubtful=True))
    assert any(" ?" in label.get_text() for label in targets.get_yticklabels())
    assert any("含对应拿不准的指标" in text for text in words(targets))
    lines = charts.small_multiples(comparison.lines.assign(doubtful=True))
    assert sum(text.endswith(" ?") for text in words(lines)) == 12 and any("拿不准" in text for text in words(lines))
    ax = charts.slopes(doubtful)
    assert any("拿不准" in text for text in words(ax)) and sum(" ?" in text for text in words(ax)) > 5
    plt.close("all")


def test_no_single_largest_shift_where_several_tie(comparison):
    of = comparison.weights[(comparison.weights["level"] == "level2") & (comparison.weights["unit"] == "全部")].head(3)
    ax = charts.weight_shift_heatmap(
        of.assign(name=["数量指标", "质量指标", "时效指标"], shift=list(map(Decimal, (2, 2, -2))))
    )
    assert "数量指标、质量指标并列的权重各上升 2.0 个百分点，时效指标的权重下降 2.0 个百分点，变化最大" in words(ax)[1]
    plt.close("all")


def test_labels_of_slopes_stay_in_the_axes_and_apart(comparison):
    continued = comparison.projects[comparison.projects["status"] == "continued"]
    rows = continued.head(12).assign(year_from=2022, year_to=2023)
    rows = rows.assign(
        amount_from=[Decimal(1000 + n) for n in range(12)], amount_to=[Decimal(1 + n) for n in range(12)]
    )
    ax = charts.slopes(rows.assign(change=Decimal(-999)))
    low, high = ax.get_ylim()
    places = sorted(
        text.get_position()[1] for text in ax.texts[3:] if text.get_ha() == "right" and text.get_fontsize() == 8
    )
    assert len(places) == 12 and low < places[0] and places[-1] < high
    assert min(b / a for a, b in pairwise(places)) > 1.02
    plt.close("all")


def test_every_step_of_several_is_exported(tmp_path, monkeypatch):
    monkeypatch.setattr("budgetperf.charts.export.PICTURES", [])  # those of one year are not what is asked
    monkeypatch.setattr("budgetperf.charts.export.save", lambda ax, path: None)  # nor what is in the files
    index = export(series_dataset(7, 3, 12), tmp_path).set_index("file")
    years = index[index["words"].str.startswith("年度")]
    bridges = [name for name in years.index if "bridge" in name]
    assert bridges == ["41_years_bridge_2022_2023", "41_years_bridge_2023_2024"]
    assert years.loc[bridges, "title"].str.contains("年预算").all()
    with (tmp_path / "41_years_bridge_2022_2023.csv").open(encoding="utf-8-sig") as file:
        assert file.readline().startswith("上年,本年,步骤,项目数,拿不准的组,预算数（万元）,")
