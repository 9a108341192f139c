"""Characters that only look like the ones meant, or are not seen at all → the characters that print shows."""

import re
import unicodedata

from budgetperf.field.money_text import THOUSANDS_BLANK

# The second block of radicals: font subsets map to them in place of the characters they are drawn as. Only those that
# are a whole character; the first block and the compatibility forms are told by Unicode's own decomposition, but for ⼾,
# which simplified print draws as 户.
_RADICALS = dict(
    zip(
        "⼾⺁⺊⺒⺓⺟⺠⺥⺩⺫⺰⻁⻃⻄⻅⻆⻇⻉⻊⻋⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
        "户厂卜巳幺母民爪王目纟虎西西见角角贝足车長长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟",
        strict=True,
    )
)
_UNSEEN = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef"
_CONTROL = "\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff"
_BLANK = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3164\uffa0"
_LINE_END = "\x0b\x0c\x85\u2028\u2029"
_MINUS = "[\u2212\ufe63\uff0d]|(?<!\\S)[\u2010-\u2013](?=\\d)"  # dashes in prose stay
_SAME = "\u2f00-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f\U0001d400-\U0001d7ff\uff21-\uff3a\uff41-\uff5a"
_KINDS = [
    ("不可见的字符", re.compile(f"[{_UNSEEN}{_CONTROL}]"), lambda char: ""),
    ("千分位的空格", THOUSANDS_BLANK, lambda char: ","),
    ("特殊空格", re.compile(f"[{_BLANK}]"), lambda char: " "),
    ("特殊换行", re.compile(f"[{_LINE_END}]"), lambda char: "\n"),
    ("减号", re.compile(_MINUS), lambda char: "-"),
    ("部首", re.compile(f"[{''.join(_RADICALS)}]"), _RADICALS.__getitem__),
    ("兼容字或全角字母", re.compile(f"[{_SAME}]"), lambda char: unicodedata.normalize("NFKC", char)),
    ("其他数字写法", re.compile(r"(?![0-9])\d"), lambda char: str(unicodedata.decimal(char))),
    ("全角小数点", re.compile(r"(?<=\d)．(?=\d)"), lambda char: "."),
]
_ODD = re.compile("|".join(pattern.pattern for _, pattern, _ in _KINDS))


def plain_text(text: str) -> str:
    """The text as print shows it, in the usual characters.

    Radicals and compatibility forms become the characters they are drawn as, digits and Latin letters of any script
    and width the ordinary ones, odd blanks, line ends and dashes the usual ones; what has no width goes. Signs with a
    meaning of their own (², ①, ㎡) and Chinese punctuation stay.

    >>> plain_text("⾼龄\\u200b津贴⼈⺠\\xa0２４年"), plain_text("−１２．５㎡，٣个"), plain_text("10²")
    ('高龄津贴人民 24年', '-12.5㎡，3个', '10²')
    >>> plain_text("13\\xa0852.60"), plain_text("2024\\xa0100个")
    ('13,852.60', '2024 100个')
    >>> plain_text("农⼾")
    '农户'
    """
    if not _ODD.search(text):
        return text
    for _, pattern, meant in _KINDS:
        text = pattern.sub(lambda found, meant=meant: meant(found[0]), text)
    return text


def odd_kinds(text: str) -> list[str]:
    """In words, which kinds of odd characters a text holds.

    >>> odd_kinds("⾼龄\\u200b津贴"), odd_kinds("津贴")
    (['不可见的字符', '兼容字或全角字母'], [])
    """
    return [kind for kind, pattern, _ in _KINDS if pattern.search(text)] if _ODD.search(text) else []
