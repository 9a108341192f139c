"""Results kept in a folder, each under its key: what was done once is not done again."""

import contextlib
import hashlib
import json
import os
import time
from pathlib import Path

from budgetperf.tables.whole import written_whole

SUFFIX, FILES = ".result", "files.json"
FRESH = 2_000_000_000  # ns: a file written so shortly before it was read may change again within one tick of its clock


class Kept:
    """The results of a folder, None for a folder that keeps nothing; and which files were seen with which content.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     Kept(Path(folder)).keep("a", b"1")
    ...     again = Kept(Path(folder))
    ...     again.get("a"), again.get("b")
    (b'1', None)
    """

    def __init__(self, folder: Path | None):
        self.folder = folder
        self._used: set[str] = set()
        self._files: dict[str, list] = {}
        self._seen: dict[str, list] = {}
        with contextlib.suppress(OSError, ValueError, AttributeError):
            known = json.loads((folder / FILES).read_bytes()) if folder else {}
            self._files = {place: seen for place, seen in known.items() if isinstance(seen, list) and len(seen) == 3}

    def get(self, key: str) -> bytes | None:
        """What was kept under the key; None where nothing was, or not whole."""
        self._used.add(f"{key}{SUFFIX}")
        try:
            content = (self.folder / f"{key}{SUFFIX}").read_bytes() if self.folder else b""
        except OSError:
            return None
        return content[32:] if content[:32] == hashlib.sha256(content[32:]).digest() else None

    def has(self, key: str) -> bool:
        """Whether something is kept under the key, whole or not."""
        self._used.add(f"{key}{SUFFIX}")
        return self.folder is not None and (self.folder / f"{key}{SUFFIX}").exists()

    def keep(self, key: str, result: bytes) -> None:
        """Keep a result whole or not at all: a process that is killed leaves no half of one under its key."""
        if self.folder:
            self._write(f"{key}{SUFFIX}", hashlib.sha256(result).digest() + result)

    def _write(self, name: str, content: bytes) -> None:
        with written_whole(self.folder / name) as building:
            building.write_bytes(content)

    def digest(self, path: Path) -> str | None:
        """The sha256 of a file's content, if it has the size and the time of change with which it was last seen."""
        place = os.path.abspath(path)
        *known, digest = self._files.get(place, (None,))
        if known and known == stamp(path):
            self._seen[place] = [*known, digest]
            return digest
        return None

    def note(self, path: Path, data: bytes) -> str:
        """The sha256 of what a file holds, noted with its size and time of change where those say what it holds."""
        digest = hashlib.sha256(data).hexdigest()
        known = stamp(path)
        if known and known[0] == len(data) and known[1] < time.time_ns() - FRESH:
            self._seen[os.path.abspath(path)] = [*known, digest]
        return digest

    def forget_others(self) -> None:
        """Delete what was not asked for, and halves that killed processes left; write down which files were seen."""
        for file in self.folder.iterdir() if self.folder and self.folder.is_dir() else ():
            if file.name not in self._used:
                with contextlib.suppress(OSError):
                    file.unlink()
        if self._seen and self.folder:
            self._write(FILES, json.dumps(self._seen).encode())  # in ASCII: a name need not be UTF-8


def stamp(path: Path) -> list[int] | None:
    """A file's size and time of change; None where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return [found.st_size, found.st_mtime_ns]
