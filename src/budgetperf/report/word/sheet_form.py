"""The form of an evidence sheet: bordered rows of labels and contents whose height is known beforehand."""

from collections.abc import Sequence
from typing import NamedTuple

from budgetperf.report.model import clean, shortened
from budgetperf.report.word import parts, styles
from budgetperf.report.word.paper import Paper
from budgetperf.report.word.parts import element, lines_needed, paragraph, run

SHEET, SHEET_SMALL = "Sheet Text", "Sheet Small"
SIZE, SMALL, LINE, SMALL_LINE = 10.5, 9.0, 15.5, 12.5  # type and line heights in points
PAD = 4.0  # above and below the text of a cell, together
LABEL = 68.0  # width of the labels


class Line(NamedTuple):
    """A row of the form: labels and contents in turn; a content is a list of elements. height: estimated, points."""

    cells: list[tuple[str, list]]
    height: float
    whole: bool = True  # not divided over pages


def words_in(paper: Paper, text: str, size: float = SIZE) -> list:
    """Paragraphs of the text's lines, in the form's type or small."""
    style = paper.ids[SHEET if size == SIZE else SHEET_SMALL]
    return [paragraph(style, [run(line)]) for line in clean(text).split("\n")]


def text_line(paper: Paper, label: str, texts: Sequence[str], size: float = SIZE, whole: bool = True) -> Line:
    """A row of one label and texts below each other."""
    content = [one for text in texts for one in words_in(paper, text, size)]
    step = LINE if size == SIZE else SMALL_LINE
    width = paper.across - LABEL - 10
    height = step * sum(lines_needed(clean(text), width, size) for text in texts) + PAD
    labels = LINE * lines_needed(label, LABEL - 10, SIZE) + PAD if label else 0
    return Line([(label, content)], max(height, labels), whole and height < paper.down / 3)


def shortened_to(text: str, lead: str, width: float, height: float, words) -> str:
    """`lead` and as much of the text as fits in small type, and how long it is; "" where not even two lines do."""
    room = int(height // SMALL_LINE)
    if lines_needed(lead + text, width - 10, SMALL) <= room:
        return lead + text
    if room < 2:
        return ""
    tail, text = words("chars", len(text)), " ".join(text.split())
    longest = max(1, int(room * (width - 10) / SMALL))
    while longest > 1 and lines_needed(lead + shortened(text, longest) + tail, width - 10, SMALL) > room:
        longest = int(longest * 0.9)
    return lead + shortened(text, longest) + tail


def short_line(text: str, longest: int) -> str:
    """The text on one line, cut, its changes of direction ended so that they do not turn what follows."""
    text = shortened(" ".join(clean(text).split()), longest)
    return text + "\u202c" * sum(text.count(sign) for sign in "\u202a\u202b\u202d\u202e")


def form(lines: Sequence[Line], paper: Paper):
    """The bordered table: a label and its content, or two of each."""
    grid = [round(LABEL * parts.TWIPS), 0, round(LABEL * parts.TWIPS), 0]
    room = round(paper.across * parts.TWIPS) - 2 * grid[0]
    grid[1], grid[3] = room - room // 2, room // 2
    setup = element(
        "tblPr",
        None,
        element("tblStyle", {"val": paper.ids[styles.TABLE]}),
        element("tblW", {"w": sum(grid), "type": "dxa"}),
        element("jc", {"val": "center"}),
        element("tblLayout", {"type": "fixed"}),
    )
    made = element("tbl", None, setup, element("tblGrid", None, *(element("gridCol", {"w": one}) for one in grid)))
    for line in lines:
        cells = []
        for label, content in line.cells:
            cells.append(_cell([paragraph(paper.ids["Sheet Label"], [run(label)])], grid[0], 1))
            widths = grid[1:] if len(line.cells) == 1 else grid[1:2]
            cells.append(_cell(content, sum(widths), len(widths)))
        properties = element("trPr", None, *([element("cantSplit")] if line.whole else []))
        made.append(element("tr", None, properties, *cells))
    return made


def _cell(content: list, width: int, span: int):
    properties = [element("tcW", {"w": width, "type": "dxa"})]
    properties += [element("gridSpan", {"val": span})] if span > 1 else []
    properties += [element("vAlign", {"val": "center"})]
    return element("tc", None, element("tcPr", None, *properties), *content)
