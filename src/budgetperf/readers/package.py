"""The zip file around .xlsx and .docx: is it whole, and is it safe to open?"""

import base64
import io
import re
import zipfile
from pathlib import Path

from lxml import etree

from budgetperf.errors import Unreadable

# A real workbook of 100,000 cells unpacks to some 10 MB of XML; these bounds keep memory under 2 GB.
XML_LIMIT = 128 * 2**20
TOTAL_LIMIT = 384 * 2**20
TAG_LIMIT = 4_000_000  # a sheet of 20,000 rows and 24 columns has 3 million; a worker has bounds of its own
STYLE_TAG_LIMIT = 500_000  # Excel itself allows 65,490 formats
MEMBER_LIMIT = 20_000
RATIO_LIMIT, RATIO_FREE = 250, 16 * 2**20  # small parts may be as regular as they like
_CHUNK = 2**20
_STRICT = b"http://purl.oclc.org/ooxml/"
_STRICT_NAME = re.compile(_STRICT + rb"(\w+)/(\w+)")
_MAIN_PARTS = ("xl/workbook.xml", "word/document.xml")
_PART_NAME = re.compile(rb"""PartName\s*=\s*["']/([^"']+)""")
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_FLAT = "{http://schemas.microsoft.com/office/2006/xmlPackage}"
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_BROKEN = "请重新下载；若原文件能用 Excel、Word 或 WPS 打开，请另存一份再读"


def content_of(source: Path | str | bytes) -> bytes:
    """The bytes of a document: those of a file, or as they were given.

    >>> content_of(b"%PDF-")
    b'%PDF-'
    """
    return source if isinstance(source, bytes) else Path(source).read_bytes()


def check_package(source: Path | str | bytes) -> list[str]:
    """Names of the parts of an Office file, once it is known to be whole and to unpack to a bounded size.

    Every XML part is unpacked once, in pieces, so that the sizes are those that are there and not those declared.
    Raises Unreadable for a broken archive, a zip bomb, an encrypted part and XML that declares entities.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content_of(source))) as archive:
            members = archive.infolist()
            _check_directory(members)
            unpacked = tags = 0
            for member in members:
                if member.filename.lower().endswith((".xml", ".rels", ".vml")):
                    size, found = _check_xml(archive, member)
                    unpacked, tags = unpacked + size, tags + found
                    if unpacked > XML_LIMIT or tags > TAG_LIMIT:
                        raise _too_big()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise Unreadable(f"文件不完整或已损坏（{_reason(error)}）", _BROKEN) from error
    except Exception as error:  # zlib.error and what a forged header may bring about
        raise _as_unreadable(error) from error
    return [member.filename for member in members]


def transitional(data: bytes) -> bytes:
    """An Office file in the namespaces and names of parts that all programs know: one saved as «Strict Open XML» has
    others throughout, some programs write backslashes or other capitals than the list of parts does.

    To be called on a checked file only: it is unpacked and packed anew where it has to be.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = {name: name.replace("\\", "/") for name in archive.namelist()}
        types = next((name for name in names if name.lower() == "[content_types].xml"), None)
        if types is None:
            return data
        listed = {name.decode("utf-8", "replace").lower(): name.decode("utf-8", "replace")
                  for name in _PART_NAME.findall(archive.read(types))}  # fmt: skip
        names = {name: listed.get(plain.lower(), plain) for name, plain in names.items()} | {
            types: "[Content_Types].xml"
        }
        main = next((name for name, plain in names.items() if plain in _MAIN_PARTS), None)
        strict = main is not None and _STRICT in archive.read(main)[:4096]
        if not strict and all(name == plain for name, plain in names.items()):
            return data
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as changed:
            for member in archive.infolist():
                content = archive.read(member)
                if strict and member.filename.lower().endswith((".xml", ".rels", ".vml")):
                    content = _STRICT_NAME.sub(rb"http://schemas.openxmlformats.org/\1/2006/\2", content)
                changed.writestr(names[member.filename], content)
    return buffer.getvalue()


def rewritten(archive: zipfile.ZipFile, changed: dict[str, bytes]) -> bytes | None:
    """The archive with other contents of some of its parts; None where these are the same."""
    if all(archive.read(name) == content for name, content in changed.items()):
        return None
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as target:
        for name in archive.namelist():
            target.writestr(name, changed[name] if name in changed else archive.read(name))
    return buffer.getvalue()


