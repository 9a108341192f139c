"""When a recognised cell is in doubt, why, and what else it may read."""

import itertools
import re
import unicodedata
from typing import NamedTuple

from budgetperf.mend.recognised_words import AFTER_LETTERS, confused, has_rival
from budgetperf.tables.cells import Recognised, Sign
from budgetperf.tables.ledger import Grade

SURE = 0.97  # confidence of a cell's least sure character from which nothing else need support it
NEARLY = 0.9  # the same where a second reading agrees; measured, see docs/scans.md
OFTEN_ALIKE = 0.8  # the same, of no figure, where six readings in different ways agree; measured as well
STOPS = "。，、；：-"
STOP = 0.75  # enough for a stop behind Chinese characters, where both readings agree
PER_MILLE = "[%％][0Oo。₀°](?!\\d)"  # the recogniser knows no ‰
MOST_CANDIDATES = 40


class Settled(NamedTuple):
    """What became of a recognised cell in doubt: its text, by what, and why it stays in doubt ("" where it does not)."""

    text: str
    evidence: str
    grade: Grade
    doubt: str


def in_doubt(cell: Recognised) -> bool:
    """Whether the recogniser alone does not make sure of a cell.

    >>> in_doubt(Recognised((Sign("人", 0.9999, ()),), (0, 0, 1, 1), ("人",)))
    False
    >>> in_doubt(Recognised((Sign("千", 0.6, (("干", 0.4),)),), (0, 0, 1, 1), ("千",)))
    True
    """
    text = plain("".join(sign.text for sign in cell.signs))
    if any(map(has_rival, cell.signs)) or AFTER_LETTERS.search(text):
        return True
    agree = all(plain(other) == text for other in cell.again)
    least = min((chance_of(sign) for sign in cell.signs if sign.text.strip() and sign.text not in STOPS), default=1.0)
    stop = min((chance_of(sign) for sign in cell.signs if sign.text in STOPS), default=1.0)
    if agree and not cell.unread_ink and len(cell.again) > 1:  # read in six ways, and always the same
        least = min((chance_of(sign) for sign in cell.signs if sign.text.isdigit()), default=1.0)
        rest = min((chance_of(sign) for sign in cell.signs if sign.text.strip()), default=1.0)
        return least < NEARLY or rest < OFTEN_ALIKE
    return cell.unread_ink or not agree or least < NEARLY or stop < STOP


def chance_of(sign: Sign) -> float:
    """How sure a character is, its other spellings (（ and () counted with it."""
    same = [chance for other, chance in sign.others if other and plain(other) == plain(sign.text)]
    return sign.confidence + sum(same)


def plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def why(cell: Recognised) -> str:
    if cell.unread_ink:
        return "格内有没认出的笔画（印章、污迹、漏字或被页边切去的字）"
    unsure = [sign for sign in cell.signs if chance_of(sign) < SURE]
    if not unsure:
        letters = AFTER_LETTERS.search("".join(sign.text for sign in cell.signs))
        return "字母后的 1、0 可能是 l、o" if letters else f"两次识别不一致（另一次读作“{cell.again[0]}”）"
    worst = min(unsure, key=chance_of)
    others = "、".join(other or "无字" for other, _ in worst.others)
    return f"“{worst.text}”识别没有把握（{worst.confidence:.0%}{'，也可能是 ' + others if others else ''}）"


def candidates(text: str, cell: Recognised) -> list[str]:
    """Possible texts of a cell, the likeliest first: both readings, then unsure characters by their alternatives."""
    signs = [sign.text for sign in cell.signs]
    found = [text, *cell.again]
    found += [changed for other in found if (changed := re.sub(PER_MILLE, "‰", other)) != other]
    choices = []
    for place, sign in enumerate(cell.signs):
        if sign.text.strip() and chance_of(sign) < SURE:
            others = [other for other, _ in sign.others] + [c for c in confused().get(sign.text, ()) if c]
            choices.append([(place, other) for other in dict.fromkeys(others)])
    singles = [[change] for options in choices for change in options]
    pairs = [list(p) for a, b in itertools.combinations(choices, 2) for p in itertools.product(a[:3], b[:3])]
    for changes in (singles + pairs)[:MOST_CANDIDATES]:
        changed = list(signs)
        for place, other in changes:
            changed[place] = other
        found.append("".join(changed))
    return list(dict.fromkeys(found))
