"""What all charts share: colours, a stage with title, subtitle and foot, labels that fit, and their sizes."""

import math
import re
from collections.abc import Sequence
from decimal import Decimal

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter

from budgetperf.charts.fonts import families, printable, use_fonts
from budgetperf.field.notation import ems

# Okabe and Ito's colours: told apart by the colour-blind and in print
BLUE, ORANGE, GREEN, PINK, SKY = "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9"
VERMILION, GREY, PALE, INK, MUTED = "#D55E00", "#9AA0A6", "#E8EAED", "#202124", "#5F6368"
LEVEL_COLOURS = {"产出指标": BLUE, "效益指标": ORANGE, "满意度指标": GREEN, "成本指标": PINK}
SEVERAL = [BLUE, ORANGE, GREEN, PINK, SKY, VERMILION]
SMALL, NORMAL, TITLE = 8, 9, 12  # type sizes in points
WIDTH = 7.6  # inches, labels included: the text width of an A4 page at a scale of 0.85
_WORDS = re.compile(r"[A-Za-z0-9.,%'/()-]+ ?|[（《“]*.[，。；：、）》”！？…]*", re.DOTALL)  # what no line break divides
LINE = 1.45  # line height, of the type size


def use_theme() -> None:
    """Set matplotlib's rcParams for this session: Chinese fonts, quiet axes, colour-blind-safe colours, 110 dpi.

    The charts here do not need it; figures of your own look like them with it.
    """
    use_fonts()
    mpl.rcParams.update(
        {
            "font.size": NORMAL,
            "axes.prop_cycle": mpl.cycler(color=SEVERAL),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.edgecolor": MUTED,
            "axes.titlelocation": "left",
            "axes.titleweight": "bold",
            "figure.dpi": 110,
            "figure.facecolor": "white",
        }
    )


# ---- text that fits --------------------------------------------------------------------------------------------------


def wrapped(text: str, width: float, lines: int = 2) -> str:
    """The text in at most `lines` lines of `width` type sizes, ended by … where it is longer.

    >>> wrapped("二中路综合服务中心村级运转经费", 13)
    '二中路综合服务中\\n心村级运转经费'
    >>> wrapped("二中路综合服务中心村级运转经费", 4)
    '二中路综\\n合服务…'
    """
    given = [" ".join(part.split()) for part in printable(text).split("\n")]
    if len(given) > 1:  # a name and what tells it apart: a line each where there is room, else both cut
        if lines > 1 or ems(" · ".join(given)) <= width:
            return ("\n" if lines > 1 else " · ").join(wrapped(part, width, 1) for part in given)
        apart = min(ems(given[-1]), max(5, width - ems(given[0]) - 2))
        return f"{wrapped(given[0], width - apart - 2, 1)} · {wrapped(given[-1], apart, 1)}"
    plain = given[0]
    needed = math.ceil(ems(plain) / width) if width > 0 else 1
    if 1 < needed <= lines:
        width = min(width, math.ceil(ems(plain) / needed) + 0.6)  # lines of one length, no lonely last character
    found, line = [], ""
    for word in _WORDS.findall(plain):
        if ems(line + word.rstrip()) > width and line:
            found.append(line)
            line = ""
        line += word
    found.append(line)
    if len(found) > lines or ems(found[-1]) > width * 1.3:
        found = found[:lines]
        last = found[-1]
        while ems(last + "…") > width and len(last) > 1:
            last = last[:-1]
        found[-1] = last + "…"
    return "\n".join(part.strip() for part in found)


def text_style(size: float = NORMAL, colour: str = INK, **more) -> dict:
    """Keywords of every text drawn: our fonts, and no formulas in what a document prints ($)."""
    return {"fontfamily": list(families()), "fontsize": size, "color": colour, "parse_math": False, **more}


# ---- the stage -------------------------------------------------------------------------------------------------------


