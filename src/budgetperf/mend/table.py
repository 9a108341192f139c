"""One printed table → its rows divided among its projects, both mended and checked."""

from dataclasses import dataclass, replace
from decimal import Decimal

import pandas as pd

from budgetperf.clean import checks
from budgetperf.clean.codes import check_codes
from budgetperf.field.vocabulary import level1_name, level2_name
from budgetperf.field.wraps import unwrap
from budgetperf.layout.printed import Printed
from budgetperf.mend import indicator_cells, levels, project_cells, reconciliation
from budgetperf.mend.columns import (
    fill_covered,
    lone_levels_moved,
    note_lone_levels,
    said_by_heads,
    targets_in_names,
    units_in_remarks,
    units_in_targets,
    words_in_units,
)
from budgetperf.mend.doubts import doubts
from budgetperf.mend.execution import check_execution, check_rates, is_execution, read_execution, with_execution
from budgetperf.mend.fiscal_years import year_of_codes, years_of_rows
from budgetperf.mend.money_unit import unit_by_amounts
from budgetperf.mend.points import level_shares, page_sums, point_sums, shares_of
from budgetperf.mend.structure import Structure, divide
from budgetperf.mend.sums import Covered, covered_projects, printed_sums, units_by_sum
from budgetperf.mend.told_rows import note_rows
from budgetperf.mend.units import assign_units, printed_units, share_unit_cells
from budgetperf.tables.ledger import Ledger, Unread

USUAL_FIELDS = {"project", "budget", "objective", "comparator", "level1", "level2"}  # where no heads are printed


@dataclass(frozen=True)
class Table:
    """One printed table, mended; its projects are numbered 1… within it.

    rows: every printed row with its project_no, execution rows and second readings too · total: the printed grand total
    in 万元 · open_*: projects whose code, amount or unit the print does not settle · unread: printed cells without a readable
    value · repairs: the ledger's entries.
    """

    printed: Printed
    structure: Structure
    projects: pd.DataFrame
    indicators: pd.DataFrame
    rows: pd.DataFrame
    total: Decimal | None
    subtotals: list[Covered]
    fiscal_year: int | None
    open_codes: list[int]
    open_amounts: list[int]
    open_units: list[int]
    unread: list[Unread]
    repairs: pd.DataFrame
    checks: pd.DataFrame
    notes: pd.DataFrame
    period_indicators: pd.DataFrame


def mend(printed: Printed, repair: bool = True) -> Table:
    """The table as it was meant to be read, every change on record, checked by its own sums; `repair=False`: as printed."""
    ledger = Ledger(repair)
    if repair and printed.moved and not printed.typed:
        printed = printed._replace(rows=lone_levels_moved(printed.rows))
    printed = unit_by_amounts(printed, ledger)
    structure = divide(printed.rows, printed.anchors, printed.moved)
    if not repair:
        structure = _as_printed(structure)
    total, subtotals = printed_sums(printed)
    projects, open_codes, open_amounts = _projects(printed, structure, total, ledger)
    covered = covered_projects(subtotals, structure, projects)
    projects, open_units = _units(projects, printed, structure, covered, ledger)
    rows = printed.rows.assign(project_no=structure.project)
    rows["execution"] = is_execution(rows, printed.moved)
    note_rows(rows, structure, projects, ledger)
    kept = rows[~structure.dropped].copy()
    projects = with_execution(projects, kept[kept["execution"]], printed, structure.total, ledger)
    indicators = _indicators(kept[~kept["execution"]], projects, printed, structure, ledger)
    own = years_of_rows(rows)
    year = printed.fiscal_year or (own.iat[0] if own.nunique() == 1 else year_of_codes(projects["project_code"]))
    projects["fiscal_year"] = year if printed.fiscal_year else projects["project_no"].map(own).fillna(year)
    table = Table(
        printed, structure, projects, indicators, rows, total, covered, year, open_codes, open_amounts, open_units,
        unread=ledger.unread, repairs=ledger.entries(), checks=pd.DataFrame(),
        notes=_notes(printed, structure), period_indicators=_period_indicators(printed, structure),
    )  # fmt: skip
    table = replace(table, checks=_reconciled(table))
    return replace(table, checks=pd.concat([table.checks, doubts(table)], ignore_index=True))


