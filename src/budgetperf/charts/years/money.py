"""Money over years: the bridge of the totals, slopes of projects, small multiples."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from budgetperf.charts import look
from budgetperf.charts.frames import draws
from budgetperf.charts.levels import joined
from budgetperf.charts.words import tied
from budgetperf.charts.years.base import (
    DOWN,
    NOTHING,
    UP,
    doubt_note,
    last_step,
    signed,
    stage,
    where_and_source,
)
from budgetperf.profiles import exact_sum, percent, rounded

STEPS = {
    "start": ("{} 年合计", "{} total"),
    "unit_gone": ("单位本年无文件", "Unit without document"),
    "ended": ("终止", "Ended"),
    "decreased": ("减少", "Decreased"),
    "split": ("拆分净变动", "Split, net"),
    "merged": ("合并净变动", "Merged, net"),
    "regrouped": ("重组净变动", "Regrouped, net"),
    "unknown": ("预算数不明", "Budget unknown"),
    "increased": ("增加", "Increased"),
    "new": ("新增", "New"),
    "unit_new": ("单位上年无文件", "Unit new to the data"),
    "end": ("{} 年合计", "{} total"),
}


@draws("years.compare(…).bridge")
def year_bridge(
    bridge: pd.DataFrame,
    *,
    ax: Axes | None = None,
    years: tuple[int, int] | None = None,
    scope: dict | None = None,
    lang: str = "zh",
) -> Axes:
    """The way from one year's total to the next's, of a comparison's `bridge`: totals grey, plus blue, minus red."""
    if bridge.empty:
        return look.empty(ax, NOTHING[lang])
    rows, years = last_step(bridge, years)
    zh = lang == "zh"
    start, end = rows["amount"].iloc[0], rows["amount"].iloc[-1]
    change = exact_sum([end, -start])
    names = []
    for row in rows.itertuples():
        name = STEPS[row.step][0 if zh else 1].format(years[0] if row.step == "start" else years[1])
        unsure = (
            "" if not row.doubtful_groups else f"，{row.doubtful_groups} 组?" if zh else f", {row.doubtful_groups}?"
        )
        names.append(name + (f"（{row.projects:,} 个{unsure}）" if zh else f" ({row.projects:,}{unsure})"))
    labels = [look.wrapped(name, 16) for name in names]
    word = ("增加" if change > 0 else "减少") if zh else ("up" if change > 0 else "down")
    relative = percent(abs(change), start)
    share = f"（{look.share_text(relative)}）" if zh and relative is not None else f" ({look.share_text(relative)})"
    if not change:
        title = (
            f"{years[1]} 年预算合计与 {years[0]} 年相同" if zh else f"The total of {years[1]} equals that of {years[0]}"
        )
    elif zh:
        title = f"{years[1]} 年预算{word} {rounded(abs(change))} 万元{share if relative is not None else ''}"
    else:
        title = f"Budget {word} by {rounded(abs(change))} in {years[1]}{share if relative is not None else ''}"
    where, foot = where_and_source(scope, lang, f"{years[0]}–{years[1]}")
    foot = doubt_note(int(rows["doubtful_groups"].sum()), lang) + foot
    foot = ("蓝为增，橙为减。" if zh else "Blue: more, red: less. ") + foot
    measure = "从上年合计到本年合计，万元" if zh else "From one total to the next, 10,000 yuan"
    between = [
        float(total)
        for row in rows.itertuples()
        if row.step != "start"
        for total in (row.total_before, row.total_after)
    ]
    between = [float(start), float(end), *between[:-2]]
    low, high = min(between), max(between)
    # where the changes are small beside the totals, the totals are cut short, which the foot says
    cut = low > 0.6 * high
    base = max(0.0, low - 0.8 * (high - low) - 0.002 * high) if cut else min(0.0, low)
    if cut:
        foot = ("灰条（合计）已截短，长度不按比例。" if zh else "The grey bars (totals) are cut short. ") + foot
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
    )
    span = (high - base) or 1.0
    for place, row in enumerate(rows.itertuples()):
        whole = row.step in ("start", "end")
        left, right = (base, float(row.amount)) if whole else sorted((float(row.total_before), float(row.total_after)))
        colour = look.GREY if whole or not row.amount else UP if row.amount > 0 else DOWN
        ax.barh(place, right - left, left=left, color=colour, height=0.66)
        if whole and cut:
            x = base + span * 0.06
            ax.plot([x - span * 0.01, x + span * 0.01], [place + 0.42, place - 0.42], color="white", lw=4)
        if not whole and right - left < span * 0.003:  # too thin to see: a line where it stands
            ax.plot([left, left], [place - 0.33, place + 0.33], color=colour, lw=1.5)
        text = rounded(row.amount) if whole else signed(row.amount)
        ax.text(right + span * 0.012, place, text, va="center", **look.text_style())
        if place < len(rows) - 1:
            ax.plot([float(row.total_after)] * 2, [place + 0.33, place + 0.67], color=look.MUTED, lw=0.7)
    longest = max(look.ems(rounded(row.amount)) for row in rows.itertuples()) + 1
    room = ax.get_position().width * ax.figure.get_figwidth() * 72
    ax.set_xlim(base, base + span / max(0.3, 1 - (longest * look.NORMAL + 10) / room))
    ax.set_xticks([])
    look.row_labels(ax, labels)
    return ax


