"""Codes in a PDF's text → characters and the boxes they take up."""

import unicodedata
from collections.abc import Callable

UNMAPPED = "\ufffd"  # stands for a character that the font does not tell
EM_ABOVE, EM_BELOW = 0.88, 0.12  # the em square of Chinese type about its baseline; fonts' own ascents are unreliable


def reader_of(font) -> Callable[[int, str], str]:
    """The function that gives a code's text in this font, UNMAPPED where the font does not tell.

    playa falls back on the bare code there, which is gibberish to a reader.
    """
    table = getattr(font, "tounicode", None)
    mapped = table is not None or not font.multibyte or getattr(font, "unicode_map", None) is not None
    size = 2 if font.multibyte else 1
    by_code = {int.from_bytes(code, "big") for code in table.bytes2unicode if len(code) == size} if table else set()
    values = set(table.bytes2unicode.values()) if table else set()
    identity = not font.multibyte or type(getattr(font, "cmap", None)).__name__ == "IdentityCMap"
    names = getattr(font, "_cid2unicode", {})
    known: dict[tuple[int, str], str] = {}

    def read(cid: int, text: str) -> str:
        found = known.get((cid, text))
        if found is None:
            found = text if mapped else ""
            if table is not None and not ((cid in by_code) if identity and by_code else (text in values)):
                found = names.get(cid, "") or (" " if text == " " else "")
            found = known[(cid, text)] = _plain(found) if _is_readable(found) else UNMAPPED
        return found

    return read


def em_boxes(thing, font):
    """Code, text, matrix and em box of each glyph of a text object in a horizontal font.

    The same sums as playa's own glyphs, without an object for each: half of a page's time went there.
    """
    from playa.utils import mult_matrix

    state = thing.gstate
    size, stretch = state.fontsize, state.scaling * 0.01
    a, b, c, d, e, f = mult_matrix(thing.line_matrix, thing.ctm)
    matrix = (a * size * stretch, b * size * stretch, c * size, d * size, e, f)
    position, base = thing._glyph_offset
    rise = base + state.rise
    upright = b == 0 and c == 0
    above, below = size * EM_ABOVE, -size * EM_BELOW
    lift, drop = sorted((d * above, d * below))
    word_space = 0 if font.multibyte else state.wordspace
    for piece in thing.args:
        if isinstance(piece, (int, float)):
            position -= piece * 0.001 * size * stretch
            continue
        for cid, text in font.decode(piece):
            advance = font.hdisp(cid)
            wide = (advance or 0.5) * size * stretch
            if upright:
                x, y = a * position + e, d * rise + f
                end = x + a * wide
                box = (x, y + lift, end, y + drop) if x <= end else (end, y + lift, x, y + drop)
            else:
                corners = [(position + w, rise + h) for w in (0, wide) for h in (below, above)]
                xs, ys = [a * u + c * v + e for u, v in corners], [b * u + d * v + f for u, v in corners]
                box = (min(xs), min(ys), max(xs), max(ys))
            if box[0] < box[2] and box[1] < box[3]:
                yield cid, text or "", matrix, box
            position += (advance * size + state.charspace + (word_space if cid == 32 else 0)) * stretch
    thing._next_glyph_offset = (position, base)


def font_boxes(thing):
    """The same for fonts written downwards or drawn by the page itself (Type 3): the boxes their fonts give."""
    for glyph in thing:
        box = glyph.bbox
        if box[0] < box[2] and box[1] < box[3]:
            yield glyph.cid, glyph.text or "", glyph.matrix, box


def _is_readable(text: str) -> bool:
    return bool(text) and all(
        c in "\t\n\r" or (c != UNMAPPED and unicodedata.category(c) not in ("Cc", "Co", "Cn", "Cs")) for c in text
    )


def _plain(text: str) -> str:
    """A character as a reader sees it: radicals and compatibility forms, which font subsets map to, as the Chinese
    characters they are; characters of no width left out; a blank that keeps words together as a blank.

    >>> _plain("\\u2f00"), _plain("％"), _plain("\\xa0")
    ('一', '％', ' ')
    """
    if len(text) == 1 and ("\u2e80" <= text <= "\u2fdf" or "\uf900" <= text <= "\ufaff"):
        return unicodedata.normalize("NFKC", text)
    return text.translate(_UNSEEN)


_NO_WIDTH = (0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF)
_UNSEEN = {0xA0: " ", 0x09: " ", 0x0A: " ", 0x0D: " ", **dict.fromkeys(_NO_WIDTH, "")}
