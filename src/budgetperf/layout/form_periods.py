"""Blocks of several years beside or over the year's own (中期 against 年度): which columns and rows are whose."""

import re
from typing import NamedTuple

from budgetperf.field.form_labels import label_of, period_of
from budgetperf.field.vocabulary import fold, header_field, vocabulary
from budgetperf.layout.lattice import Cell, Lattice
from budgetperf.layout.printed import is_title
from budgetperf.layout.section import Section, level_role

_WHOLE = re.compile("总体?.*值")
REPEATED = ("level2", "name", "comparator", "target", "measure_unit", "weight", "remark")  # that blocks print again
SHARED = ("level1", "level2", "name", "measure_unit")  # that blocks may have in common
Spans = list[tuple[str, int, int]]


class Blocks(NamedTuple):
    """year: column → field of the year's block · others: (what the heads call it, column → field) of each other block ·
    sure: print says which is the year's."""

    year: dict[int, str]
    others: list[tuple[str, dict[int, str]]]
    sure: bool


def field_of_head(text: str) -> str | None:
    """The field of a column head, also where it names a period (实施周期目标值, 2025年指标值).

    >>> field_of_head("实施周期目标值"), field_of_head("2025年指标值"), field_of_head("三级指标（长期）"), field_of_head("备注")
    ('target', 'target', 'name', 'remark')
    >>> field_of_head("总体数值"), field_of_head("总目标值"), field_of_head("建设期末目标值")
    ('target', 'target', 'target')
    """
    words = fold(text)
    for word in (*vocabulary()["form"]["words"]["several_years"], *vocabulary()["form"]["words"]["year"]):
        words = words.replace(word, "")
    bare = re.sub(r"20\d\d年?度?|^(?:绩效|项目|总体|末|总(?=.+值))", "", words)
    return header_field(text) or header_field(bare) or (header_field(f"年度{bare}") if bare.endswith("值") else None)


def goal_spans(lattice: Lattice, rows: list[int]) -> Spans:
    """(period, first, last column) of the labels of goals in a form's head: blocks of indicators stand under them."""
    spans = []
    for row in rows:
        for cell in lattice.texts(row):
            label = label_of(cell.text)
            if label and label.field in ("objective", "period_objective") and cell.colspan > 1:
                period = "year" if label.field == "objective" else "several"
                spans.append((period, cell.col, cell.col + cell.colspan - 1))
    return spans if {"year", "several"} <= {period for period, *_ in spans} else []


def blocks_of(lattice: Lattice, rows: list[int], spans: Spans, year: int | None) -> Blocks | None:
    """The blocks of a table whose heads stand in `rows`, None where it has but one.

    Told by the heads' own words, by heads over them, by the goals above; of two blocks that nothing tells apart the
    right one is the year's, as forms print them.
    """
    heads = {col: head for col in range(1, lattice.columns + 1) if (head := _head_at(lattice, rows, col))}
    before = vocabulary()["form"]["words"]["past"]
    fields = {
        col: field for col, head in heads.items()
        if (field := field_of_head(head.text)) and not any(word in over for over in _over(lattice, rows, col) for word in before)
    }  # fmt: skip
    columns: dict[str, list[int]] = {}
    for col, field in fields.items():
        if not columns.get(field) or heads[columns[field][-1]].index != heads[col].index:
            columns.setdefault(field, []).append(col)
    twice = {f: cols for f, cols in columns.items() if f in REPEATED and len(cols) > 1}
    if "target" not in twice and "name" not in twice:
        return None
    words = {fold(heads[col].text) for cols in twice.values() for col in cols}
    if set(twice) == {"name"} and len(words) > 1 and not any(map(period_of, words)):
        return None  # 三级指标 | 绩效标准
    if len(twice) > 1:
        starts = max(twice.values(), key=len)
        starts = min((cols for cols in twice.values() if len(cols) == len(starts)), key=lambda cols: cols[0])
    else:
        starts = next(iter(twice.values()))
    parts = [
        [c for c in fields if a <= c < b and fields[c] in twice]
        for a, b in zip(starts, [*starts[1:], lattice.columns + 1], strict=True)
    ]
    told = [_period_of_block(lattice, rows, part, spans, year) for part in parts]
    if len(told) == 2 and set(told) == {"year", None}:  # 总体数值 | 年度数值
        other = told.index(None)
        told[other] = "several" if _WHOLE.match(fold(heads[parts[other][0]].text)) else None
    sure = "several" in told and ("year" in told or told.count(None) == 1)
    alike = len(twice) > 1 and len({tuple(fold(heads[c].text) for c in part) for part in parts}) == 1
    if told.count("year") > 1 or not (sure or alike):
        return None  # heads that mean one field, but no blocks of periods
    own = (
        told.index("year") if "year" in told else next((i for i in reversed(range(len(told))) if told[i] is None), None)
    )
    if own is None:
        return None
    common = {c: f for c, f in fields.items() if f not in twice and c == columns[f][0]}
    of_parts = [{c: fields[c] for c in part} for part in parts]
    others = [
        (_name_of_block(lattice, rows, parts[i], heads), {c: f for c, f in common.items() if f in SHARED} | of_parts[i])
        for i in range(len(parts)) if i != own
    ]  # fmt: skip
    return Blocks(common | of_parts[own], others, sure)


