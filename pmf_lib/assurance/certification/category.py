"""The category of a certification, by the rule and in its order; the first reason that holds decides."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from pmf_lib.assurance.certification.rules import (
    CERTIFIED,
    INACCURATE,
    PREVENTED,
    QUALIFIED,
    CertificationScheme,
)
from pmf_lib.assurance.certification.sample import sample_sizes

ASKED = (
    *("population_n", "sample_n", "errors_n", "reported", "recalculated"),
    *("documentation", "definition_followed", "deviation_changes", "controls"),
)
"""Columns of the table of certifications that the rule reads."""
_NOISE = 1e-9
"""Share of a limit that binary arithmetic may add to it."""


class _Reason(NamedTuple):
    """When a category holds, and why, in words."""

    holds: pd.Series
    category: str
    why: pd.Series | str


def categories(rows: pd.DataFrame, scheme: CertificationScheme) -> pd.DataFrame:
    """Category and reason of each certification.

    Parameters
    ----------
    rows
        One row per certification, with the columns `ASKED`. Answers are yes, no or '' (not known); NaN is a figure that is not
        known. A sample of which nothing is known is not held against the rule's size.
    scheme
        The rules in force.

    Returns
    -------
    DataFrame
        Under the same index: category (one of `pmf_lib.records.schema.words.CERTIFICATES`), why (a clause of a sentence).

    Source
    ------
    Texas State Auditor, Guide to Performance Measure Management: the certification categories.
    """
    reasons = [*_inaccurate(rows, scheme), *_prevented(rows, scheme), *_qualified(rows, scheme)]
    holds = [reason.holds.to_numpy(dtype=bool) for reason in reasons]
    whys = [pd.Series(reason.why, rows.index, dtype=object).to_numpy() for reason in reasons]
    found = {
        "category": np.select(holds, [reason.category for reason in reasons], CERTIFIED),
        "why": np.select(
            holds, whys, "the value was worked out again, and its cases agree with their documents"
        ),
    }
    return pd.DataFrame(found, index=rows.index).astype("str")


def _inaccurate(rows: pd.DataFrame, scheme: CertificationScheme) -> list[_Reason]:
    apart = (rows["reported"] - rows["recalculated"]).abs() * 100
    off = apart > scheme.tolerance_pct * rows["recalculated"].abs() * (1 + _NOISE)
    wrong = rows["errors_n"] * 100 > scheme.errors_over_pct * rows["sample_n"] * (1 + _NOISE)
    tolerance = f"more than {scheme.tolerance_pct:g} per cent"
    return [
        _Reason(off, INACCURATE, f"the value reported lies {tolerance} away from the value worked out again"),
        _Reason(
            wrong,
            INACCURATE,
            _whole(rows["errors_n"])
            + " of "
            + _whole(rows["sample_n"])
            + f" cases tested do not agree with their documents, more than {scheme.errors_over_pct:g} per cent",
        ),
        _Reason(
            _departs(rows) & (rows["deviation_changes"] == "yes"),
            INACCURATE,
            f"it is not counted as its definition says, which changes the value by {tolerance}",
        ),
    ]


def _prevented(rows: pd.DataFrame, scheme: CertificationScheme) -> list[_Reason]:
    unknown = rows["reported"].isna() | rows["recalculated"].isna()
    bare = (rows["documentation"] != "yes") & ~_is_adequate(rows, scheme)
    unweighed = _departs(rows) & (rows["deviation_changes"] != "no")
    asked = sample_sizes(rows, scheme)
    short = (rows["documentation"] == "yes") & (rows["sample_n"] < asked)
    return [
        _Reason(unknown, PREVENTED, "the value could not be worked out again"),
        _Reason(
            bare, PREVENTED, "the documents are not there, and controls are not strong enough to do without"
        ),
        _Reason(
            unweighed,
            PREVENTED,
            "it is not counted as its definition says, and nobody can say what that changes",
        ),
        _Reason(
            short,
            PREVENTED,
            _whole(rows["sample_n"]) + " cases were tested, and " + _whole(asked) + " are asked for",
        ),
    ]


def _qualified(rows: pd.DataFrame, scheme: CertificationScheme) -> list[_Reason]:
    return [
        _Reason(
            rows["documentation"] != "yes",
            QUALIFIED,
            "the documents are not there, and only controls speak for it",
        ),
        _Reason(
            _departs(rows),
            QUALIFIED,
            f"it is not counted as its definition says, which changes the value by {scheme.tolerance_pct:g} per cent at most",
        ),
        _Reason(
            ~_is_adequate(rows, scheme),
            QUALIFIED,
            "controls over it are "
            + rows["controls"].astype("str")
            + ": the value is right, and the next may not be",
        ),
    ]


def _departs(rows: pd.DataFrame) -> pd.Series:
    return rows["definition_followed"] != "yes"


def _is_adequate(rows: pd.DataFrame, scheme: CertificationScheme) -> pd.Series:
    return rows["controls"].isin(scheme.adequate)


def _whole(numbers: pd.Series) -> pd.Series:
    told: pd.Series = numbers.map(lambda number: f"{number:,.0f}").astype("str")
    return told
