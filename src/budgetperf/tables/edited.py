"""CSV files of a build that were changed after it: every command reads the Parquet beside them, where the change is not."""

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from budgetperf.errors import InputError
from budgetperf.tables import swap
from budgetperf.tables.elsewhere import reached, said
from budgetperf.tables.swap import PACKAGE

WRITTEN = ("LastModified", "updated", "last_modified", "mtime", "created")  # what stores call the time of a file


class _Fact(NamedTuple):
    """Bytes of a file, and when it was written, if that is known."""

    size: int
    when: object = None


def edited_files(directory: Path, resources: list[dict], *, whole: bool = True) -> list[str]:
    """The CSV files of the build in a folder that are not as they were written; one that is missing or cannot be read
    shows nothing else.

    resources: what the build's datapackage.json says of its tables · whole: each is read; else only those that were
    written after datapackage.json, the last file of a build, and of the others the length is compared.
    """
    facts = {}
    for name in [PACKAGE, *(one["path"] for one in resources)]:
        with suppress(OSError):
            found = swap.place(directory, name).stat()
            facts[name] = _Fact(found.st_size, None if whole else found.st_mtime_ns)

    def digest(name: str) -> str | None:
        with suppress(OSError), swap.opened(directory, name) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    return _edited(resources, facts, digest)


def refuse_edited(build: Path | str) -> None:
    """InputError where a CSV of a build was changed after it, which need not be read whole for that: one of another
    length, or one written after the build's last file and of other content. `build` may be an address."""
    if isinstance(build, str):
        _refuse(build, _edited_there(build))
    else:
        swap.steady(build, PACKAGE, lambda: _refuse(build, _edited_here(build)))


def said_of(build: Path | str, names: list[str]) -> str:
    """What is said of a build with such files."""
    return (
        f"{build} 里的 {'、'.join(names)} 在构建之后被改动过，与同名的 parquet 不同；程序读的是 parquet，改动不会生效，"
        f"所以没有读入。要留着改过的文件，请移到别的文件夹；删去后可照常使用，"
        f"要恢复，请运行：budgetperf build 输入文件 --out {build}。"
    )


def _refuse(build: Path | str, names: list[str]) -> None:
    if names:
        raise InputError(said_of(build, names))


def _edited_here(build: Path) -> list[str]:
    with suppress(OSError):
        return edited_files(build, _resources(swap.read(build, PACKAGE)), whole=False)
    return []


def _edited_there(build: str) -> list[str]:
    store, root = reached(build)
    with said(build), suppress(FileNotFoundError):
        paths = {one["name"].rpartition("/")[2]: one for one in store.ls(root, detail=True) if one["type"] == "file"}
        when = {name: next((one[key] for key in WRITTEN if key in one), None) for name, one in paths.items()}
        facts = {name: _Fact(one["size"], when[name]) for name, one in paths.items()}

        def digest(name: str) -> str:
            return hashlib.sha256(store.cat_file(paths[name]["name"])).hexdigest()

        if PACKAGE in paths:
            return _edited(_resources(store.cat_file(paths[PACKAGE]["name"])), facts, digest)
    return []


def _resources(package: bytes) -> list[dict]:
    """What a datapackage.json says of the tables; nothing where no build wrote it, which is said where they are read."""
    with suppress(ValueError, KeyError, TypeError):
        return [one for one in json.loads(package)["resources"] if {"path", "hash", "bytes"} <= one.keys()]
    return []


def _edited(resources: list[dict], facts: Mapping[str, _Fact], digest: Callable[[str], str | None]) -> list[str]:
    built = facts.get(PACKAGE, _Fact(0)).when
    edited = []
    for one in resources:
        name, found = one["path"], facts.get(one["path"])
        if found is None or not name.endswith(".csv") or "hash" not in one:
            continue
        known = {None, one["hash"].removeprefix("sha256:")}
        older = found.when is not None and built is not None and found.when <= built
        if found.size != one["bytes"] or (not older and digest(name) not in known):
            edited.append(name)
    return edited
