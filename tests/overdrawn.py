"""An overdrawn page read, and whether each cell is as the page shows it: shown, flagged or silent."""

import random
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from generator.overdraws import OVERDRAWS, Drawn, Page, Sign, page, write

from budgetperf.readers.pdf import read_pdf

OUTCOMES = ["shown", "flagged", "silent"]
COVERED, OPEN = 0.8, 0.15  # share of a character's points that are hidden: it is gone, it is whole


class Trial(NamedTuple):
    outcome: str  # of OUTCOMES
    what: str  # the first cell that differs


def trial(kind: str, seed: int, path: Path) -> Trial:
    """One page of the seed with one thing of `kind` drawn over it, left in `path`."""
    sheet = page(seed)
    drawn = OVERDRAWS[kind](sheet, random.Random(f"overdraw {kind} {seed}"))
    clean = _clean(seed, path.with_name(f"clean-{seed}.pdf"))
    reading = read_pdf(write(path, sheet, drawn))
    wrong = _differences(sheet, drawn, clean, _texts(reading))
    if not wrong:
        return Trial("shown", "")
    told = any(not remark.passed for remark in reading.remarks) or not reading.pages["state"].eq("text").all()
    return Trial("flagged" if told else "silent", f"{len(wrong)} cells: {wrong[0]}")


def _texts(reading) -> dict[tuple, str]:
    return {(row.table, row.row, row.col): "".join(row.text.split()) for row in _cells(reading).itertuples()}


def _cells(reading):
    """The cells of tables, rows counted from their table's first, columns among those that hold text: a rule drawn over
    a table may divide off one that holds none."""
    cells = reading.cells[reading.cells["table"] > 0]
    held = cells.loc[cells["text"].str.strip() != "", ["table", "col"]].drop_duplicates()
    held["place"] = held.groupby("table")["col"].rank().astype(int)
    placed = cells.merge(held, on=["table", "col"], validate="m:1")
    return placed.assign(row=placed["row"] - placed.groupby("table")["row"].transform("min"), col=placed["place"])


@lru_cache(maxsize=64)
def _clean(seed: int, path: Path) -> tuple[tuple[tuple, str, int], ...]:
    """Place, text and number of each cell of the page without anything over it."""
    sheet = page(seed)
    reading = read_pdf(write(path, sheet, Drawn()))
    path.unlink()
    found = []
    for row in _cells(reading).itertuples():
        boxes = [n for n, b in enumerate(sheet.cells) if row.x0 < (b[0] + b[2]) / 2 < row.x1 and row.y0 < 595 - (b[1] + b[3]) / 2 < row.y1]  # fmt: skip
        number = boxes[0] if boxes else -1
        text = "".join("".join(s.text for s in sheet.signs if s.cell == number).split())
        assert "".join(row.text.split()) == text, (row.text, text)
        found.append(((row.table, row.row, row.col), text, number))
    return tuple(found)


def _differences(sheet: Page, drawn: Drawn, clean, texts: dict[tuple, str]) -> list[str]:
    wrong = []
    for place, _, number in clean:
        got = texts.get(place)
        signs = [sign for sign in sheet.signs if sign.cell == number]
        if got is None or not _as_shown(got, signs, drawn):
            wrong.append(f"{place} {''.join(s.text for s in signs)!r} read as {got!r}")
    known, tables = {place for place, _, _ in clean}, {place[0] for place, _, _ in clean}
    wrong += [
        f"{place} {text!r} too many"
        for place, text in texts.items()
        if text and place not in known and place[0] in tables  # a stamp beside the table is a table of its own
    ]
    return wrong


def _as_shown(got: str, signs: list[Sign], drawn: Drawn) -> bool:
    """Whether a text is what the page shows of a cell: its characters, but those hidden; what was added in its place."""
    parts = [(sign, _share(sign, drawn)) for sign in signs if sign.text.strip()]
    must = "".join(sign.text for sign, hidden in parts if hidden <= OPEN)
    may = "".join(sign.text for sign, hidden in parts if hidden < COVERED or drawn.strikes)
    added = "".join(sign.text for sign in drawn.adds)
    clash = any(_meet(sign, new) for sign, hidden in parts if hidden < COVERED for new in drawn.adds)
    if _between(must, got, may):
        return not clash or not drawn.adds or (drawn.hides is None and got == must)
    for at in range(len(got)):
        if got.startswith(added, at) and added and not clash and _between(must, got[:at] + got[at + len(added) :], may):
            return True
    return False


def _between(must: str, got: str, may: str) -> bool:
    """Whether `got` holds all of `must` in order and is held by `may`."""
    return _within(must, got) and _within(got, may)


def _within(part: str, whole: str) -> bool:
    signs = iter(whole)
    return all(sign in signs for sign in part)


def _share(sign: Sign, drawn: Drawn) -> float:
    if drawn.hides is None or drawn.under:
        return 0.0
    spots = [
        (sign.x0 + (sign.x1 - sign.x0) * (i + 0.5) / 6, sign.y0 + (sign.y1 - sign.y0) * (j + 0.5) / 6)
        for i in range(6)
        for j in range(6)
    ]
    return sum(drawn.hides(x, y) for x, y in spots) / len(spots)


def _meet(a: Sign, b: Sign) -> bool:
    wide, tall = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
    return wide > 0.35 * min(a.x1 - a.x0, b.x1 - b.x0) and tall > 0.35 * min(a.y1 - a.y0, b.y1 - b.y0)
