"""Lines of a picture as read → records of cells and of lines outside tables, in reading order."""

from typing import NamedTuple

import numpy as np

from budgetperf.readers.pdf.grid import Grid
from budgetperf.readers.scan.lines import Place
from budgetperf.readers.scan.recogniser import Spotted
from budgetperf.tables.cells import Recognised, Sign

# usual confidence of a line outside tables, and of one of a sign or two, below which it is no print: a seal, handwriting
PRINT, ALONE = 0.6, 0.9
_LATIN = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class Line(NamedTuple):
    """A line as read: its first reading's characters, its other readings, whether ink was left beside them."""

    place: Place
    spotted: list[Spotted]
    again: tuple[str, ...]
    unread_ink: bool


def records_of(grids: list[Grid], lines: list[Line], scale: float) -> list[tuple[dict, Recognised]]:
    """The cells of every table and the lines outside, those further up first."""
    inside: dict[tuple[int, int], list[Line]] = {}
    blocks: list[tuple[float, float, list[tuple[dict, Recognised]], int]] = []
    for line in lines:
        if line.place.table >= 0:
            inside.setdefault((line.place.table, line.place.cell), []).append(line)
        elif line.spotted and float(np.mean([s.confidence for s in line.spotted])) >= (
            PRINT if len(line.spotted) > 2 else ALONE
        ):
            box = tuple(v / scale for v in line.place.box)
            _beside(blocks, _record({"table": 0, "row": 1, "col": 1}, box, [line]))
    for table, grid in enumerate(grids):
        block = []
        for index, cell in enumerate(grid.cells):
            record = {
                "table": table + 1, "row": cell.row + 1, "col": cell.col + 1, "rowspan": cell.rowspan,
                "colspan": cell.colspan, "open_top": cell.open_top, "open_bottom": cell.open_bottom,
            }  # fmt: skip
            block.append(_record(record, (cell.x0, cell.y0, cell.x1, cell.y1), inside.get((table, index), [])))
        blocks.append((grid.box[1], grid.box[0], block, len(grid.ys) - 1))
    rows, records = 0, []
    for _, _, block, height in sorted(blocks, key=lambda block: block[:2]):
        records += [({**record, "row": record["row"] + rows}, recognised) for record, recognised in block]
        rows += height
    return records


def _beside(blocks: list, entry: tuple[dict, Recognised]) -> None:
    """A line outside tables put into the row of print in which it stands, its columns counted left to right."""
    x0, y0, _, y1 = entry[1].box
    for _, _, block, _ in blocks:
        above, below = block[0][1].box[1], block[0][1].box[3]
        if min(y1, below) - max(y0, above) > 0.5 * (y1 - y0):
            block.append(entry)
            block.sort(key=lambda other: other[1].box[0])
            for col, (record, _) in enumerate(block, 1):
                record["col"] = col
            return
    blocks.append((y0, x0, [entry], 1))


def _record(record: dict, box: tuple, lines: list[Line]) -> tuple[dict, Recognised]:
    kept = [(line, signs) for line in lines if (signs := without_gaps(line.spotted)) or line.unread_ink]
    signs: list[Sign] = []
    for _, spotted in kept:
        if spotted:
            signs += [_BREAK] * bool(signs) + [Sign(s.text, s.confidence, s.others) for s in spotted]
    most = max((len(line.again) for line, _ in kept), default=1)
    again = zip(*(line.again + line.again[-1:] * (most - len(line.again)) for line, _ in kept), strict=True)
    recognised = Recognised(
        tuple(signs), box, tuple("\n".join(lines) for lines in again), any(line.unread_ink for line, _ in kept)
    )
    x0, y0, x1, y1 = box
    least = min((sign.confidence for sign in signs), default=0.0 if recognised.unread_ink else float("nan"))
    text = "".join(sign.text for sign in signs)
    return {**record, "x0": x0, "y0": y0, "x1": x1, "y1": y1, "text": text, "confidence": least}, recognised


_BREAK = Sign("\n", 1.0, ())


def text_of(line: list[Spotted]) -> str:
    return "".join(sign.text for sign in without_gaps(line))


def without_gaps(line: list[Spotted]) -> list[Spotted]:
    """The line without blanks that are only the space which type leaves between Chinese and Latin characters."""
    kept = []
    for number, sign in enumerate(line):
        around = [line[i].text for i in (number - 1, number + 1) if 0 <= i < len(line)]
        if sign.text != " " or (len(around) == 2 and all(text in _LATIN for text in around)):
            kept.append(sign)
    return kept
