"""The report as a Word document: title, conclusion, contents, chapters with numbered tables and figures, evidence."""

import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import date
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from docx.oxml.ns import qn

from budgetperf.errors import InputError
from budgetperf.field.notation import ems
from budgetperf.report.model import (
    Block,
    Evidence,
    Figure,
    Heading,
    Report,
    Table,
    Text,
    clean,
    columns_of,
    is_number,
    shortened,
)
from budgetperf.report.word import parts, styles
from budgetperf.report.word.pages import pages_of_headings
from budgetperf.report.word.paper import Paper, close, describe, paper_for, saved, turn, with_suffix
from budgetperf.report.word.parts import element, paragraph, run

Progress = Callable[[int, int, str], None]
MOST_COLUMNS = 24
# type size, longest word that is not broken (in type sizes), page turned: the first that fits is taken
SIZES = ((9, 14, False), (8, 14, False), (8, 9, False), (7.5, 7, False), (8, 14, True), (7, 9, True), (6, 7, True))
SHORT, SHORT_SIZES = 8, ((7, 6, False), (6.5, 5, False))  # a page is not turned for so few rows while these fit
WORDS = {
    "contents": ("目　　录", "Contents"),
    "pages": ("点击右键选“更新域”，显示页码。", "Right-click and choose “Update field” to show page numbers."),
    "rest": ("其余 {0:,} 行见 Excel 底稿。", "{0:,} more rows are in the Excel working paper."),
    "columns": ("其余 {0:,} 列见 Excel 底稿。", "{0:,} more columns are in the Excel working paper."),
    "none": ("没有可列的内容。", "There is nothing to list."),
}


def write_word(
    report: Report,
    path: str | Path,
    *,
    template: str | Path | None = None,
    page_numbers: bool = False,
    progress: Progress | None = None,
) -> Path:
    """Write the report as .docx; the path written (the suffix is added where it lacks).

    page_numbers: fill in the pages of the contents by laying the document out once in LibreOffice, where it is
    installed; else a line says how Word fills them in.

    template: a user's .docx or .dotx. Its styles, page setup, headers and footers are used; styles that it lacks are
    added as ours, page numbers where it has no footer at all. The report stands where its body has a paragraph
    {{报告正文}} or {{report}}, the rest of its body stays; without one its body is replaced whole. {{标题}} {{副标题}}
    {{日期}} ({{title}} {{subtitle}} {{date}}) are filled in everywhere; where the body names the title, the cover is
    the template's own. progress(done, total, words) is called a block.
    Raises InputError where the template cannot be used or the file cannot be written.
    """
    path = with_suffix(path)
    paper, has_title = _opened(report, template)
    total = len(report.blocks)
    plans = {k: planned(block, paper) for k, block in enumerate(report.blocks) if isinstance(block, Table)}
    turned = _turned(report.blocks, plans)
    names = {k: f"_Toc{900_000_000 + k}" for k, block in enumerate(report.blocks) if isinstance(block, Heading)}
    listed: dict[str, Heading] = {}
    _cover(paper, report, has_title)
    chapters = [k for k in names if report.blocks[k].level == 1]
    second = chapters[1] if len(chapters) > 1 else 0  # the first chapter, the conclusion, stands before the contents
    for k, block in enumerate(report.blocks):
        if k == second and names:
            turn(paper, False)
            paper.new_page = True
            listed = {name: report.blocks[at] for at, name in names.items() if at >= second}
            numbers, hint = _contents(paper, listed)
        turn(paper, turned[k])
        if isinstance(block, Heading):
            _heading(paper, block, names[k])
        elif isinstance(block, Text):
            _text(paper, block, keep_next=any(_belongs(after) for after in report.blocks[k + 1 : k + 2]))
        elif isinstance(block, Table):
            _table(paper, block, plans[k])
        elif isinstance(block, Figure):
            _figure(paper, block)
        elif isinstance(block, Evidence):
            _evidence(paper, block)
        if progress:
            progress(k + 1, total, words_of(block))
    close(paper)
    describe(paper.document, report.title, report.subtitle, report.lang)
    path = saved(paper.document, path)
    pages = pages_of_headings(path, [_one_line(one.text) for one in listed.values()]) if page_numbers else None
    if not pages:
        return path
    for words, page in zip(numbers, pages, strict=True):
        words.add_t(str(page))
    hint.text = ""
    return saved(paper.document, path)


