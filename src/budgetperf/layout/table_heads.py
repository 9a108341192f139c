"""What the column heads of a table say of its section: fields, periods, the unit of money, the execution rate."""

from budgetperf.field.form_labels import MONEY, STAGES, label_of, tight
from budgetperf.field.headings import money_unit, perhaps_year_beside, unit_doubt, year_beside
from budgetperf.field.measures import said_of_values
from budgetperf.field.vocabulary import fold, fold_head, header_field
from budgetperf.layout.column_heads import UNIT_HEADS, column_heads
from budgetperf.layout.form_periods import Spans, blocks_of, results_of_before
from budgetperf.layout.lattice import Lattice
from budgetperf.layout.open_columns import is_side_text
from budgetperf.layout.printed import PROJECT_FIELDS
from budgetperf.layout.section import Section


def take_heads(section: Section, lattice: Lattice, rows: list[int], spans: Spans) -> None:
    """The columns that the heads in these rows name, with what they print of money; `spans`: of the goals above them."""
    fields, extra, more, points, told = column_heads(lattice, rows, section.year)
    blocks = blocks_of(lattice, rows, spans, section.year)
    section.period_blocks = blocks.others if blocks else []
    if blocks:
        of_money = {c: f for c, f in fields.items() if f in STAGES}  # by all that stands under their heads
        fields = {c: f for c, f in blocks.year.items() if f not in STAGES and c not in of_money} | of_money
        extra = {c: h for c, h in extra.items() if all(c not in cols for _, cols in blocks.others)}
        if not blocks.sure:
            section.doubts.append("有两组指标列，印刷没有标明哪一组属于当年，取右侧一组")
    if _is_lower_head(section, lattice, rows, fields):  # its upper row stands at the foot of the page before
        fields = {c: f for c, f in fields.items() if not is_side_text(lattice.at[rows[0], c].text)}
        above = {c: f for c, f in section.fields.items() if c not in fields and f not in fields.values()}
        fields, extra = above | fields, {c: h for c, h in (section.extra | extra).items() if c not in above | fields}
    heads = {c: next(lattice.at[row, c] for row in reversed(rows) if (row, c) in lattice.at) for c in fields}
    fields = results_of_before(fields, {c: cell.text for c, cell in heads.items()}, section.year)
    section.fields, section.extra, section.more, section.points = fields, extra, more, points
    for entries, words in ((section.told, told.sure), (section.doubts, told.unsure)):
        entries += [said for col, said in words.items() if fields.get(col) == told.fields.get(col)]
    _take_column_of_units(section, lattice, rows)
    _take_column_of_years(section, lattice, rows)
    section.rows_at_heads, section.levels_over = len(section.rows), {}
    section.columns = lattice.columns
    section.edges = {}
    for row in rows:
        for cell in lattice.texts(row):
            section.roles[cell.index] = ("heading", header_field(cell.text), -1)
            columns = range(cell.col, cell.col + cell.colspan)
            _take_unit(section, cell.text, any(section.fields.get(col) == "budget" for col in columns))
            section.names_execution |= "预算执行率" in tight(cell.text)
    _settle_target_head(section, {f: heads[c].text for c, f in section.fields.items()})
    for col, field in section.fields.items():
        section.heads.setdefault(field, heads[col].text)
        section.edges[col] = (heads[col].x0, heads[col].x1)


def _settle_target_head(section: Section, heads: dict[str, str]) -> None:
    """What the heads of targets say in brackets or behind a stroke holds only where all tables say the same."""
    known, own = section.heads.get("target"), heads.get("target")
    if known is None or own is None or "".join(known.split()) == "".join(own.split()):
        return
    if said_of_values(known) != said_of_values(own):
        section.doubts.append(f"各表的指标值表头印得不同：“{known}”、“{own}”，表头所说的单位、比较符没有取用")
        section.heads["target"] = fold_head(known)  # what is left says nothing of the values


def _take_unit(section: Section, head: str, over_budget: bool) -> None:
    """The unit of money that a head prints; of the budget's own head it goes before that of the lines above."""
    field, unit = header_field(head), money_unit(head)
    label = label_of(head)
    money = over_budget or (label is not None and label.field in MONEY)
    if unit is None or not (field in ("budget", "budget_initial") or (field is None and money)):
        return
    if section.unit == unit or section.unit_source:
        section.unit, section.unit_source = unit, None
    if field == "budget" and section.unit not in (None, unit):
        section.doubts.append(unit_doubt(section.unit, unit))
        section.unit = unit
    section.unit = section.unit or unit


def _take_column_of_units(section: Section, lattice: Lattice, rows: list[int]) -> None:
    """The unit of money that a column of its own repeats beside the amounts (金额单位), where all its cells name the same."""
    for col in [col for col, head in section.extra.items() if fold(head) in UNIT_HEADS]:
        cells = [c for row in lattice.rows if row > rows[-1] and (c := lattice.at.get((row, col))) and c.text]
        units = {money_unit(f"（{c.text}）") for c in cells}
        if len(units) == 1 and (unit := units.pop()):
            section.doubts += [unit_doubt(section.unit, unit)] if section.unit not in (None, unit) else []
            section.unit = unit
            section.roles |= {c.index: ("heading", None, -1) for c in cells}


def _take_column_of_years(section: Section, lattice: Lattice, rows: list[int]) -> None:
    """The budget year that a column of its own repeats in each row, where nothing else prints one."""
    for col, head in section.extra.items() if section.year is None else ():
        cells = [c.text for row in lattice.rows if row > rows[-1] and (c := lattice.at.get((row, col))) and c.text]
        section.year = section.year or year_beside(head, cells)
        if section.year is None and (year := perhaps_year_beside(head, cells)):
            section.doubts.append(f"没有印出预算年度，只有“{head}”{year}")


def _is_lower_head(section: Section, lattice: Lattice, rows: list[int], fields: dict[int, str]) -> bool:
    """Whether these heads are only the lower row of heads that a page break divides, or that a page prints again."""
    if section.columns != lattice.columns or rows[0] != lattice.rows[0]:
        return False
    divided = section.rows_at_heads == len(section.rows) and not {"level1", "level2"} & set(fields.values())
    again = all(section.fields.get(col) == field for col, field in fields.items())
    return divided or (again and not section.form and not set(PROJECT_FIELDS) & set(fields.values()))
