"""What the lines of text above a table say of it: title, year, unit and unit of money; and where another table begins."""

import re

from budgetperf.field.codes import split_code
from budgetperf.field.form_labels import label_of
from budgetperf.field.going_on import without_goes_on
from budgetperf.field.headings import (
    LABEL_OF_BODY,
    STAMP,
    body_alone,
    fiscal_year,
    is_plain_title,
    is_year,
    letterhead,
    may_be_work,
    money_unit,
    names_sender,
    number_doubt,
    unit_in_title,
    year_of_lines,
    year_printed,
    years_doubt,
)
from budgetperf.field.vocabulary import fold, names_body
from budgetperf.layout.form_lines import labelled_parts, values_above
from budgetperf.layout.lattice import Line
from budgetperf.layout.printed import is_title
from budgetperf.layout.section import Section

_CAPTION = re.compile(r"^([^：:]{2,16})[：:]\s*(\S.+)$")
_SPACED = re.compile(r"^([^：:\s]{4,16})\s+(\S+)$")  # 填报单位  县教育局
_PLACED = re.compile("[省市县区旗州镇乡].{2}")
_FILLED_IN_BY = re.compile(r"由([^，。；：:由]{4,40}?)(?:负责)?填报(?:[，。；]|$)")
_FOR_ALL = re.compile(
    r"(?:以下|下列|下述|后附|所附)(?:各|所有|全部|的){0,2}(?:附?表|表格|报表)(?!\d)"
)  # 以下各表金额单位均为元
_ADDRESSED = re.compile("[呈抄主]?报?送|[呈抄]报|致")  # to whom the tables go
_MAY_NAME = re.compile("(?!.*(?:绩效|目标|项目|预算|单位|附件|公开|部门|表$))[\u4e00-\u9fff（）()]{2,14}")
_UNIT_OF_MONEY = re.compile("[百千万亿]*元")


def unit_in_caption(text: str) -> str | None:
    """The unit that a part of a line above a table names.

    >>> unit_in_caption("填报单位：县教育局"), unit_in_caption("单位：万元"), unit_in_caption("预算单位（盖章）：县交通局 金额单位：元")
    ('县教育局', None, '县交通局')
    >>> unit_in_caption("207101县人民法院"), unit_in_caption("县人民法院")
    ('207101县人民法院', None)
    >>> unit_in_caption("填报单位  县教育局"), unit_in_caption("填报单位：县教育局（盖章）"), unit_in_caption("主管部门  县教育局")
    ('县教育局', '县教育局', None)
    """
    coded = split_code("".join(text.split()))
    if coded.code and names_body(coded.name):
        return text  # 207101县人民法院
    spaced = _SPACED.match(text)
    found = _CAPTION.match(text) or (spaced if spaced and names_body(STAMP.sub("", spaced[2])) else None)
    label = label_of(found[1]) if found else None
    name = re.split(r"金额单位|单位[：:]", found[2])[0].strip() if label and label.field == "unit" else None
    return STAMP.sub("", name) if name and not money_unit(f"单位：{name}") else None


def bodies_alone(text: str) -> list[str]:
    """The public bodies that are parts of a line, nothing beside their names; of parts that one blank divides the one that
    names its place too.

    >>> bodies_alone("云溪县公路局    单位：万元"), bodies_alone("主管部门  云溪县财政局"), bodies_alone("附件 云溪县公路局")
    (['云溪县公路局'], [], ['云溪县公路局'])
    >>> bodies_alone("报送 云溪县财政局")
    []
    """
    parts = labelled_parts(text)
    words = text.split() if len(parts) == 1 and not LABEL_OF_BODY.match(text.strip()) else []
    if any(map(_ADDRESSED.fullmatch, words)):
        return []
    placed = [body for word in words if _PLACED.search(word) and (body := body_alone(word))]
    if len(words) > 1 and len(placed) == 1:
        return placed
    return [body for part in parts if (body := body_alone(part))]


def _filled_in_by(text: str) -> str | None:
    """The unit of which a sentence says that it fills in the tables.

    >>> _filled_in_by("下列各表由207101-县人民法院填报。"), _filled_in_by("本表由县财政局统一编制")
    ('207101-县人民法院', None)
    """
    said = _FILLED_IN_BY.search(text)
    return said[1] if said and names_body(split_code(said[1]).name) else None


def _unit_code_in_caption(text: str) -> str | None:
    """The code of a unit that a part of a line above a table prints apart from its name (单位编码：554008)."""
    found = _CAPTION.match(text)
    label = label_of(found[1]) if found else None
    code = found[2].strip() if label and label.field == "unit_code" else ""
    return code if re.fullmatch("[0-9]{3,12}", code) else None


def lines_since(lines: list[Line], current: Section | None) -> list[Line]:
    """The lines of text that stand above no heads read so far."""
    seen = _seen(current) if current is not None else set()
    return [line for line in lines if line.index not in seen]