def _belongs(block: Block) -> bool:
    """Whether a block stays with the sentence before it: print, and the small print of a measure."""
    return isinstance(block, Evidence) or (isinstance(block, Text) and block.tone == "note")


def _opened(report: Report, template) -> tuple[Paper, bool]:
    names = {"标题": report.title, "副标题": report.subtitle, "日期": report.on or date.today().isoformat()}
    english = dict(zip(("title", "subtitle", "date"), names.values(), strict=True))
    paper, met, stays = paper_for(template, report.lang, names | english)
    return paper, stays and bool(met & {"标题", "title"})


def _turned(blocks: Sequence[Block], plans: dict) -> list[bool]:
    """Which blocks stand on landscape pages: wide tables, the headings above them and the words between two of them."""
    turned = [k in plans and plans[k].turned for k in range(len(blocks))]
    wide = [k for k, one in enumerate(turned) if one]
    for k in wide:
        above = k
        while above and isinstance(blocks[above - 1], Heading):
            above -= 1
        turned[above:k] = [True] * (k - above)
    for first, second in pairwise(wide):
        if all(isinstance(block, (Text, Heading)) for block in blocks[first + 1 : second]):
            turned[first:second] = [True] * (second - first)
    return turned


def _say(paper: Paper, key: str, *values) -> str:
    """A fixed word in the document's language."""
    return WORDS[key][paper.lang == "en"].format(*values)


# ---- cover and contents ----------------------------------------------------------------------------------------------


def _cover(paper: Paper, report: Report, has_title: bool) -> None:
    if not has_title:
        paper.add(paragraph(paper.ids["Title"], [run(report.title)]))
        paper.add(paragraph(paper.ids["Subtitle"], [run(report.subtitle)]))
    if report.facts:
        width = min(paper.width, 400.0)
        longest = max(ems(clean(name)) for name, _ in report.facts) + 1.5
        first = min(longest * 14, width / 2)
        paper.add(_facts(report.facts, (first, width - first), paper.ids[styles.COVER]), parts.tiny_paragraph())


