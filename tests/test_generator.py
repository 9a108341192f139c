"""The generator of documents: deterministic, true to its options, and everything printed that the truth says."""

import itertools
import random
import re
from decimal import Decimal
from types import SimpleNamespace

import lxml.html
import openpyxl
import pandas as pd
import pypdfium2
import pytest
from docx import Document
from generator import stock
from generator.damage import KINDS, damage
from generator.docx import to_docx
from generator.fonts import PACKAGED
from generator.html import to_html
from generator.pdf import STYLE, random_style, to_pdf
from generator.table import amount, blocks, value_text
from generator.text import to_text
from generator.truth import OPTIONS, joined, make_truth, random_options, split_units
from generator.xlsx import to_xlsx
from scoring import score, wrong_cells

LAYOUTS = ["approval", "sichuan", "onevalue", "form", "selfeval"]


def squeezed(text) -> str:
    return re.sub(r"\s+", "", str(text))


def printed_texts(truth: dict) -> set[str]:
    """Every text of the truth as its document prints it, blanks removed."""
    how, texts = truth["document"]["print"], set()
    for project in truth["projects"]:
        texts |= {project["project_name"], project["project_code"], project["category"], project["objective"]}
        texts |= {project["unit_code"], project["unit_name"], amount(project["budget"], how)}
        if "executed" in project:
            texts |= {amount(project["executed"], how), project["execution_rate"], project["execution_score"]}
    for row in truth["indicators"]:
        texts |= {row["level1"], row["level2_printed"], row["name"], row["weight_printed"] or ""}
        texts |= {row.get("actual", ""), row.get("score", ""), row.get("deviation_note", "")}
        glued = how["layout"] in ("onevalue", "form") or (how["layout"] == "selfeval" and not how["two_row_header"])
        texts |= {value_text(row)} if glued else {row["comparator_printed"], row["target"], row["measure_unit"]}
    return {squeezed(text) for text in texts}


def dataset_of(truth: dict, status: str = "open", **frames) -> SimpleNamespace:
    """A Dataset that says exactly what the truth says."""
    projects, indicators = [], []
    for number, p in enumerate(truth["projects"], 1):
        code, _, name = p["category"].partition("-")
        projects.append(
            {**p, "project_no": number, "category_code": code, "category_name": name, "budget_wan_yuan": p["budget"]}
            | {"executed_wan_yuan": p.get("executed")}
        )
        rows = [i for i in truth["indicators"] if i["project_code"] == (p["project_code"] or p["project_name"])]
        for k, row in enumerate(rows, 1):
            more = {"project_no": number, "indicator_no": k, "target_text": row["target"]}
            indicators.append({**row, **more, "actual_text": row.get("actual")})
    empty = pd.DataFrame()
    tables = {"projects": pd.DataFrame(projects), "indicators": pd.DataFrame(indicators)}
    tables["documents"] = pd.DataFrame({"status": [status]})
    return SimpleNamespace(**{"checks": empty, "findings": empty, "repairs": empty, **tables, **frames})


def test_stock_is_rich():
    themes = stock.themes()
    assert len(themes) >= 40
    assert all(7 <= len(theme.indicators) <= 13 for theme in themes)
    rows = [row for theme in themes for row in theme.indicators]
    assert len(rows) >= 400
    assert {row[2] for row in rows} == {"≥", "≤", "=", "定性"}
    assert {"", "%", "‰", "元/人/月", "万平方米"} <= {row[4] for row in rows}
    assert any("-" in row[3] for row in rows) and any("." in row[3] for row in rows)
    assert all(any(row[0] in "经社态续" for row in theme.indicators) for theme in themes)
    assert len({theme.name for theme in themes}) == len(themes)


@pytest.mark.parametrize("seed", range(0, 100, 4))
def test_truth_keeps_its_options(seed):
    options = random_options(seed)
    truth = make_truth(seed, **options)
    assert truth == make_truth(seed, **options)
    assert truth != make_truth(seed + 1, **options)
    assert len(truth["projects"]) == options["projects"]
    keys = [p["project_code"] or p["project_name"] for p in truth["projects"]]
    assert len(set(keys)) == len(keys) and keys == list(dict.fromkeys(i["project_code"] for i in truth["indicators"]))
    total = truth["document"]["printed_total"]
    assert not total or Decimal(total) == sum(Decimal(p["budget"]) for p in truth["projects"])
    for key in keys:
        rows = [i for i in truth["indicators"] if i["project_code"] == key]
        assert all(len(i["name"]) <= (options["name_cut"] or 99) and i["name_full"].startswith(i["name"]) for i in rows)
        if not options["weights"]:
            assert {i["weight"] for i in rows} == {None}
            continue
        assert sum(Decimal(i["weight"]) for i in rows) == options["weights_sum"]
        assert all(Decimal(i["weight"]) == Decimal(i["weight_printed"]) > 0 for i in rows)
        for level, points in (options["shares"] or {}).items():
            assert sum(Decimal(i["weight"]) for i in rows if i["level1"] == level) == points
    assert all(30 <= len(p["objective"]) <= 400 for p in truth["projects"])


