"""Each doubt of a mended table: the smallest document that has it, and a neighbour that has not."""

from decimal import Decimal
from functools import cache

import pandas as pd
import pytest

from budgetperf.field.words import words
from budgetperf.layout import printed_tables
from budgetperf.layout.printed import PROJECT_FIELDS
from budgetperf.layout.text_table import read_text_tables
from budgetperf.mend.doubts import DOUBTS
from budgetperf.mend.doubts.of_projects import _SIGN_BEHIND
from budgetperf.mend.table import Table, mend
from budgetperf.readers.frame import read_dataframe
from budgetperf.readers.html import read_html
from budgetperf.readers.text import read_text

HEADS = [
    "单位名称",
    "项目名称",
    "项目类别",
    "预算数(万元)",
    "绩效目标",
    "一级指标",
    "二级指标",
    "三级指标",
    "绩效指标性质",
    "绩效指标值",
    "度量单位",
    "分值权重",
]
OBJECTIVE = "对全县农村公路开展日常养护，保持路况良好，方便群众出行安全。"
LEVELS = [("产出指标", "数量指标", "补助人数", "90", "人", "40"), ("", "质量指标", "发放准确率", "91", "%", "10"),
          ("效益指标", "社会效益指标", "生活水平改善率", "92", "%", "30"), ("满意度指标", "服务对象满意度指标", "群众满意度", "93", "%", "10")]  # fmt: skip
PROJECTS = [("63012300024T000000101", "道路养护经费", "12.50"), ("63012300024T000000105", "高龄津贴", "89.54"),
            ("63012300024T000000109", "校舍维修", "30.00")]  # fmt: skip


def document() -> list[list[str]]:
    """Lines of cells of a table of three projects that is right in every way."""
    lines = [["2024年部门预算项目支出绩效目标批复表"], ["单位：万元"], HEADS, ["", "合计", "", "132.04"]]
    for number, (code, name, budget) in enumerate(PROJECTS):
        for row, (level1, level2, indicator, target, measure, weight) in enumerate(LEVELS):
            unit = "301001-临江县民政局（本级）" if not number and not row else ""
            own = [unit, f"{code}-{name}", "3-特定目标类", budget, OBJECTIVE] if not row else [""] * 5
            lines.append([*own, level1, level2, indicator, "≥", target, measure, weight])
    return lines


def as_text(lines: list[list[str]]) -> Table:
    return mended("\n".join("\t".join(cells) for cells in lines))


@cache
def mended(text: str) -> Table:
    return mend(read_text_tables(read_text(text.encode()).cells)[0])


def ruled(lines: list[list[str]]) -> Table:
    """The table of cells that stand fast, as in a workbook."""
    width = max(map(len, lines))
    return mended_of_cells(tuple((*line, *[""] * (width - len(line))) for line in lines))


@cache
def mended_of_cells(rows: tuple[tuple[str, ...], ...]) -> Table:
    return mend(printed_tables(read_dataframe(pd.DataFrame(rows)))[0])


def asked(table: Table, name: str) -> list:
    return next(function for _, function in DOUBTS if function.__name__ == name)(table)


def put(row: int, col: int, text: str):
    """Change of one cell; rows count from the first indicator."""

    def change(lines: list[list[str]]) -> None:
        lines[4 + row][col] = text

    return change


def heads(row: int, text: str):
    def change(lines: list[list[str]]) -> None:
        lines[row] = [text]

    return change


def total(text: str):
    def change(lines: list[list[str]]) -> None:
        lines[3] = ["", "合计", "", text]

    return change


def every(col: int, text: str):
    def change(lines: list[list[str]]) -> None:
        for line in lines[4:]:
            line[col] = text

    return change


def budgets(*texts: str):
    def change(lines: list[list[str]]) -> None:
        for number, text in enumerate(texts):
            lines[4 + 4 * number][3] = text

    return change


def run_together(row: int, level: str):
    """The row's level 2 in front of its name, its own cell blank."""

    def change(lines: list[list[str]]) -> None:
        lines[4 + row][6:8] = ["", level + lines[4 + row][7]]

    return change


def broken_off(level1: str, level2: str):
    """No total, and one row more at the end."""

    def change(lines: list[list[str]]) -> None:
        lines.append([*[""] * 5, level1, level2, "巡查及时率", "≥", "90", "%", "10"])
        del lines[3]

    return change


def at_foot(name: str, weight: str = "", levels: tuple[str, str] = ("", "")):
    """One row more below the first project's, the last of its page."""

    def change(lines: list[list[str]]) -> None:
        every(11, weight)(lines)
        lines[8:8] = [[*[""] * 5, *levels, name, "≥", "90", "%", weight], [""]]

    return change


