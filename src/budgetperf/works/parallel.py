"""Many calls at once, each in a thread that waits for a worker process of its own; Ctrl-C ends them all."""

import os
import queue
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from budgetperf.works.pool import stop_all


def each(
    function: Callable,
    things: Sequence,
    jobs: int | None,
    progress: Callable[[int, int, object], None],
    meanwhile: Callable[[], None] = lambda: None,
) -> list:
    """`function(thing, step)` of each thing, in the order of things; so many `jobs` at once, by default one a core;
    0: one after the other, in this thread. `meanwhile()` is called in this thread while others are at work.

    `progress(done, total, what)` is called in this thread: with a thing once it is done, with (thing, done, total) at
    each step(done, total) within it.

    >>> each(lambda number, step: number + 1, [1, 2, 3], 2, lambda *_: None)
    [2, 3, 4]
    """
    if jobs == 0:
        meanwhile()
        done = []
        for thing in things:
            done.append(function(thing, lambda *step, thing=thing: progress(len(done), len(things), (thing, *step))))
            progress(len(done), len(things), thing)
        return done
    events: queue.Queue = queue.Queue()

    def one(thing):
        return function(thing, lambda *step: events.put((False, (thing, *step))))

    with ThreadPoolExecutor(max(1, min(jobs or cores(), len(things)))) as threads:
        try:
            futures = [threads.submit(one, thing) for thing in things]
            for thing, future in zip(things, futures, strict=True):
                future.add_done_callback(lambda _, thing=thing: events.put((True, thing)))
            meanwhile()
            done = 0
            while done < len(things):
                with suppress(queue.Empty):
                    ended, what = events.get(timeout=1)  # not for ever, so that Ctrl-C is heard on Windows too
                    done += ended
                    progress(done, len(things), what)
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            stop_all()
            raise
    return [future.result() for future in futures]


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
