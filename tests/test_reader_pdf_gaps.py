"""Tables in a PDF that no rules divide: rows and columns by the gaps between their texts, proven by the sums."""

from decimal import Decimal

import pytest
from pdf_drawing import new_canvas, rule, write

from budgetperf.pipeline import build, build_document, document
from budgetperf.readers import pdf
from budgetperf.readers.pdf import form_gaps
from budgetperf.readers.pdf.gaps import spans_of
from budgetperf.readers.pdf.grid import Grid
from budgetperf.readers.pdf.text import Line
from budgetperf.tables.store import to_bytes

HEADS = ["项目名称", "预算数(万元)", "一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "分值权重"]
XS = (20, 110, 180, 240, 310, 400, 450, 490, 540, 590)
BODY = [("产出指标", "数量指标", "养护里程", "≥", "42", "公里", "20"), ("产出指标", "质量指标", "验收合格率", "≥", "96", "%", "30"),
        ("效益指标", "社会效益指标", "出行改善率", "≥", "87", "%", "30"), ("满意度指标", "服务对象满意度指标", "群众满意度", "≥", "94", "%", "10")]  # fmt: skip
PROJECTS = [("道路养护", "36.5"), ("河道清淤", "1206.45")]
TOP, HIGH = 40.0, 18.0


def draw(path, *, across=False, at_top=False, pages=1, weight="20", over="", parted=False):
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
    for at in (0, 1, 2, 6, 10) if parted else ():
        rule(canvas, XS[0], TOP + HIGH * at, XS[-1], TOP + HIGH * at)
    for x in XS if parted else ():
        rule(canvas, x, TOP, x, TOP + HIGH * 10)
    canvas.save()


@pytest.mark.parametrize("how", [{}, {"across": True}, {"at_top": True}, {"pages": 2}, {"parted": True}], ids=str)
def test_a_table_without_rules_is_read_and_proven_by_its_sums(how, tmp_path):
    draw(tmp_path / "a.pdf", **how)
    dataset = build_document(tmp_path / "a.pdf")
    assert dataset.projects["project_name"].tolist() == ["道路养护", "河道清淤"]
    assert dataset.projects["budget_wan_yuan"].tolist() == [Decimal("36.5"), Decimal("1206.45")]
    columns = ["level1", "level2", "name", "comparator", "target_text", "measure_unit"]
    assert dataset.indicators[columns].to_numpy().tolist() == [list(row[:-1]) for row in BODY * 2]
    assert dataset.documents["status"].item() == "reconciled"
    assert dataset.checks.loc[dataset.checks["check"].eq("gaps"), "passed"].all()


@pytest.mark.parametrize("parted", [False, True])
def test_a_division_that_no_sum_proves_fails_a_check(tmp_path, parted):
    draw(tmp_path / "a.pdf", weight="25", parted=parted)
    dataset = build_document(tmp_path / "a.pdf")
    assert len(dataset.indicators) == 8 and not dataset.checks.set_index("check").loc["gaps", "passed"]


def test_lines_of_a_text_in_a_ruled_row_are_no_rows(tmp_path):
    canvas = new_canvas(tmp_path / "a.pdf")
    for col, head in enumerate(HEADS):
        write(canvas, XS[col] + 4, TOP + 12, head, 7)
    for place, row in enumerate(BODY):
        for col, text in enumerate((*(PROJECTS[0] if not place else ("", "")), *row)):
            for line, part in enumerate(("全年", "不低于", text) if col == 6 else ("", text)):
                write(canvas, XS[col] + 4, TOP + HIGH + 48 * place + 14 * line + 10, part, 7)
    for y in (0, HIGH, *(HIGH + 48 * n for n in range(1, 5))):
        rule(canvas, XS[2] if y not in (0, HIGH, HIGH + 192) else XS[0], TOP + y, XS[-1], TOP + y)
    for x in XS:
        rule(canvas, x, TOP, x, TOP + HIGH + 192)
    canvas.save()
    dataset = build_document(tmp_path / "a.pdf")
    assert dataset.indicators["weight"].astype(str).tolist() == [row[-1] for row in BODY]
    assert "gaps" not in set(dataset.checks["check"])


def test_text_that_lies_across_two_columns_divides_nothing(tmp_path):
    draw(tmp_path / "a.pdf", over="和路面平整度均达到年度标准")
    assert build_document(tmp_path / "a.pdf").documents["status"].item() != "reconciled"


def test_a_text_under_no_head_is_of_the_column_beside_it_that_its_line_lacks():
    heads = [(0, 40), (100, 140)]
    figure, beside = Line("12.5", 50, 20, 70, 28), Line("产出指标", 100, 20, 140, 28)
    assert spans_of(heads, [figure, beside]) == [(0, 70), (100, 140)]
    assert spans_of(heads, [figure]) is None


def test_a_table_goes_on_into_the_next_range_of_pages(tmp_path, monkeypatch):
    draw(tmp_path / "a.pdf", pages=2)
    whole = to_bytes(build(tmp_path / "a.pdf", jobs=0))
    monkeypatch.setattr(document, "LONG", 1)
    monkeypatch.setattr(pdf, "RANGE", 1)
    in_ranges = build(tmp_path / "a.pdf", jobs=0)
    assert to_bytes(in_ranges) == whole and in_ranges.documents["status"].item() == "reconciled"


FORM_XS = (20, 110, 220, 350, 470)
LABELS = ["项目名称", "道路养护", "实施单位", "某县交通局"]
MONEY = [("年度资金总额", "36.5"), ("其中：财政拨款", "36.5")]
GOAL = ["养护农村公路42公里，路面平整，验收合格率96%以上，", "沿线群众出行便利"]
INDICATORS = [("产出指标", "数量指标", "养护里程", "≥42公里"), ("产出指标", "质量指标", "验收合格率", "≥96%"),
              ("效益指标", "社会效益指标", "出行改善率", "≥87%"), ("满意度指标", "服务对象满意度指标", "群众满意度", "≥94%")]  # fmt: skip


def draw_form(path, *, rules="", at_top=False, over_pages=False, beside=False, rows_before=False):
    """A form of a project: its labels with their values, one label beside two rows, a goal of two lines, four indicators."""
    canvas = new_canvas(path, size=(1000, 400))

    def form(left, name):
        y = TOP

        def cell(col, high, *lines, to=None, down=0.0):
            x0, x1 = left + FORM_XS[col], left + FORM_XS[to or col + 1]
            first = y + down + (6 if at_top else (high - 9 * len(lines)) / 2) + 7
            for number, line in enumerate(lines):
                write(canvas, x0 + 3, first + 9 * number, line, 8)
            if rules in ("across", "all"):
                rule(canvas, x0, y + down, x1, y + down)
                rule(canvas, x0, y + down + high, x1, y + down + high)
            if rules in ("down", "all"):
                rule(canvas, x0, y + down, x0, y + down + high)
                rule(canvas, x1, y + down, x1, y + down + high)

        write(canvas, left + 150, 24, "项目支出绩效目标申报表", 12)
        write(canvas, left + 180, 36, "（2024年度）", 8)
        for col, text in enumerate([LABELS[0], name, *LABELS[2:]]):
            cell(col, HIGH, text)
        y += HIGH
        cell(0, 2 * HIGH, "项目资金（万元）")
        for number, (label, amount) in enumerate(MONEY):
            cell(1, HIGH, label, down=number * HIGH)
            cell(2, HIGH, amount, to=4, down=number * HIGH)
        y += 2 * HIGH
        cell(0, HIGH + 9, "总体目标")
        cell(1, HIGH + 9, *GOAL, to=4)
        y += HIGH + 9
        high = 2 * HIGH if rules == "all" else HIGH
        for col, text in enumerate(["一级指标", "二级指标", "三级指标", "指标值"]):
            cell(col, high, text, *(["", "（年度）"] if rules == "all" and col == 3 else []))
        y += high
        for number, row in enumerate(INDICATORS):
            if over_pages and number == 2:
                canvas.showPage()
                y = TOP
            for col, text in enumerate(row):
                cell(col, HIGH, text)
            y += HIGH
        if rules == "around":
            canvas.rect(left + FORM_XS[0], 400 - y, FORM_XS[-1] - FORM_XS[0], y - TOP)

    if rows_before:
        for number, row in enumerate(INDICATORS[2:]):
            for x, text in zip(FORM_XS, row, strict=False):
                write(canvas, x + 3, TOP + HIGH * number, text, 8)
        canvas.showPage()
    form(0, LABELS[1])
    if beside:
        form(490, "河道清淤")
    canvas.save()


HOW = [{}, {"rules": "across"}, {"rules": "down"}, {"rules": "around"}, {"at_top": True}, {"over_pages": True},
       {"rules": "across", "over_pages": True}, {"beside": True}]  # fmt: skip


@pytest.mark.parametrize("how", HOW, ids=str)
def test_a_form_without_all_its_rules_is_read_by_the_places_of_its_texts(how, tmp_path):
    draw_form(tmp_path / "a.pdf", **how)
    dataset = build_document(tmp_path / "a.pdf")
    names = ["道路养护", "河道清淤"][: 1 + how.get("beside", False)]
    assert dataset.projects["project_name"].tolist() == names
    assert set(dataset.projects["unit_name"]) == {LABELS[3]} and set(dataset.projects["objective"]) == {"".join(GOAL)}
    assert set(dataset.projects["budget_wan_yuan"]) == {Decimal("36.5")}
    read = dataset.indicators[["level1", "level2", "name"]].to_numpy().tolist()
    assert read == [list(row[:3]) for row in INDICATORS] * len(names)
    assert dataset.indicators["target_text"].tolist() == ["42", "96", "87", "94"] * len(names)
    assert dataset.documents["status"].item() == "reconciled"


def test_rows_of_a_form_that_stand_on_a_page_before_it_are_unread(tmp_path):
    draw_form(tmp_path / "a.pdf", rows_before=True)
    dataset = build_document(tmp_path / "a.pdf")
    assert len(dataset.indicators) == 4 and not dataset.checks.set_index("check").loc["unread", "passed"].all()


def test_a_form_that_drawn_rules_divide_need_not_be_divided_by_its_texts(tmp_path, monkeypatch):
    monkeypatch.setattr(form_gaps, "_cells", lambda *_: None)
    draw_form(tmp_path / "a.pdf", rules="all", at_top=True)  # with a head of two lines
    assert build_document(tmp_path / "a.pdf").documents["status"].item() == "reconciled"


def _line(x0, y0, x1):
    return Line("甲", x0, y0, x1, y0 + 8)


def _heads_over_values(places):
    """A form whose heads stand at y 10 to 18 and whose values stand right below them, each in its column."""
    return form_gaps._Form([], [_line(x, 10, x + 20) for x in places], [_line(x, 30, x + 20) for x in places])


def _grid(ys, xs=(0, 50, 100, 150), merged=()):
    """Cells of one field each; the columns `merged` run through all rows."""
    cells = [[0 if col in merged else row for col in range(len(xs) - 1)] for row in range(len(ys) - 1)]
    owner = [[10 * row + col for col, row in enumerate(line)] for line in cells]
    return Grid(list(map(float, xs)), list(map(float, ys)), [], owner)


@pytest.mark.parametrize(
    ("grid", "divided"),
    [
        (_grid([0, 25, 60]), True),  # a rule below all heads
        (_grid([0, 60]), False),  # columns without rows
        (_grid([0, 25, 60], merged=(0,)), True),  # below two of three heads
        (_grid([0, 25, 60], merged=(0, 1)), False),  # below one of three
        (_grid([0, 25, 60], xs=(0, 50), merged=()), True),  # a grid of one column holds one pair only
        (_grid([20, 60]), False),  # drawn around the values alone
        (_grid([0, 25]), True),  # drawn around the heads alone, each in a cell of its own
        (_grid([0, 25], xs=(0, 150)), False),  # around the heads alone, all in one cell
    ],
)
def test_rules_divide_a_form_where_most_heads_stand_apart_from_what_is_below_them(grid, divided):
    assert form_gaps._is_divided(_heads_over_values((10, 60, 110)), [grid]) is divided


def test_half_of_the_heads_apart_is_not_most_and_any_grid_may_divide():
    form = _heads_over_values((10, 60))
    whole, half, apart = (_grid([0, 25, 60], xs=(0, 50, 100), merged=columns) for columns in ((0, 1), (0,), ()))
    assert [form_gaps._is_divided(form, grids) for grids in ([half], [whole, apart], [])] == [False, True, False]


def test_what_stands_below_a_head_is_the_nearest_text_of_its_own_column():
    head = _line(10, 10, 30)
    second_line, beside, above = _line(10, 20, 30), _line(30, 30, 60), _line(10, 2, 30)
    rules = _grid([0, 15, 60], xs=(0, 150))  # between the head's first line and its second
    assert form_gaps._is_divided(form_gaps._Form([], [head], [second_line, _line(10, 50, 30)]), [rules])
    low = _grid([0, 40, 60], xs=(0, 150))  # below both its lines
    assert not form_gaps._is_divided(form_gaps._Form([], [head], [_line(10, 50, 30), second_line]), [low])
    assert not form_gaps._is_divided(form_gaps._Form([], [head], [beside, above]), [rules])
