"""What clause tests of several subjects need: rows in force, days in words, services, and lists in cells."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

import pandas as pd

from pmf_lib.assurance.evidence import Evidence
from pmf_lib.errors import PolicyError, unknown
from pmf_lib.once import once
from pmf_lib.periods import FREQUENCIES, Period, date_words
from pmf_lib.records.many import exploded
from pmf_lib.records.period_days import days
from pmf_lib.records.schema.words import PLAN_LEVELS

YEAR = 12
"""Months: what is longer over than a year is told in the papers of its own year.

No option: the cycle of both frameworks is a year, every such sentence says "the year to", and with another window a lapse would be told
in the papers of two years, or of none.
"""


def told(parameter: str, value: str, known: Iterable[str]) -> str:
    """What a clause tells its test, where it is one of a closed list.

    Raises
    ------
    PolicyError
        It is none of them; `pmf_lib.assurance.clauses` names the file and the clause.
    """
    known = list(known)
    if value not in known:
        raise PolicyError(unknown(f"'{parameter}'", value, known))
    return value


def in_force(rows: pd.DataFrame, day: date, start: str = "valid_from", end: str = "valid_to") -> pd.DataFrame:
    """Rows that had begun by a day and had not ended before it; one without a last day goes on.

    >>> ends = pd.to_datetime(["2024-03-31", None])
    >>> rows = pd.DataFrame({"valid_from": pd.Timestamp("2023-04-01"), "valid_to": ends})
    >>> len(in_force(rows, date(2024, 3, 31))), len(in_force(rows, date(2024, 4, 1)))
    (2, 1)
    """
    now = pd.Timestamp(day)
    return rows[(rows[start] <= now) & (rows[end].isna() | (rows[end] >= now))]


def still_open(rows: pd.DataFrame, day: date, *ends: str, start: str = "raised_on") -> pd.DataFrame:
    """Rows that had begun by a day and none of whose ends had come by it."""
    now = pd.Timestamp(day)
    ended = pd.DataFrame({end: rows[end] <= now for end in ends}, index=rows.index).any(axis=1)
    return rows[(rows[start] <= now) & ~ended]


def by(days_of: pd.Series[pd.Timestamp], day: date) -> pd.Series[pd.Timestamp]:
    """The days that had come by a day; a later one is not known yet, and is empty."""
    return days_of.where(days_of <= pd.Timestamp(day))


def is_older(days_of: pd.Series[pd.Timestamp], months: int, day: date) -> pd.Series[bool]:
    """Which days lie more than so many months before a day; an empty day does not.

    >>> last = pd.Series(pd.to_datetime(["2024-08-15", "2024-08-14", None]))
    >>> is_older(last, 3, date(2024, 11, 15)).tolist()
    [False, True, False]
    """
    return days_of + pd.DateOffset(months=months) < pd.Timestamp(day)


def last_looked_on(rows: pd.DataFrame, day: date, first: str = "raised_on") -> pd.Series[pd.Timestamp]:
    """The last day up to `day` on which each entry was reviewed, else its `first`; empty where it has neither."""
    days = pd.concat([rows[first], by(rows["reviewed_on"], day)], axis=1).max(axis=1)
    return days.astype("datetime64[us]")


def in_words(rows: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """The same rows, the days of these columns in plain English (empty where there is none)."""
    return rows.assign(**{name: rows[name].map(_day_words).astype("str") for name in columns})


def named(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    """The same rows with a `subject` each that tells them apart: the title, followed by the id where titles are alike."""
    alike, subject = rows["title"].duplicated(keep=False), rows["title"]
    if alike.any():
        subject = subject.where(~alike, subject + " (" + rows[key].astype("str") + ")")
    return rows.assign(subject=subject)


def last_day(quarter: Period, as_at: date) -> date:
    """The day on which things of the quarter's financial year are looked at: the as-at date, or the year's last if that is past.

    >>> from pmf_lib.periods import parse_quarter
    >>> (
    ...     last_day(parse_quarter("2009-10 Q4"), date(2010, 5, 14)),
    ...     last_day(parse_quarter("2009-10 Q3"), date(2010, 2, 12)),
    ... )
    (datetime.date(2010, 3, 31), datetime.date(2010, 2, 12))
    """
    return min(as_at, quarter.financial_year.end)


@once
def plans_in_force(evidence: Evidence, level: str = "", kind: str = "", months: int = 0) -> pd.DataFrame:
    """The unit's plans in force on `last_day`, or within so many months before; of the level and kind where given.

    Raises
    ------
    NotSentError
        Nobody sent the table of plans.
    """
    wanted = {"level": told("level", level, PLAN_LEVELS)} if level else {}
    wanted |= {"kind": kind} if kind else {}
    day = pd.Timestamp(last_day(evidence.quarter, evidence.as_at))
    since = day - pd.DateOffset(months=months)
    plans = evidence.kept("plans")
    begun = plans["valid_from"] <= day
    plans = plans[begun & (plans["valid_to"].isna() | (plans["valid_to"] >= since))]
    return plans[(plans[list(wanted)] == pd.Series(wanted, dtype="str")).all(axis=1)]


@once
def objectives_in_force(evidence: Evidence) -> pd.DataFrame:
    """The unit's objectives of its plans in force.

    Raises
    ------
    NotSentError
        Nobody sent the table of plans, or of objectives.
    """
    objectives = evidence.kept("objectives")
    return objectives[objectives["plan_id"].isin(plans_in_force(evidence)["plan_id"])]


@once
def directorates(evidence: Evidence) -> pd.DataFrame:
    """One row per directorate that the evidence is about: directorate, title and owner (the post that answers for it)."""
    units = evidence.council.directorates if evidence.council else ()
    asked = [one for one in units if evidence.directorate in ("", one.id)]
    rows = [(one.id, one.name, one.director) for one in asked]
    return pd.DataFrame(rows, columns=["directorate", "title", "owner"], dtype="str")


@once
def services(evidence: Evidence) -> pd.DataFrame:
    """One row per service that keeps a measure today: directorate, service and title, its name.

    Two directorates may each have a service of the same name; where both are asked, the title says whose it is.
    """
    units = evidence.measures[["directorate", "service"]].drop_duplicates()
    return _titled(units[units["service"] != ""].reset_index(drop=True))


@once
def declared_services(evidence: Evidence) -> pd.DataFrame:
    """One row per service that the council's file names, whether or not any record does: directorate, service and title.

    Nothing is asked of it for that, but its records: of a service without any, everything is unknown.
    """
    units = evidence.council.directorates if evidence.council else ()
    asked = [one for one in units if evidence.directorate in ("", one.id)]
    rows = [(one.id, service) for one in asked for service in one.services]
    return _titled(pd.DataFrame(rows, columns=["directorate", "service"], dtype="str"))


def _titled(units: pd.DataFrame) -> pd.DataFrame:
    """The same services with a title each, which says whose it is where two are named alike."""
    alike = units["service"].duplicated(keep=False)
    whose = units["service"] + " (" + units["directorate"].astype("str") + ")"
    return units.assign(title=units["service"].where(~alike, whose))


@once
def kept_measures(evidence: Evidence) -> pd.DataFrame:
    """Measures of the whole council that are not retired by the quarter's end, whoever keeps them."""
    measures = evidence.of_council("measures")
    kinds = measures["frequency"].map(FREQUENCIES)
    return measures[~(days(measures["retired_from"], kinds) <= pd.Timestamp(evidence.quarter.end))]


