"""`damage`: one random fault put into a finished text, for the property "right or flagged, never silently wrong"."""

import itertools
import random
import re

COMPARATORS = {"≥", "≤", "=", ">", "<", "≧", "≦", "＝", "＞", "＜", ">=", "<=", "定性"}
LEVEL1 = {"产出指标", "效益指标", "满意度指标", "成本指标"}
LEVEL2 = ("数量指标", "质量指标", "时效指标", "成本指标", "效益", "影响", "满意度", "效益指标", "影响指标")
AMOUNT = re.compile(r"[\d,]+\.\d\d")
NUMBER = re.compile(r"\d+(\.\d+)?")
CODE = re.compile(r"\d{6}[\dT ]{6,}")
KINDS = [
    "drop_weight",
    "change_weight",
    "amount_digit",
    "weight_digit",
    "code_digit",
    "move_row",
    "shift_cells",
    "lose_page",
    "lose_project_cells",
    "lose_project_cell",
    "duplicate_row",
    "swap_rows",
    "lose_row",
    "lose_level1",
    "lose_level2",
    "lose_comparator",
    "lose_total",
]


def damage(text: str, kind: str, rng: random.Random) -> tuple[str, str]:
    """The text with one fault of `kind` (of KINDS) and what was done; unchanged and "" where there is nothing to spoil.

    >>> damage("合计\\t\\t12.00\\n", "lose_total", random.Random(1))
    ('', 'line 1 lost: 合计||12.00')
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind of damage: {kind}")
    lines = [line.split("\t") for line in text.splitlines()]
    what = _SPOIL[kind](lines, rng)
    spoiled = "".join("\t".join(cells) + "\n" for cells in lines)
    return (spoiled, what) if what and spoiled != text else (text, "")


def _squeezed(cell: str) -> str:
    return cell.replace(" ", "")


def _comparator(cells: list[str]) -> int | None:
    return next((k for k, cell in enumerate(cells) if cell in COMPARATORS), None)


def _indicators(lines: list) -> list[int]:
    return [k for k, cells in enumerate(lines) if _comparator(cells) is not None]


def _weight(cells: list[str]) -> int | None:
    """Position of the weight: the last number at least two filled cells behind the comparator."""
    at = _comparator(cells)
    if at is None:
        return None
    behind = [k for k, cell in enumerate(cells) if cell and k > at][1:]
    return next((k for k in reversed(behind) if NUMBER.fullmatch(cells[k])), None)


def _project_cells(cells: list[str]) -> list[int]:
    """Positions of the cells before level 1 in a row that carries a project's cells, else none."""
    at = _comparator(cells)
    if at is None:
        return []
    amounts = [k for k, cell in enumerate(cells[:at]) if AMOUNT.fullmatch(cell)]
    if not amounts:
        return []
    return [k for k in range(amounts[0] + 2) if k < at and cells[k]]


def _level(cells: list[str], one: bool) -> int | None:
    at = _comparator(cells) or 0
    level1 = next((k for k, cell in enumerate(cells[:at]) if _squeezed(cell) in LEVEL1), None)
    if level1 is not None and _squeezed(cells[level1]) == "成本指标" and not _is_level2(cells, level1 + 1, at):
        level1 = None  # 成本指标 as a level 2
    if one:
        return level1
    start = 0 if level1 is None else level1 + 1
    return next((k for k in range(start, at - 1) if _is_level2(cells, k, at)), None)


def _is_level2(cells: list[str], k: int, at: int) -> bool:
    return k < at - 1 and len(_squeezed(cells[k])) < 14 and _squeezed(cells[k]).endswith(LEVEL2)


def _set(lines: list, k: int, col: int, new: str, what: str) -> str:
    old = lines[k][col]
    lines[k] = [*lines[k][:col], new, *lines[k][col + 1 :]]
    return f"line {k + 1}: {what} {old!r} → {new!r}"


def _other_digit(text: str, rng: random.Random, places: list[int]) -> str:
    k = rng.choice(places)
    return text[:k] + rng.choice([d for d in "0123456789" if d != text[k]]) + text[k + 1 :]


def _spoil_weight(change):
    def spoil(lines: list, rng: random.Random) -> str:
        rows = [k for k in _indicators(lines) if _weight(lines[k]) is not None]
        if not rows:
            return ""
        k = rng.choice(rows)
        col = _weight(lines[k])
        return _set(lines, k, col, change(lines[k][col], rng), "weight")

    return spoil


def _another_weight(old: str, rng: random.Random) -> str:
    return rng.choice([w for w in ("5", "10", "15", "20", "25", "30") if float(w) != float(old)])


def _digit_of(text: str, rng: random.Random) -> str:
    places = [k for k, char in enumerate(text) if char.isdigit()]
    return _other_digit(text, rng, places)


def _spoil_digit(pattern: re.Pattern, what: str):
    def spoil(lines: list, rng: random.Random) -> str:
        found = [(k, c) for k in _indicators(lines) for c in _project_cells(lines[k]) if pattern.match(lines[k][c])]
        if what == "amount":
            found = [(k, c) for k, c in found if AMOUNT.fullmatch(lines[k][c])]
        if not found:
            return ""
        k, col = rng.choice(found)
        head = pattern.match(lines[k][col])[0]
        return _set(lines, k, col, _digit_of(head, rng) + lines[k][col][len(head) :], what)

    return spoil


