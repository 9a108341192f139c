"""Projects that were split or merged, as bands from the old year to the new one."""

from decimal import Decimal

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from budgetperf.charts import look
from budgetperf.charts.frames import draws
from budgetperf.charts.levels import joined
from budgetperf.charts.years.base import NOTHING, doubt_note, last_step, stage, where_and_source
from budgetperf.profiles import rounded


@draws("years.compare(…).links")
def split_flows(
    links: pd.DataFrame,
    *,
    ax: Axes | None = None,
    years: tuple[int, int] | None = None,
    top: int = 10,
    scope: dict | None = None,
    lang: str = "zh",
) -> Axes:
    """Projects that were split or merged, bands from old to new as wide as the money, of a comparison's `links`.

    A band is as wide at its left end as the old project's money that went this way (in proportion to the parts), at its
    right end as the new one's.
    """
    zh = lang == "zh"
    if links.empty:
        return look.empty(ax, NOTHING[lang])
    grouped = links[links["status"].isin(["split", "merged", "regrouped"])]
    rows, years = last_step(grouped if years is None and len(grouped) else links, years)
    rows = rows[rows["status"].isin(["split", "merged", "regrouped"])]
    if rows.empty:
        words = f"{years[0]}–{years[1]} 年没有拆分或合并的项目。" if zh else "No project was split or merged."
        return look.empty(ax, words)
    groups = [list(part.itertuples()) for _, part in rows.groupby("group", sort=False)]
    splits = sum(part[0].status == "split" for part in groups)
    merges = sum(part[0].status == "merged" for part in groups)
    where, foot = where_and_source(scope, lang, f"{years[0]}–{years[1]}")
    foot = doubt_note(sum(any(row.doubtful for row in part) for part in groups), lang) + foot
    others = len(groups) - splits - merges
    said = [
        (splits, f"{splits} 个项目拆分", f"{splits} projects split"),
        (merges, f"{merges} 个项目由几个合并而成", f"{merges} merged from several"),
        (others, f"{others} 组项目重组", f"{others} groups regrouped"),
    ]
    title = ("，" if zh else ", ").join(zh_words if zh else en_words for count, zh_words, en_words in said if count)
    groups.sort(key=lambda part: -max(row.budget_from or row.budget_to or Decimal(0) for row in part))
    more, groups = len(groups) - top, groups[:top]
    note = "橙色为拆分，绿色为合并或重组。" if zh else "Orange: split, green: merged or regrouped. "
    if more > 0:
        note += (
            f"金额最大的 {top} 组，另有 {more} 组没有列出。"
            if zh
            else f"The {top} largest; {more} more are not shown. "
        )
    foot = note + foot
    measure = (
        "带宽为预算数，万元，各组刻度不同" if zh else "Width: budget in 10,000 yuan, a scale of its own in each group"
    )
    sizes = [0.12 + max(len({_key(r, "from") for r in part}), len({_key(r, "to") for r in part})) for part in groups]
    height = sum(0.42 * size + 0.2 for size in sizes)
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
        above=0.26,
    )
    top = 0.0
    for part, size in zip(groups, sizes, strict=True):
        _flow_group(ax, part, top, size)
        top += size + 0.5
    ax.set_ylim(top - 0.4, -0.1)
    ax.set_xlim(0, 1)
    for x, year, align in ((0.37, years[0], "right"), (0.63, years[1], "left")):
        ax.annotate(
            f"{year}",
            (x, 1),
            (0, 4),
            xycoords="axes fraction",
            textcoords="offset points",
            ha=align,
            va="bottom",
            **look.text_style(weight="bold"),
        )
    ax.set_xticks([])
    ax.set_yticks([])
    return ax


def _key(row, side: str) -> tuple:
    return getattr(row, f"document_id_{side}"), int(getattr(row, f"project_no_{side}"))


def _flow_group(ax: Axes, rows: list, top: float, size: int) -> None:
    sides = {}
    for side in ("from", "to"):
        sides[side] = {
            _key(row, side): (
                getattr(row, f"project_{side}") + (" ?" if row.doubtful else ""),
                getattr(row, f"budget_{side}") or Decimal(0),
            )
            for row in rows
        }
    most = max(float(sum(b for _, b in of.values())) for of in sides.values()) or 1.0
    scale = (size - 0.4) / most
    edges: dict[tuple[str, tuple], list[float]] = {}
    for side, x, align in (("from", 0.37, "right"), ("to", 0.63, "left")):
        of = sides[side]
        heights = [float(budget) * scale for _, budget in of.values()]
        slots = [max(height, 0.42) + 0.12 * (len(heights) > 1) for height in heights]
        y = top + (size - sum(slots)) / 2
        for (key, (name, budget)), height, slot in zip(of.items(), heights, slots, strict=True):
            at = y + (slot - height) / 2
            ax.add_patch(
                Rectangle((x - 0.006 if side == "from" else x, at), 0.006, max(height, 0.02), color=look.INK, lw=0)
            )
            room = ax.get_position().width * ax.figure.get_figwidth() * 72 * 0.35 / look.SMALL
            text = f"{look.wrapped(name, room - look.ems(rounded(budget)) - 2, 1)}  {rounded(budget)}"
            ax.text(
                x + (-0.015 if side == "from" else 0.015),
                y + slot / 2,
                text,
                ha=align,
                va="center",
                **look.text_style(look.SMALL),
            )
            edges[side, key] = [at, height]
            y += slot
    colour = look.ORANGE if rows[0].status == "split" else look.GREEN
    parts = {side: _shares(rows, side, sides) for side in ("from", "to")}
    for row in rows:
        (y0, h0), (y1, h1) = edges["from", _key(row, "from")], edges["to", _key(row, "to")]
        a, b = h0 * parts["from"][id(row)], h1 * parts["to"][id(row)]
        edges["from", _key(row, "from")][0] = y0 + a
        edges["to", _key(row, "to")][0] = y1 + b
        edges["from", _key(row, "from")][1], edges["to", _key(row, "to")][1] = h0, h1
        points = [
            (0.37, y0),
            (0.5, y0),
            (0.5, y1),
            (0.63, y1),
            (0.63, y1 + b),
            (0.5, y1 + b),
            (0.5, y0 + a),
            (0.37, y0 + a),
            (0.37, y0),
        ]
        codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
        ax.add_patch(PathPatch(Path(points, codes), facecolor=colour, alpha=0.55, lw=0))


def _shares(rows: list, side: str, sides: dict) -> dict[int, float]:
    """For each link the share of this side's project that goes into it: by the money of the other side's projects."""
    other = "to" if side == "from" else "from"
    shares = {}
    for row in rows:
        mine = [one for one in rows if _key(one, side) == _key(row, side)]
        total = sum(float(sides[other][_key(one, other)][1]) for one in mine)
        own = float(sides[other][_key(row, other)][1])
        shares[id(row)] = own / total if total else 1 / len(mine)
    return shares
