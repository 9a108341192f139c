"""What a person does not see on a PDF page is not read, what she sees is: one page, drawn over in many ways."""

import itertools
import math

import pytest
from pdf_drawing import table_of
from raw_pdf import FIRST, ROWS, TALL, TOP, XS, cell, place, rules, show, stream, table, write_pdf

from budgetperf.readers.pdf import read_pdf
from budgetperf.readers.pdf.shapes import polygons

TARGET = (1, 2)  # the cell that most of what follows tampers with: 95
X, Y = place(*TARGET)


def read_page(tmp_path, content, **parts):
    reading = read_pdf(write_pdf(tmp_path / "a.pdf", content, **parts))
    return reading, table_of(reading.cells)


def failed(reading) -> list[str]:
    return [remark.note for remark in reading.remarks if not remark.passed]


def said(reading) -> str:
    return "".join(remark.note for remark in reading.remarks if remark.passed)


def with_form(operators: str, entries: str = "") -> dict:
    return {
        "objects": [
            stream(
                operators,
                f"/Type /XObject /Subtype /Form /BBox [0 0 600 400] {entries} /Resources << /Font << /F 5 0 R >> >>",
            )
        ],
        "resources": f"/XObject << /X {FIRST} 0 R >>",
    }


STATES = "/ExtGState << /half << /ca 0.5 /CA 0.5 >> /thin << /ca 0.15 >> /none << /ca 0 >> /most << /ca 0.95 >> /mul << /BM /Multiply >> >>"
SPOT = "[/Separation /Spot /DeviceCMYK << /FunctionType 2 /Domain [0 1] /C0 [0 0 0 0] /C1 [0 0 0 1] /N 1 >>]"
SPACES = (
    f"/ColorSpace << /S {SPOT} /None [/Separation /None /DeviceGray << /FunctionType 2 /Domain [0 1] /C0 [1] /C1 [0] /N 1 >>]"
    " /White [/Separation /Weiss /DeviceRGB << /FunctionType 2 /Domain [0 1] /C0 [1 1 1] /C1 [0.99 1 1] /N 1 >>]"
    " /Gray [/CalGray << /WhitePoint [0.95 1 1.09] >>] /L [/Lab << /WhitePoint [0.95 1 1.09] >>]"
    " /I [/Indexed /DeviceRGB 1 <000000ffffff>] >>"
)

# text that no one sees, drawn behind the 95 in the same cell
HIDDEN = {
    "white": show(X + 20, Y, "85", how="1 g"),
    "nearly white": show(X + 20, Y, "85", how="0.97 0.98 0.98 rg"),
    "white in CMYK": show(X + 20, Y, "85", how="0 0 0 0 k"),
    "white by a spot colour": show(X + 20, Y, "85", how="/White cs 1 scn"),
    "no tint of a spot colour": show(X + 20, Y, "85", how="/S cs 0 scn"),
    "ink that paints nothing": show(X + 20, Y, "85", how="/None cs 1 scn"),
    "white in Lab": show(X + 20, Y, "85", how="/L cs 100 0 0 scn"),
    "white of a palette": show(X + 20, Y, "85", how="/I cs 1 scn"),
    "mode 3": show(X + 20, Y, "85", how="3 Tr") + "0 Tr\n",
    "mode 7": "q\n" + show(X + 20, Y, "85", how="7 Tr") + "Q\n",
    "white outline": show(X + 20, Y, "85", how="1 G 1 Tr") + "0 Tr\n",
    "transparent": "q /none gs\n" + show(X + 20, Y, "85") + "Q\n",
    "clipped away": f"q {X} {Y - 5} 15 12 re W n\n" + show(X + 20, Y, "85") + "Q\n",
    "clipped by two": f"q {X} {Y - 5} 60 12 re W n {X} 0 15 400 re W n\n" + show(X + 20, Y, "85") + "Q\n",
    "under a white box": show(X + 20, Y, "85", how="0 g") + f"1 g {X + 18} {Y - 4} 30 14 re f\n",
    "under a box hardly seen through": show(X + 20, Y, "85", how="0 g") + f"q /most gs 1 g {X + 18} {Y - 4} 30 14 re f Q\n",
    "under a coloured box": show(X + 20, Y, "85", how="0 g") + f"0.8 0.9 1 rg {X + 18} {Y - 4} 30 14 re f\n",
    "the colour of its ground": f"0.2 0.3 0.8 rg {X + 18} {Y - 4} 30 14 re f\n" + show(X + 20, Y, "85"),
    "struck through": show(X + 20, Y, "85", how="0 g") + f"0.6 w {X + 19} {Y + 3} m {X + 32} {Y + 3} l S\n",
    "struck by a thin box": show(X + 20, Y, "85", how="0 g") + f"{X + 19} {Y + 2.7} 13 0.6 re f\n",
    "struck twice": show(X + 20, Y, "85", how="0 g")
    + "".join(f"0.4 w {X + 19} {Y + up} m {X + 32} {Y + up} l S\n" for up in (2.2, 3.8)),
    "struck in red": show(X + 20, Y, "85", how="0 g") + f"1 0 0 RG {X + 19} {Y + 3} m {X + 32} {Y + 3} l S\n",
}  # fmt: skip


