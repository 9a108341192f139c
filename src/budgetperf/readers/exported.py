"""What exporting programs write in place of what they mean: entities of web pages, escapes, words for nothing."""

import html
import re
from decimal import Decimal

import pandas as pd

from budgetperf.tables.cells import Reading, Remark

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});")
_NOTHING = {"NULL", "null", "(null)", "\\N", "None", "nan", "NaN", "undefined"}
PICTURE = re.compile(r"=?(?:_xlfn\.)?DISPIMG\(")  # how WPS writes a picture in a cell
_ODD = re.compile(r'[&$\\\\]|^(?:="|=?(?:_xlfn\.)?DISPIMG|\d\.\d+[Ee]|[\'’`]\d)')
_POWER = re.compile(r"\d\.(\d+)[Ee]\+?(\d{1,2})")
_AS_TEXT = re.compile(r'="([^"]*)"')  # how exports keep Excel from making numbers of codes
_MARKED = re.compile(r"^['’`](?=[\d.,]+%?$)")  # the same, by a mark before the number that Excel does not show


_FORMULA = re.compile(r"\$\s*([^$]{1,80}?)\s*\$")
_SIGNS = {
    r"\geqslant": "≥", r"\leqslant": "≤", r"\geq": "≥", r"\leq": "≤", r"\ge": "≥", r"\le": "≤", r"\gt": ">", r"\lt": "<",
    r"\times": "×", r"\sim": "~", r"\pm": "±", r"\circ": "°", r"\%": "%", r"\,": "", r"\ ": "",
}  # fmt: skip
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|[%, ])")
_IS_FORMULA = re.compile(r"\$[^$]*\\[A-Za-z]+[^$]*\$")
_OF_FORMULA = re.compile(r"[=<>≥≤\\]")


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
    text = _FORMULA.sub(_without_commands, _MARKED.sub("", _AS_TEXT.sub(r"\1", text)))
    if "&" in text:
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text).replace("\u00a0", " ")
    if "\\" in text:
        text = text.replace("\\r", "").replace("\\n", "\n").replace("\\t", " ")
    return text.strip()


def _without_commands(found: re.Match) -> str:
    """A formula between marks, as recognisers write a sign with its number ($ \\geq 95\\% $), as it is printed; itself where
    a command is left or it is none."""
    if not _OF_FORMULA.search(found[1]):
        return found[0]
    plain = _COMMAND.sub(lambda command: _SIGNS.get(command[0], command[0]), found[1])
    return found[0] if "\\" in plain or "{" in plain else re.sub(r"\s+", "", plain)


def without_export_marks(reading: Reading) -> Reading:
    """A reading of such a file with what is meant in its cells; a remark for each page says what was taken so."""
    texts = reading.cells["text"].tolist()
    meant = [as_meant(text) for text in texts]
    changed: dict[int, list[str]] = {}
    left: dict[int, list[str]] = {}
    for page, text, other in zip(reading.cells["page"].tolist(), texts, meant, strict=True):
        if other != text:
            changed.setdefault(page, []).append(text)
        if _IS_FORMULA.search(other):
            left.setdefault(page, []).append(other)
    if not changed and not left:
        return reading
    cells = reading.cells.assign(text=pd.Series(meant, index=reading.cells.index, dtype="object"))
    if reading.format == "text":
        cells = cells[cells["text"] != ""].reset_index(drop=True)
    said = [Remark(page, "exported", True, _said(found)) for page, found in sorted(changed.items())]
    said += [Remark(page, "exported", False, _unread(found)) for page, found in sorted(left.items())]
    return reading._replace(cells=cells, remarks=(*reading.remarks, *said))


def _unread(found: list[str]) -> str:
    return f"{len(found)} 格是没有还原的公式，照原样留下：“{found[0][:20]}”"


def _said(found: list[str]) -> str:
    examples = "、".join(f"“{text[:12]}”" for text in dict.fromkeys(found[:50]))
    return f"{len(found)} 格按导出程序的写法还原：{examples}"
