"""Conditional formats of a workbook: what they strike out, hide or show otherwise, and what can't be decided."""

import pytest
from openpyxl import Workbook
from openpyxl.formatting.rule import CellIsRule, ColorScaleRule, DataBarRule, FormulaRule, Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

from budgetperf.readers import read

STRIKE, WHITE, BLACK = Font(strike=True), Font(color="FFFFFFFF"), Font(color="FF000000")
ROWS = [["指标", "值", "状态"], ["里程", 95, "在用"], ["次数", 12, "废止"], ["里程", 3, None]]


def built(tmp_path, *rules, hidden=(), fonts=()):
    """A sheet of `ROWS` with (range, rule) laid upon it."""
    book = Workbook()
    for row in ROWS:
        book.active.append(row)
    for place, rule in rules:
        book.active.conditional_formatting.add(place, rule)
    for column in hidden:
        book.active.column_dimensions[column].hidden = True
    for place, font in fonts:
        book.active[place].font = font
    book.save(tmp_path / "a.xlsx")
    reading = read(tmp_path / "a.xlsx")
    return [text for text in reading.cells["text"] if text], [r.check for r in reading.remarks if not r.passed]


ALL = ["指标", "值", "状态", "里程", "95", "在用", "次数", "12", "废止", "里程", "3"]


def without(*texts):
    return [text for text in ALL if text not in texts]


@pytest.mark.parametrize(
    ("place", "rule", "left"),
    [
        ("A2:B4", FormulaRule(formula=['$C2="废止"'], font=STRIKE), without("次数", "12")),
        ("A2:B4", FormulaRule(formula=["ISBLANK($C2)"], font=STRIKE), ALL[:9]),
        ("A2:A4", FormulaRule(formula=["COUNTIF(A$2:A2,A2)>1"], font=WHITE), [*ALL[:9], "3"]),
        ("A2:A4", FormulaRule(formula=['AND(B2<50,LEFT(C2,1)="废")'], font=WHITE), without("次数")),
        ("B2:B4", CellIsRule(operator="lessThan", formula=["10"], font=WHITE), without("3")),
        ("B2:B4", CellIsRule(operator="between", formula=["10", "$B$3"], font=STRIKE), without("12")),
        ("C2:C4", FormulaRule(formula=['NOT(ISERROR(SEARCH("废",C2)))'], font=STRIKE), without("废止")),
        ("B2:B4", DataBarRule("min", None, "max", None, "FF638EC6", showValue=False), without("95", "12", "3")),
        ("B2:B4", FormulaRule(formula=["B2=3"], font=Font(color="FF808080"), fill=PatternFill(bgColor="FF808080")), without("3")),
    ],
)  # fmt: skip
def test_what_a_condition_hides_is_not_read_where_it_holds(tmp_path, place, rule, left):
    assert built(tmp_path, (place, rule)) == (left, [])


def test_a_condition_may_look_at_a_hidden_column_and_show_what_is_hidden_or_in_another_format(tmp_path):
    rule = FormulaRule(formula=['$C2="废止"'], font=STRIKE)
    assert built(tmp_path, ("A2:B4", rule), hidden="C")[0] == ["指标", "值", "里程", "95", "里程", "3"]
    shown = FormulaRule(formula=["$B2=95"], font=BLACK)
    assert built(tmp_path, ("A2:A4", shown), fonts=[("A2", WHITE), ("A3", WHITE)])[0] == without("次数")
    percent = Rule("expression", formula=["B2>90"], dxf=DifferentialStyle(numFmt=NumberFormat(170, '0"个"')))
    assert "95个" in built(tmp_path, ("B2:B4", percent))[0]


def test_the_first_rule_that_holds_decides(tmp_path):
    kept = FormulaRule(formula=["$B2=12"], font=Font(strike=False))
    struck = FormulaRule(formula=["$B2>0"], font=STRIKE)
    assert built(tmp_path, ("A2:A4", kept), ("A2:A4", struck))[0] == ["指标", "值", "状态", "95", "在用", "次数", "12", "废止", "3"]  # fmt: skip
    stops = FormulaRule(formula=["$B2=12"], fill=PatternFill(bgColor="FFFFFF00"), stopIfTrue=True)
    assert "次数" in built(tmp_path, ("A2:A4", stops), ("A2:A4", struck))[0]


@pytest.mark.parametrize("formula", ["VLOOKUP(A2,表2!A:B,2)", 'INDIRECT("C2")', "$B2/0", '$C2="a*', "$B2"])
def test_a_condition_that_cannot_be_decided_is_said_only_where_it_would_hide(tmp_path, formula):
    decided = formula == "$B2"
    found, failed = built(tmp_path, ("A2:A4", FormulaRule(formula=[formula], font=STRIKE)))
    assert found == (without("里程", "次数") if decided else ALL) and failed == ([] if decided else ["hidden"])
    assert built(tmp_path, ("A2:A4", FormulaRule(formula=[formula], font=Font(color="FFFF0000")))) == (ALL, [])
    assert built(tmp_path, ("A2:A4", FormulaRule(formula=[formula], fill=PatternFill(bgColor="FFFF0000")))) == (ALL, [])


def test_colour_scales_and_bars_alarm_no_one(tmp_path):
    scale = ColorScaleRule(start_type="min", start_color="FFFFFFFF", end_type="max", end_color="FF63BE7B")
    bars = DataBarRule("min", None, "max", None, "FF638EC6")
    assert built(tmp_path, ("B2:B4", scale), ("B2:B4", bars)) == (ALL, [])
