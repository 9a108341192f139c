"""Tables in a PDF that no rules divide: rows and columns by the gaps between their texts, proven by the sums."""

from decimal import Decimal

import pytest
from pdf_drawing import new_canvas, rule, write

from budgetperf.pipeline import build, build_document, document
from budgetperf.readers import pdf
from budgetperf.tables.store import to_bytes

HEADS = ["项目名称", "预算数(万元)", "一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "分值权重"]
XS = (20, 110, 180, 240, 310, 400, 450, 490, 540, 590)
BODY = [("产出指标", "数量指标", "养护里程", "≥", "42", "公里", "20"), ("产出指标", "质量指标", "验收合格率", "≥", "96", "%", "30"),
        ("效益指标", "社会效益指标", "出行改善率", "≥", "87", "%", "30"), ("满意度指标", "服务对象满意度指标", "群众满意度", "≥", "94", "%", "10")]  # fmt: skip
PROJECTS = [("道路养护", "36.5"), ("河道清淤", "1206.45")]
TOP, HIGH = 40.0, 18.0


def draw(path, *, across=False, at_top=False, pages=1, weight="20", over=""):
    """Two projects of four indicators, each cell merged over its rows with its text in the middle, or at the top."""
    canvas = new_canvas(path)
    write(canvas, 200, 24, "2024年项目支出绩效目标批复表")

    def cell(col, row, rows, text):
        line = TOP + HIGH * (row + (0.5 if at_top else rows / 2)) + 3
        write(canvas, XS[col] + 4, line, text, 7)
        if across:
            for y in (TOP + HIGH * row, TOP + HIGH * (row + rows)):
                rule(canvas, XS[col], y, XS[col + 1], y)

    for col, head in enumerate(HEADS):
        cell(col, 0, 1, head)
    cell(0, 1, 1, "合计")
    cell(1, 1, 1, "1242.95")
    row = 2
    for number, project in enumerate(PROJECTS):
        if number and pages > 1:
            canvas.showPage()
            row = 0
        for col, text in enumerate(project):
            cell(col, row, 4, text)
        cell(2, row, 2, "产出指标")
        for place, (level1, *texts) in enumerate(BODY):
            if place > 1:
                cell(2, row + place, 1, level1)
            for col, text in enumerate(texts, 3):
                text = weight if number == place == 0 and col == 8 else text
                cell(col, row + place, 1, text + (over if col == 4 and place == 1 else ""))
        row += 4
    canvas.save()


@pytest.mark.parametrize("how", [{}, {"across": True}, {"at_top": True}, {"pages": 2}], ids=str)
def test_a_table_without_rules_is_read_and_proven_by_its_sums(how, tmp_path):
    draw(tmp_path / "a.pdf", **how)
    dataset = build_document(tmp_path / "a.pdf")
    assert dataset.projects["project_name"].tolist() == ["道路养护", "河道清淤"]
    assert dataset.projects["budget_wan_yuan"].tolist() == [Decimal("36.5"), Decimal("1206.45")]
    columns = ["level1", "level2", "name", "comparator", "target_text", "measure_unit"]
    assert dataset.indicators[columns].to_numpy().tolist() == [list(row[:-1]) for row in BODY * 2]
    assert dataset.documents["status"].item() == "reconciled"
    assert dataset.checks.loc[dataset.checks["check"].eq("gaps"), "passed"].all()


def test_a_division_that_no_sum_proves_fails_a_check(tmp_path):
    draw(tmp_path / "a.pdf", weight="25")
    dataset = build_document(tmp_path / "a.pdf")
    assert len(dataset.indicators) == 8 and not dataset.checks.set_index("check").loc["gaps", "passed"]


def test_text_that_lies_across_two_columns_divides_nothing(tmp_path):
    draw(tmp_path / "a.pdf", over="和路面平整度均达到年度标准")
    assert build_document(tmp_path / "a.pdf").documents["status"].item() != "reconciled"


def test_a_table_goes_on_into_the_next_range_of_pages(tmp_path, monkeypatch):
    draw(tmp_path / "a.pdf", pages=2)
    whole = to_bytes(build(tmp_path / "a.pdf", jobs=0))
    monkeypatch.setattr(document, "LONG", 1)
    monkeypatch.setattr(pdf, "RANGE", 1)
    in_ranges = build(tmp_path / "a.pdf", jobs=0)
    assert to_bytes(in_ranges) == whole and in_ranges.documents["status"].item() == "reconciled"
