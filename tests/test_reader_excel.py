"""Workbooks as a person sees them: number formats, merged ranges, hidden parts, tables and the lines around them."""

import datetime
import struct
import zipfile
from decimal import Decimal

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Border, Font, PatternFill, Side

from budgetperf.layout import printed_tables
from budgetperf.readers import read
from budgetperf.readers.excel import read_xlsx
from budgetperf.readers.excel_old import read_xls
from budgetperf.readers.formula import joined_texts, work_out
from budgetperf.readers.number_format import as_seen, text_as_seen
from budgetperf.readers.sheet import Sheet

THIN = Side(style="thin")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)


def save(book, tmp_path, name="a.xlsx"):
    book.save(tmp_path / name)
    return tmp_path / name


def sheet_of(rows, ruled=()):
    """A workbook with these rows on its only sheet; `ruled` rows (1-based) get rules around every cell."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for number in ruled:
        for cell in book.active[number]:
            cell.border = BOX
    return book


def shape(reading):
    """(table, row, col, rowspan, colspan, text) of every cell."""
    columns = ["table", "row", "col", "rowspan", "colspan", "text"]
    return [tuple(cell) for cell in reading.cells[columns].itertuples(index=False)]


@pytest.mark.parametrize(
    ("value", "code", "seen"),
    [
        (0.95, "0%", "95%"),
        (0.9555, "0.00%", "95.55%"),
        (0.285, "0%", "29%"),
        (1.005, "0.00", "1.01"),  # half up on what was typed, not on its binary form
        (0.1 + 0.2, "General", "0.3"),
        (1536.74, "General", "1536.74"),
        (15.0, "General", "15"),
        (44561, "General", "44561"),
        (10, "0.00", "10.00"),
        (22.5, "0.##", "22.5"),
        (18245.54, "#,##0.00", "18,245.54"),
        (1234567, "#,##0", "1,234,567"),
        (0, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-"),
        (-12.5, "#,##0.00_);[Red](#,##0.00)", "(12.50)"),
        (-3, "0.0", "-3.0"),
        (-0.5, "0%", "-50%"),
        (50, '"≥"0"个"', "≥50个"),
        (3, 'G/通用格式"人"', "3人"),
        (12345, '0!.0,"万"', "1.2万"),
        (1234567.89, "0.00,", "1234.57"),
        (1500, "[>=1000]0.0,;0", "1.5"),
        (500, "[>=1000]0.0,;0", "500"),
        (5, ";;;", ""),
        (7, "00000", "00007"),
        (20230105, "0000-00-00", "2023-01-05"),
        (12345.678, "0.00E+00", "1.23E+04"),
        (100, "[$¥-804]#,##0.00", "¥100.00"),
        (0.25, "# ?/?", "0.25"),
        (44561, "yyyy-mm-dd", "2021-12-31"),
        (44561, '[$-804]yyyy"年"m"月"d"日";@', "2021年12月31日"),
        (44469, '[DBNum1][$-804]yyyy"年"m"月"d"日";@', "二〇二一年九月三十日"),
        (45570, '[DBNum2][$-804]yyyy"年"mm"月"dd"日"', "贰零贰肆年壹拾月零伍日"),
        (105.5, "[DBNum1][$-804]0.0", "105.5"),
        (105, "[DBNum1]", "105"),
        (44561.75, "yyyy/m/d h:mm", "2021/12/31 18:00"),
        (44561.75, "h:mm AM/PM", "6:00 PM"),
        (1.5, "[h]:mm", "36:00"),
        (1.5, "[m]", "2160"),
        (1.5, "[ss]", "129600"),
        (59, "yyyy-m-d", "1900-2-28"),
        (61, "yyyy-m-d", "1900-3-1"),
        (-1, "yyyy-m-d", "-1"),
        (float("inf"), "0.00", "#NUM!"),
    ],
)
def test_number_is_text_as_the_cell_shows_it(value, code, seen):
    assert as_seen(value, code) == seen


def test_date_system_of_1904_and_format_of_text():
    assert as_seen(0, "yyyy-mm-dd", True) == "1904-01-01"
    assert text_as_seen("85", '0;-0;0;@"分"') == "85分"
    assert text_as_seen("85", "@") == "85"


def test_values_of_a_workbook_as_seen(tmp_path):
    book = Workbook()
    sheet = book.active
    cells = [
        (0.95, "0%", "95%"),
        (10, "0.00", "10.00"),
        (5.0, "General", "5"),
        (0.1 + 0.2, "General", "0.3"),
        ("0012", "@", "0012"),
        (44561, "General", "44561"),
        (datetime.date(2024, 3, 1), 'yyyy"年"m"月"d"日"', "2024年3月1日"),
        (datetime.date(2024, 3, 1), "mm-dd-yy", "2024/3/1"),
        (datetime.time(8, 30), "h:mm", "8:30"),
        (True, "General", "TRUE"),
        ("=1/0 不是公式", "General", "=1/0 不是公式"),
        ("预算数\n(万元)", "General", "预算数\n(万元)"),
        ("数量_x000D_\n指标", "General", "数量\n指标"),
        ("  缩进 ", "General", "  缩进 "),
    ]
    for col, (value, code, _) in enumerate(cells, start=1):
        cell = sheet.cell(1, col, value)
        cell.number_format = code
        if isinstance(value, str):
            cell.data_type = "s"
    sheet["A2"] = CellRichText("重", TextBlock(InlineFont(b=True), "点"), "指标")
    sheet["B2"] = "乙"
    reading = read_xlsx(save(book, tmp_path))
    assert reading.format == "xlsx"
    assert reading.cells["text"].tolist()[:14] == [seen for *_, seen in cells]
    assert reading.cells["text"].tolist()[14:16] == ["重点指标", "乙"]
    assert reading.cells["x0"].isna().all()


def test_chinese_dates_that_exist_by_number_only(tmp_path):
    book = sheet_of([["日期", 44561], ["月份", 44561]])
    book.active["B1"].number_format = "yyyy-mm-dd"
    book.active["B2"].number_format = "d-mmm-yy"
    source = save(book, tmp_path)
    target = tmp_path / "b.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/styles.xml":
                data = data.replace(b'xf numFmtId="164"', b'xf numFmtId="31"').replace(
                    b'numFmtId="15"', b'numFmtId="57"'
                )
            new.writestr(name, data)
    assert read_xlsx(target).cells["text"].tolist() == ["日期", "2021年12月31日", "月份", "2021年12月"]


def test_shared_strings_as_excel_writes_them(tmp_path):
    """Rich runs are joined, readings above the characters (rPh) and escapes of control characters are not text."""
    strings = (
        "<si><r><t>重</t></r><r><rPr><b/></rPr><t xml:space='preserve'>点 </t></r><r><t>指标</t></r></si>"
        "<si><t>数量</t><rPh sb='0' eb='2'><t>shuliang</t></rPh></si><si><t>甲_x000D_\n乙</t></si><si><t/></si>"
    )
    sheet = "<sheetData><row>" + "".join(f"<c t='s'><v>{k}</v></c>" for k in (2, 1, 0, 1)) + "</row></sheetData>"
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    content = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    source, target = save(Workbook(), tmp_path), tmp_path / "b.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name).decode()
            if name.endswith("sheet1.xml"):
                data = f"<worksheet {main}>{sheet}</worksheet>"
            data = data.replace(
                "</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{content}"/></Types>'
            )
            if name == "xl/_rels/workbook.xml.rels":
                added = f'<Relationship Id="rId99" Type="{relation}" Target="sharedStrings.xml"/></Relationships>'
                data = data.replace("</Relationships>", added)
            new.writestr(name, data)
        new.writestr("xl/sharedStrings.xml", f"<sst {main}>{strings}</sst>")
    assert read_xlsx(target).cells["text"].tolist() == ["甲\n乙", "数量", "重点 指标", "数量"]


def test_formula_gives_stored_result_or_a_note(tmp_path):
    source = save(sheet_of([["合计", "=2*1", "=2*2", "x"], ["a", "b", "c", "d"]]), tmp_path)
    target = tmp_path / "b.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                assert data.count(b"<v />") + data.count(b"<v/>") + data.count(b"<v></v>") == 2
                for empty in (b"<v />", b"<v/>", b"<v></v>"):
                    data = data.replace(empty, b"<v>2.5</v>", 1) if b"<v>2.5" not in data else data
            new.writestr(name, data)
    reading = read_xlsx(target)
    assert reading.cells["text"].tolist()[:4] == ["合计", "2.5", "", "x"]
    assert "1 个公式没有保存计算结果" in reading.pages["note"].item()
    assert "2 个公式" in read_xlsx(source).pages["note"].item()


def test_text_that_a_program_stored_as_a_formula_is_read_and_said(tmp_path):
    reading = read_xlsx(save(sheet_of([["人数", "=62人", "=100%", "=\n95\n%", "=A1", "=10*20"]]), tmp_path))
    assert reading.cells["text"].tolist() == ["人数", "=62人", "=100%", "=\n95\n%"]
    assert "3 个以“=”开头的文字" in reading.pages["note"].item() and "2 个公式没有" in reading.pages["note"].item()


def test_merged_ranges_become_spans_and_every_place_is_read_once(tmp_path):
    book = sheet_of([["一级", "二级", "三级", "值"], ["产出", "数量", "人数", "9"], [None, None, "次数", "8"]])
    sheet = book.active
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("B2:B3")
    sheet.append(["备注", "无", None, None])
    sheet.merge_cells("B4:D4")
    assert shape(read_xlsx(save(book, tmp_path)))[4:] == [
        (1, 2, 1, 2, 1, "产出"),
        (1, 2, 2, 2, 1, "数量"),
        (1, 2, 3, 1, 1, "人数"),
        (1, 2, 4, 1, 1, "9"),
        (1, 3, 3, 1, 1, "次数"),
        (1, 3, 4, 1, 1, "8"),
        (1, 4, 1, 1, 1, "备注"),
        (1, 4, 2, 1, 3, "无"),
    ]


def test_hidden_rows_columns_and_sheets_are_left_out_and_said(tmp_path):
    book = sheet_of([["甲", "密", "乙", "丙"], ["1", "密", "2", "3"], ["隐", "密", "隐", "隐"], ["4", "密", "5", "6"]])
    sheet = book.active
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet.merge_cells("D2:D4")
    book.create_sheet("藏").append(["看不见"])
    book["藏"].sheet_state = "hidden"
    book.create_sheet("后").append(["末页", "1", "2"])
    reading = read_xlsx(save(book, tmp_path))
    assert shape(reading) == [
        (1, 1, 1, 1, 1, "甲"),
        (1, 1, 2, 1, 1, "乙"),
        (1, 1, 3, 1, 1, "丙"),
        (1, 2, 1, 1, 1, "1"),
        (1, 2, 2, 1, 1, "2"),
        (1, 2, 3, 2, 1, "3"),
        (1, 3, 1, 1, 1, "4"),
        (1, 3, 2, 1, 1, "5"),
        (1, 1, 1, 1, 1, "末页"),
        (1, 1, 2, 1, 1, "1"),
        (1, 1, 3, 1, 1, "2"),
    ]
    assert reading.cells["page"].tolist() == [1] * 8 + [3] * 3
    assert reading.pages["state"].tolist() == ["text", "blank", "text"]
    assert reading.pages["note"].tolist() == ["1 行、1 列是隐藏的，没有读取", "工作表是隐藏的，没有读取", ""]


def test_merged_cell_whose_first_row_is_hidden_stays_visible(tmp_path):
    book = sheet_of([["a", "b", "c"], ["产出", "x", "1"], [None, "y", "2"]])
    book.active.merge_cells("A2:A3")
    book.active.row_dimensions[2].hidden = True
    assert shape(read_xlsx(save(book, tmp_path)))[3:] == [
        (1, 2, 1, 1, 1, "产出"),
        (1, 2, 2, 1, 1, "y"),
        (1, 2, 3, 1, 1, "2"),
    ]


def test_title_and_caption_are_lines_and_blank_rows_part_tables(tmp_path):
    rows = [["绩效目标表"], [None, None, "单位：万元"], ["项目", "预算", "目标"], ["a", "1", "x"], []]
    rows += [["第二表"], ["项目", "预算", "目标"], ["b", None, "y"], ["注：以上为年初数"]]
    book = sheet_of(rows)
    book.active.merge_cells("A1:C1")
    cells = shape(read_xlsx(save(book, tmp_path)))
    assert [cell for cell in cells if cell[0] == 0] == [
        (0, 1, 1, 1, 1, "绩效目标表"),
        (0, 2, 1, 1, 1, "单位：万元"),
        (0, 5, 1, 1, 1, "第二表"),
        (0, 8, 1, 1, 1, "注：以上为年初数"),
    ]
    assert [cell[:3] for cell in cells if cell[0] == 2] == [
        (2, 6, 1),
        (2, 6, 2),
        (2, 6, 3),
        (2, 7, 1),
        (2, 7, 2),
        (2, 7, 3),
    ]
    assert (2, 7, 2, 1, 1, "") in cells


def test_form_keeps_rows_of_two_texts_and_labels_without_value(tmp_path):
    rows = [
        ["申报表"],
        ["项目名称", "道路养护"],
        ["主管部门", None],
        ["一级", "二级", "三级", "值"],
        ["产出", "数量", "里程", "9"],
    ]
    book = sheet_of(rows)
    for row in (2, 3):
        book.active.merge_cells(start_row=row, end_row=row, start_column=2, end_column=4)
    cells = shape(read_xlsx(save(book, tmp_path)))
    assert cells[:5] == [
        (0, 1, 1, 1, 1, "申报表"),
        (1, 2, 1, 1, 1, "项目名称"),
        (1, 2, 2, 1, 3, "道路养护"),
        (1, 3, 1, 1, 1, "主管部门"),
        (1, 3, 2, 1, 3, ""),
    ]


def test_rules_tell_lines_from_table_rows(tmp_path):
    rows = [
        ["自评表"],
        ["单位：甲局", None, None, "金额单位：元"],  # two texts without rules above a ruled table: a caption
        ["项目", "养护", "预算", "5"],
        ["说明全宽", None, None, None],  # ruled and merged over the width: a row of the form
        ["指标", "", "值", ""],
        [None, None, None, None],  # an empty ruled row: a row left blank in the form
        ["里程", "", "9", ""],
        ["续表", None, "单位：元", None],  # two texts without rules between ruled rows
        ["天数", "", "8", ""],
        ["负责人：", "填表人：", "电话：", None],
    ]
    book = sheet_of(rows, ruled=(3, 4, 5, 6, 7, 9))
    book.active.merge_cells("A4:D4")
    cells = shape(read_xlsx(save(book, tmp_path)))
    assert [cell[5] for cell in cells if cell[0] == 0] == [
        "自评表",
        "单位：甲局",
        "金额单位：元",
        "续表",
        "单位：元",
        "负责人：",
        "填表人：",
        "电话：",
    ]
    assert {cell[0] for cell in cells} == {0, 1, 2}
    assert (1, 4, 1, 1, 4, "说明全宽") in cells
    assert [cell[5] for cell in cells if cell[1] == 6] == ["", "", "", ""]


def test_stacked_forms_with_merged_titles(tmp_path):
    rows = [["表一"], ["a", "b", "c"], ["d", "e", "f"], ["表二"], ["g", "h", "i"]]
    book = sheet_of(rows)
    book.active.merge_cells("A4:C4")
    cells = shape(read_xlsx(save(book, tmp_path)))
    assert [(cell[0], cell[5]) for cell in cells if cell[0] == 0] == [(0, "表一"), (0, "表二")]
    assert [cell[5] for cell in cells if cell[0] == 2] == ["g", "h", "i"]


def test_row_through_which_a_merged_cell_runs_is_never_a_line(tmp_path):
    book = sheet_of([["产出", "数量", "人数"], [None, None, None], [None, None, "次数"], ["效益", "社会", "水平"]])
    book.active.merge_cells("A1:A3")
    cells = shape(read_xlsx(save(book, tmp_path)))
    assert {cell[0] for cell in cells} == {1}
    assert cells[0] == (1, 1, 1, 3, 1, "产出")
    assert [cell[5] for cell in cells if cell[1] == 2] == ["", ""]


def test_empty_sheet_is_blank(tmp_path):
    reading = read_xlsx(save(Workbook(), tmp_path))
    assert reading.cells.empty
    assert reading.pages[["state", "note"]].values.tolist() == [["blank", "工作表没有内容"]]


# ---- .xls: written here record by record, since no library in the project writes it


def record(kind, data):
    return struct.pack("<HH", kind, len(data)) + data


def unicode_string(text):
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def xls_bytes(cells, merges, formats, hidden_rows=(), hidden_cols=()):
    """A BIFF8 workbook with one sheet: cells as (row, col, value, format number), 0-based."""
    head = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    font = record(0x0031, struct.pack("<HHHHHBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + b"\x05\x00Arial")
    customs = b"".join(record(0x041E, struct.pack("<H", key) + unicode_string(code)) for key, code in formats.items())
    keys = [0, *sorted({cell[3] for cell in cells} - {0})]
    styles = b"".join(record(0x00E0, struct.pack("<HHHBBBBIIH", 0, key, 0, 0, 0, 0, 0, 0, 0, 0)) for key in keys)
    name = "表".encode("utf-16-le")
    before = head + font * 5 + customs + styles
    size = len(before) + 4 + 6 + 2 + len(name) + 4
    before += record(0x0085, struct.pack("<IBB", size, 0, 0) + struct.pack("<BB", 1, 1) + name) + record(0x0A, b"")
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    sheet += b"".join(record(0x007D, struct.pack("<HHHHHH", col, col, 2048, 0, 1, 0)) for col in hidden_cols)
    sheet += b"".join(record(0x0208, struct.pack("<HHHHHHI", row, 0, 9, 255, 0, 0, 0x120)) for row in hidden_rows)
    for row, col, value, key in cells:
        place = struct.pack("<HHH", row, col, keys.index(key))
        if isinstance(value, str):
            sheet += record(0x0204, place + unicode_string(value))
        else:
            sheet += record(0x0203, place + struct.pack("<d", value))
    sheet += record(0x00E5, struct.pack("<H", len(merges)) + b"".join(struct.pack("<HHHH", *merge) for merge in merges))
    return before + sheet + record(0x0A, b"")


def ole_bytes(stream, name="Workbook"):
    """An OLE container with one stream."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    sectors = len(stream) // 512
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    table = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))

    def entry(title, kind, start, size, child=0xFFFFFFFF):
        words = title.encode("utf-16-le") + b"\0\0" if title else b""
        head = words.ljust(64, b"\0") + struct.pack("<HBB", len(words), kind, 1)
        return (
            head + struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child) + b"\0" * 36 + struct.pack("<III", start, size, 0)
        )

    directory = entry("Root Entry", 5, 0xFFFFFFFE, 0, 1) + entry(name, 2, 2, len(stream)) + entry("", 0, 0, 0) * 2
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    return header + table + directory + stream


