"""Rows among the indicators that stand over those that follow, of a project (项目名称：… 预算金额：…) or a level 1
(一、产出指标), or that say a project's goal."""

import itertools
import re

from budgetperf.field.categories import is_known_category
from budgetperf.field.form_labels import MONEY, label_of
from budgetperf.field.money_text import is_number
from budgetperf.field.notation import parse_points
from budgetperf.field.vocabulary import level1_name, level2_name
from budgetperf.layout.account import apparatus
from budgetperf.layout.asides import as_lines
from budgetperf.layout.form_head import read_head
from budgetperf.layout.form_lines import Part, all_labelled, head_of_lines, labelled_text
from budgetperf.layout.form_pairs import read_pairs
from budgetperf.layout.lattice import Cell, Lattice
from budgetperf.layout.section import Section
from budgetperf.layout.unit_rows import named_unit

_SUM = r"(?P<said>[^\d（）()\s：:，,、。；]{0,6})[：:]?\s*(?P<amount>\d[\d,.]*\s*[百千万亿]*元)"
_AMOUNT = re.compile(rf"\s*[（(]{_SUM}[）)]$"), re.compile(rf"[\s：:，,、—-]+{_SUM}$")
_ALL = re.compile("共?计?|安排|下达|批复")
_NOT_ALL = re.compile("结转|结余|其中|自筹|配套")
# kinds of projects and parts of a unit, a year or a place, over the indicators of each: none is a project's name
_OF_KIND = re.compile(
    r".*(?:类|[县乡镇村市省部本]级|(?<![专学])[科股]|季度|半年|(?:20\d\d)?年度?|[\d一二三四五六七八九十]月份?|片区|区域|标段|阶段|方面|领域)"
    r"|(?:任务|目标|工作|部分|阶段|板块)(?:[一二三四五六七八九十]{1,3}|\d{1,2})\W.*"
    r"|(?:重点|一般|其他|新建|续建|延续|新增|跨年|一次性|经常性|常年|年度|本级|上级|中央|[省市县区乡镇]级?|部门|单位|专项|基本|人员|运转|公用|特定|目标|类|一般公共预算|"
    r"政府性?基金|国有资本经营|社会保险基金|预算|财政拨款|转移支付|专户|债券|支出|资金)+(?:项目|预算|拨款|基金|债券|转移支付)"
)
_NUMBER = re.compile(
    r"(?:项目(?:[一二三四五六七八九十]{1,3}|\d{1,2})[：:、]|[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})(?:[）)][、.．]?|[、.．](?!\d)))\s*"
)
LONGEST_NAME = 40  # characters


def project_caption(section: Section, lattice: Lattice, row: int) -> tuple[list[int], Part] | None:
    """The rows from `row` on that are each one wide cell of labels and values, a project's name among them, or labels with
    their values beside them, below such a one or with the name the first, and the form's head that they make up; None
    where they are none, or the table has columns of the project."""
    if {"project", "project_code"} & set(section.fields.values()):
        return None
    rows, beside, banners = [], False, _banners(section, lattice) if len(lattice.texts(row)) == 1 else set()
    for following in lattice.rows[lattice.rows.index(row) :]:
        cells = lattice.texts(following)
        wide = len(cells) == 1 and cells[0].colspan >= lattice.columns
        if (wide and not rows and row in banners) or (
            wide and not beside and all_labelled(*as_lines(lattice, [following]))
        ):
            rows.append(following)
        elif not wide and (rows or _names_project(cells)) and _all_paired(lattice, following):
            rows.append(following)
            beside = True
        else:
            break
    lines = [
        line._replace(text=_labelled(line.text)) if line.row in banners else line for line in as_lines(lattice, rows)
    ]
    part = head_of_lines(lines) if rows and not beside else None
    if beside:
        alone = {line.row: line for line in lines if len(lattice.texts(line.row)) == 1}
        starts = lattice.starts | {
            r: [c._replace(text=labelled_text(alone[r])) for c in lattice.texts(r)] for r in alone
        }
        at = lattice.at | {(r, col): starts[r][0] for r in alone for col in range(1, lattice.columns + 1)}
        named = lattice._replace(starts=starts, at=at)
        part = (named, rows) if "project" in read_head(named, rows).values else None
    return (rows, part) if part else None


def _banners(section: Section, lattice: Lattice) -> set[int]:
    """The rows that name projects over their indicators; under the head of a form, or in a table of a whole unit, such rows
    name its tasks."""
    if section.banners[0] is not lattice.rows:
        section.banners = lattice.rows, _names_over_levels(lattice)
    named = section.banners[1]
    names = {_name_and_amount(lattice.texts(r)[0].text)[0] for r in named} if section.anchors else set()
    under_form = any(a["at"] >= section.rows_at_heads and a.get("project") not in names for a in section.anchors[-1:])
    title = section.title or ""
    of_unit = "整体" in title or ("项目" not in title and re.search("(?:部门|单位)(?:年度)?绩效目标", title))
    return set() if under_form or of_unit else named


