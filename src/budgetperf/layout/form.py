"""What a form's head gives its project: its cells, what stands open, what of it stands below."""

import itertools
import re

from budgetperf.field.form_labels import label_of
from budgetperf.field.headings import fiscal_year, money_unit, perhaps_year_beside, year_beside, years_doubt
from budgetperf.field.money_text import is_number
from budgetperf.field.vocabulary import fold, is_label, level1_name, level2_name
from budgetperf.layout.account import apparatus
from budgetperf.layout.cut_rows import lines_once
from budgetperf.layout.form_foot import head_below, is_goal, points_told
from budgetperf.layout.form_head import PROSE, Head, read_head
from budgetperf.layout.form_lines import Part, standing_in, values_above
from budgetperf.layout.lattice import Cell, Lattice
from budgetperf.layout.open_columns import is_side_text
from budgetperf.layout.printed import PROJECT_FIELDS
from budgetperf.layout.section import Covering, Section, drop_blank_form, name_by_title, title_over
from budgetperf.layout.titled_units import unit_before_name

SAME_EDGE = 3.0  # points between the sides of one cell on two pages


def take_form(section: Section, parts: list[Part], below: Part | None = None) -> list[int]:
    """A form's head becomes the project's cells; its indicators follow. A page break may divide it in parts. Where it
    names no money, a block of it among the rows `below` does; the rows of that are told."""
    drop_blank_form(section)
    section.form = True
    first, rows_of_first = parts[0]
    number = len(section.anchors)
    anchor = {"at": len(section.rows), "page": first.page, "row": rows_of_first[0], "starts": True}
    _take_year(section, parts)
    evaluated = bool({"actual", "score"} & {*section.fields.values()} or re.search("自评|监控", title_over(section)))
    heads = [
        (lattice, rows, read_head(lattice, _fields_rows(section, lattice, rows), section.year, evaluated))
        for lattice, rows in parts
    ]
    labelled = set().union(*(head.printed for *_, head in heads))
    foot = head_below(*below, labelled, section.year) if below else []
    if foot:
        heads.append((below[0], foot, read_head(below[0], foot, section.year, evaluated)))
    for field, (text, line) in values_above(section.fresh_lines).items():
        if field == "objective" and any("objective" in head.values for *_, head in heads):
            continue  # a goal of the whole document; the form prints its own
        anchor[field] = text
        section.roles[line.index] = ("project", field, number)
    printed: set[str] = set()
    unknown: list[tuple[str, str]] = []
    said: list[tuple[str, bool, str]] = []
    above: tuple[Lattice, list[int], Head] | None = None
    for lattice, rows, head in heads:
        for cell, (role, field) in head.roles.items():
            section.roles[cell] = (role, field, number if role == "project" else -1)
        for cell, over in going_on(*above, lattice) if above and rows[0] == lattice.rows[0] else ():
            if cell.index not in head.roles:
                _go_on(section, anchor, number, cell, over)
        said += _join(anchor, head, lattice)
        section.notes += [(number, label, text, lattice.page, cell.index) for label, text, cell in head.notes]
        if "score" in section.fields.values():  # of the rows that follow
            at = len(section.rows) + 1
            section.sums += [
                ("score_total", at, lattice.page, cell.row, None, None, None, text)
                for label, text, cell in head.notes
                if is_label(label.split("/")[-1], "score_total")
            ]
        said += [(check, False, words) for check, words in (*head.doubts, *_indicators_among(lattice, rows))]
        anchor["amount_unit"] = anchor.get("amount_unit") or head.unit
        printed |= head.printed
        unknown += _unknown_prose(head)
        above = lattice, rows, head
    if below and "execution_weight" not in printed | set(anchor) and (told := points_told(*below)):
        anchor["execution_weight"] = told[0]
        said.append(("execution_weight", True, f"预算执行率的分值取自“{told[1][:20]}”"))
    if below:
        _take_beside(section, anchor, *below)
    said += _settle_unit(section, anchor, _unit_over(first, rows_of_first[0]) or section.unit_above)
    title = title_over(section)
    if "project" not in printed | set(anchor) and "整体" not in title:
        name_by_title(section, anchor)
    if not anchor.get("unit") and (unit := unit_before_name(title, anchor.get("project"))):
        section.units_in_titles[:] = [
            *(found for found in section.units_in_titles if found[0] < number),
            (number, unit, title),
        ]
    whole = "整体" in title or ("unit" in printed and "项目" not in title)
    anchor["unit_blank"] = "unit" in printed and not anchor.get("unit")
    anchor["scope"] = "unit" if whole and "project" not in printed | set(anchor) else "project"
    lines = [line.text for line in section.fresh_lines if line.index not in section.roles]
    section.said += [(number, *entry) for entry in [*said, *_not_read(anchor, printed, said, unknown, lines)]]
    section.anchors.append(anchor)
    section.covering = Covering("form")
    return foot


