"""Matrices: level 1 × level 2, and which project has indicators of which kind."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from budgetperf.charts import look
from budgetperf.charts.frames import draws
from budgetperf.charts.levels import NO_INDICATORS, joined
from budgetperf.charts.money import row_names
from budgetperf.charts.words import count_of, level, tied
from budgetperf.profiles import percent

SHADES = LinearSegmentedColormap.from_list("shades", ["#FFFFFF", look.SKY, look.BLUE])


@draws("profiles.indicators")
def level_heatmap(frame: pd.DataFrame, *, ax: Axes | None = None, scope: dict | None = None, lang: str = "zh") -> Axes:
    """Level 1 × level 2 of a `profiles.indicators(of=["level1", "level2"])`: shares of weight (or of indicators)."""
    if frame.empty:
        return look.empty(ax, NO_INDICATORS[lang])
    darker = "颜色越深，占比越大。" if lang == "zh" else "Darker: a larger share. "
    weighed = frame["weight_share"].notna().any()
    share = "weight_share" if weighed else "indicator_share"
    rows, columns = list(dict.fromkeys(frame["level1"])), list(dict.fromkeys(frame["level2"]))
    largest = frame.loc[frame[share].map(lambda v: -1.0 if v is None else float(v)).idxmax()]
    where, foot = look.places(scope, lang)
    labels = [look.wrapped(level(name, lang), 7) for name in rows]
    most = frame[frame[share] == largest[share]]  # as many may tie
    head, part = tied([level(name, lang) for name in most["level2"]], lang), look.share_text(largest[share])
    each = "各" if len(most) > 1 else ""
    if lang == "zh":
        title = f"{head}{each}占全部{'权重' if weighed else '指标'}的 {part}"
        title += "" if each else f"，计 {largest['indicators']:,} 个指标"
        measure = f"各二级指标的个数和{'权重' if weighed else '个数'}占比"
    else:
        title = f"{head}{' hold' if each else ' holds'} {part} of all {'points' if weighed else 'indicators'}"
        measure = f"Indicators, and their share of the {'points' if weighed else 'indicators'}"
    if len(frame) == 1:
        return look.instead(ax, title, scope, lang)
    ax = look.stage(
        ax,
        0.52 * len(rows),
        scope=scope,
        lang=lang,
        title=title,
        subtitle=joined([measure, where], lang),
        foot=darker + foot,
        labels=labels,
        above=0.62 if lang == "en" else 0.45,
        below=0.08,
    )
    most = float(largest[share] or 1) or 1.0
    draw_grid(ax, len(rows), len(columns))
    for cell in frame.to_dict("records"):
        x, y = columns.index(cell["level2"]), rows.index(cell["level1"])
        depth = 0.12 + 0.88 * float(cell[share] or 0) / most
        ax.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=SHADES(depth), edgecolor="white", lw=1.5))
        count = f"{cell['indicators']:,} 个" if lang == "zh" else f"{cell['indicators']:,}"
        style = look.text_style(look.SMALL, "white" if depth > 0.62 else look.INK, ha="center", va="center")
        ax.text(x, y, f"{count}\n{look.share_text(cell[share])}", linespacing=1.25, **style)
    look.row_labels(ax, labels)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    look.column_heads(ax, [level(name, lang).removesuffix("指标") for name in columns], lang)
    return ax


def draw_grid(ax: Axes, rows: int, columns: int) -> None:
    """The empty fields of a matrix."""
    for y in range(rows):
        for x in range(columns):
            ax.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor="#F6F7F8", edgecolor="white", lw=1.5))


@draws("profiles.coverage")
def coverage_matrix(
    frame: pd.DataFrame, *, ax: Axes | None = None, top: int = 25, scope: dict | None = None, lang: str = "zh"
) -> Axes:
    """Which project (or unit, category …) has indicators of which kind, of a `profiles.coverage`; last row: all.

    Beyond `top` rows those with most money are shown, and the others as one row of shares.
    """
    if frame.empty:
        return look.empty(ax, NO_INDICATORS[lang])
    columns = list(dict.fromkeys(frame["level2"]))
    groups = list(frame)[: list(frame).index("level2")]
    rows = _coverage_rows(frame, groups, top, lang)
    labels = look.matrix_labels([name for name, _ in rows])
    where, foot = look.places(scope, lang)
    single = all(projects == 1 for _, cells in rows[:1] for _, projects in cells.values())
    if lang == "zh":
        measure = "● 已设此类指标，空白为未设；末行为已设的项目占比" if single else "已设此类指标的项目占比"
    else:
        measure = "● has such an indicator; last row: share of projects" if single else "Share of projects that have it"
    whole = rows[-1][1]
    ax = look.stage(
        ax,
        look.row_height(labels) * 0.86 * len(labels),
        scope=scope,
        lang=lang,
        title=_coverage_title(whole, lang),
        subtitle=joined([measure, where], lang),
        foot=foot,
        labels=labels,
        above=0.66 if lang == "en" else 0.5,
        below=0.08,
    )
    draw_grid(ax, len(rows), len(columns))
    for y, (_, cells) in enumerate(rows):
        for x, name in enumerate(columns):
            covered, projects = cells[name]
            if projects == 1 and y < len(rows) - 1:
                if covered:
                    ax.plot(x, y, "o", color=look.BLUE, ms=6)
                continue
            share = percent(covered, projects)
            depth = 0.08 + 0.92 * float(share) / 100
            ax.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=SHADES(depth), edgecolor="white", lw=1.5))
            style = look.text_style(
                look.SMALL, "white" if depth > 0.62 else look.INK, ha="center", va="center_baseline"
            )
            ax.text(x, y, look.share_text(share, 0), **style)
    look.row_labels(ax, labels)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    look.column_heads(ax, [level(name, lang).removesuffix("指标") for name in columns], lang)
    return ax


def _coverage_rows(frame: pd.DataFrame, groups: list[str], top: int, lang: str) -> list[tuple[str, dict]]:
    """(name, {level2: (covered, projects)}) of the rows shown; the last is the whole."""
    cells: dict[tuple, dict[str, tuple[int, int]]] = {}
    for *key, level2, covered, projects in frame[[*groups, "level2", "covered", "projects"]].itertuples(index=False):
        cells.setdefault(tuple(key), {})[level2] = int(covered), int(projects)
    everything = _summed(list(cells.values()))
    total = max(projects for _, projects in everything.values())
    last = (f"{'全部' if lang == 'zh' else 'all'} {count_of(total, 'project_name', lang)}", everything)
    if not groups or len(cells) == 1:  # one unit is the whole: no second row that says the same
        return [last]
    firsts = frame.drop_duplicates(groups)
    order = list(range(len(firsts)))
    if len(order) > top + 1:
        budgets = [float(budget or 0) for budget in firsts["budget_wan_yuan"]]
        order.sort(key=lambda place: -budgets[place])
    shown, rest = (order[:top], order[top:]) if len(order) > top + 1 else (order, [])
    parts = list(cells.values())
    names = row_names(firsts.iloc[shown], groups[-1], lang)
    rows = [(name, parts[place]) for name, place in zip(names, shown, strict=True)]
    if rest:
        others = count_of(len(rest), groups[-1], lang)
        rows.append(
            (f"其余 {others}" if lang == "zh" else f"other {others}", _summed([parts[place] for place in rest]))
        )
    return [*rows, last]


def _summed(parts: list[dict[str, tuple[int, int]]]) -> dict[str, tuple[int, int]]:
    sums: dict[str, tuple[int, int]] = {}
    for part in parts:
        for level2, (covered, projects) in part.items():
            before = sums.get(level2, (0, 0))
            sums[level2] = before[0] + covered, before[1] + projects
    return sums


def _coverage_title(whole: dict[str, tuple[int, int]], lang: str) -> str:
    """The gravest gaps among quantity, quality, timeliness, cost and satisfaction, which every project can have."""
    asked = ["数量指标", "质量指标", "时效指标", "成本指标", "服务对象满意度指标"]
    gaps = sorted(
        ((p - c, p, name) for name in asked if name in whole for c, p in [whole[name]] if c < p), reverse=True
    )
    if not gaps:
        words = "数量、质量、时效、成本和满意度指标每个项目都有"
        return words if lang == "zh" else "Every project has quantity, quality, timeliness, cost and satisfaction"
    if lang == "zh" and gaps[0][1] == 1:
        return "这个项目没有" + "、".join(name for *_, name in gaps)
    if lang == "zh":
        parts = [f"{'全部' if gap == total else ''} {gap:,} 个没有{name}".strip() for gap, total, name in gaps[:3]]
        return f"{gaps[0][1]:,} 个项目中：" + "，".join(parts)
    parts = [f"{gap:,} lack {level(name, 'en').lower()}" for gap, _, name in gaps[:3]]
    return f"Of {gaps[0][1]:,} projects " + ", ".join(parts)
