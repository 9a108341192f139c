"""Formats that LibreOffice turns into one that is read, and what is said where it is missing or fails."""

import io
import sys
import zipfile

import docx
import pytest
from openpyxl import Workbook

from budgetperf.errors import Unreadable
from budgetperf.readers import format_of, office, read


def packed(**files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le").ljust(64, b"\0")
MIMETYPE = "application/vnd.oasis.opendocument."
EXAMPLES = {
    "doc": OLE,
    "rtf": b"{\\rtf1 a}",
    "ods": packed(mimetype=MIMETYPE + "spreadsheet"),
    "odt": packed(mimetype=MIMETYPE + "text"),
    "xlsb": packed(**{"xl/workbook.bin": b""}),
    "spreadsheetml": b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
    "wordml": b'<?xml version="1.0"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"/>',
}


def program(tmp_path, monkeypatch, body):
    """A stand-in for LibreOffice: a script that gets its arguments, `out` being the folder of its results."""
    script = tmp_path / "soffice"
    script.write_text(
        f"#!{sys.executable}\nimport sys, os, time, shutil\nout = sys.argv[sys.argv.index('--outdir') + 1]\n"
        f"os.makedirs(out)\n{body}\n"
    )
    script.chmod(0o755)
    monkeypatch.setattr(office.shutil, "which", lambda name: str(script))


@pytest.mark.parametrize("kind", EXAMPLES)
def test_each_format_is_known_and_without_the_program_its_way_is_named(tmp_path, monkeypatch, kind):
    assert format_of(EXAMPLES[kind]) == kind and kind in office.CONVERTED
    monkeypatch.setattr(office.shutil, "which", lambda name: None)
    (tmp_path / "a").write_bytes(EXAMPLES[kind])
    with pytest.raises(Unreadable, match="LibreOffice") as caught:
        read(tmp_path / "a")
    assert f"另存为 .{office.CONVERTED[kind][2]}" in caught.value.fix


@pytest.mark.parametrize(("kind", "suffix"), [("rtf", "docx"), ("ods", "xlsx")])
def test_what_the_program_makes_is_read_and_said(tmp_path, monkeypatch, kind, suffix):
    document, book = docx.Document(), Workbook()
    document.add_paragraph("绩效目标表")
    document.save(tmp_path / "made.docx")
    book.active.append(["绩效目标表"])
    book.save(tmp_path / "made.xlsx")
    program(tmp_path, monkeypatch, f"shutil.copy({str(tmp_path / 'made.')!r} + {suffix!r}, out + '/document.{suffix}')")
    (tmp_path / "a.wps").write_bytes(EXAMPLES[kind])
    reading = read(tmp_path / "a.wps")
    assert reading.format == suffix and reading.cells["text"].tolist() == ["绩效目标表"]
    assert [remark.check for remark in reading.remarks] == ["converted"]


def test_a_program_that_fails_or_does_not_end_is_stopped_and_told(tmp_path, monkeypatch):
    (tmp_path / "a.rtf").write_bytes(EXAMPLES["rtf"])
    program(tmp_path, monkeypatch, "sys.exit(3)")
    with pytest.raises(Unreadable, match="退出码 3"):
        read(tmp_path / "a.rtf")
    program(tmp_path, monkeypatch, "time.sleep(60)")
    monkeypatch.setattr(office, "SECONDS", 0.3)
    with pytest.raises(Unreadable, match="超过"):
        read(tmp_path / "a.rtf")


def test_ofd_is_named_with_the_way_to_convert_it():
    with pytest.raises(Unreadable, match="OFD") as caught:
        format_of(packed(**{"OFD.xml": "<ofd/>"}))
    assert "PDF" in caught.value.fix
