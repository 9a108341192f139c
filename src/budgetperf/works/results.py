"""Results kept in a folder, each under its key: what was done once is not done again."""

import contextlib
from collections.abc import Iterable
from pathlib import Path

from budgetperf.tables.whole import written_whole

SUFFIX = ".result"


def kept(folder: Path, key: str) -> bytes | None:
    """What was kept under the key; None where nothing was.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     keep(Path(folder), "a", b"1")
    ...     keep(Path(folder), "b", b"2")
    ...     forget_others(Path(folder), ["a"])
    ...     kept(Path(folder), "a"), kept(Path(folder), "b")
    (b'1', None)
    """
    try:
        return (folder / f"{key}{SUFFIX}").read_bytes()
    except OSError:
        return None


def keep(folder: Path, key: str, result: bytes) -> None:
    """Keep a result whole or not at all: a process that is killed leaves no half of one under its key."""
    with written_whole(folder / f"{key}{SUFFIX}") as building:
        building.write_bytes(result)


def forget_others(folder: Path, keys: Iterable[str]) -> None:
    """Delete what is kept under other keys than these, and halves that killed processes left."""
    names = {f"{key}{SUFFIX}" for key in keys}
    for file in folder.iterdir() if folder.is_dir() else ():
        if file.name not in names:
            with contextlib.suppress(OSError):
                file.unlink()
