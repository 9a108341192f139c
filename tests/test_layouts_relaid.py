"""Layouts that are laid out as others are: columns beside their heads, heads once over several forms, paragraphs as rows."""

import pytest
from test_forms import failed, status
from test_layouts import built, targets  # noqa: F401 (built is a fixture)

TITLE = "项目支出绩效目标表（2024年度）"
LEVELS = [("产出指标", "数量指标", "新增农田"), ("效益指标", "社会效益指标", "受益农户"), ("满意度指标", "服务对象满意度指标", "农户满意度")]  # fmt: skip
HEADS = ["一级指标", "二级指标", "三级指标", "指标值", "分值"]
POINTS = ["50", "30", "10"]


def shifted(wide: int) -> list:
    """Heads three fine columns wide, the cells below them `wide` of these and the last the rest."""
    rows = [[(head, 1, 3) for head in HEADS]]
    for level, points in zip(LEVELS, POINTS, strict=True):
        rows.append([*((text, 1, wide) for text in level), ("≥8个", 1, 3), (points, 1, 15 - 3 - 3 * wide)])
    form = [[("项目名称", 1, 3), ("农田建设", 1, 12)], [("预算金额（万元）", 1, 3), ("36", 1, 12)]]
    return [*form, [("绩效目标", 1, 3), ("建设农田。", 1, 12)], *rows, [("合计", 1, 12), ("90", 1, 3)]]


def test_a_cell_belongs_to_the_head_of_which_it_covers_most(built):  # noqa: F811
    rows = shifted(3)
    for number, (level1, level2, name) in enumerate(LEVELS, 4):
        rows[number] = [(level1, 1, 4), (level2, 1, 1), (name, 1, 4), ("≥8个", 1, 2), (POINTS[number - 4], 1, 4)]
    dataset = built(TITLE, rows)
    assert status(dataset) == "reconciled", failed(dataset)
    assert [row[:5] for row in targets(dataset)] == [(*level, "≥", "8") for level in LEVELS]
    assert list(map(str, dataset.indicators["weight"])) == POINTS
    assert "重叠最多" in "".join(dataset.checks["note"].dropna())


def test_cells_of_which_two_stand_under_one_head_are_not_moved(built):  # noqa: F811
    assert "重叠最多" not in "".join(built(TITLE, shifted(2)).checks["note"].dropna())


FORMS = [("道路硬化", "18.60"), ("管网延伸", "9.80"), ("渠道修复", "12.50")]


def forms(heads_over: int) -> list:
    rows = []
    for number, (name, amount) in enumerate(FORMS):
        rows += [["项目名称", (name, 1, 2), "预算金额", amount], ["绩效目标", (f"完成{name}。", 1, 4)]]
        rows += [HEADS] if number < heads_over else []
        rows += [[*level, "≥8个", points] for level, points in zip(LEVELS, POINTS, strict=True)]
    return rows


@pytest.mark.parametrize("heads_over", [1, 3])
def test_forms_under_the_column_heads_of_the_first(built, heads_over):  # noqa: F811
    dataset = built("河口镇人民政府2024年村级奖补项目绩效目标表", forms(heads_over), "单位：万元")
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.projects["project_name"].tolist() == [name for name, _ in FORMS]
    assert dataset.indicators["project_no"].tolist() == [1] * 3 + [2] * 3 + [3] * 3
    assert dataset.projects["unit_name"].unique().tolist() == ["河口镇人民政府"]
    assert ("沿用上一张表的列标题" in "".join(dataset.checks["note"].dropna())) == (heads_over == 1)


LIST = [["序号", "项目名称", "预算数（万元）", "绩效目标", *HEADS[:4]]]


def of_paragraphs(names: str) -> list:
    cells = ["数量指标<br>质量指标", names, "≥8个<br>=100%"]
    own = [(text, 2) for text in ("1", "农田建设", "36.00", "建设农田。")]
    return [*LIST, [*own, "产出指标", *cells], [*LEVELS[2], "≥90%"], [("合计", 1, 2), "36.00", *[""] * 5]]


