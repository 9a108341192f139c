"""The PDF reader on turned, cropped and cut pages, and on pages and files that cannot be read."""

import re
import time
from pathlib import Path

import pypdfium2
import pytest
from pdf_drawing import (
    BODY,
    FONT,
    HEADER,
    HEIGHT,
    WIDTH,
    draw_table,
    new_canvas,
    one,
    picture,
    plain_pdf,
    read,
    reboxed,
    table_of,
    write,
)
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from budgetperf.errors import Unreadable
from budgetperf.readers import pdf
from budgetperf.readers.pdf import clips, read_pdf


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("boxed", [False, True])
def test_rotated_pages_with_boxes_off_the_origin(tmp_path, rotation, boxed):
    path = tmp_path / "a.pdf"
    left, low = (30, -20) if boxed else (0, 0)
    seen = (HEIGHT, WIDTH) if rotation in (90, 270) else (WIDTH, HEIGHT)
    canvas = new_canvas(path, pageCompression=0)
    canvas.translate(left, low)
    if rotation == 90:
        canvas.transform(0, 1, -1, 0, WIDTH, 0)
    elif rotation == 180:
        canvas.transform(-1, 0, 0, -1, WIDTH, HEIGHT)
    elif rotation == 270:
        canvas.transform(0, -1, 1, 0, 0, HEIGHT)
    canvas.translate(0, seen[1] - HEIGHT)
    draw_table(canvas, [HEADER, *BODY], xs=(50, 130, 280, 380))
    canvas.save()
    reading = read_pdf(reboxed(path, rotation, media=(left, low, left + WIDTH, low + HEIGHT)))
    assert (reading.pages["width"][0], reading.pages["height"][0]) == seen
    assert table_of(reading.cells) == [HEADER, *BODY]
    cell = one(reading.cells, "道路养护")
    assert [round(cell[side]) for side in ("x0", "y0", "x1", "y1")] == [130, 120, 280, 140]


def test_crop_box_moves_the_origin_and_hides_the_rest(tmp_path):
    path = tmp_path / "a.pdf"
    canvas = new_canvas(path, pageCompression=0)
    write(canvas, 60, 30, "裁掉的文字")
    draw_table(canvas, [HEADER, *BODY])
    canvas.save()
    reading = read_pdf(reboxed(path, crop=(40, 100, 500, HEIGHT - 50)))
    assert (reading.pages["width"][0], reading.pages["height"][0]) == (460, 250)
    assert table_of(reading.cells) == [HEADER, *BODY]
    assert "裁掉的文字" not in set(reading.cells["text"])
    assert [round(one(reading.cells, "道路养护")[side]) for side in ("x0", "y0")] == [110, 70]


def test_table_drawn_sideways_on_an_upright_page(tmp_path):
    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path), pagesize=(HEIGHT, WIDTH))
    canvas.transform(0, 1, -1, 0, HEIGHT, 0)
    draw_table(canvas, [HEADER, *BODY])
    reading = read(canvas, path)
    assert table_of(reading.cells) == [HEADER, *BODY]
    cell = one(reading.cells, "道路养护")
    assert [round(cell[side]) for side in ("x0", "y0", "x1", "y1")] == [120, 300, 140, 450]


def test_line_cut_by_the_page_stands_on_both_pages(tmp_path):
    path = tmp_path / "a.pdf"
    canvas = new_canvas(path)
    cut = 113 - 4  # through the middle of the second line of print
    for page in range(2):
        shift = 0 if page == 0 else 100 - cut
        canvas.saveState()
        clip = canvas.beginPath()
        clip.rect(0, HEIGHT - (cut if page == 0 else HEIGHT), WIDTH, cut - 50 if page == 0 else HEIGHT - 100)
        canvas.clipPath(clip, stroke=0, fill=0)
        canvas.translate(0, -shift)
        draw_table(
            canvas, [["第一行", "11.88"], ["第二行", "18.04"], ["第三行", "3"]], xs=(50, 150, 300), top=82, height=18
        )
        canvas.restoreState()
        canvas.showPage()
    canvas.save()
    cells = read_pdf(path).cells
    assert table_of(cells, page=1) == [["第一行", "11.88"], ["第二行", "18.04"]]
    assert table_of(cells, page=2) == [["第二行", "18.04"], ["第三行", "3"]]
    assert list(cells[(cells["page"] == 1) & (cells["row"] == 2)]["open_bottom"]) == [True, True]
    assert list(cells[(cells["page"] == 2) & (cells["row"] == 1)]["open_top"]) == [True, True]


