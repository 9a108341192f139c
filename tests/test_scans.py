"""Pages that are pictures: printed, scanned and spoilt by the generator, then read; and what stays in doubt is said."""

from decimal import Decimal
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from generator.pdf import to_pdf
from generator.scan import scanned_pages, to_scan
from generator.truth import make_truth
from scoring import wrong_cells

import budgetperf
from budgetperf.mend.recognised import Known, _settle, settle_recognised
from budgetperf.mend.recognised_doubt import Settled, in_doubt
from budgetperf.mend.recognised_sums import settle_by_sums
from budgetperf.mend.recognised_words import in_words
from budgetperf.readers import read, scan
from budgetperf.readers.pdf.grid import find_grids
from budgetperf.readers.scan import picture, recogniser
from budgetperf.readers.scan.aslant import from_above
from budgetperf.readers.scan.cut import with_cut_lines
from budgetperf.readers.scan.faint import with_faint_lines
from budgetperf.readers.scan.recogniser import Spotted
from budgetperf.readers.scan.rules import rules_in
from budgetperf.readers.scan.sheet import Line, Place, _is_under, _shining_through, upright_turn
from budgetperf.readers.scan.signs import equals_among, is_equals, with_per_mille, with_square_metres
from budgetperf.readers.scan.stamps import Frame, without_stamps
from budgetperf.readers.scan.through import other_side
from budgetperf.tables.cells import Reading, Recognised, Sign, cells_frame, pages_frame


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """A small approval as PDF, with its truth."""
    truth = make_truth(7, projects=1, fiscal_year=2024)
    path = tmp_path_factory.mktemp("print") / "print.pdf"
    to_pdf(truth, 7, path)
    return path, truth


@pytest.fixture(scope="module")
def scanned(printed, tmp_path_factory):
    """The same, tilted and sealed, as a PDF of a picture, and what a build makes of it."""
    path = tmp_path_factory.mktemp("scan") / "scan.pdf"
    to_scan(printed[0], 1, path, dpi=200, tilt=1.0, seal=1, jpeg=75)
    return path, budgetperf.build([path], jobs=0)


def test_a_tilted_and_sealed_scan_is_read_like_its_print(printed, scanned):
    dataset = scanned[1]
    assert dataset.documents["status"].iat[0] != "unreadable"
    wrong = wrong_cells(printed[1], dataset)
    assert not [cell for cell in wrong if not cell["flagged"]]
    assert len(wrong) <= 2


def test_cells_of_a_scan_tell_how_sure_they_are_and_where_they_stand(scanned):
    cells = scanned[1].cells
    filled = cells[cells["text"].fillna("") != ""]
    assert filled["confidence"].between(0, 1).all()
    assert (cells["x1"] > cells["x0"]).all() and cells["x1"].max() <= 842 + 1


def test_the_evidence_of_a_scan_is_cut_from_its_page(scanned):
    from budgetperf.evidence import show_cell

    path, dataset = scanned
    view = show_cell(dataset, 1, 1, source=path)
    assert len(view.images) == 1 and not view.tables


def test_without_the_recogniser_a_scan_is_refused_with_the_command_that_installs_it(scanned, monkeypatch):
    monkeypatch.setattr(recogniser.util, "find_spec", lambda name: None)
    dataset = budgetperf.build([scanned[0]], jobs=0)
    assert dataset.documents["status"].iat[0] == "unreadable"
    assert recogniser.INSTALL in dataset.findings["message"].iat[0]


def test_a_picture_file_is_read_and_one_that_is_cut_off_refused(printed, tmp_path, monkeypatch):
    page = scanned_pages(printed[0], 1, dpi=150)[0].convert("RGB")
    path = tmp_path / "page.tif"
    page.save(path, save_all=True, append_images=[page], dpi=(150, 150))
    monkeypatch.setattr(
        scan, "read_picture", lambda colour, scale: scan.PageRead([], 595, 842, "scan", str(colour.shape))
    )
    reading = read(path)
    assert reading.format == "image" and reading.pages["note"].tolist() == [str((page.height, page.width, 3))] * 2
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 40)
    assert "打不开" in budgetperf.build([broken], jobs=0).findings["message"].iat[0]


def test_a_photo_taken_aslant_is_refused(printed):
    page = np.asarray(scanned_pages(printed[0], 2, dpi=150, perspective=0.06)[0].convert("RGB"))
    read_as = scan.read_picture(page, 150 / 72)
    assert read_as.state == "scan" and not read_as.records and "照片" in read_as.note


def test_a_page_photographed_a_little_aslant_is_seen_from_above():
    import cv2

    page = drawn_boxes(
        (900, 1200), *((x, y, x + 250, y + 100) for x in range(80, 1080, 250) for y in range(80, 780, 100))
    )
    corners = np.array([[0, 0], [1200, 0], [1200, 900], [0, 900]], np.float32)
    seen_at = np.array([[18, 18], [1182, 0], [1200, 900], [0, 882]], np.float32)
    photo = cv2.warpPerspective(page, cv2.getPerspectiveTransform(corners, seen_at), (1200, 900), borderValue=255)
    (sheet,) = scan._sheets(photo, 1.5, 0)
    rules, *_ = rules_in(sheet.gray, sheet.scale)
    grid = max(find_grids(rules, lambda box: False), key=lambda grid: len(grid.cells))
    assert len(grid.cells) == 28
    first = min(grid.cells, key=lambda cell: (cell.row, cell.col))
    box = picture.box_on_page((first.x0, first.y0, first.x1, first.y1), sheet.to_page)
    (x, y), _ = cv2.perspectiveTransform(
        np.float32([[[81, 81]], [[331, 181]]]), cv2.getPerspectiveTransform(corners, seen_at)
    )[:, 0]
    assert abs(box[0] - x / 1.5) < 3 and abs(box[1] - y / 1.5) < 3


def test_a_page_without_rules_is_refused():
    page = np.full((800, 600, 3), 255, np.uint8)
    page[100:110, 100:110] = page[200:210, 300:320] = 0
    read_as = scan.read_picture(page, 1.0)
    assert read_as.state == "scan" and not read_as.records


@pytest.mark.parametrize(
    "style",
    [
        {},
        {"tilt": -1.5},
        {"seal": 2, "gray": True},
        {"noise": 6, "paper": 230},
        {"fold": 0.4},
        {"faint": 0.08},
        {"stamp": True},
        {"through": 0.25},
        {"through": 0.15, "gray": True, "shade": 0.4},
    ],
)
def test_the_rules_of_a_scan_make_the_grid_of_its_print(printed, style):
    page = np.asarray(scanned_pages(printed[0], 3, dpi=150, **style)[0].convert("RGB"))
    (sheet,) = scan._sheets(picture.clean_gray(page, 150 / 72), 150 / 72, 0)
    rules, *_ = rules_in(sheet.gray, sheet.scale)
    grid = max(find_grids(rules, lambda box: False), key=lambda grid: len(grid.cells))
    drawn = read(printed[0]).cells
    assert len(grid.cells) == int((drawn["table"] == 1).sum())


@pytest.mark.parametrize(
    ("print_style", "style"),
    [
        ({"rules": "gray", "rule_width": 0.25, "outer": False}, {"dpi": 200, "faint": 0.1, "blur": 0.55, "contrast": 0.7}),
        ({"rules": "gray", "rule_width": 0.75, "air": 0.0}, {"dpi": 150, "faint": 0.07, "blur": 0.7, "noise": 9, "jpeg": 30}),
        ({"rules": "gray", "rule_width": 0.25}, {"dpi": 200, "tilt": -2.8, "contrast": 0.5, "fold": 0.5}),
        ({"rules": "dashed"}, {"dpi": 150, "tilt": -1.8, "faint": 0.06, "seal": 1}),
        ({"rules": "double", "rule_width": 1.0}, {"dpi": 200, "tilt": 1.77, "blur": 0.44, "noise": 10, "jpeg": 30}),
    ],
)  # fmt: skip
def test_rules_lighter_than_print_are_found_and_lines_of_print_are_none(tmp_path, print_style, style):
    path = tmp_path / "print.pdf"
    to_pdf(make_truth(11, projects=2, fiscal_year=2024), 11, path, page="A4 landscape", **print_style)
    gray = picture.clean_gray(np.asarray(scanned_pages(path, 4, **style)[0].convert("RGB")), style["dpi"] / 72)
    sheet = picture.straight(gray, style["dpi"] / 72, 0, picture.tilt(gray, style["dpi"] / 72))
    rules, *_ = rules_in(sheet.gray, sheet.scale)
    grid = max(find_grids(rules, lambda box: False), key=lambda grid: len(grid.cells))
    drawn = read(path).cells
    assert len(grid.cells) == int(((drawn["table"] == 1) & (drawn["page"] == 1)).sum())


