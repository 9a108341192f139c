"""Thresholds and word lists of the rules: the package's own, then those of the user's `budgetperf.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from budgetperf.errors import InputError
from budgetperf.field.vocabulary import USER_FILE

SEVERITIES = ("E", "W", "I")


@dataclass(frozen=True)
class Config:
    """`values`: the section [audit] as nested dictionaries; `language` of the messages (zh, en)."""

    values: Mapping
    language: str = "zh"

    def of(self, rule: str) -> Mapping:
        """Thresholds of a rule; empty where it has none.

        >>> load_config(None).of("L01")
        {'warn_below': 80, 'note_below': 90}
        """
        return self.values.get(rule, {})

    @property
    def words(self) -> Mapping:
        """The word lists."""
        return self.values["words"]

    @property
    def decisions(self) -> Path | None:
        """Where the auditors' decisions stand; None where the configuration names no file."""
        return Path(self.values["decisions"]) if self.values.get("decisions") else None


def load_config(path: str | Path | None = USER_FILE, *, language: str = "zh") -> Config:
    """The rules' configuration: the package's own, then the section [audit] of `path` where that file exists.

    Raises InputError where the file is no TOML, names a rule's threshold with a value of another kind, or a severity
    that is none.

    >>> load_config(None).values["C05"]["fewest"]
    5
    """
    if language not in ("zh", "en"):
        raise InputError(f"没有“{language}”这种语言。请用 zh 或 en。")
    own = _own()
    if path is None or not Path(path).is_file():
        return Config(own, language)
    try:
        extra = tomllib.loads(Path(path).read_text("utf-8")).get("audit", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} 不是有效的 TOML（{error}）。请按 docs/rules.md 末尾的例子改正。") from error
    values = _merged(own, extra, str(path), "audit")
    wrong = {rule: grade for rule, grade in values["severity"].items() if grade not in SEVERITIES}
    if wrong:
        raise InputError(f"{path} 的 [audit.severity] 中 {wrong} 不是 E、W 或 I。请改正。")
    return Config(values, language)


@cache
def _own() -> Mapping:
    """The package's own configuration."""
    return tomllib.loads(resources.files("budgetperf").joinpath("audit/rules.toml").read_text("utf-8"))["audit"]


def _merged(own: Mapping, extra: object, path: str, place: str) -> dict:
    if not isinstance(extra, Mapping):
        raise InputError(f"{path} 的 [{place}] 应为一节。请按 docs/rules.md 末尾的例子改正。")
    merged = dict(own)
    for key, value in extra.items():
        known = own.get(key)
        if isinstance(known, Mapping):
            merged[key] = _merged(known, value, path, f"{place}.{key}")
        elif isinstance(known, list) and isinstance(value, list):
            merged[key] = [*known, *(item for item in value if item not in known)]
        elif known is None or _alike(known, value):
            merged[key] = value
        else:
            raise InputError(f"{path} 的 [{place}] {key} = {value!r} 与默认值 {known!r} 种类不同。请改正。")
    return merged


def _alike(known: object, value: object) -> bool:
    numbers = (int, float)
    if isinstance(known, bool) or isinstance(value, bool):
        return type(known) is type(value)
    return isinstance(value, numbers) if isinstance(known, numbers) else type(known) is type(value)
