"""What exporting programs write in place of what they mean: entities of web pages, escapes, words for nothing."""

import html
import re
from decimal import Decimal

import pandas as pd

from budgetperf.tables.cells import Reading, Remark

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});")
_NOTHING = {"NULL", "null", "(null)", "\\N", "None", "nan", "NaN", "undefined"}
PICTURE = re.compile(r"=?(?:_xlfn\.)?DISPIMG\(")  # how WPS writes a picture in a cell
_ODD = re.compile(r'[&\\\\]|^(?:="|=?(?:_xlfn\.)?DISPIMG|\d\.\d+[Ee]|[\'’`]\d)')
_POWER = re.compile(r"\d\.(\d+)[Ee]\+?(\d{1,2})")
_AS_TEXT = re.compile(r'="([^"]*)"')  # how exports keep Excel from making numbers of codes
_MARKED = re.compile(r"^['’`](?=[\d.,]+%?$)")  # the same, by a mark before the number that Excel does not show


def as_meant(text: str) -> str:
    """The text that a program wrote in its own way.

    >>> [as_meant(text) for text in ("&ge;", "95&#37;", "NULL", "甲\\\\n乙", '="0123"', "'20", "A&B;", "1.25E+2", "6.3E+20")]
    ['≥', '95%', '', '甲\\n乙', '0123', '20', 'A&B;', '125', '6.3E+20']
    """
    if text in _NOTHING or not _ODD.search(text):
        return "" if text in _NOTHING else text
    if PICTURE.match(text):
        return ""
    if (power := _POWER.fullmatch(text)) and len(power[1]) >= int(power[2]):
        return format(Decimal(text), "f")  # with fewer decimals, digits were lost
    text = _MARKED.sub("", _AS_TEXT.sub(r"\1", text))
    if "&" in text:
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text).replace("\u00a0", " ")
    if "\\" in text:
        text = text.replace("\\r", "").replace("\\n", "\n").replace("\\t", " ")
    return text.strip()


def without_export_marks(reading: Reading) -> Reading:
    """A reading of such a file with what is meant in its cells; a remark for each page says what was taken so."""
    texts = reading.cells["text"].tolist()
    meant = [as_meant(text) for text in texts]
    changed: dict[int, list[str]] = {}
    for page, text, other in zip(reading.cells["page"].tolist(), texts, meant, strict=True):
        if other != text:
            changed.setdefault(page, []).append(text)
    if not changed:
        return reading
    cells = reading.cells.assign(text=pd.Series(meant, index=reading.cells.index, dtype="object"))
    if reading.format == "text":
        cells = cells[cells["text"] != ""].reset_index(drop=True)
    said = [Remark(page, "exported", True, _said(found)) for page, found in sorted(changed.items())]
    return reading._replace(cells=cells, remarks=(*reading.remarks, *said))


def _said(found: list[str]) -> str:
    examples = "、".join(f"“{text[:12]}”" for text in dict.fromkeys(found[:50]))
    return f"{len(found)} 格按导出程序的写法还原：{examples}"
