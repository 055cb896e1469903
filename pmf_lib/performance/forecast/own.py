"""The service's own forecast beside this one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pmf_lib.performance.forecast import words
from pmf_lib.performance.frames import complete
from pmf_lib.periods import Period

CODES = ("none", "not_compared", "agrees", "more_hopeful", "less_hopeful", "higher", "lower")
SAYS = {
    "agrees": "which lies within the range",
    "more_hopeful": "which is more hopeful than the whole range",
    "less_hopeful": "which is less hopeful than the whole range",
    "higher": "which lies above the range",
    "lower": "which lies below the range",
}


def beside(found: pd.DataFrame, own: pd.DataFrame, measures: pd.DataFrame, quarter: Period) -> pd.DataFrame:
    """What each service itself expected of the year in this quarter, held against the range at the present pace.

    Parameters
    ----------
    found
        ``measures`` of `forecast`.
    own, measures
        Tables of records (``forecasts`` and ``measures``).
    quarter
        The reporting quarter.

    Returns
    -------
    DataFrame
        One row per row of `found`, same index: own (the service's forecast, NaN without one), own_basis (its words),
        own_says (one of `CODES`; by polarity, 'higher' and 'lower' where neither way is better), own_why.
    """
    said = complete(own, "forecasts")
    said = said[(said["quarter"] == quarter.label) & (said["year"] == quarter.financial_year.label)]
    said = said.drop_duplicates("measure_id").set_index("measure_id")
    of = complete(measures, "measures", ["measure_id", "polarity", "unit", "decimals"]).set_index(
        "measure_id"
    )
    rows = found[["measure_id", "low", "high"]].join(said[["forecast", "basis"]], on="measure_id")
    rows = rows.join(of, on="measure_id")
    codes = _codes(rows)
    why = [_why(row, code) for row, code in zip(rows.itertuples(), codes, strict=True)]
    result = pd.DataFrame({"own": rows["forecast"], "own_basis": rows["basis"].fillna("")}, found.index)
    return result.assign(own_says=codes, own_why=why).astype(
        dict.fromkeys(("own_basis", "own_says", "own_why"), "str")
    )


def _codes(rows: pd.DataFrame) -> list[str]:
    """How the service's forecast lies to the range; figures are compared as the measure is reported."""
    unit = 10.0 ** rows["decimals"]
    low, own, high = ((rows[name] * unit).round(9) for name in ("low", "forecast", "high"))
    above, below = own > np.ceil(high), own < np.floor(low)
    better = rows["polarity"].map({"higher": 1, "lower": -1}).fillna(0)
    way = above.astype(int) - below.astype(int)
    cases = [own.isna(), low.isna(), way == 0, way * better > 0, way * better < 0, way > 0]
    return [str(code) for code in np.select(cases, CODES[:-1], CODES[-1])]


def _why(row: Any, code: str) -> str:
    if code == "none":
        return "The service gives no forecast of its own."
    own = words.amount(row, row.forecast)
    if code == "not_compared":
        return f"The service expects {own}; there is no range to hold it against."
    ends = f"{words.shown(row, row.low)} to {words.shown(row, row.high)}"
    return f"The service expects {own}, {SAYS[code]} at the present pace ({ends})."
