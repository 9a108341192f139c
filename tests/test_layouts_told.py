"""Columns under heads that no list knows are told by what they hold, on record; where that could be chance, it is said."""

import pytest
from test_forms import failed, status
from test_layouts import built  # noqa: F401 (a fixture)

TITLE = "2024年度项目支出绩效目标表"
UNKNOWN = "甲栏"  # no list knows it
HEADS = ["单位名称", "项目名称", "项目类别", "预算数（万元）", "绩效目标", "一级指标", "二级指标", "三级指标", "计算符号", "指标值", "计量单位", "分值"]  # fmt: skip
ROWS = [
    ["产出指标", "数量指标", "新增学位", "≥", "180", "个", "60"],
    ["效益指标", "社会效益指标", "入学率", "=", "99", "%", "20"],
    ["满意度指标", "服务对象满意度指标", "家长满意度", "≥", "90", "%", "10"],
]
PROJECTS = [
    ("闽北县教育局", "校舍建设", "3-特定目标类", "36", "新建校舍，增加学位一百八十个。"),
    ("闽北县教育局", "营养餐", "3-特定目标类", "12", "为学生提供营养餐，保障身体健康。"),
]


def table(heads: list[str], total: str = "48") -> list:
    rows = [
        [*((text, 3) for text in project), *ROWS[0]] if n == 0 else ROWS[n] for project in PROJECTS for n in range(3)
    ]
    return [heads, *rows, [("合计", 1, 3), total, ("", 1, 8)]]


def told(dataset) -> list[str]:
    checks = dataset.checks[dataset.checks["check"] == "columns"]
    return checks[checks["passed"].astype(bool)]["note"].tolist()


@pytest.mark.parametrize("head", [h for h in HEADS if h not in ("项目类别", "绩效目标", "指标值")])
def test_a_column_is_told_by_what_it_holds(built, head):  # noqa: F811
    plain = built(TITLE, table(HEADS), "单位：万元")
    dataset = built(TITLE, table([UNKNOWN if h == head else h for h in HEADS]), "单位：万元")
    assert status(dataset) == "reconciled", failed(dataset)
    assert any(UNKNOWN in words for words in told(dataset)) and not told(plain)
    for name in ("projects", "indicators"):
        assert getattr(dataset, name).iloc[:, 2:].equals(getattr(plain, name).iloc[:, 2:])


def test_an_amount_that_no_total_proves_and_prose_that_no_word_proves_are_said(built):  # noqa: F811
    for head, total in (("预算数（万元）", "49"), ("绩效目标", "48")):
        dataset = built(TITLE, table([UNKNOWN if h == head else h for h in HEADS], total))
        assert status(dataset) == "open" and UNKNOWN in failed(dataset)


def test_heads_of_which_the_levels_below_tell_what_they_are(built):  # noqa: F811
    heads = ["某某类", "某某项", "某某内容", "某某求"]
    rows = [["项目名称", ("校舍建设", 1, 3)], ["预算金额（万元）", ("36", 1, 3)], ["绩效目标", ("建校舍。", 1, 3)]]
    dataset = built(TITLE, [*rows, heads, *([*row[:3], "".join(row[3:6])] for row in ROWS)])
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.indicators["target_text"].tolist() == ["180", "99", "90"]


def test_the_standard_beside_a_name_is_not_the_name(built):  # noqa: F811
    rows = [["项目名称", ("校舍建设", 1, 4)], ["预算金额（万元）", ("36", 1, 4)], ["绩效目标", ("建校舍。", 1, 4)]]
    heads = ["一级指标", "某某内容", "某某标准", "指标值", "分值"]
    body = [[r[0], r[2], "按年度计划", f"≥{r[4]}", r[6]] for r in ROWS]
    dataset = built(TITLE, [*rows, heads, *body])
    assert dataset.indicators["name"].tolist() == [r[2] for r in ROWS]


def test_numbers_that_make_up_no_whole_are_no_weights(built):  # noqa: F811
    dataset = built(TITLE, [[*HEADS[5:11], UNKNOWN], *([*row[:6], n] for row, n in zip(ROWS, "123", strict=True))])
    assert status(dataset) == "open" and dataset.indicators["weight"].isna().all()
    assert "没有读入" in failed(dataset)