@pytest.mark.parametrize("kind", HIDDEN)
@pytest.mark.parametrize("first", [True, False])
def test_text_that_no_one_sees_is_not_read_and_said(tmp_path, kind, first):
    hidden = "q\n" + HIDDEN[kind] + "Q\n"
    content = rules() + hidden + table() if kind == "the colour of its ground" or not first else table() + hidden
    reading, rows = read_page(tmp_path, content, resources=STATES + SPACES)
    assert rows == ROWS
    assert "85" in said(reading) and not failed(reading)


PROGRAM = "{ exch pop 0 dup dup 4 -1 roll }"  # of two inks the second, as black
SEEN = {
    "white upon a dark box": f"0.2 0.3 0.8 rg {X - 3} {Y - 6} 94 19 re f\n" + cell(*TARGET, how="1 g"),
    "dark upon a white box": f"1 g {X - 3} {Y - 6} 94 19 re f\n" + cell(*TARGET, how="0 g"),
    "spot colour": cell(*TARGET, how="/S cs 1 scn"),
    "two inks": cell(*TARGET, how="/Two cs 0 1 scn"),
    "black in Lab": cell(*TARGET, how="/L cs 0 0 0 scn"),
    "black of a palette": cell(*TARGET, how="/I cs 0 scn"),
    "outlined": cell(*TARGET, how="0 G 0.2 w 1 Tr") + "0 Tr\n",
    "filled white, outlined black": cell(*TARGET, how="1 g 0 G 0.2 w 2 Tr") + "0 Tr\n",
    "marked with a highlighter": cell(*TARGET, how="0 g") + f"q /mul gs 1 1 0 rg {X - 2} {Y - 3} 20 12 re f Q\n",
    "under a glass": cell(*TARGET, how="0 g") + f"q /half gs 1 1 0 rg {X - 2} {Y - 3} 20 12 re f Q\n",
    "underlined": cell(*TARGET, how="0 g") + f"0.5 w {X} {Y - 1.5} m {X + 10} {Y - 1.5} l S\n",
    "corrected upon a white box": cell(*TARGET, "85", how="0 g") + f"1 g {X - 2} {Y - 3} 40 12 re f\n" + cell(*TARGET, how="0 g"),
    "corrected twice": "".join(cell(*TARGET, text, how="0 g") + f"1 g {X - 2} {Y - 3} 40 12 re f\n" for text in ("75", "85"))
    + cell(*TARGET, how="0 g"),
    "struck and written beside": cell(*TARGET, "85 95", how="0 g") + f"0.6 w {X - 1} {Y + 3} m {X + 10} {Y + 3} l S\n",
    "in red": cell(*TARGET, how="1 0 0 rg"),
    "in grey": cell(*TARGET, how="0.5 g"),
    "a box to tick beside": cell(*TARGET, how="0 g") + f"{X + 40} {Y} 8 8 re S\n",
}  # fmt: skip


@pytest.mark.parametrize("kind", SEEN)
def test_text_that_is_seen_is_read(tmp_path, kind):
    program = PROGRAM
    two = SPACES.replace("/ColorSpace <<", f"/ColorSpace << /Two [/DeviceN [/Cyan /Dark] /DeviceCMYK {FIRST} 0 R]")
    objects = [stream(program, "/FunctionType 4 /Domain [0 1 0 1] /Range [0 1 0 1 0 1 0 1]")]
    content = rules() + table(without=[TARGET]) + "q\n" + SEEN[kind] + "Q\n"
    reading, rows = read_page(tmp_path, content, objects=objects, resources=STATES + two)
    if kind == "struck and written beside":
        assert rows[1][2] == "95" and "85" in said(reading)
    else:
        assert rows == ROWS
    assert not failed(reading)


def test_text_in_the_ink_that_is_not_black_is_white(tmp_path):
    objects = [stream(PROGRAM, "/FunctionType 4 /Domain [0 1 0 1] /Range [0 1 0 1 0 1 0 1]")]
    two = SPACES.replace("/ColorSpace <<", f"/ColorSpace << /Two [/DeviceN [/Cyan /Dark] /DeviceCMYK {FIRST} 0 R]")
    content = table() + show(X + 20, Y, "85", how="/Two cs 1 0 scn")
    reading, rows = read_page(tmp_path, content, objects=objects, resources=STATES + two)
    assert rows == ROWS and "85" in said(reading)


def test_curves_in_short_form_are_those_written_out():
    def drawn(operator: str, *points) -> list:
        return polygons([("m", [(0, 0)]), (operator, list(points))], (1, 0, 0, 1, 0, 0))

    turn, end = (30, 60), (90, 10)
    assert drawn("v", turn, end) == drawn("c", (0, 0), turn, end) != drawn("y", turn, end)
    assert drawn("y", turn, end) == drawn("c", turn, end, end)


# ---- layers ----------------------------------------------------------------------------------------------------------

