"""Tables: casting, validation, the dataset, and the pages made from the declarations."""

import json
import re
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from budgetperf.tables.dataset import Dataset, concat, minimal, typed, validate_dataset
from budgetperf.tables.declared import TABLES
from budgetperf.tables.dictionary import data_dictionary, datapackage
from budgetperf.tables.schema import schema as pandera_schema
from budgetperf.tables.validity import TableFault, validate

ROOT = Path(__file__).parents[1]
CONTRACT = {
    "documents": "document_id source sha256 format layout title fiscal_year amount_unit printed_total_wan_yuan "
    "weight_total pages projects indicators status",
    "projects": "document_id project_no fiscal_year unit_code unit_name project_code project_name category_code "
    "category_name budget_wan_yuan objective execution_weight executed_wan_yuan execution_rate execution_score page "
    "department budget_initial_wan_yuan achievement start_date end_date execution_note "
    "scope period_budget_wan_yuan period_objective",
    "indicators": "document_id project_no indicator_no level1 level2 level1_printed level2_printed name name_completed "
    "is_cut comparator target_text target_value measure_unit weight weight_basis actual_text actual_value score "
    "deviation_note page row x0 y0 x1 y1 direction explanation remark baseline more",
    "period_indicators": "document_id project_no period_no period level1 level2 name target weight page",
    "notes": "document_id project_no label text page",
    "repairs": "repair_no document_id project_no indicator_no field printed repaired rule evidence grade page kind",
    "checks": "document_id project_no check expected actual passed note",
    "findings": "finding_no document_id project_no indicator_no rule severity message evidence basis uncertain page "
    "finding_id decision decision_reason decided_by",
    "issues": "issue_no issue title severity fiscal_year documents units projects indicators points money_wan_yuan "
    "share_of_money gravest basis recommendation findings",
    "cells": "document_id page table row col rowspan colspan text x0 y0 x1 y1 role field project_no indicator_no confidence",
}


def table(name: str, **columns) -> pd.DataFrame:
    return typed(pd.DataFrame(columns), name)


def dataset(**tables: dict) -> Dataset:
    documents = {"document_id": ["d1"], "source": ["a.pdf"], "status": ["reconciled"]}
    given = {"documents": documents, "projects": {"document_id": ["d1"], "project_no": [1]}} | tables
    return Dataset(**{name: table(name, **given.get(name, {})) for name in TABLES})


@pytest.mark.parametrize("name", CONTRACT)
def test_columns_stand_in_the_order_of_the_contract(name):
    assert list(TABLES[name].columns) == CONTRACT[name].split()


def test_every_column_has_a_title_and_a_description_in_both_languages():
    for schema in TABLES.values():
        for column in schema.columns.values():
            assert re.search("[一-鿿]", column.title)
            assert re.search("[一-鿿].* / .*[a-z1]", column.description)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("10.00", "10"),
        ("1E+3", "1000"),
        ("-0.00", "0"),
        ("-1.50", "-1.5"),
        ("0.0000001", "0.0000001"),
        ("1234567890123456789012345678901.10", "1234567890123456789012345678901.1"),
    ],
)
def test_minimal_is_exact_beyond_the_context_precision(given, expected):
    assert format(minimal(Decimal(given)), "f") == expected


def test_typed_casts_orders_and_keeps_extra_columns_last():
    frame = pd.DataFrame(
        {"ours": ["x", ""], "weight": [10, "22.50"], "indicator_no": ["1", 2.0], "name": ["", "甲"], "x0": [1, None]},
        index=[7, 7],
    )
    result = typed(frame, "indicators")
    assert list(result.columns) == [*TABLES["indicators"].columns, "ours"]
    assert result["weight"].tolist() == [Decimal(10), Decimal("22.5")]
    assert result["indicator_no"].dtype == "Int64" and result["indicator_no"].tolist() == [1, 2]
    assert result["name"].dtype == "str" and result["name"].isna().tolist() == [True, False]
    assert result["ours"].isna().tolist() == [False, True]
    assert result["x0"].dtype == "float64" and np.isnan(result["x0"][1])
    assert result["is_cut"].dtype == "bool" and not result["is_cut"].any()
    assert result["score"].tolist() == [None, None]
    assert list(result.index) == [0, 1]
    assert list(frame.columns) == ["ours", "weight", "indicator_no", "name", "x0"], "the input stays as it was"


def test_typed_again_changes_nothing():
    once = table("indicators", weight=[Decimal("10.0"), None], ours=["a", None], number=[Decimal("1.10"), None])
    pd.testing.assert_frame_equal(typed(once, "indicators"), once)


