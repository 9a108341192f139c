"""The project cells over the rows of a table with real cells: where a project begins, goes on, or is left blank."""

import itertools
import re
from decimal import Decimal

from budgetperf.field.categories import category_parts
from budgetperf.field.codes import split_code
from budgetperf.field.form_labels import MONEY, STAGES, label_of
from budgetperf.field.going_on import without_goes_on
from budgetperf.field.money_text import divisions_of, is_number, parts_disagree
from budgetperf.field.notation import parse_amount, shared_lines
from budgetperf.field.vocabulary import fold, header_field, is_label, level1_name
from budgetperf.layout.form_cells import POINTS, labelled_parts
from budgetperf.layout.form_place import opens_form
from budgetperf.layout.lattice import Cell, Lattice
from budgetperf.layout.printed import PROJECT_FIELDS, ROW_FIELDS, printed_again
from budgetperf.layout.section import Covering, Section

# cells of one project or one of its rows: that they cover two says that one of them lacks its own
OF_ONE = ("budget", "executed", "level1", "level2", "name", "comparator", "target", "measure_unit", "weight", "actual", "score")  # fmt: skip
# what is only noted beside the columns of a project
NOTES = ("note", "part", "past", "department", "budget", "period_budget", "score")
_SPENT_OF = re.compile("^其中.*(?:资金|拨款|收入|其他|财政).*(?:支出|执行|支付|决算)(?:数|额)?$")  # 其中：财政拨款支出
_GROUP = re.compile(r"[(]?[一二三四五六七八九十]{1,3}[)]?[、.](.{2,14}(?:类|项目|支出|经费|资金))")
MOST_NOTES = 50  # columns of notes that a table may have


def take_project(section: Section, lattice: Lattice, row: int, own: dict[str, Cell], first: bool) -> None:
    """A new anchor where other project cells cover this row than the one above."""
    cells = {f: c for f, c in own.items() if f in PROJECT_FIELDS}
    if not cells or section.form:
        numbers = [cells["sequence"]] if "sequence" in cells and cells["sequence"].text else []
        section.roles |= {c.index: ("number", None, -1) for c in numbers}
        return
    if not set(cells) - {"sequence", "unit", "unit_code", "department"}:
        _take_apart(section, lattice, cells)  # columns that a page's open cells set apart as a table of their own
        return
    main = _main(cells)
    identity = (lattice.page, lattice.table, main.index)
    if section.covering and section.covering.cell == identity:
        _more_cells(section, cells, row)
        return
    begun = {f for f, c in cells.items() if c.text and c.row == row}
    blank = not begun - {"unit", "unit_code", "department", "sequence"}
    unmerged = main.rowspan == 1 and blank and section.covering is not None and not _merged_style(section)
    if section.typed:
        unmerged = False
        if not begun:
            return
    if unmerged and not first:
        section.unprinted.append((len(section.anchors) - 1, lattice.printed.get(row, row)))
        return
    section.covering = Covering("project", identity, fresh=True)
    counts_rows = _counts_rows(section, lattice, cells.get("sequence"))
    texts = {field: cell.text for field, cell in cells.items() if field != "sequence" or not counts_rows}
    above = section.anchors[-1] if section.anchors else {}
    above = {f: text for f, text in above.items() if f != "sequence" or not counts_rows}
    said_over = {**section.unit_over, **section.group_over}  # by a row over the projects, not by their own cells
    above = {f: text for f, text in above.items() if f in texts or said_over.get(f) != text}
    # a line with another unit's name stands between this project and the last
    under_another = any(at == len(section.anchors) for at, _ in section.unit_lines)
    goes_on = not first or section.repeated_rows  # a page's end between rows that each print their project
    if main.rowspan == 1 and goes_on and above and not under_another and printed_again(above, texts):
        section.repeated_rows += 1
        levels = (section.rows[-1].get("level1"), own["level1"].text) if "level1" in own and section.rows else ()
        if [level1_name(text or "") for text in levels] == ["满意度指标", "产出指标"]:
            section.begun_again.append((len(section.anchors) - 1, lattice.printed.get(row, row)))
        section.settled = len(section.unprinted)
        section.roles |= {c.index: ("project", f, len(section.anchors) - 1) for f, c in cells.items() if c.text}
        return
    if above and _goes_on(above, texts):
        section.roles |= {c.index: ("project", f, len(section.anchors) - 1) for f, c in cells.items() if c.text}
        return
    _begin_project(section, lattice, row, own, first)


