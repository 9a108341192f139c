"""build(): many documents of the family read right, bad input told apart, the same bytes for the same input."""

import hashlib
import importlib
import json
import os
import re
import signal
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import pandas as pd
import pytest
from generator.text import to_text
from generator.truth import make_truth, random_options
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from scoring import score, wrong_cells

import budgetperf
from budgetperf import pipeline
from budgetperf.cli import main
from budgetperf.errors import InputError
from budgetperf.pipeline import build, build_document
from budgetperf.settings import Settings
from budgetperf.tables.store import save, saving, to_bytes
from budgetperf.works import timings
from budgetperf.works.pool import Stopped

HEAD = "项目名称\t项目类别\t预算数{}\t绩效目标\t一级指标\t二级指标\t三级指标\t指标性质\t指标值\t度量单位\t分值权重"
TABLE = """2024年部门预算项目支出绩效目标批复表

{head}
合计\t\t{total}
63012300024T000000550-社区工作经费\t3-特定目标类\t{a}\t保障社区正常运转\t产出指标\t数量指标\t社区数量\t=\t8\t个\t50
\t\t\t\t效益指标\t社会效益\t社区秩序良好率\t≥\t90\t%\t30
\t\t\t\t满意度指标\t服务对象满意度\t居民满意度\t≥\t95\t%\t10
63012300024T000000551-食堂运转经费\t3-特定目标类\t{b}\t保障职工正常用餐\t产出指标\t数量指标\t用餐人数\t≥\t98\t人\t50
\t\t\t\t效益指标\t社会效益\t按时供餐率\t≥\t98\t%\t30
\t\t\t\t满意度指标\t服务对象满意度\t职工满意度\t≥\t98\t%\t10
"""


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def table(head: str = " (万元)", a: str = "68.00", b: str = "11.20", total: str = "79.20") -> str:
    return TABLE.format(head=HEAD.format(head), a=a, b=b, total=total)


@pytest.mark.parametrize("real", [False, True], ids=["plain", "worse"])
@pytest.mark.parametrize("seed", range(20, 30))
def test_generated_documents_are_read_right_and_never_silently_wrong(seed, real, tmp_path):
    truth = make_truth(seed, **random_options(seed, "approval"))
    dataset = build_document(put(tmp_path, "a.txt", to_text(truth, seed, real=real)))
    total, wrong, silent = score(truth, dataset)
    listed = [
        f"{c['project']}/{c['indicator']}/{c['field']}: {c['want']!r} → {c['got']!r}"
        for c in wrong_cells(truth, dataset)
    ]
    assert not silent, listed[:5]
    assert wrong <= total * (0.02 if real else 0), listed[:5]


def test_amounts_in_yuan_are_stored_in_wan_yuan(tmp_path):
    dataset = build([put(tmp_path, "a.txt", table("（元）", "680,000.00", "112,000.00", "792,000.00"))])
    assert dataset.projects["budget_wan_yuan"].tolist() == [Decimal(68), Decimal("11.2")]
    assert dataset.documents["amount_unit"].item() == "元"
    assert dataset.documents["printed_total_wan_yuan"].item() == Decimal("79.2")
    assert dataset.documents["status"].item() == "reconciled"


def test_an_amount_without_a_printed_unit_is_never_assumed(tmp_path):
    dataset = build([put(tmp_path, "a.txt", table(""))])
    assert dataset.projects["budget_wan_yuan"].isna().all() and dataset.documents["status"].item() == "open"
    assert "amount_unit" in set(dataset.checks.loc[~dataset.checks["passed"], "check"])


def test_a_total_that_does_not_hold_is_a_finding_and_changes_nothing(tmp_path):
    dataset = build([put(tmp_path, "a.txt", table(total="80.00"))])
    assert dataset.documents["status"].item() == "open"
    assert dataset.projects["budget_wan_yuan"].tolist() == [Decimal(68), Decimal("11.2")]
    finding = dataset.findings[dataset.findings["rule"] == "D01"].iloc[0]
    assert finding["severity"] == "E" and "79.2" in finding["message"] and "80" in finding["message"]