@draws("years.compare(…).projects")
def slopes(
    projects: pd.DataFrame,
    *,
    ax: Axes | None = None,
    years: tuple[int, int] | None = None,
    top: int = 15,
    scope: dict | None = None,
    lang: str = "zh",
) -> Axes:
    """The projects with most money in two years as lines from one to the other, of a comparison's `projects`.

    Blue went up, red down, hollow ended or new; the scale is logarithmic, so that equal slopes are equal shares.
    """
    if projects.empty:
        return look.empty(ax, NOTHING[lang])
    zh = lang == "zh"
    rows, years = last_step(projects, years)
    known = [row for row in rows.itertuples() if max(row.amount_from or 0, row.amount_to or 0) > 0]
    known.sort(key=lambda row: -max(row.amount_from or 0, row.amount_to or 0))
    shown = known[:top]
    if not shown:
        return look.empty(ax, NOTHING[lang])
    continued = [row for row in rows.itertuples() if row.status == "continued"]
    ups, downs = sum(row.change > 0 for row in continued), sum(row.change < 0 for row in continued)
    title = f"延续项目中 {ups} 个增加、{downs} 个减少" if zh else f"{ups} continued projects rose, {downs} fell"
    if ups or downs:
        largest = max(continued, key=lambda row: abs(row.change))
        alike = [row for row in continued if abs(row.change) == abs(largest.change)]
        name = tied([look.wrapped(row.project_to, 16, 1) + (" ?" if row.doubtful else "") for row in alike], lang)
        moved = signed(largest.change) if len(alike) == 1 else f"±{rounded(abs(largest.change))}"
        title += f"；变动最大的是{name}（{moved} 万元）" if zh else f"; the largest change is {name} ({moved})"
    where, foot = where_and_source(scope, lang, f"{years[0]}–{years[1]}")
    foot = doubt_note(sum(row.doubtful for row in shown), lang) + foot
    foot = (
        "蓝升橙降灰不变，空心为只有一年。" if zh else "Blue rose, red fell, grey as before, hollow: one year only. "
    ) + foot
    count = (
        f"预算数最大的 {len(shown)} 项" if zh and len(shown) < len(known) else "" if zh else f"the {len(shown)} largest"
    )
    measure = "预算数，万元，对数刻度" if zh else "Budget in 10,000 yuan, log scale"
    height = max(2.6, 0.27 * len(shown) + 0.4)
    ax = stage(
        scope,
        lang,
        ax,
        height,
        title=title,
        subtitle=joined([measure, count, where], lang),
        foot=foot,
        labels=[""],
        below=0.1,
        above=0.28,
    )
    values = [float(v) for row in shown for v in (row.amount_from, row.amount_to) if v is not None and v > 0]
    ax.set_yscale("log")
    ax.set_ylim(min(values) / 1.18, max(values) * 1.12)
    ax.set_xlim(0, 1)
    gap = _gap(ax)
    lefts = _spread([(row, float(row.amount_from)) for row in shown if row.amount_from], gap, *ax.get_ylim())
    rights = _spread([(row, float(row.amount_to)) for row in shown if row.amount_to], gap, *ax.get_ylim())
    x0, x1 = 0.37, 0.63
    for row in shown:
        colour = look.MUTED if not row.change else UP if row.change > 0 else DOWN
        left, right = row.amount_from, row.amount_to
        if left and right:
            ax.plot([x0, x1], [float(left), float(right)], color=colour, lw=1.4, marker="o", ms=3.5)
        else:
            ax.plot([x0 if left else x1], [float(left or right)], marker="o", ms=5, mfc="white", mec=colour, ls="")
    for places, x, side in ((lefts, x0, "from"), (rights, x1, "to")):
        for row, value, y in places:
            _slope_label(ax, row, x, value, y, side, lang)
    for x, year, align in ((x0, years[0], "right"), (x1, years[1], "left")):
        ax.annotate(
            f"{year}",
            (x, 1),
            (0, 6),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha=align,
            va="bottom",
            **look.text_style(weight="bold"),
        )
    ax.set_xticks([])
    ax.set_yticks([])
    ax.minorticks_off()
    return ax


