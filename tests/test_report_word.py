"""The Word report: figures as in the tables, real styles and fields, hostile text as text, templates, nothing lost."""

import io
import re
import zipfile
from decimal import Decimal
from pathlib import Path

import docx
import matplotlib
import numpy as np
import pandas as pd
import pypdfium2
import pypdfium2.raw as pdfium_c
import pytest
from datasets import as_printed
from docx.oxml.ns import qn
from office import converted

matplotlib.use("Agg")

import matplotlib.pyplot as plt
from PIL import Image

from budgetperf.errors import InputError
from budgetperf.evidence.view import View
from budgetperf.field.notation import ems
from budgetperf.report.model import Evidence, Figure, Heading, Report, Table, Text, clean
from budgetperf.report.word.document import write_word
from budgetperf.report.word.parts import column_widths, lines_needed
from budgetperf.tables.dataset import Dataset

HOSTILE = (
    "=1+1 <script>alert(1)</script> &amp; \x00\x07\x0b\ud800 👩‍👩‍👧 \u202eabc\u200f مرحبا \t@SUM(A1)\n-2 {{标题}} ]]> "
)
AMOUNTS = [Decimal("1536.74"), Decimal("598.91"), Decimal("0.005"), Decimal("12345678901234567890.12"), None]


def frame(rows=5):
    return pd.DataFrame(
        {
            "项目": [f"项目{k}" for k in range(rows)],
            "预算数（万元）": pd.Series([AMOUNTS[k % 5] for k in range(rows)], dtype=object),
            "指标数": list(range(rows)),
            "占比": ["38.97%"] * rows,
        }
    )


def bars():
    _, axes = plt.subplots(figsize=(7, 3))
    axes.bar([1, 2], [3, 4])
    return axes


def view():
    image = Image.new("RGB", (1800, 300), "white")
    image.paste((208, 0, 0), (900, 100, 1000, 140))
    return View("甲.pdf 第 3 页", ["没有找到原文件"], images=[image])


def no_view():
    raise InputError("找不到单元格。请重新读入。")


def report(*blocks, lang="zh", title="绩效目标分析报告", facts=(("项目", "21"), ("日期", "2025-03-01"))):
    return Report(title, "甲县　2025 年度", list(facts), list(blocks), Dataset.empty(), lang, "2025-03-01")


BLOCKS = [
    Heading(1, "一、范围"),
    Text("共 21 个项目，预算合计 1,536.74 万元。"),
    Table("表 1", "项目", frame(), 3, total=False),
    Heading(2, "（一）图"),
    Figure("图 1", "资金分布", bars, "两根柱子，3 和 4"),
    Heading(3, "1. 证据"),
    Evidence("发现 7 的原件", view),
    Evidence("发现 8 的原件", no_view),
    Text("小字", "note"),
    Text("须核对原件", "warning"),
    Table("表 2", "合计在末行", frame(40), 10, total=True),
    Heading(1, "附件一 方法", is_annex=True),
    Table("表 5", "空表", frame(0), 10),
]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return write_word(report(*BLOCKS), tmp_path_factory.mktemp("word") / "报告.docx")


def xml_of(path, name="word/document.xml") -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


def text_of(path) -> str:
    """All the text of the body in order, with tabs and line breaks."""
    signs = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:p"): ""}
    body = docx.Document(path).element.body
    kinds = [qn(f"w:{name}") for name in ("t", "tab", "br")]
    return "".join(signs.get(one.tag, one.text or "") for one in body.iter(*kinds) if one.getparent().tag == qn("w:r"))