@pytest.mark.parametrize("cut", [84, 89, 96, 100, 103.5, 111, 117, 128, 136])
def test_page_cut_at_any_height_loses_nothing(tmp_path, cut):
    path = tmp_path / "a.pdf"
    canvas = new_canvas(path)
    for page in range(2):
        canvas.saveState()
        clip = canvas.beginPath()
        if page == 0:
            clip.rect(0, HEIGHT - cut, WIDTH, cut)
        else:
            canvas.translate(0, cut - 30)
            clip.rect(0, HEIGHT - 300, WIDTH, 300 - cut)
        canvas.clipPath(clip, stroke=0, fill=0)
        draw_table(canvas, [HEADER, *BODY], xs=(50, 150, 300, 400), top=80)
        canvas.restoreState()
        canvas.showPage()
    canvas.save()
    cells = read_pdf(path).cells
    assert (cells["table"] == 1).all()
    for number, column in enumerate(zip(HEADER, *BODY, strict=True), 1):
        first = [text for text in cells[(cells["page"] == 1) & (cells["col"] == number)]["text"] if text]
        second = [text for text in cells[(cells["page"] == 2) & (cells["col"] == number)]["text"] if text]
        if first and second and first[-1] == second[0]:
            second = second[1:]
        assert (*first, *second) == column


def test_rules_in_a_picture_are_found_by_camelot(tmp_path, monkeypatch):
    from PIL import Image, ImageDraw

    ruled = Image.new("L", (int(WIDTH) * 3, int(HEIGHT) * 3), 255)
    pen = ImageDraw.Draw(ruled)
    for y in (100, 120, 140, 160):
        pen.line([(150, y * 3), (1200, y * 3)], fill=0, width=3)
    for x in (50, 150, 300, 400):
        pen.line([(x * 3, 300), (x * 3, 480)], fill=0, width=3)
    canvas = new_canvas(tmp_path / "a.pdf")
    canvas.drawImage(ImageReader(ruled), 0, 0, WIDTH, HEIGHT)
    write(canvas, 50, 60, "表格线是图片，文字是文字，长到不会被当成扫描页的标题文字，共有三十多个字符")
    for number, texts in enumerate([HEADER, *BODY]):
        for x, text in zip((50, 150, 300), texts, strict=True):
            write(canvas, x + 4, 113 + number * 20, text)
    reading = read(canvas, tmp_path / "a.pdf")
    assert reading.pages["state"][0] == "text"
    assert table_of(reading.cells) == [HEADER, *BODY]

    def fails(*_, **__):
        raise ValueError("no page drawn")

    monkeypatch.setattr("camelot.read_pdf", fails)
    (remark,) = [remark for remark in read_pdf(tmp_path / "a.pdf").remarks if not remark.passed]
    assert "图片里的表格线没有读出" in remark.note


def test_states_of_pages(tmp_path):
    canvas = new_canvas(tmp_path / "a.pdf")
    canvas.drawImage(picture(), 0, 0, WIDTH, HEIGHT)
    write(canvas, 300, 390, "第1页")
    canvas.showPage()
    canvas.showPage()
    draw_table(canvas, [HEADER, *BODY])
    canvas.showPage()
    reading = read(canvas, tmp_path / "a.pdf")
    assert list(reading.pages["state"]) == ["scan", "blank", "text"]
    assert "扫描" in reading.pages["note"][0] and "空白" in reading.pages["note"][1]
    assert set(reading.cells["page"]) == {3}


