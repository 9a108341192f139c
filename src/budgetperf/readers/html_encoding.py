"""In which encoding a web page is written: what it states, unless its bytes say otherwise."""

import codecs
import re

import pandas as pd

from budgetperf.errors import Unreadable
from budgetperf.tables.cells import Remark

DAMAGE_LIMIT = 0.001  # share of characters that may be broken before the page counts as unreadable
_CHINESE = re.compile("[\u3400-\u9fff]")
_CHARSET = re.compile(rb"<meta[^>]+?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"^\s*<\?xml[^>]+?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_TABLES = re.compile(r"<table\b.*?</table>", re.IGNORECASE | re.DOTALL)
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def decode(data: bytes) -> tuple[str, str]:
    """Text of an HTML file and a note where its own statement of the encoding was wrong or some characters are broken.

    >>> decode('<meta charset="gb2312"><p>镕'.encode("gb18030"))
    ('<meta charset="gb2312"><p>镕', '')
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = _attempt(data[len(mark) :], encoding, damaged=True)
            if text is None:
                break
            broken = text.count("\ufffd")
            return text, f"有 {broken} 处文字损坏，读作 \ufffd" if broken else ""
    stated = _CHARSET.search(data[:8192]) or _XML_CHARSET.search(data[:1024])
    named = _known(stated[1].decode("ascii", "replace")) if stated else ""
    for encoding, damaged in [("utf-8", False), (named, False), (named, True), ("utf-8", True), ("gb18030", False)]:
        text = _attempt(data, encoding, damaged)
        # Bytes that are Chinese in UTF-8 are so by no chance, whatever the page states
        if text is None or (encoding == "utf-8" != named and named and not damaged and not _CHINESE.search(text)):
            continue
        notes = [f"网页声明的编码是 {named}，实际按 {encoding} 读出"] if named and encoding != named else []
        if broken := text.count("\ufffd") if damaged else 0:
            notes.append(f"有 {broken} 处文字损坏，读作 \ufffd")
        return text, "；".join(notes)
    raise Unreadable("网页的文字编码认不出来，会读成乱码", "请用浏览器打开后，另存为 UTF-8 编码的网页再读")


def damage_outside(page: int, cells: pd.DataFrame) -> list[Remark]:
    """A failed remark where lines outside the tables of a page cannot be read: they may name a unit or a year.

    >>> cells = pd.DataFrame({"table": [0, 1], "text": ["\\ufffd\\ufffd单位", "甲"]})
    >>> [remark.passed for remark in damage_outside(1, cells)], damage_outside(1, cells[1:])
    ([False], [])
    """
    broken = [text for text, table in zip(cells["text"], cells["table"], strict=True) if not table and "\ufffd" in text]
    words = f"表外有 {len(broken)} 行文字损坏，读不出：“{broken[0][:12]}”" if broken else ""
    return [Remark(page, "encoding", False, words)] if broken else []


def _attempt(data: bytes, encoding: str, damaged: bool) -> str | None:
    """The text in that encoding, `damaged` with a few broken places; None where it cannot be."""
    if not encoding:
        return None
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode(encoding, errors="replace") if damaged else ""
        tables = "".join(_TABLES.findall(text))  # around them other pages may be laid in as they were
        whole = tables and _CHINESE.search(tables) and "\ufffd" not in tables
        return text if whole or 0 < text.count("\ufffd") <= max(1, DAMAGE_LIMIT * len(text)) else None


def _known(name: str) -> str:
    """Python's name of an encoding; GB2312 and GBK as GB18030, which holds them. "" for unknown ones."""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return ""
    if found in ("utf-16", "utf-16-le", "utf-16-be"):  # a page whose statement can be read is not UTF-16
        return ""
    return "gb18030" if found in ("gb2312", "gbk", "gb18030", "hz") else found
