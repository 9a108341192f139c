"""Odd characters of the print, read as the usual ones and put on record."""

import pandas as pd

from budgetperf.clean.text import plain_texts
from budgetperf.field.characters import odd_kinds
from budgetperf.tables.cells import Reading
from budgetperf.tables.ledger import Ledger

RULE = "odd_characters"


def with_plain_characters(reading: Reading) -> Reading:
    """The reading with the usual characters in place of odd ones (see clean/characters.py)."""
    return reading._replace(cells=reading.cells.assign(text=plain_texts(reading.cells["text"])))


def character_repairs(printed: pd.Series, placed: pd.DataFrame) -> pd.DataFrame:
    """Ledger entries of the cells whose odd characters were read as usual ones: one a cell that became part of a
    table, one for all the others. `printed` are the texts as printed, `placed` the cells as read with what they became.
    """
    ledger = Ledger()
    changed = placed.assign(printed=printed)[(placed["text"] != printed).to_numpy()]
    in_tables = changed["field"].notna() & changed["project_no"].notna()
    columns = ["project_no", "indicator_no", "field", "printed", "text", "page"]
    for project, indicator, field, before, after, page in changed.loc[in_tables, columns].itertuples(index=False):
        ledger.note(
            project_no=int(project), indicator_no=None if pd.isna(indicator) else int(indicator), field=field, printed=before,
            repaired=after, rule=RULE, evidence=f"{'、'.join(odd_kinds(before))}，按看到的字读", grade="certain",
            kind="spelling", page=page,
        )  # fmt: skip
    others = changed.loc[~in_tables, "printed"]
    if len(others):
        kinds = sorted({kind for text in others for kind in odd_kinds(text)})
        words = f"表头、标题等 {len(others)} 个单元格里有{'、'.join(kinds)}，按看到的字读"
        ledger.note(field="text", rule=RULE, evidence=words, grade="certain", kind="spelling")
    return ledger.entries()
