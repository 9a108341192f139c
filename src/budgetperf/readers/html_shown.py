"""What a browser puts in the place of elements: values of form fields, signs drawn as pictures, tables that styles or
roles make of other elements. Each becomes the plain element that html.py reads."""

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
_SIGN = 2  # characters: a longer text tells what a picture is of


def as_shown(root: etree._Element, styles: dict[etree._Element, dict[str, str]]) -> None:
    """Changes the page in place; `styles`: element → declarations of the style sheets and its own.

    >>> import lxml.html
    >>> page = lxml.html.fromstring("<div role=table><p role=row><b role=cell>完成<b role=cell><input value=95></div>")
    >>> as_shown(page, {})
    >>> [(element.tag, element.text) for element in page.iter()]
    [('table', None), ('tr', None), ('td', '完成'), ('td', None), ('span', '95')]
    """
    for element in list(root.iter(etree.Element)):
        if (text := _text(element)) is not None:
            tail = element.tail
            element.tag = "span"
            element[:] = []
            element.text, element.tail = text, tail
        elif element.tag not in _OF_TABLES:
            part = _DISPLAYS.get(styles.get(element, {}).get("display")) or _ROLES.get(element.get("role", "").lower())
            if part:
                element.tag = part
                for name in ("rowspan", "colspan"):
                    if span := element.get(f"aria-{name}"):
                        element.set(name, span)


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
