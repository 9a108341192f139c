"""Formulas of conditional formats → whether they hold for a cell, as far as they compare, count and join cells of the sheet."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from openpyxl.utils.cell import column_index_from_string

from budgetperf.readers.number_format import exact

LENGTH_LIMIT, RANGE_LIMIT = 500, 2_000  # characters of a formula; cells of one range
_TOKEN = re.compile(
    r'\s*(?:"(?P<text>(?:[^"]|"")*)"'
    r"|(?P<range>\$?[A-Z]{1,3}\$?\d{1,7}:\$?[A-Z]{1,3}\$?\d{1,7})"
    r"|(?P<cell>\$?[A-Z]{1,3}\$?\d{1,7})(?![\w(!:])"
    r"|(?P<call>[A-Z]+)\("
    r"|(?P<truth>TRUE|FALSE)(?!\w)"
    r"|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<sign><>|<=|>=|[-=<>&+*/(),]))",
    re.IGNORECASE,
)
_CELL = re.compile(r"(\$?)([A-Z]{1,3})(\$?)(\d{1,7})", re.IGNORECASE)
_COMPARED = ("=", "<>", "<=", ">=", "<", ">")
Place = tuple[int, int]


class Undecided(Exception):
    """The formula uses what is not known here."""


class Scene(NamedTuple):
    """Where a formula is looked at: the sheet's values, cells whose value is not known, and how far the cell stands from
    the one that the formula is written for (rows, columns)."""

    values: Mapping[Place, object]
    unknown: frozenset
    offset: Place


class _Cell(NamedTuple):
    """A reference: row and column, and whether each stands still."""

    row: int
    col: int
    row_fixed: bool
    col_fixed: bool


def value_of(formula: str, scene: Scene):
    """What a formula comes to: a number, a text, a truth value, None for a blank cell. Raises Undecided.

    >>> scene = Scene({(2, 1): "废止", (2, 2): 5}, frozenset(), (1, 0))
    >>> [value_of(f, scene) for f in ('$A1="废止"', "AND(B1>4,NOT(ISBLANK(A1)))", "COUNTIF(A$1:A1,A1)>1", "C1")]
    [True, True, False, None]
    >>> [value_of(f, scene) for f in ('TRIM(" 甲  乙 ")', "RIGHT(A1)", "RIGHT(A1,0)", "LEFT(A1,9)")]
    ['甲 乙', '止', '', '废止']
    """
    return _parsed(formula)(scene)


def compared(left, sign: str, right) -> bool:
    """Whether two values stand in that order, as the program compares them: texts behind numbers, letters of either case
    alike, a blank cell as 0 or no text.

    >>> compared("A", "=", "a"), compared(None, "=", ""), compared("甲", ">", Decimal(9))
    (True, True, True)
    """
    left, right = _filled(left, right), _filled(right, left)
    if sign == "=":
        return left == right
    if sign == "<>":
        return left != right
    return {"<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right}[sign]


def _filled(value, other) -> tuple:
    """A value that can be put in order: its kind, then itself; a blank one is the other's nothing."""
    if value is None:
        value = "" if isinstance(other, str) else False if isinstance(other, bool) else Decimal(0)
    if isinstance(value, bool):
        return (2, value)
    return (1, value.lower()) if isinstance(value, str) else (0, value)


@lru_cache(maxsize=1024)
def _parsed(formula: str) -> Callable[[Scene], object]:
    """A formula as a function. Raises Undecided for what is not known here."""
    formula = formula.strip().removeprefix("=")
    tokens, at = [], 0
    while at < len(formula.rstrip()):
        found = _TOKEN.match(formula, at)
        if found is None or len(formula) > LENGTH_LIMIT:
            raise Undecided(formula)
        tokens.append((found.lastgroup, found[found.lastgroup]))
        at = found.end()
    tokens.append(("end", ""))
    meaning = _comparison(tokens)
    if tokens[0][0] != "end":
        raise Undecided(formula)
    return meaning


def _comparison(tokens: list) -> Callable[[Scene], object]:
    left = _joined(tokens)
    while tokens[0][1] in _COMPARED:
        sign, before, right = tokens.pop(0)[1], left, _joined(tokens)
        left = lambda scene, a=before, s=sign, b=right: compared(a(scene), s, b(scene))  # noqa: E731
    return left


def _joined(tokens: list) -> Callable[[Scene], object]:
    left = _sum(tokens)
    while tokens[0] == ("sign", "&"):
        tokens.pop(0)
        before, right = left, _sum(tokens)
        left = lambda scene, a=before, b=right: _text(a(scene)) + _text(b(scene))  # noqa: E731
    return left


def _sum(tokens: list) -> Callable[[Scene], object]:
    left = _single(tokens)
    while tokens[0] in (("sign", "+"), ("sign", "-")):
        sign, before, right = (1 if tokens.pop(0)[1] == "+" else -1), left, _single(tokens)
        left = lambda scene, a=before, s=sign, b=right: _number(a(scene)) + s * _number(b(scene))  # noqa: E731
    return left


