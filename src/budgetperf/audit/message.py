"""A finding's sentence, to be pasted into a working paper: where, what, by which measure, what is suggested."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

import pandas as pd

from budgetperf.audit.registry import Found, Rule, shown_thresholds

_MARKS = re.compile(r"[；。](?:依据|判断标准)：|\. (?:Basis|Criterion): ")


def claim(message: str) -> str:
    """The place and the fact of a finding's message, without its measure and suggestion.

    >>> claim("某局“培训”项目：满意度目标 70%，低于 80%。判断标准：本工具阈值。建议重定目标。")
    '某局“培训”项目：满意度目标 70%，低于 80%'
    """
    return _MARKS.split(message, maxsplit=1)[0]


@cache
def _english() -> Mapping:
    return tomllib.loads(resources.files("budgetperf").joinpath("audit/bases.toml").read_text("utf-8"))


def basis_of(rule: Rule, thresholds: Mapping, language: str = "zh") -> str:
    """What a rule rests on, with its thresholds; a rule of a user's own has none in English but its title and numbers.

    >>> from budgetperf.audit.load import all_rules
    >>> basis_of(next(one for one in all_rules() if one.id == "C05"), {"fewest": 5, "most": 15}, "en")
    'ours: fewer than 5 or more than 15'
    """
    if language == "zh":
        return rule.basis_with(thresholds)
    if rule.id in _english():
        return _english()[rule.id].format_map(shown_thresholds(thresholds))
    limits = ", ".join(f"{key} {value}" for key, value in thresholds.items())
    return rule.title_en + (f": {limits}" if limits else "")


def message(one: Found, rule: Rule, basis: str, advice: str, document, project, indicator, language: str) -> str:
    """The sentence. `document`, `project`, `indicator`: their rows, None where the finding is on more."""
    place = _place_en(document, project, indicator) if language == "en" else _place(document, project, indicator)
    ours = "本工具" in rule.basis
    if language == "en":
        return f"{place}: {one.en}. {'Criterion' if ours else 'Basis'}: {basis}. {advice}"
    return f"{place}：{one.zh}。{'判断标准' if ours else '依据'}：{basis}。{advice}。"


def _page(document, *rows, en: bool = False) -> str:
    """Where in the document's own words: a page of a PDF or a text made from one, a sheet of a workbook, else nothing."""
    row = next((row for row in rows if row is not None and pd.notna(row.page)), None)
    kind = getattr(document, "format", None)
    if row is None or kind not in ("pdf", "text", "xlsx"):
        return ""
    number = int(row.page)
    if kind == "xlsx":
        return f"sheet {number}" if en else f"第 {number} 张工作表"
    return f"p. {number}" if en else f"第 {number} 页"


def _target(indicator) -> str:
    sign = "" if indicator.comparator == "定性" else indicator.comparator
    return f"{sign}{indicator.target_text}{indicator.measure_unit}"


def _place(document, project, indicator) -> str:
    if project is None:
        return "全文"
    page = _page(document, indicator, project)
    place = f"{project.unit_name}“{project.project_name}”项目" + (f"（{page}）" if page else "")
    if indicator is None:
        return place
    target = _target(indicator)
    return f"{place}的指标“{indicator.name}”" + (f"（指标值 {target}）" if target else "")


def _place_en(document, project, indicator) -> str:
    if project is None:
        return "whole document"
    page = _page(document, indicator, project, en=True)
    whose = f"“{project.unit_name}”, " if project.unit_name else ""
    place = f"{whose}project “{project.project_name}”" + (f" ({page})" if page else "")
    if indicator is None:
        return place
    target = _target(indicator)
    return f"{place}, indicator “{indicator.name}”" + (f" (target “{target}”)" if target else "")


def project_named(row, beside=None) -> str:
    """A project as messages name it: by its name, with the unit where it is another's than `beside`'s; by its number where
    it has no name.

    >>> from types import SimpleNamespace as Row
    >>> project_named(Row(project_no=3, project_name="食堂运转经费", unit_name="甲局"))
    '“食堂运转经费”'
    >>> project_named(Row(project_no=3, project_name="", unit_name="甲局"), Row(unit_name="乙局"))
    '甲局第 3 个项目'
    """
    own = row.unit_name if isinstance(row.unit_name, str) else ""
    unit = own if beside is not None and own != beside.unit_name else ""
    has_name = isinstance(row.project_name, str) and row.project_name
    return unit + (f"“{row.project_name}”" if has_name else f"第 {row.project_no} 个项目")
