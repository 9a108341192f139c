"""One build in place of another: all of its files or none, whenever a process is killed and however many write at once.

    DIR/.budgetperf/building-…   a build being written: thrown away if its process dies
    DIR/.budgetperf/ready        a build that is whole: from here on it counts, and whoever comes next moves the rest
    DIR/.budgetperf/old          the files it takes the place of, until all are in place: put back where one cannot be moved

DIR itself is locked while files are moved, DIR/.budgetperf while a build runs, building-… while it is being written.
`datapackage.json` is taken away first and put in place last: where it stands, the files beside it are of one build, and
it holds the hash of each.
"""

import hashlib
import os
import shutil
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

from filelock import FileLock, Timeout

from budgetperf.errors import InputError

T = TypeVar("T")
HIDDEN = ".budgetperf"
PACKAGE = "datapackage.json"  # of a build, the last in its place
LEFT_OUT = ".left-out"
TRIES, WAIT = 100, 0.05  # seconds; for another process to be done with putting a build in place
PATIENCE = 60  # seconds in which another process is done with moving files


@contextmanager
def only_build(directory: Path) -> Iterator[None]:
    """Inside, no other process builds into this folder; InputError where one does already, or none can."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = f"无法写入文件夹 {directory}（{error.strerror}）"
        raise InputError(f"{reason}。没有写出任何文件。请换一个 --out 文件夹。") from error
    try:
        with ExitStack() as held:
            with _held(directory, PATIENCE):  # so that nobody tidies away what is just being made
                mark = _new_folder(directory / HIDDEN)
                held.callback(shutil.rmtree, mark, ignore_errors=True)
                held.enter_context(_held(mark.parent, 0))
            yield
    except Timeout:
        raise _busy(f"另一个 budgetperf build 正在往 {directory} 里构建") from None
    finally:
        _tidy(directory)


@contextmanager
def new_build(directory: Path, names: list[str], last: str) -> Iterator[Path]:
    """An empty folder for the files `names`; when the block ends, they take the place of those in `directory` at once.

    `last` is the one that says the others are whole. Whatever fails, before or in the exchange, leaves the earlier files.
    """
    hidden = directory / HIDDEN
    try:
        with ExitStack() as held:
            with _held(directory, PATIENCE):
                building = _new_folder(hidden)
                held.enter_context(_held(building, 0))  # while it is held, the folder is not stale
            try:
                yield building
                with _held(directory, PATIENCE):
                    settle(directory, names, last)
                    os.rename(building, hidden / "ready")
                    _exchange(directory, names, last)
                    _clear_stale(directory)
            finally:
                shutil.rmtree(building, ignore_errors=True)
    except Timeout:
        raise _busy(f"另一个程序正在往 {directory} 里写结果") from None
    finally:
        _tidy(directory)


@contextmanager
def _held(folder: Path, patience: float) -> Iterator[None]:
    """The folder locked: by one process at a time, and no longer than it lives. Timeout where another is not done.

    The folder itself is what is locked; where a system cannot do that, a file for it among the temporary ones.
    """
    handle = _locked(folder, patience)
    if handle is None:
        name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()
        with FileLock(Path(tempfile.gettempdir()) / f"budgetperf-{name}.lock", timeout=patience):
            yield
        return
    try:
        yield
    finally:
        os.close(handle)


def _locked(folder: Path, patience: float) -> int | None:
    """A handle on the folder that holds its lock; None where the system or its files know no such lock."""
    try:
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, PermissionError):
        return None
    end = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return handle
        except BlockingIOError:
            if time.monotonic() >= end:
                os.close(handle)
                raise Timeout(str(folder)) from None
            time.sleep(0.02)
        except OSError:
            os.close(handle)
            return None


def _busy(who: str) -> InputError:
    return InputError(f"{who}。没有写出任何文件。请等它完成后重试，或换一个 --out 文件夹。")


def _new_folder(hidden: Path) -> Path:
    folder = hidden / f"building-{uuid.uuid4().hex}"
    folder.mkdir(parents=True)
    return folder


def _tidy(directory: Path) -> None:
    """Take away the hidden folder where nothing is in it: a build leaves its tables and nothing else."""
    with suppress(OSError, Timeout), _held(directory, 0):
        (directory / HIDDEN).rmdir()


def finish(directory: Path, names: list[str], last: str) -> None:
    """Move in place what a killed process left ready, if no other process is at it and the folder can be written."""
    hidden = directory / HIDDEN
    if (hidden / "ready").exists() or (hidden / "old").exists():
        with suppress(OSError, Timeout), _held(directory, 0):
            settle(directory, names, last)


def place(directory: Path, name: str) -> Path:
    """Where a file of the build that counts is: of one being moved in place, those not moved yet stand in `ready`."""
    ready = directory / HIDDEN / "ready" / name
    return ready if ready.exists() else directory / name


def opened(directory: Path, name: str) -> BinaryIO:
    """A file of the build that counts, open for reading."""
    try:
        return place(directory, name).open("rb")
    except FileNotFoundError:  # it was moved just now
        return (directory / name).open("rb")


def read(directory: Path, name: str) -> bytes:
    """The content of a file of the build that counts."""
    with opened(directory, name) as file:
        return file.read()


def state(directory: Path, last: str) -> tuple:
    """What changes while files are moved: if it is not the same before and after reading, what was read may be mixed."""
    hidden = directory / HIDDEN
    try:
        found = (directory / last).stat()
        stamp = found.st_ino, found.st_mtime_ns, found.st_size
    except OSError:
        stamp = None
    return (hidden / "ready").exists(), (hidden / "old").exists(), stamp


def steady(directory: Path, last: str, look: Callable[[], T]) -> T:
    """What `look` gives; where it raises InputError while another process puts a build in place, it looks again."""
    for _ in range(TRIES):
        before = state(directory, last)
        try:
            return look()
        except InputError:
            if not any(before[:2]) and state(directory, last) == before:
                raise
        time.sleep(WAIT)
    return look()


def leave_out(building: Path, name: str) -> None:
    """Say that the new build has no such file, so that an earlier build's does not stay."""
    (building / f"{name}{LEFT_OUT}").touch()


