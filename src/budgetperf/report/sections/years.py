"""The section on what changed against the year before."""

import pandas as pd

from budgetperf import years
from budgetperf.audit.load import rule_titles
from budgetperf.audit.message import claim
from budgetperf.charts import years as charts
from budgetperf.field.words import say
from budgetperf.profiles import titled
from budgetperf.report.model import Block, Heading, Text
from budgetperf.report.sections.subject import Subject, figure, table, text
from budgetperf.years.words import in_words


def comparison(subject: Subject) -> list[Block]:
    """Money, projects, targets, weights and findings of the last year against the one before."""
    blocks: list[Block] = [Heading(1, subject.say("年度比较", "Comparison of years"))]
    found = subject.comparison
    if len(found.years) < 2:
        reason = found.notes[0] if found.notes else ""
        return [*blocks, text(subject, f"没有可比较的年度。{reason}", "There is no other year to compare with.")]
    old, new = found.years[-2:]
    blocks += [Text(note, "note") for note in found.notes]
    if found.scope["synthetic"]:
        blocks.append(text(subject, "【含合成数据，非真实文件】", "[Contains synthetic data]", "warning"))
    blocks.append(_totals(subject, years.totals(found).iloc[-1].to_dict()))
    last = {name: _step(frame, old, new) for name, frame in found.tables().items()}
    changed = last["indicators"][last["indicators"]["status"] != "kept"]
    changed = changed.sort_values(
        "outcome", key=lambda one: ~one.isin(["easier", "harder", "different"]), kind="stable"
    )
    scope = {"scope": found.scope}
    blocks += [
        figure(subject, "总额的变化", "From total to total", charts.year_bridge, found.bridge, **scope),
        *_table(subject, "changed_projects", last["projects"]),
        figure(subject, "各项目的预算数", "Budget by project in both years", charts.slopes, found.projects, **scope),
        figure(subject, "目标更难还是更易", "Targets harder or easier", charts.target_bars, found.indicators, **scope),
    ]
    summary = _step(years.target_summary(found), old, new)
    blocks += _table(subject, "changed_targets", summary)
    blocks += _table(subject, "changed_indicators", changed)
    if found.weights["shift"].notna().any():
        blocks.append(
            figure(subject, "分值的移动", "Shift of points", charts.weight_shift_heatmap, found.weights, **scope)
        )
    findings = years.finding_summary(last["findings"])
    known = rule_titles(subject.lang)
    findings = findings.assign(
        rule=findings["rule"].map(lambda rule: known.get(rule, rule)),
        severity=findings["severity"].map(lambda grade: say("severity", grade, subject.lang)),
        message_to=findings["message_to"].map(lambda message: claim(message) if isinstance(message, str) else None),
    )
    return blocks + _table(subject, "changed_findings", findings)


def _step(frame: pd.DataFrame, old: int, new: int) -> pd.DataFrame:
    if "year_from" not in frame:
        return frame
    return frame[(frame["year_from"] == old) & (frame["year_to"] == new)]


def _table(subject: Subject, name: str, frame: pd.DataFrame) -> list[Block]:
    """Like subject.table, with the words of a comparison; the caption says of all rows that there are invented ones."""
    invented = "synthetic" in frame and bool(frame["synthetic"].any())
    mark = subject.say("（含合成数据）", " (contains synthetic data)") if invented else ""
    return table(subject, name, frame, _said, mark)


def _said(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    return titled(in_words(frame)) if lang == "zh" else in_words(frame, lang=lang)


def _totals(subject: Subject, row: dict) -> Text:
    old, new = int(row["year_from"]), int(row["year_to"])
    amounts = f"{row['amount_from']:,f}", f"{row['amount_to']:,f}"
    change = f"{row['change']:+,f}"
    return text(
        subject,
        f"{old} 年预算合计 {amounts[0]} 万元，{new} 年 {amounts[1]} 万元，增减 {change} 万元；延续 {row['continued']} 组，"
        f"终止 {row['ended']} 组，新增 {row['new']} 组，拆分 {row['split']} 组，合并 {row['merged']} 组。",
        f"The budget was {amounts[0]} (10,000 yuan) in {old} and {amounts[1]} in {new}, {change}; {row['continued']} groups "
        f"of projects continued, {row['ended']} ended, {row['new']} are new, {row['split']} split, {row['merged']} merged.",
    )
