"""`to_docx`: the tables as a Word document with gridSpan and vMerge, as Word itself writes them."""

from pathlib import Path

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from .table import Block, blocks


def to_docx(
    truths: dict | list[dict], path: str | Path, font: str = "宋体", lines_as: str = "break", remark: str = ""
) -> None:
    """Write a Word document of one or several truths.

    lines_as: a line break inside a cell is a "break" in its paragraph or a new "paragraph"; remark: a paragraph
    that stands between the tables.
    """
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    style = document.styles["Normal"]
    style.font.name, style.font.size = font, Pt(9)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    for truth in truths if isinstance(truths, list) else [truths]:
        for block in blocks(truth):
            document.add_paragraph(block.title).alignment = WD_ALIGN_PARAGRAPH.CENTER
            document.add_paragraph(block.caption).alignment = WD_ALIGN_PARAGRAPH.RIGHT
            _table(document, block, lines_as)
            document.add_paragraph(remark)
    document.save(str(path))


def _table(document, block: Block, lines_as: str) -> None:
    table = document.add_table(rows=0, cols=len(block.fields))
    table.style = "Table Grid"
    starts = {(c.row, c.col): c for c in block.cells}
    below = {(c.row + k, c.col): c for c in block.cells for k in range(1, c.rowspan)}
    for row in range(block.rows):
        line = OxmlElement("w:tr")
        for col in range(len(block.fields)):
            cell, start = starts.get((row, col)), True
            if cell is None:
                cell, start = below.get((row, col)), False
            if cell is not None:
                line.append(_cell(cell, start, lines_as))
        table._tbl.append(line)


def _cell(cell, start: bool, lines_as: str):
    """A w:tc: with its text where the merge starts, empty and continued below."""
    box = OxmlElement("w:tc")
    properties = OxmlElement("w:tcPr")
    if cell.colspan > 1:
        span = OxmlElement("w:gridSpan")
        span.set(qn("w:val"), str(cell.colspan))
        properties.append(span)
    if cell.rowspan > 1:
        merge = OxmlElement("w:vMerge")
        if start:
            merge.set(qn("w:val"), "restart")
        properties.append(merge)
    box.append(properties)
    lines = cell.text.split("\n") if start else [""]
    for group in [[line] for line in lines] if lines_as == "paragraph" else [lines]:
        paragraph = OxmlElement("w:p")
        run = OxmlElement("w:r")
        for k, line in enumerate(group):
            if k:
                run.append(OxmlElement("w:br"))
            text = OxmlElement("w:t")
            text.text = line
            text.set(qn("xml:space"), "preserve")
            run.append(text)
        paragraph.append(run)
        box.append(paragraph)
    return box
