"""A document → Cells. One module a format; `read` picks it by the file's content, not by its name."""

import io
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from budgetperf.errors import InputError, Unreadable
from budgetperf.readers.encoding import decode
from budgetperf.readers.html_files import is_mhtml, together
from budgetperf.readers.office import CONVERTED, converted
from budgetperf.readers.package import encrypted, unflattened

if TYPE_CHECKING:
    from budgetperf.tables.cells import Reading  # it loads pandas, which takes a while

OLD_OFFICE_LIMIT = 64 * 2**20
_HEAD = 64 * 1024
_OFFICE_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_PACKED = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_HTML = re.compile(
    r"^\s*(?:<\?xml[^>]*>|<!--.*?-->|\s)*<(?:!doctype\s+html|html|head|body|frameset|link|meta|title|style|table|div|p|span|center|h[1-6])\b",
    re.IGNORECASE | re.DOTALL,
)
_TABLE = re.compile(r"<table\b[^>]*>\s*<(?:caption|thead|tbody|tr)\b", re.IGNORECASE)
_JSON = re.compile(r"\s*(?:\[\s*)?\{\s*\"")
_XML_KINDS = {
    "schemas-microsoft-com:office:spreadsheet": "spreadsheetml",
    "schemas.microsoft.com/office/word/2003/wordml": "wordml",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.text": "odt",
    "schemas.microsoft.com/office/2006/xmlPackage": "flat",
}
_KNOWN = "请改用 PDF、Excel（.xlsx、.xls）、Word（.docx）、网页或文本文件"


def read(path: Path, progress=None, data: bytes | None = None) -> "Reading":
    """The printed cells of a document, whatever its format.

    `data` are the file's bytes where the caller has read them already. `progress(done, total)` is called after each
    page of a PDF. Raises Unreadable for a document that cannot be read,
    InputError where there is no such file.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     target = Path(folder) / "named.pdf"
    ...     _ = target.write_text("<html><table><tr><td>甲", encoding="utf-8")
    ...     read(target).format
    'html'
    """
    from budgetperf.readers.exported import without_export_marks
    from budgetperf.tables.cells import Remark

    path = Path(path)
    if data is None and not path.is_file():
        raise InputError(f"没有这个文件：{path}。请核对路径。")
    try:
        data = together(path, path.read_bytes()) if data is None else data
        kind = format_of(data)
        if kind == "flat":
            data = unflattened(data)
            kind = format_of(data)
        if kind == "pdf":
            return _reader(kind)(path, progress)
        if kind in CONVERTED:
            data, target = converted(data, kind)
            remark = Remark(1, "converted", True, f"{CONVERTED[kind][0]}由 LibreOffice 转换成 .{target} 后读取")
            reading = _reader(target)(data)
            return without_export_marks(reading._replace(remarks=(remark, *reading.remarks)))
        if kind == "image":
            return _reader(kind)(data, progress)
        return without_export_marks(_reader(kind)(data))
    except OSError as error:
        raise Unreadable(f"文件打不开（{error.strerror or error}）", "请核对文件权限，或复制一份再读") from error
    except MemoryError as error:
        raise Unreadable("文件过大，内存不够", "请拆成几个文件，或删去与绩效目标表无关的部分后再读") from error


def _reader(kind: str):
    """The reading function of a format; imported only when needed, some take a second to load."""
    if kind == "pdf":
        from budgetperf.readers.pdf import read_pdf as reader
    elif kind == "xlsx":
        from budgetperf.readers.excel import read_xlsx as reader
    elif kind == "xls":
        from budgetperf.readers.excel_old import read_xls as reader
    elif kind == "docx":
        from budgetperf.readers.word import read_docx as reader
    elif kind == "image":
        from budgetperf.readers.scan.image import read_image as reader
    elif kind == "json":
        from budgetperf.readers.records import read_json as reader
    elif kind == "html":
        from budgetperf.readers.html import read_html as reader
    else:
        from budgetperf.readers.text import read_text as reader
    return reader


def format_of(data: bytes) -> str:
    """pdf, image, xlsx, xls, docx, flat (one XML file of a .docx), html, json or text, or a key of CONVERTED, by the file's content.

    Raises Unreadable for an empty file and for formats that are known but not read.
    """
    head = data[:_HEAD]
    if not head:
        raise Unreadable("文件是空的（0 字节）", "请重新下载或向发布单位索取原件")
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"):
        return _zip_format(data)
    if head.startswith(_OFFICE_OLD):
        return _old_office_format(data)
    if head.startswith(_PICTURES):
        return "image"
    if head.startswith(_PACKED):
        raise Unreadable("这是压缩包", "请先解压，再读里面的文件")
    if head.startswith(b"{\\rtf"):
        return "rtf"
    text = _start_of_text(head)
    for mark, kind in _XML_KINDS.items():
        if mark in text[:4096]:
            return kind
    if is_mhtml(head):
        return "html"
    if _HTML.match(text) or _TABLE.search(text):
        return "html"
    if _JSON.match(text):
        return "json"
    if "\0" in text:
        _check_text(data)
    return "text"


def _check_text(data: bytes) -> None:
    """Raises Unreadable for data with zero bytes that is no text: UTF-16 has them, and damaged text a few."""
    try:
        decode(data)
    except Unreadable as error:
        raise Unreadable("文件是认不出的二进制内容", _KNOWN) from error


def _start_of_text(head: bytes) -> str:
    """The head of a text file, well enough to tell formats: tags are ASCII in every encoding but UTF-16."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", errors="replace")
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")


def _zip_format(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            mimetype = archive.read("mimetype")[:200] if "mimetype" in names else b""
    except Exception as error:  # a forged directory brings about many kinds
        raise Unreadable("文件不完整或已损坏（压缩目录读不出来）", "请重新下载，或向发布单位索取原件") from error
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if any(name.startswith("word/") for name in names):
        return "docx"
    if b"opendocument.spreadsheet" in mimetype:
        return "ods"
    if b"opendocument.text" in mimetype:
        return "odt"
    if "OFD.xml" in names:
        raise Unreadable(
            "这是 OFD 版式文件（.ofd），不在可读范围",
            "请用 WPS 或 OFD 阅读器打开，另存（导出）为 PDF 后再读，或索取原 Excel、Word 文件",
        )
    raise Unreadable("这是压缩包，里面不是 Excel 或 Word 文档", "请先解压，再读里面的文件")


def _old_office_format(data: bytes) -> str:
    """What an OLE container holds, told by the names in its directory."""
    if len(data) > OLD_OFFICE_LIMIT:
        raise Unreadable("旧版 Office 文件过大，超出可读范围", "请删去图片和无关的工作表，另存为 .xlsx 后再读")
    if _holds(data, "EncryptedPackage"):
        raise encrypted()
    if _holds(data, "Workbook") or _holds(data, "Book"):
        return "xls"
    if _holds(data, "WordDocument"):
        return "doc"
    raise Unreadable("这是旧版 Office 文件，里面没有工作簿，或文件已损坏", _KNOWN)


def _holds(data: bytes, name: str) -> bool:
    """Whether an entry of the directory has that name: UTF-16, then zero bytes up to its 64."""
    return name.encode("utf-16-le").ljust(64, b"\0") in data
