"""Rows and lines that name the unit of the projects below them: with its code, its number, its label, or their sum."""

import re
from typing import NamedTuple

from budgetperf.field.codes import split_code
from budgetperf.field.form_labels import STAGES
from budgetperf.field.vocabulary import fold, header_field, names_body
from budgetperf.layout.account import apparatus
from budgetperf.layout.heads import is_joint
from budgetperf.layout.lattice import Cell, Lattice
from budgetperf.layout.lines_above import unit_in_caption
from budgetperf.layout.project_rows import note_project
from budgetperf.layout.section import Section

_NUMBERED = re.compile(
    r"(?:[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)]|(?:[一二三四五六七八九十]{1,3}|\d{1,2})[、.．])\s*"
)
_PLACE = re.compile("(?:[乡镇村]|街道|社区|[园区林农]场|开发区|园区|新区|本级)$")  # numbered like units, they are some
_OF_MANY = re.compile("(?:各|其他|有关|相关|所属|[省市县区州盟旗][直级])(?:部门|单位|机关|乡镇|街道)[（(]?.{0,4}$")
_COUNT = re.compile(r"[（(]共?\d+[个项][^\d（）()]{0,4}[）)]$")  # of the projects below
_AMOUNT = re.compile(r"\s*(?:[（(][^\d（）()]{0,6}|(?:小计|合计)[:：]?\s*)(\d[\d,.]*\s*[万亿]?元)[）)]?$")
MOST = 30  # characters of a unit's name


class NamedUnit(NamedTuple):
    text: str  # its name, with its code where that is printed
    coded: bool
    amount: str | None  # of its projects


def named_unit(text: str) -> NamedUnit | None:
    """The unit that a text names and nothing else but its number, its label and the sum of its projects.

    >>> named_unit("（一）县交通运输局（165万元）")
    NamedUnit(text='县交通运输局', coded=False, amount='165万元')
    >>> named_unit("县交通运输局小计：165万元")
    NamedUnit(text='县交通运输局', coded=False, amount='165万元')
    >>> named_unit("207001-县公路局").coded, named_unit("单位：县公路局").text, named_unit("道路养护"), named_unit("单位：万元")
    (True, '县公路局', None, None)
    >>> named_unit("二、太平乡").text, named_unit("太平乡"), named_unit("县公路局（2个项目）").text, named_unit("县级部门")
    ('太平乡', None, '县公路局', None)
    >>> named_unit("评审意见：同意，报县财政局"), named_unit("填表人：县财政局办公室")
    (None, None)
    """
    numbered = _NUMBERED.match(text.strip())
    bare = _COUNT.sub("", text.strip()[numbered.end() if numbered else 0 :])
    amount = _AMOUNT.search(bare)
    bare = bare[: amount.start()] if amount else bare
    coded = split_code("".join(bare.split()))
    if coded.code and names_body(coded.name):
        return NamedUnit(bare, True, amount and amount[1])
    name = unit_in_caption(bare) or bare
    known = names_body(name) or (numbered and _PLACE.search(name))
    if len(name) > MOST or re.search("[，。；：,;:]", name) or not known or _OF_MANY.match(name) or apparatus(text):
        return None
    return NamedUnit(name, False, amount and amount[1])


def takes_unit(section: Section, lattice: Lattice, own: dict[str, Cell], row: int) -> bool:
    """Whether a row names the unit of the projects below it, as wide as the table with its code or right over a project,
    in the column that units and projects share, or with their sum in the column of projects; if so the unit is theirs."""
    return _takes_wide(section, lattice, own, row) or _takes_in_column(section, lattice, own, row)


def _takes_wide(section: Section, lattice: Lattice, own: dict[str, Cell], row: int) -> bool:
    texts = lattice.texts(row)
    wide = len(texts) == 1 and "unit" not in own and texts[0].colspan >= lattice.columns > 2
    unit = named_unit(texts[0].text) if wide else None
    if unit is None and wide:
        return _ends_unit(section, lattice, row, texts[0])
    if unit is not None and _over_unit(lattice, row):
        section.roles[texts[0].index] = ("heading", None, -1)  # of units
        return True
    if unit is None or not (unit.coded or _over_project(section, lattice, row)):
        return False
    section.unit_manners.add(_manner(texts[0].text))
    if section.anchors and not section.unit_lines:
        section.doubts.append(f"第 {row} 行起才印出单位“{unit.text}”，其上的项目属于哪个单位没有印出")
    section.unit_lines.append((len(section.anchors), unit.text))
    section.roles[texts[0].index] = ("heading", None, -1)
    if unit.amount:
        section.roles[texts[0].index] = ("sum", None, len(section.sums))
        name = split_code(unit.text).name
        section.sums.append(("subtotal", len(section.rows), lattice.page, row, name, unit.amount, None, None))
    return True


