"""The notebooks run on the real build and before any build; they are thin, Chinese, and stored without outputs."""

import ast
import os
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from budgetperf.pipeline import build
from budgetperf.tables.store import save

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
READING = ROOT / "notebooks/00_reading.ipynb"
SOURCE = ROOT / "data/raw/huangyuan-chengguan-2024-approval.txt"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clean")
    save(build([SOURCE]), folder)
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
    assert "1 份文件，21 个项目，153 条指标" in text and "勾稽一致" in text
    assert "11.88┊11.00" in text and "18.04" in text and "63012300024T000000589" in text
    assert "完成社区职能任务，提高服" in text
    assert re.search(r"\*\*结论\*\*：(\d+) 项校验通过 \1 项，未通过 0 项；推测的改动 0 处", text)


def test_one_unit_and_year_only(built):
    text = shown(executed(READING, data_folder=str(built), unit="没有这个单位", year=2024))
    assert "0 份文件，0 个项目，0 条指标" in text


def test_before_any_build_it_says_what_to_run(tmp_path):
    text = shown(executed(READING, data_folder=str(tmp_path / "none")))
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
