"""Forms of kinds of their own: changes of targets and money, cards of labels, trees of levels, projects among the rows, what
stands below the indicators, amounts told apart by words or by a list, rows of another table."""

import pytest
from test_forms import GOAL, MONEY, NAME, TABLE, TITLE, UNIT, failed, status
from test_layouts import built  # noqa: F401 (a fixture)
from test_said_by_heads import read

from budgetperf.pipeline import build_document

LEVELS = ("level1", "level2", "name", "comparator", "target_text", "measure_unit")
FIVE = ["一级指标", "二级指标", "三级指标", "指标值", "分值"]


def money(dataset, *fields: str) -> list[list]:
    return dataset.projects[[f"{field}_wan_yuan" for field in fields]].astype(float).values.tolist()


@pytest.mark.parametrize("before, after", [("原指标值", "调整后指标值"), ("变更前指标值", "变更后指标值")])
def test_a_change_of_targets_gives_those_after_it(built, before, after):  # noqa: F811
    rows = [
        ["产出指标", "数量指标", "硬化里程", "≥1公里", "≥2公里"],
        ["效益指标", "社会效益指标", "受益人口", "≥100人", "≥200人"],
    ]
    money = ["原预算金额（万元）", "40", ("调整后预算金额（万元）", 1, 2), "65"]
    dataset = built(TITLE, [NAME, UNIT, money, GOAL, ["一级指标", "二级指标", "三级指标", before, after], *rows])
    assert read(dataset, "target_text", "more") == [["2", f"{before}：≥1公里"], ["200", f"{before}：≥100人"]]
    assert dataset.projects[["budget_wan_yuan", "budget_initial_wan_yuan"]].values.tolist() == [[65, 40]]
    assert status(dataset) == "reconciled", failed(dataset)


@pytest.mark.parametrize("divided", [False, True])
def test_targets_with_their_units_under_a_head_that_says_so(built, divided):  # noqa: F811
    rows = [["产出指标", "数量指标", "硬化里程", "≥", "2公里"], ["效益指标", "社会效益指标", "受益人口", "≥", "200人"]]
    heads = [("一级指标", 2, 1), ("二级指标", 2, 1), ("三级指标", 2, 1), ("指标值", 1, 2)] if divided else []
    heads = (
        [heads, ["符号", "数值及单位"]] if divided else [["一级指标", "二级指标", "三级指标", "计算符号", "数值及单位"]]
    )
    dataset = built(TITLE, [NAME, UNIT, MONEY, GOAL, *heads, *rows])
    assert read(dataset, "comparator", "target_text", "measure_unit") == [["≥", "2", "公里"], ["≥", "200", "人"]]
    assert status(dataset) == "reconciled", failed(dataset)


CARDS = [
    ["指标名称", "硬化里程", "指标类型", "产出指标/数量指标", ""], ["指标值", "≥2公里", "权重", "60", ""],
    ["指标名称", "受益人口", "指标类型", "效益指标/社会效益指标", ""], ["指标值", "≥200人", "权重", "40", ""],
]  # fmt: skip
READ = [
    ["产出指标", "数量指标", "硬化里程", "≥", "2", "公里"], ["效益指标", "社会效益指标", "受益人口", "≥", "200", "人"],
]  # fmt: skip