def _slope_label(ax: Axes, row, x: float, value: float, y: float, side: str, lang: str) -> None:
    name = row.project_from if side == "from" else row.project_to
    amount = row.amount_from if side == "from" else row.amount_to
    more = ""
    if side == "to":
        more = f" {row.change_text}" if lang == "zh" or row.change_percent is not None else " new"
    elif row.status == "ended":
        more = " 终止" if lang == "zh" else " ended"
    more += " ?" if row.doubtful else ""
    room = ax.get_position().width * ax.figure.get_figwidth() * 72 * 0.35
    text = f"{rounded(amount)}{more}"
    name = look.wrapped(name, max(4.0, room / look.SMALL - look.ems(text) - 1.5), 1)
    text = f"{name}  {text}" if side == "from" else f"{text}  {name}"
    way = -1 if side == "from" else 1
    ax.plot([x + way * 0.008, x + way * 0.022], [value, y], color=look.GREY, lw=0.6)
    ax.text(
        x + way * 0.026, y, text, ha="right" if side == "from" else "left", va="center", **look.text_style(look.SMALL)
    )


def _gap(ax: Axes) -> float:
    """The ratio of two values whose labels stand one line apart on the logarithmic axis."""
    low, high = ax.get_ylim()
    lines = ax.get_position().height * ax.figure.get_figheight() * 72 / (look.SMALL * 1.5)
    return (high / low) ** (1 / max(lines, 1))


def _spread(items: list[tuple], gap: float, low: float, high: float) -> list[tuple]:
    """(row, value, where its label stands between `low` and `high`): labels pushed apart so that none lies on another,
    centred on their crowd."""
    crowds: list[list] = []
    for row, value in sorted(items, key=lambda item: item[1]):
        crowds.append([[(row, value)], value])
        while len(crowds) > 1:
            (below, at), (above, top) = crowds[-2], crowds[-1]
            if top / gap ** ((len(above) - 1) / 2) >= at * gap ** ((len(below) - 1) / 2) * gap:
                break
            both = below + above
            middle = 1.0
            for _, one in both:
                middle *= one ** (1 / len(both))
            crowds[-2:] = [[both, middle]]
    placed = []
    for members, middle in crowds:
        for number, (row, value) in enumerate(members):
            placed.append((row, value, middle * gap ** (number - (len(members) - 1) / 2)))
    for step, limit in (
        (-1, high / gap**0.5),
        (1, low * gap**0.5),
    ):  # back into the axes, from the top, from the bottom
        for number in range(len(placed))[::step]:
            row, value, at = placed[number]
            at = min(at, limit) if step < 0 else max(at, limit)
            placed[number], limit = (row, value, at), at * gap**step
    return placed