def cells(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def numbered_tables(document):
    """The tables with a repeated head: not the facts of the cover."""
    return [table for table in document.tables if table._tbl.find(f".//{qn('w:tblHeader')}") is not None]


# ---- figures ---------------------------------------------------------------------------------------------------------


def test_the_tables_hold_the_frames_figures(written):
    first, second, empty = numbered_tables(docx.Document(written))
    expected = as_printed(frame())
    assert cells(first) == [list(frame().columns), *expected[:3]]
    rows = as_printed(frame(40))
    assert cells(second)[1:] == [*rows[:10], rows[-1]], "the total stands although rows are left out"
    assert cells(empty) == [list(frame().columns)]
    assert "12,345,678,901,234,567,890.12" in text_of(written)
    assert "其余 2 行见 Excel 底稿。" in text_of(written) and "其余 29 行见 Excel 底稿。" in text_of(written)
    assert "没有可列的内容。" in text_of(written)


def test_numbers_stand_at_the_right_and_a_total_is_bold(written):
    table = numbered_tables(docx.Document(written))[1]
    sides = [[cell.paragraphs[0].alignment for cell in row.cells] for row in table.rows]
    assert [side == docx.enum.text.WD_ALIGN_PARAGRAPH.RIGHT for side in sides[1]] == [False, True, True, True]
    bold = [[run.bold for cell in row.cells for run in cell.paragraphs[0].runs] for row in table.rows]
    assert all(bold[0]) and all(bold[-1]) and not any(bold[1])


def test_heads_are_repeated_and_rows_stay_whole(written):
    for table in numbered_tables(docx.Document(written)):
        rows = table._tbl.findall(qn("w:tr"))
        assert [row.find(f".//{qn('w:tblHeader')}") is not None for row in rows] == [True] + [False] * (len(rows) - 1)
        assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in rows)


def test_a_row_longer_than_a_page_may_be_divided(tmp_path):
    long = pd.DataFrame({"目标": ["保障运转" * 1000], "数": [Decimal(1)]})
    path = write_word(report(Table("表 1", "长", long, 5)), tmp_path / "a.docx")
    rows = numbered_tables(docx.Document(path))[0]._tbl.findall(qn("w:tr"))
    assert [row.find(f".//{qn('w:cantSplit')}") is not None for row in rows] == [True, False]
    assert "保障运转" * 1000 in text_of(path)


# ---- structure -------------------------------------------------------------------------------------------------------


def test_headings_styles_and_contents(written):
    document = docx.Document(written)
    headings = [(p.style.name, p.text) for p in document.paragraphs if p.style.name.startswith("Heading")]
    expected = [(f"Heading {block.level}", block.text) for block in BLOCKS if isinstance(block, Heading)]
    assert headings == expected
    xml = xml_of(written)
    assert 'TOC \\o "1-3" \\h \\z \\u' in xml
    contents = xml[xml.index("<w:sdt>") : xml.index("</w:sdt>")]
    assert expected[0][1] not in contents, "the conclusion stands before the contents"
    for _, text in expected[3:]:
        assert text in contents, "the contents are filled before Word has updated them"
    names = re.findall(r'w:anchor="(\w+)"', contents)
    assert (
        names == re.findall(r'<w:bookmarkStart [^>]*w:name="(\w+)"', xml)[3:] == re.findall(r"PAGEREF (\w+)", contents)
    )
    assert contents.count('fldCharType="begin"') == contents.count('fldCharType="end"') == len(names) + 1
    assert "dirty" not in xml and "updateFields" not in xml_of(written, "word/settings.xml"), (
        "Word would ask the reader"
    )


def test_captions_count_with_fields_that_agree_with_the_labels(written):
    xml = xml_of(written)
    fields = re.findall(r"SEQ (\w+) \\\* ARABIC(?: \\r (\d+))? </w:instrText>.*?<w:t [^>]*>(\d+)</w:t>", xml)
    assert fields == [("表", "", "1"), ("图", "", "1"), ("表", "", "2"), ("表", "5", "5")]
    captions = [p for p in docx.Document(written).paragraphs if p.style.name == "Caption"]
    texts = ["".join(part.text or "" for part in p._p.iter(qn("w:t"))) for p in captions]
    assert texts[:2] == ["表 1　项目", "图 1　资金分布"]
    assert "发现 7 的原件（甲.pdf 第 3 页）" in texts


