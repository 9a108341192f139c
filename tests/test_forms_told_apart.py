"""What tells the amounts, goals and rows of a form apart: words beside words, the next form's head, a wrapped label."""

import pytest
from test_forms import GOAL, MONEY, NAME, TABLE, TITLE, UNIT, failed, status, workbook
from test_forms_kinds import money
from test_layouts import built, page  # noqa: F401 (a fixture)

from budgetperf.pipeline import build_document

NONE = pytest.approx(float("nan"), nan_ok=True)
BIG = [
    "担保金额",
    "涉及资金",
    "公司注册资金",
    "单位总预算",
    "资产总额",
    "合同金额",
    "带动产值总额",
    "已完成投资",
    "保额",
]


def block(*columns: tuple[str, str]) -> list:
    group = ("项目资金（万元）", len(columns[0]), 1)
    heads = [words for words, _ in columns]
    return [
        [group, *heads[:-1], (heads[-1], 1, 4 - len(heads))],
        [*(a for _, a in columns[:-1]), (columns[-1][1], 1, 4 - len(heads))],
    ]


@pytest.mark.parametrize(
    "rows, amounts",
    [
        *([[MONEY, [f"{label}（万元）", ("500", 1, 3)]], (65, None, None)] for label in BIG),
        *([[["预算数（万元）", ("65", 1, 3)], [f"{label}（万元）", ("500", 1, 3)]], (65, None, None)] for label in BIG),
        [block(("上年结转", "5"), ("本年预算", "60"), ("资金总额", "65")), (65, None, None)],
        [[["上年结转（万元）", "5", "本年预算（万元）", "60"], ["资金总额（万元）", ("65", 1, 3)]], (65, None, None)],
        [[["年度预算（万元）", "65", "追加预算（万元）", "10"], ["预算合计（万元）", ("75", 1, 3)]], (75, None, None)],
        [[["2024年度安排（万元）", "65", "2024年支出（万元）", "60"]], (65, None, 60)],
        [[["本年安排（万元）", "65", "本年支出（万元）", "60"]], (65, None, 60)],
        [[["批复金额（万元）", "65", "申请金额（万元）", "70"]], (65, None, None)],
        [[["总经费（万元）", "165", "其中：2024年度财政经费", "65"], ["其中：2023年度财政经费", ("100", 1, 3)]], (65, 165, None)],
        [[["项目资金总额（万元）", "165", "其中：当年资金", "65"]], (65, 165, None)],
        [[["总投资（万元）", "165", "其中：2024年预算", "65"], ["已完成投资（万元）", ("100", 1, 3)]], (65, 165, None)],
    ],
)  # fmt: skip
def test_amounts_beside_the_budget(built, rows, amounts):  # noqa: F811
    dataset = built(TITLE, [NAME, UNIT, *rows, GOAL, *TABLE])
    assert money(dataset, "budget", "period_budget", "executed") == [[NONE if a is None else a for a in amounts]]
    assert status(dataset) == "reconciled", failed(dataset)


@pytest.mark.parametrize("label", ["合同金额", "中标金额", "节约资金", "审计核减金额", "质保金总额"])
@pytest.mark.parametrize("below", [False, True])
def test_a_sum_of_another_kind_is_no_budget(built, label, below):  # noqa: F811
    amount = [f"{label}（万元）", ("60", 1, 3)]
    head, foot = ([NAME, UNIT, GOAL], [amount]) if below else ([NAME, UNIT, amount, GOAL], [])
    dataset = built(TITLE, [*head, *TABLE, *foot])
    assert dataset.projects["budget_wan_yuan"].isna().all() and status(dataset) == "open"


def test_the_years_of_a_whole_are_in_doubt_where_none_is_the_documents(built):  # noqa: F811
    rows = [["总经费（万元）", "165", "其中：2024年度财政经费", "65"]]
    dataset = built("项目支出绩效目标申报表", [NAME, UNIT, *rows, GOAL, *TABLE])
    assert "哪一年是本表的年度没有印出" in failed(dataset)