def test_many_projects_and_sisters():
    names = {p["project_name"] for p in make_truth(1, projects=900, layout="sichuan")["projects"]}
    assert len(names) == 900
    truth = make_truth(5, projects=60, near_duplicates=1.0)
    assert len({p["project_name"] for p in truth["projects"]}) == 60
    names = [
        tuple(i["name_full"][:5] for i in truth["indicators"] if i["project_code"] == p["project_code"])
        for p in truth["projects"]
    ]
    assert sum(a == b for a, b in itertools.pairwise(names)) >= 20


def test_unknown_options_are_refused():
    with pytest.raises(ValueError, match="wieghts"):
        make_truth(1, wieghts=False)
    with pytest.raises(ValueError, match="colour"):
        to_pdf(make_truth(1), 1, "never.pdf", colour=1)
    assert "projects" in OPTIONS and "page_break" in STYLE


@pytest.mark.parametrize("layout", LAYOUTS)
def test_blocks_cover_their_grid_and_hold_the_truth(layout):
    truth = make_truth(11, **random_options(11, layout))
    shown = ""
    for block in blocks(truth):
        seen = [
            (r, c)
            for cell in block.cells
            for r in range(cell.row, cell.row + cell.rowspan)
            for c in range(cell.col, cell.col + cell.colspan)
        ]
        assert len(seen) == len(set(seen)) == block.rows * len(block.fields)
        shown += squeezed("\t".join(cell.text for cell in block.cells))
    assert {text for text in printed_texts(truth) if text not in shown} == set()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_writers_print_every_text(layout, tmp_path):
    truth = make_truth(7, **random_options(7, layout))
    wanted = printed_texts(truth)
    to_xlsx(truth, tmp_path / "a.xlsx", sheet_each=True)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert len(book.worksheets) == len(blocks(truth))
    xlsx = "".join(squeezed(v) for sheet in book for row in sheet.iter_rows(values_only=True) for v in row if v)
    to_docx(truth, tmp_path / "a.docx", lines_as="paragraph")
    tables = Document(str(tmp_path / "a.docx")).tables
    docx = "".join(squeezed(c.text) for t in tables for row in t.rows for c in row.cells)
    pages = [lxml.html.fromstring(to_html(truth, 1, tidy=tidy, heads=tidy, frame=not tidy)) for tidy in (True, False)]
    plain = to_text(truth, 1, wrap_pages=0, cut=0)
    for text in (xlsx, docx, *(squeezed(page.text_content()) for page in pages), squeezed(plain)):
        assert {w for w in wanted if w not in text} == set()


def test_xlsx_numbers_look_as_printed(tmp_path):
    truth = make_truth(3, projects=4, weight_form="two")
    to_xlsx(truth, tmp_path / "n.xlsx", numbers=True, hidden=True)
    sheet = openpyxl.load_workbook(tmp_path / "n.xlsx").active
    cells = [c for row in sheet.iter_rows() for c in row if isinstance(c.value, int | float)]
    shown = {f"{c.value:,.2f}" for c in cells if c.number_format == "#,##0.00"}
    assert {amount(p["budget"], truth["document"]["print"]) for p in truth["projects"]} <= shown
    assert any(c.number_format == "0.00" and f"{c.value:.2f}" == "10.00" for c in cells)
    assert any(d.hidden for d in sheet.row_dimensions.values()) and sheet.merged_cells.ranges


