"""The worker process: does one task after another for the process that started it, until that one is gone.

Tasks come in on standard input, answers go out on what was standard output: pickles, each behind its length. It is
started as a program of its own (not forked, not spawned), so that it never runs the script or notebook that calls us.
"""

import contextlib
import importlib
import os
import pickle
import queue
import signal
import struct
import sys
import threading

_LENGTH = struct.Struct("<Q")


def send(stream, message) -> None:
    """Write a message, whole."""
    data = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def receive(stream):
    """The next message; EOFError where the other side is gone.

    >>> import io
    >>> stream = io.BytesIO()
    >>> send(stream, ("done", 1)); _ = stream.seek(0)
    >>> receive(stream)
    ('done', 1)
    """
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    data = stream.read(_LENGTH.unpack(head)[0])
    if len(data) < _LENGTH.unpack(head)[0]:
        raise EOFError
    return pickle.loads(data)


def main() -> None:
    """Load what tasks need, bound the memory, then do tasks: (function, arguments) → ("done", result)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the caller's to answer
    tasks, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)  # what a library prints must not get among the answers
    path, modules, memory = receive(tasks)
    sys.path[:] = path
    for module in modules:
        importlib.import_module(module)
    _bound_memory(memory)
    inbox: queue.SimpleQueue = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(tasks, inbox), daemon=True).start()
    send(answers, ("ready", None))
    while True:
        function, arguments = inbox.get()
        send(answers, _answer(function, arguments, lambda *step: send(answers, ("step", step))))


def _listen(tasks, inbox: queue.SimpleQueue) -> None:
    """Hand tasks on; the moment that the caller is gone, end, whatever the main thread is at."""
    while True:
        try:
            inbox.put(receive(tasks))
        except Exception:
            os._exit(0)


def _answer(function: str, arguments: tuple, step) -> tuple:
    module, name = function.split(":")
    try:
        return "done", getattr(importlib.import_module(module), name)(*arguments, step=step)
    except MemoryError:
        return "memory", None
    except Exception as error:
        return "failed", f"{type(error).__name__}: {error}"


def _bound_memory(more: int) -> None:
    """Let this process take so many bytes more than it has now, where the system can do that."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        import psutil

        now, (_, most) = psutil.Process().memory_info().vms, resource.getrlimit(resource.RLIMIT_AS)
        wanted = now + more
        resource.setrlimit(resource.RLIMIT_AS, (wanted if most < 0 else min(wanted, most), most))


if __name__ == "__main__":
    main()