def drawn_boxes(shape, *boxes):
    gray = np.full(shape, 255, np.uint8)
    for x0, y0, x1, y1 in boxes:
        gray[y0 : y1 + 3, x0 : x0 + 3] = gray[y0 : y1 + 3, x1 : x1 + 3] = 0
        gray[y0 : y0 + 3, x0 : x1 + 3] = gray[y1 : y1 + 3, x0 : x1 + 3] = 0
    return gray


@pytest.mark.parametrize("stamp", [(130, 160, 310, 215), (320, 220, 480, 270), (150, 120, 330, 170), None])
def test_the_frame_of_a_stamp_laid_over_a_table_is_no_rule(stamp):
    """Over a crossing of rules, over the table's corner, its upper side upon a rule; none in the table alone."""
    cells = [(x, y, x + 100, y + 60) for x in (20, 120, 220, 320) for y in (60, 120, 180)]
    rules, _, frames = rules_in(drawn_boxes((320, 500), *cells, *([stamp] if stamp else [])), 2.0)
    assert len(max(find_grids(rules, lambda box: False), key=lambda grid: len(grid.cells)).cells) == len(cells)
    assert [tuple(round(side * 2 / 10) for side in frame) for frame in frames] == (
        [tuple(round((side + 1) / 10) for side in stamp)] if stamp else []
    )


@pytest.mark.parametrize(
    ("box", "stamps"),
    [
        ((150, 241, 290, 290), 1),
        ((150, 12, 290, 62), 1),
        ((422, 80, 520, 150), 1),
        ((120, 240, 290, 290), 0),
        ((150, 240, 320, 290), 0),
        ((18, 240, 422, 290), 0),
    ],
)
def test_a_box_on_the_outer_rule_of_a_table_is_a_stamp_unless_a_rule_goes_on_in_line_with_it(box, stamps):
    """Below, above and beside it; a cell that goes on below a column or below the whole table is one."""
    cells = [(x, y, x + 100, y + 60) for x in (20, 120, 220, 320) for y in (60, 120, 180)]
    rules, _, frames = rules_in(drawn_boxes((320, 560), *cells, box), 2.0)
    found = max(find_grids(rules, lambda box: False), key=lambda grid: len(grid.cells))
    assert len(frames) == stamps
    assert (len(found.cells) == len(cells) and len(found.xs) == 5 and len(found.ys) == 4) is bool(stamps)


@pytest.mark.parametrize(("width", "stamps"), [(4, 1), (1, 0)])
def test_a_box_of_thick_rules_beside_the_table_is_a_stamp(width, stamps):
    gray = drawn_boxes((320, 700), (20, 60, 120, 120), (120, 60, 220, 120))
    gray[120:180, 420:580] = 0
    gray[120 + width : 180 - width, 420 + width : 580 - width] = 255
    gray[140:160, 470:474] = 0
    _, _, frames = rules_in(gray, 2.0)
    bare, _ = without_stamps(gray, frames, 2.0)
    assert len(frames) == stamps and bool((bare[:, 400:] == 255).all()) is bool(stamps)
    assert (bare[:, :400] == gray[:, :400]).all()


def test_what_a_stamp_hides_is_in_doubt_and_its_own_letters_are_no_print():
    gray = drawn_boxes((320, 500), (130, 180, 310, 240))
    gray[190:220, 200:204] = gray[205:206, 150:180] = 0
    bare, taken = without_stamps(gray, [Frame(65, 90, 155, 120)], 2.0)
    assert (bare[190:220, 200:204] == 255).all() and (bare[205, 150:180] == 0).all()
    assert taken[190:220, 200:204].all() and not taken[205, 150:180].any()
    assert _is_under(taken, (205, 195, 260, 215), 20.0) and not _is_under(taken, (220, 195, 260, 215), 20.0)


def test_a_red_seal_leaves_no_edges_whatever_jpeg_made_of_them():
    import cv2

    page = np.full((600, 900, 3), 235, np.uint8)
    cv2.putText(page, "8.51", (300, 280), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (0, 0, 0), 4)
    mark = np.zeros(page.shape[:2], np.uint8)
    cv2.circle(mark, (350, 300), 150, 255, 9)
    page[mark > 0] = (page[mark > 0] * np.array([0.9, 0.16, 0.18])).astype(np.uint8)
    spoilt = cv2.imdecode(cv2.imencode(".jpg", page[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 30])[1], 1)[..., ::-1]
    gray = picture.clean_gray(np.ascontiguousarray(spoilt), 200 / 72)
    around = cv2.dilate(mark, np.ones((5, 5), np.uint8)) > 0
    assert np.percentile(gray[around], 2) > 190
    assert (gray < 100).sum() > 700


def test_pale_print_under_a_red_seal_keeps_its_ink():
    import cv2

    page = np.full((600, 900, 3), 255, np.uint8)
    for y in range(60, 600, 60):
        page[y : y + 20, 50:850:6] = page[y : y + 20, 51:850:6] = 0
    strokes = page[..., 0] == 0
    mark = np.zeros(page.shape[:2], np.uint8)
    cv2.circle(mark, (350, 300), 150, 255, 9)
    page[mark > 0] = (page[mark > 0] * np.array([0.88, 0.16, 0.18])).astype(np.uint8)
    page = cv2.GaussianBlur((255 - (255 - page.astype(float)) * 0.6).astype(np.uint8), (0, 0), 0.6)
    spoilt = cv2.imdecode(cv2.imencode(".jpg", page[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 60])[1], 1)[..., ::-1]
    gray = picture.clean_gray(np.ascontiguousarray(spoilt), 200 / 72)
    near = cv2.dilate(mark, np.ones((9, 9), np.uint8)) > 0
    assert (gray[strokes & near] < 200).mean() > 0.8
    assert np.percentile(gray[near & ~(cv2.dilate(strokes.astype(np.uint8), np.ones((5, 5))) > 0)], 2) > 190


@pytest.mark.parametrize(("hidden", "told", "whole"), [(20, True, True), (20, False, False), (60, True, False)])
def test_a_rule_goes_on_below_a_seal_that_was_taken_off_where_most_of_it_is_seen(hidden, told, whole):
    """Rules of three rows of 100 pixels; of one of them a seal hid the lower end in the second row, from side to side."""
    gray = drawn_boxes((400, 700), *((x, y, x + 200, y + 100) for x in (50, 250, 450) for y in (50, 150, 250)))
    gray[gray == 0] = 170
    marked = np.zeros(gray.shape, bool)
    marked[248 - hidden : 248, 240:262] = True
    gray[marked] = 255
    rules, *_ = rules_in(gray, 200 / 72, marked if told else None)
    along = [r for r in rules if not r.horizontal and abs(r.at * 200 / 72 - 251) < 4]
    assert any(r.start * 200 / 72 < 156 and r.end * 200 / 72 > 246 for r in along) == whole


@pytest.mark.parametrize(("rings", "text", "confidence"), [(2, "%", 0.9999), (3, "‰", 0.99), (0, "%", 0.5)])
def test_a_broad_per_cent_sign_is_told_from_per_mille_by_its_rings(rings, text, confidence):
    import cv2

    ink = np.zeros((22, 60), np.uint8)
    for n in range(rings):
        cv2.circle(ink, (14 + 9 * n, 4 if n == 0 else 17), 3, 1, 1)
    right = 37 if rings == 3 else 27
    place = Place((10, 0, right, 22), (0, 0, 60, 22), 0, 0)
    [line] = with_per_mille([Line(place, [Spotted("%", 0.4, 0.9999, ())], ("%",), False)], ink > 0, 15.0)
    assert (line.spotted[0].text, line.spotted[0].confidence) == (text, confidence)
    assert line.again == (("‰",) if rings == 3 else ("%",))


