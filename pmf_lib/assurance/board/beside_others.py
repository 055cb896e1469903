"""How a unit's measures stand beside others' figures, for what a board is told of value for money."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from pmf_lib.assurance.evidence import Evidence

NOBODY = (
    "No figure of anybody else is recorded for the same period as a measure of this unit, so how its measures stand beside others "
    "is not known."
)
NO_COST = "No measure of finance stands beside others' figures."
VERDICTS = {
    "worse": "worse by more than chance",
    "better": "better by more than chance",
    "similar": "within chance",
    "higher": "higher by more than chance",
    "lower": "lower by more than chance",
    "": "not tested",
}
"""Verdict of a figure's interval against the country's → how it is counted, the first first."""


def beside_words(benchmark: pd.DataFrame | None, finance: Collection[str]) -> str:
    """How the measures of finance stand beside others', each in a sentence, and the count of the rest.

    Parameters
    ----------
    benchmark
        One row per measure, as from `pmf_lib.performance.benchmark.benchmark`; None: nobody asked how they stand.
    finance
        Ids of the measures of finance.

    Returns
    -------
    str
        Sentences; '' where nobody asked.
    """
    if benchmark is None:
        return ""
    compared = benchmark[benchmark["is_compared"]]
    if compared.empty:
        return NOBODY
    is_cost = compared["measure_id"].isin(list(finance))
    cost, rest = compared[is_cost], compared[~is_cost]
    each = [
        f"“{title}” beside others: {says}" for title, says in zip(cost["title"], cost["says"], strict=True)
    ]
    return " ".join(filter(None, [*(each or ([NO_COST] if len(finance) else [])), _rest(rest, bool(each))]))


def of_finance(evidence: Evidence) -> pd.DataFrame:
    """Rated measures that are linked to the framework by the perspective of finance."""
    links, rated = evidence.links, evidence.rated
    return rated[rated["measure_id"].isin(links.loc[links["perspective"] == "finance", "measure_id"])]


def _rest(rows: pd.DataFrame, is_other: bool) -> str:
    """How many more measures stand beside others' figures, by verdict; '' where none does."""
    if rows.empty:
        return ""
    counts = rows["verdict"].value_counts()
    said = [f"{counts[verdict]} {words}" for verdict, words in VERDICTS.items() if verdict in counts]
    other = "other " if is_other else ""
    who = f"1 {other}measure stands" if len(rows) == 1 else f"{len(rows)} {other}measures stand"
    countries = sorted(set(rows.loc[rows["verdict"] != "", "country"]))
    against = f", tested against {' or '.join(countries)}" if countries else ""
    return f"{who} beside others' figures{against}: {', '.join(said)}."