OFF, ON = FIRST, FIRST + 1
GROUPS = ["<< /Type /OCG /Name (2023) >>", "<< /Type /OCG /Name (2024) >>"]
MEMBERS = {
    "a group": (f"{OFF} 0 R", f"{ON} 0 R"),
    "any of": (f"<< /Type /OCMD /OCGs [{OFF} 0 R] >>", f"<< /Type /OCMD /OCGs [{OFF} 0 R {ON} 0 R] >>"),
    "all of": (
        f"<< /Type /OCMD /OCGs [{OFF} 0 R {ON} 0 R] /P /AllOn >>",
        f"<< /Type /OCMD /OCGs [{ON} 0 R] /P /AllOn >>",
    ),
    "none of": (f"<< /Type /OCMD /OCGs {ON} 0 R /P /AllOff >>", f"<< /Type /OCMD /OCGs {OFF} 0 R /P /AllOff >>"),
    "a rule": (
        f"<< /Type /OCMD /VE [/And {OFF} 0 R {ON} 0 R] >>",
        f"<< /Type /OCMD /VE [/Or {OFF} 0 R [/Not {OFF} 0 R]] >>",
    ),
}
CONFIGS = {
    "named off": f"/D << /OFF [{OFF} 0 R] >>",
    "all off but": f"/D << /BaseState /OFF /ON [{ON} 0 R] >>",
}


@pytest.mark.parametrize("config", CONFIGS)
@pytest.mark.parametrize("kind", MEMBERS)
def test_layers_that_are_switched_off(tmp_path, kind, config):
    off, on = MEMBERS[kind]
    content = (
        table(without=[TARGET]) + "/OC /off BDC\n" + show(X + 20, Y, "70") + f"{X + 30} 200 m {X + 30} 300 l S EMC\n"
    )
    content += "/OC /on BDC\n" + cell(*TARGET) + "EMC\n"
    reading, rows = read_page(
        tmp_path,
        content,
        objects=GROUPS,
        resources=f"/Properties << /off {off} /on {on} >>",
        catalog=f"/OCProperties << /OCGs [{OFF} 0 R {ON} 0 R] {CONFIGS[config]} >>",
    )
    assert rows == ROWS
    assert "图层" in said(reading) and "70" in said(reading) and not failed(reading)


def test_layers_of_which_the_file_says_nothing_legible_are_doubted(tmp_path):
    content = table(without=[TARGET]) + "/OC /off BDC\n" + show(X + 20, Y, "70") + "EMC\n"
    parts = {"objects": GROUPS, "resources": f"/Properties << /off {OFF} 0 R >>"}
    for entry in ("/OCProperties 99 0 R", "/OCProperties [1 2]"):
        assert "图层" in "".join(failed(read_page(tmp_path, content, catalog=entry, **parts)[0]))
        assert not failed(read_page(tmp_path, table(), catalog=entry)[0])  # nothing stands on a layer


@pytest.mark.parametrize("inner", [True, False])
def test_forms_on_a_layer_that_is_switched_off(tmp_path, inner):
    entry = "" if inner else f"/OC {FIRST + 1} 0 R"
    parts = with_form(show(X + 20, Y, "70"), entry)
    parts["objects"].append(GROUPS[0])
    around = ("/OC /off BDC\n", "EMC\n") if inner else ("", "")
    reading, rows = read_page(
        tmp_path,
        table() + around[0] + "/X Do\n" + around[1],
        objects=parts["objects"],
        resources=parts["resources"] + f" /Properties << /off {FIRST + 1} 0 R >>",
        catalog=f"/OCProperties << /OCGs [{FIRST + 1} 0 R] /D << /OFF [{FIRST + 1} 0 R] >> >>",
    )
    assert rows == ROWS and "70" in said(reading)


def test_what_stands_on_a_group_that_fades_fades(tmp_path):
    parts = with_form(show(180, 262, "机密", size=30, how="0.3 g"), "/Group << /S /Transparency >>")
    parts["resources"] += " " + STATES
    reading, rows = read_page(tmp_path, table() + "q /thin gs /X Do Q\n", **parts)
    assert rows == ROWS and not failed(reading)


# ---- laid over ---------------------------------------------------------------------------------------------------------


def circle(x, y, radius, text, size=9, from_=210, to=-30) -> str:
    """Text set along a circle, as on a seal."""
    out = ""
    for number, character in enumerate(text):
        turn = math.radians(from_ + (to - from_) * number / max(1, len(text) - 1))
        a, b = math.sin(turn), -math.cos(turn)
        out += show(
            x + radius * math.cos(turn), y + radius * math.sin(turn), character, size,
            matrix=f"{a:.4f} {b:.4f} {-b:.4f} {a:.4f}",
        )  # fmt: skip
    return out


def ring(x, y, radius) -> str:
    k = 0.5523 * radius
    return (
        f"{x + radius} {y} m {x + radius} {y + k} {x + k} {y + radius} {x} {y + radius} c "
        f"{x - k} {y + radius} {x - radius} {y + k} {x - radius} {y} c "
        f"{x - radius} {y - k} {x - k} {y - radius} {x} {y - radius} c "
        f"{x + k} {y - radius} {x + radius} {y - k} {x + radius} {y} c s\n"
    )


