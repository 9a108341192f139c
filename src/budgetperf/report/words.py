"""The fixed words of a report in Chinese and English."""

import functools
import re
from dataclasses import replace

import pandas as pd

from budgetperf import profiles
from budgetperf.charts.words import level
from budgetperf.tables.words import CHECKS, GRADES, KINDS, REPAIRS, field_title, say

__all__ = ["CHECKS", "DECISIONS", "GRADES", "KINDS", "REPAIRS", "SEVERITIES", "STATUSES", "in_language", "say", "view_in", "without_basis"]  # fmt: skip

SEVERITIES = {"E": ("须说明", "explain"), "W": ("须复核", "review"), "I": ("供参考", "note")}
STATUSES = {"reconciled": ("相符", "reconciled"), "open": ("待核", "open"), "unreadable": ("未能读出", "unreadable")}
DECISIONS = {
    "confirmed": ("属实", "confirmed"),
    "dismissed": ("不成立", "dismissed"),
    "explained": ("已说明", "explained"),
}


SCORES = {  # grades and quadrants of self-evaluations
    "优": ("优", "excellent"),
    "良": ("良", "good"),
    "中": ("中", "fair"),
    "差": ("差", "poor"),
    "高执行高得分": ("高执行高得分", "spent, scored high"),
    "高执行低得分": ("高执行低得分", "spent, scored low"),
    "低执行高得分": ("低执行高得分", "spent little, scored high"),
    "低执行低得分": ("低执行低得分", "spent little, scored low"),
}


def without_basis(message: str, basis: str) -> str:
    """A finding's sentence without its measure and suggestion, where those are given beside it.

    >>> without_basis("目标 70%，低于 80%。判断标准：本工具阈值。建议重定。", "本工具阈值"), without_basis("70 %. Basis: x. Do.", "x")
    ('目标 70%，低于 80%。', '70 %.')
    """
    for mark in (f"。依据：{basis}", f"。判断标准：{basis}", f". Basis: {basis}", f". Criterion: {basis}"):
        head, found, _ = message.partition(mark)
        if found:
            return head + mark[0]
    return message


_PLACE = re.compile(r"(.*) 第 ([\d、]+) 页 · 项目 (\d+) ?(.*?)(?: · 指标 (\d+) ?(.*))?", re.DOTALL)
_NOTES = {  # what the notes of evidence say, by words that only one of them has
    "没有找到原文件": "The original file was not found; its cells as read are shown.",
    "sha256 不符": "The original file has changed since it was read; its cells as read are shown.",
    "画不出来": "The page cannot be drawn; its cells as read are shown.",
    "页面上没有找到它自己的单元格": "Its own cell was not found on the page; the first cell of the project is shown.",
}


def view_in(view, lang: str):
    """An evidence view with its caption and notes in the report's language; names stay as printed.

    >>> from budgetperf.evidence.view import View
    >>> view_in(View("甲.pdf 第 3、4 页 · 项目 1 甲 · 指标 2 保障人数", []), "en").caption
    '甲.pdf p. 3, 4 · project 1 甲 · indicator 2 保障人数'
    """
    if lang != "en":
        return view
    caption, match = view.caption, _PLACE.fullmatch(view.caption)
    if match:
        source, pages, project, name, indicator, target = match.groups()
        caption = f"{source} p. {pages.replace('、', ', ')} · project {project} {name}".rstrip()
        caption += f" · indicator {indicator} {target}".rstrip() if indicator else ""
    notes = [next((said for mark, said in _NOTES.items() if mark in note), note) for note in view.notes]
    return replace(view, caption=caption, notes=notes)


def in_language(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """The frame for people: column titles, and levels and other closed words, in the report's language.

    >>> in_language(pd.DataFrame({"level1": ["产出指标"], "indicators": [3]}), "en").to_dict("records")
    [{'Level 1': 'Output', 'Indicators': 3}]
    """
    words = {
        "severity": SEVERITIES,
        "grade": GRADES | SCORES,
        "quadrant": SCORES,
        "status": STATUSES,
        "kind": KINDS,
        "decision": DECISIONS,
    }
    words["field"] = {name: (field_title(name), name.replace("_", " ")) for name in frame.get("field", [])}
    closed = {"level1", "level2", "comparator", "measure_unit", "quantified", "spending_kind"}
    said = {
        name: frame[name].map(functools.partial(say, words[name], lang=lang) if name in words else _level(lang))
        for name in frame
        if name in words or (name in closed and lang == "en")
    }
    return profiles.titled(frame.assign(**said), lang)


def _level(lang: str):
    return lambda name: level(name, lang) if isinstance(name, str) else name
