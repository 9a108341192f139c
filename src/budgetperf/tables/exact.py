"""Exact numbers in the form in which the tables hold them."""

from decimal import Decimal

from budgetperf.tables.kinds import fits


def minimal(value: Decimal) -> Decimal:
    """The same number without trailing zeros or exponent, exactly (no context precision is applied).

    >>> minimal(Decimal("10.00")), minimal(Decimal("1.2E+3")), minimal(Decimal("-0.0"))
    (Decimal('10'), Decimal('1200'), Decimal('0'))
    """
    return Decimal(digits(value)) if fits(value) else value  # validate names what does not fit


def digits(value: Decimal) -> str:
    """The number in plain digits, without trailing zeros or exponent.

    >>> digits(Decimal("10.00")), digits(Decimal("-0.0"))
    ('10', '0')
    """
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("", "-0") else text
