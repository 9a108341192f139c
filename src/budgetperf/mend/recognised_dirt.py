"""Lines of a recognised cell that are no print: the stroke of a seal or a speck beside its text, taken for a character."""

from itertools import groupby

from budgetperf.tables.cells import Recognised, Sign

SPECK = 0.5  # confidence of a sign alone on its line below which it may be one
LEAST = 3  # signs of a line of print beside it


def without_dirt(cell: Recognised) -> Recognised:
    """The cell without lines of one sign that the recogniser doubts, where all its other readings see nothing there, or a
    whole line of print follows: print goes to a new line only where one is full.

    >>> signs = [Sign(c, 0.9, ()) for c in "切实\\n"]
    >>> speck = Sign("a", 0.2, ())
    >>> cell = Recognised((Sign("更", 0.9, ()), *signs, speck), (0, 0, 1, 1), ("更切实\\n", "更切实\\n"))
    >>> "".join(sign.text for sign in without_dirt(cell).signs), without_dirt(cell).again
    ('更切实', ('更切实', '更切实'))
    """
    lines = [list(signs) for is_break, signs in groupby(cell.signs, lambda sign: sign.text == "\n") if not is_break]
    readings = [other.split("\n") for other in cell.again]
    dirt = {n for n in range(len(lines)) if _is_dirt(n, lines, readings)}
    if not dirt:
        return cell
    kept = [signs for n, signs in enumerate(lines) if n not in dirt]
    signs = kept[0] + [sign for line in kept[1:] for sign in (Sign("\n", 1.0, ()), *line)]
    again = tuple(
        "\n".join(text for n, text in enumerate(texts) if n not in dirt) if len(texts) == len(lines) else other
        for other, texts in zip(cell.again, readings, strict=True)
    )
    return cell._replace(signs=tuple(signs), again=again)


def _is_dirt(number: int, lines: list[list[Sign]], readings: list[list[str]]) -> bool:
    line = lines[number]
    if len(line) != 1 or line[0].confidence >= SPECK or max(map(len, lines)) < LEAST:
        return False
    followed = number + 1 < len(lines) and len(lines[number + 1]) >= LEAST
    unseen = len(readings) > 1 and all(len(r) == len(lines) and not r[number].strip() for r in readings)
    return followed or unseen
