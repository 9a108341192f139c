"""The Excel working paper: read back by openpyxl, its formulas recalculated by LibreOffice from nothing."""

import re
import zipfile
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from datasets import county, real_document
from lxml import etree
from office import converted

import budgetperf
from budgetperf import profiles
from budgetperf.clean import check_codes, checks
from budgetperf.errors import InputError
from budgetperf.field.words import words
from budgetperf.mend import reconciliation
from budgetperf.report import report_on
from budgetperf.report.model import Heading, Report, Table, clean
from budgetperf.report.workbook import cells as workbook_cells
from budgetperf.report.workbook import sheets as workbook_sheets
from budgetperf.report.workbook.book import write_workbook
from budgetperf.tables.dataset import Dataset, typed

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=2", "＝1", "<r>x</r>", "<r><t>&</t></r>", "a\x00\x0b\x1fb", "\ud800x", "'x",
           "<script>alert(1)</script>", "_x0041_", "👨‍👩‍👧 \u202eabc\u200f سلام", "0012", "#N/A", "长" * 4000, '"); x("',
           "{=1}", "http://a.b/c", "a\r\nb", " x "]  # fmt: skip


def report_of(dataset: Dataset, lang: str = "zh", blocks: tuple = (), title: str = "绩效目标分析") -> Report:
    return Report(title, "某县 2025 年度", [("项目", f"{len(dataset.projects)}")], list(blocks), dataset, lang)


def written(dataset: Dataset, path: Path, **more):
    return openpyxl.load_workbook(write_workbook(report_of(dataset, **more), path))


def records(sheet) -> list[dict]:
    """The rows below the head by title, formulas as their text."""
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def checked(dataset: Dataset) -> Dataset:
    """The dataset with printed totals and the checks that a build would have made of it."""
    parts, totals = [], []
    for one in dataset.documents.itertuples():
        projects = dataset.projects[dataset.projects["document_id"] == one.document_id].assign(execution_points=None)
        rows = dataset.indicators[dataset.indicators["document_id"] == one.document_id]
        total = profiles.exact_sum(projects["budget_wan_yuan"])
        totals.append(total)
        units = [(f"{code}-{name}", list(own["project_no"]), profiles.exact_sum(own["budget_wan_yuan"]))
                 for (code, name), own in projects.dropna(subset=["unit_code"]).groupby(["unit_code", "unit_name"])]  # fmt: skip
        shares = {"产出指标": Decimal(50), "效益指标": Decimal(30), "满意度指标": Decimal(10)}
        made = [
            checks.check_total(projects, total),
            checks.check_subtotals(projects, [*units, ("小计", [1], Decimal(1))]),
            checks.check_weights(projects, rows, one.weight_total),
            checks.check_shares(projects, rows, shares if one.weight_total else None),
            check_codes(projects, one.fiscal_year),
            reconciliation.check_identity(projects, 0),
            reconciliation.failed("pages", [(None, "第 3 页：扫描件")]),
        ]
        parts.append(pd.concat([frame for frame in made if len(frame)]).assign(document_id=one.document_id))
    documents = dataset.documents.assign(printed_total_wan_yuan=pd.Series(totals, dtype=object))
    return replace(dataset, documents=documents, checks=typed(pd.concat(parts, ignore_index=True), "checks"))


def invented() -> Dataset:
    """Three documents: names that formulas would take for signs, projects without a unit, a second unit."""
    dataset = county(3, 6)
    projects = dataset.projects.copy()
    projects.loc[projects.index[:3], "unit_name"] = '=甲*局"?'
    projects.loc[projects.index[3:5], ["unit_name", "unit_code"]] = None
    projects.loc[projects.index[9:12], ["unit_name", "unit_code"]] = ["甲局", "0012"]
    projects.loc[projects.index[:2], "category_name"] = ">5"
    indicators = dataset.indicators.copy()
    indicators.loc[indicators.index[0], "level1"] = "*指标"
    return checked(replace(dataset, projects=projects, indicators=indicators))


