"""The sections on money, indicators and weights."""

import pandas as pd

from budgetperf import charts, profiles
from budgetperf.profiles import rounded
from budgetperf.report.model import Block, Heading, printed
from budgetperf.report.sections.subject import Subject, figure, table, text

SEVERAL_UNITS = 6  # from so many units on, matrices and areas show units: projects would be too small to read
_PEFA = "PEFA framework (2016) PI-8.1; by ministries and published plans there, by money here: no PEFA score"
YARDSTICKS = (  # in English: what is measured, what others ask for, who
    ("Money of projects with output indicators", "most: 75 %, the majority: 50 %", _PEFA),
    ("Money of projects with benefit indicators", "most: 75 %, the majority: 50 %", _PEFA),
    ("Indicators a project", "about 2 an objective; OECD: few and relevant", "France's budget law; OECD"),
    (
        "Benefit and satisfaction among all indicators",
        "about two thirds of targets on outcomes",
        "United Kingdom's practice",
    ),
)


# ---- money -----------------------------------------------------------------------------------------------------------


def allocation(subject: Subject) -> list[Block]:
    """Where the money goes, and how concentrated it is."""
    blocks: list[Block] = [Heading(1, subject.say("资金分配", "Allocation"))]
    by_project = profiles.allocation(subject.dataset)
    concentration = profiles.concentration(subject.dataset)
    if subject.scope["budget_wan_yuan"] is None:
        return [*blocks, text(subject, "没有印出预算数，无从分析资金分配。", "No budgets are printed.")]
    blocks += [_concentrated(subject, row) for row in concentration.to_dict("records")]
    blocks.append(_bars(subject, "各项目的预算数", "Budget by project", "project"))
    by_unit = profiles.allocation(subject.dataset, of="unit")
    for group in ("unit", "category", "spending_kind"):
        frame = by_unit if group == "unit" else profiles.allocation(subject.dataset, of=group)
        if len(frame) > 1:
            blocks += table(subject, f"by_{group}", frame)
    if len(by_unit) < 2:
        by_project = by_project.drop(columns="unit_name")
    return blocks + table(subject, "by_project", by_project)


def _bars(subject: Subject, zh: str, en: str, group: str):
    return figure(subject, zh, en, charts.allocation_bars, profiles.allocation(subject.dataset, of=group))


def _concentrated(subject: Subject, row: dict):
    top1, top3, top5 = (rounded(row[f"top{n}_share"]) for n in (1, 3, 5))
    index, like = rounded(row["hhi"], 0), rounded(row["equivalent_items"], 1)
    return text(
        subject,
        f"预算合计 {_exact(row['budget_wan_yuan'])} 万元，分属 {row['items']} 个项目。最大的“{row['largest']}”占 {top1}%，"
        f"前三名占 {top3}%，前五名占 {top5}%；赫芬达尔指数 {index}，集中程度相当于 {like} 个一样大的项目。",
        f"The budget of {_exact(row['budget_wan_yuan'])} (10,000 yuan) goes to {row['items']} projects. The largest, "
        f"“{row['largest']}”, takes {top1}%, the first three {top3}%, the first five {top5}%; "
        f"the Herfindahl index is {index}, as with {like} projects of one size.",
    )


def _exact(amount) -> str:
    return "—" if amount is None else f"{amount:,f}"


# ---- indicators ------------------------------------------------------------------------------------------------------


def indicators(subject: Subject) -> list[Block]:
    """What kinds of indicators there are, which are missing, how complete they are."""
    blocks: list[Block] = [Heading(1, subject.say("指标设置", "Indicators"))]
    data = subject.dataset
    if data.indicators.empty:
        return [*blocks, text(subject, "没有读出指标。", "There are no indicators.")]
    for row in profiles.indicator_distribution(data).to_dict("records"):
        mean, median, least, most = (printed(row[name]) for name in ("mean", "median", "least", "most"))
        empty = row["placeholders"]
        more = f"（另有 {empty:,} 条只是占位）" if empty else "", f" (and {empty:,} placeholders)" if empty else ""
        blocks.append(
            text(
                subject,
                f"{row['projects']:,} 个项目共 {row['indicators']:,} 条指标{more[0]}，每个项目平均 {mean} 条，中位数 {median}，"
                f"最少 {least}，最多 {most}。",
                f"{row['projects']:,} projects have {row['indicators']:,} indicators{more[1]}: {mean} on average, median {median}, "
                f"{least} to {most}.",
            )
        )
    blocks += table(subject, "levels", profiles.indicators(data, of=["level1", "level2"]))
    of = "unit" if subject.scope["units"] >= SEVERAL_UNITS else "project"
    blocks += [
        figure(subject, "指标覆盖", "Coverage", charts.coverage_matrix, profiles.coverage(data, of=of)),
        *table(subject, "coverage", profiles.coverage(data, of=())),
    ]
    blocks += table(subject, "quantified", profiles.indicators(data, of="quantified"))
    blocks += _completeness(subject)
    yardsticks = profiles.yardsticks(data)
    if subject.lang == "en":  # its readings are Chinese sentences
        english = pd.DataFrame(YARDSTICKS, columns=["yardstick", "reference", "basis"])
        yardsticks = yardsticks.assign(**english, measure=yardsticks["measure"].replace({"个": "each"}), reading=None)
    blocks += table(subject, "yardsticks", yardsticks)
    return blocks


def _completeness(subject: Subject) -> list[Block]:
    frame = profiles.completeness(subject.dataset)
    frame = frame[frame["missing"] > 0].assign(column=lambda rows: rows[subject.say("title", "column")])
    found = table(subject, "blanks", frame)
    if not found:
        found = [text(subject, "应填的栏目都已填写。", "No cell that should be filled is blank.")]
    cut = profiles.cut_names(subject.dataset)
    if len(cut):
        known = int(cut["name_completed"].notna().sum())
        found.append(
            text(
                subject,
                f"{len(cut)} 条指标的名称被表格按字数截断，照印刷列出；其中 {known} 条有证据可补出全称。",
                f"{len(cut)} names of indicators were cut by the table; {known} can be completed on evidence.",
            )
        )
        found += table(subject, "cut_names", cut)
    return found


# ---- weights ---------------------------------------------------------------------------------------------------------


def weights(subject: Subject) -> list[Block]:
    """How the points are spread."""
    blocks: list[Block] = [Heading(1, subject.say("权重分布", "Weights"))]
    data = subject.dataset
    profile = profiles.weight_profile(data)
    values = profiles.weight_values(data)
    if values.empty:
        return [*blocks, text(subject, "这些指标没有印出权重，无从分析。", "No weights are printed.")]
    if profile["source"].nunique() < 2:
        profile = profile.drop(columns="source")
    blocks += table(subject, "level1_points", profile)
    if not (profile["projects"] == profile["following"]).all():  # bars that are all alike show nothing
        levels = profiles.level1_weights(data)
        blocks.append(figure(subject, "各项目的一级指标分值", "Points by project", charts.level_weights, levels))
    blocks += table(subject, "points", profiles.indicators(data, of=["level1", "level2"]))
    rows = profiles.project_weights(data)
    heavy = rows[rows["is_heavy"].astype(bool)]
    blocks += table(subject, "heavy", heavy)
    equal = int(rows["is_equal"].astype(bool).sum())
    blocks.append(
        text(
            subject,
            f"{len(heavy)} 个项目有指标独占三十分或三分之一以上，{equal} 个项目的六个以上指标平均分配。",
            f"In {len(heavy)} projects one indicator takes 30 points or a third; in {equal} six or more share equally.",
        )
    )
    return blocks