LAID_OVER = {
    "large and grey": show(120, 255, "某县财政局", 40, how="0.85 g"),
    "large and black": show(120, 255, "某县财政局", 40, how="0 g"),
    "large and transparent": "q /half gs\n" + show(120, 255, "某县财政局", 40, how="0 g") + "Q\n",
    "large and red": show(120, 255, "公示稿2024", 36, how="1 0 0 rg"),
    "of the table's size, grey, over rules": show(120, 262, "内部资料请勿外传内部资料", 9, how="0.8 g"),
    "tiled": "".join(show(x, y, "内部资料", 8, how="0.9 0.9 0.95 rg") for x in range(30, 500, 70) for y in range(230, 310, 14)),
    "turned": show(170, 240, "内部资料", 26, how="0.85 g", matrix="0 1 -1 0"),
    "turned the other way": show(330, 300, "内部资料", 26, how="0.85 g", matrix="0 -1 1 0"),
    "slanted": show(120, 230, "内部资料", 40, how="0.85 g", matrix="0.87 0.5 -0.5 0.87"),
    "letter by letter": "".join(show(110 + 45 * n, 255, c, 40, how="0.85 g") for n, c in enumerate("征求意见稿")),
    "outlined letters": show(120, 255, "样本", 40, how="0.6 G 0.3 w 1 Tr") + "0 Tr\n",
    "seal": "1 0 0 RG 1 0 0 rg 1.5 w\n" + ring(320, 270, 42) + circle(320, 270, 30, "某某县财政局预算专用章") + show(311, 262, "★", 18),
    "seal with a line of its own": "1 0 0 RG 1 0 0 rg\n" + ring(320, 270, 42) + circle(320, 270, 30, "某某县财政局预算专用章")
    + show(304, 251, "业务章", 9),
    "seal in blue, transparent": "q /half gs 0 0 1 RG 0 0 1 rg\n" + ring(320, 270, 42) + circle(320, 270, 30, "某某县财政局预算专用章") + "Q\n",
    "black seal": "0 G 0 g 1.5 w\n" + ring(320, 270, 42) + circle(320, 270, 30, "某某县财政局预算专用章", 11) + show(314, 262, "★", 11),
    "square stamp": "1 0 0 RG 1 0 0 rg 1.2 w 305 252 87 32 re S\n" + show(330, 272, "已审核", 8) + show(312, 256, "2024-03-05", 8),
    "round-edged stamp": "0 0 1 RG 0 0 1 rg 310 254 m 390 254 l 394 254 394 258 394 258 c 394 280 l 394 284 390 284 390 284 c"
    " 310 284 l 306 284 306 280 306 280 c 306 258 l 306 254 310 254 310 254 c s\n" + show(330, 273, "收文", 8),
}  # fmt: skip
FLAGGED = {
    "another number upon it": cell(*TARGET, "85", how="0 g"),
    "the same type over two cells": show(280, Y, "另行说明见附件", 9, how="0 g"),
    "faint text of its own": show(X + 30, Y, "暂定", 9, how="0.85 g"),
    "red text upon it": show(X + 1, Y + 1, "80", 9, how="1 0 0 rg"),
    "a red figure beside a head, drawn later": show(X + 40, place(0, 2)[1], "12.50", 9, how="1 0 0 rg"),
    "a line shifted up": cell(*TARGET, "85", how="0 g").replace(f"{Y} Tm", f"{Y + 4} Tm"),
}


@pytest.mark.parametrize("kind", LAID_OVER)
@pytest.mark.parametrize("below", [True, False])
def test_watermarks_seals_and_stamps_stay_out_of_the_cells(tmp_path, kind, below):
    over = "q\n" + LAID_OVER[kind] + "Q\n"
    content = over + table() if below else table() + over
    reading, rows = read_page(tmp_path, content, resources=STATES)
    assert rows == ROWS, failed(reading)
    assert not failed(reading)


@pytest.mark.parametrize("kind", FLAGGED)
def test_what_cannot_be_told_apart_is_flagged(tmp_path, kind):
    reading, rows = read_page(tmp_path, table() + FLAGGED[kind])
    assert rows[0] == ROWS[0]
    assert failed(reading), rows
    assert {remark.check for remark in reading.remarks if not remark.passed} == {"overprint"}


def test_text_that_runs_over_a_rule_is_named(tmp_path):
    reading, _ = read_page(tmp_path, table() + show(280, Y, "另行说明见附件", how="0 g"))
    assert any("“另行说明见附件”越过格线" in note for note in failed(reading))


IMAGE = "/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace"


def test_a_picture_hides_what_it_covers_unless_it_is_seen_through(tmp_path):
    image = stream(b"\xff" * 3, f"{IMAGE} /DeviceRGB")
    masked = stream(b"\xff" * 3, f"{IMAGE} /DeviceRGB /SMask {FIRST + 2} 0 R")
    content = table() + f"q 40 0 0 14 {X - 3} {Y - 4} cm /X Do Q\n" + f"q 60 0 0 14 {X + 80} {Y - 4} cm /Y Do Q\n"
    for opacity, weight in ((b"\x60", ROWS[1][3]), (b"\xff", "")):
        reading, rows = read_page(
            tmp_path,
            content,
            objects=[image, masked, stream(opacity, f"{IMAGE} /DeviceGray")],
            resources=f"/XObject << /X {FIRST} 0 R /Y {FIRST + 1} 0 R >>",
        )
        assert rows[1] == [*ROWS[1][:2], "", weight]
        assert "图片" in said(reading) and "95" in said(reading)


# ---- annotations ---------------------------------------------------------------------------------------------------------