def results_of_before(fields: dict[int, str], heads: dict[int, str], year: int | None) -> dict[int, str]:
    """The fields, where a result of another year than the targets' is what the year begins with.

    >>> results_of_before({4: "actual", 5: "target"}, {4: "2024年完成值", 5: "2025年目标值"}, None)
    {4: 'baseline', 5: 'target'}
    """
    years = {f: re.findall(r"20\d\d", fold(heads[c])) for c, f in fields.items() if f in ("actual", "target")}
    own = [str(year)] if year else years.get("target")
    other = years.get("actual") and own and years["actual"] != own and "baseline" not in fields.values()
    return {c: "baseline" if f == "actual" and other else f for c, f in fields.items()}


_PAST = re.compile(r"(?:[上前去往]一?年度?|以前年度)|(20\d\d)年?度?")


def of_years_before(texts: list[str], year: int | None) -> bool:
    """Whether column heads name targets and results of years before only: such a table stands beside the year's own.

    >>> of_years_before(["三级指标", "上年度指标值", "上年完成值"], None), of_years_before(["上年完成值", "本年指标值"], None)
    (True, False)
    >>> of_years_before(["2023年目标值", "2023年完成值"], 2024), of_years_before(["2024年目标值"], 2024)
    (True, False)
    """
    values = {}
    for text in texts:
        found = _PAST.match(fold(text))
        bare = fold(text)[found.end() :] if found else text
        if header_field(text) == "baseline" or field_of_head(bare) in ("target", "actual"):
            past = found and (not found[1] or (year is not None and int(found[1]) < year))
            values[text] = bool(past) or header_field(text) == "baseline"
    return bool(values) and all(values.values())


def is_of_years_before(lattice: Lattice, heads: list[int], year: int | None) -> bool:
    """Whether the table under these heads holds targets and results of years before only."""
    return of_years_before([c.text for row in heads for c in lattice.texts(row)], year)


def pass_over(section: Section, lattice: Lattice, rows: list[int]) -> None:
    """Rows of a table of years before are none of this year's, and said to be there."""
    section.roles |= {c.index: ("other_table", None, -1) for row in rows for c in lattice.texts(row)}
    section.told.append(f"第 {lattice.page} 页另有以前年度的指标值和完成值一表，不计入本年")


def _head_at(lattice: Lattice, rows: list[int], col: int) -> Cell | None:
    """The head of a column; the name of a year under a divided head together with that (指标值2024年)."""
    cells = [
        c
        for row in reversed(rows)
        if (c := lattice.at.get((row, col))) and c.text and c.row + c.rowspan - 1 <= rows[-1]
    ]
    if len(cells) > 1 and cells[1].colspan > cells[0].colspan and not field_of_head(cells[0].text):
        whole = cells[1].text + cells[0].text
        if re.fullmatch(r"20\d\d年?度?", fold(cells[0].text)) and field_of_head(whole):
            return cells[0]._replace(text=whole)
    return next((c for c in cells if field_of_head(c.text)), cells[0] if cells else None)


def _over(lattice: Lattice, rows: list[int], col: int) -> list[str]:
    """Texts of the cells over a column, in the heads' rows and the row above them, the lowest first."""
    above = [row for row in lattice.rows if row < rows[0]][-1:]
    cells = [
        c
        for row in [*reversed(rows), *above]
        if (c := lattice.at.get((row, col))) and c.text and c.colspan < lattice.columns
    ]
    return [c.text for c in cells if len(fold(c.text)) < 20]


def _of_year(text: str, year: int | None) -> str | None:
    named = re.findall(r"20\d\d", fold(text))
    if named and year:
        return "year" if named == [str(year)] else "several"
    return period_of(text) or (
        "several" if re.match(r"项目|总体|总", fold(text)) and field_of_head(text) == "target" else None
    )


def _period_of_block(lattice, rows, part: list[int], spans: Spans, year: int | None) -> str | None:
    told = ([period for text in _over(lattice, rows, col)[:3] if (period := _of_year(text, year))] for col in part)
    words = [periods[0] for periods in told if periods]  # the lowest head of a column tells
    if words:
        return max(set(words), key=words.count)
    under = [period for col in part for period, first, last in spans if first <= col <= last]
    return max(set(under), key=under.count) if under else None


def _name_of_block(lattice, rows, part: list[int], heads) -> str:
    """What print calls a block of several years: the word of its heads, else their text."""
    for col in part:
        for text in _over(lattice, rows, col)[:3]:
            for word in vocabulary()["form"]["words"]["several_years"]:
                if word in "".join(text.split()):
                    return word
    return "".join(heads[part[-1]].text.split())