def _as_printed(structure: Structure) -> Structure:
    nothing = pd.Series(False, index=structure.dropped.index)
    return structure._replace(project=structure.literal, dropped=nothing, unnamed=[])


def _projects(
    printed: Printed, structure: Structure, total: Decimal | None, ledger: Ledger
) -> tuple[pd.DataFrame, list[int], list[int]]:
    """The projects' own cells, and the projects whose code or amount stays open."""
    count = max((int(numbers.max()) for numbers in (structure.project, structure.group) if len(numbers)), default=0)
    gathered = project_cells.gather(printed.anchors, structure.group, count)
    first_pages = printed.rows["page"].groupby(structure.project).first()
    gathered["page"] = gathered["page"].fillna(gathered["project_no"].map(first_pages.get))
    mended = project_cells.mend_texts(gathered, ledger).assign(printed_project=gathered["project"])
    projects = project_cells.split_cells(mended, ledger)
    projects, open_codes = project_cells.settle_codes(projects, ledger)
    projects, open_amounts = project_cells.read_amounts(projects, printed.amount_unit, total, ledger, printed.heads)
    projects = project_cells.infer_budget(projects, total, ledger)
    return read_execution(projects, ledger), open_codes, open_amounts


def _units(
    projects: pd.DataFrame, printed: Printed, structure: Structure, covered: list[Covered], ledger: Ledger
) -> tuple[pd.DataFrame, list[int]]:
    """Units of projects: each printed unit cell belongs to the project of the row beside which it stands; a form's to its
    own, and that of a project without rows."""
    last = len(structure.project) - 1
    anchors = printed.anchors.reindex(columns=["at", "project", "scope"])
    bare = anchors["at"].eq(anchors["at"].shift(-1)) & anchors["project"].notna()
    beside = [
        number if own else structure.project.iat[min(at, last)] if last >= 0 else 1
        for at, number, own in zip(anchors["at"], structure.group, bare | anchors["scope"].notna(), strict=True)
    ]
    anchors = printed.anchors.assign(project_no=beside)
    covering = None if printed.moved else printed_units(share_unit_cells(anchors))
    by_sum = units_by_sum(covered, projects)
    stand_first = not printed.moved and _stand_first(anchors, printed.rows, structure)
    return assign_units(projects, printed_units(anchors), by_sum, covering, ledger, stand_first)


def _stand_first(anchors: pd.DataFrame, rows: pd.DataFrame, structure: Structure) -> bool:
    """Whether a print without merged cells writes all of its units and projects beside the first row of a project."""
    merged = rows.reindex(columns=["level1_edge", "level2_edge"]).notna().any(axis=None)
    first: dict[int, int] = {}
    for row, number in enumerate(structure.project):
        first.setdefault(number, row)
    if merged or not len(structure.project) > len(first) > 1 or anchors["unit_cell"].dropna().duplicated().any():
        return False
    places = anchors.loc[anchors["unit"].notna() | anchors["project"].notna(), ["project_no", "at"]]
    return all(first.get(number) == at for number, at in places.to_numpy().tolist())


