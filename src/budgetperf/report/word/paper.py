"""A Word document in the making: where things go, pages that are turned, how it is written."""

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from docx.document import Document
from docx.oxml.ns import qn

from budgetperf.report.model import clean
from budgetperf.report.word import parts, styles
from budgetperf.report.word.parts import element
from budgetperf.tables.whole import written_whole


@dataclass(eq=False)
class Paper:
    """A Word document in the making: what is added goes before `anchor`; measures in points."""

    document: Document
    anchor: object
    ids: dict[str, str]  # style name → id
    lang: str
    width: float
    height: float
    turned_width: float
    setup: object  # the sectPr that holds where the report stands
    bookmark: int = 1
    counted: Counter = field(default_factory=Counter)
    said: set = field(default_factory=set)
    turned: bool = False
    new_page: bool = False  # the next paragraph begins a page

    @property
    def across(self) -> float:
        """Width of the text on the page as it lies."""
        return self.turned_width if self.turned else self.width

    @property
    def down(self) -> float:
        """Height of the text on the page as it lies."""
        return self.width if self.turned else self.height

    def add(self, *made) -> None:
        """Add elements; the first paragraph begins a page where that is due."""
        for one in made:
            if self.new_page and one.tag == qn("w:p"):
                before = [
                    part for name in ("pStyle", "keepNext", "keepLines") for part in one.pPr.findall(qn(f"w:{name}"))
                ]
                one.pPr.insert(len(before), element("pageBreakBefore"))
                self.new_page = False
            self.anchor.addprevious(one)


def paper_for(template, lang: str, values: dict[str, str]) -> tuple[Paper, set[str], bool]:
    """(an empty paper, the names of `values` that the template's body had, whether its own body stays around)."""
    document = styles.shipped("report", lang) if template is None else styles.open_template(template)
    anchor, stays = styles.place_of_report(document, template)
    met = styles.fill(document, values)  # before anything is added: a title may hold a mark itself
    ids = styles.add_styles(document, lang)
    if not styles.has_footer(document):
        styles.add_footer(document, ids, lang)
    setup = _setup_at(document, anchor)
    width, height = room(setup)
    marks = [int(one.get(qn("w:id")) or 0) for one in document.element.body.iter(qn("w:bookmarkStart"))]
    # a turned page is as wide as an upright one is high: its margins turn with it
    paper = Paper(document, anchor, ids, lang, width, height, max(width, height), setup, max([0, *marks]) + 1)
    return paper, met, stays


def _setup_at(document: Document, anchor):
    """The page setup that holds at the anchor: the next one that follows; A4 where the template has none."""
    for one in anchor.itersiblings():
        if one.tag == qn("w:sectPr"):
            return one
        found = one.find(f"{qn('w:pPr')}/{qn('w:sectPr')}")
        if found is not None:
            return found
    return document.sections[-1]._sectPr if len(document.sections) else document.add_section()._sectPr


def room(setup) -> tuple[float, float]:
    """Width and height of the text, in points."""
    page, margins = setup.find(qn("w:pgSz")), setup.find(qn("w:pgMar"))

    def measure(of, name: str, otherwise: float) -> float:
        try:
            return abs(float(of.get(qn(f"w:{name}")))) / parts.TWIPS
        except (AttributeError, TypeError, ValueError):
            return otherwise

    across = measure(page, "w", 595.3) - measure(margins, "left", 72.0) - measure(margins, "right", 72.0)
    down = measure(page, "h", 841.9) - measure(margins, "top", 72.0) - measure(margins, "bottom", 72.0)
    return max(200.0, across - measure(margins, "gutter", 0.0)), max(200.0, down)


def describe(document: Document, title: str, subject: str, lang: str) -> None:
    """The document's properties."""
    known, now = document.core_properties, datetime.now(UTC).replace(tzinfo=None)
    known.title, known.subject = clean(title)[:255], clean(subject)[:255]
    known.language = "en-US" if lang == "en" else "zh-CN"
    known.author, known.last_modified_by, known.comments, known.keywords = "budgetperf", "budgetperf", "", ""
    known.created = known.modified = now
    known.revision = 1


def with_suffix(path: str | Path) -> Path:
    """The path with .docx.

    >>> with_suffix("报告").name
    '报告.docx'
    """
    path = Path(path)
    return path if path.suffix.lower() == ".docx" else path.with_name(f"{path.name}.docx")


def saved(document: Document, path: Path) -> Path:
    """Write the document; the path."""
    with written_whole(path) as building:
        document.save(building)
    return path


# ---- pages that are turned -------------------------------------------------------------------------------------------


def turn(paper: Paper, turned: bool) -> None:
    if turned != paper.turned:
        _end_section(paper)
        paper.turned = turned


def _end_section(paper: Paper) -> None:
    """End the section before the anchor; what follows begins a new page."""
    setup = _page_setup(paper.setup, paper.turned)
    last = paper.anchor.getprevious()
    if last is None or last.tag != qn("w:p") or last.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None:
        last = parts.tiny_paragraph()
        paper.anchor.addprevious(last)
    last.get_or_add_pPr().append(setup)
    _only_first(paper.setup)
    paper.new_page = False


def _page_setup(setup, turned: bool):
    """A copy of a page setup; turned: width and height changed for one another, the margins going with them."""
    setup = deepcopy(setup)
    if turned:
        _turn_over(setup)
    return setup


def _turn_over(setup) -> None:
    page, margins = setup.find(qn("w:pgSz")), setup.find(qn("w:pgMar"))
    sides = {"top": "left", "right": "top", "bottom": "right", "left": "bottom"}
    for of, swaps in ((page, {"w": "h", "h": "w"}), (margins, sides)):
        if of is not None:
            old = {name: of.get(qn(f"w:{name}")) for name in swaps.values()}
            for name, source in swaps.items():
                if old[source] is not None:
                    of.set(qn(f"w:{name}"), old[source].lstrip("-"))
    if page is not None:
        page.set(qn("w:orient"), "landscape")
    if margins is not None:  # heads and feet stay within their margins
        for name, side in (("header", "top"), ("footer", "bottom")):
            own, room = margins.get(qn(f"w:{name}")), margins.get(qn(f"w:{side}"))
            if own and room and int(own) > int(room) * 0.6:
                margins.set(qn(f"w:{name}"), str(int(int(room) * 0.6)))


def _only_first(setup) -> None:
    """What holds for the first section only goes: another first page, the page number to begin with."""
    for name in ("titlePg", "type"):
        for one in setup.findall(qn(f"w:{name}")):
            setup.remove(one)
    for one in setup.findall(qn("w:pgNumType")):
        one.attrib.pop(qn("w:start"), None)


def close(paper: Paper) -> None:
    """Take the anchor away; what follows the report, if anything, stands upright again."""
    last = paper.anchor.getprevious()
    if last is None or last.tag != qn("w:p"):
        paper.add(parts.tiny_paragraph())
    if paper.turned and paper.anchor.getnext() is paper.setup:
        _turn_over(paper.setup)  # nothing follows: the last section is the turned one
    elif paper.turned:
        _end_section(paper)
    paper.document.element.body.remove(paper.anchor)
