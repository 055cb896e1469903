"""Where a measure's periods stand in a long frame, so that each value is found without joining frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pmf_lib.performance.spc.rules import Real, Whole

NOWHERE = -1


@dataclass(frozen=True)
class Lookup:
    """The rows of a long frame (measure_id, ordinal) by measure and running number of the period."""

    frame: pd.DataFrame
    ids: pd.Index
    key: Whole
    """Measure and period in one number, sorted."""
    row: Whole
    """Row of the frame, by `key`."""
    low: int
    span: int

    def places(self, measure_ids: pd.Series[str], ordinal: pd.Series[float]) -> Whole:
        """Row of each measure's period (the last one, where there are two); `NOWHERE` where there is none."""
        number = self.ids.get_indexer(pd.Index(measure_ids))
        wanted = ordinal.to_numpy(dtype=float, na_value=np.nan) - self.low
        is_asked = (number >= 0) & (wanted >= 0) & (wanted < self.span)
        key = number * self.span + np.where(is_asked, wanted, 0).astype(np.int64)
        at = np.searchsorted(self.key, key, side="right") - 1
        is_there = is_asked & (at >= 0)
        is_there[is_there] &= self.key[at[is_there]] == key[is_there]
        return np.where(is_there, self.row[np.where(is_there, at, 0)] if len(self.row) else NOWHERE, NOWHERE)

    def numbers(self, name: str, at: Whole) -> Real:
        """One column of numbers at these places; NaN where there is none."""
        return self.column(name, at).to_numpy(dtype=float, na_value=np.nan)

    def column(self, name: str, at: Whole) -> pd.Series[Any]:
        """One column at these places; missing where there is none."""
        return pd.Series(self.frame[name].array.take(at, allow_fill=True))


def lookup(frame: pd.DataFrame) -> Lookup:
    """A look-up of `frame`; quickest where its rows are sorted by measure and period, as `series` and `xmr` give them.

    >>> held = lookup(
    ...     pd.DataFrame({"measure_id": ["a", "a", "b"], "ordinal": [1, 2, 2], "value": [5.0, 6, 7]})
    ... )
    >>> held.places(pd.Series(["b", "a", "c"]), pd.Series([2.0, 3, 2])).tolist()
    [2, -1, -1]
    """
    ids, ordinal = frame["measure_id"], frame["ordinal"].to_numpy(dtype=np.int64)
    is_new = (ids != ids.shift()).to_numpy(dtype=bool)
    number, named = pd.factorize(ids[is_new])
    low, high = int(ordinal.min(initial=0)), int(ordinal.max(initial=0))
    key = number[np.cumsum(is_new) - 1] * (high - low + 1) + ordinal - low
    row = np.arange(len(key))
    if (key[1:] < key[:-1]).any():
        row = np.argsort(key, kind="stable")
        key = key[row]
    return Lookup(frame, named, key, row, low, high - low + 1)
