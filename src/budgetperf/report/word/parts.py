"""Pieces of a Word document as XML: runs, paragraphs, fields, tables, pictures."""

import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import NamedTuple

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from budgetperf.field.notation import ems
from budgetperf.report.model import clean

TWIPS, EMU = 20, 12_700  # a point in twips and in English Metric Units
DPI = 200  # charts
CROP_DPI = 300  # crops of print: legible when magnified
LEGIBLE = 0.75  # of the size in print: a crop is cut narrower before it is made smaller than this
PADDING = 1.5  # type sizes: the margins of a cell at the left and right
_WHOLE = re.compile(r"[（“《〔]*(?:[!-~]+|[^\n])[）”》〕，。；：、]*")  # what is not divided over lines
_LATIN = re.compile(r"[!-,.-~]+-?")  # what is broken only between words and after hyphens


def element(tag: str, attributes: dict | None = None, *children):
    """An element of Word's namespace: `element("jc", {"val": "right"})`."""
    made = OxmlElement(f"w:{tag}", {qn(f"w:{name}"): str(value) for name, value in (attributes or {}).items()})
    made.extend(children)
    return made


# ---- text ------------------------------------------------------------------------------------------------------------


class Look(NamedTuple):
    """How a run differs from its style; size in points, colour in hexadecimal digits."""

    bold: bool = False
    size: float | None = None
    colour: str | None = None


PLAIN = Look()


def run(text: str, look: Look = PLAIN):
    """A run; line feeds become line breaks, tabs tabs. Signs that exist in both scripts (“ ” …) are set as Chinese."""
    properties = []
    if any(ord(sign) > 127 for sign in text):
        properties.append(element("rFonts", {"hint": "eastAsia"}))
    if look.bold:
        properties.append(element("b"))
    if look.colour:
        properties.append(element("color", {"val": look.colour}))
    if look.size:
        properties += [element("sz", {"val": round(2 * look.size)}), element("szCs", {"val": round(2 * look.size)})]
    made = element("r", None, *([element("rPr", None, *properties)] if properties else []))
    for part in re.split("([\n\t])", clean(text)):
        if part in ("\n", "\t"):
            made.append(element("br" if part == "\n" else "tab"))
        elif part:
            words = element("t")
            words.text = part
            words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            made.append(words)
    return made


def paragraph(
    style: str,
    content: Iterable = (),
    *,
    keep_next: bool = False,
    new_page: bool = False,
    align: str | None = None,
    before: float | None = None,
):
    """A paragraph of the style with this id. align: left, center, right; before: space above in points."""
    properties = [element("pStyle", {"val": style})]
    properties += [element("keepNext")] if keep_next else []
    properties += [element("pageBreakBefore")] if new_page else []
    properties += [element("spacing", {"before": round(before * TWIPS)})] if before is not None else []
    properties += [element("jc", {"val": align})] if align else []
    return element("p", None, element("pPr", None, *properties), *content)


def tiny_paragraph(after: float = 0):
    """What Word wants after a table, one point high; after: space below in points."""
    spacing = element("spacing", {"before": 0, "after": round(after * TWIPS), "line": TWIPS, "lineRule": "exact"})
    indent = element("ind", {"firstLineChars": 0, "firstLine": 0})
    mark = element("rPr", None, element("sz", {"val": 2}), element("szCs", {"val": 2}))
    return element("p", None, element("pPr", None, element("snapToGrid", {"val": 0}), spacing, indent, mark))


def field(instruction: str, result: Sequence) -> list:
    """The runs of a field that shows `result` (runs) until it is brought up to date."""
    words = element("instrText")
    words.text = f" {instruction} "
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    marks = [element("r", None, element("fldChar", {"fldCharType": kind})) for kind in ("begin", "separate", "end")]
    return [marks[0], element("r", None, words), marks[1], *result, marks[2]]


def bookmarked(name: str, number: int, content: Iterable) -> list:
    """The content within a bookmark; number: unique in the document."""
    start = element("bookmarkStart", {"id": number, "name": name})
    return [start, *content, element("bookmarkEnd", {"id": number})]


def lines_needed(text: str, width: float, size: float) -> int:
    """Lines that a text takes in a column `width` points wide, at a type size; rather one too many.

    >>> lines_needed("保障人数", 30, 12), lines_needed("a\\nb", 30, 12)
    (2, 2)
    """
    room = max(1.0, width / size / 1.06)
    return sum(_lines(line, room) for line in text.split("\n"))


