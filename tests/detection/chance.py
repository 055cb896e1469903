"""What chance does to a control chart: how often a series says "real change" by its length and the size of the change."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pmf_lib.performance.spc import xmr
from pmf_lib.workbook.book import schemes

LENGTHS = (12, 24, 42)
SIZES = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0)
"""Steps, in standard deviations; 0 is noise alone, so that every signal is a false one."""
SINCE = 8
"""How many periods before the end the level moves."""
SERIES = 2000
FOLLOWS = (0.0, 0.3, 0.5)
"""How far each value of a series without any change follows the one before: correlations."""
RULES = ("outside", "trend", "two_in_three", "shift")


def signals(
    length: int, size: float, *, follows: float = 0.0, series: int = SERIES, seed: int = 1
) -> pd.Series:
    """Share of made-up series (in per cent) with a real change at their last point, as a whole and by rule.

    Values are normal, each with this correlation to the one before; the level moves by `size` standard deviations
    `SINCE` periods before the end.
    """
    rng = np.random.default_rng([seed, length, round(size * 10)])
    values = rng.standard_normal((series, length))
    for at in range(1, length):
        values[:, at] = follows * values[:, at - 1] + np.sqrt(1 - follows**2) * values[:, at]
    values[:, -SINCE:] += size
    frame = pd.DataFrame(
        {
            "measure_id": np.repeat([f"s{number:05d}" for number in range(series)], length),
            "ordinal": np.tile(np.arange(length), series),
            "value": values.ravel(),
            "polarity": "higher",
        }
    )
    summary = xmr(frame, options=schemes().xmr, polarity="polarity").summary
    said = summary["variation"].eq("improving_high") if size else summary["variation"].ne("no_real_change")
    shares = {rule: summary["signals"].str.contains(rule).mean() * 100 for rule in RULES}
    return pd.Series({"any": said.mean() * 100} | shares)


def table() -> pd.DataFrame:
    """One row per length and size: shares in per cent."""
    rows = {(length, size): signals(length, size) for length in LENGTHS for size in SIZES}
    return pd.DataFrame(rows).T.rename_axis(["points", "step"])


def followed() -> pd.DataFrame:
    """One row per correlation, of the longest series without any change: shares in per cent."""
    rows = {follows: signals(LENGTHS[-1], 0.0, follows=follows) for follows in FOLLOWS}
    return pd.DataFrame(rows).T.rename_axis("correlation")
