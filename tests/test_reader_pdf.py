"""The PDF reader against tables drawn here, each with one thing that breaks table extraction."""

from pathlib import Path
from random import Random

import pytest
from pdf_drawing import (
    BODY,
    FONT,
    HEADER,
    HEIGHT,
    WAYS_TO_DRAW,
    WIDTH,
    draw_table,
    new_canvas,
    one,
    read,
    rule,
    table_of,
    write,
)
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from budgetperf.readers.pdf import read_pdf
from budgetperf.tables.cells import CELL_COLUMNS, PAGE_COLUMNS


def test_plain_table_with_title_and_caption(tmp_path):
    canvas = new_canvas(tmp_path / "a.pdf")
    write(canvas, 200, 50, "2024年项目支出绩效目标表", 14)
    write(canvas, 50, 80, "编制单位：某某局")
    write(canvas, 340, 80, "单位：万元")
    draw_table(canvas, [HEADER, *BODY])
    write(canvas, 50, 190, "注：本表一式两份")
    reading = read(canvas, tmp_path / "a.pdf")
    cells = reading.cells
    assert reading.format == "pdf"
    assert list(cells.columns) == list(CELL_COLUMNS) and list(reading.pages.columns) == list(PAGE_COLUMNS)
    assert table_of(cells) == [HEADER, *BODY]
    loose = cells[cells["table"] == 0]
    assert loose[["row", "col", "text"]].values.tolist() == [
        [1, 1, "2024年项目支出绩效目标表"],
        [2, 1, "编制单位：某某局"],
        [2, 2, "单位：万元"],
        [6, 1, "注：本表一式两份"],
    ]
    cell = one(cells, "道路养护")
    assert (cell["row"], cell["col"], cell["rowspan"], cell["colspan"]) == (4, 2, 1, 1)
    assert [round(cell[side]) for side in ("x0", "y0", "x1", "y1")] == [150, 120, 300, 140]
    assert not cells[["open_top", "open_bottom"]].any().any()
    assert reading.pages[["page", "width", "height", "state", "note"]].values.tolist() == [[1, 600, 400, "text", ""]]


def test_merged_cells_have_their_spans(tmp_path):
    canvas = new_canvas(tmp_path / "a.pdf")
    boxes = [(50, 100, 300, 20), (50, 120, 100, 40), (150, 120, 100, 20), (250, 120, 100, 20), (150, 140, 200, 20)]
    for x, y, width, height in boxes:
        canvas.rect(x, HEIGHT - y - height, width, height)
    write(canvas, 60, 113, "合并标题")
    write(canvas, 60, 143, "产出指标")
    write(canvas, 160, 133, "数量")
    write(canvas, 260, 133, "质量")
    write(canvas, 160, 153, "横跨两列")
    cells = read(canvas, tmp_path / "a.pdf").cells
    spans = {row.text: (row.row, row.col, row.rowspan, row.colspan) for row in cells.itertuples()}
    assert spans["合并标题"] == (1, 1, 1, 3)
    assert spans["产出指标"] == (2, 1, 2, 1)
    assert spans["数量"] == (2, 2, 1, 1)
    assert spans["质量"] == (2, 3, 1, 1)
    assert spans["横跨两列"] == (3, 2, 1, 2)


def test_text_belongs_to_the_cell_its_characters_stand_in(tmp_path):
    canvas = new_canvas(tmp_path / "a.pdf")
    xs = [50, 86.5, 123, 159.5]
    draw_table(canvas, [["", "", ""]], xs=xs, height=12)
    for x in xs[:3]:
        write(canvas, x + 0.2, 109, "数量指标")  # 36 points of text between rules 36.5 points apart
    cells = read(canvas, tmp_path / "a.pdf").cells
    assert table_of(cells) == [["数量指标", "数量指标", "数量指标"]]


def test_wrapped_lines_and_a_blank_line_in_prose(tmp_path):
    canvas = new_canvas(tmp_path / "a.pdf")
    draw_table(canvas, [["", ""]], xs=(50, 110, 160), height=80)
    for number, text in enumerate(["完成道路养", "护，保障出", "", "行安全。"]):
        write(canvas, 54, 112 + 12 * number, text)
    write(canvas, 114, 120, "Windows ")
    write(canvas, 114, 132, "10系统")
    cells = read(canvas, tmp_path / "a.pdf").cells
    assert table_of(cells) == [["完成道路养\n护，保障出\n行安全。", "Windows \n10系统"]]


