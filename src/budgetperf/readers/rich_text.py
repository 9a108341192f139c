"""Texts of a workbook of which a part is struck out or raised."""

import zipfile
from collections import Counter

from lxml import etree

from budgetperf.readers.flow import raised

_PART = "xl/sharedStrings.xml"
_MARKS = (b"strike", b"vertAlign", b'"FFFFFFFF"', b'theme="0"')


def marked_strings(archive: zipfile.ZipFile) -> dict[str, tuple[str, Counter]]:
    """Number of a text that cells share → the text as `marked_text` gives it; only those with marked parts."""
    if _PART not in archive.namelist():
        return {}
    content = archive.read(_PART)
    if not any(mark in content for mark in _MARKS):
        return {}
    found, number = {}, 0
    with archive.open(_PART) as stream:
        for _, element in etree.iterparse(stream, tag="{*}si", resolve_entities=False, no_network=True, load_dtd=False):
            if (marked := marked_text(element)) is not None:
                found[str(number)] = marked
            number += 1
            element.clear()
    return found


def marked_text(element: etree._Element) -> tuple[str, Counter] | None:
    """The text of runs without what is struck out and without raised marks of notes, and what was left out, in words;
    None where nothing in it is marked.

    >>> runs = "<si><r><rPr><strike/></rPr><t>90</t></r><r><t>95</t></r></si>"
    >>> marked_text(etree.fromstring(runs)), marked_text(etree.fromstring("<si><t>95</t></si>"))
    (('95', Counter({'划去的文字': 1})), None)
    """
    seen, unseen, marked = "", Counter(), False
    on_paper = any(_is_black(run) and run.findtext("{*}t", "").strip() for run in element.iterfind("{*}r"))
    for run in element.iterfind("{*}r"):
        text = run.findtext("{*}t", "")
        strike, raise_ = run.find("{*}rPr/{*}strike"), run.find("{*}rPr/{*}vertAlign")
        if strike is not None and strike.get("val", "1") not in ("0", "false"):
            unseen["划去的文字"] += bool(text.strip())
            marked, text = True, ""
        elif on_paper and text.strip() and _is_white(run):
            unseen["白色的文字"] += 1
            marked, text = True, ""
        elif raise_ is not None and raise_.get("val") == "superscript" and text.strip():
            kept = raised(seen, text)
            unseen["注码"] += not kept
            marked, text = True, kept
        seen += text
    return (seen, +unseen) if marked else None


def _is_white(run: etree._Element) -> bool:
    colour = run.find("{*}rPr/{*}color")
    return colour is not None and (colour.get("rgb", "")[-6:].upper() == "FFFFFF" or colour.get("theme") == "0")


def _is_black(run: etree._Element) -> bool:
    """Whether a run is printed in black, which no one prints upon a dark ground."""
    colour = run.find("{*}rPr/{*}color")
    return colour is None or colour.get("rgb", "")[-6:] == "000000" or colour.get("theme") == "1"
