"""Which columns a document did not print, or the reading did not find: no rule rests on them."""

from collections import defaultdict

from budgetperf.audit.registry import Found, Rule
from budgetperf.field.vocabulary import header_field
from budgetperf.tables.dataset import Dataset
from budgetperf.tables.declared import TABLES

# column of `indicators` → the head under which it is printed
_HEADS = {
    "comparator": "comparator", "target_text": "target", "measure_unit": "measure_unit", "weight": "weight",
    "actual_text": "actual", "score": "score", "deviation_note": "deviation_note",
}  # fmt: skip


def unread_columns(dataset: Dataset) -> dict[str, set[str]]:
    """Document → columns of `indicators` that are empty throughout and whose head stands nowhere in it.

    A document without cells tells nothing of its heads: all its columns count as read.
    """
    empty = defaultdict(set)
    rows = dataset.indicators
    for column in _HEADS:
        filled = rows[column].notna().groupby(rows["document_id"]).any()
        for document in filled.index[~filled.astype(bool)]:
            empty[document].add(column)
    if not empty:
        return {}
    cells = dataset.cells[dataset.cells["document_id"].isin(list(empty))]
    heads = cells[(cells["role"] == "header") & cells["text"].notna()]
    printed = {
        document: {header_field(text) for text in own.unique()}
        for document, own in heads.groupby("document_id")["text"]
    }
    with_cells = set(cells["document_id"])
    unread = {
        document: {f"indicators.{one}" for one in columns if _HEADS[one] not in printed.get(document, set())}
        for document, columns in empty.items()
        if document in with_cells
    }
    return {document: columns for document, columns in unread.items() if columns}


def split(rule: Rule, found: list[Found], unread: dict[str, set[str]]) -> tuple[list[Found], set[tuple[str, str]]]:
    """What a rule found where all that it needs was read; and (document, column) of what kept it silent elsewhere."""
    if not unread or not found:
        return found, set()
    needs = set(rule.inputs)
    silenced = {(one.document_id, column) for one in found for column in needs & unread.get(one.document_id, set())}
    documents = {document for document, _ in silenced}
    return [one for one in found if one.document_id not in documents], silenced


def not_read(silenced: set[tuple[str, str, str]]) -> list[Found]:
    """One note a document: the columns not read, and the rules that were silent for it."""
    by_document = defaultdict(lambda: (set(), set()))
    for document, column, rule in silenced:
        by_document[document][0].add(column.partition(".")[2])
        by_document[document][1].add(rule)
    titles = TABLES["indicators"].columns
    notes = []
    for document, (columns, rules) in sorted(by_document.items()):
        named = "、".join(f"“{titles[one].title}”" for one in sorted(columns))
        note = f"没有读出{named}栏，未据以审查（{'、'.join(sorted(rules))}）"
        en = f"no column {', '.join(sorted(columns))} was read: not judged ({', '.join(sorted(rules))})"
        notes.append(Found(document, None, None, note, en, {"note": note, "rules": sorted(rules)}))
    return notes
