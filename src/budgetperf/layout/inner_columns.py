"""Columns of which one stands within another: a unit within its department, a subproject within its project."""

import re

from budgetperf.field.form_labels import label_of
from budgetperf.field.vocabulary import fold, header_field
from budgetperf.layout.lattice import Lattice

_OF_PART = re.compile("(?:子|明细|具体)项目(?:名称)?")


def name_bodies(best: dict[str, int], heads: dict[int, str]) -> None:
    """Into `best` (field → column) the column of units and that of the departments over them.

    >>> best = {"unit": 1, "project": 3}
    >>> name_bodies(best, {1: "预算部门", 2: "预算单位", 3: "项目名称"})
    >>> best["department"], best["unit"]
    (1, 2)
    """
    if "unit" not in best and fold(heads.get(best.get("department", 0), "")) == "部门":
        best["unit"] = best.pop("department")  # 部门（单位）, or the only body of which the table speaks
    of_units = [col for col, head in heads.items() if "单位" in fold(head) and _names_unit(head)]
    inner = [col for col in of_units if header_field(heads[col]) == "unit"] or of_units
    outer = [col for col, head in heads.items() if "部门" in fold(head) and header_field(head) == "unit"]
    outer = [col for col in {*outer, best.get("unit", 0)} if col not in inner and "部门" in fold(heads.get(col, ""))]
    if len(inner) == len(outer) == 1 and "department" not in best:
        best |= {"department": outer[0], "unit": inner[0]}  # 预算部门 | 预算单位


def _names_unit(head: str) -> bool:
    label = label_of(head)
    return header_field(head) == "unit" or (label is not None and label.sure and label.field == "unit")


def name_subproject(best: dict[str, int], heads: dict[int, str], lattice: Lattice, last: int) -> None:
    """Into `best` the column of subprojects that have the budgets, beside that of the project that frames several of them
    and has no goal of its own for all. `last`: the row of the heads."""
    parts = [col for col, head in heads.items() if _OF_PART.fullmatch(fold(head)) and col not in best.values()]
    if len(parts) != 1 or not {"project", "budget"} <= best.keys():
        return
    columns = (parts[0], best["budget"], best["project"], best.get("objective", parts[0]))
    begun = [_begun(lattice, last, col) for col in columns]
    own, budgets, frames, goals = map(set, begun)
    if own != budgets:
        return
    if own == frames:  # printed in each row
        own, frames, goals = ({fold(text) for text in texts.values()} for texts in (begun[0], *begun[2:]))
    if len(frames) not in (len(own), len(goals)):
        best["project"] = parts[0]


def _begun(lattice: Lattice, last: int, col: int) -> dict[int, str]:
    """The rows below `last` in which a cell of a column begins, and its text."""
    cells = {row: lattice.at.get((row, col)) for row in lattice.rows if row > last}
    return {row: cell.text for row, cell in cells.items() if cell and cell.row == row and cell.text}
