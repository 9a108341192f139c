"""Damage a generated document and see what becomes of it: right, repaired, flagged, or silently wrong.

Some damage leaves a document that could have been printed just so; no reader can tell. It is kept out by what it is,
never by where it was found (`beyond_detection`):

- the serial of a project code changed so that the codes stay well-formed, unique and in order: nothing else holds it;
- an amount changed in a document that prints neither total nor sub-total: nothing sums it;
- a level-2 cell lost (or moved up or down a row) whose rows then read as a part of the merged cell beside it, both
  of one level 1: a blank in a merged cell and a lost text look alike, and the level-1 sums stay as they were;
- two rows of one project printed in the other order: the order of print is the order, only their cells can be wrong;
- a unit's name lost among several where no sub-total names it: the unit above covers what follows;
- a weight changed in a project of which another one is not printed: what is missing follows from the others;
- the second half of a cell that a page break divides lost, where the first half reads as a whole;
- whole projects lost with their page from a document that prints no total.

A digit of a target is never damaged: nothing in these documents is a sum of targets.
"""

import random
import re
from collections import Counter
from typing import NamedTuple

from generator.odd_damage import BEYOND, damage
from generator.text import to_text
from generator.truth import make_truth, random_options
from scoring import normal, number, same, wrong_cells

from budgetperf.field.codes import code_parts
from budgetperf.field.vocabulary import is_label, level1_of

OUTCOMES = ["right", "repaired", "flagged", "refused", "silent", "beyond"]


class Trial(NamedTuple):
    """outcome: one of OUTCOMES · what: the damage in words · cells: the silent cells · text: the damaged document."""

    kind: str
    seed: int
    outcome: str
    what: str
    cells: list[dict]
    text: str


def trial(kind: str, seed: int, build, projects: int | None = None) -> Trial | None:
    """One document of the family with one fault of `kind`, built by `build(text)`; None where nothing could be spoilt.

    The kind "" leaves the text as printed. Every fourth document is of the worse kind of print (`real`).
    """
    rng = random.Random(f"silence {kind} {seed}")
    truth, text = document(seed, projects)
    spoiled, what = damage(text, kind, rng) if kind else (text, "as printed")
    if not what:
        return None
    dataset = build(spoiled)
    if not len(dataset.projects):
        assert not dataset.findings["message"].str.contains("请反馈").any(), (
            f"a fault of our own: {kind} {seed}: {what}"
        )
        return Trial(kind, seed, "refused", what, [], spoiled)  # as a whole, with the reason
    wrong = wrong_cells(_in_the_order_read(truth, dataset), dataset)
    silent = [cell for cell in wrong if not cell["flagged"]]
    inferred = _weights_inferred(dataset)
    telling = [cell for cell in silent if not beyond_detection(kind, truth, spoiled, cell, inferred)]
    if telling:
        outcome = "silent"
    elif silent:
        outcome = "beyond"
    elif wrong:
        outcome = "flagged"
    else:
        doubted = (~dataset.checks["passed"].astype(bool)).any()
        outcome = "flagged" if doubted else "repaired" if _mended(kind, dataset) else "right"
    return Trial(kind, seed, outcome, what, telling, spoiled)


def document(seed: int, projects: int | None = None) -> tuple[dict, str]:
    """Truth and text of the seed's document."""
    options = random_options(seed, "approval") | ({"projects": projects, "units": 1} if projects else {})
    truth = make_truth(seed, **options)
    return truth, to_text(truth, seed, real=seed % 4 == 0)


def _mended(kind: str, dataset) -> bool:
    rules = {
        "drop_weight": "weight_by_total",
        "lose_project_cell": "amount_by_total",
        "duplicate_row": "row_read_twice",
    }
    return (dataset.repairs["rule"] == rules.get(kind, "moved_cells")).any()


def _in_the_order_read(truth: dict, dataset) -> dict:
    """The truth with each project's rows in the order in which they were read, where they are the same rows."""
    read = {}
    for row in dataset.indicators.to_dict("records"):
        read.setdefault(row["project_no"], []).append(_row_key(row["name"], row["target_text"], row["weight"]))
    orders = {tuple(sorted(keys)): keys for keys in read.values()}
    indicators = []
    for project in truth["projects"]:
        key = project["project_code"] or project["project_name"]
        rows = [i for i in truth["indicators"] if i["project_code"] == key]
        keys = [_row_key(row["name"], row["target"], row["weight"]) for row in rows]
        order = orders.get(tuple(sorted(keys)))
        if order and max(Counter(keys).values()) == 1:
            rows = sorted(rows, key=lambda row: order.index(_row_key(row["name"], row["target"], row["weight"])))
        indicators += rows
    return {**truth, "indicators": indicators}


def _row_key(name, target, weight) -> tuple[str, str, str]:
    points = number(weight)
    return normal(name), normal(target), "" if points is None else format(points.normalize(), "f")


def _weights_inferred(dataset) -> frozenset[str]:
    """Names of the projects of which one weight was not printed and follows from the sum of the others."""
    found = dataset.repairs.loc[dataset.repairs["rule"] == "weight_by_total", "project_no"]
    return frozenset(dataset.projects.loc[dataset.projects["project_no"].isin(found), "project_name"])


def beyond_detection(kind: str, truth: dict, text: str, cell: dict, inferred: frozenset[str] = frozenset()) -> bool:
    """Whether no reader could tell that this wrong cell is wrong: see the head of this module."""
    field, want, got = cell["field"], cell["want"], cell["got"]
    if field in BEYOND.get(kind, ()):
        return True
    if kind == "change_weight" and field == "weight":
        return cell["project"] in inferred
    if kind == "code_digit" and field == "project_code":
        return _codes_look_right(truth, want, got)
    if kind in ("amount_digit", "amount_torn", "amount_tenfold", "amount_yuan") and field == "budget":
        return not _prints_sums(text)
    if kind in ("lose_level2", "swap_rows", "level2_changed", "levels2_down") and field == "level2":
        levels = {level1_of(want), level1_of(got)}
        return bool(got) and (len(levels) == 1 or None in levels)  # 成本指标 belongs to either level 1
    if kind in ("lose_project_cell", "lose_project_cells", "lose_row") and field in ("unit_code", "unit_name") and got:
        return truth["document"]["print"]["units"] > 1 and not truth["document"]["print"]["subtotals"]
    if kind == "lose_project_cell" and got and len(normal(got)) > 1 and normal(want).startswith(normal(got)):
        return field in ("project_name", "objective", "category", "unit_name")
    if kind in ("lose_page", "end_lost") and (got is None or got != got):
        return not _prints_sums(text)
    return False


def _prints_sums(text: str) -> bool:
    return any(is_label(cell, "total") or is_label(cell, "subtotal") for cell in re.split(r"[\t\n]", text) if cell)


def _codes_look_right(truth: dict, want: str, got: str | None) -> bool:
    """Whether the codes with `got` in place of `want` are all of one form, unique and in order."""
    if not got:
        return False
    codes = [got if same(p["project_code"], want) else p["project_code"] for p in truth["projects"]]
    parts = [code_parts(code) for code in codes]
    alike = all(parts) and len({part[:3] for part in parts}) == 1
    return bool(alike) and codes == sorted(set(codes))
