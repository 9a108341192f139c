"""Characters in doubt settled by words: common ones, and the same ones elsewhere in the document."""

import re
import tomllib
from collections import Counter
from collections.abc import Container
from difflib import SequenceMatcher
from functools import cache
from importlib import resources
from typing import NamedTuple

from budgetperf.field.lexicon import LONGEST, likeliest
from budgetperf.tables.cells import Recognised, Sign

AROUND = 2  # characters on either side that must stand alike elsewhere to support one in doubt
UNTHOUGHT = (
    0.005  # probability of a character that is known to be taken for another, where the recogniser did not think of it
)
BLIND = 0.3  # of the probability of one that it is blind for: the other is read only where it makes a far commoner word
READ_SO = 0.5  # probability of what all the other readings say
MARKS = "/\\|'`·.,~-"  # what a speck between two characters is taken for
THOUGHT = 0.01  # probability from which a Chinese character that is known to be taken for another is a rival
QUITE_SURE = 0.995  # confidence below which 门 or 内 is the other one as a rule, though nothing says so
AFTER_LETTERS = re.compile(
    "(?<=[a-z]{2})[10]"
)  # a figure that may be the last letter of a word, however sure it is read
ENDS_WORD = re.compile("[10](?:(?:19|20)[0-9]{2})?(?![0-9])")  # alone or before a year; else it begins a number
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LONE = 0.05  # of its probability, where a letter stands alone between Chinese characters
PAIRS = {"《": "》", "（": "）", "(": ")", "“": "”", "【": "】"}
OPEN = 0.97  # confidence below which a Chinese character may be another that the recogniser thought of


@cache
def confusions() -> dict[str, list[str]]:
    return tomllib.loads(resources.files("budgetperf").joinpath("field/confusions.toml").read_text("utf-8"))


@cache
def confused() -> dict[str, tuple[str, ...]]:
    groups = confusions()["groups"]
    return {
        c: tuple(other for group in groups if c in group for other in group if other != c) for g in groups for c in g
    }


def by_words(chosen: list[str], place: int, options: list[str]) -> str | None:
    """The character that makes a common word with one beside it, where none of those it is taken for does."""
    around = [(chosen[place - 1] if place else "", ""), ("", chosen[place + 1] if place + 1 < len(chosen) else "")]
    making = {o for o in options for before, after in around if f"{before}{o}{after}" in confusions()["words"]}
    return making.pop() if len(making) == 1 else None


def by_neighbours(chosen: list[str], place: int, options: list[str], words: str) -> str | None:
    before = "".join(chosen[max(0, place - AROUND) : place])
    after = "".join(chosen[place + 1 : place + 1 + AROUND])
    if len(before) + len(after) < 3 or chosen[place].isdigit():
        return None
    standing = {option for option in options if option and f"{before}{option}{after}" in words}
    return standing.pop() if len(standing) == 1 else None


def has_rival(sign: Sign) -> bool:
    """Whether the recogniser thought of a Chinese character that it is known to take this one for, or this one for it: of
    门 and 内 it is sure of the wrong one again and again, and need not even think of the other."""
    if sign.text in confusions()["blind"]:
        return sign.confidence < QUITE_SURE
    return sign.text >= "一" and any(
        chance >= THOUGHT and other in confused().get(sign.text, ()) and other >= "\u4e01"
        for other, chance in sign.others
    )


class Elsewhere(NamedTuple):
    """A few characters that are words of these tables, or stand in other cells: `standing` in how many, `own` in this one."""

    standing: Counter
    own: frozenset[str]

    def __contains__(self, few: object) -> bool:
        return few in _usual() or self.standing[few] > (few in self.own)


@cache
def _usual() -> frozenset[str]:
    return frozenset(confusions()["usual"])


def standing_in(cell: Recognised) -> frozenset[str]:
    """Two to LONGEST Chinese characters that stand side by side in a cell for sure.

    >>> from budgetperf.tables.cells import Sign
    >>> signs = tuple(Sign(c, 0.5 if c == "?" else 0.99, ()) for c in "农田?标准")
    >>> sorted(standing_in(Recognised(signs, (0, 0, 1, 1))))
    ['农田', '标准']
    """
    signs = [sign for sign in cell.signs if sign.text.strip()]
    text = "".join(sign.text if sign.confidence >= OPEN and _is_chinese(sign.text) else " " for sign in signs)
    few = (text[n : n + length] for length in range(2, LONGEST + 1) for n in range(len(text) - length + 1))
    return frozenset(piece for piece in few if " " not in piece)


