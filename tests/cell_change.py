"""Change one printed cell: either a table changes, or a check fails, or the cell stands as the document's apparatus.

The test of "every printed cell is accounted for" that needs no truth and runs on any document.
"""

import re
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from budgetperf.pipeline.document import guarded
from budgetperf.readers import read
from budgetperf.tables.cells import Reading
from budgetperf.tables.dataset import Dataset

APPARATUS = ("heading", "title", "caption", "note", "signature", "number", "other_table")
TABLES = ("documents", "projects", "indicators", "period_indicators", "notes", "repairs", "checks")
PLACE = ("document_id", "source", "sha256")


class Loss(NamedTuple):
    """A change that nothing shows: the cell's place and text, what it was changed to, and its role."""

    page: int
    row: int
    col: int
    text: str
    changed: str
    role: str


def changed(text: str) -> str:
    """The text with its last digit another one, or without a digit with another character in the middle.

    >>> changed("≥95%"), changed("2,345.60"), changed("道路养护")
    ('≥96%', '2,345.61', '道路某护')
    """
    digits = [match.start() for match in re.finditer(r"[0-9]", text)]
    if digits:
        at = digits[-1]
        return f"{text[:at]}{(int(text[at]) + 1) % 10}{text[at + 1 :]}"
    at = len(text) // 2
    return f"{text[:at]}{'某' if text[at] != '某' else '另'}{text[at + 1 :]}"


def lost_in_silence(path: Path, most: int = 10_000, seed: int = 0) -> tuple[int, list[Loss]]:
    """How many cells of the document were tried (where it has more, `most` of as many fields as it has), and the losses."""
    reading = read(path)
    before = _built(path, reading)
    if before is None:
        return 0, []
    shown = _shown(before)
    texts = reading.cells["text"]
    tried = _of_every_kind(before.cells[texts.map(lambda text: bool(text.strip())).to_numpy()], most, seed)
    losses = []
    for index in tried:
        text = changed(texts[index])
        cells = reading.cells.assign(text=texts.where(texts.index != index, text))
        after = _built(path, reading._replace(cells=cells))
        if after is None or _shown(after) != shown:
            continue
        role = after.cells["role"].at[index]
        failed = after.checks["check"][~after.checks["passed"].astype(bool)]
        if role in APPARATUS or (role == "unread" and "unread" in set(failed)):
            continue
        losses.append(Loss(*reading.cells.loc[index, ["page", "row", "col"]].astype(int), texts[index], text, role))
    return len(tried), losses


def _of_every_kind(cells: pd.DataFrame, most: int, seed: int) -> list[int]:
    """At most so many cells, one of each field and role before a second one of any."""
    drawn = cells.sample(frac=1, random_state=seed)
    turn = drawn.groupby(["role", drawn["field"].fillna("")]).cumcount().sort_values(kind="stable")
    return sorted(turn.index[:most])


def _built(path: Path, reading: Reading) -> Dataset | None:
    """The dataset of the cells; None where nothing can be read of them, which is no silence."""
    dataset = guarded(path.name, b"", lambda: reading, True)
    return dataset if dataset.documents["status"].item() != "unreadable" else None


def _shown(dataset: Dataset) -> list[str]:
    frames = dataset.tables()
    return [frames[name].drop(columns=[c for c in PLACE if c in frames[name]]).to_csv(index=False) for name in TABLES]
