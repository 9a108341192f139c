"""HTML pages → Cells, by lxml (no network, no entities of their own), as a browser lays tables out.

Read: text and tables of the body in order; tables that only arrange (they have no more cells than the tables inside
them, and no label of a form) give their text as lines. Values of form fields, signs drawn as
pictures and tables made of other elements are read as shown (html_shown.py). Left out: scripts, styles, comments, and
what no one sees (html_looks.py).
A page saved in several files (frames, one file a worksheet) is read with them (html_files.py).
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin

import lxml.html
import pandas as pd
from lxml import etree

from budgetperf.errors import Unreadable
from budgetperf.readers.encoding import SURE, known_words
from budgetperf.readers.flow import CELL_LIMIT, Cell, Table, cells_of, labels_anything, laid_out, left_out, lines_of
from budgetperf.readers.html_boxes import Styles, is_laid_out, lay_out
from budgetperf.readers.html_encoding import damage_outside, decode
from budgetperf.readers.html_files import Files, address_of, frames, is_mhtml, style_sheets, together, unpacked
from budgetperf.readers.html_frozen import with_frozen
from budgetperf.readers.html_looks import drop_unseen, styles_of
from budgetperf.readers.html_shown import as_shown, open_shadows
from budgetperf.readers.package import content_of
from budgetperf.readers.text import text_items
from budgetperf.tables.cells import Reading, Remark, pages_frame

SIZE_LIMIT, TAG_LIMIT = 64 * 2**20, 1_500_000  # read in some 13 seconds and 1 GB
SPAN_LIMIT, COLUMN_LIMIT = 1000, 20_000  # the first is HTML's own
_UNSEEN = {"script", "style", "noscript", "template", "head", "title", "object", "iframe", "svg", "rt", "rp"}
_UNSEEN |= {"annotation", "annotation-xml", "datalist", "audio", "video", "canvas", "col", "colgroup"}
_BLOCK = {
    "address", "article", "aside", "blockquote", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre",
    "section", "summary", "ul", "caption", "tr", "td", "th", "table",
}  # fmt: skip
_FOLD, _WIDE = "\v", "[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff01-\uff60]"
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), None) | {0xA0: " "}
_BREAK = "\n"
_ENDS = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_SECTIONS = ("thead", "tbody", "tfoot")  # in the order shown


def read_html(source: Path | bytes) -> Reading:
    """Cells of an HTML page, or of a whole page saved in one file (MHTML); a page a frame.

    Of a file, the frames and style sheets beside it are read too. Raises Unreadable for text in no known encoding, and for pages nested or sized beyond reason.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     target = Path(folder) / "a.html"
    ...     _ = target.write_text("<p>标题</p><table><tr><td rowspan=2>甲<td>乙<tr><td>丙</table>", encoding="utf-8")
    ...     read_html(target).cells[["table", "row", "col", "rowspan", "text"]].values.tolist()
    [[0, 1, 1, 1, '标题'], [1, 2, 1, 2, '甲'], [1, 2, 2, 1, '乙'], [1, 3, 2, 1, '丙']]
    """
    data = content_of(source)
    data = data if isinstance(source, bytes) else together(Path(source), data)
    main, files = unpacked(data) if is_mhtml(data) else (data, lambda address: None)
    framed = frames(main)
    pages, cells, remarks = [], [], []
    for number, address in enumerate(framed or [""], start=1):
        part = files(address) if address else main
        if part is None:
            pages.append({"page": number, "state": "failed", "note": f"网页的框架 {address} 不在文件旁边，没有读到"})
            continue
        items, state, notes, dropped, unread = _read_page(part, files, address)
        pages.append({"page": number, "state": state, "note": "；".join(filter(None, notes))})
        cells.append(cells_of(items, number))
        remarks += damage_outside(number, cells[-1])
        remarks += left_out(number, dropped)
        remarks += [Remark(number, "pages", False, f"网页里嵌着另一页 {one}，没有读到") for one in unread]
    if not cells:
        raise Unreadable(
            f"这个网页由框架拼成，内容在另外的文件里（{framed[0]}），没有找到",
            "请把网页和它的 .files 文件夹放在一起，或直接读那个文件夹里的网页",
        )
    return Reading(pd.concat(cells, ignore_index=True), pages_frame(pages), "html", tuple(remarks))


def html_items(data: bytes) -> tuple[list, Counter]:
    """Lines and tables (items of flow.py) of a page that lies within another document, and what on it no one sees."""
    main, files = unpacked(data) if is_mhtml(data) else (data, lambda address: None)
    items, _, _, dropped, _ = _read_page(main, files, "")
    return items, dropped


def _read_page(data: bytes, files: Files, address: str) -> tuple[list, str, list[str], Counter, list[str]]:
    """Lines and tables of one page, its state, notes on it, what on it no one sees, and the pages within it not read."""
    if len(data) > SIZE_LIMIT or data.count(b"<") > TAG_LIMIT:
        raise Unreadable(f"网页过大（{len(data) / 2**20:.0f} MB），超出可读范围", "请只保留绩效目标表所在的部分后再读")
    text, note = decode(data)
    body, pictures = _parse(text)
    styles = styles_of(body, style_sheets(body, files, address))
    dropped = drop_unseen(body, styles)
    unread = _lay_in(body, files, address, dropped)
    as_shown(body, styles)
    lay_out(body, styles)
    items = with_frozen(_items(body))
    if items:
        return items, "text", [note, _why_no_table(body, styles, items)], dropped, unread
    why = "网页只有图片，没有文字" if pictures else "网页没有内容"
    return [], "scan" if pictures else "blank", [why, note], dropped, unread


def _lay_in(body: etree._Element, files: Files, address: str, dropped: Counter) -> list[str]:
    """The pages that frames within the page show, in their places, each by its own style; the addresses of those that are
    seen and can't be read."""
    unread = []
    for frame in list(body.iter("iframe", "object")):
        inner, page = address_of(frame), frame.get("srcdoc", "").strip()
        if not page and inner and (found := files(urljoin(address, inner))) and len(found) <= SIZE_LIMIT:
            page = decode(found)[0] if b"<" in found[:4096] and not found.startswith(b"%PDF") else ""
        if page:
            root = _parse(page)[0]
            dropped.update(drop_unseen(root, styles_of(root, style_sheets(root, files, urljoin(address, inner)))))
            left = list(root.iter("style", "link", "iframe", "object"))
            unread += [address_of(e) for e in left if e.tag in ("iframe", "object") and address_of(e)]
            for element in left:
                element.drop_tree()
            frame.tag, frame.text = "div", None
            frame[:] = [root]
        elif inner and not re.match("about:|javascript:|data:", inner) and frame.get("width") not in ("0", "1"):
            unread.append(inner)
    return unread


