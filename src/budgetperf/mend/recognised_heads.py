"""Heads of the three levels side by side, of which some were misread: their order and the closed lists below say which is which."""

import re
from itertools import pairwise

import pandas as pd

from budgetperf.field.vocabulary import level1_name, level2_name
from budgetperf.mend.recognised_doubt import SURE, Settled, chance_of, in_doubt, plain
from budgetperf.tables.cells import Reading

ORDINALS = "一二三"
LEVEL = re.compile("[一二三-]?(级(?:绩效)?指标)")
TOUCH = 3.0  # points between two columns side by side, at most
MOST = 0.5  # share of the cells below a head that must be of its closed list


def settle_level_heads(reading: Reading) -> dict[int, Settled]:
    """By index of the cells frame, the heads of levels in doubt, where three stand side by side in one row and the names of level 1
    and level 2 below the first two."""
    found: dict[int, Settled] = {}
    cells = reading.cells[reading.cells["table"] > 0]
    for (page, table), block in cells.groupby(["page", "table"], sort=False):
        for row, heads in block.groupby("row", sort=False):
            levels = [
                (index, match[1]) for index, text in heads["text"].items() if (match := LEVEL.fullmatch(plain(text)))
            ]
            if len(levels) != len(ORDINALS) or not _side_by_side(heads.loc[[index for index, _ in levels]]):
                continue
            below = cells[
                (cells["page"] > page) | ((cells["page"] == page) & (cells["table"] == table) & (cells["row"] > row))
            ]
            if not all(
                _holds(below, heads.loc[index], named)
                for (index, _), named in zip(levels, (level1_name, level2_name), strict=False)
            ):
                continue
            texts = {index: ordinal + rest for (index, rest), ordinal in zip(levels, ORDINALS, strict=True)}
            if all(_may_be(reading, index, text) for index, text in texts.items()):
                changed = {index: text for index, text in texts.items() if plain(reading.cells["text"][index]) != text}
                found |= {
                    index: Settled(text, "三级指标的表头依次排列，下面各列是一级、二级指标的名称", "likely", "")
                    for index, text in changed.items()
                }
    return found


def _side_by_side(heads: pd.DataFrame) -> bool:
    places = sorted(heads[["x0", "x1"]].itertuples(index=False))
    return all(abs(after.x0 - before.x1) < TOUCH for before, after in pairwise(places))


def _may_be(reading: Reading, index: int, text: str) -> bool:
    """Whether a head says so, or was read with doubt about what is otherwise."""
    read, cell = plain(reading.cells["text"][index]), reading.recognised.get(index)
    if read == text or cell is None:
        return read == text
    missing = len(read) < len(text)
    return missing or in_doubt(cell) or chance_of(cell.signs[0]) < SURE


def _holds(below: pd.DataFrame, head: pd.Series, named) -> bool:
    """Whether most of what stands below a head in its column is of a closed list."""
    middle = (below["x0"] + below["x1"]) / 2
    texts = [text for text in below["text"][(head["x0"] < middle) & (middle < head["x1"])] if text.strip()]
    return bool(texts) and sum(named(text) is not None for text in texts) > MOST * len(texts)
