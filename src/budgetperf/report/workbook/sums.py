"""The sheets that reckon: sums and shares by live formulas over the sheets of data, beside our own exact figures."""

from decimal import Decimal
from typing import NamedTuple

import pandas as pd

from budgetperf import profiles
from budgetperf.profiles import NOT_STATED, exact_sum
from budgetperf.report.workbook.cells import Book, Column, Formula, Layout, cell, fits_number, write_sheet
from budgetperf.report.workbook.sheets import Places, ranges
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
    return not any(
        key[:2] == (table, name) and document_id in (None, key[2]) for key in scope.beyond
    )  # fmt: skip


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


def same(book: Book, left: str, right: str, places: int) -> str:
    """A formula that says whether two cells hold the same number."""
    return f'IF(ROUND({left},{places})=ROUND({right},{places}),"{book.say("equal")}","{book.say("unequal")}")'


def alarm(book: Book, sheet, layout: Layout, columns: list[str]) -> None:
    """Red where a cell of these columns says that figures differ."""
    red = book.workbook.add_format({"bg_color": "#F4B6B6", "font_color": "#9C0006", "bold": True})
    for name in columns:
        at = layout.names.index(name)
        rule = {"type": "cell", "criteria": "==", "value": f'"{book.say("unequal")}"', "format": red}
        sheet.conditional_format(1, at, max(layout.rows, 1), at, rule)


# ---- documents -------------------------------------------------------------------------------------------------------


def write_summary(book: Book, sheet, scope: Scope) -> None:
    """One row a document: printed total, our sum, sum by formula, difference, projects, indicators; a row of all."""
    dataset, at = scope.dataset, scope.places.at
    columns = ["doc_no", "source", "fiscal_year", "printed_total_wan_yuan", "sum", "sum_live", "difference",
               "projects_here", "projects_live", "indicators_here", "indicators_live", "same"]  # fmt: skip
    layout = Layout(book.say("summary"), columns, len(dataset.documents) + 1)
    of_project, budget = ranges(book, at["projects"], "doc_no", "budget_wan_yuan")
    (of_indicator,) = ranges(book, at["indicators"], "doc_no")
    budgets = dataset.projects.groupby("document_id")["budget_wan_yuan"].agg(list).to_dict()
    indicators = dataset.indicators["document_id"].value_counts()
    counted = is_whole(scope, "projects") and is_whole(scope, "indicators")
    beyond = book.say("too long")
    rows, last = [], len(dataset.documents)
    for row, one in enumerate(dataset.documents.itertuples()):
        own = budgets.get(one.document_id, [])
        given = [value for value in own if value is not None]
        total, printed = exact_sum(given) or Decimal(0), one.printed_total_wan_yuan
        live = {name: cell(layout, name, row) for name in columns}
        exact = places_of(given, total)
        summed = can_sum(scope, "projects", "budget_wan_yuan", one.document_id)
        number = live["doc_no"]
        values = {
            "doc_no": row + 1,
            "source": one.source,
            "fiscal_year": None if pd.isna(one.fiscal_year) else int(one.fiscal_year),
            "printed_total_wan_yuan": printed,
            "sum": total,
            "sum_live": Formula(f"ROUND(SUMIFS({budget},{of_project},{number}),{exact})", total) if summed else beyond,
            "projects_here": len(own),
            "projects_live": Formula(f"COUNTIFS({of_project},{number})", len(own)) if counted else beyond,
            "indicators_here": (count := int(indicators.get(one.document_id, 0))),
            "indicators_live": Formula(f"COUNTIFS({of_indicator},{number})", count) if counted else beyond,
            "same": _same_counts(book, live, exact) if summed and counted else None,
        }
        if one.document_id in scope.parts:
            values["difference"] = None if printed is None else book.say("only a part")
        elif printed is not None and summed and fits_number(printed):
            difference = f"ROUND({live['printed_total_wan_yuan']}-{live['sum_live']},{exact})"
            values["difference"] = Formula(difference, printed - total)
        rows.append([values.get(name) for name in columns])
    rows.append(_grand_total(book, layout, rows, last))
    kinds = dict.fromkeys(("printed_total_wan_yuan", "sum", "sum_live", "difference"), "amount") | {"source": "text"}
    shown = [Column(n, title, kinds.get(n, "whole")) for n, title in zip(columns, _titles(book, columns), strict=True)]
    write_sheet(book, sheet, shown, rows, freeze=2, totals=(last,))
    alarm(book, sheet, layout, ["same"])