def test_an_empty_verdict_is_no_pass():
    assert table("checks", document_id=["d1"], check=["total"], passed=[None])["passed"].tolist() == [False]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("weight", 0.1, "不接受二进制浮点数"),
        ("weight", np.float64(0.1), "不接受二进制浮点数"),
        ("weight", "十", "须为数"),
        ("weight", True, "不接受二进制浮点数"),
        ("indicator_no", 1.5, "须为整数"),
        ("indicator_no", 2**64, "须为整数"),
        ("name", 1.0, "须为文本"),
        ("is_cut", "是", "须为 True 或 False"),
    ],
)
def test_typed_refuses_what_it_would_have_to_change(column, value, said):
    with pytest.raises(TableFault, match=f"{column}：.*{said}.*第 2 行"):
        typed(pd.DataFrame({column: pd.Series([None, value], dtype=object)}), "indicators")


def test_half_a_surrogate_pair_becomes_the_replacement_character():
    text = pd.Series(["a\ud83d"], dtype=object)
    assert table("cells", text=text)["text"].tolist() == ["a\ufffd"]


def test_validate_groups_failing_rows_by_check_and_prints_chinese():
    frame = table(
        "indicators",
        document_id=["d1", "d1", "d1"],
        project_no=[1, 1, None],
        indicator_no=[1, 1, 0],
        comparator=["≥", "不低于", "至少"],
        y0=[2, 0, 0],
        y1=[1, 3, 3],
    )
    with pytest.raises(TableFault) as raised:
        validate(frame, "indicators")
    message = str(raised.value)
    assert "\\u" not in message
    assert re.search(
        r"- comparator：只能取 ≥ > = < ≤ 定性：第 2 行（.*）'不低于'；第 3 行（.*）'至少'", message.replace(" '", "'")
    )
    assert "- 键重复：第 1 行（document_id=d1, project_no=1, indicator_no=1）；第 2 行" in message
    assert "- project_no：不得为空：第 3 行" in message
    assert "- indicator_no：须为不小于 1 的整数：第 3 行" in message
    assert message.count("y1 不得高于上边 y0") == 1, "a check over several columns is said once a row"
    assert raised.value.failures.groupby("check").size()["键重复"] == 2


@pytest.mark.parametrize(
    ("name", "columns", "said"),
    [
        ("documents", {"document_id": ["a"], "source": ["x"], "status": ["fine"]}, "status：只能取"),
        ("repairs", {"grade": ["sure"]}, "grade：只能取"),
        ("repairs", {"kind": ["other"]}, "kind：只能取"),
        ("findings", {"severity": ["F"]}, "severity：只能取"),
        ("indicators", {"weight_basis": ["guessed"]}, "weight_basis：只能取"),
        ("cells", {"role": ["footer"]}, "role：只能取"),
        ("checks", {"document_id": ["d1"], "check": ["own"]}, "check：只能取"),
        ("projects", {"budget_wan_yuan": [Decimal("NaN")]}, "budget_wan_yuan：须为 decimal.Decimal"),
        ("projects", {"budget_wan_yuan": [Decimal("1E+38")]}, "budget_wan_yuan：须为 decimal.Decimal"),
    ],
)
def test_validate_names_our_faults(name, columns, said):
    with pytest.raises(TableFault, match=said):
        validate(table(name, **columns), name)


def test_validate_lets_the_units_own_errors_pass():
    frame = table(
        "indicators",
        document_id=["d1", "d1"],
        project_no=[1, 1],
        indicator_no=[1, 2],
        level1=["决策", None],
        weight=[Decimal("-5"), None],
    )
    assert validate(frame, "indicators") is frame


def test_validate_wants_types_and_every_column():
    good = table("projects", document_id=["d1"], project_no=[1])
    with pytest.raises(TableFault, match="缺少列 page"):
        validate(good.drop(columns="page"), "projects")
    with pytest.raises(TableFault, match="列的顺序须为"):
        validate(good[good.columns[::-1]], "projects")
    with pytest.raises(TableFault, match="page：列的类型须为 Int64"):
        validate(good.assign(page=[1.0]), "projects")
    with pytest.raises(TableFault, match="budget_wan_yuan：须为 decimal"):
        validate(good.assign(budget_wan_yuan=pd.Series([1.5], dtype=object)), "projects")


@pytest.mark.parametrize(
    ("name", "columns", "said"),
    [
        ("projects", {"document_id": ["lost"], "project_no": [1]}, "document_id：在 documents 中不存在"),
        (
            "indicators",
            {"document_id": ["d1"], "project_no": [2], "indicator_no": [1]},
            "project_no：在 projects 中不存在",
        ),
        ("checks", {"document_id": ["lost"], "check": ["total"]}, "document_id：在 documents 中不存在"),
    ],
)
def test_keys_that_point_nowhere_are_found(name, columns, said):
    with pytest.raises(TableFault, match=said):
        validate_dataset(dataset(**{name: columns}))


def test_a_check_of_the_whole_document_points_to_no_project():
    good = dataset(checks={"document_id": ["d1", "d1"], "project_no": [None, 1], "check": ["total", "weights"]})
    assert validate_dataset(good) is good


