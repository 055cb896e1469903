"""Where control charts begin anew: recorded decisions held against the values, and their words at the point where each begins."""

from __future__ import annotations

import pandas as pd

from pmf_lib.errors import ParameterError, unknown
from pmf_lib.periods import FREQUENCIES, Period, parse

WAITS = "waits"
"""The one problem that mends itself in time."""
Told = tuple[str, str, str]
"""Problem, its words, and how to mend it."""


def placed(rebase: pd.DataFrame | None, measures: pd.DataFrame) -> pd.DataFrame:
    """Where new segments begin: measure_id, ordinal, and decision ('' where `rebase` has none).

    Raises
    ------
    ParameterError
        A period is not of its measure's frequency.
    """
    if rebase is None or rebase.empty:
        return pd.DataFrame({"measure_id": [], "ordinal": [], "decision": []}).astype(
            {"measure_id": str, "ordinal": int, "decision": str}
        )
    kinds = rebase["measure_id"].map(measures.set_index("measure_id")["frequency"].map(FREQUENCIES))
    known = rebase.assign(kind=kinds).dropna(subset="kind")
    found = [parse(label, kind).ordinal for label, kind in zip(known["period"], known["kind"], strict=True)]
    return known[["measure_id"]].assign(ordinal=found, decision=known.get("decision", ""))


def words_at(points: pd.DataFrame, begun: pd.DataFrame) -> pd.Series[str]:
    """The words of a decision at the first point of the segment that it began, '' at all others.

    Parameters
    ----------
    points
        `xmr` points: measure_id, ordinal, segment.
    begun
        As `placed` gives it.
    """
    words = pd.Series("", points.index, dtype=str)
    firsts = points.drop_duplicates(["measure_id", "segment"])[["measure_id", "ordinal"]]
    firsts = firsts.assign(at=firsts.index, first=firsts["ordinal"]).sort_values("first")
    told = begun[begun["decision"] != ""].sort_values("ordinal")
    if told.empty or firsts.empty:
        return words
    found = pd.merge_asof(
        told.astype({"ordinal": "int64", "measure_id": firsts["measure_id"].dtype}),
        firsts.drop(columns="ordinal").astype({"first": "int64"}),
        left_on="ordinal",
        right_on="first",
        by="measure_id",
        direction="forward",
    ).dropna(subset="at")
    joined = found.groupby("at")["decision"].agg("; ".join)
    words.loc[joined.index.astype(points.index.dtype)] = joined.to_numpy()
    return words


def judged(rebase: pd.DataFrame, measures: pd.DataFrame, series: pd.DataFrame, *, least: int) -> pd.DataFrame:
    """Which decisions to begin a new segment hold on these values.

    Parameters
    ----------
    rebase
        One row per decision: measure_id, period.
    measures
        Table of records.
    series
        As `series` gives it, up to the quarter's end.
    least
        Values that a segment needs for limits.

    Returns
    -------
    DataFrame
        `rebase` with problem ('' where it holds, else 'measure', 'period', 'no chart', 'nothing before' or 'waits'), says (the
        fault in words) and mend (how to mend it). A decision that waits holds once there are values enough.
    """
    often = dict(zip(measures["measure_id"], measures["frequency"], strict=True))
    held = series[series["value_in_period"].notna()]
    values = {str(name): rows.sort_values("ordinal") for name, rows in held.groupby("measure_id", sort=False)}
    decisions = zip(rebase["measure_id"], rebase["period"], strict=True)
    found = [_judged(one, often, values.get(one[0], held.head(0)), least) for one in decisions]
    told = pd.DataFrame(found, rebase.index, columns=["problem", "says", "mend"], dtype=str)
    return rebase.join(told)


def _judged(decision: tuple[str, str], often: dict[str, str], held: pd.DataFrame, least: int) -> Told:
    """What is wrong with one decision (measure, period); `held` are its measure's values in order of time."""
    name, label = decision
    if name not in often:
        return "measure", unknown("measure", name, often), "Mend 'measure'."
    try:
        period = parse(label, FREQUENCIES[often[name]])
    except ParameterError as error:
        return "period", f"The measure is {often[name]}, and {error}", "Mend 'period'."
    unsuited = "".join(held["unsuited"].head(1))
    if unsuited:
        return "no chart", f"It has no control chart that could begin anew. {unsuited}", "Delete the file."
    return _timely(period, held, least)


def _timely(period: Period, held: pd.DataFrame, least: int) -> Told:
    """Is there a value before the period, and are there enough from it on?"""
    before = int((held["ordinal"] < period.ordinal).sum())
    after = len(held) - before
    if len(held) and not before:
        first = parse(held["period"].iloc[0], period.kind).words_within
        says = f"No value lies before {period.words_within}, so nothing can begin anew there: the first is of {first}."
        return "nothing before", says, "Name a later period, or delete the file."
    if after < least:
        known = {0: "No value is", 1: "One value is"}.get(after, f"{after} values are")
        says = f"{known} known from {period.words_within} on, and limits need {least}: the decision waits until they are there."
        return WAITS, says, "If it is to hold now, name an earlier period."
    return "", "", ""
