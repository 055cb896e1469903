"""Input of the benchmarks: a shuffled long frame of many ragged series, made from one seed."""

from __future__ import annotations

import numpy as np
import pandas as pd

POINTS = 36


def frame(series: int, seed: int = 1) -> pd.DataFrame:
    """`series` × 36 points or fewer: measure_id (text), ordinal, value; ragged starts, two rebases' steps, shuffled.

    One period in twenty is a gap: half of the gaps are rows without a value, half have no row.
    """
    rng = np.random.default_rng(seed)
    values = rng.normal(50, 5, (series, POINTS))
    values[:, 12:] += 4
    values[:, 24:] -= 6
    kept = np.arange(POINTS) >= rng.integers(0, 12, (series, 1))
    gap = rng.random((series, POINTS))
    values[gap < 0.025] = np.nan
    kept &= gap < 0.975
    ids = np.array([f"measure-{number:06d}" for number in range(series)])
    long = pd.DataFrame(
        {
            "measure_id": np.repeat(ids, POINTS)[kept.ravel()],
            "ordinal": np.tile(np.arange(POINTS), series)[kept.ravel()],
            "value": values.ravel()[kept.ravel()],
        }
    )
    return long.sample(frac=1, random_state=seed, ignore_index=True)


def rebases(series: int) -> pd.DataFrame:
    """Two rebases in each series, at points 12 and 24."""
    ids = [f"measure-{number:06d}" for number in range(series)]
    return pd.DataFrame({"measure_id": ids * 2, "ordinal": [12] * series + [24] * series})