def with_findings(dataset: Dataset) -> Dataset:
    """A finding on every other indicator, one on a project, one on the document; repairs of all grades."""
    rows = dataset.indicators.iloc[::2]
    keys = rows[["document_id", "project_no", "indicator_no"]].astype(object).values.tolist()
    keys += [[dataset.projects["document_id"].iat[-1], 2, None], [dataset.documents["document_id"].iat[-1], None, None]]
    findings = pd.DataFrame(keys, columns=["document_id", "project_no", "indicator_no"]).assign(
        finding_no=range(1, len(keys) + 1), rule="L01", message="甲", uncertain=False,
        severity=["EWI"[at % 3] for at in range(len(keys))],
    )  # fmt: skip
    repairs = pd.DataFrame(keys[:9], columns=["document_id", "project_no", "indicator_no"]).assign(
        repair_no=range(1, 10), field=["name", "weight", "row"] * 3, printed="=印\x00刷", repaired="改后", rule="undo_wrap",
        evidence="依据", grade=["certain", "likely", "guess"] * 3, kind="value",
    )  # fmt: skip
    return replace(dataset, findings=typed(findings, "findings"), repairs=typed(repairs, "repairs"))


# ---- formulas, recalculated by LibreOffice ---------------------------------------------------------------------------


def bare(path: Path, out: Path) -> int:
    """A copy in which no formula has a value: only a calculation can fill them. How many formulas there are."""
    count = 0
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content, here = re.subn(rb'(<c [^>]*?)(?: t="str")?(><f>[^<]*</f>)<v>[^<]*</v>', rb"\1\2", content)
                assert content.count(b"<f>") == here
                count += here
            target.writestr(name, content)
    return count


def compared(path: Path, tmp: Path) -> tuple[dict, int]:
    """(sheet, cell) → (formula, our value, LibreOffice's) of all formulas, and how many there are."""
    stripped = tmp / "bare.xlsx"
    count = bare(path, stripped)
    again = openpyxl.load_workbook(converted(stripped, "xlsx", tmp / "out"), data_only=True)
    formulas, ours = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    values = {
        (sheet.title, cell.coordinate): (
            cell.value, ours[sheet.title][cell.coordinate].value, again[sheet.title][cell.coordinate].value
        )
        for sheet in formulas for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
    }  # fmt: skip
    return values, count


def differing(values: dict) -> list:
    def same(ours, theirs) -> bool:
        numbers = isinstance(ours, (int, float)) and isinstance(theirs, (int, float))
        return abs(ours - theirs) < 1e-9 if numbers else (ours or None) == (theirs or None)

    return [(place, *one) for place, one in values.items() if not same(*one[1:])]


def test_every_formula_gives_our_figure_on_the_real_document(tmp_path):
    dataset = real_document()
    path = write_workbook(report_of(dataset), tmp_path / "底稿.xlsx")
    values, count = compared(path, tmp_path)
    assert len(values) == count > 250
    assert differing(values) == []
    assert not [place for place, one in values.items() if one[2] == "不符"]
    read = openpyxl.load_workbook(path, data_only=True)
    summary = records(read["汇总"])
    assert Decimal(str(summary[0]["表内合计（万元）"])) == dataset.documents["printed_total_wan_yuan"].iat[0]
    assert summary[0]["印刷合计与表内合计之差"] == 0 and summary[-1]["项目数"] == len(dataset.projects)
    by_check = {row["校验"]: row for row in records(read["核对"])}
    assert all(
        by_check[name]["重算与实为"] == "相符" for name in ("total", "weights", "level1_shares", "codes", "projects")
    )
    assert by_check["required"]["表内重算"] == "不是算式，须对照原件"


def test_a_changed_budget_shows_and_odd_names_are_summed_exactly(tmp_path):
    dataset = with_findings(invented())
    changed = dataset.projects.copy()
    row = changed.index[7]  # the second document
    changed.at[row, "budget_wan_yuan"] = changed.at[row, "budget_wan_yuan"] + Decimal("0.01")
    dataset = replace(dataset, projects=changed)
    path = write_workbook(report_of(dataset), tmp_path / "x.xlsx")
    values, count = compared(path, tmp_path)
    assert len(values) == count and differing(values) == []
    read = openpyxl.load_workbook(path, data_only=True)
    checks = records(read["核对"])
    unequal = {(row["文件序"], row["校验"]) for row in checks if "不符" in (row["重算与实为"],)}
    assert unequal == {(2, "total"), (2, "subtotal")}
    recomputed = [row for row in checks if row["校验"] == "subtotal" and row["重算与实为"] in ("相符", "不符")]
    assert len(recomputed) >= 4 and any(row["表内重算"] == "小计所含项目无单独的列可依，不能重算" for row in checks)
    assert any(row["表内重算"] == "名称含公式符号，不能重算" for row in checks if row["校验"] == "level1_shares")
    differences = [row["印刷合计与表内合计之差"] for row in records(read["汇总"])]
    assert differences == [0, -0.01, 0, -0.01]
    budgets = {
        (row["编码"], row["名称"]): row["预算数（重算）"] for row in records(read["资金"]) if row["按"] == "单位"
    }
    unit = changed.assign(name=changed["unit_name"].fillna(profiles.NOT_STATED), code=changed["unit_code"].fillna(""))
    for (code, name), own in unit.groupby(["code", "name"]):
        assert Decimal(str(budgets[code or None, name])) == profiles.exact_sum(own["budget_wan_yuan"])
    counts = records(read["项目"])
    assert sum(row["发现 E"] + row["发现 W"] + row["发现 I"] for row in counts) == len(dataset.findings) - 1


