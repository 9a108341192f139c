"""Word documents as a person sees them: spans, nested tables, tracked changes, hidden text, text boxes."""

import io
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from budgetperf.readers import read
from budgetperf.readers.flow import Cell, Table, laid_out
from budgetperf.readers.word import read_docx

NAMES = (
    nsdecls("w", "r", "wp", "a")
    + ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    + ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    + ' xmlns:v="urn:schemas-microsoft-com:vml"'
    + ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def saved(tmp_path, *blocks):
    """A document whose body is these pieces of WordprocessingML."""
    document = docx.Document()
    body = document.element.body
    for block in blocks:
        start, rest = block.split(">", 1) if not block.split(">", 1)[0].endswith("/") else (block[:-2], "/>")
        xml = f"{start} {NAMES}>{rest}" if rest != "/>" else f"{start} {NAMES}/>"
        body.insert(len(body) - 1, parse_xml(xml))
    document.save(tmp_path / "a.docx")
    return tmp_path / "a.docx"


def p(text):
    return f"<w:p><w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"


def tc(text="", properties="", content=None):
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text) if content is None else content}</w:tc>"


def tbl(*rows):
    return "<w:tbl><w:tblPr/><w:tblGrid/>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def shape(path):
    columns = ["table", "row", "col", "rowspan", "colspan", "text"]
    return [tuple(cell) for cell in read_docx(path).cells[columns].itertuples(index=False)]


def texts(path):
    return read_docx(path).cells["text"].tolist()


RESTART, CONTINUE = "<w:vMerge w:val='restart'/>", "<w:vMerge/>"


def test_spans_of_a_form_equal_those_python_docx_sees(tmp_path):
    document = docx.Document()
    document.add_paragraph("项目支出绩效目标申报表")
    document.add_paragraph("")
    table = document.add_table(rows=5, cols=4)
    for row in range(5):
        for col in range(4):
            table.cell(row, col).text = f"{row}{col}"
    table.cell(0, 1).merge(table.cell(0, 3)).text = "道路养护"
    table.cell(1, 0).merge(table.cell(4, 0)).text = "绩效指标"
    table.cell(2, 1).merge(table.cell(3, 2)).text = "产出"
    document.save(tmp_path / "a.docx")
    reading = read(tmp_path / "a.docx")
    assert reading.format == "docx"
    assert reading.cells["text"].iloc[0] == "项目支出绩效目标申报表" and reading.cells["table"].iloc[0] == 0
    cells = reading.cells[reading.cells["table"] == 1]
    grid = {}
    for cell in cells.itertuples():
        for down in range(cell.rowspan):
            for over in range(cell.colspan):
                place = (cell.row - 2 + down, cell.col - 1 + over)
                assert place not in grid
                grid[place] = cell.text
    assert grid == {(row, col): table.cell(row, col).text for row in range(5) for col in range(4)}
    assert len(cells) == 20 - 2 - 3 - 3


def test_rows_that_begin_late_or_end_early(tmp_path):
    rows = [
        tc("甲") + tc("乙") + tc("丙"),
        "<w:trPr><w:gridBefore w:val='1'/><w:gridAfter w:val='1'/></w:trPr>" + tc("中"),
    ]
    assert shape(saved(tmp_path, tbl(*rows))) == [
        (1, 1, 1, 1, 1, "甲"),
        (1, 1, 2, 1, 1, "乙"),
        (1, 1, 3, 1, 1, "丙"),
        (1, 2, 2, 1, 1, "中"),
    ]


def test_vertical_merges_end_and_begin_again(tmp_path):
    rows = [
        tc("产出", RESTART) + tc("a"),
        tc("不显示", CONTINUE) + tc("b"),
        tc("效益", RESTART) + tc("c"),
        tc("", CONTINUE) + tc("d"),
        tc("单") + tc("e"),
        tc("无头", CONTINUE) + tc("f"),  # goes on from nothing: a cell of its own
    ]
    assert [cell for cell in shape(saved(tmp_path, tbl(*rows))) if cell[2] == 1] == [
        (1, 1, 1, 2, 1, "产出"),
        (1, 3, 1, 2, 1, "效益"),
        (1, 5, 1, 1, 1, "单"),
        (1, 6, 1, 1, 1, "无头"),
    ]


