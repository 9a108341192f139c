"""Tables that print their indicators beside each other: under heads of levels a project a row, or as columns beside heads."""

from decimal import Decimal

import pytest
from test_forms import failed, status
from test_layouts import built, page, targets  # noqa: F401 (built is a fixture)

from budgetperf.pipeline.document import build_document

TITLE = "财政专项资金绩效目标表（2024年度）"
LEVELS = [["数量指标", ("质量指标", 1, 2), "社会效益指标", "满意度指标"]]
NAMES = ["扶持村数", "验收合格率", "资金使用合规率", "受益人口", "群众满意度"]
VALUES = {
    "道路硬化": ["1个", "=100%", "100%", "≥186人", "≥95%"],
    "水渠修复": ["2个", "=100%", "100%", "明显改善", "≥90%"],
}


def matrix(names: bool = True, level1: bool = True, cells=VALUES) -> list:
    """Projects as rows under heads of levels 1 and 2 and of names, with their total."""
    height = names + level1 + 1
    own = [(text, height) for text in ("序号", "项目名称", "项目单位", "补助金额（万元）")]
    upper = [[("产出指标", 1, 3), ("效益指标", 1, 2)]] if level1 else []
    heads = [*upper, *LEVELS, *([NAMES] if names else [])]
    amounts = {"道路硬化": "6.2", "水渠修复": "4"}
    rows = [
        [str(n), name, "葛岭镇人民政府", amounts[name], *values] for n, (name, values) in enumerate(cells.items(), 1)
    ]
    return [[*own, *heads[0]], *heads[1:], *rows, [("合计", 1, 3), "10.2", *[""] * 5]]


@pytest.mark.parametrize("level1", [True, False])
def test_indicators_as_columns(built, level1):  # noqa: F811
    dataset = built(TITLE, matrix(level1=level1))
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.projects["budget_wan_yuan"].tolist() == [Decimal("6.2"), Decimal(4)]
    assert targets(dataset)[2:4] == [
        ("产出指标", "质量指标", "资金使用合规率", None, "100", "%"),
        ("效益指标", "社会效益指标", "受益人口", "≥", "186", "人"),
    ]
    assert dataset.indicators["project_no"].tolist() == [1] * 5 + [2] * 5
    values = dataset.cells[dataset.cells["role"] == "indicator"]
    assert set(values["text"]) >= {text for texts in VALUES.values() for text in texts}


def test_a_total_that_the_rows_do_not_make_up_is_said(built):  # noqa: F811
    assert "total" in failed(built(TITLE, [*matrix()[:-1], [("合计", 1, 3), "10.3", *[""] * 5]]))


def test_a_blank_under_a_name_is_no_indicator(built):  # noqa: F811
    cells = {**VALUES, "水渠修复": ["2个", "", "100%", "", "≥90%"]}
    assert built(TITLE, matrix(cells=cells)).indicators["project_no"].tolist() == [1] * 5 + [2] * 3


def test_names_with_their_targets_under_heads_of_levels(built):  # noqa: F811
    glued = {
        name: [f"{n}{value if value[0] in '≥=' else '＝' + value}" for n, value in zip(NAMES, values, strict=True)]
        for name, values in VALUES.items()
    }
    glued["道路硬化"][0] = "1.扶持村数＝1个；2.修建涵洞≥4个"
    dataset = built(TITLE, matrix(names=False, cells=glued))
    assert status(dataset) == "reconciled", failed(dataset)
    assert targets(dataset)[:2] == [
        ("产出指标", "数量指标", "扶持村数", "=", "1", "个"),
        ("产出指标", "数量指标", "修建涵洞", "≥", "4", "个"),
    ]
    assert "按比较符分开" in "".join(dataset.checks["note"].dropna())


def test_names_without_targets_under_heads_of_levels_are_not_passed_over(built):  # noqa: F811
    assert status(built(TITLE, matrix(names=False))) != "reconciled"


HEAD = [
    ["项目名称", ("救助工作", 1, 4)],
    ["项目单位", ("救助站", 1, 2), "预算金额（万元）", "36"],
    ["绩效目标", ("救助。", 1, 4)],
]
TURNED = [
    ["一级指标", ("产出指标", 1, 2), "效益指标", "满意度指标"],
    ["二级指标", "数量指标", "质量指标", "社会效益指标", "服务对象满意度指标"],
    ["三级指标", "救助人次", "救助及时率", "社会和谐", "受助人员满意度"],
    ["指标值", "≥180人次", "=100%", "促进", "≥90%"],
]


@pytest.mark.parametrize("beside", [[], [("绩效指标", 4)]])
def test_heads_as_the_first_cells_of_rows(built, beside):  # noqa: F811
    rows = [[*beside, *TURNED[0]], *TURNED[1:]]
    dataset = built(TITLE, [*HEAD, *rows, ["备注", ("按实际人次结算", 1, 4)]])
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.projects["objective"].item() == "救助。"
    assert targets(dataset)[1:3] == [
        ("产出指标", "质量指标", "救助及时率", "=", "100", "%"),
        ("效益指标", "社会效益指标", "社会和谐", "定性", "促进", None),
    ]


