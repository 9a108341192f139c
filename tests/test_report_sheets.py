"""取证单: the regulation's form for each issue of a unit, nothing of the program on it, the print behind it annexed."""

import re
from dataclasses import replace
from pathlib import Path

import docx
import matplotlib
import pandas as pd
import pypdfium2
import pytest
from datasets import REAL, real_document
from docx.oxml.ns import qn
from generator.pdf import to_pdf
from generator.truth import make_truth
from office import converted

matplotlib.use("Agg")

import budgetperf
from budgetperf.errors import InputError
from budgetperf.evidence import OWN_COLOUR
from budgetperf.evidence.finding import fields_of, show_finding
from budgetperf.report import chosen_findings
from budgetperf.report.word import evidence_sheets as sheets
from budgetperf.report.word.evidence_sheets import MARKS, write_evidence_sheets
from budgetperf.settings import read_settings

UNIT = "湟源县城关镇人民政府（本级）"
HOSTILE = "=1+1 <script>alert(1)</script> {{编号}} \x07 \u202eabc\u200f @SUM(A1)"


@pytest.fixture(scope="module")
def real():
    return real_document()


@pytest.fixture(scope="module")
def grave(real) -> pd.DataFrame:
    """The gravest issues, of one finding and of several: those of at most ten."""
    issues = real.issues[real.issues["severity"] == "E"]
    return issues[issues["findings"].str.count(",") < 10]


@pytest.fixture(scope="module")
def written(real, grave, tmp_path_factory) -> Path:
    path, chosen = tmp_path_factory.mktemp("单") / "取证单", chosen_findings(real)
    chosen = chosen[chosen["finding_no"].astype(str).isin(",".join(grave["findings"]).split(","))]
    return write_evidence_sheets(real, chosen, path, source=REAL.parent)


def text_of(element) -> str:
    lines = ["".join(part.text or "" for part in one.iter(qn("w:t"))) for one in element.iter(qn("w:p"))]
    return "\n".join(line for line in lines if line)


def forms(path) -> list[dict[str, str]]:
    """The form of each sheet: label → text."""
    found = []
    for table in docx.Document(path).tables:
        cells = [[text_of(cell) for cell in row.findall(qn("w:tc"))] for row in table._tbl.findall(qn("w:tr"))]
        found.append({label: said for row in cells for label, said in zip(row[::2], row[1::2], strict=True)})
    return found


def annexes(path) -> list[tuple[int, list[str]]]:
    """(pages, captions) of the annex of each sheet."""
    found = []
    for one in docx.Document(path).element.body:
        if one.tag == qn("w:tbl"):
            found.append((0, []))
        elif found:
            pages, captions = found[-1]
            words = text_of(one)
            found[-1] = (pages + words.startswith("附件："), captions + [words] * words.startswith("图 "))
    return found


def pages_of(path, folder) -> list[str]:
    document = pypdfium2.PdfDocument(converted(path, "pdf", folder))
    texts = [document[k].get_textpage().get_text_bounded() for k in range(len(document))]
    document.close()
    return texts


# ---- the form --------------------------------------------------------------------------------------------------------


def test_a_sheet_an_issue_in_the_regulations_fields(grave, written):
    made = forms(written)
    assert set(grave["findings"].str.contains(",")) == {True, False}
    assert written.name == "取证单.docx" and [form["审计（调查）事项"] for form in made] == grave["title"].tolist()
    for form, issue in zip(made, grave.itertuples(), strict=True):
        assert list(form) == [
            "审计项目名称", "被审计单位", "审计（调查）事项", "事实与证据", "附件", "编制人", "复核人", "编制日期", "反馈期限",
            "被审计单位意见",
        ]  # fmt: skip
        assert form["被审计单位"] == UNIT and form["审计项目名称"] == form["编制人"] == form["复核人"] == ""
        assert re.fullmatch(r"\s*年\s+月\s+日", form["编制日期"]) and "日前" in form["反馈期限"]
        assert "负责人签字" in form["被审计单位意见"] and "盖章" in form["被审计单位意见"]
        lines = form["事实与证据"].split("\n")
        numbers = issue.findings.split(",")
        if len(numbers) > 1:
            assert f"{issue.projects} 个项目，预算合计 {issue.money_wan_yuan:,f} 万元" in lines[0]
            assert [line.split(". ")[0] for line in lines[1:-1]] == [str(k + 1) for k in range(len(numbers))]
        assert lines[-1].startswith("证据：《2024年部门预算项目支出绩效目标批复表》")


