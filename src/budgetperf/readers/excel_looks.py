"""What a workbook's styles make of a cell: its rules, its number format, whether its text is seen."""

from budgetperf.readers.number_format import CHINESE_BUILTIN


def look(cell) -> tuple[bool, str, tuple]:
    """Whether a cell is ruled at a side, its number format, and whether it is struck out, its colour, its fill."""
    code = CHINESE_BUILTIN.get(cell.style_array.numFmtId) or cell.number_format
    font = cell.font
    own = (False, None) if font is None else (bool(font.strike), font.color)
    return _has_side_rule(cell.border), code, (*own, cell.fill)


def unseen(strike: bool, colour, fill) -> str:
    """In words why a text of that colour upon that ground is not seen; "" where it is."""
    if strike:
        return "划去的文字"
    if _is_white(colour) and _white_ground(fill):
        return "白色的文字"
    return "与底色同色的文字" if _same_colour(colour, fill) else ""


def _is_white(color) -> bool:
    if color is None:
        return False
    if color.type == "rgb":
        return color.rgb[-6:].upper() == "FFFFFF"
    return not color.tint and (
        (color.type == "theme" and color.theme == 0) or (color.type == "indexed" and color.indexed in (1, 9))
    )


def _same_colour(color, fill) -> bool:
    ground = fill.fgColor if getattr(fill, "patternType", None) == "solid" else None
    return color is not None and ground is not None and color == ground


def _white_ground(fill) -> bool:
    pattern = getattr(fill, "patternType", None) if fill is not None else None
    if fill is not None and not hasattr(fill, "patternType"):
        return False  # a gradient
    return pattern in (None, "none") or (pattern == "solid" and _is_white(fill.fgColor))


def _has_side_rule(border) -> bool:
    return any(side is not None and side.style not in (None, "none") for side in (border.left, border.right))
