"""Texts as they were meant: without the wraps of narrow columns, in the usual characters."""

from collections import Counter

import pandas as pd

from budgetperf.clean.series import of_columns, of_one_column
from budgetperf.field.characters import plain_text
from budgetperf.field.wraps import MEASURES, unwrap

LEAST_LINES = 3  # that must agree on a width
AGREEING = 0.6  # of the lines that another follows


@of_one_column
def line_width(texts: pd.Series) -> tuple[int, int] | None:
    """The width at which a column's text was wrapped: (measure, width), or None where no common width shows.

    Measure 0 counts characters, 1 half-width columns of print. At least three blank-divided lines must agree, and
    three in five of all lines that another follows.

    >>> line_width(pd.Series(["社 区", "保障348名 老人按时发 放津贴", "落实各项政策 ，按月发放"]))
    >>> line_width(pd.Series(["保障348名 周岁以上老 年人按", "全面落实优 抚政策，按 月"]))
    (1, 10)
    """
    lines = [segments[:-1] for text in texts.dropna().tolist() if len(segments := str(text).strip().split(" ")) > 1]
    best = None
    for kind, measure in enumerate(MEASURES):
        widths = Counter(measure(line) for segments in lines for line in segments)
        if widths:
            # a full-width character that no longer fits leaves the line one half short
            width, hits = max(
                ((w, n + (widths[w - 1] if kind else 0)) for w, n in widths.items()),
                key=lambda pair: (pair[1], pair[0]),
            )
            if hits >= LEAST_LINES and hits >= AGREEING * widths.total() and (best is None or hits > best[0]):
                best = hits, (kind, width)
    return best and best[1]


@of_columns
def undo_wraps(texts: pd.Series) -> pd.Series:
    """A column's texts without the blanks and line breaks of wrapping; missing stays missing.

    The column's own line width, where its texts agree on one, tells a wrap from a blank that was meant.

    >>> undo_wraps(pd.Series(["能 力提升补 助经费", "Windows 10 系统", None])).tolist()
    ['能力提升补助经费', 'Windows 10 系统', nan]
    """
    width = line_width(texts)
    return pd.Series(
        [unwrap(text, width) if isinstance(text, str) else text for text in texts.tolist()],
        index=texts.index,
        name=texts.name,
    )


@of_columns
def plain_texts(texts: pd.Series) -> pd.Series:
    """A column's texts in the usual characters; missing stays missing.

    >>> plain_texts(pd.Series(["⼀级指标", None])).tolist()
    ['一级指标', nan]
    """
    return texts.map(lambda text: plain_text(text) if isinstance(text, str) else text)