def test_nothing_of_the_program_stands_on_a_sealed_page(real, written):
    said = "\n".join("\n".join(form.values()) for form in forms(written))
    ids = set(real.findings["finding_id"]) | set(real.documents["sha256"].str[:12]) | set(real.documents["document_id"])
    assert not any(one in said for one in ids)
    assert not re.search(r"\b[A-Z]\d\d\b|sha256|不确定|？|本工具|修复", said), said


def test_every_sheet_has_its_print_and_the_facts_say_where(real, written):
    form_of, annex_of = forms(written), annexes(written)
    assert len(form_of) == len(annex_of)
    for form, (pages, captions) in zip(form_of, annex_of, strict=True):
        assert form["附件"] == f"共 {pages} 页" and pages > 0
        assert [caption.split("　")[0] for caption in captions] == [f"图 {k + 1}" for k in range(len(captions))]
        named = re.findall(r"附件图 ([\d、]+)）", form["事实与证据"])
        assert {int(n) for numbers in named for n in numbers.split("、")} == set(range(1, len(captions) + 1))
        assert all(REAL.name in caption and "第" in caption for caption in captions)
    assert len(docx.Document(written).inline_shapes) == sum(len(captions) for _, captions in annex_of)


def test_names_and_dates_from_options_or_settings(real, tmp_path):
    file = tmp_path / "budgetperf.toml"
    file.write_text('[evidence]\naudit = "预算执行审计"\nprepared_by = "甲"\n', encoding="utf-8")
    data, one = replace(real, settings=read_settings(file)), real.findings[real.findings["rule"] == "B01"]
    one = one if len(one) else chosen_findings(real).head(1)
    names = {"prepared_by": "乙", "date": "2025年3月1日", "reply_by": ""}
    form = forms(write_evidence_sheets(data, one, tmp_path / "a.docx", names=names))[0]
    assert form["审计项目名称"] == "预算执行审计" and form["编制人"] == "乙" and form["编制日期"] == "2025年3月1日"
    assert "日前" in form["反馈期限"] and form["复核人"] == ""


def test_invented_data_are_marked(real, tmp_path):
    invented = replace(real, documents=real.documents.assign(title="批复表（合成数据，非真实文件）"))
    rows = real.findings[real.findings["rule"] == "B01"]
    form = forms(write_evidence_sheets(invented, rows, tmp_path / "a.docx"))[0]
    assert form["审计（调查）事项"].startswith("【含合成数据")


@pytest.mark.parametrize("by", ["finding", "unit"])
def test_a_sheet_a_finding_or_a_unit(real, by, tmp_path):
    chosen = chosen_findings(real).tail(4)
    made = forms(write_evidence_sheets(real, chosen, tmp_path / "a.docx", by=by, source=REAL.parent))
    assert len(made) == {"finding": len(chosen), "unit": 1}[by]
    said = "\n".join(form["事实与证据"] for form in made)
    assert all(text.split("：")[1].split("。")[0][:20] in said for text in chosen["message"])


def test_hostile_text_stays_text(real, tmp_path):
    rows = chosen_findings(real).iloc[-2:].assign(message=HOSTILE + "：数字不符。依据：x。")
    form = forms(write_evidence_sheets(real, rows, tmp_path / "a.docx", names={"audit": HOSTILE}))[0]
    assert form["审计项目名称"] == HOSTILE.replace("\x07", "�")
    assert "<script>alert(1)</script> {{编号}} �" in form["事实与证据"] and "数字不符。" in form["事实与证据"]


