"""One thing drawn at a random place over (or under) the page of a generated document, and what the page then shows.

`page(seed)` draws the first page of a document object by object; a kind of OVERDRAWS is a function (sheet, rng) → Drawn.
A thing that hides says which area it hides, a thing that adds print says where it stands and what it reads.
"""

import math
import random
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from raw_pdf import FIRST, show, stream, write_pdf

from .fonts import CID_FONT, registered
from .pages import PAD, lay_out, rules, texts, windows
from .table import blocks
from .truth import make_truth

SIZE = (842.0, 595.0)
MARGIN = 30.0
NUMBER = FIRST + 1  # of the objects that a kind brings along


class Sign(NamedTuple):
    """A character of a table's cell: its box, y upwards."""

    cell: int
    text: str
    x0: float
    y0: float
    x1: float
    y1: float


class Page(NamedTuple):
    """content: operators · signs: characters in the order of reading · size of type · cells: box of each cell."""

    content: str
    signs: list[Sign]
    size: float
    cells: list[tuple[float, float, float, float]]


class Drawn(NamedTuple):
    """What is drawn over the page. hides(x, y): whether a point is covered by it · strikes: what it covers may be struck
    through, or not · adds: print of its own, in its place."""

    content: str = ""
    under: bool = False
    hides: Callable[[float, float], bool] | None = None
    strikes: bool = False
    adds: tuple[Sign, ...] = ()
    objects: tuple = ()
    resources: str = ""
    page: str = ""
    catalog: str = ""


def page(seed: int) -> Page:
    """The first page of a document of the seed."""
    rng = random.Random(f"overdrawn page {seed}")
    truth = make_truth(seed, layout="approval", projects=3, units=1, fiscal_year=2024, unit_column=True)
    block = blocks(truth)[0]
    size = rng.choice([6.0, 7.0, 8.0])
    font = registered(CID_FONT, "")
    sheet = lay_out(block, SIZE[0] - 2 * MARGIN, font, 1.1 * size, rng.random() < 0.4, rng.choice([0.0, 2.0, 6.0]))
    top = SIZE[1] - MARGIN
    pages = windows(sheet, SIZE[1] - 2 * MARGIN, 400, "row", None)
    out = [f"{rng.choice([0.3, 0.5, 0.8])} w 0 G 0 g\n"]
    for x0, y0, x1, y1 in rules(sheet, *pages[0], True, True):
        out.append(f"{MARGIN + x0:.2f} {top - y0:.2f} m {MARGIN + x1:.2f} {top - y1:.2f} l S\n")
    signs, boxes, numbers = [], [], {}
    for cell, line, down in texts(sheet, pages, 0, None):
        if down + sheet.leading > pages[0][1]:
            continue  # it stands on the next page
        if cell not in numbers:
            numbers[cell] = len(boxes)
            low = min(sheet.ys[cell.row + cell.rowspan], pages[0][1])
            boxes.append(
                (
                    MARGIN + sheet.xs[cell.col],
                    top - low,
                    MARGIN + sheet.xs[cell.col + cell.colspan],
                    top - sheet.ys[cell.row],
                )
            )
        x, y = MARGIN + sheet.xs[cell.col] + PAD, top - down - 0.8 * sheet.leading
        out.append(show(round(x, 2), round(y, 2), line, size))
        signs += _signs(numbers[cell], line, x, y, size)
    return Page("".join(out), signs, size, boxes)


def _signs(cell: int, text: str, x: float, y: float, size: float) -> list[Sign]:
    found = []
    for sign in text:
        wide = size / 2 if " " <= sign <= "~" else size
        found.append(Sign(cell, sign, x, y - 0.12 * size, x + wide, y + 0.88 * size))
        x += wide
    return found


