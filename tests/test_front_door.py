"""What `import budgetperf as bp` offers, found by completion and loaded only when used."""

import importlib.util
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

import budgetperf as bp
from budgetperf.errors import InputError

ROOT = Path(__file__).parents[1]


def test_every_public_name_is_there_and_found_by_completion():
    assert dir(bp) == sorted(bp.__all__)
    for name in bp.__all__:
        assert getattr(bp, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'bild'"):
        bp.bild  # noqa: B018


def test_no_name_is_both_function_and_module():
    for name in bp.__all__:
        is_module = importlib.util.find_spec(f"budgetperf.{name}") is not None
        assert isinstance(getattr(bp, name), ModuleType) == is_module, name


def test_the_front_door_loads_nothing_heavy():
    code = (
        "import sys, budgetperf; print([m for m in ('pandas', 'camelot', 'matplotlib', 'numpy') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60).stdout
    assert shown.strip() == "[]"


def test_types_are_announced():
    assert (ROOT / "src/budgetperf/py.typed").is_file()


def test_public_names_are_explained():
    page = (ROOT / "docs/library.md").read_text("utf-8")
    assert all(f"`bp.{name}`" in page for name in bp.__all__ if name != "__version__")


def test_a_missing_path_is_an_error_and_no_document(tmp_path):
    with pytest.raises(InputError, match="找不到输入"):
        bp.build([tmp_path / "没有.pdf"])


def test_a_raw_frame_reads_like_the_document_it_came_from():
    """Cells of a workbook without spans, with and without a row of heads taken as names of columns."""
    heads = [
        "项目名称",
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
    rows = [
        ["道路养护", 12.5, "养护道路8公里", "产出指标", "数量指标", "养护里程", "≥", 8, "公里", 60],
        [None, None, None, "满意度指标", "服务对象满意度指标", "群众满意度", "≥", 90, "%", 30.0],
        ["环境卫生", 3, "清运垃圾", "产出指标", "数量指标", "清运次数", "≥", 300, "次", 60],
        [None, None, None, "满意度指标", "服务对象满意度指标", "居民满意度", "≥", 95, "%", 30],
    ]
    named, raw = pd.DataFrame(rows, columns=heads, index=[3, 5, 8, 9]), pd.DataFrame([heads, *rows])
    before = named.copy()
    one, other = bp.read_frame(named), bp.read_frame(raw)
    for dataset in (one, other):
        assert dataset.documents[["format", "status"]].values.tolist() == [["frame", "reconciled"]]
        assert dataset.projects["budget_wan_yuan"].tolist() == [Decimal("12.5"), Decimal(3)]
        assert dataset.indicators["weight"].tolist() == [Decimal(60), Decimal(30)] * 2
        assert dataset.indicators["project_no"].tolist() == [1, 1, 2, 2]
    pd.testing.assert_frame_equal(named, before)
    assert bp.read_frame(pd.DataFrame()).documents["status"].tolist() == ["unreadable"]


def test_heads_in_two_rows_are_read_as_the_merged_cells_they_were():
    lower = ["一级指标", "二级指标", "三级指标", "绩效指标性质", "绩效指标值", "度量单位", "分值权重"]
    upper = ["项目名称", "预算数(万元)", "绩效目标"]
    heads = [(name, f"Unnamed: {n}_level_1") for n, name in enumerate(upper)] + [("绩效指标", name) for name in lower]
    rows = [
        ["甲", 5.0, "保障运转", "产出指标", "数量指标", "保障人数", "≥", 8, "人", 90],
        [None] * 3 + ["产出指标", "数量指标", "检查次数", "=", 3, "次", 10],
    ]
    found = bp.read_frame(pd.DataFrame(rows, columns=pd.MultiIndex.from_tuples(heads)))
    assert found.documents["status"].tolist() == ["reconciled"] and found.indicators["name"].tolist() == [
        "保障人数",
        "检查次数",
    ]
    assert found.projects[["project_name", "budget_wan_yuan"]].values.tolist() == [["甲", 5]]


def test_a_folder_means_every_document_below_it(tmp_path):
    (tmp_path / "b").mkdir()
    for name in ("b/z.csv", "a.txt", ".hidden.pdf", "program.py"):
        (tmp_path / name).write_text(name)
    assert bp.build(tmp_path, jobs=0).documents["source"].tolist() == ["a.txt", "z.csv"]


def test_what_is_no_input_is_said(tmp_path):
    for call in (lambda: bp.build([]), lambda: bp.build(tmp_path), lambda: bp.build(__file__, jobs=-1)):
        with pytest.raises(InputError):
            call()
    for call in (lambda: bp.build(5), lambda: bp.build(b"a.pdf"), lambda: bp.read_frame([1])):
        with pytest.raises(TypeError, match=r"^(build|read_frame) 要"):
            call()