def _take_beside(section: Section, anchor: dict, lattice: Lattice, rows: list[int]) -> None:
    """A goal or an amount beside the indicators, under a column head: one cell over the rows of them all."""
    for col, field in section.fields.items():
        cell = lattice.at.get((rows[0], col)) if rows and field in ("objective", "budget") else None
        if cell is None or not cell.text or cell.rowspan < 2 or field in anchor or is_side_text(cell.text):
            continue
        anchor[field] = cell.text
        section.roles[cell.index] = ("project", field, len(section.anchors))


def _unit_over(lattice: Lattice, row: int) -> str | None:
    """The unit of money that the rows of a single text right above a form's head print, where forms follow in one table."""
    alone = itertools.takewhile(lambda r: len(lattice.texts(r)) == 1, [r for r in reversed(lattice.rows) if r < row])
    return next((unit for r in alone if (unit := money_unit(lattice.texts(r)[0].text))), None)


def _settle_unit(section: Section, anchor: dict, above: str | None) -> list[tuple[str, bool, str]]:
    """The unit of the table's money, from the form's labels, the lines `above` it or the form before; what there is to say
    of it."""
    own = above if above != section.unit else None  # another one than that of forms before
    anchor["amount_unit"] = anchor["amount_unit"] or own
    said = []
    differ = {a["amount_unit"] for a in section.anchors if a.get("amount_unit")} - {section.unit}
    if differ and not anchor["amount_unit"] and above is None:
        words = "、".join(sorted({section.unit or "", *differ} - {""}))
        said.append(("amount_unit", False, f"没有印出金额单位，前面各表的单位不同（{words}），按“{section.unit}”换算"))
    bare = is_number(anchor.get("budget", "")) and "元" not in anchor["budget"]
    carried = not anchor["amount_unit"] and section.unit_of_labels and section.unit and bare
    if carried:
        said.append(("amount_unit", False, f"没有印出金额单位，按前一份表的“{section.unit}”换算"))
    section.unit_of_labels |= section.unit is None
    section.unit = section.unit or anchor["amount_unit"]
    section.unit_source = None if anchor["amount_unit"] else section.unit_source
    return said


def _take_year(section: Section, parts: list[Part]) -> None:
    """The budget year that a form prints beside its own label (预算年度 | 2024), in doubt where the document prints another;
    that of another label (编制年度) only as a doubt."""
    pairs = [(c.text, d.text) for lattice, rows in parts for r in rows for c, d in itertools.pairwise(lattice.texts(r))]
    years = {year for label, value in pairs if (year := year_beside(label, [value]))}
    if section.year is None and len(years) == 1:
        section.year = min(years)
    if others := years - {section.year}:
        section.doubts.append(years_doubt(section.year or min(others), max(others)))
    if section.year is None and not years:
        told = [f"“{label}”{year}" for label, value in pairs if (year := perhaps_year_beside(label, [value]))]
        section.doubts += [f"没有印出预算年度，只有{'、'.join(dict.fromkeys(told))}"] if told else []


def _fields_rows(section: Section, lattice: Lattice, rows: list[int]) -> list[int]:
    """The rows that hold labels and values; those that hold a title, a year or a caption only get their roles here."""
    kept = []
    for row in rows:
        cells = lattice.texts(row)
        alone = len(cells) == 1 and cells[0].colspan >= lattice.columns - 1 and lattice.columns > 2
        if alone and (role := apparatus(cells[0].text)) in ("title", "caption", "note"):
            section.roles[cells[0].index] = (role, None, -1)
            section.year = section.year or fiscal_year(cells[0].text)
            section.unit = section.unit or money_unit(cells[0].text)
        elif (
            alone
            and (row == rows[-1] or not is_goal(cells[0]))
            and (
                is_side_text(cells[0].text)
                or re.fullmatch(r".{2,14}(?:指标|指标表|目标表)|.{0,4}分解目标", fold(cells[0].text))
            )
        ):
            section.roles[cells[0].index] = ("heading", None, -1)
        else:
            kept.append(row)
    return kept


