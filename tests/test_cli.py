"""The command line: inputs, printed lines, exit codes, and that nothing is written when the call is wrong."""

import hashlib
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

import budgetperf
import budgetperf.pipeline.keys  # real, also where a small pipeline stands in its package's place
from budgetperf import cli
from budgetperf.cli import collect_inputs, main
from budgetperf.cli.build import passed_over
from budgetperf.errors import InputError
from budgetperf.tables import store
from budgetperf.tables.dataset import Dataset, concat, typed
from budgetperf.tables.declared import TABLES

ROOT = Path(__file__).parents[1]


def fake_document(path: Path) -> Dataset:
    """A document whose content is its status, as the pipeline would give it."""
    status = path.read_text()
    number = hashlib.sha256(path.name.encode()).hexdigest()[:12]
    tables = {"documents": {"document_id": [number], "source": [path.name], "status": [status]}}
    if status == "unreadable":
        message = "第 1 页只有图片\n，没有文字。请先做文字识别。"
        finding = {"finding_no": [1], "document_id": [number], "rule": ["R01"], "severity": ["E"], "message": [message]}
        tables["findings"] = finding
    else:
        tables["documents"]["printed_total_wan_yuan"] = [Decimal("1536.74")]
        tables["projects"] = {"document_id": [number], "project_no": [1], "budget_wan_yuan": [Decimal("1536.740")]}
        tables["checks"] = {
            "document_id": [number] * 2,
            "project_no": [None, 1],
            "check": ["total", "weights"],
            "expected": ["1536.74", "90"],
            "actual": ["1536.74", "85"],
            "passed": [True, status == "reconciled"],
            "note": [None, "差 5 分"],
        }
        repair = {"repair_no": [1], "document_id": [number], "project_no": [1], "field": ["name"], "rule": ["wraps"]}
        tables["repairs"] = repair | {"evidence": ["折行"], "grade": ["certain"], "kind": ["spelling"]}
    return Dataset(**{name: typed(pd.DataFrame(tables.get(name, {})), name) for name in TABLES})


@pytest.fixture
def pipeline(monkeypatch):
    """A small pipeline in place of the real one; `.calls` records (paths, repair)."""

    def build(paths, repair=True, progress=None, **_):
        fake.calls.append((list(paths), repair))
        return concat([fake_document(path) for path in paths])

    fake = SimpleNamespace(build=build, calls=[])
    monkeypatch.setattr(budgetperf, "pipeline", fake, raising=False)
    monkeypatch.setitem(sys.modules, "budgetperf.pipeline", fake)
    return fake


def put(path: Path, text: str = "reconciled") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def run(*arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "budgetperf.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60)


def test_usage_errors_in_a_process_of_their_own(tmp_path):
    wrong = run("build", str(tmp_path / "nowhere.pdf"), "--out", str(tmp_path / "out"))
    assert wrong.returncode == 2 and wrong.stdout == ""
    assert re.fullmatch(r"budgetperf：找不到输入：.*nowhere.pdf。没有写出任何文件。请检查路径.*。\n", wrong.stderr)
    assert not (tmp_path / "out").exists()
    unknown = run("biuld")
    assert unknown.returncode == 2
    assert unknown.stderr.startswith("budgetperf：没有“biuld”这个命令，是不是想用 build。没有写出任何文件。用法见")


def test_help_loads_nothing_heavy():
    code = (
        "import sys; from budgetperf.cli import main; assert main(['build', '--help']) == 0;"
        "heavy = {'pandas', 'numpy', 'pandera', 'duckdb', 'pyarrow', 'camelot', 'matplotlib', 'tqdm'} & set(sys.modules);"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", timeout=60)
    assert done.returncode == 0, done.stderr
    assert "退出码" in done.stdout and "Reads documents" in done.stdout


def test_workers_start_before_anything_heavy_is_loaded(tmp_path):
    (tmp_path / "a.txt").write_text("甲", encoding="utf-8")
    code = (
        "import sys; from budgetperf.cli import main; from budgetperf.works import pool;"
        "loaded = lambda: print('loaded:', *{'pandas', 'numpy', 'pyarrow'} & set(sys.modules));"
        "pool.start = lambda *_: sys.exit(loaded());"  # the build behind it shows nothing more
        "main(['build', 'a.txt', '--out', 'out'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", timeout=120, cwd=tmp_path
    )
    assert done.stdout.splitlines()[0] == "loaded:", done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "没有给出命令"),
        (["zzz"], "没有“zzz”这个命令，可用的命令：build"),
        (["build", "--nope"], "不认识的参数：--nope"),
        (["audit", "--lang", "fr"], "--lang 没有“fr”，可用的：zh, en"),
        (["audit", "--project", "x"], "--project 应为整数，不是“x”"),
        (["build", "--out"], "--out 后面要有一个值"),
        (["build", "--jobs", "0"], "--jobs：须为大于 0 的整数"),
    ],
)
def test_a_wrong_call_exits_2_and_says_why(arguments, said, capsys):
    assert main(arguments) == 2
    assert said in capsys.readouterr().err


def test_version(capsys):
    assert main(["--version"]) == 0
    assert re.fullmatch(r"budgetperf \d+\.\d+\.\d+\S*\n", capsys.readouterr().out)