def test_per_mille_with_slim_rings_is_told_by_the_two_that_stand_side_by_side():
    """The sign as a page of 150 dpi has it: little broader than high from its first ring on."""
    import cv2

    ink = np.zeros((13, 40), np.uint8)
    for x, y in ((5, 2), (8, 10), (13, 10)):
        cv2.circle(ink, (x, y), 2, 1, 1)
    place = Place((0, 0, 16, 13), (0, 0, 40, 13), 0, 0)
    [line] = with_per_mille([Line(place, [Spotted("%", 0.4, 0.9999, ())], ("%",), False)], ink > 0, 15.0)
    assert (line.spotted[0].text, line.spotted[0].confidence) == ("‰", 0.99)


def test_a_sign_whose_rings_are_not_seen_is_per_mille_where_it_is_far_broader_than_the_others():
    ink = np.zeros((15, 40), bool)
    signs = [Line(Place((0, 0, right, 15), (0, 0, 40, 15), 0, n), [Spotted("%", 0.4, 0.99, ())], ("%",), False)
             for n, right in enumerate((12, 12, 12, 15, 17))]  # fmt: skip
    read_as = [(line.spotted[0].text, line.spotted[0].confidence) for line in with_per_mille(signs, ink, 15.0)]
    assert read_as == [("%", 0.99)] * 3 + [("%", 0.5), ("‰", 0.5)]


@pytest.mark.parametrize(("raised", "text"), [(True, "㎡"), (False, "m")])
def test_square_metres_are_told_from_metres_by_the_raised_figure_and_stay_in_doubt(raised, text):
    ink = np.zeros((20, 60), bool)
    ink[4:20, 0:8] = True  # 9
    ink[8:20, [20, 21, 26, 27, 32, 33]] = ink[8, 20:33] = True  # m
    ink[0:7, 34:38] = raised
    signs = [Spotted("9", 0.2, 0.99, ()), Spotted("m", 0.5, 0.99, ())]
    place = Place((0, 0, 38 if raised else 34, 20), (0, 0, 60, 20), 0, 0)
    [line] = with_square_metres([Line(place, signs, ("9m",), False)], ink, 20.0)
    assert (line.spotted[1].text, line.again) == (text, (f"9{text}",)) and line.spotted[1].confidence < 0.9


@pytest.mark.parametrize(("mirrored", "taken"), [(True, True), (False, False)])
def test_print_that_shines_through_is_taken_off_and_print_in_gray_is_not(mirrored, taken):
    from PIL import Image, ImageDraw, ImageOps

    from budgetperf.mend.halves import _font

    font = _font()
    front, back = Image.new("L", (900, 500), 255), Image.new("L", (900, 500), 255)
    for n, text in enumerate(
        ("项目支出绩效目标批复表", "农村公路养护里程", "社会效益指标", "服务对象满意度", "数量指标")
    ):
        ImageDraw.Draw(front).text((20, 20 + 90 * n), text, font=font, fill=0)
        ImageDraw.Draw(back).text((480, 50 + 90 * n), text, font=font, fill=190)
    back = ImageOps.mirror(back) if mirrored else back
    page = np.minimum(np.asarray(front), np.asarray(back))
    mask = other_side(page, 200 / 72)
    assert not (mask & (np.asarray(front) < 128)).any()
    assert bool((mask & (np.asarray(back) < 200)).sum() > 0.5 * (np.asarray(back) < 200).sum()) is taken
    assert mask.any() == taken


def test_print_of_the_other_side_is_none_of_a_cell_and_what_is_read_for_sure_is():
    gray = np.full((100, 100), 255, np.uint8)
    boxes = [(10, 10, 60, 20), (10, 30, 60, 40), (10, 50, 60, 60), (10, 70, 60, 80)]
    for (x0, y0, x1, y1), tone in zip(boxes, (60, 60, 200, 200), strict=True):
        gray[y0:y1, x0:x1] = tone
    places = [Place(box, (0, 0, 100, 100), 0, 0) for box in boxes]
    read_as = [[Spotted("人", 0.5, chance, ())] for chance in (0.9, 0.3, 0.3, 0.95)]
    assert _shining_through(places, read_as, gray, 10.0) == {2}
    assert _shining_through(places, read_as, gray, 30.0) == {2, 3}  # print of that size has no such low lines
    outside = [place._replace(table=-1) for place in places]
    assert _shining_through(outside, read_as, gray, 10.0) == set()


def test_print_too_light_to_be_ink_makes_a_line_in_an_empty_cell_and_a_whole_one_of_a_scrap():
    gray = np.random.default_rng(1).normal(248, 2, (60, 400)).clip(0, 255).astype(np.uint8)
    gray[5:20, 5:15] = 60  # print
    cells = [(0, n, (100 * n, 0, 100 * n + 100, 60)) for n in range(4)]
    for left in (140, 240):
        gray[24:26, left : left + 12] = gray[32:34, left : left + 12] = 205
    places = [Place((5, 5, 15, 20), cells[0][2], 0, 0), Place((244, 24, 247, 26), cells[2][2], 0, 2)]
    found, faint = with_faint_lines(cells, places, gray, 20.0, 2.0)
    assert faint == 1 and found[0] == places[0] and [place.cell for place in found] == [0, 2, 1]
    assert all(
        abs(place.box[0] - (100 * place.cell + 40)) <= 2 and place.box[3] - place.box[1] > 8 for place in found[1:]
    )


def _drawn(text, size):
    from PIL import Image, ImageDraw

    from budgetperf.mend.halves import _font

    image = Image.new("L", (100, 80), 255)
    ImageDraw.Draw(image).text((10, 10), text, font=_font().font_variant(size=size), fill=60)
    picture = np.asarray(image)
    rows, columns = np.flatnonzero((picture < 200).any(axis=1)), np.flatnonzero((picture < 200).any(axis=0))
    return picture, (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


@pytest.mark.parametrize("size", [22, 40])
@pytest.mark.parametrize(("text", "told"), [("=", True), *((sign, False) for sign in "≥≤-二口三8日>")])
def test_two_strokes_of_one_width_alone_in_a_cell_are_an_equals_sign(text, told, size):
    picture, box = _drawn(text, size)
    place = Place(box, (0, 0, 80, 60), 0, 0)
    doubted, sure = [Spotted("2", 0.5, 0.3, ())], [Spotted("2", 0.5, 0.99, ())]
    assert (equals_among([place], [doubted], picture, size) == {0}) is told
    assert equals_among([place], [sure], picture, size) == set()
    assert equals_among([place, place], [doubted, doubted], picture, size) == set()  # a stop on a line of its own
    assert not is_equals(np.full((9, 12), 250, np.uint8))


def test_printed_rules_of_a_small_table_outweigh_many_that_shine_through_also_dashed_ones():
    gray = np.full((600, 500), 255, np.uint8)
    dash = np.arange(600) % 9 < 6
    for y in range(20, 600, 30):
        gray[y : y + 2, 20:480] = np.where(dash[20:480], 225, 255)
    for x in range(30, 480, 50):
        gray[20:590, x : x + 2] = np.where(dash[20:590], 225, 255)[:, None]
    gray[44:46, 20:480] = np.where(dash[20:480], 40, 255)
    for x in (22, 120, 220, 320, 420, 478):
        gray[10:85, x : x + 2] = np.where(dash[10:85], 40, 255)[:, None]
    rules, _, _ = rules_in(gray, 2.0)
    assert {round(rule.at) for rule in rules if rule.horizontal} == {22}
    assert {round(rule.at) for rule in rules if not rule.horizontal} == {12, 60, 110, 160, 210, 240}


def test_a_stroke_of_print_at_an_edge_of_its_cell_is_no_rule():
    gray = np.full((300, 500), 255, np.uint8)
    gray[[40, 41, 140, 141, 240, 241], 20:480] = 0
    for x in (20, 200, 478):
        gray[40:242, x : x + 2] = 0
    gray[90:92, 20:80] = 0
    rules, _, _ = rules_in(gray, 2.0)
    assert {round(rule.at) for rule in rules if rule.horizontal} == {20, 70, 120}


@pytest.mark.parametrize("quarter", [1, 2])
def test_a_page_on_its_side_is_turned_upright(printed, quarter):
    page = np.asarray(scanned_pages(printed[0], 3, dpi=150, quarter=quarter)[0].convert("RGB"))
    gray = picture.clean_gray(page, 150 / 72)
    assert upright_turn(gray, 150 / 72) == 4 - quarter


def read_so(*signs):
    """A page read as these cells, each a text and how sure it is."""
    records = [({"text": text, "row": n, "table": 1}, cell(text, chance)) for n, (text, chance) in enumerate(signs)]
    return scan.PageRead(records, 595, 842, "recognised", "")


def test_a_page_whose_characters_are_all_doubtful_is_refused_as_handwriting(monkeypatch):
    monkeypatch.setattr(scan, "upright_turn", lambda gray, scale: 0)
    monkeypatch.setattr(scan, "read_sheet", lambda sheet: (read_so(("人", 0.3), ("元", 0.5)).records, [None]))
    page = np.full((800, 600, 3), 255, np.uint8)
    page[100:110, 100:110] = page[200:210, 300:320] = 0
    read_as = scan.read_picture(page, 1.0)
    assert read_as.state == "scan" and not read_as.records and "手写" in read_as.note


@pytest.mark.parametrize("why", ["scan", "outlines", "unmapped"])
def test_pages_without_readable_text_are_read_from_their_picture_and_say_so(monkeypatch, tmp_path, why):
    monkeypatch.setattr(scan, "read_scanned_page", lambda path, number: read_so(("数量指标", 0.99)))
    found, state, remarks = scan.read_as_picture(tmp_path / "none.pdf", {"page": 2, "state": why, "note": "无文字"})
    assert [(record["text"], record["page"]) for record in found] == [("数量指标", 2)]
    assert (state["state"], state["note"], remarks) == ("recognised", "", [])


def test_text_hidden_below_a_scan_is_compared_with_what_was_read(monkeypatch, tmp_path):
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    path = tmp_path / "layer.pdf"
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(path))
    text = canvas.beginText(100, 700)
    text.setFont("STSong-Light", 12)
    text.setTextRenderMode(3)
    text.textOut("数量指标")
    canvas.drawText(text)
    canvas.save()
    monkeypatch.setattr(scan, "read_scanned_page", lambda path, number: read_so(("数童", 0.99), ("指标", 0.99)))
    note = f"本页是扫描图片（附有{scan.LAYER}，未采用）"
    _, _, [remark] = scan.read_as_picture(path, {"page": 1, "state": "scan", "note": note})
    assert remark.check == "hidden" and remark.passed and "75% 的字与本次识别相同" in remark.note