def test_old_workbook(tmp_path):
    cells = [
        (0, 0, "绩效目标表", 0),
        (1, 0, "指标", 0),
        (1, 1, "值", 0),
        (1, 2, "日期", 0),
        (2, 0, "合格率", 0),
        (2, 1, 0.95, 9),
        (2, 2, 44561, 31),
        (3, 1, 1234.5, 164),
        (3, 2, 0.1 + 0.2, 0),
        (4, 0, "藏", 0),
        (4, 1, "藏", 0),
        (4, 2, "藏", 0),
        (3, 3, "列藏", 0),
    ]
    merges = [(0, 0, 0, 2), (2, 3, 0, 0)]
    path = tmp_path / "a.xls"
    path.write_bytes(ole_bytes(xls_bytes(cells, merges, {164: "#,##0.00"}, hidden_rows=[4], hidden_cols=[3])))
    reading = read(path)
    assert reading.format == "xlsx"
    assert shape(reading) == [
        (0, 1, 1, 1, 1, "绩效目标表"),
        (1, 2, 1, 1, 1, "指标"),
        (1, 2, 2, 1, 1, "值"),
        (1, 2, 3, 1, 1, "日期"),
        (1, 3, 1, 2, 1, "合格率"),
        (1, 3, 2, 1, 1, "95%"),
        (1, 3, 3, 1, 1, "2021年12月31日"),
        (1, 4, 2, 1, 1, "1,234.50"),
        (1, 4, 3, 1, 1, "0.3"),
    ]
    assert reading.pages["note"].item() == "1 行、1 列是隐藏的，没有读取"
    assert shape(read_xls(path)) == shape(reading)


