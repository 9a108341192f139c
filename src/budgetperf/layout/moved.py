"""Rows whose cells moved: each cell finds its column by what it holds, in the order of print, not by its place."""

import re
from functools import cache

import numpy as np

from budgetperf.field.categories import category_parts
from budgetperf.field.notation import NUMBER, comparator_of, parse_amount, parse_number, widen
from budgetperf.field.vocabulary import (
    fold,
    is_label,
    level1_name,
    level2_name,
    names_body,
    per_vocabulary,
    unit_kind,
    vocabulary,
)

NO = -8.0  # a cell that cannot stand in that column
STRAY = -8.0  # a cell that finds no column
IN_PLACE = 3.0  # the cell stands where its column stands on this page
# what a row loses by having no cell for a column
ABSENT = {"name": -8.0, "target": -4.0, "comparator": -3.0, "weight": -2.5, "measure_unit": -1.0}

# how well each kind of content fits each column
FITS: dict[str, dict[str, float]] = {
    "comparator": {"comparator": 10, "target": -2},
    "level1": {"level1": 6, "name": -1},
    "level2": {"level2": 6, "name": -1},
    "both_levels": {"level1": 6, "level2": 5.5, "name": 0},
    "execution": {"level1": 5, "level2": 5, "name": 4},
    "category": {"category": 6, "name": -4},
    "project_code": {"project": 8, "project_code": 8},
    "unit_code": {"unit": 8, "unit_code": 6, "project": 1},
    "amount": {"budget": 5, "target": 3, "executed": 4},
    "points": {"weight": 4, "target": 4, "budget": 3.5, "sequence": 1, "score": 4},
    "code_part": {"target": 4, "budget": 3, "executed": 3, "project": 2, "project_code": 2},
    "long_digits": {"project": 3, "project_code": 3, "budget": 1, "target": 3},
    "number": {"target": 4, "budget": 3, "executed": 3},
    "category_part": {"category": 4, "name": -2, "target": 0, "project": -1},
    "code_name_part": {"project": 5, "unit": 1, "name": 0, "objective": -2},
    "measure_unit": {"measure_unit": 6, "name": -2, "target": 0, "category": -2, "project": -3},
    "quality": {"target": 3.5, "name": 1, "objective": 0, "actual": 3, "level1": -1, "level2": -1},
    "glued": {"target": 5, "name": 0, "actual": 5},
    "direction": {"direction": 6},
    "long": {"objective": 5, "name": -2, "project": -1, "explanation": 2, "deviation_note": 3, "remark": 2},
    "text": {
        "name": 3, "project": 1.5, "unit": 1.5, "objective": 0.5, "target": 0.5, "measure_unit": 0, "category": -0.5,
        "remark": 1, "explanation": 1, "deviation_note": 1, "level2": -1, "level1": -1, "department": 1,
    },
    "level_text": {"name": 3, "level2": 2, "level1": 2},
    "dash": {},
}  # fmt: skip


# what names of public bodies end in
_BODIES = r"(?:局|府|委|院|中心|部|部门|办|处|会|校|所|站|队|室|园|馆|厅)(?:\(.*\)|（.*）)?$"


_LEVEL_TEXT = re.compile(r"[\u4e00-\u9fff]{2,6}指标")  # a level that the taxonomy does not know, or a misread one


@per_vocabulary
def _category_texts() -> tuple[str, ...]:
    return tuple(f"{code}-{name}" for code, name in vocabulary()["categories"].items())


def _is_part_of_category(tight: str) -> bool:
    whole = _category_texts()
    return (tight.endswith("类") and len(tight) > 1 and any(c.endswith(tight) for c in whole)) or (
        re.match(r"\d{1,2}-.", tight) is not None and any(c.startswith(tight) for c in whole)
    )


@per_vocabulary
def kind_of_cell(text: str) -> str:
    """What a cell holds, told by its text alone.

    >>> [kind_of_cell(t) for t in ["≥", "产出 指标", "服务对象满意 度", "3-特定目 标类", "2,345.67", "10.00", "％", "社区数量"]]
    ['comparator', 'level1', 'level2', 'category', 'amount', 'points', 'measure_unit', 'text']
    >>> kind_of_cell("51072200 024T0000 00550-社 区工作经 费"), kind_of_cell("301009-白石镇人民政府"), kind_of_cell("稳步提升")
    ('project_code', 'unit_code', 'quality')
    """
    tight = re.sub(r"\s+", "", widen(text))
    if not tight.strip("-—–/"):
        return "dash"
    if comparator_of(tight):
        return "comparator"
    first, second = level1_name(tight), level2_name(tight)
    if first or second:
        return "both_levels" if first and second else "level1" if first else "level2"
    if is_label(tight, "execution"):
        return "execution"
    number = parse_number(tight)
    if number is not None:
        if "," in tight or (re.search(r"\.\d\d$", tight) and number > 100):
            return "amount"
        if re.fullmatch(r"\d{5,}", tight):
            return "code_part" if len(tight) < 8 else "long_digits"
        return "points" if 0 < number <= 100 else "number"
    if category_parts(tight):
        return "category"
    if re.match(r"[0-9]{6}[0-9A-Z]{6,22}(?:[-—_]|$)", tight):
        return "project_code"
    if re.match(r"(?:\d{6}|\d{9})[-—_](?=[^\d])", tight) or re.match(r"\d{3}[-—_]\D*" + _BODIES, tight):
        return "unit_code"
    if _is_part_of_category(tight):
        return "category_part"
    if re.match(r"(?:[0-9A-Z]*\d)?[-—_][\u4e00-\u9fff]", tight):
        return "code_name_part"
    if unit_kind(tight):
        return "measure_unit"
    if re.fullmatch(r"[正反逆]向(指标)?", tight):
        return "direction"
    if re.match(r"[≥≤<>=＜＞＝≧≦]", tight) and len(tight) < 25:
        return "glued"
    if len(tight) <= 8 and any(word in tight for word in vocabulary()["words"]["qualitative"]):
        return "quality"
    if _LEVEL_TEXT.fullmatch(tight):
        return "level_text"
    return "long" if len(tight) > 24 else "text"


