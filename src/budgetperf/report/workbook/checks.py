"""The sheet of checks: expected and actual as recorded, and the same recomputed by a formula where one can say it."""

import re
from collections import Counter
from decimal import Decimal, InvalidOperation

import pandas as pd

from budgetperf.field.words import say
from budgetperf.profiles import exact_sum
from budgetperf.report.model import clean
from budgetperf.report.workbook.cells import Book, Formula, cell, fits_number
from budgetperf.report.workbook.sheets import keys, linked, ranges
from budgetperf.report.workbook.sums import (
    Scope,
    can_sum,
    equal,
    is_whole,
    layout_of,
    places_of,
    verdict,
    write_reckoned,
)

LONGEST_FORMULA = 8_000  # Excel takes 8,192 characters
# A level that SUMIFS takes as it is: no sign of comparison, no wildcard, no number.
_PLAIN_NAME = re.compile(r"[㐀-鿿（）、：·]{1,60}")


def write_checks(book: Book, sheet, scope: Scope) -> None:
    """One row a check: as recorded, recomputed, and whether the two and the expected value agree."""
    checks = scope.dataset.checks
    layout = layout_of(book, "checks", len(checks))
    ledger = _Ledger(book, scope)
    rows = []
    for row, (one, key) in enumerate(zip(checks.itertuples(), keys(checks, "project_no"), strict=True)):
        expected, actual = _number(one.expected), _number(one.actual)
        at = {name: cell(layout, name, row) for name in layout.names}
        live = recomputed(book, ledger, one, key, at)
        live, agrees, meets = live if isinstance(live, tuple) else (live, "—", "—")
        place = linked(book, scope.places, (*key, None))
        words = say("check", one.check, book.lang)
        rows.append(
            {"doc_no": scope.places.doc_no(key[0]), "project_no": key[1], "place": place, "check": one.check,
             "check_words": words, "expected": expected, "actual": actual, "passed": bool(one.passed),
             "live_actual": live, "agrees": agrees, "meets": meets, "note": one.note}
        )  # fmt: skip
    write_reckoned(book, sheet, "checks", rows, alarmed=("agrees", "meets"))


def _number(text) -> Decimal | str | None:
    """What a check recorded: a number where it is one, else the text."""
    if text is None or pd.isna(text):
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    return value if value.is_finite() else text


class _Ledger:
    """What the checks of all documents are made from, gathered once."""

    def __init__(self, book: Book, scope: Scope):
        data, at = scope.dataset, scope.places.at
        self.scope = scope
        self.p_doc, self.p_no, self.budget, self.execution, self.code, self.unit_code, self.unit_name = ranges(
            book, at["projects"], "doc_no", "project_no", "budget_wan_yuan", "execution_weight", "project_code",
            "unit_code", "unit_name",
        )  # fmt: skip
        self.i_doc, self.i_no, self.level, self.weight = ranges(
            book, at["indicators"], "doc_no", "project_no", "level1", "weight"
        )
        self.often = Counter(zip(data.checks["document_id"], data.checks["check"], strict=True))
        self.budgets = data.projects.groupby("document_id")["budget_wan_yuan"].agg(list).to_dict()
        self.missing = data.projects.loc[data.projects["budget_wan_yuan"].isna(), "document_id"].value_counts()
        self.rows: dict[tuple, list] = {}
        values = zip(
            keys(data.indicators, "project_no"), data.indicators["level1"], data.indicators["weight"], strict=True
        )
        for key, level, weight in values:
            self.rows.setdefault(key, []).append((level, weight))
        self.points = dict(zip(keys(data.projects, "project_no"), data.projects["execution_weight"], strict=True))
        self.units = data.projects.groupby("document_id")[["unit_code", "unit_name"]].agg(lambda v: list(v.fillna("")))
        self.with_execution = self._with_execution(data.checks)

    def _with_execution(self, checks: pd.DataFrame) -> dict[tuple, bool]:
        """(document, expected sum) → whether the points of the execution rate count: the way more checks were made."""
        votes: dict[tuple, list[int]] = {}
        of_weights = checks[(checks["check"] == "weights") & checks["project_no"].notna()]
        recorded = zip(keys(of_weights, "project_no"), of_weights["expected"], of_weights["actual"], strict=True)
        for key, expected, actual in recorded:
            own = exact_sum(weight for _, weight in self.rows.get(key, [])) or Decimal(0)
            points, found = self.points.get(key), _number(actual)
            vote = votes.setdefault((key[0], expected), [0, 0])
            if points and isinstance(found, Decimal):
                vote[0] += own == found
                vote[1] += own + points == found
        return {key: vote[1] > vote[0] for key, vote in votes.items()}