def notes(reading):
    return [(remark.check, remark.passed, remark.note) for remark in reading.remarks]


def test_sums_without_a_stored_result_are_worked_out_and_other_formulas_flagged(tmp_path):
    rows = [
        ["甲", 0.1, "=B1+B2", "=SUM(B1:B2)+1-C1"],
        ["乙", 0.2, "=SUM(C1:D1)", "=B1*2"],
        ["丙", "=D2+1", "=C4", "=SUM(A1:A2)"],
    ]
    reading = read_xlsx(save(sheet_of(rows), tmp_path))
    assert reading.cells["text"].tolist() == ["甲", "0.1", "0.3", "1", "乙", "0.2", "1.3", "", "丙", "", "0", "0"]
    assert [(check, passed) for check, passed, _ in notes(reading)] == [("formulas", True), ("formulas", False)]
    assert (
        "5 个公式" in notes(reading)[0][2] and "2 个公式" in notes(reading)[1][2] and "D2、B3" in notes(reading)[1][2]
    )


def test_a_formula_that_refers_to_itself_has_no_result(tmp_path):
    reading = read_xlsx(save(sheet_of([["甲", "=B2", "1"], ["乙", "=B1", "2"]]), tmp_path))
    assert reading.cells["text"].tolist() == ["甲", "", "1", "乙", "", "2"]
    assert [passed for _, passed, _ in notes(reading)] == [False]