def write(path: Path, sheet: Page, drawn: Drawn) -> Path:
    parts = [drawn.content, sheet.content] if drawn.under else [sheet.content, drawn.content]
    content = "".join(f"q\n{part}Q\n" for part in parts if part)
    states = " ".join(f"/A{n} << /ca {n / 100} /CA {n / 100} >>" for n in (1, 5, 15, 30, 50, 70, 85, 95))
    blends = " ".join(
        f"/{name} << /BM /{name} >>" for name in ("Multiply", "Screen", "Lighten", "Darken", "Difference")
    )
    return write_pdf(
        path, content, [f"<< {states} {blends} >>", *drawn.objects], f"/ExtGState {FIRST} 0 R {drawn.resources}",
        drawn.page, drawn.catalog, size=SIZE,
    )  # fmt: skip


# ---- pieces ----------------------------------------------------------------------------------------------------------

WORDS = [
    "内部资料",
    "征求意见稿",
    "某县财政局",
    "公示稿",
    "样本",
    "仅供审计使用",
    "草稿",
    "机密",
    "CONFIDENTIAL",
    "2024年度",
]
NUMBERS = ["85", "1,234.56", "90%", "12", "≥98", "300.00", "10"]
COLOURS = ["0 g", "0.3 g", "0.5 g", "0.7 g", "0.85 g", "1 0 0 rg", "0.8 0.1 0.1 rg", "0 0 1 rg", "0.6 0.75 0.95 rg"]


def _spot(rng) -> tuple[float, float]:
    return round(rng.uniform(40, SIZE[0] - 120), 1), round(rng.uniform(60, SIZE[1] - 60), 1)


def _turned(degrees: float) -> str:
    a = math.radians(degrees)
    return f"{math.cos(a):.4f} {math.sin(a):.4f} {-math.sin(a):.4f} {math.cos(a):.4f}"


def _box(sheet: Page, rng) -> tuple[float, float, float, float]:
    """A box over a cell's text, over a part of it, or anywhere."""
    if rng.random() < 0.7:
        cell = rng.randrange(len(sheet.cells))
        signs = [sign for sign in sheet.signs if sign.cell == cell]
        x0, y0, x1, y1 = signs[0].x0, signs[-1].y0, max(s.x1 for s in signs), signs[0].y1
        if rng.random() < 0.4:
            x0 += rng.uniform(0, (x1 - x0) * 0.7)
        return x0 - 1, y0 - 1, x1 + 1, y1 + 1
    x, y = _spot(rng)
    return x, y, x + rng.uniform(8, 150), y + rng.uniform(6, 60)


def _inside(box) -> Callable[[float, float], bool]:
    return lambda x, y: box[0] < x < box[2] and box[1] < y < box[3]


def _re(box) -> str:
    return f"{box[0]:.2f} {box[1]:.2f} {box[2] - box[0]:.2f} {box[3] - box[1]:.2f} re"


def _ellipse(box) -> str:
    x, y, a, b = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, (box[2] - box[0]) / 2, (box[3] - box[1]) / 2
    k, j = 0.5523 * a, 0.5523 * b
    return (
        f"{x + a:.2f} {y:.2f} m {x + a:.2f} {y + j:.2f} {x + k:.2f} {y + b:.2f} {x:.2f} {y + b:.2f} c "
        f"{x - k:.2f} {y + b:.2f} {x - a:.2f} {y + j:.2f} {x - a:.2f} {y:.2f} c "
        f"{x - a:.2f} {y - j:.2f} {x - k:.2f} {y - b:.2f} {x:.2f} {y - b:.2f} c "
        f"{x + k:.2f} {y - b:.2f} {x + a:.2f} {y - j:.2f} {x + a:.2f} {y:.2f} c h"
    )


def _in_ellipse(box):
    x, y, a, b = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, (box[2] - box[0]) / 2, (box[3] - box[1]) / 2
    return lambda p, q: ((p - x) / a) ** 2 + ((q - y) / b) ** 2 < 1