BAD = {
    "empty.txt": (b"", "0 字节"),
    "blank.txt": (b"\n\t \n", "没有文字"),
    "binary.txt": (bytes(range(256)) * 20, "二进制"),
    "prose.txt": ("会议纪要\n第一条\t参加人员\n".encode(), "绩效目标表"),
    "big5.txt": (("項目支出績效目標批復表，合計金額單位：萬元" * 20).encode("big5"), "没有找到"),
    "korean.txt": (("사업 지출 성과 목표 표입니다\t합계\n" * 20).encode("euc_kr"), "绩效目标表|编码"),
    "cut.txt": (table().encode()[:-2], "编码"),
    "head.txt": ((HEAD.format(" (万元)") + "\n").encode(), "绩效目标表"),
}


@pytest.mark.parametrize("name", [n for n in BAD if n != "cut.txt"])
def test_bad_input_is_named_with_a_way_out(name, tmp_path):
    content, said = BAD[name]
    dataset = build([put(tmp_path, name, content)])
    assert dataset.documents["status"].tolist() == ["unreadable"] and dataset.projects.empty
    message = dataset.findings["message"].item()
    assert re.search(said, message) and message.startswith(name) and message.count("。") >= 2 and "请" in message
    assert "Error" not in message and "Traceback" not in message


def test_other_inputs_are_built_and_the_exit_code_says_that_some_failed(tmp_path, capsys):
    inputs = tmp_path / "in"
    inputs.mkdir()
    for name, (content, _) in BAD.items():
        put(inputs, name, content)
    put(inputs, "good.txt", table())
    assert main(["build", str(inputs), "--out", str(tmp_path / "out")]) == 1
    printed = capsys.readouterr().out
    assert "[勾稽一致] good.txt" in printed and "[无法读取] empty.txt" in printed
    documents = pd.read_csv(tmp_path / "out/documents.csv").set_index("source")
    assert documents.loc["good.txt", "projects"] == 2 and (documents["status"] == "unreadable").sum() >= len(BAD) - 1
    assert [path.name for path in (tmp_path / "out").glob(".*")] == [".budgetperf"]


def test_a_missing_file_writes_nothing(tmp_path, capsys):
    assert main(["build", str(tmp_path / "nowhere.txt"), "--out", str(tmp_path / "out")]) == 2
    assert "找不到输入" in capsys.readouterr().err and not (tmp_path / "out").exists()


def test_a_file_that_vanished_does_not_stop_the_others(tmp_path, monkeypatch):
    """Between the look into the folder and the reading; one that was never there is an error of the call."""
    gone, good = put(tmp_path, "gone.txt", table()), put(tmp_path, "good.txt", table())
    with monkeypatch.context() as patched:
        patched.setattr(
            type(gone), "read_bytes", lambda path: missing(path) if path == gone else path.open("rb").read()
        )
        dataset = build([gone, good])
    assert dataset.documents["status"].tolist() == ["unreadable", "reconciled"]


def missing(path):
    raise FileNotFoundError(2, "No such file or directory", str(path))


def test_a_fault_of_ours_in_one_document_does_not_stop_the_others(tmp_path, monkeypatch):
    from budgetperf.pipeline import document

    right = document.printed_tables

    def breaks(reading):
        if "坏" in reading.cells["text"].iat[0]:
            raise ZeroDivisionError("x")
        return right(reading)

    monkeypatch.setattr(document, "printed_tables", breaks)
    dataset = build([put(tmp_path, "bad.txt", "坏\n" + table()), put(tmp_path, "good.txt", table())], jobs=0)
    assert dataset.documents["status"].tolist() == ["unreadable", "reconciled"]
    assert "ZeroDivisionError" in dataset.findings["message"].iat[0]
    assert "test_pipeline.py" in dataset.findings["evidence"].iat[0]