def test_no_blank_is_invented_and_none_is_lost(tmp_path):
    canvas = new_canvas(tmp_path / "a.pdf")
    draw_table(canvas, [["产 出 指 标", "A 类 3人", "", ""]], xs=(50, 150, 300, 400, 500))
    for number, character in enumerate("分散对齐"):
        write(canvas, 304 + 14 * number, 113, character)
    canvas.setFont("Helvetica", 9)
    canvas.drawString(404, HEIGHT - 113, "Total")
    canvas.drawString(404 + canvas.stringWidth("Total", "Helvetica", 9) + 2.5, HEIGHT - 113, "cost")
    cells = read(canvas, tmp_path / "a.pdf").cells
    assert table_of(cells) == [["产 出 指 标", "A 类 3人", "分散对齐", "Total cost"]]


def test_type_set_wide_has_no_blanks(tmp_path):
    canvas = new_canvas(tmp_path / "a.pdf")
    draw_table(canvas, [["", ""]], xs=(50, 200, 350))
    canvas.setFont("Helvetica", 9)
    canvas.drawString(54, HEIGHT - 113, "1,536.74", charSpace=2.5)
    canvas.drawString(204, HEIGHT - 113, "per cent", charSpace=2.5)
    assert table_of(read(canvas, tmp_path / "a.pdf").cells) == [["1,536.74", "per cent"]]


@pytest.mark.parametrize("text", ["95", "108", "7.5", "一二 三"])
def test_what_all_characters_are_set_apart_by_is_no_blank(tmp_path, text):
    canvas = new_canvas(tmp_path / "a.pdf")
    draw_table(canvas, [["", ""]], xs=(50, 200, 350))
    canvas.setFont(FONT, 9)
    canvas.drawString(54, HEIGHT - 113, text, charSpace=14 if text[0] == "一" else 6)
    for place, digit in enumerate("95"):  # each set by itself: two numbers, for all one can tell
        canvas.drawString(204 + 11 * place, HEIGHT - 113, digit)
    assert table_of(read(canvas, tmp_path / "a.pdf").cells) == [[text, "9 5"]]


@pytest.mark.parametrize("gap", [0, 1.2])
def test_boxes_with_round_corners_are_cells(tmp_path, gap):
    canvas = new_canvas(tmp_path / "a.pdf")
    merged = [(50, 100, 150, 140, "甲单位"), (150, 100, 300, 120, "道路养护"), (150, 120, 300, 140, "灯具更新")]
    for x0, y0, x1, y1, text in [*merged, (300, 100, 400, 120, "≥95%"), (300, 120, 400, 140, "≤3小时")]:
        canvas.roundRect(x0 + gap, HEIGHT - y1 + gap, x1 - x0 - 2 * gap, y1 - y0 - 2 * gap, 4)
        write(canvas, x0 + 6, (y0 + y1) / 2 + 3, text)
    cells = read(canvas, tmp_path / "a.pdf").cells
    assert table_of(cells) == [["甲单位", "道路养护", "≥95%"], ["灯具更新", "≤3小时"]]
    assert one(cells, "甲单位")["rowspan"] == 2


def test_a_frame_with_round_corners_around_a_table_is_one(tmp_path):
    canvas = new_canvas(tmp_path / "a.pdf")
    canvas.roundRect(50, HEIGHT - 140, 250, 40, 4)
    rule(canvas, 50, 120, 300, 120)
    rule(canvas, 150, 100, 150, 140)
    for x, y, text in ((54, 113, "甲"), (154, 113, "乙"), (54, 133, "丙"), (154, 133, "丁")):
        write(canvas, x, y, text)
    assert table_of(read(canvas, tmp_path / "a.pdf").cells) == [["甲", "乙"], ["丙", "丁"]]


