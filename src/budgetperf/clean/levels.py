"""Levels of the indicator taxonomy: canonical names, and merged cells filled without crossing a border."""

import pandas as pd

from budgetperf.clean.series import of_columns, read_each, same_index
from budgetperf.field.printing import is_blank
from budgetperf.field.vocabulary import level1_name, level1_of, level2_name, level_points


@of_columns
def fold_level1(texts: pd.Series, errors: str = "keep") -> pd.Series:
    """Canonical level 1 of printed ones; None where blank.

    errors: what becomes of names outside the taxonomy: "keep" they stay as printed, without
    points beside them, "null" None, "raise" a ValueError.

    >>> fold_level1(pd.Series(["产 出", "决策", "其他", None])).tolist()
    ['产出指标', '决策指标', '其他', None]
    """
    return read_each(texts, lambda text: level1_name(text) or _outside(text, errors), errors, "一级指标")


@of_columns
def fold_level2(texts: pd.Series, errors: str = "keep") -> pd.Series:
    """Canonical level 2 of printed ones; None where blank. errors: as of `fold_level1`.

    >>> fold_level2(pd.Series(["社会效益", "服务对象满意 度", "其他", ""])).tolist()
    ['社会效益指标', '服务对象满意度指标', '其他', None]
    """
    return read_each(texts, lambda text: level2_name(text) or _outside(text, errors), errors, "二级指标")


def _outside(text: str, errors: str) -> str:
    if errors != "keep":
        raise ValueError(text)
    return level_points(text)[0]


@of_columns
def level1_by_taxonomy(level2: pd.Series) -> pd.Series:
    """Level 1 to which the taxonomy counts each level 2; None where it leaves that open (成本指标) or knows it not.

    >>> level1_by_taxonomy(pd.Series(["数量指标", "成本指标", None])).tolist()
    ['产出指标', None, None]
    """
    return read_each(level2, lambda text: level1_of(level2_name(text) or text), "null", "二级指标")


@of_columns
def fill_merged(texts: pd.Series, by: pd.Series) -> pd.Series:
    """Fill the blank rows of merged cells from the row above, never across a border of `by` (project, unit).

    Rows at the head of a group whose text stands further down (a centred merged cell) take the first text below.
    Blank is whatever is blank in a raw table, `""` of camelot included; a row with a blank `by` is of no group and stays.
    Raises ValueError where `by` is no column of the same index.

    >>> fill_merged(pd.Series(["产出", "", None, "效益", " "]), by=pd.Series([1, 1, 2, 2, 2])).tolist()
    ['产出', '产出', '效益', '效益', '效益']
    """
    same_index(texts, by=by)
    printed = pd.Series([None if is_blank(text) else text for text in texts.tolist()], dtype=object)
    groups = pd.Series([(row,) if is_blank(group) else group for row, group in enumerate(by.tolist())], dtype=object)
    filled = printed.groupby(groups, sort=False).ffill()
    filled = filled.groupby(groups, sort=False).bfill()
    return pd.Series(
        [None if is_blank(text) else text for text in filled], index=texts.index, dtype=object, name=texts.name
    )
