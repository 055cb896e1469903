"""Numbers as the workbook rounds and writes them, in a rating as on a page: one rule, so that the two never differ.

Halves are rounded away from zero on the number's decimal text; thousands are separated and the minus sign is a true one.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal

MINUS = "−"
_WIDE = Context(prec=400)


def rounded(value: float | int | str, decimals: int) -> Decimal:
    """`value` rounded half away from zero, on its shortest decimal text.

    >>> rounded(2.675, 2), rounded(-0.5, 0)
    (Decimal('2.68'), Decimal('-1'))
    """
    return Decimal(str(value)).quantize(
        Decimal(1).scaleb(-int(decimals)), rounding=ROUND_HALF_UP, context=_WIDE
    )


def half_up(value: float, decimals: int) -> float:
    """The same as a float; NaN and infinities stay as they are.

    >>> half_up(2.675, 2), half_up(-0.5, 0), round(2.675, 2)
    (2.68, -1.0, 2.67)
    """
    return float(rounded(float(value), decimals)) if math.isfinite(value) else value


def written(value: Decimal, *, signed: bool = False) -> str:
    """A rounded number in figures; nought has no sign.

    >>> written(Decimal("-1234.50")), written(Decimal("-0.0")), written(Decimal("3"), signed=True)
    ('−1,234.50', '0.0', '+3')
    """
    sign = MINUS if value < 0 else "+" if signed and value > 0 else ""
    return f"{sign}{abs(value):,f}"