def test_what_is_kept_of_foreign_rules_hangs_on_their_whole_package(tmp_path, monkeypatch):
    from budgetperf.pipeline import keys

    (tmp_path / "office_rules/inner").mkdir(parents=True)
    (tmp_path / "office_rules/__init__.py").write_text("def judge(): ...")
    helper = tmp_path / "office_rules/inner/limits.py"
    helper.write_text("LIMIT = 5")
    monkeypatch.syspath_prepend(tmp_path)
    judge = importlib.import_module("office_rules").judge
    monkeypatch.setattr(keys, "all_rules", lambda: [SimpleNamespace(run=judge)])
    before = keys._rules.__wrapped__()
    helper.write_text("LIMIT = 6")
    assert keys._rules.__wrapped__() != before


def test_the_same_content_twice_is_counted_once(tmp_path):
    dataset = build([put(tmp_path, "a.txt", table()), put(tmp_path, "b.txt", table())])
    assert len(dataset.documents) == 1 and len(dataset.projects) == 2
    twin = dataset.findings[dataset.findings["rule"] == "R03"]
    assert "b.txt" in twin["message"].item()


def test_the_same_content_in_other_bytes_is_counted_once(tmp_path):
    text = to_text(make_truth(3, projects=3), 3)
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    (tmp_path / "b.txt").write_text(text + "\n", encoding="utf-8")
    (tmp_path / "c.txt").write_text(text.replace("≥", "≤", 1), encoding="utf-8")
    dataset = build([tmp_path / name for name in ("a.txt", "b.txt", "c.txt")])
    assert dataset.documents["source"].tolist() == ["a.txt", "c.txt"]
    twin = dataset.findings[dataset.findings["rule"] == "R03"]
    assert "b.txt" in twin["message"].item() and "逐格相同" in twin["basis"].item()


def test_a_self_evaluation_with_other_scores_is_another_document(tmp_path):
    """Its results are all that it adds to the plan: the corrected one must not be taken for the first once more."""
    heads = "项目名称,预算数(万元),一级指标,二级指标,三级指标,年度指标值,实际完成值,分值,得分,偏差原因分析及改进措施"
    row = "甲项目,5,产出指标,数量指标,培训人数,≥50人,45人,90,"
    for name, result in (("a.csv", "90,"), ("b.csv", "81,参训人员不足")):
        put(tmp_path, name, f"2024年度项目支出绩效自评表\n{heads}\n{row}{result}\n")
    dataset = build([tmp_path / "a.csv", tmp_path / "b.csv"], jobs=0)
    assert dataset.indicators["score"].tolist() == [90, 81] and "R03" not in set(dataset.findings["rule"])


def test_an_audit_that_a_bound_stops_costs_one_document_its_findings(tmp_path, monkeypatch):
    paths = [put(tmp_path, "a.txt", table()), put(tmp_path, "b.txt", table().replace("食堂运转经费", "车辆运转经费"))]
    whole, here = build(paths, jobs=0), pipeline._here
    stopped = whole.documents["document_id"].iat[0]
    calls = iter([True, False])

    def bounded(function, *arguments, step):
        if function.endswith("part_bytes") and next(calls):
            raise Stopped("用时超过 1 秒")
        return here(function, *arguments, step=step)

    monkeypatch.setattr(pipeline, "_here", bounded)
    dataset = build(paths, jobs=0)
    assert dataset.projects.equals(whole.projects) and dataset.checks.equals(whole.checks)
    of_first = dataset.findings["document_id"] == stopped
    assert "审计没有做完（用时超过 1 秒）" in dataset.findings.loc[of_first, "message"].item()
    others = whole.findings[whole.findings["document_id"] != stopped]
    assert dataset.findings.loc[~of_first, "message"].tolist() == others["message"].tolist()


