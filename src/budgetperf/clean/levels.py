"""Levels of the indicator taxonomy: canonical names, and merged cells filled down without crossing a border."""

import pandas as pd

from budgetperf.field.vocabulary import level1_name, level1_of, level2_name, level_points


def fold_level1(texts: pd.Series) -> pd.Series:
    """Canonical level 1 of printed ones; names outside the taxonomy stay as printed.

    >>> fold_level1(pd.Series(["产 出", "决策", "其他", None])).tolist()
    ['产出指标', '决策指标', '其他', nan]
    """
    return texts.map(lambda text: level1_name(text) or level_points(text)[0] if isinstance(text, str) else text)


def fold_level2(texts: pd.Series) -> pd.Series:
    """Canonical level 2 of printed ones; names outside the taxonomy stay as printed.

    >>> fold_level2(pd.Series(["社会效益", "服务对象满意 度", "其他", None])).tolist()
    ['社会效益指标', '服务对象满意度指标', '其他', nan]
    """
    return texts.map(lambda text: level2_name(text) or level_points(text)[0] if isinstance(text, str) else text)


def level1_by_taxonomy(level2: pd.Series) -> pd.Series:
    """Level 1 to which the taxonomy counts each canonical level 2; missing where it leaves that open.

    >>> level1_by_taxonomy(pd.Series(["数量指标", "成本指标", None])).tolist()
    ['产出指标', nan, nan]
    """
    found = level2.map(lambda name: level1_of(name) if isinstance(name, str) else None)
    return found.astype("str")


def fill_merged(texts: pd.Series, groups: pd.Series) -> pd.Series:
    """Fill the blank rows of merged cells from the row above, never across a border of `groups` (project, unit).

    Rows at the head of a group whose text stands further down (a centred merged cell) take the first text below.

    >>> fill_merged(pd.Series(["产出", None, None, "产出", None]), pd.Series([1, 1, 2, 2, 2])).tolist()
    ['产出', '产出', '产出', '产出', '产出']
    """
    down = texts.groupby(groups, sort=False).ffill()
    return down.groupby(groups, sort=False).bfill()
