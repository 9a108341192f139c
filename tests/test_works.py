"""Work in processes of its own: bounded in time and memory, one crash costs one call, nothing is lost or left behind."""

import json
import os
import signal
import sys
import textwrap
import time

import psutil
import pytest

from budgetperf.tables import whole
from budgetperf.works import pool, results
from budgetperf.works.pool import Limits, Stopped, call

TASKS = """
import os, time
def double(number, step): return 2 * number
def steps(count, step):
    for number in range(1, count + 1): step(number, count)
    return os.getpid()
def spin(step):
    while True: pass
def spin_between_signs(step):
    while True:
        end = time.process_time() + 0.2
        while time.process_time() < end: pass
        step(1, 2)
def eat(step):
    held = []
    while True: held.append(bytearray(b"1" * 2**24))
def crash(step): os.abort()
def leave(step): os._exit(3)
def fail(step): raise ZeroDivisionError("x")
def shout(step):
    print("among the answers"); os.write(1, b"more"); return "heard"
def sleep(step): time.sleep(1000)
"""
SMALL = Limits(seconds=1, memory_mb=300)


@pytest.fixture(scope="module", autouse=True)
def tasks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tasks")
    (folder / "tasks_for_workers.py").write_text(textwrap.dedent(TASKS))
    sys.path.insert(0, str(folder))
    yield
    sys.path.remove(str(folder))
    pool.stop_all()


def do(name, *arguments, limits=SMALL, **options):
    return call(f"tasks_for_workers:{name}", *arguments, limits=limits, **options)


def test_a_worker_stays_for_the_next_call_and_reports_its_steps():
    seen = []
    first = do("steps", 3, step=lambda *step: seen.append(step))
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert do("steps", 0) == first != os.getpid()


def test_what_a_library_prints_does_not_get_among_the_answers():
    assert do("shout") == "heard"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("spin", r"秒处理器时间.*seconds = 1"),
        ("eat", r"内存超过上限.*memory_mb = 300"),
        ("crash", r"中途崩溃（信号 6）"),
        ("leave", r"中途崩溃（退出码 3）"),
        ("fail", r"ZeroDivisionError: x"),
    ],
)
def test_what_goes_wrong_is_said_and_the_next_call_is_done(name, said):
    with pytest.raises(Stopped, match=said):
        do(name)
    assert do("double", 21) == 42


def test_signs_of_progress_put_the_end_off_but_not_for_ever():
    limits = Limits(seconds=0.5, memory_mb=300, steps=3)
    with pytest.raises(Stopped) as stopped:
        do("spin_between_signs", limits=limits)
    assert float(str(stopped.value).split()[1]) >= 1  # the first sign came after 0.2 s, the end after 3 × 0.5


def test_one_that_waits_for_what_never_comes_is_ended(monkeypatch):
    monkeypatch.setattr(pool, "QUIET", 0.5)
    with pytest.raises(Stopped, match="没有动静"):
        do("sleep")


def test_workers_end_with_the_process_that_started_them(tmp_path):
    """Killed, not closed: the worker is in the middle of an endless task and ends all the same."""
    script = tmp_path / "caller.py"
    script.write_text(
        f"import sys; sys.path[:0] = {sys.path!r}\n"
        "from budgetperf.works.pool import call\n"
        "call('tasks_for_workers:spin', step=None)\n"  # no guard for __main__: it must not be needed
    )
    caller = psutil.Popen([sys.executable, str(script)])
    while not (workers := caller.children()) or not workers[0].cpu_times().user > 0.3:
        time.sleep(0.05)
    os.kill(caller.pid, signal.SIGKILL)
    caller.wait()
    gone, alive = psutil.wait_procs(workers, timeout=20)
    assert gone and not alive


def test_results_are_kept_whole(tmp_path, monkeypatch):
    results.Kept(tmp_path).keep("a", b"1")
    with monkeypatch.context() as patched:
        patched.setattr(whole.os, "replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            results.Kept(tmp_path).keep("a", b"half")
    assert results.Kept(tmp_path).get("a") == b"1" and len(list(tmp_path.iterdir())) == 1
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes() + b"x")
    assert results.Kept(tmp_path).get("a") is None
    nowhere = results.Kept(None)
    nowhere.keep("a", b"1")
    assert nowhere.get("a") is None


def test_what_was_not_asked_for_is_forgotten(tmp_path):
    kept = results.Kept(tmp_path)
    for key in "ab":
        kept.keep(key, b"1")
    (tmp_path / ".half").touch()
    again = results.Kept(tmp_path)
    again.get("a")
    again.forget_others()
    assert [file.name for file in tmp_path.iterdir()] == ["a.result"]


def test_a_file_is_known_by_size_and_time_of_change_only_where_they_say_what_it_holds(tmp_path):
    file, folder = tmp_path / "a.pdf", tmp_path / "kept"
    file.write_bytes(b"one")
    digest = results.Kept(folder).note(file, b"one")

    def seen(stamp: float) -> str | None:
        os.utime(file, (stamp, stamp))
        kept = results.Kept(folder)
        kept.note(file, file.read_bytes())
        kept.forget_others()
        return results.Kept(folder).digest(file)

    assert seen(time.time()) is None, "it may change again within one tick of the clock"
    assert seen(time.time() - 60) == digest
    file.write_bytes(b"two")
    assert results.Kept(folder).digest(file) is None
    os.utime(file, (1, 1))
    assert results.Kept(folder).digest(file) is None


def test_a_worker_started_beforehand_is_the_one_called():
    pool.stop_all()
    pool.start(1, (), SMALL)
    (started,) = pool._waiting
    assert do("double", 21) == 42 and pool._waiting == [started]


def test_a_stopped_worker_is_no_longer_at_work():
    with pytest.raises(pool.Raised):
        do("double", None)
    assert not pool._at_work


def test_kept_files_that_are_no_record_of_files_are_none(tmp_path):
    file = tmp_path / "a.pdf"
    for content in ([], {str(file): 1}, {str(file): []}):
        (tmp_path / results.FILES).write_text(json.dumps(content))
        assert results.Kept(tmp_path).digest(file) is None


def test_one_that_cannot_start_is_said():
    with pytest.raises(Stopped, match="启动不了"):
        do("double", 21, modules=("no_such_module",))
