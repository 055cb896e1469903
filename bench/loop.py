"""The usual way: one series after another with pandas, as a notebook would write it."""

from __future__ import annotations

import pandas as pd


def evaluated(frame: pd.DataFrame, rebase_at: tuple[int, ...] = (12, 24)) -> pd.DataFrame:
    """Mean, limits and the four rules of every series of `frame` (`bench.series.frame`), series by series."""
    parts = []
    for _, measure in frame.groupby("measure_id"):
        rows = measure.sort_values("ordinal").dropna(subset=["value"])
        segment = sum((rows["ordinal"] >= at).astype(int) for at in rebase_at)
        parts += [_segment(part) for _, part in rows.groupby(segment)]
    return pd.concat(parts)


def _segment(part: pd.DataFrame) -> pd.DataFrame:
    value = part["value"]
    mean = value.mean()
    moving = value.diff().abs().where(part["ordinal"].diff() == 1)
    average = moving[moving < 3.267 * moving.mean()].mean()
    near, far = 2.66 * average * 2 / 3, 2.66 * average
    away = value - mean
    side = (away > 0).astype(int) - (away < 0).astype(int)
    rising = (value.diff() > 0).rolling(6).sum() == 6
    falling = (value.diff() < 0).rolling(6).sum() == 6
    same = side.rolling(3).sum().abs() == 3
    return part.assign(
        mean=mean,
        lpl=mean - far,
        upl=mean + far,
        outside=away.abs() > far,
        trend=_back(rising | falling, 7),
        two_in_three=_back(same & ((away.abs() > near).rolling(3).sum() >= 2), 3) & (away.abs() > near),
        shift=_back(side.rolling(7).sum().abs() == 7, 7),
    )


def _back(fired: pd.Series, n: int) -> pd.Series:
    """Spread over the `n` points that made it."""
    return fired[::-1].rolling(n, min_periods=1).max()[::-1] > 0
