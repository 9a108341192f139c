"""Common Chinese words and how common they are: which of several readings of a text says something.

The words are those that jieba carries in its package (MIT); only its list is read, nothing of it is run.
"""

import math
from collections.abc import Sequence
from functools import cache
from importlib import util
from itertools import product
from pathlib import Path

LONGEST = 4  # characters of a word that is looked for
SINGLE = -9.0  # log of the chance of a character that makes no word with those beside it, whichever it is
WEIGHT = 0.6  # of words beside what is seen: measured on scans whose text is known
MOST_WAYS = 4_000  # readings of a word's place that are tried

Options = Sequence[Sequence[tuple[str, float]]]


def is_installed() -> bool:
    """Whether the list of words is there (extra `budgetperf[ocr]`)."""
    return util.find_spec("jieba") is not None


def likeliest(options: Options) -> str:
    """The text of one of the (character, probability) options at each place that is likeliest as seen and as words.

    >>> likeliest([[("苗", 0.9)], [("本", 0.7), ("木", 0.3)], [("或", 0.5), ("成", 0.4)], [("活", 1.0)], [("率", 1.0)]])
    '苗木成活率'
    """
    words = _words()
    best: list[tuple[float, str]] = [(0.0, "")]
    for end in range(1, len(options) + 1):
        ways = []
        for length in range(1, min(LONGEST, end) + 1):
            places = options[end - length : end]
            if math.prod(map(len, places)) > MOST_WAYS:
                break
            before, text = best[end - length]
            for signs in product(*places):
                word = "".join(sign for sign, _ in signs)
                common = words.get(word) if length > 1 else SINGLE
                if common is not None:
                    seen = sum(math.log(max(chance, 1e-6)) for _, chance in signs)
                    ways.append((before + seen + WEIGHT * common, text + word))
        best.append(max(ways, key=lambda way: way[0]))
    return best[-1][1]


@cache
def _words() -> dict[str, float]:
    """Words of two characters and more, with the log of how often they stand in print; none where the list is missing."""
    found = util.find_spec("jieba")
    if found is None or not found.submodule_search_locations:
        return {}
    lines = (Path(found.submodule_search_locations[0]) / "dict.txt").read_text("utf-8").splitlines()
    counted = [(word, int(count)) for word, count, *_ in (line.split(" ") for line in lines)]
    whole = math.log(sum(count for _, count in counted))
    return {
        word: math.log(count) - whole
        for word, count in counted
        if 1 < len(word) <= LONGEST and count and word >= "\u4e00"
    }
