"""Recognised cells in doubt, settled by what the document and the field know: closed lists, forms of numbers, the same
words elsewhere, printed sums. What nothing supports stays in doubt and fails a check.

A sum proves no name and a list proves no figure: each kind of cell has its own support, and a cell of prose or a target
counts as read only where the recogniser is sure of every character, or where both of its readings agree and it nearly is.
"""

import re
from collections import Counter
from functools import cache
from typing import NamedTuple

import pandas as pd
from rapidfuzz import fuzz, process

from budgetperf.field.categories import is_known_category
from budgetperf.field.codes import split_code
from budgetperf.field.notation import comparator_of
from budgetperf.field.vocabulary import (
    fold,
    header_field,
    header_fields,
    is_label,
    level1_name,
    level2_name,
    unit_kind,
    vocabulary,
)  # fmt: skip
from budgetperf.mend.breaks import usual_code
from budgetperf.mend.recognised_cuts import BOTH_HALVES, join_cut_rows
from budgetperf.mend.recognised_dirt import without_dirt
from budgetperf.mend.recognised_doubt import (
    NEARLY,
    PER_MILLE,
    STOPS,
    SURE,
    Settled,
    candidates,
    chance_of,
    in_doubt,
    plain,
    why,
)
from budgetperf.mend.recognised_heads import settle_level_heads
from budgetperf.mend.recognised_levels import settle_levels
from budgetperf.mend.recognised_words import (  # fmt: skip
    AFTER_LETTERS,
    Elsewhere,
    by_neighbours,
    by_words,
    confused,
    has_rival,
    in_words,
    standing_in,
)
from budgetperf.tables.cells import Reading, Recognised, Sign

NEAR = 60  # likeness (0 to 100) of a damaged word to the one of its closed list, and
AHEAD = 20  # by how much it must be more like it than any other
EDGES = "\n 、。，.,-—:：'\"|"  # what a speck or the edge of a cell is taken for
GUESS = 0.2  # probability of another character that a closed list of short words may choose
RIVAL = 0.1  # probability from which another comparator is a rival where all readings agree,
FAR = 0.02  # and where they do not, or none of them is a comparator
DIRT = "独占一行的一个字不是印的（印章的笔画或污迹）；"
NUMBERS = {"weight", "budget", "budget_initial", "executed", "execution_rate", "execution_score", "score"}
_COMMA = re.compile(r"(-?\d+),(\d{1,2})(%?)")  # groups nothing: a point
_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?")


class Known(NamedTuple):
    """What the document's cells say without doubt: their texts, line by line, the length and common beginning of its
    project codes, if they have one, and in how many cells a few characters stand side by side."""

    words: str
    code: tuple[int, str] | None
    standing: Counter | None = None


def settle_recognised(reading: Reading, repair: bool = True) -> tuple[Reading, dict[int, Settled]]:
    """The reading with its recognised cells settled, and what was done or stays in doubt, by index of the cells frame."""
    if not reading.recognised:
        return reading, {}
    if not repair:
        texts = reading.cells["text"]
        return reading, {
            i: Settled(texts[i], "", "likely", why(cell)) for i, cell in reading.recognised.items() if in_doubt(cell)
        }
    reading, cut = join_cut_rows(reading)
    settled = settle_level_heads(reading) | {
        index: Settled("", BOTH_HALVES, "likely", "") for index, became in cut.items() if became == "blank"
    }
    texts = reading.cells["text"].tolist()
    for index, head in settled.items():
        texts[index] = head.text
    fields = _fields(reading.cells.assign(text=texts))
    known = _known(reading)
    for index, cell in reading.recognised.items():
        if index in settled:
            continue
        print_alone = without_dirt(cell)
        if print_alone is not cell:
            texts[index] = "".join(sign.text for sign in print_alone.signs)
            found = _settle(texts[index], print_alone, fields.get(index), known)
            if found.grade != "certain" or fields.get(index) in NUMBERS:  # else a closed list says that it is whole
                found = found._replace(grade="likely", doubt=why(cell))
            settled[index] = found._replace(evidence=f"{DIRT}{found.evidence}")
            texts[index] = found.text
            continue
        if index in cut:
            found = _settle(texts[index], cell, fields.get(index), known)
            settled[index] = found._replace(evidence=f"{BOTH_HALVES}{found.evidence}", grade="likely")
            texts[index] = found.text
            continue
        cell = _letter_doubted(cell, known.code)
        if in_doubt(cell) or _cannot_be(texts[index], fields.get(index)):
            settled[index] = _settle(texts[index], cell, fields.get(index), known)
            texts[index] = settled[index].text
    for index, level in settle_levels(reading.cells.assign(text=texts), fields, settled).items():
        settled[index], texts[index] = level, level.text
    return reading._replace(cells=reading.cells.assign(text=texts)), settled


