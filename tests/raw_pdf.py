"""A PDF page written object by object, for what drawing libraries cannot draw: layers, spot colours, annotations, bombs."""

import zlib
from pathlib import Path

WIDTH, HEIGHT = 600, 400
ROWS = [
    ["单位名称", "项目名称", "指标值", "权重"],
    ["甲单位", "道路养护经费", "95", "10"],
    ["乙单位", "社区工作补助", "1,234.50", "20"],
]
XS = (50, 150, 300, 400, 480)
TOP, TALL = 300, 20

_FONTS = [
    "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>",
    "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500] /FontDescriptor 7 0 R"
    " /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 0 >> >>",
    "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 880"
    " /Descent -120 /CapHeight 700 /StemV 90 >>",
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
]
FIRST = 9  # the number of the first object of one's own


def stream(data: str | bytes, entries: str = "", packed: bool = False) -> bytes:
    """A stream object's text."""
    data = data.encode("latin-1") if isinstance(data, str) else data
    if packed:
        data, entries = zlib.compress(data), entries + " /Filter /FlateDecode"
    return f"<< {entries} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def write_pdf(
    path: Path, content: str | bytes, objects=(), resources="", page="", catalog="", fonts="", size=(WIDTH, HEIGHT)
) -> Path:
    """One page with `content`; `objects` are numbered from FIRST; further entries of the page's
    resources and fonts, the page and the catalog."""
    body = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size[0]} {size[1]}] /Contents 4 0 R {page}"
        f" /Resources << /Font << /F 5 0 R /H 8 0 R {fonts} >> {resources} >> >>",
        stream(content) if isinstance(content, str) else content,
        *_FONTS,
        *objects,
    ]
    data, places = b"%PDF-1.7\n", []
    for number, one in enumerate(body, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n".encode() + (one.encode("latin-1") if isinstance(one, str) else one) + b"\nendobj\n"
    start = len(data)
    data += f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n".encode()
    data += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    data += f"trailer\n<< /Size {len(places) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    path.write_bytes(data)
    return path


def show(x: float, y: float, text: str, size: float = 9, how: str = "", matrix: str = "1 0 0 1") -> str:
    """Text with its baseline at x, y; `how`: operators before it."""
    return f"{how} BT /F {size} Tf {matrix} {x} {y} Tm <{text.encode('utf-16-be').hex()}> Tj ET\n"


def rules() -> str:
    """The table's rules."""
    bottom = TOP - TALL * len(ROWS)
    lines = [f"{XS[0]} {TOP - TALL * n} m {XS[-1]} {TOP - TALL * n} l S\n" for n in range(len(ROWS) + 1)]
    return "0.5 w 0 G\n" + "".join(lines) + "".join(f"{x} {TOP} m {x} {bottom} l S\n" for x in XS)


def place(row: int, column: int) -> tuple[float, float]:
    """Where the text of a cell begins."""
    return XS[column] + 4, TOP - TALL * row - 13


def cell(row: int, column: int, text: str | None = None, **how) -> str:
    """The text of a cell, as it stands in ROWS or another one."""
    return show(*place(row, column), ROWS[row][column] if text is None else text, **how)


def table(without=()) -> str:
    """Rules and texts of the table, without the texts of some cells (row, column)."""
    cells = [(r, c) for r in range(len(ROWS)) for c in range(len(ROWS[0])) if (r, c) not in set(without)]
    return rules() + "0 g\n" + "".join(cell(r, c) for r, c in cells)
