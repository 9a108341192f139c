"""The blanks and line breaks that narrow print columns left inside a text, and how wide it prints."""

import re

from budgetperf.field.notation import wide_signs

_CJK = re.compile(r"[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’…—·]")
_LATIN = re.compile(r"[A-Za-z]")
_SPACED_CODE = re.compile(r"(?:[0-9A-Z]\s*){15,28}[-—–_－‐‑―]?\s*(?=[^0-9A-Z\s]|$)")
_GAP = re.compile(r"[^\S\n]*\n\s*|[^\S\n]+")


def display_width(text: str) -> int:
    """Width of print in half-width columns.

    >>> display_width("社区8个")
    7
    """
    return len(text) + wide_signs(text)


MEASURES = (len, display_width)  # in which a column may be as wide: characters, half-width columns of print


def _full(line: str, following: str, width: tuple[int, int] | None) -> bool:
    """Whether a line is as long as the column is wide; one half less where the next character is a full-width one."""
    if width is None:
        return False
    kind, wanted = width
    size = MEASURES[kind](line)
    return size == wanted or (kind == 1 and size == wanted - 1 and display_width(following[:1]) == 2)


def _joint(left: str, right: str, wrapped: bool) -> str:
    """What stands between two pieces once the wrap is undone: nothing, or the blank that was meant."""
    before, after = left[-1:], right[:1]
    if _CJK.match(before) and _CJK.match(after):
        return ""
    token = left.rsplit(" ", 1)[-1] if " " in left else re.split(_CJK, left)[-1]
    head = re.match(r"[A-Za-z0-9.]+", right)
    latin = bool(_LATIN.search(token)) or bool(head and _LATIN.search(head[0]))
    if wrapped:
        return " " if _LATIN.match(before) and _LATIN.match(after) else ""
    if latin:
        return " "
    if before.isdigit() and (after.isdigit() or after == "."):
        return " "
    if before.isdigit() and " " in left:  # Windows 10 系统: a number that belongs to the Latin word before it
        previous = left.rsplit(" ", 2)[-2] if left.count(" ") > 1 else left.split(" ", 1)[0]
        return " " if _LATIN.match(previous[-1:]) else ""
    return ""


def unwrap(text: str, width: tuple[int, int] | None = None) -> str:
    """One text without its wraps; `width` as found by `line_width` for its column.

    Line breaks are always wraps. A blank is one between Chinese characters, inside a project code, and where the line
    before it is exactly as long as the column is wide. Blanks that set off Latin words and their numbers stay.

    >>> unwrap("51072200 024T0000 00561-能 力提升补 助经费")
    '51072200024T000000561-能力提升补助经费'
    >>> unwrap("Windows 10 系统"), unwrap("A 类 人员"), unwrap("完成24年各项 工作"), unwrap("共需3312\\n00元")
    ('Windows 10 系统', 'A 类人员', '完成24年各项工作', '共需331200元')
    >>> unwrap("每月1200元、2 3人", (0, 9)), unwrap("每月1200元、2 3人")
    ('每月1200元、23人', '每月1200元、2 3人')
    """
    stripped = text.strip()
    if not _GAP.search(stripped):
        return stripped
    code = _SPACED_CODE.match(stripped)
    if code and _GAP.search(code[0]):
        stripped = re.sub(r"\s+", "", code[0]) + stripped[code.end() :].lstrip()
        if not _GAP.search(stripped):
            return stripped
    result, line, position, newline = "", "", 0, False
    for gap in [*_GAP.finditer(stripped), None]:
        piece = stripped[position : gap.start() if gap else len(stripped)]
        if position:
            full = newline or _full(line, piece, width)
            joint = _joint(result, piece, full)
            result += joint
            # a blank that stays belongs to the same printed line as what follows it
            line = f"{line} {piece}" if joint and not full else piece
        else:
            line = piece
        result += piece
        if gap:
            position, newline = gap.end(), "\n" in gap[0]
    return result
