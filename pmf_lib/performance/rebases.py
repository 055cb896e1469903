"""Where control charts begin anew: recorded decisions held against the values, and their words at the point where each begins."""

from __future__ import annotations

import pandas as pd

from pmf_lib.errors import ParameterError, unknown
from pmf_lib.periods import FREQUENCIES, Period, parse

COLUMNS = ("measure_id", "period", "decision")
WAITS = "waits"
"""The one problem that mends itself in time."""


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
    known = rebase[kinds.notna()].assign(kind=kinds)
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
        told.astype({"ordinal": "int64"}),
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
        One row per decision: measure_id, period, file.
    measures
        Table of records.
    series
        As `series` gives it, up to the quarter's end.
    least
        Values that a segment needs for limits.

    Returns
    -------
    DataFrame
        `rebase` with problem ('' where it holds, else 'measure', 'period', 'no chart', 'nothing before' or 'waits') and says (the
        fault in words with its file and how to mend it, '' where it holds). A decision that waits holds once there are values enough.
    """
    often = dict(zip(measures["measure_id"], measures["frequency"], strict=True))
    held = series[series["value_in_period"].notna()]
    values = {str(name): rows.sort_values("ordinal") for name, rows in held.groupby("measure_id", sort=False)}
    decisions = zip(rebase["measure_id"], rebase["period"], rebase["file"], strict=True)
    found = [_judged(one, often, values.get(one[0], held.head(0)), least) for one in decisions]
    problems, says = zip(*found, strict=True) if found else ((), ())
    return rebase.assign(
        problem=pd.Series(problems, rebase.index, dtype=str), says=pd.Series(says, rebase.index, dtype=str)
    )


def _judged(
    decision: tuple[str, str, str], often: dict[str, str], held: pd.DataFrame, least: int
) -> tuple[str, str]:
    """Problem and words of one decision (measure, period, file); `held` are its measure's values in order of time."""
    name, label, file = decision
    if name not in often:
        return "measure", f"{file}: {unknown('measure', name, often, _mend('measure', file))}"
    try:
        period = parse(label, FREQUENCIES[often[name]])
    except ParameterError as error:
        return "period", f"{file}: '{name}' is {often[name]}. {error} {_mend('period', file)}"
    unsuited = "".join(held["unsuited"].head(1))
    if unsuited:
        return (
            "no chart",
            f"{file}: '{name}' has no control chart that could begin anew. {unsuited} Delete the file.",
        )
    problem, says = _timely(period, held, least)
    return problem, f"{file}: of '{name}' {says}" if problem else ""


def _timely(period: Period, held: pd.DataFrame, least: int) -> tuple[str, str]:
    """Is there a value before the period, and are there enough from it on?"""
    before = int((held["ordinal"] < period.ordinal).sum())
    after = len(held) - before
    if len(held) and not before:
        first = parse(held["period"].iloc[0], period.kind)
        return "nothing before", (
            f"no value lies before {_said(period)}, so nothing can begin anew there: the first is of {_said(first)}. "
            "Name a later period, or delete the file."
        )
    if after < least:
        known = {0: "no value is", 1: "one value is"}.get(after, f"{after} values are")
        return WAITS, (
            f"{known} known from {_said(period)} on, and limits need {least}: the decision waits until they are there. "
            "If it is to hold now, name an earlier period."
        )
    return "", ""


def _said(period: Period) -> str:
    """A period within a sentence.

    >>> _said(parse("2024-04", "month")), _said(parse("2024-25 Q1", "quarter"))
    ('April 2024', 'quarter 1, April to June 2024')
    """
    return period.words.replace("Quarter", "quarter", 1)


def _mend(key: str, file: str) -> str:
    return f"Mend '{key}' in '{file.rpartition('/')[2]}'."