def _seen(section: Section) -> set[int]:
    """The lines above the heads of a section's tables, and those of the sections before it."""
    return section.lines_before | {line.index for line in section.seen_lines}


def goes_on_with(section: Section, lines: list[Line]) -> bool:
    """Whether the lines above a table say that it goes on with the form above (项目支出绩效目标表（续）), and label nothing
    but what that prints already, which becomes the project's again."""
    if not section.form or not section.rows or all(without_goes_on(line.text) == line.text for line in lines):
        return False
    anchor, number = section.anchors[-1], len(section.anchors) - 1
    again = values_above(lines)
    if not again or any(fold(anchor.get(field) or "") != fold(text) for field, (text, _) in again.items()):
        return False
    section.roles |= {line.index: ("project", field, number) for field, (_, line) in again.items()}
    return True


def _is_for_all(text: str) -> bool:
    """Whether a sentence says one unit of money of all tables below it."""
    return bool(_FOR_ALL.search(fold(text))) and len(set(_UNIT_OF_MONEY.findall(text))) == 1


def go_on_under(section: Section, lines: list[Line]) -> None:
    """The unit that a line names over rows that go on under the heads of a table above is that of the projects below it."""
    for unit in filter(None, (unit_in_caption(part) for line in lines for part in labelled_parts(line.text))):
        if unit not in [name for _, name in section.unit_lines[-1:]]:
            section.unit_lines.append((len(section.anchors), unit))


def says_whose(line: str) -> bool:
    """Whether a line above a table names its unit or its year."""
    return any(map(unit_in_caption, labelled_parts(line))) or year_printed(None, [line]) is not None


def _of_another(lines: list[Line], title: str | None) -> list[Line]:
    """The lines under the heading of another table (收支总表), up to the title of this one."""
    texts = [line.text for line in lines]
    ours = texts.index(title) if title in texts else 0
    other = next((i for i, text in enumerate(texts[:ours]) if fold(text).endswith("表") and not is_title(text)), ours)
    return lines[other:ours]


def total_at_foot(section: Section) -> bool:
    """Whether the last row of a list of projects was their total, and its only one."""
    totals = [at for kind, at, *_ in section.sums if kind == "total"]
    return not section.form and totals == [len(section.rows)] != [0]


def _in_another_unit(fresh: list[Line], current: Section, sheet: str) -> bool:
    """Whether lines above a table print another unit of money than the table before it, which ended on their own page
    or on another sheet."""
    units = [unit for line in fresh if (unit := money_unit(line.text))]
    ended = bool(current.rows) and (bool(sheet) or fresh[-1].page == current.rows[-1]["page"])
    return ended and bool(units) and current.unit not in (None, units[-1])


def _unit_over(lines: list[Line], title: str | None) -> tuple[str, str] | None:
    """The unit that a title above a table names, the nearest, or a line of nothing else right over or below its title; and
    the line."""
    texts = [line.text for line in lines]
    named = [(unit, text) for text in reversed(texts) if (unit := unit_in_title(text))]
    if named or any(map(names_sender, texts)):
        return next(iter(named), None)
    place = texts.index(title) if title in texts else 0
    alone = [(unit, text) for text in texts[max(place - 1, 0) :] for unit in bodies_alone(text)]
    return alone[0] if len(alone) == 1 else None


def _names_another(lines: list[Line], title: str | None) -> str | None:
    """The title, or the line of a few words, that names a table by more than its form: whose it is need not be known."""
    if title is not None and not is_plain_title(title):
        return title
    return next((line.text for line in lines if _MAY_NAME.fullmatch("".join(line.text.split()))), None)


def _without_foot(
    lines: list[Line], title: str | None, titled: tuple[str, str] | None, before: Section | None
) -> tuple[list[Line], str | None]:
    """The lines between two tables that speak of the second: where its title names its unit, or none stood over the first,
    not those above the title; and the unit of which it then can't be told whose it is."""
    place = next((n for n, line in enumerate(lines) if line.text == title), 0)
    above = [unit for line in lines[:place] for part in labelled_parts(line.text) if (unit := unit_in_caption(part))]
    if before is None or not before.rows or not above:
        return lines, None
    if titled and titled[1] == title:
        _take_foot(before, above)
        return lines[place:], None
    return (lines, None) if before.unit_lines else (lines[place:], above[0])


def _take_foot(before: Section, units: list[str]) -> None:
    """The unit that a line below a list of projects names, where nothing above them does."""
    if not before.form and len(set(units)) == 1 and not (before.unit_lines or before.units_in_titles):
        before.unit_lines.append((0, units[0]))
        before.told.append(f"单位名称“{units[0]}”取自表下方")


