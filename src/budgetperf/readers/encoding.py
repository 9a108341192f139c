"""In which encoding a text file is written, and text that was once read in a wrong one."""

import codecs

from charset_normalizer import from_bytes

from budgetperf.errors import Unreadable
from budgetperf.field.vocabulary import simplified

_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_WORDS = ("绩效", "指标", "项目", "预算", "单位", "目标", "金额", "数量", "质量", "满意度", "分值", "万元")
SAMPLE = 200_000  # characters in which the field's words are looked for
SURE = 3  # different words of the field: no text shows them by chance in a wrong encoding
RARE_ZEROS = 0.01  # share of zero bytes that a text may hold
# wrong reading → the encoding that the bytes were in; undone only where every character goes back
_MISREAD = [
    ("latin-1", "utf-8"), ("cp1252", "utf-8"), ("gb18030", "utf-8"), ("latin-1", "gb18030"), ("cp1252", "gb18030"),
]  # fmt: skip


def decode(data: bytes) -> tuple[str, str]:
    """Text of a file in UTF-8, UTF-16, GB18030 or Big5, and a note where it had been read wrongly before it was saved.

    Raises Unreadable for binary data and for text in another encoding.

    >>> decode("合计\\t68.00".encode("gb18030")), decode(b"\\xef\\xbb\\xbfA")
    (('合计\\t68.00', ''), ('A', ''))
    >>> decode("項目單位\\t績效目標\\t預算".encode("big5"))[0]
    '項目單位\\t績效目標\\t預算'
    >>> decode("项目绩效指标目标".encode().decode("latin-1").encode())
    ('项目绩效指标目标', '文字曾按 latin-1 误读而成乱码，已按 utf-8 还原')
    """
    return _undone(_decoded(data))


def _decoded(data: bytes) -> str:
    for bom, encoding in _BOMS.items():
        if data.startswith(bom):
            return _strict(data, encoding)
    filled = data.rstrip(b"\0")
    data = data if 0 in filled or len(data) - len(filled) < 2 else filled  # a block of the disk filled up with zeros
    zeros = data[:65536].count(0)
    if zeros > RARE_ZEROS * min(len(data), 65536):
        found = max((_attempt(data, encoding) for encoding in ("utf-16-le", "utf-16-be")), key=known_words)
        if known_words(found) >= SURE:
            return found
        raise Unreadable(
            "文件不是文本（含有二进制内容）", "请确认文件类型；可读 PDF、xlsx、docx、html 和制表符或逗号分隔的文本"
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        big5 = _attempt(data, "big5hkscs")
        if known_words(big5) >= SURE and known_words(big5) > known_words(_attempt(data, "gb18030")):
            return big5
    text = _strict(data, "gb18030")
    # GB18030 decodes nearly any bytes: what comes out must look like Chinese
    chinese = sum("\u4e00" <= c <= "\u9fff" for c in text[:20000])
    strange = sum("\ue000" <= c <= "\uf8ff" or c == "\ufffd" or ord(c) > 0xFFFF for c in text[:20000])
    rare = sum("\u3400" <= c <= "\u4dbf" for c in text[:20000])
    if chinese < 2 or (strange + rare) * 20 > chinese:
        guess = from_bytes(data[:50000]).best()
        hint = f"（可能是 {guess.encoding}）" if guess else ""
        raise Unreadable(f"文字编码无法识别{hint}", "请另存为 UTF-8 编码后重试")
    return text


def known_words(text: str) -> int:
    """How many different words of the field a text shows."""
    sample = simplified(text[:SAMPLE])
    return sum(word in sample for word in _WORDS)


def _undone(text: str) -> tuple[str, str]:
    """The text as it was before it was read in a wrong encoding, and a note; as it is where that is not beyond doubt."""
    if known_words(text) == 0:
        for wrong, right in _MISREAD:
            try:
                meant = text.encode(wrong).decode(right)
            except UnicodeError:
                continue
            if known_words(meant) >= SURE:
                return meant, f"文字曾按 {wrong} 误读而成乱码，已按 {right} 还原"
    return text, ""


def _attempt(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return ""


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        # utf-8-sig counts from behind its mark
        place = error.start + 1 + (len(codecs.BOM_UTF8) if encoding == "utf-8-sig" else 0)
        raise Unreadable(f"文字编码有误：第 {place} 字节处不是有效的 {encoding}", "请另存为 UTF-8 编码后重试") from None
