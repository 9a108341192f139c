"""Broken, oversized and malicious files: each gives a right reading or an Unreadable that says what to do."""

import contextlib
import io
import random
import struct
import time
import zipfile
import zlib

import docx
import psutil
import pytest
from openpyxl import Workbook

from budgetperf.errors import InputError, Unreadable
from budgetperf.readers import read

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SOME_ROWS = [["一级", "二级", "三级"], ["产出", "数量", "人数"]]


def workbook_bytes(rows=SOME_ROWS):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def document_bytes():
    document = docx.Document()
    document.add_paragraph("标题")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def with_parts(data, parts, compression=zipfile.ZIP_DEFLATED):
    """An Office file with some parts replaced or added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", compression) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return buffer.getvalue()


def with_sheet(body, head=""):
    """A workbook whose only sheet holds this XML."""
    sheet = f'<?xml version="1.0" encoding="UTF-8"?>{head}<worksheet {MAIN}>{body}</worksheet>'
    return with_parts(workbook_bytes(), {"xl/worksheets/sheet1.xml": sheet})


def cell(place, text):
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def saved(tmp_path, data, name="a.bin"):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def refused(path, *words):
    """The error for a file that is refused in bounded time, in Chinese and with something to do."""
    start = time.process_time()
    with pytest.raises(Unreadable) as caught:
        read(path)
    assert time.process_time() - start < 20
    assert "请" in caught.value.fix
    for word in words:
        assert word in caught.value.what
    return caught.value


# ---- what a file is


def test_missing_file_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match="没有这个文件"):
        read(tmp_path / "none.xlsx")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "空的"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "图片"),
        (b"\xff\xd8\xff\xe0", "图片"),
        (b"Rar!\x1a\x07", "压缩包"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "没有可读的内容"),
        (b"\x00\x01\x02\x03" * 100, "二进制"),
        (b"PK\x03\x04" + b"\x99" * 100, "损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版 Office"),
    ],
)
def test_formats_that_are_not_read(tmp_path, data, word):
    refused(saved(tmp_path, data, "a.xlsx"), word)


def test_zip_without_a_document(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "x")
    refused(saved(tmp_path, buffer.getvalue(), "a.docx"), "压缩包")


def test_random_bytes_behind_every_signature(tmp_path):
    noise = random.Random(1)
    for start in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html>\x00\xff"):
        for size in (0, 10, 5000):
            path = saved(tmp_path, start + noise.randbytes(size))
            try:
                assert read(path).format == "html"
            except Unreadable as error:
                assert "请" in error.fix


def test_format_is_told_by_content_not_by_name(tmp_path):
    assert read(saved(tmp_path, workbook_bytes(), "a.html")).format == "xlsx"
    assert read(saved(tmp_path, document_bytes(), "a.xlsx")).format == "docx"
    page = read(saved(tmp_path, "\r\n<!-- x --><table><tr><td>甲</table>", "a.xls"))
    assert (page.format, page.cells["text"].tolist()) == ("html", ["甲"])


# ---- containers


def ole_directory(*names):
    """As much of an OLE container as tells what it holds."""
    entries = b"".join(name.encode("utf-16-le").ljust(64, b"\0") + b"\0" * 64 for name in names)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + entries


@pytest.mark.parametrize("name", ["a.xlsx", "a.docx"])
def test_encrypted_office_file(tmp_path, name):
    error = refused(saved(tmp_path, ole_directory("Root Entry", "EncryptionInfo", "EncryptedPackage"), name), "密码")
    assert "取消密码" in error.fix


def test_old_word_document_and_broken_old_workbook(tmp_path):
    refused(saved(tmp_path, ole_directory("Root Entry", "WordDocument")), ".doc")
    refused(saved(tmp_path, ole_directory("Root Entry", "Workbook")), ".xls")


def test_encrypted_zip(tmp_path):
    data = bytearray(workbook_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(mark, place + 4)
    refused(saved(tmp_path, bytes(data)), "密码")


@pytest.mark.parametrize("make", [workbook_bytes, document_bytes])
def test_truncated_and_damaged_files(tmp_path, make):
    data = make()
    for share in (0.1, 0.5, 0.9, 0.99):
        refused(saved(tmp_path, data[: int(len(data) * share)]))
    noise = random.Random(2)
    for _ in range(40):
        damaged = bytearray(data)
        for _ in range(20):
            damaged[noise.randrange(len(data))] = noise.randrange(256)
        try:
            read(saved(tmp_path, bytes(damaged)))
        except Unreadable as error:
            assert "请" in error.fix


def test_missing_parts(tmp_path):
    for make in (workbook_bytes, document_bytes):
        names = zipfile.ZipFile(io.BytesIO(make())).namelist()
        for gone in names:
            buffer = io.BytesIO()
            with zipfile.ZipFile(io.BytesIO(make())) as old, zipfile.ZipFile(buffer, "w") as new:
                for name in names:
                    if name != gone:
                        new.writestr(name, old.read(name))
            try:
                assert len(read(saved(tmp_path, buffer.getvalue())).cells)
            except Unreadable as error:
                assert "请" in error.fix


# ---- bombs


def peak_growth(path):
    """Megabytes of memory by which the process stands higher after the call than before."""
    process = psutil.Process()
    before = process.memory_info().rss
    with contextlib.suppress(Unreadable):
        read(path)
    return (process.memory_info().rss - before) / 2**20


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/media/image1.png"])
def test_zip_bomb_of_one_part(tmp_path, part):
    data = with_parts(workbook_bytes(), {part: b" " * (100 * 2**20)})
    assert len(data) < 2**20
    path = saved(tmp_path, data)
    refused(path, "过大")
    assert peak_growth(path) < 100


def test_zip_bomb_of_many_parts(tmp_path):
    block = b"<a>" + b" " * (15 * 2**20)
    path = saved(tmp_path, with_parts(document_bytes(), {f"word/p{k}.xml": block for k in range(9)}))
    refused(path, "过大")


def test_sizes_in_the_directory_that_lie(tmp_path):
    """A part that says it unpacks to 1,000 bytes and unpacks to 50 MB: no more than 1,000 are ever unpacked."""
    real = b" " * (50 * 2**20)
    data = with_parts(workbook_bytes(), {"xl/worksheets/sheet1.xml": real})
    lying = data.replace(struct.pack("<I", len(real)), struct.pack("<I", 1000))
    assert lying != data
    path = saved(tmp_path, lying)
    refused(path, "损坏")
    assert peak_growth(path) < 50


def test_packing_that_office_never_uses(tmp_path):
    refused(saved(tmp_path, with_parts(workbook_bytes(), {"xl/x.xml": b"x" * 1000}, zipfile.ZIP_LZMA)), "压缩方法")


def test_more_tags_than_memory_would_bear(tmp_path):
    body = b"<w:document>" + b"<w:p/>" * 4_000_000
    packed = zlib.compress(body)
    assert len(packed) < 2**20
    refused(saved(tmp_path, with_parts(document_bytes(), {"word/document.xml": body})), "过大")


def test_more_formats_than_excel_allows(tmp_path):
    styles = f"<styleSheet {MAIN}><cellXfs>{'<xf/>' * 600_000}</cellXfs></styleSheet>"
    refused(saved(tmp_path, with_parts(workbook_bytes(), {"xl/styles.xml": styles})), "过大")


# ---- XML tricks

LAUGHS = "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{k} '{f'&a{k - 1};' * 10}'>" for k in range(1, 12))
OUTSIDE = "<!DOCTYPE x [<!ENTITY a11 SYSTEM 'file:///etc/passwd'>"


@pytest.mark.parametrize("declared", [LAUGHS + "]>", OUTSIDE + "]>"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_in_office_files(tmp_path, declared, encoding):
    sheet = f"<?xml version='1.0' encoding='{encoding}'?>{declared}<worksheet {MAIN}><sheetData><row>"
    sheet += cell("A1", "&a11;") + "</row></sheetData></worksheet>"
    data = with_parts(workbook_bytes(), {"xl/worksheets/sheet1.xml": sheet.encode(encoding)})
    refused(saved(tmp_path, data), "实体声明")
    text = f"<?xml version='1.0' encoding='{encoding}'?>{declared}<w:document>&a11;</w:document>"
    data = with_parts(document_bytes(), {"word/document.xml": text.encode(encoding)})
    refused(saved(tmp_path, data), "实体声明")


def test_entities_in_html_are_not_expanded(tmp_path):
    for declared in (LAUGHS, OUTSIDE):
        page = f"<?xml version='1.0'?>{declared}]><html><body><p>&a11;甲</p></body></html>"
        reading = read(saved(tmp_path, page.replace("DOCTYPE x", "DOCTYPE html")))
        joined = "".join(reading.cells["text"])
        assert "&a11;甲" in joined and "haha" not in joined and "root:" not in joined


# ---- sheets


def test_sheet_of_100000_cells(tmp_path):
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in range(10_000):
        sheet.append([f"指标{row}", "≥", row / 100, "个", None, "产出", "数量", 1, 2, "甲"])
    book.save(tmp_path / "a.xlsx")
    start = time.process_time()
    cells = read(tmp_path / "a.xlsx").cells
    assert time.process_time() - start < 30
    assert len(cells) == 100_000
    assert cells["text"].iloc[99_992] == "99.99"


def test_dimension_that_claims_a_whole_sheet(tmp_path):
    body = '<dimension ref="A1:XFD1048576"/><sheetData><row r="1">' + "".join(cell(f"{col}1", "甲") for col in "ABC")
    body += '</row><row r="2">' + "".join(cell(f"{col}2", "乙") for col in "ABC") + "</row></sheetData>"
    assert read(saved(tmp_path, with_sheet(body))).cells["text"].tolist() == ["甲"] * 3 + ["乙"] * 3


def test_cells_at_the_far_corner(tmp_path):
    body = '<sheetData><row r="1">' + "".join(cell(f"{col}1", "甲") for col in "ABC")
    body += f'</row><row r="1048576">{cell("XFD1048576", "远")}</row></sheetData>'
    cells = read(saved(tmp_path, with_sheet(body))).cells
    assert cells["text"].tolist() == ["甲"] * 3 + ["远"]
    assert cells["table"].tolist() == [1, 1, 1, 0]


def test_styled_but_empty_cells_without_end(tmp_path):
    """Formats pulled over whole rows: 100 rows of 16,384 styled cells, text in the first three."""
    last = "".join(f'<c r="{place}" s="0"/>' for place in ["D{0}", "XFD{0}"])
    rows = "".join(
        f'<row r="{k}">' + "".join(cell(f"{col}{k}", "甲") for col in "ABC") + last.format(k) + "</row>"
        for k in range(1, 101)
    )
    start = time.process_time()
    assert len(read(saved(tmp_path, with_sheet(f"<sheetData>{rows}</sheetData>"))).cells) == 300
    assert time.process_time() - start < 20


def test_far_cells_in_very_many_rows(tmp_path):
    rows = "".join(f'<row r="{k}"><c r="XFD{k}"><v>1</v></c></row>' for k in range(1, 5001))
    refused(saved(tmp_path, with_sheet(f"<sheetData>{rows}</sheetData>")), "过大")


@pytest.mark.parametrize("ref", ["A1:XFD1048576", "A1:A1048576", "A1:XFD1", "B2:XFD1048576", "A:A", "1:3"])
def test_absurd_merges(tmp_path, ref):
    body = '<sheetData><row r="1">' + "".join(cell(f"{col}1", "甲") for col in "ABC")
    body += '</row><row r="2">' + "".join(cell(f"{col}2", "乙") for col in "ABC") + "</row></sheetData>"
    body += f'<mergeCells count="1"><mergeCell ref="{ref}"/></mergeCells>'
    start = time.process_time()
    cells = read(saved(tmp_path, with_sheet(body))).cells
    assert time.process_time() - start < 20
    assert cells["text"].iloc[0] == "甲"
    assert cells["rowspan"].max() <= 3 and cells["colspan"].max() <= 3


def test_merges_without_number_or_sense(tmp_path):
    row = f'<sheetData><row r="1">{cell("A1", "甲")}{cell("B1", "乙")}{cell("C1", "丙")}</row></sheetData>'
    many = "".join(f'<mergeCell ref="A{k}:XFD{k + 900}"/>' for k in range(1, 3000))
    for merges in (many, '<mergeCell ref="A1:B1"/><mergeCell ref="B1:C1"/>', '<mergeCell ref="C1:A1"/>'):
        start = time.process_time()
        try:
            cells = read(saved(tmp_path, with_sheet(f"{row}<mergeCells>{merges}</mergeCells>"))).cells
            assert cells["text"].iloc[0] == "甲"
        except Unreadable as error:
            assert "请" in error.fix
        assert time.process_time() - start < 20


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="5"><c r="A5"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>',
        '<row r="99999999"><c r="A1"><v>1</v></c></row>',
        '<row r="0"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="ZZZ1"><v>1</v></c></row>',
        '<row r="1"><c r="甲1"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>999</v></c></row>',
        '<row r="1"><c r="A1" s="999"><v>9</v></c></row>',
    ],
)
def test_forged_places_and_indexes_are_refused_not_dropped(tmp_path, rows):
    refused(saved(tmp_path, with_sheet(f"<sheetData>{rows}</sheetData>")))


def test_formula_written_as_text_stays_text(tmp_path):
    row = [["=cmd|' /C calc'!A0", "+1", "@SUM(A1)"]]
    book = Workbook()
    book.active.append(row[0])
    book.active["A1"].data_type = "s"
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx").cells["text"].tolist() == row[0]


# ---- HTML


@pytest.mark.parametrize("tag", ["<div>", "<b>", "<table><tr><td>", "<table>", "<td>", "<table><form>"])
def test_deeply_nested_html(tmp_path, tag):
    page = f"<html><body><p>首</p>{tag * 100_000}<p>尾</p>"
    start = time.process_time()
    try:
        joined = "".join(read(saved(tmp_path, page)).cells["text"])
        assert joined == "首尾"
    except Unreadable as error:
        assert "嵌套" in error.what
    assert time.process_time() - start < 20


@pytest.mark.parametrize("tag", ["<div>", "<table><tr><td>", "<table><form>", "<span>"])
def test_html_nested_as_deep_as_is_read(tmp_path, tag):
    page = f"<html><body><p>首</p>{tag * 600}尾"
    assert read(saved(tmp_path, page)).cells["text"].tolist() == ["首", "尾"]


def test_html_with_huge_spans(tmp_path):
    first = "<tr>" + "<td rowspan=65534 colspan=1000>甲" * 15
    row = "<tr>" + "<td colspan=1000>乙" * 4
    start = time.process_time()
    cells = read(saved(tmp_path, f"<html><table>{first}{row * 5000}</table>")).cells
    assert time.process_time() - start < 20
    assert cells["rowspan"].max() == 5001 and cells["colspan"].max() == 1000
    refused(saved(tmp_path, f"<html><table>{first}<tr>{'<td colspan=1000>乙' * 30}</table>"), "过大")


def test_html_of_very_many_tags(tmp_path):
    refused(saved(tmp_path, "<html>" + "<b>" * 2_000_000), "过大")


def test_html_with_scripts_and_markup_in_text(tmp_path):
    page = "<html><script>document.write('<td>假</td>')</script>"
    page += "<table><tr><td onclick='x()'>&lt;script&gt;1&lt;/script&gt;</table>"
    assert read(saved(tmp_path, page)).cells["text"].tolist() == ["<script>1</script>"]


def test_html_cut_off_in_the_middle(tmp_path):
    assert read(saved(tmp_path, "<html><table><tr><td>甲</td><td>乙")).cells["text"].tolist() == ["甲", "乙"]
