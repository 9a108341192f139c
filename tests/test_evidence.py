"""The place in print: the right cell framed at the right place, the page with all cells, rows where no page is."""

import io

import numpy as np
import pypdfium2
import pytest
from generator.docx import to_docx
from generator.html import to_html
from generator.pdf import to_pdf
from generator.truth import make_truth
from generator.xlsx import to_xlsx
from PIL import Image

import budgetperf
from budgetperf.errors import InputError
from budgetperf.evidence import OTHER_COLOUR, OWN_COLOUR, page
from budgetperf.evidence.table import MOST_ROWS, rows_around, table_html, whole_rows
from budgetperf.tables.cells import cells_frame

PLAIN = {"size": 7.0, "page": "A4 landscape", "edges": "closed"}
TRUTH = make_truth(5, projects=4, name_cut=None, execution=None)


def written(folder, rotation=0, **style):
    path = folder / "甲.pdf"
    to_pdf(TRUTH, 5, path, **{**PLAIN, "rotation": rotation, **style})
    return path


@pytest.fixture(scope="module")
def pdf(tmp_path_factory):
    path = written(tmp_path_factory.mktemp("pdf"))
    return path, budgetperf.build([path])


def in_colour(image, colour) -> tuple[int, int, int, int] | None:
    """Left, top, right and bottom of the pixels of a colour; None where there are none."""
    wanted = np.array(Image.new("RGB", (1, 1), colour).getpixel((0, 0)))
    return Image.fromarray((np.asarray(image) == wanted).all(axis=2)).getbbox()


def saved(view, path):
    return Image.open(io.BytesIO(view.save(path).read_bytes())).convert("RGB")


# ---- the crop of a PDF -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_the_frame_stands_around_the_indicators_name(rotation, tmp_path):
    path = written(tmp_path, rotation)
    dataset = budgetperf.build([path])
    view = budgetperf.show_cell(dataset, 2, 3, source=path)
    row = dataset.indicators[(dataset.indicators["project_no"] == 2) & (dataset.indicators["indicator_no"] == 3)].iloc[
        0
    ]
    image = saved(view, tmp_path / "a.png")
    left, top, right, bottom = in_colour(image, OWN_COLOUR)
    assert right - left == pytest.approx(page.SHARP * (row["x1"] - row["x0"]), abs=4)
    assert bottom - top == pytest.approx(page.SHARP * (row["y1"] - row["y0"]), abs=4)
    assert image.width > 3 * (right - left) and image.height > 4 * (bottom - top), "no context"
    inside = np.asarray(image.crop((left + 8, top + 8, right - 8, bottom - 8)), dtype=int)
    document = pypdfium2.PdfDocument(path)
    whole = document[int(row["page"]) - 1].render(scale=page.SHARP).to_pil().convert("RGB")
    document.close()
    x, y = int(page.SHARP * row["x0"]), int(page.SHARP * row["y0"])
    near = [(x + dx, y + dy) for dx in range(2, 14) for dy in range(2, 14)]  # the frame is drawn inside and outside
    parts = [np.asarray(whole.crop((u, v, u + inside.shape[1], v + inside.shape[0])), dtype=int) for u, v in near]
    assert inside.min() < 100 and min(abs(part - inside).max() for part in parts) == 0, "not the print of this cell"
    assert row["name"] in view.caption


def test_the_framed_box_holds_the_text_that_was_read(pdf):
    """pdfium's own text of the box (page not turned: points from the bottom left) is the indicator's name."""
    path, dataset = pdf
    row = dataset.indicators.iloc[4]
    document = pypdfium2.PdfDocument(path)
    sheet = document[int(row["page"]) - 1]
    high = sheet.get_height()
    text = sheet.get_textpage().get_text_bounded(row["x0"], high - row["y1"], row["x1"], high - row["y0"])
    document.close()
    assert "".join(text.split()) == row["name"].replace(" ", "")


def test_other_cells_of_the_row_are_framed_thinly(pdf, tmp_path):
    path, dataset = pdf
    image = saved(budgetperf.show_cell(dataset, 1, 2, source=path.parent), tmp_path / "b")
    own, others = in_colour(image, OWN_COLOUR), in_colour(image, OTHER_COLOUR)
    assert others[2] > own[2] + 50, "target, unit and weight stand right of the name"
    assert (tmp_path / "b.png").is_file()