def test_text_is_deterministic_and_real_text_is_worse():
    truth = make_truth(9, projects=14, name_cut=12)
    assert to_text(truth, 1) == to_text(truth, 1) != to_text(truth, 2)
    assert to_text(truth, 1).startswith(f"\n{truth['document']['title']}\n\n单位名称")
    twice = to_text(truth, 4, cut=1.0, read_twice=1.0, decay=1.0, rows_a_page=(5, 9), wrap_pages=0)
    amounts = {amount(p["budget"], truth["document"]["print"]) for p in truth["projects"]}
    assert any(a not in twice for a in amounts)  # their digits decayed in both readings, each digit in one
    fallen = to_text(truth, 1, weights_lost=3, wrap_pages=0, shift_left=0)
    whole = to_text(truth, 1, wrap_pages=0, shift_left=0)
    lost = [(a, b) for a, b in zip(whole.splitlines(), fallen.splitlines(), strict=True) if a != b]
    assert len(lost) == 3 and all(a.startswith(b.rstrip("\t")) for a, b in lost)


def test_unit_column_is_printed_on_one_page_only():
    truth = make_truth(2, projects=12)
    pages = to_text(truth, 1, wrap_pages=0, empty_columns=0, shift_left=0).split("\n\n")[2:]
    widths = [{len(line.split("\t")) for line in page.splitlines() if "≥" in line} for page in pages]
    assert len(pages) > 3 and all(len(w) == 1 for w in widths)
    assert sorted(w.pop() for w in widths)[-2:] == [11, 12]


@pytest.mark.parametrize("kind", KINDS)
def test_damage_changes_the_text(kind):
    text = to_text(make_truth(4, projects=9), 3)
    spoiled, what = damage(text, kind, random.Random(8))
    assert (spoiled, what) == damage(text, kind, random.Random(8))
    assert what and spoiled != text
    before, after = text.splitlines(), spoiled.splitlines()
    if kind in ("lose_row", "lose_total"):
        assert len(after) == len(before) - 1
    elif kind == "lose_page":
        assert len(after) < len(before) - 3
    elif kind == "duplicate_row":
        assert len(after) == len(before) + 1
    elif kind not in ("move_row", "swap_rows"):
        assert sum(a != b for a, b in zip(before, after, strict=True)) == 1
    else:
        assert sorted(before) == sorted(after)


def page_texts(path) -> list[str]:
    with pypdfium2.PdfDocument(path) as book:
        return [squeezed(page.get_textpage().get_text_bounded()) for page in book]


@pytest.mark.parametrize("page_break", ["row", "cut", "redraw"])
def test_pdf_prints_every_name(page_break, tmp_path):
    truth = make_truth(6, projects=12, name_cut=10)
    style = {"page": "A3 landscape", "size": 6.0, "page_break": page_break}
    count = to_pdf(truth, 1, tmp_path / "a.pdf", **style)
    to_pdf(truth, 1, tmp_path / "b.pdf", **style)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    texts = page_texts(tmp_path / "a.pdf")
    assert len(texts) == count > 1
    whole = "".join(texts)
    assert {i["name"] for i in truth["indicators"] if squeezed(i["name"]) not in whole} == set()
    budgets = [amount(p["budget"], truth["document"]["print"]) for p in truth["projects"]]
    assert all(b in whole for b in budgets)


def test_redrawn_cells_stand_once_or_on_each_page(tmp_path):
    truth = make_truth(8, projects=14, min_indicators=8)
    counts = {}
    for mode in ("one", "each"):
        to_pdf(truth, 1, tmp_path / "r.pdf", page_break="redraw", redraw_text=mode, header="every")
        texts = page_texts(tmp_path / "r.pdf")
        counts[mode] = "".join(texts).count("产出指标")
        assert all("一级指标" in text for text in texts)
    assert counts["each"] > counts["one"] == 14


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_rotated_pages_stand_upright(rotation, tmp_path):
    truth = make_truth(8, projects=2)
    boxes = []
    for turn in (0, rotation):
        to_pdf(truth, 1, tmp_path / "t.pdf", rotation=turn, page_numbers=False)
        with pypdfium2.PdfDocument(tmp_path / "t.pdf") as book:
            page = book[0]
            picture = page.render(scale=0.5).to_pil().convert("1")
            boxes.append((page.get_rotation(), picture.size, picture.point(lambda v: 255 - v).getbbox()))
    assert [b[0] for b in boxes] == [0, rotation] and boxes[0][1] == boxes[1][1]
    assert all(abs(a - b) <= 2 for a, b in zip(boxes[0][2], boxes[1][2], strict=True))