@pytest.mark.parametrize("titled", [False, True])
def test_indicators_as_cards_of_labels(built, titled):  # noqa: F811
    cards = [row[:4] for row in CARDS]
    if titled:
        cards = [[("指标1", 1, 4)], *cards[:2], [("指标2", 1, 4)], *cards[2:]]
    head = [
        ["项目名称", "村道硬化工程", "项目单位", "县公路局"],
        ["预算数（万元）", ("65", 1, 3)],
        ["年度目标", ("硬化村道2公里", 1, 3)],
    ]
    dataset = built(TITLE, [*head, *cards])
    assert read(dataset, "level1", "level2", "name", "comparator", "target_text", "measure_unit") == READ
    assert status(dataset) == "reconciled", failed(dataset)
    for place, other in (
        (-1, ["指标值", "≥200人", "数据来源", "统计局"]),
        (-2, ["指标名称", "受益人口", "指标类型", ""]),
    ):
        unlike = [*cards]
        unlike[place] = other  # a card unlike the others is none
        assert status(built(TITLE, [*head, *unlike])) != "reconciled"
    if titled:
        cards[0], cards[3] = [("产出指标1", 1, 4)], [("效益指标1", 1, 4)]
        assert status(built(TITLE, [*head, *cards])) != "reconciled"  # what the titles say is not passed over


def test_goals_of_all_years_beside_the_years(built):  # noqa: F811
    heads = ["项目名称", "预算数（万元）", "总体目标", "年度目标", "一级指标", "二级指标", "三级指标", "指标值"]
    own = [["村道", "65", "三年建成路网", "硬化村道2公里", "产出指标", "数量指标", "硬化里程", "≥2公里"],
           ["", "", "", "", "效益指标", "社会效益指标", "受益人口", "≥200人"]]  # fmt: skip
    dataset = built(TITLE, [heads, *own])
    assert dataset.projects[["objective", "period_objective"]].values.tolist() == [["硬化村道2公里", "三年建成路网"]]
    assert status(dataset) == "reconciled", failed(dataset)


def test_a_list_under_one_head_of_names_and_targets(built):  # noqa: F811
    heads = ["单位名称/项目名称", "预算金额（万元）", "绩效目标", "指标类别", "指标内容及指标值"]
    rows = [["县公路局", "65", "", "", ""], ["村道硬化工程", "65", "硬化村道2公里", "数量指标", "硬化里程≥2公里"],
            ["", "", "", "社会效益指标", "受益人口≥200人"]]  # fmt: skip
    dataset = built(TITLE, [heads, *rows])
    assert read(dataset, "level1", "level2", "name", "comparator", "target_text", "measure_unit") == READ
    assert dataset.projects["unit_name"].tolist() == ["县公路局"]


def test_money_and_goals_before_and_after_a_change(built):  # noqa: F811
    own = ["预算金额（万元）", "调整前", "40", "调整后", "65"]
    goals = [[("年度绩效目标", 2, 1), "调整前", ("硬化村道1公里", 1, 3)], ["调整后", ("硬化村道2公里", 1, 3)]]
    dataset = built(TITLE, [["项目名称", ("村道硬化工程", 1, 4)], own, *goals, *TABLE])
    assert money(dataset, "budget", "budget_initial") == [[65, 40]]
    assert dataset.projects["objective"].item() == "硬化村道2公里"
    assert status(dataset) == "reconciled", failed(dataset)


def test_amounts_behind_words_in_a_row_of_money(built):  # noqa: F811
    own = [("预算执行情况（万元）", 2, 1), "预算安排数", "65", "实际支出数", "52"]
    rate = ["执行率", "80%", "执行率分值", "10"]
    dataset = built(
        TITLE, [["项目名称", ("村道硬化工程", 1, 4)], own, rate, ["年度目标", ("硬化村道2公里", 1, 4)], *TABLE]
    )
    assert money(dataset, "budget", "executed") == [[65, 52]]
    assert status(dataset) == "reconciled", failed(dataset)


@pytest.mark.parametrize(
    ("whole", "part", "expected"),
    [
        ("总经费", "其中：2024年度财政经费", [[65, 150]]),
        ("本年经费", "其中：2024年度财政经费", [[150, None]]),
        ("总经费", "其中：上年结转（2023年）", [[150, None]]),
        ("总经费", "其中：2023年度财政经费", [[150, None]]),
        ("总经费", "其中：2024年政府采购", [[150, None]]),
    ],
)
def test_the_years_part_of_a_projects_whole(built, whole, part, expected):  # noqa: F811
    dataset = built(TITLE, [NAME, UNIT, ["经费（万元）", whole, "150", part, "65"], GOAL, *TABLE])
    own = dataset.projects[["budget_wan_yuan", "period_budget_wan_yuan"]].astype(object)
    assert own.where(own.notna(), None).values.tolist() == expected