def _facts(facts: Sequence[tuple[str, str]], widths: tuple[float, float], style: str):
    """Label and value, without lines."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    none = element("tblBorders", None, *(element(side, {"val": "nil"}) for side in sides))
    twips = [round(width * parts.TWIPS) for width in widths]
    layout = element("tblLayout", {"type": "fixed"})
    setup = element(
        "tblPr", None, element("tblW", {"w": sum(twips), "type": "dxa"}), element("jc", {"val": "center"}), none, layout
    )
    made = element("tbl", None, setup, element("tblGrid", None, *(element("gridCol", {"w": width}) for width in twips)))
    for name, value in facts:
        cells = [
            element(
                "tc",
                None,
                element("tcPr", None, element("tcW", {"w": width, "type": "dxa"})),
                paragraph(style, [run(text)]),
            )
            for text, width in ((name, twips[0]), (value, twips[1]))
        ]
        made.append(element("tr", None, element("trPr", None, element("cantSplit")), *cells))
    return made


def _contents(paper: Paper, headings: dict[str, Heading]) -> tuple[list, object]:
    """A table of contents that is filled already: linked entries; their page numbers are fields. The runs of these, and of
    the hint.

    Neither the fields are marked as stale nor Word told to update them: both make it ask the reader whether to update
    fields that "may refer to other files". A line in the field itself says how to fill in the pages; it goes as it is done.
    """
    start, code, middle, end = parts.field('TOC \\o "1-3" \\h \\z \\u', [])
    right = element(
        "tabs", None, element("tab", {"val": "right", "leader": "dot", "pos": round(paper.width * parts.TWIPS)})
    )
    title = paragraph(paper.ids["TOC Heading"], [run(_say(paper, "contents"))], new_page=paper.new_page)
    hint = run(_say(paper, "pages"))
    entries, numbers = [title, paragraph(paper.ids[styles.NOTE], [start, code, middle, hint])], []
    for k, (name, heading) in enumerate(headings.items()):
        numbers.append(run(""))
        page = parts.field(f"PAGEREF {name} \\h", numbers[-1:])
        tab = element("r", None, element("tab"))
        link = element("hyperlink", {"anchor": name, "history": 1}, run(_one_line(heading.text)), tab, *page)
        after = [end] if k == len(headings) - 1 else []
        entry = paragraph(paper.ids[f"toc {min(max(heading.level, 1), 3)}"], [link, *after])
        entry.pPr.insert(1, deepcopy(right))
        entries.append(entry)
    gallery = element(
        "docPartObj", None, element("docPartGallery", {"val": "Table of Contents"}), element("docPartUnique")
    )
    paper.anchor.addprevious(
        element("sdt", None, element("sdtPr", None, gallery), element("sdtContent", None, *entries))
    )
    paper.new_page = True
    return numbers, hint


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())


# ---- blocks ----------------------------------------------------------------------------------------------------------


def words_of(block: Block) -> str:
    """What a block is, for the report of progress."""
    if isinstance(block, (Table, Figure)):
        return f"{block.label} {block.caption}"
    return block.caption if isinstance(block, Evidence) else block.text[:40]


def _heading(paper: Paper, block: Heading, name: str) -> None:
    level = min(max(block.level, 1), 3)
    if level == 1 and block.is_annex:
        last = paper.anchor.getprevious()
        paper.new_page = paper.new_page or (last is not None and last.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is None)
    content = parts.bookmarked(name, paper.bookmark, [run(_one_line(block.text))])
    paper.bookmark += 1
    paper.add(paragraph(paper.ids[f"heading {level}"], content))


def _text(paper: Paper, block: Text, keep_next: bool) -> None:
    style = {"note": styles.NOTE, "warning": styles.WARNING}.get(block.tone, "Body Text")
    for line in clean(block.text).split("\n"):
        if line.strip():
            paper.add(paragraph(paper.ids[style], [run(line)], keep_next=keep_next))


def _caption(paper: Paper, label: str, caption: str, keep_next: bool):
    """表 3　…: the number is a field that Word counts on; set back where the report's own number is not the next."""
    match = re.fullmatch(r"(.*\D)(\d+)", label, re.DOTALL)
    words = clean(caption).replace("\n", " ")
    if match is None:
        return paragraph(paper.ids["caption"], [run(f"{label}　{words}")], keep_next=keep_next)
    kind, number = match[1].strip() or "#", int(match[2])
    again = "" if paper.counted[kind] + 1 == number else f" \\r {number}"
    paper.counted[kind] = number
    series = re.sub(r"\W", "", kind) or "N"
    count = parts.field(f"SEQ {series} \\* ARABIC{again}", [run(match[2])])
    between = "　" if paper.lang == "zh" else ". "
    return paragraph(paper.ids["caption"], [run(match[1]), *count, run(between + words)], keep_next=keep_next)


class Plan(NamedTuple):
    """How a table is set: head and rows as text, right: which cells are numbers, widths in points, type size."""

    head: list[str]
    rows: list[Sequence[str]]
    right: list[Sequence[bool]]
    widths: list[float]
    size: float
    turned: bool
    rest: int  # rows left out
    columns: int  # columns left out