def _why_no_table(body: etree._Element, styles: Styles, items: list) -> str:
    """Why a page with our words in it has no table, in words; "" where it has one or nothing tells."""
    if any(isinstance(item, Table) for item in items):
        return ""
    if known_words("".join(script.text or "" for script in body.iter("script"))) >= SURE:
        return "网页文件里没有表格，可能由脚本在浏览器里生成，请在浏览器里把表格复制到 Excel 后另存再读"
    if is_laid_out(styles) and known_words("".join(line for item in items for line in item)) >= SURE:
        return "网页的内容由样式排版（弹性盒、网格或定位），行列不齐，没有按表读，请把表格复制到 Excel 后另存再读"
    return ""


def _parse(text: str) -> tuple[etree._Element, bool]:
    """The page's root element and whether it has pictures."""
    parser = lxml.html.HTMLParser(
        encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        # A NUL would end the text for the parser, and so would the page's end: browsers show what stands behind it
        root = lxml.html.document_fromstring(
            _ENDS.sub("", text.replace("\0", "")).encode("utf-8", "replace"), parser=parser
        )
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError) as error:
        raise Unreadable("网页没有可读的内容", "请重新下载；或用浏览器打开，确认能看到表格后另存再读") from error
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise Unreadable("网页的标签嵌套过深，读不完整", "请用浏览器打开，把表格复制到 Excel 后另存再读")
    open_shadows(root)
    return root, next(root.iter("img"), None) is not None


# ---- the flow of text and tables. Pages may be nested 2,048 deep: stacks, no recursion.


def _items(root: etree._Element) -> list:
    """Lines and tables of the page in reading order."""
    counts = _cell_counts(root)
    items: list = []
    words: list[str] = []
    waiting: list[Iterator] = [_pieces(root)]
    while waiting:
        piece = next(waiting[-1], None)
        if isinstance(piece, str):
            words.append(piece)
            continue
        if piece is None:
            waiting.pop()
            continue
        items += lines_of(_joined(words))
        words = []
        if isinstance(piece, (Table, tuple)):
            items.append(piece)
            continue
        own, inside = counts.get(piece, (0, 0))
        parts = _structure(piece)
        mostly_inner = inside > 0 and inside >= own
        if mostly_inner and not labels_anything(_texts_without_tables(cells) for _, cells in parts.rows):
            waiting.append(_arranged(parts))
            continue
        items += lines_of(_joined([stray for stray in parts.strays if isinstance(stray, str)]))
        table, nested = _table(parts.rows)
        plain = {place: [_plain(element, counts) for element in found] for place, found in nested.items()}
        found = laid_out(table, plain, mostly_inner) if table.cells else []
        waiting.append(iter([stray for stray in parts.strays if not isinstance(stray, str)] + found))
    return items + lines_of(_joined(words))


