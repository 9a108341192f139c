"""How likely two texts are one line of print, cut through its glyphs by a page break and read from both halves.

Evidence in bits, position by position: the same sign in both halves speaks for one line; where the characters differ,
the lower one must look like the lower half of the upper one, as the packaged font draws them. Two ordinary lines agree
by accident in hardly a character and look alike nowhere; the thresholds are measured in `benchmarks/page_breaks.py`.
"""

import io
import math
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

SIZE, LOWER, BLUR = 24, 0.6, 2.0  # points of the drawing; where its lower part begins; how coarsely it is looked at
SAME, SAME_AGAIN = 6.0, 3.0  # bits of a character that both show, and of one that follows such a one (words recur)
MARK = 3.5  # of a mark of punctuation in the same place
DIGIT, HALF_DIGIT, OTHER_DIGIT = 1.4, 0.8, -5.0  # the same one; one that decays into 0 or 1; two whole ones
LETTER, OTHER_LETTER = 3.0, -4.0
# likeness of two drawn halves → bits: 0.75 × log2(1 / how many pairs of common characters look so alike) − 2
_ALIKE = [0.05, 0.34, 0.52, 0.66, 0.75, 0.80, 0.88, 0.95]
_BITS = [-1.9, -1.7, -1.25, -0.5, 0.5, 1.25, 3.0, 5.0]
COMMON = 2_500  # different characters that a misreading may give (ours)
LEAST_NEW, LEAST_STRANGE = (
    0.02,
    0.5,
)  # shares of characters, so that a small or large document proves no more than it can


class Printed(NamedTuple):
    """The Chinese characters of a document: how often each is printed, and what it says in bits that one of a line
    stands nowhere else (`new`) or elsewhere (`known`) for that line being misread."""

    times: Counter
    new: float
    known: float


def printed_characters(texts: Iterable[str]) -> Printed:
    """How often texts print a character only once is how often an ordinary line brings a new one (Good and Turing).

    >>> printed_characters(["保障群众出行"] * 3).new > 4, printed_characters(["保障"]).new
    (True, 0.0)
    """
    times = Counter(sign for text in texts for sign in text if sign_class(sign) == "字")
    once = sum(count == 1 for count in times.values())
    ordinary = max(once / max(times.total(), 1), LEAST_NEW)
    misread = max(1 - len(times) / COMMON, LEAST_STRANGE)
    if misread <= ordinary:
        return Printed(times, 0.0, 0.0)
    return Printed(times, math.log2(misread / ordinary), math.log2((1 - misread + 1 / COMMON) / (1 - ordinary)))


def strangeness(upper: str, lower: str, printed: Printed) -> float:
    """Bits, never below 0, for `lower` being a misread `upper` because what it has of its own is printed nowhere else.

    >>> strangeness("路况安全", "跻况桉仝", printed_characters(["路况安全", "跻况桉仝"] + ["保障群众出行路况安全"] * 9)) > 10
    True
    """
    own = [b for a, b in zip(upper, lower, strict=True) if a != b and sign_class(b) == "字"]
    return max(0.0, sum(printed.new if printed.times[sign] <= 1 else printed.known for sign in own))


def sign_class(sign: str) -> str:
    """What two readings of one sign always share: digit, letter, character, or the mark itself."""
    if sign.isdigit():
        return "0"
    if sign.isascii() and sign.isalpha():
        return "a"
    return "字" if "\u3400" <= sign <= "\u9fff" else sign


def evidence(upper: str, lower: str, weak: frozenset[str] = frozenset("01")) -> float:
    """Bits for `upper` and `lower` being the two halves of one line; −inf where they cannot be.

    >>> evidence("答群众问题，完成镇党委、镇", "官研从问题，元成堪况安、填") > 20
    True
    >>> evidence("为全县农村公路开展", "保障群众出行安全便") < 0, evidence("短", "长短")
    (True, -inf)
    """
    if len(upper) != len(lower) or [*map(sign_class, upper)] != [*map(sign_class, lower)]:
        return float("-inf")
    total, same_before = 0.0, False
    for a, b in zip(upper, lower, strict=True):
        kind = sign_class(a)
        if kind == "0":
            total += DIGIT if a == b else HALF_DIGIT if (a in weak) != (b in weak) else OTHER_DIGIT
        elif kind == "a":
            total += LETTER if a == b else OTHER_LETTER
        elif kind != "字":
            total += MARK
        elif a == b:
            total += SAME_AGAIN if same_before else SAME
        else:
            total += float(np.interp(likeness(a, b), _ALIKE, _BITS))
        same_before = a == b
    return total


def decayed(upper: str, lower: str, weak: frozenset[str] = frozenset("01")) -> bool:
    """Whether the figures of two such texts stand in the same places, those of `lower` as halves of figures are read, 0
    or 1, where at least two of `upper` are others: figures of two lines hardly ever are so.

    >>> decayed("以前的283个小区", "达济因200赴练赴"), decayed("乡镇前端152套", "村级终端105只"), decayed("拨付2024年", "开展2010次")
    (True, False, True)
    """
    other = [(a, b) for a, b in zip(upper, lower, strict=True) if b.isdigit() and a != b]
    return all(b in weak for _, b in other) and sum(a not in weak for a, _ in other) > 1


@cache
def likeness(upper: str, lower: str) -> float:
    """How much the lower parts of two characters look alike, −1 … 1; 0 where the font lacks one.

    >>> likeness("完", "元") > likeness("完", "理")
    True
    """
    a, b = _lower_part(upper), _lower_part(lower)
    return 0.0 if a is None or b is None else float(a @ b)


@cache
def _lower_part(sign: str) -> np.ndarray | None:
    drawn = Image.new("L", (SIZE, SIZE), 0)
    ImageDraw.Draw(drawn).text((0, -SIZE * 7 // 24), sign, font=_font(), fill=255)
    seen = np.asarray(drawn.filter(ImageFilter.GaussianBlur(BLUR)), dtype=float)[int(SIZE * LOWER) :].ravel()
    seen = seen - seen.mean()
    norm = float(np.linalg.norm(seen))
    return seen / norm if norm else None


@cache
def _font() -> ImageFont.FreeTypeFont:
    data = resources.files("budgetperf").joinpath("fonts/BudgetperfSansSC-Regular.ttf").read_bytes()
    return ImageFont.truetype(io.BytesIO(data), SIZE)
