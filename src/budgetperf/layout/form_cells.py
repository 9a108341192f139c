"""A form's cells that hold label and value together, and the merged cells that name others."""

import re
from typing import NamedTuple

from budgetperf.field.form_labels import MONEY, Label, label_of
from budgetperf.field.headings import is_year, money_unit
from budgetperf.field.money_text import amount_text, is_number
from budgetperf.layout.lattice import Cell, Lattice

INLINE = re.compile(r"^([^：:\n]{2,24})[：:]\s*(\S.*)$", re.DOTALL)
CHANGED = re.compile("(?:调整|变更|修改)[前后]")
_DIVIDERS = r"[\s，；、,;/|｜]"  # of labels with their values on one line
_RATE = re.compile(r"^((?:预算|资金)?执行率)\s*([\d.]+\s*[%％])$")
POINTS = re.compile(r"(?:[（(]\s*|[：:]\s*|分值|权重)(\d{1,3}(?:\.\d+)?)\s*(?:分|%)?\s*[）)]?\s*$")
_LABELLED_AMOUNT = re.compile(r"([\u4e00-\u9fff（()）]{3,16})\s*(\d[\d,]*(?:\.\d+)?\s*(?:万?元)?)")  # 其他收入248.52
_IN_BRACKETS = re.compile(r"[（(]([^（()）]*\d[^（()）]*)[）)]\s*$")  # points that are no number: 执行率分值（1 0）


class Pair(NamedTuple):
    """`words`: the label as printed, with the labels over it · label: what it means · text, cell: the value ("" and
    None where its place is empty) · inside: the value shares the label's cell · heads: cells that are labels here."""

    words: str
    label: Label | None
    text: str
    cell: Cell | None
    heads: tuple[Cell, ...] = ()
    inside: bool = False


def is_sure(text: str) -> bool:
    found = label_of(text)
    return found is not None and found.sure


def _is_money(words: str, text: str) -> bool:
    """Whether a label that could as well be a name (项目预算, 项目支出) has an amount behind its colon."""
    label = label_of(words)
    amount = is_number(text) or ("元" in text and amount_text(text) is not None)  # 12.5万元（其中：…）
    return label is not None and label.field in MONEY and amount


def inline_pairs(cell: Cell) -> list[Pair]:
    """Label and value that share a cell (`资金总额：1286.5`), each line of it for itself where each has its label."""
    rate = _RATE.match(cell.text)
    if rate:
        return [Pair(rate[1], Label("execution_rate"), rate[2], cell, inside=True)]
    label = label_of(cell.text)
    points = POINTS.search(cell.text) or _IN_BRACKETS.search(cell.text)
    if label and label.field == "execution_weight" and points:
        return [Pair(cell.text, label, points[1], cell, inside=True)]
    bare = _LABELLED_AMOUNT.fullmatch(cell.text.strip())
    amount = label_of(bare[1]) if bare and _is_money(*bare.groups()) and not is_year(bare[2]) else None
    if amount and (amount.sure or amount.field == "part"):
        return [Pair(bare[1], amount, bare[2], cell, inside=True)]
    whole = INLINE.match(cell.text)
    if not whole or not (is_sure(whole[1]) or _is_money(*whole.groups())) or (label and label.sure):
        return []  # a label, also where it names its division too (资金来源：（1）财政性资金)
    if label and label.field in MONEY and re.match(r"[（(]\d{1,2}[）)]\D+$", whole[2]):
        return []  # 资金来源：（1）政府预算资金
    if label_of(whole[1]) and label_of(whole[1]).field == "unit" and money_unit(cell.text):
        return []  # 单位：万元
    lines = cell.text.split("\n")
    each = [INLINE.match(line) or re.match(r"^([^：:]{2,24})[：:]()$", line.strip()) for line in lines]
    if len(lines) > 1 and all(m and is_sure(m[1]) for m in each):
        divided = [labelled_parts(line) or [(m[1], m[2])] for line, m in zip(lines, each, strict=True)]
        pairs = [pair for parts in divided for pair in parts]
        return [Pair(words, label_of(words), text.strip(), cell, inside=True) for words, text in pairs]
    if len(parts := labelled_parts(cell.text)) > 1:
        return [Pair(words, label_of(words), text, cell, inside=True) for words, text in parts]
    inner = (
        re.match(r"^(其中)?[：:]?\s*([^：:\n]{2,20})[：:]\s*(\S.*)$", whole[2]) if whole[1].startswith("其中") else None
    )
    words, text = (whole[1] + inner[2], inner[3]) if inner else (whole[1], whole[2])
    return [Pair(words, label_of(words), text.strip(), cell, inside=True)]


def labelled_parts(text: str) -> list[tuple[str, str]]:
    """Labels and values that follow each other in a cell, blanks, lines or commas between them.

    >>> labelled_parts("主管部门：县教育局  实施单位：县一中"), labelled_parts("道路养护：一期")
    ([('主管部门', '县教育局'), ('实施单位', '县一中')], [])
    >>> labelled_parts("实施单位：县一中，项目资金：12.5万元")
    [('实施单位', '县一中'), ('项目资金', '12.5万元')]
    """
    found = [
        m
        for m in re.finditer(rf"(?:^|{_DIVIDERS})([^：:\s，；、,;/|｜]{{2,20}})[：:]\s*(?=([^\s，；、;|｜/]*))", text)
        if is_sure(m[1]) or _is_money(*m.groups())
    ]
    ends = [*(m.start() for m in found[1:]), len(text)][: len(found)]
    return [
        (m[1], re.sub(rf"{_DIVIDERS}+$", "", text[m.start(2) : end].strip()))
        for m, end in zip(found, ends, strict=True)
    ]


def group_of(lattice: Lattice, cell: Cell, rows: list[int]) -> Cell | None:
    """The merged cell left of a row's cells that names them together (项目资金（万元） over its lines)."""
    for col in range(cell.col - 1, 0, -1):
        left = lattice.at.get((cell.row, col))
        if left and left.text and left.rowspan > 1 and left.row in rows and left.row + left.rowspan > cell.row:
            return left
    return None
