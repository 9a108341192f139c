"""Word files that python-docx does not open, for no fault of what is written in them: made such as it opens."""

import io
import re
import zipfile
from posixpath import dirname, join, normpath

from lxml import etree

from budgetperf.readers.package import rewritten

_WORD_MAIN = re.compile(
    rb"application/vnd\.(?:openxmlformats-officedocument\.wordprocessingml\.template"
    rb"|ms-word\.(?:document\.macroEnabled|template\.macroEnabledTemplate))\.main\+xml"
)
_WORD_DOCUMENT = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
# What a relationship may point to without that a text or its looks hang on it
_WITHOUT_TEXT = ("/image", "/video", "/audio", "/media", "/font", "/thumbnail", "/printerSettings", "/customXml",
                 "/theme", "/webSettings", "/attachedTemplate", "/vbaProject", "/comments", "/people")  # fmt: skip


def openable_document(data: bytes) -> bytes:
    """A (checked) Word file that python-docx opens: a template or one with macros is a document, and relationships of
    pictures and the like that lead to no part are none."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        changed = {"[Content_Types].xml": _WORD_MAIN.sub(_WORD_DOCUMENT, archive.read("[Content_Types].xml"))}
        for name in names:
            if name.endswith(".rels"):
                changed[name] = _leading_somewhere(name, archive.read(name), names)
        return rewritten(archive, changed) or data


def _leading_somewhere(name: str, content: bytes, names: set[str]) -> bytes:
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    folder = dirname(dirname(name))
    astray = [
        relation
        for relation in root.iterfind("{*}Relationship")
        if relation.get("TargetMode") != "External"
        and relation.get("Type", "").endswith(_WITHOUT_TEXT)
        and normpath(join("/" + folder, relation.get("Target", ""))).lstrip("/") not in names
    ]
    for relation in astray:
        root.remove(relation)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True) if astray else content
