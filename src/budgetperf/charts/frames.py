"""Which frame a chart draws."""

from collections.abc import Callable
from functools import wraps

import pandas as pd


def draws(source: str) -> Callable[[Callable], Callable]:
    """A chart of `source`'s frame, refusing a whole Dataset, of which some would draw something.

    >>> @draws("profiles.allocation")
    ... def bars(frame): ...
    >>> bars(dict())
    Traceback (most recent call last):
    TypeError: bars 要 profiles.allocation 的表，不是 dict
    """

    def of_frame(draw: Callable) -> Callable:
        @wraps(draw)
        def drawn(frame, *more, **options):
            if not isinstance(frame, pd.DataFrame):
                raise TypeError(f"{draw.__name__} 要 {source} 的表，不是 {type(frame).__name__}")
            return draw(frame, *more, **options)

        return drawn

    return of_frame
