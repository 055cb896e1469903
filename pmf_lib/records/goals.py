"""Targets held against the measure's own earlier targets and values: slips by a power of ten, and the wrong year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pmf_lib.periods import FREQUENCIES
from pmf_lib.records import findings
from pmf_lib.records.cells import looked_up
from pmf_lib.records.faults import number_words
from pmf_lib.records.period_days import days
from pmf_lib.records.quality.known import dated
from pmf_lib.records.slips import DEFAULT, SlipRules, times_words

YEAR_BEGINS = {"term": 9, "academic_year": 9, "calendar_year": 1}
"""Month in which the year of a kind of period begins, beside the financial year."""
FIGURES = ("target", "lower", "upper")
SAME = ["measure_id", "basis", "season", "part"]
"""Targets are compared where all of these are the same."""


def is_carried(begin: pd.Series, start: pd.Series, kinds: pd.Series) -> pd.Series:
    """Does a target (first day `begin`) come from an earlier year than the period (first day `start`) it is used for?

    The year is the financial one and, for school years and calendar years, that one too: a target from 1 April is of the school
    year that begins in its financial year. Of windows of several years nothing is said.

    >>> days = pd.to_datetime(pd.Series(["2023-04-01", "2023-09-01"]))
    >>> is_carried(
    ...     days, pd.to_datetime(pd.Series(["2024-07-01", "2024-04-01"])), pd.Series(["quarter", "term"])
    ... ).to_list()
    [True, False]
    """
    own = kinds.map(YEAR_BEGINS).astype("float64").fillna(4)
    earlier = (_year(begin, 4) < _year(start, 4)) & (_year(begin, own) < _year(start, own))
    return (earlier & (kinds != "window")).fillna(False).astype(bool)


def is_within_year(begin: pd.Series, kinds: pd.Series) -> pd.Series:
    """Does a target begin (first day `begin`) after its year has begun? The year is as in `is_carried`.

    >>> days = pd.to_datetime(pd.Series(["2024-04-01", "2024-07-01", "2023-09-01"]))
    >>> is_within_year(days, pd.Series(["quarter", "quarter", "term"])).to_list()
    [False, True, False]
    """
    own = kinds.map(YEAR_BEGINS).astype("float64").fillna(4)
    before = begin - pd.to_timedelta(np.where(kinds == "week", 7, 1), unit="D")
    within = (_year(begin, 4) == _year(before, 4)) & (_year(begin, own) == _year(before, own))
    return (within & (kinds != "window")).fillna(False).astype(bool)


def is_other(figures: pd.DataFrame, before: pd.DataFrame) -> pd.Series:
    """Are the figures of a target (`FIGURES`) others than those of the row before it? Not where there were none before."""
    named = list(FIGURES)
    same = (figures[named] == before[named]) | (figures[named].isna() & before[named].isna())
    return ~same.all(axis=1) & before[named].notna().any(axis=1) & figures[named].notna().any(axis=1)


def _year(days: pd.Series, first_month: pd.Series | int) -> pd.Series:
    year: pd.Series = days.dt.year - (days.dt.month < first_month)
    return year


def slipped(targets: pd.DataFrame, measures: pd.DataFrame, rules: SlipRules = DEFAULT) -> pd.DataFrame:
    """Targets and limits that are a power of ten away from the measure's earlier ones: findings of 'target.slip'.

    Held against the median of the earlier ones of the same definition; of a profile for the year to date, of those for the same
    months of the year. A tenth or ten times is told only where there are two earlier ones or more.
    """
    if targets.empty:
        return findings.none()
    parts = [_slips_of(name, _dated_targets(targets, measures), rules) for name in FIGURES]
    rows = pd.concat([part for part in parts if len(part)] or parts[:1])
    rows = rows[~rows.index.duplicated()]
    if rows.empty:
        return findings.none()
    return findings.found(
        "target.slip",
        "targets",
        targets.loc[rows.index],
        column=rows["column"],
        got=number_words(rows["figure"]),
        expected="about "
        + number_words(rows["usual"])
        + ", as for the periods before, "
        + rows["power"].map(times_words).astype("str"),
        mend="See in which unit it was approved; correct the row, or the measure's other targets, and send the file again.",
    )


def _slips_of(name: str, rows: pd.DataFrame, rules: SlipRules) -> pd.DataFrame:
    """Rows whose figure in this column slipped: column, figure, usual, power."""
    rows = rows[rows[name] > 0].sort_values("begin", kind="stable")
    same = rows.groupby(SAME)[name]
    until = same.expanding().median().droplevel([*range(len(SAME))]).reindex(rows.index)
    usual = until.groupby([rows[key] for key in SAME]).shift()
    log = pd.Series(np.log10(rows[name] / usual), rows.index)
    power = log.round()
    off = (log - power).abs()
    far = (power.abs() >= 2) & (off <= rules.near_for_target)
    ten = (power.abs() == 1) & (off <= rules.near_for_target_of_ten) & (same.cumcount() >= 2)
    found = pd.DataFrame({"column": name, "figure": rows[name], "usual": usual, "power": power})
    slips: pd.DataFrame = found[far | ten]
    return slips


def _dated_targets(targets: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """Targets with kind, begin, and what they are compared within: part (of which definition), season (of a profile)."""
    about = measures.set_index("measure_id")
    kinds = targets["measure_id"].map(about["frequency"]).map(FREQUENCIES).astype("str")
    begin = days(targets["from_period"], kinds)
    broken = days(looked_up(targets["measure_id"], about["definition_from"]), kinds)
    season = begin.dt.month.where(targets["basis"] == "year-to-date", 0)
    return targets.assign(kind=kinds, begin=begin, part=begin < broken, season=season)


def wrong_year(targets: pd.DataFrame, observations: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """Targets that begin after every period reported, where the target of an earlier year is used meanwhile: 'target.later'.

    One finding per measure, on the first such row. Nothing is said of measures that are retired or want no target.
    """
    if targets.empty:
        return findings.none()
    wanted = measures.loc[~measures["monitor_only"] & (measures["retired_from"] == ""), "measure_id"]
    used = _used(targets[targets["measure_id"].isin(wanted)], observations, measures)
    used = used[is_carried(used["begin"], used["start"], used["kind"])].set_index("measure_id")
    if used.empty:
        return findings.none()
    rows = _dated_targets(targets, measures)
    rows = rows[rows["begin"] > rows["measure_id"].map(used["end"])].sort_values("begin", kind="stable")
    rows = rows.drop_duplicates("measure_id")
    reported, before = (looked_up(rows["measure_id"], used[name]) for name in ("period", "from_period"))
    return findings.found(
        "target.later",
        "targets",
        rows,
        column="from_period",
        got=rows["from_period"],
        expected="a target for the year of " + reported + ", the latest period reported: there is none, so the one of "
        + before + " is used",
        mend="Correct the period if it is the wrong year; else send the target of the year in between too.",
    )  # fmt: skip


def changed_unapproved(targets: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """Targets changed within a year without a body and a day of approval: findings of 'target.changed-unapproved'.

    A profile for the year to date changes from period to period by nature: nothing is said of it.
    """
    rows = _dated_targets(targets, measures)
    rows = rows[rows["basis"] != "year-to-date"].sort_values(["measure_id", "begin"], kind="stable")
    before = rows[list(FIGURES)].groupby(rows["measure_id"]).shift()
    changed = is_other(rows, before) & is_within_year(rows["begin"], rows["kind"])
    nobody = rows["approved_by"] == ""
    rows = rows[changed & (nobody | rows["approved_on"].isna())]
    return findings.found(
        "target.changed-unapproved",
        "targets",
        rows,
        column=nobody[rows.index].map({True: "approved_by", False: "approved_on"}).astype("str"),
        expected="the body that approved the change of target from " + rows["from_period"] + ", and the day",
        mend="Send the row with its approval, or take it out, so that the target set for the year stays in force.",
    )


def stretch_worse(targets: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """Stretch targets on the wrong side of their own target: findings of 'target.stretch-worse'.

    Only where higher or lower is better: a range has no stretch target, and without a better side none can be worse.
    """
    polarity = looked_up(targets["measure_id"], measures.set_index("measure_id")["polarity"])
    beyond = (targets["stretch"] - targets["target"]) * polarity.map({"higher": 1, "lower": -1}).astype(float)
    rows = targets[beyond < 0]
    way = polarity[rows.index]
    return findings.found(
        "target.stretch-worse",
        "targets",
        rows,
        column="stretch",
        got=number_words(rows["stretch"]),
        expected="the target of " + number_words(rows["target"]) + " or a " + way
        + " figure, since " + way + " is better for this measure",
        mend="See which of the two was approved as the target and which as the stretch target, correct the row and send the "
        "file again.",
    )  # fmt: skip


def rated_against(rated: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Of each measure rated against a target: measure_id, source_file and source_row of that target, and carried (`is_carried`).

    ``rated`` has measure_id, frequency, the period rated, target_file and target_row.
    """
    keys = {"target_file": "source_file", "target_row": "source_row"}
    used = rated[["measure_id", "frequency", "period", *keys]].rename(columns=keys)
    used = used.merge(
        targets[["measure_id", "source_file", "source_row", "from_period"]],
        on=["measure_id", *keys.values()],
    )
    kinds = used["frequency"].map(FREQUENCIES).astype("str")
    begin, start = days(used["from_period"], kinds), days(used["period"], kinds)
    return used[["measure_id", *keys.values()]].assign(carried=is_carried(begin, start, kinds))


