"""Counts of measures by state and by real change, a row of a table each, with the table's heads."""

from __future__ import annotations

import pandas as pd

from pmf_lib.verdicts import Verdicts
from pmf_lib.workbook.pages.measures import sentences


def counts_heads(verdicts: Verdicts) -> dict[str, str]:
    """Column → head of a table of `counts`, in order."""
    return {
        "n_measures": "Measures",
        **{code: verdicts.get("status", code).word for code in sentences.RATED},
        "without": "No status",
        "improving_n": "Improving",
        "worsening_n": "Worsening",
    }


def counts(name: str, rated: pd.DataFrame) -> dict[str, object]:
    """One row of counts; met, near, missed and no status add up to all measures."""
    states = {code: sentences.count(rated, "state", (code,)) for code in sentences.RATED}
    return {
        "name": name,
        "n_measures": len(rated),
        **states,
        "without": len(rated) - sum(states.values()),
        "improving_n": sentences.count(rated, "variation", sentences.IMPROVING),
        "worsening_n": sentences.count(rated, "variation", sentences.WORSENING),
        "tested_n": sentences.count(rated, "variation", sentences.TESTED),
    }
