"""Marks that what a cell says goes on from above, over the break of a page or a table."""

import re

_PLACE = r"续[上前]?(?:第?\d{1,3})?[页表]?|(?:上接|接[上前])(?:第?\d{1,3})?[页表]|同[上前]"
_GOES_ON = re.compile(rf"[（(\[【]?(?:{_PLACE})[）)\]】]?$|^[（(\[【](?:{_PLACE})[）)\]】]")
GOES_ON_IN_BRACKETS = re.compile(rf"[（(\[【](?:{_PLACE})[）)\]】]$|^[（(\[【](?:{_PLACE})[）)\]】]")


def without_goes_on(text: str) -> str:
    """A text without the mark that what it says goes on from above (续, 接上页), which belongs to no name.

    >>> [without_goes_on(text) for text in ["道路养护（续）", "(续表)道路养护", "卫健局（上接第1页）", "（续前页）", "续建工程"]]
    ['道路养护', '道路养护', '卫健局', '', '续建工程']
    """
    return _GOES_ON.sub("", text)