def stage(
    ax: Axes | None,
    height: float,
    *,
    scope: dict | None,
    lang: str,
    title: str,
    subtitle: str,
    foot: str,
    labels: Sequence[str] = (),
    right: float = 0.15,
    below: float = 0.3,
    above: float = 0.0,
) -> Axes:
    """The Axes to draw into, with title, subtitle and foot; without `ax` a figure that has room for all of it.

    height, right, below, above: inches of the body, and of margins for what the chart writes outside its axes;
    labels: the wrapped labels at the left, for which room is kept. The texts start where the labels start.
    Where the scope holds invented documents, title and foot say so.
    """
    if (scope or {}).get("synthetic"):
        title = ("【合成数据】" if lang == "zh" else "[Synthetic data] ") + title
        foot = ("含合成数据，非真实文件。" if lang == "zh" else "Contains synthetic data. ") + foot
    widest = max([0.0, *(ems(line) for label in labels for line in label.split("\n"))])
    left = widest * NORMAL + 14 if widest else 0 if labels else 30  # [""]: nothing at the left; none: numbers
    across = WIDTH * 72 if ax is None else left + ax.get_position().width * ax.figure.get_figwidth() * 72
    title = wrapped(title, across / TITLE, 3)
    subtitle = wrapped(subtitle, across / NORMAL, 2)
    foot = wrapped(foot, across / SMALL, 3)
    heights = [NORMAL * LINE * (subtitle.count("\n") + 1), TITLE * LINE * (title.count("\n") + 1)]
    foot_height = SMALL * LINE * (foot.count("\n") + 1)
    if ax is None:
        top = sum(heights) / 72 + 0.12 + above
        bottom = foot_height / 72 + below + 0.06
        total = height + top + bottom
        figure = plt.figure(figsize=(WIDTH, total), facecolor="white")
        ax = figure.add_axes([left / 72 / WIDTH, bottom / total, (WIDTH - left / 72 - right) / WIDTH, height / total])
    lift = above * 72 + 6
    place = {"xycoords": "axes fraction", "textcoords": "offset points", "annotation_clip": False, "ha": "left"}
    ax.annotate(subtitle, (0, 1), (-left, lift), va="bottom", **place, **text_style(NORMAL, MUTED, linespacing=1.3))
    bold = text_style(TITLE, INK, weight="bold", linespacing=1.25)
    ax.annotate(title, (0, 1), (-left, lift + heights[0]), va="bottom", **place, **bold)
    ax.annotate(foot, (0, 0), (-left, -below * 72), va="top", **place, **text_style(SMALL, MUTED, linespacing=1.3))
    for side in ("top", "right", "left", "bottom"):
        ax.spines[side].set_visible(False)
    ax.tick_params(length=0, labelsize=NORMAL, labelcolor=INK, labelfontfamily=list(families()))
    return ax


def row_labels(ax: Axes, labels: Sequence[str]) -> None:
    """Labels of rows 0… at the left, first row on top."""
    ax.set_yticks(range(len(labels)), labels, **text_style(linespacing=1.15))
    ax.set_ylim(len(labels) - 0.45, -0.55)


def matrix_labels(names: Sequence[str]) -> list[str]:
    """Names of a chart's rows, wrapped; one line each where the rows are many, wider where a unit stands behind."""
    many = len(names) > 12
    width = 22 if many and any("\n" in name for name in names) else 15
    return [wrapped(name, width, 1 if many else 2) for name in names]


def row_height(labels: Sequence[str]) -> float:
    """Inches that a row needs for labels of one line or more."""
    return 0.17 + 0.155 * max([1, *(label.count("\n") + 1 for label in labels)])


def capped_bars(ax: Axes, values: Sequence[Decimal], texts: Sequence[str], colours: Sequence[str], rest: bool) -> bool:
    """Horizontal bars with a text at their ends; whether the last one (`rest`) was cut because it dwarfs the others."""
    named = values[:-1] if rest and len(values) > 1 else values
    widest = float(max(named)) or 1.0
    cut = float(values[-1]) > widest * 1.25
    widths = [min(float(value), widest * 1.25) for value in values]
    ax.barh(range(len(values)), widths, color=list(colours), height=0.68)
    if cut:  # a white slash through the bar says that it goes on
        x, y = widest * 1.1, len(values) - 1
        ax.plot([x - widest * 0.012, x + widest * 0.012], [y + 0.42, y - 0.42], color="white", lw=4)
    end_texts(ax, widths, texts)
    return cut


def end_texts(ax: Axes, widths: Sequence[float], texts: Sequence[str]) -> None:
    """A text at the end of each horizontal bar, and an axis that has room for them."""
    widest = max(widths) or 1.0
    for place, (width, text) in enumerate(zip(widths, texts, strict=True)):
        ax.text(width + widest * 0.01, place, text, va="center", **text_style())
    longest = max(map(ems, texts)) * NORMAL + 10
    room = ax.get_position().width * ax.figure.get_figwidth() * 72
    ax.set_xlim(0, widest / max(0.3, 1 - longest / room))
    ax.set_xticks([])


