"""Defects of meetings, agendas, decisions, approvals and reviews, one function for each test."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pandas as pd
from lived_ground import NEVER, Ground, Plant, Planted

from pmf_lib.assurance.checks.minutes import NAMES, item_title
from pmf_lib.assurance.checks.turns import Span, spans
from pmf_lib.periods import containing, date_words, parse_quarter

BOARD = "directorate-board"


def _meetings(ground: Ground, body: str) -> pd.DataFrame:
    """The unit's meetings of a body; of the panel, where the clause names one."""
    rows = ground.own("meetings")
    rows = rows[rows["body"] == body]
    return rows[rows["portfolio"] == ground.told["panel"]] if ground.told.get("panel") else rows


def _items(ground: Ground, body: str, item: str = "") -> pd.DataFrame:
    """Items before the body, with the day for which each counts (`on`): the quarter's end that it tells of, or its meeting's."""
    rows = ground.own("agenda").merge(_meetings(ground, body)[["meeting_id", "held_on"]], on="meeting_id")
    rows = rows[rows["item"] == item] if item else rows
    ends = {one: pd.Timestamp(parse_quarter(one).end) for one in rows["quarter"].unique() if one}
    return rows.assign(on=pd.to_datetime(rows["quarter"].map(ends)).fillna(rows["held_on"]))


def _since(ground: Ground) -> pd.Timestamp:
    """The first day of the year before the quarter's, or of the twelve months before the as-at date: what is missed since then is missed."""
    return min(
        pd.Timestamp(ground.shape.quarter.financial_year.shift(-1).start),
        pd.Timestamp(ground.shape.before(12)),
    )


def _without(ground: Ground, items: pd.DataFrame) -> Ground:
    return ground.drop("agenda", ground.lived.tables["agenda"]["source_row"].isin(items["source_row"]))


def _old_quarter(ground: Ground) -> Span:
    """One of the last four quarters, but not the newest: that may still be reported on."""
    return ground.one_of(*spans("quarter", ground.shape.as_at)[:-1])


def item_was_on_agenda(ground: Ground) -> Planted:
    """Not once in a quarter, or not since the year before (or ever)."""
    body, item = ground.told["body"], ground.told["item"]
    rows, title = _items(ground, body, item), item_title(ground.shape.framework, item)
    if ground.told["per"] == "quarter":
        span = _old_quarter(ground)
        return _without(ground, rows[span.holds(rows["on"])]).named(f"{title}, {span.words}")
    gone = rows if ground.rng.random() < 0.5 else rows[rows["held_on"] >= _since(ground)]
    return _without(ground, gone).named(title)


def agenda_is_covered(ground: Ground) -> Planted:
    """A board did not have one of the items since the year before."""
    agenda = next(one for one in ground.shape.framework.agendas if one.id == ground.told["agenda"])
    item = ground.one_of(*agenda.items)
    rows = _items(ground, BOARD, item.id)
    gone = rows if ground.rng.random() < 0.5 else rows[rows["held_on"] >= _since(ground)]
    return _without(ground, gone).named(item.title)


OFTEN = {"monthly": "month", "quarterly": "quarter", "twice a year": "half"}


def agenda_keeps_frequency(ground: Ground) -> Planted:
    """An item did not come up in one of its months, quarters or halves of the year."""
    agenda = next(one for one in ground.shape.framework.agendas if one.id == ground.told["agenda"])
    item = ground.one_of(*(one for one in agenda.items if one.frequency in OFTEN))
    span = ground.one_of(*spans(OFTEN[item.frequency], ground.shape.as_at))
    rows = _items(ground, BOARD, item.id)
    return _without(ground, rows[span.holds(rows["held_on"])]).named(item.title)


def agenda_has_outcome(ground: Ground) -> Planted:
    """One board never came to this outcome in all the meetings of the year."""
    body, item = ground.told["body"], ground.told["item"]
    rows = _items(ground, body, item)
    rows = rows[rows["held_on"] >= _since(ground)]
    where = ground.lived.tables["agenda"]["source_row"].isin(rows["source_row"])
    title = item_title(ground.shape.framework, item)
    return ground.put("agenda", where, outcome="noted").named(f"{title}, {_who(ground, body)}")