def _begin_project(section: Section, lattice: Lattice, row: int, own: dict[str, Cell], first: bool) -> None:
    """The anchor of a project that its cells over this row begin."""
    cells = _as_named_above(section, {f: c for f, c in own.items() if f in PROJECT_FIELDS})
    section.between += section.unprinted[section.settled :]
    section.settled = len(section.unprinted)
    section.doubts += [
        f"第 {lattice.page} 页第 {cell.row} 行的“{cell.text}”盖住两个项目，属于哪一个不能确定"
        for f, cell in own.items()
        if f in OF_ONE and cell.text and cell.row < row and section.anchors
    ]
    goes_on = first and section.anchors and _same_project(section.anchors[-1], cells, lattice.page)
    anchor = {
        "at": len(section.rows),
        "page": lattice.page,
        "row": row,
        "starts": False if goes_on else None if first or section.typed else True,
        "span": _main(cells).rowspan,
    }
    if "unit" in cells:
        anchor |= {"unit_cell": cells["unit"].index, **_unit_edges(cells["unit"], lattice, first)}
    else:
        anchor |= section.unit_over
    anchor |= section.group_over
    for field, cell in cells.items():
        if cell.text:
            anchor |= _labelled(section, lattice, cell) if field == "project" else {field: cell.text}
            if cell.row == row or cell.index not in section.roles:
                section.roles[cell.index] = ("project", field, len(section.anchors))
    if "execution_score" in anchor and (points := POINTS.search(section.heads.get("execution_score", ""))):
        anchor.setdefault("execution_weight", points[1])  # 执行率得分（10分）
    section.anchors.append(anchor)
    section.merged_anchors += anchor["span"] > 1


def _main(cells: dict[str, Cell]) -> Cell:
    """The cell that tells how far a project reaches."""
    return cells.get("project") or cells.get("project_code") or cells.get("budget") or next(iter(cells.values()))


def _labelled(section: Section, lattice: Lattice, cell: Cell) -> dict[str, str]:
    """What a project's cell says: its name; or each field that it labels, other labels with their texts to the notes."""
    parts = [(words, label_of(words), text) for words, text in labelled_parts(cell.text)]
    if len(parts) < 2 or "project" not in [label.field for _, label, _ in parts]:
        return {"project": cell.text}
    fields = {}
    for words, label, text in parts:
        field = "objective" if label.field == "goal" else label.field
        if field in PROJECT_FIELDS and field not in fields:
            fields[field] = text
        else:
            section.notes.append((len(section.anchors), words, text, lattice.page, cell.index))
    return fields


def note_project(section: Section, lattice: Lattice, row: int, number: int, of: str = "") -> None:
    """What columns left of the indicators' say of a project (or `of` a unit or total over it) that no field takes, parts
    of its money, who answers for it: kept with its head as a note of project `number`. Parts are no more than the whole."""
    parts: list[str] = []
    edge = min((col for col, field in section.fields.items() if field in ROW_FIELDS), default=0)
    for col, head in section.extra.items():
        cell = lattice.at.get((row, col))
        label = label_of(head)
        kept = col < edge and (
            col in section.more or (label and (label.field in NOTES or (label.sure and label.field in PROJECT_FIELDS)))
        )
        if kept and number >= 0 and cell is not None and cell.text and cell.row == row:
            note = (number, f"{of}{fold(head)}", cell.text)
            if note not in [entry[:3] for entry in section.notes[-MOST_NOTES:]]:  # flat exports repeat it on each row
                section.notes.append((*note, lattice.page, cell.index))
            section.roles[cell.index] = ("project", "note", number)
            of_budget = label and label.field in ("budget", "period_budget")
            if of_budget and "budget" not in section.fields.values() and re.search(r"\d", cell.text):
                section.doubts.append(f"没有读到预算数，“{fold(head)}”一列却印有金额")
            parts += [cell.text] if label and label.field == "part" and _is_of_budget(section, col, head) else []
    budget = next((lattice.at.get((row, col)) for col, field in section.fields.items() if field == "budget"), None)
    total = parse_amount(budget.text, section.unit or "元") if budget else None
    amounts = [amount for text in parts if (amount := parse_amount(text, section.unit or "元")) is not None]
    if total is not None and parts_disagree(total, [max(divisions_of(total, amounts))], exhaustive=False):
        section.said.append(
            (number, "parts", False, f"{of}金额印为 {budget.text}，各部分为 {' + '.join(parts)}，不相符")
        )


