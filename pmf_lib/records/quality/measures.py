"""Counts by measure in each dimension, what is to be mended, and control totals against what senders stated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

import pandas as pd

from pmf_lib.periods import Period, date_words
from pmf_lib.records import together
from pmf_lib.records.cells import in_file, looked_up
from pmf_lib.records.findings import leaves_out
from pmf_lib.records.quality.doubts import Seen
from pmf_lib.records.quality.said import period_words
from pmf_lib.records.quality.told import OFF_CHART, UNIT_SLIP, told
from pmf_lib.records.rules import JUDGED, RULES
from pmf_lib.records.schema import PROVENANCE

COUNTS = (
    *("due_n", "received_n", "on_time_n", "late_n", "left_out_n"),
    *("repeated_n", "inconsistent_n", "revised_n"),
)
COLUMNS = ("measure_id", "title", "owner", "reliance", "reasons", *COUNTS)
REPEATED = ("key.repeated", "key.conflict")
INCONSISTENT = (
    *("value.differs", "value.unit-slip", "value.below-nought", "value.other-scale"),
    *("period.not-ended", "period.other-kind", "target.range", "target.slip", "target.later"),
    *("target.changed-unapproved", "target.stretch-worse"),
    *("series.falls-in-year", "series.copied", "series.digits"),
)
DUE_DAYS = 30
"""Days after a quarter's end when what belongs to no known measure is asked for."""
TO_MEND = ("measure_id", "title", "what", "place", "post", "by")


def by_measure(seen: Seen, verdicts: pd.DataFrame) -> pd.DataFrame:
    """The scrap 'quality': one row per measure, with its verdict and its counts.

    ``due_n`` values fell due in the quarters counted, ``received_n`` of them came (``on_time_n`` + ``late_n``; of
    published figures lateness is not judged, and all count as on time). ``left_out_n`` rows of any table could not be
    used, ``repeated_n`` have the key of another (they are left out too), ``inconsistent_n`` do not fit what they stand
    beside, seeming contradictions included, ``revised_n`` values in force were changed. All are numbers of rows or values.
    """
    ids = seen.measures["measure_id"]
    came = seen.due[seen.due["is_there"]]
    late = came[(came["days_late"] > 0) & seen.is_own]
    rows = faults(seen.findings).drop_duplicates(["rule", "table", *PROVENANCE])
    counted = {
        "due_n": _count(seen.due, ids),
        "received_n": _count(came, ids),
        "on_time_n": _count(came, ids) - _count(late, ids),
        "late_n": _count(late, ids),
        "left_out_n": _count(left_out(rows), ids),
        "repeated_n": _count(rows[rows["rule"].isin(REPEATED)], ids),
        "inconsistent_n": _count(rows[rows["rule"].isin(INCONSISTENT)], ids)
        + _count(seen.contradictions, ids),
        "revised_n": _count(seen.revisions, ids),
    }
    found = verdicts.merge(seen.measures[["measure_id", "title", "owner"]], on="measure_id")
    return found.assign(**counted)[list(COLUMNS)]


def faults(found: pd.DataFrame) -> pd.DataFrame:
    """Findings that somebody should mend; a row that a later return replaced is none."""
    return found[found["rule"] != "row.superseded"]


def left_out(found: pd.DataFrame) -> pd.DataFrame:
    """One finding for each row that could not be used."""
    rows = faults(found)
    return rows[leaves_out(rows)].drop_duplicates(["table", *PROVENANCE])


def _count(rows: pd.DataFrame, ids: pd.Series) -> pd.Series[int]:
    count = Counter(rows["measure_id"].tolist())
    return pd.Series([count[name] for name in ids], dtype="int64")


def to_mend(seen: Seen, *, director: str, return_days: int | None = None) -> pd.DataFrame:
    """Who mends what by when: nothing is asked of a publisher, nor of a measure that is retired.

    Parameters
    ----------
    seen
        What was found.
    director
        The post that answers where a measure has no owner, or the row's measure is not known.
    return_days
        Days after a quarter's end when the council's next return is due; None: the measure's own due days.

    Returns
    -------
    DataFrame
        One row per thing to mend: missing values, latest values that are not final, failed certifications, missing
        attributes, faults as read, seeming contradictions; columns
        `TO_MEND` (measure_id and title are '' where the row's measure is not known; by is a date).
    """
    if not seen.is_own:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in TO_MEND})
    parts = [
        _missing_values(seen),
        _owed_as_final(seen),
        _failed_tests(seen),
        _missing_attributes(seen),
        _faults(told(faults(seen.findings), seen.measures)),
        _faults(seen.contradictions),
    ]
    rows = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    rows = rows[rows["measure_id"].map(seen.states) != "retired"]
    about, ids = seen.measures.set_index("measure_id"), rows["measure_id"]
    known = ids.isin(about.index)
    owner = looked_up(ids, about["owner"]).where(known, rows["owner"])
    own_days = ids.map(about["due_days"]).astype("float64").fillna(DUE_DAYS)
    days = own_days if return_days is None else pd.Series(return_days, rows.index)
    by = {n: next_return(seen.quarter, seen.as_at, int(n)) for n in days.unique()}
    rows = rows.assign(
        title=looked_up(ids, about["title"]).where(known, rows["title"]),
        post=owner.mask(owner == "", director),
        by=days.map(by).astype("datetime64[us]"),
    )
    return rows[list(TO_MEND)].reset_index(drop=True)


def next_return(quarter: Period, as_at: date, days: int) -> date:
    """When the next quarter's return is due, so many days after its end: the first such day after `as_at`.

    >>> from pmf_lib.periods import parse_quarter
    >>> next_return(parse_quarter("2024-25 Q2"), date(2024, 11, 15), 20)
    datetime.date(2025, 1, 20)
    """
    due = quarter.shift(1).end + timedelta(days=days)
    return due if due > as_at else next_return(quarter.shift(1), as_at, days)


