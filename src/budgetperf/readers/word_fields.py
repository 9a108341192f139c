"""Fields of a Word document: what a field was told to do is not shown, only what came of it."""

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MARK, _TEXT = _W + "fldChar", _W + "t"


def drop_instructions(body: etree._Element) -> int:
    """Takes the text that stands within the instructions of fields out of the document, as the results of fields nested
    in them do; how many texts. A field that never ends is no field: its text stays.

    >>> w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    >>> mark = "<w:r><w:fldChar w:fldCharType='{}'/></w:r>".format
    >>> inner = mark("begin") + mark("separate") + "<w:r><w:t>73</w:t></w:r>" + mark("end")
    >>> outer = mark("begin") + inner + mark("separate") + "<w:r><w:t>74</w:t></w:r>" + mark("end")
    >>> body = etree.fromstring(f"<w:p {w}>{outer}</w:p>")
    >>> drop_instructions(body), "".join(body.itertext())
    (1, '74')
    """
    begun: list[list | None] = []  # of each field that goes by, the texts of its instruction; None behind it
    dropped = 0
    for element in body.iter(_MARK, _TEXT):
        if element.tag == _TEXT:
            instruction = next((texts for texts in begun if texts is not None), None)
            if instruction is not None:
                instruction.append(element)
            continue
        kind = element.get(_W + "fldCharType")
        if kind == "begin":
            begun.append([])
        elif begun:
            dropped += _emptied(begun[-1])
            begun[-1] = None
            if kind == "end":
                begun.pop()
    return dropped


def _emptied(texts: list[etree._Element] | None) -> int:
    shown = [node for node in texts or () if (node.text or "").strip()]
    for node in texts or ():
        node.text = ""
    return len(shown)
