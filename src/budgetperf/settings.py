"""What a user sets: `budgetperf.toml`, found from the data folder upward, read once and strictly, passed on as a value.

The file adds spellings to the vocabulary, changes thresholds of the audit, names the files of decisions, and bounds what
one document may cost. Nothing here looks at the working folder.
"""

import difflib
import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path

from budgetperf.errors import InputError

FILE = "budgetperf.toml"
# sections whose keys are the user's own to name: a new level, a new category, a new class of units
_OPEN = {("levels",), ("categories",), ("units_of_measure",), ("audit", "severity")}
_OPEN_LEVEL = {"variants": [], "level2": {}}  # what a level of the taxonomy may hold


@dataclass(frozen=True)
class Settings:
    """`file`: the budgetperf.toml read, None where there is none; `folder`: from where its paths are seen.

    `vocabulary` and `audit` are the user's additions, as nested dictionaries; `build`, `files` and `evidence` hold every key.
    """

    file: Path | None = None
    folder: Path | None = None
    vocabulary: Mapping = field(default_factory=dict)
    audit: Mapping = field(default_factory=dict)
    build: Mapping = field(default_factory=lambda: own("settings.toml")["build"])
    files: Mapping = field(default_factory=lambda: own("settings.toml")["files"])
    evidence: Mapping = field(default_factory=lambda: own("settings.toml")["evidence"])

    @property
    def decisions(self) -> Path | None:
        """The file of auditors' decisions; None where nothing says where data lie."""
        named = self.audit.get("decisions", own("audit/rules.toml")["audit"]["decisions"])
        return self.folder / named if self.folder and named else None

    @property
    def mapping(self) -> Path | None:
        """The file in which a user says what is the same over the years; None where nothing says where data lie."""
        return self.folder / self.files["mapping"] if self.folder else None

    def added(self) -> dict:
        """Everything that differs from the program's own: for the record in a build's data package.

        >>> Settings(audit={"L01": {"warn_below": 85}}).added()
        {'audit': {'L01': {'warn_below': 85}}}
        """
        own_build = own("settings.toml")
        parts = {**self.vocabulary, "audit": self.audit}
        parts |= {name: dict(getattr(self, name)) for name in own_build if getattr(self, name) != own_build[name]}
        return {name: part for name, part in parts.items() if part}


@cache
def own(name: str) -> Mapping:
    """A file of the program's own defaults: settings.toml, field/vocabulary.toml or audit/rules.toml."""
    return tomllib.loads(own_text(name))


def own_text(name: str) -> str:
    """A text file of the program, by its path inside the package."""
    return resources.files("budgetperf").joinpath(name).read_text("utf-8")


def find_settings(data: str | Path | Iterable[str | Path]) -> Settings:
    """The settings that hold for a data folder, a document or several: of the nearest budgetperf.toml above them.

    Several documents have one budgetperf.toml, of the nearest folder above all of them. Where there is none, paths are
    seen from the folder that holds `data`, as in a project laid out as usual. Raises InputError as `read_settings` does.

    >>> find_settings("data/clean").build["seconds"]
    300
    """
    places = [Path(data)] if isinstance(data, (str, Path)) else [Path(one) for one in data]
    above = _common_folders(places)
    file = next((folder / FILE for folder in above if (folder / FILE).is_file()), None)
    if file:
        return read_settings(file)
    project = next((folder.parent for folder in above if folder.name == "data"), above[0] if above else None)
    return Settings(folder=project)


def _common_folders(places: list[Path]) -> list[Path]:
    """The folders that hold all of the places, the nearest first."""
    if not places:
        return []
    rows = [[path, *path.parents] if path.is_dir() else list(path.parents) for path in map(Path.absolute, places)]
    return [folder for folder in rows[0] if all(folder in row for row in rows[1:])]


