"""Charts of allocation: bars with amounts and shares, the Pareto curve, the treemap. All take `profiles.allocation`."""

from decimal import Decimal

import pandas as pd
from matplotlib.axes import Axes

from budgetperf.charts import look
from budgetperf.charts.frames import draws
from budgetperf.charts.words import count_of, level, tied
from budgetperf.profiles import NOT_STATED, exact_sum, percent, rounded
from budgetperf.profiles.kinds import OTHER

TOP = 15  # rows shown by name; the rest is one row
MOST_BARS = 60  # of the Pareto curve


def name_column(frame: pd.DataFrame, before: str = "projects") -> str:
    """The column that names the rows of a profile: the one before its first measure.

    >>> name_column(pd.DataFrame(columns=["unit_code", "unit_name", "projects"]))
    'unit_name'
    """
    return list(frame)[list(frame).index(before) - 1]


def row_names(frame: pd.DataFrame, column: str, lang: str = "zh") -> list[str]:
    """The rows' names; where projects share a name, the unit stands on a second line."""
    names = [level(str(name), lang) for name in frame[column]]
    if column == "project_name" and "unit_name" in frame and frame[column].duplicated().any():
        names = [f"{name}\n{unit}" for name, unit in zip(names, frame["unit_name"], strict=True)]
    return names