def begun_anew(*projects: int):
    """No weights, and one row more behind the last of these projects', of a level 1 before it."""

    def change(lines: list[list[str]]) -> None:
        every(11, "")(lines)
        for number in sorted(projects, reverse=True):
            lines.insert(
                8 + 4 * number, [*[""] * 5, "效益指标", "社会效益指标", f"群众受益{number}", "≥", "90", "%", ""]
            )

    return change


def with_sign(sign: str, target: str, measure: str = "人"):
    """The first row's comparator, target and unit of measure."""

    def change(lines: list[list[str]]) -> None:
        lines[4][8:11] = [sign, target, measure]

    return change


def exchanged_category(col: int):
    """The first project's category in another cell of its row, whose text stands in its place."""

    def change(lines: list[list[str]]) -> None:
        lines[4][2], lines[4][col] = lines[4][col], lines[4][2]

    return change


def under_costs(sign: str, measure: str):
    """The first project begins with a cost, and the next row prints no levels."""

    def change(lines: list[list[str]]) -> None:
        own = lines[4][:5]
        lines[4][:5] = [""] * 5
        lines[5:5] = [[*[""] * 7, "授课时数", sign, "38", measure, "10"]]
        lines[4:4] = [[*own, "成本指标", "经济成本指标", "交通补助", "≤", "71", "元/人", "5"]]
        lines[5], lines[6] = lines[6], lines[5]

    return change


def changed_places(swapped: bool):
    """Two rows of the first project, the second of which prints no levels; in all projects the weights have no shares in common."""

    def change(lines: list[list[str]]) -> None:
        for row, weight in ((0, "30"), (2, "40"), (4, "35"), (6, "35")):
            put(row, 11, weight)(lines)
        for row in (1, 5, 9):
            put(row, 6, "")(lines)
        if swapped:
            lines[5], lines[6] = lines[6], lines[5]

    return change


def spent(budget: str, amount: str):
    """A column of amounts spent, and the first project's budget and amount spent."""

    def change(lines: list[list[str]]) -> None:
        put(0, 3, budget)(lines)
        for number in range(2, len(lines)):
            text = {2: "执行数(万元)", 4: amount, 8: "80.00", 12: "20.00"}.get(number, "")
            lines[number] = [*lines[number][:4], text, *lines[number][4:]]

    return change


def swallowed(amount: str):
    """The second project's amount in front of an objective that begins with a number, its own cell blank."""

    def change(lines: list[list[str]]) -> None:
        lines[8][3:5] = ["", f"{amount}2024年发放津贴，保障老人生活。"]

    return change


def exchanged_units(lines: list[list[str]]) -> None:
    put(0, 0, "城乡客运补贴")(lines)
    for number, name in enumerate(("民政局", "教育局", "交通运输局")):
        put(4 * number, 1, f"临江县{name}")(lines)


def level2_moved(level2: str):
    """The second row's level 2 another, in a document without common shares."""

    def change(lines: list[list[str]]) -> None:
        for row, weight in ((0, "30"), (2, "40"), (4, "35"), (6, "35")):
            put(row, 11, weight)(lines)
        lines.insert(5, [*lines[4][:5], *lines[5][5:]])
        lines[4:6] = [[*lines[4][:5], *lines[4][5:11], "20"], [*[""] * 6, level2, "巡查次数", "≥", "4", "次", "10"]]

    return change


def opens_page(*cells: str):
    """The second row with these cells, at the head of a page, in a table without units."""

    def change(lines: list[list[str]]) -> None:
        lines[2:] = [line[1:] for line in lines[2:]]
        lines[5:6] = [[""], list(cells)]

    return change


def unsigned(target: str):
    """A table without comparators and units, its first target this one."""

    def change(lines: list[list[str]]) -> None:
        every(8, "")(lines), every(10, "")(lines), put(0, 9, target)(lines)

    return change


def in_yuan(amount: str):
    """The first amount in a table in 元 without a total."""

    def change(lines: list[list[str]]) -> None:
        heads(1, "单位：元")(lines)
        lines[2] = ["预算数(元)" if "预算" in head else head for head in HEADS]
        budgets(amount, "89540", "300000")(lines)
        del lines[3]

    return change


def headed(money: str):
    """Other words over the column of money."""

    def change(lines: list[list[str]]) -> None:
        lines[2] = [money if "预算" in head else head for head in HEADS]

    return change


def scored(points: str):
    """A column of points scored, in which the first row has these."""

    def change(lines: list[list[str]]) -> None:
        lines[2] = [*HEADS, "得分"]
        lines[4:] = [[*line, line[-1]] for line in lines[4:]]
        put(0, 12, points)(lines)

    return change


