"""HTML pages as a browser shows them: spans, encodings, hidden parts, tables that only arrange."""

import base64

import pytest

from budgetperf.errors import Unreadable
from budgetperf.readers import read
from budgetperf.readers.html import read_html
from budgetperf.readers.html_encoding import decode


def saved(tmp_path, page, encoding="utf-8"):
    path = tmp_path / "a.html"
    path.write_bytes(page if isinstance(page, bytes) else page.encode(encoding))
    return path


def shape(tmp_path, page):
    columns = ["table", "row", "col", "rowspan", "colspan", "text"]
    return [tuple(cell) for cell in read_html(saved(tmp_path, page)).cells[columns].itertuples(index=False)]


def texts(tmp_path, page):
    return read_html(saved(tmp_path, page)).cells["text"].tolist()


def spans(tmp_path, page):
    """(row, col, rowspan, colspan, text) of a page's only table."""
    return [cell[1:] for cell in shape(tmp_path, page)]


def test_spans_place_cells_as_html_prescribes(tmp_path):
    page = (
        "<table><tr><th rowspan=2>单位<th colspan=2>指标<th>值</tr>"
        "<tr><td>甲<td>乙<td>丙</tr><tr><td colspan=3>宽<td></tr></table>"
    )
    assert spans(tmp_path, page) == [
        (1, 1, 2, 1, "单位"),
        (1, 2, 1, 2, "指标"),
        (1, 4, 1, 1, "值"),
        (2, 2, 1, 1, "甲"),
        (2, 3, 1, 1, "乙"),
        (2, 4, 1, 1, "丙"),
        (3, 1, 1, 3, "宽"),
        (3, 4, 1, 1, ""),
    ]


def test_rowspan_0_and_too_long_spans_end_with_their_group(tmp_path):
    page = (
        "<table><thead><tr><td rowspan=9>头<td>a</thead>"
        "<tbody><tr><td rowspan=0>零<td>b<tr><td>c<tr><td>d</tbody>"
        "<tbody><tr><td rowspan=65535>长<td>e<tr><td>f</tbody></table>"
    )
    assert [cell for cell in spans(tmp_path, page) if cell[1] == 1] == [
        (1, 1, 1, 1, "头"),
        (2, 1, 3, 1, "零"),
        (5, 1, 2, 1, "长"),
    ]


@pytest.mark.parametrize("rowspan", [2, 3])
def test_spans_that_would_overlap_are_cut(tmp_path, rowspan):
    page = f"<table><tr><td>a<td>b<td rowspan={rowspan}>c<tr><td colspan=3>宽<td>d<tr><td>e</table>"
    cells = spans(tmp_path, page)
    assert cells[3:5] == [(2, 1, 1, 2, "宽"), (2, 4, 1, 1, "d")]


@pytest.mark.parametrize(
    ("written", "colspan"), [("2;", 2), ("x", 1), ("-2", 1), ("0", 1), ("999999999", 1000), ("2.7", 2)]
)
def test_spans_as_browsers_read_them(tmp_path, written, colspan):
    assert spans(tmp_path, f'<table><tr><td colspan="{written}">a</table>') == [(1, 1, 1, colspan, "a")]


def test_foot_written_before_the_body_is_read_last(tmp_path):
    page = "<table><tfoot><tr><td>合计</tfoot><tbody><tr><td>甲</tbody><thead><tr><td>头</thead></table>"
    assert texts(tmp_path, page) == ["头", "甲", "合计"]


def test_text_of_a_cell(tmp_path):
    page = (
        "<table><tr><td> 预算数<br>(万元)\n </td><td><p>一</p><p>二</p></td><td>&ge;95&#37;&nbsp;&lt;x&gt;&amp;</td>"
        "<td>a\n   b\t c</td><td><b>加</b><i>粗</i><sup>2</sup></td><td>零\u200b宽</td><td><pre>x\n y</pre></td>"
        "<td><!-- 注 --><script>1</script><style>p{}</style>真</td></table>"
    )
    assert texts(tmp_path, page) == ["预算数\n(万元)", "一\n二", "≥95% <x>&", "a b c", "加粗", "零宽", "x\ny", "真"]


