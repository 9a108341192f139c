"""The fixed words of a report in Chinese and English."""

import re
from dataclasses import replace

import pandas as pd

from budgetperf import profiles
from budgetperf.audit.load import rule_titles
from budgetperf.charts.words import level
from budgetperf.field.words import say, words
from budgetperf.tables.words import field_title

CLOSED = {  # column → the lists of its words
    "severity": "severity",
    "grade": "grade mark",
    "quadrant": "quadrant",
    "status": "status",
    "kind": "kind",
    "decision": "decision",
    "check": "check",
    "basis": "basis",
    "documents": "documents",
}


LEVELS = {"level1", "level2", "comparator", "measure_unit", "quantified", "spending_kind"}


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
    said = {}
    for name in frame:
        if name in CLOSED:
            said[name] = [say(CLOSED[name], key, lang) for key in frame[name]]
        elif name == "rule":  # of a repair, or of the audit
            known = rule_titles(lang)
            said[name] = [known.get(key) or say("repair", key, lang) for key in frame[name]]
        elif name == "field":
            said[name] = [field_title(key) if lang == "zh" else key.replace("_", " ") for key in frame[name]]
        elif name in LEVELS and lang == "en":
            said[name] = [level(key, lang) if isinstance(key, str) else key for key in frame[name]]
    grades = {key: pair[lang == "en"] for key, pair in words("severity").items()}  # columns of counts
    return profiles.titled(frame.assign(**said).rename(columns=grades), lang)