# ---- what stands in the cells ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    dataset = with_findings(invented())
    own = pd.DataFrame({"年": [2024, 2025], "年 ": [Decimal("1.5"), None]}, dtype=object)
    blocks = (
        Heading(1, "六、年度比较"),
        Table("表 9", "变化", own, 1, name="changed_projects"),
        Heading(1, "附件二 数据字典", is_annex=True),
        Table("", "x", own, 1),
    )
    return dataset, written(dataset, tmp_path_factory.mktemp("x") / "a.xlsx", blocks=blocks)


@pytest.mark.parametrize("table", ["projects", "indicators", "findings", "repairs", "documents"])
def test_figures_equal_the_tables(book, table):
    dataset, read = book
    frame = dataset.tables()[table]
    titles = {name: column.title for name, column in workbook_sheets.TABLES[table].columns.items()}
    rows = records(read[{"repairs": "修复", "findings": "审计发现"}.get(table, workbook_sheets.TABLES[table].title)])
    assert len(rows) == len(frame)
    closed = {name: words(*of.split()) for name, of in (workbook_sheets.CLOSED | {"rule": "repair"}).items()}
    for name, title in titles.items():
        if (table, name) == ("findings", "evidence"):
            continue  # in words, see below
        own = (
            {key: said[0] for key, said in closed.get(name, {}).items()}
            if (table, name) != ("findings", "rule")
            else {}
        )
        for value, row in zip(frame[name], rows, strict=True):
            shown = row[title]
            if value is None or value is pd.NA or value != value:
                assert shown is None
            elif isinstance(value, Decimal):
                assert shown == float(value)
            elif isinstance(value, (bool,)) or type(value).__name__ == "bool_":
                assert shown == ("是" if value else "否")
            else:
                if name == "field":
                    value = workbook_sheets.field_title(value)
                assert shown == (clean(own.get(value, value)) if isinstance(value, str) else value), (name, value)


def test_findings_are_ready_to_be_decided_and_read_back(tmp_path):
    import csv

    from budgetperf.audit.decisions import read_decisions

    real = budgetperf.build([Path(__file__).parents[1] / "data/raw/huangyuan-chengguan-2024-approval.txt"])
    read = openpyxl.load_workbook(write_workbook(report_on(real), tmp_path / "a.xlsx"))
    assert read.sheetnames[1] == "审计问题"
    assert [row["标题"] for row in records(read["审计问题"])] == real.issues["title"].tolist()
    sheet = read["审计发现"]
    rows = list(map(list, sheet.iter_rows(values_only=True)))
    head = {title: at for at, title in enumerate(rows[0])}
    for title in ("处理决定", "处理理由", "处理人", "处理日期"):
        assert not sheet.column_dimensions[openpyxl.utils.get_column_letter(head[title] + 1)].hidden
    assert not any("{" in str(row[head["证据"]]) for row in rows[1:]) and any(row[head["证据"]] for row in rows[1:])
    for title, value in (("处理决定", "不成立"), ("处理理由", "已核"), ("处理人", "王"), ("处理日期", "2025-03-01")):
        rows[2][head[title]] = value
    with (tmp_path / "d.csv").open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(rows)
    (one,) = read_decisions(tmp_path / "d.csv").to_dict("records")
    assert (one["finding_id"], one["decision"], one["decision_reason"], one["decided_by"], one["decided_on"]) == (
        rows[2][head["发现编号"]], "dismissed", "已核", "王", "2025-03-01",
    )  # fmt: skip