def recomputed(book: Book, ledger: _Ledger, one, key: tuple, at: dict[str, str]):
    """(live value, agrees with the actual, with the expected), or a word why there is no formula."""
    document, check = key[0], one.check
    if check == "weights" and key[1] is not None:
        return _weights(book, ledger, one, key, at)
    if check == "level1_shares" and key[1] is not None:
        return _shares(book, ledger, one, key, at)
    if check not in ("total", "subtotal", "codes", "projects"):
        return book.say("no common sum" if check == "weights" else "not a sum")
    if document in ledger.scope.parts:
        return book.say("only a part")
    if check != "subtotal" and ledger.often[document, check] > 1:
        return book.say("several tables")
    if check in ("codes", "projects"):
        return _counted(book, ledger, one, at) if one.passed else book.say("not a sum")
    return _money(book, ledger, one, at)


def _counted(book: Book, ledger: _Ledger, one, at: dict[str, str]):
    if not is_whole(ledger.scope, "projects"):
        return book.say("too long")
    projects = ledger.scope.dataset.projects
    own = projects[projects["document_id"] == one.document_id]
    count = int(own["project_code"].notna().sum()) if one.check == "codes" else len(own)
    code = f'*({ledger.code}<>"")' if one.check == "codes" else ""
    live = Formula(f"SUMPRODUCT(({ledger.p_doc}={at['doc_no']}){code}*1)", count)
    recorded = {"actual": _number(one.actual), "expected": _number(one.expected)}
    tests = [(equal(at["live_actual"], at[name]), value == count) for name, value in recorded.items()]
    return live, *(verdict(book, [test], holds) for test, holds in tests)


def _money(book: Book, ledger: _Ledger, one, at: dict[str, str]):
    """Total or sub-total: the sum of the budgets of the document's, or of the unit's, projects."""
    if not can_sum(ledger.scope, "projects", "budget_wan_yuan", one.document_id):
        return book.say("too long")
    expected, actual = _number(one.expected), _number(one.actual)
    if not isinstance(expected, Decimal) or not isinstance(actual, Decimal) or not fits_number(expected):
        return book.say("not a sum")
    budgets = ledger.budgets.get(one.document_id, [])
    chosen, text = budgets, f"SUMIFS({ledger.budget},{ledger.p_doc},{at['doc_no']})"
    if one.check == "subtotal":
        wanted = _unit_of(ledger, one)
        if wanted is None:
            return book.say("no label")
        condition, belongs = wanted
        chosen = [budget for budget, is_part in zip(budgets, belongs, strict=True) if is_part]
        text = f"SUMPRODUCT(({ledger.p_doc}={at['doc_no']})*{condition},{ledger.budget})"
    given = [budget for budget in chosen if budget is not None]
    total = exact_sum(given) or Decimal(0)
    exact = places_of(given, max(abs(total), abs(expected)))
    tests = [[equal(at["live_actual"], at[name], exact)] for name in ("actual", "expected")]
    complete = True
    if one.check == "total" and ledger.missing.get(one.document_id):
        tests[1].append(
            f'COUNTIFS({ledger.p_doc},{at["doc_no"]},{ledger.budget},">-1E+300")=COUNTIFS({ledger.p_doc},{at["doc_no"]})'
        )
        complete = False
    return (
        Formula(f"ROUND({text},{exact})", total),
        verdict(book, tests[0], total == actual),
        verdict(book, tests[1], total == expected and complete),
    )


def _unit_of(ledger: _Ledger, one) -> tuple[str, list[bool]] | None:
    """(condition, which projects) of the unit that a sub-total's label names: by code and name, by the code that its
    code begins with, or by its name; None where several sub-totals have the label or no unit has it."""
    label = re.sub(r"\s+", "", (one.note or "").split("：")[0])
    same = ledger.scope.dataset.checks
    same = same[(same["document_id"] == one.document_id) & (same["check"] == "subtotal")]["note"].fillna("")
    if not label or sum(re.sub(r"\s+", "", note.split("：")[0]) == label for note in same) > 1:
        return None
    if one.document_id not in ledger.units.index or len(label) > 200:
        return None
    units = list(zip(*ledger.units.loc[one.document_id], strict=True))
    exact = next((unit for unit in units if re.sub(r"\s+", "", "-".join(unit)) == label), None)
    if exact:
        belongs = [unit == exact for unit in units]
        condition = f"EXACT({ledger.unit_code},{_quoted(exact[0])})*EXACT({ledger.unit_name},{_quoted(exact[1])})"
    elif code := re.match(r"\d{3,15}", label):
        belongs = [unit.startswith(code[0]) for unit, _ in units]
        condition = f"EXACT(LEFT({ledger.unit_code},{len(code[0])}),{_quoted(code[0])})"
    else:
        belongs = [name == label for _, name in units]
        condition = f"EXACT({ledger.unit_name},{_quoted(label)})"
    return (condition, belongs) if any(belongs) else None


