"""A finding's sentence: where, what, on which basis; and the parts of it again."""

import re

_BASIS = re.compile(r"[；。](?:依据|判断标准)：")


def claim(message: str) -> str:
    """The place and the fact of a finding's message, without what it is measured by.

    >>> claim("第 3 个项目：满意度目标 70%，低于 80%；依据：本规。")
    '第 3 个项目：满意度目标 70%，低于 80%'
    """
    return _BASIS.split(message, maxsplit=1)[0]
