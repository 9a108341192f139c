"""The sheets that reckon: sums and shares by live formulas over the sheets of data, beside our own exact figures."""

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

import pandas as pd

from budgetperf import profiles
from budgetperf.profiles import NOT_STATED, exact_sum
from budgetperf.report.workbook.cells import Book, Formula, Layout, cell, fits_number, write_sheet
from budgetperf.report.workbook.sheets import Places, columns_of, ranges, sheet_of
from budgetperf.tables.dataset import Dataset

BARS = 20  # of a chart
PLACES = 6  # decimals that sums are compared to: a 万元 to the cent of a 元


class Scope(NamedTuple):
    """What formulas may rest on. parts: documents of which only some projects are listed · beyond: columns
    (table, name, document_id) with numbers that Excel cannot hold, or with rows that no sheet has room for."""

    dataset: Dataset
    places: Places
    parts: set[str]
    beyond: set[tuple[str, str, str]]


def scope_of(dataset: Dataset, places: Places) -> Scope:
    """Which documents are listed in part, and where Excel's digits or rows do not suffice."""
    listed = dataset.projects["document_id"].value_counts()
    parts = {
        number
        for number, count in zip(dataset.documents["document_id"], dataset.documents["projects"], strict=True)
        if not pd.isna(count) and int(count) > int(listed.get(number, 0))
    }
    beyond = set()
    for table, name in (("projects", "budget_wan_yuan"), ("projects", "execution_weight"), ("indicators", "weight")):
        frame, rows = getattr(dataset, table), places.at[table].rows
        for row, (number, value) in enumerate(zip(frame["document_id"], frame[name], strict=True)):
            if row >= rows or (value is not None and not fits_number(value)):
                beyond.add((table, name, number))
    return Scope(dataset, places, parts, beyond)


def can_sum(scope: Scope, table: str, name: str, document_id: str | None = None) -> bool:
    """Whether a formula over this column gives the exact sum, of one document or of all."""
    return not any(key[:2] == (table, name) and document_id in (None, key[2]) for key in scope.beyond)


def is_whole(scope: Scope, table: str) -> bool:
    """Whether the sheet of a table has room for all its rows, so that they can be counted."""
    return scope.places.at[table].rows == len(getattr(scope.dataset, table))


def places_of(values: list[Decimal], total: Decimal | None) -> int:
    """Decimals to which a sum of doubles is compared: all that the values have, as far as 15 digits go.

    >>> places_of([Decimal("68.25")], Decimal("68.25")), places_of([], Decimal("123456789012"))
    (6, 2)
    """
    decimals = max([PLACES, *(-value.as_tuple().exponent for value in values)])
    return max(0, min(decimals, 14 - len(str(int(abs(total or 0))))))


def equal(left: str, right: str, places: int | None = None) -> str:
    """The condition that two cells hold the same number, rounded where `places` are given.

    >>> equal("$A2", "$B2"), equal("$A2", "$B2", 6)
    ('$A2=$B2', 'ROUND($A2,6)=ROUND($B2,6)')
    """
    return f"{left}={right}" if places is None else f"ROUND({left},{places})=ROUND({right},{places})"


def verdict(book: Book, tests: list[str], holds: bool = True) -> Formula:
    """A formula that says whether all tests hold, beside what we know."""
    words = book.say("equal"), book.say("unequal")
    return Formula(f'IF(AND({",".join(tests)}),"{words[0]}","{words[1]}")', words[not holds])


def write_reckoned(
    book: Book,
    sheet,
    name: str,
    rows: list[dict],
    alarmed: tuple[str, ...] = ("same",),
    totals: tuple[int, ...] = (),
    lined: bool = True,
) -> None:
    """A sheet as workbook.toml lists its columns; red where a cell of `alarmed` says that figures differ."""
    columns = columns_of(book, name)
    values = [[row.get(column.name) for column in columns] for row in rows]
    write_sheet(book, sheet, columns, values, freeze=sheet_of(name)["frozen"], totals=totals, lined=lined)
    red = book.workbook.add_format({"bg_color": "#F4B6B6", "font_color": "#9C0006", "bold": True})
    for at, column in enumerate(columns):
        if column.name in alarmed:
            rule = {"type": "cell", "criteria": "==", "value": f'"{book.say("unequal")}"', "format": red}
            sheet.conditional_format(1, at, max(len(rows), 1), at, rule)


