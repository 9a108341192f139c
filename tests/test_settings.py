"""budgetperf.toml: found from the data upward, read strictly, passed on as a value."""

import json
from pathlib import Path

import pytest
from datasets import REAL, real_document

import budgetperf
from budgetperf.errors import InputError
from budgetperf.settings import Settings, find_settings, own, read_settings


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "budgetperf.toml"
    path.write_text(text, encoding=encoding)
    return path


def test_the_nearest_file_above_the_data_holds(tmp_path):
    outer, inner = write(tmp_path, "[build]\nseconds = 5\n"), write(tmp_path / "a", "[build]\nseconds = 7\n")
    (tmp_path / "a/data/clean").mkdir(parents=True)
    (tmp_path / "b").mkdir()
    assert find_settings(tmp_path / "a/data/clean").file == inner
    found = find_settings(tmp_path / "b")
    assert found.file == outer and found.build == {
        "seconds": 5,
        "memory_mb": own("settings.toml")["build"]["memory_mb"],
    }
    assert find_settings([tmp_path / "a/x.pdf", tmp_path / "b/y.pdf"]).file == outer


def test_the_working_folder_does_not_matter(tmp_path, monkeypatch):
    write(tmp_path / "elsewhere", "[build]\nseconds = 5\n")
    (tmp_path / "data/clean").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert find_settings(tmp_path / "data/clean").file is None


def test_paths_of_decisions_are_seen_from_the_file(tmp_path):
    for name in ("对应.csv", "决定.csv"):
        (tmp_path / name).touch()
    settings = read_settings(write(tmp_path, '[files]\nmapping = "对应.csv"\n[audit]\ndecisions = "决定.csv"\n'))
    assert (settings.mapping, settings.decisions) == (tmp_path / "对应.csv", tmp_path / "决定.csv")
    assert find_settings(tmp_path / "nothing").decisions is not None
    (tmp_path / "p/data/clean").mkdir(parents=True)
    assert find_settings(tmp_path / "p/data/clean").file == tmp_path / "budgetperf.toml"
    assert Settings().decisions is None and Settings().mapping is None


def test_a_byte_order_mark_is_no_fault(tmp_path):
    assert read_settings(write(tmp_path, "[build]\nseconds = 9\n", "utf-8-sig")).build["seconds"] == 9


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[bulid]\nseconds = 3\n", "没有“bulid”这一项，是不是 build"),
        ("[build]\nsecond = 3\n", "没有“second”这一项，是不是 seconds"),
        ('[build]\nseconds = "3"\n', "种类不同"),
        ("[build]\nseconds = 0\n", "应大于 0"),
        ("[build]\nseconds = nan\n", "应大于 0"),
        ("[headers]\nname = [1]\n", "种类不同"),
        ("[form]\nproject = ['项目全称']\n", "种类不同"),
        ('[levels."产出"]\nlevel2 = {}\n', "是不是 产出指标"),
        ('[levels."产出指际"]\n', "是不是 产出指标"),
        ('[files]\nmapping = "nix.csv"\n', "没有这个文件"),
        ('[audit]\ndecisions = "nix.csv"\n', "没有这个文件"),
        ("[headers]\nnmae = ['甲']\n", "没有“nmae”这一项，是不是 name"),
        ("[headers]\nname = '甲'\n", "种类不同"),
        ('[levels."产出指标"]\nlevel3 = []\n', "没有“level3”这一项，是不是 level2"),
        ("[audit.L01]\nwarn = 3\n", "没有“warn”这一项，是不是 warn_below"),
        ("headers = 3\n", "应为一节"),
        ("x x", "不是有效的 TOML"),
    ],
)
def test_what_nothing_reads_is_an_error_with_the_nearest(text, said, tmp_path):
    with pytest.raises(InputError, match=said):
        read_settings(write(tmp_path, text))


def test_new_levels_categories_and_units_are_the_users_to_name(tmp_path):
    text = (
        '[levels."管理绩效"]\nvariants = ["管理类"]\n[categories]\n"33" = "专项"\n[units_of_measure]\nlocal = ["垛"]\n'
    )
    assert set(read_settings(write(tmp_path, text)).vocabulary) == {"levels", "categories", "units_of_measure"}


def test_a_build_takes_the_settings_of_its_documents_and_writes_them_down(tmp_path):
    write(tmp_path, '[audit]\noff = ["D07"]\n')
    document = tmp_path / "data/raw/甲.txt"
    document.parent.mkdir(parents=True)
    document.write_bytes(REAL.read_bytes())
    dataset = budgetperf.build(document)
    assert "D07" not in set(dataset.findings["rule"]) and "D07" in set(real_document().findings["rule"])
    budgetperf.save(dataset, tmp_path / "data/clean")
    package = json.loads((tmp_path / "data/clean/datapackage.json").read_text("utf-8"))
    assert package["settings"] == {"audit": {"off": ["D07"]}}
    assert budgetperf.load(tmp_path / "data/clean").settings == dataset.settings