def test_weights_of_a_turned_table_are_proven_by_their_sum(built):  # noqa: F811
    def with_weights(*weights):
        return built(TITLE, [*HEAD, *TURNED, ["分值", *weights], ["合计", ("90", 1, 4)]])

    assert status(with_weights("30", "20", "30", "10")) == "reconciled"
    assert status(with_weights("30", "20", "30", "20")) == "open"


WIDE = [
    ["序号", "项目名称", "预算数（万元）", "绩效目标", "一级指标", "二级指标", "三级指标"],
    ["1", ("道路硬化", 3), ("6.2", 3), ("硬化道路。", 3), "产出指标", "数量指标", "里程"],
    ["2", "效益指标", "社会效益指标", "受益人口"],
    ["3", "满意度指标", "服务对象满意度指标", "群众满意度"],
]
BEYOND = [["序号", "指标性质", "指标值", "度量单位", "分值"], *([str(n), *row] for n, row in enumerate(
    [("≥", "2", "公里", "50"), ("≥", "186", "人", "30"), ("≥", "95", "%", "10")], 1))]  # fmt: skip


@pytest.mark.parametrize("first", [0, 1])
def test_columns_that_go_on_in_another_table(tmp_path, first):
    def read(*tables):
        path = tmp_path / "document.html"
        bodies = [
            page(TITLE, rows).removeprefix("<html><meta charset=utf-8>").removesuffix("</html>") for rows in tables
        ]
        path.write_text(f"<html><meta charset=utf-8>{''.join(bodies)}</html>", encoding="utf-8")
        return build_document(path)

    part = [row[first:] for row in BEYOND]
    dataset = read(WIDE, part)
    assert status(dataset) == "reconciled", failed(dataset)
    assert targets(dataset)[0] == ("产出指标", "数量指标", "里程", "≥", "2", "公里")
    assert dataset.indicators["weight"].tolist() == [50, 30, 10]
    assert status(read(WIDE, part[:-1])) != "reconciled"
    if not first:
        assert status(read(WIDE, [*part[:2], ["4", *part[2][1:]], part[3]])) != "reconciled"


YEAR = [
    ["项目名称", ("禁捕监管", 1, 4)], ["实施单位", ("枝江县渔政站", 1, 4)], ["资金总额（万元）", ("14", 1, 4)], ["年度目标", ("巡查。", 1, 4)],
    ["一级指标", "二级指标", "三级指标", ("指标值", 1, 2)], ["产出指标", "数量指标", "巡查次数", ("≥420次", 1, 2)],
]  # fmt: skip
BEFORE = [
    ["一级指标", "二级指标", "三级指标", "上年指标值", "上年完成值"],
    ["产出指标", "数量指标", "巡查次数", "≥360次", "382次"],
]


def test_a_table_of_the_year_before_is_none_of_this_years(built):  # noqa: F811
    dataset = built(TITLE, [*YEAR, *BEFORE])
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.indicators["target_text"].tolist() == ["420"] and len(dataset.projects) == 1
    assert set(dataset.cells.loc[dataset.cells["text"] == "382次", "role"]) == {"other_table"}
    this_year = [["一级指标", "二级指标", "三级指标", "上年完成值", "指标值"], *BEFORE[1:]]
    assert len(built(TITLE, [*YEAR, *this_year]).indicators) == 2


def test_labelled_lines_in_the_frame_of_a_table_of_projects_are_no_form(built):  # noqa: F811
    heads = ["项目名称", "预算数", "绩效目标", "一级指标", "二级指标", "三级指标", "指标值"]
    rows = [["道路硬化", "62000", "硬化道路。", "产出指标", "数量指标", "里程", "≥2公里"]]
    dataset = built(TITLE, [[("编制单位：葛岭镇人民政府", 1, 3), ("金额单位：元", 1, 4)], heads, *rows])
    assert status(dataset) == "reconciled", failed(dataset)
    project = dataset.projects.iloc[0]
    assert (project["unit_name"], project["budget_wan_yuan"]) == ("葛岭镇人民政府", Decimal("6.2"))


def test_names_and_targets_take_turns_under_heads_of_levels(built):  # noqa: F811
    own = [(text, 3) for text in ("序号", "项目名称", "项目单位", "补助金额（万元）")]
    heads = [[*own, ("产出指标", 1, 4), ("效益指标", 1, 2)], [("数量指标", 1, 2), ("质量指标", 1, 2), ("社会效益指标", 1, 2)],
             ["指标内容", "指标值"] * 3]  # fmt: skip
    values = ["硬化道路", "≥2公里", "验收合格率", "100%", "受益人口", "≥186人"]
    rows = [["1", "道路硬化", "葛岭镇人民政府", "6.2", *values], ["2", "水渠修复", "葛岭镇人民政府", "4", *values]]
    dataset = built(TITLE, [*heads, *rows])
    assert status(dataset) == "reconciled", failed(dataset)
    assert targets(dataset)[3:] == [
        ("产出指标", "数量指标", "硬化道路", "≥", "2", "公里"),
        ("产出指标", "质量指标", "验收合格率", None, "100", "%"),
        ("效益指标", "社会效益指标", "受益人口", "≥", "186", "人"),
    ]
    heads[2][3] = "分值"  # other heads than names and targets: no names of indicators
    assert status(built(TITLE, [*heads, *rows])) != "reconciled"
