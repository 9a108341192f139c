"""Characters in doubt settled by words: common ones, and the same ones elsewhere in the document."""

import tomllib
from functools import cache
from importlib import resources

from budgetperf.field.lexicon import likeliest
from budgetperf.tables.cells import Recognised, Sign

AROUND = 2  # characters on either side that must stand alike elsewhere to support one in doubt
UNTHOUGHT = (
    0.005  # probability of a character that is known to be taken for another, where the recogniser did not think of it
)
BLIND = 0.3  # of the probability of one that it is blind for: the other is read only where it makes a far commoner word
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


def in_words(cell: Recognised, is_name: bool = False) -> str:
    """The text of a cell as it is likeliest seen and in words, of what the recogniser thought of: its Chinese characters
    alone can be others, and brackets that make no pair; in a name, which holds no sentence, a full stop is a comma.

    >>> from budgetperf.tables.cells import Sign
    >>> in_words(Recognised((Sign("培", 0.99, ()), Sign("调", 0.63, (("训", 0.37),))), (0, 0, 1, 1), ("培调",)))
    '培训'
    """
    printed = [n for n, sign in enumerate(cell.signs) if sign.text.strip()]
    options = [_options(cell.signs[n]) for n in printed]
    open_still = any(len(choice) > 1 for choice in options)
    chosen = dict(zip(printed, likeliest(options), strict=True)) if open_still else {}
    chosen |= _paired([(n, cell.signs[n]) for n in printed])
    if is_name:
        chosen |= {n: "，" for n in printed[:-1] if cell.signs[n].text == "。" and "，" in dict(cell.signs[n].others)}
    return "".join(chosen.get(n, sign.text) for n, sign in enumerate(cell.signs))


def _options(sign: Sign) -> list[tuple[str, float]]:
    """What a sign may be, and how likely: a Chinese character that is not sure what the recogniser thought of, and what it is
    known to take it for; of those that it is blind for it knows nothing."""
    own = (sign.text, sign.confidence)
    if not _is_chinese(sign.text):
        return [own]
    if sign.text in confusions()["blind"]:
        return [own, *((other, BLIND * sign.confidence) for other in confusions()["blind"] if other != sign.text)]
    if sign.confidence >= OPEN:
        return [own]
    thought = [other for other in sign.others if _is_chinese(other[0])]
    known = [other for other in confused().get(sign.text, ()) if _is_chinese(other)]
    return [own, *thought, *((other, UNTHOUGHT) for other in known if other not in dict(thought))]


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
