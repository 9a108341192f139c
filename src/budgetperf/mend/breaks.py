"""Text over a page break: run on, or one line of print cut through its glyphs and read from both halves."""

import itertools
import math
import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

import pandas as pd

from budgetperf.field.notation import shared_lines
from budgetperf.field.vocabulary import vocabulary
from budgetperf.field.wraps import unwrap
from budgetperf.mend.halves import Printed, decayed, evidence, sign_class, strangeness

BREAK = "┊"  # stands in the ledger where the page broke
MAX_READINGS = 200_000
LEAST_LINE, MOST_LINE = 6, 40  # characters of a printed line where the pieces do not show how long one is
INSIDE = 2  # blanks that a line of print may hold itself
# bits of evidence (`halves`) from which a line that stands on both pages is one, is taken for one as a guess, or may be
# one: measured on generated breaks, of which fewer than one in 10,000 may lose text and three in 1,000 may be doubted
ONE_LINE, LIKELY_ONE_LINE, MAYBE_ONE_LINE = 12.5, 8.0, 1.0
LONG_LINE, MAYBE_LONG_LINE = 8, -1.0  # characters: two lines of so many hardly have their marks in the same places
# share of the characters that two readings of one line have in common: of a line of digits and marks, of words with
# some among them, of words alone
ALIKE_FIGURES, ALIKE_MIXED, ALIKE_WORDS = 0.4, 0.25, 0.6
IN_ORDER = 0.7  # so many codes must stand above a greater one for the column to be in order
CUT_BESIDE = 6.0  # bits of a cell beside it that the same break surely cuts through a line


class Joined(NamedTuple):
    """text: the pieces as one · twice: how many characters stood on both pages (0: the text just runs on) ·
    readings: every text that the two halves' differing digits allow, the likeliest first (one: nothing is open) ·
    replaced: characters (not digits) that were read differently from the two halves · undecided: differing digits of
    which the look of half a digit does not tell the right one · in_doubt: the pieces run on here, but a line may stand
    on both pages · guessed: that it is one line is likely, not sure."""

    text: str
    twice: int
    readings: tuple[str, ...]
    replaced: int = 0
    undecided: int = 0
    in_doubt: bool = False
    guessed: bool = False


def same_line(upper: str, lower: str) -> bool:
    """Whether two texts are readings of one line of print: same length, digits and punctuation in the same places,
    and enough of the characters alike.

    >>> same_line("答群众问题，完成镇党委、镇", "官研从问题，元成堪况安、填"), same_line("11.88", "11.00")
    (True, True)
    >>> same_line("，满足所有职工用餐为了提", "高职工工作效率，全年正常供"), same_line("3-特定目", "标类")
    (False, False)
    >>> same_line("0001", "1111"), same_line("1111", "0001")
    (False, False)
    """
    if len(upper) != len(lower) or len(upper) < 3:
        return False
    if [*map(sign_class, upper)] != [*map(sign_class, lower)]:
        return False
    alike = sum(a == b for a, b in zip(upper, lower, strict=True))
    marks = sum(sign_class(c) == c and not c.isdigit() for c in upper)
    digits = sum(c.isdigit() for c in upper)
    if digits + marks == len(upper):
        return alike >= ALIKE_FIGURES * len(upper)
    return alike >= (ALIKE_MIXED if marks + digits > 0 else ALIKE_WORDS) * len(upper)


def _digit_choice(upper: str, lower: str) -> tuple[str, str]:
    """The likelier digit first: a round or straight half decays into 0 or 1, hardly ever the other way round."""
    weak = vocabulary()["halves"]["weak"]
    return (lower, upper) if upper in weak and lower not in weak else (upper, lower)


def _lines(text: str) -> list[str]:
    """Printed lines of a cell: divided by line breaks where it has any, else by the blanks of its wraps."""
    return [line.strip() for line in text.strip().split("\n")] if "\n" in text else text.split()


def _signs(text: str) -> int:
    """How many characters a text has, blanks not counted."""
    return len("".join(text.split()))