def test_no_repair_gives_the_print(tmp_path):
    head, code, canteen = table(total="101.60").partition("63012300024T000000551")
    others = [f"{code[:-1]}{n}{canteen.replace('食堂', name)}" for n, name in enumerate(("食堂", "门岗", "保洁"), 1)]
    text = "".join([head, *others]).replace("保障社区正常运转", "保障社区 正常运转").replace("\t30\n", "\t\n", 1)
    path = put(tmp_path, "a.txt", text)
    plain, mended = build([path], repair=False), build([path])
    assert plain.repairs.empty and plain.projects["objective"].iat[0] == "保障社区 正常运转"
    assert plain.indicators["weight"].isna().sum() == 1 and plain.indicators["level1"].notna().sum() == 12
    assert mended.projects["objective"].iat[0] == "保障社区正常运转" and mended.indicators["weight"].notna().all()
    assert {"undo_wrap", "weight_by_total"} <= set(mended.repairs["rule"])


def test_signs_are_signs_without_repairs_too(tmp_path):
    path = put(tmp_path, "a.txt", table().replace("≥", ">="))
    plain, mended = build(path, repair=False), build([str(path)])
    assert plain.repairs.empty and plain.indicators["comparator"].tolist() == mended.indicators["comparator"].tolist()
    assert "≥" in set(plain.indicators["comparator"])


def test_a_table_that_breaks_the_contract_costs_the_others_nothing(tmp_path, monkeypatch):
    good, bad = put(tmp_path, "good.txt", table()), put(tmp_path, "bad.txt", table().replace("社区", "街道"))
    whole = pipeline.document.read_document

    def spoiled(name, *more):
        dataset = whole(name, *more)
        wrong = dataset.indicators.assign(comparator=pd.Series(["!?"] * len(dataset.indicators), dtype="str"))
        return replace(dataset, indicators=wrong) if name == bad.name else dataset

    monkeypatch.setattr(pipeline.document, "read_document", spoiled)
    dataset = build([bad, good], jobs=0)
    assert dataset.documents["status"].tolist() == ["unreadable", "reconciled"]
    assert set(dataset.indicators["document_id"]) == {dataset.documents["document_id"].iat[1]}
    reason = dataset.findings.loc[dataset.findings["rule"] == "R01", "message"].item()
    assert "bad.txt" in reason and "comparator" in reason and "反馈" in reason


def test_progress_order_and_completion_across_documents(tmp_path):
    whole = "推动基层治理能力水平不断提升情况"
    cut = {n: whole[:12] if n else whole for n in (0, 1)}
    paths, seen = [], []
    for n, name in cut.items():
        text = table(a=f"6{n}.00", total=f"{71 + n + Decimal('0.2')}").replace("社区秩序良好率", name)
        if n:
            text = text.replace("按时供餐率", "夯实社区基层党组织的执政").replace(
                "用餐人数", "各项事业持续健康发展，人"
            )
        paths.append(put(tmp_path, f"{n}.txt", text))
    dataset = build(paths, progress=lambda *step: seen.append(step))
    read, judged = seen[:2], seen[2:]
    assert [step[:2] for step in read] == [(1, 2), (2, 2)] and {step[2] for step in read} == set(paths)
    assert judged == [(2, 2, "审计 1/2"), (2, 2, "审计 2/2")]
    assert dataset.documents["source"].tolist() == ["0.txt", "1.txt"]
    assert dataset.repairs["repair_no"].tolist() == list(range(1, len(dataset.repairs) + 1))
    completed = dataset.indicators[dataset.indicators["name"] == whole[:12]]
    assert completed["is_cut"].all() and completed["name_completed"].tolist() == [whole]


def test_the_same_input_gives_the_same_bytes(tmp_path):
    path = put(tmp_path, "a.txt", to_text(make_truth(3, projects=6), 3, real=True))
    hashes = []
    for out in ("one", "two"):
        save(build([path]), tmp_path / out)
        hashes.append({f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in sorted((tmp_path / out).iterdir())})
    assert hashes[0] == hashes[1] and len(hashes[0]) > 10


