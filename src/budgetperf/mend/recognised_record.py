"""Recognised cells on record: repairs of those that were settled, failed checks of those that stay in doubt."""

import pandas as pd

from budgetperf.mend import reconciliation
from budgetperf.mend.recognised_doubt import Settled
from budgetperf.tables.ledger import Ledger

RULE = "recognised"


def recognised_repairs(read: pd.Series, settled: dict[int, Settled], placed: pd.DataFrame) -> pd.DataFrame:
    """Ledger entries of recognised cells that were settled otherwise than first read (`read`: their texts as read)."""
    ledger = Ledger()
    for index, cell in settled.items():
        if cell.text == read[index]:
            continue
        place = placed.loc[index]
        ledger.note(
            project_no=None if pd.isna(place["project_no"]) else int(place["project_no"]),
            indicator_no=None if pd.isna(place["indicator_no"]) else int(place["indicator_no"]),
            field=place["field"] if isinstance(place["field"], str) else "text", printed=read[index] or None, repaired=cell.text, rule=RULE,
            evidence=cell.evidence or cell.doubt, grade=cell.grade, kind="reading", page=place["page"],
        )  # fmt: skip
    return ledger.entries()


def check_recognised(settled: dict[int, Settled], placed: pd.DataFrame, checks: pd.DataFrame) -> pd.DataFrame:
    """A failed row for every recognised cell that stays in doubt, unless a printed sum that holds proves its figure."""
    held = {
        (name, number)
        for name, number in checks.loc[checks["passed"].astype(bool), ["check", "project_no"]].itertuples(index=False)
    }
    total_holds = any(name == "total" for name, _ in held)
    subjects = []
    for index, cell in settled.items():
        place = placed.loc[index]
        if not cell.doubt or place["role"] in ("number", "title", "note", "signature", "other_table"):
            continue
        number = None if pd.isna(place["project_no"]) else int(place["project_no"])
        if place["field"] == "weight" and ("weights", number) in held:
            continue
        if (place["field"] == "budget_wan_yuan" or place["role"] == "sum") and total_holds:
            continue
        where = f"第 {place['page']} 页第 {place['row']} 行第 {place['col']} 列"
        subjects.append((number, f"{where}“{_short(cell.text)}”：{cell.doubt}，没有合计或词表可以印证"))
    return reconciliation.failed("recognised", subjects)


def _short(text: str) -> str:
    line = text.replace("\n", "")
    return line if len(line) <= 16 else f"{line[:15]}…"
