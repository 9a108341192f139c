"""Office files that the libraries do not open, for no fault of what is written in their cells."""

import io
import re
import zipfile

import docx
import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from budgetperf.readers import read

TEMPLATES = [
    "openxmlformats-officedocument.wordprocessingml.template",
    "ms-word.document.macroEnabled",
    "ms-word.template.macroEnabledTemplate",
]


def changed(tmp_path, data, parts, name):
    """The file with other contents of some parts: name → a function of what it holds."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(tmp_path / name, "w") as target:
        for part in archive.namelist():
            content = archive.read(part).decode() if part in parts else archive.read(part)
            if part in parts:
                before, content = content, parts[part](content)
                assert content != before
            target.writestr(part, content)
    return tmp_path / name


def texts(path):
    return read(path).cells["text"].tolist()


def document():
    made = docx.Document()
    table = made.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "项目名称", "道路养护"
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def workbook():
    book = Workbook()
    book.active.append(["项目名称", "道路养护", 0.95, "旧值"])
    book.active["C1"].number_format = "0.0%"
    book.active["D1"].font = Font(strike=True)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", TEMPLATES)
def test_a_template_is_a_document(tmp_path, kind):
    known = "openxmlformats-officedocument.wordprocessingml.document"
    declared = {"[Content_Types].xml": lambda types: types.replace(known + ".main", kind + ".main")}
    path = changed(tmp_path, document(), declared, "a.docx")
    assert texts(path) == ["项目名称", "道路养护"]


@pytest.mark.parametrize(("kind", "read_so"), [("image", True), ("header", False)])
def test_a_picture_that_is_not_there_is_none_but_a_text_that_is_not_there_is_missed(tmp_path, kind, read_so):
    more = f'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="../NULL"/>'
    add = lambda relations: relations.replace("</Relationships>", more + "</Relationships>")  # noqa: E731
    path = changed(tmp_path, document(), {"word/_rels/document.xml.rels": add}, "a.docx")
    if read_so:
        assert texts(path) == ["项目名称", "道路养护"]
    else:
        with pytest.raises(Exception, match="读不出来"):
            read(path)


FAULTS = [
    ("docProps/core.xml", lambda part: re.sub(r"(<dcterms:created[^>]*>)[^<]*", r"\g<1>2024年3月5日", part)),
    ("xl/styles.xml", lambda part: part.replace('<family val="2"', '<family val="134"')),
    ("xl/styles.xml", lambda part: part.replace('xfId="0" builtinId="0"', 'xfId="many" builtinId="0"')),
    (
        "xl/styles.xml",
        lambda part: part.replace("<cellXfs>", '<cellXfs count="many">').replace("<xf ", '<xf applyFont="perhaps" '),
    ),
    ("xl/workbook.xml", lambda part: re.sub(r"<calcPr[^>]*>", '<calcPr calcMode="never" calcId="x"/>', part)),
]


@pytest.mark.parametrize(("part", "fault"), FAULTS)
def test_parts_that_openpyxl_refuses_cost_no_value(tmp_path, part, fault):
    reading = read(changed(tmp_path, workbook(), {part: fault}, "a.xlsx"))
    assert reading.cells["text"].tolist() == ["项目名称", "道路养护", "95.0%"]
    assert [remark.note for remark in reading.remarks] == ["1 处划去的文字，没有读取"]


def test_marks_of_looks_that_cannot_be_read_are_said(tmp_path):
    """A colour or a number format may decide what a cell shows."""
    fault = lambda part: re.sub(r'<color theme="1"\s*/>', '<color rgb="unknown"/>', part)  # noqa: E731
    reading = read(changed(tmp_path, workbook(), {"xl/styles.xml": fault}, "a.xlsx"))
    assert reading.cells["text"].tolist() == ["项目名称", "道路养护", "95.0%"]
    assert [remark.check for remark in reading.remarks if not remark.passed] == ["hidden"]