@pytest.mark.parametrize("label", ["下一步工作目标", "整改目标", "明年目标", "上级下达目标", "2025年工作目标"])
def test_goals_below_the_indicators_that_are_not_the_projects(built, label):  # noqa: F811
    dataset = built(TITLE, [NAME, UNIT, MONEY, *TABLE, [label, ("继续硬化其余村道并完善排水", 1, 3)]])
    assert dataset.projects["objective"].isna().all()


@pytest.mark.parametrize("several, year", [("中期", "年度"), ("实施期", "当年"), ("2024-2026年", "2024年")])
def test_goals_beside_the_names_of_their_periods(built, several, year):  # noqa: F811
    rows = [[("绩效目标", 2), several, ("建成路网", 1, 2)], [year, ("硬化村道2公里", 1, 2)]]
    dataset = built(TITLE, [NAME, UNIT, MONEY, *rows, *TABLE])
    assert dataset.projects[["objective", "period_objective"]].values.tolist() == [["硬化村道2公里", "建成路网"]]
    assert status(dataset) == "reconciled", failed(dataset)


@pytest.mark.parametrize("other, own", [("上半年", "全年"), ("上年", "本年"), ("申报", "批复")])
def test_the_years_goal_beside_another_of_a_part_or_a_stage(built, other, own):  # noqa: F811
    rows = [[("绩效目标", 2), other, ("硬化村道1公里", 1, 2)], [own, ("硬化村道2公里", 1, 2)]]
    dataset = built(TITLE, [NAME, UNIT, MONEY, *rows, *TABLE])
    assert dataset.projects["objective"].tolist() == ["硬化村道2公里"]
    assert "硬化村道1公里" in dataset.notes["text"].tolist()
    assert status(dataset) == "reconciled", failed(dataset)


@pytest.mark.parametrize("first, second", [("上半年", "下半年"), ("全年", "本年")])
def test_goals_of_which_none_or_more_are_the_years(built, first, second):  # noqa: F811
    rows = [[("绩效目标", 2), first, ("硬化村道1公里", 1, 2)], [second, ("硬化村道2公里", 1, 2)]]
    assert status(built(TITLE, [NAME, UNIT, MONEY, *rows, *TABLE])) == "open"


def test_stages_of_a_budget_under_its_label(built):  # noqa: F811
    rows = [[("预算金额（万元）", 2), "申报数", ("批复数", 1, 2)], ["70", ("65", 1, 2)]]
    dataset = built(TITLE, [NAME, UNIT, *rows, GOAL, *TABLE])
    assert money(dataset, "budget") == [[65]] and status(dataset) == "reconciled", failed(dataset)
    rows = [[("预算金额（万元）", 2), "批复", ("调整", 1, 2)], ["70", ("65", 1, 2)]]
    assert status(built(TITLE, [NAME, UNIT, *rows, GOAL, *TABLE])) == "open"


def test_the_total_of_sources_with_remarks_beside_them(built):  # noqa: F811
    rows = [["资金构成", "说明", ("金额（万元）", 1, 2)], ["县级财政", "一般公共预算", ("60", 1, 2)]]
    rows += [["自筹", "单位自有", ("5", 1, 2)], ["合计", "以上两项", ("65", 1, 2)]]
    dataset = built(TITLE, [NAME, UNIT, *rows, GOAL, *TABLE])
    assert money(dataset, "budget") == [[65]] and status(dataset) == "reconciled", failed(dataset)


@pytest.mark.parametrize(
    "rows, objective",
    [
        ([[("年度目标", 2), "年初目标", ("硬化2公里", 1, 2)], ["调整后目标", ("硬化3公里", 1, 2)]], "硬化3公里"),
        ([["年度主要目标和成果", ("硬化村道2公里", 1, 3)]], "硬化村道2公里"),
        ([["总目标", ("建成路网", 1, 3)], ["年度目标", ("硬化村道2公里", 1, 3)]], "硬化村道2公里"),
    ],
)
def test_the_goal_that_holds(built, rows, objective):  # noqa: F811
    dataset = built(TITLE, [NAME, UNIT, MONEY, *rows, *TABLE])
    assert dataset.projects["objective"].tolist() == [objective]
    assert status(dataset) == "reconciled", failed(dataset)


