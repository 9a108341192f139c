"""Make the charts' fonts again: `uv run python tools/make_font.py REGULAR.ttc BOLD.ttc`.

REGULAR.ttc and BOLD.ttc are Noto Sans CJK 2.004 (Debian: package fonts-noto-cjk, in /usr/share/fonts/opentype/noto;
upstream: https://github.com/notofonts/noto-cjk, SIL Open Font License 1.1). The result is a Modified Version in the
licence's sense and therefore bears another name. What is done to it:

- only the characters of `characters()` stay, without features of vertical or traditional typesetting;
- outlines become TrueType, because PDF files embed only those in full;
- the family is renamed.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont, newTable

FAMILY = "Budgetperf Sans SC"
SOURCE_FAMILY = "Noto Sans CJK SC"
FOLDER = Path(__file__).parents[1] / "src/budgetperf/fonts"
CURVE_ERROR = 1.5  # thousandths of the type size: not visible in print
# Characters of names and places outside GB 2312 that the standard list of common characters (通用规范汉字表) holds.
NAMES = (
    "淼堃喆玥頔珺翀赟甯昇邨祎鑫垚焱骉犇羴飍猋烜珅晟珏琚璟翊旻昕晗晞暄暕曈朏栩梽楠榕槿樾橦欤歆毓沄沚泠洺浠浥浬涫淏淙湉"
    "湜湫溦滢漩漪潆潇澍澔濉瀛瀞灏炅炜炘炫焜煊煜煦熠燚燊玘玙玚玠玢玭玮珂珈珉珣珩琀琇琎琛琤琨琬琰琮琯琲瑀瑄瑆瑗瑢瑭瑾璇璈璐璠"
    "瓅甡畯皞皓睿矞砼硚碶祃禔禛禤秾穟窅竑竣筠筱箐篪簃粢綦縠翚翥翯耔聃胤芃芾苡茀茳荞荛莜莙菂菡萱葳蒗蒽蓁蓥蔺蕤薏藁蘅虓蛟"
    "衎袆裎裒褕觐訚訢誉諝谡豳赆赪跶踔轺迓逄逖邗邡邺郃郄郏郓郗郛郜郝郦郧郫郯郴鄄鄌鄚鄜鄞鄠鄢鄯鄱酃酆鄮鄹釢釭钊钒钤钦钫钰钲"
    "铖铠铨铭铳铷铼锃锜锴锵锽镕镡镪闿阇阚陉陔隗霂霈韫韬颀颋颍颙飏飖馥駉骁骅骎骐骕骙骠髹鲲鳌鹍麒黉黟鼐鼒龑龢囍喆堉堽塱塬墘墩"
    "墉墡壆壸奡奭妘妤姞姮姵婳婼媖嫄嬿孖孚孜宓宬寁屹岍岐岘岚岢岿峁峃峄峤峥峧崀崁崂崞崟崤崴嵊嵎嵕嵛嵩嶂嶓嶙巇巉帡弇彧徵"
)


def characters() -> set[int]:
    """GB 2312, the kana-free common punctuation, Latin letters, units, signs of arithmetic, and NAMES."""
    gb2312 = set()
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                gb2312.add(ord(bytes([high, low]).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    latin = {*range(0x20, 0x7F), *range(0xA0, 0x180)}
    signs = set(map(ord, "–—‘’“”•…‰′″※€№™⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉→←↑↓−≈≠≤≥≦≧≪≫∑√∞"))
    signs |= set(map(ord, "■□▲△▼▽◆◇○◎●★☆✓✔✕✗〇〈〉〓〔〕〖〗㎡㎥㎏㎝㎜㎞℃㏄"))
    widths = {*range(0xFF01, 0xFF5F), *range(0xFFE0, 0xFFE6), *range(0x2460, 0x2474), *range(0x2474, 0x2488)}
    kana = {*range(0x3041, 0x30FF)}
    return (gb2312 | latin | signs | widths | set(map(ord, NAMES))) - kana


def load(path: str) -> TTFont:
    """The face of SOURCE_FAMILY in a collection (or a single font file)."""
    faces = TTCollection(path).fonts if path.endswith((".ttc", ".otc")) else [TTFont(path)]
    return next(face for face in faces if face["name"].getDebugName(1) == SOURCE_FAMILY)


def shrink(font: TTFont) -> None:
    """Only the wanted characters and the tables that a chart needs."""
    options = subset.Options()
    options.layout_features = ["kern"]
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = ["*"]
    options.drop_tables += ["BASE", "VORG", "vhea", "vmtx", "GSUB", "GPOS", "GDEF"]
    worker = subset.Subsetter(options)
    worker.populate(unicodes=characters())
    worker.subset(font)


def to_truetype(font: TTFont) -> None:
    """CFF outlines → glyf."""
    order, glyphs = font.getGlyphOrder(), font.getGlyphSet()
    table = newTable("glyf")
    table.glyphOrder, table.glyphs = order, {}
    for name in order:
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(Cu2QuPen(pen, CURVE_ERROR, reverse_direction=True))
        table.glyphs[name] = pen.glyph()
    font["glyf"], font["loca"] = table, newTable("loca")
    del font["CFF "]
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for field in ("Zones", "TwilightPoints", "Storage", "FunctionDefs", "InstructionDefs", "StackElements"):
        setattr(maxp, f"max{field}", 1 if field == "Zones" else 0)
    maxp.maxSizeOfInstructions = 0
    table.compile(font)
    for name in order:
        glyph = table[name]
        width, _ = font["hmtx"][name]
        font["hmtx"][name] = (width, getattr(glyph, "xMin", 0) if glyph.numberOfContours else 0)
    post = font["post"]
    post.formatType, post.extraNames, post.mapping = 3.0, [], {}
    font.sfntVersion = "\000\001\000\000"


def rename(font: TTFont, style: str) -> None:
    """The new family name; copyright, licence and version of the source stay readable."""
    source = font["name"]
    kept = {number: source.getDebugName(number) for number in (0, 13, 14)}
    version = source.getDebugName(5).split(";")[0]
    names = {
        **kept,
        1: FAMILY,
        2: style,
        3: f"{FAMILY} {style}",
        4: f"{FAMILY} {style}".removesuffix(" Regular"),
        5: f"{version}; modified: characters left out, outlines turned into TrueType, renamed",
        6: f"{FAMILY.replace(' ', '')}-{style}",
        10: f"Made from {SOURCE_FAMILY}",
    }
    source.names = []
    for number, text in names.items():
        source.setName(text, number, 3, 1, 0x409)


def main(paths: list[str]) -> None:
    """Write one file a style into src/budgetperf/fonts."""
    for path, style in zip(paths, ["Regular", "Bold"], strict=True):
        font = load(path)
        shrink(font)
        to_truetype(font)
        rename(font, style)
        font.recalcTimestamp = False
        target = FOLDER / f"{FAMILY.replace(' ', '')}-{style}.ttf"
        font.save(target)
        print(target.name, f"{target.stat().st_size:,} bytes,", len(font.getBestCmap()), "characters")


if __name__ == "__main__":
    main(sys.argv[1:])