def _rounded(box) -> str:
    x0, y0, x1, y1 = box
    r = min(x1 - x0, y1 - y0) / 4
    return (
        f"{x0 + r:.2f} {y0:.2f} m {x1 - r:.2f} {y0:.2f} l {x1:.2f} {y0:.2f} {x1:.2f} {y0 + r:.2f} {x1:.2f} {y0 + r:.2f} c "
        f"{x1:.2f} {y1 - r:.2f} l {x1:.2f} {y1:.2f} {x1 - r:.2f} {y1:.2f} {x1 - r:.2f} {y1:.2f} c "
        f"{x0 + r:.2f} {y1:.2f} l {x0:.2f} {y1:.2f} {x0:.2f} {y1 - r:.2f} {x0:.2f} {y1 - r:.2f} c "
        f"{x0:.2f} {y0 + r:.2f} l {x0:.2f} {y0:.2f} {x0 + r:.2f} {y0:.2f} {x0 + r:.2f} {y0:.2f} c h"
    )


def _diamond(box) -> str:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return f"{box[0]:.2f} {y:.2f} m {x:.2f} {box[3]:.2f} l {box[2]:.2f} {y:.2f} l {x:.2f} {box[1]:.2f} l h"


def _in_diamond(box):
    x, y, a, b = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, (box[2] - box[0]) / 2, (box[3] - box[1]) / 2
    return lambda p, q: abs(p - x) / a + abs(q - y) / b < 1


def _wider(box, by=1.6):
    """The box about the same middle, so that a round or slanted shape covers what the box covers."""
    x, y, a, b = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, (box[2] - box[0]) / 2 * by, (box[3] - box[1]) / 2 * by
    return x - a, y - b, x + a, y + b


# ---- kinds -----------------------------------------------------------------------------------------------------------


def _watermark(degrees: Callable, colours=COLOURS, sizes=(20, 60), state: Callable = lambda rng: "", **how):
    def draw(sheet: Page, rng) -> Drawn:
        (x, y), word, size, turn = _spot(rng), rng.choice(WORDS), round(rng.uniform(*sizes), 1), degrees(rng)
        text = show(x, y, word, size, f"{state(rng)} {rng.choice(colours)}", _turned(turn))
        adds = () if turn else tuple(_signs(-1, word, x, y, size))  # small and alone in a blank cell it may be print
        return Drawn(text, under=rng.random() < 0.5, adds=adds, **how)

    return draw


def _tiled(sheet: Page, rng) -> Drawn:
    word, size, turn = rng.choice(WORDS), rng.uniform(6, 14), _turned(rng.choice([0, 0, 30, 45]))
    how = rng.choice(["0.85 g", "0.9 0.9 0.95 rg", "/A15 gs 0 g", "/A30 gs 1 0 0 rg"])
    step, rise = rng.uniform(60, 140), rng.uniform(20, 60)
    spots = [(40 + step * i, 40 + rise * j) for i in range(int(740 / step)) for j in range(int(500 / rise))]
    return Drawn(
        "".join(show(round(x, 1), round(y, 1), word, round(size, 1), how, turn) for x, y in spots), rng.random() < 0.5
    )


def _seal(sheet: Page, rng) -> Drawn:
    (x, y), radius = _spot(rng), rng.uniform(28, 60)
    colour = rng.choice(
        ["1 0 0 RG 1 0 0 rg", "0.8 0 0 RG 0.8 0 0 rg", "/A50 gs 1 0 0 RG 1 0 0 rg", "0 0 1 RG 0 0 1 rg"]
    )
    out = f"{colour} 1.5 w {_ellipse((x - radius, y - radius, x + radius, y + radius))} S\n"
    words = rng.choice(["某某县财政局预算专用章", "云岭县教育局", "合同专用章"])
    size = rng.uniform(7, 11)
    for n, sign in enumerate(words):
        at = 210 - 240 * n / (len(words) - 1)
        a = math.radians(at)
        px, py = x + 0.72 * radius * math.cos(a), y + 0.72 * radius * math.sin(a)
        out += show(round(px, 2), round(py, 2), sign, round(size, 1), "", _turned(at - 90))
    out += show(round(x - 7, 1), round(y - 6, 1), "★", 15)
    if rng.random() < 0.5:
        out += show(
            round(x - 15, 1), round(y - 20, 1), rng.choice(["业务章", "（1）", "2024.3.5"]), rng.choice([7, 8, 9])
        )
    return Drawn(out, rng.random() < 0.2)


