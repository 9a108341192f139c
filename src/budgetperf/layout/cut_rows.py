"""Rows that a page break cut in two, made one again."""

import pandas as pd

from budgetperf.field.notation import shared_lines
from budgetperf.field.vocabulary import level1_name, level2_name
from budgetperf.layout.printed import ROW_FIELDS

SURELY_LOWER = 0.95  # of the lowest whole row: a row that low is a part of one


def join_cut_rows(rows: pd.DataFrame) -> tuple[pd.DataFrame, dict[int, int]]:
    """The rows with parts of a cut one joined (column `cut`: what both parts held, or "row"), and where each went:
    index before → index after; the number of rows counts as one more.

    rows: page, at_head, at_foot (first and last row with text on its page) and ROW_FIELDS.
    """
    usual = _usual_fields(rows)
    least = rows.loc[~(rows["at_head"] | rows["at_foot"]).astype(bool), "height"].min()
    keep: list[dict] = []
    moved: dict[int, int] = {}
    for index, row in zip(rows.index, rows.astype(object).to_dict("records"), strict=True):
        above = keep[-1] if keep else None
        joined = None
        if above is not None and row["at_head"] and row["page"] == above["page"] + 1 and above["at_foot"]:
            joined = _one_row(above, row, usual, least)
        if joined is not None:
            keep[-1] = joined
        else:
            keep.append({**row, "cut": None})
        moved[index] = len(keep) - 1
    moved[len(rows)] = len(keep)
    return pd.DataFrame(keep, columns=[*rows.columns, "cut"]), moved


def _usual_fields(rows: pd.DataFrame) -> list[str]:
    """Fields that nearly every row fills: a row without them is a part of one."""
    return [f for f in ("name", "comparator", "target", "weight", "actual") if rows[f].notna().mean() > 0.8]


def _has(row: dict, field: str) -> bool:
    return isinstance(row[field], str) and bool(row[field])


def _one_row(above: dict, below: dict, usual: list[str], least: float) -> dict | None:
    """The two parts of a row that a page break cut, as one; None where they are two rows.

    Parts: one of them lacks what every row has and the other fills it, or what both hold is one line read twice; rows of
    different names of level 2 are two, whatever else both print.
    """
    filed = [level2_name(row["level2"]) if _has(row, "level2") else None for row in (above, below)]
    if None not in filed and filed[0] != filed[1]:
        return None
    lacking = [[f for f in usual if not _has(row, f)] for row in (above, below)]
    fields = [f for f in ROW_FIELDS if f not in ("level1", "level2")]
    # a row that is whole is at least as high as the lowest one inside a page; at its edge, a little of one is lost
    heights = above["height"], below["height"]
    too_low = min(heights) < SURELY_LOWER * least and sum(heights) < 2 * SURELY_LOWER * least
    names = [row["name"].split("\n") if _has(row, "name") else [""] for row in (above, below)]
    read_twice = bool(names[0][-1]) and names[0][-1] == names[1][0]  # the cut went through a line of the name
    if not lacking[0] and not lacking[1] and not too_low and not read_twice:
        return None
    complement = all(_has(above, f) or _has(below, f) for f in usual)
    clash = [f for f in fields if _has(above, f) and _has(below, f) and f not in ("name", "deviation_note", "remark", "explanation")
             and "".join(above[f].split()) != "".join(below[f].split()) and not shared_lines(above[f], below[f])]  # fmt: skip
    if not complement or clash:
        return None
    merged, cut = dict(above), []
    for field in fields:
        a, b = above[field] if _has(above, field) else None, below[field] if _has(below, field) else None
        if a and b:
            merged[field] = lines_once(a, b)
            cut.append(field)
        elif b:
            merged[field] = b
    for level, canonical in (("level1", level1_name), ("level2", level2_name)):
        a, b = (row[level] if _has(row, level) else None for row in (above, below))
        both = a and b and not (canonical(a) and canonical(b)) and canonical(joined := lines_once(a, b)) and joined
        merged[level] = both or a or b
    return {
        **merged,
        "height": above["height"] + below["height"],
        "at_foot": below["at_foot"],
        "cut": "、".join(cut) or "row",
    }


def lines_once(above: str, below: str) -> str:
    """Lines of two parts of a cell; a line that the cut went through stands on both and counts once."""
    return "\n".join(above.split("\n") + below.split("\n")[shared_lines(above, below) :])
