"""Names over the years: what of a name says which work it is, how like two names are, and which differences matter."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from budgetperf.field.vocabulary import vocabulary

# Words that come and go from year to year and say nothing about which work it is.
PASSING_WORDS = re.compile(r"专项资金|专项经费|补助资金|经费|专项|资金|项目")
_YEAR = re.compile(r"20\d\d年度?|20\d\d(?!\d)")
_SIGNS = re.compile(r"[\s,，。、；;：:.·\-—–_()（）\[\]【】〔〕《》〈〉“”\"'‘’]")
_NUMERALS = set("0123456789〇零一二三四五六七八九十百甲乙丙丁戊ABCDEFⅠⅡⅢⅣⅤ")
_SIDES = set("东西南北中上下前后左右内外里")
_PLACE_ENDS = set("路街巷道里村镇乡坪沟河湖湾山岭坡屯组营堡寨桥湘江区县市州社港岛滩庄")


@lru_cache(maxsize=200_000)
def plain_name(name: str | None) -> str:
    """A name without width, blanks, punctuation and case; years are kept.

    >>> plain_name("２０２４年 社区（工作）经费")
    '2024年社区工作经费'
    """
    return _SIGNS.sub("", unicodedata.normalize("NFKC", name or "")).upper()


@lru_cache(maxsize=200_000)
def core_name(name: str | None) -> str:
    """What of a project's name stays over the years: without years and words such as 经费, 专项, 资金, 项目.

    >>> core_name("2024年社区工作专项经费"), core_name("社区工作经费"), core_name("项目经费")
    ('社区工作', '社区工作', '项目经费')
    """
    plain = _YEAR.sub("", plain_name(name))
    return PASSING_WORDS.sub("", plain) or plain or plain_name(name)


@lru_cache(maxsize=50_000)
def core_unit(name: str | None) -> str:
    """A budget unit's name without what is added to it here and there (本级, 机关).

    >>> core_unit("临河县城关镇人民政府（本级）"), core_unit("昌宁县民政局机关")
    ('临河县城关镇人民政府', '昌宁县民政局')
    """
    return re.sub(r"(本级|机关)$", "", plain_name(name))


@lru_cache(maxsize=100_000)
def core_text(text: str | None) -> str:
    """Prose for comparison: numbers and years out, since they change without the work changing.

    >>> core_text("2024年维修路灯 120 盏，保障照明。")
    '维修路灯盏保障照明'
    """
    return re.sub(r"\d+(\.\d+)?|年", "", plain_name(text))[:400]


# ---- differences that tell works apart -------------------------------------------------------------------------------


def differences(one: str, other: str) -> list[tuple[str, str, str]]:
    """(what `one` has, what `other` has, what follows in both) at each place where two names differ.

    >>> differences("二中路综合服务中心", "北大路综合服务中心")
    [('二中', '北大', '路综合服务中心')]
    """
    found = []
    for tag, start, end, other_start, other_end in Levenshtein.opcodes(one, other):
        if tag != "equal":
            follows = one[end:] if one[end : end + 1] == other[other_end : other_end + 1] else ""
            found.append((one[start:end], other[other_start:other_end], follows))
    return found


def _place(segment: str, follows: str) -> str | None:
    """The place that a differing segment names, alone or with what follows it; None where it names none."""
    for reach in range(3):
        word = segment + follows[:reach]
        if len(word) > reach and word[-1:] in _PLACE_ENDS and len(word) <= 8:
            none = vocabulary()["words"]["no_places"]
            return None if word in none or word[-2:] in none else word
    return None


def _clashes(one: str, other: str, follows: str) -> bool:
    if not one or not other:
        return False
    if set(one) <= _NUMERALS and set(other) <= _NUMERALS:
        return True
    if len(one) == len(other) <= 2 and set(one) <= _SIDES and set(other) <= _SIDES:
        return True
    return _place(one, follows) is not None and _place(other, follows) is not None


@lru_cache(maxsize=500_000)
def tells_apart(one: str, other: str) -> bool:
    """Whether two names differ in what makes them different works: a place, a side, a number.

    >>> tells_apart("东关路综合服务中心运转", "西关路综合服务中心运转"), tells_apart("道路养护一期", "道路养护二期")
    (True, True)
    >>> tells_apart("社区工作运转", "社区办公运转"), tells_apart("农村公路养护", "乡村道路养护")
    (False, False)
    """
    if one in other or other in one:
        return False
    return any(_clashes(*difference) for difference in differences(one, other))


@lru_cache(maxsize=200_000)
def names_more(one: str, other: str) -> bool:
    """Whether one name is the other with a place or a number put in: perhaps a part of it, perhaps another work.

    >>> names_more("农贸市场建设", "东关路农贸市场建设"), names_more("农贸市场建设", "农贸市场标准化建设")
    (True, False)
    """
    for mine, its, follows in differences(one, other):
        segment = mine or its
        if (not mine or not its) and (
            _place(segment, follows) or set(segment) <= _NUMERALS or re.search(r"\d号", segment)
        ):
            return True
    return False


def contrasts(names: Iterable[str]) -> frozenset[frozenset[str]]:
    """What tells the names of one year apart from each other: {东, 西} of two names that differ in nothing else.

    >>> sorted(map(sorted, contrasts(["党员干部培训", "团员干部培训", "路灯维护"])))
    [['党', '团']]
    """
    found, seen = set(), {}
    for name in sorted(set(names)):
        for start in range(len(name)):
            for end in range(start + 1, min(len(name), start + 4) + 1):
                if len(name) - (end - start) >= 4:
                    frame = (name[:start], name[end:])
                    for before in seen.get(frame, ()):
                        if before[:1] != name[start:end][:1] and before[-1:] != name[start:end][-1:]:
                            found.add(frozenset((before, name[start:end])))
                    seen.setdefault(frame, []).append(name[start:end])
    return frozenset(found)


def contrasted(one: str, other: str, known: frozenset[frozenset[str]]) -> bool:
    """Whether two names differ in a pair of words that told works apart within a year."""
    return bool(known) and any(
        mine and its and frozenset((mine, its)) in known for mine, its, _ in differences(one, other)
    )


@lru_cache(maxsize=500_000)
def likeness(one: str, other: str) -> float:
    """How like two names are, 0 to 1; a name that makes up half of the other and more counts nearly as the same.

    >>> likeness("社区工作", "社区工作"), round(likeness("社区工作", "社区工作运转保障"), 2), likeness("甲", "乙")
    (1.0, 0.85, 0.0)
    """
    if not one or not other:
        return 0.0
    whole = fuzz.ratio(one, other) / 100
    shorter, longer = sorted((len(one), len(other)))
    if shorter >= 4:
        whole = max(whole, (0.85 if 2 * shorter >= longer else 0.65) * fuzz.partial_ratio(one, other) / 100)
    return whole
