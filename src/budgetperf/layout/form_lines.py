"""Lines of text above a table that hold a form's head, or a part of it: labels with their values."""

import itertools
import re

from budgetperf.field.form_labels import MONEY, label_of
from budgetperf.field.headings import LABEL_OF_BODY, money_unit
from budgetperf.field.money_text import amounts_in
from budgetperf.layout.account import apparatus
from budgetperf.layout.form_blocks import GOALS
from budgetperf.layout.form_cells import INLINE, inline_pairs
from budgetperf.layout.form_head import read_head
from budgetperf.layout.lattice import Cell, Lattice, Line
from budgetperf.layout.printed import PROJECT_FIELDS

ABOVE = ("project", "project_code", "department")  # that lines above a form may label
OF_A_LINE = ("project", "unit", "budget", *GOALS)  # whose label a blank may divide from its value
LABELLED_PARTS = re.compile(
    r"\s{2,}|\s+(?=[^\s：:]{2,8}[：:])|\s+(?=[^\s：:]{2,6}(?:单位|部门)(?:名称)?\s)"
)  # of a line: 主管部门：某局 实施单位：某所
_NUMBERED_PROJECT = re.compile(
    r"项目(?:\d{1,2}|[一二三四五六七八九十]{1,3})[：:]\s*([^：:。；，,]{2,40})"
)  # 项目1：道路养护
MOST_OF_LINE = 30  # characters of a line that states an amount and is no sentence of a report
_OPENING = re.compile(r"(\S{3,12}?)[\s：:]+\S")
_BLANK_FOR_COLON = re.compile(r"^(\S{3,12})[ \u3000]+(?=\S)")
_HEADING = re.compile(  # 一、“道路养护”项目（预算安排60万元）
    r"[（(]?[一二三四五六七八九十\d]{1,3}[）)]?[、.．]?\s*(?:[“\"]([^”\"]{2,40})[”\"](?:项目)?|([^“”\"（）()：:，。、\d]{3,40}))\s*"
    r"[（(][^\d（）()]{0,8}(\d[\d,.]*万?元)[）)]"
)
Part = tuple[Lattice, list[int]]  # rows of a head in one lattice


def labelled_parts(line: str) -> list[str]:
    """The parts of a line, a label of a body that blanks divide from its name with it.

    >>> labelled_parts("填报单位  县公路局    审核单位  县财政局"), labelled_parts("主管部门：某局 实施单位：某所")
    (['填报单位  县公路局', '审核单位  县财政局'], ['主管部门：某局', '实施单位：某所'])
    """
    parts: list[str] = []
    for part in LABELLED_PARTS.split(line):
        if parts and LABEL_OF_BODY.fullmatch(parts[-1]) and not re.search("[：:]", part):
            parts[-1] += f"  {part}"
        else:
            parts.append(part)
    return parts


def head_of_lines(lines: list[Line]) -> Part | None:
    """The form's head that lines of text above a table make up, each with labels and values (项目名称：… 实施单位：…); None
    where they name no project and no money of one."""
    cells = [_cell_of(line, place, labelled_text(line)) for place, line in enumerate(lines, 1) if all_labelled(line)]
    rows = [cell.row for cell in cells]
    head = (
        Lattice(lines[0].page, 0, rows, 1, {(c.row, 1): c for c in cells}, {c.row: [c] for c in cells}, {})
        if cells
        else None
    )
    return (head, rows) if head and {"project", "budget"} & set(read_head(head, rows).values) else None


def labelled_text(line: Line) -> str:
    """The labels with their values that a line holds, each on a line of its own."""
    return "\n".join(_parts_of(line))


def _parts_of(line: Line) -> list[str]:
    """The labels with their values that a line holds, without its unit of money; a blank may stand for the colon. A
    numbered heading with an amount names a project and its budget."""
    heading = _HEADING.fullmatch(line.text.strip())
    if heading:
        return [f"项目名称：{heading[1] or heading[2]}", f"预算数：{heading[3]}"]
    if numbered := _NUMBERED_PROJECT.fullmatch(line.text.strip()):
        return [f"项目名称：{numbered[1]}"]
    parts = (part.strip() for part in LABELLED_PARTS.split(line.text))
    whole = [part for part in parts if part == line.text.strip() or not money_unit(part) or re.search(r"\d", part)]
    return [
        _BLANK_FOR_COLON.sub(lambda m: f"{m[1]}：" if _labels(m[1], OF_A_LINE, tier=0) else m[0], part)
        for part in whole
    ]


def _labels(text: str, fields: tuple[str, ...], tier: int) -> bool:
    """Whether a text surely is a label of one of these fields, no less sure than of a tier."""
    label = label_of(text)
    return label is not None and label.sure and label.tier <= tier and label.field in fields


def all_labelled(line: Line) -> bool:
    """Whether each part of a line is a known label with its value (主管部门：某局 实施单位：某所)."""
    parts = _parts_of(line)
    return bool(parts) and all(inline_pairs(_cell_of(line, 1, part)) for part in parts)


def _cell_of(line: Line, row: int, text: str) -> Cell:
    return Cell(line.index, row, 1, 1, 1, text, line.x0, line.x1, line.y0, line.y1 - line.y0, False, False)


def values_above(lines: list[Line]) -> dict[str, tuple[str, Line]]:
    """Field → text and line, of what the lines above a form's table label."""
    return _inline_values(lines) | _labelled_lines(lines)


def standing_in(lines: list[str]) -> dict[str, list[str]]:
    """The lines that state an amount or a goal, by field; for lines that nothing took.

    >>> standing_in(["项目资金12.5万元", "绩效目标 完成培训", "（2024年度）"])
    {'budget': ['项目资金12.5万元'], 'objective': ['绩效目标 完成培训']}
    >>> standing_in(["本年项目资金：省级下达并由各县（市）统筹使用的资金共计12.5万元左右"])["budget"] == []
    False
    """
    labelled = [
        text for text in lines if (m := INLINE.match(text)) and (found := label_of(m[1])) and found.field in MONEY
    ]
    return {
        "budget": [t for t in lines if (len(t) <= MOST_OF_LINE or t in labelled) and amounts_in(t, "元")],
        "objective": [text for text in lines if (m := _OPENING.match(text)) and _labels(m[1], GOALS, tier=1)],
    }


def _inline_values(lines: list[Line]) -> dict[str, tuple[str, Line]]:
    """What lines above a form label that hold nothing but labels and values (项目名称：某项目)."""
    pairs = [
        (pair, line) for line in lines if all_labelled(line)
        for part in _parts_of(line) for pair in inline_pairs(_cell_of(line, 1, part))
    ]  # fmt: skip
    return {
        pair.label.field: (pair.text, line) for pair, line in pairs if pair.label.field in ABOVE and pair.label.sure
    }


def _labelled_lines(lines: list[Line]) -> dict[str, tuple[str, Line]]:
    """Labels and values that stand side by side above a form without an outer rule, and a goal under its label where
    each has a row for itself."""
    found = {}
    for label, value in itertools.pairwise(lines):
        meant = label_of(label.text)
        field = "objective" if meant and meant.field == "goal" else meant and meant.field
        if field not in PROJECT_FIELDS or not meant.sure or label_of(value.text) or label.page != value.page:
            continue
        if label.row == value.row or (
            field == "objective"
            and value.row == label.row + 1
            and not (
                apparatus(value.text) or re.match(r"[（(]?[一二三四五六七八九十]+[）)、]", value.text)
            )  # a heading
        ):
            found[field] = value.text, value
    return found