# ---- what is settled, and by what ------------------------------------------------------------------------------------


def cell(text, confidence=0.9999, others=(), again=None, at=0, unread_ink=False):
    signs = tuple(
        Sign(c, confidence if n == at else 0.9999, tuple(others) if n == at else ()) for n, c in enumerate(text)
    )
    return Recognised(signs, (0, 0, 1, 1), (again if again is not None else text,), unread_ink)


@pytest.mark.parametrize(
    ("read_as", "doubted"),
    [
        (cell("养护里程"), False),
        (cell("养护里程", 0.6), True),
        (cell("养护里程", again="养护里裎"), True),
        (cell("（本级）", 0.6, [("(", 0.39)]), False),
        (cell("养护里程", unread_ink=True), True),
        (cell("城内街社区", 0.97, [("门", 0.02)], at=1), True),  # taken for one another, whatever it is sure of
        (cell("城内街社区", 0.97, [("向", 0.02)], at=1), True),  # and without a thought of the other
        (cell("器材完好事", 0.96, [("率", 0.03)], at=4), True),
        (cell("救治人数", 0.97, [("敉", 0.02)]), False),
        (cell("健身群众调意度", 0.7, [("满", 0.29)], at=4)._replace(again=("健身群众调意度",) * 6), True),
    ],
)
def test_what_is_in_doubt(read_as, doubted):
    assert in_doubt(read_as) is doubted


@pytest.mark.parametrize(
    ("read_as", "field", "text", "grade", "doubted"),
    [
        (cell("干米", 0.6, [("千", 0.4)]), "measure_unit", "千米", "certain", False),
        (cell("社会的益指标", 0.5, [("效", 0.4)], at=2), "level2", "社会效益指标", "certain", False),
        (cell("≥", 0.6, [("≤", 0.3)]), "comparator", "≥", "likely", True),
        (cell("1", 0.6, [("=", 0.01)]), "comparator", "=", "likely", True),
        (cell("≥", 0.6, [("M", 0.3)]), "comparator", "≥", "certain", False),
        (cell("M", 0.4, [("m", 0.3), ("≤", 0.2), ("≥", 0.02)], again="≤"), "comparator", "M", "likely", True),
        (cell("M", 0.9), "comparator", "", "likely", True),
        (
            cell("#", 0.12, again="<"),
            "comparator",
            "<",
            "likely",
            True,
        ),  # one reading alone says so, and for nothing like it
        (cell("M", 0.9, [("≥", 0.04)]), "comparator", "≥", "likely", True),  # M is no comparator, ≥ a faint thought
        (cell("l5", 0.6, [("1", 0.3)]), "weight", "15", "certain", False),
        (cell("160", 0.5, [("0", 0.4)], at=1, again="100"), "weight", "160", "likely", True),
        (cell("15,00"), "weight", "15.00", "certain", False),  # a comma that groups nothing
        (cell("1,500"), "weight", "1,500", "certain", False),
        (cell("160", 0.5, [("0", 0.4)], at=1, again="100"), "target", "160", "likely", True),
        (cell("接种内诊", 0.97, [("门", 0.02)], at=2), "name", "接种门诊", "likely", False),
        (cell("城内街社区", 0.97, [("门", 0.02)], at=1), "name", "城内街社区", "likely", True),
        (cell("补贴标准。确保", 0.5, [("，", 0.45)], at=4), "name", "补贴标准，确保", "likely", True),
        (cell("补贴标准。确保", 0.5, [("，", 0.45)], at=4), "objective", "补贴标准。确保", "likely", True),
        (cell("依据《任务清单）第五条", 0.6, at=7), "objective", "依据《任务清单》第五条", "likely", True),
        (cell("病虫害防治\n0", 0.6, [("。", 0.1)], at=6), "objective", "病虫害防治\n。", "likely", True),
        (cell("共计3\n0", 0.6, [("8", 0.1)], at=4), "objective", "共计3\n0", "likely", True),
        (cell("局（本级)领导（四级）", 0.6, at=4), "objective", "局（本级)领导（四级）", "likely", True),
        (cell("官颈癌筛查", 0.97, [("宫", 0.03)]), "name", "宫颈癌筛查", "likely", False),
        (cell("≤0.9%0", 0.6, [("o", 0.3)], at=5), "target", "≤0.9‰", "likely", False),
    ],
)
def test_doubts_are_settled_by_what_the_column_may_hold(read_as, field, text, grade, doubted):
    settled = _settle("".join(sign.text for sign in read_as.signs), read_as, field, Known("", None))
    assert (settled.text, settled.grade, bool(settled.doubt)) == (text, grade, doubted)


@pytest.mark.parametrize(
    ("head", "read_as", "text", "doubted"),
    [
        ("指标性质", cell("M", 0.98, [("≥", 0.02)]), "≥", True),  # both readings agree, and no column of signs prints it
        ("指标性质", cell("≥", 0.98, [("M", 0.02)]), "≥", False),
        ("指标名称", cell("M", 0.98, [("≥", 0.02)]), "M", False),
        ("分值权重", cell("10,00"), "10.00", False),
        ("项目名称", cell("5107/200024T000000561-道路", 0.6, at=4, again="51072200024T000000561-道路"),
         "51072200024T000000561-道路", True),
    ],
)  # fmt: skip
def test_what_a_column_cannot_print_is_in_doubt(head, read_as, text, doubted):
    heads = ["项目名称", "一级指标", "指标名称", "指标性质", "分值权重"]
    records = [
        {"page": 1, "table": 1, "row": row, "col": col, "text": words, "x0": col * 50.0, "x1": col * 50.0 + 50}
        for row, texts in enumerate([heads, ["".join(s.text for s in read_as.signs) * (h == head) for h in heads]])
        for col, words in enumerate(texts)
    ]
    index = len(heads) + heads.index(head)
    reading = Reading(cells_frame(records), pages_frame([{"page": 1}]), "pdf", recognised={index: read_as})
    after, settled = settle_recognised(reading)
    assert after.cells["text"][index] == text and bool(index in settled and settled[index].doubt) is doubted