def test_no_merged_cells_frozen_heads_and_filters(book):
    _, read = book
    stacked = {"说明", "年度比较"}
    assert "数据字典" in read.sheetnames and "报告附表" not in read.sheetnames
    for sheet in read:
        assert not sheet.merged_cells.ranges
        assert sheet.page_setup.orientation == "landscape" and sheet.sheet_properties.pageSetUpPr.fitToPage
        assert "&P" in sheet.oddFooter.right.text
        if sheet.title not in stacked:
            assert re.fullmatch(r"[A-E]2", sheet.freeze_panes)
            assert sheet.auto_filter.ref.startswith("A1:") and sheet.print_title_rows == "$1:$1"
    (table,) = read["年度比较"].tables.values()
    assert table.ref == "A2:B4" and [cell.value for cell in read["年度比较"][2]] == ["年", "年 2"]
    assert [cell.value for cell in read["年度比较"][3]] == [2024, 1.5]


@pytest.mark.parametrize("name", ["审计发现", "修复"])
def test_links_point_to_the_row_of_their_key(book, name):
    _, read = book
    heads = {sheet.title: [cell.value for cell in sheet[1]] for sheet in read}
    grades = {said[0]: grade for grade, said in words("grade").items()}
    seen = set()
    for row in read[name].iter_rows(min_row=2):
        own = dict(zip(heads[name], row, strict=True))
        sheet, cell = re.fullmatch(r"'(.+)'!([A-Z]+\d+)", own["位置"].hyperlink.location).groups()
        target = dict(zip(heads[sheet], (c.value for c in read[sheet][read[sheet][cell].row]), strict=True))
        shared = {
            "文件": ["文件序", "文件编号"],
            "项目": ["文件序", "项目序号"],
            "指标": ["文件序", "项目序号", "指标序号"],
        }[sheet]
        assert all(own[title].value == target[title] for title in shared)
        seen.add(sheet)
        if name == "修复":  # the cell itself, coloured by the grade, with what was printed
            assert read[sheet][cell].fill.fgColor.rgb[2:] == workbook_cells.FILLS[grades[own["把握"].value]][1:]
            assert "原印：=印�刷" in read[sheet][cell].comment.text
    assert seen == ({"指标", "项目", "文件"} if name == "审计发现" else {"指标"})


def test_links_end_where_excel_ends_them(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook_cells, "MAX_LINKS", 5)
    read = written(with_findings(invented()), tmp_path / "a.xlsx")
    links = [row[1].hyperlink for row in read["审计发现"].iter_rows(min_row=2)]
    assert [link is not None for link in links[:7]] == [True] * 5 + [False] * 2
    assert read["审计发现"].cell(8, 2).value.startswith("项目 ")
    assert any("链接的上限" in str(row[1]) for row in read["说明"].iter_rows(values_only=True))


# ---- hostile and empty -----------------------------------------------------------------------------------------------


def test_hostile_text_stays_text(tmp_path):
    dataset = county(1, len(HOSTILE))
    texts = pd.array([clean(text) for text in HOSTILE], dtype="str")
    projects = dataset.projects.assign(objective=texts, project_name=texts, unit_name=texts, category_name=texts)
    dataset = checked(replace(dataset, projects=typed(projects, "projects")))
    own = pd.DataFrame([HOSTILE], columns=pd.Index(HOSTILE, dtype=object), dtype=object)
    blocks = (Heading(1, HOSTILE[0]), Table("=1", "<r>c</r>", own, 1))
    path = tmp_path / "=1 @x.xlsx"
    read = written(dataset, path, blocks=blocks, title=HOSTILE[0])
    with zipfile.ZipFile(path) as parts:
        for name in parts.namelist():
            etree.fromstring(parts.read(name))
    sheet = read["项目"]
    titles = [cell.value for cell in sheet[1]]
    for row, text in zip(sheet.iter_rows(min_row=2), texts, strict=True):
        for title in ("绩效目标", "项目名称", "单位名称"):
            cell = row[titles.index(title)]
            assert cell.data_type == "s" and cell.value == text, text
            if text[0] in "=+-@\t＝0'":
                assert cell.quotePrefix, text
    assert [cell.value for cell in read["报告附表"][3]][:8] == HOSTILE[:8]
    assert [cell.data_type for cell in read["报告附表"][3]] == ["s"] * len(HOSTILE)
    live = re.compile("重算|表内合计|之差|发现 [EWI]|相符否")
    for sheet in read:
        for column in sheet.iter_cols():
            formulas = [cell.coordinate for cell in column if cell.data_type == "f"]
            assert not formulas or live.search(column[0].value) or sheet.title == "汇总", (sheet.title, formulas[:3])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_to_report(tmp_path, lang):
    read = written(Dataset.empty(), tmp_path / "a.xlsx", lang=lang)
    name = {"zh": "项目", "en": "Projects"}[lang]
    assert read[name]["A2"].value == {"zh": "没有内容", "en": "nothing to list"}[lang]
    assert len(read.sheetnames) == 12