def _stamp(sheet: Page, rng) -> Drawn:
    x, y = _spot(rng)
    colour = rng.choice(["1 0 0 RG 1 0 0 rg", "0 0 1 RG 0 0 1 rg"])
    out = f"{colour} 1.2 w {x} {y} 90 34 re S\n" + show(x + 8, y + 20, rng.choice(["已审核", "收文", "同意"]), 9)
    return Drawn(out + show(x + 8, y + 6, "2024-03-05", 8))


def _cover(path: Callable, hides: Callable, how: list[str], wider=1.0, op="f", under=False):
    def draw(sheet: Page, rng) -> Drawn:
        box = _wider(_box(sheet, rng), wider)
        return Drawn(f"{rng.choice(how)} {path(box)} {op}\n", under, hides and hides(box))

    return draw


WHITE = ["1 g", "1 1 1 rg", "0 0 0 0 k"]
OPAQUE = [*WHITE, "0.8 0.9 1 rg", "0 g", "0.5 g", "/A95 gs 1 g"]


def _rewritten(sheet: Page, rng) -> Drawn:
    """A white box over a cell's text and a number of its own in its place."""
    cell = rng.randrange(len(sheet.cells))
    signs = [sign for sign in sheet.signs if sign.cell == cell]
    box = signs[0].x0 - 1, signs[-1].y0 - 1, max(s.x1 for s in signs) + 1, signs[0].y1 + 1
    x, y, text = signs[0].x0, signs[0].y0 + 0.12 * sheet.size, rng.choice(NUMBERS)
    new = show(round(x, 2), round(y, 2), text, sheet.size, "0 g")
    return Drawn(f"1 g {_re(box)} f\n{new}", hides=_inside(box), adds=tuple(_signs(cell, text, x, y, sheet.size)))


def _text_at(how: Callable, size: Callable, hidden: bool = False, words=(*NUMBERS, "已调整", "暂定")):
    """Text of its own somewhere over the table: near a cell's text, or anywhere."""

    def draw(sheet: Page, rng) -> Drawn:
        sign = rng.choice(sheet.signs)
        x, y = sign.x0 + rng.uniform(-20, 40), sign.y0 + 0.12 * sheet.size + rng.choice([0, 0, rng.uniform(-8, 8)])
        text, tall = rng.choice(words), size(sheet, rng)
        drawn = show(round(x, 2), round(y, 2), text, round(tall, 2), how(rng))
        return Drawn(drawn, hidden and rng.random() < 0.5, adds=() if hidden else tuple(_signs(-1, text, x, y, tall)))

    return draw


def _own(sheet: Page, rng) -> float:
    return sheet.size


def _twice(sheet: Page, rng) -> Drawn:
    """A cell's text printed twice a hair apart, as bold type is faked."""
    cell = rng.randrange(len(sheet.cells))
    by, out = rng.uniform(0.1, 0.5), ""
    for s in [sign for sign in sheet.signs if sign.cell == cell]:
        out += show(round(s.x0 + by, 2), round(s.y0 + 0.12 * sheet.size, 2), s.text, sheet.size)
    return Drawn(out)


