"""A release of every authority's figures: read, benchmarked and rated, against the least that reading it costs."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from ratings import SAME, SCHEME

from pmf_lib.performance.benchmark import standing
from pmf_lib.performance.status import status
from pmf_lib.periods import parse_quarter

RELEASE = "lait/bds_long_0_2025-07-22_79dd99b.parquet"
AS_AT, QUARTER = date(2025, 7, 22), parse_quarter("2025-26 Q1")
ENGLAND, FIRST_OTHER = 970, 970
"""The country's number; regions have greater ones, authorities smaller ones (in Greater London and beyond all under it)."""
POLARITY = {"High": "higher", "Low": "lower"}
OWN = ("target", "polarity", "period")
MEASURE = {name: value for name, value in SAME.items() if name not in OWN} | {
    "kind": "year",
    "year_before": float("nan"),
}


def release() -> Path | None:
    """The file, where published files are."""
    path = Path(os.environ.get("PMF_PUBLISHED", "")) / RELEASE
    return path if os.environ.get("PMF_PUBLISHED") and path.is_file() else None


def baseline(path: Path) -> pd.DataFrame:
    """Read, parse the numbers, describe them once by measure."""
    rows = pd.read_parquet(path)
    values = pd.to_numeric(rows["Values"], errors="coerce")
    return values.groupby(rows["Short Desc"]).describe()


def rated(path: Path) -> list[Any]:
    """Every authority's figures benchmarked, and the latest of each rated against England's of the same year."""
    rows = _figures(path)
    authorities = rows[rows["number"] < FIRST_OTHER]
    england = rows[rows["number"] == ENGLAND]
    latest = authorities[authorities["value"].notna()].sort_values("period")
    latest = latest.drop_duplicates(["measure_id", "number"], keep="last")
    keys = ["measure_id", "period"]
    targets = england[[*keys, "value"]].rename(columns={"value": "target"})
    asked = latest.merge(targets, on=keys, how="left").assign(**MEASURE)
    asked["last_value"] = asked["value"]
    states = status(asked, quarter=QUARTER, as_at=AS_AT, scheme=SCHEME, with_why=False)
    return [standing(authorities), states]


def _figures(path: Path) -> pd.DataFrame:
    """measure_id, period (a financial year by the label's first), authority, number, value, polarity; a year once."""
    rows = pd.read_parquet(path)
    known = pd.read_csv(path.parent / "lait_data_dictionary.csv", dtype="str").drop_duplicates(
        "Measure_short"
    )
    ways = known.set_index("Measure_short")["Polarity"].map(POLARITY)
    labels = rows["Years"].drop_duplicates()
    years = labels.str.extract(r"^(20\d\d)", expand=False).astype(float)
    names = (years - 1).map("{:.0f}".format) + years.map(lambda year: f"-{year % 100:02.0f}")
    found = pd.DataFrame(
        {
            "measure_id": rows["Short Desc"],
            "period": rows["Years"].map(pd.Series(names.to_numpy(), labels).where(years.notna().to_numpy())),
            "authority": rows["LA and Regions"],
            "number": rows["LA Number"],
            "value": pd.to_numeric(rows["Values"], errors="coerce"),
            "polarity": rows["Short Desc"].map(ways).fillna("none"),
        }
    )
    found = found[found["period"].notna()]
    return found.drop_duplicates(["measure_id", "period", "number"], keep="last")