def unflattened(data: bytes) -> bytes:
    """The zip file of a document that was saved as one XML file («Flat OPC»).

    Raises Unreadable for XML that is broken, too big or declares entities.

    >>> part = b'<pkg:part pkg:name="/a.xml" pkg:contentType="b/c"><pkg:xmlData><d>1</d></pkg:xmlData></pkg:part>'
    >>> head = b'<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">'
    >>> zipfile.ZipFile(io.BytesIO(unflattened(head + part + b"</pkg:package>"))).namelist()
    ['a.xml', '[Content_Types].xml']
    """
    if len(data) > XML_LIMIT or data.count(b"<") > TAG_LIMIT:
        raise _too_big()
    if _DECLARATION.search(data.replace(b"\0", b"")):
        raise _hostile("文件")
    buffer = io.BytesIO()
    types = etree.Element(_TYPES + "Types", nsmap={None: _TYPES.strip("{}")})
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
            for part in etree.fromstring(data, parser).iterfind(_FLAT + "part"):
                name, kind = part.get(_FLAT + "name", "/"), part.get(_FLAT + "contentType", "")
                etree.SubElement(types, _TYPES + "Override", PartName=name, ContentType=kind)
                inside = part.find(_FLAT + "xmlData/*")
                packed = base64.b64decode(part.findtext(_FLAT + "binaryData", ""))
                content = packed if inside is None else etree.tostring(inside, encoding="UTF-8")
                archive.writestr(name.lstrip("/"), content)
            archive.writestr("[Content_Types].xml", etree.tostring(types))
    except (etree.XMLSyntaxError, ValueError) as error:  # base64 raises the latter
        raise _as_unreadable(error) from error
    return buffer.getvalue()


def encrypted() -> Unreadable:
    """The error for an Office file that asks for a password."""
    return Unreadable("文件加了打开密码，读不出内容", "请用 Excel、Word 或 WPS 输入密码打开，取消密码后另存再读")


def _check_directory(members: list[zipfile.ZipInfo]) -> None:
    """What the directory alone tells: too many or too big parts, encrypted ones, packing that Office never uses."""
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable("压缩包加了密码，读不出内容", "请解除密码后另存一份再读")
    if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in members):
        raise Unreadable("文件用了 Office 不用的压缩方法，不能保证安全", _BROKEN)
    if len(members) > MEMBER_LIMIT or sum(member.file_size for member in members) > TOTAL_LIMIT:
        raise _too_big()
    for member in members:
        if member.file_size > RATIO_FREE and member.file_size > RATIO_LIMIT * max(member.compress_size, 1):
            raise _too_big()


def _check_xml(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> tuple[int, int]:
    """Unpacked size and number of tags of one XML part; no part of Office declares a document type or entities."""
    size = tags = 0
    tag_limit = STYLE_TAG_LIMIT if member.filename.lower().endswith("styles.xml") else TAG_LIMIT
    with archive.open(member) as part:
        tail = b""
        while chunk := part.read(_CHUNK):
            size += len(chunk)
            tags += chunk.count(b"<")
            # UTF-16 is told by its zero bytes; without them the declaration reads as in UTF-8
            if _DECLARATION.search((tail + chunk).replace(b"\0", b"")):
                raise _hostile(f"文件里的 {member.filename} ")
            tail = chunk[-32:]
            if size > XML_LIMIT or tags > tag_limit:
                raise _too_big()
    return size, tags


def _hostile(what: str) -> Unreadable:
    return Unreadable(f"{what}带有实体声明，可能是恶意文件", "请不要打开它；向发布单位重新索取原件")


def _too_big() -> Unreadable:
    return Unreadable(
        "文件解压后过大，超出可读范围（可能是压缩炸弹）", "请核对来源；若确是原件，请删去无关的工作表或图片后另存再读"
    )


def _as_unreadable(error: Exception) -> Unreadable:
    if isinstance(error, Unreadable):
        return error
    return Unreadable(f"文件不完整或已损坏（{_reason(error)}）", _BROKEN)


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
