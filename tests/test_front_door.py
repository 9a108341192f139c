"""What `import budgetperf as bp` offers, found by completion and loaded only when used."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

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
