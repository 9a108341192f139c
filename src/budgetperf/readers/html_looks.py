"""What a browser does not show, or shows as struck out or raised: taken out of a page before its text is read.

Style sheets are applied as far as they decide that: selectors by cssselect2, in the order of the cascade.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterable

import cssselect2
import tinycss2
from lxml import etree

from budgetperf.readers.flow import raised

RULE_LIMIT = 5_000  # rules that decide anything here; Excel's own pages have a few hundred in all
_PROPERTIES = {"display", "visibility", "opacity", "font-size", "color", "background", "background-color", "mso-hide"}
_PROPERTIES |= {"text-decoration", "text-decoration-line", "vertical-align"}
_PROPERTIES |= {"position", "left", "top", "text-indent", "width", "height", "overflow", "clip", "clip-path"}
_PROPERTIES |= {"font", "max-width", "max-height", "transform"}
_PROPERTIES |= {"content", "order", "flex-direction", "flex-wrap", "grid-template-columns", "grid-auto-flow"}
_PROPERTIES |= {"grid-row", "grid-row-start", "grid-row-end", "grid-column", "grid-column-start", "grid-column-end"}
_PROPERTIES |= {"grid-area"}
_ELSEWHERE = re.compile(r"\bprint\b|max-(?:device-)?width", re.I)  # on paper, or on a telephone
_ASKED = re.compile(
    r"none|hidden|collapse|visib|opacity|font-size|line-through|super|mso-hide|color|background|display|absolute|fixed|overflow|indent|clip|grid|scale|\bfont\s*:|(?:^|[; ])(?:left|top)\s*:",
    re.I,
)
_WHITE = {"white", "#fff", "#ffffff", "rgb(255,255,255)", "transparent", "window"}
_TAKEN_OVER = {"", "inherit", "initial", "unset", "revert"}  # no colour of its own
_STRUCK, _RAISED = {"del", "s", "strike"}, {"sup"}
_AROUND = ("before", "after")
_NOT_SHOWN = {"script", "style", "template", "noscript", "head", "title", "link", "meta"}
_ZERO = re.compile(r"0(?:\.0*)?(?:px|pt|em|%|rem)?")
_NOTHING = re.compile(r"[01](?:\.0*)?(?:px|pt)?")  # a side of a box too small to show anything
_SIDES, _BOXES = ("width", "height", "max-width", "max-height"), {"div", "p", "section", "ul", "li"}
_SHRUNK = re.compile(r"\bscale(?:3d|x|y)?\(\s*0(?:\.0*)?\s*[,)]")
_FONT_SIZE = re.compile(r"(?:^|\s)(\d+(?:\.\d*)?(?:px|pt|em|rem|%)?)\s*(?:/|\s)")
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*\)")
_FAR_OFF = re.compile(r"-\d{3,}(?:\.\d*)?(?:px|pt|em|rem|%)")
_CLIPPED = re.compile(r"rect\((?:[01](?:px)?[ ,]*){4}\)|inset\((?:50|100)%[^)]*\)")
Declarations = dict[str, str]


def drop_unseen(root: etree._Element, styles: dict[etree._Element, Declarations]) -> Counter:
    """Takes out of the page what no one sees; what was taken out: a Chinese word → how often it held text.

    >>> import lxml.html
    >>> page = lxml.html.fromstring("<p><del>90</del>95<sup>①</sup> <b class=k>7</b>面积10m<sup>2</sup></p>")
    >>> drop_unseen(page, styles_of(page, [".k {display: none}"]))
    Counter({'划去的文字': 1, '注码': 1, '样式隐藏的文字': 1})
    >>> page.find(".//b").get("hidden"), page.text_content()
    ('', '95 7面积10m²')
    """
    dropped: Counter = Counter(_fold(root))
    emptied: set[etree._Element] = set()
    for element in list(root.iter(etree.Element)):
        look = styles.get(element, {})
        if element.tag in _NOT_SHOWN or not (look or element.tag in _STRUCK | _RAISED or "hidden" in element.attrib):
            continue
        if (reason := _reason(element, look, styles)) is None:
            continue
        text = "".join(element.itertext()).strip()
        if not text and reason != "removed":
            continue
        if reason == "raised":
            kept = raised(_before(element), text)
            dropped["注码"] += not kept
            _empty(element, kept)
        elif reason == "removed":
            dropped["样式隐藏的文字"] += bool(text)
            element.set("hidden", "")
        else:
            dropped[reason] += 1
            _empty(element, "")
            emptied |= {element} if element.tag == "tr" else set(itertools.islice(element.iterancestors("tr"), 1))
    for row in emptied:  # in which nothing else stands
        if not "".join(row.itertext()).strip() and not row.xpath(".//*[@rowspan > 1] | .//input | .//img"):
            row.set("hidden", "")
            _shorten_above(row)
    return +dropped


def _shorten_above(row: etree._Element) -> None:
    """Lets the cells above that reach over a row end a row earlier: it is none."""
    rows = (above for above in row.itersiblings("tr", preceding=True) if "hidden" not in above.attrib)
    for distance, above in enumerate(rows, start=1):
        for cell in above:
            if isinstance(cell.tag, str) and (span := cell.get("rowspan", "")).isdecimal() and int(span) > distance:
                cell.set("rowspan", str(int(span) - 1))


def _fold(root: etree._Element) -> Counter:
    """Takes out what closed details hold but for their summary, and closed dialogs, where a table stands outside of them;
    what was taken out.

    >>> import lxml.html
    >>> page = lxml.html.fromstring("<div><details><summary>上年</summary><p>90</p></details><table><td>95</table></div>")
    >>> _fold(page), page.text_content(), _fold(lxml.html.fromstring("<p><details><p>90</p></details></p>"))
    (Counter({'收起的内容': 1}), '上年95', Counter())
    """
    closed = [e for e in root.iter("details", "dialog") if "open" not in e.attrib]
    closed += [e for e in root.iterfind(".//*[@popover]") if e not in closed]
    inside = {table for details in closed for table in details.iter("table")}
    folded: Counter = Counter()
    if all(table in inside for table in root.iter("table")):
        return folded
    for details in closed:
        head, before = details.find("summary"), "".join(details.itertext())
        details.text, details[:] = None, [] if head is None else [head]
        if head is not None:
            head.tail = None
        folded["收起的内容"] += "".join(details.itertext()) != before
    return +folded


def _reason(element: etree._Element, look: Declarations, styles: dict) -> str | None:
    """Why an element is not read as it stands: "removed" (no place on the page), "raised", or a Chinese word."""
    if "hidden" in element.attrib or look.get("display") == "none" or look.get("visibility") == "collapse":
        return "removed"
    if look.get("mso-hide") == "all":
        return "removed"
    if _ZERO.fullmatch(look.get("opacity", "1")) or _out_of_sight(element, look):
        return "样式隐藏的文字"
    unseen = {"visibility": look.get("visibility") == "hidden", "color": look.get("color") == "transparent"}
    unseen["font-size"] = bool(_ZERO.fullmatch(look.get("font-size", "1")))
    if any(hides and not _undone(element, name, styles) for name, hides in unseen.items()):
        return "样式隐藏的文字"
    struck = "line-through" in look.get("text-decoration", look.get("text-decoration-line", ""))
    if struck or (element.tag in _STRUCK and look.get("text-decoration") != "none"):
        return "划去的文字"
    ink = look.get("color", "").replace(" ", "")
    ground = _ground(element, styles) if ink else ""
    alike = ink not in _TAKEN_OVER and (ink == ground or {ink, ground} <= _WHITE)
    if alike and not any(_undone(element, name, styles) for name in ("color", "background", "background-color")):
        return "白色的文字" if ink in _WHITE else "与底色同色的文字"
    if element.tag in _RAISED or (look.get("vertical-align") == "super" and element.tag not in ("td", "th", "tr")):
        return "raised"
    return None


def _out_of_sight(element: etree._Element, look: Declarations) -> bool:
    """Whether an element stands beside the page, in a box that shows nothing, or is clipped away."""
    out_of_flow = look.get("position") in ("absolute", "fixed")
    if out_of_flow and any(_FAR_OFF.fullmatch(look.get(side, "")) for side in ("left", "top")):
        return True
    if _FAR_OFF.fullmatch(look.get("text-indent", "")):
        return True
    if _SHRUNK.search(look.get("transform", "")):
        return True
    boxed = out_of_flow or look.get("display") in ("block", "inline-block") or element.tag in _BOXES
    if (
        look.get("overflow") in ("hidden", "clip")
        and boxed
        and any(_NOTHING.fullmatch(look.get(s, "")) for s in _SIDES)
    ):
        return True
    clips = ("clip", "clip-path") if out_of_flow else ("clip-path",)
    return any(_CLIPPED.fullmatch(look.get(how, "")) for how in clips)


def _undone(element: etree._Element, name: str, styles: dict) -> bool:
    """Whether something inside the element has a declaration of its own, which overrules the inherited one."""
    inside = element.iterdescendants(etree.Element)
    return any(name in styles.get(child, {}) for child in inside)


def _ground(element: etree._Element | None, styles: dict) -> str:
    """The colour behind an element: its own or that of the nearest one around it."""
    while element is not None:
        look = styles.get(element, {}) | _declared(element.get("style", ""))
        given = look.get("background-color") or look.get("background") or element.get("bgcolor", "").lower()
        if given and given != "transparent":
            return given.replace(" ", "")
        element = element.getparent()
    return "white"


def _before(element: etree._Element) -> str:
    """The text that stands straight before an element in its block."""
    while element is not None and element.tag not in ("td", "th", "p", "div", "li"):
        before = element.getprevious()
        parent = element.getparent()
        text = (
            (before.tail or "".join(before.itertext()))
            if before is not None
            else parent.text
            if parent is not None
            else ""
        )
        if text and text.strip():
            return text.strip()
        element = parent
    return ""


def _empty(element: etree._Element, text: str) -> None:
    """The element keeps its place, and cells inside it theirs, without their text."""
    for inside in element.iter(etree.Element):
        inside.text = ""
        if inside is not element:
            inside.tail = ""
    element.text = text


# ---- style sheets


def _declared(style: str) -> Declarations:
    """The declarations that matter here, of an inline style or a rule's block."""
    if not style or not _ASKED.search(style):
        return {}
    return {name: value for name, value, _ in _declarations(style)}


