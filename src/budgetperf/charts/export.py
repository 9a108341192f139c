"""All charts of a dataset at once, with the frames behind them: for those who write the report."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from budgetperf import profiles, years
from budgetperf.audit import overview
from budgetperf.audit.issues import issues_of
from budgetperf.charts import years as of_years
from budgetperf.charts.areas import treemap
from budgetperf.charts.findings import finding_bars, finding_matrix, issue_bars
from budgetperf.charts.levels import level_weights, share_bars
from budgetperf.charts.matrices import coverage_matrix, level_heatmap
from budgetperf.charts.money import allocation_bars, pareto
from budgetperf.charts.saving import FORMATS, save
from budgetperf.charts.spread import indicator_histogram, weight_histogram
from budgetperf.errors import InputError
from budgetperf.tables.dataset import Dataset

MANY_UNITS = 6  # from so many units on, areas are drawn by unit: projects would be too small to read


class Picture(NamedTuple):
    """One chart of the collection: file name, what it shows, its frame, how it is drawn."""

    file: str
    words: str
    frame: Callable[[Dataset], pd.DataFrame]
    draw: Callable[..., Axes]


def _areas(dataset: Dataset) -> pd.DataFrame:
    units = dataset.projects["unit_name"].nunique()
    return profiles.allocation(dataset, of="unit" if units >= MANY_UNITS else "project")


def _by(group: str) -> Callable[[Dataset], pd.DataFrame]:
    return lambda dataset: profiles.allocation(dataset, group)


def _counted(*groups: str) -> Callable[[Dataset], pd.DataFrame]:
    return lambda dataset: profiles.indicators(dataset, groups)


def _found(view: Callable[[pd.DataFrame, Dataset], pd.DataFrame]) -> Callable[[Dataset], pd.DataFrame]:
    """A view of the open findings of what figures are for."""

    def frame(dataset: Dataset) -> pd.DataFrame:
        chosen = profiles.choose(dataset)
        return view(overview.open_findings(chosen.findings), chosen)

    return frame


def _table(name: str) -> Callable[[years.Comparison], pd.DataFrame]:
    return lambda compared: getattr(compared, name)


PICTURES = [
    Picture("01_allocation_by_project", "资金：按项目", profiles.allocation, allocation_bars),
    Picture("02_allocation_cumulative", "资金：累计占比", profiles.allocation, pareto),
    Picture("03_allocation_areas", "资金：面积图", _areas, treemap),
    Picture("04_allocation_by_category", "资金：按类别", _by("category"), allocation_bars),
    Picture("05_allocation_by_kind", "资金：按种类", _by("spending_kind"), allocation_bars),
    Picture("06_allocation_by_unit", "资金：按单位", _by("unit"), allocation_bars),
    Picture("11_indicators_by_level1", "指标：一级", _counted("level1"), share_bars),
    Picture("12_indicators_by_level2", "指标：二级", _counted("level2"), share_bars),
    Picture("13_indicators_by_comparator", "指标：性质", _counted("comparator"), share_bars),
    Picture("14_indicators_by_measure", "指标：度量单位", _counted("measure_unit"), share_bars),
    Picture("15_indicators_per_project", "指标：每项目个数", profiles.indicators_per_project, indicator_histogram),
    Picture("16_coverage_by_project", "指标：各项目的覆盖", profiles.coverage, coverage_matrix),
    Picture("17_coverage_by_unit", "指标：各单位的覆盖", lambda d: profiles.coverage(d, "unit"), coverage_matrix),
    Picture("21_weights_by_level2", "权重：二级", _counted("level2"), partial(share_bars, value="weight")),
    Picture("22_weights_by_project", "权重：各项目的分配", profiles.level1_weights, level_weights),
    Picture("23_weights_heatmap", "权重：一级乘二级", _counted("level1", "level2"), level_heatmap),
    Picture("24_weights_histogram", "权重：单个指标的分值", profiles.weight_values, weight_histogram),
    Picture("31_issues", "审计：事项", lambda d: issues_of(profiles.choose(d)), issue_bars),
    Picture("32_findings_by_rule", "审计：各规则的发现", _found(overview.by_rule), finding_bars),
    Picture("33_findings_by_project", "审计：项目乘规则", _found(overview.matrix), finding_matrix),
]
PICTURES_OF_YEARS = [  # their frames are a Comparison's
    Picture("41_years_bridge", "年度：总额的变化", _table("bridge"), of_years.year_bridge),
    Picture("42_years_projects", "年度：各项目的预算数", _table("projects"), of_years.slopes),
    Picture("43_years_flows", "年度：拆分与合并", _table("links"), of_years.split_flows),
    Picture("44_years_lines", "年度：多年走势", _table("lines"), of_years.small_multiples),
    Picture("45_years_targets", "年度：目标更难还是更易", _table("indicators"), of_years.target_bars),
    Picture("46_years_weights", "年度：分值的移动", _table("weights"), of_years.weight_shift_heatmap),
]
FRAMES = {  # frames that no chart shows but a report quotes
    "07_concentration": ("资金：集中度", profiles.concentration),
    "18_completeness": ("指标：完整性", profiles.completeness),
    "19_cut_names": ("指标：被截断的名称", profiles.cut_names),
    "20_yardsticks": ("指标：国际标尺", profiles.yardsticks),
    "25_weights_of_projects": ("权重：各项目的特征", profiles.project_weights),
}


def export(
    dataset: Dataset,
    out: str | Path,
    *,
    year: int | None = None,
    unit: str | None = None,
    kind: str | None = None,
    lang: str = "zh",
    progress: Callable[[int, int, str], None] | None = None,
) -> pd.DataFrame:
    """Write every chart (PNG, SVG, PDF) and every frame (CSV) into `out`; the index, also written as index.csv.

    Charts of one year are of what `profiles.part` takes of the dataset, those of years of all years up to it, one a step.
    Columns of the index: `file` (without suffix), `words` (what it is), `title` (what the chart says, empty for frames
    and where there is nothing to draw), `note` (what there is to say without a chart), `rows` (of the frame).
    Raises InputError where `out` cannot be written.
    """
    out = Path(out)
    part, compared = (
        profiles.part(dataset, year=year, unit=unit, kind=kind),
        years.compare_up_to(dataset, year, unit=unit),
    )
    scope = profiles.scope(part)
    drawn = [(picture, frame := picture.frame(part), frame, scope) for picture in PICTURES]
    for picture in PICTURES_OF_YEARS:
        drawn += [(one, frame, years.in_words(frame), compared.scope) for one, frame in _of_years(picture, compared)]
    entries = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for done, (picture, frame, printed, of) in enumerate(drawn):
            if progress:
                progress(done, len(drawn), picture.words)
            (out / f"{picture.file}.csv").write_bytes(profiles.frame_csv(printed))
            entries.append({"file": picture.file, "words": picture.words, "rows": len(frame)})
            entries[-1] |= _drawn(picture, picture.draw(frame, scope=of, lang=lang), out)
        for name, (words, profile) in FRAMES.items():
            frame = profile(part)
            (out / f"{name}.csv").write_bytes(profiles.frame_csv(frame))
            entries.append({"file": name, "words": words, "title": "", "note": "", "rows": len(frame)})
        columns = ["file", "words", "title", "note", "rows"]
        index = pd.DataFrame(entries, columns=columns).sort_values("file", ignore_index=True)
        titles = dict(zip(columns, ["文件", "内容", "图的结论", "不画图，要说的是", "数据行数"], strict=True))
        (out / "index.csv").write_bytes(profiles.frame_csv(index.rename(columns=titles)))
    except OSError as error:
        reason = f"无法写入 {out}（{error.strerror or error}）"
        raise InputError(
            f"{reason}。已写出的图表可能不全。请换一个 --out 文件夹，或关闭正打开这些文件的程序。"
        ) from error
    return index


def _of_years(picture: Picture, compared: years.Comparison) -> list[tuple[Picture, pd.DataFrame]]:
    """The picture once for all years, or once a step where it draws one and there are several."""
    frame = picture.frame(compared)
    steps = list(dict.fromkeys(zip(frame["year_from"], frame["year_to"], strict=True))) if "year_from" in frame else []
    if len(steps) < 2 or picture.draw is of_years.weight_shift_heatmap:
        return [(picture, frame)]
    made = []
    for old, new in steps:
        of_step = frame[(frame["year_from"] == old) & (frame["year_to"] == new)]
        words = f"{picture.words}（{old}–{new}）"
        made.append((picture._replace(file=f"{picture.file}_{old}_{new}", words=words), of_step))
    return made


def _drawn(picture: Picture, ax: Axes, out: Path) -> dict[str, str]:
    """Save the chart; its title, or the sentence that stands for it."""
    said = [text.get_text().replace("\n", "") for text in ax.texts]
    if len(said) > 1:
        save(ax, out / picture.file)
    else:
        for kind in FORMATS:  # of an earlier run: it must not pass for this one's
            (out / f"{picture.file}.{kind}").unlink(missing_ok=True)
    plt.close(ax.figure)
    return (
        {"title": said[1], "note": ""} if len(said) > 1 else {"title": "", "note": said[0]}
    )  # stage() writes subtitle, title, foot
