"""Charts of indicators and weights by level: counted bars, the stack of level-1 points a project."""

from decimal import Decimal

import pandas as pd
from matplotlib.axes import Axes

from budgetperf.charts import look
from budgetperf.charts.frames import draws
from budgetperf.charts.look import colour_legend
from budgetperf.charts.money import cut_bar, guessed, name_column, remainder_last, row_names
from budgetperf.charts.words import count_of, level, tied
from budgetperf.field.vocabulary import level1_of
from budgetperf.profiles import exact_sum, percent, rounded

KEY = ["document_id", "project_no"]
NO_INDICATORS = {"zh": "没有指标，画不出图。", "en": "There are no indicators: nothing to draw."}
NO_WEIGHTS = {"zh": "这些指标没有印权重，画不出权重图。", "en": "The indicators carry no weights: nothing to draw."}


def joined(parts: list[str], lang: str) -> str:
    """The parts of a subtitle, those that are empty left out."""
    return ("；" if lang == "zh" else ". ").join(filter(None, parts))


@draws("profiles.indicators")
def share_bars(
    frame: pd.DataFrame,
    *,
    value: str = "indicators",
    ax: Axes | None = None,
    top: int = 15,
    scope: dict | None = None,
    lang: str = "zh",
) -> Axes:
    """Bars of a `profiles.indicators`: number and share of indicators, or points and share with value="weight"."""
    share = {"indicators": "indicator_share", "weight": "weight_share"}[value]
    known = frame[frame[value].notna()]
    if known.empty:
        return look.empty(ax, (NO_WEIGHTS if value == "weight" and len(frame) else NO_INDICATORS)[lang])
    column = name_column(frame)
    whole = exact_sum(map(_exact, known[value]))
    if column not in ("level1", "level2"):
        known = remainder_last(known.sort_values(value, ascending=False, kind="stable"), column)
    shown = top if len(known) > top + 1 else len(known)
    rest = known.iloc[shown:]
    names, values = row_names(known, column, lang)[:shown], [_exact(v) for v in known[value].tolist()[:shown]]
    if len(rest):
        others = count_of(len(rest), column, lang)
        names.append(f"其余 {others}" if lang == "zh" else f"other {others}")
        values.append(exact_sum(map(_exact, rest[value])))
    labels = [look.wrapped(name, 15) for name in names]
    largest = known.loc[known[share].map(float).idxmax()]
    most = [level(str(name), lang) for name in known.loc[known[value] == largest[value], column]]
    where, foot = look.places(scope, lang)
    part = look.share_text(largest[share])
    word = {"comparator": "指标性质", "measure_unit": "度量单位"}.get(column)
    if word:
        most = [f"“{name}”" if lang == "zh" else f'"{name}"' for name in most]
    first = (word if word and lang == "zh" else "") + tied(most, lang)
    if lang == "zh":
        unit = "个" if value == "indicators" else "分"
        each = "各" if len(most) > 1 else ""
        title = f"{first}最多：{each and '各 '}{plain_number(_exact(largest[value]))} {unit}，{each}占 {part}"
        one = f"全部 {plain_number(whole)} {unit}{'指标' if unit == '个' else ''}都属于{first}"
        measure = f"指标个数及占比（共 {whole:,} 个）" if unit == "个" else f"权重及占比（共 {rounded(whole, 0)} 分）"
    else:
        title = f"{first} leads with {part} of the {'indicators' if value == 'indicators' else 'points'}"
        one = f"All {plain_number(whole)} {'indicators' if value == 'indicators' else 'points'}: {first}"
        measure = "Number of indicators and share" if value == "indicators" else "Points of weight and share"
    if len(known) == 1:
        return look.instead(ax, one, scope, lang)
    owners = [level1_of(name) or name for name in known[column]] if column == "level2" else list(known[column])
    legend = {} if column != "level2" else {name: look.LEVEL_COLOURS.get(name, look.GREY) for name in owners}
    ax = look.stage(
        ax,
        look.row_height(labels) * len(labels),
        scope=scope,
        lang=lang,
        title=title,
        subtitle=joined([measure, where], lang),
        foot=cut_bar(values, bool(len(rest)), lang) + guessed(column, lang) + foot,
        labels=labels,
        below=0.08,
        above=0.26 if len(legend) > 1 else 0.0,
    )
    colours = [look.LEVEL_COLOURS.get(name, look.GREY if legend else look.BLUE) for name in owners[:shown]]
    colours += [look.GREY] * bool(len(rest))
    texts = [f"{plain_number(amount)}  {look.share_text(percent(amount, whole))}" for amount in values]
    look.capped_bars(ax, values, texts, colours, bool(len(rest)))
    look.row_labels(ax, labels)
    if len(legend) > 1:
        colour_legend(ax, {level(name, lang): colour for name, colour in legend.items()})
    return ax