def test_the_librarys_front_door(tmp_path):
    dataset = budgetperf.build([put(tmp_path, "a.txt", table())])
    save(dataset, tmp_path / "out")
    again = budgetperf.load(tmp_path / "out")
    for name, frame in dataset.tables().items():
        pd.testing.assert_frame_equal(frame, getattr(again, name))
    assert isinstance(again, budgetperf.Dataset)


# ---- bounded, one document at a time ---------------------------------------------------------------------------------


def test_a_document_that_takes_too_much_costs_only_itself(tmp_path, monkeypatch):
    right = pipeline.pool.call

    def stops(function, name, *arguments, **options):
        if name == "endless.txt":
            raise pipeline.pool.Stopped("用了 300 秒处理器时间还没有读完，已停止")
        return right(function, name, *arguments, **options)

    monkeypatch.setattr(pipeline.pool, "call", stops)
    kept = tmp_path / "kept"
    dataset = build([put(tmp_path, "endless.txt", "慢" + table()), put(tmp_path, "good.txt", table())], kept=kept)
    assert dataset.documents["status"].tolist() == ["unreadable", "reconciled"]
    assert "300 秒" in dataset.findings.loc[dataset.findings["rule"] == "R01", "message"].item()
    assert len(list(kept.glob("*.result"))) == 2, "tables and findings of one; the other is tried again next time"


def test_what_is_no_file_is_named_and_passed_over(tmp_path, capsys):
    inputs = tmp_path / "in"
    inputs.mkdir()
    put(inputs, "good.txt", table())
    os.mkfifo(inputs / "pipe.pdf")
    (inputs / "loop.xlsx").symlink_to("loop.xlsx")
    (inputs / "device.txt").symlink_to("/dev/zero")
    (inputs / "again").symlink_to(inputs)
    with open(os.fsencode(inputs) + b"/" + "2024年预算.txt".encode("gbk"), "wb") as file:
        file.write(table(a="69.00", total="80.20").encode())
    for file in os.scandir(inputs):  # old enough to be noted as seen, under whatever name
        os.utime(file, (1e9, 1e9), follow_symlinks=False)
    assert main(["build", str(inputs), "--out", str(tmp_path / "out")]) == 1
    printed = capsys.readouterr().out
    assert "[勾稽一致] good.txt" in printed and "[勾稽一致] 2024年预算.txt" in printed
    for name, why in {"pipe.pdf": "命名管道", "loop.xlsx": "打不开", "device.txt": "设备"}.items():
        assert f"[无法读取] {name}" in printed and re.search(f"- {name}：.*{why}", printed)
    assert "跳过的文件（不是文档的格式）：again\n" in printed


def test_a_link_to_another_folder_is_followed_once(tmp_path, capsys):
    for folder, amount in {"in": "68.00", "in/below": "69.00", "other": "70.00"}.items():
        (tmp_path / folder).mkdir()
        put(tmp_path / folder, f"{amount[:2]}.txt", table(a=amount))
    for name, to in {
        "in/linked": "other",
        "in/once more": "other",
        "in/before": "in/below",
        "other/back": "in",
    }.items():
        (tmp_path / name).symlink_to(tmp_path / to, target_is_directory=True)
    main(["build", str(tmp_path / "in"), "--out", str(tmp_path / "out")])
    printed = capsys.readouterr().out
    read = re.findall(r"\[[^]]+\] (\S+\.txt)：", printed)
    assert sorted(read) == ["68.txt", "69.txt", "70.txt"]


