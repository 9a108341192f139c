"""Formats that LibreOffice turns into one that is read, where it is installed: .doc, .wps, .rtf, .ods, .odt and others."""

import os
import shutil
import signal
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from budgetperf.errors import Unreadable

SECONDS = 90  # for one document; a first start of the program takes some ten
# kind → (how it is called, the suffix that LibreOffice knows it by, what it is turned into)
CONVERTED = {
    "doc": ("旧版 Word 文档（.doc、.wps）", "doc", "docx"),
    "rtf": ("RTF 文档", "rtf", "docx"),
    "odt": ("OpenDocument 文档（.odt）", "odt", "docx"),
    "wordml": ("XML 格式的旧 Word 文档", "xml", "docx"),
    "ods": ("OpenDocument 工作簿（.ods）", "ods", "xlsx"),
    "xlsb": ("二进制工作簿（.xlsb）", "xlsb", "xlsx"),
    "spreadsheetml": ("XML 格式的旧工作簿", "xml", "xlsx"),
}


def converted(data: bytes, kind: str) -> tuple[bytes, str]:
    """The document as .docx or .xlsx, and which of the two it is.

    Raises Unreadable, with the way to do the same by hand, where LibreOffice is not installed, fails or takes too long.
    """
    name, suffix, target = CONVERTED[kind]
    by_hand = f"请用 Word、Excel 或 WPS 打开，另存为 .{target} 后再读"
    if office() is None:
        raise Unreadable(f"这是{name}，须由 LibreOffice 转换，本机没有安装", f"{by_hand}；或安装 LibreOffice 后重试")
    with TemporaryDirectory(prefix="budgetperf-", ignore_cleanup_errors=True) as folder:
        source = Path(folder) / f"document.{suffix}"
        source.write_bytes(data)
        result, said = laid_out(source, target, Path(folder))
        if not result.is_file():
            raise Unreadable(f"这是{name}，LibreOffice 没有转换成功{said}", by_hand)
        return result.read_bytes(), target


def office() -> str | None:
    """LibreOffice's program, where it is installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def laid_out(source: Path, target: str, folder: Path) -> tuple[Path, str]:
    """(where LibreOffice writes the file as `target`, below the folder; in words, how it ended where not well)."""
    command = [
        office(), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
        "--convert-to", target, "--outdir", str(folder / "out"), str(source),
    ]  # fmt: skip
    said = _run(command)
    return folder / "out" / f"{source.stem}.{target}", said


def _run(command: list[str]) -> str:
    """Runs a program with all it starts within SECONDS; in words, how it ended where it did not end well."""
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        code = process.wait(SECONDS)
        return f"（退出码 {code}）" if code else ""
    except subprocess.TimeoutExpired:
        return f"（超过 {SECONDS} 秒）"
    finally:
        if os.name == "posix" and process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()
