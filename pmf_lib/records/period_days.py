"""First and last days of periods named in records, each label read once."""

from __future__ import annotations

from typing import Literal

import pandas as pd

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
    pairs = list(zip(labels, kinds, strict=True))
    read = {pair: _read(*pair) for pair in set(pairs)}
    found = [getattr(period, side) if (period := read[pair]) else None for pair in pairs]
    return pd.Series(found, labels.index, dtype="datetime64[us]")


def _read(label: str, kind: str) -> Period | None:
    for of in (kind, None) if label else ():
        try:
            return periods.parse(label, of)
        except ParameterError:
            continue
    return None
