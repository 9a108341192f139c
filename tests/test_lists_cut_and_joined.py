"""Lists: bands of units with what they spent, codes and units that a page cuts, projects that stand in another table by
name, a line above the rules of a table that has only horizontal ones."""

import pandas as pd
import pytest
from pdf_drawing import write
from test_forms import failed, status
from test_layouts import built, page  # noqa: F401 (a fixture)
from test_reader_pdf_gaps import draw
from test_titles_and_other_tables import tables  # noqa: F401 (a fixture)

from budgetperf.mend.structure import group_anchors
from budgetperf.mend.units import assign_units
from budgetperf.pipeline import build_document
from budgetperf.tables.ledger import Ledger

LEVELS = ["一级指标", "二级指标", "三级指标", "年度指标值", "1-9月完成值"]
ROWS = [
    ["产出指标", "数量指标", "改造数量", "≥8个", "6个"],
    ["效益指标", "社会效益指标", "受益人口", "≥200人", "150人"],
]


@pytest.mark.parametrize("wrong", [False, True])
def test_bands_of_units_with_what_they_spent(built, wrong):  # noqa: F811
    heads = ["项目名称", "全年预算（万元）", "1-9月支出（万元）", "支出率", "年度目标", *LEVELS]

    def band(code: str, unit: str, budget: str, spent: str, rate: str) -> list:
        return [f"{code} {unit}", budget, spent, rate, *[""] * 6]

    def project(name: str, budget: str, spent: str, rate: str) -> list:
        own = [(text, 2) for text in (name, budget, spent, rate, f"完成{name}。")]
        return [[*own, *ROWS[0]], ROWS[1]]

    rows = [
        band("118001", "江汀市数据局", "60" if wrong else "50", "40", "80%"),
        *project("热线运行", "50", "40", "80%"),
        band("152004", "江汀市文物所", "30", "15", "50%"),
        *project("考古调查", "20", "10", "50%"),
        *project("馆藏保护", "10", "5", "50%"),
    ]
    dataset = built("2025年1-9月项目支出绩效监控情况表", [heads, *rows])
    columns = ["unit_code", "unit_name", "project_name"]
    assert dataset.projects[columns].values.tolist() == [
        ["118001", "江汀市数据局", "热线运行"], ["152004", "江汀市文物所", "考古调查"], ["152004", "江汀市文物所", "馆藏保护"],
    ]  # fmt: skip
    assert dataset.projects["executed_wan_yuan"].astype(int).tolist() == [40, 10, 5]
    assert dataset.notes["text"].tolist() == ["40", "80%", "15", "50%"]  # of the units: nothing adds them up
    assert status(dataset) == ("open" if wrong else "reconciled"), failed(dataset)


def test_a_code_in_a_column_of_its_own_that_a_page_cuts():
    codes = ["520426000000117", "520426000000129", "5204260000", "00134"]
    anchors = pd.DataFrame({"page": [1, 1, 1, 2], "starts": None, "project_code": codes,
                            "project": ["住房筹集", "渡船更新", "铁路沿线环", "境安全整治"], "budget": ["2180", "468", "236.5", None]})  # fmt: skip
    assert group_anchors(anchors).tolist() == [0, 1, 2, 2]
    assert group_anchors(anchors.assign(project_code=[*codes[:3], "520426000000134"])).tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("whole, open_", [("江汀市铁路护路中心", []), ("江汀市水利局", [1])])
def test_the_pieces_of_a_units_name_are_no_two_units(whole, open_):
    projects = pd.DataFrame({"project_no": [1], "page": [1], "budget_wan_yuan": [None]})
    prints = pd.DataFrame(
        {"project_no": [1, 1], "page": [1, 2], "last_page": [1, 2], "printed": ["江汀市铁路", "护路中心"],
         "text": ["江汀市铁路", "护路中心"], "unit_code": None, "unit_name": ["江汀市铁路", "护路中心"]}
    )  # fmt: skip
    covering = prints.assign(unit_name=whole, printed=whole, text=whole)
    assert assign_units(projects, prints, {}, covering, Ledger())[1] == open_


