"""Common Chinese words and how common they are: which of several readings of a text says something.

The words are those that jieba carries in its package (MIT); only its list is read, nothing of it is run.
"""

import math
from collections.abc import Container, Sequence
from functools import cache
from importlib import util
from itertools import product
from pathlib import Path

LONGEST = 4  # characters of a word that is looked for
SINGLE = -9.0  # log of the chance of a character that makes no word with those beside it, unless it is a common one
PRINTED = -8.5, -1.0  # the same of two characters that stand side by side elsewhere, and of every one more
WEIGHT = 0.6  # of words beside what is seen: measured on scans whose text is known
MOST_WAYS = 4_000  # readings of a word's place that are tried

Options = Sequence[Sequence[tuple[str, float]]]


def is_installed() -> bool:
    """Whether the list of words is there (extra `budgetperf[ocr]`)."""
    return util.find_spec("jieba") is not None


def likeliest(options: Options, printed: Container[str] = ()) -> list[str]:
    """Of the (character, probability) options at each place the one that is likeliest as seen and in words, those that are
    `printed` elsewhere among them; a character may be none ("").

    >>> "".join(likeliest([[("苗", 0.9)], [("本", 0.7), ("木", 0.3)], [("或", 0.5), ("成", 0.4)], [("活", 1.0)], [("率", 1.0)]]))
    '苗木成活率'
    >>> ["".join(likeliest([[("代", 1.0)], [("数", 0.3), ("缴", 0.2)], [("人", 1.0)]], text)) for text in ("", "代缴人数")]
    ['代数人', '代缴人']
    """
    words = _words()
    best: list[tuple[float, list[str]]] = [(0.0, [])]
    for end in range(1, len(options) + 1):
        ways = []
        for length in range(1, min(LONGEST, end) + 1):
            places = options[end - length : end]
            if math.prod(map(len, places)) > MOST_WAYS:
                break
            before, text = best[end - length]
            for chosen in product(*places):
                signs = [sign for sign, _ in chosen]
                common = _common("".join(signs), words, printed)
                if common is not None:
                    seen = sum(math.log(max(chance, 1e-6)) for _, chance in chosen)
                    ways.append((before + seen + WEIGHT * common, [*text, *signs]))
        best.append(max(ways, key=lambda way: way[0]))
    return best[-1][1]


def _common(word: str, words: dict[str, float], printed: Container[str]) -> float | None:
    """The log of how often a word stands in print; None for what is none."""
    if len(word) < 2:
        return max(SINGLE, words.get(word, SINGLE)) if word else 0.0
    known = words.get(word)
    if word in printed:
        known = max(PRINTED[0] + PRINTED[1] * (len(word) - 2), -math.inf if known is None else known)
    return known


@cache
def _words() -> dict[str, float]:
    """Words with the log of how often they stand in print; none where the list is missing."""
    found = util.find_spec("jieba")
    if found is None or not found.submodule_search_locations:
        return {}
    lines = (Path(found.submodule_search_locations[0]) / "dict.txt").read_text("utf-8").splitlines()
    counted = [(word, int(count)) for word, count, *_ in (line.split(" ") for line in lines)]
    whole = math.log(sum(count for _, count in counted))
    return {
        word: math.log(count) - whole for word, count in counted if len(word) <= LONGEST and count and word >= "\u4e00"
    }
