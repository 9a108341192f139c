"""All charts of a dataset at once, with the frames behind them: for those who write the report."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from budgetperf import profiles
from budgetperf.charts.levels import level_weights, share_bars
from budgetperf.charts.matrices import coverage_matrix, level_heatmap
from budgetperf.charts.money import allocation_bars, pareto, treemap
from budgetperf.charts.saving import FORMATS, save
from budgetperf.charts.spread import indicator_histogram, weight_histogram
from budgetperf.errors import InputError
from budgetperf.tables.dataset import Dataset
from budgetperf.tables.store import marked  # the one rule by which a text is kept from running as a formula

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


def _points(frame: pd.DataFrame, **more) -> Axes:
    return share_bars(frame, value="weight", **more)


def _by(group: str) -> Callable[[Dataset], pd.DataFrame]:
    return lambda dataset: profiles.allocation(dataset, group)


def _counted(*groups: str) -> Callable[[Dataset], pd.DataFrame]:
    return lambda dataset: profiles.indicators(dataset, groups)


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
    Picture("21_weights_by_level2", "权重：二级", _counted("level2"), _points),
    Picture("22_weights_by_project", "权重：各项目的分配", profiles.level1_weights, level_weights),
    Picture("23_weights_heatmap", "权重：一级乘二级", _counted("level1", "level2"), level_heatmap),
    Picture("24_weights_histogram", "权重：单个指标的分值", profiles.weight_values, weight_histogram),
]
FRAMES = {  # frames that no chart shows but a report quotes
    "07_concentration": ("资金：集中度", profiles.concentration),
    "18_completeness": ("指标：完整性", profiles.completeness),
    "19_cut_names": ("指标：被截断的名称", profiles.cut_names),
    "20_yardsticks": ("指标：国际标尺", profiles.yardsticks),
    "25_weights_of_projects": ("权重：各项目的特征", profiles.project_weights),
}


def frame_csv(frame: pd.DataFrame) -> bytes:
    """A frame as CSV for spreadsheets: Chinese titles, UTF-8 with BOM, plain digits, no text that runs as a formula.

    >>> frame_csv(pd.DataFrame({"project_name": ["=1+1"], "share": [Decimal("1.50")]})).decode("utf-8-sig").split()
    ['项目名称,占比（%）', "'=1+1,1.50"]
    """
    printed = profiles.titled(frame).map(_cell)
    return ("\ufeff" + printed.to_csv(index=False, lineterminator="\n")).encode()


def _cell(value) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    return marked(value) if isinstance(value, str) else str(value)


def export(
    dataset: Dataset, out: str | Path, *, lang: str = "zh", progress: Callable[[int, int, str], None] | None = None
) -> pd.DataFrame:
    """Write every chart (PNG, SVG, PDF) and every frame (CSV) into `out`; the index, also written as index.csv.

    Columns of the index: `file` (without suffix), `words` (what it is), `title` (what the chart says, empty for frames
    and where there is nothing to draw), `note` (why there is no chart), `rows` (of the frame).
    Raises InputError where `out` cannot be written.
    """
    out = Path(out)
    scope = profiles.scope(dataset)
    entries = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for done, picture in enumerate(PICTURES):
            if progress:
                progress(done, len(PICTURES), picture.words)
            frame = picture.frame(dataset)
            ax = picture.draw(frame, scope=scope, lang=lang)
            (out / f"{picture.file}.csv").write_bytes(frame_csv(frame))
            said = [text.get_text().replace("\n", "") for text in ax.texts]
            entry = {"file": picture.file, "words": picture.words, "rows": len(frame)}
            if len(said) > 1:
                save(ax, out / picture.file)
                entries.append(entry | {"title": said[1], "note": ""})  # stage() writes subtitle, title, foot
            else:
                for kind in FORMATS:  # of an earlier run: it must not pass for this one's
                    (out / f"{picture.file}.{kind}").unlink(missing_ok=True)
                entries.append(entry | {"title": "", "note": said[0]})
            plt.close(ax.figure)
        for name, (words, profile) in FRAMES.items():
            frame = profile(dataset)
            (out / f"{name}.csv").write_bytes(frame_csv(frame))
            entries.append({"file": name, "words": words, "title": "", "note": "", "rows": len(frame)})
        columns = ["file", "words", "title", "note", "rows"]
        index = pd.DataFrame(entries, columns=columns).sort_values("file", ignore_index=True)
        titles = dict(zip(columns, ["文件", "内容", "图的结论", "没有图的原因", "数据行数"], strict=True))
        (out / "index.csv").write_bytes(frame_csv(index.rename(columns=titles)))
    except OSError as error:
        reason = f"无法写入 {out}（{error.strerror or error}）"
        raise InputError(
            f"{reason}。已写出的图表可能不全。请换一个 --out 文件夹，或关闭正打开这些文件的程序。"
        ) from error
    return index
