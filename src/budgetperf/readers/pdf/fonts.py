"""Codes in a PDF's text → characters and the boxes they take up."""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

UNMAPPED = "\ufffd"  # stands for a character that the font does not tell
TOO_MANY = 3  # codes of one font for one letter or digit from which they are not believed
MOST_OF_ASCII = 60  # of its 94 characters: a font that tells so many by their codes has its codes from there
EM_ABOVE, EM_BELOW = 0.88, 0.12  # the em square of Chinese type about its baseline; fonts' own ascents are unreliable


def reader_of(font) -> Callable[[int, str], str]:
    """The function that gives a code's text in this font, UNMAPPED where the font does not tell.

    playa falls back on the bare code there, which is gibberish to a reader.
    """
    table = getattr(font, "tounicode", None)
    mapped = table is not None or not font.multibyte or getattr(font, "unicode_map", None) is not None
    size = 2 if font.multibyte else 1
    codes = (
        {int.from_bytes(code, "big"): text for code, text in table.bytes2unicode.items() if len(code) == size}
        if table
        else {}
    )
    values = set(table.bytes2unicode.values()) if table else set()
    identity = not font.multibyte or type(getattr(font, "cmap", None)).__name__ == "IdentityCMap"
    names = getattr(font, "_cid2unicode", {})
    false = false_codes(codes) if identity else set()
    by_code = read_by_code(font)
    known: dict[tuple[int, str], str] = {}

    def read(cid: int, text: str) -> str:
        found = known.get((cid, text))
        if found is None:
            found = text if mapped else ""
            if table is not None and not ((cid in codes) if identity and codes else (text in values)):
                found = names.get(cid, "") or (" " if text == " " else "")
            if cid in false:
                found = chr(cid) if chr(cid) in by_code else ""
            found = known[(cid, text)] = _plain(found) if _is_readable(found) else UNMAPPED
        return found

    return read


def false_codes(codes: dict[int, str]) -> set[int]:
    """Codes whose texts a font gives cannot be what it shows: private or no characters, and several digits all told to
    be one.

    >>> sorted(false_codes({0x30: "9", 0x31: "9", 0x39: "9", 0x41: "A", 0x42: "\ue042"}))
    [48, 49, 57, 66]
    """
    of_text: dict[str, list[int]] = {}
    for code, text in codes.items():
        of_text.setdefault(text, []).append(code)
    alike = {code for text, group in of_text.items() if text.isalnum() and len(group) >= TOO_MANY for code in group}
    return alike | {code for code, text in codes.items() if code and not _is_readable(text)}


def read_by_code(font) -> str:
    """The characters that a font tells falsely and that its codes tell: those of ASCII, where all its others are."""
    table = getattr(font, "tounicode", None)
    if table is None or font.multibyte:
        return ""
    codes = {code[0]: text for code, text in table.bytes2unicode.items() if len(code) == 1}
    false = false_codes(codes)
    return "".join(chr(code) for code in sorted(false) if 0x20 < code < 0x7F) if _is_ascii(codes, false) else ""


def _is_ascii(codes: dict[int, str], false: set[int]) -> bool:
    """Whether a font's codes are ASCII: nearly all of them are told to be so, and none is told to be another of it."""
    told = {code: text for code, text in codes.items() if 0x20 < code < 0x7F and code not in false}
    return len(told) >= MOST_OF_ASCII and all(text == chr(code) for code, text in told.items())


def boxes_of(font) -> Callable[[object], Iterator[tuple]]:
    """The function that gives the characters of a text object in this font: text, turn (see Glyph), and box (x0, y0, x1,
    y1)."""
    from playa.utils import mult_matrix

    if font.vertical or font.matrix[0] != 0.001:
        text_of = reader_of(font)
        return lambda thing: _font_boxes(thing, text_of)
    letters = _letters_of(font)
    return lambda thing: _em_boxes(thing, letters, mult_matrix(thing.line_matrix, thing.ctm))


def spacing_of(thing) -> float:
    """Points that a text operation sets all its characters apart by, beyond their widths."""
    from playa.utils import mult_matrix

    state = thing.gstate
    if state.charspace <= 0:
        return 0.0
    return state.charspace * state.scaling * 0.01 * math.hypot(*mult_matrix(thing.line_matrix, thing.ctm)[:2])


def _letters_of(font) -> Callable[[bytes], list[tuple[str, float, bool]]]:
    """The function that gives the characters of a string of codes in a horizontal font: text, how far each moves the
    pen in ems, and whether word spacing follows.

    A table prints the same strings over and over: each is decoded once.
    """
    text_of = reader_of(font)
    spaced = not font.multibyte
    alphabet: dict[tuple[str, float, bool], tuple[str, float, bool]] = {}
    known: dict[bytes, list[tuple[str, float, bool]]] = {}

    def letters(codes: bytes) -> list[tuple[str, float, bool]]:
        found = known.get(codes)
        if found is None:
            found = known[codes] = []
            for cid, text in _decoded(font, codes):
                letter = (text_of(cid, text or ""), font.hdisp(cid), spaced and cid == 32)
                found.append(alphabet.setdefault(letter, letter))  # a string may be as long as the file
        return found

    return letters


