"""Exact numbers in the form in which the tables hold them."""

from decimal import Decimal

from budgetperf.tables.kinds import fits


def minimal(value: Decimal) -> Decimal:
    """The same number without trailing zeros or exponent, exactly (no context precision is applied).

    >>> minimal(Decimal("10.00")), minimal(Decimal("1.2E+3")), minimal(Decimal("-0.0"))
    (Decimal('10'), Decimal('1200'), Decimal('0'))
    """
    if not fits(value):
        return value  # validate names it
    digits = format(value, "f")
    digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return Decimal(0) if digits in ("", "-0") else Decimal(digits)