def test_text_layer_of_a_scan_is_not_print(tmp_path):
    canvas = new_canvas(tmp_path / "a.pdf")
    canvas.drawImage(picture(), 0, 0, WIDTH, HEIGHT)
    text = canvas.beginText(50, 200)
    text.setFont(FONT, 9)
    text.setTextRenderMode(3)
    text.textLine("识别出来的文字" * 10)
    canvas.drawText(text)
    reading = read(canvas, tmp_path / "a.pdf")
    assert reading.pages["state"][0] == "scan" and "识别文字" in reading.pages["note"][0]
    assert reading.cells.empty


def test_font_without_unicode_mapping_is_unreadable(tmp_path):
    import reportlab

    pdfmetrics.registerFont(TTFont("Vera", str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf")))
    canvas = new_canvas(tmp_path / "a.pdf", pageCompression=0)
    canvas.setFont("Vera", 9)
    canvas.drawString(54, 200, "gibberish to any program")
    canvas.save()
    data = (tmp_path / "a.pdf").read_bytes()
    broken = re.sub(rb"beginbfrange.*?endbfrange|beginbfchar.*?endbfchar", b"", data, flags=re.S)
    assert broken != data
    (tmp_path / "a.pdf").write_bytes(broken)
    reading = read_pdf(tmp_path / "a.pdf")
    assert reading.pages["state"][0] == "failed" and "编码" in reading.pages["note"][0]
    assert reading.cells.empty


def test_passwords(tmp_path):
    from reportlab.lib.pdfencrypt import StandardEncryption

    open_to_all = StandardEncryption("", ownerPassword="secret", canCopy=0, strength=128)
    plain_pdf(tmp_path / "owner.pdf", encrypt=open_to_all)
    assert table_of(read_pdf(tmp_path / "owner.pdf").cells) == [HEADER, *BODY]
    plain_pdf(tmp_path / "user.pdf", encrypt=StandardEncryption("secret", strength=128))
    with pytest.raises(Unreadable, match="密码"):
        read_pdf(tmp_path / "user.pdf")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "空文件"),
        (b"PK\x03\x04 not a pdf", "不是 PDF"),
        (b"%PDF-1.7\nnothing else", "损坏|没有任何页面"),
        (
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
            b"trailer<</Root 1 0 R/Size 3>>\n%%EOF",
            "没有任何页面|损坏",
        ),
    ],
)
def test_files_that_are_no_documents(tmp_path, data, message):
    (tmp_path / "a.pdf").write_bytes(data)
    with pytest.raises(Unreadable, match=message):
        read_pdf(tmp_path / "a.pdf")


def test_missing_file(tmp_path):
    with pytest.raises(Unreadable, match="打不开"):
        read_pdf(tmp_path / "no.pdf")


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.98])
def test_truncated_file_is_read_or_refused_but_never_silently_short(tmp_path, share):
    path = plain_pdf(tmp_path / "a.pdf", pages=6)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    try:
        reading = read_pdf(path)
    except Unreadable as error:
        assert "损坏" in str(error) or "没有任何页面" in str(error)
        return
    lost = set(range(1, 7)) - set(reading.cells["page"])
    assert not lost or (reading.pages["state"] == "failed").any()


def test_end_of_file_missing_is_told_as_a_lost_page(tmp_path):
    path = plain_pdf(tmp_path / "a.pdf", pages=2)
    path.write_bytes(path.read_bytes().replace(b"%%EOF", b""))
    pages = read_pdf(path).pages
    assert pages[["page", "state"]].values.tolist() == [[1, "text"], [2, "text"], [3, "failed"]]
    assert "结尾" in pages["note"][2]


def test_damaged_drawing_is_not_read_on_past_the_damage(tmp_path):
    path = plain_pdf(tmp_path / "a.pdf", pages=2)
    document = pypdfium2.PdfDocument(path)
    document.save(tmp_path / "b.pdf")  # packed streams without the text encoding reportlab puts around them
    data = bytearray((tmp_path / "b.pdf").read_bytes())
    start = data.index(b"FlateDecode")
    start = data.index(b"stream", start) + 120
    data[start : start + 4] = bytes(255 - byte for byte in data[start : start + 4])
    (tmp_path / "b.pdf").write_bytes(data)
    reading = read_pdf(tmp_path / "b.pdf")
    assert "failed" in set(reading.pages["state"])
    for page in reading.pages.loc[reading.pages["state"] == "text", "page"]:
        assert table_of(reading.cells, page=page) == [HEADER, *BODY]


