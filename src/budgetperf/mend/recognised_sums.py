"""Recognised figures in doubt, settled by the printed sum that one of their readings makes true."""

import re
from decimal import Decimal, InvalidOperation

import pandas as pd

from budgetperf.field.notation import parse_amount
from budgetperf.mend.recognised_doubt import Settled, candidates, plain
from budgetperf.tables.cells import Reading

SUMS = {"weights": "weight", "total": "budget_wan_yuan"}  # check → the field that it sums
NAMES = {"weights": "分值之和", "total": "合计"}
LOST = 0.5  # confidence below which a figure counts as not read: then the sum alone says what it is


def settle_by_sums(
    reading: Reading, settled: dict[int, Settled], placed: pd.DataFrame, checks: pd.DataFrame, unit: str | None
) -> dict[int, Settled]:
    """The one doubted figure of a sum that fails, as what the sum leaves for it: where one of its readings says so, or it
    could not be read at all. Two in doubt, or a figure that was read for sure, stay as they are.

    reading: with texts as settled so far · placed: its cells with what they became · unit: of the amounts, 元 or 万元.
    """
    found = {}
    failed = checks[~checks["passed"].astype(bool) & checks["check"].isin(list(SUMS)) & checks["expected"].notna()]
    for _, check in failed.iterrows():
        own = (
            placed["project_no"].eq(check["project_no"])
            if pd.notna(check["project_no"])
            else placed["project_no"].notna()
        )
        cells = placed.index[own & placed["field"].eq(SUMS[check["check"]])]
        if check["check"] == "weights":
            found |= _points_found(reading, placed, cells, Decimal(check["expected"]))
        doubted = [index for index in cells if index in settled and settled[index].doubt]
        if len(doubted) != 1 or not found.keys().isdisjoint(cells):
            continue
        text = reading.cells["text"][doubted[0]]
        money = unit if check["check"] == "total" else None
        left = Decimal(check["expected"]) - Decimal(check["actual"]) + (_value(text, money) or Decimal(0))
        cell = reading.recognised[doubted[0]]
        pointed = [f"{text[:-2]}.{text[-2:]}"] if re.fullmatch(r"\d{3,}", text) else []  # a point is soon lost
        read = next((c for c in [*candidates(text, cell), *pointed] if _value(c, money) == left), None)
        lost = cell.unread_ink or min((sign.confidence for sign in cell.signs), default=0.0) < LOST
        others = {
            _value(reading.cells["text"][i], money) for i in placed.index[placed["field"].eq(SUMS[check["check"]])]
        }
        lost &= len(cells) > 1 and (
            money is not None or left in others
        )  # points that the document has elsewhere as well
        if left <= 0 or (read is None and not lost):
            continue
        name = NAMES[check["check"]]
        evidence = f"{name} {check['expected']} − 其余 {Decimal(check['expected']) - left} = {left}"
        printed = read if read is not None else format(left * 10000 if money == "元" else left, "f")
        found[doubted[0]] = Settled(
            printed, f"{evidence}{'，识别的另一读法正是它' if read else ''}", "certain" if read else "likely", ""
        )
    return found


def _points_found(reading: Reading, placed: pd.DataFrame, cells: pd.Index, expected: Decimal) -> dict[int, Settled]:
    """Of a sum of points that fails: the recognised cells of one text of figures that make it true with a point before the last
    of them, as another cell of points or scores has it; the recogniser loses points without a doubt. Empty where no text does so."""
    texts = reading.cells["text"]
    values = {index: _value(texts[index], None) for index in cells}
    if None in values.values():
        return {}
    others = {plain(texts[index]) for index in placed.index[placed["field"].isin(["weight", "score"])]}
    fitting = []
    for text in {plain(texts[index]) for index in cells if index in reading.recognised}:
        alike = [index for index in cells if plain(texts[index]) == text]
        pointed = f"{text[:-1]}.{text[-1:]}"
        lost = re.fullmatch("[1-9][0-9]+", text) and pointed in others and all(i in reading.recognised for i in alike)
        if lost and sum(values.values()) - len(alike) * (Decimal(text) - Decimal(pointed)) == expected:
            evidence = f"分值之和 {expected}：“{text}”都丢了小数点，别处印作“{pointed}”"
            fitting.append({index: Settled(pointed, evidence, "likely", "") for index in alike})
    return fitting[0] if len(fitting) == 1 else {}


def _value(text: str, unit: str | None) -> Decimal | None:
    """The figure that a text says; an amount in 万元 where a unit is given."""
    text = re.sub(r"\s+", "", text)
    if unit is not None:
        return parse_amount(text, unit)
    try:
        return Decimal(text.rstrip("%分"))
    except InvalidOperation:
        return None
