"""X01, X02: objectives and sets of indicators that other projects have too."""

from typing import NamedTuple

import pandas as pd

from budgetperf.audit.likeness import (
    Pair,
    Project,
    clusters,
    indicator_sets,
    of_one_year,
    project_of,
    signature,
    similar_pairs,
    similar_sets,
)
from budgetperf.audit.message import project_named
from budgetperf.audit.registry import found, rule

_NO_TEXT = r"[\s，。；、：:,;.！!？?“”\"'（）()《》〈〉…—-]"


def _others(rows: list, last) -> tuple[str, str]:
    """The other projects of a group, as named in a message about its last."""
    shown = [project_named(row, last) for row in rows[:5]]
    more = f"等 {len(rows)} 个项目" if len(rows) > 5 else ""
    return "、".join(shown) + more, ", ".join(f"project {row.project_no} “{row.project_name}”" for row in rows[:5])


def _share(group: list[Pair]) -> str:
    likenesses = {pair.likeness for pair in group}
    low, high = (f"{100 * value:.0f}%" for value in (min(likenesses), max(likenesses)))
    return low if low == high else f"{low}–{high}"


def _of_group(projects: list[Project], members: list[int]):
    rows = [projects[place] for place in members]
    keys = [(row.document_id, row.project_no, None) for row in rows]
    names = sorted([row.unit_name, row.project_name] for row in rows)
    return rows[-1], rows[:-1], keys, {"projects": names, "cells": [[key[1], None] for key in keys]}


class _Objective(NamedTuple):
    """A project's objective; of those of a document that are the same, the first alone has a signature."""

    project: list
    text: str
    signature: str


def _objectives(tables, thresholds, words) -> list[_Objective]:
    texts = tables.projects["text"].str.replace(_NO_TEXT, "", regex=True)
    again = texts.groupby(tables.projects["document_id"], sort=False).transform(pd.Series.duplicated)
    return [
        _Objective(project_of(row), text, "" if known else signature(text))
        for row, text, known in zip(tables.project_rows, texts.tolist(), again.tolist(), strict=True)
        if len(text) >= thresholds["shortest"]
    ]


@rule("X01", "W", "绩效目标雷同", "不同项目的绩效目标不应几乎相同",
      basis="本工具阈值：相同文字 {warn_from:.0%} 以上须复核，{note_from:.0%} 以上供参考", inputs=["projects.objective"],
      title_en="objectives nearly the same", gather=_objectives)  # fmt: skip
def copied_objectives(gathered, thresholds, words):
    """X01: one finding a group of like objectives, at the last of them."""
    projects, texts, signatures = _columns(gathered, _Objective)
    alike = of_one_year(projects, similar_pairs(texts, signatures, thresholds["note_from"]))
    for members, group in clusters(alike):
        last, others, keys, evidence = _of_group(projects, members)
        severity = "W" if max(pair.likeness for pair in group) >= thresholds["warn_from"] else "I"
        (listed, listed_en), share = _others(others, last), _share(group)
        evidence |= {"likeness": share}
        yield found(last, f"绩效目标与{listed}的相同文字占 {share}", f"the objective is {share} that of {listed_en}",
                    evidence, severity=severity, rests_on=keys)  # fmt: skip


class _Names(NamedTuple):
    project: list
    names: list[str]


def _indicator_names(tables, thresholds, words) -> list[_Names]:
    return [
        _Names(project_of(row), sorted(names))
        for row, names in zip(tables.project_rows, indicator_sets(tables), strict=True)
        if len(names) >= thresholds["fewest"]
    ]


@rule("X02", "I", "指标照搬", "不同项目的指标不应成套照搬",
      basis="本工具阈值：相同指标占两项目全部指标的 {jaccard:.0%} 以上", inputs=["rows", "indicators.name"],
      title_en="indicator sets copied", gather=_indicator_names)  # fmt: skip
def copied_indicators(gathered, thresholds, words):
    """X02: one finding a group of like sets, at the last of them."""
    projects, names = _columns(gathered, _Names)
    sets = list(map(frozenset, names))
    for members, group in clusters(of_one_year(projects, similar_sets(sets, thresholds["jaccard"]))):
        last, others, keys, evidence = _of_group(projects, members)
        common = sorted(frozenset.intersection(*(sets[place] for place in members)))
        (listed, listed_en), share = _others(others, last), _share(group)
        zh = f"指标与{listed}相同的占 {share}，共有的 {len(common)} 条：{'、'.join(common[:6])}{'等' if len(common) > 6 else ''}"
        evidence |= {"likeness": share, "common": common}
        yield found(last, zh, f"{share} of the indicators are those of {listed_en}", evidence, rests_on=keys)


def _columns(gathered: list, of: type) -> list[list]:
    """What was gathered of all documents, field by field; the first holds the projects."""
    projects, *more = ([row[place] for row in gathered] for place in range(len(of._fields)))
    return [[Project(*project) for project in projects], *more]
