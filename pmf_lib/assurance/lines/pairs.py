"""Sources of assurance set beside each other: what two concluded of the same part of an area, and who looked at it at once."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.lines.cells import STEP
from pmf_lib.assurance.lines.sources import OWN_RUN, RECORDED
from pmf_lib.assurance.lines.told import Told, concluded, source_words

PAIRS = ("area", "source", "other", "said", "other_said", "words", "other_words", "apart")


def covering(told: Told, *, once: bool = True) -> pd.DataFrame:
    """One row per area and recorded source in force on it (with `once` false: and part that it reaches)."""
    rows = told.reached.drop_duplicates(["source", "area"]) if once else told.reached
    sources = told.sources[(told.sources["made_of"] == RECORDED) & (told.sources["amount_now"] != "")]
    return rows.merge(sources, on="source")


def between(told: Told) -> pd.DataFrame:
    """Pairs of recorded sources that looked at the same part of an area."""
    rows = covering(told, once=False)
    rows = rows[rows["conclusion"].isin(STEP)]
    both = rows.merge(rows, on=["area", "part"], suffixes=("", "_2"))
    both = both[both["source"] < both["source_2"]]
    other_service = (
        (both["service"] != "") & (both["service_2"] != "") & (both["service"] != both["service_2"])
    )
    both = both[~other_service].drop_duplicates(["area", "source", "source_2"])
    return _paired(told, both)


def with_run(told: Told) -> pd.DataFrame:
    """Recorded sources beside the run's level that is nearest to theirs, in the units of which they speak."""
    rows = covering(told)
    rows = rows[rows["conclusion"].isin(STEP)]
    run = told.sources[told.sources["made_of"] == OWN_RUN]
    run = told.reached[["source", "area"]].drop_duplicates().merge(run, on="source")
    both = rows.merge(run, on="area", suffixes=("", "_2"))
    both = both[(both["directorate"] == "") | (both["directorate"] == both["directorate_2"])]
    paired = _paired(told, both)
    return paired.sort_values("apart", kind="stable").drop_duplicates(["area", "source"])


def _paired(told: Told, both: pd.DataFrame) -> pd.DataFrame:
    """The pairs, each with how many steps lie between them, and both sides in words."""
    records = both.to_dict("records")
    others = [
        {name: row[f"{name}_2"] for name in ("provider", "subject", "directorate", "reported_on", "made_of")}
        for row in records
    ]
    apart = (steps(both["conclusion"]) - steps(both["conclusion_2"])).abs()
    made = both[["area", "source"]].assign(
        other=both["source_2"],
        said=both["conclusion"],
        other_said=both["conclusion_2"],
        words=[f"{source_words(row, told.whose)}: {concluded(row['conclusion'])}" for row in records],
        other_words=[
            f"{source_words(other, told.whose)}: {concluded(row['conclusion_2'])}"
            for row, other in zip(records, others, strict=True)
        ],
        apart=apart,
    )
    return made[list(PAIRS)]


def at_once(told: Told) -> pd.DataFrame:
    """Pairs of recorded sources of two lines that looked at an area in the same period."""
    rows = covering(told)
    rows = rows.assign(begun=rows["from_on"].fillna(rows["ended_on"]))
    both = rows.merge(rows, on="area", suffixes=("", "_2"))
    same = (both["begun"] <= both["ended_on_2"]) & (both["begun_2"] <= both["ended_on"])
    return both[same & (both["line"] < both["line_2"])]


def steps(conclusions: pd.Series[str]) -> pd.Series[float]:
    """How many steps each conclusion is from the best; nothing where none is stated."""
    return conclusions.map(STEP).astype("float64")
