"""Documents and builds in an object store: the same command, the same bytes."""

import fsspec
import pytest

from budgetperf.cli import main
from budgetperf.errors import InputError
from budgetperf.tables.elsewhere import brought_here
from budgetperf.tables.query import query
from budgetperf.tables.store import load, to_bytes
from budgetperf.works import timings

TABLE = """2024年部门预算项目支出绩效目标批复表

项目名称\t项目类别\t预算数 (万元)\t绩效目标\t一级指标\t二级指标\t三级指标\t指标性质\t指标值\t度量单位\t分值权重
合计\t\t68.00
63012300024T000000550-社区工作经费\t3-特定目标类\t68.00\t保障社区正常运转\t产出指标\t数量指标\t社区数量\t=\t{}\t个\t50
\t\t\t\t效益指标\t社会效益\t社区秩序良好率\t≥\t90\t%\t30
\t\t\t\t满意度指标\t服务对象满意度\t居民满意度\t≥\t95\t%\t10
"""


@pytest.fixture
def store():
    memory = fsspec.filesystem("memory")
    yield memory
    memory.rm("/", recursive=True)


def put(store, path: str, count: int) -> None:
    store.pipe_file(path, TABLE.format(count).encode())


def files(store, folder: str) -> dict[str, bytes]:
    return {path.removeprefix(folder): store.cat_file(path) for path in store.find(folder)}


def test_a_build_there_is_the_build_here(tmp_path, store, capsys):
    for number in (8, 9):
        put(store, f"/in/{number}.txt", number)
        (tmp_path / f"{number}.txt").write_text(TABLE.format(number), encoding="utf-8")
    assert main(["build", str(tmp_path), "--out", str(tmp_path / "out")]) == 0
    assert main(["build", "memory://in", "--out", "memory://out"]) == 0
    assert "已写入 memory://out" in capsys.readouterr().out
    here = {f"/{path.name}": path.read_bytes() for path in (tmp_path / "out").iterdir() if path.is_file()}
    assert {name: content for name, content in files(store, "/out").items() if ".budgetperf" not in name} == here


def test_nothing_is_called_written_that_the_store_did_not_take(store, monkeypatch, capsys):
    put(store, "/in/8.txt", 8)

    def full(*_, **__):
        raise OSError("no room")

    monkeypatch.setattr(type(store), "pipe_file", full)
    assert main(["build", "memory://in", "--out", "memory://out"]) == 2
    said = capsys.readouterr()
    assert "已写入" not in said.out and "no room" in said.err


def test_what_was_read_there_is_not_read_again_and_what_is_gone_goes(store):
    put(store, "/in/8.txt", 8)
    put(store, "/in/9.txt", 9)
    assert main(["build", "memory://in/", "--out", "memory://out"]) == 0
    store.rm_file("/in/9.txt")
    timings.taken()
    assert main(["build", "memory://in/8.txt", "--out", "memory://out"]) == 0
    assert "读取" not in timings.taken()
    left = files(store, "/out")
    assert left["/documents.csv"].count(b"\n") == 2
    assert len([name for name in left if name.endswith(".result")]) == 2, "tables and findings of one document"


def test_builds_there_are_loaded_and_asked_as_builds_here(tmp_path, store):
    for year, number in ((2023, 8), (2024, 9)):
        put(store, f"/in/{number}.txt", number)
        assert main(["build", f"memory://in/{number}.txt", "--out", f"memory://out/year={year}"]) == 0
        store.get(f"/out/year={year}", str(tmp_path / f"year={year}"), recursive=True)
    sql = "SELECT year, target_value FROM indicators WHERE level2 = '数量指标' ORDER BY year"
    assert query(sql, "memory://out").values.tolist() == [[2023, 8], [2024, 9]]
    assert query(sql, "memory://out").equals(query(sql, tmp_path))
    assert query("SELECT count(*) AS n FROM documents", "memory://out/year=2024")["n"].tolist() == [1]
    there, here = load("memory://out/year=2024"), load(tmp_path / "year=2024")
    assert to_bytes(there) == to_bytes(here)
    with pytest.raises(InputError, match="没有构建结果"):
        query("SELECT 1", "memory://in")
    with pytest.raises(InputError, match="没有文件"):
        load("memory://in")


def test_a_build_that_fails_leaves_what_was_there(store, capsys):
    put(store, "/in/8.txt", 8)
    assert main(["build", "memory://in", "--out", "memory://out"]) == 0
    before = files(store, "/out")
    assert main(["build", "memory://nothing", "--out", "memory://out"]) == 2
    assert "memory://nothing 那里没有文件" in capsys.readouterr().err and files(store, "/out") == before


def test_an_address_that_cannot_be_used_is_said(store):
    with pytest.raises(InputError, match="不认识的地址 nowhere://x"), brought_here(["nowhere://x"]):
        pass
    put(store, "/in/../../8.txt", 8)
    with pytest.raises(InputError, match="文件夹之外"), brought_here(["memory://in"]):
        pass


class Locked(fsspec.AbstractFileSystem):
    def __init__(self, *_, **__):
        raise LookupError("no credentials")


def test_a_store_that_does_not_open_is_said_and_so_is_an_address_for_a_folder(capsys):
    fsspec.register_implementation("locked", Locked, clobber=True)
    for call in (["build", "locked://in"], ["build", "a", "--out", "locked://out"]):
        assert main(call) == 2
        said = capsys.readouterr().err
        assert "打不开 locked://" in said and "凭据" in said and "Traceback" not in said
    with pytest.raises(InputError, match="打不开 locked"):
        query("SELECT 1", "locked://in")
    for command in (
        ["audit", "--data", "s3://a/b"],
        ["charts", "--out", "s3://a/b"],
        ["report", "--out", "s3://a/b.docx"],
    ):
        assert main(command) == 2 and "须为本机的路径" in capsys.readouterr().err


def test_errors_of_a_store_s_own_are_one_sentence(store, monkeypatch, capsys):
    def find(*_, **__):
        raise LookupError("Unable to locate credentials")  # as botocore's, it is no OSError

    monkeypatch.setattr(type(store), "find", find)
    assert main(["build", "memory://in"]) == 2
    said = capsys.readouterr().err
    assert "memory://in（Unable to locate credentials）" in said and "凭据" in said and "Traceback" not in said


def test_the_same_in_a_store_that_speaks_s3(tmp_path, monkeypatch):
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(port=0)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
    }.items():
        monkeypatch.setenv(name, value)
    try:
        bucket = fsspec.filesystem("s3", skip_instance_cache=True)
        bucket.mkdir("budgets")
        put(bucket, "budgets/2024/8.txt", 8)
        assert main(["build", "s3://budgets/2024", "--out", "s3://budgets/out"]) == 0
        there = files(bucket, "budgets/out")
    finally:
        server.stop()
    (tmp_path / "8.txt").write_text(TABLE.format(8), encoding="utf-8")
    assert main(["build", str(tmp_path / "8.txt"), "--out", str(tmp_path / "out")]) == 0
    for path in (tmp_path / "out").iterdir():
        assert path.is_dir() or there[f"/{path.name}"] == path.read_bytes()
