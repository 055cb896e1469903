"""The least that a control chart costs: sort, factorise, and limits and the four rules on plain arrays.

No words, no points frame, no status: what `pmf_lib.performance.spc.xmr` is measured against.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pmf_lib.performance.spc import rules


def evaluated(
    frame: pd.DataFrame, rebase_at: tuple[int, ...] = (12, 24), *, is_one_key: bool = False
) -> dict[str, Any]:
    """Mean, limits and the four rules of every series of `frame` (`bench.series.frame`).

    It sorts by two keys (`np.lexsort`), or with ``is_one_key`` by one number made of both, as `xmr` itself does.
    """
    series, _ = pd.factorize(frame["measure_id"], sort=True)
    ordinal, value = frame["ordinal"].to_numpy(), frame["value"].to_numpy()
    one = series * (ordinal.max() + 1) + ordinal
    order = np.argsort(one) if is_one_key else np.lexsort((ordinal, series))
    series, ordinal, value = series[order], ordinal[order], value[order]
    segment = sum((ordinal >= at).astype(np.int64) for at in rebase_at)
    has = np.isfinite(value)
    series, ordinal, value, segment = series[has], ordinal[has], value[has], segment[has]
    start = np.ones(len(value), dtype=bool)
    start[1:] = (series[1:] != series[:-1]) | (segment[1:] != segment[:-1])
    group = np.cumsum(start) - 1
    groups = int(group[-1]) + 1
    mean = np.bincount(group, value, groups) / np.bincount(group, minlength=groups)
    moving = np.abs(np.diff(value, prepend=value[:1]))
    used = ~start & (np.diff(ordinal, prepend=ordinal[:1]) == 1)
    plain = _mean(group, moving, used, groups)
    reach = 2.66 * _mean(group, moving, used & (moving < 3.267 * plain[group]), groups)[group]
    away = value - mean[group]
    side = np.sign(away).astype(np.int64)
    close = np.abs(away) > reach * 2 / 3
    return {
        "mean": mean,
        "reach": reach,
        "outside": np.abs(away) > reach,
        "trend": rules.backfill(rules.trend_trigger(value, 7, start), 7, start),
        "two_in_three": rules.two_in_three(close, side, start) & close,
        "shift": rules.backfill(rules.shift_trigger(side, 7, start), 7, start),
    }


def _mean(group: np.ndarray, values: np.ndarray, used: np.ndarray, groups: int) -> np.ndarray:
    total, count = np.bincount(group, values * used, groups), np.bincount(group, used, groups)
    return np.divide(total, count, out=np.full(groups, np.nan), where=count > 0)