def _line(sheet: Page, rng) -> Drawn:
    """A straight line across the table, lying, standing or slanted; or a drawn curve."""
    (x, y), (p, q) = _spot(rng), _spot(rng)
    end = rng.choice([(p, y), (x, q), (p, q)])
    curve = f"{p} {y} {x} {q} {end[0]} {end[1]} c" if rng.random() < 0.3 else f"{end[0]} {end[1]} l"
    how = f"{rng.choice(['0 G', '1 0 0 RG', '0 0 1 RG', '0.7 G'])} {rng.choice([0.3, 0.6, 1, 2])} w"
    struck = min(x, end[0]), end[1] - sheet.size, max(x, end[0]), end[1] + sheet.size
    return Drawn(f"{how} {x} {y} m {curve} S\n", hides=_inside(struck) if end[1] == y else None, strikes=True)


def _unseen_through(path: Callable):
    """Text wholly outside the window through which it is drawn, inside the window's bounds."""

    def draw(sheet: Page, rng) -> Drawn:
        sign = rng.choice(sheet.signs)
        x, y = sign.x0, sign.y0
        box = x - 1, y - 1, x + 120, y + 120  # the text stands in its lower left corner
        return Drawn(f"q {path(box)} W n\n{show(round(x, 2), round(y + 1, 2), '85', sheet.size, '0 g')}Q\n")

    return draw


def _picture(sheet: Page, rng) -> Drawn:
    box = _box(sheet, rng)
    colour = rng.choice([b"\xff\xff\xff", b"\xc0\xd0\xff"])
    image = stream(
        colour, "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceRGB /BitsPerComponent 8"
    )
    return _placed(box, (image,), hides=_inside(box))


def _placed(box, objects: tuple, hides=None) -> Drawn:
    content = f"q {box[2] - box[0]:.2f} 0 0 {box[3] - box[1]:.2f} {box[0]:.2f} {box[1]:.2f} cm /X Do Q\n"
    return Drawn(content, hides=hides, objects=objects, resources=f"/XObject << /X {NUMBER} 0 R >>")


def _masked_picture(covering: bool):
    def draw(sheet: Page, rng) -> Drawn:
        box, value = _box(sheet, rng), 255 if covering else rng.choice([0, 60, 110])
        like = "/Type /XObject /Subtype /Image /Width 4 /Height 4 /BitsPerComponent 8 /ColorSpace"
        image = stream(b"\xff\xf0\xf0" * 16, f"{like} /DeviceRGB /SMask {NUMBER + 1} 0 R")
        return _placed(
            box, (image, stream(bytes([value]) * 16, f"{like} /DeviceGray")), _inside(box) if covering else None
        )

    return draw


def _shading(sheet: Page, rng) -> Drawn:
    box = _box(sheet, rng)
    shade = (
        f"<< /ShadingType 2 /ColorSpace /DeviceRGB /Coords [{box[0]:.1f} 0 {box[2]:.1f} 0] /Extend [true true]"
        " /Function << /FunctionType 2 /Domain [0 1] /C0 [1 1 1] /C1 [0.8 0.9 1] /N 1 >> >>"
    )
    return Drawn(f"q {_re(box)} W n /S sh Q\n", hides=_inside(box), resources=f"/Shading << /S {shade} >>")


def _pattern_cover(sheet: Page, rng) -> Drawn:
    box = _box(sheet, rng)
    tile = stream("1 g 0 0 9 9 re f\n", "/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 8 8] /XStep 8 /YStep 8 /Resources << >>")  # fmt: skip
    return Drawn(
        f"/Pattern cs /P scn {_re(box)} f\n",
        hides=_inside(box),
        objects=(tile,),
        resources=f"/Pattern << /P {NUMBER} 0 R >>",
    )


def _in_a_form(sheet: Page, rng) -> Drawn:
    """A white box drawn by a form."""
    box = _box(sheet, rng)
    form = stream(
        f"1 g {_re(box)} f\n", f"/Type /XObject /Subtype /Form /BBox [0 0 {SIZE[0]} {SIZE[1]}] /Resources << >>"
    )
    return Drawn("/X Do\n", hides=_inside(box), objects=(form,), resources=f"/XObject << /X {NUMBER} 0 R >>")


