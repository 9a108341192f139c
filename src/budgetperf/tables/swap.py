"""One build in place of another: all of its files or none, whenever a process is killed and however many write at once.

    DIR/.budgetperf/building-…   a build being written: thrown away if its process dies
    DIR/.budgetperf/ready        a build that is whole: from here on it counts, and whoever comes next moves the rest
    DIR/.budgetperf/old          the files it takes the place of, until all are in place: put back where one cannot be moved
    DIR/.budgetperf/lock         held while files are moved

`datapackage.json` is taken away first and put in place last: where it stands, the files beside it are of one build, and
it holds the hash of each.
"""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from budgetperf.errors import InputError

HIDDEN = ".budgetperf"
PATIENCE = 60  # seconds in which another process is done with moving files


@contextmanager
def only_build(directory: Path) -> Iterator[None]:
    """Inside, no other process builds into this folder; InputError where one does already."""
    with _held(directory, "build.lock", 0, "另一个 budgetperf build 正在往 {} 里构建"):
        yield


@contextmanager
def _held(directory: Path, name: str, patience: float, who: str) -> Iterator[None]:
    (directory / HIDDEN).mkdir(parents=True, exist_ok=True)
    lock = FileLock(directory / HIDDEN / name)
    try:
        lock.acquire(timeout=patience)
    except Timeout:
        fix = "没有写出任何文件。请等它完成后重试，或换一个 --out 文件夹"
        raise InputError(f"{who.format(directory)}。{fix}。") from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def new_build(directory: Path, names: list[str], last: str) -> Iterator[Path]:
    """An empty folder for the files `names`; when the block ends, they take the place of those in `directory` at once.

    `last` is the one that says the others are whole. Whatever fails, before or in the exchange, leaves the earlier files.
    """
    hidden = directory / HIDDEN
    hidden.mkdir(parents=True, exist_ok=True)
    building = hidden / f"building-{uuid.uuid4().hex}"
    lock = FileLock(_lock_of(building))  # while it is held, the folder is not stale
    try:
        with lock:
            building.mkdir()
            yield building
            with _held(directory, "lock", PATIENCE, "另一个程序正在往 {} 里写结果"):
                settle(directory, names, last)
                os.rename(building, hidden / "ready")
                _exchange(directory, names, last)
                _clear_stale(directory)
    finally:
        shutil.rmtree(building, ignore_errors=True)
        with suppress(OSError):
            _lock_of(building).unlink()


def _lock_of(building: Path) -> Path:
    return building.with_suffix(".lock")


def finish(directory: Path, names: list[str], last: str) -> None:
    """Move in place what a killed process left ready, if no other process is at it and the folder can be written."""
    hidden = directory / HIDDEN
    if (hidden / "ready").exists() or (hidden / "old").exists():
        with suppress(OSError, InputError), _held(directory, "lock", 0, ""):
            settle(directory, names, last)


def read(directory: Path, name: str) -> bytes:
    """A file of the build that counts: of one being moved in place, those not moved yet stand in `ready`."""
    try:
        return (directory / HIDDEN / "ready" / name).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return (directory / name).read_bytes()


def state(directory: Path, last: str) -> tuple:
    """What changes while files are moved: if it is not the same before and after reading, what was read may be mixed."""
    hidden = directory / HIDDEN
    try:
        found = (directory / last).stat()
        stamp = found.st_ino, found.st_mtime_ns, found.st_size
    except OSError:
        stamp = None
    return (hidden / "ready").exists(), (hidden / "old").exists(), stamp


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
    except BaseException:
        _discard(ready)
        _put_back(directory, names)
        raise
    _discard(old)
    _discard(ready)


def _keep_old(directory: Path, names: list[str], old: Path) -> None:
    part = old.with_name(f"building-{uuid.uuid4().hex}")
    part.mkdir()
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
    found = [*(directory / HIDDEN).glob("building-*"), *directory.glob(".building-*")]
    for folder in {path.with_suffix("") for path in found}:
        with suppress(Timeout, OSError), FileLock(_lock_of(folder)).acquire(timeout=0):
            shutil.rmtree(folder, ignore_errors=True)
            _lock_of(folder).unlink(missing_ok=True)