def _cannot_be(text: str, field: str | None) -> bool:
    """Whether a cell's column prints no such text, however sure the recogniser is: M for ≥, 15,00 for 15.00."""
    none = (field == "comparator" and comparator_of(text) is None) or (
        field in NUMBERS and _COMMA.fullmatch(text.strip())
    )
    return bool(re.search(PER_MILLE, text) or (text.strip() and none))


# ---- what a cell may read, and what each kind of column knows --------------------------------------------------------


def _settle(text: str, cell: Recognised, field: str | None, known: Known) -> Settled:
    readings = candidates(text, cell)
    mille = re.sub(PER_MILLE, "‰", text)
    if mille != text and not cell.unread_ink and not in_doubt(_without_per_mille(cell)):
        return Settled(mille, "“%0”不是任何写法，印的是千分号", "likely", "")
    word = _of_closed_list(text, cell, readings, field)
    if word is not None:
        return word
    if field in NUMBERS:
        readings = [_COMMA.sub(r"\1.\2\3", c) if _COMMA.fullmatch(c) else c for c in readings]
        numbers = list(dict.fromkeys(c for c in readings if _NUMBER.fullmatch(plain(c))))
        if len(numbers) == 1 and not cell.unread_ink:
            return Settled(numbers[0], "本列只有数字", "certain", "")
        return Settled(numbers[0] if numbers else text, "本列只有数字", "likely", why(cell))
    found = _by_document(cell, known)
    if found is not None:
        return Settled(*found, "likely", why(cell) if cell.unread_ink else "")
    coded = next((other for other in readings if split_code(other).code), None) if field == "project" else None
    if coded is not None and not split_code(text).code:
        return Settled(coded, "", "likely", why(cell))
    elsewhere = Elsewhere(known.standing or Counter(), standing_in(cell))
    if (words := in_words(cell, field == "name", elsewhere)) != text:
        return Settled(words, "识别想到过的字里，这样才是常用词", "likely", why(cell))
    return Settled(text, "", "likely", why(cell))


def _without_per_mille(cell: Recognised) -> Recognised:
    """The cell without the signs after a %, and without its second reading, which sees them in another way."""
    signs = tuple(
        sign
        for before, sign in zip((None, *cell.signs), cell.signs, strict=False)
        if not before or before.text not in "%％"
    )
    return cell._replace(signs=signs, again=())