def item_led_somewhere(ground: Ground) -> Planted:
    row = _item_of_quarter(ground, ground.told["body"])
    return _at_item(ground.put("agenda", int(row["source_row"]), outcome="none"), row)


def decision_rests_on_report(ground: Ground) -> Planted:
    row = _item_of_quarter(ground, ground.one_of("cabinet", "cmt", "scrutiny", BOARD))
    return _at_item(ground.put("agenda", int(row["source_row"]), report=ground.one_of("", " ")), row)


def _item_of_quarter(ground: Ground, body: str) -> pd.Series:
    """An item of a meeting of the body, held in the quarter."""
    rows = _items(ground, body)
    return ground.choose(rows[Span.of(ground.shape.quarter).holds(rows["held_on"])])


def _at_item(ground: Ground, row: pd.Series) -> Planted:
    meeting = ground.lived.tables["meetings"].set_index("meeting_id").loc[row["meeting_id"]]
    who = _who(ground, meeting["body"], meeting["directorate"], meeting["portfolio"])
    title = f"Item {int(row['number'])}, {row['title']}: {who}, {date_words(meeting['held_on'].date())}"
    return ground.named(title, row=row["source_row"])


def _who(ground: Ground, body: str, unit: str = "", portfolio: str = "") -> str:
    """A body as pages name it, with the directorate or portfolio that it is of."""
    units = {one.id: one.name for one in ground.shape.council.directorates}
    of = portfolio or units.get(unit or ground.unit, "")
    return NAMES[body] + (f" of {of}" if of else "")


def report_is_published(ground: Ground) -> Planted:
    """The papers of one quarter were not published, or are only to be."""
    body, item, span = ground.told["body"], ground.told["item"], _old_quarter(ground)
    rows = _items(ground, body, item)
    meetings = rows.loc[span.holds(rows["on"]), "meeting_id"]
    where = ground.lived.tables["meetings"]["meeting_id"].isin(meetings)
    title = item_title(ground.shape.framework, item)
    day = ground.one_of(NEVER, ground.ahead())
    return ground.put("meetings", where, published_on=day).named(f"{title}, {span.words}")


def body_has_met(ground: Ground) -> Planted:
    """Cancelled, or not recorded: throughout the year, or in one month of it."""
    body, each, per = (ground.told.get(name, "") for name in ("body", "each", "per"))
    rows, who = _meetings(ground, body), _who(ground, body)
    if each == "portfolio":
        portfolio = str(ground.one_of(*sorted(set(rows["portfolio"]))))
        rows, who = rows[rows["portfolio"] == portfolio], _who(ground, body, portfolio=portfolio)
    if per == "month":
        span = ground.one_of(*spans("month", ground.shape.as_at))
        rows, who = rows[span.holds(rows["held_on"])], f"{who}, {span.words}"
    else:
        rows = rows[rows["held_on"] >= _since(ground)]
    where = ground.lived.tables["meetings"]["meeting_id"].isin(rows["meeting_id"])
    how = ground.one_of("cancelled", "gone")
    left = ground.put("meetings", where, state=how) if how == "cancelled" else ground.drop("meetings", where)
    return left.named(who)


def time_is_dedicated(ground: Ground) -> Planted:
    row = _this_year(ground)
    return _at_meeting(ground.put("meetings", int(row["source_row"]), time_given="shared"), row)


def post_was_present(ground: Ground) -> Planted:
    """One of the posts asked for was not there."""
    row, post = _this_year(ground), ground.one_of(*ground.told["posts"])
    there = [one for one in row["present"].split("; ") if post.casefold() not in one.casefold()]
    return _at_meeting(ground.put("meetings", int(row["source_row"]), present="; ".join(there)), row)


