"""A line of print as it is read from the lower half of its glyphs."""

import random
from functools import cache
from pathlib import Path

from budgetperf.mend.halves import likeness

KEEPS = {"8": "0", "9": "0", "5": "0", "6": "0", "3": "0", "4": "1", "7": "1"}  # what a half of a digit looks like
STRAY = 0.3  # the smaller, the nearer to its looks a character is misread; in the real document about so


def misread_below(rng: random.Random, line: str, share: float) -> str:
    """The line read from its lower half: `share` of the characters become others, mostly ones that look like them from
    below; digits decay into 0 or 1.

    >>> misread_below(random.Random(1), "完成，8个", 0.0)
    '完成，0个'
    """
    read = []
    for sign in line:
        if sign in KEEPS:
            read.append(KEEPS[sign])
        elif "\u4e00" <= sign <= "\u9fff" and rng.random() < share:
            others = alike(sign)
            read.append(others[int(len(others) * rng.random() ** (1 / STRAY))])
        else:
            read.append(sign)
    return "".join(read)


def broken(rng: random.Random, text: str, through: bool) -> tuple[str, str, str] | None:
    """Upper and lower piece of a wrapped text that a page break divides between two lines or `through` one, and the
    text that is right; None where it is too short."""
    width, wrap = rng.randint(8, 18), rng.choice(["", " ", "\n"])
    lines = [text[k : k + width].strip() for k in range(0, len(text), width)]
    if len(lines) < 3:
        return None
    at = rng.randrange(1, len(lines) - 1)
    if not through:
        return wrap.join(lines[:at]), wrap.join(lines[at:]), text
    below = misread_below(rng, lines[at], rng.choice([0.0, 0.4, 0.75]))
    return wrap.join(lines[: at + 1]), wrap.join([below, *lines[at + 1 :]]), text


@cache
def alike(sign: str) -> list[str]:
    """The stock's characters, those first that look most like `sign` from below."""
    others = [other for other in _common() if other != sign]
    return sorted(others, key=lambda other: -likeness(sign, other))


@cache
def _common() -> list[str]:
    text = (Path(__file__).with_name("stock.txt")).read_text(encoding="utf-8")
    return sorted({sign for sign in text if "\u4e00" <= sign <= "\u9fff"})