def test_a_folder_means_every_document_below_it_once_and_sorted(tmp_path):
    wanted = [put(tmp_path / name) for name in ("a.pdf", "b/旧.doc", "b/c.XLSX", "b/d/e.tsv", "b/图.png", "z.html")]
    beside = [tmp_path / "z.files/sheet001.htm", tmp_path / "z_files/s.css"]
    for name in (
        ".hidden.pdf",
        ".git/f.txt",
        "~$a.xlsx",
        "program.py",
        "budgetperf.toml",
        "clean/projects.csv",
        *beside,
    ):
        put(tmp_path / name)
    twice = [tmp_path / "z.html", tmp_path, tmp_path / "b" / ".." / "a.pdf"]
    found = collect_inputs(twice, out=tmp_path / "clean")
    assert [path.resolve() for path in found] == sorted(wanted)
    assert passed_over(twice, found, tmp_path / "clean") == ["跳过的文件（不是文档的格式）：program.py"]


def test_a_file_given_by_name_is_read_whatever_its_suffix(tmp_path):
    assert collect_inputs([put(tmp_path / "table.dat")]) == [tmp_path / "table.dat"]


def test_an_empty_folder_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match=r"没有可读的文件。没有写出任何文件。请放入这些格式的文件：.*\.pdf"):
        collect_inputs([tmp_path])


def test_all_reconciled(tmp_path, pipeline, capsys):
    put(tmp_path / "raw/a.pdf")
    assert main(["build", str(tmp_path / "raw"), "--out", str(tmp_path / "out")]) == 0
    captured = capsys.readouterr()
    assert captured.out.splitlines() == [
        "[勾稽一致] a.pdf：项目 1，指标 0，预算合计 1,536.74 万元（印刷合计 1,536.74 万元），"
        "校验通过 2/2，修复 1（确定 1）",
        f"已写入 {tmp_path / 'out'}",
    ]
    assert captured.err == "", "no progress bar where stderr is no terminal"
    assert pipeline.calls == [([tmp_path / "raw/a.pdf"], True)]
    assert store.load(tmp_path / "out").documents["source"].tolist() == ["a.pdf"]


def test_open_and_unreadable_documents_are_named_with_their_reasons(tmp_path, pipeline, capsys):
    put(tmp_path / "a.pdf", "open")
    put(tmp_path / "b.doc", "unreadable")
    put(tmp_path / "c.txt", "reconciled")
    assert main(["build", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("：")[0] for line in lines[:3]] == ["[待核] a.pdf", "[无法读取] b.doc", "[勾稽一致] c.txt"]
    assert lines[3:7] == [
        "a.pdf（待核）：",
        "  - 项目 1：weights 未通过，应为 90，实为 85（差 5 分）",
        "b.doc（无法读取）：",
        "  - 第 1 页只有图片 ，没有文字。请先做文字识别。",
    ]
    assert len(store.load(tmp_path / "out").documents) == 3


def test_no_repair_reaches_the_pipeline(tmp_path, pipeline):
    assert main(["build", str(put(tmp_path / "a.pdf")), "--no-repair", "--out", str(tmp_path / "out")]) == 0
    assert pipeline.calls[0][1] is False


def test_default_folders(tmp_path, pipeline, monkeypatch):
    put(tmp_path / "data/raw/a.txt")
    monkeypatch.chdir(tmp_path)
    assert main(["build"]) == 0
    assert (tmp_path / "data/clean/projects.csv").exists()


def test_an_out_that_is_a_file_is_said_before_anything_is_read(tmp_path, pipeline, capsys):
    out = put(tmp_path / "out", "mine")
    assert main(["build", str(put(tmp_path / "a.pdf")), "--out", str(out)]) == 2
    assert pipeline.calls == [] and out.read_text() == "mine"
    assert "不是文件夹" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("failure", "code", "said"), [(KeyboardInterrupt, 130, "已中断"), (ZeroDivisionError, 2, "内部出错")]
)
def test_a_break_leaves_the_earlier_build_alone(tmp_path, pipeline, capsys, failure, code, said):
    arguments = ["build", str(put(tmp_path / "a.pdf")), "--out", str(tmp_path / "out")]
    assert main(arguments) == 0
    before = {path: path.read_bytes() for path in (tmp_path / "out").iterdir()}

    def build(paths, repair=True, progress=None, **_):
        raise failure

    pipeline.build = build
    assert main(arguments) == code
    assert said in capsys.readouterr().err
    assert {path: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_progress_bar_where_stderr_is_a_terminal(tmp_path, pipeline, monkeypatch, capsys):
    def build(paths, repair=True, progress=None, **_):
        for done, path in enumerate(paths, start=1):
            progress(done, len(paths), path)
        return concat([fake_document(path) for path in paths])

    pipeline.build = build
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["build", str(put(tmp_path / "a.pdf")), "--out", str(tmp_path / "out")]) == 0
    assert "1/1" in capsys.readouterr().err


def test_a_document_cannot_paint_on_the_terminal(tmp_path, pipeline, capsys):
    path = put(tmp_path / "a\x1b[31m.pdf", "open")
    main(["build", str(path), "--out", str(tmp_path / "out")])
    assert "\x1b" not in capsys.readouterr().out


def test_every_command_has_its_section_in_the_docs():
    page = (ROOT / "docs/cli.md").read_text(encoding="utf-8")
    assert re.findall(r"^## budgetperf (\S+)$", page, re.MULTILINE) == list(cli.COMMANDS)
