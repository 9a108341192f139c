"""Tab-separated text, pages divided by blank lines or form feeds → Cells."""

import codecs
from pathlib import Path

from charset_normalizer import from_bytes

from budgetperf.errors import Unreadable
from budgetperf.readers.package import content_of
from budgetperf.tables.cells import Reading, cells_frame, pages_frame

MAX_BYTES = 200 * 1024 * 1024
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def decode(data: bytes) -> str:
    """Text of a file in UTF-8 (with or without BOM), UTF-16 with BOM or GB18030.

    Raises Unreadable for binary data and for text in another encoding.

    >>> decode("合计\\t68.00".encode("gb18030")), decode(b"\\xef\\xbb\\xbfA")
    ('合计\\t68.00', 'A')
    """
    for bom, encoding in _BOMS.items():
        if data.startswith(bom):
            return _strict(data, encoding)
    if b"\0" in data[:65536]:
        raise Unreadable(
            "文件不是文本（含有二进制内容）", "请确认文件类型；可读 PDF、xlsx、docx、html 和制表符分隔的文本"
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = _strict(data, "gb18030")
        # GB18030 decodes nearly any bytes: what comes out must look like Chinese
        chinese = sum("\u4e00" <= c <= "\u9fff" for c in text[:20000])
        strange = sum("\ue000" <= c <= "\uf8ff" or c == "\ufffd" or ord(c) > 0xFFFF for c in text[:20000])
        rare = sum("\u3400" <= c <= "\u4dbf" for c in text[:20000])
        if chinese < 2 or (strange + rare) * 20 > chinese:
            guess = from_bytes(data[:50000]).best()
            hint = f"（可能是 {guess.encoding}）" if guess else ""
            raise Unreadable(f"文字编码无法识别{hint}", "请另存为 UTF-8 编码后重试") from None
        return text


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        # utf-8-sig counts from behind its mark
        place = error.start + 1 + (len(codecs.BOM_UTF8) if encoding == "utf-8-sig" else 0)
        raise Unreadable(f"文字编码有误：第 {place} 字节处不是有效的 {encoding}", "请另存为 UTF-8 编码后重试") from None


def read_text(source: Path | bytes) -> Reading:
    """Cells of a tab-separated text: a line is a row, a tab ends a cell, blank lines divide pages.

    Only cells that hold something are listed; a line without a tab is a line of text outside the table (table 0).
    Raises Unreadable for empty or binary files and unknown encodings.
    """
    data = content_of(source)
    size = len(data)
    if size == 0:
        raise Unreadable("文件是空的（0 字节）", "请重新下载或向发布单位索取原件")
    if size > MAX_BYTES:
        raise Unreadable(f"文件过大（{size / 2**20:.0f} MB，上限 {MAX_BYTES // 2**20} MB）", "请按单位或年度拆分后重试")
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    records: list[dict] = []
    page, row, in_table, fresh = 1, 0, False, True
    for line in text.split("\n"):
        if not line.strip():
            # blank lines before the first table row only set off the title
            fresh = fresh or in_table
            if fresh and in_table:
                page, row, in_table = page + 1, 0, False
            continue
        row, fresh = row + 1, False
        parts = line.split("\t")
        in_table = in_table or len(parts) > 1
        records += [
            {"page": page, "table": int(len(parts) > 1), "row": row, "col": col, "text": part.strip()}
            for col, part in enumerate(parts, 1)
            if part.strip()
        ]
    if not records:
        raise Unreadable("文件里没有文字", "请重新下载或向发布单位索取原件")
    last = max(record["page"] for record in records)
    return Reading(cells_frame(records), pages_frame([{"page": p} for p in range(1, last + 1)]), "text")
