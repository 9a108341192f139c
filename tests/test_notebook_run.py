"""Running all notebooks for a year: files, HTML without code or network, faults, and what the notebooks call."""

import re
from decimal import Decimal
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from datasets import county, dataset_of, real_document
from generator.truth import make_truth
from in_process import text_in_process

from budgetperf import cli, notebooks
from budgetperf.errors import InputError
from budgetperf.notebooks import show
from budgetperf.tables import store
from budgetperf.tables.dataset import Dataset

ROOT = Path(__file__).parents[1]
OURS = ["01_allocation.ipynb", "02_indicators.ipynb", "03_weights.ipynb"]


@pytest.fixture(scope="module")
def some(tmp_path_factory):
    """A folder with the three notebooks of profiles."""
    folder = tmp_path_factory.mktemp("notebooks")
    for name in OURS:
        (folder / name).write_text((ROOT / "notebooks" / name).read_text(encoding="utf-8"), encoding="utf-8")
    return folder


def text_of(notebook: Path) -> str:
    """All that the cells of a saved notebook show; asserts that none failed or warned."""
    parts = []
    for cell in nbformat.read(notebook, as_version=4).cells:
        for output in cell.get("outputs", []):
            assert output.output_type != "error", output
            assert output.get("name") != "stderr", output.get("text")
            data = output.get("data", {})
            parts.append(data.get("text/markdown") or data.get("text/plain") or output.get("text", ""))
    return "\n".join(parts)


def test_the_command_runs_a_notebook_for_the_real_document(tmp_path, capsys, some):
    """One of ours: that all run is seen in the browser; several at once: those of the next test but one."""
    store.save(real_document(), tmp_path / "data")
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / OURS[0]).write_bytes((some / OURS[0]).read_bytes())
    arguments = ["notebooks", "--data", str(tmp_path / "data"), "--year", "2024", "--unit", "744001"]
    assert cli.main([*arguments, "--notebooks", str(tmp_path / "notebooks"), "--out", str(tmp_path / "out")]) == 0
    assert f"[1/1] {OURS[0]}" in capsys.readouterr().err
    for name in OURS[:1]:
        assert "21 个项目" in text_of(tmp_path / "out" / name) and "1,536.74" in text_of(tmp_path / "out" / name)
        cells = nbformat.read(tmp_path / "out" / name, as_version=4).cells
        injected = next(cell for cell in cells if "injected-parameters" in cell.metadata.get("tags", []))
        assert "year = 2024" in injected.source and 'unit = "744001"' in injected.source
        page = (tmp_path / "out" / name).with_suffix(".html").read_text(encoding="utf-8")
        assert page.count("data:image/png;base64,") >= 4 and 'lang="zh-CN"' in page
        assert "profiles." not in re.sub("<script.*?</script>", "", page, flags=re.DOTALL)  # no code
        assert not re.search(r'<(script|link|img)[^>]*(src|href)="https?://', page)  # nothing from a network
        assert "cdnjs" not in page and ".ipynb" not in re.sub("<title>.*?</title>", "", page)


@pytest.mark.parametrize("kind", ["none", "unweighed", "single", "bare", "other year"])
def test_missing_data_is_a_sentence_and_never_a_traceback(kind, tmp_path, some, monkeypatch):
    year = None
    if kind == "unweighed":
        store.save(
            dataset_of(make_truth(5, projects=4, weights=False, layout="onevalue", category=False)), tmp_path / "data"
        )
    elif kind == "single":
        store.save(dataset_of(make_truth(6, projects=1)), tmp_path / "data")
    elif kind == "bare":
        whole = dataset_of(make_truth(8, projects=2))
        names = [
            "unit_code",
            "unit_name",
            "category_code",
            "category_name",
            "project_code",
            "project_name",
            "objective",
        ]
        projects = whole.projects.assign(**dict.fromkeys([*names, "budget_wan_yuan"]), fiscal_year=pd.NA)
        store.save(
            Dataset(**{**whole.tables(), "projects": projects, "indicators": whole.indicators[:0]}), tmp_path / "data"
        )
    elif kind == "other year":
        store.save(dataset_of(make_truth(6, projects=1)), tmp_path / "data")
        year = 1999
    texts = [text_in_process(some / name, monkeypatch, data_folder=str(tmp_path / "data"), year=year) for name in OURS]
    allocation, indicators, weights = texts
    expected = {
        "none": (allocation, "还没有数据"),
        "unweighed": (weights, "没有印权重"),
        "single": (indicators, "1 个项目"),
        "bare": (indicators, "没有指标。"),
        "other year": (allocation, "没有1999 年的项目"),
    }
    text, sentence = expected[kind]
    assert sentence in text
    assert kind != "none" or "budgetperf build" in text