def in_words(cell: Recognised, is_name: bool = False, elsewhere: Container[str] = ()) -> str:
    """The text of a cell as it is likeliest seen and in words, of what the recogniser thought of in any of its readings: its
    Chinese characters alone can be others, and brackets that make no pair; in a name, which holds no sentence, a full
    stop is a comma. `elsewhere`: what the document says for sure in other cells.

    >>> from budgetperf.tables.cells import Sign
    >>> in_words(Recognised((Sign("培", 0.99, ()), Sign("调", 0.63, (("训", 0.37),))), (0, 0, 1, 1), ("培调",)))
    '培训'
    """
    printed = [n for n, sign in enumerate(cell.signs) if sign.text.strip()]
    read = _readings([cell.signs[n].text for n in printed], cell.again)
    options = [_options(cell.signs[n], others) for n, others in zip(printed, read, strict=True)]
    options = [
        _as_character(*around)
        for around in zip([[("", 1.0)], *options], options, [*options[1:], [("", 1.0)]], strict=False)
    ]
    open_still = any(len(choice) > 1 for choice in options)
    chosen = dict(zip(printed, likeliest(options, elsewhere), strict=True)) if open_still else {}
    chosen |= _paired([(n, cell.signs[n]) for n in printed])
    chosen |= _in_one_case([(n, cell.signs[n]) for n in printed])
    read_so = "".join(cell.signs[n].text for n in printed)
    if len(read_so) == len(printed):
        letters = [at for at in AFTER_LETTERS.finditer(read_so) if ENDS_WORD.match(read_so, at.start())]
        chosen |= {printed[at.start()]: {"1": "l", "0": "o"}[at[0]] for at in letters}
    if len(printed) > 2 and _is_stop(cell.signs[printed[-1] - 1], cell.signs[printed[-1]]):
        chosen[printed[-1]] = "。"
    if is_name:
        chosen |= {n: "，" for n in printed[:-1] if cell.signs[n].text == "。" and "，" in dict(cell.signs[n].others)}
    return "".join(chosen.get(n, sign.text) for n, sign in enumerate(cell.signs))


def _readings(signs: list[str], again: tuple[str, ...]) -> list[dict[str, float]]:
    """What the other readings say in place of each sign ("": nothing), and the share of them that do."""
    found: list[Counter] = [Counter() for _ in signs]
    for other in again:
        other = "".join(other.split())
        for way, a, b, c, d in SequenceMatcher(None, "".join(signs), other, autojunk=False).get_opcodes():
            if way == "delete" or (way == "replace" and b - a == d - c):
                for n in range(a, b):
                    found[n][other[c + n - a] if way == "replace" else ""] += 1
    return [{text: count / len(again) for text, count in counted.items()} for counted in found]


def _options(sign: Sign, read: dict[str, float]) -> list[tuple[str, float]]:
    """What a sign may be, and how likely: a Chinese character or a letter that is not sure what the recogniser thought of,
    what its other readings say in its place (`read`), and what it is known to take it for; of those that it is blind for
    it knows little. A mark in place of which another reading sees nothing may be none."""
    own = (sign.text, sign.confidence)
    thought = {other: chance for other, chance in (*sign.others, *_shared(read)) if _is_chinese(other)}
    if sign.text in confusions()["blind"]:
        others = (other for other in confusions()["blind"] if other != sign.text)
        return [own, *((other, max(BLIND * sign.confidence, thought.get(other, 0.0))) for other in others)]
    if sign.text in MARKS and "" in read and "" in dict(sign.others):
        return [own, ("", dict(sign.others)[""])]
    if (sign.confidence >= OPEN and not read) or not (_is_chinese(sign.text) or sign.text in LETTERS):
        return [own]
    known = [other for other in confused().get(sign.text, ()) if _is_chinese(other) and _is_chinese(sign.text)]
    return [own, *thought.items(), *((other, UNTHOUGHT) for other in known if other not in thought)]


def _as_character(before: list, options: list[tuple[str, float]], after: list) -> list[tuple[str, float]]:
    """The options of a sign, of which a single letter between Chinese characters is not likely; beside others it is one."""
    (own, chance), *others = options
    if own not in LETTERS:
        return options
    alone = _is_chinese(before[0][0]) and _is_chinese(after[0][0])
    return [(own, LONE * chance), *others] if alone else options[:1]


def _shared(read: dict[str, float]) -> list[tuple[str, float]]:
    return [(other, READ_SO * share) for other, share in read.items()]


def _paired(signs: list[tuple[int, Sign]]) -> dict[int, str]:
    """Brackets that close another kind than was opened, as their partner's: the one that is less sure."""
    changed: dict[int, str] = {}
    opened: list[tuple[int, Sign]] = []
    for n, sign in signs:
        if sign.text in PAIRS:
            opened.append((n, sign))
        elif sign.text in PAIRS.values() and opened:
            first, before = opened.pop()
            if not _closes(before.text, sign.text):
                if sign.confidence <= before.confidence:
                    changed[n] = PAIRS[before.text]
                else:
                    changed[first] = next(text for text, closing in PAIRS.items() if closing == sign.text)
    return changed


def _in_one_case(signs: list[tuple[int, Sign]]) -> dict[int, str]:
    """Capitals within a word of small letters, where the recogniser thought of the small one (C and c are of one shape)."""
    return {
        n: sign.text.lower()
        for (_, before), (n, sign), (_, after) in zip(signs, signs[1:], signs[2:], strict=False)
        if before.text.islower()
        and after.text.islower()
        and sign.text.isupper()
        and sign.text.lower() in dict(sign.others)
    }


def _is_stop(before: Sign, sign: Sign) -> bool:
    """Whether the last sign of a text is a stop that its column pushed to a line of its own, a small ring taken for a figure."""
    return before.text == "\n" and sign.text in "0oO○〇" and "。" in dict(sign.others)


def _closes(opening: str, closing: str) -> bool:
    return PAIRS[opening] == closing or {opening, closing} <= set("（）()")


def _is_chinese(text: str) -> bool:
    return len(text) == 1 and "\u4e00" <= text <= "\u9fff"