@pytest.mark.parametrize(
    "title, other, taken",
    [
        ("东洲区2024年项目绩效目标汇总表", False, True),
        ("一、项目及目标", False, True),
        ("一、项目及目标", True, False),
        ("东洲区2024年政府采购预算表", False, False),
    ],
)
def test_projects_that_stand_in_another_table_by_name(tables, title, other, taken):  # noqa: F811
    names = ["住房筹集", "热线运行", *(["渡船更新"] if other else [])]
    amounts = ["1536", "275.4", "20"][: len(names)]
    listed = [
        [str(n), name, f"东洲区{name}中心", amount, f"完成{name}。"] for n, (name, amount) in enumerate(zip(names, amounts, strict=True), 1)
    ]  # fmt: skip
    total = ["合计", "", "", "1831.4" if other else "1811.4", ""]
    heads = ["序号", "项目名称", "实施单位", "预算（万元）", "绩效目标"]
    indicators = [["项目名称", *LEVELS[:4]]] + [
        row for name in names[:2] for row in ([(name, 2), *ROWS[0][:4]], ROWS[1][:4])
    ]
    dataset = tables((title, [heads, *listed, total]), ("二、绩效指标", indicators))
    columns = ["unit_name", "objective"]
    if taken:
        assert status(dataset) == "reconciled", failed(dataset)
        assert dataset.projects["budget_wan_yuan"].astype(float).tolist() == [1536, 275.4]
        assert dataset.projects[columns].values.tolist() == [[f"东洲区{name}中心", f"完成{name}。"] for name in names]
    else:
        assert dataset.projects["budget_wan_yuan"].isna().all() and "没有取用" in failed(dataset)


def test_a_line_above_the_first_rule_is_no_head(tmp_path, monkeypatch):
    def with_unit(canvas, x, y, text, size=9, own=write):
        own(canvas, x, y, text, size)
        if text == "项目名称":
            own(canvas, x, y - 16, "单位：江东理工学院", size)

    monkeypatch.setattr("test_reader_pdf_gaps.write", with_unit)
    draw(tmp_path / "a.pdf", across=True)
    dataset = build_document(tmp_path / "a.pdf")
    assert dataset.projects["unit_name"].tolist() == ["江东理工学院"] * 2, failed(dataset)


INDICATORS = [["项目名称", *LEVELS[:4]], [("住房筹集", 2), *ROWS[0][:4]], ROWS[1][:4], [("热线运行", 2), *ROWS[0][:4]], ROWS[1][:4]]  # fmt: skip


def test_units_and_goals_in_another_table_where_budgets_stand_beside_the_targets(tables):  # noqa: F811
    listed = [
        ["项目名称", "实施单位", "绩效目标"],
        ["住房筹集", "县住建局", "筹集。"],
        ["热线运行", "县数据局", "运行。"],
    ]
    money = ["预算数（万元）", "12", None, "15", None]
    rows = [
        [row[0], (amount, 2) if n else amount, *row[1:]] if amount else row
        for n, (row, amount) in enumerate(zip(INDICATORS, money, strict=True))
    ]
    dataset = tables(("一、基本情况", listed), ("2024年项目支出绩效目标表", rows))
    assert status(dataset) == "reconciled", failed(dataset)
    columns = ["unit_name", "objective"]
    assert dataset.projects[columns].values.tolist() == [["县住建局", "筹集。"], ["县数据局", "运行。"]]
    assert set(dataset.repairs["rule"]) == {"listed_name"}


def test_projects_listed_under_names_in_other_words_are_in_doubt(tables):  # noqa: F811
    listed = [["项目名称", "预算数（万元）"], ["住房筹集项目", "12"], ["热线运行经费", "15"], ["合计", "27"]]
    dataset = tables(("2024年项目支出预算表", listed), ("2024年项目支出绩效目标表", INDICATORS))
    assert dataset.projects["budget_wan_yuan"].isna().all() and "名称相近" in failed(dataset)
