"""The closed words of the tables, the audit, the charts and the comparison of years, in Chinese and English, for people.

They live in `field/words.toml`, a list a section.
"""

from collections.abc import Mapping
from functools import cache

from budgetperf.settings import own


@cache
def words(*lists: str) -> dict[str, tuple[str, str]]:
    """The words of a list, of several joined, in their order: key → (Chinese, English).

    >>> words("grade")["likely"], list(words("severity"))
    (('可能', 'likely'), ['E', 'W', 'I'])
    """
    given = _lists()
    pairs = [pair for name in lists for pair in given[name].items()]
    return {key: (key, said) if isinstance(said, str) else tuple(said) for key, said in pairs}


@cache
def _lists() -> Mapping:
    return own("field/words.toml")


def chinese(name: str) -> dict[str, str]:
    """The Chinese of a list.

    >>> chinese("basis")
    {'most_common': '过半项目相同', 'mean': '平均数'}
    """
    return {key: zh for key, (zh, _) in words(name).items()}


def say(lists: str, key: str | None, lang: str = "zh") -> str:
    """A closed word of a list in the reader's language; one that is not listed stays as it is, none is blank.

    >>> say("grade", "certain"), say("level", "数量指标", "en"), say("check", "own", "en"), say("check", None)
    ('确定', 'Quantity', 'own', '')
    """
    if not isinstance(key, str):
        return ""
    known = words(*lists.split())
    return known[key][lang == "en"] if key in known else key