def test_a_folder_that_cannot_be_looked_into_is_named(tmp_path, monkeypatch, capsys):
    put(tmp_path, "good.txt", table())
    shut = tmp_path / "shut"
    shut.mkdir()
    right = os.scandir

    def refuses(path="."):
        if path in (shut, str(shut)):
            raise PermissionError(13, "Permission denied", str(shut))
        return right(path)

    monkeypatch.setattr(os, "scandir", refuses)
    assert main(["build", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    printed = capsys.readouterr().out
    assert "[勾稽一致] good.txt" in printed and "[无法读取] shut" in printed and "Permission denied" in printed


# ---- built again, and in any number of processes: the same bytes ------------------------------------------------------

WHOLE = "推动基层治理能力水平不断提升情况"  # cut in one document, whole in another: completed over documents


def document_of(number: int, state: int) -> str:
    """One of a few documents, in one of two states; they complete and contradict each other."""
    name = WHOLE[:12] if state else WHOLE
    text = table(a=f"6{number}.00", total=f"{71 + number + Decimal('0.2')}").replace("社区秩序良好率", name)
    text = text.replace("用餐人数", "各项事业持续健康发展，人").replace("按时供餐率", "夯实社区基层党组织的执政")
    return text if number < 3 else "没有表格的文件\n"


@settings(max_examples=3, derandomize=True, phases=[Phase.generate])
@given(
    st.lists(
        st.dictionaries(st.integers(0, 3), st.tuples(st.integers(0, 1), st.sampled_from("az")), min_size=1),
        min_size=2,
        max_size=3,
    )
)
def test_what_is_built_again_is_what_a_fresh_build_gives(states):
    """Documents come, go, change and are called otherwise, which puts them in another order; only what changed is read, what
    was printed of the others is joined."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        kept, known = folder / "kept", {}.items()
        for state in states:
            for path in folder.glob("*.txt"):
                path.unlink()
            texts = {f"{called}{number}.txt": document_of(number, one) for number, (one, called) in state.items()}
            paths = [put(folder, file, text) for file, text in sorted(texts.items())]
            timings.taken()
            with saving(folder / "again") as write:
                write(build(paths, kept=kept, jobs=0, final=write))
            assert ("读取" in timings.taken()) == bool(texts.items() - known), "read if and only if it changed"
            budgetperf.save(build(paths, jobs=0), folder / "fresh")
            for file in (folder / "fresh").iterdir():
                assert (folder / "again" / file.name).read_bytes() == file.read_bytes(), file.name
            known = texts.items()


def test_the_files_are_the_same_bytes_whatever_the_number_of_jobs(tmp_path):
    inputs = tmp_path / "in"
    inputs.mkdir()
    for number in range(4):
        put(inputs, f"{number}.txt", document_of(number, number % 2))
    written = []
    for jobs in ("1", "2", "2"):  # the last from what is kept
        assert main(["build", str(inputs), "--out", str(tmp_path / f"out{jobs}"), "--jobs", jobs]) == 1
        written.append({path.name: path.read_bytes() for path in (tmp_path / f"out{jobs}").iterdir() if path.is_file()})
    assert written[0] == written[1] == written[2]


def test_where_nothing_changed_nothing_is_written_again(tmp_path, capsys):
    path, out = put(tmp_path, "a.txt", table()), tmp_path / "out"
    os.utime(path, (1e9, 1e9))  # of a file written just now the time of change says nothing

    def built(*more: str) -> tuple[bool, str, dict[str, str]]:
        """Whether files were written; what was said, and what stands in the files."""
        before = {file.stat().st_ino for file in out.iterdir() if file.is_file()} if out.exists() else set()
        assert main(["build", str(path), "--out", str(out), *more]) == 0
        files = {file.name: file for file in out.iterdir() if file.is_file()}
        written = not before.issuperset(file.stat().st_ino for file in files.values())
        return written, capsys.readouterr().out, {name: file.read_bytes() for name, file in files.items()}

    first, again = built(), built()
    assert (first[0], again[0]) == (True, False) and first[1:] == again[1:]
    (out / "projects.csv").write_bytes(b"")  # what someone saved over
    assert built() == first and not built()[0]
    (tmp_path / "decisions.csv").touch()
    (tmp_path / "budgetperf.toml").write_text('[audit]\ndecisions = "decisions.csv"\n', encoding="utf-8")
    assert built()[0] and not built()[0]
    finding = budgetperf.load(out).findings["finding_id"][0]
    decided = f"finding_id,decision,decision_reason,decided_by\n{finding},dismissed,核实无误,某某\n"
    (tmp_path / "decisions.csv").write_text(decided, encoding="utf-8")
    assert built()[0] and budgetperf.load(out).findings["decision"][0] == "dismissed"
    assert built("--no-repair")[0]


def test_timings_by_stage(tmp_path, capsys):
    path = put(tmp_path, "a.txt", table())
    assert main(["build", str(path), "--out", str(tmp_path / "out"), "--timings"]) == 0
    said = capsys.readouterr().out.splitlines()[-1]
    assert re.match(r"用时 [\d.]+ 秒；处理器秒：读取 .*、合计 ", said)
    assert all(f"、{stage} " in said for stage in ("版面", "修复与校验", "成表", "合并", "审计", "写出"))


def test_other_thresholds_are_judged_anew_without_reading(tmp_path):
    path, kept = put(tmp_path, "a.txt", table().replace("≥\t95", "≥\t85")), tmp_path / "kept"
    build(path, kept=kept)
    other, _ = Settings(audit={"L01": {"warn_below": 90}}), timings.taken()
    again = build(path, kept=kept, settings=other)
    assert "读取" not in timings.taken() and again.findings["severity"][again.findings["rule"] == "L01"].tolist() == [
        "W"
    ]
    assert to_bytes(again) == to_bytes(build(path, jobs=0, settings=other))


def test_a_table_too_large_for_a_spreadsheet_has_no_csv_unless_asked_for(tmp_path, monkeypatch):
    path, out = put(tmp_path, "a.txt", table()), tmp_path / "out"
    assert main(["build", str(path), "--out", str(out)]) == 0
    monkeypatch.setattr("budgetperf.tables.store.SHEET", 3)
    put(tmp_path, "a.txt", table() + "\n")
    assert main(["build", str(path), "--out", str(out)]) == 0
    assert not (out / "indicators.csv").exists() and (out / "projects.csv").exists()
    resources = {one["name"]: one["path"] for one in json.loads((out / "datapackage.json").read_bytes())["resources"]}
    assert resources["indicators"] == "indicators.parquet" and resources["projects"] == "projects.csv"
    assert len(budgetperf.load(out).indicators) == 6
    assert main(["build", str(path), "--out", str(out), "--csv"]) == 0
    assert (out / "indicators.csv").exists()


def test_a_kept_result_that_is_damaged_is_made_anew(tmp_path):
    path, kept = put(tmp_path, "a.txt", table()), tmp_path / "kept"
    first = to_bytes(build(path, kept=kept))
    for file in kept.iterdir():
        file.write_bytes(file.read_bytes()[:-1])
    assert to_bytes(build(path, kept=kept)) == first


def test_a_cluster_gives_the_same_bytes_though_a_worker_is_killed_on_the_way(tmp_path):
    from distributed import LocalCluster

    paths = [put(tmp_path, f"{number}.txt", document_of(number % 3, number % 2) + "\n" * number) for number in range(5)]
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, processes=True) as cluster:
        victims = [worker.process.pid for worker in cluster.workers.values()]

        def kill_one(done, *_):
            if done == 1 and victims:
                os.kill(victims.pop(), signal.SIGKILL)
                victims.clear()

        there = to_bytes(build(paths, scheduler=cluster.scheduler_address, progress=kill_one))
    assert not victims and there == to_bytes(build(paths, jobs=0))


def test_a_scheduler_that_is_not_there_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("budgetperf.works.cluster.SECONDS", 0.2)
    with pytest.raises(InputError, match="连不上 Dask 调度器 tcp"):
        build(put(tmp_path, "a.txt", table()), scheduler="tcp://127.0.0.1:9")