def test_one_broken_page_does_not_stop_the_others(tmp_path, monkeypatch):
    path = plain_pdf(tmp_path / "a.pdf", pages=3)
    honest = pdf.read_page_content
    calls = []

    def second_fails(page, *more):
        calls.append(page)
        if len(calls) == 2:
            raise ValueError("broken stream")
        return honest(page, *more)

    monkeypatch.setattr(pdf, "read_page_content", second_fails)
    steps = []
    reading = read_pdf(path, progress=lambda done, total: steps.append((done, total)))
    assert list(reading.pages["state"]) == ["text", "failed", "text"]
    assert "第 2 页" in reading.pages["note"][1]
    assert set(reading.cells["page"]) == {1, 3}
    assert steps == [(1, 3), (2, 3), (3, 3)]


def test_page_that_takes_too_long_is_given_up(tmp_path, monkeypatch):
    path = tmp_path / "a.pdf"
    canvas = new_canvas(path)
    for number in range(30_000):
        canvas.line(number % 600, 0, number % 600 + 3, number % 400)
    canvas.showPage()
    draw_table(canvas, [HEADER, *BODY])
    canvas.save()
    monkeypatch.setattr(pdf, "SECONDS_A_PAGE", 0.2)
    started = time.process_time()
    reading = read_pdf(path)
    assert time.process_time() - started < 5
    assert list(reading.pages["state"]) == ["failed", "text"]
    assert table_of(reading.cells, page=2) == [HEADER, *BODY]


def test_many_rules_that_are_no_table_take_bounded_time(tmp_path):
    path = tmp_path / "a.pdf"
    canvas = new_canvas(path)
    for number in range(4_000):
        canvas.line(number * 7.3 % 600, number * 3.1 % 400, number * 7.3 % 600, number * 3.1 % 400 + 9)
        canvas.line(number * 5.9 % 600, number * 1.7 % 400, number * 5.9 % 600 + 9, number * 1.7 % 400)
    started = time.process_time()
    reading = read(canvas, path)
    assert time.process_time() - started < 15
    assert len(reading.pages) == 1


def test_least_share_seen_is_what_a_reader_sees():
    assert clips.enough_seen((0, 0, 10, 10), (0, 0, 10, 4), 0)
    assert not clips.enough_seen((0, 0, 10, 10), (0, 0, 4, 10), 0)
    assert not clips.enough_seen((0, 0, 10, 10), (0, 9.5, 10, 20), 0)


@pytest.mark.parametrize(
    ("numbers", "notes"),
    [
        (["第 1 页", "第 2 页", "第 4 页"], ["从 2 跳到 4"]),
        (["- 1 -", "- 2 -", "- 3 -", "- 6 -"], ["从 3 跳到 6"]),
        (["1/5", "2/5", "4/5", "5/5"], ["从 2 跳到 4"]),
        (["第1页 共4页", "第2页 共4页", "第3页 共4页"], ["共 4 页"]),
        (["第 1 页", "第 2 页", "第 3 页"], []),
        (["封面", "1", "2", "3"], []),
        (["7", "8", "1", "2"], []),
        (["95", "10", "300"], []),
    ],
)
def test_printed_page_numbers_that_jump_tell_of_a_lost_page(tmp_path, numbers, notes):
    canvas = new_canvas(tmp_path / "a.pdf")
    for number in numbers:
        draw_table(canvas, [HEADER, *BODY])
        write(canvas, 280, 385, number)
        canvas.showPage()
    remarks = [remark for remark in read(canvas, tmp_path / "a.pdf").remarks if not remark.passed]
    assert len(remarks) == len(notes)
    assert all(part in remark.note for part, remark in zip(notes, remarks, strict=True))