def test_a_field_has_its_own_cell(pdf, tmp_path):
    path, dataset = pdf
    boxes = {}
    for field in (None, "level1", "weight", "comparator", "measure_unit"):
        image = saved(budgetperf.show_cell(dataset, 1, 1, source=path, field=field), tmp_path / "c.png")
        boxes[field] = in_colour(image, OWN_COLOUR)
    lefts = [boxes[field][0] for field in ("level1", None, "comparator", "measure_unit", "weight")]
    assert lefts == sorted(lefts) and len(set(lefts)) == 5
    second = budgetperf.show_cell(dataset, 1, 2, source=path, field="level1")  # merged: printed once, beside row 1
    assert in_colour(saved(second, tmp_path / "d.png"), OWN_COLOUR)[0] == pytest.approx(boxes["level1"][0], abs=2)


def test_a_project_over_a_page_break_is_shown_on_both_pages(pdf, tmp_path):
    path, dataset = pdf
    pages = dataset.indicators.groupby("project_no")["page"].nunique()
    number = int(pages[pages > 1].index[0])
    view = budgetperf.show_cell(dataset, number, source=path)
    assert len(view.images) == 2 and "第 1、2 页" in view.caption
    assert all(in_colour(image, OWN_COLOUR) for image in view.images)
    assert len(budgetperf.show_cell(dataset, 1, source=path).images) == 1


def test_jupyter_gets_a_picture_and_words(pdf):
    path, dataset = pdf
    view = budgetperf.show_cell(dataset, 1, 1, source=path)
    assert view._repr_png_().startswith(b"\x89PNG") and 'src="data:image/png;base64,' in view._repr_html_()
    assert dataset.indicators["name"].iat[0] in repr(view)


# ---- the whole page --------------------------------------------------------------------------------------------------


def test_show_page_draws_each_role_in_its_colour(pdf, tmp_path):
    path, dataset = pdf
    view = budgetperf.show_page(dataset, 1, source=path)
    image = saved(view, tmp_path / "page.png")
    assert in_colour(image.crop((0, 60, *image.size)), budgetperf.evidence.ROLE_COLOURS["project"])
    assert in_colour(image.crop((0, 60, *image.size)), budgetperf.evidence.UNPLACED_COLOUR) is None
    unplaced = dataset.cells.assign(role=dataset.cells["role"].where(dataset.cells["field"] != "weight", "unread"))
    spoiled = type(dataset)(**{**dataset.tables(), "cells": unplaced})
    red = saved(budgetperf.show_page(spoiled, 1, source=path), tmp_path / "red.png")
    assert in_colour(red.crop((0, 60, *red.size)), budgetperf.evidence.UNPLACED_COLOUR)


def test_pages_are_rendered_once_and_large_paper_coarser(pdf, monkeypatch):
    path, dataset = pdf
    page._rendered.cache_clear()
    for number in (1, 2, 3):
        budgetperf.show_cell(dataset, 1, number, source=path)
    assert page._rendered.cache_info().misses == 1
    monkeypatch.setattr(page, "MOST_PIXELS", 250_000)
    page._rendered.cache_clear()
    image, scale = page.page_image(path, "x", 1, page.SHARP)
    assert image.width * image.height < 260_000 and scale < 1
    page._rendered.cache_clear()


# ---- without pages ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["xlsx", "docx", "html"])
def test_other_formats_show_the_rows_with_the_cell_marked(kind, tmp_path):
    path = tmp_path / f"乙.{kind}"
    if kind == "html":
        path.write_text(to_html(TRUTH, 1), encoding="utf-8")
    else:
        (to_xlsx if kind == "xlsx" else to_docx)(TRUTH, path)
    dataset = budgetperf.build([path])
    view = budgetperf.show_cell(dataset, 2, 2, source=path)
    name = TRUTH["indicators"][
        [i["project_name"] for i in TRUTH["indicators"]].index(TRUTH["projects"][1]["project_name"]) + 1
    ]["name"]
    html = view._repr_html_()
    assert f"<mark>{name}</mark>" in html and html.count("<mark>") == 1
    assert view._repr_png_() is None and not view.notes
    image = saved(view, tmp_path / "e.png")
    assert in_colour(image, OWN_COLOUR) and in_colour(image, OTHER_COLOUR)
    whole = budgetperf.show_page(dataset, 1, source=path)._repr_html_()
    assert all(i["name"] in whole for i in TRUTH["indicators"])


