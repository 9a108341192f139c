"""A web page saved in several files: frames, one file a worksheet, style sheets beside it; or all of them in one (MHTML)."""

import email
import email.policy
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from lxml import etree

FRAME_LIMIT = 200
FILE_LIMIT = 64 * 2**20
Files = Callable[[str], bytes | None]  # an address as the page gives it → the file's bytes, None where there is none
_FRAME = re.compile(
    rb"""<(?:frame|iframe)\b[^>]*?\bsrc\s*=\s*["']?([^"'\s>]+)|<link\b[^>]*?\bid\s*=\s*["']?shLink["']?[^>]*?\bhref\s*=\s*["']?([^"'\s>]+)""",
    re.IGNORECASE,
)
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


def beside(folder: Path | None) -> Files:
    """The files that lie in a page's folder or below it; never any other."""

    def find(address: str) -> bytes | None:
        if folder is None or urlsplit(address).scheme or urlsplit(address).netloc:
            return None
        path = (folder / unquote(urlsplit(address).path)).resolve()
        if not path.is_relative_to(folder.resolve()) or not path.is_file() or path.stat().st_size > FILE_LIMIT:
            return None
        return path.read_bytes()

    return find


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


def style_sheets(root: etree._Element, files: Files) -> Iterator[str]:
    """The style sheets of a page in their order: its own, and those that lie beside it."""
    for element in root.iter("style", "link"):
        if element.tag == "style":
            yield element.text or ""
        elif "stylesheet" in element.get("rel", "").lower() and (found := files(element.get("href", ""))):
            yield found.decode("utf-8", "replace")
