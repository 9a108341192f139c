"""Rows and printed cells divided among projects, units to their projects, and the ledger that records it all."""

from decimal import Decimal

import pandas as pd
import pytest

from budgetperf.mend.project_cells import gather
from budgetperf.mend.structure import _plausible, _rereads, ambiguous, divide, group_anchors
from budgetperf.mend.sums import units_by_sum
from budgetperf.mend.told_rows import note_rows
from budgetperf.mend.units import assign_units, printed_units
from budgetperf.tables.ledger import COLUMNS, Ledger

CODE = "63012300024T000000{}"


def anchors_of(*cells: dict) -> pd.DataFrame:
    columns = ["at", "page", "row", "starts", "project_code", "project", "category", "budget", "objective", "unit"]
    return pd.DataFrame(cells).reindex(columns=columns).astype(object)


def rows_of(*rows: tuple) -> pd.DataFrame:
    """(page, level1, level2, weight) a row."""
    frame = pd.DataFrame(rows, columns=["page", "level1", "level2", "weight"])
    frame["name"] = [f"指标{'甲乙丙丁戊己庚辛壬癸'[k % 10]}{k}" for k in range(len(frame))]
    return frame.assign(row=range(1, len(frame) + 1), comparator="≥", target="9", can_start=True)


TWO = [
    (1, "产出指标", "数量指标", "50"), (1, "效益指标", "社会效益", "30"), (1, "满意度指标", "服务对象满意度", "10"),
    (1, "产出指标", "数量指标", "50"), (2, "效益指标", "社会效益", "30"), (2, "满意度指标", "服务对象满意度", "10"),
]  # fmt: skip


def test_pieces_of_one_cell_over_a_page_break_are_one_project():
    anchors = anchors_of(
        {"at": 0, "page": 1, "project": CODE.format(580) + "-食", "category": "3-特定目", "budget": "11.88"},
        {"at": 2, "page": 2, "project": "堂运转经费", "category": "标类"},
        {"at": 4, "page": 2, "project": CODE.format(679) + "-人大", "category": "3-特定目标类", "budget": "2.51"},
        {"at": 6, "page": 3, "project": CODE.format(679) + "-人大", "category": "3-特定目标类", "budget": "2.51"},
    )
    before = anchors.copy()
    assert group_anchors(anchors).tolist() == [0, 0, 1, 1]
    pd.testing.assert_frame_equal(anchors, before)
    gathered = gather(anchors, group_anchors(anchors) + 1, 2)
    assert gathered["project"].tolist()[0] == [CODE.format(580) + "-食", "堂运转经费"]
    assert gathered["budget"].tolist() == [["11.88"], ["2.51", "2.51"]] and gathered["page"].tolist() == [1, 2]


def test_two_names_with_one_amount_on_both_sides_of_a_page_break_are_two_projects():
    """Without codes a name of its own tells; where the others have codes, a name without one goes on."""
    road, school = ({"at": 0, "page": 1, "project": "道路养护"}, {"at": 3, "page": 2, "project": "校舍维修"})
    assert group_anchors(anchors_of(road | {"budget": "5.00"}, school | {"budget": "5.00"})).tolist() == [0, 1]
    coded = {"at": 0, "page": 1, "project": CODE.format(580) + "-道路", "budget": "5.00"}
    assert group_anchors(anchors_of(coded, school | {"project": "养护", "budget": "5.00"})).tolist() == [0, 0]


def test_what_two_projects_sum_to_is_no_total():
    assert _plausible([180, 91, 90], 1) == [91, 90] and _plausible([40, 20], 1) == [40, 20]


def test_rows_at_the_foot_of_a_page_belong_to_the_project_of_the_next():
    anchors = anchors_of(
        {"at": 0, "page": 1, "project": CODE.format(550) + "-甲", "budget": "1.00"},
        {"at": 4, "page": 2, "project": CODE.format(551) + "-乙", "budget": "2.00"},
    )
    rows = rows_of(*TWO)
    divided = divide(rows, anchors)
    assert divided.project.tolist() == [1, 1, 1, 2, 2, 2]
    assert divided.literal.tolist() == [1, 1, 1, 1, 2, 2]
    assert divided.total == 90 and not divided.dropped.any() and divided.unnamed == []
    assert ambiguous(divided) == []


@pytest.mark.parametrize("profile", [("60", "30", "10"), ("40.5", "30.5", "9"), ("50", "30", "20")])
def test_the_total_is_found_from_the_document(profile):
    rows = rows_of(*[(page, a, b, w) for (page, a, b, _), w in zip(TWO, profile * 2, strict=True)])
    anchors = anchors_of(
        {"at": 0, "page": 1, "project": "甲", "budget": "1"}, {"at": 4, "page": 2, "project": "乙", "budget": "2"}
    )
    divided = divide(rows, anchors)
    assert divided.total == sum(map(Decimal, profile)) and divided.project.tolist() == [1, 1, 1, 2, 2, 2]