def test_scores_stand_beside_weights_and_are_never_more(built):  # noqa: F811
    heads = [*HEADS[5:8], "指标值", "实际完成值", "分值", UNKNOWN]
    for scores, expected in ((["60", "20", "9"], ["60", "20", "9"]), (["61", "20", "9"], [])):
        rows = [[*r[:3], f"≥{r[4]}", r[4], r[6], s] for r, s in zip(ROWS, scores, strict=True)]
        assert built(TITLE, [heads, *rows]).indicators["score"].dropna().map(str).tolist() == expected


FORM = [["项目名称", ("校舍建设", 1, 6)], ["预算金额（万元）", ("36", 1, 6)], ["绩效目标", ("建校舍。", 1, 6)]]


def form(heads: list[str], columns: list[list[str]], last: list | None = None) -> list:
    rows = [[*row[:3], *values] for row, values in zip(ROWS, columns, strict=True)]
    return [*FORM, [*HEADS[5:8], *heads], *rows, *([last] if last else [])]


def test_heads_and_labels_that_a_second_line_says_in_another_language(built):  # noqa: F811
    english = {
        "项目名称": "Project Name",
        "预算金额（万元）": "Total Budget",
        "绩效目标": "Annual Target",
        "指标值": "Target",
    }
    rows = form(["指标值", "计算符号"], [[r[4] + r[5], r[3]] for r in ROWS])
    said = [[f"{c}<br>{english[c]}" if c in english else c for c in row] for row in rows]
    dataset = built(TITLE, said)
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.indicators["target_text"].tolist() == ["180", "99", "90"]


@pytest.mark.parametrize(
    ("before", "head", "expected"),
    [
        ("年初指标值", "年度指标值（调整后）", "reconciled"),
        ("年初指标值", "调整指标值", "reconciled"),
        ("调整前指标值", "调整后指标值", "reconciled"),
        ("年初指标值", "目标值", "open"),
    ],
)
def test_of_a_target_and_the_one_before_it_was_changed_the_later_holds(built, before, head, expected):  # noqa: F811
    dataset = built(TITLE, form([before, head], [[f"≥{n}个", f"≥{n + 1}个"] for n in range(3)]))
    assert status(dataset) == expected, failed(dataset)
    assert expected == "open" or dataset.indicators["target_text"].tolist() == ["1", "2", "3"]


def test_keys_of_rows_say_no_more_and_the_first_budget_is_the_budget_where_it_is_alone(built):  # noqa: F811
    heads = ["年初预算数（万元）" if h == "预算数（万元）" else h for h in HEADS]
    rows = [[f"B2F4{n:05}9C", *row] for n, row in enumerate(table(heads)[1:-1])]
    dataset = built(TITLE, [["唯一标识", *heads], *rows, [("合计", 1, 4), "48", ("", 1, 8)]])
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.projects["budget_wan_yuan"].tolist() == [36, 12]


def test_money_and_goal_before_a_change_are_not_the_years(built):  # noqa: F811
    rows = form(["指标值"], [[f"≥{r[4]}"] for r in ROWS])
    rows[1:3] = [
        ["项目资金（万元）", "调整前预算金额", "40", "调整后预算金额", ("36", 1, 3)],
        [("绩效目标", 2), "调整前年度目标", "", "调整后年度目标", ("", 1, 3)],
        [("建校舍两栋。", 1, 2), ("建校舍一栋。", 1, 4)],
    ]
    dataset = built(TITLE, [["申报企业", ("闽北县校舍建设有限公司", 1, 6)], *rows])
    project = dataset.projects.iloc[0]
    assert status(dataset) == "reconciled", failed(dataset)
    assert (project["budget_initial_wan_yuan"], project["budget_wan_yuan"]) == (40, 36)
    assert (project["objective"], project["unit_name"]) == ("建校舍一栋。", "闽北县校舍建设有限公司")


def test_a_grade_beside_the_total_score_is_a_note(built):  # noqa: F811
    rows = [[f"≥{r[4]}", r[4], r[6], r[6]] for r in ROWS]
    last = [("五、自评总分", 1, 4), "评价等次", "优", "90"]
    heads = ["指标值", "实际完成值", "分值", "自评得分"]
    dataset = built("2024年度项目支出绩效自评表", form(heads, rows, last))
    assert "评价等次" not in failed(dataset)


def test_the_years_of_an_export_and_what_its_project_columns_mean(built):  # noqa: F811
    rows = table(HEADS)
    rows = [["预算年度", "预算单位编码", *rows[0]], *([*([("2024", 1), ("801001", 3)] if len(r) > 8 else ["2024"]), *r] for r in rows[1:-1])]  # fmt: skip
    dataset = built(TITLE, rows)
    assert status(dataset) == "reconciled", failed(dataset)
    assert set(dataset.projects["unit_code"]) == {"801001"}