@pytest.mark.parametrize("right", [("已硬化2公里", "已绿化1公里"), ("完成时限", "6月")])
def test_what_stands_beside_the_parts_of_a_goal_is_not_joined_to_it(built, right):  # noqa: F811
    rows = [[("年度绩效目标", 2), "硬化村道2公里", (right[0], 1, 2)], ["绿化1公里", (right[1], 1, 2)]]
    dataset = built(TITLE, [NAME, UNIT, MONEY, *rows, *TABLE])
    assert "没有读作绩效目标" in failed(dataset)


@pytest.mark.parametrize(
    "row, name, unit",
    [
        (["项目 单位", ("县 公路局", 1, 3)], None, "县公路局"),
        (["项目<br>单位", ("县交通<br>运输局", 1, 3)], None, "县交通运输局"),
        (["项目名称、实施单位", ("路灯、绿化工程", 1, 3)], None, None),
        (["项目名称/项目编码", ("村道/桥梁工程/63010001", 1, 3)], None, None),
        (["项目名称", "农村公路", "子项目名称", "村道硬化工程"], "村道硬化工程", None),
        (["专项名称", "农村公路", "项目名称", "村道硬化工程"], "村道硬化工程", None),
    ],
)
def test_labels_of_names(built, row, name, unit):  # noqa: F811
    named = "项目名称" in row[0] or "专项" in row[0]
    dataset = built(TITLE, [row, UNIT, MONEY, GOAL, *TABLE] if named else [NAME, row, MONEY, GOAL, *TABLE])
    if named:
        assert dataset.projects["project_name"].fillna("").tolist() == [name or ""]
    if unit:
        assert dataset.projects["unit_name"].tolist() == [unit]
    assert (status(dataset) == "reconciled") == bool(name or unit), failed(dataset)


PLANS = [
    [[("分季度用款计划", 1, 4)], ["第一季度", "10万元", "第二季度", "55万元"]],
    [[("资金支出计划表", 1, 4)], ["内容", "金额（万元）", "占比", "时间"], ["材料", "40", "61.5%", "6月"], ["人工", "25", "38.5%", "9月"]],
    [[("用款计划（万元）", 2), "一季度", "二季度", "合计"], ["10", "55", "65"]],
]  # fmt: skip
SECOND = [
    ["项目名称", ("桥梁维修", 1, 3)],
    UNIT,
    ["年度资金总额（万元）", ("80", 1, 3)],
    ["年度目标", ("维修桥梁3座。", 1, 3)],
]


@pytest.mark.parametrize("plan", PLANS)
def test_a_plan_below_a_form_ends_at_the_next_forms_head(built, plan):  # noqa: F811
    dataset = built(TITLE, [NAME, UNIT, MONEY, GOAL, *TABLE, *plan, *SECOND, *TABLE, *plan])
    assert money(dataset, "budget") == [[65], [80]] and len(dataset.indicators) == 6
    assert status(dataset) == "reconciled", failed(dataset)


def test_a_plan_between_the_forms_of_a_sheet(tmp_path):
    form = [
        ["项目名称", "村道硬化工程"],
        ["实施单位", "云岭乡人民政府"],
        ["年度资金总额（万元）", "65"],
        ["年度目标", "硬化村道2公里。"],
    ]
    plan = [["分季度用款计划"], ["第一季度", "10万元", "第二季度", "55万元"]]
    dataset = workbook(
        tmp_path, [[TITLE], *form, *TABLE, *plan, *([row[0], row[1][0]] for row in SECOND), *TABLE, *plan]
    )
    assert len(dataset.projects) == 2 and len(dataset.indicators) == 6, dataset.indicators


RATED = [*TABLE[0], "分值"], ["产出指标", "数量指标", "硬化里程", "≥2公里", "60"]
OF_USE = [["其他", "资金", "使用合规性", "合规", "20"], ["其他", "资金", "资金到位", "及时", "20"]]


