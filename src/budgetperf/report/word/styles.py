"""The styles of our Word documents, our own page, and templates: a user's .docx whose looks are kept."""

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Mm

from budgetperf.errors import InputError, Unreadable
from budgetperf.report.model import clean
from budgetperf.report.word.parts import TWIPS, element, field, paragraph, run

LATIN, SONG, HEI = "Times New Roman", "宋体", "黑体"
TABLE, TABLE_TEXT, FIGURE, NOTE, WARNING, COVER = (
    "Report Table", "Report Table Text", "Report Figure", "Report Note", "Report Warning", "Report Cover",
)  # fmt: skip
_REPORT_MARK = re.compile(r"\s*(?:\{\{|｛｛)\s*(?:报告正文|report)\s*(?:\}\}|｝｝)\s*", re.IGNORECASE)
_FIX = "没有写出任何文件。请用 Word 或 WPS 把模板另存为不加密的 .docx 再试"


class Look(NamedTuple):
    """A paragraph style: type size and spaces in points, first and left: characters of indent, line: lines high."""

    size: float
    east: str = SONG
    bold: bool = False
    before: float = 0
    after: float = 0
    line: float = 1.0
    first: int = 0
    left: int = 0
    align: str = "left"
    keep_next: bool = False
    outline: int | None = None
    colour: str | None = None
    base: str | None = "Normal"
    border: str | None = None  # "bottom", "left"
    follow: str | None = None
    exact: float | None = None  # height of a line in points, where a page is counted on


def _looks(lang: str) -> dict[str, Look]:
    zh = lang == "zh"
    body = Look(12, line=1.5, first=2, align="both") if zh else Look(12, line=1.3, after=6, align="left")
    head = {"east": HEI, "bold": not zh, "keep_next": True, "line": 1.25, "follow": "Body Text"}
    return {
        "Normal": Look(12, base=None),
        "Body Text": body,
        "Title": Look(22, HEI, not zh, before=18, after=9, line=1.25, align="center"),
        "Subtitle": Look(14, after=12, line=1.25, align="center"),
        "heading 1": Look(16, before=18, after=9, outline=0, **head),
        "heading 2": Look(14, before=12, after=6, outline=1, **head),
        "heading 3": Look(12, before=9, after=4, outline=2, **head),
        "caption": Look(10.5, HEI, not zh, before=6, after=4, line=1.15, align="center"),
        "TOC Heading": Look(16, HEI, not zh, after=12, align="center", follow="Body Text"),
        "toc 1": Look(12, before=3, line=1.15),
        "toc 2": Look(10.5, line=1.15, left=2),
        "toc 3": Look(10.5, line=1.15, left=4),
        "header": Look(9, align="center", border="bottom"),
        "footer": Look(9, align="center"),
        TABLE_TEXT: Look(9, line=1.1),
        FIGURE: Look(10.5, before=6, align="center"),
        NOTE: Look(9, before=3, after=3, line=1.2, colour="595959"),
        WARNING: Look(12, HEI, not zh, before=4, after=4, line=1.4, left=1, colour="9C2A00", border="left"),
        COVER: Look(10.5, line=1.2),
        "Sheet Title": Look(18, HEI, not zh, after=4, align="center", outline=0),
        "Sheet Number": Look(10.5, after=3, align="right"),
        "Sheet Label": Look(10.5, HEI, not zh, exact=15.5, align="center"),
        "Sheet Text": Look(10.5, exact=15.5),
        "Sheet Small": Look(9, exact=12.5),
    }