def test_pictures_have_a_description_and_fit(written):
    document = docx.Document(written)
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    said = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert said == ["两根柱子，3 和 4", "发现 7 的原件（甲.pdf 第 3 页）"]
    assert all(shape.width <= room + 1 for shape in document.inline_shapes)
    assert not plt.get_fignums(), "figures are closed"
    assert "发现 8 的原件：找不到单元格。请重新读入。" in text_of(written)


def test_page_numbers_header_and_properties(written):
    document = docx.Document(written)
    section = document.sections[0]
    foot = section.footer._element.xml
    assert "PAGE" in foot and "NUMPAGES" in foot and "第 " in foot and "共" in foot
    assert section.header.paragraphs[0].text == "绩效目标分析报告"
    assert section.different_first_page_header_footer and not section.first_page_footer.paragraphs[0].text
    assert document.core_properties.title == "绩效目标分析报告" and document.core_properties.language == "zh-CN"
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert (round(section.top_margin.mm), round(section.left_margin.mm)) == (37, 28)


def test_chinese_fonts_in_the_defaults_and_in_every_style(written):
    styles = docx.Document(written).styles.element
    default = styles.find(f"{qn('w:docDefaults')}//{qn('w:rFonts')}")
    assert default.get(qn("w:eastAsia")) == "宋体" and default.get(qn("w:ascii")) == "Times New Roman"
    assert styles.find(f".//{qn('w:lang')}").get(qn("w:eastAsia")) == "zh-CN"
    found = {
        one.find(qn("w:name")).get(qn("w:val")): one.find(f"{qn('w:rPr')}/{qn('w:rFonts')}").get(qn("w:eastAsia"))
        for one in styles.findall(qn("w:style"))
        if one.get(qn("w:type")) == "paragraph"
    }
    assert set(found.values()) == {"宋体", "黑体"}
    assert [found[f"heading {level}"] for level in (1, 2, 3)] == ["黑体"] * 3 and found["Body Text"] == "宋体"
    used = set(re.findall(r'<w:pStyle w:val="(\w+)"', xml_of(written)))
    assert used <= {one.get(qn("w:styleId")) for one in styles.findall(qn("w:style"))}


def test_a_wide_table_turns_the_page_and_only_it(tmp_path):
    wide = pd.DataFrame({f"很长的列名{k}": [Decimal("1234567890.12")] for k in range(12)})
    blocks = [Text("前"), Heading(1, "一、宽表"), Table("表 1", "宽", wide, 5), Text("后")]
    document = docx.Document(write_word(report(*blocks), tmp_path / "a.docx"))
    sides = [section.page_width > section.page_height for section in document.sections]
    assert sides == [False, True, False]
    titles = [one.find(qn("w:titlePg")) is not None for one in document.element.body.iter(qn("w:sectPr"))]
    assert titles == [True, False, False], "another first page is for the cover alone"
    widths = [int(one.get(qn("w:w"))) for one in numbered_tables(document)[0]._tbl.iter(qn("w:gridCol"))]
    room = document.sections[1].page_width - document.sections[1].left_margin - document.sections[1].right_margin
    assert sum(widths) * 635 <= room + 635 * len(widths)


def test_no_page_is_turned_for_a_row_that_small_type_holds(tmp_path):
    heads = [
        "Source",
        "Title",
        "Fiscal year",
        "Projects",
        "Indicators",
        "Budget (10,000 yuan)",
        "Printed total",
        "Status",
    ]
    row = pd.DataFrame([["a-long-file-name-2024-approval.txt", "2024年部门预算项目支出绩效目标批复表", 2024, 21, 153, *AMOUNTS[:2], "reconciled"]],
                       columns=heads, dtype=object)  # fmt: skip
    path = write_word(report(Table("Table 1", "Documents", row, 5), lang="en"), tmp_path / "a.docx")
    assert len(docx.Document(path).sections) == 1