@pytest.mark.parametrize(
    ("first", "texts_seen"), [(CONTINUE, ["甲", "一", "二", "乙", "三"]), (RESTART, ["甲", "一", "二", "三"])]
)
def test_a_merge_that_no_cell_begins_ends_at_the_next_text(tmp_path, first, texts_seen):
    rows = [[tc("甲", first), tc("一")], [tc("", CONTINUE), tc("二")], [tc("乙", CONTINUE), tc("三")]]
    cells = read_docx(saved(tmp_path, tbl(*rows))).cells
    assert cells["text"].tolist() == texts_seen
    assert cells["rowspan"].iat[0] == (2 if first == CONTINUE else 3)


def test_old_style_horizontal_merge(tmp_path):
    row = tc("宽", "<w:hMerge w:val='restart'/>") + tc("", "<w:hMerge/>") + tc("右")
    assert shape(saved(tmp_path, tbl(row))) == [(1, 1, 1, 1, 2, "宽"), (1, 1, 3, 1, 1, "右")]


def test_paragraphs_and_breaks_in_a_cell_are_lines(tmp_path):
    content = "<w:p><w:r><w:t>预算数</w:t><w:br/><w:t>(万元)</w:t></w:r></w:p>" + p("第二段") + "<w:p/>"
    assert texts(saved(tmp_path, tbl(tc("", "", content) + tc("x")))) == ["预算数\n(万元)\n第二段", "x"]


def test_tracked_changes_are_read_as_accepted(tmp_path):
    paragraph = (
        "<w:p><w:r><w:t>预算</w:t></w:r>"
        "<w:del w:id='1' w:author='a'><w:r><w:delText>10</w:delText><w:tab/></w:r></w:del>"
        "<w:ins w:id='2' w:author='a'><w:r><w:t>20</w:t></w:r></w:ins>"
        "<w:moveFrom w:id='3' w:author='a'><w:r><w:t>旧处</w:t></w:r></w:moveFrom>"
        "<w:moveTo w:id='4' w:author='a'><w:r><w:t>新处</w:t></w:r></w:moveTo></w:p>"
    )
    ended = "<w:p><w:pPr><w:rPr><w:del w:id='7' w:author='a'/></w:rPr></w:pPr><w:r><w:t>前</w:t></w:r></w:p>"
    rows = tbl(
        tc("甲") + tc("乙"),
        "<w:trPr><w:del w:id='5' w:author='a'/></w:trPr>" + tc("删") + tc("删"),
        "<w:trPr><w:ins w:id='6' w:author='a'/></w:trPr>" + tc("增") + tc("增"),
    )
    assert texts(saved(tmp_path, paragraph, ended, p("后"), rows)) == ["预算20新处", "前后", "甲", "乙", "增", "增"]


def test_hidden_text_and_rows_are_left_out(tmp_path):
    paragraph = (
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>暗</w:t></w:r>"
        "<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>明</w:t></w:r></w:p>"
    )
    rows = tbl(tc("甲") + tc("乙"), "<w:trPr><w:hidden/></w:trPr>" + tc("藏") + tc("藏"))
    assert texts(saved(tmp_path, paragraph, rows)) == ["明", "甲", "乙"]


def test_signs_from_symbol_fonts_and_equations(tmp_path):
    paragraph = (
        "<w:p><w:r><w:sym w:font='Symbol' w:char='F0B3'/><w:t>95</w:t></w:r>"
        "<w:r><w:rPr><w:rFonts w:ascii='Symbol' w:hAnsi='Symbol'/></w:rPr><w:t>\uf0a3</w:t></w:r>"
        "<m:oMath><m:r><m:t>=8</m:t></m:r></m:oMath><w:r><w:noBreakHyphen/><w:tab/><w:t>x</w:t></w:r></w:p>"
    )
    assert texts(saved(tmp_path, paragraph)) == ["≥95≤=8-\tx"]


@pytest.mark.parametrize(
    ("part", "text"),
    [("<m:sup>{}</m:sup>", "10²"), ("<m:sub>{}</m:sub>", "10₂")],
)
def test_exponents_of_equations_never_become_digits(tmp_path, part, text):
    run = "<m:r><m:t>{}</m:t></m:r>".format
    equation = f"<m:oMath><m:sSup><m:e>{run(10)}</m:e>{part.format(run(2))}</m:sSup></m:oMath>"
    assert texts(saved(tmp_path, f"<w:p>{equation}</w:p>")) == [text]


def test_content_controls_and_fields(tmp_path):
    paragraph = (
        "<w:p><w:sdt><w:sdtPr/><w:sdtContent><w:r><w:t>控件</w:t></w:r></w:sdtContent></w:sdt>"
        "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>DATE</w:instrText></w:r>"
        "<w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>2024</w:t></w:r>"
        "<w:hyperlink><w:r><w:t>链</w:t></w:r></w:hyperlink></w:p>"
    )
    block = "<w:sdt><w:sdtPr/><w:sdtContent>" + tbl(tc("表") + tc("内")) + "</w:sdtContent></w:sdt>"
    assert shape(saved(tmp_path, paragraph, block)) == [
        (0, 1, 1, 1, 1, "控件2024链"),
        (1, 2, 1, 1, 1, "表"),
        (1, 2, 2, 1, 1, "内"),
    ]