def test_struck_out_white_and_raised_text_is_not_read_and_said(tmp_path):
    def rich(text, **look):
        return TextBlock(InlineFont(**look), text)

    book = sheet_of([["甲", "旧", "白", "白底色", "乙"], ["1", "2", "3", "4", "5"]])
    sheet = book.active
    sheet["B1"].font, sheet["C1"].font = Font(strike=True), Font(color="FFFFFFFF")
    sheet["D1"].font, sheet["D1"].fill = Font(color="FFFFFFFF"), PatternFill("solid", fgColor="FF1F4E79")
    sheet["A2"] = CellRichText(rich("90", strike=True), "95")
    sheet["B2"] = CellRichText("3600", rich("1", vertAlign="superscript"))
    sheet["C2"] = CellRichText("10m", rich("2", vertAlign="superscript"))
    sheet["D2"] = CellRichText(rich("7", color="FFFFFFFF"), "4")
    sheet["E2"] = CellRichText(rich("白", color="FFFFFFFF"), rich("黄", color="FFFFFF00"))
    sheet["F1"], sheet["F1"].font, sheet["F1"].fill = (
        "灰",
        Font(color="FFD9D9D9"),
        PatternFill("solid", fgColor="FFD9D9D9"),
    )
    reading = read_xlsx(save(book, tmp_path))
    assert reading.cells["text"].tolist() == ["甲", "", "", "白底色", "乙", "95", "3600", "10m²", "4", "白黄"]
    said = "2 处划去的文字、1 处注码、2 处白色的文字、1 处与底色同色的文字，没有读取"
    assert notes(reading) == [("hidden", True, said)]