def test_a_row_given_to_another_project_is_on_record_with_its_reason():
    anchors = anchors_of(
        {"at": 0, "page": 1, "project": "甲", "budget": "1"}, {"at": 4, "page": 2, "project": "乙", "budget": "2"}
    )
    rows = rows_of(*TWO).assign(shifted=None, execution=False)
    divided = divide(rows, anchors)
    names = pd.DataFrame({"project_no": [1, 2], "project_name": ["甲", "乙"]})
    for structure, by in ((divided, "分值之和须为 90"), (divided._replace(total=None), "二级指标的顺序")):
        ledger = Ledger()
        note_rows(rows.assign(project_no=structure.project), structure, names, ledger)
        (entry,) = ledger.entries().to_dict("records")
        assert (entry["printed"], entry["repaired"], entry["rule"]) == ("甲", "乙", "project_border")
        assert by in entry["evidence"] and entry["grade"] == ("certain" if structure.total else "likely")


@pytest.mark.parametrize(("names", "again"), [("甲乙乙", True), ("乙甲乙", False)])
def test_a_row_read_again_is_the_one_right_before_the_page_break(names, again):
    names = [{"甲": "公路养护里程", "乙": "群众满意度"}[name] for name in names]
    rows = pd.DataFrame({"page": [1, 1, 2], "name": names, "target": ["100", "90", "95"], "comparator": "≥"})
    assert _rereads(rows).tolist() == [False, False, again]


def test_a_project_whose_cell_was_lost_is_not_given_to_its_neighbour():
    anchors = anchors_of(
        {"at": 0, "page": 1, "project": CODE.format(550) + "-甲", "budget": "1.00"},
        {"at": 6, "page": 2, "project": CODE.format(551) + "-乙", "budget": "2.00"},
    )
    divided = divide(rows_of(*TWO, *TWO[3:]), anchors)
    assert divided.project.tolist() == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert divided.unnamed == [2] and divided.group.tolist() == [1, 3]


def test_points_of_each_level_that_projects_share_are_found_where_enough_have_them():
    anchors = anchors_of(*({"at": 3 * n, "page": 1, "project": f"项目{n}", "budget": "1"} for n in range(3)))
    alike = [(1, *row[1:]) for row in TWO[:3] * 3]
    assert divide(rows_of(*alike), anchors).shares == {"产出指标": 50, "效益指标": 30, "满意度指标": 10}
    other = [(1, a, b, w) for (_, a, b, _), w in zip(TWO[:3], ("40", "30", "20"), strict=True)]
    last = [(1, a, b, w) for (_, a, b, _), w in zip(TWO[:3], ("30", "40", "20"), strict=True)]
    assert divide(rows_of(*alike[:3], *other, *last), anchors).shares is None


def test_two_projects_that_lack_points_leave_the_total_in_doubt():
    rows = [(1, a, b, w) for (_, a, b, _), w in zip(TWO, ("50", None, "10", "50", "30", None), strict=True)]
    anchors = anchors_of(*({"at": 3 * n, "page": 1, "project": f"项目{n}", "budget": "1"} for n in range(2)))
    divided = divide(rows_of(*rows), anchors)
    assert divided.total is not None and not divided.total_is_sure


def test_no_rows_and_no_cells_are_no_error():
    empty = divide(rows_of(), anchors_of())
    assert empty.project.empty and empty.total is None
    alone = divide(rows_of(*TWO), anchors_of())
    assert alone.project.tolist() == [1] * 6


# ---- units -----------------------------------------------------------------------------------------------------------


def projects_of(count: int) -> pd.DataFrame:
    return pd.DataFrame(
        {"project_no": range(1, count + 1), "page": 1, "budget_wan_yuan": [Decimal(5 + n) for n in range(count)]}
    )


def test_one_printed_unit_covers_all_and_says_so():
    prints = printed_units(
        pd.DataFrame({"project_no": [2], "page": [1], "unit": ["744001-城关镇"], "unit_code": [None]})
    )
    ledger = Ledger()
    result, open_units = assign_units(projects_of(3), prints, {}, None, ledger)
    assert result["unit_code"].tolist() == ["744001"] * 3 and result["unit_name"].tolist() == ["城关镇"] * 3
    assert open_units == []
    entries = ledger.entries()
    assert sorted(entries.loc[entries["field"] == "unit_code", "project_no"]) == [1, 3]
    assert set(entries["grade"]) == {"certain"}
    departments = projects_of(3).assign(department=["卫健局", "教育局", None])
    result, open_units = assign_units(departments, prints, {}, None, Ledger())
    assert result["unit_code"].fillna("").tolist() == ["", "744001", "744001"] and open_units == [1]