def _is_of_budget(section: Section, col: int, head: str) -> bool:
    """Whether a column of a part of the money is one of the budget's: not of what was spent, or of the year's first one."""
    stages = [field for at, field in sorted(section.fields.items()) if at < col and field in STAGES]
    return stages[-1:] in ([], ["budget"], ["period_budget"]) and not _SPENT_OF.search(fold(head))


def takes_group(section: Section, lattice: Lattice, own: dict[str, Cell], row: int) -> bool:
    """Whether a row only names a group of the projects below it (一、运转类), with the sum of their amounts; if so its name
    is their category."""
    cells = {f: c for f, c in own.items() if c.text and c.row == row}
    name = _GROUP.fullmatch(fold(cells["project"].text)) if "project" in cells and not section.form else None
    if name is None or "budget" not in cells or set(cells) & {*ROW_FIELDS, "objective"}:
        return False
    parts: list[Decimal | None] = []
    for below in [r for r in lattice.rows if r > row]:
        named, amount = (lattice.at.get((below, cells[f].col)) for f in ("project", "budget"))
        if any(is_label(c.text, "total") for c in lattice.texts(below)[:2]) or (
            named and _GROUP.fullmatch(fold(named.text))
        ):
            break
        if named and named.row == below and named.text:
            parts.append(parse_amount(amount.text) if amount else None)
    amount = parse_amount(cells["budget"].text)
    category = category_parts(name[1])  # else the amounts must tell that it is a group
    if not parts or (not category and (None in parts or amount != sum(parts, Decimal(0)))):
        return False
    section.group_over = {"category": name[1]} if category else {}
    section.sums.append(("subtotal", len(section.rows), lattice.page, row, None, cells["budget"].text, None, None))
    section.roles |= {c.index: ("sum", None, len(section.sums) - 1) for c in lattice.texts(row)}
    return True


def takes_bare_total(section: Section, lattice: Lattice, own: dict[str, Cell], row: int) -> bool:
    """Whether a row right below the heads, or the last of a table without a total, prints nothing but an amount: the
    total of the projects."""
    texts = lattice.texts(row)
    alone = len(texts) == 1 and texts[0] is own.get("budget") and parse_amount(texts[0].text) is not None
    first = not (section.anchors or section.rows or section.sums)
    last = len(section.anchors) > 1 and not any(kind == "total" for kind, *_ in section.sums)
    last = last and not any(lattice.texts(below) for below in lattice.rows if below > row)
    if not alone or section.form or not (first or last) or texts[0].rowspan > 1:
        return False
    section.roles[texts[0].index] = ("sum", None, len(section.sums))
    section.sums.append(("total", len(section.rows), lattice.page, row, None, texts[0].text, None, None))
    return True


