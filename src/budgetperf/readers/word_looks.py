"""What a person does not see in a Word document, or sees struck out or raised: taken out before its text is read."""

from collections import Counter

from lxml import etree

from budgetperf.readers.flow import raised

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LIFTED = 4  # half points above the rest of the line: so far up stands a raised sign
_MOST_STYLES = 20  # based on each other
_TINY = 4  # half points: smaller print is not meant to be read
_PLAIN_GROUND = {None, "", "auto", "FFFFFF", "ffffff"}


def drop_unseen(body: etree._Element, styles: etree._Element | None = None) -> Counter:
    """Takes the text of runs that are struck out, white on white or too small to read out of the document, and the
    raised marks of notes; what was taken out: a Chinese word → how often.

    `styles` is the root of the document's styles, by which runs may look so as well.
    """
    named = {
        style.get(_W + "styleId"): style
        for style in (styles if styles is not None else ())
        if style.tag == _W + "style"
    }
    dropped: Counter = Counter()
    before: tuple[etree._Element | None, str, int] = (None, "", 0)  # the paragraph that goes by, its text, its height
    for run in body.iter(_W + "r"):
        paragraph = next(run.iterancestors(_W + "p"), None)
        base = before[1] if before[0] is paragraph else ""
        texts = list(run.iter(_W + "t"))
        text = "".join(node.text or "" for node in texts)
        looks = _properties(run, paragraph, named)
        height = _height(looks)
        line = before[2] if base else height
        before = paragraph, base + text, line
        if not looks or not text.strip():
            continue
        if reason := _reason(run, looks, named):
            kept = ""
        elif _value(looks, "vertAlign") == "superscript" or height >= line + _LIFTED:
            kept = raised(base, text)
            reason = "" if kept else "注码"
        else:
            continue
        dropped[reason] += 1
        texts[0].text = kept
        for node in texts[1:]:
            node.text = ""
        before = paragraph, base + kept, line
    del dropped[""]
    return dropped


def _properties(run: etree._Element, paragraph: etree._Element | None, named: dict) -> list[etree._Element]:
    """The run's properties: its own, then those of its style and of its paragraph's."""
    own = run.find(_W + "rPr")
    by_run = [] if own is None else _style(own, "rStyle", named)
    of_paragraph = None if paragraph is None else paragraph.find(_W + "pPr")
    by_paragraph = [] if of_paragraph is None else _style(of_paragraph, "pStyle", named)
    return [found for found in (own, *by_run, *by_paragraph) if found is not None]


def _style(properties: etree._Element, kind: str, named: dict) -> list[etree._Element]:
    """The properties that a style gives to runs, and those of the styles that it is based on."""
    found, name = [], properties.find(_W + kind)
    while name is not None and len(found) < _MOST_STYLES:
        style = named.get(name.get(_W + "val"))
        found.append(None if style is None else style.find(_W + "rPr"))
        name = None if style is None else style.find(_W + "basedOn")
    return [one for one in found if one is not None]


def _value(looks: list[etree._Element], name: str) -> str | None:
    """The value of the first property of that name; "true" for one that only stands there."""
    for properties in looks:
        found = properties.find(_W + name)
        if found is not None:
            return found.get(_W + "val", "true")
    return None


def _height(looks: list[etree._Element]) -> int:
    """By how many half points a run is lifted above its line."""
    word = _value(looks, "position") or ""
    return int(word) if word.removeprefix("-").isdecimal() else 0


def _reason(run: etree._Element, looks: list[etree._Element], named: dict) -> str:
    if any(_value(looks, name) not in (None, "0", "false", "off") for name in ("strike", "dstrike")):
        return "划去的文字"
    if _value(looks, "vanish") not in (None, "0", "false", "off"):
        return "隐藏的文字"
    size = _value(looks, "sz") or ""
    if size.isdecimal() and int(size) < _TINY:
        return "小到看不见的文字"
    if (_value(looks, "color") or "").upper() == "FFFFFF" and not _on_colour(run, looks, named):
        return "白色的文字"
    return ""


def _on_colour(run: etree._Element, looks: list[etree._Element], named: dict) -> bool:
    """Whether anything colours the ground under a run: itself, its paragraph, cell or table, or the table's style."""
    if _value(looks, "highlight") not in (None, "none", "white"):
        return True
    around = [run, *run.iterancestors()]
    for element in around:
        name = etree.QName(element).localname
        properties = element.find(f"{_W}{name}Pr") if name in ("r", "p", "tc", "tbl") else None
        ground = None if properties is None else properties.find(_W + "shd")
        if ground is not None and ground.get(_W + "fill") not in _PLAIN_GROUND:
            return True
        style = None if properties is None else properties.find(_W + "tblStyle")
        looked_up = None if style is None else named.get(style.get(_W + "val"))
        if looked_up is not None and any(s.get(_W + "fill") not in _PLAIN_GROUND for s in looked_up.iter(_W + "shd")):
            return True
        if name == "txbxContent":
            return True  # a box may be filled with any colour
    return False
