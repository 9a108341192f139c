"""Archives (.zip) among the documents: what is inside is read like files of a folder, within bounds."""

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from budgetperf.errors import Unreadable
from budgetperf.readers.source import SUFFIXES, file_bytes, is_document, safe_name

MEMBERS, UNPACKED = 1_000, 512 * 2**20  # files of one archive; bytes of all of them together
_PARTS = ("[Content_Types].xml", "mimetype", "OFD.xml")  # an Office document or OFD is an archive too

_BESIDE = {".css"}  # what belongs to a web page


@contextmanager
def unpacked(paths: Iterable[Path]) -> Iterator[list[Path]]:
    """The same paths, each archive replaced by the documents in it, unpacked for as long as the block lasts.

    One that is broken, needs a password, holds no document or more than the bounds stays as it is: reading it says why.
    """
    with ExitStack() as stack:
        found: list[Path] = []
        for path in paths:
            members = []
            if path.suffix.lower() == ".zip":
                folder = Path(stack.enter_context(TemporaryDirectory(prefix="budgetperf-", ignore_cleanup_errors=True)))
                members = _members(path, folder)
            found += members or [path]
        yield found


def _members(path: Path, folder: Path) -> list[Path]:
    """The documents of an archive, written into the folder; none where not all of them can be read within bounds."""
    try:
        with zipfile.ZipFile(io.BytesIO(file_bytes(path))) as archive:
            inside = {_name(member): member for member in archive.infolist() if not member.is_dir()}
            if any(part in inside for part in _PARTS):
                return []
            wanted = [name for name in sorted(inside) if PurePosixPath(name).suffix.lower() in SUFFIXES | _BESIDE]
            if len(wanted) > MEMBERS or sum(inside[name].file_size for name in wanted) > UNPACKED:
                return []
            left = UNPACKED
            for name in wanted:
                with archive.open(inside[name]) as stream:
                    content = stream.read(left + 1)
                left -= len(content)
                if left < 0:  # more than its directory says
                    return []
                target = folder.joinpath(*(safe_name(part) for part in PurePosixPath(name).parts))
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
    except (
        Unreadable,
        OSError,
        ValueError,
        RuntimeError,
        EOFError,
        NotImplementedError,
        zipfile.BadZipFile,
        zlib.error,
    ):
        return []
    return sorted(target for target in folder.rglob("*") if target.is_file() and is_document(target))


def _name(member: zipfile.ZipInfo) -> str:
    """A member's name inside the archive, also where a Chinese Windows wrote it in GBK; never one that leads outside.

    >>> _name(zipfile.ZipInfo("甲/../../b.xlsx".encode("gbk").decode("cp437")))
    '甲/b.xlsx'
    """
    name = member.filename
    if not member.flag_bits & 0x800:
        for encoding in ("utf-8", "gb18030"):
            try:
                name = member.filename.encode("cp437").decode(encoding)
                break
            except UnicodeError:
                continue
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return "/".join(part for part in parts if part not in ("/", ".", ".."))