def test_empty_dataset_is_valid_and_has_every_table():
    empty = validate_dataset(Dataset.empty())
    assert {name: list(frame.columns) for name, frame in empty.tables().items()} == {
        name: columns.split() for name, columns in CONTRACT.items()
    }


def finding(document_id: str, count: int) -> dict:
    columns = {"finding_no": range(1, count + 1), "document_id": [document_id] * count, "rule": ["D07"] * count}
    return columns | {"severity": ["I"] * count, "message": ["名称被截断"] * count}


def test_concat_keeps_order_and_counts_anew():
    first = dataset(findings=finding("d1", 2))
    second = dataset(
        documents={"document_id": ["d2"], "source": ["b.pdf"], "status": ["open"]},
        projects={"document_id": ["d2"], "project_no": [1], "budget_wan_yuan": [Decimal("1.50")], "ours": ["x"]},
        findings=finding("d2", 1),
    )
    both = concat([first, Dataset.empty(), second])
    assert both.documents["document_id"].tolist() == ["d1", "d2"]
    assert both.findings["finding_no"].tolist() == [1, 2, 3]
    assert both.projects["budget_wan_yuan"].tolist() == [None, Decimal("1.5")]
    assert both.projects["ours"].isna().tolist() == [True, False]
    assert first.findings["finding_no"].tolist() == [1, 2]
    validate_dataset(both)
    pd.testing.assert_frame_equal(concat([]).cells, Dataset.empty().cells)


def test_summary_for_people():
    shown = dataset(
        projects={"document_id": ["d1", "d1"], "project_no": [1, 2], "budget_wan_yuan": ["1500.50", "36.24"]},
        checks={"document_id": ["d1", "d1"], "check": ["total", "rows"], "passed": [True, False]},
    )
    assert repr(shown) == "<Dataset: 文件 1 · 项目 2 · 指标 0 · 预算合计 1,536.74 万元 · 校验通过 1/2 · 修复 0>"
    assert "<tr><th>预算合计</th><td>1,536.74 万元</td></tr>" in shown._repr_html_()


def test_datapackage_describes_every_table():
    package = datapackage(dataset(), {"projects.csv": (12, "ab")})
    resources = {resource["name"]: resource for resource in package["resources"]}
    assert list(resources) == list(TABLES)
    assert resources["projects"]["parquet"] == {"path": "projects.parquet"}
    assert (resources["projects"]["bytes"], resources["projects"]["hash"]) == (12, "sha256:ab")
    schema = resources["indicators"]["schema"]
    assert [field["name"] for field in schema["fields"]] == CONTRACT["indicators"].split()
    assert schema["primaryKey"] == ["document_id", "project_no", "indicator_no"]
    assert {
        "fields": ["document_id", "project_no"],
        "reference": {"resource": "projects", "fields": ["document_id", "project_no"]},
    } in schema["foreignKeys"]
    assert schema["missingValues"] == [""]
    comparator = next(field for field in schema["fields"] if field["name"] == "comparator")
    assert (comparator["type"], comparator["title"]) == ("string", "指标性质")
    assert comparator["constraints"] == {"enum": ["≥", ">", "=", "<", "≤", "定性"]}
    assert "primaryKey" not in resources["checks"]["schema"]
    json.dumps(package)


def test_data_dictionary_page_is_what_the_declarations_give():
    page = (ROOT / "docs/data-dictionary.md").read_text(encoding="utf-8")
    assert page == data_dictionary(), "run: uv run python -m budgetperf.tables.dictionary docs/data-dictionary.md"


@pytest.mark.parametrize("name", TABLES)
def test_every_declared_check_is_one_of_the_pandera_schema_too(name):
    held, asked = pandera_schema(name), TABLES[name]
    assert {n for n, column in held.columns.items() if column.nullable} == {
        n for n, column in asked.columns.items() if column.nullable
    }
    assert {n for n, column in held.columns.items() if column.checks} == {
        n for n, column in asked.columns.items() if column.kind in ("whole", "exact") or column.among
    }
    assert (held.unique or []) == list(asked.key) and len(held.checks) == len(asked.checks)


def test_a_fault_is_told_alike_however_texts_are_held():
    pandera_schema("indicators")  # made under the storage that is usual
    rows = {
        "document_id": ["a"],
        "project_no": [1],
        "indicator_no": [1],
        "level1": ["产出指标"],
        "name": ["人数"],
        "comparator": ["!?"],
    }
    said = []
    for storage in ("pyarrow", "python"):
        with pd.option_context("mode.string_storage", storage):
            frame = typed(pd.DataFrame(rows | {"page": [1], "row": [1]}), "indicators")
            with pytest.raises(TableFault) as fault:
                validate(frame, "indicators")
            said.append(str(fault.value))
    assert said[0] == said[1] and "comparator" in said[0]
