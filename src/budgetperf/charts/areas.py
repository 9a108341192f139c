"""The money as areas: tiles in proportion to it, each large enough for its name and figures."""

from collections.abc import Iterator
from decimal import Decimal

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from budgetperf.charts import look
from budgetperf.charts.frames import draws
from budgetperf.charts.look import colour_legend
from budgetperf.charts.money import (
    NO_BUDGETS,
    allocation_title,
    five_largest,
    known_budgets,
    name_column,
    without_budget,
)
from budgetperf.charts.words import count_of, level
from budgetperf.profiles import exact_sum, percent, rounded

TILE_SIZES = (11, 9.5, 8, 7)  # of type in a tile, in points
CUT_FROM = 12  # a tile's name may be cut where so much of it stands, in type sizes


def squarified(
    sizes: list[float], x: float, y: float, width: float, height: float
) -> Iterator[tuple[float, float, float, float]]:
    """(x, y, width, height) of rectangles with areas in proportion to `sizes` (largest first), as square as may be.

    After Bruls, Huizing and van Wijk (2000): a row along the shorter side grows as long as its worst rectangle gets
    squarer.

    >>> list(squarified([3, 1], 0, 0, 4, 1))
    [(0, 0.0, 3.0, 1.0), (3.0, 0.0, 1.0, 1.0)]
    """
    scale = width * height / sum(sizes) if sizes else 0
    areas = [size * scale for size in sizes]
    while areas:
        side = min(width, height)
        count = 1
        while count < len(areas) and _worst(areas[: count + 1], side) <= _worst(areas[:count], side):
            count += 1
        depth = sum(areas[:count]) / side
        along = 0.0
        for area in areas[:count]:
            length = area / depth
            yield (x, y + along, depth, length) if width >= height else (x + along, y, length, depth)
            along += length
        if width >= height:
            x, width = x + depth, width - depth
        else:
            y, height = y + depth, height - depth
        areas = areas[count:]


def _worst(areas: list[float], side: float) -> float:
    total = sum(areas)
    return max(side**2 * max(areas) / total**2, total**2 / (side**2 * min(areas)))


@draws("profiles.allocation")
def treemap(
    frame: pd.DataFrame, *, ax: Axes | None = None, top: int = 60, scope: dict | None = None, lang: str = "zh"
) -> Axes:
    """Areas in proportion to the money; projects are coloured by unit where there are several, else by size."""
    known = known_budgets(frame)
    if known.empty:
        return look.empty(ax, NO_BUDGETS[lang])
    column, amounts = name_column(frame), known["budget_wan_yuan"].tolist()
    total = exact_sum(amounts)
    where, foot = look.places(scope, lang)
    measure = "面积为预算数，万元" if lang == "zh" else "Area: budget in 10,000 yuan"
    if len(known) == 1:
        return look.instead(ax, allocation_title(known, column, total, lang), scope, lang)
    owners, legend = _owners(known, column)
    ax = look.stage(
        ax,
        4.2,
        scope=scope,
        lang=lang,
        title=allocation_title(known, column, total, lang),
        subtitle=("；" if lang == "zh" else ". ").join(filter(None, [measure, where])),
        foot=("" if legend else five_largest(len(known), lang)) + without_budget(frame, lang) + foot,
        labels=[""],
        below=0.08,
        above=0.26 if legend else 0.0,
    )
    box = ax.get_position()
    wide, high = box.width * ax.figure.get_figwidth() * 72, box.height * ax.figure.get_figheight() * 72  # points
    colours = owners if legend else [look.BLUE if place < 5 else look.SKY for place in range(len(known))]
    names = [level(str(name), lang) for name in known[column].tolist()]
    named = list(zip(names, amounts, colours, strict=True))
    for rectangle, (name, amount, colour) in _readable(named, min(top, len(named)), (wide, high), column, lang):
        _draw_tile(ax, rectangle, colour, _tile_text(rectangle, name, amount, total))
    ax.set_xlim(0, wide)
    ax.set_ylim(high, 0)
    ax.set_xticks([])
    ax.set_yticks([])
    if legend:
        colour_legend(ax, legend)
    return ax


def _owners(known: pd.DataFrame, column: str) -> tuple[list[str], dict[str, str]]:
    """(colour of each row, name → colour) by unit, the six with most money; nothing where one unit has all."""
    if column != "project_name" or known["unit_name"].nunique() < 2:
        return [], {}
    sums = known.groupby("unit_name", sort=False)["budget_wan_yuan"].agg(exact_sum)
    largest = sums.sort_values(ascending=False, kind="stable").index[: len(look.SEVERAL) - 1]
    colours = dict(zip(largest, look.SEVERAL, strict=False))
    rows = [colours.get(unit, look.GREY) for unit in known["unit_name"]]
    if len(sums) > len(colours):
        colours["其余单位"] = look.GREY
    return rows, colours


Tile = tuple[str, Decimal, str]  # name, money, colour


def _readable(
    tiles: list[Tile], shown: int, size: tuple[float, float], column: str, lang: str
) -> list[tuple[tuple[float, float, float, float], Tile]]:
    """(rectangle, tile), the smallest joined into one until each has room for its name and figures."""
    total = exact_sum(amount for _, amount, _ in tiles)
    while True:
        rest = tiles[shown:]
        joined = tiles[:shown]
        if rest:
            others = count_of(len(rest), column, lang)
            name = f"其余 {others}" if lang == "zh" else f"other {others}"
            joined = sorted(
                [*joined, (name, exact_sum(amount for _, amount, _ in rest), look.GREY)], key=lambda tile: -tile[1]
            )
        places = list(zip(squarified([float(amount) for _, amount, _ in joined], 0, 0, *size), joined, strict=True))
        if shown < 2 or all(_tile_text(place, name, amount, total) for place, (name, amount, _) in reversed(places)):
            return places
        shown -= 1


def _tile_text(rectangle: tuple, name: str, amount: Decimal, total: Decimal) -> tuple[float, str] | None:
    """(type size, name and figures) in the largest type that the tile has room for; None where no type fits."""
    *_, width, height = rectangle
    figures = [rounded(amount), look.share_text(percent(amount, total), 1)]
    for size in TILE_SIZES:
        across, down = (width - 8) / size, (height - 6) / size / look.LINE
        if across < max(3, *map(look.ems, figures)) or down < 3:
            continue
        text = look.wrapped(name, across, int(down) - 2)
        if "…" not in text or (size == TILE_SIZES[-1] and look.ems(text) >= CUT_FROM):
            return size, "\n".join([text, *figures])
    return None


def _draw_tile(ax: Axes, rectangle: tuple, colour: str, said: tuple[float, str] | None) -> None:
    x, y, width, height = rectangle
    ax.add_patch(Rectangle((x, y), width, height, facecolor=colour, edgecolor="white", lw=1.2))
    if said:
        ink = "white" if colour in (look.BLUE, look.GREEN, look.VERMILION) else look.INK
        ax.text(x + 4, y + 4, said[1], **look.text_style(said[0], ink, va="top", ha="left", linespacing=1.2))
