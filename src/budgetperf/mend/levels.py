"""Levels of indicator rows mended: cells that a page break divided, spelling, merged cells, what the taxonomy tells."""

from collections import Counter
from decimal import Decimal

import pandas as pd

from budgetperf.clean.levels import fold_level1, fold_level2, level1_by_taxonomy
from budgetperf.field.vocabulary import (
    fold,
    is_plain_level,
    level1_name,
    level1_of,
    level2_name,
    unit_kind,
    whole_level1,
    whole_level2,
)
from budgetperf.mend.breaks import join_pieces, share_over_breaks
from budgetperf.mend.points import points_of, shares_hold
from budgetperf.tables.ledger import Ledger

# odds of the level 2 above against the one on the next page: text mostly stands at the head of its cell, so that only
# rows that clearly look like the next page's are counted to it
BELOW, DOUBTFUL = 0.06, 0.7


def join_level_cells(indicators: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Level cells that a page break divided, where cells have true spans: the text of one side belongs to both.

    Columns level1_cell and level2_cell tell rows of one cell, level1_edge and level2_edge the blank cells that touch
    their page's edge ("foot", "head").
    """
    result = indicators
    pages, project = result["page"].tolist(), result["project_no"].tolist()
    breaks = [i for i in range(1, len(result)) if pages[i] == pages[i - 1] + 1 and project[i] == project[i - 1]]
    for field, canonical in (("level1", level1_name), ("level2", level2_name)):

        def join(above: str, below: str, canonical=canonical) -> str | None:
            if (canonical(above) and above.endswith(below)) or (canonical(below) and below.startswith(above)):
                return above if canonical(above) else below  # one side is a part of the whole that the other shows
            whole = join_pieces(above, below).text
            return whole if canonical(whole) and not (canonical(above) and canonical(below)) else None

        texts = [t if isinstance(t, str) else None for t in result[field]]
        shared = share_over_breaks(
            texts, result[f"{field}_cell"].tolist(), result[f"{field}_edge"].tolist(), breaks, join
        )
        evidence = "合并单元格跨页：文字印在页的一侧，属于整个单元格"
        shared = pd.Series(shared, index=result.index, dtype=object)
        result = ledger.change(result, field, shared, rule="fill_merged", evidence=evidence, kind="reading")
    return result


def spell_levels(indicators: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Levels without numbering and stray glyphs; a name that a page break cut whole again, its rest overleaf blank."""
    result = indicators
    for field, canonical, whole in (("level1", level1_name, whole_level1), ("level2", level2_name, whole_level2)):
        texts, numbered, cut = result[field].tolist(), {}, {}
        for i, text in enumerate(texts):
            if not isinstance(text, str):
                continue
            if (name := canonical(text)) and not is_plain_level(text):
                numbered[i] = name
            elif i not in cut and (name := whole(text)):
                cut[i] = name
                if (
                    i + 1 < len(texts)
                    and isinstance(texts[i + 1], str)
                    and name.removeprefix(fold(text)) == texts[i + 1]
                ):
                    cut[i + 1] = None
        for changes, evidence, grade in (
            (numbered, "只多了编号或杂字，其余与指标体系的名称相同", "certain"),
            (cut, "只印出名称的前一部分，指标体系中只有一个名称如此开头", "likely"),
        ):
            spelled = pd.Series(
                [changes.get(i, t) for i, t in enumerate(result[field])], index=result.index, dtype=object
            )
            result = ledger.change(result, field, spelled, rule="level_spelling", evidence=evidence, grade=grade)
    return result


def mend_levels(
    indicators: pd.DataFrame, shares: dict[str, Decimal] | None, moved: bool, ledger: Ledger
) -> pd.DataFrame:
    """Columns level1, level2 (canonical), level1_printed, level2_printed (as the covering cell prints them).

    Blank cells take the merged cell's text. Where cells moved, a level 1 that contradicts its level 2 is put right by
    the taxonomy; where cells stand fast it is the unit's own and stays.
    """
    result = indicators.assign(level1_printed=indicators["level1"], level2_printed=indicators["level2"])
    if not ledger.repair:
        return result.assign(level1=fold_level1(result["level1"]), level2=fold_level2(result["level2"]))
    project = result["project_no"]
    filled, evidence, grade = _fill_level2(result, moved)
    result = ledger.change(result, "level2", filled, rule="fill_merged", evidence=evidence, grade=grade, kind="reading")
    result["level2_printed"] = result["level2"]
    folded2 = fold_level2(result["level2"])
    printed1 = result["level1"]
    filled1 = printed1.groupby(project, sort=False).ffill().groupby(project, sort=False).bfill()
    folded1, expected = fold_level1(filled1), level1_by_taxonomy(folded2)
    agrees = expected.isna() | (folded1 == expected)
    if not moved and "level1_cell" in result:  # rows of one blank cell are of one level 1: that of its first
        cells = result["level1_cell"].where(printed1.isna())
        agrees |= folded1.notna() & cells.notna() & agrees.groupby(cells).transform("first").eq(True)
    level1 = folded1.where(agrees | (not moved and printed1.notna()), expected)
    if (moved or printed1.isna().all()) and (folded2 == "成本指标").any():
        costs = folded2 == "成本指标"
        told = (
            (fold_level1(printed1[costs]) == "成本指标").groupby(project[costs]).any()
        )  # of one odd cell no other learns
        level1 = level1.mask(costs, "成本指标" if 2 * told.sum() >= len(told) else "产出指标")
    weight = points_of(result["weight"])
    proven = shares_hold(level1, weight, project, shares)
    sums = " / ".join(f"{k.removesuffix('指标')} {v}" for k, v in (shares or {}).items())
    drifted = printed1.notna() & (fold_level1(printed1) != level1)
    grade = pd.Series("likely", index=result.index).mask(proven, "certain").mask(~drifted & agrees, "certain")
    evidence = pd.Series("合并单元格：沿用本项目的一级指标", index=result.index)
    taxonomy = "二级指标“" + folded2.fillna("") + "”属于“" + level1.fillna("") + "”"
    evidence = evidence.mask(
        ~agrees | drifted,
        taxonomy + pd.Series("", index=result.index).mask(proven, f"；改后一级分值为 {sums}，与全文一致"),
    )
    result["level1"] = printed1.where(printed1.notna(), None)
    respelled = result["level1"].notna() & (fold_level1(printed1) == level1)
    result["level1"] = result["level1"].mask(respelled, level1)  # the canonical spelling is the column's, not a repair
    result = ledger.change(
        result, "level1", level1.astype(object).where(level1.notna(), None),
        rule=pd.Series("fill_merged", index=result.index).mask(~agrees | drifted, "level_by_taxonomy"), evidence=evidence, grade=grade, kind="reading",
    )  # fmt: skip
    known = result["level1"].map(level1_name, na_action="ignore").notna() | result["level1"].isna()
    level2 = folded2.where(known, result["level2"])  # under a level 1 of the unit's own, level 2 is its own as well
    return result.assign(level1_printed=printed1.where(printed1.notna(), filled1), level2=level2)


def _fill_level2(rows: pd.DataFrame, moved: bool) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Level 2 of blank rows from the merged cell above or, at the head of its cell, below; with evidence and grade.

    A level 1 printed on the blank row itself must agree: where the cell above belongs to another level 1, the text was
    lost, and only a level 2 below of that level 1, or its only level 2, can stand for it. At the foot of a page a blank
    may also belong to a cell whose text stands on the next page: what rows of either level 2 look like in this document
    decides; where that tells nothing it is a guess.
    """
    printed1, folded2 = fold_level1(rows["level1"]), fold_level2(rows["level2"])
    below = rows["level2"].groupby(rows["project_no"], sort=False).bfill()
    below_page = rows["page"].where(rows["level2"].notna()).groupby(rows["project_no"], sort=False).bfill()
    likeness = _likeness(rows, folded2) if moved else None
    only = {"满意度指标": "服务对象满意度指标"} if rows["level2"].notna().any() else {}
    filled, evidence, grade = [], [], []
    above = source = project = None
    for index, number, page, text, first, under, under_page in zip(
        rows.index, rows["project_no"], rows["page"], rows["level2"], printed1, below, below_page, strict=True
    ):
        if number != project:
            project, above, source = number, None, None
        words, sure, value = None, "certain", text
        if isinstance(text, str):
            above, source = text, page
        else:
            level = first if isinstance(first, str) else None
            options = [t for t in (above, under) if isinstance(t, str)]
            fitting = [t for t in options if not level or _may_stand_under(t, level)]
            value = fitting[0] if fitting else only.get(level) if level else None
            from_above = bool(fitting) and value is above
            if from_above and likeness and len(set(fitting)) == 2 and under_page == page + 1 and source == page:
                odds = likeness(index, above, under)
                if odds < BELOW:
                    value, from_above, words = (
                        under,
                        False,
                        f"合并单元格跨页，文字印在下一页：此行的单位和名称像“{under}”而不像“{above}”",
                    )
                sure = "guess" if BELOW <= odds < DOUBTFUL else "likely"
                words = words or (
                    f"合并单元格：沿用上一行；下一页首行为“{under}”" + ("，两者皆有可能" if sure == "guess" else "")
                )
            elif from_above:
                words = "合并单元格跨页：沿用上一页的二级指标" if source != page else "合并单元格：沿用上一行的二级指标"
                sure = "likely" if source != page else "certain"
            elif value:
                words, sure = (
                    ("合并单元格：文字印在下方一行" if fitting else f"“{level}”之下只有这一种二级指标"),
                    "likely",
                )
            if value and not from_above:
                above, source = value, page
        filled.append(value if isinstance(value, str) else None)
        evidence.append(words)
        grade.append(sure)
    index = rows.index
    return pd.Series(filled, index=index, dtype=object), pd.Series(evidence, index=index), pd.Series(grade, index=index)


def _may_stand_under(level2: str, level1: str) -> bool:
    name = level2_name(level2)
    return level1 in ("产出指标", "成本指标") if name == "成本指标" else level1_of(name) in (None, level1)


def _likeness(rows: pd.DataFrame, folded2: pd.Series):
    """odds(row, one, other): how much likelier the row is of level 2 `one` than `other`, by the unit of measure and the
    last character of the name in this document's rows that print their level 2 (naive Bayes)."""
    traits = [
        (unit_kind(unit) if isinstance(unit, str) else None, name[-1:] if isinstance(name, str) else None)
        for unit, name in zip(rows["measure_unit"], rows["name"], strict=True)
    ]
    seen: dict[str, list[Counter]] = {}
    for level, pair in zip(folded2, traits, strict=True):
        if isinstance(level, str):
            counters = seen.setdefault(level, [Counter(), Counter()])
            for counter, trait in zip(counters, pair, strict=True):
                counter[trait] += 1
    of_row = dict(zip(rows.index, traits, strict=True))

    def odds(row, one: str, other: str) -> float:
        ratio = 1.0
        for place, trait in enumerate(of_row[row]):
            share = []
            for name in (one, other):
                counter = seen.get(level2_name(name) or name, [Counter(), Counter()])[place]
                share.append((counter[trait] + 0.5) / (counter.total() + 3))
            ratio *= share[0] / share[1]
        return ratio

    return odds
