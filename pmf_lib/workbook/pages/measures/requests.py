"""What is asked of the owners of measures: values, targets, explanations, a definition, an owner."""

from __future__ import annotations

from datetime import date

import pandas as pd


def overdue(rated: pd.DataFrame, as_at: date) -> pd.Series[bool]:
    """Measures whose value was due before the as-at date and is not there."""
    due = rated["due_on"].notna() & (rated["due_on"] < pd.Timestamp(as_at))
    return due & rated["value"].isna() & ~rated["state"].isin(["retired", "suppressed"])


def requests(rated: pd.DataFrame, commentary: pd.DataFrame, quarter: str, as_at: date) -> pd.DataFrame:
    """One row per thing asked: title, asked, owner; the most urgent first."""
    explained = commentary.loc[(commentary["quarter"] == quarter) & (commentary["text"] != ""), "measure_id"]
    silent = (rated["state"] == "missed") & ~rated["measure_id"].isin(explained)
    wanted = {
        "Send the value that was due.": overdue(rated, as_at),
        "Say why it misses its target, and what is being done.": silent,
        "Propose a target for approval, or mark it as monitor only.": rated["state"] == "target_missing",
        "Write down how it is counted.": rated["state"] == "not_defined",
        "Name the post that answers for it.": (rated["owner"] == "") & (rated["state"] != "retired"),
    }
    parts = [rated.loc[rows, ["title", "owner"]].assign(asked=text) for text, rows in wanted.items()]
    return pd.concat(parts, ignore_index=True)
