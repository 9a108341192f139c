"""Thresholds and word lists of the rules: the package's own, then those of the user's settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from budgetperf.errors import InputError
from budgetperf.field.words import words
from budgetperf.settings import Settings, merged, own, read_settings

SEVERITIES = tuple(words("severity"))  # the gravest first


@dataclass(frozen=True)
class Config:
    """`values`: the section [audit] as nested dictionaries; `language` of the messages (zh, en); `decisions`: the file
    of the auditors' decisions, None where nothing names one."""

    values: Mapping
    language: str = "zh"
    decisions: Path | None = None

    def of(self, rule: str) -> Mapping:
        """Thresholds of a rule; empty where it has none.

        >>> load_config(None).of("L01")
        {'warn_below': 80, 'note_below': 90}
        """
        return self.values.get(rule, {})

    @property
    def off(self) -> set[str]:
        """Rules that are not run: those off by default or by the user, without those turned on."""
        return set(self.values["off"]) - set(self.values["on"])

    @property
    def words(self) -> Mapping:
        """The word lists."""
        return self.values["words"]


def load_config(settings: Settings | str | Path | None = None, *, language: str = "zh") -> Config:
    """The rules' configuration: the package's own, then the section [audit] of the settings (or of their file).

    Raises InputError where the file is none that `budgetperf.settings.read_settings` takes, or a severity is none.

    >>> load_config(None).values["C05"]["fewest"]
    5
    """
    if language not in ("zh", "en"):
        raise InputError(f"没有“{language}”这种语言。请用 zh 或 en。")
    if settings is not None and not isinstance(settings, Settings):
        settings = read_settings(settings)
    given = settings or Settings()
    values = merged(own("audit/rules.toml")["audit"], given.audit)
    wrong = {rule: grade for rule, grade in values["severity"].items() if grade not in SEVERITIES}
    if wrong:
        raise InputError(f"{given.file} 的 [audit.severity] 中 {wrong} 不是 E、W 或 I。请改正。")
    return Config(values, language, given.decisions)