def test_column_widths_give_long_text_the_room_and_never_wrap_numbers():
    texts = [["序号", "1"], ["金额", "12,345,678.90"], ["内容", "长" * 200]]
    widths, fits = column_widths(texts, [True, True, False], 40)
    assert fits and sum(widths) == pytest.approx(40)
    assert widths[1] >= ems("12,345,678.90") + 1 and widths[2] > widths[1] > widths[0]
    assert not column_widths([["数", "1" * 60]] * 2, [True, True], 40)[1]
    assert lines_needed("长" * 30, 120, 12) >= 3


# ---- hostile text ----------------------------------------------------------------------------------------------------


def test_hostile_text_comes_through_as_text_everywhere(tmp_path):
    head = HOSTILE.replace("\ud800", "")  # what an index cannot hold
    table = pd.DataFrame({head: pd.Series([HOSTILE] * 2, dtype=object), "b": [Decimal(1), Decimal(2)]})
    path = write_word(
        report(
            Heading(1, HOSTILE), Text(HOSTILE), Text(HOSTILE, "note"), Table("表 1", HOSTILE, table, 1, total=True),
            Figure(HOSTILE, HOSTILE, bars, HOSTILE), Evidence(HOSTILE, view),
            title=HOSTILE, facts=[(HOSTILE, HOSTILE)],
        ),
        tmp_path / "=1+1 👩‍👩‍👧.docx",
    )  # fmt: skip
    document = docx.Document(path)
    assert numbered_tables(document)[0].rows[1].cells[0].text == clean(HOSTILE)
    assert "<script>alert(1)</script>" in text_of(path) and "👩‍👩‍👧 \u202eabc" in text_of(path)
    assert "�" in document.core_properties.title or "\x00" not in document.core_properties.title
    pdf = converted(path, "pdf", tmp_path)
    assert len(pages_of(pdf)) >= 3


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_to_say_makes_a_document_too(lang, tmp_path):
    path = write_word(report(lang=lang, facts=[]), tmp_path / "空")
    assert path.name == "空.docx" and docx.Document(path).paragraphs[0].text == "绩效目标分析报告"


def test_english_words(tmp_path):
    blocks = [
        Heading(1, "1 Scope"),
        Table("Table 1", "Projects", frame(), 2),
        Figure("Figure 1", "Money", bars, "bars"),
    ]
    path = write_word(report(*blocks, lang="en"), tmp_path / "a.docx")
    text = text_of(path)
    assert "Contents" in text and "Table 1. Projects" in text and "3 more rows are in the Excel working paper." in text
    foot = docx.Document(path).sections[0].footer._element.xml
    assert "Page " in foot and " of " in foot


# ---- templates -------------------------------------------------------------------------------------------------------


def template(path, mark="{{报告正文}}"):
    """A letter page with its own heading, a head, a title split over runs, and a closing."""
    document = docx.Document()
    document.styles["Heading 1"].font.color.rgb = docx.shared.RGBColor(0xC0, 0, 0)
    section = document.sections[0]
    section.page_width, section.page_height = docx.shared.Inches(8.5), docx.shared.Inches(11)
    section.header.paragraphs[0].text = "甲县审计局 LOGO {{日期}}"
    section.footer.paragraphs[0].text = "机密"
    line = document.add_paragraph("关于 ")
    for part in ("{", "{标", "题}", "} 的函"):
        line.add_run(part)
    document.add_table(1, 1).cell(0, 0).text = "{{ subtitle }}"
    if mark:
        document.add_paragraph(mark)
    document.add_paragraph("此致 敬礼")
    document.save(path)
    return path


