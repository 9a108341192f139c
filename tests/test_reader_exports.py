"""What programs make of documents on the way out: escapes in texts, formulas without results, documents in documents."""

import base64
import io
import json
import zipfile

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl import Workbook

from budgetperf.errors import Unreadable
from budgetperf.readers import read

HEADS = ["项目名称", "预算数", "一级指标", "二级指标", "三级指标"]


def texts(path):
    return [text for text in read(path).cells["text"] if text]


def saved(tmp_path, text, name="a.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("separator", [",", "\t"])
def test_escapes_and_words_for_nothing_are_undone_and_said(tmp_path, separator):
    row = ["甲&amp;乙", "'36.5", "NULL", "产出\\n指标", "&ge;95&#37;"]
    path = saved(tmp_path, "\n".join(map(separator.join, [HEADS, row])))
    reading = read(path)
    said = [(remark.check, remark.passed) for remark in reading.remarks]
    assert texts(path) == [*HEADS, "甲&乙", "36.5", "产出\n指标", "≥95%"] and said == [("exported", True)]
    assert "5 格" in reading.remarks[0].note and "“NULL”" in reading.remarks[0].note


def test_amounts_with_bare_commas_are_put_together_only_where_that_fits_the_heads(tmp_path):
    rows = [
        ["甲", "1", "206.45", "产出", "数量", "长"],
        ["乙", "36", "产出", "数量", "长，宽", "高"],
        ["丙", "1,200.5", "产出", "数量", "长"],
    ]
    path = saved(tmp_path, "\n".join(map(",".join, [HEADS, *rows])))
    cells = read(path).cells
    assert cells.loc[cells["col"].eq(2), "text"].tolist() == ["预算数", "1,206.45", "36", "1,200.5"]


def test_lines_quoted_as_a_whole_are_opened(tmp_path):
    lines = [",".join(HEADS), '甲,""1,200.5"",产出,数量,长']
    assert texts(saved(tmp_path, "\n".join(f'"{line}"' for line in lines))) == [
        *HEADS,
        "甲",
        "1,200.5",
        "产出",
        "数量",
        "长",
    ]


def test_objects_of_json_are_rows(tmp_path):
    inside = [dict(zip(HEADS[2:], row, strict=True)) for row in (("产出", "数量", "里程"), ("效益", "社会", "出行"))]
    projects = [{"项目名称": name, "预算数": 36.50, "指标": inside} for name in ("甲", "乙")]
    rows = [["甲", "36.5", "产出", "数量", "里程"], ["效益", "社会", "出行"], ["乙", "36.5", "产出", "数量", "里程"]]
    expected = [*HEADS, *rows[0], *rows[1], *rows[2], *rows[1]]
    assert texts(saved(tmp_path, json.dumps({"code": 0, "data": projects}, ensure_ascii=False), "a.json")) == expected
    assert texts(saved(tmp_path, "\n".join(map(json.dumps, projects)), "a.txt")) == expected
    for broken in ('{"项目名称": ', '[{"id": 1}]', '[{"a": ' + "[" * 9000):
        with pytest.raises(Unreadable):
            read(saved(tmp_path, broken, "a.json"))


def test_a_table_of_html_after_other_text_is_read(tmp_path):
    assert texts(saved(tmp_path, "系统导出\n<table><tr><td>甲<td>乙</table>", "a.txt")) == ["系统导出", "甲", "乙"]


def test_a_picture_that_wps_keeps_in_a_cell_is_no_text(tmp_path):
    book, _ = workbook(["甲", '=DISPIMG("ID_1",1)', "乙"])
    book.save(tmp_path / "a.xlsx")
    reading = read(tmp_path / "a.xlsx")
    assert [text for text in reading.cells["text"] if text] == ["甲", "乙"] and not reading.remarks


def workbook(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return book, buffer.getvalue()


def rewritten(data, part, change):
    """A package with one part changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return buffer.getvalue()


def test_a_sheet_of_charts_is_passed_over(tmp_path):
    book, _ = workbook(["甲", "乙"])
    book.create_chartsheet("图", 0)
    book.save(tmp_path / "a.xlsx")
    assert texts(tmp_path / "a.xlsx") == ["甲", "乙"]


def test_shared_formulas_sub_totals_and_joined_texts_are_worked_out(tmp_path):
    _, data = workbook(
        ["甲", 1, 10],
        ["乙", 2, 20],
        ["丙", "=B1+C1"],
        ["丁", "=B2+C2"],
        ["计", "=SUBTOTAL(9,B1:B4)"],
        ["戊", '=A1&"和"&A2'],
    )
    shared = rewritten(
        data,
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"<f>B1+C1</f>", b'<f t="shared" ref="B3:B4" si="0">B1+C1</f>').replace(
            b"<f>B2+C2</f>", b'<f t="shared" si="0"/>'
        ),
    )
    (tmp_path / "a.xlsx").write_bytes(shared)
    assert texts(tmp_path / "a.xlsx")[6:] == ["丙", "11", "丁", "22", "计", "36", "戊", "甲和乙"]
    hidden = rewritten(
        shared, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'<row r="2"', b'<row r="2" hidden="1"')
    )
    (tmp_path / "a.xlsx").write_bytes(hidden)
    assert "1 个公式没有保存计算结果（B5）" in read(tmp_path / "a.xlsx").remarks[-1].note


def test_the_unit_of_the_amounts_beside_whose_table_it_is_stands_over_it(tmp_path):
    book, _ = workbook(
        ["绩效目标表"], ["编制单位：县教育局", None, "金额单位：万元"], HEADS, ["甲", 36, "产出", "数量", "长"]
    )
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx").cells.groupby("row")["table"].first().tolist() == [0, 0, 1, 1]


# ---- documents in documents


def with_object(tmp_path, blob, program="Excel.Sheet.12"):
    document = docx.Document()
    document.add_paragraph("绩效目标表")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    part = Part(PackURI("/word/embeddings/Book1.xlsx"), kind, blob, document.part.package)
    number = document.part.relate_to(part, RELATIONSHIP_TYPE.PACKAGE)
    names = nsdecls("w", "r") + ' xmlns:o="urn:schemas-microsoft-com:office:office"'
    laid = f'<w:p {names}><w:r><w:object><o:OLEObject ProgID="{program}" r:id="{number}"/></w:object></w:r></w:p>'
    document.element.body.insert(1, parse_xml(laid))
    document.save(tmp_path / "a.docx")
    return tmp_path / "a.docx"


def test_a_workbook_laid_into_a_document_is_read_where_it_stands_as_far_as_it_is_shown(tmp_path):
    book, _ = workbook(["旧表"])
    sheet = book.create_sheet()
    for row in (["项目", "预算"], ["甲", 36], ["草算", 99]):
        sheet.append(row)
    book.active = 1
    buffer = io.BytesIO()
    book.save(buffer)
    assert texts(with_object(tmp_path, buffer.getvalue())) == ["绩效目标表", "项目", "预算", "甲", "36", "草算", "99"]
    shown = rewritten(
        buffer.getvalue(), "xl/workbook.xml", lambda xml: xml.replace(b"<calcPr", b'<oleSize ref="A1:B2"/><calcPr')
    )
    assert texts(with_object(tmp_path, shown)) == ["绩效目标表", "项目", "预算", "甲", "36"]


def test_an_object_that_cannot_be_read_is_said(tmp_path):
    assert read(with_object(tmp_path, b"\xd0\xcf")).pages["note"].item() == "文档里嵌入的其他文件没有读取"
    assert read(with_object(tmp_path, b"\xd0\xcf", "Equation.3")).pages["note"].item() == ""


def flat(path):
    """A package as one XML file."""
    package = docx.Document(path).part.package
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    parts = [("/_rels/.rels", relations, package.rels.xml)]
    for part in package.iter_parts():
        parts.append((part.partname, part.content_type, part.blob))
        if part.rels:
            parts.append((part.partname.rels_uri, relations, part.rels.xml))
    spelt = []
    for name, kind, content in parts:
        inside = (
            f"<pkg:xmlData>{content.decode().split('?>', 1)[1]}</pkg:xmlData>"
            if kind.endswith("xml")
            else f"<pkg:binaryData>{base64.b64encode(content).decode()}</pkg:binaryData>"
        )
        spelt.append(f'<pkg:part pkg:name="{name}" pkg:contentType="{kind}">{inside}</pkg:part>')
    names = 'xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage"'
    return f'<?xml version="1.0"?><pkg:package {names}>{"".join(spelt)}</pkg:package>'.encode()


def test_a_document_saved_as_one_xml_file_is_the_same_document(tmp_path):
    path = with_object(tmp_path, workbook(["项目", "预算"])[1])
    whole, expected = flat(path), texts(path)
    (tmp_path / "a.xml").write_bytes(whole)
    assert texts(tmp_path / "a.xml") == expected == ["绩效目标表", "项目", "预算"]
    for broken in (whole[:-20], whole.replace(b"<pkg:package", b'<!DOCTYPE a [<!ENTITY b "c">]><pkg:package', 1)):
        (tmp_path / "a.xml").write_bytes(broken)
        with pytest.raises(Unreadable):
            read(tmp_path / "a.xml")


def test_text_lifted_above_its_line_is_a_raised_mark(tmp_path):
    def run(text, lift=0):
        return f'<w:r><w:rPr><w:position w:val="{lift}"/></w:rPr><w:t>{text}</w:t></w:r>'

    document = docx.Document()
    for line in (
        run("95") + run("1)", 6),
        run("9", 6) + run("5", 6),
        run("面积10m") + run("2", 8),
        run("95") + run("%", 2),
    ):
        document.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w')}>{line}</w:p>"))
    document.save(tmp_path / "a.docx")
    assert texts(tmp_path / "a.docx") == ["95%", "面积10m²", "95", "95"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"$ \geq 95\% $", "≥95%"),
        (r"$ = 20 $公里", "=20公里"),
        (r"$\leq 3.5$万元", "≤3.5万元"),
        (r"$\frac{1}{2}$", None),
        ("$100 或 $200", None),
    ],
)
def test_signs_as_recognisers_write_formulas(tmp_path, written, meant):
    table = "<table><tr>" + "".join(f"<td>{text}</td>" for text in [*HEADS, written]) + "</tr></table>"
    path = saved(tmp_path, f"# 绩效目标表\n\n{table}", "a.txt")
    assert texts(path)[-1] == (meant or written)
    said = [remark.passed for remark in read(path).remarks if remark.check == "exported"]
    assert said == ([True] if meant else [False] if "frac" in written else [])


def test_a_databases_word_for_nothing_among_escaped_quotes(tmp_path):
    rows = [['"甲"', '"1"', '"按\\"乙\\"办"', r"\N", '"长"'], [r"\N", '"2"', '"产出"', '"数量"', r"\N"]]
    path = saved(tmp_path, "\n".join([",".join(HEADS), *map(",".join, rows)]))
    assert texts(path)[len(HEADS) :] == ["甲", "1", '按"乙"办', "长", "2", "产出", "数量"]


@pytest.mark.parametrize("mark", ["^", "~"])
def test_marks_that_few_divide_by(tmp_path, mark):
    assert texts(saved(tmp_path, "\n".join([mark.join(HEADS), mark.join("甲1乙丙丁")]), "a.txt")) == [
        *HEADS,
        *"甲1乙丙丁",
    ]


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_cells_quoted_by_single_marks(tmp_path, separator):
    lines = [
        separator.join(f"'{cell}'" for cell in row)
        for row in (HEADS, ["甲", "1,200.5", "产出,效益", "数\n量", "长''宽"])
    ]
    assert texts(saved(tmp_path, "\n".join(lines))) == [*HEADS, "甲", "1,200.5", "产出,效益", "数\n量", "长'宽"]


def test_a_bare_line_break_at_the_end_of_a_cell_where_nothing_has_moved(tmp_path):
    heads = [*HEADS, "计算符号", "指标值"]
    rows = [
        ["甲", "1", "产出", "数量", "惠及群众"],
        ["", "≥", "2.4"],
        ["乙", "2", "产出", "数量", "里程"],
        ["", "3", "4"],
    ]
    got = texts(saved(tmp_path, "\n".join("\t".join(row) for row in [heads, *rows]), "a.txt"))
    assert got[len(heads) :] == [
        "甲",
        "1",
        "产出",
        "数量",
        "惠及群众",
        "≥",
        "2.4",
        "乙",
        "2",
        "产出",
        "数量",
        "里程",
        "3",
        "4",
    ]
    cells = read(tmp_path / "a.txt").cells
    assert cells.loc[cells["text"].isin(["≥", "3"]), "row"].tolist() == [2, 4]  # what has moved stays on its own line


def test_a_table_in_latex(tmp_path):
    rows = [
        " & ".join(HEADS) + r" \\ \hline",
        r"\multirow{2}{*}{\textbf{道路养护}} & \multicolumn{1}{c|}{36.5} & 产出 & \makecell{数量\\指标} & A\&B $\ge$ 95\% \\ \cline{3-5}",
        r" & & 效益 & \multicolumn{2}{c|}{无} \\",
    ]
    table = "\n".join([r"\begin{tabular}{|c|*{4}{c|}}", r"\hline", *rows, r"\end{tabular}"])
    path = saved(tmp_path, "\\section*{绩效目标表}\n单位：万元\n" + table + "\n填表人：甲", "a.txt")
    cells = read(path).cells[["table", "row", "col", "rowspan", "colspan", "text"]].values.tolist()
    assert cells[:2] == [[0, 1, 1, 1, 1, "绩效目标表"], [0, 2, 1, 1, 1, "单位：万元"]]
    assert [cell[5] for cell in cells[2:7]] == HEADS and cells[-1][5] == "填表人：甲"
    assert cells[7:-1] == [
        [1, 4, 1, 2, 1, "道路养护"], [1, 4, 2, 1, 1, "36.5"], [1, 4, 3, 1, 1, "产出"], [1, 4, 4, 1, 1, "数量\n指标"],
        [1, 4, 5, 1, 1, "A&B ≥ 95%"], [1, 5, 2, 1, 1, ""], [1, 5, 3, 1, 1, "效益"], [1, 5, 4, 1, 2, "无"],
    ]  # fmt: skip
