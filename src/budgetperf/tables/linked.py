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
            above[thing] = thing = above.get(upper, upper)
        return thing

    for pair in pairs:
        one, other = least(pair[0]), least(pair[1])
        if other < one:
            one, other = other, one
        above[other] = one
    return least
