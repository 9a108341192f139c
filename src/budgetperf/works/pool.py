"""Functions called in worker processes that stay for the next call, each call within bounds of time and memory."""

import atexit
import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from budgetperf.works.worker import receive, send

POLL = 0.1  # seconds between two looks at a worker
QUIET = 60  # seconds in which a worker that uses no processor at all is waiting for what never comes
MEGABYTE = 2**20
LEFT_OVER = 256 * MEGABYTE  # that a worker may hold after a call
# One call is one core's work; and threads that nobody uses would count as memory.
_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2",
    "PYTHONIOENCODING": "utf-8",
}  # fmt: skip


class Limits(NamedTuple):
    """What one call may take: seconds of processor time since its last sign of progress, and in all; megabytes."""

    seconds: float = 300
    memory_mb: int = 1536
    steps: int = 10  # so many times `seconds` in all, however many signs of progress


LIMITS = Limits()


class Stopped(Exception):
    """A call that was ended, or ended its worker: `what` happened and `limit` which setting decided, in Chinese."""


class Raised(Stopped):
    """A call whose function raised, within its limits."""


def call(
    function: str, *arguments, limits: Limits = LIMITS, modules: tuple[str, ...] = (), step: Callable | None = None
):
    """`module:function(*arguments, step=…)` in a worker process; its result, which must be picklable.

    `step` is called with what the function reports by its own `step`. `modules` are loaded before the first call and
    not counted. Raises Stopped where the call takes more than its limits, ends its process or raises.

    >>> call("budgetperf.works.pool:_example", 20)
    21
    """
    worker = _take(modules, limits)
    try:
        worker.begin()
        result = worker.call(function, arguments, step)
    except BaseException:
        with _guard:
            _at_work.discard(worker)
        worker.stop()
        raise
    _give_back(worker)
    return result


def call_of(number: int) -> Callable:
    """`call` for one piece of work, so many at once at most whoever asks; once `stop_all` ended it, never again.

    >>> call_of(1)("budgetperf.works.pool:_example", 20)
    21
    """
    gate, began = threading.BoundedSemaphore(number), _stops

    def bounded(*arguments, **more):
        with gate:
            if _stops != began:
                raise Stopped("已中断")
            return call(*arguments, **more)

    return bounded


def _example(number: int, step: Callable) -> int:
    step(1, 1)
    return number + 1


class _Worker:
    """One process with what it was started for; one call at a time."""

    def __init__(self, modules: tuple[str, ...], limits: Limits):
        self.made_for = (modules, limits, tuple(sys.path))
        self.limits, self._reason, self._idle = limits, "", threading.Event()
        self._process = subprocess.Popen(
            [sys.executable, "-c", "import sys; sys.path[:0] = sys.argv[1:]; from budgetperf.works.worker import main; main()", *sys.path],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, **_ENVIRONMENT},
        )  # fmt: skip
        import psutil

        self._usage = psutil.Process(self._process.pid)
        self._own_memory = 0  # not known yet
        with contextlib.suppress(OSError):  # it has ended, which `begin` tells
            send(self._process.stdin, (list(sys.path), modules, limits.memory_mb * MEGABYTE))

    def begin(self) -> None:
        """Wait until it has loaded what its calls need."""
        if self._own_memory:
            return
        try:
            receive(self._process.stdout)
        except (EOFError, OSError, ValueError) as error:
            raise Stopped(f"工作进程启动不了（退出码 {self._process.wait()}），可能是内存不够") from error
        self._own_memory = self._usage.memory_info().rss

    @property
    def usable(self) -> bool:
        """Whether it still runs and holds no great memory left over from its last call."""
        if self._process.poll() is not None:
            return False
        return not self._own_memory or self._usage.memory_info().rss < self._own_memory + LEFT_OVER

    def call(self, function: str, arguments: tuple, step: Callable | None):
        self._idle.clear()
        self._start = self._at_step = self._at_look = self._seconds()
        self._moved = time.monotonic()
        watch = threading.Thread(target=self._watch, daemon=True)
        watch.start()
        try:
            send(self._process.stdin, (function, arguments))
            while True:
                kind, value = receive(self._process.stdout)
                if kind != "step":
                    break
                self._at_step = self._seconds()
                if step:
                    step(*value)
        except (EOFError, OSError, ValueError) as error:  # ValueError: stopped from another thread, its pipes closed
            raise Stopped(self._reason or _last_words(self._process.wait())) from error
        finally:
            self._idle.set()
            watch.join()
        if kind == "done":
            return value
        raise Stopped(_too_much_memory(self.limits)) if kind == "memory" else Raised(f"读取时出错（{value}）")

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                stream.close()

    def _watch(self) -> None:
        """Ends the process once it takes more than it may."""
        while not self._idle.wait(POLL):
            try:
                self._reason = self._excess()
            except Exception:  # it ended between two questions
                return
            if self._reason:
                self._process.kill()
                return

    def _seconds(self) -> float:
        try:
            times = self._usage.cpu_times()
        except Exception:  # it has ended, which the reading of its answer tells
            return 0.0
        return times.user + times.system

    def _excess(self) -> str:
        now, limits = self._seconds(), self.limits
        if now > self._at_look + 0.01:
            self._at_look, self._moved = now, time.monotonic()
        if now - self._at_step > limits.seconds or now - self._start > limits.seconds * limits.steps:
            return f"用了 {now - self._start:.0f} 秒处理器时间还没有读完，已停止（上限见 [build] seconds = {limits.seconds:g}）"
        if time.monotonic() - self._moved > QUIET:
            return f"{QUIET} 秒没有动静，已停止"
        if self._usage.memory_info().rss > self._own_memory + limits.memory_mb * MEGABYTE:
            return _too_much_memory(limits)
        return ""


def _too_much_memory(limits: Limits) -> str:
    return f"要用的内存超过上限，已停止（上限见 [build] memory_mb = {limits.memory_mb}）"


def _last_words(code: int) -> str:
    how = f"信号 {-code}" if code < 0 else f"退出码 {code}"
    return f"读取它的进程中途崩溃（{how}），可能是文件损坏或内存不够"


# ---- the workers that wait for a call --------------------------------------------------------------------------------

_waiting: list[_Worker] = []
_at_work: set[_Worker] = set()
_guard = threading.Lock()
_stops = 0  # how often all were stopped


def _take(modules: tuple[str, ...], limits: Limits) -> _Worker:
    wanted = (modules, limits, tuple(sys.path))
    with _guard:
        fitting = [worker for worker in _waiting if worker.made_for == wanted and worker.usable]
        for worker in [one for one in _waiting if one not in fitting]:
            _waiting.remove(worker)
            worker.stop()
        taken = _waiting.pop(_waiting.index(fitting[-1])) if fitting else None
    taken = taken or _Worker(modules, limits)
    with _guard:
        _at_work.add(taken)
    return taken


def start(number: int, modules: tuple[str, ...], limits: Limits = LIMITS) -> None:
    """Let so many workers load what their calls will need, while the caller does the same."""
    workers = [_Worker(modules, limits) for _ in range(number)]
    with _guard:
        _waiting.extend(workers)


def _give_back(worker: _Worker) -> None:
    with _guard:
        _at_work.discard(worker)
        _waiting.append(worker)


def stop_all() -> None:
    """End every worker, those at work too: their calls raise Stopped."""
    global _stops
    with _guard:
        _stops += 1
        workers, _waiting[:] = [*_waiting, *_at_work], []
        _at_work.clear()
    for worker in workers:
        worker.stop()


atexit.register(stop_all)
