"""The rules over years, Y01 to Y05, written for the audit's registry: its entry point `budgetperf.rules` names this module."""

import itertools
import weakref
from typing import NamedTuple

import pandas as pd
from rapidfuzz import fuzz

from budgetperf.audit import found, rule
from budgetperf.audit.subject import number
from budgetperf.field.notation import parse_number
from budgetperf.profiles import rounded
from budgetperf.tables.dataset import Dataset
from budgetperf.years.changes import indicator_changes
from budgetperf.years.comparison import decided_leniently
from budgetperf.years.frames import project_changes
from budgetperf.years.indicators import match_indicators
from budgetperf.years.projects import match_projects
from budgetperf.years.selection import rows_of_year, years_of
from budgetperf.years.targets import compare_targets, target_of


class Step(NamedTuple):
    """Two years one after the other: groups of projects and matched indicators with their rows of the new year."""

    years: tuple[int, int]
    projects: pd.DataFrame
    indicators: pd.DataFrame
    links: pd.DataFrame


class _Rows(NamedTuple):
    documents: pd.DataFrame
    projects: pd.DataFrame
    indicators: pd.DataFrame


_LAST: list[tuple] = []  # the rules of one audit share one matching: the tables' projects (weakly), mapping, steps


def steps_of(tables) -> list[Step]:
    """The steps from each year of the tables to the next; none where they hold one year only."""
    if _LAST and _LAST[0][0]() is tables.projects and _LAST[0][1] == tables.mapping:
        return _LAST[0][2]
    years, steps = years_of(tables), []
    if len(years) < 2:
        return steps
    rows = _Rows(*(frame.astype(object).where(frame.notna() & (frame != ""), None) for frame in tables[:3]))
    for year, other in itertools.pairwise(years):
        old, new = rows_of_year(rows, year), rows_of_year(rows, other)
        mapping = decided_leniently(tables.mapping)
        links = match_projects(old, new, mapping)
        pairs = match_indicators(links, old, new, mapping)
        steps.append(Step((year, other), project_changes(links), indicator_changes(links, pairs, old, new), links))
    _LAST[:] = [(weakref.ref(tables.projects), tables.mapping, steps)]
    return steps


class _Place(NamedTuple):
    document_id: str
    project_no: int
    indicator_no: int | None = None
    shown: str = ""


def _over_years(dataset: Dataset) -> bool:
    years = (
        dataset.columns(name, "fiscal_year")["fiscal_year"].dropna().unique() for name in ("documents", "projects")
    )
    return len({year for known in years for year in known}) > 1


def _project(link) -> _Place:
    return _Place(link.document_id_to, int(link.project_no_to))


def _indicator(row) -> _Place:
    return _Place(row.document_id_to, int(row.project_no_to), int(row.indicator_no_to), _written(row, "to"))


def _old(row) -> tuple:
    return (row.document_id_from, int(row.project_no_from), int(row.indicator_no_from))


def _written(row, side: str) -> str:
    values = (getattr(row, f"{column}_{side}") for column in ("indicator", "comparator", "target_text", "measure_unit"))
    return "".join(value for value in values if isinstance(value, str) and value != "定性")


def _matched(step: Step) -> pd.DataFrame:
    return step.indicators[step.indicators["status"].isin(["kept", "changed"])]


@rule(
    "Y01",
    "W",
    "预算大变，数量目标未变",
    "预算变动大时，数量目标应随之调整",
    basis="本工具阈值：预算变动超过 {moved}%；目标应与预算匹配（参考财预〔2015〕88号“适当性”审查）",
    inputs=["projects.budget_wan_yuan", "indicators.target_value"],
    title_en="budget moved, quantities did not",
    when=_over_years,
)
def unchanged_though_budget_moved(tables, thresholds, words):
    """Y01: every matched quantity target of a continued project is as last year."""
    limit = thresholds["moved"]
    for step in steps_of(tables):
        matched = _matched(step)
        quantities = matched[(matched["level2_to"] == "数量指标") & (matched["comparator_to"] != "定性")]
        by_group = dict(iter(quantities.groupby("group")))
        link_of = {link.group: link for link in step.links.itertuples()}
        for row in step.projects[step.projects["status"] == "continued"].itertuples():
            own = by_group.get(row.group)
            if (
                own is None
                or row.change_percent is None
                or abs(row.change_percent) <= limit
                or not (own["outcome"] == "unchanged").all()
            ):
                continue
            amounts = (
                f"{rounded(row.amount_from)} 万元变为 {rounded(row.amount_to)} 万元（{row.change_text}，超过 {limit}%）"
            )
            yield found(
                _project(link_of[row.group]),
                f"预算由 {step.years[0]} 年的 {amounts}，{len(own)} 条数量指标的目标都没有变",
                f"budget moved by {row.change_text} (more than {limit}%), all {len(own)} quantity targets unchanged",
                {
                    "year_from": step.years[0],
                    "amount_from": str(row.amount_from),
                    "amount_to": str(row.amount_to),
                    "indicators": own["indicator_to"].tolist(),
                },
                rests_on=[_old(one) for one in own.itertuples()],
            )


