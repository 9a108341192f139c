"""Conditional formats of a sheet: what is struck out, coloured like its ground or shown otherwise where they hold."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple

from lxml import etree
from openpyxl.styles.colors import Color
from openpyxl.styles.fills import PatternFill
from openpyxl.utils.cell import range_boundaries

from budgetperf.readers.condition_formula import Scene, Undecided, cell_value, compared, value_of
from budgetperf.readers.excel_looks import unseen
from budgetperf.readers.sheet import Sheet

WORK_LIMIT = 2_000_000  # rules looked at for cells
_SIGNS = {"equal": "=", "notEqual": "<>", "greaterThan": ">", "lessThan": "<", "greaterThanOrEqual": ">=",
          "lessThanOrEqual": "<="}  # fmt: skip
_NO_NUMBER = ";;;@"


class Look(NamedTuple):
    """What a format changes of a cell; None for what it leaves as it is."""

    strike: bool | None = None
    colour: Color | None = None
    fill: PatternFill | None = None
    code: str | None = None  # number format


class Rule(NamedTuple):
    """One rule of a conditional format; ranges are (first column, first row, last column, last row)."""

    ranges: tuple[tuple[int, int, int, int], ...]
    kind: str
    operator: str
    formulas: tuple[str, ...]
    look: Look
    priority: int
    stops: bool
    place: str  # as the file names it


class Styled(NamedTuple):
    """A cell that holds something: its value, its text as its own number format shows it, and of its own style whether it
    is struck out, its colour, its fill."""

    value: object
    kind: str  # openpyxl's data type
    text: str
    own: tuple[bool, Color | None, PatternFill | None]

    @property
    def seen_value(self):
        """The value, of a text only what is seen of it."""
        return self.text if isinstance(self.value, str) else self.value


class Seen(NamedTuple):
    """How a cell looks by its own style, and whether a rule that can't be decided may change that (its place)."""

    reason: str  # why its text is not seen, in words
    code: str | None  # the number format of a rule that holds
    undecided: str


def looks_of(styles: etree._Element | None) -> list[Look]:
    """The looks that rules name by their number, of the root of a workbook's styles."""
    return [] if styles is None else [_look(entry) for entry in styles.iterfind("{*}dxfs/{*}dxf")]


def rules_of(element: etree._Element, looks: list[Look]) -> list[Rule]:
    """The rules of one conditional format that change what is seen of a text.

    >>> xml = "<conditionalFormatting sqref='A1'><cfRule type='expression' dxfId='0'><formula>B1</formula></cfRule></conditionalFormatting>"
    >>> [rule.formulas for rule in rules_of(etree.fromstring(xml), [Look(strike=True)])]
    [('B1',)]
    """
    place = element.get("sqref") or element.findtext("{*}sqref") or ""
    ranges = tuple(bounds for part in place.split() if None not in (bounds := range_boundaries(part)))
    found = []
    for rule in element.iterfind("{*}cfRule"):
        look, kind = _look_of(rule, looks), rule.get("type", "")
        if any(rule.find(f"{{*}}{drawn}[@showValue='0']") is not None for drawn in ("dataBar", "iconSet")):
            look, kind = Look(code=_NO_NUMBER), "always"
        if look != Look() and ranges:
            formulas = tuple(f.text or "" for f in rule if etree.QName(f).localname in ("formula", "f"))
            stops = rule.get("stopIfTrue", "0") in ("1", "true")
            priority = int(rule.get("priority", 0))
            found.append(Rule(ranges, kind, rule.get("operator", ""), formulas, look, priority, stops, place))
    return found


def _look_of(rule: etree._Element, looks: list[Look]) -> Look:
    number, own = rule.get("dxfId", ""), rule.find("{*}dxf")
    if own is not None:
        return _look(own)
    return looks[int(number)] if number.isdecimal() and int(number) < len(looks) else Look()


def _look(entry: etree._Element) -> Look:
    strike, code = entry.find("{*}font/{*}strike"), entry.find("{*}numFmt")
    ground = _colour(entry.find("{*}fill/{*}patternFill/{*}bgColor")) or _colour(
        entry.find("{*}fill/{*}patternFill/{*}fgColor")
    )
    return Look(
        None if strike is None else strike.get("val", "1") not in ("0", "false"),
        _colour(entry.find("{*}font/{*}color")),
        None if ground is None else PatternFill("solid", fgColor=ground),
        None if code is None else code.get("formatCode"),
    )