@pytest.mark.parametrize(("last", "expected"), [("25", [[65]]), ("26", None)])
def test_the_total_of_a_list_of_costs(built, last, expected):  # noqa: F811
    rows = [
        [("资金测算明细（万元）", 4, 1), "支出内容", "数量", "金额"],
        ["路面", "2公里", "40"],
        ["边沟", "1公里", last],
        [("合计", 1, 2), "65"],
    ]
    dataset = built(TITLE, [NAME, UNIT, *rows, GOAL, *TABLE])
    if expected:
        assert money(dataset, "budget") == expected and status(dataset) == "reconciled", failed(dataset)
    else:  # a list that does not add up proves nothing
        assert "budget" in failed(dataset)


def test_a_list_of_tasks_is_no_budget(built):  # noqa: F811
    tasks = [
        ["年度主要任务", "对应项目", ("预算金额（万元）", 1, 2)],
        ["1.道路", "村道硬化", ("40", 1, 2)],
        ["2.桥梁", "桥梁维修", ("25", 1, 2)],
    ]
    dataset = built(TITLE, [NAME, UNIT, ["年度资金总额（万元）", ("80", 1, 3)], *tasks, GOAL, *TABLE])
    assert money(dataset, "budget") == [[80]] and status(dataset) == "reconciled", failed(dataset)


def test_labels_over_one_row_of_values_are_no_list(built):  # noqa: F811
    rows = [["项目类别", "起止时间", ("本年预算（万元）", 1, 2)], ["特定目标类", "2024年", ("65", 1, 2)]]
    dataset = built(TITLE, [NAME, UNIT, *rows, GOAL, *TABLE])
    assert money(dataset, "budget") == [[65]] and dataset.projects["category_name"].item() == "特定目标类"


@pytest.mark.parametrize(
    ("sentence", "points"),
    [
        ("预算执行率另计10分", "10"),
        ("执行率低于60%的预算执行率计0分", "nan"),
        ("预算执行率占20分，本级项目占10分", "nan"),
        ("2023年预算执行率占10分", "nan"),
    ],
)
def test_points_of_the_rate_told_in_a_sentence(built, sentence, points):  # noqa: F811
    dataset = built(TITLE, [NAME, UNIT, MONEY, GOAL, *TABLE, ["备注", (sentence, 1, 3)]])
    assert str(dataset.projects["execution_weight"].astype(float).item()).removesuffix(".0") == points


@pytest.mark.parametrize("label", ["上年绩效目标", "2023年度绩效目标", "调整前绩效目标"])
def test_a_goal_of_another_year_below_is_not_the_years(built, label):  # noqa: F811
    dataset = built(TITLE, [NAME, UNIT, MONEY, *TABLE, [label, ("硬化村道1公里", 1, 3)]])
    assert dataset.projects["objective"].isna().all()


def test_another_goal_of_the_year_below_is_not_passed_over(built):  # noqa: F811
    assert "unread" in failed(
        built(TITLE, [NAME, UNIT, MONEY, GOAL, *TABLE, ["年度绩效目标", ("硬化村道3公里", 1, 3)]])
    )


