"""First and last days of periods named in records, each label read once."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pmf_lib import periods
from pmf_lib.errors import ParameterError
from pmf_lib.periods import Period


def days(
    labels: pd.Series[str], kinds: pd.Series[str], side: Literal["start", "end"] = "start"
) -> pd.Series[pd.Timestamp]:
    """First (or last) days, each label read as of its kind, else as what it looks like; NaT where it is no period.

    >>> days(pd.Series(["2024-05", "2024-25 Q1", ""]), pd.Series(["month", "month", "month"])).dt.strftime(
    ...     "%d/%m/%Y"
    ... ).tolist()
    ['01/05/2024', '01/04/2024', nan]
    """
    pairs, pair = distinct(labels, kinds)
    read = [_read(label, kind) for label, kind in pairs]
    found = np.array([period and getattr(period, side) for period in read], dtype="datetime64[us]")
    return pd.Series(found[pair], labels.index)


def distinct(labels: Any, kinds: Any) -> tuple[list[tuple[Any, Any]], NDArray[np.int64]]:
    """The different pairs of label and kind, and at which place among them each row's is.

    >>> distinct(pd.Series(["2024-05", "2024", "2024-05"]), pd.Series(["month", "calendar_year", "month"]))
    ([('2024-05', 'month'), ('2024', 'calendar_year')], array([0, 1, 0]))
    """
    (label, of_labels), (kind, of_kinds) = (
        pd.factorize(np.asarray(one, dtype=object), use_na_sentinel=False) for one in (labels, kinds)
    )
    pairs, pair = np.unique(label * len(of_kinds) + kind, return_inverse=True)
    return [(of_labels[one // len(of_kinds)], of_kinds[one % len(of_kinds)]) for one in pairs.tolist()], pair


def _read(label: str, kind: str) -> Period | None:
    for of in (kind, None) if label else ():
        try:
            return periods.parse(label, of)
        except ParameterError:
            continue
    return None
