"""Declared schemes: how a value is rated against its target, and how control charts are read."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from pmf_lib import policy
from pmf_lib.performance.spc.options import XmrOptions


class Tolerance(policy.Policy):
    """How far off the target is still 'near'."""

    amount: float = Field(ge=0)
    kind: Literal["amount", "per-cent"]


class StatusScheme(policy.Policy):
    """``parameters/schemes/status.yml``: one dated way of rating values against targets.

    Method 'tolerance' calls a value within the tolerance *near*. Method 'with-direction' calls it *met*, and a
    value further off *near* if it is no worse than in the same period last year.
    """

    version: int
    dated: date
    source: str
    method: Literal["tolerance", "with-direction"] = "tolerance"
    rounding: Literal["half-up"] = "half-up"
    """Half away from zero, on the value's decimal text, to the measure's decimals; once, before anything else."""
    tolerance: Tolerance
    """In force where the target's own row gives none."""
    no_direction_across: Literal["change-within-year", "any-change"] = "change-within-year"
    """Which changes of its target take a direction of travel away: of the year's target, or also from one year to the next?"""
    change_confidence_pct: float = Field(default=95, gt=50, lt=100)
    """By which annual figures with counts behind them are compared."""


class SpcScheme(policy.Policy):
    """``parameters/schemes/spc.yml``."""

    version: int
    dated: date
    source: str
    options: XmrOptions
