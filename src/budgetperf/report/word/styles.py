"""The shipped documents with our styles, page and form (report/forms/), and templates: a user's .docx, looks kept."""

import re
import zipfile
from collections.abc import Mapping
from copy import deepcopy
from importlib import resources
from io import BytesIO
from pathlib import Path

import docx
from docx.document import Document
from docx.oxml.ns import qn

from budgetperf.errors import InputError, Unreadable
from budgetperf.report.model import clean
from budgetperf.report.word.parts import element

TABLE, TABLE_TEXT, FIGURE, NOTE, WARNING, COVER = (
    "Report Table", "Report Table Text", "Report Figure", "Report Note", "Report Warning", "Report Cover",
)  # fmt: skip
_REPORT_MARK = re.compile(r"\s*(?:\{\{|｛｛)\s*(?:报告正文|report)\s*(?:\}\}|｝｝)\s*", re.IGNORECASE)
_FIX = "没有写出任何文件。请用 Word 或 WPS 把模板另存为不加密的 .docx 再试"


def place_of(name: str, lang: str) -> Path:
    """Where a shipped document is: name "report" or "evidence". It can be opened, restyled and given as a template.

    >>> place_of("report", "zh").name
    'report.zh.docx'
    """
    return Path(str(resources.files("budgetperf").joinpath(f"report/forms/{name}.{lang}.docx")))


def shipped(name: str, lang: str) -> Document:
    """A shipped document: its styles, page setup, head and foot, and the form where it is one."""
    return docx.Document(str(place_of(name, lang)))


def add_styles(document: Document, lang: str) -> dict[str, str]:
    """Style name → id; the styles of the shipped documents that this one lacks are added."""
    theirs, ours = document.styles.element, shipped("report", lang).styles.element
    known = {name.lower(): own for name, own in _ids(theirs).items()}
    for lang_of in theirs.iterfind(f"{qn('w:docDefaults')}//{qn('w:lang')}"):
        if not lang_of.get(qn("w:eastAsia"), "").startswith("zh"):  # else Chinese is set in another script's forms
            lang_of.set(qn("w:eastAsia"), "zh-CN")
    ids = {}
    for name, own in _ids(ours).items():
        ids[name] = known.get(name.lower()) or (own if own not in known.values() else f"{own}Budgetperf")
    new_id = {own: ids[name] for name, own in _ids(ours).items()}
    for style in ours.findall(qn("w:style")):
        if style.find(qn("w:name")).get(qn("w:val")).lower() not in known:
            style = deepcopy(style)
            style.set(qn("w:styleId"), new_id[style.get(qn("w:styleId"))])
            for other in (*style.findall(qn("w:basedOn")), *style.findall(qn("w:next"))):
                other.set(qn("w:val"), new_id[other.get(qn("w:val"))])
            theirs.append(style)
    return ids


def _ids(styles) -> dict[str, str]:
    """Style name → id, the first where a name is there twice."""
    found: dict[str, str] = {}
    for style in styles.findall(qn("w:style")):
        name = style.find(qn("w:name"))
        if name is not None and style.get(qn("w:styleId")):
            found.setdefault(name.get(qn("w:val")), style.get(qn("w:styleId")))
    return found


def add_footer(document: Document, ids: Mapping[str, str], lang: str) -> None:
    """The shipped report's page numbers at the foot of every page."""
    footer = document.sections[0].footer
    footer.is_linked_to_previous = False
    for child in list(footer._element):
        footer._element.remove(child)
    words = deepcopy(shipped("report", lang).sections[0].footer._element[0])
    words.pPr.find(qn("w:pStyle")).set(qn("w:val"), ids["footer"])
    footer._element.append(words)


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