def _style(name: str, look: Look, ids: Mapping[str, str]):
    """The style's element; the name is Word's own for built-in styles (lower case), so that Word knows them."""
    own = [] if name[0].islower() or name in ("Normal", "Title", "Subtitle", "Body Text", "TOC Heading") else [1]
    made = element("style", {"type": "paragraph", "styleId": ids[name]})
    if name == "Normal":
        made.set(qn("w:default"), "1")
    if own:
        made.set(qn("w:customStyle"), "1")
    made.append(element("name", {"val": name}))
    if look.base:
        made.append(element("basedOn", {"val": ids[look.base]}))
    if look.follow:
        made.append(element("next", {"val": ids[look.follow]}))
    if not name.startswith("toc "):
        made.append(element("qFormat"))
    layout = [element("keepNext"), element("keepLines")] if look.keep_next else []
    if look.border:
        line = {
            "val": "single",
            "sz": 4 if look.border == "bottom" else 18,
            "space": 4,
            "color": look.colour or "7F7F7F",
        }
        layout.append(element("pBdr", None, element(look.border, line)))
    spacing = {"before": round(look.before * TWIPS), "after": round(look.after * TWIPS)}
    spacing |= {"line": round(240 * look.line), "lineRule": "auto"}
    if look.exact:
        spacing |= {"line": round(look.exact * TWIPS), "lineRule": "exact"}
    layout.append(element("spacing", spacing))
    indent = {"leftChars": look.left * 100, "left": round(look.left * look.size * TWIPS)}
    indent |= {"firstLineChars": look.first * 100, "firstLine": round(look.first * look.size * TWIPS)}
    layout += [element("ind", indent), element("jc", {"val": look.align})]
    layout += [element("outlineLvl", {"val": look.outline})] if look.outline is not None else []
    made.append(element("pPr", None, *layout))
    letters = [element("rFonts", _fonts(look.east))]
    letters += [element("b", {"val": int(look.bold)}), element("i", {"val": 0})]
    letters += [element("color", {"val": look.colour or "auto"})]
    letters += [element("sz", {"val": round(2 * look.size)}), element("szCs", {"val": round(2 * look.size)})]
    made.append(element("rPr", None, *letters))
    return made


def _fonts(east: str) -> dict[str, str]:
    return {"ascii": LATIN, "hAnsi": LATIN, "eastAsia": east, "cs": LATIN}


def _table_style(style_id: str):
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = [element(side, {"val": "single", "sz": 4, "space": 0, "color": "7F7F7F"}) for side in sides]
    margins = [element(side, {"w": width, "type": "dxa"}) for side, width in
               (("top", 30), ("left", 80), ("bottom", 30), ("right", 80))]  # fmt: skip
    return element(
        "style",
        {"type": "table", "styleId": style_id, "customStyle": 1},
        element("name", {"val": TABLE}),
        element("tblPr", None, element("tblBorders", None, *borders), element("tblCellMar", None, *margins)),
    )


def add_styles(document: Document, lang: str) -> dict[str, str]:
    """Style name → id; the styles that the document lacks are added as ours."""
    styles = document.styles.element
    known = {}
    for style in styles.findall(qn("w:style")):
        name = style.find(qn("w:name"))
        if name is not None and style.get(qn("w:styleId")):
            known.setdefault(name.get(qn("w:val")).lower(), style.get(qn("w:styleId")))
    for lang_of in styles.iterfind(f"{qn('w:docDefaults')}//{qn('w:lang')}"):
        if not lang_of.get(qn("w:eastAsia"), "").startswith("zh"):  # else Chinese is set in another script's forms
            lang_of.set(qn("w:eastAsia"), "zh-CN")
    looks = _looks(lang)
    taken, ids = set(known.values()), {}
    for name in [*looks, TABLE]:
        plain = name.title().replace(" ", "")
        ids[name] = known.get(name.lower()) or (plain if plain not in taken else f"{plain}Budgetperf")
    for name, look in looks.items():
        if name.lower() not in known:
            styles.append(_style(name, look, ids))
    if TABLE.lower() not in known:
        styles.append(_table_style(ids[TABLE]))
    return ids


# ---- our own page ----------------------------------------------------------------------------------------------------