def test_lines_broken_in_the_file_are_no_blanks_between_chinese_characters(tmp_path):
    page = "<table><tr><td>组织集\n  中轮训，\r\n分<span>两\n</span>批<td>Windows\n 10 系\n统<td>甲 乙</table>"
    assert texts(tmp_path, page) == ["组织集中轮训，分两批", "Windows 10 系统", "甲 乙"]


def test_hidden_parts_are_left_out(tmp_path):
    page = (
        "<p hidden>暗</p><p style='color:red; DISPLAY : none'>暗</p><div style='visibility:hidden'><p>暗</p></div>"
        "<p style='display:block'>明</p><noscript>暗</noscript><template>暗</template><title>暗</title>"
        "<table><tr><td>a<td style='display:none'>暗<td>b<tr style='display:none'><td>暗<td>暗<tr><td>c<td>d</table>"
        "<table style='display:none'><tr><td>暗</table>"
    )
    assert shape(tmp_path, page) == [
        (0, 1, 1, 1, 1, "明"),
        (1, 2, 1, 1, 1, "a"),
        (1, 2, 2, 1, 1, "b"),
        (1, 3, 1, 1, 1, "c"),
        (1, 3, 2, 1, 1, "d"),
    ]


def test_lines_and_tables_in_reading_order(tmp_path):
    page = (
        "<body>开头<h1>标题</h1><div>单位：<span>万元</span></div><table><caption>表一</caption><tr><td>甲</table>尾"
        "<br>注<table><tr><td>乙</table><p>末</p>"
    )
    assert [(cell[0], cell[1], cell[5]) for cell in shape(tmp_path, page)] == [
        (0, 1, "开头"),
        (0, 2, "标题"),
        (0, 3, "单位：万元"),
        (0, 4, "表一"),
        (1, 5, "甲"),
        (0, 6, "尾"),
        (0, 7, "注"),
        (2, 8, "乙"),
        (0, 9, "末"),
    ]


def test_tables_that_only_arrange_give_way_to_those_inside(tmp_path):
    data = "<table><tr><td>指标<td>值<tr><td>人数<td>9</table>"
    page = f"<table><tr><td>导航<td><table><tr><td>标题{data}页脚</table></table>"
    assert [(cell[0], cell[5]) for cell in shape(tmp_path, page)] == [
        (0, "导航"),
        (0, "标题"),
        (1, "指标"),
        (1, "值"),
        (1, "人数"),
        (1, "9"),
        (0, "页脚"),
    ]


def test_small_table_inside_a_data_table_follows_it(tmp_path):
    page = "<table><tr><td>甲<td>文<table><tr><td>内</table>后<tr><td>乙<td>丙</table>"
    assert [(cell[0], cell[5]) for cell in shape(tmp_path, page)] == [
        (1, "甲"),
        (1, "文\n后"),
        (1, "乙"),
        (1, "丙"),
        (2, "内"),
    ]


def test_elements_that_stand_wrongly_between_table_and_rows(tmp_path):
    page = "<table><form><tr><td>甲<td>乙</tr></form><tr><td>丙<td>丁</tr></table>"
    assert texts(tmp_path, page) == ["甲", "乙", "丙", "丁"]


CHINESE = "<p>项目支出绩效目标表镕</p>"