def colour_legend(ax: Axes, colours: dict[str, str], width: float = 9) -> None:
    """Name → colour in one line above the axes, names shortened so that they fit."""
    handles = [Rectangle((0, 0), 1, 1, color=colour) for colour in colours.values()]
    room = (ax.get_position().width * ax.figure.get_figwidth() * 72 + 20) / len(colours) / SMALL - 3.2
    names = [wrapped(name, max(3, min(room, 16 if width else room)), 1) for name in colours]
    legend = ax.legend(
        handles,
        names,
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=len(names),
        frameon=False,
        borderaxespad=0.2,
        borderpad=0.2,
        handlelength=0.9,
        handleheight=0.9,
        handletextpad=0.4,
        columnspacing=1.2,
    )
    for text in legend.get_texts():
        text.set(**text_style(SMALL))


def column_heads(ax: Axes, heads: Sequence[str], lang: str) -> None:
    """Heads of columns 0… above the axes, wrapped to the columns' width; a line break in a head stays."""
    ax.set_xlim(-0.5, len(heads) - 0.5)
    ax.xaxis.tick_top()
    width = ax.get_position().width * ax.figure.get_figwidth() * 72 / len(heads) / SMALL - 0.6
    width += 0 if lang == "zh" else 1  # Latin letters are narrower than reckoned, and set smaller
    texts = ["\n".join(wrapped(part, width, 5) for part in head.split("\n")) for head in heads]
    ax.set_xticks(range(len(heads)), texts, **text_style(SMALL if lang == "zh" else 7, linespacing=1.15))
    ax.tick_params(axis="x", pad=3)


def number_axis(axis, unit: str = "") -> None:
    """Whole numbers with thousands commas at the ticks of an axis."""
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}{unit}"))


def empty(ax: Axes | None, sentence: str) -> Axes:
    """Axes with nothing but a sentence: why there is no chart."""
    if ax is None:
        ax = plt.figure(figsize=(WIDTH, 0.9), facecolor="white").add_axes([0, 0, 1, 1])
    ax.set_axis_off()
    style = text_style(10, MUTED, ha="center", va="center")
    ax.text(0.5, 0.5, wrapped(sentence, 44, 3), transform=ax.transAxes, **style)
    return ax


def instead(ax: Axes | None, finding: str, scope: dict | None, lang: str) -> Axes:
    """The finding as a sentence, where a chart would have one bar or the same bar again and again."""
    where, _ = places({**(scope or {}), "subject": ""} if (scope or {}).get("subject", "") in finding else scope, lang)
    synthetic = ("【合成数据】" if lang == "zh" else "[Synthetic data] ") if (scope or {}).get("synthetic") else ""
    if lang == "zh":
        return empty(ax, f"{synthetic}{finding}{f'（{where}）' if where else ''}。")
    return empty(ax, f"{synthetic}{finding}{f' ({where})' if where else ''}.")


def places(scope: dict | None, lang: str) -> tuple[str, str]:
    """(where, when and of what kind for the subtitle, source and what was left out for the foot) of a `profiles.scope`.

    >>> places({"subject": "甲局", "period": "2024", "kind": "self_evaluation", "left_out": [("2023 年自评", "")]}, "zh")
    ('甲局，2024 年自评', '来源：所给数据，budgetperf 整理；未计入：2023 年自评')
    """
    scope, here = scope or {}, ("zh", "en").index(lang)
    subject, period, source = (scope.get(key) or "" for key in ("subject", "period", "source"))
    is_result = scope.get("kind") == "self_evaluation"
    out = [said[here] for said in scope.get("left_out") or []]
    if lang == "en":
        when = period + (" self-evaluation" if is_result else "")
        where = ", ".join(filter(None, [subject.replace(" 个单位", " units"), when.strip()]))
        foot = f"Source: {source or 'data at hand'}; compiled with budgetperf"
        return where, foot + (f"; not counted: {', '.join(out)}" if out else "")
    when = (f"{period} 年" if period else "") + ("自评" if is_result else "")
    foot = f"来源：{source or '所给数据'}，budgetperf 整理"
    return "，".join(filter(None, [subject, when])), foot + (f"；未计入：{'、'.join(out)}" if out else "")


def share_text(share: Decimal | None, places: int = 1) -> str:
    """A share in % for people.

    >>> share_text(Decimal("38.972761"), 2), share_text(None)
    ('38.97%', '')
    """
    from budgetperf.profiles import rounded

    return "" if share is None else f"{rounded(share, places)}%"