def _quoted(text: str) -> str:
    """Text as it stands in a formula."""
    return '"' + clean(text).replace('"', '""') + '"'


def _weights(book: Book, ledger: _Ledger, one, key: tuple, at: dict[str, str]):
    """The points of a project's indicators, and those of the execution rate where the document counts them."""
    scope, number = ledger.scope, at["project_no"]
    columns = [("indicators", "weight"), ("projects", "execution_weight")]
    if not all(can_sum(scope, *column, key[0]) for column in columns):
        return book.say("too long")
    expected, actual = _number(one.expected), _number(one.actual)
    if not isinstance(expected, Decimal) or not isinstance(actual, Decimal) or not fits_number(expected):
        return book.say("no common sum")
    weights = [weight for _, weight in ledger.rows.get(key, [])]
    given = [weight for weight in weights if weight is not None]
    text = f"SUMIFS({ledger.weight},{ledger.i_doc},{at['doc_no']},{ledger.i_no},{number})"
    if ledger.with_execution.get((key[0], one.expected)):
        given.append(ledger.points.get(key) or Decimal(0))
        text += f"+SUMIFS({ledger.execution},{ledger.p_doc},{at['doc_no']},{ledger.p_no},{number})"
    total = exact_sum(given) or Decimal(0)
    exact = places_of(given, total)
    tests = [[equal(at["live_actual"], at[name], exact)] for name in ("actual", "expected")]
    if missing := any(weight is None for weight in weights):
        rows = f"{ledger.i_doc},{at['doc_no']},{ledger.i_no},{number}"
        tests[1].append(f'COUNTIFS({rows},{ledger.weight},">-1E+300")=COUNTIFS({rows})')
    return (
        Formula(f"ROUND({text},{exact})", total),
        verdict(book, tests[0], total == actual),
        verdict(book, tests[1], total == expected and not missing),
    )


def _shares(book: Book, ledger: _Ledger, one, key: tuple, at: dict[str, str]):
    """The points of a project by level 1, in the words of the check: 产出指标 50 / 效益指标 30 …"""
    if not can_sum(ledger.scope, "indicators", "weight", key[0]):
        return book.say("too long")
    by_level: dict[str, Decimal] = {}
    for level, weight in ledger.rows.get(key, []):
        if weight is not None:
            by_level[level] = by_level.get(level, Decimal(0)) + weight
    wanted = dict(part.rsplit(" ", 1) for part in (one.expected or "").split(" / ") if " " in part)
    levels = [*by_level, *wanted]
    if not wanted or not all(isinstance(level, str) and _PLAIN_NAME.fullmatch(level) for level in levels):
        return book.say("odd name")
    rows = f"{ledger.weight},{ledger.i_doc},{at['doc_no']},{ledger.i_no},{at['project_no']}"
    sums = {level: f'ROUND(SUMIFS({rows},{ledger.level},"{level}"),{PLACES_OF_POINTS})' for level in levels}
    text = '&" / "&'.join(f'"{level} "&{sums[level]}' for level in by_level) or '""'
    shown = " / ".join(f"{level} {format(points.normalize(), 'f')}" for level, points in by_level.items())
    same = {level: points for level, points in by_level.items() if points} == {k: Decimal(v) for k, v in wanted.items()}
    if list(by_level) == list(wanted):
        tests = [f"EXACT({at['live_actual']},{at['expected']})"]
    else:  # other levels or in another order: number by number
        tests = [f"{sums[level]}={points}" for level, points in wanted.items()]
        tests.append(f"ROUND(SUMIFS({rows}),{PLACES_OF_POINTS})={sum(map(Decimal, wanted.values()))}")
    if max(len(text), len(",".join(tests))) > LONGEST_FORMULA:
        return book.say("too long")
    recorded = one.actual if isinstance(one.actual, str) else ""
    return (
        Formula(text, shown),
        verdict(book, [f"EXACT({at['live_actual']},{at['actual']})"], shown == recorded),
        verdict(book, tests, same),
    )


PLACES_OF_POINTS = 6