def test_paragraphs_stand_for_rows(built):  # noqa: F811
    dataset = built(TITLE, of_paragraphs("新增农田<br>验收合格率"))
    assert status(dataset) == "reconciled", failed(dataset)
    assert targets(dataset) == [
        ("产出指标", "数量指标", "新增农田", "≥", "8", "个"),
        ("产出指标", "质量指标", "验收合格率", "=", "100", "%"),
        ("满意度指标", "服务对象满意度指标", "农户满意度", "≥", "90", "%"),
    ]


def test_paragraphs_of_other_numbers_are_not_divided(built):  # noqa: F811
    dataset = built(TITLE, of_paragraphs("新增农田"))
    assert len(dataset.indicators) == 2 and status(dataset) == "open"


@pytest.mark.parametrize("goal", ["绩效目标", "项目目标"])
def test_a_goal_below_the_indicators_is_their_projects(built, goal):  # noqa: F811
    rows = [["序号", "项目名称", "预算数（万元）", *HEADS]]
    for number, (name, amount) in enumerate(FORMS, 1):
        own = [(str(number), 4), (name, 3), (amount, 3)]
        rows += [
            [*(own if not n else []), *level, "≥8个", points]
            for n, (level, points) in enumerate(zip(LEVELS, POINTS, strict=True))
        ]
        rows += [[goal, (f"完成{name}。", 1, 6)]]
    dataset = built(TITLE, [*rows, [("合计", 1, 2), "40.90", *[""] * 5]])
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.projects["objective"].tolist() == [f"完成{name}。" for name, _ in FORMS]


def test_a_name_of_goals_behind_the_levels_is_the_indicators(built):  # noqa: F811
    form = [["项目名称", ("农田建设", 1, 3)], ["预算金额（万元）", ("36", 1, 3)], ["绩效目标", ("建设农田。", 1, 3)]]
    rows = [[*HEADS[:2], "绩效目标内容", "绩效目标值"], *([*level, "≥8个"] for level in LEVELS)]
    dataset = built(TITLE, [*form, *rows, ["项目单位意见", ("同意申报。", 1, 3)]])
    assert status(dataset) == "reconciled", failed(dataset)
    assert [row[:3] for row in targets(dataset)] == LEVELS


def test_levels_and_dates_in_lines_under_heads_of_levels(built):  # noqa: F811
    own = ["1", "农田建设", "36.00", "建设农田。"]
    heads = [["序号", "项目名称", "预算数（万元）", "绩效目标", "产出指标", "效益指标", "满意度指标"]]
    output = "数量：新增农田≥8亩<br>时效：验收时间（2024年6月底前）"
    dataset = built(TITLE, [*heads, [*own, output, "社会效益：受益农户≥9户", "服务对象满意度：农户满意度≥90%"]])
    assert status(dataset) == "reconciled", failed(dataset)
    assert [row[1:5] for row in targets(dataset)][:2] == [
        ("数量指标", "新增农田", "≥", "8"),
        ("时效指标", "验收时间", None, "2024年6月底前"),
    ]


@pytest.mark.parametrize(("units", "expected"), [("万元万元万元", "reconciled"), ("万元万元千元", "open")])
def test_a_column_that_repeats_the_unit_of_money(built, units, expected):  # noqa: F811
    rows = [["项目名称", "项目金额", "金额单位", "绩效目标", *HEADS[:4]]]
    rows += [["农田建设", "36.00", units[n * 2 :][:2], "建设农田。", *level, "≥8个"] for n, level in enumerate(LEVELS)]
    dataset = built(TITLE, rows)
    assert status(dataset) == expected, failed(dataset)
    if expected == "reconciled":
        assert list(map(str, dataset.projects["budget_wan_yuan"])) == ["36"]