def test_words_are_settled_by_the_same_words_elsewhere_in_the_document():
    cells = cells_frame(
        [{"page": 1, "table": 0, "row": 1, "col": 1, "text": t} for t in ("机关干警家属人数", "机关于警家属满意度")]
    )
    unsure = cell("机关于警家属满意度", 0.54, [("干", 0.45)], at=2)
    reading = Reading(cells, pages_frame([{"page": 1}]), "pdf", recognised={0: cell("机关干警家属人数"), 1: unsure})
    after, settled = settle_recognised(reading)
    assert after.cells["text"].tolist() == ["机关干警家属人数", "机关干警家属满意度"]
    assert settled[1].grade == "likely" and not settled[1].doubt
    alone = reading._replace(recognised={1: unsure}, cells=cells.assign(text=["", "机关于警家属满意度"]))
    assert settle_recognised(alone)[1][1].doubt


# ---- kinds that were read wrong ----------------------------------------------------------------------------------------


def test_a_seal_scanned_in_gray_is_lifted_off_the_print():
    import cv2

    page = np.full((900, 900, 3), 255, np.uint8)
    for y in (100, 200, 300, 500, 700, 800):
        page[y : y + 3, 50:850] = 0
    cv2.putText(page, "8.51", (300, 280), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (0, 0, 0), 3)
    bare = page.copy()
    mark = np.zeros(page.shape[:2], np.uint8)
    cv2.circle(mark, (350, 400), 150, 255, 14)
    page[mark > 0] = (page[mark > 0] * 0.6).astype(np.uint8)
    gray = picture.clean_gray(page, 200 / 72)
    assert (gray[(mark > 0) & (bare[..., 0] == 255)] > 200).mean() > 0.98
    assert (gray[(mark > 0) & (bare[..., 0] == 0)] < 128).mean() > 0.9
    assert np.array_equal(gray[600:], picture.clean_gray(bare, 200 / 72)[600:])


def test_print_beside_a_seal_scanned_in_gray_keeps_its_ink():
    import cv2

    page = np.full((900, 900, 3), 255, np.uint8)
    for y in (100, 200, 300, 500, 700, 800):
        page[y : y + 2, 50:850] = 0
    for x in range(322, 380, 4):  # strokes that end where the ring begins, close together and light as in small print
        page[226:241, x : x + 2] = 130
    bare = page.copy()
    mark = np.zeros(page.shape[:2], np.uint8)
    cv2.circle(mark, (350, 400), 150, 255, 14)
    page[mark > 0] = (page[mark > 0] * 0.6).astype(np.uint8)
    page = cv2.GaussianBlur(page, (0, 0), 0.8)
    gray = picture.clean_gray(page, 200 / 72)
    print_beside = (bare[..., 0] == 130) & (mark == 0)
    assert (gray[print_beside] < 200).mean() > 0.9
    assert (gray[(mark > 0) & (bare[..., 0] == 255)] > 200).mean() > 0.95


def test_small_print_inside_a_dark_seal_on_a_coarse_page_keeps_its_ink_and_the_seal_goes():
    import cv2

    page = np.full((700, 700, 3), 255, np.uint8)
    for y in range(81, 700, 100):
        page[y : y + 5, 50:650] = 40
    for row in range(205, 500, 50):  # lines of strokes close together: of blurred small print no paper is seen between
        for x in range(250, 420, 4):
            page[row : row + 14, x : x + 2] = 60
    bare, mark = page.copy(), np.zeros(page.shape[:2], np.uint8)
    cv2.circle(mark, (350, 300), 114, 255, 5)
    angles = np.deg2rad(np.arange(5) * 144 - 90)
    star = np.stack([350 + 32 * np.cos(angles), 300 + 32 * np.sin(angles)], axis=1).astype(np.int32)
    cv2.fillPoly(mark, [star], 255)
    page[mark > 0] = (page[mark > 0] * 0.38).astype(np.uint8)
    gray = picture.clean_gray(cv2.GaussianBlur(page, (0, 0), 0.9), 150 / 72)
    inside = cv2.erode(1 - (cv2.dilate(mark, np.ones((9, 9))) > 0).astype(np.uint8), np.ones((3, 3))) > 0
    strokes = (bare[..., 0] == 60) & inside
    assert (gray[strokes] < 170).mean() > 0.95
    paper = cv2.erode((bare[..., 0] == 255).astype(np.uint8), np.ones((7, 7))) > 0
    assert (gray[(mark > 0) & paper] > 200).mean() > 0.95
    assert gray[274:279, 348:353].mean() > 190  # the point of the star, which a rule parts from the rest


def test_a_seal_scanned_in_gray_is_lifted_off_where_the_other_side_shines_through():
    import cv2

    page = np.full((900, 900, 3), 255, np.uint8)
    for y in range(80, 880, 60):  # lines of blurred print of the other side
        page[y : y + 26, 60:840] = 200
    page[100:103, 50:850] = page[700:703, 50:850] = 0
    bare, mark = page.copy(), np.zeros(page.shape[:2], np.uint8)
    cv2.circle(mark, (350, 400), 150, 255, 9)
    page[mark > 0] = (page[mark > 0] * 0.4).astype(np.uint8)
    gray = picture.clean_gray(page, 200 / 72)
    assert (gray[(mark > 0) & (bare[..., 0] == 255)] > 200).mean() > 0.9


def test_two_seals_that_overlap_and_are_darker_than_small_print_are_lifted_off_it():
    import cv2

    page = np.full((900, 1300, 3), 255, np.uint8)
    for y in range(100, 800, 100):
        page[y : y + 2, 50:1250] = 150
        cv2.putText(page, "8.51  42", (480, y + 60), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (90, 90, 90), 2)
    bare = page.copy()
    mark = np.zeros(page.shape[:2], np.uint8)
    for x in (480, 700):
        cv2.circle(mark, (x, 400), 150, 255, 9)
    page[mark > 0] = (page[mark > 0] * 0.38).astype(np.uint8)
    gray = picture.clean_gray(page, 200 / 72)
    assert (gray[(mark > 0) & (bare[..., 0] == 255)] > 190).mean() > 0.95
    assert (gray[(mark > 0) & (bare[..., 0] == 90)] < 160).mean() > 0.6


def test_a_line_of_figures_as_broad_as_its_cell_is_no_rule():
    import cv2

    gray = drawn_boxes((400, 700), (50, 50, 250, 350), (250, 50, 450, 350), (450, 50, 650, 350))
    for x in range(255, 446, 12):  # figures with flat heads that all but touch
        gray[150:153, x : x + 11] = 60
        gray[150:176, x + 2 : x + 5] = gray[150:176, x + 8 : x + 11] = 60
    rules, *_ = rules_in(cv2.GaussianBlur(gray, (0, 0), 0.9), 200 / 72)
    assert not [rule for rule in rules if rule.horizontal and 130 < rule.at * 200 / 72 < 170]


def test_a_black_stamp_does_not_make_the_rules_of_a_pale_table_too_light_to_be_printed():
    columns = [(x, 50, x + 200, 450) for x in range(50, 850, 200)]
    gray = drawn_boxes((500, 900), *columns, (50, 250, 850, 450))
    gray[gray == 0] = 215
    stamp = drawn_boxes((500, 900), (500, 300, 600, 366), (600, 300, 710, 366)) == 0
    gray[stamp] = 0
    rules, *_ = rules_in(gray, 200 / 72)
    down = {round(rule.at * 200 / 72 / 10) for rule in rules if not rule.horizontal and rule.end - rule.start > 100}
    assert down == {5, 25, 45, 65, 85}


def test_a_rule_that_shines_through_in_line_with_a_printed_one_is_no_part_of_it():
    gray = drawn_boxes((500, 900), (50, 50, 850, 150), (450, 150, 850, 250), (450, 250, 850, 350), (50, 50, 450, 350))
    assert (gray[250:253, 450:850] == 0).all()
    gray[250:253, 50:450] = np.minimum(gray[250:253, 50:450], 205)
    rules, *_ = rules_in(gray, 200 / 72)
    (rule,) = [rule for rule in rules if rule.horizontal and 240 < rule.at * 200 / 72 < 262]
    assert rule.start * 200 / 72 > 440


def test_a_rule_that_shines_through_below_a_line_of_figures_is_none():
    columns = [(x, 150, x + 200, 350) for x in range(50, 850, 200)]
    gray = drawn_boxes((500, 900), (50, 50, 850, 150), *columns, (50, 350, 850, 450))
    gray[250:253, 50:850] = np.minimum(gray[250:253, 50:850], 180)
    gray[240:260, 500:600] = 0  # figures upon it
    rules, *_ = rules_in(gray, 200 / 72)
    assert not [rule for rule in rules if rule.horizontal and 240 < rule.at * 200 / 72 < 262]