def _same_counts(book: Book, live: dict[str, str], exact: int) -> Formula:
    pairs = [("projects_here", "projects_live"), ("indicators_here", "indicators_live")]
    tests = [
        f"ROUND({live['sum']},{exact})=ROUND({live['sum_live']},{exact})",
        *(f"{live[a]}={live[b]}" for a, b in pairs),
    ]
    text = f'IF(AND({",".join(tests)}),"{book.say("equal")}","{book.say("unequal")}")'
    return Formula(text, book.say("equal"))


def _grand_total(book: Book, layout: Layout, rows: list[list], last: int) -> list:
    """The sums of the rows above, all of them formulas but our own figures."""
    live = {name: cell(layout, name, last) for name in layout.names}

    def summed(name: str):
        values = [_known(row[layout.names.index(name)]) for row in rows]
        total = exact_sum(Decimal(value) for value in values if value is not None) or Decimal(0)
        if not rows:
            return total
        first = cell(layout, name, 0)
        return Formula(f"ROUND(SUM({first}:{cell(layout, name, last - 1)}),{places_of([], total)})", total)

    ours = {name: _known(summed(name)) for name in ("sum", "projects_here", "indicators_here")}
    printed = summed("printed_total_wan_yuan")
    exact = places_of([], ours["sum"])
    known = all(row[layout.names.index("same")] for row in rows)
    return [
        None, book.say("total"), None, printed, ours["sum"],
        summed("sum_live"), summed("difference"), int(ours["projects_here"]), summed("projects_live"),
        int(ours["indicators_here"]), summed("indicators_live"), _same_counts(book, live, exact) if known else None,
    ]  # fmt: skip


def _known(value) -> Decimal | int | None:
    value = value.value if isinstance(value, Formula) else value
    return None if isinstance(value, str) else value


# ---- money -----------------------------------------------------------------------------------------------------------


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


GROUPS = [  # what the money is grouped by: word, code, name of the group on the sheet 项目
    ("unit", "unit_code", "unit_name"),
    ("category", "category_code", "category_name"),
    ("spending_kind", None, "spending_kind"),
]


def write_money(book: Book, sheet, scope: Scope) -> None:
    """Budget and share by unit, category and kind of spending, live beside ours; a bar chart each."""
    dataset, layout_of = scope.dataset, scope.places.at["projects"]
    columns = ["by", "code", "name", "projects", "projects_live", "without_budget", "budget_wan_yuan", "budget_live",
               "share", "share_live", "same"]  # fmt: skip
    groups = [(by, code, name, profiles.allocation(dataset, of=by)) for by, code, name in GROUPS]
    groups = [group for group in groups if len(group[3])]
    layout = Layout(book.say("money"), columns, sum(len(group[3]) + 1 for group in groups))
    (budget,) = ranges(book, layout_of, "budget_wan_yuan")
    live_sums = can_sum(scope, "projects", "budget_wan_yuan")
    given = [value for value in dataset.projects["budget_wan_yuan"] if value is not None]
    total = exact_sum(given)
    exact = places_of(given, total)
    rows, totals, charts = [], [], []
    for by, code, name, frame in groups:
        first = len(rows)
        spans = ranges(book, layout_of, *([code] if code else []), name)
        for one in frame.to_dict("records"):
            at = {column: cell(layout, column, len(rows)) for column in columns}
            words = [one[column] for column in (code, name) if column]
            cells = [at["code"]] * bool(code) + [at["name"]]
            wanted = "*".join(matches(r, c, w) for r, c, w in zip(spans, cells, words, strict=True))
            count, amount = int(one["projects"]), one["budget_wan_yuan"]
            share = f'IF(SUM({budget})=0,"",ROUND(100*{at["budget_live"]}/SUM({budget}),6))'
            values = {
                "by": book.say(by),
                "code": (one[code] or None) if code else None,
                "name": one[name],
                "projects": count,
                "without_budget": int(one["without_budget"]),
                "budget_wan_yuan": amount,
                "share": one["share"],
                "budget_live": book.say("too long"),
            }
            if live_sums:
                values |= {
                    "projects_live": Formula(f"SUMPRODUCT({wanted}*1)", count),
                    "budget_live": Formula(f"ROUND(SUMPRODUCT({wanted}*1,{budget}),{exact})", amount or Decimal(0)),
                    "share_live": Formula(share, Decimal(0) if total and amount is None else one["share"]),
                    "same": _agrees(book, at, "budget_wan_yuan", "budget_live", "projects", "projects_live", exact),
                }
            rows.append([values.get(column) for column in columns])
        charts.append((by, first, min(len(frame), BARS)))
        totals.append(len(rows))
        rows.append(_sum_row(book, layout, rows, first, live_sums, exact))
    kinds = {"projects": "whole", "projects_live": "whole", "without_budget": "whole", "budget_wan_yuan": "amount",
             "budget_live": "amount", "share": "share", "share_live": "share"}  # fmt: skip
    shown = [Column(n, t, kinds.get(n, "text")) for n, t in zip(columns, _titles(book, columns), strict=True)]
    write_sheet(book, sheet, shown, rows, freeze=3, totals=tuple(totals), lined=False)
    alarm(book, sheet, layout, ["same"])
    place = 1
    for by, first, bars in charts:
        if live_sums and total:
            title = book.say("chart money", by=book.say(by))
            place += bar_chart(
                book, sheet, layout, "name", "budget_live", (first, bars), title, (place, len(columns) + 1)
            )


