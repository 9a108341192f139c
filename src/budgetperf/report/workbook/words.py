"""What `workbook.toml` says of the working paper: words in both languages, titles that are its own, sheets and columns."""

from collections.abc import Mapping
from functools import cache

from budgetperf.settings import own


@cache
def declared() -> Mapping:
    """The file: words, columns (their titles) and sheets."""
    return own("report/workbook/workbook.toml")


def word(key: str, lang: str, **values) -> str:
    """A fixed word or sentence in the report's language.

    >>> word("projects", "zh"), word("of project", "en", project=3)
    ('项目', 'Project 3')
    """
    said = declared()["words"][key][lang == "en"]
    return said.format(**values) if values else said
