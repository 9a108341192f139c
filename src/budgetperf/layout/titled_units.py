"""Whose projects are by the titles over their tables."""

import itertools
import re

from budgetperf.field.headings import unit_in_title
from budgetperf.field.vocabulary import fold

_RANKS = {"省": 4, "市": 3, "州": 3, "盟": 3, "县": 2, "区": 2, "旗": 2, "镇": 1, "乡": 1}


def units_by_titles(
    named: list[tuple[int, str, str]], anchors: list[dict], last: int, form: bool
) -> tuple[list[dict], list[tuple[int, str, bool, str]]]:
    """The anchors with the units that titles name, each of the projects below it up to one whose form prints its own or
    above which another line does; and what is to be said: in doubt are projects below a line that may name another, above
    the first title that names one, and under a department to which such a unit need not belong.

    `named`: (first anchor below, unit or "" where a line may name another, the line); `last`: the first anchor below a line
    that labels its unit.

    >>> found, said = units_by_titles([(1, "县桥梁所", "县桥梁所2024年绩效目标表")], [{"project": "村道硬化"}, {"project": "危桥养护"}], 2, True)
    >>> found[1]["unit"], [(number, passed) for number, _, passed, _ in said]
    ('县桥梁所', [(1, True), (0, False)])
    """
    anchors, said = [dict(anchor) for anchor in anchors], []
    named = [
        (first, unit, line)
        for first, unit, line in named
        if first < last and (unit or fold(line) not in fold(anchors[first].get("project") or ""))
    ]
    for (first, unit, line), end in zip(named, [*(first for first, *_ in named[1:]), last], strict=False):
        below = [*itertools.takewhile(lambda n: not anchors[n].get("unit"), range(first, end))]
        for number in below if unit else ():
            anchors[number]["unit"] = unit
        if below and unit:
            said.append((first, "unit", True, f"表内没有单位名称，取自标题“{line}”"))
            said += _other_departments(anchors, below, line) if form else []
        elif below:
            said.append((first, "unit", False, f"“{line}”之下的项目属于哪个单位没有印出"))
    if named and named[0][1] and any(not anchor.get("unit") for anchor in anchors[: named[0][0]]):
        said.append((0, "unit", False, f"标题“{named[0][2]}”之上的项目属于哪个单位没有印出"))
    return anchors, said


def _other_departments(anchors: list[dict], below: list[int], line: str) -> list[tuple[int, str, bool, str]]:
    """Doubts of the projects under a title whose form prints another department than the first, or one of a lower rank
    than the title's unit."""
    printed = {n: fold(text) for n in below if (text := anchors[n].get("department"))}
    first = next(iter(printed.values()), None)
    return [
        (n, "unit", False, f"单位取自标题“{line}”，主管部门却印为“{department}”：可能是别的单位的项目")
        for n, department in printed.items()
        if department != first or _outranks(anchors[n]["unit"], department)
    ]


def _outranks(unit: str, department: str) -> bool:
    """Whether a unit is of a higher place than a department: it is not the department's.

    >>> _outranks("省财政厅", "县交通运输局"), _outranks("县公路局", "市交通运输局"), _outranks("云州市云溪县公路局", "云溪县交通运输局")
    (True, False, False)
    """
    own, over = ([_RANKS[sign] for sign in text if sign in _RANKS] for text in (unit, department))
    return bool(own and over) and min(own) > max(over)


def unit_before_name(title: str, name: str | None) -> str | None:
    """The unit that a title names before the project's printed name.

    >>> unit_before_name("云溪县桥梁所危桥养护项目2024年绩效目标表", "危桥养护"), unit_before_name("云溪县危桥养护2024年绩效目标表", "危桥养护")
    ('云溪县桥梁所', None)
    """
    before, own, behind = title.partition(name or title)
    return unit_in_title(before + re.sub("^(?:项目|工程)", "", behind)) if name and own and before else None
