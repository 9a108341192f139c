"""Damage that readers of print and exports bring: odd notation of numbers, rows and columns put elsewhere, pages out of
order, sums among the rows, heads misread, words across. ALL_KINDS, `damage` and BEYOND hold these and those of
`more_damage`.
"""

import itertools
import random
import re

from . import more_damage
from .damage import _comparator, _indicators, _project_cells, _squeezed, _weight
from .more_damage import (
    _CATEGORIES,
    _OBJECTIVES,
    _PROJECTS,
    ON_NUMBERS,
    Lines,
    _change,
    _column_lost,
    _exchange,
    _insert_line,
    _levels,
    _measures,
    _names,
    _on_rows,
    _signs,
    _targets,
    _weights,
)

# what is put in the place of a number: read as the same number, or not at all
NOTATIONS = {
    "thin_blank": lambda t, r: (
        f"{float(t.replace(',', '')):,.2f}".replace(",", "\u2009") if "." in t else "1\u2009" + t
    ),
    "continental": lambda t, r: t.replace(",", "~").replace(".", ",").replace("~", "."),
    "apostrophe": lambda t, r: t.replace(",", "'") if "," in t else t[:1] + "'" + t[1:],
    "list_mark": lambda t, r: t.replace(".", "、") if "." in t else t[:1] + "、" + t[1:],
    "minus_behind": lambda t, r: t + "-",
    "bracketed": lambda t, r: f"({t})",
    "currency": lambda t, r: r.choice(["￥", "¥", "$", "€"]) + t,
    "percent": lambda t, r: t + "%",
    "power": lambda t, r: f"{float(t.replace(',', '')):.3E}",
    "times": lambda t, r: t + r.choice(["×2", "*2"]),
    "half": lambda t, r: t + "½",
    "starred": lambda t, r: t + r.choice(["*", "※", "△", "#"]),
    "noted": lambda t, r: t + r.choice(["（注1）", "[1]", "(见附件)", "①"]),
    "equals": lambda t, r: "=" + t,
    "zeros_before": lambda t, r: "00" + t,
    "tilde": lambda t, r: "~" + t,
    "old_and_new": lambda t, r: f"{t} {r.randint(20, 90)}.00",
    "slash": lambda t, r: f"{t}/{r.randint(20, 90)}",
    "quote": lambda t, r: "'" + t,
    "plus": lambda t, r: "+" + t,
    "arrow": lambda t, r: f"{t}→{r.randint(20, 90)}",
    "year": lambda t, r: t + "（2024年）",
    "more": lambda t, r: t + "余",
    "ditto": lambda t, r: r.choice(["同上", "〃", "″"]),
    "nothing": lambda t, r: r.choice(["—", "/", "-"]),
    "written_over": lambda t, r: t[: len(t) // 2] + r.choice("样稿密") + t[len(t) // 2 :],
    "roman": lambda t, r: r.choice(["Ⅳ", "Ⅻ", "XII"]),
    "turned": lambda t, r: t[::-1] if t[::-1] != t else t + "6",
    "strange_point": lambda t, r: t.replace(".", r.choice("·．。")) if "." in t else t + "·0",
}
SIGNS_IN_WORDS = {
    "no_less": "≮", "no_more": "≯", "greater_word": "大于", "less_word": "小于", "at_least": "不小于", "at_most": "不大于",
    "greater_equal_word": "大于等于", "equal_word": "等于", "arrows": "≥≥", "double_less": "≪", "ditto": "同上", "arrow_up": "↑",
}  # fmt: skip
ODD_SIGNS = {"arrows", "double_less", "ditto", "arrow_up"}
SUMS = ("小计", "本页小计", "以上合计", "累计", "承前页", "过次页", "其中：财政拨款", "总计", "基本支出")

AS_PRINTED = {  # a text that says so is printed so: it is kept as it stands
    "name": ("pending", "with_number", "with_target", "with_unit", "with_mark"),
    "project": ("with_amount",),
    "category": ("pending", "unknown", "with_amount"),
    "objective": ("pending", "with_note", "with_head", "with_page"),
    "measure": ("pending", "bracketed", "of_name", "two"),
    "target": ("year", "date"),
}
_COLUMN = {"project": "project_name", "measure": "measure_unit"}
BEYOND = {
    **more_damage.BEYOND,
    **{f"{of}_{kind}": {_COLUMN.get(of, of)} for of, kinds in AS_PRINTED.items() for kind in kinds},
    **{f"comparator_{kind}": {"comparator"} for kind in SIGNS_IN_WORDS if kind not in ODD_SIGNS},
    "target_turned": {"target"},
    "targets_down": {"target"},
    "names_down": {"name"},
    "objectives_down": {"objective"},
    "amounts_down": {"budget"},
    **{kind: {"weight"} for kind in ("weights_down", "weights_across")},  # where no common shares tell
    "watermark": {"name", "objective", "measure_unit", "project_name"},  # a sign within a text stands there in print
    "line_other_unit": {"unit_code", "unit_name"},  # a unit's name covers what follows
}


def _pages(lines: Lines) -> list[tuple[int, int]]:
    """First line and the line behind the last of each page that holds indicators."""
    ends = [-1, *[k for k, cells in enumerate(lines) if cells == [""]], len(lines)]
    spans = [(a + 1, b) for a, b in itertools.pairwise(ends)]
    return [(a, b) for a, b in spans if any(_comparator(cells) is not None for cells in lines[a:b])]


def _money(text: str) -> float:
    return float(text.replace(",", ""))


def _sum_row(lines: Lines, rng: random.Random) -> str:
    """A sum of the amounts so far, or of the page, stands as a row of its own between two projects."""
    starts = [k for k in _indicators(lines) if _project_cells(lines[k])]
    amounts = dict(more_damage._amounts(lines))
    if len(starts) < 3:
        return ""
    k = rng.choice(starts[1:])
    total = sum(_money(lines[m][c]) for m, c in amounts.items() if m < k)
    cells = lines[k]
    col = amounts.get(k)
    if col is None:
        return ""
    row = [""] * len(cells)
    row[max(col - 2, 0)], row[col] = rng.choice(SUMS), f"{total:.2f}"
    lines.insert(k, row)
    return f"line {k + 1} inserted: {'|'.join(filter(None, row))}"


def _wrong_sum_row(lines: Lines, rng: random.Random) -> str:
    what = _sum_row(lines, rng)
    for k, cells in enumerate(lines):
        if what and any(cell in SUMS for cell in cells):
            filled = [c for c, cell in enumerate(cells) if cell]
            lines[k] = [f"{_money(cell) + 7:.2f}" if c == filled[-1] else cell for c, cell in enumerate(cells)]
            return what + " (7 too much)"
    return ""


def _total_twice(lines: Lines, rng: random.Random) -> str:
    found = more_damage._totals(lines)
    if not found:
        return ""
    k, col = found[0]
    again = [f"{_money(cell) + 3:.2f}" if c == col else cell for c, cell in enumerate(lines[k])]
    lines.append(again)
    return f"another total at the end: {again[col]}"


def _pages_exchanged(lines: Lines, rng: random.Random) -> str:
    pages = _pages(lines)
    if len(pages) < 3:
        return ""
    at = rng.randrange(1, len(pages) - 1)
    (a, b), (c, d) = pages[at : at + 2]
    lines[a:d] = [*lines[c:d], *lines[b:c], *lines[a:b]]
    return f"pages of lines {a + 1} and {c + 1} exchanged"


def _page_again(lines: Lines, rng: random.Random) -> str:
    pages = _pages(lines)
    if len(pages) < 2:
        return ""
    a, b = rng.choice(pages[1:])
    lines[b:b] = [[""], *[list(cells) for cells in lines[a:b]]]
    return f"page of lines {a + 1}-{b} stands twice"


def _row_over_break_twice(lines: Lines, rng: random.Random) -> str:
    pages = _pages(lines)[1:]
    pages = [(a, b) for a, b in pages if a >= 2 and _comparator(lines[a - 2]) is not None]
    if not pages:
        return ""
    a, _ = rng.choice(pages)
    lines.insert(a, list(lines[a - 2]))
    return f"line {a - 1} again at the head of the next page"


def _page_break_inside(lines: Lines, rng: random.Random) -> str:
    rows = _indicators(lines)
    k = rng.choice(rows[1:])
    lines.insert(k, [""])
    return f"a page break before line {k + 1}"


def _heads_at(lines: Lines) -> int | None:
    return next(
        (
            k
            for k, cells in enumerate(lines)
            if "三级指标" in map(_squeezed, cells) or "三级绩效指标" in map(_squeezed, cells)
        ),
        None,
    )


def _heads_again(change):
    """The heads stand once more in the midst of the table, changed."""

    def spoil(lines: Lines, rng: random.Random) -> str:
        at, pages = _heads_at(lines), _pages(lines)[1:]
        if at is None or not pages:
            return ""
        a, _ = rng.choice(pages)
        new = change([_squeezed(cell) for cell in lines[at]])
        if new is None:
            return ""
        lines.insert(a, new)
        return f"heads again before line {a + 1}: {'|'.join(new)}"

    return spoil


def _in_yuan(heads: list[str]) -> list[str] | None:
    new = [re.sub("万元", "元", cell) for cell in heads]
    return new if new != heads else None


def _exchanged_heads(first: str, second: str):
    def change(heads: list[str]) -> list[str] | None:
        a, b = (next((k for k, h in enumerate(heads) if re.search(p, h)), None) for p in (first, second))
        if a is None or b is None:
            return None
        new = list(heads)
        new[a], new[b] = new[b], new[a]
        return new

    return change


def _heads_changed(change):
    def spoil(lines: Lines, rng: random.Random) -> str:
        at = _heads_at(lines)
        new = change([_squeezed(cell) for cell in lines[at]]) if at is not None else None
        if not new or new == lines[at]:
            return ""
        old, lines[at] = lines[at], new
        return f"heads {'|'.join(old)} → {'|'.join(new)}"

    return spoil


def _head_misread(rng_place: str, new: str):
    def change(heads: list[str]) -> list[str] | None:
        found = [re.sub(rng_place, new, h) for h in heads]
        return found if found != heads else None

    return change


def _column_beside_amounts(head: str, value):
    """A further column of amounts right of the budgets, or left of them."""

    def spoil(lines: Lines, rng: random.Random) -> str:
        at = _heads_at(lines)
        place = (
            next((c for c, h in enumerate(lines[at]) if _squeezed(h).startswith(("预算数", "年度预算数"))), None)
            if at is not None
            else None
        )
        amounts = dict(more_damage._amounts(lines))
        totals = dict(more_damage._totals(lines))
        if place is None or not amounts:
            return ""
        left = rng.random() < 0.5
        for k, cells in enumerate(lines):
            col = amounts.get(k, totals.get(k, place))
            if cells == [""] or len(cells) <= col or (k < at):
                continue
            text = head if k == at else f"{value(_money(cells[col]), rng):.2f}" if k in amounts or k in totals else ""
            cells.insert(col + (not left), text)
        return f"a column {head} {'left' if left else 'right'} of the amounts"

    return spoil


def _down(places, across: bool = True):
    """The cells of a column each one row lower, within one project or page."""

    def spoil(lines: Lines, rng: random.Random) -> str:
        found = places(lines)
        if len(found) < 4:
            return ""
        at = rng.randrange(len(found) - 3)
        run = found[at : at + rng.choice([2, 3])]
        texts = [lines[k][c] for k, c in run]
        if len(set(texts)) == 1:
            return ""
        for (k, c), text in zip(run, [texts[-1], *texts[:-1]], strict=True):
            lines[k][c] = text
        return f"cells from line {run[0][0] + 1} each one row lower: {'|'.join(texts)}"

    return spoil


def _two_in_one_line(lines: Lines, rng: random.Random) -> str:
    rows = [k for k in _indicators(lines) if k + 1 < len(lines) and _comparator(lines[k + 1]) is not None]
    if not rows:
        return ""
    k = rng.choice(rows)
    lines[k : k + 2] = [lines[k] + [cell for cell in lines[k + 1] if cell]]
    return f"lines {k + 1} and {k + 2} in one"


def _name_goes_on(lines: Lines, rng: random.Random) -> str:
    found = [(k, c) for k, c in _names(lines) if len(lines[k][c]) > 5]
    if not found:
        return ""
    k, col = rng.choice(found)
    text = lines[k][col]
    lines[k] = [*lines[k][:col], text[:4], *lines[k][col + 1 :]]
    lines.insert(k + 1, [""] * col + [text[4:]])
    return f"the name of line {k + 1} goes on in a line of its own: {text[:4]}|{text[4:]}"


def _objective_goes_on(lines: Lines, rng: random.Random) -> str:
    found = _OBJECTIVES(lines)
    if not found:
        return ""
    k, col = rng.choice(found)
    text = lines[k][col]
    half = len(text) // 2
    lines[k] = [*lines[k][:col], text[:half], *lines[k][col + 1 :]]
    lines.insert(k + 1, [""] * col + [text[half:]])
    return f"the objective of line {k + 1} goes on in a line of its own"


def _names_merged(lines: Lines, rng: random.Random) -> str:
    found = _PROJECTS(lines)
    if len(found) < 2:
        return ""
    at = rng.randrange(len(found) - 1)
    (k, c), (m, d) = found[at : at + 2]
    lines[k][c], lines[m][d] = lines[k][c] + lines[m][d], ""
    return f"names of lines {k + 1} and {m + 1} in one cell"


def _blanked(lines: Lines, rng: random.Random) -> str:
    rows = [k for k in _indicators(lines) if not _project_cells(lines[k])]
    k = rng.choice(rows)
    keep = _weight(lines[k])
    lines[k] = [cell if c == keep else "" for c, cell in enumerate(lines[k])]
    return f"line {k + 1} holds its weight only"


def _project_down(step: int):
    """A project's cells stand beside another of its rows, or beside the last row of the one before."""

    def spoil(lines: Lines, rng: random.Random) -> str:
        starts = [
            k for k in _indicators(lines)
            if _project_cells(lines[k]) and 0 < k + step < len(lines) and _comparator(lines[k + step]) is not None and not _project_cells(lines[k + step])
            and len(lines[k]) == len(lines[k + step])
        ]  # fmt: skip
        if not starts:
            return ""
        k = rng.choice(starts)
        columns = _project_cells(lines[k])
        for c in columns:
            if lines[k + step][c]:
                return ""
        for c in columns:
            lines[k + step][c], lines[k][c] = lines[k][c], ""
        return f"project cells of line {k + 1} beside line {k + 1 + step}"

    return spoil


def _watermark(lines: Lines, rng: random.Random) -> str:
    """The signs of a word across the page, one a row, each behind or in front of another cell."""
    rows = _indicators(lines)
    word = rng.choice(["内部资料", "仅供参考", "样张", "草稿"])
    if len(rows) < len(word):
        return ""
    at = rng.randrange(len(rows) - len(word) + 1)
    for sign, k in zip(word, rows[at:], strict=False):
        filled = [c for c, cell in enumerate(lines[k]) if cell]
        c = rng.choice(filled)
        lines[k][c] = lines[k][c] + sign if rng.random() < 0.5 else sign + lines[k][c]
    return f"{word} across lines {rows[at] + 1} ff."


def _copy_differs(what: str):
    """The table once more, one cell of it another."""

    def spoil(lines: Lines, rng: random.Random) -> str:
        again = [list(cells) for cells in lines]
        found = {"amount": more_damage._amounts, "target": _targets, "name": _names}[what](again)
        if not found:
            return ""
        k, col = rng.choice(found)
        new = again[k][col][::-1] if what == "name" else more_damage._other_digit(again[k][col], rng)
        again[k][col] = new
        lines += [[""], *again]
        return f"the table again, line {k + 1} of it {new}"

    return spoil


def _project_again(lines: Lines, rng: random.Random) -> str:
    """A project's rows once more at the end of the table."""
    starts = [k for k in _indicators(lines) if _project_cells(lines[k])]
    if len(starts) < 3:
        return ""
    at = rng.randrange(len(starts) - 2)
    lines += [list(cells) for cells in lines[starts[at] : starts[at + 1]] if cells != [""]]
    return f"the project of line {starts[at] + 1} again at the end"


def _tabs_lost(cells: list[str], rng: random.Random) -> list[list[str]]:
    return [[" ".join(cells)]]


def _joined_far(cells: list[str], rng: random.Random) -> list[list[str]]:
    """All cells from the comparator on in one."""
    at = _comparator(cells)
    return [[*cells[:at], "".join(cells[at:])]]


def _other_level2(text: str, rng: random.Random) -> str:
    names = (
        ["数量指标", "质量指标", "时效指标"]
        if _squeezed(text) in ("数量指标", "质量指标", "时效指标")
        else ["社会效益指标", "生态效益指标"]
    )
    return rng.choice([name for name in names if name != _squeezed(text)])


def _traditional(text: str, rng: random.Random) -> str:
    return text.translate(str.maketrans("产标数质时满务对会济续绩", "產標數質時滿務對會濟續績"))


def _weights_across(lines: Lines, rng: random.Random) -> str:
    """Two weights of a page, of different points and levels, change places."""
    found = _weights(lines)
    rng.shuffle(found)
    level = {k: _squeezed(lines[k][c]) for k, c in _levels(one=True)(lines)}
    for k, c in found:
        for m, d in found:
            if level.get(k) and level.get(m) and level[k] != level[m] and lines[k][c] != lines[m][d] and abs(k - m) < 8:
                lines[k][c], lines[m][d] = lines[m][d], lines[k][c]
                return f"weights of lines {k + 1} and {m + 1} exchanged"
    return ""


FURTHER = {
    **{
        f"{field}_{kind}": _change(places, change)
        for field, places in ON_NUMBERS.items()
        for kind, change in NOTATIONS.items()
    },
    **{f"comparator_{kind}": _change(_signs, lambda t, r, new=new: new) for kind, new in SIGNS_IN_WORDS.items()},
    **{
        f"{field}_{kind}": _change(places, lambda t, r, new=new: new)
        for field, places in (
            ("name", _names),
            ("level2", _levels(one=False)),
            ("level1", _levels(one=True)),
            ("measure", _measures),
            ("category", _CATEGORIES),
            ("objective", _OBJECTIVES),
        )
        for kind, new in {"ditto": "同上", "ditto_mark": "〃", "stroke": "/", "pending": "待补充"}.items()
    },
    **{f"level{n}_traditional": _change(_levels(n == 1), _traditional) for n in (1, 2)},
    **{f"level{n}_reversed": _change(_levels(n == 1), lambda t, r: _squeezed(t)[::-1]) for n in (1, 2)},
    "level1_points": _change(_levels(one=True), lambda t, r: _squeezed(t) + "（55分）"),
    "level2_changed": _change(_levels(one=False), _other_level2),
    "name_with_number": _change(_names, lambda t, r: f"{r.randint(1, 9)}.{t}"),
    "name_with_target": _change(_names, lambda t, r: f"{t}≥{r.randint(10, 99)}%"),
    "name_with_unit": _change(_names, lambda t, r: f"{t}（万元）"),
    "name_with_mark": _change(_names, lambda t, r: t + r.choice(["①", "¹", "*", "[1]"])),
    "name_with_blank_lines": _change(_names, lambda t, r: " ".join(t)),
    "project_with_amount": _change(_PROJECTS, lambda t, r: t + "12.00"),
    "project_code_other_region": _change(_PROJECTS, lambda t, r: "11" + t[2:]),
    "project_code_torn": _change(_PROJECTS, lambda t, r: t[:9] + "\u3000" + t[9:]),
    "project_code_dot": _change(_PROJECTS, lambda t, r: re.sub(r"[-—]", ".", t, count=1)),
    "project_code_behind": _change(_PROJECTS, lambda t, r: "-".join(reversed(re.split("[-—]", t, maxsplit=1)))),
    "objective_with_note": _change(_OBJECTIVES, lambda t, r: t + "注：金额单位为万元。"),
    "objective_with_head": _change(_OBJECTIVES, lambda t, r: "绩效目标：" + t),
    "objective_with_page": _change(_OBJECTIVES, lambda t, r: t[: len(t) // 2] + "- 3 -" + t[len(t) // 2 :]),
    "measure_of_target": _change(_targets, lambda t, r: t + "公顷"),
    "measure_bracketed": _change(_measures, lambda t, r: f"（{t}）"),
    "measure_of_name": _change(_measures, lambda t, r: "单位：" + t),
    "measure_number": _change(_measures, lambda t, r: "10" + t),
    "measure_two": _change(_measures, lambda t, r: t + "、户"),
    "measure_wide": _change(_measures, lambda t, r: t.replace("%", "％") if "%" in t else t + "\u3000"),
    "category_unknown": _change(_CATEGORIES, lambda t, r: "9-其它类"),
    "category_with_amount": _change(_CATEGORIES, lambda t, r: t + "12.00"),
    "target_with_sign_behind": _change(_targets, lambda t, r: t + r.choice(["以上", "以下", "以内"])),
    "target_fraction": _change(_targets, lambda t, r: "3/4"),
    "target_date": _change(_targets, lambda t, r: "45291"),
    "amounts_exchanged_with_weights": _exchange(lambda lines: [*more_damage._amounts(lines)[:1], *_weights(lines)[:1]]),
    "weights_across": _weights_across,
    "sum_row": _sum_row,
    "sum_row_wrong": _wrong_sum_row,
    "total_twice": _total_twice,
    "pages_exchanged": _pages_exchanged,
    "page_again": _page_again,
    "row_over_break_twice": _row_over_break_twice,
    "page_break_inside": _page_break_inside,
    "heads_again": _heads_again(list),
    "heads_again_in_yuan": _heads_again(_in_yuan),
    "heads_again_exchanged": _heads_again(_exchanged_heads("指标值|目标值", "分值|权重")),
    "heads_exchanged_target_weight": _heads_changed(_exchanged_heads("指标值|目标值", "分值|权重")),
    "heads_exchanged_levels": _heads_changed(_exchanged_heads("^一级", "^二级")),
    "heads_exchanged_name_objective": _heads_changed(_exchanged_heads("^三级", "绩效目标|总体目标")),
    "head_budget_misread": _heads_changed(_head_misread("^(年度)?预算数", "预箅数")),
    "head_target_misread": _heads_changed(_head_misread("(指标|目标)值", "指标直")),
    "head_weight_misread": _heads_changed(_head_misread("分值权重|^权重$|^分值$", "分直枚重")),
    "head_level_misread": _heads_changed(_head_misread("^一级", "—级")),
    "head_project_misread": _heads_changed(_head_misread("^项目名称", "顶目名称")),
    "head_budget_of_last_year": _heads_changed(_head_misread("^(年度)?预算数", "上年预算数")),
    "head_budget_executed": _heads_changed(_head_misread("^(年度)?预算数", "执行数")),
    "head_twice": _heads_changed(_head_misread("^项目类别", "预算数")),
    "column_last_year": _column_beside_amounts("上年预算数", lambda a, r: a * r.choice([0.8, 0.9, 1.25])),
    "column_of_which": _column_beside_amounts("其中：财政拨款", lambda a, r: a * 0.5),
    "column_balance": _column_beside_amounts("增减额", lambda a, r: a * 0.1),
    "column_executed": _column_beside_amounts("执行数", lambda a, r: a * 0.75),
    "column_unnamed": _column_beside_amounts("", lambda a, r: a * 0.6),
    "weights_down": _down(_weights),
    "targets_down": _down(_targets),
    "names_down": _down(_names),
    "objectives_down": _down(_OBJECTIVES),
    "amounts_down": _down(more_damage._amounts),
    "levels2_down": _down(_levels(one=False)),
    "two_in_one_line": _two_in_one_line,
    "name_goes_on": _name_goes_on,
    "objective_goes_on": _objective_goes_on,
    "projects_in_one_cell": _names_merged,
    "row_blanked": _blanked,
    "project_down": _project_down(1),
    "project_up": _project_down(-1),
    "watermark": _watermark,
    "copy_with_other_amount": _copy_differs("amount"),
    "copy_with_other_target": _copy_differs("target"),
    "copy_with_other_name": _copy_differs("name"),
    "project_again": _project_again,
    "tabs_lost": _on_rows(_tabs_lost),
    "cells_joined_to_end": _on_rows(_joined_far),
    "names_lost": _column_lost(_names),
    "targets_lost": _column_lost(_targets),
    "amounts_lost": _column_lost(more_damage._amounts),
    "measures_lost": _column_lost(_measures),
    "objectives_lost": _column_lost(_OBJECTIVES),
    **{
        f"line_{name}": _insert_line(line, "middle")
        for name, line in {
            "continued": "（续表）",
            "of_pages": "第 3 页，共 10 页",
            "carried": "接上页",
            "reference_only": "仅供参考",
            "unit_again": "金额单位：元",
            "other_unit": "302999-山河县水利局",
            "other_year": "2021年部门预算项目支出绩效目标批复表",
            "heading": "二、项目支出",
            "of_blank_row": "\t\t\t\t\t……\t……\t……",
            "of_placeholder": "\t\t\t\t\t\t\t指标2：\t\t\t\t",
            "of_template": "\t\t\t\t\t产出指标\t数量指标\t\t\t\t\t",
            "of_reason": "备注：本项目资金已调减。",
            "of_amount": "500.00",
            "of_project": "\t12345-临时新增项目\t\t77.00",
        }.items()
    },
}
SPOIL = {**more_damage.SPOIL, **FURTHER}
ALL_KINDS = list(SPOIL)


def damage(text: str, kind: str, rng: random.Random) -> tuple[str, str]:
    """The text with one fault of `kind` (of ALL_KINDS) and what was done; unchanged and "" where nothing can be spoilt.

    >>> damage("合计\\t\\t12.00\\n", "total_starred", random.Random(2))[0][:-2]
    '合计\\t\\t12.00'
    """
    lines = [line.split("\t") for line in text.splitlines()]
    what = SPOIL[kind](lines, rng)
    spoiled = "".join("\t".join(cells) + "\n" for cells in lines)
    return (spoiled, what) if what and spoiled != text else (text, "")