def test_english_has_no_chinese_of_ours(tmp_path):
    read = written(county(1, 2), tmp_path / "a.xlsx", lang="en")
    for sheet in read:
        assert (
            not re.search("[㐀-鿿]", sheet.title + "".join(str(cell.value) for cell in sheet[1]))
            or sheet.title == "About"
        )


def test_no_weights(tmp_path):
    dataset = county(1, 3)
    dataset = replace(
        dataset,
        indicators=dataset.indicators.assign(weight=None),
        documents=dataset.documents.assign(weight_total=None),
    )
    read = written(checked(dataset), tmp_path / "a.xlsx")
    assert len(read["指标与权重"]._charts) == 1  # no chart of points
    assert all(row["权重（分）"] is None for row in records(read["指标与权重"]))


def test_a_part_of_a_document_is_not_held_against_its_total(tmp_path):
    part = profiles.select(invented(), unit="甲局")
    assert 0 < len(part.projects) < 6
    write_workbook(report_of(part), tmp_path / "a.xlsx")
    read = openpyxl.load_workbook(tmp_path / "a.xlsx", data_only=True)
    total = next(row for row in records(read["核对"]) if row["校验"] == "total")
    assert total["表内重算"] == "只列出文件的一部分，不能重算" and total["重算与实为"] == "—"
    assert records(read["汇总"])[0]["印刷合计与表内合计之差"] == "只列出文件的一部分，不能重算"
    assert not any("不符" in row.values() for sheet in read for row in records(sheet) if sheet.title != "说明")


# ---- Excel's limits --------------------------------------------------------------------------------------------------


def test_what_excel_cannot_hold_is_said(tmp_path):
    dataset = county(1, 3)
    projects = dataset.projects.copy()
    projects.at[0, "budget_wan_yuan"] = Decimal("12345678901234.567")
    projects.at[1, "objective"] = "长" * 40_000
    read = written(checked(replace(dataset, projects=projects)), tmp_path / "a.xlsx")
    first, second, _ = records(read["项目"])
    assert first["预算数（万元）"] == "12345678901234.567"
    assert second["绩效目标"].endswith("……（全文见 CSV）") and len(second["绩效目标"]) == 32_767
    said = " ".join(str(row[1]) for row in read["说明"].iter_rows(values_only=True))
    assert "1 处文字超过" in said and "个数超过 Excel 的 15 位有效数字" in said
    total = next(row for row in records(read["核对"]) if row["校验"] == "total")
    assert total["表内重算"] == "位数或行数超过 Excel 的上限，不能重算"


def test_more_rows_than_a_sheet_holds(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook_cells, "MAX_ROWS", 10)
    dataset = with_findings(invented())
    write_workbook(report_of(dataset), tmp_path / "a.xlsx")
    read = openpyxl.load_workbook(tmp_path / "a.xlsx", data_only=True)
    assert read["指标"].max_row == 10
    assert read["指标"]["A10"].value == f"共 {len(dataset.indicators):,} 行，只列前 8 行，其余见 CSV"
    assert not any(cell.value == "不符" for sheet in read for row in sheet.iter_rows() for cell in row)


# ---- the file --------------------------------------------------------------------------------------------------------


def test_same_report_same_bytes_and_progress(tmp_path):
    dataset, told = with_findings(invented()), []
    one = write_workbook(report_of(dataset), tmp_path / "neu" / "a", progress=lambda *step: told.append(step))
    two = write_workbook(report_of(dataset), tmp_path / "b.xlsx")
    assert one.name == "a.xlsx" and one.read_bytes() == two.read_bytes()
    assert openpyxl.load_workbook(one).properties.created == datetime(2000, 1, 1)
    assert told[0] == (0, 13, "审计问题") and told[-1][:2] == (13, 13)
    assert sorted(path.name for path in tmp_path.rglob("*.xlsx")) == ["a.xlsx", "b.xlsx"]


def test_a_file_that_cannot_be_written(tmp_path):
    (tmp_path / "x").write_text("")
    with pytest.raises(InputError, match="写不了"):
        write_workbook(report_of(Dataset.empty()), tmp_path / "x" / "a.xlsx")
    (tmp_path / "a.xlsx").mkdir()
    with pytest.raises(InputError, match="关闭它"):
        write_workbook(report_of(Dataset.empty()), tmp_path / "a.xlsx")
    assert not list(tmp_path.glob(".*"))
