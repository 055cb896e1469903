"""Numbers as the workbook rounds and writes them, in a rating as on a page: one rule, so that the two never differ.

Halves are rounded away from zero on the number's decimal text; thousands are separated and the minus sign is a true one.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

MINUS = "−"
_WIDE = Context(prec=400)
_NEAR_TIE = 1e-15
"""Share of a scaled value within which binary arithmetic can't tell on which side of a half it lies."""
_MOST_EXACT = 22
"""Powers of ten up to this one are exact in binary."""
_DUST = 0.5e-9
"""A figure this close to one with fewer decimals is that one, in binary."""
_MOST_WRITTEN = 6


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


def half_up_each(values: ArrayLike, decimals: ArrayLike) -> NDArray[np.float64]:
    """`half_up` of every value to its own decimals, the same to the last bit; only near-ties take the slow way.

    >>> half_up_each([2.675, -0.5, 94.5], [2, 0, 0]).tolist()
    [2.68, -1.0, 95.0]
    """
    held, places = np.broadcast_arrays(
        np.asarray(values, dtype=np.float64), np.asarray(decimals).astype(np.int64)
    )
    step = 10.0 ** np.abs(places)
    with np.errstate(over="ignore", invalid="ignore"):
        scaled = np.where(places < 0, np.abs(held) / step, np.abs(held) * step)
        whole = np.floor(scaled + 0.5)
        found = np.copysign(np.where(places < 0, whole * step, whole / step), held)
        far = np.abs(scaled - np.floor(scaled) - 0.5) > _NEAR_TIE * np.maximum(scaled, 1.0)
    sure = far & (scaled < 2.0**52) & (np.abs(places) <= _MOST_EXACT)
    for at in np.argwhere(~sure & np.isfinite(held)):
        one: Any = tuple(at)
        found[one] = half_up(float(held[one]), int(places[one]))
    return np.where(np.isfinite(held), found, held)


def decimals_of(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """With how many decimals each figure is written, at most six.

    >>> decimals_of(np.array([60.0, 60.5, 0.125])).tolist()
    [0.0, 1.0, 3.0]
    """
    longer = [np.abs(values - np.round(values, places)) > _DUST for places in range(_MOST_WRITTEN)]
    return np.asarray(np.sum(longer, axis=0), dtype=np.float64)


def written(value: Decimal, *, signed: bool = False) -> str:
    """A rounded number in figures; nought has no sign.

    >>> written(Decimal("-1234.50")), written(Decimal("-0.0")), written(Decimal("3"), signed=True)
    ('−1,234.50', '0.0', '+3')
    """
    sign = MINUS if value < 0 else "+" if signed and value > 0 else ""
    return f"{sign}{abs(value):,f}"