def _agrees(book: Book, at: dict[str, str], ours: str, live: str, count: str, count_live: str, exact: int) -> Formula:
    test = f"AND(ROUND({at[ours]},{exact})=ROUND({at[live]},{exact}),{at[count]}={at[count_live]})"
    return Formula(f'IF({test},"{book.say("equal")}","{book.say("unequal")}")', book.say("equal"))


def _sum_row(book: Book, layout: Layout, rows: list[list], first: int, live: bool, exact: int) -> list:
    """The total of a group's rows: formulas where the rows hold formulas or numbers."""
    result = [rows[first][0], *[None] * (len(layout.names) - 1)]
    for at, name in enumerate(layout.names):
        values = [row[at] for row in rows[first:]]
        known = [_known(value) for value in values]
        numbers = [value for value in known if value is not None]
        summed = name not in (
            "by",
            "code",
            "name",
            "level1",
            "level2",
            "same",
            "share",
            "weight_share",
            "indicator_share",
        )
        if summed and name not in ("share_live", "weight_share_live", "indicator_share_live") and numbers:
            total = exact_sum(map(Decimal, numbers))
            total = int(total) if all(isinstance(value, int) for value in numbers) else total
            if any(isinstance(value, Formula) for value in values):
                span = f"{cell(layout, name, first)}:{cell(layout, name, len(rows) - 1)}"
                total = Formula(f"ROUND(SUM({span}),{exact})", total)
            result[at] = total
    result[layout.names.index("name" if "name" in layout.names else "level1")] = book.say("total")
    return result


def bar_chart(book: Book, sheet, layout: Layout, label: str, value: str, rows: tuple[int, int], title: str, at) -> int:
    """A native bar chart of so many rows from the first; the number of rows of the sheet it takes."""
    first, count = rows[0] + 1, rows[1]
    chart = book.workbook.add_chart({"type": "bar"})
    span = [layout.sheet, first, layout.names.index(label), first + count - 1, layout.names.index(label)]
    numbers = [layout.sheet, first, layout.names.index(value), first + count - 1, layout.names.index(value)]
    series = {"categories": span, "values": numbers, "fill": {"color": "#4472A8"}, "gap": 40}
    chart.add_series(series | {"data_labels": {"value": True, "font": {"size": 8}}})
    chart.set_title({"name": title, "name_font": {"size": 11}, "overlay": False})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 8}})  # the first row on top
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})  # the bars carry their figures
    chart.set_plotarea(
        {"layout": {"x": 0.3, "y": 1.6 / (3 + count), "width": 0.54, "height": 1.1 * count / (3 + count)}}
    )
    height = max(170, 110 + 24 * count)
    chart.set_size({"width": 620, "height": height})
    sheet.insert_chart(at[0], at[1], chart, {"object_position": 3, "description": title})
    return height // 20 + 2


# ---- levels ----------------------------------------------------------------------------------------------------------