def test_text_box_is_read_once_as_lines(tmp_path):
    box = f"<w:txbxContent>{p('单位：万元')}</w:txbxContent>"
    paragraph = (
        "<w:p><w:r><w:t>标题</w:t></w:r><w:r><mc:AlternateContent>"
        f"<mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert shape(saved(tmp_path, paragraph)) == [(0, 1, 1, 1, 1, "标题"), (0, 2, 1, 1, 1, "单位：万元")]


@pytest.mark.parametrize(("rowspan", "rows"), [(2, [3, "内表"]), (1, [2, "内表", 1])])
def test_a_table_within_divides_the_rows_around_it_only_where_no_cell_reaches_over_it(rowspan, rows):
    beside = [Cell(2, 1, rowspan, 1, "乙"), Cell(2, 2, 1, 1, ""), Cell(3, 2, 1, 1, "丙")]
    found = laid_out(Table(3, [Cell(1, 1, 1, 2, "甲"), *beside]), {2: ["内表"]}, arranges=True)
    assert [item if isinstance(item, str) else item.rows for item in found] == rows


def test_nested_table_of_a_data_table_follows_it(tmp_path):
    inner = tbl(tc("内"))
    rows = [tc("甲") + tc("", "", p("文") + inner + "<w:p/>"), tc("乙") + tc("丙")]
    assert shape(saved(tmp_path, tbl(*rows), p("尾"))) == [
        (1, 1, 1, 1, 1, "甲"),
        (1, 1, 2, 1, 1, "文"),
        (1, 2, 1, 1, 1, "乙"),
        (1, 2, 2, 1, 1, "丙"),
        (2, 3, 1, 1, 1, "内"),
        (0, 4, 1, 1, 1, "尾"),
    ]


def test_table_that_only_arranges_gives_its_contents(tmp_path):
    inner = tbl(tc("甲") + tc("乙"), tc("丙") + tc("丁"))
    outer = tbl(tc("", "", p("标题") + inner + p("注")))
    assert shape(saved(tmp_path, outer)) == [
        (0, 1, 1, 1, 1, "标题"),
        (1, 2, 1, 1, 1, "甲"),
        (1, 2, 2, 1, 1, "乙"),
        (1, 3, 1, 1, 1, "丙"),
        (1, 3, 2, 1, 1, "丁"),
        (0, 4, 1, 1, 1, "注"),
    ]


@pytest.mark.parametrize("span", ["99999999999", "-3", "x", "0"])
def test_absurd_spans_are_bounded(tmp_path, span):
    cells = read_docx(saved(tmp_path, tbl(tc("甲", f"<w:gridSpan w:val='{span}'/>") + tc("乙")))).cells
    assert cells["text"].tolist() == ["甲", "乙"]
    assert 1 <= cells["colspan"].iloc[0] <= 1000


def test_dragged_edges_of_columns_are_one_unless_a_cell_stands_between_them(tmp_path):
    grid = (
        "<w:tblGrid>" + "".join(f"<w:gridCol w:w='{width}'/>" for width in (900, 40, 900, 40, 20, 900)) + "</w:tblGrid>"
    )

    def wide(text, span):
        return tc(text, f"<w:gridSpan w:val='{span}'/>")

    dragged = tbl(tc("甲") + wide("乙", 2) + wide("丙", 3), wide("丁", 2) + wide("戊", 3) + tc("己"))
    columns = [cell[2:5:2] for cell in shape(saved(tmp_path, dragged.replace("<w:tblGrid/>", grid)))]
    assert columns == [(1, 1), (2, 1), (3, 1)] * 2
    narrow = tbl(tc("甲") + tc("") + wide("乙", 4)).replace("<w:tblGrid/>", grid)
    assert [cell[2] for cell in shape(saved(tmp_path, narrow))] == [1, 2, 3]


def test_empty_document_is_blank(tmp_path):
    reading = read_docx(saved(tmp_path))
    assert reading.cells.empty
    assert reading.pages[["state", "note"]].values.tolist() == [["blank", "文档没有内容"]]


def run(text, look=""):
    return f"<w:r><w:rPr>{look}</w:rPr><w:t>{text}</w:t></w:r>"


@pytest.mark.parametrize(
    ("old", "new", "seen", "said"),
    [
        (run("90", "<w:strike/>"), run("95"), "95", "1 处划去的文字"),
        (run("90", "<w:dstrike w:val='true'/>"), run("95"), "95", "1 处划去的文字"),
        (run("90", "<w:strike w:val='0'/>"), run("95"), "9095", ""),
        (run("3600"), run("1", "<w:vertAlign w:val='superscript'/>"), "3600", "1 处注码"),
        (run("面积10m"), run("2", "<w:vertAlign w:val='superscript'/>"), "面积10m²", ""),
        (run("8", "<w:color w:val='FFFFFF'/>"), run("95"), "95", "1 处白色的文字"),
        (run("8", "<w:color w:val='FFFFFF'/><w:shd w:fill='4472C4'/>"), run("95"), "895", ""),
        (run("8", "<w:sz w:val='2'/>"), run("95"), "95", "1 处小到看不见的文字"),
    ],
)
def test_struck_out_white_and_raised_text(tmp_path, old, new, seen, said):
    path = saved(tmp_path, tbl(tc("甲") + tc(content=f"<w:p>{old}{new}</w:p>")))
    assert texts(path) == ["甲", seen]
    assert [remark.note for remark in read_docx(path).remarks] == ([f"{said}，没有读取"] if said else [])


def test_text_hidden_by_the_style_that_its_style_is_based_on(tmp_path):
    path = saved(tmp_path, "<w:p>" + run("旧", "<w:rStyle w:val='B'/>") + run("95") + "</w:p>")
    document = docx.Document(path)
    for name, inside in (("A", "<w:rPr><w:vanish/></w:rPr>"), ("B", "<w:basedOn w:val='A'/>")):
        style = (
            f"<w:style {nsdecls('w')} w:type='character' w:styleId='{name}'><w:name w:val='{name}'/>{inside}</w:style>"
        )
        document.styles.element.append(parse_xml(style))
    document.save(path)
    assert texts(path) == ["95"]


def test_white_text_on_a_coloured_cell_is_a_heading_like_any(tmp_path):
    white = run("指标", "<w:color w:val='FFFFFF'/>")
    head = tc(properties="<w:shd w:fill='1F4E79'/>", content=f"<w:p>{white}</w:p>")
    assert texts(saved(tmp_path, tbl(head))) == ["指标"]


def test_a_form_whose_indicators_are_a_table_in_one_of_its_cells(tmp_path):
    inner = tbl(tc("一级指标") + tc("二级指标") + tc("值"), tc("甲") + tc("乙") + tc("丙"))
    form = tbl(tc("项目名称") + tc("道路养护"), tc("绩效指标") + tc(content=inner + "<w:p/>"), tc("备注") + tc("无"))
    cells = shape(saved(tmp_path, form))
    assert [cell[0] for cell in cells] == [1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3]
    assert [cell[5] for cell in cells if cell[0] == 1] == ["项目名称", "道路养护", "绩效指标", ""]


def test_strict_open_xml_is_read_as_any(tmp_path):
    path = saved(tmp_path, p("标题"), tbl(tc("甲") + tc("乙")))
    before = texts(path)
    names = [
        ("wordprocessingml/2006/main", "wordprocessingml/main"),
        ("officeDocument/2006/relationships", "officeDocument/relationships"),
    ]
    parts = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            parts[name] = archive.read(name)
            for usual, strict in names if name.endswith((".xml", ".rels")) else ():
                usual, strict = f"http://schemas.openxmlformats.org/{usual}", f"http://purl.oclc.org/ooxml/{strict}"
                parts[name] = parts[name].replace(usual.encode(), strict.encode())
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert texts(path) == before == ["标题", "甲", "乙"]


def boxed(content):
    return f"<w:p><w:r><w:pict><v:shape><v:textbox><w:txbxContent>{content}</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"


def test_a_cell_whose_text_stands_in_a_box(tmp_path):
    path = saved(tmp_path, tbl(tc(content=boxed(p("36.50"))) + tc(content=p("甲") + boxed(p("章")))))
    assert texts(path) == ["36.50", "甲", "章"]


def test_what_word_asks_to_be_filled_in_is_no_text(tmp_path):
    asked = f"<w:p><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{p('单击此处输入')[5:-6]}</w:sdtContent></w:sdt></w:p>"
    assert texts(saved(tmp_path, tbl(tc(content=asked) + tc("甲")))) == ["", "甲"]


def test_the_header_of_the_first_page_comes_first(tmp_path):
    document = docx.Document()
    document.add_paragraph("正文")
    document.sections[0].header.paragraphs[0].text = "单位：万元"
    document.save(tmp_path / "a.docx")
    assert texts(tmp_path / "a.docx") == ["单位：万元", "正文"]


def test_a_table_in_the_header_gives_its_rows_as_lines(tmp_path):
    document = docx.Document()
    document.add_paragraph("正文")
    cells = document.sections[0].header.add_table(1, 2, docx.shared.Cm(12)).rows[0].cells
    cells[0].text, cells[1].text = "单位编码：554008", "单位名称：县文化馆"
    document.save(tmp_path / "a.docx")
    cells = read_docx(tmp_path / "a.docx").cells
    assert cells[["table", "row", "text"]].values.tolist() == [
        [0, 1, "单位编码：554008"], [0, 1, "单位名称：县文化馆"], [0, 2, "正文"],
    ]  # fmt: skip


def corrected() -> bytes:
    """A document whose line has a number struck out before the one that holds, in the body and at the head of the page."""
    document, content = docx.Document(), io.BytesIO()
    for paragraph in (document.sections[0].header.paragraphs[0], document.add_paragraph()):
        paragraph.add_run("90").font.strike = True
        paragraph.add_run("95")
    document.save(content)
    return content.getvalue()


@pytest.mark.parametrize(
    ("kind", "content", "seen"),
    [
        (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            corrected(),
            ["前", "95", "95", "后"],
        ),
        ("text/html", b"<del>90</del>95", ["前", "95", "后"]),
        ("text/html", "<meta charset=utf-8><table><tr><td>甲</table>".encode(), ["前", "甲", "后"]),
        ("application/rtf", b"{\\rtf1}", ["前", "后"]),
    ],
)
def test_a_page_laid_into_the_document(tmp_path, kind, content, seen):
    document = docx.Document()
    part = docx.opc.part.Part(docx.opc.packuri.PackURI("/word/chunk.bin"), kind, content, document.part.package)
    relation = document.part.relate_to(
        part, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk"
    )
    for block in (p("前"), f'<w:altChunk r:id="{relation}"/>', p("后")):
        start, rest = block.split(">", 1) if not block.endswith("/>") else (block[:-2], None)
        element = parse_xml(f"{start} {NAMES}/>" if rest is None else f"{start} {NAMES}>{rest}")
        document.element.body.insert(len(document.element.body) - 1, element)
    document.save(tmp_path / "a.docx")
    reading = read_docx(tmp_path / "a.docx")
    assert reading.cells["text"].tolist() == seen
    assert ("没有读取" in reading.pages["note"].iat[0]) == ("rtf" in kind)
    assert ("划去" in " ".join(remark.note for remark in reading.remarks)) == (b"90" in content or "word" in kind)


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        ("<w:ddList><w:result w:val='1'/><w:listEntry w:val='≥'/><w:listEntry w:val='='/></w:ddList>", "="),
        ("<w:ddList><w:listEntry w:val='≥'/><w:listEntry w:val='='/></w:ddList>", "≥"),
        ("<w:ddList><w:result w:val='7'/><w:listEntry w:val='≥'/></w:ddList>", ""),
        ("<w:checkBox><w:default w:val='0'/><w:checked/></w:checkBox>", "☑"),
        ("<w:checkBox><w:default w:val='0'/></w:checkBox>", "□"),
    ],
)
def test_what_the_fields_of_a_form_show(tmp_path, field, shown):
    run = f"<w:p><w:r><w:fldChar w:fldCharType='begin'><w:ffData>{field}</w:ffData></w:fldChar></w:r></w:p>"
    assert texts(saved(tmp_path, tbl(tc(content=run) + tc("甲")))) == [shown, "甲"]


def test_the_instruction_of_a_field_is_not_shown_nor_the_results_of_fields_within_it(tmp_path):
    mark, run = "<w:r><w:fldChar w:fldCharType='{}'/></w:r>".format, "<w:r><w:t>{}</w:t></w:r>".format
    told = "<w:r><w:instrText> QUOTE </w:instrText></w:r>"
    inner = mark("begin") + told + mark("separate") + run("73") + mark("end")
    outer = mark("begin") + told + inner + mark("separate") + run("74") + mark("end")
    shown = mark("begin") + told + mark("separate") + run("一") + inner + mark("end")
    path = saved(tmp_path, *(f"<w:p>{one}</w:p>" for one in (outer + run("个"), shown, mark("begin") + run("未完"))))
    assert texts(path) == ["74个", "一73", "未完"]
    assert [remark.note for remark in read_docx(path).remarks] == ["1 处域代码中的文字，没有读取"]
