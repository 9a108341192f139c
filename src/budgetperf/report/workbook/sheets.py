"""The sheets of data: projects, indicators, findings, repairs, documents, the report's tables, the dictionary."""

from collections import Counter, defaultdict
from collections.abc import Mapping

import pandas as pd

from budgetperf.audit.load import rule_titles
from budgetperf.audit.overview import cells_of
from budgetperf.field.words import say, words
from budgetperf.profiles import titled
from budgetperf.profiles.base import project_rows
from budgetperf.report.words import CLOSED
from budgetperf.report.workbook import cells as workbook_cells
from budgetperf.report.workbook.cells import (
    FILLS,
    SEVERITY,
    Book,
    Column,
    Formula,
    Layout,
    Link,
    cell,
    put_note,
    ranged,
    write_sheet,
)
from budgetperf.report.workbook.words import declared
from budgetperf.tables.dataset import Dataset
from budgetperf.tables.declared import TABLES
from budgetperf.tables.words import field_title

LONG = {"objective", "message", "evidence", "printed", "repaired", "note", "deviation_note", "title", "meaning"}
LONG |= {"gravest", "recommendation", "basis", "decision_reason"}
TO_FILL = {"decision", "decision_reason", "decided_by", "decided_on"}  # shown though empty, for the auditor
CODES = {"issue"}  # of which a title stands beside


def sheet_of(name: str) -> Mapping:
    """What `workbook.toml` says of a sheet."""
    return declared()["sheets"][name]


def names_of(dataset: Dataset, table: str) -> list[str]:
    """The columns of a table's sheet in their order, ours included."""
    first = sheet_of(table)["first"].split()
    given = [*sheet_of(table).get("own", "").split(), *dataset.tables()[table].columns]
    return first + [name for name in given if name not in first]


def layouts(book: Book, dataset: Dataset) -> dict[str, Layout]:
    """Where everything stands, before anything is written: formulas and links point to it."""
    room = workbook_cells.MAX_ROWS - 1
    return {
        table: Layout(book.say(table), names_of(dataset, table), len(frame) if len(frame) <= room else room - 1, table)
        for table, frame in dataset.tables().items()
        if "first" in declared()["sheets"].get(table, {})
    }


def heads(book: Book, names: list[str], table: str = "") -> list[str]:
    """Titles of columns: of a table of the dataset, the workbook's own, of a profile."""
    of_table, of_book = TABLES[table].columns if table else {}, declared()["columns"]
    place, titles = ("zh", "en").index(book.lang), []
    for name, title in zip(names, titled(pd.DataFrame(columns=names), book.lang).columns, strict=True):
        if name in of_table:
            titles.append(title if place else of_table[name].title)
        else:
            titles.append(of_book[name][place] if name in of_book else title)
    return titles


def columns_of(book: Book, sheet: str) -> list[Column]:
    """The columns of a sheet that reckons, as `workbook.toml` lists them: name:kind."""
    named = [one.partition(":") for one in sheet_of(sheet)["columns"].split()]
    titles = heads(book, [name for name, _, _ in named])
    return [Column(name, title, kind or "text") for (name, _, kind), title in zip(named, titles, strict=True)]


def ranges(book: Book, layout: Layout, *columns: str) -> list[str]:
    """Defined names of columns of a sheet of data, in order."""
    return [
        ranged(book, layout, name, title)
        for name, title in zip(columns, heads(book, list(columns), layout.table), strict=True)
    ]


def kind_of(name: str, table: str) -> str:
    """How a column of a table is shown."""
    column = TABLES[table].columns.get(name)
    if name in LONG:
        return "long"
    if column is None:
        return "text"
    kind = column.kind
    if kind == "exact":
        return "amount" if name.endswith("_wan_yuan") else "number"
    return kind


class Places:
    """Which row of which sheet a key stands in."""

    def __init__(self, dataset: Dataset, at: dict[str, Layout]):
        self.at = at
        self.document = {number: row for row, number in enumerate(dataset.documents["document_id"])}
        self.project = {key: row for row, key in enumerate(keys(dataset.projects, "project_no"))}
        self.indicator = {key: row for row, key in enumerate(keys(dataset.indicators, "project_no", "indicator_no"))}

    def doc_no(self, document_id: str) -> int:
        return self.document[document_id] + 1

    def find(self, document_id: str, project_no, indicator_no) -> tuple[str, int] | None:
        """(table, index of the row) of the smallest thing that the key names."""
        if indicator_no is not None and (document_id, project_no, indicator_no) in self.indicator:
            found = "indicators", self.indicator[document_id, project_no, indicator_no]
        elif project_no is not None and (document_id, project_no) in self.project:
            found = "projects", self.project[document_id, project_no]
        elif document_id in self.document:
            found = "documents", self.document[document_id]
        else:
            return None
        return found if found[1] < self.at[found[0]].rows else None