def test_costs_apart_from_output_or_under_it_are_one_share(built):  # noqa: F811
    cost = [
        ["产出指标", "数量指标", "新增学位", "≥", "180", "个", "40"],
        ["成本指标", "经济成本指标", "每个学位造价", "≤", "9", "万元", "20"],
    ]
    projects = [("甲校建设", [ROWS[0]]), ("乙校建设", [ROWS[0]]), ("丙校建设", cost)]
    rows = [[name, *r] for name, own in projects for r in [*own, *ROWS[1:]]]
    dataset = built(TITLE, [["项目名称", *HEADS[5:]], *rows])
    assert "一级指标分值结构为" not in failed(dataset)


def test_targets_under_a_head_of_names_are_the_targets_where_nothing_else_is(built):  # noqa: F811
    heads = ["项目名称", "预算数（万元）", "一级指标", "二级指标", "三级指标", "绩效标准", "权重"]
    body = [[*r[:3], f"{r[3]}{r[4]}{r[5]}", r[6]] for r in ROWS]
    dataset = built(TITLE, [heads, [("校舍建设", 3), ("36", 3), *body[0]], *body[1:]], "单位名称：闽北县教育局")
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.indicators["comparator"].tolist() == ["≥", "=", "≥"]
    assert dataset.indicators["target_text"].tolist() == ["180", "99", "90"]
    assert any("绩效标准" in words for words in told(dataset))


def test_heads_over_heads_are_no_row_where_a_page_prints_them_again(built):  # noqa: F811
    upper = [("单位（项目）名称", 1, 2), "年度预算申请（万元）", ("年度绩效目标", 2), ("年度绩效指标", 1, 4)]
    heads = [upper, ["单位名称", "项目名称", "资金总额", "一级指标", "二级指标", "三级指标", "指标值"]]

    def rows(project):
        body = [[*r[:3], f"{r[3]}{r[4]}{r[5]}"] for r in ROWS]
        return [[*((project[n], 3) for n in (0, 1, 3, 4)), *body[0]], *body[1:]]

    dataset = built(TITLE, [*heads, *rows(PROJECTS[0]), *heads, *rows(PROJECTS[1])])
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.projects["project_name"].tolist() == ["校舍建设", "营养餐"]
    assert dataset.projects["budget_wan_yuan"].map(str).tolist() == ["36", "12"]


def test_a_grade_of_the_project_says_more_of_it_and_a_label_of_money_may_name_a_project(built):  # noqa: F811
    heads = ["实事事项", "预算数（万元）", "绩效目标", "一级指标", "二级指标", "三级指标", "指标值", "完成值", "得分", "自评等级"]  # fmt: skip
    rows = []
    for name, goal in (("公益性岗位补助", "安置就业困难人员。"), ("公园维护", "公园常年开放，设施完好。")):
        body = [[*r[:3], f"{r[3]}{r[4]}{r[5]}", f"{r[4]}{r[5]}", r[6]] for r in ROWS]
        rows += [[(name, 3), ("18", 3), (goal, 3), *body[0], ("优", 3)], *body[1:]]
    dataset = built(TITLE, [heads, *rows], "单位名称：闽北县教育局")
    assert status(dataset) == "reconciled", failed(dataset)
    assert dataset.projects["project_name"].tolist() == ["公益性岗位补助", "公园维护"]


def test_spending_beside_income_is_named_by_its_own_words(built):  # noqa: F811
    money = [
        [("预算情况（万元）", 4), "收入构成", "收入", "支出构成", "支出"],
        ["财政拨款", "8", "人员经费", "5"],
        ["其他资金", "2", "项目支出", "5"],
        ["收入预算合计", "10", "支出预算合计", "10"],
    ]
    body = [[*r[:3], (f"{r[3]}{r[4]}{r[5]}", 1, 2)] for r in ROWS]
    heads = ["一级指标", "二级指标", "三级指标", ("指标值", 1, 2)]
    rows = [["部门名称", ("闽北县教育局", 1, 4)], *money, ["总体目标", ("办好教育。", 1, 4)], heads, *body]
    dataset = built("2024年度部门整体支出绩效目标表", rows)
    assert status(dataset) == "reconciled", failed(dataset)
    assert "预算情况（万元）/人员经费/支出" in dataset.notes["label"].tolist()