@draws("years.compare(…).lines")
def small_multiples(
    lines: pd.DataFrame,
    *,
    ax: Axes | None = None,
    top: int = 12,
    columns: int = 4,
    scope: dict | None = None,
    lang: str = "zh",
) -> Axes:
    """The works with most money followed over all years, a small panel each, of a comparison's `lines`.

    Each panel has its own scale from 0; a year in which the work does not stand is a gap.
    """
    zh = lang == "zh"
    known = lines[lines["amount"].map(lambda amount: amount is not None).astype(bool)]
    years = sorted({int(year) for year in lines["year"]})
    if known.empty or len(years) < 2:
        return look.empty(ax, NOTHING[lang])
    sums = known.groupby("line", sort=False)["amount"].agg(max)
    chosen = sorted(sums.index, key=lambda line: -sums[line])[:top]
    all_years = known.groupby("line")["year"].nunique()
    constant = int((all_years == len(years)).sum())
    count = lines["line"].nunique()
    period = f"{years[0]}–{years[-1]}"
    where, foot = where_and_source(scope, lang, period)
    doubtful = set(lines.loc[lines["doubtful"].astype(bool), "line"])
    foot = doubt_note(len(doubtful), lang) + foot
    if zh:
        title = f"{count:,} 项工作中 {constant:,} 项 {len(years)} 年都有预算"
        measure = (
            f"预算数，万元，金额最大的 {len(chosen)} 项，各图刻度不同"
            if len(chosen) < count
            else "预算数，万元，各图刻度不同"
        )
    else:
        title = f"{constant:,} of {count:,} works have a budget in all {len(years)} years"
        measure = f"Budget in 10,000 yuan, the {len(chosen)} largest, a scale of its own in each panel"
    panel_rows = -(-len(chosen) // columns)
    height = 1.28 * panel_rows
    ax = stage(
        scope,
        lang,
        ax,
        height,
        title=title,
        subtitle=joined([measure, where], lang),
        foot=foot,
        labels=[""],
        below=0.08,
    )
    ax.set_xticks([])
    ax.set_yticks([])
    wide, high = 1 / columns, 1 / panel_rows
    for place, line in enumerate(chosen):
        x, y = place % columns * wide, 1 - (place // columns + 1) * high
        panel = ax.inset_axes([x + 0.012, y + high * 0.17, wide - 0.04, high * 0.46])
        own = known[known["line"] == line]
        amounts = {int(year): float(amount) for year, amount in zip(own["year"], own["amount"], strict=True)}
        series = [amounts.get(year, float("nan")) for year in years]
        panel.plot(years, series, color=look.BLUE, lw=1.6, marker="o", ms=3)
        panel.set_ylim(0, max(amounts.values()) * 1.28)
        panel.set_xlim(years[0] - 0.35, years[-1] + 0.35)
        for side in ("top", "right", "left"):
            panel.spines[side].set_visible(False)
        panel.spines["bottom"].set_color(look.GREY)
        panel.set_yticks([])
        panel.set_xticks([years[0], years[-1]], [str(years[0]), str(years[-1])], **look.text_style(7, look.MUTED))
        panel.tick_params(length=0, pad=2)
        last = max(amounts)
        # two figures side by side would lie on each other
        for year in (
            dict.fromkeys((min(amounts), last)) if last - min(amounts) > (years[-1] - years[0]) / 3 else (last,)
        ):
            text = rounded(dict(zip(own["year"], own["amount"], strict=True))[year])
            panel.annotate(
                text,
                (year, amounts[year]),
                (0, 4),
                textcoords="offset points",
                ha="center",
                va="bottom",
                annotation_clip=False,
                path_effects=[withStroke(linewidth=2, foreground="white")],  # the line may run behind it
                **look.text_style(7),
            )
        points = ax.get_position().width * ax.figure.get_figwidth() * 72 * (wide - 0.03)
        mark = " ?" if line in doubtful else ""
        name = look.wrapped(str(own["project"].iloc[-1]), points / look.SMALL - 1, 2) + mark
        ax.text(
            x + 0.012,
            y + high * 0.98,
            name,
            va="top",
            transform=ax.transAxes,
            **look.text_style(look.SMALL, linespacing=1.15),
        )
    return ax
