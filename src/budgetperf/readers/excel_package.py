"""Workbooks whose list of sheets or styles openpyxl does not read: made such as it reads, in memory."""

import copy
import io
import zipfile

from lxml import etree
from openpyxl.descriptors.serialisable import Serialisable
from openpyxl.styles.borders import Border
from openpyxl.styles.cell_style import CellStyle
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.fills import Fill
from openpyxl.styles.fonts import Font
from openpyxl.styles.numbers import NumberFormat
from openpyxl.xml.functions import fromstring

from budgetperf.readers.package import rewritten

STYLES = "xl/styles.xml"
_WORKBOOK = "xl/workbook.xml"
_ENTRIES: dict[str, type[Serialisable]] = {
    "numFmts": NumberFormat, "fonts": Font, "fills": Fill, "borders": Border, "cellStyleXfs": CellStyle,
    "cellXfs": CellStyle, "dxfs": DifferentialStyle,
}  # fmt: skip
# Marks by which nothing is unseen
_NO_LOOK = {"family", "charset", "scheme", "name", "sz", "alignment", "protection", "extLst"}
LARGEST = 20_000  # entries of styles that are tried one by one


def openable_workbook(data: bytes) -> tuple[bytes, int]:
    """A (checked) workbook of which openpyxl can't read the list of sheets or the styles, without what it can't read
    there; and in how many places the looks of cells were lost with it.

    Everything else of the file is as it was. Nothing is changed where nothing was at fault.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names, changed, lost = archive.namelist(), {}, 0
        if _WORKBOOK in names:
            changed[_WORKBOOK] = _only_sheets(archive.read(_WORKBOOK))
        if STYLES in names:
            changed[STYLES], lost = _readable_styles(archive.read(STYLES))
        return rewritten(archive, changed) or data, lost


def _only_sheets(content: bytes) -> bytes:
    """The list of sheets and the way dates are counted; views, names, caches and the rest are not read."""
    root = etree.fromstring(content, _parser())
    for child in list(root):
        kind = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if kind == "workbookPr":
            for other in [key for key in child.attrib if key != "date1904"]:
                del child.attrib[other]
        elif kind != "sheets":
            root.remove(child)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _readable_styles(content: bytes) -> tuple[bytes, int]:
    """Styles without the marks in them that openpyxl refuses, and how many of these a cell may be unseen by."""
    root, lost = etree.fromstring(content, _parser()), 0
    for part in list(root):
        kind = etree.QName(part).localname if isinstance(part.tag, str) else ""
        if kind not in _ENTRIES:
            root.remove(part)  # names of styles, styles of tables, palettes: no cell's look hangs on them alone
            continue
        part.attrib.clear()  # how many there are said to be
        for entry in list(part)[:LARGEST]:
            if isinstance(entry.tag, str) and not _reads(entry, _ENTRIES[kind]):
                lost += _mended(entry, _ENTRIES[kind])
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8"), lost


def _mended(entry: etree._Element, kind: type[Serialisable]) -> int:
    """Takes what does not read out of an entry of the styles; how many marks that bear on what is seen it took."""
    lost = 0
    if kind is Fill and not len(entry):  # no fill
        etree.SubElement(entry, etree.QName(entry.getparent(), "patternFill"))
        return lost
    for child in list(entry):
        alone = etree.Element(entry.tag)
        alone.append(copy.deepcopy(child))
        if not _reads(alone, kind):
            entry.remove(child)
            lost += etree.QName(child).localname not in _NO_LOOK
    for name, value in list(entry.attrib.items()):
        if _reads(entry, kind):
            return lost
        del entry.attrib[name]
        if not _reads(entry, kind):
            entry.set(name, value)  # another is at fault
        else:
            lost += name not in _NO_LOOK
    if not _reads(entry, kind):
        lost += 1
        entry[:] = []
        entry.attrib.clear()
        if kind is Fill:
            etree.SubElement(entry, etree.QName(entry.getparent(), "patternFill"))
        if kind is NumberFormat:  # known by its number, not by its place
            entry.getparent().remove(entry)
    return lost


def _reads(entry: etree._Element, kind: type[Serialisable]) -> bool:
    try:
        return kind.from_tree(fromstring(etree.tostring(entry, with_tail=False))) is not None
    except Exception:
        return False


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