def _exact(value) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(int(value))


def plain_number(value: Decimal) -> str:
    """A number with thousands commas and as many decimals as it has.

    >>> plain_number(Decimal("1050")), plain_number(Decimal("22.50"))
    ('1,050', '22.5')
    """
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# ---- stacked weights -------------------------------------------------------------------------------------------------


@draws("profiles.level1_weights")
def level_weights(
    frame: pd.DataFrame, *, ax: Axes | None = None, top: int = 25, scope: dict | None = None, lang: str = "zh"
) -> Axes:
    """Stacked level-1 points a project of `profiles.level1_weights`; the title compares with the prevailing split.

    A document has one where more than half of its projects (two or more) share it. Beyond `top` projects those farthest
    from their document's split (its mean where none prevails) are shown and the mean of the others.
    """
    if frame.empty:
        return look.empty(ax, NO_WEIGHTS[lang])
    stacks, far = _stacks(frame)
    if all(stack == stacks[key] for stack in stacks.values() for key in list(stacks)[:1]):
        return look.instead(ax, _split_title(frame, far, lang), scope, lang)
    levels = ["成本指标", *look.LEVEL_COLOURS, *dict.fromkeys(frame["level1"])]
    levels = [name for name in dict.fromkeys(levels) if any(name in stack for stack in stacks.values())]
    others = [name for name in levels if name not in look.LEVEL_COLOURS]  # such as 决策 and 管理
    colour_of = look.LEVEL_COLOURS | dict(
        zip(others, [look.SKY, look.VERMILION, *[look.GREY] * len(others)], strict=False)
    )
    many = len(stacks) > top + 1
    order = sorted(stacks, key=lambda key: -far[key]) if many else list(stacks)
    shown, rest = (order[:top], order[top:]) if many else (order, [])
    rows = [[stacks[key].get(name, Decimal(0)) for name in levels] for key in shown]
    projects = frame.drop_duplicates(KEY).set_index(KEY)
    names = row_names(projects.loc[shown], "project_name", lang)
    if rest:
        sums = [exact_sum([Decimal(0), *(stacks[key].get(name) for key in rest)]) for name in levels]
        rows.append([round(points / len(rest), 1) for points in sums])
        others = count_of(len(rest), "project_name", lang)
        names.append(f"其余 {others}的平均" if lang == "zh" else f"mean of {others}")
    labels = look.matrix_labels(names)
    where, foot = look.places(scope, lang)
    measure = "每个项目的权重在一级指标间的分配，分" if lang == "zh" else "Points of weight a project by level 1"
    if rest:
        measure += (
            f"（离所在文件通行分配或平均最远的 {len(shown)} 个）"
            if lang == "zh"
            else f", the {len(shown)} farthest from their document's split or mean"
        )
    ax = look.stage(
        ax,
        look.row_height(labels) * 0.86 * len(labels),
        scope=scope,
        lang=lang,
        title=_split_title(frame, far, lang),
        subtitle=joined([measure, where], lang),
        foot=foot,
        labels=labels,
        above=0.26,
        below=0.08,
    )
    widest = float(max(sum(row) for row in rows)) or 1.0
    lefts = [0.0] * len(rows)
    for place, name in enumerate(levels):
        colour = colour_of[name]
        widths = [float(row[place]) for row in rows]
        ax.barh(range(len(rows)), widths, left=lefts, color=colour, height=0.74, edgecolor="white", lw=0.8)
        ink = "white" if colour in (look.BLUE, look.GREEN) else look.INK
        for line, (left, width) in enumerate(zip(lefts, widths, strict=True)):
            if width > widest * 0.045:
                style = look.text_style(look.SMALL, ink, ha="center", va="center_baseline")
                ax.text(left + width / 2, line, plain_number(rows[line][place]), **style)
        lefts = [left + width for left, width in zip(lefts, widths, strict=True)]
    ax.set_xlim(0, widest)
    ax.set_xticks([])
    look.row_labels(ax, labels)
    colour_legend(ax, {level(name, lang): colour_of[name] for name in levels})
    return ax