def takes_part_of_total(section: Section, lattice: Lattice, own: dict[str, Cell], row: int) -> bool:
    """Whether a row below a total only says what part of it came from where (其中：上级资金 | 520); the parts are no more
    than it."""
    texts = lattice.texts(row)
    after = section.covering is not None and section.covering.by == "sum"
    label = label_of(texts[0].text) if after and texts else None
    here = {f for f, c in own.items() if c.text and c.row == row}
    if label is None or label.field != "part" or here & {*ROW_FIELDS, "objective"}:
        return False
    if not all(is_number(c.text) for c in texts[1:]):
        return False
    place, whole = len(section.sums) - 1, parse_amount(section.sums[-1][5])
    section.roles |= {c.index: ("sum", None, place) for c in texts}
    section.parts_below += [(place, texts[0].text, own["budget"].text)] if "budget" in here else []
    parts = [
        (words, amount) for at, words, text in section.parts_below if at == place and (amount := parse_amount(text))
    ]
    nested = sum("其中" in words for words, _ in parts) > 1
    if (
        whole
        and not nested
        and parts_disagree(whole, [max(divisions_of(whole, [a for _, a in parts]))], exhaustive=False)
    ):
        section.doubts.append(f"第 {lattice.page} 页合计 {section.sums[-1][5]} 之下所印的各部分多于合计")
    return True


def _counts_rows(section: Section, lattice: Lattice, cell: Cell | None) -> bool:
    """Whether the running numbers of a flat export count its rows: every row has its own, one more than the last."""
    if cell is None:
        return False
    place = lattice.page, lattice.table
    if place not in section.running:
        texts = [
            c.text for r in lattice.rows if (c := lattice.at.get((r, cell.col))) and c.row == r and c.text.isdigit()
        ]
        names = [col for col, field in section.fields.items() if field == "name"]
        rows = [
            r for r in lattice.rows if r >= cell.row and any((c := lattice.at.get((r, n))) and c.text for n in names)
        ]
        steps = [int(b) - int(a) for a, b in itertools.pairwise(texts)]
        section.running[place] = len(texts) >= 2 and set(steps) == {1} and len(texts) >= 0.9 * len(rows)
    return section.running[place]


def typed_in_the_middle(section: Section, lattice: Lattice, head: int) -> bool:
    """Whether the project's cells are typed beside some row of their block without merged cells: no project cell covers
    two rows, and the first row with an indicator has none though others have."""
    columns = [col for col, f in section.fields.items() if f in PROJECT_FIELDS and f != "sequence"]
    name = next((col for col, f in section.fields.items() if f == "name"), None)
    rows = [r for r in lattice.rows if r > head and (c := lattice.at.get((r, name))) and c.text]
    if section.form or not columns or len(rows) < 2:
        return False
    cells = {r: [c for col in columns if (c := lattice.at.get((r, col)))] for r in rows}
    single = all(c.rowspan == 1 for row in cells.values() for c in row)
    return single and not any(c.text for c in cells[rows[0]]) and any(c.text for row in cells.values() for c in row)


def names_project(section: Section, lattice: Lattice) -> bool:
    """Whether a table prints the name, code or objective of a project, and not only rows that go on with one."""
    columns = [col for col, f in section.fields.items() if f in ("project", "project_code", "objective")]
    below = any(
        c.text and not header_field(c.text) for col in columns for r in lattice.rows if (c := lattice.at.get((r, col)))
    )
    return below or any(opens_form(lattice, row) for row in lattice.rows)


def _same_project(above: dict, cells: dict[str, Cell], page: int) -> bool:
    """Whether the cells at a page's head are the rest of the project above: a line of its name or prose is printed
    on both sides of the break, and its code or, where there are no codes, its amount with it."""
    if above["page"] != page - 1 or "project" not in cells:
        return False
    pieces = {f: (above.get(f) or "", cells[f].text) for f in ("project", "objective") if f in cells}
    divided = [(upper, lower) for upper, lower in pieces.values() if upper and lower and upper != lower]
    if not all(pieces["project"]) or not any(shared_lines(*both) for both in divided):
        return False
    code_above, code = (split_code(_tight(text)).code for text in pieces["project"])
    if code is not None:
        return code == code_above
    shared = {
        f: (_tight(above.get(f)), _tight(cells[f].text)) for f in ("budget", "sequence", "category") if f in cells
    }
    budget = shared.get("budget", ("", ""))
    return bool(budget[0]) and all(a == b or not a or not b for a, b in shared.values()) and budget[0] == budget[1]