@pytest.mark.parametrize("beside", [False, True])
def test_rows_with_names_and_points_are_indicators_under_any_title(built, beside):  # noqa: F811
    """Whatever their title says of money: above them, left of them."""
    title = [("资金使用情况", 2), *OF_USE[0][1:]], OF_USE[1][1:]
    head = [[label, (text, 1, 4)] for label, (text, *_) in (NAME, UNIT, MONEY, GOAL)]
    dataset = built(TITLE, [*head, *RATED, *(title if beside else [[("资金使用情况", 1, 5)], *OF_USE])])
    assert dataset.indicators["name"].tolist() == ["硬化里程", "使用合规性", "资金到位"]


def test_rows_with_names_and_points_are_indicators_under_a_line_of_a_sheet(tmp_path):
    head = [[label, text] for label, (text, *_) in (NAME, UNIT, MONEY, GOAL)]
    dataset = workbook(tmp_path, [[TITLE], *head, *RATED, ["资金使用情况"], *OF_USE])
    assert dataset.indicators["name"].tolist() == ["硬化里程", "使用合规性", "资金到位"]


def test_two_names_of_projects_of_which_neither_frames_the_other_are_in_doubt(built):  # noqa: F811
    dataset = built(TITLE, [["项目名称", "农村公路", "二级项目名称", "村道硬化工程"], UNIT, MONEY, GOAL, *TABLE])
    assert "同一栏印有不同的值" in failed(dataset)


def test_a_task_goes_before_the_fund_that_pays_for_it(built):  # noqa: F811
    dataset = built(TITLE, [["资金名称", "教育专项资金", "政策任务", "支持新建高校"], UNIT, MONEY, GOAL, *TABLE])
    assert dataset.projects["project_name"].tolist() == ["支持新建高校"]


def test_what_only_ends_with_the_word_for_spending_is_not_what_was_spent(built):  # noqa: F811
    rows = [["项目总额（万元）", "165", "专项支出（万元）", "65"]]
    dataset = built(TITLE, [NAME, UNIT, *rows, GOAL, *TABLE])
    assert dataset.projects["executed_wan_yuan"].isna().all()


@pytest.mark.parametrize("first", [["预算金额（万元）"], ["序号"], ["项目类别"]])
def test_stacked_forms_whose_heads_begin_with_another_label(built, first):  # noqa: F811
    def form(name, amount):
        own = {"预算金额（万元）": amount, "序号": "1", "项目类别": "特定目标类"}[first[0]]
        rows = [] if first[0].startswith("预算") else [["预算金额（万元）", (amount, 1, 3)]]
        return [
            [first[0], (own, 1, 3)],
            ["项目名称", (name, 1, 3)],
            UNIT,
            *rows,
            ["年度目标", (f"完成{name}建设", 1, 3)],
            *TABLE,
        ]

    dataset = built(TITLE, [*form("村道", "65"), *form("桥梁", "80"), *form("路灯", "20")])
    assert money(dataset, "budget") == [[65], [80], [20]]
    assert dataset.projects["objective"].tolist() == ["完成村道建设", "完成桥梁建设", "完成路灯建设"]
    assert status(dataset) == "reconciled", failed(dataset)


def test_the_rows_at_the_foot_of_each_of_several_forms_are_its_notes(built):  # noqa: F811
    foot = [["绩效目标审核结果", ("通过", 1, 3)]]
    dataset = built(TITLE, [NAME, UNIT, MONEY, GOAL, *TABLE, *foot, *SECOND, *TABLE, *foot])
    assert status(dataset) == "reconciled", failed(dataset)


@pytest.mark.parametrize("words", ["预算执行率占10分，绩效指标占90分", "1.如实填写。2.预算执行率占10分。"])
def test_the_points_of_the_execution_rate_in_a_note(built, words):  # noqa: F811
    dataset = built(TITLE, [NAME, UNIT, MONEY, GOAL, *TABLE, [(f"注：{words}", 1, 4)]])
    assert dataset.projects["execution_weight"].tolist() == [10]