def test_rows_of_no_height_and_columns_of_no_width_are_hidden(tmp_path):
    book = sheet_of([["甲", "乙", "丙"], ["1", "2", "3"], ["4", "5", "6"], ["7", "8", "9"]])
    book.active.row_dimensions[2].height, book.active.column_dimensions["B"].width = 0.1, 0.01
    book.active.row_dimensions[3].height = 0
    reading = read_xlsx(save(book, tmp_path))
    assert reading.cells["text"].tolist() == ["甲", "丙", "7", "9"]
    assert [passed for _, passed, _ in notes(reading)] == [True, False]


def test_a_code_stored_as_a_number_has_lost_digits(tmp_path):
    reading = read_xlsx(save(sheet_of([["项目编码", 440306231391512345678, 123456789012345]]), tmp_path))
    assert reading.cells["text"].tolist()[1:] == ["4.40306231391512E+20", "123456789012345"]
    assert [(check, passed) for check, passed, _ in notes(reading)] == [("digits", False)]


def test_the_page_head_and_text_boxes_are_lines(tmp_path):
    book = sheet_of([["项目", "值"], ["甲", 1]], ruled=(1, 2))
    book.active.oddHeader.center.text, book.active.oddHeader.right.text = "目标表", "第 &P 页"
    path = save(book, tmp_path)
    drawing = '<d:wsDr xmlns:d="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:a="a">'
    for row, text in ((0, "单位：万元"), (5, "注：略")):
        drawing += f"<d:twoCellAnchor><d:from><d:row>{row}</d:row></d:from><d:sp><d:txBody><a:p><a:t>{text}</a:t></a:p></d:txBody></d:sp></d:twoCellAnchor>"
    relation = (
        '<Relationships xmlns="r"><Relationship Id="r" Type="/drawing" Target="../drawings/d.xml"/></Relationships>'
    )
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/drawings/d.xml", drawing + "</d:wsDr>")
        archive.writestr("xl/worksheets/_rels/sheet1.xml.rels", relation)
    assert shape(read_xlsx(path))[:2] == [(0, 1, 1, 1, 1, "目标表"), (0, 2, 1, 1, 1, "单位：万元")]
    assert shape(read_xlsx(path))[-1] == (0, 5, 1, 1, 1, "注：略")


