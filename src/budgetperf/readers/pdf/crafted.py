"""Files made to take all memory or time: small streams that unpack to a flood, lengths that refer to themselves."""

import re
import zlib
from collections.abc import Iterator

from budgetperf.errors import Unreadable

LARGEST_STREAM = 200_000_000  # bytes of one page's drawing or one font, unpacked
LARGEST_MAP = 8_000_000  # bytes of a font's table of characters
WIDEST_ROW = 10_000_000  # figures of a predictor: no picture or table has longer rows
PACKED_MOST = 1000  # times at which data can be packed at most by one packing
STEP = 1_000_000
LONGEST_HEAD = 20_000  # bytes of a stream's entries
_FIX = "此文件像是特意做成的，请向发布单位索取正常的文件"

_OBJECT = re.compile(rb"(?<!\d)(\d{1,10})\s+\d{1,5}\s+obj\b\s*")
_BEGIN = re.compile(rb"stream\r?\n|endobj")
_LENGTH = re.compile(rb"/Length\s+(\d+)\s+\d+\s+R")
_ROW = re.compile(rb"/(?:Columns|Colors|BitsPerComponent)\s+(\d{6,})")
_MAP = re.compile(rb"/ToUnicode\s+(\d+)\s+\d+\s+R|(\d+)\s+\d+\s+obj\s*<<[^>]{0,400}/Type\s*/CMap\b")
_PACKINGS = re.compile(rb"/(?:FlateDecode|Fl)\b")


def refuse_crafted(name: str, data: bytes) -> None:
    """Raises Unreadable for a PDF (its bytes) that no program should unpack.

    Every stream of a PDF stands in the file itself, so that the file's text tells without following a reference.

    >>> refuse_crafted("a.pdf", b"4 0 obj << /Length 4 0 R >> stream\\n endstream endobj")
    Traceback (most recent call last):
    budgetperf.errors.Unreadable: a.pdf 的内部结构有误（第 4 个对象的长度没有数值）...
    """
    if any(int(figure) > WIDEST_ROW for figure in _ROW.findall(data)):
        raise Unreadable(f"{name} 有解开后大得不合理的数据", _FIX)
    maps = {int(number or other) for number, other in _MAP.findall(data)}
    objects = [(int(found[1]), found.end()) for found in _OBJECT.finditer(data)]
    numbers = {number for number, start in objects if data[start : start + 1].isdigit()}
    others = {number for number, _ in objects} - numbers
    for number, entries, start in _streams(data, objects):
        length = _LENGTH.search(entries)
        if length and int(length[1]) in others:
            raise Unreadable(f"{name} 的内部结构有误（第 {number} 个对象的长度没有数值）", _FIX)
        times = len(_PACKINGS.findall(entries))
        if not times or b"/Image" in entries:
            continue
        most = LARGEST_MAP if number in maps else LARGEST_STREAM
        end = data.find(b"endstream", start)
        end = len(data) if end < 0 else end
        if (end - start) * PACKED_MOST**times > most and _unpacks_past(data[start:end], times, most):
            raise Unreadable(f"{name} 有解开后大得不合理的数据（第 {number} 个对象）", _FIX)


def _streams(data: bytes, objects: list[tuple[int, int]]) -> Iterator[tuple[int, bytes, int]]:
    """Of each object (number, start) that is a stream: its number, its entries, where its data begins."""
    for number, start in objects:
        begin = _BEGIN.search(data, start, start + LONGEST_HEAD)
        if begin and begin[0] != b"endobj":
            yield number, data[start : begin.start()], begin.end()


def _unpacks_past(data: bytes, times: int, most: int) -> bool:
    """Whether data packed `times` times over unpack to more than `most` bytes."""
    for left in range(times, 0, -1):
        whole, size = bytearray(), 0
        try:
            for piece in _unpacked(data):
                size += len(piece)
                if size > most:
                    return True
                if left > 1:
                    whole += piece
        except zlib.error:  # encrypted or damaged: told of elsewhere
            return False
        data = bytes(whole)
    return False


def _unpacked(data: bytes) -> Iterator[bytes]:
    unpacker = zlib.decompressobj()
    while data and not unpacker.eof:
        yield unpacker.decompress(data, STEP)
        data = unpacker.unconsumed_tail