def test_columns_numbered_after_stems(built):  # noqa: F811
    heads = ["序号", "项目名称", "预算数（万元）", "绩效目标", "一级指标", "二级指标", "三级指标", "指标值"]
    row = ["一", "村道硬化", "65", "硬化村道2公里", "产出指标", "数量指标", "硬化里程", "≥2公里"]
    dataset = built(TITLE, [heads, ["甲", "乙", "1", "2", "3", "4", "5", "6"], row])
    assert money(dataset, "budget") == [[65]] and len(dataset.projects) == 1


def test_the_years_column_of_money_in_a_list_with_targets_of_two_periods(built):  # noqa: F811
    heads = [[("政策任务", 2), ("资金需求（万元）", 1, 2), ("一级指标", 2), ("二级指标", 2), ("三级指标", 2), ("年度目标值", 2), ("实施周期目标值", 2)],
             ["实施周期金额", "2024年金额"]]  # fmt: skip
    rows = [["村道硬化", "195", "65", "产出指标", "数量指标", "硬化里程", "≥2公里", "≥6公里"]]
    dataset = built(TITLE, [*heads, *rows])
    assert money(dataset, "budget", "period_budget") == [[65, 195]]
    assert dataset.indicators["target_text"].tolist() == ["2"] and not failed(dataset)


SPENT = [
    "支付金额",
    "支出金额",
    "已支付",
    "完成投资",
    "决算金额",
    "资金使用",
    "报账金额",
    "实支数",
    "2024年支付",
    "开支金额",
    "结算金额",
]


@pytest.mark.parametrize("budget", ["年度预算数", "2024年计划", "财政资金"])
@pytest.mark.parametrize("words", SPENT)
def test_what_was_spent_by_its_words_where_results_follow(built, budget, words):  # noqa: F811
    rows = [NAME, UNIT, [f"{budget}（万元）", "65", f"{words}（万元）", "60"], GOAL, *TABLE]
    dataset = built("2024年项目支出绩效自评表", rows)
    assert (dataset.projects["budget_wan_yuan"].item(), dataset.projects["executed_wan_yuan"].item()) == (65, 60)
    assert status(dataset) == "reconciled", failed(dataset)


def test_what_was_paid_out_to_a_unit_may_be_what_it_spent(built):  # noqa: F811
    rows = [NAME, UNIT, ["年度预算数（万元）", "65", "拨付金额（万元）", "60"], GOAL, *TABLE]
    dataset = built("2024年项目支出绩效自评表", rows)
    assert "“拨付金额（万元）”之下的“60”可能就是" in failed(dataset)


@pytest.mark.parametrize(("last", "budget", "state"), [("100", 100, "reconciled"), ("99", None, "open")])
def test_a_total_among_budgets_of_one_label_is_the_whole_of_the_others(built, last, budget, state):  # noqa: F811
    money = [[("年度支出预算（万元）", 2), "人员经费", "30", "公用经费", "5"], ["项目经费", "65", "合计", last]]
    dataset = built(
        "部门整体支出绩效目标表（2024年度）",
        [["部门名称", ("县公路局", 1, 4)], *money, [GOAL[0], (GOAL[1][0], 1, 4)], *TABLE],
    )
    assert status(dataset) == state
    assert budget is None or dataset.projects["budget_wan_yuan"].item() == budget, failed(dataset)


@pytest.mark.parametrize(
    "head, below",
    [
        (["预算数", "65", "金额单位", "万元"], ""),
        (["预算数", ("65", 1, 3)], "注：本表金额以万元为单位。"),
        (["预算数", ("65.00（万元）", 1, 3)], ""),
    ],
)
def test_the_unit_of_money_beside_its_label_below_the_table_or_behind_the_amount(tmp_path, head, below):
    path = tmp_path / "form.html"
    path.write_text(
        page(TITLE, [NAME, UNIT, head, GOAL, *TABLE]).replace("单位：万元", "") + f"<p>{below}</p>", encoding="utf-8"
    )
    dataset = build_document(path)
    assert dataset.projects["budget_wan_yuan"].item() == 65 and status(dataset) == "reconciled", failed(dataset)