@pytest.mark.parametrize(
    ("page", "noted"),
    [
        (b"\xef\xbb\xbf" + CHINESE.encode(), False),
        (b"\xff\xfe" + CHINESE.encode("utf-16-le"), False),
        (b"\xfe\xff" + CHINESE.encode("utf-16-be"), False),
        (b"<meta charset=gb2312>" + CHINESE.encode("gb18030"), False),
        (b"<META http-equiv=Content-Type content='text/html; charset=GBK'>" + CHINESE.encode("gb18030"), False),
        (b"<meta charset=big5>" + "<p>目標</p>".encode("big5"), False),
        (b"<?xml version='1.0' encoding='gb2312'?><html>" + CHINESE.encode("gb18030"), False),
        (CHINESE.encode("gb18030"), False),
        (CHINESE.encode(), False),
        (b"<meta charset=gb2312>" + CHINESE.encode(), True),  # stated wrongly: UTF-8 shows by its bytes
        (b"<meta charset=utf-8>" + CHINESE.encode("gb18030"), True),
        (b"<meta charset=nonsense>" + CHINESE.encode(), False),
    ],
)
def test_encodings(tmp_path, page, noted):
    reading = read(saved(tmp_path, page))
    assert reading.format == "html"
    assert reading.cells["text"].tolist() in (["项目支出绩效目标表镕"], ["目標"])
    assert ("实际按" in reading.pages["note"].item()) == noted


def test_a_broken_character_is_shown_and_said(tmp_path):
    page = b"<meta charset=utf-8>" + CHINESE.encode() + b"<p>\xe4\xb8</p>" + CHINESE.encode() * 9
    text, note = decode(page)
    assert text.count("\ufffd") == 1 and "项目支出绩效目标表镕" in text
    assert note == "有 1 处文字损坏，读作 \ufffd"


def test_page_without_text_says_so(tmp_path):
    pages = read_html(saved(tmp_path, "<html><body><img src=a.png></body></html>")).pages
    assert pages[["state", "note"]].values.tolist() == [["scan", "网页只有图片，没有文字"]]
    assert read_html(saved(tmp_path, "<html></html>")).pages["state"].item() == "blank"


@pytest.mark.parametrize(
    ("cell", "seen", "said"),
    [
        ("<del>90</del>95", "95", "1 处划去的文字"),
        ("<s>1<b>2</b>0</s>126", "126", "1 处划去的文字"),
        ("<span class=old>90</span>95", "95", "1 处划去的文字"),
        ("3600<sup>1</sup>", "3600", "1 处注码"),
        ("3600<span class=note>[2]</span>", "3600", "1 处注码"),
        ("面积10m<sup>2</sup>", "面积10m²", ""),
        ("10<sup>2</sup>", "10²", ""),
        ("<span class='key wide'>0095</span>95", "95", "1 处样式隐藏的文字"),
        ("<span hidden>0095</span>95", "95", "1 处样式隐藏的文字"),
        ("<span style='visibility:hidden'>8</span>95", "95", "1 处样式隐藏的文字"),
        ("<span style='font-size:0'><i style='font-size:9pt'>95</i></span>", "95", ""),
        ("<span style='font-size:0'>8</span>95", "95", "1 处样式隐藏的文字"),
        ("<font style='color:#FFFFFF'>8</font>95", "95", "1 处白色的文字"),
        ("<b style='background:#F5F5F5'><i style='color:#f5f5f5'>8</i>95</b>", "95", "1 处与底色同色的文字"),
        ("<b style='color:inherit;background:inherit'>95</b>", "95", ""),
        ("<b class=dark>95</b>", "95", ""),
        ("<span class=shown>95</span>", "95", ""),
        ("<span class=printed>95</span>", "95", ""),
        ("<script style='display:none'>sum()</script>95", "95", ""),
    ],
)
def test_what_no_one_sees_is_not_read_and_said(tmp_path, cell, seen, said):
    style = """<style><!-- .old {text-decoration: line-through} .note {vertical-align: super}
    td .key {display: none} .dark {color: white; background: #234} .shown {display: none} span.shown {display: inline}
    @media print {.printed {display: none}} --></style>"""
    reading = read_html(saved(tmp_path, f"<head>{style}</head><table><tr><td>甲<td>{cell}</table>"))
    assert reading.cells["text"].tolist() == ["甲", seen]
    assert [remark.note for remark in reading.remarks] == ([f"{said}，没有读取"] if said else [])