@pytest.mark.parametrize(
    "change", [lambda name: name.replace("/", "\\"), lambda name: name.replace("sheet1", "Sheet1")]
)
def test_names_of_parts_as_some_programs_write_them(tmp_path, change):
    path = save(sheet_of([["项目", "值"]]), tmp_path)
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as other:
        for name in archive.namelist():
            other.writestr(change(name) if name.startswith("xl/worksheets") else name, archive.read(name))
    assert read_xlsx(tmp_path / "b.xlsx").cells["text"].tolist() == ["项目", "值"]


def test_rows_without_rules_beside_ruled_ones_are_rows_of_the_table_and_lines_have_labels(tmp_path):
    rows = [
        ["名称", "目标", "分值"],
        ["养护", "20", "60"],
        ["绿化", "5", None],
        ["桥梁", "3", "20"],
        ["路灯", "9", None],
    ]
    foot = [["合计", None, "80"], ["填报人：张三", None, "联系电话：1"]]
    cells = read_xlsx(save(sheet_of([*rows, *foot], ruled=(1, 2, 4, 6)), tmp_path).read_bytes()).cells
    inside = set(cells.loc[cells["table"] > 0, "text"])
    assert {"绿化", "路灯", "合计"} <= inside and "填报人：张三" not in inside


def test_a_sheet_named_by_a_year_is_of_that_year(tmp_path):
    heads = ["单位名称", "项目名称", "预算数（万元）", "一级指标", "二级指标", "三级指标", "指标值"]
    rows = [
        ["县公路站", "养护", "6", "产出指标", "数量指标", "养护里程", "≥2公里"],
        ["", "", "", "效益指标", "社会效益指标", "事故下降", "≥5%"],
    ]
    book = Workbook()
    book.create_sheet()
    for name, sheet in zip(("2024", "2025年"), book.worksheets, strict=True):
        sheet.title = name
        for row in [["项目支出绩效目标表"], heads, *rows]:
            sheet.append(row)
    reading = read_xlsx(save(book, tmp_path).read_bytes())
    assert [table.fiscal_year for table in printed_tables(reading)] == [2024, 2025]