def _line_lengths(upper: str, lower: str) -> dict[int, float]:
    """How long the line at the break may be (blanks not counted), and what each length costs in bits: little where the
    pieces' own wraps show it (a blank may also stand inside a line), more where any length must be tried.

    >>> _line_lengths("道路养护经\\n费保障", "费保障工程\\n年度")
    {3: 1.0, 5: 1.0}
    """
    longest = min(_signs(upper), _signs(lower))
    above, below = _lines(upper), _lines(lower)
    shown = {_signs("".join(above[-k:])) for k in range(1, min(len(above), INSIDE + 2))}
    shown |= {_signs("".join(below[:k])) for k in range(1, min(len(below), INSIDE + 2))}
    if len(above) == 1 or len(below) == 1:
        shown.add(longest)  # a piece may be that one line
    shown = {n for n in shown if 0 < n <= longest}
    others = set(range(LEAST_LINE, min(longest, MOST_LINE) + 1)) - shown
    any_length = {} if "\n" in upper + lower else dict.fromkeys(others, math.log2(len(others) or 1) + 1)
    return dict.fromkeys(shown, math.log2(len(shown) or 1)) | any_length


def join_pieces(
    upper: str,
    lower: str,
    width: tuple[int, int] | None = None,
    cut_beside: bool = False,
    printed: Printed | None = None,
) -> Joined:
    """The text of a cell that a page break divided into `upper` and `lower`; `width` of its column's lines if known,
    `cut_beside`: the break surely cuts through a line of a cell beside it, `printed`: the characters of the document.

    Nothing that both pages show is dropped unless the two lines are so alike that no accident makes them so, or, as a
    guess, likely none does: they look alike, and the lower one holds characters that the document prints nowhere else.

    >>> join_pieces("满足职工用餐为了提", "高职工工作效率").text
    '满足职工用餐为了提高职工工作效率'
    >>> join_pieces("11.88", "11.00").readings
    ('11.88', '11.80', '11.08', '11.00')
    >>> join_pieces("51072200 024T0000 00580-食", "00009-食堂运转经费").text
    '51072200024T000000589-食堂运转经费'
    """
    above, below = unwrap(upper, width), unwrap(lower, width)
    if above == below:
        return Joined(above, len(above), (above,))
    lines = _lines(upper)
    if len(lines) > 1 and lines[-1] == " ".join(_lines(lower)):
        return Joined(above, len(below), (above,))  # the cut line is the cell's last and stands whole on both pages
    again = shared_lines(*("\n".join(line.strip() for line in text.strip().split("\n")) for text in (upper, lower)))
    if again > 1:  # whole lines alike, which one cut line cannot be: some programs draw them again on the next page
        text = unwrap("\n".join(upper.split("\n") + lower.split("\n")[again:]), width)
        return Joined(text, len("".join(_lines(lower)[:again])), (text,))
    if _is_figures(above) and _is_figures(below):
        return (
            _merged(above, below, len(above)) if same_line(above, below) else Joined(above + below, 0, (above + below,))
        )
    signs, others = "".join(above.split()), "".join(below.split())  # a blank may be read from one half only
    lengths = _line_lengths(upper, lower)
    bits = {length: evidence(signs[-length:], others[:length]) - cost for length, cost in lengths.items()}
    length = max(bits, key=bits.__getitem__, default=0)
    found = bits.get(length, -math.inf)
    if found + (CUT_BESIDE if cut_beside else 0.0) >= ONE_LINE:
        return _merged(above, below, length)
    tail = _code_tail(above, below)
    if tail:
        return _merged(above, below, tail)
    if printed:
        bits = {n: b + strangeness(signs[-n:], others[:n], printed) for n, b in bits.items() if b > -math.inf}
        length = max(bits, key=bits.__getitem__, default=0)
        found = bits.get(length, -math.inf)
        if found >= LIKELY_ONE_LINE:
            return _merged(above, below, length)._replace(guessed=True)
    in_doubt = any(_may_be_one_line(signs[-n:], others[:n], b) for n, b in bits.items())
    return Joined(above + below, 0, (above + below,), in_doubt=in_doubt)