@rule(
    "Y02",
    "W",
    "目标比上年降低",
    "目标不应无故低于上年",
    basis="与上年目标比较（参考财预〔2015〕88号“适当性”审查）",
    inputs=["indicators.target_value", "indicators.comparator"],
    summary="project",
    title_en="target lower than last year",
    when=_over_years,
)
def eased_targets(tables, thresholds, words):
    """Y02: what passes now did not pass last year; for information only where the budget fell as well."""
    for step in steps_of(tables):
        change = step.projects.set_index("group")["change"]
        for row in _matched(step)[_matched(step)["outcome"] == "easier"].itertuples():
            fell = change[row.group] < 0
            zh = f"{step.years[0]} 年为“{_written(row, 'from')}”，现为“{_written(row, 'to')}”，要求降低" + (
                "（预算也减少了）" if fell else ""
            )
            yield found(
                _indicator(row),
                zh,
                f"eased from {_written(row, 'from')} to {_written(row, 'to')}",
                {"year_from": step.years[0], "was": _written(row, "from"), "is": _written(row, "to")},
                severity="I" if fell else None,
                rests_on=[_old(row)],
            )


@rule(
    "Y03",
    "W",
    "取消了可考核的指标，换成更易完成的",
    "不应以更易完成的指标替换上年指标",
    basis="与上年同一二级指标下的指标比较",
    inputs=["indicators.target_value"],
    title_en="indicator dropped for an easier one",
    when=_over_years,
)
def dropped_for_easier(tables, thresholds, words):
    """Y03: a quantified indicator went, and at the same level 2 came one in words, or a share with a lower target."""
    for step in steps_of(tables):
        rows = step.indicators[~step.indicators["project_status"].isin(["new", "ended", "unit_new", "unit_gone"])]
        came = {
            key: list(part.itertuples())
            for key, part in rows[rows["status"] == "added"].groupby(["group", "level2_to"])
        }
        for row in rows[rows["status"] == "dropped"].itertuples():
            was = _target(row, "from", step.years[0])
            for other in came.get((row.group, row.level2_from), []):
                now = _target(other, "to", step.years[1])
                worded = was.value is not None and was.comparator != "定性" and now.value is None
                lower = was.measures == now.measures == "rate" and compare_targets(was, now)[0] == "easier"
                if worded or lower:
                    zh = f"{step.years[0]} 年的“{_written(row, 'from')}”取消，同为{row.level2_from}新设“{_written(other, 'to')}”，更易完成"
                    yield found(
                        _indicator(other),
                        zh,
                        f"replaces {_written(row, 'from')}, which was harder",
                        {"year_from": step.years[0], "was": _written(row, "from"), "is": _written(other, "to")},
                        rests_on=[_old(row)],
                    )
                    break


def _target(row, side: str, year: int):
    printed = (getattr(row, f"{column}_{side}") for column in ("comparator", "target_text", "measure_unit"))
    comparator, text, unit = (value if isinstance(value, str) else None for value in printed)
    return target_of(comparator, text, parse_number(text), unit, year)


@rule(
    "Y04",
    "W",
    "绩效目标照抄上年，年份未改",
    "绩效目标不应照抄上年而留下上年年份",
    basis="本工具阈值：两年文字相似度不低于 {likeness}，仍写上年年份而未写本年",
    inputs=["projects.objective"],
    title_en="objective copied with the old year",
    when=_over_years,
)
def copied_with_old_year(tables, thresholds, words):
    """Y04."""
    limit = thresholds["likeness"]
    objective = {(row.document_id, int(row.project_no)): row.text for row in tables.projects.itertuples()}
    for step in steps_of(tables):
        both = step.links[step.links["project_no_from"].notna() & step.links["project_no_to"].notna()]
        for link in both.itertuples():
            old = objective[link.document_id_from, int(link.project_no_from)]
            new = objective[link.document_id_to, int(link.project_no_to)]
            year, this = (str(y) for y in step.years)
            alike = fuzz.ratio(old, new) / 100 if year in new and this not in new else 0.0
            if alike >= limit:
                zh = f"绩效目标与 {year} 年的文字相似度 {alike:.2f}，仍写“{year}”，没有写“{this}”"
                rests = [(link.document_id_from, int(link.project_no_from), None)]
                yield found(
                    _project(link),
                    zh,
                    f"copied from {year} ({alike:.2f} alike), the year not changed",
                    {"year_from": int(year), "likeness": round(alike, 2)},
                    rests_on=rests,
                )


@rule(
    "Y05",
    "I",
    "目标连续几年相同",
    "目标连续几年不变的应说明",
    basis="本工具阈值：连续 {years} 年；100% 和 0 的目标除外",
    inputs=["indicators.target_value"],
    summary="project",
    title_en="same target years running",
    when=_over_years,
)
def same_for_years(tables, thresholds, words):
    """Y05: a number that has not moved for so many years in a row; 100 % and 0 can't move."""
    wanted = thresholds["years"]
    running: dict[tuple, tuple[int, int]] = {}  # indicator of the last year → (years running, first year)
    last = None
    for step in steps_of(tables):
        now: dict[tuple, tuple[int, int]] = {}
        consecutive = step.years[0] == last and step.years[1] == step.years[0] + 1
        for row in _matched(step)[_matched(step)["outcome"] == "unchanged"].itertuples():
            target = _target(row, "to", step.years[1])
            natural = target.value is None or target.value == 0 or (target.measures == "rate" and target.value == 100)
            if natural or target.comparator == "定性" or target.measures == "date":
                continue
            before = running.get(_old(row)) if consecutive else None
            count, first = (before[0] + 1, before[1]) if before else (2, step.years[0])
            place = _indicator(row)
            now[place[:3]] = count, first
            if count >= wanted:
                yield found(
                    place,
                    f"{first}–{step.years[1]} 年连续 {count} 年都是 {number(target.value)}（{_written(row, 'to')}）",
                    f"unchanged from {first} to {step.years[1]}",
                    {"years": count, "first": first, "target": _written(row, "to")},
                    rests_on=[_old(row)],
                )
        running, last = now, step.years[1]