def test_text_of_the_cells_is_escaped_and_whole():
    records = [{"page": 1, "table": 1, "row": 1, "col": 1, "text": "<script>alert(1)</script> & $x$\n第二行"}]
    records += [{"page": 1, "table": 1, "row": 2, "col": 1, "text": "长" * 700}]
    cells = cells_frame(records).assign(role="indicator", field="name")
    html = table_html(rows_around(cells, cells.iloc[:1], cells.iloc[:0], 1))
    assert "<script" not in html and "&lt;script&gt;alert(1)&lt;/script&gt; &amp; $x$<br>第二行" in html
    assert "长" * 700 in html


def test_merged_cells_keep_their_spans_and_many_rows_are_cut_with_a_word():
    records = [{"page": 1, "table": 1, "row": 1, "col": 1, "rowspan": 2, "colspan": 2, "text": "合"}]
    records += [{"page": 1, "table": 1, "row": row, "col": 3, "text": str(row)} for row in range(1, MOST_ROWS + 11)]
    cells = cells_frame(records).assign(role="indicator", field=None, colour=None)
    table = whole_rows(cells)
    assert (table.rows, table.columns, table.left_out) == (MOST_ROWS, 3, 10)
    html = table_html(table)
    assert '<td rowspan="2" colspan="2"' in html and "其余 10 行未显示" in html


# ---- the source file and wrong calls ---------------------------------------------------------------------------------


def test_a_file_that_is_gone_or_changed_is_said_and_the_rows_shown(pdf, tmp_path, monkeypatch):
    path, dataset = pdf
    monkeypatch.chdir(tmp_path)
    gone = budgetperf.show_cell(dataset, 1, 1)
    what, instead, fix = gone.notes[0].removesuffix("。").split("。")
    assert what == "没有找到原文件 甲.pdf（找过 data/raw、../data/raw、当前文件夹）"
    assert instead == "下面改为显示读出的单元格" and fix == "请用 source= 指明该文件或它所在的文件夹"
    assert not gone.images and gone._repr_html_().count("<mark>") == 1
    changed = tmp_path / "甲.pdf"
    changed.write_bytes(path.read_bytes() + b"\n%")
    view = budgetperf.show_cell(dataset, 1, 1)
    assert "sha256 不符" in view.notes[0] and not view.images
    assert in_colour(saved(view, tmp_path / "f.png"), OWN_COLOUR)
    assert "sha256 不符" in budgetperf.show_page(dataset, 1).notes[0]
    raw = tmp_path / "data/raw/2024"
    raw.mkdir(parents=True)
    (raw / "甲.pdf").write_bytes(path.read_bytes())
    assert budgetperf.show_cell(dataset, 1, 1).images, "the right one below data/raw is found"


def test_wrong_calls_say_what_there_is(pdf, tmp_path):
    path, dataset = pdf
    with pytest.raises(InputError, match="共 4 个"):
        budgetperf.show_cell(dataset, 9)
    with pytest.raises(InputError, match="第 1 个项目没有第 99 条指标"):
        budgetperf.show_cell(dataset, 1, 99)
    with pytest.raises(InputError, match="没有印着 score 的单元格。可选的字段：comparator"):
        budgetperf.show_cell(dataset, 1, 1, field="score")
    with pytest.raises(InputError, match="没有第 40 页"):
        budgetperf.show_page(dataset, 40, source=path)
    with pytest.raises(InputError, match="没有编号为 x 的文件"):
        budgetperf.show_cell(dataset, 1, document_id="x")
    other = tmp_path / "丙.html"
    other.write_text(to_html(make_truth(8, projects=2), 1), encoding="utf-8")
    both = budgetperf.build([path, other])
    with pytest.raises(InputError, match="2 份文件都可能是所指"):
        budgetperf.show_cell(both, 1)
    assert budgetperf.show_cell(both, 4, source=path).images, "only one document has a fourth project"