def _goes_on(above: dict, texts: dict[str, str]) -> bool:
    """Whether a project is named once more to say that it goes on (道路养护（续）), and nothing else of it is printed anew."""
    name = _tight(texts.get("project"))
    bare = without_goes_on(name)
    others = {f: _tight(text) for f, text in texts.items() if f not in ("project", "unit", "department")}
    others = {f: text for f, text in others.items() if text and without_goes_on(text)}
    return (
        bare != name
        and bare == _tight(above.get("project"))
        and all(_tight(above.get(f)) == text for f, text in others.items())
    )


def _as_named_above(section: Section, cells: dict[str, Cell]) -> dict[str, Cell]:
    """A project's cells; a unit named once more only to say that it goes on (卫健局（续）) as it is named above."""
    again = _tight(cells["unit"].text) if "unit" in cells else ""
    bare = without_goes_on(again)
    if bare == again:
        return cells
    above = next((a["unit"] for a in reversed(section.anchors) if a.get("unit")), None)
    if above is None or bare not in (_tight(above), split_code(_tight(above)).name):
        return cells
    return cells | {"unit": cells["unit"]._replace(text=above)}


def _tight(text: str | None) -> str:
    return "".join(text.split()) if text else ""


def _take_apart(section: Section, lattice: Lattice, cells: dict[str, Cell]) -> None:
    for field, cell in cells.items():
        if not cell.text or cell.index in section.roles:
            continue
        section.roles[cell.index] = (
            ("project", field, len(section.anchors)) if field == "unit" else ("caption", None, -1)
        )
        if field == "unit":
            section.anchors.append(
                {"at": len(section.rows), "page": lattice.page, "row": cell.row, "starts": False, "unit": cell.text}
            )
            if len({a.get("unit") for a in section.anchors if a.get("unit")}) > 1:
                section.doubts.append("单位名称与表分开成一列，各项目属于哪个单位不能由版面确定")


def _more_cells(section: Section, cells: dict[str, Cell], row: int) -> None:
    """Cells of the same project that begin further down (an objective in several cells)."""
    anchor = section.anchors[-1] if section.anchors else None
    for field, cell in cells.items():
        if anchor is not None and cell.row == row and cell.text and cell.index not in section.roles:
            if field in MONEY and isinstance(anchor.get(field), str):  # two amounts are never one number
                words = f"一个项目印有两个金额：{anchor[field]}、{cell.text}，取前者"
                section.said.append((len(section.anchors) - 1, field, False, words))
            else:
                anchor[field] = f"{anchor[field]}\n{cell.text}" if isinstance(anchor.get(field), str) else cell.text
            section.roles[cell.index] = ("project", field, len(section.anchors) - 1)


def _merged_style(section: Section) -> bool:
    return section.merged_anchors * 2 > len(section.anchors)


def edge_touched(cell: Cell | None, lattice: Lattice, first: bool) -> str | None:
    """Which edge of its page a blank cell touches: "foot", "head", or None."""
    if cell is None or cell.text:
        return None
    if cell.row + cell.rowspan - 1 >= lattice.rows[-1]:
        return "foot"
    return "head" if first else None


def _unit_edges(cell: Cell, lattice: Lattice, first: bool) -> dict[str, str | None]:
    """unit_edge: the edges of its page that a unit's cell touches ("head", "foot", "both") · unit_open: those of them
    where no rule closes it though rules close others there."""
    columns = range(1, lattice.columns + 1)

    def all_open(row: int, side: str) -> bool:
        return all(getattr(c, side) for col in columns if (c := lattice.at.get((row, col))))

    foot = cell.row + cell.rowspan - 1 >= lattice.rows[-1]
    open_top = cell.open_top and not all_open(lattice.rows[0], "open_top")
    open_bottom = cell.open_bottom and not all_open(lattice.rows[-1], "open_bottom")
    named = {(True, True): "both", (True, False): "head", (False, True): "foot", (False, False): None}
    return {"unit_edge": named[first, foot], "unit_open": named[open_top, open_bottom]}
