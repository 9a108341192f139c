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


def test_numbers_that_make_up_no_whole_are_no_weights(built):  # noqa: F811
    dataset = built(TITLE, [[*HEADS[5:11], UNKNOWN], *([*row[:6], n] for row, n in zip(ROWS, "123", strict=True))])
    assert status(dataset) == "open" and dataset.indicators["weight"].isna().all()
    assert "没有读入" in failed(dataset)


def test_scores_stand_beside_weights_and_are_never_more(built):  # noqa: F811
    heads = [*HEADS[5:8], "指标值", "实际完成值", "分值", UNKNOWN]
    for scores, expected in ((["60", "20", "9"], ["60", "20", "9"]), (["61", "20", "9"], [])):
        rows = [[*r[:3], f"≥{r[4]}", r[4], r[6], s] for r, s in zip(ROWS, scores, strict=True)]
        assert built(TITLE, [heads, *rows]).indicators["score"].dropna().map(str).tolist() == expected