def _of_closed_list(text: str, cell: Recognised, readings: list[str], field: str | None) -> Settled | None:
    """A cell whose words can only be one of a closed list (heads and labels in any column); None where none fits."""
    knows = {"level1": level1_name, "level2": level2_name, "comparator": comparator_of, "measure_unit": unit_kind}.get(
        field
    )
    tests = [header_field, lambda t: is_label(t, "total") or is_label(t, "subtotal") or None]
    tests += [knows] if knows else []
    tests += [lambda t: is_known_category(t) or None] if field == "category" else []
    for test in tests:
        fitting = {}
        for candidate in readings:
            if (meant := test(candidate)) is not None:
                fitting.setdefault(meant if test is comparator_of else plain(candidate), candidate)
        if test is comparator_of:
            fitting = _heard(text, cell) or fitting
        if len(fitting) > 1 and field in ("comparator", "measure_unit"):
            return Settled(text, "", "likely", f"可能是 {'、'.join(fitting)}")
        if fitting:
            found = next(iter(fitting.values())).strip(EDGES)
            read = {plain(text), plain(cell.again[0]) if cell.again else ""}
            if test is comparator_of and comparator_of(text) is None:
                read.clear()  # what one of two readings says of a sign that the other does not know is a guess
            whole = plain(found) in read or len(plain(found)) > 3 or _likely_enough(cell, plain(found))
            sure = Settled(found, "封闭词表里只有这一种读法", "certain" if whole else "likely", "")
            return sure if whole else sure._replace(doubt="旁边有没认清的笔画")
    if names := _closed_names(field):
        for candidate in readings[:2]:
            ranked = process.extract(fold(candidate), names, scorer=fuzz.ratio, limit=2)
            if ranked and ranked[0][1] >= NEAR and (len(ranked) < 2 or ranked[0][1] - ranked[1][1] >= AHEAD):
                doubt = why(cell) if field == "category" else ""  # units have categories of their own
                return Settled(ranked[0][0], f"封闭词表里与“{candidate}”最相近的名称", "likely", doubt)
    if field == "comparator":
        inside = {comparator_of(c) for c in text if comparator_of(c)}
        return Settled(inside.pop() if len(inside) == 1 else "", "", "likely", "计算符号没有认清")
    return None


def _heard(text: str, cell: Recognised) -> dict[str, str]:
    """The comparators that the recogniser itself gives a single sign in any of its readings: what it never thought of, the
    measured confusions do not make a rival."""
    if len(cell.signs) != 1 or cell.unread_ink:
        return {}
    read = {comparator_of(other) for other in (text, *cell.again)}
    least = RIVAL if len(read) == 1 and None not in read else FAR
    read |= {comparator_of(other) for other, chance in cell.signs[0].others if chance >= least}
    return {meant: meant for meant in read if meant is not None}


def _likely_enough(cell: Recognised, text: str) -> bool:
    """Whether a short text of a closed list is one of the recogniser's own better guesses, sign by sign."""
    signs = [sign for sign in cell.signs if sign.text.strip()]
    if len(signs) != len(text):
        return False
    return all(
        plain(sign.text) == c
        or (sign.text, c) == ("二", "=")  # no comparator but this looks like it
        or any(plain(other) == c and chance >= GUESS for other, chance in sign.others)
        for sign, c in zip(signs, text, strict=True)
    )


@cache
def _closed_names(field: str | None) -> list[str]:
    """The names that a column of levels or categories prints."""
    levels = vocabulary()["levels"]
    return {
        "level1": list(levels),
        "level2": [child for entry in levels.values() for child in entry.get("level2", {})],
        "category": [f"{code}-{name}" for code, name in vocabulary()["categories"].items()],
    }.get(field, [])


def _by_document(cell: Recognised, known: Known) -> tuple[str, str] | None:
    """The cell's text with every character in doubt settled by the document's other cells, and by what; None where one
    of them is not: it must stand with its neighbours elsewhere, in one way only, or be what all other codes have."""
    signs = [sign for sign in cell.signs if sign.text.strip()]
    doubted = _doubted_places(signs, cell.again)
    if doubted is None:
        return None
    chosen = [sign.text for sign in signs]
    evidence = set()
    for place in doubted:
        options = [signs[place].text, *(other for other, _ in signs[place].others), *confused().get(chosen[place], ())]
        ways = {
            "常用词只有这一种写法": by_words(chosen, place, options),
            "其他项目编码同一位置都是这个字": _by_code(chosen, place, options, known.code),
            "两字之间放不下标点，识别器也说可能没有字": "" if _is_phantom(signs[place]) else None,
            "同样的文字在本文件别处印得清楚": by_neighbours(chosen, place, options, known.words),
        }
        way = next((way for way, found in ways.items() if found is not None), None)
        if way is None:
            return None
        chosen[place] = ways[way]
        evidence.add(way)
    kept = iter(chosen)
    return "".join(next(kept) if sign.text.strip() else sign.text for sign in cell.signs), "；".join(sorted(evidence))


