"""Files that are not what they seem: each is answered with its reason, as `benchmarks/crafted.py` measures with large ones."""

import pytest
from crafted import CRAFTED, draw, portfolio, xfa

from budgetperf.pipeline import build_document

CHEAP = [name for name, (_, _, big) in CRAFTED.items() if not big and "预测器" not in name and "长度" not in name]


@pytest.mark.parametrize("name", [name for name in CHEAP if not name.startswith("文件夹")])
def test_small_crafted_files_are_answered(name, tmp_path):
    dataset = build_document(draw(name, tmp_path))
    assert dataset.documents["status"].tolist() == ["unreadable"]
    assert "请反馈" not in dataset.findings["message"].item()


@pytest.mark.parametrize(("write", "words"), [(xfa, "动态表单（XFA）"), (portfolio, "文件包（Portfolio）")])
def test_a_cover_page_is_named(write, words, tmp_path):
    said = build_document(write(tmp_path / "a.pdf")).findings["message"].item()
    assert words in said and "请" in said