def _declarations(content) -> list[tuple[str, str, bool]]:
    found = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    return [
        (*_named(entry.lower_name, tinycss2.serialize(entry.value).strip()), entry.important)
        for entry in found
        if entry.type == "declaration" and (entry.lower_name in _PROPERTIES or entry.lower_name.startswith("--"))
    ]


def _named(name: str, value: str) -> tuple[str, str]:
    """A declaration as it is compared: in small letters, of a font only its size."""
    if name == "font":
        size = _FONT_SIZE.search(value)
        return "font-size", size[1] if size else ""
    return name, value if name == "content" else value.lower()


def styles_of(root: etree._Element, sheets: Iterable[str]) -> dict[etree._Element, Declarations]:
    """Element → what the style sheets and its own style declare of it, as far as it matters here; what they put before
    and behind its content, where it is seen, is named ::before and ::after."""
    styles = _by_sheets(root, sheets)
    for element in root.iter(etree.Element):
        if own := _declared(element.get("style", "")):
            styles[element] = styles.get(element, {}) | own
    return styles


def _by_sheets(root: etree._Element, sheets: Iterable[str]) -> dict[etree._Element, Declarations]:
    matcher, rules = cssselect2.Matcher(), 0
    found = [(prelude, _declarations(content)) for sheet in sheets for prelude, content in _rules(sheet)]
    said = {(name, value) for _, declared in found for name, value, _ in declared if name.startswith("--")}
    times = Counter(name for name, _ in said)
    variables = {name: value for name, value in said if times[name] == 1}  # others hold in one place or mode only
    for prelude, declarations in found:
        declared = [
            (name, _VARIABLE.sub(lambda used: variables.get(used[1], used[0]), value), important)
            for name, value, important in declarations
            if not name.startswith("--")
        ]
        if not declared or rules >= RULE_LIMIT:
            continue
        try:
            selectors = cssselect2.compile_selector_list(prelude)
        except cssselect2.SelectorError:
            continue
        for selector in selectors:
            if selector.pseudo_element in (None, *_AROUND):
                matcher.add_selector(selector, declared)
                rules += 1
    if not rules:
        return {}
    styles = {}
    for wrapper in cssselect2.ElementWrapper.from_html_root(root).iter_subtree():
        matches = matcher.match(wrapper)
        if matches:
            look = _cascaded(matches, None)
            for where in _AROUND:
                around = _cascaded(matches, where)
                if "content" in around and _reason(wrapper.etree_element, around, {}) is None:
                    look["::" + where] = around["content"]
            styles[wrapper.etree_element] = look
    return styles


def _cascaded(matches: list[tuple], pseudo: str | None) -> Declarations:
    """What rules say of an element, or of what they put around its content; important ones last."""
    ordered = [entry for *_, part, declared in matches if part == pseudo for entry in declared]
    return {name: value for name, value, _ in sorted(ordered, key=lambda entry: entry[2])}


def _rules(sheet: str):
    """(selectors, block) of each rule that holds on a screen."""
    sheet = re.sub(r"^\s*<!--|-->\s*$", "", sheet)
    for rule in tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True):
        if rule.type == "qualified-rule":
            yield rule.prelude, rule.content
        elif rule.type == "at-rule" and rule.lower_at_keyword == "media":
            seen = rule.content and not _ELSEWHERE.search(tinycss2.serialize(rule.prelude))
            yield from _rules(tinycss2.serialize(rule.content)) if seen else ()