def _ends_unit(section: Section, lattice: Lattice, row: int, cell: Cell) -> bool:
    """Whether a row over a project is numbered as those that named units, but names none: whose the project is stays open."""
    if _manner(cell.text) not in section.unit_manners or not _over_project(section, lattice, row):
        return False
    if not section.unit_lines or len(cell.text) > MOST or re.search("[，。；：,;:]", cell.text):
        return False
    section.unit_lines.append((len(section.anchors), ""))
    section.doubts.append(f"第 {row} 行“{cell.text}”之下的项目属于哪个单位没有印出")
    section.roles[cell.index] = ("heading", None, -1)
    return True


def _manner(text: str) -> str:
    """How a row is numbered: （N）, N、, or not at all."""
    numbered = _NUMBERED.match(text.strip())
    return re.sub(r"[一二三四五六七八九十\d]+", "N", numbered[0].strip()) if numbered else ""


def _over_unit(lattice: Lattice, row: int) -> bool:
    """Whether the next row is as wide as the table and names a unit, numbered in another manner."""
    below = next((lattice.texts(r) for r in lattice.rows if r > row and lattice.texts(r)), [])
    wide = len(below) == 1 and below[0].colspan >= lattice.columns
    if not wide or _manner(below[0].text) in ("", _manner(lattice.texts(row)[0].text)):
        return False
    return named_unit(below[0].text) is not None


def _over_project(section: Section, lattice: Lattice, row: int) -> bool:
    """Whether the next row with a text begins a project in the column of projects."""
    below = next((r for r in lattice.rows if r > row and lattice.texts(r)), None)
    columns = [col for col, field in section.fields.items() if field in ("project", "project_code")]
    begun = [c for col in columns if (c := lattice.at.get((below, col))) and c.row == below and c.text]
    return any(c.colspan < lattice.columns and not header_field(c.text) for c in begun)


def _takes_in_column(section: Section, lattice: Lattice, own: dict[str, Cell], row: int) -> bool:
    cells = {f: c for f, c in own.items() if c.text and c.row == row}
    named = cells.get("project")
    cells = {f: c for f, c in cells.items() if f == "project" or c is not named}  # it may be as wide as the table
    if named is None or not names_body(named.text) or _numbers_go_on(lattice, own, row):
        return False
    below = lattice.at.get((row + 1, named.col))
    over_projects = (
        "unit" not in own and "budget" in cells and below is not None and below.text and below.row == row + 1
    )
    if not is_joint(section.heads.get("project", "")) and not over_projects:
        return False
    sums = {*STAGES, "execution_rate"} if "budget" in cells else set()
    if not set(cells) <= {"project", "project_code", "unit_code", "sequence", *sums}:
        return False
    code = cells.get("project_code") or cells.get("unit_code")
    section.unit_over = {"unit": named.text} | ({"unit_code": code.text} if code else {})
    number = len(section.anchors)
    section.roles |= {c.index: ("project", f, number) for f, c in cells.items()}
    note_project(section, lattice, row, number, f"{named.text}/")
    for field, cell in sorted(cells.items(), key=lambda item: item[1].col):
        if field in sums and field != "budget":  # nothing adds them up
            label = f"{named.text}/{fold(section.heads.get(field, field))}"
            section.notes.append((number, label, cell.text, lattice.page, cell.index))
            section.roles[cell.index] = ("project", "note", number)
    if sums:
        section.roles[cells["budget"].index] = ("sum", None, len(section.sums))
        name = split_code("".join(named.text.split())).name or named.text
        section.sums.append(("subtotal", len(section.rows), lattice.page, row, name, cells["budget"].text, None, None))
    return True


def _numbers_go_on(lattice: Lattice, own: dict[str, Cell], row: int) -> bool:
    """Whether the row and the next that has one bear running numbers of one series: what is numbered with the projects is
    one of them."""
    cell = own.get("sequence")
    if cell is None or cell.row != row or not cell.text.isdigit():
        return False
    below = (c.text for r in lattice.rows if r > row and (c := lattice.at.get((r, cell.col))) and c.row == r and c.text)
    following = next(below, "")
    return following.isdigit() and int(following) == int(cell.text) + 1
