"""Colours as seen: every family of colour space → red, green and blue, each from 0 to 1.

The interpreter names a colour space as the page's resources name it (R21, CS0): its family stands in its definition.
"""

import math

from budgetperf.readers.pdf.tints import tint

RGB = tuple[float, float, float]

DEEPEST_SPACE = 6
NO_INK = "None"  # a separation of this name paints nothing
NEARLY_WHITE = 0.985
OTHER_COLOUR = 0.15  # contrast from which a colour is another one


def seen_colour(color, space) -> RGB | None:
    """A playa colour in its colour space as red, green, blue; None for patterns and what can't be told.

    >>> from playa.color import PREDEFINED_COLORSPACE as SPACES, Color
    >>> seen_colour(Color((0.0, 0.0, 0.0, 0.25), None), SPACES["DeviceCMYK"])
    (0.75, 0.75, 0.75)
    >>> seen_colour(Color((0.5,), "P1"), SPACES["Pattern"]) is None
    True
    """
    if color.pattern is not None or not color.values:
        return None
    spec = space.name if space is not None and space.spec is None else getattr(space, "spec", None)
    try:
        return _rgb(tuple(color.values), spec, 0)
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, ArithmeticError):
        return None


def is_white(colour: RGB | None) -> bool:
    """Whether a colour is white or as good as white.

    >>> is_white((1.0, 0.99, 1.0)), is_white((0.9, 0.9, 0.9)), is_white(None)
    (True, False, False)
    """
    return colour is not None and min(colour) >= NEARLY_WHITE


def is_black(colour: RGB | None) -> bool:
    """Whether a colour is black or as good as black.

    >>> is_black((0.0, 0.01, 0.0)), is_black(None)
    (True, False)
    """
    return colour is not None and max(colour) <= 1 - NEARLY_WHITE


def contrast(ink: RGB | None, ground: RGB | None) -> float:
    """How far two colours lie apart, from 0 to 1; 1 where one of them is not known.

    >>> contrast((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)), contrast(None, (1.0, 1.0, 1.0))
    (1.0, 1.0)
    """
    return 1.0 if ink is None or ground is None else max(abs(a - b) for a, b in zip(ink, ground, strict=True))


def _rgb(values: tuple[float, ...], spec, depth: int) -> RGB | None:
    from playa.pdftypes import PSLiteral, resolve1

    spec = spec if isinstance(spec, str) else resolve1(spec)
    if depth > DEEPEST_SPACE:
        return None
    if isinstance(spec, (list, tuple)):
        family, rest = resolve1(spec[0]), spec[1:]
    else:
        family, rest = spec, ()
    family = family.name if isinstance(family, PSLiteral) else str(family)
    if family in ("Separation", "DeviceN"):
        names = resolve1(rest[0])
        names = [names] if isinstance(names, PSLiteral) else list(names)
        if all(getattr(resolve1(name), "name", "") == NO_INK for name in names):
            return 1.0, 1.0, 1.0
        return _rgb(tint(resolve1(rest[2]), values), rest[1], depth + 1)
    if family == "Indexed" or family == "I":
        return _rgb(_looked_up(values, rest), rest[0], depth + 1)
    if family == "ICCBased":
        profile = resolve1(rest[0])
        alternate = resolve1(profile.get("Alternate")) if len(values) not in (1, 3, 4) else None
        return _rgb(values, alternate, depth + 1) if alternate is not None else _by_count(values)
    if family == "Lab":
        return _from_lab(values)
    return _by_count(values)


def _by_count(values: tuple[float, ...]) -> RGB | None:
    """Gray, RGB and CMYK, device colours and calibrated ones alike."""
    values = tuple(min(1.0, max(0.0, float(value))) for value in values)
    if len(values) == 1:
        return values * 3
    if len(values) == 3:
        return values
    if len(values) == 4:
        cyan, magenta, yellow, black = values
        return (1 - cyan) * (1 - black), (1 - magenta) * (1 - black), (1 - yellow) * (1 - black)
    return None


def _looked_up(values: tuple[float, ...], rest) -> tuple[float, ...]:
    from playa.color import get_colorspace
    from playa.pdftypes import ContentStream, resolve1

    base, table = resolve1(rest[0]), resolve1(rest[2])
    table = table.buffer if isinstance(table, ContentStream) else table
    size = get_colorspace(base).ncomponents
    at = int(values[0]) * size
    return tuple(byte / 255 for byte in table[at : at + size])


def _from_lab(values: tuple[float, ...]) -> RGB:
    """CIE L*a*b* through XYZ to sRGB; the white point is taken to be the paper's."""
    lightness, a, b = (float(value) for value in values)
    middle = (lightness + 16) / 116
    x, y, z = (
        t**3 if t > 6 / 29 else 3 * (6 / 29) ** 2 * (t - 4 / 29) for t in (middle + a / 500, middle, middle - b / 200)
    )
    linear = (
        3.1339 * x * 0.9642 - 1.6169 * y - 0.4906 * z * 0.8249,
        -0.9785 * x * 0.9642 + 1.9160 * y + 0.0333 * z * 0.8249,
        0.0720 * x * 0.9642 - 0.2290 * y + 1.4057 * z * 0.8249,
    )
    return tuple(
        min(1.0, max(0.0, 12.92 * c if c <= 0.0031308 else 1.055 * math.pow(max(c, 0.0), 1 / 2.4) - 0.055))
        for c in linear
    )