def resulted(*blank: int):
    """Columns of results and points scored; the rows `blank` have no result."""

    def change(lines: list[list[str]]) -> None:
        lines[2] = [*HEADS, "实际完成值", "得分"]
        lines[4:] = [[*line, "" if n in blank else "95", line[-1]] for n, line in enumerate(lines[4:])]

    return change


def alone(change):
    """Without a total, and changed."""

    def both(lines: list[list[str]]) -> None:
        change(lines)
        del lines[3]

    return both


def cost(amount: str):
    """The first project's second indicator is what it costs, in 万元; no total."""

    def change(lines: list[list[str]]) -> None:
        lines[5][7:11] = ["补助成本", "≤", amount, "万元"]
        del lines[3]

    return change


def costs(level1: str):
    """Each project's second row is of its costs, the first one's under this level 1, in a document without common shares."""

    def change(lines: list[list[str]]) -> None:
        for row, weight in ((0, "30"), (2, "40"), (4, "35"), (6, "35")):
            put(row, 11, weight)(lines)
        for row in (1, 5, 9):
            put(row, 6, "成本指标")(lines)
        put(1, 5, level1)(lines)

    return change


# doubt → change that raises it, neighbour that does not
CASES = {
    "not_read": [
        (put(0, 3, "约12.50"), put(0, 3, "12.50万元")),
        (put(0, 11, "l0.00"), put(0, 11, "40分")),
        (put(0, 9, "10²"), put(0, 9, "10,000")),
        (put(0, 9, "95 98"), put(0, 9, "9598")),
        (put(0, 8, "区间"), put(0, 8, "不低于")),
        (put(0, 9, "≤90"), put(0, 9, "≥90")),
        (put(0, 9, "#REF!"), put(0, 9, "2024年12月31日前")),
        (with_sign("=", "Ⅻ"), with_sign("=", "Ⅲ", "类")),
        (with_sign("=", "III"), with_sign("=", "III", "类")),
        (unsigned("lOO%"), unsigned("100%")),
        (unsigned("5 8.74万元"), unsigned("58.74万元")),
        (put(0, 9, "90-60"), put(0, 9, "60-90")),
        (put(0, 9, "8-104"), put(0, 9, "8-60")),
        (put(1, 9, "38.5-104"), put(1, 9, "38.5-94")),
    ],
    "short_unit": [
        (put(0, 0, "某处室里"), put(0, 0, "临江县民政局")),
        (put(0, 0, "301001-临江"), put(0, 0, "301001-临江县民政局")),
    ],
    "two_measures": [(put(0, 9, "90户"), put(0, 9, "90人"))],
    "odd_names": [
        (put(0, 1, "63012300024T000000101-养护63012300024T000000105-津贴"), put(0, 1, "63012300024T000000101-2024年养护")),
        (put(0, 1, "630123 00024T 000000101-养护630123 00024T 000000101-养护"), put(0, 1, "63012300024T000000101-养护")),
        (put(0, 7, "%"), put(0, 7, "人均补助")),
        (put(0, 7, "90.5"), put(0, 7, "12345热线")),
        (put(0, 7, "补助人数≥"), put(0, 7, "补助人数（含新增）")),
        (put(0, 7, "补助人数（≥）"), put(0, 7, "补助人数（人）")),
        (put(0, 7, "补助人数不少于"), put(0, 7, "补助不少于百人的乡镇数")),
    ],
    "swallowed_level": [
        (run_together(1, "质量指标"), put(1, 7, "数量指标达标率")),
        (run_together(1, "社会效益"), put(1, 7, "社会效益改善率")),
        (run_together(3, "服务对象满意度"), put(3, 7, "服务对象满意度群众评价")),
    ],
    "level_for_category": [
        (exchanged_category(5), exchanged_category(2)),
        (put(0, 2, "效益指标"), put(0, 2, "社会效益类")),
    ],
    "filled_under_costs": [
        (under_costs("≥", "课时"), under_costs("≤", "课时")),
        (under_costs("≥", "人"), under_costs("≥", "元/人")),
    ],
    "filled_apart": [(changed_places(True), changed_places(False))],
    "level_behind_objective": [(put(0, 4, f"{OBJECTIVE}产出指标"), put(0, 4, "全面完成各项产出指标"))],
    "rows_at_foot": [
        (at_foot("补助人数"), at_foot("家属满意度")),
        (at_foot("补助人数"), at_foot("补助人数", levels=("满意度指标", "服务对象满意度指标"))),
    ],
    "levels_return": [(begun_anew(0), begun_anew(0, 1, 2)), (begun_anew(0), begun_anew())],
    "begins_again": [(broken_off("产出指标", "数量指标"), broken_off("满意度指标", "服务对象满意度指标"))],
    "negative_amounts": [(put(0, 3, "-12.50"), put(0, 3, "0.50")), (put(0, 11, "-40"), put(0, 11, "0"))],
    "no_weights": [(every(11, ""), put(0, 11, ""))],
    "odd_measures": [
        (put(0, 10, "②"), put(0, 10, "m2")),
        (put(0, 10, "人次[1]"), put(0, 10, "人次")),
        (put(0, 10, "元/餐10"), put(0, 10, "元/餐")),
        (lambda lines: (put(0, 9, "是")(lines), put(0, 10, "动态更新")(lines)), put(0, 9, "及时")),
        (lambda lines: (put(0, 9, "持续")(lines), put(0, 10, "开展")(lines)), lambda lines: (put(0, 9, "持续")(lines), put(0, 10, "人次")(lines))),
        (put(0, 10, "12"), put(0, 10, "万人次")),
    ],
    "swallowed_amount": [(swallowed("89.54"), swallowed("89.55"))],
    "marks_of_going_on": [(put(1, 7, "发放准确率（续）"), put(1, 7, "发放准确率（%）"))],
    "dittos": [(put(1, 10, "〃"), put(1, 10, ""))],
    "no_measures": [(every(10, ""), put(0, 10, ""))],
    "fractions_in_percent": [(put(1, 9, "0.95"), put(1, 9, "95")), (put(1, 9, "1"), (lambda lines: (put(1, 7, "补助增长率")(lines), put(1, 9, "0.95")(lines))))],
    "level1_gone": [
        (level2_moved("生态效益指标"), level2_moved("时效指标")),
        (lambda lines: (level2_moved("时效指标")(lines), put(3, 6, "质量指标")(lines)), level2_moved("质量指标")),
    ],
    "level1_returns": [(level2_moved("可持续影响指标"), level2_moved("时效指标"))],
    "unread_total": [(total("约132.04"), total("132.04万元"))],
    "implausible_unit": [
        (budgets("0.01", "0.02", "0.03"), budgets("1.01", "2.02", "3.03")),
        (put(0, 4, OBJECTIVE + "全年共需125000万元。"), put(0, 4, OBJECTIVE + "全年共需12.50万元。")),
        (put(4, 4, OBJECTIVE + "安排资金895.4万元。"), put(4, 4, OBJECTIVE + "每所895.4万元。")),
    ],
    "no_amount_unit": [
        (lambda lines: (heads(1, "第一页")(lines), lines.__setitem__(2, ["预算数" if "预算" in h else h for h in HEADS])), heads(1, "第一页")),
        (lambda lines: (heads(1, "第一页")(lines), lines.__setitem__(2, ["预算数" if "预算" in h else h for h in HEADS])), put(0, 3, "")),
    ],
    "unread_characters": [(put(0, 7, "补\ufffd人数"), put(0, 7, "补助人数"))],
    "open_unit": [(put(8, 0, "302001-临江县教育局"), put(8, 0, ""))],
    "two_in_one": [(put(0, 11, "80"), put(0, 11, "45"))],
    "unnamed_rows": [(lambda lines: lines.__setitem__(8, [*[""] * 5, *lines[8][5:]]), put(8, 0, ""))],
    "total_unsure": [(lambda lines: lines.__delitem__(slice(8, None)) or put(0, 11, "37")(lines), lambda lines: None)],
    "only_upper_levels": [(lambda lines: (every(6, "")(lines), put(0, 6, "成本指标")(lines)), every(6, "数量指标"))],
    "piece_in_a_page": [
        (put(1, 0, "补助人"), put(4, 0, "301002-临江县教育局")),
        (put(1, 4, "改善民生"), put(4, 4, OBJECTIVE + "改善民生。")),
    ],
    "piece_in_moved_row": [
        (
            opens_page("补助发放", "发放准确率", "≥", "91", "%", "10"),
            opens_page("补助发放", *[""] * 4, "质量指标", "发放准确率", "≥", "91", "%", "10"),
        ),
    ],
    "piece_too_many": [(put(1, 0, "补助人"), put(4, 0, "301002-临江县教育局")), (put(1, 4, "改善民生"), put(1, 4, OBJECTIVE))],
    "units_exchanged": [(exchanged_units, put(0, 0, "城乡客运补贴"))],
    "unit_of_one_cell": [
        (lambda lines: (put(0, 3, "12.5元")(lines), lines.__delitem__(3)), put(0, 3, "125000元")),
        (in_yuan("125000万"), in_yuan("12.5万元")),
        (lambda lines: (put(0, 3, "12.5元")(lines), lines.__delitem__(3)), lambda lines: (put(0, 3, "12.5万元")(lines), lines.__delitem__(3))),
    ],
    "unread_columns": [(heads(1, "金额单位：元"), heads(1, "单位：万元"))],
    "goal_beside_name": [(lambda lines: (put(0, 4, "补助人数")(lines), put(0, 7, 2 * OBJECTIVE)(lines)), put(0, 7, 2 * OBJECTIVE))],
    "lone_costs": [(costs("成本指标"), costs(""))],
    "far_budgets": [
        (alone(budgets("125000", "89.54", "30.00")), alone(budgets("12500", "89.54", "30.00"))),
        (alone(budgets("125000", "89.54", "30.00")), budgets("12.50", "89.54", "30.00")),
        (cost("125"), cost("12.5")),
        (cost("125"), cost("1.25")),
    ],
    "executed_of_nothing": [(headed("执行数(万元)"), headed("年初预算数(万元)"))],
}  # fmt: skip


