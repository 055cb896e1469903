"""Is the change between two annual figures more than chance? By the confidence interval of their difference."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pmf_lib.performance.benchmark.options import BenchmarkOptions
from pmf_lib.performance.benchmark.tested import scale, tested
from pmf_lib.performance.spc.rules import Real

BY_DEFAULT = BenchmarkOptions()


def real_change(
    rows: pd.DataFrame, now: pd.DataFrame, then: pd.DataFrame, options: BenchmarkOptions = BY_DEFAULT
) -> Real:
    """1.0 where two figures differ by more than chance, 0.0 where they need not, NaN where it can't be told.

    The interval of the difference is made from the intervals of both figures (Wilson's for shares, Byar's or exact
    Poisson limits for rates): lower = d − √((new − its lower limit)² + (upper limit of old − old)²), upper likewise. A
    change is real when that interval does not hold nought.

    Parameters
    ----------
    rows
        One row per measure: unit, decimals, and optionally numerator_name and denominator_name (money, amounts and
        occasions are no counts of separate cases).
    now, then
        Its two figures, same index: value, numerator, denominator.
    options
        ``confidence_pct`` of the interval of the difference, ``occasions`` that are no separate cases.

    Source
    ------
    R. G. Newcombe, Interval estimation for the difference between independent proportions, Statistics in Medicine 17
    (1998), method 10; G. Y. Zou and A. Donner, Construction of confidence limits about effect measures, Statistics in
    Medicine 27 (2008), for rates.

    Examples
    --------
    >>> rows = pd.DataFrame({"unit": ["%"], "decimals": [0]})
    >>> old = pd.DataFrame({"value": [50.0], "numerator": [100.0], "denominator": [200.0]})
    >>> new = pd.DataFrame({"value": [60.0], "numerator": [120.0], "denominator": [200.0]})
    >>> real_change(rows, new, old).item(), real_change(rows, old / [1, 10, 10], new).item()
    (1.0, 0.0)
    """
    both = pd.concat([now, then], ignore_index=True)
    (lower_new, lower_old), (new, old), (upper_new, upper_old) = (
        np.split(ends, 2) for ends in _interval(pd.concat([rows, rows], ignore_index=True), both, options)
    )
    change = new - old
    down, up = np.hypot(new - lower_new, upper_old - old), np.hypot(upper_new - new, old - lower_old)
    is_real = (change - down > 0) | (change + up < 0)
    return np.where(np.isnan(down + up), np.nan, is_real.astype(float))


def _interval(
    rows: pd.DataFrame, figures: pd.DataFrame, options: BenchmarkOptions
) -> tuple[Real, Real, Real]:
    """Lower limit, estimate and upper limit, in the measure's unit; NaN where the counts do not give the figure."""
    known = figures.rename(columns={"value": "last_value"}).assign(country_value=np.nan, polarity="none")
    names = [name for name in ("unit", "decimals", "numerator_name", "denominator_name") if name in rows]
    found = tested(pd.concat([rows[names], known], axis=1), options)
    share = (figures["numerator"] / figures["denominator"].where(figures["denominator"] > 0)).to_numpy()
    lower, upper = (found[name].to_numpy(dtype=float) for name in ("interval_lower", "interval_upper"))
    return lower, share * scale(rows["unit"])[0], upper