def test_a_template_is_honoured(tmp_path):
    path = write_word(report(*BLOCKS), tmp_path / "a.docx", template=template(tmp_path / "模板.docx"))
    document = docx.Document(path)
    texts = [p.text for p in document.paragraphs]
    assert texts[0] == "关于 绩效目标分析报告 的函" and texts[-1] == "此致 敬礼"
    assert document.tables[0].cell(0, 0).text == "甲县　2025 年度"
    assert document.sections[0].header.paragraphs[0].text == "甲县审计局 LOGO 2025-03-01"
    assert (
        document.sections[0].footer.paragraphs[0].text == "机密"
        and "NUMPAGES" not in document.sections[0].footer._element.xml
    )
    assert document.styles["Heading 1"].font.color.rgb == docx.shared.RGBColor(0xC0, 0, 0)
    assert round(document.sections[-1].page_width.inches, 2) == 8.5
    assert not [p for p in document.paragraphs if p.style.name == "Title"], "the template has its own title"
    assert {"Report Table", "Report Note"} <= {style.name for style in document.styles}
    assert "{{" not in text_of(path)


def test_without_a_mark_the_body_is_replaced_whole(tmp_path):
    path = write_word(report(*BLOCKS), tmp_path / "a.docx", template=template(tmp_path / "模板.docx", mark=None))
    text = text_of(path)
    assert "此致" not in text and text.startswith("绩效目标分析报告")
    assert "甲县审计局" in docx.Document(path).sections[0].header.paragraphs[0].text


def test_a_mark_in_a_table_is_refused(tmp_path):
    document = docx.Document()
    document.add_table(1, 1).cell(0, 0).text = "{{report}}"
    document.save(tmp_path / "t.docx")
    with pytest.raises(InputError, match="单独一段"):
        write_word(report(), tmp_path / "a.docx", template=tmp_path / "t.docx")
    assert not (tmp_path / "a.docx").exists()


@pytest.mark.parametrize("marks", [["前 {{报告正文}} 后"], ["{{report}}", "{{报告正文}}"], ["{{report}}{{report}}"]])
def test_a_mark_that_is_not_alone_is_refused_and_nothing_lost(marks, tmp_path):
    document = docx.Document()
    for mark in ["致某某局：", *marks]:
        document.add_paragraph(mark)
    document.save(tmp_path / "t.docx")
    with pytest.raises(InputError, match=r"模板.*(单独一段|不止一处).*没有写出任何文件"):
        write_word(report(), tmp_path / "a.docx", template=tmp_path / "t.docx")


def test_a_title_that_looks_like_a_mark_is_text(tmp_path):
    document = docx.Document()
    for text in ("{{副标题}}", "{{报告正文}}", "此致"):
        document.add_paragraph(text)
    document.save(tmp_path / "t.docx")
    odd = Report("报告", "{{报告正文}}", [], [Text("正文一句")], Dataset.empty())
    made = docx.Document(write_word(odd, tmp_path / "a.docx", template=tmp_path / "t.docx"))
    texts = [one.text for one in made.paragraphs if one.text.strip()]
    assert texts[0] == "{{报告正文}}" and texts[-1] == "此致" and "正文一句" in texts


def test_what_is_left_out_is_said_above_the_table(tmp_path):
    made = docx.Document(write_word(report(Table("表 1", "长表", frame(40), 30)), tmp_path / "a.docx"))
    order = [one for one in made.element.body if one.tag in (qn("w:p"), qn("w:tbl"))]
    table = max(k for k, one in enumerate(order) if one.tag == qn("w:tbl"))
    above = order[table - 1]
    assert "其余 10 行" in "".join(above.itertext()) and above.find(f".//{qn('w:keepNext')}") is not None
    assert not "".join("".join(one.itertext()) for one in order[table + 1 :]), "nothing goes to a page of its own"