@once
def kept_links(evidence: Evidence) -> pd.DataFrame:
    """Links to this framework that hold in the quarter's year, of the unit's measures that are kept today."""
    links = evidence.links
    return links[links["measure_id"].isin(evidence.measures["measure_id"])]


def names_any(rows: pd.DataFrame, column: str, wanted: Collection[str]) -> pd.Series[bool]:
    """Which rows list one of these in a column of ids.

    >>> rows = pd.DataFrame({"measures": ["bins; calls", "calls", ""]})
    >>> names_any(rows, "measures", {"bins"}).tolist()
    [True, False, False]
    """
    listed = exploded(rows[[column]].reset_index(drop=True), column)
    found = listed.index[listed[column].isin(list(wanted))]
    return pd.Series(pd.RangeIndex(len(rows)).isin(found), index=rows.index)


def blanks(rows: pd.DataFrame, words: Mapping[str, str]) -> pd.Series[str]:
    """What each row leaves empty of these columns, in words (column → word); empty where nothing is.

    >>> rows = pd.DataFrame({"risks": ["section 4", " "], "climate": ["", ""]})
    >>> blanks(rows, {"risks": "risks", "climate": "climate change"}).tolist()
    ['climate change', 'risks, climate change']
    """
    said = pd.Series("", index=rows.index, dtype="str")
    for column, word in words.items():
        is_blank = rows[column].isna() | (rows[column].astype("str").str.strip() == "")
        said = said.mask(is_blank, said + ", " + word)
    return said.str.removeprefix(", ")


def holds_words(texts: pd.Series[str], words: str) -> pd.Series[bool]:
    """Which texts hold these words, in whatever case; no words at all are held by every text."""
    return texts.str.casefold().str.contains(words.casefold(), regex=False)


def counted(number: int, word: str) -> str:
    """A number with its noun, such as '3 months' or '1 year'."""
    return f"{number} {word}" + ("s" if number != 1 else "")


def _day_words(day: pd.Timestamp) -> str:
    return "" if pd.isna(day) else date_words(day.date())
