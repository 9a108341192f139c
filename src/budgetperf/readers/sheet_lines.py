"""Texts that a sheet shows outside its cells: the head of its printed page, and text boxes."""

import re

from lxml import etree

_SECTION = re.compile(r"&([LCR])")
_CODE = re.compile(r'&(?:"[^"]*"|\d+|K(?:[0-9A-Fa-f]{6}|\d\d[+-]\d{3})|[A-Za-z])')
_NUMBERING = re.compile(r"&[PNDT]")  # page, pages, date, time: of this print, not of the document
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"


def header_lines(code: str) -> list[str]:
    """The lines of a page's head as Excel writes it, the middle first.

    >>> header_lines('&R单位：万元&C&"宋体,加粗"&14 绩效目标表&L第 &P 页')
    ['绩效目标表', '单位：万元']
    """
    parts = _SECTION.split(code.replace("&&", "\0"))
    sections = [("C", parts[0]), *zip(parts[1::2], parts[2::2], strict=True)]
    sections.sort(key=lambda section: "CLR".index(section[0]))
    texts = [_CODE.sub("", text).replace("\0", "&") for _, text in sections if not _NUMBERING.search(text)]
    return [line.strip() for text in texts for line in text.split("\n") if line.strip()]


def text_boxes(drawing: etree._Element) -> list[tuple[int, str]]:
    """(the row that a text box begins in, one of its lines) of a sheet's drawing."""
    found = []
    for anchor in drawing:
        row = anchor.findtext(f"{_DRAWING}from/{_DRAWING}row")
        for shape in anchor.iter(_DRAWING + "sp"):
            if shape.find(f"{_DRAWING}nvSpPr/{_DRAWING}cNvPr[@hidden='1']") is None:
                lines = ("".join(paragraph.itertext("{*}t")).strip() for paragraph in shape.iter("{*}p"))
                found += [(int(row or 0) + 1, line) for line in lines if line]
    return found