def _colour(element: etree._Element | None) -> Color | None:
    try:
        return None if element is None or not element.attrib else Color.from_tree(element)
    except (TypeError, ValueError):
        return None


def apply_conditions(
    sheet: Sheet, cells: Mapping[tuple[int, int], Styled], shown: Callable[[Styled, str], str]
) -> None:
    """Takes out of a sheet's texts what its conditional formats hide, puts back what they show, and notes the places of
    rules that can't be decided; `shown` gives the text of a cell in another number format."""
    rules = sorted(sheet.conditions, key=lambda rule: rule.priority)
    values, unknown = {place: cell.value for place, cell in cells.items()}, frozenset(sheet.formulas)
    for number, (place, cell) in enumerate(cells.items(), start=1):
        over = [rule for rule in rules if _covers(rule, place)] if number * len(rules) <= WORK_LIMIT else None
        if over == [] or not cell.text.strip():
            continue
        looked_up = _unlooked(cell.own, rules) if over is None else _seen(place, cell.own, over, values, unknown)
        before = unseen(*cell.own)
        if looked_up.undecided:
            sheet.undecided.append(looked_up.undecided)
        text = cell.text if looked_up.code is None else shown(cell, looked_up.code)
        sheet.unseen.subtract([before] if before else [])
        sheet.unseen.update([looked_up.reason] if looked_up.reason else [])
        sheet.texts.pop(place, None)
        if text.strip() and not looked_up.reason:
            sheet.texts[place] = text


def _seen(place: tuple[int, int], own: tuple, rules: list[Rule], values: Mapping, unknown: frozenset) -> Seen:
    changed, perhaps = Look(), []
    for rule in rules:
        holds = _holds(rule, place, values, unknown)
        if holds is None:
            perhaps.append(rule)
        elif holds:
            changed = Look(*(now if now is not None else new for now, new in zip(changed, rule.look, strict=True)))
            if rule.stops:
                break
    reason = _reason(own, changed)
    doubtful = [rule for rule in perhaps if _changes(own, changed, rule.look, reason)]
    return Seen(reason, changed.code, doubtful[0].place if doubtful else "")


def _unlooked(own: tuple, rules: list[Rule]) -> Seen:
    """A cell of a sheet with too many rules."""
    reason = _reason(own, Look())
    doubtful = [rule for rule in rules if _changes(own, Look(), rule.look, reason)]
    return Seen(reason, None, doubtful[0].place if doubtful else "")


def _changes(own: tuple, changed: Look, look: Look, reason: str) -> bool:
    """Whether a rule would show or hide the text of a cell, or show its number otherwise."""
    with_it = Look(*(new if new is not None else now for now, new in zip(changed, look, strict=True)))
    return _reason(own, with_it) != reason or look.code is not None


def _reason(own: tuple, changed: Look) -> str:
    strike, colour, fill = (new if new is not None else now for now, new in zip(own, changed[:3], strict=True))
    return unseen(strike, colour, fill)


def _covers(rule: Rule, place: tuple[int, int]) -> bool:
    row, col = place
    return any(left <= col <= right and top <= row <= bottom for left, top, right, bottom in rule.ranges)


def _holds(rule: Rule, place: tuple[int, int], values: Mapping, unknown: frozenset) -> bool | None:
    """Whether a rule holds for a cell; None where that can't be told."""
    left, top, *_ = rule.ranges[0]
    scene = Scene(values, unknown, (place[0] - top, place[1] - left))
    try:
        if rule.kind == "always":
            return True
        results = [value_of(formula, scene) for formula in rule.formulas]
        if rule.kind == "cellIs":
            return _stands(cell_value(place, scene), rule.operator, results)
        if len(results) == 1 and isinstance(results[0], (bool, Decimal, type(None))):
            return bool(results[0])
    except (Undecided, IndexError, TypeError, KeyError, RecursionError):
        pass
    return None


def _stands(value, operator: str, bounds: list) -> bool:
    if operator in ("between", "notBetween"):
        inside = compared(value, ">=", bounds[0]) and compared(value, "<=", bounds[1])
        return inside == (operator == "between")
    return compared(value, _SIGNS[operator], bounds[0])
