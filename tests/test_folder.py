"""The working folder that `budgetperf init` lays, and what JupyterLab is told in it."""

import json
import re
from pathlib import Path

import pytest

from budgetperf import cli
from budgetperf.notebooks.folder import LAB, lab_settings, lay_folder
from budgetperf.settings import find_settings, own, own_text

ROOT = Path(__file__).parents[1]


def test_a_folder_is_laid_once_and_nothing_in_it_is_overwritten(tmp_path, capsys):
    folder = tmp_path / "工作"
    assert cli.main(["init", str(folder)]) == 0
    assert "budgetperf build" in capsys.readouterr().out
    laid = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert {
        "budgetperf.toml",
        "notebooks/README.md",
        "notebooks/00_reading.ipynb",
        "data/examples/approval.pdf",
    } <= laid
    assert (folder / "data/raw").is_dir() and (folder / "data/clean").is_dir()
    (folder / "budgetperf.toml").write_text("[build]\nseconds = 9\n", encoding="utf-8")
    assert not any(new for _, new in lay_folder(folder))
    assert find_settings(folder / "data/clean").build["seconds"] == 9


def test_the_commented_settings_are_valid_commented_and_uncommented(tmp_path):
    text = own_text("starter.toml")
    (tmp_path / "budgetperf.toml").write_text(text, encoding="utf-8")
    assert find_settings(tmp_path).added() == {}
    used = re.sub(r"^# (?=\[|\S+ = )", "", text, flags=re.MULTILINE)
    (tmp_path / "budgetperf.toml").write_text(used, encoding="utf-8")
    settings = find_settings(tmp_path)
    assert settings.audit["L01"] == {"warn_below": 85} and settings.vocabulary["headers"] == {"name": ["考核要点"]}
    assert settings.build == own("settings.toml")["build"], "the comments show the program's own values"


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path, capsys):
    (tmp_path / "x").write_text("")
    assert cli.main(["init", str(tmp_path / "x")]) == 2
    assert "无法写入" in capsys.readouterr().err


def test_lab_outside_a_working_folder_says_what_to_do(tmp_path, capsys):
    assert cli.main(["lab", str(tmp_path)]) == 2
    assert "budgetperf init" in capsys.readouterr().err


@pytest.mark.parametrize("language", ["zh_CN", "other"])
def test_the_interface_opens_markdown_rendered_and_asks_for_no_news(language):
    told = json.loads((LAB / language / "overrides.json").read_text("utf-8"))
    assert told["@jupyterlab/docmanager-extension:plugin"]["defaultViewers"]["markdown"] == "Markdown Preview"
    assert told["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
    assert ("@jupyterlab/translation-extension:plugin" in told) == (language == "zh_CN")
    assert lab_settings("zh_CN.UTF-8" if language == "zh_CN" else "de_DE")["app_settings_dir"] == str(LAB / language)
