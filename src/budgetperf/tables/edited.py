"""Files of a build that were changed after it: a CSV, beside which every command reads Parquet, or a table itself."""

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from budgetperf.errors import InputError
from budgetperf.tables import swap
from budgetperf.tables.declared import TABLES
from budgetperf.tables.elsewhere import reached, said
from budgetperf.tables.swap import PACKAGE

WRITTEN = ("LastModified", "updated", "last_modified", "mtime", "created")  # what stores call the time of a file


class _Fact(NamedTuple):
    """Bytes of a file, and when it was written, if that is known."""

    size: int
    when: object = None


def edited_files(directory: Path, resources: list[dict]) -> list[str]:
    """The CSV files of the build in a folder that are not as they were written; one that is missing or cannot be read
    shows nothing else. `resources`: what the build's datapackage.json says of its tables."""
    facts = {name: found._replace(when=None) for name, found in _facts(directory).items()}
    return _edited(resources, facts, partial(_digest, directory))


def refuse_edited(build: Path | str) -> None:
    """InputError where a table of a build was changed after it, which need not be read whole for that: a file of another
    length, or a CSV that is younger than the build's last file and of other content. `build` may be an address."""
    if isinstance(build, str):
        _refuse_there(build)
    else:
        swap.steady(build, PACKAGE, lambda: _refuse_here(build))


def said_of_table(build: Path | str, file: str) -> str:
    """What is said of a build one of whose tables is another than was written."""
    again = f"请运行：budgetperf build 输入文件 --out {build}。"
    return f"{build}/{file} 与 {PACKAGE} 不符：被改动过，或出自另一次构建。{again}"


def said_of(build: Path | str, names: list[str]) -> str:
    """What is said of a build with such files."""
    return (
        f"{build} 里的 {'、'.join(names)} 在构建之后被改动过，与同名的 parquet 不同；程序读的是 parquet，改动不会生效，"
        f"所以没有读入。要留着改过的文件，请移到别的文件夹；删去后可照常使用，"
        f"要恢复，请运行：budgetperf build 输入文件 --out {build}。"
    )


def _refuse_here(build: Path) -> None:
    try:
        package = swap.read(build, PACKAGE)
    except OSError:  # said where the tables are read
        return
    _refuse(build, _resources(package), _facts(build), partial(_digest, build))


def _refuse_there(build: str) -> None:
    store, root = reached(build)
    with said(build), suppress(FileNotFoundError):
        files = {one["name"].rpartition("/")[2]: one for one in store.ls(root, detail=True) if one["type"] == "file"}
        when = {name: next((one[key] for key in WRITTEN if key in one), None) for name, one in files.items()}
        facts = {name: _Fact(one["size"], when[name]) for name, one in files.items()}

        def digest(name: str) -> str:
            return hashlib.sha256(store.cat_file(files[name]["name"])).hexdigest()

        if PACKAGE in files:
            _refuse(build, _resources(store.cat_file(files[PACKAGE]["name"])), facts, digest)


def _refuse(build: Path | str, resources: list[dict], facts: Mapping[str, _Fact], digest: Callable) -> None:
    for table in (one["parquet"] for one in resources):
        if table["path"] in facts and facts[table["path"]].size != table["bytes"]:
            raise InputError(said_of_table(build, table["path"]))
    if names := _edited(resources, facts, digest):
        raise InputError(said_of(build, names))


def _facts(directory: Path) -> dict[str, _Fact]:
    facts = {}
    for name in [PACKAGE, *(f"{table}.{suffix}" for table in TABLES for suffix in ("csv", "parquet"))]:
        with suppress(OSError):
            found = swap.place(directory, name).stat()
            facts[name] = _Fact(found.st_size, found.st_mtime_ns)
    return facts


def _digest(directory: Path, name: str) -> str | None:
    with suppress(OSError), swap.opened(directory, name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _resources(package: bytes) -> list[dict]:
    """What a datapackage.json says of the tables; nothing where no build wrote it, which is said where they are read."""
    with suppress(ValueError, KeyError, TypeError):
        return [one for one in json.loads(package)["resources"] if {"path", "bytes"} <= one["parquet"].keys()]
    return []


def _edited(resources: list[dict], facts: Mapping[str, _Fact], digest: Callable[[str], str | None]) -> list[str]:
    built = facts.get(PACKAGE, _Fact(0)).when
    edited = []
    for one in resources:
        name, found = one["path"], facts.get(one["path"])
        if found is None or not name.endswith(".csv") or not {"hash", "bytes"} <= one.keys():
            continue
        known = {None, one["hash"].removeprefix("sha256:")}
        older = found.when is not None and built is not None and found.when <= built
        if found.size != one["bytes"] or (not older and digest(name) not in known):
            edited.append(name)
    return edited