@pytest.mark.parametrize(
    ("first", "second", "read"),
    [
        (("预算数", "165"), ("本年支出", "65"), None),
        (("项目总额", "165"), ("2024年度支出", "65"), (65, 165, None)),
        (("总预算", "165"), ("计划2024年支出", "65"), None),
        (("项目资金总额", "165"), ("其中：2024年支出", "65"), (65, 165, None)),
        (("年度资金总额", "65"), ("支付金额", "60"), (65, None, 60)),
    ],
)
def test_what_a_plan_is_to_spend_in_its_year_is_its_budget(built, first, second, read):  # noqa: F811
    rows = [[f"{first[0]}（万元）", first[1], f"{second[0]}（万元）", second[1]]]
    dataset = built(TITLE, [NAME, UNIT, *rows, GOAL, *TABLE])
    columns = ("budget_wan_yuan", "period_budget_wan_yuan", "executed_wan_yuan")
    values = tuple(dataset.projects[c].item() for c in columns)
    assert status(dataset) == ("reconciled" if read else "open"), failed(dataset)
    assert read is None or tuple(v if v == v else None for v in values) == read


def test_what_was_paid_is_no_budget_beside_what_the_project_spends(built):  # noqa: F811
    rows = [NAME, UNIT, ["项目支出（万元）", "65", "实际支付（万元）", "60"], GOAL, *TABLE]
    dataset = built("2024年项目支出绩效自评表", rows)
    assert (dataset.projects["budget_wan_yuan"].item(), dataset.projects["executed_wan_yuan"].item()) == (65, 60)


@pytest.mark.parametrize(
    ("changed", "goal"), [("不调整", GOAL[1][0]), ("无", GOAL[1][0]), ("硬化3公里。", "硬化3公里。")]
)
def test_a_goal_that_was_not_changed_stays(built, changed, goal):  # noqa: F811
    rows = [NAME, UNIT, MONEY, GOAL, ["调整后绩效目标", (changed, 1, 3)], *TABLE]
    dataset = built(TITLE, rows)
    assert dataset.projects["objective"].item() == goal and status(dataset) == "reconciled", failed(dataset)


@pytest.mark.parametrize("title", ["2024年项目支出绩效自评表", "2024年项目绩效运行监控表", TITLE])
@pytest.mark.parametrize("words", ["年度资金总额", "预算总额", "资金总额"])
@pytest.mark.parametrize("spent", ["累计支出", "累计执行数", "1-6月累计支出"])
def test_what_was_spent_till_now_of_the_years_money(built, title, words, spent):  # noqa: F811
    dataset = built(title, [NAME, UNIT, [f"{words}（万元）", "65", f"{spent}（万元）", "30"], GOAL, *TABLE])
    assert (dataset.projects["budget_wan_yuan"].item(), dataset.projects["executed_wan_yuan"].item()) == (65, 30)
    assert dataset.projects["period_budget_wan_yuan"].isna().all() and status(dataset) == "reconciled", failed(dataset)


def test_what_was_spent_till_now_of_a_whole_is_not_the_years(built):  # noqa: F811
    money = [["项目总投资（万元）", "165", "2024年预算（万元）", "65"], ["累计支出（万元）", ("120", 1, 3)]]
    dataset = built("2024年项目支出绩效自评表", [NAME, UNIT, *money, GOAL, *TABLE])
    assert dataset.projects["budget_wan_yuan"].item() == 65 and dataset.projects["executed_wan_yuan"].isna().all()
    assert "120" in dataset.notes["text"].tolist()


def test_the_code_of_a_department_is_no_unit(built):  # noqa: F811
    rows = [NAME, ["主管部门（单位）名称", "县水利局", "主管部门（单位）代码", "213001"], MONEY, GOAL, *TABLE]
    dataset = built(TITLE, rows)
    assert dataset.projects["unit_name"].item() == "县水利局"