def other_scale(
    observations: pd.DataFrame, targets: pd.DataFrame, measures: pd.DataFrame, rules: SlipRules = DEFAULT
) -> pd.DataFrame:
    """Per cents whose recent values are all about a hundredth of the target, or a hundred times as much: 'value.other-scale'.

    One finding per measure, on its latest value: whichever is wrong, values or target, one of them is a fraction.

    Parameters
    ----------
    observations
        One for each measure and period: the one in force, without those that have slipped by themselves.
    targets, measures
        Tables of records.
    rules
        How many values are held against the target, and how near they must lie.
    """
    if targets.empty:
        return findings.none()
    shares = measures[measures["unit"].str.lower().str.contains(r"%|\bper ?cent")]
    held = observations[observations["measure_id"].isin(shares["measure_id"]) & (observations["value"] > 0)]
    used = _used(targets, held, shares).set_index("measure_id")
    if used.empty:
        return findings.none()
    goal = used["target"].fillna(used["upper"]).fillna(used["lower"])
    rows = _a_hundredfold_off(dated(held, shares), goal, rules)
    if rows.empty:
        return findings.none()
    aim, row = (rows["measure_id"].map(one) for one in (goal, used["target_row"]))
    return findings.found(
        "value.other-scale",
        "observations",
        rows,
        column="value",
        got=number_words(rows["value"]),
        expected="values and target on one scale: the target is "
        + number_words(aim)
        + " (row " + row.astype("int64").astype("str") + " of the targets), so one of the two looks like a fraction, "
        "the other like a per cent",
        mend="Send all values as per cents (78, not 0.78) with the date on which they were corrected, or correct the target.",
    )  # fmt: skip