def remainder_last(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """The rows, those that name nothing (其他, 未注明) behind the others whatever their size.

    >>> remainder_last(pd.DataFrame({"kind": ["其他", "人员报酬"]}), "kind")["kind"].tolist()
    ['人员报酬', '其他']
    """
    order = sorted(range(len(frame)), key=lambda row: frame[column].iloc[row] in (OTHER, NOT_STATED))
    return frame.iloc[order].reset_index(drop=True)


def guessed(column: str, lang: str) -> str:
    """The foot's remark where the groups are not printed but told by the projects' names."""
    if column != "spending_kind":
        return ""
    return (
        "种类按项目名称中的词推断，不是文件所印的分类。" if lang == "zh" else "Kinds are guessed from project names. "
    )


def known_budgets(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["budget_wan_yuan"].map(lambda value: value is not None and value > 0).astype(bool)]


NO_BUDGETS = {"zh": "没有预算数，画不出资金分布。", "en": "No budgets are known: nothing to draw."}


@draws("profiles.allocation")
def allocation_bars(
    frame: pd.DataFrame, *, ax: Axes | None = None, top: int = TOP, scope: dict | None = None, lang: str = "zh"
) -> Axes:
    """Bars of a `profiles.allocation` with amounts and shares, largest on top, beyond `top` rows one for the rest."""
    known = known_budgets(frame)
    if known.empty:
        return look.empty(ax, NO_BUDGETS[lang])
    column = name_column(frame)
    known = remainder_last(known, column)
    total, amounts = exact_sum(known["budget_wan_yuan"]), known["budget_wan_yuan"].tolist()
    if len(known) == 1:
        return look.instead(ax, allocation_title(known, column, total, lang), scope, lang)
    names = row_names(known, column, lang)
    shown = top if len(names) > top + 1 else len(names)
    rest = len(names) - shown
    names, values = names[:shown], amounts[:shown]
    if rest:
        others = count_of(rest, column, lang)
        names.append(f"其余 {others}" if lang == "zh" else f"other {others}")
        values.append(exact_sum(amounts[shown:]))
    labels = [look.wrapped(name, 15) for name in names]
    where, foot = look.places(scope, lang)
    measure = "预算数，万元，占合计的百分比" if lang == "zh" else "Budget in 10,000 yuan, share of the total"
    ax = look.stage(
        ax,
        look.row_height(labels) * len(labels),
        scope=scope,
        lang=lang,
        title=allocation_title(known, column, total, lang),
        subtitle="；".join(filter(None, [f"{measure}（合计 {rounded(total)}）", where]))
        if lang == "zh"
        else ". ".join(filter(None, [f"{measure} ({rounded(total)})", where])),
        foot=five_largest(shown, lang)
        + cut_bar(values, bool(rest), lang)
        + guessed(column, lang)
        + without_budget(frame, lang)
        + foot,
        labels=labels,
        below=0.08,
    )
    colours = [look.BLUE if place < 5 else look.SKY for place in range(shown)] + [look.GREY] * bool(rest)
    texts = [f"{rounded(value)}  {look.share_text(percent(value, total), 2)}" for value in values]
    look.capped_bars(ax, values, texts, colours, bool(rest))
    look.row_labels(ax, labels)
    return ax


def five_largest(shown: int, lang: str) -> str:
    """The foot's remark on the two blues, where both are there."""
    if shown <= 5:
        return ""
    return "深蓝为最大的 5 个。" if lang == "zh" else "Dark: the five largest. "


def cut_bar(values: list[Decimal], rest: bool, lang: str) -> str:
    """The foot's remark where the bar of the rest is cut short (see look.capped_bars)."""
    if not rest or values[-1] <= max(values[:-1]) * Decimal("1.25"):
        return ""
    return "灰条（其余）已截短，长度不按比例。" if lang == "zh" else "The grey bar (others) is cut short. "


def without_budget(frame: pd.DataFrame, lang: str) -> str:
    missing = int(frame["without_budget"].sum())
    if not missing:
        return ""
    return f"未计 {missing} 个没有预算数的项目。" if lang == "zh" else f"Without {missing} projects of unknown budget. "


def allocation_title(known: pd.DataFrame, column: str, total: Decimal, lang: str) -> str:
    says_nothing = known[column].map(lambda name: name in (OTHER, NOT_STATED)).astype(bool)
    rest = known[says_nothing]
    named = known[~says_nothing] if len(rest) < len(known) else known
    amounts = named["budget_wan_yuan"].tolist()
    most = [name for name, amount in zip(map(str, named[column]), amounts, strict=True) if amount == amounts[0]]
    first = tied([level(name, lang) for name in most], lang)
    share = look.share_text(percent(amounts[0], total), 2)
    if len(known) == 1:
        return f"全部 {rounded(total)} 万元属于{first}" if lang == "zh" else f"All of the money goes to {first}"
    if len(most) > 1:
        return f"{first}，各占预算的 {share}" if lang == "zh" else f"{first}: {share} of the budget each"
    if 0 < len(rest) < len(known):  # what names nothing is no rival of those named, whatever its size
        other = level(str(rest[column].iloc[0]), lang)
        part = look.share_text(percent(exact_sum(rest["budget_wan_yuan"]), total), 2)
        if lang == "zh":
            return f"{first}占预算的 {share}，{other}占 {part}"
        return f"{first} takes {share} of the budget, {other.lower()} {part}"
    if len(known) <= 5:
        return f"{first}占预算的 {share}" if lang == "zh" else f"{first} takes {share} of the budget"
    five = look.share_text(percent(exact_sum(amounts[:5]), total), 2)
    if lang == "zh":
        return f"前 5 {count_of(5, column, lang)[2:]}占预算的 {five}，最大的{first}占 {share}"
    return f"The five largest take {five} of the budget, {first} alone {share}"


@draws("profiles.allocation")
def pareto(frame: pd.DataFrame, *, ax: Axes | None = None, scope: dict | None = None, lang: str = "zh") -> Axes:
    """Cumulative share of the money over the rows from largest to smallest; the point where 80 % are reached."""
    known = known_budgets(frame)
    if known.empty:
        return look.empty(ax, NO_BUDGETS[lang])
    column, count = name_column(frame), len(known)
    total, amounts = exact_sum(known["budget_wan_yuan"]), known["budget_wan_yuan"].tolist()
    if count == 1:
        return look.instead(ax, allocation_title(known, column, total, lang), scope, lang)
    cumulative = [percent(exact_sum(amounts[: place + 1]), total) for place in range(count)] if count < 200 else None
    cumulative = cumulative or _running(amounts, total)
    enough = next(place for place, share in enumerate(cumulative, start=1) if share >= 80)
    where, foot = look.places(scope, lang)
    things, few = count_of(count, column, lang), count_of(enough, column, lang)
    part = look.share_text(percent(enough, count), 0)
    if lang == "zh":
        title = f"80% 的资金在最大的 {few}，占 {things}的 {part}"
        bars = "，柱为各自的占比" if count <= MOST_BARS else ""
        subtitle = "；".join(filter(None, [f"线为按预算数从大到小累计的资金占比{bars}，%", where]))
    else:
        title = f"80% of the money is in the {few} with most, {part} of {things}"
        bars = ", bars: share of each" if count <= MOST_BARS else ""
        subtitle = ". ".join(filter(None, [f"Line: cumulative share of the budget, largest first{bars}, %", where]))
    ax = look.stage(
        ax,
        3.1,
        scope=scope,
        lang=lang,
        title=title,
        subtitle=subtitle,
        foot=without_budget(frame, lang) + foot,
        below=0.5,
    )
    ranks = range(1, count + 1)
    heights = [float(share) for share in cumulative]
    if count <= MOST_BARS:
        ax.bar(ranks, [float(percent(amount, total)) for amount in amounts], color=look.SKY, width=0.72)
    line = (ranks, heights) if count <= MOST_BARS else ([0, *ranks], [0, *heights])
    ax.plot(*line, color=look.BLUE, lw=1.8, marker="o" if count <= MOST_BARS else None, ms=3.5, zorder=3)
    ax.axhline(80, color=look.GREY, lw=0.8, ls=(0, (4, 3)), zorder=1)
    _mark_points(ax, cumulative, sorted({1, 3, 5, enough} & set(ranks)), lang)
    ax.set_xlim(0 if count > MOST_BARS else 0.3, count + max(0.6, count * 0.01))
    ax.set_ylim(0, 104)
    ax.set_yticks(range(0, 101, 20))
    ax.grid(axis="y", color=look.PALE, lw=0.8)
    ax.set_axisbelow(True)
    look.number_axis(ax.yaxis, "%")
    if count <= 25:
        ax.set_xticks(ranks)
    else:
        look.number_axis(ax.xaxis)
    label = f"{things}，按预算数从大到小" if lang == "zh" else f"{things}, largest budget first"
    ax.set_xlabel(label, **look.text_style(look.SMALL, look.MUTED))
    return ax


def _running(amounts: list[Decimal], total: Decimal) -> list[Decimal]:
    running, shares = Decimal(0), []
    for amount in amounts:
        running = exact_sum([running, amount])
        shares.append(percent(running, total))
    return shares


def _mark_points(ax: Axes, cumulative: list[Decimal], places: list[int], lang: str) -> None:
    """Name some points of the curve at their lower right, passing over those too near to the one before."""
    last = Decimal(-100)
    for place in places:
        share = cumulative[place - 1]
        if share - last < 7 or share < 6:
            continue
        last = share
        text = (
            f"前 {place}：{look.share_text(share, 2)}" if lang == "zh" else f"top {place}: {look.share_text(share, 2)}"
        )
        ax.plot([place], [float(share)], "o", color=look.VERMILION, ms=5, zorder=4)
        right = place < max(2, len(cumulative) * 0.8) and len(cumulative) > 1
        next_bar = cumulative[place] - share if place < len(cumulative) else 0
        over = len(cumulative) <= MOST_BARS and next_bar > share - 8  # the next bars would stand behind the text
        bar = ax.get_position().width * ax.figure.get_figwidth() * 72 / len(cumulative) * 0.36
        offset = (6 + (bar if len(cumulative) <= MOST_BARS else 0), -4) if right else (-8, 4)
        style = look.text_style(weight="bold", va="bottom" if over else "top", ha="left" if right else "right")
        ax.annotate(text, (place, float(share)), offset, textcoords="offset points", **style)


# ---- treemap ---------------------------------------------------------------------------------------------------------