def keys(frame: pd.DataFrame, *numbers: str) -> list[tuple]:
    """(document_id, numbers …) of each row, None for what is not given."""
    parts = [[None if pd.isna(value) else int(value) for value in frame[name]] for name in numbers]
    return list(zip(frame["document_id"], *parts, strict=True))


def place_words(book: Book, places: Places, document_id: str, project_no, indicator_no) -> str:
    """What a place is called where it is linked to."""
    if indicator_no is not None:
        return book.say("of indicator", project=project_no, indicator=indicator_no)
    if project_no is not None:
        return book.say("of project", project=project_no)
    return book.say("of document", document=places.doc_no(document_id))


def linked(book: Book, places: Places, key: tuple, name: str | None = None) -> Link | str:
    """A link to the row of the key, in the column `name` where the sheet has it; plain words where there is no row."""
    said = place_words(book, places, *key)
    found = places.find(*key)
    if found is None:
        return said
    layout = places.at[found[0]]
    column = name if name in layout.names else layout.names[0]
    return Link(said, layout.sheet, cell(layout, column, found[1]).replace("$", ""))


def _objects(values: pd.Series) -> list:
    """The values as they are, None for every kind of missing."""
    return [None if value is None or value is pd.NA or value != value else value for value in values.tolist()]


def _write(book: Book, sheet, table: str, frame: pd.DataFrame, extra: dict[str, list], layout: Layout, **more) -> None:
    values = {
        name: extra[name] if name in extra else _in_words(book, name, _objects(frame[name])) for name in layout.names
    }
    columns = [
        Column(name, title, kind_of(name, table), _is_hidden(values[name], name, table))
        for name, title in zip(layout.names, heads(book, layout.names, table), strict=True)
    ]
    write_sheet(
        book,
        sheet,
        columns,
        list(map(list, zip(*values.values(), strict=True))),
        freeze=sheet_of(table)["frozen"],
        **more,
    )


def _in_words(book: Book, name: str, values: list) -> list:
    """Closed words as people read them: severities, grades, states, decisions, kinds, rules of repair, names of fields."""
    if name == "field":
        return [field_title(value) if book.lang == "zh" else value for value in values]
    of = CLOSED.get(name)
    return values if of is None else [value and say(of, value, book.lang) for value in values]


def _is_hidden(values: list, name: str, table: str) -> bool:
    if name in CODES or (name == "document_id" and table != "documents"):
        return True  # a title, or the number of the document, stands for it
    if name in TO_FILL:
        return False
    column = TABLES[table].columns.get(name)
    return column is not None and (column.kind == "box" or (bool(values) and not any(v is not None for v in values)))


# ---- the tables ------------------------------------------------------------------------------------------------------


def write_projects(book: Book, sheet, dataset: Dataset, places: Places) -> None:
    """One row a project, with the kind of spending and live counts of its findings."""
    frame, at = dataset.projects, places.at
    counted = Counter(zip(keys(dataset.findings, "project_no"), dataset.findings["severity"], strict=True))
    doc_no, number, grade = ranges(book, at["findings"], "doc_no", "project_no", "severity")
    extra = {"doc_no": [places.doc_no(one) for one in frame["document_id"]]}
    extra["spending_kind"] = project_rows(dataset)["spending_kind"].tolist()
    whole = at["findings"].rows == len(dataset.findings)
    for severity in SEVERITY:
        extra[f"n_{severity}"] = [
            Formula(
                f"COUNTIFS({doc_no},{cell(at['projects'], 'doc_no', row)},{number},"
                f'{cell(at["projects"], "project_no", row)},{grade},"{say("severity", severity, book.lang)}")',
                counted[key, severity],
            )
            if whole
            else counted[key, severity]
            for row, key in enumerate(keys(frame, "project_no"))
        ]
    fills = _mark(book, sheet, dataset, places, "projects", {})
    _write(book, sheet, "projects", frame, extra, at["projects"], fills=fills)


def write_indicators(book: Book, sheet, dataset: Dataset, places: Places) -> None:
    """One row an indicator; cut names and repaired cells are coloured."""
    frame = dataset.indicators
    cut = {(row, "name"): FILLS["cut"] for row, is_cut in enumerate(frame["is_cut"]) if is_cut}
    fills = _mark(book, sheet, dataset, places, "indicators", cut)
    extra = {"doc_no": [places.doc_no(one) for one in frame["document_id"]]}
    _write(book, sheet, "indicators", frame, extra, places.at["indicators"], fills=fills)