def _a_hundredfold_off(held: pd.DataFrame, goal: pd.Series, rules: SlipRules) -> pd.DataFrame:
    """The latest value of each measure whose recent ones all lie about a hundredfold above or below its `goal`."""
    recent = held.groupby("measure_id").tail(rules.other_scale_values)
    ratio = recent["value"] / recent["measure_id"].map(goal.where(goal > 0))
    log = pd.Series(np.log10(ratio), recent.index)
    near = ((log - power).abs() <= rules.near_for_other_scale for power in (-2, 2))
    below, above = (one.groupby(recent["measure_id"]).all() for one in near)
    rows = recent.drop_duplicates("measure_id", keep="last")
    return rows[rows["measure_id"].map(below | above).astype(bool)]


def _used(targets: pd.DataFrame, observations: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """The target in use for the latest value of each measure that has both: period, start, end, begin and the row's cells."""
    latest = dated(observations[["measure_id", "period"]], measures).drop_duplicates(
        "measure_id", keep="last"
    )
    latest = latest.assign(start=days(latest["period"], latest["kind"]))
    rows = _dated_targets(targets, measures).rename(columns={"source_row": "target_row"})
    rows = rows.drop(columns="kind").merge(latest, on="measure_id")
    rows = rows[rows["begin"] <= rows["start"]].sort_values("begin", kind="stable")
    return rows.drop_duplicates("measure_id", keep="last")
