"""The kinds of issue: which rules' findings have one cause, what they are called, what is recommended."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

from budgetperf.audit.load import all_rules


class Kind(NamedTuple):
    """A kind of issue: its name, the rules whose findings it joins, words in both languages."""

    name: str
    rules: tuple[str, ...]
    title: str
    title_en: str
    recommendation: str
    recommendation_en: str
    joins: tuple[str, ...] = ()  # rules of other kinds, where they speak of an indicator that this kind speaks of


@cache
def _declared() -> Mapping:
    return tomllib.loads(resources.files("budgetperf").joinpath("audit/issues.toml").read_text("utf-8"))


@cache
def kinds() -> dict[str, Kind]:
    """The kinds of issue by name, as `issues.toml` declares them.

    >>> kinds()["vague"].rules
    ('Q01', 'Q02', 'Q06', 'L03')
    """
    declared = {name: value for name, value in _declared().items() if name != "notes"}
    words = ("title", "title_en", "recommendation", "recommendation_en")
    return {
        name: Kind(name, tuple(one["rules"]), *(one[word] for word in words), tuple(one.get("joins", ())))
        for name, one in declared.items()
    }


@cache
def kind_of(rule: str) -> Kind | None:
    """The kind whose findings a rule gives; None for notes on the reading. An unknown rule is a kind of its own.

    >>> kind_of("T03").name, kind_of("D07")
    ('spending', None)
    """
    if rule in _declared()["notes"]:
        return None
    known = next((kind for kind in kinds().values() if rule in kind.rules), None)
    if known:
        return known
    named = next((one for one in all_rules() if one.id == rule), None)
    title, title_en = (named.title, named.title_en) if named else (rule, rule)
    return Kind(rule, (rule,), title, title_en, "建议核实后更正", "Verify and correct.")
