"""Files made to take all memory or time are refused before anything is unpacked."""

import zlib
from pathlib import Path

import pytest
from pdf_drawing import plain_pdf, table_of
from raw_pdf import FIRST, ROWS, stream, table, write_pdf

from budgetperf.errors import Unreadable
from budgetperf.readers.pdf import crafted, read_pdf

FLOOD = zlib.compress(b"0 0 m 1 1 l S\n" * 200_000)  # 2.8 MB
FONT = "/Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H"
DESCENDANT = "/DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X >>]"


def packed(data: bytes, entries: str = "") -> bytes:
    return f"<< {entries} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def with_font(path: Path, *objects) -> Path:
    font = f"<< {FONT} {DESCENDANT} /ToUnicode {FIRST + 1} 0 R >>"
    return write_pdf(path, table() + "BT /G 9 Tf (ab) Tj ET", objects=[font, *objects], fonts=f"/G {FIRST} 0 R")


CRAFTED = {
    "a flood in the page": lambda p: write_pdf(p, packed(FLOOD, "/Filter /FlateDecode")),
    "a flood packed twice": lambda p: write_pdf(p, packed(zlib.compress(FLOOD), "/Filter [/FlateDecode /FlateDecode]")),
    "a flood in a form": lambda p: write_pdf(p, table() + "/X Do", objects=[packed(FLOOD, "/Subtype /Form /Filter /FlateDecode")]),
    "a flood in a font's map": lambda p: with_font(p, packed(FLOOD, "/Filter [/FlateDecode]")),
    "a row too wide": lambda p: write_pdf(
        p, packed(zlib.compress(b"\0" * 20), "/Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns 2000000000 >>")
    ),
    "a length that is its own stream": lambda p: write_pdf(p, b"<< /Length 4 0 R >>\nstream\nq Q\nendstream"),
    "two lengths in a circle": lambda p: write_pdf(
        p, f"<< /Length {FIRST} 0 R >>\nstream\nq Q\nendstream".encode(), objects=[b"<< /Length 4 0 R >>\nstream\nq\nendstream"]
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", CRAFTED)
def test_crafted_files_are_refused(tmp_path, kind, monkeypatch):
    monkeypatch.setattr(crafted, "LARGEST_STREAM", 1_000_000)
    monkeypatch.setattr(crafted, "LARGEST_MAP", 1_000_000)
    with pytest.raises(Unreadable):
        read_pdf(CRAFTED[kind](tmp_path / "a.pdf"))


def test_ordinary_files_are_not(tmp_path, monkeypatch):
    monkeypatch.setattr(crafted, "LARGEST_STREAM", 100_000)
    image = packed(zlib.compress(b"\0" * 1_000_000), "/Subtype /Image /Width 1000 /Height 1000 /Filter /FlateDecode")
    path = write_pdf(
        tmp_path / "a.pdf",
        f"<< /Length {FIRST + 1} 0 R >>\nstream\n{table()}\nendstream".encode(),
        [image, str(len(table()))],
    )
    assert table_of(read_pdf(path).cells) == ROWS
    assert len(read_pdf(plain_pdf(tmp_path / "b.pdf", pageCompression=1)).pages) == 1
    assert table_of(read_pdf(write_pdf(tmp_path / "c.pdf", stream(table(), packed=True))).cells) == ROWS
