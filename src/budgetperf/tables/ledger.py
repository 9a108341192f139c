"""The record of repairs: the only way in which a printed value changes."""

from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

Grade = Literal["certain", "likely", "guess"]  # forced by a printed sum or by geometry; well founded; open
Kind = Literal["spelling", "reading", "value"]  # how it is written; where it belongs; what it says

COLUMNS = ["project_no", "indicator_no", "field", "printed", "repaired", "rule", "evidence", "grade", "kind", "page"]


class Unread(NamedTuple):
    """A printed cell without a readable value: where it stands, what is printed, why it was not read."""

    project_no: int
    indicator_no: int | None
    field: str
    printed: str
    why: str
    page: int


class Ledger:
    """Changes values and writes down each change: rule, evidence and grade. With `repair=False` nothing is changed.

    >>> ledger = Ledger()
    >>> frame = pd.DataFrame({"project_no": [1], "name": ["能 力"], "page": [2]})
    >>> ledger.change(frame, "name", pd.Series(["能力"]), rule="undo_wrap", evidence="换行留下的空格")["name"].tolist()
    ['能力']
    >>> ledger.entries()[["field", "printed", "repaired", "grade"]].values.tolist()
    [['name', '能 力', '能力', 'certain']]
    """

    def __init__(self, repair: bool = True):
        self.repair = repair
        self._entries: list[tuple] = []
        self.unread: list[Unread] = []

    def change(
        self,
        frame: pd.DataFrame,
        field: str,
        repaired: pd.Series,
        *,
        rule: str | pd.Series,
        evidence: str | pd.Series,
        grade: Grade | pd.Series = "certain",
        kind: Kind = "spelling",
    ) -> pd.DataFrame:
        """`frame` with `field` as in `repaired`; every row that differs becomes an entry.

        rule, evidence and grade: one for all, or a Series aligned to the frame. The frame's project_no, indicator_no and page
        say where; the input is untouched.
        """
        if not self.repair:
            return frame
        before, after = _objects(frame[field]), _objects(repaired.reindex(frame.index))
        differs = [i for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
        if not differs:
            return frame
        number, row, page = (_spread(frame.get(place), frame) for place in ("project_no", "indicator_no", "page"))
        by, why, sure = (_spread(given, frame) for given in (rule, evidence, grade))
        self._entries += [
            (number[i], row[i], field, before[i], after[i], by[i], why[i], sure[i], kind, page[i]) for i in differs
        ]
        return frame.assign(**{field: pd.Series(after, index=frame.index, dtype=object)})

    def note(self, **entry) -> None:
        """Write down one change made elsewhere (rows told apart, a column's cells put in place)."""
        if self.repair:
            self._entries.append(tuple(entry.get(column) for column in COLUMNS))

    def leave(self, field: str, printed: str, why: str, *, project_no: int, page: int, indicator_no: int | None = None):
        """A printed text that has no value in its column: it is left out, kept on record, and never filled by inference."""
        self.unread.append(Unread(project_no, indicator_no, field, printed, why, page))
        place = {"project_no": project_no, "indicator_no": indicator_no, "page": page}
        self.note(**place, field=field, printed=printed, repaired=None, rule="not_read", evidence=why, grade="certain", kind="value")  # fmt: skip

    def entries(self, grade: Grade | None = None) -> pd.DataFrame:
        """All changes so far, or those of one grade, in the order they were made; COLUMNS."""
        place = COLUMNS.index("grade")
        chosen = [entry for entry in self._entries if grade in (None, entry[place])]
        return pd.DataFrame(chosen, columns=COLUMNS)


def _objects(values: pd.Series) -> list:
    """The values, None for every kind of missing."""
    return np.where(values.isna(), None, values).tolist()


def _spread(value: str | pd.Series | None, frame: pd.DataFrame) -> list:
    return value.reindex(frame.index).tolist() if isinstance(value, pd.Series) else [value] * len(frame)
