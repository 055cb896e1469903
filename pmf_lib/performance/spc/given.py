"""What a caller of `xmr` gives: wrong calls are told in words before anything is calculated."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import numpy as np
import pandas as pd

from pmf_lib.errors import ParameterError, expected, listed, unknown
from pmf_lib.performance.spc.rules import Real, Whole

HIGHER_IS_BETTER = {"higher": 1, "lower": -1}
POLARITIES = (*HIGHER_IS_BETTER, "range", "none")
EXACT_BELOW = 2.0**53
"""Whole numbers up to this one are exact in binary."""


def check_names(names: Iterable[str], taken: Collection[str]) -> None:
    """No column of the caller's has the name of one of the answer's.

    Raises
    ------
    ParameterError
        One has.
    """
    clash = [name for name in names if name in taken]
    if clash:
        raise ParameterError(f"{listed(clash)}: the answer has a column of that name. Rename the frame's.")


def check_columns(
    frame: pd.DataFrame, keys: Iterable[str], others: Iterable[str] = (), *, what: str = "frame"
) -> None:
    """Every column is there, and no row lacks a key (which series, which point in time).

    Raises
    ------
    ParameterError
        A column is not there, or a row lacks its series or its point in time.
    """
    keys = list(keys)
    missing = [name for name in (*keys, *others) if name not in frame.columns]
    if missing:
        raise ParameterError(f"The {what} has no column {listed(missing)}. It has {listed(frame.columns)}.")
    for name in keys:
        absent = int(frame[name].isna().sum())
        if absent:
            rows = "1 row has" if absent == 1 else f"{absent} rows have"
            raise ParameterError(f"{rows} no '{name}' in the {what}. Fill it in, or leave them out.")


def numbers(values: pd.Series[Any]) -> Real:
    """A column as numbers; a missing one is NaN.

    Raises
    ------
    ParameterError
        Something in it is no number.
    """
    try:
        return values.to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        odd = values[pd.to_numeric(values, errors="coerce").isna() & values.notna()]
        got = odd.iloc[0] if len(odd) else values.dtype
        raise ParameterError(expected(f"column '{values.name}'", got, "numbers", "12.5")) from None


def is_whole(order: pd.Series[Any]) -> bool:
    """Whether points in time are running whole numbers, be they kept as floats (as a join leaves them)."""
    if not pd.api.types.is_float_dtype(order):
        return pd.api.types.is_integer_dtype(order)
    held = order.to_numpy(dtype=float)
    return bool((np.abs(held) < EXACT_BELOW).all() and (held == np.rint(held)).all())


def ways(polarity: str | pd.Series[str] | None, frame: pd.DataFrame, ids: pd.Index, by: str) -> Whole:
    """1, −1 or 0 for each series: is a higher value better, worse, or neither?

    Raises
    ------
    ParameterError
        A polarity is not known, or a series has two.
    """
    if polarity is None:
        return np.zeros(len(ids), dtype=np.int64)
    if isinstance(polarity, str):
        check_columns(frame, [], [polarity])
        polarity = frame[[by, polarity]].drop_duplicates().set_index(by)[polarity]
    if not polarity.index.is_unique:
        raise ParameterError(f"Two polarities for {listed(polarity.index[polarity.index.duplicated()])}.")
    way = polarity.map(HIGHER_IS_BETTER)
    for odd in polarity[way.isna() & polarity.notna()].unique():
        if odd not in (*POLARITIES, ""):
            raise ParameterError(unknown("polarity", odd, POLARITIES))
    return way.reindex(ids).astype(float).fillna(0).to_numpy().astype(np.int64)
