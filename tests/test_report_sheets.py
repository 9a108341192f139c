"""取证单: a page a finding whatever the text, figures as in the tables, doubt and decisions said, room to sign."""

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import docx
import matplotlib
import pandas as pd
import pypdfium2
import pytest
from docx.oxml.ns import qn
from generator.pdf import to_pdf
from generator.truth import make_truth
from office import converted
from PIL import Image

matplotlib.use("Agg")

import budgetperf
from budgetperf.audit.load import all_rules
from budgetperf.audit.run import audit
from budgetperf.errors import InputError
from budgetperf.evidence.view import View
from budgetperf.report.word import evidence_sheets as sheets
from budgetperf.report.word.evidence_sheets import write_evidence_sheets
from budgetperf.report.word.parts import crop_of, lines_needed
from budgetperf.report.word.sheet_facts import fact_of
from budgetperf.tables.dataset import Dataset

REAL = Path(__file__).parents[1] / "data/raw/huangyuan-chengguan-2024-approval.txt"
HOSTILE = "=1+1 <script>alert(1)</script> \x07 👩‍👩‍👧 \u202eabc\u200f مرحبا @SUM(A1)\n-2"


@pytest.fixture(scope="module")
def real():
    return budgetperf.build([REAL])


@pytest.fixture(scope="module")
def chosen(real):
    """One finding of each of a dozen rules, of the whole document, of projects and of indicators."""
    return real.findings.groupby("rule", sort=False).head(1).head(12)


def forms(path) -> list:
    """The form of each sheet: label → text."""
    body = docx.Document(path)
    return [rows_of(table) for table in body.tables]


def rows_of(table) -> dict[str, str]:
    found = {}
    for row in table._tbl.findall(qn("w:tr")):
        cells = [text_of(cell) for cell in row.findall(qn("w:tc"))]
        found |= dict(zip(cells[::2], cells[1::2], strict=True))
    return found


def text_of(element) -> str:
    lines = ["".join(part.text or "" for part in one.iter(qn("w:t"))) for one in element.iter(qn("w:p"))]
    return "\n".join(line for line in lines if line)


def figures(table) -> list[list[str]]:
    """The rows of the table of figures within a form."""
    inner = next(iter(table._tbl.iterfind(f".//{qn('w:tc')}/{qn('w:tbl')}")))
    return [[text_of(cell) for cell in row.findall(qn("w:tc"))] for row in inner.findall(qn("w:tr"))]


def pages_of(path, folder) -> list[str]:
    document = pypdfium2.PdfDocument(converted(path, "pdf", folder))
    texts = [document[k].get_textpage().get_text_bounded() for k in range(len(document))]
    document.close()
    return texts


# ---- content ---------------------------------------------------------------------------------------------------------


def test_a_page_a_finding(real, chosen, tmp_path):
    path = write_evidence_sheets(real, chosen, tmp_path / "取证单", source=REAL.parent)
    made = forms(path)
    assert path.name == "取证单.docx" and len(made) == len(chosen)
    for form, row in zip(made, chosen.itertuples(), strict=True):
        assert form["编号"] == row.finding_id and form["级别"].startswith(row.severity)
        assert form["被审计（调查）单位"] == "湟源县城关镇人民政府（本级）"
        assert form["审计（调查）事项"].startswith(f"{row.rule} ") and len(form["审计（调查）事项"]) > 6
        assert form["依据"] == row.basis and row.basis not in form["审计（调查）事实"], "the basis is said once"
        assert "sha256 1344b18f75a2…" in form["出处"] and REAL.name in form["出处"]
        assert ("不确定" in form) == row.uncertain
        assert "签字" in form["被审计（调查）单位意见"] and "签字" in form["审计人员"] and "签字" in form["复核人员"]
    texts = pages_of(path, tmp_path)
    assert len(texts) == len(made), "a sheet is a page"
    for text, row in zip(texts, chosen.itertuples(), strict=True):
        assert row.finding_id in text and "复核人员" in text


def test_the_figures_are_the_tables(real, tmp_path):
    row = real.findings[real.findings["rule"] == "B01"]
    path = write_evidence_sheets(real, row, tmp_path / "a.docx", source=REAL.parent)
    table = docx.Document(path).tables[0]
    finding = row.iloc[0]
    key = (real.indicators["project_no"] == finding["project_no"]) & (
        real.indicators["indicator_no"] == finding["indicator_no"]
    )
    one = real.indicators[key].iloc[0]
    printed = [one[name] for name in ("level1", "level2", "name", "comparator", "target_text", "measure_unit")]
    assert figures(table)[1] == [*printed, f"{one['weight']:,f}"]
    form = rows_of(table)
    project = real.projects[real.projects["project_no"] == finding["project_no"]].iloc[0]
    assert form["项目"].startswith(f"3. {project['project_name']}（{project['project_code']}）")
    assert f"预算数 {project['budget_wan_yuan']:,f} 万元" in form["项目"]
    assert (
        form["审计（调查）事实"]
        == "指标“完成经费总额”（指标值 =41万元）：指标为 41 万元，预算数为 44 万元，相差 3 万元。"
    )
    assert len(docx.Document(path).inline_shapes) == 1, "the crop"


