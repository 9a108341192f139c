"""Whatever is drawn over a page: each cell is read as the page shows it, or flagged (`benchmarks/overdraws.py` tries more)."""

import pytest
from generator.overdraws import OVERDRAWS
from overdrawn import trial
from raw_pdf import FIRST, ROWS, XS, cell, place, show, stream, table, write_pdf

from budgetperf.readers.pdf import read_pdf

X, Y = place(1, 2)


@pytest.mark.parametrize("kind", OVERDRAWS)
def test_an_overdrawn_page_is_read_as_shown_or_flagged(kind, tmp_path):
    result = trial(kind, 2024, tmp_path / "a.pdf")
    assert result.outcome != "silent", result.what


def test_a_turned_text_drawn_along_with_an_upright_one_is_no_part_of_its_cell(tmp_path):
    result = trial("watermark_turned", 520001, tmp_path / "a.pdf")
    assert result.outcome != "silent", result.what
    cells = read_pdf(tmp_path / "a.pdf").cells
    assert cells["text"].str.replace("\n", "").tolist().count("607003-东坪街道办事处") == 1


def rows_of(path):
    reading = read_pdf(path)
    cells = reading.cells[reading.cells["table"] == 1]
    return reading, [list(row["text"]) for _, row in cells.groupby("row")]


HOLES = {
    "even and odd": f"1 g {X - 20} {Y - 20} 90 50 re {X - 3} {Y - 5} 30 14 re f*\n",
    "drawn the other way round": f"1 g {X - 20} {Y - 20} 90 50 re {X - 3} {Y - 5} m {X - 3} {Y + 9} l {X + 27} {Y + 9} l {X + 27} {Y - 5} l f\n",
}


@pytest.mark.parametrize("kind", HOLES)
def test_text_in_the_hole_of_a_painted_shape_is_seen(tmp_path, kind):
    _, rows = rows_of(write_pdf(tmp_path / "a.pdf", table() + HOLES[kind]))
    assert rows[1][2] == "95"


def test_a_box_within_one_cell_does_not_end_the_rule_below_it(tmp_path):
    x, y = X + 30, Y - 7  # upon the rule between two rows, between two columns
    reading, rows = rows_of(write_pdf(tmp_path / "a.pdf", table() + f"1 g {x} {y - 4} 20 8 re f\n"))
    assert rows == ROWS
    assert all(remark.passed for remark in reading.remarks)


def test_half_of_a_rule_between_cells_painted_over_is_flagged(tmp_path):
    reading, _ = rows_of(write_pdf(tmp_path / "a.pdf", table() + f"1 g {X - 70} {Y - 12} 200 12 re f\n"))
    assert any("格线" in remark.note for remark in reading.remarks if not remark.passed)


def test_half_a_character_painted_over_is_flagged(tmp_path):
    x, y = place(1, 1)
    reading, _ = rows_of(write_pdf(tmp_path / "a.pdf", table() + f"1 g {x + 3} {y - 2} 40 12 re f\n"))
    assert any("盖住一半" in remark.note for remark in reading.remarks if not remark.passed)


def test_a_picture_hides_only_where_nothing_is_seen_through(tmp_path):
    picture = "/Type /XObject /Subtype /Image /Width 2 /Height 1 /BitsPerComponent 8 /ColorSpace"
    objects = [
        stream(b"\xff" * 6, f"{picture} /DeviceRGB /SMask {FIRST + 1} 0 R"),
        stream(bytes([0, 255]), f"{picture} /DeviceGray"),
    ]
    wide = 2 * (X + 96 - X)
    content = table() + f"q {wide} 0 0 14 {X} {Y - 4} cm /X Do Q\n"  # its right half lies over the weight
    _, rows = rows_of(write_pdf(tmp_path / "a.pdf", content, objects, f"/XObject << /X {FIRST} 0 R >>"))
    assert rows[1] == [*ROWS[1][:3], ""]


def test_text_that_runs_on_into_the_next_cell_is_flagged(tmp_path):
    content = table(without=[(1, 2), (1, 3)]) + show(400 - 18, Y, "暂定缓办")
    reading, _ = rows_of(write_pdf(tmp_path / "a.pdf", content))
    assert any("越过格线" in remark.note for remark in reading.remarks if not remark.passed)


def test_text_that_runs_out_of_the_table_is_flagged_and_text_that_ends_in_it_is_not(tmp_path):
    for at, said in ((XS[-1] - 18, True), (XS[-1] - 48, False)):
        content = table(without=[(1, 3)]) + show(at, Y, "暂定缓办")
        reading, _ = rows_of(write_pdf(tmp_path / "a.pdf", content))
        assert any("越过格线" in remark.note for remark in reading.remarks if not remark.passed) is said


def test_text_seen_through_a_window_is_read_and_no_other(tmp_path):
    window = f"q {X - 9} {Y - 5} m {X + 40} {Y - 5} l {X - 9} {Y + 30} l h W n\n"  # a triangle
    content = table(without=[(1, 2)]) + window + cell(1, 2) + show(X + 30, Y + 20, "85") + "Q\n"
    reading, rows = rows_of(write_pdf(tmp_path / "a.pdf", content))
    assert rows == ROWS
    assert any("裁去" in remark.note and "85" in remark.note for remark in reading.remarks)
