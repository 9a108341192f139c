"""A file as bytes, read once: what it is called, and whether it is a file at all."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from budgetperf.errors import Unreadable
from budgetperf.readers.html_files import together

LARGEST = 512 * 2**20  # bytes; every format has a lower bound of its own
# What a folder is searched for. Not all of them can be read, but none may be passed over in silence.
SUFFIXES = {
    ".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".ofd", ".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".et", ".ett", ".ods", ".fods", ".csv", ".tsv", ".txt", ".docx",
    ".docm", ".dotx", ".dotm", ".doc", ".wps", ".wpt", ".rtf", ".odt", ".fodt", ".html", ".htm", ".xhtml", ".mht", ".mhtml", ".xml", ".zip", ".rar",
    ".7z",
}  # fmt: skip
PAGES = (".htm", ".html", ".xhtml")
_NAME_BYTES = 200  # what file systems allow is 255
_KINDS = {
    stat.S_IFIFO: "命名管道", stat.S_IFCHR: "设备", stat.S_IFBLK: "设备", stat.S_IFSOCK: "套接字",
    stat.S_IFDIR: "文件夹",
}  # fmt: skip


def is_document(path: Path) -> bool:
    """Whether a file below a folder is taken for a document: by its suffix, unless it is hidden, a program's own copy, or
    part of a web page that lies beside its folder.

    >>> is_document(Path("a.xlsx")), is_document(Path("~$a.xlsx")), is_document(Path("a.py"))
    (True, False, False)
    """
    if path.suffix.lower() not in SUFFIXES or path.name.startswith((".", "~$")):
        return False
    return not is_part_of_page(path)


def is_part_of_page(path: Path) -> bool:
    """Whether a file lies in a folder that a program made for the parts of a page: book.files beside book.htm."""
    for folder in path.parents:
        stem, _, kind = folder.name.rpartition("." if folder.name.endswith(".files") else "_")
        if stem and kind == "files" and any(folder.with_name(stem + suffix).is_file() for suffix in PAGES):
            return True
    return False


def documents_below(folder: Path, out: Path | None = None) -> Iterator[Path]:
    """The documents below a folder, at any depth, without those of a build in `out`; and the folders that stay shut."""
    shut: list[Path] = []
    yield from (path for path in files_below(folder, out, shut) if is_document(path))
    yield from shut


def files_below(folder: Path, out: Path | None, shut: list[Path]) -> Iterator[Path]:
    """Files below a folder, without hidden ones, lock files and the build's own; folders that stay shut go to `shut`.

    A link to another folder is followed, once; one that leads back stands among the files, as what it is.
    """
    own = os.path.realpath(out) if out else None
    seen = {os.path.realpath(folder)}
    fault = lambda error: shut.append(Path(error.filename))  # noqa: E731
    for parent, folders, names in os.walk(folder, onerror=fault, followlinks=True):
        real = {name: os.path.realpath(Path(parent, name)) for name in folders if not name.startswith(".")}
        circles = [name for name, to in real.items() if Path(parent, name).is_symlink() and _holds(to, parent)]
        folders[:] = [name for name, to in real.items() if to != own and to not in seen and name not in circles]
        seen |= {real[name] for name in folders}
        yield from (Path(parent) / name for name in [*names, *circles] if not name.startswith((".", "~$")))


def _holds(folder: str, inner: str) -> bool:
    """Whether a folder, its links resolved, is another or one above it."""
    return os.path.join(os.path.realpath(inner), "").startswith(os.path.join(folder, ""))


def file_bytes(path: Path) -> bytes:
    """The content of a file, of a web page with what lies beside it; Unreadable for what is none, for one that may not be read and one that is too large.

    Nothing is opened before it is known to be a file: opening a named pipe waits for ever.

    >>> file_bytes(Path("没有这个文件.pdf"))
    Traceback (most recent call last):
    budgetperf.errors.Unreadable: 文件打不开：No such file or directory。请检查路径和权限。
    """
    try:
        found = os.stat(path)
        kind = stat.S_IFMT(found.st_mode)
        if kind == stat.S_IFDIR:
            os.scandir(path).close()  # why it could not be looked into
        if kind != stat.S_IFREG:
            raise Unreadable(f"不是普通文件（{_KINDS.get(kind, '特殊文件')}），已跳过", "请从输入中移走")
        if found.st_size > LARGEST:
            raise Unreadable(
                f"文件过大（{found.st_size / 2**20:.0f} MB，上限 {LARGEST // 2**20} MB）", "请按单位或年度拆分后重试"
            )
        return together(Path(path), Path(path).read_bytes())
    except OSError as error:
        raise Unreadable(f"文件打不开：{error.strerror or error}", "请检查路径和权限") from error


def shown_name(path: Path) -> str:
    """The file's name as text, also where an archive from Windows left it in GBK.

    >>> shown_name(Path(os.fsdecode("2024年预算.xlsx".encode("gbk"))))
    '2024年预算.xlsx'
    """
    name = os.fsencode(Path(path).name)
    for encoding in ("utf-8", "gb18030"):
        try:
            return name.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name.decode("utf-8", errors="replace")


def safe_name(name: str) -> str:
    """The name under which a copy can be written anywhere: without separators and signs that Windows forbids, not too long.

    >>> safe_name("a/b:c.pdf"), safe_name("长" * 200 + ".pdf")[-6:]
    ('a_b_c.pdf', '长长.pdf')
    """
    clean = "".join("_" if sign in '<>:"/\\|?*' or ord(sign) < 32 else sign for sign in name) or "_"
    path = Path(clean)
    suffix = path.suffix if len(path.suffix) < 10 else ""
    stem = clean.removesuffix(suffix).encode()[: _NAME_BYTES - len(suffix.encode())]
    return stem.decode(errors="ignore") + suffix
