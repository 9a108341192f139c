"""Storing: what comes back, the same bytes, old builds left whole, CSV that is exact and safe to open."""

import csv
import hashlib
import io
import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from budgetperf.cli import main
from budgetperf.errors import InputError
from budgetperf.tables import store, swap
from budgetperf.tables.arrow import to_arrow, to_frame
from budgetperf.tables.dataset import Dataset, concat, typed
from budgetperf.tables.declared import TABLES
from budgetperf.tables.exact import minimal
from budgetperf.tables.store import FILES, csv_blocks, load, opened, save, saving, to_bytes, together, with_csv
from budgetperf.tables.validity import TableFault

AWKWARD = [
    '湟源县，“引号”与"直引号"',
    "第一行\n第二行\r\n第三行\r尾",
    "零\0字符与\x1b[31m控制符\u2028",
    '=HYPERLINK("http://example.org","点")',
    "'=1+1",
    "长" * 100_000,
    "  两端空格 ",
    "𠮷😀",
]


def made(**tables: dict) -> Dataset:
    count = len(AWKWARD)
    given = {
        "documents": {
            "document_id": ["d1", "d2"],
            "source": ["a.pdf", "b.xlsx"],
            "fiscal_year": [2024, None],
            "pages": pd.array([2**53 + 1, None], dtype="Int64"),
            "printed_total_wan_yuan": [Decimal("1536.740"), None],
            "weight_total": [Decimal("9E+1"), None],
            "status": ["reconciled", "unreadable"],
        },
        "projects": {
            "document_id": ["d1"] * count,
            "project_no": range(1, count + 1),
            "project_name": AWKWARD,
            "budget_wan_yuan": [Decimal("11.880"), None, Decimal("1E+33"), Decimal("0.1") ** 20, 0, -5, "1.10", None],
        },
        "indicators": {
            "document_id": ["d1", "d1"],
            "project_no": [1, 1],
            "indicator_no": [1, 2],
            "comparator": ["=", None],
            "is_cut": [True, False],
            "weight": [Decimal("22.50"), None],
            "x0": [56.7, None],
            "ours": ["甲", None],
            "ours_exact": [None, Decimal("2.50")],
            "ours_whole": [1, 2],
        },
        "checks": {"document_id": ["d1"], "check": ["total"], "passed": [True]},
    }
    given |= tables
    return Dataset(**{name: typed(pd.DataFrame(given.get(name, {})), name) for name in TABLES})


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder that holds a build; no test changes it, those of failed builds least of all."""
    folder = tmp_path_factory.mktemp("built")
    save(made(), folder)
    return folder


def files(directory) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(directory.iterdir()) if path.is_file()}


def test_what_is_loaded_equals_what_was_saved(built):
    saved, loaded = made(), load(built)
    for name, frame in saved.tables().items():
        pd.testing.assert_frame_equal(loaded.tables()[name], frame)
    assert loaded.projects["budget_wan_yuan"].tolist()[:3] == [Decimal("11.88"), None, Decimal(10) ** 33]
    assert loaded.documents["pages"][0] == 2**53 + 1
    assert str(loaded.documents["printed_total_wan_yuan"][0]) == "1536.74"


def test_an_empty_dataset_comes_back_too(tmp_path):
    save(Dataset.empty(), tmp_path)
    for name, frame in load(tmp_path).tables().items():
        pd.testing.assert_frame_equal(frame, Dataset.empty().tables()[name])


def test_same_dataset_same_bytes_and_only_the_files_of_the_contract(tmp_path, built):
    save(Dataset.empty(), tmp_path)
    save(made(), tmp_path)
    assert files(tmp_path) == files(built)
    expected = {f"{name}.{suffix}" for name in TABLES for suffix in ("csv", "parquet")} | {"datapackage.json"}
    assert set(os.listdir(tmp_path)) == expected


def test_parquet_has_exact_types_and_names_no_version_of_pandas(built):
    schema = pq.read_schema(built / "indicators.parquet")
    assert str(schema.field("weight").type) == str(schema.field("score").type) == "decimal128(38, 12)"
    assert str(pq.read_schema(built / "projects.parquet").field("budget_wan_yuan").type) == "decimal256(76, 38)"
    assert (str(schema.field("is_cut").type), str(schema.field("page").type)) == ("bool", "int64")
    assert pq.read_metadata(built / "indicators.parquet").metadata is None


def test_csv_holds_plain_values_behind_a_bom(built):
    content = (built / "indicators.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfdocument_id,") and b"\r" not in content and content.endswith(b"\n")
    first, second = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert (first["weight"], first["is_cut"], first["comparator"], first["x0"]) == ("22.5", "true", "=", "56.7")
    assert (second["weight"], second["is_cut"], second["comparator"], second["x0"]) == ("", "false", "", "")


def test_csv_text_comes_back_exactly_but_for_the_formula_mark(built):
    with (built / "projects.csv").open(encoding="utf-8-sig", newline="") as file:
        read = list(csv.DictReader(file))
    names = [row["project_name"] for row in read]
    assert names == [f"'{text}" if text.startswith(("=", "'=")) else text for text in AWKWARD]
    assert [row["budget_wan_yuan"] for row in read][:4] == ["11.88", "", "1" + "0" * 33, "0.00000000000000000001"]


@pytest.mark.parametrize(
    "formula", ["=1+1", "+A1", "-无", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝100%", "=100%", "'=1", "-1+1"]
)
def test_a_formula_is_marked_and_taking_one_mark_off_gives_it_back(formula):
    assert stored_text(formula) == f"'{formula}"


@pytest.mark.parametrize(
    "text", ["=", "-", "--", "＝", "-5", "+3.5%", "-1,234.00", "≥50", "100%", "'甲", "a=b", "A\t=1"]
)
def test_what_is_no_formula_stands_as_it_is(text):
    assert stored_text(text) == text


def test_a_long_table_is_written_in_blocks_without_a_seam(monkeypatch):
    frame = typed(pd.DataFrame({"note": [f"第{number}行" for number in range(10)]}), "checks")
    whole = b"".join(csv_blocks(frame, "checks"))
    monkeypatch.setattr(store, "BLOCK", 3)
    assert b"".join(csv_blocks(frame, "checks")) == whole and whole.count(b"\n") == 11


def stored_text(text: str) -> str:
    frame = typed(pd.DataFrame({"note": [text]}), "checks")
    (row,) = csv.DictReader(io.StringIO(b"".join(csv_blocks(frame, "checks")).decode("utf-8-sig"), newline=""))
    return row["note"]


def test_datapackage_holds_size_and_hash_of_every_file(built):
    resources = json.loads((built / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    assert [resource["name"] for resource in resources] == list(TABLES)
    for file in [*resources, *(resource["parquet"] for resource in resources)]:
        content = (built / file["path"]).read_bytes()
        assert file["bytes"] == len(content)
        assert file["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"


@pytest.mark.parametrize("calls_before_failure", [0, 1, 5, len(FILES) - 1])
def test_a_failure_at_any_point_of_the_swap_leaves_the_old_build(built, monkeypatch, calls_before_failure):
    before, replace, calls = files(built), os.replace, iter(range(10_000))

    def failing_once(source, target):
        if next(calls) == calls_before_failure:
            raise PermissionError(13, "opened in Excel")
        replace(source, target)

    monkeypatch.setattr(swap.os, "replace", failing_once)
    with pytest.raises(InputError, match=r"opened in Excel.*原有文件未改动"):
        save(Dataset.empty(), built)
    assert files(built) == before


@pytest.mark.parametrize("failure", [OSError(28, "No space left"), KeyboardInterrupt(), MemoryError()])
def test_a_failure_before_the_swap_leaves_the_old_build_and_no_temporaries(built, monkeypatch, failure):
    before = files(built)

    def fail(*_):
        raise failure

    monkeypatch.setattr(store.os, "fsync", fail)
    with pytest.raises((InputError, KeyboardInterrupt, MemoryError)):
        save(Dataset.empty(), built)
    assert files(built) == before


class Killed(BaseException):
    """Stands for SIGKILL: from here on nothing more is changed, whatever handlers try."""


CHANGES = {"rename": os, "replace": os, "link": os, "rmtree": store.swap.shutil, "unlink": store.swap.Path}


@pytest.fixture(scope="module")
def builds(tmp_path_factory):
    """An empty build and one with rows, as they lie on the disk."""
    folder = tmp_path_factory.mktemp("builds")
    for name, dataset in (("old", Dataset.empty()), ("new", made())):
        save(dataset, folder / name)
    return folder


@pytest.mark.parametrize("changes", [1, 2, 10, 18, 19, 20, 21, 22, 30, 36, 37, 38, 39, 40, 41, 42])
def test_a_kill_at_any_moment_leaves_one_whole_build(tmp_path, monkeypatch, builds, changes):
    old, new = files(builds / "old"), files(builds / "new")
    shutil.copytree(builds / "old", tmp_path, dirs_exist_ok=True)
    left = [changes]

    def counted(change):
        def run(*arguments, **options):
            left[0] -= 1
            if left[0] <= 0:
                raise Killed
            return change(*arguments, **options)

        return run

    with monkeypatch.context() as patch:
        for name, where in CHANGES.items():
            patch.setattr(where, name, counted(getattr(where, name)))
        with pytest.raises(Killed):
            save(made(), tmp_path)
    if (tmp_path / "datapackage.json").exists():  # which vouches for the files beside it
        assert hashes_hold(tmp_path)
    assert len(load(tmp_path).documents) in (0, 2)
    assert files(tmp_path) in (old, new) and hashes_hold(tmp_path)
    save(made(), tmp_path)
    assert files(tmp_path) == new and not (tmp_path / swap.HIDDEN).exists(), "nothing is left over"


def hashes_hold(folder) -> bool:
    resources = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    return all(
        hashlib.sha256((folder / file["path"]).read_bytes()).hexdigest() == file["hash"].removeprefix("sha256:")
        for file in [*resources, *(resource["parquet"] for resource in resources)]
    )


def test_a_folder_left_by_a_killed_build_is_cleared(tmp_path):
    for stale in (tmp_path / ".building-abc", tmp_path / swap.HIDDEN / "building-def"):
        stale.mkdir(parents=True)
        (stale / "projects.csv").write_text("half")
    save(Dataset.empty(), tmp_path)
    assert not [name for name in os.listdir(tmp_path) if name.startswith(".")]


def test_two_writers_and_a_reader_never_mix(tmp_path):
    save(Dataset.empty(), tmp_path)
    with ThreadPoolExecutor(2) as writers:
        running = [writers.submit(save, dataset, tmp_path) for dataset in (made(), Dataset.empty()) * 5]
        while not all(one.done() for one in running):
            loaded = load(tmp_path)
            assert (len(loaded.documents), len(loaded.projects)) in [(0, 0), (2, len(AWKWARD))]
    assert [one.result() for one in running] == [None] * 10 and hashes_hold(tmp_path)


def test_two_builds_at_once_into_one_folder_do_not_spoil_each_other(tmp_path, capsys):
    """The second command says that one is under way and ends; the first one's files are whole."""
    (tmp_path / "a.txt").write_text("甲")
    out = tmp_path / "out"
    with swap.only_build(out):
        assert main(["build", str(tmp_path / "a.txt"), "--out", str(out)]) == 2
        save(made(), out)
    assert "另一个 budgetperf build 正在" in capsys.readouterr().err
    assert hashes_hold(out) and len(load(out).projects) == len(AWKWARD)


