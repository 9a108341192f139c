"""Things that hang together by pairs."""

from collections.abc import Callable, Iterable, Sequence


def linked(pairs: Iterable[Sequence]) -> Callable:
    """The function that gives, for a thing, the least of those that hang together with it, directly or through others;
    the thing itself where none does. Of each pair the first two count.

    >>> least = linked([(3, 2), (5, 4), (2, 1)])
    >>> [least(thing) for thing in (3, 5, 9)]
    [1, 4, 9]
    """
    above: dict = {}

    def least(thing):
        while (upper := above.get(thing, thing)) != thing:
            above[thing] = above.get(upper, upper)
            thing = upper
        return thing

    for first, second, *_ in pairs:
        one, other = sorted((least(first), least(second)))
        above[other] = one
    return least