def _may_be_one_line(upper: str, lower: str, bits: float) -> bool:
    """Whether two lines that are joined as they stand may be one: they look a little alike, or their figures say so."""
    enough = MAYBE_LONG_LINE if len(lower) >= LONG_LINE else MAYBE_ONE_LINE
    return bits >= enough or (bits > -math.inf and decayed(upper, lower))


def _is_figures(text: str) -> bool:
    return bool(text) and all(sign_class(sign) not in "a字" for sign in text)


def _code_tail(above: str, below: str) -> int:
    """Length of a line that ends a project code (…00580-食 / 00009-食…): digits, a dash and the first characters."""
    for length in range(min(len(above), len(below)), 3, -1):
        line = below[:length]
        if line[0].isdigit() and "-" in line and same_line(above[-length:], line):
            return length
    return 0


def _merged(above: str, below: str, length: int) -> Joined:
    """The pieces as one where `length` characters, blanks not counted, stand on both pages; blanks as in the upper."""
    options, replaced, undecided = [], 0, 0
    weak = vocabulary()["halves"]["weak"]
    start, end = len(above) - _reach(above[::-1], length), _reach(below, length)
    seen_below = iter("".join(below[:end].split()))
    for a in above[start:]:
        b = a if a.isspace() else next(seen_below)
        if a == b:
            options.append((a,))
        elif a.isdigit():
            options.append(_digit_choice(a, b))
            undecided += (a in weak) == (b in weak)
        else:
            replaced += 1
            options.append((a,))
    head, rest = above[:start], below[end:]
    open_digits = sum(len(o) > 1 for o in options)
    combinations = itertools.product(*options) if 2**open_digits <= 4096 else [tuple(o[0] for o in options)]
    readings = tuple(head + "".join(c) + rest for c in combinations)
    return Joined(readings[0], length, readings, replaced, undecided)


def _reach(text: str, length: int) -> int:
    """How far into a text its first `length` characters reach that are no blanks.

    >>> _reach("10 格式", 3)
    4
    """
    return [place for place, sign in enumerate(text, 1) if not sign.isspace()][length - 1]


def settle_by_sum(candidates: list[list[Decimal]], wanted: Decimal) -> list[tuple[Decimal, ...]]:
    """Every choice of one amount a list that sums to `wanted`; empty where there is none or too many to try.

    >>> amounts = [[Decimal("11.88"), Decimal("11.00")], [Decimal("18.01"), Decimal("18.04"), Decimal("10.04")]]
    >>> settle_by_sum(amounts, Decimal("29.92"))
    [(Decimal('11.88'), Decimal('18.04'))]
    """
    partial: dict[Decimal, list[tuple[Decimal, ...]]] = {Decimal(0): [()]}
    for options in candidates:
        following: dict[Decimal, list[tuple[Decimal, ...]]] = {}
        for total, paths in partial.items():
            for amount in dict.fromkeys(options):
                following.setdefault(total + amount, []).extend((*path, amount) for path in paths)
        partial = following
        if sum(map(len, partial.values())) > MAX_READINGS:
            return []
    return partial.get(wanted, [])


def usual_code(codes: list[str]) -> tuple[int, str] | None:
    """Length and common beginning (region, year, letter) of a document's project codes; None without a usual form.

    >>> usual_code(["51072200024T000000550", "51072200024T000000561", "6301230"])
    (21, '51072200024T')
    """
    lengths = Counter(len(code) for code in codes if len(code) > 6)
    if not lengths:
        return None
    length, count = lengths.most_common(1)[0]
    whole = [code for code in codes if len(code) == length]
    letter = re.search(r"[A-Z](?=[0-9]*$)", whole[0])
    prefix, times = Counter(code[: letter.end() if letter else 6] for code in whole).most_common(1)[0]
    return (length, prefix) if count >= 2 and times > count / 2 else None