def _single(tokens: list) -> Callable[[Scene], object]:
    kind, word = tokens.pop(0)
    if kind == "text":
        return lambda scene: word.replace('""', '"')
    if kind == "number":
        return lambda scene: Decimal(word)
    if kind == "truth":
        return lambda scene: word.upper() == "TRUE"
    if kind == "cell":
        cell = _reference(word)
        return lambda scene: _at(cell, scene)
    if kind == "call":
        return _call(word.upper(), tokens)
    if (kind, word) == ("sign", "-"):
        inner = _single(tokens)
        return lambda scene: -_number(inner(scene))
    if (kind, word) == ("sign", "("):
        inner = _comparison(tokens)
        _expect(tokens, ")")
        return inner
    raise Undecided(word)


def _call(name: str, tokens: list) -> Callable[[Scene], object]:
    """A function of the sheet with its arguments."""
    if name == "COUNTIF" and tokens[0][0] == "range":
        first, last = (_reference(cell) for cell in tokens.pop(0)[1].split(":"))
        _expect(tokens, ",")
        wanted = _comparison(tokens)
        _expect(tokens, ")")
        return lambda scene: _count(first, last, wanted(scene), scene)
    arguments = []
    while tokens[0] != ("sign", ")"):
        arguments.append(_comparison(tokens))
        if tokens[0] == ("sign", ","):
            tokens.pop(0)
    _expect(tokens, ")")
    if name not in _FUNCTIONS:
        raise Undecided(name)
    return lambda scene: _FUNCTIONS[name]([argument(scene) for argument in arguments])


def _count(first: _Cell, last: _Cell, wanted, scene: Scene) -> Decimal:
    """In how many cells of a range a value stands; not told for patterns."""
    if isinstance(wanted, str) and re.search(r"[*?~]|^[<>=]", wanted):
        raise Undecided("COUNTIF")
    (top, left), (bottom, right) = _place(first, scene), _place(last, scene)
    if (bottom - top + 1) * (right - left + 1) > RANGE_LIMIT:
        raise Undecided("COUNTIF")
    places = [(row, col) for row in range(top, bottom + 1) for col in range(left, right + 1)]
    held = [cell_value(place, scene) for place in places]
    return Decimal(sum(value is not None and compared(value, "=", wanted) for value in held))


def _expect(tokens: list, sign: str) -> None:
    if tokens.pop(0) != ("sign", sign):
        raise Undecided(sign)


def _reference(word: str) -> _Cell:
    col_fixed, col, row_fixed, row = _CELL.fullmatch(word).groups()
    return _Cell(int(row), column_index_from_string(col.upper()), bool(row_fixed), bool(col_fixed))


def _place(cell: _Cell, scene: Scene) -> Place:
    down, over = scene.offset
    return cell.row + (0 if cell.row_fixed else down), cell.col + (0 if cell.col_fixed else over)


def _at(cell: _Cell, scene: Scene):
    return cell_value(_place(cell, scene), scene)


def cell_value(place: Place, scene: Scene):
    """The value of a cell; not known where it is a formula's without result, a date or an error."""
    value = scene.values.get(place)
    if place in scene.unknown or not isinstance(value, (str, int, float, Decimal, type(None))):
        raise Undecided(str(place))
    return exact(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _number(value) -> Decimal:
    if value is None or isinstance(value, bool):
        return Decimal(bool(value))
    if not isinstance(value, Decimal):
        raise Undecided(str(value))
    return value


def _text(value) -> str:
    if isinstance(value, bool):
        raise Undecided(str(value))
    return "" if value is None else str(value)


def _truth(value) -> bool:
    if isinstance(value, str):
        raise Undecided(value)
    return bool(value)


class _Search(NamedTuple):
    """What a search came to; its number is not told."""

    found: bool


def _search(arguments: list) -> _Search:
    if len(arguments) != 2 or re.search(r"[*?~]", _text(arguments[0])):
        raise Undecided("SEARCH")
    return _Search(_text(arguments[0]).lower() in _text(arguments[1]).lower())


def _find(arguments: list) -> _Search:
    if len(arguments) != 2:
        raise Undecided("FIND")
    return _Search(_text(arguments[0]) in _text(arguments[1]))


def _is_error(arguments: list) -> bool:
    """Whether a search found nothing: all that can fail here."""
    if not isinstance(arguments[0], _Search):
        raise Undecided("ISERROR")
    return not arguments[0].found


def _count_of(arguments: list) -> int:
    """How many characters of a text are asked for."""
    count = int(_number(arguments[1])) if len(arguments) > 1 else 1
    if count < 0:
        raise Undecided(str(count))
    return count


_FUNCTIONS: dict[str, Callable[[list], object]] = {
    "AND": lambda of: all(list(map(_truth, of))),
    "OR": lambda of: any(list(map(_truth, of))),
    "NOT": lambda of: not _truth(of[0]),
    "ISBLANK": lambda of: of[0] is None,
    "LEN": lambda of: Decimal(len(_text(of[0]))),
    "TRIM": lambda of: " ".join(filter(None, _text(of[0]).split(" "))),
    "LEFT": lambda of: _text(of[0])[: _count_of(of)],
    "RIGHT": lambda of: _text(of[0])[max(0, len(_text(of[0])) - _count_of(of)) :],
    "SEARCH": _search,
    "FIND": _find,
    "ISERROR": _is_error,
    "ISNUMBER": lambda of: of[0].found if isinstance(of[0], _Search) else isinstance(of[0], Decimal),
}