def planned(block: Table, paper: Paper) -> Plan:
    """The rows of a table that are shown and the widths of its columns: smaller type, then a turned page, if wide."""
    columns = columns_of(block._replace(frame=block.frame.iloc[:, :MOST_COLUMNS]), block.top, paper.lang)
    head, solid = [column.title for column in columns], [column.is_number for column in columns]
    rows = list(zip(*(column.texts for column in columns), strict=True))
    right = [solid, *zip(*([c.is_number or is_number(value) for value in c.values] for c in columns), strict=True)]
    texts = [[column.title, *column.texts] for column in columns]
    sizes = SIZES if len(rows) > SHORT else (*SIZES[:4], *SHORT_SIZES, *SIZES[4:])
    for size, longest, turned in sizes:
        if turned and paper.turned_width <= paper.width:
            continue
        room = paper.turned_width if turned else paper.width
        widths, fits = parts.column_widths(texts, solid, room / size, longest) if head else ([], True)
        if fits:
            break
    rest, columns_left = max(0, block.rows - block.top), block.frame.shape[1] - len(head)
    return Plan(head, rows, right, [width * size for width in widths], size, turned, rest, columns_left)


def _table(paper: Paper, block: Table, plan: Plan) -> None:
    note = " ".join(
        _say(paper, key, count) for key, count in (("rest", plan.rest), ("columns", plan.columns)) if count
    ) or ("" if plan.rows else _say(paper, "none"))
    paper.add(_caption(paper, block.label, block.caption, keep_next=True))
    if note:  # above the table: below it, it would stand alone on a page where the table fills one
        paper.add(paragraph(paper.ids[styles.NOTE], [run(note)], keep_next=bool(plan.head)))
    if plan.head:
        total = block.total and bool(plan.rows)
        grid = parts.Grid(plan.head, plan.rows, plan.right, plan.widths, plan.size, total, paper.down)
        paper.add(parts.table(grid, paper.ids[styles.TABLE], paper.ids[styles.TABLE_TEXT]))
        paper.add(parts.tiny_paragraph(after=12))


def _figure(paper: Paper, block: Figure) -> None:
    import matplotlib.pyplot as plt

    try:
        axes = block.draw()
    except InputError as error:
        paper.add(_caption(paper, block.label, block.caption, keep_next=True))
        return paper.add(paragraph(paper.ids[styles.NOTE], [run(str(error))]))
    buffer = BytesIO()
    try:
        axes.figure.savefig(buffer, format="png", dpi=parts.DPI, bbox_inches="tight", pad_inches=0.05, facecolor="white",
                            metadata={"Software": "budgetperf"})  # fmt: skip
    finally:
        plt.close(axes.figure)
    from PIL import Image

    content = buffer.getvalue()
    with Image.open(BytesIO(content)) as image:
        size = parts.fitted(image.size, paper.across, paper.down - 60, parts.DPI)
    picture = parts.picture_run(paper.document.part, content, *size, block.alt)
    paper.add(paragraph(paper.ids[styles.FIGURE], [picture], keep_next=True))
    paper.add(_caption(paper, block.label, block.caption, keep_next=False))


def _evidence(paper: Paper, block: Evidence) -> None:
    try:
        view = block.view()
    except InputError as error:
        return paper.add(paragraph(paper.ids[styles.NOTE], [run(f"{block.caption}：{error}")]))
    heights = (0.45, 0.85) if view.images else (0.45,)  # of the page: more only where print would become illegible
    image, across, down = parts.legible_crop_of(view, paper.across, [share * paper.down for share in heights])
    place = shortened(_one_line(view.caption), 160)
    words = f"{block.caption}（{place}）" if paper.lang == "zh" else f"{block.caption} ({place})"
    picture = parts.picture_run(paper.document.part, parts.crop_png(image, across), across, down, words)
    paper.add(paragraph(paper.ids[styles.FIGURE], [picture], keep_next=True))
    paper.add(paragraph(paper.ids["caption"], [run(words.replace("\n", " "))]))
    for note in view.notes:  # said once, not under each of twenty crops
        if note not in paper.said:
            paper.said.add(note)
            paper.add(paragraph(paper.ids[styles.NOTE], [run(note)]))