def _indicators(
    rows: pd.DataFrame, projects: pd.DataFrame, printed: Printed, structure: Structure, ledger: Ledger
) -> pd.DataFrame:
    own_total = structure.total if structure.total_is_sure else None  # a sum that is only usual says no weight
    if own_total is not None and projects["execution_points"].notna().all():
        points = set(projects["execution_points"])
        own_total = own_total - points.pop() if len(points) == 1 else None
    indicators = rows.assign(indicator_no=rows.groupby("project_no", sort=False).cumcount() + 1)
    note_lone_levels(indicators, ledger)
    indicators = units_in_remarks(fill_covered(indicators, ledger), ledger)
    indicators = targets_in_names(words_in_units(indicators, printed.heads, ledger), ledger)
    indicators = said_by_heads(indicators, printed.heads, ledger)
    indicators = indicator_cells.mend_wraps(indicators, ledger)
    if not printed.moved:
        indicators = levels.join_level_cells(indicators, ledger)
    indicators = levels.spell_levels(indicators, ledger)
    indicators = levels.mend_levels(indicators, structure.shares, printed.moved, ledger)
    indicators = indicator_cells.read_targets(units_in_targets(indicators, ledger), ledger)
    indicators = indicator_cells.read_weights(indicators, own_total, structure.shares, ledger)
    return indicator_cells.mark_cut(indicator_cells.read_results(indicators, ledger), projects)


def _reconciled(table: Table) -> pd.DataFrame:
    """The document's own sums, shares, codes and required cells, each checked."""
    projects, indicators, structure = table.projects, table.indicators, table.structure
    # where every cell is typed, or each project has a form, no row can have moved: the order of codes proves nothing
    forms = "scope" in table.printed.anchors and table.printed.anchors["scope"].notna().all()
    placed = not forms and (table.printed.moved or table.rows["height"].notna().any())
    codes = check_codes(projects, table.fiscal_year, ordered=placed)
    fields = set(table.printed.heads) or USUAL_FIELDS
    if "定量" in set(table.rows["comparator"]) and not set(indicators["comparator"].dropna()) - {"定性"}:
        fields = fields - {"comparator"}  # the column only says of what kind a target is
    weights = checks.check_weights(projects, indicators, structure.total)
    torn = table.printed.moved or not weights["passed"].all()
    found = [
        checks.check_total(projects, table.total),
        checks.check_subtotals(projects, [(c.unit or "小计", c.projects, c.amount) for c in table.subtotals]),
        weights,
        checks.check_shares(projects, indicators, structure.shares or shares_of(indicators, structure.total)),
        point_sums(table),
        level_shares(table),
        page_sums(table),
        *(reconciliation.passed("columns", words) for words in table.printed.told),
        check_execution(projects, indicators),
        check_rates(projects),
        reconciliation.check_repeats(indicators),
        codes,
        reconciliation.check_identity(projects, int((~codes["passed"].astype(bool)).sum())),
        reconciliation.check_required(
            projects, indicators, fields, frozenset() if torn else frozenset(weights["project_no"])
        ),
        reconciliation.stated([(structure.group.iat[anchor], *said) for anchor, *said in table.printed.said]),
    ]
    return pd.concat(found, ignore_index=True)


def _notes(printed: Printed, structure: Structure) -> pd.DataFrame:
    """What form heads print beside the tables' columns, with the project to which each belongs; wraps undone."""
    notes = printed.notes.assign(project_no=[structure.group.iat[anchor] for anchor in printed.notes["anchor"]])
    return notes.assign(text=[unwrap(text) for text in notes["text"]])


def _period_indicators(printed: Printed, structure: Structure) -> pd.DataFrame:
    """Indicators of several years as printed, their levels by their usual names; wraps undone."""
    rows = printed.period_rows
    rows = rows.assign(project_no=[structure.group.iat[anchor] if anchor >= 0 else 1 for anchor in rows["anchor"]])
    texts = {
        f: [unwrap(t) if isinstance(t, str) else None for t in rows[f]] for f in ("level1", "level2", "name", "target")
    }
    for level, canonical in (("level1", level1_name), ("level2", level2_name)):
        texts[level] = [t and (canonical(t) or t) for t in texts[level]]
    signs = zip(rows["comparator"], texts["target"], rows["measure_unit"], strict=True)
    texts["target"] = ["".join(part for part in parts if isinstance(part, str)) or None for parts in signs]
    numbers = rows.groupby("project_no", sort=False).cumcount() + 1
    return rows.assign(**{f: pd.Series(t, index=rows.index, dtype=object) for f, t in texts.items()}, period_no=numbers)