def test_a_rule_beyond_the_last_that_it_meets_divides_an_outer_row_where_it_is_longer_than_a_stroke():
    gray = drawn_boxes((500, 900), (50, 150, 250, 250), (250, 150, 850, 250), (50, 250, 250, 350), (250, 250, 850, 350))
    for above, found in ((60, True), (20, False)):
        page = gray.copy()
        page[150 - above : 150, 250:253] = 0
        rules, *_ = rules_in(page, 200 / 72)
        [top] = {rule.start * 200 / 72 for rule in rules if not rule.horizontal and 245 < rule.at * 200 / 72 < 258}
        assert (top < 150 - above + 5) is found


def test_a_page_with_dashed_rules_photographed_a_little_aslant_is_seen_from_above():
    import cv2

    page = np.full((900, 1200), 255, np.uint8)
    across, down = np.arange(1200) % 11 < 8, np.arange(900) % 11 < 8
    for y in range(80, 800, 60):
        page[y : y + 2, 80:1121][:, across[80:1121]] = 0
    for x in range(80, 1130, 130):
        page[80:741, x : x + 2][down[80:741]] = 0
    corners = np.array([[0, 0], [1200, 0], [1200, 900], [0, 900]], np.float32)
    seen_at = np.array([[14, 14], [1186, 0], [1200, 900], [0, 886]], np.float32)
    photo = cv2.warpPerspective(page, cv2.getPerspectiveTransform(corners, seen_at), (1200, 900), borderValue=255)
    straight, _ = from_above(photo, 2.0)
    rows = [np.flatnonzero((straight[:, x : x + 30] < 128).any(axis=1)) for x in (180, 1000)]
    tops = [row[0] for row in rows]
    assert (
        abs(tops[0] - tops[1])
        < abs(
            np.flatnonzero((photo[:, 180:210] < 128).any(axis=1))[0]
            - np.flatnonzero((photo[:, 1000:1030] < 128).any(axis=1))[0]
        )
        / 2
    )


def test_gray_rules_photographed_a_little_aslant_below_a_black_stamp_are_seen_from_above():
    """The frame of the stamp is darker than the rules, which lean by steps of one pixel."""
    import cv2

    page = np.full((1800, 2400), 255, np.uint8)
    for y in range(160, 1600, 100):
        page[y : y + 2, 160:2241] = 190
    for x in range(160, 2260, 260):
        page[160:1561, x : x + 2] = 190
        for y in range(190, 1500, 100):
            for stroke in range(x + 40, min(x + 200, 2240), 12):
                page[y : y + 50, stroke : stroke + 4] = 30
    corners = np.array([[0, 0], [2400, 0], [2400, 1800], [0, 1800]], np.float32)
    seen_at = np.array([[22, 22], [2378, 0], [2400, 1800], [0, 1778]], np.float32)
    photo = cv2.warpPerspective(page, cv2.getPerspectiveTransform(corners, seen_at), (2400, 1800), borderValue=255)
    cv2.rectangle(photo, (1210, 1120), (1610, 1210), 40, 6)

    def leaning(picture):
        """By how many pixels the highest rule lies lower at one end than at the other."""
        left, right = (np.flatnonzero((picture[:, x : x + 3] < 230).any(axis=1))[0] for x in (260, 2140))
        return abs(int(left) - int(right))

    assert leaning(photo) > 10
    assert leaning(from_above(photo, 4.0)[0]) <= 1


def test_an_outer_row_without_outer_rules_is_divided_by_rules_whose_last_dash_is_not_seen():
    gray = np.full((200, 560), 255, np.uint8)
    for y in (60, 100):
        gray[y : y + 2, 20:520] = 0
    for x, end in ((120, 134), (220, 140), (320, 140), (420, 134)):
        gray[20:end, x : x + 2] = 0
    rules, *_ = rules_in(gray, 2.0)
    grid = max(find_grids(rules, lambda box: True), key=lambda grid: len(grid.cells))
    assert (len(grid.ys), len(grid.xs), len(grid.cells)) == (4, 6, 15)


def test_a_stroke_beyond_the_last_rule_that_a_rule_meets_is_no_part_of_it():
    gray = drawn_boxes((500, 900), (50, 50, 450, 350), (450, 50, 850, 150), (450, 150, 850, 350))
    gray[150:153, 405:452] = 0  # 一 before the rule down
    rules, *_ = rules_in(gray, 200 / 72)
    (rule,) = {rule.start for rule in rules if rule.horizontal and 140 < rule.at * 200 / 72 < 162}
    assert rule * 200 / 72 > 440


def test_what_the_recogniser_thought_of_is_read_as_words_and_stays_in_doubt():
    read_as = [
        cell("苗本成活率", 0.7, [("木", 0.29)], at=1),
        cell("人员培调费", 0.7, [("训", 0.27)], at=3),
        cell("补贴我付及时", 0.54, [("搜", 0.19), ("授", 0.12), ("拨", 0.07)], at=2),
        cell("送教上内服务", 0.95, at=3),  # of 门 and 内 it does not know
    ]
    texts = ["".join(sign.text for sign in one.signs) for one in read_as]
    cells = cells_frame([{"page": 1, "table": 0, "row": n, "col": 1, "text": t} for n, t in enumerate(texts, 1)])
    reading = Reading(cells, pages_frame([{"page": 1}]), "pdf", recognised=dict(enumerate(read_as)))
    found, settled = settle_recognised(reading)
    assert found.cells["text"].tolist() == ["苗木成活率", "人员培训费", "补贴拨付及时", "送教上门服务"]
    assert settled[0].doubt and settled[1].doubt and {one.grade for one in settled.values()} == {"likely"}


def settled_alone(read_as, *elsewhere):
    """(text, doubt, evidence) of a recognised cell of prose, in a document that says these texts for sure."""
    texts = ["".join(sign.text for sign in read_as.signs), *elsewhere]
    cells = cells_frame([{"page": 1, "table": 0, "row": n, "col": 1, "text": t} for n, t in enumerate(texts, 1)])
    found, settled = settle_recognised(
        Reading(
            cells, pages_frame([{"page": 1}]), "pdf", recognised={0: read_as} | dict(enumerate(map(cell, elsewhere), 1))
        )
    )
    return found.cells["text"].iat[0], settled[0].doubt, settled[0].evidence


@pytest.mark.parametrize(
    ("read_as", "text", "again"),
    [
        ("满意度，切实\na", "满意度，切实", ["满意度，切实\n"] * 6),  # nothing else sees it
        (
            "1\n保障村卫生室运转",
            "保障村卫生室运转",
            ["1\n保障村卫生室运转"] * 6,
        ),  # a line of one sign, and a whole line below
        ("满意度，切实\na", "满意度，切实\na", ["满意度，切实\na"] * 6),
        ("3\n4", "3\n4", ["\n4"] * 6),  # no print beside it
    ],
)
def test_a_doubted_sign_alone_on_its_line_is_dirt_where_print_would_not_have_broken_it_and_stays_in_doubt(
    read_as, text, again
):
    place = next(n for n, line in enumerate(read_as.split("\n")) if len(line) == 1)
    at = read_as.index("\n") + 1 if place else 0
    found, doubt, evidence = settled_alone(cell(read_as, 0.3, at=at)._replace(again=tuple(again)))
    assert found == text and doubt and ("独占一行" in evidence) is (text != read_as)


def test_a_text_in_doubt_is_read_in_the_words_of_its_document_and_of_its_field():
    options = [("缴", 0.2), ("数", 0.25)]
    unsure = cell("代激保费", 0.27, options, at=1, again="代数保费")
    assert settled_alone(unsure)[0] == "代缴保费" and settled_alone(unsure)[1]
    other = cell("尚标准农田", 0.8, [("高", 0.04)])
    assert [settled_alone(other, *texts)[0] for texts in ((), ("高标准基本农田",))] == ["尚标准农田", "高标准农田"]


def test_a_letter_alone_between_characters_is_one_of_them_and_a_capital_within_a_word_is_small():
    assert settled_alone(cell("矫E对象", 0.85, [("王", 0.02), ("正", 0.01)], at=1))[0] == "矫正对象"
    assert settled_alone(cell("AB类", 0.8, [("王", 0.1)], at=1))[0] == "AB类"
    assert settled_alone(cell("ExCel格式", 0.8, [("c", 0.18)], at=2))[0] == "Excel格式"


