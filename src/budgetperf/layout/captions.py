"""Rows among the indicators that stand over those that follow: of a project (项目名称：… 预算金额：…), of a level 1 (一、产出指标)."""

from budgetperf.field.notation import parse_points
from budgetperf.field.vocabulary import level1_name
from budgetperf.layout.asides import as_lines
from budgetperf.layout.form import Part, all_labelled, head_of_lines
from budgetperf.layout.lattice import Cell, Lattice
from budgetperf.layout.section import Section


def project_caption(section: Section, lattice: Lattice, row: int) -> tuple[list[int], Part] | None:
    """The rows from `row` on that are each one wide cell of labels and values, a project's name among them, and the
    form's head that they make up; None where they are none, or the table has columns of the project."""
    if {"project", "project_code"} & set(section.fields.values()):
        return None
    rows = []
    for following in lattice.rows[lattice.rows.index(row) :]:
        cells = lattice.texts(following)
        if len(cells) != 1 or cells[0].colspan < lattice.columns or not all_labelled(*as_lines(lattice, [following])):
            break
        rows.append(following)
    part = head_of_lines(as_lines(lattice, rows)) if rows else None
    return (rows, part) if part else None


def takes_level(section: Section, lattice: Lattice, row: int, own: dict[str, Cell]) -> bool:
    """Whether a row names a level 1 and nothing else but its number and its points; if so it is that of the rows below."""
    texts = [c for c in lattice.texts(row) if c is not own.get("sequence")]
    level, points = texts[:1], texts[1:]
    if not level or not level1_name(level[0].text) or (level[0].rowspan > 1 or level[0] is own.get("name")):
        return False
    if any(c is not own.get("weight") or parse_points(c.text) is None for c in points):
        return False
    if "level1" in section.fields.values() and not points:
        return False  # only a level without indicators
    section.level_over = f"{level[0].text}（{points[0].text}分）" if points else level[0].text
    section.roles |= {c.index: ("heading", None, -1) for c in lattice.texts(row)}
    return True