def _this_year(ground: Ground) -> pd.Series:
    """A meeting of the body in the quarter's financial year, up to the as-at date."""
    rows = _meetings(ground, ground.told["body"])
    year = Span.of(ground.shape.quarter.financial_year)
    return ground.choose(rows[year.holds(rows["held_on"])])


def _at_meeting(ground: Ground, row: pd.Series) -> Planted:
    title = f"{_who(ground, row['body'])}, {date_words(row['held_on'].date())}"
    return ground.named(title, row=row["source_row"])


def timetable_event_is_recorded(ground: Ground) -> Planted:
    """An activity of a quarter that has ended is not on the register; a monthly one not in one of its months."""
    first = containing("quarter", ground.shape.quarter.financial_year.start)
    ended = [one for one in range(4) if first.shift(one).end <= ground.shape.as_at]
    activity = ground.one_of(*(one for one in ground.shape.framework.timetable if one.quarter - 1 in ended))
    quarter = first.shift(activity.quarter - 1)
    span = Span.of(quarter)
    if activity.frequency == "monthly":
        span = Span.of(containing("month", quarter.start).shift(int(ground.rng.integers(3))))
    events = ground.lived.tables["registers"]
    gone = (events["event"] == activity.id) & span.holds(events["closed_on"])
    return ground.drop("registers", gone).named(f"{activity.what} ({activity.stream}), {quarter.words}")


def approval_is_recorded(ground: Ground) -> Planted:
    """Not recorded for the year (or the edition), only considered, or still to come."""
    told, rows = ground.told, ground.lived.tables["approvals"]
    wanted = (rows["kind"] == told["kind"]) & (rows["stage"] == "approved")
    wanted &= rows["subject"].str.casefold().str.contains(told.get("subject", "").casefold(), regex=False)
    if told["per"] == "year":
        wanted &= rows["valid_from"] == pd.Timestamp(ground.shape.quarter.financial_year.start)
    what = told.get("subject") or f"approval of the {told['kind']}"
    title = what[0].upper() + what[1:]
    if told.get("each"):
        title = ground.shape.portfolio(str(ground.one_of(*ground.shape.units)))
        wanted &= rows["portfolio"] == title
    how: dict[str, Any] | None = ground.one_of(None, {"stage": "considered"}, {"decided_on": ground.ahead()})
    left = ground.drop("approvals", wanted) if how is None else ground.put("approvals", wanted, **how)
    return left.named(title)


def considered_before_approved(ground: Ground) -> Planted:
    """Never considered, on the very day, or after it."""
    rows = ground.lived.tables["approvals"]
    rows = rows[rows["kind"] == ground.told["kind"]].set_index("body")
    first, then = rows.loc[ground.told["first"]], rows.loc[ground.told["then"]]
    days = timedelta(days=int(ground.rng.integers(1, 90)))
    day = ground.one_of(None, then["decided_on"], then["decided_on"] + days)
    where = int(first["source_row"])
    left = ground.drop("approvals", where) if day is None else ground.put("approvals", where, decided_on=day)
    return left.named("The framework, edition 1", row=then["source_row"])


def framework_review_is_recorded(ground: Ground) -> Planted:
    """The review was not closed, or so long ago that it is none of these."""
    rows = ground.lived.tables["registers"]
    rows = rows[rows["register"] == "framework-reviews"].set_index("entry_id")
    row = rows.loc["framework-reviews-" + ("fuller" if ground.told.get("with_plan") else "yearly")]
    day = ground.one_of(NEVER, ground.ago(40), ground.ahead())
    return ground.put("registers", int(row["source_row"]), closed_on=day).named(ground.shape.framework.title)


PLANTS: dict[str, Plant] = {
    each.__name__: each
    for each in (
        *(item_was_on_agenda, agenda_is_covered, agenda_keeps_frequency, agenda_has_outcome),
        *(item_led_somewhere, decision_rests_on_report, report_is_published, body_has_met, time_is_dedicated),
        *(post_was_present, timetable_event_is_recorded, approval_is_recorded, considered_before_approved),
        framework_review_is_recorded,
    )
}
"""Test → what plants its defect."""
