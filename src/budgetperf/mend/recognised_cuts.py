"""A row of a scanned table that a page's edge cuts through its only line of print: both halves, on two pages, are one row."""

from itertools import pairwise

import pandas as pd

from budgetperf.field.vocabulary import header_field
from budgetperf.tables.cells import Reading, Recognised

LOWER = 0.85  # of the height of the lowest whole rows: either half is lower,
TOGETHER = (0.85, 1.25)  # and both together are about as high as one
LOWEST = 0.1  # quantile of the heights of whole rows: a row of one line
LEAST = 3  # cells of each half, one below the other
HEADS = 3  # fields that a row of heads names
BOTH_HALVES = "页边切开的同一行在两页上各有一半，取识别把握大的一半；"


def join_cut_rows(reading: Reading) -> tuple[Reading, dict[int, str]]:
    """The reading with the halves of a cut row as one, in the higher half; and for the cells of both what became of them: "kept"
    (each as the half of which the recogniser is surer says, with unread ink) or "blank"."""
    cells, recognised = reading.cells, dict(reading.recognised)
    texts, became = cells["text"].tolist(), {}
    tables = cells[cells["table"] > 0]
    for above, below in pairwise(sorted(tables["page"].unique())):
        halves = _halves(tables[tables["page"] == above], tables[tables["page"] == below])
        for upper, lower, kept in halves:
            surer = max((upper, lower), key=lambda index: _sure(recognised.get(index)))
            if surer not in recognised:
                continue
            other = lower if kept == upper else upper
            text, read = texts[surer], recognised[surer]
            recognised[kept] = read._replace(unread_ink=True)
            recognised.pop(other, None)
            texts[kept], texts[other] = text, ""
            became |= {kept: "kept", other: "blank"}
    return reading._replace(cells=cells.assign(text=texts), recognised=recognised), became


def _sure(cell: Recognised | None) -> float:
    signs = [sign.confidence for sign in cell.signs if sign.text.strip()] if cell is not None else []
    return sum(signs) / len(signs) if signs else -1.0


def _halves(above: pd.DataFrame, below: pd.DataFrame) -> list[tuple[int, int, int]]:
    """(index of the upper half of a cell, of its lower half, of the one that stays) where one row is cut in two."""
    above = above[above["table"] == above["table"].max()]
    below = below[below["table"] == below["table"].min()]
    last = above[(above["row"] == (above["row"] + above["rowspan"] - 1).max()) & (above["rowspan"] == 1)]
    first = _first_row(below)
    first = first[first["rowspan"] == 1]
    cut = {row.col: index for index, row in last.iterrows()}
    goes_on = {row.col: index for index, row in first.iterrows()}
    common = sorted(cut.keys() & goes_on.keys())
    if len(common) < LEAST:
        return []
    pairs = [(cut[col], goes_on[col]) for col in common]
    texts = [text for pair in pairs for text in (last["text"][pair[0]], first["text"][pair[1]])]
    if any("\n" in text.strip() for text in texts):
        return []
    rows = pd.concat([above, below]).drop([*last.index, *first.index])
    heights = (rows["y1"] - rows["y0"])[(rows["rowspan"] == 1) & rows["text"].str.strip().ne("")]
    if heights.empty:
        return []
    whole = float(heights.quantile(LOWEST))
    upper, lower = (float((part["y1"] - part["y0"]).median()) for part in (last, first))
    if max(upper, lower) > LOWER * whole or not TOGETHER[0] * whole <= upper + lower <= TOGETHER[1] * whole:
        return []
    return [(a, b, a if upper >= lower else b) for a, b in pairs]


def _first_row(table: pd.DataFrame) -> pd.DataFrame:
    """The first row of a page's table below its heads."""
    for _, row in table.groupby("row", sort=True):
        if len({field for text in row["text"] if (field := header_field(text))}) < HEADS:
            return row
    return table.iloc[:0]