def _missing_values(seen: Seen) -> pd.DataFrame:
    absent = seen.due[~seen.due["is_there"]]
    named = period_words(absent["period"], absent["measure_id"], seen.measures)
    waiting = _recorded_later(seen, absent)
    what = [
        f"Send the value for {period}; it was due on {date_words(due.date())}.{more}"
        for period, due, more in zip(named, absent["due_on"], waiting, strict=True)
    ]
    return _things(absent["measure_id"], what)


def _recorded_later(seen: Seen, absent: pd.DataFrame) -> list[str]:
    """Of each value that is missing: that a row of a later day holds it, and what to do about its date."""
    later = seen.later if seen.later is not None else seen.known.iloc[:0]
    if later.empty or absent.empty:
        return [""] * len(absent)
    first = later.sort_values("recorded_at", kind="stable").drop_duplicates(["measure_id", "period"])
    days = first.set_index(["measure_id", "period"])["recorded_at"]
    found = [days.get(key) for key in zip(absent["measure_id"], absent["period"], strict=True)]
    return [
        f" A row is there, recorded on {date_words(day.date())}, after the as-at date of {date_words(seen.as_at)}: "
        "correct its date if that is wrong; else a later report will use it."
        if day is not None
        else ""
        for day in found
    ]


def _owed_as_final(seen: Seen) -> pd.DataFrame:
    held = seen.not_final
    named = period_words(held["period"], held["measure_id"], seen.measures)
    what = [
        f"Send the final value for {period}; the one that is here is {state}."
        for period, state in zip(named, held["state"], strict=True)
    ]
    return _things(held["measure_id"], what, _place(held))


def _failed_tests(seen: Seen) -> pd.DataFrame:
    """What an auditor found who tested a value against its cases."""
    failed = seen.failed if seen.failed is not None else seen.known.iloc[:0]
    named = period_words(failed["period"], failed["measure_id"], seen.measures)
    what = [
        f"Mend what the auditor found in the cases behind the value for {period}, and have it tested anew."
        for period in named
    ]
    return _things(failed["measure_id"], what)


ATTRIBUTES = {
    "not_defined": "Write down how it is counted.",
    "target_missing": "Propose a target for approval, or mark it as monitor only.",
}


def _missing_attributes(seen: Seen) -> pd.DataFrame:
    """Definition and target by the measure's state; an owner by its own column."""
    stated = seen.states[seen.states.isin(list(ATTRIBUTES))]
    no_owner = seen.measures.loc[seen.measures["owner"] == "", "measure_id"]
    ids = [*stated.index, *no_owner]
    return _things(ids, [*stated.map(ATTRIBUTES), *["Name the post that answers for it."] * len(no_owner)])


def _faults(found: pd.DataFrame) -> pd.DataFrame:
    """Faults in words, each with its place; what hangs on the row of a measure is mended with it."""
    found = together.together(found[found["rule"] != "measure.left-out"])
    until = found["rule"].eq(UNIT_SLIP).map({True: f" {OFF_CHART}", False: ""})
    what = together.counted(found) + fault_words(found) + until + " " + found["mend"]
    column = (", column " + found["column"]).where(found["column"] != "", "")
    made = _things(found["measure_id"], what, _place(found, found["rows"]) + column)
    return made.assign(title=list(found["title"]), owner=list(found["owner"]))


def fault_words(found: pd.DataFrame) -> pd.Series[str]:
    """What is wrong, a sentence for each finding (as `told` gives them), without its place and its remedy."""
    got = ("Got '" + found["got"] + "', expected ").where(found["got"] != "", "Nothing there, expected ")
    meant = found["rule"].map({**RULES, **JUDGED}).map(lambda rule: rule.meaning)
    of_key = found["rule"].isin(REPEATED)
    whole_row = found["rule"].str.startswith(("row.", "commentary."))
    what = (got + found["expected"] + ".").mask(of_key, found["got"] + ": " + found["expected"] + ".")
    return meant.where(whole_row, what)


def _place(rows: pd.DataFrame, said: pd.Series[str] | None = None) -> pd.Series[str]:
    """File, sheet and row, or rows as they are `said`."""
    return in_file(rows) + ", " + ("row " + rows["source_row"].astype("str") if said is None else said)


def _things(ids: Iterable[str], what: Iterable[str], place: Iterable[str] | None = None) -> pd.DataFrame:
    made = {"measure_id": list(ids), "what": list(what)}
    blank = [""] * len(made["what"])
    made |= {"place": blank if place is None else list(place), "title": blank, "owner": blank}
    return pd.DataFrame({name: pd.array(texts, dtype="str") for name, texts in made.items()})


def control_totals(reads: pd.DataFrame, directorate: str) -> pd.DataFrame:
    """What was read from each file beside what its sender stated.

    Returns
    -------
    DataFrame
        One row per file and table of the directorate, or of no directorate in particular: table, source_file, directorate, delivered, rows_read,
        rows_kept, rows_left_out, control_total, stated_rows, stated_total (NaN: nobody stated any), agrees (True, False, or
        None where nothing was stated).
    """
    rows = reads[(reads["directorate"].isin([directorate, ""])) & (reads["source_file"] != "")]
    stated = rows["stated_rows"].notna() | rows["stated_total"].notna()
    off = rows["stated_rows"].notna() & (rows["stated_rows"] != rows["rows_read"])
    off |= (rows["stated_total"] - rows["control_total"]).abs() > 1e-6 * rows["control_total"].abs().clip(
        lower=1.0
    )
    agrees = (~off).astype("object").where(stated, None)
    return rows.assign(agrees=agrees).reset_index(drop=True)
