"""Where doubts are laid down."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from budgetperf.mend.table import Table

Subjects = list[tuple[int | None, str]]
DOUBTS: list[tuple[str, Callable[["Table"], Subjects]]] = []


def doubt(check: str):
    """Lay down a doubt under the name of the check that it fails; they are asked in the order in which they are laid down."""

    def lay_down(function):
        DOUBTS.append((check, function))
        return function

    return lay_down