@pytest.mark.parametrize("apart", [1200, 4000])
def test_evidence_over_two_pages_stays_legible(apart, tmp_path):
    pages = []
    for _ in range(2):  # each with a frame, print only in its middle
        page = Image.new("RGB", (1400, apart), "white")
        page.paste((208, 0, 0), (100, apart // 2 - 300, 200, apart // 2 + 300))
        pages.append(page)
    shown = View("甲.pdf 第 3、4 页", [], images=pages)
    path = write_word(report(Evidence("发现 1", lambda: shown)), tmp_path / "a.docx")
    (picture,) = docx.Document(path).inline_shapes
    points, pixels = picture.width / 12_700, 1400
    assert points / pixels * 3 >= 0.7, "print is at least about three quarters of its size"


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"PK\x03\x04" + b"\0" * 60, None]
)
def test_a_template_that_cannot_be_used_is_said(content, tmp_path):
    path = tmp_path / "模板.docx"
    if content is None:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
        content = buffer.getvalue()
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"模板.*。没有写出任何文件。请"):
        write_word(report(), tmp_path / "a.docx", template=path)
    with pytest.raises(InputError, match="是文件夹"):
        write_word(report(), tmp_path / "a.docx", template=tmp_path)
    with pytest.raises(InputError, match="找不到模板"):
        write_word(report(), tmp_path / "a.docx", template=tmp_path / "无.docx")


def test_a_path_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "a.docx").mkdir()
    with pytest.raises(InputError, match="没有改动。请在 Word、Excel 等程序中关闭它"):
        write_word(report(), tmp_path / "a.docx")
    assert [one.name for one in tmp_path.iterdir()] == ["a.docx"], "nothing half written is left"


# ---- another program -------------------------------------------------------------------------------------------------


def pages_of(pdf: Path) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    texts = [document[k].get_textpage().get_text_bounded() for k in range(len(document))]
    document.close()
    return texts


def test_libreoffice_shows_every_page_with_its_text(written, tmp_path):
    texts = pages_of(converted(written, "pdf", tmp_path))
    body = [re.sub(r"第\s*\d+\s*页\s*共\s*\d+\s*页|绩效目标分析报告", "", text).strip() for text in texts[1:]]
    assert all(body), "an empty page"
    assert "12,345,678,901,234,567,890.12" in "".join(texts)
    for block in BLOCKS:
        if isinstance(block, Heading):
            listed = block.text.startswith("附件")  # the first chapter, here three headings, stands before the contents
            assert sum(block.text in text for text in texts) == 1 + listed, "once in its place, once in the contents"
    of = {match for text in texts for match in re.findall(r"共\s*(\d+)\s*页", text)}
    assert of == {str(len(texts))}


def looks_of(pdf: Path):
    """(page, texts, boxes, glyphs, size, edges of pictures) of a printed document, as an eye sees it: a glyph is the ink in a
    character's box."""
    document = pypdfium2.PdfDocument(pdf)
    for number, page in enumerate(document, 1):
        text, image = page.get_textpage(), page.render(scale=2).to_pil().convert("L")
        signs = [n for n in range(text.count_chars()) if text.get_text_range(n, 1).strip()]
        boxes = np.array([text.get_charbox(n) for n in signs]).reshape(-1, 4)
        rows = np.column_stack(
            [boxes[:, 0], page.get_height() - boxes[:, 3], boxes[:, 2], page.get_height() - boxes[:, 1]]
        )
        glyphs = [np.asarray(image.crop([round(2 * edge) for edge in row])) for row in rows]
        pictures = [one.get_bounds() for one in page.get_objects() if one.type == pdfium_c.FPDF_PAGEOBJ_IMAGE]
        for one in page.get_objects():
            if one.type == pdfium_c.FPDF_PAGEOBJ_TEXT:
                font = pdfium_c.FPDFTextObj_GetFont(one)
                assert pdfium_c.FPDFFont_GetIsEmbedded(font) == 1, f"a font of page {number} is not in the file"
        yield number, [text.get_text_range(n, 1) for n in signs], boxes, glyphs, page.get_size(), pictures
    document.close()


