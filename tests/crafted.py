"""Files made to take all memory or time, or that are not what they seem: each drawn by a function of the folder it goes into.

`benchmarks/crafted.py` builds each and measures; the cheap ones are tests too (`tests/test_reader_crafted.py`).
"""

import io
import os
import struct
import zipfile
import zlib
from pathlib import Path

from raw_pdf import FIRST, show, stream, table, write_pdf
from test_reader_hostile import LAUGHS, cell, document_bytes, with_parts, with_sheet, workbook_bytes
from test_reader_pdf_crafted import CRAFTED as PDFS

LINE = "\t".join(["产出指标", "数量指标", "补助人数", "≥", "90", "人", "40"]) + "\n"


def png(width: int, height: int, depth: int = 1) -> bytes:
    """A blank picture of that many points, its data whole."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = b"\0" * (1 + (width * depth + 7) // 8)
    packer, packed = zlib.compressobj(9), b""
    for _ in range(height):
        packed += packer.compress(row)
    head = struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed + packer.flush()) + chunk(b"IEND", b"")


def jp2(width: int, height: int) -> bytes:
    """The head of a JPEG 2000 code stream that claims so many points."""
    size = struct.pack(">HIIIIIIIIH", 0, width, height, 0, 0, width, height, 0, 0, 1) + b"\x07\x01\x01"
    return b"\xff\x4f\xff\x51" + struct.pack(">H", len(size) + 2) + size + b"\xff\xd9"


def jbig2(width: int, height: int) -> bytes:
    """A JBIG2 page information segment that claims so many points."""
    return struct.pack(">IBBBI", 0, 48, 0, 1, 19) + struct.pack(">IIIIBH", width, height, 0, 0, 0, 0)


def picture_pdf(path: Path, data: bytes, packing: str, width: int = 60_000, height: int = 60_000) -> Path:
    """A page filled by one picture: a scan that is larger than any scanner makes."""
    entries = f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /BitsPerComponent 1 /ColorSpace /DeviceGray {packing}"
    image = f"<< {entries} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"
    return write_pdf(path, "600 0 0 400 0 0 cm /I Do", [image], resources=f"/XObject << /I {FIRST} 0 R >>")


def xfa(path: Path) -> Path:
    """A dynamic form: its only page asks to wait for a program that can show it."""
    words = show(60, 300, "Please wait...") + show(60, 280, "If this message is not eventually replaced")
    form = f"/AcroForm << /Fields [] /XFA [(template) {FIRST} 0 R] >> /NeedsRendering true"
    return write_pdf(
        path, words, [stream("<template xmlns='http://www.xfa.org/schema/xfa-template/2.8/'/>")], catalog=form
    )


def portfolio(path: Path) -> Path:
    """A cover sheet; the documents themselves are attached."""
    inside = stream(write_pdf(path, table()).read_bytes(), "/Type /EmbeddedFile")
    file = f"<< /Type /Filespec /F (a.pdf) /UF (a.pdf) /EF << /F {FIRST} 0 R >> >>"
    names = f"/Names << /EmbeddedFiles << /Names [(a.pdf) {FIRST + 1} 0 R] >> >> /Collection << /Type /Collection /View /D >>"
    return write_pdf(
        path, show(60, 300, "For the best experience, open this PDF portfolio"), [inside, file], catalog=names
    )


def _bytes(data: bytes):
    return lambda path: path.write_bytes(data)


def _flood(path: Path) -> None:
    write_pdf(path, stream(b"0 0 m 1 1 l S\n" * 30_000_000, packed=True))


def _zip(path: Path, parts: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def _nested_zip(path: Path) -> None:
    data = b" " * (100 * 2**20)
    for level in range(4):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for copy in range(1 if level == 0 else 10):
                archive.writestr(f"{copy}.{'txt' if level == 0 else 'zip'}", data)
        data = buffer.getvalue()
    path.write_bytes(data)


def _tree_in_a_circle(path: Path) -> None:
    data = write_pdf(path, table()).read_bytes()
    path.write_bytes(data.replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]"))


def _odd_files(path: Path) -> None:
    os.mkfifo(path / "pipe.pdf")
    (path / "loop.xlsx").symlink_to("loop.xlsx")
    (path / "zero.txt").symlink_to("/dev/zero")
    (path / "again").symlink_to(path)
    with open(os.fsencode(path) + b"/" + "预算.txt".encode("gbk"), "wb") as file:
        file.write(LINE.encode())


BIG, SMALL = True, False
# name → (ending, function of the path, BIG: takes longer than a test should)
CRAFTED = {
    "xlsx：一个部件解开 400 MB": ("xlsx", lambda p: _bytes(with_parts(workbook_bytes(), {"xl/worksheets/sheet1.xml": b" " * (400 * 2**20)}))(p), BIG),
    "docx：九个部件共 135 MB": ("docx", lambda p: _bytes(with_parts(document_bytes(), {f"word/p{k}.xml": b"<a>" + b" " * (15 * 2**20) for k in range(9)}))(p), BIG),
    "docx：四百万个段落": ("docx", lambda p: _bytes(with_parts(document_bytes(), {"word/document.xml": b"<w:document>" + b"<w:p/>" * 4_000_000}))(p), BIG),
    "docx：嵌套两千层的表": ("docx", lambda p: _bytes(with_parts(document_bytes(), {"word/document.xml": _nested_tables(2000)}))(p), SMALL),
    "xlsx：实体连环展开": ("xlsx", lambda p: _bytes(with_parts(workbook_bytes(), {"xl/worksheets/sheet1.xml": LAUGHS + "]><worksheet>&a11;</worksheet>"}))(p), SMALL),
    "xlsx：声称占满整张表": ("xlsx", lambda p: _bytes(with_sheet('<dimension ref="A1:XFD1048576"/><sheetData><row r="1048576">' + cell("XFD1048576", "远") + "</row></sheetData>"))(p), SMALL),
    "xlsx：合并整张表": ("xlsx", lambda p: _bytes(with_sheet("<sheetData><row>" + cell("A1", "甲") + '</row></sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'))(p), SMALL),
    "zip：压缩包套压缩包四层": ("zip", _nested_zip, BIG),
    "zip：名称指向包外": ("zip", lambda p: _zip(p, {"../../a.txt": LINE.encode() * 4}), SMALL),
    "html：十万层标签": ("html", lambda p: _bytes(b"<html>" + b"<div>" * 100_000)(p), SMALL),
    "html：一百万个单元格": ("html", lambda p: _bytes(b"<html><table>" + b"<tr><td>1" * 1_000_000)(p), BIG),
    "html：跨一百万行列": ("html", lambda p: _bytes(b"<html><table>" + b"<tr><td rowspan=1000000 colspan=1000000>a" * 50)(p), SMALL),
    "txt：十七万五千短行": ("txt", lambda p: _bytes(b"a\n" * 175_000)(p), BIG),
    "txt：十七万五千指标行": ("txt", lambda p: _bytes(LINE.encode() * 175_000)(p), BIG),
    "txt：200 MB 文字": ("txt", lambda p: _bytes(LINE.encode() * (200 * 2**20 // len(LINE.encode())))(p), BIG),
    "txt：一行 50 MB": ("txt", lambda p: _bytes("预".encode() * (50 * 2**20 // 3))(p), BIG),
    "txt：一行五百万个制表符": ("txt", lambda p: _bytes(b"a\t" * 5_000_000)(p), BIG),
    "txt：全是零字节": ("txt", lambda p: _bytes(b"\0" * 20_000_000)(p), BIG),
    **{f"pdf：{words}": ("pdf", PDFS[name], SMALL) for name, words in {
        "a row too wide": "预测器一行二十亿列", "a length that is its own stream": "长度指向自己", "two lengths in a circle": "两个长度互指",
    }.items()},
    "pdf：页面解开 420 MB": ("pdf", _flood, BIG),
    "pdf：页树成环": ("pdf", _tree_in_a_circle, SMALL),
    "pdf：数组嵌套五万层": ("pdf", lambda p: write_pdf(p, table(), page=f"/A {'[' * 50_000}{']' * 50_000}"), SMALL),
    "pdf：页面十亿点见方": ("pdf", lambda p: write_pdf(p, table(), size=(10**9, 10**9)), SMALL),
    "pdf：一页十万条线": ("pdf", lambda p: write_pdf(p, "".join(f"{k % 600} {k % 400} m {k % 599} 400 l S\n" for k in range(100_000))), BIG),
    "pdf：六万点见方的图": ("pdf", lambda p: picture_pdf(p, zlib.compress(b"\0" * (60_000 * 7_500)), "/Filter /FlateDecode"), BIG),
    "pdf：JPEG 2000 声称六万点见方": ("pdf", lambda p: picture_pdf(p, jp2(60_000, 60_000), "/Filter /JPXDecode"), SMALL),
    "pdf：JBIG2 声称六万点见方": ("pdf", lambda p: picture_pdf(p, jbig2(60_000, 60_000), "/Filter /JBIG2Decode"), SMALL),
    "png：六万点见方的图": ("png", lambda p: _bytes(png(60_000, 60_000))(p), BIG),
    "pdf：动态表单（XFA）": ("pdf", xfa, SMALL),
    "pdf：文件包（Portfolio）": ("pdf", portfolio, SMALL),
    "文件夹：管道、设备、环形链接、GBK 名称": ("", _odd_files, SMALL),
}  # fmt: skip


def _nested_tables(deep: int) -> bytes:
    name = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    opened, closed = "<w:tbl><w:tr><w:tc>" * deep, "</w:tc></w:tr></w:tbl>" * deep
    return f"<w:document {name}><w:body>{opened}{closed}</w:body></w:document>".encode()


def draw(name: str, folder: Path) -> Path:
    """The file, or folder of files, of that name."""
    ending, write, _ = CRAFTED[name]
    path = folder / (f"a.{ending}" if ending else "odd")
    if not ending:
        path.mkdir()
    write(path)
    return path
