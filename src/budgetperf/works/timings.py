"""Where the time goes: processor seconds by stage, of this process and of its workers together."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

_spent: dict[str, float] = {}
_guard = threading.Lock()


@contextmanager
def stage(name: str) -> Iterator[None]:
    """The processor time that this thread spends inside is that stage's.

    >>> _ = taken()
    >>> with stage("读取"): _ = sum(range(1000))
    >>> list(taken()), list(taken())
    (['读取'], [])
    """
    began = time.thread_time()
    try:
        yield
    finally:
        add({name: time.thread_time() - began})


def add(spent: Mapping[str, float]) -> None:
    """Count what was spent elsewhere."""
    with _guard:
        for name, seconds in spent.items():
            _spent[name] = _spent.get(name, 0.0) + seconds


def taken() -> dict[str, float]:
    """Seconds by stage since they were last asked for."""
    with _guard:
        spent = dict(_spent)
        _spent.clear()
    return spent
