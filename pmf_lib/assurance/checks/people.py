"""Clause tests of people: performance conversations, what they led to, and training."""

from __future__ import annotations

from datetime import date

import pandas as pd

from pmf_lib.assurance.checks.common import holds_words, named, services
from pmf_lib.assurance.checks.registry import clause_test
from pmf_lib.assurance.evidence import Answer, Evidence, exceptions, looked_at
from pmf_lib.errors import PolicyError, expected
from pmf_lib.periods import Period, containing

_SERVICE = ["directorate", "service"]


@clause_test
def conversations_are_held(evidence: Evidence, *, percent: float, by: str = "03-31") -> Answer:
    """Each service has held its conversations of the year with this share of its staff.

    The year is the newest whose day (`by`: its month and day) has gone by; the one after it is not due. A service that has
    rows of earlier years and none of this one fails. Of one that never sent a row nothing is known: that it leaves no record
    is for `service_leaves_records` to say.
    """
    rows = evidence.kept("conversations")
    year = newest_due(evidence.as_at, by)
    asked = rows[(rows["year"] == year.label) & (rows["staff_n"] > 0)]
    silent = _silent(rows, evidence, year)
    failed = [
        _short(
            asked.assign(is_past=True),
            ("held_n", "staff_n"),
            percent,
            "{part} of {whole} staff had one for {year}.",
        ),
        exceptions(silent, f"It told of earlier years, and of {year.label} nothing."),
    ]
    population = len(asked) + len(silent)
    due = _day_of(year.shift(1), by) if len(rows) and not population else None
    return Answer(population, pd.concat(failed, ignore_index=True), due, rows=asked)


@clause_test
def conversations_link_objectives(evidence: Evidence, *, percent: float) -> Answer:
    """In each service this share of conversations held leads to an objective of a plan.

    Of the newest year, of this one and the one before, in which the service held any.
    """
    held = _held_lately(evidence)
    said = "Of {whole} conversations for {year}, {part} lead to an objective of a plan."
    return looked_at(held, _short(held, ("linked_n", "held_n"), percent, said))


@clause_test
def conversations_agree_development(evidence: Evidence, *, percent: float) -> Answer:
    """In each service this share of conversations held agreed training or development.

    Of the newest year, of this one and the one before, in which the service held any.
    """
    held = _held_lately(evidence)
    said = "Of {whole} conversations for {year}, {part} agreed training or development."
    return looked_at(held, _short(held, ("development_n", "held_n"), percent, said))


@clause_test
def training_reached_staff(evidence: Evidence, *, title: str, percent: float) -> Answer:
    """Training of the year whose title holds these words reached this share of those planned for.

    Training that is under way is not due before its day, or the year's last where it has none.
    """
    year = evidence.quarter.financial_year
    rows = evidence.kept("registers")
    rows = rows[(rows["register"] == "training") & holds_words(rows["title"], title) & (rows["planned"] > 0)]
    closed = rows["closed_on"].where(rows["closed_on"] <= pd.Timestamp(evidence.as_at))
    running = closed.isna() | (closed >= pd.Timestamp(year.start))
    rows = rows[(rows["opened_on"] <= pd.Timestamp(evidence.as_at)) & running]
    day = rows["due_on"].fillna(pd.Timestamp(year.end))
    is_due = closed.loc[rows.index].notna() | (day < pd.Timestamp(evidence.as_at))
    asked = named(rows, "entry_id").assign(year=year.label)[is_due]
    failed = _short(asked, ("achieved", "planned"), percent, "{part} of {whole} planned for were reached.")
    return Answer(len(asked), failed, day.min().date() if len(rows) and asked.empty else None, rows=asked)


def _short(rows: pd.DataFrame, columns: tuple[str, str], percent: float, said: str) -> pd.DataFrame:
    """Rows whose part is empty or below this share of the whole, as exceptions; `said` names part, whole and year."""
    part, whole = (rows[column] for column in columns)
    told_ = rows.assign(part=part.map(_number).astype("str"), whole=whole.map(_number).astype("str"))
    titled = told_ if "subject" in told_ else named(told_.assign(title=told_["service"]), "directorate")
    return exceptions(titled[part.isna() | (part * 100 < whole * percent)], said)


def _number(number: float) -> str:
    return "an unrecorded number" if pd.isna(number) else f"{number:,.0f}"


def newest_due(as_at: date, by: str) -> Period:
    """The newest financial year whose day has gone by."""
    year = containing("year", as_at)
    while _day_of(year, by) >= as_at:
        year = year.shift(-1)
    return year


def _day_of(year: Period, by: str) -> date:
    """A month and day, as 'MM-DD', in a financial year."""
    try:
        month, day = (int(part) for part in by.split("-"))
        return date(year.start.year + (month < 4), month, day)
    except ValueError:
        raise PolicyError(expected("parameter 'by'", by, "a month and day", "03-31")) from None


def _silent(rows: pd.DataFrame, evidence: Evidence, year: Period) -> pd.DataFrame:
    """Services of today with rows of earlier years and none of this one."""
    told_of = pd.MultiIndex.from_frame(rows.loc[rows["year"] == year.label, _SERVICE])
    earlier = pd.MultiIndex.from_frame(rows.loc[rows["year"] < year.label, _SERVICE])
    units = services(evidence)
    own = pd.MultiIndex.from_frame(units[_SERVICE])
    return units[own.isin(earlier) & ~own.isin(told_of)]


def _held_lately(evidence: Evidence) -> pd.DataFrame:
    """One row per service: of the newest year, of this one and the one before, in which it held any conversation."""
    year = evidence.quarter.financial_year
    rows = evidence.kept("conversations")
    rows = rows[rows["year"].isin([year.label, year.shift(-1).label]) & (rows["held_n"] > 0)]
    return rows.sort_values("year", kind="stable").drop_duplicates(_SERVICE, keep="last").sort_index()