def _doubted_places(signs: list[Sign], again: tuple[str, ...]) -> list[int] | None:
    """Where the recogniser is not sure or reads otherwise the second time; None where its readings differ in length."""
    places = {n for n, sign in enumerate(signs) if chance_of(sign) < NEARLY or has_rival(sign)}
    places |= {at.start() for at in AFTER_LETTERS.finditer("".join(sign.text for sign in signs))}
    for other in again:
        other = plain(other)
        if len(other) != len(signs):
            return None
        places |= {n for n, sign in enumerate(signs) if plain(sign.text) != other[n]}
    return sorted(places)


def _by_code(chosen: list[str], place: int, options: list[str], code: tuple[int, str] | None) -> str | None:
    """What stands at a place of the common beginning of the document's project codes, where the cell begins with one."""
    if code is None or place >= len(code[1]) or not chosen[0].isdigit():
        return None
    alike = sum(a == b for a, b in zip(chosen, code[1], strict=False))
    return code[1][place] if code[1][place] in options and alike >= len(code[1]) - 2 else None


def _letter_doubted(cell: Recognised, code: tuple[int, str] | None) -> Recognised:
    """The cell with a figure in doubt that it has where the codes of all other projects have their letter."""
    places = [place for place, sign in enumerate(cell.signs) if sign.text.strip()]
    if code is None or len(places) < code[0] or code[1][-1].isdigit():
        return cell
    signs = [cell.signs[place] for place in places]
    read = "".join(sign.text for sign in signs[: code[0]])
    letter = len(code[1]) - 1
    if not read[letter].isdigit() or sum(a != b for a, b in zip(read, code[1], strict=False)) > 2:
        return cell
    doubted = signs[letter]._replace(confidence=0.0)
    return cell._replace(signs=(*cell.signs[: places[letter]], doubted, *cell.signs[places[letter] + 1 :]), again=())


def _is_phantom(sign: Sign) -> bool:
    """Whether a stop is none: there is no room for it (one "" among its others), and the recogniser doubts it (another)."""
    return sign.text in STOPS and [chance >= GUESS for other, chance in sign.others if not other] == [True, True]


def _known(reading: Reading) -> Known:
    """All that was read without doubt, for comparison."""
    sure = [
        "".join(sign.text for sign in cell.signs if sign.text.strip())
        for cell in reading.recognised.values()
        if all(chance_of(sign) >= SURE for sign in cell.signs)
    ]
    printed = [
        re.sub(r"\s+", "", text) for index, text in reading.cells["text"].items() if index not in reading.recognised
    ]
    codes = [found.group() for text in [*sure, *printed] if (found := re.match("[0-9A-Z]{8,}", text))]
    words = "\n".join(dict.fromkeys([*sure, *printed, *header_fields()]))
    standing = Counter(few for cell in reading.recognised.values() for few in standing_in(cell))
    return Known(words, usual_code(list(dict.fromkeys(codes))), standing)


def _fields(cells: pd.DataFrame) -> dict[int, str]:
    """Index of a cell in a table → the field of its column, by the heads above it; heads hold on the pages that follow."""
    found: dict[int, str] = {}
    heads: list[tuple[float, float, str]] = []
    tables = cells[cells["table"] > 0]
    for _, row in tables.groupby(["page", "table", "row"], sort=False):
        places = list(row[["text", "x0", "x1"]].itertuples())
        named = [(x0, x1, field) for _, text, x0, x1 in places if (field := header_field(text))]
        if len({field for _, _, field in named}) >= 3:
            whole = not {"level1", "name"}.isdisjoint(field for _, _, field in named)
            heads = named if whole else [*named, *heads]  # a second row of heads stands below the first
            continue
        for index, _, x0, x1 in places:
            field = next((field for left, right, field in heads if left < (x0 + x1) / 2 < right), None)
            if field:
                found[index] = field
    return found
