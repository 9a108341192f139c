"""SQL over builds: exact numbers, many folders as one, errors that say what to do."""

from decimal import Decimal

import pandas as pd
import pytest

import budgetperf as bp
from budgetperf.errors import InputError
from budgetperf.tables.dataset import Dataset, typed
from budgetperf.tables.declared import TABLES


def built(number: int, amounts: list[str]) -> Dataset:
    key = f"d{number}"
    rows = {
        "documents": {"document_id": [key], "source": [f"{number}.pdf"], "status": ["open"], "fiscal_year": [2024]},
        "projects": {
            "document_id": [key] * len(amounts),
            "project_no": range(1, len(amounts) + 1),
            "unit_name": [f"{number}局"] * len(amounts),
            "budget_wan_yuan": [Decimal(amount) for amount in amounts],
        },
    }
    return Dataset(**{name: typed(pd.DataFrame(rows.get(name, {})), name) for name in TABLES})


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    folder = tmp_path_factory.mktemp("country")
    bp.save(built(1, ["0.1", "0.2"]), folder / "year=2023/甲")
    bp.save(built(2, ["1234567890.12", "10"]), folder / "year=2024/乙")
    return folder


def test_sums_are_exact_and_join_works(country):
    sql = "SELECT source, sum(budget_wan_yuan) AS total FROM projects JOIN documents USING (document_id) GROUP BY ALL"
    found = bp.query(sql, data=country / "year=2023/甲")
    assert found.to_dict("list") == {"source": ["1.pdf"], "total": [Decimal("0.3")]}
    whole = bp.query("SELECT * FROM projects", data=country / "year=2023/甲")
    pd.testing.assert_frame_equal(whole, bp.load(country / "year=2023/甲").projects, check_dtype=False)


def test_folders_of_builds_are_asked_as_one(country):
    found = bp.query(
        "SELECT year, unit_name, build, sum(budget_wan_yuan) AS total FROM projects GROUP BY ALL ORDER BY year",
        data=country,
    )
    assert found["year"].tolist() == [2023, 2024] and found["unit_name"].tolist() == ["1局", "2局"]
    assert found["total"].tolist() == [Decimal("0.3"), Decimal("1234567900.12")]
    assert [build.split("/")[-1] for build in found["build"]] == ["甲", "乙"]
    assert bp.query("SELECT * FROM indicators", data=country).empty


@pytest.mark.parametrize(
    "sql",
    [
        "COPY projects TO '{0}'",
        "DROP VIEW projects",
        "SELECT 1; SELECT 2",
        "ATTACH '{0}'",
        "SET threads = 1",
        "",
        "-- 1",
    ],
)
def test_a_query_only_reads(country, tmp_path, sql):
    with pytest.raises(InputError, match="一条 SELECT 语句"):
        bp.query(sql.format(tmp_path / "x"), data=country)
    assert not list(tmp_path.iterdir())


def test_a_query_reads_only_the_tables(country, tmp_path):
    (tmp_path / "x.csv").write_text("a\n1\n")
    with pytest.raises(InputError, match="查询不能执行"):
        bp.query(f"SELECT * FROM '{tmp_path}/x.csv'", data=country)
    assert bp.query("WITH p AS (FROM projects) FROM p SELECT count(*) AS n;", data=country)["n"].tolist() == [4]


@pytest.mark.parametrize("sql", ["SELECT * FROM project", "SELEC 1", "SELECT nothing FROM projects"])
def test_a_query_that_cannot_run_names_the_tables(country, sql):
    with pytest.raises(InputError, match=r"(?s)查询不能执行.*documents、projects、indicators"):
        bp.query(sql, data=country)


def test_a_folder_without_builds_is_said(tmp_path):
    with pytest.raises(InputError, match="没有构建结果"):
        bp.query("SELECT 1", data=tmp_path)