def join_code(upper: str, lower: str, form: tuple[int, str]) -> Joined | None:
    """Pieces of a cell `code-name` joined so that its code has the form of the document's others; None if none fits.

    >>> join_code("42038100023T0000", "023T0000 00836-气象服务", (21, "42038100023T")).text
    '42038100023T000000836-气象服务'
    >>> join_code("510722000", "01072200 021T0000 00594-气象", (21, "51072200021T")).text
    '51072200021T000000594-气象'
    """
    length, prefix = form
    above, below = ("".join(text.split()) for text in (upper, lower))
    fitting = []
    for twice in range(min(len(above), len(below)) + 1):
        if twice and not _like_code_line(above[-twice:], below[:twice]):
            continue
        joined = _merged(above, below, twice) if twice else Joined(above + below, 0, (above + below,))
        # half-read digits are open: those that make the usual beginning are right
        readings = [
            r for r in joined.readings if r.startswith(prefix) and re.fullmatch(rf"[0-9A-Z]{{{length}}}[-—–_－].*", r)
        ]
        if readings:
            fitting.append(Joined(readings[0], twice, tuple(readings), joined.replaced, joined.undecided))
    # the longest line that both pages show; running on without one is the last resort
    return fitting[-1] if fitting else None


def _like_code_line(upper: str, lower: str) -> bool:
    if upper == lower:
        return True
    same = [*map(sign_class, upper)] == [*map(sign_class, lower)]
    weak = vocabulary()["halves"]["weak"]
    decays = all(a == b or not a.isdigit() or a in weak or b in weak for a, b in zip(upper, lower, strict=True))
    alike = sum(a == b for a, b in zip(upper, lower, strict=True))
    return same and decays and alike >= ALIKE_FIGURES * len(upper)


def in_order(codes: pd.Series, place: int, code: str) -> bool:
    """Whether `code` at `place` is unique and keeps the order of its neighbours, in a column of codes that is in order;
    codes that stand out of order themselves do not count.

    >>> codes = pd.Series(["00561", "00580", "00679"])
    >>> in_order(codes, 1, "00589"), in_order(codes, 1, "00789"), in_order(codes, 1, "00561")
    (True, False, False)
    """
    others = codes.drop(codes.index[place]).dropna()
    others = others[others.map(len) == len(code)]
    if code in set(others):
        return False
    pairs = list(itertools.pairwise(others))
    if sum(a < b for a, b in pairs) < IN_ORDER * len(pairs):
        return True
    before = codes.iloc[:place].dropna().tail(2)
    after = codes.iloc[place + 1 :].dropna().head(2)
    return not ((len(before) and all(b > code for b in before)) or (len(after) and all(a < code for a in after)))


def share_over_breaks(
    texts: list[str | None],
    cells: list[int],
    edges: list[str | None],
    breaks: list[int],
    join: Callable[[str, str], str | None],
) -> list[str | None]:
    """Texts of merged cells with true spans that page breaks divide: the text of one side belongs to both.

    cells: identity of the cell over each row · edges: "foot" or "head" where a blank cell touches that edge of its page ·
    breaks: first rows of pages · join: the whole text of two pieces, None where they are two cells.

    >>> share_over_breaks(["质量", None, "产出"], [1, 2, 3], [None, "foot", None], [2], lambda a, b: None)
    ['质量', '产出', '产出']
    """
    result = list(texts)

    def spread(place: int, step: int, text: str) -> None:
        cell = cells[place]
        while 0 <= place < len(result) and cells[place] == cell:
            result[place] = text
            place += step

    for i in breaks + breaks[::-1]:
        above, below = result[i - 1], result[i]
        if above and below and above != below:
            if joined := join(above, below):
                spread(i - 1, -1, joined)
                spread(i, 1, joined)
        elif below and not above and edges[i - 1] == "foot":
            spread(i - 1, -1, below)
        elif above and not below and edges[i] == "head":
            spread(i, 1, above)
    return result