def test_goal_money_and_points_of_the_rate_below_the_indicators(built):  # noqa: F811
    rows = [
        ["产出指标", "数量指标", "硬化里程", "≥2公里", "60"],
        ["效益指标", "社会效益指标", "受益人口", "≥200人", "30"],
    ]
    foot = [["年度绩效目标", ("硬化村道2公里", 1, 4)],
            [("项目预算（万元）", 3, 1), ("合计", 1, 2), ("65", 1, 2)],
            [("一般公共预算", 1, 2), ("60", 1, 2)], [("政府性基金", 1, 2), ("5", 1, 2)],
            ["备注", ("预算执行率另计10分", 1, 4)]]  # fmt: skip
    dataset = built(TITLE, [["项目名称", ("村道硬化工程", 1, 4)], FIVE, *rows, *foot])
    own = dataset.projects[["objective", "budget_wan_yuan", "execution_weight"]].astype(str).values.tolist()
    assert own == [["硬化村道2公里", "65", "10"]] and len(dataset.indicators) == 2
    assert status(dataset) == "reconciled", failed(dataset)


@pytest.mark.parametrize("numbered", [True, False])
def test_levels_on_rows_of_their_own(built, numbered):  # noqa: F811
    tree = [("1", "产出指标", ""), ("2", "数量指标", ""), ("3", "硬化里程", "≥2公里"), ("1", "效益指标", ""), ("2", "社会效益指标", ""),
            ("3", "受益人口", "≥200人"), ("1", "满意度指标", ""), ("2", "服务对象满意度指标", ""), ("3", "群众满意度", "≥95%")]  # fmt: skip
    points = {"硬化里程": "60", "受益人口": "30", "群众满意度": "10"}
    rows = [[*([number] if numbered else ["、"]), name, target, points.get(name, "")] for number, name, target in tree]
    rows = rows if numbered else [row[1:] for row in rows]
    heads = [*(["级次"] if numbered else []), "指标名称", "指标值", "分值"]
    wide = len(heads) - 1
    own = [
        ["项目名称", ("村道硬化工程", 1, wide)],
        ["预算数（万元）", ("65", 1, wide)],
        ["年度目标", ("硬化村道2公里", 1, wide)],
    ]
    lost = [row for row in rows if "受益人口" not in row]
    assert status(built(TITLE, [*own, heads, *lost])) != "reconciled"  # a level over nothing
    dataset = built(TITLE, [*own, heads, *rows])
    assert read(dataset, *LEVELS) == [*READ, ["满意度指标", "服务对象满意度指标", "群众满意度", "≥", "95", "%"]]
    assert status(dataset) == "reconciled", failed(dataset)


def test_projects_among_the_rows_with_labels_of_their_own(built):  # noqa: F811
    def project(number: int, name: str) -> list:
        return [
            [(f"项目{number}：{name}", 1, 5)], ["预算数（万元）", "65", "执行数（万元）", ("52", 1, 2)],
            ["年度目标", (f"完成{name}", 1, 4)], ["产出指标", "数量指标", f"{name}里程", "≥2公里", "90"],
        ]  # fmt: skip

    dataset = built(TITLE, [FIVE, *project(1, "村道硬化"), *project(2, "桥梁维修")])
    assert dataset.projects[["project_name", "objective"]].values.tolist() == [
        ["村道硬化", "完成村道硬化"], ["桥梁维修", "完成桥梁维修"],
    ]  # fmt: skip
    assert money(dataset, "budget", "executed") == [[65, 52], [65, 52]] and len(dataset.indicators) == 2


@pytest.mark.parametrize(
    ("last", "value", "count"), [("评估意见", "必要", 3), ("评估数", "必要", 5), ("评估意见", "≥3项", 5)]
)
def test_rows_of_another_table_below_are_no_indicators(built, last, value, count):  # noqa: F811
    wide = [[a, b, (c, 1, 2), d] for a, b, c, d in TABLE]
    other = [["评估内容", ("评估情况", 1, 3), last], ["立项必要性", ("停车供需矛盾突出。", 1, 3), value]]
    dataset = built(
        TITLE,
        [
            ["项目名称", ("停车平台", 1, 4)],
            ["预算数（万元）", ("65", 1, 4)],
            ["年度目标", ("建成平台", 1, 4)],
            *wide,
            *other,
        ],
    )
    assert len(dataset.indicators) == count
    assert status(dataset) == ("reconciled" if count == 3 else "open")