def _decoded(font, codes: bytes) -> Iterable[tuple[int, str | None]]:
    """The CID and text of each code in a string. A code that the font's CMap leaves out counts as long as the others that
    begin so, without text (a viewer shows its empty box): playa passes over its first byte and falls out of step."""
    tree = getattr(getattr(font, "cmap", None), "code2cid", None)
    if not tree or font.tounicode is not None or font.unicode_map is None:
        yield from font.decode(codes)
        return
    in_unicode = re.search("UCS2|UTF16", font.cmap.attrs.get("CMapName", "")) is not None
    for code, cid in divided(tree, codes, 2 if in_unicode else 1):
        if cid is not None:
            yield cid, font.unicode_map.get_unichr(cid)
        elif not in_unicode or unicodedata.category(chr(int.from_bytes(code[:2], "big"))) not in ("Cc", "Cf", "Zs"):
            yield 0, None


def divided(tree: dict, codes: bytes, shortest: int) -> Iterator[tuple[bytes, int | None]]:
    """A string divided into the codes of a CMap, each with its CID; None for one that the CMap leaves out.

    >>> tree = {0x4E: {0x00: 7, 0x01: 8}, 0x4F: {0x00: 9}}
    >>> list(divided(tree, bytes([0x06, 0x4E, 0x4E, 0x00, 0x4F, 0xFF, 0x4E, 0x01]), 2))
    [(b'\\x06N', None), (b'N\\x00', 7), (b'O\\xff', None), (b'N\\x01', 8)]
    """
    at = 0
    while at < len(codes):
        node, end = tree, at
        while isinstance(node, dict) and end < len(codes):
            node, end = node.get(codes[end]), end + 1
        if not isinstance(node, int):
            node, end = None, min(at + max(shortest, _depth(tree.get(codes[at]))), len(codes))
        yield codes[at:end], node
        at = end


def _depth(node: dict | int | None) -> int:
    """How many bytes a code has whose first one leads to this node."""
    return 1 + (_depth(next(iter(node.values()))) if isinstance(node, dict) else 0)


def _em_boxes(thing, letters, matrix) -> Iterator[tuple]:
    """The characters of a text object in a horizontal font, each in its em box.

    The same sums as playa's own glyphs, without an object for each: half of a page's time went there.
    """
    state = thing.gstate
    size, stretch = state.fontsize, state.scaling * 0.01
    a, b, c, d, e, f = matrix
    position, base = thing._glyph_offset
    rise = base + state.rise
    upright = b == 0 and c == 0
    above, below = size * EM_ABOVE, -size * EM_BELOW
    lift, drop = sorted((d * above, d * below))
    y = d * rise + f
    y0, y1 = y + lift, y + drop
    turn = _turn(a * size * stretch, b * size * stretch)
    for piece in thing.args:
        if isinstance(piece, (int, float)):
            position -= piece * 0.001 * size * stretch
            continue
        for text, advance, spaced in letters(piece):
            wide = (advance or 0.5) * size * stretch
            if upright:
                x = a * position + e
                end = x + a * wide
                yield (text, turn, x, y0, end, y1) if x <= end else (text, turn, end, y0, x, y1)
            else:
                corners = [(position + w, rise + h) for w in (0, wide) for h in (below, above)]
                xs, ys = [a * u + c * v + e for u, v in corners], [b * u + d * v + f for u, v in corners]
                yield text, turn, min(xs), min(ys), max(xs), max(ys)
            position += (advance * size + state.charspace + (state.wordspace if spaced else 0)) * stretch
    thing._next_glyph_offset = (position, base)


def _font_boxes(thing, text_of) -> Iterator[tuple]:
    """The same for fonts written downwards or drawn by the page itself (Type 3): the boxes their fonts give."""
    for glyph in thing:
        yield text_of(glyph.cid, glyph.text or ""), _turn(*glyph.matrix[:2]), *glyph.bbox


def _turn(a: float, b: float) -> int:
    """Quarter turns clockwise of text whose matrix begins with a, b; -1 where it is slanted."""
    if abs(b) <= 0.05 * abs(a):
        return 0 if a > 0 else 2
    if abs(a) <= 0.05 * abs(b):
        return 1 if b > 0 else 3
    return -1


def _is_readable(text: str) -> bool:
    return bool(text) and all(
        c in "\t\n\r" or (c != UNMAPPED and unicodedata.category(c) not in ("Cc", "Co", "Cn", "Cs")) for c in text
    )


def _plain(text: str) -> str:
    """A character as the font gives it, without what has no width; a blank that keeps words together as a blank.
    Radicals and compatibility forms, which font subsets map to, become characters later, on record (mend/characters.py).

    >>> _plain("\\u200b"), _plain("％"), _plain("\\xa0")
    ('', '％', ' ')
    """
    return text.translate(_UNSEEN)


_NO_WIDTH = (0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF)
_UNSEEN = {0xA0: " ", 0x09: " ", 0x0A: " ", 0x0D: " ", **dict.fromkeys(_NO_WIDTH, "")}
