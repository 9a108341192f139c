"""The print behind a number: where it stands on the page, and the page with all cells as read drawn over it.

`show_cell(dataset, project_no, indicator_no)` frames one value's cell, `show_page(dataset, page)` draws over a page.
Both show themselves in Jupyter and `.save(path)` a PNG. For PDFs the page itself is shown, found by name and checked by
its sha256; for other formats, or where the file is not there, the rows as read.
"""

from pathlib import Path

import pandas as pd

from budgetperf.errors import InputError
from budgetperf.evidence.choice import Choice, choose, one_document
from budgetperf.evidence.source import find_source
from budgetperf.evidence.table import rows_around, whole_rows
from budgetperf.evidence.view import View

OWN_COLOUR, OTHER_COLOUR = "#d00000", "#e69f00"  # the cell asked for, and the other cells of its row or project
WITH_PAGES = ("pdf", "image")  # formats whose pages can be drawn
ROLE_COLOURS = {
    **dict.fromkeys(("title", "caption", "note", "signature", "number", "other_table"), "#777777"),
    "heading": "#0072b2",
    "sum": "#e69f00",
    "project": "#009e73",
    "indicator": "#56b4e9",
    "execution": "#cc79a7",
}
ROLE_WORDS = {
    "heading": "表头",
    "sum": "合计、小计",
    "project": "项目",
    "indicator": "指标",
    "execution": "预算执行率",
    "title": "标题、表注、签署",
    "unread": "没有读入",
}
UNPLACED_COLOUR, OUTSIDE_COLOUR = "#d00000", "#bbbbbb"


def show_cell(
    dataset,
    project_no: int,
    indicator_no: int | None = None,
    *,
    document_id: str | None = None,
    source: str | Path | None = None,
    field: str | None = None,
) -> View:
    """The place in print of an indicator, or of a project where `indicator_no` is left out.

    field: a column of `indicators` or `projects` whose cell is framed; else the name's. The other cells of the
    same row or project are framed thinly. A cell that goes on over a page break is shown on each of its pages.
    document_id: needed only where several documents have such a project. source: the document's file or a folder
    that holds it; else it is looked for in data/raw/ and the current folder.
    Raises InputError where there is no such document, project, indicator or field.

    >>> import tempfile, budgetperf
    >>> heads = "项目名称 预算数(万元) 绩效目标 一级指标 二级指标 三级指标 绩效指标性质 绩效指标值 度量单位 分值权重"
    >>> row = "甲 5.00 保障运转 产出指标 数量指标 保障人数 ≥ 8 人 90"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "甲.txt"
    ...     _ = file.write_text("\\n".join(["\\t".join(line.split()) for line in (heads, row)]), encoding="utf-8")
    ...     view = show_cell(budgetperf.build([file]), 1, 1, source=file)
    >>> view.caption
    '甲.txt 第 1 页 · 项目 1 甲 · 指标 1 保障人数'
    """
    document = one_document(dataset, document_id, project_no=project_no)
    choice = choose(dataset, document["document_id"], project_no, indicator_no, field)
    return view_of(dataset.of_document(document["document_id"]), choice, source)


def view_of(part, choice: Choice, source: str | Path | None = None, lang: str = "zh") -> View:
    """The view of chosen cells, described in a language; part: the dataset of their document alone."""
    document, cells = part.documents.iloc[0], part.cells
    path, note = find_source(document, source, lang)
    notes = [text for text in (choice.note, note) if text]
    caption = f"{document['source']} {_pages_in_words(choice.own, lang)} · {choice.subject}"
    if path is not None and document["format"] in WITH_PAGES and choice.own["x0"].notna().all():
        from budgetperf.evidence.page import PageFault, crop

        try:
            images = [_crop_of_page(crop, path, document, cells, choice, page) for page in choice.pages]
            return View(caption, notes, images=images)
        except PageFault as fault:
            notes.append(str(fault) if lang == "zh" else "The page cannot be drawn; its cells as read are shown.")
    return View(caption, notes, tables=[rows_around(cells, choice.own, choice.others, page) for page in choice.pages])


def show_page(dataset, page: int, *, document_id: str | None = None, source: str | Path | None = None) -> View:
    """A page (a sheet of a workbook) with all cells as read drawn over it, coloured by what they are for.

    Text in a table that was placed in no column stands out in red. Arguments and errors as in `show_cell`.

    >>> from budgetperf.tables.dataset import Dataset
    >>> show_page(Dataset.empty(), 1)
    Traceback (most recent call last):
    ...
    budgetperf.errors.InputError: 数据中没有文件。请先用 budgetperf.build 读入文件。
    """
    document = one_document(dataset, document_id)
    cells = dataset.cells[dataset.cells["document_id"] == document["document_id"]]
    of_page = cells[cells["page"] == page]
    path, note = find_source(document, source)
    has_pages = document["format"] in WITH_PAGES
    in_reach = isinstance(page, int) and 1 <= page <= (int(document["pages"]) if pd.notna(document["pages"]) else 0)
    if of_page.empty and not (has_pages and path is not None and in_reach):
        known = f"{document['source']} 没有第 {page} 页的单元格（共 {document['pages']} 页）"
        raise InputError(f"{known}。请改用有表的页码，见 dataset.cells 的 page 列。")
    caption, notes = f"{document['source']} 第 {page} 页，读出 {len(of_page)} 个单元格", [note] if note else []
    shown = of_page.assign(
        colour=[_colour(*cell) for cell in zip(of_page["role"], of_page["table"], of_page["text"], strict=True)]
    )
    legend = {word: ROLE_COLOURS.get(role, UNPLACED_COLOUR) for role, word in ROLE_WORDS.items()}
    if has_pages and path is not None:
        from budgetperf.evidence.page import PageFault, overlay

        try:
            return View(caption, notes, images=[overlay(path, document["sha256"], page, shown, legend)], legend=legend)
        except PageFault as fault:
            notes.append(str(fault))
    return View(caption, notes, tables=[whole_rows(shown)], legend=legend)


def _crop_of_page(crop, path: Path, document: pd.Series, cells: pd.DataFrame, choice: Choice, page: int):
    frames = [
        (frame[frame["page"] == page], colour)
        for frame, colour in ((choice.others, OTHER_COLOUR), (choice.own, OWN_COLOUR))
    ]
    return crop(path, document["sha256"], page, cells[cells["page"] == page], frames)


def _pages_in_words(own: pd.DataFrame, lang: str) -> str:
    """第 3 页, 第 3、4 页; p. 3, 4."""
    pages = [str(page) for page in sorted(set(own["page"]))]
    return f"第 {'、'.join(pages)} 页" if lang == "zh" else f"p. {', '.join(pages)}"


def _colour(role: str, table: int, text) -> str | None:
    if role in ROLE_COLOURS:
        return ROLE_COLOURS[role]
    if not isinstance(text, str) or not text.strip():
        return None
    return UNPLACED_COLOUR if table else OUTSIDE_COLOUR