def _stacks(frame: pd.DataFrame) -> tuple[dict[tuple, dict[str, Decimal]], dict[tuple, Decimal]]:
    """(document, project) → points a level 1; → points by which it departs from the document's split."""
    stacks: dict[tuple, dict[str, Decimal]] = {}
    far: dict[tuple, Decimal] = {}
    rows = frame[[*KEY, "level1", "points", "difference"]].itertuples(index=False)
    for document, project, level1, points, difference in rows:
        stacks.setdefault((document, project), {})[level1] = points
        far[document, project] = far.get((document, project), Decimal(0)) + abs(difference)
    return stacks, far


def _split_title(frame: pd.DataFrame, far: dict[tuple, Decimal], lang: str) -> str:
    count = len(far)
    rules = frame.drop_duplicates(["level1", "profile_points"])
    if not any(far.values()) and not rules["level1"].duplicated().any():
        parts = [
            f"{level(name, lang).removesuffix('指标')} {plain_number(points)}"
            for name, points in zip(rules["level1"], rules["profile_points"], strict=True)
        ]
        if lang == "zh":
            return f"{'这个项目' if count == 1 else f'{count:,} 个项目都'}按{'、'.join(parts)} 分分配"
        return f"{count:,} projects split their points alike: {', '.join(parts)}"
    of_document: dict[str, list[Decimal]] = {}
    for (document, _), points in far.items():
        of_document.setdefault(document, []).append(points)
    # a split prevails where more than half of a document's projects share it, and one project is no majority
    prevailing = [part for part in of_document.values() if len(part) > 1 and 2 * part.count(Decimal(0)) > len(part)]
    without = len(of_document) - len(prevailing)
    compared, away = sum(map(len, prevailing)), sum(points != 0 for part in prevailing for points in part)
    where = "本文件" if len(of_document) == 1 else "所在文件"
    share = look.share_text(percent(away, compared), 0)
    said = []
    if lang == "zh":
        if compared:
            few = f"{away:,} 个（{share}）偏离{where}通行的分配" if away else f"没有一个偏离{where}通行的分配"
            said.append(f"{compared:,} 个项目中{' ' if away else ''}{few}")
        if without:
            files = f"{without:,} 份文件" if len(of_document) > 1 else "本文件"
            said.append(f"{'另' if compared else ''}{files}没有过半项目共用的分配，共 {count - compared:,} 个项目")
        return "；".join(said)
    if compared:
        said.append(f"{away:,} of {compared:,} projects ({share}) depart from their document's prevailing split")
    if without:
        files = f"{without:,} documents" if len(of_document) > 1 else "The document"
        said.append(f"{files} without a split that most projects share ({count - compared:,} projects)")
    return "; ".join(said)
