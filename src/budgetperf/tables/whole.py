"""Files that are there whole or not at all."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from budgetperf.errors import InputError


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; at the end it replaces `path` at once. Folders are made.

    On any failure what stood at `path` stays. Raises InputError where the file cannot be written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with written_whole(Path(folder) / "new/a.txt") as building:
    ...         _ = building.write_text("8")
    ...     (Path(folder) / "new/a.txt").read_text(), len(list(Path(folder).rglob("*")))
    ('8', 2)
    """
    building = path.with_name(f".writing-{secrets.token_hex(4)}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield building
        os.replace(building, path)
    except OSError as error:
        raise InputError(
            f"写不了 {path}（{error.strerror or error}）。原有的文件没有改动。"
            "请在 Word、Excel 等程序中关闭它，确认文件夹可写、磁盘有空间，或换一个位置。"
        ) from error
    finally:
        with suppress(OSError):
            building.unlink(missing_ok=True)