def test_kerned_letters_have_no_blanks(tmp_path):
    canvas = new_canvas(tmp_path / "a.pdf")
    draw_table(canvas, [["", ""]], xs=(50, 200, 350))
    canvas.setFont("Helvetica", 9)
    x = 54.0
    for letter, kern in zip("Target", (0, 0.9, 0, 0.8, 0, 0), strict=True):
        canvas.drawString(x + kern, HEIGHT - 113, letter)
        x += canvas.stringWidth(letter, "Helvetica", 9) + kern
    assert table_of(read(canvas, tmp_path / "a.pdf").cells) == [["Target", ""]]


def test_bold_type_faked_by_printing_twice(tmp_path):
    canvas = new_canvas(tmp_path / "a.pdf")
    draw_table(canvas, [["合计", "1100"]], xs=(50, 150, 300))
    write(canvas, 54.3, 113, "合计")
    write(canvas, 154.3, 113, "1100")
    assert table_of(read(canvas, tmp_path / "a.pdf").cells) == [["合计", "1100"]]


def test_rules_and_text_beyond_the_page(tmp_path):
    canvas = new_canvas(tmp_path / "a.pdf")
    rows = [[f"第{n}行", f"{n}"] for n in range(30)]
    draw_table(canvas, rows, xs=(50, 300, 700), top=300, height=20)
    reading = read(canvas, tmp_path / "a.pdf")
    assert table_of(reading.cells) == rows[:5]
    last = one(reading.cells, "第4行")
    assert last["y1"] == pytest.approx(400, abs=1)


def open_page(canvas, left=True, right=True, top=True, bottom=True) -> None:
    """A page out of the middle of a table: the unit column is one cell open above and below."""
    if left:
        rule(canvas, 50, 100, 50, 200)
    for x in (150, 300):
        rule(canvas, x, 100, x, 200)
    if right:
        rule(canvas, 400, 100, 400, 200)
    for y in ([100] if top else []) + [120, 140, 160, 180] + ([200] if bottom else []):
        rule(canvas, 150, y, 400, y)
    write(canvas, 54, 153, "甲单位")
    for number in range(5):
        write(canvas, 154, 113 + 20 * number, f"项目{number}")
        write(canvas, 304, 113 + 20 * number, f"{number}")


def test_column_open_at_both_ends_of_the_page(tmp_path):
    canvas = new_canvas(tmp_path / "a.pdf")
    open_page(canvas)
    cells = read(canvas, tmp_path / "a.pdf").cells
    unit = one(cells, "甲单位")
    assert (unit["row"], unit["col"], unit["rowspan"], unit["colspan"]) == (1, 1, 5, 1)
    assert unit["open_top"] and unit["open_bottom"]
    assert [round(unit[side]) for side in ("x0", "y0", "x1", "y1")] == [50, 100, 150, 200]
    assert one(cells, "项目0")["col"] == 2 and not one(cells, "项目0")["open_top"]


def test_page_without_top_and_bottom_rules(tmp_path):
    canvas = new_canvas(tmp_path / "a.pdf")
    open_page(canvas, top=False, bottom=False)
    cells = read(canvas, tmp_path / "a.pdf").cells
    assert one(cells, "甲单位")["rowspan"] == 5
    assert one(cells, "项目0")["open_top"] and one(cells, "项目4")["open_bottom"]
    assert not one(cells, "项目1")["open_top"] and not one(cells, "项目3")["open_bottom"]


def test_empty_column_open_to_the_left(tmp_path):
    canvas = new_canvas(tmp_path / "a.pdf")
    for number in range(4):
        rule(canvas, 50, 100 + 20 * number, 300, 100 + 20 * number)
    for x in (150, 300):
        rule(canvas, x, 100, x, 160)
    for number in range(3):
        write(canvas, 154, 113 + 20 * number, f"项目{number}")
    assert table_of(read(canvas, tmp_path / "a.pdf").cells) == [["", f"项目{number}"] for number in range(3)]


@pytest.mark.parametrize("missing", ["left", "right", "both"])
def test_outer_vertical_rules_missing(tmp_path, missing):
    canvas = new_canvas(tmp_path / "a.pdf")
    xs = (50, 150, 300, 400)
    for number in range(4):
        rule(canvas, 50, 100 + 20 * number, 400, 100 + 20 * number)
    keep = {"left": xs[1:], "right": xs[:-1], "both": xs[1:-1]}[missing]
    for x in keep:
        rule(canvas, x, 100, x, 160)
    for number, texts in enumerate([HEADER, *BODY]):
        for x, text in zip(xs, texts, strict=False):
            write(canvas, x + 4, 113 + 20 * number, text)
    assert table_of(read(canvas, tmp_path / "a.pdf").cells) == [HEADER, *BODY]