def _layer(on: bool):
    def draw(sheet: Page, rng) -> Drawn:
        plain = _text_at(lambda r: "0 g", _own, hidden=not on)(sheet, rng)
        view = "/D << >>" if on else f"/D << /OFF [{NUMBER} 0 R] >>"
        return plain._replace(
            content=f"/OC /L BDC\n{plain.content}EMC\n",
            objects=("<< /Type /OCG /Name (draft) >>",),
            resources=f"/Properties << /L {NUMBER} 0 R >>",
            catalog=f"/OCProperties << /OCGs [{NUMBER} 0 R] {view} >>",
        )

    return draw


def _annotation(
    subtype: str, look: Callable, entries: Callable = lambda box: "", flags: int = 4, adds: str = "", covers=False
):
    def draw(sheet: Page, rng) -> Drawn:
        box = _box(sheet, rng)
        box = box[0], box[1], max(box[2], box[0] + 2 * sheet.size), max(box[3], box[1] + sheet.size + 3)
        wide, tall = box[2] - box[0], box[3] - box[1]
        note = (
            f"<< /Type /Annot /Subtype /{subtype} /Rect [{box[0]:.2f} {box[1]:.2f} {box[2]:.2f} {box[3]:.2f}] /F {flags}"
            f" /AP << /N {NUMBER + 1} 0 R >> {entries(box)} >>"
        )
        form = stream(
            look(wide, tall, sheet.size),
            f"/Type /XObject /Subtype /Form /BBox [0 0 {wide:.2f} {tall:.2f}] /Resources << /Font << /F 5 0 R >> /ExtGState {FIRST} 0 R >>",
        )
        signs = _signs(-1, adds, box[0] + 2, box[1] + 3, sheet.size) if adds else []
        return Drawn(
            hides=_inside(box) if covers else None,
            adds=tuple(signs),
            objects=(note, form),
            page=f"/Annots [{NUMBER} 0 R]",
        )

    return draw


def _typed(ground: str, text: str = "85"):
    return lambda wide, tall, size: f"{ground.format(wide=wide, tall=tall)}{show(2, 3, text, size, '0 g')}"


def _quads(box) -> str:
    x0, y0, x1, y1 = (round(side, 2) for side in box)
    return f"/QuadPoints [{x0} {y1} {x1} {y1} {x0} {y0} {x1} {y0}] /C [1 1 0]"