def new_document(lang: str, margins: tuple[float, float, float, float]) -> Document:
    """An empty A4 document without styles; margins: top, right, bottom, left in millimetres."""
    document = docx.Document()
    styles = document.styles.element
    for style in styles.findall(qn("w:style")):
        styles.remove(style)
    default = element(
        "rPr", None, element("rFonts", _fonts(SONG)), element("sz", {"val": 24}), element("szCs", {"val": 24})
    )
    default.append(element("lang", {"val": "en-US", "eastAsia": "zh-CN", "bidi": "ar-SA"}))
    defaults = styles.find(qn("w:docDefaults"))
    defaults.clear()
    defaults.extend([element("rPrDefault", None, default), element("pPrDefault")])
    for kind, name, style_id in (
        ("character", "Default Paragraph Font", "DefaultParagraphFont"),
        ("numbering", "No List", "NoList"),
    ):
        styles.append(
            element("style", {"type": kind, "default": 1, "styleId": style_id}, element("name", {"val": name}))
        )
    plain = element(
        "style", {"type": "table", "default": 1, "styleId": "TableNormal"}, element("name", {"val": "Normal Table"})
    )
    sides = [element(side, {"w": width, "type": "dxa"}) for side, width in
             (("top", 0), ("left", 108), ("bottom", 0), ("right", 108))]  # fmt: skip
    plain.append(
        element("tblPr", None, element("tblInd", {"w": 0, "type": "dxa"}), element("tblCellMar", None, *sides))
    )
    styles.append(plain)
    _settings(document)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = map(Mm, margins)
    section.header_distance, section.footer_distance = Mm(margins[0] / 2), Mm(margins[2] / 2)
    section.gutter = 0
    return document


def _settings(document: Document) -> None:
    """The document of today's Word, Chinese, without the picture of another first page."""
    settings = document.settings.element
    for one in settings.iter(qn("w:compatSetting")):
        if one.get(qn("w:name")) == "compatibilityMode":
            one.set(qn("w:val"), "15")
    for one in settings.iter(qn("w:themeFontLang")):
        one.set(qn("w:eastAsia"), "zh-CN")
    package = document.part.package
    for number, link in list(package.rels.items()):
        if link.reltype.endswith("/thumbnail"):
            del package.rels[number]


def page_text(lang: str) -> list:
    """The runs of 第 x 页 共 y 页."""
    before, between, after = ("第 ", " 页 共 ", " 页") if lang == "zh" else ("Page ", " of ", "")
    runs = [run(before), *field("PAGE", [run("1")]), run(between), *field("NUMPAGES", [run("1")])]
    return [*runs, run(after)] if after else runs


def add_footer(document: Document, ids: Mapping[str, str], lang: str, header: str | None = None) -> None:
    """Page numbers at the foot and `header` at the head of every page but, where there is a cover, the first."""
    section = document.sections[0]
    _replace(section.footer, paragraph(ids["footer"], page_text(lang)))
    if header is not None:
        _replace(section.header, paragraph(ids["header"], [run(header)]))
        section.different_first_page_header_footer = True
        _replace(section.first_page_header, element("p"))
        _replace(section.first_page_footer, element("p"))


def _replace(story, words) -> None:
    story.is_linked_to_previous = False
    for child in list(story._element):
        story._element.remove(child)
    story._element.append(words)


def has_footer(document: Document) -> bool:
    """Whether any page of the document has anything at its foot."""
    stories = [part.element for part in document.part.package.iter_parts() if part.partname.startswith("/word/footer")]
    return any(list(story.iter(qn("w:t"), qn("w:instrText"), qn("w:drawing"), qn("w:fldSimple"))) for story in stories)


# ---- templates -------------------------------------------------------------------------------------------------------


def open_template(template: str | Path) -> Document:
    """The user's template. Raises InputError where it is no .docx (or .dotx) that can be opened."""
    from budgetperf.readers.package import check_package

    path = Path(template)
    if path.is_dir():
        raise InputError(f"模板 {path} 是文件夹，不是 Word 文档。没有写出任何文件。请写明其中的 .docx 文件。")
    if not path.is_file():
        raise InputError(f"找不到模板 {path}。没有写出任何文件。请检查路径。")
    try:
        head = path.read_bytes()[:8]
    except OSError as error:
        raise InputError(
            f"模板 {path} 读不了（{error.strerror}）。没有写出任何文件。请检查权限，或先在 Word 中关闭它。"
        ) from error
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError(f"模板 {path} 加了密码，或是旧的 .doc 格式。{_FIX}。")
    try:
        check_package(path)
        return docx.Document(_as_document(path))
    except Unreadable as error:
        raise InputError(f"模板 {path} 打不开：{error.what}。{_FIX}。") from error
    except Exception as error:  # whatever a broken package brings about in zipfile, lxml or python-docx
        raise InputError(
            f"模板 {path} 不是 Word 文档（.docx），或已损坏（{type(error).__name__}）。{_FIX}。"
        ) from error