def test_a_document_as_a_whole(real, tmp_path):
    whole = real.findings[(real.findings["rule"] == "C03") & real.findings["project_no"].isna()]
    path = write_evidence_sheets(real, whole, tmp_path / "a.docx", source=REAL.parent)
    table = docx.Document(path).tables[0]
    assert rows_of(table)["项目"] == "整份文件：2024年部门预算项目支出绩效目标批复表"
    budgets = real.projects.set_index("project_no")["budget_wan_yuan"]
    shown = figures(table)
    place = shown[0].index("预算数（万元）")
    assert len(shown) > 5 and all(row[place] == f"{budgets[int(row[0])]:,f}" for row in shown[1:])


def test_doubt_names_the_repairs_that_it_rests_on(real, tmp_path):
    judged = real.repairs["grade"].mask(real.repairs["kind"] == "reading", "likely")
    real = replace(real, repairs=real.repairs.assign(grade=judged))
    findings = audit(real)
    unsure = findings[findings["uncertain"] & findings["project_no"].notna()].head(2)
    for form in forms(write_evidence_sheets(real, unsure, tmp_path / "a.docx", source=REAL.parent)):
        numbers = [int(number) for number in re.findall(r"修复 (\d+)（", form["不确定"])]
        named = real.repairs[real.repairs["repair_no"].isin(numbers)]
        assert len(named) == len(numbers) > 0 and named["kind"].isin(["value", "reading"]).all()
    columns = {
        name.rpartition(".")[2] for rule in all_rules() if rule.id in set(unsure["rule"]) for name in rule.inputs
    }
    assert set(named["field"]) <= columns | {"project_no", "row"}, "only what the rule looks at"


def test_a_decision_is_on_the_sheet(real, tmp_path):
    row = real.findings.head(1).assign(decision="confirmed", decision_reason=HOSTILE, decided_by="王某")
    form = forms(write_evidence_sheets(real, row, tmp_path / "a.docx", source=REAL.parent))[0]
    assert form["处理决定"].startswith("属实。理由：=1+1 <script>") and "处理人：王某" in form["处理决定"]


@pytest.mark.parametrize(("by", "sheets_made"), [("project", 22), ("unit", 1)])
def test_several_findings_on_a_sheet(real, by, sheets_made, tmp_path):
    path = write_evidence_sheets(real, real.findings, tmp_path / "a.docx", by=by, source=REAL.parent)
    made = forms(path)
    assert len(made) == sheets_made
    facts = "\n".join(form["审计（调查）事实"] for form in made)
    assert all(number in facts for number in real.findings["finding_id"])
    grades = [re.findall(r"^\d+\. \[([EWI]) ", form["审计（调查）事实"], re.MULTILINE) for form in made]
    assert all(found == sorted(found, key="EWI".index) for found in grades), "the most grave first"


# ---- a page, whatever the text ---------------------------------------------------------------------------------------


def with_text(dataset: Dataset, **columns) -> Dataset:
    return replace(dataset, projects=dataset.projects.assign(**columns))


def test_long_texts_leave_it_one_page(real, tmp_path):
    rows = real.findings[real.findings["rule"].isin(["Q01", "X05", "B01", "C03"])].groupby("rule").head(1)
    long = with_text(
        real, objective="保障全年正常运转，" * 450, unit_name="某某县某某局" * 12, project_name=HOSTILE + "长" * 3000
    )
    rows = rows.assign(message="事实很长，数字不符。" * 25)
    path = write_evidence_sheets(long, rows, tmp_path / "a.docx", source=REAL.parent)
    texts = pages_of(path, tmp_path)
    assert len(texts) == len(rows)
    assert all(form["审计（调查）事实"] == "事实很长，数字不符。" * 25 for form in forms(path)), "a fact is never cut"
    assert "（共4,050字）" in "".join("".join(texts).split()), "the objective is, and says so"


def test_a_fact_longer_than_a_page_goes_on(real, tmp_path):
    rows = real.findings.head(1).assign(message="事实很长，数字不符。" * 150)
    path = write_evidence_sheets(real, rows, tmp_path / "a.docx", source=REAL.parent)
    texts = pages_of(path, tmp_path)
    assert len(texts) == 2 and all(text.strip() for text in texts)
    assert forms(path)[0]["审计（调查）事实"] == "事实很长，数字不符。" * 150


def test_the_crop_of_a_pdf(tmp_path):
    pdf = tmp_path / "甲.pdf"
    to_pdf(
        make_truth(5, projects=4, name_cut=None, execution=None), 5, pdf, size=7.0, page="A4 landscape", edges="closed"
    )
    dataset = budgetperf.build([pdf])
    rows = dataset.findings[dataset.findings["project_no"].notna()].head(3)
    path = write_evidence_sheets(dataset, rows, tmp_path / "a.docx", source=pdf, lang="en")
    document = docx.Document(path)
    assert len(document.inline_shapes) == len(rows) and len(pages_of(path, tmp_path)) == len(rows)
    assert "Reviewer" in forms(path)[0] and "Signed" in forms(path)[0]["Reply of the unit"]
    missing = write_evidence_sheets(dataset, rows, tmp_path / "b.docx", source=tmp_path / "无")
    assert "没有找到原文件" in forms(missing)[0]["证据"]