def on_two_lines(amount: str):
    """The first project's amount over a line break, and no total."""

    def change(lines: list[list[str]]) -> None:
        lines[4][3] = amount
        del lines[3]

    return change


def exchanged(lines: list[list[str]]) -> None:
    for line in lines[4:]:
        line[5:7] = line[6], line[5]


def repeated(*blank: int, levels: tuple[str, ...] = ("数量指标",) * 4):
    """Level 2 on each row of the projects, but for some that are blank."""

    def change(lines: list[list[str]]) -> None:
        every(5, "产出指标")(lines)
        for row in range(len(lines) - 4):
            lines[4 + row][6] = "" if row in blank else levels[row % 4]

    return change


def filled(order: tuple[int, ...] = (0, 1, 2), weights: bool = False):
    """A flat export: every row prints its project, as the projects stand in `order`; without weights."""

    def change(lines: list[list[str]]) -> None:
        rows = [[*lines[4 + 4 * (n // 4)][:5], *lines[4 + n][5:11], lines[4 + n][11] * weights] for n in range(12)]
        lines[4:] = [rows[4 * project + row] for project in order for row in range(4)]
        lines[3][3] = "" if order != (0, 1, 2) else lines[3][3]

    return change


def sorted_by_level(lines: list[list[str]]) -> None:
    filled()(lines)
    lines[4:] = [lines[4 + 4 * project + row] for row in range(4) for project in range(3)]
    del lines[3]


def output_named(level1: str):
    """The level 1 of half of all rows, whose level 2 are known."""

    def change(lines: list[list[str]]) -> None:
        for row in (0, 1, 4, 5, 8, 9):
            put(row, 5, level1)(lines)

    return change


def own_levels(lines: list[list[str]]) -> None:
    output_named("履职效能")(lines)
    for row in (2, 6, 10):
        put(row, 5, "社会效应")(lines)


def level1_once(lines: list[list[str]]) -> None:
    """The level 1 in the first of its rows only, and a level 2 over two rows."""
    repeated(2, levels=APART)(lines)
    for row in range(12):
        put(row, 5, "" if row % 4 else "产出指标")(lines)


def without_levels(name: str):
    """The last row of a project without its levels."""

    def change(lines: list[list[str]]) -> None:
        for column, text in ((5, ""), (6, ""), (7, name)):
            put(3, column, text)(lines)

    return change


def signed(actual: str, sign: str = ""):
    """A result in the first row, its target with this comparator."""

    def change(lines: list[list[str]]) -> None:
        resulted(*range(12))(lines)
        put(0, 8, sign)(lines)
        put(0, 12, actual)(lines)

    return change


def both(row: int, level1: str, level2: str):
    """Change of a row's two levels."""

    def change(lines: list[list[str]]) -> None:
        lines[4 + row][5:7] = [level1, level2]

    return change


def pointed(behind: str):
    """The points of each row printed behind its name (发放准确率（10分）), without a column of weights."""

    def change(lines: list[list[str]]) -> None:
        lines[2] = lines[2][:-1]
        for line in lines[4:]:
            line[7] += behind.format(line.pop())

    return change


APART = ("数量指标", "质量指标", "时效指标", "成本指标")
PAIRS = ("数量指标", "数量指标", "时效指标", "时效指标")
RULED = {
    "number_on_two_lines": [(on_two_lines("12\n50"), on_two_lines("12.\n50")), (on_two_lines("1\n2.50"), put(0, 3, "1\n2.50"))],
    "levels_exchanged": [(exchanged, lambda lines: None)],
    "labels_within": [(put(0, 0, "县住建局 资金：12万元"), put(0, 0, "县住建局"))],
    "points_in_names": [
        (pointed("（{}分）"), pointed("")), (pointed("（权重{}%）"), pointed("（{}次）")), (pointed("（{}分）"), put(0, 7, "补助人数（40分）")),
    ],
    "more_than_a_unit": [(put(0, 0, name), put(0, 0, "县住建局（本级）")) for name in ("1.县住建局", "县住建局（145万元）", "县住建局（2个）")],
    "told_by_cells_alone": [(sorted_by_level, filled()), (filled((0, 1, 0)), filled((0, 1, 2))), (filled((0, 0, 1)), filled((0, 0, 1), True))],
    "odd_levels": [(output_named("综合指标"), output_named("产出指标")), (output_named("综合指标"), own_levels)],
    "level_for_category": [(put(3, 5, "3-特定目标类"), put(3, 5, "满意度指标"))],
    "levels_of_another_table": [(both(3, "评估内容", ""), both(3, "满意度指标", "")), (both(3, "评估内容", ""), both(3, "综合指标", "综合满意度"))],
    "more_spent_than_inferred": [(spent("", "19.00"), spent("", "10.00")), (spent("", "19.00"), spent("12.50", "19.00"))],
    "level2_blank": [(repeated(2, levels=APART), repeated(levels=APART)), (repeated(2, levels=APART), level1_once)],
    "under_another": [
        (put(2, 5, "产出指标"), put(1, 6, "成本指标")),
        (put(2, 6, "质量指标"), put(3, 5, "效益指标")),
        (put(2, 5, "产出指标"), lambda lines: [put(row, 5, "产出指标")(lines) for row in (2, 6, 10)]),
    ],
    "cut_targets": [(put(0, 9, "00"), put(0, 9, "0.5"))],
    "scored_without_actual": [(resulted(5), resulted()), (resulted(5), resulted(*range(6)))],
    "score_above_weight": [(scored("45"), scored("40"))],
    "filled_against_name": [(without_levels("群众满意度"), without_levels("群众受益面"))],
    "results_with_signs": [(signed("≥90人"), signed("90人")), (signed("≥90人"), signed("≥90人", "≥"))],
    "level2_lost": [(repeated(2), repeated(1, 3, levels=PAIRS))],
}  # fmt: skip


@pytest.mark.parametrize(
    ("read", "name", "has", "has_not"),
    [
        (read, name, *pair)
        for read, cases in ((as_text, CASES), (ruled, RULED))
        for name, pairs in cases.items()
        for pair in pairs
    ],
)
def test_a_doubt_and_its_neighbour(read, name, has, has_not):
    for change, expected in ((has, True), (has_not, False)):
        lines = document()
        change(lines)
        found = asked(read(lines), name)
        assert bool(found) is expected, found


def printed():
    return read_text_tables(read_text("\n".join("\t".join(cells) for cells in document()).encode()).cells)[0]


SHOWN = {*CASES, *RULED}  # doubts whose documents a test shows


def shows(*names: str):
    """Lay beside the cases a test that has its own documents for these doubts."""
    SHOWN.update(names)
    return lambda test: test


@pytest.mark.parametrize(("level", "expected"), [("质呈指标", True), ("1.2 质量指标", False), ("质量指", False)])
def test_a_level_outside_the_taxonomy(level, expected):
    rows = printed().rows
    rows.loc[1, "level2"] = level
    table = mend(printed()._replace(rows=rows))
    assert bool(asked(table, "odd_levels")) is expected
    assert expected or table.indicators["level2"][1] == "质量指标"


@shows("two_divisions")
def test_rows_that_divide_in_two_ways_equally_well():
    """A row of no points in the midst of a page: with the sum of the project above it or of the one below."""
    anchors, rows = printed().anchors.assign(page=[1, 2, 2]), printed().rows.assign(page=[1] * 5 + [2] * 7)
    rows.loc[1:4, ["level1", "level2"]] = "产出指标", "质量指标"
    rows.loc[5, ["level1", "level2"]] = "效益指标", "社会效益指标"
    rows.loc[4:6, "weight"] = ["0", "50", "30"]
    for at, expected in ((5, [2]), (4, [])):
        anchors.loc[1, "at"] = at
        table = mend(printed()._replace(anchors=anchors, rows=rows))
        assert [number for number, _ in asked(table, "two_divisions")] == expected


@shows("name_over_level2")
@pytest.mark.parametrize(
    ("cells", "doubted"), [('<td colspan="2">群众反映</td>', True), ("<td>群众反映</td>" * 2, False)]
)
def test_a_name_over_the_column_of_level_2_is_no_name_beside_a_level_called_alike(cells, doubted):
    heads = "".join(f"<td>{head}</td>" for head in ("一级指标", "二级指标", "三级指标", "指标值"))
    rows = [
        "<td>产出指标</td><td>数量指标</td><td>里程</td><td>≥2公里</td>",
        f"<td>满意度指标</td>{cells}<td>≥90%</td>",
    ]
    rows = "".join(f"<tr>{row}</tr>" for row in ("<td>项目名称</td><td colspan=3>道路养护</td>", heads, *rows))
    read = read_html(f"<table>{rows}</table>".encode())
    assert bool(asked(mend(printed_tables(read)[0]), "name_over_level2")) is doubted


@shows("off_in_page", "neighbour_fails")
def test_borders_away_from_their_cells():
    """The second project's cell stands a row too low in the midst of a page: the sums move its border, and say so."""
    anchors = printed().anchors
    anchors.loc[1, "at"] = 5
    table = mend(printed()._replace(anchors=anchors))
    assert table.structure.project.tolist() == [1] * 4 + [2] * 4 + [3] * 4
    assert [n for n, _ in asked(table, "off_in_page")] == [1, 2] and not asked(mend(printed()), "off_in_page")
    rows = printed().rows
    rows.loc[0, "weight"] = "35"
    shaken = mend(printed()._replace(anchors=anchors, rows=rows))
    assert asked(shaken, "neighbour_fails") and not asked(table, "neighbour_fails")


@shows("open_code")
@pytest.mark.parametrize(("digits", "expected"), [(("099", "110"), [2]), (("105", "110"), [])])
def test_a_cut_code_stays_open_where_no_reading_is_in_order(digits, expected):
    anchors = printed().anchors
    upper, lower = (anchors.iloc[[1]].assign(project=f"63012300024T000000{d}-高龄津贴") for d in digits)
    cut = pd.concat(
        [anchors.iloc[[0]], upper, lower.assign(at=5, page=2, starts=False), anchors.iloc[2:]], ignore_index=True
    )
    assert [n for n, _ in asked(mend(printed()._replace(anchors=cut)), "open_code")] == expected


@shows("open_amount", "guesses")
def test_cut_digits_stay_open_where_no_sum_settles_them():
    anchors = printed().anchors
    again = anchors.iloc[[0]].assign(at=1, page=2, budget="10.50", starts=False)
    cut = pd.concat([anchors.iloc[[0]], again, anchors.iloc[1:]], ignore_index=True)
    sums = printed().sums.iloc[:0]
    table = mend(printed()._replace(anchors=cut, sums=sums))
    assert asked(table, "open_amount") == [(1, "分页切断的金额有多种读法，勾稽不能确定")] and asked(table, "guesses")
    settled = mend(printed()._replace(anchors=cut))
    assert not asked(settled, "open_amount") and settled.projects["budget_wan_yuan"][0] == Decimal("12.5")


@shows("another_year")
@pytest.mark.parametrize(
    ("title", "years", "expected"), [("", [2025, 2025], []), ("", [2025, 2024], []), ("2025年", [2025, 2024], [2])]
)
def test_a_column_of_years_is_the_projects_and_not_against_the_title(title, years, expected):
    levels = [("产出指标", "数量指标", "养护里程", "≥20公里"), ("效益指标", "社会效益指标", "事故下降率", "≥5%")]
    rows = [
        [name, year, "6", *level]
        for name, year in zip(("养护", "桥梁"), map(str, years), strict=True)
        for level in levels
    ]
    heads = ["项目名称", "预算年度", "预算数（万元）", "一级指标", "二级指标", "三级指标", "指标值"]
    lines = [[f"{title}项目支出绩效目标表", *[""] * 6], heads, *rows]
    (one,) = printed_tables(read_dataframe(pd.DataFrame(lines)))
    table = mend(one)
    assert [n for n, _ in asked(table, "another_year")] == expected
    assert table.projects["fiscal_year"].tolist() == ([2025, 2025] if title else years)


@pytest.mark.parametrize(("head", "said"), [("2025年目标值", True), ("2024年目标值", False), ("目标值", False)])
def test_targets_of_another_year_than_the_title_are_said(head, said):
    table = mend(printed()._replace(heads=printed().heads | {"target": head}, fiscal_year=2024))
    assert bool(asked(table, "another_year")) is said


def numbered(*numbers: int) -> list[list[str]]:
    """Projects with running numbers, their cells in their first row only, without weights or a total."""
    levels = [("产出指标", "数量指标"), ("效益指标", "社会效益指标"), ("满意度指标", "服务对象满意度指标")]
    return [
        [*([f"{n}", f"工程{n}", f"{n}"] if not i else [""] * 3), *level, f"第{n}项的第{i}条", f"≥{i + 2}个"]
        for n in numbers
        for i, level in enumerate(levels)
    ]


def test_levels_run_together_and_budgets_of_a_few_yuan_are_said():
    rows = printed().rows
    rows.loc[1, "level2"] = "时效指标社会效益指标"
    assert asked(mend(printed()._replace(rows=rows)), "odd_levels")
    anchors = printed().anchors
    anchors.loc[1, "budget"] = "12.5元"
    assert any("只有" in words for _, words in asked(mend(printed()._replace(anchors=anchors)), "implausible_unit"))


@shows("levels_return", "numbers_jump")
def test_a_row_that_begins_a_project_and_is_gone_is_said():
    def doubted(rows: list[list[str]]) -> list[str]:
        heads = ["序号", "项目名称", "预算数（万元）", "一级指标", "二级指标", "三级指标", "指标值"]
        lines = [["2024年项目支出绩效目标表", *[""] * 6], heads, *rows]
        table = mend(printed_tables(read_dataframe(pd.DataFrame(lines)))[0])
        return [name for name in ("levels_return", "numbers_jump") if asked(table, name)]

    whole = numbered(1, 2, 3, 4)
    assert not doubted(whole)
    assert doubted(whole[1:]) == ["levels_return"] and doubted(numbered(1, 3, 4)) == ["numbers_jump"]
    assert doubted([*whole[:3], *whole[4:]]) == ["levels_return", "numbers_jump"]


@shows("names_in_one_cell")
@pytest.mark.parametrize(
    ("name", "said"), [("合格率\n完成率", True), ("生活水平改善情况\n合格率", False), ("培训合格率", False)]
)
def test_names_of_two_indicators_in_one_merged_cell(name, said):
    rows = printed().rows
    rows.loc[0, "name"], rows.loc[1, "name"] = name, None
    table = mend(printed()._replace(rows=rows.assign(name_over=[None, name, *[None] * 10])))
    assert [n for n, _ in asked(table, "names_in_one_cell")] == ([1] if said else [])


@shows("only_a_year")
def test_a_goal_that_is_only_a_year_is_no_goal():
    anchors = printed().anchors
    anchors.loc[1, "objective"] = "2024年"
    assert [n for n, _ in asked(mend(printed()._replace(anchors=anchors)), "only_a_year")] == [2]
    assert not asked(mend(printed()), "only_a_year")


def test_of_an_odd_cell_the_levels_of_other_projects_learn_nothing():
    lines = document()
    costs("成本指标")(lines)
    assert "成本指标" not in as_text(lines).indicators["level1"].tolist()


def test_a_sum_of_weights_that_is_only_usual_fills_no_blank():
    """One project of 80 points and the execution rate's 10, and one weight not printed: 10 or 20?"""
    lines = document()[:8]
    del lines[3]
    for row, weight in enumerate(("40", "10", "30", "")):
        lines[3 + row][11] = weight
    table = as_text(lines)
    assert table.indicators["weight"].isna().tolist() == [False, False, False, True]
    assert not table.checks["passed"].all()


def test_the_plain_document_leaves_nothing_in_doubt():
    for table in (as_text(document()), ruled(document())):
        assert not any(function(table) for _, function in DOUBTS)


def test_every_doubt_is_shown():
    assert {function.__name__ for _, function in DOUBTS} == SHOWN


def test_doubts_and_what_form_heads_say_are_checks_with_a_name_in_both_languages():
    assert {check for check, _ in DOUBTS} | {*PROJECT_FIELDS, "weight", "score"} <= set(words("check"))


def test_names_that_end_in_a_word_of_their_own_have_swallowed_no_comparator():
    assert [bool(_SIGN_BEHIND.search(n)) for n in ("队伍稳定性", "结果确定性", "群众知晓情况定性", "满意度≥")] == [
        False,
        False,
        True,
        True,
    ]


def test_what_the_row_of_the_execution_rate_says_is_its_own_projects():
    lines = document()
    for at, target in ((8, "95"), (13, "100")):  # at the end of the first project and of the second
        lines.insert(at, [*[""] * 5, "预算执行率", "预算执行率", "预算执行率", "≥", target, "%", "10"])
    projects = as_text(lines).projects
    assert projects["execution_note"].fillna("").tolist() == ["≥95%", "≥100%", ""]


def test_a_short_end_of_a_goal_whose_sentence_goes_on_is_no_piece_too_many():
    lines = document()
    put(0, 4, "保障老人基本生活，")(lines)
    put(1, 4, "改善民生")(lines)
    assert not asked(as_text(lines), "piece_too_many")