def _move_row(lines: list, rng: random.Random) -> str:
    breaks = [
        k
        for k, cells in enumerate(lines[:-1])
        if cells == [""] and k and _comparator(lines[k - 1]) is not None and _comparator(lines[k + 1]) is not None
    ]
    if not breaks:
        return ""
    k = rng.choice(breaks)
    down = rng.random() < 0.5
    swap = k - 1 if down else k + 1
    lines[k], lines[swap] = lines[swap], lines[k]
    return f"line {swap + 1} moved {'down' if down else 'up'} over the page break"


def _shift_cells(lines: list, rng: random.Random) -> str:
    rows = _indicators(lines)
    if not rows:
        return ""
    k = rng.choice(rows)
    cells, by = lines[k], rng.choice([1, 1, 2, 3])
    blanks = [c for c, cell in enumerate(cells) if not cell]
    if rng.random() < 0.5 and blanks:
        lines[k] = [cell for c, cell in enumerate(cells) if c not in blanks[:by]] + [""] * min(by, len(blanks))
        return f"line {k + 1}: cells moved left"
    at = rng.randrange(len(cells))
    lines[k] = cells[:at] + [""] * by + cells[at:]
    return f"line {k + 1}: cells from {at} moved right by {by}"


def _lose_page(lines: list, rng: random.Random) -> str:
    ends = [-1, *[k for k, cells in enumerate(lines) if cells == [""]], len(lines)]
    pages = [(a + 1, b) for a, b in itertools.pairwise(ends) if any(map(_comparator_or_none, lines[a + 1 : b]))]
    if len(pages) < 2:
        return ""
    top, bottom = rng.choice(pages)
    lines[top : min(bottom + 1, len(lines))] = []
    return f"page of lines {top + 1}-{bottom} lost"


def _comparator_or_none(cells: list[str]) -> bool:
    return _comparator(cells) is not None


def _lose_project(whole: bool):
    def spoil(lines: list, rng: random.Random) -> str:
        rows = [k for k in _indicators(lines) if _project_cells(lines[k])]
        if not rows:
            return ""
        k = rng.choice(rows)
        columns = _project_cells(lines[k])
        if not whole:
            columns = [rng.choice(columns)]
        gone = [lines[k][c] for c in columns]
        lines[k] = ["" if c in columns else cell for c, cell in enumerate(lines[k])]
        return f"line {k + 1}: project cells lost: {'|'.join(gone)}"

    return spoil


def _duplicate_row(lines: list, rng: random.Random) -> str:
    rows = [k for k in _indicators(lines) if not _project_cells(lines[k])]
    if not rows:
        return ""
    k = rng.choice(rows)
    lines.insert(k, lines[k])
    return f"line {k + 1} printed twice: {'|'.join(filter(None, lines[k]))}"


def _swap_rows(lines: list, rng: random.Random) -> str:
    rows = set(_indicators(lines))
    pairs = [k for k in rows if k + 1 in rows and lines[k] != lines[k + 1]]
    if not pairs:
        return ""
    k = rng.choice(sorted(pairs))
    lines[k], lines[k + 1] = lines[k + 1], lines[k]
    return f"lines {k + 1} and {k + 2} changed places"


def _lose_row(lines: list, rng: random.Random) -> str:
    rows = _indicators(lines)
    if not rows:
        return ""
    k = rng.choice(rows)
    gone = lines.pop(k)
    return f"line {k + 1} lost: {'|'.join(filter(None, gone))}"


def _lose_level(one: bool):
    def spoil(lines: list, rng: random.Random) -> str:
        found = [(k, c) for k in _indicators(lines) if (c := _level(lines[k], one)) is not None]
        if not found:
            return ""
        k, col = rng.choice(found)
        return _set(lines, k, col, "", "level 1" if one else "level 2")

    return spoil


def _lose_comparator(lines: list, rng: random.Random) -> str:
    rows = _indicators(lines)
    if not rows:
        return ""
    k = rng.choice(rows)
    return _set(lines, k, _comparator(lines[k]), "", "comparator")


def _lose_total(lines: list, rng: random.Random) -> str:
    rows = [k for k, cells in enumerate(lines) if _comparator(cells) is None and any(map(AMOUNT.fullmatch, cells))]
    if not rows:
        return ""
    gone = lines.pop(rows[0])
    return f"line {rows[0] + 1} lost: {'|'.join(gone)}"


_SPOIL = {
    "drop_weight": _spoil_weight(lambda old, rng: ""),
    "change_weight": _spoil_weight(_another_weight),
    "amount_digit": _spoil_digit(AMOUNT, "amount"),
    "weight_digit": _spoil_weight(_digit_of),
    "code_digit": _spoil_digit(CODE, "code"),
    "move_row": _move_row,
    "shift_cells": _shift_cells,
    "lose_page": _lose_page,
    "lose_project_cells": _lose_project(whole=True),
    "lose_project_cell": _lose_project(whole=False),
    "duplicate_row": _duplicate_row,
    "swap_rows": _swap_rows,
    "lose_row": _lose_row,
    "lose_level1": _lose_level(one=True),
    "lose_level2": _lose_level(one=False),
    "lose_comparator": _lose_comparator,
    "lose_total": _lose_total,
}