def read_settings(file: str | Path) -> Settings:
    """The settings of one file, which may begin with a byte-order mark.

    Raises InputError where it is no TOML, where it has a key that nothing reads (with the nearest that is one), or a
    value of another kind than the program's own.
    """
    file = Path(file)
    try:
        given = tomllib.loads(file.read_text("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(f"{file} 不是 UTF-8 编码的文字。请另存为 UTF-8。") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{file} 不是有效的 TOML（{error}）。请对照 docs/settings.md 的例子改正。") from error
    vocabulary, ours = own("field/vocabulary.toml"), own("settings.toml")
    known = {**vocabulary, **ours, **own("audit/rules.toml")}
    _check(known, given, file, ())
    merged = {name: {**ours[name], **given.get(name, {})} for name in ours}
    for name, value in merged["build"].items():
        if not 0 < value < math.inf:
            raise InputError(f"{file} 的 [build] {name} = {value} 应大于 0 且有限。请改正。")
    _check_files(given, file)
    return Settings(
        file=file,
        folder=file.absolute().parent,
        vocabulary={name: part for name, part in given.items() if name in vocabulary},
        audit=given.get("audit", {}),
        **merged,
    )


def _check_files(given: Mapping, file: Path) -> None:
    """InputError for a file of decisions or mapping that is named and not there; the usual one may still be to come."""
    usual = {("files", "mapping"): own("settings.toml"), ("audit", "decisions"): own("audit/rules.toml")}
    for (section, key), ours in usual.items():
        named = given.get(section, {}).get(key)
        if named and named != ours[section][key] and not (file.parent / named).is_file():
            raise InputError(
                f"{file} 的 [{section}] {key} = {named!r} 没有这个文件。请检查路径，或删去这一行；要新建可先放一个空文件。"
            )


def _check(known: Mapping, given: Mapping, file: Path, place: tuple[str, ...]) -> None:
    where = f"{file} 的 [{'.'.join(place)}]" if place else str(file)
    for key, value in given.items():
        inside = (*place, key)
        if key in known:
            expected = known[key]
        elif place in _OPEN:
            if place == ("levels",) and (level := _meant(key, value, known)):
                raise InputError(f"{where} 里没有“{key}”这一级，是不是 {level}？")
            expected = _OPEN_LEVEL if place == ("levels",) else next(iter(known.values()), "")
        elif place[:1] == ("levels",) and key in _OPEN_LEVEL:
            expected = _OPEN_LEVEL[key]
        elif place[:1] == ("levels",) and place[-1:] == ("level2",):
            expected = []
        else:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
            raise InputError(
                f"{where} 里没有“{key}”这一项，"
                + (f"是不是 {near[0]}？" if near else f"可用的有：{'、'.join(known)}。")
            )
        if isinstance(expected, Mapping):
            if not isinstance(value, Mapping):
                raise InputError(f"{file} 的 [{'.'.join(inside)}] 应为一节。请对照 docs/settings.md 的例子改正。")
            _check(expected, value, file, inside)
        elif not _alike(expected, value):
            raise InputError(f"{where} {key} = {value!r} 与默认值 {expected!r} 种类不同。请改正。")


def _meant(key: str, value: object, known: Mapping) -> str | None:
    """The known level that a new one is but another spelling of, or, where it holds nothing, is near to."""
    spelled = (level for level, part in known.items() if key in part.get("variants", ()))
    holds = isinstance(value, Mapping) and any(value.values())
    return next(spelled, None) or next(iter([] if holds else difflib.get_close_matches(key, known, n=1)), None)


def _alike(known: object, value: object) -> bool:
    numbers = (int, float)
    if isinstance(known, bool) or isinstance(value, bool):
        return type(known) is type(value)
    if isinstance(known, list) and isinstance(value, list):
        return not known or all(_alike(known[0], one) for one in value)
    return isinstance(value, numbers) if isinstance(known, numbers) else type(known) is type(value)


def merged(base: Mapping, extra: Mapping) -> dict:
    """`base` with the values of `extra`: sections key by key, lists one after the other, other values in place.

    >>> merged({"a": [1], "b": {"c": 1}}, {"a": [2], "b": {"c": 3}})
    {'a': [1, 2], 'b': {'c': 3}}
    """
    result = dict(base)
    for key, value in extra.items():
        if isinstance(value, Mapping):
            result[key] = merged(result.get(key, {}), value)
        elif isinstance(value, list) and isinstance(result.get(key), list):
            result[key] = [*result[key], *(one for one in value if one not in result[key])]
        else:
            result[key] = value
    return result