def test_a_cell_made_invisible_keeps_its_place_and_one_not_displayed_gives_it_up(tmp_path):
    page = "<table><tr><td>甲<td style='visibility:hidden'>7<td>乙<tr><td>甲<td style='display:none'>7<td>乙</table>"
    assert texts(tmp_path, page) == ["甲", "", "乙", "甲", "乙"]


def test_a_style_sheet_beside_the_page_is_applied_and_none_from_elsewhere_read(tmp_path):
    (tmp_path / "page").mkdir()
    (tmp_path / "a.css").write_text(".k {display:none}")
    (tmp_path / "page/b.css").write_text(".m {display:none}")
    page = "<link rel=stylesheet href={}><table><tr><td><i class=k>1</i><i class=m>2</i>3</table>"
    (tmp_path / "page/a.html").write_text(page.format("../a.css"))
    (tmp_path / "page/b.html").write_text(page.format("b.css"))
    assert read(tmp_path / "page/a.html").cells["text"].tolist() == ["123"]
    assert read(tmp_path / "page/b.html").cells["text"].tolist() == ["13"]


FRAMES = '<html><frameset><frame src="book.files/sheet%30.htm"><frame src="book.files/tabstrip.htm"></frameset></html>'
BOOK = '<link id=shLink href="book.files/sheet0.htm"><link id=shLink href="book.files/sheet1.htm">' + FRAMES


def test_sheets_of_a_workbook_saved_as_a_web_page_are_pages(tmp_path):
    (tmp_path / "book.files").mkdir()
    (tmp_path / "book.files/sheet0.htm").write_text("<table><tr><td>1</table>")
    (tmp_path / "book.files/sheet1.htm").write_text("<table><tr><td>2</table>")
    (tmp_path / "book.htm").write_text(BOOK)
    assert read(tmp_path / "book.htm").cells[["page", "text"]].values.tolist() == [[1, "1"], [2, "2"]]
    (tmp_path / "book.files/sheet1.htm").unlink()
    assert read(tmp_path / "book.htm").pages["state"].tolist() == ["text", "failed"]
    (tmp_path / "book.files/sheet0.htm").unlink()
    with pytest.raises(Unreadable, match="框架"):
        read(tmp_path / "book.htm")


def test_a_page_with_all_its_parts_in_one_file(tmp_path):
    def part(address, text):
        return f"--B\nContent-Location: file:///C:/{address}\nContent-Transfer-Encoding: base64\nContent-Type: text/html; charset=gbk\n\n{base64.b64encode(text.encode('gbk')).decode()}\n"

    book = [
        part("book.htm", BOOK),
        part("book.files/sheet0.htm", "<table><tr><td>合计"),
        part("book.files/sheet1.htm", "<p>注"),
    ]
    path = tmp_path / "a.xls"
    path.write_text('MIME-Version: 1.0\nContent-Type: multipart/related; boundary="B"\n\n' + "".join(book) + "--B--")
    assert read(path).cells[["page", "text"]].values.tolist() == [[1, "合计"], [2, "注"]]


def test_a_form_whose_indicators_are_a_table_in_one_of_its_cells(tmp_path):
    page = """<table><tr><td>项目名称<td>道路养护<tr><td>绩效指标<td><table><tr><td>一级指标<td>二级指标<td>值
    <tr><td>甲<td>乙<td>丙</table><tr><td>备注<td>无</table>"""
    cells = shape(tmp_path, page)
    assert [cell[0] for cell in cells] == [1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3]
    assert [cell[5] for cell in cells if cell[0] != 2] == ["项目名称", "道路养护", "绩效指标", "", "备注", "无"]