def align(kinds: tuple[str, ...], in_place: tuple[int, ...], fields: tuple[str, ...]) -> tuple[int, ...]:
    """Column (index in `fields`) of each cell, -1 for a stray one: the best order-keeping fit.

    kinds: kind of each cell · in_place: index of the field that stands at this cell's place on its page, else -1.

    >>> fields = ("objective", "level1", "level2", "name", "comparator", "target", "measure_unit", "weight")
    >>> align(("level2", "text", "comparator", "points", "points"), (-1,) * 5, fields)
    (2, 3, 4, 5, 7)
    """
    return _align(kinds, in_place, fields)


@cache
def _align(kinds: tuple[str, ...], in_place: tuple[int, ...], fields: tuple[str, ...]) -> tuple[int, ...]:
    cells, columns = len(kinds), len(fields)
    # only a row that shows a comparator or a name loses by what it lacks: others are sums or rests of project cells
    is_row = any(kind in ("comparator", "text", "level1", "level2", "both_levels", "execution") for kind in kinds)
    absent = [ABSENT.get(field, 0.0) if is_row else 0.0 for field in fields]
    best = np.full((cells + 1, columns + 1), -np.inf)
    came = np.zeros((cells + 1, columns + 1), dtype=int)  # 0 column left out, 1 cell strays, 2 fit
    best[0, 0] = 0
    for i in range(cells + 1):
        for j in range(columns + 1):
            if i == j == 0:
                continue
            options = [-np.inf, -np.inf, -np.inf]
            if j:
                options[0] = best[i, j - 1] + absent[j - 1]
            if i:
                options[1] = best[i - 1, j] + (0 if kinds[i - 1] == "dash" else STRAY)
            if i and j:
                fit = FITS[kinds[i - 1]].get(fields[j - 1], NO)
                options[2] = best[i - 1, j - 1] + fit + (IN_PLACE if in_place[i - 1] == j - 1 else 0)
            came[i, j] = int(np.argmax(options))
            best[i, j] = max(options)
    result = [-1] * cells
    i, j = cells, columns
    while i or j:
        step = came[i, j]
        if step == 2:
            result[i - 1] = j - 1
        i, j = (i, j - 1) if step == 0 else (i - 1, j) if step == 1 else (i - 1, j - 1)
    return tuple(result)


SHORT_LINE = 3  # cells: a line of no more that says 合计 is a sum even where its amount can't be read
_INLINE = re.compile(r"^\s*([^：:\d]{2,8})[：:]\s*(\S.*?)\s*$", re.DOTALL)
_SAID = re.compile(
    rf"(?:本表|以上)?(?:共?\d+个项目[，,]?)?(?:项目(?:支出|预算)?)?(?:合计|总计|共计|预算总额|总金额)(?:人民币)?[：:为]?({NUMBER}[百万亿]*元)。?"
)


def inline_sum(text: str, kind: str) -> str | None:
    """The amount of a cell that holds a sum's label and its amount together.

    >>> inline_sum("合计：999.99万元", "total"), inline_sum("合计", "total"), inline_sum("合计：约9万元", "total")
    ('999.99万元', None, '约9万元')
    >>> inline_sum("以上3个项目合计999.99万元", "total"), inline_sum("全县共计3个项目", "total")
    ('999.99万元', None)
    """
    found = _INLINE.match(text)
    if found and is_label(found[1], kind):
        return found[2]
    said = _SAID.fullmatch("".join(text.split())) if kind == "total" else None
    return said[1] if said else None


def summed_body(text: str) -> str | None:
    """The public body of whose projects a label says that this is the sum; None where it says no such thing.

    >>> summed_body("某县农牧局小计"), summed_body("小计"), summed_body("农牧局")
    ('某县农牧局', None, None)
    """
    found = re.fullmatch(r"(.+?)(?:小计|合计)", fold(text))
    return found[1] if found and names_body(found[1]) else None


def is_total_line(texts: list[str]) -> str | None:
    """ "total" or "subtotal" where a line is one: its first cell says so and an amount follows.

    >>> is_total_line(["合计-", "-", "-", "2,345.67"]), is_total_line(["社区数量", "=", "8"])
    ('total', None)
    >>> is_total_line(["合计：999.99万元"]), is_total_line(["合计", "约132.04"])
    ('total', 'total')
    """
    for kind in ("total", "subtotal"):
        if any(inline_sum(text, kind) for text in texts[:3]):
            return kind
        labelled = any(is_label(text, kind) or (kind == "subtotal" and summed_body(text)) for text in texts[:3])
        if labelled and (len(texts) <= SHORT_LINE or any(parse_amount(text, "元") is not None for text in texts)):
            return kind
    return None


def amount_of_line(texts: list[str], kind: str) -> str | None:
    """The text of a sum's amount: beside its label, in one cell with it, or else whatever is printed there.

    >>> amount_of_line(["合计-", "-", "2,345.67"], "total"), amount_of_line(["合计", "约132.04"], "total")
    ('2,345.67', '约132.04')
    """
    inline = [amount for text in texts if (amount := inline_sum(text, kind))]
    amounts = [text for text in texts if parse_amount(text, "元") is not None]
    others = [text for text in texts if not is_label(text, kind) and kind_of_cell(text) not in ("dash", "unit_code")]
    return next(iter([*inline, *amounts, *others]), None)