def annotation(subtype: str, rect, entries: str = "", look: str | None = None, number: int = FIRST) -> dict:
    x0, y0, x1, y1 = rect
    parts = f"/AP << /N {number + 1} 0 R >>" if look is not None else ""
    objects = [f"<< /Type /Annot /Subtype /{subtype} /Rect [{x0} {y0} {x1} {y1}] {parts} {entries} >>"]
    if look is not None:
        objects.append(
            stream(
                look,
                f"/Type /XObject /Subtype /Form /BBox [0 0 {x1 - x0} {y1 - y0}] /Resources << /Font << /F 5 0 R >> >>",
            )
        )
    return {"objects": objects, "page": f"/Annots [{number} 0 R]"}


RECT = (X - 2, Y - 4, X + 80, Y + 11)
GROUND = "1 g 0 0 82 15 re f\n"
TYPED = {
    "a field with its look": annotation("Widget", RECT, "/FT /Tx /V (95)", show(2, 4, "95", how="0 g")),
    "a field without a look": annotation("Widget", RECT, "/FT /Tx /V (95) /DA (/H 9 Tf 0 g)"),
    "a field without look and size": annotation("Widget", RECT, "/FT /Tx /V <FEFF00390035> /DA (/H 0 Tf 0 g)"),
    "a list": annotation("Widget", RECT, "/FT /Ch /V (95)"),
    "typed text": annotation("FreeText", RECT, "/Contents (95)", show(2, 4, "95", how="0 g")),
    "typed text without a look": annotation("FreeText", RECT, "/Contents (95) /DA (0 g /Helv 9 Tf)"),
    "a field framed and shaded": annotation("Widget", RECT, "/FT /Tx /V (95)", "0.9 g 0 0 82 15 re f 0 G 0.5 0.5 81 14 re S\n" + show(2, 4, "95", how="0 g")),
}  # fmt: skip


@pytest.mark.parametrize("kind", TYPED)
def test_fields_and_typed_text_are_read(tmp_path, kind):
    reading, rows = read_page(tmp_path, table(without=[TARGET]), **TYPED[kind])
    assert rows == ROWS and not failed(reading)


@pytest.mark.parametrize("subtype", ["Widget", "FreeText"])
def test_typed_text_on_a_ground_of_its_own_replaces_what_it_covers(tmp_path, subtype):
    reading, rows = read_page(
        tmp_path,
        table(without=[TARGET]) + cell(*TARGET, "85"),
        **annotation(subtype, RECT, "/FT /Tx /V (95) /Contents (95)", GROUND + show(2, 4, "95", how="0 g")),
    )
    assert rows == ROWS and "85" in said(reading) and not failed(reading)


def test_typed_text_beside_print_is_flagged(tmp_path):
    parts = annotation("FreeText", (X + 30, Y - 4, X + 90, Y + 11), "/Contents (?)", show(2, 4, "核实", how="0 g"))
    reading, _ = read_page(tmp_path, table(), **parts)
    assert failed(reading)


QUADS = f"/QuadPoints [{X + 19} {Y + 8} {X + 31} {Y + 8} {X + 19} {Y - 2} {X + 31} {Y - 2}]"
NOT_READ = {
    "a hidden field": (annotation("Widget", RECT, "/F 2 /FT /Tx /V (85)", show(22, 4, "85", how="0 g")), True),
    "a field not to be viewed": (annotation("Widget", RECT, "/F 32 /FT /Tx /V (85)"), True),
    "a password": (annotation("Widget", RECT, "/FT /Tx /Ff 8192 /V (85)"), False),
    "a sticky note": (annotation("Text", RECT, "/Contents (85)", show(22, 4, "85", how="0 g")), False),
    "a stamp": (annotation("Stamp", RECT, "", "1 0 0 RG 1 0 0 rg 1 1 80 13 re S\n" + show(42, 4, "85")), False),
    "a watermark": (annotation("Watermark", (20, 230, 500, 300), "", show(50, 20, "草稿", 40, how="0.8 g")), False),
}


@pytest.mark.parametrize("kind", NOT_READ)
def test_annotations_that_are_no_print(tmp_path, kind):
    parts, hidden = NOT_READ[kind]
    reading, rows = read_page(tmp_path, table(), **parts)
    assert rows == ROWS and not failed(reading)
    assert ("85" in said(reading)) == hidden


@pytest.mark.parametrize("look", [None, "1 0 0 RG 0.6 w 0 7 m 12 7 l S\n"])
def test_text_struck_through_by_an_annotation(tmp_path, look):
    parts = annotation("StrikeOut", (X + 19, Y - 4, X + 31, Y + 10), QUADS if look is None else "", look)
    reading, rows = read_page(tmp_path, table() + show(X + 20, Y, "85"), **parts)
    assert rows == ROWS and "85" in said(reading)


@pytest.mark.parametrize(("subtype", "flags"), [("Highlight", ""), ("Underline", ""), ("StrikeOut", "/F 2")])
def test_marks_that_strike_nothing_leave_the_text(tmp_path, subtype, flags):
    over = f"/QuadPoints [{X - 1} {Y + 8} {X + 11} {Y + 8} {X - 1} {Y - 2} {X + 11} {Y - 2}]"
    reading, rows = read_page(tmp_path, table(), **annotation(subtype, RECT, f"{flags} {over}"))
    assert rows == ROWS and not failed(reading) and "95" not in said(reading)


