"""What became of weights and targets."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from budgetperf.charts import look
from budgetperf.charts.frames import draws
from budgetperf.charts.levels import joined
from budgetperf.charts.look import colour_legend
from budgetperf.charts.words import level, tied
from budgetperf.charts.years.base import last_step, stage, where_and_source
from budgetperf.field.words import say
from budgetperf.profiles import percent, rounded
from budgetperf.profiles.base import level_place

OUTCOMES = {
    "harder": look.BLUE,
    "unchanged": "#C5C9CE",
    "easier": look.VERMILION,
    "different": look.ORANGE,
    "unknown": look.PALE,
}
DIVERGING = LinearSegmentedColormap.from_list("shift", [look.VERMILION, "#FFFFFF", look.BLUE])


@draws("years.compare(…).weights")
def weight_shift_heatmap(
    weights: pd.DataFrame,
    *,
    ax: Axes | None = None,
    of: str = "level2",
    top: int = 20,
    scope: dict | None = None,
    lang: str = "zh",
) -> Axes:
    """Shift of weight in points of 100, of a comparison's `weights`: a row a unit (or a pair of years), a column a level.

    With several units the last two years are shown, the units with the largest shifts first; with one unit all years.
    """
    zh = lang == "zh"
    frame = weights[weights["level"] == of]
    if frame.empty:
        return look.empty(ax, "没有两年都印了权重的文件。" if zh else "No weights in both years.")
    units = [unit for unit in dict.fromkeys(frame["unit"]) if unit != "全部"]
    if len(units) > 1:
        frame, years = last_step(frame, None)
        period = f"{years[0]}–{years[1]}"
        largest = frame.groupby("unit", sort=False)["shift"].agg(lambda shifts: max(map(abs, shifts)))
        units = sorted((unit for unit in largest.index if unit != "全部"), key=lambda unit: -largest[unit])[:top]
        rows = [
            (unit if zh or unit != "全部" else "All units", frame[frame["unit"] == unit]) for unit in ["全部", *units]
        ]
        rows = [(("全部单位" if name == "全部" else name), part) for name, part in rows if len(part)]
    else:
        frame = frame[frame["unit"] == "全部"]
        rows = [(f"{a}→{b}", part) for (a, b), part in frame.groupby(["year_from", "year_to"], sort=False)]
        period = f"{frame['year_from'].iloc[0]}–{frame['year_to'].iloc[-1]}"
    names = sorted(dict.fromkeys(frame["name"]), key=level_place)
    whole = rows[0][1] if len(units) > 1 else rows[-1][1]
    title = _shift_title(whole, lang)
    where, foot = where_and_source(scope, lang, period)
    measure = "占全部权重的百分点变化（每 100 分）" if zh else "Change in points of 100"
    foot = ("按全部指标计，不依赖项目的对应。" if zh else "Of all indicators; rests on no match of projects. ") + foot
    labels = [look.wrapped(name, 14) for name, _ in rows]
    ax = stage(
        scope,
        lang,
        ax,
        max(0.4, look.row_height(labels)) * len(rows),
        title=title,
        subtitle=joined([measure, where], lang),
        foot=foot,
        labels=labels,
        above=0.62 if lang == "en" else 0.45,
        below=0.08,
    )
    most = max([1.0, *(abs(float(shift)) for _, part in rows for shift in part["shift"])])
    for y, (_, part) in enumerate(rows):
        shifts = dict(zip(part["name"], part["shift"], strict=True))
        for x, name in enumerate(names):
            shift = shifts.get(name)
            shade = "#F6F7F8" if shift is None else DIVERGING(0.5 + 0.5 * float(shift) / most)
            ax.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=shade, edgecolor="white", lw=1.5))
            if shift is not None:
                ink = "white" if abs(float(shift)) > 0.62 * most else look.INK
                text = f"{rounded(shift, 1)}" if shift <= 0 else f"+{rounded(shift, 1)}"
                ax.text(x, y, "0" if not shift else text, **look.text_style(look.SMALL, ink, ha="center", va="center"))
    look.row_labels(ax, labels)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    look.column_heads(ax, [level(name, lang).removesuffix("指标") for name in names], lang)
    return ax


def _shift_title(rows: pd.DataFrame, lang: str) -> str:
    """The largest shift, all of them where several are as large."""
    largest = max((abs(shift) for shift in rows["shift"]), default=0)
    if not largest:
        return "权重结构没有变化" if lang == "zh" else "The weights did not shift"
    points = rounded(largest, 1)
    said = []
    for gained in (True, False):
        alike = rows[rows["shift"].map(lambda shift, gained=gained: abs(shift) == largest and (shift > 0) == gained)]
        if len(alike):
            names = tied([level(name, lang) for name in alike["name"]], lang)
            way = ("上升" if gained else "下降") if lang == "zh" else ("gained" if gained else "lost")
            each = "各" if len(alike) > 1 else ""
            said.append(
                f"{names}的权重{each}{way} {points} 个百分点" if lang == "zh" else f"{names} {way} {points} points"
            )
    return "，".join(said) + "，变化最大" if lang == "zh" else ", ".join(said)


@draws("years.compare(…).indicators")
def target_bars(
    indicators: pd.DataFrame,
    *,
    ax: Axes | None = None,
    years: tuple[int, int] | None = None,
    scope: dict | None = None,
    lang: str = "zh",
) -> Axes:
    """Matched indicators by what became of their targets, a bar a level 2, of a comparison's `indicators`."""
    zh = lang == "zh"
    matched = indicators[indicators["outcome"].notna()]
    if matched.empty:
        return look.empty(ax, "没有可比较的指标。" if zh else "No matched indicators.")
    rows, years = last_step(matched, years)
    if rows.empty:
        return look.empty(ax, "没有可比较的指标。" if zh else "No matched indicators.")
    names = sorted(dict.fromkeys(rows["level2_to"].fillna("未注明")), key=level_place)
    counts = {name: part["outcome"].value_counts() for name, part in rows.groupby(rows["level2_to"].fillna("未注明"))}
    whole = rows["outcome"].value_counts()
    same = look.share_text(percent(int(whole.get("unchanged", 0)), len(rows)))
    harder, easier = int(whole.get("harder", 0)), int(whole.get("easier", 0))
    if zh:
        title = f"{len(rows):,} 条可比指标中 {same} 的目标未变，{harder} 条更难，{easier} 条更易"
        measure = "延续指标的目标变化，条"
    else:
        title = f"Of {len(rows):,} matched targets {same} are unchanged, {harder} harder, {easier} easier"
        measure = "Matched indicators by change of target"
    where, foot = where_and_source(scope, lang, f"{years[0]}–{years[1]}")
    unsure = rows[rows["doubtful"].astype(bool)]
    if len(unsure):
        words = (
            f"? 含对应拿不准的指标，共 {len(unsure):,} 条。"
            if zh
            else f"? {len(unsure):,} doubtful matches among them. "
        )
        foot = words + foot
    doubted = set(unsure["level2_to"].fillna("未注明"))
    labels = [look.wrapped(level(name, lang) + " ?" * (name in doubted), 10) for name in names]
    ax = stage(
        scope,
        lang,
        ax,
        look.row_height(labels) * len(labels),
        title=title,
        subtitle=joined([measure, where], lang),
        foot=foot,
        labels=labels,
        below=0.08,
        above=0.28,
    )
    longest = max(int(of.sum()) for of in counts.values())
    used = {}
    for y, name in enumerate(names):
        left = 0
        for outcome, colour in OUTCOMES.items():
            number = int(counts[name].get(outcome, 0))
            if not number:
                continue
            used[say("outcome", outcome, lang).capitalize()] = colour
            ax.barh(y, number, left=left, color=colour, height=0.68, edgecolor="white", lw=0.8)
            if number / longest > 0.018 * len(str(number)):
                ink = "white" if colour in (look.BLUE, look.VERMILION) else look.INK
                ax.text(left + number / 2, y, f"{number}", **look.text_style(look.SMALL, ink, ha="center", va="center"))
            left += number
    ax.set_xlim(0, longest * 1.01)
    ax.set_xticks([])
    look.row_labels(ax, labels)
    colour_legend(ax, used)
    return ax
