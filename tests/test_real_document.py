"""The real document end to end, by figures computed by hand from its text (DOMAIN.md §1, §8) and by golden tables.

The golden tables were made once by a build and then compared with the raw text row by row. After a change that is
meant to change them `uv run python tests/test_real_document.py` writes them anew; read the difference before you
keep it.
"""

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from datasets import real_document

from budgetperf.pipeline import build

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "data/raw/huangyuan-chengguan-2024-approval.txt"
GOLDEN = Path(__file__).parent / "golden"
GOLDEN_COLUMNS = {
    "projects": [
        "project_no",
        "unit_code",
        "unit_name",
        "project_code",
        "project_name",
        "category_code",
        "category_name",
        "budget_wan_yuan",
        "execution_weight",
        "page",
        "objective",
    ],
    "indicators": [
        "project_no",
        "indicator_no",
        "level1",
        "level2",
        "name",
        "name_completed",
        "is_cut",
        "comparator",
        "target_text",
        "measure_unit",
        "weight",
        "weight_basis",
        "page",
        "row",
    ],
}


def golden_text(dataset, table: str) -> str:
    return getattr(dataset, table)[GOLDEN_COLUMNS[table]].to_csv(index=False, lineterminator="\n")


@pytest.fixture(scope="module")
def real():
    return real_document()


def points(indicators: pd.DataFrame) -> Decimal:
    return sum(indicators["weight"], Decimal(0))


@pytest.mark.parametrize("table", GOLDEN_COLUMNS)
def test_tables_are_the_golden_ones(real, table):
    expected = (GOLDEN / f"huangyuan-2024-{table}.csv").read_text(encoding="utf-8")
    got, want = golden_text(real, table).splitlines(), expected.splitlines()
    assert len(got) == len(want)
    differing = [(a, b) for a, b in zip(got, want, strict=True) if a != b]
    assert not differing, differing[:3]


def test_golden_rows_stand_in_the_raw_text_in_order():
    """A reading of its own: the cells around each line's comparator, nothing else."""
    plain = []
    for line in SOURCE.read_text(encoding="utf-8").splitlines():
        cells = [re.sub(r"\s", "", cell) for cell in line.split("\t") if cell.strip()]
        at = next((k for k, cell in enumerate(cells) if cell in ("≥", "=", "≤", ">", "<")), None)
        if at is not None:
            plain.append((cells[at - 1], *cells[at : at + 3], *cells[at + 3 :][:1]))
    golden = pd.read_csv(GOLDEN / "huangyuan-2024-indicators.csv", dtype=str)
    assert len(plain) == len(golden) == 153
    for read, row in zip(plain, golden.itertuples(), strict=True):
        assert read[:4] == (row.name, row.comparator, row.target_text, row.measure_unit)
        if row.weight_basis == "printed":
            assert Decimal(read[4]) == Decimal(row.weight)
        else:
            assert read[4:] == ()


def test_document(real):
    document = real.documents.iloc[0]
    assert document["status"] == "reconciled" and document["layout"] == "approval" and document["format"] == "text"
    assert (document["projects"], document["indicators"], document["pages"]) == (21, 153, 10)
    assert document["printed_total_wan_yuan"] == Decimal("1536.74") and document["weight_total"] == 90
    assert document["fiscal_year"] == 2024 and document["amount_unit"] == "万元"
    assert document["title"] == "2024年部门预算项目支出绩效目标批复表"


def test_sums(real):
    assert sum(real.projects["budget_wan_yuan"], Decimal(0)) == Decimal("1536.74")
    assert real.indicators.groupby("project_no")["weight"].agg(lambda w: sum(w, Decimal(0))).tolist() == [90] * 21
    shares = real.indicators.groupby(["project_no", "level1"])["weight"].agg(lambda w: sum(w, Decimal(0))).unstack()
    assert (shares["产出指标"] == 50).all() and (shares["效益指标"] == 30).all() and (shares["满意度指标"] == 10).all()
    assert real.checks["passed"].all()
    assert {"total", "weights", "level1_shares", "codes", "required"} <= set(real.checks["check"])
    assert real.checks["check"].value_counts()[["weights", "level1_shares"]].tolist() == [21, 21]


def test_one_unit_covers_everything(real):
    assert set(real.projects["unit_code"]) == {"744001"}
    assert set(real.projects["unit_name"]) == {"湟源县城关镇人民政府（本级）"}


def test_what_a_reader_expects(real):
    projects, indicators = real.projects, real.indicators
    budgets = sorted(projects["budget_wan_yuan"], reverse=True)
    total = sum(budgets, Decimal(0))
    assert round(100 * budgets[0] / total, 2) == Decimal("38.97")
    assert round(100 * sum(budgets[:5]) / total, 2) == Decimal("81.07")
    counts = indicators.groupby("project_no").size()
    assert (round(counts.mean(), 2), counts.min(), counts.max()) == (7.29, 4, 11)
    assert indicators["level1"].value_counts().to_dict() == {"产出指标": 78, "效益指标": 54, "满意度指标": 21}
    quantity = indicators[indicators["level2"] == "数量指标"]
    assert len(quantity) == 45
    assert round(100 * points(quantity) / points(indicators), 1) == Decimal("35.4")
    assert indicators["comparator"].value_counts().to_dict() == {"≥": 115, "=": 38}
    assert (indicators["measure_unit"] == "%").sum() == 107


def test_codes_are_unique_in_order_and_of_one_form(real):
    codes = real.projects["project_code"].tolist()
    assert codes == sorted(set(codes))
    assert all(re.fullmatch(r"63012300024T00000\d{4}", code) for code in codes)