# ---- rows ------------------------------------------------------------------------------------------------------------


def caption_period(lattice: Lattice, row: int) -> str | None:
    """The period that a row names which holds nothing else (年度绩效指标 over the rows that follow), else None."""
    cells = lattice.texts(row)
    if len(cells) != 1 or len(fold(cells[0].text)) > 16 or not re.search(r"指标|目标", fold(cells[0].text)):
        return None
    if re.search("[:：].", cells[0].text.strip()):
        return None  # a goal: 目标3：三年建成
    if is_title(cells[0].text) and re.search("项目|部门|单位|支出", cells[0].text):
        return None  # the next table's
    return period_of(cells[0].text)


def row_period(section: Section, lattice: Lattice, row: int) -> str | None:
    """ "several" where the cell beside a row (outside the table's columns) or the caption above names several years."""
    for cell in _beside(section, lattice, row):
        if re.search(r"指标|目标", fold(cell.text)) and (period := period_of(cell.text) or _whole_aim(lattice, cell)):
            section.side_period = lattice.page, cell.col, period
            return period
    if section.side_period is not None:
        page, col, period = section.side_period
        over = [lattice.at.get((r, col)) for r in lattice.rows if r <= row]
        if page + 1 == lattice.page and not any(cell is not None and cell.text for cell in over):
            return period  # the page cuts the cell beside the rows
    return section.row_period


def _beside(section: Section, lattice: Lattice, row: int) -> list[Cell]:
    return [
        c for col in range(1, lattice.columns + 1)
        if col not in section.fields and (c := lattice.at.get((row, col))) and c.rowspan > 1 and len(fold(c.text)) < 16
    ]  # fmt: skip


def _whole_aim(lattice: Lattice, cell: Cell) -> str | None:
    """ "several" for the project's whole aim (总目标绩效指标) where the year's own stands in the same column."""
    sides = {c.text for row in lattice.rows if (c := lattice.at.get((row, cell.col))) and c.rowspan > 1}
    beside_year = any(period_of(text) == "year" and "指标" in fold(text) for text in sides)
    return "several" if beside_year and re.match(r"(?:项目)?总体?(?:绩效)?(?:目标|指标)", fold(cell.text)) else None


def take_period_rows(section: Section, lattice: Lattice, row: int) -> bool:
    """The cells of this row that are of several years, kept apart; whether the whole row is."""
    whole = row_period(section, lattice, row) == "several"
    if whole and _takes_years_goal(section, lattice, row):
        return True
    if whole:
        named = [c for c in _beside(section, lattice, row) if re.search(r"指标|目标", fold(c.text))]
        section.roles |= {c.index: ("heading", None, -1) for c in named}
    blocks = [("", section.fields)] if whole else section.period_blocks
    for name, columns in blocks:
        cells = {f: c for col, f in columns.items() if (c := lattice.at.get((row, col))) and c.text}
        own = [f for f in ("name", "target") if f in cells and cells[f].row == row]
        if not own or ("target" not in cells and "name" not in own):
            blank = [
                c for f, c in cells.items() if f in ("level1", "level2") and (whole or c.col not in section.fields)
            ]
            section.roles |= {c.index: (level_role(c.text), None, -1) for c in blank}
            continue
        texts = {f: c.text for f, c in cells.items() if c.row == row or f in SHARED}
        number = len(section.anchors) - 1
        section.period_rows.append({"anchor": number, "period": name or "多年", "page": lattice.page, **texts})
        shared = {c.index for col, f in section.fields.items() if not whole and (c := lattice.at.get((row, col)))}
        for cell in cells.values():
            if cell.index not in shared:
                section.roles[cell.index] = ("project", "period_indicators", number)
        for col, head in section.extra.items() if whole else ():
            if (
                (cell := lattice.at.get((row, col)))
                and cell.text
                and cell.row == row
                and cell.col > min(section.fields)
            ):
                section.notes.append(
                    (number, f"{name or '多年'}指标/{fold(head)}", cell.text, lattice.page, cell.index)
                )
                section.roles[cell.index] = ("project", "note", number)
    return whole


def _takes_years_goal(section: Section, lattice: Lattice, row: int) -> bool:
    """Whether a row below the indicators of several years is the year's goal under its label, which is the project's."""
    texts = lattice.texts(row)
    label = label_of(texts[0].text) if len(texts) == 2 and section.anchors else None
    if label is None or label.field != "objective" or period_of(texts[0].text) != "year" or label_of(texts[1].text):
        return False
    anchor, number = section.anchors[-1], len(section.anchors) - 1
    if anchor.get("objective"):
        anchor.setdefault("period_objective", anchor["objective"])  # until now the only goal of the form
        of_period = ("project", "period_objective", number)
        section.roles |= {c: of_period for c, role in section.roles.items() if role == ("project", "objective", number)}
    anchor["objective"] = texts[1].text
    section.roles |= {texts[0].index: ("heading", None, -1), texts[1].index: ("project", "objective", number)}
    return True
