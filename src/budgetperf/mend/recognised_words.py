"""Characters in doubt settled by words: common ones, and the same ones elsewhere in the document."""

import tomllib
from collections import Counter
from difflib import SequenceMatcher
from functools import cache
from importlib import resources

from budgetperf.field.lexicon import likeliest
from budgetperf.tables.cells import Recognised, Sign

AROUND = 2  # characters on either side that must stand alike elsewhere to support one in doubt
UNTHOUGHT = (
    0.005  # probability of a character that is known to be taken for another, where the recogniser did not think of it
)
BLIND = 0.3  # of the probability of one that it is blind for: the other is read only where it makes a far commoner word
READ_SO = 0.5  # probability of what all the other readings say
MARKS = "/\\|'`·.,~-"  # what a speck between two characters is taken for
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


def in_words(cell: Recognised, is_name: bool = False, words: str = "") -> str:
    """The text of a cell as it is likeliest seen and in words, of what the recogniser thought of in any of its readings: its
    Chinese characters alone can be others, and brackets that make no pair; in a name, which holds no sentence, a full
    stop is a comma. `words`: what the document says for sure elsewhere.

    >>> from budgetperf.tables.cells import Sign
    >>> in_words(Recognised((Sign("培", 0.99, ()), Sign("调", 0.63, (("训", 0.37),))), (0, 0, 1, 1), ("培调",)))
    '培训'
    """
    printed = [n for n, sign in enumerate(cell.signs) if sign.text.strip()]
    read = _readings([cell.signs[n].text for n in printed], cell.again)
    options = [_options(cell.signs[n], others) for n, others in zip(printed, read, strict=True)]
    open_still = any(len(choice) > 1 for choice in options)
    usual = "\n".join([words, *confusions()["usual"]])
    chosen = dict(zip(printed, likeliest(options, usual), strict=True)) if open_still else {}
    chosen |= _paired([(n, cell.signs[n]) for n in printed])
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
    """What a sign may be, and how likely: a Chinese character that is not sure what the recogniser thought of, what its other
    readings say in its place (`read`), and what it is known to take it for; of those that it is blind for it knows
    nothing. A mark in place of which another reading sees nothing may be none."""
    own = (sign.text, sign.confidence)
    if not _is_chinese(sign.text):
        none = dict(sign.others).get("", 0.0) if sign.text in MARKS and "" in read else 0.0
        return [own, ("", none)] if none else [own]
    if sign.text in confusions()["blind"]:
        return [own, *((other, BLIND * sign.confidence) for other in confusions()["blind"] if other != sign.text)]
    thought = {other: chance for other, chance in (*sign.others, *_shared(read)) if _is_chinese(other)}
    if sign.confidence >= OPEN and not read:
        return [own]
    known = [other for other in confused().get(sign.text, ()) if _is_chinese(other)]
    return [own, *thought.items(), *((other, UNTHOUGHT) for other in known if other not in thought)]


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


def _closes(opening: str, closing: str) -> bool:
    return PAIRS[opening] == closing or {opening, closing} <= set("（）()")


def _is_chinese(text: str) -> bool:
    return len(text) == 1 and "\u4e00" <= text <= "\u9fff"