def test_lines_down_at_one_edge_of_a_page_do_not_tell_how_it_was_photographed():
    """The shadow of a book's fold, beside rules across alone."""
    import cv2

    page = np.full((900, 1200), 255, np.uint8)
    for y in range(80, 880, 90):
        cv2.line(page, (80, y), (1120, y + 12), 0, 2)
    upright = page.copy()
    for x in range(20, 80, 12):
        cv2.line(page, (x, 60), (x + 8, 860), 0, 2)
        cv2.line(upright, (x * 14, 60), (x * 14 + 8, 860), 0, 2)
    assert np.array_equal(from_above(page, 2.0)[1], np.eye(3))
    assert not np.array_equal(from_above(upright, 2.0)[1], np.eye(3))


def test_a_figure_that_may_be_the_last_letter_of_a_word_is_in_doubt_however_sure_it_is_read():
    text, doubt, _ = settled_alone(cell("支持Exce12016格式"))
    assert text == "支持Excel2016格式" and "l" in doubt
    assert not in_doubt(cell("支持Excel2016格式")) and not in_doubt(cell("PM10浓度")) and not in_doubt(cell("IPv6改造"))


def test_what_the_recogniser_is_blind_for_is_read_in_words_though_figures_and_marks_stand_beside_it():
    sure = "00718-北街古建筑"
    assert (
        settled_alone(cell("00718-北内街古建筑", 0.78, [("巾", 0.1), ("门", 0.03)], at=7), sure)[0]
        == "00718-北门街古建筑"
    )


def test_a_text_in_doubt_may_be_what_another_of_its_readings_says_and_a_speck_nothing():
    assert settled_alone(cell("农口灌排标/准", 0.6, [("", 0.36)], at=5, again="农田灌排标准"))[0] == "农田灌排标准"
    assert settled_alone(cell("对已建成", 0.65, [("口", 0.05)], at=1))[0] == "对已建成"  # 对口 is a commoner word


def test_strokes_one_below_the_other_are_no_rule():
    gray = np.full((400, 400), 255, np.uint8)
    for y in (50, 150, 250, 350):
        gray[y : y + 2, 20:380] = 0
    for x in (20, 378):
        gray[50:350, x : x + 2] = 0
    for top in range(60, 140, 12):  # 川 over 川: strokes with a pixel or two between
        gray[top : top + 10, 200:202] = 0
    rules, *_ = rules_in(gray, 200 / 72)
    assert not [rule for rule in rules if not rule.horizontal and 60 < rule.at * 200 / 72 < 340]


def test_a_stroke_in_line_with_the_rule_below_is_no_part_of_it():
    gray, scale = np.full((500, 500), 255, np.uint8), 300 / 72
    for y in (20, 75, 130, 255, 380):
        gray[y : y + 3, 20:480] = 0
    for x in (20, 478):
        gray[20:380, x : x + 3] = 0
    gray[130:383, 240:243] = 100
    gray[79:117, 240:243] = gray[121:125, 240:243] = 100  # a stroke in the row above and a speck below it
    rules, *_ = rules_in(gray, scale)
    down = [rule for rule in rules if not rule.horizontal and 230 < rule.at * scale < 250]
    assert len(down) == 1 and abs(down[0].start * scale - 130) < 4


def test_what_is_left_of_a_cut_line_is_read_with_paper_where_the_rest_was():
    from budgetperf.readers.scan.lines import with_margin

    gray = np.full((40, 60), 255, np.uint8)
    gray[36:40, 10:50] = 0
    crop = with_margin(gray, (10, 36, 50, 40), 10.0, (0, 0, 60, 40))
    dark = np.flatnonzero((crop < 128).any(axis=1))
    assert dark[0] <= 2 and len(crop) - dark[-1] > 6


@pytest.mark.parametrize("edge", ["foot", "head"])
def test_a_line_cut_by_the_page_is_read_by_the_characters_printed_whole_elsewhere(edge):
    from PIL import Image, ImageDraw

    from budgetperf.mend.halves import SIZE, _font

    page, places, spotted = Image.new("L", (600, 200), 255), [], []
    for n, text in enumerate(("00378-图书借阅与文化活动", "2024年新建村级场馆", "00372-图书馆文化馆")):
        ImageDraw.Draw(page).text((40, 20 + 60 * n), text, font=_font(), fill=0)
        box = ImageDraw.Draw(page).textbbox((40, 20 + 60 * n), text, font=_font())
        ends = [_font().getlength(text[:k]) for k in range(len(text) + 1)]
        width = box[2] - box[0] + 1.5 * SIZE
        middles = [((a + b) / 2 - box[0] + 40 + SIZE / 2) / width for a, b in pairwise(ends)]
        places.append(Place(box, (0, 0, 600, 200), 0, n))
        spotted.append([Spotted(c, at, 0.99, ()) for c, at in zip(text, middles, strict=True)])
    gray = np.asarray(page).copy()
    left, top, right, bottom = places[2].box
    box = (left, top, right, top + 13) if edge == "foot" else (left, bottom - 14, right, bottom)
    gray[top : box[1]] = gray[box[3] : bottom] = 255
    places[2] = Place(box, (0, 0, 600, box[3]) if edge == "foot" else (0, box[1], 600, 200), 0, 2)
    read_as = with_cut_lines(places, [*spotted[:2], [Spotted("例", 0.5, 0.4, ())]], gray, gray < 128, SIZE)
    found = "".join(sign.text for sign in read_as[2])
    assert read_as[:2] == spotted[:2] and found[:4] == "0037" and found.endswith("图书馆文化馆")
    assert all(sign.confidence < 0.9 for sign in read_as[2])


def test_what_six_readings_say_alike_is_sure_unless_it_is_a_figure():
    alike = cell("小反刍兽疫", 0.8, [("当", 0.1)], at=2)._replace(again=("小反刍兽疫",) * 6)
    assert not in_doubt(alike) and in_doubt(alike._replace(again=("小反刍兽疫",)))
    assert in_doubt(alike._replace(again=("小反刍兽疫",) * 5 + ("小反当兽疫",)))
    assert in_doubt(cell("1803", 0.8, [("0", 0.1)], at=1)._replace(again=("1803",) * 6))


@pytest.mark.parametrize(
    ("heights", "kept"),
    [((6.0, 9.0), "lower"), ((9.0, 6.0), "upper"), ((15.0, 15.0), "both"), ((6.0, 3.0), "both")],
)
def test_a_row_of_a_scan_cut_by_a_page_is_one_row_in_doubt(heights, kept):
    """Either half lower than whole rows, both together as high as one: else they are two rows, whatever they say."""
    heads, whole = ["一级指标", "二级指标", "三级指标", "指标值"], ["产出指标", "数量指标", "养护里程", "12"]
    rows = {1: [(heads, 15.0), (whole, 15.0), (["产出指标", "质量指栎", "管道间人讨", "95"], heights[0])]}
    rows[2] = [(heads, 15.0), (["产出指标", "质重拍怀", "管道闭水试验", "9"], heights[1]), (whole, 15.0)]
    records, signs = [], {}
    for page, printed in rows.items():
        top = 0.0
        for row, (texts, height) in enumerate(printed, 1):
            for col, text in enumerate(texts, 1):
                place = {"x0": col * 90.0, "x1": col * 90.0 + 90, "y0": top, "y1": top + height}
                sure = 0.5 if text in ("管道间人讨", "质重拍怀", "9") else 0.9999
                signs[len(records)] = cell(text, sure)
                records.append({"page": page, "table": 1, "row": row, "col": col, "text": text, **place})
            top += height
    pages = pages_frame([{"page": 1}, {"page": 2}])
    after, settled = settle_recognised(Reading(cells_frame(records), pages, "pdf", recognised=signs))
    texts = after.cells["text"].tolist()
    upper, lower = texts[8:12], texts[16:20]
    if kept == "both":
        assert upper[2:] == ["管道间人讨", "95"] and lower[2:] == ["管道闭水试验", "9"]
    else:
        one, other, first = (upper, lower, 8) if kept == "upper" else (lower, upper, 16)
        assert one == ["产出指标", "质量指标", "管道闭水试验", "95"] and other == [""] * 4
        assert settled[first + 2].doubt and settled[first + 3].doubt


