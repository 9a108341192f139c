"""More than a hundred kinds of damage to a finished text: single cells by what is put in their place, lines, pages, heads.

A kind is a function (lines, rng) → what was done in words, "" where there is nothing to spoil; lines are lists of cells.
BEYOND names the kinds that leave a document which could have been printed just so, with the fields they spoil.
"""

import random
import re

from generator.damage import (
    _SPOIL,
    AMOUNT,
    _comparator,
    _indicators,
    _level,
    _project_cells,
    _set,
    _squeezed,
    _weight,
)

Lines = list[list[str]]

_LETTERS = str.maketrans(
    {"0": "O", "1": "l", "5": "S", "8": "B", "2": "Z", "9": "q", "6": "b", "3": "B", "4": "A", "7": "T"}
)
_WIDE = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_BOLD = str.maketrans("0123456789", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗")


def _one_letter(text: str, rng: random.Random) -> str:
    at = rng.choice([k for k, sign in enumerate(text) if sign.isdigit()])
    return text[:at] + text[at].translate(_LETTERS) + text[at + 1 :]


def _torn(text: str, rng: random.Random) -> str:
    digits = text.replace(",", "")
    return digits[:1] + " " + digits[1:] if len(digits.split(".")[0]) > 1 else f"{digits} {rng.randint(10, 99)}"


def _other_digit(text: str, rng: random.Random) -> str:
    at = rng.choice([k for k, sign in enumerate(text) if sign.isdigit()])
    return text[:at] + rng.choice([d for d in "123456789" if d != text[at]]) + text[at + 1 :]


# what is put in the place of a number: no reader may take it for another number
NUMBERS = {
    "about": lambda t, r: "约" + t,
    "nearly": lambda t, r: t + "左右",
    "letter": _one_letter,
    "letters": lambda t, r: t.translate(_LETTERS),
    "raised": lambda t, r: t + r.choice("¹²³"),
    "circled": lambda t, r: r.choice("①②⑨"),
    "torn": _torn,
    "two": lambda t, r: f"{t}、{r.randint(1, 99)}",
    "sum": lambda t, r: f"{t}+{r.randint(1, 99)}",
    "span": lambda t, r: f"{t}-{r.randint(100, 999)}",
    "open": lambda t, r: r.choice(["待定", "暂无", "另行通知"]),
    "sheet_error": lambda t, r: r.choice(["#REF!", "#N/A", "#DIV/0!", "#VALUE!"]),
    "hashes": lambda t, r: "######",
    "question": lambda t, r: t[:-1] + "?",
    "box": lambda t, r: t[:-1] + "\ufffd",
    "comma": lambda t, r: t.replace(",", "").replace(".", ",") if "." in t else t + ",5",
    "point": lambda t, r: t + ".",
    "points": lambda t, r: t.replace(".", "..") if "." in t else t + "..5",
    "words": lambda t, r: r.choice(["玖拾伍", "一百二十", "两万元整"]),
    "foreign": lambda t, r: "USD" + t,
    "wide": lambda t, r: t.translate(_WIDE),  # from here on the same number in other signs
    "arabic": lambda t, r: t.translate(_ARABIC),
    "bold": lambda t, r: t.translate(_BOLD),
    "zero_width": lambda t, r: t[:1] + "\u200b" + t[1:],
    "blank": lambda t, r: "",
}
COMPARATORS = {
    "quantity": "定量", "yes": "是", "range": "区间", "direction": "正向", "about": "≈", "reach": "达到", "better": "优于", "two": "2",
    "letter": "Z", "both": "≥≤", "circle": "○", "unlike": "≠",
}  # fmt: skip
LEVELS = {
    "numbered": lambda t: "1." + t,
    "bracketed": lambda t: "（一）" + t,
    "decimal": lambda t: "1.2 " + t,
    "glyph": lambda t: t + "|",
    "star": lambda t: "★" + t,
    "cut": lambda t: t[:-1],
    "cut_more": lambda t: t[:2],
    "misread": lambda t: t[:1] + "呈" + t[2:],
    "other": lambda t: "综合指标",
    "sentence": lambda t: "加强管理提高效率",
}
SIGNS = {
    "zero_width": "\u200b", "soft_hyphen": "\u00ad", "joiner": "\u200d", "mark": "\u200f", "bom": "\ufeff", "nbsp": "\u00a0",
}  # fmt: skip
RADICALS = str.maketrans("人大工方日月木水火田立老行高金", "⼈⼤⼯⽅⽇⽉⽊⽔⽕⽥⽴⽼⾏⾼⾦")

BEYOND = {
    "project_year": {"project_name"},
    "target_span": {"target"},
    "target_other_digit": {"target"},
    "comparator_changed": {"comparator"},
    "targets_exchanged": {"target"},
    "units_of_measure_exchanged": {"measure_unit"},
    "amounts_exchanged": {"budget"},
    "objectives_exchanged": {"objective"},
    "name_other_character": {"name"},
    "objective_other_character": {"objective"},
    "objective_shortened": {"objective"},
    "project_other_character": {"project_name"},
    "indicators_exchanged": {"name"},
    "category_changed": {"category"},
    "measure_lost": {"measure_unit"},
    "name_lost": {"name", "level2"},  # many tables print no more than the level's name
    "head_yuan": {"budget"},
    "unit_code_line": {"unit_code", "unit_name"},  # where nothing else names the unit, the line does
    "head_thousands": {"budget"},  # nothing else need say of what the amounts are
}


def _targets(lines: Lines) -> list[tuple[int, int]]:
    """Line and place of targets that are numbers: the cell right behind the comparator."""
    found = []
    for k in _indicators(lines):
        at = _comparator(lines[k])
        behind = [c for c, cell in enumerate(lines[k]) if cell and c > at]
        if behind and re.fullmatch(r"[\d,]+(\.\d+)?", lines[k][behind[0]]):
            found.append((k, behind[0]))
    return found


def _weights(lines: Lines) -> list[tuple[int, int]]:
    return [(k, w) for k in _indicators(lines) if (w := _weight(lines[k])) is not None]


def _amounts(lines: Lines) -> list[tuple[int, int]]:
    return [(k, c) for k in _indicators(lines) for c in _project_cells(lines[k]) if AMOUNT.fullmatch(lines[k][c])]


def _totals(lines: Lines) -> list[tuple[int, int]]:
    return [
        (k, c)
        for k, cells in enumerate(lines)
        if _comparator(cells) is None and any(_squeezed(cell).startswith("合计") for cell in cells)
        for c, cell in enumerate(cells)
        if AMOUNT.fullmatch(cell)
    ]


def _levels(one: bool):
    return lambda lines: [(k, c) for k in _indicators(lines) if (c := _level(lines[k], one)) is not None]


def _names(lines: Lines) -> list[tuple[int, int]]:
    """The cell right before the comparator."""
    places = []
    for k in _indicators(lines):
        before = [c for c, cell in enumerate(lines[k]) if cell and c < _comparator(lines[k])]
        if before and len(lines[k][before[-1]]) > 3:
            places.append((k, before[-1]))
    return places


def _signs(lines: Lines) -> list[tuple[int, int]]:
    return [(k, _comparator(lines[k])) for k in _indicators(lines)]


def _measures(lines: Lines) -> list[tuple[int, int]]:
    found = []
    for k, target in _targets(lines):
        weight = _weight(lines[k])
        between = [c for c, cell in enumerate(lines[k]) if cell and target < c < (weight or len(lines[k]))]
        found += [(k, between[0])] if len(between) == 1 else []
    return found


def _own_cells(pattern: str):
    def places(lines: Lines) -> list[tuple[int, int]]:
        return [(k, c) for k in _indicators(lines) for c in _project_cells(lines[k]) if re.search(pattern, lines[k][c])]

    return places


_PROJECTS = _own_cells(r"^[0-9A-Z ]{15,}.*[-—].*[\u4e00-\u9fff]")
_OBJECTIVES = _own_cells(r"^(?![0-9A-Z ]{9})(?!\d+[-—])[^\t]{24,}$")
_CATEGORIES = _own_cells(r"^\d{1,2}-.*类$")


def _change(places, change):
    """Damage of one cell: `change(text, rng)`."""

    def spoil(lines: Lines, rng: random.Random) -> str:
        found = places(lines)
        if not found:
            return ""
        k, col = rng.choice(found)
        return _set(lines, k, col, change(lines[k][col], rng), "cell")

    return spoil


def _exchange(places, alike=lambda a, b: True):
    """Two cells of a kind change places."""

    def spoil(lines: Lines, rng: random.Random) -> str:
        found = places(lines)
        rng.shuffle(found)
        for i, (k, c) in enumerate(found):
            for m, d in found[i + 1 :]:
                if lines[k][c] != lines[m][d] and alike(lines[k], lines[m]):
                    lines[k][c], lines[m][d] = lines[m][d], lines[k][c]
                    return f"lines {k + 1} and {m + 1}: cells exchanged"
        return ""

    return spoil


def _another_character(text: str, rng: random.Random) -> str:
    at = rng.choice([k for k, sign in enumerate(text) if "\u4e00" <= sign <= "\u9fff"])
    return text[:at] + rng.choice("县镇乡村路河山林") + text[at + 1 :]


def _insert_line(line: str, where: str):
    def spoil(lines: Lines, rng: random.Random) -> str:
        heads = [k for k, cells in enumerate(lines) if "三级指标" in map(_squeezed, cells)]
        at = {"top": 0, "end": len(lines), "caption": heads[0] if heads else 0}.get(where)
        if at is None:
            rows = _indicators(lines)
            at = rng.choice(rows[1:]) if len(rows) > 1 else len(lines)
        lines.insert(at, line.split("\t"))
        return f"line {at + 1} inserted: {line}"

    return spoil


def _on_rows(change):
    """Damage of one indicator's line: `change(cells, rng)` gives the lines that stand for it."""

    def spoil(lines: Lines, rng: random.Random) -> str:
        rows = _indicators(lines)
        if not rows:
            return ""
        k = rng.choice(rows)
        new = change(lines[k], rng)
        lines[k : k + 1] = new
        return f"line {k + 1} became {'; '.join('|'.join(filter(None, cells)) for cells in new)}"

    return spoil


def _joined_cells(cells: list[str], rng: random.Random) -> list[list[str]]:
    at = rng.choice([c for c in range(len(cells) - 1) if cells[c] and cells[c + 1]] or [0])
    return [[*cells[:at], cells[at] + cells[at + 1], *cells[at + 2 :]]]


def _cut_cell(cells: list[str], rng: random.Random) -> list[list[str]]:
    at = rng.choice([c for c, cell in enumerate(cells) if len(cell) > 3] or [0])
    half = len(cells[at]) // 2
    return [[*cells[:at], cells[at][:half], cells[at][half:], *cells[at + 1 :]]]


def _cut_line(cells: list[str], rng: random.Random) -> list[list[str]]:
    at = rng.randrange(1, len(cells))
    return [cells[:at], [""] * at + cells[at:]]


def _twice(cells: list[str], rng: random.Random) -> list[list[str]]:
    at = rng.choice([c for c, cell in enumerate(cells) if cell])
    return [[*cells[: at + 1], cells[at], *cells[at + 1 :]]]


def _shuffled(cells: list[str], rng: random.Random) -> list[list[str]]:
    filled = [c for c, cell in enumerate(cells) if cell]
    a, b = rng.sample(filled, 2) if len(filled) > 1 else (0, 0)
    new = list(cells)
    new[a], new[b] = new[b], new[a]
    return [new]


def _column_lost(places):
    def spoil(lines: Lines, rng: random.Random) -> str:
        found = places(lines)
        for k, col in found:
            lines[k][col] = ""
        return f"{len(found)} cells of a column lost" if found else ""

    return spoil


def _head(pattern: str, new: str):
    """The head's or caption's text replaced where it matches."""

    def spoil(lines: Lines, rng: random.Random) -> str:
        for k, cells in enumerate(lines[:8]):
            for c, cell in enumerate(cells):
                if _comparator(cells) is None and re.search(pattern, _squeezed(cell)):
                    return _set(lines, k, c, re.sub(pattern, new, _squeezed(cell)), "head")
        return ""

    return spoil


def _cut_off(lines: Lines, rng: random.Random) -> str:
    rows = _indicators(lines)
    if len(rows) < 4:
        return ""
    k = rng.choice(rows[2:])
    del lines[k:]
    return f"file ends before line {k + 1}"


def _page_twice(lines: Lines, rng: random.Random) -> str:
    ends = [k for k, cells in enumerate(lines) if cells == [""]]
    if not ends:
        return ""
    last = ends[-1]
    lines += [[""], *[list(cells) for cells in lines[last + 1 :]]]
    return "the last page stands twice"


def _table_twice(lines: Lines, rng: random.Random) -> str:
    lines += [[""], *[list(cells) for cells in lines]]
    return "the whole text stands twice"


def _spaced(text: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(text)) if len(text) > 1 else 1
    return text[:at] + " " + text[at:]


ON_NUMBERS = {"amount": _amounts, "weight": _weights, "target": _targets, "total": _totals}
SPOIL = {
    **_SPOIL,
    **{
        f"{field}_{kind}": _change(places, change)
        for field, places in ON_NUMBERS.items()
        for kind, change in NUMBERS.items()
    },
    **{f"comparator_{kind}": _change(_signs, lambda t, r, new=new: new) for kind, new in COMPARATORS.items()},
    **{
        f"level{n}_{kind}": _change(_levels(n == 1), lambda t, r, f=f: f(_squeezed(t)))
        for n in (1, 2)
        for kind, f in LEVELS.items()
    },
    **{f"name_{kind}": _change(_names, lambda t, r, sign=sign: t[:2] + sign + t[2:]) for kind, sign in SIGNS.items()},
    "name_radicals": _change(_names, lambda t, r: t.translate(RADICALS)),
    "objective_radicals": _change(_OBJECTIVES, lambda t, r: t.translate(RADICALS)),
    "name_lost": _change(_names, lambda t, r: ""),
    "name_box": _change(_names, lambda t, r: t[:1] + "\ufffd" + t[2:]),
    "objective_box": _change(_OBJECTIVES, lambda t, r: t[:1] + "\ufffd" + t[2:]),
    "amount_wan": _change(_amounts, lambda t, r: t + "万"),
    "amount_wan_yuan": _change(_amounts, lambda t, r: t + "万元"),
    "amount_yuan": _change(_amounts, lambda t, r: t + "元"),
    "amount_minus": _change(_amounts, lambda t, r: "-" + t),
    "amount_tenfold": _change(_amounts, lambda t, r: t.replace(",", "").replace(".", "") + ".00"),
    "weight_points": _change(_weights, lambda t, r: t + "分"),
    "weight_tenfold": _change(_weights, lambda t, r: t + "0"),
    "target_percent_of_letters": _change(_targets, lambda t, r: "9S%"),
    "target_sign_again": _change(_targets, lambda t, r: "≤≥" + t),
    "target_placeholder": _change(_targets, lambda t, r: r.choice(["XX", "**", "……"])),
    "project_year": _change(_PROJECTS, lambda t, r: re.sub(r"([-—])", r"\g<1>2024年", t, count=1)),
    "project_dash": _change(_PROJECTS, lambda t, r: re.sub(r"[-—]", "－", t, count=1)),
    "project_code_wide": _change(_PROJECTS, lambda t, r: t.translate(_WIDE)),
    "project_code_letter": _change(_PROJECTS, lambda t, r: t.replace("0", "O", 1)),
    "project_code_short": _change(_PROJECTS, lambda t, r: t[:4] + t[5:]),
    "project_code_lost": _change(_PROJECTS, lambda t, r: re.split("[-—]", t, maxsplit=1)[1]),
    "project_twice": _change(_PROJECTS, lambda t, r: t + t),
    "measure_odd": _change(_measures, lambda t, r: "12"),
    "measure_sentence": _change(_measures, lambda t, r: "建立健全长效机制"),
    "measure_sign": _change(_measures, lambda t, r: "≥"),
    "note_below": _insert_line("注：本表金额单位为万元，数据来源于预算管理一体化系统。", "end"),
    "signature_below": _insert_line("填表人：张三\t联系电话：2034567", "end"),
    "page_number": _insert_line("- 3 -", "middle"),
    "stray_text": _insert_line("本页无正文", "middle"),
    "stray_number": _insert_line("\t\t\t\t12.00", "middle"),
    "document_number": _insert_line("川财预〔2019〕118号", "top"),
    "filing_date": _insert_line("填报日期：2019年11月30日", "caption"),
    "unit_code_line": _insert_line("单位：203001-临江县教育局", "caption"),
    "caption_yuan": _head(r"单位[:：]万元", "单位：元"),
    "head_yuan": _head(r"[（(]万元[）)]", "（元）"),
    "head_thousands": _head(r"[（(]万元[）)]", "（千元）"),
    "units_lost": _head(r"[（(]万元[）)]|单位[:：]万元", ""),
    "head_name_lost": _head(r"^三级指标$", ""),
    "total_in_one_cell": _head(r"^合计-?$", "合计：999.99万元"),
    "weights_lost": _column_lost(_weights),
    "comparators_lost": _column_lost(_signs),
    "levels2_lost": _column_lost(_levels(one=False)),
    "cells_joined": _on_rows(_joined_cells),
    "cell_cut": _on_rows(_cut_cell),
    "line_cut": _on_rows(_cut_line),
    "cell_twice": _on_rows(_twice),
    "cells_exchanged": _on_rows(_shuffled),
    "end_lost": _cut_off,
    "page_twice": _page_twice,
    "table_twice": _table_twice,
    "name_spaced": _change(_names, _spaced),
    "target_other_digit": _change(_targets, _other_digit),
    "comparator_changed": _change(_signs, lambda t, r: r.choice([s for s in ("≥", "≤", "=") if s != t])),
    "targets_exchanged": _exchange(_targets),
    "units_of_measure_exchanged": _exchange(_measures),
    "amounts_exchanged": _exchange(_amounts),
    "objectives_exchanged": _exchange(_OBJECTIVES),
    "indicators_exchanged": _exchange(_names),
    "name_other_character": _change(_names, _another_character),
    "objective_other_character": _change(_OBJECTIVES, _another_character),
    "objective_shortened": _change(_OBJECTIVES, lambda t, r: t[: len(t) // 2]),
    "project_other_character": _change(_PROJECTS, _another_character),
    "category_changed": _change(_CATEGORIES, lambda t, r: "1-人员类" if not t.startswith("1-") else "3-特定目标类"),
    "measure_lost": _change(_measures, lambda t, r: ""),
}
ALL_KINDS = list(SPOIL)