def _as_document(path: Path) -> BytesIO:
    """The file's bytes; a .dotx declared a document, which is all that tells them apart."""
    buffer = BytesIO()
    with zipfile.ZipFile(path) as given, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name in dict.fromkeys(given.namelist()):
            content = given.read(name)
            if name == "[Content_Types].xml":
                content = content.replace(b"wordprocessingml.template.main+xml", b"wordprocessingml.document.main+xml")
            made.writestr(name, content)
    buffer.seek(0)
    return buffer


def place_of_report(document: Document, path: str | Path) -> tuple:
    """(element before which the report goes, whether the template's own body stays around it).

    Without a paragraph {{报告正文}} the body is emptied but for its last page setup. Raises InputError where the mark
    is there twice, stands in a table, or has other words in its paragraph: the body must not be lost in silence.
    """
    body = document.element.body
    texts = {words: "".join(part.text or "" for part in _own_texts(words)) for words in body.iter(qn("w:p"))}
    marked = {words: text for words, text in texts.items() if _REPORT_MARK.search(text)}
    for words, text in marked.items():
        if words.getparent() is not body or not _REPORT_MARK.fullmatch(text):
            mark = _REPORT_MARK.search(text)[0].strip()
            raise InputError(
                f"模板 {path} 中的 {mark} 不在正文的单独一段里。没有写出任何文件。"
                "请让它独占一段，不放在表格、文本框或控件里。"
            )
    if len(marked) > 1:
        raise InputError(f"模板 {path} 中有不止一处 {{{{报告正文}}}}。没有写出任何文件。请只留一处。")
    for words in marked:
        anchor = element("p")
        words.addprevious(anchor)
        if words.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is None:
            body.remove(words)
        else:  # it ends a section: what it says goes, the section stays
            for part in words.findall(qn("w:r")):
                words.remove(part)
        return anchor, True
    last = body.find(qn("w:sectPr"))
    for child in list(body):
        if child is not last:
            body.remove(child)
    anchor = element("p")
    body.insert(0, anchor)
    return anchor, False


def fill(document: Document, values: Mapping[str, str]) -> set[str]:
    """Replace {{name}} in body, tables, text boxes, heads and feet, also where it is split over runs; the names met
    in the body."""
    names = "|".join(map(re.escape, values))
    mark = re.compile(r"(?:\{\{|｛｛)\s*(" + names + r")\s*(?:\}\}|｝｝)", re.IGNORECASE)
    met: set[str] = set()
    for part in document.part.package.iter_parts():
        if not re.match(r"/word/(document|header\d*|footer\d*)\.xml", str(part.partname)):
            continue
        for words in part.element.iter(qn("w:p")):
            found = _fill_paragraph(words, mark, values)
            met |= found if part is document.part else set()
    return met


def _own_texts(words) -> list:
    """The texts of a paragraph, without those of paragraphs in its text boxes."""
    return [part for part in words.iter(qn("w:t")) if next(part.iterancestors(qn("w:p"))) is words]


def _fill_paragraph(words, mark: re.Pattern, values: Mapping[str, str]) -> set[str]:
    texts = _own_texts(words)
    whole = "".join(part.text or "" for part in texts)
    names = set()
    for match in reversed(list(mark.finditer(whole))):
        names.add(match[1].lower())
        value, start = clean(values[match[1].lower()]).replace("\n", " "), 0
        for part in texts:
            own = part.text or ""
            begin, end = max(match.start() - start, 0), min(match.end() - start, len(own))
            if begin < end:
                part.text = own[:begin] + value + own[end:]
                part.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                value = ""
            start += len(own)
    return names
