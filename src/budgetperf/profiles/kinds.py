"""Kinds of spending, told by a project's name: a coarse aid to reading, not an accounting classification."""

import tomllib
from functools import cache
from importlib import resources

OTHER = "其他"


@cache
def spending_kinds() -> dict[str, list[str]]:
    """Kind → words by which a name shows it, in the order in which they are tried."""
    return tomllib.loads(resources.files("budgetperf").joinpath("profiles/kinds.toml").read_text("utf-8"))["kinds"]


def spending_kind(name: str) -> str:
    """The kind of spending that a project's name tells, 其他 where it tells none.

    >>> [spending_kind(name) for name in ("社区工作人员工资", "食堂运转经费", "危桥改造", "招商引资")]
    ['人员报酬', '运转业务', '建设修缮', '其他']
    """
    return next((kind for kind, words in spending_kinds().items() if any(word in name for word in words)), OTHER)