@pytest.mark.parametrize("line", WAYS_TO_DRAW)
def test_every_way_to_draw_a_rule(tmp_path, line):
    canvas = new_canvas(tmp_path / "a.pdf")
    draw_table(canvas, [HEADER, *BODY], line=line)
    canvas.setFillGray(0)
    assert table_of(read(canvas, tmp_path / "a.pdf").cells) == [HEADER, *BODY]


def test_each_cell_drawn_as_a_box_of_its_own(tmp_path):
    canvas = new_canvas(tmp_path / "a.pdf")
    for number, texts in enumerate([HEADER, *BODY]):
        for x, text in zip((50, 150, 250), texts, strict=True):
            canvas.rect(x + 0.5, HEIGHT - 120 - number * 20 + 0.5, 99, 19)  # a hair apart from its neighbours
            write(canvas, x + 4, 113 + number * 20, text)
    assert table_of(read(canvas, tmp_path / "a.pdf").cells) == [HEADER, *BODY]


def test_white_rules_shades_and_underlines_are_no_borders(tmp_path):
    canvas = new_canvas(tmp_path / "a.pdf")
    canvas.setFillGray(0.9)
    canvas.rect(60, HEIGHT - 138, 50, 16, stroke=0, fill=1)  # a mark behind a word
    canvas.setFillGray(0)
    draw_table(canvas, [HEADER, *BODY])
    canvas.setStrokeGray(1)
    rule(canvas, 100, 100, 100, 160)
    rule(canvas, 50, 130, 400, 130)
    canvas.setStrokeGray(0)
    rule(canvas, 154, 135, 190, 135)  # an underlined word
    canvas.rect(330, HEIGHT - 134, 8, 8)  # a box to tick
    assert table_of(read(canvas, tmp_path / "a.pdf").cells) == [HEADER, *BODY]


def test_white_rules_upon_a_shade_are_borders(tmp_path):
    canvas = new_canvas(tmp_path / "a.pdf")
    canvas.setFillColorRGB(0.3, 0.5, 0.8)
    canvas.rect(50, HEIGHT - 160, 350, 60, stroke=0, fill=1)
    canvas.setFillGray(0)
    canvas.setStrokeGray(1)
    draw_table(canvas, [HEADER, *BODY])
    assert table_of(read(canvas, tmp_path / "a.pdf").cells) == [HEADER, *BODY]


def test_rules_painted_over_by_a_merged_cell_are_gone(tmp_path):
    canvas = new_canvas(tmp_path / "a.pdf")
    draw_table(canvas, [["", "一"], ["", "二"]], xs=(50, 150, 300))
    canvas.setFillGray(1)
    canvas.rect(50, HEIGHT - 140, 100, 40, stroke=1, fill=1)
    canvas.setFillGray(0)
    write(canvas, 60, 123, "合并")
    cells = read(canvas, tmp_path / "a.pdf").cells
    assert one(cells, "合并")["rowspan"] == 2
    assert table_of(cells) == [["合并", "一"], ["二"]]


@pytest.mark.parametrize("left", [20, 60])
def test_a_box_painted_below_a_table_hides_none_of_its_rules(tmp_path, left):
    canvas = new_canvas(tmp_path / "a.pdf")
    draw_table(canvas, [HEADER, *BODY])
    canvas.setFillGray(1)
    canvas.rect(left, 100, 500, 80, stroke=0, fill=1)
    canvas.save()
    assert table_of(read_pdf(tmp_path / "a.pdf").cells) == [HEADER, *BODY]