def _title_doubts(titled: tuple[str, str] | None) -> list[str]:
    """What the line that names a table's unit leaves open, in words."""
    if titled is None:
        return []
    work = f"“{titled[1]}”一行是单位还是项目的名称不能确定" if may_be_work(titled[1]) else None
    return [words for words in (number_doubt(titled[1]), work) if words]


def section_for(
    lines: list[Line], far: int, sections: list, current: Section | None, form: bool, sheet: str
) -> Section:
    """The section that goes on, or a new one where another title or year stands above this head or on the tab of its
    sheet, or the total of the projects so far; the first `far` lines stand above another table, whose unit of money need
    not be this one's."""
    fresh = lines_since(lines, current)
    titles = [line.text for line in fresh if is_title(line.text)]
    title = titles[-1] if titles else None
    if current is not None and title is not None and without_goes_on(title) == current.title:
        title = current.title
    other = current is None or (
        title is not None and current.rows and fold(title) != fold(current.title or title) and not form
    )
    other = other or (title is not None and not form and _in_another_unit(fresh, current, sheet))
    other = other or (form and bool(current.rows) and not current.form)
    of_sheet = fiscal_year(sheet) if is_year(sheet) else None
    year = year_printed(title, [line.text for line in fresh]) or of_sheet
    other_year = (
        current is not None and bool(current.rows) and None not in (year, current.year) and year != current.year
    )
    summed = current is not None and not other and not form and total_at_foot(current)
    if other_year or summed or (other and not (form and current is not None and current.form)):
        section = Section(title or (current.title if other_year or summed else None))
        section.lines_before = _seen(current) if current is not None else set()
        sections.append(section)
    else:
        section = current
    section.title = section.title or title
    section.sheet = sheet
    section.year = section.year or year_of_lines(title, [line.text for line in fresh]) or of_sheet
    below = fresh[[line.text for line in fresh].index(titles[-1]) + 1 :] if titles else []
    years = {year for line in below if (year := year_printed(None, [line.text]))}
    if (own := fiscal_year(title or "")) and years - {own}:  # 2024年自评表（2023年度）
        section.doubts.append(years_doubt(own, max(years - {own})))
    apart = {line.index for line in lines[:far]}
    apart |= {line.index for line in _of_another([line for line in fresh if line.index not in apart], title)}
    away = apart - {line.index for line in fresh if _is_for_all(line.text)}
    printed_units = [unit for line in fresh if line.index not in away and (unit := money_unit(line.text))]
    if not printed_units and section.unit is None:
        printed_units = [unit for line in fresh if (unit := money_unit(line.text))]
        section.unit_source = "金额单位只印在另一张表的上方，本表没有印出" if printed_units else None
    section.unit_above = printed_units[-1] if printed_units else None
    if printed_units and section.unit not in (None, printed_units[-1]) and not form:
        section.doubts.append(f"金额单位前后印得不同：{section.unit}、{printed_units[-1]}；按前者换算")
    section.unit = section.unit or (printed_units[-1] if printed_units else None)  # the nearest to the table
    if summed:  # what no line says anew is as above
        section.seen_lines, section.unit = current.seen_lines, section.unit or current.unit
        section.year = section.year or current.year
        section.unit_lines = [(0, unit) for _, unit in current.unit_lines[-1:]]
    titled = _unit_over(fresh, title)
    of_table, at_foot = _without_foot(fresh, title, titled, current)
    parts = [part for line in of_table for part in labelled_parts(line.text)]
    codes = {code for part in parts if (code := _unit_code_in_caption(part))}
    units = [unit for part in parts if (unit := unit_in_caption(part))]
    if at_foot:
        section.doubts.append(f"“{at_foot}”印在两张表之间、标题之上，是哪一张表的单位不能由版面确定")
    elif not units and not section.unit_lines:
        units = [said for line in fresh if (said := _filled_in_by(line.text))]
    sent = [body for line in fresh if (body := letterhead(line.text))]
    if sent and not (units or titled or section.unit_lines):
        section.doubts.append(f"“{sent[0]}文件”之下的项目是否就是其项目没有印出")
    for unit in units:
        if len(codes) == 1 and not split_code(unit).code:
            unit = f"{min(codes)}-{unit}"
        if unit not in [name for _, name in section.unit_lines[-1:]]:
            section.unit_lines.append((len(section.anchors), unit))
    if titled and section.unit_lines and not units and titled[0] not in [name for _, name in section.unit_lines[-1:]]:
        # 单位：某局 stands above the first table, 某所 above this one
        section.unit_lines.append((len(section.anchors), titled[0]))
    elif titled:
        section.units_in_titles.append((len(section.anchors), *titled))
    elif section.units_in_titles and (other := _names_another(fresh, title)):
        section.units_in_titles.append((len(section.anchors), "", other))
    section.doubts += [words for words in _title_doubts(titled) if words not in section.doubts]
    section.fresh_lines = fresh
    section.seen_lines = [*section.seen_lines, *fresh]
    return section