def test_a_stroke_is_no_unit_of_measure(built):  # noqa: F811
    heads = ["一级指标", "二级指标", "三级指标", "指标值", "计量单位"]
    dataset = built(
        TITLE,
        [
            NAME,
            UNIT,
            MONEY,
            GOAL,
            heads,
            ["产出指标", "数量指标", "里程", "2", "公里"],
            ["产出指标", "质量指标", "体系", "健全", "/"],
        ],
    )
    assert read(dataset, "measure_unit") == [["公里"], [None]]


def test_one_place_below_the_head_of_targets(built):  # noqa: F811
    heads = [(head, 2, 1) for head in ("一级指标", "二级指标", "三级指标")]
    rows = [
        [*heads, "目标值", ("分值", 2, 1)],
        ["云岭县"],
        ["产出指标", "数量指标", "硬化里程", "≥2公里", "60"],
        ["效益指标", "社会效益指标", "受益人口", "≥200人", "40"],
    ]
    dataset = built(TITLE, [NAME, UNIT, MONEY, GOAL, *rows])
    assert read(dataset, *LEVELS) == READ and status(dataset) == "reconciled", failed(dataset)


@pytest.mark.parametrize(("height", "expected"), [(2, ["目标完成程度", "目标完成程度"]), (1, [None, None])])
def test_groups_of_names_under_a_head_of_kinds_are_level1(built, height, expected):  # noqa: F811
    rows = [
        [("目标完成程度", height, 1), "硬化里程", "2公里", "≥3公里"],
        [*([] if height > 1 else ["目标完成程度"]), "新建桥梁", "1座", "≥2座"],
    ]
    dataset = built(TITLE, [NAME, UNIT, MONEY, GOAL, ["指标类别", "指标名称", "上年实际值", "指标值"], *rows])
    assert [level for (level,) in read(dataset, "level1")] == expected
    assert status(dataset) == ("reconciled" if height > 1 else "open"), failed(dataset)


def test_duties_beside_a_goal_under_one_label(built):  # noqa: F811
    goals = [
        [("部门总体目标", 2, 1), "部门职责", ("负责全县公路养护。", 1, 2)],
        ["总体绩效目标", ("硬化村道2公里。", 1, 2)],
    ]
    dataset = built(TITLE, [NAME, UNIT, MONEY, *goals, *TABLE])
    assert dataset.projects["objective"].item() == "硬化村道2公里。"
    assert status(dataset) == "reconciled", failed(dataset)


def test_heads_of_years_in_either_spelling(built):  # noqa: F811
    heads = [
        [("绩效指标类别", 2, 1), ("绩效指标", 1, 3), ("计算依据", 2, 1)],
        ["指标名称", "上年实际水平", "本年计划水平"],
    ]
    rows = [[("目标完成程度", 2, 1), "硬化里程", "1公里", "≥2公里", "台账"], ["新建桥梁", "1座", "≥2座", "台账"]]
    dataset = built(TITLE, [NAME, UNIT, MONEY, GOAL, *heads, *rows])
    assert read(dataset, "level1", "name", "baseline", "target_text") == [
        ["目标完成程度", "硬化里程", "1公里", "2"], ["目标完成程度", "新建桥梁", "1座", "2"],
    ]  # fmt: skip


def test_the_only_goal_and_the_only_money_are_of_all_years(built):  # noqa: F811
    dataset = built(TITLE, [NAME, UNIT, MONEY, ["项目支出实施期绩效目标", ("硬化村道2公里", 1, 3)], *TABLE])
    assert dataset.projects["objective"].item() == "硬化村道2公里" and status(dataset) == "reconciled", failed(dataset)
    dataset = built(TITLE, [NAME, UNIT, ["实施期资金总额（万元）", ("65", 1, 3)], GOAL, *TABLE])
    assert money(dataset, "budget") == [[65]] and "没有印出当年的预算数" in failed(dataset)