def test_a_white_box_laid_on_as_an_annotation_hides_print(tmp_path):
    reading, rows = read_page(tmp_path, table(), **annotation("Square", RECT, "", GROUND))
    assert rows[1][2] == "" and "95" in said(reading)


# ---- notes, struck rows, spot-coloured rules, coloured cells ---------------------------------------------------------------


@pytest.mark.parametrize("mark", ["1", "①", "*", "[1]"])
@pytest.mark.parametrize("note", [True, False])
@pytest.mark.parametrize("up", [3, 5])
def test_raised_marks_never_become_digits(tmp_path, mark, note, up):
    content = table() + show(X + 9.5, Y + up, mark, size=5)
    if note:
        content += show(50, 225, f"注：{mark} 含上年结转。", 8)
    reading, rows = read_page(tmp_path, content)
    if note or mark != "1":
        assert rows == ROWS and mark.strip("[]") in said(reading) and not failed(reading)
    else:
        assert rows[1][2] == "95¹" and failed(reading)


def test_exponents_of_measures_and_lowered_figures_stay(tmp_path):
    content = table(without=[TARGET]) + cell(*TARGET, "95m") + show(X + 14, Y + 3, "2", size=5)
    content += show(XS[1] + 70, TOP - TALL - 13, "PM", 9) + show(XS[1] + 79.5, TOP - TALL - 15, "10", 6)
    reading, rows = read_page(tmp_path, content)
    assert rows[1][2] == "95m²" and rows[1][1].endswith("PM10") and not failed(reading)


@pytest.mark.parametrize(("start", "end"), [(XS[0], XS[-1]), (XS[0] + 3, XS[-1] - 3), (XS[0] + 5, XS[-1] + 8)])
def test_a_row_struck_through(tmp_path, start, end):
    at = TOP - 2 * TALL - 10
    reading, rows = read_page(tmp_path, table() + f"0.8 w {start} {at} m {end} {at} l S\n")
    assert rows == [*ROWS[:2], ["", "", "", ""]]
    assert "乙单位" in said(reading) and not failed(reading)


@pytest.mark.parametrize("begin", [XS[0] + 20, XS[1] + 3])
def test_a_stroke_that_ends_in_the_middle_of_cells_is_no_rule(tmp_path, begin):
    stroke = f"{begin} {TOP - TALL - 3} m {XS[2] + 40} {TOP - TALL - 3} l S\n"
    reading, rows = read_page(tmp_path, table() + stroke)
    assert rows == ROWS and not failed(reading)


def stroke(start: float, end: float, at: float, how: str = "0.8 w 0 G") -> str:
    return f"{how} {start} {at} m {end} {at} l S\n"


def test_strokes_far_apart_on_one_line_are_no_pieces_of_a_rule(tmp_path):
    at = TOP - TALL - 3
    both = stroke(XS[0] + 20, XS[2] + 4, at) + stroke(XS[3] + 20, XS[-1] - 20, at)
    reading, rows = read_page(tmp_path, table() + both)
    assert rows == ROWS and not failed(reading)


def test_a_stroke_along_a_rule_and_beyond_it_is_no_piece_of_it(tmp_path):
    at = TOP - TALL * 1.5
    divided = f"{XS[2]} {at} m {XS[-1]} {at} l S\n"
    places = [(0, 1.5, "甲单位"), (1, 1.5, "养护"), (2, 1, "95"), (2, 1.5, "96"), (3, 1, "10"), (3, 1.5, "11")]
    divided += "".join(show(XS[column] + 4, TOP - TALL * row - 8, text, 6) for column, row, text in places)
    content = table(without=[(1, column) for column in range(4)]) + divided
    _, plain = read_page(tmp_path, content)
    reading, rows = read_page(tmp_path, content + stroke(XS[0] + 20, XS[2] + 40, at + 1, "2 w 0 G"))
    assert rows == plain and len(rows) == len(ROWS) + 1 and not failed(reading)


THROUGH_TOPS = Y + 6.8  # above the middle of the characters: struck they are not


def test_a_line_through_text_that_alone_ends_beside_rules_is_no_rule(tmp_path):
    reading, rows = read_page(tmp_path, table() + stroke(XS[1] + 3, XS[3] - 3, THROUGH_TOPS))
    assert rows == ROWS and not failed(reading)


def test_a_line_through_text_from_rule_to_rule_is_in_doubt(tmp_path):
    reading, _ = read_page(tmp_path, table() + stroke(XS[1], XS[3], THROUGH_TOPS))
    assert any("划去还是格线" in note for note in failed(reading))


@pytest.mark.parametrize("start", [XS[0], XS[1]])
@pytest.mark.parametrize("at", [THROUGH_TOPS, TOP - TALL - 3])
def test_a_line_in_a_colour_of_its_own_within_the_table_is_no_rule(tmp_path, start, at):
    reading, rows = read_page(tmp_path, table() + stroke(start, XS[3], at, "2 w 0 0 1 RG"))
    assert rows == ROWS and not failed(reading)


def test_a_line_in_a_colour_of_its_own_from_side_to_side_is_a_rule(tmp_path):
    below_head = stroke(XS[0], XS[-1], TOP - TALL, "")
    assert below_head.strip() in table()
    content = table().replace(below_head.strip() + "\n", "", 1) + stroke(XS[0], XS[-1], TOP - TALL, "2 w 0 0 1 RG")
    reading, rows = read_page(tmp_path, content)
    assert rows == ROWS and not failed(reading)


