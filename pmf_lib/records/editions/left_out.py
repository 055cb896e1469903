"""How much the public edition leaves out, without saying what: counts by directorate."""

from __future__ import annotations

from typing import Any

import pandas as pd

COLUMNS = ("edition", "directorate", "what", "count")
MEASURES, FIGURES = "measures", "figures"
TYPES: dict[str, Any] = {"edition": str, "directorate": str, "what": str, "count": "int64"}


def nothing() -> pd.DataFrame:
    """What a full edition leaves out: no row at all.

    >>> len(nothing()), list(nothing().columns)
    (0, ['edition', 'directorate', 'what', 'count'])
    """
    return pd.DataFrame({name: pd.Series(dtype=TYPES[name]) for name in COLUMNS})


def counted(edition: str, measures: pd.Series[str], figures: pd.Series[str]) -> pd.DataFrame:
    """One row per directorate and kind, and one for the whole council ('') whatever was left out.

    >>> counted("public", pd.Series(["adults"]), pd.Series(["adults", "adults"])).to_numpy().tolist()
    [['public', '', 'figures', 2], ['public', '', 'measures', 1], ['public', 'adults', 'figures', 2], ['public', 'adults', 'measures', 1]]
    """
    parts = []
    for what, owners in ((MEASURES, measures), (FIGURES, figures)):
        of = owners[owners != ""].value_counts()
        parts += [("", what, len(owners)), *((str(name), what, int(count)) for name, count in of.items())]
    frame = pd.DataFrame(parts, columns=["directorate", "what", "count"]).assign(edition=edition)
    return frame[list(COLUMNS)].sort_values(["directorate", "what"], ignore_index=True).astype(TYPES)


def number(left_out: pd.DataFrame, what: str, directorate: str) -> int:
    """How many of a kind were left out of a directorate's records ('' for the whole council's)."""
    mine = (left_out["what"] == what) & (left_out["directorate"] == directorate)
    return int(left_out.loc[mine, "count"].sum())
