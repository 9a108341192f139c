"""The smallest documents in which a break of the reading core shows: each with its neighbour that has it not."""

import pytest
from test_layouts import built, page  # noqa: F401
from test_text_reader import FIRST, HEAD, ROW, reading_of, table_of

from budgetperf.layout.asides import column_numbers
from budgetperf.layout.lattice import Cell
from budgetperf.layout.text_table import read_text_tables
from budgetperf.pipeline import build_document

TITLE = "2024年项目支出绩效目标批复表"
HEADS = ["项目名称", "预算数（万元）", "一级指标", "二级指标", "三级指标", "指标值", "分值"]
ROAD = ["养护道路", "12.50", "产出指标", "数量指标", "养护里程", "≥8公里", "90"]
TREES = ["种植树木", "3.00", "产出指标", "数量指标", "种植株数", "≥300株", "90"]


def roles(dataset) -> dict[str, tuple]:
    """Text of a cell → its role and field."""
    cells = dataset.cells[["text", "role", "field"]].astype(object).where(dataset.cells.notna(), None)
    return {text: (role, field) for text, role, field in cells.values.tolist()}


def test_a_table_of_one_row_that_prints_no_project(tmp_path):
    html = page("2024年道路养护项目支出绩效目标表", [HEADS[2:], ROAD[2:]])
    (tmp_path / "a.html").write_text(html, encoding="utf-8")
    project = build_document(tmp_path / "a.html").projects.iloc[0]
    assert (project["project_name"], project["page"]) == ("道路养护", 1)


def test_cells_of_a_text_that_are_printed_again_are_those_of_the_project_above(tmp_path):
    again = FIRST.replace("社区数量", "居民人数")
    other = FIRST.replace("63012300024T000000550", "63012300024T000000551")
    cells = reading_of(tmp_path, "\n".join([HEAD, FIRST, again, ROW, other.replace("68.00", "70.00"), ROW])).cells
    printed = read_text_tables(cells)[0]
    of_projects = printed.roles[printed.roles["role"] == "project"]
    rows = cells.loc[of_projects.index, "row"].tolist()
    first, second, last = sorted(set(rows))
    assert dict(zip(rows, of_projects["line"].tolist(), strict=True)) == {first: 0, second: 0, last: 1}


@pytest.mark.parametrize(("beside", "role"), [("—", "sum"), ("另有未列项目", "unread")])
def test_only_blanks_and_dashes_beside_a_total_are_its_own(built, beside, role):  # noqa: F811
    dataset = built(TITLE, [HEADS, ["合计", "15.50", beside, "", "", "", ""], ROAD, TREES])
    assert roles(dataset)[beside][0] == role
    assert (dataset.documents["status"].item() == "reconciled") == (role == "sum")


def test_a_blank_cell_under_a_head_that_no_field_takes_says_nothing(built):  # noqa: F811
    dataset = built(
        TITLE, [[*HEADS, "资料出处"], [*ROAD, "台账"], [*TREES, ""], [*TREES[:4], "成活株数", "≥200株", "5", "抽查"]]
    )
    said = dataset.cells.set_index("text")["role"].to_dict()
    assert said["台账"] == "indicator"
    for table in (dataset.indicators, dataset.notes):
        assert not table.map(lambda value: isinstance(value, str) and value.endswith("资料出处：")).any(axis=None)


def test_three_heads_are_the_heads_of_a_text(tmp_path):
    rows = ["养护里程\t8公里\t10", "清运次数\t300次\t20"]
    three = table_of(tmp_path, "三级指标\t指标值\t分值", *rows)
    assert list(three.heads) == ["name", "target", "weight"]
    two = table_of(tmp_path, "三级指标\t指标值\t说一说\t讲一讲", *rows)
    assert two is None or not two.heads


@pytest.mark.parametrize("words", [["1", "2", "3"], ["A", "B", "C"], ["栏次", "1", "2", "3"]])
def test_numbers_of_three_columns_are_no_indicator(words):
    cells = [
        Cell(n, 1, n + 1, 1, 1, text, float(n), float(n + 1), 0.0, 1.0, True, True) for n, text in enumerate(words)
    ]
    assert column_numbers(cells)
    assert not column_numbers(cells[:2])
    assert not column_numbers([*cells[:-1], cells[-1]._replace(text="9")])


def test_a_name_that_stands_over_the_title_is_the_projects(tmp_path):
    html = page("", [HEADS[2:], ROAD[2:]]).replace("<h1></h1>", f"<p>道路养护项目</p><h1>{TITLE}</h1>")
    (tmp_path / "a.html").write_text(html, encoding="utf-8")
    dataset = build_document(tmp_path / "a.html")
    assert dataset.projects["project_name"].tolist() == ["道路养护项目"]
    assert dataset.checks["note"].str.contains("取自标题上方的“道路养护项目”").any()


@pytest.mark.parametrize(("label", "unit"), [("小计\t乙局", "乙局"), ("乙局小计", "乙局"), ("小计", None)])
def test_the_unit_of_a_subtotal_in_a_text(tmp_path, label, unit):
    printed = table_of(tmp_path, HEAD, FIRST, ROW, f"{label}\t68.00")
    assert printed.sums["unit"].where(printed.sums["unit"].notna(), None).tolist() == [unit]


def test_a_note_below_the_last_row_is_a_note_and_one_between_rows_unread(built):  # noqa: F811
    note = ["备注事项", ("以上数据由项目单位填报并负责", 1, 6)]
    below = built(TITLE, [HEADS, ROAD, TREES, note])
    between = built(TITLE, [HEADS, ROAD, note, TREES])
    assert roles(below)[note[1][0]][0] == "note" and roles(between)[note[1][0]][0] == "unread"
    assert [d.documents["status"].item() for d in (below, between)] == ["reconciled", "open"]


def test_two_tables_beside_each_other_are_two(built):  # noqa: F811
    row = [*ROAD[2:], "", *TREES[2:]]
    dataset = built("2024年道路养护项目支出绩效目标表", [[*HEADS[2:], "", *HEADS[2:]], row])
    assert sorted(dataset.indicators["name"]) == ["养护里程", "种植株数"]
