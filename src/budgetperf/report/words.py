"""The fixed words of a report in Chinese and English."""

import functools
import re
from dataclasses import replace

import pandas as pd

from budgetperf import profiles
from budgetperf.charts.words import level

SEVERITIES = {"E": ("须说明", "explain"), "W": ("须复核", "review"), "I": ("供参考", "note")}
STATUSES = {"reconciled": ("相符", "reconciled"), "open": ("待核", "open"), "unreadable": ("未能读出", "unreadable")}
DECISIONS = {
    "confirmed": ("属实", "confirmed"),
    "dismissed": ("不成立", "dismissed"),
    "explained": ("已说明", "explained"),
}
GRADES = {"certain": ("确定", "certain"), "likely": ("可能", "likely"), "guess": ("推测", "guess")}
KINDS = {
    "spelling": ("只动空白与写法", "white space and spelling only"),
    "reading": ("移位、补填、拼接", "moved, filled, joined"),
    "value": ("判定或推得数值", "a value settled"),
}
REPAIRS = {
    "amount_by_total": ("金额由合计判定", "amount settled by the printed total"),
    "comparator_spelling": ("计算符号写法", "spelling of comparators"),
    "cut_digits": ("切断的数字判定", "digits cut by the page break settled"),
    "execution_by_head": ("表头列明的执行率", "execution rate named in the head"),
    "fill_merged": ("合并单元格补填", "merged cells filled"),
    "join_pages": ("跨页文字接续", "text joined over pages"),
    "level_by_taxonomy": ("一级指标改正", "level 1 by the taxonomy"),
    "line_read_twice": ("一行读两遍", "a line read twice"),
    "moved_cells": ("移位单元格归列", "moved cells put in their columns"),
    "number_spelling": ("数字写法", "spelling of numbers"),
    "project_border": ("指标行归入项目", "rows given to their project"),
    "qualitative_target": ("定性目标", "qualitative target"),
    "odd_characters": ("异形字和不可见字符", "odd and unseen characters"),
    "repeated_cell": ("每页重印", "printed again on each page"),
    "row_over_pages": ("跨页的行接续", "row joined over pages"),
    "row_read_twice": ("一行表读两遍", "a row read twice"),
    "undo_wrap": ("折行还原", "line wraps undone"),
    "weight_by_total": ("缺失分值推得", "missing weight inferred from the total"),
}
CHECKS = {
    "total": ("预算数之和与印刷合计", "sum of budgets and printed total"),
    "subtotal": ("所属项目之和与小计", "sum of a unit's projects and sub-total"),
    "weights": ("分值之和", "sum of weights"),
    "level1_shares": ("一级指标分值结构", "points of the levels 1"),
    "codes": ("项目编码", "project codes"),
    "rows": ("表内各行", "rows of the table"),
    "unit": ("所属单位", "budget unit"),
    "pages": ("页面可读", "pages readable"),
    "hidden": ("看不见而没有读的内容", "what is not seen and was not read"),
    "formulas": ("没有保存结果的公式", "formulas without a stored result"),
    "digits": ("被 Excel 丢掉的数字", "digits that Excel dropped"),
    "encoding": ("乱码还原", "misread text undone"),
    "converted": ("转换后读取", "read after conversion"),
    "guess": ("推测的值", "guessed values"),
    "required": ("必有的单元格", "required cells"),
}


def say(words: dict[str, tuple[str, str]], key: str | None, lang: str) -> str:
    """A closed word in the report's language; one that is not listed stays as it is, none is blank.

    >>> say(SEVERITIES, "E", "zh"), say(GRADES, "guess", "en"), say(CHECKS, "own", "en")
    ('须说明', 'guess', 'own')
    """
    if not isinstance(key, str):
        return ""
    return words[key][lang == "en"] if key in words else key


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
    words = {"severity": SEVERITIES, "grade": GRADES, "status": STATUSES, "kind": KINDS, "decision": DECISIONS}
    closed = {"level1", "level2", "comparator", "measure_unit", "quantified", "spending_kind"}
    said = {
        name: frame[name].map(functools.partial(say, words[name], lang=lang) if name in words else _level(lang))
        for name in frame
        if name in words or (name in closed and lang == "en")
    }
    return profiles.titled(frame.assign(**said), lang)


def _level(lang: str):
    return lambda name: level(name, lang) if isinstance(name, str) else name
