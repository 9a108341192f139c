"""A CSV changed after its build: whoever reads the build is told, however it is read; an untouched one is never refused."""

import os
import shutil

import fsspec
import pandas as pd
import pytest

import budgetperf as bp
from budgetperf import profiles
from budgetperf.errors import InputError
from budgetperf.tables import edited
from budgetperf.tables.dataset import Dataset, typed
from budgetperf.tables.declared import TABLES
from budgetperf.tables.stored import open_builds

SQL = "SELECT count(*) AS n FROM projects"
SAID = r"里的 projects.csv 在构建之后被改动过.*改动不会生效.*budgetperf build"
WAYS = {
    "load": lambda folder: bp.load(folder / "year=2024"),
    "query": lambda folder: bp.query(SQL, data=folder / "year=2024"),
    "query of several": lambda folder: bp.query(SQL, data=folder),
    "open_builds": open_builds,
    "profiles": lambda folder: profiles.choose(folder, year=2024),
}


def dataset(number: int) -> Dataset:
    key = f"d{number}"
    rows = {
        "documents": {"document_id": [key], "source": ["a.pdf"], "status": ["open"], "fiscal_year": [2020 + number]},
        "projects": {"document_id": [key], "project_no": [1], "unit_name": ["甲局"], "project_name": ["道路养护"]},
    }
    return Dataset(**{name: typed(pd.DataFrame(rows.get(name, {})), name) for name in TABLES})


@pytest.fixture
def folder(tmp_path):
    for number in (3, 4):
        bp.save(dataset(number), tmp_path / f"year=202{number}")
    return tmp_path


def longer(content: bytes) -> bytes:
    return content + b"\n"


def as_long(content: bytes) -> bytes:
    return content.replace("甲局".encode(), "乙局".encode())


@pytest.mark.parametrize("edit", [longer, as_long])
@pytest.mark.parametrize("way", WAYS)
def test_an_edited_csv_is_named_by_every_way_to_read(way, edit, folder):
    csv = folder / "year=2024" / "projects.csv"
    whole = csv.read_bytes()
    WAYS[way](folder)
    csv.write_bytes(edit(whole))
    assert csv.read_bytes() != whole
    with pytest.raises(InputError, match=SAID):
        WAYS[way](folder)
    csv.write_bytes(whole)
    WAYS[way](folder)
    csv.unlink()
    WAYS[way](folder)


@pytest.mark.parametrize("way", WAYS)
def test_a_table_of_another_build_is_named_by_every_way_to_read(way, folder):
    bp.save(Dataset.empty(), folder.parent / "other")
    shutil.copy2(folder.parent / "other" / "projects.parquet", folder / "year=2024")
    with pytest.raises(InputError, match=r"projects.parquet 与 datapackage.json 不符：.*另一次构建.*budgetperf build"):
        WAYS[way](folder)


@pytest.mark.parametrize("way", WAYS)
def test_a_copied_build_is_read_whatever_its_times(way, folder, tmp_path):
    shutil.copytree(folder, tmp_path / "copy", copy_function=shutil.copy)
    for number, file in enumerate(sorted((tmp_path / "copy").rglob("*.*"), reverse=True)):
        os.utime(file, (number, number))
    WAYS[way](tmp_path / "copy")


def test_a_query_reads_no_csv_that_is_older_than_the_build(folder, monkeypatch):
    read = []
    opened = edited.swap.opened
    monkeypatch.setattr(edited.swap, "opened", lambda *place: read.append(place) or opened(*place))
    assert bp.query(SQL, data=folder)["n"].tolist() == [2] and {name for _, name in read} == {"datapackage.json"}


@pytest.mark.parametrize("edit", [longer, as_long])
@pytest.mark.parametrize("dated", [True, False])
def test_an_edited_csv_at_an_address_is_named(edit, dated, folder, monkeypatch):
    store = fsspec.filesystem("memory")
    if not dated:  # a store that does not say when a file was written
        monkeypatch.setattr("budgetperf.tables.edited.WRITTEN", ())
    try:
        store.put(str(folder) + "/", "/out/", recursive=True)
        there = "/out/year=2024/projects.csv"
        package = "/out/year=2024/datapackage.json"
        store.pipe_file(package, store.cat_file(package))  # the last, as a build writes it
        ways = [
            lambda: bp.load("memory://out/year=2024"),
            lambda: bp.query(SQL, data="memory://out"),
            lambda: open_builds("memory://out"),
        ]
        for way in ways:
            way()
        store.pipe_file(there, edit(store.cat_file(there)))
        for way in ways:
            with pytest.raises(InputError, match=SAID):
                way()
    finally:
        store.rm("/", recursive=True)