def test_a_second_build_into_the_folder_is_told_to_wait(tmp_path):
    with swap.only_build(tmp_path):
        with pytest.raises(InputError, match=r"另一个 budgetperf build 正在.*请等它完成"), swap.only_build(tmp_path):
            pass
        save(Dataset.empty(), tmp_path)
    with swap.only_build(tmp_path):
        pass


def test_loading_refuses_a_table_without_a_column_and_names_a_damaged_one(tmp_path):
    save(made(), tmp_path)
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    parquet = next(resource["parquet"] for resource in package["resources"] if resource["name"] == "indicators")

    def put(content: bytes):
        (tmp_path / "indicators.parquet").write_bytes(content)
        parquet["hash"] = f"sha256:{hashlib.sha256(content).hexdigest()}"
        (tmp_path / "datapackage.json").write_text(json.dumps(package))

    table = pq.read_table(tmp_path / "indicators.parquet")
    sink = io.BytesIO()
    pq.write_table(table.drop_columns(["weight", "score"]), sink)
    put(sink.getvalue())
    with pytest.raises(InputError, match=r"indicators.parquet 缺少列 weight、score：.*请运行：budgetperf build"):
        load(tmp_path)
    put(b"PAR1 nothing")
    with pytest.raises(InputError, match=r"indicators.parquet 已损坏.*请运行：budgetperf build"):
        load(tmp_path)