@pytest.mark.parametrize(
    ("cell", "seen"),
    [
        ("<input value=95>%<input type=hidden value=7>", "95%"),
        ("<input type=checkbox checked>甲<input type=radio>乙", "☑甲☐乙"),
        ("<select><option>≥<option selected>≤</select>5", "≤5"),
        ("<textarea>保障运转</textarea>", "保障运转"),
        ('<img alt="≥" src=a.gif>95<img alt="单位公章" src=b.gif>', "≥95"),
        ("<math><semantics><mo>≥</mo><annotation>\\geq</annotation></semantics></math>95", "≥95"),
        ("<ruby>养护<rp>(</rp><rt>yǎnghù</rt><rp>)</rp></ruby>里程", "养护里程"),
    ],
)
def test_a_cell_reads_as_the_browser_shows_it(tmp_path, cell, seen):
    assert texts(tmp_path, f"<table><tr><td>{cell}</table>") == [seen]


@pytest.mark.parametrize(
    ("table", "row", "cell", "style"),
    [
        ("div role=table", "div role=row", "span role=cell", ""),
        ("div class=t", "p class=r", "span class=c", ".t{display:table}.r{display:table-row}.c{display:table-cell}"),
    ],
)
def test_a_table_of_other_elements(tmp_path, table, row, cell, style):
    rows = "".join(
        f"<{row}>" + "".join(f"<{cell}>{text}</{cell.split()[0]}>" for text in line) + f"</{row.split()[0]}>"
        for line in ("甲乙", "丙丁")
    )
    page = f"<style>{style}</style><{table}>{rows}</div>"
    assert shape(tmp_path, page) == [(1, k // 2 + 1, k % 2 + 1, 1, 1, text) for k, text in enumerate("甲乙丙丁")]


@pytest.mark.parametrize(
    "style", ["position:absolute;left:-9999px", "position:absolute;width:1px;height:1px;overflow:hidden;", "position:absolute;clip:rect(0 0 0 0)", "clip-path:inset(50%)"]
)  # fmt: skip
def test_text_out_of_sight_is_not_read(tmp_path, style):
    assert texts(tmp_path, f"<table><tr><td>95<i style='{style}'>7</i></table>") == ["95"]


def test_what_holds_for_telephones_only_hides_nothing(tmp_path):
    page = "<style>@media (max-width:600px){table{display:none}} @media (min-width:700px){b{display:none}}</style>"
    assert texts(tmp_path, page + "<table><tr><td>95<b>7</b></table>") == ["95"]


def test_a_page_within_the_page(tmp_path):
    assert texts(tmp_path, '<iframe srcdoc="&lt;table&gt;&lt;tr&gt;&lt;td&gt;甲&lt;/table&gt;"></iframe>') == ["甲"]


def test_what_stands_behind_the_end_of_a_page_is_read(tmp_path):
    path = tmp_path / "pages.html"
    path.write_text("<html><body><p>甲</p></body></html><HTML><body><p>乙</p></BODY ></html>丙", encoding="utf-8")
    assert read(path).cells["text"].tolist() == ["甲", "乙", "丙"]


def test_a_page_within_the_page_is_read_in_its_place(tmp_path):
    (tmp_path / "a.files").mkdir()
    (tmp_path / "a.files/inner.html").write_text("<table><tr><td>内<td>表</table>", encoding="utf-8")
    (tmp_path.parent / "outside.html").write_text("<p>外面</p>", encoding="utf-8")
    frames = "<iframe src='a.files/inner.html'></iframe><iframe src='../outside.html'></iframe><iframe src='none.html'></iframe>"
    reading = read_html(saved(tmp_path, f"<p>首</p>{frames}<p>尾</p>"))
    assert reading.cells["text"].tolist() == ["首", "内", "表", "尾"]
    assert [(r.passed, r.note[-20:]) for r in reading.remarks] == [
        (False, "着另一页 ../outside.html，没有读到"[-20:]), (False, "嵌着另一页 none.html，没有读到"[-20:]),
    ]  # fmt: skip


def test_a_page_within_the_page_has_a_style_of_its_own(tmp_path):
    (tmp_path / "inner.html").write_text("<style>.a{display:none}</style><p>内</p><p class=a>无</p>", encoding="utf-8")
    assert texts(tmp_path, "<p class=a>首</p><iframe data-src='x.html' src='inner.html'></iframe>") == ["首", "内"]


def test_a_table_of_one_cell_only_frames_the_text_of_the_cell_around_it(tmp_path):
    def framed(text):
        return f"<td><table><tr><td><div>{text}</div></table>"

    page = f"<table><tr>{framed('项目名称')}{framed('道路养护')}<tr>{framed('预算数')}{framed('36')}</table>"
    assert [cell[5] for cell in shape(tmp_path, page)] == ["项目名称", "道路养护", "预算数", "36"]
    assert {cell[0] for cell in shape(tmp_path, page)} == {1}


def test_a_row_in_which_all_is_out_of_sight_is_none(tmp_path):
    flat = "<div style='height:0;overflow:hidden'>项目</div>"
    page = f"<table><tr><td>项目<td>预算<tr><td>{flat}<td>{flat}<tr><td>甲<td>{flat}<tr><td rowspan=2>{flat}<td>{flat}<tr><td>1</table>"
    assert texts(tmp_path, page) == ["项目", "预算", "甲", "", "", "", "1"]


def test_cells_that_reach_over_a_row_in_which_all_is_struck_out_end_earlier(tmp_path):
    rows = ["<td rowspan=4>甲<td rowspan=3>乙<td>1", "<td><s>2</s>", "<td><s>3</s>", "<td>丙<td>4", "<td>丁<td>戊<td>5"]
    page = "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"
    assert [cell[:4] for cell in spans(tmp_path, page) if cell[4] in "甲乙"] == [(1, 1, 2, 1), (1, 2, 1, 1)]
    assert [cell[:2] for cell in spans(tmp_path, page) if cell[4] in "丙丁"] == [(2, 2), (3, 1)]


def test_what_closed_details_hold_is_not_read_beside_a_table_that_is_shown(tmp_path):
    old = "<details><summary>上年</summary>旧<p>注</p><table><tr><td>90</table></details>"
    new = "<details open><summary>本年</summary><table><tr><td>95</table></details>"
    assert texts(tmp_path, old + new) == ["上年", "本年", "95"]
    assert [r.note for r in read_html(saved(tmp_path, old + new)).remarks] == ["1 处收起的内容，没有读取"]
    assert texts(tmp_path, old) == ["上年", "旧", "注", "90"]  # else there would be nothing


def test_terms_and_what_is_said_of_them_are_a_line_each(tmp_path):
    page = "<dl><dt>项目名称：</dt><dd>道路<b>养护</b></dd>\n<dt>预算数（万元）</dt><dd>5</dd><dt>资料</dt><dd><table><tr><td>甲</table></dd></dl>"
    assert texts(tmp_path, page) == ["项目名称：道路养护", "预算数（万元）：5", "资料", "甲"]


def test_columns_that_stay_in_sight_stand_beside_the_others(tmp_path):
    def table(*rows):
        return "<table>" + "".join("<tr><td>" + "<td>".join(row) + "</tr>" for row in rows) + "</table>"

    left = table(["项目编码", "项目名称"]) + table(["01", "道路"], ["02", "桥梁"])
    right = table(["三级指标", "指标值", "分值"]) + table(["里程", "5", "9"], ["座数", "7", "8"])
    longer = table(["三级指标", "指标值", "分值"]) + table(["里程", "5", "9"], ["座数", "7", "8"], ["人数", "6", "5"])
    assert [cell for cell in shape(tmp_path, left + right) if cell[1] == 3] == [
        (1, 3, 1, 1, 1, "02"), (1, 3, 2, 1, 1, "桥梁"), (1, 3, 3, 1, 1, "座数"), (1, 3, 4, 1, 1, "7"), (1, 3, 5, 1, 1, "8"),
    ]  # fmt: skip
    assert {cell[0] for cell in shape(tmp_path, left + longer)} == {1, 2, 3, 4}
    assert {cell[0] for cell in shape(tmp_path, left + left)} == {1, 2, 3, 4}