def write_levels(book: Book, sheet, scope: Scope) -> None:
    """Indicators and points by level 1 and by level 1 × level 2, live beside ours; a bar chart."""
    dataset, layout_of = scope.dataset, scope.places.at["indicators"]
    columns = ["by", "level1", "level2", "projects", "indicators", "indicators_live", "indicator_share",
               "indicator_share_live", "weight", "weight_live", "weight_share", "weight_share_live", "without_weight",
               "same"]  # fmt: skip
    groups = [
        (by, profiles.indicators(dataset, of=of)) for by, of in (("level1", "level1"), ("level2", ["level1", "level2"]))
    ]
    groups = [group for group in groups if len(group[1])]
    layout = Layout(book.say("levels"), columns, sum(len(frame) + 1 for _, frame in groups))
    (points,) = ranges(book, layout_of, "weight")
    live_sums = can_sum(scope, "indicators", "weight")
    given = [value for value in dataset.indicators["weight"] if value is not None]
    exact = places_of(given, exact_sum(given))
    rows, totals = [], []
    for by, frame in groups:
        first = len(rows)
        levels = ["level1"] if by == "level1" else ["level1", "level2"]
        spans = ranges(book, layout_of, *levels)
        for one in frame.to_dict("records"):
            at = {column: cell(layout, column, len(rows)) for column in columns}
            wanted = "*".join(matches(r, at[n], one[n]) for r, n in zip(spans, levels, strict=True))
            count, weight = int(one["indicators"]), one["weight"]
            share = f'IF(SUM({points})=0,"",ROUND(100*{at["weight_live"]}/SUM({points}),6))'
            values = {
                "by": book.say(by),
                "level1": one["level1"],
                "level2": one.get("level2"),
                "projects": int(one["projects"]),
                "indicators": count,
                "indicator_share": one["indicator_share"],
                "weight": weight,
                "weight_share": one["weight_share"],
                "without_weight": int(one["without_weight"]),
                "weight_live": book.say("too long"),
            }
            if live_sums:
                known = Decimal(0) if weight is None and exact_sum(given) else one["weight_share"]
                of_all = f"ROUND(100*{at['indicators_live']}/ROWS({points}),6)"
                values |= {
                    "indicators_live": Formula(f"SUMPRODUCT({wanted}*1)", count),
                    "indicator_share_live": Formula(of_all, one["indicator_share"]),
                    "weight_live": Formula(f"ROUND(SUMPRODUCT({wanted}*1,{points}),{exact})", weight or Decimal(0)),
                    "weight_share_live": Formula(share, known),
                    "same": _agrees(book, at, "weight", "weight_live", "indicators", "indicators_live", exact),
                }
            rows.append([values.get(column) for column in columns])
        totals.append(len(rows))
        total = _sum_row(book, layout, rows, first, live_sums, exact)
        total[columns.index("projects")] = None  # a project has indicators of several levels
        rows.append(total)
    kinds = dict.fromkeys(("projects", "indicators", "indicators_live", "without_weight"), "whole")
    kinds |= {name: "share" for name in columns if "share" in name} | {"weight": "number", "weight_live": "number"}
    shown = [Column(n, t, kinds.get(n, "text")) for n, t in zip(columns, _titles(book, columns), strict=True)]
    write_sheet(book, sheet, shown, rows, freeze=3, totals=tuple(totals), lined=False)
    alarm(book, sheet, layout, ["same"])
    if groups:
        bars, at = (0, min(len(groups[0][1]), BARS)), len(columns) + 1
        used = bar_chart(book, sheet, layout, "level1", "indicators_live", bars, book.say("chart indicators"), (1, at))
        if given and live_sums:
            bar_chart(book, sheet, layout, "level1", "weight_live", bars, book.say("chart points"), (1 + used, at))


OURS = {"doc_no", "sum", "sum_live", "difference", "projects_here", "projects_live", "indicators_here", "indicators_live",
        "same", "by", "code", "name", "budget_live", "share_live", "indicator_share_live", "weight_live",
        "weight_share_live", "place", "check_words", "live_actual", "agrees", "meets"}  # fmt: skip


def _titles(book: Book, columns: list[str]) -> list[str]:
    known = profiles.titled(pd.DataFrame(columns=columns), book.lang).columns
    return [book.say(name) if name in OURS else title for name, title in zip(columns, known, strict=True)]
