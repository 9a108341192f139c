"""A PDF file and what is wrong with it: not a PDF, needs a password, cut off, damaged, a flood in a small stream."""

import logging
import re
import zlib
from io import BytesIO
from pathlib import Path

from budgetperf.errors import Unreadable
from budgetperf.readers.pdf.crafted import refuse_crafted

TAIL = 16_384  # bytes at the end of the file in which its end mark stands


def open_pdf(path: Path):
    """The document, opened by playa with space="screen"; by pdfium first where playa cannot.

    Raises Unreadable where there is nothing to read.
    """
    import playa
    from playa.exceptions import PDFPasswordIncorrect

    name = path.name
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{name} 打不开（{error.strerror}）", "请检查路径和权限") from error
    head = data[:1024]
    if not head:
        raise Unreadable(f"{name} 是空文件（0 字节）", "请重新下载或向发布单位索取原件")
    if b"%PDF-" not in head:
        raise Unreadable(f"{name} 不是 PDF 文件（开头没有 %PDF 标记）", "请确认文件的真实格式，改正扩展名后再试")
    refuse_crafted(name, data)
    try:
        document = playa.open(path, space="screen")
        len(document.pages)
        return document
    except PDFPasswordIncorrect as error:
        raise _needs_password(name) from error
    except Exception as error:
        return _open_rewritten(path, error)


def _needs_password(name: str) -> Unreadable:
    return Unreadable(f"{name} 有打开密码，无法读取", "请用密码打开后另存为不加密的 PDF 再试")


def _open_rewritten(path: Path, error: Exception):
    """The document as pdfium rewrites it, for damage and encryption that playa cannot deal with."""
    import playa
    import pypdfium2

    broken = Unreadable(f"{path.name} 已损坏，无法读取（{type(error).__name__}）", "请重新下载或向发布单位索取原件")
    try:
        source = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as failure:
        if "password" in str(failure).lower():
            raise _needs_password(path.name) from failure
        raise broken from failure
    try:
        buffer = BytesIO()
        source.save(buffer, flags=pypdfium2.raw.FPDF_REMOVE_SECURITY)
        document = playa.parse(buffer.getvalue(), space="screen")
        len(document.pages)
        return document
    except Exception as failure:
        raise broken from failure
    finally:
        source.close()


def is_cut_off(page) -> bool:
    """Whether drawing that the page refers to is missing from the file, or shorter than it says."""
    from playa.pdftypes import resolve1

    contents = resolve1(page.attrs.get("Contents"))
    if contents is None:
        return "Contents" in page.attrs
    wanted = contents if isinstance(contents, list) else [contents]
    streams = list(page.streams)
    if len(streams) < len(wanted):
        return True
    plain = [stream for stream in streams if not stream.filters]  # a packed one tells by itself that it is cut off
    lengths = [(resolve1(stream.get("Length")), len(stream.rawdata or b"")) for stream in plain]
    return any(isinstance(said, int) and said > found for said, found in lengths)


DAMAGED = object()  # in place of an entry that cannot be read


def of_catalog(document, name: str):
    """An entry of the document's catalog, None where it has none, DAMAGED where that cannot be read."""
    from playa.exceptions import PDFException
    from playa.pdftypes import resolve1

    entry = document.catalog.get(name)
    try:
        found = resolve1(entry)
    except (PDFException, LookupError, TypeError, ValueError):
        return DAMAGED
    return DAMAGED if found is None and entry is not None else found


def lost_pages(path: Path, document) -> str:
    """A sentence where the file ends too early, so that pages may be missing that nothing else tells of; else ""."""
    from playa.pdftypes import resolve1

    found, pages = len(document.pages), of_catalog(document, "Pages")
    said = resolve1(pages.get("Count")) if isinstance(pages, dict) else None
    if isinstance(said, int) and said > found:
        return f"文件说有 {said} 页，只找到 {found} 页（文件被截断或损坏），请重新下载"
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(1024)
        file.seek(max(0, size - TAIL))
        tail = file.read()
    whole = re.search(rb"/Linearized.*?/L\s+(\d+)", head, re.DOTALL)
    if b"%%EOF" not in tail or (whole and int(whole[1]) > size):
        return "文件结尾缺失（下载不完整），后面可能还有没读到的页，请重新下载"
    return "" if isinstance(pages, dict) else f"文件的页目录已损坏，找到的 {found} 页可能不全，请重新下载"


def content_elsewhere(document) -> str:
    """A sentence where the pages of a file are a mere cover: a form that a program draws, or files that are attached."""
    form, parts = of_catalog(document, "AcroForm"), of_catalog(document, "Collection")
    if isinstance(form, dict) and "XFA" in form:
        return "这是动态表单（XFA），内容不在页面上，要由 Acrobat 现场生成；请用 Acrobat 打开，打印成普通 PDF 后再读"
    if isinstance(parts, dict):
        return "这是 PDF 文件包（Portfolio），文件在附件里；请把附件另存出来再读"
    return ""


class DamageWatch(logging.Handler):
    """Listens to what playa says while it reads: it reads on past damaged streams and only logs them.

    `of_page` asks for damage since the last page; damage to what pages share (fonts, packed objects) spoils the rest.
    """

    def __init__(self):
        super().__init__(logging.WARNING)
        self._shared = False
        self._streams: set[int | None] = set()

    def __enter__(self):
        logger = logging.getLogger("playa")
        self._before = logger.level, logger.propagate
        logger.setLevel(logging.WARNING)
        logger.propagate = False
        logger.addHandler(self)
        return self

    def __exit__(self, *_):
        logger = logging.getLogger("playa")
        logger.removeHandler(self)
        logger.setLevel(self._before[0])
        logger.propagate = self._before[1]

    def emit(self, record: logging.LogRecord) -> None:
        args = record.args if isinstance(record.args, tuple) else ()
        errors = [arg for arg in args if isinstance(arg, zlib.error)]
        streams = [arg for arg in args if hasattr(arg, "rawdata")]
        if errors and not ("incomplete" in str(errors[0]) and streams and _is_whole(streams[0])):
            self._streams.add(streams[0].objid if streams else None)
        elif str(record.msg).startswith("Invalid font dictionary"):
            self._shared = True

    def of_page(self, own_streams: set[int]) -> bool:
        """Whether this page is damaged; `own_streams` are the object numbers of its own drawing."""
        self._shared = self._shared or bool(self._streams - own_streams)
        damaged = self._shared or bool(self._streams)
        self._streams = set()
        return damaged


def _is_whole(stream) -> bool:
    """Whether a packed stream only lacks its checksum, as some programs leave it."""
    if stream.decipher or len(stream.filters) != 1:
        return False
    unpacker = zlib.decompressobj(-15)
    try:
        unpacker.decompress(stream.rawdata[2:])
    except zlib.error:
        return False
    return unpacker.eof
