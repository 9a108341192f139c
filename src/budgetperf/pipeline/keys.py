"""What the result of one document hangs on: where none of it changed, the result is not made again."""

import hashlib
import inspect
import json
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from importlib import metadata
from pathlib import Path

from budgetperf.audit.load import all_rules
from budgetperf.settings import Settings

_READING_ROOMS = (
    "errors.py", "field", "tables", "readers", "layout", "clean", "mend", "pipeline"
)  # fmt: skip
_READ_WITH = (
    "camelot-py", "charset-normalizer", "cssselect2", "lxml", "openpyxl", "pandas", "playa-pdf", "pyarrow", "pypdfium2",
    "python-docx", "tinycss2", "xlrd",
)  # fmt: skip
_COMPARED_WITH = ("numpy", "rapidfuzz", "scipy")
_RECOGNISE_WITH = ("onnxruntime", "opencv-python-headless", "rapidocr")  # where the extra is installed


def reading_key(name: str, digest: str, repair: bool, settings: Settings) -> str:
    """Of a document's tables: its content, name, the program that reads and mends, the user's vocabulary."""
    return _key(name, digest, repair, _reading_program(), settings.vocabulary)


def audit_key(reading: str, completed: list | None, settings: Settings) -> str:
    """Of what the audit finds in the document: its tables, names completed by other documents, rules and thresholds."""
    return _key(reading, completed, _rules(), settings.audit)


def build_key(documents: Iterable[tuple[str, str]], repair: bool, settings: Settings) -> str:
    """Of all that a build gives: its documents (name and digest) in their order, the program, what the user sets, and what
    stands in the user's files."""
    files = [file and file.is_file() and file.read_bytes().hex() for file in (settings.decisions, settings.mapping)]
    versions = [metadata.version(package) for package in _COMPARED_WITH]
    return _key(list(documents), repair, _reading_program(), _rules(), _code("."), versions, settings.added(), files)


def _key(*rests_on) -> str:
    return hashlib.sha256(json.dumps(rests_on, sort_keys=True, default=str).encode()).hexdigest()


@cache
def _reading_program() -> str:
    """A hash of the code that reads and mends, and of the versions of what it reads with."""
    versions = [f"{package} {metadata.version(package)}" for package in _READ_WITH]
    for package in _RECOGNISE_WITH:
        with suppress(metadata.PackageNotFoundError):
            versions.append(f"{package} {metadata.version(package)}")
    return _hash(_code(*_READING_ROOMS), sys.version, *versions)


@cache
def _rules() -> str:
    """A hash of the audit's code and of the packages that bring rules of their own."""
    runs = [one.run for one in all_rules() if not one.run.__module__.startswith("budgetperf.")]
    foreign = {file for run in runs for file in _package(run)}
    return _hash(_code("audit"), *(file.read_text("utf-8", "replace") for file in sorted(foreign)))


def _package(function: Callable) -> list[Path]:
    """The code of the package that a function comes from: it may call any of it."""
    folders = getattr(sys.modules[function.__module__.partition(".")[0]], "__path__", None)
    if folders is None:
        return [Path(inspect.getsourcefile(function))]
    return [file for folder in folders for file in Path(folder).rglob("*.*") if file.suffix in (".py", ".toml")]


def _code(*rooms: str) -> str:
    folder = Path(__file__).parents[1]
    files = [
        file for room in rooms for file in ([folder / room] if room.endswith(".py") else (folder / room).rglob("*.*"))
    ]
    return _hash(*(file.read_text("utf-8") for file in sorted(files) if file.suffix in (".py", ".toml")))


def _hash(*texts: str) -> str:
    digest = hashlib.sha256()
    for text in texts:
        digest.update(text.encode() + b"\0")
    return digest.hexdigest()