def _plain(element: etree._Element, counts: dict) -> Table | etree._Element:
    """A table that holds no other and no stray text as a Table; any other as it is."""
    parts = _structure(element) if counts.get(element, (0, 1))[1] == 0 else None
    plain = parts is not None and all(isinstance(stray, str) and not stray.strip() for stray in parts.strays)
    return _table(parts.rows)[0] if plain else element


def _cell_counts(root: etree._Element) -> dict[etree._Element, tuple[int, int]]:
    """Table → (its own cells, the cells of all tables inside it)."""
    counts: dict[etree._Element, tuple[int, int]] = {}
    own, inside = [0], [0]
    for event, element in etree.iterwalk(root, events=("start", "end"), tag=("table", "td", "th")):
        if element.tag != "table":
            own[-1] += event == "start"
        elif event == "start":
            own.append(0)
            inside.append(0)
        else:
            counts[element] = (own.pop(), inside.pop())
            inside[-1] += 0 if _only_cell(element) is not None else sum(counts[element])
    return counts


def _texts_without_tables(cells: list[etree._Element]) -> list[str]:
    return [_cell_text(cell)[0] for cell in cells if cell.find(".//table") is None]


def _arranged(parts: "_Structure") -> Iterator:
    """Pieces of all cells of a table that only arranges, each on lines of its own."""
    yield from parts.strays
    for _, cells in parts.rows:
        for cell in cells:
            yield _BREAK
            yield from _pieces(cell)
            yield _BREAK


def _pieces(element: etree._Element) -> Iterator:
    """What is visible in an element: strings (white space as in the file, "\\n" only where a line ends), tables."""
    stack = [(element, iter(element))]
    yield _squeezed(element.text, element.tag == "pre")
    while stack:
        parent, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            if stack:
                if parent.tag in _BLOCK:
                    yield _BREAK
                yield _squeezed(parent.tail, stack[-1][0].tag == "pre")
        elif not _visible(child):
            yield _squeezed(child.tail, parent.tag == "pre")
        elif child.tag == "table":
            yield _BREAK
            yield child
            yield _BREAK + _squeezed(child.tail, parent.tag == "pre")
        elif child.tag == "pre" and (items := text_items("".join(child.itertext()))):
            yield _BREAK
            yield from items
            yield _BREAK + _squeezed(child.tail)
        elif child.tag == "br":
            yield _BREAK + _squeezed(child.text) + _squeezed(child.tail, parent.tag == "pre")
        else:
            if child.tag in _BLOCK:
                yield _BREAK
            yield _squeezed(child.text, child.tag == "pre")
            stack.append((child, iter(child)))


def _squeezed(text: str | None, kept: bool = False) -> str:
    """Text with its runs of white space as one blank, or as one _FOLD where the file breaks a line; `kept` in <pre>."""
    if not text:
        return ""
    if kept:
        return text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(
        r"[ \t\r\n\f]+", lambda run: _FOLD if "\n" in run[0] or "\r" in run[0] else " ", text.replace(_FOLD, " ")
    )