@pytest.mark.parametrize("place", [(40, 30), (1500, 900), (2900, 2300)])
def test_a_large_crop_is_cut_around_the_frame_not_made_small(place):
    page = Image.new("RGB", (3000, 2400), "white")
    page.paste((0xD0, 0, 0), (place[0], place[1], place[0] + 60, place[1] + 40))
    image, across, down = crop_of(View("", [], images=[page]), 400, 100)
    assert across <= 400 and down <= 100.5 and across / image.width == pytest.approx(down / image.height, rel=0.02)
    assert across / image.width * 216 / 72 >= 0.74, "print is still legible"
    pixels = image.getcolors(10_000_000)
    assert {colour: count for count, colour in pixels}[(0xD0, 0, 0)] == 60 * 40, "the framed cell is all there"


def test_the_reply_gives_way_before_the_signatures_go_to_another_page(real, chosen, tmp_path):
    row, heights = chosen.head(1), []
    for signs in (1, *range(700, 1300, 50), 4000):
        path = write_evidence_sheets(real, row.assign(message="字" * signs), tmp_path / "a.docx", source=tmp_path)
        text = next(one for one in docx.Document(path).element.body.iter(qn("w:p")) if "负责人" in text_of(one))
        heights.append(int(text.find(f".//{qn('w:spacing')}").get(qn("w:before"))) / 20 + sheets.LINE + sheets.PAD)
    assert heights[0] > sheets.OPINION > min(heights) >= sheets.LEAST_REPLY - 0.1
    assert heights[-1] == pytest.approx(sheets.OPINION, abs=0.1), "where a second page is needed it has its room"


def test_words_that_go_to_the_next_line_whole_are_counted():
    """An estimate that is short by a line leaves the signatures to a page of their own."""
    assert lines_needed("一二三四五六七八（17b0df742286）九十", 100, 10) == 3
    assert lines_needed("a" * 100, 100, 10) == 6 and lines_needed("", 100, 10) == 1
    assert lines_needed("保障全年运行，" * 10, 100, 10) <= 9


# ---- the call --------------------------------------------------------------------------------------------------------


def test_what_cannot_be_done_is_said(real, chosen, tmp_path, monkeypatch):
    path = tmp_path / "a.docx"
    for findings, more, said in (
        (chosen.iloc[:0], {}, "没有选中任何审计发现"),
        (chosen, {"by": "rule"}, "不能按“rule”分页"),
        (chosen, {"lang": "fr"}, "没有语言 fr"),
        (chosen.drop(columns="basis"), {}, "缺少列 basis"),
        (chosen.assign(document_id="x"), {}, "不属于这些数据"),
    ):
        with pytest.raises(InputError, match=said):
            write_evidence_sheets(real, findings, path, **more)
    monkeypatch.setattr(sheets, "MOST_SHEETS", 3)
    with pytest.raises(InputError, match="多于 3 张"):
        write_evidence_sheets(real, chosen, path)
    assert not path.exists()


def test_progress_and_template(real, chosen, tmp_path):
    template = docx.Document()
    template.sections[0].header.paragraphs[0].text = "甲县审计局"
    template.save(tmp_path / "t.docx")
    said = []
    short = chosen[chosen["indicator_no"].notna()].head(2)  # a template of wide margins has room for little
    path = write_evidence_sheets(
        real, short, tmp_path / "a.docx", source=REAL.parent, template=tmp_path / "t.docx",
        progress=lambda *step: said.append(step[:2]),
    )  # fmt: skip
    assert said == [(1, 2), (2, 2)]
    assert docx.Document(path).sections[0].header.paragraphs[0].text == "甲县审计局"
    assert len(pages_of(path, tmp_path)) == 2


def test_the_fact_keeps_what_it_cannot_tell_apart():
    row = pd.Series({"message": "别的写法；依据：别的。", "basis": "本规", "page": None, "project_no": 3})
    assert fact_of(row, pd.Series({"project_name": "甲"})) == "别的写法；依据：别的。"
    english = pd.Series(
        {
            "message": "“某局”, project “甲” (p. 2), indicator “乙”: too low. Basis: x. Correct it.",
            "basis": "x",
            "page": 2,
            "project_no": 3,
        }
    )
    assert fact_of(english, pd.Series({"project_name": "甲"})) == "indicator “乙”: too low."


def test_amounts_are_exact(real, tmp_path):
    big = with_text(
        real, budget_wan_yuan=pd.Series([Decimal("12345678901234567.89")] * len(real.projects), dtype=object)
    )
    form = forms(write_evidence_sheets(big, big.findings[big.findings["rule"] == "B01"], tmp_path / "a.docx"))[0]
    assert "12,345,678,901,234,567.89 万元" in form["项目"]