def test_several_tables_on_a_page(tmp_path):
    canvas = new_canvas(tmp_path / "a.pdf")
    draw_table(canvas, [["甲", "1"], ["乙", "2"]], xs=(50, 150, 250), top=50)
    draw_table(canvas, [["丙", "3", "4"]], xs=(50, 120, 180, 250), top=95)  # five points below the first
    draw_table(canvas, [["丁", "5"]], xs=(300, 350, 400), top=50)
    write(canvas, 50, 140, "表间的文字")
    draw_table(canvas, [["戊", "6"]], xs=(50, 150, 250), top=150)
    cells = read(canvas, tmp_path / "a.pdf").cells
    assert table_of(cells, 1) == [["甲", "1"], ["乙", "2"]]
    assert table_of(cells, 2) == [["丁", "5"]]
    assert table_of(cells, 3) == [["丙", "3", "4"]]
    assert table_of(cells, 4) == [["戊", "6"]]
    assert one(cells, "表间的文字")["row"] == one(cells, "丙")["row"] + 1 == one(cells, "戊")["row"] - 1
    assert cells["row"].is_monotonic_increasing


def test_table_under_a_narrower_one_that_it_touches(tmp_path):
    canvas = new_canvas(tmp_path / "a.pdf")
    draw_table(canvas, [["项目名称", "道路养护"]], xs=(50, 150, 250), top=80)
    draw_table(canvas, [HEADER, *BODY], xs=(50, 150, 250, 400))
    write(canvas, 300, 93, "单位：元")
    cells = read(canvas, tmp_path / "a.pdf").cells
    assert table_of(cells) == [["项目名称", "道路养护"], HEADER, *BODY]
    assert one(cells, "单位：元")["table"] == 0


def test_frame_around_the_page_is_no_table(tmp_path):
    canvas = new_canvas(tmp_path / "a.pdf")
    canvas.rect(20, 20, WIDTH - 40, HEIGHT - 40)
    write(canvas, 200, 50, "标题")
    draw_table(canvas, [HEADER, *BODY])
    cells = read(canvas, tmp_path / "a.pdf").cells
    assert table_of(cells) == [HEADER, *BODY]
    assert one(cells, "标题")["table"] == 0


def test_text_clipped_by_its_cell_is_not_print(tmp_path):
    canvas = new_canvas(tmp_path / "a.pdf")
    draw_table(canvas, [["", "右格"]], xs=(50, 100, 150))
    canvas.saveState()
    clip = canvas.beginPath()
    clip.rect(50, HEIGHT - 120, 50, 20)
    canvas.clipPath(clip, stroke=0, fill=0)
    write(canvas, 52, 113, "看得见的看不见")
    canvas.restoreState()
    cells = read(canvas, tmp_path / "a.pdf").cells
    assert table_of(cells) == [["看得见的看", "右格"]]


def test_vertical_text_in_a_cell(tmp_path):
    canvas = new_canvas(tmp_path / "a.pdf")
    draw_table(canvas, [["", "", "右"]], xs=(50, 80, 110, 200), height=60)
    canvas.saveState()
    canvas.translate(70, HEIGHT - 150)
    canvas.rotate(90)
    canvas.setFont(FONT, 9)
    canvas.drawString(0, 0, "产出")
    canvas.restoreState()
    for number, character in enumerate("效益"):
        write(canvas, 90, 120 + 12 * number, character)
    cells = read(canvas, tmp_path / "a.pdf").cells
    assert table_of(cells) == [["产出", "效\n益", "右"]]


def test_watermark_stays_out_of_the_cells(tmp_path):
    canvas = new_canvas(tmp_path / "a.pdf")
    draw_table(canvas, [HEADER, *BODY])
    canvas.saveState()
    canvas.translate(100, HEIGHT - 160)
    canvas.rotate(30)
    canvas.setFont(FONT, 40)
    canvas.drawString(0, 0, "征求意见稿")
    canvas.restoreState()
    cells = read(canvas, tmp_path / "a.pdf").cells
    assert table_of(cells) == [HEADER, *BODY]
    assert one(cells, "征求意见稿")["table"] == 0


def test_table_inside_a_form_xobject(tmp_path):
    canvas = new_canvas(tmp_path / "a.pdf")
    canvas.beginForm("form")
    draw_table(canvas, [HEADER, *BODY])
    canvas.endForm()
    canvas.doForm("form")
    assert table_of(read(canvas, tmp_path / "a.pdf").cells) == [HEADER, *BODY]