def settle(directory: Path, names: list[str], last: str) -> None:
    """End what a killed process began: a build that was ready is moved in place, a move that had failed is undone."""
    hidden = directory / HIDDEN
    if (hidden / "ready").exists():
        _exchange(directory, names, last)
    elif (hidden / "old").exists():
        _put_back(directory, names)


def _exchange(directory: Path, names: list[str], last: str) -> None:
    ready, old = directory / HIDDEN / "ready", directory / HIDDEN / "old"
    if not old.exists():  # else files may be moved already, and it holds all the old ones
        _keep_old(directory, names, old)
    try:
        if (ready / last).exists():
            (directory / last).unlink(missing_ok=True)
        for name in [*(one for one in names if one != last), last]:
            if (ready / name).exists():
                os.replace(ready / name, directory / name)
            elif (ready / f"{name}{LEFT_OUT}").exists():
                (directory / name).unlink(missing_ok=True)
    except BaseException:
        _discard(ready)
        _put_back(directory, names)
        raise
    _discard(old)
    _discard(ready)


def _keep_old(directory: Path, names: list[str], old: Path) -> None:
    part = _new_folder(old.parent)
    for name in names:
        if (directory / name).exists():
            try:
                os.link(directory / name, part / name)
            except OSError:  # a file system without hard links
                shutil.copy2(directory / name, part / name)
    os.rename(part, old)


def _put_back(directory: Path, names: list[str]) -> None:
    old = directory / HIDDEN / "old"
    for name in names:
        if (old / name).exists():
            part = old / f"{name}.part"  # the old one stays until all are back
            shutil.copy2(old / name, part)
            os.replace(part, directory / name)
        else:
            (directory / name).unlink(missing_ok=True)
    _discard(old)


def _discard(folder: Path) -> None:
    """Delete a folder that counts no more: its name is gone at once, whatever becomes of what is in it."""
    gone = folder.with_name(f"building-{uuid.uuid4().hex}")
    os.rename(folder, gone)
    shutil.rmtree(gone, ignore_errors=True)


def _clear_stale(directory: Path) -> None:
    """Delete what killed processes were writing; a folder whose lock is held is being written now."""
    for folder in [*(directory / HIDDEN).glob("building-*"), *directory.glob(".building-*")]:
        with suppress(Timeout, OSError), _held(folder, 0):
            shutil.rmtree(folder, ignore_errors=True)