GROUND = "1 g 0 0 {wide:.2f} {tall:.2f} re f\n"
OVERDRAWS: dict[str, Callable[[Page, random.Random], Drawn]] = {
    "watermark": _watermark(lambda rng: 0),
    "watermark_slanted": _watermark(lambda rng: rng.uniform(10, 80)),
    "watermark_turned": _watermark(lambda rng: rng.choice([90, 270, 180]), sizes=(12, 40)),
    "watermark_transparent": _watermark(lambda rng: rng.choice([0, 30]), state=lambda rng: rng.choice(["/A5 gs", "/A15 gs", "/A30 gs", "/A50 gs"])),
    "watermark_outlined": _watermark(lambda rng: 0, colours=["0.6 G 0.3 w 1 Tr", "1 0 0 RG 0.5 w 1 Tr"]),
    "watermark_small": _watermark(lambda rng: 0, sizes=(6, 12), colours=["0.85 g", "0.7 g", "1 0 0 rg", "0.6 0.75 0.95 rg"]),
    "watermark_tiled": _tiled,
    "seal": _seal,
    "stamp": _stamp,
    "white_box": _cover(_re, _inside, WHITE),
    "coloured_box": _cover(_re, _inside, OPAQUE),
    "white_ellipse": _cover(_ellipse, _in_ellipse, OPAQUE, 1.5),
    "white_rounded": _cover(_rounded, _inside, OPAQUE, 1.2),
    "white_diamond": _cover(_diamond, _in_diamond, OPAQUE, 2.1),
    "white_screen": _cover(_re, _inside, ["/Screen gs 1 g", "/Lighten gs 1 g"]),
    "black_darken": _cover(_re, _inside, ["/Darken gs 0 g", "/Multiply gs 0 g"]),
    "highlighter": _cover(_re, None, ["/Multiply gs 1 1 0 rg", "/A30 gs 1 1 0 rg", "/Darken gs 0.7 1 0.7 rg"]),
    "glass": _cover(_re, None, ["/A50 gs 1 g", "/A70 gs 1 1 1 rg", "/A30 gs 0 g"]),
    "ground": _cover(_re, None, ["0.9 g", "0.8 0.9 1 rg", "1 1 0.8 rg"], under=True),
    "frame": _cover(_re, None, ["1 0 0 RG 1 w", "0 G 0.5 w", "0 0 1 RG 2 w"], op="S"),
    "ring": _cover(_ellipse, None, ["1 0 0 RG 1 w", "0 0 1 RG 1 w"], 1.3, op="S"),
    "rewritten": _rewritten,
    "text_in_own_type": _text_at(lambda rng: "0 g", _own),
    "text_in_colour": _text_at(lambda rng: rng.choice(["1 0 0 rg", "0 0 1 rg", "0.4 g"]), _own),
    "text_smaller": _text_at(lambda rng: "0 g", lambda sheet, rng: sheet.size * rng.uniform(0.3, 0.9)),
    "text_larger": _text_at(lambda rng: rng.choice(["0 g", "1 0 0 rg"]), lambda sheet, rng: sheet.size * rng.uniform(1.1, 2)),
    "text_white": _text_at(lambda rng: rng.choice([*WHITE, "0.98 g"]), _own, hidden=True),
    "text_faint": _text_at(lambda rng: rng.choice(["0.9 g", "/A15 gs 0 g", "0.85 0.9 1 rg"]), _own),
    "text_transparent": _text_at(lambda rng: "/A1 gs 0 g", _own, hidden=True),
    "text_invisible": _text_at(lambda rng: "3 Tr", _own, hidden=True),
    "text_half_transparent": _text_at(lambda rng: rng.choice(["/A50 gs 0 g", "/A70 gs 0 g", "/A30 gs 0 g"]), _own),
    "printed_twice": _twice,
    "line": _line,
    "clipped_by_ellipse": _unseen_through(_ellipse),
    "clipped_by_diamond": _unseen_through(_diamond),
    "picture": _picture,
    "picture_see_through": _masked_picture(False),
    "picture_masked_but_opaque": _masked_picture(True),
    "shading": _shading,
    "pattern": _pattern_cover,
    "form": _in_a_form,
    "layer_off": _layer(False),
    "layer_on": _layer(True),
    "typed_note": _annotation("FreeText", _typed(""), lambda box: "/Contents (85)", adds="85"),
    "typed_over": _annotation("FreeText", _typed(GROUND), lambda box: "/Contents (85)", adds="85", covers=True),
    "field_over": _annotation("Widget", _typed(GROUND), lambda box: "/FT /Tx /V (85)", adds="85", covers=True),
    "note_hidden": _annotation("FreeText", _typed(GROUND), lambda box: "/Contents (85)", flags=2),
    "square": _annotation("Square", lambda w, t, s: f"1 g 0 0 {w:.2f} {t:.2f} re f\n", covers=True),
    "stamp_note": _annotation("Stamp", _typed("1 0 0 RG 1 0 0 rg 1 w 1 1 {wide:.2f} {tall:.2f} re S\n", "已审")),
    "highlight": _annotation("Highlight", lambda w, t, s: f"/Multiply gs 0.9 1 0.5 rg 0 0 {w:.2f} {t:.2f} re f\n", _quads),
    "ink": _annotation("Ink", lambda w, t, s: f"1 0 0 RG 1 w 0 0 m {w:.2f} {t:.2f} l S\n"),
}  # fmt: skip
