"""A web page saved in several files: frames, one file a worksheet, style sheets beside it; or all of them in one (MHTML)."""

import base64
import email
import email.policy
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

from lxml import etree

FRAME_LIMIT = 200
FILE_LIMIT = 64 * 2**20
Files = Callable[[str], bytes | None]  # an address as the page gives it → the file's bytes, None where there is none
_FRAME = re.compile(
    rb"""<(?:frame|iframe)\b[^>]*?\bsrc\s*=\s*["']?([^"'\s>]+)|<link\b[^>]*?\bid\s*=\s*["']?shLink["']?[^>]*?\bhref\s*=\s*["']?([^"'\s>]+)""",
    re.IGNORECASE,
)
_LINK = re.compile(rb"""<link\b(?=[^>]*\bstylesheet\b)[^>]*?\bhref\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_INLINE = re.compile(rb"""<iframe\b[^>]*?\ssrc\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_PARTS = re.compile(rb"<frameset\b|shLink|\bstylesheet\b", re.IGNORECASE)
_TABS = re.compile(r"(?:^|/)tabstrip\.html?$", re.IGNORECASE)  # Excel's row of tabs, no sheet
_MHTML = re.compile(rb"\s*(?:[A-Za-z-]+: [^\n]*\n)*?MIME-Version:", re.IGNORECASE)


def frames(page: bytes) -> list[str]:
    """Addresses of the pages that a page of frames shows, in order; empty for an ordinary page.

    >>> frames(b'<frameset><frame src="a.files/sheet001.htm"><frame src="a.files/tabstrip.htm"></frameset>')
    ['a.files/sheet001.htm']
    >>> frames(b"<p><table><tr><td>1</table>")
    []
    """
    if not re.search(rb"<frameset\b|<link\b[^>]*shLink", page, re.IGNORECASE):
        return []
    named = (a or b for a, b in _FRAME.findall(page))
    addresses = [unquote(name.decode("latin-1")) for name in named]
    return list(dict.fromkeys(a for a in addresses if not _TABS.search(a)))[:FRAME_LIMIT]


def together(path: Path, data: bytes) -> bytes:
    """A page with the frames and style sheets that lie beside it as one file (MHTML), so that all of it is read at once;
    the page as it is where it has none. Nothing outside the page's folder is ever read.
    """
    if not (_PARTS.search(data[:65536]) or _INLINE.search(data)) or is_mhtml(data):
        return data
    parts = {"": data}
    framed = frames(data) or [unquote(name.decode("latin-1")) for name in _INLINE.findall(data)][:FRAME_LIMIT]
    for address in framed:
        parts[address] = _beside(path.parent, address)
    for address in ["", *framed]:
        for link in _LINK.findall(parts[address] or b""):
            target = urljoin(address, unquote(link.decode("latin-1")))
            parts[target] = parts.get(target) or _beside(path.parent, target)
    found = {address: content for address, content in parts.items() if content is not None}
    if len(found) == 1 or sum(map(len, found.values())) > FILE_LIMIT:
        return data
    head = b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="=_part"\n\n'
    packed = [
        b"--=_part\nContent-Type: text/html\nContent-Transfer-Encoding: base64\nContent-Location: "
        + quote(address).encode() + b"\n\n" + base64.encodebytes(content)
        for address, content in found.items()
    ]  # fmt: skip
    return head + b"".join(packed) + b"--=_part--\n"


def _beside(folder: Path, address: str) -> bytes | None:
    """A file in a page's folder or below it."""
    if urlsplit(address).scheme or urlsplit(address).netloc:
        return None
    path = (folder / unquote(urlsplit(address).path)).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file() or path.stat().st_size > FILE_LIMIT:
        return None
    return path.read_bytes()


def is_mhtml(data: bytes) -> bool:
    """Whether a file is a web page with all its parts in one.

    >>> is_mhtml(b"From: <saved by a browser>\\nMIME-Version: 1.0\\n"), is_mhtml(b"<html>")
    (True, False)
    """
    return bool(_MHTML.match(data[:8192].replace(b"\r\n", b"\n")))


def unpacked(data: bytes) -> tuple[bytes, Files]:
    """The page of an MHTML file, and the files that came with it by their addresses."""
    parts: list[tuple[str, bytes]] = []
    for part in email.message_from_bytes(data, policy=email.policy.compat32).walk():
        if part.is_multipart():
            continue
        content = part.get_payload(decode=True) or b""
        charset = part.get_content_charset()
        if part.get_content_type() == "text/html" and charset and b"charset" not in content[:4096]:
            content = f'<meta charset="{charset}">'.encode() + content
        parts.append((part.get("Content-Location", ""), content))
    if not parts:
        return b"", lambda address: None
    base = parts[0][0]
    known = {unquote(name): content for name, content in parts}

    def find(address: str) -> bytes | None:
        return known.get(unquote(urljoin(base, address)), known.get(unquote(address)))

    return parts[0][1], find


def style_sheets(root: etree._Element, files: Files, address: str) -> Iterator[str]:
    """The style sheets of the page at `address` in their order: its own, and those that lie beside it."""
    for element in root.iter("style", "link"):
        if element.tag == "style":
            yield element.text or ""
        elif "stylesheet" in element.get("rel", "").lower() and (
            found := files(urljoin(address, element.get("href", "")))
        ):
            yield found.decode("utf-8", "replace")


def address_of(frame: etree._Element) -> str:
    """The address of the page that a frame within a page shows; "" where it has none.

    >>> address_of(etree.fromstring('<iframe src=" a.html "/>')), address_of(etree.fromstring("<object/>"))
    ('a.html', '')
    """
    return (frame.get("src") or frame.get("data") or "").strip()