@pytest.mark.parametrize("above", [1.3, -1.3])
def test_a_stamp_whose_side_runs_beside_the_outer_rule_is_no_row(tmp_path, above):
    y = TOP - TALL * len(ROWS) + above - 26
    stamp = f"1 0 0 RG 1 0 0 rg 1.2 w {XS[1] + 20} {y} 60 26 re S\n" + show(XS[1] + 24, y + 9, "已公示", 9)
    reading, rows = read_page(tmp_path, table() + stamp)
    assert rows == ROWS and not failed(reading)


@pytest.mark.parametrize("x", [XS[2] - 30, XS[2] + 20])
def test_a_stamp_over_the_edge_of_the_table_is_no_cell(tmp_path, x):
    stamp = f"1 0 0 RG 1 0 0 rg 1.2 w {x} {TOP - 12} 60 26 re S\n" + show(x + 6, TOP + 2, "已公示", 9)
    reading, rows = read_page(tmp_path, table() + stamp)
    assert rows == ROWS and not failed(reading)


@pytest.mark.parametrize("right", [0, 1.5])
@pytest.mark.parametrize("low", [-0.3, 1])
def test_a_stamp_whose_sides_lie_along_rules_is_no_cell(tmp_path, right, low):
    """At one of its corners two rules cross, by two others a rule just passes: by none does one end."""
    x, y = XS[2] - right - 60, TOP - 2 * TALL + low
    stamp = f"1 0 0 RG 1 0 0 rg 1.2 w {x} {y} 60 26 re S\n" + show(x + 24, y + 9, "已公示", 9)
    reading, rows = read_page(tmp_path, table() + stamp)
    assert rows == ROWS and not failed(reading)


def test_the_side_of_a_stamp_upon_the_rules_of_cells_takes_none_of_them_away(tmp_path):
    """Cells drawn one by one: pieces of their rules lie between the stamp's corners."""
    boxes = "".join(
        f"{left} {TOP - TALL * (row + 1)} {right - left} {TALL} re S\n"
        for row in range(len(ROWS))
        for left, right in itertools.pairwise(XS)
    )
    stamp = f"1 0 0 RG 1 0 0 rg 1.2 w {XS[1] - 7} {TOP - 2 * TALL} 270 26 re S\n" + show(XS[2] - 40, Y - 1, "已审核", 9)
    reading, rows = read_page(tmp_path, boxes + table().replace(rules(), "0.5 w 0 G\n") + stamp)
    assert rows == ROWS and not failed(reading)


def test_a_rule_that_text_ran_into_is_no_strike(tmp_path):
    content = table(without=[TARGET]) + show(X, TOP - TALL - 4, "95")
    reading, rows = read_page(tmp_path, content)
    assert len(rows) == 3 and rows[2] == ROWS[2]
    assert failed(reading)


@pytest.mark.parametrize("space", ["/S CS 1 SCN", "/S CS 0.6 SCN", "/Gray CS 0 SCN", "/L CS 0 0 0 SCN", "/I CS 0 SCN"])
def test_rules_in_spot_colours(tmp_path, space):
    _, rows = read_page(tmp_path, table().replace("0 G", space), resources=SPACES)
    assert rows == ROWS


@pytest.mark.parametrize("space", ["/S CS 0 SCN", "/White CS 1 SCN", "/None CS 1 SCN", "/L CS 100 0 0 SCN"])
def test_rules_in_a_spot_colour_that_is_white_are_none(tmp_path, space):
    extra = f"q {space} {XS[1] + 60} {TOP} m {XS[1] + 60} {TOP - 3 * TALL} l S Q\n"
    _, rows = read_page(tmp_path, table() + extra, resources=SPACES)
    assert rows == ROWS


def coloured(gap: float, zebra: bool = False, ground: str = "", colours=("0.31 0.51 0.74", "0.85 0.9 0.95")) -> str:
    out = ground
    for row in range(len(ROWS)):
        if not (zebra and row == 1):
            out += f"{colours[min(row, 1)]} rg\n" + "".join(
                f"{a + gap / 2} {TOP - TALL * (row + 1) + gap / 2} {b - a - gap} {TALL - gap} re f\n"
                for a, b in itertools.pairwise(XS)
            )
    return out + table().replace(rules(), "")


@pytest.mark.parametrize(
    "drawn",
    [
        coloured(0.6),
        coloured(1.5),
        coloured(4),
        coloured(1, zebra=True),
        coloured(1, ground="0.9 g 40 230 460 80 re f\n"),
        coloured(1.2, colours=("/S cs 0.8 scn 0.2 0.2 0.7", "0.95 0.95 1")),
        coloured(1, ground="0.4 g 50 240 430 60 re f\n", colours=("1 1 1", "1 1 1")),
    ],
)
def test_coloured_cells_divided_by_gaps(tmp_path, drawn):
    reading, rows = read_page(tmp_path, show(200, 330, "绩效目标表", 14) + drawn, resources=SPACES)
    assert rows == ROWS and not failed(reading)