def test_a_csv_that_was_edited_is_named_and_nothing_is_loaded(tmp_path):
    save(made(), tmp_path)
    whole = (tmp_path / "projects.csv").read_bytes()
    other_size = whole + b"\n"
    other_sign = whole[:-2] + (b"x" if whole[-2:-1] != b"x" else b"y") + whole[-1:]
    for edited in (other_size, other_sign):
        (tmp_path / "projects.csv").write_bytes(edited)
        with pytest.raises(InputError, match=r"里的 projects.csv 在构建之后被改动过.*改动不会生效.*budgetperf build"):
            load(tmp_path)
    (tmp_path / "projects.csv").unlink()
    assert len(load(tmp_path).projects) == len(AWKWARD), "a CSV taken away contradicts nothing"
    (tmp_path / "projects.csv").write_bytes(whole)
    assert len(load(tmp_path).projects) == len(AWKWARD)


def test_an_invalid_table_is_never_written(tmp_path):
    with pytest.raises(TableFault, match="status：只能取"):
        save(made(documents={"document_id": ["d1"], "source": ["a"], "status": ["fine"]}), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_made_is_an_input_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"无法写入文件夹.*没有写出任何文件"):
        save(Dataset.empty(), tmp_path / "file" / "out")


def test_loading_before_a_build_says_what_to_run(tmp_path):
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(InputError, match=r"缺少 datapackage.json）。请运行：budgetperf build .* --out"):
            load(folder)