def test_breaks_are_where_they_are_wanted(tmp_path):
    truth = make_truth(12, projects=3)
    rows = blocks(truth)[0].rows
    assert to_pdf(truth, 1, tmp_path / "b.pdf", breaks=[6, rows - 2]) == 3
    assert squeezed(truth["indicators"][-1]["name"]) in page_texts(tmp_path / "b.pdf")[2]


def test_random_styles_and_an_embedded_font(tmp_path):
    for seed in range(12):
        truth = make_truth(seed, **random_options(seed) | {"projects": 3})
        assert to_pdf(truth, seed, tmp_path / "s.pdf", **random_style(seed)) >= 1
    truth = make_truth(1, projects=1)
    to_pdf(truth, 1, tmp_path / "e.pdf", font=str(PACKAGED), size=5.0)
    assert squeezed(truth["indicators"][0]["name"]) in "".join(page_texts(tmp_path / "e.pdf"))


def test_units_apart_and_joined():
    truth = make_truth(3, projects=9, units=3)
    parts = split_units(truth)
    assert len(parts) == 3 and joined(parts)["projects"] == truth["projects"]
    assert joined(parts)["indicators"] == truth["indicators"]
    sums = [Decimal(p["document"]["printed_total"]) for p in parts]
    assert sum(sums) == Decimal(truth["document"]["printed_total"])


@pytest.mark.parametrize("layout", LAYOUTS)
def test_scoring_finds_nothing_wrong_with_the_truth(layout):
    truth = make_truth(1, **random_options(1, layout))
    total, wrong, silent = score(truth, dataset_of(truth))
    assert total > 10 * len(truth["projects"]) and (wrong, silent) == (0, 0)


def test_scoring_tells_silent_from_flagged():
    truth = make_truth(1, projects=3)
    data = dataset_of(truth)
    data.projects.loc[1, "budget_wan_yuan"] = "0.01"
    data.indicators.loc[0, "weight"] = "99"
    cells = {(c["project"], c["field"]): c["flagged"] for c in wrong_cells(truth, data)}
    first, second = (p["project_name"] for p in truth["projects"][:2])
    assert cells == {(second, "budget"): False, (first, "weight"): False}
    failed = pd.DataFrame([{"project_no": 2.0, "passed": False}, {"project_no": 3.0, "passed": False}])
    repairs = pd.DataFrame([{"project_no": 1, "field": "weight"}, {"project_no": 2, "field": "objective"}])
    data = dataset_of(truth, projects=data.projects, indicators=data.indicators, checks=failed)
    assert score(truth, data)[1:] == (2, 1)
    data.repairs = repairs.assign(grade="certain")
    assert score(truth, data)[1:] == (2, 1), "what is called certain is no flag"
    data.repairs = repairs.assign(grade="likely")
    assert score(truth, data)[1:] == (2, 0)
    data.checks = pd.DataFrame([{"project_no": 1, "passed": True}])
    data.findings = pd.DataFrame([{"project_no": 2, "rule": "D07"}, {"project_no": 1, "rule": "Q04"}])
    assert score(truth, data)[1:] == (2, 1)
    data.findings = pd.DataFrame([{"project_no": 2, "rule": "D01"}])
    assert score(truth, data)[1:] == (2, 0)
    data.documents["status"] = "reconciled"
    assert score(truth, data)[1:] == (2, 2), "what is called reconciled answers for every cell"


def test_scoring_counts_missing_and_extra_rows():
    truth = make_truth(1, projects=3)
    data = dataset_of(truth)
    missing = data.indicators.drop(index=0)
    fields = {c["field"] for c in wrong_cells(truth, dataset_of(truth, indicators=missing))}
    assert fields == {"level1", "level2", "name", "comparator", "target", "measure_unit", "weight"}
    lost = dataset_of(truth, projects=data.projects.iloc[:2])
    wrong = wrong_cells(truth, lost)
    assert {c["project"] for c in wrong} == {truth["projects"][2]["project_name"]} and not any(
        c["flagged"] for c in wrong
    )
    code = truth["projects"][1]["project_code"]
    misread = dataset_of(truth, projects=data.projects.replace({"project_code": {code: f"{code[:-1]}Z"}}))
    assert [c["field"] for c in wrong_cells(truth, misread)] == ["project_code"], "one character, one cell"
    twice = pd.concat([data.projects, data.projects.iloc[:1].assign(project_no=9, project_code="X", project_name="Y")])
    assert [c["field"] for c in wrong_cells(truth, dataset_of(truth, projects=twice))] == ["project_no"]