def test_a_failing_notebook_says_which_cell_and_why_and_the_others_run(tmp_path, capsys):
    folder = tmp_path / "notebooks"
    folder.mkdir()
    cell, words = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
    parameters = cell('data_folder = ""\nyear = None', metadata={"tags": ["parameters"]})
    bad = nbformat.v4.new_notebook(cells=[words("# 坏的"), parameters, cell("amount = 1\namount / 0")])
    good = nbformat.v4.new_notebook(cells=[words("# 好的"), parameters, cell("print(year)")])
    nbformat.write(bad, folder / "01_bad.ipynb")
    nbformat.write(good, folder / "02_good.ipynb")
    (folder / "03_junk.ipynb").write_text("no notebook")
    store.save(dataset_of(make_truth(6, projects=1, fiscal_year=2025)), tmp_path / "data")
    out = tmp_path / "out"
    out.mkdir()
    (out / "01_bad.html").write_text("of last year")
    arguments = ["notebooks", "--data", str(tmp_path / "data"), "--year", "2025", "--notebooks", str(folder)]
    assert cli.main([*arguments, "--out", str(out)]) == 1
    written = capsys.readouterr()
    said = written.out
    assert all(f"[{k}/3] {name}" in written.err for k, name in enumerate(("01_bad", "02_good", "03_junk"), start=1))
    assert "01_bad.ipynb 第 3 个单元格（amount = 1）出错：ZeroDivisionError: division by zero" in said
    assert "03_junk.ipynb" in said
    assert "好的" in (out / "02_good.html").read_text(encoding="utf-8") and not (out / "01_bad.html").exists()
    assert "2025" in text_of(out / "02_good.ipynb") and (out / "01_bad.ipynb").exists()


def test_wrong_calls_write_nothing(tmp_path, capsys, some):
    store.save(dataset_of(make_truth(6, projects=1)), tmp_path / "data")
    base = ["notebooks", "--data", str(tmp_path / "data"), "--notebooks"]
    assert cli.main([*base, str(some), "--out", str(some)]) == 2
    assert "会覆盖" in capsys.readouterr().err
    assert cli.main([*base, str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert "没有笔记本" in capsys.readouterr().err
    assert cli.main([*base, str(some), "--unit", "没有这个单位", "--out", str(tmp_path / "out")]) == 2
    assert "现有年度" in capsys.readouterr().err and not (tmp_path / "out").exists()
    with pytest.raises(InputError, match="无法写入"):
        (tmp_path / "file").write_text("")
        notebooks.run_notebooks(tmp_path / "file" / "out", folder=some)


# ---- what the notebooks call -----------------------------------------------------------------------------------------


def test_the_printed_cells_around_a_row_show_it(monkeypatch):
    real = real_document()
    document = real.documents["document_id"].iloc[0]
    html = show.printed_around(real, 1, 2)
    marked = re.findall(r"<td style='border:2px[^>]*>([^<]*)</td>", html)
    assert "干部人数" in marked and "社区数量" not in marked and "社区数量" in html and "第 1 页" in html
    assert show.evidence_of(real, document, 4, 1) is not None
    assert "没有留下印刷位置" in show.printed_around(real, 999, 1)


def test_the_menus_follow_each_other():
    dataset = county(3, 4)
    box = notebooks.picker(dataset)
    unit, category, project, indicator = box.children[:4]
    assert len(unit.options) == 4 and len(project.options) == 12
    unit.value = unit.options[2]
    assert len(project.options) == 4
    category.value = dataset.projects.loc[dataset.projects["unit_name"] == unit.value, "category_name"].iloc[0]
    chosen = dataset.projects[
        (dataset.projects["unit_name"] == unit.value) & (dataset.projects["category_name"] == category.value)
    ]
    assert [value[1] for _, value in project.options] == chosen["project_no"].tolist()
    document, number = project.value
    rows = dataset.indicators
    rows = rows[(rows["document_id"] == document) & (rows["project_no"] == number)]
    assert len(indicator.options) == len(rows) + 1 and chosen["project_name"].iloc[0] in box.children[4].value
    unit.value, category.value = unit.options[0], category.options[0]
    assert len(project.options) == 12
    assert "没有项目可选" in notebooks.picker(Dataset.empty()).data


def test_of_many_projects_the_menus_list_those_of_one_unit(monkeypatch):
    monkeypatch.setattr(show, "PICKED", 11)
    unit, _, project, *_ = notebooks.picker(county(3, 4)).children
    assert len(unit.options) == 3 and len(project.options) == 4


def test_numbers_in_tables_are_exact_and_short():
    assert show._printed(Decimal("38.972761")) == "38.97" and show._printed(Decimal("1536.74")) == "1536.74"
    assert show._printed(None) == "" and show._printed(True) == "是" and show._printed("a\x07b") == "a b"


def test_the_list_of_indicators_has_all():
    dataset = county(2, 3)
    rows = notebooks.indicator_list(dataset)
    assert len(rows) == len(dataset.indicators) and rows["project_name"].notna().all()