def overlapping(boxes, others) -> np.ndarray:
    """Share of each box that the others (rows, columns) cover, all pairs."""
    left, low = (np.maximum(boxes[:, None, k], others[None, :, k]) for k in (0, 1))
    right, high = (np.minimum(boxes[:, None, k], others[None, :, k]) for k in (2, 3))
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    return np.clip(right - left, 0, None) * np.clip(high - low, 0, None) / np.maximum(area, 1e-9)[:, None]


def test_a_page_looks_as_it_should(written, tmp_path):
    """What a picture beside an older one would show, without one: every character stands on the page and has ink of its
    own, no two share a place, none is drawn as a box in place of a missing glyph, no picture covers a text."""
    drawn: dict[tuple[int, int], dict[bytes, str]] = {}
    for number, signs, boxes, glyphs, (width, height), pictures in looks_of(converted(written, "pdf", tmp_path)):
        assert (boxes[:, :2] > 20).all() and (boxes[:, 2] < width - 20).all() and (boxes[:, 3] < height - 20).all()
        assert "\ufffd" not in signs
        covered = overlapping(boxes, boxes) * ~np.eye(len(boxes), dtype=bool)
        assert not [(number, signs[a], signs[b]) for a, b in zip(*np.nonzero(covered > 0.3), strict=True)]
        if pictures:
            over = overlapping(boxes, np.array(pictures))
            assert not [signs[a] for a, _ in zip(*np.nonzero(over > 0.3), strict=True)], f"page {number}"
            inner = np.array(pictures)
            assert (inner[:, :2] > 0).all() and (inner[:, 2] < width).all() and (inner[:, 3] < height).all()
        for sign, glyph in zip(signs, glyphs, strict=True):
            if "\u4e00" <= sign <= "\u9fff":
                assert int(glyph.max()) - int(glyph.min()) > 60, f"page {number}: {sign} has no ink"
                other = drawn.setdefault(glyph.shape, {}).setdefault(glyph.tobytes(), sign)
                assert other == sign, f"page {number}: {sign} looks like {other}"
    assert sum(map(len, drawn.values())) > 100


def listed_in(path) -> list[tuple[str, str]]:
    """(heading, page) of the entries of the contents."""
    links = docx.Document(path).element.body.iter(qn("w:hyperlink"))
    texts = [[part.text or "" for part in link.iter(qn("w:t"))] for link in links]
    return [(parts[0], "".join(parts[1:])) for parts in texts]


def test_the_contents_name_the_pages_that_headings_stand_on(tmp_path, monkeypatch):
    blocks = [Heading(1, "一、结论"), Text("先。"), *(part for k in range(2, 8) for part in (
        Heading(1, f"{'零一二三四五六七'[k]}、第 {k} 章"), Text("字。" * 700), Heading(2, "（一）同名"), Text("一句。")))]  # fmt: skip
    path = write_word(report(*blocks), tmp_path / "a.docx", page_numbers=True)
    texts = ["".join(text.split()) for text in pages_of(converted(path, "pdf", tmp_path))]
    entries = listed_in(path)
    assert len(entries) == 12 and len({page for _, page in entries}) > 5
    assert all("".join(title.split()) in texts[int(page) - 1] for title, page in entries)
    assert "更新域" not in text_of(path)
    monkeypatch.setattr("budgetperf.report.word.pages.office", lambda: None)
    path = write_word(report(*blocks), tmp_path / "b.docx", page_numbers=True)
    assert "更新域" in text_of(path) and not any(page for _, page in listed_in(path))


def test_progress_is_told_a_block(tmp_path):
    said = []
    write_word(report(*BLOCKS[:4]), tmp_path / "a.docx", progress=lambda *step: said.append(step))
    assert [step[:2] for step in said] == [(1, 4), (2, 4), (3, 4), (4, 4)] and "表 1" in said[2][2]