def test_loading_refuses_tables_of_two_builds(tmp_path):
    save(made(), tmp_path / "one")
    save(Dataset.empty(), tmp_path / "two")
    os.replace(tmp_path / "two/projects.parquet", tmp_path / "one/projects.parquet")
    with pytest.raises(InputError, match=r"projects.parquet 与 datapackage.json 不符"):
        load(tmp_path / "one")
    (tmp_path / "one/cells.parquet").unlink()
    with pytest.raises(InputError, match=r"缺少 cells.parquet"):
        load(tmp_path / "one")
    (tmp_path / "one/datapackage.json").write_text("{")
    with pytest.raises(InputError, match="读不出来"):
        load(tmp_path / "one")


@pytest.mark.parametrize(
    "weights", [("10.00", "5"), ("0.1234567890123", "5"), ("1E+30", "0.12345678901234"), (None, "1E+30")]
)
def test_documents_joined_in_arrow_are_saved_as_their_frames_would_be(weights, tmp_path):
    documents = [
        replace(
            Dataset.empty(),
            indicators=typed(pd.DataFrame({"document_id": [name], "name": ["=1+1"], "weight": [weight]}), "indicators"),
            repairs=typed(
                pd.DataFrame({"document_id": [name] * 2, "repair_no": [1, 2], "printed": ["\0ÿ,\n1", "=1"]}), "repairs"
            ),
        )
        for name, weight in zip("ab", (weight and Decimal(weight) for weight in weights), strict=True)
    ]
    parts = [opened(to_bytes(document, csv=True)) for document in documents]
    for name, (dataset, printed) in {
        "printed": (together(parts), parts),
        "arrow": (together(parts), ()),
        "frames": (concat(documents), ()),
    }.items():
        with saving(tmp_path / name) as put:
            put(dataset, parts=printed)
    for name in FILES:
        one, *others = ((tmp_path / way / name).read_bytes() for way in ("frames", "arrow", "printed"))
        assert others == [one, one], name


def test_a_frame_made_of_a_table_is_the_one_that_counts_from_then_on(tmp_path):
    joined = together([opened(to_bytes(made()))])
    assert joined.columns("projects", "project_no")["project_no"].tolist() == list(range(1, len(AWKWARD) + 1))
    assert joined.rows("projects", ["none"]).empty and len(joined.rows("projects", ["d1"])) == len(AWKWARD)
    joined.projects["project_name"] = "改名"
    assert set(joined.columns("projects", "project_name")["project_name"]) == {"改名"}
    assert set(joined.but(settings=joined.settings).arrow("projects")["project_name"].to_pylist()) == {"改名"}


@pytest.mark.parametrize("kind", [pa.decimal128(38, 12), pa.decimal256(76, 38)])
def test_exact_numbers_far_from_one_come_back_as_they_are(kind):
    given = ["0", "100", "1000000", "-0.5", "0.000000000001", "-0.00000123", "12345678901234567890.1"]
    numbers = pa.array([*map(Decimal, given), None], kind)
    *back, nothing = to_frame(pa.table({"weight": numbers}))["weight"].tolist()
    assert [*map(str, back)] == [str(minimal(Decimal(text))) for text in given]
    assert nothing is None


def test_rows_of_several_documents_are_counted_on():
    frames = [
        typed(pd.DataFrame({"document_id": [name] * rows, "rule": "甲\n乙"}), "repairs")
        for name, rows in (("a", 11), ("b", 1), ("c", 1200))
    ]
    parts = [with_csv(to_arrow(frame, store.kinds_of(frame, "repairs")), "repairs") for frame in frames]
    whole = pd.concat(frames, ignore_index=True)
    whole["repair_no"] = pd.array(range(1, len(whole) + 1), dtype="Int64")
    _head, *rows = csv_blocks(whole, "repairs")
    assert b"".join(store._joined_csv(parts, "repairs")) == b"".join(rows)