def test_a_row_in_which_all_is_struck_out_is_none(tmp_path):
    sheet = (book := sheet_of([["项目", "预算"], ["甲", "1"], ["乙", "2"], ["丙", "3"]])).active
    for place in ("A3", "B3", "B4"):
        sheet[place].font = Font(strike=True)
    assert read_xlsx(save(book, tmp_path)).cells["text"].tolist() == ["项目", "预算", "甲", "1", "丙"]


def test_text_whose_format_shows_nothing_is_blank(tmp_path):
    book = Workbook()
    for cell, text, code in (
        ("A1", "县公路局", "General"),
        ("A2", "县公路局", ";;;"),
        ("B1", "甲", "@"),
        ("B2", "乙", "0;0;0"),
    ):
        book.active[cell], book.active[cell].number_format = text, code
    assert read_xlsx(save(book, tmp_path)).cells["text"].tolist() == ["县公路局", "甲", "", "乙"]


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("=5-B2-B3", 2),  # each term with its own sign
        ("=B2+B4", None),  # a text is no number
        ("=SUM(B2:B4)", 3),  # but in a range it counts nothing
        ("=SUM(B2:B4,B3)", 5),
        ("=SUM(B2:B3)B3", None),  # no sign between
        ("=SUBTOTAL(9,B2:B3)", 3),
        ("=-SUM(B2:B3)", -3),
        ("=", None),
    ],
)
def test_a_sum_is_worked_out_as_the_program_does_or_not_at_all(formula, result):
    sheet = Sheet(numbers={(2, 2): Decimal(1), (3, 2): Decimal(2)}, texts={(2, 2): "1", (3, 2): "2", (4, 2): "无"})
    sheet.formulas = {(1, 1): formula}
    assert work_out(sheet).get((1, 1)) == result


def test_a_sum_of_rows_of_which_a_filter_hides_one_is_not_told():
    sheet = Sheet(numbers={(2, 2): Decimal(1), (3, 2): Decimal(2)}, texts={(2, 2): "1", (3, 2): "2"})
    sheet.formulas = {(1, 1): "SUBTOTAL(9,B2:B3)", (1, 2): "SUM(B2:B3)"}
    assert work_out(sheet) == {(1, 1): 3, (1, 2): 3}
    sheet.hidden_rows = {3}
    assert work_out(sheet) == {(1, 2): 3}


def test_cells_are_joined_unless_one_holds_a_number_or_a_formula():
    sheet = Sheet(texts={(1, 1): "养护", (1, 3): "5"}, numbers={(1, 3): Decimal(5)})
    sheet.formulas = {(2, 1): 'A1&"费"&B1', (2, 2): '"共"&C1', (2, 3): '"又"&A2', (2, 4): '"甲"', (2, 5): 'A1&$A$1&""'}
    assert joined_texts(sheet) == {(2, 1): "养护费", (2, 5): "养护养护"}
