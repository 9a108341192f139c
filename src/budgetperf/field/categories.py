"""Categories of projects: their codes and names, as the vocabulary lists them or as they look."""

import re
import unicodedata

from budgetperf.field.vocabulary import per_vocabulary, simplified, vocabulary


@per_vocabulary
def _category_names() -> dict[str, str]:
    return {name: code for code, name in vocabulary()["categories"].items()}


def category_parts(text: str) -> tuple[str | None, str] | None:
    """(code, name) of a project category, or None where the text is none.

    >>> category_parts("3-特定目标类"), category_parts("22 其他运转类"), category_parts("运转类"), category_parts("68.00")
    (('3', '特定目标类'), ('22', '其他运转类'), (None, '运转类'), None)
    """
    folded = simplified(re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)))
    match = re.fullmatch(r"(\d{1,3})[-—–_－‐‑―.、]?(\D{2,14}(?:类|项目|经费|支出))", folded)
    if match:
        return match[1], match[2]
    return (None, folded) if folded in _category_names() else None


def is_known_category(text: str) -> bool:
    """Whether a category is one of the vocabulary's, code and name agreeing where it prints both.

    >>> is_known_category("3-特定目标类"), is_known_category("0-特定目标类"), is_known_category("运转类")
    (True, False, True)
    """
    parts = category_parts(text)
    return (
        parts is not None
        and _category_names().get(parts[1]) is not None
        and parts[0] in (None, _category_names()[parts[1]])
    )
