"""Changes of definition: which there are, and whether the level of the series moved with them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from pmf_lib.periods import Period
from pmf_lib.records import findings
from pmf_lib.records.quality.known import dated
from pmf_lib.records.quality.patterns import MR_SIGMA, shown, usual_move
from pmf_lib.records.quality.scheme import PatternRules, QualityScheme


def definition_breaks(measures: pd.DataFrame, quarter: Period, scheme: QualityScheme) -> pd.DataFrame:
    """Measures whose present definition began within the quarters shown: findings of the rule 'series.definition-break'.

    It is a note, not a fault, and no doubt: values before are not compared with those after.
    """
    named = measures[measures["definition_from"] != ""]
    begun = named[["measure_id"]].assign(period=named["definition_from"])
    ends = dated(begun, named)["end"].reindex(named.index)
    first = pd.Timestamp(quarter.shift(1 - scheme.break_quarters).start)
    rows = named[(ends >= first) & (ends <= pd.Timestamp(quarter.end))]
    return findings.found(
        "series.definition-break",
        "measures",
        rows,
        column="definition_from",
        got=rows["definition_from"],
        expected="values before " + rows["definition_from"] + " not to be compared with those after",
        mend="Nothing needs mending.",
    )


def level_breaks(
    known: pd.DataFrame, measures: pd.DataFrame, quarter: Period, scheme: QualityScheme
) -> pd.DataFrame:
    """Measures whose level moved with their definition: findings of the rule 'series.level-break', each on the measure's row, with `was`.

    Of the definitions that changed within the quarters shown (`definition_breaks`). A note: the change of definition explains it,
    and whoever set the target under the old one should know. Years to date and rolling windows are not judged.

    Parameters
    ----------
    known
        Observations in force (`known.in_force`).
    measures, quarter, scheme
        Table of records, the reporting quarter, and how unlikely a move must be.
    """
    broken = measures.loc[definition_breaks(measures, quarter, scheme).index]
    broken = broken[broken["accumulation"] == "in-period"]
    moved = _levels(known, broken, scheme.patterns)
    rows = broken[broken["measure_id"].isin(moved.index)]
    before, after = (shown(rows["measure_id"].map(moved[side]), rows["decimals"]) for side in ("old", "new"))
    found = findings.found(
        "series.level-break",
        "measures",
        rows,
        column="definition_from",
        got=after,
        expected="about " + before + ", as before; chance does not explain it",
        mend="See whether the target that was set before still fits.",
    )
    return found.assign(was=before)


def _levels(known: pd.DataFrame, measures: pd.DataFrame, rules: PatternRules) -> pd.DataFrame:
    """By measure whose level moved: `old` and `new`, the means of the values nearest to the change on either side.

    Their difference is held against its standard error, from the mean moving range of the series on either side, by Student's t
    with half as many degrees of freedom as there are moves.
    """
    begun = measures[["measure_id"]].assign(period=measures["definition_from"])
    first = dated(begun, measures).set_index("measure_id")["ordinal"]
    rows = dated(known[known["value"].notna() & known["measure_id"].isin(first.index)], measures)
    is_new = rows["ordinal"] >= rows["measure_id"].map(first).astype("float64")
    sides = {
        "old": rows[~is_new].groupby("measure_id").tail(rules.break_values),
        "new": rows[is_new].groupby("measure_id").head(rules.break_values),
    }
    each = {name: side.groupby("measure_id")["value"].agg(["mean", "size"]) for name, side in sides.items()}
    both = each["old"].add_suffix("_old").join(each["new"].add_suffix("_new"), how="inner")
    both = both[(both[["size_old", "size_new"]] >= rules.break_from).all(axis=1)]
    usual = usual_move(rows, measures, rules, within=is_new).reindex(both.index)
    error = usual["mean"] / MR_SIGMA * np.sqrt(1 / both["size_old"] + 1 / both["size_new"])
    chance = 2 * special.stdtr(usual["count"] / 2, -(both["mean_new"] - both["mean_old"]).abs() / error)
    moved: pd.DataFrame = both[chance < rules.chance]
    return moved.rename(columns={"mean_old": "old", "mean_new": "new"})