def test_a_plan_of_payments_below_the_indicators(built):  # noqa: F811
    plan = [[("分季度用款计划", 1, 4)], ["季度", "一季度", "二季度", "合计"], ["金额（万元）", "20", "45", "65"]]
    dataset = built(TITLE, [NAME, UNIT, MONEY, GOAL, *TABLE, *plan])
    assert len(dataset.indicators) == 3 and status(dataset) == "reconciled", failed(dataset)


def test_points_and_score_of_the_rate_under_one_label(built):  # noqa: F811
    own = [
        [("预算执行情况（万元）", 2, 1), "预算数：", "65", "执行数：", "52", "执行率：", "80%"],
        ["其中：财政拨款", "65", "其中：财政拨款", "52", "分值/得分", "10", "8"],
    ]
    own = [[*own[0], ""], [*own[1]]]
    name, goal = ["项目名称", ("村道硬化工程", 1, 7)], ["年度目标", ("硬化村道2公里", 1, 7)]
    dataset = built(TITLE, [name, *own, goal, *TABLE])
    fields = ["execution_weight", "execution_score"]
    assert dataset.projects[fields].astype(float).values.tolist() == [[10, 8]]
    assert money(dataset, "budget", "executed") == [[65, 52]]


FLAT = ["项目编码", "项目名称", "预算数（万元）", "绩效目标", "一级指标", "二级指标", "三级指标", "指标值"]
OF_UNITS = [
    ["431002 县公路局"], ["41110122T000000110001", "道路养护", "36", "养护道路。", "产出指标", "数量指标", "养护里程", "≥2公里"],
    ["431005 县水利局"], ["41110122T000000110002", "水库维修", "12", "维修水库。", "产出指标", "数量指标", "维修座数", "≥3座"],
]  # fmt: skip


@pytest.mark.parametrize("wide", [True, False])
def test_rows_of_units_over_their_projects(built, tmp_path, wide):  # noqa: F811
    if wide:
        dataset = built(
            "2024年项目支出绩效目标表", [FLAT, *([(row[0], 1, 8)] if len(row) == 1 else row for row in OF_UNITS)]
        )
    else:
        path = tmp_path / "a.txt"
        path.write_text(
            "\n".join(["2024年项目支出绩效目标表", *("\t".join(row) for row in [FLAT, *OF_UNITS])]), encoding="utf-8"
        )
        dataset = build_document(path)
    assert dataset.projects[["unit_code", "unit_name"]].values.tolist() == [
        ["431002", "县公路局"],
        ["431005", "县水利局"],
    ]


def test_the_title_of_a_whole_unit_names_no_project(built):  # noqa: F811
    own = [["单位名称", ("县图书馆", 1, 3)], MONEY, ["整体绩效目标", ("免费开放", 1, 3)], *TABLE]
    dataset = built("表1 单位整体支出绩效目标表", own)
    assert dataset.projects["project_name"].isna().all() and dataset.projects["scope"].item() == "unit"


@pytest.mark.parametrize(("goal", "expected"), [("2024年度目标", [[65]]), ("年度目标", [[150]])])
def test_the_years_part_where_only_labels_name_the_year(built, goal, expected):  # noqa: F811
    own = [
        NAME,
        UNIT,
        ["经费（万元）", "总经费", "150", "其中：2024年度财政经费", "65"],
        [goal, ("硬化村道2公里", 1, 3)],
    ]
    assert money(built("项目支出绩效目标申报表", [*own, *TABLE]), "budget") == expected


def test_indicators_under_a_title_about_money_are_not_passed_over(built):  # noqa: F811
    rows = [[("资金使用情况", 1, 4)], ["资金使用", "合规", "支出合规率", "≥95%"]]
    dataset = built(TITLE, [NAME, UNIT, MONEY, GOAL, *TABLE, *rows])
    assert len(dataset.indicators) == 4 or status(dataset) == "open"
