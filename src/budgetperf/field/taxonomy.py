"""Which level 2 the taxonomy counts to which level 1, and which levels 1 it leaves undivided."""

from budgetperf.field.vocabulary import level1_name, level1_of, vocabulary


def is_filed_apart(level2: str | None, level1: str | None) -> bool:
    """Whether a canonical level 2 stands under another level 1 than the taxonomy's; 效果 is what whole-unit evaluations call
    the benefits and the satisfaction together.

    >>> is_filed_apart("数量指标", "效益指标"), is_filed_apart("社会效益指标", "效果指标"), is_filed_apart("成本指标", "效益指标")
    (True, False, False)
    """
    own = level1_of(level2)
    return own is not None and own != level1 and not (level1 == "效果指标" and own in ("效益指标", "满意度指标"))


def is_undivided(level1: str) -> bool:
    """Whether a level 1 is known for which the taxonomy has no level 2.

    >>> is_undivided("决策"), is_undivided("产出指标"), is_undivided("其他")
    (True, False, False)
    """
    name = level1_name(level1)
    return name is not None and not vocabulary()["levels"][name].get("level2")