def _joined(words: list[str]) -> str:
    """One text of all pieces: blanks at the ends of lines gone, one line break where blocks meet, none at the ends.

    >>> _joined(["\\n", " 预算数", "\\n", "\\n", "(万元) "])
    '预算数\\n(万元)'
    >>> _joined(["集\\v中", " A\\vB"])
    '集中 A B'
    """
    text = "".join(words).translate(_INVISIBLE)
    # A line broken in the file is no blank between two wide characters (CSS Text 3, segment breaks)
    text = re.sub(f"(?<={_WIDE})[ {_FOLD}]*{_FOLD}[ {_FOLD}]*(?={_WIDE})", "", text).replace(_FOLD, " ")
    lines = (re.sub(r" {2,}", " ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _visible(element: etree._Element) -> bool:
    return isinstance(element.tag, str) and element.tag not in _UNSEEN and "hidden" not in element.attrib


# ---- one table


class _Structure(NamedTuple):
    rows: list[
        tuple[int, list[etree._Element]]
    ]  # (number of the group of rows, the row's cells), head first, foot last
    strays: list  # pieces that stand in the table but in none of its cells: captions and what browsers show before it


def _structure(table: etree._Element) -> _Structure:
    """The rows of a table as shown. Stray elements between table and row (<form>) are looked through."""
    rows: list[tuple[str, int, list[etree._Element]]] = []
    strays: list = []
    section, group, in_row = "tbody", 0, False
    stack = [(table, iter(table))]
    strays.append(_squeezed(table.text))
    while stack:
        parent, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            if parent.tag in _SECTIONS:
                section, group = "tbody", group + 1
            in_row = in_row and parent.tag != "tr"
            continue
        strays.append(_squeezed(child.tail))
        if not _visible(child):
            continue
        if child.tag in ("td", "th"):
            if not in_row:
                rows.append((section, group, []))
                in_row = True
            rows[-1][2].append(child)
        elif child.tag == "table":
            strays.append(child)
        elif child.tag == "caption":
            strays += [_BREAK, *_pieces(child), _BREAK]
        else:
            if child.tag in _SECTIONS:
                section, group, in_row = child.tag, group + 1, False
            elif child.tag == "tr":
                rows.append((section, group, []))
                in_row = True
            strays.append(_squeezed(child.text))
            stack.append((child, iter(child)))
    rows.sort(key=lambda row: _SECTIONS.index(row[0]))
    return _Structure([(group, cells) for _, group, cells in rows], strays)


def _table(rows: list[tuple[int, list[etree._Element]]]) -> tuple[Table, dict[int, list[etree._Element]]]:
    """A table and the tables inside its cells (place of the cell → them), placed as HTML prescribes; a span never leaves its group of rows."""
    group_end = {number: position for position, (number, _) in enumerate(rows, start=1)}
    taken_until: list[int] = []  # column → last row that a cell from above takes there
    width_at: dict[int, int] = {}  # column → width of the last cell that began there
    cells: list[Cell] = []
    nested: dict[int, list[etree._Element]] = {}
    for position, (number, row) in enumerate(rows, start=1):
        col = 0
        for cell in row:
            while col < len(taken_until) and taken_until[col] >= position:
                col += width_at[col]
            width = max(1, min(_span(cell, "colspan"), SPAN_LIMIT))
            beside = taken_until[col : col + width]
            if max(beside, default=0) >= position:  # a cell from above stands in the way: end before it
                width = next(over for over, last in enumerate(beside) if last >= position)
            left = group_end[number] - position + 1
            height = min(_span(cell, "rowspan") or left, left)
            if col + width > COLUMN_LIMIT or len(cells) >= CELL_LIMIT:
                raise Unreadable("网页里的表格过大，超出可读范围", "请只保留绩效目标表所在的部分后再读")
            taken_until += [0] * (col + width - len(taken_until))
            taken_until[col : col + width] = [position + height - 1] * width
            width_at[col] = width
            text, found = _cell_text(cell)
            cells.append(Cell(position, col + 1, height, width, text))
            if found:
                nested[len(cells) - 1] = found
            col += width
    return Table(len(rows), cells), nested


def _cell_text(cell: etree._Element) -> tuple[str, list[etree._Element]]:
    """Text of a cell without that of the tables inside it, and those tables; one of a single cell only frames its text."""
    pieces = []
    for piece in _pieces(cell):
        only = _only_cell(piece) if isinstance(piece, etree._Element) else None
        pieces += [piece] if only is None else [_BREAK, *_pieces(only), _BREAK]
    return _joined([p for p in pieces if isinstance(p, str)]), [p for p in pieces if not isinstance(p, str)]


def _only_cell(table: etree._Element) -> etree._Element | None:
    """The cell of a table that only frames the text of the cell around it: its one cell, and all that stands in that."""
    cells = list(itertools.islice(table.iter("td", "th"), 2))
    around = next(table.iterancestors("td", "th"), None)
    if len(cells) != 1 or around is None or table.find(".//table") is not None:
        return None
    return cells[0] if "".join(around.itertext()).strip() == "".join(table.itertext()).strip() else None


def _span(cell: etree._Element, name: str) -> int:
    """A span as browsers read it: leading digits; 1 where there are none (0 means something for rowspan only)."""
    digits = re.match(r"\s*\+?(\d{1,6})", cell.get(name, ""))
    return int(digits[1]) if digits else 1