@pytest.mark.parametrize(
    ("below", "texts"),
    [
        (("产出指标", "数量指标", "养护里程"), ["一级绩效指标", "二级绩效指标", "三级绩效指标"]),
        (
            ("养护里程", "产出指标", "数量指标"),
            ["一级绩效指标", "级绩效指标", "二级绩效指标"],
        ),  # other columns than those
    ],
)
def test_misread_heads_of_levels_are_told_by_their_order_and_the_names_below(below, texts):
    heads = (cell("一级绩效指标"), cell("级绩效指标", 0.8), cell("二级绩效指标", unread_ink=True))
    rows = [["".join(sign.text for sign in head.signs) for head in heads], below, below]
    records = [
        {"page": 1, "table": 1, "row": row, "col": col, "text": text, "x0": col * 50.0, "x1": col * 50.0 + 50}
        for row, cells in enumerate(rows)
        for col, text in enumerate(cells)
    ]
    reading = Reading(cells_frame(records), pages_frame([{"page": 1}]), "pdf", recognised=dict(enumerate(heads)))
    assert settle_recognised(reading)[0].cells["text"].tolist()[:3] == texts
    sure = reading._replace(recognised={**reading.recognised, 2: cell("二级绩效指标")})
    assert settle_recognised(sure)[0].cells["text"].iat[2] == "二级绩效指标"  # read for sure: another document's order


@pytest.mark.parametrize(
    ("level1", "level2", "told"),
    [
        (cell("源标", 0.4), cell("服务对象满意度指标"), ["满意度指标", "服务对象满意度指标"]),
        (cell("源标", 0.4), cell("象意标", 0.4), ["源标", "象意标"]),
        (cell("产出指标"), cell("成不标", 0.4), ["产出指标", "成本指标"]),
        (cell("效益指标"), cell("成不标", 0.4), ["效益指标", "成不标"]),  # none of those under it
        (cell("源标", 0.9999), cell("服务对象满意度指标"), ["源标", "服务对象满意度指标"]),  # the unit's own
    ],
)
def test_a_level_in_doubt_is_told_by_the_one_beside_it_and_stays_in_doubt(level1, level2, told):
    heads = ["一级指标", "二级指标", "三级指标"]
    signs = dict(enumerate([*map(cell, heads), level1, level2._replace(unread_ink=level2.signs[0].confidence < 0.9)]))
    texts = ["".join(sign.text for sign in one.signs) for one in signs.values()]
    records = [
        {"page": 1, "table": 1, "row": 1 + n // 3, "col": n % 3, "text": text, "x0": n % 3 * 50.0, "x1": n % 3 * 50.0 + 50}
        for n, text in enumerate(texts)
    ]  # fmt: skip
    records[3]["rowspan"] = 2
    records[4]["row"] = 3  # the second of the rows that the level 1 covers
    after, settled = settle_recognised(
        Reading(cells_frame(records), pages_frame([{"page": 1}]), "pdf", recognised=signs)
    )
    assert after.cells["text"].tolist()[3:] == told
    assert all(settled[n].doubt and settled[n].grade == "likely" for n in (3, 4) if told[n - 3] != texts[n])


@pytest.mark.parametrize(
    ("read_as", "text"),
    [("Exce1", "Excel"), ("Exce12016", "Excel2016"), ("Windows10", "Windows10"), ("Top100", "Top100")],
)
def test_a_figure_behind_letters_is_their_last_one_unless_it_begins_a_number(read_as, text):
    signs = tuple(Sign(c, 0.9999, ()) for c in read_as)
    assert in_words(Recognised(signs, (0, 0, 1, 1), (read_as,))) == text and in_doubt(cell(read_as))


@pytest.mark.parametrize(
    ("read_as", "text"),
    [
        (cell("5107/200022100000451-图书", 0.5, [("2", 0.4)], at=4), "51072200022T00000451-图书"),
        (cell("51072200022100000451-图书", 0.99), "51072200022T00000451-图书"),
        (cell("51073200022T00000451-图书", 0.5, [("2", 0.4)], at=4), "51072200022T00000451-图书"),
        (cell("群众对服务，满意度", 0.4, [("", 0.6), ("", 0.3)], at=5), "群众对服务满意度"),
    ],
)
def test_codes_and_stops_are_settled_by_what_the_document_has(read_as, text):
    codes = ["51072200022T00000398-道路", "51072200022T00000411-校舍", "51072200022T00000476-气象"]
    texts = [*codes, "".join(sign.text for sign in read_as.signs)]
    cells = cells_frame([{"page": 1, "table": 0, "row": 1, "col": 1, "text": t} for t in texts])
    reading = Reading(
        cells, pages_frame([{"page": 1}]), "pdf", recognised={n: cell(t) for n, t in enumerate(codes)} | {3: read_as}
    )
    after, settled = settle_recognised(reading)
    assert after.cells["text"].iat[3] == text and not settled[3].doubt and settled[3].grade == "likely"


@pytest.mark.parametrize(
    ("text", "signs", "settled_as", "grade"),
    [
        ("8.31", cell("8.31", 0.6, [("5", 0.3)], at=2), "8.51", "certain"),
        ("0FA", cell("0FA", 0.2), "8.51", "likely"),
        ("851", cell("851", 0.7), "8.51", "certain"),  # its point was lost
        (
            "8.31",
            cell("8.31", 0.7),
            None,
            None,
        ),  # no reading of it, and read well enough: the unit's own sum may be wrong
    ],
)
def test_a_figure_in_doubt_is_what_its_sum_leaves(text, signs, settled_as, grade):
    cells = cells_frame([{"page": 1, "table": 1, "row": n, "col": 1, "text": t} for n, t in enumerate(("10.00", text))])
    reading = Reading(cells, pages_frame([{"page": 1}]), "pdf", recognised={1: signs})
    placed = cells.assign(project_no=pd.array([1, 2], dtype="Int64"), field="budget_wan_yuan")
    read_so = 10 if text == "0FA" else 10 + Decimal(text)
    checks = pd.DataFrame(
        [(None, "total", "18.51", str(read_so), False, "")],
        columns=["project_no", "check", "expected", "actual", "passed", "note"],
    )
    found = settle_by_sums(reading, {1: Settled(text, "", "likely", "没有把握")}, placed, checks, "万元")
    assert [(s.text, s.grade) for s in found.values()] == ([(settled_as, grade)] if settled_as else [])


@pytest.mark.parametrize(
    ("scores", "found"), [(["7.5", "9"], ["7.5", "7.5"]), (["8.5", "9"], []), (["7.5", "1.0"], ["7.5", "7.5"])]
)
def test_points_that_all_lost_their_point_are_those_of_the_sum_where_the_document_has_such(scores, found):
    texts = [*scores, "10", "75", "75", "15"]
    cells = cells_frame([{"page": 1, "table": 1, "row": n, "col": 1, "text": t} for n, t in enumerate(texts)])
    reading = Reading(cells, pages_frame([{"page": 1}]), "pdf", recognised={n: cell(t) for n, t in enumerate(texts)})
    placed = cells.assign(project_no=pd.array([1] * 6, dtype="Int64"), field=["score"] * 2 + ["weight"] * 4)
    checks = pd.DataFrame(
        [(1, "weights", "40", "175", False, "")],
        columns=["project_no", "check", "expected", "actual", "passed", "note"],
    )
    settled = settle_by_sums(reading, {}, placed, checks, "万元")
    assert [cell.text for cell in settled.values()] == found and set(settled) <= {3, 4}


@pytest.mark.parametrize(("others", "found"), [(["30", "40"], []), (["20", "50"], ["20"])])
def test_points_that_could_not_be_read_are_those_of_the_sum_only_where_the_document_has_such(others, found):
    texts = [*others, "1"]
    cells = cells_frame([{"page": 1, "table": 1, "row": n, "col": 1, "text": t} for n, t in enumerate(texts)])
    reading = Reading(cells, pages_frame([{"page": 1}]), "pdf", recognised={2: cell("1", 0.2)})
    placed = cells.assign(project_no=pd.array([1, 1, 1], dtype="Int64"), field="weight")
    actual = sum(map(int, texts))
    columns = ["project_no", "check", "expected", "actual", "passed", "note"]
    checks = pd.DataFrame([(1, "weights", "90", str(actual), False, "")], columns=columns)
    settled = settle_by_sums(reading, {2: Settled("1", "", "likely", "没有把握")}, placed, checks, "万元")
    assert [s.text for s in settled.values()] == found