def _mark(book: Book, sheet, dataset: Dataset, places: Places, table: str, fills: dict) -> dict:
    """Colours of the repaired cells of a table by the least certain grade; comments on the least certain first."""
    layout, found = places.at[table], defaultdict(list)
    repairs = dataset.repairs
    for key, name, printed, repaired, evidence, grade in zip(
        keys(repairs, "project_no", "indicator_no"),
        *(_objects(repairs[name]) for name in ("field", "printed", "repaired", "evidence", "grade")),
        strict=True,
    ):
        target = places.find(*key)
        if target and target[0] == table and name in layout.names:
            found[target[1], name].append((grade, printed, repaired, evidence))
    order = ["guess", "likely", "certain"]
    worst = {place: min((entry[0] for entry in entries), key=order.index) for place, entries in found.items()}
    for place, grade in sorted(worst.items(), key=lambda item: order.index(item[1])):
        fills[place] = FILLS[grade]
        if book.notes_left > 0:
            said = [
                book.say(
                    "repair",
                    printed=(p or "")[:300],
                    repaired=(r or "")[:300],
                    evidence=e or "",
                    grade=say("grade", g, book.lang),
                )
                for g, p, r, e in found[place]
            ]
            put_note(book, sheet, place[0] + 1, layout.names.index(place[1]), "\n".join(said))
    return fills


def write_findings(book: Book, sheet, dataset: Dataset, places: Places) -> None:
    """One row a finding, linked to the row it speaks of; the severity is coloured by its value."""
    frame, layout = dataset.findings, places.at["findings"]
    titles = rule_titles(book.lang)
    extra = {
        "doc_no": [places.doc_no(one) for one in frame["document_id"]],
        "place": [linked(book, places, key) for key in keys(frame, "project_no", "indicator_no")],
        "rule_title": [titles.get(rule) for rule in frame["rule"]],
        "evidence": _evidence(book, dataset),
        "decided_on": [None] * len(frame),
    }
    _write(book, sheet, "findings", frame, extra, layout)
    _colour(book, sheet, layout)
    column = layout.names.index("decision")
    known = [said[book.lang == "en"] for said in words("decision").values()]
    sheet.data_validation(1, column, max(layout.rows, 1), column, {"validate": "list", "source": known})


def write_issues(book: Book, sheet, dataset: Dataset, places: Places) -> None:
    """One row an issue, the gravest first."""
    layout = places.at["issues"]
    _write(book, sheet, "issues", dataset.issues, {}, layout)
    _colour(book, sheet, layout)


def _colour(book: Book, sheet, layout: Layout) -> None:
    """Severities coloured by their values."""
    column = layout.names.index("severity")
    for severity, colour in SEVERITY.items():
        shown, word = book.workbook.add_format({"bg_color": colour}), say("severity", severity, book.lang)
        rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": shown}
        sheet.conditional_format(1, column, max(layout.rows, 1), column, rule)


def _evidence(book: Book, dataset: Dataset) -> list[str | None]:
    """What each finding rests on, in words: the projects and indicators that it speaks of, with their printed targets."""
    projects = dict(zip(keys(dataset.projects, "project_no"), _objects(dataset.projects["project_name"]), strict=True))
    rows = dataset.indicators
    shown = (_objects(rows[name]) for name in ("name", "comparator", "target_text", "measure_unit"))
    targets = dict(zip(keys(rows, "project_no", "indicator_no"), zip(*shown, strict=True), strict=True))
    found = []
    for row in dataset.findings.itertuples():
        said = []
        for document, project, indicator in cells_of(row):
            if project is None:
                continue
            words = f"{book.say('of project', project=project)}“{projects.get((document, project)) or ''}”"
            name, *target = targets.get((document, project, indicator), ("",))
            said.append(
                words + (f"：{indicator}. {name or ''} {''.join(one or '' for one in target)}".rstrip() if name else "")
            )
        found.append("；".join(said) or None)
    return found


def write_repairs(book: Book, sheet, dataset: Dataset, places: Places) -> None:
    """One row a repair, linked to the cell that was repaired."""
    frame, layout = dataset.repairs, places.at["repairs"]
    placed = zip(keys(frame, "project_no", "indicator_no"), frame["field"], strict=True)
    extra = {
        "doc_no": [places.doc_no(one) for one in frame["document_id"]],
        "place": [linked(book, places, key, name) for key, name in placed],
        "rule": [say("repair", rule, book.lang) for rule in frame["rule"]],
    }
    fills = {(row, "grade"): FILLS[grade] for row, grade in enumerate(frame["grade"])}
    _write(book, sheet, "repairs", frame, extra, layout, fills=fills)


def write_documents(book: Book, sheet, dataset: Dataset, places: Places) -> None:
    """One row a document."""
    extra = {"doc_no": list(range(1, len(dataset.documents) + 1))}
    _write(book, sheet, "documents", dataset.documents, extra, places.at["documents"])


def write_dictionary(book: Book, sheet) -> None:
    """Every column of every table: name, title, meaning, type."""
    rows = []
    for table in [name for name in declared()["sheets"] if name in TABLES]:
        named = book.say(table)
        for name, column in TABLES[table].columns.items():
            meaning = column.en if book.lang == "en" else column.zh
            title = column.title if book.lang == "zh" else titled(pd.DataFrame(columns=[name]), "en").columns[0]
            rows.append([named, name, title, meaning, book.say(column.kind)])
    write_sheet(book, sheet, columns_of(book, "dictionary"), rows, freeze=sheet_of("dictionary")["frozen"])
