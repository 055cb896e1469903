"""How control charts are drawn and read: one frozen policy, from ``parameters/schemes/spc.yml``."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator

from pmf_lib import policy
from pmf_lib.errors import ParameterError, expected

FIX_AT_LEAST = 12


class XmrOptions(policy.Policy):
    """Options of the XmR chart; the defaults are Making Data Count's where it has one: docs/methods/control-charts.md."""

    screen: bool = True
    """Leave moving ranges above 3.267 times their mean out of the limits."""
    two_in_three: Literal["mdc-2023", "nhsr-0.2.2"] = "mdc-2023"
    """Does a point beyond the limits count among the two (mdc-2023), or only one between two and three sigma?"""
    shift_n: Literal[6, 7] = 7
    trend_n: Literal[6, 7] = 7
    trial_limits_below: int = Field(default=13, ge=2)
    refuse_below: int = Field(default=8, ge=2)
    seasonal_f: float | None = Field(default=7.0, gt=0)
    """F from which seasonality is marked (None: it is never looked for)."""
    seasonal_p: float = Field(default=0.0001, gt=0, le=0.05)
    """How small the chance of such an F must be, besides."""
    laney: Literal["auto", "never"] = "auto"
    """May shares and rates on small or uneven numbers be charted as p′ and u′ charts?"""
    laney_small: float = Field(default=5.0, ge=0)
    """Small: fewer cases than this are expected in the smallest denominator (of the rarer answer, for a share)."""
    laney_vary: float = Field(default=3.0, gt=1)
    """Uneven: the largest denominator is this many times the smallest, or more."""
    fix_after_n: int | None = None
    """Set limits by the first n points of each segment (n of 12 or more)."""
    rebase_open_quarters: int = Field(default=4, ge=0)
    """For so many quarters after a decision to begin limits anew its measure is shown in full, though it looks steady."""

    @field_validator("fix_after_n", mode="before")
    @classmethod
    def _enough(cls, value: Any) -> Any:
        if value is None or (isinstance(value, int) and value >= FIX_AT_LEAST):
            return value
        raise ParameterError(
            expected("option 'fix_after_n'", value, f"a whole number of points, {FIX_AT_LEAST} or more", "12")
        )


DEFAULT = XmrOptions()
