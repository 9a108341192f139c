"""What page breaks do to tables with real cells: cells open at an edge, lines on both pages, columns without rules."""

import pandas as pd
import pytest
from formats import trial

from budgetperf.layout.cut_rows import join_cut_rows
from budgetperf.layout.printed import ROW_FIELDS
from budgetperf.mend.project_cells import _join_all
from budgetperf.mend.units import assign_units, printed_units, share_unit_cells
from budgetperf.readers.pdf.content import Rule
from budgetperf.readers.pdf.grid import find_grids
from budgetperf.tables.ledger import Ledger

UNIT, OTHER = "409001-昌宁县民政局", "742016-西坪街道办事处"


def head_whose_rule_runs_out():
    """A head's rule from 0 to 100, a row below it that stops at 20, rules down at 20, 60 and 100."""
    across = [Rule(True, 20, 0, 100), Rule(True, 40, 20, 100), Rule(True, 60, 20, 100)]
    return across + [Rule(False, x, 0, 60) for x in (20, 60, 100)]


def test_a_lone_rule_that_runs_out_beside_text_bounds_a_column():
    beside = find_grids(head_whose_rule_runs_out(), lambda box: box[0] < 10 < box[2])[0]
    assert beside.xs == [0, 20, 60, 100]
    assert [(c.row, c.rowspan) for c in beside.cells if c.col == 0] == [(0, 1), (1, 2)]


def test_a_lone_rule_that_runs_out_beside_nothing_bounds_none():
    assert find_grids(head_whose_rule_runs_out(), lambda box: False)[0].xs == [20, 60, 100]


def pieces(*cells) -> pd.DataFrame:
    """A unit's piece a page: (text, the edges of its page that it touches, those where it is open)."""
    texts, edges, opened = zip(*cells, strict=True)
    numbers = range(1, len(cells) + 1)
    return pd.DataFrame({"page": numbers, "unit": texts, "unit_cell": numbers, "unit_edge": edges, "unit_open": opened})


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        # a blank piece that fills its page is of the unit above as well as of the one below
        ([(UNIT, "foot", None), (None, "both", None), (OTHER, "head", None)], [UNIT, None, OTHER]),
        ([(UNIT, "foot", "foot"), (None, "both", None), (OTHER, "head", None)], [UNIT, UNIT, OTHER]),
        ([(UNIT, "foot", None), (None, "both", "foot"), (OTHER, "head", None)], [UNIT, OTHER, OTHER]),
        ([(UNIT, "foot", None), (None, "both", None), (None, "head", None)], [UNIT, UNIT, UNIT]),
        # a piece that ends within its page is of one side only
        ([(UNIT, "foot", None), (None, "head", None)], [UNIT, UNIT]),
        ([(None, "foot", None), (OTHER, "head", None)], [OTHER, OTHER]),
        ([(UNIT, None, None), (None, "foot", None), (OTHER, "head", None)], [UNIT, OTHER, OTHER]),
        # a name that the break divides, its line with the code on both pages
        ([("409001-昌宁", "foot", None), ("409001-昌宁\n县民政局", "head", None)], [UNIT, UNIT]),
        ([("409001-昌宁县", "foot", None), ("民政局", "head", None)], [UNIT, UNIT]),
        ([(UNIT, "foot", None), (OTHER, "head", None)], [UNIT, OTHER]),
        ([(UNIT, None, None), ("局部门", "head", None)], [UNIT, "局部门"]),  # the rest of a sub-total's label
    ],
)
def test_units_over_page_breaks(printed, told):
    assert [t if isinstance(t, str) else None for t in share_unit_cells(pieces(*printed))["unit"]] == told


def test_of_two_unit_cells_beside_one_row_the_lower_one_counts():
    prints = pieces((UNIT, "foot", None), (None, "head", None), (OTHER, None, None))
    prints = prints.assign(page=[1, 2, 2], at=[0, 5, 5])
    shared = share_unit_cells(prints)["unit"]
    assert pd.isna(shared[1]) and shared[2] == OTHER
    prints = pieces((UNIT, None, None), (OTHER, None, None), (None, None, None)).assign(page=[1, 2, 2], at=[0, 5, 5])
    assert share_unit_cells(prints)["unit"][1] == OTHER, "a blank one below it takes nothing away"


def test_what_follows_a_whole_code_is_no_piece_of_it():
    form, code = (21, "51072200024T"), "51072200024T000000561"
    assert _join_all([f"{code}-2024年", "2024年运转"], None, form).text == f"{code}-2024年2024年运转"
    assert _join_all([code[:17], f"{code[15:]}-运转"], None, form).text == f"{code}-运转"


def test_a_unit_that_begins_the_next_one_over_a_page_is_doubted():
    projects = pd.DataFrame({"project_no": [1, 2, 3], "page": [1, 2, 3]})
    for names, doubted in (
        (["白石县教育局", "白石县教育局机关服务中心", "西坪街道办事处"], [1]),
        (["白石县教育局", "西坪街道办事处", "白石县教育局机关服务中心"], []),
    ):
        prints = pd.DataFrame({"project_no": [1, 2, 3], "page": [1, 2, 3], "unit": names, "unit_code": None})
        units = printed_units(prints)
        assert assign_units(projects, units, {}, units, Ledger(True))[1] == doubted


def test_a_cell_that_stands_on_both_pages_line_by_line_is_one_cell():
    rows = pd.DataFrame(
        [
            {"name": "受益群众", "direction": "正向指", "page": 1, "at_head": False, "at_foot": True, "height": 7.0},
            {"name": "受益群众\n满意度", "direction": "正向指\n标", "target": "90", "page": 2, "at_head": True,
             "at_foot": False, "height": 15.0},
            {"name": "其他", "direction": "反向指\n标", "target": "8", "page": 2, "at_head": False, "at_foot": False,
             "height": 16.0},
        ]
    ).reindex(columns=["page", "at_head", "at_foot", "height", *ROW_FIELDS])  # fmt: skip
    joined, moved = join_cut_rows(rows)
    assert joined["name"].tolist() == ["受益群众\n满意度", "其他"]
    assert joined["direction"].iat[0] == "正向指\n标" and moved == {0: 0, 1: 0, 2: 1, 3: 2}


@pytest.mark.parametrize(
    ("layout", "seed", "style"),
    [
        ("approval", 91004, {"outer": False}),  # the units' column has no rule of its own on most pages
        ("onevalue", 91007, {}),  # the line that the break cuts shows as a sliver over the rule of the next head
        ("sichuan", 93002, {}),  # a line of a project's name and its amount on both pages, no codes
        ("form", 92004, {"page_break": "cut", "outer": True}),
        ("selfeval", 92014, {"page_break": "cut", "outer": False}),
    ],
)
def test_documents_that_were_read_wrong_once(layout, seed, style, tmp_path):
    result = trial("pdf", layout, seed, tmp_path, **style)
    assert result.wrong == [] and result.status == "reconciled"