def test_in_english(real, tmp_path):
    from budgetperf.report import with_findings

    english = with_findings(real, "en")
    chosen = chosen_findings(english).head(1)
    path = write_evidence_sheets(english, chosen, tmp_path / "a.docx", lang="en", source=REAL.parent)
    form = forms(path)[0]
    assert (
        "timeliness" in form["Matter"] and form["Annex"].endswith("page(s)") and "Signed" in form["Reply of the unit"]
    )
    assert all(label.isascii() for label in form)


# ---- what is framed --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """A PDF of two pages and more, built."""
    pdf = tmp_path_factory.mktemp("pdf") / "甲.pdf"
    to_pdf(make_truth(5, projects=6, name_cut=None, execution=None), 5, pdf, size=8.0, page="A4 landscape")
    return budgetperf.build([pdf]), pdf


def finding(dataset, cells, **more):
    """A finding on those cells of the first document."""
    row = {"document_id": dataset.documents["document_id"].iloc[0], "project_no": None, "indicator_no": None}
    return pd.Series(row | {"evidence": f'{{"cells": {cells}}}'.replace("None", "null")} | more)


def framed(view) -> int:
    colour = tuple(int(OWN_COLOUR[k : k + 2], 16) for k in (1, 3, 5))
    return sum(count for image in view.images for count, seen in image.getcolors(10_000_000) if seen == colour)


def test_both_sides_of_a_comparison_are_shown(drawn):
    dataset, pdf = drawn
    last = int(dataset.projects["project_no"].max())
    views = show_finding(dataset, finding(dataset, [[1, 1], [last, 1]]), ["indicators.target_text"], source=pdf)
    assert len(views) == 2 and all(framed(view) for view in views)
    assert "项目 1 " in views[0].caption and f"项目 {last} " in views[1].caption


def test_the_cells_that_the_rule_looks_at_are_framed(drawn):
    dataset, pdf = drawn
    one = finding(dataset, [[1, 1]])
    (weight,) = show_finding(dataset, one, ["indicators.weight"], source=pdf)
    (both,) = show_finding(dataset, one, ["indicators.weight", "projects.budget_wan_yuan"], source=pdf)
    every = show_finding(dataset, finding(dataset, [[1, None]]), ["indicators.weight"], source=pdf)
    assert 0 < framed(weight) < framed(both) and framed(weight) < sum(map(framed, every))


def test_a_finding_on_the_whole_document_shows_its_sums(drawn):
    dataset, pdf = drawn
    (view,) = show_finding(dataset, finding(dataset, []), fields_of("D01"), source=pdf)
    assert framed(view) and "整份文件" in view.caption


def test_without_the_original_the_cells_as_read_are_shown(drawn, tmp_path):
    dataset, _ = drawn
    chosen = chosen_findings(dataset, severity="I").head(1)
    path = write_evidence_sheets(dataset, chosen, tmp_path / "a.docx", source=tmp_path / "无")
    assert "示读出的单元格" in annexes(path)[0][1][0] and len(docx.Document(path).inline_shapes) > 0


def test_a_form_is_a_page_and_so_is_each_page_of_its_annex(drawn, tmp_path):
    dataset, pdf = drawn
    chosen = chosen_findings(dataset, severity="I").head(8)
    path = write_evidence_sheets(dataset, chosen, tmp_path / "a.docx", source=pdf)
    assert len(forms(path)) > 1
    texts = pages_of(path, tmp_path)
    annex = sum(pages for pages, _ in annexes(path))
    assert sum("附件：第" in text for text in texts) == annex
    assert sum("审计取证单" in text for text in texts) == len(forms(path)) and all(text.strip() for text in texts)


# ---- an office's own form --------------------------------------------------------------------------------------------


def form_of(tmp_path, *paragraphs: str) -> Path:
    template = docx.Document()
    template.sections[0].header.paragraphs[0].text = "甲县审计局"
    for words in paragraphs:
        template.add_paragraph(words)
    template.save(tmp_path / "表.docx")
    return tmp_path / "表.docx"


