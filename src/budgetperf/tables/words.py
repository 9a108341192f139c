"""Titles and kinds of the columns of a build's tables."""

from functools import cache

from budgetperf.tables.declared import TABLES


@cache
def titles() -> dict[str, str]:
    """Column → its Chinese title."""
    return {name: column.title for table in TABLES.values() for name, column in table.columns.items()}


@cache
def kinds() -> dict[str, str]:
    """Column → its kind: text, whole, exact, box or flag."""
    return {name: column.kind for table in TABLES.values() for name, column in table.columns.items()}


def field_title(field: str) -> str:
    """The Chinese title of a repaired field; one that no table has stays as it is.

    >>> field_title("weight"), field_title("row"), field_title("own")
    ('分值权重', '整行', 'own')
    """
    return {"row": "整行", "project_no": "所属项目"}.get(field, titles().get(field, field))