def test_several_units_without_sub_totals_stay_open_between_their_places():
    prints = printed_units(
        pd.DataFrame(
            {"project_no": [1, 4], "page": [1, 2], "unit": ["101-甲局", "102-乙局"], "unit_code": [None, None]}
        )
    )
    result, open_units = assign_units(projects_of(4), prints, {}, None, Ledger())
    assert result["unit_code"].iloc[[0, 3]].tolist() == ["101", "102"] and set(open_units) == {2, 3}

    covering = pd.DataFrame({"project_no": [1, 2, 3, 4], "unit_code": ["101"] * 3 + ["102"], "unit_name": "局"})
    sure, open_units = assign_units(projects_of(4), prints, {}, covering, Ledger())
    assert sure["unit_code"].tolist() == ["101", "101", "101", "102"] and open_units == []


def test_sub_totals_settle_units_only_where_all_agree():
    projects = projects_of(3)
    right = [("101-甲局", [1, 2], Decimal(11)), ("102-乙局", [3], Decimal(7))]
    assert units_by_sum(right, projects) == {1: ("101", "甲局"), 2: ("101", "甲局"), 3: ("102", "乙局")}
    assert units_by_sum([right[0], ("102-乙局", [3], Decimal(8))], projects) == {}
    assert units_by_sum(right[:1], projects) == {}


def test_units_are_not_filled_without_repair():
    prints = printed_units(
        pd.DataFrame({"project_no": [1], "page": [1], "unit": ["744001-城关镇"], "unit_code": [None]})
    )
    result, _ = assign_units(projects_of(2), prints, {}, None, Ledger(repair=False))
    assert result["unit_code"].isna().tolist() == [False, True]


# ---- ledger ----------------------------------------------------------------------------------------------------------


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {"project_no": [1, 1, 2], "indicator_no": [1, 2, 1], "name": ["能 力", "社区", None], "page": [1, 1, 2]},
        index=[5, 3, 9],
    )


def test_a_change_writes_down_exactly_the_rows_that_differ():
    given, ledger = frame(), Ledger()
    repaired = pd.Series(["能力", "社区", "补"], index=[5, 3, 9])
    evidence = pd.Series({5: "换行", 3: "无", 9: "推得"})
    changed = ledger.change(
        given,
        "name",
        repaired,
        rule="r",
        evidence=evidence,
        grade=pd.Series({5: "certain", 9: "likely"}),
        kind="reading",
    )
    pd.testing.assert_frame_equal(given, frame())
    assert changed["name"].tolist() == ["能力", "社区", "补"] and changed.index.tolist() == [5, 3, 9]
    entries = ledger.entries()
    assert list(entries.columns) == COLUMNS
    assert entries[["project_no", "indicator_no", "printed", "repaired", "evidence", "grade", "page"]].fillna(
        ""
    ).values.tolist() == [
        [1, 1, "能 力", "能力", "换行", "certain", 1],
        [2, 1, "", "补", "推得", "likely", 2],
    ]


@pytest.mark.parametrize("nothing", [None, float("nan"), pd.NA])
def test_empty_cells_that_stay_empty_are_no_change(nothing):
    ledger = Ledger()
    given = frame().assign(name=pd.Series(["a", None, None], index=[5, 3, 9], dtype=object))
    ledger.change(
        given, "name", pd.Series(["a", nothing, nothing], index=[5, 3, 9], dtype=object), rule="r", evidence="e"
    )
    assert ledger.entries().empty


def test_without_repair_nothing_changes_and_nothing_is_written():
    ledger = Ledger(repair=False)
    changed = ledger.change(frame(), "name", pd.Series(["x"] * 3, index=[5, 3, 9]), rule="r", evidence="e")
    ledger.note(project_no=1, field="name", rule="r", evidence="e")
    pd.testing.assert_frame_equal(changed, frame())
    assert ledger.entries().empty


def test_a_later_change_starts_from_the_earlier_one():
    ledger = Ledger()
    once = ledger.change(frame(), "name", pd.Series(["能力", "社区", None], index=[5, 3, 9]), rule="wrap", evidence="e")
    twice = ledger.change(
        once, "name", pd.Series(["能力提升", "社区", None], index=[5, 3, 9]), rule="more", evidence="e"
    )
    assert twice["name"].iloc[0] == "能力提升"
    assert ledger.entries()[["printed", "repaired"]].values.tolist() == [["能 力", "能力"], ["能力", "能力提升"]]


def test_a_unit_printed_beside_a_project_is_not_overruled_by_what_a_page_break_hands_down():
    prints = printed_units(
        pd.DataFrame(
            {"project_no": [1, 2], "page": [1, 2], "unit": ["101-甲局", "102-乙局"], "unit_code": [None, None]}
        )
    )
    covering = pd.DataFrame({"project_no": [1, 2, 3], "unit_code": ["101"] * 3, "unit_name": "甲局"})
    units, open_units = assign_units(projects_of(3), prints, {}, covering, Ledger())
    assert units["unit_code"].tolist() == ["101", "102", "101"] and open_units == [2]
