"""The notebooks run on the real build and before any build; they are thin, Chinese, and stored without outputs."""

import ast
import os
import re
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from datasets import real_document
from in_process import text_in_process
from nbclient import NotebookClient

import budgetperf
from budgetperf.field.words import words
from budgetperf.notebooks import reading
from budgetperf.tables.store import save

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
READING = ROOT / "notebooks/00_reading.ipynb"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clean")
    save(real_document(), folder)
    return folder


def executed(path: Path, **parameters) -> nbformat.NotebookNode:
    """The notebook run with other parameters, in its own folder."""
    notebook = nbformat.read(path, as_version=4)
    at = next(k for k, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", []))
    given = "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
    notebook.cells.insert(at + 1, nbformat.v4.new_code_cell(given))
    environment = {**os.environ, "MPLBACKEND": "agg"}
    client = NotebookClient(
        notebook, timeout=180, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    )
    return client.execute(env=environment)


def shown(notebook) -> str:
    """All that the cells display, as text."""
    parts = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            assert output.output_type != "error", output
            data = output.get("data", {})
            parts.append(data.get("text/markdown") or data.get("text/plain") or output.get("text", ""))
    return "\n".join(parts)


def test_reading_the_real_document(built):
    text = shown(executed(READING, data_folder=str(built)))
    assert "1 份文件，21 个项目，153 条指标；勾稽一致 1 份" in text
    assert re.search(r"(\d+) 项校验通过 \1 项，未通过 0 项。改动：.*推测 0 处", text)


def test_repairs_are_told_in_words(built):
    made = reading.repairs_made(budgetperf.load(built))
    assert "11.88┊11.00" in set(made["原印"]) and "63012300024T000000589-食堂运转经费" in set(made["改后"])
    assert set(made["把握"]) <= {"确定", "可能", "推测"} and made["把握"].iloc[0] == "可能"
    for column in ("修复", "字段", "种类"):
        assert not made[column].str.contains("_").any() and made[column].str.contains("[一-鿿]").all()


def test_sums_are_said_to_prove_what_they_add_up_and_nothing_else(built):
    dataset = budgetperf.load(built)
    found = reading.proofs(dataset).set_index("凭什么")
    assert (
        found.loc[reading.BY_SUM, "哪些内容"] == "分值权重 152、预算数（万元） 19"
    )  # without those settled by the sums
    form = found.loc[reading.BY_FORM, "哪些内容"]
    assert all(f"{name} 153" in form for name in ("指标值", "指标性质", "度量单位"))
    assert found.loc[reading.OPEN, "单元格"] == 0
    checks = dataset.checks.assign(passed=dataset.checks["passed"] & (dataset.checks["check"] != "total"))
    doubted = reading.proofs(replace(dataset, checks=checks)).set_index("凭什么")
    assert (
        "预算数" not in doubted.loc[reading.BY_SUM, "哪些内容"]
        and "预算数（万元） 21" in doubted.loc["待核", "哪些内容"]
    )
    assert found["单元格"].sum() == doubted["单元格"].sum()


@pytest.mark.parametrize(
    "of, code",
    [("repair", r"rule=\"([a-z_0-9]+)\""), ("check", r"@doubt\(\"([a-z_0-9]+)\"")],
    ids=["repairs", "checks"],
)
def test_every_code_of_the_source_has_its_word(of, code):
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "src/budgetperf").rglob("*.py")]
    used = {name for text in sources for name in re.findall(code, text)}
    assert len(used) > 5 and used - set(words(of)) == set()


def test_one_unit_and_year_only(built):
    text = shown(executed(READING, data_folder=str(built), unit="没有这个单位", year=2024))
    assert "没有符合所选年度、单位的文件" in text


def test_without_self_evaluations_the_notebook_says_so(built, monkeypatch):
    text = text_in_process(ROOT / "notebooks/06_self_evaluation.ipynb", monkeypatch, data_folder=str(built))
    assert text.count("数据里没有自评表。") == 2


def test_before_any_build_it_says_what_to_run(tmp_path, monkeypatch):
    text = text_in_process(READING, monkeypatch, data_folder=str(tmp_path / "none"))
    assert "还没有数据" in text and "budgetperf build" in text and "Traceback" not in text


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebooks_are_thin_and_stored_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code)
    assert sum("parameters" in cell.metadata.get("tags", []) for cell in code) == 1
    for cell in code:
        tree = ast.parse(cell.source)
        assert not any(isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Lambda)) for node in ast.walk(tree))
        assert not re.search(r"^\s*(import re\b|from re\b)|\bre\.", cell.source, re.MULTILINE)
        assert len(cell.source.splitlines()) <= 30
    words = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    assert len(words) >= 3 and all(re.search("[一-鿿]", text) for text in words)
