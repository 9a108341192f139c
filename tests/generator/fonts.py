"""Fonts for the PDFs: reportlab's own CID font, or any font file embedded as a TrueType subset."""

import io
import zlib
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

CID_FONT = "STSong-Light"


def registered(font: str, text: str) -> str:
    """The name under which reportlab knows the font; a font file is cut down to the characters of `text`."""
    if font == CID_FONT:
        pdfmetrics.registerFont(UnicodeCIDFont(CID_FONT))
        return CID_FONT
    characters = "".join(sorted(set(text) | {chr(k) for k in range(32, 127)}))
    name = f"{Path(font).stem}{zlib.crc32(characters.encode())}"
    pdfmetrics.registerFont(TTFont(name, io.BytesIO(_truetype(font, characters))))
    return name


PACKAGED = Path(__file__).parents[2] / "src/budgetperf/fonts/BudgetperfSansSC-Regular.ttf"


@cache
def _truetype(path: str, characters: str) -> bytes:
    """The font file with these characters only, outlines as TrueType (reportlab embeds no others)."""
    from fontTools import subset
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import TTFont as FontFile

    font = FontFile(path, fontNumber=0, lazy=True)
    cmap = {ord(c): font.getBestCmap()[ord(c)] for c in characters if ord(c) in font.getBestCmap()}
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True, drop_tables=["vhea", "vmtx"])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=list(cmap))
    cutter.subset(font)
    names, outlines = font.getGlyphOrder(), font.getGlyphSet()
    glyphs, widths = {}, {}
    for name in names:
        pen = TTGlyphPen(None)
        outlines[name].draw(Cu2QuPen(pen, max_err=2.0, reverse_direction="CFF " in font))
        glyphs[name] = pen.glyph()
        widths[name] = (int(outlines[name].width), 0)
    builder = FontBuilder(font["head"].unitsPerEm, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap(font.getBestCmap())
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(widths)
    builder.setupHorizontalHeader(ascent=font["hhea"].ascent, descent=font["hhea"].descent)
    own = f"Subset{zlib.crc32(characters.encode()):08x}"  # reportlab knows a face by its name: one a set of characters
    builder.setupNameTable({"familyName": own, "styleName": "Regular", "psName": f"{own}-Regular"})
    builder.setupOS2(sTypoAscender=font["hhea"].ascent, sTypoDescender=font["hhea"].descent)
    builder.setupPost()
    builder.updateHead(created=0, modified=0)
    builder.font.recalcTimestamp = False  # the same bytes each time
    buffer = io.BytesIO()
    builder.save(buffer)
    return buffer.getvalue()