def layout_of(book: Book, name: str, rows: int) -> Layout:
    """Where the columns of a sheet that reckons stand."""
    return Layout(book.say(name), [column.name for column in columns_of(book, name)], rows)


# ---- documents -------------------------------------------------------------------------------------------------------


def write_summary(book: Book, sheet, scope: Scope) -> None:
    """One row a document: printed total, our sum, sum by formula, difference, projects, indicators; a row of all."""
    dataset, at = scope.dataset, scope.places.at
    last = len(dataset.documents)
    layout = layout_of(book, "summary", last + 1)
    of_project, budget = ranges(book, at["projects"], "doc_no", "budget_wan_yuan")
    (of_indicator,) = ranges(book, at["indicators"], "doc_no")
    budgets = dataset.projects.groupby("document_id")["budget_wan_yuan"].agg(list).to_dict()
    indicators = dataset.indicators["document_id"].value_counts()
    counted = is_whole(scope, "projects") and is_whole(scope, "indicators")
    beyond = book.say("too long")
    rows = []
    for row, one in enumerate(dataset.documents.itertuples()):
        own = budgets.get(one.document_id, [])
        given = [value for value in own if value is not None]
        total, printed = exact_sum(given) or Decimal(0), one.printed_total_wan_yuan
        live = {name: cell(layout, name, row) for name in layout.names}
        exact = places_of(given, total)
        summed = can_sum(scope, "projects", "budget_wan_yuan", one.document_id)
        number, count = live["doc_no"], int(indicators.get(one.document_id, 0))
        values = {
            "doc_no": row + 1,
            "source": one.source,
            "fiscal_year": None if pd.isna(one.fiscal_year) else int(one.fiscal_year),
            "printed_total_wan_yuan": printed,
            "sum": total,
            "sum_live": Formula(f"ROUND(SUMIFS({budget},{of_project},{number}),{exact})", total) if summed else beyond,
            "projects_here": len(own),
            "projects_live": Formula(f"COUNTIFS({of_project},{number})", len(own)) if counted else beyond,
            "indicators_here": count,
            "indicators_live": Formula(f"COUNTIFS({of_indicator},{number})", count) if counted else beyond,
            "same": verdict(book, _agree(live, exact)) if summed and counted else None,
        }
        if one.document_id in scope.parts:
            values["difference"] = None if printed is None else book.say("only a part")
        elif printed is not None and summed and fits_number(printed):
            difference = f"ROUND({live['printed_total_wan_yuan']}-{live['sum_live']},{exact})"
            values["difference"] = Formula(difference, printed - total)
        rows.append(values)
    rows.append(_grand_total(book, layout, rows))
    write_reckoned(book, sheet, "summary", rows, totals=(last,))


def _agree(live: dict[str, str], exact: int) -> list[str]:
    """Our sum and numbers, and those by formula."""
    counts = [equal(live[f"{name}_here"], live[f"{name}_live"]) for name in ("projects", "indicators")]
    return [equal(live["sum"], live["sum_live"], exact), *counts]


def _grand_total(book: Book, layout: Layout, rows: list[dict]) -> dict:
    """The sums of the rows above, all of them formulas but our own figures."""
    live = {name: cell(layout, name, len(rows)) for name in layout.names}
    result = {"source": book.say("total")}
    for name in layout.names[3:-1]:
        values = [_known(row.get(name)) for row in rows]
        total = exact_sum(Decimal(value) for value in values if value is not None) or Decimal(0)
        if name == "sum" or name.endswith("_here"):
            result[name] = total if name == "sum" else int(total)
        else:
            span = f"{cell(layout, name, 0)}:{cell(layout, name, len(rows) - 1)}"
            result[name] = Formula(f"ROUND(SUM({span}),{places_of([], total)})", total) if rows else total
    if all(row["same"] for row in rows):
        result["same"] = verdict(book, _agree(live, places_of([], result["sum"])))
    return result


def _known(value) -> Decimal | int | None:
    value = value.value if isinstance(value, Formula) else value
    return None if isinstance(value, str) else value


# ---- groups ----------------------------------------------------------------------------------------------------------


