"""The unit of money of a table that prints none: told by an amount with its unit elsewhere in it, of the same value."""

from decimal import Decimal

from budgetperf.field.money_text import amount_text, amounts_in, figures_of
from budgetperf.field.notation import parse_amount
from budgetperf.layout.printed import Printed
from budgetperf.tables.ledger import Ledger

UNITS = ("元", "万元")
LEAST_FIGURES = 3  # of an amount that two places print: fewer are alike by chance


def unit_by_amounts(printed: Printed, ledger: Ledger) -> Printed:
    """The table with the one unit in which a budget is an amount that its targets or goals print with a unit
    (资金总额 768.9 beside 支出总额 ≤768.9万元); untouched where none, or either, makes it one."""
    own = printed.anchors.reindex(columns=["amount_unit"]).notna().any(axis=None)
    if printed.amount_unit is not None or own or not ledger.repair:
        return printed
    cells = printed.rows.reindex(columns=["target", "measure_unit"]).astype(object).itertuples(index=False)
    targets = ["".join(text for text in row if isinstance(text, str)) for row in cells]
    said = {a: t for t in [*printed.anchors["objective"].dropna(), *targets] for a in amounts_in(t, "元")}
    texts = [text for cell in printed.anchors["budget"].dropna() if (text := amount_text(cell))]
    fitting = {
        unit: text
        for unit in UNITS
        for text in texts
        if (amount := parse_amount(text, unit)) in said and len(figures_of(amount or Decimal())) >= LEAST_FIGURES
    }
    if len(fitting) != 1:
        return printed
    [(unit, text)] = fitting.items()
    where = "".join(said[parse_amount(text, unit)].split())[:24]
    place = printed.anchors.loc[printed.anchors["budget"].notna()].iloc[0]
    ledger.note(
        field="amount_unit", repaired=unit, rule="unit_by_content", grade="likely", kind="reading", page=place["page"],
        evidence=f"没有印出金额单位；预算数“{text}”按{unit}计，与“{where}”所印的金额相同",
    )  # fmt: skip
    return printed._replace(amount_unit=unit)