def _lines(line: str, room: float) -> int:
    """Lines that a paragraph takes; a word goes to the next line whole, with the brackets and stops that cling to it."""
    lines, used = 1, 0.0
    for word in _WHOLE.findall(line):
        wide = ems(word)
        if used and used + wide > room:
            lines, used = lines + 1, 0.0
        over = int(wide // room) if wide > room else 0
        lines, used = lines + over, used + wide - over * room
    return lines


# ---- tables ----------------------------------------------------------------------------------------------------------


def column_widths(
    texts: Sequence[Sequence[str]], solid: Sequence[bool], room: float, longest: float = 14.0
) -> tuple[list[float], bool]:
    """Widths in type sizes of columns whose texts (head first) fill `room`, and whether all fit.

    solid: columns of numbers, never wrapped · longest: words longer than this may be broken. Short columns get what they need, the long ones share the rest.

    >>> column_widths([["名", "甲"], ["金额", "1,204.50"]], [False, True], 20)[1]
    True
    """
    needed, least = [], []
    for column, is_solid in zip(texts, solid, strict=True):
        head, lines = column[0], [line for text in column[1:] for line in text.split("\n")]
        widest = max((ems(line) for line in lines), default=0.0)
        word = max((ems(part) for text in column for part in _LATIN.findall(text)), default=0.0)
        of_head = max((ems(part) for part in _LATIN.findall(head)), default=0.0)
        of_head = max(2.0, min(ems(head), max(ems(head) / 2 + 0.5, of_head)))  # a head may go over two lines
        wanted = max(widest, of_head) + PADDING
        narrow = (
            max(of_head, min(widest, 6.0 if widest < 30 else 10.0 if widest < 60 else 16.0), min(word, longest))
            + PADDING
        )
        needed.append(wanted)
        least.append(wanted if is_solid else min(narrow, wanted))
    fits = sum(least) <= room
    if not fits:
        return [width * room / sum(least) for width in least], False
    widths, left, open_columns = list(least), room - sum(least), set(range(len(least)))
    while open_columns and left > 1e-6:  # water finds its level: what one does not need goes to the others
        parts = sum(needed[k] ** 0.5 for k in open_columns)
        share = {k: left * needed[k] ** 0.5 / parts for k in open_columns}
        done = {k for k in open_columns if needed[k] - widths[k] <= share[k]}
        for k in done or open_columns:
            grown = needed[k] - widths[k] if done else share[k]
            widths[k] += grown
            left -= grown
        open_columns -= done or set(open_columns)
    spare = left / sum(widths)
    return [width * (1 + spare) for width in widths], True


class Grid(NamedTuple):
    """A table to be set: head and rows as text, alignment of each cell, widths in points, size of type."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: Sequence[Sequence[bool]]  # of head and rows: set at the right
    widths: Sequence[float]
    size: float
    total: bool = False
    page_height: float = 600.0


def table(grid: Grid, style: str, text_style: str):
    """A table with a head that is repeated on every page; rows stay whole, short tables too; a total is bold."""
    made = element(
        "tbl",
        None,
        element(
            "tblPr",
            None,
            element("tblStyle", {"val": style}),
            element("tblW", {"w": round(sum(grid.widths) * TWIPS), "type": "dxa"}),
            element("jc", {"val": "center"}),
            element("tblLayout", {"type": "fixed"}),
            element("tblLook", {"val": "04A0" if grid.total else "0420", "firstRow": 1, "lastRow": int(grid.total)}),
        ),
        element("tblGrid", None, *(element("gridCol", {"w": round(width * TWIPS)}) for width in grid.widths)),
    )
    every = [grid.head, *grid.rows]
    heights = [_row_height(row, grid) for row in every]
    whole = len(grid.rows) <= 12 and sum(heights) < grid.page_height / 2
    last = len(every) - 1
    for number, (row, right) in enumerate(zip(every, grid.right, strict=True)):
        bold = number == 0 or (grid.total and number == last)
        keep = number == 0 or (whole and number < last) or (grid.total and number == last - 1)
        properties = [element("cantSplit")] if heights[number] < grid.page_height / 2 else []
        properties += [element("tblHeader")] if number == 0 else []
        made.append(
            element(
                "tr",
                None,
                element("trPr", None, *properties),
                *(
                    _cell(text, grid.widths[k], text_style, Look(bold, grid.size), right[k], number == 0, keep)
                    for k, text in enumerate(row)
                ),
            )
        )
    return made


def _row_height(row: Sequence[str], grid: Grid) -> float:
    room = [width - PADDING * grid.size for width in grid.widths]
    return max(lines_needed(text, space, grid.size) for text, space in zip(row, room, strict=True)) * grid.size * 1.35


def _cell(text: str, width: float, style: str, look: Look, right: bool, is_head: bool, keep: bool):
    properties = [element("tcW", {"w": round(width * TWIPS), "type": "dxa"})]
    properties += [element("shd", {"val": "clear", "color": "auto", "fill": "EDEDED"})] if is_head else []
    properties += [element("vAlign", {"val": "center"})]
    align = "center" if is_head else "right" if right else None
    content = [run(text, look)] if text else []
    words = paragraph(style, content, keep_next=keep, align=align)
    return element("tc", None, element("tcPr", None, *properties), words)


# ---- pictures --------------------------------------------------------------------------------------------------------


def picture_run(part, png: bytes, width: float, height: float, description: str):
    """A run with a picture, `width` × `height` points, that says `description` to those who cannot see it."""
    inline = part.new_pic_inline(BytesIO(png), round(width * EMU), round(height * EMU))
    text = clean(description).replace("\n", " ")
    for properties in (inline.docPr, inline.graphic.graphicData.pic.nvPicPr.cNvPr):
        properties.set("descr", text)
    inline.docPr.set("name", f"Picture {inline.docPr.id}")
    for side in ("distT", "distB", "distL", "distR"):  # else LibreOffice keeps a distance that shifts the picture
        inline.set(side, "0")
    return element("r", None, element("drawing", None, inline))


def fitted(pixels: tuple[int, int], width: float, height: float, dpi: float) -> tuple[float, float]:
    """Points of a picture as large as its pixels at `dpi`, made smaller to fit.

    >>> fitted((400, 200), 72, 720, 200)
    (72.0, 36.0)
    """
    across, down = pixels[0] / dpi * 72, pixels[1] / dpi * 72
    scale = min(1.0, width / across, height / down)
    return across * scale, down * scale


def crop_png(image, width: float) -> bytes:
    """A crop of print as PNG for a place `width` points wide: not finer than print needs, few colours."""
    from PIL import Image

    most = max(1, round(width / 72 * CROP_DPI))
    if image.width > most:
        image = image.resize((most, max(1, round(image.height * most / image.width))), Image.Resampling.LANCZOS)
    buffer = BytesIO()
    image.convert("RGB").quantize(64, dither=Image.Dither.NONE).save(buffer, format="PNG")
    return buffer.getvalue()


def crop_of(view, width: float, height: float):
    """(image, points across, points down) of an evidence view in a place of width × height points.

    What does not fit legibly is cut around the framed cells; only where these are too large it is made smaller.
    """
    from budgetperf.evidence import OTHER_COLOUR, OWN_COLOUR
    from budgetperf.evidence.page import SHARP, stack
    from budgetperf.evidence.table import DPI as TABLE_DPI
    from budgetperf.evidence.table import table_image

    # captions and notes are set as text, not drawn into the picture
    if view.images:
        image = stack([_without_blank_ends(one) for one in view.images])
    else:
        image = _trimmed(stack([table_image(one, []) for one in view.tables]))
    natural = 72 * SHARP if view.images else TABLE_DPI  # pixels an inch as printed
    most = round(width / 72 * natural / LEGIBLE)
    if image.width > most:
        left, _, right, _ = _framed(image, OWN_COLOUR, OTHER_COLOUR)
        start = max(0, min(right + 12 - most, left - 12))  # what is named at the left rather than blanks at the right
        image = image.crop((start, 0, min(image.width, max(start + most, right + 12)), image.height))
    across = min(width, image.width / natural * 72)
    room = max(1, int(height / across * image.width))  # pixels down
    if image.height > room:
        _, top, _, bottom = _framed(image, OWN_COLOUR)
        if bottom - top <= 0.9 * room:
            start = min(max(0, (top + bottom - room) // 2), image.height - room)
            image = image.crop((0, start, image.width, start + room))
    scale = min(1.0, height / (image.height * across / image.width))
    return image, across * scale, image.height * across / image.width * scale


def legible_crop_of(view, width: float, heights: Sequence[float]):
    """`crop_of` in the first of the heights; in a later one where print keeps less than LEGIBLE of its size and that
    helps."""
    from budgetperf.evidence.page import SHARP

    image, across, down = crop_of(view, width, heights[0])
    for height in heights[1:]:
        if across / image.width * SHARP < 0.95 * LEGIBLE:
            other = crop_of(view, width, height)
            if other[1] / other[0].width > 1.1 * across / image.width:
                image, across, down = other
    return image, across, down


def _framed(image, *colours: str) -> tuple[int, int, int, int]:
    """Left, top, right and bottom, in pixels, of what is framed in the colours; the whole picture where nothing is."""
    import numpy as np
    from PIL import Image, ImageColor

    pixels = np.asarray(image.convert("RGB"))
    marked = np.zeros(pixels.shape[:2], dtype=bool)
    for colour in colours:
        marked |= (pixels == np.array(ImageColor.getrgb(colour))).all(axis=2)
    return Image.fromarray(marked).getbbox() or (0, 0, image.width, image.height)


def _trimmed(image):
    """The picture without its white margins."""
    from PIL import Image, ImageChops

    box = ImageChops.difference(image, Image.new(image.mode, image.size, "white")).getbbox()
    return image.crop(box) if box else image


def _without_blank_ends(image):
    """The picture of a page without white above and below its print, but for a narrow margin."""
    from PIL import Image, ImageChops

    box = ImageChops.difference(image.convert("RGB"), Image.new("RGB", image.size, "white")).getbbox()
    if box is None:
        return image
    return image.crop((0, max(0, box[1] - 12), image.width, min(image.height, box[3] + 12)))