class Groups(NamedTuple):
    """A sheet of a table's rows by groups, counted and summed live beside our own figures.

    by: word of a group → its columns on this sheet and on the table's · frame: the figures of a group · counted, summed,
    shares: column of the sheet → its live one · measure: the table's column that is summed.
    """

    sheet: str
    table: str
    measure: str
    frame: Callable[[Dataset, str, list[str]], pd.DataFrame]
    by: dict[str, dict[str, str]]
    counted: tuple[str, str]
    summed: tuple[str, str]
    share: tuple[str, str]
    more: tuple[str, ...]  # further columns, as they are
    count_share: tuple[str, str] | None = None
    overlapping: tuple[str, ...] = ()  # numbers of what may be in several groups: never added up


MONEY = Groups(
    sheet="money",
    table="projects",
    measure="budget_wan_yuan",
    frame=lambda dataset, by, columns: profiles.allocation(dataset, of=by),
    by={
        "unit": {"code": "unit_code", "name": "unit_name"},
        "category": {"code": "category_code", "name": "category_name"},
        "spending_kind": {"name": "spending_kind"},
    },
    counted=("projects", "projects_live"),
    summed=("budget_wan_yuan", "budget_live"),
    share=("share", "share_live"),
    more=("without_budget",),
)
LEVELS = Groups(
    sheet="levels",
    table="indicators",
    measure="weight",
    frame=lambda dataset, by, columns: profiles.indicators(dataset, of=columns),
    by={"level1": {"level1": "level1"}, "level2": {"level1": "level1", "level2": "level2"}},
    counted=("indicators", "indicators_live"),
    summed=("weight", "weight_live"),
    share=("weight_share", "weight_share_live"),
    more=("projects", "without_weight"),
    count_share=("indicator_share", "indicator_share_live"),
    overlapping=("projects",),  # a project has indicators of several levels
)


def write_money(book: Book, sheet, scope: Scope) -> None:
    """Budget and share by unit, category and kind of spending, live beside ours; a bar chart each."""
    layout, bars, live, total = _write_groups(book, sheet, scope, MONEY)
    place = 1
    for by, rows in bars.items():
        if live and total:
            title = book.say("chart money", by=book.say(by))
            place += bar_chart(book, sheet, layout, ("name", "budget_live"), rows, title, place)


def write_levels(book: Book, sheet, scope: Scope) -> None:
    """Indicators and points by level 1 and by level 1 × level 2, live beside ours; a bar chart."""
    layout, bars, live, total = _write_groups(book, sheet, scope, LEVELS)
    if bars:
        title = book.say("chart indicators")
        used = bar_chart(book, sheet, layout, ("level1", "indicators_live"), bars["level1"], title, 1)
        if live and total is not None:
            title = book.say("chart points")
            bar_chart(book, sheet, layout, ("level1", "weight_live"), bars["level1"], title, 1 + used)


def _write_groups(book: Book, sheet, scope: Scope, of: Groups) -> tuple[Layout, dict, bool, Decimal | None]:
    """(where its columns stand, group → first row and number of the bars of a chart, whether sums are live, the sum)."""
    data = scope.places.at[of.table]
    frames = {by: of.frame(scope.dataset, by, list(columns.values())) for by, columns in of.by.items()}
    frames = {by: frame for by, frame in frames.items() if len(frame)}
    layout = layout_of(book, of.sheet, sum(len(frame) + 1 for frame in frames.values()))
    (measured,) = ranges(book, data, of.measure)
    live = can_sum(scope, of.table, of.measure)
    given = [value for value in getattr(scope.dataset, of.table)[of.measure] if value is not None]
    total = exact_sum(given)
    exact = places_of(given, total)
    rows, totals, bars = [], [], {}
    for by, frame in frames.items():
        first, columns = len(rows), of.by[by]
        spans = ranges(book, data, *columns.values())
        for one in frame.to_dict("records"):
            at = {name: cell(layout, name, len(rows)) for name in layout.names}
            wanted = "*".join(
                matches(span, at[own], one[name]) for span, (own, name) in zip(spans, columns.items(), strict=True)
            )
            values = {"by": book.say(by)} | {own: one[name] or None for own, name in columns.items()}
            values |= {name: int(one[name]) for name in (of.counted[0], *of.more)}
            values |= {name: one[name] for name in (of.summed[0], of.share[0])}
            if of.count_share:
                values[of.count_share[0]] = one[of.count_share[0]]
            values[of.summed[1]] = book.say("too long")
            if live:
                count, amount = int(one[of.counted[0]]), one[of.summed[0]]
                share = f'IF(SUM({measured})=0,"",ROUND(100*{at[of.summed[1]]}/SUM({measured}),6))'
                tests = [equal(at[of.summed[0]], at[of.summed[1]], exact), equal(at[of.counted[0]], at[of.counted[1]])]
                values |= {
                    of.counted[1]: Formula(f"SUMPRODUCT({wanted}*1)", count),
                    of.summed[1]: Formula(f"ROUND(SUMPRODUCT({wanted}*1,{measured}),{exact})", amount or Decimal(0)),
                    of.share[1]: Formula(share, Decimal(0) if total and amount is None else one[of.share[0]]),
                    "same": verdict(book, tests),
                }
                if of.count_share:
                    ours, by_formula = of.count_share
                    formula = f"ROUND(100*{at[of.counted[1]]}/ROWS({measured}),6)"
                    values[by_formula] = Formula(formula, one[ours])
            rows.append(values)
        bars[by] = first, min(len(frame), BARS)
        totals.append(len(rows))
        rows.append(_sum_row(book, layout, of, rows, first, exact))
    write_reckoned(book, sheet, of.sheet, rows, totals=tuple(totals), lined=False)
    return layout, bars, live, total