def _names_over_levels(lattice: Lattice) -> set[int]:
    """The rows that are each one short text as wide as the table, over the level 1 with which the indicators of each
    project begin (村道硬化（65万元）): at least two, and nowhere do they begin without one."""
    firsts = {r: cells[0] for r in lattice.rows if (cells := lattice.texts(r))}
    wide = {r for r, cell in firsts.items() if len(lattice.texts(r)) == 1 and cell.colspan >= lattice.columns > 2}
    last = max((r for r in firsts if r not in wide), default=0)
    levels = [None if r in wide else level for r in firsts if (level := level1_name(firsts[r].text)) or r in wide]
    begun = {first for over, first in itertools.pairwise(levels) if over is None and first is not None}
    runs = [level for level, _ in itertools.groupby(levels)]
    named = {r for above, r in itertools.pairwise([0, *firsts]) if r in wide and above not in wide and r < last}
    whole = len(begun) == 1 and runs.count(*begun) == len(named) > 1
    return named if whole and all(_may_name(firsts[r].text) for r in named) else set()


def _may_name(text: str) -> bool:
    name, _ = _name_and_amount(text)
    known = _OF_KIND.fullmatch(re.sub(r"[（(].*[）)]$", "", name)) or is_known_category(name)
    known = known or label_of(name) or named_unit(text) or apparatus(name) or level1_name(name) or level2_name(name)
    return 1 < len(name) < LONGEST_NAME and not known and not re.search("[，。；：！？,;:]", name)


def _name_and_amount(text: str) -> tuple[str, str | None]:
    """The name in a row of its own, without its number, and the amount behind it that is its budget.

    >>> _name_and_amount("（一）村道硬化（预算65万元）"), _name_and_amount("2024年村道硬化"), _name_and_amount("1.村道硬化 65万元")
    (('村道硬化', '65万元'), ('2024年村道硬化', None), ('村道硬化', '65万元'))
    >>> _name_and_amount("村道硬化（上年结转5万元）")
    ('村道硬化（上年结转5万元）', None)
    """
    amount = next((found for pattern in _AMOUNT if (found := pattern.search(text)) and _is_whole(found["said"])), None)
    return _NUMBER.sub("", text[: amount.start()] if amount else text), amount and amount["amount"]


def _is_whole(said: str) -> bool:
    """Whether the words before a project's amount say that it is all that the year has for it.

    >>> _is_whole("预算"), _is_whole("中央资金"), _is_whole("上年结转"), _is_whole("总投资")
    (True, True, False, False)
    """
    label = label_of(said)
    known = label is not None and label.field in ("budget", "part") and not _NOT_ALL.search(said)
    return known or _ALL.fullmatch(said) is not None


def _labelled(text: str) -> str:
    name, amount = _name_and_amount(text)
    return f"项目名称：{name}" + (f"  预算数：{amount}" if amount else "")


def _names_project(cells: list[Cell]) -> bool:
    first = label_of(re.split("[：:]", cells[0].text)[0]) if cells else None
    return first is not None and first.sure and first.field == "project"


def _all_paired(lattice: Lattice, row: int) -> bool:
    """Whether a row holds nothing but known labels, each with its value."""
    pairs = read_pairs(lattice, [row])
    known = all(
        p.text and p.label is not None and (p.label.sure or (p.label.field in MONEY and is_number(p.text)))
        for p in pairs
    )
    cells = {c.index for p in pairs for c in (p.cell, *p.heads) if c}
    return known and cells == {c.index for c in lattice.texts(row)}


def takes_objective(section: Section, lattice: Lattice, row: int) -> bool:
    """Whether a row is one label of a goal with its text, among or below a project's indicators; if so it is that project's
    where no column holds goals."""
    texts = lattice.texts(row)
    label = label_of(texts[0].text) if len(texts) == 2 else None
    if label is None or not label.sure or label.field not in ("goal", "objective") or label_of(texts[1].text):
        return False
    if section.form or not section.anchors or "objective" in {*section.fields.values(), *section.anchors[-1]}:
        return False
    section.anchors[-1]["objective"] = texts[1].text
    section.heads.setdefault("objective", texts[0].text)
    section.roles[texts[0].index] = ("heading", None, -1)
    section.roles[texts[1].index] = ("project", "objective", len(section.anchors) - 1)
    return True


def takes_level(section: Section, lattice: Lattice, own: dict[str, Cell], row: int) -> bool:
    """Whether a row names a level and nothing else but its number and its points; if so it is that of the rows below. A
    level 2 does so in one cell as wide as names and targets, where the table has no column of levels."""
    texts = [c for c in lattice.texts(row) if c is not own.get("sequence") or c is own.get("name")]
    level, points = texts[:1], texts[1:]
    wide = len(texts) == 1 and own.get("name") is own.get("target") is level[0]
    if wide and (field := _level_of_banner(section, level[0].text)):
        over = {} if field == "level1" else {f: text for f, text in section.levels_over.items() if f == "level1"}
        section.levels_over = over | {field: level[0].text}
        section.roles[level[0].index] = ("heading", None, -1)
        return True
    if not level or not level1_name(level[0].text) or (level[0].rowspan > 1 or level[0] is own.get("name")):
        return False
    if any(c is not own.get("weight") or parse_points(c.text) is None for c in points):
        return False
    if "level1" in section.fields.values() and not points:
        return False  # only a level without indicators
    section.levels_over = {"level1": f"{level[0].text}（{points[0].text}分）" if points else level[0].text}
    section.roles |= {c.index: ("heading", None, -1) for c in lattice.texts(row)}
    return True


def _level_of_banner(section: Section, text: str) -> str | None:
    """Which level a text as wide as the table gives the rows below it: one of which the table has no column."""
    printed = {"level1", "level2"} & set(section.fields.values())
    first, second = level1_name(text), level2_name(text)
    if second == "成本指标" and not printed and "level1" in section.levels_over:
        return None  # it may be either
    if first:
        return None if "level1" in printed else "level1"
    return "level2" if second and not printed else None
