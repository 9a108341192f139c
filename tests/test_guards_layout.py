"""The smallest documents in which a break of the reading core shows: each with its neighbour that has it not."""

import pandas as pd
import pytest
from test_layouts import built, page  # noqa: F401
from test_text_reader import FIRST, HEAD, ROW, reading_of, table_of

from budgetperf.layout.asides import column_numbers
from budgetperf.layout.cut_rows import join_cut_rows
from budgetperf.layout.lattice import Cell, Line, lattices
from budgetperf.layout.open_columns import columns_here, with_open_columns
from budgetperf.layout.printed import ROW_FIELDS
from budgetperf.layout.section import Section
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
    row = [*ROAD[2:], "", "效益指标", "社会效益指标", "方便出行人数", "≥300人", "10"]
    dataset = built("2024年道路养护项目支出绩效目标表", [[*HEADS[2:], "", *HEADS[2:]], row])
    read = dataset.indicators[["level1", "name", "target_text", "weight"]].astype(str).to_numpy().tolist()
    assert read == [["产出指标", "养护里程", "8", "90"], ["效益指标", "方便出行人数", "300", "10"]]


def test_a_head_that_ends_its_row_stands_over_all_columns_right_of_it(built):  # noqa: F811
    upper = [(HEADS[0], 2), (HEADS[1], 2), "绩效指标", "", "", "", ""]
    dataset = built(TITLE, [upper, HEADS[2:], ROAD, TREES])
    assert dataset.projects["project_name"].tolist() == ["养护道路", "种植树木"]
    assert roles(dataset)["绩效指标"][0] == "heading"


def test_one_head_over_two_columns_of_levels_that_no_taxonomy_has(built):  # noqa: F811
    heads = [*HEADS[:2], ("评价内容", 1, 2), *HEADS[4:]]
    dataset = built(TITLE, [heads, [*ROAD[:3], "道路工程", *ROAD[4:]], [*TREES[:3], "绿化工程", *TREES[4:]]])
    assert dataset.indicators["level1"].tolist() == ["产出指标"] * 2
    assert dataset.indicators["level2"].tolist() == ["道路工程", "绿化工程"]


def test_the_whole_of_a_divided_head_of_money_is_the_budget(built):  # noqa: F811
    heads = [(HEADS[0], 2), ("资金安排（万元）", 1, 3), *((head, 2) for head in HEADS[2:])]
    road, trees = [*ROAD[:2], "10.00", "2.50", *ROAD[2:]], [*TREES[:2], "3.00", "", *TREES[2:]]
    dataset = built(TITLE, [heads, ["小计", "财政拨款", "其他资金"], road, trees])
    assert dataset.projects["budget_wan_yuan"].astype(str).tolist() == ["12.5", "3"]
    assert dataset.documents["status"].item() == "reconciled"


WHOLE = {"name": "养护里程", "comparator": "≥", "target": "8", "weight": "10", "height": 20.0}


def joined_rows(above: dict, below: dict, page: int) -> pd.DataFrame:
    """Five whole rows of page 1 and `above` at its foot, `below` at the head of another page and five whole rows."""
    rows = [{**WHOLE, "page": 1, "at_head": n == 0} for n in range(5)]
    rows += [{**above, "page": 1, "at_foot": True}, {**below, "page": page, "at_head": True}]
    frame = pd.DataFrame(rows + [{**WHOLE, "page": page}] * 5)
    frame = frame.reindex(columns=["page", "at_head", "at_foot", "height", *ROW_FIELDS]).astype(object)
    flags = frame[["at_head", "at_foot"]].eq(True)
    return join_cut_rows(frame.assign(**flags))[0]


def test_a_row_that_lacks_what_the_next_page_has_is_one_with_it():
    above, below = {"name": "受益群众满意度", "height": 20.0}, {**WHOLE, "name": None}
    one = joined_rows(above, below, page=2)
    assert len(one) == 11
    assert one.loc[5, ["name", "target", "weight"]].tolist() == ["受益群众满意度", "8", "10"]
    assert len(joined_rows(above, below, page=3)) == 12


def test_whole_rows_of_one_figure_on_both_sides_of_a_page_break_are_two():
    assert len(joined_rows(WHOLE, {**WHOLE, "name": "清扫里程"}, page=2)) == 12


@pytest.mark.parametrize(
    ("levels", "heights", "rows"),
    [
        (("社会效益指标", "可持续影响指标"), (12.0, 8.0), 12),  # two names of level 2
        (("社会效益", "社会效益指标"), (12.0, 8.0), 11),  # one name
        (("社会效益指标", None), (20.0, 18.5), 12),  # the edge took a little of one, not the half of a row
        (("社会效益指标", None), (12.0, 8.0), 11),
    ],
)
def test_rows_of_one_figure_at_a_page_break_are_two_by_their_level_or_their_height(levels, heights, rows):
    names = ("党建活动开展效果显著", "党员更好的发挥作用")
    parts = [{**WHOLE, "name": n, "level2": v, "height": h} for n, v, h in zip(names, levels, heights, strict=True)]
    assert len(joined_rows(*parts, page=2)) == rows


def test_a_column_without_a_rule_on_its_page_is_open_at_all_its_ends():
    places = {"page": 1, "table": 1, "rowspan": 1, "colspan": 1, "y1": 40.0, "open_top": False, "open_bottom": False}
    cells = [("道路养护", 2, 1), ("养护里程", 2, 2)]
    frame = pd.DataFrame([{"text": t, "row": r, "col": c, "x0": 50.0 * c, "x1": 50.0 * c + 50} for t, r, c in cells])
    (lattice,) = lattices(frame.assign(**places, y0=20.0))
    fields = {1: "unit", 2: "project", 3: "name"}
    section = Section(None, fields=fields, columns=3, edges={col: (50.0 * col - 50, 50.0 * col) for col in fields})
    beside = Line(1, 1, 9, "县公路段", 5.0, 25.0, 45.0, 33.0)
    wider = with_open_columns(lattice, section, [beside])
    opened = wider.at[2, 0]
    assert (opened.text, opened.index, opened.open_top, opened.open_bottom) == ("县公路段", 9, True, True)
    assert columns_here(section, wider) == {0: "unit", 1: "project", 2: "name"}