def _join(anchor: dict, head: Head, lattice: Lattice) -> list[tuple[str, bool, str]]:
    """The values of a part of a head; prose that a page break divides stands on both sides of it, anything else that
    is printed twice must be the same."""
    said = []
    for field, text in head.values.items():
        if field not in PROJECT_FIELDS:
            continue
        cell = head.cells.get(field)
        if field not in anchor:
            anchor[field] = text
        elif field in ("objective", "period_objective") and cell is not None and cell.row == lattice.rows[0]:
            anchor[field] = lines_once(anchor[field], text)
        elif "".join(anchor[field].split()) != "".join(text.split()):
            said.append((field, False, f"同一栏印有不同的值：“{anchor[field][:20]}”、“{text[:20]}”，取前者"))
    return said


def _unknown_prose(head: Head) -> list[tuple[str, str]]:
    """Prose under labels that only their endings, or nothing, tell for labels: it may be what a form requires."""
    return [
        (words, text) for words, text, _ in head.notes
        if len(text) >= PROSE and not is_number(text) and not ((label := label_of(words.rsplit("/", 1)[-1])) and label.sure)
    ]  # fmt: skip


def _indicators_among(lattice: Lattice, rows: list[int]) -> list[tuple[str, str]]:
    """Rows of a head that look like rows of indicators: a level 1 and a level 2 beside each other."""
    texts = {row: [c.text for c in lattice.texts(row)] for row in rows}
    found = [row for row, of in texts.items() if len(of) > 2 and level1_name(of[0]) and level2_name(of[1])]
    return [("unread", f"表头第 {row} 行“{'｜'.join(texts[row])[:30]}”像是一条指标，没有读入") for row in found]


def _not_read(
    anchor: dict, printed: set[str], said: list, unknown: list[tuple[str, str]], lines: list[str]
) -> list[tuple[str, bool, str]]:
    """Required things that were not read: a failed check where they are printed, also in the `lines` above that nothing
    took, a statement where they are not."""
    told = {check for check, *_ in said}
    in_lines = standing_in(lines)
    entries = []
    for field, words in (("budget", "预算数"), ("objective", "绩效目标")):
        if not anchor.get(field) and field not in told:
            there = field in printed
            where = f"表头有{words}一栏，没有读到内容" if there else f"表头没有印出{words}"
            prose = [f"“{label}”之下的“{text[:20]}”" for label, text in unknown if field == "objective"]
            if prose and not there:
                there, where = True, f"没有读到绩效目标，表头却有成段的文字：{'、'.join(prose)}"
            if in_lines[field]:
                there, where = True, f"没有读到{words}，表上方却印有“{in_lines[field][0][:20]}”"
            entries.append((field, not there, where))
    if anchor["scope"] == "unit" and not anchor.get("unit"):
        entries.append(("unit", False, "没有读到单位名称"))
    return entries


def going_on(above: Lattice, rows: list[int], head: Head, below: Lattice) -> list[tuple[Cell, str | int]]:
    """Cells at the head of the table `below` that go on with a value of the form's head `above` it, whose label is left
    on the page before; each with the field that it continues, or the index of the note's cell."""
    fields = {cell.index: field for field, cell in head.cells.items()}
    notes = {cell.index for _, _, cell in head.notes}
    found: list[tuple[Cell, str | int]] = []
    for cell in below.texts(below.rows[0]):
        over = [c for row in rows for c in above.starts.get(row, ()) if _same_column(c, cell)]
        # the value that the break divides, or its label if the whole value stands overleaf
        last = next((c for c in reversed(over) if c.text), None)
        if last is None or last.row + last.rowspan < rows[-1] or label_of(cell.text):
            continue
        label = label_of(last.text)
        field = fields.get(last.index) or (label and label.field)
        if field in ("objective", "period_objective"):
            found.append((cell, field))
        elif last.index in notes or field == "achievement":
            found.append((cell, last.index))
    return found


def _go_on(section: Section, anchor: dict, number: int, cell: Cell, over: str | int) -> None:
    """The rest of a value or note added to what the page before holds of it."""
    if isinstance(over, str):
        anchor[over] = lines_once(anchor[over], cell.text) if over in anchor else cell.text
    else:
        place = next((i for i, note in enumerate(section.notes) if note[4] == over), None)
        label, text, page = section.notes[place][1:4] if place is not None else ("", "", 0)
        entry = (number, label, lines_once(text, cell.text) if text else cell.text, page, cell.index)
        if place is not None:
            section.notes[place] = entry
        else:
            section.notes.append(entry)
    section.roles[cell.index] = ("project", over if isinstance(over, str) else "note", number)


def _same_column(a: Cell, b: Cell) -> bool:
    return abs(a.x0 - b.x0) < SAME_EDGE and abs(a.x1 - b.x1) < SAME_EDGE