def matches(range_name: str, at: str, value: str) -> str:
    """A factor of a sum: 1 in rows whose text is the cell's, letter by letter; NOT_STATED and "" stand for no text.

    Never a criterion of SUMIFS, which takes * and > for signs and 001 for 1.

    >>> matches("项目_单位名称", "$C2", "甲局"), matches("项目_单位编码", "$B2", "")
    ('EXACT(项目_单位名称,$C2)', '(项目_单位编码="")')
    """
    if value == "":
        return f'({range_name}="")'
    exact = f"EXACT({range_name},{at})"
    return f'((({range_name}="")+{exact})>0)' if value == NOT_STATED else exact


def _sum_row(book: Book, layout: Layout, of: Groups, rows: list[dict], first: int, exact: int) -> dict:
    """The total of a group's rows: formulas where the rows hold formulas or numbers, of what can be added up."""
    result = {"by": rows[first]["by"], ("name" if "name" in layout.names else "level1"): book.say("total")}
    for name, _, kind, _ in columns_of(book, of.sheet):
        values = [row.get(name) for row in rows[first:]]
        numbers = [value for value in map(_known, values) if value is not None]
        if kind in ("text", "share") or not numbers or name in of.overlapping:
            continue
        total = exact_sum(map(Decimal, numbers))
        total = int(total) if all(isinstance(value, int) for value in numbers) else total
        if any(isinstance(value, Formula) for value in values):
            span = f"{cell(layout, name, first)}:{cell(layout, name, len(rows) - 1)}"
            total = Formula(f"ROUND(SUM({span}),{exact})", total)
        result[name] = total
    return result


def bar_chart(
    book: Book, sheet, layout: Layout, columns: tuple[str, str], rows: tuple[int, int], title: str, place: int
) -> int:
    """A native bar chart (labels, values) of so many rows from the first, beside the columns; the rows it takes."""
    first, count = rows[0] + 1, rows[1]
    chart = book.workbook.add_chart({"type": "bar"})
    spans = [[layout.sheet, first, at, first + count - 1, at] for at in map(layout.names.index, columns)]
    series = {"categories": spans[0], "values": spans[1], "fill": {"color": "#4472A8"}, "gap": 40}
    chart.add_series(series | {"data_labels": {"value": True, "font": {"size": 8}}})
    chart.set_title({"name": title, "name_font": {"size": 11}, "overlay": False})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 8}})  # the first row on top
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})  # the bars carry their figures
    plot = {"x": 0.3, "y": 1.6 / (3 + count), "width": 0.54, "height": 1.1 * count / (3 + count)}
    chart.set_plotarea({"layout": plot})
    height = max(170, 110 + 24 * count)
    chart.set_size({"width": 620, "height": height})
    sheet.insert_chart(place, len(layout.names) + 1, chart, {"object_position": 3, "description": title})
    return height // 20 + 2
