"""What a browser puts in the place of elements: values of form fields, signs drawn as pictures, text that styles put
before or behind a content, shadow roots, tables that styles or roles make of other elements. Each becomes the plain
element that html.py reads."""

import re

import tinycss2
from lxml import etree

_NO_TEXT = {"hidden", "submit", "button", "image", "reset", "file", "password", "color", "range"}
_ROLES = {"table": "table", "grid": "table", "treegrid": "table", "rowgroup": "tbody", "row": "tr"}
_ROLES |= {"cell": "td", "gridcell": "td", "columnheader": "td", "rowheader": "td"}
_DISPLAYS = {"table": "table", "inline-table": "table", "table-row-group": "tbody", "table-row": "tr"}
_DISPLAYS |= {
    "table-header-group": "thead",
    "table-footer-group": "tfoot",
    "table-cell": "td",
    "table-caption": "caption",
}
_OF_TABLES = {"table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption"}
# marks to sort by, of lists, of fields to fill in, of sign fonts
_MARKS = re.compile(r"[*\s\u2190-\u21ff\u25a0-\u25ff\ue000-\uf8ff]*")
_SIGN = 2  # characters: a longer text tells what a picture is of


def as_shown(root: etree._Element, styles: dict[etree._Element, dict[str, str]]) -> None:
    """Changes the page in place; `styles`: element → declarations of the style sheets and its own.

    >>> import lxml.html
    >>> page = lxml.html.fromstring("<div role=table><p role=row><b role=cell>完成<b role=cell><input value=95></div>")
    >>> as_shown(page, {})
    >>> [(element.tag, element.text) for element in page.iter()]
    [('table', None), ('tr', None), ('td', '完成'), ('td', None), ('span', '95')]
    """
    _join_terms(root)
    for element in list(root.iter(etree.Element)):
        if (text := _text(element)) is not None:
            tail = element.tail
            element.tag = "span"
            element[:] = []
            element.text, element.tail = text, tail
            continue
        look = styles.get(element, {})
        for where in ("::before", "::after"):
            if where in look and (element.tag not in _OF_TABLES or element.tag in ("td", "th", "caption")):
                _put(element, where, _content(look[where], element))
        if element.tag not in _OF_TABLES:
            part = _DISPLAYS.get(look.get("display")) or _ROLES.get(element.get("role", "").lower())
            if part:
                element.tag = part
                for name in ("rowspan", "colspan"):
                    if span := element.get(f"aria-{name}"):
                        element.set(name, span)


def _join_terms(root: etree._Element) -> None:
    """Sets what a list of terms says of each behind it, as labels and values stand in a line.

    >>> import lxml.html
    >>> page = lxml.html.fromstring("<dl><dt>项目名称<dd>道路养护<dt>预算数：<dd>5</dl>")
    >>> _join_terms(page)
    >>> [(element.tag, element.text_content()) for element in page]
    [('dt', '项目名称：道路养护'), ('dt', '预算数：5')]
    """
    for term in list(root.iter("dt")):
        said, words = term.getnext(), "".join(term.itertext()).strip()
        if said is None or said.tag != "dd" or not words or said.find(".//table") is not None:
            continue
        if not words.endswith(("：", ":")):
            _put(term, "::after", "：")
        tail, said.tag, said.tail = said.tail, "span", None
        term.append(said)
        term.tail = tail


def _put(element: etree._Element, where: str, text: str) -> None:
    """Puts a text before or behind the content of an element."""
    if where == "::before":
        element.text = text + (element.text or "")
    elif len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _content(value: str, element: etree._Element) -> str:
    """The text of a style's `content`; nothing for a mere mark or what is no text.

    >>> _content("'\\\\2264' attr(data-n)", etree.Element("b", {"data-n": "5"})), _content('"▲"', etree.Element("b"))
    ('≤5', '')
    """
    words = []
    for token in tinycss2.parse_component_value_list(value, skip_comments=True):
        if token.type == "string":
            words.append(token.value)
        elif token.type == "function" and token.lower_name == "attr":
            words.append(element.get(tinycss2.serialize(token.arguments).strip(), ""))
        elif token.type == "function":
            return ""  # a number that the browser counts
    text = "".join(words)
    return "" if _MARKS.fullmatch(text) else text


def open_shadows(root: etree._Element) -> None:
    """Puts shadow roots that a page declares in the place of what their elements hold, which fills their slots.

    >>> import lxml.html
    >>> inside = "<template shadowrootmode=open><i>甲</i><slot></slot></template>"
    >>> page = lxml.html.fromstring(f"<div>{inside}<b>乙</b><b slot=x>丙</b></div>")
    >>> open_shadows(page)
    >>> page.text_content()
    '甲乙'
    """
    for template in list(root.iter("template")):
        host = template.getparent()
        if host is None or not (template.get("shadowrootmode") or template.get("shadowroot")):
            continue
        light = [child for child in host if child is not template]
        for slot in list(template.iter("slot")):
            if own := [child for child in light if child.get("slot", "") == slot.get("name", "")]:
                slot.text, slot[:] = None, own
        host.text, host[:] = None, [template]
        template.tag, template.tail = "div", None


def _text(element: etree._Element) -> str | None:
    """The text that stands in an element's place; None for an element that is read as it is."""
    if element.tag == "input":
        kind = element.get("type", "text").lower()
        if kind in ("checkbox", "radio"):
            return "☑" if "checked" in element.attrib else "☐"
        return "" if kind in _NO_TEXT else element.get("value", "")
    if element.tag == "select":
        options = list(element.iter("option"))
        chosen = [option for option in options if "selected" in option.attrib] or options[:1]
        return "".join("".join(option.itertext()).strip() for option in chosen)
    if element.tag == "textarea":
        return element.text or ""
    if element.tag == "img" and len(alt := element.get("alt", "").strip()) <= _SIGN:
        return alt
    return None