def test_project_cell_is_not_project_boundary(real):
    """The rows at the foot of pages 1, 7, 8 and 9 belong to the next page's project, the head of page 5 to page 4's."""
    by_place = real.indicators.set_index(["page", "row"])
    assert by_place.loc[(1, 15), "project_no"] == by_place.loc[(1, 16), "project_no"] == 2
    assert [by_place.loc[(5, row), "project_no"] for row in (1, 2, 3)] == [8, 8, 9]
    assert by_place.loc[(6, 1), "project_no"] == 10
    assert [by_place.loc[(page, 17), "project_no"] for page in (7, 8, 9)] == [16, 18, 21]


def test_digits_cut_by_the_page_break_are_settled_with_evidence(real):
    assert real.projects.loc[[3, 12], "budget_wan_yuan"].tolist() == [Decimal("11.88"), Decimal("18.04")]
    assert real.projects.loc[3, "project_code"] == "63012300024T000000589"
    cut = real.repairs[real.repairs["rule"] == "cut_digits"].set_index(["project_no", "field"])
    for project, printed, repaired in ((4, "11.88┊11.00", "11.88"), (13, "18.01┊10.04", "18.04")):
        entry = cut.loc[(project, "budget_wan_yuan")]
        assert (entry["printed"], entry["repaired"], entry["grade"]) == (printed, repaired, "certain")
        assert "1536.74" in entry["evidence"] and "11.88 + 18.04" in entry["evidence"]
    code = cut.loc[(4, "project_code")]
    assert code["printed"] == "63012300 024T0000 00580-食┊00009-食堂运转经费"
    assert code["repaired"].startswith("63012300024T000000589") and code["grade"] in ("certain", "likely")
    assert len(cut) == 3


def test_objectives_over_the_page_break(real):
    typed_twice = (
        "为了提高职工工作效率，全年正常供餐，保证餐品及服务质量，满足所有职工用餐"
        "为了提高职工工作效率，全年正常供餐，保证餐品及服务质量，满足所有职工用餐"
    )
    assert real.projects.loc[3, "objective"] == typed_twice
    assert real.projects.loc[12, "objective"] == (
        "配合村干部开展村级各项工作是，为群众提供各项服务，解答群众问题，完成镇党委、镇政府交办的各项工作任务，监督村级集体经济及财务"
    )
    twice = real.repairs[(real.repairs["rule"] == "line_read_twice") & (real.repairs["field"] == "objective")]
    assert twice["project_no"].tolist() == [13] and twice["kind"].tolist() == ["value"]


def test_missing_weight_is_what_the_sum_leaves(real):
    inferred = real.indicators[real.indicators["weight_basis"] == "inferred"]
    assert inferred[["project_no", "indicator_no", "name", "weight"]].values.tolist() == [[13, 6, "参与对象满意度", 10]]
    entry = real.repairs[real.repairs["rule"] == "weight_by_total"].iloc[0]
    assert entry["grade"] == "certain" and re.search(r"90 − 80(\.00)? = 10", entry["evidence"])


def test_drifted_level1_cells_follow_the_taxonomy(real):
    drifted = real.indicators[real.indicators["level1"] != real.indicators["level1_printed"]]
    assert drifted[["project_no", "name", "level1", "level1_printed"]].values.tolist() == [
        [2, "及时协助社区完成各项工作", "产出指标", "效益指标"],
        [8, "加强城市精细化管理", "效益指标", "满意度指标"],
        [12, "各村两委完成各项工作的及", "产出指标", "效益指标"],
    ]
    assert (real.findings["rule"] != "D04").all()  # reading, not the unit's error


def test_cut_names_are_marked_and_completed_apart(real):
    cut = real.indicators[real.indicators["is_cut"]]
    assert 25 <= len(cut) <= 40 and set(cut["name"].map(len)) == {12}
    completed = cut.dropna(subset=["name_completed"]).set_index("name")["name_completed"].to_dict()
    assert completed["党员更好的发挥战斗堡垒作"] == "党员更好的发挥战斗堡垒作用"  # a sister row
    assert completed["推动社会治理重心向基层下"] == "推动社会治理重心向基层下移"  # the project's objective
    assert all(whole.startswith(name) for name, whole in completed.items())
    assert "完成社区职能任务，提高服" in set(cut["name"]) - set(completed)  # no evidence, nothing invented
    assert (real.findings["rule"] == "D07").sum() == len(cut)


def test_every_change_is_on_record(real):
    """Essential repairs by rule; nothing is graded a guess, and nothing is recorded that changed nothing."""
    counts = Counter(real.repairs["rule"])
    assert counts["cut_digits"] == 3 and counts["weight_by_total"] == 1 and counts["level_by_taxonomy"] == 3
    assert counts["project_border"] >= 7  # the rows of the test above
    assert "guess" not in set(real.repairs["grade"])
    assert real.repairs["evidence"].str.len().min() > 3
    assert (real.repairs["printed"].fillna("") != real.repairs["repaired"].fillna("")).all()


def test_print_as_read_without_repair():
    plain = build([SOURCE], repair=False)
    assert plain.repairs.empty and len(plain.indicators) == 153
    assert plain.documents["status"].item() == "open"
    assert plain.indicators["level2"].isna().any() and plain.indicators["weight"].isna().sum() == 1
    assert plain.projects["unit_code"].notna().sum() == 1


if __name__ == "__main__":
    dataset = build([SOURCE])
    GOLDEN.mkdir(exist_ok=True)
    for name in GOLDEN_COLUMNS:
        (GOLDEN / f"huangyuan-2024-{name}.csv").write_text(golden_text(dataset, name), encoding="utf-8")
        print(f"written: {name}, {len(getattr(dataset, name))} rows")