def test_embedded_truetype_font(tmp_path):
    import reportlab

    font = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
    pdfmetrics.registerFont(TTFont("Vera", str(font)))
    canvas = new_canvas(tmp_path / "a.pdf")
    draw_table(canvas, [["", ""]], xs=(50, 200, 350))
    canvas.setFont("Vera", 9)
    canvas.drawString(54, HEIGHT - 113, "63012300024T000000561")
    canvas.drawString(204, HEIGHT - 113, "Total cost 1,234.50")
    cells = read(canvas, tmp_path / "a.pdf").cells
    assert table_of(cells) == [["63012300024T000000561", "Total cost 1,234.50"]]


def random_cells(random, rows: int, cols: int) -> list[tuple[int, int, int, int]]:
    """A grid cut into rectangles: (row, col, rowspan, colspan)."""
    free = {(r, c) for r in range(rows) for c in range(cols)}
    cells = []
    for r in range(rows):
        for c in range(cols):
            if (r, c) not in free:
                continue
            tall, wide = random.choice([(1, 1)] * 5 + [(2, 1), (1, 2), (3, 1), (2, 2), (rows, 1)])
            tall, wide = min(tall, rows - r), min(wide, cols - c)
            if not all((i, j) in free for i in range(r, r + tall) for j in range(c, c + wide)):
                tall = wide = 1
            free -= {(i, j) for i in range(r, r + tall) for j in range(c, c + wide)}
            cells.append((r, c, tall, wide))
    return cells


def random_text(random, wide: float, lines: int, size: float) -> list[str]:
    letters = int((wide - 6) / size)
    if letters < 1 or random.random() < 0.15:
        return [""]
    alphabet = "绩效目标指产出数量质成本社会益满意度（）、，≥≤=％万元0123456789.-ABCabc"
    texts = []
    for _ in range(random.randint(1, max(1, lines))):
        texts.append("".join(random.choice(alphabet) for _ in range(random.randint(1, letters))))
    return texts


def draw_random(canvas, random) -> list[tuple]:
    """Draws a random table and gives its truth: (row, col, rowspan, colspan, text)."""
    rows, cols = random.randint(2, 9), random.randint(2, 8)
    xs, ys, size = [40.0], [60.0], random.choice([7, 9, 10.5])
    for _ in range(cols):
        xs.append(xs[-1] + random.choice([20, 34.3, 60, 90.7]))
    for _ in range(rows):
        ys.append(ys[-1] + random.choice([12.0, 14.6, 25, 36.5]))
    cells = random_cells(random, rows, cols)
    used_x = sorted({c for _, c, _, _ in cells} | {c + w for _, c, _, w in cells})
    used_y = sorted({r for r, _, _, _ in cells} | {r + t for r, _, t, _ in cells})
    line = random.choice([rule, *WAYS_TO_DRAW])
    boxes = random.random() < 0.4
    truth = []
    for r, c, tall, wide in cells:
        x0, y0, x1, y1 = xs[c], ys[r], xs[c + wide], ys[r + tall]
        if boxes:
            canvas.rect(x0, HEIGHT - y1, x1 - x0, y1 - y0)
        else:
            for ax, ay, bx, by in [(x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)]:
                line(canvas, ax, ay, bx, by)
        texts = random_text(random, x1 - x0, int((y1 - y0 - 3) / (size * 1.15)), size)
        top = (y0 + y1 - len(texts) * size * 1.15) / 2 + size * 0.95
        canvas.setFillGray(0)
        for number, text in enumerate(texts):
            write(canvas, x0 + 3, top + number * size * 1.15, text, size)
        place = used_y.index(r) + 1, used_x.index(c) + 1
        span = used_y.index(r + tall) + 1 - place[0], used_x.index(c + wide) + 1 - place[1]
        truth.append((*place, *span, "\n".join(texts)))
    return sorted(truth)


@pytest.mark.parametrize("seed", range(40))
def test_random_tables_are_read_cell_by_cell(tmp_path, seed):
    random = Random(seed)
    path = tmp_path / "a.pdf"
    canvas = new_canvas(path, size=(800, HEIGHT))
    truth = draw_random(canvas, random)
    canvas.save()
    cells = read_pdf(path).cells
    found = [(row.row, row.col, row.rowspan, row.colspan, row.text) for row in cells[cells["table"] == 1].itertuples()]
    assert found == truth
    assert (cells["table"] == 1).all()
