"""Levels in doubt, by the level printed beside them for sure: a level 2 tells its level 1, and a level 1 which names of level 2
can stand under it. A unit may file its indicators otherwise, so that what is told in this way stays in doubt."""

import pandas as pd
from rapidfuzz import fuzz, process

from budgetperf.field.vocabulary import fold, level1_name, level1_of, level2_name, level2_order
from budgetperf.mend.recognised_doubt import Settled

NEAR = 50  # likeness (0 to 100) of a damaged level 2 to the one of the few it can be
AHEAD = 20  # by how much more it is like that one than any other
EITHER = ("产出指标", "成本指标")  # the levels 1 under which 成本指标 stands


def settle_levels(cells: pd.DataFrame, fields: dict[int, str], settled: dict[int, Settled]) -> dict[int, Settled]:
    """By index, the levels in doubt that are no name of their list and are told by the level beside them, in rows that they share.

    cells: with the texts as they are settled · fields: index of a cell → the field of its column. No input is changed.
    """
    doubted = {index for index, one in settled.items() if one.doubt}
    levels = cells.loc[[index for index, field in fields.items() if field in ("level1", "level2")]]
    found = {}
    for index in doubted & set(levels.index):
        own = levels.loc[index]
        same_table = (levels["page"] == own["page"]) & (levels["table"] == own["table"])
        shared = (levels["row"] < own["row"] + own["rowspan"]) & (own["row"] < levels["row"] + levels["rowspan"])
        beside = {
            text
            for other, text in levels["text"][same_table & shared].items()
            if text.strip() and fields[other] != fields[index] and other not in doubted
        }
        told = (_level1_over if fields[index] == "level1" else _level2_under)(own["text"], beside)
        if told:
            evidence = f"同行的“{'”“'.join(sorted(beside))}”按指标体系与它相属"
            found[index] = settled[index]._replace(text=told, evidence=evidence, grade="likely")
    return found


def _level1_over(text: str, level2: set[str]) -> str | None:
    """The level 1 of the names of level 2 beside it; None where it reads as one itself, or they tell none, or two.

    >>> _level1_over("源标", {"服务对象满意度指标"}), _level1_over("源标", {"成本指标"}), _level1_over("效益指标", {"质量指标"})
    ('满意度指标', None, None)
    """
    told = {level1_of(level2_name(one) or "") for one in level2} - {None}
    return told.pop() if level1_name(text) is None and len(told) == 1 else None


def _level2_under(text: str, level1: set[str]) -> str | None:
    """The level 2 under the level 1 beside it that a text is like, and no other of them; None where it is one itself.

    >>> _level2_under("成不标", {"产出指标"}), _level2_under("成不标", {"效益指标"}), _level2_under("成本标", set())
    ('成本指标', None, None)
    """
    above = {level1_name(one) for one in level1}
    if level2_name(text) is not None or len(above) != 1:
        return None
    names = [name for name in level2_order() if (level1_of(name) in above if level1_of(name) else above & set(EITHER))]
    ranked = process.extract(fold(text), names, scorer=fuzz.ratio, limit=2)
    far = len(ranked) < 2 or (ranked and ranked[0][1] - ranked[1][1] >= AHEAD)
    return ranked[0][0] if ranked and ranked[0][1] >= NEAR and far else None
