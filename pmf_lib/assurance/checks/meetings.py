"""Clause tests of meetings: who met how often, for how long, who was there, and which events of the year took place."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.checks.common import directorates, told
from pmf_lib.assurance.checks.minutes import began, days, held, named, portfolios
from pmf_lib.assurance.checks.registry import clause_test
from pmf_lib.assurance.checks.turns import (
    Span,
    answer_of_year,
    counted,
    in_each,
    in_year,
    nothing_known,
    of_year,
    spans,
    this_year,
    year,
)
from pmf_lib.assurance.evidence import Answer, Evidence, exceptions, looked_at
from pmf_lib.framework.parts import Activity
from pmf_lib.periods import Period, containing


@clause_test
def body_has_met(evidence: Evidence, *, body: str, times: int, per: str, each: str = "") -> Answer:
    """The body has met so many times in the year, or in each whole month or quarter of the twelve months before the as-at date.

    With `each` it is asked of every directorate that keeps meetings, or of every portfolio.
    """
    told("per", per, ("month", "quarter", "year"))
    recorded, met = held(evidence), held(evidence, body)
    asked = _asked(evidence, recorded, told("each", each, ("", "directorate", "portfolio"))).assign(body=body)
    since = began(recorded)
    if since is None or asked.empty:
        return nothing_known()
    if per == "year":
        turns = named(evidence, in_year(evidence, asked.assign(since=since), met, times))
        turns = turns.assign(subject=turns["who"], met=turns["n"].map(counted))
        return answer_of_year(evidence, turns, f"It met {{met}} {year(evidence).words}; {_asks(times)}", met)
    turns = named(evidence, _in_each_of(evidence, asked, met, since=since, times=times, per=per))
    missed = turns[turns["is_missed"]]
    subject = missed["who"] + ", " + missed["words"]
    missed = missed.assign(subject=subject, met=missed["n"].map(counted), is_past=True)
    return looked_at(of_year(evidence, met), exceptions(missed, "It met {met}; " + _asks(times)), len(turns))


@clause_test
def time_is_dedicated(evidence: Evidence, *, body: str) -> Answer:
    """Each meeting of the year so far was for performance alone, or had time set aside for it.

    Of a meeting that doesn't say how time was given, nothing is known.
    """
    met = _this_year(evidence, body)
    said = met[met["time_given"] != "not-recorded"]
    shared = said[said["time_given"] == "shared"]
    return looked_at(said, exceptions(shared, "It shared its time with other business."))


@clause_test
def post_was_present(evidence: Evidence, *, body: str, posts: tuple[str, ...]) -> Answer:
    """Each meeting of the year so far had these posts present.

    A post counts where the words stand in its name, in whatever case. Of a meeting that names nobody, nothing is known.
    """
    met = _this_year(evidence, body)
    met = met[met["present"] != ""]
    absent = [[post for post in posts if post.casefold() not in there.casefold()] for there in met["present"]]
    met = met.assign(absent=[" or ".join(each) for each in absent])
    missing = met[met["absent"] != ""]
    return looked_at(met, exceptions(missing, "No {absent} is named among those present: {present}."))


@clause_test
def timetable_event_is_recorded(evidence: Evidence) -> Answer:
    """Each activity of the timetable is recorded in its quarter, a monthly one in each month of it.

    Asked of the quarters of the financial year that have ended. Where nobody keeps a register of events, nothing is known.
    """
    rows = timetable(evidence)
    due = rows[rows["quarter"].isin(_ended(evidence))]
    due = due.assign(subject=due["what"] + " (" + due["stream"] + "), " + due["words"])
    events = evidence.kept("registers")
    told_by = events[(events["register"] == "events") & events["event"].isin(due["activity"])]
    within = told_by[this_year(evidence).holds(told_by["closed_on"])]
    return looked_at(
        within, exceptions(due[due["missing"] != ""], "No event records it in {missing}."), len(due)
    )


def timetable(evidence: Evidence) -> pd.DataFrame:
    """The framework's timetable of the quarter's financial year: one row per activity, in its order; none without any event.

    Columns: activity, stream, what, quarter, words (of the quarter), events_n (recorded in the quarter), last_on, missing (the
    months, or the quarter, of which none is recorded; '' for none).

    Raises
    ------
    NotSentError
        Nobody sent the table of registers.
    """
    registers = evidence.kept("registers")
    is_event = (registers["register"] == "events") & (registers["closed_on"] <= pd.Timestamp(evidence.as_at))
    quarters = _quarters(evidence)
    rows = [
        _recorded(one, quarters[one.quarter - 1], registers[is_event])
        for one in (evidence.framework.timetable if (registers["register"] == "events").any() else ())
    ]
    columns = ["activity", "stream", "what", "quarter", "words", "events_n", "last_on", "missing"]
    return pd.DataFrame(rows, columns=columns)


def _recorded(activity: Activity, quarter: Period, events: pd.DataFrame) -> tuple[object, ...]:
    """The row of one activity."""
    days = events.loc[events["event"] == activity.id, "closed_on"]
    days = days[Span.of(quarter).holds(days)]
    months = [containing("month", quarter.start).shift(step) for step in range(3)]
    asked = [Span.of(one) for one in (months if activity.frequency == "monthly" else [quarter])]
    missing = ", ".join(span.words for span in asked if not span.holds(days).any())
    head = (activity.id, activity.stream, activity.what, quarter.label, quarter.words)
    return (*head, len(days), days.max(), missing)


def _quarters(evidence: Evidence) -> list[Period]:
    """The four quarters of the financial year."""
    first = containing("quarter", evidence.quarter.financial_year.start)
    return [first.shift(step) for step in range(4)]


def _ended(evidence: Evidence) -> list[str]:
    return [quarter.label for quarter in _quarters(evidence) if quarter.end <= evidence.as_at]


def _asks(times: int) -> str:
    return f"{counted(times)} is asked."


def _asked(evidence: Evidence, recorded: pd.DataFrame, each: str) -> pd.DataFrame:
    """One row, or one per unit: directorates of which any meeting is recorded, or portfolios that anything names."""
    if each == "directorate":
        units = directorates(evidence)[["directorate"]]
        return units[units["directorate"].isin(recorded["directorate"])].reset_index(drop=True)
    if each == "portfolio":
        return pd.DataFrame({"portfolio": portfolios(evidence)}, dtype="str")
    return pd.DataFrame(index=[0])


def _in_each_of(
    evidence: Evidence, asked: pd.DataFrame, met: pd.DataFrame, *, since: pd.Timestamp, times: int, per: str
) -> pd.DataFrame:
    """`in_each` for every unit asked, with the unit's columns."""
    whole, keys = spans(per, evidence.as_at), list(asked.columns)
    made = []
    for unit in asked.to_dict("records"):
        own = pd.DataFrame([unit]).merge(met, on=keys)
        made.append(
            in_each(whole, own["held_on"], times, since).assign(**{str(k): v for k, v in unit.items()})
        )
    return pd.concat(made, ignore_index=True)


def _this_year(evidence: Evidence, body: str) -> pd.DataFrame:
    """Meetings of the body in the financial year so far, each named by its day."""
    met = held(evidence, body)
    met = named(evidence, met[this_year(evidence).holds(met["held_on"])])
    subject = met["who"] + ", " + pd.Series(days(met), met.index, dtype="str")
    return met.assign(subject=subject, is_past=True)