def test_an_offices_own_form_is_filled(real, tmp_path):
    own = form_of(
        tmp_path, "甲县审计局取证记录 {{编号}}/{{总数}}", "对象：{{被审计单位}}", "{{事实}}", "附件 {{附件页数}} 页"
    )
    chosen = chosen_findings(real).iloc[[0, *range(-8, 0)]]
    path = write_evidence_sheets(real, chosen, tmp_path / "a.docx", template=own, source=REAL.parent)
    document = docx.Document(path)
    texts = [paragraph.text for paragraph in document.paragraphs]
    numbers = [text for text in texts if text.startswith("甲县审计局取证记录")]
    assert numbers == [f"甲县审计局取证记录 {k + 1}/{len(numbers)}" for k in range(len(numbers))] and len(numbers) > 1
    assert (
        texts.count(f"对象：{UNIT}") == len(numbers) and document.sections[0].header.paragraphs[0].text == "甲县审计局"
    )
    facts = next(text for text in texts if text.startswith("1. "))
    assert facts.count("\n") > 1 and document.inline_shapes


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("没有空处", "没有 {{被审计单位}} 一类的填写处"),
        ("{{被审计单位名称}}", "模板里的“被审计单位名称”没有东西可填"),
        ("{{被审计单位", "没有 {{被审计单位}} 一类的填写处"),
        ("{{事项}}{% for 句 in 各事实 %}{{句}}", "写得不对"),
        ("{{ ''.__class__.__mro__ }}", "没有写出任何文件"),
    ],
)
def test_a_form_that_cannot_be_filled_says_why(real, tmp_path, words, said):
    with pytest.raises(InputError, match=re.escape(said)):
        write_evidence_sheets(real, chosen_findings(real), tmp_path / "a.docx", template=form_of(tmp_path, words))
    assert not (tmp_path / "a.docx").exists()


def test_the_shipped_forms_ask_only_for_what_is_given():
    from budgetperf.report.word import styles

    for lang, known in (("zh", MARKS), ("en", MARKS.values())):
        text = text_of(styles.shipped("evidence", lang).element.body)
        asked = set(re.findall(r"\{\{(\w+)\}\}", text)) - {"句", "fact"}
        assert asked <= set(known) and len(asked) > 10


# ---- the call --------------------------------------------------------------------------------------------------------


def test_what_cannot_be_done_is_said(real, tmp_path, monkeypatch):
    path, chosen = tmp_path / "a.docx", chosen_findings(real)
    notes = real.findings[real.findings["rule"] == "D07"]
    for findings, more, said in (
        (chosen.iloc[:0], {}, "没有选中任何审计发现"),
        (chosen, {"by": "rule"}, "不能按“rule”分张"),
        (chosen, {"lang": "fr"}, "没有语言 fr"),
        (chosen, {"names": {"dated": "x"}}, "没有“dated”一栏"),
        (chosen.drop(columns="basis"), {}, "缺少列 basis"),
        (chosen.assign(document_id="x"), {}, "不属于这些数据"),
        (notes, {}, "不是被审计单位的事实"),
    ):
        with pytest.raises(InputError, match=said):
            write_evidence_sheets(real, findings, path, **more)
    monkeypatch.setattr(sheets, "MOST_SHEETS", 3)
    with pytest.raises(InputError, match="多于 3 张"):
        write_evidence_sheets(real, chosen, path)
    assert not path.exists()


def test_doubtful_findings_are_there_only_where_they_are_named(real):
    chosen = chosen_findings(real)
    unsure = replace(
        real, findings=real.findings.assign(uncertain=real.findings["finding_no"].isin(chosen["finding_no"].head(3)))
    )
    assert len(chosen_findings(unsure)) == len(chosen) - 3
    number = str(chosen["finding_no"].iloc[0])
    assert chosen_findings(unsure, numbers=[number])["finding_no"].astype(str).tolist() == [number]
    decided = replace(unsure, findings=unsure.findings.assign(decision="confirmed"))
    assert len(chosen_findings(decided)) == len(chosen)


def test_progress_is_told_a_sheet(real, tmp_path):
    said = []
    path = write_evidence_sheets(
        real, chosen_findings(real).tail(2), tmp_path / "a.docx", progress=lambda *step: said.append(step[:2])
    )
    assert said and said[-1] == (len(forms(path)), len(forms(path)))