def test_words_marked_in_colour_are_no_table(tmp_path):
    marks = "".join(f"1 1 0 rg {x} {y} 60 12 re f\n" for x, y in ((50, 300), (200, 300), (50, 280), (120, 240)))
    reading = read_pdf(
        write_pdf(tmp_path / "a.pdf", marks + show(52, 303, "第一段", how="0 g") + show(202, 303, "第二段"))
    )
    assert set(reading.cells["table"]) == {0}


# ---- fonts that tell their characters falsely --------------------------------------------------------------------------


def font_objects(told: dict[int, int | None]) -> list:
    """A simple font whose codes are ASCII, and what its table tells of them: `told` code → character, None: no entry."""
    codes = {code: told.get(code, code) for code in range(0x20, 0x7F)}
    entries = [f"<{code:02x}> <{text:04x}>" for code, text in codes.items() if text is not None]
    table_text = "begincmap 1 begincodespacerange <00> <ff> endcodespacerange\n"
    table_text += f"{len(entries)} beginbfchar\n" + "\n".join(entries) + "\nendbfchar endcmap"
    widths = " ".join(["500"] * 95)
    font = f"<< /Type /Font /Subtype /TrueType /BaseFont /AAAAAA+X /FirstChar 32 /LastChar 126 /Widths [{widths}] /ToUnicode {FIRST + 1} 0 R >>"
    return [font, stream(table_text)]


def in_font(row: int, column: int, text: str | None = None) -> str:
    x, y = place(row, column)
    return f"BT /G 9 Tf {x} {y} Td ({text or ROWS[row][column]}) Tj ET\n"


FIGURES = [(1, 2), (1, 3), (2, 2), (2, 3)]


@pytest.mark.parametrize(
    "told",
    [
        {code: 0xE000 + code for code in range(0x30, 0x3A)},
        dict.fromkeys(range(0x30, 0x3A), 0x39),
        dict.fromkeys(range(0x30, 0x3A), 0xFFFD),
        {0x30: 0x31, 0x31: 0x31, 0x32: 0x31, 0x35: 0xF8FF},
    ],
)
def test_figures_that_a_font_tells_falsely_are_read_by_their_codes_and_said(tmp_path, told):
    content = table(without=FIGURES) + "".join(in_font(*at) for at in FIGURES)
    path = write_pdf(tmp_path / "a.pdf", content, objects=font_objects(told), fonts=f"/G {FIRST} 0 R")
    reading = read_pdf(path)
    assert table_of(reading.cells) == ROWS
    assert "编码" in said(reading) and not failed(reading)


def test_a_character_without_width_ends_no_text(tmp_path):
    path = write_pdf(
        tmp_path / "a.pdf",
        table(without=[TARGET]) + in_font(*TARGET, "^95"),
        objects=font_objects({ord("^"): 0x200B}),
        fonts=f"/G {FIRST} 0 R",
    )
    assert table_of(read_pdf(path).cells) == ROWS


def test_figures_that_nothing_tells_are_flagged_and_the_rest_is_read(tmp_path):
    wrong = {**{code: 0xE000 + code for code in range(0x30, 0x3A)}, **dict.fromkeys(range(0x41, 0x7F), None)}
    content = table(without=FIGURES) + "".join(in_font(*at) for at in FIGURES)
    reading = read_pdf(write_pdf(tmp_path / "a.pdf", content, objects=font_objects(wrong), fonts=f"/G {FIRST} 0 R"))
    rows = table_of(reading.cells)
    assert rows[0] == ROWS[0] and rows[1] == [*ROWS[1][:2], "\ufffd" * 2, "\ufffd" * 2]
    assert any("没有给出编码" in note for note in failed(reading))


def test_text_that_slanting_lines_go_through_is_flagged(tmp_path):
    slanting = f"{XS[0]} {TOP - 2 * TALL} m {XS[-1]} {TOP - TALL} l S\n"
    reading, _ = read_page(tmp_path, table() + slanting)
    assert any("中间穿过" in note for note in failed(reading))
    head = f"{XS[0]} {TOP - TALL} m {XS[0] + 20} {TOP} l S\n"
    assert not failed(read_page(tmp_path, table() + head)[0])


def test_type_much_smaller_than_the_rest_is_not_read_and_said(tmp_path):
    reading, cells = read_page(tmp_path, table() + show(X + 20, Y, "85", size=0.6))
    assert cells[1][2] == "95" and "小到看不见的文字" in said(reading)


@pytest.mark.parametrize("degrees", [0.4, -1.5])
def test_a_page_laid_on_the_glass_askew_is_read_as_if_it_lay_straight(tmp_path, degrees):
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    straight = read_page(tmp_path, table())[1]
    askew = f"q {cos:.6f} {sin:.6f} {-sin:.6f} {cos:.6f} 0 0 cm\n{table()}Q\n"
    assert read_page(tmp_path, askew)[1] == straight


@pytest.mark.parametrize("odd", ["٩", "\ufffd", "𝟎"])
def test_codes_that_a_character_map_leaves_out_are_no_other_characters(tmp_path, odd):
    _, cells = read_page(tmp_path, table(without=[(1, 2)]) + cell(1, 2, f"9{odd}次"))
    boxes = "\ufffd" * (len(odd.encode("utf-16-be")) // 2)
    assert cells[1][2] == f"9{boxes}次"
