"""Charts of distributions: weights of single indicators, indicators a project."""

from decimal import Decimal

import pandas as pd
from matplotlib.axes import Axes

from budgetperf.charts import look
from budgetperf.charts.frames import draws
from budgetperf.charts.levels import NO_WEIGHTS, joined, plain_number
from budgetperf.charts.words import count_of, tied
from budgetperf.profiles import FEW, HEAVY_POINTS, MANY, percent, rounded

MOST_BARS = 16  # more different weights than this are put in bins


@draws("profiles.weight_values")
def weight_histogram(
    frame: pd.DataFrame, *, ax: Axes | None = None, scope: dict | None = None, lang: str = "zh"
) -> Axes:
    """How many indicators carry which weight, of a `profiles.weight_values`; heavy ones in another colour."""
    if frame.empty:
        return look.empty(ax, NO_WEIGHTS[lang])
    counts = list(zip(frame["weight"], frame["indicators"].astype(int), strict=True))
    total = sum(count for _, count in counts)
    most = max(count for _, count in counts)
    common = [plain_number(weight) for weight, count in counts if count == most]
    bars = [(plain_number(weight), count, weight >= HEAVY_POINTS) for weight, count in counts]
    if len(bars) > MOST_BARS:
        bars = _binned(counts)
    where, foot = look.places(scope, lang)
    part = look.share_text(percent(most, total))
    heavy = sum(count for weight, count in counts if weight >= HEAVY_POINTS)
    if lang == "zh":
        title = f"{most:,} 个指标（{part}）各占 {common[0]} 分"
        if len(common) > 1:
            title = f"{tied([f'{weight} 分' for weight in common], lang)}最多，各 {most:,} 个指标（{part}）"
        title += f"，{heavy:,} 个达到 {HEAVY_POINTS} 分"
        measure = f"按权重统计的指标个数（共 {total:,} 个）"
        label = "一个指标的权重，分" + ("（每段含下限，不含上限）" if len(counts) > MOST_BARS else "")
    else:
        title = f"{most:,} indicators ({part}) weigh {tied(common, lang)}; {heavy:,} weigh {HEAVY_POINTS} or more"
        measure, label = f"Number of indicators by weight ({total:,} in all)", "weight of one indicator, points"
    if len(counts) == 1:
        return look.instead(ax, title, scope, lang)
    above = f"橙色：达到 {HEAVY_POINTS} 分（本工具的提示线）。" if lang == "zh" else f"Orange: {HEAVY_POINTS} or more. "
    foot = (above if heavy else "") + foot
    ax = look.stage(
        ax, 2.5, scope=scope, lang=lang, title=title, subtitle=joined([measure, where], lang), foot=foot, below=0.5
    )
    colours = [look.ORANGE if is_heavy else look.BLUE for *_, is_heavy in bars]
    _columns(ax, [name for name, *_ in bars], [count for _, count, _ in bars], colours, total)
    ax.set_xlabel(label, **look.text_style(look.SMALL, look.MUTED))
    return ax


def _binned(counts: list[tuple[Decimal, int]]) -> list[tuple[str, int, bool]]:
    """Bins of 5 points (or of 10, 20 … where 5 would make too many): name, indicators, heavy."""
    width = 5
    while max(weight for weight, _ in counts) / width > MOST_BARS:
        width *= 2
    sums: dict[int, int] = {}
    for weight, count in counts:
        place = int(weight // width)
        sums[place] = sums.get(place, 0) + count
    places = range(min(sums), max(sums) + 1)
    return [(f"{p * width}–{(p + 1) * width}", sums.get(p, 0), p * width >= HEAVY_POINTS) for p in places]


def _columns(ax: Axes, names: list[str], counts: list[int], colours: list[str], total: int) -> None:
    """Upright bars with number and share above them."""
    ax.bar(range(len(names)), counts, color=colours, width=0.74)
    crowded = len(names) > 10
    for place, count in enumerate(counts):
        if count:
            share = look.share_text(percent(count, total), 0 if crowded else 1)
            style = look.text_style(look.SMALL, ha="center", va="bottom", linespacing=1.15)
            ax.annotate(f"{count:,}\n{share}", (place, count), (0, 2), textcoords="offset points", **style)
    ax.set_ylim(0, max(counts) * 1.22)
    ax.set_yticks([])
    ax.set_xlim(-0.7, max(len(names), 4) - 0.3)
    ax.set_xticks(range(len(names)), names, **look.text_style(look.SMALL))
    ax.axhline(0, color=look.MUTED, lw=0.8)


@draws("profiles.indicators_per_project")
def indicator_histogram(
    frame: pd.DataFrame, *, ax: Axes | None = None, scope: dict | None = None, lang: str = "zh"
) -> Axes:
    """How many projects have how many indicators, of a `profiles.indicators_per_project`."""
    if frame.empty:
        return look.empty(ax, "没有项目，画不出图。" if lang == "zh" else "There are no projects: nothing to draw.")
    numbers = sorted(int(number) for number in frame["indicators"])
    total = len(numbers)
    mean = rounded(Decimal(sum(numbers)) / total)
    outside = sum(number < FEW or number > MANY for number in numbers)
    where, foot = look.places(scope, lang)
    if lang == "zh":
        title = f"每个项目平均 {mean} 个指标，{numbers[0]} 至 {numbers[-1]} 个"
        alike = f"{total:,} 个项目各有 {numbers[0]} 个指标" if total > 1 else f"这个项目有 {numbers[0]} 个指标"
        measure, label = f"按指标个数统计的项目数（共 {total:,} 个项目）", "一个项目的指标个数"
        note = f"橙色：少于 {FEW} 个或多于 {MANY} 个（本工具的提示线），{outside:,} 个项目。" if outside else ""
    else:
        title = f"{mean} indicators a project on average, from {numbers[0]} to {numbers[-1]}"
        alike = f"{count_of(total, 'project_name', lang)} with {numbers[0]} indicators{' each' * (total > 1)}"
        measure, label = f"Number of projects by number of indicators ({total:,} in all)", "indicators of one project"
        few = count_of(outside, "project_name", lang)
        note = f"Orange: fewer than {FEW} or more than {MANY} (our own threshold), {few}. " if outside else ""
    if numbers[0] == numbers[-1]:
        return look.instead(ax, alike, scope, lang)
    ax = look.stage(
        ax,
        2.5,
        scope=scope,
        lang=lang,
        title=title,
        subtitle=joined([measure, where], lang),
        foot=note + foot,
        below=0.5,
    )
    places = list(range(numbers[0], numbers[-1] + 1))
    step = -(-len(places) // 24)  # at most 24 bars
    bins = [places[start : start + step] for start in range(0, len(places), step)]
    counts = [sum(numbers.count(number) for number in part) for part in bins]
    names = [f"{part[0]}" if len(part) == 1 else f"{part[0]}–{part[-1]}" for part in bins]
    colours = [look.ORANGE if part[-1] < FEW or part[0] > MANY else look.BLUE for part in bins]
    _columns(ax, names, counts, colours, total)
    ax.set_xlabel(label, **look.text_style(look.SMALL, look.MUTED))
    return ax
